/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-outcome.h"

#include <algorithm>
#include <fstream>
#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Suite karp-world: scenarios of several LANs, cuts, processes that come and go, clocks that
 * differ, simulated as karp-scenario does.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return a scenario on one LAN of four, r0 being preferred, with fast timers */
std::string
FourText(const std::string& more)
{
    return FastText("{lan: {nodes: 4}, sets: {west: r0..r1, east: r2..r3}}",
                    "[{name: g0, segment: lan0, priority: {r0: 200, r2: 150, default: 100}}]",
                    more);
}

/** \return the lines of \p outcome that are about the routers \p names */
std::vector<std::string>
LinesOf(const Outcome& outcome, const std::vector<std::string>& names)
{
    std::vector<std::string> lines;
    for (const std::string& line : outcome.trace)
    {
        for (const std::string& name : names)
        {
            if (line.find("\"n\":\"" + name + "\"") != std::string::npos)
            {
                lines.push_back(line);
            }
        }
    }
    return lines;
}

/**
 * Input: a backbone of two, a LAN behind each of them; r0 is GCKS at home and member on the
 * backbone. Then the same with more LANs.
 * Output: each group has its GCKS and its keys, and all are adjacent; what the routers of the first
 * two LANs do does not depend on further ones.
 */
void
CheckSeveralLans(Sentence& test)
{
    const std::string groups = "[{name: site, segment: site*, priority: {r0: 200, r1: 200, "
                               "default: 50}}, {name: core, segment: core, priority: {r1: 200, "
                               "default: 90}}]";
    const std::string expect =
        "timeline: []\nexpect:\n"
        "  - {id: home, always: \"gcks(site0) == r0 and gcks(core) == r1\", from: 10s}\n"
        "  - {id: other, always: \"role(r0, core) == member\", from: 10s}\n"
        "  - {id: keys, always: \"same_kek(site0) and same_kek(core)\", from: 15s}\n"
        "  - {id: apart, never: \"key_drop(core) or key_drop(site0)\"}\n"
        "  - {id: adj, always: \"adjacent(all) and adjacent(r0)\", from: 10s}\n";
    const auto topology = [](const char* sites) {
        return std::string("{lans: [{id: core, nodes: 2}, {id: site, repeat: ") + sites +
               ", nodes: 2, via: core}]}";
    };
    const Outcome two = Run(FastText(topology("2"), groups, expect));
    test.Equal(two.exit, 0, two.report);
    const Outcome three = Run(FastText(topology("4"), groups, expect));
    test.Equal(three.exit, 0, three.report);
    const std::vector<std::string> own = LinesOf(two, {"r2", "r3"});
    test.Holds(own.size() > 100, "lines of the first site");
    test.Holds(LinesOf(three, {"r2", "r3"}).size() > 100, "lines of the first site");
    // Routers that are on further LANs have more to draw; those that are not do not notice.
    const std::string alone = "[{name: site, segment: site*, priority: {default: 50}}]";
    const Outcome single =
        Run(FastText("{lans: [{id: site, repeat: 2, nodes: 3}]}", alone, "timeline: []\n"));
    const Outcome many =
        Run(FastText("{lans: [{id: site, repeat: 5, nodes: 3}]}", alone, "timeline: []\n"));
    const std::vector<std::string> names = {"r0", "r1", "r2", "r3", "r4", "r5"};
    test.Holds(LinesOf(single, names).size() > 500, "there is something to compare");
    test.Holds(LinesOf(single, names) == LinesOf(many, names), "the same lines");
}

/**
 * Input: the halves of a LAN are cut apart, and healed; one is cut off one way.
 * Output: a GCKS on each side, then one; who is heard but does not hear has lost its neighbours,
 * who hears knows them still.
 */
