/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"

#include <set>

/**
 * \file
 * Several routers on a LAN, AuType 0: how they find each other, agree on a Designated Router and
 * get over losing it. Hellos every 10 s, dead after 40 s.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** \return whether all routers of \p lan that are on see all others in 2-Way */
bool
AllTwoWay(OspfLan& lan, const std::vector<size_t>& routers)
{
    for (const size_t n : routers)
    {
        std::string expected;
        for (const size_t other : routers)
        {
            if (other != n)
            {
                expected += expected.empty() ? "" : " ";
                expected += "r" + std::to_string(other) + ":2-Way";
            }
        }
        if (lan.Neighbors(n) != expected)
        {
            return false;
        }
    }
    return true;
}

/** \return what \p routers agree on, for example "dr=r3 bdr=r2", or "disagree" */
std::string
Agreed(OspfLan& lan, const std::vector<size_t>& routers)
{
    std::set<std::string> opinions;
    size_t designated = 0;
    size_t backup = 0;
    for (const size_t n : routers)
    {
        const std::string role = lan.Role(n);
        opinions.insert(role.substr(role.find(' ') + 1));
        designated += role.compare(0, 3, "DR ") == 0 ? 1 : 0;
        backup += role.compare(0, 7, "Backup ") == 0 ? 1 : 0;
    }
    return opinions.size() == 1 && designated == 1 && backup <= 1 ? *opinions.begin() : "disagree";
}

// Input: two routers that boot at one instant. Output: 2-Way with the second Hellos, and, when both
// have waited, the higher Router ID is Designated Router, the other Backup once it hears so.
void
TwoRouters(Sentence& t)
{
    OspfLan lan;
    lan.Add();
    lan.Add();
    lan.Up(1);
    lan.Up(2);
    lan.RunUntil(39s);
    t.Same(lan.Log(),
           "0s r1 Down -> Waiting (InterfaceUp)\n"
           "0s r2 Down -> Waiting (InterfaceUp)\n"
           "0s r1 sees r2 Down -> Init (HelloReceived)\n"
           "10s r2 sees r1 Down -> Init (HelloReceived)\n"
           "10s r2 sees r1 Init -> 2-Way (2-WayReceived)\n"
           "10s r1 sees r2 Init -> 2-Way (2-WayReceived)\n");
    lan.RunUntil(50s);
    t.Same(lan.Log(),
           "40s r1 Waiting -> DROther (WaitTimer)\n"
           "40s r1 elects dr=r2 bdr=r2\n"
           "40s r2 Waiting -> DR (WaitTimer)\n"
           "40s r2 elects dr=r2 bdr=r1 self\n"
           "40s r1 DROther -> Backup (NeighborChange)\n"
           "40s r1 elects dr=r2 bdr=r1\n");
    t.Equal(lan.AllDrops(1) + lan.AllDrops(2), 0, "nothing rejected");
}

// Input: eight routers with different priorities that boot within 8 s. Output: all see all, one
// Designated Router and one Backup, the best two, and nothing changes in the next hour.
void
EightRouters(Sentence& t)
{
    OspfLan lan;
    std::vector<size_t> all;
    for (const uint8_t priority : {1, 0, 7, 1, 9, 7, 1, 0})
    {
        all.push_back(lan.Add(priority));
        lan.Up(all.back());
        lan.RunUntil(lan.Now() + 1s);
    }
    lan.RunUntil(70s);
    t.Holds(AllTwoWay(lan, all), "all see all");
    t.Same(Agreed(lan, all), "dr=r5 bdr=r6");
    lan.Log();
    lan.RunUntil(3670s);
    t.Same(lan.Log(), "", "stable");
}

// Input: 40 LANs of 2 to 9 routers, boot times within two minutes, jitter. Output: everybody agrees
// in the end, whatever the order was.
void
AnyOrderOfBoots(Sentence& t)
{
    for (uint64_t seed = 1; seed <= 40; ++seed)
    {
        TestEntropy entropy(seed);
        OspfLan lan;
        std::vector<size_t> all;
        std::vector<std::pair<Time, size_t>> boots;
        const size_t count = 2 + entropy.DrawU64() % 8;
        for (size_t i = 0; i < count; ++i)
        {
            all.push_back(lan.Add(static_cast<uint8_t>(entropy.DrawU64() % 3)));
            lan.Config(all.back()).helloJitter = 0.1;
            boots.emplace_back(entropy.DrawTime(0s, 120s), all.back());
        }
        lan.Config(1).priority = 1;
        std::sort(boots.begin(), boots.end());
        for (const auto& [at, n] : boots)
        {
            lan.RunUntil(at);
            lan.Up(n);
        }
        lan.RunUntil(240s);
        t.Holds(AllTwoWay(lan, all), "all see all, seed " + std::to_string(seed));
        t.Holds(Agreed(lan, all) != "disagree", "agreement, seed " + std::to_string(seed));
    }
}

