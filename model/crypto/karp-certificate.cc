/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-x509.h"

#include <algorithm>
#include <openssl/pem.h>

namespace ns3
{
namespace karp
{

namespace
{

using GeneralNames = std::unique_ptr<GENERAL_NAMES, OpensslDeleter<GENERAL_NAMES_free>>;

/** \return the octets of \p text */
Bytes
OctetsOf(const ASN1_STRING* text)
{
    const uint8_t* data = ASN1_STRING_get0_data(text);
    return Bytes(data, data + ASN1_STRING_length(text));
}

/** \return names of subjectAltName of \p x509, those of kinds that somebody here compares */
std::vector<std::pair<SubjectNameType, Bytes>>
AlternativeNames(const X509* x509)
{
    const GeneralNames found(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(x509, NID_subject_alt_name, nullptr, nullptr)));
    std::vector<std::pair<SubjectNameType, Bytes>> names;
    const int count = found ? sk_GENERAL_NAME_num(found.get()) : 0;
    for (int i = 0; i < count; ++i)
    {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(found.get(), i);
        switch (name->type)
        {
        case GEN_DNS:
            names.emplace_back(SubjectNameType::DNS, OctetsOf(name->d.dNSName));
            break;
        case GEN_EMAIL:
            names.emplace_back(SubjectNameType::EMAIL, OctetsOf(name->d.rfc822Name));
            break;
        case GEN_IPADD:
            names.emplace_back(SubjectNameType::IP, OctetsOf(name->d.iPAddress));
            break;
        default:
            break;
        }
    }
    return names;
}

/** \return \p octet, a capital letter made small */
uint8_t
Small(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? static_cast<uint8_t>(octet + ('a' - 'A')) : octet;
}

} // namespace

Certificate::Certificate()
    : m_inner(std::make_unique<Inner>())
{
}

Certificate::~Certificate() = default;

std::shared_ptr<const Certificate>
Certificate::FromDer(ByteView der)
{
    const ErrorQueueGuard guard;
    if (der.empty() || der.size() > MAX_OCTETS)
    {
        return nullptr;
    }
    const uint8_t* at = der.data();
    X509Certificate x509(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!x509 || at != der.end())
    {
        return nullptr;
    }
    std::shared_ptr<Certificate> made(new Certificate);
    Inner& inner = *made->m_inner;
    inner.der = der.Copy();
    inner.subject = ToDer<i2d_X509_NAME>(X509_get_subject_name(x509.get()));
    inner.key = PublicKey::FromDer(ToDer<i2d_X509_PUBKEY>(X509_get_X509_PUBKEY(x509.get())));
    // RFC 4945 section 5.1.3.2: digitalSignature or nonRepudiation, or no such extension at all.
    const uint32_t usage = X509_get_key_usage(x509.get());
    const bool broken = (X509_get_extension_flags(x509.get()) & EXFLAG_INVALID) != 0;
    inner.maySign = !broken && (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
    inner.names = AlternativeNames(x509.get());
    inner.x509 = std::move(x509);
    return made;
}

std::vector<std::shared_ptr<const Certificate>>
Certificate::FromPem(const std::string& text)
{
    const ErrorQueueGuard guard;
    std::vector<std::shared_ptr<const Certificate>> chain;
    const Bio bio = ReadFrom(text);
    while (bio)
    {
        const X509Certificate x509(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!x509)
        {
            break;
        }
        chain.push_back(FromDer(ToDer<i2d_X509>(x509.get())));
        if (!chain.back())
        {
            return {};
        }
    }
    // The only way to end well is that no further one begins.
    return ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
               ? chain
               : std::vector<std::shared_ptr<const Certificate>>{};
}

const Bytes&
Certificate::Der() const
{
    return m_inner->der;
}

std::string
Certificate::Pem() const
{
    const ErrorQueueGuard guard;
    const Bio bio(BIO_new(BIO_s_mem()));
    return bio && PEM_write_bio_X509(bio.get(), m_inner->x509.get()) == 1 ? WrittenTo(bio)
                                                                          : std::string();
}

const std::shared_ptr<const PublicKey>&
Certificate::Key() const
{
    return m_inner->key;
}

bool
Certificate::MaySign() const
{
    return m_inner->maySign;
}

bool
Certificate::Names(SubjectNameType type, ByteView name) const
{
    if (type == SubjectNameType::DIRECTORY)
    {
        return name.Copy() == m_inner->subject;
    }
    return std::any_of(m_inner->names.begin(), m_inner->names.end(), [&](const auto& known) {
        return known.first == type && known.second.size() == name.size() &&
               std::equal(name.begin(),
                          name.end(),
                          known.second.begin(),
                          [type](uint8_t a, uint8_t b) {
                              return a == b ||
                                     (type == SubjectNameType::DNS && Small(a) == Small(b));
                          });
    });
}

const Bytes&
Certificate::Subject() const
{
    return m_inner->subject;
}

} // namespace karp
} // namespace ns3
