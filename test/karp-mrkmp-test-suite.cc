/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-look.h"
#include "karp-sentence.h"

#include "ns3/karp-ike-spi.h"
#include "ns3/test.h"

#include <algorithm>

/**
 * \file
 * MRKMP on a LAN (karp-mrkmp-lan.h): real engines, real cryptography, no ns-3. One test a row of
 * the requirements; timers are MrkmpLan::FastConfig's. None may violate an invariant: MrkmpLan
 * fails those that do.
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

/** \return a settled LAN of \p n routers that say no boot ID, r0 GCKS */
std::unique_ptr<MrkmpLan>
YoungLan(Sentence& t, size_t n)
{
    auto lan = MakeLan(n, Preference::FIRST);
    for (auto& node : lan->nodes)
    {
        node->config.bootId = 0;
    }
    Settle(t, *lan);
    return lan;
}

/** \return the last KEK event of \p what that \p node told */
std::vector<MrkmpEvent::KekChanged>
KekEvents(const MrkmpLan::Node& node, const std::string& what)
{
    std::vector<MrkmpEvent::KekChanged> found;
    for (const auto& event : EventsOf<MrkmpEvent::KekChanged>(node))
    {
        if (event.what == what)
        {
            found.push_back(event);
        }
    }
    return found;
}

// Input: five routers start together. Output: the most preferred is GCKS, four members, one KEK,
// one send key, the take-over at 3 heartbeats + skew exactly.
void
ColdStart(Sentence& t)
{
    auto lan = YoungLan(t, 5);
    t.Same(lan->Gcks(), 0);
    t.Same(lan->Count(GcksRole::MEMBER), 4U);
    t.Holds(OneSendKey(*lan), "one send key");
    const auto& r0 = *lan->nodes[0];
    bool seen = false;
    for (size_t i = 0; i < r0.events.size(); ++i)
    {
        const auto* role = std::get_if<MrkmpEvent::RoleChanged>(&r0.events[i].what);
        if (role != nullptr && role->to == GcksRole::GCKS)
        {
            seen = true;
            t.Holds(r0.eventTimes[i] == 3s + Time(1s) * 56 / 256, "3 heartbeats + skew");
        }
    }
    t.Holds(seen, "became GCKS");
    // One advertisement each at the start, and few more: not every router answers every other one.
    t.Holds(lan->CountSent(IkeExchange::MRKMP_ADVERT) <= 5 + 5 + 12, "no storm of advertisements");
}

// Input: one newcomer and a working GCKS. Output: from the heartbeat to the key in the key table
// four datagrams, which is two round trips.
void
J4TwoRoundTrips(Sentence& t)
{
    auto lan = YoungLan(t, 1);
    lan->Add(50);
    const size_t before =
        lan->CountSent(IkeExchange::IKE_SA_INIT) + lan->CountSent(IkeExchange::IKE_AUTH);
    lan->Boot(1);
    const Time start = lan->now;
    t.Holds(lan->RunUntil(start + 1s, [&]() { return lan->nodes[1]->table.Size() > 0; }), "joins");
    const size_t after =
        lan->CountSent(IkeExchange::IKE_SA_INIT) + lan->CountSent(IkeExchange::IKE_AUTH);
    t.Same(after - before, 4U, "datagrams of the exchange");
    // Initial advertisement and its unicast answer are the round trip before.
    t.Same((lan->now - start).count(), (6 * MrkmpLan::DELAY).count(), "three round trips in all");
    const auto done = EventsOf<MrkmpEvent::JoinDone>(*lan->nodes[1]);
    t.Same(done.size(), 1U);
    t.Holds(done.at(0).ok && done.at(0).took == 4 * MrkmpLan::DELAY, "two of them the join's");
}

// Input: a request to join another group, by one who proves its identity. Output: refused with
// GCKS_UNKNOWN, counted; the other group's key never leaves.
void
J5OtherGroup(Sentence& t)
{
    auto lan = YoungLan(t, 1);
    auto& other = lan->Add(50);
    other.config.group.instance = 7;
    lan->Boot(1);
    lan->RunUntil(lan->now + 2s);
    t.Holds(Drops(*lan, 0, DropReason::OTHER_GROUP) > 0, "advertisement is not ours");
    t.Same(lan->nodes[1]->table.Size(), 0U, "no key");
}

