/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-tests.h"

#include "ns3/karp-trace-event.h"

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-scenario: hand-written traces are judged. In each, times are seconds; the run
 * ends at 100 s.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A trace in the making: one line, one call. */
class Story
{
  public:
    /** A line of \p kind at \p second about router \p node; write it with the setters. */
    TraceEvent& Add(TraceKind kind, double second, const std::string& node = "")
    {
        m_lines.emplace_back(kind, static_cast<int64_t>(second * 1e9));
        if (!node.empty())
        {
            m_lines.back().Set(TraceKey::N, node).Set(TraceKey::G, "g0");
        }
        return m_lines.back();
    }

    /** \p node becomes \p role. \return this */
    Story& Role(double second, const std::string& node, const std::string& role)
    {
        Add(TraceKind::ROLE, second, node).Set(TraceKey::FROM, "down").Set(TraceKey::TO, role);
        return *this;
    }

    /** \p verb happens to \p nodes under \p label. \return this */
    Story& Fault(double second,
                 const std::string& verb,
                 const std::vector<std::string>& nodes,
                 const std::string& label = "",
                 uint32_t more = 0,
                 const std::string& cause = "")
    {
        TraceEvent& line = Add(TraceKind::FAULT, second);
        line.Set(TraceKey::DO, verb).Set(TraceKey::NODES, nodes);
        if (!label.empty())
        {
            line.Set(TraceKey::LABEL, label);
        }
        if (more > 0)
        {
            line.Set(TraceKey::MORE, more);
        }
        if (!cause.empty())
        {
            line.Set(TraceKey::CAUSE, cause);
        }
        if (verb == "crash" || verb == "reboot")
        {
            line.Set(TraceKey::LOSE, std::vector<std::string>{"all"});
        }
        return *this;
    }

    /** \p node gets a key, sent with from \p from to \p to. \return this */
    Story& Key(double second,
               const std::string& node,
               const std::string& kind,
               const std::string& id,
               double from,
               double to,
               const std::string& op = "install")
    {
        Add(TraceKind::KEY, second, node)
            .Set(TraceKey::KIND, kind)
            .Set(TraceKey::ID, id)
            .Set(TraceKey::OP, op)
            .Set(TraceKey::RX_START, static_cast<int64_t>(second * 1e9))
            .Set(TraceKey::TX_START, static_cast<int64_t>(from * 1e9))
            .Set(TraceKey::TX_END, static_cast<int64_t>(to * 1e9))
            .Set(TraceKey::RX_END, static_cast<int64_t>(to * 1e9));
        return *this;
    }

    /** \p node drops an OSPF packet of \p peer. \return this */
    Story& Drop(double second,
                const std::string& node,
                const std::string& peer,
                const std::string& reason)
    {
        Add(TraceKind::DROP, second, node)
            .Set(TraceKey::LAYER, "ospf")
            .Set(TraceKey::PEER, peer)
            .Set(TraceKey::REASON, reason);
        return *this;
    }

    /** \p node sees \p peer in \p state. \return this */
    Story& Neighbor(double second,
                    const std::string& node,
                    const std::string& peer,
                    const std::string& state)
    {
        Add(TraceKind::ADJ, second, node).Set(TraceKey::PEER, peer).Set(TraceKey::TO, state);
        return *this;
    }

    /** \p node takes \p dr for Designated Router, and nobody for its backup. \return this */
    Story& Designated(double second, const std::string& node, const std::string& dr)
    {
        Add(TraceKind::DR, second, node).Set(TraceKey::DR, dr).Set(TraceKey::BDR, "none");
        return *this;
    }

    /** It is over. \return this */
    Story& End(double second = 100)
    {
        Add(TraceKind::END, second);
        return *this;
    }

    /** \return the lines */
    const std::vector<TraceEvent>& Lines() const
    {
        return m_lines;
    }

  private:
    std::vector<TraceEvent> m_lines; //!< so far
};

/** The timeline that expectations may refer to; the story says what came of it. */
const char TIMELINE[] =
    "timeline:\n"
    "  - {at: 50s, do: crash, target: r0, as: kill}\n"
    "  - {at: 60s, do: reboot, target: r1..r2, stagger: 5s, down: 2s, as: again}\n"
    "  - {at: 99s, do: mark, as: never}\n";

/** \return verdict and moment of \p expectation on \p story: "fail 12.5", "pass", "exit 2" at end
 */
