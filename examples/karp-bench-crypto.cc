/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-bench.h"

#include "ns3/karp-credentials.h"
#include "ns3/karp-session-manager.h"

#include <cstdlib>
#include <iostream>
#include <memory>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/**
 * \file
 * Cryptography: each operation alone, and whole handshakes against what their operations cost when
 * OpenSSL is called with nothing around it.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Randomness that costs nothing. */
class CheapEntropy : public Entropy
{
  public:
    void Fill(uint8_t* data, size_t size) override
    {
        for (size_t i = 0; i < size; ++i)
        {
            m_state = m_state * 6364136223846793005 + 1442695040888963407;
            data[i] = static_cast<uint8_t>(m_state >> 56);
        }
    }

  private:
    uint64_t m_state{1}; //!< of the generator
};

/** A user of the session layer that has nothing to say. */
class SilentUser : public SessionUser
{
  public:
    std::vector<IkePayload> OnAuthRequest(SessionId,
                                          IpAddress,
                                          const Identity&,
                                          const std::vector<IkePayload>&,
                                          bool,
                                          Time) override
    {
        return {};
    }

    void OnAuthResponse(SessionId,
                        IpAddress,
                        const Identity&,
                        const std::vector<IkePayload>&,
                        Time) override
    {
        ++done;
    }

    uint64_t done{0}; //!< handshakes completed
};

/** One side of a handshake. */
struct Side
{
    /** A router called \p name. */
    Side(const std::string& name, const CipherSuite& suite)
        : manager(
              Config(suite),
              std::make_shared<GroupPskCredentials>(Identity::OfName(name), SecretBytes(16, 0x42)),
              entropy,
              user)
    {
    }

    /** \return settings that offer \p suite alone */
    static SessionConfig Config(const CipherSuite& suite)
    {
        SessionConfig config;
        config.suites = {suite};
        return config;
    }

    CheapEntropy entropy;   //!< randomness
    SilentUser user;        //!< what rides along: nothing
    SessionManager manager; //!< under measurement
};

/** Move every datagram that \p from has to \p to, as from \p source. \return whether there was one
 */
bool
Carry(Side& from, Side& to, IpAddress source, IpAddress destination)
{
    bool any = false;
    while (auto datagram = from.manager.PollTransmit())
    {
        datagram->source = source;
        datagram->destination = destination;
        to.manager.Receive(*datagram, Time(0));
        any = true;
    }
    return any;
}

/** End the program: what was measured is not what was meant. */
[[noreturn]] void
Give(const std::string& why)
{
    std::cerr << "karp-bench: " << why << std::endl;
    std::exit(2);
}

/** One handshake between \p a and \p b, forgotten afterwards. */
void
Handshake(Side& a, Side& b)
{
    const IpAddress addressA{0x0a000001};
    const IpAddress addressB{0x0a000002};
    const uint64_t before = a.user.done;
    a.manager.Initiate(addressB, {}, false, Time(0));
    while (Carry(a, b, addressA, addressB) || Carry(b, a, addressB, addressA))
    {
    }
    if (a.user.done != before + 1)
    {
        Give("the handshake did not complete");
    }
    for (Side* side : {&a, &b})
    {
        side->manager.Clear();
        while (side->manager.PollEvent())
        {
        }
    }
}

