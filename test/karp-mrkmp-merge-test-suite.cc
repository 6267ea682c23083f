/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-look.h"
#include "karp-sentence.h"

#include "ns3/test.h"

#include <algorithm>
#include <numeric>

/**
 * \file
 * Partitions that heal (H 3.2, M6): more than two, at once and in sequence, and merges cut short at
 * every step by a crash of either side, by loss, by another partition. Every run ends with one GCKS
 * and one KEK, and none violates an invariant on its way (karp-mrkmp-lan.h).
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

/** \return the numbers from \p first on, \p count of them */
std::vector<size_t>
From(size_t first, size_t count)
{
    std::vector<size_t> numbers(count);
    std::iota(numbers.begin(), numbers.end(), first);
    return numbers;
}

/** Cut \p parts of \p lan, each of \p size routers, off from each other. */
void
CutInto(MrkmpLan& lan, size_t parts, size_t size)
{
    for (size_t a = 0; a < parts; ++a)
    {
        for (size_t b = a + 1; b < parts; ++b)
        {
            lan.Cut(From(a * size, size), From(b * size, size));
        }
    }
}

/**
 * \return a LAN of \p parts partitions of \p size routers, each with a GCKS of its own; priorities
 *         fall from router to router, so the first one of all is the most preferred
 */
std::unique_ptr<MrkmpLan>
Partitioned(Sentence& t, size_t parts, size_t size, uint64_t seed = 1)
{
    auto lan = MakeLan(parts * size, Preference::FALLING, seed);
    CutInto(*lan, parts, size);
    lan->BootAll();
    t.Holds(lan->RunUntil(12s, [&]() { return lan->Count(GcksRole::GCKS) == parts; }),
            "a GCKS in each partition");
    lan->RunUntil(20s);
    return lan;
}

/** Within \p time there must be one group again, of router \p gcks if that is not negative. */
void
BecomesOne(Sentence& t, MrkmpLan& lan, Time time, int gcks, const std::string& what)
{
    const Time start = lan.now;
    t.Holds(lan.RunUntil(start + time, [&]() { return lan.Settled(); }), what + ": one group");
    if (gcks >= 0)
    {
        t.Same(lan.Gcks(), gcks, what + ": the most preferred one serves");
    }
    lan.RunUntil(lan.now + 8s);
    t.Holds(OneSendKey(lan), what + ": one key");
    t.Same(lan.violations.empty() ? std::string() : lan.violations.front(), std::string(), what);
}

// Input: two, three, four and five partitions heal at one instant. Output: one group.
void
M6AtOnce(Sentence& t)
{
    for (size_t parts = 2; parts <= 5; ++parts)
    {
        auto lan = Partitioned(t, parts, 2);
        lan->Heal();
        BecomesOne(t, *lan, 40s, 0, std::to_string(parts) + " parts");
    }
}

// Input: four partitions heal one after the other, the next while the merge before is on its way.
// Output: one group.
void
M6InSequence(Sentence& t)
{
    for (const Time gap : {Time(200ms), Time(900ms), Time(1700ms), Time(5s)})
    {
        auto lan = Partitioned(t, 4, 2);
        for (size_t healed = 2; healed <= 4; ++healed)
        {
            lan->Heal();
            for (size_t apart = healed; apart < 4; ++apart)
            {
                lan->Cut(From(0, apart * 2), From(apart * 2, 2));
            }
            lan->RunUntil(lan->now + gap);
        }
        BecomesOne(t, *lan, 60s, 0, "gap " + std::to_string(ToSeconds(gap)) + " s");
    }
}

/** Let \p lan run until \p count more datagrams have been sent, at most 10 s. */
void
RunDatagrams(MrkmpLan& lan, size_t count)
{
    const size_t end = lan.sent.size() + count;
    lan.RunUntil(lan.now + 10s, [&]() { return lan.sent.size() >= end; });
}

// Input: either GCKS crashes after each of the first datagrams that follow the healing. Output: one
// group of those that are left; then the crashed one comes back into it.
void
M6EitherCrashes(Sentence& t)
{
    for (const size_t victim : {0U, 3U})
    {
        for (size_t step = 0; step < 20; ++step)
        {
            auto lan = Partitioned(t, 2, 3);
            lan->Heal();
            RunDatagrams(*lan, step);
            lan->Crash(victim);
            const std::string what =
                "r" + std::to_string(victim) + " after " + std::to_string(step);
            BecomesOne(t, *lan, 200s, -1, what);
            BootAnew(*lan, victim);
            BecomesOne(t, *lan, 20s, -1, what + ", back");
        }
    }
}

