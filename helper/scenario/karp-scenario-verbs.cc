/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-faults.h"

#include "ns3/double.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <set>

/**
 * \file
 * \ingroup karp
 * Verbs of the timeline that are about links, processes and clocks, and what traces say of verbs.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return "r0..r4,r7" */
std::string
Joined(const std::vector<uint32_t>& nodes, const Scenario& scenario)
{
    std::string text;
    for (const std::string& run : NodeRuns(nodes, scenario))
    {
        text += (text.empty() ? "" : ",") + run;
    }
    return text;
}

} // namespace

std::vector<uint32_t>
ScenarioFaults::LansOf(const Event& event) const
{
    std::vector<uint32_t> all;
    for (uint32_t lan = 0; lan < m_scenario.lans.size() && event.lans.empty(); ++lan)
    {
        all.push_back(lan);
    }
    return event.lans.empty() ? all : event.lans;
}

std::string
ScenarioFaults::SegmentsOf(const Event& event) const
{
    std::string segments;
    for (const uint32_t lan : event.lans)
    {
        segments += (segments.empty() ? "" : " ") + m_scenario.lans[lan].id;
    }
    return segments;
}

void
ScenarioFaults::Cut(const Event& event)
{
    std::vector<std::vector<uint32_t>> sets;
    std::set<uint32_t> seen;
    m_sets.clear();
    for (const Selector& selector : event.sets)
    {
        sets.emplace_back();
        for (const uint32_t node : Resolve(selector))
        {
            // Who is in two sets of a partition, because a role or chance says so, is in the first.
            if (event.verb == Event::Verb::CUT || seen.insert(node).second)
            {
                sets.back().push_back(node);
            }
        }
        m_sets.push_back(Joined(sets.back(), m_scenario));
    }
    Write(event, ToString(event.verb), {}, 0, false);
    for (const uint32_t lan : LansOf(event))
    {
        CutOn(event, lan, sets);
    }
}

void
ScenarioFaults::CutOn(const Event& event,
                      uint32_t lan,
                      const std::vector<std::vector<uint32_t>>& sets)
{
    const std::vector<uint32_t>& routers = m_scenario.lans[lan].routers;
    std::vector<std::vector<uint32_t>> devices(sets.size());
    for (size_t i = 0; i < sets.size(); ++i)
    {
        for (const uint32_t node : sets[i])
        {
            const auto at = std::lower_bound(routers.begin(), routers.end(), node);
            if (at != routers.end() && *at == node)
            {
                devices[i].push_back(static_cast<uint32_t>(at - routers.begin()));
            }
        }
    }
    std::set<LinkImpairment::Direction> directions;
    const bool both = event.verb == Event::Verb::PARTITION && !event.oneWay;
    for (size_t i = 0; i < devices.size(); ++i)
    {
        for (size_t j = i + 1; j < devices.size(); ++j)
        {
            for (const uint32_t a : devices[i])
            {
                for (const uint32_t b : devices[j])
                {
                    directions.insert({a, b});
                    if (both)
                    {
                        directions.insert({b, a});
                    }
                }
            }
        }
    }
    m_cuts.push_back({event.label, lan, m_network.Impairment(lan)->Cut(directions), false});
}

void
ScenarioFaults::CutLinks(const Event& event)
{
    std::set<uint32_t> all;
    for (const uint32_t lan : event.lans)
    {
        all.insert(m_scenario.lans[lan].routers.begin(), m_scenario.lans[lan].routers.end());
    }
    m_sets.clear();
    for (const uint32_t node : all)
    {
        m_sets.push_back(m_scenario.NodeName(node)); // each is alone there
    }
    Write(event, ToString(event.verb), {}, 0, false);
    for (const uint32_t lan : event.lans)
    {
        const auto devices = static_cast<uint32_t>(m_scenario.lans[lan].routers.size());
        std::set<LinkImpairment::Direction> directions;
        for (uint32_t a = 0; a < devices; ++a)
        {
            for (uint32_t b = 0; b < devices; ++b)
            {
                if (a != b)
                {
                    directions.insert({a, b});
                }
            }
        }
        const uint32_t id = m_network.Impairment(lan)->Cut(directions);
        m_cuts.push_back({event.label, lan, id, !event.silent});
        if (!event.silent && m_dead[lan]++ == 0)
        {
            Notice(lan, false);
        }
    }
}

