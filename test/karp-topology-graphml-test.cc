/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-test-data.h"
#include "karp-topology-tests.h"

#include "ns3/karp-topology-graphml.h"
#include "ns3/karp-topology-policy.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-topology: files in GraphML, good ones and others.
 */

namespace ns3
{
namespace karp
{

TopologyGraph
TestGraph(Sentence& test, const std::string& name)
{
    Diagnostics diagnostics(name);
    const auto graph = ReadGraphmlFile(KarpTestDataPath() + "/topologies/" + name, diagnostics);
    test.Holds(graph.has_value(), diagnostics.Empty() ? name : diagnostics.Lines().front());
    return graph.value_or(TopologyGraph());
}

std::string
EdgeText(const TopologyGraph& graph)
{
    std::string text;
    for (const TopologyEdge& edge : graph.edges)
    {
        text += (text.empty() ? "" : " ") + std::to_string(edge.a) + "-" + std::to_string(edge.b);
    }
    return text;
}

namespace
{

/** \return what is wrong with \p text, one a line */
std::string
Wrong(const std::string& text)
{
    Diagnostics diagnostics("f");
    const bool good = ReadGraphml(text, diagnostics).has_value();
    std::string all;
    for (const std::string& line : diagnostics.Lines())
    {
        all += (all.empty() ? "" : "\n") + line;
    }
    return good != diagnostics.Empty() ? "a result and errors, or neither" : all;
}

/** \return a file with \p body in its graph, which is on line 2 */
std::string
File(const std::string& body)
{
    return "<graphml>\n<graph>\n" + body + "\n</graph>\n</graphml>\n";
}

/** Input: a file with all that is odd. Output: everything as it is written, nothing refused. */
void
CheckOdd(Sentence& test)
{
    const TopologyGraph graph = TestGraph(test, "odd.graphml");
    test.Same(graph.name, std::string("Oddnet"));
    test.Equal(graph.nodes.size(), 9, "nodes; that in the comment is none");
    test.Same(EdgeText(graph), std::string("0-1 1-2 2-1 4-4 3-0 3-4 3-5 5-6 7-8"));
    if (graph.nodes.size() != 9 || graph.edges.size() != 9)
    {
        return;
    }
    test.Same(graph.nodes[0].label, std::string("Gen\xc3\xa8ve & Lac"), "UTF-8");
    test.Same(graph.nodes[1].name, std::string("n b"));
    test.Holds(graph.nodes[0].at && graph.nodes[0].at->latitude == 46.2, "a place");
    test.Holds(!graph.nodes[2].at && !graph.nodes[5].at, "no place, and none that is a number");
    test.Holds(graph.nodes[3].hyperedge && !graph.nodes[4].hyperedge, "a hyperedge");
    test.Holds(graph.nodes[6].external && !graph.nodes[0].external, "a foreign router");
    test.Holds(graph.edges[0].rate == 2.5e9 && !graph.edges[1].rate, "rates");
}

/** Input: what files may do without, or do in another way. Output: it is read. */
void
CheckLenient(Sentence& test)
{
    Diagnostics diagnostics;
    const auto read = [&](const std::string& body) {
        return ReadGraphml(File(body), diagnostics).value_or(TopologyGraph());
    };
    test.Same(EdgeText(read("<node id='a'/><node id='b'/><edge source='b' target='a'/>")),
              std::string("1-0"),
              "no keys at all");
    test.Same(EdgeText(read("<node id='a'><graph><node id='b'/><edge source='a' target='b'/>"
                            "</graph></node>")),
              std::string("0-1"),
              "a graph in a node");
    const auto lan = read("<node id='a'/><node id='b'/><node id='c'/><hyperedge><endpoint "
                          "node='c'/><endpoint node='a'/></hyperedge>");
    test.Holds(lan.lans.size() == 1 && lan.lans[0].nodes == std::vector<uint32_t>({0, 2}),
               "a hyperedge of GraphML");
    test.Equal(read("<node id='a'/><hyperedge><endpoint node='a'/></hyperedge>").lans.size(),
               0,
               "of one alone it is none");
    const auto place = read("<node id='a'><data key='Latitude'> 10 </data>"
                            "<data key='Longitude'>190</data></node>"
                            "<node id='b'><data key='Latitude'>91</data>"
                            "<data key='Longitude'>0</data></node>");
    test.Holds(place.nodes.size() == 2 && place.nodes[0].at &&
                   place.nodes[0].at->longitude == -170 && !place.nodes[1].at,
               "keys without a declaration, longitudes beyond 180, latitudes that are none");
    test.Holds(diagnostics.Empty(), "nothing is wrong with them");
    const auto arcs = ReadGraphml("<graphml><graph edgedefault='directed'><node id='a'/><node "
                                  "id='b'/><edge source='a' target='b'/><edge source='b' "
                                  "target='a'/><edge source='b' target='a'/></graph></graphml>",
                                  diagnostics);
    test.Same(arcs ? EdgeText(*arcs) : "", std::string("0-1 1-0"), "arcs each way are one link");
}

/** Input: costs of edges and of arcs. Output: both ways, or each its own; what OSPF cannot have is
 * wrong. */
void
CheckCosts(Sentence& test)
{
    const auto text = [](const char* direction, const std::string& edges) {
        return std::string("<graphml>\n<graph edgedefault='") + direction +
               "'><node id='a'/><node id='b'/>\n" + edges + "</graph></graphml>";
    };
    const auto edge = [](const char* ends, const char* cost) {
        return std::string("<edge ") + ends + "><data key='cost'>" + cost + "</data></edge>\n";
    };
    const auto costs = [&](const std::string& file) {
        Diagnostics diagnostics;
        const auto graph = ReadGraphml(file, diagnostics);
        const bool one = graph && graph->edges.size() == 1;
        return one ? std::to_string(graph->edges[0].cost.value_or(0)) + " " +
                         std::to_string(graph->edges[0].costBack.value_or(0))
                   : "no link";
    };
    const char* forth = "source='a' target='b'";
    const char* back = "source='b' target='a'";
    test.Same(costs(text("undirected", edge(forth, "7"))), std::string("7 7"));
    test.Same(costs(text("directed", edge(forth, "7") + edge(back, "65535"))),
              std::string("7 65535"));
    test.Same(costs(text("directed", edge(forth, "7") + "<edge " + back + "/>")),
              std::string("7 7"),
              "the other arc says nothing");
    test.Same(costs(text("undirected", "<edge source='a' target='b'/>")), std::string("0 0"));
    for (const char* cost : {"0", "65536", "1.5", "-1", "dear"})
    {
        test.Same(Wrong(text("undirected", edge(forth, cost))),
                  std::string("f:3: edge: cost '") + cost +
                      "' must be a whole number from 1 to 65535 (RFC 2328 C.3)");
    }
    test.Same(Wrong(text("directed", edge(forth, "1") + edge(back, "0"))),
              std::string("f:4: edge: cost '0' must be a whole number from 1 to 65535 (RFC 2328 "
                          "C.3)"));
}

/** Input: mistakes. Output: file, line, what is wrong and the nearest name. */
void
CheckErrors(Sentence& test)
{
    const std::string ab = "<node id='alpha'/><node id='beta'/>\n";
    const std::pair<std::string, std::string> pairs[] = {
        {File(ab + "<!--\n-->\n<edge source='alpha' target='bet'/>"),
         "f:6: edge: there is no node 'bet' (did you mean 'beta'?)"},
        {File(ab + "<edge source='alpha' x='>'/>"), "f:4: edge: attribute 'target' is missing"},
        {File(ab + "<node/>"), "f:4: node: attribute 'id' is missing"},
        {File(ab + "<node id=''/>"), "f:4: node: attribute 'id' is missing"},
        {File(ab + "<node id='c' x='>> <a'/>\n<node/>"), "f:5: node: attribute 'id' is missing"},
        {File(ab + "\n<node id='alpha'/>"), "f:5: node: there is a node 'alpha' already"},
        {File(""), "f:1: there is no node in it"},
        {"<gml/>", "f:1: begins with 'gml', not with 'graphml'"},
        {"<!DOCTYPE graphml>\n<graphml/>", "f:1: document type definitions are not read"},
        {std::string("a\0b", 3), "f: is no text: it has an octet 0"},
        {"nothing", "f:1: no well-formed XML: expected <"},
        {"", "f: there is no XML in it"},
    };
    for (const auto& [text, expected] : pairs)
    {
        test.Same(Wrong(text), expected);
    }
    test.Holds(Wrong("<graphml>\n<graph>\n</graphml>").rfind("f:3: no well-formed XML: ", 0) == 0,
               "tags that do not match: " + Wrong("<graphml>\n<graph>\n</graphml>"));
}

/** Input: files that would cost too much. Output: an error, not the end of the process. */
void
CheckBounds(Sentence& test)
{
    std::string deep = "<graphml>\n";
    for (int i = 0; i < 1000000; ++i)
    {
        deep += "<a>";
    }
    test.Same(Wrong(deep), std::string("f:2: more than 64 elements in each other"));
    std::string nodes;
    for (uint32_t i = 0; i <= TopologyGraph::MAX_NODES; ++i)
    {
        nodes += "<node id='" + std::to_string(i) + "'/>";
    }
    test.Same(Wrong(File(nodes)), std::string("f:3: node: more than 5000"));
    std::string edges = "<node id='a'/><node id='b'/>";
    for (uint32_t i = 0; i <= TopologyGraph::MAX_EDGES; ++i)
    {
        edges += "<edge source='a' target='b'/>";
    }
    test.Same(Wrong(File(edges)), std::string("f:3: edge: more than 20000"));
    test.Same(Wrong(std::string((size_t{1} << 24) + 1, ' ')), std::string("f: larger than 16 MiB"));
    for (const auto& [path, expected] : {std::pair("/dev/zero", "f: no regular file"),
                                         std::pair("/nowhere", "f: No such file or directory")})
    {
        Diagnostics diagnostics("f");
        test.Holds(!ReadGraphmlFile(path, diagnostics), path);
        test.Same(diagnostics.Lines().front(), std::string(expected));
    }
}

/** Input: each beginning of a file, and each with one octet changed. Output: a graph or an error.
 */
void
CheckMalformed(Sentence& test)
{
    const std::string text = File("<node id='a'><data key='x'>1&amp;2</data></node><node id='b'/>"
                                  "<!-- c --><edge source='a' target='b'/><![CDATA[d]]>");
    std::string found;
    for (size_t i = 0; i < text.size(); ++i)
    {
        const std::string cut = Wrong(text.substr(0, i));
        // Without its last line end it is whole.
        found += cut.empty() && i + 1 < text.size() ? " beginning " + std::to_string(i) : "";
        for (const char letter : {'<', '>', '&', '"', '\x80', '/'})
        {
            std::string changed = text;
            changed[i] = letter;
            const std::string wrong = Wrong(changed);
            found += wrong.rfind("a result", 0) == 0 ? " change " + std::to_string(i) : "";
        }
    }
    test.Same(found, std::string());
}

/** Input: a collection of published maps, if there is one. Output: networks. */
void
CheckCollection(Sentence& test)
{
    const char* folder = std::getenv("KARP_TOPOLOGIES");
    if (folder == nullptr)
    {
        std::cout << "karp-topology: KARP_TOPOLOGIES names no folder: published maps are skipped\n";
        return;
    }
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
    {
        if (entry.path().extension() == ".graphml")
        {
            paths.push_back(entry.path().string());
        }
    }
    std::sort(paths.begin(), paths.end());
    test.Holds(!paths.empty(), std::string(folder) + " has no .graphml");
    for (const std::string& path : paths)
    {
        Diagnostics diagnostics(path);
        auto graph = ReadGraphmlFile(path, diagnostics);
        test.Holds(graph.has_value(), diagnostics.Empty() ? path : diagnostics.Lines().front());
        if (graph)
        {
            const TopologyReport report = ApplyPolicy(TopologyPolicy(), *graph);
            test.Same(report.error, std::string(), path);
            test.Equal(graph->Components().size(), 1, path);
        }
        if (graph && path.find("/Abilene.graphml") != std::string::npos)
        {
            test.Equal(graph->nodes.size(), 11, "routers of Abilene");
            test.Equal(graph->edges.size(), 14, "links of Abilene");
        }
    }
}

} // namespace

std::vector<TestCase*>
TopologyGraphmlTests()
{
    return {
        new Sentence("GraphML: whatever is odd is read as it is written", &CheckOdd),
        new Sentence("GraphML: what is not needed may be missing or elsewhere", &CheckLenient),
        new Sentence("GraphML: a link costs what it says, each way", &CheckCosts),
        new Sentence("GraphML: mistakes are told with their line", &CheckErrors),
        new Sentence("GraphML: depth, nodes, edges and size are bounded", &CheckBounds),
        new Sentence("GraphML: no octets are more than a graph or an error", &CheckMalformed),
        new Sentence("GraphML: published maps, where there are some", &CheckCollection),
    };
}

} // namespace karp
} // namespace ns3
