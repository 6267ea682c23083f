/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-application.h"

#include "karp-attack-packet.h"

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/ipv4.h"
#include "ns3/karp-digest-memo.h"
#include "ns3/karp-ospf-lsa-pool.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpOspfApplication");

namespace
{

/**
 * One memo serves all routers of a simulation, because it is they who receive one packet. Whoever
 * comes first makes it and whoever goes last takes it away, so that the next simulation of the same
 * process begins without.
 */
std::weak_ptr<DigestMemo> g_memo;
std::weak_ptr<OspfLsaPool> g_pool; //!< the same with LSAs

/** \return what is in \p shared, of this simulation */
template <typename T>
std::shared_ptr<T>
Shared(std::weak_ptr<T>& shared)
{
    auto there = shared.lock();
    if (!there)
    {
        there = std::make_shared<T>();
        shared = there;
    }
    return there;
}

/** \return the 32-bit number at \p at */
uint32_t
ReadU32(ByteView octets, size_t at)
{
    return static_cast<uint32_t>(octets[at]) << 24 | static_cast<uint32_t>(octets[at + 1]) << 16 |
           static_cast<uint32_t>(octets[at + 2]) << 8 | octets[at + 3];
}

} // namespace

OspfApplication::OspfApplication() = default;

OspfApplication::~OspfApplication() = default;

void
OspfApplication::DoDispose()
{
    Disarm();
    if (m_router)
    {
        m_router->RemoveProcess(this);
        m_cpu->Withdraw(this);
    }
    m_started = false;
    m_engine.reset();
    m_links.clear();
    m_memo.reset();
    m_pool.reset();
    m_routing = nullptr;
    m_cpu = nullptr;
    m_router = nullptr;
    Application::DoDispose();
}

// ---- configuration

uint32_t
OspfApplication::AddInterface(Ptr<NetDevice> device)
{
    NS_ABORT_MSG_UNLESS(GetNode(), "add the application to a node before its interfaces");
    NS_ABORT_MSG_IF(m_started, "add interfaces before the application starts");
    m_router = Router::Of(GetNode());
    m_cpu = m_router->Cpu();
    Ptr<Ipv4> ipv4 = GetNode()->GetObject<Ipv4>();
    NS_ABORT_MSG_UNLESS(ipv4, "install the internet stack before routing");
    const int32_t interface = ipv4->GetInterfaceForDevice(device);
    NS_ABORT_MSG_UNLESS(interface >= 0 && ipv4->GetNAddresses(interface) > 0,
                        "assign addresses before installing routing");
    NS_ABORT_MSG_IF(FindLink(interface), "interface " << interface << " is there already");
    const Ipv4InterfaceAddress address = ipv4->GetAddress(interface, 0);
    Link link;
    link.index = static_cast<uint32_t>(interface);
    link.device = device;
    link.address = IpAddress{address.GetLocal().Get()};
    link.mask = address.GetMask().Get();
    link.type =
        device->IsPointToPoint() ? OspfNetworkType::POINT_TO_POINT : OspfNetworkType::BROADCAST;
    m_links.push_back(link);
    m_router->AnnounceRouting(link.index);
    return link.index;
}

std::vector<uint32_t>
OspfApplication::GetInterfaces() const
{
    std::vector<uint32_t> indices;
    for (const auto& link : m_links)
    {
        indices.push_back(link.index);
    }
    return indices;
}

OspfApplication::Link*
OspfApplication::FindLink(uint32_t interface)
{
    for (auto& link : m_links)
    {
        if (link.index == interface)
        {
            return &link;
        }
    }
    return nullptr;
}

void
OspfApplication::SetRouterId(Ipv4Address routerId)
{
    m_routerId = routerId;
}

Ipv4Address
OspfApplication::GetRouterId() const
{
    return m_routerId.Get() != 0 ? m_routerId : ChooseRouterId();
}

Ipv4Address
OspfApplication::ChooseRouterId() const
{
    // RFC 2328 C.1 suggests "the largest or smallest IP interface address"; routers take the
    // largest.
    uint32_t highest = 0;
    for (const auto& link : m_links)
    {
        highest = std::max(highest, link.address.value);
    }
    return Ipv4Address(highest);
}

