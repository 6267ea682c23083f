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

  private:
    bool DoCompute(ByteView packet, uint8_t* digest, IpAddress /* source */) override
    {
        return Hash(HashId::MD5, {packet, m_key}, digest);
    }

    SecretBytes m_key; //!< of MD5_KEY_SIZE octets
};

/** HMAC over packet | Apad (RFC 5709 section 3.3; RFC 7474 section 5). */
class HmacMac : public OspfMac
{
  public:
    HmacMac(KeyedHmac hmac, bool coversSource)
        : m_hmac(std::move(hmac)),
          m_coversSource(coversSource)
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

  private:
    bool DoCompute(ByteView packet, uint8_t* digest, IpAddress source) override
    {
        // RFC 7474 section 5: "the first 4 octets of Apad" are "the IP source address", the rest
        // is as before, so that a packet is worth nothing from another address.
        for (size_t i = 0; m_coversSource && i < sizeof(source.value); ++i)
        {
            m_apad[i] = static_cast<uint8_t>(source.value >> (24 - 8 * i));
        }
        return m_hmac.Compute({packet, {m_apad.data(), Size()}}, digest);
    }

    KeyedHmac m_hmac;                          //!< under Ko
    const bool m_coversSource;                 //!< AuType 3
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
    const bool isExtended = preparation == KeyPreparation::RFC_7474;
    if (algorithm == MacAlgorithm::KEYED_MD5 && !isExtended && FetchedHash(HashId::MD5) != nullptr)
    {
        return std::make_unique<KeyedMd5Mac>(key);
    }
    const auto hash = HashOf(algorithm);
    if (!hash)
    {
        return nullptr;
    }
    // RFC 7474 section 6: "the two-octet OSPFv2 Cryptographic Protocol ID is appended to the
    // authentication key prior to use", so that no other protocol's packet can be played back.
    SecretBytes specific;
    if (isExtended)
    {
        specific.assign(key.begin(), key.end());
        specific.push_back(0);
        specific.push_back(static_cast<uint8_t>(KeyProtocol::OSPFV2));
        key = specific;
    }
    // RFC 5709 section 3.3 (1): "If the Authentication Key (K) is more than L octets long, then set
    // Ko to H(K)"; shorter ones are padded with zeros, which HMAC does as well.
    SecretBytes hashed;
    if (preparation != KeyPreparation::RFC_2104 && key.size() > HashSize(*hash))
    {
        hashed.resize(HashSize(*hash));
        if (!Hash(*hash, {key}, hashed.data()))
        {
            return nullptr;
        }
        key = hashed;
    }
    auto hmac = KeyedHmac::Create(*hash, key);
    return hmac ? std::make_unique<HmacMac>(std::move(*hmac), isExtended) : nullptr;
}

bool
OspfMac::Verify(ByteView packet, ByteView digest, IpAddress source)
{
    std::array<uint8_t, HASH_SIZE_MAX> expected;
    return digest.size() == Size() && digest.size() <= expected.size() &&
           Compute(packet, expected.data(), source) &&
           CRYPTO_memcmp(expected.data(), digest.data(), digest.size()) == 0;
}

} // namespace karp
} // namespace ns3