// Input: a router with another PSK. Output: it never holds a key (A4), goes back to Initial and
// ignores the GCKS (E10); the group is not disturbed; two GCKSs without common credentials stay two
// (M7).
void
E10WrongCredentials(Sentence& t)
{
    auto lan = YoungLan(t, 3);
    auto& stranger = lan->Add(50, "other");
    stranger.config.session.retransmit.first = 100ms;
    stranger.config.session.retransmit.tries = 2;
    lan->Boot(3);
    lan->RunUntil(lan->now + 60s);
    const auto joins = EventsOf<MrkmpEvent::JoinDone>(stranger);
    t.Holds(!joins.empty(), "tried");
    t.Holds(std::none_of(joins.begin(), joins.end(), [](const auto& j) { return j.ok; }), "failed");
    t.Holds(Drops(*lan, 3, DropReason::BLACKLISTED) > 0, "ignores");
    for (const auto& event : EventsOf<MrkmpEvent::KeyInstalled>(stranger))
    {
        for (size_t i = 0; i < 3; ++i)
        {
            t.Holds(lan->nodes[i]->table.Get(event.row.adminKeyName) == nullptr, "no common key");
        }
    }
    t.Holds(lan->nodes[0]->engine->Role() == GcksRole::GCKS, "the group has its GCKS");
    t.Same(lan->Count(GcksRole::GCKS), 2U, "M7: stable, not merged");
}

// Input: the GCKS crashes. Output: the next one serves within 3 heartbeats + skew, issues a new KEK
// and a new PMK; members learn both under the old KEK, then register; the old PMK is sent with
// until the new one's start, and no key is ever sent with that somebody lacks (E8, E13, G4, K7,
// K11).
void
E13Failover(Sentence& t)
{
    auto lan = YoungLan(t, 5);
    const std::string oldKey = lan->SendKeys();
    const uint64_t oldKek = lan->nodes[0]->engine->CurrentKekId(lan->now);
    lan->RunUntil(20s);
    lan->Crash(0);
    t.Holds(lan->RunUntil(24s, [&]() { return lan->Gcks() == 1; }), "r1: lowest address of equals");
    t.Holds(lan->now - 20s <= 3s + Time(1s) * 156 / 256 + MrkmpLan::DELAY, "within 3 + skew");
    lan->RunUntil(lan->now + 2 * MrkmpLan::DELAY);
    for (size_t i = 2; i < 5; ++i)
    {
        t.Same(KekEvents(*lan->nodes[i], "install").size(), 2U, "new KEK under the old one");
    }
    t.Holds(lan->nodes[1]->engine->CurrentKekId(lan->now) == oldKek, "old KEK until the lead ends");
    t.Same(lan->SendKeys(), oldKey, "old key until the lead ends");
    t.Holds(lan->RunUntil(lan->now + 2s, [&]() { return lan->Settled(); }), "all register");
    lan->RunUntil(lan->now + 6s);
    t.Holds(lan->SendKeys() != oldKey && OneSendKey(*lan), "new key");
    t.Holds(lan->nodes[1]->engine->CurrentKekId(lan->now) != oldKek, "new KEK");
    lan->RunUntil(lan->now + 20s);
    t.Same(lan->nodes[2]->table.Size(), 1U, "the old key is gone in time");
}

// Input: five KEK lifetimes with loss of 10 %. Output: KEK and PMK roll over each time, and nobody
// ever sends with a key that another lacks (K3, K7, K8, K11, G3, G4).
void
K11Rollover(Sentence& t)
{
    auto lan = YoungLan(t, 6);
    lan->loss = 0.1;
    for (auto& node : lan->nodes)
    {
        node->config.updateCopies = 3;
    }
    lan->RunUntil(300s);
    const size_t rollovers = KekEvents(*lan->nodes[0], "install").size();
    t.Holds(rollovers >= 5, "about every 50 s");
    t.Same(EventsOf<MrkmpEvent::KeyInstalled>(*lan->nodes[5]).empty(), false);
}

