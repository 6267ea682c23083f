/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-route-calculator.h"

#include "karp-ospf-route-stages.h"

#include <algorithm>
#include <map>
#include <set>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t DESTINATIONS_MAX = 32;      //!< more of them are calculated by whole stages
constexpr size_t NEXT_HOP_LISTS_SPARE = 256; //!< lists that calculations may leave behind

/** \return the routes of \p routes that are of \p worst or better */
OspfRoutingTable::Routes
UpTo(OspfPathType worst, const OspfRoutingTable::Routes& routes)
{
    OspfRoutingTable::Routes kept;
    kept.reserve(routes.size());
    std::copy_if(routes.begin(),
                 routes.end(),
                 std::back_inserter(kept),
                 [&](const OspfRoute& route) { return route.pathType <= worst; });
    return kept;
}

/** \return the routes of both, in order of \p isLess; of one destination that of \p preferred */
template <typename IsLess>
OspfRoutingTable::Routes
Merge(const OspfRoutingTable::Routes& preferred,
      const OspfRoutingTable::Routes& others,
      IsLess isLess)
{
    OspfRoutingTable::Routes both;
    both.reserve(preferred.size() + others.size());
    std::set_union(preferred.begin(),
                   preferred.end(),
                   others.begin(),
                   others.end(),
                   std::back_inserter(both),
                   isLess);
    return both;
}

bool
IsLesserNetwork(const OspfRoute& a, const OspfRoute& b)
{
    return std::tie(a.destination, a.maskLength) < std::tie(b.destination, b.maskLength);
}

bool
IsLesserRouter(const OspfRoute& a, const OspfRoute& b)
{
    return std::tie(a.destination, a.area) < std::tie(b.destination, b.area);
}

/** \return whether packets go the same way at the same cost */
bool
IsSameWay(const OspfRoute& a, const OspfRoute& b)
{
    return a.pathType == b.pathType && a.area == b.area && a.cost == b.cost &&
           a.nextHops == b.nextHops;
}

bool
IsSameInput(const OspfRouteInput& a, const OspfRouteInput& b)
{
    const auto sameArea = [](const OspfRouteArea& x, const OspfRouteArea& y) {
        return x.area == y.area && x.lsdb == y.lsdb;
    };
    return a.routerId == b.routerId && a.externals == b.externals && a.interfaces == b.interfaces &&
           a.rfc1583Compatibility == b.rfc1583Compatibility && a.pathsMax == b.pathsMax &&
           a.ranges == b.ranges &&
           std::equal(a.areas.begin(), a.areas.end(), b.areas.begin(), b.areas.end(), sameArea);
}

} // namespace

/** The calculation and what it keeps. */
class OspfRouteCalculator::Work
{
  public:
    OspfCalculation Calculate(const OspfRouteInput& input,
                              const std::vector<OspfLsaChange>* changes,
                              Time now)
    {
        m_now = now;
        if (!m_nextHops || m_nextHops->Size() > m_listsMax || !IsSameInput(input, m_input))
        {
            Begin(input);
            CalculateAreas(nullptr);
            CalculateRoutes();
            m_listsMax = 2 * m_nextHops->Size() + NEXT_HOP_LISTS_SPARE;
            return Count(OspfCalculation::PATHS);
        }
        const auto calculated = CalculateAreas(changes);
        if (calculated >= OspfCalculation::LEAVES)
        {
            CalculateRoutes();
            return Count(calculated);
        }
        if (changes == nullptr)
        {
            CalculateInterArea();
            CalculateExternal();
            return Count(OspfCalculation::INTER_AREA);
        }
        return Count(CalculateOutside(*changes));
    }

    const OspfRoutingTable& Table() const
    {
        return m_table;
    }

    const std::array<uint64_t, static_cast<size_t>(OspfCalculation::COUNT)>& Counts() const
    {
        return m_counts;
    }

    size_t MemoryUsed() const
    {
        size_t sum = sizeof(*this) + m_table.MemoryUsed();
        for (const auto& area : m_areas)
        {
            sum += sizeof(*area) + area->graph.MemoryUsed() + area->paths.MemoryUsed();
        }
        return sum;
    }