// Input: the partition comes back after each of the first datagrams, and heals again 15 s later.
// Output: one group in the end, whatever had been said.
void
M6CutAgain(Sentence& t)
{
    for (size_t step = 0; step < 20; ++step)
    {
        auto lan = Partitioned(t, 2, 3);
        lan->Heal();
        RunDatagrams(*lan, step);
        CutInto(*lan, 2, 3);
        lan->RunUntil(lan->now + 15s);
        lan->Heal();
        BecomesOne(t, *lan, 200s, -1, "cut after " + std::to_string(step));
    }
}

// Input: the GCKS is not heard any more by the other router, which it hears itself, for a while:
// until that has taken over, until the KEK that both have from it is the only one left, and longer.
// Output: one group, with a KEK.
void
M6HeardByOne(Sentence& t)
{
    for (int seconds = 4; seconds <= 40; seconds += 2)
    {
        auto lan = MakeLan(2, Preference::FALLING);
        lan->BootAll();
        t.Holds(lan->RunUntil(12s, [&]() { return lan->Settled(); }), "one group before");
        lan->Cut({0}, {1}, true); // r1 does not hear r0
        lan->RunUntil(lan->now + std::chrono::seconds(seconds));
        t.Same(lan->Count(GcksRole::GCKS), size_t(2), "both serve");
        lan->Heal();
        BecomesOne(t, *lan, 30s, 0, "heard by one for " + std::to_string(seconds) + " s");
        t.Holds(lan->nodes[0]->engine->CurrentKekId(lan->now) != 0, "it has a KEK");
    }
}

// Input: partitions of which one cannot be heard but hears. Output: one group when that ends.
void
M6OneWay(Sentence& t)
{
    auto lan = Partitioned(t, 2, 3);
    lan->Heal();
    lan->Cut(From(3, 3), From(0, 3), true); // r0's part does not hear r3's
    lan->RunUntil(lan->now + 30s);
    lan->Heal();
    BecomesOne(t, *lan, 200s, -1, "heard one way");
}

// Input: a merge under loss of a tenth of all datagrams, ten seeds. Output: one group.
void
M6UnderLoss(Sentence& t)
{
    for (uint64_t seed = 1; seed <= 10; ++seed)
    {
        auto lan = Partitioned(t, 3, 2, seed);
        lan->Heal();
        lan->loss = 0.1;
        lan->RunUntil(lan->now + 30s);
        lan->loss = 0;
        BecomesOne(t, *lan, 200s, -1, "seed " + std::to_string(seed));
    }
}

// Input: a partition elects a GCKS while the other two are merging already. Output: one group.
void
M6ElectsMeanwhile(Sentence& t)
{
    for (const Time ahead : {Time(100ms), Time(600ms), Time(1100ms), Time(2100ms)})
    {
        auto lan = MakeLan(6, Preference::FALLING);
        CutInto(*lan, 3, 2);
        for (size_t i = 0; i < 4; ++i)
        {
            lan->Boot(i);
        }
        lan->RunUntil(20s);
        lan->Boot(4);
        lan->Boot(5);
        lan->RunUntil(lan->now + 3200ms - ahead); // it elects 3.3 s after its start
        lan->Heal();
        lan->Cut(From(0, 4), From(4, 2));
        lan->RunUntil(lan->now + 1s);
        lan->Heal();
        BecomesOne(t, *lan, 60s, 0, "ahead by " + std::to_string(ToSeconds(ahead)) + " s");
    }
}

