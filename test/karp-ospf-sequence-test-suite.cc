/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"

#include "ns3/karp-ospf-authenticator.h"

#include <set>

/**
 * \file
 * Cryptographic sequence numbers (RFC 2328 D.3, D.5.3) and what they do not protect from: replay
 * between sessions (RFC 6863). Hellos every 10 s at whole tens, dead after 40 s.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** Two routers that share a key, off. */
class Pair : public OspfLan
{
  public:
    /** Both start numbers by \p init. */
    explicit Pair(OspfSequenceInit init = OspfSequenceInit::ZERO)
        : OspfLan(OspfAuthType::CRYPTOGRAPHIC)
    {
        for (int i = 0; i < 2; ++i)
        {
            Config(Add()).sequenceInit = init;
        }
        KeyAll(Key("k", 1, Always(), 1));
    }

    /** Boot both and run until \p until; forget what happened. */
    void Begin(Time until)
    {
        Up(1);
        Up(2);
        RunUntil(until);
        Log();
    }

    /** \return numbers of the frames of \p from, for example "0 1 2" */
    std::string Numbers(size_t from) const
    {
        std::string text;
        for (const auto& frame : Frames())
        {
            if (frame.from == from)
            {
                text += text.empty() ? "" : " ";
                text += std::to_string(frame.Header().Sequence());
            }
        }
        return text;
    }

    /** \return the number that router \p n has stored for its only neighbour */
    uint32_t Stored(size_t n)
    {
        return Engine(n).Neighbors(INTERFACE).at(0).sequence;
    }

    /** Let nothing of router \p n arrive any more; 0: everything does. */
    void Mute(size_t n)
    {
        SetFilter([n](size_t from, size_t, const Bytes&) { return from != n; });
    }
};

// Input: ZERO. Output: 0, 1, 2: each packet its own number, though D.3 lets copies share one.
void
InitZero(Sentence& t)
{
    Pair lan;
    lan.Begin(45s);
    t.Same(lan.Numbers(1), "0 1 2 3 4");
    t.Equal(lan.Engine(1).NextSequence(OspfLan::INTERFACE), 5, "next");
    t.Equal(lan.Stored(2), 4, "stored");
}

// Input: CLOCK, with two Hellos within a second, and a clock that is behind the numbers used.
// Output: the seconds of the clock, never the same twice, never going back.
void
InitClock(Sentence& t)
{
    Pair lan(OspfSequenceInit::CLOCK);
    lan.Config(1).helloInterval = 400ms;
    lan.RunUntil(1000s);
    lan.Up(1);
    lan.RunUntil(1002s);
    t.Same(lan.Numbers(1), "1000 1001 1002 1003 1004 1005");
    lan.RunUntil(1100s);
    t.Equal(lan.LastFrame(1).Header().Sequence(), 1250, "the rate of packets rules");
    lan.Engine(1).InterfaceDown(OspfLan::INTERFACE, 1100s);
    lan.Engine(1).InterfaceUp(OspfLan::INTERFACE, 2000s);
    lan.RunUntil(2000s);
    t.Equal(lan.Engine(1).NextSequence(OspfLan::INTERFACE), 2001, "and then the clock");
    lan.Engine(1).InterfaceDown(OspfLan::INTERFACE, 2000s);
    lan.Engine(1).InterfaceUp(OspfLan::INTERFACE, 5s);
    t.Equal(lan.Engine(1).NextSequence(OspfLan::INTERFACE), 2002, "never back");
}

// Input: KEPT, 77. Output: 77, 78; what NextSequence says is where the next life goes on.
void
InitKept(Sentence& t)
{
    Pair lan(OspfSequenceInit::KEPT);
    lan.Config(1).firstSequence = 77;
    lan.Up(1);
    lan.RunUntil(15s);
    lan.Config(1).firstSequence = lan.Engine(1).NextSequence(OspfLan::INTERFACE);
    lan.Crash(1);
    lan.Up(1);
    t.Same(lan.Numbers(1), "77 78 79");
}