  private:
    /** Forget all, for another \p input. */
    void Begin(const OspfRouteInput& input)
    {
        m_input = input;
        m_nextHops = std::make_shared<OspfNextHopLists>(
            std::clamp(input.pathsMax, MIN_OSPF_PATHS, MAX_OSPF_PATHS));
        m_areas.clear();
        for (const auto& each : input.areas)
        {
            auto area = std::make_unique<OspfAreaPaths>();
            area->area = each.area;
            area->lsdb = each.lsdb;
            std::copy_if(input.interfaces.begin(),
                         input.interfaces.end(),
                         std::back_inserter(area->interfaces),
                         [&](const auto& interface) { return interface.area == each.area; });
            m_areas.push_back(std::move(area));
        }
        std::sort(m_areas.begin(), m_areas.end(), [](const auto& a, const auto& b) {
            return a->area < b->area;
        });
    }

    /** Section 16.1, first stage, where it is needed; all is looked at without \p changes. */
    OspfCalculation CalculateAreas(const std::vector<OspfLsaChange>* changes)
    {
        auto calculated = OspfCalculation::NOTHING;
        for (auto& area : m_areas)
        {
            auto change = OspfAreaGraph::Change::NOTHING;
            if (changes == nullptr)
            {
                change = area->graph.Update(*area->lsdb, m_now);
            }
            else
            {
                std::vector<OspfLsaKey> keys;
                for (const auto& each : *changes)
                {
                    const OspfLsaPtr& lsa = each.now ? each.now : each.before;
                    if (each.area == area->area && lsa)
                    {
                        keys.push_back(lsa->header.key);
                    }
                }
                change = area->graph.Update(*area->lsdb, keys, m_now);
            }
            if (change == OspfAreaGraph::Change::PATHS)
            {
                area->paths.Calculate(area->graph, m_input.routerId, area->interfaces, *m_nextHops);
                calculated = OspfCalculation::PATHS;
            }
            else if (change == OspfAreaGraph::Change::LEAVES)
            {
                calculated = std::max(calculated, OspfCalculation::LEAVES);
            }
        }
        return calculated;
    }

    /** All that follows from the trees. */
    void CalculateRoutes()
    {
        m_table = OspfIntraAreaRoutes(m_areas, m_nextHops);
        CalculateInterArea();
        CalculateExternal();
    }

    /** Section 16.2. */
    void CalculateInterArea()
    {
        std::vector<OspfRouteOffer> networks;
        std::vector<OspfRouteOffer> routers;
        const auto context = Context();
        m_activeRanges = OspfActiveRanges(context);
        for (const auto& [range, areaId] : m_activeRanges)
        {
            networks.push_back({OspfDiscardRoute(range, areaId), 0});
        }
        const auto* area = OspfSummaryArea(m_input);
        if (area != nullptr)
        {
            const auto end = area->lsdb->All().end();
            for (auto at = area->lsdb->LowerBound({OspfLsaType::SUMMARY_NETWORK, 0, 0});
                 at != end && at->key.type <= OspfLsaType::SUMMARY_ASBR;
                 ++at)
            {
                const auto offer = OspfInterAreaOffer(context, area->area, *at->entry);
                const bool isRouter = at->key.type == OspfLsaType::SUMMARY_ASBR;
                // (3): what is told of an active range of ours leads away from what is in it.
                if (offer && (isRouter || !IsActiveRange(offer->route)))
                {
                    (isRouter ? routers : networks).push_back(*offer);
                }
            }
        }
        constexpr auto INTRA_AREA = OspfPathType::INTRA_AREA;
        if (networks.empty() && routers.empty() && IsUpTo(INTRA_AREA))
        {
            return;
        }
        m_table = {Merge(UpTo(INTRA_AREA, m_table.Networks()),
                         TakeBestOffers(networks, *m_nextHops),
                         IsLesserNetwork),
                   Merge(UpTo(INTRA_AREA, m_table.Routers()),
                         TakeBestOffers(routers, *m_nextHops),
                         IsLesserRouter),
                   m_nextHops};
    }

    /** Section 16.4. */
    void CalculateExternal()
    {
        std::vector<OspfRouteOffer> offers;
        m_isForwarding = false;
        if (m_input.externals != nullptr)
        {
            const auto context = Context();
            for (const auto& [key, entry] : m_input.externals->All())
            {
                NoteForwarding(*entry->lsa);
                const auto offer = OspfExternalOffer(context, *entry);
                if (offer)
                {
                    offers.push_back(*offer);
                }
            }
        }
        if (offers.empty() && IsUpTo(OspfPathType::INTER_AREA))
        {
            return;
        }
        m_table = {Merge(UpTo(OspfPathType::INTER_AREA, m_table.Networks()),
                         TakeBestOffers(offers, *m_nextHops),
                         IsLesserNetwork),
                   m_table.Routers(),
                   m_nextHops};
    }

