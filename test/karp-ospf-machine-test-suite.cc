/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"
#include "karp-test-data.h"

#include "ns3/karp-ospf-interface.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

/**
 * \file
 * The machines of RFC 2328 sections 9.3 and 10.3: as tables, and as one router (r1) that is told
 * Hellos made by hand. Hellos every 10 s, dead after 40 s.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** A LAN with r1 alone, up since 0 s. */
class Bench : public OspfLan
{
  public:
    /** r1 has \p priority. */
    explicit Bench(uint8_t priority = 1)
    {
        Add(priority);
        Up(1);
        Log();
    }
};

/** \return names of the states in \p set */
template <typename S>
std::string
Names(uint32_t set)
{
    std::string text;
    for (size_t i = 0; i < static_cast<size_t>(S::COUNT); ++i)
    {
        if ((set >> i & 1) != 0)
        {
            text += text.empty() ? "" : "|";
            text += ToString(static_cast<S>(i));
        }
    }
    return text;
}

/** \return each state and event of \p table, with the states the row allows and its text */
template <typename S, typename E, typename Table>
std::string
Print(const std::string& title, const Table& table)
{
    std::ostringstream out;
    out << "# " << title << "\n";
    for (size_t s = 0; s < static_cast<size_t>(S::COUNT); ++s)
    {
        for (size_t e = 0; e < static_cast<size_t>(E::COUNT); ++e)
        {
            const auto state = static_cast<S>(s);
            const auto event = static_cast<E>(e);
            const auto* row = FindTransition(table, state, event);
            out << ToString(state) << " + " << ToString(event) << " -> "
                << (row == nullptr ? "unexpected" : Names<S>(row->to) + "   # " + row->cite)
                << "\n";
        }
    }
    return out.str();
}

// Input: both tables. Output: no state and event match two rows; each row cites its text.
void
TablesAreUnambiguous(Sentence& t)
{
    t.Holds(IsUnambiguous(OspfInterface::Machine()), "section 9.3");
    t.Holds(IsUnambiguous(OspfNeighbor::Machine()), "section 10.3");
    for (const auto& row : OspfInterface::Machine())
    {
        t.Holds(row.act != nullptr && row.from != 0 && row.to != 0 && row.cite != nullptr, "row");
    }
    for (const auto& row : OspfNeighbor::Machine())
    {
        t.Holds(row.act != nullptr && row.from != 0 && row.to != 0 && row.cite != nullptr, "row");
    }
}

// Input: both tables. Output: what test/golden/ospf-machines.txt says; KARP_REWRITE=1 writes it.
void
TablesAreGolden(Sentence& t)
{
    const std::string actual =
        Print<OspfInterfaceState, OspfInterfaceEvent>("Interface machine (RFC 2328 section 9.3)",
                                                      OspfInterface::Machine()) +
        Print<OspfNeighborState, OspfNeighborEvent>("Neighbor machine (RFC 2328 section 10.3)",
                                                    OspfNeighbor::Machine());
    const std::string path = KarpTestDataPath() + "/golden/ospf-machines.txt";
    const char* rewrite = std::getenv("KARP_REWRITE");
    if (rewrite != nullptr && std::string(rewrite) == "1")
    {
        std::ofstream(path) << actual;
    }
    std::ifstream file(path);
    std::stringstream golden;
    golden << file.rdbuf();
    t.Same(actual, golden.str(), path);
}

// Input: InterfaceUp, then silence. Output: Waiting, a Hello at once that names nobody; at
// RouterDeadInterval exactly, WaitTimer, and alone it is Designated Router.
void
WaitTimerIsExact(Sentence& t)
{
    OspfLan lan;
    lan.Add();
    lan.Up(1);
    t.Same(lan.Log(), "0s r1 Down -> Waiting (InterfaceUp)\n");
    t.Equal(lan.Frames().size(), 1, "a Hello at once");
    t.Same(ToHex(lan.LastFrame(1).packet), ToHex(OspfLan::Encode({1})), "its octets");
    lan.RunUntil(40s - 1ns);
    t.Same(lan.Log(), "", "not before");
    lan.RunUntil(40s);
    t.Same(lan.Log(), "40s r1 Waiting -> DR (WaitTimer)\n40s r1 elects dr=r1 bdr=none self\n");
    t.Equal(lan.Frames().size(), 5, "Hellos at 0, 10, 20, 30, 40 s");
    t.Same(ToHex(lan.LastFrame(1).packet),
           ToHex(OspfLan::Encode({1, {}, 1, 0})),
           "names itself: timers of one instant fire Wait first");
}

