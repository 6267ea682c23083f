/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-look.h"
#include "karp-sentence.h"

#include "ns3/test.h"

#include <algorithm>

/**
 * \file
 * What a GCKS does besides serving: it evicts, steps down, hands over, refuses and refers; and what
 * those do who are refused. Real engines on a LAN without ns-3 (karp-mrkmp-lan.h); timers are
 * MrkmpLan::FastConfig's.
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

/** \return a LAN of \p n routers, r0 most preferred, each pair with a key of its own */
std::unique_ptr<MrkmpLan>
PairLan(size_t n)
{
    auto lan = MakeLan(n, Preference::FIRST);
    for (size_t i = 0; i < n; ++i)
    {
        auto own = std::make_shared<PairPskCredentials>(Identity::OfName(lan->nodes[i]->name));
        for (size_t j = 0; j < n; ++j)
        {
            const auto low = static_cast<uint8_t>(std::min(i, j));
            const auto high = static_cast<uint8_t>(std::max(i, j));
            own->Add(Identity::OfName(lan->nodes[j]->name),
                     lan->nodes[j]->config.address,
                     SecretBytes{'k', low, high});
        }
        lan->nodes[i]->credentials = own;
    }
    return lan;
}

/** \return such a LAN, settled, r0 GCKS, past the lead of the first keys */
std::unique_ptr<MrkmpLan>
SettledPairLan(Sentence& t, size_t n)
{
    auto lan = PairLan(n);
    Settle(t, *lan);
    lan->RunUntil(lan->now + 12s);
    return lan;
}

// ---- eviction (G6, K6)

// Input: five routers, one is evicted. Output: the others prove who they are and have new keys, of
// which the evicted one never held any; within lead and overlap its old keys are worth nothing.
void
G6Eviction(Sentence& t)
{
    auto lan = SettledPairLan(t, 5);
    const SecretBytes before = SendKey(*lan, 1)->key;
    const Time start = lan->now;
    t.Holds(lan->Evict(0, 3), "is evicted");
    const Time over = start + lan->nodes[0]->config.evictLead + lan->nodes[0]->config.evictOverlap;
    lan->RunUntil(over);
    for (const size_t node : {0, 1, 2, 4})
    {
        const KeyRow* now = SendKey(*lan, node);
        t.Holds(now != nullptr && now->key != before, "another key");
        t.Holds(now != nullptr && !EverHeld(*lan, 3, now->key), "that the evicted one has not");
        std::vector<const KeyRow*> rows;
        lan->nodes[node]->table.ForEach([&](const KeyRow& row) {
            t.Holds(!row.lifetimes.CanAccept(lan->now) || !EverHeld(*lan, 3, row.key),
                    "nothing that it ever held is accepted");
        });
    }
    // It asks, and is refused.
    t.Holds(LastJoin(*lan, 3) == "MRKMP_NOT_AUTHORIZED", "refused: " + LastJoin(*lan, 3));
    t.Holds(Drops(*lan, 0, DropReason::NOT_AUTHORIZED) > 0, "counted");
}

// Input: as above; then the GCKS crashes, and the one that follows was never asked to evict
// anybody. Output: the evicted router does not get in again, neither as joiner nor by a merge,
// although it is now the most preferred of all.
void
G6EvictionOutlivesTheGcks(Sentence& t)
{
    auto lan = PairLan(5);
    lan->nodes[3]->config.election.priority = 190;
    lan->BootAll();
    lan->RunUntil(20s);
    t.Holds(lan->Evict(0, 3), "is evicted");
    lan->RunUntil(lan->now + 8s);
    lan->Crash(0);
    lan->RunUntil(lan->now + 60s);
    const KeyRow* now = SendKey(*lan, 1);
    t.Holds(now != nullptr && !EverHeld(*lan, 3, now->key), "still has no key of the group");
    t.Holds(lan->nodes[3]->engine->Role() == GcksRole::GCKS, "is alone");
    for (const size_t node : {1, 2, 4})
    {
        t.Holds(lan->nodes[node]->engine->Gcks() != lan->nodes[3]->config.address,
                "not their GCKS");
        const KeyRow* key = SendKey(*lan, node);
        t.Holds(key != nullptr && now != nullptr && key->key == now->key, "one key");
    }
}