    /**
     * Sections 16.5 and 16.6: no area has changed inside.
     * \param changes those outside are looked at
     * \return how much was calculated
     */
    OspfCalculation CalculateOutside(const std::vector<OspfLsaChange>& changes)
    {
        std::set<OspfDestination> boundaryRouters;
        std::set<OspfDestination> interArea;
        std::set<OspfDestination> external;
        const auto* area = OspfSummaryArea(m_input);
        for (const auto& change : changes)
        {
            for (const auto& lsa : {change.before, change.now})
            {
                const auto destination = lsa ? OspfDestinationOf(*lsa) : std::nullopt;
                if (!destination)
                {
                    continue;
                }
                const auto type = lsa->header.key.type;
                if (type == OspfLsaType::AS_EXTERNAL)
                {
                    NoteForwarding(*lsa);
                    external.insert(*destination);
                }
                else if (area != nullptr && change.area == area->area)
                {
                    const bool isRouter = type == OspfLsaType::SUMMARY_ASBR;
                    (isRouter ? boundaryRouters : interArea).insert(*destination);
                }
            }
        }
        if (boundaryRouters.size() + interArea.size() > DESTINATIONS_MAX)
        {
            CalculateInterArea();
            CalculateExternal();
            return OspfCalculation::INTER_AREA;
        }
        // A way to an AS boundary router or forwarding address serves any number of destinations.
        bool waysChanged = external.size() > DESTINATIONS_MAX;
        for (const auto& router : boundaryRouters)
        {
            waysChanged = CalculateBoundaryRouter(*area, router) || waysChanged;
        }
        for (const auto& network : interArea)
        {
            const bool wayChanged = CalculateNetwork(network);
            waysChanged = (wayChanged && m_isForwarding) || waysChanged;
        }
        if (waysChanged)
        {
            CalculateExternal();
            return OspfCalculation::EXTERNAL;
        }
        for (const auto& network : external)
        {
            CalculateNetwork(network);
        }
        const bool isNothing = boundaryRouters.empty() && interArea.empty() && external.empty();
        return isNothing ? OspfCalculation::NOTHING : OspfCalculation::DESTINATIONS;
    }

    /** The route to an AS boundary router of other areas. \return whether it changed */
    bool CalculateBoundaryRouter(const OspfRouteArea& area, const OspfDestination& router)
    {
        const auto* was = m_table.FindRouter(router.address, area.area);
        if (was != nullptr && was->pathType == OspfPathType::INTRA_AREA)
        {
            return false;
        }
        const auto is = Best(*area.lsdb, OspfLsaType::SUMMARY_ASBR, router, &area);
        if (was == nullptr && !is)
        {
            return false;
        }
        if (was != nullptr && is && IsSameWay(*was, *is))
        {
            return false;
        }
        if (is)
        {
            m_table.SetRouter(*is);
        }
        else
        {
            m_table.RemoveRouter(router.address, area.area);
        }
        return true;
    }

    /** The route to a network of elsewhere. \return whether a route inside the AS changed */
    bool CalculateNetwork(const OspfDestination& network)
    {
        const auto* found = m_table.FindNetwork(network.address, network.maskLength);
        const auto was = found != nullptr ? std::make_optional(*found) : std::nullopt;
        if (was && (was->pathType == OspfPathType::INTRA_AREA || was->isDiscard))
        {
            return false;
        }
        const auto* area = OspfSummaryArea(m_input);
        auto is = area == nullptr ? std::nullopt
                                  : Best(*area->lsdb, OspfLsaType::SUMMARY_NETWORK, network, area);
        const bool wasInside = was && was->pathType == OspfPathType::INTER_AREA;
        const bool changedInside =
            wasInside != is.has_value() || (wasInside && !IsSameWay(*was, *is));
        if (!is && m_input.externals != nullptr)
        {
            is = Best(*m_input.externals, OspfLsaType::AS_EXTERNAL, network, nullptr);
        }
        if (is)
        {
            m_table.SetNetwork(*is);
        }
        else
        {
            m_table.RemoveNetwork(network.address, network.maskLength);
        }
        return changedInside;
    }

