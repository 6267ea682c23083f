/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-sa.h"
#include "karp-message-rules.h"

#include <algorithm>

/*
 * Requests and responses once there are keys: message IDs, one request at a time in each direction
 * (RFC 7296 section 2.3), and the last response kept for as long as its request may come again.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return whether \p a and \p b are the same octets */
bool
Same(ByteView a, ByteView b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin());
}

/** \return whether \p exchange may follow IKE_AUTH */
bool
IsFurther(IkeExchange exchange)
{
    return exchange == IkeExchange::CREATE_CHILD_SA || exchange == IkeExchange::INFORMATIONAL ||
           exchange == IkeExchange::MRKMP_GROUP;
}

/** \return whether \p inner says that the association itself is to go (RFC 7296 section 1.4.1) */
bool
DeletesAssociation(const std::vector<IkePayload>& inner)
{
    return std::any_of(inner.begin(), inner.end(), [](const IkePayload& payload) {
        const auto* gone = std::get_if<DeletePayload>(&payload);
        return gone != nullptr && gone->protocol == IkeProtocol::IKE;
    });
}

} // namespace

void
IkeSa::Establish(std::unique_ptr<SkChannel> channel, const Identity& peer, Time now)
{
    m_established.emplace();
    m_established->channel = std::move(channel);
    m_established->peer = peer;
    m_established->since = now;
    m_lastUsed = now;
}

bool
IkeSa::Request(IkeExchange exchange, std::vector<IkePayload> inner, Time now)
{
    if (m_state != State::ESTABLISHED || !IsFurther(exchange))
    {
        return false;
    }
    if (m_established->outstanding)
    {
        auto& waiting = m_established->waiting;
        if (waiting.size() >= IkeSaEstablished::WAITING_MAX)
        {
            return false;
        }
        waiting.push_back({exchange, std::move(inner)});
        return true;
    }
    Input in;
    in.now = now;
    in.exchange = exchange;
    in.inner = &inner;
    Handle(Event::SEND, in);
    return m_established->outstanding.has_value();
}

IkeSa::State
IkeSa::ActSend(Input& in)
{
    SendRequest(in.exchange, *in.inner, in.now);
    return State::ESTABLISHED;
}

bool
IkeSa::SendRequest(IkeExchange exchange, const std::vector<IkePayload>& inner, Time now)
{
    if (m_established->nextSend == UINT32_MAX)
    {
        return false; // message IDs must not wrap (RFC 7296 section 2.2)
    }
    IkeSaEstablished::Outstanding request;
    request.exchange = exchange;
    request.messageId = m_established->nextSend;
    const IkeHeader header = MakeHeader(exchange, false, request.messageId);
    request.octets =
        m_established->channel->Seal(header, inner, m_context.entropy, m_context.counters);
    if (request.octets.empty())
    {
        return false;
    }
    request.retransmitter = Retransmitter(m_context.config.retransmit, now, m_context.entropy);
    ++m_established->nextSend;
    m_context.Send(m_peer, request.octets);
    m_established->outstanding = std::move(request);
    return true;
}

void
IkeSa::ReceiveRequest(const IkeMessage& message, ByteView octets, Time now)
{
    Input in;
    in.now = now;
    in.message = &message;
    in.octets = octets;
    const uint32_t id = message.header.messageId;
    OpenedMessage opened;
    in.opened = &opened;
    if (m_state == State::HALF_OPEN)
    {
        if (message.header.exchange != IkeExchange::IKE_AUTH || id != 1)
        {
            Reject(DropReason::BAD_MESSAGE_ID, id);
            return;
        }
        if (!DeriveResponderKeys())
        {
            Handle(Event::KEYS_FAILED, in);
            return;
        }
        opened = m_halfOpen->channel->Open(message, octets, m_context.counters);
    }
    else if ((m_established && Same(m_established->lastRequest, octets)) ||
             (m_closing && Same(m_closing->request, octets)))
    {
        // To the octet what was answered last, so it need not be opened again to be known (J2).
        Handle(Event::REPEATED, in);
        return;
    }
    else if (!m_established)
    {
        Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(Event::REQUEST));
        return;
    }
    else if (id != m_established->nextReceive || id == UINT32_MAX)
    {
        Reject(DropReason::BAD_MESSAGE_ID, id);
        return;
    }
    else
    {
        opened = m_established->channel->Open(message, octets, m_context.counters);
    }
    if (!opened.authentic)
    {
        Reject(DropReason::BAD_ICV, id);
        return;
    }
    Handle(m_state == State::HALF_OPEN ? Event::AUTH_REQUEST : Event::REQUEST, in);
}

