/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary.h"
#include "karp-attack-kinds.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/ethernet-trailer.h"
#include "ns3/node.h"
#include "ns3/uinteger.h"

/**
 * \file
 * \ingroup karp
 * Attacks on messages on their way: kept back, late, changed.
 */

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(SuppressAttack);
NS_OBJECT_ENSURE_REGISTERED(DelayAttack);
NS_OBJECT_ENSURE_REGISTERED(ModifyAttack);

namespace
{

constexpr size_t ETHERNET_HEADER = 14; //!< octets
constexpr size_t UDP_HEADER = 8;       //!< octets
constexpr size_t UDP_LENGTH = 4;       //!< where it is in the header
constexpr size_t UDP_CHECKSUM = 6;     //!< and this

/** \return the 16-bit word of \p octets at \p at */
uint16_t
WordAt(const Bytes& octets, size_t at)
{
    return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

/**
 * Set the octet \p at of \p datagram, a UDP header and what follows, to \p value: its checksum too,
 * if it has one, or the change would be seen before anybody looks at who sent it (RFC 1624).
 */
void
SetUdpOctet(Bytes& octets, size_t datagram, size_t at, uint8_t value)
{
    const size_t word = at - (at - datagram) % 2;
    // An odd octet at the end is followed by 0 in the sum (RFC 768).
    const bool alone = word + 1 == datagram + WordAt(octets, datagram + UDP_LENGTH);
    const auto read = [&]() -> uint32_t {
        return alone ? octets[word] << 8 : WordAt(octets, word);
    };
    const uint32_t before = read();
    octets[at] = value;
    const size_t place = datagram + UDP_CHECKSUM;
    const uint16_t old = WordAt(octets, place);
    if (old == 0)
    {
        return; // there is none (RFC 768)
    }
    uint32_t sum = (~old & 0xffffU) + (~before & 0xffffU) + read();
    sum = (sum & 0xffffU) + (sum >> 16);
    sum = (sum & 0xffffU) + (sum >> 16);
    const uint16_t fresh = sum == 0xffffU ? 0xffffU : static_cast<uint16_t>(~sum & 0xffffU);
    octets[place] = static_cast<uint8_t>(fresh >> 8);
    octets[place + 1] = static_cast<uint8_t>(fresh & 0xffU);
}

} // namespace

TypeId
SuppressAttack::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::SuppressAttack")
                            .SetParent<Attack>()
                            .SetGroupName("Karp")
                            .AddConstructor<SuppressAttack>()
                            .AddAttribute("Probability",
                                          "Of being done to a message at a receiver.",
                                          DoubleValue(1),
                                          MakeDoubleAccessor(&SuppressAttack::m_probability),
                                          MakeDoubleChecker<double>(0.0, 1.0));
    return tid;
}

bool
SuppressAttack::Intercepts() const
{
    return true;
}

bool
SuppressAttack::Happens()
{
    return m_probability >= 1.0 || Host().Random().DrawUnit() < m_probability;
}

FrameInterceptor::Verdict
SuppressAttack::Take(const WirePacket&, Ptr<const Packet>)
{
    FrameInterceptor::Verdict verdict;
    verdict.taken = Happens();
    return verdict;
}

TypeId
DelayAttack::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::DelayAttack")
                            .SetParent<SuppressAttack>()
                            .SetGroupName("Karp")
                            .AddConstructor<DelayAttack>()
                            .AddAttribute("Delay",
                                          "How late messages come.",
                                          TimeValue(Seconds(1)),
                                          MakeTimeAccessor(&DelayAttack::m_delay),
                                          MakeTimeChecker(Seconds(0), Hours(24)));
    return tid;
}

FrameInterceptor::Verdict
DelayAttack::Take(const WirePacket&, Ptr<const Packet> frame)
{
    FrameInterceptor::Verdict verdict;
    verdict.taken = Happens();
    if (verdict.taken)
    {
        Ptr<Packet> late = frame->Copy();
        late->AddByteTag(AttackTag(Number()));
        verdict.instead = {{m_delay, late}};
    }
    return verdict;
}

TypeId
ModifyAttack::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::ModifyAttack")
                            .SetParent<SuppressAttack>()
                            .SetGroupName("Karp")
                            .AddConstructor<ModifyAttack>()
                            .AddAttribute("Field",
                                          "Set the octet at Offset to Value; otherwise one bit of "
                                          "the message is flipped, anywhere.",
                                          BooleanValue(false),
                                          MakeBooleanAccessor(&ModifyAttack::m_field),
                                          MakeBooleanChecker())
                            .AddAttribute("Offset",
                                          "Octet of the message that is set.",
                                          UintegerValue(0),
                                          MakeUintegerAccessor(&ModifyAttack::m_offset),
                                          MakeUintegerChecker<uint32_t>(0, 65535))
                            .AddAttribute("Value",
                                          "What it is set to.",
                                          UintegerValue(0),
                                          MakeUintegerAccessor(&ModifyAttack::m_value),
                                          MakeUintegerChecker<uint8_t>());
    return tid;
}

FrameInterceptor::Verdict
ModifyAttack::Take(const WirePacket& message, Ptr<const Packet> frame)
{
    FrameInterceptor::Verdict verdict;
    const size_t size = message.payload.size();
    if (size == 0 || (m_field && m_offset >= size) || !Happens())
    {
        return verdict;
    }
    Bytes octets(frame->GetSize());
    frame->CopyData(octets.data(), frame->GetSize());
    const size_t ip = 4 * (octets[ETHERNET_HEADER] & 0x0f);
    const bool udp = message.protocol == WirePacket::UDP;
    const size_t begin = ETHERNET_HEADER + ip + (udp ? UDP_HEADER : 0);
    size_t at = begin + m_offset;
    uint8_t value = m_value;
    if (!m_field)
    {
        const uint64_t bit = Host().Random().DrawU64() % (8 * size);
        at = begin + bit / 8;
        value = octets[at] ^ static_cast<uint8_t>(1U << bit % 8);
    }
    if (octets[at] == value)
    {
        return verdict; // a message that is as its sender made it is nobody's forgery
    }
    if (udp)
    {
        SetUdpOctet(octets, begin - UDP_HEADER, at, value);
    }
    octets[at] = value;
    Ptr<Packet> changed = Create<Packet>(octets.data(), octets.size());
    EthernetTrailer trailer;
    changed->RemoveTrailer(trailer);
    trailer.EnableFcs(Node::ChecksumEnabled());
    trailer.CalcFcs(changed);
    changed->AddTrailer(trailer);
    changed->AddByteTag(AttackTag(Number()));
    verdict.taken = true;
    verdict.instead = {{ns3::Time(0), changed}};
    return verdict;
}

} // namespace karp
} // namespace ns3
