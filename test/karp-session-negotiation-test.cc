/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-fixture.h"
#include "karp-session-tests.h"

#include "ns3/karp-cookie-jar.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the suites that \p texts name */
std::vector<CipherSuite>
Suites(const std::vector<std::string>& texts)
{
    std::vector<CipherSuite> suites;
    for (const auto& text : texts)
    {
        suites.push_back(SuiteOf(text));
    }
    return suites;
}

// Input: two suites in common, which the two sides prefer differently.
// Output: the responder's preference decides.
void
Preference(Sentence& t)
{
    PipeOptions options;
    options.a.suites = Suites({"aes128gcm16-prfsha256-x25519", "aes256-sha512-prfsha512-x25519"});
    options.b.suites = Suites({"aes256-sha512-prfsha512-x25519", "aes128gcm16-prfsha256-x25519"});
    options.a.keyLog = true;
    SessionPipe pipe(options);
    t.Holds(pipe.Establish() != 0, "established");
    t.Holds(pipe.a.keys.at(0).suite == options.b.suites[0], "the responder's first");
}

// Input: no suite in common.
// Output: NO_PROPOSAL_CHOSEN in the clear, which nobody has signed: r1 counts it and waits on.
void
NothingInCommon(Sentence& t)
{
    PipeOptions options;
    options.b.suites = Suites({"aes256gcm16-prfsha256-x25519"});
    SessionPipe pipe(options);
    pipe.Initiate();
    t.Same(pipe.Run(), 2u);
    t.Same(pipe.b.Drops(DropReason::NO_PROPOSAL), 1u, "r2 counts it");
    t.Same(pipe.a.Drops(DropReason::NO_PROPOSAL), 1u, "r1 counts it");
    t.Same(pipe.b.manager->SessionCount(), 0u, "no state");
    t.Same(pipe.b.Operations(CryptoOperation::KE_GENERATE), 0u, "no cost");
    t.Same(pipe.a.user.calls.size(), 0u, "r1 waits on");
    pipe.Pass(std::chrono::seconds(126));
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::TIMEOUT, "to the end");
}

// Input: r1 guesses X25519, r2 only takes ECP-256.
// Output: INVALID_KE_PAYLOAD names the group; one round trip more, no state before.
//
//   r1                                     r2
//    | IKE_SA_INIT  KE(31)                  |
//    |------------------------------------->|
//    |            N(INVALID_KE_PAYLOAD, 19) |
//    |<-------------------------------------|
//    | IKE_SA_INIT  KE(19)                  |
//    |------------------------------------->| half open
void
OtherGroup(Sentence& t)
{
    PipeOptions options;
    options.a.suites = Suites({"aes128gcm16-prfsha256-x25519", "aes128gcm16-prfsha256-ecp256"});
    options.b.suites = Suites({"aes128gcm16-prfsha256-ecp256"});
    SessionPipe pipe(options);
    const SessionId session = pipe.Initiate();
    pipe.Run(2);
    t.Same(pipe.b.manager->SessionCount(), 0u, "no state");
    t.Same(pipe.b.Drops(DropReason::BAD_KE), 1u, "counted");
    t.Same(pipe.Run(), 4u, "one round trip more");
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "established");
    t.Same(pipe.a.Operations(CryptoOperation::KE_GENERATE), 2u, "two key pairs");
    t.Same(HeaderOf(pipe.log[2]).messageId, 0u, "still message 0");
    t.Same(HeaderOf(pipe.log[0]).spiInitiator, HeaderOf(pipe.log[2]).spiInitiator, "same SPI");
}

