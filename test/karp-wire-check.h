/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_WIRE_CHECK_H
#define KARP_WIRE_CHECK_H

#include "ns3/karp-ike-message.h"
#include "ns3/karp-ospf-database.h"
#include "ns3/karp-ospf-packet.h"

#include <string>

/**
 * \file
 * \ingroup karp-test
 * What decoders promise about any octets at all; suite karp-wire and the fuzz entries hold them to
 * it. Knows no ns-3.
 */

namespace ns3
{
namespace karp
{

/** \return whether no list in \p payloads is longer than its bound */
inline bool
ListsAreBounded(const std::vector<IkePayload>& payloads)
{
    bool bounded = payloads.size() <= MAX_PAYLOADS;
    for (const auto& payload : payloads)
    {
        if (const auto* sa = std::get_if<SaPayload>(&payload))
        {
            bounded = bounded && sa->proposals.size() <= MAX_PROPOSALS;
            for (const auto& proposal : sa->proposals)
            {
                bounded = bounded && proposal.transforms.size() <= MAX_TRANSFORMS;
            }
        }
        else if (const auto* gone = std::get_if<DeletePayload>(&payload))
        {
            bounded = bounded && gone->spis.size() <= MAX_DELETE_SPIS;
        }
        else if (const auto* keys = std::get_if<KeyDownloadPayload>(&payload))
        {
            bounded =
                bounded && keys->keks.size() <= MAX_KEK_ROWS && keys->pmks.size() <= MAX_PMK_ROWS;
        }
        else if (const auto* nonce = std::get_if<NoncePayload>(&payload))
        {
            bounded = bounded && nonce->data.size() <= MAX_NONCE_OCTETS;
        }
    }
    return bounded;
}

/**
 * \param octets whatever
 * \return how \p octets break the promises about messages, nothing if they do not: an error lies
 *         inside the octets; what was decoded has bounded lists and encodes to as many octets,
 * which decode and encode to themselves
 */
inline std::string
FaultOfMessage(ByteView octets)
{
    const auto first = DecodeIkeMessage(octets);
    if (const auto* error = std::get_if<DecodeError>(&first))
    {
        return error->reason == DropReason::NONE || error->offset > octets.size()
                   ? "error without a reason or outside the octets"
                   : "";
    }
    const auto& message = std::get<IkeMessage>(first);
    if (!ListsAreBounded(message.payloads))
    {
        return "list out of bounds";
    }
    const Bytes encoded = EncodeIkeMessage(message);
    if (encoded.size() != octets.size())
    {
        return "encodes to another length";
    }
    const auto second = DecodeIkeMessage(encoded);
    const auto* again = std::get_if<IkeMessage>(&second);
    return again && EncodeIkeMessage(*again) == encoded ? "" : "is not stable";
}

/** As FaultOfMessage, for a chain of payloads that begins with \p type. */
inline std::string
FaultOfPayloads(IkePayloadType type, ByteView octets)
{
    const auto first = DecodeIkePayloads(type, octets);
    if (const auto* error = std::get_if<DecodeError>(&first))
    {
        return error->reason == DropReason::NONE || error->offset > octets.size()
                   ? "error without a reason or outside the octets"
                   : "";
    }
    const auto& payloads = std::get<std::vector<IkePayload>>(first);
    if (!ListsAreBounded(payloads) || FirstType(payloads) != type)
    {
        return "list out of bounds or wrong first type";
    }
    const SecretBytes encoded = EncodeIkePayloads(payloads);
    if (encoded.size() != octets.size())
    {
        return "encodes to another length";
    }
    const auto second = DecodeIkePayloads(type, encoded);
    const auto* again = std::get_if<std::vector<IkePayload>>(&second);
    return again && EncodeIkePayloads(*again) == encoded ? "" : "is not stable";
}

/**
 * \param octets whatever, taken as one LSA
 * \return how they break the promises about LSAs, nothing if they do not: what was decoded is what
 *         the octets say but for the age, and encodes to an LSA that decodes and encodes to itself
 */
inline std::string
FaultOfOspfLsa(ByteView octets)
{
    const auto decoded = DecodeOspfLsa(octets);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        return error->reason == DropReason::NONE ? "LSA refused without a reason" : "";
    }
    const OspfLsaPtr& lsa = std::get<OspfLsaPtr>(decoded);
    if (lsa->octets.size() != octets.size() || lsa->header.length != octets.size() ||
        !ConstantTimeEqual(ByteView(lsa->octets).Sub(2), octets.Sub(2)))
    {
        return "LSA is not what its octets say";
    }
    // Metrics for a TOS are left out: it may become shorter, once.
    const OspfLsaPtr made = MakeOspfLsa(lsa->header, lsa->body);
    if (made == nullptr || made->octets.size() > octets.size() ||
        made->header.checksum != OspfLsaChecksum(made->octets))
    {
        return "LSA cannot be made again";
    }
    const auto again = DecodeOspfLsa(made->octets);
    const auto* same = std::get_if<OspfLsaPtr>(&again);
    const bool isStable =
        same != nullptr && MakeOspfLsa((*same)->header, (*same)->body)->octets == made->octets;
    return isStable && !Describe(*lsa).empty() ? "" : "LSA is not stable";
}

/** \return \p view encoded from what is decoded of its body, nothing if its body is refused */
inline Bytes
EncodeOspfDecoded(const OspfPacketView& view)
{
    Bytes out;
    OspfPacketWriter writer(view.header, out);
    DecodeError error;
    switch (view.header.type)
    {
    case OspfPacketType::DATABASE_DESCRIPTION: {
        OspfDatabaseDescription description;
        error = DecodeOspfDatabaseDescription(view.body, description);
        writer.Add(description);
        for (const OspfLsaHeader& header : description.headers)
        {
            writer.Add(header);
        }
        break;
    }
    case OspfPacketType::LINK_STATE_REQUEST: {
        std::vector<OspfLsaKey> keys;
        error = DecodeOspfRequest(view.body, keys);
        for (const OspfLsaKey& key : keys)
        {
            writer.Add(key);
        }
        break;
    }
    case OspfPacketType::LINK_STATE_UPDATE: {
        std::vector<ByteView> lsas;
        error = DecodeOspfUpdate(view.body, lsas);
        for (const ByteView octets : lsas)
        {
            OspfLsa lsa;
            lsa.octets = octets.Copy();
            writer.Add(lsa, static_cast<uint16_t>(octets[0] << 8 | octets[1]));
        }
        break;
    }
    case OspfPacketType::LINK_STATE_ACKNOWLEDGMENT: {
        std::vector<OspfLsaHeader> headers;
        error = DecodeOspfAcknowledgment(view.body, headers);
        for (const OspfLsaHeader& header : headers)
        {
            writer.Add(header);
        }
        break;
    }
    default:
        return {};
    }
    writer.Finish();
    return error.reason == DropReason::NONE ? out : Bytes();
}

/**
 * \param view a packet
 * \return how what is decoded of it breaks the promises: it encodes to as many octets, which decode
 *         and encode to themselves; so do its LSAs
 */
inline std::string
FaultOfOspfDatabase(const OspfPacketView& view)
{
    const Bytes once = EncodeOspfDecoded(view);
    if (once.empty())
    {
        return "";
    }
    if (once.size() != view.packet.size())
    {
        return "body of another length";
    }
    OspfPacketView again = view;
    again.packet = once;
    again.body = again.packet.Sub(OSPF_HEADER_SIZE);
    if (EncodeOspfDecoded(again) != once)
    {
        return "body is not stable";
    }
    std::vector<ByteView> lsas;
    if (view.header.type == OspfPacketType::LINK_STATE_UPDATE)
    {
        DecodeOspfUpdate(view.body, lsas);
    }
    for (const ByteView octets : lsas)
    {
        const std::string fault = FaultOfOspfLsa(octets);
        if (!fault.empty())
        {
            return fault;
        }
    }
    return "";
}

/** As FaultOfMessage, for an OSPF packet; a Hello is its own encoding. */
inline std::string
FaultOfOspfPacket(ByteView octets)
{
    const auto result = DecodeOspfPacket(octets);
    if (const auto* error = std::get_if<DecodeError>(&result))
    {
        return error->reason == DropReason::NONE || error->offset > octets.size()
                   ? "error without a reason or outside the octets"
                   : "";
    }
    const auto& view = std::get<OspfPacketView>(result);
    if (view.packet.size() + view.trailer.size() != octets.size() ||
        view.covered.size() + view.digest.size() != octets.size() ||
        OSPF_HEADER_SIZE + view.body.size() != view.packet.size())
    {
        return "parts do not make the whole";
    }
    Bytes copy(octets.size() < OSPF_HEADER_SIZE ? 0 : view.packet.size());
    OverwriteOspfHeader(view.header, copy);
    if (!ConstantTimeEqual(ByteView(copy).Sub(0, OSPF_HEADER_SIZE),
                           octets.Sub(0, OSPF_HEADER_SIZE)))
    {
        return "header does not encode to itself";
    }
    if (view.header.type != OspfPacketType::HELLO)
    {
        return FaultOfOspfDatabase(view);
    }
    OspfHello hello;
    if (DecodeOspfHello(view.body, hello).reason != DropReason::NONE)
    {
        return "";
    }
    EncodeOspfHello(view.header, hello, copy);
    const bool bounded = hello.neighbors.size() <= MAX_OSPF_NEIGHBORS;
    return bounded && ConstantTimeEqual(copy, view.packet) ? "" : "Hello is not stable";
}

} // namespace karp
} // namespace ns3

#endif // KARP_WIRE_CHECK_H
