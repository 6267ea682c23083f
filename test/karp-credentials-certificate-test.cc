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

using std::chrono::seconds;

constexpr SigningKind KIND = SigningKind::ED25519; //!< of routers, where it does not matter

/** \return credentials of r1 by \p chain, believing \p trust */
std::shared_ptr<CertificateCredentials>
WearChain(const TestTrust& trust, CertificateCredentials::Chain chain)
{
    auto credentials = std::make_shared<CertificateCredentials>(RouterId(1), trust.store);
    credentials->SetOwn(TestKey(KIND, RouterText(1)), std::move(chain));
    return credentials;
}

// Input: a certificate valid from 100 s until 200 s, at the edges.
// Output: not yet valid before, believed from 100 s, expired from 200 s on; the reason is told.
void
Times(Sentence& t)
{
    TestTrust trust;
    const auto b = trust.Credentials(2, KIND);
    const auto a = trust.Wear(1, KIND, trust.Issue(1, KIND, {seconds(100), seconds(200)}));
    t.Holds(RefusalOf(a, b, seconds(99)) == DropReason::CERT_NOT_YET_VALID, "99 s");
    t.Holds(RefusalOf(a, b, seconds(100)) == DropReason::NONE, "100 s");
    t.Holds(RefusalOf(a, b, seconds(199)) == DropReason::NONE, "199 s");
    t.Holds(RefusalOf(a, b, seconds(200)) == DropReason::CERT_EXPIRED, "200 s");
    t.Holds(RefusalOf(trust.Credentials(1, KIND), b, seconds(-1)) == DropReason::CERT_NOT_YET_VALID,
            "a clock that lags behind the anchor's beginning");
}

// Input: an expired responder.
// Output: the initiator refuses it, and waits for a better answer until its patience ends (J12).
void
ResponderExpired(Sentence& t)
{
    TestTrust trust;
    const auto expired = trust.Wear(2, KIND, trust.Issue(2, KIND, {Time(0), seconds(10)}));
    SessionPipe pipe(Between(trust.Credentials(1, KIND), expired));
    pipe.now = seconds(20);
    pipe.Initiate();
    pipe.Run();
    t.Same(pipe.a.Drops(DropReason::CERT_EXPIRED), 1u, "told");
    t.Same(pipe.a.user.calls.size(), 0u, "not believed, and not the end");
    pipe.Finish();
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::TIMEOUT, "the end");
}

// Input: certificates under another anchor, and under an anchor of the same name with another key.
// Output: CERT_UNTRUSTED.
void
Anchors(Sentence& t)
{
    TestTrust trust;
    const auto b = trust.Credentials(2, KIND);
    TestTrust other("other-anchor");
    t.Holds(RefusalOf(other.Credentials(1, KIND), b) == DropReason::CERT_UNTRUSTED, "another");
    TestTrust twin("anchor", SigningKind::RSA_2048);
    t.Holds(RefusalOf(twin.Credentials(1, KIND), b) == DropReason::CERT_UNTRUSTED, "a twin");
    TrustStore both;
    t.Holds(both.AddAnchor(trust.authority->Own()) && both.AddAnchor(other.authority->Own()),
            "two anchors");
    t.Same(both.AnchorHashes().size(), 2u, "both are asked for");
    t.Holds(!both.AddAnchor(trust.Issue(1, KIND)), "a router is no anchor");
    t.Holds(!both.AddAnchor(nullptr), "nothing is none");
    const auto self = std::make_shared<CertificateCredentials>(RouterId(1), trust.store);
    t.Holds(!self->SetOwn(TestKey(KIND, "another"), {trust.Issue(1, KIND)}), "another's key");
}

