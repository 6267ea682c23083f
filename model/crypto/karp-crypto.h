/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_CRYPTO_H
#define KARP_CRYPTO_H

#include "karp-signature.h"

#include "ns3/karp-key-terms.h"
#include "ns3/karp-types.h"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

/**
 * \file
 * \ingroup karp
 * All cryptography of the module, by OpenSSL behind a handful of functions. Numbers are IANA's for
 * IKEv2 transforms (RFC 7296 section 3.3.2), so that negotiation needs no translation. Nothing here
 * keeps state but keyed contexts; nothing draws randomness but from the Entropy it is handed, so a
 * simulation repeats to the octet.
 */

namespace ns3
{
namespace karp
{

/** Encryption transforms. */
enum class EncrId : uint16_t
{
    NONE = 0,
    AES_CBC = 12,           //!< 128 or 256 bits, with an IntegId
    AES_GCM_16 = 20,        //!< 128 or 256 bits, RFC 5282
    CHACHA20_POLY1305 = 28, //!< RFC 7634
};

/** Pseudo-random functions. */
enum class PrfId : uint16_t
{
    NONE = 0,
    HMAC_SHA2_256 = 5,
    HMAC_SHA2_384 = 6,
    HMAC_SHA2_512 = 7,
};

/** Integrity transforms (RFC 4868). */
enum class IntegId : uint16_t
{
    NONE = 0, //!< with AEAD
    HMAC_SHA2_256_128 = 12,
    HMAC_SHA2_384_192 = 13,
    HMAC_SHA2_512_256 = 14,
};

/** Key-exchange methods. */
enum class KeGroup : uint16_t
{
    NONE = 0,
    MODP_2048 = 14,  //!< RFC 3526
    ECP_256 = 19,    //!< RFC 5903
    ECP_384 = 20,    //!< RFC 5903
    CURVE25519 = 31, //!< RFC 8031
};

/** One choice of each transform: what an SA payload negotiates. */
struct CipherSuite
{
    EncrId encr{EncrId::AES_GCM_16};    //!< confidentiality, with AEAD also integrity
    uint16_t keyLength{256};            //!< of encr, bits; 256 also for ChaCha20
    IntegId integ{IntegId::NONE};       //!< integrity, where encr gives none
    PrfId prf{PrfId::HMAC_SHA2_256};    //!< key derivation and PSK authentication
    KeGroup group{KeGroup::CURVE25519}; //!< key exchange

    /** \return whether every part is implemented and the parts fit together */
    bool IsSupported() const;

    /** \return for example "aes256gcm16-prfsha256-x25519", as strongSwan writes it */
    std::string ToString() const;

    /** Same parts. */
    friend bool operator==(const CipherSuite& a, const CipherSuite& b)
    {
        return a.encr == b.encr && a.keyLength == b.keyLength && a.integ == b.integ &&
               a.prf == b.prf && a.group == b.group;
    }
};

/**
 * \param text for example "aes128gcm16-prfsha256-ecp256" or "aes256-sha512-prfsha512-modp2048"
 * \return the suite, or nothing if a word is unknown or the parts do not fit together. Where no prf
 *         is named, it is the one of the integrity algorithm.
 */
std::optional<CipherSuite> ParseCipherSuite(const std::string& text);

/** \return octets of output and of preferred key of \p prf; 0 if it is unknown */
size_t PrfSize(PrfId prf);

/** \return prf(key, data1 | data2 | ...) */
SecretBytes Prf(PrfId prf, ByteView key, std::initializer_list<ByteView> data);

/** \return \p size octets of prf+(key, seed) (RFC 7296 section 2.13), size <= 255 outputs */
SecretBytes PrfPlus(PrfId prf, ByteView key, ByteView seed, size_t size);

/**
 * A key exchange half done: our private value, drawn at creation, and the public value for the KE
 * payload.
 */
class KeyExchange
{
  public:
    virtual ~KeyExchange() = default;

    /** \return a new one with a fresh private value, or nullptr if \p group is unknown */
    static std::unique_ptr<KeyExchange> Create(KeGroup group, Entropy& entropy);

    /** \return one with the private value given (test vectors), or nullptr */
    static std::unique_ptr<KeyExchange> FromPrivate(KeGroup group, ByteView privateValue);

    /** \return KE payload data, as the group's RFC lays it out */
    virtual const Bytes& PublicValue() const = 0;

    /**
     * \param peer KE payload data of the other side
     * \return g^ir, or nothing if \p peer is no valid public value (wrong length, not on the curve,
     *         small order, 0, 1 or p-1)
     */
    virtual std::optional<SecretBytes> SharedSecret(ByteView peer) const = 0;
};

/** \return octets of a KE payload's data for \p group; 0 if it is unknown */
size_t PublicValueSize(KeGroup group);

/**
 * Protects messages under one key in one direction: AEAD, or CBC with HMAC, laid out as an
 * Encrypted payload wants it (RFC 7296 section 3.14, RFC 5282): IV | ciphertext | ICV. Padding and
 * its length octet are added and taken off here.
 */
class SkCipher
{
  public:
    virtual ~SkCipher() = default;

    /**
     * \param suite encr, keyLength and integ are used
     * \param encrKey SK_e: with AEAD, key and then salt
     * \param integKey SK_a: empty with AEAD
     * \return a context, or nullptr if the suite is unknown or a key has the wrong size
     */
    static std::unique_ptr<SkCipher> Create(const CipherSuite& suite,
                                            ByteView encrKey,
                                            ByteView integKey);