// Input: a partition that lasts long enough for one half to be done with the key of before, which
// the other half still sends with. Output: the merge takes it from nobody.
void
M2KeyOfBefore(Sentence& t)
{
    auto lan = MakeLan(4, Preference::FALLING);
    lan->BootAll();
    lan->RunUntil(20s);
    const KeyRow* before = SendKey(*lan, 0);
    t.Holds(before != nullptr, "there is a key");
    const std::string name = before != nullptr ? before->adminKeyName : "";
    lan->Cut(From(0, 2), From(2, 2));
    lan->RunUntil(lan->now + 10s); // take-over, lead 5 s, and not yet the end of the overlap
    lan->Heal();
    lan->RunUntil(lan->now + 2500ms);
    t.Same(lan->Gcks(), 0, "merged");
    const KeyRow* now = SendKey(*lan, 0);
    t.Holds(now != nullptr && now->adminKeyName == name, "still sent with in the half of the GCKS");
    BecomesOne(t, *lan, 20s, 0, "in the end");
}

// Input: a GCKS crashes as the partition ends, when the key that it made at its take-over is held
// by its members and not sent with yet. Output: whoever they join learns of it, so that nothing is
// refused when its time comes.
void
M6PendingKey(Sentence& t)
{
    for (const Time wait : {Time(0ms), Time(1s), Time(3s)})
    {
        auto lan = MakeLan(6, Preference::FALLING);
        for (auto& node : lan->nodes)
        {
            node->config.keys.lead = 15s;
        }
        lan->BootAll();
        lan->RunUntil(40s);
        lan->Cut(From(0, 3), From(3, 3));
        t.Holds(lan->RunUntil(lan->now + 10s, [&]() { return lan->Count(GcksRole::GCKS) == 2; }),
                "two GCKSs");
        lan->RunUntil(lan->now + 4s + wait);
        lan->Crash(3);
        lan->Heal();
        BecomesOne(t, *lan, 40s, 0, "after " + std::to_string(ToSeconds(wait)) + " s");
        lan->RunUntil(lan->now + 30s);
    }
}

/** \return events of \p lan's router \p index between the end of its offer and its last copy (M4)
 */
std::vector<MrkmpEvent>
WhileHandingOver(const MrkmpLan& lan, size_t index)
{
    const MrkmpLan::Node& node = *lan.nodes[index];
    std::vector<MrkmpEvent> found;
    bool within = false;
    for (const auto& event : node.events)
    {
        const auto* join = std::get_if<MrkmpEvent::JoinDone>(&event.what);
        const auto* role = std::get_if<MrkmpEvent::RoleChanged>(&event.what);
        within = (within || (join != nullptr && join->ok)) && role == nullptr;
        if (within)
        {
            found.push_back(event);
        }
    }
    return found;
}

// Input: a GCKS has just made new keys, and has still to tell of them again, or is about to make
// some; it is told to make, to retire, to evict; meanwhile it hands its members over. Output: it
// does nothing of the kind any more, and nobody of the other part ever holds a KEK of its own.
void
M4NothingOfItsOwn(Sentence& t)
{
    size_t commands = 0;
    for (int step = 0; step < 8; ++step)
    {
        auto lan = Partitioned(t, 2, 2);
        if (step < 4)
        {
            lan->Do(2, [&](MrkmpEngine& e) { e.Rekey(lan->now); });
        }
        else
        {
            // Two leads before the end of its KEK, at any instant of the next 1.5 s.
            const auto keks = EventsOf<MrkmpEvent::KekChanged>(*lan->nodes[2]);
            lan->RunUntil(keks.back().lifetimes.sendEnd - 10s - step * 200ms);
        }
        lan->RunUntil(lan->now + step % 4 * 250ms);
        lan->nodes[2]->events.clear();
        lan->Heal();
        lan->RunUntil(lan->now + 10s, [&]() { return !WhileHandingOver(*lan, 2).empty(); });
        lan->Do(2, [&](MrkmpEngine& e) {
            commands += e.Role() == GcksRole::GCKS ? 1 : 0;
            e.Rekey(lan->now);
            e.RetireKek(lan->now);
            t.Holds(!e.Evict(Identity::OfName("nobody"), lan->now), "evicts nobody");
        });
        BecomesOne(t, *lan, 40s, 0, "step " + std::to_string(step));
        for (const auto& event : WhileHandingOver(*lan, 2))
        {
            t.Holds(!std::holds_alternative<MrkmpEvent::Rekeyed>(event.what), "makes no key");
        }
        const auto held = EventsOf<MrkmpEvent::KekChanged>(*lan->nodes[1]);
        for (const auto& kek : EventsOf<MrkmpEvent::KekChanged>(*lan->nodes[2]))
        {
            const bool gone = std::string(kek.what) == "retire";
            const bool known = std::any_of(held.begin(), held.end(), [&kek](const auto& other) {
                return other.keyId == kek.keyId;
            });
            t.Holds(!gone || !known, "its KEK is nobody else's, step " + std::to_string(step));
        }
    }
    t.Holds(commands > 0, "told so in time");
}

