/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-topology-graph.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace ns3
{
namespace karp
{

namespace
{

constexpr double EARTH_RADIUS = 6371008.8; //!< metres; mean radius of the GRS 80 ellipsoid
constexpr double RADIANS = 3.14159265358979323846 / 180;
constexpr uint32_t FAR = UINT32_MAX; //!< hops to where no way leads

/** \return by node the hops from \p from */
std::vector<uint32_t>
HopsFrom(uint32_t from, const std::vector<std::vector<uint32_t>>& neighbors)
{
    std::vector<uint32_t> hops(neighbors.size(), FAR);
    std::vector<uint32_t> reached = {from};
    hops[from] = 0;
    for (size_t i = 0; i < reached.size(); ++i)
    {
        for (const uint32_t next : neighbors[reached[i]])
        {
            if (hops[next] == FAR)
            {
                hops[next] = hops[reached[i]] + 1;
                reached.push_back(next);
            }
        }
    }
    return hops;
}

} // namespace

double
GreatCircle(const GeoPoint& a, const GeoPoint& b)
{
    // The haversine formula, which is exact enough where points are near to each other.
    const double north = std::sin((b.latitude - a.latitude) * RADIANS / 2);
    const double east = std::sin((b.longitude - a.longitude) * RADIANS / 2);
    const double h = north * north +
                     std::cos(a.latitude * RADIANS) * std::cos(b.latitude * RADIANS) * east * east;
    return 2 * EARTH_RADIUS * std::asin(std::sqrt(std::min(h, 1.0)));
}

std::vector<std::vector<uint32_t>>
TopologyGraph::Neighbors() const
{
    std::vector<std::set<uint32_t>> found(nodes.size());
    for (const TopologyEdge& edge : edges)
    {
        found[edge.a].insert(edge.b);
        found[edge.b].insert(edge.a);
    }
    for (const TopologyLan& lan : lans)
    {
        for (const uint32_t node : lan.nodes)
        {
            found[node].insert(lan.nodes.begin(), lan.nodes.end());
        }
    }
    std::vector<std::vector<uint32_t>> neighbors(nodes.size());
    for (uint32_t node = 0; node < nodes.size(); ++node)
    {
        found[node].erase(node);
        neighbors[node].assign(found[node].begin(), found[node].end());
    }
    return neighbors;
}

std::vector<std::vector<uint32_t>>
TopologyGraph::Components() const
{
    const std::vector<std::vector<uint32_t>> neighbors = Neighbors();
    std::vector<bool> seen(nodes.size(), false);
    std::vector<std::vector<uint32_t>> components;
    for (uint32_t first = 0; first < nodes.size(); ++first)
    {
        if (seen[first])
        {
            continue;
        }
        const std::vector<uint32_t> hops = HopsFrom(first, neighbors);
        components.emplace_back();
        for (uint32_t node = 0; node < nodes.size(); ++node)
        {
            if (hops[node] != FAR)
            {
                seen[node] = true;
                components.back().push_back(node);
            }
        }
    }
    std::stable_sort(components.begin(), components.end(), [](const auto& a, const auto& b) {
        return a.size() > b.size();
    });
    return components;
}

uint32_t
TopologyGraph::Diameter() const
{
    const std::vector<std::vector<uint32_t>> neighbors = Neighbors();
    uint32_t most = 0;
    for (uint32_t node = 0; node < nodes.size(); ++node)
    {
        for (const uint32_t hops : HopsFrom(node, neighbors))
        {
            most = hops == FAR ? most : std::max(most, hops);
        }
    }
    return most;
}

uint32_t
TopologyGraph::MaxDegree() const
{
    std::vector<uint32_t> degrees(nodes.size(), 0);
    for (const TopologyEdge& edge : edges)
    {
        ++degrees[edge.a];
        ++degrees[edge.b];
    }
    for (const TopologyLan& lan : lans)
    {
        for (const uint32_t node : lan.nodes)
        {
            ++degrees[node];
        }
    }
    return degrees.empty() ? 0 : *std::max_element(degrees.begin(), degrees.end());
}

void
TopologyGraph::Keep(const std::vector<bool>& keep)
{
    std::vector<uint32_t> numbers(nodes.size(), 0);
    std::vector<TopologyNode> kept;
    for (uint32_t node = 0; node < nodes.size(); ++node)
    {
        if (keep[node])
        {
            numbers[node] = static_cast<uint32_t>(kept.size());
            kept.push_back(std::move(nodes[node]));
        }
    }
    nodes = std::move(kept);
    edges.erase(
        std::remove_if(edges.begin(),
                       edges.end(),
                       [&](const TopologyEdge& edge) { return !keep[edge.a] || !keep[edge.b]; }),
        edges.end());
    for (TopologyEdge& edge : edges)
    {
        edge.a = numbers[edge.a];
        edge.b = numbers[edge.b];
    }
    for (TopologyLan& lan : lans)
    {
        std::vector<uint32_t> routers;
        for (const uint32_t node : lan.nodes)
        {
            if (keep[node])
            {
                routers.push_back(numbers[node]);
            }
        }
        lan.nodes = std::move(routers);
    }
    // A LAN of one leads nowhere.
    lans.erase(std::remove_if(lans.begin(),
                              lans.end(),
                              [](const TopologyLan& lan) { return lan.nodes.size() < 2; }),
               lans.end());
}

} // namespace karp
} // namespace ns3
