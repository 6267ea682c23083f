/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SIGNATURE_H
#define KARP_SIGNATURE_H

#include "ns3/karp-types.h"

#include <array>
#include <memory>
#include <optional>
#include <string>

/**
 * \file
 * \ingroup karp
 * Key pairs that sign, and their signatures. Everything repeats: a key is a function of the octets
 * it is drawn from, a signature one of key and message, so that a simulation gives the same octets
 * whenever it is run (doc/decisions.md says how). No octets make anything here throw or abort, and
 * OpenSSL's queue of errors is empty afterwards.
 */

namespace ns3
{
namespace karp
{

/** Kinds of key pairs. */
enum class SigningKind : uint8_t
{
    ED25519,    //!< RFC 8032
    ECDSA_P256, //!< NIST curve P-256
    RSA_2048,   //!< modulus of 2048 bits
    RSA_3072,   //!< modulus of 3072 bits
    COUNT       //!< how many there are
};

/** \return for example "ecdsa-p256" */
const char* ToString(SigningKind kind);

/** \return the kind that ToString calls \p text, if there is one */
std::optional<SigningKind> ParseSigningKind(const std::string& text);

/** How a message is signed. */
enum class SignatureScheme : uint8_t
{
    ED25519,            //!< RFC 8032, pure
    ECDSA_SHA_256,      //!< Ecdsa-Sig-Value in DER (RFC 3279 section 2.2.3)
    ECDSA_SHA_256_FLAT, //!< r | s, 32 octets each (RFC 4754 section 7)
    RSA_PSS_SHA_256,    //!< RFC 8017 section 8.1, with MGF1 of SHA-256 and a salt of 32 octets
    RSA_PKCS1_SHA_256,  //!< RFC 8017 section 8.2
    COUNT               //!< how many there are
};

/** \return whether keys of \p kind sign by \p scheme */
bool Fits(SignatureScheme scheme, SigningKind kind);

/** \return the AlgorithmIdentifier of \p scheme in DER (RFC 7427 appendix A); empty if it has none
 */
const Bytes& AlgorithmIdentifier(SignatureScheme scheme);

/** \return the scheme that \p identifier, an AlgorithmIdentifier in DER, stands for */
std::optional<SignatureScheme> FindScheme(ByteView identifier);

/** A hash of a public key by which trust anchors are named (RFC 7296 section 3.7). */
using KeyHash = std::array<uint8_t, 20>;

/** A public key that verifies. */
class PublicKey
{
  public:
    static constexpr size_t MAX_OCTETS = 512; //!< of a SubjectPublicKeyInfo that is looked at

    ~PublicKey();

    /**
     * \param der a SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7) in DER, nothing after it
     * \return the key, or nullptr if it is none, or of no kind in SigningKind
     */
    static std::shared_ptr<const PublicKey> FromDer(ByteView der);

    /** \return the key in the text of a PEM file, or nullptr */
    static std::shared_ptr<const PublicKey> FromPem(const std::string& text);

    /** \return kind */
    SigningKind Kind() const;

    /** \return the SubjectPublicKeyInfo */
    const Bytes& Der() const;

    /** \return text of a PEM file */
    std::string Pem() const;

    /** \return SHA-1 of Der() */
    KeyHash Hash() const;

    /** \return whether \p signature is one of \p message by this key's owner */
    bool Verify(SignatureScheme scheme, ByteView message, ByteView signature) const;

  private:
    PublicKey();

    struct Inner;
    std::unique_ptr<Inner> m_inner; //!< what OpenSSL made of it
};

/** A key pair that signs. */
class PrivateKey
{
  public:
    ~PrivateKey();

    /** \return a new pair of \p kind, drawn from \p entropy; nullptr only for want of memory */
    static std::unique_ptr<PrivateKey> Generate(SigningKind kind, Entropy& entropy);

    /**
     * \param kind ED25519 or ECDSA_P256
     * \param secret seed or private scalar, 32 octets
     * \return the pair, or nullptr if \p secret is none
     */
    static std::unique_ptr<PrivateKey> FromSecret(SigningKind kind, ByteView secret);

    /** \return the pair in \p der, a PrivateKeyInfo of PKCS #8, or nullptr */
    static std::unique_ptr<PrivateKey> FromPkcs8(ByteView der);

    /** \return the pair in the text of a PEM file that is not encrypted, or nullptr */
    static std::unique_ptr<PrivateKey> FromPem(const std::string& text);

    /** \return kind */
    SigningKind Kind() const;

    /** \return the half that others may know */
    const std::shared_ptr<const PublicKey>& Public() const;

    /** \return the pair as a PrivateKeyInfo of PKCS #8, in DER */
    SecretBytes Pkcs8() const;

    /** \return text of a PEM file */
    std::string Pem() const;

    /** \return the signature of \p message; empty if \p scheme does not fit the key */
    Bytes Sign(SignatureScheme scheme, ByteView message) const;

  private:
    PrivateKey();

    struct Inner;
    std::unique_ptr<Inner> m_inner; //!< what OpenSSL made of it
};

/**
 * Entropy that follows from a text: keys of a simulation that nobody has to keep. The octets are
 * those of HMAC-SHA-256 under the text over a counter.
 */
class DerivedEntropy : public Entropy
{
  public:
    /** Begin the sequence of \p text. */
    explicit DerivedEntropy(const std::string& text);

    void Fill(uint8_t* data, size_t size) override;

  private:
    SecretBytes m_key;     //!< made of the text
    SecretBytes m_block;   //!< octets at hand
    size_t m_used{0};      //!< of these
    uint64_t m_counter{0}; //!< blocks made
};

} // namespace karp
} // namespace ns3

#endif // KARP_SIGNATURE_H
