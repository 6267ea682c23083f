/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto-tests.h"
#include "karp-test-entropy.h"

#include "ns3/karp-digest-memo.h"

#include <string>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-crypto: digests of OSPF packets, and their memo.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A Hello by Holo's tests; the octet XX is the length of the digest. */
const char* const HOLO_HELLO = "02010034010101010000000000000002000001XX3245d014ffffff000003020100"
                               "00000c0a0001030a0001020202020203030303";

/** \return the Hello with the length of \p algorithm's digest in it */
Bytes
HelloFor(MacAlgorithm algorithm)
{
    std::string hex = HOLO_HELLO;
    const std::array<uint8_t, 1> size{static_cast<uint8_t>(MacSize(algorithm))};
    hex.replace(hex.find("XX"), 2, ToHex(size));
    return FromHex(hex);
}

/** \return the digest of \p packet in hexadecimal */
std::string
DigestHex(OspfMac& mac, ByteView packet)
{
    Bytes digest(mac.Size());
    mac.Compute(packet, digest.data());
    return ToHex(digest);
}

/** An algorithm and what Holo expects of it. */
struct HoloRow
{
    MacAlgorithm algorithm; //!< which
    const char* digest;     //!< of the Hello under the key "HOLO"
};

const HoloRow HOLO_ROWS[] = {
    {MacAlgorithm::KEYED_MD5, "9dd5a80386ee7167441a37a90427fcc7"},
    {MacAlgorithm::HMAC_SHA_1, "8abdb5249663e6cc4e11acdc37838cc9f5c08dcd"},
    {MacAlgorithm::HMAC_SHA_256,
     "2639ac92a3cc7e92e1253aa259c9b572bfc28f0536a2cb0a4b46666a69626f04"},
    {MacAlgorithm::HMAC_SHA_384,
     "bee29b715a18e837cd0647ab7c8d2e5d52756b3f6e1b70212270e8227f3dd3d61dfba2ec2812722396dcdfe4e6e58"
     "c"
     "7a"},
    {MacAlgorithm::HMAC_SHA_512,
     "ea86f8d87dd24fc329159e5c54711dbe77f23a1b9423b8d7118c7839089dc63abf7a63b2ea60d3bc195bf558a0890"
     "1"
     "aeb56cbd1e2c7fdb032897f7bc92e356c7"},
};

} // namespace

/**
 * Input: the Hello of Holo's tests under its key, by each algorithm.
 * Output: Holo's digests; each verifies, and with any bit of packet or digest flipped, or the
 * digest shorter or longer, does not.
 */
class MacPublishedTest : public TestCase
{
  public:
    MacPublishedTest()
        : TestCase("digests of another router's packets are reproduced, and no others accepted")
    {
    }

  private:
    void DoRun() override
    {
        for (const HoloRow& row : HOLO_ROWS)
        {
            const auto mac = OspfMac::Create(row.algorithm, ByteView::Of("HOLO"));
            const Bytes packet = HelloFor(row.algorithm);
            const Bytes digest = FromHex(row.digest);
            NS_TEST_ASSERT_MSG_EQ(mac->Size(), MacSize(row.algorithm), ToString(row.algorithm));
            // Twice: a context must be as good as new after each packet.
            NS_TEST_ASSERT_MSG_EQ(DigestHex(*mac, packet), row.digest, ToString(row.algorithm));
            NS_TEST_ASSERT_MSG_EQ(DigestHex(*mac, packet), row.digest, ToString(row.algorithm));
            NS_TEST_ASSERT_MSG_EQ(mac->Verify(packet, digest), true, ToString(row.algorithm));
            for (size_t bit = 0; bit < packet.size() * 8; ++bit)
            {
                NS_TEST_ASSERT_MSG_EQ(mac->Verify(Flipped(packet, bit), digest), false, bit);
            }
            for (size_t bit = 0; bit < digest.size() * 8; ++bit)
            {
                NS_TEST_ASSERT_MSG_EQ(mac->Verify(packet, Flipped(digest, bit)), false, bit);
            }
            for (size_t size = 0; size < digest.size(); ++size)
            {
                NS_TEST_ASSERT_MSG_EQ(mac->Verify(packet, {digest.data(), size}), false, size);
            }
            Bytes longer = digest;
            longer.push_back(0);
            NS_TEST_ASSERT_MSG_EQ(mac->Verify(packet, longer), false, "longer");
        }
        NS_TEST_ASSERT_MSG_EQ((OspfMac::Create(MacAlgorithm::NONE, Bytes(8)) == nullptr),
                              true,
                              "no algorithm");
        NS_TEST_ASSERT_MSG_EQ((OspfMac::Create(static_cast<MacAlgorithm>(6), Bytes(8)) == nullptr),
                              true,
                              "unknown algorithm");
    }
};

