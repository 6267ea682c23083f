/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto-tests.h"
#include "karp-test-entropy.h"

#include <algorithm>
#include <string>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-crypto: Diffie-Hellman.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Entropy that never changes its mind. */
class ConstantEntropy : public Entropy
{
  public:
    /** Give \p value for ever. */
    explicit ConstantEntropy(uint8_t value)
        : m_value(value)
    {
    }

    void Fill(uint8_t* data, size_t size) override
    {
        std::fill_n(data, size, m_value);
    }

  private:
    uint8_t m_value; //!< each octet
};

/** Both sides of an exchange that somebody published or computed. */
struct Pair
{
    KeGroup group;       //!< which
    const char* source;  //!< where it is from
    const char* secretA; //!< private value
    const char* publicA; //!< KE data; empty if not compared
    const char* secretB; //!< private value
    const char* publicB; //!< KE data; empty if not compared
    const char* shared;  //!< g^ir
};

const Pair PAIRS[] = {
    {KeGroup::CURVE25519,
     "RFC 7748 section 6.1",
     "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
     "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
     "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
     "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
     "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"},
    {KeGroup::CURVE25519,
     "RFC 8031 appendix A",
     "751fb4308655b476b6789b7325f9ea8cddd16a58533ff6d9e60009464a5f9d94",
     "48d5ddd4061257ba166fa3f9bbdb74f1a4e81c089384fa77f790709f0dfbc766",
     "0a54645253290d60ddadd0e030bacd9e5501efdc220755a1e978f1b839a05688",
     "0be7c1f5aad87d7e448662673298a443478b859745179eaf564c79c0ef6eee25",
     "c74950607a12327f3204d94b6825bfb068b7f8319a9e3708ed3d43ce8130c950"},
    {KeGroup::ECP_256,
     "RFC 5903 section 8.1",
     "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
     "dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c37725811805271a0461cdb8252d61f1c456fa3e"
     "5"
     "9ab1f45b33accf5f58389e0577b8990bb3",
     "c6ef9c5d78ae012a011164acb397ce2088685d8f06bf9be0b283ab46476bee53",
     "d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf6356fbf3ca366cc23e8157854c13c58"
     "d"
     "6aac23f046ada30f8353e74f33039872ab",
     "d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"},
    {KeGroup::ECP_256,
     "shared secret that begins with a zero octet, computed with Python's integers",
     "c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433",
     "",
     "0d8f0f0a12711e0df11a94196503adf86a80ad37f4bcf3f6663f2f8892f3f4b5",
     "",
     "00312a3a73c8d30d0e284fcd5d8b08041d0f0186eea0973be354d672af946694"},
    {KeGroup::ECP_384,
     "RFC 5903 section 8.2",
     "099f3c7034d4a2c699884d73a375a67f7624ef7c6b3c0f160647b67414dce655e35b538041e649ee3faef896783ab"
     "1"
     "94",
     "667842d7d180ac2cde6f74f37551f55755c7645c20ef73e31634fe72b4c55ee6de3ac808acb4bdb4c88732aee95f4"
     "1"
     "aa9482ed1fc0eeb9cafc4984625ccfc23f65032149e0e144ada024181535a0f38eeb9fcff3c2c947dae69b4c63457"
     "3"
     "a81c",
     "41cb0779b4bdb85d47846725fbec3c9430fab46cc8dc5060855cc9bda0aa2942e0308312916b8ed2960e4bd55a744"
     "8"
     "fc",
     "e558dbef53eecde3d3fccfc1aea08a89a987475d12fd950d83cfa41732bc509d0d1ac43a0336def96fda41d0774a3"
     "5"
     "71dcfbec7aacf3196472169e838430367f66eebe3c6e70c416dd5f0c68759dd1fff83fa40142209dff5eaad96db9e"
     "6"
     "386c",
     "11187331c279962d93d604243fd592cb9d0a926f422e47187521287e7156c5c4d603135569b9e9d09cf5d4a270f59"
     "7"
     "46"},
    {KeGroup::MODP_2048,
     "shared secret that begins with a zero octet, computed with Python's integers",
     "54a59b9f22b0b80880d8427e548b7c23abd873486e1f035dce9cd697e85175033caa88e6d57bc35e",
     "",
     "511ef25e9839860b77e162b8737d34c6f238be6dddb31a3b70e75fd165ae963cd0ba76568ba3b35b",
     "",
     "00125c0cd40d8a5d06f6acc232efd82dc774ac50e1bfc5214adff1f952f16ff32a1e31495366c31eb536087a36855"
     "5"
     "5963bc1a888c11aafde7fcd933f9eb721eb2628a1abf3eae559a04a18ab6d4f5819a87693614a9a6593f0e9fc85cb"
     "a"
     "9f05b0d6d79aedfa1a6e37c7f095b9a461211a95a4952b6727b4c99cedabc5bb6738b941a1cc35c589eabfe30a47a"
     "7"
     "0d754df7115ad0c868b56fb3e01f601b6538cb838205159eaa9b8fb1cf04aa5aad418674701eb31c1a4c42c570295"
     "a"
     "51673c256414553dde3b4803e7ace60426a655cc7a566ba6748ba625ce5112cbb430b7fa5e45b2a394471b0d030ad"
     "b"
     "0205bc8b1923e224c66859584bf2cc3b405ae12f3f"},
};

