/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-story.h"
#include "karp-scenario-tests.h"

#include "ns3/karp-scenario-invariants.h"
#include "ns3/karp-scenario-resolved.h"
#include "ns3/karp-trace-sink.h"

#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-scenario: the invariants of every run, by traces written by hand.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Heartbeats of 1 s: a group has 15 s + 1.5 s + 1 s + 4 s = 21.5 s to recover. */
const char FAST[] = "1s";

/** \return the rules that \p story breaks: "one-gcks 41.5 r0 r2: why"; with the exit status */
std::string
Broken(const GroupStory& story, const std::string& more = "", const std::string& kmp = "mrkmp")
{
    std::string text = ScenarioText(more, "3");
    text.replace(text.find("{kmp: mrkmp}"),
                 12,
                 "{kmp: " + kmp + ", advert: " + FAST + ", lead: 5s}");
    std::vector<std::string> errors;
    const std::optional<Scenario> scenario = LoadText(text, &errors);
    if (!scenario)
    {
        return errors.empty() ? "?" : errors[0];
    }
    TraceSink sink(*scenario);
    for (const TraceEvent& line : story.Lines())
    {
        sink.Write(line);
    }
    sink.Close();
    std::string broken = sink.TheJudge().ExitCode() == 0 ? "" : "!";
    for (const RuleVerdict& rule : sink.TheJudge().Rules())
    {
        const Verdict& verdict = rule.verdict;
        if (verdict.kind == Verdict::Kind::FAIL)
        {
            broken += rule.id.substr(rule.id.find(' ')) + " " + SecondsText(*verdict.at);
            for (const std::string& node : verdict.nodes)
            {
                broken += " " + node;
            }
            broken += ": " + verdict.why;
        }
    }
    return broken;
}

/** Input: a second GCKS; the same with the rule off, and with a bound of its own. Output: a failure
 * at the end of the bound, exit status 1; verdict.json and the table tell of it. */
void
CheckOneGcks(Sentence& test)
{
    GroupStory story;
    story.Whole(1, "aa", 200).Role(50, "r2", "gcks");
    const std::string broken = "! one-gcks 50 r0 r2: 2 GCKSs among r0, r1, r2";
    test.Same(Broken(story), broken);
    test.Same(Broken(story, "invariants: {skip: [one-gcks]}\n"), std::string());
    GroupStory late;
    late.Whole(1, "aa", 200).Fault(40, "crash", {"r0"});
    test.Same(Broken(late), std::string("! one-gcks 61.5 r1 r2: 0 GCKSs among r1, r2"));
    test.Same(Broken(late, "invariants: {one-gcks: {within: 10s}}\n"),
              std::string("! one-gcks 50 r1 r2: 0 GCKSs among r1, r2"));
    late.Fault(45, "priority", {"r1"}).Fault(46, "mark", {});
    test.Same(Broken(late), std::string("! one-gcks 66.5 r1 r2: 0 GCKSs among r1, r2"));
    GroupStory handed = late;
    handed.Fault(47, "handover", {});
    test.Same(Broken(handed), std::string("! one-gcks 68.5 r1 r2: 0 GCKSs among r1, r2"));
    late.Fault(60, "boot", {"r0"});
    late.Role(61, "r0", "gcks").Key(61, "r0", "kek", "aa", 1, 200);
    test.Same(Broken(late), std::string(), "back in time");

    const std::optional<Scenario> scenario = LoadText(ScenarioText("", "3"));
    TraceSink sink(*scenario);
    GroupStory slow;
    slow.Whole(1, "aa", 200).Role(85, "r2", "gcks");
    for (const TraceEvent& line : slow.Lines())
    {
        sink.Write(line);
    }
    sink.Close();
    const std::string json = sink.TheJudge().ToJson();
    test.Holds(
        json.find("{\"id\":\"invariant one-gcks\",\"kind\":\"invariant\",\"verdict\":\"fail\"") !=
            std::string::npos,
        json);
    test.Holds(json.find("\"nodes\":[\"r0\",\"r2\"],\"lines\":[") != std::string::npos, json);
    std::ostringstream out;
    sink.TheJudge().Print(out);
    test.Holds(out.str().find("fail     invariant one-gcks") == 0, out.str());
    test.Holds(out.str().find("| {\"ev\":\"role\"") != std::string::npos, "lines before it");
    test.Holds(out.str().find("invariants                 6 of 7") != std::string::npos, out.str());
}

