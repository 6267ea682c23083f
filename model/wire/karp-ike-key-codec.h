/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_KEY_CODEC_H
#define KARP_IKE_KEY_CODEC_H

#include "karp-ike-own-codecs.h"

/**
 * \file
 * \ingroup karp
 * Codec of the Key Download payload. There is one encoding of it and no other is accepted: reserved
 * octets are zero, rows stand in order. Included by the table of payloads only.
 */

namespace ns3
{
namespace karp
{

/**
 * Key Download, type 130: rows, KEKs before protocol master keys.
 * \verbatim
    +---------------+---------------+-------------------------------+
    |   Row type    |   RESERVED    |          Row length           |  of every row
    +---------------+---------------+-------------------------------+

    +---------------------------------------------------------------+
    |                            KEK ID                             |  KEK row, type 1
    |                           (8 octets)                          |
    +---------------------------------------------------------------+
    |                  Group ID, as in payload 129                  |
    |                           (8 octets)                          |
    +-------------------------------+-------------------------------+
    |        ENCR transform         |       Key length, bits        |
    +-------------------------------+-------------------------------+
    |        INTEG transform        |        PRF transform          |
    +-------------------------------+-------------------------------+
    |       Lifetimes, 32 octets, then the key to the row's end     |
    +---------------------------------------------------------------+

    +---------------+---------------+-------------------------------+
    | Key protocol  |   RESERVED    |         MAC algorithm         |  PMK row, type 2
    +---------------+---------------+-------------------------------+
    |                            Key ID                             |
    +---------------------------------------------------------------+
    |       Lifetimes, 32 octets, then the key to the row's end     |
    +---------------------------------------------------------------+

    Lifetimes: accept start, send start, send end, accept end, each an
    unsigned 64-bit number of nanoseconds since 1970-01-01T00:00:00Z.
   \endverbatim
 */
struct KeyDownloadCodec
{
    using Payload = KeyDownloadPayload; //!< what it is for

    static constexpr uint8_t KEK_ROW = 1; //!< row type
    static constexpr uint8_t PMK_ROW = 2; //!< row type

    /** Read an instant, which must be one that Time can hold. */
    static Time ReadTime(ByteReader& reader)
    {
        const uint64_t nanoseconds = reader.U64();
        if (nanoseconds > static_cast<uint64_t>(TIME_MAX.count()))
        {
            reader.FailAt(reader.Offset() - 8,
                          DropReason::BAD_VALUE,
                          static_cast<uint32_t>(nanoseconds >> 32));
            return Time(0);
        }
        return Time(static_cast<Time::rep>(nanoseconds));
    }

    /** Read the lifetimes of a row. */
    static KeyLifetimes ReadLifetimes(ByteReader& reader)
    {
        KeyLifetimes lifetimes;
        lifetimes.acceptStart = ReadTime(reader);
        lifetimes.sendStart = ReadTime(reader);
        lifetimes.sendEnd = ReadTime(reader);
        lifetimes.acceptEnd = ReadTime(reader);
        return lifetimes;
    }

    /** Read the key that a row ends with. */
    static SecretBytes ReadKey(ByteReader& reader)
    {
        const size_t size = reader.Remaining();
        if (size == 0 || size > MAX_KEY_OCTETS)
        {
            reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(size));
        }
        const ByteView key = reader.TakeRest();
        return SecretBytes(key.begin(), key.end());
    }

    /** Read what a KEK row holds. */
    static KekRow ReadKek(ByteReader& reader)
    {
        KekRow row;
        row.keyId = reader.U64();
        if (row.keyId == 0)
        {
            reader.FailAt(reader.Offset() - 8, DropReason::BAD_VALUE, 0);
        }
        row.group = GroupIdCodec::Read(reader);
        row.encr = reader.U16();
        row.keyLength = reader.U16();
        row.integ = reader.U16();
        row.prf = reader.U16();
        row.lifetimes = ReadLifetimes(reader);
        row.key = ReadKey(reader);
        return row;
    }

