/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"

#include "ns3/karp-ospf-sequence.h"

/**
 * \file
 * The rules by which cryptographic sequence numbers of AuType 2 are judged, where the documents and
 * the daemons differ (doc/decisions.md). Hellos every 10 s at whole tens, dead after 40 s.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** Two routers that share a key, off. */
class RuleLan : public OspfLan
{
  public:
    RuleLan()
        : OspfLan(OspfAuthType::CRYPTOGRAPHIC)
    {
        Add();
        Add();
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

    /** \return the packets that router \p n has sent, oldest first */
    std::vector<Bytes> Sent(size_t n) const
    {
        std::vector<Bytes> packets;
        for (const auto& frame : Frames())
        {
            if (frame.from == n)
            {
                packets.push_back(frame.packet);
            }
        }
        return packets;
    }

    /** \return numbers of the frames of \p from, for example "0 1 2" */
    std::string Numbers(size_t from) const
    {
        std::string text;
        for (const auto& frame : Frames())
        {
            if (frame.from == from)
            {
                text += (text.empty() ? "" : " ") + std::to_string(frame.Sequence());
            }
        }
        return text;
    }
};

// Input: GREATER; the newest frame of r2 once more, an older one; r2's own next. Output: r2's
// first, number 0, is heard although D.3 begins with 0; both copies are refused; the next is heard.
void
StrictRefusesEqual(Sentence& t)
{
    RuleLan lan;
    lan.Config(1).sequenceRule = OspfSequenceRule::GREATER;
    lan.Begin(35s);
    t.Equal(lan.AllDrops(1), 0, "from 0 on");
    t.Same(lan.Neighbors(1), "r2:2-Way");
    const auto old = lan.Sent(2);
    lan.Inject(1, OspfLan::Address(2), old[3]);
    lan.Inject(1, OspfLan::Address(2), old[2]);
    t.Same(lan.Log(),
           "35s r1 drops replayed_sequence 3 of r2\n35s r1 drops replayed_sequence 2 of r2\n");
    lan.RunUntil(45s);
    t.Same(lan.Log("drops"), "");
    lan.Inject(2, OspfLan::Address(1), lan.Sent(1)[4]);
    t.Same(lan.Log("drops"), "", "r2, by RFC 2328, accepts the same");
}

// Input: Hellos every 400 ms, numbers that go up once a second, from the clock and from zero; r1
// asks for not less, then for greater. Output: two or three Hellos have one number; the first rule
// lets all pass, the second the first of each second only (what broke adjacencies of routers with a
// rule like it).
void
OneNumberASecond(Sentence& t)
{
    for (const bool strict : {false, true})
    {
        RuleLan lan;
        lan.Config(1).sequenceRule =
            strict ? OspfSequenceRule::GREATER : OspfSequenceRule::NOT_LESS;
        for (const size_t n : {1, 2})
        {
            lan.Config(n).helloInterval = 400ms;
            lan.Config(n).sequenceStep = OspfSequenceStep::SECOND;
            lan.Config(n).sequenceInit = OspfSequenceInit::CLOCK;
        }
        lan.RunUntil(1000s);
        lan.Begin(1002s + 300ms);
        t.Same(lan.Numbers(2), "1000 1000 1000 1001 1001 1002");
        t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), strict ? 3 : 0, "refused");
        t.Equal(lan.Engine(2).NextSequence(OspfLan::INTERFACE), 1003, "next");
    }
    RuleLan lan;
    lan.Config(2).helloInterval = 400ms;
    lan.Config(2).sequenceStep = OspfSequenceStep::SECOND;
    lan.RunUntil(1000s);
    lan.Begin(1001s + 500ms);
    t.Same(lan.Numbers(2), "0 0 0 1", "from zero");
    lan.Keys(2).Rekey("k", OspfLan::Key("k", 1, OspfLan::Always(), 2));
    lan.RunUntil(1001s + 700ms);
    t.Same(lan.Numbers(2), "0 0 0 1 1", "whatever the key");
}