// Input: in a part of the group one router does not hear its GCKS, and takes over as well; its KEK,
// the newest, outlives the merge of the two; then that part meets the other one. Output: nobody
// holds a KEK that the others have not (M5).
void
M5NoKekIsLeft(Sentence& t)
{
    for (int seconds = 4; seconds <= 40; seconds += 4)
    {
        auto lan = MakeLan(4, Preference::FALLING);
        lan->BootAll();
        lan->RunUntil(20s);
        lan->Cut({0}, From(1, 3));
        lan->Cut({1}, {2, 3}, true); // they do not hear r1
        lan->RunUntil(lan->now + std::chrono::seconds(seconds));
        lan->Heal();
        lan->Cut({0}, From(1, 3));
        lan->RunUntil(lan->now + 10s);
        lan->Heal();
        BecomesOne(t, *lan, 60s, 0, "after " + std::to_string(seconds) + " s");
        lan->RunUntil(lan->now + 12s);
        const uint64_t kek = lan->nodes[0]->engine->CurrentKekId(lan->now);
        for (const auto& node : lan->nodes)
        {
            t.Holds(node->engine->CurrentKekId(lan->now) == kek,
                    node->name + " after " + std::to_string(seconds) + " s");
        }
    }
}

// Input: all members of a GCKS that died take over at one instant, as none waits for a better one,
// and hear of each other's KEKs; the ends of these are lost to the one who stays, to another one,
// or to a router that has joined before the others come. Output: nobody holds a KEK that the others
// have not (M5, K3).
void
M5LostDeletes(Sentence& t)
{
    for (const size_t deaf : {1U, 2U, 4U})
    {
        auto lan = MakeLan(5, Preference::FIRST);
        lan->nodes[2]->config.election.priority = deaf == 2 ? 50 : 100; // a member, asks at once
        lan->nodes[2]->config.joinSpread = 0s;
        for (auto& node : lan->nodes)
        {
            node->config.election.deferMax = 0;
        }
        lan->BootAll();
        lan->RunUntil(20s);
        lan->Crash(0);
        t.Holds(lan->RunUntil(lan->now + 10s, [&]() { return lan->Count(GcksRole::GCKS) > 2; }),
                "several at once");
        lan->RunUntil(lan->now + 200us);
        // r3 comes to the one who stays when r2 has joined it already.
        const Time late = lan->now + 1s;
        lan->drop = [&lan, deaf, late](size_t from, size_t to, const Datagram& datagram) {
            const bool update = ExchangeOf(datagram) == IkeExchange::MRKMP_UPDATE;
            const bool unicast = !datagram.destination.IsMulticast();
            return (to == deaf && update) || (from == 3 && unicast && lan->now < late);
        };
        lan->RunUntil(lan->now + 4s);
        t.Holds(lan->Gcks() == 1, "merged");
        lan->drop = nullptr;
        lan->RunUntil(lan->now + 12s);
        const uint64_t kek = lan->nodes[1]->engine->CurrentKekId(lan->now);
        for (size_t i = 1; i < lan->nodes.size(); ++i)
        {
            const auto& engine = *lan->nodes[i]->engine;
            t.Holds(engine.CurrentKekId(lan->now) == kek, "r" + std::to_string(i));
            t.Same(engine.Lists().at(0).size, size_t(1), "one KEK");
        }
    }
}

