/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-tests.h"
#include "karp-test-data.h"

#include "ns3/karp-scenario-network.h"
#include "ns3/karp-scenario-resolved.h"
#include "ns3/karp-yaml-tree.h"

#include <set>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-scenario: what scenarios say.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** \return the path of a scenario that comes with the project */
std::string
Shipped(const std::string& name)
{
    const bool whole = name.find('.') != std::string::npos;
    return KarpTestDataPath() + "/../scenarios/" + name + (whole ? "" : ".yaml");
}

/** \return the expectation called \p id */
const Expectation&
Expected(const Scenario& scenario, const std::string& id)
{
    for (const Expectation& expectation : scenario.expect)
    {
        if (expectation.id == id)
        {
            return expectation;
        }
    }
    static const Expectation NONE;
    return NONE;
}

/** \return names of the scenarios that come with the project */
std::vector<std::string>
AllShipped()
{
    return {"gcks-failover",
            "takeover-time",
            "join-under-loss",
            "lan-50",
            "many-lans",
            "partition-merge",
            "three-way-merge",
            "clock-skew"};
}

/**
 * Input: a scenario with only what must be there.
 * Output: the documented defaults for all the rest; keys do without anybody making them.
 */
void
CheckDefaults(Sentence& test)
{
    const auto scenario = LoadText("karp: 1\nname: a\nrun: {stop: 1min}\n"
                                   "topology: {lan: {nodes: 3}}\n"
                                   "groups: [{name: g0, segment: lan0}]\ntimeline: []\n");
    test.Holds(scenario.has_value(), "it is complete");
    if (!scenario)
    {
        return;
    }
    test.Holds(scenario->run.stop == 60s && scenario->run.seed == 1, "run");
    test.Holds(scenario->lans.at(0).rate == 1e9 && scenario->lans.at(0).delay == 50us, "lan");
    test.Equal(scenario->groups.at(0).members.size(), 3, "all are members");
    test.Holds(!scenario->groups.at(0).fixedPriority, "priority follows routing");
    test.Holds(!scenario->routing.ospf, "no routing");
    test.Same(scenario->protocol.kmp, std::string("mrkmp"));
    test.Same(scenario->routing.auth, std::string("hmac-sha256"));
    const auto bare = LoadText(ScenarioText("", "2") + "credentials: {type: pair-psk}\n");
    test.Holds(bare && bare->credentials.type == "pair-psk", "pair keys");
    const auto open = LoadText("karp: 1\nname: a\nrun: {stop: 1min}\n"
                               "topology: {lan: {nodes: 3}}\n"
                               "groups: [{name: g0, segment: lan0}]\ntimeline: []\n"
                               "routing: {protocol: ospfv2, hello: 5s}\nprotocol: {kmp: none}\n");
    test.Holds(open && open->routing.auth == "none", "nobody makes keys: nothing is signed");
    test.Holds(open && open->routing.dead == 20s, "dead is four times hello");
}

/**
 * Input: the scenario of the takeover experiment, alone and with settings.
 * Output: variables stand for their first values, or for those given; expressions are computed;
 * expectations that are not about this point of the sweep are left out.
 */
void
CheckVariables(Sentence& test)
{
    const std::string text = FileText(Shipped("gcks-failover"));
    const auto first = LoadText(text);
    const auto given = LoadText(text, nullptr, {{"N", "20"}, {"adv", "1s"}, {"loss", "5%"}});
    test.Holds(first && given, "both load");
    if (!first || !given)
    {
        return;
    }
    test.Equal(first->Size(), 3, "first value of N");
    test.Holds(first->protocol.advert == 250ms, "first value of adv");
    test.Holds(Expected(*first, "new").within == 1902500us, "3.61 * 250ms + 1s");
    test.Holds(!Expected(*first, "sticky").skipped, "loss is 0");
    test.Equal(given->Size(), 20, "N as given");
    test.Holds(Expected(*given, "new").within == 4610ms, "3.61 * 1s + 1s");
    test.Holds(Expected(*given, "sticky").skipped, "loss is not 0");
    test.Holds(given->timeline.at(1).loss.value_or(0) == 0.05, "5%");
    test.Holds(Expected(*given, "mean").overRuns.low->Plain() == 2.6, "2.6 * 1s");
    test.Equal(given->groups.at(0).priority.at(0), 200, "priority of r0");
    test.Holds(given->timeline.at(2).at == 60s && given->timeline.at(2).atEnd == 61s, "interval");
}

