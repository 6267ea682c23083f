/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-sa.h"
#include "karp-message-rules.h"

/*
 * The responder's half of the initial exchange. The shared secret is computed when the first
 * IKE_AUTH request comes, not before: half-open associations of a flood cost one key generation
 * each and no more. A request that fails the integrity check changes nothing (J12); one that
 * passes it comes from whoever sent the IKE_SA_INIT request, and so its failure is final.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t NONCE_SIZE = 32; //!< as the initiator's

/** \return the IDi among \p inner, which CheckStructure has found */
const IdPayload&
InitiatorId(const std::vector<IkePayload>& inner)
{
    const IdPayload* found = nullptr;
    for (const auto& payload : inner)
    {
        const auto* id = std::get_if<IdPayload>(&payload);
        if (id != nullptr && id->ofInitiator)
        {
            found = id;
        }
    }
    return *found;
}

} // namespace

IkeSa::State
IkeSa::ActAnswerInit(Input& in)
{
    const SessionConfig& config = m_context.config;
    auto exchange = m_context.config.makeKeyPair(in.choice->suite.group, m_context.entropy);
    m_context.Charge(CryptoOperation::KE_GENERATE);
    if (!exchange)
    {
        Reject(DropReason::BAD_KE, static_cast<uint64_t>(in.choice->suite.group));
        return State::CLOSED;
    }
    m_halfOpen.emplace();
    m_halfOpen->suite = in.choice->suite;
    m_halfOpen->publicValue = in.message->Find<KePayload>()->data;
    m_halfOpen->wishes.Note(in.message->payloads);
    m_halfOpen->nonceInitiator = in.message->Find<NoncePayload>()->data;
    m_halfOpen->nonceResponder = m_context.entropy.Draw(NONCE_SIZE);
    m_halfOpen->expires = in.now + config.halfOpenTimeout;

    IkeMessage response;
    response.header = MakeHeader(IkeExchange::IKE_SA_INIT, true, 0);
    response.payloads.emplace_back(AnswerSuite(*in.choice));
    response.payloads.emplace_back(
        KePayload{static_cast<uint16_t>(in.choice->suite.group), exchange->PublicValue()});
    response.payloads.emplace_back(NoncePayload{m_halfOpen->nonceResponder});
    for (auto& request : m_context.credentials->Requests())
    {
        response.payloads.emplace_back(std::move(request));
    }
    m_context.credentials->SayHashes(response.payloads);
    m_halfOpen->response = EncodeIkeMessage(response);
    m_halfOpen->exchange = std::move(exchange);
    m_context.Send(m_peer, m_halfOpen->response);
    return State::HALF_OPEN;
}

IkeSa::State
IkeSa::ActRepeatInitResponse(Input&)
{
    m_context.Send(m_peer, m_halfOpen->response);
    return State::HALF_OPEN;
}

bool
IkeSa::DeriveResponderKeys()
{
    if (m_halfOpen->channel)
    {
        return true;
    }
    const CipherSuite& suite = m_halfOpen->suite;
    m_context.Charge(CryptoOperation::KE_SHARED);
    const auto shared = m_halfOpen->exchange->SharedSecret(m_halfOpen->publicValue);
    if (!shared)
    {
        Reject(DropReason::BAD_KE, static_cast<uint64_t>(suite.group));
        return false;
    }
    const IkeKeyInputs inputs{m_halfOpen->nonceInitiator,
                              m_halfOpen->nonceResponder,
                              m_spiInitiator,
                              m_spiResponder};
    CryptoCounters& counters = m_context.counters;
    const SecretBytes skeyseed = DeriveSkeyseed(suite.prf, inputs, *shared, counters);
    IkeKeys keys = DeriveIkeKeys(suite, inputs, skeyseed, counters);
    m_halfOpen->channel = SkChannel::Create(suite, keys, false);
    if (!m_halfOpen->channel)
    {
        Reject(DropReason::NO_PROPOSAL, 0);
        return false;
    }
    m_halfOpen->exchange.reset();
    m_halfOpen->skPi = std::move(keys.skPi);
    m_halfOpen->skPr = std::move(keys.skPr);
    LogKeys(suite, keys, m_spiResponder);
    return true;
}

