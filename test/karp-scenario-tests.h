/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_TESTS_H
#define KARP_SCENARIO_TESTS_H

#include "karp-sentence.h"

#include "ns3/karp-judge.h"
#include "ns3/karp-scenario-loader.h"

#include <optional>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * The parts of suite karp-scenario, a file each, and the scenarios they read.
 */

namespace ns3
{
namespace karp
{

/** \return the cases on what scenarios say; the caller owns them */
std::vector<TestCase*> ScenarioLoaderTests();

/** \return the cases on files that are wrong, or hostile */
std::vector<TestCase*> ScenarioErrorTests();

/** \return the cases on expressions and selectors */
std::vector<TestCase*> ScenarioExpressionTests();

/** \return the cases on judging traces */
std::vector<TestCase*> ScenarioJudgeTests();

/** \return the cases on measuring traces, and on the form of traces */
std::vector<TestCase*> ScenarioMetricsTests();

/** \return the cases on keys and on groups as a whole */
std::vector<TestCase*> ScenarioGroupTests();

/** \return a scenario of \p nodes routers with OSPF and MRKMP, and the lines of \p more behind it
 */
std::string ScenarioText(const std::string& more, const std::string& nodes = "5");

/** \return the scenario, or nothing where the text is wrong; then \p errors says how */
std::optional<Scenario> LoadText(const std::string& text,
                                 std::vector<std::string>* errors = nullptr,
                                 const Variables& set = {});

/** \return the file called \p path, empty if it cannot be read */
std::string FileText(const std::string& path);

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_TESTS_H