void
CheckPartitions(Sentence& test)
{
    const Outcome halves = Run(FourText(
        "timeline:\n"
        "  - {at: 15s, do: partition, sets: [west, east], as: split}\n"
        "  - {at: 30s, do: heal, ref: split, as: heal}\n"
        "expect:\n"
        "  - {id: one, always: \"gcks(g0) == r0\", from: 8s, until: split}\n"
        "  - {id: two, eventually: \"count_gcks(g0) == 2 and role(r2, g0) == gcks\", after: "
        "split, within: 5s}\n"
        "  - {id: away, eventually: \"not adjacent(r0, r2) and adjacent(r0, r1) and adjacent(r2, "
        "r3)\", after: split, within: 5s}\n"
        "  - {id: merge, eventually: \"one_gcks(g0) and same_kek(g0)\", after: heal, within: "
        "8s}\n"
        "  - {id: back, eventually: \"adjacent(all)\", after: heal, within: 10s}\n"));
    test.Equal(halves.exit, 0, halves.report);
    test.Equal(Count(halves, {"\"do\":\"partition\"", "\"sets\":[\"r0..r1\",\"r2..r3\"]"}),
               1,
               "told");
    const Outcome oneWay = Run(FourText(
        "timeline:\n"
        "  - {at: 15s, do: partition, sets: [r0..r2, r3], one_way: true, as: split}\n"
        "  - {at: 15s, do: mark, as: x}\n"
        "  - {at: 40s, do: heal}\n"
        "expect:\n"
        "  - {id: deaf, eventually: \"not adjacent(r3)\", after: split, within: 5s}\n"
        "  - {id: rest, always: \"adjacent(r0, r1) and adjacent(r1, r2)\", from: 10s}\n"
        "  - {id: alone, eventually: \"role(r3, g0) == gcks\", after: split, within: 5s}\n"
        "  - {id: keeps, always: \"role(r0, g0) == gcks\", from: 8s, until: 40s}\n"
        "  - {id: back, eventually: \"adjacent(all) and one_gcks(g0)\", after: 40s, within: "
        "15s}\n"));
    test.Equal(oneWay.exit, 0, oneWay.report);
    const auto adjacency = [&](const char* n, const char* peer) {
        return Count(oneWay,
                     {"\"ev\":\"adj\"",
                      std::string("\"n\":\"") + n + "\"",
                      std::string("\"peer\":\"") + peer + "\"",
                      "\"to\":\"Down\""});
    };
    test.Equal(adjacency("r3", "r0"), 1, "r3 does not hear r0 any more");
    test.Equal(adjacency("r0", "r3"), 0, "r0 hears r3 all the time");
}

/**
 * Input: several cuts at once, by `cut` and by `partition`, healed by name and all together.
 * Output: what one cut keeps apart stays apart when another is healed.
 */