// Input: a certificate about r3 borne by r1; names in capital letters, by address, by the subject.
// Output: CERT_OTHER_SUBJECT; DNS names compare without regard to case (RFC 4343); a subject names
// itself in DER; what the certificate does not say is refused.
void
Names(Sentence& t)
{
    TestTrust trust;
    const auto b = trust.Credentials(2, KIND);
    const auto key = TestKey(KIND, RouterText(1));
    const auto third = trust.authority->Issue(*key->Public(), RouterText(3), LONG);
    t.Holds(RefusalOf(trust.Wear(1, KIND, third), b) == DropReason::CERT_OTHER_SUBJECT, "r3");
    const auto loud = trust.authority->Issue(*key->Public(), "R1.Example", LONG);
    t.Holds(RefusalOf(trust.Wear(1, KIND, loud), b) == DropReason::NONE, "in capitals");
    const auto good = trust.Issue(1, KIND);
    const auto claim = [&](const Identity& identity) {
        auto credentials = std::make_shared<CertificateCredentials>(identity, trust.store);
        credentials->SetOwn(key, {good});
        return RefusalOf(credentials, b);
    };
    t.Holds(claim({IkeIdType::DER_ASN1_DN, good->Subject()}) == DropReason::NONE, "subject");
    for (const Identity& identity : {Identity{IkeIdType::DER_ASN1_DN, {1, 2}},
                                     Identity{IkeIdType::IPV4_ADDR, {10, 0, 0, 1}},
                                     Identity{IkeIdType::IPV6_ADDR, Bytes(16, 1)},
                                     Identity{IkeIdType::RFC822_ADDR, RouterId(1).data},
                                     Identity{IkeIdType::KEY_ID, RouterId(1).data},
                                     Identity{IkeIdType::FQDN, {}},
                                     RouterId(4)})
    {
        t.Holds(claim(identity) == DropReason::CERT_OTHER_SUBJECT, identity.ToString());
    }
    t.Holds(RefusalOf(trust.Credentials(2, KIND), b) == DropReason::NO_CREDENTIAL, "r2's own");
    t.Holds(!trust.authority->Issue(*key->Public(), "a b", LONG), "no name");
    t.Holds(!trust.authority->Issue(*key->Public(), "x,DNS:r9", LONG), "no two names");
    t.Holds(!trust.authority->Issue(*key->Public(), std::string(65, 'a'), LONG), "too long");
}

// Input: r1 revoked from 50 s on, by lists that the routers share; a list that is out of date; a
// list that nobody has signed.
// Output: believed before, CERT_REVOKED afterwards; STALE_REVOCATION_LIST; not taken.
void
Revocation(Sentence& t)
{
    TestTrust trust;
    const auto b = trust.Credentials(2, KIND);
    const auto certificate = trust.Issue(1, KIND);
    const auto a = trust.Wear(1, KIND, certificate);
    t.Holds(RefusalOf(a, b) == DropReason::NONE, "no list");
    const Bytes empty = trust.authority->Revoke({}, {Time(0), LONG.until});
    const Bytes list = trust.authority->Revoke({certificate}, {seconds(50), seconds(500)});
    t.Holds(trust.store->AddRevocationList(empty), "nobody");
    t.Holds(RefusalOf(a, b) == DropReason::NONE, "not on the list");
    t.Holds(trust.store->AddRevocationList(list), "r1");
    t.Holds(RefusalOf(a, b, seconds(49)) == DropReason::NONE, "before");
    t.Holds(RefusalOf(a, b, seconds(50)) == DropReason::CERT_REVOKED, "after");
    t.Holds(RefusalOf(b, trust.Credentials(1, KIND), seconds(60)) == DropReason::NONE, "r2 is not");
    t.Holds(RefusalOf(b, trust.Credentials(1, KIND), seconds(500)) ==
                DropReason::STALE_REVOCATION_LIST,
            "a list out of date says nothing any more");

    // A later association of a router that had one.
    TestTrust other("other-anchor");
    const auto worn = other.Issue(1, KIND);
    SessionPipe pipe(Between(other.Wear(1, KIND, worn), other.Credentials(2, KIND)));
    t.Holds(pipe.Establish() != 0, "joins");
    other.store->AddRevocationList(other.authority->Revoke({worn}, LONG));
    pipe.a.manager->Clear();
    pipe.b.manager->Clear();
    t.Holds(pipe.Establish() == 0, "cannot join again");
    t.Same(pipe.b.Drops(DropReason::CERT_REVOKED), 1u, "why");

    Bytes forged = list;
    forged[forged.size() - 3] ^= 1;
    t.Holds(!trust.store->AddRevocationList(forged), "not signed");
    t.Holds(!trust.store->AddRevocationList(other.authority->Revoke({}, LONG)), "not by an anchor");
    for (size_t size = 0; size < list.size(); ++size)
    {
        t.Holds(!trust.store->AddRevocationList(ByteView(list).Sub(0, size)), "cut short");
    }
    t.Same(ERR_peek_error(), 0u, "the queue is empty");
}

