/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-x509.h"

#include <cassert>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t NAME_MAX_OCTETS = 64; //!< ub-common-name of RFC 5280 appendix A.1

using Extension = std::unique_ptr<X509_EXTENSION, OpensslDeleter<X509_EXTENSION_free>>;
using Instant = std::unique_ptr<ASN1_TIME, OpensslDeleter<ASN1_TIME_free>>;
using Revocation = std::unique_ptr<X509_REVOKED, OpensslDeleter<X509_REVOKED_free>>;
using Serial = std::unique_ptr<ASN1_INTEGER, OpensslDeleter<ASN1_INTEGER_free>>;

/** \return the scheme by which an authority with a key of \p kind signs */
SignatureScheme
SchemeOf(SigningKind kind)
{
    switch (kind)
    {
    case SigningKind::ED25519:
        return SignatureScheme::ED25519;
    case SigningKind::ECDSA_P256:
        return SignatureScheme::ECDSA_SHA_256;
    default:
        return SignatureScheme::RSA_PKCS1_SHA_256;
    }
}

/** Append \p content to \p out as a DER value with \p tag. */
void
AppendValue(Bytes& out, uint8_t tag, const Bytes& content)
{
    out.push_back(tag);
    if (content.size() < 0x80)
    {
        out.push_back(static_cast<uint8_t>(content.size()));
    }
    else
    {
        Bytes size;
        for (size_t rest = content.size(); rest > 0; rest >>= 8)
        {
            size.insert(size.begin(), static_cast<uint8_t>(rest));
        }
        out.push_back(static_cast<uint8_t>(0x80 | size.size()));
        out.insert(out.end(), size.begin(), size.end());
    }
    out.insert(out.end(), content.begin(), content.end());
}

/**
 * \param toBeSigned what a certificate or a list says, in DER
 * \param key signs it
 * \return the whole: SEQUENCE { toBeSigned, algorithm, BIT STRING } (RFC 5280 sections 4.1, 5.1)
 */
Bytes
Signed(const Bytes& toBeSigned, const PrivateKey& key)
{
    const SignatureScheme scheme = SchemeOf(key.Kind());
    const Bytes signature = key.Sign(scheme, toBeSigned);
    const Bytes& algorithm = AlgorithmIdentifier(scheme);
    Bytes bits{0}; // no unused bits
    bits.insert(bits.end(), signature.begin(), signature.end());
    Bytes content = toBeSigned;
    content.insert(content.end(), algorithm.begin(), algorithm.end());
    AppendValue(content, 0x03, bits);
    Bytes whole;
    AppendValue(whole, 0x30, content);
    return whole;
}

/** \return \p key as OpenSSL has it, for the moment of a signature */
Pkey
Borrow(const PrivateKey& key)
{
    const SecretBytes pkcs8 = key.Pkcs8();
    const uint8_t* at = pkcs8.data();
    return Pkey(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(pkcs8.size())));
}

/** \return the hash that OpenSSL is to be given beside a key of \p kind */
const EVP_MD*
HashBeside(SigningKind kind)
{
    return kind == SigningKind::ED25519 ? nullptr : FetchedHash(HashId::SHA_256);
}

/** Add extension \p nid with \p value to \p x509, issued by \p issuer. \return whether it could be
 */
bool
Extend(X509* x509, X509* issuer, int nid, const std::string& value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, x509, nullptr, nullptr, 0);
    X509V3_set_ctx_nodb(&context);
    const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    return extension && X509_add_ext(x509, extension.get(), -1) == 1;
}

/** \return whether \p name can be an FQDN here: letters, digits, dots, hyphens, underscores */
bool
IsName(const std::string& name)
{
    static const std::string WORDS =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    return !name.empty() && name.size() <= NAME_MAX_OCTETS &&
           name.find_first_not_of(WORDS) == std::string::npos;
}

/** What a certificate shall say. */
struct Wanted
{
    std::string name;  //!< of the subject
    Validity validity; //!< when
    bool authority;    //!< whether the subject may issue certificates
    int64_t serial;    //!< of this issuer's
};

} // namespace

/** Keeps OpenSSL out of the header. */
struct CertificateAuthority::Inner
{
    std::string name;                       //!< common name
    std::shared_ptr<const PrivateKey> key;  //!< signs
    std::shared_ptr<const Certificate> own; //!< its certificate
    int64_t issued{0};                      //!< certificates so far: the last serial number
    int64_t lists{0};                       //!< revocation lists so far: the last number

    /** \return a certificate for \p key that says what is \p wanted */
    std::shared_ptr<const Certificate> Make(const PublicKey& subject, const Wanted& wanted) const;
};

