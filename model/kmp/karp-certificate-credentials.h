/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_CERTIFICATE_CREDENTIALS_H
#define KARP_CERTIFICATE_CREDENTIALS_H

#include "karp-credentials.h"

#include "ns3/karp-certificate.h"
#include "ns3/karp-signature.h"

#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace ns3
{
namespace karp
{

/** Certificates under trust anchors (H 1). */
class CertificateCredentials : public Credentials
{
  public:
    using Chain = std::vector<std::shared_ptr<const Certificate>>; //!< subject first

    /**
     * \param local who we are; our certificate should say so too
     * \param trust whom we believe
     */
    CertificateCredentials(Identity local, std::shared_ptr<const TrustStore> trust);

    /**
     * Prove who we are by \p key and \p chain: our certificate, then those up to the anchor's,
     * which itself need not be there. Without this we only verify. \return whether \p key is that
     * of the first certificate
     */
    bool SetOwn(std::shared_ptr<const PrivateKey> key, Chain chain);

    /** From now on believe only peers in \p names, whatever their certificates say. */
    void SetAuthorised(std::set<Identity> names);

    std::optional<Proof> Authenticate(const AuthInput& input,
                                      IpAddress address,
                                      const Identity* peer,
                                      CryptoCounters& counters) const override;
    Verdict Verify(const AuthPayload& auth,
                   const AuthInput& input,
                   const Identity& peer,
                   const std::vector<IkePayload>& inner,
                   Time now,
                   CryptoCounters& counters) const override;
    std::vector<uint16_t> HashAlgorithms() const override;
    std::vector<CertReqPayload> Requests() const override;
    bool Suits(const PeerWishes& wishes) const override;

  private:
    Verdict Believe(const Certificate& leaf,
                    const Chain& others,
                    const Identity& peer,
                    Time now,
                    CryptoCounters& counters) const;

    std::shared_ptr<const TrustStore> m_trust;      //!< whom we believe
    std::shared_ptr<const PrivateKey> m_key;        //!< ours
    Chain m_chain;                                  //!< ours
    std::optional<std::set<Identity>> m_authorised; //!< whom we believe of these; all if none
};

} // namespace karp
} // namespace ns3

#endif // KARP_CERTIFICATE_CREDENTIALS_H
