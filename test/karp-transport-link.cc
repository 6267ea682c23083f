/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-transport-link.h"

#include "karp-transport-announcement.h"

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
    const IpAddress address{NET + 1 + static_cast<uint32_t>(from)};
    GroupIdPayload group;
    group.instance = instance;
    return {address,
            IpAddress{0xe00000fe},
            255,
            MakeAnnouncement(address, group, transport, ManualKey(7).key)};
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
