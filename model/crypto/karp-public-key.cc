/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-hmac.h"
#include "karp-pkey.h"

#include <algorithm>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t SCHEMES = static_cast<size_t>(SignatureScheme::COUNT);

constexpr int PSS_SALT_SIZE = 32;     //!< octets: that of the digest
constexpr size_t FLAT_SIZE = 64;      //!< octets of r | s
constexpr size_t ED25519_SIZE = 64;   //!< octets of a signature
constexpr size_t ECDSA_DER_MAX = 72;  //!< octets of an Ecdsa-Sig-Value of P-256
constexpr int RSA_EXPONENT_BITS = 32; //!< a longer public exponent only burns time

/** \return whether \p der begins with \p prefix and has \p size octets */
bool
IsShaped(ByteView der, const Bytes& prefix, size_t size)
{
    return der.size() == size && std::equal(prefix.begin(), prefix.end(), der.begin());
}

/** \return whether \p der may be a key of a curve of ours: named, and its point not compressed */
bool
IsCurveKey(ByteView der)
{
    static const Bytes ED25519 = FromHex("302a300506032b6570032100");
    static const Bytes P256 = FromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
    return IsShaped(der, ED25519, 44) || IsShaped(der, P256, 91);
}

/** \return whether \p der holds the word rsaEncryption where a key says its algorithm */
bool
IsRsaKey(ByteView der)
{
    static const Bytes RSA = FromHex("300d06092a864886f70d0101010500");
    const ByteView algorithm = der.Sub(4, RSA.size());
    return algorithm.size() == RSA.size() && std::equal(RSA.begin(), RSA.end(), algorithm.begin());
}

/** \return whether the public exponent of \p key is odd, 3 or more, and short */
bool
HasFairExponent(const EVP_PKEY* key)
{
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw);
    const BigNumber exponent(raw);
    return exponent && BN_is_odd(exponent.get()) && !BN_is_one(exponent.get()) &&
           BN_num_bits(exponent.get()) <= RSA_EXPONENT_BITS;
}

/** \return whether a signature by \p scheme and \p key may have \p size octets */
bool
HasFairSize(SignatureScheme scheme, const EVP_PKEY* key, size_t size)
{
    switch (scheme)
    {
    case SignatureScheme::ED25519:
        return size == ED25519_SIZE;
    case SignatureScheme::ECDSA_SHA_256:
        return size <= ECDSA_DER_MAX;
    case SignatureScheme::ECDSA_SHA_256_FLAT:
        return size == FLAT_SIZE;
    default:
        return size == static_cast<size_t>(EVP_PKEY_get_size(key));
    }
}

/** Set the padding of \p scheme. \return whether it could be */
bool
SetPadding(EVP_PKEY_CTX* context, SignatureScheme scheme)
{
    switch (scheme)
    {
    case SignatureScheme::RSA_PSS_SHA_256:
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(context, PSS_SALT_SIZE) == 1 &&
               EVP_PKEY_CTX_set_rsa_mgf1_md(context, FetchedHash(HashId::SHA_256)) == 1;
    case SignatureScheme::RSA_PKCS1_SHA_256:
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    default:
        return true;
    }
}

} // namespace

const char*
ToString(SigningKind kind)
{
    static constexpr std::array<const char*, static_cast<size_t>(SigningKind::COUNT)> NAMES{
        {"ed25519", "ecdsa-p256", "rsa-2048", "rsa-3072"}};
    const auto index = static_cast<size_t>(kind);
    return index < NAMES.size() ? NAMES[index] : "unknown";
}

std::optional<SigningKind>
ParseSigningKind(const std::string& text)
{
    for (size_t i = 0; i < static_cast<size_t>(SigningKind::COUNT); ++i)
    {
        if (text == ToString(static_cast<SigningKind>(i)))
        {
            return static_cast<SigningKind>(i);
        }
    }
    return std::nullopt;
}

bool
Fits(SignatureScheme scheme, SigningKind kind)
{
    switch (scheme)
    {
    case SignatureScheme::ED25519:
        return kind == SigningKind::ED25519;
    case SignatureScheme::ECDSA_SHA_256:
    case SignatureScheme::ECDSA_SHA_256_FLAT:
        return kind == SigningKind::ECDSA_P256;
    case SignatureScheme::RSA_PSS_SHA_256:
    case SignatureScheme::RSA_PKCS1_SHA_256:
        return kind == SigningKind::RSA_2048 || kind == SigningKind::RSA_3072;
    default:
        return false;
    }
}

const Bytes&
AlgorithmIdentifier(SignatureScheme scheme)
{
    // RFC 8420 section 2 (Ed25519); RFC 7427 appendices A.3.2, A.4.3 and A.1.2.
    static const std::array<Bytes, SCHEMES> IDENTIFIERS{{
        FromHex("300506032b6570"),
        FromHex("300a06082a8648ce3d040302"),
        {},
        FromHex("304106092a864886f70d01010a3034a00f300d06096086480165030402010500"
                "a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120"),
        FromHex("300d06092a864886f70d01010b0500"),
    }};
    static const Bytes NONE;
    const auto index = static_cast<size_t>(scheme);
    return index < SCHEMES ? IDENTIFIERS[index] : NONE;
}

