/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SIGNATURE_AUTH_H
#define KARP_SIGNATURE_AUTH_H

#include "karp-credentials.h"

#include "ns3/karp-signature.h"

#include <optional>
#include <vector>

/**
 * \file
 * \ingroup karp
 * AUTH payloads that are signatures (RFC 7427, RFC 7296 section 3.8, RFC 4754): pure functions,
 * which the kinds of credentials with key pairs share.
 */

namespace ns3
{
namespace karp
{

/** \return hash algorithms of all signatures that VerifySignature knows */
std::vector<uint16_t> SignatureHashes();

/** \return whether a peer that said \p wishes takes signatures by keys of \p kind */
bool TakesSignatures(const PeerWishes& wishes, SigningKind kind);

/**
 * \param key ours
 * \param input what to sign; its wishes say by which method
 * \param[in,out] counters charged with a signature
 * \return the AUTH payload; nothing only for want of memory
 */
std::optional<AuthPayload> SignAuth(const PrivateKey& key,
                                    const AuthInput& input,
                                    CryptoCounters& counters);

/**
 * \param auth AUTH payload received
 * \param input what it should cover
 * \param key the peer's
 * \param[in,out] counters charged with a verification, if it comes to that
 * \return whether \p auth is a signature of \p input by \p key
 */
bool VerifySignature(const AuthPayload& auth,
                     const AuthInput& input,
                     const PublicKey& key,
                     CryptoCounters& counters);

} // namespace karp
} // namespace ns3

#endif // KARP_SIGNATURE_AUTH_H
