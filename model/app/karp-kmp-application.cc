/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-kmp-application.h"

#include "karp-attack-packet.h"

#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-packet-info-tag.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpKmpApplication");

namespace
{

constexpr uint8_t TTL = 255; //!< the engine requires it: nobody off the link can send that

} // namespace

KmpApplication::KmpApplication() = default;

KmpApplication::~KmpApplication() = default;

void
KmpApplication::DoDispose()
{
    Disarm();
    if (m_router)
    {
        m_router->RemoveProcess(this);
        m_router->RemoveListener(this);
        m_router->Cpu()->Withdraw(this);
    }
    m_started = false;
    m_groups.clear();
    m_credentials.reset();
    m_router = nullptr;
    Application::DoDispose();
}

// ---- configuration

void
KmpApplication::SetCredentials(std::shared_ptr<const Credentials> credentials)
{
    m_credentials = std::move(credentials);
}

uint32_t
KmpApplication::AddGroup(Ptr<NetDevice> device, const std::string& name, const GroupIdPayload& id)
{
    NS_ABORT_MSG_UNLESS(GetNode(), "add the application to a node before its groups");
    NS_ABORT_MSG_IF(m_started, "add groups before the application starts");
    m_router = Router::Of(GetNode());
    Ptr<Ipv4> ipv4 = GetNode()->GetObject<Ipv4>();
    NS_ABORT_MSG_UNLESS(ipv4, "install the internet stack before key management");
    const int32_t interface = ipv4->GetInterfaceForDevice(device);
    NS_ABORT_MSG_UNLESS(interface >= 0 && ipv4->GetNAddresses(interface) > 0,
                        "assign addresses before installing key management");
    for (const auto& group : m_groups)
    {
        NS_ABORT_MSG_IF(group.device == device,
                        "a second group on one link needs an application with another Port");
    }
    Group group;
    group.interface = static_cast<uint32_t>(interface);
    group.device = device;
    group.name = name;
    group.id = id;
    group.address = IpAddress{ipv4->GetAddress(group.interface, 0).GetLocal().Get()};
    m_groups.push_back(std::move(group));
    return static_cast<uint32_t>(m_groups.size() - 1);
}

KmpApplication::Group&
KmpApplication::At(uint32_t group)
{
    NS_ABORT_MSG_UNLESS(group < m_groups.size(), "there is no group " << group);
    return m_groups[group];
}

const KmpApplication::Group&
KmpApplication::At(uint32_t group) const
{
    NS_ABORT_MSG_UNLESS(group < m_groups.size(), "there is no group " << group);
    return m_groups[group];
}

uint32_t
KmpApplication::GetNGroups() const
{
    return static_cast<uint32_t>(m_groups.size());
}

const std::string&
KmpApplication::GetGroupName(uint32_t group) const
{
    return At(group).name;
}

uint32_t
KmpApplication::GetInterface(uint32_t group) const
{
    return At(group).interface;
}

const MrkmpEngine*
KmpApplication::GetEngine(uint32_t group) const
{
    return At(group).engine.get();
}

GcksRole
KmpApplication::GetRole(uint32_t group) const
{
    const auto& engine = At(group).engine;
    return engine ? engine->Role() : GcksRole::DOWN;
}

IpAddress
KmpApplication::GetGcks(uint32_t group) const
{
    const auto& engine = At(group).engine;
    return engine ? engine->Gcks() : IpAddress();
}

const DropCounters&
KmpApplication::GetDrops() const
{
    return m_drops;
}

int64_t
KmpApplication::AssignStreams(int64_t stream)
{
    return m_entropy.AssignStreams(stream);
}

// ---- joining and leaving

void
KmpApplication::StartApplication()
{
    if (!m_router)
    {
        return; // No group: nothing to do.
    }
    m_started = true;
    m_router->AddProcess(this);
    m_router->AddListener(this);
    JoinReady();
}

void
KmpApplication::StopApplication()
{
    if (!m_started)
    {
        return;
    }
    for (uint32_t i = 0; i < m_groups.size(); ++i)
    {
        StopEngine(i);
    }
    Disarm();
    m_started = false;
    m_inputs.clear();
    m_working = false;
    m_timerQueued = false;
    m_router->Cpu()->Withdraw(this);
    m_router->RemoveProcess(this);
    m_router->RemoveListener(this);
}

void
KmpApplication::Join(uint32_t group)
{
    At(group).wanted = true;
    StartEngine(group);
}

void
KmpApplication::Leave(uint32_t group)
{
    At(group).wanted = false;
    StopEngine(group);
}

