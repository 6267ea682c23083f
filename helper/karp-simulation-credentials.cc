/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-simulation-credentials.h"

#include <fstream>
#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the text of the file called \p path; empty if it cannot be read */
std::string
TextOf(const std::string& path)
{
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

SimulationCredentials::SimulationCredentials(SigningKind kind,
                                             const std::string& anchor,
                                             const std::string& text)
    : m_kind(kind),
      m_text(text)
{
    if (anchor.empty())
    {
        m_list = std::make_shared<AuthorisationList>();
        return;
    }
    m_trust = std::make_shared<TrustStore>();
    m_ca = std::make_unique<CertificateAuthority>(anchor, KeyOf("anchor " + anchor), ALWAYS);
    m_trust->AddAnchor(m_ca->Own());
}

void
SimulationCredentials::Set(const std::string& name, const Exception& exception)
{
    m_exceptions[name] = exception;
}

std::shared_ptr<const PrivateKey>
SimulationCredentials::KeyOf(const std::string& whose) const
{
    DerivedEntropy entropy(m_text + "|" + ToString(m_kind) + "|" + whose);
    return PrivateKey::Generate(m_kind, entropy);
}

std::shared_ptr<const Credentials>
SimulationCredentials::Make(const std::string& name)
{
    auto& made = m_made[name];
    if (!made)
    {
        const auto found = m_exceptions.find(name);
        const Exception exception = found == m_exceptions.end() ? Exception{} : found->second;
        made =
            m_list ? MakeWithList(name, exception.mismatch) : MakeWithCertificate(name, exception);
    }
    return made;
}

std::shared_ptr<const Credentials>
SimulationCredentials::MakeWithList(const std::string& name, bool mismatch)
{
    const Identity self = Identity::OfName(name);
    const auto key = KeyOf("router " + name);
    m_list->Add(self, mismatch ? KeyOf("another of " + name)->Public() : key->Public());
    return std::make_shared<RawKeyCredentials>(self, key, m_list);
}

std::shared_ptr<const Credentials>
SimulationCredentials::MakeWithCertificate(const std::string& name, const Exception& exception)
{
    if (exception.mismatch && !m_foreign)
    {
        m_foreign = std::make_unique<CertificateAuthority>("foreign", KeyOf("foreign"), ALWAYS);
    }
    const auto key = KeyOf("router " + name);
    CertificateAuthority& ca = exception.mismatch ? *m_foreign : *m_ca;
    Validity validity = ALWAYS;
    validity.until = std::min(validity.until, exception.expires);
    const auto certificate = ca.Issue(*key->Public(), name, validity);
    if (!certificate)
    {
        return nullptr;
    }
    if (exception.revoked != TIME_MAX && !exception.mismatch)
    {
        Revoke(certificate, exception.revoked);
    }
    auto credentials = std::make_shared<CertificateCredentials>(Identity::OfName(name), m_trust);
    credentials->SetOwn(key, {certificate});
    return credentials;
}

void
SimulationCredentials::Revoke(std::shared_ptr<const Certificate> certificate, Time when)
{
    m_revoked.emplace_back(when, std::move(certificate));
    // A list for each moment from this one on: what is revoked stays revoked.
    std::set<Time> moments;
    for (const auto& revoked : m_revoked)
    {
        moments.insert(revoked.first);
    }
    for (auto moment = moments.find(when); moment != moments.end(); ++moment)
    {
        std::vector<std::shared_ptr<const Certificate>> all;
        for (const auto& revoked : m_revoked)
        {
            if (revoked.first <= *moment)
            {
                all.push_back(revoked.second);
            }
        }
        m_trust->AddRevocationList(m_ca->Revoke(all, {*moment, ALWAYS.until}));
    }
}

std::shared_ptr<const Credentials>
LoadCredentials(const Identity& local, const CredentialFiles& files, std::string& error)
{
    const auto fail = [&error](const std::string& path, const char* what) {
        error = path + ": " + what;
        return nullptr;
    };
    const std::shared_ptr<const PrivateKey> key = PrivateKey::FromPem(TextOf(files.key));
    if (!key)
    {
        return fail(files.key, "no private key of a kind known here, or encrypted");
    }
    const auto anchors = Certificate::FromPem(TextOf(files.anchors));
    const auto trust = std::make_shared<TrustStore>();
    for (const auto& anchor : anchors)
    {
        if (!trust->AddAnchor(anchor))
        {
            return fail(files.anchors, "a certificate is no trust anchor: not self-signed, no CA");
        }
    }
    if (anchors.empty())
    {
        return fail(files.anchors, "no certificates");
    }
    if (!files.revocations.empty() && !trust->AddRevocationListPem(TextOf(files.revocations)))
    {
        return fail(files.revocations, "no revocation lists signed by the anchors");
    }
    auto credentials = std::make_shared<CertificateCredentials>(local, trust);
    if (!credentials->SetOwn(key, Certificate::FromPem(TextOf(files.certificates))))
    {
        return fail(files.certificates, "the first certificate is not that of the private key");
    }
    return credentials;
}

} // namespace karp
} // namespace ns3
