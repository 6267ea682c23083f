/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"
#include "karp-test-data.h"
#include "karp-vector-files.h"

#include "ns3/karp-ospf-authenticator.h"

#include <cstdio>
#include <map>

/**
 * \file
 * AuType 3 (RFC 7474): a sequence number of 64 bits, the IP source in the digest. Hellos every 10 s
 * at whole tens, dead after 40 s.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

constexpr uint64_t BOOT = uint64_t{1} << 32; //!< what one more boot adds to a sequence number

/** Routers that share a key, off. */
class ExtendedLan : public OspfLan
{
  public:
    explicit ExtendedLan(size_t count = 2, OspfAuthType type = OspfAuthType::CRYPTOGRAPHIC_64)
        : OspfLan(type)
    {
        for (size_t n = 1; n <= count; ++n)
        {
            Config(Add()).bootCount = 1;
        }
        KeyAll(Row());
    }

    /** \return the key of all */
    static KeyRow Row()
    {
        return Key("k", 1, Always(), 1);
    }

    /** Boot all and run until \p until; forget what happened. */
    void Begin(Time until, size_t count = 2)
    {
        for (size_t n = 1; n <= count; ++n)
        {
            Up(n);
        }
        RunUntil(until);
        Log();
    }

    /** \return packets that router \p n has sent, oldest first */
    std::vector<Frame> Sent(size_t n) const
    {
        std::vector<Frame> frames;
        for (const auto& frame : Frames())
        {
            if (frame.from == n)
            {
                frames.push_back(frame);
            }
        }
        return frames;
    }
};

/** \return the algorithm that the vectors call \p alg */
MacAlgorithm
AlgorithmOf(const std::string& alg)
{
    static const std::map<std::string, MacAlgorithm> NAMES{
        {"hmac sha1", MacAlgorithm::HMAC_SHA_1},
        {"hmac sha256", MacAlgorithm::HMAC_SHA_256},
        {"hmac sha384", MacAlgorithm::HMAC_SHA_384},
        {"hmac sha512", MacAlgorithm::HMAC_SHA_512}};
    const auto name = NAMES.find(alg);
    return name == NAMES.end() ? MacAlgorithm::NONE : name->second;
}

/** \return the address that \p dotted is */
IpAddress
AddressOf(const std::string& dotted)
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    std::sscanf(dotted.c_str(), "%u.%u.%u.%u", &a, &b, &c, &d);
    return {a << 24 | b << 16 | c << 8 | d};
}

// Input: the Hellos of the vectors, each to a router on their link that holds their key; from the
// next address; once more; and a router with another Key ID. Output: BAD_ICV from elsewhere, heard
// from where they are of, REPLAYED_SEQUENCE, UNKNOWN_KEY, the value being the whole Key ID.
void
VectorsAreHeard(Sentence& t)
{
    std::string error;
    size_t heard = 0;
    for (const auto& vector :
         LoadOspfVectors(KarpTestDataPath() + "/vectors/ospf/ospf_rfc7474_vectors.csv", &error))
    {
        if (vector.type != 1)
        {
            continue;
        }
        ExtendedLan lan(1);
        const IpAddress source = AddressOf(vector.srcIp);
        OspfInterfaceConfig& config = lan.Config(1);
        config.address = {(source.value & 0xffffff00) | 200};
        config.helloInterval = 3s;
        config.routerDeadInterval = 12s;
        KeyRow row = ExtendedLan::Row();
        row.algId = AlgorithmOf(vector.alg);
        row.key.assign(vector.key.begin(), vector.key.end());
        row.localKeyName = IntegerKeyName(vector.keyId, 4);
        lan.Keys(1).Rekey("k", row);
        lan.Up(1);
        Bytes octets = vector.packet;
        octets.insert(octets.end(), vector.trailer.begin(), vector.trailer.end());
        lan.Inject(1, {source.value + 100}, octets);
        t.Equal(lan.Drops(1, DropReason::BAD_ICV), 1, "from elsewhere");
        lan.Inject(1, source, octets);
        t.Equal(lan.Engine(1).Neighbors(OspfLan::INTERFACE).size(), 1, "heard");
        t.Equal(lan.Engine(1).Neighbors(OspfLan::INTERFACE).at(0).sequence, vector.seq, "number");
        lan.Inject(1, source, octets);
        t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), 1, "once more");
        row.localKeyName = IntegerKeyName(vector.keyId ^ 0x80000000, 4);
        lan.Keys(1).Rekey("k", row);
        lan.Log();
        lan.Inject(1, source, octets);
        const std::string drop =
            "0s r1 drops unknown_key " + std::to_string(vector.keyId) + " of r";
        t.Same(lan.Log().substr(0, drop.size()), drop);
        ++heard;
    }
    t.Same(error, "");
    t.Equal(heard, 33, "Hellos");
}

