/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto-tests.h"

#include <openssl/evp.h>
#include <set>
#include <string>

/**
 * \file
 * \ingroup karp-test
 * Suite karp-crypto: what model/crypto computes, against values published by others or, where there
 * are none, computed by another program (Python's hmac and integers, the openssl command). This
 * file: suites by name, prf, prf+.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return SHA-256 of \p data, so that long outputs can be compared with short texts */
std::string
Fingerprint(ByteView data)
{
    Bytes digest(32);
    EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    return ToHex(digest);
}

/** Nonces of the first set of test vectors for IKEv2 in SP 800-135 (CAVP), Ni | Nr. */
const char* const CAVP_NONCES = "ed80dc79912c32a935fb6d1a3feac078";

/** g^ir of the same. */
const char* const CAVP_SHARED =
    "42968e5d0ccc3cfc5a3e4bc1bba370cea1fae0d54c49ccba34b2bee804beeb2e9e8c57a4e01bd45102cf2433aacc6c"
    "fec06792f363e5170e6aa6650274e906648e449d27a8f00b5b44261982c9835c748a751ec5138eaacc5e0256613395"
    "38a61bf418e454699e19c32db8d9ce5dd86b220f1e89afc5872e68be36cb1a0c8866";

/** Ni | Nr | SPIi | SPIr of the same. */
const char* const CAVP_SEED = "ed80dc79912c32a935fb6d1a3feac07847c1858efc932ea4606fd05609624002";

/** SKEYSEED of the same. */
const char* const CAVP_SKEYSEED =
    "37fde90b81d63692620f67367b62092e3efdc6a03509137d731004767ff35010";

/** SK_d, SK_ai and so on of the same. */
const char* const CAVP_KEYS =
    "63d018a08f7a29daa7d1f92cb63f45fa39bbaf5e5f1a78139613bb891e3e6bf9d0448f7c74e05b4c1a25c0b61e62c8"
    "75e852f287e192d4ae536112db5197216400bd5e123470efc15f53161865fe8b19a1416518a157d651ecd2caddab6a"
    "9eae6a27a55af088218d5156edaa9789f934d9836ed43edffda553822202ff9f7d4860ca72e0";

} // namespace

/**
 * Input: CAVP's nonces, g^ir and SPIs for IKEv2 with HMAC-SHA-256.
 * Output: SKEYSEED and 132 octets of keys as CAVP has them; also what a group session key and a
 * padded password come to with these keys (computed by another program).
 */
class PrfPublishedTest : public TestCase
{
  public:
    PrfPublishedTest()
        : TestCase("prf and prf+ give the keys of the published vector")
    {
    }

  private:
    void DoRun() override
    {
        const PrfId prf = PrfId::HMAC_SHA2_256;
        const Bytes shared = FromHex(CAVP_SHARED);
        const Bytes nonces = FromHex(CAVP_NONCES);
        const SecretBytes skeyseed = Prf(prf, nonces, {shared});
        NS_TEST_ASSERT_MSG_EQ(ToHex(skeyseed), CAVP_SKEYSEED, "SKEYSEED");
        const SecretBytes keys = PrfPlus(prf, skeyseed, FromHex(CAVP_SEED), 132);
        NS_TEST_ASSERT_MSG_EQ(ToHex(keys), CAVP_KEYS, "SK_*");
        const std::string pad = "Key Pad for IKEv2";
        const std::string psk = "Hello";
        NS_TEST_ASSERT_MSG_EQ(ToHex(Prf(prf, ByteView::Of(psk), {ByteView::Of(pad)})),
                              "87fddc891068fa22e90cda88d10bec2a574fd3f2db18aa6a945b9bb0cf38d4c5",
                              "padded password");
        // Pieces are joined as if they had come in one.
        NS_TEST_ASSERT_MSG_EQ(ToHex(Prf(prf,
                                        nonces,
                                        {ByteView(shared).Sub(0, 1),
                                         ByteView(),
                                         ByteView(shared).Sub(1, 99),
                                         ByteView(shared).Sub(100)})),
                              CAVP_SKEYSEED,
                              "in pieces");
    }
};

/**
 * Input: RFC 4231's first two cases; keys of 64 octets, and of 200, which are hashed first.
 * Output: the published digests, and those of another program.
 */
class PrfHmacTest : public TestCase
{
  public:
    PrfHmacTest()
        : TestCase("each prf is the HMAC it says, with short, full and long keys")
    {
    }

  private:
    /** What is expected of one prf. */
    struct Row
    {
        PrfId prf;           //!< which
        size_t size;         //!< octets of output
        const char* jefe;    //!< RFC 4231 section 4.3
        const char* longKey; //!< key of 200 times 0xaa, data "Test"
        const char* plus;    //!< first octets of prf+ of 150, key 00.., seed 80..
        const char* all;     //!< fingerprint of 255 outputs of the same
    };

