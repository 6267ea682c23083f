/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MRKMP_PAYLOADS_H
#define KARP_MRKMP_PAYLOADS_H

#include "karp-credentials.h"

#include "ns3/karp-ike-message.h"
#include "ns3/karp-types.h"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

/**
 * \file
 * \ingroup karp
 * What MRKMP says in Notify and Delete payloads (doc/wire-format.md), and how it is found among the
 * payloads of a message. Data of another length than these have do not come here from the wire (the
 * table of NotifyCodec); should they come from elsewhere, they say nothing.
 */

namespace ns3
{
namespace karp
{

/** \return a notification \p type whose data are \p address, 4 octets; empty for none */
NotifyPayload MakeAddressNotify(IkeNotify type, IpAddress address);

/** \return MRKMP_GCKS_UNKNOWN with the bit potential_candidate (J10) */
NotifyPayload MakeGcksUnknown(bool potentialCandidate);

/** \return MRKMP_BOOT_ID: another number after sequence numbers were lost (J6) */
NotifyPayload MakeBootId(uint64_t bootId);

/** \return MRKMP_REQUEST_PMK for the key \p keyId, 0 if it does not matter which (J8) */
NotifyPayload MakePmkRequest(uint32_t keyId);

/** \return MRKMP_EVICTED for \p identities, each with type, length and octets (G6) */
NotifyPayload MakeEvicted(const std::set<Identity>& identities);

/** \return the payload that retires KEKs (K3) */
DeletePayload MakeKekDelete(const std::vector<uint64_t>& keyIds);

/** \return the address in \p notify; none if there is none, or none that a router can have */
IpAddress AddressOf(const NotifyPayload& notify);

/** \return the number in MRKMP_BOOT_ID among \p payloads, 0 if there is none */
uint64_t BootIdOf(const std::vector<IkePayload>& payloads);

/** \return the key ID in MRKMP_REQUEST_PMK; 0 if it names none */
uint32_t RequestedPmkOf(const NotifyPayload& notify);

/** \return the identities evicted according to \p payloads, as far as they can be read */
std::vector<Identity> EvictedOf(const std::vector<IkePayload>& payloads);

/**
 * \param error what an authenticated peer refused with, or nullptr
 * \return whether its advertisements are to be heard all the same (H 6.1): it may still become
 *         GCKS, or it is a member that was taken for one
 */
bool MayBelieveLater(const NotifyPayload* error);

} // namespace karp
} // namespace ns3

#endif // KARP_MRKMP_PAYLOADS_H
