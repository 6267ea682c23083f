/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "../karp-wire-check.h"

#include <cstdlib>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: any octets as a whole IKEv2-framed message.
 */

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const ns3::karp::ByteView octets(data, size);
    if (!ns3::karp::FaultOfMessage(octets).empty())
    {
        std::abort();
    }
    const auto result = ns3::karp::DecodeIkeMessage(octets);
    if (const auto* message = std::get_if<ns3::karp::IkeMessage>(&result))
    {
        ns3::karp::Describe(*message);
    }
    return 0;
}
