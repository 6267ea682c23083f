/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_SA_PHASES_H
#define KARP_IKE_SA_PHASES_H

#include "karp-credentials.h"
#include "karp-ike-keys.h"
#include "karp-retransmitter.h"
#include "karp-sa-negotiation.h"
#include "karp-session-manager.h"
#include "karp-sk-channel.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

/**
 * \file
 * \ingroup karp
 * What an association knows in each phase of its life, and forgets with it.
 */

namespace ns3
{
namespace karp
{

/** Something the user of an association is to be told once the association is at rest. */
struct SessionDelivery
{
    /** Which call of SessionUser. */
    enum class Kind : uint8_t
    {
        AUTH_RESPONSE, //!< OnAuthResponse
        RESPONSE,      //!< OnResponse
        FAILED,        //!< OnFailed
    };

    Kind kind{Kind::FAILED};                          //!< which call
    Identity identity;                                //!< AUTH_RESPONSE: of the peer
    IkeExchange exchange{IkeExchange::INFORMATIONAL}; //!< RESPONSE: of the request
    std::vector<IkePayload> inner;                    //!< payloads for the user
    SessionFailure why{SessionFailure::TIMEOUT};      //!< FAILED: why
};

/**
 * Somebody who answered our IKE_SA_INIT request. Nothing tells the peer from a forger until
 * IKE_AUTH, so there may be several (J12; RFC 7296 section 2.4).
 */
struct IkeSaCandidate
{
    Bytes request;            //!< our request that it answers: what we sign
    Bytes response;           //!< the answer: what it signs
    uint64_t spiResponder{0}; //!< SPIr
    CipherSuite suite;        //!< chosen
    Bytes nonceResponder;     //!< Nr
    Bytes publicValue;        //!< KEr
    PeerWishes wishes;        //!< what the answer says about proofs

    SecretBytes skPr;                   //!< once tried: key of its AUTH
    std::unique_ptr<SkChannel> channel; //!< once tried: keys
    Bytes authRequest;                  //!< once tried: our IKE_AUTH request
};

/** Initiator, until the peer has proven its identity. */
struct IkeSaInitiating
{
    std::vector<IkePayload> extra; //!< to ride in IKE_AUTH (J4)
    bool initialContact{false};    //!< whether to say that our state is lost
    Bytes nonce;                   //!< Ni
    Bytes cookie;                  //!< to be returned; empty if none
    KeGroup group{KeGroup::NONE};  //!< of the last request
    std::map<KeGroup, std::unique_ptr<KeyExchange>> exchanges; //!< one for each group asked for
    std::map<KeGroup, Bytes> requests;                         //!< last request with each of these
    Retransmitter init;                                        //!< of the IKE_SA_INIT request
    Retransmitter auth;                                        //!< of the IKE_AUTH request
    Time giveUp{0};                                            //!< end of patience
    uint32_t retries{0};                   //!< cookies and groups followed since the last timer
    size_t attempts{0};                    //!< candidates tried since the last timer
    std::deque<IkeSaCandidate> candidates; //!< the first is the one in use
};

/** Responder, until the peer has proven its identity. */
struct IkeSaHalfOpen
{
    CipherSuite suite;                     //!< chosen
    std::unique_ptr<KeyExchange> exchange; //!< ours, until the keys are made
    Bytes publicValue;                     //!< KEi
    PeerWishes wishes;                     //!< what the request says about proofs
    Bytes nonceInitiator;                  //!< Ni
    Bytes nonceResponder;                  //!< Nr
    Bytes response;                        //!< IKE_SA_INIT response: what we sign, and repeat
    Time expires{0};                       //!< end of patience
    SecretBytes skPi;                      //!< once there are keys: of the peer's AUTH
    SecretBytes skPr;                      //!< once there are keys: of our AUTH
    std::unique_ptr<SkChannel> channel;    //!< once there are keys
};

/** Either side, once the peer has proven its identity. */
struct IkeSaEstablished
{
    static constexpr size_t WAITING_MAX = 8; //!< requests that wait for their turn

    /** Our request that is not answered yet. */
    struct Outstanding
    {
        IkeExchange exchange{IkeExchange::INFORMATIONAL}; //!< its exchange
        uint32_t messageId{0};                            //!< its message ID
        Bytes octets;                                     //!< to be repeated as they are
        Retransmitter retransmitter;                      //!< when
    };

    /** Our request whose turn has not come. */
    struct Waiting
    {
        IkeExchange exchange{IkeExchange::INFORMATIONAL}; //!< its exchange
        std::vector<IkePayload> inner;                    //!< its payloads
    };

    std::unique_ptr<SkChannel> channel;     //!< keys
    Identity peer;                          //!< proven
    Time since{0};                          //!< when that was
    uint32_t nextSend{0};                   //!< message ID of our next request
    uint32_t nextReceive{0};                //!< message ID of the peer's next request
    Bytes lastRequest;                      //!< the peer's last request
    Bytes lastResponse;                     //!< our response to it (J2)
    std::optional<Outstanding> outstanding; //!< window 1 (RFC 7296 section 2.3)
    std::deque<Waiting> waiting;            //!< at most WAITING_MAX
};

/** Over, but the peer may not have got our last response. */
struct IkeSaClosing
{
    Bytes request;             //!< the peer's last request
    Bytes response;            //!< our response to it (J2)
    bool authenticated{false}; //!< whether the peer had proven its identity
    Time expires{0};           //!< end of patience
};

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_SA_PHASES_H