// Input: forged demands for other groups: never offered, malformed, and back and forth for ever.
// Output: what was not offered is not used; the rest is followed three times between two timers;
// and r2's true response to the first request still counts.
void
ForgedGroups(Sentence& t)
{
    PipeOptions options;
    options.a.suites = Suites({"aes128gcm16-prfsha256-x25519", "aes128gcm16-prfsha256-ecp256"});
    options.b.suites = options.a.suites;
    SessionPipe pipe(options);
    const SessionId session = pipe.Initiate();
    const Datagram request = pipe.Take();
    for (const Bytes& data : {Bytes{0, 14}, Bytes{0, 19, 0}, Bytes{}})
    {
        pipe.Arrive(ForgeRefusal(request, MakeNotify(IkeNotify::INVALID_KE_PAYLOAD, data)));
    }
    t.Same(pipe.a.Drops(DropReason::BAD_KE), 1u, "never offered");
    t.Same(pipe.a.Drops(), 3u, "no group");
    pipe.Arrive(ForgeRefusal(request, MakeNotify(IkeNotify::INVALID_KE_PAYLOAD, {0, 31})));
    t.Same(pipe.a.Drops(DropReason::TOO_MANY), 1u, "the present one");
    t.Same(pipe.Wire().size(), 0u, "nothing sent");
    for (uint8_t i = 0; i < 100; ++i)
    {
        const uint8_t group = i % 2 == 0 ? 19 : 31;
        pipe.Arrive(ForgeRefusal(request, MakeNotify(IkeNotify::INVALID_KE_PAYLOAD, {0, group})));
    }
    t.Same(pipe.Wire().size(), 3u, "followed three times");
    t.Same(pipe.a.Operations(CryptoOperation::KE_GENERATE), 2u, "one key pair for each group");
    pipe.Wire().clear();
    pipe.Arrive(request);
    pipe.Run();
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "J12");
}

// Input: cookies asked from the first half-open association on.
// Output: r2 keeps nothing until the cookie comes back, first of all payloads; one round trip more.
void
Cookie(Sentence& t)
{
    PipeOptions options;
    options.b.cookieThreshold = 0;
    SessionPipe pipe(options);
    const SessionId session = pipe.Initiate();
    pipe.Run(2);
    t.Same(pipe.b.manager->SessionCount(), 0u, "no state");
    t.Same(pipe.b.Operations(CryptoOperation::KE_GENERATE), 0u, "no key pair");
    t.Same(pipe.b.Drops(DropReason::BAD_COOKIE), 1u, "counted");
    t.Same(pipe.b.Events(SessionEvent::Kind::COOKIE), 1u, "told");
    t.Same(pipe.Run(), 4u, "one round trip more");
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "established");
    t.Same(HeaderOf(pipe.log[1]).spiResponder, 0u, "no SPI given away");
    const auto decoded = DecodeIkeMessage(pipe.log[2].payload);
    const auto& message = std::get<IkeMessage>(decoded);
    const auto* notify = std::get_if<NotifyPayload>(&message.payloads.at(0));
    t.Holds(notify != nullptr && notify->type == IkeNotify::COOKIE, "first payload");
    t.Same(message.header.messageId, 0u, "still message 0");
    t.Same(pipe.log[2].payload.size(), pipe.log[0].payload.size() + 8 + 33, "the rest as before");
}

// Input: cookies asked for; r2's demands, and forged ones, arrive many times.
// Output: copies of one demand are followed once, different ones three times between two timers;
// after the next timer r2's own demand is followed again, and the exchange ends well.
void
ForgedCookies(Sentence& t)
{
    PipeOptions options;
    options.b.cookieThreshold = 0;
    SessionPipe pipe(options);
    const SessionId session = pipe.Initiate();
    const Datagram request = pipe.Take();
    for (const Bytes& data : {Bytes{}, Bytes(65, 1)})
    {
        pipe.Arrive(ForgeRefusal(request, MakeNotify(IkeNotify::COOKIE, data)));
    }
    t.Same(pipe.a.Drops(), 2u, "1 to 64 octets");
    for (uint8_t i = 0; i < 100; ++i)
    {
        const Bytes data{1, static_cast<uint8_t>(i / 20)};
        pipe.Arrive(ForgeRefusal(request, MakeNotify(IkeNotify::COOKIE, data)));
        t.Same(pipe.Wire().size(), std::min<size_t>(i / 20 + 1, 3), "once each, three at most");
    }
    pipe.Run();
    t.Holds(!pipe.a.manager->FindEstablished(pipe.b.address), "none of these is r2's");
    pipe.Pass(std::chrono::seconds(2));
    pipe.Run();
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "J12");
}