const KeGroup GROUPS[] = {KeGroup::MODP_2048,
                          KeGroup::ECP_256,
                          KeGroup::ECP_384,
                          KeGroup::CURVE25519};

/** The prime of RFC 3526 section 3. */
const char* const MODP_2048_PRIME =
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404"
    "ddef9519b3cd3a431b302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406"
    "b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf0598da48361c55d39a69163fa8fd"
    "24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e46"
    "2e36ce3be39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf6955817183995497cea956ae515d226"
    "1898fa051015728e5a8aacaa68ffffffffffffffff";

/** \return the shared secret of \p ours and \p peer in hexadecimal, or "refused" */
std::string
SharedHex(const KeyExchange& ours, ByteView peer)
{
    const auto secret = ours.SharedSecret(peer);
    return secret ? ToHex(*secret) : "refused";
}

} // namespace

/**
 * Input: private values of published exchanges, and of two whose secret begins with a zero.
 * Output: the published public values; both sides come to the published secret, at full length
 * (RFC 7296 section 2.14).
 */
class KeyExchangePublishedTest : public TestCase
{
  public:
    KeyExchangePublishedTest()
        : TestCase("published exchanges come to the published secret")
    {
    }

  private:
    void DoRun() override
    {
        for (const Pair& pair : PAIRS)
        {
            const auto a = KeyExchange::FromPrivate(pair.group, FromHex(pair.secretA));
            const auto b = KeyExchange::FromPrivate(pair.group, FromHex(pair.secretB));
            NS_TEST_ASSERT_MSG_EQ((a != nullptr && b != nullptr), true, pair.source);
            const std::string publicA = pair.publicA;
            const std::string publicB = pair.publicB;
            NS_TEST_ASSERT_MSG_EQ((publicA.empty() || ToHex(a->PublicValue()) == publicA),
                                  true,
                                  pair.source);
            NS_TEST_ASSERT_MSG_EQ((publicB.empty() || ToHex(b->PublicValue()) == publicB),
                                  true,
                                  pair.source);
            NS_TEST_ASSERT_MSG_EQ(SharedHex(*a, b->PublicValue()), pair.shared, pair.source);
            NS_TEST_ASSERT_MSG_EQ(SharedHex(*b, a->PublicValue()), pair.shared, pair.source);
        }
        // A public value that begins with a zero octet keeps it.
        const auto c = KeyExchange::FromPrivate(
            KeGroup::MODP_2048,
            FromHex(
                "442631fca85a9fd17a253d3c80da46ea313856c44036e8e8144acfa0184c267a806774a1c4162cb"
                "e"));
        NS_TEST_ASSERT_MSG_EQ(ToHex(ByteView(c->PublicValue()).Sub(0, 8)),
                              "00bcb21fb756d017",
                              "left padding");
    }
};

/**
 * Input: each group, two seeds, twice.
 * Output: one seed gives one public value, another seed another; sizes as the RFCs say; both sides
 * agree; entropy that is all zeros or all ones still gives a usable pair.
 */
