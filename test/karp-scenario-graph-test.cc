/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-tests.h"
#include "karp-test-data.h"

#include "ns3/karp-scenario-resolved.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-scenario: topologies that are graphs, and what is said of their links.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** \return a scenario on \p topology with keys by hand, and \p more behind it */
std::string
GraphText(const std::string& topology, const std::string& more = "timeline: []\n")
{
    return "karp: 1\nname: graph\nrun: {stop: 100s}\nprotocol: {kmp: manual}\ntopology: " +
           topology + "\n" + more;
}

/** \return the names of the segments of \p text, or what is wrong with it, one a line */
std::string
Segments(const std::string& text)
{
    std::vector<std::string> errors;
    const auto scenario = LoadText(text, &errors);
    std::string all;
    for (const std::string& name : scenario ? scenario->LanNames() : errors)
    {
        all += (all.empty() ? "" : scenario ? " " : "\n") + name;
    }
    return all;
}

/** \return the file odd.graphml of the tests, with \p more policies */
std::string
OddText(const std::string& more)
{
    return GraphText("{graphml: {file: " + KarpTestDataPath() + "/topologies/odd.graphml" + more +
                     "}}");
}

/** Input: a graph of each kind. Output: its links by the names of their ends, LANs before them. */
void
CheckKinds(Sentence& test)
{
    const std::pair<const char*, const char*> rows[] = {
        {"{line: {nodes: 3}}", "p2p:r0-r1 p2p:r1-r2"},
        {"{ring: {nodes: 3, prefix: a}}", "p2p:a0-a1 p2p:a1-a2 p2p:a0-a2"},
        {"{star: {nodes: 3}}", "p2p:r0-r1 p2p:r0-r2"},
        {"{grid: {width: 2, height: 2}}", "p2p:r0-r1 p2p:r0-r2 p2p:r2-r3 p2p:r1-r3"},
        {"{tree: {branching: 2, depth: 1}}", "p2p:r0-r1 p2p:r0-r2"},
        {"{full: {nodes: 3}}", "p2p:r0-r1 p2p:r0-r2 p2p:r1-r2"},
        {"{random: {nodes: 3, edges: 3}}", "p2p:r0-r2 p2p:r1-r2 p2p:r0-r1"},
        {"{barabasi: {nodes: 3, m: 2}}", "p2p:r0-r1 p2p:r0-r2 p2p:r1-r2"},
        {"{waxman: {nodes: 2}}", "p2p:r0-r1"},
        {"{lan_of_lans: {lans: 2, nodes: 1}}", "lan0 lan1 lan2"},
        {"{nodes: [r0..r1, hub], links: [{ends: [r0, hub]}, {ends: [r0, r1]}, {ends: [hub, r0]}]}",
         "p2p:r0-hub p2p:r0-r1 p2p:r0-hub.2"},
        {"{line: {nodes: 2}, lans: [{id: x, nodes: 1, routers: r1}], links: [{ends: [r0, r2]}]}",
         "x p2p:r0-r1 p2p:r0-r2"},
    };
    for (const auto& [topology, expected] : rows)
    {
        test.Same(Segments(GraphText(topology)), std::string(expected));
    }
}

/** Input: a map with all that is odd, and policies. Output: what these make of it, by label too. */
void
CheckGraphml(Sentence& test)
{
    test.Same(Segments(OddText("")), std::string("lan0 p2p:r0-r1 p2p:r1-r2 p2p:r4-r5"));
    test.Same(Segments(OddText(", multigraph: keep, components: keep, external: drop")),
              std::string("lan0 p2p:r0-r1 p2p:r1-r2 p2p:r1-r2.2 p2p:r5-r6"));
    test.Same(Segments(OddText(", names: label")),
              std::string("lan0 p2p:Gen_ve_Lac-Paris p2p:Paris-Paris_2 p2p:node_2-Elsewhere"));
    const auto scenario = LoadText(OddText(", link: {rate: 10Mbps, path_factor: 1}"));
    const auto unknown = LoadText(OddText(", missing: delay, link: {delay_unknown: 9ms}"));
    test.Holds(scenario && unknown && scenario->lans.size() == 4, "it loads");
    if (!scenario || !unknown)
    {
        return;
    }
    test.Holds(scenario->lans[1].rate == 1e7 && unknown->lans[1].rate == 2.5e9, "rates");
    test.Holds(scenario->lans[1].delay > 2ms && scenario->lans[1].delay < 3ms, "411 km");
    test.Holds(unknown->lans[2].delay == Time(9ms), "nobody knows where that is");
    test.Holds(scenario->lans[1].pointToPoint && !scenario->lans[0].pointToPoint, "what is a link");
}

