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

constexpr size_t IP_HEADER_SIZE = 20;                      //!< octets, without options
constexpr size_t TRAILER_MAX = 64 + OSPF_SEQUENCE_64_SIZE; //!< octets of the longest digest

using S = OspfInterfaceState;

} // namespace

bool
OspfInterface::PrepareHeader(OspfPacketType type, OspfHeader& header, Time now)
{
    header.type = type;
    header.routerId = m_context.routerId;
    header.areaId = m_config.areaId;
    const auto verdict = m_authenticator.PrepareSend(header, now);
    if (verdict.reason != DropReason::NONE)
    {
        Reject(verdict.reason, verdict.value, m_config.address);
        return false;
    }
    return true;
}

void
OspfInterface::FinishPacket(const OspfHeader& header, Bytes& packet)
{
    m_authenticator.FinishSend(header, packet);
}

size_t
OspfInterface::PayloadMax() const
{
    const size_t trailer = m_config.authType == OspfAuthType::NONE ? 0 : TRAILER_MAX;
    constexpr size_t LEAST = 512; // Whoever has a smaller MTU has packets fragmented.
    return std::max<size_t>(m_config.mtu, LEAST + IP_HEADER_SIZE + trailer) - IP_HEADER_SIZE -
           trailer;
}

IpAddress
OspfInterface::UnicastTo(const OspfNeighbor& neighbor) const
{
    // Section 8.1: "On physical point-to-point networks, the IP destination is always set to the
    // address AllSPFRouters."
    return m_config.networkType == OspfNetworkType::POINT_TO_POINT ? ALL_SPF_ROUTERS
                                                                   : neighbor.Address();
}

IpAddress
OspfInterface::FloodTo() const
{
    // Section 13.3 (5): "If the interface state is DR or Backup, AllSPFRouters; otherwise
    // AllDRouters"; 13.5 has the same for acknowledgments.
    return m_state == S::DR_OTHER ? ALL_D_ROUTERS : ALL_SPF_ROUTERS;
}

uint8_t
OspfInterface::Options() const
{
    return m_area != nullptr && m_area->config.isStub ? 0 : OSPF_OPTION_E;
}

bool
OspfInterface::IsTypeKnown(OspfLsaType type) const
{
    if (type == OspfLsaType::AS_EXTERNAL)
    {
        return !m_area->config.isStub;
    }
    return type >= OspfLsaType::ROUTER && type <= OspfLsaType::SUMMARY_ASBR;
}

bool
OspfInterface::ShouldBeAdjacent(const OspfNeighbor& neighbor) const
{
    if (LinkState() == nullptr)
    {
        return false;
    }
    // Section 10.4: point-to-point; or one of the two is (Backup) Designated Router.
    return m_config.networkType == OspfNetworkType::POINT_TO_POINT || m_state == S::DR ||
           m_state == S::BACKUP || neighbor.Address() == m_designatedRouter ||
           neighbor.Address() == m_backupDesignatedRouter;
}

void
OspfInterface::NeighborChanged(OspfNeighborState from, OspfNeighborState to, Time now)
{
    if (LinkState() != nullptr)
    {
        LinkState()->NeighborChanged(*this, from, to, now);
    }
}

void
OspfInterface::NeedRetransmission(Time at)
{
    if (at != TIME_MAX &&
        (!m_timers.IsSet(Timer::RETRANSMIT) || at < *m_timers.At(Timer::RETRANSMIT)))
    {
        SetTimer(Timer::RETRANSMIT, at);
    }
}

std::vector<uint32_t>
OspfInterface::FullNeighbors() const
{
    std::vector<uint32_t> full;
    for (const auto& neighbor : m_neighbors)
    {
        if (neighbor->State() == OspfNeighborState::FULL)
        {
            full.push_back(neighbor->GetFields().routerId);
        }
    }
    std::sort(full.begin(), full.end());
    return full;
}

bool
OspfInterface::IsFullWithDesignatedRouter() const
{
    const OspfNeighbor* designated = Find(m_designatedRouter);
    return designated != nullptr && designated->State() == OspfNeighborState::FULL;
}

// ---- sending

