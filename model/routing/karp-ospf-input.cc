/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-interface.h"

/**
 * \file
 * \ingroup karp
 * What every packet goes through, whatever its type (RFC 2328 section 8.2), in this order: lengths
 * and structure, where it came from, authenticity, state. Nothing is stored before the packet has
 * proved authentic.
 */

namespace ns3
{
namespace karp
{

void
OspfInterface::Reject(DropReason reason, uint64_t value, IpAddress peer)
{
    m_context.Reject(m_config.index, reason, value, peer);
}

void
OspfInterface::Receive(IpAddress source, IpAddress destination, ByteView packet, Time now)
{
    if (m_state == OspfInterfaceState::DOWN || m_state == OspfInterfaceState::LOOPBACK ||
        m_config.networkType == OspfNetworkType::STUB)
    {
        return Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(m_state), source);
    }

    // IP, second step: "the IP destination address ... must be the IP address of the receiving
    // interface, or one of the IP multicast addresses AllSPFRouters or AllDRouters". The latter
    // "should only be accepted if the state of the receiving interface is DR or Backup".
    const bool isDesignated =
        m_state == OspfInterfaceState::DR || m_state == OspfInterfaceState::BACKUP;
    if (destination != ALL_SPF_ROUTERS && destination != m_config.address &&
        !(destination == ALL_D_ROUTERS && isDesignated))
    {
        return Reject(DropReason::OTHER_GROUP, destination.value, source);
    }

    // IP, fourth step: "make sure this is not a multicast packet that the router itself generated".
    if (source == m_config.address)
    {
        return Reject(DropReason::OWN_MESSAGE, 0, source);
    }

    // OSPF, first step: the header, its version and the lengths.
    const auto decoded = DecodeOspfPacket(packet);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        return Reject(error->reason, error->value, source);
    }
    const auto& view = std::get<OspfPacketView>(decoded);
    if (!CheckHeader(view, source))
    {
        return;
    }

    // OSPF, steps on AuType and authentication. Who the sender is decides which sequence number to
    // compare with.
    const uint32_t sender = Identify(view.header.routerId, source);
    OspfNeighbor* neighbor = Find(sender);
    const auto verdict = m_authenticator.Verify(view, source, sender, now);
    if (verdict.reason != DropReason::NONE)
    {
        return Reject(verdict.reason, verdict.value, source);
    }
    if (neighbor != nullptr)
    {
        // D.5.3: "the 'cryptographic sequence number' in the neighbor's data structure is set".
        m_authenticator.NoteVerified();
    }

    // Somebody has our name, and a key: or sends our own words back to us from another address.
    if (view.header.routerId == m_context.routerId)
    {
        return Reject(DropReason::DUPLICATE_ROUTER_ID, view.header.routerId, source);
    }

    if (view.header.type == OspfPacketType::HELLO)
    {
        return ReceiveHello(view, source, neighbor, now);
    }
    // "All other packet types are sent/received only on adjacencies."
    if (LinkState() != nullptr && neighbor != nullptr)
    {
        return m_flooding.Receive(view, *neighbor, now);
    }
    Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(view.header.type), source);
}

bool
OspfInterface::CheckHeader(const OspfPacketView& view, IpAddress source)
{
    // "The Area ID found in the OSPF header must be verified": that of the interface, since there
    // are no virtual links.
    if (view.header.areaId != m_config.areaId)
    {
        Reject(DropReason::AREA_MISMATCH, view.header.areaId, source);
        return false;
    }
    // "The packet's IP source address is required to be on the same network as the receiving
    // interface", and is that of one router. "This check should not be performed on point-to-point
    // networks", whose ends have their addresses independently of each other.
    const bool isElsewhere = m_config.networkType != OspfNetworkType::POINT_TO_POINT &&
                             ((source.value ^ m_config.address.value) & m_config.networkMask) != 0;
    if (isElsewhere || source.value == 0 || source.IsMulticast())
    {
        Reject(DropReason::BAD_SUBNET, source.value, source);
        return false;
    }
    // C.1: a Router ID identifies a router; 0.0.0.0 identifies none.
    if (view.header.routerId == 0)
    {
        Reject(DropReason::BAD_VALUE, 0, source);
        return false;
    }
    return true;
}

} // namespace karp
} // namespace ns3