// Input: all copies of the retirement are lost to one member. Output: it sees that it missed a KEK
// and joins again.
void
G6MissedRetirement(Sentence& t)
{
    auto lan = SettledPairLan(t, 4);
    lan->drop = [](size_t, size_t to, const Datagram& datagram) {
        return to == 2 && ExchangeOf(datagram) == IkeExchange::MRKMP_UPDATE;
    };
    t.Holds(lan->Evict(0, 3), "is evicted");
    lan->RunUntil(lan->now + 3s);
    lan->drop = nullptr;
    t.Holds(lan->RunUntil(lan->now + 8s,
                          [&]() {
                              return lan->nodes[2]->engine->CurrentKekId(lan->now) ==
                                     lan->nodes[0]->engine->CurrentKekId(lan->now);
                          }),
            "holds the new KEK");
}

// Input: more identities evicted than the bound. Output: refused, nothing forgotten.
void
G6Bound(Sentence& t)
{
    auto lan = SettledPairLan(t, 2);
    const size_t bound = lan->nodes[0]->config.evictedMax;
    lan->Do(0, [&](MrkmpEngine& e) {
        for (size_t i = 0; i < bound; ++i)
        {
            t.Holds(e.Evict(Identity::OfName("x" + std::to_string(i)), lan->now), "has room");
        }
        t.Holds(!e.Evict(Identity::OfName("y"), lan->now), "has none");
        t.Holds(e.Evict(Identity::OfName("x0"), lan->now), "is evicted already");
    });
    lan->Do(1, [&](MrkmpEngine& e) {
        t.Holds(!e.Evict(Identity::OfName("y"), lan->now), "a member evicts nobody");
    });
}

// Input: twenty members, and a KEK retired. Output: they begin their exchanges spread over
// joinSpread, not all at once (K6).
void
K6Storm(Sentence& t)
{
    auto lan = SettledPairLan(t, 21);
    const Time start = lan->now;
    const size_t before = lan->sent.size();
    lan->Do(0, [&](MrkmpEngine& e) { e.RetireKek(lan->now); });
    t.Holds(lan->RunUntil(lan->now + 5s, [&]() { return lan->Settled(); }), "all are back");
    std::vector<Time> begun;
    for (size_t i = before; i < lan->sent.size(); ++i)
    {
        if (lan->sent[i].header.exchange == IkeExchange::IKE_SA_INIT &&
            (lan->sent[i].header.flags & IKE_FLAG_INITIATOR) != 0)
        {
            begun.push_back(lan->sent[i].at - start);
        }
    }
    t.Equal(begun.size(), 20, "initial exchanges");
    const Time spread = lan->nodes[0]->config.joinSpread;
    const auto early =
        std::count_if(begun.begin(), begun.end(), [spread](Time at) { return at < spread / 2; });
    t.Holds(early >= 4 && early <= 16,
            "about half of them in the first half: " + std::to_string(early));
    t.Holds(begun.back() <= spread + 2 * MrkmpLan::DELAY, "none later");
}

// ---- stepping down (G8, E12, R3)

