/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-cookie-jar.h"
#include "karp-ike-sa.h"
#include "karp-message-rules.h"
#include "karp-session-context.h"
#include "karp-session-manager.h"

/*
 * IKE_SA_INIT requests: who gets an association, who only an answer without state, who nothing.
 *
 * Bounds, and who pays when they are reached. Half-open associations: cookies are asked for long
 * before; who returns one takes the place of the oldest half-open association, because a flood that
 * holds all places for half a minute would lock everybody out, whereas to push one out again a
 * forger must send that many requests within the round trip its owner needs to go on. All
 * associations: the least recently used idle one goes, for nothing but another initial exchange is
 * lost with it (J7).
 */

namespace ns3
{
namespace karp
{

void
SessionManager::ReceiveInit(const Datagram& in, const IkeMessage& message, Time now)
{
    const IkeHeader& header = message.header;
    if (!header.IsFromInitiator() || header.spiResponder != 0)
    {
        m_context->Reject(DropReason::BAD_VALUE, header.flags, in.source);
        return;
    }
    if (header.messageId != 0)
    {
        m_context->Reject(DropReason::BAD_MESSAGE_ID, header.messageId, in.source);
        return;
    }
    if (const auto wrong = CheckStructure(MessageKind::INIT_REQUEST, message.payloads))
    {
        m_context->Reject(wrong->reason, wrong->value, in.source);
        return;
    }
    if (RepeatInit(in, message, now))
    {
        return;
    }
    const bool underLoad = IsUnderLoad(in.source);
    if (underLoad && !PassCookie(in, message, now))
    {
        return;
    }
    const auto choice = Negotiate(in, message);
    if (!choice)
    {
        return;
    }
    if (!MakeHalfOpenRoom(in.source, underLoad) || !MakeRoom())
    {
        m_context->Reject(DropReason::HALF_OPEN_LIMIT, m_halfOpen.size(), in.source);
        return;
    }
    const SessionId session = Create(in.source, false);
    m_byInit.emplace(InitName{in.source, header.spiInitiator}, session);
    m_entries.find(session)->second.sa->Answer(message, in.payload, *choice, now);
    Settle(session, now);
}

bool
SessionManager::RepeatInit(const Datagram& in, const IkeMessage& message, Time now)
{
    const auto range = m_byInit.equal_range({in.source, message.header.spiInitiator});
    for (auto it = range.first; it != range.second; ++it)
    {
        const SessionId session = it->second;
        IkeSa& sa = *m_entries.find(session)->second.sa;
        // To the octet: a copy that somebody changed on its way is another request, and may not
        // stand in the way of the true one (J12).
        if (sa.IsAnswerTo(in.payload))
        {
            sa.ReceiveInitAgain(now);
            Settle(session, now);
            return true;
        }
    }
    return false;
}

bool
SessionManager::IsUnderLoad(IpAddress peer) const
{
    const SessionConfig& config = m_context->config;
    if (config.cookieThreshold > config.halfOpenMax)
    {
        return false;
    }
    const auto found = m_halfOpenOf.find(peer);
    const size_t ofPeer = found == m_halfOpenOf.end() ? 0 : found->second.size();
    return m_halfOpen.size() >= config.cookieThreshold ||
           (ofPeer > 0 && 2 * ofPeer >= config.halfOpenPerPeerMax);
}

bool
SessionManager::PassCookie(const Datagram& in, const IkeMessage& message, Time now)
{
    const Bytes& nonce = message.Find<NoncePayload>()->data;
    const uint64_t spi = message.header.spiInitiator;
    CryptoCounters& counters = m_context->counters;
    // The first cookie and no other: one look a message.
    const auto* returned = FindNotify(message.payloads, IkeNotify::COOKIE);
    if (returned != nullptr &&
        m_cookies->Check(returned->data, nonce, in.source, spi, now, counters))
    {
        return true;
    }
    m_context->Reject(DropReason::BAD_COOKIE,
                      returned != nullptr ? returned->data.size() : 0,
                      in.source);
    Bytes cookie = m_cookies->Make(nonce, in.source, spi, now, counters);
    AnswerInClear(in, message, IkeNotify::COOKIE, std::move(cookie));
    SessionEvent event;
    event.kind = SessionEvent::Kind::COOKIE;
    event.peer = in.source;
    event.cause = "init_request";
    SessionContext::Push(m_context->events, std::move(event));
    return false;
}

std::optional<SuiteChoice>
SessionManager::Negotiate(const Datagram& in, const IkeMessage& message)
{
    const auto choice = ChooseSuite(*message.Find<SaPayload>(), m_context->config.suites);
    if (!choice)
    {
        m_context->Reject(DropReason::NO_PROPOSAL, 0, in.source);
        AnswerInClear(in, message, IkeNotify::NO_PROPOSAL_CHOSEN, {});
        return std::nullopt;
    }
    const auto* ke = message.Find<KePayload>();
    const auto group = static_cast<uint16_t>(choice->suite.group);
    if (ke->group != group)
    {
        m_context->Reject(DropReason::BAD_KE, ke->group, in.source);
        AnswerInClear(in,
                      message,
                      IkeNotify::INVALID_KE_PAYLOAD,
                      Bytes{static_cast<uint8_t>(group >> 8), static_cast<uint8_t>(group)});
        return std::nullopt;
    }
    if (ke->data.size() != PublicValueSize(choice->suite.group))
    {
        m_context->Reject(DropReason::BAD_KE, ke->data.size(), in.source);
        return std::nullopt;
    }
    return choice;
}

void
SessionManager::AnswerInClear(const Datagram& in,
                              const IkeMessage& message,
                              IkeNotify type,
                              Bytes data)
{
    IkeMessage answer;
    answer.header.spiInitiator = message.header.spiInitiator;
    answer.header.exchange = IkeExchange::IKE_SA_INIT;
    answer.header.flags = IKE_FLAG_RESPONSE;
    answer.payloads.emplace_back(MakeNotify(type, std::move(data)));
    m_context->Send(in.source, EncodeIkeMessage(answer));
}

bool
SessionManager::MakeHalfOpenRoom(IpAddress peer, bool proven)
{
    const SessionConfig& config = m_context->config;
    const auto ofPeer = m_halfOpenOf.find(peer);
    const bool peerFull =
        ofPeer != m_halfOpenOf.end() && ofPeer->second.size() >= config.halfOpenPerPeerMax;
    if (!peerFull && m_halfOpen.size() < config.halfOpenMax)
    {
        return true;
    }
    if (!proven || m_halfOpen.empty())
    {
        return false;
    }
    const SessionId oldest = peerFull ? *ofPeer->second.begin() : *m_halfOpen.begin();
    m_context->Reject(DropReason::HALF_OPEN_LIMIT,
                      m_halfOpen.size(),
                      m_entries.find(oldest)->second.sa->Peer());
    Close(oldest);
    return true;
}

} // namespace karp
} // namespace ns3