// Input: two routers, one key, each algorithm. Output: 2-Way, nothing rejected; the form of section
// 3; the boot count in the upper half of the numbers. With Keyed-MD5, in whose digest there is no
// place for the source, nothing is sent.
void
EveryAlgorithm(Sentence& t)
{
    for (const auto algorithm : {MacAlgorithm::HMAC_SHA_1,
                                 MacAlgorithm::HMAC_SHA_256,
                                 MacAlgorithm::HMAC_SHA_384,
                                 MacAlgorithm::HMAC_SHA_512})
    {
        ExtendedLan lan;
        KeyRow row = OspfLan::Key("k", 1, OspfLan::Always(), 1, algorithm);
        row.localKeyName = IntegerKeyName(0xfedcba98, 4);
        lan.Keys(1).Rekey("k", row);
        lan.Keys(2).Rekey("k", row);
        lan.Config(1).bootCount = 7;
        lan.Begin(50s);
        t.Same(lan.Neighbors(1), "r2:2-Way", ToString(algorithm));
        t.Same(lan.Neighbors(2), "r1:2-Way", ToString(algorithm));
        t.Equal(lan.AllDrops(1) + lan.AllDrops(2), 0, ToString(algorithm));
        const auto& frame = lan.LastFrame(1);
        const OspfHeader header = frame.Header();
        t.Equal(static_cast<uint64_t>(header.authType), 3, "AuType");
        t.Equal(header.packetLength + 8 + MacSize(algorithm), frame.packet.size(), "length");
        t.Equal(header.AuthDataLength(), 8 + MacSize(algorithm), "Auth Data Length");
        t.Equal(header.KeyId64(), 0xfedcba98, "Key ID");
        t.Same(ToHex({header.authField.data(), 3}), "000000", "zeros");
        t.Equal(header.checksum, 0, "checksum");
        t.Equal(frame.Sequence(), 7 * BOOT + 5, "sequence number");
    }
    ExtendedLan lan;
    const KeyRow row = OspfLan::Key("k", 1, OspfLan::Always(), 1, MacAlgorithm::KEYED_MD5);
    lan.Keys(1).Rekey("k", row);
    lan.Begin(5s);
    t.Equal(lan.Drops(1, DropReason::NO_SEND_KEY), 1, "Keyed-MD5");
    t.Equal(lan.Drops(1, DropReason::BAD_ICV), 1, "nor is it accepted");
}

// Input: the newest frame of r2 played back to r1; an older one; the newest as from r3 and as from
// an address where nobody is. Output: refused by number, refused by number, refused by digest
// twice, and r2 is heard on. Under AuType 2 the last two make neighbours.
void
Replays(Sentence& t)
{
    for (const bool isExtended : {true, false})
    {
        ExtendedLan lan(3,
                        isExtended ? OspfAuthType::CRYPTOGRAPHIC_64 : OspfAuthType::CRYPTOGRAPHIC);
        lan.Begin(35s, 2);
        const auto old = lan.Sent(2);
        lan.Inject(1, OspfLan::Address(2), old[3].packet);
        lan.Inject(1, OspfLan::Address(2), old[2].packet);
        lan.Inject(1, OspfLan::Address(3), old[3].packet);
        lan.Inject(1, OspfLan::Address(77), old[1].packet);
        t.Same(lan.Log("drops"),
               isExtended ? "35s r1 drops replayed_sequence 4294967299 of r2\n"
                            "35s r1 drops replayed_sequence 4294967298 of r2\n"
                            "35s r1 drops bad_icv 1 of r3\n"
                            "35s r1 drops bad_icv 1 of r77\n"
                          : "35s r1 drops replayed_sequence 2 of r2\n");
        t.Equal(lan.Engine(1).Neighbors(OspfLan::INTERFACE).size(), isExtended ? 1 : 3, "heard");
        lan.RunUntil(45s);
        t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), isExtended ? 2 : 1, "r2 goes on");
    }
}

