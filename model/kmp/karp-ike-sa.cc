/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-sa.h"

#include "karp-message-rules.h"

#include <cassert>

namespace ns3
{
namespace karp
{

namespace
{

/** Initiator, the peer has not proven anything yet. */
constexpr uint32_t INITIATING = In(IkeSa::State::INIT_SENT, IkeSa::State::AUTH_SENT);

/** Not gone yet. */
constexpr uint32_t ALIVE = AnyState<IkeSa::State>() & ~In(IkeSa::State::CLOSED);

} // namespace

/*
 * The machine. An initiator goes down the left, a responder down the right:
 *
 *             IDLE
 *      START /    \ INIT_REQUEST
 *     INIT_SENT    HALF_OPEN
 *         | ^           |
 *         v | refuted   |        refuted, or refused by the user
 *     AUTH_SENT         +------------------------> CLOSING (repeats its last response)
 *          \           /                              ^  |
 *           ESTABLISHED -----------------------------/   v
 *                  \----------------------------------> CLOSED
 *
 * From AUTH_SENT an initiator falls back to INIT_SENT when nobody is left of those who answered:
 * one of them may have been a forger, and the wait for the true peer goes on until the time-out
 * (J12). Only what is authentic, silence and our own user end an initial exchange.
 */
const IkeSa::Machine IkeSa::TABLE{
    // Initiator.
    {In(State::IDLE),
     Event::START,
     &IkeSa::ActStart,
     In(State::INIT_SENT, State::CLOSED),
     "RFC 7296 1.2; J1"},
    {In(State::INIT_SENT),
     Event::COOKIE,
     &IkeSa::ActReturnCookie,
     In(State::INIT_SENT),
     "RFC 7296 2.6"},
    {In(State::AUTH_SENT),
     Event::COOKIE,
     &IkeSa::ActReturnCookie,
     In(State::AUTH_SENT),
     "RFC 7296 2.6; J12"},
    {In(State::INIT_SENT),
     Event::INVALID_KE,
     &IkeSa::ActChangeGroup,
     In(State::INIT_SENT),
     "RFC 7296 1.2, 2.7"},
    {In(State::AUTH_SENT),
     Event::INVALID_KE,
     &IkeSa::ActChangeGroup,
     In(State::AUTH_SENT),
     "RFC 7296 1.2, 2.7; J12"},
    {In(State::INIT_SENT),
     Event::INIT_RESPONSE,
     &IkeSa::ActBeginAuth,
     In(State::INIT_SENT, State::AUTH_SENT, State::CLOSED),
     "RFC 7296 1.2; J1, J4"},
    {In(State::AUTH_SENT),
     Event::INIT_RESPONSE,
     &IkeSa::ActKeepAlternative,
     In(State::AUTH_SENT, State::CLOSED),
     "RFC 7296 2.4; J12"},
    {In(State::AUTH_SENT),
     Event::AUTH_RESPONSE,
     &IkeSa::ActConclude,
     In(State::INIT_SENT, State::AUTH_SENT, State::ESTABLISHED, State::CLOSED),
     "RFC 7296 1.2, 2.15, 2.21.2; J3, J12"},
    {In(State::INIT_SENT),
     Event::RETRANSMIT,
     &IkeSa::ActRepeatInit,
     In(State::INIT_SENT, State::AUTH_SENT, State::CLOSED),
     "RFC 7296 2.1, 2.4; J2"},
    {In(State::AUTH_SENT),
     Event::RETRANSMIT,
     &IkeSa::ActRepeatAuth,
     In(State::INIT_SENT, State::AUTH_SENT, State::CLOSED),
     "RFC 7296 2.1, 2.4; J2, J12"},
    {INITIATING, Event::GIVE_UP, &IkeSa::ActTimeOut, In(State::CLOSED), "RFC 7296 2.4"},
    // Responder.
    {In(State::IDLE),
     Event::INIT_REQUEST,
     &IkeSa::ActAnswerInit,
     In(State::HALF_OPEN, State::CLOSED),
     "RFC 7296 1.2; J1"},
    {In(State::HALF_OPEN),
     Event::INIT_REPEATED,
     &IkeSa::ActRepeatInitResponse,
     In(State::HALF_OPEN),
     "RFC 7296 2.1; J2"},
    {In(State::HALF_OPEN),
     Event::KEYS_FAILED,
     &IkeSa::ActForget,
     In(State::CLOSED),
     "RFC 7296 2.14"},
    {In(State::HALF_OPEN),
     Event::AUTH_REQUEST,
     &IkeSa::ActAuthenticate,
     In(State::ESTABLISHED, State::CLOSING),
     "RFC 7296 1.2, 2.15, 2.21.2; J3, J4"},
    {In(State::HALF_OPEN, State::CLOSING),
     Event::EXPIRE,
     &IkeSa::ActForget,
     In(State::CLOSED),
     "RFC 7296 2.4"},
    // Either.
    {In(State::ESTABLISHED),
     Event::SEND,
     &IkeSa::ActSend,
     In(State::ESTABLISHED),
     "RFC 7296 2.2, 2.3"},
    {In(State::ESTABLISHED),
     Event::REQUEST,
     &IkeSa::ActRespond,
     In(State::ESTABLISHED, State::CLOSING),
     "RFC 7296 1.3, 1.4, 2.5, 2.21.3"},
    {In(State::ESTABLISHED),
     Event::REPEATED,
     &IkeSa::ActRepeatResponse,
     In(State::ESTABLISHED),
     "RFC 7296 2.1; J2"},
    {In(State::CLOSING),
     Event::REPEATED,
     &IkeSa::ActRepeatResponse,
     In(State::CLOSING),
     "RFC 7296 2.1; J2"},
    {In(State::ESTABLISHED),
     Event::RESPONSE,
     &IkeSa::ActDeliver,
     In(State::ESTABLISHED, State::CLOSED),
     "RFC 7296 1.3, 1.4, 2.3"},
    {In(State::ESTABLISHED),
     Event::RETRANSMIT,
     &IkeSa::ActRepeatRequest,
     In(State::ESTABLISHED, State::CLOSED),
     "RFC 7296 2.1, 2.4; J2"},
    {In(State::ESTABLISHED),
     Event::IDLE_END,
     &IkeSa::ActIdle,
     In(State::ESTABLISHED, State::CLOSED),
     "H 2.4; J7"},
    {ALIVE, Event::CLOSE, &IkeSa::ActForget, In(State::CLOSED), "H 2.4; J7"},
};

const IkeSa::Machine&
IkeSa::Table()
{
    return TABLE;
}

namespace
{

/** \return \p at plus \p span, or the end of time */
Time
After(Time at, Time span)
{
    return span > TIME_MAX - at ? TIME_MAX : at + span;
}

} // namespace

IkeSa::IkeSa(SessionId id, IpAddress peer, uint64_t spi, bool asInitiator, SessionContext& context)
    : m_id(id),
      m_peer(peer),
      m_asInitiator(asInitiator),
      m_context(context)
{
    (asInitiator ? m_spiInitiator : m_spiResponder) = spi;
}

bool
IkeSa::Handle(Event event, Input& in)
{
    const Row* row = FindTransition(Table(), m_state, event);
    if (row == nullptr)
    {
        Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(event));
        return false;
    }
    const State next = (this->*(row->act))(in);
    assert((row->to & In(next)) != 0);
    if (next != m_state)
    {
        ChangeState(next, event);
    }
    ArmTimers();
    return true;
}

void
IkeSa::ChangeState(State to, Event cause)
{
    SessionEvent event;
    event.kind = SessionEvent::Kind::STATE;
    event.session = m_id;
    event.peer = m_peer;
    event.from = ToString(m_state);
    event.to = ToString(to);
    event.cause = ToString(cause);
    SessionContext::Push(m_context.events, std::move(event));

    m_state = to;
    if (to != State::INIT_SENT && to != State::AUTH_SENT)
    {
        m_initiating.reset();
    }
    if (to != State::HALF_OPEN)
    {
        m_halfOpen.reset();
    }
    if (to != State::ESTABLISHED)
    {
        m_established.reset();
    }
    if (to != State::CLOSING)
    {
        m_closing.reset();
    }
}

void
IkeSa::ArmTimers()
{
    m_timers.Clear();
    const auto set = [this](Timer timer, Time at) {
        if (at != TIME_MAX)
        {
            m_timers.Set(timer, at);
        }
    };
    switch (m_state)
    {
    case State::INIT_SENT:
    case State::AUTH_SENT:
        set(Timer::GIVE_UP, m_initiating->giveUp);
        set(Timer::RETRANSMIT,
            m_state == State::INIT_SENT ? m_initiating->init.Due() : m_initiating->auth.Due());
        break;
    case State::HALF_OPEN:
        set(Timer::EXPIRE, m_halfOpen->expires);
        break;
    case State::ESTABLISHED:
        if (m_established->outstanding)
        {
            set(Timer::RETRANSMIT, m_established->outstanding->retransmitter.Due());
        }
        else
        {
            set(Timer::IDLE, After(m_lastUsed, m_context.config.idleTimeout));
        }
        break;
    case State::CLOSING:
        set(Timer::EXPIRE, m_closing->expires);
        break;
    case State::IDLE:
    case State::CLOSED:
    case State::COUNT:
        break;
    }
}

IkeSa::State
IkeSa::ActForget(Input&)
{
    return State::CLOSED;
}

IkeSa::State
IkeSa::ActTimeOut(Input&)
{
    Fail(SessionFailure::TIMEOUT);
    return State::CLOSED;
}

void
IkeSa::Start(std::vector<IkePayload> extra, bool initialContact, Time now)
{
    m_began = now;
    m_lastUsed = now;
    Input in;
    in.now = now;
    in.inner = &extra;
    in.initialContact = initialContact;
    Handle(Event::START, in);
}

void
IkeSa::Answer(const IkeMessage& message, ByteView octets, const SuiteChoice& choice, Time now)
{
    m_began = now;
    m_lastUsed = now;
    m_spiInitiator = message.header.spiInitiator;
    m_initRequest = octets.Copy();
    Input in;
    in.now = now;
    in.message = &message;
    in.octets = octets;
    in.choice = &choice;
    Handle(Event::INIT_REQUEST, in);
}

bool
IkeSa::IsAnswerTo(ByteView octets) const
{
    return octets.size() == m_initRequest.size() &&
           std::equal(octets.begin(), octets.end(), m_initRequest.begin());
}

void
IkeSa::ReceiveInitAgain(Time now)
{
    if (m_state != State::HALF_OPEN)
    {
        // A copy from before IKE_AUTH that has dawdled, or a replay: answered long ago.
        Reject(DropReason::BAD_MESSAGE_ID, 0);
        return;
    }
    Input in;
    in.now = now;
    Handle(Event::INIT_REPEATED, in);
}

void
IkeSa::Receive(const IkeMessage& message, ByteView octets, Time now)
{
    if (message.header.exchange == IkeExchange::IKE_SA_INIT)
    {
        ReceiveInitResponse(message, octets, now);
        return;
    }
    if (const auto wrong = CheckStructure(MessageKind::PROTECTED, message.payloads))
    {
        Reject(wrong->reason, wrong->value);
        return;
    }
    if (message.header.spiInitiator != m_spiInitiator)
    {
        Reject(DropReason::UNKNOWN_SPI, message.header.spiInitiator);
        return;
    }
    if (m_state == State::AUTH_SENT && message.header.IsResponse())
    {
        ReceiveAuthResponse(message, octets, now);
        return;
    }
    if (message.header.spiResponder != m_spiResponder)
    {
        Reject(DropReason::UNKNOWN_SPI, message.header.spiResponder);
        return;
    }
    if (message.header.IsResponse())
    {
        ReceiveResponse(message, octets, now);
    }
    else
    {
        ReceiveRequest(message, octets, now);
    }
}

void
IkeSa::Close(Time now)
{
    Input in;
    in.now = now;
    Handle(Event::CLOSE, in);
}

void
IkeSa::Advance(Time now)
{
    // Every action moves its timer beyond the present or leaves the state, so this ends.
    while (const auto timer = m_timers.PopExpired(now))
    {
        Input in;
        in.now = now;
        switch (*timer)
        {
        case Timer::GIVE_UP:
            Handle(Event::GIVE_UP, in);
            break;
        case Timer::EXPIRE:
            Handle(Event::EXPIRE, in);
            break;
        case Timer::RETRANSMIT:
            Handle(Event::RETRANSMIT, in);
            break;
        case Timer::IDLE:
            Handle(Event::IDLE_END, in);
            break;
        case Timer::COUNT:
            break;
        }
    }
}

std::vector<SessionDelivery>
IkeSa::TakeDeliveries()
{
    std::vector<SessionDelivery> taken;
    taken.swap(m_deliveries);
    return taken;
}

bool
IkeSa::IsHalfOpen() const
{
    return m_state == State::HALF_OPEN ||
           (m_state == State::CLOSING && m_closing && !m_closing->authenticated);
}

bool
IkeSa::IsEvictable() const
{
    return m_state == State::CLOSING ||
           (m_state == State::ESTABLISHED && !m_established->outstanding);
}

const Identity&
IkeSa::PeerIdentity() const
{
    static const Identity NOBODY;
    return m_established ? m_established->peer : NOBODY;
}

Time
IkeSa::EstablishedAt() const
{
    return m_established ? m_established->since : TIME_MAX;
}

void
IkeSa::Abandon()
{
    if (m_established && m_established->outstanding)
    {
        Fail(SessionFailure::TIMEOUT);
    }
}

IkeHeader
IkeSa::MakeHeader(IkeExchange exchange, bool response, uint32_t messageId) const
{
    IkeHeader header;
    header.spiInitiator = m_spiInitiator;
    header.spiResponder = m_spiResponder;
    header.exchange = exchange;
    header.flags = static_cast<uint8_t>((m_asInitiator ? IKE_FLAG_INITIATOR : 0) |
                                        (response ? IKE_FLAG_RESPONSE : 0));
    header.messageId = messageId;
    return header;
}

void
IkeSa::Reject(DropReason reason, uint64_t value)
{
    m_context.Reject(reason, value, m_peer);
}

void
IkeSa::Fail(SessionFailure why)
{
    SessionDelivery delivery;
    delivery.kind = SessionDelivery::Kind::FAILED;
    delivery.why = why;
    m_deliveries.push_back(std::move(delivery));
}

void
IkeSa::TellRepeated()
{
    SessionEvent event;
    event.kind = SessionEvent::Kind::RETRANSMIT;
    event.session = m_id;
    event.peer = m_peer;
    event.cause = ToString(Event::RETRANSMIT);
    SessionContext::Push(m_context.events, std::move(event));
}

void
IkeSa::LogKeys(const CipherSuite& suite, const IkeKeys& keys, uint64_t spiResponder)
{
    if (!m_context.config.keyLog)
    {
        return;
    }
    SessionKeys log;
    log.spiInitiator = m_spiInitiator;
    log.spiResponder = spiResponder;
    log.suite = suite;
    log.skEi = keys.skEi;
    log.skEr = keys.skEr;
    log.skAi = keys.skAi;
    log.skAr = keys.skAr;
    SessionContext::Push(m_context.keys, std::move(log));
}

const char*
ToString(IkeSa::State state)
{
    static constexpr std::array<const char*, static_cast<size_t>(IkeSa::State::COUNT)> NAMES{
        {"idle", "init_sent", "auth_sent", "half_open", "established", "closing", "closed"}};
    const auto index = static_cast<size_t>(state);
    return index < NAMES.size() ? NAMES[index] : "?";
}

const char*
ToString(IkeSa::Event event)
{
    static constexpr std::array<const char*, static_cast<size_t>(IkeSa::Event::COUNT)> NAMES{
        {"start",
         "init_request",
         "init_repeated",
         "cookie",
         "invalid_ke",
         "init_response",
         "auth_request",
         "auth_response",
         "keys_failed",
         "send",
         "request",
         "repeated",
         "response",
         "retransmit",
         "give_up",
         "expire",
         "idle_end",
         "close"}};
    const auto index = static_cast<size_t>(event);
    return index < NAMES.size() ? NAMES[index] : "?";
}

} // namespace karp
} // namespace ns3
