/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_PROGRAM_OPTIONS_H
#define KARP_PROGRAM_OPTIONS_H

#include <functional>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * Takes an option, \p name without dashes.
 * \return what is wrong with it; empty if nothing is
 */
using ProgramOption = std::function<std::string(const std::string& name, const std::string& value)>;

/**
 * Read the command line of a program that knows no ns-3, and thus no CommandLine of it:
 * --name=value or --name value, again and again.
 *
 * \param argc number of words
 * \param argv words, the program first
 * \param take takes the options, one after the other
 * \param [out] isHelp whether there is --help; what follows it is not read
 * \return what is wrong; empty if nothing is
 */
std::string ReadProgramOptions(int argc, char** argv, const ProgramOption& take, bool& isHelp);

} // namespace karp
} // namespace ns3

#endif // KARP_PROGRAM_OPTIONS_H
