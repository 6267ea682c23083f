/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-routing-table.h"

#include <algorithm>
#include <bitset>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the key that networks and routers are in order of, for each kind */
std::pair<uint32_t, uint32_t>
NetworkKey(const OspfRoute& route)
{
    return {route.destination, route.maskLength};
}

std::pair<uint32_t, uint32_t>
RouterKey(const OspfRoute& route)
{
    return {route.destination, route.area};
}

/** \return whether two routes to one destination are the same in everything */
bool
IsSame(const OspfRoutingTable& tableA,
       const OspfRoute& a,
       const OspfRoutingTable& tableB,
       const OspfRoute& b)
{
    return a.pathType == b.pathType && a.flags == b.flags && a.area == b.area && a.cost == b.cost &&
           a.type2Cost == b.type2Cost && a.tag == b.tag && tableA.NextHops(a) == tableB.NextHops(b);
}

/** \return what differs between \p before and \p now, both in order of \p key */
template <typename Key>
std::vector<OspfRouteChange>
Different(const OspfRoutingTable& tableBefore,
          const OspfRoutingTable::Routes& before,
          const OspfRoutingTable& tableNow,
          const OspfRoutingTable::Routes& now,
          Key key)
{
    std::vector<OspfRouteChange> changes;
    auto a = before.begin();
    auto b = now.begin();
    while (a != before.end() || b != now.end())
    {
        if (b == now.end() || (a != before.end() && key(*a) < key(*b)))
        {
            changes.push_back({&*a++, nullptr});
        }
        else if (a == before.end() || key(*b) < key(*a))
        {
            changes.push_back({nullptr, &*b++});
        }
        else
        {
            if (!IsSame(tableBefore, *a, tableNow, *b))
            {
                changes.push_back({&*a, &*b});
            }
            ++a;
            ++b;
        }
    }
    return changes;
}

/** Put \p route where it belongs among \p routes, which are in order of \p key. */
template <typename Key>
void
Set(OspfRoutingTable::Routes& routes, const OspfRoute& route, Key key)
{
    const auto place =
        std::lower_bound(routes.begin(),
                         routes.end(),
                         route,
                         [&](const OspfRoute& a, const OspfRoute& b) { return key(a) < key(b); });
    if (place != routes.end() && key(*place) == key(route))
    {
        *place = route;
    }
    else
    {
        routes.insert(place, route);
    }
}

} // namespace

OspfNextHopLists::OspfNextHopLists(size_t pathsMax)
    : m_pathsMax(pathsMax)
{
    Add({});
}

OspfNextHopLists::Id
OspfNextHopLists::Add(List hops)
{
    std::sort(hops.begin(), hops.end());
    const auto sameRouter = [](const OspfNextHop& a, const OspfNextHop& b) {
        return a.interface == b.interface && a.address == b.address;
    };
    hops.erase(std::unique(hops.begin(), hops.end(), sameRouter), hops.end());
    hops.resize(std::min(hops.size(), m_pathsMax));
    const auto [place, isNew] = m_ids.try_emplace(std::move(hops), m_lists.size());
    if (isNew)
    {
        m_lists.push_back(&place->first);
    }
    return place->second;
}

OspfNextHopLists::Id
OspfNextHopLists::Union(Id a, Id b)
{
    if (a == b || b == EMPTY)
    {
        return a;
    }
    if (a == EMPTY)
    {
        return b;
    }
    const uint64_t pair = static_cast<uint64_t>(std::min(a, b)) << 32 | std::max(a, b);
    const auto known = m_unions.find(pair);
    if (known != m_unions.end())
    {
        return known->second;
    }
    List both = Get(a);
    both.insert(both.end(), Get(b).begin(), Get(b).end());
    const Id id = Add(std::move(both));
    m_unions.emplace(pair, id);
    return id;
}

OspfNextHopLists::Id
OspfNextHopLists::Through(Id id, uint32_t router, IpAddress gateway)
{
    const auto key = std::make_tuple(id, router, gateway.value);
    const auto known = m_through.find(key);
    if (known != m_through.end())
    {
        return known->second;
    }
    List hops = Get(id);
    for (auto& hop : hops)
    {
        hop.advertisingRouter = router;
        if (hop.address == IpAddress{})
        {
            hop.address = gateway;
        }
    }
    const Id through = Add(std::move(hops));
    m_through.emplace(key, through);
    return through;
}

OspfRoutingTable::OspfRoutingTable()
    : OspfRoutingTable({}, {}, std::make_shared<OspfNextHopLists>(0))
{
}

OspfRoutingTable::OspfRoutingTable(Routes networks,
                                   Routes routers,
                                   std::shared_ptr<const OspfNextHopLists> nextHops)
    : m_networks(std::make_shared<Routes>(std::move(networks))),
      m_routers(std::make_shared<Routes>(std::move(routers))),
      m_nextHops(std::move(nextHops))
{
    for (const auto& route : *m_networks)
    {
        m_lengths |= uint64_t(1) << route.maskLength;
    }
}

OspfRoutingTable::Routes&
OspfRoutingTable::Own(SharedRoutes& routes)
{
    if (routes.use_count() > 1)
    {
        routes = std::make_shared<Routes>(*routes);
    }
    return *routes;
}