// Input: the GCKS hands over to a named member, then that one to whoever has the lowest address.
// Output: at each instant somebody serves, no key ends early, one KEK afterwards.
void
G8HandOver(Sentence& t)
{
    auto lan = SettledPairLan(t, 4);
    const auto serving = [&]() {
        return std::any_of(lan->nodes.begin(), lan->nodes.end(), [](const auto& node) {
            return node->engine->Role() == GcksRole::GCKS;
        });
    };
    lan->Do(0, [&](MrkmpEngine& e) {
        t.Holds(e.HandOver(lan->nodes[2]->config.address, lan->now), "begins");
        t.Holds(!e.HandOver(lan->nodes[1]->config.address, lan->now), "one at a time");
    });
    bool gap = false;
    t.Holds(lan->RunUntil(lan->now + 3s,
                          [&]() {
                              gap = gap || !serving();
                              return lan->Gcks() == 2 && lan->Settled();
                          }),
            "r2 serves");
    t.Holds(!gap, "without a gap");
    lan->RunUntil(lan->now + 20s, [&]() {
        gap = gap || !serving();
        return false;
    });
    t.Same(lan->Gcks(), 2, "although r0 is more preferred (E3)");
    t.Holds(OneSendKey(*lan), "one key");
    lan->Do(2, [&](MrkmpEngine& e) { t.Holds(e.HandOver({}, lan->now), "begins"); });
    t.Holds(lan->RunUntil(lan->now + 3s, [&]() { return lan->Gcks() == 0 && lan->Settled(); }),
            "r0 serves");
    t.Holds(!gap, "without a gap");
}

// Input: the successor's first answer is lost, and its keys are heard before the next one comes.
// Output: the GCKS that goes makes none of its own, though its KEK now ends sooner than it was to.
void
G8AnswerIsLate(Sentence& t)
{
    auto lan = SettledPairLan(t, 3);
    size_t lost = 0;
    lan->drop = [&lost](size_t from, size_t to, const Datagram& datagram) {
        const bool answer = from == 2 && to == 0 && !datagram.destination.IsMulticast() &&
                            ExchangeOf(datagram) == IkeExchange::IKE_AUTH;
        lost += answer ? 1 : 0;
        return answer && lost == 1;
    };
    lan->Do(0, [&](MrkmpEngine& e) { e.HandOver(lan->nodes[2]->config.address, lan->now); });
    t.Holds(lan->RunUntil(lan->now + 6s, [&]() { return lan->Gcks() == 2 && lan->Settled(); }),
            "r2 serves");
    t.Holds(lost > 1, "the first answer was lost");
    t.Same(Rekeys(*lan, 0, RekeyCause::LIFETIME), size_t(0), "the successor's keys are enough");
}

// Input: the successor is down; the successor is no member; there is no member at all; a member
// hands over. Output: the GCKS stays; nothing begins.
void
G8HandOverFails(Sentence& t)
{
    auto lan = SettledPairLan(t, 3);
    lan->Crash(2);
    lan->Do(0, [&](MrkmpEngine& e) {
        t.Holds(e.HandOver(lan->nodes[2]->config.address, lan->now), "begins");
    });
    lan->RunUntil(lan->now + 150s);
    t.Same(lan->Gcks(), 0, "stays");
    t.Same(LastJoin(*lan, 0), std::string("timeout"));
    lan->Do(1, [&](MrkmpEngine& e) { t.Holds(!e.HandOver({}, lan->now), "is not GCKS"); });
    lan->Do(0, [&](MrkmpEngine& e) { t.Holds(!e.HandOver(e.Gcks(), lan->now), "not to itself"); });
    auto alone = SettledPairLan(t, 1);
    alone->Do(0, [&](MrkmpEngine& e) { t.Holds(!e.HandOver({}, alone->now), "nobody"); });
}

// Input: a GCKS hands over to one that cannot hear it, and that comes back as a GCKS which it has
// been all the time, and refuses. Output: they merge as soon as they hear each other (H 3.2), not
// after the time that GCKSs without common credentials leave each other in peace.
void
G8HandOverToAGcks(Sentence& t)
{
    auto lan = SettledPairLan(t, 3);
    lan->Cut({0}, {1, 2});
    t.Holds(lan->RunUntil(lan->now + 10s, [&]() { return lan->Count(GcksRole::GCKS) == 2; }),
            "two GCKSs");
    const size_t other = lan->nodes[1]->engine->Role() == GcksRole::GCKS ? 1 : 2;
    lan->Do(other, [&](MrkmpEngine& e) {
        t.Holds(e.HandOver(lan->nodes[0]->config.address, lan->now), "begins");
    });
    lan->RunUntil(lan->now + 200ms);
    lan->Heal();
    t.Holds(lan->RunUntil(lan->now + 8s, [&]() { return lan->Gcks() == 0; }), "they merge");
    const auto joins = Joins(*lan, other);
    t.Holds(std::count(joins.begin(), joins.end(), "TEMPORARY_FAILURE") == 1, "it was refused");
}