/** Input: partitions, cuts in one direction, overlapping ones, impairments. Output: each part is
 * asked for a GCKS of its own; nothing where parts are not whole; all of it after the last heal. */
void
CheckFaults(Sentence& test)
{
    GroupStory story;
    story.Whole(1, "aa", 200).Cut(40, "partition", {"r0..r1", "r2"});
    test.Same(Broken(story), std::string("! one-gcks 61.5 r2: 0 GCKSs among r2"), "its own");
    story.Role(44, "r2", "gcks");
    test.Same(Broken(story), std::string(), "has one");
    GroupStory twice = story;
    twice.Cut(50, "cut", {"r0,r1", "r2"}).Fault(55, "heal", {});
    test.Same(Broken(twice), std::string("! one-gcks 76.5 r0 r2: 2 GCKSs among r0, r1, r2"));
    story.Fault(50, "heal", {});
    test.Same(Broken(story), std::string("! one-gcks 71.5 r0 r2: 2 GCKSs among r0, r1, r2"));
    GroupStory deaf;
    deaf.Whole(1, "aa", 200).Cut(40, "cut", {"r0", "r2"}).Role(44, "r2", "gcks");
    test.Same(Broken(deaf), std::string(), "A1: nothing is promised");
    GroupStory lossy;
    lossy.Whole(1, "aa", 200).Fault(40, "impair", {});
    test.Same(Broken(lossy), std::string(), "by nothing");
    lossy.Last().Set(TraceKey::LOSS, 0.1);
    lossy.Role(44, "r2", "gcks");
    test.Same(Broken(lossy), std::string(), "not under loss");
}

/** Input: numbers and keys that no router should use; a group with keys by hand. Output: told, but
 * for the repeated number under a key by hand. */
void
CheckUse(Sentence& test)
{
    GroupStory story;
    story.Whole(1, "5a", 200).Hello(20, "r1", "5a", 7).Hello(21, "r1", "5a", 7);
    test.Same(Broken(story),
              std::string("! sequence-reuse 21 r1: r1 sends number 7 under PMK 5a again"));
    test.Same(Broken(story, "", "manual"), std::string(), "by hand");
    GroupStory wide;
    wide.Whole(1, "5a", 200).Hello(20, "r1", "5a", 1).Hello(21, "r1", "5a", 1);
    wide.Last().Set(TraceKey::SEQ, UINT64_MAX - 1);
    wide.Hello(22, "r1", "5a", 1).Last().Set(TraceKey::SEQ, UINT64_MAX);
    wide.Hello(23, "r1", "5a", 0);
    test.Same(Broken(wide), std::string(), "numbers of 64 bits");
    GroupStory stranger;
    stranger.Whole(1, "5a", 200).Hello(20, "r1", "77", 1);
    test.Same(Broken(stranger),
              std::string("! key-lifetime 20 r1: r1 sends under PMK 77, which it does not hold"));
    GroupStory early;
    early.Whole(1, "5a", 200);
    early.Line(TraceKind::REKEY_TX, 30, "r0").Set(TraceKey::KEK, "bb").Set(TraceKey::SEQ, 1U);
    early.Key(30, "r0", "kek", "bb", 35, 200);
    test.Same(Broken(early, "invariants: {skip: [one-gcks]}\n"),
              std::string("! key-lifetime 30 r0: r0 sends under KEK 00000000000000bb, which is for "
                          "that from 35.000000 s until 200.000000 s"));
    GroupStory slow;
    slow.Whole(1, "5a", 200).Fault(10, "clock", {"r0"});
    slow.Last().Set(TraceKey::DRIFT, int64_t(-6000));
    slow.Line(TraceKind::REKEY_TX, 30, "r0").Set(TraceKey::KEK, "bb").Set(TraceKey::SEQ, 1U);
    slow.Key(30, "r0", "kek", "bb", 29.99988, 200).Role(90, "r0", "gcks");
    test.Same(Broken(slow, "invariants: {skip: [one-gcks]}\n"), std::string(), "by its clock then");
}

/** Input: a packet refused for want of a key; the same after a crash; eviction and a key that
 * stays. Output: told, but for what the fault excuses. */
