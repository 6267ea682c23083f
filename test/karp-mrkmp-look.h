/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MRKMP_LOOK_H
#define KARP_MRKMP_LOOK_H

#include "karp-mrkmp-lan.h"

#include <memory>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * What the suites of MRKMP say about a LAN (karp-mrkmp-lan.h) again and again: how it begins, what
 * is done to its routers, what they have told and hold.
 */

namespace ns3
{
namespace karp
{

/** Whom the routers of a LAN prefer as GCKS: always r0, and after it ... */
enum class Preference : uint8_t
{
    FIRST,   //!< all others alike: r0 has 200, they have 100
    FALLING, //!< each one less than the one before: 200, 195, 190, ...
};

/** \return a LAN of \p n routers that are off, each with a boot ID of its own */
std::unique_ptr<MrkmpLan> MakeLan(size_t n, Preference preference, uint64_t seed = 1);

/** Switch all of \p lan on: within 10 s they must be one group. */
void Settle(Sentence& t, MrkmpLan& lan);

/** \return such a LAN, settled, r0 GCKS, past the lead of the first keys */
std::unique_ptr<MrkmpLan> SettledLan(Sentence& t, size_t n, Preference preference);

/** Switch router \p index on, its sequence numbers lost. */
void BootAnew(MrkmpLan& lan, size_t index);

/** Numbers of router \p index run low: it asks for another key, or makes one (J8). */
void RequestNewPmk(MrkmpLan& lan, size_t index);

/** Let router \p index hear that a GCKS of priority 255 is at \p claimed. */
void ForgeAdvert(MrkmpLan& lan, size_t index, IpAddress claimed);

/** \return the exchange that \p datagram belongs to */
IkeExchange ExchangeOf(const Datagram& datagram);

/** \return how often router \p index made new keys because of \p cause */
size_t Rekeys(const MrkmpLan& lan, size_t index, RekeyCause cause);

/** \return how often any router made new keys because of \p cause */
size_t Rekeys(const MrkmpLan& lan, RekeyCause cause);

/** \return the protocol master key that router \p index sends with, nullptr if there is none */
const KeyRow* SendKey(const MrkmpLan& lan, size_t index);

/** \return its name, "none" if there is none */
std::string SendKeyName(const MrkmpLan& lan, size_t index);

/** \return whether all that are on send with one key, or none of them with any */
bool OneSendKey(const MrkmpLan& lan);

/** \return whether router \p index was ever told \p key */
bool EverHeld(const MrkmpLan& lan, size_t index, const SecretBytes& key);

/** \return rejections of router \p index for \p reason, since it was switched on */
uint64_t Drops(const MrkmpLan& lan, size_t index, DropReason reason);

/** \return what joins of router \p index came to, oldest first: "ok" or why not */
std::vector<std::string> Joins(const MrkmpLan& lan, size_t index);

/** \return the last of them, "none" if there is none */
std::string LastJoin(const MrkmpLan& lan, size_t index);

} // namespace karp
} // namespace ns3

#endif // KARP_MRKMP_LOOK_H