class KeyExchangeEntropyTest : public TestCase
{
  public:
    KeyExchangeEntropyTest()
        : TestCase("private values come from the entropy and from nowhere else")
    {
    }

  private:
    void DoRun() override
    {
        for (const KeGroup group : GROUPS)
        {
            TestEntropy one(1);
            TestEntropy again(1);
            TestEntropy two(2);
            const auto a = KeyExchange::Create(group, one);
            const auto b = KeyExchange::Create(group, again);
            const auto c = KeyExchange::Create(group, two);
            const auto d = KeyExchange::Create(group, one);
            NS_TEST_ASSERT_MSG_EQ(ToHex(a->PublicValue()), ToHex(b->PublicValue()), "one seed");
            NS_TEST_ASSERT_MSG_NE(ToHex(a->PublicValue()), ToHex(c->PublicValue()), "two seeds");
            NS_TEST_ASSERT_MSG_NE(ToHex(a->PublicValue()), ToHex(d->PublicValue()), "two draws");
            NS_TEST_ASSERT_MSG_EQ(a->PublicValue().size(), PublicValueSize(group), "size");
            const std::string secret = SharedHex(*a, c->PublicValue());
            NS_TEST_ASSERT_MSG_NE(secret, "refused", "a secret");
            NS_TEST_ASSERT_MSG_EQ(secret, SharedHex(*c, a->PublicValue()), "the same secret");
            for (const uint8_t octet : {0x00, 0xff})
            {
                ConstantEntropy constant(octet);
                const auto e = KeyExchange::Create(group, constant);
                NS_TEST_ASSERT_MSG_EQ((e != nullptr), true, "constant entropy");
                NS_TEST_ASSERT_MSG_EQ(SharedHex(*a, e->PublicValue()),
                                      SharedHex(*e, a->PublicValue()),
                                      "agree");
            }
        }
    }
};

/**
 * Input: for each group a public value too short, too long, empty.
 * Output: refused; so are groups that do not exist.
 */
class KeyExchangeSizeTest : public TestCase
{
  public:
    KeyExchangeSizeTest()
        : TestCase("public values of the wrong size and unknown groups are refused")
    {
    }

  private:
    void DoRun() override
    {
        TestEntropy entropy(1);
        for (const KeGroup group : GROUPS)
        {
            const auto ours = KeyExchange::Create(group, entropy);
            Bytes peer = KeyExchange::Create(group, entropy)->PublicValue();
            peer.push_back(0);
            NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, peer), "refused", "one too many");
            for (size_t size = 0; size + 1 < peer.size(); ++size)
            {
                NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, {peer.data(), size}), "refused", size);
            }
            // The same numbers, one of them with a zero in front.
            for (const size_t at : {size_t(0), peer.size() / 2})
            {
                Bytes padded = KeyExchange::Create(group, entropy)->PublicValue();
                padded.insert(padded.begin() + at, 0);
                NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, padded), "refused", at);
            }
        }
        for (const unsigned number : {0, 1, 2, 5, 15, 16, 18, 21, 32})
        {
            const auto group = static_cast<KeGroup>(number);
            NS_TEST_ASSERT_MSG_EQ((KeyExchange::Create(group, entropy) == nullptr), true, number);
            NS_TEST_ASSERT_MSG_EQ((KeyExchange::FromPrivate(group, Bytes(32, 1)) == nullptr),
                                  true,
                                  number);
            NS_TEST_ASSERT_MSG_EQ(PublicValueSize(group), 0u, number);
        }
    }
};

/**
 * Input: for X25519 the points of small order (RFC 7748 section 7 has them lead to zero), also with
 * the top bit set, which is ignored; for MODP-2048 0, 1, p-1, p, p+1 and all ones (RFC 6989 section
 * 2.1); for ECP points off the curve, coordinates not below the prime, zero (section 2.3).
 * Output: refused. The neighbours 2 and p-2, and the point whose coordinate was made too large, are
 * accepted as they are.
 */
class KeyExchangeInvalidTest : public TestCase
{
  public:
    KeyExchangeInvalidTest()
        : TestCase("public values that would give the secret away are refused")
    {
    }

  private:
    void DoRun() override
    {
        CheckX25519();
        CheckModp();
        CheckEcp();
    }

