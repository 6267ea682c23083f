/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-tests.h"

#include "ns3/karp-expression.h"
#include "ns3/karp-predicate.h"
#include "ns3/karp-quantity.h"
#include "ns3/karp-selector.h"

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-scenario: expressions with units, predicates, selectors.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return \p text computed and written again, or "column: what is wrong" */
std::string
Computed(const std::string& text, const Variables& variables = {})
{
    ExprError error;
    const std::optional<Quantity> value = EvaluateText(text, variables, error);
    return value ? value->ToString() : std::to_string(error.column) + ": " + error.message;
}

/** Input: arithmetic. Output: its result with its unit, or the column at which it goes wrong. */
void
CheckArithmetic(Sentence& test)
{
    const std::pair<const char*, const char*> pairs[] = {
        {"1 + 2 * 3", "7"},
        {"(1 + 2) * 3", "9"},
        {"10 - 2 - 3", "5"},
        {"-2 * -3", "6"},
        {"250ms", "250ms"},
        {"0.25s", "250ms"},
        {"90s", "90s"},
        {"2min", "120s"},
        {"1h - 1min", "3540s"},
        {"3.61 * 250ms + 1s", "1902500us"},
        {"5%", "0.05"},
        {"1Gbps", "1000000000bps"},
        {"2/s", "2/s"},
        {"10 / 2s", "5/s"},
        {"30s / 7s", "4.285714285714286"},
        {"ceil(10 / (1 + floor(30s / 7s)))", "2"},
        {"floor(0.3s / 0.1s)", "3"},
        {"ceil(0.3s / 0.1s)", "3"},
        {"1s + 1", "4: '+' cannot join a time and a number"},
        {"1 +", "4: a value is missing"},
        {"(1", "3: ')' is missing"},
        {"1 2", "3: '2' is too much"},
        {"", "1: a value is missing"},
        {"3sec", "1: unknown unit 'sec'"},
        {"sqrt(2)", "1: unknown function 'sqrt'"},
        {"ceil(1s)", "1: ceil takes a number, not a time"},
        {"1 / 0", "3: the result is not finite"},
        {"x + 1", "1: 'x' is no number"},
        {"1 == 1", "3: '==' has no place in a value"},
        {"system(1)", "1: unknown function 'system'"},
        {"1 + \xc3\xa9", "5: this is no ASCII character"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(Computed(pair.first), std::string(pair.second), pair.first);
    }
    const Variables variables = {{"adv", "250ms"}, {"N", "5"}, {"word", "mrkmp"}};
    test.Same(Computed("$adv * $N", variables), std::string("1250ms"));
    test.Same(Computed("$avd", variables),
              std::string("1: unknown variable '$avd' (did you mean 'adv'?)"));
    test.Holds(Computed("1 + $word", variables).find("which is no number") != std::string::npos,
               "a word is no number");
    test.Holds(Computed(std::string(1000, '(')).find("at most") != std::string::npos, "too long");
    test.Holds(Computed(std::string(390, '(')).find("missing") != std::string::npos, "deep");
    test.Holds(Computed(std::string(390, '-')).find("missing") != std::string::npos, "deep");
}

/** Input: expressions in many spellings. Output: one spelling, which parses to itself. */
void
CheckSpelling(Sentence& test)
{
    const std::pair<const char*, const char*> pairs[] = {
        {"a(g0)==r0 and not b(g0)", "a(g0) == r0 and not b(g0)"},
        {"(a(g0)) or (b(g0) and c(g0))", "a(g0) or b(g0) and c(g0)"},
        {"(a(g0) or b(g0)) and c(g0)", "(a(g0) or b(g0)) and c(g0)"},
        {"not (a(g0) and b(g0))", "not (a(g0) and b(g0))"},
        {"not not a(g0)", "not not a(g0)"},
        {"f( r1 ,g0 )>=2", "f(r1, g0) >= 2"},
        {"1 - (2 - 3)", "1 - (2 - 3)"},
        {"(1 - 2) - 3", "1 - 2 - 3"},
        {"-(1 + 2)", "-(1 + 2)"},
        {"android(x)", "android(x)"},
        {"f()", "f()"},
        {"0.10s", "0.1s"},
    };
    for (const auto& pair : pairs)
    {
        const auto parsed = ParseExpression(pair.first);
        const auto* tree = std::get_if<ExprNode>(&parsed);
        test.Holds(tree != nullptr, pair.first);
        const std::string text = tree == nullptr ? "" : ToText(*tree);
        test.Same(text, std::string(pair.second), pair.first);
        const auto again = ParseExpression(text);
        test.Holds(std::holds_alternative<ExprNode>(again) &&
                       ToText(std::get<ExprNode>(again)) == text,
                   "parses to itself");
    }
}

/** Input: predicates. Output: bound, or what is wrong and at which column. */
void
CheckPredicates(Sentence& test)
{
    const std::optional<Scenario> scenario = LoadText(ScenarioText(""));
    const std::pair<const char*, const char*> pairs[] = {
        {"gcks(g0) == r0", ""},
        {"gcks(g0) != none", ""},
        {"one_gcks(g0) and same_kek(g0) and same_pmk(g0)", ""},
        {"count_gcks(g0) + 1 > 2 * 1", ""},
        {"role(r1, g0) == member or role(r2, g0) == initial", ""},
        {"member(all, g0) and member(r4, g0)", ""},
        {"adjacent(all) and adjacent(r1) and adjacent(r1, r2)", ""},
        {"full(all) or full(r1)", ""},
        {"full(r1, r2)", "1: 'full' takes 1 argument"},
        {"key_drop(g0) or seq_drop(g0)", ""},
        {"gcks(g0) == r9", "13: there is no router 'r9': the 5 routers are r0..r4"},
        {"gcks(g1) == r0", "6: there is no group 'g1' (did you mean 'g0'?)"},
        {"one_gks(g0)", "1: unknown predicate 'one_gks' (did you mean 'one_gcks'?)"},
        {"gcks(g0)",
         "1: this is a router, not something that holds or does not: compare it with "
         "=="},
        {"gcks(g0) == member", "13: '==' takes a router here, not a role"},
        {"gcks(g0) == 1", "13: '==' takes a router here, not a number"},
        {"gcks(g0) > r0", "1: '>' takes a number here, not a router"},
        {"not count_gcks(g0)", "5: 'not' takes a truth value here, not a number"},
        {"role(g0, r1) == member", "6: there is no router 'g0': the 5 routers are r0..r4"},
        {"one_gcks()", "1: 'one_gcks' takes 1 argument"},
        {"one_gcks(g0, g0)", "1: 'one_gcks' takes 1 argument"},
        {"adjacent(all, r1)", "1: 'adjacent' takes all, or one or two routers"},
        {"accepted(g0)", "10: there is no attack 'g0'"},
        {"one_gcks", "1: 'one_gcks' needs arguments in parentheses"},
        {"gcks(g0) == r1 == r2", "16: '== r2' is too much"},
        {"gcks(g0) = r1", "10: '= r1' is too much"},
        {"count_gcks(g0) == 2s", "19: a time cannot be compared here"},
    };
    for (const auto& pair : pairs)
    {
        const auto parsed = ParseExpression(pair.first);
        ExprError error;
        if (const auto* failure = std::get_if<ExprError>(&parsed))
        {
            error = *failure;
        }
        else
        {
            Predicate::Bind(std::get<ExprNode>(parsed), *scenario, error);
        }
        const std::string said =
            error.message.empty() ? "" : std::to_string(error.column) + ": " + error.message;
        test.Same(said, std::string(pair.second), pair.first);
    }
}

/** \return what a selector of one word comes to, "1 2 3", with r1 down and r0 GCKS */
std::string
Resolved(const std::string& text, const Scenario& scenario)
{
    Selector selector;
    const std::string error = ParseSelectorTerm(text, scenario, selector);
    if (!error.empty())
    {
        return error;
    }
    SelectorView view;
    view.nodes = scenario.Size();
    view.isUp = [](uint32_t node) { return node != 1; };
    view.hasRole = [](uint32_t node, const std::string& role, const std::string& group) {
        return role == (node <= 1 ? "gcks" : "member") && (group.empty() || group == "g0");
    };
    view.isDesignated = [](uint32_t node, bool backup, const std::string& lan) {
        return node == (backup ? 3 : 2) && (lan.empty() || lan == "lan0");
    };
    view.drawBelow = [](uint32_t below) { return below - 1; };
    std::string names;
    for (const uint32_t node : ResolveSelector(selector, view))
    {
        names += (names.empty() ? "" : " ") + std::to_string(node);
    }
    return names;
}

/** Input: every form of selector. Output: those meant at that moment; crashed routers have no role
 * and are not drawn. */
void
CheckSelectors(Sentence& test)
{
    std::string text = ScenarioText("");
    const std::string lan = "{lan: {";
    text.replace(text.find(lan), lan.size(), "{sets: {west: r0..r1, east: all - west}, lan: {");
    const std::optional<Scenario> scenario = LoadText(text);
    test.Holds(scenario.has_value(), "it loads");
    const std::pair<const char*, const char*> pairs[] = {
        {"r3", "3"},
        {"r1..r3", "1 2 3"},
        {"r*", "0 1 2 3 4"},
        {"all", "0 1 2 3 4"},
        {"role:gcks", "0"},
        {"role:member", "2 3 4"},
        {"role:initial", ""},
        {"random:1", "4"},
        {"random:2", "3 4"},
        {"random:5", "0 2 3 4"},
        {"*", "0 1 2 3 4"},
        {"r1*", "1"},
        {"role:gcks:g0", "0"},
        {"role:gcks:g1", ""},
        {"dr", "2"},
        {"bdr:lan0", "3"},
        {"all:lan0", "0 1 2 3 4"},
        {"first-half:lan0", "0 1 2"},
        {"rest:lan0", "3 4"},
        {"rest:r1..r4", "3 4"},
        {"random:1:r0..r2", "2"},
        {"random:1:role:member:g0", "4"},
        {"frac:0.3", "4"},
        {"frac:0.5", "3 4"},
        {"frac:1:lan0", "0 2 3 4"},
        {"first-half:random:4", "0 2"},
        {"all - r1", "0 2 3 4"},
        {"all - role:gcks - r4", "1 2 3"},
        {"random:2 - r4", "2 3"},
        {"not r1", ""},
        {"west", "0 1"},
        {"east - r4", "2 3"},
        {"all:west", "0 1"},
        {"lan0", "'lan0' is a segment, not a router; its routers are all:lan0"},
        {"dr:lan1", "there is no LAN 'lan1' (did you mean 'lan0'?)"},
        {"c*", "no router is called 'c*': there are r0..r4"},
        {"frac:2", "'frac:2' does not say which share, such as frac:0.3"},
        {"frac:x", "'frac:x' does not say which share, such as frac:0.3"},
        {"all - r9", "there is no router 'r9': the 5 routers are r0..r4"},
        {"first-half:west:lan0",
         "'west:lan0' is no selector (r3, r0..r9, all, role:gcks, random:2, doc/scenarios.md) (did "
         "you mean 'rest'?)"},
        {"r5", "there is no router 'r5': the 5 routers are r0..r4"},
        {"r0..r9", "there is no router 'r9': the 5 routers are r0..r4"},
        {"r3..r1", "'r3..r1' is a range without routers"},
        {"random:6", "'random:6' is more than the 5 routers there are"},
        {"random:0", "'random:0' does not say how many, such as random:2"},
        {"role:gks", "unknown role 'gks' (did you mean 'gcks'?)"},
        {"p2p:*", "'p2p:*' means links, not routers; those of one are all:p2p:r0-r1"},
        {"al",
         "'al' is no selector (r3, r0..r9, all, role:gcks, random:2, doc/scenarios.md) (did you "
         "mean 'all'?)"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(Resolved(pair.first, *scenario), std::string(pair.second), pair.first);
    }
}

} // namespace

std::vector<TestCase*>
ScenarioExpressionTests()
{
    return {new Sentence("Arithmetic has units", &CheckArithmetic),
            new Sentence("Expressions have one spelling", &CheckSpelling),
            new Sentence("Predicates are checked before anything runs", &CheckPredicates),
            new Sentence("Selectors mean those of the moment", &CheckSelectors)};
}

} // namespace karp
} // namespace ns3
