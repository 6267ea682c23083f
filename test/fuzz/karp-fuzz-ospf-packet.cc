/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "../karp-wire-check.h"

#include <cstdlib>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: any octets as an OSPF packet with its trailer, and as an LSA.
 */

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const ns3::karp::ByteView octets(data, size);
    if (!ns3::karp::FaultOfOspfPacket(octets).empty() || !ns3::karp::FaultOfOspfLsa(octets).empty())
    {
        std::abort();
    }
    const auto result = ns3::karp::DecodeOspfPacket(octets);
    if (const auto* view = std::get_if<ns3::karp::OspfPacketView>(&result))
    {
        ns3::karp::OspfHello hello;
        ns3::karp::DecodeOspfHello(view->body, hello);
        ns3::karp::Describe(view->header);
        ns3::karp::Describe(hello);
    }
    return 0;
}