uint8_t
OspfApplication::PriorityOf(const Link& link) const
{
    return link.priority ? *link.priority : m_priority;
}

void
OspfApplication::SetPriority(uint32_t interface, uint8_t priority)
{
    Link* link = FindLink(interface);
    NS_ABORT_MSG_UNLESS(link, "there is no interface " << interface);
    link->priority = priority;
    if (m_engine && !m_router->IsCrashed())
    {
        m_engine->SetPriority(interface, priority, m_router->Now());
        m_router->SetRoutingPriority(interface, priority);
        Pump();
    }
}

void
OspfApplication::SetFirstSequence(uint32_t interface, uint64_t sequence)
{
    Link* link = FindLink(interface);
    NS_ABORT_MSG_UNLESS(link, "there is no interface " << interface);
    link->keptSequence = sequence;
    link->useKept = true;
}

void
OspfApplication::InterfaceDown(uint32_t interface)
{
    Link* link = FindLink(interface);
    NS_ABORT_MSG_UNLESS(link, "there is no interface " << interface);
    const bool runs = m_engine && link->wanted && !m_router->IsCrashed();
    link->wanted = false;
    if (runs)
    {
        m_engine->InterfaceDown(interface, m_router->Now());
        Pump();
        m_router->RoutingDown(interface);
    }
}

void
OspfApplication::InterfaceUp(uint32_t interface)
{
    Link* link = FindLink(interface);
    NS_ABORT_MSG_UNLESS(link, "there is no interface " << interface);
    const bool begins = m_engine && !link->wanted && !m_router->IsCrashed();
    link->wanted = true;
    if (begins)
    {
        // The process has its sequence numbers: this is no new session.
        m_router->RoutingUp(interface, PriorityOf(*link), false);
        m_engine->InterfaceUp(interface, m_router->Now());
        Pump();
    }
}

void
OspfApplication::ExhaustSequence(uint32_t interface)
{
    NS_ABORT_MSG_UNLESS(FindLink(interface), "there is no interface " << interface);
    if (m_engine)
    {
        m_engine->ExhaustSequence(interface);
    }
}

const OspfEngine*
OspfApplication::GetEngine() const
{
    return m_engine.get();
}

const DropCounters&
OspfApplication::GetDrops() const
{
    return m_drops;
}

int64_t
OspfApplication::AssignStreams(int64_t stream)
{
    return m_entropy.AssignStreams(stream);
}

// ---- start, stop, crash

void
OspfApplication::StartApplication()
{
    if (!m_router)
    {
        return; // No interface: nothing to do.
    }
    m_started = true;
    m_memo = Shared(g_memo);
    m_pool = Shared(g_pool);
    for (auto& link : m_links)
    {
        OpenSocket(link);
    }
    m_router->AddProcess(this);
    if (!m_router->IsCrashed())
    {
        StartEngine(false);
    }
}

void
OspfApplication::StartEngine(bool newSession)
{
    NS_ABORT_MSG_IF(IsExtended() && m_sequenceStep == OspfSequenceStep::SECOND,
                    "SequenceRule rfc7474 wants another number for each packet: SequenceStep "
                    "packet (RFC 7474 section 2)");
    // RFC 7474 section 2: "incrementing it each time the OSPF router loses its prior sequence
    // number state". Written before it is used, so a crash cannot take it back.
    const bool beginsAnew =
        m_sequenceInit != OspfSequenceInit::KEPT &&
        std::any_of(m_links.begin(), m_links.end(), [](const Link& link) { return !link.useKept; });
    m_bootCount += beginsAnew && m_bootCount < UINT32_MAX ? 1 : 0;
    const Time now = m_router->Now();
    m_engine = std::make_unique<OspfEngine>(GetRouterId().Get(), m_router->Keys(), m_entropy);
    m_engine->SetDigestMemo(m_memo);
    StartLinkState();
    for (auto& link : m_links)
    {
        const bool added = m_engine->AddInterface(MakeConfig(link));
        NS_ABORT_MSG_UNLESS(added, "OSPF cannot run on interface " << link.index);
        link.useKept = false;
        if (!link.wanted)
        {
            continue;
        }
        // H 8.1: key management first, so that keys are sought at once.
        m_router->RoutingUp(link.index, PriorityOf(link), newSession);
        m_engine->InterfaceUp(link.index, now);
    }
    TellExternals();
    Pump();
}