// Input: the same frame twice, an older one, the newest again. Output: equal is accepted, less is
// rejected and keeps nobody alive (D.5.3 (2)).
void
EqualAcceptedLessRejected(Sentence& t)
{
    Pair lan;
    lan.Begin(35s);
    const auto frames = lan.Frames();
    std::vector<Bytes> old;
    for (const auto& frame : frames)
    {
        if (frame.from == 2)
        {
            old.push_back(frame.packet);
        }
    }
    lan.Mute(2);
    lan.Inject(1, OspfLan::Address(2), old[3]);
    lan.Inject(1, OspfLan::Address(2), old[3]);
    t.Equal(lan.AllDrops(1), 0, "equal");
    lan.RunUntil(40s);
    lan.Inject(1, OspfLan::Address(2), old[3]);
    lan.Log();
    lan.RunUntil(50s);
    lan.Inject(1, OspfLan::Address(2), old[2]);
    t.Same(lan.Log(), "50s r1 drops replayed_sequence 2 of r2\n", "less");
    lan.RunUntil(80s);
    t.Same(lan.Log("r1 sees"), "80s r1 sees r2 2-Way -> Down (InactivityTimer)\n", "after 40 s");
}

// Input: a forged packet with the highest number, then the true router's. Output: BAD_ICV, and the
// number is not stored: the true one is still heard (D.5.3 (3)). A Hello that is authentic but does
// not fit counts for its number.
void
StoredAfterVerification(Sentence& t)
{
    Pair lan;
    lan.Begin(35s);
    Bytes forged = lan.LastFrame(2).packet;
    std::fill_n(forged.begin() + 20, 4, 0xff);
    lan.Inject(1, OspfLan::Address(2), forged);
    t.Same(lan.Log(), "35s r1 drops bad_icv 1 of r2\n");
    t.Equal(lan.Stored(1), 3, "stored");
    lan.RunUntil(45s);
    t.Equal(lan.Stored(1), 4, "stored, later");
    lan.Inject(1, OspfLan::Address(3), forged);
    t.Equal(lan.Engine(1).Neighbors(OspfLan::INTERFACE).size(), 1, "nobody new either");
}

// Input: an old frame of r2 while r1 has it as a neighbour; and when the neighbour is Down. Output:
// rejected; accepted, whereupon r2 itself, rebooted and counting from 0, is locked out until that
// is over. This is the weakness of RFC 2328 D.3 that RFC 6863 describes and a new key ends: under
// it the old frame is of an unknown key.
void
ReplayAfterDown(Sentence& t)
{
    Pair lan;
    lan.Begin(105s);
    const Bytes old = lan.LastFrame(2).packet;
    lan.RunUntil(115s);
    lan.Inject(1, OspfLan::Address(2), old);
    t.Same(lan.Log(), "115s r1 drops replayed_sequence 10 of r2\n", "neighbour alive");
    lan.Crash(2);
    lan.RunUntil(160s);
    t.Same(lan.Log("sees"), "150s r1 sees r2 2-Way -> Down (InactivityTimer)\n");
    lan.Inject(1, OspfLan::Address(2), old);
    t.Same(lan.Log("sees"),
           "160s r1 sees r2 Down -> Init (HelloReceived)\n"
           "160s r1 sees r2 Init -> 2-Way (2-WayReceived)\n",
           "neighbour down");
    t.Equal(lan.Stored(1), 10, "an old number rules");
    lan.RunUntil(161s);
    lan.Up(2);
    lan.RunUntil(200s - 1ns);
    t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), 5, "one earlier, and all that r2 says");
    lan.RunUntil(225s);
    t.Same(lan.Log("r1 sees"),
           "200s r1 sees r2 2-Way -> Down (InactivityTimer)\n"
           "201s r1 sees r2 Down -> Init (HelloReceived)\n"
           "201s r1 sees r2 Init -> 2-Way (2-WayReceived)\n",
           "then r2 is heard");

    lan.KeyAll(OspfLan::Key("new", 2, {200s, 225s, TIME_MAX, TIME_MAX}, 2));
    lan.Keys(1).Delete("k");
    lan.Crash(2);
    lan.RunUntil(300s);
    t.Same(lan.Neighbors(1), "");
    lan.Log();
    lan.Inject(1, OspfLan::Address(2), old);
    t.Same(lan.Log(), "300s r1 drops unknown_key 1 of r2\n", "after the key changed");
}

