/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TEST_ENTROPY_H
#define KARP_TEST_ENTROPY_H

#include "ns3/karp-types.h"

namespace ns3
{
namespace karp
{

/** Entropy for tests: a splitmix64 sequence, the same for the same seed. */
class TestEntropy : public Entropy
{
  public:
    /** Begin the sequence of \p seed. */
    explicit TestEntropy(uint64_t seed)
        : m_state(seed)
    {
    }

    void Fill(uint8_t* data, size_t size) override
    {
        for (size_t i = 0; i < size; ++i)
        {
            if (i % 8 == 0)
            {
                Step();
            }
            data[i] = static_cast<uint8_t>(m_value >> (8 * (i % 8)));
        }
    }

  private:
    /** Compute the next 64 bits. */
    void Step()
    {
        m_state += 0x9e3779b97f4a7c15;
        m_value = m_state;
        m_value = (m_value ^ (m_value >> 30)) * 0xbf58476d1ce4e5b9;
        m_value = (m_value ^ (m_value >> 27)) * 0x94d049bb133111eb;
        m_value ^= m_value >> 31;
    }

    uint64_t m_state;    //!< counter
    uint64_t m_value{0}; //!< eight octets at hand
};

} // namespace karp
} // namespace ns3

#endif // KARP_TEST_ENTROPY_H
