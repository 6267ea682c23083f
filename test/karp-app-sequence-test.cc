/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-lan.h"
#include "karp-app-tests.h"
#include "karp-sentence.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-app: cryptographic sequence numbers of OSPF over crashes, the attributes that
 * say how they are judged, and what of key management shows in OSPF's packets (row R4).
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A packet that a router sent. */
struct Sent
{
    double at{0};   //!< when
    Bytes packet{}; //!< IP payload

    /** The same octets at the same instant. */
    friend bool operator==(const Sent& a, const Sent& b)
    {
        return a.at == b.at && a.packet == b.packet;
    }
};

std::vector<std::vector<Sent>> g_sent; //!< by router

/** What was done to a key table. */
struct KeyChange
{
    ns3::Time at;       //!< when
    uint32_t router{0}; //!< whose
    bool isNew{true};   //!< put in, or else taken out
    KeyRow row;         //!< which row, or one of its name
};

std::vector<KeyChange> g_changes; //!< in order

/** OSPF of router \p i sent a packet. */
void
NoteSent(uint32_t i, uint32_t, const MessageInfo& message)
{
    g_sent[i].push_back({Simulator::Now().GetSeconds(), message.payload.Copy()});
}

/** A row came or changed in the table of router \p i. */
void
NoteInstalled(uint32_t i, const KeyRow& row, bool)
{
    g_changes.push_back({Simulator::Now(), i, true, row});
}

/** A row went from the table of router \p i. */
void
NoteRetired(uint32_t i, const std::string& name, bool)
{
    KeyRow row;
    row.adminKeyName = name;
    g_changes.push_back({Simulator::Now(), i, false, row});
}

/** Do by hand to the table of \p router what \p change says. */
void
Apply(Ptr<Router> router, KeyChange change)
{
    if (change.isNew)
    {
        router->InstallKey(change.row);
    }
    else
    {
        router->RetireKey(change.row.adminKeyName);
    }
}

/** Note what \p ospf of router \p i sends, its jitter being the same in every simulation. */
void
Watch(Ptr<OspfApplication> ospf, uint32_t i)
{
    ospf->TraceConnectWithoutContext("Tx", MakeBoundCallback(&NoteSent, i));
    ospf->AssignStreams(7000 + i);
}

/** \return the next sequence number of router \p i */
uint64_t
NextOf(const AppLan& lan, uint32_t i)
{
    return lan.Ospf(i)->GetEngine()->NextSequence(1);
}

/** \return the sequence number of \p packet */
uint64_t
SequenceOf(const Bytes& packet)
{
    const auto decoded = DecodeOspfPacket(packet);
    const auto* view = std::get_if<OspfPacketView>(&decoded);
    return view == nullptr ? 0 : view->sequence;
}

/** Crash router \p i of \p lan at \p from and boot it at \p to without what \p words say. */
void
CrashBetween(AppLan& lan, uint32_t i, double from, double to, const std::string& words)
{
    lan.RunUntil(from);
    lan.GetRouter(i)->Crash();
    lan.RunUntil(to);
    lan.GetRouter(i)->Boot(*LossSet::Parse(words));
}

/** \return how many packets \p ospf refused for their numbers */
uint64_t
Replays(Ptr<OspfApplication> ospf)
{
    return ospf->GetDrops()[static_cast<size_t>(DropReason::REPLAYED_SEQUENCE)];
}

/** \return the same of router \p i of \p lan, which has key management too */
uint64_t
Replays(const AppLan& lan, uint32_t i)
{
    return Replays(lan.Ospf(i));
}

/**
 * Input: AuType 3; a member reboots without anything, without its numbers only, without stable
 * storage but with its numbers, without its numbers, without stable storage and its numbers.
 * Output: the boot count goes up, goes up, stays, goes up, is back where it began; and only in the
 * last case does key management hear of a new session, and the old key is not sent with (RFC 7474
 * section 8).
 */
void
BootCountIsKept(Sentence& test)
{
    AppLan lan(2);
    lan.helper.Set("SequenceRule", StringValue("rfc7474"));
    lan.Install();
    lan.RunUntil(10);
    const uint32_t member = 1 - lan.Gcks();
    test.Equal(NextOf(lan, member) >> 32, 1, "first boot");
    test.Equal(lan.TwoWays(0) + lan.TwoWays(1), 2, "neighbours");
    CrashBetween(lan, member, 10, 15, "all");
    test.Equal(NextOf(lan, member) >> 32, 2, "second boot");
    test.Equal(NextOf(lan, member) & UINT32_MAX, 0, "lower half anew; no key yet");
    lan.RunUntil(20);
    test.Equal(lan.TwoWays(0) + lan.TwoWays(1), 2, "neighbours again");
    test.Equal(Replays(lan, 1 - member), 0, "nobody takes it for a replay");
    CrashBetween(lan, member, 20, 20.4, "seq");
    test.Equal(NextOf(lan, member) >> 32, 3, "third boot");
    test.Holds(lan.GetRouter(member)->Keys().Size() > 0, "no new session");
    lan.RunUntil(25);
    test.Equal(Replays(lan, 1 - member), 0, "heard at once");
    const uint64_t next = NextOf(lan, member);
    CrashBetween(lan, member, 25, 25.4, "neighbors,nvram");
    test.Holds(NextOf(lan, member) >= next, "numbers were not lost");
    lan.RunUntil(30);
    CrashBetween(lan, member, 30, 30.4, "seq");
    test.Equal(NextOf(lan, member) >> 32, 4, "boots that lost numbers count, and no others");
    lan.RunUntil(35);
    CrashBetween(lan, member, 35, 35.4, "nvram,seq");
    test.Equal(NextOf(lan, member) >> 32, 1, "storage lost");
    test.Equal(lan.GetRouter(member)->Keys().Size(), 0, "a new session");
}

