/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-tests.h"

#include "ns3/karp-scenario-resolved.h"

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-scenario: LANs, groups on them, verbs that are about them.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** \return a scenario with the block topology \p topology, groups \p groups, and \p more */
std::string
WorldText(const std::string& topology, const std::string& groups, const std::string& more = "")
{
    return "karp: 1\nname: world\nrun: {stop: 100s}\ntopology: " + topology +
           "\ngroups: " + groups + "\n" +
           (more.find("timeline:") == std::string::npos ? "timeline: []\n" : "") + more;
}

/** \return names of the routers \p nodes, apart by blanks */
std::string
Names(const Scenario& scenario, const std::vector<uint32_t>& nodes)
{
    std::string text;
    for (const uint32_t node : nodes)
    {
        text += (text.empty() ? "" : " ") + scenario.NodeName(node);
    }
    return text;
}

/** \return the errors of \p text, one a line */
std::string
ErrorsOf(const std::string& text)
{
    std::vector<std::string> errors;
    LoadText(text, &errors);
    std::string all;
    for (const std::string& error : errors)
    {
        all += error + "\n";
    }
    return all;
}

/**
 * Input: a backbone, sites that each have one of its routers, a LAN with named routers.
 * Output: names go on over LANs, or by prefix; who is on which LAN; repetition counts.
 */
void
CheckLans(Sentence& test)
{
    const auto scenario = LoadText(WorldText("\n  lans:\n"
                                             "    - {id: core, nodes: 2, delay: 1ms}\n"
                                             "    - {id: site, repeat: 3, nodes: 2, via: core, "
                                             "prefix: s, rate: 14bps}\n"
                                             "    - {nodes: 1, routers: [r1, s0..s1]}\n",
                                             "[{name: g0, segment: core}]"));
    test.Holds(scenario.has_value(), "it loads");
    if (!scenario)
    {
        return;
    }
    test.Equal(scenario->lans.size(), 5, "LANs");
    test.Equal(scenario->Size(), 9, "routers");
    std::string text;
    for (const LanBlock& lan : scenario->lans)
    {
        text += lan.id + ": " + Names(*scenario, lan.routers) + "; ";
    }
    test.Same(text,
              std::string("core: r0 r1; site0: r0 s0 s1; site1: r1 s2 s3; site2: r0 s4 s5; "
                          "lan4: r1 s0 s1 r2; "));
    test.Holds(scenario->lans[0].delay == 1ms && scenario->lans[1].rate == 14, "of their own");
    test.Same(scenario->AllNames(), std::string("r0..r2, s0..s5"));
    test.Same(Names(*scenario, scenario->Neighbors().at(0)), std::string("r1 s0 s1 s4 s5"));
    std::vector<std::string> errors;
    const auto again = LoadText(ResolvedText(*scenario), &errors);
    test.Holds(again.has_value(), errors.empty() ? "" : errors[0]);
    test.Same(again ? ResolvedText(*again) : "", ResolvedText(*scenario), "resolved twice");
}

/** Input: a group on each LAN of a pattern. Output: its members, and priorities of those named. */
void
CheckGroups(Sentence& test)
{
    const std::string lans = "{lans: [{id: core, nodes: 3, prefix: c}, {id: site, repeat: 3, "
                             "nodes: 2, via: core}], sets: {odd: [r1, r3, r5]}}";
    const auto scenario =
        LoadText(WorldText(lans,
                           "[{name: site, segment: site*, priority: {c*: 200, r3: 150, default: "
                           "90}}, {name: core, segment: core}]"));
    test.Holds(scenario && scenario->groups.size() == 4, "a group on each, and one more");
    const GroupBlock* group = scenario ? scenario->FindGroup("site1") : nullptr;
    if (group == nullptr)
    {
        test.Holds(false, "site1");
        return;
    }
    test.Same(Names(*scenario, group->members), std::string("c1 r2 r3"));
    test.Equal(group->priority.at(1), 200, "of c1");
    test.Equal(group->priority.size(), 2, "and of r3, and nobody who is not here");
    test.Equal(group->defaultPriority, 90, "of the others");
    test.Holds(!scenario->FindGroup("core")->fixedPriority, "each group has its own");
    const auto sets = LoadText(WorldText(lans, "[{name: g, segment: site*, members: odd}]"));
    test.Holds(sets && Names(*sets, sets->FindGroup("g2")->members) == "r5", "those of a set");
}

/** Input: mistakes in topologies and groups on them. Output: what is wrong, with the nearest name.
 */
