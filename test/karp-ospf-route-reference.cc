/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-route-reference.h"

#include <algorithm>
#include <map>
#include <set>

namespace ns3
{
namespace karp
{

namespace
{

using Hops = std::vector<OspfNextHop>;
constexpr uint64_t NEVER = uint64_t(1) << 40; //!< no path

/** A way to a destination, and all that decides whether it is preferred, least first. */
struct Way
{
    OspfRoute route;             //!< without next hops
    std::vector<uint64_t> merit; //!< compared in order; equal ones are joined
    Hops hops;                   //!< next hops
};

/** Ways by destination: address, then mask length or Area ID. */
using Ways = std::map<std::pair<uint32_t, uint32_t>, std::vector<Way>>;

/** Keep the best of \p ways. */
Way
Best(const std::vector<Way>& ways)
{
    Way best = ways.front();
    for (const auto& way : ways)
    {
        if (way.merit < best.merit)
        {
            best = way;
        }
    }
    best.hops.clear();
    for (const auto& way : ways)
    {
        if (way.merit == best.merit)
        {
            best.hops.insert(best.hops.end(), way.hops.begin(), way.hops.end());
        }
    }
    return best;
}

/** An area by matrices. */
class ReferenceArea
{
  public:
    ReferenceArea(const OspfRouteInput& input, const OspfRouteArea& area)
        : m_input(input),
          m_area(area)
    {
        for (const auto& [key, entry] : area.lsdb->All())
        {
            const bool isRouter = key.type == OspfLsaType::ROUTER;
            const bool isVertex =
                (isRouter && key.linkStateId == key.advertisingRouter) ||
                (key.type == OspfLsaType::NETWORK && Find(false, key.linkStateId) == SIZE_MAX);
            if (isVertex && entry->ageThen < OSPF_MAX_AGE)
            {
                m_vertices.push_back({isRouter, key.linkStateId, entry->lsa.get()});
            }
        }
        m_root = Find(true, input.routerId);
        m_distance.assign(m_vertices.size(), std::vector<uint64_t>(m_vertices.size(), NEVER));
        for (size_t from = 0; from < m_vertices.size(); ++from)
        {
            m_distance[from][from] = 0;
            for (const auto& link : Links(from))
            {
                const bool isUsable = from != m_root || Interface(link) != nullptr;
                if (HasLink(link.to, from) && isUsable)
                {
                    auto& distance = m_distance[from][link.to];
                    distance = std::min<uint64_t>(distance, link.metric);
                }
            }
        }
        for (size_t over = 0; over < m_vertices.size(); ++over)
        {
            for (size_t from = 0; from < m_vertices.size(); ++from)
            {
                for (size_t to = 0; to < m_vertices.size(); ++to)
                {
                    m_distance[from][to] = std::min(m_distance[from][to],
                                                    m_distance[from][over] + m_distance[over][to]);
                }
            }
        }
    }

    /** Add the ways to networks and to routers. */
    void Collect(Ways& networks, Ways& routers) const
    {
        for (size_t v = 0; m_root != SIZE_MAX && v < m_vertices.size(); ++v)
        {
            const auto& vertex = m_vertices[v];
            const uint64_t cost = m_distance[m_root][v];
            if (cost >= OSPF_LS_INFINITY)
            {
                continue;
            }
            const Hops hops = FirstHops(v);
            if (!vertex.isRouter)
            {
                const auto& body = std::get<OspfNetworkLsa>(vertex.lsa->body);
                AddNetwork(networks, vertex.id, body.networkMask, cost, vertex.id, hops);
                continue;
            }
            const auto& body = std::get<OspfRouterLsa>(vertex.lsa->body);
            for (const auto& link : body.links)
            {
                if (link.type == OspfLinkType::STUB)
                {
                    const auto stubHops = v == m_root ? OwnHops(link) : hops;
                    AddNetwork(networks, link.id, link.data, cost + link.metric, 0, stubHops);
                }
            }
            if (v != m_root && (body.flags & (OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E)) != 0)
            {
                OspfRoute route;
                route.destination = vertex.id;
                route.maskLength = 32;
                route.flags = body.flags & (OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E);
                route.area = m_area.area;
                route.cost = static_cast<uint32_t>(cost);
                routers[{vertex.id, m_area.area}].push_back({route, {0, cost}, hops});
            }
        }
    }