void
CheckMembers(Sentence& test)
{
    GroupStory story;
    story.Whole(1, "5a", 200);
    const auto refuse = [](GroupStory& told, double at) {
        told.Line(TraceKind::DROP, at, "r1")
            .Set(TraceKey::LAYER, "ospf")
            .Set(TraceKey::REASON, "unknown_key")
            .Set(TraceKey::PEER, "r2")
            .Set(TraceKey::VALUE, 0x77U);
    };
    GroupStory excused = story;
    refuse(story, 30);
    test.Same(Broken(story),
              std::string("! no-key-drop 30 r1 r2: r2 sends with PMK 77, which r1 lacks"));
    excused.Fault(29, "priority", {"r0"});
    refuse(excused, 30);
    test.Same(Broken(excused), std::string(), "a fault before");
    GroupStory evicted;
    evicted.Whole(1, "5a", 200).Fault(30, "evict", {"r2"}).Hello(54.4, "r1", "5a", 1);
    const std::string off = "invariants: {skip: [one-gcks]}\n";
    test.Same(Broken(evicted, off), std::string(), "for 24.5 s");
    evicted.Hello(54.5, "r1", "5a", 2);
    test.Same(
        Broken(evicted, off),
        std::string("! secrecy 54.5 r1 r2: r1 sends under PMK 5a, which r2, evicted, has held"));
    GroupStory alone;
    alone.Whole(1, "5a", 200).Fault(30, "evict", {"r2"}).Role(31, "r2", "initial");
    test.Same(Broken(alone), std::string(), "who was evicted is promised no GCKS");
    GroupStory often = story;
    for (int i = 0; i < 70; ++i)
    {
        refuse(often, 31);
    }
    often.Hello(32, "r1", "5a", 7).Hello(33, "r1", "5a", 7);
    test.Holds(Broken(often).find("sequence-reuse 33 r1: ") != std::string::npos,
               "the first of each rule is told: " + Broken(often));
    GroupStory strange;
    strange.Whole(1, "5a", 200).Role(30, "r2", "gcks");
    test.Holds(Broken(strange).find("one-gcks 30") != std::string::npos, "two of them");
    test.Same(Broken(strange, "credentials: {type: psk, mismatch: [r2]}\n"),
              std::string("! secrecy 1 r2: r2 holds KEK 000000000000005a, of a group that does not "
                          "trust it (2 times)"),
              "a stranger may be what it likes, but holds no key");
    GroupStory late;
    late.Whole(1, "5a", 200).Role(60, "r2", "gcks");
    const std::string revoked = "credentials: {type: ed25519, trust: ca0, revoked: {r2: 50s}}\n";
    test.Same(Broken(late, revoked), std::string(), "revoked before");
    GroupStory early;
    early.Whole(1, "5a", 200).Role(40, "r2", "gcks");
    test.Holds(Broken(early, revoked).find("one-gcks 40") != std::string::npos, "and after");
    GroupStory many;
    many.Whole(1, "5a", 200);
    for (int i = 0; i < 8; ++i)
    {
        many.Key(40, "r1", "kek", std::to_string(100 + i).c_str(), 200, 300);
    }
    test.Same(Broken(many), std::string("! bounded-lists 40 r1: r1 has 9 KEKs, 8 are allowed"));
    GroupStory crowd;
    crowd.Whole(1, "5a", 200);
    for (int i = 0; i < 1025; ++i)
    {
        crowd.Line(TraceKind::ADJ, 40, "r1")
            .Set(TraceKey::IF, 1U)
            .Set(TraceKey::PEER, "10.0.7." + std::to_string(i))
            .Set(TraceKey::TO, i == 3 ? "Down" : "Init");
    }
    test.Same(Broken(crowd), std::string(), "1024 of them");
    crowd.Line(TraceKind::ADJ, 41, "r1").Set(TraceKey::IF, 1U).Set(TraceKey::TO, "Init");
    test.Same(Broken(crowd),
              std::string("! bounded-lists 41 r1: r1 has 1025 neighbours, 1024 are allowed"));
}

/** Input: a router loses its associations in a crash, and learns as many KEKs as it may hold.
 * Output: none of those from before counts; the master key, which was in the key table, does. */