// Input: a chain of r1, an authority, the anchor; the same without the authority, with it revoked,
// expired; chains longer than three authorities, and of more certificates than are looked at.
// Output: believed; CERT_UNTRUSTED, CERT_REVOKED, CERT_EXPIRED; CERT_CHAIN_TOO_LONG.
void
Chains(Sentence& t)
{
    TestTrust trust;
    const auto b = trust.Credentials(2, KIND);
    const auto& key = *TestKey(KIND, RouterText(1))->Public();
    const auto delegate = trust.authority->Delegate("delegate", TestKey(KIND, "delegate"), LONG);
    const auto leaf = delegate->Issue(key, RouterText(1), LONG);
    t.Holds(RefusalOf(WearChain(trust, {leaf, delegate->Own()}), b) == DropReason::NONE, "two");
    t.Holds(RefusalOf(WearChain(trust, {leaf, delegate->Own(), trust.authority->Own()}), b) ==
                DropReason::NONE,
            "with the anchor itself");
    t.Holds(RefusalOf(WearChain(trust, {leaf}), b) == DropReason::CERT_UNTRUSTED, "a gap");
    const auto brief =
        trust.authority->Delegate("brief", TestKey(KIND, "brief"), {Time(0), seconds(5)});
    const auto under = brief->Issue(key, RouterText(1), LONG);
    t.Holds(RefusalOf(WearChain(trust, {under, brief->Own()}), b, seconds(6)) ==
                DropReason::CERT_EXPIRED,
            "an expired authority");

    std::vector<std::unique_ptr<CertificateAuthority>> line;
    CertificateCredentials::Chain chain;
    CertificateAuthority* last = trust.authority.get();
    for (size_t depth = 1; depth <= 5; ++depth)
    {
        const std::string name = "level" + std::to_string(depth);
        line.push_back(last->Delegate(name, TestKey(KIND, name), LONG));
        last = line.back().get();
        chain.insert(chain.begin(), last->Own());
        CertificateCredentials::Chain whole = chain;
        whole.insert(whole.begin(), last->Issue(key, RouterText(1), LONG));
        t.Holds(RefusalOf(WearChain(trust, whole), b) ==
                    (depth <= 3 ? DropReason::NONE : DropReason::CERT_CHAIN_TOO_LONG),
                name);
    }
    t.Holds(trust.store->AddRevocationList(trust.authority->Revoke({delegate->Own()}, LONG)), "");
    t.Holds(RefusalOf(WearChain(trust, {leaf, delegate->Own()}), b) == DropReason::CERT_REVOKED,
            "a revoked authority");
}

// Input: a certificate signed by a router's; one of an authority borne by a router.
// Output: a router cannot issue certificates; an authority's key is not for signatures.
void
Usage(Sentence& t)
{
    TestTrust trust;
    const auto b = trust.Credentials(2, KIND);
    const auto delegate =
        trust.authority->Delegate(RouterText(1), TestKey(KIND, RouterText(1)), LONG);
    t.Holds(RefusalOf(WearChain(trust, {delegate->Own()}), b) == DropReason::BAD_CERT,
            "an authority's");
    // r3's key signs for r1, under a name and key like those in r3's certificate.
    CertificateAuthority rogue(RouterText(3), TestKey(KIND, RouterText(3)), LONG);
    const auto leaf = rogue.Issue(*TestKey(KIND, RouterText(1))->Public(), RouterText(1), LONG);
    t.Holds(RefusalOf(WearChain(trust, {leaf, trust.Issue(3, KIND)}), b) ==
                DropReason::CERT_UNTRUSTED,
            "a router's");
}

