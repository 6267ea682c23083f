/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"
#include "karp-selector.h"
#include "karp-trace-event.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Arguments of the verbs of block timeline.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr double DRIFT_MAX = 100000; //!< of Router, attribute ClockDrift
/// Of Router, attribute ClockOffset: this much less, and ten times as much more.
constexpr Time OFFSET_LEAST = -std::chrono::hours(24 * 3650);
constexpr Time OFFSET_MOST = std::chrono::hours(24 * 36500);

} // namespace

void
ScenarioLoader::LoadTrigger(const YamlNode& node, TimelineEvent& event)
{
    const YamlNode* trigger = node.Find("on_event");
    for (const char* key : {"at", "every", "wait", "not_before", "times"})
    {
        const bool when = std::string(key) == "at" || std::string(key) == "every";
        if (const YamlNode* other = when == (trigger != nullptr) ? node.Find(key) : nullptr)
        {
            m_reader.Error(other->line,
                           std::string("timeline: '") + key +
                               (when ? "' does not go with 'on_event'" : "' goes with 'on_event'"));
        }
    }
    if (trigger == nullptr)
    {
        return;
    }
    m_reader.ReadTime(node, "wait", event.wait);
    m_reader.ReadTime(node, "not_before", event.notBefore);
    m_reader.ReadCount(node, "times", event.times, 1, 1000);
    if (trigger->kind != YamlNode::Kind::MAP || !m_reader.Require(*trigger, "ev", "on_event"))
    {
        m_reader.Error(trigger->line, "on_event: expected fields of a trace, {ev: role, to: gcks}");
        return;
    }
    std::vector<std::string> keys;
    std::vector<std::string> kinds;
    for (size_t i = 0; i < static_cast<size_t>(TraceKey::COUNT); ++i)
    {
        keys.emplace_back(ToString(static_cast<TraceKey>(i)));
    }
    for (size_t i = 0; i < static_cast<size_t>(TraceKind::OTHER); ++i)
    {
        kinds.emplace_back(ToString(static_cast<TraceKind>(i)));
    }
    for (const YamlNode::Entry& entry : trigger->entries)
    {
        const std::string value = m_reader.Text(entry.value, "on_event").value_or("");
        const bool isKind = entry.key == "ev";
        const std::vector<std::string>& known = isKind ? kinds : keys;
        const std::string& word = isKind ? value : entry.key;
        if (std::find(known.begin(), known.end(), word) == known.end())
        {
            m_reader.Error(entry.line,
                           std::string("on_event: traces have no ") +
                               (isKind ? "event '" : "field '") + word + "'" + Hint(word, known));
        }
        event.onEvent.emplace_back(entry.key, value);
    }
}

void
ScenarioLoader::LoadArguments(const YamlNode& node, TimelineEvent& event)
{
    using Verb = TimelineEvent::Verb;
    const std::string place = std::string("timeline (") + ToString(event.verb) + ")";
    switch (event.verb)
    {
    case Verb::CRASH:
    case Verb::BOOT:
    case Verb::REBOOT:
        LoadTarget(node, "target", event);
        m_reader.ReadTime(node, "stagger", event.stagger);
        if (event.verb == Verb::REBOOT && m_reader.Require(node, "down", place.c_str()))
        {
            m_reader.ReadTime(node, "down", event.down, std::chrono::nanoseconds(1));
        }
        if (event.verb != Verb::BOOT)
        {
            LoadLosses(node, event);
        }
        return;
    case Verb::PRIORITY:
        LoadTarget(node, "node", event);
        if (m_reader.Require(node, "value", place.c_str()))
        {
            m_reader.ReadCount(node, "value", event.value, 0, 255);
        }
        LoadGroupName(node, event);
        return;
    case Verb::IMPAIR:
    case Verb::CLEAR:
    case Verb::LINK_DOWN:
        LoadWire(node, event);
        return;
    case Verb::PARTITION:
    case Verb::CUT:
        LoadCut(node, event);
        return;
    case Verb::HEAL:
        LoadHeal(node, event);
        return;
    case Verb::STOP_KMP:
    case Verb::START_KMP:
    case Verb::LEAVE:
    case Verb::JOIN:
    case Verb::EXHAUST_SEQ:
        LoadTarget(node, "target", event);
        LoadGroupName(node, event);
        LoadEventSegments(node, event);
        return;
    case Verb::CLOCK:
        LoadTarget(node, "target", event);
        LoadClock(node, event);
        return;
    case Verb::REKEY:
    case Verb::EVICT:
    case Verb::HANDOVER:
        LoadCommand(node, event);
        return;
    case Verb::ATTACK:
    case Verb::STOP_ATTACK:
        event.verb == Verb::ATTACK ? LoadAttack(node, event) : LoadStopAttack(node, event);
        return;
    case Verb::MARK:
    case Verb::COUNT:
        return;
    }
}

