/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_FUZZ_STEPS_H
#define KARP_FUZZ_STEPS_H

#include "ns3/karp-types.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace karp
{

/**
 * Let \p life, a class with Step(what, octets), live through an input from \p at on: for each step
 * an octet that says what, one that says how many octets it has, and these; the last step may have
 * fewer.
 */
template <typename Life>
void
LiveThrough(Life& life, const uint8_t* data, size_t size, size_t at)
{
    while (at + 2 <= size)
    {
        const size_t length = std::min<size_t>(data[at + 1], size - at - 2);
        life.Step(data[at], Bytes(data + at + 2, data + at + 2 + length));
        at += 2 + length;
    }
}

} // namespace karp
} // namespace ns3

#endif // KARP_FUZZ_STEPS_H
