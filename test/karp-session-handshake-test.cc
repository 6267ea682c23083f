/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-fixture.h"
#include "karp-session-tests.h"

#include <deque>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the payload types of \p datagram outside SK, as text */
std::string
TypesOf(const Datagram& datagram)
{
    std::string text;
    const auto decoded = DecodeIkeMessage(datagram.payload);
    if (const auto* message = std::get_if<IkeMessage>(&decoded))
    {
        for (const auto& payload : message->payloads)
        {
            text += (text.empty() ? "" : " ") + ToString(TypeOf(payload));
        }
    }
    return text;
}

/** \return a suite of \p text by default settings, both ways */
PipeOptions
WithSuite(const std::string& text)
{
    PipeOptions options;
    options.a.suites = {SuiteOf(text)};
    options.b.suites = options.a.suites;
    return options;
}

// Input: r1 initiates, nothing is lost.
// Output: four datagrams, which are two round trips, of the form of J1; both know each other.
//
//   r1                                     r2
//    | IKE_SA_INIT  SA KE Nonce             |
//    |------------------------------------->| half open
//    |             IKE_SA_INIT  SA KE Nonce |
//    |<-------------------------------------|
//    | IKE_AUTH  SK{IDi AUTH group}         |
//    |------------------------------------->| established
//    |          IKE_AUTH  SK{IDr AUTH keys} |
//    |<-------------------------------------|
//    established
void
TwoRoundTrips(Sentence& t)
{
    SessionPipe pipe;
    KeyDownloadPayload download;
    download.pmks.emplace_back();
    download.pmks.back().keyId = 42;
    download.pmks.back().algorithm = MacAlgorithm::HMAC_SHA_256;
    download.pmks.back().key = KeyOf("0123456789abcdef0123456789abcdef");
    pipe.b.user.authAnswer = {download};
    const SessionId session = pipe.Initiate();
    t.Same(pipe.Run(), 4u, "datagrams of a join");
    t.Same(pipe.log.size(), 4u, "nothing else was sent");
    const char* init = "SECURITY_ASSOCIATION KEY_EXCHANGE NONCE";
    t.Same(TypesOf(pipe.log[0]), TypesOf(pipe.log[1]), "both INITs alike");
    t.Holds(pipe.log[0].payload[17] == IKE_VERSION, "version");
    const auto decoded = DecodeIkeMessage(pipe.log[0].payload);
    const auto& message = std::get<IkeMessage>(decoded);
    t.Same(message.payloads.size(), 3u, init);
    t.Holds(message.Find<SaPayload>() && message.Find<KePayload>() && message.Find<NoncePayload>(),
            init);
    for (size_t i = 0; i < 4; ++i)
    {
        const IkeHeader header = HeaderOf(pipe.log[i]);
        t.Holds(header.exchange == (i < 2 ? IkeExchange::IKE_SA_INIT : IkeExchange::IKE_AUTH),
                "exchange");
        t.Same(header.messageId, i / 2, "message ID");
        t.Same(header.IsResponse(), i % 2 == 1, "response flag");
        t.Same(header.IsFromInitiator(), i % 2 == 0, "initiator flag");
    }
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "r1 established");
    t.Holds(pipe.b.manager->FindEstablished(pipe.a.address).has_value(), "r2 established");
    const auto asked = pipe.b.user.Last("auth_request");
    t.Same(asked.identity, std::string("r1.example"), "whom r2 believes");
    t.Same(asked.inner.size(), 1u, "IKE_AUTH's own payloads are not the user's");
    const auto* group = IkeMessage::FindPayload<GroupIdPayload>(asked.inner);
    t.Holds(group != nullptr && group->instance == 7, "the join named its group");
    const auto told = pipe.a.user.Last("auth_response");
    t.Same(told.identity, std::string("r2.example"), "whom r1 believes");
    const auto* keys = IkeMessage::FindPayload<KeyDownloadPayload>(told.inner);
    t.Holds(keys != nullptr && keys->pmks.size() == 1 && keys->pmks[0].keyId == 42,
            "keys came after two round trips");
    t.Same(pipe.a.user.calls.size() + pipe.b.user.calls.size(), 2u, "no other calls");
    t.Same(pipe.a.Drops() + pipe.b.Drops(), 0u, "nothing rejected");
}

