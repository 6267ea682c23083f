/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto-tests.h"
#include "karp-test-entropy.h"

#include <set>
#include <string>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-crypto: Encrypted payloads.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Header of an INFORMATIONAL request that ends in an Encrypted payload (RFC 7634 appendix B). */
const char* const HEADER = "c0c1c2c3c4c5c6c7d0d1d2d3d4d5d6d72e202500000000090000004529000029";

/** The Notify payload inside (RFC 7634 appendix B). */
const char* const NOTIFY = "0000000c000040010000000a";

/** The counter whose octets are the explicit IV of the same. */
constexpr uint64_t COUNTER = 0x1011121314151617;

/** \return the suite of \p encr and \p integ */
CipherSuite
SuiteOf(EncrId encr, uint16_t bits, IntegId integ = IntegId::NONE)
{
    CipherSuite suite;
    suite.encr = encr;
    suite.keyLength = bits;
    suite.integ = integ;
    return suite;
}

const CipherSuite SUITES[] = {
    SuiteOf(EncrId::AES_GCM_16, 128),
    SuiteOf(EncrId::AES_GCM_16, 256),
    SuiteOf(EncrId::CHACHA20_POLY1305, 256),
    SuiteOf(EncrId::AES_CBC, 128, IntegId::HMAC_SHA2_256_128),
    SuiteOf(EncrId::AES_CBC, 256, IntegId::HMAC_SHA2_256_128),
    SuiteOf(EncrId::AES_CBC, 256, IntegId::HMAC_SHA2_384_192),
    SuiteOf(EncrId::AES_CBC, 256, IntegId::HMAC_SHA2_512_256),
};

/** \return octets of a key: \p first, \p first + 1, ... */
std::unique_ptr<SkCipher>
CipherOf(const CipherSuite& suite, uint8_t first = 0x10)
{
    return SkCipher::Create(suite,
                            Counting(first, SkCipher::EncrKeySize(suite)),
                            Counting(0x60, SkCipher::IntegKeySize(suite)));
}

/** \return \p opened in hexadecimal, or "refused" */
std::string
HexOf(const std::optional<SecretBytes>& opened)
{
    return opened ? ToHex(*opened) : "refused";
}

} // namespace

/**
 * Input: RFC 7634 appendix B (key 80..9f, salt a0a1a2a3, IV 1011121314151617), and the same with
 * AES-GCM (computed by another program); McGrew and Viega's test case 4 of GCM.
 * Output: their octets, in both directions.
 */
class CipherPublishedTest : public TestCase
{
  public:
    CipherPublishedTest()
        : TestCase("published messages are sealed to the octet and opened")
    {
    }

  private:
    void DoRun() override
    {
        CheckFraming(SuiteOf(EncrId::CHACHA20_POLY1305, 256),
                     "610394701f8d017f7c129248896b71bfe25236efd7cdc67066906315b2");
        CheckFraming(SuiteOf(EncrId::AES_GCM_16, 256),
                     "9440c4dcb893200cfb55f6fdcc30045d78376cd938f8f24d89b4ab48f2");
        CheckFraming(SuiteOf(EncrId::AES_GCM_16, 128),
                     "9146c4ffacb89c2bc9f175a7fa300a7cc3736a7d6febaa1cde9ff2970d");
        const Bytes key = FromHex("feffe9928665731c6d6a8f9467308308cafebabe");
        const auto gcm = SkCipher::Create(SuiteOf(EncrId::AES_GCM_16, 128), key, {});
        const Bytes plain = FromHex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e"
            "2449a6b525b16aedf5aa0de657ba637b39");
        const Bytes data = FromHex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        const Bytes sealed = gcm->SealPadded(data, plain, FromHex("facedbaddecaf888"));
        NS_TEST_ASSERT_MSG_EQ(
            ToHex(sealed),
            "facedbaddecaf88842831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514"
            "b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47",
            "GCM case 4");
        NS_TEST_ASSERT_MSG_EQ(HexOf(gcm->OpenPadded(data, sealed)), ToHex(plain), "and back");
    }

    /** Check the message of RFC 7634 appendix B under \p suite. */
    void CheckFraming(const CipherSuite& suite, const std::string& expected)
    {
        Bytes key = Counting(0x80, suite.keyLength / 8);
        const Bytes salt = Counting(0xa0, 4);
        key.insert(key.end(), salt.begin(), salt.end());
        const auto cipher = SkCipher::Create(suite, key, {});
        TestEntropy entropy(1);
        const Bytes sealed = cipher->Seal(FromHex(HEADER), FromHex(NOTIFY), COUNTER, entropy);
        NS_TEST_ASSERT_MSG_EQ(ToHex(sealed), "1011121314151617" + expected, suite.ToString());
        NS_TEST_ASSERT_MSG_EQ(HexOf(cipher->Open(FromHex(HEADER), sealed)),
                              NOTIFY,
                              suite.ToString());
    }
};