IkeSa::State
IkeSa::ActAuthenticate(Input& in)
{
    if (in.opened->error.reason != DropReason::NONE)
    {
        const DecodeError& error = in.opened->error;
        Reject(error.reason, error.value);
        if (error.reason == DropReason::UNKNOWN_CRITICAL)
        {
            return RefuseAuth(in,
                              IkeNotify::UNSUPPORTED_CRITICAL_PAYLOAD,
                              Bytes{static_cast<uint8_t>(error.value)});
        }
        return RefuseAuth(in, IkeNotify::INVALID_SYNTAX, {});
    }
    const auto& inner = in.opened->payloads;
    if (const auto wrong = CheckStructure(MessageKind::AUTH_REQUEST, inner))
    {
        Reject(wrong->reason, wrong->value);
        return RefuseAuth(in, IkeNotify::INVALID_SYNTAX, {});
    }
    const IdPayload& id = InitiatorId(inner);
    const Identity peer{id.type, id.data};
    if (const auto wrong = VerifyInitiator(in, peer))
    {
        Reject(wrong->reason, wrong->value);
        return RefuseAuth(in, IkeNotify::AUTHENTICATION_FAILED, {});
    }
    auto own = ProveToInitiator(peer);
    if (!own)
    {
        Reject(DropReason::NO_CREDENTIAL, 0);
        return RefuseAuth(in, IkeNotify::AUTHENTICATION_FAILED, {});
    }
    return AnswerAuth(in, peer, std::move(*own));
}

std::optional<Drop>
IkeSa::VerifyInitiator(const Input& in, const Identity& peer)
{
    const auto& inner = in.opened->payloads;
    const PrfId prf = m_halfOpen->suite.prf;
    AuthInput input;
    input.prf = prf;
    input.signedOctets = AuthOctets(prf,
                                    m_initRequest,
                                    m_halfOpen->nonceResponder,
                                    m_halfOpen->skPi,
                                    InitiatorId(inner).Body(),
                                    m_context.counters);
    const auto* auth = IkeMessage::FindPayload<AuthPayload>(inner);
    const auto verdict =
        m_context.credentials->Verify(*auth, input, peer, inner, in.now, m_context.counters);
    if (verdict == Credentials::Verdict::OK)
    {
        m_halfOpen->wishes.Note(inner);
        return std::nullopt;
    }
    return Drop{Credentials::ReasonOf(verdict), static_cast<uint64_t>(auth->method), m_peer};
}

std::optional<std::vector<IkePayload>>
IkeSa::ProveToInitiator(const Identity& peer)
{
    const Credentials& credentials = *m_context.credentials;
    const Identity& local = credentials.Local();
    const PrfId prf = m_halfOpen->suite.prf;
    const IdPayload id{false, local.type, local.data};
    AuthInput input;
    input.prf = prf;
    input.signedOctets = AuthOctets(prf,
                                    m_halfOpen->response,
                                    m_halfOpen->nonceInitiator,
                                    m_halfOpen->skPr,
                                    id.Body(),
                                    m_context.counters);
    input.wishes = m_halfOpen->wishes;
    auto proof = credentials.Authenticate(input, m_peer, &peer, m_context.counters);
    if (!proof)
    {
        return std::nullopt;
    }
    std::vector<IkePayload> own;
    own.emplace_back(id);
    for (auto& payload : proof->accompanying)
    {
        own.push_back(std::move(payload));
    }
    own.emplace_back(std::move(proof->auth));
    return own;
}

IkeSa::State
IkeSa::AnswerAuth(Input& in, const Identity& peer, std::vector<IkePayload> own)
{
    const auto& inner = in.opened->payloads;
    m_peerLostState = FindNotify(inner, IkeNotify::INITIAL_CONTACT) != nullptr;
    auto extra = m_context.user.OnAuthRequest(m_id,
                                              m_peer,
                                              peer,
                                              UserPayloads(inner),
                                              m_peerLostState,
                                              in.now);
    const bool refused = FindErrorNotify(extra) != nullptr;
    for (auto& payload : extra)
    {
        own.push_back(std::move(payload));
    }
    const IkeHeader header = MakeHeader(IkeExchange::IKE_AUTH, true, 1);
    Bytes response = m_halfOpen->channel->Seal(header, own, m_context.entropy, m_context.counters);
    if (response.empty())
    {
        return RefuseAuth(in, IkeNotify::TEMPORARY_FAILURE, {}); // the user's word fits nowhere
    }
    m_context.Send(m_peer, response);
    if (refused)
    {
        return LingerWith(in.octets.Copy(), std::move(response), true, in.now);
    }
    Establish(std::move(m_halfOpen->channel), peer, in.now);
    m_established->nextReceive = 2;
    m_established->lastRequest = in.octets.Copy();
    m_established->lastResponse = std::move(response);
    return State::ESTABLISHED;
}

IkeSa::State
IkeSa::RefuseAuth(Input& in, IkeNotify type, Bytes data)
{
    const IkeHeader header = MakeHeader(IkeExchange::IKE_AUTH, true, 1);
    Bytes response = m_halfOpen->channel->Seal(header,
                                               {MakeNotify(type, std::move(data))},
                                               m_context.entropy,
                                               m_context.counters);
    m_context.Send(m_peer, response);
    return LingerWith(in.octets.Copy(), std::move(response), false, in.now);
}

} // namespace karp
} // namespace ns3