// Input: numbers that go up once a second; within one second, at Hellos 200 ms apart, they run low,
// begin anew under another key, which is taken away again. Output: the second is no reason to send
// the number of before: 0 under the new key, under the old one none that it was used with.
void
OneNumberASecondAnew(Sentence& t)
{
    RuleLan lan;
    lan.Config(1).helloInterval = 200ms;
    lan.Config(1).sequenceStep = OspfSequenceStep::SECOND;
    lan.Config(1).sequenceLimit = 20;
    lan.RunUntil(1000s);
    lan.Begin(1000s + 100ms);
    lan.Engine(1).ExhaustSequence(OspfLan::INTERFACE);
    lan.RunUntil(1001s + 300ms);
    lan.Keys(1).Insert(OspfLan::Key("l", 2, {0s, 1001s, TIME_MAX, TIME_MAX}, 2));
    lan.RunUntil(1001s + 700ms);
    lan.Keys(1).Delete("l");
    lan.RunUntil(1001s + 900ms);
    t.Same(lan.Numbers(1), "0 0 0 0 0 4 4 0 0 5");
}

// Input: packets of type 2 in the name of r2 and under the key, with a number below that of r2's
// last Hello and with a greater one; then r2's next Hello. Output: one number for all types:
// refused; accepted, and then r2's own is refused.
void
OneNumberForAllTypes(Sentence& t)
{
    RuleLan lan;
    lan.Begin(35s);
    const KeyRow row = OspfLan::Key("k", 1, OspfLan::Always(), 1);
    const auto mac = OspfMac::Create(row.algId, row.key);
    for (const uint32_t sequence : {2, 9})
    {
        Bytes packet = lan.LastFrame(2).packet;
        OspfHeader header = lan.LastFrame(2).Header();
        header.type = OspfPacketType::DATABASE_DESCRIPTION;
        header.SetCryptographic(1, static_cast<uint8_t>(mac->Size()), sequence);
        OverwriteOspfHeader(header, packet);
        mac->Compute({packet.data(), header.packetLength}, packet.data() + header.packetLength);
        lan.Inject(1, OspfLan::Address(2), packet);
    }
    lan.RunUntil(40s);
    t.Same(lan.Log("r1 drops"),
           "35s r1 drops replayed_sequence 2 of r2\n"
           "35s r1 drops unexpected_event 2 of r2\n"
           "40s r1 drops replayed_sequence 4 of r2\n");
}

// Input: r1 keeps numbers beyond the neighbour; r2 is down, and an old frame of it is played back;
// then r2 boots and counts from 0, and then on from where it was. Output: refused, refused, heard.
// With an operator's InterfaceDown in between as without.
void
NumbersOutliveTheNeighbor(Sentence& t)
{
    for (const bool isReset : {false, true})
    {
        RuleLan lan;
        lan.Config(1).sequenceForgotten = false;
        lan.Begin(105s);
        const Bytes old = lan.LastFrame(2).packet;
        lan.Crash(2);
        lan.RunUntil(160s);
        t.Same(lan.Neighbors(1), "");
        if (isReset)
        {
            lan.Engine(1).InterfaceDown(OspfLan::INTERFACE, lan.Now());
            lan.Engine(1).InterfaceUp(OspfLan::INTERFACE, lan.Now());
        }
        lan.Log();
        lan.Inject(1, OspfLan::Address(2), lan.Sent(2)[9]);
        t.Same(lan.Log("drops"), "160s r1 drops replayed_sequence 9 of r2\n");
        lan.Inject(1, OspfLan::Address(2), old);
        t.Same(lan.Neighbors(1), "r2:2-Way", "an equal one is not less");
        lan.RunUntil(201s);
        lan.Up(2);
        lan.RunUntil(295s);
        t.Same(lan.Neighbors(1), "", "the price: locked out until it has caught up");
        t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), 11, "0 to 9, and that of 160 s");
        lan.RunUntil(315s);
        t.Same(lan.Neighbors(1), "r2:2-Way", "11 is new");
    }
    RuleLan plain;
    plain.Begin(35s);
    plain.SetFilter([](size_t, size_t, const Bytes&) { return false; });
    plain.Engine(1).InterfaceDown(OspfLan::INTERFACE, plain.Now());
    plain.Engine(1).InterfaceUp(OspfLan::INTERFACE, plain.Now());
    plain.Inject(1, OspfLan::Address(2), plain.Sent(2)[0]);
    t.Equal(plain.Drops(1, DropReason::REPLAYED_SEQUENCE), 0, "forgotten with the interface");
}

