/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-signature-auth.h"

#include "karp-ike-keys.h"

namespace ns3
{
namespace karp
{

namespace
{

/** How a signature lies in an AUTH payload. */
struct Form
{
    IkeAuthMethod method;   //!< its method
    SignatureScheme scheme; //!< its algorithm
};

/** \return how a key of \p kind signs for a peer that said \p wishes */
Form
FormFor(SigningKind kind, const PeerWishes& wishes)
{
    // RFC 7427 section 4: who sent no hash algorithms does not know method 14. Ed25519 has no
    // other method, so there it is tried all the same.
    const bool old = !wishes.saidHashes;
    switch (kind)
    {
    case SigningKind::ED25519:
        return {IkeAuthMethod::DIGITAL_SIGNATURE, SignatureScheme::ED25519};
    case SigningKind::ECDSA_P256:
        return old ? Form{IkeAuthMethod::ECDSA_256, SignatureScheme::ECDSA_SHA_256_FLAT}
                   : Form{IkeAuthMethod::DIGITAL_SIGNATURE, SignatureScheme::ECDSA_SHA_256};
    default:
        return old ? Form{IkeAuthMethod::RSA_SIGNATURE, SignatureScheme::RSA_PKCS1_SHA_256}
                   : Form{IkeAuthMethod::DIGITAL_SIGNATURE, SignatureScheme::RSA_PSS_SHA_256};
    }
}

/** A signature taken out of an AUTH payload. */
struct Found
{
    SignatureScheme scheme; //!< its algorithm
    ByteView signature;     //!< the signature itself
};

/** \return the signature in \p auth, if it is of a form known here */
std::optional<Found>
Find(const AuthPayload& auth)
{
    const ByteView data = auth.data;
    switch (auth.method)
    {
    case IkeAuthMethod::RSA_SIGNATURE:
        return Found{SignatureScheme::RSA_PKCS1_SHA_256, data};
    case IkeAuthMethod::ECDSA_256:
        return Found{SignatureScheme::ECDSA_SHA_256_FLAT, data};
    case IkeAuthMethod::DIGITAL_SIGNATURE: {
        // RFC 7427 section 3: length of the AlgorithmIdentifier, that, the signature.
        const size_t size = data.empty() ? 0 : data[0];
        const auto scheme = FindScheme(data.Sub(1, size));
        return scheme ? std::optional<Found>(Found{*scheme, data.Sub(1 + size)}) : std::nullopt;
    }
    default:
        return std::nullopt;
    }
}

} // namespace

std::vector<uint16_t>
SignatureHashes()
{
    return {IKE_HASH_SHA2_256, IKE_HASH_IDENTITY};
}

bool
TakesSignatures(const PeerWishes& wishes, SigningKind kind)
{
    const uint16_t hash = kind == SigningKind::ED25519 ? IKE_HASH_IDENTITY : IKE_HASH_SHA2_256;
    return wishes.hashes.count(hash) != 0;
}

std::optional<AuthPayload>
SignAuth(const PrivateKey& key, const AuthInput& input, CryptoCounters& counters)
{
    const Form form = FormFor(key.Kind(), input.wishes);
    Charge(counters, SignBy(key.Kind()));
    const Bytes signature = key.Sign(form.scheme, input.signedOctets);
    if (signature.empty())
    {
        return std::nullopt;
    }
    AuthPayload auth;
    auth.method = form.method;
    if (form.method == IkeAuthMethod::DIGITAL_SIGNATURE)
    {
        const Bytes& identifier = AlgorithmIdentifier(form.scheme);
        auth.data.push_back(static_cast<uint8_t>(identifier.size()));
        auth.data.insert(auth.data.end(), identifier.begin(), identifier.end());
    }
    auth.data.insert(auth.data.end(), signature.begin(), signature.end());
    return auth;
}

bool
VerifySignature(const AuthPayload& auth,
                const AuthInput& input,
                const PublicKey& key,
                CryptoCounters& counters)
{
    const auto found = Find(auth);
    if (!found || !Fits(found->scheme, key.Kind()))
    {
        return false;
    }
    Charge(counters, VerifyBy(key.Kind()));
    return key.Verify(found->scheme, input.signedOctets, found->signature);
}

} // namespace karp
} // namespace ns3
