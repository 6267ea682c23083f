/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_KEYS_H
#define KARP_IKE_KEYS_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-types.h"

/**
 * \file
 * \ingroup karp
 * Key derivation and authentication values of RFC 7296 sections 2.13 to 2.18: pure functions, with
 * no state and no message in sight. Each charges the prf outputs it computes.
 */

namespace ns3
{
namespace karp
{

/** Keys of an association (RFC 7296 section 2.14); named by the side that sends under them. */
struct IkeKeys
{
    SecretBytes skD;  //!< further keys are derived from it
    SecretBytes skAi; //!< integrity, initiator; empty with AEAD
    SecretBytes skAr; //!< integrity, responder; empty with AEAD
    SecretBytes skEi; //!< encryption, initiator; with AEAD the salt is its tail
    SecretBytes skEr; //!< encryption, responder; with AEAD the salt is its tail
    SecretBytes skPi; //!< authentication of the initiator's identity
    SecretBytes skPr; //!< authentication of the responder's identity
};

/** What both sides contribute in the clear to the keys of an association. */
struct IkeKeyInputs
{
    ByteView nonceInitiator;  //!< Ni
    ByteView nonceResponder;  //!< Nr
    uint64_t spiInitiator{0}; //!< SPIi
    uint64_t spiResponder{0}; //!< SPIr
};

/**
 * SKEYSEED of an initial exchange: prf(Ni | Nr, g^ir) (RFC 7296 section 2.14).
 * \param prf negotiated
 * \param inputs the nonces are used
 * \param shared g^ir
 * \param[in,out] counters charged with what it cost
 * \return SKEYSEED
 */
SecretBytes DeriveSkeyseed(PrfId prf,
                           const IkeKeyInputs& inputs,
                           ByteView shared,
                           CryptoCounters& counters);

/**
 * SKEYSEED of a rekeyed association: prf(old SK_d, g^ir | Ni | Nr) (RFC 7296 section 2.18).
 * \param oldPrf prf of the old association
 * \param oldSkD SK_d of the old association
 * \param inputs the nonces are used
 * \param shared g^ir
 * \param[in,out] counters charged with what it cost
 * \return SKEYSEED
 */
SecretBytes DeriveRekeySkeyseed(PrfId oldPrf,
                                ByteView oldSkD,
                                const IkeKeyInputs& inputs,
                                ByteView shared,
                                CryptoCounters& counters);

/**
 * {SK_d | SK_ai | SK_ar | SK_ei | SK_er | SK_pi | SK_pr} = prf+(SKEYSEED, Ni | Nr | SPIi | SPIr)
 * (RFC 7296 section 2.14).
 * \param suite negotiated
 * \param inputs all are used
 * \param skeyseed from one of the functions above
 * \param[in,out] counters charged with what it cost
 * \return the keys
 */
IkeKeys DeriveIkeKeys(const CipherSuite& suite,
                      const IkeKeyInputs& inputs,
                      ByteView skeyseed,
                      CryptoCounters& counters);

/**
 * What one side's AUTH payload covers: first message | nonce of the other side | prf(SK_p, ID body)
 * (RFC 7296 section 2.15).
 * \param prf negotiated
 * \param message that side's IKE_SA_INIT message as it was sent last
 * \param nonce the other side's nonce
 * \param skP SK_pi or SK_pr
 * \param idBody that side's ID payload without its generic header
 * \param[in,out] counters charged with what it cost
 * \return the octets to be signed or keyed
 */
Bytes AuthOctets(PrfId prf,
                 ByteView message,
                 ByteView nonce,
                 ByteView skP,
                 ByteView idBody,
                 CryptoCounters& counters);

/**
 * AUTH data with a preshared key: prf(prf(PSK, "Key Pad for IKEv2"), octets) (RFC 7296 section
 * 2.15).
 * \param prf negotiated
 * \param psk the preshared key
 * \param octets from AuthOctets
 * \param[in,out] counters charged with what it cost
 * \return authentication data
 */
Bytes PskAuthValue(PrfId prf, ByteView psk, ByteView octets, CryptoCounters& counters);

/** Charge \p times of \p operation to \p counters. */
inline void
Charge(CryptoCounters& counters, CryptoOperation operation, uint64_t times = 1)
{
    counters[static_cast<size_t>(operation)] += times;
}

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_KEYS_H
