/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_CREDENTIALS_H
#define KARP_CREDENTIALS_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-drop-reason.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-signature.h"
#include "ns3/karp-types.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

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

/**
 * What the peer has said about the proofs that it can verify. Nobody has signed it when it is
 * used, though AUTH covers it afterwards: it may help to choose a proof, but never keeps from
 * giving one (J12).
 */
struct PeerWishes
{
    static constexpr size_t ANCHORS_MAX = 32; //!< anchors and hashes that are looked at

    bool saidHashes{false};    //!< SIGNATURE_HASH_ALGORITHMS came (RFC 7427 section 4)
    std::set<uint16_t> hashes; //!< those named in it
    bool rawKeys{false};       //!< it asks for raw public keys (RFC 7670 section 4)
    std::set<KeyHash> anchors; //!< trust anchors it asks for certificates under

    /** Note what \p payloads, of a message of the peer, say. */
    void Note(const std::vector<IkePayload>& payloads);
};

/** What an AUTH payload is computed over (RFC 7296 section 2.15), and with what. */
struct AuthInput
{
    PrfId prf{PrfId::NONE}; //!< negotiated
    Bytes signedOctets{};   //!< first message | nonce of the other side | prf(SK_p, ID body)
    PeerWishes wishes{};    //!< to choose by; not used to verify
};

/** What a router proves its identity with. */
struct Proof
{
    AuthPayload auth;                       //!< AUTH payload
    std::vector<IkePayload> accompanying{}; //!< payloads that go with it, such as certificates
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
    const Identity& Local() const;

    /**
     * \param input what to authenticate
     * \param address the peer's address
     * \param peer the peer's identity, where it is known already (it is not to an initiator)
     * \param[in,out] counters charged with what it cost
     * \return our proof, or nothing if there is no credential for that peer
     */
    virtual std::optional<Proof> Authenticate(const AuthInput& input,
                                              IpAddress address,
                                              const Identity* peer,
                                              CryptoCounters& counters) const = 0;

    /** What verifying came to; of several refusals the later one in this list says more. */
    enum class Verdict : uint8_t
    {
        OK,             //!< the peer is who it says
        NO_CREDENTIAL,  //!< nothing here to verify that identity with
        FAILED,         //!< not proven
        BAD_CERT,       //!< its certificate cannot be read, or may not be used for this
        UNTRUSTED,      //!< its certificate leads to none of our trust anchors
        CHAIN_TOO_LONG, //!< too many certificates up to the trust anchor
        STALE_LIST,     //!< our revocation list should have been replaced
        NOT_YET_VALID,  //!< a certificate is not valid yet
        EXPIRED,        //!< a certificate is not valid any more
        REVOKED,        //!< a certificate has been revoked
        OTHER_SUBJECT,  //!< its certificate is about somebody else
        NOT_LISTED,     //!< its certificate is good, but it is not on the authorisation list
    };

    /** \return as what a refusal by \p verdict is counted */
    static DropReason ReasonOf(Verdict verdict);

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

    /**
     * \return hash algorithms of the signatures that we can verify, for SIGNATURE_HASH_ALGORITHMS
     *         in IKE_SA_INIT (RFC 7427 section 4); none: we say nothing
     */
    virtual std::vector<uint16_t> HashAlgorithms() const
    {
        return {};
    }

    /** \return what we ask for, in the IKE_SA_INIT response and the IKE_AUTH request */
    virtual std::vector<CertReqPayload> Requests() const
    {
        return {};
    }

    /** \return whether a peer that said \p wishes seems able to verify what Authenticate gives */
    virtual bool Suits(const PeerWishes& wishes) const
    {
        (void)wishes;
        return true;
    }

    /** Append what HashAlgorithms says, as a notification, to \p payloads. */
    void SayHashes(std::vector<IkePayload>& payloads) const;

  protected:
    /** We are \p local. */
    explicit Credentials(Identity local);

  private:
    Identity m_local; //!< who we are
};

/** One preshared key for the whole group (H 2.1). */
class GroupPskCredentials : public Credentials
{
  public:
    /** We are \p local; everybody who knows \p key is believed. */
    GroupPskCredentials(Identity local, SecretBytes key);

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

  private:
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

  private:
    std::map<Identity, SecretBytes> m_keys;    //!< by peer
    std::map<IpAddress, Identity> m_byAddress; //!< whom an initiator expects where
};

} // namespace karp
} // namespace ns3

#endif // KARP_CREDENTIALS_H
