/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-payloads.h"

#include "karp-ike-codec.h"
#include "karp-ike-key-codec.h"
#include "karp-ike-own-codecs.h"
#include "karp-ike-sa-codec.h"

#include <array>
#include <cstdint>

/**
 * \file
 * \ingroup karp
 * The payloads of RFC 7296 and the table of all payloads. A new payload is a codec, that is a
 * struct with Decode and Encode, and one row of the table. Boxes of RFC 7296 section 3 are not
 * repeated; those of our own payloads stand beside their codecs, in karp-ike-own-codecs.h and
 * karp-ike-key-codec.h.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Key Exchange (RFC 7296 section 3.4). */
struct KeCodec
{
    using Payload = KePayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        KePayload ke;
        ke.group = reader.U16();
        reader.Skip(2);
        ke.data = reader.TakeRest().Copy();
        return ke;
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const KePayload& ke, ByteWriter<B>& writer)
    {
        writer.U16(ke.group);
        writer.Zeros(2);
        writer.Append(ke.data);
    }
};

/** Identification, of either side (RFC 7296 section 3.5). */
struct IdCodec
{
    using Payload = IdPayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead& head)
    {
        IdPayload id;
        id.ofInitiator = head.type == IkePayloadType::ID_INITIATOR;
        id.type = static_cast<IkeIdType>(reader.U8());
        reader.Skip(3);
        const bool isAddress = (id.type == IkeIdType::IPV4_ADDR && reader.Remaining() != 4) ||
                               (id.type == IkeIdType::IPV6_ADDR && reader.Remaining() != 16);
        if (isAddress)
        {
            reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(reader.Remaining()));
        }
        id.data = reader.TakeRest().Copy();
        return id;
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const IdPayload& id, ByteWriter<B>& writer)
    {
        writer.U8(static_cast<uint8_t>(id.type));
        writer.Zeros(3);
        writer.Append(id.data);
    }
};

/** Certificate (RFC 7296 section 3.6). */
struct CertCodec
{
    using Payload = CertPayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        CertPayload cert;
        cert.encoding = reader.U8();
        cert.data = reader.TakeRest().Copy();
        return cert;
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const CertPayload& cert, ByteWriter<B>& writer)
    {
        writer.U8(cert.encoding);
        writer.Append(cert.data);
    }
};

/** Certificate Request (RFC 7296 section 3.7). */
struct CertReqCodec
{
    using Payload = CertReqPayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        CertReqPayload request;
        request.encoding = reader.U8();
        request.authorities = reader.TakeRest().Copy();
        return request;
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const CertReqPayload& request, ByteWriter<B>& writer)
    {
        writer.U8(request.encoding);
        writer.Append(request.authorities);
    }
};

/** Authentication (RFC 7296 section 3.8). */
struct AuthCodec
{
    using Payload = AuthPayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        AuthPayload auth;
        auth.method = static_cast<IkeAuthMethod>(reader.U8());
        reader.Skip(3);
        auth.data = reader.TakeRest().Copy();
        return auth;
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const AuthPayload& auth, ByteWriter<B>& writer)
    {
        writer.U8(static_cast<uint8_t>(auth.method));
        writer.Zeros(3);
        writer.Append(auth.data);
    }
};

/** Nonce (RFC 7296 section 3.9). */
struct NonceCodec
{
    using Payload = NoncePayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        const size_t size = reader.Remaining();
        if (size < MIN_NONCE_OCTETS || size > MAX_NONCE_OCTETS)
        {
            reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(size));
        }
        return NoncePayload{reader.TakeRest().Copy()};
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const NoncePayload& nonce, ByteWriter<B>& writer)
    {
        writer.Append(nonce.data);
    }
};

/** Notify (RFC 7296 section 3.10). */
struct NotifyCodec
{
    using Payload = NotifyPayload; //!< what it is for

    /** Data that a notification carries, where its length is known. */
    struct DataSize
    {
        IkeNotify type; //!< which
        size_t min;     //!< octets at least
        size_t max;     //!< octets at most
        size_t step;    //!< between them, only so many more at a time
    };