/** Input: what a run writes of a graph. Output: it is a scenario, and the same one. */
void
CheckResolved(Sentence& test)
{
    const std::string extra =
        "{nodes: [a0..a2, hub], lans: [{id: x, nodes: 2, prefix: a, routers: hub}, {nodes: 1}], "
        "links: [{ends: [a0, a1]}, {ends: [a1, a2], rate: 5Mbps, delay: 3ms}], sets: {w: hub}}";
    const std::string down =
        "timeline:\n  - {at: 1s, do: link_down, target: p2p:a1-a0, silent: true, as: dark}\n"
        "  - {at: 2s, do: heal, ref: dark}\n";
    for (const std::string& text : {GraphText(extra, down), OddText(", names: label")})
    {
        std::vector<std::string> errors;
        const auto scenario = LoadText(text, &errors);
        test.Holds(scenario.has_value(), errors.empty() ? "" : errors[0]);
        const std::string resolved = scenario ? ResolvedText(*scenario) : "";
        const auto again = LoadText(resolved, &errors);
        test.Holds(again.has_value(), errors.empty() ? "" : errors[0] + "\n" + resolved);
        test.Same(again ? ResolvedText(*again) : "", resolved);
        test.Holds(again && again->AllNames() == scenario->AllNames(), "all names");
    }
    const auto scenario = LoadText(GraphText(extra, down));
    test.Same(scenario ? scenario->AllNames() : "", std::string("a0..a4, r0, hub"));
}

/**
 * Input: costs of links and LANs, for all, by router, by map or rule.
 * Output: what each router pays; written down they are the same.
 */
void
CheckCosts(Sentence& test)
{
    const std::pair<const char*, const char*> rows[] = {
        {"{line: {nodes: 3}}", "|"},
        {"{line: {nodes: 3, link: {cost: 7}}}", "r0=7 r1=7 |r1=7 r2=7 "},
        {"{line: {nodes: 2, link: {cost: auto}}}", ""},
        {"{lan_of_lans: {lans: 2, nodes: 1, link: {cost: 9}}}", "r0=9 r1=9 |r0=9 r2=9 |r1=9 r3=9 "},
        {"{lan: {nodes: 3, cost: 65535}}", "r0=65535 r1=65535 r2=65535 "},
        {"{lan: {nodes: 3, cost: {default: 2, r1: 5}}}", "r0=2 r1=5 r2=2 "},
        {"{lan: {nodes: 3, cost: {r0..r1: 5, r0: 6}}}", "r0=6 r1=5 "},
        {"{lans: [{id: c, nodes: 2, prefix: g}, {id: s, repeat: 2, nodes: 1, via: c, "
         "cost: {g1: 3, \"r*\": 4}}]}",
         "|r0=4 |g1=3 r1=4 "},
        {"{nodes: [a, b], links: [{ends: [b, a], cost: {b: 1}}, {ends: [a, b], cost: 1 + 1}]}",
         "b=1 |a=2 b=2 "},
    };
    for (const auto& [topology, expected] : rows)
    {
        const auto found = [](const std::string& text) {
            const auto scenario = LoadText(text);
            std::string all;
            for (size_t i = 0; scenario && i < scenario->lans.size(); ++i)
            {
                all += i == 0 ? "" : "|";
                for (const auto& [router, cost] : scenario->lans[i].costs)
                {
                    all += scenario->NodeName(router) + "=" + std::to_string(cost) + " ";
                }
            }
            return all;
        };
        const std::string text = GraphText(topology);
        test.Same(found(text), std::string(expected));
        const auto scenario = LoadText(text);
        test.Same(scenario ? found(ResolvedText(*scenario)) : "",
                  std::string(expected),
                  "written down");
    }
}

