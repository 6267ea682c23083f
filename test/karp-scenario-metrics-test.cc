/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-tests.h"

#include "ns3/karp-metrics.h"
#include "ns3/karp-trace-event.h"

#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-scenario: lines of a trace, and what is measured from them.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A failover, as a run writes it: r0 crashes at 50 s, r2 takes over at 52.5 s. */
const char TRACE[] = R"({"ev":"meta","t":0,"trace":1}
{"ev":"role","from":"down","g":"g0","n":"r0","t":0,"to":"initial","why":"START"}
{"ev":"role","from":"down","g":"g0","n":"r1","t":0,"to":"initial","why":"START"}
{"ev":"advert","g":"g0","n":"r2","prio":100,"state":"initial","t":1000000000,"unicast":false}
{"ev":"role","from":"initial","g":"g0","n":"r0","t":3000000000,"to":"gcks","why":"WAIT_OVER"}
{"ev":"key","g":"g0","id":"69","kind":"pmk","n":"r0","op":"install","rx_end":90000000000,"rx_start":3000000000,"t":3000000000,"tx_end":90000000000,"tx_start":3000000000}
{"ev":"role","from":"initial","g":"g0","n":"r1","t":3000000000,"to":"member","why":"x"}
{"ev":"role","from":"initial","g":"g0","n":"r2","t":3000000000,"to":"member","why":"x"}
{"ev":"join","g":"g0","gcks":"r0","n":"r1","ok":true,"t":4000000000,"took":300000}
{"ev":"key","g":"g0","id":"69","kind":"pmk","n":"r1","op":"install","rx_end":90000000000,"rx_start":3000000000,"t":4000000000,"tx_end":90000000000,"tx_start":3000000000}
{"ev":"key","g":"g0","id":"69","kind":"pmk","n":"r2","op":"install","rx_end":90000000000,"rx_start":6000000000,"t":5000000000,"tx_end":90000000000,"tx_start":6000000000}
{"bytes":100,"dir":"tx","dst":"multicast","ev":"msg","layer":"kmp","n":"r0","t":6000000000,"type":"advert"}
{"bytes":50,"dir":"tx","dst":"multicast","ev":"msg","layer":"ospf","n":"r0","t":6000000000,"type":"hello"}
{"bytes":50,"dir":"tx","dst":"multicast","ev":"msg","layer":"ospf","n":"r1","t":6000000000,"type":"hello"}
{"ev":"adj","from":"Init","if":1,"n":"r1","peer":"r2","t":7000000000,"to":"2-Way","why":"x"}
{"ev":"drop","layer":"ospf","n":"r1","peer":"r2","reason":"unknown_key","t":8000000000,"value":1}
{"ev":"drop","layer":"ospf","n":"r1","peer":"r2","reason":"unknown_key","t":20000000000,"value":1}
{"ev":"drop","layer":"ospf","n":"r1","peer":"r2","reason":"unknown_key","t":20000000000,"value":1}
{"ev":"drop","layer":"kmp","n":"r1","peer":"r2","reason":"unknown_key","t":21000000000,"value":1}
{"ev":"drop","layer":"ospf","n":"r1","peer":"r2","reason":"replayed_sequence","t":22000000000,"value":1}
{"ev":"adj","from":"2-Way","if":1,"n":"r1","peer":"r2","t":30000000000,"to":"Init","why":"x"}
{"ev":"adj","from":"Init","if":1,"n":"r1","peer":"r2","t":34000000000,"to":"2-Way","why":"x"}
{"do":"crash","ev":"fault","label":"kill","lose":["all"],"nodes":["r0"],"t":50000000000}
{"ev":"role","from":"member","g":"g0","n":"r2","t":52000000000,"to":"initial","why":"x"}
{"ev":"role","from":"initial","g":"g0","n":"r2","t":52500000000,"to":"gcks","why":"x"}
{"ev":"key","g":"g0","id":"bb","kind":"kek","n":"r2","op":"install","rx_end":90000000000,"rx_start":52500000000,"t":52500000000,"tx_end":90000000000,"tx_start":52500000000}
{"ev":"key","g":"g0","id":"70","kind":"pmk","n":"r2","op":"install","rx_end":90000000000,"rx_start":52500000000,"t":52500000000,"tx_end":90000000000,"tx_start":52500000000}
{"ev":"advert","g":"g0","n":"r2","prio":100,"state":"gcks","t":52500000000,"unicast":false}
{"ev":"session","kind":"retransmit","n":"r1","peer":"r2","t":53000000000}
{"ev":"key","g":"g0","id":"bb","kind":"kek","n":"r1","op":"install","rx_end":90000000000,"rx_start":52500000000,"t":54000000000,"tx_end":90000000000,"tx_start":52500000000}
{"ev":"join","g":"g0","gcks":"r2","n":"r1","ok":false,"t":54500000000,"took":2000300000,"why":"x"}
{"ev":"join","g":"g0","gcks":"r2","n":"r1","ok":true,"t":55000000000,"took":2000300000}
{"ev":"cpu","n":"r0","ns":1500000000,"t":100000000000}
{"ev":"cpu","n":"r1","ns":500000000,"t":100000000000}
{"ev":"end","t":100000000000}
)";

