/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"
#include "karp-test-data.h"
#include "karp-vector-files.h"

#include "ns3/karp-digest-memo.h"

#include <map>
#include <set>

/**
 * \file
 * Authentication (RFC 2328 appendix D, RFC 5709) with keys of the key table (RFC 7210 section 3).
 * Hellos every 10 s at whole tens, dead after 40 s; all keys are for all interfaces.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** A LAN of \p count routers with AuType 2, off and without keys. */
class SecureLan : public OspfLan
{
  public:
    explicit SecureLan(size_t count)
        : OspfLan(OspfAuthType::CRYPTOGRAPHIC)
    {
        for (size_t i = 0; i < count; ++i)
        {
            Add();
        }
        m_count = count;
    }

    /** Boot all. */
    void UpAll()
    {
        for (size_t n = 1; n <= m_count; ++n)
        {
            Up(n);
        }
    }

    /** \return all rejections of all routers */
    uint64_t Rejected()
    {
        uint64_t sum = 0;
        for (size_t n = 1; n <= m_count; ++n)
        {
            sum += AllDrops(n);
        }
        return sum;
    }

  private:
    size_t m_count; //!< how many there are
};

// Input: two routers, one key, each algorithm. Output: 2-Way, nothing rejected, digests of the
// right size behind packets of the right length, checksum 0 (D.4.3).
void
EveryAlgorithm(Sentence& t)
{
    for (const auto algorithm : {MacAlgorithm::KEYED_MD5,
                                 MacAlgorithm::HMAC_SHA_1,
                                 MacAlgorithm::HMAC_SHA_256,
                                 MacAlgorithm::HMAC_SHA_384,
                                 MacAlgorithm::HMAC_SHA_512})
    {
        SecureLan lan(2);
        lan.KeyAll(OspfLan::Key("k", 200, OspfLan::Always(), 0x5a, algorithm));
        lan.UpAll();
        lan.RunUntil(50s);
        t.Same(lan.Neighbors(1), "r2:2-Way", ToString(algorithm));
        t.Same(lan.Neighbors(2), "r1:2-Way", ToString(algorithm));
        t.Equal(lan.Rejected(), 0, ToString(algorithm));
        const OspfHeader header = lan.LastFrame(1).Header();
        t.Equal(header.packetLength + MacSize(algorithm), lan.LastFrame(1).packet.size(), "length");
        t.Equal(header.AuthDataLength(), MacSize(algorithm), "Auth Data Length");
        t.Equal(header.KeyId(), 200, "Key ID");
        t.Equal(header.checksum, 0, "checksum");
    }
}

// Input: two keys that differ in one thing: the key, its algorithm, its ID, its interface, its
// preparation. Output: BAD_ICV, BAD_ICV, UNKNOWN_KEY, NOT_KEYED, BAD_ICV; nobody is a neighbour.
void
OtherKey(Sentence& t)
{
    const KeyRow row = OspfLan::Key("k", 1, OspfLan::Always(), 1);

    struct Difference
    {
        KeyRow row;
        KeyPreparation preparation;
        DropReason reason;
    };

    KeyRow key = row;
    key.key.back() ^= 1;
    const KeyRow algorithm = OspfLan::Key("k", 1, OspfLan::Always(), 1, MacAlgorithm::HMAC_SHA_512);
    const KeyRow name = OspfLan::Key("k", 2, OspfLan::Always(), 1);
    KeyRow interface = row;
    interface.interfaces = {OspfLan::INTERFACE + 1};
    for (const auto& other :
         {Difference{key, KeyPreparation::RFC_2104, DropReason::BAD_ICV},
          Difference{algorithm, KeyPreparation::RFC_2104, DropReason::BAD_ICV},
          Difference{name, KeyPreparation::RFC_2104, DropReason::UNKNOWN_KEY},
          Difference{interface, KeyPreparation::RFC_2104, DropReason::NOT_KEYED}})
    {
        SecureLan lan(2);
        lan.Keys(1).Insert(row);
        lan.Keys(2).Insert(other.row);
        lan.UpAll();
        lan.RunUntil(5s);
        lan.Say(2, {3});
        lan.Inject(2, OspfLan::Address(1), lan.LastFrame(1).packet);
        t.Equal(lan.Drops(2, other.reason), 1, ToString(other.reason));
        t.Equal(lan.Drops(2, DropReason::BAD_AUTH_TYPE), 1, "a Hello of AuType 0");
        t.Same(lan.Neighbors(2), "");
    }

    SecureLan lan(2);
    KeyRow longKey = row;
    longKey.key.resize(48, 7);
    lan.KeyAll(longKey);
    lan.Config(2).keyPreparation = KeyPreparation::RFC_5709;
    lan.UpAll();
    lan.RunUntil(5s);
    t.Equal(lan.Drops(1, DropReason::BAD_ICV), 1, "48 octets, two preparations");
}