/**
 * Input: AuType 2 with numbers in stable storage, which is lost; words for what is lost.
 * Output: numbers begin anew, and key management hears of it; "all" does not take stable storage
 * away, nor give it back.
 */
void
StorageIsLostOnlyByName(Sentence& test)
{
    AppLan lan(2);
    lan.helper.Set("SequenceInit", StringValue("kept"));
    lan.Install();
    lan.RunUntil(10);
    const uint32_t member = 1 - lan.Gcks();
    const uint64_t next = NextOf(lan, member);
    CrashBetween(lan, member, 10, 10.4, "seq");
    test.Holds(NextOf(lan, member) >= next, "kept");
    test.Holds(lan.GetRouter(member)->Keys().Size() > 0, "no new session");
    CrashBetween(lan, member, 12, 12.4, "seq,nvram");
    test.Holds(NextOf(lan, member) < 2, "lost");
    test.Equal(lan.GetRouter(member)->Keys().Size(), 0, "a new session");
    test.Holds(!LossSet::Parse("all")->nvram, "all");
    test.Holds(LossSet::Parse("nvram,all")->nvram && LossSet::Parse("all,nvram")->nvram, "both");
}

/**
 * Input: the lower half of AuType 3 is short, so that the boot count goes up by itself; then a
 * reboot. SetFirstSequence with AuType 3.
 * Output: the count goes on from where it was, not from the count of boots.
 */
void
CountGoesOnAfterWrap(Sentence& test)
{
    AppLan lan(2);
    lan.helper.Set("SequenceRule", StringValue("rfc7474"));
    lan.helper.Set("SequenceLimit", UintegerValue(2));
    lan.Install();
    lan.Ospf(0)->SetFirstSequence(1, (uint64_t{70} << 32) + 1);
    lan.RunUntil(10);
    const uint64_t before = NextOf(lan, 1) >> 32;
    test.Holds(before > 2, "wrapped");
    test.Holds(NextOf(lan, 0) >> 32 > 70, "began at 70");
    test.Equal(lan.TwoWays(0) + lan.TwoWays(1), 2, "neighbours");
    CrashBetween(lan, 1, 10, 10.4, "seq");
    test.Equal(NextOf(lan, 1) >> 32, before + 1, "boot");
}

/**
 * Input: a boot count that has reached its end, and a reboot.
 * Output: it stays there and does not begin anew by itself; numbers may repeat now, so key
 * management hears of a new session.
 */
void
LastBootCount(Sentence& test)
{
    AppLan lan(2);
    lan.helper.Set("SequenceRule", StringValue("rfc7474"));
    lan.Install();
    lan.Ospf(0)->SetFirstSequence(1, uint64_t{UINT32_MAX} << 32);
    lan.Ospf(1)->SetFirstSequence(1, uint64_t{UINT32_MAX} << 32);
    lan.RunUntil(10);
    const uint32_t member = 1 - lan.Gcks();
    CrashBetween(lan, member, 10, 10.4, "seq");
    test.Equal(NextOf(lan, member), uint64_t{UINT32_MAX} << 32, "the last count");
    test.Equal(lan.GetRouter(member)->Keys().Size(), 0, "a new session");
}

/**
 * Input: a router reboots for 0.4 s with numbers from zero; key management gives it another key.
 * Its neighbour keeps one number for it, or one for each key.
 * Output: one number: it is taken for a replay until it is Down; one for each key: not once.
 */
void
NewKeyAfterReboot(Sentence& test)
{
    for (const bool perKey : {false, true})
    {
        AppLan lan(2);
        lan.helper.Set("SequencePerKey", BooleanValue(perKey));
        lan.helper.Set("RebootLead", StringValue("500ms"));
        lan.Install();
        lan.RunUntil(10);
        const uint32_t member = 1 - lan.Gcks();
        CrashBetween(lan, member, 10, 10.4, "all");
        lan.RunUntil(25);
        test.Holds((Replays(lan, 1 - member) > 0) == !perKey, perKey ? "per key" : "one number");
        test.Equal(lan.TwoWays(0) + lan.TwoWays(1), 2, "neighbours in the end");
    }
}

/**
 * Input: a router is down until its neighbour has forgotten it, then counts from zero under the
 * same key: keys are there by hand. SequenceForgotten true, and false. Output: heard, and refused.
 */
