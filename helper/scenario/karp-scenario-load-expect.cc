/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-metrics.h"
#include "karp-predicate.h"
#include "karp-scenario-loader.h"

#include <algorithm>
#include <cmath>

/**
 * \file
 * \ingroup karp
 * Block expect of a scenario: what must hold, in a run and over runs.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr const char* KIND_NAMES[] = {"always", "never", "eventually", "over_runs"};

/** \return whether the values of a variable mean the same: 0.05 and 5%, 1s and 1000ms */
bool
SameValue(const std::string& a, const std::string& b)
{
    ExprError ignored;
    const std::optional<Quantity> left = EvaluateText(a, {}, ignored);
    const std::optional<Quantity> right = EvaluateText(b, {}, ignored);
    if (left && right)
    {
        return left->value == right->value && left->time == right->time &&
               left->bits == right->bits;
    }
    return a == b;
}

} // namespace

const char*
ToString(Expectation::Kind kind)
{
    return KIND_NAMES[static_cast<size_t>(kind)];
}

void
ScenarioLoader::LoadExpect(const YamlNode& node)
{
    if (node.kind == YamlNode::Kind::NONE)
    {
        return;
    }
    if (node.kind != YamlNode::Kind::SEQUENCE)
    {
        m_reader.Error(node.line, "expect: expected a list of expectations");
        return;
    }
    for (const YamlNode& item : node.items)
    {
        LoadExpectation(item);
    }
}

void
ScenarioLoader::LoadExpectation(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::EXPECT_KEYS))
    {
        return;
    }
    Expectation expectation;
    expectation.line = node.line;
    if (m_reader.Require(node, "id", "expect"))
    {
        m_reader.ReadName(node, "id", expectation.id);
    }
    for (const Expectation& other : m_scenario.expect)
    {
        if (other.id == expectation.id && !other.id.empty())
        {
            m_reader.Error(node.line, "expect: there is an expectation '" + other.id + "' already");
        }
    }
    size_t kinds = 0;
    for (size_t i = 0; i < std::size(KIND_NAMES); ++i)
    {
        if (node.Find(KIND_NAMES[i]) != nullptr)
        {
            expectation.kind = static_cast<Expectation::Kind>(i);
            ++kinds;
        }
    }
    if (kinds != 1)
    {
        m_reader.Error(node.line,
                       "expect: say exactly one of always, never, eventually, over_runs");
        return;
    }
    std::string level = "fail";
    m_reader.ReadChoice(node, "level", level, language::LEVELS);
    expectation.warnOnly = level == "warn";
    if (const YamlNode* where = node.Find("where"))
    {
        LoadWhere(*where, expectation);
    }
    const YamlNode& what = *node.Find(ToString(expectation.kind));
    if (expectation.kind == Expectation::Kind::OVER_RUNS)
    {
        LoadOverRuns(what, expectation);
    }
    else
    {
        LoadPredicate(what, expectation);
    }
    LoadInterval(node, expectation);
    m_scenario.expect.push_back(std::move(expectation));
}

void
ScenarioLoader::LoadPredicate(const YamlNode& node, Expectation& expectation)
{
    const std::optional<ExprNode> tree = m_reader.Expression(node, ToString(expectation.kind));
    ExprError error;
    if (!tree)
    {
        return;
    }
    if (!Predicate::Bind(*tree, m_scenario, error))
    {
        m_reader.ExpressionError(
            node.line,
            node.text,
            {error.column, std::string(ToString(expectation.kind)) + ": " + error.message});
        return;
    }
    expectation.predicate = *tree;
}

