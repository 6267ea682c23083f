/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-interface.h"
#include "karp-ospf-link-state.h"
#include "karp-ospf-neighbor.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Database exchange with a neighbour: Database Descriptions (RFC 2328 sections 10.6 and 10.8),
 * Link State Requests (sections 10.7 and 10.9), acknowledgments (section 13.7), and what is sent
 * again if nothing comes back (section 13.6).
 */

namespace ns3
{
namespace karp
{

namespace
{

using S = OspfNeighborState;
using E = OspfNeighborEvent;

/** \return what of \p description tells duplicates */
OspfAdjacency::Received
Distinctive(const OspfDatabaseDescription& description)
{
    return {description.isInit,
            description.isMore,
            description.isMaster,
            description.options,
            description.sequence};
}

} // namespace

void
OspfNeighbor::Reject(DropReason reason, uint64_t value)
{
    m_context.Reject(m_interface.Config().index, reason, value, m_address);
}

OspfNeighborState
OspfNeighbor::BeginExchange(Time now)
{
    // "If this is the first time that the adjacency has been attempted, the DD sequence number
    // should be assigned some unique value (like the time of day clock)", else it is incremented.
    m_ddSequence =
        m_ddSequence == 0
            ? static_cast<uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count())
            : m_ddSequence;
    ++m_ddSequence;
    if (m_adjacency == nullptr)
    {
        OspfLinkState& linkState = *m_interface.LinkState();
        m_adjacency = std::make_unique<OspfAdjacency>(
            linkState.Database(m_interface, OspfLsaType::ROUTER),
            linkState.Database(m_interface, OspfLsaType::AS_EXTERNAL));
    }
    m_adjacency->Clear();
    m_adjacency->isMaster = true;
    m_adjacency->ddSequence = m_ddSequence;
    // 10.8: in ExStart, empty packets with the bits initialize, more and master set.
    m_adjacency->sent = {};
    m_adjacency->sent.isInit = true;
    m_adjacency->sent.isMore = true;
    m_adjacency->sent.isMaster = true;
    m_adjacency->sent.sequence = m_ddSequence;
    SendDescription(now);
    return S::EX_START;
}

void
OspfNeighbor::EndExchange()
{
    m_adjacency.reset();
}

void
OspfNeighbor::SendDescription(Time now)
{
    OspfAdjacency& adjacency = *m_adjacency;
    adjacency.sent.interfaceMtu = m_interface.Config().mtu;
    adjacency.sent.options = m_interface.Options();
    adjacency.sentAt = now;
    // 10.8: "it retransmits the packet at RxmtInterval until acknowledged" is the master's duty,
    // and everybody's in ExStart.
    adjacency.descriptionDue =
        adjacency.isMaster ? now + m_interface.Config().rxmtInterval : TIME_MAX;
    m_interface.NeedAt(OspfInterface::Need::RETRANSMIT, adjacency.descriptionDue);
    m_interface.Send(OspfPacketType::DATABASE_DESCRIPTION,
                     m_interface.UnicastTo(*this),
                     now,
                     [&adjacency](OspfPacketWriter& writer) {
                         writer.Add(adjacency.sent);
                         for (const OspfLsaHeader& header : adjacency.sent.headers)
                         {
                             writer.Add(header);
                         }
                     });
}

void
OspfNeighbor::ReceiveDescription(const OspfDatabaseDescription& description, Time now)
{
    // "If the Interface MTU field indicates an IP datagram size that is larger than the router can
    // accept on the receiving interface without fragmentation, the packet is rejected."
    if (description.interfaceMtu > m_interface.Config().mtu && !m_interface.Config().mtuIgnore)
    {
        return Reject(DropReason::MTU_MISMATCH, description.interfaceMtu);
    }
    if (m_state == S::INIT)
    {
        // "The neighbor state machine should be executed with the event 2-WayReceived", then, if
        // the state is ExStart now, processing goes on there.
        Handle(E::TWO_WAY_RECEIVED, now);
        // 9.2: "bidirectional communication has been established to a neighbor", without a Hello.
        m_interface.Handle(OspfInterfaceEvent::NEIGHBOR_CHANGE, now);
    }
    switch (m_state)
    {
    case S::EX_START:
        if (Negotiate(description, now))
        {
            Handle(E::NEGOTIATION_DONE, now);
            AcceptDescription(description, now);
        }
        break;
    case S::EXCHANGE:
        if (CheckNext(description, now))
        {
            AcceptDescription(description, now);
        }
        break;
    case S::LOADING:
    case S::FULL:
        // "The only packets received should be duplicates." The master discards those; the slave
        // must answer them as long as it has kept its last packet, RouterDeadInterval (10.8).
        if (m_adjacency->hasReceived && m_adjacency->received == Distinctive(description) &&
            (m_adjacency->isMaster ||
             now - m_adjacency->sentAt <= m_interface.Config().routerDeadInterval))
        {
            if (!m_adjacency->isMaster)
            {
                SendDescription(now);
            }
            return;
        }
        Reject(DropReason::BAD_EXCHANGE, description.sequence);
        Handle(E::SEQ_NUMBER_MISMATCH, now);
        break;
    default:
        Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(m_state));
    }
}