/**
 * Input: a key of 40 octets with HMAC-SHA-256, between the digest's 32 and the block's 64 (RFC 5709
 * section 3.3 hashes it, RFC 2104 does not); keys of every length from 1 to 150.
 * Output: for 40 octets the two known digests; the two rules agree for keys up to the digest's
 * length and beyond the block's, and only there.
 */
class MacKeyPreparationTest : public TestCase
{
  public:
    MacKeyPreparationTest()
        : TestCase("keys are prepared by either rule, which differ between digest and block")
    {
    }

  private:
    void DoRun() override
    {
        const Bytes packet = HelloFor(MacAlgorithm::HMAC_SHA_256);
        const Bytes key = Counting(0, 40);
        const auto rfc5709 =
            OspfMac::Create(MacAlgorithm::HMAC_SHA_256, key, KeyPreparation::RFC_5709);
        const auto rfc2104 =
            OspfMac::Create(MacAlgorithm::HMAC_SHA_256, key, KeyPreparation::RFC_2104);
        NS_TEST_ASSERT_MSG_EQ(DigestHex(*rfc5709, packet),
                              "36632080682f52c8f16edbdccc97fd54ce5b051a87ecc502e3fc601b753202fd",
                              "RFC 5709");
        NS_TEST_ASSERT_MSG_EQ(DigestHex(*rfc2104, packet),
                              "df78431874c37b810dab6a18e9b5d0d4244918be9b12d372fce15d63d7539ed5",
                              "RFC 2104");
        CheckLengths(MacAlgorithm::HMAC_SHA_1, 64);
        CheckLengths(MacAlgorithm::HMAC_SHA_256, 64);
        CheckLengths(MacAlgorithm::HMAC_SHA_384, 128);
        CheckLengths(MacAlgorithm::HMAC_SHA_512, 128);
    }

    /** Compare the rules at every length of key. */
    void CheckLengths(MacAlgorithm algorithm, size_t block)
    {
        const Bytes packet = HelloFor(algorithm);
        for (size_t size = 1; size <= 150; ++size)
        {
            const Bytes key = Counting(1, size);
            const auto a = OspfMac::Create(algorithm, key, KeyPreparation::RFC_5709);
            const auto b = OspfMac::Create(algorithm, key, KeyPreparation::RFC_2104);
            const bool alike = size <= MacSize(algorithm) || size > block;
            NS_TEST_ASSERT_MSG_EQ((DigestHex(*a, packet) == DigestHex(*b, packet)), alike, size);
        }
    }
};

/**
 * Input: Keyed-MD5 keys shorter and longer than 16 octets.
 * Output: short ones count as padded with zeros, long ones as cut (RFC 2328 D.4.3).
 */
class MacMd5KeyTest : public TestCase
{
  public:
    MacMd5KeyTest()
        : TestCase("Keyed-MD5 takes sixteen octets of key, padded or cut")
    {
    }

  private:
    void DoRun() override
    {
        const Bytes packet = HelloFor(MacAlgorithm::KEYED_MD5);
        const auto digest = [&packet](ByteView key) {
            return DigestHex(*OspfMac::Create(MacAlgorithm::KEYED_MD5, key), packet);
        };
        const Bytes key = Counting(1, 40);
        Bytes padded = Counting(1, 7);
        padded.resize(16);
        NS_TEST_ASSERT_MSG_EQ(digest({key.data(), 7}), digest(padded), "padded");
        NS_TEST_ASSERT_MSG_EQ(digest(key), digest({key.data(), 16}), "cut");
        NS_TEST_ASSERT_MSG_NE(digest({key.data(), 15}), digest({key.data(), 16}), "not more");
    }
};

/**
 * Input: some thousand packets and their digests, some of them false, from a few keys, algorithms
 * and preparations, asked of a memo in random order, beside contexts without one. Output: the same
 * verdicts and digests, every time; the memo had both hits and misses.
 */
class MemoEqualsNoMemoTest : public TestCase
{
  public:
    MemoEqualsNoMemoTest()
        : TestCase("a memo of digests never says anything but what the digest says")
    {
    }