    /** Read what a row of a protocol master key holds. */
    static PmkRow ReadPmk(ByteReader& reader)
    {
        PmkRow row;
        row.protocol = static_cast<KeyProtocol>(reader.U8());
        if (row.protocol == KeyProtocol::NONE)
        {
            reader.FailAt(reader.Offset() - 1, DropReason::BAD_VALUE, 0);
        }
        reader.SkipZeros(1);
        row.algorithm = static_cast<MacAlgorithm>(reader.U16());
        row.keyId = reader.U32();
        // RFC 2328 section D.3 has one octet for it.
        if (row.protocol == KeyProtocol::OSPFV2 && (row.keyId == 0 || row.keyId > 255))
        {
            reader.FailAt(reader.Offset() - 4, DropReason::BAD_VALUE, row.keyId);
        }
        row.lifetimes = ReadLifetimes(reader);
        row.key = ReadKey(reader);
        return row;
    }

    /** Read one row into \p keys. */
    static void ReadRow(ByteReader& reader, KeyDownloadPayload& keys)
    {
        const size_t start = reader.Offset();
        const uint8_t type = reader.U8();
        reader.SkipZeros(1);
        const uint16_t length = reader.U16();
        const bool isKek = type == KEK_ROW;
        if (reader.Ok() && !isKek && type != PMK_ROW)
        {
            reader.FailAt(start, DropReason::BAD_TYPE, type);
        }
        if (reader.Ok() && length < 4)
        {
            reader.FailAt(start + 2, DropReason::BAD_LENGTH, length);
        }
        if (isKek ? keys.keks.size() == MAX_KEK_ROWS : keys.pmks.size() == MAX_PMK_ROWS)
        {
            reader.FailAt(start, DropReason::TOO_MANY, type);
        }
        if (isKek && !keys.pmks.empty())
        {
            reader.FailAt(start, DropReason::BAD_VALUE, type);
        }
        ByteReader body = reader.Sub(reader.Ok() ? length - 4 : 0);
        if (!reader.Ok())
        {
            return;
        }
        if (isKek)
        {
            keys.keks.push_back(ReadKek(body));
        }
        else
        {
            keys.pmks.push_back(ReadPmk(body));
        }
        reader.Adopt(body);
    }

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        KeyDownloadPayload keys;
        while (reader.Remaining() > 0)
        {
            ReadRow(reader, keys);
        }
        return keys;
    }

    /** Append lifetimes. */
    template <typename B>
    static void WriteLifetimes(const KeyLifetimes& lifetimes, ByteWriter<B>& writer)
    {
        for (const Time time :
             {lifetimes.acceptStart, lifetimes.sendStart, lifetimes.sendEnd, lifetimes.acceptEnd})
        {
            // Before 1970 is before anybody looked: 0 says as much.
            writer.U64(time < Time(0) ? 0 : static_cast<uint64_t>(time.count()));
        }
    }

    /** Append a KEK row. */
    template <typename B>
    static void WriteKek(const KekRow& row, ByteWriter<B>& writer)
    {
        const size_t start = writer.Offset();
        writer.U8(KEK_ROW);
        writer.Zeros(3);
        writer.U64(row.keyId);
        GroupIdCodec::Encode(row.group, writer);
        writer.U16(row.encr);
        writer.U16(row.keyLength);
        writer.U16(row.integ);
        writer.U16(row.prf);
        WriteLifetimes(row.lifetimes, writer);
        writer.Append(row.key);
        writer.PatchLength16(start + 2, start);
    }

    /** Append a row of a protocol master key. */
    template <typename B>
    static void WritePmk(const PmkRow& row, ByteWriter<B>& writer)
    {
        const size_t start = writer.Offset();
        writer.U8(PMK_ROW);
        writer.Zeros(3);
        writer.U8(static_cast<uint8_t>(row.protocol));
        writer.Zeros(1);
        writer.U16(static_cast<uint16_t>(row.algorithm));
        writer.U32(row.keyId);
        WriteLifetimes(row.lifetimes, writer);
        writer.Append(row.key);
        writer.PatchLength16(start + 2, start);
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const KeyDownloadPayload& keys, ByteWriter<B>& writer)
    {
        for (const auto& row : keys.keks)
        {
            WriteKek(row, writer);
        }
        for (const auto& row : keys.pmks)
        {
            WritePmk(row, writer);
        }
    }
};

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_KEY_CODEC_H
