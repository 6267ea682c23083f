/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SIMULATION_CREDENTIALS_H
#define KARP_SIMULATION_CREDENTIALS_H

#include "ns3/karp-certificate-credentials.h"
#include "ns3/karp-certificate.h"
#include "ns3/karp-key-credentials.h"
#include "ns3/karp-signature.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Credentials with key pairs for the routers of a simulation: keys that follow from a text, and
 * either a list of all of them or certificates under one anchor. They do not depend on seed and
 * run. Names of routers are their identities, FQDNs.
 */
class SimulationCredentials
{
  public:
    /** Certificates are valid from a day before 1970, for clocks that lag, for a lifetime. */
    static constexpr Validity ALWAYS{-std::chrono::hours(24), std::chrono::hours(24 * 365 * 70)};

    /** How one router's differ from the others'. */
    struct Exception
    {
        bool mismatch{false}; //!< others do not believe it: a key not on the list, a foreign anchor
        Time expires{TIME_MAX}; //!< its certificate's end
        Time revoked{TIME_MAX}; //!< from when on it is revoked
    };

    /**
     * \param kind of all key pairs, the anchor's included
     * \param anchor name of the trust anchor; empty: no certificates but a list
     * \param text what all keys follow from
     */
    SimulationCredentials(SigningKind kind, const std::string& anchor, const std::string& text);

    /** Router \p name is an exception. Counts for those made later. */
    void Set(const std::string& name, const Exception& exception);

    /** \return credentials of router \p name, made once; nullptr if it cannot be in a certificate
     */
    std::shared_ptr<const Credentials> Make(const std::string& name);

    /** \return those whom all believe, where there are no certificates */
    const std::shared_ptr<AuthorisationList>& List() const
    {
        return m_list;
    }

    /** \return whom all believe, where there are certificates */
    const std::shared_ptr<TrustStore>& Trust() const
    {
        return m_trust;
    }

  private:
    std::shared_ptr<const PrivateKey> KeyOf(const std::string& whose) const;
    std::shared_ptr<const Credentials> MakeWithList(const std::string& name, bool mismatch);
    std::shared_ptr<const Credentials> MakeWithCertificate(const std::string& name,
                                                           const Exception& exception);
    void Revoke(std::shared_ptr<const Certificate> certificate, Time when);

    SigningKind m_kind;                              //!< of all key pairs
    std::string m_text;                              //!< what they follow from
    std::shared_ptr<AuthorisationList> m_list;       //!< public keys
    std::shared_ptr<TrustStore> m_trust;             //!< the anchor
    std::unique_ptr<CertificateAuthority> m_ca;      //!< issues certificates; none with a list
    std::unique_ptr<CertificateAuthority> m_foreign; //!< issues those that nobody believes
    std::map<std::string, Exception> m_exceptions;   //!< by router
    std::map<std::string, std::shared_ptr<const Credentials>> m_made; //!< by router
    /** Revoked certificates, and from when on. */
    std::vector<std::pair<Time, std::shared_ptr<const Certificate>>> m_revoked;
};

/** Names of PEM files. */
struct CredentialFiles
{
    std::string key;          //!< private key, not encrypted
    std::string certificates; //!< the router's, then those up to the anchor
    std::string anchors;      //!< trust anchors
    std::string revocations;  //!< revocation lists; none: empty
};

/**
 * \param local identity of the router, which its certificate should say
 * \param files what to read
 * \param[out] error what is wrong, with the name of the file
 * \return its credentials, or nullptr
 */
std::shared_ptr<const Credentials> LoadCredentials(const Identity& local,
                                                   const CredentialFiles& files,
                                                   std::string& error);

} // namespace karp
} // namespace ns3

#endif // KARP_SIMULATION_CREDENTIALS_H
