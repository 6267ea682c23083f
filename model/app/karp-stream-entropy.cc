/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-stream-entropy.h"

namespace ns3
{
namespace karp
{

StreamEntropy::StreamEntropy()
    : m_octets(CreateObject<UniformRandomVariable>())
{
}

void
StreamEntropy::Fill(uint8_t* data, size_t size)
{
    // MRG32k3a has a little fewer than 2^32 states a draw, so 24 bits of each are taken: those are
    // uniform as far as anybody can see, and each draw gives them alike on every platform.
    while (size > 0)
    {
        auto draw = static_cast<uint32_t>(m_octets->GetValue(0.0, 16777216.0));
        for (int i = 0; i < 3 && size > 0; ++i, --size, draw >>= 8)
        {
            *data++ = static_cast<uint8_t>(draw);
        }
    }
}

int64_t
StreamEntropy::AssignStreams(int64_t stream)
{
    m_octets->SetStream(stream);
    return 1;
}

} // namespace karp
} // namespace ns3
