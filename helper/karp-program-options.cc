/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-program-options.h"

namespace ns3
{
namespace karp
{

std::string
ReadProgramOptions(int argc, char** argv, const ProgramOption& take, bool& isHelp)
{
    isHelp = false;
    for (int i = 1; i < argc; ++i)
    {
        const std::string word = argv[i];
        if (word == "--help")
        {
            isHelp = true;
            return "";
        }
        if (word.rfind("--", 0) != 0)
        {
            return "'" + word + "' is no option";
        }
        const size_t equals = word.find('=');
        const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
        if (equals == std::string::npos && i + 1 == argc)
        {
            return "--" + name + " wants a value";
        }
        const std::string wrong =
            take(name,
                 equals == std::string::npos ? std::string(argv[++i]) : word.substr(equals + 1));
        if (!wrong.empty())
        {
            return wrong;
        }
    }
    return "";
}

} // namespace karp
} // namespace ns3