void
OspfInterface::SendUpdates(IpAddress destination,
                           const std::vector<OspfLsdb::Entry*>& entries,
                           Time now)
{
    const size_t room = PayloadMax();
    size_t next = 0;
    while (next < entries.size())
    {
        const bool isSent =
            Send(OspfPacketType::LINK_STATE_UPDATE,
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
                                    static_cast<uint16_t>(
                                        std::min<int>(entry.Age(now) + m_config.transmitDelay,
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
OspfInterface::FloodOut(OspfLsdb::Entry& entry, const OspfNeighbor* from, bool isHere, Time now)
{
    const OspfLsaKey& key = entry.lsa->header.key;
    bool isListed = false;
    for (const auto& neighbor : m_neighbors)
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
        adjacency->AddRetransmission(entry, now + m_config.rxmtInterval);
        NeedRetransmission(adjacency->retransmitDue);
        isListed = true;
    }
    // (2) nobody waits for it; (3) it came by here from the (Backup) Designated Router, so that all
    // others have it; (4) it came by here and we are Backup, so that the Designated Router floods.
    if (!isListed)
    {
        return false;
    }
    if (isHere && m_config.networkType == OspfNetworkType::BROADCAST &&
        (m_state == S::BACKUP ||
         (from != nullptr &&
          (from->Address() == m_designatedRouter || from->Address() == m_backupDesignatedRouter))))
    {
        return false;
    }
    // (5) It goes out: at once if the interface was quiet, or else with what else gathers.
    m_flooded.push_back(key);
    if (!m_timers.IsSet(Timer::FLOOD))
    {
        SetTimer(Timer::FLOOD, std::max(now, m_lastFlood + m_config.floodPacing));
    }
    return true;
}

void
OspfInterface::SendFlooded(Time now)
{
    m_lastFlood = now;
    std::sort(m_flooded.begin(), m_flooded.end());
    m_flooded.erase(std::unique(m_flooded.begin(), m_flooded.end()), m_flooded.end());
    std::vector<OspfLsdb::Entry*> entries;
    entries.reserve(m_flooded.size());
    for (const OspfLsaKey& key : m_flooded)
    {
        if (OspfLsdb::Entry* entry = LinkState()->Database(*this, key.type).Find(key))
        {
            entries.push_back(entry);
        }
    }
    m_flooded.clear();
    SendUpdates(FloodTo(), entries, now);
}

void
OspfInterface::ForgetRetransmissions(const OspfLsaKey& key)
{
    for (const auto& neighbor : m_neighbors)
    {
        if (OspfAdjacency* adjacency = neighbor->Adjacency())
        {
            adjacency->ForgetRetransmission(key);
        }
    }
}

void
OspfInterface::RequestsChanged(Time now)
{
    for (const auto& neighbor : m_neighbors)
    {
        OspfAdjacency* adjacency = neighbor->Adjacency();
        if (adjacency != nullptr && adjacency->requestsChanged)
        {
            neighbor->RequestsChanged(now);
        }
    }
}

void
OspfInterface::AcknowledgeLater(const OspfLsaHeader& header, Time now)
{
    m_acknowledgments.push_back(header);
    if (!m_timers.IsSet(Timer::ACK))
    {
        SetTimer(Timer::ACK, now + m_config.ackDelay);
    }
}

void
OspfInterface::SendAcknowledgments(Time now)
{
    SendAcknowledgments(FloodTo(), m_acknowledgments, now);
    m_acknowledgments.clear();
}

void
OspfInterface::SendAcknowledgments(IpAddress destination,
                                   const std::vector<OspfLsaHeader>& headers,
                                   Time now)
{
    const size_t room = (PayloadMax() - OSPF_HEADER_SIZE) / OSPF_LSA_HEADER_SIZE;
    for (size_t begin = 0; begin < headers.size(); begin += room)
    {
        const size_t end = std::min(begin + room, headers.size());
        Send(OspfPacketType::LINK_STATE_ACKNOWLEDGMENT,
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
OspfInterface::ReceiveLinkState(const OspfPacketView& view, OspfNeighbor& neighbor, Time now)
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
        Reject(error.reason, error.value, neighbor.Address());
    }
}

void
OspfInterface::ReceiveUpdate(OspfNeighbor& neighbor, Time now)
{
    m_directAcknowledgments.clear();
    for (const ByteView octets : m_context.lsas)
    {
        // "If the neighbor is in a lesser state than Exchange, the packet should be dropped": an
        // error in the middle of it may have thrown it back.
        if (neighbor.State() < OspfNeighborState::EXCHANGE)
        {
            Reject(DropReason::UNEXPECTED_EVENT,
                   static_cast<uint64_t>(neighbor.State()),
                   neighbor.Address());
            break;
        }
        ReceiveLsa(octets, neighbor, now);
    }
    if (!m_directAcknowledgments.empty())
    {
        SendAcknowledgments(UnicastTo(neighbor), m_directAcknowledgments, now);
    }
    LinkState()->RequestsChanged(now);
}

void
OspfInterface::ReceiveLsa(ByteView octets, OspfNeighbor& neighbor, Time now)
{
    ByteReader reader(octets);
    OspfLsaHeader header = DecodeOspfLsaHeader(reader);
    header.age = std::min(header.age, OSPF_MAX_AGE);
    // Section 13 (2), (3): unknown types, and AS-external-LSAs in stub areas.
    if (!IsTypeKnown(header.key.type))
    {
        return Reject(DropReason::BAD_LSA_TYPE,
                      static_cast<uint64_t>(header.key.type),
                      neighbor.Address());
    }
    OspfLsdb::Entry* held = LinkState()->Database(*this, header.key.type).Find(header.key);
    // (1) The checksum; what is, but for the age, octet by octet what we hold has a right one.
    constexpr size_t AGE_SIZE = 2;
    const bool isKnown =
        held != nullptr && held->lsa->octets.size() == octets.size() &&
        std::equal(octets.begin() + AGE_SIZE, octets.end(), held->lsa->octets.begin() + AGE_SIZE);
    OspfLsaPtr lsa;
    if (!isKnown)
    {
        const auto decoded = LinkState()->Decode(octets);
        if (const auto* error = std::get_if<DecodeError>(&decoded))
        {
            return Reject(error->reason, error->value, neighbor.Address());
        }
        lsa = std::get<OspfLsaPtr>(decoded);
    }
    // (4) "If the LSA's LS age is equal to MaxAge, and there is currently no instance of the LSA in
    // the database, and none of router's neighbors are in states Exchange or Loading".
    if (header.age >= OSPF_MAX_AGE && held == nullptr && !LinkState()->IsExchanging())
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
        Reject(DropReason::BAD_REQUEST, header.key.linkStateId, neighbor.Address());
        neighbor.Handle(OspfNeighborEvent::BAD_LS_REQ, now);
        return;
    }
    if (order == 0)
    {
        return ReceiveSame(header, neighbor, now);
    }
    ReceiveOlder(*held, neighbor, now);
}

void
OspfInterface::ReceiveNewer(OspfLsaPtr lsa,
                            const OspfLsaHeader& header,
                            OspfLsdb::Entry* held,
                            OspfNeighbor& neighbor,
                            Time now)
{
    OspfLinkState& linkState = *LinkState();
    // (5a) "If there is already a database copy, and if the database copy was received via flooding
    // and installed less than MinLSArrival seconds ago, discard the new LSA (without acknowledging
    // it)."
    if (held != nullptr && held->byFlooding &&
        now - held->installed < linkState.Config().minLsArrival)
    {
        return Reject(DropReason::LSA_TOO_SOON, header.key.linkStateId, neighbor.Address());
    }
    if (held == nullptr && !linkState.HasRoom(*this, header.key.type))
    {
        return Reject(DropReason::TOO_MANY, header.key.linkStateId, neighbor.Address());
    }
    // (5b) to (5d); (5e) acknowledge by table 19 of section 13.5; (5f) is it one of ours?
    const bool isFloodedBack = linkState.Receive(*this, std::move(lsa), header.age, neighbor, now);
    if (!isFloodedBack && (m_state != S::BACKUP || IsDesignatedRouter(neighbor)))
    {
        AcknowledgeLater(header, now);
    }
    linkState.CheckSelfOriginated(*this, header.key, now);
}

void
OspfInterface::ReceiveSame(const OspfLsaHeader& header, OspfNeighbor& neighbor, Time now)
{
    // (7a) "If the LSA is listed in the Link state retransmission list for the receiving adjacency,
    // the router itself is expecting an acknowledgment for this LSA": an implied one.
    if (neighbor.Adjacency()->ForgetRetransmission(header.key))
    {
        if (m_state == S::BACKUP && IsDesignatedRouter(neighbor))
        {
            AcknowledgeLater(header, now);
        }
        return;
    }
    m_directAcknowledgments.push_back(header);
}

void
OspfInterface::ReceiveOlder(OspfLsdb::Entry& held, OspfNeighbor& neighbor, Time now)
{
    // (8) "If the database copy has LS age equal to MaxAge and LS sequence number equal to
    // MaxSequenceNumber, simply discard the received LSA. Otherwise, as long as the database copy
    // has not been sent in a Link State Update within the last MinLSArrival seconds, send the
    // database copy back to the sending neighbor."
    const OspfLsaHeader header = held.Header(now);
    if ((header.age >= OSPF_MAX_AGE && header.sequence == OSPF_MAX_SEQUENCE) ||
        now - held.sent < LinkState()->Config().minLsArrival)
    {
        return;
    }
    SendUpdates(UnicastTo(neighbor), {&held}, now);
}

} // namespace karp
} // namespace ns3