IkeSa::State
IkeSa::ActRespond(Input& in)
{
    const DecodeError& error = in.opened->error;
    if (error.reason != DropReason::NONE)
    {
        Reject(error.reason, error.value);
        if (error.reason == DropReason::UNKNOWN_CRITICAL)
        {
            const Bytes type{static_cast<uint8_t>(error.value)};
            return Respond(in,
                           {MakeNotify(IkeNotify::UNSUPPORTED_CRITICAL_PAYLOAD, type)},
                           State::ESTABLISHED);
        }
        return Respond(in, {MakeNotify(IkeNotify::INVALID_SYNTAX)}, State::CLOSING);
    }
    const auto& inner = in.opened->payloads;
    const IkeExchange exchange = in.message->header.exchange;
    auto wrong = CheckStructure(MessageKind::FURTHER, inner);
    if (!IsFurther(exchange))
    {
        wrong = Drop{DropReason::BAD_TYPE, static_cast<uint64_t>(exchange), m_peer};
    }
    if (wrong)
    {
        Reject(wrong->reason, wrong->value);
        return Respond(in, {MakeNotify(IkeNotify::INVALID_SYNTAX)}, State::CLOSING);
    }
    if (exchange == IkeExchange::INFORMATIONAL && DeletesAssociation(inner))
    {
        return Respond(in, {}, State::CLOSING);
    }
    const Identity peer = m_established->peer;
    return Respond(in,
                   m_context.user.OnRequest(m_id, m_peer, peer, exchange, inner, in.now),
                   State::ESTABLISHED);
}

IkeSa::State
IkeSa::Respond(Input& in, const std::vector<IkePayload>& inner, State next)
{
    SkChannel& channel = *m_established->channel;
    const IkeHeader header =
        MakeHeader(in.message->header.exchange, true, in.message->header.messageId);
    Bytes response = channel.Seal(header, inner, m_context.entropy, m_context.counters);
    if (response.empty())
    {
        // What our user says fits into no message; the peer must have an answer all the same.
        response = channel.Seal(header,
                                {MakeNotify(IkeNotify::TEMPORARY_FAILURE)},
                                m_context.entropy,
                                m_context.counters);
    }
    m_context.Send(m_peer, response);
    m_lastUsed = in.now;
    if (next == State::CLOSING)
    {
        return LingerWith(in.octets.Copy(), std::move(response), true, in.now);
    }
    m_established->lastRequest = in.octets.Copy();
    m_established->lastResponse = std::move(response);
    ++m_established->nextReceive;
    return next;
}

IkeSa::State
IkeSa::LingerWith(Bytes request, Bytes response, bool authenticated, Time now)
{
    if (m_established && m_established->outstanding)
    {
        Fail(SessionFailure::REFUSED);
    }
    m_closing.emplace();
    m_closing->request = std::move(request);
    m_closing->response = std::move(response);
    m_closing->authenticated = authenticated;
    m_closing->expires = now + m_context.config.halfOpenTimeout;
    return State::CLOSING;
}

IkeSa::State
IkeSa::ActRepeatResponse(Input&)
{
    m_context.Send(m_peer, m_closing ? m_closing->response : m_established->lastResponse);
    return m_state;
}

void
IkeSa::ReceiveResponse(const IkeMessage& message, ByteView octets, Time now)
{
    if (m_state != State::ESTABLISHED)
    {
        Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(Event::RESPONSE));
        return;
    }
    const auto& outstanding = m_established->outstanding;
    if (!outstanding || outstanding->messageId != message.header.messageId)
    {
        Reject(DropReason::BAD_MESSAGE_ID, message.header.messageId);
        return;
    }
    if (outstanding->exchange != message.header.exchange)
    {
        Reject(DropReason::BAD_TYPE, static_cast<uint64_t>(message.header.exchange));
        return;
    }
    OpenedMessage opened = m_established->channel->Open(message, octets, m_context.counters);
    if (!opened.authentic)
    {
        Reject(DropReason::BAD_ICV, message.header.messageId);
        return;
    }
    Input in;
    in.now = now;
    in.message = &message;
    in.octets = octets;
    in.opened = &opened;
    Handle(Event::RESPONSE, in);
}

IkeSa::State
IkeSa::ActDeliver(Input& in)
{
    m_lastUsed = in.now;
    const IkeExchange exchange = m_established->outstanding->exchange;
    m_established->outstanding.reset();
    auto wrong = CheckStructure(MessageKind::FURTHER, in.opened->payloads);
    if (in.opened->error.reason != DropReason::NONE)
    {
        wrong = Drop{in.opened->error.reason, in.opened->error.value, m_peer};
    }
    if (wrong)
    {
        // Authentic, so there will be no better one.
        Reject(wrong->reason, wrong->value);
        Fail(SessionFailure::REFUSED);
        return State::CLOSED;
    }
    SessionDelivery delivery;
    delivery.kind = SessionDelivery::Kind::RESPONSE;
    delivery.exchange = exchange;
    delivery.inner = std::move(in.opened->payloads);
    m_deliveries.push_back(std::move(delivery));
    auto& waiting = m_established->waiting;
    if (!waiting.empty())
    {
        const IkeSaEstablished::Waiting next = std::move(waiting.front());
        waiting.pop_front();
        if (!SendRequest(next.exchange, next.inner, in.now))
        {
            Fail(SessionFailure::REFUSED);
            return State::CLOSED;
        }
    }
    return State::ESTABLISHED;
}

IkeSa::State
IkeSa::ActRepeatRequest(Input& in)
{
    auto& outstanding = *m_established->outstanding;
    if (!outstanding.retransmitter.Repeat(in.now, m_context.entropy))
    {
        return ActTimeOut(in);
    }
    TellRepeated();
    m_context.Send(m_peer, outstanding.octets);
    return State::ESTABLISHED;
}

IkeSa::State
IkeSa::ActIdle(Input&)
{
    return m_established->outstanding ? State::ESTABLISHED : State::CLOSED;
}

} // namespace karp
} // namespace ns3
