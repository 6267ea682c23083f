/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-credentials-fixture.h"
#include "karp-credentials-tests.h"

namespace ns3
{
namespace karp
{

namespace
{

/** Raw keys whose owner does not know RFC 7427: it says no hash algorithms. */
class OldFashioned : public RawKeyCredentials
{
  public:
    using RawKeyCredentials::RawKeyCredentials;

    std::vector<uint16_t> HashAlgorithms() const override
    {
        return {};
    }
};

/** Credentials that write down by which method the other side proved itself. */
class Noting : public Credentials
{
  public:
    /** Do as \p inner does. */
    explicit Noting(std::shared_ptr<const Credentials> inner)
        : Credentials(inner->Local()),
          m_inner(std::move(inner))
    {
    }

    std::optional<Proof> Authenticate(const AuthInput& input,
                                      IpAddress address,
                                      const Identity* peer,
                                      CryptoCounters& counters) const override
    {
        return m_inner->Authenticate(input, address, peer, counters);
    }

    Verdict Verify(const AuthPayload& auth,
                   const AuthInput& input,
                   const Identity& peer,
                   const std::vector<IkePayload>& inner,
                   Time now,
                   CryptoCounters& counters) const override
    {
        method = static_cast<int>(auth.method);
        certificates = 0;
        requests = 0;
        for (const auto& payload : inner)
        {
            const auto* cert = std::get_if<CertPayload>(&payload);
            encoding = cert != nullptr ? cert->encoding : encoding;
            certificates += cert != nullptr ? 1 : 0;
            requests += std::holds_alternative<CertReqPayload>(payload) ? 1 : 0;
        }
        return m_inner->Verify(auth, input, peer, inner, now, counters);
    }

    std::vector<uint16_t> HashAlgorithms() const override
    {
        return m_inner->HashAlgorithms();
    }

    std::vector<CertReqPayload> Requests() const override
    {
        return m_inner->Requests();
    }

    bool Suits(const PeerWishes& wishes) const override
    {
        return m_inner->Suits(wishes);
    }

    mutable int method{0};          //!< of the last AUTH payload
    mutable int encoding{0};        //!< of the last CERT payload
    mutable size_t certificates{0}; //!< CERT payloads with it
    mutable size_t requests{0};     //!< CERTREQ payloads with it