/** \return \p text as JSON lines fed to metrics of a scenario with \p warmup */
std::string
ValueOf(const std::string& name, const std::string& text, const char* warmup = "10s")
{
    std::string file = ScenarioText("", "3");
    file.replace(file.find("warmup: 10s"), 11, std::string("warmup: ") + warmup);
    file.replace(file.find("ospfv2"), 6, "ospfv2, model: full");
    const std::optional<Scenario> scenario = LoadText(file);
    if (!scenario)
    {
        return "no scenario";
    }
    TraceWorld world(*scenario);
    Metrics metrics(*scenario);
    std::istringstream in(text);
    std::string line;
    TraceEvent event(TraceKind::OTHER, 0);
    while (std::getline(in, line))
    {
        if (!TraceEvent::Parse(line, event))
        {
            return "no trace: " + line;
        }
        if (event.Time() > world.Now())
        {
            metrics.Settle(world);
        }
        world.AdvanceTo(event.Time());
        world.Apply(event);
        metrics.Feed(event, world);
    }
    metrics.Settle(world);
    const std::optional<double> value = metrics.Value(name);
    return value ? NumberText(*value) : "none";
}

/** Input: the failover above. Output: each metric as reckoned by hand. */
void
CheckFailover(Sentence& test)
{
    const std::pair<const char*, const char*> pairs[] = {
        {"t_gcks", "2.5"},        {"t_takeover", "2.5"}, {"t_rekeyed", "4"},
        {"t_rejoin", "5"},        {"t_join", "4"}, // 3 s, 4 s, and from 1 s to 6 s
        {"t_exchange", "2.0003"},                  // the one after the warm-up
        {"join_undelayed", "0"},  {"joins_failed", "1"}, {"retransmissions", "1"},
        {"key_changes", "1"},     {"key_drops", "2"},    {"seq_drops", "1"},
        {"adjacency_drops", "1"}, {"role_changes", "2"}, {"outage_data", "4"},
        {"outage_key", "2.5"},    {"cpu", "2"},          {"bytes", "200"},
        {"no_such", "none"},
    };
    for (const auto& pair : pairs)
    {
        test.Same(ValueOf(pair.first, TRACE), std::string(pair.second), pair.first);
    }
    test.Same(ValueOf("key_drops", TRACE, "1s"), std::string("3"), "counted from the warm-up on");
    test.Same(ValueOf("key_changes", TRACE, "0s"), std::string("3"), "all keys");
    test.Same(ValueOf("t_gcks", TRACE, "60s"), std::string("none"), "a crash in the warm-up");
    test.Same(ValueOf("t_gcks", std::string(TRACE, 300) + "\n{}", "1s").substr(0, 8),
              std::string("no trace"),
              "half a line");
}

/**
 * Input: three on a LAN become Full in pairs; events at 12 s and 20 s; one loses another at 30 s.
 * Output: times from the first event after the warm-up on, or from the beginning without one.
 */
void
CheckAdjacencyTimes(Sentence& test)
{
    const auto line = [](int second, const char* node, const char* peer, const char* to) {
        return std::string("{\"ev\":\"adj\",\"from\":\"Loading\",\"if\":1,\"n\":\"") + node +
               "\",\"peer\":\"" + peer + "\",\"t\":" + std::to_string(second) +
               "000000000,\"to\":\"" + to + "\"}\n";
    };
    const auto mark = [](const char* second) {
        return std::string("{\"do\":\"impair\",\"ev\":\"fault\",\"nodes\":[],\"t\":") + second +
               "000000000}\n";
    };
    std::string text = line(3, "r0", "r1", "Full") + line(3, "r1", "r0", "Full") +
                       line(4, "r0", "r2", "Full") + line(4, "r2", "r0", "Full") +
                       line(4, "r1", "r2", "Full") + line(5, "r2", "r1", "2-Way");
    test.Same(ValueOf("t_full", text, "0s"), std::string("none"), "one is not");
    text += line(6, "r2", "r1", "Full");
    test.Same(ValueOf("t_full", text, "0s"), std::string("6"), "since the beginning");
    text += line(8, "r2", "r1", "Init");
    test.Same(ValueOf("t_full", text, "0s"), std::string("none"), "not for good");
    text += line(9, "r2", "r1", "Full") + mark("12");
    test.Same(ValueOf("t_full", text, "0s"), std::string("none"), "before the first event");
    test.Same(ValueOf("t_full", text, "13s"), std::string("9"), "events of the warm-up are none");
    test.Same(ValueOf("t_adjacency_lost", text), std::string("none"), "none after it");
    text += mark("20") + line(30, "r0", "r2", "Down") + line(31, "r0", "r1", "Down") +
            line(40, "r0", "r2", "Full") + line(41, "r0", "r1", "Full");
    test.Same(ValueOf("t_full", text), std::string("29"), "from 12 s to 41 s");
    test.Same(ValueOf("t_adjacency_lost", text), std::string("18"), "from 12 s to 30 s");
    test.Same(ValueOf("t_adjacency_lost", text, "15s"), std::string("10"), "from 20 s on");
    test.Same(ValueOf("false_alarms", text), std::string("0"), "nobody was silent");
    const std::string silent =
        "{\"ev\":\"adj\",\"from\":\"Full\",\"if\":1,\"n\":\"r1\",\"peer\":\"r0\","
        "\"t\":45000000000,\"to\":\"Down\",\"why\":\"InactivityTimer\"}\n";
    const std::string crash =
        "{\"do\":\"crash\",\"ev\":\"fault\",\"nodes\":[\"r0\"],\"t\":44000000000}\n";
    test.Same(ValueOf("false_alarms", text + silent), std::string("1"), "one is");
    test.Same(ValueOf("false_alarms", text + crash + silent), std::string("0"), "rightly so");
    test.Same(ValueOf("false_alarms", text + silent, "46s"), std::string("0"), "in the warm-up");
    test.Same(ValueOf("t_adjacency_lost", text, "50s"), std::string("none"), "no event counts");
}

