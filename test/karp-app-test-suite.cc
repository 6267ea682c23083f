/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-tests.h"

/**
 * \file
 * \ingroup karp-test
 * Suite karp-app: the ns-3 face of the module, each case a small simulation of its own.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Suite karp-app. */
class AppTestSuite : public TestSuite
{
  public:
    AppTestSuite()
        : TestSuite("karp-app", TestSuite::Type::UNIT)
    {
        for (const auto& part : {HeaderTests(),
                                 RouterTests(),
                                 AttributeTests(),
                                 CrashTests(),
                                 ImpairmentTests(),
                                 HelperTests(),
                                 SequenceTests(),
                                 RoutingTests()})
        {
            for (TestCase* test : part)
            {
                AddTestCase(test);
            }
        }
    }
};

AppTestSuite g_appTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
