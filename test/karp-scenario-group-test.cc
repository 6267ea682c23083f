/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-story.h"
#include "karp-scenario-tests.h"

#include "ns3/karp-trace-sink.h"

#include <algorithm>
#include <memory>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-scenario: what is asked and measured of keys and of a group as a whole. The
 * traces are written by hand, r0, r1 and r2 are the members of g0.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return what \p story comes to with the scenario lines \p more */
std::unique_ptr<TraceSink>
Told(const GroupStory& story, const Scenario& scenario)
{
    auto sink = std::make_unique<TraceSink>(scenario);
    for (const TraceEvent& line : story.Lines())
    {
        sink->Write(line);
    }
    sink->Close();
    return sink;
}

/** \return the metric \p name of \p story */
std::string
Metric(const GroupStory& story, const std::string& name)
{
    const std::optional<Scenario> scenario = LoadText(ScenarioText("", "3"));
    const auto sink = Told(story, *scenario);
    if (const Metrics::Table* table = sink->TheMetrics().FindTable(name))
    {
        std::string text;
        for (const auto& entry : *table)
        {
            text += (text.empty() ? "" : " ") + entry.first + "=" + std::to_string(entry.second);
        }
        return text;
    }
    const std::optional<double> value = sink->TheMetrics().Value(name);
    return value ? NumberText(*value) : "none";
}

/** \return what becomes of the expectation \p expect in \p story: "pass 12", "fail 3" */
std::string
Judged(const GroupStory& story, const std::string& expect)
{
    std::vector<std::string> errors;
    const std::optional<Scenario> scenario =
        LoadText(ScenarioText("expect: [{id: x, " + expect + "}]\n", "3"), &errors);
    if (!scenario)
    {
        return errors.empty() ? "?" : errors[0];
    }
    const auto sink = Told(story, *scenario);
    const Verdict& verdict = sink->TheJudge().Verdicts().at(0);
    return std::string(ToString(verdict.kind)) +
           (verdict.at ? " " + SecondsText(*verdict.at) : "") +
           (verdict.kind == Verdict::Kind::FAIL ? ": " + verdict.why : "");
}

/** Input: two halves with a GCKS each heal; the KEK of one lives a while longer there. Output: the
 * merge ends when the last of that KEK ends, of which no line of the trace tells; a heal without
 * parts measures nothing. */
void
CheckMerge(Sentence& test)
{
    GroupStory story;
    story.Whole(20, "aa", 90).Fault(30, "heal", {});
    test.Same(Metric(story, "t_merge"), std::string("none"), "whole before");
    story.Role(40, "r2", "gcks").Key(40, "r2", "kek", "bb", 41, 56);
    story.Fault(50, "heal", {}).Role(52, "r2", "member");
    test.Same(Metric(story, "t_merge"), std::string("6"), "until 56 s");
    story.Role(60, "r1", "gcks").Fault(61, "heal", {}).Role(63, "r1", "member");
    test.Same(Metric(story, "t_merge"), std::string("4"), "mean of 6 s and 2 s");
}

/** Input: new keys for several reasons, some in the warm-up; keys with one identifier. Output: a
 * count for each reason; keys are told apart by their fingerprints. */
void
CheckKeyChanges(Sentence& test)
{
    GroupStory story;
    story.Line(TraceKind::REKEY, 5, "r0").Set(TraceKey::CAUSE, "take-over");
    story.Line(TraceKind::REKEY, 20, "r0").Set(TraceKey::CAUSE, "reboot");
    story.Line(TraceKind::REKEY, 21, "r0").Set(TraceKey::CAUSE, "reboot");
    story.Line(TraceKind::REKEY, 30, "r2").Set(TraceKey::CAUSE, "merge");
    story.Key(20, "r0", "pmk", "5a", 20, 90, "01").Key(20, "r1", "pmk", "5a", 20, 90, "01");
    story.Key(21, "r1", "pmk", "5a", 22, 90, "01").Key(30, "r0", "pmk", "5a", 30, 90, "02");
    test.Same(Metric(story, "key_changes_by_cause"), std::string("merge=1 reboot=2 take-over=0"));
    test.Same(Metric(story, "key_changes"), std::string("2"), "a later start is no other key");
}

/** Input: r1 sends under two keys, crashes, boots; others accept the older one, and then the newer,
 * for some time yet. Output: from the boot to the end of the last one; nothing without a boot. */
