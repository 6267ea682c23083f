/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-metrics.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/** \return \p nanoseconds as seconds */
double
Seconds(int64_t nanoseconds)
{
    return static_cast<double>(nanoseconds) / 1e9;
}

} // namespace

Metrics::Metrics(const Scenario& scenario)
    : m_scenario(scenario),
      m_roles(scenario.Size() * scenario.groups.size(), TraceRole::DOWN),
      m_outageSince(scenario.run.warmup.count())
{
}

bool
Metrics::IsCounted(int64_t time) const
{
    return time >= m_scenario.run.warmup.count();
}

void
Metrics::Feed(const TraceEvent& event, const TraceWorld& world)
{
    m_end = event.Time();
    SumOutages(event.Time());
    switch (event.Kind())
    {
    case TraceKind::FAULT:
        FeedFault(event, world);
        break;
    case TraceKind::ROLE:
        FeedRole(event, world);
        break;
    case TraceKind::ADVERT:
        FeedAdvert(event, world);
        break;
    case TraceKind::JOIN:
        FeedJoin(event, world);
        break;
    case TraceKind::SESSION:
        FeedSession(event);
        break;
    case TraceKind::ATTACK:
        FeedAttack(event);
        break;
    case TraceKind::KEY:
        FeedKey(event, world);
        break;
    case TraceKind::DROP:
        FeedDrop(event, world);
        break;
    case TraceKind::ADJ:
        FeedAdjacency(event, world);
        break;
    case TraceKind::ROUTES:
        FeedRoutes(event);
        break;
    case TraceKind::MSG:
        FeedMessage(event, world);
        break;
    case TraceKind::REKEY:
        m_changesByCause[event.Text(TraceKey::CAUSE)] += IsCounted(event.Time()) ? 1 : 0;
        break;
    case TraceKind::CPU:
        FeedCpu(event, world);
        break;
    default:
        break;
    }
    const bool frequent = event.Kind() == TraceKind::MSG || event.Kind() == TraceKind::ATTACK;
    if (m_failover && !frequent)
    {
        UpdateFailover(event.Time(), world);
    }
    if (!frequent)
    {
        RefreshOutages(world);
    }
}

void
Metrics::FeedRoutes(const TraceEvent& event)
{
    m_routeChanges += IsCounted(event.Time()) ? 1 : 0;
    if (!m_settled.empty())
    {
        m_settled.back().second = event.Time();
    }
}

std::optional<double>
Metrics::SinceFirstEvent(const std::optional<int64_t>& moment) const
{
    const int64_t first = m_settled.empty() ? 0 : m_settled.front().first;
    return moment && *moment >= first ? std::optional<double>(Seconds(*moment - first))
                                      : std::nullopt;
}

void
Metrics::SettleFull(const TraceWorld& world)
{
    if (m_scenario.routing.model != "full" || world.Version() == m_fullVersion)
    {
        return;
    }
    m_fullVersion = world.Version();
    if (!world.AllFull())
    {
        m_fullSince.reset();
    }
    else if (!m_fullSince)
    {
        m_fullSince = world.Now();
    }
}

std::optional<double>
Metrics::RoutesTime() const
{
    double sum = 0;
    uint64_t count = 0;
    for (const auto& [fault, last] : m_settled)
    {
        // What is followed by another fault before any table changes tells nothing.
        sum += last > fault ? static_cast<double>(last - fault) / 1e9 : 0;
        count += last > fault ? 1 : 0;
    }
    return count == 0 ? std::nullopt : std::optional<double>(sum / static_cast<double>(count));
}

void
Metrics::FeedFault(const TraceEvent& event, const TraceWorld& world)
{
    const std::string& verb = event.Text(TraceKey::DO);
    const bool stops = verb == "crash" || verb == "reboot";
    if (IsCounted(event.Time()))
    {
        m_settled.emplace_back(event.Time(), event.Time());
    }
    if (verb == "heal")
    {
        FeedHeal(event.Time(), world);
    }
    FeedEviction(event, world);
    for (const std::string& name : event.List(TraceKey::NODES))
    {
        const uint32_t node = world.NodeNumber(name);
        if (node == TraceWorld::NOBODY || (!stops && verb != "boot"))
        {
            continue;
        }
        if (verb == "boot")
        {
            FeedBoot(node, event.Time());
        }
        m_halfOpen.erase(name); // what it had taken in is gone, or will be soon
        for (uint32_t group = 0; group < m_scenario.groups.size(); ++group)
        {
            TraceRole& role = m_roles[node * m_scenario.groups.size() + group];
            if (stops && role == TraceRole::GCKS && !m_failover && IsCounted(event.Time()))
            {
                m_failover = Failover();
                m_failover->crash = event.Time();
                m_failover->group = group;
                m_failover->oldGcks = node;
            }
            role = stops ? TraceRole::DOWN : role;
            m_entries[{node, group}] = Entry();
        }
    }
}