    /** Fail \p reader if the data that are left have not the length of \p type. */
    static void CheckData(ByteReader& reader, IkeNotify type)
    {
        static constexpr std::array<DataSize, 11> SIZES{{
            {IkeNotify::INVALID_KE_PAYLOAD, 2, 2, 1}, // section 1.3: the group wanted
            {IkeNotify::COOKIE, 1, 64, 1},            // section 2.6
            {IkeNotify::SIGNATURE_HASH_ALGORITHMS, 0, UINT16_MAX, 2}, // RFC 7427 section 4
            {IkeNotify::MRKMP_WRONG_GCKS, 4, 4, 1},
            {IkeNotify::MRKMP_GCKS_UNKNOWN, 1, 1, 1},
            {IkeNotify::MRKMP_NOT_AUTHORIZED, 0, 0, 1},
            {IkeNotify::MRKMP_MERGE_SA, 0, 0, 1},
            {IkeNotify::MRKMP_REQUEST_PMK, 0, 4, 4}, // without, it does not matter which key
            {IkeNotify::MRKMP_BOOT_ID, 8, 8, 1},
            {IkeNotify::MRKMP_RESIGN, 0, 4, 4}, // without, nobody is named
            {IkeNotify::MRKMP_HANDOVER, 0, 0, 1},
        }};
        const size_t size = reader.Remaining();
        for (const auto& row : SIZES)
        {
            const bool fits =
                size >= row.min && size <= row.max && (size - row.min) % row.step == 0;
            if (row.type == type && !fits)
            {
                reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(size));
            }
        }
    }

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        NotifyPayload notify;
        notify.protocol = static_cast<IkeProtocol>(reader.U8());
        const uint8_t spiSize = reader.U8();
        notify.type = static_cast<IkeNotify>(reader.U16());
        notify.spi = reader.Take(spiSize).Copy();
        CheckData(reader, notify.type);
        notify.data = reader.TakeRest().Copy();
        return notify;
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const NotifyPayload& notify, ByteWriter<B>& writer)
    {
        writer.U8(static_cast<uint8_t>(notify.protocol));
        writer.Count8(notify.spi.size());
        writer.U16(static_cast<uint16_t>(notify.type));
        writer.Append(notify.spi);
        writer.Append(notify.data);
    }
};

/** Delete (RFC 7296 section 3.11). */
struct DeleteCodec
{
    using Payload = DeletePayload; //!< what it is for

    /** \return whether SPIs of \p protocol have \p size octets, or we do not know how many */
    static bool IsSpiSize(IkeProtocol protocol, uint8_t size)
    {
        switch (protocol)
        {
        case IkeProtocol::IKE:
            return size == 0;
        case IkeProtocol::AH:
        case IkeProtocol::ESP:
            return size == 4;
        case IkeProtocol::MRKMP_KEK:
            return size == MRKMP_KEK_SPI_SIZE;
        case IkeProtocol::MRKMP_PMK:
            return size == MRKMP_PMK_SPI_SIZE;
        default:
            return true;
        }
    }

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        DeletePayload gone;
        const size_t start = reader.Offset();
        gone.protocol = static_cast<IkeProtocol>(reader.U8());
        gone.spiSize = reader.U8();
        const uint16_t count = reader.U16();
        if (count > MAX_DELETE_SPIS)
        {
            reader.FailAt(start + 2, DropReason::TOO_MANY, count);
        }
        // SPIs of no octets would be a list that costs its sender nothing.
        if (!IsSpiSize(gone.protocol, gone.spiSize) || (gone.spiSize == 0 && count != 0))
        {
            reader.FailAt(start + 1, DropReason::BAD_VALUE, gone.spiSize);
        }
        for (uint16_t i = 0; i < count && reader.Ok(); ++i)
        {
            gone.spis.push_back(reader.Take(gone.spiSize).Copy());
        }
        return gone;
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const DeletePayload& gone, ByteWriter<B>& writer)
    {
        writer.U8(static_cast<uint8_t>(gone.protocol));
        writer.U8(gone.spiSize);
        writer.Count16(gone.spis.size());
        for (const auto& spi : gone.spis)
        {
            writer.Check(spi.size() == gone.spiSize);
            writer.Append(spi);
        }
    }
};

/** Vendor ID (RFC 7296 section 3.12). */
struct VendorIdCodec
{
    using Payload = VendorIdPayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead&)
    {
        return VendorIdPayload{reader.TakeRest().Copy()};
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const VendorIdPayload& vendor, ByteWriter<B>& writer)
    {
        writer.Append(vendor.data);
    }
};

/** Encrypted (RFC 7296 section 3.14): stays closed. */
struct EncryptedCodec
{
    using Payload = EncryptedPayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead& head)
    {
        return EncryptedPayload{head.next, reader.TakeRest().Copy(), 0};
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const EncryptedPayload& encrypted, ByteWriter<B>& writer)
    {
        writer.Append(encrypted.body);
    }
};

/** A payload of RFC 7296 that we understand so far as to pass over it. */
struct OpaqueCodec
{
    using Payload = UnknownPayload; //!< what it is for

    /** Read the body. */
    static IkePayload Decode(ByteReader& reader, const IkePayloadHead& head)
    {
        return UnknownPayload{static_cast<uint8_t>(head.type), false, reader.TakeRest().Copy()};
    }

    /** Append the body. */
    template <typename B>
    static void Encode(const UnknownPayload& payload, ByteWriter<B>& writer)
    {
        writer.Append(payload.body);
    }
};

/** Append the body of \p payload, which is of the kind of codec \p C. */
template <typename C, typename B>
void
EncodeAs(const IkePayload& payload, ByteWriter<B>& writer)
{
    C::Encode(*std::get_if<typename C::Payload>(&payload), writer);
}

