/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_CREDENTIALS_FIXTURE_H
#define KARP_CREDENTIALS_FIXTURE_H

#include "karp-session-fixture.h"

#include "ns3/karp-certificate-credentials.h"
#include "ns3/karp-certificate.h"
#include "ns3/karp-key-credentials.h"
#include "ns3/karp-mixed-credentials.h"
#include "ns3/karp-signature.h"

#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** All kinds of key pairs. */
inline constexpr std::array<SigningKind, 4> SIGNING_KINDS{SigningKind::ED25519,
                                                          SigningKind::ECDSA_P256,
                                                          SigningKind::RSA_2048,
                                                          SigningKind::RSA_3072};

/** \return the key pair called \p name: always the same, made once in a process */
std::shared_ptr<const PrivateKey> TestKey(SigningKind kind, const std::string& name);

/** \return "r<index>.example" as text */
std::string RouterText(uint8_t index);

/** \return the identity of r<index>.example */
Identity RouterId(uint8_t index);

/** From 1970 on for ten years. */
inline constexpr Validity LONG{Time(0), std::chrono::hours(87600)};

/** A trust anchor with all that hangs on it. */
struct TestTrust
{
    /** An anchor called \p name with a key of \p kind. */
    explicit TestTrust(const std::string& name = "anchor",
                       SigningKind kind = SigningKind::ECDSA_P256);

    /** \return a certificate for r<index> with a key of \p kind */
    std::shared_ptr<const Certificate> Issue(uint8_t index,
                                             SigningKind kind,
                                             const Validity& validity = LONG);

    /** \return credentials of r<index> by \p certificate, which Issue has made, believing the store
     */
    std::shared_ptr<CertificateCredentials> Wear(
        uint8_t index,
        SigningKind kind,
        const std::shared_ptr<const Certificate>& certificate) const;

    /** \return credentials of r<index> with a certificate of its own and a key of \p kind */
    std::shared_ptr<CertificateCredentials> Credentials(uint8_t index, SigningKind kind);

    std::unique_ptr<CertificateAuthority> authority; //!< the anchor
    std::shared_ptr<TrustStore> store;               //!< believes it
};

/** Keys of a group, all on one list. */
struct TestList
{
    /** \return credentials of r<index>, which is put on the list */
    std::shared_ptr<RawKeyCredentials> Credentials(uint8_t index, SigningKind kind);

    std::shared_ptr<AuthorisationList> list{std::make_shared<AuthorisationList>()}; //!< the list
};

/** Options of a pipe between \p a and \p b. */
PipeOptions Between(std::shared_ptr<const Credentials> a, std::shared_ptr<const Credentials> b);

/** \return what r2 rejects of an IKE_AUTH request by \p a; NONE if it is believed */
DropReason RefusalOf(const std::shared_ptr<const Credentials>& a,
                     const std::shared_ptr<const Credentials>& b,
                     Time now = Time(0));

} // namespace karp
} // namespace ns3

#endif // KARP_CREDENTIALS_FIXTURE_H
