/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary.h"
#include "karp-attack-kinds.h"

#include "ns3/karp-crypto.h"
#include "ns3/karp-ospf-packet.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(InsiderAttack);

TypeId
InsiderAttack::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::InsiderAttack")
                            .SetParent<PeriodicAttack>()
                            .SetGroupName("Karp")
                            .AddConstructor<InsiderAttack>()
                            .AddAttribute("Ahead",
                                          "Sequence numbers beyond the last one that was seen.",
                                          UintegerValue(1000),
                                          MakeUintegerAccessor(&InsiderAttack::m_ahead),
                                          MakeUintegerChecker<uint32_t>(0, 1000000));
    return tid;
}

void
InsiderAttack::SetKeys(Ptr<Router> router, uint32_t interface)
{
    m_router = router;
    m_interface = interface;
}

void
InsiderAttack::DoDispose()
{
    m_router = nullptr;
    PeriodicAttack::DoDispose();
}

void
InsiderAttack::Hear(const WirePacket& message)
{
    if (std::string(message.type) == "hello" && Filter().Matches(message, message.destination))
    {
        m_seen = message;
    }
}

// Keys are symmetric: what verifies the packets of a router signs them too, also where each router
// has a key of its own (K5).
const KeyRow*
InsiderAttack::KeyOf(IpAddress sender, uint64_t keyId) const
{
    std::vector<const KeyRow*> rows;
    if (m_router)
    {
        m_router->Keys().LookupAccept(KeyProtocol::OSPFV2,
                                      m_interface,
                                      keyId,
                                      m_router->Now(),
                                      rows);
    }
    const auto fits = [sender](const KeyRow* row) {
        return row->direction != KeyDirection::IN || row->peers == sender.ToString();
    };
    const auto found = std::find_if(rows.begin(), rows.end(), fits);
    return found != rows.end() ? *found : nullptr;
}

void
InsiderAttack::Tick()
{
    if (!m_seen)
    {
        return;
    }
    const auto decoded = DecodeOspfPacket(m_seen->payload);
    const auto* view = std::get_if<OspfPacketView>(&decoded);
    OspfHello hello;
    if (view == nullptr || DecodeOspfHello(view->body, hello).reason != DropReason::NONE)
    {
        return;
    }
    const bool isExtended = view->header.authType == OspfAuthType::CRYPTOGRAPHIC_64;
    const uint32_t keyId = isExtended ? view->header.KeyId64() : view->header.KeyId();
    const KeyRow* row = KeyOf(m_seen->source, keyId);
    const auto mac = row != nullptr ? OspfMac::Create(row->algId,
                                                      row->key,
                                                      isExtended ? KeyPreparation::RFC_7474
                                                                 : KeyPreparation::RFC_2104)
                                    : nullptr;
    if (!mac)
    {
        return;
    }
    hello.neighbors.clear();
    OspfHeader header = view->header;
    m_sequence = std::max(m_sequence + 1, view->sequence + m_ahead);
    const auto digestSize = static_cast<uint8_t>(mac->Size());
    if (isExtended)
    {
        header.SetCryptographic64(keyId, static_cast<uint8_t>(OSPF_SEQUENCE_64_SIZE + digestSize));
    }
    else
    {
        header.SetCryptographic(static_cast<uint8_t>(keyId),
                                digestSize,
                                static_cast<uint32_t>(m_sequence));
    }
    WirePacket message = *m_seen;
    EncodeOspfHello(header, hello, message.payload);
    for (int shift = 56; isExtended && shift >= 0; shift -= 8)
    {
        message.payload.push_back(static_cast<uint8_t>(m_sequence >> shift));
    }
    Bytes digest(digestSize);
    if (mac->Compute(message.payload, digest.data(), message.source))
    {
        message.payload.insert(message.payload.end(), digest.begin(), digest.end());
        Inject(message);
    }
}

} // namespace karp
} // namespace ns3
