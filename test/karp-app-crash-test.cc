/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-lan.h"
#include "karp-app-tests.h"

#include "ns3/boolean.h"
#include "ns3/csma-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4.h"
#include "ns3/packet.h"
#include "ns3/pointer.h"
#include "ns3/queue.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-app: crashes and boots, and what key management hears of routing (row E12).
 */

namespace ns3
{
namespace karp
{

namespace
{

std::vector<uint8_t> g_priorities; //!< of the advertisements that were sent
uint32_t g_sent;                   //!< messages that were sent
uint32_t g_installed;              //!< keys that were installed

/** An advertisement was sent. */
void
NoteAdvert(uint32_t, const MrkmpEvent::AdvertSent& advert)
{
    g_priorities.push_back(advert.priority);
}

/** A message was sent. */
void
NoteSent(uint32_t, const MessageInfo&)
{
    ++g_sent;
}

/** A protocol master key changed. */
void
NotePmk(uint32_t, const KmpApplication::PmkChange& change)
{
    g_installed += std::string(change.what) == "install" ? 1 : 0;
}

/** \return number of the next sequence number router \p i uses */
uint32_t
SequenceOf(const AppLan& lan, uint32_t i)
{
    return lan.Ospf(i)->GetEngine()->NextSequence(1);
}

/** Crash router \p i of \p lan at \p from and boot it at \p to without what \p words say. */
void
CrashBetween(AppLan& lan, uint32_t i, double from, double to, const char* words)
{
    lan.RunUntil(from);
    lan.GetRouter(i)->Crash();
    lan.RunUntil(to);
    lan.GetRouter(i)->Boot(*LossSet::Parse(words));
}

/**
 * Input: three routers; the GCKS crashes at 10 s and boots at 20 s without anything.
 * Output: while it is down it sends nothing and another is GCKS; afterwards it is a member with
 * keys, and everybody is everybody's neighbour again.
 */
void
CrashedRoutersAreSilent(Sentence& test)
{
    AppLan lan(3);
    lan.Install();
    lan.RunUntil(10);
    const uint32_t gcks = lan.Gcks();
    test.Holds(gcks < 3, "one GCKS");
    test.Equal(lan.TwoWays(0) + lan.TwoWays(1) + lan.TwoWays(2), 6, "neighbours");
    lan.GetRouter(gcks)->Crash();
    lan.GetRouter(gcks)->Crash();
    test.Holds(lan.GetRouter(gcks)->IsCrashed(), "crashed");
    g_sent = 0;
    lan.Kmp(gcks)->TraceConnectWithoutContext("Tx", MakeCallback(&NoteSent));
    lan.Ospf(gcks)->TraceConnectWithoutContext("Tx", MakeCallback(&NoteSent));
    lan.Kmp(gcks)->SetPriority(0, 7);
    lan.RunUntil(20);
    test.Equal(g_sent, 0, "sent while crashed");
    for (uint32_t i = 0; i < 3; ++i)
    {
        test.Equal(lan.TwoWays(i), i == gcks ? 2 : 1, "neighbours without it, and its own memory");
    }
    const uint32_t other = (gcks + 1) % 3;
    test.Holds(lan.Kmp(other)->GetGcks(0) != AppLan::AddressOf(gcks), "another GCKS");
    lan.GetRouter(gcks)->Boot(LossSet());
    test.Equal(lan.GetRouter(gcks)->Keys().Size(), 0, "keys are lost");
    test.Equal(lan.TwoWays(gcks), 0, "neighbours are lost");
    lan.RunUntil(30);
    test.Holds(lan.Kmp(gcks)->GetRole(0) == GcksRole::MEMBER, "member");
    test.Holds(lan.GetRouter(gcks)->Keys().Size() > 0, "has keys");
    test.Equal(lan.TwoWays(0) + lan.TwoWays(1) + lan.TwoWays(2), 6, "neighbours");
}

/** \return what \p device says of its attribute \p name */
bool
Says(Ptr<NetDevice> device, const std::string& name)
{
    BooleanValue value;
    device->GetAttribute(name, value);
    return value.Get();
}

/**
 * Input: a router crashes while a frame of its waits for the wire to be free, and boots.
 * Output: it is a neighbour again: what it sends comes out.
 */
void
CrashesInBackoffEnd(Sentence& test)
{
    AppLan lan(2);
    lan.Install();
    lan.RunUntil(5);
    for (const uint32_t i : {1, 0})
    {
        lan.devices.Get(i)->Send(Create<Packet>(1400), lan.devices.Get(i)->GetBroadcast(), 0x0800);
    }
    lan.GetRouter(0)->Crash();
    lan.RunUntil(6);
    lan.GetRouter(0)->Boot(LossSet());
    lan.RunUntil(60);
    test.Equal(lan.TwoWays(0) + lan.TwoWays(1), 2, "neighbours");
}

/**
 * Input: a router with two interfaces, the second down by hand, a busy CPU and a frame that waits
 * on the device; it crashes and boots. Output: interfaces and devices are off, the frame and the
 * work are gone; afterwards the first is on, the second is down as before.
 */
void
InterfacesGoDown(Sentence& test)
{
    AppLan lan(2);
    NetDeviceContainer second = CsmaHelper().Install(lan.nodes.Get(0));
    Ipv4AddressHelper("10.0.1.0", "255.255.255.0").Assign(second);
    lan.helper.Set("CpuCost", StringValue("mac=10s"));
    lan.Install();
    lan.RunUntil(5);
    Ptr<Ipv4> ipv4 = lan.nodes.Get(0)->GetObject<Ipv4>();
    ipv4->SetDown(2);
    for (int i = 0; i < 3; ++i)
    {
        lan.devices.Get(0)->Send(Create<Packet>(100), lan.devices.Get(0)->GetBroadcast(), 0x0800);
    }
    PointerValue queue;
    lan.devices.Get(0)->GetAttribute("TxQueue", queue);
    test.Holds(queue.Get<Queue<Packet>>()->GetNPackets() > 0, "frames wait");
    test.Holds(lan.GetRouter(0)->Cpu()->IsBusy(), "busy");
    lan.GetRouter(0)->Crash();
    test.Equal(queue.Get<Queue<Packet>>()->GetNPackets(), 0, "frames that wait");
    test.Holds(!lan.GetRouter(0)->Cpu()->IsBusy(), "not busy");
    test.Holds(!ipv4->IsUp(1) && !ipv4->IsUp(2), "interfaces are down");
    test.Holds(!Says(lan.devices.Get(0), "ReceiveEnable"), "receives nothing");
    lan.GetRouter(0)->Boot(LossSet());
    test.Holds(ipv4->IsUp(1), "the first is up");
    test.Holds(!ipv4->IsUp(2), "the second is down as before");
    // Wires that die and live again meanwhile are found so at the boot.
    Ptr<Router> owner = lan.GetRouter(0);
    owner->SetCarrier(1, false);
    test.Holds(!ipv4->IsUp(1), "a dead wire");
    owner->Crash();
    owner->SetCarrier(1, true);
    owner->SetCarrier(2, true);
    owner->SetCarrier(2, false);
    test.Holds(!ipv4->IsUp(1) && !ipv4->IsUp(2), "a crashed router has no interface");
    owner->Boot(LossSet());
    test.Holds(ipv4->IsUp(1) && !ipv4->IsUp(2), "as its wire is");
    owner->SetCarrier(2, true);
    test.Holds(ipv4->IsUp(2), "and lives again");
    test.Holds(Says(lan.devices.Get(0), "ReceiveEnable"), "receives");
}

/**
 * Input: key management of a crashed router is told to leave and to join; of a running one to
 * leave, before it crashes. Output: the first joins when the router boots, not before; the second
 * stays out.
 */
void
CommandsOutliveCrashes(Sentence& test)
{
    AppLan lan(3);
    lan.Install();
    lan.RunUntil(5);
    lan.GetRouter(0)->Crash();
    lan.Kmp(0)->Leave(0);
    lan.Kmp(0)->Join(0);
    test.Holds(!lan.Kmp(0)->GetEngine(0), "not while crashed");
    lan.Kmp(1)->Leave(0);
    lan.GetRouter(1)->Crash();
    lan.RunUntil(6);
    lan.GetRouter(0)->Boot(LossSet());
    lan.GetRouter(1)->Boot(LossSet());
    lan.RunUntil(12);
    test.Holds(lan.Kmp(0)->GetEngine(0) != nullptr, "joined");
    test.Holds(!lan.Kmp(1)->GetEngine(0), "stays out");
}

/**
 * Input: key management without routing; one router leaves its group, both crash and boot.
 * Output: it joins when it starts and when it boots, unless it has left.
 */
void
KeyManagementStandsAlone(Sentence& test)
{
    AppLan lan(2);
    lan.apps = lan.helper.Kmp().Install(lan.devices);
    lan.RunUntil(5);
    test.Holds(lan.Gcks() < 2, "one GCKS without any routing");
    lan.Kmp(1)->Leave(0);
    for (uint32_t i = 0; i < 2; ++i)
    {
        lan.GetRouter(i)->Crash();
        lan.GetRouter(i)->Boot(LossSet());
    }
    lan.RunUntil(10);
    test.Equal(lan.Gcks(), 0, "back");
    test.Holds(!lan.Kmp(1)->GetEngine(0), "stays out");
}

/**
 * Input: the clock of a router jumps ahead by ten seconds.
 * Output: its timers are due at once: it sends a Hello and an advertisement in the next
 * millisecond.
 */
void
ClocksMayJump(Sentence& test)
{
    AppLan lan(1);
    lan.Install();
    lan.RunUntil(5);
    g_sent = 0;
    lan.Ospf(0)->TraceConnectWithoutContext("Tx", MakeCallback(&NoteSent));
    lan.GetRouter(0)->SetAttribute("ClockOffset", StringValue("10s"));
    lan.RunUntil(5.001);
    test.Equal(g_sent, 1, "Hello");
    g_sent = 0;
    lan.Kmp(0)->TraceConnectWithoutContext("Tx", MakeCallback(&NoteSent));
    lan.GetRouter(0)->SetAttribute("ClockOffset", StringValue("10.9s"));
    lan.RunUntil(5.002);
    test.Holds(g_sent > 0, "advertisement");
}

/**
 * Input: a member is down for 1 s, less than any timer, and loses nothing.
 * Output: it is a member with the same keys, neighbours and sequence numbers at once.
 */
void
NothingLostIsNothingLost(Sentence& test)
{
    AppLan lan(3);
    lan.Install();
    lan.RunUntil(10);
    const uint32_t member = (lan.Gcks() + 1) % 3;
    const uint32_t sequence = SequenceOf(lan, member);
    const size_t keys = lan.GetRouter(member)->Keys().Size();
    CrashBetween(lan, member, 10, 10.4, "none");
    test.Holds(lan.Kmp(member)->GetRole(0) == GcksRole::MEMBER, "member");
    test.Equal(lan.GetRouter(member)->Keys().Size(), keys, "keys");
    test.Equal(lan.TwoWays(member), 2, "neighbours");
    test.Holds(SequenceOf(lan, member) >= sequence, "sequence numbers");
    lan.RunUntil(12);
    test.Holds(SequenceOf(lan, member) > sequence, "Hellos go on");
    test.Equal(lan.TwoWays((member + 1) % 3), 2, "nobody noticed");
}

/**
 * Input: a member reboots without its neighbours; without its sequence numbers; without its
 * associations.
 * Output: exactly that is lost, and what lies in the same memory.
 */
void
LossesAreChosen(Sentence& test)
{
    for (const std::string words : {"neighbors", "seq", "sa", "seq,sa", "keys"})
    {
        AppLan lan(2);
        lan.Install();
        lan.RunUntil(10);
        const uint32_t member = 1 - lan.Gcks();
        const uint32_t sequence = SequenceOf(lan, member);
        CrashBetween(lan, member, 10, 10.4, words.c_str());
        const bool routing = words != "sa" && words != "keys";
        test.Equal(lan.TwoWays(member), routing ? 0 : 1, words + ": neighbours");
        const bool anew = words == "seq" || words == "seq,sa";
        if (anew)
        {
            test.Holds(SequenceOf(lan, member) < 2, words + ": sequence numbers begin anew");
        }
        else
        {
            test.Holds(SequenceOf(lan, member) >= sequence, words + ": sequence numbers go on");
        }
        // Whoever lost its sequence numbers must not send under its old key (K10).
        const bool without = words == "keys" || anew;
        test.Equal(lan.GetRouter(member)->Keys().Size(), without ? 0 : 1, words + ": keys");
        const bool member0 = lan.Kmp(member)->GetRole(0) == GcksRole::MEMBER;
        test.Holds(member0 == (words == "neighbors"), words + ": role");
        lan.RunUntil(20);
        test.Holds(lan.Kmp(member)->GetRole(0) == GcksRole::MEMBER, words + ": member again");
        test.Equal(lan.TwoWays(0) + lan.TwoWays(1), 2, words + ": neighbours again");
    }
}

/**
 * Input: SequenceInit kept and clock, the latter with a number for each packet and for each second;
 * reboot without anything, and of a member without its numbers alone.
 * Output: numbers go on from stable storage; begin at the seconds of the clock. Of those only
 * numbers of packets may be ahead of the clock, so that others repeat: that router asks for another
 * key.
 */
void
SequencesBeginAsConfigured(Sentence& test)
{
    for (const std::string init : {"kept", "clock", "clock second"})
    {
        AppLan lan(2);
        lan.helper.Set("SequenceInit", StringValue(init.substr(0, 5)));
        lan.helper.Set("SequenceStep", StringValue(init.size() > 5 ? "second" : "packet"));
        lan.Install();
        lan.RunUntil(10);
        const uint32_t sequence = SequenceOf(lan, 1);
        CrashBetween(lan, 1, 10, 15, "all");
        lan.RunUntil(25);
        test.Equal(lan.TwoWays(1), 1, init + ": neighbours");
        test.Holds(SequenceOf(lan, 1) > (init == "kept" ? sequence : 20),
                   init + ": " + std::to_string(SequenceOf(lan, 1)));
        const uint32_t member = 1 - lan.Gcks();
        CrashBetween(lan, member, 26, 26.4, "seq");
        const bool repeats = init == "clock";
        const bool isMember = lan.Kmp(member)->GetRole(0) == GcksRole::MEMBER;
        test.Holds(isMember == !repeats, init + ": member");
        test.Holds((lan.GetRouter(member)->Keys().Size() > 0) == !repeats, init + ": keys");
    }
    AppLan lan(2);
    lan.Install();
    lan.Ospf(0)->SetFirstSequence(1, 4711);
    lan.RunUntil(1);
    test.Holds(SequenceOf(lan, 0) >= 4711, "SetFirstSequence");
    test.Holds(SequenceOf(lan, 1) < 4711, "only there");
    CrashBetween(lan, 0, 5, 6, "all");
    test.Holds(SequenceOf(lan, 0) < 4711, "only once");
}

/**
 * Input: routing begins, has a priority, becomes Designated Router, is that no longer, ends, each
 * told to the Router by the test itself; with FollowDr, and with FollowRouterPriority.
 * Output: the group is joined and left with it; advertisements carry the priority that is due.
 */
void
KeyManagementFollowsRouting(Sentence& test)
{
    for (const bool followPriority : {false, true})
    {
        g_priorities.clear();
        AppLan lan(1);
        lan.helper.Set("FollowDr", BooleanValue(!followPriority));
        lan.helper.Set("FollowRouterPriority", BooleanValue(followPriority));
        lan.apps = lan.helper.Kmp().Install(lan.devices);
        lan.Kmp(0)->TraceConnectWithoutContext("AdvertSent", MakeCallback(&NoteAdvert));
        Ptr<Router> router = lan.GetRouter(0);
        const auto last = [&lan](double until) {
            lan.RunUntil(until);
            return g_priorities.empty() ? 0 : g_priorities.back();
        };
        router->AnnounceRouting(1);
        lan.RunUntil(1);
        test.Holds(lan.Kmp(0)->GetRole(0) == GcksRole::DOWN, "waits for routing");
        router->RoutingUp(1, 50, false);
        test.Equal(last(3), followPriority ? 50 : 100, "priority");
        router->SetRoutingPriority(1, 60);
        test.Equal(last(4), followPriority ? 60 : 100, "other router priority");
        router->SetDesignated(1, true);
        test.Equal(last(5), followPriority ? 60 : 255, "Designated Router");
        router->SetDesignated(1, false);
        test.Equal(last(6), followPriority ? 60 : 100, "no longer");
        lan.Kmp(0)->SetPriority(0, 9);
        test.Equal(last(7), 9, "set by hand");
        test.Holds(lan.Kmp(0)->GetRole(0) == GcksRole::GCKS, "GCKS");
        router->RoutingDown(1);
        test.Holds(lan.Kmp(0)->GetRole(0) == GcksRole::DOWN, "left");
        test.Equal(router->Keys().Size(), 0, "no keys");
        const size_t count = g_priorities.size();
        lan.RunUntil(9);
        test.Equal(g_priorities.size(), count, "silent");
    }
}

/**
 * Input: three routers with FollowDr; the one with the highest address becomes Designated Router.
 * Output: it stands with priority 255 from then on, and no other does.
 */
void
DesignatedRouterStandsHighest(Sentence& test)
{
    AppLan lan(3);
    lan.helper.Set("FollowDr", BooleanValue(true));
    lan.Install();
    lan.Kmp(2)->SetPriority(0, 200);
    g_priorities.clear();
    lan.Kmp(2)->TraceConnectWithoutContext("AdvertSent", MakeCallback(&NoteAdvert));
    lan.RunUntil(15);
    test.Holds(lan.Gcks() == 2, "GCKS");
    test.Holds(lan.GetRouter(2)->IsDesignated(1), "Designated Router");
    test.Holds(!lan.GetRouter(1)->IsDesignated(1), "only one");
    test.Equal(g_priorities.front(), 200, "at first");
    test.Equal(g_priorities.back(), 255, "in the end");
    lan.GetRouter(2)->Crash();
    test.Holds(!lan.GetRouter(2)->IsDesignated(1), "not when it is crashed");
}

/**
 * Input: a member leaves its group and joins it again, by hand; sequence numbers run low.
 * Output: its keys go at once (H 8.3), and come again; a new key is installed (R2).
 */
void
GroupsAreLeftAndJoined(Sentence& test)
{
    g_installed = 0;
    AppLan lan(2);
    lan.Install();
    lan.RunUntil(10);
    const uint32_t member = 1 - lan.Gcks();
    lan.Kmp(member)->Leave(0);
    test.Holds(lan.Kmp(member)->GetRole(0) == GcksRole::DOWN, "left");
    test.Holds(lan.Kmp(member)->GetEngine(0) == nullptr, "no engine");
    test.Equal(lan.GetRouter(member)->Keys().Size(), 0, "no keys");
    lan.Kmp(member)->Join(0);
    lan.RunUntil(13);
    test.Holds(lan.Kmp(member)->GetRole(0) == GcksRole::MEMBER, "member");
    test.Holds(lan.GetRouter(member)->Keys().Size() > 0, "keys");
    lan.Kmp(member)->TraceConnectWithoutContext("Pmk", MakeCallback(&NotePmk));
    lan.GetRouter(member)->SequenceLow(1);
    lan.RunUntil(14);
    test.Holds(g_installed > 0, "a new key");
}

/**
 * Input: forty sequence numbers, Hellos each second, KEKs for an hour.
 * Output: routing's word goes all the way: new keys come long before a KEK changes (R2).
 */
void
SequenceLowChangesTheKey(Sentence& test)
{
    g_installed = 0;
    AppLan lan(2);
    lan.helper.Set("SequenceLimit", UintegerValue(40));
    lan.helper.Set("KekLifetime", StringValue("1h"));
    lan.Install();
    lan.Kmp(0)->TraceConnectWithoutContext("Pmk", MakeCallback(&NotePmk));
    lan.RunUntil(45);
    test.Holds(g_installed > 1, "keys: " + std::to_string(g_installed));
}

/**
 * Input: applications stop.
 * Output: neighbours, engines and keys are gone, and nothing is sent.
 */
void
ApplicationsStop(Sentence& test)
{
    AppLan lan(2);
    lan.Install();
    lan.apps.Stop(Seconds(8));
    lan.RunUntil(7);
    test.Equal(lan.TwoWays(0), 1, "neighbours");
    lan.RunUntil(8);
    g_sent = 0;
    for (uint32_t i = 0; i < lan.apps.GetN(); ++i)
    {
        lan.apps.Get(i)->TraceConnectWithoutContext("Tx", MakeCallback(&NoteSent));
    }
    lan.RunUntil(20);
    test.Equal(g_sent, 0, "sent");
    test.Holds(!lan.Ospf(0)->GetEngine() && !lan.Kmp(0)->GetEngine(0), "no engines");
    test.Equal(lan.GetRouter(0)->Keys().Size(), 0, "keys");
}

/**
 * Input: a key table that is full.
 * Output: the protocol master key is refused and told so; the router is a member all the same.
 */
void
FullKeyTableIsTold(Sentence& test)
{
    AppLan lan(1);
    lan.Install();
    for (size_t i = 0; i < KeyTable::MAX_ROWS; ++i)
    {
        KeyRow row = ManualKey();
        row.adminKeyName = "row" + std::to_string(i);
        row.localKeyName = IntegerKeyName(i, 4);
        row.interfaces = {99};
        row.protocol = KeyProtocol::LDP;
        lan.GetRouter(0)->InstallKey(row);
    }
    static std::vector<std::string> changes;
    changes.clear();
    void (*note)(uint32_t, const KmpApplication::PmkChange&) =
        [](uint32_t, const KmpApplication::PmkChange& change) { changes.push_back(change.what); };
    lan.Kmp(0)->TraceConnectWithoutContext("Pmk", MakeCallback(note));
    lan.RunUntil(5);
    test.Holds(lan.Kmp(0)->GetRole(0) == GcksRole::GCKS, "GCKS of itself");
    test.Holds(!changes.empty() && changes.front() == "refuse", "refused");
}

} // namespace

std::vector<TestCase*>
CrashTests()
{
    return {new Sentence("crashed routers are silent", CrashedRoutersAreSilent),
            new Sentence("a router that lost nothing goes on", NothingLostIsNothingLost),
            new Sentence("losses are chosen", LossesAreChosen),
            new Sentence("sequence numbers begin as configured", SequencesBeginAsConfigured),
            new Sentence("key management follows routing", KeyManagementFollowsRouting),
            new Sentence("a Designated Router stands highest", DesignatedRouterStandsHighest),
            new Sentence("groups are left and joined", GroupsAreLeftAndJoined),
            new Sentence("low sequence numbers change the key", SequenceLowChangesTheKey),
            new Sentence("a crash in the midst of a backoff ends", CrashesInBackoffEnd),
            new Sentence("interfaces go down and come back as they were", InterfacesGoDown),
            new Sentence("commands outlive crashes", CommandsOutliveCrashes),
            new Sentence("key management stands alone", KeyManagementStandsAlone),
            new Sentence("clocks may jump", ClocksMayJump),
            new Sentence("applications stop", ApplicationsStop),
            new Sentence("a full key table is told", FullKeyTableIsTold)};
}

} // namespace karp
} // namespace ns3
