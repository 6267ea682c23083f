/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_TESTS_H
#define KARP_SCENARIO_TESTS_H

#include "karp-sentence.h"

#include "ns3/karp-judge.h"
#include "ns3/karp-scenario-loader.h"

#include <cstdlib>
#include <filesystem>
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

/** \return the cases on LANs, groups on them, and verbs that are about them */
std::vector<TestCase*> ScenarioTopologyTests();

/** \return the cases on topologies that are graphs */
std::vector<TestCase*> ScenarioGraphTests();

/** \return the cases on files that are wrong, or hostile */
std::vector<TestCase*> ScenarioErrorTests();

/** \return the cases on expressions and selectors */
std::vector<TestCase*> ScenarioExpressionTests();

/** \return the cases on judging traces */
std::vector<TestCase*> ScenarioJudgeTests();

/** \return the cases on measuring traces, and on the form of traces */
std::vector<TestCase*> ScenarioMetricsTests();

/** \return the cases on the rules of every run */
std::vector<TestCase*> ScenarioInvariantsTests();

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

/** A folder of our own, gone when this goes. */
class Folder
{
  public:
    /** \param name tells folders of one process apart */
    explicit Folder(const std::string& name)
    {
        const char* base = std::getenv("TMPDIR");
        std::string path =
            std::string(base == nullptr ? "/tmp" : base) + "/karp-" + name + "-XXXXXX";
        if (::mkdtemp(&path[0]) != nullptr)
        {
            m_path = path;
        }
    }

    ~Folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_path, ignored);
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    /** \return its path, empty if it could not be made */
    const std::string& Path() const
    {
        return m_path;
    }

    /** \return contents of a file in it */
    std::string File(const std::string& name) const
    {
        return FileText(m_path + "/" + name);
    }

  private:
    std::string m_path; //!< where
};

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_TESTS_H