bool
OspfNeighbor::Negotiate(const OspfDatabaseDescription& description, Time /* now */)
{
    OspfAdjacency& adjacency = *m_adjacency;
    if (description.isInit && description.isMore && description.isMaster &&
        description.headers.empty() && m_fields.routerId > m_context.routerId)
    {
        // "The router is now Slave. Set the master/slave bit to slave, and set the neighbor data
        // structure's DD sequence number to that specified by the master."
        adjacency.isMaster = false;
        adjacency.ddSequence = description.sequence;
        adjacency.descriptionDue = TIME_MAX;
        return true;
    }
    // "The initialize(I) and master(MS) bits are off, the packet's DD sequence number equals the
    // neighbor data structure's DD sequence number (indicating acknowledgment) and the neighbor's
    // Router ID is smaller than the router's own. In this case the router is Master."
    return !description.isInit && !description.isMaster &&
           description.sequence == adjacency.ddSequence && m_fields.routerId < m_context.routerId;
}

OspfNeighborState
OspfNeighbor::ActNegotiated(Time now)
{
    OspfAdjacency& adjacency = *m_adjacency;
    for (OspfLsdb* lsdb : m_interface.LinkState()->Databases(m_interface))
    {
        for (const auto& [key, entry] : lsdb->All())
        {
            // "Any area LSA with LS age equal to MaxAge is instead added to the neighbor's Link
            // state retransmission list."
            if (entry->Age(now) >= OSPF_MAX_AGE)
            {
                adjacency.AddRetransmission(*entry, now + m_interface.Config().rxmtInterval, true);
                m_interface.NeedAt(OspfInterface::Need::RETRANSMIT, adjacency.retransmitDue);
                continue;
            }
            adjacency.summary.push_back(key);
        }
    }
    return S::EXCHANGE;
}

bool
OspfNeighbor::CheckNext(const OspfDatabaseDescription& description, Time now)
{
    const OspfAdjacency& adjacency = *m_adjacency;
    // "If the received packet is a duplicate": "master: discarded silently; slave: repeats the last
    // packet".
    if (adjacency.hasReceived && adjacency.received == Distinctive(description))
    {
        if (!adjacency.isMaster)
        {
            SendDescription(now);
        }
        return false;
    }
    const bool isRoleRight = description.isMaster != adjacency.isMaster;
    const bool isSame = !adjacency.hasReceived || adjacency.received.options == description.options;
    const uint32_t expected = adjacency.isMaster ? adjacency.ddSequence : adjacency.ddSequence + 1;
    if (isRoleRight && !description.isInit && isSame && description.sequence == expected)
    {
        return true;
    }
    Reject(DropReason::BAD_EXCHANGE, description.sequence);
    Handle(E::SEQ_NUMBER_MISMATCH, now);
    return false;
}

