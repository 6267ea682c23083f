/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-application.h"

#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <utility>

/**
 * \file
 * \ingroup karp
 * What comes out of the engine of an OspfApplication: packets to IP, events to trace sources and to
 * the Router, the next timeout to the simulator.
 */

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpOspfOutput");

namespace
{

constexpr uint8_t TTL = 1;    //!< packets travel one hop only (RFC 2328 appendix A.1)
constexpr uint8_t TOS = 0xc0; //!< precedence Internetwork Control (appendix A.1)

} // namespace

MessageInfo
OspfApplication::Describe(const Link& link,
                          IpAddress source,
                          IpAddress destination,
                          ByteView packet)
{
    return MessageInfo{OspfTypeWord(packet),
                       packet.size() + IP_HEADER_SIZE,
                       link.index,
                       source,
                       destination,
                       packet};
}

void
OspfApplication::Pump()
{
    // Whoever listens to a trace source may stop us or crash the router.
    while (m_engine && !m_working && !m_router->IsCrashed())
    {
        const auto transmit = m_engine->PollTransmit();
        if (!transmit)
        {
            break;
        }
        Send(*transmit);
    }
    while (m_engine && !m_working && !m_router->IsCrashed())
    {
        const auto event = m_engine->PollEvent();
        if (!event)
        {
            break;
        }
        const uint32_t interface = event->interface;
        std::visit([this, interface](const auto& what) { On(interface, what); }, event->what);
    }
    Arm();
}

void
OspfApplication::Send(const OspfTransmit& transmit)
{
    const Link* link = FindLink(transmit.interface);
    const Bytes& octets = *transmit.packet;
    if (!link || !link->socket)
    {
        return;
    }
    if (!m_txTrace.IsEmpty())
    {
        m_txTrace(link->index, Describe(*link, link->address, transmit.destination, octets));
    }
    Ptr<Packet> packet = Create<Packet>(octets.data(), octets.size());
    SocketIpTtlTag ttl;
    ttl.SetTtl(TTL);
    packet->AddPacketTag(ttl);
    SocketIpTosTag tos;
    tos.SetTos(TOS);
    packet->AddPacketTag(tos);
    const InetSocketAddress to(Ipv4Address(transmit.destination.value), 0);
    if (link->socket->SendTo(packet, 0, to) < 0)
    {
        NS_LOG_WARN("cannot send to " << transmit.destination.ToString());
    }
}

void
OspfApplication::OnKeyInstalled(const KeyRow& row)
{
    // After a reboot the key of before is there as well, for what others still send under it
    // (H 2.4). A key that has only just begun, without a lead, not all may have: that of a group
    // that forms.
    const Time now = m_router->Now();
    const Time age = now - row.lifetimes.sendStart;
    const bool isNew = age >= Time(0) && age < Time(m_helloInterval.GetNanoSeconds());
    const bool sends = row.protocol == KeyProtocol::OSPFV2 && row.lifetimes.sendEnd > now &&
                       row.direction != KeyDirection::IN && !isNew;
    if (!m_engine || m_router->IsCrashed() || !sends)
    {
        return;
    }
    for (const Link& link : m_links)
    {
        if (row.IsFor(link.index))
        {
            m_engine->KeyInstalled(link.index, row.lifetimes.sendStart, now);
        }
    }
    Arm();
}

void
OspfApplication::Arm()
{
    if (!m_engine || m_working || m_timerQueued || m_router->IsCrashed())
    {
        return;
    }
    const auto next = m_engine->NextTimeout();
    const Time at = next.value_or(TIME_MAX);
    if (at == m_eventAt)
    {
        return; // By far the most frequent case.
    }
    m_event.Cancel();
    m_eventAt = at;
    if (at != TIME_MAX)
    {
        m_event = Simulator::Schedule(m_router->ToSimulationTime(at) - Simulator::Now(),
                                      &OspfApplication::HandleTimer,
                                      this);
    }
}

void
OspfApplication::Disarm()
{
    m_event.Cancel();
    m_eventAt = TIME_MAX;
}

void
OspfApplication::HandleTimer()
{
    m_eventAt = TIME_MAX;
    m_timerQueued = true;
    Submit(Input{true, 0});
}

void
OspfApplication::TellAttacked(const AttackOutcome& before)
{
    if (m_attacked.attack != 0)
    {
        AttackOutcome outcome = m_attacked;
        outcome.accepted = outcome.reason == DropReason::NONE;
        m_attackedTrace(outcome);
    }
    m_attacked = before;
}

// ---- events of the engine

void
OspfApplication::CountDrop(uint32_t interface, const karp::Drop& drop)
{
    ++m_drops[static_cast<size_t>(drop.reason)];
    if (drop.peer == m_attacked.source && m_attacked.reason == DropReason::NONE)
    {
        m_attacked.reason = drop.reason;
    }
    NS_LOG_INFO("drop " << ToString(drop.reason) << " " << drop.value << " from "
                        << drop.peer.ToString());
    m_dropTrace(interface, drop);
}

void
OspfApplication::On(uint32_t interface, const OspfEvent::InterfaceChanged& event)
{
    NS_LOG_INFO("interface " << interface << ": " << ToString(event.from) << " -> "
                             << ToString(event.to) << " (" << event.cause << ")");
    m_interfaceTrace(interface, event);
}

void
OspfApplication::On(uint32_t interface, const OspfEvent::NeighborChanged& event)
{
    NS_LOG_INFO("neighbour " << event.address.ToString() << ": " << ToString(event.from) << " -> "
                             << ToString(event.to) << " (" << event.cause << ")");
    m_neighborTrace(interface, event);
}

void
OspfApplication::On(uint32_t interface, const OspfEvent::DesignatedRouterChanged& event)
{
    m_designatedTrace(interface, event);
    m_router->SetDesignated(interface, event.self);
}

void
OspfApplication::On(uint32_t interface, const OspfEvent::SequenceLow& event)
{
    m_sequenceTrace(interface, event);
    m_router->SequenceLow(interface);
}

void
OspfApplication::On(uint32_t interface, const OspfEvent::KeyHeard& event)
{
    m_router->KeyHeard(interface, event.adminKeyName, event.peer);
}

void
OspfApplication::On(uint32_t interface, const OspfEvent::Dropped& event)
{
    CountDrop(interface, event.drop);
}

} // namespace karp
} // namespace ns3
