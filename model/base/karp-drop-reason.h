/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_DROP_REASON_H
#define KARP_DROP_REASON_H

#include "karp-types.h"

#include <array>
#include <cstdint>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Why something that arrived was not acted on. Every rejection in the module is exactly one of
 * these, is counted, and is seen on a trace source. Add new ones before COUNT and name them in the
 * table of karp-drop-reason.cc.
 */
enum class DropReason : uint8_t
{
    NONE, //!< not dropped
    // What the octets alone show.
    TRUNCATED,        //!< a field or structure ends outside the message
    BAD_LENGTH,       //!< a length field contradicts its surroundings
    BAD_VERSION,      //!< protocol version not spoken here
    BAD_TYPE,         //!< message or exchange type unknown
    BAD_VALUE,        //!< a field holds a value its document forbids
    BAD_CHECKSUM,     //!< checksum wrong (AuType 0 and 1)
    UNKNOWN_CRITICAL, //!< unknown payload with the critical bit (RFC 7296 section 2.5)
    TOO_MANY,         //!< more elements than the bound of a list
    // Structure: right fields, wrong place.
    MISSING_PAYLOAD,    //!< a payload that the exchange needs is absent
    UNEXPECTED_PAYLOAD, //!< a payload that has no place in the exchange, or stands there twice
    // Where it came from.
    BAD_TTL,     //!< not 255, so not from this link
    OWN_MESSAGE, //!< our own multicast heard again
    OTHER_GROUP, //!< about a group that is not ours
    BAD_SUBNET,  //!< sender or mask not of this link (RFC 2328 section 10.5)
    // Session state.
    UNKNOWN_SPI,           //!< no such security association
    BAD_MESSAGE_ID,        //!< outside the window
    UNEXPECTED_EVENT,      //!< right message, wrong state
    NO_PROPOSAL,           //!< no suite in common
    BAD_KE,                //!< key-exchange value invalid, or of a group not asked for
    BAD_COOKIE,            //!< cookie absent under load, or wrong
    HALF_OPEN_LIMIT,       //!< no room for another half-open association
    NO_CREDENTIAL,         //!< no credential shared with the claimed identity
    AUTH_FAILED,           //!< peer did not prove its identity
    BAD_CERT,              //!< certificate unreadable, or not for signatures
    CERT_UNTRUSTED,        //!< certificate leads to no trust anchor of ours
    CERT_CHAIN_TOO_LONG,   //!< too many certificates up to the trust anchor
    STALE_REVOCATION_LIST, //!< our revocation list should have been replaced
    CERT_NOT_YET_VALID,    //!< a certificate's validity has not begun
    CERT_EXPIRED,          //!< a certificate's validity is over
    CERT_REVOKED,          //!< a certificate is on the revocation list
    CERT_OTHER_SUBJECT,    //!< certificate does not name the claimed identity
    NOT_AUTHORIZED,        //!< proven identity may not do this
    BLACKLISTED,           //!< advertisements of this router are being ignored
    UNKNOWN_KEK,           //!< group message under a KEK not held
    KEK_NOT_VALID,         //!< group message under a KEK outside its receive lifetime
    // Authenticity and order.
    BAD_ICV,           //!< integrity check failed
    REPLAYED_SEQUENCE, //!< sequence number not greater (or less) than the last
    // Routing packets.
    BAD_AUTH_TYPE,       //!< authentication type differs from the interface's
    NOT_KEYED,           //!< this router holds no key for the interface at all
    UNKNOWN_KEY,         //!< key identifier matches no key held
    KEY_NOT_VALID,       //!< key held, but outside its accept lifetime
    NO_SEND_KEY,         //!< nothing to sign with: packet not sent
    AREA_MISMATCH,       //!< another area
    HELLO_MISMATCH,      //!< network mask, hello or dead interval, or options differ
    DUPLICATE_ROUTER_ID, //!< somebody uses our router ID
    // Link state.
    MTU_MISMATCH,     //!< neighbour's packets may be longer than we can receive (RFC 2328 10.6)
    BAD_EXCHANGE,     //!< Database Description out of place (RFC 2328 section 10.6)
    BAD_REQUEST,      //!< asked for, or still sent, what cannot be (RFC 2328 sections 10.7, 13 (6))
    BAD_LSA_CHECKSUM, //!< LSA checksum wrong
    BAD_LSA_TYPE,     //!< LSA of an unknown type, or an AS-external-LSA in a stub area
    LSA_TOO_SOON,     //!< within MinLSArrival of the instance before (RFC 2328 section 13 (5a))
    COUNT             //!< how many there are
};

/** \return the name of \p reason in lower case with underscores, as traces show it */
const char* ToString(DropReason reason);

/** Why octets are not a message. */
struct DecodeError
{
    DropReason reason{DropReason::NONE}; //!< what is wrong
    uint32_t offset{0};                  //!< where, from the start of the octets decoded
    uint32_t value{0};                   //!< the offending value
};

/** A rejection, as engines report it. */
struct Drop
{
    DropReason reason{DropReason::NONE}; //!< why
    uint64_t value{0};                   //!< the offending value
    IpAddress peer;                      //!< who sent it
};

/** A count of rejections for each reason. */
using DropCounters = std::array<uint64_t, static_cast<size_t>(DropReason::COUNT)>;

} // namespace karp
} // namespace ns3

#endif // KARP_DROP_REASON_H