/** Input: groups and events on links. Output: one group a link; ends in either order; by label. */
void
CheckUse(Sentence& test)
{
    const std::string text =
        "karp: 1\nname: graph\nrun: {stop: 100s}\ntopology: {ring: {nodes: 4}}\n"
        "groups: [{name: g, segment: p2p:*}]\ntimeline:\n"
        "  - {at: 1s, do: impair, target: p2p:r3-r0, loss: 5%}\n"
        "  - {at: 2s, do: link_down, target: [p2p:r0-*, p2p:r2-r1]}\n"
        "  - {at: 3s, do: crash, target: all:p2p:r1-r2}\n";
    std::vector<std::string> errors;
    const auto scenario = LoadText(text, &errors);
    test.Holds(scenario.has_value(), errors.empty() ? "" : errors[0]);
    if (!scenario)
    {
        return;
    }
    test.Equal(scenario->groups.size(), 4, "groups");
    test.Holds(scenario->groups[2].name == "g2" &&
                   scenario->groups[2].members == std::vector<uint32_t>({2, 3}),
               "of the third link");
    test.Holds(scenario->timeline[0].lans == std::vector<uint32_t>({3}), "its ends turned round");
    test.Holds(scenario->timeline[1].lans == std::vector<uint32_t>({0, 1, 3}), "a pattern");
    test.Holds(scenario->timeline[2].target.terms.size() == 1, "routers of a link");
    const auto hub = LoadText(
        GraphText("{line: {nodes: 4}}", "timeline: [{at: 1s, do: link_down, target: p2p:r2-*}]\n"));
    test.Holds(hub && hub->timeline[0].lans == std::vector<uint32_t>({1, 2}), "all of its links");
    test.Holds(!scenario->timeline[1].silent, "noticed if nothing is said");
}

/** Input: mistakes. Output: line, what is wrong, the nearest name. */
void
CheckErrors(Sentence& test)
{
    const std::string bad = KarpTestDataPath() + "/topologies/broken.graphml";
    const std::pair<std::string, std::string> pairs[] = {
        {GraphText("{gird: {width: 2}}"), "topology: unknown key 'gird' (did you mean 'grid'?)"},
        {GraphText("{grid: {width: 2}}"), "topology.grid: key 'height' is missing"},
        {GraphText("{grid: {width: 2, height: 2, depth: 2}}"),
         "topology.grid: unknown key 'depth'"},
        {GraphText("{ring: {nodes: 2}}"), "nodes: '2' must be a whole number from 3 to 5000"},
        {GraphText("{random: {nodes: 5, edges: 3}}"),
         "topology.random: 5 routers are connected by 4 to 10 links, not by 3"},
        {GraphText("{ring: {nodes: 3}, line: {nodes: 3}}"), "topology: there is 'ring' already"},
        {GraphText("{full: {nodes: 150}}"), "topology: more than 10000 links"},
        {GraphText("{ring: {nodes: 3, link: {dealy: 1ms}}}"),
         "topology link: unknown key 'dealy' (did you mean 'delay'?)"},
        {GraphText("{ring: {nodes: 3, link: {path_factor: 0.5}}}"),
         "path_factor: '0.5' must be a number from 1 to 10"},
        {GraphText("{grid: {width: 1, height: 1}}"), "topology: r0 is on no LAN and no link"},
        {GraphText("{nodes: [a, b, c], links: [{ends: [a, b]}]}"),
         "topology: c is on no LAN and no link"},
        {GraphText("{nodes: [a, all]}"), "topology.nodes: 'all' means something else"},
        {GraphText("{nodes: [a, a]}"), "topology.nodes: 'a' is there already"},
        {GraphText("{nodes: [a-b]}"), "topology.nodes: 'a-b' is no name"},
        {GraphText("{nodes: [a0..b3]}"), "topology.nodes: 'a0..b3' is no range"},
        {GraphText("{nodes: [a0..a6000]}"),
         "topology.nodes: 'a0..a6000' is more than 5000 routers"},
        {GraphText("{nodes: [a, b], links: [{ends: [a]}]}"), "ends: expected two routers"},
        {GraphText("{nodes: [a, b], links: [{ends: [a, c]}]}"), "ends: "},
        {GraphText("{nodes: [a, b, c], links: [{ends: [a, b, c]}]}"), "ends: expected two routers"},
        {GraphText("{nodes: [a, b], links: [{ends: \"random:2\"}]}"), "ends: expected two routers"},
        {GraphText("{graphml: {file: nowhere.graphml}}"), "nowhere.graphml is no network"},
        {GraphText("{graphml: {file: " + std::string(1000, 'x') + "}}"), "File name too long"},
        {GraphText("{graphml: {file: /dev/zero}}"), "/dev/zero is no network"},
        {GraphText("{graphml: {file: " + bad + "}}"),
         bad + ":4: edge: there is no node 'bet' (did "
               "you mean 'beta'?)"},
        {OddText(", components: largets"),
         "components: 'largets' is none of largest, keep, reject (did you mean 'largest'?)"},
        {OddText(", loops: reject"), "loops: 'x1' has a link to itself"},
        {OddText(", names: lable"), "unknown word 'lable' (did you mean 'label'?)"},
        {GraphText("{ring: {nodes: 3}}",
                   "timeline: [{at: 1s, do: link_down, target: p2p:r0-r7}]\n"),
         "target: there is no segment 'p2p:r0-r7' (did you mean 'p2p:r0-r1'?)"},
        {GraphText("{ring: {nodes: 3}}", "timeline: [{at: 1s, do: rekey}]\n"),
         "timeline (rekey): there is no group"},
        {GraphText("{ring: {nodes: 3}}",
                   "timeline: [{at: 1s, do: attack, kind: flood, id: a, segment: p2p:r0-r1}]\n"),
         "there is no room for an outsider on 'p2p:r0-r1'"},
        {GraphText("{line: {nodes: 2}, lans: [{id: x, routers: all}]}",
                   "timeline: [{at: 1s, do: attack, kind: replay, id: a, segment: x, capture: "
                   "{type: hello}, replay: {segment: p2p:r0-r1}}]\n"),
         "segment: there is no room for an outsider on 'p2p:r0-r1'"},
        {"karp: 1\nname: x\nrun: {stop: 9s}\ntopology: {ring: {nodes: 3}}\ntimeline: []\n",
         "a scenario: key 'groups' is missing"},
        {"karp: 1\nname: x\nrun: {stop: 9s}\ntopology: {ring: {nodes: 3}}\ntimeline: []\n"
         "groups: []\n",
         "groups: expected a list of groups"},
    };
    for (const auto& [text, expected] : pairs)
    {
        const std::string found = Segments(text);
        test.Holds(found.find(expected) != std::string::npos, expected + " is not in " + found);
    }
}

