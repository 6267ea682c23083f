/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-interface.h"
#include "karp-ospf-link-state.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Flooding on one interface (RFC 2328 section 13): what comes in with Link State Updates and
 * Acknowledgments, what goes out again.
 */

namespace ns3
{
namespace karp
{

namespace
{

using S = OspfInterfaceState;

} // namespace

OspfFlooding::OspfFlooding(OspfContext& context, OspfInterface& interface)
    : m_context(context),
      m_interface(interface)
{
}

OspfLinkState&
OspfFlooding::LinkState() const
{
    return *m_context.linkState;
}

bool
OspfFlooding::IsDesignatedRouter(const OspfNeighbor& neighbor) const
{
    return neighbor.Address() == m_interface.DesignatedRouter();
}

void
OspfFlooding::Clear()
{
    m_flooded.clear();
    m_acknowledgments.clear();
}

// ---- sending

IpAddress
OspfFlooding::FloodTo() const
{
    // Section 13.3 (5): "If the interface state is DR or Backup, AllSPFRouters; otherwise
    // AllDRouters"; 13.5 has the same for acknowledgments.
    return m_interface.State() == S::DR_OTHER ? ALL_D_ROUTERS : ALL_SPF_ROUTERS;
}

void
OspfFlooding::SendUpdates(IpAddress destination,
                          const std::vector<OspfLsdb::Entry*>& entries,
                          Time now)
{
    const size_t room = m_interface.PayloadMax();
    size_t next = 0;
    while (next < entries.size())
    {
        const bool isSent = m_interface.Send(
            OspfPacketType::LINK_STATE_UPDATE,
            destination,
            now,
            [&entries, &next, room, now, this](OspfPacketWriter& writer) {
                do
                {
                    // "The LS age must be incremented by InfTransDelay ... when copied into
                    // the Link State Update packet (until it reaches MaxAge)" (section 13.3
                    // (5)).
                    OspfLsdb::Entry& entry = *entries[next];
                    entry.sent = now;
                    writer.Add(*entry.lsa,
                               static_cast<uint16_t>(std::min<int>(
                                   entry.Age(now) + m_interface.Config().transmitDelay,
                                   OSPF_MAX_AGE)));
                    ++next;
                } while (next < entries.size() &&
                         writer.Size() + entries[next]->lsa->octets.size() <= room);
            });
        if (!isSent)
        {
            return;
        }
    }
}

bool
OspfFlooding::FloodOut(OspfLsdb::Entry& entry, const OspfNeighbor* from, bool isHere, Time now)
{
    const OspfLsaKey& key = entry.lsa->header.key;
    bool isListed = false;
    for (const auto& neighbor : m_interface.NeighborList())
    {
        // (1a) "If the neighbor is in a lesser state than Exchange, it does not participate".
        OspfAdjacency* adjacency = neighbor->Adjacency();
        if (neighbor->State() < OspfNeighborState::EXCHANGE)
        {
            continue;
        }
        // (1b) "If the adjacency is not yet full, examine the Link state request list".
        const auto request = adjacency->requests.find(key);
        if (request != adjacency->requests.end())
        {
            const int order = CompareOspfLsas(entry.Header(now), request->second.header);
            if (order < 0)
            {
                continue;
            }
            adjacency->ForgetRequest(key);
            if (order == 0)
            {
                continue;
            }
        }
        // (1c) "If the new LSA was received from this neighbor, examine the next neighbor."
        if (neighbor.get() == from)
        {
            continue;
        }
        // (1d) "Add the new LSA to the Link state retransmission list."
        adjacency->AddRetransmission(entry, now + m_interface.Config().rxmtInterval, false);
        m_interface.NeedAt(OspfInterface::Need::RETRANSMIT, adjacency->retransmitDue);
        isListed = true;
    }
    // (2) nobody waits for it; (3) it came by here from the (Backup) Designated Router, so that all
    // others have it; (4) it came by here and we are Backup, so that the Designated Router floods.
    if (!isListed)
    {
        return false;
    }
    if (isHere && m_interface.Config().networkType == OspfNetworkType::BROADCAST &&
        (m_interface.State() == S::BACKUP ||
         (from != nullptr && (from->Address() == m_interface.DesignatedRouter() ||
                              from->Address() == m_interface.BackupDesignatedRouter()))))
    {
        return false;
    }
    // (5) It goes out: at once if the interface was quiet, or else with what else gathers.
    m_flooded.push_back({key, entry.number});
    m_interface.NeedAt(OspfInterface::Need::FLOOD,
                       std::max(now, m_lastFlood + m_interface.Config().floodPacing));
    return true;
}

void
OspfFlooding::SendFlooded(Time now)
{
    m_lastFlood = now;
    std::sort(m_flooded.begin(), m_flooded.end(), [](const Flooded& a, const Flooded& b) {
        return a.key < b.key;
    });
    std::vector<OspfLsdb::Entry*> entries;
    entries.reserve(m_flooded.size());
    for (const auto& [key, number] : m_flooded)
    {
        OspfLsdb::Entry* entry = LinkState().Database(m_interface, key.type).At(number, key);
        // Two instances of it may have come meanwhile.
        const bool isTaken = !entries.empty() && entries.back() == entry;
        if (entry != nullptr && !isTaken && TakeToFlood(*entry))
        {
            entries.push_back(entry);
        }
    }
    m_flooded.clear();
    SendUpdates(FloodTo(), entries, now);
}

bool
OspfFlooding::TakeToFlood(const OspfLsdb::Entry& entry)
{
    const OspfLsaType type = entry.lsa->header.key.type;
    bool isWaitedFor = m_interface.Config().networkType != OspfNetworkType::POINT_TO_POINT;
    for (const auto& neighbor : m_interface.NeighborList())
    {
        if (OspfAdjacency* adjacency = neighbor->Adjacency())
        {
            OspfRetransmissions& list = adjacency->Retransmissions(type);
            isWaitedFor = isWaitedFor || list.IsWaiting(entry);
            list.MarkSent(entry);
        }
    }
    return isWaitedFor;
}

void
OspfFlooding::ForgetRetransmissions(OspfLsdb::Entry& entry)
{
    for (const auto& neighbor : m_interface.NeighborList())
    {
        if (OspfAdjacency* adjacency = neighbor->Adjacency())
        {
            adjacency->ForgetRetransmission(entry);
        }
    }
}

void
OspfFlooding::RequestsChanged(Time now)
{
    for (const auto& neighbor : m_interface.NeighborList())
    {
        OspfAdjacency* adjacency = neighbor->Adjacency();
        if (adjacency != nullptr && adjacency->requestsChanged)
        {
            neighbor->RequestsChanged(now);
        }
    }
}

void
OspfFlooding::AcknowledgeLater(const OspfLsaHeader& header, Time now)
{
    m_acknowledgments.push_back(header);
    m_interface.NeedAt(OspfInterface::Need::ACKNOWLEDGE, now + m_interface.Config().ackDelay);
}

void
OspfFlooding::SendAcknowledgments(Time now)
{
    SendAcknowledgments(FloodTo(), m_acknowledgments, now);
    // A storm's are hundreds, on each interface: their room is given back.
    m_acknowledgments = std::vector<OspfLsaHeader>();
}

void
OspfFlooding::SendAcknowledgments(IpAddress destination,
                                  const std::vector<OspfLsaHeader>& headers,
                                  Time now)
{
    const size_t room = (m_interface.PayloadMax() - OSPF_HEADER_SIZE) / OSPF_LSA_HEADER_SIZE;
    for (size_t begin = 0; begin < headers.size(); begin += room)
    {
        const size_t end = std::min(begin + room, headers.size());
        m_interface.Send(OspfPacketType::LINK_STATE_ACKNOWLEDGMENT,
                         destination,
                         now,
                         [&headers, begin, end](OspfPacketWriter& writer) {
                             for (size_t i = begin; i < end; ++i)
                             {
                                 writer.Add(headers[i]);
                             }
                         });
    }
}

// ---- receiving

void
OspfFlooding::Receive(const OspfPacketView& view, OspfNeighbor& neighbor, Time now)
{
    DecodeError error;
    switch (view.header.type)
    {
    case OspfPacketType::DATABASE_DESCRIPTION:
        error = DecodeOspfDatabaseDescription(view.body, m_context.description);
        if (error.reason == DropReason::NONE)
        {
            neighbor.ReceiveDescription(m_context.description, now);
        }
        break;
    case OspfPacketType::LINK_STATE_REQUEST:
        error = DecodeOspfRequest(view.body, m_context.requested);
        if (error.reason == DropReason::NONE)
        {
            neighbor.ReceiveRequest(m_context.requested, now);
        }
        break;
    case OspfPacketType::LINK_STATE_UPDATE:
        error = DecodeOspfUpdate(view.body, m_context.lsas);
        if (error.reason == DropReason::NONE)
        {
            ReceiveUpdate(neighbor, now);
        }
        break;
    case OspfPacketType::LINK_STATE_ACKNOWLEDGMENT:
        error = DecodeOspfAcknowledgment(view.body, m_context.headers);
        if (error.reason == DropReason::NONE)
        {
            neighbor.ReceiveAcknowledgment(m_context.headers, now);
        }
        break;
    default:
        error.reason = DropReason::BAD_TYPE;
        error.value = static_cast<uint32_t>(view.header.type);
    }
    if (error.reason != DropReason::NONE)
    {
        m_interface.Reject(error.reason, error.value, neighbor.Address());
    }
}

void
OspfFlooding::ReceiveUpdate(OspfNeighbor& neighbor, Time now)
{
    m_directAcknowledgments.clear();
    for (const ByteView octets : m_context.lsas)
    {
        // "If the neighbor is in a lesser state than Exchange, the packet should be dropped": an
        // error in the middle of it may have thrown it back.
        if (neighbor.State() < OspfNeighborState::EXCHANGE)
        {
            m_interface.Reject(DropReason::UNEXPECTED_EVENT,
                               static_cast<uint64_t>(neighbor.State()),
                               neighbor.Address());
            break;
        }
        ReceiveLsa(octets, neighbor, now);
    }
    if (!m_directAcknowledgments.empty())
    {
        SendAcknowledgments(m_interface.UnicastTo(neighbor), m_directAcknowledgments, now);
    }
    LinkState().RequestsChanged(now);
}

void
OspfFlooding::ReceiveLsa(ByteView octets, OspfNeighbor& neighbor, Time now)
{
    ByteReader reader(octets);
    OspfLsaHeader header = DecodeOspfLsaHeader(reader);
    header.age = std::min(header.age, OSPF_MAX_AGE);
    // Section 13 (2), (3): unknown types, and AS-external-LSAs in stub areas.
    if (!m_interface.IsTypeKnown(header.key.type))
    {
        return m_interface.Reject(DropReason::BAD_LSA_TYPE,
                                  static_cast<uint64_t>(header.key.type),
                                  neighbor.Address());
    }
    OspfLsdb::Entry* held = LinkState().Database(m_interface, header.key.type).Find(header.key);
    // (1) The checksum; what is, but for the age, octet by octet what we hold has a right one.
    const bool isKnown = held != nullptr && IsSameButForAge(*held->lsa, octets);
    OspfLsaPtr lsa;
    if (!isKnown)
    {
        const auto decoded = LinkState().Decode(octets);
        if (const auto* error = std::get_if<DecodeError>(&decoded))
        {
            return m_interface.Reject(error->reason, error->value, neighbor.Address());
        }
        lsa = std::get<OspfLsaPtr>(decoded);
    }
    // (4) "If the LSA's LS age is equal to MaxAge, and there is currently no instance of the LSA in
    // the database, and none of router's neighbors are in states Exchange or Loading".
    if (header.age >= OSPF_MAX_AGE && held == nullptr && !LinkState().IsExchanging())
    {
        m_directAcknowledgments.push_back(header);
        return;
    }
    const int order = held == nullptr ? 1 : CompareOspfLsas(header, held->Header(now));
    if (order > 0)
    {
        return ReceiveNewer(isKnown ? held->lsa : std::move(lsa), header, held, neighbor, now);
    }
    // (6) "If there is an instance of the LSA on the sending neighbor's Link state request list, an
    // error has occurred in the Database Exchange process."
    if (neighbor.Adjacency()->requests.count(header.key) != 0)
    {
        m_interface.Reject(DropReason::BAD_REQUEST, header.key.linkStateId, neighbor.Address());
        neighbor.Handle(OspfNeighborEvent::BAD_LS_REQ, now);
        return;
    }
    if (order == 0)
    {
        return ReceiveSame(header, *held, neighbor, now);
    }
    ReceiveOlder(*held, neighbor, now);
}

void
OspfFlooding::ReceiveNewer(OspfLsaPtr lsa,
                           const OspfLsaHeader& header,
                           OspfLsdb::Entry* held,
                           OspfNeighbor& neighbor,
                           Time now)
{
    OspfLinkState& linkState = LinkState();
    // (5a) "If there is already a database copy, and if the database copy was received via flooding
    // and installed less than MinLSArrival seconds ago, discard the new LSA (without acknowledging
    // it)."
    if (held != nullptr && held->byFlooding &&
        now - held->installed < linkState.Config().minLsArrival)
    {
        return m_interface.Reject(DropReason::LSA_TOO_SOON,
                                  header.key.linkStateId,
                                  neighbor.Address());
    }
    if (held == nullptr && !linkState.HasRoom(m_interface, header.key.type))
    {
        return m_interface.Reject(DropReason::TOO_MANY, header.key.linkStateId, neighbor.Address());
    }
    // (5b) to (5d); (5e) acknowledge by table 19 of section 13.5; (5f) is it one of ours?
    // What was asked for came by the exchange of databases and not by flooding.
    const bool isAsked = neighbor.Adjacency()->requests.count(header.key) != 0;
    const OspfArrival arrival{&m_interface, &neighbor, !isAsked};
    const bool isFloodedBack = linkState.Receive(held, std::move(lsa), header.age, arrival, now);
    if (!isFloodedBack && (m_interface.State() != S::BACKUP || IsDesignatedRouter(neighbor)))
    {
        AcknowledgeLater(header, now);
    }
    linkState.CheckSelfOriginated(m_interface, header.key, now);
}

void
OspfFlooding::ReceiveSame(const OspfLsaHeader& header,
                          OspfLsdb::Entry& held,
                          OspfNeighbor& neighbor,
                          Time now)
{
    OspfAdjacency& adjacency = *neighbor.Adjacency();
    const bool isWaiting = adjacency.Retransmissions(header.key.type).IsWaiting(held);
    // (7a) "If the LSA is listed in the Link state retransmission list for the receiving adjacency,
    // the router itself is expecting an acknowledgment for this LSA": an implied one.
    if (adjacency.ForgetRetransmission(held))
    {
        // What still waits to be flooded is of no use to a neighbour that has it. But for it to
        // know that so have we, what does not go out must be acknowledged, as it would be had the
        // neighbour's come first (table 19: "more recent", not flooded back).
        const bool isSaved =
            isWaiting && m_interface.Config().networkType == OspfNetworkType::POINT_TO_POINT;
        if (isSaved || (m_interface.State() == S::BACKUP && IsDesignatedRouter(neighbor)))
        {
            AcknowledgeLater(header, now);
        }
        return;
    }
    m_directAcknowledgments.push_back(header);
}

void
OspfFlooding::ReceiveOlder(OspfLsdb::Entry& held, OspfNeighbor& neighbor, Time now)
{
    // (8) "If the database copy has LS age equal to MaxAge and LS sequence number equal to
    // MaxSequenceNumber, simply discard the received LSA. Otherwise, as long as the database copy
    // has not been sent in a Link State Update within the last MinLSArrival seconds, send the
    // database copy back to the sending neighbor."
    const OspfLsaHeader header = held.Header(now);
    if ((header.age >= OSPF_MAX_AGE && header.sequence == OSPF_MAX_SEQUENCE) ||
        now - held.sent < LinkState().Config().minLsArrival)
    {
        return;
    }
    SendUpdates(m_interface.UnicastTo(neighbor), {&held}, now);
}

} // namespace karp
} // namespace ns3