// Input: packets of type 2 and of an unknown type, in the name of r2 and under the key, with
// numbers below r2's Hellos. Output: each type has its own number: the first is accepted (and comes
// to the end of what this router does with it), its copy is not; types that are not known share
// one; Hellos do not notice. Under AuType 2 there is one number for all.
void
NumberForEachType(Sentence& t)
{
    ExtendedLan lan;
    lan.Begin(35s);
    const Bytes hello = lan.LastFrame(2).packet;
    const auto say = [&lan, &hello](uint8_t type, uint64_t sequence) {
        lan.Inject(1,
                   OspfLan::Address(2),
                   OspfLan::SignExtended(hello,
                                         ExtendedLan::Row(),
                                         OspfLan::Address(2),
                                         sequence,
                                         static_cast<OspfPacketType>(type)));
        return lan.Log("drops");
    };
    t.Same(say(2, 5), "35s r1 drops unexpected_event 2 of r2\n", "first of its type");
    t.Same(say(2, 5), "35s r1 drops replayed_sequence 5 of r2\n", "its copy");
    t.Same(say(2, 6), "35s r1 drops unexpected_event 2 of r2\n", "the next");
    t.Same(say(5, 5), "35s r1 drops unexpected_event 5 of r2\n", "another type");
    t.Same(say(200, 9), "35s r1 drops unexpected_event 200 of r2\n", "unknown");
    t.Same(say(201, 9), "35s r1 drops replayed_sequence 9 of r2\n", "unknown, too");
    t.Same(say(1, BOOT + 3), "35s r1 drops replayed_sequence 4294967299 of r2\n", "Hello");
    t.Same(say(1, 9 * BOOT), "", "Hello");
    t.Equal(lan.Engine(1).Neighbors(OspfLan::INTERFACE).at(0).sequence, 9 * BOOT, "greatest");
}

// Input: r2 reboots within a second: its boot count one higher; the same, as without stable
// storage; with its number kept. Output: heard at once; refused until r1 has given it up, 40 s
// after its last Hello; heard at once. Frames of its life before are refused from then on.
void
Reboot(Sentence& t)
{
    for (const char* const what : {"counted", "lost", "kept"})
    {
        const std::string how = what;
        ExtendedLan lan;
        lan.Begin(105s);
        const auto old = lan.Sent(2);
        OspfInterfaceConfig& config = lan.Config(2);
        config.bootCount += how == "counted" ? 1 : 0;
        config.sequenceInit = how == "kept" ? OspfSequenceInit::KEPT : OspfSequenceInit::ZERO;
        config.firstSequence = lan.Engine(2).NextSequence(OspfLan::INTERFACE);
        t.Equal(config.firstSequence, BOOT + 11, "to be kept");
        lan.Crash(2);
        lan.RunUntil(106s);
        lan.Up(2);
        lan.RunUntil(200s);
        t.Same(lan.Log("r1 sees"),
               how == "lost" ? "140s r1 sees r2 2-Way -> Down (InactivityTimer)\n"
                               "146s r1 sees r2 Down -> Init (HelloReceived)\n"
                               "146s r1 sees r2 Init -> 2-Way (2-WayReceived)\n"
                             : "106s r1 sees r2 2-Way -> Init (1-WayReceived)\n"
                               "116s r1 sees r2 Init -> 2-Way (2-WayReceived)\n");
        t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), how == "lost" ? 4 : 0, how);
        lan.Inject(1, OspfLan::Address(2), old.back().packet);
        t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), how == "lost" ? 4 : 1, "old life");
    }
}

