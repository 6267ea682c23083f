/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-fixture.h"
#include "karp-session-tests.h"

#include "ns3/karp-ike-keys.h"

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
    t.Holds(verify(good->auth, input) == Verdict::OK, "good");
    t.Holds(verify(good->auth, {PrfId::HMAC_SHA2_256, {1, 2, 4}}) == Verdict::FAILED,
            "other octets");
    t.Holds(verify(good->auth, {PrfId::HMAC_SHA2_384, {1, 2, 3}}) == Verdict::FAILED, "other prf");
    AuthPayload bad = good->auth;
    bad.method = IkeAuthMethod::DIGITAL_SIGNATURE;
    t.Holds(verify(bad, input) == Verdict::FAILED, "other method");
    bad = good->auth;
    bad.data.pop_back();
    t.Holds(verify(bad, input) == Verdict::FAILED, "cut short");
    bad.data.clear();
    t.Holds(verify(bad, input) == Verdict::FAILED, "empty");
    const auto pair = PairPsk(2, 1, "between one and two");
    t.Holds(!pair->Authenticate(input, {}, &name, counters), "not known by that name");
    const auto vain = PairPsk(1, 1, "with oneself");
    t.Holds(vain->Verify(good->auth, input, vain->Local(), {}, Time(0), counters) ==
                Verdict::NO_CREDENTIAL,
            "nobody pairs with oneself");
    const auto nobody = GroupPsk(3, "");
    t.Holds(!nobody->Authenticate(input, {}, nullptr, counters), "no key, no value");
    t.Holds(nobody->Verify(good->auth, input, name, {}, Time(0), counters) ==
                Verdict::NO_CREDENTIAL,
            "no key, no belief");
}

// Input: the published derivation of SP 800-135 for HMAC-SHA-256, a captured rekeying, and the key
// pad over "Hello".
// Output: the same keys.
void
Keys(Sentence& t)
{
    CryptoCounters counters{};
    const Bytes ni = FromHex("ed80dc79912c32a9");
    const Bytes nr = FromHex("35fb6d1a3feac078");
    const IkeKeyInputs inputs{ni, nr, 0x47c1858efc932ea4, 0x606fd05609624002};
    const Bytes shared =
        FromHex("42968e5d0ccc3cfc5a3e4bc1bba370cea1fae0d54c49ccba34b2bee804beeb2e9e8c57a4e01bd451"
                "02cf2433aacc6cfec06792f363e5170e6aa6650274e906648e449d27a8f00b5b44261982c9835c74"
                "8a751ec5138eaacc5e025661339538a61bf418e454699e19c32db8d9ce5dd86b220f1e89afc5872e"
                "68be36cb1a0c8866");
    const SecretBytes skeyseed = DeriveSkeyseed(PrfId::HMAC_SHA2_256, inputs, shared, counters);
    t.Same(ToHex(skeyseed),
           std::string("37fde90b81d63692620f67367b62092e3efdc6a03509137d731004767ff35010"));
    const IkeKeys keys =
        DeriveIkeKeys(SuiteOf("aes128-sha256-prfsha256-x25519"), inputs, skeyseed, counters);
    t.Same(ToHex(keys.skD) + ToHex(keys.skAi) + ToHex(keys.skAr) + ToHex(keys.skEi) +
               ToHex(keys.skEr) + ToHex(ByteView(keys.skPi).Sub(0, 4)),
           std::string("63d018a08f7a29daa7d1f92cb63f45fa39bbaf5e5f1a78139613bb891e3e6bf9"
                       "d0448f7c74e05b4c1a25c0b61e62c875e852f287e192d4ae536112db51972164"
                       "00bd5e123470efc15f53161865fe8b19a1416518a157d651ecd2caddab6a9eae"
                       "6a27a55af088218d5156edaa9789f934"
                       "d9836ed43edffda553822202ff9f7d48"
                       "60ca72e0"));
    t.Same(keys.skPi.size() + keys.skPr.size(), 64u, "SK_p");
    t.Same(counters[static_cast<size_t>(CryptoOperation::PRF)], 1u + 6, "charged");

    const Bytes oldSkD =
        FromHex("7a0d503cb0e0cf2e88855d48d87b374fda579125c47d372af3e6ef3e9fe3dbde");
    const Bytes newNi = FromHex("795005d44aabf00f8d906da24bca503394b39900b920a829761fff47d5d12829");
    const Bytes newNr = FromHex("ac861ce798ba2836bc01d879236ed49402ef3c2c4be32d42c12710ca97eafdc8");
    const Bytes newShared =
        FromHex("7afc110be2cae017497abdc1e92f7a666f772a98c169abfc2d7b0ff40602ff3a");
    t.Same(ToHex(DeriveRekeySkeyseed(PrfId::HMAC_SHA2_256,
                                     oldSkD,
                                     {newNi, newNr, 0, 0},
                                     newShared,
                                     counters)),
           std::string("c9d40e7d561b0e1bf73334ab6fdd3ad68864a124003cbfda305d30cd48b539ba"));

    const std::string psk = "Hello";
    const Bytes pad = FromHex("87fddc891068fa22e90cda88d10bec2a574fd3f2db18aa6a945b9bb0cf38d4c5");
    const Bytes octets{1, 2, 3};
    t.Same(ToHex(PskAuthValue(PrfId::HMAC_SHA2_256, ByteView::Of(psk), octets, counters)),
           ToHex(Prf(PrfId::HMAC_SHA2_256, pad, {octets})));
    CipherSuite none;
    none.prf = PrfId::NONE;
    t.Holds(DeriveIkeKeys(none, inputs, skeyseed, counters).skD.empty(), "no such prf");
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
        new Sentence("K2 keys as published", Keys),
        new Sentence("identities for people", Names),
    };
}

} // namespace karp
} // namespace ns3
