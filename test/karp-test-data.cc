/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-test-data.h"

#include <cstdlib>

namespace ns3
{
namespace karp
{

std::string
KarpTestDataPath()
{
    const char* chosen = std::getenv("KARP_TEST_DATA");
    if (chosen && *chosen)
    {
        return chosen;
    }
#ifdef KARP_TEST_DIR
    return KARP_TEST_DIR;
#else
    // A build that gives no folder compiled this file by a path from which it can be found again.
    const std::string self = __FILE__;
    const auto slash = self.rfind('/');
    return slash == std::string::npos ? "." : self.substr(0, slash);
#endif
}

} // namespace karp
} // namespace ns3
