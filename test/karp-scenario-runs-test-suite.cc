/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-tests.h"
#include "karp-test-data.h"

#include "ns3/karp-scenario-network.h"
#include "ns3/karp-scenario-resolved.h"
#include "ns3/karp-scenario-runner.h"

#include <cstdio>
#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Suites that simulate scenarios as karp-scenario does: karp-failover (the expectations of the
 * takeover experiment, and verbs of the timeline), karp-determinism (seed and run are all there is
 * to chance), karp-tshark (an unmodified Wireshark reads what is on the wire).
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return a short scenario in which everything happens that a run can show */
std::string
ShortScenario()
{
    return "karp: 1\n"
           "name: short\n"
           "run: {stop: 45s, warmup: 5s}\n"
           "topology: {lan: {nodes: 4}}\n"
           "groups: [{name: g0, segment: lan0, priority: {r0: 200, r1: 150, default: 100}}]\n"
           "routing: {protocol: ospfv2, hello: 1s, dead: 4s, auth: hmac-sha256}\n"
           "protocol: {kmp: mrkmp, advert: 500ms, update: 4s, lead: 3s, overlap: 3s, "
           "kek_lifetime: 15s}\n"
           "timeline:\n"
           "  - {at: 8s, do: impair, target: lan0, loss: 2%, dup: 2%, reorder: 2%, jitter: 100us}\n"
           "  - {at: [10s, 11s], do: crash, target: \"role:gcks\", as: kill}\n"
           "  - {at: 20s, do: boot, target: all}\n"
           "  - {at: 25s, do: reboot, target: \"random:1\", down: 3s, as: again}\n"
           "  - {at: 30s, do: clear, target: lan0}\n"
           "expect:\n"
           "  - {id: new, eventually: \"gcks(g0) == r1\", after: kill, within: 5s}\n"
           "  - {id: data, never: \"key_drop(g0)\"}\n"
           "  - {id: all, eventually: \"member(all, g0) and same_kek(g0)\", after: 30s, within: "
           "14s}\n";
}

/** Runs \p text with \p options. \return what came of it */
RunResult
RunText(const std::string& text, RunOptions options, uint32_t seed = 1)
{
    const std::optional<Scenario> scenario = LoadText(text);
    if (!scenario)
    {
        RunResult result;
        result.exit = 3;
        return result;
    }
    Scenario seeded = *scenario;
    seeded.run.seed = seed;
    return RunScenario(seeded, options);
}

// ---- karp-failover

/** Input: the takeover experiment at small points of its sweep. Output: every expectation holds. */
void
CheckFailover(Sentence& test)
{
    const std::string text = FileText(KarpTestDataPath() + "/../scenarios/gcks-failover.yaml");
    for (const char* adv : {"250ms", "1s"})
    {
        for (uint64_t run = 1; run <= 3; ++run)
        {
            const std::optional<Scenario> scenario = LoadText(text, nullptr, {{"adv", adv}});
            test.Holds(scenario.has_value(), "loads");
            RunOptions options;
            options.run = run;
            std::ostringstream report;
            options.report = &report;
            const RunResult result = RunScenario(*scenario, options);
            test.Equal(static_cast<uint64_t>(result.exit), 0, report.str());
        }
    }
}

/**
 * Input: the short scenario: crash, boot, reboot, impairments.
 * Output: its expectations hold; the trace judged again comes to the same files.
 */
void
CheckRejudging(Sentence& test)
{
    const Folder first("first");
    const Folder second("second");
    RunOptions options;
    options.directory = first.Path();
    std::ostringstream report;
    options.report = &report;
    const RunResult result = RunText(ShortScenario(), options);
    test.Equal(static_cast<uint64_t>(result.exit), 0, report.str() + result.error);
    const std::optional<Scenario> scenario = LoadText(ShortScenario());
    RunOptions again;
    again.directory = second.Path();
    Diagnostics diagnostics;
    JudgeTrace(*scenario, first.Path() + "/trace.jsonl", again, diagnostics);
    test.Holds(diagnostics.Empty(), "the trace is one");
    test.Same(second.File("verdict.json"), first.File("verdict.json"));
    test.Same(second.File("metrics.json"), first.File("metrics.json"));
    test.Holds(first.File("verdict.json").find("\"pass\"") != std::string::npos, "not empty");
    const std::string resolved = first.File("scenario.resolved.yaml");
    test.Same(ScenarioHash(resolved), result.hash, "the hash names the resolved scenario");
}