  private:
    std::shared_ptr<const Credentials> m_inner; //!< the work
};

/** \return whether \p a and \p b make an association, each knowing the other's name */
bool
Associates(const std::shared_ptr<const Credentials>& a, const std::shared_ptr<const Credentials>& b)
{
    SessionPipe pipe(Between(a, b));
    return pipe.Establish() != 0 && pipe.log.size() == 4 && pipe.a.Drops() + pipe.b.Drops() == 0 &&
           pipe.a.user.Last("auth_response").identity == RouterText(2) &&
           pipe.b.user.Last("auth_request").identity == RouterText(1);
}

// Input: key pairs of every kind against every kind, on one authorisation list.
// Output: an association in two round trips, both identities proven.
void
RawKeys(Sentence& t)
{
    for (const SigningKind first : SIGNING_KINDS)
    {
        for (const SigningKind second : SIGNING_KINDS)
        {
            TestList list;
            const auto a = list.Credentials(1, first);
            const auto b = list.Credentials(2, second);
            t.Holds(Associates(a, b), std::string(ToString(first)) + " " + ToString(second));
        }
    }
}

// Input: certificates for keys of every kind against every kind, under anchors of every kind.
// Output: the same.
void
Certificates(Sentence& t)
{
    for (const SigningKind anchor : SIGNING_KINDS)
    {
        TestTrust trust("anchor", anchor);
        for (size_t i = 0; i < SIGNING_KINDS.size(); ++i)
        {
            const SigningKind first = SIGNING_KINDS[i];
            const SigningKind second =
                SIGNING_KINDS[(i + static_cast<size_t>(anchor)) % SIGNING_KINDS.size()];
            t.Holds(Associates(trust.Credentials(1, first), trust.Credentials(2, second)),
                    std::string(ToString(anchor)) + ": " + ToString(first) + " " +
                        ToString(second));
        }
    }
}

// Input: two routers with RSA certificates; two with preshared keys.
// Output: what RFC 7427 section 4 and RFC 7296 section 1.2 want is where they want it; with
// preshared keys nothing is there that was not before.
//
//   r1                                                r2
//    | IKE_SA_INIT  SA KE Nonce N(hashes)              |
//    |------------------------------------------------>|
//    |    IKE_SA_INIT  SA KE Nonce CERTREQ N(hashes)   |
//    |<------------------------------------------------|
//    | IKE_AUTH  SK{IDi CERT CERTREQ AUTH group}       |
//    |------------------------------------------------>|
//    |                    IKE_AUTH  SK{IDr CERT AUTH}  |
//    |<------------------------------------------------|
void
Payloads(Sentence& t)
{
    TestTrust trust;
    const auto a = std::make_shared<Noting>(trust.Credentials(1, SigningKind::RSA_2048));
    const auto b = std::make_shared<Noting>(trust.Credentials(2, SigningKind::ED25519));
    SessionPipe pipe(Between(a, b));
    t.Holds(pipe.Establish() != 0, "established");
    const auto request = std::get<IkeMessage>(DecodeIkeMessage(pipe.log[0].payload));
    const auto response = std::get<IkeMessage>(DecodeIkeMessage(pipe.log[1].payload));
    const auto* hashes = request.Find<NotifyPayload>();
    t.Holds(hashes && hashes->type == IkeNotify::SIGNATURE_HASH_ALGORITHMS, "hashes of r1");
    t.Same(ToHex(hashes->data), std::string("00020005"), "SHA2-256 and Identity");
    t.Holds(response.Find<NotifyPayload>() != nullptr, "hashes of r2");
    t.Holds(request.Find<CertReqPayload>() == nullptr, "the request asks for nothing");
    const auto* asked = response.Find<CertReqPayload>();
    t.Holds(asked && asked->encoding == CERT_X509_SIGNATURE, "an X.509 certificate");
    const KeyHash hash = trust.authority->Own()->Key()->Hash();
    t.Same(ToHex(asked->authorities), ToHex(hash), "SHA-1 of the anchor's key");
    t.Same(b->method, 14, "RFC 7427");
    t.Same(b->certificates, 1u, "CERT of r1");
    t.Same(b->requests, 1u, "CERTREQ of r1");
    t.Same(a->certificates, 1u, "CERT of r2");
    t.Same(a->requests, 0u, "r2 has asked before");
    t.Same(pipe.b.user.Last("auth_request").inner.size(), 1u, "the user sees none of them");
    t.Same(pipe.a.Operations(CryptoOperation::SIGN_RSA_2048), 1u, "charged");
    t.Same(pipe.b.Operations(CryptoOperation::VERIFY_RSA_2048), 1u, "charged");
    t.Same(pipe.b.Operations(CryptoOperation::SIGN_ED25519), 1u, "charged");
    t.Same(pipe.a.Operations(CryptoOperation::VERIFY_ED25519), 1u, "charged");
    t.Same(pipe.a.Operations(CryptoOperation::VERIFY_ECDSA_P256), 1u, "the certificate's");

    SessionPipe shared;
    t.Holds(shared.Establish() != 0, "established");
    for (size_t i = 0; i < 2; ++i)
    {
        const auto message = std::get<IkeMessage>(DecodeIkeMessage(shared.log[i].payload));
        t.Same(message.payloads.size(), 3u, "SA KE Nonce");
    }
}

// Input: a peer that says no hash algorithms, with keys of every kind on both sides.
// Output: RSA and ECDSA keys sign by the methods of before RFC 7427; Ed25519 has none but 14.
void
LegacyMethods(Sentence& t)
{
    const std::vector<std::pair<SigningKind, int>> METHODS{{SigningKind::RSA_2048, 1},
                                                           {SigningKind::RSA_3072, 1},
                                                           {SigningKind::ECDSA_P256, 9},
                                                           {SigningKind::ED25519, 14}};
    for (const auto& [kind, method] : METHODS)
    {
        TestList list;
        const auto a = list.Credentials(1, kind);
        list.Credentials(2, kind);
        const auto b = std::make_shared<Noting>(
            std::make_shared<OldFashioned>(RouterId(2), TestKey(kind, RouterText(2)), list.list));
        t.Holds(Associates(a, b), ToString(kind));
        t.Same(b->method, method, ToString(kind));
        t.Same(b->encoding, static_cast<int>(CERT_RAW_PUBLIC_KEY), "asked for and shown");
        t.Same(static_cast<int>(std::make_shared<Noting>(a)->requests), 0);
        t.Holds(Associates(list.Credentials(1, kind), list.Credentials(2, kind)), "new ones");
    }
}

// Input: r1 is not on r2's list; is there with another key; is taken off it after a first
// association; shows another key than that on the list; claims r2's own name.
// Output: NO_CREDENTIAL or AUTH_FAILED, and no association.
void
Lists(Sentence& t)
{
    TestList list;
    const auto a = list.Credentials(1, SigningKind::ED25519);
    const auto b = list.Credentials(2, SigningKind::ECDSA_P256);
    TestList strangers;
    const auto stranger = strangers.Credentials(1, SigningKind::RSA_2048);
    t.Holds(RefusalOf(strangers.Credentials(3, SigningKind::ED25519), b) ==
                DropReason::NO_CREDENTIAL,
            "not on the list");
    t.Holds(RefusalOf(stranger, b) == DropReason::AUTH_FAILED, "another key");
    const auto imposter =
        std::make_shared<RawKeyCredentials>(RouterId(1),
                                            TestKey(SigningKind::ED25519, "imposter"),
                                            list.list);
    t.Holds(RefusalOf(imposter, b) == DropReason::AUTH_FAILED, "another key of the same kind");
    t.Holds(RefusalOf(
                std::make_shared<RawKeyCredentials>(RouterId(2),
                                                    TestKey(SigningKind::ECDSA_P256, RouterText(2)),
                                                    list.list),
                b) == DropReason::NO_CREDENTIAL,
            "r2's own name");
    t.Holds(Associates(a, b), "on the list");
    list.list->Remove(RouterId(1));
    t.Holds(RefusalOf(a, b) == DropReason::NO_CREDENTIAL, "taken off");

    CryptoCounters counters{};
    list.Credentials(1, SigningKind::ED25519);
    AuthInput input{PrfId::HMAC_SHA2_256, {1, 2, 3}};
    input.wishes.rawKeys = true;
    const auto proof = a->Authenticate(input, {}, nullptr, counters);
    const auto verify = [&](const std::vector<IkePayload>& shown) {
        return b->Verify(proof->auth, input, RouterId(1), shown, Time(0), counters);
    };
    using Verdict = Credentials::Verdict;
    t.Holds(verify(proof->accompanying) == Verdict::OK, "shows its key");
    t.Holds(verify({}) == Verdict::OK, "need not show it");
    t.Holds(verify({CertPayload{CERT_RAW_PUBLIC_KEY, {1}}}) == Verdict::FAILED, "shows another");
    const RawKeyCredentials mute(RouterId(3), nullptr, list.list);
    t.Holds(!mute.Authenticate(input, {}, nullptr, counters), "no key, no proof");
}

/** \return credentials of r<index> that put together \p kinds */
std::shared_ptr<MixedCredentials>
Mix(uint8_t index, std::initializer_list<std::shared_ptr<const Credentials>> kinds)
{
    auto mixed = std::make_shared<MixedCredentials>(RouterId(index));
    for (const auto& kind : kinds)
    {
        mixed->Add(kind);
    }
    return mixed;
}

// Input: routers with several kinds against routers with one: a certificate or else a preshared
// key; a raw key or else a certificate; only a raw key on one side and only a certificate on the
// other, each able to verify both.
// Output: an association wherever there is a kind that each can verify, by that kind.
void
Mixed(Sentence& t)
{
    TestTrust trust;
    TestList list;
    const auto psk = [](uint8_t index) { return GroupPsk(index, "a secret of the group"); };
    const auto both = Mix(1, {trust.Credentials(1, SigningKind::ECDSA_P256), psk(1)});
    const auto method = [&t](const std::shared_ptr<const Credentials>& a,
                             const std::shared_ptr<const Credentials>& b,
                             const std::string& what) {
        const auto noting = std::make_shared<Noting>(b);
        t.Holds(Associates(a, noting), what);
        t.Holds(Associates(Mix(1, {a}), Mix(2, {b})), what + ", wrapped");
        return noting->method * 100 + noting->encoding;
    };
    t.Same(method(both, psk(2), "b has only the group's key"), 200);
    t.Same(method(psk(1), Mix(2, {trust.Credentials(2, SigningKind::ED25519), psk(2)}), "so has a"),
           200);
    t.Same(method(both, trust.Credentials(2, SigningKind::RSA_2048), "b has a certificate"), 1404);
    t.Same(method(both, Mix(2, {psk(2), trust.Credentials(2, SigningKind::RSA_2048)}), "all"),
           1404);

    const auto keys = list.Credentials(1, SigningKind::ED25519);
    const auto wears = trust.Credentials(1, SigningKind::ED25519);
    const auto two = Mix(1, {wears, keys});
    t.Same(method(two, list.Credentials(2, SigningKind::ED25519), "b only knows keys"), 1415);
    t.Same(
        method(Mix(1, {keys, wears}), trust.Credentials(2, SigningKind::ED25519), "certificates"),
        1404);

    // r1 has only a key, r2 only a certificate, and each can verify the other's kind.
    const auto onlyKey =
        Mix(1, {keys, std::make_shared<CertificateCredentials>(RouterId(1), trust.store)});
    const auto onlyCertificate =
        Mix(2,
            {std::make_shared<RawKeyCredentials>(RouterId(2), nullptr, list.list),
             trust.Credentials(2, SigningKind::ECDSA_P256)});
    t.Same(method(onlyKey, onlyCertificate, "unlike"), 1415);

    // Nothing in common: no association, by the reason that says most.
    t.Holds(RefusalOf(psk(1), trust.Credentials(2, SigningKind::ED25519)) ==
                DropReason::NO_CREDENTIAL,
            "a key for a certificate");
    TestTrust other("other-anchor");
    t.Holds(RefusalOf(Mix(1, {other.Credentials(1, SigningKind::ED25519)}),
                      Mix(2, {psk(2), trust.Credentials(2, SigningKind::ED25519)})) ==
                DropReason::CERT_UNTRUSTED,
            "the most telling reason");
    CryptoCounters counters{};
    t.Holds(!Mix(1, {})->Authenticate({}, {}, nullptr, counters), "nothing, nothing");
}

// Input: the same routers with the same keys, twice.
// Output: the same datagrams to the octet, for every kind.
void
SameOctets(Sentence& t)
{
    for (const SigningKind kind : SIGNING_KINDS)
    {
        std::vector<Bytes> before;
        for (int run = 0; run < 2; ++run)
        {
            TestTrust trust("anchor", kind);
            SessionPipe pipe(Between(trust.Credentials(1, kind), trust.Credentials(2, kind)));
            t.Holds(pipe.Establish() != 0, "established");
            std::vector<Bytes> sent;
            for (const Datagram& datagram : pipe.log)
            {
                sent.push_back(datagram.payload);
            }
            t.Holds(run == 0 || sent == before, ToString(kind));
            before = sent;
        }
    }
}

} // namespace

std::vector<TestCase*>
CredentialKindTests()
{
    return {
        new Sentence("K1 key pairs of all kinds", RawKeys),
        new Sentence("K1 certificates of all kinds", Certificates),
        new Sentence("K1 J1 payloads of signatures", Payloads),
        new Sentence("K1 methods of before RFC 7427", LegacyMethods),
        new Sentence("K1 authorisation list", Lists),
        new Sentence("K1 mixed kinds", Mixed),
        new Sentence("K1 same keys, same octets", SameOctets),
    };
}

} // namespace karp
} // namespace ns3