// Input: AuType 0 against 2. Output: BAD_AUTH_TYPE on both sides (section 8.2).
void
AuTypeMismatch(Sentence& t)
{
    SecureLan lan(2);
    lan.Config(2).authType = OspfAuthType::NONE;
    lan.KeyAll(OspfLan::Key("k", 1, OspfLan::Always(), 1));
    lan.UpAll();
    lan.RunUntil(30s);
    t.Equal(lan.Drops(1, DropReason::BAD_AUTH_TYPE), 4, "of AuType 0");
    t.Equal(lan.Drops(2, DropReason::BAD_AUTH_TYPE), 3, "of AuType 2");
    t.Same(lan.Neighbors(1) + lan.Neighbors(2), "");
}

// Input: a key that is accepted from 100 s to 200 s, and a Hello under it at the edges. Output: the
// interval is half-open, to the nanosecond.
void
AcceptLifetime(Sentence& t)
{
    SecureLan lan(2);
    lan.Keys(1).Insert(OspfLan::Key("k", 1, OspfLan::Always(), 1));
    lan.Keys(2).Insert(OspfLan::Key("k", 1, {100s, 150s, 160s, 200s}, 1));
    lan.Up(1);
    const Bytes hello = lan.LastFrame(1).packet;
    lan.Up(2);
    const auto hear = [&lan, &hello](Time now) {
        lan.Log();
        lan.SetFilter([](size_t, size_t, const Bytes&) { return false; });
        lan.RunUntil(now);
        lan.Log();
        lan.Inject(2, OspfLan::Address(1), hello);
        return lan.Log("r2 ");
    };
    t.Same(hear(100s - 1ns), "100s r2 drops key_not_valid 1 of r1\n", "before");
    t.Same(hear(100s), "100s r2 sees r1 Down -> Init (HelloReceived)\n", "first");
    t.Same(hear(200s - 1ns), "200s r2 sees r1 Down -> Init (HelloReceived)\n", "last");
    t.Same(hear(200s), "200s r2 drops key_not_valid 1 of r1\n", "after");
}

// Input: five routers; a second key is given to each at another time and is sent with from 200 s
// on, while the first is still accepted. Output: the first Hello from 200 s on is under the new
// key; not one packet is rejected, nobody's state changes (make before break).
void
Rollover(Sentence& t)
{
    SecureLan lan(5);
    lan.KeyAll(OspfLan::Key("first", 1, {0s, 0s, 230s, 260s}, 1));
    lan.UpAll();
    lan.RunUntil(100s);
    lan.Log();
    for (size_t n = 1; n <= 5; ++n)
    {
        lan.RunUntil(100s + std::chrono::seconds(n * 17));
        lan.Keys(n).Insert(OspfLan::Key("second", 2, {100s, 200s, TIME_MAX, TIME_MAX}, 2));
    }
    lan.RunUntil(400s);
    t.Same(lan.Log(), "");
    t.Equal(lan.Rejected(), 0, "rejections");
    for (const auto& frame : lan.Frames())
    {
        t.Equal(frame.Header().KeyId(), frame.at < 200s ? 1 : 2, "Key ID");
    }
    for (size_t n = 1; n <= 5; ++n)
    {
        t.Equal(lan.Keys(n).Expire(400s).size(), 1, "the first is over");
    }
    lan.RunUntil(500s);
    t.Equal(lan.Rejected(), 0, "rejections without it");
}

