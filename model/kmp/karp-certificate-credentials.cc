/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-certificate-credentials.h"

#include "karp-ike-keys.h"
#include "karp-signature-auth.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

using Verdict = Credentials::Verdict;

/** \return the kind of name by which a certificate would give \p identity, if there is one */
std::optional<SubjectNameType>
NameTypeOf(const Identity& identity)
{
    switch (identity.type)
    {
    case IkeIdType::FQDN:
        return SubjectNameType::DNS;
    case IkeIdType::RFC822_ADDR:
        return SubjectNameType::EMAIL;
    case IkeIdType::IPV4_ADDR:
    case IkeIdType::IPV6_ADDR:
        return SubjectNameType::IP;
    case IkeIdType::DER_ASN1_DN:
        return SubjectNameType::DIRECTORY;
    default:
        return std::nullopt; // KEY_ID says nothing that a certificate could (RFC 4945 section 3.1)
    }
}

/** \return whether \p certificate is about \p identity (RFC 4945 section 3.1) */
bool
IsAbout(const Certificate& certificate, const Identity& identity)
{
    const auto type = NameTypeOf(identity);
    const bool ipv6 = identity.type == IkeIdType::IPV6_ADDR;
    const bool fits =
        type != SubjectNameType::IP || identity.data.size() == (ipv6 ? size_t{16} : size_t{4});
    return type && fits && certificate.Names(*type, identity.data);
}

/** \return what \p verdict of a chain means */
Verdict
ToVerdict(ChainVerdict verdict)
{
    switch (verdict)
    {
    case ChainVerdict::OK:
        return Verdict::OK;
    case ChainVerdict::TOO_LONG:
        return Verdict::CHAIN_TOO_LONG;
    case ChainVerdict::EXPIRED:
        return Verdict::EXPIRED;
    case ChainVerdict::NOT_YET_VALID:
        return Verdict::NOT_YET_VALID;
    case ChainVerdict::REVOKED:
        return Verdict::REVOKED;
    case ChainVerdict::STALE_LIST:
        return Verdict::STALE_LIST;
    case ChainVerdict::UNTRUSTED:
        break;
    }
    return Verdict::UNTRUSTED;
}

} // namespace

CertificateCredentials::CertificateCredentials(Identity local,
                                               std::shared_ptr<const TrustStore> trust)
    : Credentials(std::move(local)),
      m_trust(std::move(trust))
{
}

bool
CertificateCredentials::SetOwn(std::shared_ptr<const PrivateKey> key, Chain chain)
{
    const bool fits = key && !chain.empty() && chain.front() && chain.front()->Key() &&
                      chain.front()->Key()->Der() == key->Public()->Der();
    if (fits)
    {
        m_key = std::move(key);
        m_chain = std::move(chain);
    }
    return fits;
}

void
CertificateCredentials::SetAuthorised(std::set<Identity> names)
{
    m_authorised = std::move(names);
}

std::optional<Proof>
CertificateCredentials::Authenticate(const AuthInput& input,
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
    for (const auto& certificate : m_chain)
    {
        proof.accompanying.emplace_back(CertPayload{CERT_X509_SIGNATURE, certificate->Der()});
    }
    return proof;
}

Verdict
CertificateCredentials::Verify(const AuthPayload& auth,
                               const AuthInput& input,
                               const Identity& peer,
                               const std::vector<IkePayload>& inner,
                               Time now,
                               CryptoCounters& counters) const
{
    Chain chain;
    for (const auto& payload : inner)
    {
        const auto* cert = std::get_if<CertPayload>(&payload);
        if (cert == nullptr || cert->encoding != CERT_X509_SIGNATURE)
        {
            continue;
        }
        if (chain.size() > static_cast<size_t>(TrustStore::DEPTH_MAX))
        {
            return Verdict::CHAIN_TOO_LONG; // before another is looked at
        }
        chain.push_back(Certificate::FromDer(cert->data));
        if (!chain.back())
        {
            return Verdict::BAD_CERT;
        }
    }
    if (chain.empty() || peer == Local())
    {
        return Verdict::NO_CREDENTIAL;
    }
    // RFC 7296 section 3.6: the first is the one whose key has signed.
    const auto leaf = chain.front();
    chain.erase(chain.begin());
    const Verdict verdict = Believe(*leaf, chain, peer, now, counters);
    if (verdict != Verdict::OK)
    {
        return verdict;
    }
    return VerifySignature(auth, input, *leaf->Key(), counters) ? Verdict::OK : Verdict::FAILED;
}

Verdict
CertificateCredentials::Believe(const Certificate& leaf,
                                const Chain& others,
                                const Identity& peer,
                                Time now,
                                CryptoCounters& counters) const
{
    if (!leaf.Key() || !leaf.MaySign())
    {
        return Verdict::BAD_CERT;
    }
    const ChainResult result = m_trust->Check(leaf, others, now);
    for (const SigningKind kind : result.verified)
    {
        Charge(counters, VerifyBy(kind));
    }
    if (result.verdict != ChainVerdict::OK)
    {
        return ToVerdict(result.verdict);
    }
    if (!IsAbout(leaf, peer))
    {
        return Verdict::OTHER_SUBJECT;
    }
    return m_authorised && m_authorised->count(peer) == 0 ? Verdict::NOT_LISTED : Verdict::OK;
}

std::vector<uint16_t>
CertificateCredentials::HashAlgorithms() const
{
    return SignatureHashes();
}

std::vector<CertReqPayload>
CertificateCredentials::Requests() const
{
    CertReqPayload request;
    request.encoding = CERT_X509_SIGNATURE;
    for (const KeyHash& hash : m_trust->AnchorHashes())
    {
        request.authorities.insert(request.authorities.end(), hash.begin(), hash.end());
    }
    return {std::move(request)};
}

bool
CertificateCredentials::Suits(const PeerWishes& wishes) const
{
    if (!m_key || !TakesSignatures(wishes, m_key->Kind()))
    {
        return false;
    }
    // Our chain ends under an anchor of ours, or it would be of no use among our likes.
    const auto& anchors = m_trust->AnchorHashes();
    return std::any_of(anchors.begin(), anchors.end(), [&wishes](const KeyHash& anchor) {
        return wishes.anchors.count(anchor) != 0;
    });
}

} // namespace karp
} // namespace ns3
