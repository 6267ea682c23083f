/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-fixture.h"

#include "ns3/karp-timer-table.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

CountingEntropy::CountingEntropy(uint64_t seed)
    : m_entropy(seed)
{
}

void
CountingEntropy::Fill(uint8_t* data, size_t size)
{
    octets += size;
    m_entropy.Fill(data, size);
}

std::vector<IkePayload>
RecordingUser::OnAuthRequest(SessionId session,
                             IpAddress peer,
                             const Identity& identity,
                             const std::vector<IkePayload>& inner,
                             bool initialContact,
                             Time now)
{
    calls.push_back(
        {"auth_request", session, peer, identity.ToString(), inner, initialContact, {}, now});
    return authAnswer;
}

void
RecordingUser::OnAuthResponse(SessionId session,
                              IpAddress peer,
                              const Identity& identity,
                              const std::vector<IkePayload>& inner,
                              Time now)
{
    calls.push_back({"auth_response", session, peer, identity.ToString(), inner, false, {}, now});
    if (during)
    {
        during(Call(calls.back()));
    }
}

std::vector<IkePayload>
RecordingUser::OnRequest(SessionId session,
                         IpAddress peer,
                         const Identity& identity,
                         IkeExchange,
                         const std::vector<IkePayload>& inner,
                         Time now)
{
    calls.push_back({"request", session, peer, identity.ToString(), inner, false, {}, now});
    return answer;
}

void
RecordingUser::OnResponse(SessionId session,
                          IpAddress peer,
                          IkeExchange,
                          const std::vector<IkePayload>& inner,
                          Time now)
{
    calls.push_back({"response", session, peer, "", inner, false, {}, now});
    if (during)
    {
        during(Call(calls.back()));
    }
}

void
RecordingUser::OnFailed(SessionId session, IpAddress peer, SessionFailure why, Time now)
{
    calls.push_back({"failed", session, peer, "", {}, false, why, now});
    if (during)
    {
        during(Call(calls.back()));
    }
}

size_t
RecordingUser::Count(const std::string& what) const
{
    return static_cast<size_t>(std::count_if(calls.begin(), calls.end(), [&what](const Call& call) {
        return call.what == what;
    }));
}

RecordingUser::Call
RecordingUser::Last(const std::string& what) const
{
    Call last;
    for (const auto& call : calls)
    {
        if (call.what == what)
        {
            last = call;
        }
    }
    return last;
}

SessionPeer::SessionPeer(uint8_t index,
                         const SessionConfig& config,
                         std::shared_ptr<const Credentials> credentials)
    : address{0x0a000000u + index},
      entropy(index),
      manager(std::make_unique<SessionManager>(config, std::move(credentials), entropy, user))
{
}

void
SessionPeer::Drain()
{
    while (const auto drop = manager->PollDrop())
    {
        drops.push_back(*drop);
    }
    while (const auto event = manager->PollEvent())
    {
        events.push_back(*event);
    }
    while (const auto key = manager->PollKeys())
    {
        keys.push_back(*key);
    }
}

size_t
SessionPeer::Drops(DropReason reason) const
{
    return static_cast<size_t>(
        std::count_if(drops.begin(), drops.end(), [reason](const Drop& drop) {
            return drop.reason == reason;
        }));
}

size_t
SessionPeer::Drops() const
{
    return drops.size();
}

size_t
SessionPeer::Events(SessionEvent::Kind kind) const
{
    return static_cast<size_t>(
        std::count_if(events.begin(), events.end(), [kind](const SessionEvent& event) {
            return event.kind == kind;
        }));
}

uint64_t
SessionPeer::Operations(CryptoOperation operation) const
{
    return manager->Counters()[static_cast<size_t>(operation)];
}

SessionConfig
PipeOptions::DefaultConfig()
{
    SessionConfig config;
    config.suites = {SuiteOf("aes128gcm16-prfsha256-x25519")};
    config.retransmit.jitter = 0;
    return config;
}

SessionPipe::SessionPipe(const PipeOptions& options)
    : a(1, options.a, options.credentialsA ? options.credentialsA : GroupPsk(1, options.pskA)),
      b(2, options.b, options.credentialsB ? options.credentialsB : GroupPsk(2, options.pskB))
{
}

SessionId
SessionPipe::Initiate(bool initialContact)
{
    GroupIdPayload group;
    group.instance = 7;
    return a.manager->Initiate(b.address, {group}, initialContact, now);
}

std::deque<Datagram>&
SessionPipe::Wire()
{
    for (SessionPeer* peer : {&a, &b})
    {
        while (auto datagram = peer->manager->PollTransmit())
        {
            datagram->source = peer->address;
            log.push_back(*datagram);
            m_wire.push_back(std::move(*datagram));
        }
        peer->Drain();
    }
    return m_wire;
}