/**
 * Input: the same message by AES-CBC and HMAC, IV a0..af, padding 01 02 03; expected octets from
 * the openssl command and Python's hmac, ICV over header, IV and ciphertext (RFC 7296
 * section 3.14). Output: those octets, in both directions.
 */
class CipherCbcTest : public TestCase
{
  public:
    CipherCbcTest()
        : TestCase("AES-CBC is encrypted first, then authenticated from the IKE header on")
    {
    }

  private:
    void DoRun() override
    {
        const std::string iv = "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";
        const std::string by128 = "33229fb855c981fc342961a3012ccac4";
        const std::string by256 = "30daa537aeb5bc2a488e16e48907e745";
        Check(128, IntegId::HMAC_SHA2_256_128, iv + by128 + "f643736271c35d3890f536ca1f2aaf99");
        Check(256, IntegId::HMAC_SHA2_256_128, iv + by256 + "16c99aa1f89ef3068353f9ed613e9a1e");
        Check(128,
              IntegId::HMAC_SHA2_384_192,
              iv + by128 + "a0deaa438315bd82e7c884bf622078739137797543b7be7b");
        Check(256,
              IntegId::HMAC_SHA2_384_192,
              iv + by256 + "6ac3908f19eeac70f28eb809f95ce89d5b82cd7e47977cfb");
        Check(128,
              IntegId::HMAC_SHA2_512_256,
              iv + by128 + "2267f3cc9558f0be640c634b9f199a4f1b5eca2070a639440c6e4fa7f15e53fb");
        Check(256,
              IntegId::HMAC_SHA2_512_256,
              iv + by256 + "0c22d55db08488b9284cd1286298a9115d4d3483f9a9643277d88df13d24d0cb");
    }

    /** Check one suite. */
    void Check(uint16_t bits, IntegId integ, const std::string& expected)
    {
        const CipherSuite suite = SuiteOf(EncrId::AES_CBC, bits, integ);
        const auto cipher = CipherOf(suite);
        const Bytes padded = FromHex(std::string(NOTIFY) + "01020303");
        const Bytes sealed = cipher->SealPadded(FromHex(HEADER), padded, Counting(0xa0, 16));
        NS_TEST_ASSERT_MSG_EQ(ToHex(sealed), expected, suite.ToString());
        NS_TEST_ASSERT_MSG_EQ(HexOf(cipher->Open(FromHex(HEADER), sealed)),
                              NOTIFY,
                              suite.ToString());
    }
};

/**
 * Input: plaintexts of 0 to 70 octets by each suite.
 * Output: each as long as SealedSize says, opened to what it was by another context of the same
 * key, padded no more than needed: nothing but the length octet with AEAD, up to a block with CBC.
 */
class CipherRoundTripTest : public TestCase
{
  public:
    CipherRoundTripTest()
        : TestCase("what is sealed is opened, at every length around a block")
    {
    }