// Input: two routers whose only key is replaced, at 105 s and at 129 s. Output: what was sent in
// between is rejected, two Hellos on each side, and the adjacency lives; where the second never
// follows it dies when RouterDeadInterval is over.
void
BreakBeforeMake(Sentence& t)
{
    for (const bool follows : {true, false})
    {
        SecureLan lan(2);
        lan.KeyAll(OspfLan::Key("k", 1, OspfLan::Always(), 1));
        lan.UpAll();
        lan.RunUntil(105s);
        lan.Log();
        lan.Keys(1).Rekey("k", OspfLan::Key("k", 2, OspfLan::Always(), 2));
        lan.RunUntil(129s);
        t.Equal(lan.Drops(1, DropReason::UNKNOWN_KEY), 2, "Hellos of 110, 120 s");
        t.Equal(lan.Drops(2, DropReason::UNKNOWN_KEY), 2, "Hellos of 110, 120 s");
        if (follows)
        {
            lan.Keys(2).Rekey("k", OspfLan::Key("k", 2, OspfLan::Always(), 2));
        }
        lan.RunUntil(300s);
        t.Same(lan.Log("sees"),
               follows ? ""
                       : "140s r1 sees r2 2-Way -> Down (InactivityTimer)\n"
                         "140s r2 sees r1 2-Way -> Down (InactivityTimer)\n");
        t.Equal(lan.Drops(1, DropReason::UNKNOWN_KEY), follows ? 2 : 20, "all in all");
    }
}

// Input: a row replaced under its name, with the same Key ID, by another key. Output: the very next
// packet is signed and verified with the new key; nothing kept from the old one is used.
void
RekeyAtOnce(Sentence& t)
{
    SecureLan lan(2);
    lan.KeyAll(OspfLan::Key("k", 1, OspfLan::Always(), 1));
    lan.UpAll();
    lan.RunUntil(55s);
    lan.Log();
    lan.Keys(1).Rekey("k", OspfLan::Key("k", 1, OspfLan::Always(), 2));
    lan.RunUntil(60s);
    t.Equal(lan.Drops(1, DropReason::BAD_ICV), 1, "signed with the old one");
    t.Equal(lan.Drops(2, DropReason::BAD_ICV), 1, "signed with the new one");
    lan.Keys(2).Rekey("k", OspfLan::Key("k", 1, OspfLan::Always(), 2));
    lan.RunUntil(100s);
    t.Equal(lan.Rejected(), 2, "no more");
}

// Input: the only key may be sent with until 105 s, and another comes at 185 s. Output: NO_SEND_KEY
// once for each Hello missed, and nothing is sent; the neighbour is lost and found again.
void
NoSendKey(Sentence& t)
{
    SecureLan lan(2);
    lan.Keys(1).Insert(OspfLan::Key("k", 1, {0s, 0s, 105s, TIME_MAX}, 1));
    lan.Keys(2).Insert(OspfLan::Key("k", 1, OspfLan::Always(), 1));
    lan.UpAll();
    lan.RunUntil(105s);
    lan.Log();
    lan.RunUntil(185s);
    t.Equal(lan.Drops(1, DropReason::NO_SEND_KEY), 8, "110 to 180 s");
    t.Equal(lan.AllDrops(1), 8, "what comes in is still accepted");
    t.Same(lan.Log("r2 sees"), "140s r2 sees r1 2-Way -> Down (InactivityTimer)\n");
    t.Holds(lan.LastFrame(1).at == 100s, "silence");
    lan.Keys(1).SetLifetimes("k", {0s, 185s, TIME_MAX, TIME_MAX});
    lan.RunUntil(200s);
    t.Same(lan.Log("r2 sees"),
           "190s r2 sees r1 Down -> Init (HelloReceived)\n"
           "190s r2 sees r1 Init -> 2-Way (2-WayReceived)\n");
    t.Equal(lan.Drops(1, DropReason::NO_SEND_KEY), 8, "no more");
}

