/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-fixture.h"
#include "karp-session-tests.h"

namespace ns3
{
namespace karp
{

namespace
{

/** \return credentials of r<index> that know r<peer> by \p key */
std::shared_ptr<PairPskCredentials>
PairPsk(uint8_t index, uint8_t peer, const std::string& key)
{
    auto credentials =
        std::make_shared<PairPskCredentials>(Identity::OfName("r" + std::to_string(index)));
    credentials->Add(Identity::OfName("r" + std::to_string(peer)),
                     IpAddress{0x0a000000u + peer},
                     KeyOf(key));
    return credentials;
}

// Input: a key for the pair r1 and r2.
// Output: an association, by proven names.
void
PairKey(Sentence& t)
{
    PipeOptions options;
    options.credentialsA = PairPsk(1, 2, "between one and two");
    options.credentialsB = PairPsk(2, 1, "between one and two");
    SessionPipe pipe(options);
    t.Holds(pipe.Establish() != 0, "established");
    t.Same(pipe.a.user.Last("auth_response").identity, std::string("r2"));
    t.Same(pipe.b.user.Last("auth_request").identity, std::string("r1"));
}

// Input: r1 has no key for r2.
// Output: r1 fails as soon as it would have to prove its identity; the rejection is counted.
void
NothingForPeer(Sentence& t)
{
    PipeOptions options;
    options.credentialsA = PairPsk(1, 3, "between one and three");
    options.credentialsB = PairPsk(2, 1, "between one and two");
    SessionPipe pipe(options);
    pipe.Initiate();
    t.Same(pipe.Run(), 2u, "no IKE_AUTH");
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::NO_CREDENTIAL, "told");
    t.Same(pipe.a.user.Count("failed"), 1u, "once");
    t.Same(pipe.a.Drops(DropReason::NO_CREDENTIAL), 1u, "counted");
    t.Same(pipe.a.manager->SessionCount(), 0u, "gone");
}

// Input: r2 does not know r1.
// Output: AUTHENTICATION_FAILED under SK, counted as NO_CREDENTIAL; r1 waits on, to the time-out.
void
UnknownIdentity(Sentence& t)
{
    PipeOptions options;
    options.credentialsA = PairPsk(1, 2, "between one and two");
    options.credentialsB = PairPsk(2, 3, "between two and three");
    SessionPipe pipe(options);
    pipe.Initiate();
    t.Same(pipe.Run(), 4u, "an answer all the same");
    t.Same(pipe.b.Drops(DropReason::NO_CREDENTIAL), 1u, "counted");
    t.Same(pipe.b.user.calls.size(), 0u, "the user hears nothing of it");
    t.Same(pipe.a.Drops(DropReason::AUTH_FAILED), 1u, "the notification decides nothing (J12)");
    t.Same(pipe.a.user.calls.size(), 0u, "r1 waits on");
}

// Input: different group keys; timers 2, 4, ..., 64 s.
// Output: neither believes the other; r1 is told at the end of its patience, 126 s, and not before.
//
//   r1                                     r2
//    | IKE_SA_INIT                          |
//    |------------------------------------->|
//    |<-------------------------------------|
//    | IKE_AUTH                             |
//    |------------------------------------->| wrong
//    |     IKE_AUTH SK{N(AUTHENTICATION_FAILED)}
//    |<-------------------------------------|
//    | IKE_SA_INIT, again and again         |
void
WrongKey(Sentence& t)
{
    PipeOptions options;
    options.pskB = "another secret";
    SessionPipe pipe(options);
    pipe.Initiate();
    t.Same(pipe.Run(), 4u);
    t.Same(pipe.b.Drops(DropReason::AUTH_FAILED), 1u, "r2 counts it");
    t.Same(pipe.a.Drops(DropReason::AUTH_FAILED), 1u, "r1 counts it");
    t.Same(pipe.b.manager->HalfOpenCount(), 1u, "keeps a half-open place");
    while (pipe.a.user.Count("failed") == 0 && pipe.PassToNext())
    {
        pipe.Run();
    }
    t.Same(pipe.now.count(), Time(std::chrono::seconds(126)).count(), "end of patience");
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::TIMEOUT, "why");
    t.Same(pipe.a.manager->SessionCount(), 0u, "gone");
    t.Holds(!pipe.a.manager->FindEstablished(pipe.b.address), "never established");
    t.Holds(!pipe.b.manager->FindEstablished(pipe.a.address), "never established");
    t.Same(pipe.b.user.calls.size(), 0u, "nobody is told of who proved nothing");
}

// Input: r1's own messages, answered by somebody who claims r1's own name with the group's key.
// Output: refused: a router's own messages, led back to it, prove nothing.
void
OwnName(Sentence& t)
{
    PipeOptions options;
    options.credentialsB = GroupPsk(1, options.pskA);
    SessionPipe pipe(options);
    pipe.Initiate();
    pipe.Run();
    t.Same(pipe.b.Drops(DropReason::AUTH_FAILED), 1u);
    t.Same(pipe.a.user.calls.size() + pipe.b.user.calls.size(), 0u);
}

// Input: AUTH values for other octets, of another method, cut short, by an empty key.
// Output: each is refused.
void
Values(Sentence& t)
{
    CryptoCounters counters{};
    const auto r1 = GroupPsk(1, "secret");
    const auto r2 = GroupPsk(2, "secret");
    const Identity name = Identity::OfName("r1.example");
    const AuthInput input{PrfId::HMAC_SHA2_256, {1, 2, 3}};
    const auto good = r1->Authenticate(input, {}, nullptr, counters);
    t.Holds(good.has_value(), "a value");
    using Verdict = Credentials::Verdict;
    const auto verify = [&](const AuthPayload& auth, const AuthInput& what) {
        return r2->Verify(auth, what, name, {}, Time(0), counters);
    };
    t.Holds(verify(*good, input) == Verdict::OK, "good");
    t.Holds(verify(*good, {PrfId::HMAC_SHA2_256, {1, 2, 4}}) == Verdict::FAILED, "other octets");
    t.Holds(verify(*good, {PrfId::HMAC_SHA2_384, {1, 2, 3}}) == Verdict::FAILED, "other prf");
    AuthPayload bad = *good;
    bad.method = IkeAuthMethod::DIGITAL_SIGNATURE;
    t.Holds(verify(bad, input) == Verdict::FAILED, "other method");
    bad = *good;
    bad.data.pop_back();
    t.Holds(verify(bad, input) == Verdict::FAILED, "cut short");
    bad.data.clear();
    t.Holds(verify(bad, input) == Verdict::FAILED, "empty");
    const auto nobody = GroupPsk(3, "");
    t.Holds(!nobody->Authenticate(input, {}, nullptr, counters), "no key, no value");
    t.Holds(nobody->Verify(*good, input, name, {}, Time(0), counters) == Verdict::NO_CREDENTIAL,
            "no key, no belief");
}

// Input: identities of several kinds.
// Output: text for people, octets that are not printable as hexadecimal digits.
void
Names(Sentence& t)
{
    t.Same(Identity::OfName("r1.example").ToString(), std::string("r1.example"));
    t.Same((Identity{IkeIdType::IPV4_ADDR, {10, 0, 0, 1}}).ToString(), std::string("10.0.0.1"));
    t.Same((Identity{IkeIdType::FQDN, {7}}).ToString(), std::string("2:07"));
    t.Same((Identity{IkeIdType::KEY_ID, {0xab, 0xcd}}).ToString(), std::string("11:abcd"));
}

} // namespace

std::vector<TestCase*>
SessionCredentialTests()
{
    return {
        new Sentence("K1 J3 a key for each pair", PairKey),
        new Sentence("K1 no key for the peer", NothingForPeer),
        new Sentence("K1 no key for the claimed identity", UnknownIdentity),
        new Sentence("J3 a wrong key proves nothing", WrongKey),
        new Sentence("J3 one's own name proves nothing", OwnName),
        new Sentence("AUTH values", Values),
        new Sentence("identities for people", Names),
    };
}

} // namespace karp
} // namespace ns3
