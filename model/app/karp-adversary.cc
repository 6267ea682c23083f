/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary.h"

#include "ns3/arp-header.h"
#include "ns3/arp-l3-protocol.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/karp-ike-message.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpAdversary");
NS_OBJECT_ENSURE_REGISTERED(Adversary);

namespace
{

constexpr size_t ETHERNET_HEADER = 14; //!< octets
constexpr size_t IP_HEADER = 20;       //!< octets
constexpr size_t UDP_HEADER = 8;       //!< octets

/** \return the octets of \p packet */
Bytes
OctetsOf(Ptr<const Packet> packet)
{
    Bytes octets(packet->GetSize());
    packet->CopyData(octets.data(), packet->GetSize());
    return octets;
}

} // namespace

TypeId
Adversary::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::Adversary")
                            .SetParent<Application>()
                            .SetGroupName("Karp")
                            .AddConstructor<Adversary>()
                            .AddAttribute("AddressesMax",
                                          "Addresses whose MAC addresses are remembered.",
                                          UintegerValue(4096),
                                          MakeUintegerAccessor(&Adversary::m_addressesMax),
                                          MakeUintegerChecker<uint32_t>(1, 1000000))
                            .AddTraceSource("Injected",
                                            "A message was put on a link.",
                                            MakeTraceSourceAccessor(&Adversary::m_injectedTrace),
                                            "ns3::karp::Adversary::InjectedCallback")
                            .AddTraceSource("Taken",
                                            "A message was taken away from a receiver.",
                                            MakeTraceSourceAccessor(&Adversary::m_takenTrace),
                                            "ns3::karp::Adversary::TakenCallback");
    return tid;
}

Adversary::Adversary() = default;

Adversary::~Adversary() = default;

void
Adversary::DoDispose()
{
    for (const auto& entry : m_attacks)
    {
        entry.second->Dispose();
    }
    m_attacks.clear();
    m_links.clear(); // the impairment, which may be gone already, forgets us by itself
    Application::DoDispose();
}

uint32_t
Adversary::AddLink(Ptr<NetDevice> device,
                   Ptr<LinkImpairment> impairment,
                   Ipv4Address address,
                   Ipv4Mask mask)
{
    NS_ABORT_MSG_UNLESS(GetNode() && device->GetNode() == GetNode(),
                        "the adversary's devices are on its node");
    m_links.push_back({device, impairment, IpAddress{address.Get()}, mask.Get()});
    return static_cast<uint32_t>(m_links.size() - 1);
}

int64_t
Adversary::AssignStreams(int64_t stream)
{
    return m_entropy.AssignStreams(stream);
}

void
Adversary::StartApplication()
{
    m_started = true;
    for (const auto& link : m_links)
    {
        GetNode()->RegisterProtocolHandler(MakeCallback(&Adversary::HandleIp, this),
                                           Ipv4L3Protocol::PROT_NUMBER,
                                           link.device,
                                           true);
        GetNode()->RegisterProtocolHandler(MakeCallback(&Adversary::HandleArp, this),
                                           ArpL3Protocol::PROT_NUMBER,
                                           link.device,
                                           true);
    }
}

void
Adversary::StopApplication()
{
    while (!m_attacks.empty())
    {
        End(m_attacks.begin()->first);
    }
    if (m_started)
    {
        GetNode()->UnregisterProtocolHandler(MakeCallback(&Adversary::HandleIp, this));
        GetNode()->UnregisterProtocolHandler(MakeCallback(&Adversary::HandleArp, this));
    }
    m_started = false;
}

// ---- attacks

void
Adversary::Begin(uint32_t number, Ptr<Attack> attack)
{
    NS_ABORT_MSG_IF(m_links.empty(), "an adversary without a link can do nothing");
    NS_ABORT_MSG_UNLESS(number != 0 && m_attacks.emplace(number, attack).second,
                        "there is an attack " << number << " already");
    NS_LOG_INFO("attack " << number << " begins");
    attack->Begin(this, number);
    UpdateInterception();
}

bool
Adversary::End(uint32_t number)
{
    const auto found = m_attacks.find(number);
    if (found == m_attacks.end())
    {
        return false;
    }
    NS_LOG_INFO("attack " << number << " ends");
    const Ptr<Attack> attack = found->second;
    m_attacks.erase(found);
    attack->End();
    UpdateInterception();
    return true;
}

Ptr<Attack>
Adversary::Find(uint32_t number) const
{
    const auto found = m_attacks.find(number);
    return found == m_attacks.end() ? Ptr<Attack>() : found->second;
}

void
Adversary::UpdateInterception()
{
    const bool wanted = m_links.front().impairment &&
                        std::any_of(m_attacks.begin(), m_attacks.end(), [](const auto& entry) {
                            return entry.second->Intercepts();
                        });
    if (wanted && !m_intercepting)
    {
        m_links.front().impairment->AddInterceptor(this);
    }
    else if (!wanted && m_intercepting)
    {
        m_links.front().impairment->RemoveInterceptor(this);
    }
    m_intercepting = wanted;
}

