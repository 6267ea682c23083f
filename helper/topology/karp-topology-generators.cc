/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-topology-generators.h"

#include "ns3/karp-diagnostics.h"
#include "ns3/karp-seeded-entropy.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace ns3
{
namespace karp
{

namespace
{

constexpr double MOST_NODES = TopologyGraph::MAX_NODES;
constexpr double MOST_SEED = UINT32_MAX;
constexpr uint32_t WAXMAN_NODES = 1000; //!< each pair of them is drawn for
/// Metres of one degree, of latitude anywhere and of longitude at the equator.
constexpr double DEGREE = 6371008.8 * 3.14159265358979323846 / 180;

/**
 * \return one of [0, \p below), each as likely but for below / 2^32; a std distribution would give
 *         other ones with another library
 */
uint32_t
DrawBelow(Entropy& entropy, uint32_t below)
{
    return static_cast<uint32_t>((entropy.DrawU64() >> 32) * below >> 32);
}

/** \return parameter \p name as a whole number */
uint32_t
Whole(const GeneratorValues& values, const char* name)
{
    return static_cast<uint32_t>(values.at(name));
}

/** \return what is drawn from parameter seed */
SeededEntropy
Seeded(const GeneratorValues& values)
{
    return SeededEntropy(Whole(values, "seed"));
}

void
Connect(TopologyGraph& graph, uint32_t a, uint32_t b)
{
    TopologyEdge edge;
    edge.a = a;
    edge.b = b;
    graph.edges.push_back(edge);
}

/** \return empty, or why \p graph is too large */
std::string
CheckSize(const TopologyGraph& graph)
{
    const auto tooMany = [](size_t most, const char* what) {
        return "more than " + std::to_string(most) + " " + what;
    };
    if (graph.nodes.size() > TopologyGraph::MAX_NODES)
    {
        return tooMany(TopologyGraph::MAX_NODES, "routers");
    }
    return graph.edges.size() > TopologyGraph::MAX_EDGES
               ? tooMany(TopologyGraph::MAX_EDGES, "links")
               : "";
}

std::string
MakeLine(const GeneratorValues& values, TopologyGraph& graph)
{
    graph.nodes.resize(Whole(values, "nodes"));
    for (uint32_t i = 1; i < graph.nodes.size(); ++i)
    {
        Connect(graph, i - 1, i);
    }
    return "";
}

std::string
MakeRing(const GeneratorValues& values, TopologyGraph& graph)
{
    MakeLine(values, graph);
    Connect(graph, static_cast<uint32_t>(graph.nodes.size()) - 1, 0);
    return "";
}

std::string
MakeStar(const GeneratorValues& values, TopologyGraph& graph)
{
    graph.nodes.resize(Whole(values, "nodes"));
    for (uint32_t i = 1; i < graph.nodes.size(); ++i)
    {
        Connect(graph, 0, i);
    }
    return "";
}

std::string
MakeGrid(const GeneratorValues& values, TopologyGraph& graph)
{
    const uint32_t width = Whole(values, "width");
    const uint32_t height = Whole(values, "height");
    if (width * height > TopologyGraph::MAX_NODES)
    {
        return "more than " + std::to_string(TopologyGraph::MAX_NODES) + " routers";
    }
    graph.nodes.resize(width * height);
    for (uint32_t i = 0; i < graph.nodes.size(); ++i)
    {
        if (i % width != 0)
        {
            Connect(graph, i - 1, i);
        }
        if (i >= width)
        {
            Connect(graph, i - width, i);
        }
    }
    return "";
}

std::string
MakeTree(const GeneratorValues& values, TopologyGraph& graph)
{
    const uint32_t branching = Whole(values, "branching");
    size_t level = 1;
    size_t nodes = 1;
    for (uint32_t depth = 0; depth < Whole(values, "depth"); ++depth)
    {
        level *= branching;
        nodes += level;
        if (nodes > TopologyGraph::MAX_NODES)
        {
            return "more than " + std::to_string(TopologyGraph::MAX_NODES) + " routers";
        }
    }
    graph.nodes.resize(nodes);
    for (uint32_t i = 1; i < nodes; ++i)
    {
        Connect(graph, (i - 1) / branching, i);
    }
    return "";
}

std::string
MakeFull(const GeneratorValues& values, TopologyGraph& graph)
{
    graph.nodes.resize(Whole(values, "nodes"));
    for (uint32_t i = 0; i < graph.nodes.size(); ++i)
    {
        for (uint32_t j = i + 1; j < graph.nodes.size(); ++j)
        {
            Connect(graph, i, j);
        }
    }
    return "";
}

/** Connects all nodes of \p graph by a tree, each labelled tree as likely. */
void
ConnectByTree(TopologyGraph& graph, Entropy& entropy)
{
    // A tree of n nodes is a Pruefer sequence of n-2 of them: each node stands in it once less
    // often than it has neighbours, and the least leaf hangs on the first in it.
    const auto nodes = static_cast<uint32_t>(graph.nodes.size());
    std::vector<uint32_t> sequence;
    std::vector<uint32_t> degrees(nodes, 1);
    for (uint32_t i = 2; i < nodes; ++i)
    {
        sequence.push_back(DrawBelow(entropy, nodes));
        ++degrees[sequence.back()];
    }
    std::set<uint32_t> leaves;
    for (uint32_t node = 0; node < nodes; ++node)
    {
        if (degrees[node] == 1)
        {
            leaves.insert(node);
        }
    }
    for (const uint32_t node : sequence)
    {
        Connect(graph, *leaves.begin(), node);
        leaves.erase(leaves.begin());
        if (--degrees[node] == 1)
        {
            leaves.insert(node);
        }
    }
    Connect(graph, *leaves.begin(), *leaves.rbegin());
}

std::string
MakeRandom(const GeneratorValues& values, TopologyGraph& graph)
{
    const uint32_t nodes = Whole(values, "nodes");
    const uint32_t edges = Whole(values, "edges");
    const uint64_t most = uint64_t{nodes} * (nodes - 1) / 2;
    if (edges < nodes - 1 || edges > most)
    {
        return std::to_string(nodes) + " routers are connected by " + std::to_string(nodes - 1) +
               " to " + std::to_string(most) + " links, not by " + std::to_string(edges);
    }
    SeededEntropy entropy = Seeded(values);
    graph.nodes.resize(nodes);
    ConnectByTree(graph, entropy);
    std::set<std::pair<uint32_t, uint32_t>> present;
    for (const TopologyEdge& edge : graph.edges)
    {
        present.insert(std::minmax(edge.a, edge.b));
    }
    while (graph.edges.size() < edges)
    {
        const uint32_t a = DrawBelow(entropy, nodes);
        const uint32_t b = DrawBelow(entropy, nodes);
        if (a != b && present.insert(std::minmax(a, b)).second)
        {
            Connect(graph, a, b);
        }
    }
    return "";
}

/** Joins the parts of \p graph: each time the two nodes that are nearest to each other. */
void
JoinParts(TopologyGraph& graph)
{
    const auto nodes = static_cast<uint32_t>(graph.nodes.size());
    const std::vector<std::vector<uint32_t>> parts = graph.Components();
    std::vector<uint32_t> partOf(nodes, 0);
    for (uint32_t part = 0; part < parts.size(); ++part)
    {
        for (const uint32_t node : parts[part])
        {
            partOf[node] = part;
        }
    }
    // By node outside: who inside is nearest, and how far. What comes in may be nearer.
    std::vector<double> distance(nodes, INFINITY);
    std::vector<uint32_t> nearest(nodes, 0);
    std::vector<bool> inside(nodes, false);
    for (uint32_t joined = 0, part = 0; joined < parts.size(); ++joined)
    {
        for (const uint32_t node : parts[part])
        {
            inside[node] = true;
            for (uint32_t other = 0; other < nodes; ++other)
            {
                const double metres = GreatCircle(*graph.nodes[node].at, *graph.nodes[other].at);
                if (metres < distance[other])
                {
                    distance[other] = metres;
                    nearest[other] = node;
                }
            }
        }
        uint32_t next = nodes;
        for (uint32_t node = 0; node < nodes; ++node)
        {
            if (!inside[node] && (next == nodes || distance[node] < distance[next]))
            {
                next = node;
            }
        }
        if (next < nodes)
        {
            Connect(graph, nearest[next], next);
            part = partOf[next];
        }
    }
}

std::string
MakeWaxman(const GeneratorValues& values, TopologyGraph& graph)
{
    SeededEntropy entropy = Seeded(values);
    graph.nodes.resize(Whole(values, "nodes"));
    // A square at the equator, where a sphere is as good as flat.
    const double degrees = values.at("side") * 1000 / DEGREE;
    for (TopologyNode& node : graph.nodes)
    {
        const double east = entropy.DrawUnit() * degrees;
        const double north = (entropy.DrawUnit() - 0.5) * degrees;
        node.at = GeoPoint{north, east};
    }
    const auto metres = [&graph](uint32_t a, uint32_t b) {
        return GreatCircle(*graph.nodes[a].at, *graph.nodes[b].at);
    };
    double longest = 0;
    for (uint32_t a = 0; a < graph.nodes.size(); ++a)
    {
        for (uint32_t b = a + 1; b < graph.nodes.size(); ++b)
        {
            longest = std::max(longest, metres(a, b));
        }
    }
    for (uint32_t a = 0; a < graph.nodes.size(); ++a)
    {
        for (uint32_t b = a + 1; b < graph.nodes.size(); ++b)
        {
            const double scale = values.at("beta") * longest;
            if (entropy.DrawUnit() < values.at("alpha") * std::exp(-metres(a, b) / scale))
            {
                Connect(graph, a, b);
            }
        }
    }
    JoinParts(graph);
    return "";
}

std::string
MakeBarabasi(const GeneratorValues& values, TopologyGraph& graph)
{
    const uint32_t nodes = Whole(values, "nodes");
    const uint32_t links = Whole(values, "m");
    if (links >= nodes)
    {
        return std::to_string(nodes) + " routers cannot have " + std::to_string(links) +
               " links each to earlier ones";
    }
    SeededEntropy entropy = Seeded(values);
    graph.nodes.resize(nodes);
    // One entry for each end of a link: who has many is drawn often.
    std::vector<uint32_t> ends;
    const auto connect = [&](uint32_t a, uint32_t b) {
        Connect(graph, a, b);
        ends.push_back(a);
        ends.push_back(b);
    };
    for (uint32_t node = 1; node <= links; ++node)
    {
        for (uint32_t other = 0; other < node; ++other)
        {
            connect(other, node);
        }
    }
    for (uint32_t node = links + 1; node < nodes; ++node)
    {
        std::set<uint32_t> chosen;
        while (chosen.size() < links)
        {
            chosen.insert(ends[DrawBelow(entropy, static_cast<uint32_t>(ends.size()))]);
        }
        for (const uint32_t other : chosen)
        {
            connect(other, node);
        }
    }
    return "";
}

std::string
MakeLanOfLans(const GeneratorValues& values, TopologyGraph& graph)
{
    const uint32_t lans = Whole(values, "lans");
    const uint32_t routers = Whole(values, "nodes");
    graph.nodes.resize(size_t{lans} * (routers + 1));
    graph.lans.resize(lans + 1);
    for (uint32_t lan = 0; lan < lans; ++lan)
    {
        graph.lans[0].nodes.push_back(lan);
        std::vector<uint32_t>& site = graph.lans[lan + 1].nodes;
        site.push_back(lan);
        for (uint32_t i = 0; i < routers; ++i)
        {
            site.push_back(lans + lan * routers + i);
        }
    }
    return "";
}

/** \return parameters \p list and a seed */
std::vector<GeneratorParameter>
WithSeed(std::vector<GeneratorParameter> list)
{
    list.push_back({"seed", 0, MOST_SEED, 1});
    return list;
}

} // namespace

const std::vector<TopologyGenerator>&
TopologyGenerator::All()
{
    static const GeneratorParameter NODES = {"nodes", 2, MOST_NODES, std::nullopt};
    static const GeneratorParameter SIDE = {"width", 1, MOST_NODES, std::nullopt};
    static const GeneratorParameter OTHER_SIDE = {"height", 1, MOST_NODES, std::nullopt};
    static const std::vector<TopologyGenerator> ALL = {
        {"line", "one behind the other", {NODES}, &MakeLine},
        {"ring", "the last is linked to the first", {{"nodes", 3, MOST_NODES, {}}}, &MakeRing},
        {"star", "the first is linked to all others", {NODES}, &MakeStar},
        {"grid", "rows and columns", {SIDE, OTHER_SIDE}, &MakeGrid},
        {"tree",
         "each has branching ones below it, depth times",
         {{"branching", 1, 1000, {}}, {"depth", 1, 1000, {}}},
         &MakeTree},
        {"full", "each is linked to all others", {{"nodes", 2, 200, {}}}, &MakeFull},
        {"random",
         "so many links between any two, connected",
         WithSeed({NODES, {"edges", 1, TopologyGraph::MAX_EDGES, {}}}),
         &MakeRandom},
        {"waxman",
         "in a square of side km, the nearer the likelier linked, connected",
         WithSeed({{"nodes", 2, WAXMAN_NODES, {}},
                   {"alpha", 0.001, 1, 0.4, false},
                   {"beta", 0.001, 10, 0.2, false},
                   {"side", 1, 5000, 1000, false}}),
         &MakeWaxman},
        {"barabasi",
         "each is linked to m earlier ones, the likelier the more links these have",
         WithSeed({NODES, {"m", 1, 100, 2}}),
         &MakeBarabasi},
        {"lan_of_lans",
         "lans routers on one LAN, each with nodes others on one of its own",
         {{"lans", 2, 499, {}}, {"nodes", 1, 999, {}}},
         &MakeLanOfLans},
    };
    return ALL;
}

const TopologyGenerator*
TopologyGenerator::Find(const std::string& name)
{
    for (const TopologyGenerator& generator : All())
    {
        if (name == generator.name)
        {
            return &generator;
        }
    }
    return nullptr;
}

namespace
{

/** Reads \p text as \p parameter into \p values. \return empty, or what is wrong */
std::string
TakeValue(const GeneratorParameter& parameter, const std::string& text, GeneratorValues& values)
{
    double value = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    const bool good = result.ec == std::errc() && result.ptr == end && value >= parameter.least &&
                      value <= parameter.most && (!parameter.whole || value == std::floor(value));
    if (!good)
    {
        std::string range =
            std::to_string(parameter.least) + " to " + std::to_string(parameter.most);
        if (parameter.whole)
        {
            range = std::to_string(static_cast<uint64_t>(parameter.least)) + " to " +
                    std::to_string(static_cast<uint64_t>(parameter.most));
        }
        return std::string(parameter.name) + ": '" + text + "' is not from " + range;
    }
    values[parameter.name] = value;
    return "";
}

} // namespace

std::string
Generate(const TopologyGenerator& generator, const GeneratorValues& values, TopologyGraph& graph)
{
    graph = TopologyGraph();
    graph.name = generator.name;
    const std::string wrong = generator.make(values, graph);
    return wrong.empty() ? CheckSize(graph) : wrong;
}

std::string
Generate(const std::string& text, TopologyGraph& graph)
{
    const size_t colon = std::min(text.find(':'), text.size());
    const std::string name = text.substr(0, colon);
    const TopologyGenerator* generator = TopologyGenerator::Find(name);
    if (generator == nullptr)
    {
        std::vector<std::string> names;
        for (const TopologyGenerator& other : TopologyGenerator::All())
        {
            names.emplace_back(other.name);
        }
        return "there is no generator '" + name + "'" + Hint(name, names);
    }
    GeneratorValues values;
    size_t at = colon + 1;
    for (const GeneratorParameter& parameter : generator->parameters)
    {
        const size_t end = std::min(text.find('x', at), text.size());
        if (at < text.size())
        {
            const std::string wrong = TakeValue(parameter, text.substr(at, end - at), values);
            if (!wrong.empty())
            {
                return name + ": " + wrong;
            }
        }
        else if (!parameter.fallback)
        {
            return name + ": " + parameter.name + " is missing";
        }
        else
        {
            values[parameter.name] = *parameter.fallback;
        }
        at = end + 1;
    }
    if (at <= text.size())
    {
        return name + ": '" + text.substr(at) + "' is one number too many";
    }
    const std::string wrong = Generate(*generator, values, graph);
    graph.name = text;
    return wrong.empty() ? "" : name + ": " + wrong;
}

} // namespace karp
} // namespace ns3
