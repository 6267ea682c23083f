/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TEST_DATA_H
#define KARP_TEST_DATA_H

#include <string>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp-test
 * Where the files lie that the suites read: vectors, scripts, scenarios.
 *
 * The environment variable KARP_TEST_DATA wins; otherwise it is the folder test/ of the source
 * tree the suites were compiled from, so that they run from any working directory.
 *
 * \return the folder, without a slash at its end
 */
std::string KarpTestDataPath();

} // namespace karp
} // namespace ns3

#endif // KARP_TEST_DATA_H