std::string
Judged(const std::string& expectation, const Story& story, Verdict* whole = nullptr)
{
    std::vector<std::string> errors;
    const std::optional<Scenario> scenario = LoadText(
        ScenarioText(std::string(TIMELINE) + "expect: [{id: x, " + expectation + "}]\n", "3"),
        &errors);
    if (!scenario)
    {
        return errors.empty() ? "?" : errors[0];
    }
    Judge judge(*scenario);
    for (const TraceEvent& line : story.Lines())
    {
        judge.Feed(line);
    }
    judge.Finish();
    const Verdict& verdict = judge.Verdicts().at(0);
    if (whole != nullptr)
    {
        *whole = verdict;
    }
    const int exit = verdict.kind == Verdict::Kind::FAIL      ? 1
                     : verdict.kind == Verdict::Kind::UNKNOWN ? 2
                                                              : 0;
    return std::string(ToString(verdict.kind)) +
           (verdict.at ? " " + SecondsText(*verdict.at) : "") +
           (exit == judge.ExitCode() ? "" : " with another exit code");
}

/** \return r0 GCKS from 10 s to its crash at 50 s, r2 from 53 s on; r1 member */
Story
Takeover()
{
    Story story;
    story.Role(0, "r0", "initial").Role(0, "r1", "initial").Role(0, "r2", "initial");
    story.Role(10, "r0", "gcks").Role(10.5, "r1", "member").Role(10.5, "r2", "member");
    story.Fault(50, "crash", {"r0"}, "kill");
    story.Role(53, "r2", "gcks");
    return story;
}

/** Input: always, on a state that begins at 10 s and ends at 50 s. Output: intervals are half open.
 */