void
ScenarioFaults::Notice(uint32_t lan, bool up)
{
    // Interfaces that are down can neither begin to speak nor be spoken to.
    if (up)
    {
        m_network.SetCarrier(lan, true);
    }
    for (const uint32_t node : m_scenario.lans[lan].routers)
    {
        SwitchInterface(node, lan, up);
    }
    if (!up)
    {
        m_network.SetCarrier(lan, false);
    }
}

void
ScenarioFaults::SwitchInterface(uint32_t node, uint32_t lan, bool up)
{
    Ptr<OspfApplication> ospf = m_network.OspfOf(node);
    Ptr<KmpApplication> kmp = m_network.KmpOf(node);
    const uint32_t interface = m_network.InterfaceOf(node, lan);
    if (interface != 0 && ospf)
    {
        up ? ospf->InterfaceUp(interface) : ospf->InterfaceDown(interface);
    }
    // Without routing there is nobody to tell key management.
    for (uint32_t group = 0; !ospf && kmp && group < kmp->GetNGroups(); ++group)
    {
        if (kmp->GetInterface(group) == interface)
        {
            up ? kmp->Join(group) : kmp->Leave(group);
        }
    }
}

void
ScenarioFaults::Heal(const Event& event)
{
    Write(event, ToString(event.verb), {}, 0, false);
    const std::vector<uint32_t> lans = LansOf(event);
    const auto isMeant = [&](const ActiveCut& cut) {
        return std::binary_search(lans.begin(), lans.end(), cut.lan) &&
               (event.refs.empty() ||
                std::find(event.refs.begin(), event.refs.end(), cut.label) != event.refs.end());
    };
    for (const ActiveCut& cut : m_cuts)
    {
        if (isMeant(cut))
        {
            m_network.Impairment(cut.lan)->Mend(cut.id);
        }
        if (isMeant(cut) && cut.noticed && --m_dead[cut.lan] == 0)
        {
            Notice(cut.lan, true);
        }
    }
    m_cuts.erase(std::remove_if(m_cuts.begin(), m_cuts.end(), isMeant), m_cuts.end());
}

void
ScenarioFaults::SwitchKmp(const Event& event, const std::vector<uint32_t>& nodes)
{
    Write(event, ToString(event.verb), nodes, 0, false);
    for (const uint32_t node : nodes)
    {
        Ptr<KmpApplication> kmp = m_network.KmpOf(node);
        for (uint32_t group = 0; kmp && group < kmp->GetNGroups(); ++group)
        {
            if (event.group.empty() || kmp->GetGroupName(group) == event.group)
            {
                event.verb == Event::Verb::STOP_KMP ? kmp->Leave(group) : kmp->Join(group);
            }
        }
    }
}

void
ScenarioFaults::SwitchRouting(const Event& event, const std::vector<uint32_t>& nodes)
{
    Write(event, ToString(event.verb), nodes, 0, false);
    const bool join = event.verb == Event::Verb::JOIN;
    for (const uint32_t node : nodes)
    {
        for (const uint32_t lan : LansOf(event))
        {
            SwitchInterface(node, lan, join);
        }
    }
}

void
ScenarioFaults::ExhaustSequence(const Event& event, const std::vector<uint32_t>& nodes)
{
    Write(event, ToString(event.verb), nodes, 0, false);
    for (const uint32_t node : nodes)
    {
        Ptr<OspfApplication> ospf = m_network.OspfOf(node);
        for (const uint32_t lan : LansOf(event))
        {
            const uint32_t interface = m_network.InterfaceOf(node, lan);
            if (interface != 0 && ospf)
            {
                ospf->ExhaustSequence(interface);
            }
        }
    }
}