void
ScenarioLoader::LoadWire(const YamlNode& node, TimelineEvent& event)
{
    const std::string place = std::string("timeline (") + ToString(event.verb) + ")";
    if (m_reader.Require(node, "target", place.c_str()))
    {
        LoadSegments(*node.Find("target"), "target", event.lans);
    }
    if (event.verb == TimelineEvent::Verb::IMPAIR)
    {
        LoadImpairment(node, event);
    }
    m_reader.ReadFlag(node, "silent", event.silent);
}

void
ScenarioLoader::LoadTarget(const YamlNode& node, const char* key, TimelineEvent& event)
{
    const std::string place = std::string("timeline (") + ToString(event.verb) + ")";
    if (m_reader.Require(node, key, place.c_str()))
    {
        LoadWho(*node.Find(key), key, event.target);
    }
}

void
ScenarioLoader::LoadWho(const YamlNode& node, const char* what, Selector& selector)
{
    LoadSelector(node, what, selector);
    const std::string group = UnknownGroup(selector, m_scenario);
    if (!group.empty())
    {
        m_reader.Error(node.line, std::string(what) + ": there is no group '" + group + "'");
    }
}

void
ScenarioLoader::LoadGroupName(const YamlNode& node, TimelineEvent& event)
{
    const YamlNode* group = node.Find("group");
    if (group == nullptr)
    {
        return;
    }
    event.group = m_reader.Text(*group, "group").value_or("");
    std::vector<std::string> names;
    for (const GroupBlock& other : m_scenario.groups)
    {
        names.push_back(other.name);
    }
    if (std::find(names.begin(), names.end(), event.group) == names.end())
    {
        m_reader.Error(group->line,
                       "group: there is no group '" + event.group + "'" + Hint(event.group, names));
    }
}

void
ScenarioLoader::LoadCommand(const YamlNode& node, TimelineEvent& event)
{
    const std::string place = std::string("timeline (") + ToString(event.verb) + ")";
    if (m_scenario.groups.empty())
    {
        m_reader.Error(node.line, place + ": there is no group");
        return;
    }
    if (m_scenario.groups.size() > 1)
    {
        m_reader.Require(node, "group", place.c_str());
    }
    LoadGroupName(node, event);
    if (event.group.empty() && m_scenario.groups.size() == 1)
    {
        event.group = m_scenario.groups.front().name;
    }
    const bool handover = event.verb == TimelineEvent::Verb::HANDOVER;
    if (event.verb == TimelineEvent::Verb::EVICT || (handover && node.Find("to") != nullptr))
    {
        LoadTarget(node, handover ? "to" : "target", event);
    }
}

void
ScenarioLoader::LoadEventSegments(const YamlNode& node, TimelineEvent& event)
{
    if (const YamlNode* segment = node.Find("segment"))
    {
        LoadSegments(*segment, "segment", event.lans);
    }
}

void
ScenarioLoader::LoadCut(const YamlNode& node, TimelineEvent& event)
{
    const bool cut = event.verb == TimelineEvent::Verb::CUT;
    const std::string place = std::string("timeline (") + ToString(event.verb) + ")";
    LoadEventSegments(node, event);
    if (node.Find("segment") == nullptr && m_scenario.lans.size() > 1)
    {
        m_reader.Error(node.line, place + ": key 'segment' is missing, there are several LANs");
    }
    if (event.lans.empty())
    {
        event.lans = {0};
    }
    m_reader.ReadFlag(node, "one_way", event.oneWay);
    for (const char* key :
         cut ? std::vector<const char*>{"from", "to"} : std::vector<const char*>{})
    {
        if (m_reader.Require(node, key, place.c_str()))
        {
            event.sets.emplace_back();
            LoadWho(*node.Find(key), key, event.sets.back());
        }
    }
    if (cut || !m_reader.Require(node, "sets", place.c_str()))
    {
        return;
    }
    const YamlNode& sets = *node.Find("sets");
    if (sets.kind != YamlNode::Kind::SEQUENCE || sets.items.size() < 2)
    {
        m_reader.Error(sets.line, "sets: expected at least two, such as [[r0..r4], [r5..r9]]");
        return;
    }
    std::set<uint32_t> seen;
    for (const YamlNode& item : sets.items)
    {
        event.sets.emplace_back();
        LoadWho(item, "sets", event.sets.back());
        for (const uint32_t router : StaticNodes(event.sets.back()))
        {
            if (IsStatic(event.sets.back()) && !seen.insert(router).second)
            {
                m_reader.Error(item.line,
                               "sets: " + m_scenario.NodeName(router) + " is in two of them");
                break;
            }
        }
    }
}

