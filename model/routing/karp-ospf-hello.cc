/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-interface.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * The Hello protocol: sending (RFC 2328 section 9.5) and receiving (section 10.5).
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return whole seconds of \p interval, as Hellos carry them */
uint64_t
WholeSeconds(Time interval)
{
    return static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::seconds>(interval).count());
}

/** \return \p fields as far as a Hello from \p address declares its sender to be something */
OspfCandidate
Declared(const OspfNeighbor::Fields& fields, IpAddress address)
{
    return {fields.routerId,
            address,
            fields.priority,
            fields.designatedRouter,
            fields.backupDesignatedRouter};
}

} // namespace

void
OspfInterface::HandleKey(Time at, Time now)
{
    // Neighbours that hear of us only HelloInterval after the key came would be adjacent as much
    // later than with keys that were there before (RFC 6862 section 3, 14).
    m_keyFrom = at;
    const auto timer = m_timers.At(Timer::HELLO);
    if (m_helloOwed && timer && *timer > std::max(at, now))
    {
        SetTimer(Timer::HELLO, std::max(at, now));
    }
}

void
OspfInterface::SendHello(Time now)
{
    // 4.4: timers that fire in all routers at one instant should not. Shortening only keeps every
    // neighbour's RouterDeadInterval as many Hellos long as was configured.
    const auto cut = Time(static_cast<Time::rep>(
        static_cast<double>(m_config.helloInterval.count()) * m_config.helloJitter));
    SetTimer(Timer::HELLO, now + m_config.helloInterval - m_context.entropy.DrawTime(Time(0), cut));

    OspfHeader header;
    m_helloOwed = !PrepareHeader(OspfPacketType::HELLO, header, now);
    if (m_helloOwed)
    {
        if (m_keyFrom > now)
        {
            HandleKey(m_keyFrom, now);
        }
        return;
    }

    OspfHello& hello = m_ownHello;
    hello.networkMask = m_config.networkMask;
    hello.helloInterval = static_cast<uint16_t>(WholeSeconds(m_config.helloInterval));
    hello.options = Options();
    hello.routerPriority = m_config.priority;
    hello.routerDeadInterval = static_cast<uint32_t>(WholeSeconds(m_config.routerDeadInterval));
    hello.designatedRouter = m_designatedRouter;
    hello.backupDesignatedRouter = m_backupDesignatedRouter;
    // "The list of routers ... from which Hello Packets have been seen recently."
    hello.neighbors.clear();
    for (const auto& neighbor : m_neighbors)
    {
        hello.neighbors.push_back(neighbor->GetFields().routerId);
    }
    std::sort(hello.neighbors.begin(), hello.neighbors.end());

    OspfOutgoing& outgoing = m_context.transmits.Push();
    outgoing.interface = m_config.index;
    outgoing.destination = ALL_SPF_ROUTERS;
    EncodeOspfHello(header, hello, outgoing.packet);
    FinishPacket(header, outgoing.packet);
}

bool
OspfInterface::CheckHello(const OspfHello& hello, IpAddress source)
{
    // "Any mismatch causes processing to stop and the packet to be dropped." The mask is not
    // compared on point-to-point networks; the E-bit says whether the area is a stub area
    // (section 10.5).
    if (hello.networkMask != m_config.networkMask &&
        m_config.networkType == OspfNetworkType::BROADCAST)
    {
        Reject(DropReason::HELLO_MISMATCH, hello.networkMask, source);
        return false;
    }
    if (hello.helloInterval != WholeSeconds(m_config.helloInterval))
    {
        Reject(DropReason::HELLO_MISMATCH, hello.helloInterval, source);
        return false;
    }
    if (hello.routerDeadInterval != WholeSeconds(m_config.routerDeadInterval))
    {
        Reject(DropReason::HELLO_MISMATCH, hello.routerDeadInterval, source);
        return false;
    }
    if ((hello.options & OSPF_OPTION_E) != (Options() & OSPF_OPTION_E))
    {
        Reject(DropReason::HELLO_MISMATCH, hello.options, source);
        return false;
    }
    return true;
}