bool
OspfNeighbor::NoteHeaders(const OspfDatabaseDescription& description, Time now)
{
    OspfLinkState& linkState = *m_interface.LinkState();
    for (const OspfLsaHeader& header : description.headers)
    {
        // "If the LS type is unknown, or the AS-external-LSA's in a stub area: SeqNumberMismatch."
        if (!m_interface.IsTypeKnown(header.key.type))
        {
            Reject(DropReason::BAD_LSA_TYPE, static_cast<uint64_t>(header.key.type));
            return false;
        }
        const OspfLsdb::Entry* entry =
            linkState.Database(m_interface, header.key.type).Find(header.key);
        if (entry == nullptr || CompareOspfLsas(header, entry->Header(now)) > 0)
        {
            // It may have been asked for already, then it stays so.
            m_adjacency->requests[header.key].header = header;
        }
    }
    return true;
}

void
OspfNeighbor::AcceptDescription(const OspfDatabaseDescription& description, Time now)
{
    OspfAdjacency& adjacency = *m_adjacency;
    adjacency.hasReceived = true;
    adjacency.received = Distinctive(description);
    if (!NoteHeaders(description, now))
    {
        Handle(E::SEQ_NUMBER_MISMATCH, now);
        return;
    }
    if (adjacency.isMaster)
    {
        // What was sent last has been acknowledged. "If the router has already sent its entire
        // sequence of Database Description Packets, and the just accepted packet has the more bit
        // (M) set to 0": ExchangeDone. "Otherwise, it should send a new Database Description."
        ++adjacency.ddSequence;
        m_ddSequence = adjacency.ddSequence;
        adjacency.descriptionDue = TIME_MAX;
        if (!adjacency.sent.isInit && !adjacency.sent.isMore && !description.isMore)
        {
            Handle(E::EXCHANGE_DONE, now);
            return;
        }
        DescribeNext(now);
    }
    else
    {
        // "Set the DD sequence number to the DD sequence number appearing in the received packet.
        // The slave must send a Database Description Packet in reply."
        adjacency.ddSequence = description.sequence;
        DescribeNext(now);
        if (!description.isMore && !adjacency.sent.isMore)
        {
            Handle(E::EXCHANGE_DONE, now);
            return;
        }
    }
    // 10.9: requests need not wait for the end of the exchange.
    if (adjacency.asked == 0 && !adjacency.requests.empty())
    {
        SendRequest(now);
    }
}

void
OspfNeighbor::DescribeNext(Time now)
{
    OspfAdjacency& adjacency = *m_adjacency;
    OspfDatabaseDescription& sent = adjacency.sent;
    sent.isInit = false;
    sent.isMaster = adjacency.isMaster;
    sent.sequence = adjacency.ddSequence;
    sent.headers.clear();
    OspfLinkState& linkState = *m_interface.LinkState();
    const size_t room =
        (m_interface.PayloadMax() - OSPF_HEADER_SIZE - OSPF_DD_FIXED_SIZE) / OSPF_LSA_HEADER_SIZE;
    while (adjacency.summaryAt < adjacency.summary.size() && sent.headers.size() < room)
    {
        const OspfLsaKey& key = adjacency.summary[adjacency.summaryAt++];
        if (const auto* entry = linkState.Database(m_interface, key.type).Find(key))
        {
            sent.headers.push_back(entry->Header(now));
        }
    }
    sent.isMore = adjacency.summaryAt < adjacency.summary.size();
    if (!sent.isMore)
    {
        adjacency.summary = std::vector<OspfLsaKey>();
        adjacency.summaryAt = 0;
    }
    SendDescription(now);
}

