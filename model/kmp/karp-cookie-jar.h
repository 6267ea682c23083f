/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_COOKIE_JAR_H
#define KARP_COOKIE_JAR_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-types.h"

#include <optional>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Stateless cookies (RFC 7296 section 2.6): version | HMAC(secret, Ni | IPi | SPIi), which only who
 * receives at IPi can return. The secret changes; the version octet says which one was used, and
 * the one before the present is still honoured, so that a change strands nobody.
 */
class CookieJar
{
  public:
    /**
     * \param lifetime of a secret
     * \param entropy where secrets come from; outlives the jar
     */
    CookieJar(Time lifetime, Entropy& entropy);

    /**
     * \param nonce Ni
     * \param address IPi
     * \param spi SPIi
     * \param now the present
     * \param[in,out] counters charged with what it cost
     * \return the cookie to ask for
     */
    Bytes Make(ByteView nonce, IpAddress address, uint64_t spi, Time now, CryptoCounters& counters);

    /**
     * \param cookie what came back
     * \return whether it is one of ours for these values, made with the present secret or the one
     *         before; the other parameters are those of Make
     */
    bool Check(ByteView cookie,
               ByteView nonce,
               IpAddress address,
               uint64_t spi,
               Time now,
               CryptoCounters& counters);

  private:
    /** A secret and what names it. */
    struct Secret
    {
        uint8_t version{0}; //!< first octet of cookies made with it
        Time start{0};      //!< when it came into use
        SecretBytes octets; //!< the secret
    };

    void Rotate(Time now);
    Bytes Compute(const Secret& secret,
                  ByteView nonce,
                  IpAddress address,
                  uint64_t spi,
                  CryptoCounters& counters) const;

    Time m_lifetime;                  //!< of a secret
    Entropy& m_entropy;               //!< randomness
    std::optional<Secret> m_present;  //!< cookies are made with it
    std::optional<Secret> m_previous; //!< still honoured
};

} // namespace karp
} // namespace ns3

#endif // KARP_COOKIE_JAR_H
