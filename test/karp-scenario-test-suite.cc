/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-tests.h"

#include <fstream>
#include <iterator>

/**
 * \file
 * \ingroup karp-test
 * Suite karp-scenario: the scenario language, the judge and the metrics. Nothing is simulated here.
 */

namespace ns3
{
namespace karp
{

std::string
ScenarioText(const std::string& more, const std::string& nodes)
{
    return "karp: 1\n"
           "name: test\n"
           "run: {stop: 100s, warmup: 10s}\n"
           "topology: {lan: {id: lan0, nodes: " +
           nodes +
           "}}\n"
           "groups: [{name: g0, segment: lan0}]\n"
           "routing: {protocol: ospfv2}\n"
           "protocol: {kmp: mrkmp}\n" +
           more + (more.find("timeline:") == std::string::npos ? "timeline: []\n" : "");
}

std::optional<Scenario>
LoadText(const std::string& text, std::vector<std::string>* errors, const Variables& set)
{
    LoadOptions options;
    options.set = set;
    options.folder = ".";
    Diagnostics diagnostics;
    std::optional<Scenario> scenario = ScenarioLoader::Load(text, options, diagnostics);
    if (errors != nullptr)
    {
        *errors = diagnostics.Lines();
    }
    return scenario;
}

std::string
FileText(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

namespace
{

/** Suite karp-scenario. */
class ScenarioTestSuite : public TestSuite
{
  public:
    ScenarioTestSuite()
        : TestSuite("karp-scenario", TestSuite::Type::UNIT)
    {
        for (const auto& part : {ScenarioLoaderTests(),
                                 ScenarioTopologyTests(),
                                 ScenarioGraphTests(),
                                 ScenarioErrorTests(),
                                 ScenarioExpressionTests(),
                                 ScenarioJudgeTests(),
                                 ScenarioMetricsTests(),
                                 ScenarioGroupTests(),
                                 ScenarioInvariantsTests()})
        {
            for (TestCase* test : part)
            {
                AddTestCase(test);
            }
        }
    }
};

ScenarioTestSuite g_scenarioTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