void
ScenarioFaults::Command(const Event& event, const std::vector<uint32_t>& nodes)
{
    using Verb = Event::Verb;
    const GroupBlock* block = m_scenario.FindGroup(event.group);
    // An operator commands whoever is GCKS; where there are two, both.
    std::vector<std::pair<Ptr<KmpApplication>, uint32_t>> servers;
    std::vector<uint32_t> serving;
    for (const uint32_t node : block->members)
    {
        Ptr<KmpApplication> kmp = m_network.KmpOf(node);
        for (uint32_t group = 0; kmp && group < kmp->GetNGroups(); ++group)
        {
            if (kmp->GetGroupName(group) == event.group && kmp->GetRole(group) == GcksRole::GCKS)
            {
                servers.emplace_back(kmp, group);
                serving.push_back(node);
            }
        }
    }
    Write(event, ToString(event.verb), event.verb == Verb::REKEY ? serving : nodes, 0, false);
    for (const auto& server : servers)
    {
        if (event.verb == Verb::REKEY)
        {
            server.first->Rekey(server.second);
        }
        else if (event.verb == Verb::HANDOVER)
        {
            const IpAddress next =
                nodes.empty() ? IpAddress() : m_network.AddressOf(nodes.front(), block->lan);
            server.first->HandOver(server.second, next);
        }
        for (const uint32_t node : event.verb == Verb::EVICT ? nodes : std::vector<uint32_t>())
        {
            server.first->Evict(server.second, m_scenario.NodeName(node));
        }
    }
}

void
ScenarioFaults::SetClock(const Event& event, const std::vector<uint32_t>& nodes)
{
    Write(event, ToString(event.verb), nodes, 0, false);
    for (const uint32_t node : nodes)
    {
        Ptr<Router> router = m_network.RouterOf(node);
        if (event.offset)
        {
            router->SetAttribute("ClockOffset", TimeValue(NanoSeconds(event.offset->count())));
        }
        if (event.drift)
        {
            router->SetAttribute("ClockDrift", DoubleValue(*event.drift));
        }
    }
}

void
ScenarioFaults::WriteArguments(const Event& event, TraceEvent& line) const
{
    using Verb = Event::Verb;
    const auto share = [&](TraceKey key, const std::optional<double>& value) {
        value ? line.Set(key, *value) : line;
    };
    const auto time = [&](TraceKey key, const std::optional<Time>& value) {
        value ? line.Set(key, static_cast<int64_t>(value->count())) : line;
    };
    if (!event.lans.empty())
    {
        line.Set(TraceKey::SEGMENT, SegmentsOf(event));
    }
    share(TraceKey::LOSS, event.loss);
    share(TraceKey::DUP, event.duplicate);
    share(TraceKey::REORDER, event.reorder);
    time(TraceKey::REORDER_DELAY, event.reorderDelay);
    time(TraceKey::DELAY, event.delay);
    time(TraceKey::JITTER, event.jitter);
    time(TraceKey::OFFSET, event.offset);
    if (event.drift)
    {
        line.Set(TraceKey::DRIFT, static_cast<int64_t>(std::llround(*event.drift * 1000)));
    }
    if (!event.group.empty())
    {
        line.Set(TraceKey::G, event.group);
    }
    if (event.verb == Verb::PARTITION || event.verb == Verb::CUT)
    {
        line.Set(TraceKey::SETS, m_sets).Set(TraceKey::ONE_WAY, event.oneWay);
    }
    if (event.verb == Verb::LINK_DOWN)
    {
        line.Set(TraceKey::SETS, m_sets).Set(TraceKey::SILENT, event.silent);
    }
    if (event.verb == Verb::HEAL || event.verb == Verb::STOP_ATTACK)
    {
        line.Set(TraceKey::REF, event.refs);
    }
    if (event.verb == Verb::CRASH || event.verb == Verb::REBOOT)
    {
        line.Set(TraceKey::LOSE, event.lose);
    }
    if (event.verb == Verb::REBOOT)
    {
        line.Set(TraceKey::DOWN, static_cast<int64_t>(event.down.count()));
    }
    if (event.verb == Verb::PRIORITY)
    {
        line.Set(TraceKey::VALUE, event.value);
    }
}

} // namespace karp
} // namespace ns3