// Input: a rollover, watched. Output: the new PMK is received at once, sent with after the lead,
// the old one received for the overlap afterwards (K7); the KEK says when it ends (K3), and a PMK
// may outlive it (K4).
void
K7FourLifetimes(Sentence& t)
{
    auto lan = YoungLan(t, 2);
    lan->RunUntil(65s);
    const auto keks = KekEvents(*lan->nodes[1], "install");
    t.Same(keks.size(), 2U);
    const KeyLifetimes first = keks.at(0).lifetimes;
    const KeyLifetimes second = keks.at(1).lifetimes;
    t.Holds(first.sendEnd - first.sendStart == 60s, "lifetime as configured");
    t.Holds(second.sendStart - second.acceptStart == 5s, "lead");
    t.Holds(second.acceptEnd - second.sendEnd == 5s, "overlap");
    t.Holds(second.sendStart < first.sendEnd, "in time");
    std::vector<KeyRow> rows;
    for (const auto& event : EventsOf<MrkmpEvent::KeyInstalled>(*lan->nodes[1]))
    {
        rows.push_back(event.row);
    }
    t.Same(rows.size() >= 3, true, "install, install, update");
    const KeyLifetimes& pmk = rows.at(0).lifetimes;
    t.Holds(pmk.sendEnd - first.sendEnd == 30s, "K4: outlives its KEK");
    const KeyRow* old = lan->nodes[1]->table.Get(rows.at(0).adminKeyName);
    t.Holds(old == nullptr || old->lifetimes.sendEnd <= lan->now, "ended when the new one started");
}

// Input: a minute of quiet. Output: updates every 5 s under the KEK named in clear in the header,
// numbers growing (G1, G3), nothing but the header readable.
void
G1G3PeriodicUpdate(Sentence& t)
{
    auto lan = YoungLan(t, 2);
    lan->sent.clear();
    const Time start = lan->now;
    lan->RunUntil(start + 20s);
    std::vector<uint64_t> numbers;
    for (const auto& event : EventsOf<MrkmpEvent::GroupMessage>(*lan->nodes[1]))
    {
        numbers.push_back(event.sequence);
    }
    t.Holds(std::is_sorted(numbers.begin(), numbers.end()) &&
                std::adjacent_find(numbers.begin(), numbers.end()) == numbers.end(),
            "strictly growing");
    size_t updates = 0;
    for (const auto& sent : lan->sent)
    {
        if (sent.header.exchange != IkeExchange::MRKMP_UPDATE)
        {
            continue;
        }
        ++updates;
        t.Same(sent.header.spiResponder, lan->nodes[0]->engine->CurrentKekId(lan->now));
        const auto message = DecodeIkeMessage(sent.datagram.payload);
        const auto* decoded = std::get_if<IkeMessage>(&message);
        t.Holds(decoded != nullptr && decoded->payloads.size() == 1 &&
                    std::holds_alternative<EncryptedPayload>(decoded->payloads[0]),
                "one Encrypted payload and nothing else");
    }
    t.Holds(updates >= 4 && updates <= 6, "one in 5 s");
}

// Input: group messages played again: at once, after newer ones, from another source, with each bit
// of one flipped, cut at each length. Output: each ignored and counted, no event, no change (G2).
void
G2Replay(Sentence& t)
{
    auto lan = YoungLan(t, 2);
    lan->RunUntil(12s);
    std::vector<Datagram> updates;
    for (const auto& sent : lan->sent)
    {
        if (sent.header.exchange == IkeExchange::MRKMP_UPDATE)
        {
            updates.push_back(sent.datagram);
        }
    }
    auto& member = *lan->nodes[1];
    const size_t told = EventsOf<MrkmpEvent::GroupMessage>(member).size();
    const uint64_t generation = member.table.Generation();
    const uint64_t replays = Drops(*lan, 1, DropReason::REPLAYED_SEQUENCE);
    for (const auto& update : updates)
    {
        lan->Inject(1, update);
    }
    t.Same(Drops(*lan, 1, DropReason::REPLAYED_SEQUENCE) - replays, updates.size(), "each refused");
    Datagram moved = updates.back();
    moved.source = IpAddress{0x0a000063};
    lan->Inject(1, moved);
    t.Same(Drops(*lan, 1, DropReason::BAD_VALUE), 1U, "source is not the sender it names");
    for (size_t bit = 0; bit < updates.back().payload.size() * 8; ++bit)
    {
        Datagram flipped = updates.back();
        flipped.payload[bit / 8] = static_cast<uint8_t>(flipped.payload[bit / 8] ^ 1U << bit % 8);
        lan->Inject(1, flipped);
    }
    for (size_t size = 0; size < updates.back().payload.size(); ++size)
    {
        Datagram cut = updates.back();
        cut.payload.resize(size);
        lan->Inject(1, cut);
    }
    t.Same(EventsOf<MrkmpEvent::GroupMessage>(member).size(), told, "none accepted");
    t.Same(member.table.Generation(), generation, "no key changed");
    t.Holds(member.engine->Role() == GcksRole::MEMBER, "still a member");
}