/** Input: costs that OSPF cannot have, or of nobody there. Output: line, what is wrong. */
void
CheckCostErrors(Sentence& test)
{
    const std::pair<std::string, std::string> pairs[] = {
        {GraphText("\n  ring: {nodes: 3,\n    link: {cost: 0}}"),
         "cost: '0' must be a whole number from 1 to 65535"},
        {GraphText("\n  lan: {nodes: 3,\n    cost: 65536}"),
         "cost: '65536' must be a whole number from 1 to 65535"},
        {GraphText("\n  lan:\n    nodes: 3\n    cost:\n      default: 1\n      r1: 1.5"),
         "r1: '1.5' must be a whole number from 1 to 65535"},
        {GraphText("{lan: {nodes: 3, cost: {r7: 5}}}"), "cost: there is no router 'r7'"},
        {GraphText("{lan: {nodes: 3, cost: {\"random:1\": 5}}}"),
         "cost: 'random:1' is somebody else every time"},
        {GraphText("{nodes: [a, b, c], links: [{ends: [a, b], cost: {c: 5}}, {ends: [b, c]}]}"),
         "cost: c is not there"},
        {GraphText("{nodes: [a, b], links: [{ends: [a, b], cost: [5, 6]}]}"), "cost: "},
    };
    for (const auto& [text, expected] : pairs)
    {
        const std::string found = Segments(text);
        test.Holds(found.find(expected) != std::string::npos, expected + " is not in " + found);
    }
}

/** Input: routers called by hand, with gaps and odd numbers. Output: runs of them, and no more. */
void
CheckNames(Sentence& test)
{
    const auto scenario = LoadText(
        GraphText("{nodes: [b2, a0, a1, a3, a007, hub, a99999999999, a4], lans: [{routers: all}, "
                  "{nodes: 3, prefix: b, routers: a0}]}"));
    test.Holds(scenario.has_value(), "it loads");
    if (!scenario)
    {
        return;
    }
    std::string text;
    for (const std::string& run : NodeRuns({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, *scenario))
    {
        text += run + " ";
    }
    test.Same(text, std::string("b2 a0..a1 a3 a007 hub a99999999999 a4 b0..b1 b3 "));
    std::string error = Segments(GraphText("{nodes: [a0, a1, a3], lans: [{routers: a0..a3}]}"));
    test.Holds(error.find("there is no router 'a2'") != std::string::npos, error);
}

} // namespace

std::vector<TestCase*>
ScenarioGraphTests()
{
    return {
        new Sentence("Graphs: one of each kind", &CheckKinds),
        new Sentence("Graphs: from a file, by policies", &CheckGraphml),
        new Sentence("Graphs: resolved they are themselves", &CheckResolved),
        new Sentence("Graphs: what links cost", &CheckCosts),
        new Sentence("Graphs: groups and events on links", &CheckUse),
        new Sentence("Graphs: mistakes", &CheckErrors),
        new Sentence("Graphs: costs that are none", &CheckCostErrors),
        new Sentence("Graphs: names of routers", &CheckNames),
    };
}

} // namespace karp
} // namespace ns3