/** The operations of handshakes by OpenSSL alone, algorithms fetched beforehand. */
class Bare
{
  public:
    Bare()
        : m_md(EVP_MD_fetch(nullptr, "SHA2-256", nullptr)),
          m_cipher(EVP_CIPHER_fetch(nullptr, "AES-128-GCM", nullptr)),
          m_context(EVP_CIPHER_CTX_new())
    {
        m_peer = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, m_private, 32);
    }

    ~Bare()
    {
        EVP_PKEY_free(m_peer);
        EVP_CIPHER_CTX_free(m_context);
        EVP_CIPHER_free(m_cipher);
        EVP_MD_free(m_md);
    }

    Bare(const Bare&) = delete;
    Bare& operator=(const Bare&) = delete;

    /** Make a key pair and compute a shared secret. */
    void KeyExchange()
    {
        ++m_private[0];
        EVP_PKEY* own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, m_private, 32);
        size_t size = sizeof(m_buffer);
        EVP_PKEY_get_raw_public_key(own, m_buffer, &size);
        EVP_PKEY* peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, m_buffer, 32);
        EVP_PKEY_CTX* derive = EVP_PKEY_CTX_new_from_pkey(nullptr, own, nullptr);
        EVP_PKEY_derive_init(derive);
        EVP_PKEY_derive_set_peer(derive, peer);
        size = sizeof(m_buffer);
        if (EVP_PKEY_derive(derive, m_buffer, &size) != 1)
        {
            Give("OpenSSL refuses an X25519 exchange");
        }
        EVP_PKEY_CTX_free(derive);
        EVP_PKEY_free(peer);
        EVP_PKEY_free(own);
    }

    /** One prf output of a usual size. */
    void Prf()
    {
        unsigned int size = sizeof(m_buffer);
        HMAC(m_md, m_private, 32, m_text, 128, m_buffer, &size);
    }

    /** Protect one message under a new key. */
    void Seal()
    {
        int size = 0;
        EVP_EncryptInit_ex2(m_context, m_cipher, m_private, m_private + 16, nullptr);
        EVP_EncryptUpdate(m_context, nullptr, &size, m_text, 32);
        EVP_EncryptUpdate(m_context, m_buffer, &size, m_text, 80);
        EVP_EncryptFinal_ex(m_context, m_buffer + size, &size);
        EVP_CIPHER_CTX_ctrl(m_context, EVP_CTRL_AEAD_GET_TAG, 16, m_tag);
    }

    /** Open one message under a new key. */
    void Open()
    {
        int size = 0;
        EVP_DecryptInit_ex2(m_context, m_cipher, m_private, m_private + 16, nullptr);
        EVP_DecryptUpdate(m_context, nullptr, &size, m_text, 32);
        EVP_DecryptUpdate(m_context, m_buffer, &size, m_text, 80);
        EVP_CIPHER_CTX_ctrl(m_context, EVP_CTRL_AEAD_SET_TAG, 16, m_tag);
        EVP_DecryptFinal_ex(m_context,
                            m_buffer + size,
                            &size); // the tag is wrong; it costs the same
    }

  private:
    EVP_MD* m_md;              //!< SHA-256
    EVP_CIPHER* m_cipher;      //!< AES-128-GCM
    EVP_CIPHER_CTX* m_context; //!< reused
    EVP_PKEY* m_peer;          //!< kept so that the library is warm
    uint8_t m_private[32]{1};  //!< a private value
    uint8_t m_text[128]{};     //!< something to work on
    uint8_t m_buffer[256]{};   //!< results
    uint8_t m_tag[16]{};       //!< of GCM
};

} // namespace

std::vector<BenchResult>
BenchHandshake(const BenchEffort& effort)
{
    const CipherSuite suite = *ParseCipherSuite("aes128gcm16-prfsha256-x25519");
    Side a("r0", suite);
    Side b("r1", suite);
    Handshake(a, b);
    const CryptoCounters first = a.manager.Counters();
    const CryptoCounters second = b.manager.Counters();
    CryptoCounters counts{};
    for (size_t i = 0; i < counts.size(); ++i)
    {
        counts[i] = first[i] + second[i];
    }
    const auto times = [&counts](CryptoOperation operation) {
        return counts[static_cast<size_t>(operation)];
    };
    Bare bare;
    const auto bareHandshake = [&]() {
        for (uint64_t i = 0; i < times(CryptoOperation::KE_SHARED); ++i)
        {
            bare.KeyExchange();
        }
        for (uint64_t i = 0; i < times(CryptoOperation::PRF); ++i)
        {
            bare.Prf();
        }
        for (uint64_t i = 0; i < times(CryptoOperation::SEAL); ++i)
        {
            bare.Seal();
        }
        for (uint64_t i = 0; i < times(CryptoOperation::OPEN); ++i)
        {
            bare.Open();
        }
    };
    // In turn, so that both see the same moods of the machine.
    double engineNs = 0;
    double bareNs = 0;
    BenchEffort once = effort;
    once.repeats = 1;
    once.seconds = effort.seconds;
    for (int i = 0; i < effort.repeats; ++i)
    {
        const double engine = MeasureNs([&]() { Handshake(a, b); }, once);
        const double alone = MeasureNs(bareHandshake, once);
        engineNs = i == 0 ? engine : std::min(engineNs, engine);
        bareNs = i == 0 ? alone : std::min(bareNs, alone);
    }
    return {
        {"handshake.engine", 1e9 / engineNs, "1/s", "handshakes of two engines, PSK, X25519"},
        {"handshake.bare", 1e9 / bareNs, "1/s", "the same operations by OpenSSL alone"},
        {"handshake.ratio", bareNs / engineNs, "", "engine over bare; the aim is 0.8 or more"},
        {"handshake.prf",
         static_cast<double>(times(CryptoOperation::PRF)),
         "",
         "prf outputs in one"},
    };
}

