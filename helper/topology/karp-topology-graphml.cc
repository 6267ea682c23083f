/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-topology-graphml.h"

#include "karp-topology-xml.h"

#include "ns3/karp-text-file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

namespace ns3
{
namespace karp
{

namespace
{

/** \return \p text as a number, nothing if it is none */
std::optional<double>
Number(const std::string& text)
{
    double value = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    const bool good = result.ec == std::errc() && result.ptr == end && std::isfinite(value);
    return good ? std::optional<double>(value) : std::nullopt;
}

/** Builds a graph from the elements of a file. */
class GraphmlReader
{
  public:
    GraphmlReader(TopologyGraph& graph, Diagnostics& diagnostics)
        : m_graph(graph),
          m_diagnostics(diagnostics)
    {
    }

    /** Read everything in \p root. */
    void Read(const XmlElement& root)
    {
        if (root.name != "graphml")
        {
            m_diagnostics.Error(root.line, "begins with '" + root.name + "', not with 'graphml'");
            return;
        }
        for (const XmlElement& child : root.children)
        {
            const std::string* id = child.Find("id");
            const std::string* name = child.Find("attr.name");
            if (child.name == "key" && id != nullptr && name != nullptr)
            {
                m_keys[*id] = *name;
            }
        }
        // Edges may stand before their ends, so that all nodes come first.
        ReadNodes(root);
        if (m_graph.nodes.empty() && m_diagnostics.Empty())
        {
            m_diagnostics.Error(root.line, "there is no node in it");
        }
        ReadEdges(root, true);
    }

  private:
    /** \return what \p element says of \p name, nullptr if nothing */
    const std::string* Data(const XmlElement& element, const std::string& name) const
    {
        for (const XmlElement& child : element.children)
        {
            const std::string* key = child.Find("key");
            if (child.name != "data" || key == nullptr)
            {
                continue;
            }
            const auto found = m_keys.find(*key);
            if ((found == m_keys.end() ? *key : found->second) == name)
            {
                return &child.text;
            }
        }
        return nullptr;
    }

    /** \return what \p element says of \p name as a number of [\p least, \p most] */
    std::optional<double> NumberOf(const XmlElement& element,
                                   const std::string& name,
                                   double least,
                                   double most) const
    {
        const std::string* text = Data(element, name);
        const std::optional<double> value = text == nullptr ? std::nullopt : Number(*text);
        return value && *value >= least && *value <= most ? value : std::nullopt;
    }

    /** Read the nodes in \p parent, those in nodes too. */
    void ReadNodes(const XmlElement& parent)
    {
        for (const XmlElement& child : parent.children)
        {
            if (child.name == "node")
            {
                ReadNode(child);
            }
            if (child.name == "node" || child.name == "graph")
            {
                const std::string* network = Data(child, "Network");
                m_graph.name =
                    network == nullptr || parent.name == "node" ? m_graph.name : *network;
                ReadNodes(child);
            }
        }
    }

    void ReadNode(const XmlElement& element)
    {
        const std::string* id = element.Find("id");
        if (id == nullptr || id->empty())
        {
            m_diagnostics.Error(element.line, "node: attribute 'id' is missing");
            return;
        }
        if (m_graph.nodes.size() == TopologyGraph::MAX_NODES)
        {
            m_diagnostics.Error(element.line,
                                "node: more than " + std::to_string(TopologyGraph::MAX_NODES));
            return;
        }
        if (!m_numbers.emplace(*id, static_cast<uint32_t>(m_graph.nodes.size())).second)
        {
            m_diagnostics.Error(element.line, "node: there is a node '" + *id + "' already");
            return;
        }
        TopologyNode node;
        node.name = *id;
        const std::string* label = Data(element, "label");
        node.label = label == nullptr ? "" : *label;
        const std::optional<double> latitude = NumberOf(element, "Latitude", -90, 90);
        const std::optional<double> longitude = NumberOf(element, "Longitude", -360, 360);
        if (latitude && longitude)
        {
            node.at = GeoPoint{*latitude, std::remainder(*longitude, 360)};
        }
        node.external = NumberOf(element, "Internal", 0, 0).has_value();
        node.hyperedge = NumberOf(element, "hyperedge", 1, 1).has_value();
        m_graph.nodes.push_back(std::move(node));
    }

    /** Read the edges in \p parent, where they are \p undirected if they do not say. */
    void ReadEdges(const XmlElement& parent, bool undirected)
    {
        for (const XmlElement& child : parent.children)
        {
            if (child.name == "edge")
            {
                const std::string* directed = child.Find("directed");
                ReadEdge(child, directed == nullptr ? undirected : *directed != "true");
            }
            else if (child.name == "hyperedge")
            {
                ReadHyperedge(child);
            }
            else if (child.name == "graph" || child.name == "node")
            {
                const std::string* way = child.Find("edgedefault");
                ReadEdges(child, way == nullptr ? undirected : *way != "directed");
            }
        }
    }