// Input: two initial exchanges, the key log on.
// Output: both sides of one hold the same keys, no two directions and no two associations do.
void
PeerKey(Sentence& t)
{
    PipeOptions options = WithSuite("aes256-sha256-prfsha384-ecp256");
    options.a.keyLog = true;
    options.b.keyLog = true;
    SessionPipe pipe(options);
    t.Holds(pipe.Establish() != 0, "first");
    t.Holds(pipe.Establish() != 0, "second");
    t.Same(pipe.a.keys.size(), 2u, "one entry for each");
    t.Same(pipe.b.keys.size(), 2u, "one entry for each");
    for (size_t i = 0; i < 2; ++i)
    {
        const SessionKeys& a = pipe.a.keys[i];
        const SessionKeys& b = pipe.b.keys[i];
        t.Holds(a.skEi == b.skEi && a.skEr == b.skEr && a.skAi == b.skAi && a.skAr == b.skAr,
                "shared by router and GCKS");
        t.Holds(a.skEi != a.skEr && a.skAi != a.skAr, "one for each direction");
        t.Same(a.skEi.size(), 32u, "SK_e");
        t.Same(a.skAi.size(), 32u, "SK_a");
        t.Same(a.spiInitiator, b.spiInitiator, "SPIi");
        t.Same(a.spiResponder, b.spiResponder, "SPIr");
    }
    t.Holds(pipe.a.keys[0].skEi != pipe.a.keys[1].skEi, "fresh ones each time");
}

// Input: every combination of cipher, prf and group.
// Output: each makes an association in four datagrams, and a further request passes under it.
void
EverySuite(Sentence& t)
{
    size_t count = 0;
    for (const std::string cipher : {"aes128gcm16",
                                     "aes256gcm16",
                                     "chacha20poly1305",
                                     "aes128-sha256",
                                     "aes256-sha256",
                                     "aes128-sha512",
                                     "aes256-sha512"})
    {
        for (const std::string prf : {"prfsha256", "prfsha384", "prfsha512"})
        {
            for (const std::string group : {"modp2048", "ecp256", "ecp384", "x25519"})
            {
                const std::string name = cipher + "-" + prf + "-" + group;
                const auto suite = ParseCipherSuite(name);
                t.Holds(suite && suite->IsSupported(), name + " is known");
                SessionPipe pipe(WithSuite(name));
                const SessionId session = pipe.Initiate();
                t.Same(pipe.Run(), 4u, name);
                t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, name);
                t.Holds(pipe.a.manager->Request(session, IkeExchange::INFORMATIONAL, {}, pipe.now),
                        name);
                pipe.Run();
                t.Same(pipe.a.user.Count("response"), 1u, name);
                ++count;
            }
        }
    }
    t.Same(count, 84u, "suites");
}

// Input: one suite each, identities of ten octets, a group key.
// Output: INIT = 28 + SA + (8 + public value) + 36 octets; an integrity transform is 8 more.
void
Sizes(Sentence& t)
{
    const std::vector<std::pair<const char*, size_t>> rows{
        {"aes128gcm16-prfsha256-x25519", 144},
        {"aes256gcm16-prfsha256-ecp256", 176},
        {"aes256gcm16-prfsha256-modp2048", 368},
        {"aes128-sha256-prfsha256-x25519", 152},
        {"chacha20poly1305-prfsha256-x25519", 140},
    };
    for (const auto& [name, size] : rows)
    {
        SessionPipe pipe(WithSuite(name));
        t.Holds(pipe.Establish() != 0, name);
        t.Same(pipe.log[0].payload.size(), size, name);
        t.Same(pipe.log[1].payload.size(), size, name);
    }
    SessionPipe pipe;
    pipe.Establish();
    // IKE header, SK header, IV, IDi, AUTH, group ID, pad length, ICV.
    t.Same(pipe.log[2].payload.size(), 28u + 4 + 8 + (8 + 10) + (8 + 32) + (4 + 8) + 1 + 16);
    t.Same(pipe.log[3].payload.size(), 28u + 4 + 8 + (8 + 10) + (8 + 32) + 1 + 16);
}

// Input: one initial exchange with a prf of 32 octets and AES-128-GCM.
// Output: what each side's cost model is charged: one key pair, one shared secret, one message
// sealed and one opened, and as many prf outputs as the formulas have: SKEYSEED, five of prf+ for
// 3 * 32 + 2 * 20 octets, and three for each AUTH.
void
Operations(Sentence& t)
{
    SessionPipe pipe;
    t.Holds(pipe.Establish() != 0, "established");
    for (const SessionPeer* peer : {&pipe.a, &pipe.b})
    {
        t.Same(peer->Operations(CryptoOperation::KE_GENERATE), 1u);
        t.Same(peer->Operations(CryptoOperation::KE_SHARED), 1u);
        t.Same(peer->Operations(CryptoOperation::SEAL), 1u);
        t.Same(peer->Operations(CryptoOperation::OPEN), 1u);
        t.Same(peer->Operations(CryptoOperation::PRF), 1u + 5 + 3 + 3);
        t.Same(peer->Operations(CryptoOperation::SIGN_ED25519), 0u);
        t.Same(peer->Operations(CryptoOperation::VERIFY_ED25519), 0u);
    }
}

