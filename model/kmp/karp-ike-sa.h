/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_SA_H
#define KARP_IKE_SA_H

#include "karp-ike-keys.h"
#include "karp-ike-sa-phases.h"
#include "karp-session-context.h"

#include "ns3/karp-state-machine.h"

#include <array>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * One unicast association, in either role, from its first request to its end (J1-J4, J7, J12). A
 * table says what may happen when; Handle and ChangeState are all that moves it. Its secrets lie in
 * one struct for each phase, which goes when the phase does.
 */
class IkeSa
{
  public:
    /** Where an association stands. */
    enum class State : uint8_t
    {
        IDLE,        //!< nothing has happened
        INIT_SENT,   //!< initiator: IKE_SA_INIT request sent
        AUTH_SENT,   //!< initiator: IKE_AUTH request sent to who answered that
        HALF_OPEN,   //!< responder: IKE_SA_INIT answered
        ESTABLISHED, //!< the peer has proven its identity
        CLOSING,     //!< over; the last response is kept to be repeated
        CLOSED,      //!< gone
        COUNT        //!< how many there are
    };

    /** What may happen to it. Messages are events only after their authenticity is certain. */
    enum class Event : uint8_t
    {
        START,         //!< we begin an initial exchange
        INIT_REQUEST,  //!< the peer begins one, and there is room for it
        INIT_REPEATED, //!< the same request again
        COOKIE,        //!< somebody asks for a cookie; not authentic
        INVALID_KE,    //!< somebody asks for another group; not authentic
        INIT_RESPONSE, //!< somebody answers as a responder should; not authentic yet
        AUTH_REQUEST,  //!< IKE_AUTH request, protected as it should be
        AUTH_RESPONSE, //!< IKE_AUTH response, protected as it should be
        KEYS_FAILED,   //!< the peer's key-exchange value turns out to be none
        SEND,          //!< our user wants a further request sent
        REQUEST,       //!< further request, authentic
        REPEATED,      //!< the request last answered, to the octet
        RESPONSE,      //!< response to our further request, authentic
        RETRANSMIT,    //!< timer: no answer so far
        GIVE_UP,       //!< timer: the initial exchange has taken too long altogether
        EXPIRE,        //!< timer: half open for too long, or the last response has been kept enough
        IDLE_END,      //!< timer: unused for too long
        CLOSE,         //!< our user forgets it
        COUNT          //!< how many there are
    };

    /** Timers, which depend on the state alone; ties fire in this order. */
    enum class Timer : uint8_t
    {
        GIVE_UP,    //!< fires when the initial exchange has taken too long altogether
        EXPIRE,     //!< fires when a half-open or closing association is to be forgotten
        RETRANSMIT, //!< fires when a request is to be repeated
        IDLE,       //!< fires when an association has not been used for long
        COUNT       //!< how many there are
    };

    /** What an event brings with it. */
    struct Input
    {
        Time now{0};                                      //!< the present
        const IkeMessage* message{nullptr};               //!< message events: decoded
        ByteView octets;                                  //!< message events: as received
        const NotifyPayload* notify{nullptr};             //!< COOKIE, INVALID_KE
        const SuiteChoice* choice{nullptr};               //!< INIT_REQUEST
        OpenedMessage* opened{nullptr};                   //!< what was protected
        IkeSaCandidate* made{nullptr};                    //!< INIT_RESPONSE: who answered
        size_t candidate{0};                              //!< AUTH_RESPONSE: from which one
        IkeExchange exchange{IkeExchange::INFORMATIONAL}; //!< SEND
        std::vector<IkePayload>* inner{nullptr};          //!< START, SEND: payloads to go with it
        bool initialContact{false};                       //!< START: whether our state is lost
    };

    using Row = Transition<IkeSa, State, Event, Input&>; //!< of the machine
    using Machine = std::vector<Row>;                    //!< the whole table

