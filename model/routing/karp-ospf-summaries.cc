/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-interface.h"
#include "karp-ospf-link-state.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * What a boundary router tells: of other areas (RFC 2328 section 12.4.3), and of what lies outside
 * the AS (section 12.4.4).
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A network, to be told of under some Link State ID: its number, then its mask. */
using Network = std::pair<uint32_t, uint32_t>;

/**
 * Appendix E: several networks may have one number and different masks; Link State IDs may have any
 * of the bits that the mask does not cover set. The network with the longest mask keeps its number,
 * which a host route must; all others of the same number have all of their host bits set.
 *
 * \param networks numbers and masks, in order
 * \return their Link State IDs, in the same order
 */
std::vector<uint32_t>
LinkStateIds(const std::vector<Network>& networks)
{
    std::vector<uint32_t> ids(networks.size());
    for (size_t i = 0; i < networks.size(); ++i)
    {
        const auto& [number, mask] = networks[i];
        const bool isLongest = i + 1 == networks.size() || networks[i + 1].first != number;
        ids[i] = isLongest ? number : number | ~mask;
    }
    return ids;
}

/** \return the range of \p config that \p route lies in, or nullptr */
const OspfAreaConfig::Range*
RangeOf(const OspfAreaConfig& config, const OspfRoute& route)
{
    const OspfAreaConfig::Range* best = nullptr;
    for (const auto& range : config.ranges)
    {
        const bool isInside = ((route.destination ^ range.address.value) & range.mask) == 0 &&
                              (route.Mask() & range.mask) == range.mask;
        if (isInside && (best == nullptr || range.mask > best->mask))
        {
            best = &range;
        }
    }
    return best;
}

} // namespace

bool
OspfLinkState::IsAreaBorder() const
{
    // Section 3.3: "Area border routers: a router that attaches to multiple areas."
    size_t active = 0;
    for (const auto& [id, area] : m_areas)
    {
        active += std::any_of(area->interfaces.begin(),
                              area->interfaces.end(),
                              [](const OspfInterface* interface) {
                                  return interface->State() != OspfInterfaceState::DOWN;
                              })
                      ? 1
                      : 0;
    }
    return active > 1;
}

bool
OspfLinkState::IsToldIn(const OspfArea& area, const OspfRoute& route) const
{
    // Intra-area routes go into all other areas, inter-area routes from the backbone into others.
    const bool isIntra = route.pathType == OspfPathType::INTRA_AREA;
    const bool isInter = route.pathType == OspfPathType::INTER_AREA;
    // "If the next hops associated with this set of paths belong to Area A itself, do not generate
    // a summary-LSA": the logical equivalent of split horizon. Without virtual links they belong to
    // the area of the route.
    return !route.isDiscard && route.area != area.config.areaId &&
           (isIntra || (isInter && area.config.areaId != 0));
}

void
OspfLinkState::SummariseNetworks(const OspfArea& area, Summaries& summaries) const
{
    std::map<Network, uint32_t> costs;
    const bool isAll = !area.config.isStub || area.config.importSummaries;
    for (const OspfRoute& route : m_calculator.Table().Networks())
    {
        if (!isAll || !IsToldIn(area, route))
        {
            continue;
        }
        Network network{route.destination, route.Mask()};
        const auto from = m_areas.find(route.area);
        const auto* range = from != m_areas.end() && route.pathType == OspfPathType::INTRA_AREA
                                ? RangeOf(from->second->config, route)
                                : nullptr;
        if (range != nullptr)
        {
            // "The range's cost is the maximum of the costs of the component networks."
            if (!range->advertise)
            {
                continue;
            }
            network = {range->address.value & range->mask, range->mask};
        }
        uint32_t& cost = costs[network];
        cost = std::max(cost, route.cost);
    }
    if (area.config.isStub)
    {
        // "If area A is a stub area, a default summary-LSA is imported into it."
        costs[{0, 0}] = area.config.stubDefaultCost;
    }
    std::vector<Network> networks;
    for (const auto& [network, cost] : costs)
    {
        networks.push_back(network);
    }
    const std::vector<uint32_t> ids = LinkStateIds(networks);
    for (size_t i = 0; i < networks.size(); ++i)
    {
        summaries[{OspfLsaType::SUMMARY_NETWORK, ids[i], m_context.routerId}] = {
            networks[i].second,
            costs[networks[i]]};
    }
}