void
CheckSeveralCuts(Sentence& test)
{
    const Outcome outcome = Run(FourText(
        "timeline:\n"
        "  - {at: 15s, do: cut, from: r3, to: all - r3, as: mute}\n"
        "  - {at: 15s, do: partition, sets: [r2, \"all - r2\"], as: lone}\n"
        "  - {at: 25s, do: heal, ref: mute, as: first}\n"
        "  - {at: 35s, do: heal, as: last}\n"
        "expect:\n"
        "  - {id: both, eventually: \"not adjacent(r0, r3) and not adjacent(r0, r2)\", after: "
        "mute, within: 6s}\n"
        "  - {id: one, eventually: \"adjacent(r0, r3)\", after: first, within: 8s}\n"
        "  - {id: other, always: \"not adjacent(r0, r2)\", from: 21s, until: last}\n"
        "  - {id: all, eventually: \"adjacent(all)\", after: last, within: 10s}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
}

/**
 * Input: key management of the GCKS stops and starts; routing of a member ends and begins on the
 * link; a member's sequence numbers run low.
 * Output: the next one is GCKS while OSPF still runs at the first; whoever leaves is in no group
 * and no neighbour, and comes back; a new key is made.
 */
void
CheckProcesses(Sentence& test)
{
    const Outcome outcome = Run(FourText(
        "timeline:\n"
        "  - {at: 12s, do: stop_kmp, target: \"role:gcks\", as: halt}\n"
        "  - {at: 20s, do: start_kmp, target: r0, as: on_again}\n"
        "  - {at: 28s, do: leave, target: r3, segment: lan0, as: out}\n"
        "  - {at: 36s, do: join, target: r3, as: back}\n"
        "expect:\n"
        "  - {id: next, eventually: \"gcks(g0) == r2 and role(r0, g0) == down\", after: halt, "
        "within: 5s}\n"
        "  - {id: again, eventually: \"member(all, g0) and role(r0, g0) == member\", after: "
        "on_again, within: 6s}\n"
        "  - {id: gone, eventually: \"role(r3, g0) == down and not adjacent(r3)\", after: out, "
        "within: 1s}\n"
        "  - {id: stays, always: \"role(r3, g0) == down\", from: out + 1s, until: back}\n"
        "  - {id: others, always: \"adjacent(r1, r2)\", from: 10s}\n"
        "  - {id: home, eventually: \"member(all, g0) and adjacent(all)\", after: back, within: "
        "12s}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
    const std::string quiet = "expect:\n  - {id: data, never: \"key_drop(g0)\"}\n"
                              "  - {id: adj, eventually: \"adjacent(all)\", after: 25s, within: "
                              "5s}\n";
    const Outcome without = Run(FourText("timeline: []\n" + quiet));
    const Outcome low =
        Run(FourText("timeline:\n  - {at: 12s, do: exhaust_seq, target: r1}\n" + quiet));
    test.Equal(without.exit, 0, without.report);
    test.Equal(low.exit, 0, low.report);
    const std::vector<std::string> installs = {"\"kind\":\"pmk\"", "\"op\":\"install\""};
    test.Equal(Count(low, installs), Count(without, installs) + 4, "one key more at each of four");
}

/**
 * Input: a router crashes and loses all; while it is down it crashes again, and loses its sequence
 * numbers alone. The GCKS crashes, keeps its associations, and is told to make new keys.
 * Output: what the first crash took does not come back, so r1 has its KEK from nobody but by
 * joining anew; and who is down does nothing.
 */
void
CheckCrashTwice(Sentence& test)
{
    const Outcome twice = Run(FourText("timeline:\n"
                                       "  - {at: 20s, do: partition, sets: [r1, [r0, r2, r3]]}\n"
                                       "  - {at: 20s, do: reboot, target: r1, down: 2s}\n"
                                       "  - {at: 21s, do: crash, target: r1, lose: seq}\n"));
    test.Equal(twice.exit, 0, twice.report);
    const Outcome told = Run(FourText("timeline:\n"
                                      "  - {at: 20s, do: crash, target: r0, lose: neighbors}\n"
                                      "  - {at: 21s, do: rekey}\n"
                                      "  - {at: 22s, do: stop_kmp, target: r0}\n"
                                      "  - {at: 23s, do: start_kmp, target: r0}\n"
                                      "  - {at: 40s, do: boot, target: r0}\n"));
    test.Equal(told.exit, 0, told.report);
    test.Equal(Count(told, {"\"cause\":\"admin\""}), 0, "nobody is there to be told");
}

/**
 * Input: the GCKS is told to make new keys; to let another one serve; to take a member out.
 * Output: a new key at everybody; the other one serves, and nobody loses a packet; who was taken
 * out has no key in common with the others any more and is a neighbour of nobody, the others stay.
 */
void
CheckCommands(Sentence& test)
{
    const Outcome outcome =
        Run(FourText("timeline:\n"
                     "  - {at: 12s, do: rekey, as: renew}\n"
                     "  - {at: 24s, do: handover, to: r1, as: over}\n"
                     "expect:\n"
                     "  - {id: data, never: \"key_drop(g0)\"}\n"
                     "  - {id: next, eventually: \"gcks(g0) == r1\", after: over, within: 5s}\n"
                     "  - {id: stays, always: \"gcks(g0) == r1\", from: over + 5s}\n"
                     "  - {id: adj, always: \"adjacent(all)\", from: 10s}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
    const Outcome evicted = Run(FourText(
        "timeline: [{at: 14s, do: evict, target: r3, as: out}]\n"
        "expect:\n"
        "  - {id: gone, eventually: \"not same_kek(g0) and not adjacent(r3)\", after: out, within: "
        "12s}\n"
        "  - {id: away, always: \"not same_kek(g0) and not adjacent(r3)\", from: out + 12s}\n"
        "  - {id: others, always: \"adjacent(r0, r1) and adjacent(r1, r2)\", from: 10s}\n"));
    test.Equal(evicted.exit, 0, evicted.report);
    test.Equal(Count(outcome, {"\"do\":\"rekey\"", "\"nodes\":[\"r0\"]"}), 1, "told the GCKS");
    const Outcome without = Run(FourText("timeline: []\n"));
    const Outcome once = Run(FourText("timeline: [{at: 12s, do: rekey}]\n"));
    // Within the first tenth of a second after 12 s.
    const std::vector<std::string> installs = {"\"kind\":\"kek\"",
                                               "\"op\":\"install\"",
                                               "\"t\":120"};
    test.Equal(Count(without, installs), 0, "no new key at that time");
    test.Equal(Count(once, installs), 4, "a new key at each of four");
}

/**
 * Input: an event every 5 s from 10 s until 30 s; a clock that is set and one that drifts.
 * Output: five lines, labels .first and .last the first and the last; heartbeats of a clock that
 * runs a tenth too fast are a tenth more, none lost and none doubled; nobody loses a packet.
 */
void
CheckRepetitionAndClocks(Sentence& test)
{
    const Outcome outcome = Run(FourText(
        "timeline:\n"
        "  - {at: 10s, every: 5s, until: 30s, do: priority, node: r1, value: 120, as: again}\n"
        "expect:\n"
        "  - {id: first, eventually: \"one_gcks(g0)\", after: again.first, within: 1ms}\n"
        "  - {id: last, always: \"one_gcks(g0)\", from: again.last, until: again.last + 1s}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
    test.Equal(Count(outcome, {"\"do\":\"priority\""}), 5, "five times");
    test.Equal(Count(outcome, {"\"do\":\"priority\"", "\"more\":"}), 4, "more to come");
    // Lifetimes are on the clocks of routers: keys of the year 2001 are valid in 2001.
    const Outcome dated = Run(FourText(
        "timeline: [{at: 0s, do: clock, target: all, offset: 31 * 8760h}]\n"
        "expect:\n"
        "  - {id: keys, always: \"same_kek(g0) and member(all, g0)\", from: 10s, until: 20s}\n"));
    test.Equal(dated.exit, 0, dated.report);
    std::string text = FourText(
        "timeline:\n"
        "  - {at: 20s, do: clock, target: r0, drift: 100000}\n"
        "  - {at: 0s, do: clock, target: r1, offset: 2s}\n"
        "  - {at: 0s, do: clock, target: r2, offset: -2s}\n"
        "expect:\n"
        "  - {id: keys, always: \"same_pmk(g0)\", from: 10s, until: 40s}\n"
        // The first key of a group may be sent with at once: who is behind has to wait for it.
        "  - {id: data, never: \"key_drop(g0)\", from: 10s}\n"
        "  - {id: adj, always: \"adjacent(all)\", from: 10s}\n");
    text.replace(text.find("attr: {"), 7, "attr: {AdvertJitter: 0, ");
    text.replace(text.find("kek_lifetime: 30s"), 17, "kek_lifetime: 1h");
    const Outcome clocks = Run(text);
    const auto beats = [&](int64_t from, int64_t until) {
        uint64_t count = 0;
        for (const std::string& line : LinesOf(clocks, {"r0"}))
        {
            const int64_t at = std::stoll(line.substr(line.find("\"t\":") + 4)) / 1000000000;
            const bool beat = line.find("\"ev\":\"advert\"") != std::string::npos;
            count += beat && from <= at && at < until ? 1 : 0;
        }
        return count;
    };
    test.Equal(clocks.exit, 0, clocks.report);
    test.Equal(beats(10, 20), 20, "two a second");
    test.Holds(beats(20, 60) >= 87 && beats(20, 60) <= 89, std::to_string(beats(20, 60)));
}

/**
 * Input: whoever becomes GCKS from 10 s on crashes 100 ms later, twice; r0 is made to crash at 10
 * s. Output: r0, then r2 and the next crash, the fourth serves.
 */
void
CheckTriggers(Sentence& test)
{
    const Outcome outcome = Run(FourText(
        "timeline:\n"
        "  - {at: 10s, do: crash, target: \"role:gcks\", as: first}\n"
        "  - {on_event: {ev: role, to: gcks, g: g0}, not_before: 10s, wait: 100ms, times: 2, do: "
        "crash, target: it, as: again}\n"
        "expect:\n"
        "  - {id: r2, eventually: \"role(r2, g0) == down\", after: again, within: 1ms}\n"
        "  - {id: left, eventually: \"one_gcks(g0)\", after: 30s, within: 1s}\n"
        "  - {id: r3, always: \"gcks(g0) == r3\", from: 30s}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
    test.Equal(Count(outcome, {"\"do\":\"crash\""}), 3, "one at 10 s and two of those that follow");
    test.Equal(Count(outcome, {"\"do\":\"crash\"", "\"nodes\":[\"r2\"]"}), 1, "r2 is the next");
    test.Equal(Count(outcome, {"\"do\":\"crash\"", "\"nodes\":[\"r1\"]"}), 1, "then r1");
}

/** Writes \p text into \p folder. \return the path */
std::string
Put(const Folder& folder, const std::string& name, const std::string& text)
{
    const std::string path = folder.Path() + "/" + name;
    std::ofstream(path) << text;
    return path;
}

/**
 * Input: a file based on another, which is based on a third; files whose base is not there, is
 * wrong, is the file itself. Output: blocks put together, lists replaced; errors with the name and
 * line of the file they are in.
 */
void
CheckBase(Sentence& test)
{
    const Folder folder("base");
    Put(folder, "first.yaml", FourText("timeline: [{at: 1s, do: mark, as: one}]\n"));
    Put(folder, "second.yaml", "base: first.yaml\nrun: {seed: 7}\noutput: {dir: there}\n");
    const std::string third = Put(folder,
                                  "third.yaml",
                                  "base: second.yaml\nname: third\nrun: {stop: 50s, scheduler: "
                                  "heap}\ntimeline: [{at: 2s, do: mark, as: two}]\n");
    Diagnostics none(third);
    const auto scenario = ScenarioLoader::LoadFile(third, {}, none);
    test.Holds(scenario.has_value(), none.Empty() ? "" : none.Lines()[0]);
    if (scenario)
    {
        test.Same(scenario->name, std::string("third"));
        test.Equal(scenario->run.seed, 7, "of the second");
        test.Holds(scenario->run.stop == std::chrono::seconds(50), "of the third");
        test.Equal(scenario->Size(), 4, "of the first");
        test.Same(scenario->output.directory, std::string("there"));
        test.Same(scenario->run.scheduler, std::string("heap"));
        test.Holds(scenario->timeline.size() == 1 && scenario->timeline[0].label == "two", "list");
    }
    const std::pair<const char*, const char*> pairs[] = {
        {"name: x\nbase: nothing.yaml\n", ":2: base: nothing.yaml: "},
        {"base: wrong.yaml\n", "wrong.yaml:3: run: unknown key 'stpo' (did you mean 'stop'?)"},
        {"base: [a]\n", ":1: base: expected the name of a file"},
        {"base: self.yaml\n", "base: self.yaml: more than 8 files one upon the other"},
    };
    Put(folder, "wrong.yaml", "karp: 1\nname: w\nrun: {stpo: 1s}\n");
    for (const auto& pair : pairs)
    {
        const std::string path = Put(folder, "self.yaml", pair.first);
        Diagnostics wrong(path);
        test.Holds(!ScenarioLoader::LoadFile(path, {}, wrong), pair.first);
        std::string all;
        for (const std::string& line : wrong.Lines())
        {
            all += line + "\n";
        }
        test.Holds(all.find(pair.second) != std::string::npos, pair.second + (" / " + all));
    }
}

/** Input: one scenario with each scheduler of ns-3. Output: the same lines but for the hash. */
void
CheckSchedulers(Sentence& test)
{
    std::vector<std::string> first;
    for (const char* name : {"map", "heap", "list", "calendar", "priority-queue"})
    {
        std::string text = FourText("timeline: [{at: 20s, do: crash, target: \"role:gcks\"}]\n");
        text.replace(text.find("stop: 60s"), 9, std::string("stop: 30s, scheduler: ") + name);
        Outcome outcome = Run(text);
        test.Equal(outcome.exit, 0, outcome.report);
        test.Holds(outcome.trace.size() > 100, "there is something to compare");
        outcome.trace.erase(outcome.trace.begin());
        first = first.empty() ? outcome.trace : first;
        test.Holds(outcome.trace == first, name);
    }
}

/**
 * Input: AuType 3 with keys by hand; packets held back by 1.5 s, by the 10 ms that are usual;
 * reboots without numbers, without stable storage too; the sequence space running low. Output: what
 * is overtaken is refused, and 10 ms are not enough for that; the trace has Key ID and number of 64
 * bits, of which the upper half counts the boots, or begins anew.
 */
void
CheckExtendedSequences(Sentence& test)
{
    const auto run = [](const std::string& events) {
        std::string text = FourText("timeline:\n" + events);
        text.replace(text.find("dead: 4s"), 8, "dead: 4s, seq: rfc7474");
        text.replace(text.find("kmp: mrkmp"), 10, "kmp: manual");
        return Run(text);
    };
    const std::string held = "  - {at: 10s, do: impair, target: lan0, reorder: 30%";
    const Outcome late = run(held + ", reorder_delay: 1.5s}\n");
    test.Equal(late.exit, 0, late.report);
    test.Holds(Count(late, {"\"ev\":\"fault\"", "\"reorder_delay\":1500000000"}) == 1, "the fault");
    test.Holds(Count(late, {"replayed_sequence"}) > 50, "overtaken");
    const Outcome soon = run(held + "}\n");
    test.Equal(Count(soon, {"replayed_sequence"}), 0, "10 ms");

    const Outcome boots =
        run("  - {at: 10s, do: reboot, target: r1, down: 1s, lose: all}\n"
            "  - {at: 20s, do: reboot, target: r1, down: 1s, lose: [all, nvram]}\n"
            "  - {at: 40s, do: exhaust_seq, target: r2}\n");
    test.Equal(boots.exit, 0, boots.report);
    const auto sent = [&boots](const std::string& router, const std::string& number) {
        return Count(boots,
                     {"\"key\":\"01\"", "\"n\":\"" + router + "\"", "\"seq\":" + number + ","});
    };
    test.Equal(sent("r0", "4294967296"), 1, "first boot");
    test.Equal(sent("r1", "8589934592"), 1, "second boot");
    test.Equal(sent("r1", "4294967296"), 2, "first boot, and storage lost");
    test.Equal(sent("r2", "18446744073709551598"), 1, "near the end");
}

/** Suite karp-world. */
class WorldTestSuite : public TestSuite
{
  public:
    WorldTestSuite()
        : TestSuite("karp-world", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new Sentence("Several LANs run side by side", &CheckSeveralLans));
        AddTestCase(new Sentence("Partitions part and heal", &CheckPartitions));
        AddTestCase(new Sentence("Several cuts add up", &CheckSeveralCuts));
        AddTestCase(new Sentence("Processes come and go", &CheckProcesses));
        AddTestCase(new Sentence("Who is down can lose more", &CheckCrashTwice));
        AddTestCase(new Sentence("The GCKS is told what to do", &CheckCommands));
        AddTestCase(new Sentence("What happens can be waited for", &CheckTriggers));
        AddTestCase(new Sentence("Files are based on files", &CheckBase));
        AddTestCase(new Sentence("Schedulers change nothing", &CheckSchedulers));
        AddTestCase(new Sentence("AuType 3 shows in the trace", &CheckExtendedSequences));
        AddTestCase(new Sentence("Events repeat and clocks differ", &CheckRepetitionAndClocks));
    }
};

WorldTestSuite g_worldTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