// Input: a GCKS dies, and is back as a member before the new one's KEK is sent under; much later
// the KEK changes. Output: there is always one to send under, though its maker serves no more, and
// one that is not sent under any more is received for the overlap (G4).
void
G4KekOfBefore(Sentence& t)
{
    auto lan = MakeLan(3, Preference::FALLING);
    for (auto& node : lan->nodes)
    {
        node->config.updateInterval = 1s;
    }
    lan->BootAll();
    lan->RunUntil(20s);
    lan->Crash(0);
    t.Holds(lan->RunUntil(lan->now + 10s, [&]() { return lan->Gcks() == 1; }), "r1 serves");
    BootAnew(*lan, 0);
    lan->RunUntil(lan->now + 10s, [&]() {
        t.Holds(lan->nodes[1]->engine->CurrentKekId(lan->now) != 0, "a KEK to send under");
        return false;
    });
    lan->RunUntil(lan->now + 5s);
    lan->Do(1, [&](MrkmpEngine& e) { e.Rekey(lan->now); });
    lan->RunUntil(lan->now + 10s + 4s); // lead and overlap; and a part of the second overlap
    t.Same(lan->nodes[2]->engine->Lists().at(0).size, size_t(2), "still received");
    lan->RunUntil(lan->now + 2s);
    t.Same(lan->nodes[2]->engine->Lists().at(0).size, size_t(1), "and then no more");
}

// Input: a GCKS dies, and is back as a member while the lead of the new one's keys lasts or some
// time later; both are apart then, until each serves, and merge. Output: who stays always has a KEK
// to send under, though the end of the one that was to bridge its lead comes with the last copy.
void
M4BridgeIsRetired(Sentence& t)
{
    for (int step = 0; step < 80; ++step)
    {
        auto lan = MakeLan(2, Preference::FALLING);
        lan->BootAll();
        lan->RunUntil(20s);
        lan->Crash(0);
        lan->RunUntil(lan->now + 10s, [&]() { return lan->Gcks() == 1; });
        BootAnew(*lan, 0);
        lan->RunUntil(lan->now + 2s + step % 10 * 500ms);
        lan->Cut({0}, {1});
        t.Holds(lan->RunUntil(lan->now + 10s, [&]() { return lan->Count(GcksRole::GCKS) == 2; }),
                "two GCKSs");
        lan->RunUntil(lan->now + step / 10 * 500ms);
        lan->Heal();
        lan->RunUntil(lan->now + 12s, [&]() {
            t.Holds(lan->nodes[0]->engine->CurrentKekId(lan->now) != 0,
                    "a KEK to send under, step " + std::to_string(step));
            return false;
        });
        BecomesOne(t, *lan, 30s, 0, "step " + std::to_string(step));
    }
}

// Input: a GCKS is not heard for a moment by a member, which then asks another one that has taken
// over, and hears its own again before it has the answer. Output: it stays with its own, and is
// registered with it when the two have merged.
void
M5BackBeforeTheAnswer(Sentence& t)
{
    auto lan = MakeLan(3, Preference::FALLING);
    lan->nodes[2]->config.joinSpread = 0s; // asks at once
    lan->nodes[2]->config.rivalPatience = 5s;
    lan->BootAll();
    lan->RunUntil(20s);
    bool silent = false;
    bool slow = true;
    lan->drop = [&](size_t from, size_t to, const Datagram& datagram) {
        const IkeExchange exchange = ExchangeOf(datagram);
        return (from == 0 && to == 2 && silent && exchange == IkeExchange::MRKMP_ADVERT) ||
               (from == 1 && to == 2 && slow && exchange == IkeExchange::IKE_AUTH);
    };
    lan->Cut({0}, {1}, true);             // r1 does not hear r0
    lan->TurnOff(Invariant::NO_KEY_DROP); // nor, from r2, of the keys of r0
    const IpAddress own = lan->nodes[0]->config.address;
    const auto& member = *lan->nodes[2];
    t.Holds(lan->RunUntil(lan->now + 10s, [&]() { return lan->Count(GcksRole::GCKS) == 2; }),
            "r1 serves as well");
    silent = true;
    t.Holds(lan->RunUntil(lan->now + 3s, [&]() { return member.engine->Gcks() != own; }),
            "followed for a moment");
    lan->RunUntil(lan->now + 1ms);
    silent = false;
    t.Holds(lan->RunUntil(lan->now + 3s, [&]() { return member.engine->Gcks() == own; }),
            "heard again");
    slow = false;
    lan->RunUntil(lan->now + 5s);
    t.Holds(member.engine->IsRegistered(), "registered with its own");
    lan->drop = nullptr;
    lan->Heal();
    BecomesOne(t, *lan, 30s, 0, "merged");
}