// Input: somebody who is not our GCKS appoints us. Output: refused.
void
G8OnlyTheGcksAppoints(Sentence& t)
{
    auto lan = SettledPairLan(t, 3);
    // r1 believes itself GCKS, because it hears nobody; r2 hears both.
    lan->drop = [](size_t from, size_t to, const Datagram&) {
        return (from == 0 && to == 1) || (from == 1 && to == 0) || (from == 1 && to == 2) ||
               (from == 2 && to == 1);
    };
    t.Holds(lan->RunUntil(lan->now + 10s,
                          [&]() { return lan->nodes[1]->engine->Role() == GcksRole::GCKS; }),
            "two GCKSs");
    lan->drop = [](size_t from, size_t to, const Datagram&) {
        return (from == 0 && to == 1) || (from == 1 && to == 0);
    };
    lan->Do(1, [&](MrkmpEngine& e) {
        t.Holds(e.HandOver(lan->nodes[2]->config.address, lan->now), "begins");
    });
    lan->RunUntil(lan->now + 500ms);
    t.Same(LastJoin(*lan, 1), std::string("TEMPORARY_FAILURE"));
    t.Holds(lan->nodes[2]->engine->Gcks() == lan->nodes[0]->config.address, "r2 stays with r0");
}

// Input: the GCKS leaves. Output: a successor after the skew alone (experiments' "graceful: skew"),
// not after three heartbeats.
void
G8Leave(Sentence& t)
{
    auto lan = SettledPairLan(t, 3);
    lan->RunUntil(lan->now + 300ms);
    const Time start = lan->now;
    lan->Do(0, [&](MrkmpEngine& e) { e.Leave(lan->now); });
    t.Holds(lan->RunUntil(lan->now + 5s, [&]() { return lan->Gcks() == 1; }), "r1 serves");
    const Time skew = Time(1s) * (256 - 100) / 256;
    t.Same((lan->now - start).count(), (skew + MrkmpLan::DELAY).count(), "after the skew");
}

// ---- refusals and referrals (J9, J10, J11, E10)

// Input: a newcomer takes a member for the GCKS. Output: the member refers it to the GCKS, and it
// joins there, one exchange later.
void
J9Referral(Sentence& t)
{
    auto lan = PairLan(4);
    for (size_t i = 0; i < 3; ++i)
    {
        lan->Boot(i);
    }
    lan->RunUntil(20s);
    bool deaf = true; // to the GCKS's own advertisements
    lan->drop = [&deaf](size_t, size_t to, const Datagram& datagram) {
        return deaf && to == 3 && ExchangeOf(datagram) == IkeExchange::MRKMP_ADVERT;
    };
    lan->Boot(3);
    ForgeAdvert(*lan, 3, lan->nodes[1]->config.address);
    const Time start = lan->now;
    t.Holds(lan->RunUntil(lan->now + 1s, [&]() { return lan->nodes[3]->engine->IsRegistered(); }),
            "joins");
    t.Same((lan->now - start).count(), (8 * MrkmpLan::DELAY).count(), "four round trips");
    t.Holds(lan->nodes[3]->engine->Gcks() == lan->nodes[0]->config.address, "at the GCKS");
    t.Same(Joins(*lan, 3).at(0), std::string("MRKMP_WRONG_GCKS"));
    deaf = false;
    lan->RunUntil(lan->now + 10s);
    t.Holds(lan->Settled(), "and stays");
}