// Input: a request that carries many cookies, all wrong.
// Output: one is looked at, and one made.
void
ManyCookies(Sentence& t)
{
    PipeOptions options;
    options.b.cookieThreshold = 0;
    SessionPipe pipe(options);
    pipe.Initiate();
    Datagram request = pipe.Take();
    auto decoded = DecodeIkeMessage(request.payload);
    auto& message = std::get<IkeMessage>(decoded);
    for (int i = 0; i < 20; ++i)
    {
        message.payloads.emplace_back(MakeNotify(IkeNotify::COOKIE, Bytes(33, 1)));
    }
    request.payload = EncodeIkeMessage(message);
    pipe.Arrive(request);
    t.Same(pipe.b.Drops(DropReason::BAD_COOKIE), 1u, "counted");
    t.Same(pipe.b.Operations(CryptoOperation::PRF), 2u, "work is bounded");
}

// Input: a jar whose secrets live 60 s.
// Output: a cookie is good for its values only, for a lifetime at least and two at most.
void
Jar(Sentence& t)
{
    CountingEntropy entropy(1);
    CryptoCounters counters{};
    CookieJar jar(std::chrono::seconds(60), entropy);
    const Bytes nonce(32, 7);
    const IpAddress r1{0x0a000001};
    const auto check =
        [&](const Bytes& cookie, const Bytes& ni, IpAddress who, uint64_t spi, int s) {
            return jar.Check(cookie, ni, who, spi, std::chrono::seconds(s), counters);
        };
    const Bytes cookie = jar.Make(nonce, r1, 5, std::chrono::seconds(0), counters);
    t.Holds(cookie.size() >= 1 && cookie.size() <= 64, "RFC 7296 section 2.6");
    t.Holds(check(cookie, nonce, r1, 5, 1), "good");
    t.Holds(!check(cookie, Bytes(32, 8), r1, 5, 1), "other nonce");
    t.Holds(!check(cookie, nonce, IpAddress{0x0a000002}, 5, 1), "other address");
    t.Holds(!check(cookie, nonce, r1, 6, 1), "other SPI");
    t.Holds(!check({}, nonce, r1, 5, 1), "none");
    Bytes bad = cookie;
    bad.pop_back();
    t.Holds(!check(bad, nonce, r1, 5, 1), "cut short");
    bad = cookie;
    bad[9] ^= 1;
    t.Holds(!check(bad, nonce, r1, 5, 1), "changed");
    bad = cookie;
    bad[0] ^= 1;
    t.Holds(!check(bad, nonce, r1, 5, 1), "other version");
    t.Holds(check(cookie, nonce, r1, 5, 61), "made with the secret before");
    const Bytes second = jar.Make(nonce, r1, 5, std::chrono::seconds(61), counters);
    t.Holds(second[0] != cookie[0] && second != cookie, "another secret, another version");
    t.Holds(!check(cookie, nonce, r1, 5, 122), "two secrets ago");
    const Bytes third = jar.Make(nonce, r1, 5, std::chrono::seconds(122), counters);
    t.Holds(!check(third, nonce, r1, 5, 500), "a secret long out of use");
    t.Same(entropy.octets, 4u * 32, "a secret is drawn when it is needed");
}

/** \return a proposal that offers all of \p suites at once, as other implementations do */
IkeProposal
Product(const std::vector<CipherSuite>& suites)
{
    IkeProposal product;
    for (const auto& suite : suites)
    {
        const SaPayload offer = OfferSuites({suite});
        for (const auto& transform : offer.proposals[0].transforms)
        {
            product.transforms.push_back(transform);
        }
    }
    return product;
}

