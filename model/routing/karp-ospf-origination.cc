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
 * What a router says of itself and its networks (RFC 2328 section 12.4), and how often.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return a stub link to the network of \p config, as far as \p mask goes (section 12.4.1) */
OspfRouterLink
StubLink(const OspfInterfaceConfig& config, uint32_t mask, uint16_t cost)
{
    return {config.address.value & mask, mask, OspfLinkType::STUB, cost};
}

/** Add the links of a point-to-point interface (section 12.4.1.1). */
void
DescribePointToPoint(const OspfInterface& interface, OspfRouterLsa& lsa)
{
    const OspfInterfaceConfig& config = interface.Config();
    for (const uint32_t neighbor : interface.FullNeighbors())
    {
        lsa.links.push_back(
            {neighbor, config.address.value, OspfLinkType::POINT_TO_POINT, config.cost});
    }
    // "If a subnet has been assigned to the point-to-point link": option 2, the whole subnet,
    // whether or not there is a neighbour.
    lsa.links.push_back(StubLink(config, config.networkMask, config.cost));
}

/** Add the link of a broadcast interface (section 12.4.1.2). */
void
DescribeBroadcast(const OspfInterface& interface, OspfRouterLsa& lsa)
{
    const OspfInterfaceConfig& config = interface.Config();
    const bool isTransit = interface.State() == OspfInterfaceState::DR
                               ? !interface.FullNeighbors().empty()
                               : interface.State() >= OspfInterfaceState::DR_OTHER &&
                                     interface.IsFullWithDesignatedRouter();
    if (isTransit)
    {
        lsa.links.push_back({interface.DesignatedRouter().value,
                             config.address.value,
                             OspfLinkType::TRANSIT,
                             config.cost});
        return;
    }
    lsa.links.push_back(StubLink(config, config.networkMask, config.cost));
}

} // namespace

OspfRouterLsa
OspfLinkState::DescribeRouter(const OspfArea& area) const
{
    OspfRouterLsa lsa;
    lsa.flags = static_cast<uint8_t>(
        (IsAreaBorder() ? OSPF_ROUTER_FLAG_B : 0) |
        (m_externalRoutes.empty() || area.config.isStub ? 0 : OSPF_ROUTER_FLAG_E));
    for (const OspfInterface* interface : area.interfaces)
    {
        const OspfInterfaceConfig& config = interface->Config();
        switch (interface->State())
        {
        case OspfInterfaceState::DOWN:
            break;
        case OspfInterfaceState::LOOPBACK:
            lsa.links.push_back(StubLink(config, 0xffffffff, 0));
            break;
        case OspfInterfaceState::POINT_TO_POINT:
            DescribePointToPoint(*interface, lsa);
            break;
        default:
            DescribeBroadcast(*interface, lsa);
        }
    }
    return lsa;
}

void
OspfLinkState::RouterLsaChanged(OspfArea& area, Time now, Time delay)
{
    area.routerLsaDue = Earlier(area.routerLsaDue, now + delay);
    Need(Timer::ORIGINATE, *area.routerLsaDue);
}

void
OspfLinkState::UpdateNetworkLsa(OspfInterface& interface, Time now, Time delay)
{
    OspfArea& area = interface.Area();
    const OspfLsaKey key{OspfLsaType::NETWORK,
                         interface.Config().address.value,
                         m_context.routerId};
    OspfNetworkLsa lsa;
    if (interface.State() == OspfInterfaceState::DR)
    {
        lsa.routers = interface.FullNeighbors();
    }
    // 12.4.2: "The network-LSA is originated by the network's Designated Router ... only if it is
    // fully adjacent to at least one other router attached to the network."
    if (lsa.routers.empty())
    {
        if (area.own.count(key) != 0)
        {
            Unwant(area, key, now);
        }
        return;
    }
    lsa.networkMask = interface.Config().networkMask;
    lsa.routers.insert(std::lower_bound(lsa.routers.begin(), lsa.routers.end(), m_context.routerId),
                       m_context.routerId);
    Want(area, key, std::move(lsa), now, delay);
}