// Input: members that refer to one another in a ring, and in a chain longer than the bound. Output:
// the asker stops, is Initial, and finds the GCKS by its heartbeat.
void
J9RingsAndChains(Sentence& t)
{
    for (const uint32_t bound : {0U, 1U, 3U})
    {
        auto lan = PairLan(3);
        lan->nodes[2]->config.referralsMax = bound;
        lan->Boot(0);
        lan->Boot(1);
        lan->RunUntil(20s);
        lan->Boot(2);
        ForgeAdvert(*lan, 2, lan->nodes[1]->config.address);
        // The GCKS is handing over to r1 when the newcomer comes by its referral.
        lan->RunUntil(lan->now + 3 * MrkmpLan::DELAY);
        lan->Do(0, [&](MrkmpEngine& e) { e.HandOver(lan->nodes[1]->config.address, lan->now); });
        const size_t inits = lan->CountSent(IkeExchange::IKE_SA_INIT);
        lan->RunUntil(lan->now + 500ms);
        t.Holds(lan->CountSent(IkeExchange::IKE_SA_INIT) - inits <= 2 + 2 * (bound + 1),
                "no more exchanges than the bound allows");
        t.Holds(lan->RunUntil(lan->now + 40s, [&]() { return lan->Settled(); }), "joins at last");
        t.Same(lan->Gcks(), 1, "r1 serves");
    }
}

// Input: a newcomer asks a router that is Initial itself and knows of nobody better; then one that
// does. Output: GCKS_UNKNOWN with the bit set, and the newcomer hears it; with the bit clear, it
// ignores its advertisements until the time is over.
void
J10J11GcksUnknown(Sentence& t)
{
    for (const bool better : {false, true})
    {
        auto lan = PairLan(3);
        for (auto& node : lan->nodes)
        {
            node->config.blacklistTimeout = 20s;
            node->config.election.advertInterval = 4s; // Initial for long
        }
        lan->nodes[1]->config.election.priority = 150;
        lan->drop = [](size_t from, size_t to, const Datagram&) { return from == 0 && to == 2; };
        if (better)
        {
            lan->Boot(0);
        }
        lan->Boot(1);
        lan->Boot(2);
        ForgeAdvert(*lan, 2, lan->nodes[1]->config.address);
        lan->RunUntil(lan->now + 1s);
        t.Same(LastJoin(*lan, 2), std::string("MRKMP_GCKS_UNKNOWN"));
        t.Holds(lan->nodes[2]->engine->Role() == GcksRole::INITIAL, "Initial again");
        ForgeAdvert(*lan, 2, lan->nodes[1]->config.address);
        t.Equal(Drops(*lan, 2, DropReason::BLACKLISTED), better ? 1 : 0, "ignored");
        lan->drop = nullptr;
        t.Holds(lan->RunUntil(lan->now + 60s, [&]() { return lan->Settled(); }), "one group");
        t.Same(lan->Gcks(), better ? 0 : 1, "the preferred one serves");
    }
}

// Input: a router was blacklisted, and follows the GCKS that dies. Output: its group message, under
// a KEK that is held, ends the entry at once: nobody can be locked out by having been blamed.
void
J11AuthenticWordEndsTheEntry(Sentence& t)
{
    auto lan = SettledPairLan(t, 3);
    lan->nodes[2]->config.blacklistTimeout = 1000s;
    lan->nodes[2]->config.rivalPatience = 1000s;
    lan->Crash(2);
    lan->Boot(2);
    // While it is Initial it is made to ask r1, which is cut off from it, and gives up.
    lan->nodes[2]->config.session.retransmit.tries = 0;
    lan->Crash(2);
    lan->Boot(2);
    lan->drop = [](size_t from, size_t, const Datagram&) { return from == 1; };
    ForgeAdvert(*lan, 2, lan->nodes[1]->config.address);
    t.Holds(lan->RunUntil(lan->now + 20s, [&]() { return LastJoin(*lan, 2) == "timeout"; }),
            "the exchange fails");
    lan->drop = nullptr;
    t.Holds(lan->RunUntil(lan->now + 20s, [&]() { return lan->Settled(); }), "joins r0");
    lan->Crash(0);
    lan->RunUntil(lan->now + 8s);
    t.Same(lan->Gcks(), 1, "r1 follows");
    t.Holds(lan->Settled(), "and r2 believes it");
}

