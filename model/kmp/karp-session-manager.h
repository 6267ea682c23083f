/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SESSION_MANAGER_H
#define KARP_SESSION_MANAGER_H

#include "karp-credentials.h"

#include "ns3/karp-crypto.h"
#include "ns3/karp-drop-reason.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-timer-table.h"
#include "ns3/karp-types.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

class StateDigest;

/** How the sender of a request repeats it (J2; RFC 7296 section 2.4). */
struct RetransmitPolicy
{
    Time first{std::chrono::seconds(2)}; //!< until the first repetition
    double base{2.0};                    //!< factor from each wait to the next, >= 1
    uint32_t tries{5};                   //!< repetitions before giving up
    double jitter{0.1};                  //!< each wait is shortened by up to this fraction, [0, 1)
};

/** Settings of the unicast associations of one router; see the attributes of KmpApplication. */
struct SessionConfig
{
    std::vector<CipherSuite> suites; //!< offered and accepted, in order of preference
    RetransmitPolicy retransmit;     //!< of requests
    size_t halfOpenMax{256};         //!< responder's associations not yet authenticated
    size_t halfOpenPerPeerMax{8};    //!< of these, for one source address
    /**
     * Half-open associations from which on cookies are asked; also asked of an address that has
     * taken half of halfOpenPerPeerMax. Above halfOpenMax: never.
     */
    size_t cookieThreshold{30};
    Time halfOpenTimeout{std::chrono::seconds(30)};      //!< life of a half-open association
    Time cookieSecretLifetime{std::chrono::seconds(60)}; //!< of the secret cookies are made with
    Time idleTimeout{std::chrono::seconds(120)}; //!< an unused association is forgotten (J7)
    size_t sessionsMax{4096};                    //!< associations altogether
    size_t alternativesMax{4}; //!< IKE_SA_INIT responses kept beside the first (J12)
    bool keyLog{false};        //!< whether SessionKeys events are given
    decltype(&KeyExchange::Create) makeKeyPair{&KeyExchange::Create}; //!< for an exchange of keys
};

/** Names an association for its user; never used twice by one manager. */
using SessionId = uint64_t;

/** Why an association came to nothing. */
enum class SessionFailure : uint8_t
{
    TIMEOUT,       //!< no answer that would do (J12: bad ones do not end the wait)
    NO_CREDENTIAL, //!< nothing to authenticate to that peer with
    REFUSED,       //!< an authenticated peer refused
    NO_ROOM,       //!< sessionsMax reached
};

/** \return for example "timeout" */
const char* ToString(SessionFailure failure);

/**
 * What MRKMP, RKMP and MaRK each are to the session layer (P6): whoever puts payloads into the
 * exchanges and takes them out. Calls come while the manager works and must not call back into it,
 * except Initiate, Request and Close from the On...Response and OnFailed calls. By default
 * all but OnAuthRequest do nothing, and OnRequest answers with no payloads.
 */
class SessionUser
{
  public:
    virtual ~SessionUser() = default;

    /**
     * Responder: \p peer has proven to be \p identity in IKE_AUTH.
     * \param inner payloads of the request that are not IKE_AUTH's own
     * \param initialContact whether it says that it has lost its former state
     * \return payloads to add to the response; an error notification among them means that the
     *         association ends when the response is sent
     */
    virtual std::vector<IkePayload> OnAuthRequest(SessionId session,
                                                  IpAddress peer,
                                                  const Identity& identity,
                                                  const std::vector<IkePayload>& inner,
                                                  bool initialContact,
                                                  Time now) = 0;

    /** Initiator: the responder has proven to be \p identity; \p inner as above. */
    virtual void OnAuthResponse(SessionId session,
                                IpAddress peer,
                                const Identity& identity,
                                const std::vector<IkePayload>& inner,
                                Time now);

    /** Responder: a further request within an association. \return payloads of the response */
    virtual std::vector<IkePayload> OnRequest(SessionId session,
                                              IpAddress peer,
                                              const Identity& identity,
                                              IkeExchange exchange,
                                              const std::vector<IkePayload>& inner,
                                              Time now);

    /** Initiator of a further request: its response. */
    virtual void OnResponse(SessionId session,
                            IpAddress peer,
                            IkeExchange exchange,
                            const std::vector<IkePayload>& inner,
                            Time now);

    /** The association could not be made, or a request in it was not answered; it is gone. */
    virtual void OnFailed(SessionId session, IpAddress peer, SessionFailure why, Time now);
};

/** News of the session layer for whoever watches. */
struct SessionEvent
{
    /** Kinds of news. */
    enum class Kind : uint8_t
    {
        STATE,      //!< the state of an association changed
        RETRANSMIT, //!< a request was repeated
        COOKIE,     //!< a cookie was asked for
    };

    Kind kind{Kind::STATE}; //!< what happened
    SessionId session{0};   //!< where; 0 with COOKIE
    IpAddress peer;         //!< the other side
    std::string from;       //!< state left, with STATE
    std::string to;         //!< state entered, with STATE
    std::string cause;      //!< event of the machine
};

/** Keys of an association, for Wireshark's ikev2_decryption_table. */
struct SessionKeys
{
    uint64_t spiInitiator{0}; //!< SPI
    uint64_t spiResponder{0}; //!< SPI
    CipherSuite suite;        //!< what was negotiated
    SecretBytes skEi;         //!< SK_ei, salt included
    SecretBytes skEr;         //!< SK_er, salt included
    SecretBytes skAi;         //!< SK_ai, empty with AEAD
    SecretBytes skAr;         //!< SK_ar, empty with AEAD
};