const OspfRoute*
OspfRoutingTable::FindNetwork(uint32_t network, uint8_t maskLength) const
{
    const auto key = std::make_pair(network, uint32_t(maskLength));
    const auto place =
        std::lower_bound(m_networks->begin(),
                         m_networks->end(),
                         key,
                         [](const OspfRoute& a, const auto& b) { return NetworkKey(a) < b; });
    return place != m_networks->end() && NetworkKey(*place) == key ? &*place : nullptr;
}

const OspfRoute*
OspfRoutingTable::Lookup(IpAddress address, OspfPathType worst) const
{
    for (int length = 32; length >= 0; --length)
    {
        if ((m_lengths >> length & 1) == 0)
        {
            continue;
        }
        const uint32_t mask = length == 0 ? 0 : ~uint32_t(0) << (32 - length);
        const auto* route = FindNetwork(address.value & mask, static_cast<uint8_t>(length));
        if (route != nullptr && route->pathType <= worst)
        {
            return route;
        }
    }
    return nullptr;
}

const OspfRoute*
OspfRoutingTable::FindRouter(uint32_t routerId, uint32_t area) const
{
    const auto [first, last] = FindRouter(routerId);
    const auto* place =
        std::find_if(first, last, [&](const OspfRoute& route) { return route.area == area; });
    return place == last ? nullptr : place;
}

std::pair<const OspfRoute*, const OspfRoute*>
OspfRoutingTable::FindRouter(uint32_t routerId) const
{
    struct ById
    {
        bool operator()(const OspfRoute& a, uint32_t b) const
        {
            return a.destination < b;
        }

        bool operator()(uint32_t a, const OspfRoute& b) const
        {
            return a < b.destination;
        }
    };

    const auto [first, last] =
        std::equal_range(m_routers->begin(), m_routers->end(), routerId, ById{});
    return {m_routers->data() + (first - m_routers->begin()),
            m_routers->data() + (last - m_routers->begin())};
}

void
OspfRoutingTable::SetNetwork(const OspfRoute& route)
{
    m_lengths |= uint64_t(1) << route.maskLength;
    Set(Own(m_networks), route, NetworkKey);
}

void
OspfRoutingTable::SetRouter(const OspfRoute& route)
{
    Set(Own(m_routers), route, RouterKey);
}

void
OspfRoutingTable::RemoveNetwork(uint32_t network, uint8_t maskLength)
{
    const auto* route = FindNetwork(network, maskLength);
    if (route != nullptr)
    {
        const auto at = route - m_networks->data();
        Routes& routes = Own(m_networks);
        routes.erase(routes.begin() + at);
    }
}

void
OspfRoutingTable::RemoveRouter(uint32_t routerId, uint32_t area)
{
    const auto* route = FindRouter(routerId, area);
    if (route != nullptr)
    {
        const auto at = route - m_routers->data();
        Routes& routes = Own(m_routers);
        routes.erase(routes.begin() + at);
    }
}

std::vector<OspfRouteChange>
DifferentNetworks(const OspfRoutingTable& before, const OspfRoutingTable& now)
{
    return Different(before, before.Networks(), now, now.Networks(), NetworkKey);
}

std::vector<OspfRouteChange>
DifferentRouters(const OspfRoutingTable& before, const OspfRoutingTable& now)
{
    return Different(before, before.Routers(), now, now.Routers(), RouterKey);
}

std::optional<uint8_t>
OspfMaskLength(uint32_t mask)
{
    const uint32_t hostBits = ~mask;
    if ((hostBits & (hostBits + 1)) != 0)
    {
        return std::nullopt;
    }
    return static_cast<uint8_t>(std::bitset<32>(mask).count());
}

std::string
ToString(OspfPathType type)
{
    switch (type)
    {
    case OspfPathType::INTRA_AREA:
        return "intra-area";
    case OspfPathType::INTER_AREA:
        return "inter-area";
    case OspfPathType::TYPE_1_EXTERNAL:
        return "type 1 external";
    default:
        return "type 2 external";
    }
}

std::string
Describe(const OspfRoutingTable& table, const OspfRoute& route)
{
    const bool isExternal = route.pathType >= OspfPathType::TYPE_1_EXTERNAL;
    const bool isType2 = route.pathType == OspfPathType::TYPE_2_EXTERNAL;
    std::string text = IpAddress{route.destination}.ToString() + '/' +
                       std::to_string(route.maskLength) + ' ' + ToString(route.pathType);
    text += isExternal ? "" : ' ' + IpAddress{route.area}.ToString();
    if (route.isDiscard)
    {
        return text + " discard";
    }
    text += " cost " + std::to_string(route.cost);
    text += isType2 ? '+' + std::to_string(route.type2Cost) : "";
    text += isExternal && route.tag != 0 ? " tag " + std::to_string(route.tag) : "";
    for (const auto& hop : table.NextHops(route))
    {
        text += " via " + std::to_string(hop.interface) + ':' + hop.address.ToString();
        text +=
            hop.advertisingRouter == 0 ? "" : " by " + IpAddress{hop.advertisingRouter}.ToString();
    }
    return text;
}

} // namespace karp
} // namespace ns3