// Input: keys of which one direction is not allowed, a Key ID that does not fit its field. Output:
// they are not used that way.
void
DirectionAndWidth(Sentence& t)
{
    SecureLan lan(2);
    KeyRow in = OspfLan::Key("in", 1, OspfLan::Always(), 1);
    in.direction = KeyDirection::IN;
    KeyRow out = OspfLan::Key("out", 2, OspfLan::Always(), 2);
    out.direction = KeyDirection::OUT;
    lan.Keys(1).Insert(in);
    lan.Keys(1).Insert(out);
    lan.Keys(2).Insert(OspfLan::Key("in", 1, OspfLan::Always(), 1));
    lan.UpAll();
    t.Equal(lan.LastFrame(1).Header().KeyId(), 2, "sent with the outward one");
    lan.RunUntil(0s);
    t.Equal(lan.AllDrops(1), 0, "accepted with the inward one");
    lan.Inject(1, OspfLan::Address(2), lan.LastFrame(1).packet);
    t.Equal(lan.Drops(1, DropReason::KEY_NOT_VALID), 1, "not with the outward one");

    SecureLan wide(1);
    KeyRow row = OspfLan::Key("wide", 1, OspfLan::Always(), 1);
    row.localKeyName = IntegerKeyName(257, 2);
    wide.KeyAll(row);
    wide.UpAll();
    wide.RunUntil(0s);
    t.Equal(wide.Frames().size(), 0, "257 is not 1");
    t.Same(wide.Log("drops"), "0s r1 drops no_send_key 257 of r1\n");
}

// Input: while two groups merge a router holds two keys of one Key ID; a neighbour sends under
// either. Output: each is tried; a third key is not accepted. With a memo as without.
void
TwoKeysOfOneId(Sentence& t)
{
    for (const bool shared : {false, true})
    {
        SecureLan lan(4);
        lan.ShareDigests(shared ? std::make_shared<DigestMemo>() : nullptr);
        lan.Keys(1).Insert(OspfLan::Key("a", 1, OspfLan::Always(), 1));
        lan.Keys(1).Insert(OspfLan::Key("b", 1, OspfLan::Always(), 2));
        for (size_t n = 2; n <= 4; ++n)
        {
            lan.Keys(n).Insert(
                OspfLan::Key("k", 1, OspfLan::Always(), static_cast<uint8_t>(n - 1)));
        }
        lan.UpAll();
        lan.RunUntil(25s);
        t.Same(lan.Neighbors(1), "r2:2-Way r3:Init");
        t.Equal(lan.Drops(1, DropReason::BAD_ICV), 3, "of r4");
    }
}

// Input: a LAN with a memo and the same without. Output: the same frames, the same events, the same
// count of digests to be charged, and most of them not computed.
void
MemoChangesNothing(Sentence& t)
{
    std::map<bool, std::string> outcome;
    for (const bool shared : {false, true})
    {
        const auto memo = std::make_shared<DigestMemo>();
        SecureLan lan(6);
        lan.ShareDigests(shared ? memo : nullptr);
        lan.KeyAll(OspfLan::Key("k", 1, {0s, 0s, 100s, 130s}, 1));
        lan.KeyAll(OspfLan::Key("l", 2, {50s, 90s, TIME_MAX, TIME_MAX}, 2));
        lan.UpAll();
        lan.RunUntil(200s);
        std::string text = lan.Log();
        for (const auto& frame : lan.Frames())
        {
            text += ToHex(frame.packet);
        }
        for (size_t n = 1; n <= 6; ++n)
        {
            const auto& counters = lan.Engine(n).Counters();
            text += std::to_string(counters[static_cast<size_t>(CryptoOperation::MAC)]) + ' ';
        }
        outcome[shared] = text;
        const auto& statistics = memo->GetStatistics();
        t.Equal(statistics.misses, shared ? lan.Frames().size() : 0, "one digest a packet");
        t.Holds(!shared || statistics.hits > 4 * statistics.misses, "the rest remembered");
    }
    t.Same(outcome[true], outcome[false]);
}

// Input: an authentic Hello of a router not seen before, every truncation of it and every bit of it
// flipped. Output: all rejected; no neighbour, no event but the rejection, no sequence number kept.
void
FlipsChangeNothing(Sentence& t)
{
    for (const auto algorithm : {MacAlgorithm::KEYED_MD5, MacAlgorithm::HMAC_SHA_256})
    {
        SecureLan lan(3);
        lan.KeyAll(OspfLan::Key("k", 1, OspfLan::Always(), 1, algorithm));
        lan.Up(2);
        lan.Up(3);
        lan.RunUntil(15s);
        lan.SetFilter([](size_t from, size_t, const Bytes&) { return from == 3; });
        lan.Up(1);
        lan.RunUntil(25s);
        const Bytes packet = lan.LastFrame(2).packet;
        lan.Log();
        const std::string before = lan.Neighbors(1) + lan.Role(1);
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
        t.Equal(lan.Drops(1, DropReason::DUPLICATE_ROUTER_ID) +
                    lan.Drops(1, DropReason::HELLO_MISMATCH),
                0,
                "none was believed");
        t.Same(lan.Neighbors(1) + lan.Role(1), before, "nothing changed");
        lan.Inject(1, OspfLan::Address(2), packet);
        t.Same(lan.Neighbors(1), "r2:Init r3:Init", "and whole it counts");
    }
}

