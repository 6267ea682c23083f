/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-spf.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace ns3
{
namespace karp
{

namespace
{

/** One calculation of shortest paths; see OspfShortestPaths::Calculate(). */
class Dijkstra
{
  public:
    Dijkstra(const OspfAreaGraph& graph,
             uint32_t root,
             const std::vector<OspfRouteInterface>& interfaces,
             OspfNextHopLists& lists,
             std::vector<uint32_t>& cost,
             std::vector<OspfNextHopLists::Id>& nextHops)
        : m_graph(graph),
          m_root(root),
          m_interfaces(interfaces),
          m_lists(lists),
          m_cost(cost),
          m_nextHops(nextHops),
          m_isOnTree(graph.Size(), 0)
    {
    }

    /** Run. */
    void Run()
    {
        m_cost[m_root] = 0;
        Push(m_root);
        while (!m_candidates.empty())
        {
            const auto [cost, vertex] = Pop();
            if (m_isOnTree[vertex] != 0)
            {
                continue; // an earlier, longer path
            }
            m_isOnTree[vertex] = 1;
            const auto attached = InterfacesTo(vertex);
            for (const auto& edge : m_graph.Edges(vertex))
            {
                // (2b) and (2c)
                if (edge.leadsBack == 0 || m_isOnTree[edge.target] != 0)
                {
                    continue;
                }
                // Costs begin at LSInfinity, which no path reaches.
                const uint32_t sum = cost + edge.metric;
                if (sum <= m_cost[edge.target])
                {
                    Relax(vertex, edge, sum, attached);
                }
            }
        }
    }

  private:
    using Id = OspfNextHopLists::Id;
    using Interfaces = std::vector<const OspfRouteInterface*>; //!< some of ours

    /** A vertex joins the candidates. Of equal costs networks come first (step 3). */
    void Push(uint32_t vertex)
    {
        const uint64_t isRouter = m_graph.IsRouter(vertex) ? 1 : 0;
        m_candidates.push(static_cast<uint64_t>(m_cost[vertex]) << 33 | isRouter << 32 | vertex);
    }

    /** \return cost and vertex of the closest candidate */
    std::pair<uint32_t, uint32_t> Pop()
    {
        const uint64_t closest = m_candidates.top();
        m_candidates.pop();
        return {static_cast<uint32_t>(closest >> 33), static_cast<uint32_t>(closest)};
    }

    /** (2d): a path over \p edge of \p parent, as short as any so far. */
    void Relax(uint32_t parent,
               const OspfAreaGraph::Edge& edge,
               uint32_t cost,
               const Interfaces& attached)
    {
        Id hops = m_nextHops[parent];
        if (parent == m_root)
        {
            hops = FirstHops(edge);
        }
        else if (!attached.empty())
        {
            hops = OverNetwork(parent, edge.target, attached);
        }
        if (hops == OspfNextHopLists::EMPTY)
        {
            return; // nowhere to send to
        }
        if (cost < m_cost[edge.target])
        {
            m_cost[edge.target] = cost;
            m_nextHops[edge.target] = hops;
            Push(edge.target);
        }
        else
        {
            m_nextHops[edge.target] = m_lists.Union(m_nextHops[edge.target], hops);
        }
    }

    /** \return the links of a router's LSA */
    const std::vector<OspfRouterLink>& Links(uint32_t router) const
    {
        return std::get<OspfRouterLsa>(m_graph.Lsa(router).body).links;
    }

    /** \return the interface of ours that a link of ours is about, or nullptr */
    const OspfRouteInterface* FindInterface(const OspfRouterLink& link) const
    {
        const bool isPointToPoint = link.type == OspfLinkType::POINT_TO_POINT;
        const auto place = std::find_if(m_interfaces.begin(),
                                        m_interfaces.end(),
                                        [&](const OspfRouteInterface& interface) {
                                            return interface.address.value == link.data &&
                                                   interface.isPointToPoint == isPointToPoint;
                                        });
        return place == m_interfaces.end() ? nullptr : &*place;
    }

    /**
     * \return the next hops of a neighbour of the root (16.1.1, parent is the root): to a network
     *         none but the interface, to a router the addresses that it has on that link, of which
     *         its own links tell; where these tell nothing that is on the link, the interface does.
     *         Nothing where the interface is not there
     */
    Id FirstHops(const OspfAreaGraph::Edge& edge)
    {
        const auto* interface = FindInterface(Links(m_root)[edge.link]);
        if (interface == nullptr)
        {
            return OspfNextHopLists::EMPTY;
        }
        OspfNextHopLists::List hops;
        if (m_graph.IsRouter(edge.target))
        {
            for (const auto& back : m_graph.Edges(edge.target, m_root))
            {
                const IpAddress address{Links(edge.target)[back.link].data};
                if (interface->Holds(address) && address != interface->address)
                {
                    hops.push_back({interface->index, address, 0});
                }
            }
        }
        else
        {
            m_attached.push_back({edge.target, interface});
        }
        if (hops.empty())
        {
            hops.push_back({interface->index, {}, 0});
        }
        return m_lists.Add(std::move(hops));
    }

    /** \return our interfaces to network \p vertex; none of anything else */
    Interfaces InterfacesTo(uint32_t vertex) const
    {
        Interfaces interfaces;
        if (!m_graph.IsRouter(vertex))
        {
            for (const auto& [network, interface] : m_attached)
            {
                if (network == vertex)
                {
                    interfaces.push_back(interface);
                }
            }
        }
        return interfaces;
    }

    /**
     * \return the next hops of \p router behind \p network, which we are attached to (16.1.1,
     *         parent is a network that connects to the root): where they were just the interface,
     *         the router's addresses on that network. Nothing where it has none there
     */
    Id OverNetwork(uint32_t network, uint32_t router, const Interfaces& attached)
    {
        OspfNextHopLists::List hops;
        for (const auto& hop : m_lists.Get(m_nextHops[network]))
        {
            const auto interface =
                std::find_if(attached.begin(), attached.end(), [&](const auto* candidate) {
                    return candidate->index == hop.interface && hop.address == IpAddress{};
                });
            if (interface == attached.end())
            {
                hops.push_back(hop);
                continue;
            }
            for (const auto& back : m_graph.Edges(router, network))
            {
                const IpAddress address{Links(router)[back.link].data};
                if ((*interface)->Holds(address) && address != (*interface)->address)
                {
                    hops.push_back({hop.interface, address, 0});
                }
            }
        }
        return m_lists.Add(std::move(hops));
    }

    using Candidates = std::priority_queue<uint64_t, std::vector<uint64_t>, std::greater<uint64_t>>;

    const OspfAreaGraph& m_graph;                        //!< of the area
    uint32_t m_root;                                     //!< ourselves
    const std::vector<OspfRouteInterface>& m_interfaces; //!< ours
    OspfNextHopLists& m_lists;                           //!< lists of next hops
    std::vector<uint32_t>& m_cost;                       //!< result
    std::vector<Id>& m_nextHops;                         //!< result
    std::vector<uint8_t> m_isOnTree;                     //!< which vertices are on the tree
    /** Networks that we are attached to, and by what. */
    std::vector<std::pair<uint32_t, const OspfRouteInterface*>> m_attached;
    Candidates m_candidates; //!< costs and vertices
};

} // namespace

void
OspfShortestPaths::Calculate(const OspfAreaGraph& graph,
                             uint32_t routerId,
                             const std::vector<OspfRouteInterface>& interfaces,
                             OspfNextHopLists& nextHops)
{
    m_cost.assign(graph.Size(), OSPF_LS_INFINITY);
    m_nextHops.assign(graph.Size(), OspfNextHopLists::EMPTY);
    m_root = graph.FindRouter(routerId);
    if (m_root)
    {
        Dijkstra(graph, *m_root, interfaces, nextHops, m_cost, m_nextHops).Run();
    }
}

} // namespace karp
} // namespace ns3