// Input: the KEK is retired by a message under itself; before that, by a stranger. Output: members
// forget it, make a new initial exchange and hold a KEK again (G5, K3, K6); the stranger's has no
// effect.
void
G5Retire(Sentence& t)
{
    auto lan = YoungLan(t, 3);
    auto& gcks = *lan->nodes[0];
    const uint64_t kekId = gcks.engine->CurrentKekId(lan->now);
    KekRow forged;
    forged.keyId = kekId;
    forged.encr = static_cast<uint16_t>(EncrId::AES_GCM_16);
    forged.keyLength = 128;
    forged.prf = static_cast<uint16_t>(PrfId::HMAC_SHA2_256);
    forged.key = SecretBytes(32, 0x55);
    DeletePayload gone;
    gone.protocol = IkeProtocol::MRKMP_KEK;
    gone.spiSize = 8;
    gone.spis = {EncodeKekSpi(kekId)};
    TestEntropy entropy(9);
    GroupCipher outsider(entropy, false);
    uint64_t sequence = 0;
    Datagram datagram;
    datagram.source = gcks.config.address;
    datagram.destination = gcks.config.groupAddress;
    datagram.ttl = 255;
    datagram.payload = outsider.Seal(forged,
                                     gcks.config.group,
                                     gcks.config.address,
                                     {gcks.config.group, gone},
                                     lan->now + 1h,
                                     sequence);
    lan->Inject(1, datagram);
    t.Same(Drops(*lan, 1, DropReason::BAD_ICV), 1U);
    t.Same(lan->nodes[1]->engine->CurrentKekId(lan->now), kekId, "the stranger's is ignored");

    const size_t joins = EventsOf<MrkmpEvent::JoinDone>(*lan->nodes[1]).size();
    lan->Do(0, [&](MrkmpEngine& engine) { engine.RetireKek(lan->now); });
    lan->RunUntil(lan->now + 100us);
    t.Same(lan->nodes[1]->engine->CurrentKekId(lan->now), 0U, "members forget it");
    t.Holds(lan->RunUntil(lan->now + 3s, [&]() { return lan->Settled(); }), "all are back");
    t.Holds(lan->nodes[1]->engine->CurrentKekId(lan->now) != kekId, "with another KEK");
    t.Holds(EventsOf<MrkmpEvent::JoinDone>(*lan->nodes[1]).size() > joins, "by a new exchange");
}

// Input: two partitions with a GCKS each heal. Output: one GCKS, one KEK, one send key; no key is
// sent with that somebody lacks after the last copy under the old KEK (M1 to M5, E9).
void
M1toM5Merge(Sentence& t)
{
    MrkmpLan lan(3);
    for (int i = 0; i < 6; ++i)
    {
        lan.Add(static_cast<uint8_t>(100 + 10 * i));
    }
    lan.Cut({0, 1, 2}, {3, 4, 5});
    lan.BootAll();
    lan.RunUntil(20s);
    t.Same(lan.Count(GcksRole::GCKS), 2U, "one on each side");
    t.Holds(!OneSendKey(lan), "different keys");
    lan.Heal();
    const Time healed = lan.now;
    t.Holds(lan.RunUntil(healed + 5s, [&]() { return lan.Gcks() == 5; }), "r5 stays");
    t.Holds(lan.now - healed <= 1s + 3 * 500ms + 8 * MrkmpLan::DELAY, "within E13's bound");
    t.Holds(lan.RunUntil(lan.now + 5s, [&]() { return lan.Settled(); }), "all with r5");
    lan.RunUntil(lan.now + 30s);
    t.Holds(OneSendKey(lan), "one send key");
}

