/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MIXED_CREDENTIALS_H
#define KARP_MIXED_CREDENTIALS_H

#include "karp-credentials.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * Several kinds of credentials of one router (K1): it believes whoever one of them believes, and
 * proves itself by the first that the peer seems able to verify.
 */
class MixedCredentials : public Credentials
{
  public:
    /** We are \p local, by no means yet. */
    explicit MixedCredentials(Identity local);

    /** Also use \p kind, less preferred than those before. */
    void Add(std::shared_ptr<const Credentials> kind);

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
    std::vector<std::shared_ptr<const Credentials>> m_kinds; //!< most preferred first
};

} // namespace karp
} // namespace ns3

#endif // KARP_MIXED_CREDENTIALS_H