  private:
    /** A vertex. */
    struct Vertex
    {
        bool isRouter;      //!< or a network
        uint32_t id;        //!< Link State ID
        const OspfLsa* lsa; //!< its LSA
    };

    /** A link to another vertex. */
    struct FoundLink
    {
        size_t to;       //!< vertex
        uint32_t metric; //!< cost
        uint32_t data;   //!< Link Data
    };

    size_t Find(bool isRouter, uint32_t id) const
    {
        for (size_t v = 0; v < m_vertices.size(); ++v)
        {
            if (m_vertices[v].isRouter == isRouter && m_vertices[v].id == id)
            {
                return v;
            }
        }
        return SIZE_MAX;
    }

    /** \return the links of a vertex to others that are there */
    std::vector<FoundLink> Links(size_t v) const
    {
        std::vector<FoundLink> links;
        const auto add = [&](size_t to, uint32_t metric, uint32_t data) {
            if (to != SIZE_MAX && to != v)
            {
                links.push_back({to, metric, data});
            }
        };
        if (m_vertices[v].isRouter)
        {
            for (const auto& link : std::get<OspfRouterLsa>(m_vertices[v].lsa->body).links)
            {
                if (link.type == OspfLinkType::POINT_TO_POINT || link.type == OspfLinkType::TRANSIT)
                {
                    add(Find(link.type == OspfLinkType::POINT_TO_POINT, link.id),
                        link.metric,
                        link.data);
                }
            }
        }
        else
        {
            for (const uint32_t router : std::get<OspfNetworkLsa>(m_vertices[v].lsa->body).routers)
            {
                add(Find(true, router), 0, 0);
            }
        }
        return links;
    }

    bool HasLink(size_t from, size_t to) const
    {
        const auto links = Links(from);
        return std::any_of(links.begin(), links.end(), [&](const auto& link) {
            return link.to == to;
        });
    }

    const OspfRouteInterface* Interface(const FoundLink& link) const
    {
        for (const auto& interface : m_input.interfaces)
        {
            if (interface.area == m_area.area && interface.address.value == link.data &&
                interface.isPointToPoint == m_vertices[link.to].isRouter)
            {
                return &interface;
            }
        }
        return nullptr;
    }

    /** \return the addresses on \p interface that \p router says to have on its links to \p to */
    std::vector<uint32_t> Addresses(size_t router, size_t to, const OspfRouteInterface& on) const
    {
        std::vector<uint32_t> addresses;
        for (const auto& link : Links(router))
        {
            if (link.to == to && on.Holds({link.data}) && link.data != on.address.value)
            {
                addresses.push_back(link.data);
            }
        }
        return addresses;
    }

    /** \return the next hops that are on a shortest path to \p v */
    Hops FirstHops(size_t v) const
    {
        Hops hops;
        const uint64_t whole = m_distance[m_root][v];
        for (const auto& link : Links(m_root))
        {
            const auto* interface = Interface(link);
            if (interface == nullptr || !HasLink(link.to, m_root) || v == m_root)
            {
                continue;
            }
            if (m_vertices[link.to].isRouter && link.metric + m_distance[link.to][v] == whole)
            {
                for (const uint32_t address : Addresses(link.to, m_root, *interface))
                {
                    hops.push_back({interface->index, {address}, 0});
                }
            }
            else if (!m_vertices[link.to].isRouter && v == link.to && link.metric == whole)
            {
                hops.push_back({interface->index, {}, 0});
            }
            else if (!m_vertices[link.to].isRouter)
            {
                for (const auto& next : Links(link.to))
                {
                    const bool isOnPath = next.to != m_root && HasLink(next.to, link.to) &&
                                          link.metric + m_distance[next.to][v] == whole;
                    for (const uint32_t address : Addresses(next.to, link.to, *interface))
                    {
                        if (isOnPath)
                        {
                            hops.push_back({interface->index, {address}, 0});
                        }
                    }
                }
            }
        }
        return hops;
    }

    /** \return next hops to a stub network of our own */
    Hops OwnHops(const OspfRouterLink& link) const
    {
        Hops hops;
        for (const auto& interface : m_input.interfaces)
        {
            if (interface.area == m_area.area && interface.mask == link.data &&
                interface.Holds({link.id}))
            {
                hops.push_back({interface.index, {}, 0});
            }
        }
        return hops;
    }