class CookieJar;
class IkeSa;
struct SessionContext;
struct SuiteChoice;

/**
 * \ingroup karp
 * The unicast associations of one router on one link: initial exchange (J1-J4), retransmission and
 * cached responses (J2), cookies (RFC 7296 section 2.6), further requests. Sans-IO like every
 * engine. The one implementation that all three protocols share (P6).
 */
class SessionManager
{
  public:
    /**
     * \param config settings
     * \param credentials who we are and whom we believe
     * \param entropy where SPIs, nonces, private values and jitter come from
     * \param user whose payloads the exchanges carry; outlives the manager
     */
    SessionManager(const SessionConfig& config,
                   std::shared_ptr<const Credentials> credentials,
                   Entropy& entropy,
                   SessionUser& user);
    ~SessionManager();

    /**
     * Begin an initial exchange with \p peer.
     * \param extra payloads to ride in the IKE_AUTH request (J4)
     * \param initialContact whether to say that former state is lost
     */
    SessionId Initiate(IpAddress peer,
                       std::vector<IkePayload> extra,
                       bool initialContact,
                       Time now);

    /**
     * Send a further request in an established association; one at a time, others wait (window 1,
     * RFC 7296 section 2.3).
     * \return false if there is no such association, or too many requests wait
     */
    bool Request(SessionId session, IkeExchange exchange, std::vector<IkePayload> inner, Time now);

    /** \return the established association with \p peer in which we may send requests, if any */
    std::optional<SessionId> FindEstablished(IpAddress peer) const;

    /** Forget \p session without a word; OnFailed is not called. */
    void Close(SessionId session);

    /** Forget all. */
    void Clear();

    /** A datagram whose exchange is one of the session layer's. */
    void Receive(const Datagram& in, Time now);

    /** Fire every timer due at or before \p now. */
    void Advance(Time now);

    /** \return when Advance has something to do */
    std::optional<Time> NextTimeout() const;

    /** \return the next datagram to send */
    std::optional<Datagram> PollTransmit();

    /** \return the next piece of news */
    std::optional<SessionEvent> PollEvent();

    /** \return the next rejection */
    std::optional<Drop> PollDrop();

    /** \return keys of an association newly made, if config.keyLog */
    std::optional<SessionKeys> PollKeys();

    /** Add to \p digest all that decides what comes next. */
    void AddTo(StateDigest& digest) const;

    /** \return how many half-open associations there are on the responder's side */
    size_t HalfOpenCount() const;

    /** \return how many associations there are altogether */
    size_t SessionCount() const;

    /** \return cryptographic operations done so far */
    const CryptoCounters& Counters() const;

  private:
    /** An association and where it stands in the indexes below. */
    struct Entry
    {
        std::unique_ptr<IkeSa> sa;     //!< the association
        std::optional<Time> deadline;  //!< its place in m_deadlines
        std::optional<Time> evictable; //!< its place in m_evictable
        bool halfOpen{false};          //!< whether it is in m_halfOpen
        bool established{false};       //!< whether it is in m_established
    };

    /** A failure known at once, told later: the user has no name for the association yet. */
    struct LateFailure
    {
        Time at{0};                                  //!< when
        SessionId session{0};                        //!< which
        IpAddress peer;                              //!< with whom
        SessionFailure why{SessionFailure::TIMEOUT}; //!< why
    };

    using Entries = std::map<SessionId, Entry>;             //!< all associations
    using InitName = std::pair<IpAddress, uint64_t>;        //!< peer and SPIi
    using Deadlines = std::set<std::pair<Time, SessionId>>; //!< when which

    void ReceiveInit(const Datagram& in, const IkeMessage& message, Time now);
    void ReceiveOther(const Datagram& in, const IkeMessage& message, Time now);
    bool RepeatInit(const Datagram& in, const IkeMessage& message, Time now);
    bool IsUnderLoad(IpAddress peer) const;
    bool PassCookie(const Datagram& in, const IkeMessage& message, Time now);
    bool MakeHalfOpenRoom(IpAddress peer, bool proven);
    bool MakeRoom();
    std::optional<SuiteChoice> Negotiate(const Datagram& in, const IkeMessage& message);
    void AnswerInClear(const Datagram& in, const IkeMessage& message, IkeNotify type, Bytes data);
    SessionId Create(IpAddress peer, bool asInitiator);
    void Settle(SessionId session, Time now);
    void Index(SessionId session, Entry& entry);
    void Erase(Entries::iterator entry);
    void ForgetOthers(const IkeSa& sa, Time now);
    void FailLate(SessionId session, IpAddress peer, SessionFailure why, Time now);

    std::unique_ptr<SessionContext> m_context;              //!< shared with the associations
    std::unique_ptr<CookieJar> m_cookies;                   //!< cookies
    Entries m_entries;                                      //!< associations
    SessionId m_lastId{0};                                  //!< last one named
    std::map<uint64_t, SessionId> m_bySpi;                  //!< by our SPI
    std::multimap<InitName, SessionId> m_byInit;            //!< responder's, by IKE_SA_INIT
    Deadlines m_deadlines;                                  //!< timers
    Deadlines m_evictable;                                  //!< least recently used first
    std::set<SessionId> m_halfOpen;                         //!< oldest first
    std::map<IpAddress, std::set<SessionId>> m_halfOpenOf;  //!< for each peer
    std::map<IpAddress, std::set<SessionId>> m_established; //!< for each peer
    std::deque<LateFailure> m_late;                         //!< to be told
};

} // namespace karp
} // namespace ns3

#endif // KARP_SESSION_MANAGER_H