    void DoRun() override
    {
        NS_TEST_ASSERT_MSG_EQ(
            ToHex(Prf(PrfId::HMAC_SHA2_256, Bytes(20, 0x0b), {ByteView::Of("Hi There")})),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            "RFC 4231 section 4.2");
        static const Row ROWS[] = {
            {PrfId::HMAC_SHA2_256,
             32,
             "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
             "1de264fb3b73d93c143d2d5db2e5703077aa63966a027410f88a61452e5c87aa",
             "1354203f1437de97f291ca5b78d97c04b43daca659b0b81022e46c01fd5ccc20ad552ad2fb9f5323",
             "7272ad1bdf5c6e298a69de49d4e61a65fe1b6459c41ac44f87a69e305c7938df"},
            {PrfId::HMAC_SHA2_384,
             48,
             "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c7"
             "8b3239ecfab21649",
             "7320a5ad3f6fe8a4090663ad638127224c6153f7252147bbde87213059635dfb835bc1c23ef96061"
             "4c2c01a7ee8717b8",
             "4819e1fe67d666eae35ae9e242dde5a0276dc0f0cfffe6bfc978c10dc96b0e87c559c8107548931c"
             "43eb539a7fabe4f8160bd7f1891fe44d",
             "ce23a693b18111ece442525e1cca5af120326d17f6c3878eb8b6babbb2a3f2f3"},
            {PrfId::HMAC_SHA2_512,
             64,
             "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a"
             "6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
             "8eb8de1d2ea442cda6165aa90fea5d4c89413eb0ea2446a06335d2aec8270e650246cddd16578275"
             "6c49d1d0b54593817f4950172e5dbd106f11b3449260cc50",
             "bb001d9d20e94844599ee7ed71257e5a75bc187ac50f329a1f8628caaae4bcb3f328508c30c682a3"
             "960bbb2f6572d6bc723399eb76da517e73a7adefe7a4db04",
             "b63e9c6e2f89ad270dd6c35cfac07f8eae03b0e02a8e2cd0820f1d9e4321382f"},
        };
        for (const Row& row : ROWS)
        {
            CheckRow(row);
        }
    }

    /** Check one prf. */
    void CheckRow(const Row& row)
    {
        const Bytes key = Counting(0, 64);
        const Bytes seed = Counting(0x80, 64);
        NS_TEST_ASSERT_MSG_EQ(PrfSize(row.prf), row.size, "size");
        NS_TEST_ASSERT_MSG_EQ(
            ToHex(
                Prf(row.prf, ByteView::Of("Jefe"), {ByteView::Of("what do ya want for nothing?")})),
            row.jefe,
            "RFC 4231 section 4.3");
        NS_TEST_ASSERT_MSG_EQ(ToHex(Prf(row.prf, Bytes(200, 0xaa), {ByteView::Of("Test")})),
                              row.longKey,
                              "long key");
        const std::string plus = row.plus;
        const SecretBytes start = PrfPlus(row.prf, key, seed, plus.size() / 2);
        NS_TEST_ASSERT_MSG_EQ(ToHex(start), plus, "prf+");
        const SecretBytes all = PrfPlus(row.prf, key, seed, 255 * row.size);
        NS_TEST_ASSERT_MSG_EQ(Fingerprint(all), row.all, "all of prf+");
    }
};

/**
 * Input: sizes 0, 1 and one more than 255 outputs; a prf that does not exist.
 * Output: prf+ gives exactly what is asked for, and nothing where its counter would wrap.
 */
class PrfBoundsTest : public TestCase
{
  public:
    PrfBoundsTest()
        : TestCase("prf+ ends where its counter ends, and an unknown prf gives nothing")
    {
    }

  private:
    void DoRun() override
    {
        const PrfId prf = PrfId::HMAC_SHA2_256;
        const Bytes key = Counting(0, 32);
        NS_TEST_ASSERT_MSG_EQ(PrfPlus(prf, key, key, 0).size(), 0u, "none");
        NS_TEST_ASSERT_MSG_EQ(PrfPlus(prf, key, key, 1).size(), 1u, "one");
        NS_TEST_ASSERT_MSG_EQ(PrfPlus(prf, key, key, 255 * 32).size(), 255u * 32, "all");
        NS_TEST_ASSERT_MSG_EQ(PrfPlus(prf, key, key, 255 * 32 + 1).size(), 0u, "too many");
        NS_TEST_ASSERT_MSG_EQ(PrfSize(PrfId::NONE), 0u, "no prf has no size");
        NS_TEST_ASSERT_MSG_EQ(Prf(PrfId::NONE, key, {key}).size(), 0u, "no prf");
        NS_TEST_ASSERT_MSG_EQ(PrfPlus(static_cast<PrfId>(2), key, key, 8).size(), 0u, "SHA-1");
        // An empty key is a key (RFC 2104 pads it), as an empty password would be.
        NS_TEST_ASSERT_MSG_EQ(Prf(prf, {}, {}).size(), 32u, "empty key");
    }
};

/**
 * Input: names of suites.
 * Output: the parts they name; printed again, the same name; every supported suite has a name of
 * its own that is read back as it.
 */