// Input: Designated Router and Backup are there; a better router boots. Output: it learns of them
// by BackupSeen within two Hellos, long before its Wait Timer, and takes nobody's place.
void
LateJoinerDoesNotPreempt(Sentence& t)
{
    OspfLan lan;
    lan.Add();
    lan.Add();
    lan.Add(200);
    lan.Up(1);
    lan.Up(2);
    lan.RunUntil(105s);
    lan.Log();
    lan.Up(3);
    lan.RunUntil(300s);
    t.Same(lan.Log("r3 W"), "110s r3 Waiting -> DROther (BackupSeen)\n");
    t.Same(Agreed(lan, {1, 2, 3}), "dr=r2 bdr=r1");
}

// Input: the Designated Router dies right after its Hello of 100 s. Output: at 140 s exactly the
// Backup takes over, and the best of the others becomes Backup.
void
BackupTakesOver(Sentence& t)
{
    OspfLan lan;
    for (int i = 0; i < 4; ++i)
    {
        lan.Up(lan.Add());
    }
    lan.RunUntil(101s);
    t.Same(Agreed(lan, {1, 2, 3, 4}), "dr=r4 bdr=r3");
    lan.Crash(4);
    lan.Log();
    lan.RunUntil(140s - 1ns);
    t.Same(lan.Log(), "", "not before");
    lan.RunUntil(140s);
    t.Same(lan.Log("r3"),
           "140s r1 elects dr=r3 bdr=r3\n"
           "140s r2 elects dr=r3 bdr=r3\n"
           "140s r3 sees r4 2-Way -> Down (InactivityTimer)\n"
           "140s r3 Backup -> DR (NeighborChange)\n"
           "140s r3 elects dr=r3 bdr=r2 self\n"
           "140s r1 elects dr=r3 bdr=r2\n"
           "140s r2 elects dr=r3 bdr=r2\n");
    lan.RunUntil(150s);
    t.Same(Agreed(lan, {1, 2, 3}), "dr=r3 bdr=r2");
    lan.Up(4);
    lan.RunUntil(300s);
    t.Same(Agreed(lan, {1, 2, 3, 4}), "dr=r3 bdr=r2", "the old one comes back and is not asked");
}

// Input: Designated Router and Backup die together. Output: the rest elect among themselves.
void
BothDie(Sentence& t)
{
    OspfLan lan;
    for (int i = 0; i < 5; ++i)
    {
        lan.Up(lan.Add());
    }
    lan.RunUntil(101s);
    lan.Crash(5);
    lan.Crash(4);
    lan.RunUntil(160s);
    t.Same(Agreed(lan, {1, 2, 3}), "dr=r3 bdr=r2");
}

// Input: a LAN is cut in two for five minutes and healed. Output: each half has its Designated
// Router; afterwards one of the two stays, the other one gives way and is, being the best of the
// rest, Backup.
void
PartitionHeals(Sentence& t)
{
    OspfLan lan;
    for (int i = 0; i < 6; ++i)
    {
        lan.Up(lan.Add());
    }
    lan.RunUntil(100s);
    t.Same(Agreed(lan, {1, 2, 3, 4, 5, 6}), "dr=r6 bdr=r5");
    lan.SetFilter([](size_t from, size_t to, const Bytes&) { return from % 2 == to % 2; });
    lan.RunUntil(400s);
    t.Same(Agreed(lan, {1, 3, 5}), "dr=r5 bdr=r3");
    t.Same(Agreed(lan, {2, 4, 6}), "dr=r6 bdr=r4");
    lan.SetFilter(nullptr);
    lan.RunUntil(500s);
    t.Same(Agreed(lan, {1, 2, 3, 4, 5, 6}), "dr=r6 bdr=r5");
}

// Input: one router is heard but hears nobody. Output: it is in Init with the others and no part of
// their elections, and they are unknown to it; nobody else is disturbed.
void
OneWayLink(Sentence& t)
{
    OspfLan lan;
    for (int i = 0; i < 3; ++i)
    {
        lan.Add();
    }
    lan.SetFilter([](size_t, size_t to, const Bytes&) { return to != 3; });
    for (size_t n = 1; n <= 3; ++n)
    {
        lan.Up(n);
    }
    lan.RunUntil(100s);
    t.Same(lan.Neighbors(1), "r2:2-Way r3:Init");
    t.Same(lan.Neighbors(3), "");
    t.Same(Agreed(lan, {1, 2}), "dr=r2 bdr=r1");
    t.Same(lan.Role(3), "DR dr=r3 bdr=none");
}

// Input: two Hellos in a row lost, later all. Output: neighbours live through two, and die where
// the fourth is due, RouterDeadInterval after the last.
void
LostHellos(Sentence& t)
{
    OspfLan lan;
    lan.Up(lan.Add());
    lan.Up(lan.Add());
    lan.RunUntil(100s);
    lan.Log();
    const auto drop = [](size_t from, size_t, const Bytes&) { return from != 2; };
    lan.SetFilter(drop);
    lan.RunUntil(125s);
    lan.SetFilter(nullptr);
    lan.RunUntil(175s);
    t.Same(lan.Log(), "", "those of 110 and 120 s");
    lan.SetFilter(drop);
    lan.RunUntil(210s);
    t.Same(lan.Log("r1 sees"), "210s r1 sees r2 2-Way -> Down (InactivityTimer)\n");
}

