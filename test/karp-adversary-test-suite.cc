/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary-tests.h"

/**
 * \file
 * \ingroup karp-test
 * Suite karp-adversary: what outsiders on a link can do, and what they cannot (rows A1-A5, E11).
 */

namespace ns3
{
namespace karp
{

namespace
{

const std::string BOOT = "  - {at: 100s, do: reboot, target: r4, down: 5s, as: boot}\n";
const std::string STAYS = "  - {id: stays, always: \"gcks(g0) == r0\", from: 30s}\n";
const std::string JOINS =
    "  - {id: joins, eventually: \"member(r4, g0)\", after: boot.end, within: 5s}\n";

/** \return that nothing of attack \p id is ever accepted */
std::string
Never(const std::string& id)
{
    return "  - {id: never, never: \"accepted(" + id + ")\"}\n";
}

// ---- A1

// Input: heartbeats and updates of r0 are kept from r3 and r4 for 30 s.
// Output: two GCKSs meanwhile, one afterwards with one KEK, for good: the one that was heard by all
// does not run out of KEKs because the other one ended them (H 9, 3.2).
void
Suppression(Sentence& t)
{
    const AttackRun outcome = PassAttack(
        t,
        "  - {at: 30s, do: attack, kind: suppress, id: mute, for: 30s, "
        "match: {type: [advert, update], from: r0, to: [r3, r4]}}\n",
        "  - {id: two, eventually: \"count_gcks(g0) == 2\", after: mute, within: 15s}\n"
        "  - {id: one, eventually: \"one_gcks(g0) and same_kek(g0)\", after: mute.end, within: "
        "30s}\n"
        "  - {id: stay, always: \"one_gcks(g0) and joinable(g0)\", from: mute.end + 30s}\n"
        "  - {id: data, never: \"key_drop(g0)\", from: mute.end + 30s}\n");
    t.Holds(outcome.Metric("taken") > 30, "messages were taken");
}

// Input: half of them at random; nothing at all, where nobody fits.
// Output: a share of the messages; none.
void
SuppressedShare(Sentence& t)
{
    const std::string begin = "  - {at: 30s, do: attack, kind: suppress, id: mute, for: 200s, "
                              "match: {type: hello, to: r3}, probability: ";
    const std::string expect = "  - {id: one, always: \"one_gcks(g0)\", from: 30s}\n";
    const double all = RunAttack(begin + "1}\n", expect).Metric("taken");
    const double half = RunAttack(begin + "0.5}\n", expect).Metric("taken");
    t.Holds(all > 300 && half > 0.4 * all && half < 0.6 * all, "half of them");
    const AttackRun nobody =
        RunAttack("  - {at: 30s, do: attack, kind: suppress, id: mute, for: 200s, "
                  "match: {to: \"role:gcks - r0\"}}\n",
                  expect);
    t.Same(nobody.Metric("taken"), 0.0, "nobody was meant");
    t.Same(nobody.exit, 0, nobody.report);
}

// ---- A2

// Input: Hellos of r1 to neighbours that are there. Output: the last one is taken again, as RFC
// 2328 D.3 has it; an older one is not.
void
ReplayToNeighbour(Sentence& t)
{
    const AttackRun outcome =
        PassAttack(t,
                   "  - {at: 30s, do: attack, kind: replay, id: last, for: 60s, "
                   "capture: {type: hello, from: r1}, replay: {which: last, rate: 1/s}}\n"
                   "  - {at: 30s, do: attack, kind: replay, id: older, for: 60s, "
                   "capture: {type: hello, from: r2}, replay: {which: older, rate: 1/s}}\n",
                   "  - {id: last, eventually: \"accepted(last)\", after: last, within: 10s}\n"
                   "  - {id: older, never: \"accepted(older)\"}\n"
                   "  - {id: calm, always: \"adjacent(all)\", from: 30s}\n");
    t.Holds(outcome.Metric("accepted_replays") > 100, "counted");
    t.Holds(outcome.Metric("replayed_sequence") > 100, "refused by reason");
}

// Input: updates played back, while r2 does not hear the GCKS itself and afterwards. Output: to r2
// the first copy is the message, late; none is taken twice, by nobody.
void
ReplayToWhoLostIt(Sentence& t)
{
    const AttackRun outcome =
        RunAttack("  - {at: 30s, do: attack, kind: replay, id: again, for: 60s, capture: {type: "
                  "update, from: r0}, replay: {which: last, rate: 2/s}}\n"
                  "  - {at: 40s, do: attack, kind: suppress, id: deaf, for: 13s, match: {type: "
                  "update, from: r0, to: r2}, probability: 0.8}\n",
                  "  - {id: never, never: \"accepted(again)\"}\n"
                  "  - {id: stays, always: \"gcks(g0) == r0\", from: 30s}\n");
    t.Same(outcome.exit, 0, outcome.report);
    t.Holds(outcome.Metric("replayed_sequence") > 100, "all others are refused");
    t.Same(outcome.Metric("accepted_replays"), 0.0, "none of them is a replay that was taken");
}

// Input: Hellos of r4 from before its reboot, played from then on, with MRKMP and with a key set by
// hand. Output: refused once the old key's time is over; taken, and r4 is shut out (H 2.1.2).
void
ReplayAfterReboot(Sentence& t)
{
    const std::string timeline =
        "  - {at: 30s, do: attack, kind: replay, id: old, "
        "capture: {type: hello, from: r4}, replay: {after: \"boot:r4\", rate: 1/s}}\n"
        "  - {at: 130s, do: reboot, target: r4, down: 20s, as: boot}\n";
    const AttackRun mrkmp =
        PassAttack(t,
                   timeline,
                   "  - {id: over, never: \"accepted(old)\", from: boot.end + 20s}\n"
                   "  - {id: back, eventually: \"adjacent(all)\", after: boot.end, within: 60s}\n");
    t.Holds(mrkmp.Metric("injected") > 100, "it was tried");
    const AttackRun other =
        RunAttack("  - {at: 30s, do: attack, kind: replay, id: old, capture: {type: hello, from: "
                  "r1}, replay: {after: \"boot:r4\", rate: 1/s}}\n"
                  "  - {at: 130s, do: reboot, target: r4, down: 20s, as: boot}\n",
                  "  - {id: never, never: \"accepted(old)\"}\n");
    t.Same(other.Metric("injected"), 0.0, "r4 sent none of these");
}

// Input: every message of key management, played back at once and later, also under another
// address. Output: none is accepted; roles and keys stay.
void
ReplayOfKeyManagement(Sentence& t)
{
    for (const char* type : {"update", "advert", "[ike_sa_init, ike_auth, group]"})
    {
        for (const char* how : {"which: last", "which: any", "which: oldest, source: r3"})
        {
            const AttackRun outcome = PassAttack(
                t,
                std::string("  - {at: 0s, do: attack, kind: replay, id: again, capture: {type: ") +
                    type + "}, replay: {" + how + ", rate: 3/s}}\n" + BOOT,
                Never("again") + STAYS + JOINS);
            t.Holds(outcome.Metric("injected") > 100, "it was tried");
        }
    }
}

// ---- A3

// Input: mallory advertises as GCKS with priority 255, under one name and many, and answers or not.
// Output: no member minds; a router that boots, and does not hear the true GCKS at first, joins
// soon after it does.
void
Masquerade(Sentence& t)
{
    for (const char* how : {"identities: 1}", "identities: 20}, answer: init", "source: r3}"})
    {
        const AttackRun outcome = PassAttack(
            t,
            std::string("  - {at: 30s, do: attack, kind: masquerade, id: fake, rate: 2/s, "
                        "claim: {priority: 255, ") +
                how +
                "}\n"
                "  - {at: 104s, do: attack, kind: suppress, id: hush, for: 3s, match: {type: "
                "advert, "
                "from: r0, to: r4}}\n" +
                BOOT,
            Never("fake") + STAYS +
                "  - {id: keys, always: \"member(r1, g0) and member(r2, g0)\", from: 30s}\n"
                "  - {id: joins, eventually: \"member(r4, g0)\", after: hush.end, within: 15s}\n"
                "  - {id: data, never: \"key_drop(g0)\"}\n");
        t.Holds(outcome.Metric("heard") > 100, "it was heard");
    }
}

// Input: forged group messages and notifications, while r4 joins. Output: nothing is believed, the
// join takes no repetition.
void
Forgeries(Sentence& t)
{
    for (const char* message : {"retirement",
                                "resignation",
                                "update",
                                "wrong_gcks",
                                "gcks_unknown",
                                "invalid_ke",
                                "cookie",
                                "no_proposal",
                                "auth_failed"})
    {
        const AttackRun outcome = PassAttack(
            t,
            std::string("  - {at: 30s, do: attack, kind: forge, id: lie, rate: 5/s, message: ") +
                message + "}\n" + BOOT,
            Never("lie") + STAYS + JOINS);
        t.Holds(outcome.Metric("injected") > 0, std::string("it was tried: ") + message);
        t.Same(outcome.Metric("joins_failed"), 0.0, "no join failed");
    }
}

// Input: bits of updates and Hellos are flipped on the way to r2, and one octet is set; the type of
// Hellos is set to what it is.
// Output: each is refused; those are nobody's forgery.
void
Modification(Sentence& t)
{
    for (const char* how : {"", ", field: true, offset: 30, value: 255"})
    {
        const AttackRun outcome =
            PassAttack(t,
                       std::string("  - {at: 30s, do: attack, kind: modify, id: bits, for: 100s, "
                                   "match: {type: [update, hello], to: r2}, probability: 0.3") +
                           how + "}\n",
                       Never("bits") + STAYS);
        t.Holds(outcome.Metric("taken") > 20, "messages were changed");
    }
    const AttackRun same = RunAttack("  - {at: 30s, do: attack, kind: modify, id: same, for: 100s, "
                                     "match: {type: hello}, field: true, offset: 1, value: 1}\n",
                                     "  - {id: never, never: \"accepted(same)\"}\n");
    t.Same(same.exit, 0, same.report);
    t.Same(same.Metric("taken"), 0.0, "nothing was changed");
}

// Input: updates come 7 s late. Output: refused if younger ones were there before, and taken in
// order otherwise; members keep their GCKS.
void
Delay(Sentence& t)
{
    const AttackRun outcome =
        PassAttack(t,
                   "  - {at: 30s, do: attack, kind: delay, id: late, for: 100s, "
                   "match: {type: update, to: r2}, delay: 7s, probability: 0.5}\n",
                   "  - {id: stays, always: \"gcks(g0) == r0\", from: 30s}\n"
                   "  - {id: late, eventually: \"accepted(late)\", after: late, within: 60s}\n");
    t.Holds(outcome.Metric("replayed_sequence") > 0, "late behind others: refused");
}

// Input: IKE_SA_INIT at 20 a second, from many addresses, with and without cookies, and from r3's.
// Output: 30 s x rate half-open associations without, the threshold with cookies; r4 and r3 join.
void
Flood(Sentence& t)
{
    const std::string begin =
        "  - {at: 30s, do: attack, kind: flood, id: dos, for: 100s, rate: 20/s";
    const std::string boot = "  - {at: 100s, do: reboot, target: [r3, r4], down: 5s, as: boot}\n";
    const std::string expect = Never("dos") + STAYS +
                               "  - {id: joins, eventually: \"member(r3, g0) and member(r4, g0)\", "
                               "after: boot.end, within: 5s}\n";
    const AttackRun open =
        PassAttack(t,
                   begin + "}\n" + boot,
                   expect,
                   "",
                   "CookieThreshold: 65536, HalfOpenMax: 65535, HalfOpenPerPeerMax: 65535");
    t.Holds(open.Metric("half_open") >= 600 && open.Metric("half_open") <= 603, "30 s x rate");
    const AttackRun cookies = PassAttack(t, begin + "}\n" + boot, expect);
    t.Holds(cookies.Metric("half_open") <= 31, "no more than the threshold");
    const AttackRun victim = PassAttack(t, begin + ", claim: {source: r3}}\n" + boot, expect);
    t.Holds(victim.Metric("half_open") <= 8, "no more than one address may have");
    PassAttack(t, begin + ", sources: link, cookies: true}\n" + boot, expect);
}

// ---- A4, A5, E11

// Input: everything that an outsider can do, at once. Output: secrecy holds, no message of it is
// taken for one of a member's.
void
NoCredentials(Sentence& t)
{
    PassAttack(t,
               "  - {at: 0s, do: attack, kind: masquerade, id: fake, rate: 1/s, answer: init, "
               "for: 100s}\n"
               "  - {at: 30s, do: attack, kind: flood, id: dos, rate: 10/s, cookies: true}\n"
               "  - {at: 30s, do: attack, kind: forge, id: lie, message: retirement, rate: 5/s}\n",
               "  - {id: never, never: \"accepted(fake) or accepted(dos) or accepted(lie)\"}\n"
               "  - {id: forms, eventually: \"one_gcks(g0) and member(all, g0)\", after: fake.end, "
               "within: 100s}\n",
               "invariants: {one-gcks: {within: 150s}}\n");
}

// Input: mallory has the keys of r1, and signs Hellos of r2 that name no neighbours; with a key for
// all and with a key for each sender. Output: they are believed, and r2's adjacencies break:
// insiders are out of scope (H 1).
void
Insider(Sentence& t)
{
    for (const char* attributes : {"", "TransportKeys: true"})
    {
        PassAttack(
            t,
            "  - {at: 60s, do: attack, kind: insider, id: traitor, insider: r1, match: {from: r2}, "
            "rate: 2/s, for: 30s}\n",
            "  - {id: before, always: \"adjacent(all)\", from: 40s, until: traitor}\n"
            "  - {id: works, eventually: \"accepted(traitor)\", after: traitor, within: 5s}\n"
            "  - {id: breaks, eventually: \"not adjacent(r0, r2)\", after: traitor, within: 10s}\n",
            "",
            attributes);
    }
}

// Input: all routers start while mallory claims to be GCKS, under one name and under many.
// Output: nobody is held for ever: they serve themselves, and r4, which boots later, joins.
void
ColdStart(Sentence& t)
{
    for (const char* names : {"1", "200"})
    {
        PassAttack(
            t,
            std::string("  - {at: 0s, do: attack, kind: masquerade, id: fake, rate: 2/s, "
                        "claim: {identities: ") +
                names + "}}\n" + "  - {at: 200s, do: reboot, target: r4, down: 5s, as: boot}\n",
            "  - {id: forms, eventually: \"one_gcks(g0) and member(all, g0)\", after: 0s, "
            "within: 150s}\n"
            "  - {id: joins, eventually: \"member(r4, g0)\", after: boot.end, within: 90s}\n",
            "invariants: {one-gcks: {within: 150s}}\n");
    }
}

// Input: two halves of a group meet while mallory claims to be a GCKS that is preferred to both.
// Output: they merge all the same: an offer to mallory that nobody answers yields to one to r0.
void
MergeUnderAttack(Sentence& t)
{
    PassAttack(t,
               "  - {at: 60s, do: partition, sets: [[r0, r1], [r2, r3, r4]], as: split}\n"
               "  - {at: 100s, do: attack, kind: masquerade, id: fake, rate: 2/s}\n"
               "  - {at: 120s, do: heal, ref: split, as: heal}\n",
               "  - {id: two, always: \"count_gcks(g0) == 2\", from: 90s, until: heal}\n"
               "  - {id: one, eventually: \"gcks(g0) == r0 and same_kek(g0)\", after: heal, "
               "within: 8s}\n");
}

// Input: the same with one name and without bounds. Output: nobody serves while an exchange lasts
// that nobody answers.
void
ColdStartWithoutBounds(Sentence& t)
{
    PassAttack(t,
               "  - {at: 0s, do: attack, kind: masquerade, id: fake, rate: 2/s, "
               "claim: {identities: 1}}\n",
               "  - {id: none, never: \"one_gcks(g0)\", until: 110s}\n",
               "invariants: {skip: [one-gcks]}\n",
               "JoinPatience: 3600s, RivalPatience: 3600s, FruitlessMax: 0");
}

// Input: the GCKS dies, and mallory claims to be GCKS under two names in turn. Output: members, who
// hold keys and so are in no hurry to ask, wait no longer for two who never answer than for one.
void
FailoverUnderAttack(Sentence& t)
{
    PassAttack(t,
               "  - {at: 60s, do: attack, kind: masquerade, id: fake, rate: 2/s, "
               "claim: {identities: 2}}\n"
               "  - {at: 61s, do: crash, target: r0, as: dead}\n",
               "  - {id: one, eventually: \"count_gcks(g0) == 1\", after: dead, "
               "within: 130s}\n",
               "invariants: {one-gcks: {within: 150s}}\n");
}

/** Suite karp-adversary. */
class AdversaryTestSuite : public TestSuite
{
  public:
    AdversaryTestSuite()
        : TestSuite("karp-adversary", TestSuite::Type::SYSTEM)
    {
        const std::pair<const char*, void (*)(Sentence&)> tests[] = {
            {"A1 suppressed advertisements divide a group while they last", &Suppression},
            {"A1 a share of the messages", &SuppressedShare},
            {"A2 Hellos to a neighbour", &ReplayToNeighbour},
            {"A2 a message that one receiver lost", &ReplayToWhoLostIt},
            {"A2 Hellos from before a reboot", &ReplayAfterReboot},
            {"A2 messages of key management", &ReplayOfKeyManagement},
            {"A3 masquerade as GCKS", &Masquerade},
            {"A3 forged group messages and notifications", &Forgeries},
            {"A3 messages changed on the way", &Modification},
            {"A3 messages that come late", &Delay},
            {"A3 flood of IKE_SA_INIT", &Flood},
            {"A4 no credentials, no keys", &NoCredentials},
            {"A5 an insider succeeds", &Insider},
            {"E11 a group forms under attack", &ColdStart},
            {"E11 halves meet under attack", &MergeUnderAttack},
            {"E11 a GCKS dies under attack", &FailoverUnderAttack},
            {"E11 and would not without bounds", &ColdStartWithoutBounds},
        };
        for (const auto& [name, body] : tests)
        {
            AddTestCase(new Sentence(name, body));
        }
        for (TestCase* test : AttackLanguageTests())
        {
            AddTestCase(test);
        }
    }
};

AdversaryTestSuite g_adversaryTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
