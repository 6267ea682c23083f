/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-metrics.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Metrics of attacks: what was tried, what came of it, and the state that it made routers keep.
 */

namespace ns3
{
namespace karp
{

void
Metrics::FeedAttack(const TraceEvent& event)
{
    if (!IsCounted(event.Time()))
    {
        return;
    }
    const std::string& op = event.Text(TraceKey::OP);
    m_attackInjected += op == "inject" ? 1 : 0;
    m_attackTaken += op == "take" ? 1 : 0;
    m_attackHeard += op == "hear" ? 1 : 0;
    if (op == "drop")
    {
        ++m_attackDrops[event.Text(TraceKey::REASON)];
    }
    if (op == "accept")
    {
        ++m_attackAccepted[event.Text(TraceKey::ID)];
        m_acceptedReplays += event.Text(TraceKey::KIND) == "replay" ? 1 : 0;
    }
}

std::optional<double>
Metrics::AttackValue(const std::string& name) const
{
    if (name == "t_join_max" && !m_joinTimes.empty())
    {
        return *std::max_element(m_joinTimes.begin(), m_joinTimes.end());
    }
    const std::pair<const char*, uint64_t> counters[] = {
        {"accepted_replays", m_acceptedReplays},
        {"heard", m_attackHeard},
        {"injected", m_attackInjected},
        {"taken", m_attackTaken},
        {"half_open", m_halfOpenPeak},
        {"cookies", m_cookies},
    };
    for (const auto& counter : counters)
    {
        if (name == counter.first)
        {
            return static_cast<double>(counter.second);
        }
    }
    return std::nullopt;
}

// Associations that a router has taken in and whose initiator has proven nothing yet.
void
Metrics::FeedSession(const TraceEvent& event)
{
    const bool counted = IsCounted(event.Time());
    const std::string& kind = event.Text(TraceKey::KIND);
    m_retransmissions += counted && kind == "retransmit" ? 1 : 0;
    m_cookies += counted && kind == "cookie" ? 1 : 0;
    uint64_t& count = m_halfOpen[event.Text(TraceKey::N)];
    if (event.Text(TraceKey::TO) == "half_open")
    {
        ++count;
        m_halfOpenPeak = counted ? std::max(m_halfOpenPeak, count) : m_halfOpenPeak;
    }
    else if (event.Text(TraceKey::FROM) == "half_open" && count > 0)
    {
        --count;
    }
}

} // namespace karp
} // namespace ns3
