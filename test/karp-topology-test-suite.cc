/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-topology-tests.h"

#include "ns3/karp-topology-generators.h"
#include "ns3/karp-topology-policy.h"

#include <algorithm>
#include <set>

/**
 * \file
 * \ingroup karp-test
 * Suite karp-topology: networks as graphs, read from files or made.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return the network that \p text describes; empty, and a failure, if it is wrong */
TopologyGraph
Made(Sentence& test, const std::string& text)
{
    TopologyGraph graph;
    test.Same(Generate(text, graph), std::string(), text);
    return graph;
}

/** \return by node how many links it has */
std::vector<uint32_t>
Degrees(const TopologyGraph& graph)
{
    std::vector<uint32_t> degrees(graph.nodes.size(), 0);
    for (const TopologyEdge& edge : graph.edges)
    {
        ++degrees[edge.a];
        ++degrees[edge.b];
    }
    return degrees;
}

/** \return whether no link of \p graph is a loop or parallel to another one */
bool
IsSimple(const TopologyGraph& graph)
{
    std::set<std::pair<uint32_t, uint32_t>> seen;
    return std::all_of(graph.edges.begin(), graph.edges.end(), [&](const TopologyEdge& edge) {
        return edge.a != edge.b && seen.insert(std::minmax(edge.a, edge.b)).second;
    });
}

/** Input: generators without chance. Output: nodes, links, diameter and degree, as counted. */
void
CheckRegular(Sentence& test)
{
    struct Row
    {
        const char* text;
        size_t nodes;
        size_t edges;
        uint32_t diameter;
        uint32_t degree;
    };

    const Row rows[] = {{"line:5", 5, 4, 4, 2},
                        {"line:2", 2, 1, 1, 1},
                        {"ring:6", 6, 6, 3, 2},
                        {"ring:3", 3, 3, 1, 2},
                        {"star:7", 7, 6, 2, 6},
                        {"grid:5x4", 20, 31, 7, 4},
                        {"grid:1x1", 1, 0, 0, 0},
                        {"tree:2x3", 15, 14, 6, 3},
                        {"tree:1x4", 5, 4, 4, 2},
                        {"full:6", 6, 15, 1, 5}};
    for (const Row& row : rows)
    {
        const TopologyGraph graph = Made(test, row.text);
        test.Equal(graph.nodes.size(), row.nodes, std::string("nodes of ") + row.text);
        test.Equal(graph.edges.size(), row.edges, std::string("links of ") + row.text);
        test.Equal(graph.Diameter(), row.diameter, std::string("diameter of ") + row.text);
        test.Equal(graph.MaxDegree(), row.degree, std::string("degree of ") + row.text);
        test.Equal(graph.Components().size(), 1, std::string("parts of ") + row.text);
        test.Holds(IsSimple(graph), row.text);
    }
    test.Same(EdgeText(Made(test, "grid:2x2")), std::string("0-1 0-2 2-3 1-3"));
    test.Same(EdgeText(Made(test, "tree:3x1")), std::string("0-1 0-2 0-3"));
}

/** Input: a LAN whose routers each serve one. Output: who is on which. */
void
CheckLanOfLans(Sentence& test)
{
    const TopologyGraph graph = Made(test, "lan_of_lans:3x2");
    test.Equal(graph.nodes.size(), 9, "routers");
    test.Equal(graph.edges.size(), 0, "links");
    std::string text;
    for (const TopologyLan& lan : graph.lans)
    {
        for (const uint32_t node : lan.nodes)
        {
            text += std::to_string(node) + " ";
        }
        text += "; ";
    }
    test.Same(text, std::string("0 1 2 ; 0 3 4 ; 1 5 6 ; 2 7 8 ; "));
    test.Equal(graph.Diameter(), 3, "from site to site");
    test.Equal(graph.Components().size(), 1, "parts");
}

/** Input: generators with chance, many seeds. Output: connected, simple, as many links as said. */
void
CheckRandom(Sentence& test)
{
    for (uint32_t seed = 0; seed < 25; ++seed)
    {
        const std::string end = "x" + std::to_string(seed);
        const TopologyGraph sparse = Made(test, "random:30x29" + end);
        const TopologyGraph dense = Made(test, "random:12x66" + end);
        const TopologyGraph waxman = Made(test, "waxman:40x0.4x0.2x1000" + end);
        const TopologyGraph lonely = Made(test, "waxman:40x0.001x0.01x100" + end);
        const TopologyGraph barabasi = Made(test, "barabasi:50x3" + end);
        for (const TopologyGraph* graph : {&sparse, &dense, &waxman, &lonely, &barabasi})
        {
            test.Equal(graph->Components().size(), 1, graph->name);
            test.Holds(IsSimple(*graph), graph->name);
        }
        test.Equal(sparse.edges.size(), 29, "a tree");
        test.Equal(dense.edges.size(), 66, "all there are");
        test.Equal(barabasi.edges.size(), 6 + 46 * 3, "four to begin with, three each");
        const std::vector<uint32_t> degrees = Degrees(barabasi);
        test.Holds(*std::min_element(degrees.begin(), degrees.end()) >= 3, "of each at least m");
        test.Holds(lonely.edges.size() < 60, "hardly more than joins the parts");
        for (const TopologyNode& node : waxman.nodes)
        {
            test.Holds(node.at && GreatCircle(*node.at, {0, 4.5}) < 710e3, "in the square");
        }
    }
    // Whoever came first has most links: ten times those of the last is far from chance.
    const std::vector<uint32_t> degrees = Degrees(Made(test, "barabasi:2000x2"));
    const uint32_t early = degrees[0] + degrees[1] + degrees[2];
    test.Holds(early > 10 * (degrees[1997] + degrees[1998] + degrees[1999]), "preference");
    // Nearer is likelier: links are shorter than pairs.
    const TopologyGraph plane = Made(test, "waxman:200x0.4x0.1");
    double links = 0;
    double pairs = 0;
    for (const TopologyEdge& edge : plane.edges)
    {
        links += GreatCircle(*plane.nodes[edge.a].at, *plane.nodes[edge.b].at) /
                 static_cast<double>(plane.edges.size());
    }
    for (uint32_t i = 1; i < 200; ++i)
    {
        pairs += GreatCircle(*plane.nodes[0].at, *plane.nodes[i].at) / 199;
    }
    test.Holds(links < pairs / 2, std::to_string(links) + " and " + std::to_string(pairs));
}