std::optional<SignatureScheme>
FindScheme(ByteView identifier)
{
    for (size_t i = 0; i < SCHEMES; ++i)
    {
        const auto scheme = static_cast<SignatureScheme>(i);
        const Bytes& known = AlgorithmIdentifier(scheme);
        if (!known.empty() && known.size() == identifier.size() &&
            std::equal(known.begin(), known.end(), identifier.begin()))
        {
            return scheme;
        }
    }
    return std::nullopt;
}

std::optional<SigningKind>
KindOf(const EVP_PKEY* key)
{
    switch (EVP_PKEY_get_base_id(key))
    {
    case EVP_PKEY_ED25519:
        return SigningKind::ED25519;
    case EVP_PKEY_EC: {
        std::array<char, 32> name{};
        size_t size = 0;
        const bool named = EVP_PKEY_get_utf8_string_param(key,
                                                          OSSL_PKEY_PARAM_GROUP_NAME,
                                                          name.data(),
                                                          name.size(),
                                                          &size) == 1;
        return named && std::string(name.data(), size) == "prime256v1"
                   ? std::optional<SigningKind>(SigningKind::ECDSA_P256)
                   : std::nullopt;
    }
    case EVP_PKEY_RSA:
        switch (HasFairExponent(key) ? EVP_PKEY_get_bits(key) : 0)
        {
        case 2048:
            return SigningKind::RSA_2048;
        case 3072:
            return SigningKind::RSA_3072;
        default:
            return std::nullopt;
        }
    default:
        return std::nullopt;
    }
}

/** Keeps OpenSSL out of the header. */
struct PublicKey::Inner
{
    Pkey key;                               //!< the key
    SigningKind kind{SigningKind::ED25519}; //!< its kind
    Bytes der;                              //!< SubjectPublicKeyInfo
};

PublicKey::PublicKey()
    : m_inner(std::make_unique<Inner>())
{
}

PublicKey::~PublicKey() = default;

std::shared_ptr<const PublicKey>
PublicKey::FromDer(ByteView der)
{
    const ErrorQueueGuard guard;
    if (der.size() > MAX_OCTETS || !(IsCurveKey(der) || IsRsaKey(der)))
    {
        return nullptr;
    }
    const uint8_t* at = der.data();
    Pkey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    const auto kind = key ? KindOf(key.get()) : std::nullopt;
    // DER has one form only: what does not come out as it went in was not DER.
    if (!kind || ToDer<i2d_PUBKEY>(key.get()) != der.Copy())
    {
        return nullptr;
    }
    std::shared_ptr<PublicKey> made(new PublicKey);
    made->m_inner->key = std::move(key);
    made->m_inner->kind = *kind;
    made->m_inner->der = der.Copy();
    return made;
}

std::shared_ptr<const PublicKey>
PublicKey::FromPem(const std::string& text)
{
    const ErrorQueueGuard guard;
    const Bio bio = ReadFrom(text);
    const Pkey key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    return key ? FromDer(ToDer<i2d_PUBKEY>(key.get())) : nullptr;
}

SigningKind
PublicKey::Kind() const
{
    return m_inner->kind;
}

const Bytes&
PublicKey::Der() const
{
    return m_inner->der;
}

std::string
PublicKey::Pem() const
{
    const ErrorQueueGuard guard;
    const Bio bio(BIO_new(BIO_s_mem()));
    return bio && PEM_write_bio_PUBKEY(bio.get(), m_inner->key.get()) == 1 ? WrittenTo(bio)
                                                                           : std::string();
}

KeyHash
PublicKey::Hash() const
{
    KeyHash hash{};
    karp::Hash(HashId::SHA_1, {m_inner->der}, hash.data());
    return hash;
}

bool
PublicKey::Verify(SignatureScheme scheme, ByteView message, ByteView signature) const
{
    const ErrorQueueGuard guard;
    EVP_PKEY* key = m_inner->key.get();
    if (!Fits(scheme, m_inner->kind) || !HasFairSize(scheme, key, signature.size()))
    {
        return false;
    }
    const Bytes der =
        scheme == SignatureScheme::ECDSA_SHA_256_FLAT ? EcdsaToDer(signature) : signature.Copy();
    const MdContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* operation = nullptr; // the context's own
    const EVP_MD* hash =
        scheme == SignatureScheme::ED25519 ? nullptr : FetchedHash(HashId::SHA_256);
    return context && EVP_DigestVerifyInit(context.get(), &operation, hash, nullptr, key) == 1 &&
           SetPadding(operation, scheme) &&
           EVP_DigestVerify(context.get(),
                            der.data(),
                            der.size(),
                            message.data(),
                            message.size()) == 1;
}

} // namespace karp
} // namespace ns3
