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

/** \return the octets of \p text */
Bytes
Octets(const std::string& text)
{
    return ByteView::Of(text).Copy();
}

/** \return \p parts one after the other */
Bytes
Join(std::initializer_list<Bytes> parts)
{
    Bytes all;
    for (const Bytes& part : parts)
    {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

/** \return all schemes that fit keys of \p kind */
std::vector<SignatureScheme>
SchemesOf(SigningKind kind)
{
    std::vector<SignatureScheme> schemes;
    for (size_t i = 0; i < static_cast<size_t>(SignatureScheme::COUNT); ++i)
    {
        if (Fits(static_cast<SignatureScheme>(i), kind))
        {
            schemes.push_back(static_cast<SignatureScheme>(i));
        }
    }
    return schemes;
}

// Input: the first two vectors of RFC 8032 section 7.1.
// Output: their public keys and signatures.
void
Ed25519Published(Sentence& t)
{
    struct Vector
    {
        const char* seed;
        const char* key;
        const char* message;
        const char* signature;
    };

    static const std::vector<Vector> VECTORS{
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
         "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
         "c"
         "f9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
         "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
         "0"
         "f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    };
    for (const Vector& vector : VECTORS)
    {
        const auto key = PrivateKey::FromSecret(SigningKind::ED25519, FromHex(vector.seed));
        t.Holds(key != nullptr, "a key");
        t.Same(ToHex(ByteView(key->Public()->Der()).Sub(12)), std::string(vector.key));
        const Bytes message = FromHex(vector.message);
        const Bytes signature = key->Sign(SignatureScheme::ED25519, message);
        t.Same(ToHex(signature), std::string(vector.signature));
        t.Holds(key->Public()->Verify(SignatureScheme::ED25519, message, signature), "verifies");
    }
}

// Input: the vectors of RFC 6979 appendix A.2.5 with SHA-256.
// Output: their r and s, flat and in DER.
void
EcdsaPublished(Sentence& t)
{
    const auto key = PrivateKey::FromSecret(
        SigningKind::ECDSA_P256,
        FromHex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
    t.Holds(key != nullptr, "a key");
    const Bytes sample = key->Sign(SignatureScheme::ECDSA_SHA_256_FLAT, Octets("sample"));
    t.Same(ToHex(sample),
           std::string("efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                       "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"));
    const Bytes test = key->Sign(SignatureScheme::ECDSA_SHA_256_FLAT, Octets("test"));
    t.Same(ToHex(test),
           std::string("f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                       "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"));
    t.Same(ToHex(key->Sign(SignatureScheme::ECDSA_SHA_256, Octets("test"))),
           std::string("3045022100f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367"
                       "0220019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"));
    t.Holds(key->Public()->Verify(SignatureScheme::ECDSA_SHA_256_FLAT, Octets("test"), test),
            "verifies");
    t.Holds(!PrivateKey::FromSecret(SigningKind::ECDSA_P256, Bytes(32, 0)), "0 is no scalar");
    t.Holds(!PrivateKey::FromSecret(SigningKind::ECDSA_P256, Bytes(32, 0xff)), "beyond the order");
    t.Holds(!PrivateKey::FromSecret(SigningKind::ECDSA_P256, Bytes(31, 1)), "too short");
    t.Holds(!PrivateKey::FromSecret(SigningKind::RSA_2048, Bytes(32, 1)), "no RSA key");
}

// Input: keys of every kind drawn twice from the same text, and from another; signatures by every
// scheme, twice.
// Output: the same keys and signatures, and others; OpenSSL verifies them, but for no other message
// and by no other scheme.
void
Repeat(Sentence& t)
{
    const Bytes message = Octets("a message");
    for (const SigningKind kind : SIGNING_KINDS)
    {
        const std::string name = ToString(kind);
        DerivedEntropy first("test " + name + " r1.example");
        const auto again = PrivateKey::Generate(kind, first);
        const auto key = TestKey(kind, "r1.example");
        t.Holds(again->Pkcs8() == key->Pkcs8(), name + ": the same key");
        t.Holds(again->Kind() == kind && key->Public()->Kind() == kind, name);
        t.Holds(key->Pkcs8() != TestKey(kind, "r2.example")->Pkcs8(), name + ": another key");
        for (const SignatureScheme scheme : SchemesOf(kind))
        {
            const Bytes signature = key->Sign(scheme, message);
            t.Holds(!signature.empty() && signature == again->Sign(scheme, message), name);
            t.Holds(key->Public()->Verify(scheme, message, signature), name + ": verifies");
            t.Holds(!key->Public()->Verify(scheme, Octets("another"), signature), name);
            t.Holds(!TestKey(kind, "r2.example")->Public()->Verify(scheme, message, signature),
                    name + ": another's key");
            for (const SignatureScheme other : SchemesOf(kind))
            {
                t.Same(key->Public()->Verify(other, message, signature), other == scheme, name);
            }
        }
    }
    const auto rsa = TestKey(SigningKind::RSA_2048, "r1.example");
    t.Holds(rsa->Sign(SignatureScheme::ED25519, message).empty(), "a scheme of another kind");
    t.Holds(rsa->Sign(SignatureScheme::RSA_PSS_SHA_256, message) !=
                rsa->Sign(SignatureScheme::RSA_PSS_SHA_256, Octets("another")),
            "another message");
}

// Input: signatures that nobody made: r or s 0, the order or more, negative; DER that is not DER;
// S beyond the order; RSA values too short, too long, beyond the modulus; every octet of a good one
// changed.
// Output: none verifies; OpenSSL's queue of errors is empty.
void
BadSignatures(Sentence& t)
{
    const Bytes message = Octets("sample");
    const auto ecdsa = TestKey(SigningKind::ECDSA_P256, "r1.example")->Public();
    const Bytes zero(32, 0);
    const Bytes one = Join({Bytes(31, 0), {1}});
    const Bytes order = FromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    for (const auto& [r, s] : std::vector<std::pair<Bytes, Bytes>>{{zero, zero},
                                                                   {zero, one},
                                                                   {one, zero},
                                                                   {order, one},
                                                                   {one, order},
                                                                   {one, one}})
    {
        const auto scheme = SignatureScheme::ECDSA_SHA_256_FLAT;
        t.Holds(!ecdsa->Verify(scheme, message, Join({r, s})), "flat");
    }
    for (const char* der : {"",
                            "30",
                            "3000",
                            "3006020100020100",
                            "3006020101020100",
                            "3006020181020101",
                            "300602010102010100",
                            "308106020101020101",
                            "0500",
                            "30080201010201010500"})
    {
        t.Holds(!ecdsa->Verify(SignatureScheme::ECDSA_SHA_256, message, FromHex(der)), der);
    }
    const auto edwards = TestKey(SigningKind::ED25519, "r1.example");
    Bytes beyond = edwards->Sign(SignatureScheme::ED25519, message);
    // S + L verifies by the same equation; RFC 8032 section 5.1.7 refuses it.
    const Bytes length = FromHex("edd3f55c1a631258d69cf7a2def9de14000000000000000000000000000000"
                                 "10");
    unsigned carry = 0;
    for (size_t i = 0; i < 32; ++i)
    {
        carry += beyond[32 + i] + length[i];
        beyond[32 + i] = static_cast<uint8_t>(carry);
        carry >>= 8;
    }
    t.Holds(!edwards->Public()->Verify(SignatureScheme::ED25519, message, beyond), "S + L");
    for (const SigningKind kind : SIGNING_KINDS)
    {
        const auto key = TestKey(kind, "r1.example");
        for (const SignatureScheme scheme : SchemesOf(kind))
        {
            const Bytes good = key->Sign(scheme, message);
            for (const Bytes& bad : {Bytes(),
                                     Bytes(good.size(), 0),
                                     Bytes(good.size(), 0xff),
                                     Join({good, {0}}),
                                     Join({{0}, good}),
                                     Bytes(good.begin(), good.end() - 1)})
            {
                t.Holds(!key->Public()->Verify(scheme, message, bad), ToString(kind));
            }
        }
    }
    t.Same(ERR_peek_error(), 0u, "the queue is empty");
}

// Input: public keys cut short at every octet, lengthened, compressed, of kinds not used here, and
// with every octet changed.
// Output: what is no key of ours is none; what is one says so by the same octets.
void
PublicKeys(Sentence& t)
{
    for (const SigningKind kind : SIGNING_KINDS)
    {
        const Bytes der = TestKey(kind, "r1.example")->Public()->Der();
        const auto read = PublicKey::FromDer(der);
        t.Holds(read && read->Kind() == kind && read->Der() == der, "as it was");
        for (size_t size = 0; size < der.size(); ++size)
        {
            t.Holds(!PublicKey::FromDer(ByteView(der).Sub(0, size)), "cut short");
        }
        t.Holds(!PublicKey::FromDer(Join({der, {0}})), "lengthened");
        for (size_t i = 0; i < der.size(); ++i)
        {
            Bytes changed = der;
            changed[i] ^= 0x40;
            const auto key = PublicKey::FromDer(changed);
            t.Holds(!key || key->Der() == changed, "changed");
        }
    }
    t.Holds(!PublicKey::FromDer(FromHex("3039301306072a8648ce3d020106082a8648ce3d030107032200036b17"
                                        "d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c2"
                                        "96")),
            "a compressed point");
    t.Holds(!PublicKey::FromDer(Bytes(100000, 0x30)), "long");
    Bytes even = TestKey(SigningKind::RSA_2048, "r1.example")->Public()->Der();
    even.back() = 0; // of the public exponent 65537
    t.Holds(!PublicKey::FromDer(even), "an even exponent");
    t.Same(ERR_peek_error(), 0u, "the queue is empty");
}

// Input: keys written as PEM and read again; text that is none; an encrypted key.
// Output: the same keys; none.
void
PemKeys(Sentence& t)
{
    for (const SigningKind kind : SIGNING_KINDS)
    {
        const auto key = TestKey(kind, "r1.example");
        const auto read = PrivateKey::FromPem(key->Pem());
        t.Holds(read && read->Pkcs8() == key->Pkcs8(), ToString(kind));
        const auto half = PublicKey::FromPem(key->Public()->Pem());
        t.Holds(half && half->Der() == key->Public()->Der(), ToString(kind));
        t.Holds(ParseSigningKind(ToString(kind)) == kind, ToString(kind));
    }
    t.Holds(!ParseSigningKind("dsa"), "no kind");
    t.Holds(!PrivateKey::FromPem("secret") && !PublicKey::FromPem(""), "no PEM");
    t.Holds(
        !PrivateKey::FromPem("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                             "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjGBJ0hBv4CAgICCAAw\n"
                             "-----END ENCRYPTED PRIVATE KEY-----\n"),
        "nobody is asked for a password");
    t.Holds(!PrivateKey::FromPkcs8(Bytes(10000, 0x30)), "long");
    t.Same(ERR_peek_error(), 0u, "the queue is empty");
}

} // namespace

std::vector<TestCase*>
SignatureTests()
{
    return {
        new Sentence("K1 Ed25519 as published", Ed25519Published),
        new Sentence("K1 ECDSA as published", EcdsaPublished),
        new Sentence("K1 keys and signatures repeat", Repeat),
        new Sentence("K1 bad signatures", BadSignatures),
        new Sentence("K1 public keys", PublicKeys),
        new Sentence("K1 keys in PEM", PemKeys),
    };
}

} // namespace karp
} // namespace ns3