  private:
    void DoRun() override
    {
        for (const CipherSuite& suite : SUITES)
        {
            const auto sender = CipherOf(suite);
            const auto receiver = CipherOf(suite);
            TestEntropy entropy(7);
            const bool aead = suite.integ == IntegId::NONE;
            for (size_t size = 0; size <= 70; ++size)
            {
                const Bytes plain = entropy.Draw(size);
                const Bytes sealed = sender->Seal(FromHex(HEADER), plain, size, entropy);
                NS_TEST_ASSERT_MSG_EQ(sealed.size(), sender->SealedSize(size), suite.ToString());
                NS_TEST_ASSERT_MSG_EQ(HexOf(receiver->Open(FromHex(HEADER), sealed)),
                                      ToHex(plain),
                                      suite.ToString());
                const auto padded = receiver->OpenPadded(FromHex(HEADER), sealed);
                const size_t padding = aead ? 0 : 15 - size % 16;
                NS_TEST_ASSERT_MSG_EQ(padded->size(), size + padding + 1, "least padding");
                NS_TEST_ASSERT_MSG_EQ(+padded->back(), padding, "length octet");
            }
        }
    }
};

/**
 * Input: a message sealed by each suite; each of its bits and of its header's bits flipped, each
 * truncation, an octet more, another key.
 * Output: refused, and after each refusal the message as it was is still opened.
 */
class CipherTamperTest : public TestCase
{
  public:
    CipherTamperTest()
        : TestCase("no flipped bit, no truncation and no other key is accepted")
    {
    }

  private:
    void DoRun() override
    {
        for (const CipherSuite& suite : SUITES)
        {
            const auto cipher = CipherOf(suite);
            TestEntropy entropy(9);
            const Bytes header = FromHex(HEADER);
            const Bytes sealed = cipher->Seal(header, FromHex(NOTIFY), 1, entropy);
            for (size_t bit = 0; bit < sealed.size() * 8; ++bit)
            {
                NS_TEST_ASSERT_MSG_EQ(HexOf(cipher->Open(header, Flipped(sealed, bit))),
                                      "refused",
                                      suite.ToString() << " body bit " << bit);
            }
            for (size_t bit = 0; bit < header.size() * 8; ++bit)
            {
                NS_TEST_ASSERT_MSG_EQ(HexOf(cipher->Open(Flipped(header, bit), sealed)),
                                      "refused",
                                      suite.ToString() << " header bit " << bit);
            }
            for (size_t size = 0; size < sealed.size(); ++size)
            {
                NS_TEST_ASSERT_MSG_EQ(HexOf(cipher->Open(header, {sealed.data(), size})),
                                      "refused",
                                      suite.ToString() << " of size " << size);
            }
            Bytes longer = sealed;
            longer.push_back(0);
            NS_TEST_ASSERT_MSG_EQ(HexOf(cipher->Open(header, longer)), "refused", "longer");
            NS_TEST_ASSERT_MSG_EQ((HexOf(CipherOf(suite, 0x11)->Open(header, sealed)) == NOTIFY),
                                  false,
                                  "other key");
            NS_TEST_ASSERT_MSG_EQ(HexOf(cipher->Open(header, sealed)), NOTIFY, "as it was");
        }
    }
};

/**
 * Input: authentic messages whose length octet counts more padding than there is, exactly all there
 * is, and 255 octets of it.
 * Output: the first is refused, the others opened: padding may be longer than needed (RFC 7296
 * section 3.14, "Padding MAY contain any value", 0 to 255 octets).
 */
class CipherPaddingTest : public TestCase
{
  public:
    CipherPaddingTest()
        : TestCase("the padding length is believed no further than the message reaches")
    {
    }