void
Metrics::FeedRole(const TraceEvent& event, const TraceWorld& world)
{
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const uint32_t group = world.GroupNumber(event.Text(TraceKey::G));
    const std::optional<TraceRole> role = ParseRole(event.Text(TraceKey::TO));
    if (node == TraceWorld::NOBODY || group == TraceWorld::NOBODY || !role)
    {
        return;
    }
    // What a router was when it crashed is asked for when the fault's line comes, not after it.
    if (world.IsUp(node))
    {
        m_roles[node * m_scenario.groups.size() + group] = *role;
    }
    Entry& entry = m_entries[{node, group}];
    if (!entry.start && *role == TraceRole::INITIAL)
    {
        entry.start = event.Time();
    }
    m_roleChanges += IsCounted(event.Time()) ? 1 : 0;
}

void
Metrics::FeedAdvert(const TraceEvent& event, const TraceWorld& world)
{
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const uint32_t group = world.GroupNumber(event.Text(TraceKey::G));
    if (node == TraceWorld::NOBODY || group == TraceWorld::NOBODY)
    {
        return;
    }
    Entry& entry = m_entries[{node, group}];
    entry.start = entry.start.value_or(event.Time());
    if (m_failover && !m_failover->newGcks && group == m_failover->group &&
        node != m_failover->oldGcks && event.Text(TraceKey::STATE) == "gcks")
    {
        m_failover->newGcks = node;
        m_failover->takeover = event.Time();
    }
}

void
Metrics::FeedJoin(const TraceEvent& event, const TraceWorld& world)
{
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const uint32_t gcks = world.NodeNumber(event.Text(TraceKey::GCKS));
    if (node == TraceWorld::NOBODY)
    {
        return;
    }
    if (!event.Flag(TraceKey::OK))
    {
        m_failedJoins += IsCounted(event.Time()) ? 1 : 0;
        return;
    }
    if (m_failover && gcks != TraceWorld::NOBODY &&
        world.GroupNumber(event.Text(TraceKey::G)) == m_failover->group)
    {
        m_failover->joins[gcks].insert(node);
    }
    if (IsCounted(event.Time()))
    {
        ++m_joins;
        const int64_t took = event.Number(TraceKey::TOOK);
        m_exchangeTimes.push_back(Seconds(took));
        // Jitter shortens the first wait by a tenth (RetransmitJitter), round trips are far
        // shorter.
        m_undelayed += took * 2 < m_scenario.protocol.retransmitFirst.count() ? 1 : 0;
    }
}

void
Metrics::FeedKey(const TraceEvent& event, const TraceWorld& world)
{
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const uint32_t group = world.GroupNumber(event.Text(TraceKey::G));
    const std::string& op = event.Text(TraceKey::OP);
    if (node == TraceWorld::NOBODY || group == TraceWorld::NOBODY ||
        (op != "install" && op != "update"))
    {
        return;
    }
    const std::string& id = event.Text(TraceKey::ID);
    if (event.Text(TraceKey::KIND) == "kek")
    {
        if (m_failover && group == m_failover->group && op == "install")
        {
            m_failover->keks.emplace(node, id);
        }
        return;
    }
    // Key identifiers of OSPF have 8 bits and come again; a key is told by its fingerprint, or, in
    // traces that have none, by its beginning.
    const std::string& print = event.Text(TraceKey::FP);
    const std::string& master = event.Text(TraceKey::OF); // where each sender has a key of its own
    const std::string key = !master.empty() ? master
                            : print.empty()
                                ? id + "@" + std::to_string(event.Number(TraceKey::RX_START))
                                : id + "/" + print;
    if (m_pmks.emplace(group, key).second)
    {
        m_keyChanges += IsCounted(event.Time()) ? 1 : 0;
    }
    Entry& entry = m_entries[{node, group}];
    if (entry.start && !entry.done)
    {
        const int64_t usable = std::max(event.Time(), event.Number(TraceKey::RX_START));
        m_joinTimes.push_back(Seconds(usable - *entry.start));
        entry.done = true;
    }
}