// Input: two pipes with the same seeds, a third with another.
// Output: the first two send the same octets, the third does not.
void
Repeats(Sentence& t)
{
    SessionPipe first;
    SessionPipe second;
    first.Establish();
    second.Establish();
    t.Same(first.log.size(), second.log.size());
    for (size_t i = 0; i < first.log.size(); ++i)
    {
        t.Holds(first.log[i].payload == second.log[i].payload, "the same octets");
    }
    first.Establish();
    t.Holds(first.log[0].payload != first.log[4].payload, "no two exchanges are alike");
    t.Same(first.a.entropy.octets, 2 * second.a.entropy.octets, "what an exchange draws");
}

// Input: r1 says that it has lost its state, after an association from before.
// Output: r2's user is told; r2 forgets the old association and keeps the new one.
void
InitialContact(Sentence& t)
{
    SessionPipe pipe;
    pipe.Establish();
    t.Same(pipe.b.user.Last("auth_request").initialContact, false);
    pipe.now += std::chrono::seconds(1);
    const SessionId session = pipe.Initiate(true);
    pipe.Run();
    t.Holds(pipe.b.user.Last("auth_request").initialContact, "told");
    t.Same(pipe.b.user.Last("auth_request").inner.size(), 1u, "not among the user's payloads");
    t.Same(pipe.b.manager->SessionCount(), 1u, "the old one is forgotten");
    t.Holds(pipe.a.manager->Request(session, IkeExchange::INFORMATIONAL, {}, pipe.now), "new one");
    pipe.Run();
    t.Same(pipe.a.user.Count("response"), 1u, "the new one works");
}

// Input: r2 waits for r1's answer within an association that r1 then has lost.
// Output: with r1's INITIAL_CONTACT r2's user learns that no answer will come.
void
InitialContactEndsWaiting(Sentence& t)
{
    SessionPipe pipe;
    pipe.Establish();
    const auto old = pipe.b.manager->FindEstablished(pipe.a.address);
    pipe.b.manager->Request(old.value_or(0), IkeExchange::MRKMP_GROUP, {}, pipe.now);
    pipe.Take();
    pipe.now += std::chrono::seconds(1);
    pipe.Initiate(true);
    pipe.Run();
    t.Same(pipe.b.user.Count("failed"), 1u, "told");
    t.Same(pipe.b.user.Last("failed").session, old.value_or(0), "which");
    t.Holds(pipe.b.user.Last("failed").why == SessionFailure::TIMEOUT, "why");
}

// Input: another router under r1's address says that it has lost its state.
// Output: that concerns its own associations, not r1's.
void
InitialContactOfAnother(Sentence& t)
{
    SessionPipe pipe;
    pipe.Establish();
    pipe.now += std::chrono::seconds(1);
    SessionPeer other(5, PipeOptions::DefaultConfig(), GroupPsk(5, "a secret of the group"));
    other.manager->Initiate(pipe.b.address, {}, true, pipe.now);
    for (int i = 0; i < 2; ++i)
    {
        auto request = other.manager->PollTransmit().value_or(Datagram{});
        request.source = pipe.a.address;
        pipe.b.manager->Receive(request, pipe.now);
        auto response = pipe.b.manager->PollTransmit().value_or(Datagram{});
        response.source = pipe.b.address;
        other.manager->Receive(response, pipe.now);
    }
    t.Holds(other.manager->FindEstablished(pipe.b.address).has_value(), "established");
    t.Same(pipe.b.manager->SessionCount(), 2u, "r1's too");
}