// Certificates that OpenSSL's own programs made, valid from 2026 on for 98 years: one signed by its
// own key and no authority's; an anchor, and r1.example's under it, signed with SHA-1 and with
// SHA-256.
const char* const SELF =
    "3082015530820107a00302010202142f4599c7aa975a32edd5bcab5c64be77427c03b0300506032b65703015"
    "3113301106035504030c0a72312e6578616d706c653020170d3236313132313133343035335a180f32313236"
    "313032383133343035335a30153113301106035504030c0a72312e6578616d706c65302a300506032b657003"
    "2100f2cb612f76b7696064970c05a9a60dd10a320102d3f2e126886b38e0a2e995c2a3673065301d0603551d"
    "0e041604144f5ea9371d9cf16d43f65a4c6b6a77163183e8c7301f0603551d230418301680144f5ea9371d9c"
    "f16d43f65a4c6b6a77163183e8c7300c0603551d130101ff0402300030150603551d11040e300c820a72312e"
    "6578616d706c65300506032b6570034100b51b9a16c022a6ebaa1a4b4d68e8d8509f692a3b31b4626b409f4c"
    "29cf2aa3b56e5f41e0476145bc1ed61b451848df04f48bc1cbddfb61e2b0c3c33e3d9b6b00";
const char* const ANCHOR =
    "3082018330820129a00302010202147d74e476dd7f631aa354cf7a3906d95f4d6fdc17300a06082a8648ce3d"
    "040302300e310c300a06035504030c036f6c643020170d3236313132313133343035335a180f323132363130"
    "32383133343035335a300e310c300a06035504030c036f6c643059301306072a8648ce3d020106082a8648ce"
    "3d0301070342000470ceb06e5bad13306f9e6be313032e0a20eea7806a2e039e2f18c4f51e39710c7d7bcc21"
    "1ec0a1b7e73849391e0f814d0d1f9ed463cbab63766b1e8dcab7ca97a3633061301d0603551d0e041604144e"
    "81183720ad83bc8ce76008a1ad4639ee62e3e3301f0603551d230418301680144e81183720ad83bc8ce76008"
    "a1ad4639ee62e3e3300f0603551d130101ff040530030101ff300e0603551d0f0101ff040403020106300a06"
    "082a8648ce3d04030203480030450220292cbb469b6a5ccf49072a3b3eba6ca1801218412a95e2cb2edc9bf6"
    "033f073e022100bd553c1bbbadc6cd4b92bcb6382f5966d96e585437803753b9f0191a7ba416ed";
const char* const WITH_SHA_1 =
    "3082013b3081e3a003020102020102300906072a8648ce3d0401300e310c300a06035504030c036f6c643020"
    "170d3236313132313133343035335a180f32313235303631353133343035335a30153113301106035504030c"
    "0a72312e6578616d706c65302a300506032b65700321009036611cce7ed03fe284167efb7128d659b8393608"
    "ace39e738a568cc86156bba359305730150603551d11040e300c820a72312e6578616d706c65301d0603551d"
    "0e04160414018d4b29b7389de4e0141c8f873a691dfce188bd301f0603551d230418301680144e81183720ad"
    "83bc8ce76008a1ad4639ee62e3e3300906072a8648ce3d04010348003045022100dfee2f554384e4082d83a9"
    "1454e66739b6e37cab3fb955512c3e86614a605e7a022061b3a126b55094d9d5b1ccc8bc9f973cd652467e03"
    "2291303d76b03707e1ecff";
const char* const WITH_SHA_256 =
    "3082013c3081e4a003020102020102300a06082a8648ce3d040302300e310c300a06035504030c036f6c6430"
    "20170d3236313132313133343035335a180f32313235303631353133343035335a3015311330110603550403"
    "0c0a72312e6578616d706c65302a300506032b65700321009036611cce7ed03fe284167efb7128d659b83936"
    "08ace39e738a568cc86156bba359305730150603551d11040e300c820a72312e6578616d706c65301d060355"
    "1d0e04160414018d4b29b7389de4e0141c8f873a691dfce188bd301f0603551d230418301680144e81183720"
    "ad83bc8ce76008a1ad4639ee62e3e3300a06082a8648ce3d04030203470030440220358e5614613810ca3c96"
    "36cb407ee8b6f33f97b4a2537efbb1e9c1ea71ca364c02206502577daf5d6d14ecf7415a098403ddf4aabc23"
    "6cf165b35669b7d422300cb2";

