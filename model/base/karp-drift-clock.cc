/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-drift-clock.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

constexpr int64_t BILLION = 1000000000;

} // namespace

void
DriftClock::Set(Time now, Time offset, int64_t drift)
{
    m_since = now;
    m_offset = offset;
    m_drift = std::clamp(drift, -MAX_DRIFT, MAX_DRIFT);
}

Time
DriftClock::Gain(Time elapsed) const
{
    // In two parts, for the product of the whole would not fit: 292 years times a tenth do.
    const int64_t whole = elapsed.count() / BILLION * m_drift;
    const int64_t rest = elapsed.count() % BILLION * m_drift / BILLION;
    return Time(whole + rest);
}

Time
DriftClock::Local(Time instant) const
{
    return m_drift == 0 ? instant + m_offset : instant + m_offset + Gain(instant - m_since);
}

Time
DriftClock::Offset(Time instant) const
{
    return Local(instant) - instant;
}

Time
DriftClock::True(Time local) const
{
    const Time then = m_since + m_offset; // what it showed at the last Set
    if (local <= then)
    {
        return m_since;
    }
    // The clock may be behind by decades and the instant be the end of time.
    const Time wait = then.count() < 0 && local > TIME_MAX + then ? TIME_MAX : local - then;
    if (m_drift == 0)
    {
        return wait > TIME_MAX - m_since ? TIME_MAX : m_since + wait;
    }
    if (wait > (TIME_MAX - m_since) / 2)
    {
        return TIME_MAX; // centuries
    }
    const int64_t rate = BILLION + m_drift;
    Time elapsed(wait.count() / rate * BILLION + wait.count() % rate * BILLION / rate);
    while (elapsed + Gain(elapsed) < wait)
    {
        ++elapsed;
    }
    while (elapsed > Time(0) && elapsed - Time(1) + Gain(elapsed - Time(1)) >= wait)
    {
        --elapsed;
    }
    return m_since + elapsed;
}

} // namespace karp
} // namespace ns3
