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

/** \return the proof that \p key gives for \p input */
Proof
SharedKeyAuth(const AuthInput& input, ByteView key, CryptoCounters& counters)
{
    AuthPayload auth;
    auth.method = IkeAuthMethod::SHARED_KEY;
    auth.data = PskAuthValue(input.prf, key, input.signedOctets, counters);
    return Proof{std::move(auth)};
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

void
PeerWishes::Note(const std::vector<IkePayload>& payloads)
{
    for (const auto& payload : payloads)
    {
        const auto* notify = std::get_if<NotifyPayload>(&payload);
        if (notify != nullptr && notify->type == IkeNotify::SIGNATURE_HASH_ALGORITHMS)
        {
            saidHashes = true;
            for (size_t i = 0; i + 1 < notify->data.size() && hashes.size() < ANCHORS_MAX; i += 2)
            {
                hashes.insert(static_cast<uint16_t>(notify->data[i] << 8 | notify->data[i + 1]));
            }
        }
        const auto* request = std::get_if<CertReqPayload>(&payload);
        if (request == nullptr)
        {
            continue;
        }
        rawKeys = rawKeys || request->encoding == CERT_RAW_PUBLIC_KEY;
        const ByteView authorities = request->authorities;
        constexpr size_t SIZE = std::tuple_size<KeyHash>::value;
        for (size_t at = 0; request->encoding == CERT_X509_SIGNATURE &&
                            at + SIZE <= authorities.size() && anchors.size() < ANCHORS_MAX;
             at += SIZE)
        {
            KeyHash hash;
            std::copy_n(authorities.begin() + at, SIZE, hash.begin());
            anchors.insert(hash);
        }
    }
}

Credentials::Credentials(Identity local)
    : m_local(std::move(local))
{
}

const Identity&
Credentials::Local() const
{
    return m_local;
}

DropReason
Credentials::ReasonOf(Verdict verdict)
{
    switch (verdict)
    {
    case Verdict::OK:
        return DropReason::NONE;
    case Verdict::NO_CREDENTIAL:
        return DropReason::NO_CREDENTIAL;
    case Verdict::BAD_CERT:
        return DropReason::BAD_CERT;
    case Verdict::UNTRUSTED:
        return DropReason::CERT_UNTRUSTED;
    case Verdict::CHAIN_TOO_LONG:
        return DropReason::CERT_CHAIN_TOO_LONG;
    case Verdict::STALE_LIST:
        return DropReason::STALE_REVOCATION_LIST;
    case Verdict::NOT_YET_VALID:
        return DropReason::CERT_NOT_YET_VALID;
    case Verdict::EXPIRED:
        return DropReason::CERT_EXPIRED;
    case Verdict::REVOKED:
        return DropReason::CERT_REVOKED;
    case Verdict::OTHER_SUBJECT:
        return DropReason::CERT_OTHER_SUBJECT;
    case Verdict::NOT_LISTED:
        return DropReason::NOT_AUTHORIZED;
    case Verdict::FAILED:
        break;
    }
    return DropReason::AUTH_FAILED;
}

void
Credentials::SayHashes(std::vector<IkePayload>& payloads) const
{
    Bytes data;
    for (const uint16_t hash : HashAlgorithms())
    {
        data.push_back(static_cast<uint8_t>(hash >> 8));
        data.push_back(static_cast<uint8_t>(hash));
    }
    if (!data.empty())
    {
        payloads.emplace_back(MakeNotify(IkeNotify::SIGNATURE_HASH_ALGORITHMS, std::move(data)));
    }
}

GroupPskCredentials::GroupPskCredentials(Identity local, SecretBytes key)
    : Credentials(std::move(local)),
      m_key(std::move(key))
{
}

std::optional<Proof>
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
    if (peer == Local())
    {
        return Verdict::FAILED;
    }
    return VerifySharedKey(auth, input, m_key, counters);
}

PairPskCredentials::PairPskCredentials(Identity local)
    : Credentials(std::move(local))
{
}

void
PairPskCredentials::Add(const Identity& peer, IpAddress address, SecretBytes key)
{
    m_keys[peer] = std::move(key);
    m_byAddress[address] = peer;
}

std::optional<Proof>
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
    if (found == m_keys.end() || found->second.empty() || peer == Local())
    {
        return Verdict::NO_CREDENTIAL;
    }
    return VerifySharedKey(auth, input, found->second, counters);
}

} // namespace karp
} // namespace ns3