// Input: a frame of r2 played back once r2 is Down; then r2 boots, its boot count one higher.
// Output: heard, as numbers go with the neighbour; but it does not lock r2 out as it does under
// AuType 2 with numbers from zero. With numbers that outlive the neighbour it is refused.
void
ReplayAfterDown(Sentence& t)
{
    for (const bool forgotten : {true, false})
    {
        ExtendedLan lan;
        lan.Config(1).sequenceForgotten = forgotten;
        lan.Begin(105s);
        const Bytes old = lan.LastFrame(2).packet;
        lan.Crash(2);
        lan.RunUntil(160s);
        lan.Inject(1, OspfLan::Address(2), old);
        t.Same(lan.Neighbors(1), forgotten ? "r2:2-Way" : "");
        lan.RunUntil(161s);
        lan.Config(2).bootCount = 2;
        lan.Up(2);
        lan.RunUntil(175s);
        t.Same(lan.Neighbors(1), "r2:2-Way", "r2 itself");
        t.Equal(lan.Drops(1, DropReason::REPLAYED_SEQUENCE), forgotten ? 0 : 1, "refused");
    }
}

// Input: a lower half that ends at 3; one that begins with the clock. Output: after number 3 the
// boot count goes up and the lower half begins anew; neighbours notice nothing, key management is
// not asked for anything; the clock counts below the boot count.
void
LowerHalfWraps(Sentence& t)
{
    ExtendedLan lan;
    lan.Config(1).sequenceLimit = 3;
    lan.Begin(65s);
    std::string numbers;
    for (const auto& frame : lan.Sent(1))
    {
        numbers += std::to_string(frame.Sequence() >> 32) + ':' +
                   std::to_string(frame.Sequence() & UINT32_MAX) + ' ';
    }
    t.Same(numbers, "1:0 1:1 1:2 1:3 2:0 2:1 2:2 ");
    t.Same(lan.Log(), "");
    t.Equal(lan.AllDrops(2), 0, "refused");
    t.Equal(lan.Engine(1).NextSequence(OspfLan::INTERFACE), 2 * BOOT + 3, "to be kept");

    ExtendedLan clock(1);
    clock.Config(1).sequenceInit = OspfSequenceInit::CLOCK;
    clock.RunUntil(1000s);
    clock.Up(1);
    clock.RunUntil(1010s);
    t.Equal(clock.LastFrame(1).Sequence(), BOOT + 1010, "clock");
    clock.Crash(1);
    clock.Config(1).sequenceLimit = 5;
    clock.Up(1);
    clock.RunUntil(1030s);
    t.Equal(clock.Sent(1).at(2).Sequence(), BOOT + 5, "clock beyond the lower half");
    t.Equal(clock.LastFrame(1).Sequence(), 3 * BOOT + 5, "and a boot count each");
}

// Input: the last numbers of all 64 bits, and a new key later; ExhaustSequence. Output: SequenceLow
// 16 packets before the end, the last number of all never used, then NO_SEND_KEY; under the new key
// numbers begin anew.
void
SpaceRunsOut(Sentence& t)
{
    ExtendedLan lan;
    lan.Config(1).sequenceInit = OspfSequenceInit::KEPT;
    lan.Config(1).firstSequence = UINT64_MAX - 20;
    lan.Begin(0s);
    lan.RunUntil(205s);
    t.Same(lan.Log("sequence"), "30s r1 sequence low at 18446744073709551598\n");
    t.Equal(lan.LastFrame(1).Sequence(), UINT64_MAX - 1, "last");
    t.Equal(lan.Drops(1, DropReason::NO_SEND_KEY), 1, "at 200 s");
    t.Equal(lan.Engine(1).NextSequence(OspfLan::INTERFACE), UINT64_MAX, "none left");
    lan.KeyAll(OspfLan::Key("l", 2, {200s, 206s, TIME_MAX, TIME_MAX}, 2));
    lan.RunUntil(215s);
    t.Equal(lan.LastFrame(1).Sequence(), 0, "anew");

    ExtendedLan low;
    low.Begin(5s);
    low.Engine(1).ExhaustSequence(OspfLan::INTERFACE);
    low.RunUntil(15s);
    t.Same(low.Log("sequence"), "10s r1 sequence low at 18446744073709551598\n");
    t.Same(low.Neighbors(2), "r1:2-Way", "greater is greater");
}

