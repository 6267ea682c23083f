/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto.h"
#include "karp-hmac.h"
#include "karp-pkey.h"

#include <algorithm>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t SECRET_SIZE = 32;     //!< octets of an Ed25519 seed and of a P-256 scalar
constexpr int PKCS8_OCTETS_MAX = 8192; //!< of a PrivateKeyInfo that is looked at

/** \return the PrivateKeyInfo of \p key */
SecretBytes
EncodePkcs8(const EVP_PKEY* key)
{
    using Info = std::unique_ptr<PKCS8_PRIV_KEY_INFO, OpensslDeleter<PKCS8_PRIV_KEY_INFO_free>>;
    const Info info(EVP_PKEY2PKCS8(key));
    uint8_t* raw = nullptr;
    const int size = info ? i2d_PKCS8_PRIV_KEY_INFO(info.get(), &raw) : 0;
    if (size <= 0)
    {
        return {};
    }
    SecretBytes der(raw, raw + size);
    OPENSSL_clear_free(raw, static_cast<size_t>(size));
    return der;
}

/** \return the signature of \p message by Ed25519 or PKCS #1, which leave nothing to choose */
Bytes
SignPlainly(EVP_PKEY* key, ByteView message, const EVP_MD* hash)
{
    const MdContext context(EVP_MD_CTX_new());
    Bytes signature(static_cast<size_t>(EVP_PKEY_get_size(key)));
    size_t size = signature.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, hash, nullptr, key) != 1 ||
        EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
    {
        return {};
    }
    signature.resize(size);
    return signature;
}

} // namespace

/** Keeps OpenSSL out of the header. */
struct PrivateKey::Inner
{
    Pkey key;                               //!< the pair
    SigningKind kind{SigningKind::ED25519}; //!< its kind
    std::shared_ptr<const PublicKey> half;  //!< what others may know
};

PrivateKey::PrivateKey()
    : m_inner(std::make_unique<Inner>())
{
}

PrivateKey::~PrivateKey() = default;

std::unique_ptr<PrivateKey>
PrivateKey::FromPkcs8(ByteView der)
{
    using Info = std::unique_ptr<PKCS8_PRIV_KEY_INFO, OpensslDeleter<PKCS8_PRIV_KEY_INFO_free>>;
    const ErrorQueueGuard guard;
    if (der.size() > PKCS8_OCTETS_MAX)
    {
        return nullptr;
    }
    const uint8_t* at = der.data();
    const Info info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size())));
    Pkey key(info ? EVP_PKCS82PKEY(info.get()) : nullptr);
    const auto kind = key ? KindOf(key.get()) : std::nullopt;
    auto publicHalf = kind ? PublicKey::FromDer(ToDer<i2d_PUBKEY>(key.get())) : nullptr;
    if (!publicHalf)
    {
        return nullptr;
    }
    std::unique_ptr<PrivateKey> made(new PrivateKey);
    made->m_inner->key = std::move(key);
    made->m_inner->kind = *kind;
    made->m_inner->half = std::move(publicHalf);
    return made;
}

std::unique_ptr<PrivateKey>
PrivateKey::FromPem(const std::string& text)
{
    const ErrorQueueGuard guard;
    const Bio bio = ReadFrom(text);
    // An empty password is given, so that nobody is asked for one.
    char none[] = "";
    const Pkey key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, none) : nullptr);
    return key ? FromPkcs8(EncodePkcs8(key.get())) : nullptr;
}

std::unique_ptr<PrivateKey>
PrivateKey::FromSecret(SigningKind kind, ByteView secret)
{
    const ErrorQueueGuard guard;
    if (secret.size() != SECRET_SIZE)
    {
        return nullptr;
    }
    Pkey key;
    if (kind == SigningKind::ED25519)
    {
        key.reset(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size()));
    }
    else if (kind == SigningKind::ECDSA_P256)
    {
        key = PairOfScalar(secret);
    }
    return key ? FromPkcs8(EncodePkcs8(key.get())) : nullptr;
}

std::unique_ptr<PrivateKey>
PrivateKey::Generate(SigningKind kind, Entropy& entropy)
{
    const ErrorQueueGuard guard;
    if (kind == SigningKind::RSA_2048 || kind == SigningKind::RSA_3072)
    {
        const Pkey key = GenerateRsa(kind == SigningKind::RSA_2048 ? 2048 : 3072, entropy);
        return key ? FromPkcs8(EncodePkcs8(key.get())) : nullptr;
    }
    // A scalar is out of range once in 2^32 draws (FIPS 186-4 appendix B.4.2: draw again).
    std::unique_ptr<PrivateKey> made;
    for (int tries = 0; tries < 16 && !made; ++tries)
    {
        SecretBytes secret(SECRET_SIZE);
        entropy.Fill(secret.data(), secret.size());
        made = FromSecret(kind, secret);
    }
    return made;
}

SigningKind
PrivateKey::Kind() const
{
    return m_inner->kind;
}

const std::shared_ptr<const PublicKey>&
PrivateKey::Public() const
{
    return m_inner->half;
}

SecretBytes
PrivateKey::Pkcs8() const
{
    const ErrorQueueGuard guard;
    return EncodePkcs8(m_inner->key.get());
}

std::string
PrivateKey::Pem() const
{
    const ErrorQueueGuard guard;
    const Bio bio(BIO_new(BIO_s_mem()));
    const bool written = bio && PEM_write_bio_PrivateKey(bio.get(),
                                                         m_inner->key.get(),
                                                         nullptr,
                                                         nullptr,
                                                         0,
                                                         nullptr,
                                                         nullptr) == 1;
    return written ? WrittenTo(bio) : std::string();
}

Bytes
PrivateKey::Sign(SignatureScheme scheme, ByteView message) const
{
    const ErrorQueueGuard guard;
    EVP_PKEY* key = m_inner->key.get();
    if (!Fits(scheme, m_inner->kind))
    {
        return {};
    }
    switch (scheme)
    {
    case SignatureScheme::ED25519:
        return SignPlainly(key, message, nullptr);
    case SignatureScheme::ECDSA_SHA_256:
        return EcdsaToDer(SignP256(key, message));
    case SignatureScheme::ECDSA_SHA_256_FLAT:
        return SignP256(key, message);
    case SignatureScheme::RSA_PSS_SHA_256:
        return SignPss(key, message);
    case SignatureScheme::RSA_PKCS1_SHA_256:
        return SignPlainly(key, message, FetchedHash(HashId::SHA_256));
    default:
        return {};
    }
}

DerivedEntropy::DerivedEntropy(const std::string& text)
    : m_key(Prf(PrfId::HMAC_SHA2_256, ByteView::Of("karp derived entropy"), {ByteView::Of(text)}))
{
}

void
DerivedEntropy::Fill(uint8_t* data, size_t size)
{
    for (size_t i = 0; i < size; ++i)
    {
        if (m_used == m_block.size())
        {
            std::array<uint8_t, 8> counter;
            for (size_t octet = 0; octet < counter.size(); ++octet)
            {
                counter[octet] = static_cast<uint8_t>(m_counter >> (8 * (7 - octet)));
            }
            m_block = Prf(PrfId::HMAC_SHA2_256, m_key, {counter});
            m_used = 0;
            ++m_counter;
        }
        data[i] = m_block[m_used++];
    }
}

} // namespace karp
} // namespace ns3