/**
 * Input: two cases, and a grid.
 * Output: the first case is taken, or the one asked for, with its variables; `where` knows it.
 */
void
CheckCases(Sentence& test)
{
    const std::string text = ScenarioText(
        "credentials: {type: psk}\n"
        "sweep: {cases: {one: {auth: keyed-md5}, two: {auth: hmac-sha512}}, grid: {s: [1s]}, "
        "runs: 2}\n"
        "timeline: [{at: $s, do: mark, as: here}]\n"
        "expect: [{id: a, never: \"key_drop(g0)\", where: {case: two}}]\n");
    std::string routed = text;
    routed.replace(routed.find("{protocol: ospfv2}"), 18, "{protocol: ospfv2, auth: $auth}");
    const auto first = LoadText(routed);
    const auto second = LoadText(routed, nullptr, {{"case", "two"}});
    test.Holds(first && first->routing.auth == "keyed-md5", "first case");
    test.Holds(second && second->routing.auth == "hmac-sha512", "second case");
    test.Holds(first && first->expect.at(0).skipped, "not about the first");
    test.Holds(second && !second->expect.at(0).skipped, "about the second");
    std::vector<std::string> errors;
    LoadText(routed, &errors, {{"case", "tow"}});
    test.Holds(!errors.empty() && errors[0].find("did you mean 'two'?") != std::string::npos,
               "an unknown case is an error");
}

/**
 * Input: every scenario that comes with the project, at its first and at another point, and a
 * scenario with one of everything.
 * Output: its resolved form loads, to the same resolved form and hash; another point has another.
 */
void
CheckResolved(Sentence& test)
{
    std::vector<std::string> texts;
    for (const std::string& name : AllShipped())
    {
        texts.push_back(FileText(Shipped(name)));
    }
    texts.push_back(FileText(KarpTestDataPath() + "/scenario-errors/everything.yaml"));
    std::vector<std::string> hashes;
    for (const std::string& text : texts)
    {
        std::vector<std::string> errors;
        const auto scenario = LoadText(text, &errors);
        test.Holds(scenario.has_value(), errors.empty() ? "" : errors[0]);
        const std::string resolved = scenario ? ResolvedText(*scenario) : "";
        const auto again = LoadText(resolved, &errors);
        test.Holds(again.has_value(), errors.empty() ? "" : errors[0]);
        test.Same(again ? ResolvedText(*again) : "", resolved, "resolved twice");
        test.Equal(resolved.find('$') == std::string::npos, true, "no variable is left");
        hashes.push_back(ScenarioHash(resolved));
    }
    const auto other = LoadText(texts[0], nullptr, {{"N", "4"}});
    test.Holds(other && ScenarioHash(ResolvedText(*other)) != hashes[0], "another experiment");
    test.Equal(hashes[0].size(), 64, "digits of SHA-256");
}

/** Input: --set as people write it. Output: variables, or a word on what is wrong. */
void
CheckSettingsText(Sentence& test)
{
    Variables variables;
    test.Same(ParseSettings("a=1,b=2s", variables), std::string());
    test.Holds(variables == Variables({{"a", "1"}, {"b", "2s"}}), "two variables");
    for (const char* wrong : {"a", "=1", "a=", "a=$b", ",a=1"})
    {
        test.Holds(!ParseSettings(wrong, variables).empty(), wrong);
    }
    std::vector<std::string> errors;
    LoadText(ScenarioText(""), &errors, {{"N", "5"}});
    test.Equal(errors.size(), 1, "a variable that is nowhere");
}

/**
 * Input: the rules for sequence numbers, with and without authentication.
 * Output: they are read; none means no authentication, and contradicts any that is asked for;
 * AuType 3 has no Keyed-MD5.
 */
void
CheckSequences(Sentence& test)
{
    const auto load = [](const std::string& routing, std::vector<std::string>* errors) {
        std::string text = ScenarioText("");
        const std::string before = "{protocol: ospfv2}";
        text.replace(text.find(before), before.size(), "{protocol: ospfv2" + routing + "}");
        return LoadText(text, errors);
    };
    std::vector<std::string> errors;
    test.Same(load("", &errors)->routing.sequenceRule, std::string("rfc2328"));
    test.Same(load(", seq: strict", &errors)->routing.sequenceRule, std::string("strict"));
    test.Same(load(", seq: rfc7474", &errors)->routing.sequenceRule, std::string("rfc7474"));
    test.Same(load(", seq: none", &errors)->routing.auth, std::string("none"));
    test.Same(load(", seq: none, auth: none", &errors)->routing.auth, std::string("none"));
    test.Equal(errors.size(), 0, "errors");
    test.Holds(!load(", seq: none, auth: hmac-sha256", &errors), "none, but");
    test.Holds(!load(", seq: rfc7474, auth: keyed-md5", &errors), "no Apad");
}

