/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-transport-link.h"

namespace ns3
{
namespace karp
{

PmkRow
ManualKey(uint8_t octet)
{
    PmkRow row;
    row.keyId = octet;
    row.algorithm = MacAlgorithm::HMAC_SHA_256;
    row.lifetimes = {Time(0), Time(0), TIME_MAX, TIME_MAX};
    row.key.assign(32, octet);
    return row;
}

Datagram
Forge(size_t from, const TransportPayload& transport, uint32_t instance)
{
    const SecretBytes master = ManualKey(7).key;
    const SecretBytes auth =
        Prf(PrfId::HMAC_SHA2_256, master, {ByteView::Of("karp transport announcement")});
    const SecretBytes tag =
        Prf(PrfId::HMAC_SHA2_256, master, {ByteView::Of("karp transport master")});
    IkeMessage message;
    const IpAddress address{NET + 1 + static_cast<uint32_t>(from)};
    message.header.spiInitiator = GroupMessageSpi({}, address);
    for (size_t i = 0; i < 8; ++i)
    {
        message.header.spiResponder = message.header.spiResponder << 8 | tag[i];
    }
    message.header.exchange = IkeExchange::MRKMP_NONCE;
    GroupIdPayload group;
    group.instance = instance;
    message.payloads = {group, transport, AuthPayload{IkeAuthMethod::SHARED_KEY, Bytes(32)}};
    Bytes octets = EncodeIkeMessage(message);
    const SecretBytes digest =
        Prf(PrfId::HMAC_SHA2_256, auth, {ByteView(octets).Sub(0, octets.size() - 32)});
    std::copy(digest.begin(), digest.end(), octets.end() - 32);
    return {address, IpAddress{0xe00000fe}, 255, octets};
}

TransportPayload
SaidIn(const Datagram& datagram)
{
    return *std::get<IkeMessage>(DecodeIkeMessage(datagram.payload)).Find<TransportPayload>();
}

const Datagram*
LastAnswer(const Link& link, size_t from, size_t to)
{
    const IpAddress asked{NET + 1 + static_cast<uint32_t>(to)};
    for (auto at = link.sent.rbegin(); at != link.sent.rend(); ++at)
    {
        const TransportPayload said = SaidIn(at->datagram);
        const bool answers =
            std::any_of(said.answers.begin(), said.answers.end(), [asked](const auto& answer) {
                return answer.router == asked;
            });
        if (at->from == from && answers)
        {
            return &at->datagram;
        }
    }
    return nullptr;
}

} // namespace karp
} // namespace ns3
