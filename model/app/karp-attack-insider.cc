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

void
InsiderAttack::Tick()
{
    const KeyRow* row =
        m_router ? m_router->Keys().SelectSend(KeyProtocol::OSPFV2, m_interface, m_router->Now())
                 : nullptr;
    if (!m_seen || row == nullptr)
    {
        return;
    }
    const auto decoded = DecodeOspfPacket(m_seen->payload);
    const auto* view = std::get_if<OspfPacketView>(&decoded);
    OspfHello hello;
    const auto mac = OspfMac::Create(row->algId, row->key);
    if (view == nullptr || !mac || DecodeOspfHello(view->body, hello).reason != DropReason::NONE)
    {
        return;
    }
    hello.neighbors.clear();
    OspfHeader header = view->header;
    m_sequence = std::max(m_sequence + 1, header.Sequence() + m_ahead);
    header.SetCryptographic(static_cast<uint8_t>(row->LocalKeyId()),
                            static_cast<uint8_t>(mac->Size()),
                            m_sequence);
    WirePacket message = *m_seen;
    EncodeOspfHello(header, hello, message.payload);
    Bytes digest(mac->Size());
    if (!mac->Compute(message.payload, digest.data()))
    {
        return;
    }
    message.payload.insert(message.payload.end(), digest.begin(), digest.end());
    Inject(message);
}

} // namespace karp
} // namespace ns3