    void AddNetwork(Ways& networks,
                    uint32_t address,
                    uint32_t mask,
                    uint64_t cost,
                    uint32_t linkStateId,
                    const Hops& hops) const
    {
        const auto length = OspfMaskLength(mask);
        if (!length || cost >= OSPF_LS_INFINITY)
        {
            return;
        }
        OspfRoute route;
        route.destination = address & mask;
        route.maskLength = *length;
        route.area = m_area.area;
        route.cost = static_cast<uint32_t>(cost);
        auto& ways = networks[{route.destination, *length}];
        // Of transit networks at one cost only that of the greatest Link State ID counts.
        for (auto& way : ways)
        {
            if (linkStateId != 0 && way.route.type2Cost != 0 && way.route.cost == cost &&
                way.route.area == m_area.area)
            {
                if (way.route.type2Cost < linkStateId)
                {
                    way.hops = hops;
                    way.route.type2Cost = linkStateId;
                }
                return;
            }
        }
        route.type2Cost = linkStateId; // for the comparison above alone
        ways.push_back({route, {0, cost, ~m_area.area}, hops});
    }

    const OspfRouteInput& m_input;                 //!< of the calculation
    const OspfRouteArea& m_area;                   //!< which one
    std::vector<Vertex> m_vertices;                //!< all
    size_t m_root{SIZE_MAX};                       //!< ourselves
    std::vector<std::vector<uint64_t>> m_distance; //!< between vertices
};

/** The table of all areas. */
class Reference
{
  public:
    explicit Reference(const OspfRouteInput& input)
        : m_input(input)
    {
    }

    OspfRoutingTable Table()
    {
        for (const auto& area : m_input.areas)
        {
            ReferenceArea(m_input, area).Collect(m_networks, m_routers);
        }
        for (auto& [key, ways] : m_networks)
        {
            for (auto& way : ways)
            {
                way.route.type2Cost = 0;
            }
        }
        Discard();
        for (const auto& area : m_input.areas)
        {
            if (m_input.areas.size() == 1 || area.area == 0)
            {
                InterArea(area);
            }
        }
        const Ways inside = m_networks;
        for (const auto& [key, entry] : m_input.externals->All())
        {
            External(inside, *entry);
        }
        const auto lists = std::make_shared<OspfNextHopLists>(m_input.pathsMax);
        return {Routes(m_networks, *lists), Routes(m_routers, *lists), lists};
    }

  private:
    /** \return the best of each destination */
    static OspfRoutingTable::Routes Routes(const Ways& all, OspfNextHopLists& lists)
    {
        OspfRoutingTable::Routes routes;
        for (const auto& [key, ways] : all)
        {
            const Way best = Best(ways);
            routes.push_back(best.route);
            routes.back().nextHops = lists.Add(best.hops);
        }
        return routes;
    }

    /** Section 11.1: discards, which are better than any other inter-area path. */
    void Discard()
    {
        const Ways inside = m_networks;
        for (const auto& range : m_input.ranges)
        {
            OspfRoute route;
            route.destination = range.address;
            route.maskLength = range.maskLength;
            route.pathType = OspfPathType::INTER_AREA;
            route.area = range.area;
            route.isDiscard = true;
            for (const auto& [key, ways] : inside)
            {
                const bool isInside = (key.first & route.Mask()) == range.address &&
                                      key.second >= range.maskLength &&
                                      Best(ways).route.area == range.area;
                if (isInside)
                {
                    m_networks[{range.address, range.maskLength}].push_back({route, {1}, {}});
                    break;
                }
            }
        }
    }

    /** Section 16.2. */
    void InterArea(const OspfRouteArea& area)
    {
        const Ways routers = m_routers;
        for (const auto& [key, entry] : area.lsdb->All())
        {
            const auto* body = std::get_if<OspfSummaryLsa>(&entry->lsa->body);
            const auto border = routers.find({key.advertisingRouter, area.area});
            if (body == nullptr || body->metric == OSPF_LS_INFINITY ||
                entry->ageThen == OSPF_MAX_AGE || border == routers.end() ||
                key.advertisingRouter == m_input.routerId)
            {
                continue;
            }
            const Way& to = border->second.front();
            const bool isRouter = key.type == OspfLsaType::SUMMARY_ASBR;
            const uint32_t mask = isRouter ? ~0u : body->networkMask;
            const auto length = OspfMaskLength(mask);
            const uint64_t cost = uint64_t(to.route.cost) + body->metric;
            if ((to.route.flags & OSPF_ROUTER_FLAG_B) == 0 || !length || cost >= OSPF_LS_INFINITY ||
                (isRouter && key.linkStateId == m_input.routerId))
            {
                continue;
            }
            OspfRoute route;
            route.destination = key.linkStateId & mask;
            route.maskLength = *length;
            route.pathType = OspfPathType::INTER_AREA;
            route.area = area.area;
            route.cost = static_cast<uint32_t>(cost);
            Hops hops = to.hops;
            for (auto& hop : hops)
            {
                hop.advertisingRouter = key.advertisingRouter;
            }
            auto& all = isRouter ? m_routers : m_networks;
            all[{route.destination, isRouter ? area.area : *length}].push_back(
                {route,
                 isRouter ? std::vector<uint64_t>{1, cost} : std::vector<uint64_t>{1, cost, 0},
                 hops});
        }
    }