    /** \return octets of SK_e for \p suite, salt included */
    static size_t EncrKeySize(const CipherSuite& suite);
    /** \return octets of SK_a for \p suite */
    static size_t IntegKeySize(const CipherSuite& suite);

    /** \return octets of IV | ciphertext | ICV for \p plaintextSize octets: needed for lengths */
    virtual size_t SealedSize(size_t plaintextSize) const = 0;

    /**
     * \param header octets from the IKE header to the end of the Encrypted payload's generic
     * header, lengths already final \param plaintext payload chain \param counter never the same
     * twice under one key: AEAD uses it as its explicit IV (RFC 5282 section 3.1 lets it be a
     * counter); for CBC it is unused \param entropy where CBC draws its IV from, which must not be
     * predictable \return IV | ciphertext | ICV
     */
    virtual Bytes Seal(ByteView header, ByteView plaintext, uint64_t counter, Entropy& entropy) = 0;

    /**
     * \param header as in Seal
     * \param body IV | ciphertext | ICV
     * \return the payload chain, or nothing if it is not authentic
     */
    virtual std::optional<SecretBytes> Open(ByteView header, ByteView body) = 0;

    /**
     * Seal with nothing left to choose, for messages that must come out as another made them.
     * \param padded payload chain, padding, and the octet that counts the padding
     * \param iv the explicit IV: 8 octets with AEAD, 16 with CBC
     * \return IV | ciphertext | ICV; empty if a size does not fit
     */
    virtual Bytes SealPadded(ByteView header, ByteView padded, ByteView iv) = 0;

    /** As Open, but padding and the octet that counts it are left on. */
    virtual std::optional<SecretBytes> OpenPadded(ByteView header, ByteView body) = 0;
};

/** How the key of a digest is prepared, and what else is in the digest (doc/decisions.md). */
enum class KeyPreparation : uint8_t
{
    RFC_2104, //!< hash keys longer than the hash's block: what BIRD, FRR and Holo do
    RFC_5709, //!< hash keys longer than the digest: what section 3.3 says
    RFC_7474, //!< AuType 3: append OSPFv2's protocol ID first (section 6); Apad begins with the
              //!< IP source (section 5)
};

/**
 * Computes digests of OSPFv2 packets under one key, kept in a keyed context so that a digest costs
 * no more than its hash (RFC 2328 D.4.3, RFC 5709 section 3.3, RFC 7474, Apad included).
 */
class OspfMac
{
  public:
    virtual ~OspfMac() = default;

    /**
     * \return a keyed context, or nullptr if there is no such algorithm; with RFC 7474 there is no
     *         Keyed-MD5, which has no Apad for the source to stand in
     */
    static std::unique_ptr<OspfMac> Create(MacAlgorithm algorithm,
                                           ByteView key,
                                           KeyPreparation preparation = KeyPreparation::RFC_2104);

    /** \return octets of a digest */
    virtual size_t Size() const = 0;

    /**
     * \param packet the packet, authentication field filled; with RFC 7474 the sequence number too
     * \param[out] digest Size() octets
     * \param source IP source of the packet; without RFC 7474 it is not in the digest
     * \return whether it could be computed: always, but for want of memory
     */
    bool Compute(ByteView packet, uint8_t* digest, IpAddress source = {})
    {
        return DoCompute(packet, digest, source);
    }

    /** \return whether \p digest is that of \p packet; compared in constant time */
    bool Verify(ByteView packet, ByteView digest, IpAddress source = {});

  private:
    /** See Compute. */
    virtual bool DoCompute(ByteView packet, uint8_t* digest, IpAddress source) = 0;
};

/** Operations that cost CPU time on a router: the rows of the cost model. */
enum class CryptoOperation : uint8_t
{
    KE_GENERATE,       //!< make a key-exchange pair
    KE_SHARED,         //!< compute a shared secret
    SIGN_ED25519,      //!< sign with a key of that kind
    SIGN_ECDSA_P256,   //!< the same
    SIGN_RSA_2048,     //!< the same
    SIGN_RSA_3072,     //!< the same
    VERIFY_ED25519,    //!< verify a signature by a key of that kind
    VERIFY_ECDSA_P256, //!< the same
    VERIFY_RSA_2048,   //!< the same
    VERIFY_RSA_3072,   //!< the same
    PRF,               //!< one prf output
    SEAL,              //!< protect one message
    OPEN,              //!< check and decrypt one message
    MAC,               //!< one digest of a routing packet
    COUNT              //!< how many there are
};

/** \return a name such as "ke_generate" */
const char* ToString(CryptoOperation operation);

/** \return the operation of signing with a key of \p kind */
constexpr CryptoOperation
SignBy(SigningKind kind)
{
    return static_cast<CryptoOperation>(static_cast<size_t>(CryptoOperation::SIGN_ED25519) +
                                        static_cast<size_t>(kind));
}

/** \return the operation of verifying with a key of \p kind */
constexpr CryptoOperation
VerifyBy(SigningKind kind)
{
    return static_cast<CryptoOperation>(static_cast<size_t>(CryptoOperation::VERIFY_ED25519) +
                                        static_cast<size_t>(kind));
}

/** How often each operation was done: engines count, hosts charge. */
using CryptoCounters = std::array<uint64_t, static_cast<size_t>(CryptoOperation::COUNT)>;

} // namespace karp
} // namespace ns3

#endif // KARP_CRYPTO_H