/** \return the algorithm that BIRD calls \p name */
MacAlgorithm
FromBird(const std::string& name)
{
    static const std::map<std::string, MacAlgorithm> NAMES{
        {"keyed md5", MacAlgorithm::KEYED_MD5},
        {"hmac sha1", MacAlgorithm::HMAC_SHA_1},
        {"hmac sha256", MacAlgorithm::HMAC_SHA_256},
        {"hmac sha384", MacAlgorithm::HMAC_SHA_384},
        {"hmac sha512", MacAlgorithm::HMAC_SHA_512},
    };
    const auto found = NAMES.find(name);
    return found == NAMES.end() ? MacAlgorithm::NONE : found->second;
}

/** \return a Hello of the neighbour that BIRD's \p hello lists: it agrees with BIRD in all things
 */
Bytes
NeighborOfBird(const OspfHeader& header, const OspfHello& hello, const KeyRow& row)
{
    OspfHeader other = header;
    other.routerId = hello.neighbors.front();
    other.SetCryptographic(header.KeyId(), header.AuthDataLength(), 0);
    OspfHello answer = hello;
    answer.neighbors = {header.routerId};
    Bytes packet;
    EncodeOspfHello(other, answer, packet);
    const size_t size = packet.size();
    packet.resize(size + header.AuthDataLength());
    OspfMac::Create(row.algId, row.key)->Compute({packet.data(), size}, packet.data() + size);
    return packet;
}

/** \return what our router sends in the situation that BIRD's Hello \p hello tells of */
Bytes
SameAsBird(const OspfVector& vector, const OspfHeader& header, const OspfHello& hello)
{
    KeyTable keys;
    KeyRow row = OspfLan::Key("k", vector.keyId, OspfLan::Always(), 0, FromBird(vector.alg));
    row.key.assign(vector.key.begin(), vector.key.end());
    keys.Insert(row);
    TestEntropy entropy(1);
    OspfEngine engine(header.routerId, keys, entropy);
    OspfInterfaceConfig config;
    // The captures were made with 10.9.0.n for the router called 10.255.0.n.
    config.address = {0x0a090000 | (header.routerId & 0xff)};
    config.networkMask = hello.networkMask;
    config.areaId = header.areaId;
    config.priority = hello.routerPriority;
    config.helloInterval = std::chrono::seconds(hello.helloInterval);
    config.routerDeadInterval = std::chrono::seconds(hello.routerDeadInterval);
    config.helloJitter = 0;
    config.sequenceInit = OspfSequenceInit::CLOCK;
    engine.AddInterface(config);
    // BIRD's sequence number is the clock. A Hello that names a Designated Router is sent when the
    // Wait Timer has fired, any other one right after the boot.
    const Time now = std::chrono::seconds(vector.seq);
    const Time boot = hello.designatedRouter.value == 0 ? now : now - config.routerDeadInterval;
    engine.InterfaceUp(0, boot);
    if (!hello.neighbors.empty())
    {
        const IpAddress source{0x0a090000 | (hello.neighbors.front() & 0xff)};
        const Bytes packet = NeighborOfBird(header, hello, row);
        engine.Receive(0, source, ALL_SPF_ROUTERS, packet, boot + std::chrono::seconds(1));
    }
    Bytes last;
    for (Time at = boot; at <= now; at += config.helloInterval)
    {
        engine.Advance(at);
        while (const auto out = engine.PollTransmit())
        {
            last = *out->packet;
        }
    }
    return last;
}

