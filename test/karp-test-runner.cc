/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ns3/test.h"

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * Runs the suites linked into this program with the options of an ns-3 tree's test-runner
 * (--suite=, --list, --fullness=, --xml, --out=, --verbose). Files that tests write go into a
 * folder of this run, unless --tempdir= names one; it is gone when all have passed. ns-3 would
 * leave one behind in each run.
 */

int
main(int argc, char** argv)
{
    std::vector<char*> words(argv, argv + argc);
    bool named = false;
    for (const std::string word : words)
    {
        named |= word.rfind("--tempdir=", 0) == 0;
    }
    std::string folder = (std::filesystem::temp_directory_path() / "karp-test-XXXXXX").string();
    std::string option;
    if (!named && mkdtemp(folder.data()) != nullptr)
    {
        option = "--tempdir=" + folder;
        words.push_back(option.data());
    }
    words.push_back(nullptr);
    const int code = ns3::TestRunner::Run(static_cast<int>(words.size()) - 1, words.data());
    if (!option.empty() && code == 0)
    {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    return code;
}
