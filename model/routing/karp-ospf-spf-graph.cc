/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-spf.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/** \return whether a link leads to another vertex; virtual links (type 4) are not known */
bool
IsPath(const OspfRouterLink& link)
{
    return link.type == OspfLinkType::POINT_TO_POINT || link.type == OspfLinkType::TRANSIT;
}

/** \return whether \p a and \p b have the same links to other vertices */
bool
HaveSamePaths(const OspfRouterLsa& a, const OspfRouterLsa& b)
{
    auto atA = a.links.begin();
    auto atB = b.links.begin();
    while (true)
    {
        atA = std::find_if(atA, a.links.end(), IsPath);
        atB = std::find_if(atB, b.links.end(), IsPath);
        if (atA == a.links.end() || atB == b.links.end())
        {
            return atA == a.links.end() && atB == b.links.end();
        }
        if (!(*atA++ == *atB++))
        {
            return false;
        }
    }
}

/** Order of edges by target, for searches. */
struct ByTarget
{
    bool operator()(const OspfAreaGraph::Edge& a, uint32_t b) const
    {
        return a.target < b;
    }

    bool operator()(uint32_t a, const OspfAreaGraph::Edge& b) const
    {
        return a < b.target;
    }
};

/** \return whether an LSA of this name may be a vertex */
bool
CanBeVertex(const OspfLsaKey& key)
{
    return key.type == OspfLsaType::NETWORK ||
           (key.type == OspfLsaType::ROUTER && key.linkStateId == key.advertisingRouter);
}

/** The LSAs of a database that are vertices, in order. */
class VertexLsas
{
  public:
    VertexLsas(const OspfLsdb& lsdb, const OspfLsaKey& from, Time now)
        : m_at(lsdb.LowerBound(from)),
          m_end(lsdb.All().end()),
          m_now(now)
    {
    }

    /** \return the next one, or nullptr */
    const OspfLsaPtr* Next()
    {
        for (; m_at != m_end && m_at->key.type <= OspfLsaType::NETWORK; ++m_at)
        {
            const auto& [key, entry] = *m_at;
            const bool isAgain = m_last != nullptr && key.type == m_last->type &&
                                 key.linkStateId == m_last->linkStateId;
            if (CanBeVertex(key) && !isAgain && entry->Age(m_now) < OSPF_MAX_AGE)
            {
                m_last = &key;
                ++m_at;
                return &entry->lsa;
            }
        }
        return nullptr;
    }

  private:
    OspfLsdb::List::const_iterator m_at;  //!< where to go on
    OspfLsdb::List::const_iterator m_end; //!< of the database
    Time m_now;                           //!< the present
    const OspfLsaKey* m_last{nullptr};    //!< last one given
};

} // namespace

std::optional<uint32_t>
OspfAreaGraph::Find(const OspfLsaKey& key) const
{
    const bool isRouter = key.type == OspfLsaType::ROUTER;
    // A binary search without a branch: building a graph is little else.
    uint32_t at = isRouter ? 0 : m_routers;
    const uint32_t end = isRouter ? m_routers : Size();
    for (uint32_t rest = end - at; rest > 1;)
    {
        const uint32_t half = rest / 2;
        at += m_vertices[at + half - 1].id < key.linkStateId ? half : 0;
        rest -= half;
    }
    const bool isThere = at < end && m_vertices[at].id == key.linkStateId;
    return isThere ? std::make_optional(at) : std::nullopt;
}

std::optional<uint32_t>
OspfAreaGraph::FindRouter(uint32_t routerId) const
{
    return Find({OspfLsaType::ROUTER, routerId, routerId});
}

std::optional<uint32_t>
OspfAreaGraph::FindNetwork(uint32_t linkStateId) const
{
    return Find({OspfLsaType::NETWORK, linkStateId, 0});
}

