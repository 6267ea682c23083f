/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_KEY_TERMS_H
#define KARP_KEY_TERMS_H

#include "karp-types.h"

#include <optional>
#include <string>

/**
 * \file
 * \ingroup karp
 * What key downloads, the key table and routing all say of a key.
 */

namespace ns3
{
namespace karp
{

/** Which routing protocol a key is for: IANA's "KARP Cryptographic Protocol ID" numbers. */
enum class KeyProtocol : uint8_t
{
    NONE = 0,
    OSPFV3 = 1,
    LDP = 2,
    OSPFV2 = 3,
};

/** \return for example "ospfv2", the Protocol column of the key table (RFC 7210 section 2) */
const char* ToString(KeyProtocol protocol);

/**
 * Algorithms that protect routing packets: the AlgID column (RFC 7210 section 2). The registry has
 * no names for OSPF's, so names and numbers are ours (doc/wire-format.md).
 */
enum class MacAlgorithm : uint16_t
{
    NONE = 0,
    KEYED_MD5 = 1,    //!< RFC 2328 D.4.3
    HMAC_SHA_1 = 2,   //!< RFC 5709
    HMAC_SHA_256 = 3, //!< RFC 5709
    HMAC_SHA_384 = 4, //!< RFC 5709
    HMAC_SHA_512 = 5, //!< RFC 5709
};

/** \return octets of the digest; 0 if there is no such algorithm */
size_t MacSize(MacAlgorithm algorithm);

/** \return for example "hmac-sha256" */
const char* ToString(MacAlgorithm algorithm);

/** \return the algorithm called \p text, if there is one */
std::optional<MacAlgorithm> ParseMacAlgorithm(const std::string& text);

/**
 * The four lifetimes of a key (H 4), instants on the clock of whoever looks. Intervals are
 * half-open: a key is valid at its start and no longer at its end (doc/decisions.md says why, where
 * RFC 7210 has inclusive ends and RFC 2328 D.3 half-open ones).
 */
struct KeyLifetimes
{
    Time acceptStart{0}; //!< receive start
    Time sendStart{0};   //!< send start
    Time sendEnd{0};     //!< send end
    Time acceptEnd{0};   //!< receive end

    /** \return whether a message may be sent under the key at \p now */
    bool CanSend(Time now) const
    {
        return sendStart <= now && now < sendEnd;
    }

    /** \return whether a message under the key may be accepted at \p now */
    bool CanAccept(Time now) const
    {
        return acceptStart <= now && now < acceptEnd;
    }

    /** All four alike. */
    friend bool operator==(const KeyLifetimes& a, const KeyLifetimes& b)
    {
        return a.acceptStart == b.acceptStart && a.sendStart == b.sendStart &&
               a.sendEnd == b.sendEnd && a.acceptEnd == b.acceptEnd;
    }

    /** Not all four alike. */
    friend bool operator!=(const KeyLifetimes& a, const KeyLifetimes& b)
    {
        return !(a == b);
    }
};

} // namespace karp
} // namespace ns3

#endif // KARP_KEY_TERMS_H
