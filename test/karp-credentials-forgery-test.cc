/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-credentials-fixture.h"
#include "karp-credentials-tests.h"

#include <openssl/err.h>

namespace ns3
{
namespace karp
{

namespace
{

using Verdict = Credentials::Verdict;

/** A proof of r1 and r2, who judges it: what can be done to it on the way. */
struct Trial
{
    /** r1 proves itself to \p judge by \p prover, as to a peer that knows RFC 7427, or not. */
    Trial(const Credentials& prover, std::shared_ptr<const Credentials> judge, bool old = false)
        : judge(std::move(judge))
    {
        input.prf = PrfId::HMAC_SHA2_256;
        input.signedOctets = Bytes(200, 0x5a);
        input.wishes.saidHashes = !old;
        proof = *prover.Authenticate(input, {}, nullptr, counters);
    }

    /** \return what r2 thinks of \p auth with \p shown */
    Verdict Judge(const AuthPayload& auth, const std::vector<IkePayload>& shown)
    {
        return judge->Verify(auth, input, RouterId(1), shown, Time(0), counters);
    }

    /** \return what r2 thinks of \p auth with what r1 shows */
    Verdict Judge(const AuthPayload& auth)
    {
        return Judge(auth, proof.accompanying);
    }

    std::shared_ptr<const Credentials> judge; //!< r2
    AuthInput input;                          //!< what is signed
    Proof proof;                              //!< by r1
    CryptoCounters counters{};                //!< of both
};

/** \return trials of keys of \p kind, by method 14 and by what there was before */
std::vector<Trial>
TrialsOf(SigningKind kind)
{
    TestList list;
    const auto a = list.Credentials(1, kind);
    const auto b = list.Credentials(2, kind);
    return {Trial(*a, b), Trial(*a, b, true)};
}

/** \return an AUTH payload of method 14: \p identifier and \p signature */
AuthPayload
Digital(const Bytes& identifier, ByteView signature)
{
    AuthPayload auth;
    auth.method = IkeAuthMethod::DIGITAL_SIGNATURE;
    auth.data.push_back(static_cast<uint8_t>(identifier.size()));
    auth.data.insert(auth.data.end(), identifier.begin(), identifier.end());
    auth.data.insert(auth.data.end(), signature.begin(), signature.end());
    return auth;
}

// Input: AUTH payloads of every kind and method with every octet changed, cut short at every
// octet, and lengthened.
// Output: none is believed.
void
EveryOctet(Sentence& t)
{
    for (const SigningKind kind : SIGNING_KINDS)
    {
        for (Trial& trial : TrialsOf(kind))
        {
            const AuthPayload& good = trial.proof.auth;
            const std::string name = ToString(kind);
            t.Holds(trial.Judge(good) == Verdict::OK, name);
            size_t believed = 0;
            for (size_t i = 0; i < good.data.size(); ++i)
            {
                AuthPayload bad = good;
                bad.data[i] ^= static_cast<uint8_t>(1u << (i % 8));
                believed += trial.Judge(bad) == Verdict::OK ? 1 : 0;
                bad.data.resize(i);
                believed += trial.Judge(bad) == Verdict::OK ? 1 : 0;
            }
            AuthPayload longer = good;
            longer.data.push_back(0);
            believed += trial.Judge(longer) == Verdict::OK ? 1 : 0;
            t.Same(believed, 0u, name);
            trial.input.signedOctets.back() ^= 1;
            t.Holds(trial.Judge(good) == Verdict::FAILED, name + ": other octets");
        }
    }
    t.Same(ERR_peek_error(), 0u, "the queue is empty");
}

// Input: method 14 with AlgorithmIdentifiers of other hashes and other keys, with a length beyond
// the payload, with octets after the identifier; methods that nobody knows.
// Output: refused without a verification where there is nothing to verify.
void
Forms(Sentence& t)
{
    for (const SigningKind kind : SIGNING_KINDS)
    {
        Trial trial = TrialsOf(kind).front();
        const ByteView data = trial.proof.auth.data;
        const ByteView signature = data.Sub(1 + data[0]);
        const CryptoCounters before = trial.counters;
        for (const char* identifier : {"",
                                       "3000",
                                       "300b06092a864886f70d010105",     // sha1WithRSAEncryption
                                       "300d06092a864886f70d01010c0500", // sha384WithRSAEncryption
                                       "300a06082a8648ce3d040303",       // ecdsa-with-SHA384
                                       "300906072a8648ce3d0401",         // ecdsa-with-SHA1
                                       "300506032b6571",                 // Ed448
                                       "300d06092a864886f70d01010a3000", // RSASSA-PSS, SHA-1
                                       "3007060328657005000000"})
        {
            t.Holds(trial.Judge(Digital(FromHex(identifier), signature)) == Verdict::FAILED,
                    identifier);
        }
        for (const SigningKind other : SIGNING_KINDS)
        {
            const ByteView theirs = TrialsOf(other).front().proof.auth.data;
            const Bytes identifier = theirs.Sub(1, theirs[0]).Copy();
            if (identifier != data.Sub(1, data[0]).Copy())
            {
                t.Holds(trial.Judge(Digital(identifier, signature)) == Verdict::FAILED, "foreign");
            }
        }
        AuthPayload bad = trial.proof.auth;
        bad.data[0] = 255;
        t.Holds(trial.Judge(bad) == Verdict::FAILED, "beyond the end");
        Bytes identifier = data.Sub(1, data[0]).Copy();
        identifier.push_back(0);
        t.Holds(trial.Judge(Digital(identifier, signature)) == Verdict::FAILED, "trailing");
        for (const int method : {0, 1, 2, 3, 9, 10, 11, 12, 13, 15, 255})
        {
            bad = trial.proof.auth;
            bad.method = static_cast<IkeAuthMethod>(method);
            t.Holds(trial.Judge(bad) == Verdict::FAILED, "method " + std::to_string(method));
        }
        const size_t verify = static_cast<size_t>(VerifyBy(kind));
        t.Holds(trial.counters[verify] <= before[verify] + 1, "no work for nothing");
    }
}

// Input: CERT payloads cut short at every octet, with every octet changed; more of them than are
// looked at; of another encoding; the AUTH payload of another's certificate.
// Output: never believed but where the change is not signed and changes nothing, of which there is
// none; the reasons are those of what is wrong.
void
CertificateOctets(Sentence& t)
{
    TestTrust trust("anchor", SigningKind::ED25519);
    const auto kind = SigningKind::ED25519;
    const auto a = trust.Credentials(1, kind);
    const auto b = trust.Credentials(2, kind);
    Trial trial(*a, b);
    const auto good = std::get<CertPayload>(trial.proof.accompanying.front());
    t.Holds(trial.Judge(trial.proof.auth) == Verdict::OK, "as it was");
    size_t believed = 0;
    for (size_t i = 0; i < good.data.size(); ++i)
    {
        CertPayload bad = good;
        bad.data[i] ^= static_cast<uint8_t>(1u << (i % 8));
        believed += trial.Judge(trial.proof.auth, {bad}) == Verdict::OK ? 1 : 0;
        bad.data.resize(i);
        believed += trial.Judge(trial.proof.auth, {bad}) == Verdict::OK ? 1 : 0;
    }
    t.Same(believed, 0u, "changed and cut short");
    CertPayload longer = good;
    longer.data.push_back(0);
    t.Holds(trial.Judge(trial.proof.auth, {longer}) == Verdict::BAD_CERT, "lengthened");
    t.Holds(trial.Judge(trial.proof.auth, {CertPayload{7, good.data}}) == Verdict::NO_CREDENTIAL,
            "a revocation list instead");
    t.Holds(trial.Judge(trial.proof.auth, {}) == Verdict::NO_CREDENTIAL, "none");
    std::vector<IkePayload> many(5, good);
    many.back() = CertPayload{CERT_X509_SIGNATURE, {1}};
    t.Holds(trial.Judge(trial.proof.auth, many) == Verdict::CHAIN_TOO_LONG,
            "the fifth is not looked at");
    const auto other = trust.authority->Issue(*TestKey(kind, "x")->Public(), RouterText(1), LONG);
    t.Holds(trial.Judge(trial.proof.auth, {CertPayload{4, other->Der()}}) == Verdict::FAILED,
            "another's key under the same name");
    t.Holds(trial.Judge(trial.proof.auth, {CertPayload{4, Bytes(60000, 0x30)}}) ==
                Verdict::BAD_CERT,
            "long");
    t.Same(ERR_peek_error(), 0u, "the queue is empty");
}

// Input: an IKE_SA_INIT response to r1 by a forger who asks for no certificate and says no hash
// algorithms, before the true one.
// Output: r1 proves itself to the forger in vain and then to r2: no unsigned word keeps it from an
// association (J12).
//
//   r1                 forger              r2
//    | IKE_SA_INIT         |                |
//    |--------------------------------------| (lost)
//    |<--------------------|                |
//    | IKE_AUTH            |                |
//    |-------------------->|                |
//    | IKE_AUTH, IKE_SA_INIT again          |
//    |------------------------------------->|
void
ForgedWishes(Sentence& t)
{
    TestTrust trust;
    const auto kind = SigningKind::ECDSA_P256;
    auto mixed = std::make_shared<MixedCredentials>(RouterId(1));
    mixed->Add(trust.Credentials(1, kind));
    mixed->Add(GroupPsk(1, "not the group's"));
    SessionPipe pipe(Between(mixed, trust.Credentials(2, kind)));
    SessionPipe forger(Between(mixed, GroupPsk(2, "a guess")));
    pipe.Initiate();
    const Datagram request = pipe.Take();
    forger.Arrive(request);
    Datagram answer = forger.Take();
    answer.destination = pipe.a.address;
    pipe.Arrive(answer);
    t.Same(pipe.Wire().size(), 1u, "IKE_AUTH to the forger");
    pipe.Finish();
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address).has_value(), "with r2 all the same");
    t.Same(pipe.a.user.Last("auth_response").identity, RouterText(2));
}

// Input: SIGNATURE_HASH_ALGORITHMS with an odd number of octets, with thousands of algorithms;
// certificate requests with a torn hash, and with thousands.
// Output: BAD_LENGTH; no more are kept than there is room for.
void
Wishes(Sentence& t)
{
    IkeMessage message;
    message.header.spiInitiator = 1;
    message.header.exchange = IkeExchange::IKE_SA_INIT;
    message.payloads = {MakeNotify(IkeNotify::SIGNATURE_HASH_ALGORITHMS, {0, 2, 0})};
    const auto decoded = DecodeIkeMessage(EncodeIkeMessage(message));
    const auto* error = std::get_if<DecodeError>(&decoded);
    t.Holds(error && error->reason == DropReason::BAD_LENGTH, "odd");

    PeerWishes wishes;
    Bytes many;
    for (int i = 0; i < 5000; ++i)
    {
        many.push_back(static_cast<uint8_t>(i >> 8));
        many.push_back(static_cast<uint8_t>(i));
    }
    CertReqPayload torn{CERT_X509_SIGNATURE, Bytes(19, 1)};
    wishes.Note({torn});
    t.Same(wishes.anchors.size(), 0u, "torn");
    wishes.Note({MakeNotify(IkeNotify::SIGNATURE_HASH_ALGORITHMS, many)});
    t.Same(wishes.hashes.size(), PeerWishes::ANCHORS_MAX, "bounded");
    CertReqPayload anchors{CERT_X509_SIGNATURE, many};
    wishes.Note({anchors, anchors});
    t.Same(wishes.anchors.size(), PeerWishes::ANCHORS_MAX, "bounded");
    t.Holds(!wishes.rawKeys, "not asked for");
    wishes.Note({CertReqPayload{CERT_RAW_PUBLIC_KEY, {}}});
    t.Holds(wishes.rawKeys, "asked for");
}

// Input: a signature of the initiator's message, sent back by the responder as its own.
// Output: refused: each side signs its own message and the other's nonce.
void
Reflected(Sentence& t)
{
    TestList list;
    const auto a = list.Credentials(1, SigningKind::ED25519);
    const auto b = list.Credentials(2, SigningKind::ED25519);
    // Whoever has no key of r2 can only claim to be r1 itself.
    const auto mirror =
        std::make_shared<RawKeyCredentials>(RouterId(1),
                                            TestKey(SigningKind::ED25519, RouterText(1)),
                                            list.list);
    SessionPipe pipe(Between(a, mirror));
    pipe.Initiate();
    pipe.Run();
    t.Holds(!pipe.a.manager->FindEstablished(pipe.b.address), "not with itself");
    t.Same(pipe.b.Drops(DropReason::NO_CREDENTIAL), 1u, "one's own name");
}

} // namespace

std::vector<TestCase*>
ProofForgeryTests()
{
    return {
        new Sentence("K1 every octet of a signature", EveryOctet),
        new Sentence("K1 forms of signatures", Forms),
        new Sentence("K1 every octet of a certificate", CertificateOctets),
        new Sentence("K1 J12 forged wishes", ForgedWishes),
        new Sentence("K1 wishes are bounded", Wishes),
        new Sentence("K1 one's own key proves nothing to oneself", Reflected),
    };
}

} // namespace karp
} // namespace ns3
