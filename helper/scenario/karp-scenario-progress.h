/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_PROGRESS_H
#define KARP_SCENARIO_PROGRESS_H

#include "ns3/karp-types.h"

#include <chrono>
#include <ostream>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Tells somebody who waits how far a run has come, and how long it may still take. This is the only
 * place that looks at the clock on the wall; nothing of it gets into a file.
 */
class ScenarioProgress
{
  public:
    /** Tell \p out about a run that ends at \p stop. */
    ScenarioProgress(std::ostream& out, Time stop);

    /** Begin; must live until the simulation has ended. */
    void Schedule();

    /** Tell how much was done in how much time. */
    void Finish();

  private:
    static constexpr int STEPS = 100; //!< looks at the clock in a run

    void Step();

    std::ostream& m_out;                           //!< where to tell
    Time m_stop;                                   //!< end of the run
    std::chrono::steady_clock::time_point m_begin; //!< when it began
    std::chrono::steady_clock::time_point m_told;  //!< when something was told last
};

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_PROGRESS_H
