/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_DRIFT_CLOCK_H
#define KARP_DRIFT_CLOCK_H

#include "karp-types.h"

#include <cstdint>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * A clock that is ahead of true time and runs too fast or too slow. In whole nanoseconds, so that
 * every machine computes the same.
 */
class DriftClock
{
  public:
    static constexpr int64_t MAX_DRIFT = 100000000; //!< parts in 1e9: a tenth

    /**
     * From \p now of true time on be ahead by \p offset and run (1 + \p drift / 1e9) times as fast.
     * A drift beyond MAX_DRIFT is MAX_DRIFT.
     */
    void Set(Time now, Time offset, int64_t drift);

    /** \return what it shows at \p instant of true time, not before the last Set */
    Time Local(Time instant) const;

    /**
     * \param local what it shall show
     * \return the first instant of true time, not before the last Set, at which it shows that or
     * more; the end of time if that is beyond
     */
    Time True(Time local) const;

    /** \return what it is ahead at \p instant of true time */
    Time Offset(Time instant) const;

    /** \return its drift, parts in 1e9 */
    int64_t Drift() const
    {
        return m_drift;
    }

  private:
    /** \return what it gains in \p elapsed since the last Set */
    Time Gain(Time elapsed) const;

    Time m_since{0};    //!< of true time: the last Set
    Time m_offset{0};   //!< then
    int64_t m_drift{0}; //!< parts in 1e9
};

} // namespace karp
} // namespace ns3

#endif // KARP_DRIFT_CLOCK_H