OspfAreaGraph::EdgeRange
OspfAreaGraph::Edges(uint32_t vertex, uint32_t target) const
{
    const auto all = Edges(vertex);
    const auto [first, last] = std::equal_range(all.first, all.last, target, ByTarget{});
    return {first, last};
}

size_t
OspfAreaGraph::MemoryUsed() const
{
    return m_vertices.capacity() * sizeof(Vertex) +
           (m_edges.capacity() + m_scratch.capacity()) * sizeof(Edge);
}

OspfAreaGraph::Change
OspfAreaGraph::Update(const OspfLsdb& lsdb, Time now)
{
    VertexLsas lsas(lsdb, {}, now);
    Change change = Change::NOTHING;
    uint32_t vertex = 0;
    for (const auto* lsa = lsas.Next(); lsa != nullptr; lsa = lsas.Next(), ++vertex)
    {
        const OspfLsaKey& key = (*lsa)->header.key;
        if (vertex == Size() || m_vertices[vertex].id != key.linkStateId ||
            IsRouter(vertex) != (key.type == OspfLsaType::ROUTER))
        {
            Build(lsdb, now);
            return Change::PATHS;
        }
        if (m_vertices[vertex].lsa != *lsa)
        {
            change = std::max(change, Replace(vertex, *lsa));
        }
    }
    if (vertex != Size())
    {
        Build(lsdb, now);
        return Change::PATHS;
    }
    return change;
}

OspfAreaGraph::Change
OspfAreaGraph::Update(const OspfLsdb& lsdb, const std::vector<OspfLsaKey>& keys, Time now)
{
    Change change = Change::NOTHING;
    for (const auto& key : keys)
    {
        if (!CanBeVertex(key))
        {
            continue;
        }
        const bool isRouter = key.type == OspfLsaType::ROUTER;
        VertexLsas lsas(lsdb, {key.type, key.linkStateId, isRouter ? key.linkStateId : 0}, now);
        const auto* lsa = lsas.Next();
        const bool isThere = lsa != nullptr && (*lsa)->header.key.type == key.type &&
                             (*lsa)->header.key.linkStateId == key.linkStateId;
        const auto vertex = Find(key);
        if (isThere != vertex.has_value())
        {
            Build(lsdb, now);
            return Change::PATHS;
        }
        if (isThere && m_vertices[*vertex].lsa != *lsa)
        {
            change = std::max(change, Replace(*vertex, *lsa));
        }
    }
    return change;
}

void
OspfAreaGraph::Build(const OspfLsdb& lsdb, Time now)
{
    m_vertices.clear();
    m_edges.clear();
    m_live = 0;
    m_routers = 0;
    VertexLsas lsas(lsdb, {}, now);
    for (const auto* lsa = lsas.Next(); lsa != nullptr; lsa = lsas.Next())
    {
        const OspfLsaKey& key = (*lsa)->header.key;
        m_routers += key.type == OspfLsaType::ROUTER ? 1 : 0;
        m_vertices.push_back({*lsa, key.linkStateId});
    }
    for (uint32_t vertex = 0; vertex < Size(); ++vertex)
    {
        FindEdges(vertex);
        StoreEdges(vertex);
    }
    for (uint32_t vertex = 0; vertex < Size(); ++vertex)
    {
        MarkAllEdges(vertex);
    }
    m_vertices.shrink_to_fit();
    m_edges.shrink_to_fit();
}