void
CheckAlways(Sentence& test)
{
    const Story story = Takeover().End();
    const std::pair<const char*, const char*> pairs[] = {
        {"always: \"gcks(g0) == r0\", from: 10s, until: 50s", "pass 50"},
        {"always: \"gcks(g0) == r0\", from: 10s, until: kill", "pass 50"},
        {"always: \"gcks(g0) == r0\", from: 9.999s, until: kill", "fail 9.999"},
        {"always: \"gcks(g0) == r0\", from: 10s, until: kill + 1ns", "fail 50"},
        {"always: \"gcks(g0) == r0\", from: 20s", "fail 50"},
        {"always: \"gcks(g0) == r2\", from: kill + 3s", "pass"},
        {"always: \"gcks(g0) == r2\", from: kill", "fail 50"},
        {"always: \"one_gcks(g0)\", from: 53s", "pass"},
        {"always: \"count_gcks(g0) <= 1\"", "pass"},
        {"always: \"one_gcks(g0)\", from: never", "unknown"},
        {"always: \"gcks(g0) == r0\", from: 20s, until: never", "fail 50"},
        {"always: \"gcks(g0) == r0\", from: 20s, until: again", "fail 50"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(Judged(pair.first, story), std::string(pair.second), pair.first);
    }
}

/** Input: never, on states and on what is instantaneous. Output: one moment is enough to fail. */
void
CheckNever(Sentence& test)
{
    Story story = Takeover();
    story.Key(11, "r1", "pmk", "01", 11, 90).Key(11, "r2", "pmk", "01", 11, 90);
    story.Drop(54, "r1", "r2", "unknown_key");
    story.Drop(55, "r1", "r2", "replayed_sequence");
    story.Drop(56, "r1", "r0", "unknown_key"); // from a router that is down
    story.Drop(57, "r1", "r2", "not_keyed");
    story.Drop(58, "r1", "10.0.0.99", "unknown_key"); // from a stranger
    story.End();
    const std::pair<const char*, const char*> pairs[] = {
        {"never: \"key_drop(g0)\"", "fail 54"},
        {"never: \"key_drop(g0)\", until: 54s", "pass 54"},
        {"never: \"key_drop(g0)\", from: 54s", "fail 54"},
        {"never: \"key_drop(g0)\", from: 54.001s", "pass"},
        {"never: \"seq_drop(g0)\"", "fail 55"},
        {"never: \"key_drop(g0) and gcks(g0) == r0\"", "pass"},
        {"never: \"key_drop(g0) and gcks(g0) == r2\"", "fail 54"},
        {"never: \"gcks(g0) == r2\", until: 53s", "pass 53"},
        {"never: \"gcks(g0) == r2\"", "fail 53"},
        {"never: \"gcks(g0) == r1\"", "pass"},
        {"never: \"key_drop(g0)\", from: never", "unknown"},
        {"never: \"key_drop(g0)\", level: warn", "fail 54 with another exit code"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(Judged(pair.first, story), std::string(pair.second), pair.first);
    }
    Story bare = Takeover();
    bare.Drop(54, "r1", "r2", "unknown_key").End();
    test.Same(Judged("never: \"key_drop(g0)\"", bare), std::string("pass"), "r1 holds no key");
}

/** Input: eventually, with deadlines before, at and after the moment, and behind the end. */
void
CheckEventually(Sentence& test)
{
    const Story story = Takeover().End();
    const std::pair<const char*, const char*> pairs[] = {
        {"eventually: \"gcks(g0) == r2\", after: kill, within: 10s", "pass 53"},
        {"eventually: \"gcks(g0) == r2\", after: kill, within: 3s", "pass 53"},
        {"eventually: \"gcks(g0) == r2\", after: kill, within: 2.999s", "fail 52.999"},
        {"eventually: \"gcks(g0) == r0\", after: 20s, within: 1s", "pass 20"},
        {"eventually: \"gcks(g0) == r0\", within: 9s", "fail 9"},
        {"eventually: \"gcks(g0) == r0\", within: 10s", "pass 10"},
        {"eventually: \"gcks(g0) == none\", after: kill, within: 1s", "pass 50"},
        {"eventually: \"gcks(g0) == r1\", after: 90s, within: 10s", "fail 100"},
        {"eventually: \"gcks(g0) == r1\", after: never, within: 1s", "unknown"},
        {"eventually: \"role(r2, g0) == gcks and role(r0, g0) == down\", within: 60s", "pass 53"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(Judged(pair.first, story), std::string(pair.second), pair.first);
    }
    const Story early = Takeover().End(80);
    test.Same(Judged("eventually: \"gcks(g0) == r1\", after: kill, within: 40s", early),
              std::string("unknown"),
              "the run ended before the deadline");
    test.Same(Judged("always: \"count_gcks(g0) <= 1\"", Takeover()),
              std::string("unknown"),
              "a trace without its end says nothing of the rest");
    test.Same(Judged("never: \"gcks(g0) == r2\"", Takeover()),
              std::string("fail 53"),
              "what is seen is seen");
    test.Same(Judged("eventually: \"gcks(g0) == r1\", after: 95s, within: 5s", early),
              std::string("unknown"),
              "the run ended before it began");
}

/** Input: a reboot of two routers, 5 s apart, each down for 2 s. Output: the moments of its label.
 */
void
CheckLabels(Sentence& test)
{
    Story story = Takeover();
    story.Fault(60, "reboot", {"r1"}, "again", 1);
    story.Fault(62, "boot", {"r1"}, "again", 1, "reboot");
    story.Fault(65, "reboot", {"r2"}, "again");
    story.Fault(67, "boot", {"r2"}, "again", 0, "reboot");
    story.Role(68, "r1", "gcks").End();
    const std::pair<const char*, const char*> pairs[] = {
        {"eventually: \"gcks(g0) == r1\", after: again, within: 30s", "pass 68"},
        {"eventually: \"gcks(g0) == r1\", after: again, within: 7s", "fail 67"},
        {"eventually: \"gcks(g0) == r1\", after: again.first, within: 7s", "fail 67"},
        {"eventually: \"gcks(g0) == r1\", after: again.last, within: 2s", "fail 67"},
        {"eventually: \"gcks(g0) == r1\", after: again.last, within: 3s", "pass 68"},
        {"eventually: \"gcks(g0) == r1\", after: again.end, within: 1s", "pass 68"},
        {"always: \"gcks(g0) == r2\", from: again.first + 2s, until: again.last", "pass 65"},
        {"always: \"gcks(g0) == none\", from: again.last, until: again.end + 1s", "pass 68"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(Judged(pair.first, story), std::string(pair.second), pair.first);
    }
}

/**
 * Input: two routers change from one key to the next, one of them late; the keys end.
 * Output: same_kek is judged at moments of which the trace has no line; states that last no time do
 * not count.
 */
void
CheckKeys(Sentence& test)
{
    Story story;
    story.Role(1, "r0", "gcks").Role(1, "r1", "member");
    story.Key(1, "r0", "kek", "aa", 1, 80).Key(1, "r1", "kek", "aa", 1, 80);
    story.Key(20, "r0", "kek", "bb", 30, 90).Key(35, "r1", "kek", "bb", 35, 90);
    story.Key(40, "r1", "kek", "bb", 30, 90, "update");
    story.Key(50, "r1", "kek", "bb", 0, 0, "retire");
    story.Key(50, "r1", "kek", "bb", 30, 90);
    story.End();
    const std::pair<const char*, const char*> pairs[] = {
        {"always: \"same_kek(g0)\", from: 1s, until: 30s", "pass 30"},
        {"always: \"same_kek(g0)\", from: 1s, until: 31s", "fail 30"},
        {"always: \"same_kek(g0)\", from: 35s, until: 90s", "pass 90"},
        {"always: \"same_kek(g0)\", from: 35s", "fail 90"},
        {"always: \"member(all, g0)\", from: 35s", "fail 35"}, // r2 runs and has not joined
        {"always: \"member(r0, g0) and member(r1, g0)\", from: 1s", "fail 90"},
        {"always: \"member(r1, g0)\", from: 1s, until: 90s", "pass 90"},
        {"never: \"same_pmk(g0)\"", "pass"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(Judged(pair.first, story), std::string(pair.second), pair.first);
    }
}

/** Input: three routers become adjacent; one crashes, boots, and is forgotten by nobody yet. */
void
CheckAdjacency(Sentence& test)
{
    Story story;
    for (const char* from : {"r0", "r1", "r2"})
    {
        for (const char* to : {"r0", "r1", "r2"})
        {
            if (std::string(from) != to)
            {
                story.Neighbor(5, from, to, "Init");
            }
        }
    }
    story.Neighbor(10, "r0", "r1", "2-Way").Neighbor(10, "r1", "r0", "2-Way");
    story.Neighbor(11, "r0", "r2", "2-Way").Neighbor(11, "r2", "r0", "2-Way");
    story.Neighbor(12, "r1", "r2", "Full").Neighbor(12, "r2", "r1", "2-Way");
    story.Fault(20, "crash", {"r0"}).Fault(30, "boot", {"r0"});
    story.Neighbor(40, "r0", "r1", "2-Way").Neighbor(40, "r0", "r2", "2-Way");
    story.Neighbor(70, "r2", "r1", "Down").End();
    const std::pair<const char*, const char*> pairs[] = {
        {"eventually: \"adjacent(r0, r1)\", within: 99s", "pass 10"},
        {"eventually: \"adjacent(r0)\", within: 99s", "pass 11"},
        {"eventually: \"adjacent(all)\", within: 99s", "pass 12"},
        {"always: \"adjacent(all)\", from: 12s, until: 30s", "pass 30"},
        {"always: \"adjacent(r0, r1)\", from: 12s", "fail 20"},
        {"eventually: \"adjacent(all)\", after: 30s, within: 9s", "fail 39"},
        {"always: \"adjacent(all)\", from: 40s", "fail 70"},
        {"always: \"adjacent(r0)\", from: 40s", "pass"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(Judged(pair.first, story), std::string(pair.second), pair.first);
    }
}

/**
 * Input: three on a LAN, r0 being Designated Router, become Full with it one by one; r0 resigns.
 * Output: the other two need not be Full with each other, but until somebody is elected.
 */
void
CheckFull(Sentence& test)
{
    Story story;
    for (const auto& [from, to] : {std::pair("r0", "r1"),
                                   {"r1", "r0"},
                                   {"r0", "r2"},
                                   {"r2", "r0"},
                                   {"r1", "r2"},
                                   {"r2", "r1"}})
    {
        story.Neighbor(10, from, to, "2-Way");
    }
    story.Neighbor(15, "r0", "r1", "Full").Neighbor(15, "r1", "r0", "Full");
    story.Neighbor(16, "r0", "r2", "Full").Neighbor(16, "r2", "r0", "Exchange");
    story.Designated(20, "r0", "r0").Designated(20, "r1", "r0").Designated(20, "r2", "r0");
    story.Neighbor(25, "r2", "r0", "Full");
    story.Neighbor(30, "r0", "r1", "ExStart").Neighbor(31, "r0", "r1", "Full");
    story.Fault(35, "crash", {"r2"}).Fault(36, "boot", {"r2"});
    for (const char* other : {"r0", "r1"})
    {
        story.Neighbor(40, "r2", other, "2-Way");
    }
    story.Neighbor(41, "r2", "r0", "Full").Designated(45, "r2", "r0").Designated(60, "r1", "none");
    story.Neighbor(70, "r1", "r2", "Full").Neighbor(80, "r1", "r0", "Init").End();
    const std::pair<const char*, const char*> pairs[] = {
        {"always: \"adjacent(all) and not full(all)\", from: 10s, until: 25s", "pass 25"},
        {"eventually: \"full(r1)\", within: 99s", "pass 20"},
        {"eventually: \"full(r0)\", within: 99s", "pass 16"},
        {"eventually: \"full(all)\", within: 99s", "pass 25"},
        {"always: \"full(all)\", from: 25s", "fail 30"},
        {"always: \"full(all)\", from: 31s, until: 36s", "pass 36"},
        {"always: \"not full(r2)\", from: 35s, until: 45s", "pass 45"},
        {"eventually: \"full(all)\", after: 37s, within: 60s", "pass 45"},
        {"always: \"full(all)\", from: 45s", "fail 60"},
        {"eventually: \"full(all)\", after: 60s, within: 20s", "pass 70"},
        {"always: \"full(r2) or full(r0)\", from: 45s", "pass"},
        {"always: \"full(r1)\", from: 70s", "fail 80"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(Judged(pair.first, story), std::string(pair.second), pair.first);
    }
}

/** Input: failures. Output: routers, reason and the last twenty lines that are no messages. */
void
CheckEvidence(Sentence& test)
{
    Story story = Takeover();
    for (int i = 0; i < 30; ++i)
    {
        story.Add(TraceKind::ADVERT, 60 + i, "r2").Set(TraceKey::STATE, "gcks");
        story.Add(TraceKind::MSG, 60 + i, "r2").Set(TraceKey::TYPE, "advert");
    }
    story.Role(95, "r1", "gcks").End();
    Verdict verdict;
    Judged("always: \"one_gcks(g0)\", from: 53s", story, &verdict);
    test.Same(verdict.why, std::string("one_gcks(g0) does not (r1, r2)"));
    test.Holds(verdict.nodes == std::vector<std::string>({"r1", "r2"}), "routers");
    test.Equal(verdict.lines.size(), Judge::MAX_LINES, "lines");
    test.Same(verdict.lines.back(),
              std::string(
                  R"({"ev":"role","from":"down","g":"g0","n":"r1","t":95000000000,"to":"gcks"})"));
    test.Holds(verdict.lines.front().find("\"advert\"") != std::string::npos, "no messages");
}

/** Input: expectations of which one each passes, fails, is unknown, is a warning. Output: exit
 * codes. */
void
CheckExitCodes(Sentence& test)
{
    const std::string pass = "{id: a, never: \"gcks(g0) == r1\"}";
    const std::string fail = "{id: b, never: \"gcks(g0) == r2\"}";
    const std::string unknown = "{id: c, never: \"gcks(g0) == r2\", from: never}";
    const std::string over = "{id: d, over_runs: {metric: t_gcks, stat: mean, below: 1s}}";
    const std::string warn = "{id: e, never: \"gcks(g0) == r2\", level: warn}";
    const std::pair<std::string, int> cases[] = {
        {pass, 0},
        {pass + ", " + over + ", " + warn, 0},
        {pass + ", " + unknown, 2},
        {unknown + ", " + fail + ", " + pass, 1},
        {"", 0},
    };
    for (const auto& one : cases)
    {
        const std::optional<Scenario> scenario =
            LoadText(ScenarioText(std::string(TIMELINE) + "expect: [" + one.first + "]\n", "3"));
        test.Holds(scenario.has_value(), one.first);
        Judge judge(*scenario);
        const Story story = Takeover().End();
        for (const TraceEvent& line : story.Lines())
        {
            judge.Feed(line);
        }
        judge.Finish();
        test.Equal(static_cast<uint64_t>(judge.ExitCode()),
                   static_cast<uint64_t>(one.second),
                   one.first);
    }
}

} // namespace

std::vector<TestCase*>
ScenarioJudgeTests()
{
    return {new Sentence("always: at every moment of its interval", &CheckAlways),
            new Sentence("never: at no moment of its interval", &CheckNever),
            new Sentence("eventually: at some moment up to its deadline", &CheckEventually),
            new Sentence("Labels name moments", &CheckLabels),
            new Sentence("Keys begin and end between the lines", &CheckKeys),
            new Sentence("Adjacency is mutual and among those who run", &CheckAdjacency),
            new Sentence("Full is who should be, once somebody is elected", &CheckFull),
            new Sentence("A failure comes with its evidence", &CheckEvidence),
            new Sentence("Failing outweighs not knowing", &CheckExitCodes)};
}

} // namespace karp
} // namespace ns3