// Input: the same.
// Output: who is no authority is no anchor, though it signs itself; SHA-1 is not believed.
void
Foreign(Sentence& t)
{
    const Time now = seconds(1798761600); // 2027-01-01
    TrustStore store;
    const auto self = Certificate::FromDer(FromHex(SELF));
    t.Holds(self && self->MaySign() && !store.AddAnchor(self), "no authority");
    t.Holds(store.AddAnchor(Certificate::FromDer(FromHex(ANCHOR))), "an anchor");
    const auto check = [&](const char* hex) {
        return store.Check(*Certificate::FromDer(FromHex(hex)), {}, now).verdict;
    };
    t.Holds(check(WITH_SHA_256) == ChainVerdict::OK, "SHA-256");
    t.Holds(check(WITH_SHA_1) == ChainVerdict::UNTRUSTED, "SHA-1");
    t.Holds(check(SELF) == ChainVerdict::UNTRUSTED, "itself");
}

// Input: a list of those authorised besides the anchor.
// Output: NOT_AUTHORIZED for who is not on it.
void
Authorised(Sentence& t)
{
    TestTrust trust;
    const auto b = trust.Credentials(2, KIND);
    b->SetAuthorised({RouterId(1)});
    t.Holds(RefusalOf(trust.Credentials(1, KIND), b) == DropReason::NONE, "on it");
    t.Holds(RefusalOf(trust.Credentials(3, KIND), b) == DropReason::NOT_AUTHORIZED, "not on it");
}

// Input: certificates and a revocation list written as PEM and read again; broken text.
// Output: the same; nothing.
void
Pem(Sentence& t)
{
    TestTrust trust;
    const auto first = trust.Issue(1, KIND);
    const auto text = first->Pem() + trust.authority->Own()->Pem();
    const auto read = Certificate::FromPem(text);
    t.Same(read.size(), 2u, "both");
    t.Holds(read.at(0)->Der() == first->Der() && read.at(1)->Der() == trust.authority->Own()->Der(),
            "in order");
    t.Holds(Certificate::FromPem("").empty(), "nothing");
    t.Holds(Certificate::FromPem(text.substr(0, text.size() - 40)).empty(), "the second is broken");
    t.Holds(!trust.store->AddRevocationListPem(text), "no list");
    t.Holds(!Certificate::FromDer(Bytes(9000, 0x30)), "long");
    t.Same(ERR_peek_error(), 0u, "the queue is empty");
}

// Input: the same authority made twice.
// Output: the same certificates and lists to the octet, for anchors of every kind.
void
Issuing(Sentence& t)
{
    for (const SigningKind kind : SIGNING_KINDS)
    {
        TestTrust first("anchor", kind);
        TestTrust second("anchor", kind);
        t.Holds(first.authority->Own()->Der() == second.authority->Own()->Der(), ToString(kind));
        const auto one = first.Issue(1, kind);
        t.Holds(one->Der() == second.Issue(1, kind)->Der(), ToString(kind));
        t.Holds(one->Der() != second.Issue(1, kind)->Der(), "a serial number of its own");
        t.Holds(first.authority->Revoke({one}, LONG) == second.authority->Revoke({one}, LONG),
                ToString(kind));
    }
}

} // namespace

std::vector<TestCase*>
CertificateTests()
{
    return {
        new Sentence("K1 validity of certificates", Times),
        new Sentence("K1 J12 an expired responder", ResponderExpired),
        new Sentence("K1 trust anchors", Anchors),
        new Sentence("K1 names in certificates", Names),
        new Sentence("K1 revocation", Revocation),
        new Sentence("K1 chains", Chains),
        new Sentence("K1 key usage", Usage),
        new Sentence("K1 certificates made by others", Foreign),
        new Sentence("K1 certificates and a list", Authorised),
        new Sentence("K1 certificates in PEM", Pem),
        new Sentence("K1 certificates repeat", Issuing),
    };
}

} // namespace karp
} // namespace ns3