// Input: InterfaceUp with Router Priority 0. Output: DROther at once, no Wait Timer.
void
IneligibleDoesNotWait(Sentence& t)
{
    OspfLan lan;
    lan.Add(0);
    lan.Up(1);
    t.Same(lan.Log(), "0s r1 Down -> DROther (InterfaceUp)\n");
    lan.RunUntil(100s);
    t.Same(lan.Log(), "");
    lan.Say(1, {2, {1}, 2, 0});
    t.Same(lan.Log("elects"), "100s r1 elects dr=r2 bdr=none\n", "but it follows elections");
}

// Input: Waiting; a neighbour that says it is Designated Router and that there is no Backup.
// Output: BackupSeen, once communication is bidirectional.
void
BackupSeenByDesignatedRouterAlone(Sentence& t)
{
    Bench b;
    b.RunUntil(1s);
    b.Say(1, {2, {}, 2, 0});
    t.Same(b.Log(), "1s r1 sees r2 Down -> Init (HelloReceived)\n", "one way is not enough");
    b.Say(1, {2, {1}, 2, 0});
    t.Same(b.Log(),
           "1s r1 sees r2 Init -> 2-Way (2-WayReceived)\n"
           "1s r1 Waiting -> Backup (BackupSeen)\n"
           "1s r1 elects dr=r2 bdr=r1\n");
    b.RunUntil(50s);
    t.Same(b.Log("WaitTimer"), "", "the Wait Timer is off");
    t.Equal(b.AllDrops(1), 0, "and does not fire unheeded");
}

// Input: Waiting; a neighbour that says it is Backup. Output: BackupSeen. A Designated Router that
// names a Backup does not cause it: the Backup must be heard.
void
BackupSeenByBackup(Sentence& t)
{
    Bench b;
    b.RunUntil(1s);
    b.Say(1, {2, {1}, 2, 3});
    t.Same(b.Log(),
           "1s r1 sees r2 Down -> Init (HelloReceived)\n"
           "1s r1 sees r2 Init -> 2-Way (2-WayReceived)\n",
           "Designated Router");
    b.Say(1, {3, {}, 2, 3});
    t.Same(b.Log(), "1s r1 sees r3 Down -> Init (HelloReceived)\n", "Backup, one way");
    b.Say(1, {3, {1, 2}, 2, 3});
    t.Same(b.Log(),
           "1s r1 sees r3 Init -> 2-Way (2-WayReceived)\n"
           "1s r1 Waiting -> DROther (BackupSeen)\n"
           "1s r1 elects dr=r2 bdr=r3\n",
           "Backup");
}

// Input: elected; Hellos that change one thing each (section 9.2, NeighborChange). Output: a new
// election for each, and none for a Hello that changes nothing.
void
NeighborChange(Sentence& t)
{
    Bench b;
    b.Say(1, {2, {1}, 2, 3});
    b.Say(1, {3, {1}, 2, 3});
    t.Same(b.Role(1), "DROther dr=r2 bdr=r3");
    b.Log();
    b.Say(1, {3, {1}, 2, 3});
    t.Same(b.Log(), "", "nothing changed");
    b.Say(1, {3, {1}, 2, 0});
    t.Same(b.Log(), "", "r3 no longer says it is Backup, but is the best still");
    b.Say(1, {3, {1}, 2, 0, 0});
    t.Same(b.Log(),
           "0s r1 DROther -> Backup (NeighborChange)\n0s r1 elects dr=r2 bdr=r1\n",
           "priority 0");
    b.Say(1, {2, {1}, 3, 0});
    t.Same(b.Log(),
           "0s r1 Backup -> DR (NeighborChange)\n0s r1 elects dr=r1 bdr=r2 self\n",
           "r2 no longer says it is Designated Router");
    b.Say(1, {2, {}, 1, 2});
    t.Same(b.Log(),
           "0s r1 sees r2 2-Way -> Init (1-WayReceived)\n"
           "0s r1 elects dr=r1 bdr=none self\n",
           "no longer bidirectional");
    b.Say(1, {2, {1}, 2, 1});
    t.Same(b.Log(),
           "0s r1 sees r2 Init -> 2-Way (2-WayReceived)\n"
           "0s r1 DR -> Backup (NeighborChange)\n"
           "0s r1 elects dr=r2 bdr=r1\n",
           "bidirectional, and Designated Router");
}

