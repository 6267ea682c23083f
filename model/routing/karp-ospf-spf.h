/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_SPF_H
#define KARP_OSPF_SPF_H

#include "karp-ospf-lsdb.h"
#include "karp-ospf-routing-table.h"

#include <optional>
#include <vector>

/**
 * \file
 * \ingroup karp
 * Intra-area paths (RFC 2328 section 16.1, first stage): the graph of an area, kept between
 * calculations, and the shortest paths through it.
 */

namespace ns3
{
namespace karp
{

/** An interface of the router that calculates; one that is up. */
struct OspfRouteInterface
{
    uint32_t index{0};          //!< what next hops name it by
    IpAddress address;          //!< of the interface; the Link Data of our own links
    uint32_t mask{0};           //!< of its network
    uint32_t area{0};           //!< Area ID
    bool isPointToPoint{false}; //!< numbered point-to-point; otherwise broadcast

    /** \return whether \p other is on its network */
    bool Holds(IpAddress other) const
    {
        return ((other.value ^ address.value) & mask) == 0;
    }

    /** The same in all. */
    friend bool operator==(const OspfRouteInterface& a, const OspfRouteInterface& b)
    {
        return a.index == b.index && a.address == b.address && a.mask == b.mask &&
               a.area == b.area && a.isPointToPoint == b.isPointToPoint;
    }
};

/**
 * The graph of an area: a vertex for each router-LSA and network-LSA, an edge for each link. It
 * follows the database: of an LSA that was replaced the edges, and whether they lead back, are
 * found anew; where vertices come or go, all are. LSAs of age MaxAge are not there.
 *
 * A router-LSA whose Link State ID is not its originator's is no vertex, and of several
 * network-LSAs with one Link State ID the first in the database is: links name a network by
 * nothing else.
 */
class OspfAreaGraph
{
  public:
    /** What an update changed. */
    enum class Change : uint8_t
    {
        NOTHING, //!< nothing that routes depend on
        LEAVES,  //!< stub networks, masks, flags: the paths remain
        PATHS,   //!< vertices or edges
    };

    /** From a vertex to another one. Those of a vertex are in order of target, then of link. */
    struct Edge
    {
        uint32_t target : 31;   //!< vertex
        uint32_t leadsBack : 1; //!< whether the target has an edge back (16.1 (2b))
        uint16_t metric;        //!< cost; 0 from a network
        uint16_t link;          //!< which link of the LSA
    };

    /** Edges from the first up to before the second. */
    struct EdgeRange
    {
        const Edge* first; //!< first
        const Edge* last;  //!< after the last

        /** \return first */
        const Edge* begin() const
        {
            return first;
        }

        /** \return after the last */
        const Edge* end() const
        {
            return last;
        }
    };

    /** Look through all of \p lsdb for what changed. */
    Change Update(const OspfLsdb& lsdb, Time now);
    /** Look in \p lsdb for the LSAs \p keys alone, of whatever type. */
    Change Update(const OspfLsdb& lsdb, const std::vector<OspfLsaKey>& keys, Time now);

    /** \return how many vertices there are; routers come first, each kind in order of its IDs */
    uint32_t Size() const
    {
        return static_cast<uint32_t>(m_vertices.size());
    }

    /** \return how many routers there are */
    uint32_t Routers() const
    {
        return m_routers;
    }

    /** \return whether \p vertex is a router */
    bool IsRouter(uint32_t vertex) const
    {
        return vertex < m_routers;
    }

    /** \return the LSA of \p vertex */
    const OspfLsa& Lsa(uint32_t vertex) const
    {
        return *m_vertices[vertex].lsa;
    }

    /** \return Router ID, or Link State ID of a network */
    uint32_t Id(uint32_t vertex) const
    {
        return m_vertices[vertex].id;
    }

    /** \return the vertex of a router, none if there is none */
    std::optional<uint32_t> FindRouter(uint32_t routerId) const;
    /** \return the vertex of a transit network, none if there is none */
    std::optional<uint32_t> FindNetwork(uint32_t linkStateId) const;

    /** \return all edges of \p vertex */
    EdgeRange Edges(uint32_t vertex) const
    {
        const Edge* first = m_edges.data() + m_vertices[vertex].first;
        return {first, first + m_vertices[vertex].count};
    }

    /** \return the edges from \p vertex to \p target */
    EdgeRange Edges(uint32_t vertex, uint32_t target) const;

    /** \return the octets that it holds, without the LSAs */
    size_t MemoryUsed() const;

  private:
    /** A router or a transit network. */
    struct Vertex
    {
        OspfLsaPtr lsa;    //!< what says so
        uint32_t id;       //!< Router ID, or Link State ID of a network
        uint32_t first{0}; //!< place of its first edge
        uint32_t count{0}; //!< of its edges
        uint32_t room{0};  //!< for how many edges there is room
    };

    /** Find all vertices and edges anew. */
    void Build(const OspfLsdb& lsdb, Time now);
    /** Another instance for \p vertex. \return what that changed */
    Change Replace(uint32_t vertex, const OspfLsaPtr& lsa);
    /** \return the vertex that \p key would be, none if it is not there */
    std::optional<uint32_t> Find(const OspfLsaKey& key) const;
    /** Put the edges of the LSA of \p vertex into m_scratch. */
    void FindEdges(uint32_t vertex);
    /** Keep m_scratch as the edges of \p vertex. */
    void StoreEdges(uint32_t vertex);
    /** Find out of every edge of \p vertex whether it leads back. */
    void MarkAllEdges(uint32_t vertex);
    /** Say in the edges from \p vertex to \p target whether they lead back. */
    void MarkEdges(uint32_t vertex, uint32_t target, bool leadsBack);
    /** Give back the room that edges have left. */
    void Compact();

    std::vector<Vertex> m_vertices; //!< routers, then networks
    uint32_t m_routers{0};          //!< how many of them are routers
    std::vector<Edge> m_edges;      //!< of all, in places
    size_t m_live{0};               //!< how many of them belong to a vertex
    std::vector<Edge> m_scratch;    //!< edges of one vertex, being found
};

/** The shortest paths from a router to all of an area (RFC 2328 section 16.1 steps 1 to 4). */
class OspfShortestPaths
{
  public:
    /**
     * \param graph of the area
     * \param routerId who calculates
     * \param interfaces its own, of this area
     * \param nextHops where lists of next hops are kept
     */
    void Calculate(const OspfAreaGraph& graph,
                   uint32_t routerId,
                   const std::vector<OspfRouteInterface>& interfaces,
                   OspfNextHopLists& nextHops);

    /** \return cost of the path to \p vertex; LSInfinity: there is none */
    uint32_t Cost(uint32_t vertex) const
    {
        return m_cost[vertex];
    }

    /** \return its next hops; of the root none */
    OspfNextHopLists::Id NextHops(uint32_t vertex) const
    {
        return m_nextHops[vertex];
    }

    /** \return the vertex that calculates; none where its router-LSA is not there */
    std::optional<uint32_t> Root() const
    {
        return m_root;
    }

    /** \return the octets that it holds */
    size_t MemoryUsed() const
    {
        return m_cost.capacity() * sizeof(uint32_t) +
               m_nextHops.capacity() * sizeof(OspfNextHopLists::Id);
    }

  private:
    std::vector<uint32_t> m_cost;                 //!< by vertex
    std::vector<OspfNextHopLists::Id> m_nextHops; //!< by vertex
    std::optional<uint32_t> m_root;               //!< ourselves
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_SPF_H
