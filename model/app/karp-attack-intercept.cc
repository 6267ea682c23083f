/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary.h"
#include "karp-attack-kinds.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
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
    const size_t begin =
        ETHERNET_HEADER + ip + (message.protocol == WirePacket::UDP ? UDP_HEADER : 0);
    if (m_field)
    {
        if (octets[begin + m_offset] == m_value)
        {
            return verdict; // a message that is as its sender made it is nobody's forgery
        }
        octets[begin + m_offset] = m_value;
    }
    else
    {
        const uint64_t bit = Host().Random().DrawU64() % (8 * size);
        octets[begin + bit / 8] ^= static_cast<uint8_t>(1U << bit % 8);
    }
    Ptr<Packet> changed = Create<Packet>(octets.data(), octets.size());
    changed->AddByteTag(AttackTag(Number()));
    verdict.taken = true;
    verdict.instead = {{ns3::Time(0), changed}};
    return verdict;
}

} // namespace karp
} // namespace ns3
