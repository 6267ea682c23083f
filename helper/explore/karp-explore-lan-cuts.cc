/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-explore-lan.h"

/**
 * \file
 * \ingroup karp
 * Routers of an explored LAN that are cut off, in both directions or in one.
 */

namespace ns3
{
namespace karp
{

// What is on the wire already is lost: some of a multicast's receivers may have got it.
void
ExploreLan::CutOff(size_t index, Time off, bool hears, bool heard)
{
    Node& node = *m_nodes[index];
    --(hears || heard ? m_left.oneWay : m_left.cuts);
    node.healAt = m_now + off;
    node.hears = hears;
    node.heard = heard;
    for (size_t other = 0; other < m_nodes.size(); ++other)
    {
        if (other != index && !heard)
        {
            m_monitor.Cut(static_cast<uint32_t>(index), static_cast<uint32_t>(other), m_now);
        }
        if (other != index && !hears)
        {
            m_monitor.Cut(static_cast<uint32_t>(other), static_cast<uint32_t>(index), m_now);
        }
    }
    TellMark(index, heard ? "HEARS NOBODY" : hears ? "IS NOT HEARD" : "CUT OFF", true);
}

void
ExploreLan::Heal(size_t index)
{
    Node& node = *m_nodes[index];
    node.healAt.reset();
    node.hears = true;
    node.heard = true;
    node.since = m_now;
    for (size_t other = 0; other < m_nodes.size(); ++other)
    {
        if (other != index && !IsCut(index, other))
        {
            m_monitor.Heal(static_cast<uint32_t>(index), static_cast<uint32_t>(other), m_now);
        }
        if (other != index && !IsCut(other, index))
        {
            m_monitor.Heal(static_cast<uint32_t>(other), static_cast<uint32_t>(index), m_now);
        }
    }
    TellMark(index, "CONNECTED", true);
}

bool
ExploreLan::IsCut(size_t from, size_t to) const
{
    return !m_nodes[from]->heard || !m_nodes[to]->hears;
}

} // namespace karp
} // namespace ns3
