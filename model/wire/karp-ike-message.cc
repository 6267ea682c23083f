/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-message.h"

#include "karp-ike-codec.h"

#include <utility>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t IKE_LENGTH_OFFSET = 24;     //!< of Length in the fixed header
constexpr uint8_t CRITICAL_BIT = 0x80;       //!< of the generic header's second octet
constexpr uint8_t MAJOR_VERSION_MASK = 0xf0; //!< of the version octet

/** Flags that have a meaning; the others are ignored on receipt (RFC 7296 section 3.1). */
constexpr uint8_t KNOWN_FLAGS = IKE_FLAG_INITIATOR | IKE_FLAG_VERSION | IKE_FLAG_RESPONSE;

/** Read the fixed header; only its lengths can be wrong. */
IkeHeader
ReadHeader(ByteReader& reader)
{
    IkeHeader header;
    header.spiInitiator = reader.U64();
    header.spiResponder = reader.U64();
    header.firstPayload = static_cast<IkePayloadType>(reader.U8());
    header.version = reader.U8();
    header.exchange = static_cast<IkeExchange>(reader.U8());
    header.flags = reader.U8() & KNOWN_FLAGS;
    header.messageId = reader.U32();
    header.length = reader.U32();
    return header;
}

/** Fail \p reader if \p header is not that of a message of \p size octets in our version. */
void
CheckHeader(ByteReader& reader, const IkeHeader& header, size_t size)
{
    if ((header.version & MAJOR_VERSION_MASK) != (IKE_VERSION & MAJOR_VERSION_MASK))
    {
        reader.FailAt(17, DropReason::BAD_VERSION, header.version);
    }
    if (header.length > size)
    {
        reader.FailAt(IKE_LENGTH_OFFSET, DropReason::TRUNCATED, header.length);
    }
    if (header.length < size)
    {
        reader.FailAt(IKE_LENGTH_OFFSET, DropReason::BAD_LENGTH, header.length);
    }
    // Section 3.1: the initiator's SPI "MUST NOT be zero".
    if (header.spiInitiator == 0)
    {
        reader.FailAt(0, DropReason::BAD_VALUE, 0);
    }
}

/** \return the payload of \p head whose body is \p body, known or not */
IkePayload
ReadBody(ByteReader& body, const IkePayloadHead& head, bool critical)
{
    if (const IkePayloadCodec* codec = FindIkePayloadCodec(head.type))
    {
        // Section 2.5: the critical bit of a payload that is understood is ignored.
        IkePayload payload = codec->decode(body, head);
        body.ExpectEnd();
        return payload;
    }
    const auto type = static_cast<uint8_t>(head.type);
    if (critical)
    {
        body.FailAt(body.Offset() - IKE_PAYLOAD_HEADER_SIZE, DropReason::UNKNOWN_CRITICAL, type);
        return UnknownPayload{};
    }
    return UnknownPayload{type, false, body.TakeRest().Copy()};
}

/**
 * Read payloads to the end of \p reader (section 3.2).
 * \param reader where they are
 * \param first type of the first one
 * \param sealed whether they come out of an Encrypted payload, so that none may be in there
 */
std::vector<IkePayload>
ReadChain(ByteReader& reader, IkePayloadType first, bool sealed)
{
    std::vector<IkePayload> payloads;
    payloads.reserve(8);
    IkePayloadType type = first;
    while (type != IkePayloadType::NONE && reader.Ok())
    {
        const size_t start = reader.Offset();
        IkePayloadHead head{type, static_cast<IkePayloadType>(reader.U8())};
        const bool critical = (reader.U8() & CRITICAL_BIT) != 0;
        const uint16_t length = reader.U16();
        if (reader.Ok() && length < IKE_PAYLOAD_HEADER_SIZE)
        {
            reader.FailAt(start + 2, DropReason::BAD_LENGTH, length);
        }
        if (payloads.size() == MAX_PAYLOADS)
        {
            reader.FailAt(start, DropReason::TOO_MANY, MAX_PAYLOADS);
        }
        const bool encrypted = type == IkePayloadType::ENCRYPTED;
        if (encrypted && sealed)
        {
            reader.FailAt(start, DropReason::UNEXPECTED_PAYLOAD, static_cast<uint8_t>(type));
        }
        if (!reader.Ok())
        {
            break;
        }
        ByteReader body = reader.Sub(length - IKE_PAYLOAD_HEADER_SIZE);
        if (!reader.Ok())
        {
            break;
        }
        payloads.push_back(ReadBody(body, head, critical));
        reader.Adopt(body);
        // Section 3.14: an Encrypted payload is the last one, and names what is inside it.
        type = encrypted ? IkePayloadType::NONE : head.next;
    }
    reader.ExpectEnd();
    return payloads;
}

/** Append the fixed header; its length is patched later. */
void
WriteHeader(const IkeHeader& header, IkePayloadType first, ByteWriter<Bytes>& writer)
{
    writer.U64(header.spiInitiator);
    writer.U64(header.spiResponder);
    writer.U8(static_cast<uint8_t>(first));
    writer.U8(header.version);
    writer.U8(static_cast<uint8_t>(header.exchange));
    writer.U8(header.flags);
    writer.U32(header.messageId);
    writer.U32(0);
}

/**
 * Append \p payloads, each with its generic header.
 * \param payloads what to append
 * \param after type of what comes after the last of them, NONE if nothing does
 * \param writer where they go
 */