Datagram
SessionPipe::Take()
{
    if (Wire().empty())
    {
        return {};
    }
    Datagram first = std::move(m_wire.front());
    m_wire.pop_front();
    return first;
}

void
SessionPipe::Arrive(const Datagram& datagram)
{
    for (SessionPeer* peer : {&a, &b})
    {
        if (peer->address == datagram.destination)
        {
            peer->manager->Receive(datagram, now);
        }
    }
    Wire();
}

bool
SessionPipe::Step()
{
    const Datagram first = Take();
    if (first.payload.empty())
    {
        return false;
    }
    Arrive(first);
    return true;
}

size_t
SessionPipe::Run(size_t most)
{
    size_t count = 0;
    while (count < most && Step())
    {
        ++count;
    }
    return count;
}

bool
SessionPipe::PassToNext()
{
    const auto next = Earlier(a.manager->NextTimeout(), b.manager->NextTimeout());
    if (!next)
    {
        return false;
    }
    now = std::max(now, *next);
    a.manager->Advance(now);
    b.manager->Advance(now);
    Wire();
    return true;
}

void
SessionPipe::Pass(Time end)
{
    while (true)
    {
        const auto next = Earlier(a.manager->NextTimeout(), b.manager->NextTimeout());
        if (!next || *next > end)
        {
            break;
        }
        PassToNext();
    }
    now = end;
}

void
SessionPipe::Finish()
{
    Run();
    while (!a.manager->FindEstablished(b.address) && a.user.Count("failed") == 0 && PassToNext())
    {
        Run();
    }
}

SessionId
SessionPipe::Establish()
{
    const SessionId session = Initiate();
    Run();
    return a.manager->FindEstablished(b.address) == session ? session : 0;
}

IkeHeader
HeaderOf(const Datagram& datagram)
{
    return PeekIkeHeader(datagram.payload).value_or(IkeHeader{});
}

Datagram
ForgeRefusal(const Datagram& request, const NotifyPayload& notify)
{
    IkeMessage message;
    message.header.spiInitiator = HeaderOf(request).spiInitiator;
    message.header.exchange = IkeExchange::IKE_SA_INIT;
    message.header.flags = IKE_FLAG_RESPONSE;
    message.payloads.emplace_back(notify);
    Datagram forged;
    forged.source = request.destination;
    forged.destination = request.source;
    forged.ttl = 255;
    forged.payload = EncodeIkeMessage(message);
    return forged;
}

PipeOptions
LoggedPipe()
{
    PipeOptions options;
    options.a.keyLog = true;
    return options;
}

IkeHeader
MakeHeader(IkeExchange exchange, bool fromInitiator, bool response, uint32_t id)
{
    IkeHeader header;
    header.exchange = exchange;
    header.flags = static_cast<uint8_t>((fromInitiator ? IKE_FLAG_INITIATOR : 0) |
                                        (response ? IKE_FLAG_RESPONSE : 0));
    header.messageId = id;
    return header;
}

Datagram
SealAs(SessionPipe& pipe, bool fromA, IkeHeader header, IkePayloadType first, const Bytes& chain)
{
    Datagram datagram;
    if (pipe.a.keys.empty())
    {
        return datagram;
    }
    const SessionKeys& keys = pipe.a.keys.back();
    const auto cipher =
        SkCipher::Create(keys.suite, fromA ? keys.skEi : keys.skEr, fromA ? keys.skAi : keys.skAr);
    header.spiInitiator = keys.spiInitiator;
    header.spiResponder = keys.spiResponder;
    datagram.source = fromA ? pipe.a.address : pipe.b.address;
    datagram.destination = fromA ? pipe.b.address : pipe.a.address;
    datagram.ttl = 255;
    datagram.payload = EncodeIkeHeaderForSk(header, {}, first, cipher->SealedSize(chain.size()));
    CountingEntropy entropy(77);
    const Bytes body = cipher->Seal(datagram.payload, chain, 1000 + pipe.log.size(), entropy);
    datagram.payload.insert(datagram.payload.end(), body.begin(), body.end());
    return datagram;
}

std::shared_ptr<const Credentials>
GroupPsk(uint8_t index, const std::string& psk)
{
    return std::make_shared<GroupPskCredentials>(
        Identity::OfName("r" + std::to_string(index) + ".example"),
        KeyOf(psk));
}

SecretBytes
KeyOf(const std::string& text)
{
    return SecretBytes(text.begin(), text.end());
}

CipherSuite
SuiteOf(const std::string& text)
{
    return ParseCipherSuite(text).value_or(CipherSuite{});
}

} // namespace karp
} // namespace ns3