// Input: a jitter of a tenth. Output: intervals between Hellos lie in (9 s, 10 s] and spread over
// it; the Hello says 10 s all the same.
void
JitterShortens(Sentence& t)
{
    OspfLan lan;
    lan.Add();
    lan.Config(1).helloJitter = 0.1;
    lan.Up(1);
    lan.RunUntil(3600s);
    Time shortest = TIME_MAX;
    Time longest{0};
    for (size_t i = 1; i < lan.Frames().size(); ++i)
    {
        const Time interval = lan.Frames()[i].at - lan.Frames()[i - 1].at;
        shortest = std::min(shortest, interval);
        longest = std::max(longest, interval);
    }
    t.Holds(shortest >= 9s && shortest < 9100ms, "shortest " + std::to_string(shortest.count()));
    t.Holds(longest <= 10s && longest > 9900ms, "longest " + std::to_string(longest.count()));
    t.Same(ToHex(lan.LastFrame(1).packet), ToHex(OspfLan::Encode({1, {}, 1, 0})), "on the wire");

    OspfLan silly;
    silly.Add();
    silly.Config(1).helloJitter = 7;
    silly.Up(1);
    silly.RunUntil(100s);
    t.Holds(silly.Frames().size() <= 101, "a jitter above 0.9 is 0.9");
}

// Input: a host that is away for an hour (a real-time host may be). Output: one Hello, not 360; the
// neighbour is gone.
void
LateHost(Sentence& t)
{
    OspfLan lan;
    lan.Up(lan.Add());
    lan.Say(1, {2, {1}});
    OspfEngine& engine = lan.Engine(1);
    engine.Advance(3600s);
    size_t hellos = 0;
    while (engine.PollTransmit())
    {
        ++hellos;
    }
    t.Equal(hellos, 1, "one Hello");
    t.Same(lan.Role(1), "DR dr=r1 bdr=none");
    t.Same(lan.Neighbors(1), "");
    t.Equal(static_cast<uint64_t>(engine.NextTimeout()->count()),
            static_cast<uint64_t>(Time(3610s).count()),
            "and the next in time");
}

// Input: one router with two interfaces, each on a network of its own. Output: Hellos of one
// network do nothing to the other; numbers, addresses and roles are kept apart.
void
TwoInterfaces(Sentence& t)
{
    KeyTable keys;
    TestEntropy entropy(1);
    OspfEngine engine(OspfLan::RouterId(1), keys, entropy);
    for (const uint32_t index : {3, 2})
    {
        OspfInterfaceConfig config;
        config.index = index;
        config.address = {index << 24 | 1};
        config.authType = OspfAuthType::NONE;
        config.helloJitter = 0;
        t.Holds(engine.AddInterface(config), "added");
        engine.InterfaceUp(index, 0s);
    }
    engine.Receive(2, {2 << 24 | 2}, ALL_SPF_ROUTERS, OspfLan::Encode({2, {1}}), 0s);
    engine.Receive(3, {2 << 24 | 2}, ALL_SPF_ROUTERS, OspfLan::Encode({2, {1}}), 0s);
    t.Equal(engine.Neighbors(2).size(), 1, "on its network");
    t.Equal(engine.Neighbors(3).size(), 0, "not on the other");
    t.Equal(engine.Drops()[static_cast<size_t>(DropReason::BAD_SUBNET)], 1, "rejected there");
    engine.Advance(40s);
    std::string order;
    while (const auto out = engine.PollTransmit())
    {
        order += std::to_string(out->interface);
    }
    t.Same(order, "3223", "as they came up; then by instant and number");
    t.Equal(engine.DesignatedRouter(2).value, 2 << 24 | 1, "alone when the Wait Timer fired");
    t.Equal(engine.DesignatedRouter(3).value, 3 << 24 | 1, "alone");
    engine.InterfaceDown(2, 41s);
    t.Holds(engine.InterfaceState(2) == OspfInterfaceState::DOWN, "one down");
    t.Holds(engine.InterfaceState(3) == OspfInterfaceState::DR, "the other not");
}

} // namespace

std::vector<OspfTest>
OspfLanTests()
{
    return {
        {"two routers", TwoRouters},
        {"eight routers", EightRouters},
        {"any order of boots", AnyOrderOfBoots},
        {"late joiner does not pre-empt", LateJoinerDoesNotPreempt},
        {"Backup takes over", BackupTakesOver},
        {"DR and Backup die", BothDie},
        {"partition heals", PartitionHeals},
        {"one-way link", OneWayLink},
        {"lost Hellos", LostHellos},
        {"jitter shortens", JitterShortens},
        {"late host", LateHost},
        {"two interfaces", TwoInterfaces},
    };
}

} // namespace karp
} // namespace ns3