// Input: both begin at once; one association is complete before the other says INITIAL_CONTACT.
// Output: two associations, which do not disturb each other, even if both say that they lost state.
void
BothAtOnce(Sentence& t)
{
    SessionPipe pipe;
    pipe.Initiate(true);
    pipe.b.manager->Initiate(pipe.a.address, {}, true, pipe.now);
    std::deque<Datagram> held;
    for (int i = 0; i < 20; ++i)
    {
        pipe.now += std::chrono::milliseconds(1);
        const Datagram next = pipe.Take();
        const bool late = HeaderOf(next).exchange == IkeExchange::IKE_AUTH &&
                          next.source == pipe.b.address && !HeaderOf(next).IsResponse();
        if (late)
        {
            held.push_back(next);
            continue;
        }
        pipe.Arrive(next);
    }
    t.Same(held.size(), 1u, "r2's IKE_AUTH comes last");
    pipe.Arrive(held.front());
    pipe.Run();
    t.Same(pipe.a.manager->SessionCount(), 2u);
    t.Same(pipe.b.manager->SessionCount(), 2u);
    t.Same(pipe.a.user.Count("failed") + pipe.b.user.Count("failed"), 0u);
}

// Input: r2's user answers a join by an error notification.
// Output: r1's user gets it, proven to be r2's; the association ends on both sides; r2 still
// repeats its answer to a repeated request, for as long as that may come.
void
UserRefuses(Sentence& t)
{
    SessionPipe pipe;
    pipe.b.user.authAnswer = {MakeNotify(IkeNotify::MRKMP_WRONG_GCKS, {10, 0, 0, 9})};
    pipe.Initiate();
    pipe.Run(3);
    pipe.Take(); // r2's answer is lost
    t.Same(pipe.b.manager->HalfOpenCount(), 0u, "r1 has proven its identity");
    t.Holds(!pipe.b.manager->FindEstablished(pipe.a.address), "nothing to be used");
    pipe.PassToNext();
    t.Same(pipe.Run(), 2u, "request and response again");
    t.Same(pipe.b.user.Count("auth_request"), 1u, "the user is asked once");
    const auto told = pipe.a.user.Last("auth_response");
    const auto* notify = IkeMessage::FindPayload<NotifyPayload>(told.inner);
    t.Holds(notify != nullptr && notify->type == IkeNotify::MRKMP_WRONG_GCKS, "delivered");
    t.Same(told.identity, std::string("r2.example"), "and proven");
    t.Same(pipe.a.manager->SessionCount(), 0u, "over for r1");
    t.Same(pipe.a.user.Count("failed"), 0u, "told once, not twice");
    pipe.Pass(pipe.now + std::chrono::seconds(31));
    t.Same(pipe.b.manager->SessionCount(), 0u, "over for r2");
}

// Input: payloads of all kinds that MRKMP does not use, in the hands of another user.
// Output: they pass unread, both ways: the session layer does not know whose it is.
void
AnyUser(Sentence& t)
{
    SessionPipe pipe;
    UnknownPayload opaque;
    opaque.type = 200;
    opaque.body = {1, 2, 3};
    pipe.b.user.authAnswer = {opaque, OfferSuites({SuiteOf("aes128gcm16-prfsha256-x25519")})};
    pipe.a.manager->Initiate(pipe.b.address,
                             {opaque, MakeNotify(IkeNotify::SIGNATURE_HASH_ALGORITHMS)},
                             false,
                             pipe.now);
    t.Same(pipe.Run(), 4u);
    t.Same(pipe.b.user.Last("auth_request").inner.size(), 2u, "to the responder's user");
    const auto told = pipe.a.user.Last("auth_response");
    t.Same(told.inner.size(), 2u, "to the initiator's user");
    const auto* back = IkeMessage::FindPayload<UnknownPayload>(told.inner);
    t.Holds(back != nullptr && back->type == 200 && back->body == opaque.body, "as it was");
}

} // namespace

std::vector<TestCase*>
SessionHandshakeTests()
{
    return {
        new Sentence("J1 J4 a join takes two round trips", TwoRoundTrips),
        new Sentence("K2 the initial exchange gives the peer key", PeerKey),
        new Sentence("J3 every suite makes an association", EverySuite),
        new Sentence("sizes of messages", Sizes),
        new Sentence("cryptographic operations are counted", Operations),
        new Sentence("same seed, same octets", Repeats),
        new Sentence("INITIAL_CONTACT replaces older associations", InitialContact),
        new Sentence("INITIAL_CONTACT of another", InitialContactOfAnother),
        new Sentence("INITIAL_CONTACT ends waiting", InitialContactEndsWaiting),
        new Sentence("both begin at once", BothAtOnce),
        new Sentence("the user's refusal is delivered", UserRefuses),
        new Sentence("P6 payloads of any user ride in the exchange", AnyUser),
    };
}

} // namespace karp
} // namespace ns3