void
OspfLinkState::SummariseRouters(const OspfArea& area, Summaries& summaries) const
{
    // "Only the preferred path is told" of a router that is reached through several areas.
    std::map<uint32_t, const OspfRoute*> routers;
    for (const OspfRoute& route : m_calculator.Table().Routers())
    {
        if ((route.flags & OSPF_ROUTER_FLAG_E) == 0)
        {
            continue;
        }
        const OspfRoute*& best = routers[route.destination];
        if (best == nullptr ||
            std::tie(route.pathType, route.cost) < std::tie(best->pathType, best->cost))
        {
            best = &route;
        }
    }
    for (const auto& [router, route] : routers)
    {
        if (IsToldIn(area, *route))
        {
            summaries[{OspfLsaType::SUMMARY_ASBR, router, m_context.routerId}] = {0, route->cost};
        }
    }
}

OspfLinkState::Summaries
OspfLinkState::SummariesFor(const OspfArea& area) const
{
    Summaries summaries;
    SummariseNetworks(area, summaries);
    if (!area.config.isStub)
    {
        SummariseRouters(area, summaries);
    }
    return summaries;
}

void
OspfLinkState::UpdateSummaries(Time now)
{
    const bool isBorder = IsAreaBorder();
    for (const auto& [id, area] : m_areas)
    {
        Summaries summaries;
        if (isBorder)
        {
            summaries = SummariesFor(*area);
        }
        std::vector<OspfLsaKey> gone;
        for (const auto& [key, own] : area->own)
        {
            const bool isSummary =
                key.type == OspfLsaType::SUMMARY_NETWORK || key.type == OspfLsaType::SUMMARY_ASBR;
            if (isSummary && own.isWanted && summaries.count(key) == 0)
            {
                gone.push_back(key);
            }
        }
        for (const OspfLsaKey& key : gone)
        {
            Unwant(*area, key, now);
        }
        for (const auto& [key, summary] : summaries)
        {
            Want(*area, key, summary, now, m_config.lsaDelay);
        }
    }
}

void
OspfLinkState::AddExternal(const OspfExternalRoute& route, Time now)
{
    m_externalRoutes[{route.address.value & route.mask, route.mask}] = route;
    UpdateExternals(now);
}

void
OspfLinkState::RemoveExternal(IpAddress address, uint32_t mask, Time now)
{
    m_externalRoutes.erase({address.value & mask, mask});
    UpdateExternals(now);
}

void
OspfLinkState::UpdateExternals(Time now)
{
    std::vector<Network> networks;
    for (const auto& [network, route] : m_externalRoutes)
    {
        networks.push_back(network);
    }
    const std::vector<uint32_t> ids = LinkStateIds(networks);
    std::set<OspfLsaKey> wanted;
    for (size_t i = 0; i < networks.size(); ++i)
    {
        const OspfLsaKey key{OspfLsaType::AS_EXTERNAL, ids[i], m_context.routerId};
        const OspfExternalRoute& route = m_externalRoutes[networks[i]];
        wanted.insert(key);
        Want(m_as,
             key,
             OspfExternalLsa{route.mask,
                             route.isType2,
                             std::min(route.metric, OSPF_LS_INFINITY),
                             route.forwardingAddress,
                             route.tag},
             now,
             m_config.lsaDelay);
    }
    std::vector<OspfLsaKey> gone;
    for (const auto& [key, own] : m_as.own)
    {
        if (own.isWanted && wanted.count(key) == 0)
        {
            gone.push_back(key);
        }
    }
    for (const OspfLsaKey& key : gone)
    {
        Unwant(m_as, key, now);
    }
    for (const auto& [id, area] : m_areas)
    {
        RouterLsaChanged(*area, now, m_config.lsaDelay); // bit E
    }
}

} // namespace karp
} // namespace ns3
