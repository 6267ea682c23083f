/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-sa.h"
#include "karp-message-rules.h"

#include <algorithm>

/*
 * The initiator's IKE_AUTH: candidates for the true responder are tried in turn until one proves
 * its identity (karp-ike-sa-initiator.cc tells how they come to be).
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr uint32_t SILENT_MAX = 2; //!< IKE_AUTH repetitions until IKE_SA_INIT is repeated too

} // namespace

bool
IkeSa::DeriveCandidateKeys(IkeSaCandidate& candidate, Bytes& signedOctets)
{
    const CipherSuite& suite = candidate.suite;
    m_context.Charge(CryptoOperation::KE_SHARED);
    const auto shared = m_initiating->exchanges[suite.group]->SharedSecret(candidate.publicValue);
    if (!shared)
    {
        Reject(DropReason::BAD_KE, static_cast<uint64_t>(suite.group));
        return false;
    }
    const IkeKeyInputs inputs{m_initiating->nonce,
                              candidate.nonceResponder,
                              m_spiInitiator,
                              candidate.spiResponder};
    CryptoCounters& counters = m_context.counters;
    const SecretBytes skeyseed = DeriveSkeyseed(suite.prf, inputs, *shared, counters);
    IkeKeys keys = DeriveIkeKeys(suite, inputs, skeyseed, counters);
    candidate.channel = SkChannel::Create(suite, keys, true);
    if (!candidate.channel)
    {
        Reject(DropReason::NO_PROPOSAL, 0);
        return false;
    }
    const Identity& local = m_context.credentials->Local();
    signedOctets = AuthOctets(suite.prf,
                              candidate.request,
                              candidate.nonceResponder,
                              keys.skPi,
                              IdPayload{true, local.type, local.data}.Body(),
                              counters);
    candidate.skPr = std::move(keys.skPr);
    LogKeys(suite, keys, candidate.spiResponder);
    return true;
}

std::optional<SessionFailure>
IkeSa::BuildAuthRequest(IkeSaCandidate& candidate, Bytes signedOctets)
{
    const Credentials& credentials = *m_context.credentials;
    const AuthInput input{candidate.suite.prf, std::move(signedOctets), candidate.wishes};
    auto proof = credentials.Authenticate(input, m_peer, nullptr, m_context.counters);
    if (!proof)
    {
        Reject(DropReason::NO_CREDENTIAL, 0);
        return SessionFailure::NO_CREDENTIAL;
    }
    const Identity& local = credentials.Local();
    std::vector<IkePayload> inner;
    inner.emplace_back(IdPayload{true, local.type, local.data});
    if (m_initiating->initialContact)
    {
        inner.emplace_back(MakeNotify(IkeNotify::INITIAL_CONTACT));
    }
    // In the order of RFC 7296 section 1.2: CERT, CERTREQ, AUTH.
    for (auto& payload : proof->accompanying)
    {
        inner.push_back(std::move(payload));
    }
    for (auto& request : credentials.Requests())
    {
        inner.emplace_back(std::move(request));
    }
    inner.emplace_back(std::move(proof->auth));
    inner.insert(inner.end(), m_initiating->extra.begin(), m_initiating->extra.end());

    IkeHeader header = MakeHeader(IkeExchange::IKE_AUTH, false, 1);
    header.spiResponder = candidate.spiResponder;
    candidate.authRequest =
        candidate.channel->Seal(header, inner, m_context.entropy, m_context.counters);
    if (candidate.authRequest.empty())
    {
        return SessionFailure::REFUSED; // what our user wants to say fits into no message
    }
    return std::nullopt;
}

IkeSa::State
IkeSa::TryCandidates(bool restart, Time now)
{
    auto& candidates = m_initiating->candidates;
    while (!candidates.empty())
    {
        IkeSaCandidate& candidate = candidates.front();
        if (candidate.authRequest.empty())
        {
            if (m_initiating->attempts > m_context.config.alternativesMax)
            {
                // Each costs a key exchange: the rest wait for the next timer.
                Reject(DropReason::TOO_MANY, m_initiating->attempts);
                return State::INIT_SENT;
            }
            ++m_initiating->attempts;
            Bytes signedOctets;
            if (!DeriveCandidateKeys(candidate, signedOctets))
            {
                candidates.pop_front();
                continue;
            }
            if (const auto failure = BuildAuthRequest(candidate, std::move(signedOctets)))
            {
                Fail(*failure);
                return State::CLOSED;
            }
        }
        m_context.Send(m_peer, candidate.authRequest);
        if (restart)
        {
            m_initiating->auth = Retransmitter(m_context.config.retransmit, now, m_context.entropy);
        }
        return State::AUTH_SENT;
    }
    return State::INIT_SENT;
}

IkeSa::State
IkeSa::ActRepeatAuth(Input& in)
{
    if (!m_initiating->auth.Repeat(in.now, m_context.entropy))
    {
        return ActTimeOut(in);
    }
    m_initiating->retries = 0;
    m_initiating->attempts = 0;
    auto& candidates = m_initiating->candidates;
    if (candidates.size() > 1)
    {
        std::rotate(candidates.begin(), candidates.begin() + 1, candidates.end());
    }
    TellRepeated();
    if (m_initiating->auth.Repeats() >= SILENT_MAX)
    {
        // All who answered may be forgers, and the true response may be lost: ask for it again.
        m_context.Send(m_peer, m_initiating->requests[m_initiating->group]);
    }
    return TryCandidates(false, in.now);
}

void
IkeSa::ReceiveAuthResponse(const IkeMessage& message, ByteView octets, Time now)
{
    if (message.header.exchange != IkeExchange::IKE_AUTH || message.header.messageId != 1)
    {
        Reject(DropReason::BAD_MESSAGE_ID, message.header.messageId);
        return;
    }
    bool known = false;
    const auto& candidates = m_initiating->candidates;
    for (size_t i = 0; i < candidates.size(); ++i)
    {
        // A forger may have taken the SPI of the true responder: the keys tell them apart.
        if (!candidates[i].channel || candidates[i].spiResponder != message.header.spiResponder)
        {
            continue;
        }
        known = true;
        OpenedMessage opened = candidates[i].channel->Open(message, octets, m_context.counters);
        if (opened.authentic)
        {
            Input in;
            in.now = now;
            in.message = &message;
            in.octets = octets;
            in.opened = &opened;
            in.candidate = i;
            Handle(Event::AUTH_RESPONSE, in);
            return;
        }
    }
    if (known)
    {
        Reject(DropReason::BAD_ICV, message.header.messageId);
    }
    else
    {
        Reject(DropReason::UNKNOWN_SPI, message.header.spiResponder);
    }
}

IkeSa::State
IkeSa::ActConclude(Input& in)
{
    const auto& inner = in.opened->payloads;
    if (in.opened->error.reason != DropReason::NONE)
    {
        return RefuteCandidate(in.candidate,
                               in.opened->error.reason,
                               in.opened->error.value,
                               in.now);
    }
    if (!CheckStructure(MessageKind::AUTH_REFUSAL, inner))
    {
        // Whoever sends this has not proven who he is, and so he decides nothing (J12).
        const auto type = IkeMessage::FindPayload<NotifyPayload>(inner)->type;
        return RefuteCandidate(in.candidate,
                               DropReason::AUTH_FAILED,
                               static_cast<uint64_t>(type),
                               in.now);
    }
    if (const auto wrong = CheckStructure(MessageKind::AUTH_RESPONSE, inner))
    {
        return RefuteCandidate(in.candidate, wrong->reason, wrong->value, in.now);
    }
    IkeSaCandidate& candidate = m_initiating->candidates[in.candidate];
    if (const auto wrong = VerifyCandidate(candidate, inner, in.now))
    {
        return RefuteCandidate(in.candidate, wrong->reason, wrong->value, in.now);
    }
    const auto* id = IkeMessage::FindPayload<IdPayload>(inner);
    SessionDelivery delivery;
    delivery.kind = SessionDelivery::Kind::AUTH_RESPONSE;
    delivery.identity = Identity{id->type, id->data};
    delivery.inner = UserPayloads(inner);
    const bool refused = FindErrorNotify(delivery.inner) != nullptr;
    const Identity peer = delivery.identity;
    m_deliveries.push_back(std::move(delivery));
    m_spiResponder = candidate.spiResponder;
    if (refused)
    {
        return State::CLOSED;
    }
    Establish(std::move(candidate.channel), peer, in.now);
    m_established->nextSend = 2;
    return State::ESTABLISHED;
}

std::optional<Drop>
IkeSa::VerifyCandidate(const IkeSaCandidate& candidate,
                       const std::vector<IkePayload>& inner,
                       Time now)
{
    const auto* id = IkeMessage::FindPayload<IdPayload>(inner);
    const auto* auth = IkeMessage::FindPayload<AuthPayload>(inner);
    AuthInput input;
    input.prf = candidate.suite.prf;
    input.signedOctets = AuthOctets(candidate.suite.prf,
                                    candidate.response,
                                    m_initiating->nonce,
                                    candidate.skPr,
                                    id->Body(),
                                    m_context.counters);
    const Identity peer{id->type, id->data};
    const auto verdict =
        m_context.credentials->Verify(*auth, input, peer, inner, now, m_context.counters);
    if (verdict == Credentials::Verdict::OK)
    {
        return std::nullopt;
    }
    return Drop{Credentials::ReasonOf(verdict), static_cast<uint64_t>(auth->method), m_peer};
}

IkeSa::State
IkeSa::RefuteCandidate(size_t index, DropReason reason, uint64_t value, Time now)
{
    Reject(reason, value);
    auto& candidates = m_initiating->candidates;
    candidates.erase(candidates.begin() + static_cast<std::ptrdiff_t>(index));
    if (index > 0)
    {
        return State::AUTH_SENT; // the one in use may still answer
    }
    return TryCandidates(true, now);
}

} // namespace karp
} // namespace ns3
