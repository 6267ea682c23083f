/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_SPI_H
#define KARP_IKE_SPI_H

#include "karp-ike-payloads.h"

#include <optional>

/**
 * \file
 * \ingroup karp
 * What our own SPIs are made of: those of the fixed header of advertisements and group messages,
 * and those that name keys in Delete payloads.
 */

namespace ns3
{
namespace karp
{

/**
 * The initiator's SPI of an advertisement or a group message.
 * \verbatim
     0                   1                   2                   3
     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    +---------------+-----------------------------------------------+
    | Key protocol  |      Instance, its 24 least significant bits  |
    +---------------+-----------------------------------------------+
    |                    IPv4 address of the sender                 |
    +---------------------------------------------------------------+
   \endverbatim
 * It differs from sender to sender, and it goes into the derivation of keys from the KEK: so no two
 * senders ever seal under one key (doc/wire-format.md).
 * \param group the group that the message is about
 * \param sender who sends it
 * \return the SPI
 */
constexpr uint64_t
GroupMessageSpi(const GroupIdPayload& group, IpAddress sender)
{
    return static_cast<uint64_t>(group.protocol) << 56 |
           static_cast<uint64_t>(group.instance & 0xffffff) << 32 | sender.value;
}

/** \return the sender that an SPI of GroupMessageSpi names */
constexpr IpAddress
SenderOfGroupMessage(uint64_t spi)
{
    return IpAddress{static_cast<uint32_t>(spi)};
}

/** \return whether an SPI of GroupMessageSpi may be about \p group, as far as 24 bits tell */
constexpr bool
IsSpiOfGroup(uint64_t spi, const GroupIdPayload& group)
{
    return spi >> 32 == GroupMessageSpi(group, IpAddress{}) >> 32;
}

/** Names a protocol master key in a Delete payload of protocol MRKMP_PMK. */
struct PmkName
{
    KeyProtocol protocol{KeyProtocol::NONE}; //!< whose key
    uint32_t keyId{0};                       //!< key ID of that protocol
};

/** \return SPI that names the KEK \p keyId in a payload of protocol MRKMP_KEK */
Bytes EncodeKekSpi(uint64_t keyId);

/** \return the KEK that \p spi names, nothing if it has the wrong size */
std::optional<uint64_t> DecodeKekSpi(ByteView spi);

/** \return SPI that names \p key in a payload of protocol MRKMP_PMK */
Bytes EncodePmkSpi(const PmkName& key);

/** \return the key that \p spi names, nothing if it has the wrong size */
std::optional<PmkName> DecodePmkSpi(ByteView spi);

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_SPI_H
