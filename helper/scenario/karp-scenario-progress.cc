/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-progress.h"

#include "ns3/nstime.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace karp
{

ScenarioProgress::ScenarioProgress(std::ostream& out, Time stop)
    : m_out(out),
      m_stop(stop)
{
}

void
ScenarioProgress::Schedule()
{
    m_begin = std::chrono::steady_clock::now();
    m_told = m_begin;
    Simulator::Schedule(NanoSeconds(m_stop.count() / STEPS), &ScenarioProgress::Step, this);
}

void
ScenarioProgress::Finish()
{
    const auto now = std::chrono::steady_clock::now();
    const double spent = std::chrono::duration<double>(now - m_begin).count();
    const uint64_t events = Simulator::GetEventCount();
    m_out << "  " << events << " events in " << spent << " s, "
          << std::lround(static_cast<double>(events) / std::max(spent, 1e-6))
          << " a second; an hour takes " << spent * 3600 / ToSeconds(m_stop) << " s" << std::endl;
}

void
ScenarioProgress::Step()
{
    const auto now = std::chrono::steady_clock::now();
    const double share = static_cast<double>(Simulator::Now().GetNanoSeconds()) /
                         static_cast<double>(m_stop.count());
    if (now - m_told >= std::chrono::milliseconds(500) && share > 0)
    {
        const double spent = std::chrono::duration<double>(now - m_begin).count();
        m_out << "  [" << std::lround(100 * share) << " %] " << Simulator::Now().GetSeconds()
              << " of " << ToSeconds(m_stop) << " s simulated, "
              << std::lround(std::ceil(spent * (1 - share) / share)) << " s to wait" << std::endl;
        m_told = now;
    }
    Simulator::Schedule(NanoSeconds(m_stop.count() / STEPS), &ScenarioProgress::Step, this);
}

} // namespace karp
} // namespace ns3