void
OspfInterface::ReceiveHello(const OspfPacketView& view,
                            IpAddress source,
                            OspfNeighbor* nbr,
                            Time now)
{
    OspfHello& hello = m_context.hello;
    const DecodeError error = DecodeOspfHello(view.body, hello);
    if (error.reason != DropReason::NONE)
    {
        return Reject(error.reason, error.value, source);
    }
    if (!CheckHello(hello, source))
    {
        return;
    }

    // "If a matching neighbor structure cannot be found, one is created", in state Down.
    if (nbr == nullptr)
    {
        nbr = Create(Identify(view.header.routerId, source));
        if (nbr == nullptr)
        {
            return Reject(DropReason::TOO_MANY, m_neighbors.size(), source);
        }
        m_authenticator.NoteVerified();
    }

    // "When receiving an Hello on a point-to-point network ... set the neighbor structure's
    // Neighbor IP address to the packet's IP source address"; elsewhere it is that already.
    nbr->SetAddress(source);

    // "... set equal to the corresponding fields found in the received Hello Packet; changes in
    // these fields should be noted".
    const OspfNeighbor::Fields before = nbr->GetFields();
    nbr->SetFields({view.header.routerId,
                    hello.routerPriority,
                    hello.designatedRouter,
                    hello.backupDesignatedRouter});

    const bool isTwoWay = nbr->Lists(hello.neighbors, m_context.routerId);
    const Noted noted = ExamineHello(*nbr, before, isTwoWay, now);
    // Section 4.4: what was scheduled is executed now, in the order in which section 10.5 has it.
    if (noted.neighborChange)
    {
        Handle(OspfInterfaceEvent::NEIGHBOR_CHANGE, now);
    }
    if (noted.backupSeen)
    {
        Handle(OspfInterfaceEvent::BACKUP_SEEN, now);
    }
}

OspfInterface::Noted
OspfInterface::ExamineHello(OspfNeighbor& nbr,
                            const OspfNeighbor::Fields& before,
                            bool isTwoWay,
                            Time now)
{
    Noted noted;
    const bool wasBidirectional = nbr.IsBidirectional();

    // "Each Hello Packet causes the neighbor state machine to be executed with the event
    // HelloReceived." The timer that watches all neighbours is set to the first deadline it knew
    // of, and no deadline that begins now can come before that one.
    nbr.Handle(OspfNeighborEvent::HELLO_RECEIVED, now);
    if (!m_timers.IsSet(Timer::INACTIVITY))
    {
        SetTimer(Timer::INACTIVITY, nbr.Deadline());
    }

    // "If the router itself appears in this list" or not. Bidirectional communication begins or
    // ends: NeighborChange (section 9.2).
    nbr.Handle(isTwoWay ? OspfNeighborEvent::TWO_WAY_RECEIVED : OspfNeighborEvent::ONE_WAY_RECEIVED,
               now);
    noted.neighborChange = wasBidirectional != nbr.IsBidirectional();
    if (!isTwoWay)
    {
        return noted;
    }

    // "If a change in the neighbor's Router Priority field was noted"; a router that changed its
    // name counts, too, since names break ties.
    const OspfNeighbor::Fields& after = nbr.GetFields();
    noted.neighborChange = noted.neighborChange || before.priority != after.priority ||
                           before.routerId != after.routerId;

    // "If the neighbor is both declaring itself to be Designated Router and the Backup Designated
    // Router field in the packet is equal to 0.0.0.0 and the receiving interface is in state
    // Waiting" ... BackupSeen. "Otherwise, if the neighbor is declaring itself to be Designated
    // Router and it had not previously, or [the reverse]" ... NeighborChange.
    const OspfCandidate was = Declared(before, nbr.Address());
    const OspfCandidate is = Declared(after, nbr.Address());
    const bool isWaiting = m_state == OspfInterfaceState::WAITING;
    if (isWaiting && is.DeclaresDesignatedRouter() && is.backupDesignatedRouter.value == 0)
    {
        noted.backupSeen = true;
    }
    else if (is.DeclaresDesignatedRouter() != was.DeclaresDesignatedRouter())
    {
        noted.neighborChange = true;
    }

    // The same for the Backup Designated Router field.
    const bool wasBackup = was.backupDesignatedRouter == nbr.Address();
    const bool isBackup = is.backupDesignatedRouter == nbr.Address();
    if (isWaiting && isBackup)
    {
        noted.backupSeen = true;
    }
    else if (isBackup != wasBackup)
    {
        noted.neighborChange = true;
    }
    return noted;
}

} // namespace karp
} // namespace ns3
