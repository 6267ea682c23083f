/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-interface.h"
#include "karp-ospf-link-state.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * What link state asks of an interface: how packets are made, with whom there are adjacencies
 * (RFC 2328 section 10.4), where packets go (section 8.1).
 */

namespace ns3
{
namespace karp
{

namespace
{

using S = OspfInterfaceState;

} // namespace

OspfLinkState*
OspfInterface::LinkState() const
{
    return m_context.linkState;
}

OspfFlooding&
OspfInterface::Flooding()
{
    return m_flooding;
}

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
    const size_t trailer = m_config.authType == OspfAuthType::NONE ? 0 : MAX_OSPF_TRAILER_SIZE;
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
OspfInterface::NeedAt(Need what, Time at)
{
    const Timer timer = what == Need::FLOOD         ? Timer::FLOOD
                        : what == Need::ACKNOWLEDGE ? Timer::ACK
                                                    : Timer::RETRANSMIT;
    if (at != TIME_MAX && (!m_timers.IsSet(timer) || at < *m_timers.At(timer)))
    {
        SetTimer(timer, at);
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
    const OspfNeighbor* designated = Find(m_designatedRouter.value); // a broadcast network
    return designated != nullptr && designated->State() == OspfNeighborState::FULL;
}

} // namespace karp
} // namespace ns3
