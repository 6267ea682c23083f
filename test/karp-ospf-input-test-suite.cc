/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"

/**
 * \file
 * What comes in (RFC 2328 sections 8.2 and 10.5): for each check, a packet that fails it and
 * nothing else. r1 listens, AuType 0.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

using RawHello = OspfLan::RawHello;

/** A LAN with r1, which sees r2 in 2-Way. */
class Bench : public OspfLan
{
  public:
    Bench()
    {
        Add(0);
        Up(1);
        Say(1, {2, {1}});
        Log();
    }

    /** Hand \p packet to r1. \return what it says to it */
    std::string Hear(IpAddress source, const Bytes& packet, IpAddress destination = ALL_SPF_ROUTERS)
    {
        Inject(1, source, packet, destination);
        return Log();
    }

    /** Hand \p hello to r1. \return what it says to it */
    std::string Hear(const RawHello& hello)
    {
        return Hear(Address(hello.from), Encode(hello));
    }
};

/** \return \p packet with octet \p at changed to \p value and the checksum made right again */
Bytes
With(Bytes packet, size_t at, uint8_t value)
{
    packet[at] = value;
    packet[12] = 0;
    packet[13] = 0;
    const uint16_t checksum = OspfChecksum(packet);
    packet[12] = static_cast<uint8_t>(checksum >> 8);
    packet[13] = static_cast<uint8_t>(checksum);
    return packet;
}

// Input: a Hello each of whose fields that must agree does not. Output: HELLO_MISMATCH with the
// value; the neighbour is neither made nor kept alive by it (section 10.5).
void
HelloMismatch(Sentence& t)
{
    Bench b;
    RawHello mask{3, {1}};
    mask.networkMask = 0xffff0000;
    t.Same(b.Hear(mask), "0s r1 drops hello_mismatch 4294901760 of r3\n");
    RawHello interval{3, {1}};
    interval.helloInterval = 9;
    t.Same(b.Hear(interval), "0s r1 drops hello_mismatch 9 of r3\n");
    RawHello dead{3, {1}};
    dead.routerDeadInterval = 41;
    t.Same(b.Hear(dead), "0s r1 drops hello_mismatch 41 of r3\n");
    RawHello options{3, {1}};
    options.options = 0x08;
    t.Same(b.Hear(options), "0s r1 drops hello_mismatch 8 of r3\n");
    t.Same(b.Neighbors(1), "r2:2-Way");

    b.RunUntil(39s);
    dead.from = 2;
    b.Hear(dead);
    b.RunUntil(40s);
    t.Same(b.Neighbors(1), "", "a mismatch keeps nobody alive");

    RawHello other{3, {1}};
    other.options = OSPF_OPTION_E | 0x50;
    b.Hear(other);
    t.Same(b.Neighbors(1), "r3:2-Way", "other options do not matter");
}

// Input: another Area ID; a source outside the network, of no host, of a group. Output: rejected.
void
NotOfThisLink(Sentence& t)
{
    Bench b;
    RawHello area{3, {1}};
    area.areaId = 1;
    t.Same(b.Hear(area), "0s r1 drops area_mismatch 1 of r3\n");
    const Bytes packet = OspfLan::Encode({3, {1}});
    t.Same(b.Hear({0x0a000103}, packet), "0s r1 drops bad_subnet 167772419 of r259\n");
    b.Hear({0}, packet);
    b.Hear({0xe0000005}, packet);
    t.Equal(b.Drops(1, DropReason::BAD_SUBNET), 3, "sources");
    t.Same(b.Neighbors(1), "r2:2-Way");
}

// Input: destinations. Output: AllSPFRouters and our address are ours, AllDRouters only where we
// are Designated Router or Backup (section 8.2), other addresses never.
void
Destinations(Sentence& t)
{
    Bench b;
    const Bytes packet = OspfLan::Encode({3, {1}});
    t.Same(b.Hear(OspfLan::Address(3), packet, ALL_D_ROUTERS),
           "0s r1 drops other_group 3758096390 of r3\n",
           "DROther");
    t.Same(b.Hear(OspfLan::Address(3), packet, {0xe0000012}),
           "0s r1 drops other_group 3758096402 of r3\n",
           "a group of others");
    b.Hear(OspfLan::Address(3), packet, OspfLan::Address(7));
    t.Equal(b.Drops(1, DropReason::OTHER_GROUP), 3, "another host");
    t.Same(b.Neighbors(1), "r2:2-Way");
    b.Hear(OspfLan::Address(3), packet, OspfLan::Address(1));
    t.Same(b.Neighbors(1), "r2:2-Way r3:2-Way", "our address");
    b.Engine(1).SetPriority(OspfLan::INTERFACE, 9, 0s);
    t.Same(b.Role(1), "DR dr=r1 bdr=r3");
    b.Hear(OspfLan::Address(4), OspfLan::Encode({4, {1}}), ALL_D_ROUTERS);
    t.Same(b.Neighbors(1), "r2:2-Way r3:2-Way r4:2-Way", "Designated Router");
}