// Input: a flood of packets that name other Key IDs. Output: all UNKNOWN_KEY, and nothing is kept
// of them: the key table's rows bound what is.
void
KeyIdsAreBounded(Sentence& t)
{
    OspfInterfaceConfig config;
    config.address = OspfLan::Address(1);
    config.authType = OspfAuthType::CRYPTOGRAPHIC_64;
    KeyTable keys;
    keys.Insert(ExtendedLan::Row());
    TestEntropy entropy(1);
    OspfContext context(1, keys, entropy);
    OspfAuthenticator authenticator(context, config);
    const Bytes hello = OspfLan::Encode({});
    for (uint32_t i = 0; i < 1000; ++i)
    {
        KeyRow row = ExtendedLan::Row();
        row.localKeyName = IntegerKeyName(1 + 77 * i, 4);
        const Bytes packet = OspfLan::SignExtended(hello, row, OspfLan::Address(2), 1);
        const auto decoded = DecodeOspfPacket(packet);
        const auto verdict =
            authenticator.Verify(std::get<OspfPacketView>(decoded), OspfLan::Address(2), 2, 1s);
        t.Holds(verdict.reason == (i == 0 ? DropReason::NONE : DropReason::UNKNOWN_KEY), "verdict");
    }
    t.Equal(authenticator.KeyIdsCached(), 1, "kept");
}

// Input: AuType 3 against 2; numbers that may repeat. Output: BAD_AUTH_TYPE on both sides; refused
// as a setting (section 2: "MUST be incremented for every OSPF packet").
void
OtherSettings(Sentence& t)
{
    ExtendedLan lan;
    lan.Config(2).authType = OspfAuthType::CRYPTOGRAPHIC;
    lan.Begin(15s);
    t.Equal(lan.Drops(1, DropReason::BAD_AUTH_TYPE), 2, "of AuType 2");
    t.Equal(lan.Drops(2, DropReason::BAD_AUTH_TYPE), 1, "of AuType 3");

    ExtendedLan seconds(1);
    seconds.Config(1).sequenceStep = OspfSequenceStep::SECOND;
    seconds.Up(1);
    t.Same(seconds.Log("refused"), "interface refused\n");
}

// Input: an authentic Hello of AuType 3 of a router not seen before, every truncation of it and
// every bit of it flipped. Output: all rejected, nothing changed, no number kept; whole, it counts.
void
FlipsChangeNothing(Sentence& t)
{
    ExtendedLan lan;
    lan.SetFilter([](size_t, size_t, const Bytes&) { return false; });
    lan.Begin(15s);
    const Bytes packet = lan.LastFrame(2).packet;
    for (size_t size = 0; size < packet.size(); ++size)
    {
        lan.Inject(1, OspfLan::Address(2), Bytes(packet.begin(), packet.begin() + size));
    }
    for (size_t bit = 0; bit < packet.size() * 8; ++bit)
    {
        Bytes flipped = packet;
        flipped[bit / 8] ^= static_cast<uint8_t>(0x80 >> bit % 8);
        lan.Inject(1, OspfLan::Address(2), flipped);
    }
    t.Equal(lan.AllDrops(1), packet.size() * 9, "all rejected");
    t.Same(lan.Neighbors(1), "", "nothing changed");
    lan.Inject(1, OspfLan::Address(2), packet);
    t.Same(lan.Neighbors(1), "r2:Init", "and whole it counts");
}

} // namespace

std::vector<OspfTest>
OspfExtendedTests()
{
    return {
        {"RFC 7474 vectors are heard", VectorsAreHeard},
        {"RFC 7474 3 every algorithm", EveryAlgorithm},
        {"RFC 7474 2 5 A2 replays", Replays},
        {"RFC 7474 2 a number for each packet type", NumberForEachType},
        {"RFC 7474 2 A2 reboot", Reboot},
        {"RFC 7474 A2 replay after Down", ReplayAfterDown},
        {"RFC 7474 2 the lower half wraps", LowerHalfWraps},
        {"RFC 7474 R2 sequence space runs out", SpaceRunsOut},
        {"RFC 7474 3 Key IDs are bounded", KeyIdsAreBounded},
        {"RFC 7474 other settings", OtherSettings},
        {"RFC 7474 flips and truncations change nothing", FlipsChangeNothing},
    };
}

} // namespace karp
} // namespace ns3
