/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-topology-tests.h"

#include "ns3/karp-topology-policy.h"

#include <cmath>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-topology: what policies do with a graph, what links are like, names.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** \return \p words such as "components=keep multigraph=reject" */
TopologyPolicy
Policy(Sentence& test, const std::string& words)
{
    TopologyPolicy policy;
    for (size_t at = 0; at < words.size();)
    {
        const size_t end = std::min(words.find(' ', at), words.size());
        const std::string word = words.substr(at, end - at);
        const size_t equals = word.find('=');
        test.Holds(policy.Set(word.substr(0, equals), word.substr(equals + 1)), word);
        at = end + 1;
    }
    return policy;
}

/** \return what was done or is wrong, one a line, and the graph as "nodes/edges/LANs" */
std::string
Outcome(Sentence& test, const std::string& words, TopologyGraph& graph)
{
    graph = TestGraph(test, "odd.graphml");
    const TopologyReport report = ApplyPolicy(Policy(test, words), graph);
    std::string text;
    for (const std::string& sentence : report.done)
    {
        text += sentence + "\n";
    }
    return report.error.empty()
               ? text + std::to_string(graph.nodes.size()) + "/" +
                     std::to_string(graph.edges.size()) + "/" + std::to_string(graph.lans.size())
               : report.error;
}

/** Input: all that is odd. Output: by each policy what it says, and what was done is told. */
void
CheckPolicies(Sentence& test)
{
    TopologyGraph graph;
    test.Same(Outcome(test, "", graph),
              std::string("1 hyperedge made 1 LAN\n1 loop dropped\n1 parallel link merged\n"
                          "2 nodes outside the largest of 2 components dropped\n"
                          "3 nodes put amid the neighbours\n6/3/1"));
    test.Same(EdgeText(graph), std::string("0-1 1-2 4-5"));
    test.Holds(graph.lans[0].nodes == std::vector<uint32_t>({0, 3, 4}), "of the hyperedge");
    test.Same(Outcome(test, "external=drop components=keep multigraph=keep missing=delay", graph),
              std::string("1 external node dropped\n1 hyperedge made 1 LAN\n1 loop dropped\n"
                          "1 parallel link kept\n2 components kept\n4 nodes without a place\n"
                          "7/4/1"));
    test.Same(Outcome(test, "hyperedges=router", graph),
              std::string("1 loop dropped\n1 parallel link merged\n2 nodes outside the largest of "
                          "2 components dropped\n4 nodes put amid the neighbours\n7/6/0"));
    test.Same(Outcome(test, "loops=reject", graph),
              std::string("loops: 'x1' has a link to itself"));
    test.Same(Outcome(test, "multigraph=reject", graph),
              std::string("multigraph: there are several links between 'Paris' and 'Paris'"));
    test.Same(Outcome(test, "components=reject", graph),
              std::string("components: there are 2 parts; no way leads from 'Gen\xc3\xa8ve & Lac' "
                          "to 'i1'"));
    test.Same(Outcome(test, "missing=reject", graph),
              std::string("missing: nobody knows where 'Paris' is"));
    TopologyPolicy policy;
    test.Holds(!policy.Set("multigraph", "maybe") && !policy.Set("multigraphs", "keep"),
               "what there is not is not set");
    test.Equal(TopologyPolicy::Keys().size(), 6, "policies");
    test.Equal(TopologyPolicy::WordsOf("components").size(), 3, "words of one");
}

/** Input: nodes of other networks and hyperedges alone. Output: no network of none. */
void
CheckNothingLeft(Sentence& test)
{
    TopologyGraph graph;
    graph.nodes.resize(2);
    graph.nodes[0].external = graph.nodes[1].external = true;
    graph.edges.resize(1);
    graph.edges[0].b = 1;
    TopologyGraph again = graph;
    test.Same(ApplyPolicy(Policy(test, "external=drop"), graph).error,
              std::string("external: all nodes belong to other networks, so that none is left"));
    again.nodes[0].hyperedge = again.nodes[1].hyperedge = true;
    test.Same(ApplyPolicy(TopologyPolicy(), again).error,
              std::string("hyperedges: no node is a router"));
}

/** Input: hyperedges next to each other, and one that leads nowhere. Output: one LAN. */
void
CheckHyperedges(Sentence& test)
{
    TopologyGraph graph;
    graph.nodes.resize(5);
    for (const uint32_t node : {1U, 2U, 4U})
    {
        graph.nodes[node].hyperedge = true;
    }
    for (const auto& [a, b] :
         {std::pair(0U, 1U), std::pair(1U, 2U), std::pair(2U, 3U), std::pair(3U, 4U)})
    {
        graph.edges.emplace_back();
        graph.edges.back().a = a;
        graph.edges.back().b = b;
    }
    test.Same(ApplyPolicy(TopologyPolicy(), graph).error, std::string());
    test.Equal(graph.nodes.size(), 2, "routers");
    test.Holds(graph.lans.size() == 1 && graph.lans[0].nodes == std::vector<uint32_t>({0, 1}),
               "those at both ends of the two");
}

/** Input: parallel links of several rates. Output: the sum, the least delay, the least cost each
 * way. */