    /**
     * \param id how its user names it
     * \param peer the other side
     * \param spi our SPI
     * \param asInitiator whether we begin
     * \param context shared with the manager, which owns us
     */
    IkeSa(SessionId id, IpAddress peer, uint64_t spi, bool asInitiator, SessionContext& context);

    /** \return the table of the machine */
    static const Machine& Table();

    /** Initiator: begin, \p extra riding in IKE_AUTH. */
    void Start(std::vector<IkePayload> extra, bool initialContact, Time now);

    /** Responder: answer the IKE_SA_INIT request \p message. */
    void Answer(const IkeMessage& message, ByteView octets, const SuiteChoice& choice, Time now);

    /** \return whether \p octets are the IKE_SA_INIT request this association answers */
    bool IsAnswerTo(ByteView octets) const;

    /** The IKE_SA_INIT request has come again. */
    void ReceiveInitAgain(Time now);

    /** A message of the association from its peer, whether genuine or not. */
    void Receive(const IkeMessage& message, ByteView octets, Time now);

    /** Send a further request. \return false if it cannot be */
    bool Request(IkeExchange exchange, std::vector<IkePayload> inner, Time now);

    /** Forget it. */
    void Close(Time now);

    /** Fire every timer due at or before \p now. */
    void Advance(Time now);

    /** \return when Advance has something to do */
    std::optional<Time> NextTimeout() const
    {
        return m_timers.Next();
    }

    /** \return what the user is to be told, in order; it is told only once */
    std::vector<SessionDelivery> TakeDeliveries();

    /** \return the state */
    State Get() const
    {
        return m_state;
    }

    /** \return the other side */
    IpAddress Peer() const
    {
        return m_peer;
    }

    /** \return our SPI */
    uint64_t LocalSpi() const
    {
        return m_asInitiator ? m_spiInitiator : m_spiResponder;
    }

    /** \return the initiator's SPI */
    uint64_t InitiatorSpi() const
    {
        return m_spiInitiator;
    }

    /** \return whether we began */
    bool IsInitiator() const
    {
        return m_asInitiator;
    }

    /** \return whether it takes a half-open place: a responder's, and the peer has proven nothing
     */
    bool IsHalfOpen() const;

    /** \return whether it can be forgotten with no loss but that of a later initial exchange (J7)
     */
    bool IsEvictable() const;

    /** \return when it was last used */
    Time LastUsed() const
    {
        return m_lastUsed;
    }

    /** \return when it began */
    Time Began() const
    {
        return m_began;
    }

    /** \return when the peer proved its identity, with ESTABLISHED */
    Time EstablishedAt() const;

    /** \return whom the peer has proven to be, with ESTABLISHED */
    const Identity& PeerIdentity() const;

    /** \return whether the peer said that it has lost all former state */
    bool PeerLostState() const
    {
        return m_peerLostState;
    }

    /** Add to \p digest all that decides what comes next. */
    void AddTo(StateDigest& digest) const;

    /** Tell the user that the association is gone, if it waits for anything from it. */
    void Abandon();

  private:
    static const Machine TABLE; //!< the table
    // The machine (karp-ike-sa.cc).
    bool Handle(Event event, Input& in);
    void ChangeState(State to, Event cause);
    void ArmTimers();
    State ActForget(Input& in);
    State ActTimeOut(Input& in);