std::shared_ptr<const Certificate>
CertificateAuthority::Inner::Make(const PublicKey& subject, const Wanted& wanted) const
{
    const ErrorQueueGuard guard;
    const X509Certificate x509(X509_new());
    const Bytes& der = subject.Der();
    const uint8_t* at = der.data();
    const Pkey subjectKey(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
    const Pkey issuerKey = Borrow(*key);
    if (!x509 || !subjectKey || !issuerKey || !IsName(wanted.name))
    {
        return nullptr;
    }
    X509* issuer = own ? own->Inside().x509.get() : x509.get();
    X509_set_version(x509.get(), X509_VERSION_3);
    ASN1_INTEGER_set_int64(X509_get_serialNumber(x509.get()), wanted.serial);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509.get()),
                               "CN",
                               MBSTRING_ASC,
                               reinterpret_cast<const uint8_t*>(wanted.name.c_str()),
                               -1,
                               -1,
                               0);
    X509_set_issuer_name(x509.get(), X509_get_subject_name(issuer));
    ASN1_TIME_set(X509_getm_notBefore(x509.get()), WholeSeconds(wanted.validity.from));
    ASN1_TIME_set(X509_getm_notAfter(x509.get()), WholeSeconds(wanted.validity.until));
    X509_set_pubkey(x509.get(), subjectKey.get());
    const bool extended =
        Extend(x509.get(),
               issuer,
               NID_basic_constraints,
               wanted.authority ? "critical,CA:TRUE" : "critical,CA:FALSE") &&
        Extend(x509.get(),
               issuer,
               NID_key_usage,
               wanted.authority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature") &&
        Extend(x509.get(), issuer, NID_subject_key_identifier, "hash") &&
        Extend(x509.get(), issuer, NID_authority_key_identifier, "keyid:always") &&
        (wanted.authority ||
         Extend(x509.get(), issuer, NID_subject_alt_name, "DNS:" + wanted.name));
    // OpenSSL signs once so that the algorithm is filled in, with a nonce of its own where the
    // algorithm has one: that signature is replaced by one that repeats.
    if (!extended || X509_sign(x509.get(), issuerKey.get(), HashBeside(key->Kind())) == 0)
    {
        return nullptr;
    }
    return Certificate::FromDer(Signed(ToDer<i2d_re_X509_tbs>(x509.get()), *key));
}

CertificateAuthority::CertificateAuthority()
    : m_inner(std::make_unique<Inner>())
{
}

CertificateAuthority::CertificateAuthority(const std::string& name,
                                           std::shared_ptr<const PrivateKey> key,
                                           const Validity& validity)
    : CertificateAuthority()
{
    m_inner->name = name;
    m_inner->key = std::move(key);
    m_inner->own =
        m_inner->Make(*m_inner->key->Public(), {name, validity, true, ++m_inner->issued});
}

CertificateAuthority::~CertificateAuthority() = default;

std::unique_ptr<CertificateAuthority>
CertificateAuthority::Delegate(const std::string& name,
                               std::shared_ptr<const PrivateKey> key,
                               const Validity& validity)
{
    std::unique_ptr<CertificateAuthority> made(new CertificateAuthority);
    made->m_inner->name = name;
    made->m_inner->own = m_inner->Make(*key->Public(), {name, validity, true, ++m_inner->issued});
    made->m_inner->key = std::move(key);
    return made->m_inner->own ? std::move(made) : nullptr;
}

const std::shared_ptr<const Certificate>&
CertificateAuthority::Own() const
{
    return m_inner->own;
}

std::shared_ptr<const Certificate>
CertificateAuthority::Issue(const PublicKey& key, const std::string& name, const Validity& validity)
{
    return m_inner->own ? m_inner->Make(key, {name, validity, false, ++m_inner->issued}) : nullptr;
}

Bytes
CertificateAuthority::Revoke(const std::vector<std::shared_ptr<const Certificate>>& certificates,
                             const Validity& validity)
{
    const ErrorQueueGuard guard;
    const X509List list(X509_CRL_new());
    const Instant from(ASN1_TIME_set(nullptr, WholeSeconds(validity.from)));
    const Instant until(ASN1_TIME_set(nullptr, WholeSeconds(validity.until)));
    const Pkey key = Borrow(*m_inner->key);
    const Serial number(ASN1_INTEGER_new());
    if (!m_inner->own || !list || !from || !until || !key || !number)
    {
        return {};
    }
    X509* own = m_inner->own->Inside().x509.get();
    X509_CRL_set_version(list.get(), X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(own));
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), until.get());
    for (const auto& certificate : certificates)
    {
        Revocation entry(X509_REVOKED_new());
        X509_REVOKED_set_serialNumber(entry.get(),
                                      X509_get_serialNumber(certificate->Inside().x509.get()));
        X509_REVOKED_set_revocationDate(entry.get(), from.get());
        if (X509_CRL_add0_revoked(list.get(), entry.get()) == 1)
        {
            (void)entry.release(); // the list's now
        }
    }
    X509_CRL_sort(list.get());
    ASN1_INTEGER_set_int64(number.get(), ++m_inner->lists);
    X509V3_CTX context;
    X509V3_set_ctx(&context, own, nullptr, nullptr, list.get(), 0);
    const Extension authority(
        X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
    if (!authority || X509_CRL_add_ext(list.get(), authority.get(), -1) != 1 ||
        X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) != 1 ||
        X509_CRL_sign(list.get(), key.get(), HashBeside(m_inner->key->Kind())) == 0)
    {
        return {};
    }
    return Signed(ToDer<i2d_re_X509_CRL_tbs>(list.get()), *m_inner->key);
}

} // namespace karp
} // namespace ns3
