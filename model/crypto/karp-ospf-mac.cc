/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto.h"
#include "karp-hmac.h"

#include <algorithm>
#include <array>
#include <openssl/crypto.h>

namespace ns3
{
namespace karp
{

namespace
{

/** Octets that a Keyed-MD5 key is padded or cut to (RFC 2328 D.4.3). */
constexpr size_t MD5_KEY_SIZE = 16;

/** Keyed MD5: the digest of packet | key (RFC 2328 D.4.3). */
class KeyedMd5Mac : public OspfMac
{
  public:
    explicit KeyedMd5Mac(ByteView key)
        : m_key(MD5_KEY_SIZE)
    {
        // "...the authentication key is 16 bytes in length": longer ones are cut and shorter ones
        // padded with zeros, as routers do with what people configure.
        std::copy_n(key.begin(), std::min(key.size(), MD5_KEY_SIZE), m_key.begin());
    }

    size_t Size() const override
    {
        return HashSize(HashId::MD5);
    }

    bool Compute(ByteView packet, uint8_t* digest) override
    {
        return Hash(HashId::MD5, {packet, m_key}, digest);
    }

  private:
    SecretBytes m_key; //!< of MD5_KEY_SIZE octets
};

/** HMAC over packet | Apad (RFC 5709 section 3.3). */
class HmacMac : public OspfMac
{
  public:
    explicit HmacMac(KeyedHmac hmac)
        : m_hmac(std::move(hmac))
    {
        // "Apad is the hexadecimal value 0x878FE1F3 repeated (L/4) times."
        static constexpr std::array<uint8_t, 4> APAD{0x87, 0x8f, 0xe1, 0xf3};
        for (size_t i = 0; i < m_apad.size(); ++i)
        {
            m_apad[i] = APAD[i % APAD.size()];
        }
    }

    size_t Size() const override
    {
        return m_hmac.Size();
    }

    bool Compute(ByteView packet, uint8_t* digest) override
    {
        return m_hmac.Compute({packet, {m_apad.data(), Size()}}, digest);
    }

  private:
    KeyedHmac m_hmac;                          //!< under Ko
    std::array<uint8_t, HASH_SIZE_MAX> m_apad; //!< stands where the digest will
};

/** \return the hash function of \p algorithm, if it is an HMAC */
std::optional<HashId>
HashOf(MacAlgorithm algorithm)
{
    switch (algorithm)
    {
    case MacAlgorithm::HMAC_SHA_1:
        return HashId::SHA_1;
    case MacAlgorithm::HMAC_SHA_256:
        return HashId::SHA_256;
    case MacAlgorithm::HMAC_SHA_384:
        return HashId::SHA_384;
    case MacAlgorithm::HMAC_SHA_512:
        return HashId::SHA_512;
    default:
        return std::nullopt;
    }
}

} // namespace

std::unique_ptr<OspfMac>
OspfMac::Create(MacAlgorithm algorithm, ByteView key, KeyPreparation preparation)
{
    if (algorithm == MacAlgorithm::KEYED_MD5 && FetchedHash(HashId::MD5) != nullptr)
    {
        return std::make_unique<KeyedMd5Mac>(key);
    }
    const auto hash = HashOf(algorithm);
    if (!hash)
    {
        return nullptr;
    }
    // Section 3.3 (1): "If the Authentication Key (K) is more than L octets long, then set Ko to
    // H(K)"; shorter ones are padded with zeros, which HMAC does as well.
    SecretBytes hashed;
    if (preparation == KeyPreparation::RFC_5709 && key.size() > HashSize(*hash))
    {
        hashed.resize(HashSize(*hash));
        if (!Hash(*hash, {key}, hashed.data()))
        {
            return nullptr;
        }
        key = hashed;
    }
    auto hmac = KeyedHmac::Create(*hash, key);
    return hmac ? std::make_unique<HmacMac>(std::move(*hmac)) : nullptr;
}

bool
OspfMac::Verify(ByteView packet, ByteView digest)
{
    std::array<uint8_t, HASH_SIZE_MAX> expected;
    return digest.size() == Size() && digest.size() <= expected.size() &&
           Compute(packet, expected.data()) &&
           CRYPTO_memcmp(expected.data(), digest.data(), digest.size()) == 0;
}

} // namespace karp
} // namespace ns3
