/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_OUTCOME_H
#define KARP_SCENARIO_OUTCOME_H

#include "karp-scenario-tests.h"

#include "ns3/karp-scenario-runner.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * Simulates scenarios and looks at what came of them.
 */

namespace ns3
{
namespace karp
{

/** What came of a scenario. */
struct Outcome
{
    uint64_t exit{3};               //!< as of karp-scenario
    std::string report;             //!< verdicts, or errors
    std::vector<std::string> trace; //!< lines
};

/** Simulates \p text. \return what came of it */
inline Outcome
Run(const std::string& text)
{
    Outcome outcome;
    std::vector<std::string> errors;
    const std::optional<Scenario> scenario = LoadText(text, &errors);
    if (!scenario)
    {
        outcome.report = errors.empty() ? "" : errors[0];
        return outcome;
    }
    const Folder folder("world");
    std::ostringstream report;
    RunOptions options;
    options.directory = folder.Path();
    options.report = &report;
    const RunResult result = RunScenario(*scenario, options);
    outcome.exit = static_cast<uint64_t>(result.exit);
    outcome.report = report.str() + result.error;
    std::istringstream lines(folder.File("trace.jsonl"));
    for (std::string line; std::getline(lines, line);)
    {
        outcome.trace.push_back(line);
    }
    return outcome;
}

/** \return a scenario on \p topology with fast timers */
inline std::string
FastText(const std::string& topology, const std::string& groups, const std::string& more)
{
    return "karp: 1\nname: world\nrun: {stop: 60s}\ntopology: " + topology + "\ngroups: " + groups +
           "\nrouting: {protocol: ospfv2, hello: 1s, dead: 4s}\n"
           "protocol: {kmp: mrkmp, advert: 500ms, update: 4s, lead: 3s, overlap: 10s, "
           "kek_lifetime: 30s, spacing: 300ms, attr: {MergeCopySpacing: 300ms}}\n" +
           more;
}

/** \return how many lines of \p outcome have all of \p words */
inline uint64_t
Count(const Outcome& outcome, const std::vector<std::string>& words)
{
    return static_cast<uint64_t>(
        std::count_if(outcome.trace.begin(), outcome.trace.end(), [&](const std::string& line) {
            return std::all_of(words.begin(), words.end(), [&](const std::string& word) {
                return line.find(word) != std::string::npos;
            });
        }));
}

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_OUTCOME_H
