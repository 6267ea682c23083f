/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-tests.h"
#include "karp-test-data.h"

#include "ns3/karp-diagnostics.h"
#include "ns3/karp-scenario-network.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-scenario: files that are wrong. What is wrong with test/scenario-errors/x.yaml
 * stands in x.expected, a line each; KARP_REWRITE=1 writes these files anew, to be read before they
 * are committed.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return the error lines of a file under scenario-errors/, without the folder's name */
std::string
ErrorsOf(const std::string& name)
{
    Diagnostics diagnostics(name + ".yaml");
    LoadOptions options;
    options.checkAttribute = &ScenarioNetwork::CheckAttribute;
    ScenarioLoader::Load(FileText(KarpTestDataPath() + "/scenario-errors/" + name + ".yaml"),
                         options,
                         diagnostics);
    std::ostringstream out;
    diagnostics.Print(out);
    return out.str();
}

/** Input: scenarios with mistakes. Output: every mistake, its line, what would be right. */
void
CheckGolden(Sentence& test)
{
    for (const char* name : {"blocks",
                             "everything",
                             "expectations",
                             "later",
                             "missing",
                             "shapes",
                             "sweeps",
                             "timeline",
                             "world",
                             "yaml-traps"})
    {
        const std::string path =
            KarpTestDataPath() + "/scenario-errors/" + std::string(name) + ".expected";
        const std::string errors = ErrorsOf(name);
        if (std::getenv("KARP_REWRITE") != nullptr)
        {
            std::ofstream(path, std::ios::binary) << errors;
        }
        test.Same(errors, FileText(path), name);
    }
}

/** Input: what stands for a file that is no scenario at all. Output: one error, no crash. */
void
CheckNoScenario(Sentence& test)
{
    const std::string deep(1000, '[');
    std::string bomb = "a: &a [x, x]\n";
    for (char c = 'b'; c < 'z'; ++c)
    {
        const std::string before(1, static_cast<char>(c - 1));
        bomb += std::string(1, c) + ": &" + c + " [*" + before + ", *" + before + "]\n";
    }
    std::string many = "name: [";
    for (int i = 0; i < 30000; ++i)
    {
        many += "a,";
    }
    const std::pair<const char*, std::string> files[] = {
        {"empty", ""},
        {"white", "\n\n   \n"},
        {"comment", "# nothing\n"},
        {"scalar", "hello\n"},
        {"list", "- a\n- b\n"},
        {"deep", deep},
        {"deep maps", std::string(1000, '{')},
        {"aliases", bomb},
        {"anchor", "name: &x y\n"},
        {"tag", "name: !!python/object x\n"},
        {"merge", "<<: *x\n"},
        {"many nodes", many + "a]"},
        {"long scalar", "name: " + std::string(5000, 'x') + "\n"},
        {"large", std::string(300000, 'x')},
        {"two documents", "a: 1\n---\nb: 2\n"},
        {"binary", std::string("\x00\xff\xfe\x01name", 8)},
        {"list as key", "[a, b]: c\n"},
        {"tab", "a:\n\t- b\n"},
        {"open quote", "name: \"abc\n"},
        {"deep expression", "name: x\nrun: {stop: " + std::string(300, '(') + "}\n"},
    };
    for (const auto& file : files)
    {
        std::vector<std::string> errors;
        test.Holds(!LoadText(file.second, &errors), file.first);
        test.Holds(!errors.empty(), std::string("says what is wrong: ") + file.first);
    }
}

/**
 * Input: the takeover scenario with each line left out, each character range cut off, and single
 * characters replaced.
 * Output: it loads, or there is an error; nothing else.
 */
void
CheckDamage(Sentence& test)
{
    const std::string whole = FileText(KarpTestDataPath() + "/../scenarios/gcks-failover.yaml");
    std::vector<std::string> damaged;
    for (size_t at = 0; at < whole.size(); at += 23)
    {
        damaged.push_back(whole.substr(0, at));
        static const char REPLACEMENTS[] = "\n:{}[],&*!|>'\"%@`#$-? \t0(";
        std::string changed = whole;
        changed[at] = REPLACEMENTS[at % (sizeof(REPLACEMENTS) - 1)];
        damaged.push_back(changed);
    }
    for (const std::string& text : damaged)
    {
        std::vector<std::string> errors;
        const bool loads = LoadText(text, &errors).has_value();
        test.Holds(loads == errors.empty(), "an error, or a scenario");
    }
}

/** Input: words that are nearly right, and words that are not. Output: a hint only for the former.
 */
void
CheckHints(Sentence& test)
{
    const std::vector<std::string> words = {"members", "priority", "segment", "name"};
    const std::pair<const char*, const char*> pairs[] = {{"membres", "members"},
                                                         {"member", "members"},
                                                         {"prioritiy", "priority"},
                                                         {"nmae", "name"},
                                                         {"nam", "name"},
                                                         {"loss", ""},
                                                         {"", ""},
                                                         {"x", ""}};
    for (const auto& pair : pairs)
    {
        test.Same(NearestName(pair.first, words), std::string(pair.second), pair.first);
    }
}

/** Input: more mistakes than anybody reads. Output: the first hundred, and a word that there are
 * more. */
void
CheckManyErrors(Sentence& test)
{
    std::string text = "karp: 1\nrun: {";
    for (int i = 0; i < 500; ++i)
    {
        text += "x" + std::to_string(i) + ": 1, ";
    }
    std::vector<std::string> errors;
    LoadText(text + "stop: 1s}\n", &errors);
    test.Equal(errors.size(), Diagnostics::MAX_ERRORS + 1, "errors");
    test.Holds(errors.back().find("more errors") != std::string::npos, "says that there are more");
}

} // namespace

std::vector<TestCase*>
ScenarioErrorTests()
{
    return {new Sentence("Every mistake is told with its line and what is near", &CheckGolden),
            new Sentence("What is no scenario is refused", &CheckNoScenario),
            new Sentence("A damaged scenario never crashes the loader", &CheckDamage),
            new Sentence("Hints help and do not mislead", &CheckHints),
            new Sentence("The list of mistakes is bounded", &CheckManyErrors)};
}

} // namespace karp
} // namespace ns3