// Input: the Hellos that a real BIRD sent, keys of all lengths, alone and with a neighbour. Output:
// from the same fields and the same key we make the same octets, digest included.
void
SameOctetsAsBird(Sentence& t)
{
    std::string error;
    const auto vectors =
        LoadOspfVectors(KarpTestDataPath() + "/vectors/ospf/ospf_auth_vectors.csv", &error);
    t.Same(error, "");
    std::set<std::string> algorithms;
    size_t compared = 0;
    for (const auto& vector : vectors)
    {
        if (vector.type != 1)
        {
            continue;
        }
        Bytes octets = vector.packet;
        octets.insert(octets.end(), vector.trailer.begin(), vector.trailer.end());
        const auto whole = DecodeOspfPacket(octets);
        const auto* view = std::get_if<OspfPacketView>(&whole);
        OspfHello hello;
        if (view == nullptr || DecodeOspfHello(view->body, hello).reason != DropReason::NONE)
        {
            t.Holds(false, vector.pcap + " does not decode");
            continue;
        }
        t.Same(ToHex(SameAsBird(vector, view->header, hello)), ToHex(octets), vector.pcap);
        algorithms.insert(vector.alg);
        ++compared;
    }
    t.Equal(algorithms.size(), 3, "algorithms");
    t.Equal(compared, 18, "Hellos");
}

// Input: two routers under one key, which is replaced; then one router alone is heard by replay of
// another's packet with a digest that is wrong. Output: each is told once of each key that the
// other used, and not of keys that were not.
void
UseIsTold(Sentence& t)
{
    OspfLan lan(OspfAuthType::CRYPTOGRAPHIC);
    lan.Add();
    lan.Add();
    lan.KeyAll(OspfLan::Key("first", 1, OspfLan::Always(), 1));
    lan.Up(1);
    lan.Up(2);
    lan.RunUntil(25s);
    t.Equal(lan.Heard().size(), 2, "one each, however many packets");
    t.Same(lan.Heard().at(0), std::string("r1 hears r2 use first"));
    t.Same(lan.Heard().at(1), std::string("r2 hears r1 use first"));
    Bytes forged = lan.LastFrame(2).packet;
    forged.back() ^= 1;
    lan.Inject(1, IpAddress{OspfLan::Address(2).value + 7}, forged);
    t.Equal(lan.Heard().size(), 2, "not of what is not authentic");
}

// Input: two routers, each with a key of its own under one Key ID, which the other has a row for
// that names it; then what r2 sends comes from r3, whose key under that ID is known too; then from
// r4, who has none. Output: 2-Way; r3's is a wrong digest, r4's an unknown key (RFC 7210 section 2,
// Peers).
void
KeyOfOnePeer(Sentence& t)
{
    SecureLan lan(2);
    const auto key = [](size_t whose, bool out) {
        KeyRow row = OspfLan::Key((out ? "out" : "in") + std::to_string(whose),
                                  7,
                                  OspfLan::Always(),
                                  static_cast<uint8_t>(whose));
        row.direction = out ? KeyDirection::OUT : KeyDirection::IN;
        row.peers = out ? "g0" : OspfLan::Address(whose).ToString();
        return row;
    };
    for (const size_t own : {1, 2})
    {
        lan.Keys(own).Insert(key(own, true));
        lan.Keys(own).Insert(key(3 - own, false));
        lan.Keys(own).Insert(key(3, false));
    }
    lan.UpAll();
    lan.RunUntil(25s);
    t.Equal(lan.Rejected(), 0, "nothing");
    lan.Inject(1, OspfLan::Address(3), lan.LastFrame(2).packet);
    t.Equal(lan.Drops(1, DropReason::BAD_ICV), 1, "not r3's");
    lan.Inject(1, OspfLan::Address(4), lan.LastFrame(2).packet);
    t.Equal(lan.Drops(1, DropReason::UNKNOWN_KEY), 1, "r4 has none");
}

} // namespace

std::vector<OspfTest>
OspfAuthTests()
{
    return {
        {"every algorithm", EveryAlgorithm},
        {"D.5.3 another key", OtherKey},
        {"8.2 AuType mismatch", AuTypeMismatch},
        {"accept lifetime is half-open", AcceptLifetime},
        {"rollover, make before break", Rollover},
        {"rollover, break before make", BreakBeforeMake},
        {"rekey at once", RekeyAtOnce},
        {"no key to send with", NoSendKey},
        {"direction and width of keys", DirectionAndWidth},
        {"two keys of one Key ID", TwoKeysOfOneId},
        {"memo changes nothing", MemoChangesNothing},
        {"flips and truncations change nothing", FlipsChangeNothing},
        {"same octets as BIRD", SameOctetsAsBird},
        {"K9 who uses a key is told once", UseIsTold},
        {"K5 a key of one peer", KeyOfOnePeer},
    };
}

} // namespace karp
} // namespace ns3