// Input: our own packet, whoever's name is in it; our name from another address; no name. Output:
// OWN_MESSAGE, DUPLICATE_ROUTER_ID, BAD_VALUE.
void
Ourselves(Sentence& t)
{
    Bench b;
    t.Same(b.Hear({1, {2}}), "0s r1 drops own_message 0 of r1\n");
    RawHello named{1, {1}};
    named.routerId = 3;
    t.Same(b.Hear(named), "0s r1 drops own_message 0 of r1\n");
    RawHello twin{3, {1}};
    twin.routerId = 1;
    t.Same(b.Hear(twin), "0s r1 drops duplicate_router_id 184483841 of r3\n");
    Bytes nameless = OspfLan::Encode({3, {1}});
    std::fill_n(nameless.begin() + 4, 3, 0);
    t.Same(b.Hear(OspfLan::Address(3), With(nameless, 7, 0)), "0s r1 drops bad_value 0 of r3\n");
    t.Same(b.Neighbors(1), "r2:2-Way");
}

// Input: every other version, packet type and AuType. Output: BAD_VERSION, UNEXPECTED_EVENT (no
// adjacency to use it on), BAD_AUTH_TYPE.
void
VersionTypeAuType(Sentence& t)
{
    Bench b;
    const Bytes packet = OspfLan::Encode({2, {1}});
    for (int value = 0; value < 256; ++value)
    {
        b.Hear(OspfLan::Address(2), With(packet, 0, static_cast<uint8_t>(value)));
        b.Hear(OspfLan::Address(2), With(packet, 1, static_cast<uint8_t>(value)));
        b.Hear(OspfLan::Address(2), With(packet, 14, static_cast<uint8_t>(value)));
    }
    t.Equal(b.Drops(1, DropReason::BAD_VERSION), 255, "versions but 2");
    t.Equal(b.Drops(1, DropReason::UNEXPECTED_EVENT), 255, "types but Hello");
    t.Equal(b.Drops(1, DropReason::BAD_AUTH_TYPE), 255, "AuTypes but 0");
    t.Equal(b.AllDrops(1), 765, "nothing else");
}

// Input: every truncation of a packet and every bit of it flipped, from a router not seen before.
// Output: all truncations and flips outside the 64 authentication bits, which AuType 0 does not
// examine, are rejected, and the router is not a neighbour.
void
ChecksumGuards(Sentence& t)
{
    Bench b;
    const Bytes packet = OspfLan::Encode({3, {1, 2}, 3, 2});
    for (size_t size = 0; size < packet.size(); ++size)
    {
        b.Hear(OspfLan::Address(3), Bytes(packet.begin(), packet.begin() + size));
    }
    t.Equal(b.AllDrops(1), packet.size(), "truncations");
    size_t flips = 0;
    for (size_t bit = 0; bit < packet.size() * 8; ++bit)
    {
        if (bit / 8 >= 16 && bit / 8 < 24)
        {
            continue;
        }
        Bytes flipped = packet;
        flipped[bit / 8] ^= static_cast<uint8_t>(0x80 >> bit % 8);
        b.Hear(OspfLan::Address(3), flipped);
        ++flips;
    }
    t.Equal(b.AllDrops(1), packet.size() + flips, "flips");
    t.Holds(b.Drops(1, DropReason::BAD_CHECKSUM) > 0, "by checksum");
    t.Same(b.Neighbors(1), "r2:2-Way");
    b.Hear(OspfLan::Address(3), packet);
    t.Same(b.Neighbors(1), "r2:2-Way r3:2-Way", "and whole it is a neighbour");
}

// Input: a Hello body too short, with half a neighbour. Output: rejected, nothing kept.
void
MalformedHello(Sentence& t)
{
    Bench b;
    for (size_t size = OSPF_HEADER_SIZE; size < 48; ++size)
    {
        Bytes packet = OspfLan::Encode({3, {1}});
        packet.resize(size);
        b.Hear(OspfLan::Address(3), With(packet, 3, static_cast<uint8_t>(size)));
    }
    t.Equal(b.Drops(1, DropReason::TRUNCATED), 20, "shorter than its fixed part");
    t.Equal(b.Drops(1, DropReason::BAD_LENGTH), 3, "half a neighbour");
    t.Same(b.Neighbors(1), "r2:2-Way r3:Init", "44 octets list nobody, which is a Hello");
}