    void ReadEdge(const XmlElement& element, bool undirected)
    {
        const std::optional<uint32_t> from = EndOf(element, "source");
        const std::optional<uint32_t> to = EndOf(element, "target");
        if (!from || !to)
        {
            return;
        }
        // An arc each way is how directed files write one link.
        const auto opposite = m_arcs.find({*to, *from});
        if (!undirected && opposite != m_arcs.end() && *from != *to)
        {
            TopologyEdge& link = m_graph.edges[opposite->second];
            const std::optional<uint32_t> back = CostOf(element);
            link.costBack = back ? back : link.costBack;
            m_arcs.erase(opposite);
            return;
        }
        if (m_graph.edges.size() == TopologyGraph::MAX_EDGES)
        {
            m_diagnostics.Error(element.line,
                                "edge: more than " + std::to_string(TopologyGraph::MAX_EDGES));
            return;
        }
        TopologyEdge edge;
        edge.a = *from;
        edge.b = *to;
        edge.rate = NumberOf(element, "LinkSpeedRaw", 1, 1e18);
        if (const std::optional<double> delay = NumberOf(element, "delay", 0, 100))
        {
            edge.delay = Time(static_cast<int64_t>(std::llround(*delay * 1e9)));
        }
        edge.cost = edge.costBack = CostOf(element); // both ways, unless the other arc says more
        if (!undirected)
        {
            m_arcs.insert({{*from, *to}, m_graph.edges.size()});
        }
        m_graph.edges.push_back(edge);
    }

    /** \return what \p element costs; nothing if it does not say, or what OSPF cannot have */
    std::optional<uint32_t> CostOf(const XmlElement& element)
    {
        const std::string* text = Data(element, "cost");
        if (text == nullptr)
        {
            return std::nullopt;
        }
        // A cost that is passed over would be found in routes only.
        const std::optional<double> cost = NumberOf(element, "cost", 1, UINT16_MAX);
        if (!cost || *cost != std::floor(*cost))
        {
            m_diagnostics.Error(element.line,
                                "edge: cost '" + *text +
                                    "' must be a whole number from 1 to 65535 (RFC 2328 C.3)");
            return std::nullopt;
        }
        return static_cast<uint32_t>(*cost);
    }

    void ReadHyperedge(const XmlElement& element)
    {
        std::set<uint32_t> routers;
        for (const XmlElement& child : element.children)
        {
            const std::optional<uint32_t> end =
                child.name == "endpoint" ? EndOf(child, "node") : std::nullopt;
            if (end)
            {
                routers.insert(*end);
            }
        }
        if (routers.size() > 1)
        {
            TopologyLan lan;
            lan.nodes.assign(routers.begin(), routers.end());
            m_graph.lans.push_back(std::move(lan));
        }
    }

    /** \return the node that attribute \p key of \p element names */
    std::optional<uint32_t> EndOf(const XmlElement& element, const std::string& key)
    {
        const std::string* id = element.Find(key);
        const auto found = id == nullptr ? m_numbers.end() : m_numbers.find(*id);
        if (found != m_numbers.end())
        {
            return found->second;
        }
        std::vector<std::string> names;
        for (const auto& entry : m_numbers)
        {
            names.push_back(entry.first);
        }
        m_diagnostics.Error(element.line,
                            id == nullptr ? element.name + ": attribute '" + key + "' is missing"
                                          : element.name + ": there is no node '" + *id + "'" +
                                                Hint(*id, names));
        return std::nullopt;
    }

    TopologyGraph& m_graph;                    //!< what is built
    Diagnostics& m_diagnostics;                //!< where errors go
    std::map<std::string, std::string> m_keys; //!< names of data, by key
    std::map<std::string, uint32_t> m_numbers; //!< nodes by id
    /// Directed edges without an opposite so far, by their ends: their numbers.
    std::multimap<std::pair<uint32_t, uint32_t>, size_t> m_arcs;
};

} // namespace

std::optional<TopologyGraph>
ReadGraphml(const std::string& text, Diagnostics& diagnostics)
{
    const std::optional<XmlElement> root = ReadXml(text, diagnostics);
    if (!root)
    {
        return std::nullopt;
    }
    TopologyGraph graph;
    GraphmlReader(graph, diagnostics).Read(*root);
    return diagnostics.Empty() ? std::optional<TopologyGraph>(std::move(graph)) : std::nullopt;
}

std::optional<TopologyGraph>
ReadGraphmlFile(const std::string& path, Diagnostics& diagnostics)
{
    std::string text;
    const std::string error = ReadTextFile(path, text, XmlElement::MAX_SIZE);
    if (!error.empty())
    {
        diagnostics.Error(0, error);
        return std::nullopt;
    }
    return ReadGraphml(text, diagnostics);
}

} // namespace karp
} // namespace ns3
