/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-route-stages.h"

#include <algorithm>
#include <boost/sort/spreadsort/integer_sort.hpp>

namespace ns3
{
namespace karp
{

namespace
{

/**
 * What things are sorted by: 32 bits of destination, 6 of length, 26 of where they are in a list.
 * No database has more than 2^26 links: it would take 800 MB.
 */
constexpr int PLACE_BITS = 26;
constexpr uint64_t PLACE_MAX = (uint64_t(1) << PLACE_BITS) - 1;

uint64_t
SortKey(uint32_t destination, uint8_t maskLength, size_t place)
{
    return static_cast<uint64_t>(destination) << 32 |
           static_cast<uint64_t>(maskLength) << PLACE_BITS | place;
}

/** A network that an area has: a transit network, or a stub network of a router. */
struct Leaf
{
    uint32_t cost;                 //!< from ourselves
    OspfNextHopLists::Id nextHops; //!< to there
    uint32_t area;                 //!< Area ID
    bool isTransit;                //!< whether it is a vertex
};

/** The leaves of all areas. */
class Leaves
{
  public:
    explicit Leaves(OspfNextHopLists& nextHops)
        : m_nextHops(nextHops)
    {
    }

    /** Collect the networks of \p area: transit networks first, in order of Link State IDs. */
    void Collect(const OspfAreaPaths& area)
    {
        const auto& graph = area.graph;
        for (uint32_t vertex = graph.Routers(); vertex < graph.Size(); ++vertex)
        {
            const auto& body = std::get<OspfNetworkLsa>(graph.Lsa(vertex).body);
            Add(graph.Id(vertex),
                body.networkMask,
                {area.paths.Cost(vertex), area.paths.NextHops(vertex), area.area, true});
        }
        for (uint32_t vertex = 0; vertex < graph.Routers(); ++vertex)
        {
            const uint32_t cost = area.paths.Cost(vertex);
            if (cost >= OSPF_LS_INFINITY)
            {
                continue;
            }
            const auto& body = std::get<OspfRouterLsa>(graph.Lsa(vertex).body);
            for (const auto& link : body.links)
            {
                if (link.type == OspfLinkType::STUB)
                {
                    const auto hops = vertex == area.paths.Root() ? Attached(area, link)
                                                                  : area.paths.NextHops(vertex);
                    Add(link.id, link.data, {cost + link.metric, hops, area.area, false});
                }
            }
        }
    }

    /** \return the routes to them */
    OspfRoutingTable::Routes Routes()
    {
        boost::sort::spreadsort::integer_sort(m_order.begin(), m_order.end());
        OspfRoutingTable::Routes routes;
        routes.reserve(m_order.size());
        for (const uint64_t key : m_order)
        {
            const auto destination = static_cast<uint32_t>(key >> 32);
            const auto maskLength = static_cast<uint8_t>(key >> PLACE_BITS & 0x3f);
            const Leaf& leaf = m_leaves[key & PLACE_MAX];
            if (routes.empty() || routes.back().destination != destination ||
                routes.back().maskLength != maskLength)
            {
                OspfRoute route;
                route.destination = destination;
                route.maskLength = maskLength;
                route.cost = leaf.cost;
                route.area = leaf.area;
                route.nextHops = leaf.nextHops;
                routes.push_back(route);
            }
            else
            {
                Join(routes.back(), leaf);
            }
        }
        routes.shrink_to_fit();
        return routes;
    }

  private:
    void Add(uint32_t address, uint32_t mask, const Leaf& leaf)
    {
        const auto length = OspfMaskLength(mask);
        if (length && leaf.cost < OSPF_LS_INFINITY && m_leaves.size() < PLACE_MAX)
        {
            m_order.push_back(SortKey(address & mask, *length, m_leaves.size()));
            m_leaves.push_back(leaf);
        }
    }

