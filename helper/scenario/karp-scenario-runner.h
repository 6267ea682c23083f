/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_RUNNER_H
#define KARP_SCENARIO_RUNNER_H

#include "karp-diagnostics.h"
#include "karp-scenario-model.h"

#include <cstdint>
#include <ostream>
#include <string>

namespace ns3
{
namespace karp
{

/** How a scenario is run. */
struct RunOptions
{
    std::string directory;           //!< where files go, an existing folder; empty: no files
    uint64_t run{1};                 //!< number of the run: RngRun
    bool trace{true};                //!< write trace.jsonl
    bool pcap{false};                //!< capture all segments, whatever the scenario says
    bool keylog{false};              //!< write keys, whatever the scenario says
    std::ostream* progress{nullptr}; //!< where to tell what happens; nullptr: nowhere
    std::ostream* report{nullptr};   //!< where to print the verdicts; nullptr: nowhere
};

/** What came of it. */
struct RunResult
{
    int exit{0};             //!< 0: all hold, 1: one fails, 2: one could not be judged
    std::string error;       //!< why a file could not be written; empty: all are there
    std::string hash;        //!< of the resolved scenario
    std::string verdictJson; //!< what verdict.json says
    std::string metricsJson; //!< what metrics.json says
};

/**
 * \ingroup karp
 * Simulate a scenario once, write its files, judge it. ns-3's simulator is used and destroyed; the
 * seed and run of its random numbers are set.
 *
 * \param scenario what to simulate
 * \param options how
 * \return what came of it
 */
RunResult RunScenario(const Scenario& scenario, const RunOptions& options);

/**
 * Judge and measure an old trace, without simulating.
 *
 * \param scenario whose trace it is
 * \param path the trace
 * \param options directory, where files shall be written, and report
 * \param[in,out] diagnostics gets what is wrong with the trace
 * \return what came of it
 */
RunResult JudgeTrace(const Scenario& scenario,
                     const std::string& path,
                     const RunOptions& options,
                     Diagnostics& diagnostics);

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_RUNNER_H