template <typename B>
void
WriteChain(const std::vector<IkePayload>& payloads, IkePayloadType after, ByteWriter<B>& writer)
{
    for (size_t i = 0; i < payloads.size(); ++i)
    {
        const IkePayload& payload = payloads[i];
        const bool last = i + 1 == payloads.size();
        IkePayloadType next = last ? after : TypeOf(payloads[i + 1]);
        uint8_t flags = 0;
        if (const auto* encrypted = std::get_if<EncryptedPayload>(&payload))
        {
            writer.Check(last && after == IkePayloadType::NONE);
            next = encrypted->firstInner;
        }
        const auto* unknown = std::get_if<UnknownPayload>(&payload);
        if (unknown && unknown->critical)
        {
            flags = CRITICAL_BIT;
        }
        writer.Check(TypeOf(payload) != IkePayloadType::NONE);
        const size_t start = writer.Offset();
        writer.U8(static_cast<uint8_t>(next));
        writer.U8(flags);
        writer.U16(0);
        if (unknown)
        {
            writer.Append(unknown->body);
        }
        else
        {
            EncodeIkePayloadBody(*FindIkePayloadCodec(TypeOf(payload)), payload, writer);
        }
        writer.PatchLength16(start + 2, start);
    }
}

} // namespace

NotifyPayload
MakeNotify(IkeNotify type, Bytes data)
{
    NotifyPayload notify;
    notify.type = type;
    notify.data = std::move(data);
    return notify;
}

const NotifyPayload*
FindNotify(const std::vector<IkePayload>& payloads, IkeNotify type)
{
    for (const auto& payload : payloads)
    {
        const auto* notify = std::get_if<NotifyPayload>(&payload);
        if (notify != nullptr && notify->type == type)
        {
            return notify;
        }
    }
    return nullptr;
}

const NotifyPayload*
FindErrorNotify(const std::vector<IkePayload>& payloads)
{
    for (const auto& payload : payloads)
    {
        const auto* notify = std::get_if<NotifyPayload>(&payload);
        if (notify != nullptr && IsErrorNotify(static_cast<uint16_t>(notify->type)))
        {
            return notify;
        }
    }
    return nullptr;
}

std::variant<IkeMessage, DecodeError>
DecodeIkeMessage(ByteView octets)
{
    ByteReader reader(octets);
    IkeMessage message;
    message.header = ReadHeader(reader);
    CheckHeader(reader, message.header, octets.size());
    message.payloads = ReadChain(reader, message.header.firstPayload, false);
    if (!reader.Ok())
    {
        return reader.Error();
    }
    if (!message.payloads.empty())
    {
        if (auto* encrypted = std::get_if<EncryptedPayload>(&message.payloads.back()))
        {
            encrypted->bodyOffset = octets.size() - encrypted->body.size();
        }
    }
    return message;
}

std::variant<std::vector<IkePayload>, DecodeError>
DecodeIkePayloads(IkePayloadType first, ByteView octets)
{
    ByteReader reader(octets);
    std::vector<IkePayload> payloads = ReadChain(reader, first, true);
    if (!reader.Ok())
    {
        return reader.Error();
    }
    return payloads;
}

Bytes
EncodeIkeMessage(const IkeMessage& message)
{
    Bytes out;
    out.reserve(512);
    ByteWriter<Bytes> writer(out);
    WriteHeader(message.header, FirstType(message.payloads), writer);
    WriteChain(message.payloads, IkePayloadType::NONE, writer);
    writer.PatchU32(IKE_LENGTH_OFFSET, static_cast<uint32_t>(out.size()));
    return writer.Ok() ? out : Bytes{};
}

SecretBytes
EncodeIkePayloads(const std::vector<IkePayload>& payloads)
{
    SecretBytes out;
    out.reserve(512);
    ByteWriter<SecretBytes> writer(out);
    WriteChain(payloads, IkePayloadType::NONE, writer);
    return writer.Ok() ? out : SecretBytes{};
}

IkePayloadType
FirstType(const std::vector<IkePayload>& payloads)
{
    return payloads.empty() ? IkePayloadType::NONE : TypeOf(payloads.front());
}

Bytes
EncodeIkeHeaderForSk(const IkeHeader& header,
                     const std::vector<IkePayload>& clear,
                     IkePayloadType firstInner,
                     size_t sealedSize)
{
    Bytes out;
    out.reserve(IKE_HEADER_SIZE + IKE_PAYLOAD_HEADER_SIZE + sealedSize);
    ByteWriter<Bytes> writer(out);
    WriteHeader(header, clear.empty() ? IkePayloadType::ENCRYPTED : FirstType(clear), writer);
    WriteChain(clear, IkePayloadType::ENCRYPTED, writer);
    writer.U8(static_cast<uint8_t>(firstInner));
    writer.U8(0);
    writer.Count16(IKE_PAYLOAD_HEADER_SIZE + sealedSize);
    writer.PatchU32(IKE_LENGTH_OFFSET, static_cast<uint32_t>(out.size() + sealedSize));
    return writer.Ok() ? out : Bytes{};
}

std::optional<IkeHeader>
PeekIkeHeader(ByteView octets)
{
    if (octets.size() < IKE_HEADER_SIZE)
    {
        return std::nullopt;
    }
    ByteReader reader(octets);
    return ReadHeader(reader);
}

} // namespace karp
} // namespace ns3