// ---- who gets keys before having proven anything (A4, G2)

// Input: a router without credentials that advertises as the most preferred GCKS. Output: the GCKS
// wants to merge and sends it no key: not in the first exchange, and there is no second.
void
A4MergeTellsNothingToStrangers(Sentence& t)
{
    auto lan = SettledPairLan(t, 2);
    lan->Add(255, "of another group");
    lan->TurnOff(Invariant::ONE_GCKS); // it takes the stranger all its patience to give up
    lan->Boot(2);
    lan->RunUntil(lan->now + 60s);
    t.Equal(lan->CountSent(IkeExchange::MRKMP_GROUP), 0, "no offer");
    const KeyRow* key = SendKey(*lan, 0);
    t.Holds(key != nullptr && !EverHeld(*lan, 2, key->key), "no key");
    t.Holds(lan->nodes[0]->engine->Role() == GcksRole::GCKS, "two groups (M7)");
}

// Input: a group message is recorded; later a router joins under the same KEK, and is sent the
// record. Output: it knows by the answer to its join that this is old (G2).
void
G2OldToANewcomer(Sentence& t)
{
    auto lan = SettledPairLan(t, 2);
    std::optional<Datagram> recorded;
    for (const auto& sent : lan->sent)
    {
        if (sent.header.exchange == IkeExchange::MRKMP_UPDATE &&
            sent.header.spiResponder == lan->nodes[0]->engine->CurrentKekId(lan->now))
        {
            recorded = sent.datagram;
        }
    }
    lan->Crash(1);
    lan->Boot(1); // it has forgotten everything
    t.Holds(lan->RunUntil(lan->now + 2s, [&]() { return lan->nodes[1]->table.Size() > 0; }),
            "joins");
    t.Holds(recorded.has_value(), "there is a record");
    lan->Inject(1, *recorded);
    t.Equal(Drops(*lan, 1, DropReason::REPLAYED_SEQUENCE), 1, "refused");
}

// ---- messages under one KEK come to their end (G7)

// Input: a KEK for 40 messages. Output: another one after 36, before the space is used up; no
// member is ever without.
void
G7KekIsWornOut(Sentence& t)
{
    auto lan = PairLan(3);
    for (auto& node : lan->nodes)
    {
        node->config.kekMessagesMax = 40;
        node->config.updateInterval = 1s;
        node->config.keys.kekLifetime = 1000s;
    }
    lan->BootAll();
    lan->RunUntil(10s, [&]() { return lan->Settled(); });
    const uint64_t first = lan->nodes[0]->engine->CurrentKekId(lan->now);
    lan->RunUntil(lan->now + 60s);
    const size_t worn = Rekeys(*lan, 0, RekeyCause::SEQUENCE);
    t.Holds(worn >= 1 && worn <= 2, "renewed once or twice: " + std::to_string(worn));
    t.Holds(lan->nodes[0]->engine->CurrentKekId(lan->now) != first, "another KEK");
    std::map<uint64_t, size_t> used;
    for (const auto& sent : lan->sent)
    {
        if (sent.header.exchange == IkeExchange::MRKMP_UPDATE && sent.from == 0)
        {
            ++used[sent.header.spiResponder];
        }
    }
    for (const auto& [kek, count] : used)
    {
        (void)kek;
        t.Holds(count <= 40, "no KEK is used more often than allowed");
    }
    t.Holds(lan->Settled(), "settled");
}

