/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_BYTE_READER_H
#define KARP_BYTE_READER_H

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-types.h"

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Reads octets that somebody else wrote. The first failure sticks: from then on reads give 0 and
 * Remaining() is 0, so that loops end and a decoder may read straight down and ask Ok() once. A
 * structure with a length of its own is read by a Sub() reader, which cannot leave it; its parent
 * then Adopt()s what went wrong. Offsets in errors count from the start of the outermost octets.
 */
class ByteReader
{
  public:
    /**
     * \param octets what to read; outlives the reader and every view it gives
     * \param base offset of the first of them in the outermost octets
     */
    explicit ByteReader(ByteView octets, size_t base = 0)
        : m_octets(octets),
          m_end(octets.size()),
          m_base(base)
    {
    }

    /** \return the next octet */
    uint8_t U8()
    {
        return static_cast<uint8_t>(BigEndian<1>());
    }

    /** \return the next 2 octets as a number */
    uint16_t U16()
    {
        return static_cast<uint16_t>(BigEndian<2>());
    }

    /** \return the next 4 octets as a number */
    uint32_t U32()
    {
        return static_cast<uint32_t>(BigEndian<4>());
    }

    /** \return the next 8 octets as a number */
    uint64_t U64()
    {
        return BigEndian<8>();
    }

    /** \return the next \p count octets; none if there are not so many */
    ByteView Take(size_t count)
    {
        if (!Need(count))
        {
            return {};
        }
        const ByteView taken(m_octets.data() + m_at, count);
        m_at += count;
        return taken;
    }

    /** \return all octets that are left */
    ByteView TakeRest()
    {
        return Take(Remaining());
    }

    /** Pass over \p count octets whose value is to be ignored. */
    void Skip(size_t count)
    {
        Take(count);
    }

    /** Pass over \p count reserved octets, which must be zero. */
    void SkipZeros(size_t count)
    {
        for (size_t i = 0; i < count && Ok(); ++i)
        {
            const uint8_t octet = U8();
            if (octet != 0)
            {
                FailAt(Offset() - 1, DropReason::BAD_VALUE, octet);
            }
        }
    }

    /** \return a reader of the next \p count octets, which are thereby passed over */
    ByteReader Sub(size_t count)
    {
        const size_t base = Offset();
        return ByteReader(Take(count), base);
    }

    /** A failure of \p sub is a failure of this reader. */
    void Adopt(const ByteReader& sub)
    {
        if (Ok() && !sub.Ok())
        {
            m_error = sub.m_error;
            m_end = m_at;
        }
    }

    /** Something is wrong at the present position, unless something was already. */
    void Fail(DropReason why, uint32_t value = 0)
    {
        FailAt(Offset(), why, value);
    }

    /** Something is wrong at \p offset, unless something was already. */
    void FailAt(size_t offset, DropReason why, uint32_t value = 0)
    {
        if (Ok())
        {
            m_error = {why, static_cast<uint32_t>(offset), value};
            m_end = m_at;
        }
    }

    /** Whatever is left has no place here. */
    void ExpectEnd()
    {
        if (Remaining() > 0)
        {
            Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(Remaining()));
        }
    }

    /** \return whether nothing has failed yet */
    bool Ok() const
    {
        return m_error.reason == DropReason::NONE;
    }

    /** \return octets not yet read; 0 after a failure */
    size_t Remaining() const
    {
        return m_end - m_at;
    }

    /** \return the present position in the outermost octets */
    size_t Offset() const
    {
        return m_base + m_at;
    }

    /** \return the first failure, reason NONE if there was none */
    const DecodeError& Error() const
    {
        return m_error;
    }

  private:
    /** \return whether there are \p count octets; that there are not is a failure */
    bool Need(size_t count)
    {
        if (Remaining() >= count)
        {
            return true;
        }
        Fail(DropReason::TRUNCATED, static_cast<uint32_t>(count));
        return false;
    }

    /** \return the next \p N octets, most significant first */
    template <size_t N>
    uint64_t BigEndian()
    {
        if (!Need(N))
        {
            return 0;
        }
        uint64_t number = 0;
        for (size_t i = 0; i < N; ++i)
        {
            number = number << 8 | m_octets[m_at + i];
        }
        m_at += N;
        return number;
    }

    ByteView m_octets;   //!< what is read
    size_t m_at{0};      //!< next octet
    size_t m_end;        //!< where reading ends
    size_t m_base;       //!< offset of the first octet in the outermost octets
    DecodeError m_error; //!< first failure
};

} // namespace karp
} // namespace ns3

#endif // KARP_BYTE_READER_H