class SuiteNameTest : public TestCase
{
  public:
    SuiteNameTest()
        : TestCase("suites have the names that strongSwan gives them")
    {
    }

  private:
    void DoRun() override
    {
        const CipherSuite defaults;
        NS_TEST_ASSERT_MSG_EQ(defaults.ToString(), "aes256gcm16-prfsha256-x25519", "default");
        const auto cbc = ParseCipherSuite("aes128-sha256-modp2048");
        NS_TEST_ASSERT_MSG_EQ(cbc.has_value(), true, "prf not named");
        NS_TEST_ASSERT_MSG_EQ((cbc->prf == PrfId::HMAC_SHA2_256), true, "prf as integrity's");
        NS_TEST_ASSERT_MSG_EQ(cbc->ToString(), "aes128-sha256-prfsha256-modp2048", "in full");
        const auto same = ParseCipherSuite("curve25519-prfsha384-aes256gcm128");
        NS_TEST_ASSERT_MSG_EQ((same && same->ToString() == "aes256gcm16-prfsha384-x25519"),
                              true,
                              "other words, other order");
        std::set<std::string> names;
        size_t count = 0;
        for (const CipherSuite& suite : AllSuites())
        {
            const auto again = ParseCipherSuite(suite.ToString());
            NS_TEST_ASSERT_MSG_EQ((again && *again == suite),
                                  suite.IsSupported(),
                                  suite.ToString());
            if (suite.IsSupported())
            {
                ++count;
                names.insert(suite.ToString());
            }
        }
        // Three AEADs alone and two CBCs with three HMACs, three prfs, four groups.
        NS_TEST_ASSERT_MSG_EQ(count, (3u + 2 * 3) * 3 * 4, "supported suites");
        NS_TEST_ASSERT_MSG_EQ(names.size(), count, "names");
    }

    /** \return every combination of the numbers in use, sensible or not */
    static std::vector<CipherSuite> AllSuites()
    {
        std::vector<CipherSuite> suites;
        for (const auto encr :
             {EncrId::NONE, EncrId::AES_CBC, EncrId::AES_GCM_16, EncrId::CHACHA20_POLY1305})
        {
            for (const uint16_t bits : {0, 128, 192, 256})
            {
                for (const auto integ : {0, 12, 13, 14})
                {
                    for (const auto prf : {0, 2, 5, 6, 7})
                    {
                        for (const auto group : {0, 14, 15, 19, 20, 31})
                        {
                            suites.push_back({encr,
                                              bits,
                                              static_cast<IntegId>(integ),
                                              static_cast<PrfId>(prf),
                                              static_cast<KeGroup>(group)});
                        }
                    }
                }
            }
        }
        return suites;
    }
};

/**
 * Input: names with a word unknown, missing, said twice, or at odds with another.
 * Output: no suite.
 */
class SuiteNameRefusedTest : public TestCase
{
  public:
    SuiteNameRefusedTest()
        : TestCase("names of suites that make no sense are refused")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* name : {"",
                                 "-",
                                 "aes256",
                                 "aes128gcm16",
                                 "aes128gcm16-ecp256",
                                 "aes128gcm16-prfsha256",
                                 "prfsha256-ecp256",
                                 "sha256-ecp256",
                                 "aes128gcm16-sha256-ecp256",
                                 "aes128gcm16-sha256-prfsha256-ecp256",
                                 "aes128-prfsha256-ecp256",
                                 "aes128-aes256-sha256-ecp256",
                                 "aes128-sha256-sha512-ecp256",
                                 "aes128-sha256-ecp256-ecp384",
                                 "aes128-sha256-ecp256-prfsha256-prfsha512",
                                 "aes128-sha256-ecp256-",
                                 "-aes128-sha256-ecp256",
                                 "aes128--sha256-ecp256",
                                 "aes128-sha256-ecp521",
                                 "aes192-sha256-ecp256",
                                 "3des-sha1-modp1024",
                                 "AES128-SHA256-ECP256",
                                 " aes128-sha256-ecp256"})
        {
            NS_TEST_ASSERT_MSG_EQ(ParseCipherSuite(name).has_value(), false, name);
        }
    }
};

/** Suite karp-crypto. */
class CryptoTestSuite : public TestSuite
{
  public:
    CryptoTestSuite()
        : TestSuite("karp-crypto", TestSuite::Type::UNIT)
    {
        AddTestCase(new PrfPublishedTest);
        AddTestCase(new PrfHmacTest);
        AddTestCase(new PrfBoundsTest);
        AddTestCase(new SuiteNameTest);
        AddTestCase(new SuiteNameRefusedTest);
        for (const auto& tests : {KeyExchangeTests(), SkCipherTests(), OspfMacTests()})
        {
            for (TestCase* test : tests)
            {
                AddTestCase(test);
            }
        }
    }
};

static CryptoTestSuite g_cryptoTestSuite; //!< registers itself

} // namespace karp
} // namespace ns3