  private:
    void DoRun() override
    {
        const Bytes header = FromHex(HEADER);
        for (const CipherSuite& suite : SUITES)
        {
            const auto cipher = CipherOf(suite);
            const Bytes iv = Counting(0, suite.integ == IntegId::NONE ? 8 : 16);
            for (const uint8_t count : {0, 1, 14, 15, 16, 17, 255})
            {
                Bytes padded = Counting(0, 16);
                padded.back() = count;
                const auto opened = cipher->Open(header, cipher->SealPadded(header, padded, iv));
                const std::string expected =
                    count > 15 ? "refused" : ToHex(ByteView(padded).Sub(0, 15 - count));
                NS_TEST_ASSERT_MSG_EQ(HexOf(opened), expected, suite.ToString() << ' ' << +count);
            }
            Bytes much(272, 0x5a);
            much.back() = 255;
            const auto opened = cipher->Open(header, cipher->SealPadded(header, much, iv));
            NS_TEST_ASSERT_MSG_EQ(HexOf(opened), ToHex(Bytes(16, 0x5a)), "255 octets");
        }
    }
};

/**
 * Input: bodies with a correct ICV, computed here, whose ciphertext is a block, none, and a block
 * and an octet.
 * Output: the first is opened; the others are not ciphertexts of CBC, whoever vouches for them.
 */
class CipherBlockTest : public TestCase
{
  public:
    CipherBlockTest()
        : TestCase("an authentic body that is no whole number of blocks is refused")
    {
    }

  private:
    void DoRun() override
    {
        const CipherSuite suite = SuiteOf(EncrId::AES_CBC, 128, IntegId::HMAC_SHA2_256_128);
        const auto cipher = CipherOf(suite);
        const Bytes header = FromHex(HEADER);
        const Bytes key = Counting(0x60, 32);
        for (const size_t size : {16, 0, 17})
        {
            Bytes body(16 + size, 0x5a);
            const SecretBytes icv = Prf(PrfId::HMAC_SHA2_256, key, {header, body});
            body.insert(body.end(), icv.begin(), icv.begin() + 16);
            NS_TEST_ASSERT_MSG_EQ(cipher->OpenPadded(header, body).has_value(), (size == 16), size);
        }
    }
};

/**
 * Input: keys an octet too short or long, with an integrity key where none belongs, parts that do
 * not fit together; IVs and padded texts of wrong sizes.
 * Output: no context; nothing sealed.
 */
class CipherSizesTest : public TestCase
{
  public:
    CipherSizesTest()
        : TestCase("keys, initialization vectors and texts of the wrong size are refused")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(SkCipher::EncrKeySize(SUITES[0]), 20u, "AES-GCM-128 with salt");
        NS_TEST_ASSERT_MSG_EQ(SkCipher::EncrKeySize(SUITES[1]), 36u, "AES-GCM-256 with salt");
        NS_TEST_ASSERT_MSG_EQ(SkCipher::EncrKeySize(SUITES[2]), 36u, "ChaCha20 with salt");
        NS_TEST_ASSERT_MSG_EQ(SkCipher::EncrKeySize(SUITES[3]), 16u, "AES-CBC-128");
        NS_TEST_ASSERT_MSG_EQ(SkCipher::IntegKeySize(SUITES[0]), 0u, "none with AEAD");
        NS_TEST_ASSERT_MSG_EQ(SkCipher::IntegKeySize(SUITES[3]), 32u, "HMAC-SHA-256");
        NS_TEST_ASSERT_MSG_EQ(SkCipher::IntegKeySize(SUITES[5]), 48u, "HMAC-SHA-384");
        NS_TEST_ASSERT_MSG_EQ(SkCipher::IntegKeySize(SUITES[6]), 64u, "HMAC-SHA-512");
        for (const CipherSuite& suite : SUITES)
        {
            CheckKeys(suite);
            CheckTexts(suite);
        }
        for (const CipherSuite& suite : {SuiteOf(EncrId::AES_CBC, 128),
                                         SuiteOf(EncrId::AES_CBC, 192, SUITES[3].integ),
                                         SuiteOf(EncrId::AES_GCM_16, 128, SUITES[3].integ),
                                         SuiteOf(EncrId::AES_GCM_16, 192),
                                         SuiteOf(EncrId::CHACHA20_POLY1305, 128),
                                         SuiteOf(EncrId::NONE, 0)})
        {
            NS_TEST_ASSERT_MSG_EQ(SkCipher::EncrKeySize(suite), 0u, suite.ToString());
            NS_TEST_ASSERT_MSG_EQ((CipherOf(suite) == nullptr), true, suite.ToString());
        }
    }

    /** Check keys an octet off. */
    void CheckKeys(const CipherSuite& suite)
    {
        const size_t encr = SkCipher::EncrKeySize(suite);
        const size_t integ = SkCipher::IntegKeySize(suite);
        NS_TEST_ASSERT_MSG_EQ((CipherOf(suite) != nullptr), true, suite.ToString());
        for (const size_t size : {encr - 1, encr + 1, size_t(0)})
        {
            const auto cipher = SkCipher::Create(suite, Bytes(size), Bytes(integ));
            NS_TEST_ASSERT_MSG_EQ((cipher == nullptr), true, suite.ToString());
        }
        const auto cipher = SkCipher::Create(suite, Bytes(encr), Bytes(integ + 1));
        NS_TEST_ASSERT_MSG_EQ((cipher == nullptr), true, suite.ToString());
        const auto without = SkCipher::Create(suite, Bytes(encr), {});
        NS_TEST_ASSERT_MSG_EQ((without == nullptr), (integ != 0), suite.ToString());
    }

    /** Check texts and IVs that SealPadded cannot take. */
    void CheckTexts(const CipherSuite& suite)
    {
        const auto cipher = CipherOf(suite);
        const bool aead = suite.integ == IntegId::NONE;
        const Bytes iv(aead ? 8 : 16);
        NS_TEST_ASSERT_MSG_EQ(cipher->SealPadded({}, {}, iv).size(), 0u, "no text");
        NS_TEST_ASSERT_MSG_EQ(cipher->SealPadded({}, Bytes(16), Bytes(12)).size(), 0u, "IV");
        NS_TEST_ASSERT_MSG_EQ(cipher->SealPadded({}, Bytes(15), iv).empty(), !aead, "no block");
        NS_TEST_ASSERT_MSG_EQ(HexOf(cipher->Open({}, cipher->SealPadded({}, Bytes(16), iv))),
                              ToHex(Bytes(15)),
                              "no header is a header");
    }
};

