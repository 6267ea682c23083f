/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-cookie-jar.h"

#include "karp-ike-keys.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t SECRET_SIZE = 32;                 //!< octets
constexpr PrfId COOKIE_PRF = PrfId::HMAC_SHA2_256; //!< cookies have 1 + 32 of at most 64 octets

} // namespace

CookieJar::CookieJar(Time lifetime, Entropy& entropy)
    : m_lifetime(lifetime),
      m_entropy(entropy)
{
}

void
CookieJar::Rotate(Time now)
{
    if (m_present && now < m_present->start + m_lifetime)
    {
        return;
    }
    // What was in use longer ago than one more lifetime is not honoured any more.
    const bool recent = m_present && now < m_present->start + 2 * m_lifetime;
    Secret next;
    next.version = m_present ? static_cast<uint8_t>(m_present->version + 1) : uint8_t{1};
    next.start = now;
    next.octets.resize(SECRET_SIZE);
    m_entropy.Fill(next.octets.data(), next.octets.size());
    m_previous.reset();
    if (recent)
    {
        m_previous = std::move(m_present);
    }
    m_present = std::move(next);
}

Bytes
CookieJar::Compute(const Secret& secret,
                   ByteView nonce,
                   IpAddress address,
                   uint64_t spi,
                   CryptoCounters& counters) const
{
    std::array<uint8_t, 12> who;
    for (size_t i = 0; i < 4; ++i)
    {
        who[i] = static_cast<uint8_t>(address.value >> (8 * (3 - i)));
    }
    for (size_t i = 0; i < 8; ++i)
    {
        who[4 + i] = static_cast<uint8_t>(spi >> (8 * (7 - i)));
    }
    Charge(counters, CryptoOperation::PRF);
    const SecretBytes hash = Prf(COOKIE_PRF, secret.octets, {nonce, who});
    Bytes cookie(1 + hash.size());
    cookie[0] = secret.version;
    std::copy(hash.begin(), hash.end(), cookie.begin() + 1);
    return cookie;
}

Bytes
CookieJar::Make(ByteView nonce, IpAddress address, uint64_t spi, Time now, CryptoCounters& counters)
{
    Rotate(now);
    return Compute(*m_present, nonce, address, spi, counters);
}

bool
CookieJar::Check(ByteView cookie,
                 ByteView nonce,
                 IpAddress address,
                 uint64_t spi,
                 Time now,
                 CryptoCounters& counters)
{
    Rotate(now);
    for (const auto* secret : {&m_present, &m_previous})
    {
        if (*secret && !cookie.empty() && cookie[0] == (*secret)->version)
        {
            return ConstantTimeEqual(cookie, Compute(**secret, nonce, address, spi, counters));
        }
    }
    return false;
}

} // namespace karp
} // namespace ns3