void
ScenarioLoader::LoadInterval(const YamlNode& node, Expectation& expectation)
{
    const bool eventually = expectation.kind == Expectation::Kind::EVENTUALLY;
    const bool overRuns = expectation.kind == Expectation::Kind::OVER_RUNS;
    for (const char* key : {"from", "until", "after", "within"})
    {
        const YamlNode* found = node.Find(key);
        const bool ofEventually = std::string(key) == "after" || std::string(key) == "within";
        if (found != nullptr && (overRuns || ofEventually != eventually))
        {
            m_reader.Error(found->line,
                           std::string("expect: '") + key + "' has no meaning with " +
                               ToString(expectation.kind) +
                               (overRuns     ? ""
                                : eventually ? " (after and within have)"
                                             : " (from and until have)"));
        }
    }
    if (overRuns)
    {
        return;
    }
    const char* startKey = eventually ? "after" : "from";
    const YamlNode* start = node.Find(startKey);
    if (start != nullptr)
    {
        expectation.from = LoadTimeRef(*start, startKey).value_or(TimeRef());
    }
    if (eventually && m_reader.Require(node, "within", "expect (eventually)"))
    {
        m_reader.ReadTime(node, "within", expectation.within, std::chrono::nanoseconds(1));
    }
    const Time begin = LatestOf(expectation.from);
    const Time stop = m_scenario.run.stop;
    if (stop.count() > 0 && begin + expectation.within > stop)
    {
        m_reader.Error(node.line,
                       "expect: it may not be decided before " +
                           TimeText(begin + expectation.within) + ", the run ends at " +
                           TimeText(stop));
    }
    const YamlNode* until = eventually ? nullptr : node.Find("until");
    if (until == nullptr)
    {
        return;
    }
    expectation.until = LoadTimeRef(*until, "until");
    if (expectation.until && LatestOf(*expectation.until) <= begin)
    {
        m_reader.Error(until->line,
                       "expect: until " + expectation.until->ToString() + " is not after from " +
                           expectation.from.ToString());
    }
}

std::optional<TimeRef>
ScenarioLoader::LoadTimeRef(const YamlNode& node, const char* what)
{
    const std::optional<ExprNode> tree = m_reader.Expression(node, what);
    if (!tree)
    {
        return std::nullopt;
    }
    ExprError error;
    const std::optional<TimeRef> ref = ParseTimeRef(*tree, error);
    if (!ref)
    {
        m_reader.ExpressionError(node.line,
                                 node.text,
                                 {error.column, std::string(what) + ": " + error.message});
    }
    return ref;
}

std::optional<TimeRef>
ScenarioLoader::ParseLaterRef(const ExprNode& node, ExprError& error)
{
    // "kill + 10s + 1ms": what stands before the last plus is such a moment itself.
    std::optional<TimeRef> ref = ParseTimeRef(node.args[0], error);
    const std::optional<TimeRef> more = ref ? ParseTimeRef(node.args[1], error) : std::nullopt;
    if (more && !more->label.empty())
    {
        error = {node.args[1].column, "a time that is not negative has its place here"};
    }
    if (!more || !more->label.empty())
    {
        return std::nullopt;
    }
    ref->offset += more->offset;
    return ref;
}

