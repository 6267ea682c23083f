/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-metrics.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * What is measured of a group as a whole: merges, evictions, how long old keys are accepted, who
 * sent how much.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr auto KEK = TraceWorld::KeyKind::KEK;
constexpr auto PMK = TraceWorld::KeyKind::PMK;

} // namespace

const Metrics::Table*
Metrics::FindTable(const std::string& name) const
{
    const std::pair<const char*, const Table*> tables[] = {
        {"bytes_by_type", &m_bytes},
        {"bytes_by_sender", &m_bytesBySender},
        {"bytes_by_link", &m_bytesByLink},
        {"messages_by_link", &m_messagesByLink},
        {"messages_by_type", &m_messages},
        {"messages_by_sender", &m_messagesBySender},
        {"key_changes_by_cause", &m_changesByCause},
        {"accepted_forgeries", &m_attackAccepted},
        {"attack_drops", &m_attackDrops},
    };
    for (const auto& table : tables)
    {
        if (name == table.first)
        {
            return table.second;
        }
    }
    return nullptr;
}

void
Metrics::FeedMessage(const TraceEvent& event, const TraceWorld& world)
{
    const auto octets = static_cast<uint64_t>(std::max<int64_t>(0, event.Number(TraceKey::BYTES)));
    const std::string& type = event.Text(TraceKey::TYPE);
    m_bytes[type] += octets;
    ++m_messages[type];
    m_bytesBySender[event.Text(TraceKey::N)] += octets;
    ++m_messagesBySender[event.Text(TraceKey::N)];
    m_bytesByLink[event.Text(TraceKey::SEGMENT)] += octets;
    ++m_messagesByLink[event.Text(TraceKey::SEGMENT)];
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    uint32_t group = 0;
    const std::string key = world.KeyOf(event, group);
    if (!key.empty())
    {
        m_sentUnder[{node, group}].insert(key);
    }
    // Heartbeats would have been sent anyway.
    if (!m_evictions.empty() && event.Text(TraceKey::LAYER) == "kmp" && type != "advert")
    {
        for (auto& eviction : m_evictions)
        {
            const std::vector<uint32_t>& members = world.Members(eviction.first);
            const bool concerned = std::find(members.begin(), members.end(), node) != members.end();
            eviction.second.bytes += concerned ? octets : 0;
        }
    }
}

void
Metrics::FeedCpu(const TraceEvent& event, const TraceWorld& world)
{
    const double seconds = static_cast<double>(event.Number(TraceKey::NS)) / 1e9;
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    m_cpu += seconds;
    for (uint32_t group = 0; node != TraceWorld::NOBODY && group < m_scenario.groups.size();
         ++group)
    {
        if (world.Role(node, group) == TraceRole::GCKS)
        {
            m_cpuGcks += seconds;
            return;
        }
    }
}

// A group that the partition left whole has nothing to merge.
void
Metrics::FeedHeal(int64_t now, const TraceWorld& world)
{
    for (uint32_t group = 0; group < m_scenario.groups.size() && IsCounted(now); ++group)
    {
        if (world.CountGcks(group) > 1 || !world.SameKey(group, KEK))
        {
            m_healing[group] = now;
        }
    }
}

void
Metrics::FeedBoot(uint32_t node, int64_t now)
{
    for (uint32_t group = 0; group < m_scenario.groups.size(); ++group)
    {
        const auto sent = m_sentUnder.find({node, group});
        if (sent == m_sentUnder.end())
        {
            continue;
        }
        if (IsCounted(now))
        {
            m_stale.push_back({node, group, now, sent->second});
        }
        m_sentUnder.erase(sent);
    }
}

void
Metrics::FeedEviction(const TraceEvent& event, const TraceWorld& world)
{
    if (event.Text(TraceKey::DO) != "evict" || !IsCounted(event.Time()))
    {
        return;
    }
    for (const std::string& name : event.List(TraceKey::NODES))
    {
        const uint32_t node = world.NodeNumber(name);
        for (uint32_t group = 0; node != TraceWorld::NOBODY && group < m_scenario.groups.size();
             ++group)
        {
            if (world.IsEvicted(node, group))
            {
                Eviction& eviction = m_evictions[group];
                eviction.nodes.insert(node);
                eviction.old = world.EverHeld(node, group, KEK);
            }
        }
    }
}

void
Metrics::Settle(const TraceWorld& world)
{
    SettleMerges(world);
    SettleStale(world);
    SettleEvictions(world);
    SettleFull(world);
}

void
Metrics::SettleMerges(const TraceWorld& world)
{
    for (auto healing = m_healing.begin(); healing != m_healing.end();)
    {
        const uint32_t group = healing->first;
        if (world.CountGcks(group) == 1 && world.SameKey(group, KEK))
        {
            m_mergeTimes.push_back(static_cast<double>(world.Now() - healing->second) / 1e9);
            healing = m_healing.erase(healing);
            continue;
        }
        ++healing;
    }
}

// A packet from before the boot can be played back as long as anybody else accepts its key; whether
// its sequence number passes is another matter, so this is an upper bound.
void
Metrics::SettleStale(const TraceWorld& world)
{
    const int64_t now = world.Now();
    const auto isOver = [&](const Stale& stale) {
        for (const uint32_t other : world.Members(stale.group))
        {
            for (const std::string& name : stale.keys)
            {
                const TraceWorld::HeldKey* key = other == stale.node || !world.IsUp(other)
                                                     ? nullptr
                                                     : world.FindKey(other, stale.group, PMK, name);
                const int64_t local = world.LocalNow(other);
                if (key != nullptr && key->acceptStart <= local && local < key->acceptEnd)
                {
                    return false;
                }
            }
        }
        return true;
    };
    for (const Stale& stale : m_stale)
    {
        m_replayWindow = std::max(m_replayWindow.value_or(0), now - stale.boot);
    }
    m_stale.erase(std::remove_if(m_stale.begin(), m_stale.end(), isOver), m_stale.end());
}

// It is through when all others are back, under a KEK that the evicted one never held.
void
Metrics::SettleEvictions(const TraceWorld& world)
{
    for (auto entry = m_evictions.begin(); entry != m_evictions.end();)
    {
        const uint32_t group = entry->first;
        const Eviction& eviction = entry->second;
        std::string kek;
        bool through = world.CountGcks(group) > 0;
        for (const uint32_t node : world.Members(group))
        {
            if (!world.IsUp(node) || world.IsEvicted(node, group))
            {
                continue;
            }
            const std::string own = world.SendKey(node, group, KEK);
            through = through && !own.empty() && (kek.empty() || own == kek) &&
                      eviction.old.count(own) == 0 && world.IsJoined(node, group);
            kek = own;
        }
        if (!through)
        {
            ++entry;
            continue;
        }
        m_evictBytes = m_evictBytes.value_or(0) + eviction.bytes;
        entry = m_evictions.erase(entry);
    }
}

} // namespace karp
} // namespace ns3