void
CheckReplayWindow(Sentence& test)
{
    GroupStory story;
    story.Whole(12, "5a", 40).Hello(20, "r1", "5a", 1);
    test.Same(Metric(story, "t_replay_window"), std::string("none"), "no boot");
    story.Fault(30, "crash", {"r1"}).Fault(32, "boot", {"r1"});
    test.Same(Metric(story, "t_replay_window"), std::string("13"), "until 45 s, boot at 32 s");
    GroupStory earlier;
    earlier.Whole(12, "5a", 40).Hello(20, "r1", "5a", 1);
    earlier.Fault(30, "crash", {"r1"}).Fault(32, "boot", {"r1"});
    earlier.Retire(36, "r0", "pmk", "5a", "f0").Retire(38, "r2", "pmk", "5a", "f0");
    test.Same(Metric(earlier, "t_replay_window"), std::string("6"), "given up early");
    GroupStory never;
    never.Whole(12, "5a", 40).Fault(30, "crash", {"r1"}).Fault(32, "boot", {"r1"});
    test.Same(Metric(never, "t_replay_window"), std::string("none"), "nothing was sent");
}

/** Input: messages before, during and after an eviction. Output: octets of key management between,
 * heartbeats and routing left out; the tables have all of them. */
void
CheckMessages(Sentence& test)
{
    GroupStory story;
    story.Whole(12, "aa", 80).Message(19, "r0", "group", 1000);
    story.Fault(20, "evict", {"r2"}).Message(20, "r0", "group", 200);
    story.Message(21, "r1", "ike_auth", 300).Message(21, "r0", "advert", 50);
    story.Hello(21, "r1", "aa", 1);
    test.Same(Metric(story, "evict_bytes"), std::string("none"), "not through");
    story.Key(22, "r0", "kek", "bb", 22, 90).Message(22, "r2", "ike_sa_init", 40);
    story.Key(23, "r1", "kek", "bb", 22, 90).Message(24, "r0", "group", 5000);
    test.Same(Metric(story, "evict_bytes"), std::string("540"), "from 20 s to 23 s");
    test.Same(Metric(story, "bytes_by_sender"), std::string("r0=6250 r1=376 r2=40"));
    story.Message(30, "r2", "group", 0).Last().Set(TraceKey::SEGMENT, "lan7");
    test.Same(Metric(story, "bytes_by_link"), std::string("=6666 lan7=0"));
    test.Same(Metric(story, "messages_by_link"), std::string("=7 lan7=1"));
    test.Same(Metric(story, "messages_by_sender"), std::string("r0=4 r1=2 r2=2"));
    test.Same(Metric(story, "messages_by_type"),
              std::string("advert=1 group=4 hello=1 ike_auth=1 ike_sa_init=1"));
    story.Line(TraceKind::JOIN, 25, "r1").Set(TraceKey::OK, true);
    story.Line(TraceKind::JOIN, 26, "r1").Set(TraceKey::OK, false);
    story.Line(TraceKind::CPU, 99, "r0").Set(TraceKey::NS, int64_t{2000000000});
    story.Line(TraceKind::CPU, 99, "r1").Set(TraceKey::NS, int64_t{500000000});
    test.Same(Metric(story, "joins"), std::string("1"));
    test.Same(Metric(story, "cpu_gcks"), std::string("2"));
}

/** Input: packets with numbers in order, again, again after a reboot, under another key of the same
 * identifier. Output: seq_key_reuse holds at the moment of a number that was used, and only then.
 */
void
CheckReuse(Sentence& test)
{
    GroupStory story;
    story.Whole(12, "5a", 80).Hello(20, "r1", "5a", 7).Hello(21, "r1", "5a", 8);
    story.Hello(21, "r2", "5a", 7);
    // On another LAN, where a key of the same identifier happens to be: none of this group's
    // business.
    story.Hello(21.5, "r2", "5a", 7).Last().Set(TraceKey::SEGMENT, "lan9");
    story.Key(22, "r1", "pmk", "5a", 22, 90, "f1").Hello(23, "r1", "5a", 7);
    test.Same(Judged(story, "never: seq_key_reuse(g0)"), std::string("pass"), "each once");
    story.Fault(30, "crash", {"r2"}).Fault(31, "boot", {"r2"});
    story.Key(32, "r2", "pmk", "5a", 12, 80, "f0").Hello(33, "r2", "5a", 7);
    test.Same(Judged(story, "never: seq_key_reuse(g0)"),
              std::string("fail 33: seq_key_reuse(g0) holds (at r2)"));
    test.Same(Judged(story, "never: 'seq_key_reuse(g0, r1)'"), std::string("pass"), "not by r1");
    test.Same(Judged(story, "eventually: 'seq_key_reuse(g0, r2)', after: 20s, within: 20s"),
              std::string("pass 33"),
              "by r2");
    test.Same(Judged(story, "never: seq_key_reuse(g0), from: 34s"),
              std::string("pass"),
              "a moment");
}

