/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TIMER_TABLE_H
#define KARP_TIMER_TABLE_H

#include "karp-types.h"

#include <array>
#include <optional>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * The named timers of one engine: an instant each, or none. \p T is an enum class whose last
 * enumerator is COUNT and whose enumerators each say when they fire. Timers due at one instant fire
 * in the order of the enumerators, which makes ties a rule and not an accident.
 */
template <typename T>
class TimerTable
{
  public:
    /** Let \p timer fire at \p at, whatever it was set to before. */
    void Set(T timer, Time at)
    {
        m_at[Index(timer)] = at;
    }

    /** Let \p timer not fire. */
    void Stop(T timer)
    {
        m_at[Index(timer)].reset();
    }

    /** Stop all. */
    void Clear()
    {
        m_at.fill(std::nullopt);
    }

    /** \return whether \p timer is set */
    bool IsSet(T timer) const
    {
        return m_at[Index(timer)].has_value();
    }

    /** \return when \p timer fires, if it is set */
    std::optional<Time> At(T timer) const
    {
        return m_at[Index(timer)];
    }

    /** \return the earliest instant any timer fires at */
    std::optional<Time> Next() const
    {
        std::optional<Time> next;
        for (const auto& at : m_at)
        {
            if (at && (!next || *at < *next))
            {
                next = at;
            }
        }
        return next;
    }

    /**
     * \param now the present
     * \return a timer due at or before \p now, which is stopped thereby: the earliest one, and
     *         among equals the first enumerator
     */
    std::optional<T> PopExpired(Time now)
    {
        std::optional<size_t> first;
        for (size_t i = 0; i < m_at.size(); ++i)
        {
            if (m_at[i] && *m_at[i] <= now && (!first || *m_at[i] < *m_at[*first]))
            {
                first = i;
            }
        }
        if (!first)
        {
            return std::nullopt;
        }
        m_at[*first].reset();
        return static_cast<T>(*first);
    }

  private:
    /** \return the place of \p timer in the table */
    static constexpr size_t Index(T timer)
    {
        return static_cast<size_t>(timer);
    }

    std::array<std::optional<Time>, static_cast<size_t>(T::COUNT)> m_at{}; //!< one a timer
};

/** \return the earlier of two instants that may be absent */
inline std::optional<Time>
Earlier(std::optional<Time> a, std::optional<Time> b)
{
    if (!a || !b)
    {
        return a ? a : b;
    }
    return *a < *b ? a : b;
}

} // namespace karp
} // namespace ns3

#endif // KARP_TIMER_TABLE_H