void
ScenarioLoader::LoadHeal(const YamlNode& node, TimelineEvent& event)
{
    LoadEventSegments(node, event);
    const YamlNode* ref = node.Find("ref");
    const std::vector<YamlNode> single = {ref == nullptr ? node : *ref};
    if (ref == nullptr)
    {
        return;
    }
    std::vector<std::string> labels;
    for (const TimelineEvent& other : m_scenario.timeline)
    {
        const bool cuts = other.verb == TimelineEvent::Verb::PARTITION ||
                          other.verb == TimelineEvent::Verb::CUT ||
                          other.verb == TimelineEvent::Verb::LINK_DOWN;
        if (cuts && !other.label.empty())
        {
            labels.push_back(other.label);
        }
    }
    for (const YamlNode& item : ref->kind == YamlNode::Kind::SEQUENCE ? ref->items : single)
    {
        const std::string label = m_reader.Text(item, "ref").value_or("");
        if (std::find(labels.begin(), labels.end(), label) == labels.end())
        {
            m_reader.Error(item.line,
                           "ref: no partition, cut or link_down above has the label '" + label +
                               "'" + Hint(label, labels));
        }
        event.refs.push_back(label);
    }
}

void
ScenarioLoader::LoadClock(const YamlNode& node, TimelineEvent& event)
{
    if (const YamlNode* offset = node.Find("offset"))
    {
        event.offset = m_reader.ToTimeValue(*offset, "offset").value_or(Time(0));
    }
    if (event.offset && (*event.offset < OFFSET_LEAST || *event.offset > OFFSET_MOST))
    {
        m_reader.Error(node.Find("offset")->line,
                       "offset: " + TimeText(*event.offset) + " is not from " +
                           TimeText(OFFSET_LEAST) + " to " + TimeText(OFFSET_MOST));
    }
    if (node.Find("drift") != nullptr)
    {
        double drift = 0;
        m_reader.ReadReal(node, "drift", drift, -DRIFT_MAX, DRIFT_MAX);
        event.drift = drift;
    }
    if (!event.offset && !event.drift)
    {
        m_reader.Error(node.line, "timeline (clock): says nothing of offset or drift");
    }
}

void
ScenarioLoader::LoadImpairment(const YamlNode& node, TimelineEvent& event)
{
    m_reader.ReadShare(node, "loss", event.loss);
    m_reader.ReadShare(node, "dup", event.duplicate);
    m_reader.ReadShare(node, "reorder", event.reorder);
    m_reader.ReadTime(node, "reorder_delay", event.reorderDelay);
    m_reader.ReadTime(node, "delay", event.delay);
    m_reader.ReadTime(node, "jitter", event.jitter);
    if (node.Find("to") != nullptr)
    {
        LoadTarget(node, "to", event);
    }
    const bool any = event.loss || event.duplicate || event.reorder || event.delay || event.jitter;
    if (!any)
    {
        m_reader.Error(node.line,
                       "timeline (impair): says nothing of loss, dup, reorder, delay or jitter");
    }
    if (event.reorderDelay && !event.reorder)
    {
        m_reader.Error(node.Find("reorder_delay")->line,
                       "timeline (impair): reorder_delay says how late, reorder says how many");
    }
}

void
ScenarioLoader::LoadLosses(const YamlNode& node, TimelineEvent& event)
{
    const YamlNode* lose = node.Find("lose");
    if (lose == nullptr)
    {
        event.lose = {"all"};
        return;
    }
    const std::vector<YamlNode> single = {*lose};
    for (const YamlNode& item : lose->kind == YamlNode::Kind::SEQUENCE ? lose->items : single)
    {
        const std::optional<std::string> text = m_reader.Text(item, "lose");
        if (text && m_reader.CheckWord(item.line, *text, language::LOSSES))
        {
            event.lose.push_back(*text);
        }
    }
}

} // namespace karp
} // namespace ns3
