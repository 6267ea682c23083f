/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-trace-world.h"

/**
 * \file
 * \ingroup karp
 * What a trace says of OSPF: who sees whom, and whose databases are the same.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return whether a neighbour in this state is 2-Way or better (RFC 2328 section 10.1) */
bool
IsTwoWay(const std::string& state)
{
    return state != "Down" && state != "Attempt" && state != "Init";
}

} // namespace

void
TraceWorld::ApplyAdjacency(const TraceEvent& event)
{
    const uint32_t node = NodeNumber(event.Text(TraceKey::N));
    const uint32_t peer = NodeNumber(event.Text(TraceKey::PEER));
    if (node != NOBODY && peer != NOBODY && node != peer)
    {
        const int64_t interface = event.Number(TraceKey::IF);
        const std::pair<uint32_t, int64_t> link(peer, interface);
        const bool full = event.Text(TraceKey::TO) == "Full";
        m_version += full != (m_nodes[node].full.count(link) != 0) ? 1 : 0;
        full ? (void)m_nodes[node].full.insert(link) : (void)m_nodes[node].full.erase(link);
        SetSees(node, peer, interface, IsTwoWay(event.Text(TraceKey::TO)));
    }
}

void
TraceWorld::ApplyDesignated(const TraceEvent& event)
{
    const uint32_t node = NodeNumber(event.Text(TraceKey::N));
    if (node != NOBODY)
    {
        m_nodes[node].designated[event.Number(TraceKey::IF)] = {
            NodeNumber(event.Text(TraceKey::DR)),
            NodeNumber(event.Text(TraceKey::BDR))};
        ++m_version;
    }
}

void
TraceWorld::SetSees(uint32_t a, uint32_t b, int64_t interface, bool sees)
{
    // Two routers may meet on more than one LAN: they see each other as long as they do on one.
    std::map<uint32_t, std::set<int64_t>>& seen = m_nodes[a].sees;
    const bool before = seen.count(b) != 0;
    if (sees)
    {
        seen[b].insert(interface);
    }
    else if (before && seen[b].erase(interface) != 0 && seen[b].empty())
    {
        seen.erase(b);
    }
    const bool after = seen.count(b) != 0;
    if (before == after)
    {
        return;
    }
    ++m_version;
    if (m_nodes[a].up && m_nodes[b].up)
    {
        m_seesCount = after ? m_seesCount + 1 : m_seesCount - 1;
    }
}

bool
TraceWorld::Sees(uint32_t a, uint32_t b) const
{
    return m_nodes[a].up && m_nodes[b].up && m_nodes[a].sees.count(b) != 0;
}

bool
TraceWorld::IsAdjacent(uint32_t a, uint32_t b) const
{
    return Sees(a, b) && Sees(b, a);
}

bool
TraceWorld::AllAdjacent() const
{
    return m_upCount > 0 && m_seesCount == m_pairCount;
}

bool
TraceWorld::IsFull(uint32_t node, uint32_t other, int64_t interface) const
{
    const Node& self = m_nodes[node];
    const auto found = self.designated.find(interface);
    // 10.4: on a LAN adjacencies are with the Designated Router and its backup only; until one is
    // elected, and on a link of two, with everybody.
    const bool elected = found != self.designated.end() && found->second.first != NOBODY;
    const auto is = [&](uint32_t who) {
        return who == found->second.first || who == found->second.second;
    };
    return (elected && !is(node) && !is(other)) || self.full.count({other, interface}) != 0;
}

std::vector<uint32_t>
TraceWorld::NotFull() const
{
    std::vector<uint32_t> list;
    for (uint32_t node = 0; node < m_nodes.size(); ++node)
    {
        bool full = true;
        for (const uint32_t other : m_neighbors[node])
        {
            full = full && (!m_nodes[other].up || Sees(node, other));
        }
        for (const auto& [other, interfaces] : m_nodes[node].sees)
        {
            for (const int64_t interface : interfaces)
            {
                full = full && (!m_nodes[other].up || IsFull(node, other, interface));
            }
        }
        if (m_nodes[node].up && !full)
        {
            list.push_back(node);
        }
    }
    return list;
}

const std::vector<uint32_t>&
TraceWorld::Neighbors(uint32_t node) const
{
    return m_neighbors[node];
}

} // namespace karp
} // namespace ns3
