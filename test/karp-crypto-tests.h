/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_CRYPTO_TESTS_H
#define KARP_CRYPTO_TESTS_H

#include "ns3/karp-crypto.h"
#include "ns3/test.h"

#include <vector>

/**
 * \file
 * \ingroup karp-test
 * The parts of suite karp-crypto, a file each.
 */

namespace ns3
{
namespace karp
{

/** \return the cases on Diffie-Hellman; the caller owns them */
std::vector<TestCase*> KeyExchangeTests();

/** \return the cases on Encrypted payloads; the caller owns them */
std::vector<TestCase*> SkCipherTests();

/** \return the cases on digests of OSPF packets and their memo; the caller owns them */
std::vector<TestCase*> OspfMacTests();

/** \return \p size octets from \p first on, each one more than the last */
inline Bytes
Counting(uint8_t first, size_t size)
{
    Bytes bytes(size);
    for (size_t i = 0; i < size; ++i)
    {
        bytes[i] = static_cast<uint8_t>(first + i);
    }
    return bytes;
}

/** \return a copy of \p bytes with bit \p bit the other way round */
inline Bytes
Flipped(ByteView bytes, size_t bit)
{
    Bytes other = bytes.Copy();
    other[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
    return other;
}

} // namespace karp
} // namespace ns3

#endif // KARP_CRYPTO_TESTS_H
