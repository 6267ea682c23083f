/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_CREDENTIALS_H
#define KARP_CREDENTIALS_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-types.h"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ns3
{
namespace karp
{

/** Who a router says it is (RFC 7296 section 3.5). */
struct Identity
{
    IkeIdType type{IkeIdType::FQDN}; //!< kind
    Bytes data;                      //!< the identity itself

    /** \return the identity of the router called \p name, an FQDN */
    static Identity OfName(const std::string& name);

    /** \return the identity for people */
    std::string ToString() const;

    /** Same kind and octets. */
    friend bool operator==(const Identity& a, const Identity& b)
    {
        return a.type == b.type && a.data == b.data;
    }

    /** An order, so that maps repeat. */
    friend bool operator<(const Identity& a, const Identity& b)
    {
        return a.type != b.type ? a.type < b.type : a.data < b.data;
    }
};

/** What an AUTH payload is computed over (RFC 7296 section 2.15), and with what. */
struct AuthInput
{
    PrfId prf{PrfId::NONE}; //!< negotiated
    Bytes signedOctets;     //!< first message | nonce of the other side | prf(SK_p, ID body)
};

/**
 * What a router proves its identity with, and by what it believes others (K1). A kind of credential
 * is one class; nothing else in the module knows the kinds.
 */
class Credentials
{
  public:
    virtual ~Credentials() = default;

    /** \return who we are */
    virtual Identity Local() const = 0;

    /**
     * \param input what to authenticate
     * \param address the peer's address
     * \param peer the peer's identity, where it is known already (it is not to an initiator)
     * \param[in,out] counters charged with what it cost
     * \return our AUTH payload, or nothing if there is no credential for that peer
     */
    virtual std::optional<AuthPayload> Authenticate(const AuthInput& input,
                                                    IpAddress address,
                                                    const Identity* peer,
                                                    CryptoCounters& counters) const = 0;

    /** What verifying came to. */
    enum class Verdict : uint8_t
    {
        OK,            //!< the peer is who it says
        NO_CREDENTIAL, //!< nothing here to verify that identity with
        FAILED,        //!< not proven
    };

    /**
     * \param auth AUTH payload received
     * \param input what it should cover
     * \param peer identity claimed
     * \param inner all payloads it came with, for those kinds that need certificates
     * \param now the present, against expiry
     * \param[in,out] counters charged with what it cost
     */
    virtual Verdict Verify(const AuthPayload& auth,
                           const AuthInput& input,
                           const Identity& peer,
                           const std::vector<IkePayload>& inner,
                           Time now,
                           CryptoCounters& counters) const = 0;

    /** \return further payloads that go with our AUTH, such as certificates */
    virtual std::vector<IkePayload> Accompanying() const
    {
        return {};
    }
};

/** One preshared key for the whole group (H 2.1). */
class GroupPskCredentials : public Credentials
{
  public:
    /** We are \p local; everybody who knows \p key is believed. */
    GroupPskCredentials(Identity local, SecretBytes key);

    Identity Local() const override;
    std::optional<AuthPayload> Authenticate(const AuthInput& input,
                                            IpAddress address,
                                            const Identity* peer,
                                            CryptoCounters& counters) const override;
    Verdict Verify(const AuthPayload& auth,
                   const AuthInput& input,
                   const Identity& peer,
                   const std::vector<IkePayload>& inner,
                   Time now,
                   CryptoCounters& counters) const override;

  private:
    Identity m_local;  //!< who we are
    SecretBytes m_key; //!< the group's key
};

/** A preshared key for each pair of routers (H 2.1). */
class PairPskCredentials : public Credentials
{
  public:
    /** We are \p local and know nobody yet. */
    explicit PairPskCredentials(Identity local);

    /** Know \p peer, reachable at \p address, by \p key. */
    void Add(const Identity& peer, IpAddress address, SecretBytes key);

    Identity Local() const override;
    std::optional<AuthPayload> Authenticate(const AuthInput& input,
                                            IpAddress address,
                                            const Identity* peer,
                                            CryptoCounters& counters) const override;
    Verdict Verify(const AuthPayload& auth,
                   const AuthInput& input,
                   const Identity& peer,
                   const std::vector<IkePayload>& inner,
                   Time now,
                   CryptoCounters& counters) const override;

  private:
    Identity m_local;                          //!< who we are
    std::map<Identity, SecretBytes> m_keys;    //!< by peer
    std::map<IpAddress, Identity> m_byAddress; //!< whom an initiator expects where
};

} // namespace karp
} // namespace ns3

#endif // KARP_CREDENTIALS_H
