/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-kmp-application.h"

#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"

#include <utility>

/**
 * \file
 * \ingroup karp
 * What comes out of the engines of a KmpApplication: datagrams to UDP, events to trace sources and
 * to the key table, the next timeout to the simulator.
 */

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpKmpOutput");

namespace
{

constexpr size_t IP_UDP_HEADERS = 28; //!< octets before a UDP payload

} // namespace

MessageInfo
KmpApplication::Describe(const Group& group, IpAddress source, const Datagram& datagram)
{
    return MessageInfo{KmpTypeWord(datagram.payload),
                       datagram.payload.size() + IP_UDP_HEADERS,
                       group.interface,
                       source,
                       datagram.destination,
                       datagram.payload};
}

void
KmpApplication::Pump()
{
    for (uint32_t i = 0; i < m_groups.size() && !m_working; ++i)
    {
        // Whoever listens to a trace source may stop the engine or crash the router.
        while (m_groups[i].engine && !m_router->IsCrashed())
        {
            const auto datagram = m_groups[i].engine->PollTransmit();
            if (!datagram)
            {
                break;
            }
            Send(i, *datagram);
        }
        while (m_groups[i].engine && !m_router->IsCrashed())
        {
            const auto event = m_groups[i].engine->PollEvent();
            if (!event)
            {
                break;
            }
            std::visit([this, i](const auto& what) { On(i, what); }, event->what);
        }
    }
    Arm();
}

void
KmpApplication::Send(uint32_t index, const Datagram& datagram)
{
    const Group& group = m_groups[index];
    const Bytes& payload = datagram.payload;
    if (!m_txTrace.IsEmpty())
    {
        m_txTrace(index, Describe(group, group.address, datagram));
    }
    const InetSocketAddress to(Ipv4Address(datagram.destination.value), m_port);
    if (group.socket->SendTo(Create<Packet>(payload.data(), payload.size()), 0, to) < 0)
    {
        NS_LOG_WARN("cannot send to " << datagram.destination.ToString());
    }
}

void
KmpApplication::Arm()
{
    if (!m_started || m_working || m_timerQueued || m_router->IsCrashed())
    {
        return;
    }
    std::optional<Time> next;
    for (const auto& group : m_groups)
    {
        if (group.engine)
        {
            next = Earlier(next, group.engine->NextTimeout());
        }
    }
    const Time at = next.value_or(TIME_MAX);
    if (m_eventAt <= at)
    {
        // By far the most frequent case: a heartbeat puts the patience off. The event comes too
        // early then, does nothing and is set anew, which is cheaper than to move it each time.
        return;
    }
    m_event.Cancel();
    m_eventAt = at;
    if (at != TIME_MAX)
    {
        m_event = Simulator::Schedule(m_router->ToSimulationTime(at) - Simulator::Now(),
                                      &KmpApplication::HandleTimer,
                                      this);
    }
}

void
KmpApplication::Disarm()
{
    m_event.Cancel();
    m_eventAt = TIME_MAX;
}

void
KmpApplication::HandleTimer()
{
    m_eventAt = TIME_MAX;
    m_timerQueued = true;
    Submit(Input{0, true});
}

// Unprotected messages, advertisements and IKE_SA_INIT, are heard from anybody (H 2, H 3); what
// only a holder of keys can say is accepted if it does anything.
uint32_t
KmpApplication::AttackAtHand() const
{
    return m_attacked.attack;
}

// Unprotected messages, advertisements and IKE_SA_INIT, are heard from anybody (H 2, H 3); what
// only a holder of keys can say is accepted if it does anything.
void
KmpApplication::TellAttacked(const AttackOutcome& before)
{
    if (m_attacked.attack != 0)
    {
        const AttackOutcome outcome = m_attacked;
        m_attackedTrace(outcome);
    }
    m_attacked = before;
}

// ---- events of the engines

void
KmpApplication::CountDrop(uint32_t index, const karp::Drop& drop)
{
    ++m_drops[static_cast<size_t>(drop.reason)];
    if (drop.peer == m_attacked.source && m_attacked.reason == DropReason::NONE)
    {
        m_attacked.reason = drop.reason;
    }
    NS_LOG_INFO("drop " << ToString(drop.reason) << " " << drop.value << " from "
                        << drop.peer.ToString());
    m_dropTrace(index, drop);
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::RoleChanged& event)
{
    NS_LOG_INFO(m_groups[index].name << ": " << ToString(event.from) << " -> " << ToString(event.to)
                                     << " (" << event.cause << ")");
    m_roleTrace(index, event);
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::AdvertSent& event)
{
    m_advertTrace(index, event);
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::JoinDone& event)
{
    m_attacked.accepted |= event.ok;
    m_joinTrace(index, event);
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::KekChanged& event)
{
    m_kekTrace(index, event);
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::KeyInstalled& event)
{
    const bool there = m_router->Keys().Get(event.row.adminKeyName) != nullptr;
    if (m_router->InstallKey(event.row) == KeyTable::Result::OK)
    {
        m_pmkTrace(index,
                   PmkChange{there ? "update" : "install", event.row.adminKeyName, &event.row});
    }
    else
    {
        // R1: failures may be signalled; the router goes on with the keys that it has.
        NS_LOG_WARN("the key table refuses " << event.row.adminKeyName);
        m_pmkTrace(index, PmkChange{"refuse", event.row.adminKeyName, &event.row});
    }
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::KeyRetired& event)
{
    m_router->RetireKey(event.adminKeyName);
    m_pmkTrace(index, PmkChange{"retire", event.adminKeyName, nullptr});
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::Rekeyed& event)
{
    NS_LOG_INFO("new keys: " << ToString(event.cause));
    m_rekeyTrace(index, event);
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::GroupMessage& event)
{
    m_attacked.accepted |= !event.sent;
    m_groupTrace(index, event);
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::Dropped& event)
{
    CountDrop(index, event.drop);
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::Session& event)
{
    m_attacked.accepted |= event.event.to == "established";
    m_sessionTrace(index, event.event);
}

void
KmpApplication::On(uint32_t index, const MrkmpEvent::KeyLog& event)
{
    m_keyLogTrace(index, event.keys);
}

} // namespace karp
} // namespace ns3