// Input: a memory for two neighbours that went, three going; one coming back and going again; the
// same with neighbours forgotten. Output: the one that went first is forgotten; nobody counts
// twice; nothing kept.
void
GoneAreBounded(Sentence& t)
{
    OspfInterfaceConfig config;
    config.neighborsMax = 2;
    config.sequenceForgotten = false;
    OspfSequenceMemory memory(config);
    const auto origin = [](uint32_t n) {
        return OspfSequenceMemory::Origin{{n}, 0, OspfPacketType::HELLO};
    };
    for (const uint32_t n : {1, 2})
    {
        memory.Note(origin(n), 100);
        memory.NeighborDown({n});
    }
    memory.NeighborDown({9});
    memory.Note(origin(1), 101);
    memory.NeighborDown({1});
    t.Holds(!memory.Accepts(origin(1), 100) && !memory.Accepts(origin(2), 99), "both kept");
    memory.Note(origin(3), 100);
    memory.NeighborDown({3});
    t.Holds(memory.Accepts(origin(2), 0), "2 went first");
    t.Holds(!memory.Accepts(origin(1), 100) && !memory.Accepts(origin(3), 99), "others kept");
    t.Equal(memory.Size(), 2, "neighbours");
    t.Equal(memory.Last({1}), 101, "last");
    t.Equal(memory.Last({2}), 0, "none");

    OspfInterfaceConfig plain;
    OspfSequenceMemory forgetful(plain);
    forgetful.Note(origin(1), 100);
    t.Holds(!forgetful.Accepts(origin(1), 99), "while it is there");
    forgetful.NeighborDown({1});
    t.Holds(forgetful.Accepts(origin(1), 0), "D.3");
    t.Equal(forgetful.Size(), 0, "nothing kept");
}

// Input: r1's space ends at 30 and begins anew under key 2 from 205 s on; r2 keeps one number, or
// one for each key. Output: one number: r1 is lost for a while; one for each key: nothing happens
// to it. A frame of the old key, still accepted, played back: it counts for its own key only.
void
NumberForEachKey(Sentence& t)
{
    for (const bool perKey : {false, true})
    {
        RuleLan lan;
        lan.Config(1).sequenceLimit = 30;
        lan.Config(2).sequencePerKey = perKey;
        lan.KeyAll(OspfLan::Key("l", 2, {200s, 205s, TIME_MAX, TIME_MAX}, 2));
        lan.Begin(235s);
        t.Equal(lan.LastFrame(1).Sequence(), 2, "begins anew");
        t.Equal(lan.Drops(2, DropReason::REPLAYED_SEQUENCE), perKey ? 0 : 3, "refused");
        lan.RunUntil(275s);
        t.Same(lan.Log("r2 sees r1").substr(0, 19), perKey ? "" : "240s r2 sees r1 2-W");
        if (!perKey)
        {
            continue;
        }
        lan.Inject(2, OspfLan::Address(1), lan.Sent(1)[19]);
        lan.Inject(2, OspfLan::Address(1), lan.Sent(1)[22]);
        t.Equal(lan.Drops(2, DropReason::REPLAYED_SEQUENCE), 2, "old under either key");
        lan.Inject(2, OspfLan::Address(1), lan.Sent(1)[20]);
        lan.RunUntil(300s);
        t.Equal(lan.Drops(2, DropReason::REPLAYED_SEQUENCE), 2, "20 under k; and l goes on");
        t.Same(lan.Neighbors(2), "r1:2-Way");
    }
}

// Input: r2 rebooted, counts from 0 and has another key; the old one is still received for a while
// (H 2.4), and an old frame under it is played back before r2 speaks, and again later. Output: with
// one number for a neighbour it is heard, and r2 itself is refused until it is Down: the overlap is
// a window. With one for each key r2 is heard beside it. After the overlap it is nothing.
void
ReplayInTheOverlap(Sentence& t)
{
    for (const bool perKey : {false, true})
    {
        RuleLan lan;
        lan.Config(1).sequencePerKey = perKey;
        lan.Begin(105s);
        const Bytes old = lan.LastFrame(2).packet;
        lan.Crash(2);
        lan.RunUntil(150s);
        t.Same(lan.Neighbors(1), "");
        lan.KeyAll(OspfLan::Key("new", 2, {150s, 150s, TIME_MAX, TIME_MAX}, 2));
        lan.Keys(1).SetLifetimes("k", {Time(0), Time(0), 150s, 180s});
        lan.Inject(1, OspfLan::Address(2), old);
        t.Same(lan.Neighbors(1), "r2:2-Way", "the old frame");
        lan.RunUntil(155s);
        lan.Up(2);
        lan.RunUntil(179s);
        t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), perKey ? 0 : 3, "r2 refused");
        lan.Inject(1, OspfLan::Address(2), old);
        lan.RunUntil(185s);
        t.Equal(lan.LastFrame(2).Header().KeyId(), 2, "the other key");
        lan.Log();
        lan.Inject(1, OspfLan::Address(2), old);
        t.Same(lan.Log("drops"), "185s r1 drops key_not_valid 1 of r2\n", "overlap over");
    }
}

