/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_CERTIFICATE_H
#define KARP_CERTIFICATE_H

#include "karp-signature.h"

#include <memory>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * X.509 certificates and revocation lists (RFC 5280), and what makes a chain of them believed.
 */

namespace ns3
{
namespace karp
{

/** Kinds of names that a certificate may give its subject. */
enum class SubjectNameType : uint8_t
{
    DNS,       //!< dNSName of subjectAltName; compared without regard to case
    EMAIL,     //!< rfc822Name of subjectAltName
    IP,        //!< iPAddress of subjectAltName: 4 or 16 octets
    DIRECTORY, //!< the subject itself, in DER
};

/** A certificate. */
class Certificate
{
  public:
    static constexpr size_t MAX_OCTETS = 8192; //!< of one that is looked at

    ~Certificate();

    /** \return the certificate that \p der is, nothing after it, or nullptr */
    static std::shared_ptr<const Certificate> FromDer(ByteView der);

    /** \return all certificates in the text of a PEM file, in order; none if one is broken */
    static std::vector<std::shared_ptr<const Certificate>> FromPem(const std::string& text);

    /** \return the octets */
    const Bytes& Der() const;

    /** \return text of a PEM file */
    std::string Pem() const;

    /** \return the subject's key; nullptr if it is of no kind in SigningKind */
    const std::shared_ptr<const PublicKey>& Key() const;

    /** \return whether its key may be used for signatures that prove an identity */
    bool MaySign() const;

    /** \return whether \p name of kind \p type is a name of its subject */
    bool Names(SubjectNameType type, ByteView name) const;

    /** \return its subject, in DER */
    const Bytes& Subject() const;

    struct Inner; //!< what OpenSSL made of it: for this room

    /** \return the same */
    const Inner& Inside() const
    {
        return *m_inner;
    }

  private:
    Certificate();

    std::unique_ptr<Inner> m_inner; //!< what OpenSSL made of it
};

/** What checking a chain came to. */
enum class ChainVerdict : uint8_t
{
    OK,            //!< believed
    UNTRUSTED,     //!< leads to no trust anchor, or a signature in it is wrong
    TOO_LONG,      //!< more certificates than allowed between the subject's and the anchor
    EXPIRED,       //!< one is not valid any more
    NOT_YET_VALID, //!< one is not valid yet
    REVOKED,       //!< one has been revoked
    STALE_LIST,    //!< a revocation list should have been replaced by a newer one
};

/** A verdict and how it came about. */
struct ChainResult
{
    ChainVerdict verdict{ChainVerdict::UNTRUSTED}; //!< what came of it
    std::vector<SigningKind> verified;             //!< a key for each signature verified
};

/**
 * Trust anchors and revocation lists: whom a router believes. Routers may share one; revoking a
 * certificate is then seen by all of them.
 */
class TrustStore
{
  public:
    static constexpr int DEPTH_MAX = 3;                //!< certificates between subject and anchor
    static constexpr size_t LIST_OCTETS_MAX = 1 << 20; //!< of a revocation list

    TrustStore();
    ~TrustStore();

    /** Believe \p anchor and what it signs. \return whether it is self-signed and a CA's */
    bool AddAnchor(std::shared_ptr<const Certificate> anchor);

    /**
     * Take note of the revocation list \p der. Of an issuer's lists the newest counts that is not
     * from the future; of two from the same second, the one added later.
     * \return whether it is a list, nothing after it, signed by one of the anchors
     */
    bool AddRevocationList(ByteView der);

    /** The same for all lists in the text of a PEM file. \return whether all were taken */
    bool AddRevocationListPem(const std::string& text);

    /** \return names of the anchors, as certificate requests give them */
    const std::vector<KeyHash>& AnchorHashes() const;

    /**
     * \param leaf the subject's certificate
     * \param others what may stand between it and an anchor, in any order
     * \param now the present
     * \return what to think of \p leaf
     */
    ChainResult Check(const Certificate& leaf,
                      const std::vector<std::shared_ptr<const Certificate>>& others,
                      Time now) const;

  private:
    struct Inner;
    std::unique_ptr<Inner> m_inner; //!< what OpenSSL made of it
};

/** When a certificate or a list is valid: from, until before; whole seconds count. */
struct Validity
{
    Time from{0};  //!< first instant
    Time until{0}; //!< first instant that is too late
};

/**
 * Issues certificates and revocation lists: a trust anchor for simulations. What it issues follows
 * from its key, the names and the order of the calls.
 */
class CertificateAuthority
{
  public:
    /** An anchor called \p name that signs itself with \p key. */
    CertificateAuthority(const std::string& name,
                         std::shared_ptr<const PrivateKey> key,
                         const Validity& validity);
    ~CertificateAuthority();

    /** \return an authority called \p name that this one answers for */
    std::unique_ptr<CertificateAuthority> Delegate(const std::string& name,
                                                   std::shared_ptr<const PrivateKey> key,
                                                   const Validity& validity);

    /** \return its own certificate; nullptr if its name cannot be one (see Issue) */
    const std::shared_ptr<const Certificate>& Own() const;

    /**
     * \param key of the subject
     * \param name of the subject, an FQDN: its common name and its dNSName; letters, digits, dots,
     *        hyphens and underscores, at most 64
     * \param validity of the certificate
     * \return the certificate; nullptr if \p name cannot be one
     */
    std::shared_ptr<const Certificate> Issue(const PublicKey& key,
                                             const std::string& name,
                                             const Validity& validity);

    /** \return a list that revokes \p certificates, in DER; from is also when they were revoked */
    Bytes Revoke(const std::vector<std::shared_ptr<const Certificate>>& certificates,
                 const Validity& validity);

  private:
    CertificateAuthority();

    struct Inner;
    std::unique_ptr<Inner> m_inner; //!< name, key, what was issued
};

} // namespace karp
} // namespace ns3

#endif // KARP_CERTIFICATE_H