void
NumbersAreForgotten(Sentence& test)
{
    for (const bool forgotten : {true, false})
    {
        AppLan lan(2);
        lan.helper.Set("SequenceForgotten", BooleanValue(forgotten));
        lan.apps = lan.helper.Ospf().Install(lan.devices);
        lan.GetRouter(0)->InstallKey(ManualKey());
        lan.GetRouter(1)->InstallKey(ManualKey());
        CrashBetween(lan, 1, 20, 30, "seq,neighbors");
        lan.RunUntil(38);
        const auto ospf = DynamicCast<OspfApplication>(lan.apps.Get(0));
        test.Holds((Replays(ospf) > 0) == !forgotten, forgotten ? "forgotten" : "kept");
    }
}

/**
 * Input: numbers that go up once a second while Hellos come up to twice as often; strict and not.
 * Output: two Hellos have one number now and then; who is strict refuses those, and only those.
 */
void
NumbersRepeatInASecond(Sentence& test)
{
    for (const std::string rule : {"rfc2328", "strict"})
    {
        g_sent.assign(2, {});
        AppLan lan(2);
        lan.helper.Set("SequenceRule", StringValue(rule));
        lan.helper.Set("SequenceStep", StringValue("second"));
        lan.helper.Set("SequenceInit", StringValue("clock"));
        lan.helper.Set("HelloJitter", DoubleValue(0.5));
        lan.Install();
        Watch(lan.Ospf(0), 0);
        lan.RunUntil(40);
        uint64_t repeated = 0;
        for (size_t i = 1; i < g_sent[0].size(); ++i)
        {
            const uint64_t number = SequenceOf(g_sent[0][i].packet);
            repeated += number == SequenceOf(g_sent[0][i - 1].packet) ? 1 : 0;
            test.Equal(number, static_cast<uint64_t>(g_sent[0][i].at), "the second");
        }
        test.Holds(repeated > 3, "some repeat");
        test.Equal(Replays(lan, 1), rule == "strict" ? repeated : 0, rule);
    }
}

/**
 * Input: three routers whose keys come from MRKMP, through joins and two changes of the key; the
 * same routers without key management, their key tables filled by hand with the same rows at the
 * same instants; the same with one key left out at one router.
 * Output: OSPF sends the same octets, packet by packet, at the same instants: it does not know who
 * keeps the table. With a key less it would not.
 */
void
SameOctetsByHand(Sentence& test)
{
    g_changes.clear();
    g_sent.assign(3, {});
    {
        AppLan lan(3);
        lan.Install();
        for (uint32_t i = 0; i < 3; ++i)
        {
            Watch(lan.Ospf(i), i);
            lan.GetRouter(i)->TraceConnectWithoutContext("KeyInstalled",
                                                         MakeBoundCallback(&NoteInstalled, i));
            lan.GetRouter(i)->TraceConnectWithoutContext("KeyRetired",
                                                         MakeBoundCallback(&NoteRetired, i));
        }
        lan.RunUntil(45);
    }
    const auto packets = g_sent;
    const auto changes = g_changes;
    std::vector<SecretBytes> keys;
    for (const KeyChange& change : changes)
    {
        if (change.isNew && std::count(keys.begin(), keys.end(), change.row.key) == 0)
        {
            keys.push_back(change.row.key);
        }
    }
    test.Holds(keys.size() >= 3, "the key changed");
    for (const bool isWhole : {true, false})
    {
        g_sent.assign(3, {});
        AppLan lan(3);
        lan.apps = lan.helper.Ospf().Install(lan.devices);
        for (uint32_t i = 0; i < 3; ++i)
        {
            Watch(DynamicCast<OspfApplication>(lan.apps.Get(i)), i);
        }
        for (const KeyChange& change : changes)
        {
            if (isWhole || change.router != 0 || change.row.key != keys[1])
            {
                Simulator::Schedule(change.at, &Apply, lan.GetRouter(change.router), change);
            }
        }
        lan.RunUntil(45);
        test.Holds((g_sent == packets) == isWhole, isWhole ? "the same octets" : "a key less");
        test.Holds(packets[0].size() > 40 && packets[2].size() > 40, "something was sent");
    }
}

} // namespace

std::vector<TestCase*>
SequenceTests()
{
    return {
        new Sentence("RFC 7474 2 8 the boot count is kept", BootCountIsKept),
        new Sentence("stable storage is lost only by name", StorageIsLostOnlyByName),
        new Sentence("RFC 7474 2 the boot count goes on after a wrap", CountGoesOnAfterWrap),
        new Sentence("RFC 7474 2 the last boot count", LastBootCount),
        new Sentence("a new key after a reboot, one number or one for each key", NewKeyAfterReboot),
        new Sentence("numbers go with the neighbour, or stay", NumbersAreForgotten),
        new Sentence("numbers repeat within a second", NumbersRepeatInASecond),
        new Sentence("R4 the same octets with keys by hand", SameOctetsByHand)};
}

} // namespace karp
} // namespace ns3
