/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_OWN_CODECS_H
#define KARP_IKE_OWN_CODECS_H

#include "karp-ike-codec.h"

/**
 * \file
 * \ingroup karp
 * Codecs of this project's own payloads but Key Download. There is one encoding of each and no
 * other is accepted: reserved octets are zero, nothing follows. Included by the table of payloads
 * in karp-ike-payloads.cc only.
 */

namespace ns3
{
namespace karp
{

/**
 * Advertisement, type 128.
 * \verbatim
     0                   1                   2                   3
     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
    |     State     |   Priority    |           RESERVED            |
    +---------------+---------------+-------------------------------+
    |              Heartbeat interval, milliseconds                 |
    +---------------------------------------------------------------+
    |                                                               |
    +               KEK ID now valid for sending, or 0              +
    |                                                               |
    +---------------------------------------------------------------+
   \endverbatim
 */
struct AdvertCodec
{
    using Payload = AdvertPayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        AdvertPayload advert;
        const uint8_t state = reader.U8();
        if (state > static_cast<uint8_t>(AdvertState::GCKS))
        {
            reader.FailAt(reader.Offset() - 1, DropReason::BAD_VALUE, state);
        }
        advert.state = static_cast<AdvertState>(state);
        advert.priority = reader.U8();
        reader.SkipZeros(2);
        advert.intervalMs = reader.U32();
        advert.kekId = reader.U64();
        return advert;
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const AdvertPayload& advert, ByteWriter<B>& writer)
    {
        writer.U8(static_cast<uint8_t>(advert.state));
        writer.U8(advert.priority);
        writer.Zeros(2);
        writer.U32(advert.intervalMs);
        writer.U64(advert.kekId);
    }
};

/**
 * Group ID, type 129; also part of a KEK row.
 * \verbatim
    +---------------+-----------------------------------------------+
    | Key protocol  |                   RESERVED                    |
    +---------------+-----------------------------------------------+
    |                           Instance                            |
    +---------------------------------------------------------------+
   \endverbatim
 */
struct GroupIdCodec
{
    using Payload = GroupIdPayload; //!< what it is for

    /** Read the 8 octets. */
    static GroupIdPayload Read(ByteReader& reader)
    {
        GroupIdPayload group;
        group.protocol = static_cast<KeyProtocol>(reader.U8());
        if (group.protocol == KeyProtocol::NONE)
        {
            reader.FailAt(reader.Offset() - 1, DropReason::BAD_VALUE, 0);
        }
        reader.SkipZeros(3);
        group.instance = reader.U32();
        return group;
    }

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        return Read(reader);
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const GroupIdPayload& group, ByteWriter<B>& writer)
    {
        writer.U8(static_cast<uint8_t>(group.protocol));
        writer.Zeros(3);
        writer.U32(group.instance);
    }
};

/**
 * Sequence, type 131.
 * \verbatim
    +---------------------------------------------------------------+
    |                                                               |
    +                       Sequence number                         +
    |                                                               |
    +---------------------------------------------------------------+
   \endverbatim
 */
struct SequenceCodec
{
    using Payload = SequencePayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        return SequencePayload{reader.U64()};
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const SequencePayload& sequence, ByteWriter<B>& writer)
    {
        writer.U64(sequence.number);
    }
};

/**
 * Transport, type 132.
 * \verbatim
    +---------------+---------------+---------------+---------------+
    |  RESERVED   |S|     Nonces    |     Asked     |    Answers    |
    +---------------+---------------+---------------+---------------+
    |                                                               |
    +                      Challenge, 0 if none                     +
    |                                                               |
    +---------------------------------------------------------------+
    |             Nonce of 16 octets; if Nonces is 2,               ~
    |             16 octets more: the one before                    ~
    +---------------------------------------------------------------+
    |       Asked: IPv4 addresses of routers, 4 octets each         ~
    +---------------------------------------------------------------+
    |  Answers: for each IPv4 address, 4 octets, and challenge, 8   ~
    +---------------------------------------------------------------+
   \endverbatim
 */
struct TransportCodec
{
    using Payload = TransportPayload; //!< what it is for

    /** Read an octet that is \p most or less. */
    static uint8_t ReadAtMost(ByteReader& reader, size_t most, DropReason otherwise)
    {
        const uint8_t octet = reader.U8();
        if (octet > most)
        {
            reader.FailAt(reader.Offset() - 1, otherwise, octet);
        }
        return octet;
    }

    /** Read a nonce. */
    static TransportNonce ReadNonce(ByteReader& reader)
    {
        TransportNonce nonce{};
        const ByteView octets = reader.Take(nonce.size());
        std::copy(octets.begin(), octets.end(), nonce.begin());
        return nonce;
    }

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        TransportPayload transport;
        const uint8_t flags = ReadAtMost(reader, 1, DropReason::BAD_VALUE);
        const uint8_t nonces = ReadAtMost(reader, 2, DropReason::BAD_VALUE);
        if (nonces == 0)
        {
            reader.FailAt(reader.Offset() - 1, DropReason::BAD_VALUE, nonces);
        }
        const uint8_t asked = ReadAtMost(reader, MAX_TRANSPORT_ANSWERS, DropReason::TOO_MANY);
        const uint8_t answers = ReadAtMost(reader, MAX_TRANSPORT_ANSWERS, DropReason::TOO_MANY);
        transport.soon = flags != 0;
        transport.challenge = reader.U64();
        transport.nonce = ReadNonce(reader);
        if (nonces == 2)
        {
            transport.previous = ReadNonce(reader);
        }
        for (uint8_t i = 0; i < asked && reader.Ok(); ++i)
        {
            transport.asked.push_back(IpAddress{reader.U32()});
        }
        for (uint8_t i = 0; i < answers && reader.Ok(); ++i)
        {
            const IpAddress router{reader.U32()};
            transport.answers.push_back({router, reader.U64()});
        }
        return transport;
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const TransportPayload& transport, ByteWriter<B>& writer)
    {
        writer.U8(transport.soon ? 1 : 0);
        writer.U8(transport.previous ? 2 : 1);
        writer.Check(transport.asked.size() <= MAX_TRANSPORT_ANSWERS &&
                     transport.answers.size() <= MAX_TRANSPORT_ANSWERS);
        writer.U8(static_cast<uint8_t>(transport.asked.size()));
        writer.U8(static_cast<uint8_t>(transport.answers.size()));
        writer.U64(transport.challenge);
        writer.Append(transport.nonce);
        if (transport.previous)
        {
            writer.Append(*transport.previous);
        }
        for (const IpAddress router : transport.asked)
        {
            writer.U32(router.value);
        }
        for (const TransportAnswer& answer : transport.answers)
        {
            writer.U32(answer.router.value);
            writer.U64(answer.challenge);
        }
    }
};

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_OWN_CODECS_H
