/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"
#include "karp-selector.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Block timeline of a scenario: what happens when, to whom. A further verb is a row in VERB_NAMES,
 * its keys in karp-scenario-language.cc, and what it does in karp-scenario-faults.cc.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr const char* VERB_NAMES[] = {
    "crash",    "boot",      "reboot",      "priority", "impair",   "clear",
    "mark",     "partition", "cut",         "heal",     "stop_kmp", "start_kmp",
    "leave",    "join",      "exhaust_seq", "clock",    "rekey",    "evict",
    "handover", "attack",    "stop_attack", "link_down"};

/** \return the verb called \p name */
std::optional<TimelineEvent::Verb>
FindVerb(const std::string& name)
{
    for (size_t i = 0; i < std::size(VERB_NAMES); ++i)
    {
        if (name == VERB_NAMES[i])
        {
            return static_cast<TimelineEvent::Verb>(i);
        }
    }
    return std::nullopt;
}

} // namespace

const char*
ToString(TimelineEvent::Verb verb)
{
    return VERB_NAMES[static_cast<size_t>(verb)];
}

void
ScenarioLoader::LoadTimeline(const YamlNode& node)
{
    const bool empty = node.kind == YamlNode::Kind::NONE;
    if (node.kind != YamlNode::Kind::SEQUENCE && !empty)
    {
        m_reader.Error(node.line, "timeline: expected a list of events");
        return;
    }
    for (const YamlNode& item : node.items)
    {
        LoadEvent(item);
    }
}

void
ScenarioLoader::LoadEvent(const YamlNode& node)
{
    if (node.kind != YamlNode::Kind::MAP)
    {
        m_reader.Error(node.line, "timeline: expected {at: time, do: verb, ...}");
        return;
    }
    if (!m_reader.Require(node, "do", "timeline"))
    {
        return;
    }
    const YamlNode& verbNode = *node.Find("do");
    const std::string verb = m_reader.Text(verbNode, "do").value_or("");
    if (!m_reader.CheckWord(verbNode.line, verb, language::VERBS))
    {
        return;
    }
    m_reader.CheckMap(node, language::EventKeys(verb));
    TimelineEvent event;
    event.line = node.line;
    event.verb = *FindVerb(verb);
    LoadRepetition(node, event);
    LoadTrigger(node, event);
    const bool otherTrigger = event.every.count() > 0 || node.Find("on_event") != nullptr;
    if (node.Find("at") != nullptr || (!otherTrigger && m_reader.Require(node, "at", "timeline")))
    {
        LoadMoment(*node.Find("at"), event);
    }
    LoadLabel(node, event);
    LoadArguments(node, event);
    CheckEventTimes(node, event);
    m_scenario.timeline.push_back(std::move(event));
}

void
ScenarioLoader::LoadRepetition(const YamlNode& node, TimelineEvent& event)
{
    if (node.Find("every") == nullptr)
    {
        if (const YamlNode* until = node.Find("until"))
        {
            m_reader.Error(until->line, "timeline: 'until' ends what 'every' repeats");
        }
        return;
    }
    m_reader.ReadTime(node, "every", event.every, std::chrono::milliseconds(1));
    event.at = event.every;
    event.atEnd = event.every;
    event.until = m_scenario.run.stop;
    m_reader.ReadTime(node, "until", event.until);
}

void
ScenarioLoader::LoadMoment(const YamlNode& node, TimelineEvent& event)
{
    if (node.kind != YamlNode::Kind::SEQUENCE)
    {
        event.at = m_reader.ToTimeValue(node, "at").value_or(Time(0));
        event.atEnd = event.at;
    }
    else if (node.items.size() != 2)
    {
        m_reader.Error(node.line, "at: expected a time, or [earliest, latest]");
        return;
    }
    else
    {
        event.at = m_reader.ToTimeValue(node.items[0], "at").value_or(Time(0));
        event.atEnd = m_reader.ToTimeValue(node.items[1], "at").value_or(event.at);
    }
    if (event.at < Time(0))
    {
        m_reader.Error(node.line, "at: nothing happens before the beginning");
    }
    if (event.atEnd < event.at)
    {
        m_reader.Error(node.line,
                       "at: " + TimeText(event.atEnd) + " is before " + TimeText(event.at));
    }
}

void
ScenarioLoader::LoadLabel(const YamlNode& node, TimelineEvent& event)
{
    static const char ALLOWED[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    static const std::vector<std::string> RESERVED = {"and", "or", "not", "ceil", "floor", "none"};
    // Who attacks is known by its id.
    const char* key = event.verb == TimelineEvent::Verb::ATTACK ? "id" : "as";
    const YamlNode* as = node.Find(key);
    if (as == nullptr)
    {
        if (event.verb == TimelineEvent::Verb::MARK)
        {
            m_reader.Require(node, "as", "timeline (mark)");
        }
        return;
    }
    const std::string label = m_reader.Text(*as, key).value_or("");
    const bool reserved = std::find(RESERVED.begin(), RESERVED.end(), label) != RESERVED.end();
    if (label.empty() || label.find_first_not_of(ALLOWED) != std::string::npos || reserved ||
        (label[0] >= '0' && label[0] <= '9'))
    {
        m_reader.Error(as->line,
                       std::string(key) + ": '" + label +
                           "' is no label: letters, digits and _ beginning with a "
                           "letter, and none of the words of expressions");
        return;
    }
    for (const TimelineEvent& other : m_scenario.timeline)
    {
        if (other.label == label)
        {
            m_reader.Error(as->line,
                           std::string(key) + ": there is a label '" + label + "' already");
        }
    }
    event.label = label;
}

bool
ScenarioLoader::LoadSelector(const YamlNode& node, const char* what, Selector& selector)
{
    const std::vector<YamlNode> single = {node};
    bool ok = true;
    for (const YamlNode& item : node.kind == YamlNode::Kind::SEQUENCE ? node.items : single)
    {
        const std::optional<std::string> text = m_reader.Text(item, what);
        const std::string error =
            text ? ParseSelectorTerm(*text, m_scenario, selector) : std::string();
        if (!error.empty())
        {
            m_reader.Error(item.line, std::string(what) + ": " + error);
        }
        ok = ok && text && error.empty();
    }
    return ok && !selector.terms.empty();
}

void
ScenarioLoader::CheckEventTimes(const YamlNode& node, const TimelineEvent& event)
{
    const Time stop = m_scenario.run.stop;
    if (stop.count() > 0 && event.Latest() > stop)
    {
        m_reader.Error(node.line,
                       std::string("timeline (") + ToString(event.verb) + "): it may last until " +
                           TimeText(event.Latest()) + ", the run ends at " + TimeText(stop));
    }
}

Time
TimelineEvent::Latest() const
{
    // How many routers a role has is not known before; one is the least.
    const std::vector<uint32_t> nodes = StaticNodes(target);
    const int64_t steps = nodes.empty() ? 0 : static_cast<int64_t>(nodes.size()) - 1;
    return std::max(atEnd, until) + steps * stagger + down + duration;
}

} // namespace karp
} // namespace ns3
