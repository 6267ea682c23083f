/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-wire-samples.h"

#include "ns3/test.h"

/**
 * \file
 * \ingroup karp-test
 * Suite karp-wire: octets to structs and back. Cases are in
 *
 * - karp-wire-payload-test.cc: each payload, its golden octets, bounds, refusals
 * - karp-wire-message-test.cc: fixed header, chains, what goes before a sealed body, SPIs, names
 * - karp-wire-ospf-test.cc: OSPF header, Hello, checksum, trailers
 * - karp-wire-vector-test.cc: captures of strongSwan and BIRD
 * - karp-wire-robustness-test.cc: truncations, bit flips, garbage
 */

namespace
{

/** The suite. */
class KarpWireTestSuite : public ns3::TestSuite
{
  public:
    KarpWireTestSuite()
        : TestSuite("karp-wire", ns3::TestSuite::Type::UNIT)
    {
        for (const auto& cases : {ns3::karp::WirePayloadCases(),
                                  ns3::karp::WireMessageCases(),
                                  ns3::karp::WireOspfCases(),
                                  ns3::karp::WireOspfLsaCases(),
                                  ns3::karp::WireVectorCases(),
                                  ns3::karp::WireRobustnessCases()})
        {
            for (ns3::TestCase* testCase : cases)
            {
                AddTestCase(testCase);
            }
        }
    }
};

KarpWireTestSuite g_karpWireTestSuite; //!< registers itself

} // namespace