void
CheckTopologyErrors(Sentence& test)
{
    const std::string one = "{lans: [{id: a, nodes: 2}, {id: b, nodes: 2}]}";
    const std::string group = "[{name: g, segment: a}]";
    const std::pair<std::string, std::string> pairs[] = {
        {WorldText("{lan: {nodes: 2}, lans: [{nodes: 2}]}", "[{name: g, segment: lan0}]"),
         "topology: there is 'lan' already; name it in 'lans'"},
        {WorldText("{lans: [{id: a, nodes: 2}, {id: a, nodes: 2}]}", group),
         "topology: there is a LAN 'a' already"},
        {WorldText("{lans: [{id: a, nodes: 2}, {id: r0, nodes: 2}]}", group),
         "topology: 'r0' is the name of a LAN and of routers"},
        {WorldText("{lans: [{id: a, nodes: 2}, {id: b, nodes: 2, via: aa}]}", group),
         "via: there is no LAN 'aa' before this one (did you mean 'a'?)"},
        {WorldText("{lans: [{id: a, nodes: 2}, {id: b}]}", group),
         "topology.lans: key 'nodes' or 'routers' is missing"},
        {WorldText("{lans: [{id: a, nodes: 2}, {id: b, routers: [r0, r7]}]}", group),
         "routers: there is no router 'r7': the 2 routers are r0..r1"},
        {WorldText("{lans: [{id: a, nodes: 2}, {id: b, routers: \"random:1\"}]}", group),
         "routers: name them: who is on a LAN never changes"},
        {WorldText("{lans: [{id: a, nodes: 2, prefix: r2}]}", group),
         "prefix: 'r2' is none: up to 20 letters and underscores"},
        {WorldText("{lans: [{id: a, nodes: 600, repeat: 20}]}", "[{name: g, segment: a0}]"),
         "topology: more than 5000 routers"},
        {WorldText("{lans: [{id: a, nodes: 2, sites: 3}]}", group),
         "topology.lans: unknown key 'sites'"},
        {WorldText("{lan: {id: a, nodes: 2}, sets: {all: r0}}", group),
         "topology.sets: 'all' means something else already"},
        {WorldText("{lan: {id: a, nodes: 2}, sets: {w: r9}}", group),
         "sets: there is no router 'r9': the 2 routers are r0..r1"},
        {WorldText(one, "[{name: g, segment: [a, b]}]"),
         "segment: a group lives on one link; a pattern such as 'lan*' makes a group on each"},
        {WorldText(one, "[{name: g, segment: aa}]"),
         "segment: there is no segment 'aa' (did you mean 'a'?)"},
        {WorldText(one, "[{name: g, segment: a, members: r2}]"),
         "members: r2 is not on segment 'a'"},
        {WorldText(one, "[{name: g, segment: a}, {name: h, segment: a}]"),
         "groups: r0 is in 'g' already: a router has one group on a link, for UDP port 848 does "
         "not tell them apart"},
        {WorldText(one, "[{name: g, segment: a, priority: {r2: 5}}]"),
         "priority: r2 is no member of the group"},
        {WorldText(one, "[{name: g, segment: a, priority: {\"role:gcks\": 5}}]"),
         "priority: 'role:gcks' is somebody else every time"},
    };
    for (const auto& pair : pairs)
    {
        const std::string errors = ErrorsOf(pair.first);
        test.Holds(errors.find(pair.second) != std::string::npos, pair.second + " / " + errors);
    }
}

/** Input: verbs about links, processes and clocks. Output: what they say; its resolved form. */
void
CheckVerbs(Sentence& test)
{
    const std::string text = WorldText(
        "{lans: [{id: a, nodes: 4}, {id: b, nodes: 2, routers: r0}], sets: {west: r0..r1}}",
        "[{name: g, segment: a}, {name: h, segment: b}]",
        "timeline:\n"
        "  - {at: 1s, do: partition, sets: [west, [r2, r3]], segment: a, as: split}\n"
        "  - {at: 2s, do: partition, sets: [r0, r4], segment: b, one_way: true, as: other}\n"
        "  - {at: 3s, do: cut, from: r0, to: all - r0, segment: a, as: mute}\n"
        "  - {at: 4s, do: heal, ref: [split, mute]}\n"
        "  - {at: 5s, do: heal}\n"
        "  - {at: 6s, do: stop_kmp, target: \"role:gcks:h\", group: h}\n"
        "  - {every: 10s, until: 50s, do: leave, target: r0, segment: b}\n"
        "  - {at: [8s, 9s], every: 10s, do: join, target: r0, segment: b, as: back}\n"
        "  - {at: 7s, do: exhaust_seq, target: r0}\n"
        "  - {at: 7s, do: clock, target: r1, offset: -5s, drift: 20.5}\n"
        "  - {at: 8s, do: rekey, group: g}\n"
        "  - {on_event: {ev: role, to: gcks, g: h}, wait: 10ms, not_before: 20s, times: 3, do: "
        "crash, target: it}\n"
        "  - {at: 8s, do: evict, group: g, target: r2}\n"
        "  - {at: 8s, do: handover, group: h, to: \"random:1\"}\n"
        "expect: [{id: a, never: \"one_gcks(g)\", from: split + 10s + 2 * 1ms + 1us}]\n");
    std::vector<std::string> errors;
    const auto scenario = LoadText(text, &errors);
    test.Holds(scenario.has_value(), errors.empty() ? "" : errors[0]);
    if (!scenario)
    {
        return;
    }
    const std::vector<TimelineEvent>& events = scenario->timeline;
    test.Equal(events[0].sets.size(), 2, "two sets");
    test.Holds(!events[0].oneWay && events[1].oneWay, "one way");
    test.Holds(events[3].refs == std::vector<std::string>({"split", "mute"}), "refs");
    test.Holds(events[4].refs.empty() && events[4].lans.empty(), "all of them");
    test.Holds(events[6].at == 10s && events[6].every == 10s && events[6].until == 50s, "every");
    test.Holds(events[7].at == 8s && events[7].atEnd == 9s && events[7].until == 100s,
               "from at on");
    test.Holds(events[9].offset == Time(-5s) && events[9].drift == 20.5, "clock");
    test.Holds(scenario->expect.at(0).from.offset == 10002001us, "several times after a label");
    const auto again = LoadText(ResolvedText(*scenario), &errors);
    test.Holds(again.has_value(), errors.empty() ? "" : errors[0]);
    test.Same(again ? ResolvedText(*again) : "", ResolvedText(*scenario), "resolved twice");
}