    /** \return 0 where section 16.4.1 prefers \p route, or is off */
    uint64_t Rank(const OspfRoute& route) const
    {
        const bool isPreferred = route.pathType == OspfPathType::INTRA_AREA && route.area != 0;
        return m_input.rfc1583Compatibility || isPreferred ? 0 : 1;
    }

    /** \return the way that packets for the network of an AS-external-LSA go, if there is one */
    std::optional<Way> WayOut(const Ways& inside, uint32_t originator, IpAddress forwarding) const
    {
        std::vector<Way> ways;
        for (const auto& [key, toRouter] : m_routers)
        {
            Way way = Best(toRouter);
            if (key.first == originator && (way.route.pathType == OspfPathType::INTER_AREA ||
                                            (way.route.flags & OSPF_ROUTER_FLAG_E) != 0))
            {
                way.merit = {Rank(way.route), way.route.cost, ~way.route.area};
                ways.push_back(way);
            }
        }
        if (ways.empty() || forwarding == IpAddress{})
        {
            return ways.empty() ? std::nullopt : std::make_optional(Best(ways));
        }
        std::optional<Way> longest;
        for (const auto& [key, toNetwork] : inside)
        {
            const Way way = Best(toNetwork);
            if ((forwarding.value & way.route.Mask()) == key.first &&
                (!longest || way.route.maskLength > longest->route.maskLength))
            {
                longest = way;
            }
        }
        for (const auto& interface : m_input.interfaces)
        {
            if (interface.address == forwarding)
            {
                return std::nullopt;
            }
        }
        return longest && !longest->hops.empty() ? longest : std::nullopt;
    }

    /** Section 16.4. */
    void External(const Ways& inside, const OspfLsdb::Entry& entry)
    {
        const auto& body = std::get<OspfExternalLsa>(entry.lsa->body);
        const auto& key = entry.lsa->header.key;
        const auto length = OspfMaskLength(body.networkMask);
        const auto out = WayOut(inside, key.advertisingRouter, body.forwardingAddress);
        if (body.metric == OSPF_LS_INFINITY || entry.ageThen == OSPF_MAX_AGE || !length || !out ||
            key.advertisingRouter == m_input.routerId)
        {
            return;
        }
        const uint64_t cost = uint64_t(out->route.cost) + (body.isType2 ? 0 : body.metric);
        if (cost >= OSPF_LS_INFINITY)
        {
            return;
        }
        OspfRoute route;
        route.destination = key.linkStateId & body.networkMask;
        route.maskLength = *length;
        route.pathType =
            body.isType2 ? OspfPathType::TYPE_2_EXTERNAL : OspfPathType::TYPE_1_EXTERNAL;
        route.cost = static_cast<uint32_t>(cost);
        route.type2Cost = body.isType2 ? body.metric : 0;
        route.tag = body.externalRouteTag;
        Hops hops = out->hops;
        for (auto& hop : hops)
        {
            hop.advertisingRouter = key.advertisingRouter;
            hop.address = hop.address == IpAddress{} ? body.forwardingAddress : hop.address;
        }
        m_networks[{route.destination, *length}].push_back(
            {route, {body.isType2 ? 3u : 2u, route.type2Cost, Rank(out->route), cost}, hops});
    }

    const OspfRouteInput& m_input; //!< what from
    Ways m_networks;               //!< by number and length
    Ways m_routers;                //!< by Router ID and Area ID
};

} // namespace

OspfRoutingTable
OspfReferenceTable(const OspfRouteInput& input)
{
    return Reference(input).Table();
}

} // namespace karp
} // namespace ns3