void
OspfApplication::StopApplication()
{
    if (!m_started)
    {
        return;
    }
    KeepSequences();
    if (m_engine && !m_router->IsCrashed())
    {
        for (const auto& link : m_links)
        {
            m_engine->InterfaceDown(link.index, m_router->Now());
        }
        Pump();
        for (const auto& link : m_links)
        {
            m_router->RoutingDown(link.index);
        }
    }
    Disarm();
    m_inputs.clear();
    m_working = false;
    m_timerQueued = false;
    m_started = false;
    m_cpu->Withdraw(this);
    m_router->RemoveProcess(this);
    for (auto& link : m_links)
    {
        link.socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        link.socket->Close();
        link.socket = nullptr;
    }
    m_engine.reset();
    if (m_routing)
    {
        m_routing->SetTable(OspfRoutingTable());
        m_routing->SetInterfaceCallback(OspfRouting::InterfaceCallback());
    }
}

void
OspfApplication::KeepSequences()
{
    for (auto& link : m_links)
    {
        if (m_engine)
        {
            link.keptSequence = m_engine->NextSequence(link.index);
            // The count goes up without a boot where the lower half wraps.
            const auto bootCount = static_cast<uint32_t>(link.keptSequence >> 32);
            m_bootCount = std::max(m_bootCount, bootCount);
        }
    }
}

bool
OspfApplication::IsExtended() const
{
    return m_authType == OspfAuthType::CRYPTOGRAPHIC && m_sequenceRule == OspfReplayRule::RFC_7474;
}

bool
OspfApplication::MayRepeatNumbers(const LossSet& lost) const
{
    if (!m_engine || !lost.sequence)
    {
        return false;
    }
    if (IsExtended())
    {
        // RFC 7474 section 8: "If the non-volatile storage is ever ... lost ... the authentication
        // keys MUST be changed".
        return lost.nvram || m_bootCount == UINT32_MAX;
    }
    switch (m_sequenceInit)
    {
    case OspfSequenceInit::KEPT:
        return lost.nvram;
    case OspfSequenceInit::CLOCK:
        // More packets than seconds, and the numbers are ahead of the clock; nobody remembers by
        // how much (H 2.1.2). With one number a second they never are.
        return m_sequenceStep == OspfSequenceStep::PACKET;
    default:
        return true;
    }
}

void
OspfApplication::OnCrash()
{
    KeepSequences();
    Disarm();
    m_inputs.clear();
    m_working = false;
    m_timerQueued = false;
    while (m_engine && m_engine->PollTransmit())
    {
        // What was about to leave does not.
    }
}

void
OspfApplication::OnBoot(const LossSet& lost)
{
    if (!m_engine || lost.neighbors)
    {
        for (auto& link : m_links)
        {
            // Sequence numbers that were not lost go on; lost ones begin as SequenceInit says.
            link.useKept |= m_engine && !lost.sequence;
            link.keptSequence = lost.nvram && lost.sequence ? 0 : link.keptSequence;
        }
        const bool newSession = MayRepeatNumbers(lost);
        m_bootCount = lost.nvram && lost.sequence ? 0 : m_bootCount;
        StartEngine(newSession);
        return;
    }
    for (const auto& link : m_links)
    {
        if (!link.wanted)
        {
            continue;
        }
        m_router->RoutingUp(link.index, PriorityOf(link), false);
        m_router->SetDesignated(link.index, m_engine->DesignatedRouter(link.index) == link.address);
    }
    Pump();
}

void
OspfApplication::OnClockSet()
{
    Disarm();
    Arm();
}

// ---- input

void
OspfApplication::OpenSocket(Link& link)
{
    link.socket = Socket::CreateSocket(GetNode(), Ipv4RawSocketFactory::GetTypeId());
    link.socket->SetAttribute("Protocol", UintegerValue(IP_PROTOCOL_OSPF));
    link.socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 0));
    link.socket->BindToNetDevice(link.device);
    link.socket->SetRecvCallback(MakeCallback(&OspfApplication::HandleRead, this));
}

