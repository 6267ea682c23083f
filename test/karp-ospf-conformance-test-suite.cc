/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-script.h"
#include "karp-test-data.h"

#include "ns3/test.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>

/**
 * \file
 * Conformance: the scripts of ospf-scripts, each a rule of RFC 2328 that one router is held to.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A line of a script. */
struct Line
{
    size_t number{0}; //!< in its file
    std::string text; //!< without comment
};

/** A script. */
class OspfScriptCase : public TestCase
{
  public:
    /** \param title the rule */
    OspfScriptCase(const std::string& title, std::string file, std::vector<Line> lines)
        : TestCase(title),
          m_file(std::move(file)),
          m_lines(std::move(lines))
    {
    }

  private:
    void DoRun() override
    {
        OspfScript script;
        for (const Line& line : m_lines)
        {
            std::string fault;
            try
            {
                fault = script.Do(line.text);
            }
            catch (const std::exception& error)
            {
                fault = std::string("not understood: ") + error.what();
            }
            const std::string where = m_file + ":" + std::to_string(line.number);
            NS_TEST_ASSERT_MSG_EQ(fault, std::string(), where + ": " + line.text);
        }
    }

    std::string m_file;        //!< where it is
    std::vector<Line> m_lines; //!< what it does
};

/** There are scripts, and each has something to say. */
class ScriptsAreThere : public TestCase
{
  public:
    /** \param count scripts \param empty those without lines */
    ScriptsAreThere(size_t count, size_t empty)
        : TestCase("scripts were found"),
          m_count(count),
          m_empty(empty)
    {
    }

  private:
    void DoRun() override
    {
        constexpr size_t LEAST = 100;
        NS_TEST_EXPECT_MSG_EQ((m_count >= LEAST), true, "scripts: " << m_count);
        NS_TEST_EXPECT_MSG_EQ(m_empty, 0, "scripts without a line");
    }

    size_t m_count; //!< scripts
    size_t m_empty; //!< those without lines
};

/** The suite. */
class OspfConformanceTestSuite : public TestSuite
{
  public:
    OspfConformanceTestSuite()
        : TestSuite("karp-ospf-conformance", TestSuite::Type::UNIT)
    {
        std::vector<std::filesystem::path> files;
        std::error_code error;
        for (const auto& entry :
             std::filesystem::directory_iterator(KarpTestDataPath() + "/ospf-scripts", error))
        {
            if (entry.path().extension() == ".txt")
            {
                files.push_back(entry.path());
            }
        }
        std::sort(files.begin(), files.end());
        for (const auto& file : files)
        {
            Load(file);
        }
        AddTestCase(new ScriptsAreThere(m_count, m_empty));
    }

  private:
    /** Add the scripts of \p path: each begins with "= " and its rule. */
    void Load(const std::filesystem::path& path)
    {
        std::ifstream in(path);
        std::string text;
        std::string title;
        std::vector<Line> lines;
        for (size_t number = 1; std::getline(in, text); ++number)
        {
            if (text.rfind("= ", 0) == 0)
            {
                Add(title, path, std::move(lines));
                lines.clear();
                title = text.substr(2);
                continue;
            }
            text = text.substr(0, text.find('#'));
            if (text.find_first_not_of(' ') != std::string::npos)
            {
                lines.push_back({number, text});
            }
        }
        Add(title, path, std::move(lines));
    }

    /** Add a script. */
    void Add(const std::string& title, const std::filesystem::path& path, std::vector<Line> lines)
    {
        if (!title.empty())
        {
            ++m_count;
            m_empty += lines.empty() ? 1 : 0;
            AddTestCase(new OspfScriptCase(title, path.filename().string(), std::move(lines)));
        }
    }

    size_t m_count{0}; //!< scripts
    size_t m_empty{0}; //!< those without lines
};

OspfConformanceTestSuite g_ospfConformanceTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