    /** Curve25519. */
    void CheckX25519()
    {
        TestEntropy entropy(3);
        const auto ours = KeyExchange::Create(KeGroup::CURVE25519, entropy);
        for (const char* point :
             {"0000000000000000000000000000000000000000000000000000000000000000",
              "0100000000000000000000000000000000000000000000000000000000000000",
              "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
              "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
              "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
              "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
              "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"})
        {
            Bytes peer = FromHex(point);
            NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, peer), "refused", point);
            peer.back() |= 0x80;
            NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, peer), "refused", point);
        }
    }

    /** Group 14. */
    void CheckModp()
    {
        TestEntropy entropy(3);
        const auto ours = KeyExchange::Create(KeGroup::MODP_2048, entropy);
        const Bytes prime = FromHex(MODP_2048_PRIME);
        Bytes number(prime.size(), 0);
        NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, number), "refused", "0");
        number.back() = 1;
        NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, number), "refused", "1");
        number.back() = 2;
        NS_TEST_ASSERT_MSG_NE(SharedHex(*ours, number), "refused", "2");
        NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, number),
                              ToHex(ours->PublicValue()),
                              "2 to our secret is our public value");
        NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, prime), "refused", "p");
        number = prime;
        number.back() -= 1;
        NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, number), "refused", "p - 1");
        number.back() -= 1;
        NS_TEST_ASSERT_MSG_NE(SharedHex(*ours, number), "refused", "p - 2");
        NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, Bytes(prime.size(), 0xff)), "refused", "all ones");
        for (const Bytes& bad : {Bytes{}, Bytes{0}, Bytes{1}, prime, Bytes(257, 0)})
        {
            NS_TEST_ASSERT_MSG_EQ((KeyExchange::FromPrivate(KeGroup::MODP_2048, bad) == nullptr),
                                  true,
                                  "private value out of range");
        }
    }

    /** Groups 19 and 20. */
    void CheckEcp()
    {
        TestEntropy entropy(3);
        const auto ours = KeyExchange::Create(KeGroup::ECP_256, entropy);
        const std::string y = "459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc";
        const std::string five = std::string(63, '0') + '5';
        const std::string fiveAndPrime =
            "ffffffff00000001000000000000000000000001000000000000000000000004";
        NS_TEST_ASSERT_MSG_NE(SharedHex(*ours, FromHex(five + y)), "refused", "x = 5");
        NS_TEST_ASSERT_MSG_EQ(SharedHex(*ours, FromHex(fiveAndPrime + y)), "refused", "x = p + 5");
        for (const KeGroup group : {KeGroup::ECP_256, KeGroup::ECP_384})
        {
            const auto mine = KeyExchange::Create(group, entropy);
            const Bytes peer = KeyExchange::Create(group, entropy)->PublicValue();
            for (size_t bit = 0; bit < peer.size() * 8; bit += 37)
            {
                NS_TEST_ASSERT_MSG_EQ(SharedHex(*mine, Flipped(peer, bit)), "refused", bit);
            }
            NS_TEST_ASSERT_MSG_EQ(SharedHex(*mine, Bytes(peer.size(), 0)), "refused", "zero");
            NS_TEST_ASSERT_MSG_EQ(SharedHex(*mine, Bytes(peer.size(), 0xff)), "refused", "ones");
            const size_t size = peer.size() / 2;
            for (const Bytes& bad : {Bytes{},
                                     Bytes(size, 0),
                                     Bytes(size, 0xff),
                                     Bytes(size - 1, 1),
                                     Bytes(size + 1, 1)})
            {
                NS_TEST_ASSERT_MSG_EQ((KeyExchange::FromPrivate(group, bad) == nullptr),
                                      true,
                                      "private value out of range");
            }
        }
        for (const size_t size : {0, 31, 33})
        {
            NS_TEST_ASSERT_MSG_EQ(
                (KeyExchange::FromPrivate(KeGroup::CURVE25519, Bytes(size, 1)) == nullptr),
                true,
                size);
        }
    }
};

std::vector<TestCase*>
KeyExchangeTests()
{
    return {new KeyExchangePublishedTest,
            new KeyExchangeEntropyTest,
            new KeyExchangeSizeTest,
            new KeyExchangeInvalidTest};
}

} // namespace karp
} // namespace ns3
