/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-credentials.h"

#include "karp-ike-keys.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the AUTH payload that \p key gives for \p input */
AuthPayload
SharedKeyAuth(const AuthInput& input, ByteView key, CryptoCounters& counters)
{
    AuthPayload auth;
    auth.method = IkeAuthMethod::SHARED_KEY;
    auth.data = PskAuthValue(input.prf, key, input.signedOctets, counters);
    return auth;
}

/** \return whether \p auth is what \p key gives for \p input */
Credentials::Verdict
VerifySharedKey(const AuthPayload& auth,
                const AuthInput& input,
                ByteView key,
                CryptoCounters& counters)
{
    if (auth.method != IkeAuthMethod::SHARED_KEY)
    {
        return Credentials::Verdict::FAILED;
    }
    const Bytes expected = PskAuthValue(input.prf, key, input.signedOctets, counters);
    return !expected.empty() && ConstantTimeEqual(auth.data, expected)
               ? Credentials::Verdict::OK
               : Credentials::Verdict::FAILED;
}

} // namespace

Identity
Identity::OfName(const std::string& name)
{
    return Identity{IkeIdType::FQDN, ByteView::Of(name).Copy()};
}

std::string
Identity::ToString() const
{
    const bool printable =
        std::all_of(data.begin(), data.end(), [](uint8_t c) { return c > 0x20 && c < 0x7f; });
    if ((type == IkeIdType::FQDN || type == IkeIdType::RFC822_ADDR) && printable)
    {
        return std::string(data.begin(), data.end());
    }
    if (type == IkeIdType::IPV4_ADDR && data.size() == 4)
    {
        uint32_t value = 0;
        for (const uint8_t octet : data)
        {
            value = value << 8 | octet;
        }
        return IpAddress{value}.ToString();
    }
    return std::to_string(static_cast<unsigned>(type)) + ":" + ToHex(data);
}

GroupPskCredentials::GroupPskCredentials(Identity local, SecretBytes key)
    : m_local(std::move(local)),
      m_key(std::move(key))
{
}

Identity
GroupPskCredentials::Local() const
{
    return m_local;
}

std::optional<AuthPayload>
GroupPskCredentials::Authenticate(const AuthInput& input,
                                  IpAddress,
                                  const Identity*,
                                  CryptoCounters& counters) const
{
    if (m_key.empty())
    {
        return std::nullopt;
    }
    return SharedKeyAuth(input, m_key, counters);
}

Credentials::Verdict
GroupPskCredentials::Verify(const AuthPayload& auth,
                            const AuthInput& input,
                            const Identity& peer,
                            const std::vector<IkePayload>&,
                            Time,
                            CryptoCounters& counters) const
{
    if (m_key.empty())
    {
        return Verdict::NO_CREDENTIAL;
    }
    // Everybody holds the key, we too: our own messages led back to us would prove that we are us.
    if (peer == m_local)
    {
        return Verdict::FAILED;
    }
    return VerifySharedKey(auth, input, m_key, counters);
}

PairPskCredentials::PairPskCredentials(Identity local)
    : m_local(std::move(local))
{
}

void
PairPskCredentials::Add(const Identity& peer, IpAddress address, SecretBytes key)
{
    m_keys[peer] = std::move(key);
    m_byAddress[address] = peer;
}

Identity
PairPskCredentials::Local() const
{
    return m_local;
}

std::optional<AuthPayload>
PairPskCredentials::Authenticate(const AuthInput& input,
                                 IpAddress address,
                                 const Identity* peer,
                                 CryptoCounters& counters) const
{
    if (peer == nullptr)
    {
        const auto expected = m_byAddress.find(address);
        if (expected == m_byAddress.end())
        {
            return std::nullopt;
        }
        peer = &expected->second;
    }
    const auto found = m_keys.find(*peer);
    if (found == m_keys.end() || found->second.empty())
    {
        return std::nullopt;
    }
    return SharedKeyAuth(input, found->second, counters);
}

Credentials::Verdict
PairPskCredentials::Verify(const AuthPayload& auth,
                           const AuthInput& input,
                           const Identity& peer,
                           const std::vector<IkePayload>&,
                           Time,
                           CryptoCounters& counters) const
{
    const auto found = m_keys.find(peer);
    if (found == m_keys.end() || found->second.empty() || peer == m_local)
    {
        return Verdict::NO_CREDENTIAL;
    }
    return VerifySharedKey(auth, input, found->second, counters);
}

} // namespace karp
} // namespace ns3