// Input: more routers than neighborsMax. Output: TOO_MANY, those known stay; room is made by time.
void
NeighborsAreBounded(Sentence& t)
{
    OspfLan lan;
    lan.Add(0);
    lan.Config(1).neighborsMax = 3;
    lan.Up(1);
    for (size_t n = 9; n > 1; --n)
    {
        lan.Say(1, {n, {1}});
    }
    t.Same(lan.Neighbors(1), "r7:2-Way r8:2-Way r9:2-Way");
    t.Equal(lan.Drops(1, DropReason::TOO_MANY), 5, "the others");
    lan.RunUntil(40s);
    lan.Say(1, {2, {1}});
    t.Same(lan.Neighbors(1), "r2:2-Way", "later");

    OspfLan wide;
    wide.Add(0);
    wide.Config(1).neighborsMax = SIZE_MAX;
    wide.Config(1).networkMask = 0xffff0000;
    wide.Up(1);
    for (size_t n = 2; n < 5000; ++n)
    {
        RawHello hello{n};
        hello.networkMask = 0xffff0000;
        wide.Say(1, hello);
    }
    wide.RunUntil(10s);
    t.Equal(wide.LastFrame(1).packet.size(),
            OSPF_HEADER_SIZE + OSPF_HELLO_FIXED_SIZE + 4 * MAX_OSPF_NEIGHBORS,
            "never more than a Hello can list");
}

// Input: a router comes back with another Router ID at its address. Output: it is the same
// neighbour under its new name (section 10.5), and names count in elections.
void
NewRouterId(Sentence& t)
{
    Bench b;
    b.Hear({4, {1}, 0, 0, 1});
    b.Hear({3, {1}, 0, 0, 1});
    t.Same(b.Role(1), "DROther dr=r4 bdr=r4");
    RawHello renamed{2, {1}};
    renamed.routerId = 9;
    b.Hear(renamed);
    t.Same(b.Neighbors(1), "r3:2-Way r4:2-Way r9:2-Way");
    t.Same(b.Role(1), "DROther dr=r2 bdr=r2", "address of the one called r9");
}

// Input: an interface that is not there, settings that make no sense. Output: refused, no more.
void
EngineRefuses(Sentence& t)
{
    KeyTable keys;
    TestEntropy entropy(1);
    OspfEngine engine(OspfLan::RouterId(1), keys, entropy);
    OspfInterfaceConfig config;
    t.Holds(!engine.AddInterface(config), "no address");
    config.address = OspfLan::Address(1);
    config.authType = OspfAuthType::SIMPLE;
    t.Holds(!engine.AddInterface(config), "AuType 1");
    config.authType = OspfAuthType::NONE;
    config.helloInterval = 0s;
    t.Holds(!engine.AddInterface(config), "no HelloInterval");
    config.helloInterval = 10s;
    config.routerDeadInterval = -1s;
    t.Holds(!engine.AddInterface(config), "negative RouterDeadInterval");
    config.routerDeadInterval = 40s;
    t.Holds(engine.AddInterface(config), "good");
    t.Holds(!engine.AddInterface(config), "twice");

    engine.InterfaceUp(7, 0s);
    engine.InterfaceDown(7, 0s);
    engine.SetPriority(7, 1, 0s);
    engine.Advance(0s);
    engine.Receive(7, OspfLan::Address(2), ALL_SPF_ROUTERS, OspfLan::Encode({2}), 0s);
    t.Equal(engine.Drops()[static_cast<size_t>(DropReason::UNEXPECTED_EVENT)], 1, "no interface");
    t.Holds(engine.Neighbors(7).empty() && engine.InterfaceState(7) == OspfInterfaceState::DOWN &&
                engine.DesignatedRouter(7).value == 0 &&
                engine.BackupDesignatedRouter(7).value == 0 && engine.NextSequence(7) == 0,
            "no interface, no answers");
}

// Input: a host that does not poll while a hundred thousand bad packets come. Output: counters
// count all, the queue is bounded.
void
EventsAreBounded(Sentence& t)
{
    Bench b;
    const Bytes bad(30);
    for (int i = 0; i < 100000; ++i)
    {
        b.Engine(1).Receive(OspfLan::INTERFACE, OspfLan::Address(2), ALL_SPF_ROUTERS, bad, 0s);
    }
    size_t events = 0;
    while (b.Engine(1).PollEvent())
    {
        ++events;
    }
    t.Equal(b.AllDrops(1), 100000, "counted");
    t.Equal(events, 4096, "told");
}

} // namespace

std::vector<OspfTest>
OspfInputTests()
{
    return {
        {"10.5 Hello mismatch", HelloMismatch},
        {"8.2 not of this link", NotOfThisLink},
        {"8.2 destinations", Destinations},
        {"8.2 ourselves", Ourselves},
        {"8.2 version, type, AuType", VersionTypeAuType},
        {"D.5.1 checksum guards", ChecksumGuards},
        {"A.3.2 malformed Hello", MalformedHello},
        {"neighbours are bounded", NeighborsAreBounded},
        {"10.5 new Router ID", NewRouterId},
        {"engine refuses", EngineRefuses},
        {"events are bounded", EventsAreBounded},
    };
}

} // namespace karp
} // namespace ns3
