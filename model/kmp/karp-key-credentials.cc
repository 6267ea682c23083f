/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-key-credentials.h"

#include "karp-signature-auth.h"

namespace ns3
{
namespace karp
{

namespace
{

/** \return whether \p inner shows a raw public key other than \p key */
bool
ShowsAnother(const std::vector<IkePayload>& inner, const PublicKey& key)
{
    for (const auto& payload : inner)
    {
        const auto* cert = std::get_if<CertPayload>(&payload);
        if (cert != nullptr && cert->encoding == CERT_RAW_PUBLIC_KEY && cert->data != key.Der())
        {
            return true;
        }
    }
    return false;
}

} // namespace

void
AuthorisationList::Add(const Identity& identity, std::shared_ptr<const PublicKey> key)
{
    m_keys[identity] = std::move(key);
}

void
AuthorisationList::Remove(const Identity& identity)
{
    m_keys.erase(identity);
}

std::shared_ptr<const PublicKey>
AuthorisationList::Find(const Identity& identity) const
{
    const auto found = m_keys.find(identity);
    return found == m_keys.end() ? nullptr : found->second;
}

RawKeyCredentials::RawKeyCredentials(Identity local,
                                     std::shared_ptr<const PrivateKey> key,
                                     std::shared_ptr<const AuthorisationList> list)
    : Credentials(std::move(local)),
      m_key(std::move(key)),
      m_list(std::move(list))
{
}

std::optional<Proof>
RawKeyCredentials::Authenticate(const AuthInput& input,
                                IpAddress,
                                const Identity*,
                                CryptoCounters& counters) const
{
    auto auth = m_key ? SignAuth(*m_key, input, counters) : std::nullopt;
    if (!auth)
    {
        return std::nullopt;
    }
    Proof proof{std::move(*auth)};
    if (input.wishes.rawKeys)
    {
        proof.accompanying.emplace_back(CertPayload{CERT_RAW_PUBLIC_KEY, m_key->Public()->Der()});
    }
    return proof;
}

Credentials::Verdict
RawKeyCredentials::Verify(const AuthPayload& auth,
                          const AuthInput& input,
                          const Identity& peer,
                          const std::vector<IkePayload>& inner,
                          Time,
                          CryptoCounters& counters) const
{
    const auto key = m_list->Find(peer);
    if (!key || peer == Local())
    {
        return Verdict::NO_CREDENTIAL;
    }
    // The list decides, not what the peer shows; where these differ the signature cannot hold.
    return !ShowsAnother(inner, *key) && VerifySignature(auth, input, *key, counters)
               ? Verdict::OK
               : Verdict::FAILED;
}

std::vector<uint16_t>
RawKeyCredentials::HashAlgorithms() const
{
    return SignatureHashes();
}

std::vector<CertReqPayload>
RawKeyCredentials::Requests() const
{
    // RFC 7670 section 4: the field of authorities is empty.
    return {CertReqPayload{CERT_RAW_PUBLIC_KEY, {}}};
}

bool
RawKeyCredentials::Suits(const PeerWishes& wishes) const
{
    return m_key && wishes.rawKeys && TakesSignatures(wishes, m_key->Kind());
}

} // namespace karp
} // namespace ns3