/** Input: routers with configured keys, and without any. Output: adjacent, also after a reboot. */
void
CheckWithoutKmp(Sentence& test)
{
    for (const char* protocol : {"manual", "none"})
    {
        std::string text = ShortScenario();
        text.replace(text.find("mrkmp"), 5, protocol);
        text.replace(text.find("hmac-sha256"), 11, protocol[0] == 'm' ? "keyed-md5" : "none");
        text.replace(
            text.find("timeline:"),
            std::string::npos,
            "timeline:\n"
            "  - {at: 20s, do: reboot, target: r0..r1, down: 6s, stagger: 2s, as: again}\n"
            "expect:\n"
            "  - {id: data, never: \"key_drop(g0)\"}\n"
            "  - {id: adj, always: \"adjacent(all)\", from: 15s, until: again}\n"
            "  - {id: back, eventually: \"adjacent(all)\", after: again.end, within: 5s}\n");
        std::ostringstream report;
        RunOptions options;
        options.report = &report;
        const RunResult result = RunText(text, options);
        test.Equal(static_cast<uint64_t>(result.exit), 0, std::string(protocol) + report.str());
    }
}

/** Input: a folder that is not there. Output: an error, no run. */
void
CheckUnwritable(Sentence& test)
{
    RunOptions options;
    options.directory = "/no/such/folder";
    test.Holds(!RunText(ShortScenario(), options).error.empty(), "says so");
}

// ---- karp-determinism

/** \return trace and capture of the short scenario */
std::string
TraceAndCapture(uint32_t seed, uint64_t run, bool pcap, std::string* trace = nullptr)
{
    const Folder folder("determinism");
    RunOptions options;
    options.directory = folder.Path();
    options.run = run;
    options.pcap = pcap;
    options.keylog = pcap;
    RunText(ShortScenario(), options, seed);
    // The first line holds run and seed, and the hash of a scenario with another seed.
    const std::string lines = folder.File("trace.jsonl");
    if (trace != nullptr)
    {
        *trace = lines.substr(std::min(lines.find('\n'), lines.size()));
    }
    return lines + folder.File("lan0.pcap") + folder.File("ikev2_decryption_table");
}

/**
 * Input: the short scenario twice with one seed and run, and with another seed, and another run.
 * Output: the same octets the first two times, in capture and trace; others the other times; a
 * capture changes nothing.
 */
void
CheckDeterminism(Sentence& test)
{
    std::string trace;
    std::string traceWithout;
    const std::string first = TraceAndCapture(1, 1, true, &trace);
    test.Holds(first.size() > 10000, "there is something to compare");
    test.Holds(TraceAndCapture(1, 1, true) == first, "the same octets");
    TraceAndCapture(1, 1, false, &traceWithout);
    test.Holds(traceWithout == trace, "capturing changes nothing");
    std::string other;
    TraceAndCapture(2, 1, false, &other);
    test.Holds(other != trace, "another seed");
    TraceAndCapture(1, 2, false, &other);
    test.Holds(other != trace, "another run");
}

/** Input: the short scenario, and its resolved form. Output: the same lines. */
void
CheckResolvedRun(Sentence& test)
{
    const std::string resolved = ResolvedText(*LoadText(ShortScenario()));
    const Folder one("plain");
    const Folder two("resolved");
    RunOptions options;
    options.directory = one.Path();
    RunText(ShortScenario(), options);
    options.directory = two.Path();
    RunText(resolved, options);
    test.Holds(one.File("trace.jsonl") == two.File("trace.jsonl"), "the same trace, hash included");
    test.Holds(one.File("trace.jsonl").size() > 10000, "there is something to compare");
}

// ---- karp-tshark