/** \return a row of the table */
template <typename C>
constexpr IkePayloadCodec
Row(IkePayloadType type, const char* name)
{
    return {type, name, &C::Decode, &EncodeAs<C, Bytes>, &EncodeAs<C, SecretBytes>};
}

constexpr std::array<IkePayloadCodec, 21> CODECS{{
    Row<SaCodec>(IkePayloadType::SECURITY_ASSOCIATION, "SECURITY_ASSOCIATION"),
    Row<KeCodec>(IkePayloadType::KEY_EXCHANGE, "KEY_EXCHANGE"),
    Row<IdCodec>(IkePayloadType::ID_INITIATOR, "ID_INITIATOR"),
    Row<IdCodec>(IkePayloadType::ID_RESPONDER, "ID_RESPONDER"),
    Row<CertCodec>(IkePayloadType::CERTIFICATE, "CERTIFICATE"),
    Row<CertReqCodec>(IkePayloadType::CERTIFICATE_REQUEST, "CERTIFICATE_REQUEST"),
    Row<AuthCodec>(IkePayloadType::AUTHENTICATION, "AUTHENTICATION"),
    Row<NonceCodec>(IkePayloadType::NONCE, "NONCE"),
    Row<NotifyCodec>(IkePayloadType::NOTIFY, "NOTIFY"),
    Row<DeleteCodec>(IkePayloadType::DELETE, "DELETE"),
    Row<VendorIdCodec>(IkePayloadType::VENDOR_ID, "VENDOR_ID"),
    Row<OpaqueCodec>(IkePayloadType::TS_INITIATOR, "TS_INITIATOR"),
    Row<OpaqueCodec>(IkePayloadType::TS_RESPONDER, "TS_RESPONDER"),
    Row<EncryptedCodec>(IkePayloadType::ENCRYPTED, "ENCRYPTED"),
    Row<OpaqueCodec>(IkePayloadType::CONFIGURATION, "CONFIGURATION"),
    Row<OpaqueCodec>(IkePayloadType::EAP, "EAP"),
    Row<AdvertCodec>(IkePayloadType::ADVERTISEMENT, "ADVERTISEMENT"),
    Row<GroupIdCodec>(IkePayloadType::GROUP_ID, "GROUP_ID"),
    Row<KeyDownloadCodec>(IkePayloadType::KEY_DOWNLOAD, "KEY_DOWNLOAD"),
    Row<SequenceCodec>(IkePayloadType::SEQUENCE, "SEQUENCE"),
    Row<TransportCodec>(IkePayloadType::TRANSPORT, "TRANSPORT"),
}};

/** \return for each type number its row plus one, 0 where there is none */
constexpr std::array<uint8_t, 256>
IndexCodecs()
{
    std::array<uint8_t, 256> index{};
    for (size_t i = 0; i < CODECS.size(); ++i)
    {
        index[static_cast<uint8_t>(CODECS[i].type)] = static_cast<uint8_t>(i + 1);
    }
    return index;
}

constexpr std::array<uint8_t, 256> CODEC_OF_TYPE = IndexCodecs();

/** The type of each alternative of IkePayload; NONE where it depends on what is inside. */
constexpr std::array<IkePayloadType, std::variant_size_v<IkePayload>> TYPE_OF_ALTERNATIVE{{
    IkePayloadType::SECURITY_ASSOCIATION,
    IkePayloadType::KEY_EXCHANGE,
    IkePayloadType::NONE, // either side's identity
    IkePayloadType::CERTIFICATE,
    IkePayloadType::CERTIFICATE_REQUEST,
    IkePayloadType::AUTHENTICATION,
    IkePayloadType::NONCE,
    IkePayloadType::NOTIFY,
    IkePayloadType::DELETE,
    IkePayloadType::VENDOR_ID,
    IkePayloadType::ENCRYPTED,
    IkePayloadType::ADVERTISEMENT,
    IkePayloadType::GROUP_ID,
    IkePayloadType::KEY_DOWNLOAD,
    IkePayloadType::SEQUENCE,
    IkePayloadType::TRANSPORT,
    IkePayloadType::NONE, // the number of an unknown payload
}};

} // namespace

IkePayloadType
TypeOf(const IkePayload& payload)
{
    if (const auto* id = std::get_if<IdPayload>(&payload))
    {
        return id->ofInitiator ? IkePayloadType::ID_INITIATOR : IkePayloadType::ID_RESPONDER;
    }
    if (const auto* unknown = std::get_if<UnknownPayload>(&payload))
    {
        return static_cast<IkePayloadType>(unknown->type);
    }
    return TYPE_OF_ALTERNATIVE[payload.index()];
}

Bytes
IdPayload::Body() const
{
    Bytes body;
    ByteWriter<Bytes> writer(body);
    IdCodec::Encode(*this, writer);
    return body;
}

const IkePayloadCodec*
FindIkePayloadCodec(IkePayloadType type)
{
    const uint8_t row = CODEC_OF_TYPE[static_cast<uint8_t>(type)];
    return row == 0 ? nullptr : &CODECS[row - 1];
}

} // namespace karp
} // namespace ns3