void
KmpApplication::JoinReady()
{
    for (uint32_t i = 0; i < m_groups.size(); ++i)
    {
        const uint32_t interface = m_groups[i].interface;
        if (m_groups[i].wanted &&
            (!m_router->HasRouting(interface) || m_router->IsRoutingUp(interface)))
        {
            StartEngine(i);
        }
    }
}

void
KmpApplication::StartEngine(uint32_t index)
{
    Group& group = m_groups[index];
    if (!m_started || m_router->IsCrashed() || group.engine)
    {
        return;
    }
    NS_ABORT_MSG_UNLESS(m_credentials, "key management needs credentials: SetCredentials");
    NS_LOG_INFO("join " << group.name);
    OpenSocket(group);
    if (group.bootId == 0)
    {
        group.bootId = m_entropy.DrawU64();
    }
    group.engine = std::make_unique<MrkmpEngine>(MakeConfig(group), m_credentials, m_entropy);
    group.engine->Join(m_router->Now());
    Pump();
}

void
KmpApplication::StopEngine(uint32_t index)
{
    Group& group = m_groups[index];
    if (!group.engine)
    {
        return;
    }
    NS_LOG_INFO("leave " << group.name);
    group.engine->Leave(m_router->Now());
    // R3: it stops at once; what it had still to send is not sent, but for its resignation (G8).
    while (const auto datagram = group.engine->PollTransmit())
    {
        if (!m_router->IsCrashed())
        {
            Send(index, *datagram);
        }
    }
    while (group.engine)
    {
        const auto event = group.engine->PollEvent();
        if (!event)
        {
            break;
        }
        std::visit([this, index](const auto& what) { On(index, what); }, event->what);
    }
    group.engine.reset();
    if (group.socket)
    {
        group.socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        group.socket->Close();
        group.socket = nullptr;
    }
}

void
KmpApplication::OnCrash()
{
    Disarm();
    m_inputs.clear();
    m_working = false;
    m_timerQueued = false;
    for (auto& group : m_groups)
    {
        while (group.engine && group.engine->PollTransmit())
        {
            // What was about to leave does not.
        }
    }
}

void
KmpApplication::OnBoot(const LossSet& lost)
{
    for (auto& group : m_groups)
    {
        if (lost.sa && group.engine)
        {
            group.engine.reset();
        }
        if (lost.sa && !m_router->HasRouting(group.interface))
        {
            group.bootId = 0; // nobody else says whether anything was lost
        }
    }
    JoinReady();
    Pump();
}

void
KmpApplication::OnClockSet()
{
    Disarm();
    Arm();
}

// ---- what routing says

void
KmpApplication::OnRoutingUp(uint32_t interface, uint8_t, bool newSession)
{
    for (uint32_t i = 0; i < m_groups.size(); ++i)
    {
        if (m_groups[i].interface != interface || !m_groups[i].wanted)
        {
            continue;
        }
        if (newSession)
        {
            // K8, K10: with its sequence numbers gone, routing must not send under the old keys,
            // not even under those that the engine itself has forgotten.
            StopEngine(i);
            RetireKeys(m_groups[i]);
            m_groups[i].bootId = 0;
        }
        StartEngine(i);
    }
}

void
KmpApplication::RetireKeys(const Group& group)
{
    std::vector<std::string> names;
    const std::string prefix = group.name + '/'; // as GroupKeys and TransportKeys call theirs
    m_router->Keys().ForEach([&names, &group, &prefix](const KeyRow& row) {
        if (row.adminKeyName.compare(0, prefix.size(), prefix) == 0 && row.IsFor(group.interface))
        {
            names.push_back(row.adminKeyName);
        }
    });
    for (const auto& name : names)
    {
        m_router->RetireKey(name);
    }
}

void
KmpApplication::OnRoutingDown(uint32_t interface)
{
    for (uint32_t i = 0; i < m_groups.size(); ++i)
    {
        if (m_groups[i].interface == interface)
        {
            StopEngine(i);
        }
    }
}

void
KmpApplication::OnRoutingPriority(uint32_t interface, uint8_t)
{
    UpdatePriorities(interface);
}

void
KmpApplication::OnDesignated(uint32_t interface, bool)
{
    UpdatePriorities(interface);
}

void
KmpApplication::OnSequenceLow(uint32_t interface)
{
    for (auto& group : m_groups)
    {
        if (group.interface == interface && group.engine)
        {
            group.engine->RequestNewPmk(m_router->Now());
        }
    }
    Pump();
}

