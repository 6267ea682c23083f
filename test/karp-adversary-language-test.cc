/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary-tests.h"
#include "karp-scenario-tests.h"

#include "ns3/karp-adversary.h"
#include "ns3/karp-attack-kinds.h"
#include "ns3/karp-attack-language.h"
#include "ns3/karp-scenario-invariants.h"
#include "ns3/karp-scenario-network.h"
#include "ns3/karp-scenario-resolved.h"
#include "ns3/karp-scenario-runner.h"
#include "ns3/object-factory.h"
#include "ns3/string.h"

#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Attacks in the language of scenarios, the invariant about them, and their classes.
 */

namespace ns3
{
namespace karp
{

AttackRun
RunAttack(const std::string& timeline,
          const std::string& expect,
          const std::string& more,
          const std::string& attributes)
{
    const std::string text =
        "karp: 1\n"
        "name: attacks\n"
        "run: {stop: 300s}\n"
        "topology: {lan: {nodes: 5}}\n"
        "groups: [{name: g0, segment: lan0, priority: {r0: 200, default: 100}}]\n"
        "credentials: {type: psk, outsiders: [mallory]}\n"
        "routing: {protocol: ospfv2, hello: 2s, dead: 8s, auth: hmac-sha256}\n"
        "protocol: {kmp: mrkmp, advert: 2s, update: 5s, lead: 5s, overlap: 5s, attr: {" +
        attributes + "}}\n" + more + "timeline:\n" + timeline + "expect:\n" + expect;
    Diagnostics diagnostics;
    LoadOptions load;
    load.checkAttribute = &ScenarioNetwork::CheckAttribute;
    const auto scenario = ScenarioLoader::Load(text, load, diagnostics);
    AttackRun outcome;
    if (!scenario)
    {
        outcome.report = diagnostics.Lines().front();
        return outcome;
    }
    std::ostringstream report;
    RunOptions options;
    options.report = &report;
    const RunResult result = RunScenario(*scenario, options);
    outcome.exit = result.exit;
    outcome.report = report.str();
    outcome.metrics = result.metricsJson;
    return outcome;
}

AttackRun
PassAttack(Sentence& t,
           const std::string& timeline,
           const std::string& expect,
           const std::string& more,
           const std::string& attributes)
{
    const AttackRun outcome = RunAttack(timeline, expect, more, attributes);
    t.Same(outcome.exit, 0, timeline + attributes + "\n" + outcome.report);
    return outcome;
}

namespace
{

// ---- language, invariant, classes

// Input: attacks that are wrong. Output: an error in that line, with the nearest name.
void
Mistakes(Sentence& t)
{
    const std::pair<const char*, const char*> mistakes[] = {
        {"kind: reply, id: a", "there is no kind 'reply' (did you mean 'replay'?)"},
        {"kind: replay, id: a, capture: {tipe: hello}", "replay has no 'capture.tipe'"},
        {"kind: replay, id: a, capture: {type: helo}", "(did you mean 'hello'?)"},
        {"kind: flood, id: a, rate: 5s", "must be so many a second"},
        {"kind: flood, id: a, rate: 0/s", "is no value of attribute 'Rate'"},
        {"kind: flood, id: a, probability: 1", "flood has no 'probability'"},
        {"kind: suppress, id: a, probability: 2", "is no value of attribute 'Probability'"},
        {"kind: forge, id: a, message: retire", "is no value of attribute 'Message'"},
        {"kind: masquerade, id: a, claim: {priority: 300}", "is no value of attribute 'Priority'"},
        {"kind: flood, id: a, node: malory", "(did you mean 'mallory'?)"},
        {"kind: flood", "key 'id' is missing"},
        {"id: a", "key 'kind' is missing"},
        {"kind: flood, id: a, every: 5s", "'every' does not go with an attack"},
        {"kind: insider, id: a", "key 'insider' is missing"},
        {"kind: replay, id: a, replay: {after: r3}", "expected boot:r3"},
    };
    for (const auto& [what, wanted] : mistakes)
    {
        const AttackRun outcome =
            RunAttack(std::string("  - {at: 30s, do: attack, ") + what + "}\n", "  []\n");
        t.Holds(outcome.exit == -1 && outcome.report.find(wanted) != std::string::npos,
                std::string(what) + ": " + outcome.report);
    }
    const AttackRun stop = RunAttack("  - {at: 30s, do: attack, kind: flood, id: dos}\n"
                                     "  - {at: 40s, do: stop_attack, ref: doss}\n",
                                     "  []\n");
    t.Holds(stop.report.find("(did you mean 'dos'?)") != std::string::npos, stop.report);
    const AttackRun predicate = RunAttack("  - {at: 30s, do: attack, kind: flood, id: dos}\n",
                                          "  - {id: a, never: \"accepted(doss)\"}\n");
    t.Holds(predicate.report.find("(did you mean 'dos'?)") != std::string::npos, predicate.report);
}

// Input: an attack that stop_attack ends. Output: its id is a label with an end.
void
Stopped(Sentence& t)
{
    const AttackRun outcome =
        PassAttack(t,
                   "  - {at: 30s, do: attack, kind: flood, id: dos, rate: 1/s}\n"
                   "  - {at: 60s, do: stop_attack, ref: dos, as: stop}\n",
                   "  - {id: end, always: \"one_gcks(g0)\", from: dos.end}\n");
    t.Same(outcome.Metric("injected"), 30.0, "one a second, from 30 s until 60 s");
}

// Input: each kind of attack with everything that can be said of it, resolved and read again.
// Output: the same text.
void
ResolvedAttacks(Sentence& t)
{
    const std::string text = ScenarioText(
        "timeline:\n"
        "  - {at: 1s, do: attack, kind: replay, id: a, capture: {type: [hello, advert], from: r1, "
        "to: r2}, replay: {which: older, rate: 2/s, after: \"boot:r3\", min_age: 5s, source: r4}}\n"
        "  - {at: 1s, do: attack, kind: masquerade, id: b, claim: {state: initial, priority: 7, "
        "interval: 3s, identities: 5, kek: false}, answer: init, rate: 0.5/s, for: 9s}\n"
        "  - {at: 1s, do: attack, kind: forge, id: c, message: wrong_gcks, claim: {source: r3}, "
        "match: {from: r1}}\n"
        "  - {at: 1s, do: attack, kind: flood, id: d, sources: link, cookies: true, to: r2}\n"
        "  - {at: 1s, do: attack, kind: delay, id: e, match: {type: update, to: \"frac:0.3\"}, "
        "delay: 250ms, probability: 0.25}\n"
        "  - {at: 1s, do: attack, kind: modify, id: f, field: true, offset: 3, value: 9}\n"
        "  - {at: 1s, do: attack, kind: insider, id: g, insider: r1, ahead: 5}\n"
        "  - {at: 9s, do: stop_attack, ref: [a, d]}\n");
    std::vector<std::string> errors;
    const auto scenario = LoadText(text, &errors);
    t.Holds(scenario.has_value(), errors.empty() ? "" : errors.front());
    const std::string resolved = scenario ? ResolvedText(*scenario) : "";
    const auto again = LoadText(resolved, &errors);
    t.Holds(again.has_value(), errors.empty() ? "" : errors.front());
    t.Same(again ? ResolvedText(*again) : "", resolved, "the same again");
    for (const char* part : {"rate: 2/s", "min_age: 5s", "after: \"boot:r3\"", "probability: 0.25"})
    {
        t.Holds(resolved.find(part) != std::string::npos, std::string(part) + "\n" + resolved);
    }
}

// Input: traces in which a router believes an attacker. Output: invariant no-forgery is broken, and
// is not where documents grant it.
void
NoForgery(Sentence& t)
{
    const auto scenario = LoadText(ScenarioText("timeline: []\n", "3"));
    const auto verdict = [&](const std::vector<TraceEvent>& lines) {
        ScenarioInvariants invariants(*scenario);
        TraceWorld world(*scenario);
        for (const TraceEvent& line : lines)
        {
            world.AdvanceTo(line.Time());
            world.Apply(line);
            invariants.Feed(line, world);
        }
        for (const auto& rule : invariants.Verdicts())
        {
            if (rule.id == "invariant no-forgery")
            {
                return rule.verdict.kind;
            }
        }
        return Verdict::Kind::UNKNOWN;
    };
    const auto attack = [](const char* kind, const char* type, const char* op) {
        TraceEvent line(TraceKind::ATTACK, 5);
        return line.Set(TraceKey::ID, "a")
            .Set(TraceKey::KIND, kind)
            .Set(TraceKey::TYPE, type)
            .Set(TraceKey::OP, op)
            .Set(TraceKey::N, "r1");
    };
    const auto role = [](int64_t at, const char* from, const char* why) {
        TraceEvent line(TraceKind::ROLE, at);
        return line.Set(TraceKey::N, "r1")
            .Set(TraceKey::G, "g0")
            .Set(TraceKey::FROM, from)
            .Set(TraceKey::TO, "initial")
            .Set(TraceKey::WHY, why)
            .Set(TraceKey::REF, "a");
    };
    TraceEvent key(TraceKind::KEY, 5);
    key.Set(TraceKey::N, "r1").Set(TraceKey::G, "g0").Set(TraceKey::KIND, "kek");
    key.Set(TraceKey::OP, "retire").Set(TraceKey::ID, "1").Set(TraceKey::WHY, "retired");
    key.Set(TraceKey::REF, "a");
    const auto pass = Verdict::Kind::PASS;
    const auto fail = Verdict::Kind::FAIL;
    t.Holds(verdict({attack("forge", "update", "accept")}) == fail, "a forged group message");
    t.Holds(verdict({attack("replay", "update", "accept")}) == fail, "one played back");
    t.Holds(verdict({attack("modify", "hello", "accept")}) == fail, "a changed packet");
    t.Holds(verdict({attack("replay", "hello", "accept")}) == pass, "RFC 2328 D.3 grants it");
    t.Holds(verdict({attack("insider", "hello", "accept")}) == pass, "out of scope");
    t.Holds(verdict({attack("masquerade", "advert", "hear")}) == pass, "hearing alone");
    t.Holds(verdict({role(5, "member", "HEARTBEAT_LOST"),
                     attack("masquerade", "advert", "hear")}) == fail,
            "a member's role");
    t.Holds(verdict({role(4, "member", "HEARTBEAT_LOST"),
                     attack("masquerade", "advert", "hear")}) == pass,
            "not at that instant");
    TraceEvent byItself = role(5, "member", "HEARTBEAT_LOST").Set(TraceKey::REF, "");
    t.Holds(verdict({byItself, attack("masquerade", "advert", "hear")}) == pass, "by itself");
    t.Holds(verdict({role(5, "member", "INITIAL_BETTER"),
                     attack("masquerade", "advert", "hear")}) == pass,
            "corroborated loss");
    t.Holds(verdict({role(5, "member", "JOIN_FAILED"),
                     attack("masquerade", "ike_sa_init", "drop").Set(TraceKey::PEER, "r2")}) ==
                fail,
            "a join with a true router");
    t.Holds(
        verdict({role(5, "member", "JOIN_FAILED"),
                 attack("masquerade", "ike_sa_init", "drop").Set(TraceKey::PEER, "10.0.0.254")}) ==
            pass,
        "a join with the attacker");
    t.Holds(verdict({key, attack("forge", "ike_sa_init", "drop")}) == fail, "a key");
}

// Input: IP datagrams whole, cut, in fragments, of other protocols. Output: what they carry, or
// nothing.
void
WirePackets(Sentence& t)
{
    WirePacket hello;
    hello.source = IpAddress{0x0a000001};
    hello.destination = IpAddress{0xe0000005};
    hello.ttl = 1;
    hello.protocol = WirePacket::OSPF;
    hello.payload = {2, 1, 0, 44, 9};
    WirePacket update = hello;
    update.protocol = WirePacket::UDP;
    update.port = 848;
    update.payload = Bytes(30, 7);
    for (const WirePacket& message : {hello, update})
    {
        Ptr<Packet> packet = MakeWirePacket(message, 7);
        t.Equal(AttackOf(packet), 7, "the mark");
        Bytes octets(packet->GetSize());
        packet->CopyData(octets.data(), packet->GetSize());
        const auto read = ReadWirePacket(octets);
        t.Holds(read && read->payload == message.payload && read->source == message.source &&
                    read->destination == message.destination && read->ttl == message.ttl &&
                    read->protocol == message.protocol && read->port == message.port,
                "the same again");
        for (size_t size = 0; size < octets.size(); ++size)
        {
            t.Holds(!ReadWirePacket(ByteView(octets).Sub(0, size)), "cut short");
        }
        Bytes fragment = octets;
        fragment[6] = 0x20;
        t.Holds(!ReadWirePacket(fragment), "a fragment");
        Bytes other = octets;
        other[9] = 6;
        t.Holds(!ReadWirePacket(other), "TCP");
    }
    t.Equal(AttackOf(Create<Packet>(5)), 0, "nobody's");
}

// Input: words and numbers out of bounds, for the attributes of each kind. Output: refused.
void
Attributes(Sentence& t)
{
    for (const std::string& name : AttackKindNames())
    {
        ObjectFactory factory;
        factory.SetTypeId(FindAttackKind(name)->type);
        Ptr<Attack> attack = factory.Create<Attack>();
        t.Holds(static_cast<bool>(attack), name);
        for (const AttackArgument& row : FindAttackKind(name)->arguments)
        {
            TypeId::AttributeInformation info;
            t.Holds(*row.attribute == '\0' ||
                        attack->GetInstanceTypeId().LookupAttributeByName(row.attribute, &info),
                    name + "::" + row.attribute);
        }
    }
    const std::pair<const char*, const char*> wrong[] = {{"Which", "first"}, {"Rate", "-1"}};
    Ptr<ReplayAttack> replay = CreateObject<ReplayAttack>();
    for (const auto& [attribute, value] : wrong)
    {
        t.Holds(!replay->SetAttributeFailSafe(attribute, StringValue(value)), attribute);
    }
    Ptr<ForgeAttack> forge = CreateObject<ForgeAttack>();
    t.Holds(!forge->SetAttributeFailSafe("Message", StringValue("lie")), "Message");
    Ptr<FloodAttack> flood = CreateObject<FloodAttack>();
    t.Holds(!flood->SetAttributeFailSafe("Sources", StringValue("all")), "Sources");
}

} // namespace

std::vector<TestCase*>
AttackLanguageTests()
{
    return {new Sentence("mistakes in attacks", &Mistakes),
            new Sentence("an attack ends when it is stopped", &Stopped),
            new Sentence("resolved attacks are attacks", &ResolvedAttacks),
            new Sentence("invariant no-forgery", &NoForgery),
            new Sentence("packets on the wire", &WirePackets),
            new Sentence("attributes of attacks", &Attributes)};
}

} // namespace karp
} // namespace ns3