/** Input: a seed. Output: this network, whatever the machine; another one with another seed. */
void
CheckSeeds(Sentence& test)
{
    test.Same(EdgeText(Made(test, "random:6x8x7")),
              std::string("1-5 2-0 3-0 0-4 4-5 5-0 1-4 3-5"),
              "drawn by hand of no distribution");
    test.Same(EdgeText(Made(test, "barabasi:7x2x7")),
              std::string("0-1 0-2 1-2 0-3 2-3 0-4 3-4 0-5 4-5 0-6 5-6"));
    test.Same(EdgeText(Made(test, "waxman:8x0.8x0.3x1000x7")),
              std::string("0-5 3-4 3-7 4-5 4-6 0-2 4-1"));
    for (const char* text : {"random:40x80x", "barabasi:40x2x", "waxman:40x0.4x0.2x1000x"})
    {
        const std::string one = EdgeText(Made(test, std::string(text) + "1"));
        test.Same(EdgeText(Made(test, std::string(text) + "1")), one, text);
        test.Holds(EdgeText(Made(test, std::string(text) + "2")) != one, text);
    }
}

/** Input: what makes no network. Output: what is wrong, and the nearest name. */
void
CheckErrors(Sentence& test)
{
    const std::pair<const char*, const char*> rows[] = {
        {"gird:3x3", "there is no generator 'gird' (did you mean 'grid'?)"},
        {"grid:3", "grid: height is missing"},
        {"grid:3x3x3", "grid: '3' is one number too many"},
        {"grid:3xtwo", "grid: height: 'two' is not from 1 to 5000"},
        {"grid:71x71", "grid: more than 5000 routers"},
        {"ring:2", "ring: nodes: '2' is not from 3 to 5000"},
        {"line:2.5", "line: nodes: '2.5' is not from 2 to 5000"},
        {"line:-1", "line: nodes: '-1' is not from 2 to 5000"},
        {"grid:5000x5000", "grid: more than 5000 routers"},
        {"tree:1000x1000", "tree: more than 5000 routers"},
        {"tree:10x5", "tree: more than 5000 routers"},
        {"random:5x3", "random: 5 routers are connected by 4 to 10 links, not by 3"},
        {"random:5x11", "random: 5 routers are connected by 4 to 10 links, not by 11"},
        {"barabasi:3x3", "barabasi: 3 routers cannot have 3 links each to earlier ones"},
        {"lan_of_lans:499x20", "lan_of_lans: more than 5000 routers"},
        {"waxman:1000x1x10", "waxman: more than 20000 links"},
        {"waxman:10x2", "waxman: alpha: '2' is not from 0.001000 to 1.000000"},
    };
    for (const auto& [text, expected] : rows)
    {
        TopologyGraph graph;
        test.Same(Generate(text, graph), std::string(expected));
    }
}

/** Input: a graph in parts, with a LAN. Output: neighbours, parts by size, what is left of it. */
void
CheckGraph(Sentence& test)
{
    TopologyGraph graph = Made(test, "line:3");
    graph.nodes.resize(8);
    graph.lans.resize(1);
    graph.lans[0].nodes = {4, 5, 6, 7};
    const auto components = graph.Components();
    test.Equal(components.size(), 3, "parts");
    test.Equal(components[0].size(), 4, "the largest first");
    test.Equal(components[1].front(), 0, "then the next");
    test.Equal(graph.Neighbors()[5].size(), 3, "of a LAN");
    test.Equal(graph.Diameter(), 2, "within a part");
    graph.Keep({false, true, true, true, true, false, false, true});
    test.Equal(graph.nodes.size(), 5, "nodes left");
    test.Same(EdgeText(graph), std::string("0-1"), "numbered again");
    test.Holds(graph.lans[0].nodes == std::vector<uint32_t>({3, 4}), "a LAN of two");
    graph.Keep({true, true, true, true, false});
    test.Equal(graph.lans.size(), 0, "a LAN of one is none");
}

/** Suite karp-topology. */
class TopologyTestSuite : public TestSuite
{
  public:
    TopologyTestSuite()
        : TestSuite("karp-topology", TestSuite::Type::UNIT)
    {
        for (const auto& part : {TopologyGraphmlTests(), TopologyPolicyTests(), Own()})
        {
            for (TestCase* test : part)
            {
                AddTestCase(test);
            }
        }
    }

  private:
    static std::vector<TestCase*> Own()
    {
        return {
            new Sentence("Graph: neighbours, parts, what is kept", &CheckGraph),
            new Sentence("Generators: those without chance", &CheckRegular),
            new Sentence("Generators: a LAN of LANs", &CheckLanOfLans),
            new Sentence("Generators: those with chance, properties", &CheckRandom),
            new Sentence("Generators: a seed is a network", &CheckSeeds),
            new Sentence("Generators: values that make none", &CheckErrors),
        };
    }
};

TopologyTestSuite g_topologyTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
