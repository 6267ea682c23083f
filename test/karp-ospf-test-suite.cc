/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"

/**
 * \file
 * The suite karp-ospf: the room routing. Each file karp-ospf-*-test-suite.cc gives a part of it.
 */

namespace
{

using namespace ns3;
using namespace ns3::karp;

/** The suite. */
class OspfTestSuite : public TestSuite
{
  public:
    OspfTestSuite()
        : TestSuite("karp-ospf", TestSuite::Type::UNIT)
    {
        for (const auto& part : {OspfElectionTests(),
                                 OspfMachineTests(),
                                 OspfInputTests(),
                                 OspfLanTests(),
                                 OspfAuthTests(),
                                 OspfSequenceTests(),
                                 OspfRuleTests(),
                                 OspfExtendedTests()})
        {
            for (const auto& test : part)
            {
                AddTestCase(new Sentence(test.name, test.body));
            }
        }
    }
};

OspfTestSuite g_ospfTestSuite; //!< registers itself

} // namespace
