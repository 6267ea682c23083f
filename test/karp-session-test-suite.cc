/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-tests.h"

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp-test
 * The unicast associations: two session layers with a pipe between them, no ns-3.
 */
class KarpSessionTestSuite : public TestSuite
{
  public:
    KarpSessionTestSuite()
        : TestSuite("karp-session", TestSuite::Type::UNIT)
    {
        for (const auto& part : {SessionHandshakeTests(),
                                 SessionCredentialTests(),
                                 SessionNegotiationTests(),
                                 SessionRepetitionTests(),
                                 SessionForgeryTests(),
                                 SessionBoundsTests(),
                                 SessionExchangeTests(),
                                 SessionPeerTests(),
                                 SessionFieldTests(),
                                 SessionTableTests()})
        {
            for (TestCase* test : part)
            {
                AddTestCase(test);
            }
        }
    }
};

static KarpSessionTestSuite g_karpSessionTestSuite; //!< registers itself

} // namespace karp
} // namespace ns3