std::optional<TimeRef>
ScenarioLoader::ParseTimeRef(const ExprNode& node, ExprError& error)
{
    TimeRef ref;
    if (node.kind == ExprNode::Kind::BINARY && node.text == "-" &&
        node.args[0].kind == ExprNode::Kind::NAME)
    {
        error = {node.column,
                 "what is before a label cannot be known: only later moments can be named"};
        return std::nullopt;
    }
    const bool plus = node.kind == ExprNode::Kind::BINARY && node.text == "+";
    if (plus && node.args[0].kind == ExprNode::Kind::BINARY)
    {
        return ParseLaterRef(node, error);
    }
    const bool sum = plus && node.args[0].kind == ExprNode::Kind::NAME;
    const ExprNode* label = sum                                 ? &node.args[0]
                            : node.kind == ExprNode::Kind::NAME ? &node
                                                                : nullptr;
    const ExprNode* offset = sum ? &node.args[1] : label != nullptr ? nullptr : &node;
    if (label != nullptr)
    {
        const size_t dot = label->text.find('.');
        ref.label = label->text.substr(0, dot);
        ref.suffix = dot == std::string::npos ? "" : label->text.substr(dot + 1);
        std::vector<std::string> labels;
        for (const TimelineEvent& event : m_scenario.timeline)
        {
            labels.push_back(event.label);
        }
        if (std::find(labels.begin(), labels.end(), ref.label) == labels.end())
        {
            error = {label->column,
                     "there is no label '" + ref.label + "'" + Hint(ref.label, labels)};
            return std::nullopt;
        }
        if (!ref.suffix.empty() && ref.suffix != "first" && ref.suffix != "last" &&
            ref.suffix != "end")
        {
            error = {label->column,
                     "a label has .first, .last and .end as moments, not '." + ref.suffix + "'" +
                         Hint(ref.suffix, {"first", "last", "end"})};
            return std::nullopt;
        }
    }
    if (offset != nullptr)
    {
        const std::optional<Quantity> quantity = Evaluate(*offset, {}, error);
        const std::optional<Time> time = quantity ? ToTime(*quantity) : std::nullopt;
        if (quantity && (!time || *time < Time(0)))
        {
            error = {offset->column, "a time that is not negative has its place here"};
        }
        if (!quantity || !time || *time < Time(0))
        {
            return std::nullopt;
        }
        ref.offset = *time;
    }
    return ref;
}

Time
ScenarioLoader::LatestOf(const TimeRef& ref) const
{
    for (const TimelineEvent& event : m_scenario.timeline)
    {
        if (!ref.label.empty() && event.label == ref.label)
        {
            return ref.offset +
                   (ref.suffix.empty() || ref.suffix == "first" ? event.atEnd : event.Latest());
        }
    }
    return ref.offset;
}

std::string
TimeRef::ToString() const
{
    const std::string name = label + (suffix.empty() ? "" : "." + suffix);
    if (label.empty())
    {
        return TimeText(offset);
    }
    return name + (offset.count() == 0 ? "" : " + " + TimeText(offset));
}

void
ScenarioLoader::LoadWhere(const YamlNode& node, Expectation& expectation)
{
    if (node.kind != YamlNode::Kind::MAP)
    {
        m_reader.Error(node.line, "where: expected {variable: value}");
        return;
    }
    for (const YamlNode::Entry& entry : node.entries)
    {
        const auto variable = m_scenario.variables.find(entry.key);
        if (variable == m_scenario.variables.end())
        {
            std::vector<std::string> names;
            for (const auto& known : m_scenario.variables)
            {
                names.push_back(known.first);
            }
            m_reader.Error(entry.line,
                           "where: there is no variable '" + entry.key + "'" +
                               Hint(entry.key, names));
            continue;
        }
        const std::vector<YamlNode> single = {entry.value};
        const bool list = entry.value.kind == YamlNode::Kind::SEQUENCE;
        std::vector<std::string> values;
        bool matches = false;
        for (const YamlNode& item : list ? entry.value.items : single)
        {
            const std::string text = m_reader.Text(item, "where").value_or("");
            values.push_back(text);
            matches = matches || SameValue(text, variable->second);
        }
        expectation.skipped = expectation.skipped || !matches;
        expectation.where.emplace_back(entry.key, values);
    }
}

std::optional<Quantity>
ScenarioLoader::LoadBound(const YamlNode& node, const char* key, const char* unit)
{
    std::optional<Quantity> bound = m_reader.Number(node, key);
    const bool time = std::string(unit) == "s";
    if (bound && (time ? !bound->IsTime() : !bound->IsNumber()))
    {
        m_reader.Error(node.line,
                       std::string(key) + ": '" + node.text + "' is " + bound->DimensionName() +
                           ", the metric is " + (time ? "a time" : "a number"));
        return std::nullopt;
    }
    if (bound && time)
    {
        bound->value = std::round(bound->value); // nanoseconds, as the resolved scenario has them
    }
    return bound;
}