void
CheckMerge(Sentence& test)
{
    TopologyGraph graph;
    graph.nodes.resize(2);
    graph.edges.resize(3);
    graph.edges[0].b = graph.edges[1].a = graph.edges[2].b = 1;
    graph.edges[1].rate = 1e9;
    graph.edges[2].rate = 2e9;
    graph.edges[0].delay = 2ms;
    graph.edges[2].delay = 3ms;
    graph.edges[1].cost = 7; // from 1 to 0, as the second end is called 0
    graph.edges[1].costBack = 4;
    graph.edges[2].cost = 9;
    ApplyPolicy(TopologyPolicy(), graph);
    test.Equal(graph.edges.size(), 1, "links");
    test.Holds(graph.edges[0].rate == 3e9 && graph.edges[0].delay == Time(2ms) &&
                   graph.edges[0].cost == 4U && graph.edges[0].costBack == 7U,
               "rate, delay, cost");
}

/**
 * Input: New York and London, a place amid neighbours on both sides of the date line.
 * Output: 5570 km, so 41.8 ms of fibre; 180 degrees, not 0.
 */
void
CheckPlaces(Sentence& test)
{
    const GeoPoint newYork{40.7128, -74.0060};
    const GeoPoint london{51.5074, -0.1278};
    const double metres = GreatCircle(newYork, london);
    test.Holds(std::abs(metres - 5570e3) < 5e3, std::to_string(metres));
    test.Holds(GreatCircle(london, london) == 0, "no way at all");
    const LinkRule rule;
    test.Equal(static_cast<uint64_t>(std::llround(ToSeconds(rule.DelayOver(metres)) * 1e4)),
               418,
               "tenths of milliseconds");
    test.Holds(rule.DelayOver(100) == rule.delayMin, "no link is shorter than the least");
    LinkRule straight;
    straight.pathFactor = 1;
    test.Holds(straight.DelayOver(199861638.667).count() == 1000000000, "two thirds of c");

    TopologyGraph graph;
    graph.nodes.resize(4);
    graph.nodes[0].at = GeoPoint{0, 170};
    graph.nodes[1].at = GeoPoint{0, -170};
    for (const auto& [a, b] : {std::pair(0U, 2U), std::pair(1U, 2U), std::pair(2U, 3U)})
    {
        graph.edges.emplace_back();
        graph.edges.back().a = a;
        graph.edges.back().b = b;
    }
    ApplyPolicy(TopologyPolicy(), graph);
    test.Holds(graph.nodes[2].at && std::abs(std::abs(graph.nodes[2].at->longitude) - 180) < 1e-6,
               "across the date line");
    test.Holds(graph.nodes[3].at.has_value() && graph.nodes[3].estimated &&
                   !graph.nodes[0].estimated,
               "and from there on");
}

/** Input: rates and delays said, not said, and out of bounds. Output: of each link one of each. */
void
CheckLinkRule(Sentence& test)
{
    const auto make = []() {
        TopologyGraph graph;
        graph.nodes.resize(3);
        graph.nodes[0].at = GeoPoint{0, 0};
        graph.nodes[1].at = GeoPoint{0, 1};
        graph.edges.resize(4);
        graph.edges[0].b = 1;
        graph.edges[0].rate = 1e12;
        graph.edges[1].b = 2;
        graph.edges[1].rate = 1;
        graph.edges[2].b = 1;
        graph.edges[2].delay = 7ms;
        graph.edges[3].b = 1;
        graph.edges[3].delay = 1ns;
        graph.lans.resize(1);
        graph.lans[0].nodes = {0, 1};
        return graph;
    };
    TopologyGraph graph = make();
    ApplyLinkRule(LinkRule(), graph);
    test.Holds(graph.edges[0].rate == LinkRule::RATE_MAX, "not faster");
    test.Holds(graph.edges[1].rate == LinkRule::RATE_MIN, "not slower");
    test.Holds(graph.edges[2].rate == 1e9, "nothing said");
    test.Holds(graph.edges[0].delay == LinkRule().DelayOver(111195), "one degree");
    test.Holds(graph.edges[1].delay == Time(1ms), "a place that is not known");
    test.Holds(graph.edges[2].delay == Time(7ms) && graph.edges[3].delay == Time(50us), "written");
    test.Holds(graph.lans[0].delay == graph.edges[0].delay, "a LAN is as long as its longest way");
    LinkRule rule;
    rule.rate = 5e6;
    rule.delay = 2us;
    graph = make();
    ApplyLinkRule(rule, graph);
    test.Holds(graph.edges[0].rate == 5e6 && graph.edges[3].delay == Time(2us) &&
                   graph.lans[0].rate == 5e6 && graph.lans[0].delay == Time(2us),
               "what is given is of all");
}

/** Input: labels of all kinds. Output: names of ASCII, each another one. */
void
CheckNames(Sentence& test)
{
    TopologyGraph graph;
    for (const char* label :
         {"New York, NY", "Gen\xc3\xa8ve", "", "Paris", "Paris", "all", "--", "9"})
    {
        graph.nodes.emplace_back();
        graph.nodes.back().label = label;
    }
    std::string text;
    for (const std::string& name : NamesByLabel(graph, {"all"}))
    {
        text += name + " ";
    }
    test.Same(text, std::string("New_York_NY Gen_ve node Paris Paris_2 all_2 node_2 node_3 "));
}

} // namespace

std::vector<TestCase*>
TopologyPolicyTests()
{
    return {
        new Sentence("Policy: each does what it says, and says what it did", &CheckPolicies),
        new Sentence("Policy: a network without routers is none", &CheckNothingLeft),
        new Sentence("Policy: hyperedges are LANs", &CheckHyperedges),
        new Sentence("Policy: parallel links are a bundle", &CheckMerge),
        new Sentence("Policy: delays follow from places on the earth", &CheckPlaces),
        new Sentence("Policy: every link has a rate and a delay within bounds", &CheckLinkRule),
        new Sentence("Policy: names from labels", &CheckNames),
    };
}

} // namespace karp
} // namespace ns3
