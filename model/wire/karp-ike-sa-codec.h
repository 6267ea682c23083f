/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_SA_CODEC_H
#define KARP_IKE_SA_CODEC_H

#include "karp-ike-codec.h"

/**
 * \file
 * \ingroup karp
 * Codec of the Security Association payload, the only one of RFC 7296 with structures inside
 * structures. Included by the table of payloads only.
 */

namespace ns3
{
namespace karp
{

/** Security Association (RFC 7296 section 3.3). */
struct SaCodec
{
    using Payload = SaPayload; //!< what it is for

    static constexpr uint8_t LAST_SUBSTRUCTURE = 0; //!< nothing of the kind follows (section 3.3.1)
    static constexpr uint8_t MORE_PROPOSALS = 2;    //!< another proposal follows
    static constexpr uint8_t MORE_TRANSFORMS = 3;   //!< another transform follows
    static constexpr uint16_t ATTRIBUTE_SHORT = 0x8000; //!< value in place of length (3.3.5)

    /** Read the attributes of a transform, to the end of \p reader (section 3.3.5). */
    static void DecodeAttributes(ByteReader& reader, IkeTransform& transform)
    {
        while (reader.Remaining() > 0)
        {
            const size_t start = reader.Offset();
            const uint16_t type = reader.U16();
            const uint16_t lengthOrValue = reader.U16();
            if (type == (ATTRIBUTE_SHORT | IKE_ATTRIBUTE_KEY_LENGTH))
            {
                if (transform.keyLength)
                {
                    reader.FailAt(start, DropReason::BAD_VALUE, lengthOrValue);
                }
                transform.keyLength = lengthOrValue;
                continue;
            }
            const bool isShort = (type & ATTRIBUTE_SHORT) != 0;
            const ByteView value = reader.Take(isShort ? 0 : lengthOrValue);
            if (reader.Ok())
            {
                ByteWriter<Bytes> writer(transform.unknownAttributes);
                writer.U16(type);
                writer.U16(lengthOrValue);
                writer.Append(value);
            }
        }
    }

    /** Read one transform (section 3.3.2), the \p last one of its proposal or not. */
    static IkeTransform DecodeTransform(ByteReader& reader, bool last)
    {
        IkeTransform transform;
        const size_t start = reader.Offset();
        const uint8_t more = reader.U8();
        reader.Skip(1);
        const uint16_t length = reader.U16();
        if (reader.Ok() && length < 8)
        {
            reader.FailAt(start + 2, DropReason::BAD_LENGTH, length);
        }
        if (more != (last ? LAST_SUBSTRUCTURE : MORE_TRANSFORMS))
        {
            reader.FailAt(start, DropReason::BAD_VALUE, more);
        }
        ByteReader rest = reader.Sub(reader.Ok() ? length - 4 : 0);
        if (reader.Ok())
        {
            transform.type = static_cast<IkeTransformType>(rest.U8());
            rest.Skip(1);
            transform.id = rest.U16();
            DecodeAttributes(rest, transform);
            reader.Adopt(rest);
        }
        return transform;
    }

    /** Read one proposal (section 3.3.1), which must be the last if nothing is left after it. */
    static IkeProposal DecodeProposal(ByteReader& reader)
    {
        IkeProposal proposal;
        const size_t start = reader.Offset();
        const uint8_t more = reader.U8();
        reader.Skip(1);
        const uint16_t length = reader.U16();
        if (reader.Ok() && length < 8)
        {
            reader.FailAt(start + 2, DropReason::BAD_LENGTH, length);
        }
        ByteReader rest = reader.Sub(reader.Ok() ? length - 4 : 0);
        if (more != (reader.Remaining() == 0 ? LAST_SUBSTRUCTURE : MORE_PROPOSALS))
        {
            reader.FailAt(start, DropReason::BAD_VALUE, more);
        }
        if (!reader.Ok())
        {
            return proposal;
        }
        proposal.number = rest.U8();
        proposal.protocol = static_cast<IkeProtocol>(rest.U8());
        const uint8_t spiSize = rest.U8();
        const uint8_t count = rest.U8();
        if (count > MAX_TRANSFORMS)
        {
            rest.Fail(DropReason::TOO_MANY, count);
        }
        proposal.spi = rest.Take(spiSize).Copy();
        proposal.transforms.reserve(rest.Ok() ? count : 0);
        for (uint8_t i = 0; i < count && rest.Ok(); ++i)
        {
            proposal.transforms.push_back(DecodeTransform(rest, i + 1 == count));
        }
        rest.ExpectEnd();
        reader.Adopt(rest);
        return proposal;
    }

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        SaPayload sa;
        do
        {
            if (sa.proposals.size() == MAX_PROPOSALS)
            {
                reader.Fail(DropReason::TOO_MANY, MAX_PROPOSALS);
                break;
            }
            const size_t start = reader.Offset();
            sa.proposals.push_back(DecodeProposal(reader));
            // Numbers go up by one. Only an offer begins with 1: an answer names the chosen one.
            const size_t count = sa.proposals.size();
            const uint8_t number = sa.proposals.back().number;
            if (number == 0 || (count > 1 && number != sa.proposals[count - 2].number + 1))
            {
                reader.FailAt(start + 4, DropReason::BAD_VALUE, number);
            }
        } while (reader.Remaining() > 0);
        return sa;
    }

    /** Append one transform. */
    template <typename B>
    static void EncodeTransform(const IkeTransform& transform, bool last, ByteWriter<B>& writer)
    {
        const size_t start = writer.Offset();
        writer.U8(last ? LAST_SUBSTRUCTURE : MORE_TRANSFORMS);
        writer.Zeros(3);
        writer.U8(static_cast<uint8_t>(transform.type));
        writer.Zeros(1);
        writer.U16(transform.id);
        if (transform.keyLength)
        {
            writer.U16(ATTRIBUTE_SHORT | IKE_ATTRIBUTE_KEY_LENGTH);
            writer.U16(*transform.keyLength);
        }
        writer.Append(transform.unknownAttributes);
        writer.PatchLength16(start + 2, start);
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const SaPayload& sa, ByteWriter<B>& writer)
    {
        for (size_t i = 0; i < sa.proposals.size(); ++i)
        {
            const IkeProposal& proposal = sa.proposals[i];
            const size_t start = writer.Offset();
            writer.U8(i + 1 == sa.proposals.size() ? LAST_SUBSTRUCTURE : MORE_PROPOSALS);
            writer.Zeros(3);
            writer.U8(proposal.number);
            writer.U8(static_cast<uint8_t>(proposal.protocol));
            writer.Count8(proposal.spi.size());
            writer.Count8(proposal.transforms.size());
            writer.Append(proposal.spi);
            for (size_t j = 0; j < proposal.transforms.size(); ++j)
            {
                EncodeTransform(proposal.transforms[j],
                                j + 1 == proposal.transforms.size(),
                                writer);
            }
            writer.PatchLength16(start + 2, start);
        }
    }
};

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_SA_CODEC_H
