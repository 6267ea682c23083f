/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-quantity.h"
#include "karp-scenario-invariants.h"

#include "ns3/karp-ospf-engine.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * How long groups of a scenario may take to recover: from its timers, block protocol or attributes;
 * and how many neighbours a router may have.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** CPU time of one join on the machine of the cost table, both sides, rounded up. */
constexpr Time JOIN_WORK = std::chrono::milliseconds(2);

} // namespace

RecoveryTimers
ScenarioInvariants::TimersOf(const Scenario& scenario)
{
    const ProtocolBlock& protocol = scenario.protocol;
    RecoveryTimers timers;
    timers.advert = protocol.advert;
    timers.down = protocol.down;
    timers.copies = protocol.copies;
    timers.spacing = protocol.spacing;
    timers.retransmitFirst = protocol.retransmitFirst;
    timers.retransmitBase = protocol.retransmitBase;
    timers.retransmitTries = protocol.retransmitTries;
    timers.blacklist = protocol.blacklist;
    size_t largest = 0;
    for (const GroupBlock& group : scenario.groups)
    {
        largest = std::max(largest, group.members.size());
    }
    if (protocol.cost != "none")
    {
        timers.work = FromSeconds(ToSeconds(JOIN_WORK) * protocol.scale * largest);
    }
    for (const auto& [name, text] : protocol.attributes)
    {
        ExprError error;
        const std::optional<Quantity> value = EvaluateText(text, {}, error);
        const auto isCalled = [&name = name](const char* attribute) {
            const std::string word = attribute;
            const size_t at = name.size() - word.size();
            return name == word || (name.size() > word.size() + 2 &&
                                    name.compare(at - 2, std::string::npos, "::" + word) == 0);
        };
        const std::pair<const char*, Time*> times[] = {{"MergeCopySpacing", &timers.mergeSpacing},
                                                       {"JoinSpread", &timers.joinSpread},
                                                       {"EvictLead", &timers.evictLead}};
        for (const auto& entry : times)
        {
            if (value && value->IsTime() && isCalled(entry.first))
            {
                *entry.second = Time(static_cast<Time::rep>(value->value));
            }
        }
        const std::pair<const char*, uint32_t*> counts[] = {{"MergeCopies", &timers.mergeCopies},
                                                            {"DeferMax", &timers.deferrals}};
        for (const auto& entry : counts)
        {
            if (value && value->IsNumber() && isCalled(entry.first))
            {
                *entry.second = static_cast<uint32_t>(value->value);
            }
        }
    }
    return timers;
}

void
ScenarioInvariants::FeedAdjacency(const TraceEvent& event, const TraceWorld& world, Time now)
{
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const auto interface = static_cast<uint32_t>(event.Number(TraceKey::IF));
    std::set<std::string>& neighbors = m_neighbors[{node, interface}];
    if (event.Text(TraceKey::TO) == "Down")
    {
        neighbors.erase(event.Text(TraceKey::PEER));
        return;
    }
    neighbors.insert(event.Text(TraceKey::PEER));
    for (const auto& group : m_groups)
    {
        const auto found = group->local.find(node);
        if (found != group->local.end())
        {
            const size_t bound = OspfInterfaceConfig().neighborsMax;
            group->monitor.List(found->second, "neighbours", neighbors.size(), bound, now);
            return;
        }
    }
}

} // namespace karp
} // namespace ns3