/** Input: values of every kind. Output: one line, keys sorted, that reads back to the same line. */
void
CheckLines(Sentence& test)
{
    TraceEvent event(TraceKind::FAULT, 61204000000);
    event.Set(TraceKey::WHY, "a \"quoted\" \\ word\n\x01")
        .Set(TraceKey::NODES, std::vector<std::string>{"r0", "r1"})
        .Set(TraceKey::LOSS, 0.05)
        .Set(TraceKey::VALUE, UINT64_MAX)
        .Set(TraceKey::SEQ, int64_t{-3})
        .Set(TraceKey::OK, true)
        .Set(TraceKey::VARS, std::map<std::string, std::string>{{"N", "5"}, {"adv", "1s"}})
        .Set(TraceKey::BYTES, uint32_t{7})
        .Set(TraceKey::BYTES, uint32_t{8});
    std::string line;
    event.AppendJson(line);
    test.Same(line,
              std::string(R"({"bytes":8,"ev":"fault","loss":0.05,"nodes":["r0","r1"],"ok":true,)"
                          R"("seq":-3,"t":61204000000,"value":18446744073709551615,)"
                          R"("vars":{"N":"5","adv":"1s"},"why":"a \"quoted\" \\ word\u000a\u0001"})"
                          "\n"));
    TraceEvent read(TraceKind::OTHER, 0);
    test.Holds(TraceEvent::Parse(line, read), "reads back");
    std::string again;
    read.AppendJson(again);
    test.Same(again, line, "the same line");
    for (size_t size = 0; size + 2 < line.size(); ++size)
    {
        test.Holds(!TraceEvent::Parse(line.substr(0, size), read), "half a line is none");
    }
    for (const char* wrong :
         {"[]", "{}", "{\"ev\":\"end\"}", "{\"t\":1}", "{\"ev\":1,\"t\":1}", "x"})
    {
        test.Holds(!TraceEvent::Parse(wrong, read), wrong);
    }
    test.Holds(TraceEvent::Parse(R"({"ev":"tomorrow","t":1,"new":[],"x":null})", read),
               "later ones");
    test.Holds(read.Kind() == TraceKind::OTHER, "are skipped");
}

/** Input: all keys and kinds. Output: their names are there, and keys sort as they are numbered. */
void
CheckNames(Sentence& test)
{
    for (size_t i = 1; i < static_cast<size_t>(TraceKey::COUNT); ++i)
    {
        const std::string before = ToString(static_cast<TraceKey>(i - 1));
        const std::string name = ToString(static_cast<TraceKey>(i));
        test.Holds(before < name, before + " before " + name);
    }
    for (const std::string& name : Metrics::Names())
    {
        test.Holds(Metrics::FindRow(name) != nullptr, name);
    }
    test.Holds(!Metrics::IsNumber("bytes_by_type"), "a table");
    test.Holds(Metrics::IsNumber("bytes_by_type.update"), "an entry of it");
    test.Holds(!Metrics::IsNumber("bytes_by_type."), "an entry has a name");
    test.Holds(Metrics::IsNumber("bytes") && !Metrics::IsNumber("bytes.update"), "no table");
    test.Holds(Metrics::Describe().find("t_gcks") != std::string::npos, "described");
}

} // namespace

std::vector<TestCase*>
ScenarioMetricsTests()
{
    return {new Sentence("Metrics are what the lines say", &CheckFailover),
            new Sentence("Adjacencies: lost first, and Full for good", &CheckAdjacencyTimes),
            new Sentence("A line of a trace reads back", &CheckLines),
            new Sentence("Names are in order", &CheckNames)};
}

} // namespace karp
} // namespace ns3
