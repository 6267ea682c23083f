/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_BYTE_WRITER_H
#define KARP_BYTE_WRITER_H

#include "ns3/karp-types.h"

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Appends octets to a buffer, most significant first. What does not fit its field is a failure,
 * which sticks like a reader's: whoever encodes asks Ok() at the end.
 *
 * \tparam B Bytes, or SecretBytes so that keys are never in memory that is not wiped
 */
template <typename B>
class ByteWriter
{
  public:
    /** Append to \p out, which outlives the writer. */
    explicit ByteWriter(B& out)
        : m_out(out)
    {
    }

    /** Append one octet. */
    void U8(uint8_t value)
    {
        m_out.push_back(value);
    }

    /** Append 2 octets. */
    void U16(uint16_t value)
    {
        Push<2>(value);
    }

    /** Append 4 octets. */
    void U32(uint32_t value)
    {
        Push<4>(value);
    }

    /** Append 8 octets. */
    void U64(uint64_t value)
    {
        Push<8>(value);
    }

    /** Append a count or length of one octet; a failure if it is greater than 255. */
    void Count8(size_t value)
    {
        Check(value <= UINT8_MAX);
        U8(static_cast<uint8_t>(value));
    }

    /** Append a count or length of 2 octets; a failure if it is greater than 65535. */
    void Count16(size_t value)
    {
        Check(value <= UINT16_MAX);
        U16(static_cast<uint16_t>(value));
    }

    /** Append \p octets. */
    void Append(ByteView octets)
    {
        m_out.insert(m_out.end(), octets.begin(), octets.end());
    }

    /** Append \p count zeros. */
    void Zeros(size_t count)
    {
        m_out.resize(m_out.size() + count);
    }

    /** \return octets in the buffer so far: where the next one will stand */
    size_t Offset() const
    {
        return m_out.size();
    }

    /** Overwrite the 2 octets at \p at. */
    void PatchU16(size_t at, uint16_t value)
    {
        BigEndian<2>(m_out.data() + at, value);
    }

    /**
     * Overwrite the 2 octets at \p at with the number of octets from \p start on.
     * \param at where the length field stands
     * \param start where the structure begins whose length it is
     */
    void PatchLength16(size_t at, size_t start)
    {
        Check(Offset() - start <= UINT16_MAX);
        BigEndian<2>(m_out.data() + at, Offset() - start);
    }

    /** Overwrite the 4 octets at \p at. */
    void PatchU32(size_t at, uint32_t value)
    {
        BigEndian<4>(m_out.data() + at, value);
    }

    /** What is being encoded has no encoding unless \p fits. */
    void Check(bool fits)
    {
        m_ok = m_ok && fits;
    }

    /** \return whether everything had an encoding */
    bool Ok() const
    {
        return m_ok;
    }

  private:
    /** Append the low \p N octets of \p value. */
    template <size_t N>
    void Push(uint64_t value)
    {
        const size_t at = m_out.size();
        m_out.resize(at + N);
        BigEndian<N>(m_out.data() + at, value);
    }

    /** Write the low \p N octets of \p value at \p to. */
    template <size_t N>
    static void BigEndian(uint8_t* to, uint64_t value)
    {
        for (size_t i = N; i > 0; --i)
        {
            to[i - 1] = static_cast<uint8_t>(value);
            value >>= 8;
        }
    }

    B& m_out;        //!< where the octets go
    bool m_ok{true}; //!< whether everything had an encoding
};

} // namespace karp
} // namespace ns3

#endif // KARP_BYTE_WRITER_H
