/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_BLACKLIST_H
#define KARP_BLACKLIST_H

#include "ns3/karp-state-digest.h"
#include "ns3/karp-types.h"

#include <algorithm>
#include <map>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Routers whose advertisements are ignored for a while, because an exchange with them came to
 * nothing (E10). Bounded: when it is full, the entry that would end first makes room, so an
 * attacker with many addresses can shorten the punishment of one but never grow the list.
 */
class Blacklist
{
  public:
    /** At most \p max entries. */
    explicit Blacklist(size_t max)
        : m_max(max)
    {
    }

    /** Ignore \p address until \p until. */
    void Add(IpAddress address, Time until)
    {
        if (m_max == 0)
        {
            return;
        }
        if (m_until.size() >= m_max && m_until.count(address) == 0)
        {
            m_until.erase(
                std::min_element(m_until.begin(), m_until.end(), [](const auto& a, const auto& b) {
                    return a.second < b.second;
                }));
        }
        m_until[address] = until;
    }

    /** \return whether \p address is ignored at \p now; entries that are over are forgotten */
    bool Contains(IpAddress address, Time now)
    {
        const auto entry = m_until.find(address);
        if (entry == m_until.end())
        {
            return false;
        }
        if (entry->second <= now)
        {
            m_until.erase(entry);
            return false;
        }
        return true;
    }

    /** Hear \p address again. */
    void Remove(IpAddress address)
    {
        m_until.erase(address);
    }

    /** Forget all. */
    void Clear()
    {
        m_until.clear();
    }

    /** Add to \p digest all that decides what comes next: the entries that last at \p now. */
    void AddTo(StateDigest& digest, Time now) const
    {
        for (const auto& [address, until] : m_until)
        {
            if (until > now)
            {
                digest.Number(address.value);
                digest.Instant(until);
            }
        }
        digest.Number(m_until.size() < m_max);
    }

    /** \return how many entries there are, ended ones included */
    size_t Size() const
    {
        return m_until.size();
    }

  private:
    size_t m_max;                      //!< bound
    std::map<IpAddress, Time> m_until; //!< end of each
};

} // namespace karp
} // namespace ns3

#endif // KARP_BLACKLIST_H