    /**
     * \param lsdb where to look
     * \param type LSAs of what type
     * \param destination what they describe; its Link State ID may have host bits (appendix E)
     * \param area of the summary-LSAs; nullptr with AS-external-LSAs
     * \return the best route that they offer
     */
    std::optional<OspfRoute> Best(const OspfLsdb& lsdb,
                                  OspfLsaType type,
                                  const OspfDestination& destination,
                                  const OspfRouteArea* area)
    {
        std::vector<OspfRouteOffer> offers;
        const auto context = Context();
        const uint64_t size = uint64_t(1) << (32 - destination.maskLength);
        const auto last = static_cast<uint32_t>(destination.address + size - 1);
        const auto end = lsdb.All().end();
        for (auto at = lsdb.LowerBound({type, destination.address, 0});
             at != end && at->key.type == type && at->key.linkStateId <= last;
             ++at)
        {
            const auto offer = area != nullptr ? OspfInterAreaOffer(context, area->area, *at->entry)
                                               : OspfExternalOffer(context, *at->entry);
            if (offer && offer->route.destination == destination.address &&
                offer->route.maskLength == destination.maskLength)
            {
                offers.push_back(*offer);
            }
        }
        const auto best = TakeBestOffers(offers, *m_nextHops);
        return best.empty() ? std::nullopt : std::make_optional(best.front());
    }

    /** \return whether \p route leads to an active area address range of ours */
    bool IsActiveRange(const OspfRoute& route) const
    {
        return m_activeRanges.count({route.destination, route.maskLength}) != 0;
    }

    /** \return whether all routes are of \p worst or better */
    bool IsUpTo(OspfPathType worst) const
    {
        const auto isWorse = [&](const OspfRoute& route) { return route.pathType > worst; };
        return std::none_of(m_table.Networks().begin(), m_table.Networks().end(), isWorse) &&
               std::none_of(m_table.Routers().begin(), m_table.Routers().end(), isWorse);
    }

    /** Some AS-external-LSA may have a forwarding address. */
    void NoteForwarding(const OspfLsa& lsa)
    {
        const auto* body = std::get_if<OspfExternalLsa>(&lsa.body);
        m_isForwarding =
            m_isForwarding || (body != nullptr && body->forwardingAddress != IpAddress{});
    }

    OspfRouteContext Context() const
    {
        return {m_input, m_table, *m_nextHops, m_now};
    }

    OspfCalculation Count(OspfCalculation calculated)
    {
        ++m_counts[static_cast<size_t>(calculated)];
        return calculated;
    }

    OspfRouteInput m_input;                              //!< of the last calculation
    Time m_now{0};                                       //!< the present
    std::shared_ptr<OspfNextHopLists> m_nextHops;        //!< of trees and table
    size_t m_listsMax{0};                                //!< when to begin new ones
    std::vector<std::unique_ptr<OspfAreaPaths>> m_areas; //!< in order of Area ID
    OspfRoutingTable m_table;                            //!< the result
    std::map<OspfDestination, uint32_t> m_activeRanges;  //!< of ours, with their areas
    bool m_isForwarding{false};                          //!< forwarding addresses may be in use
    std::array<uint64_t, static_cast<size_t>(OspfCalculation::COUNT)> m_counts{}; //!< how often
};

OspfRouteCalculator::OspfRouteCalculator()
    : m_work(std::make_unique<Work>())
{
}

OspfRouteCalculator::~OspfRouteCalculator() = default;
OspfRouteCalculator::OspfRouteCalculator(OspfRouteCalculator&&) noexcept = default;
OspfRouteCalculator& OspfRouteCalculator::operator=(OspfRouteCalculator&&) noexcept = default;

OspfCalculation
OspfRouteCalculator::Calculate(const OspfRouteInput& input, Time now)
{
    return m_work->Calculate(input, nullptr, now);
}

OspfCalculation
OspfRouteCalculator::Calculate(const OspfRouteInput& input,
                               const std::vector<OspfLsaChange>& changes,
                               Time now)
{
    return m_work->Calculate(input, &changes, now);
}

const OspfRoutingTable&
OspfRouteCalculator::Table() const
{
    return m_work->Table();
}

const std::array<uint64_t, static_cast<size_t>(OspfCalculation::COUNT)>&
OspfRouteCalculator::Counts() const
{
    return m_work->Counts();
}

size_t
OspfRouteCalculator::MemoryUsed() const
{
    return m_work->MemoryUsed();
}

} // namespace karp
} // namespace ns3