// Input: one number for each key, two rows of one Key ID, as where groups merge; a row replaced
// under its name. Output: it is the key that counts, not what it is called.
void
KeysNotNames(Sentence& t)
{
    RuleLan lan;
    lan.Config(1).sequencePerKey = true;
    lan.Keys(1).Insert(OspfLan::Key("same id", 1, OspfLan::Always(), 2));
    lan.Begin(55s);
    lan.Crash(2);
    lan.Keys(2).Rekey("k", OspfLan::Key("k", 1, OspfLan::Always(), 2));
    lan.Up(2);
    lan.RunUntil(75s);
    t.Equal(lan.AllDrops(1), 0, "from 0 under the other key");
    lan.Crash(2);
    lan.Keys(2).Rekey("k", OspfLan::Key("k", 1, OspfLan::Always(), 3));
    lan.Keys(1).Rekey("k", OspfLan::Key("k", 1, OspfLan::Always(), 3));
    lan.Up(2);
    lan.RunUntil(95s);
    t.Equal(lan.AllDrops(1), 0, "from 0 under a third");
    lan.Log();
    lan.Inject(1, OspfLan::Address(2), lan.Sent(2)[6]);
    t.Same(lan.Log("drops"), "95s r1 drops replayed_sequence 0 of r2\n", "the second is known");
}

// Input: one key more than are remembered, of a neighbour and altogether. Output: the one that came
// first, or was asked for longest ago, is forgotten; none has another's number.
void
KeysAreBounded(Sentence& t)
{
    OspfInterfaceConfig config;
    OspfSequenceMemory memory(config);
    for (uint64_t key = 0; key <= OspfSequenceMemory::KEYS_MAX; ++key)
    {
        memory.Note({{1}, key, OspfPacketType::HELLO}, 100);
    }
    t.Holds(memory.Accepts({{1}, 0, OspfPacketType::HELLO}, 0), "the first is forgotten");
    t.Holds(!memory.Accepts({{1}, 1, OspfPacketType::HELLO}, 0), "the second is not");

    OspfKeySerials serials;
    std::vector<uint64_t> numbers;
    const auto key = [](size_t i) {
        return SecretBytes{static_cast<uint8_t>(i), static_cast<uint8_t>(i >> 8)};
    };
    for (size_t i = 0; i < OspfKeySerials::KEYS_MAX; ++i)
    {
        numbers.push_back(serials.Of(key(i)));
        t.Equal(numbers.back(), i + 1, "a new number");
    }
    t.Equal(serials.Of(key(0)), 1, "known");
    t.Equal(serials.Of(key(OspfKeySerials::KEYS_MAX)), OspfKeySerials::KEYS_MAX + 1, "one more");
    t.Equal(serials.Of(key(0)), 1, "asked for just now");
    t.Equal(serials.Of(key(1)), OspfKeySerials::KEYS_MAX + 2, "forgotten");
}

} // namespace

std::vector<OspfTest>
OspfRuleTests()
{
    return {
        {"strict: equal refused", StrictRefusesEqual},
        {"D.4.3 one number a second", OneNumberASecond},
        {"D.4.3 R2 one number a second, and anew", OneNumberASecondAnew},
        {"D.5.3 one number for all types", OneNumberForAllTypes},
        {"numbers outlive the neighbour", NumbersOutliveTheNeighbor},
        {"numbers of neighbours that went are bounded", GoneAreBounded},
        {"a number for each key", NumberForEachKey},
        {"A2 replay in the overlap of two keys", ReplayInTheOverlap},
        {"a number for each key, whatever its name", KeysNotNames},
        {"keys with numbers are bounded", KeysAreBounded},
    };
}

} // namespace karp
} // namespace ns3