    /** Another way to where \p route leads. Leaves come in the order in which they were found. */
    void Join(OspfRoute& route, const Leaf& leaf) const
    {
        // Two areas have the same network: the cheaper one has it, of equals the one with the
        // greater Area ID, as section 16.4 (3) decides for routers.
        const bool isBetter =
            leaf.cost != route.cost ? leaf.cost < route.cost : leaf.area > route.area;
        const bool isEqual = leaf.cost == route.cost && leaf.area == route.area;
        // 16.1 (4): of two vertices that are one network the one with the greater Link State ID
        // counts, which is the later one here.
        if (isBetter || (isEqual && leaf.isTransit))
        {
            route.cost = leaf.cost;
            route.area = leaf.area;
            route.nextHops = leaf.nextHops;
        }
        else if (isEqual)
        {
            route.nextHops = m_nextHops.Union(route.nextHops, leaf.nextHops);
        }
    }

    /**
     * \return the next hop to a stub network or host of our own: our interface; none if it is us,
     *         or on no interface
     */
    OspfNextHopLists::Id Attached(const OspfAreaPaths& area, const OspfRouterLink& link)
    {
        const bool isHost = link.data == ~uint32_t(0);
        OspfNextHopLists::List hops;
        for (const auto& interface : area.interfaces)
        {
            if (isHost && interface.address.value == link.id)
            {
                return OspfNextHopLists::EMPTY;
            }
            if ((isHost || interface.mask == link.data) && interface.Holds({link.id}))
            {
                hops.push_back({interface.index, {}, 0});
            }
        }
        return m_nextHops.Add(std::move(hops));
    }