void
OspfApplication::HandleRead(Ptr<Socket> socket)
{
    const Link* link = nullptr;
    for (const auto& candidate : m_links)
    {
        link = candidate.socket == socket ? &candidate : link;
    }
    // Asking whether there is more is cheaper than reading in vain.
    while (socket->GetRxAvailable() > 0)
    {
        Ptr<Packet> packet = socket->RecvFrom(UINT32_MAX, 0, m_from);
        const uint32_t size = packet->GetSize();
        if (m_buffer.size() < size)
        {
            m_buffer.resize(size);
        }
        packet->CopyData(m_buffer.data(), size);
        if (link && m_engine && !m_router->IsCrashed())
        {
            HandleDatagram(*link, ByteView(m_buffer.data(), size), AttackOf(packet));
        }
    }
}

bool
OspfApplication::IsForUs(const Link& link, IpAddress destination) const
{
    if (destination == ALL_SPF_ROUTERS || destination == link.address)
    {
        return true;
    }
    // ns-3 hands every multicast to every host; a real one filters the groups it has not joined.
    // Only Designated Router and backup join AllDRouters (RFC 2328 section 8.1).
    const OspfInterfaceState state = m_engine->InterfaceState(link.index);
    return destination == ALL_D_ROUTERS &&
           (state == OspfInterfaceState::DR || state == OspfInterfaceState::BACKUP);
}

void
OspfApplication::HandleDatagram(const Link& link, ByteView datagram, uint32_t attack)
{
    const size_t header = datagram.empty() ? 0 : 4 * (datagram[0] & 0x0f);
    if (header < IP_HEADER_SIZE || header > datagram.size())
    {
        return; // Not what a raw socket gives.
    }
    const IpAddress source{ReadU32(datagram, 12)};
    const IpAddress destination{ReadU32(datagram, 16)};
    if (!IsForUs(link, destination))
    {
        return;
    }
    const ByteView packet = datagram.Sub(header);
    if (!m_rxTrace.IsEmpty())
    {
        m_rxTrace(link.index, Describe(link, source, destination, packet));
    }
    if (!m_cpu->IsEnabled() && !m_cpu->IsBusy())
    {
        // The common case: nothing costs time, so nothing need be kept.
        m_attacked = {attack, OspfTypeWord(packet), source};
        m_engine->Receive(link.index, source, destination, packet, m_router->Now());
        Pump();
        TellAttacked();
        return;
    }
    if (!m_cpu->HasRoom())
    {
        const AttackOutcome before = m_attacked;
        m_attacked = {attack, OspfTypeWord(packet), source};
        CountDrop(link.index, {DropReason::TOO_MANY, m_cpu->Waiting(), source});
        TellAttacked(before);
        return;
    }
    Submit(Input{false, link.index, source, destination, packet.Copy(), attack});
}

void
OspfApplication::Submit(Input&& input)
{
    m_inputs.push_back(std::move(input));
    m_cpu->Submit(this);
}

CryptoCounters
OspfApplication::CpuWork()
{
    const Input input = std::move(m_inputs.front());
    m_inputs.pop_front();
    CryptoCounters done{};
    if (!m_engine)
    {
        return done;
    }
    m_working = true;
    if (input.attack != 0)
    {
        m_attacked = {input.attack, OspfTypeWord(input.packet), input.source};
    }
    const Time now = m_router->Now();
    const CryptoCounters before = m_engine->Counters();
    if (input.timer)
    {
        m_timerQueued = false;
        m_engine->Advance(now);
    }
    else
    {
        m_engine->Receive(input.interface, input.source, input.destination, input.packet, now);
    }
    for (size_t i = 0; i < done.size(); ++i)
    {
        done[i] = m_engine->Counters()[i] - before[i];
    }
    return done;
}

void
OspfApplication::CpuDone(ns3::Time cost)
{
    m_working = false;
    if (!cost.IsZero())
    {
        m_cpuTrace(cost);
    }
    Pump();
    TellAttacked();
}

} // namespace karp
} // namespace ns3
