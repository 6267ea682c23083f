/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-attack-packet.h"

#include "karp-message-info.h"

#include "ns3/ipv4-header.h"
#include "ns3/karp-ospf-packet.h"
#include "ns3/node.h"
#include "ns3/udp-header.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(AttackTag);

namespace
{

constexpr size_t UDP_HEADER_SIZE = 8; //!< octets

/** \return two octets of \p octets at \p at as a number */
uint16_t
Read16(ByteView octets, size_t at)
{
    return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

/** \return the address at \p at */
IpAddress
ReadAddress(ByteView octets, size_t at)
{
    return IpAddress{uint32_t{Read16(octets, at)} << 16 | Read16(octets, at + 2)};
}

} // namespace

TypeId
AttackTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::AttackTag")
                            .SetParent<Tag>()
                            .SetGroupName("Karp")
                            .AddConstructor<AttackTag>();
    return tid;
}

AttackTag::AttackTag(uint32_t attack)
    : m_attack(attack)
{
}

uint32_t
AttackTag::Attack() const
{
    return m_attack;
}

TypeId
AttackTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
AttackTag::GetSerializedSize() const
{
    return sizeof(uint32_t);
}

void
AttackTag::Serialize(TagBuffer buffer) const
{
    buffer.WriteU32(m_attack);
}

void
AttackTag::Deserialize(TagBuffer buffer)
{
    m_attack = buffer.ReadU32();
}

void
AttackTag::Print(std::ostream& os) const
{
    os << "attack=" << m_attack;
}

uint32_t
AttackOf(Ptr<const Packet> packet)
{
    AttackTag tag;
    return packet->FindFirstMatchingByteTag(tag) ? tag.Attack() : 0;
}

std::optional<WirePacket>
ReadWirePacket(ByteView octets)
{
    if (octets.size() < IP_HEADER_SIZE || octets[0] >> 4 != 4)
    {
        return std::nullopt;
    }
    const size_t header = 4 * (octets[0] & 0x0f);
    const size_t length = Read16(octets, 2);
    const bool fragment = (Read16(octets, 6) & 0x3fff) != 0;
    if (header < IP_HEADER_SIZE || length < header || length > octets.size() || fragment)
    {
        return std::nullopt;
    }
    WirePacket message;
    message.tos = octets[1];
    message.ttl = octets[8];
    message.protocol = octets[9];
    message.source = ReadAddress(octets, 12);
    message.destination = ReadAddress(octets, 16);
    ByteView payload = octets.Sub(header, length - header);
    if (message.protocol == WirePacket::UDP && payload.size() >= UDP_HEADER_SIZE)
    {
        message.port = Read16(payload, 2);
        payload = payload.Sub(UDP_HEADER_SIZE);
        message.type = KmpTypeWord(payload);
    }
    else if (message.protocol == WirePacket::OSPF)
    {
        message.type = OspfTypeWord(payload);
    }
    else
    {
        return std::nullopt;
    }
    message.payload = payload.Copy();
    return message;
}

Ptr<Packet>
MakeWirePacket(const WirePacket& message, uint32_t attack)
{
    Ptr<Packet> packet = Create<Packet>(message.payload.data(), message.payload.size());
    packet->AddByteTag(AttackTag(attack));
    if (message.protocol == WirePacket::UDP)
    {
        UdpHeader udp;
        udp.SetSourcePort(message.port);
        udp.SetDestinationPort(message.port);
        if (Node::ChecksumEnabled())
        {
            udp.EnableChecksums();
            udp.InitializeChecksum(Ipv4Address(message.source.value),
                                   Ipv4Address(message.destination.value),
                                   message.protocol);
        }
        packet->AddHeader(udp);
    }
    Ipv4Header ip;
    ip.SetSource(Ipv4Address(message.source.value));
    ip.SetDestination(Ipv4Address(message.destination.value));
    ip.SetTtl(message.ttl);
    ip.SetTos(message.tos);
    ip.SetProtocol(message.protocol);
    ip.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
    if (Node::ChecksumEnabled())
    {
        ip.EnableChecksum();
    }
    packet->AddHeader(ip);
    return packet;
}

bool
AttackFilter::Matches(const WirePacket& message, IpAddress receiver) const
{
    return !fromNobody && !toNobody && (types.empty() || types.count(message.type) != 0) &&
           (senders.empty() || senders.count(message.source) != 0) &&
           (receivers.empty() || receivers.count(receiver) != 0);
}

} // namespace karp
} // namespace ns3