/** Measure what keys of \p kind do to \p text, by the scheme that AUTH payloads have. */
static void
MeasureSignatures(SigningKind kind,
                  const Bytes& text,
                  const BenchEffort& effort,
                  std::vector<BenchResult>& results)
{
    DerivedEntropy entropy("karp-bench");
    const auto key = PrivateKey::Generate(kind, entropy);
    SignatureScheme scheme = SignatureScheme::RSA_PSS_SHA_256;
    if (!Fits(scheme, kind))
    {
        scheme = kind == SigningKind::ED25519 ? SignatureScheme::ED25519
                                              : SignatureScheme::ECDSA_SHA_256;
    }
    const Bytes signature = key->Sign(scheme, text);
    results.push_back({ToString(SignBy(kind)),
                       MeasureNs([&]() { key->Sign(scheme, text); }, effort),
                       "ns",
                       "sign 240 octets"});
    results.push_back({ToString(VerifyBy(kind)),
                       MeasureNs([&]() { key->Public()->Verify(scheme, text, signature); }, effort),
                       "ns",
                       "verify a signature of 240 octets"});
}

std::vector<BenchResult>
BenchOperations(const BenchEffort& effort)
{
    CheapEntropy entropy;
    std::vector<BenchResult> results;
    for (const auto& [group, name] : {std::pair{KeGroup::CURVE25519, "x25519"},
                                      std::pair{KeGroup::ECP_256, "ecp256"},
                                      std::pair{KeGroup::ECP_384, "ecp384"},
                                      std::pair{KeGroup::MODP_2048, "modp2048"}})
    {
        const KeGroup method = group;
        const auto peer = KeyExchange::Create(method, entropy);
        const auto own = KeyExchange::Create(method, entropy);
        results.push_back({std::string("ke_generate.") + name,
                           MeasureNs([&]() { KeyExchange::Create(method, entropy); }, effort),
                           "ns",
                           "make a key-exchange pair"});
        results.push_back({std::string("ke_shared.") + name,
                           MeasureNs([&]() { own->SharedSecret(peer->PublicValue()); }, effort),
                           "ns",
                           "compute a shared secret"});
    }
    const Bytes text(240, 9);
    for (size_t i = 0; i < static_cast<size_t>(SigningKind::COUNT); ++i)
    {
        MeasureSignatures(static_cast<SigningKind>(i), text, effort, results);
    }
    const SecretBytes key(32, 7);
    results.push_back({"prf",
                       MeasureNs([&]() { Prf(PrfId::HMAC_SHA2_256, key, {text}); }, effort),
                       "ns",
                       "one prf output over 240 octets"});
    CipherSuite suite;
    const auto cipher =
        SkCipher::Create(suite, SecretBytes(SkCipher::EncrKeySize(suite), 3), ByteView());
    uint64_t counter = 0;
    const Bytes header(32, 1);
    const Bytes sealed = cipher->Seal(header, text, 0, entropy);
    results.push_back({"seal",
                       MeasureNs([&]() { cipher->Seal(header, text, ++counter, entropy); }, effort),
                       "ns",
                       "protect 240 octets, AES-256-GCM"});
    results.push_back({"open",
                       MeasureNs([&]() { cipher->Open(header, sealed); }, effort),
                       "ns",
                       "open 240 octets, AES-256-GCM"});
    for (const MacAlgorithm algorithm : {MacAlgorithm::KEYED_MD5,
                                         MacAlgorithm::HMAC_SHA_1,
                                         MacAlgorithm::HMAC_SHA_256,
                                         MacAlgorithm::HMAC_SHA_384,
                                         MacAlgorithm::HMAC_SHA_512})
    {
        const auto mac = OspfMac::Create(algorithm, SecretBytes(MacSize(algorithm), 5));
        std::array<uint8_t, 64> digest;
        for (const size_t size : {80, 240})
        {
            const ByteView packet = ByteView(text).Sub(0, size);
            results.push_back(
                {std::string("mac.") + ToString(algorithm) + '.' + std::to_string(size),
                 MeasureNs([&]() { mac->Compute(packet, digest.data()); }, effort),
                 "ns",
                 "digest of a routing packet"});
        }
    }
    return results;
}

} // namespace karp
} // namespace ns3
