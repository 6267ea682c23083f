/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_HASH_H
#define KARP_HASH_H

#include "ns3/karp-types.h"

namespace ns3
{
namespace karp
{

/** \return SHA-256 of \p data, 32 octets: for naming things, such as a scenario by its text */
Bytes Sha256(ByteView data);

} // namespace karp
} // namespace ns3

#endif // KARP_HASH_H