// Input: a member whose updates are all lost while the KEK rolls over. Output: it sees from the
// heartbeat that it missed one, asks by a new exchange, and holds the key before anybody sends.
void
K7MissedUpdate(Sentence& t)
{
    auto lan = YoungLan(t, 3);
    lan->drop = [](size_t, size_t to, const Datagram& datagram) {
        return to == 2 && ExchangeOf(datagram) == IkeExchange::MRKMP_UPDATE;
    };
    lan->RunUntil(120s);
    t.Holds(EventsOf<MrkmpEvent::JoinDone>(*lan->nodes[2]).size() >= 2, "asked");
}

// Input: the router leaves the group. Output: no key left, no timer, nothing to send (R3, H 8.3)
// but, if it was GCKS, one group message that says so.
void
R3Leave(Sentence& t)
{
    auto lan = YoungLan(t, 3);
    size_t sent = lan->sent.size();
    lan->Do(2, [&](MrkmpEngine& engine) { engine.Leave(lan->now); });
    t.Same(lan->sent.size(), sent, "a member has nothing to send");
    lan->Do(0, [&](MrkmpEngine& engine) { engine.Leave(lan->now); });
    t.Holds(!lan->nodes[0]->engine->NextTimeout(), "no timer");
    t.Same(lan->sent.size(), sent + 1, "a GCKS says that it leaves");
    t.Holds(lan->sent.back().header.exchange == IkeExchange::MRKMP_UPDATE, "under its KEK");
    t.Holds(!EventsOf<MrkmpEvent::KeyRetired>(*lan->nodes[0]).empty(), "keys are taken out");
    t.Same(lan->nodes[0]->table.Size(), 0U, "of the table");
    t.Holds(lan->RunUntil(lan->now + 8s, [&]() { return lan->Gcks() == 1; }), "others go on");
}

// Input: every message of a join, lost once. Output: the join completes all the same, at the time
// of the first repetition (J2).
void
J2EachMessageLostOnce(Sentence& t)
{
    for (size_t victim = 0; victim < 4; ++victim)
    {
        auto lan = YoungLan(t, 1);
        lan->Add(50);
        size_t seen = 0;
        lan->drop = [&seen, victim](size_t, size_t, const Datagram& datagram) {
            const auto exchange = ExchangeOf(datagram);
            const bool ours =
                exchange == IkeExchange::IKE_SA_INIT || exchange == IkeExchange::IKE_AUTH;
            return ours && seen++ == victim;
        };
        lan->Boot(1);
        const Time start = lan->now;
        t.Holds(lan->RunUntil(start + 3s, [&]() { return lan->nodes[1]->table.Size() > 0; }),
                "joins after message " + std::to_string(victim) + " was lost");
        t.Holds(lan->now - start > 1800ms, "by repetition");
    }
}

/** The suite. */
class MrkmpTestSuite : public TestSuite
{
  public:
    MrkmpTestSuite()
        : TestSuite("karp-mrkmp", TestSuite::Type::UNIT)
    {
        AddTestCase(new Sentence("E5 E7 cold start", ColdStart));
        AddTestCase(new Sentence("J4 join in two round trips", J4TwoRoundTrips));
        AddTestCase(new Sentence("J5 join names its group", J5OtherGroup));
        AddTestCase(new Sentence("E10 A4 M7 wrong credentials", E10WrongCredentials));
        AddTestCase(new Sentence("E8 E13 G4 failover", E13Failover));
        AddTestCase(new Sentence("K3 K8 K11 rollover under loss", K11Rollover));
        AddTestCase(new Sentence("K4 K7 four lifetimes", K7FourLifetimes));
        AddTestCase(new Sentence("G1 G3 periodic update", G1G3PeriodicUpdate));
        AddTestCase(new Sentence("G2 replayed group messages", G2Replay));
        AddTestCase(new Sentence("G5 K6 retired KEK", G5Retire));
        AddTestCase(new Sentence("M1 M2 M3 M4 M5 merge", M1toM5Merge));
        AddTestCase(new Sentence("K7 a missed update is noticed", K7MissedUpdate));
        AddTestCase(new Sentence("R2 R3 leave", R3Leave));
        AddTestCase(new Sentence("J2 each message lost once", J2EachMessageLostOnce));
    }
};

MrkmpTestSuite g_mrkmpTestSuite; //!< registers itself

} // namespace