  private:
    void DoRun() override
    {
        DigestMemo memo;
        TestEntropy entropy(5);
        std::vector<std::unique_ptr<OspfMac>> plain;
        std::vector<std::unique_ptr<OspfMac>> remembered;
        for (const HoloRow& row : HOLO_ROWS)
        {
            for (const auto rule : {KeyPreparation::RFC_2104, KeyPreparation::RFC_5709})
            {
                for (const size_t size : {16, 100})
                {
                    plain.push_back(OspfMac::Create(row.algorithm, Counting(0, size), rule));
                    remembered.push_back(memo.CreateMac(row.algorithm, Counting(0, size), rule));
                }
            }
        }
        for (size_t round = 0; round < 4000; ++round)
        {
            const size_t which = entropy.DrawU64() % plain.size();
            // Few different packets, so that the same ones come again; some differ in one octet
            // that is not mixed into where the memo looks.
            Bytes packet = Counting(0, 24 + entropy.DrawU64() % 3 * 20);
            packet[entropy.DrawU64() % packet.size()] ^= entropy.DrawU64() % 2 == 0 ? 1 : 0;
            const std::string digest = DigestHex(*plain[which], packet);
            Bytes claimed = FromHex(digest);
            claimed[entropy.DrawU64() % claimed.size()] ^= entropy.DrawU64() % 4 == 0 ? 4 : 0;
            NS_TEST_ASSERT_MSG_EQ(remembered[which]->Verify(packet, claimed),
                                  plain[which]->Verify(packet, claimed),
                                  "verdict");
            NS_TEST_ASSERT_MSG_EQ(DigestHex(*remembered[which], packet), digest, "digest");
        }
        NS_TEST_ASSERT_MSG_GT(memo.GetStatistics().hits, 1000u, "hits");
        NS_TEST_ASSERT_MSG_GT(memo.GetStatistics().misses, 500u, "misses");
    }
};

/**
 * Input: fifty routers with one key; one signs, the others verify; one with another key, one with
 * another algorithm, one with another preparation.
 * Output: one digest is computed for the fifty, one each for the others, who do not accept; forged
 * copies are refused by all fifty although the true packet is remembered.
 */
class MemoSharesTest : public TestCase
{
  public:
    MemoSharesTest()
        : TestCase("fifty receivers of one packet verify it for the price of one digest")
    {
    }

  private:
    void DoRun() override
    {
        DigestMemo memo;
        const MacAlgorithm algorithm = MacAlgorithm::HMAC_SHA_256;
        const Bytes key = Counting(0, 40);
        std::vector<std::unique_ptr<OspfMac>> routers;
        for (size_t i = 0; i < 50; ++i)
        {
            routers.push_back(memo.CreateMac(algorithm, key));
        }
        NS_TEST_ASSERT_MSG_EQ(memo.KeysInUse(), 1u, "one key");
        const Bytes packet = HelloFor(algorithm);
        Bytes digest(routers[0]->Size());
        routers[0]->Compute(packet, digest.data());
        for (const auto& router : routers)
        {
            NS_TEST_ASSERT_MSG_EQ(router->Verify(packet, digest), true, "accepted");
            NS_TEST_ASSERT_MSG_EQ(router->Verify(packet, Flipped(digest, 255)), false, "digest");
        }
        NS_TEST_ASSERT_MSG_EQ(memo.GetStatistics().misses, 1u, "computed once");
        NS_TEST_ASSERT_MSG_EQ(memo.GetStatistics().hits, 100u, "remembered");
        const Bytes forged = Flipped(packet, 8 * 30);
        for (const auto& router : routers)
        {
            NS_TEST_ASSERT_MSG_EQ(router->Verify(forged, digest), false, "forged");
        }
        Bytes otherKey = key;
        otherKey.back() ^= 1;
        const auto other = memo.CreateMac(algorithm, otherKey);
        const auto otherRule = memo.CreateMac(algorithm, key, KeyPreparation::RFC_5709);
        const auto otherHash = memo.CreateMac(MacAlgorithm::HMAC_SHA_512, key);
        NS_TEST_ASSERT_MSG_EQ(memo.KeysInUse(), 4u, "four keys");
        NS_TEST_ASSERT_MSG_EQ(other->Verify(packet, digest), false, "other key");
        NS_TEST_ASSERT_MSG_EQ(otherRule->Verify(packet, digest), false, "other preparation");
        NS_TEST_ASSERT_MSG_EQ(otherHash->Verify(packet, digest), false, "other algorithm");
    }
};

/**
 * Input: contexts made and given up, in the memo's life and after it; a new key after an old one
 * went; packets longer than the memo keeps; an algorithm that does not exist.
 * Output: keys live as long as somebody uses them; what the old key verified the new one does not;
 * long packets are verified all the same.
 */
class MemoLifeTest : public TestCase
{
  public:
    MemoLifeTest()
        : TestCase("a memo forgets keys with their last user and outlives nobody's need")
    {
    }