/** Input: an evicted member; others change to a key that it never held, one of them late. Output:
 * can_verify holds as long as anybody sends under a key that it ever held, given up or not. */
void
CheckCanVerify(Sentence& test)
{
    GroupStory story;
    story.Whole(12, "aa", 80);
    test.Same(Judged(story, "always: 'can_verify(r2, g0)', from: 13s, until: 79s"),
              std::string("pass 79"),
              "a member can");
    story.Fault(20, "evict", {"r2"});
    story.Retire(21, "r2", "pmk", "aa", "f0");
    for (const char* node : {"r0", "r1"})
    {
        const double at = node[1] == '0' ? 22 : 25;
        story.Key(at, node, "kek", "bb", 22, 90).Key(at, node, "pmk", "bb", at, 90, "f1");
    }
    story.Fault(30, "crash", {"r2"});
    test.Same(Judged(story, "eventually: 'not can_verify(r2, g0)', after: 21s, within: 20s"),
              std::string("pass 25"),
              "when the last one has changed");
    test.Same(Judged(story, "never: 'can_verify(r2, g0)', from: 25s"), std::string("pass"));
    test.Same(Judged(story, "never: 'can_verify(r1, g0)', from: 25s"),
              std::string("fail 25: can_verify(r1, g0) holds (messages of r0)"),
              "who is in the group can");
}

/** Input: a GCKS without a KEK, with one, crashed; an evicted router that takes itself for one.
 * Output: joinable while a GCKS has a KEK to send with. */
void
CheckJoinable(Sentence& test)
{
    GroupStory story;
    story.Role(12, "r0", "gcks").Key(14, "r0", "kek", "aa", 14, 40);
    story.Fault(30, "evict", {"r2"}).Role(45, "r2", "gcks").Key(45, "r2", "kek", "cc", 45, 90);
    test.Same(Judged(story, "eventually: joinable(g0), after: 0s, within: 20s"),
              std::string("pass 14"));
    test.Same(Judged(story, "eventually: not joinable(g0), after: 15s, within: 50s"),
              std::string("pass 40"),
              "the KEK is over");
    test.Same(Judged(story, "never: joinable(g0), from: 40s"), std::string("pass"), "not by r2");
}

/** Input: a router holds a newer KEK than the others when it crashes, loses its associations and
 * comes back into the group; it loses its neighbours only. Output: the KEK goes with the
 * associations, with nothing else. */
void
CheckLostKek(Sentence& test)
{
    for (const std::string lost : {"sa", "neighbors"})
    {
        GroupStory story;
        story.Whole(12, "aa", 80).Key(15, "r2", "kek", "bb", 15, 90);
        story.Fault(20, "crash", {"r2"});
        story.Last().Set(TraceKey::LOSE, std::vector<std::string>{lost});
        story.Fault(30, "boot", {"r2"}).Role(31, "r2", "member");
        story.Key(31, "r2", "kek", "aa", 12, 80);
        test.Same(Judged(story, "always: 'same_kek(g0)', from: 32s, until: 79s").substr(0, 4),
                  std::string(lost == "sa" ? "pass" : "fail"),
                  lost);
    }
}

} // namespace

std::vector<TestCase*>
ScenarioGroupTests()
{
    return {new Sentence("merges are measured to the end of the last KEK", CheckMerge),
            new Sentence("key changes are counted by cause", CheckKeyChanges),
            new Sentence("replay window", CheckReplayWindow),
            new Sentence("octets of an eviction", CheckMessages),
            new Sentence("seq_key_reuse", CheckReuse),
            new Sentence("can_verify", CheckCanVerify),
            new Sentence("joinable", CheckJoinable),
            new Sentence("KEKs go with associations", CheckLostKek)};
}

} // namespace karp
} // namespace ns3
