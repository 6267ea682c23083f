/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-bench-network.h"

#include "ns3/data-rate.h"
#include "ns3/karp-topology-graphml.h"
#include "ns3/karp-topology-policy.h"
#include "ns3/nstime.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/string.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

/**
 * \file
 * Maps of real networks, of the Internet Topology Zoo: from cold start to converged tables. The
 * files are read from the folder that the environment variable KARP_TOPOLOGIES names.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr double STOP = 60.0; //!< simulated seconds

/** \return the map in \p path with rates and delays, if it is one */
std::optional<TopologyGraph>
ReadMap(const std::string& path)
{
    Diagnostics diagnostics;
    auto graph = ReadGraphmlFile(path, diagnostics);
    if (!graph)
    {
        return std::nullopt;
    }
    TopologyPolicy policy;
    policy.hyperedges = TopologyPolicy::Hyperedges::ROUTER;
    if (!ApplyPolicy(policy, *graph).error.empty())
    {
        return std::nullopt;
    }
    ApplyLinkRule(LinkRule(), *graph);
    return graph;
}

/** \return what \p graph costs */
NetworkCost
RunMap(const TopologyGraph& graph, bool isSigned)
{
    constexpr double MIN_LS_INTERVAL = 5;
    Network network =
        MakeRouters(static_cast<uint32_t>(graph.nodes.size()), isSigned, MIN_LS_INTERVAL);
    network.addresses.SetBase("10.0.0.0", "255.255.255.252");
    for (const TopologyEdge& edge : graph.edges)
    {
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate",
                                DataRateValue(DataRate(static_cast<uint64_t>(*edge.rate))));
        link.SetChannelAttribute("Delay", TimeValue(NanoSeconds(edge.delay->count())));
        Join(network, link.Install(network.nodes.Get(edge.a), network.nodes.Get(edge.b)));
    }
    return RunNetwork(network, STOP);
}

} // namespace

std::vector<BenchResult>
BenchMaps(const BenchEffort& effort)
{
    std::vector<BenchResult> results;
    const char* folder = std::getenv("KARP_TOPOLOGIES");
    if (folder == nullptr)
    {
        std::fprintf(stderr,
                     "maps are left out: KARP_TOPOLOGIES names no folder with GraphML files of the "
                     "Internet Topology Zoo\n");
        return results;
    }
    std::istringstream names(effort.maps);
    std::string name;
    while (std::getline(names, name, ','))
    {
        const std::string path = std::string(folder) + '/' + name + ".graphml";
        const auto graph = ReadMap(path);
        if (!graph)
        {
            std::fprintf(stderr, "map %s is left out: %s is none\n", name.c_str(), path.c_str());
            continue;
        }
        const std::string what = name + ", " + std::to_string(graph->nodes.size()) + " routers, " +
                                 std::to_string(graph->edges.size()) + " links";
        const auto open = MeasureApart([&] { return RunMap(*graph, false); });
        const auto hmac = MeasureApart([&] { return RunMap(*graph, true); });
        Append(name + ".open", what + ", AuType 0", open, results);
        Append(name + ".hmac", what + ", HMAC-SHA-256", hmac, results);
        AppendRatio(name, hmac, open, results);
    }
    return results;
}

} // namespace karp
} // namespace ns3