// Input: a router that does not hear the GCKS takes over, and tells its KEK to a member that stays
// with the GCKS; the end of that KEK is lost to the member when the two have merged. Output: it
// drops the KEK with the next update of its GCKS, which does not name it (M5, K3).
void
K3NotNamed(Sentence& t)
{
    auto lan = MakeLan(3, Preference::FALLING);
    lan->BootAll();
    lan->RunUntil(20s);
    lan->Cut({0}, {1}, true);             // r1 does not hear r0
    lan->TurnOff(Invariant::NO_KEY_DROP); // nor, from r2, of the keys of r0
    t.Holds(lan->RunUntil(lan->now + 10s, [&]() { return lan->Count(GcksRole::GCKS) == 2; }),
            "r1 serves as well");
    lan->RunUntil(lan->now + 100ms);
    const uint64_t kek = EventsOf<MrkmpEvent::Rekeyed>(*lan->nodes[1]).back().kekId;
    lan->drop = [](size_t from, size_t to, const Datagram& datagram) {
        return from == 1 && to == 2 && ExchangeOf(datagram) == IkeExchange::MRKMP_UPDATE;
    };
    lan->Heal();
    t.Holds(lan->RunUntil(lan->now + 10s, [&]() { return lan->Gcks() == 0; }), "merged");
    lan->RunUntil(lan->now + 6s);
    const auto told = EventsOf<MrkmpEvent::KekChanged>(*lan->nodes[2]);
    const auto count = [&](const std::string& what) {
        return std::count_if(told.begin(), told.end(), [&](const auto& event) {
            return event.keyId == kek && event.what == what;
        });
    };
    t.Equal(static_cast<size_t>(count("install")), 1, "it had the KEK");
    t.Equal(static_cast<size_t>(count("retire")), 1, "and has it no more");
    t.Equal(Joins(*lan, 2).size(), 1, "without another join");
}

// Input: a merge. Output: members follow with the last copy, and need not miss a heartbeat.
void
M4MembersFollow(Sentence& t)
{
    auto lan = Partitioned(t, 2, 3);
    lan->Heal();
    t.Holds(lan->RunUntil(lan->now + 10s, [&]() { return lan->Gcks() == 0; }), "merged");
    lan->RunUntil(lan->now + 1ms);
    for (const size_t member : {4U, 5U})
    {
        t.Holds(lan->nodes[member]->engine->Gcks() == lan->nodes[0]->config.address, "follows");
    }
}

/** The suite. */
class MrkmpMergeTestSuite : public TestSuite
{
  public:
    MrkmpMergeTestSuite()
        : TestSuite("karp-mrkmp-merge", TestSuite::Type::UNIT)
    {
        AddTestCase(new Sentence("M2 K11 the key of before", M2KeyOfBefore));
        AddTestCase(new Sentence("M6 a key that is not sent with yet", M6PendingKey));
        AddTestCase(new Sentence("M4 who goes says nothing of its own", M4NothingOfItsOwn));
        AddTestCase(new Sentence("M4 members follow at once", M4MembersFollow));
        AddTestCase(new Sentence("G4 the KEK of before", G4KekOfBefore));
        AddTestCase(new Sentence("M5 no KEK is left", M5NoKekIsLeft));
        AddTestCase(new Sentence("M5 K3 the end of a KEK is lost", M5LostDeletes));
        AddTestCase(new Sentence("M4 K7 the KEK that bridges the lead", M4BridgeIsRetired));
        AddTestCase(new Sentence("M5 back before the answer", M5BackBeforeTheAnswer));
        AddTestCase(new Sentence("M5 K3 a KEK that is not named", K3NotNamed));
        AddTestCase(new Sentence("M6 several at once", M6AtOnce));
        AddTestCase(new Sentence("M6 in sequence", M6InSequence));
        AddTestCase(new Sentence("M6 either GCKS crashes at any step", M6EitherCrashes));
        AddTestCase(new Sentence("M6 cut again at any step", M6CutAgain));
        AddTestCase(new Sentence("M6 heard one way", M6OneWay));
        AddTestCase(new Sentence("M6 heard by one", M6HeardByOne));
        AddTestCase(new Sentence("M6 under loss", M6UnderLoss));
        AddTestCase(new Sentence("M6 a partition elects meanwhile", M6ElectsMeanwhile));
    }
};

MrkmpMergeTestSuite g_mrkmpMergeTestSuite; //!< registers itself

} // namespace