// Input: offers as others make them.
// Output: the choice, or none where one must not be made.
void
Choice(Sentence& t)
{
    const auto gcm = SuiteOf("aes128gcm16-prfsha256-x25519");
    const auto cbc = SuiteOf("aes256-sha512-prfsha512-ecp256");
    SaPayload offer{{Product({SuiteOf("aes256gcm16-prfsha384-ecp256"), gcm})}};
    offer.proposals[0].number = 3;
    const auto choice = ChooseSuite(offer, {cbc, gcm});
    t.Holds(choice && choice->suite == gcm && choice->number == 3, "from a product");

    IkeTransform transform;
    transform.type = IkeTransformType::INTEG;
    transform.id = 0;
    offer.proposals[0].transforms.push_back(transform);
    t.Holds(ChooseSuite(offer, {gcm}).has_value(), "AEAD with integrity NONE");
    offer.proposals[0].transforms.back().id = 12;
    t.Holds(!ChooseSuite(offer, {gcm}), "AEAD with nothing but another integrity");

    offer.proposals = OfferSuites({gcm}).proposals;
    transform.type = static_cast<IkeTransformType>(6);
    offer.proposals[0].transforms.push_back(transform);
    t.Holds(!ChooseSuite(offer, {gcm}), "a transform type unknown here");
    offer.proposals = OfferSuites({gcm}).proposals;
    offer.proposals[0].transforms[0].unknownAttributes = {0x80, 99, 0, 1};
    t.Holds(!ChooseSuite(offer, {gcm}), "a transform with an unknown attribute");
    offer.proposals = OfferSuites({gcm}).proposals;
    offer.proposals[0].transforms[0].keyLength.reset();
    t.Holds(!ChooseSuite(offer, {gcm}), "AES without a key length");
    offer.proposals = OfferSuites({gcm}).proposals;
    offer.proposals[0].protocol = IkeProtocol::ESP;
    t.Holds(!ChooseSuite(offer, {gcm}), "a proposal for ESP");
    offer.proposals = OfferSuites({gcm}).proposals;
    offer.proposals[0].spi = Bytes(8, 1);
    t.Holds(!ChooseSuite(offer, {gcm}), "a proposal for rekeying");
    t.Holds(!ChooseSuite({}, {gcm}), "no proposal");
    t.Holds(!ChooseSuite(OfferSuites({gcm}), {}), "nothing accepted");
}

// Input: answers to an offer of two suites.
// Output: only one of the proposals offered, as a whole, is taken.
void
Answers(Sentence& t)
{
    const auto gcm = SuiteOf("aes128gcm16-prfsha256-x25519");
    const auto cbc = SuiteOf("aes256-sha512-prfsha512-ecp256");
    const std::vector<CipherSuite> offered{gcm, cbc};
    const auto second = CheckAnswer(AnswerSuite({cbc, 2}), offered);
    t.Holds(second && *second == cbc, "the second");
    t.Holds(!CheckAnswer(AnswerSuite({cbc, 1}), offered), "the first's number");
    t.Holds(!CheckAnswer(AnswerSuite({cbc, 0}), offered), "number 0");
    t.Holds(!CheckAnswer(AnswerSuite({cbc, 3}), offered), "number of none");
    t.Holds(!CheckAnswer(AnswerSuite({SuiteOf("aes256gcm16-prfsha256-x25519"), 1}), offered),
            "a suite not offered");
    t.Holds(!CheckAnswer(OfferSuites(offered), offered), "two proposals");
    t.Holds(!CheckAnswer({}, offered), "no proposal");
    SaPayload answer = AnswerSuite({gcm, 1});
    answer.proposals[0].transforms.push_back(answer.proposals[0].transforms.back());
    t.Holds(!CheckAnswer(answer, offered), "a transform twice");
    answer = AnswerSuite({gcm, 1});
    IkeTransform none;
    none.type = IkeTransformType::INTEG;
    answer.proposals[0].transforms.push_back(none);
    t.Holds(CheckAnswer(answer, offered).has_value(), "AEAD with integrity NONE");
    const std::vector<CipherSuite> many(40, gcm);
    t.Same(UsableSuites(many).size(), MAX_PROPOSALS, "an offer is bounded");
    CipherSuite odd;
    odd.integ = IntegId::HMAC_SHA2_256_128;
    t.Same(UsableSuites({odd, gcm}).size(), 1u, "what does not fit together is left out");
}

} // namespace

std::vector<TestCase*>
SessionNegotiationTests()
{
    return {
        new Sentence("J3 the responder's preference decides", Preference),
        new Sentence("J3 no suite in common", NothingInCommon),
        new Sentence("J3 the responder asks for another group", OtherGroup),
        new Sentence("J12 forged demands for groups", ForgedGroups),
        new Sentence("a cookie is asked for", Cookie),
        new Sentence("J12 forged cookies", ForgedCookies),
        new Sentence("many cookies in one request", ManyCookies),
        new Sentence("cookies are good for what they were made for", Jar),
        new Sentence("suites are chosen from offers", Choice),
        new Sentence("answers must have been offered", Answers),
    };
}

} // namespace karp
} // namespace ns3