// Input: Waiting; changes that would mean NeighborChange elsewhere. Output: no election (9.1).
void
NoElectionWhileWaiting(Sentence& t)
{
    Bench b;
    b.Say(1, {2, {1}, 0, 0});
    b.Say(1, {2, {1}, 0, 0, 7});
    b.Engine(1).SetPriority(OspfLan::INTERFACE, 9, 0s);
    b.Say(1, {2, {}, 0, 0, 7});
    t.Same(b.Role(1), "Waiting dr=none bdr=none");
    t.Equal(b.AllDrops(1), 0, "nothing rejected");
}

// Input: InterfaceDown with neighbours, then time and packets, then InterfaceUp again. Output:
// KillNbr for each, everything forgotten, silence; a new beginning.
void
InterfaceDown(Sentence& t)
{
    Bench b;
    b.Say(1, {2, {1}, 2, 0});
    b.Say(1, {3, {}, 2, 0});
    b.RunUntil(5s);
    b.Log();
    b.Engine(1).InterfaceDown(OspfLan::INTERFACE, 5s);
    b.RunUntil(5s);
    b.Say(1, {2, {1}, 2, 0});
    t.Same(b.Log(),
           "5s r1 sees r2 2-Way -> Down (KillNbr)\n"
           "5s r1 sees r3 Init -> Down (KillNbr)\n"
           "5s r1 Backup -> Down (InterfaceDown)\n"
           "5s r1 elects dr=none bdr=none\n"
           "5s r1 drops unexpected_event 0 of r2\n");
    const size_t frames = b.Frames().size();
    t.Holds(!b.Engine(1).NextTimeout().has_value(), "no timer");
    b.RunUntil(500s);
    t.Equal(b.Frames().size(), frames, "silence");
    b.Engine(1).InterfaceUp(OspfLan::INTERFACE, 500s);
    b.RunUntil(540s);
    t.Same(b.Log(),
           "500s r1 Down -> Waiting (InterfaceUp)\n"
           "540s r1 Waiting -> DR (WaitTimer)\n"
           "540s r1 elects dr=r1 bdr=none self\n");
    b.Engine(1).InterfaceUp(OspfLan::INTERFACE, 540s);
    b.RunUntil(540s);
    t.Same(b.Log(), "540s r1 drops unexpected_event 0 of r1\n", "up twice");
}

// Input: our own priority changes while elected (SetPriority). Output: an election, and the next
// Hello says so; the same priority again changes nothing.
void
OwnPriority(Sentence& t)
{
    Bench b;
    b.RunUntil(40s);
    b.Say(1, {2, {1}, 1, 0});
    t.Same(b.Role(1), "DR dr=r1 bdr=r2");
    b.Log();
    b.RunUntil(45s);
    b.Engine(1).SetPriority(OspfLan::INTERFACE, 1, 45s);
    b.Engine(1).SetPriority(OspfLan::INTERFACE, 0, 45s);
    b.RunUntil(50s);
    t.Same(b.Log(),
           "45s r1 DR -> DROther (NeighborChange)\n45s r1 elects dr=r2 bdr=r2\n",
           "priority 0");
    t.Same(ToHex(b.LastFrame(1).packet), ToHex(OspfLan::Encode({1, {2}, 2, 2, 0})), "its Hello");
}

// Input: LoopInd in each state, UnloopInd. Output: Loopback with nothing left, then Down (9.3).
void
Loopback(Sentence& t)
{
    KeyTable keys;
    TestEntropy entropy(1);
    OspfContext context(OspfLan::RouterId(1), keys, entropy);
    OspfInterfaceConfig config;
    config.address = OspfLan::Address(1);
    config.authType = OspfAuthType::NONE;
    OspfInterface interface(context, config);
    interface.Handle(OspfInterfaceEvent::INTERFACE_UP, 0s);
    interface.Receive(OspfLan::Address(2), ALL_SPF_ROUTERS, OspfLan::Encode({2, {1}}), 0s);
    t.Equal(interface.Neighbors().size(), 1, "a neighbour");
    interface.Handle(OspfInterfaceEvent::LOOP_IND, 1s);
    t.Same(std::string(ToString(interface.State())), "Loopback");
    t.Equal(interface.Neighbors().size(), 0, "no neighbour");
    t.Holds(!interface.NextTimeout(), "no timer");
    interface.Receive(OspfLan::Address(2), ALL_SPF_ROUTERS, OspfLan::Encode({2, {1}}), 1s);
    t.Equal(interface.Neighbors().size(), 0, "deaf");
    interface.Handle(OspfInterfaceEvent::UNLOOP_IND, 2s);
    t.Same(std::string(ToString(interface.State())), "Down");
    interface.Handle(OspfInterfaceEvent::UNLOOP_IND, 2s);
    t.Equal(context.drops[static_cast<size_t>(DropReason::UNEXPECTED_EVENT)], 2, "not twice");
}

