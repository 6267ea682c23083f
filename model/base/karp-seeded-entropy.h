/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SEEDED_ENTROPY_H
#define KARP_SEEDED_ENTROPY_H

#include "karp-types.h"

namespace ns3
{
namespace karp
{

/** Entropy that is a splitmix64 sequence, the same for the same seed. Not for real secrets. */
class SeededEntropy : public Entropy
{
  public:
    /** Begin the sequence of \p seed. */
    explicit SeededEntropy(uint64_t seed)
        : m_state(seed)
    {
    }

    void Fill(uint8_t* data, size_t size) override
    {
        uint64_t value = 0;
        for (size_t i = 0; i < size; ++i)
        {
            if (i % 8 == 0)
            {
                value = Next();
            }
            data[i] = static_cast<uint8_t>(value >> (8 * (i % 8)));
        }
    }

  private:
    /** \return the next 64 bits */
    uint64_t Next()
    {
        m_state += 0x9e3779b97f4a7c15;
        uint64_t value = m_state;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    uint64_t m_state; //!< counter
};

} // namespace karp
} // namespace ns3

#endif // KARP_SEEDED_ENTROPY_H
