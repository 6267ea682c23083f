/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_KEY_CREDENTIALS_H
#define KARP_KEY_CREDENTIALS_H

#include "karp-credentials.h"

#include "ns3/karp-signature.h"

#include <map>
#include <memory>

namespace ns3
{
namespace karp
{

/**
 * Who is authorised, each with the public key that proves it (H 1). Routers may share one; who is
 * taken off it is then believed by none of them.
 */
class AuthorisationList
{
  public:
    /** Authorise \p identity by \p key; it has one key at a time. */
    void Add(const Identity& identity, std::shared_ptr<const PublicKey> key);

    /** Take \p identity off the list. */
    void Remove(const Identity& identity);

    /** \return the key of \p identity, or nullptr */
    std::shared_ptr<const PublicKey> Find(const Identity& identity) const;

  private:
    std::map<Identity, std::shared_ptr<const PublicKey>> m_keys; //!< all
};

/** A key pair, and a list of the keys of others (H 1): no certificates. */
class RawKeyCredentials : public Credentials
{
  public:
    /**
     * \param local who we are
     * \param key ours; nullptr: we only verify
     * \param list whom we believe
     */
    RawKeyCredentials(Identity local,
                      std::shared_ptr<const PrivateKey> key,
                      std::shared_ptr<const AuthorisationList> list);

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
    std::shared_ptr<const PrivateKey> m_key;         //!< ours
    std::shared_ptr<const AuthorisationList> m_list; //!< of others
};

} // namespace karp
} // namespace ns3

#endif // KARP_KEY_CREDENTIALS_H