void
ScenarioLoader::LoadComparison(const YamlNode& node, Expectation::OverRuns& overRuns)
{
    for (const auto& [key, pair] :
         {std::pair("ratio", &overRuns.ratio), {"difference", &overRuns.difference}})
    {
        const YamlNode* found = node.Find(key);
        if (found == nullptr)
        {
            continue;
        }
        *pair = *found;
        const bool two = found->kind == YamlNode::Kind::MAP && found->entries.size() == 1 &&
                         found->entries[0].value.kind == YamlNode::Kind::SEQUENCE &&
                         found->entries[0].value.items.size() == 2;
        if (!two)
        {
            m_reader.Error(found->line, std::string(key) + ": expected {variable: [value, value]}");
        }
    }
    if (node.Find("ratio") != nullptr && node.Find("difference") != nullptr)
    {
        m_reader.Error(node.line, "over_runs: say ratio or difference, not both");
    }
    if (node.Find("difference") != nullptr && overRuns.stat != "mean")
    {
        m_reader.Error(node.line, "over_runs: difference is one of means");
    }
    m_reader.ReadShare(node, "confidence", overRuns.confidence);
    if (overRuns.confidence && (*overRuns.confidence <= 0 || *overRuns.confidence >= 1))
    {
        m_reader.Error(node.Find("confidence")->line, "confidence: must be between 0 and 100%");
    }
}

void
ScenarioLoader::LoadOverRuns(const YamlNode& node, Expectation& expectation)
{
    Expectation::OverRuns& overRuns = expectation.overRuns;
    if (!m_reader.CheckMap(node, language::OVER_RUNS_KEYS) ||
        !m_reader.Require(node, "metric", "over_runs") ||
        !m_reader.Require(node, "stat", "over_runs"))
    {
        return;
    }
    const YamlNode& metric = *node.Find("metric");
    overRuns.metric = m_reader.Text(metric, "metric").value_or("");
    m_reader.ReadChoice(node, "stat", overRuns.stat, language::STATS);
    const Metrics::Row* row = Metrics::FindRow(overRuns.metric);
    if (row == nullptr || !row->interpreted || !Metrics::IsNumber(overRuns.metric))
    {
        const std::string why =
            row == nullptr ? "there is no metric '" + overRuns.metric + "'" +
                                 Hint(overRuns.metric, Metrics::Names())
            : row->interpreted ? "metric '" + overRuns.metric + "' is not one number"
                               : "metric '" + overRuns.metric +
                                     "' is known to the language, not interpreted by this version";
        m_reader.Error(metric.line, "over_runs: " + why);
        return;
    }
    size_t bounds = 0;
    const char* unit = node.Find("ratio") != nullptr ? "" : row->unit; // a ratio has none
    const auto load = [&](const char* key, std::optional<Quantity>& bound) {
        if (const YamlNode* found = node.Find(key))
        {
            bound = LoadBound(*found, key, unit);
            ++bounds;
        }
    };
    load("equals", overRuns.equals);
    load("below", overRuns.below);
    load("above", overRuns.above);
    if (const YamlNode* between = node.Find("between"))
    {
        ++bounds;
        if (between->kind != YamlNode::Kind::SEQUENCE || between->items.size() != 2)
        {
            m_reader.Error(between->line, "between: expected [low, high]");
            return;
        }
        overRuns.low = LoadBound(between->items[0], "between", unit);
        overRuns.high = LoadBound(between->items[1], "between", unit);
        if (overRuns.low && overRuns.high && overRuns.low->value > overRuns.high->value)
        {
            m_reader.Error(between->line, "between: the first bound is above the second");
        }
    }
    LoadComparison(node, overRuns);
    if (bounds != 1)
    {
        m_reader.Error(node.line, "over_runs: say exactly one of between, equals, below, above");
    }
    if (const YamlNode* tolerance = node.Find("tol"))
    {
        overRuns.relative = tolerance->text.find('%') != std::string::npos;
        overRuns.tolerance = LoadBound(*tolerance, "tol", overRuns.relative ? "" : unit);
    }
}

} // namespace karp
} // namespace ns3
