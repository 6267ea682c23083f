/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TRANSPORT_ANNOUNCEMENT_H
#define KARP_TRANSPORT_ANNOUNCEMENT_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-ike-spi.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp-test
 * Announcements of transport keys (K5, doc/wire-format.md) as whoever has the master key can make
 * them, for tests and the fuzz entry.
 */

namespace ns3
{
namespace karp
{

/** Give \p octets the SPIs of an announcement of \p source, and a digest under \p master. */
inline void
SealAnnouncement(Bytes& octets, IpAddress source, ByteView master)
{
    constexpr size_t DIGEST = 32;
    const auto prf = [](ByteView key, ByteView what) {
        return Prf(PrfId::HMAC_SHA2_256, key, {what});
    };
    octets.resize(std::max(octets.size(), IKE_HEADER_SIZE + DIGEST));
    const uint64_t spi = GroupMessageSpi({}, source);
    const SecretBytes tag = prf(master, ByteView::Of("karp transport master"));
    for (size_t i = 0; i < 8; ++i)
    {
        octets[i] = static_cast<uint8_t>(spi >> (56 - 8 * i));
        octets[8 + i] = tag[i];
    }
    const SecretBytes auth = prf(master, ByteView::Of("karp transport announcement"));
    const SecretBytes digest = prf(auth, ByteView(octets).Sub(0, octets.size() - DIGEST));
    std::copy(digest.begin(), digest.end(), octets.end() - DIGEST);
}

/** \return an announcement of \p source in \p group that says \p transport */
inline Bytes
MakeAnnouncement(IpAddress source,
                 const GroupIdPayload& group,
                 const TransportPayload& transport,
                 ByteView master)
{
    IkeMessage message;
    message.header.exchange = IkeExchange::MRKMP_NONCE;
    message.payloads = {group, transport, AuthPayload{IkeAuthMethod::SHARED_KEY, Bytes(32)}};
    Bytes octets = EncodeIkeMessage(message);
    SealAnnouncement(octets, source, master);
    return octets;
}

} // namespace karp
} // namespace ns3

#endif // KARP_TRANSPORT_ANNOUNCEMENT_H