MessageInfo
Adversary::Describe(const WirePacket& message)
{
    const size_t headers = IP_HEADER + (message.protocol == WirePacket::UDP ? UDP_HEADER : 0);
    return MessageInfo{message.type,
                       message.payload.size() + headers,
                       0,
                       message.source,
                       message.destination,
                       message.payload};
}

// ---- what it sees

void
Adversary::HandleIp(Ptr<NetDevice> device,
                    Ptr<const Packet> packet,
                    uint16_t,
                    const Address& from,
                    const Address&,
                    NetDevice::PacketType)
{
    auto message = ReadWirePacket(OctetsOf(packet));
    if (!message || device != m_links.front().device)
    {
        return;
    }
    message->seen = Simulator::Now();
    if (m_addresses.size() < m_addressesMax || m_addresses.count(message->source) != 0)
    {
        m_addresses[message->source] = Mac48Address::ConvertFrom(from);
    }
    if (std::string(message->type) == "advert")
    {
        const auto decoded = DecodeIkeMessage(message->payload);
        const auto* whole = std::get_if<IkeMessage>(&decoded);
        const auto* advert = whole != nullptr ? whole->Find<AdvertPayload>() : nullptr;
        if (advert != nullptr && advert->state == AdvertState::GCKS)
        {
            m_gcks = message->source;
        }
    }
    m_seen[message->type] = *message;
    // What an attack does may end it, or another one.
    std::vector<Ptr<Attack>> attacks;
    for (const auto& entry : m_attacks)
    {
        attacks.push_back(entry.second);
    }
    for (const auto& attack : attacks)
    {
        attack->Hear(*message);
    }
}

void
Adversary::HandleArp(Ptr<NetDevice> device,
                     Ptr<const Packet> packet,
                     uint16_t,
                     const Address&,
                     const Address&,
                     NetDevice::PacketType)
{
    ArpHeader request;
    Ptr<Packet> copy = packet->Copy();
    if (copy->RemoveHeader(request) == 0 || !request.IsRequest())
    {
        return;
    }
    const Ipv4Address wanted = request.GetDestinationIpv4Address();
    if (m_claimed.count(IpAddress{wanted.Get()}) == 0)
    {
        return;
    }
    ArpHeader reply;
    reply.SetReply(device->GetAddress(),
                   wanted,
                   request.GetSourceHardwareAddress(),
                   request.GetSourceIpv4Address());
    Ptr<Packet> answer = Create<Packet>();
    answer->AddHeader(reply);
    device->Send(answer, request.GetSourceHardwareAddress(), ArpL3Protocol::PROT_NUMBER);
}

FrameInterceptor::Verdict
Adversary::Intercept(Ptr<NetDevice> receiver, Ptr<const Packet> frame)
{
    const Bytes octets = OctetsOf(frame);
    const auto message = ReadWirePacket(ByteView(octets).Sub(ETHERNET_HEADER));
    Ptr<Ipv4> ipv4 = receiver->GetNode()->GetObject<Ipv4>();
    const int32_t interface = ipv4 ? ipv4->GetInterfaceForDevice(receiver) : -1;
    if (!message || interface < 0 || ipv4->GetNAddresses(interface) == 0)
    {
        return {};
    }
    const IpAddress address{ipv4->GetAddress(interface, 0).GetLocal().Get()};
    for (const auto& entry : m_attacks)
    {
        const Ptr<Attack> attack = entry.second;
        if (!attack->Intercepts() || !attack->Filter().Matches(*message, address))
        {
            continue;
        }
        const Verdict verdict = attack->Take(*message, frame);
        if (verdict.taken)
        {
            TellTaken(*attack, *message, address);
            return verdict;
        }
    }
    return {};
}

// ---- for attacks

void
Adversary::Inject(uint32_t number, const WirePacket& message, uint32_t link)
{
    const Link& there = m_links[std::min<size_t>(link, m_links.size() - 1)];
    m_injectedTrace(number, Describe(message));
    Address to = there.device->GetBroadcast();
    const auto known = m_addresses.find(message.destination);
    if (message.destination.IsMulticast())
    {
        to = there.device->GetMulticast(Ipv4Address(message.destination.value));
    }
    else if (known != m_addresses.end())
    {
        to = known->second;
    }
    there.device->Send(MakeWirePacket(message, number), to, Ipv4L3Protocol::PROT_NUMBER);
}

void
Adversary::TellTaken(const Attack& attack, const WirePacket& message, IpAddress receiver)
{
    m_takenTrace(attack.Number(), Describe(message), receiver);
}

void
Adversary::Claim(IpAddress address)
{
    m_claimed.insert(address);
}

const WirePacket*
Adversary::Seen(const std::string& type) const
{
    const auto found = m_seen.find(type);
    return found == m_seen.end() ? nullptr : &found->second;
}

IpAddress
Adversary::GcksSeen() const
{
    return m_gcks;
}

IpAddress
Adversary::OwnAddress() const
{
    return m_links.front().address;
}

uint32_t
Adversary::LinkSize() const
{
    return ~m_links.front().mask + 1;
}

IpAddress
Adversary::LinkBase() const
{
    return IpAddress{m_links.front().address.value & m_links.front().mask};
}

Entropy&
Adversary::Random()
{
    return m_entropy;
}

} // namespace karp
} // namespace ns3