// Input: r2 reboots within a second, with each way to begin. Output: with ZERO it is rejected until
// r1 gives it up, RouterDeadInterval after its last Hello; with CLOCK and KEPT it is heard at once.
void
Reboot(Sentence& t)
{
    for (const auto init :
         {OspfSequenceInit::ZERO, OspfSequenceInit::CLOCK, OspfSequenceInit::KEPT})
    {
        Pair lan(init);
        lan.Begin(105s);
        lan.Config(2).firstSequence = lan.Engine(2).NextSequence(OspfLan::INTERFACE);
        lan.Crash(2);
        lan.RunUntil(106s);
        lan.Up(2);
        lan.RunUntil(200s);
        const bool isZero = init == OspfSequenceInit::ZERO;
        t.Same(lan.Log("r1 sees"),
               isZero ? "140s r1 sees r2 2-Way -> Down (InactivityTimer)\n"
                        "146s r1 sees r2 Down -> Init (HelloReceived)\n"
                        "146s r1 sees r2 Init -> 2-Way (2-WayReceived)\n"
                      : "106s r1 sees r2 2-Way -> Init (1-WayReceived)\n"
                        "116s r1 sees r2 Init -> 2-Way (2-WayReceived)\n");
        t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), isZero ? 4 : 0, "rejected");
    }
}

// Input: a sequence space of 0 to 30. Output: SequenceLow once, OSPF_SEQUENCE_LOW_MARGIN packets
// before its end; 31 packets and not one more, each later Hello being NO_SEND_KEY.
void
SpaceRunsOut(Sentence& t)
{
    Pair lan;
    lan.Config(1).sequenceLimit = 30;
    lan.Begin(0s);
    lan.RunUntil(139s);
    t.Same(lan.Log("sequence"), "");
    lan.RunUntil(140s);
    t.Same(lan.Log("sequence"), "140s r1 sequence low at 14\n");
    t.Equal(30 - 14, OSPF_SEQUENCE_LOW_MARGIN, "so many are left");
    lan.RunUntil(305s);
    t.Same(lan.Log("r1 "), "", "told once; the last is number 30 at 300 s");
    lan.RunUntil(400s);
    t.Same(lan.Log("r1 d").substr(0, 37), "310s r1 drops no_send_key 31 of r1\n32");
    t.Equal(lan.Drops(1, DropReason::NO_SEND_KEY), 10, "310 to 400 s");
    t.Equal(lan.LastFrame(1).Header().Sequence(), 30, "last number");
    t.Equal(lan.Engine(1).NextSequence(OspfLan::INTERFACE), 31, "next");
    t.Same(lan.Neighbors(2), "", "r2 has given r1 up");
}

// Input: as above, and a new key that is sent with from 205 s on, after SequenceLow at 140 s.
// Output: numbers begin anew with the new key; neighbours, whose stored number knows no key (D.3),
// reject them until they give r1 up, and then hear it. Never one number twice under one key, not
// even when the new key is taken away and the old one is sent with again.
void
NewKeyBeginsAnew(Sentence& t)
{
    Pair lan;
    lan.Config(1).sequenceLimit = 30;
    lan.KeyAll(OspfLan::Key("l", 2, {200s, 205s, TIME_MAX, TIME_MAX}, 2));
    lan.Begin(0s);
    lan.RunUntil(205s);
    t.Same(lan.Log("sequence"), "140s r1 sequence low at 14\n");
    lan.RunUntil(275s);
    t.Same(lan.Log("r2 sees r1"),
           "240s r2 sees r1 2-Way -> Down (InactivityTimer)\n"
           "250s r2 sees r1 Down -> Init (HelloReceived)\n"
           "250s r2 sees r1 Init -> 2-Way (2-WayReceived)\n");
    lan.Keys(1).Delete("l");
    lan.RunUntil(900s);
    std::set<std::pair<uint8_t, uint32_t>> used;
    size_t frames = 0;
    for (const auto& frame : lan.Frames())
    {
        if (frame.from == 1)
        {
            const OspfHeader header = frame.Header();
            used.emplace(header.KeyId(), header.Sequence());
            ++frames;
        }
    }
    t.Equal(used.size(), frames, "each pair once");
    t.Equal(lan.Engine(1).NextSequence(OspfLan::INTERFACE), 31, "used up");
}