    OspfNextHopLists& m_nextHops;  //!< lists of next hops
    std::vector<uint64_t> m_order; //!< sort keys
    std::vector<Leaf> m_leaves;    //!< what they lead to
};

/** \return the area border and AS boundary routers of \p area, but ourselves */
void
CollectRouters(const OspfAreaPaths& area, OspfRoutingTable::Routes& routers)
{
    constexpr uint8_t WANTED = OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E;
    for (uint32_t vertex = 0; vertex < area.graph.Routers(); ++vertex)
    {
        const auto& body = std::get<OspfRouterLsa>(area.graph.Lsa(vertex).body);
        if ((body.flags & WANTED) == 0 || area.paths.Cost(vertex) >= OSPF_LS_INFINITY ||
            vertex == area.paths.Root())
        {
            continue;
        }
        OspfRoute route;
        route.destination = area.graph.Id(vertex);
        route.maskLength = 32;
        route.flags = body.flags & WANTED;
        route.area = area.area;
        route.cost = area.paths.Cost(vertex);
        route.nextHops = area.paths.NextHops(vertex);
        routers.push_back(route);
    }
}

/** \return 0 for paths that section 16.4.1 prefers, 1 for others; 0 for all where it is off */
uint64_t
Rank(const OspfRouteContext& context, const OspfRoute& route)
{
    const bool isPreferred = route.pathType == OspfPathType::INTRA_AREA && route.area != 0;
    return context.input.rfc1583Compatibility || isPreferred ? 0 : 1;
}

/** \return the best route to the AS boundary router \p routerId (16.4 (3)), or nullptr */
const OspfRoute*
FindBoundaryRouter(const OspfRouteContext& context, uint32_t routerId)
{
    const OspfRoute* best = nullptr;
    const auto [first, last] = context.table.FindRouter(routerId);
    for (const auto* route = first; route != last; ++route)
    {
        const bool isBoundary =
            route->pathType == OspfPathType::INTER_AREA || (route->flags & OSPF_ROUTER_FLAG_E) != 0;
        // Routes are in order of Area ID; of equals the one with the greatest counts.
        if (isBoundary && (best == nullptr || std::make_pair(Rank(context, *route), route->cost) <=
                                                  std::make_pair(Rank(context, *best), best->cost)))
        {
            best = route;
        }
    }
    return best;
}

/** \return whether \p address is one of ours */
bool
IsOurs(const OspfRouteContext& context, IpAddress address)
{
    const auto& interfaces = context.input.interfaces;
    return std::any_of(interfaces.begin(), interfaces.end(), [&](const auto& interface) {
        return interface.address == address;
    });
}

} // namespace

std::optional<OspfDestination>
OspfDestinationOf(const OspfLsa& lsa)
{
    const uint32_t id = lsa.header.key.linkStateId;
    if (lsa.header.key.type == OspfLsaType::SUMMARY_ASBR)
    {
        return OspfDestination{id, 32};
    }
    const auto* summary = std::get_if<OspfSummaryLsa>(&lsa.body);
    const auto* external = std::get_if<OspfExternalLsa>(&lsa.body);
    if (summary == nullptr && external == nullptr)
    {
        return std::nullopt;
    }
    const uint32_t mask = summary != nullptr ? summary->networkMask : external->networkMask;
    const auto length = OspfMaskLength(mask);
    if (!length)
    {
        return std::nullopt;
    }
    return OspfDestination{id & mask, *length};
}

OspfRoutingTable
OspfIntraAreaRoutes(const std::vector<std::unique_ptr<OspfAreaPaths>>& areas,
                    const std::shared_ptr<OspfNextHopLists>& nextHops)
{
    Leaves leaves(*nextHops);
    OspfRoutingTable::Routes routers;
    for (const auto& area : areas)
    {
        leaves.Collect(*area);
        CollectRouters(*area, routers);
    }
    std::sort(routers.begin(), routers.end(), [](const OspfRoute& a, const OspfRoute& b) {
        return std::tie(a.destination, a.area) < std::tie(b.destination, b.area);
    });
    return {leaves.Routes(), std::move(routers), nextHops};
}

std::map<OspfDestination, uint32_t>
OspfActiveRanges(const OspfRouteContext& context)
{
    std::map<OspfDestination, uint32_t> active;
    const auto& networks = context.table.Networks();
    for (const OspfRouteRange& range : context.input.ranges)
    {
        OspfRoute whole;
        whole.destination = range.address;
        whole.maskLength = range.maskLength;
        const uint32_t last = whole.destination | ~whole.Mask();
        // 11.1: "An area address range is considered 'active' if the range contains one or more
        // networks reachable by intra-area paths."
        const auto first = std::lower_bound(networks.begin(),
                                            networks.end(),
                                            whole,
                                            [](const OspfRoute& a, const OspfRoute& b) {
                                                return std::tie(a.destination, a.maskLength) <
                                                       std::tie(b.destination, b.maskLength);
                                            });
        const bool isActive = std::any_of(first, networks.end(), [&](const OspfRoute& route) {
            return route.destination <= last && route.pathType == OspfPathType::INTRA_AREA &&
                   route.area == range.area;
        });
        if (isActive)
        {
            active.insert({{range.address, range.maskLength}, range.area});
        }
    }
    return active;
}

OspfRoute
OspfDiscardRoute(const OspfDestination& range, uint32_t area)
{
    OspfRoute route;
    route.destination = range.address;
    route.maskLength = range.maskLength;
    // 11.1: "the path type of each 'discard' entry is set to 'inter-area'."
    route.pathType = OspfPathType::INTER_AREA;
    route.area = area;
    route.isDiscard = true;
    return route;
}

const OspfRouteArea*
OspfSummaryArea(const OspfRouteInput& input)
{
    if (input.areas.size() == 1)
    {
        return &input.areas.front();
    }
    const auto backbone = std::find_if(input.areas.begin(),
                                       input.areas.end(),
                                       [](const OspfRouteArea& area) { return area.area == 0; });
    return backbone == input.areas.end() ? nullptr : &*backbone;
}

std::optional<OspfRouteOffer>
OspfInterAreaOffer(const OspfRouteContext& context, uint32_t area, const OspfLsdb::Entry& entry)
{
    const OspfLsaKey& key = entry.lsa->header.key;
    const auto* body = std::get_if<OspfSummaryLsa>(&entry.lsa->body);
    // (1), where LSInfinity makes the sum below too great
    if (body == nullptr || entry.Age(context.now) >= OSPF_MAX_AGE)
    {
        return std::nullopt;
    }
    // (2) and (4): we are no router of the table; a route outside the area has no bits. (3) is for
    // whoever knows which ranges are active
    const auto destination = OspfDestinationOf(*entry.lsa);
    const auto* border = context.table.FindRouter(key.advertisingRouter, area);
    if (!destination || border == nullptr || (border->flags & OSPF_ROUTER_FLAG_B) == 0 ||
        border->cost + body->metric >= OSPF_LS_INFINITY)
    {
        return std::nullopt;
    }
    if (key.type == OspfLsaType::SUMMARY_ASBR && key.linkStateId == context.input.routerId)
    {
        return std::nullopt; // that is us
    }
    // (5) to (7)
    OspfRouteOffer offer;
    offer.route.destination = destination->address;
    offer.route.maskLength = destination->maskLength;
    offer.route.pathType = OspfPathType::INTER_AREA;
    offer.route.area = area;
    offer.route.cost = border->cost + body->metric;
    offer.route.nextHops = context.nextHops.Through(border->nextHops, key.advertisingRouter, {});
    offer.preference = offer.route.cost;
    return offer;
}

std::optional<OspfRouteOffer>
OspfExternalOffer(const OspfRouteContext& context, const OspfLsdb::Entry& entry)
{
    const uint32_t originator = entry.lsa->header.key.advertisingRouter;
    const auto* body = std::get_if<OspfExternalLsa>(&entry.lsa->body);
    // (1)
    if (body == nullptr || body->metric >= OSPF_LS_INFINITY ||
        entry.Age(context.now) >= OSPF_MAX_AGE)
    {
        return std::nullopt;
    }
    // (2) and (3): we are no router of the table
    const auto destination = OspfDestinationOf(*entry.lsa);
    const OspfRoute* way = FindBoundaryRouter(context, originator);
    if (!destination || way == nullptr)
    {
        return std::nullopt;
    }
    if (body->forwardingAddress != IpAddress{})
    {
        way = context.table.Lookup(body->forwardingAddress, OspfPathType::INTER_AREA);
        // To ourselves nothing is forwarded.
        if (way == nullptr || way->nextHops == OspfNextHopLists::EMPTY ||
            IsOurs(context, body->forwardingAddress))
        {
            return std::nullopt;
        }
    }
    // (4) and (5)
    OspfRouteOffer offer;
    OspfRoute& route = offer.route;
    route.destination = destination->address;
    route.maskLength = destination->maskLength;
    route.tag = body->externalRouteTag;
    route.nextHops = context.nextHops.Through(way->nextHops, originator, body->forwardingAddress);
    route.pathType = body->isType2 ? OspfPathType::TYPE_2_EXTERNAL : OspfPathType::TYPE_1_EXTERNAL;
    route.type2Cost = body->isType2 ? body->metric : 0;
    route.cost = body->isType2 ? way->cost : way->cost + body->metric;
    if (route.cost >= OSPF_LS_INFINITY)
    {
        return std::nullopt;
    }
    // (6b) to (6d): type, type 2 metric, section 16.4.1, distance
    offer.preference = (body->isType2 ? uint64_t(1) << 56 : 0) |
                       static_cast<uint64_t>(route.type2Cost) << 32 | Rank(context, *way) << 24 |
                       route.cost;
    return offer;
}

OspfRoutingTable::Routes
TakeBestOffers(const std::vector<OspfRouteOffer>& offers, OspfNextHopLists& nextHops)
{
    std::vector<uint64_t> order;
    order.reserve(offers.size());
    for (size_t i = 0; i < std::min<size_t>(offers.size(), PLACE_MAX); ++i)
    {
        order.push_back(SortKey(offers[i].route.destination, offers[i].route.maskLength, i));
    }
    boost::sort::spreadsort::integer_sort(order.begin(), order.end());
    OspfRoutingTable::Routes routes;
    uint64_t preference = 0;
    for (const uint64_t key : order)
    {
        const auto& offer = offers[key & PLACE_MAX];
        const bool isFirst = routes.empty() ||
                             routes.back().destination != offer.route.destination ||
                             routes.back().maskLength != offer.route.maskLength;
        if (isFirst)
        {
            routes.push_back(offer.route);
            preference = offer.preference;
        }
        else if (offer.preference < preference)
        {
            routes.back() = offer.route;
            preference = offer.preference;
        }
        else if (offer.preference == preference)
        {
            auto& hops = routes.back().nextHops;
            hops = nextHops.Union(hops, offer.route.nextHops);
        }
    }
    return routes;
}

} // namespace karp
} // namespace ns3
