/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TOPOLOGY_GRAPH_H
#define KARP_TOPOLOGY_GRAPH_H

#include "ns3/karp-types.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * Networks as graphs: routers, links between two of them, and LANs of several. What reads one
 * (karp-topology-graphml.h), makes one (karp-topology-generators.h) and makes it fit for a
 * simulation (karp-topology-policy.h) shares this; none of it needs ns-3.
 */

namespace ns3
{
namespace karp
{

/** A place on the earth. */
struct GeoPoint
{
    double latitude{0};  //!< degrees, north is positive
    double longitude{0}; //!< degrees, east is positive
};

/** \return length of the great circle from \p a to \p b in metres, the earth taken for a sphere */
double GreatCircle(const GeoPoint& a, const GeoPoint& b);

/** A router of a topology. */
struct TopologyNode
{
    std::string name;           //!< as a file calls it; empty where a generator made it
    std::string label;          //!< for people, UTF-8; empty: none
    std::optional<GeoPoint> at; //!< where it stands
    bool estimated{false};      //!< whether that was concluded from its neighbours
    bool external{false};       //!< belongs to another network
    bool hyperedge{false};      //!< stands for a link of several routers, and is none itself
};

/** A link between two routers. */
struct TopologyEdge
{
    uint32_t a{0};                    //!< one end
    uint32_t b{0};                    //!< the other end
    std::optional<double> rate;       //!< bits per second
    std::optional<Time> delay;        //!< of propagation
    std::optional<uint32_t> cost;     //!< of routing, from a to b
    std::optional<uint32_t> costBack; //!< of routing, from b to a
};

/** A link of several routers. */
struct TopologyLan
{
    std::vector<uint32_t> nodes;  //!< who is on it, ascending
    std::optional<double> rate;   //!< bits per second
    std::optional<Time> delay;    //!< of propagation
    std::optional<uint32_t> cost; //!< of routing, of all that are on it
};

/**
 * \ingroup karp
 * A network. Loops and parallel edges may occur; each end of an edge is a node.
 */
struct TopologyGraph
{
    static constexpr uint32_t MAX_NODES = 5000;  //!< in one graph
    static constexpr uint32_t MAX_EDGES = 20000; //!< parallel ones and loops included

    std::string name;                //!< of the network
    std::vector<TopologyNode> nodes; //!< by number
    std::vector<TopologyEdge> edges; //!< in the order of the file
    std::vector<TopologyLan> lans;   //!< in the order of the file

    /** \return by node its neighbours over edges and LANs, each once, ascending, not itself */
    std::vector<std::vector<uint32_t>> Neighbors() const;

    /** \return its connected parts, the largest first; of equal ones that of the first node */
    std::vector<std::vector<uint32_t>> Components() const;

    /** \return most hops between two nodes that are connected */
    uint32_t Diameter() const;

    /** \return ends of edges at the node that has most of them; a LAN is one */
    uint32_t MaxDegree() const;

    /** Take out all nodes but those that \p keep says, and what leads to them. */
    void Keep(const std::vector<bool>& keep);
};

} // namespace karp
} // namespace ns3

#endif // KARP_TOPOLOGY_GRAPH_H