/** Input: mistakes in these verbs. Output: what is wrong, with the nearest name. */
void
CheckVerbErrors(Sentence& test)
{
    const std::pair<const char*, const char*> pairs[] = {
        {"{at: 1s, do: partition, sets: [r0, r1]}",
         "timeline (partition): key 'segment' is missing, there are several LANs"},
        {"{at: 1s, do: partition, sets: [r0], segment: a}",
         "sets: expected at least two, such as [[r0..r4], [r5..r9]]"},
        {"{at: 1s, do: partition, sets: [r0..r1, r1], segment: a}", "sets: r1 is in two of them"},
        {"{at: 1s, do: partition, set: [r0, r1], segment: a}",
         "timeline (partition): unknown key 'set' (did you mean 'sets'?)"},
        {"{at: 1s, do: cut, from: r0, segment: a}", "timeline (cut): key 'to' is missing"},
        {"{at: 1s, do: heal, ref: split}",
         "ref: no partition, cut or link_down above has the label 'split' (did you mean "
         "'splits'?)"},
        {"{at: 1s, do: stop_kmp, target: r0, group: gg}",
         "group: there is no group 'gg' (did you mean 'g'?)"},
        {"{at: 1s, do: crash, target: \"role:gcks:gg\"}", "target: there is no group 'gg'"},
        {"{at: 1s, do: leave, target: r0, segment: c}", "segment: there is no segment 'c'"},
        {"{at: 1s, do: clock, target: r0}", "timeline (clock): says nothing of offset or drift"},
        {"{at: 1s, do: clock, target: r0, drift: 200000}",
         "drift: '200000' must be a number from -100000 to 100000"},
        {"{at: 1s, do: clock, target: r0, offset: 5}",
         "offset: '5' is a number, not a time: times have a unit, such as 250ms, 1s or 2min"},
        {"{at: 1s, do: evict, group: g}", "timeline (evict): key 'target' is missing"},
        {"{at: 1s, do: rekey, group: hh}", "group: there is no group 'hh'"},
        {"{at: 1s, do: mark, as: x}\nexpect:\n  - {id: a, never: \"one_gcks(g)\", from: x + 1s + "
         "x}",
         "a time that is not negative has its place here"},
        {"{every: 1s, until: 200s, do: leave, target: r0}",
         "timeline (leave): it may last until 200s, the run ends at 100s"},
        {"{at: 1s, until: 2s, do: leave, target: r0}",
         "timeline: 'until' ends what 'every' repeats"},
    };
    for (const auto& pair : pairs)
    {
        const std::string errors =
            ErrorsOf(WorldText("{lans: [{id: a, nodes: 2}, {id: b, nodes: 2}]}",
                               "[{name: g, segment: a}]",
                               std::string("timeline:\n  - {at: 0s, do: partition, sets: [r0, r1], "
                                           "segment: a, as: splits}\n  - ") +
                                   pair.first + "\n"));
        test.Holds(errors.find(pair.second) != std::string::npos, pair.second + (" / " + errors));
    }
}

} // namespace

std::vector<TestCase*>
ScenarioTopologyTests()
{
    return {new Sentence("Routers are on several LANs", &CheckLans),
            new Sentence("Groups live on one LAN each", &CheckGroups),
            new Sentence("Mistakes of topologies are told", &CheckTopologyErrors),
            new Sentence("Verbs are about links, processes and clocks", &CheckVerbs),
            new Sentence("Mistakes of verbs are told", &CheckVerbErrors)};
}

} // namespace karp
} // namespace ns3