// Input: a new key while numbers are plenty. Output: numbers go on, for neighbours compare them
// whatever the key (D.3).
void
NewKeyGoesOn(Sentence& t)
{
    Pair lan;
    lan.KeyAll(OspfLan::Key("l", 2, {20s, 25s, TIME_MAX, TIME_MAX}, 2));
    lan.Begin(55s);
    t.Same(lan.Numbers(1), "0 1 2 3 4 5");
    t.Equal(lan.AllDrops(1) + lan.AllDrops(2), 0, "nothing rejected");
}

// Input: spaces at their edges: the last number of 32 bits, none left at boot. Output: the last one
// is left unused, so that the next one always fits its field and can be kept.
void
Edges(Sentence& t)
{
    Pair lan(OspfSequenceInit::KEPT);
    lan.Config(1).firstSequence = UINT32_MAX - 1;
    lan.Config(2).firstSequence = UINT32_MAX;
    lan.Begin(15s);
    t.Same(lan.Numbers(1), "4294967294");
    t.Same(lan.Numbers(2), "");
    t.Equal(lan.Engine(1).NextSequence(OspfLan::INTERFACE), UINT32_MAX, "kept");
    t.Equal(lan.Engine(2).NextSequence(OspfLan::INTERFACE), UINT32_MAX, "kept");
    t.Equal(lan.Drops(1, DropReason::NO_SEND_KEY), 1, "the second Hello");
    t.Equal(lan.Drops(2, DropReason::NO_SEND_KEY), 2, "both Hellos");

    Pair clock(OspfSequenceInit::CLOCK);
    clock.Config(1).sequenceLimit = 100;
    clock.RunUntil(101s);
    clock.Up(1);
    t.Equal(clock.Frames().size(), 0, "the clock is past the end");
    t.Same(clock.Log("low"), "101s r1 sequence low at 100\n");
}

// Input: a key that may be sent with from 131 s on is told of at 125 s, and again later; nobody
// tells of the one before. Output: the Hello that could not be sent is at 131 s, and those after it
// at their interval; who could send theirs is not hurried.
void
HelloWithTheKey(Sentence& t)
{
    Pair lan;
    lan.Keys(1).SetLifetimes("k", {0s, 0s, 105s, TIME_MAX});
    lan.Begin(95s);
    lan.Engine(1).KeyInstalled(1, 0s, 95s);
    lan.RunUntil(99s);
    t.Holds(lan.LastFrame(1).at == 90s, "its Hello was sent at 90 s");
    lan.RunUntil(125s);
    lan.Keys(1).SetLifetimes("k", {0s, 131s, TIME_MAX, TIME_MAX});
    lan.Engine(1).KeyInstalled(7, 0s, 125s);
    lan.Engine(1).KeyInstalled(1, 131s, 125s);
    lan.RunUntil(130s);
    t.Holds(lan.LastFrame(1).at == 100s, "silence");
    lan.RunUntil(135s);
    t.Holds(lan.LastFrame(1).at == 131s, "as soon as it can");
    lan.Engine(1).KeyInstalled(1, 0s, 135s);
    lan.RunUntil(140s);
    t.Holds(lan.LastFrame(1).at == 131s, "owed no more");
    lan.RunUntil(141s);
    t.Holds(lan.LastFrame(1).at == 141s, "and so on");
    t.Equal(lan.Drops(1, DropReason::NO_SEND_KEY), 3, "110 to 130 s");
}

} // namespace

std::vector<OspfTest>
OspfSequenceTests()
{
    return {
        {"D.3 numbers from zero", InitZero},
        {"D.3 numbers from the clock", InitClock},
        {"D.3 numbers kept", InitKept},
        {"D.5.3 equal accepted, less rejected", EqualAcceptedLessRejected},
        {"D.5.3 stored after verification", StoredAfterVerification},
        {"D.3 replay after Down", ReplayAfterDown},
        {"D.3 reboot", Reboot},
        {"R2 sequence space runs out", SpaceRunsOut},
        {"R2 a new key begins anew", NewKeyBeginsAnew},
        {"D.3 a new key goes on", NewKeyGoesOn},
        {"D.3 edges of the space", Edges},
        {"9.5 a Hello waits for its key", HelloWithTheKey},
    };
}

} // namespace karp
} // namespace ns3