    // Initiator (karp-ike-sa-initiator.cc, karp-ike-sa-candidates.cc).
    State ActStart(Input& in);
    State ActReturnCookie(Input& in);
    State ActChangeGroup(Input& in);
    State ActBeginAuth(Input& in);
    State ActKeepAlternative(Input& in);
    State ActConclude(Input& in);
    State ActRepeatInit(Input& in);
    State ActRepeatAuth(Input& in);
    void ReceiveInitResponse(const IkeMessage& message, ByteView octets, Time now);
    void ReceiveInitRefusal(const IkeMessage& message, ByteView octets, Time now);
    void ReceiveAuthResponse(const IkeMessage& message, ByteView octets, Time now);
    bool SendInit();
    std::optional<IkeSaCandidate> MakeCandidate(const IkeMessage& message, ByteView octets);
    bool DeriveCandidateKeys(IkeSaCandidate& candidate, Bytes& signedOctets);
    std::optional<SessionFailure> BuildAuthRequest(IkeSaCandidate& candidate, Bytes signedOctets);
    State TryCandidates(bool restart, Time now);
    State RefuteCandidate(size_t index, DropReason reason, uint64_t value, Time now);
    std::optional<Drop> VerifyCandidate(const IkeSaCandidate& candidate,
                                        const std::vector<IkePayload>& inner,
                                        Time now);

    // Responder (karp-ike-sa-responder.cc).
    State ActAnswerInit(Input& in);
    State ActRepeatInitResponse(Input& in);
    State ActAuthenticate(Input& in);
    bool DeriveResponderKeys();
    State RefuseAuth(Input& in, IkeNotify notify, Bytes data);
    std::optional<Drop> VerifyInitiator(const Input& in, const Identity& peer);
    std::optional<std::vector<IkePayload>> ProveToInitiator(const Identity& peer);
    State AnswerAuth(Input& in, const Identity& peer, std::vector<IkePayload> own);

    // Further exchanges (karp-ike-sa-exchange.cc).
    State ActSend(Input& in);
    State ActRespond(Input& in);
    State ActRepeatResponse(Input& in);
    State ActDeliver(Input& in);
    State ActRepeatRequest(Input& in);
    State ActIdle(Input& in);
    void ReceiveRequest(const IkeMessage& message, ByteView octets, Time now);
    void ReceiveResponse(const IkeMessage& message, ByteView octets, Time now);
    bool SendRequest(IkeExchange exchange, const std::vector<IkePayload>& inner, Time now);
    void Establish(std::unique_ptr<SkChannel> channel, const Identity& peer, Time now);
    State Respond(Input& in, const std::vector<IkePayload>& inner, State next);
    State LingerWith(Bytes request, Bytes response, bool authenticated, Time now);

    // Small things all of them need (karp-ike-sa.cc).
    IkeHeader MakeHeader(IkeExchange exchange, bool response, uint32_t messageId) const;
    void Reject(DropReason reason, uint64_t value);
    void Fail(SessionFailure why);
    void TellRepeated();
    void LogKeys(const CipherSuite& suite, const IkeKeys& keys, uint64_t spiResponder);

    SessionId m_id;              //!< how the user names it
    IpAddress m_peer;            //!< other side
    bool m_asInitiator;          //!< whether we began
    uint64_t m_spiInitiator{0};  //!< SPIi
    uint64_t m_spiResponder{0};  //!< SPIr, once known
    SessionContext& m_context;   //!< shared
    State m_state{State::IDLE};  //!< state; ChangeState alone writes it
    TimerTable<Timer> m_timers;  //!< timers; ArmTimers alone sets them
    Time m_began{0};             //!< begin
    Time m_lastUsed{0};          //!< last authentic use
    bool m_peerLostState{false}; //!< peer sent INITIAL_CONTACT
    Bytes m_initRequest;         //!< responder: the request it answers, to know it again

    std::optional<IkeSaInitiating> m_initiating;   //!< with INIT_SENT and AUTH_SENT
    std::optional<IkeSaHalfOpen> m_halfOpen;       //!< with HALF_OPEN
    std::optional<IkeSaEstablished> m_established; //!< with ESTABLISHED
    std::optional<IkeSaClosing> m_closing;         //!< with CLOSING
    std::vector<SessionDelivery> m_deliveries;     //!< what the user is to be told
};

/** \return for example "auth_sent" */
const char* ToString(IkeSa::State state);

/** \return for example "init_response" */
const char* ToString(IkeSa::Event event);

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_SA_H
