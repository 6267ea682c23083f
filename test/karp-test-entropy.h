/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TEST_ENTROPY_H
#define KARP_TEST_ENTROPY_H

#include "ns3/karp-seeded-entropy.h"

namespace ns3
{
namespace karp
{

/** Entropy for tests. */
using TestEntropy = SeededEntropy;

} // namespace karp
} // namespace ns3

#endif // KARP_TEST_ENTROPY_H