/**
 * Input: names and values of ns-3 attributes.
 * Output: right ones pass, also those of ns-3's own classes; wrong ones get the nearest name.
 */
void
CheckAttributes(Sentence& test)
{
    const auto check = &ScenarioNetwork::CheckAttribute;
    test.Same(check("AdvertInterval", "2s"), std::string());
    test.Same(check("ns3::karp::OspfApplication::HelloJitter", "0.2"), std::string());
    test.Same(check("ns3::CsmaChannel::Delay", "1ms"), std::string());
    test.Holds(check("AdvertIntervall", "2s").find("'AdvertInterval'") != std::string::npos,
               "nearest name");
    test.Same(check("SequenceInit", "kept"), std::string());
    test.Same(check("SequencePerKey", "false"), std::string());
    test.Holds(!check("SequencePerKey", "no").empty(), "no truth value");
    test.Same(check("Skew", "false"), std::string());
    test.Holds(!check("SequenceInit", "keptt").empty(), "no such word");
    test.Holds(!check("Suites", "rot13").empty(), "no such suite");
    test.Holds(!check("AdvertInterval", "soon").empty(), "no time");
    test.Holds(!check("ns3::karp::NoSuch::Delay", "1s").empty(), "no type");
}

/** Input: the JSON Schema for editors. Output: each block has the keys that the loader interprets.
 */
void
CheckSchema(Sentence& test)
{
    using namespace language;
    Diagnostics diagnostics;
    const YamlNode root = ParseYaml(FileText(Shipped("scenario.schema.json")), diagnostics);
    const YamlNode* blocks = root.Find("$defs");
    test.Holds(blocks != nullptr, "it is there");
    std::vector<std::pair<std::string, const WordList*>> pairs = {
        {"run", &RUN_KEYS},
        {"topology", &TOPOLOGY_KEYS},
        {"lan", &LAN_KEYS},
        {"lans", &LANS_KEYS},
        {"group", &GROUP_KEYS},
        {"credentials", &CREDENTIAL_KEYS},
        {"routing", &ROUTING_KEYS},
        {"protocol", &PROTOCOL_KEYS},
        {"retransmit", &RETRANSMIT_KEYS},
        {"crypto", &CRYPTO_KEYS},
        {"cookie", &COOKIE_KEYS},
        {"over_runs", &OVER_RUNS_KEYS},
        {"expectation", &EXPECT_KEYS},
        {"invariants", &INVARIANT_KEYS},
        {"sweep", &SWEEP_KEYS},
        {"output", &OUTPUT_KEYS},
    };
    for (const std::string& verb : VERBS.Interpreted())
    {
        pairs.emplace_back(verb, &EventKeys(verb));
    }
    for (const auto& pair : pairs)
    {
        const YamlNode* block = blocks == nullptr ? nullptr : blocks->Find(pair.first);
        const YamlNode* keys = block == nullptr ? nullptr : block->Find("properties");
        test.Holds(keys != nullptr, pair.first);
        std::set<std::string> there;
        for (size_t i = 0; keys != nullptr && i < keys->entries.size(); ++i)
        {
            there.insert(keys->entries[i].key);
        }
        const std::vector<std::string> wanted = pair.second->Interpreted();
        test.Holds(there == std::set<std::string>(wanted.begin(), wanted.end()), pair.first);
    }
}

} // namespace

std::vector<TestCase*>
ScenarioLoaderTests()
{
    return {new Sentence("What is not said has its default", &CheckDefaults),
            new Sentence("Variables are substituted and computed", &CheckVariables),
            new Sentence("Cases give variables their values", &CheckCases),
            new Sentence("The resolved form is the scenario itself", &CheckResolved),
            new Sentence("Settings are names and values", &CheckSettingsText),
            new Sentence("Rules for sequence numbers are read", &CheckSequences),
            new Sentence("Attributes are those of ns-3", &CheckAttributes),
            new Sentence("The schema has the keys of the loader", &CheckSchema)};
}

} // namespace karp
} // namespace ns3
