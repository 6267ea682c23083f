/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "../karp-wire-check.h"

#include <cstdlib>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: the first octet is a payload type, the rest a chain that begins with it.
 */

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0 || data[0] == 0)
    {
        return 0;
    }
    const auto type = static_cast<ns3::karp::IkePayloadType>(data[0]);
    if (!ns3::karp::FaultOfPayloads(type, ns3::karp::ByteView(data + 1, size - 1)).empty())
    {
        std::abort();
    }
    return 0;
}