void
OspfNeighbor::SendRequest(Time now)
{
    OspfAdjacency& adjacency = *m_adjacency;
    const size_t room = (m_interface.PayloadMax() - OSPF_HEADER_SIZE) / OSPF_REQUEST_SIZE;
    adjacency.asked = 0;
    adjacency.requestDue = now + m_interface.Config().rxmtInterval;
    m_interface.NeedAt(OspfInterface::Need::RETRANSMIT, adjacency.requestDue);
    m_interface.Send(OspfPacketType::LINK_STATE_REQUEST,
                     m_interface.UnicastTo(*this),
                     now,
                     [&adjacency, room](OspfPacketWriter& writer) {
                         for (auto& [key, request] : adjacency.requests)
                         {
                             // What came to stand before others may push them out.
                             request.isAsked = adjacency.asked < room;
                             if (request.isAsked)
                             {
                                 ++adjacency.asked;
                                 writer.Add(key);
                             }
                         }
                     });
}

void
OspfNeighbor::ReceiveRequest(const std::vector<OspfLsaKey>& keys, Time now)
{
    if (m_state < S::EXCHANGE)
    {
        return Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(m_state));
    }
    // "If an LSA cannot be found in the database, something has gone wrong with the Database
    // Exchange process, and neighbor event BadLSReq should be generated."
    std::vector<OspfLsdb::Entry*> found;
    found.reserve(keys.size());
    for (const OspfLsaKey& key : keys)
    {
        OspfLsdb::Entry* entry =
            m_interface.IsTypeKnown(key.type)
                ? m_interface.LinkState()->Database(m_interface, key.type).Find(key)
                : nullptr;
        if (entry == nullptr)
        {
            Reject(DropReason::BAD_REQUEST, key.linkStateId);
            Handle(E::BAD_LS_REQ, now);
            return;
        }
        found.push_back(entry);
    }
    m_interface.Flooding().SendUpdates(m_interface.UnicastTo(*this), found, now);
}

void
OspfNeighbor::RequestsChanged(Time now)
{
    OspfAdjacency& adjacency = *m_adjacency;
    adjacency.requestsChanged = false;
    if (adjacency.requests.empty())
    {
        adjacency.requestDue = TIME_MAX;
        if (m_state == S::LOADING)
        {
            Handle(E::LOADING_DONE, now);
        }
        return;
    }
    // "When the neighbor responds to these requests with the proper Link State Update packet(s),
    // the Link state request list is truncated and a new Link State Request packet is sent."
    if (adjacency.asked == 0)
    {
        SendRequest(now);
    }
}

void
OspfNeighbor::ReceiveAcknowledgment(const std::vector<OspfLsaHeader>& headers, Time now)
{
    if (m_state < S::EXCHANGE)
    {
        return Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(m_state));
    }
    OspfLinkState& linkState = *m_interface.LinkState();
    for (const OspfLsaHeader& header : headers)
    {
        // "If the acknowledgment is for the same instance that is contained on the list, remove the
        // item from the list"; any other is questionable, and without effect.
        OspfLsdb::Entry* entry = linkState.Database(m_interface, header.key.type).Find(header.key);
        if (entry != nullptr && m_adjacency->Retransmissions(header.key.type).Has(*entry) &&
            CompareOspfLsas(header, entry->Header(now)) == 0)
        {
            m_adjacency->ForgetRetransmission(*entry);
        }
    }
}

void
OspfNeighbor::Retransmit(Time now)
{
    if (m_adjacency == nullptr)
    {
        return;
    }
    OspfAdjacency& adjacency = *m_adjacency;
    if (adjacency.descriptionDue <= now)
    {
        SendDescription(now);
    }
    if (adjacency.requestDue <= now)
    {
        SendRequest(now);
    }
    if (adjacency.retransmitDue <= now)
    {
        const Time next = now + m_interface.Config().rxmtInterval;
        std::vector<OspfLsdb::Entry*> due;
        adjacency.retransmitDue = std::min(adjacency.retransmissions.TakeDue(now, next, due),
                                           adjacency.externals.TakeDue(now, next, due));
        m_interface.Flooding().SendUpdates(m_interface.UnicastTo(*this), due, now);
    }
    m_interface.NeedAt(OspfInterface::Need::RETRANSMIT, adjacency.NextTimeout());
}

} // namespace karp
} // namespace ns3