OspfAreaGraph::Change
OspfAreaGraph::Replace(uint32_t vertex, const OspfLsaPtr& lsa)
{
    const OspfLsaPtr before = std::exchange(m_vertices[vertex].lsa, lsa);
    bool samePaths;
    if (IsRouter(vertex))
    {
        const auto& was = std::get<OspfRouterLsa>(before->body);
        const auto& is = std::get<OspfRouterLsa>(lsa->body);
        if (was.links == is.links && was.flags == is.flags)
        {
            return Change::NOTHING;
        }
        samePaths = HaveSamePaths(was, is);
    }
    else
    {
        const auto& was = std::get<OspfNetworkLsa>(before->body);
        const auto& is = std::get<OspfNetworkLsa>(lsa->body);
        if (was.routers == is.routers)
        {
            return was.networkMask == is.networkMask ? Change::NOTHING : Change::LEAVES;
        }
        samePaths = false;
    }
    // Where only stub networks came or went, links may have other places in the LSA now.
    for (const auto& edge : Edges(vertex))
    {
        MarkEdges(edge.target, vertex, false);
    }
    FindEdges(vertex);
    StoreEdges(vertex);
    MarkAllEdges(vertex);
    for (const auto& edge : Edges(vertex))
    {
        MarkEdges(edge.target, vertex, true);
    }
    Compact();
    return samePaths ? Change::LEAVES : Change::PATHS;
}

void
OspfAreaGraph::FindEdges(uint32_t vertex)
{
    m_scratch.clear();
    const auto add = [&](std::optional<uint32_t> target, uint16_t metric, size_t link) {
        if (target)
        {
            m_scratch.push_back({*target, 0, metric, static_cast<uint16_t>(link)});
        }
    };
    if (IsRouter(vertex))
    {
        const auto& links = std::get<OspfRouterLsa>(Lsa(vertex).body).links;
        for (size_t i = 0; i < links.size(); ++i)
        {
            if (IsPath(links[i]))
            {
                add(links[i].type == OspfLinkType::TRANSIT ? FindNetwork(links[i].id)
                                                           : FindRouter(links[i].id),
                    links[i].metric,
                    i);
            }
        }
    }
    else
    {
        const auto& routers = std::get<OspfNetworkLsa>(Lsa(vertex).body).routers;
        for (size_t i = 0; i < routers.size(); ++i)
        {
            add(FindRouter(routers[i]), 0, i);
        }
    }
    std::sort(m_scratch.begin(), m_scratch.end(), [](const Edge& a, const Edge& b) {
        return a.target != b.target ? a.target < b.target : a.link < b.link;
    });
}

void
OspfAreaGraph::StoreEdges(uint32_t vertex)
{
    Vertex& v = m_vertices[vertex];
    m_live = m_live - v.count + m_scratch.size();
    v.count = static_cast<uint32_t>(m_scratch.size());
    if (v.count > v.room)
    {
        v.first = static_cast<uint32_t>(m_edges.size());
        v.room = v.count;
        m_edges.resize(m_edges.size() + v.count);
    }
    std::copy(m_scratch.begin(), m_scratch.end(), m_edges.begin() + v.first);
}

void
OspfAreaGraph::MarkEdges(uint32_t vertex, uint32_t target, bool leadsBack)
{
    const auto range = Edges(vertex, target);
    for (auto at = range.first - m_edges.data(); at < range.last - m_edges.data(); ++at)
    {
        m_edges[at].leadsBack = leadsBack ? 1 : 0;
    }
}

void
OspfAreaGraph::MarkAllEdges(uint32_t vertex)
{
    const size_t end = m_vertices[vertex].first + m_vertices[vertex].count;
    for (size_t at = m_vertices[vertex].first; at < end; ++at)
    {
        const auto back = Edges(m_edges[at].target, vertex);
        m_edges[at].leadsBack = back.first != back.last ? 1 : 0;
    }
}

void
OspfAreaGraph::Compact()
{
    if (m_edges.size() <= 2 * m_live + 64)
    {
        return;
    }
    std::vector<Edge> edges;
    edges.reserve(m_live);
    for (auto& vertex : m_vertices)
    {
        const auto first = m_edges.begin() + vertex.first;
        vertex.first = static_cast<uint32_t>(edges.size());
        edges.insert(edges.end(), first, first + vertex.count);
        vertex.room = vertex.count;
    }
    m_edges = std::move(edges);
}

} // namespace karp
} // namespace ns3