  private:
    void DoRun() override
    {
        const MacAlgorithm algorithm = MacAlgorithm::HMAC_SHA_256;
        const Bytes packet = HelloFor(algorithm);
        auto memo = std::make_unique<DigestMemo>();
        auto a = memo->CreateMac(algorithm, Counting(0, 32));
        auto b = memo->CreateMac(algorithm, Counting(0, 32));
        const Bytes digest = FromHex(DigestHex(*a, packet));
        a.reset();
        NS_TEST_ASSERT_MSG_EQ(memo->KeysInUse(), 1u, "one user left");
        NS_TEST_ASSERT_MSG_EQ(b->Verify(packet, digest), true, "accepted");
        b.reset();
        NS_TEST_ASSERT_MSG_EQ(memo->KeysInUse(), 0u, "no user left");
        const auto c = memo->CreateMac(algorithm, Counting(1, 32));
        NS_TEST_ASSERT_MSG_EQ(c->Verify(packet, digest), false, "new key, old digest");
        NS_TEST_ASSERT_MSG_EQ((memo->CreateMac(MacAlgorithm::NONE, packet) == nullptr),
                              true,
                              "no algorithm");
        NS_TEST_ASSERT_MSG_EQ(memo->KeysInUse(), 1u, "nothing kept of it");
        const Bytes big(DigestMemo::PACKET_MAX + 1, 7);
        const uint64_t misses = memo->GetStatistics().misses;
        const Bytes bigDigest = FromHex(DigestHex(*c, big));
        NS_TEST_ASSERT_MSG_EQ(c->Verify(big, bigDigest), true, "long packet");
        NS_TEST_ASSERT_MSG_EQ(memo->GetStatistics().misses, misses + 2, "computed each time");
        NS_TEST_ASSERT_MSG_EQ(c->Verify({}, FromHex(DigestHex(*c, {}))), true, "empty packet");
        memo.reset();
        NS_TEST_ASSERT_MSG_EQ(c->Verify(big, bigDigest), true, "without the memo");
        NS_TEST_ASSERT_MSG_EQ((&DigestMemo::Shared() == &DigestMemo::Shared()), true, "one");
    }
};

/**
 * Input: one packet of two sources and of none under AuType 3 (RFC 7474), with and without a memo;
 * a key as long as the digest; Keyed-MD5. Output: every source has its own digest, from the memo
 * too, and its own only; without RFC 7474 the source does not matter; a key that has the protocol
 * ID at its end already makes the same digest by RFC 5709, as the ID is appended and nothing else;
 * there is no Keyed-MD5.
 */
class MacSourceTest : public TestCase
{
  public:
    MacSourceTest()
        : TestCase("RFC 7474: the source is in the digest, the protocol in the key")
    {
    }

  private:
    void DoRun() override
    {
        const MacAlgorithm algorithm = MacAlgorithm::HMAC_SHA_256;
        const Bytes packet = HelloFor(algorithm);
        const Bytes key = Counting(0, 32);
        DigestMemo memo;
        const auto plain = OspfMac::Create(algorithm, key, KeyPreparation::RFC_7474);
        const auto remembered = memo.CreateMac(algorithm, key, KeyPreparation::RFC_7474);
        const std::vector<IpAddress> sources{{0x0a000001}, {0x0a000002}, {}};
        for (const IpAddress source : sources)
        {
            Bytes digest(32);
            plain->Compute(packet, digest.data(), source);
            for (const IpAddress claimed : {sources[0], sources[1], sources[2], sources[0]})
            {
                const bool same = claimed == source;
                NS_TEST_ASSERT_MSG_EQ(plain->Verify(packet, digest, claimed), same, "plain");
                NS_TEST_ASSERT_MSG_EQ(remembered->Verify(packet, digest, claimed), same, "memo");
            }
        }
        const auto older = memo.CreateMac(algorithm, key, KeyPreparation::RFC_5709);
        Bytes digest(32);
        older->Compute(packet, digest.data(), sources[0]);
        const uint64_t hits = memo.GetStatistics().hits;
        NS_TEST_ASSERT_MSG_EQ(older->Verify(packet, digest, sources[1]), true, "no source");
        NS_TEST_ASSERT_MSG_EQ(memo.GetStatistics().hits, hits + 1, "remembered");

        // The first four octets of Apad are overwritten by themselves.
        const Bytes specific = FromHex(ToHex(key) + "0003");
        const auto longer = OspfMac::Create(algorithm, specific, KeyPreparation::RFC_5709);
        longer->Compute(packet, digest.data());
        NS_TEST_ASSERT_MSG_EQ(plain->Verify(packet, digest, {0x878fe1f3}), true, "protocol ID");

        NS_TEST_ASSERT_MSG_EQ(
            (OspfMac::Create(MacAlgorithm::KEYED_MD5, key, KeyPreparation::RFC_7474) == nullptr),
            true,
            "no Keyed-MD5");
    }
};

std::vector<TestCase*>
OspfMacTests()
{
    return {new MacPublishedTest,
            new MacKeyPreparationTest,
            new MacMd5KeyTest,
            new MemoEqualsNoMemoTest,
            new MemoSharesTest,
            new MemoLifeTest,
            new MacSourceTest};
}

} // namespace karp
} // namespace ns3