/** \return what \p command prints, and its exit status */
std::pair<std::string, int>
OutputOf(const std::string& command)
{
    std::pair<std::string, int> result{"", -1};
    if (FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r"))
    {
        char buffer[4096];
        size_t size = 0;
        while ((size = std::fread(buffer, 1, sizeof(buffer), pipe)) > 0)
        {
            result.first.append(buffer, size);
        }
        result.second = ::pclose(pipe);
    }
    return result;
}

/** \return how often \p word stands in \p text */
uint64_t
Count(const std::string& text, const std::string& word)
{
    uint64_t count = 0;
    for (size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
    {
        ++count;
    }
    return count;
}

/**
 * Input: the capture and the keys of the short scenario, given to tshark, which knows nothing of
 * us. Output: no malformed packet; every encrypted message has been decrypted, its ICV being
 * correct; the fields of OSPF's authentication are there. Without tshark nothing is asked.
 */
void
CheckTshark(Sentence& test)
{
    if (OutputOf("tshark --version").second != 0)
    {
        std::printf("karp-tshark: there is no tshark here, so nothing was asked of it\n");
        return;
    }
    const Folder folder("tshark");
    RunOptions options;
    options.directory = folder.Path();
    options.pcap = true;
    options.keylog = true;
    RunText(ShortScenario(), options);
    const std::string tshark = "WIRESHARK_CONFIG_DIR=" + folder.Path() + " tshark -n -r " +
                               folder.Path() + "/lan0.pcap -d udp.port==848,isakmp ";
    test.Same(OutputOf(tshark + "-Y _ws.malformed").first, std::string(), "no malformed packet");
    // Payload 46 is Encrypted and Authenticated (RFC 7296 section 3.14).
    const std::string text = OutputOf(tshark + "-V -Y 'isakmp.typepayload == 46'").first;
    const uint64_t encrypted = Count(text, "Payload: Encrypted and Authenticated (46)");
    test.Holds(encrypted > 20, "there are encrypted messages: " + std::to_string(encrypted));
    test.Equal(Count(text, "bytes)[correct]"), encrypted, "every ICV is correct");
    test.Equal(Count(text, "Decrypted Data ("), encrypted, "all are decrypted");
    test.Equal(Count(text, "[incorrect"), 0, "no ICV is wrong");
    const std::string ospf =
        OutputOf(tshark + "-Y ospf.hello -T fields -e ospf.auth.type -e ospf.auth.crypt.seq_nbr")
            .first;
    test.Holds(Count(ospf, "\n") > 50, "Hellos");
    test.Holds(ospf.find("2\t") == 0, "AuType 2 with a sequence number");
    test.Same(OutputOf(tshark + "-Y 'udp.port == 848 && !isakmp'").first,
              std::string(),
              "all is ISAKMP");
}

/** Suite karp-failover. */
class FailoverTestSuite : public TestSuite
{
  public:
    FailoverTestSuite()
        : TestSuite("karp-failover", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new Sentence("A crashed GCKS is followed by the right one", &CheckFailover));
        AddTestCase(new Sentence("A trace is judged again as it was", &CheckRejudging));
        AddTestCase(new Sentence("Routers do without key management", &CheckWithoutKmp));
        AddTestCase(new Sentence("What cannot be written is said", &CheckUnwritable));
    }
};

/** Suite karp-determinism. */
class DeterminismTestSuite : public TestSuite
{
  public:
    DeterminismTestSuite()
        : TestSuite("karp-determinism", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new Sentence("Seed and run decide every octet", &CheckDeterminism));
        AddTestCase(new Sentence("The resolved scenario runs identically", &CheckResolvedRun));
    }
};

/** Suite karp-tshark. */
class TsharkTestSuite : public TestSuite
{
  public:
    TsharkTestSuite()
        : TestSuite("karp-tshark", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new Sentence("Wireshark reads and decrypts a run", &CheckTshark));
    }
};

FailoverTestSuite g_failoverTestSuite;       //!< registers itself
DeterminismTestSuite g_determinismTestSuite; //!< registers itself
TsharkTestSuite g_tsharkTestSuite;           //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
