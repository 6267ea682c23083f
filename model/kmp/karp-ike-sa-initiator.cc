/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-sa.h"
#include "karp-message-rules.h"

#include <algorithm>

/*
 * The initiator's half of the initial exchange.
 *
 * Nothing before IKE_AUTH is authentic, so whatever comes is only a hint (J12): an error in the
 * clear is counted and otherwise ignored; a cookie or another group is followed, but only so often
 * between two of our own timers; and of several IKE_SA_INIT responses each is a candidate for the
 * true one. The candidate in use is left for the next when its IKE_AUTH response does not hold, or
 * does not come. A candidate keeps the request that it answers, because a request changed since
 * (by a cookie, true or forged) is not what its sender signs.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t NONCE_SIZE = 32;   //!< at least half the key size of every prf (RFC 7296 2.10)
constexpr uint32_t RETRIES_MAX = 3; //!< cookies and groups followed between two timers

} // namespace

IkeSa::State
IkeSa::ActStart(Input& in)
{
    const SessionConfig& config = m_context.config;
    m_initiating.emplace();
    m_initiating->extra = std::move(*in.inner);
    m_initiating->initialContact = in.initialContact;
    m_initiating->nonce = m_context.entropy.Draw(NONCE_SIZE);
    m_initiating->giveUp = in.now + 2 * Retransmitter::Longest(config.retransmit);
    if (!config.suites.empty())
    {
        m_initiating->group = config.suites.front().group;
    }
    if (!SendInit())
    {
        Fail(SessionFailure::NO_CREDENTIAL);
        return State::CLOSED;
    }
    m_initiating->init = Retransmitter(config.retransmit, in.now, m_context.entropy);
    return State::INIT_SENT;
}

bool
IkeSa::SendInit()
{
    auto& exchange = m_initiating->exchanges[m_initiating->group];
    if (!exchange)
    {
        exchange = m_context.config.makeKeyPair(m_initiating->group, m_context.entropy);
        m_context.Charge(CryptoOperation::KE_GENERATE);
    }
    if (!exchange)
    {
        return false;
    }
    IkeMessage request;
    request.header = MakeHeader(IkeExchange::IKE_SA_INIT, false, 0);
    if (!m_initiating->cookie.empty())
    {
        // First of all, so that a responder under load finds it at once (RFC 7296 section 2.6).
        request.payloads.emplace_back(MakeNotify(IkeNotify::COOKIE, m_initiating->cookie));
    }
    request.payloads.emplace_back(OfferSuites(m_context.config.suites));
    request.payloads.emplace_back(
        KePayload{static_cast<uint16_t>(m_initiating->group), exchange->PublicValue()});
    request.payloads.emplace_back(NoncePayload{m_initiating->nonce});
    m_context.credentials->SayHashes(request.payloads);
    Bytes& octets = m_initiating->requests[m_initiating->group];
    octets = EncodeIkeMessage(request);
    m_context.Send(m_peer, octets);
    return true;
}

void
IkeSa::ReceiveInitResponse(const IkeMessage& message, ByteView octets, Time now)
{
    if (m_state != State::INIT_SENT && m_state != State::AUTH_SENT)
    {
        Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(Event::INIT_RESPONSE));
        return;
    }
    if (message.header.messageId != 0)
    {
        Reject(DropReason::BAD_MESSAGE_ID, message.header.messageId);
        return;
    }
    if (message.Find<SaPayload>() == nullptr)
    {
        ReceiveInitRefusal(message, octets, now);
        return;
    }
    if (const auto wrong = CheckStructure(MessageKind::INIT_RESPONSE, message.payloads))
    {
        Reject(wrong->reason, wrong->value);
        return;
    }
    if (auto candidate = MakeCandidate(message, octets))
    {
        Input in;
        in.now = now;
        in.message = &message;
        in.octets = octets;
        in.made = &*candidate;
        Handle(Event::INIT_RESPONSE, in);
    }
}

void
IkeSa::ReceiveInitRefusal(const IkeMessage& message, ByteView octets, Time now)
{
    if (const auto wrong = CheckStructure(MessageKind::INIT_REFUSAL, message.payloads))
    {
        Reject(wrong->reason, wrong->value);
        return;
    }
    Input in;
    in.now = now;
    in.message = &message;
    in.octets = octets;
    for (const auto& payload : message.payloads)
    {
        in.notify = std::get_if<NotifyPayload>(&payload);
        if (in.notify == nullptr)
        {
            continue;
        }
        switch (in.notify->type)
        {
        case IkeNotify::COOKIE:
            Handle(Event::COOKIE, in);
            return;
        case IkeNotify::INVALID_KE_PAYLOAD:
            Handle(Event::INVALID_KE, in);
            return;
        case IkeNotify::NO_PROPOSAL_CHOSEN:
            Reject(DropReason::NO_PROPOSAL, static_cast<uint64_t>(in.notify->type));
            return;
        default:
            break;
        }
    }
    // Whatever else it says, nobody has signed it (RFC 7296 section 2.21.1).
    const auto* notify = message.Find<NotifyPayload>();
    Reject(DropReason::UNEXPECTED_PAYLOAD, static_cast<uint64_t>(notify->type));
}

IkeSa::State
IkeSa::ActReturnCookie(Input& in)
{
    const Bytes& cookie = in.notify->data; // 1 to 64 octets, or it would not have been decoded
    if (cookie == m_initiating->cookie || m_initiating->retries >= RETRIES_MAX)
    {
        // The same demand twice, or too many: the next timer repeats the request anyhow.
        Reject(DropReason::TOO_MANY, m_initiating->retries);
        return m_state;
    }
    ++m_initiating->retries;
    m_initiating->cookie = cookie;
    SendInit();
    return m_state;
}

IkeSa::State
IkeSa::ActChangeGroup(Input& in)
{
    const Bytes& data = in.notify->data;
    const auto group = static_cast<KeGroup>(data.size() == 2 ? data[0] << 8 | data[1] : 0);
    const auto& suites = m_context.config.suites;
    const bool offered =
        std::any_of(suites.begin(), suites.end(), [group](const CipherSuite& suite) {
            return suite.group == group;
        });
    if (!offered)
    {
        // A group we never offered would be a downgrade by anybody's word (RFC 7296 section 2.7).
        Reject(DropReason::BAD_KE, static_cast<uint64_t>(group));
        return m_state;
    }
    if (group == m_initiating->group || m_initiating->retries >= RETRIES_MAX)
    {
        Reject(DropReason::TOO_MANY, static_cast<uint64_t>(group));
        return m_state;
    }
    ++m_initiating->retries;
    m_initiating->group = group;
    SendInit();
    return m_state;
}

std::optional<IkeSaCandidate>
IkeSa::MakeCandidate(const IkeMessage& message, ByteView octets)
{
    const auto suite = CheckAnswer(*message.Find<SaPayload>(), m_context.config.suites);
    if (!suite)
    {
        Reject(DropReason::NO_PROPOSAL, 0);
        return std::nullopt;
    }
    const auto* ke = message.Find<KePayload>();
    const auto request = m_initiating->requests.find(suite->group);
    if (ke->group != static_cast<uint16_t>(suite->group) ||
        ke->data.size() != PublicValueSize(suite->group) || request == m_initiating->requests.end())
    {
        Reject(DropReason::BAD_KE, ke->group);
        return std::nullopt;
    }
    if (message.header.spiResponder == 0)
    {
        Reject(DropReason::BAD_VALUE, 0);
        return std::nullopt;
    }
    for (const auto& other : m_initiating->candidates)
    {
        if (other.response.size() == octets.size() &&
            std::equal(octets.begin(), octets.end(), other.response.begin()))
        {
            Reject(DropReason::BAD_MESSAGE_ID, 0); // the same response once more
            return std::nullopt;
        }
    }
    IkeSaCandidate candidate;
    candidate.request = request->second;
    candidate.response = octets.Copy();
    candidate.spiResponder = message.header.spiResponder;
    candidate.suite = *suite;
    candidate.nonceResponder = message.Find<NoncePayload>()->data;
    candidate.publicValue = ke->data;
    candidate.wishes.Note(message.payloads);
    return candidate;
}

IkeSa::State
IkeSa::ActBeginAuth(Input& in)
{
    auto& candidates = m_initiating->candidates;
    if (candidates.size() > m_context.config.alternativesMax)
    {
        Reject(DropReason::TOO_MANY, candidates.size());
        return State::INIT_SENT;
    }
    candidates.push_back(std::move(*in.made));
    return TryCandidates(true, in.now);
}

IkeSa::State
IkeSa::ActKeepAlternative(Input& in)
{
    auto& candidates = m_initiating->candidates;
    if (candidates.size() > m_context.config.alternativesMax)
    {
        // One that has had its turn and kept silent makes room for one that has not.
        const auto silent =
            std::find_if(candidates.begin() + 1, candidates.end(), [](const IkeSaCandidate& other) {
                return other.channel != nullptr;
            });
        if (silent == candidates.end())
        {
            Reject(DropReason::TOO_MANY, candidates.size());
            return State::AUTH_SENT;
        }
        candidates.erase(silent);
    }
    if (m_initiating->auth.Repeats() == 0 ||
        m_initiating->attempts > m_context.config.alternativesMax)
    {
        candidates.push_back(std::move(*in.made));
        return State::AUTH_SENT;
    }
    // The one in use has kept silent for a whole wait: this one is tried at once.
    candidates.push_front(std::move(*in.made));
    return TryCandidates(false, in.now);
}

IkeSa::State
IkeSa::ActRepeatInit(Input& in)
{
    if (!m_initiating->init.Repeat(in.now, m_context.entropy))
    {
        return ActTimeOut(in);
    }
    m_initiating->retries = 0;
    m_initiating->attempts = 0;
    if (!m_initiating->candidates.empty())
    {
        return TryCandidates(true, in.now);
    }
    TellRepeated();
    m_context.Send(m_peer, m_initiating->requests[m_initiating->group]);
    return State::INIT_SENT;
}

} // namespace karp
} // namespace ns3