// Input: Hellos that list us, do not, do again. Output: Init and 2-Way accordingly (section 10.3).
void
OneWayTwoWay(Sentence& t)
{
    Bench b;
    b.Say(1, {2});
    b.Say(1, {2});
    b.Say(1, {2, {1}});
    b.Say(1, {2, {1}});
    b.Say(1, {2, {7, 8, 1}});
    b.Say(1, {2, {1, 7, 8}});
    b.Say(1, {2, {7, 8}});
    b.Say(1, {2, {7, 8, 9, 1}});
    t.Same(b.Log(),
           "0s r1 sees r2 Down -> Init (HelloReceived)\n"
           "0s r1 sees r2 Init -> 2-Way (2-WayReceived)\n"
           "0s r1 sees r2 2-Way -> Init (1-WayReceived)\n"
           "0s r1 sees r2 Init -> 2-Way (2-WayReceived)\n");
    b.RunUntil(10s);
    t.Same(ToHex(b.LastFrame(1).packet), ToHex(OspfLan::Encode({1, {2}})), "it is listed");
}

// Input: neighbours last heard at 0, 3 and 7 s, one of them in Init; then one is heard again.
// Output: each goes Down RouterDeadInterval after its last Hello, to the nanosecond, and is
// forgotten.
void
InactivityTimerIsExact(Sentence& t)
{
    Bench b(0);
    b.Say(1, {2, {1}});
    b.RunUntil(3s);
    b.Say(1, {3, {}});
    b.RunUntil(7s);
    b.Say(1, {4, {1}});
    b.RunUntil(20s);
    b.Say(1, {2, {1}});
    b.Log();
    b.RunUntil(43s - 1ns);
    t.Same(b.Log(), "", "r2 was heard again, r3 is not due");
    t.Same(b.Neighbors(1), "r2:2-Way r3:Init r4:2-Way");
    b.RunUntil(43s);
    t.Same(b.Log("sees"), "43s r1 sees r3 Init -> Down (InactivityTimer)\n");
    b.RunUntil(47s - 1ns);
    t.Same(b.Log(), "");
    b.RunUntil(60s);
    t.Same(b.Log("sees"),
           "47s r1 sees r4 2-Way -> Down (InactivityTimer)\n"
           "60s r1 sees r2 2-Way -> Down (InactivityTimer)\n");
    t.Same(b.Neighbors(1), "");
}

// Input: 100 neighbours in shuffled order, Hellos all the time. Output: all are kept; the timer
// that watches them is looked at about once a RouterDeadInterval, not once a Hello.
void
InactivityTimerIsLazy(Sentence& t)
{
    Bench b(0);
    int changes = 0;
    for (int second = 0; second < 400; second += 10)
    {
        b.RunUntil(std::chrono::seconds(second));
        for (size_t i = 0; i < 100; ++i)
        {
            b.Say(1, {2 + i * 37 % 100, {1}});
        }
        const auto next = b.Engine(1).NextTimeout();
        b.Say(1, {2, {1}});
        changes += b.Engine(1).NextTimeout() != next ? 1 : 0;
    }
    t.Equal(changes, 0, "a Hello moves no timer");
    t.Equal(b.Engine(1).Neighbors(OspfLan::INTERFACE).size(), 100, "all kept");
}

} // namespace

std::vector<OspfTest>
OspfMachineTests()
{
    return {
        {"tables are unambiguous", TablesAreUnambiguous},
        {"tables are golden", TablesAreGolden},
        {"9.3 Waiting, WaitTimer", WaitTimerIsExact},
        {"9.3 Down, InterfaceUp, ineligible", IneligibleDoesNotWait},
        {"9.3 Waiting, BackupSeen by DR without Backup", BackupSeenByDesignatedRouterAlone},
        {"9.3 Waiting, BackupSeen by Backup", BackupSeenByBackup},
        {"9.3 NeighborChange", NeighborChange},
        {"9.1 no election while Waiting", NoElectionWhileWaiting},
        {"9.3 InterfaceDown", InterfaceDown},
        {"own priority", OwnPriority},
        {"9.3 LoopInd, UnloopInd", Loopback},
        {"10.3 1-WayReceived, 2-WayReceived", OneWayTwoWay},
        {"10.3 InactivityTimer", InactivityTimerIsExact},
        {"10.3 InactivityTimer is lazy", InactivityTimerIsLazy},
    };
}

} // namespace karp
} // namespace ns3