/** The suite. */
// Input: a member is evicted while other new keys have not taken over yet; or the keys are renewed
// again between two copies of the retirement. Output: it never gets the key that the others send
// with then.
void
G6KeysAroundAnEviction(Sentence& t)
{
    for (const bool before : {true, false})
    {
        auto lan = SettledPairLan(t, 3);
        const auto rekey = [&]() { lan->Do(0, [&](MrkmpEngine& e) { e.Rekey(lan->now); }); };
        if (before)
        {
            rekey();
            lan->RunUntil(lan->now + 1s);
        }
        // Where the first copy is lost to it, it still has the KEK when the second one comes.
        lan->drop = [before](size_t, size_t to, const Datagram&) { return !before && to == 2; };
        t.Holds(lan->Evict(0, 2), "evicted");
        lan->RunUntil(lan->now + 200ms);
        lan->drop = nullptr;
        if (!before)
        {
            rekey();
        }
        for (int i = 0; i < 20; ++i)
        {
            lan->RunUntil(lan->now + 1s);
            const KeyRow* key = SendKey(*lan, 0);
            const bool old = i < 4; // until the lead of the eviction is over
            t.Holds(old || (key != nullptr && !EverHeld(*lan, 2, key->key)),
                    "kept from it after " + std::to_string(i) + " s");
        }
    }
}

// Input: a member is evicted a moment before a previous KEK ends by itself. Output: no copy of the
// retirement under that KEK after its end (key-lifetime, which the LAN watches).
void
G6RetirementAtTheEndOfAKek(Sentence& t)
{
    auto lan = SettledLan(t, 3, Preference::FIRST);
    lan->Do(0, [&](MrkmpEngine& e) { e.Rekey(lan->now); });
    const Time end = lan->nodes[0]->config.keys.lead + lan->nodes[0]->config.keys.overlap;
    lan->RunUntil(lan->now + end - 1ms);
    t.Holds(lan->Evict(0, 2), "evicted");
    lan->RunUntil(lan->now + 5s);
}

class MrkmpGcksTestSuite : public TestSuite
{
  public:
    MrkmpGcksTestSuite()
        : TestSuite("karp-mrkmp-gcks", TestSuite::Type::UNIT)
    {
        AddTestCase(
            new Sentence("G6 K3 a retirement at the end of a KEK", G6RetirementAtTheEndOfAKek));
        AddTestCase(new Sentence("G6 eviction", G6Eviction));
        AddTestCase(new Sentence("G6 outlives the GCKS", G6EvictionOutlivesTheGcks));
        AddTestCase(new Sentence("G6 a missed retirement", G6MissedRetirement));
        AddTestCase(new Sentence("G6 keys around an eviction", G6KeysAroundAnEviction));
        AddTestCase(new Sentence("G6 bound", G6Bound));
        AddTestCase(new Sentence("K6 no storm", K6Storm));
        AddTestCase(new Sentence("G8 hand-over", G8HandOver));
        AddTestCase(new Sentence("G8 hand-over, the answer is late", G8AnswerIsLate));
        AddTestCase(new Sentence("G8 hand-over fails", G8HandOverFails));
        AddTestCase(new Sentence("G8 M7 hand-over to a GCKS", G8HandOverToAGcks));
        AddTestCase(new Sentence("G8 only the GCKS appoints", G8OnlyTheGcksAppoints));
        AddTestCase(new Sentence("G8 E3 leave", G8Leave));
        AddTestCase(new Sentence("J9 referral", J9Referral));
        AddTestCase(new Sentence("J9 rings and chains", J9RingsAndChains));
        AddTestCase(new Sentence("J10 J11 GCKS unknown", J10J11GcksUnknown));
        AddTestCase(new Sentence("J11 an authentic word", J11AuthenticWordEndsTheEntry));
        AddTestCase(new Sentence("A4 M1 nothing to strangers", A4MergeTellsNothingToStrangers));
        AddTestCase(new Sentence("G2 old to a newcomer", G2OldToANewcomer));
        AddTestCase(new Sentence("G7 a KEK is worn out", G7KekIsWornOut));
    }
};

MrkmpGcksTestSuite g_mrkmpGcksTestSuite; //!< registers itself

} // namespace