void
OspfLinkState::Want(OspfArea& area, const OspfLsaKey& key, OspfLsaBody body, Time now, Time delay)
{
    OspfOwnLsa& own = area.own[key];
    own.body = std::move(body);
    own.options = area.config.isStub ? 0 : OSPF_OPTION_E;
    own.isWanted = true;
    // Bad news does not wait for good news.
    own.notBefore = own.isDue ? std::min(own.notBefore, now + delay) : now + delay;
    own.isDue = true;
    Need(Timer::ORIGINATE, std::max(own.notBefore, own.originated + m_config.minLsInterval));
}

void
OspfLinkState::Unwant(OspfArea& area, const OspfLsaKey& key, Time now)
{
    const auto own = area.own.find(key);
    if (own == area.own.end() || !own->second.isWanted)
    {
        return;
    }
    own->second.isWanted = false;
    own->second.isDue = false;
    if (area.lsdb.Find(key) == nullptr)
    {
        // Nobody has heard of it; but the time of the last instance still counts, should it be
        // wanted again within MinLSInterval.
        return;
    }
    Flush(area, key, now);
}

void
OspfLinkState::OriginateDue(OspfArea& area, Time now)
{
    if (area.routerLsaDue && *area.routerLsaDue > now)
    {
        Need(Timer::ORIGINATE, *area.routerLsaDue);
    }
    else if (area.routerLsaDue)
    {
        area.routerLsaDue.reset();
        const OspfLsaKey key{OspfLsaType::ROUTER, m_context.routerId, m_context.routerId};
        Want(area, key, DescribeRouter(area), now, Time(0));
    }
    for (auto& [key, own] : area.own)
    {
        if (!own.isDue || !own.isWanted)
        {
            continue;
        }
        // 12.4: "two instances of an LSA may not be originated within the time period
        // MinLSInterval".
        const Time at = std::max(own.notBefore, own.originated + m_config.minLsInterval);
        if (at > now)
        {
            Need(Timer::ORIGINATE, at);
            continue;
        }
        // 12.4: nothing is said anew if there is nothing new in it.
        const OspfLsdb::Entry* entry = area.lsdb.Find(key);
        if (entry != nullptr && entry->Age(now) < OSPF_MAX_AGE)
        {
            OspfLsaHeader header = entry->lsa->header;
            header.options = own.options;
            const OspfLsaPtr same = MakeOspfLsa(header, own.body);
            if (same != nullptr && same->octets == entry->lsa->octets)
            {
                own.isDue = false;
                continue;
            }
        }
        Originate(area, key, own, now);
    }
}

void
OspfLinkState::Originate(OspfArea& area, const OspfLsaKey& key, OspfOwnLsa& own, Time now)
{
    OspfLsaHeader header;
    header.key = key;
    header.options = own.options;
    OspfLsdb::Entry* entry = area.lsdb.Find(key);
    if (entry != nullptr)
    {
        if (entry->lsa->header.sequence == OSPF_MAX_SEQUENCE)
        {
            // 12.1.6: it is flushed first, and begins anew once it is gone.
            own.isDue = true;
            Flush(area, key, now);
            return;
        }
        header.sequence = entry->lsa->header.sequence + 1;
    }
    OspfLsaPtr lsa = MakeOspfLsa(header, own.body);
    own.isDue = false;
    if (lsa == nullptr)
    {
        // More links than an LSA holds: what there was last stays.
        m_context.Reject(0, DropReason::TOO_MANY, key.linkStateId, {});
        return;
    }
    own.originated = now;
    m_pool->Add(lsa);
    Install(area, entry, std::move(lsa), 0, {}, now);
}

} // namespace karp
} // namespace ns3