/**
 * Input: one text sealed many times; two runs from one seed.
 * Output: with AEAD the counter is the IV and the entropy is left alone; with CBC each IV is
 * another (unpredictable, RFC 7296 section 3.14) and comes from the entropy, so that runs repeat.
 */
class CipherIvTest : public TestCase
{
  public:
    CipherIvTest()
        : TestCase("AEAD takes its IV from the counter, CBC from the entropy")
    {
    }

  private:
    void DoRun() override
    {
        for (const CipherSuite& suite : SUITES)
        {
            const bool aead = suite.integ == IntegId::NONE;
            const auto cipher = CipherOf(suite);
            TestEntropy one(1);
            TestEntropy again(1);
            std::set<std::string> seen;
            for (uint64_t counter = 0; counter < 50; ++counter)
            {
                const Bytes a = cipher->Seal({}, FromHex(NOTIFY), counter, one);
                const Bytes b = cipher->Seal({}, FromHex(NOTIFY), counter, again);
                NS_TEST_ASSERT_MSG_EQ(ToHex(a), ToHex(b), suite.ToString());
                const std::string iv = ToHex(ByteView(a).Sub(0, aead ? 8 : 16));
                NS_TEST_ASSERT_MSG_EQ(seen.insert(iv).second, true, suite.ToString());
            }
            NS_TEST_ASSERT_MSG_EQ(seen.count("0000000000000031"), aead ? 1u : 0u, "counter 49");
            NS_TEST_ASSERT_MSG_EQ((one.DrawU64() == TestEntropy(1).DrawU64()), aead, "untouched");
        }
    }
};

std::vector<TestCase*>
SkCipherTests()
{
    return {new CipherPublishedTest,
            new CipherCbcTest,
            new CipherRoundTripTest,
            new CipherTamperTest,
            new CipherPaddingTest,
            new CipherBlockTest,
            new CipherSizesTest,
            new CipherIvTest};
}

} // namespace karp
} // namespace ns3
