/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-resolved.h"

#include "karp-flow-map.h"

#include "ns3/karp-hash.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace ns3
{
namespace karp
{

namespace
{

/** \return ids of LANs as a list */
std::string
LanList(const std::vector<uint32_t>& lans, const Scenario& scenario)
{
    std::vector<std::string> items;
    for (const uint32_t lan : lans)
    {
        items.push_back(scenario.lans[lan].id);
    }
    return ScalarList(items);
}

/** Adds what \p lan costs its routers to \p map: one number, if it is the same to all. */
void
AddCosts(const LanBlock& lan, const Scenario& scenario, FlowMap& map)
{
    std::set<uint16_t> different;
    FlowMap costs;
    for (const auto& [router, cost] : lan.costs)
    {
        different.insert(cost);
        costs.Add(scenario.NodeName(router), uint32_t{cost});
    }
    if (different.size() == 1 && lan.costs.size() == lan.routers.size())
    {
        map.Add("cost", uint32_t{*different.begin()});
    }
    else if (!different.empty())
    {
        map.Raw("cost", costs.Text());
    }
}

std::string
TopologyText(const Scenario& scenario)
{
    // Routers of a graph come before those of LANs: they are named one by one.
    std::vector<uint32_t> first(scenario.Size());
    std::iota(first.begin(), first.end(), 0);
    std::string lans;
    std::string links;
    for (const LanBlock& lan : scenario.lans)
    {
        FlowMap map;
        if (lan.pointToPoint)
        {
            map.Raw(
                "ends",
                ScalarList({scenario.NodeName(lan.routers[0]), scenario.NodeName(lan.routers[1])}));
            map.Raw("rate", NumberText(lan.rate) + "bps").Add("delay", lan.delay);
            AddCosts(lan, scenario, map);
            links += "    - " + map.Text() + "\n";
            continue;
        }
        if (lan.own > 0)
        {
            first.resize(std::min<size_t>(first.size(), *(lan.routers.end() - lan.own)));
        }
        map.Add("id", lan.id);
        const std::vector<uint32_t> others(lan.routers.begin(), lan.routers.end() - lan.own);
        if (!others.empty())
        {
            map.Raw("routers", ScalarList(NodeRuns(others, scenario)));
        }
        if (lan.own > 0)
        {
            map.Add("nodes", lan.own).Add("prefix", lan.prefix);
        }
        map.Raw("rate", NumberText(lan.rate) + "bps").Add("delay", lan.delay);
        AddCosts(lan, scenario, map);
        lans += "    - " + map.Text() + "\n";
    }
    std::string text = "\n";
    text += first.empty() ? "" : "  nodes: " + ScalarList(NodeRuns(first, scenario)) + "\n";
    text += lans.empty() ? "" : "  lans:\n" + lans;
    text += links.empty() ? "" : "  links:\n" + links;
    FlowMap sets;
    for (const SetBlock& set : scenario.sets)
    {
        sets.Raw(set.name, SelectorText(set.selector));
    }
    return text + "  sets: " + sets.Text() + "\n";
}

/** \return any YAML in one line */
std::string
Flow(const YamlNode& node)
{
    std::string text;
    switch (node.kind)
    {
    case YamlNode::Kind::SEQUENCE:
        for (const YamlNode& item : node.items)
        {
            text += (text.empty() ? "" : ", ") + Flow(item);
        }
        return "[" + text + "]";
    case YamlNode::Kind::MAP: {
        FlowMap map;
        for (const YamlNode::Entry& entry : node.entries)
        {
            map.Raw(entry.key, Flow(entry.value));
        }
        return map.Text();
    }
    case YamlNode::Kind::SCALAR:
        return node.quoted || node.text.empty()              ? Scalar(node.text)
               : node.text == "true" || node.text == "false" ? node.text
                                                             : Scalar(node.text);
    default:
        return "\"\"";
    }
}

std::string
GroupText(const GroupBlock& group, const Scenario& scenario)
{
    FlowMap map;
    map.Add("name", group.name).Add("segment", scenario.lans[group.lan].id);
    map.Raw("members", ScalarList(NodeRuns(group.members, scenario)));
    if (group.fixedPriority)
    {
        FlowMap priority;
        for (const auto& entry : group.priority)
        {
            priority.Add(scenario.NodeName(entry.first), uint32_t{entry.second});
        }
        priority.Add("default", uint32_t{group.defaultPriority});
        map.Raw("priority", priority.Text());
    }
    return map.Text();
}

/** \return "{r2: 100s}" */
std::string
MomentMap(const std::map<uint32_t, Time>& moments, const Scenario& scenario)
{
    FlowMap map;
    for (const auto& [router, when] : moments)
    {
        map.Add(scenario.NodeName(router), when);
    }
    return map.Text();
}

std::string
CredentialText(const Scenario& scenario)
{
    const CredentialBlock& block = scenario.credentials;
    FlowMap map;
    map.Add("type", block.type).Add("scope", block.scope);
    if (!block.trust.empty())
    {
        map.Add("trust", block.trust);
    }
    std::vector<std::string> mismatch;
    for (const uint32_t router : block.mismatch)
    {
        mismatch.push_back(scenario.NodeName(router));
    }
    if (!mismatch.empty())
    {
        map.Raw("mismatch", ScalarList(mismatch));
    }
    if (!block.outsiders.empty())
    {
        map.Raw("outsiders", ScalarList(block.outsiders));
    }
    if (!block.revoked.empty())
    {
        map.Raw("revoked", MomentMap(block.revoked, scenario));
    }
    if (!block.expires.empty())
    {
        map.Raw("expires", MomentMap(block.expires, scenario));
    }
    return map.Text();
}

std::string
ProtocolText(const ProtocolBlock& protocol)
{
    FlowMap map;
    map.Add("kmp", protocol.kmp).Add("gcks", std::string("elected"));
    map.Add("advert", protocol.advert).Add("down", protocol.down).Add("skew", protocol.skew);
    map.Raw("retransmit",
            FlowMap()
                .Add("first", protocol.retransmitFirst)
                .Add("base", protocol.retransmitBase)
                .Add("tries", protocol.retransmitTries)
                .Text());
    map.Add("update", protocol.update).Add("lead", protocol.lead);
    map.Add("overlap", protocol.overlap).Add("kek_lifetime", protocol.kekLifetime);
    map.Add("copies", protocol.copies).Add("spacing", protocol.spacing);
    map.Add("blacklist", protocol.blacklist).Add("pmk_use", protocol.pmkUse);
    map.Raw("crypto", FlowMap().Add("cost", protocol.cost).Add("scale", protocol.scale).Text());
    map.Raw("cookie", FlowMap().Add("threshold", protocol.cookieThreshold).Text());
    FlowMap attributes;
    for (const auto& attribute : protocol.attributes)
    {
        attributes.Add(attribute.first, attribute.second);
    }
    return map.Raw("attr", attributes.Text()).Text();
}

/** Adds when \p event happens to \p map. */
void
AddMoment(const TimelineEvent& event, FlowMap& map)
{
    if (event.onEvent.empty())
    {
        map.Raw("at",
                event.at == event.atEnd
                    ? TimeText(event.at)
                    : "[" + TimeText(event.at) + ", " + TimeText(event.atEnd) + "]");
    }
    else
    {
        FlowMap fields;
        for (const auto& field : event.onEvent)
        {
            fields.Add(field.first, field.second);
        }
        map.Raw("on_event", fields.Text()).Add("wait", event.wait);
        map.Add("not_before", event.notBefore).Add("times", event.times);
    }
    if (event.every.count() > 0)
    {
        map.Add("every", event.every).Add("until", event.until);
    }
}

/** Adds whom \p event is about to \p map. */
void
AddTarget(const TimelineEvent& event, FlowMap& map)
{
    using Verb = TimelineEvent::Verb;
    if (event.target.terms.empty())
    {
        return;
    }
    const bool to = event.verb == Verb::HANDOVER || event.verb == Verb::IMPAIR;
    const char* key = to ? "to" : event.verb == Verb::PRIORITY ? "node" : "target";
    map.Raw(key, SelectorText(event.target));
}

std::string
EventText(const TimelineEvent& event, const Scenario& scenario)
{
    using Verb = TimelineEvent::Verb;
    FlowMap map;
    AddMoment(event, map);
    map.Add("do", std::string(ToString(event.verb)));
    if (!event.lans.empty())
    {
        const bool link = event.verb == Verb::IMPAIR || event.verb == Verb::CLEAR ||
                          event.verb == Verb::LINK_DOWN;
        map.Raw(link ? "target" : "segment", LanList(event.lans, scenario));
    }
    AddTarget(event, map);
    if (event.verb == Verb::PARTITION)
    {
        std::string sets;
        for (const Selector& set : event.sets)
        {
            sets += (sets.empty() ? "" : ", ") + SelectorText(set);
        }
        map.Raw("sets", "[" + sets + "]").Raw("one_way", event.oneWay ? "true" : "false");
    }
    if (event.verb == Verb::LINK_DOWN)
    {
        map.Raw("silent", event.silent ? "true" : "false");
    }
    if (event.verb == Verb::CUT)
    {
        map.Raw("from", SelectorText(event.sets.at(0)));
        map.Raw("to", SelectorText(event.sets.at(1)));
    }
    if (!event.refs.empty())
    {
        map.Raw("ref", ScalarList(event.refs));
    }
    if (event.verb == Verb::CRASH || event.verb == Verb::BOOT || event.verb == Verb::REBOOT)
    {
        map.Add("stagger", event.stagger);
    }
    if (event.verb == Verb::REBOOT)
    {
        map.Add("down", event.down);
    }
    if (event.verb == Verb::CRASH || event.verb == Verb::REBOOT)
    {
        map.Raw("lose", ScalarList(event.lose));
    }
    if (event.verb == Verb::PRIORITY)
    {
        map.Add("value", event.value);
    }
    if (!event.group.empty())
    {
        map.Add("group", event.group);
    }
    map.Add("offset", event.offset).Add("drift", event.drift);
    map.Add("loss", event.loss).Add("dup", event.duplicate).Add("reorder", event.reorder);
    map.Add("reorder_delay", event.reorderDelay);
    map.Add("delay", event.delay).Add("jitter", event.jitter);
    if (event.verb == Verb::ATTACK)
    {
        AddAttack(event, scenario, map);
    }
    else if (!event.label.empty())
    {
        map.Add("as", event.label);
    }
    return map.Text();
}

std::string
OverRunsText(const Expectation::OverRuns& overRuns)
{
    FlowMap map;
    map.Add("metric", overRuns.metric).Add("stat", overRuns.stat);
    const auto bound = [&](const char* key, const std::optional<Quantity>& quantity) {
        if (quantity)
        {
            map.Raw(key, Scalar(quantity->ToString()));
        }
    };
    if (overRuns.low && overRuns.high)
    {
        map.Raw("between", ScalarList({overRuns.low->ToString(), overRuns.high->ToString()}));
    }
    bound("equals", overRuns.equals);
    bound("below", overRuns.below);
    bound("above", overRuns.above);
    if (overRuns.ratio.kind != YamlNode::Kind::NONE)
    {
        map.Raw("ratio", Flow(overRuns.ratio));
    }
    if (overRuns.difference.kind != YamlNode::Kind::NONE)
    {
        map.Raw("difference", Flow(overRuns.difference));
    }
    map.Add("confidence", overRuns.confidence);
    if (overRuns.tolerance)
    {
        // Written so that the very number comes out again, and is known to be relative.
        const std::string text = overRuns.tolerance->ToString();
        map.Raw("tol", Scalar(overRuns.relative ? text + " * 100%" : text));
    }
    return map.Text();
}

std::string
ExpectationText(const Expectation& expectation)
{
    FlowMap map;
    map.Add("id", expectation.id);
    if (expectation.kind == Expectation::Kind::OVER_RUNS)
    {
        map.Raw("over_runs", OverRunsText(expectation.overRuns));
    }
    else
    {
        map.Add(ToString(expectation.kind), ToText(expectation.predicate));
        const bool eventually = expectation.kind == Expectation::Kind::EVENTUALLY;
        map.Add(eventually ? "after" : "from", expectation.from.ToString());
        if (eventually)
        {
            map.Add("within", expectation.within);
        }
        if (expectation.until)
        {
            map.Add("until", expectation.until->ToString());
        }
    }
    FlowMap where;
    for (const auto& entry : expectation.where)
    {
        where.Raw(entry.first, ScalarList(entry.second));
    }
    if (!expectation.where.empty())
    {
        map.Raw("where", where.Text());
    }
    return map.Add("level", std::string(expectation.warnOnly ? "warn" : "fail")).Text();
}

std::string
SweepText(const Scenario& scenario)
{
    FlowMap grid;
    FlowMap ofCase;
    for (const auto& variable : scenario.variables)
    {
        if (scenario.caseVariables.count(variable.first) != 0)
        {
            ofCase.Add(variable.first, variable.second);
        }
        else if (variable.first != "case")
        {
            grid.Raw(variable.first, ScalarList({variable.second}));
        }
    }
    FlowMap sweep;
    sweep.Raw("grid", grid.Text());
    const auto name = scenario.variables.find("case");
    if (name != scenario.variables.end())
    {
        sweep.Raw("cases", FlowMap().Raw(name->second, ofCase.Text()).Text());
    }
    sweep.Add("runs", scenario.runs);
    if (scenario.untilCi.kind != YamlNode::Kind::NONE)
    {
        sweep.Raw("until_ci", Flow(scenario.untilCi));
    }
    return sweep.Text();
}

/** \return "[\n  a,\n  b\n]" or "[]" as a block list */
std::string
Block(const std::vector<std::string>& items)
{
    if (items.empty())
    {
        return " []\n";
    }
    std::string text = "\n";
    for (const std::string& item : items)
    {
        text += "  - " + item + "\n";
    }
    return text;
}

/** \return block invariants; bounds that are not given follow from the timers */
std::string
InvariantsText(const InvariantSettings& settings)
{
    std::vector<std::string> off;
    FlowMap map;
    for (size_t i = 0; i < InvariantSettings::COUNT; ++i)
    {
        const auto invariant = static_cast<Invariant>(i);
        if (!settings.IsOn(invariant))
        {
            off.emplace_back(ToString(invariant));
        }
        if (settings.within[i])
        {
            map.Raw(ToString(invariant), FlowMap().Add("within", *settings.within[i]).Text());
        }
    }
    return map.Raw("skip", ScalarList(off)).Text();
}

} // namespace

std::string
ResolvedText(const Scenario& scenario)
{
    const RunBlock& run = scenario.run;
    const RoutingBlock& routing = scenario.routing;
    std::vector<std::string> groups;
    std::vector<std::string> timeline;
    std::vector<std::string> expect;
    for (const GroupBlock& group : scenario.groups)
    {
        groups.push_back(GroupText(group, scenario));
    }
    for (const TimelineEvent& event : scenario.timeline)
    {
        timeline.push_back(EventText(event, scenario));
    }
    for (const Expectation& expectation : scenario.expect)
    {
        expect.push_back(ExpectationText(expectation));
    }
    std::string plots;
    for (const YamlNode& plot : scenario.output.plots)
    {
        plots += (plots.empty() ? "" : ", ") + Flow(plot);
    }
    FlowMap route;
    route.Add("protocol", std::string(routing.ospf ? "ospfv2" : "none"));
    route.Add("hello", routing.hello).Add("dead", routing.dead).Add("auth", routing.auth);
    route.Add("seq", routing.sequenceRule).Add("seq_init", routing.sequenceInit);
    route.Add("model", routing.model);
    FlowMap output;
    output.Raw("metrics", ScalarList(scenario.output.metrics))
        .Raw("pcap", LanList(scenario.output.pcap, scenario));
    output.Raw("keylog", scenario.output.keylog ? "true" : "false");
    output.Raw("plots", "[" + plots + "]");
    return "karp: 1\nname: " + scenario.name + "\nabout: " + Scalar(scenario.about) + "\nrun: " +
           FlowMap()
               .Add("stop", run.stop)
               .Add("warmup", run.warmup)
               .Add("seed", run.seed)
               .Add("scheduler", run.scheduler)
               .Text() +
           "\ntopology:" + TopologyText(scenario) + "groups:" + Block(groups) +
           "credentials: " + CredentialText(scenario) + "\nrouting: " + route.Text() +
           "\nprotocol: " + ProtocolText(scenario.protocol) + "\ntimeline:" + Block(timeline) +
           "expect:" + Block(expect) + "invariants: " + InvariantsText(scenario.invariants) +
           "\nsweep: " + SweepText(scenario) + "\noutput: " + output.Text() + "\n";
}

std::string
ScenarioHash(const std::string& resolved)
{
    return ToHex(Sha256(ByteView::Of(resolved)));
}

} // namespace karp
} // namespace ns3