void
Metrics::FeedDrop(const TraceEvent& event, const TraceWorld& world)
{
    // The world knows which drops count; those of this line are the last of this moment.
    if (event.Text(TraceKey::LAYER) != "ospf" || !IsCounted(event.Time()))
    {
        return;
    }
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const bool sequence = event.Text(TraceKey::REASON) == "replayed_sequence";
    const bool key = event.Text(TraceKey::REASON) == "unknown_key" ||
                     event.Text(TraceKey::REASON) == "key_not_valid";
    for (uint32_t group = 0; group < m_scenario.groups.size(); ++group)
    {
        const std::vector<uint32_t>& list =
            sequence ? world.SequenceDrops(group) : world.KeyDrops(group);
        if ((sequence || key) && !list.empty() && list.back() == node)
        {
            (sequence ? m_sequenceDrops : m_keyDrops)++;
            return;
        }
    }
}

void
Metrics::FeedAdjacency(const TraceEvent& event, const TraceWorld& world)
{
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const uint32_t peer = world.NodeNumber(event.Text(TraceKey::PEER));
    if (node == TraceWorld::NOBODY || peer == TraceWorld::NOBODY)
    {
        return;
    }
    const std::string& from = event.Text(TraceKey::FROM);
    const bool before = from != "Down" && from != "Attempt" && from != "Init";
    const bool bothUp = world.IsUp(node) && world.IsUp(peer);
    if (world.Sees(node, peer))
    {
        m_lost.erase({node, peer});
    }
    else if (before && bothUp)
    {
        m_lost.insert({node, peer});
        m_adjacencyDrops += IsCounted(event.Time()) ? 1 : 0;
        const bool silent = event.Text(TraceKey::WHY) == "InactivityTimer";
        m_falseAlarms += silent && IsCounted(event.Time()) ? 1 : 0;
        if (!m_firstLost && !m_settled.empty())
        {
            m_firstLost = event.Time();
        }
    }
}

void
Metrics::UpdateFailover(int64_t now, const TraceWorld& world)
{
    Failover& failover = *m_failover;
    if (!failover.newGcks || (failover.rekeyed && failover.rejoined))
    {
        return;
    }
    const auto kek = failover.keks.find(*failover.newGcks);
    failover.kek = kek == failover.keks.end() ? failover.kek : kek->second;
    const std::set<uint32_t>& joined = failover.joins[*failover.newGcks];
    bool allKeyed = !failover.kek.empty();
    bool allJoined = true;
    for (const uint32_t node : world.Members(failover.group))
    {
        if (!world.IsUp(node) || node == *failover.newGcks)
        {
            continue;
        }
        allJoined = allJoined && joined.count(node) != 0;
        allKeyed =
            allKeyed &&
            world.FindKey(node, failover.group, TraceWorld::KeyKind::KEK, failover.kek) != nullptr;
    }
    if (allKeyed && !failover.rekeyed)
    {
        failover.rekeyed = now;
    }
    if (allJoined && !failover.rejoined)
    {
        failover.rejoined = now;
    }
}

void
Metrics::SumOutages(int64_t now)
{
    if (now > m_outageSince)
    {
        const double seconds = Seconds(now - m_outageSince);
        m_outageData += seconds * static_cast<double>(m_routersOut);
        m_outageKey += seconds * static_cast<double>(m_groupsOut);
        m_outageSince = now;
    }
}

void
Metrics::RefreshOutages(const TraceWorld& world)
{
    std::set<uint32_t> routers;
    for (auto pair = m_lost.begin(); pair != m_lost.end();)
    {
        const bool gone = !world.IsUp(pair->first) || !world.IsUp(pair->second);
        if (!gone)
        {
            routers.insert(pair->first);
        }
        pair = gone ? m_lost.erase(pair) : std::next(pair);
    }
    m_routersOut = routers.size();
    m_groupsOut = 0;
    for (uint32_t group = 0; group < m_scenario.groups.size(); ++group)
    {
        m_groupsOut += world.CountGcks(group) == 0 ? 1 : 0;
    }
}

} // namespace karp
} // namespace ns3