void
KmpApplication::OnKeyHeard(uint32_t interface, const std::string& adminKeyName, IpAddress peer)
{
    for (auto& group : m_groups)
    {
        if (group.interface == interface && group.engine)
        {
            group.engine->Heard(adminKeyName, peer);
        }
    }
}

// ---- input

void
KmpApplication::OpenSocket(Group& group)
{
    if (group.socket)
    {
        return;
    }
    group.socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    group.socket->BindToNetDevice(group.device);
    const int failed = group.socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), m_port));
    NS_ABORT_MSG_IF(failed, "UDP port " << m_port << " is taken on the link of " << group.name);
    group.socket->SetAttribute("IpMulticastTtl", UintegerValue(TTL));
    group.socket->SetIpTtl(TTL);
    group.socket->SetIpRecvTtl(true);
    group.socket->SetRecvPktInfo(true);
    group.socket->SetRecvCallback(MakeCallback(&KmpApplication::HandleRead, this));
}

void
KmpApplication::HandleRead(Ptr<Socket> socket)
{
    const auto group = std::find_if(m_groups.begin(), m_groups.end(), [&socket](const Group& g) {
        return g.socket == socket;
    });
    Address from;
    Ptr<Packet> packet;
    while ((packet = socket->RecvFrom(from)))
    {
        if (group == m_groups.end() || m_router->IsCrashed())
        {
            continue;
        }
        SocketIpTtlTag ttl;
        Ipv4PacketInfoTag info;
        Datagram datagram;
        datagram.source = IpAddress{InetSocketAddress::ConvertFrom(from).GetIpv4().Get()};
        datagram.ttl = packet->RemovePacketTag(ttl) ? ttl.GetTtl() : 0;
        datagram.destination =
            IpAddress{packet->RemovePacketTag(info) ? info.GetAddress().Get() : 0};
        datagram.payload.resize(packet->GetSize());
        packet->CopyData(datagram.payload.data(), packet->GetSize());
        HandleDatagram(static_cast<uint32_t>(group - m_groups.begin()),
                       std::move(datagram),
                       AttackOf(packet));
    }
}

void
KmpApplication::HandleDatagram(uint32_t index, Datagram&& datagram, uint32_t attack)
{
    const Group& group = m_groups[index];
    // ns-3 hands every multicast to every host; a real one filters the groups it has not joined.
    if (datagram.destination != group.address &&
        datagram.destination != IpAddress{m_groupAddress.Get()})
    {
        return;
    }
    if (!m_rxTrace.IsEmpty())
    {
        m_rxTrace(index, Describe(group, datagram.source, datagram));
    }
    if (!m_router->Cpu()->HasRoom())
    {
        const AttackOutcome before = m_attacked;
        m_attacked = {attack, KmpTypeWord(datagram.payload), datagram.source};
        CountDrop(index, {DropReason::TOO_MANY, m_router->Cpu()->Waiting(), datagram.source});
        TellAttacked(before);
        return;
    }
    Submit(Input{index, false, std::move(datagram), attack});
}

void
KmpApplication::Submit(Input&& input)
{
    m_inputs.push_back(std::move(input));
    m_router->Cpu()->Submit(this);
}

CryptoCounters
KmpApplication::CpuWork()
{
    const Input input = std::move(m_inputs.front());
    m_inputs.pop_front();
    m_working = true;
    if (input.attack != 0)
    {
        m_attacked = {input.attack, KmpTypeWord(input.datagram.payload), input.datagram.source};
        m_attacked.interface = m_groups[input.group].interface;
        m_attacked.message = input.datagram.payload;
    }
    if (!input.timer && !m_handledTrace.IsEmpty())
    {
        m_handledTrace(input.group,
                       Describe(m_groups[input.group], input.datagram.source, input.datagram));
    }
    const Time now = m_router->Now();
    CryptoCounters done{};
    if (input.timer)
    {
        m_timerQueued = false;
    }
    for (uint32_t i = 0; i < m_groups.size(); ++i)
    {
        MrkmpEngine* engine = m_groups[i].engine.get();
        if (!engine || !(input.timer || i == input.group))
        {
            continue;
        }
        // Counting costs about as much as looking at an advertisement does.
        const bool charge = m_router->Cpu()->IsEnabled();
        const CryptoCounters before = charge ? engine->Counters() : CryptoCounters{};
        input.timer ? engine->Advance(now) : engine->Receive(input.datagram, now);
        const CryptoCounters after = charge ? engine->Counters() : CryptoCounters{};
        for (size_t k = 0; k < done.size(); ++k)
        {
            done[k] += after[k] - before[k];
        }
    }
    return done;
}

void
KmpApplication::CpuDone(ns3::Time cost)
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