void
CheckLostKeys(Sentence& test)
{
    GroupStory fewer;
    fewer.Whole(1, "5a", 200).Key(30, "r1", "kek", "99", 190, 200).Fault(38, "crash", {"r1"});
    fewer.Last().Set(TraceKey::LOSE, std::vector<std::string>{"sa"});
    fewer.Fault(39, "boot", {"r1"}).Role(39, "r1", "member").Hello(39.5, "r1", "5a/f0", 7);
    for (int i = 0; i < 8; ++i)
    {
        const std::string id = i == 0 ? "5a" : std::to_string(100 + i);
        fewer.Key(40, "r1", "kek", id.c_str(), i == 0 ? 1 : 190, 200);
    }
    test.Same(Broken(fewer), std::string(), "8 of them, and the master key is still there");
}

/** Input: the block, right and wrong. Output: the resolved scenario has it; mistakes are told. */
void
CheckBlock(Sentence& test)
{
    const std::string block = "invariants: {skip: [secrecy], no-key-drop: {within: 60s}}\n";
    const std::optional<Scenario> scenario = LoadText(ScenarioText(block, "3"));
    test.Holds(scenario.has_value(), "is right");
    const std::string resolved = ResolvedText(*scenario);
    const std::string wanted = "\ninvariants: {no-key-drop: {within: 60s}, skip: [secrecy]}\n";
    test.Holds(resolved.find(wanted) != std::string::npos, resolved);
    const std::optional<Scenario> again = LoadText(resolved);
    test.Same(again ? ResolvedText(*again) : std::string(), resolved, "reads back");
    const std::pair<const char*, const char*> wrong[] = {
        {"{skip: [one_gcks]}", "there is no invariant 'one_gcks' (did you mean 'one-gcks'?)"},
        {"{skip: one-gcks}", "skip is a list of names"},
        {"{secrecy: 60s}", "expected keys and values"},
        {"{sequence-reuse: {within: 60s}}", "sequence-reuse holds at every moment"},
        {"{one-gcks: {within: 3}}", "time"},
        {"{onegcks: {within: 3s}}", "did you mean 'one-gcks'?"},
    };
    for (const auto& entry : wrong)
    {
        std::vector<std::string> errors;
        LoadText(ScenarioText(std::string("invariants: ") + entry.first + "\n", "3"), &errors);
        test.Holds(errors.size() == 1 && errors[0].find(entry.second) != std::string::npos,
                   std::string(entry.first) + (errors.empty() ? "" : ": " + errors[0]));
    }
}

/** Input: timers of the protocol block and attributes. Output: the bounds follow. */
void
CheckTimers(Sentence& test)
{
    std::string text = ScenarioText("", "3");
    text.replace(
        text.find("{kmp: mrkmp}"),
        12,
        "{kmp: mrkmp, advert: 2s, down: 4, copies: 1, spacing: 3s, blacklist: 7s, retransmit: "
        "{first: 1s, base: 1, tries: 3}, crypto: {cost: table, scale: 10}, attr: "
        "{MergeCopies: 5, MergeCopySpacing: 2s, JoinSpread: 4s, DeferMax: 0, EvictLead: 9s}}");
    std::vector<std::string> errors;
    const std::optional<Scenario> scenario = LoadText(text, &errors);
    test.Holds(scenario.has_value(), errors.empty() ? "" : errors[0]);
    const RecoveryTimers timers = ScenarioInvariants::TimersOf(*scenario);
    using namespace std::chrono_literals;
    test.Holds(timers.Settle() == (4 + 5 + 4) * 2s + 5 * 2s + 4s + 2 * 3s + 60ms, "settle");
    test.Holds(timers.Evict() == timers.Settle() + 9s, "evict");
    test.Holds(timers.Hang() == 2 * 4s + 7s, "hang");
}

} // namespace

std::vector<TestCase*>
ScenarioInvariantsTests()
{
    return {new Sentence("invariants: one GCKS", CheckOneGcks),
            new Sentence("invariants: partitions and impairments", CheckFaults),
            new Sentence("invariants: use of keys", CheckUse),
            new Sentence("invariants: members", CheckMembers),
            new Sentence("invariants: the block", CheckBlock),
            new Sentence("invariants: what a crash costs", CheckLostKeys),
            new Sentence("invariants: bounds from timers", CheckTimers)};
}

} // namespace karp
} // namespace ns3
