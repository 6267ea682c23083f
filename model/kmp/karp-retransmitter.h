/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_RETRANSMITTER_H
#define KARP_RETRANSMITTER_H

#include "karp-session-manager.h"

#include "ns3/karp-types.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * When a request goes again (J2; RFC 7296 section 2.4): waits that grow by a factor, each shortened
 * by a random fraction so that routers that began together do not go on together.
 */
class Retransmitter
{
  public:
    static constexpr Time WAIT_MIN = std::chrono::milliseconds(1); //!< shortest wait
    static constexpr Time WAIT_MAX = std::chrono::hours(1);        //!< longest wait
    static constexpr uint32_t TRIES_MAX = 64;                      //!< most repetitions

    Retransmitter() = default;

    /**
     * The request is sent for the first time.
     * \param policy how it is to be repeated
     * \param now the present
     * \param entropy where jitter comes from
     */
    Retransmitter(const RetransmitPolicy& policy, Time now, Entropy& entropy)
        : m_policy(policy)
    {
        Arm(now, entropy);
    }

    /**
     * A wait is over.
     * \param now the present
     * \param entropy where jitter comes from
     * \return whether the request goes again; if not, it is given up
     */
    bool Repeat(Time now, Entropy& entropy)
    {
        if (m_repeats >= std::min(m_policy.tries, TRIES_MAX))
        {
            return false;
        }
        ++m_repeats;
        Arm(now, entropy);
        return true;
    }

    /** \return when the present wait is over */
    Time Due() const
    {
        return m_due;
    }

    /** \return how often the request was repeated so far */
    uint32_t Repeats() const
    {
        return m_repeats;
    }

    /** \return the wait after \p repeats repetitions, not shortened */
    static Time Wait(const RetransmitPolicy& policy, uint32_t repeats)
    {
        const double limit = static_cast<double>(WAIT_MAX.count());
        double wait = static_cast<double>(policy.first.count());
        const double base = std::max(1.0, policy.base);
        for (uint32_t i = 0; i < repeats && wait < limit; ++i)
        {
            wait *= base;
        }
        return std::clamp(Time(static_cast<Time::rep>(std::min(wait, limit))), WAIT_MIN, WAIT_MAX);
    }

    /** \return the longest time from sending a request to giving it up */
    static Time Longest(const RetransmitPolicy& policy)
    {
        Time total{0};
        for (uint32_t i = 0; i <= std::min(policy.tries, TRIES_MAX); ++i)
        {
            total += Wait(policy, i);
        }
        return total;
    }

  private:
    /** Begin to wait. */
    void Arm(Time now, Entropy& entropy)
    {
        Time wait = Wait(m_policy, m_repeats);
        const double jitter = std::clamp(m_policy.jitter, 0.0, 1.0);
        if (jitter > 0)
        {
            const double shorter = static_cast<double>(wait.count()) * jitter * entropy.DrawUnit();
            wait = std::max(WAIT_MIN, wait - Time(static_cast<Time::rep>(shorter)));
        }
        m_due = now + wait;
    }

    RetransmitPolicy m_policy; //!< how
    uint32_t m_repeats{0};     //!< repetitions so far
    Time m_due{0};             //!< end of the present wait
};

} // namespace karp
} // namespace ns3

#endif // KARP_RETRANSMITTER_H
