/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_NUMBERS_H
#define KARP_IKE_NUMBERS_H

#include <cstddef>
#include <cstdint>

/**
 * \file
 * \ingroup karp
 * Every number on the key-management wire, in one place. Numbers below the private ranges are
 * IANA's (RFC 7296, RFC 9838); numbers inside them (exchanges 240-255, payloads 128-255, protocols
 * 201-255, notifications 8192-16383 and 40960-65535) are this project's, because no document gives
 * MRKMP a wire format. doc/wire-format.md draws the boxes.
 */

namespace ns3
{
namespace karp
{

inline constexpr uint8_t IKE_VERSION = 0x20;         //!< major 2, minor 0 (RFC 7296 section 3.1)
inline constexpr size_t IKE_HEADER_SIZE = 28;        //!< octets (RFC 7296 section 3.1)
inline constexpr size_t IKE_PAYLOAD_HEADER_SIZE = 4; //!< octets (RFC 7296 section 3.2)

inline constexpr uint8_t IKE_FLAG_INITIATOR = 0x08; //!< sent by the original initiator
inline constexpr uint8_t IKE_FLAG_VERSION = 0x10;   //!< could speak a higher version
inline constexpr uint8_t IKE_FLAG_RESPONSE = 0x20;  //!< answers the request with this message ID

/** Exchange types (RFC 7296 section 3.1). */
enum class IkeExchange : uint8_t
{
    IKE_SA_INIT = 34,     //!< also mrkmp_init and RKMP_SA_INIT, which are the same exchange
    IKE_AUTH = 35,        //!< also mrkmp_auth and RKMP_SA_AUTH
    CREATE_CHILD_SA = 36, //!< RFC 7296 section 1.3
    INFORMATIONAL = 37,   //!< RFC 7296 section 1.4
    MRKMP_ADVERT = 240,   //!< advertisement of the election; not protected (H 3)
    MRKMP_UPDATE = 241,   //!< group message, multicast under a KEK (H 7)
    MRKMP_GROUP = 242,    //!< join, merge and requests inside a unicast association (H 2.4, 3.2)
    MRKMP_NONCE = 243,    //!< nonces of transport keys, multicast under a master key (H 2.1.2)
};

/** Payload types (RFC 7296 section 3.2). */
enum class IkePayloadType : uint8_t
{
    NONE = 0,
    SECURITY_ASSOCIATION = 33,
    KEY_EXCHANGE = 34,
    ID_INITIATOR = 35,
    ID_RESPONDER = 36,
    CERTIFICATE = 37,
    CERTIFICATE_REQUEST = 38,
    AUTHENTICATION = 39,
    NONCE = 40,
    NOTIFY = 41,
    DELETE = 42,
    VENDOR_ID = 43,
    TS_INITIATOR = 44,
    TS_RESPONDER = 45,
    ENCRYPTED = 46,
    CONFIGURATION = 47,
    EAP = 48,
    ADVERTISEMENT = 128, //!< state, priority and heartbeat interval of a candidate
    GROUP_ID = 129,      //!< which group a message is about (J5)
    KEY_DOWNLOAD = 130,  //!< rows of KEKs and protocol master keys (H 4)
    SEQUENCE = 131,      //!< sequence number of a group message (G1, G2)
    TRANSPORT = 132,     //!< nonces, challenge and answers of a router (K5)
};

/** Protocol identifiers in proposals, notifications and deletes (RFC 7296 section 3.3.1). */
enum class IkeProtocol : uint8_t
{
    NONE = 0,
    IKE = 1,
    AH = 2,
    ESP = 3,
    MRKMP_KEK = 201, //!< a KEK; SPI = its 8-octet key ID
    MRKMP_PMK = 202, //!< a protocol master key; SPI = key protocol (1 octet), key ID (4 octets)
};

inline constexpr uint8_t MRKMP_KEK_SPI_SIZE = 8; //!< octets of an SPI of MRKMP_KEK
inline constexpr uint8_t MRKMP_PMK_SPI_SIZE = 5; //!< octets of an SPI of MRKMP_PMK

/** Transform types (RFC 7296 section 3.3.2). */
enum class IkeTransformType : uint8_t
{
    ENCR = 1,
    PRF = 2,
    INTEG = 3,
    KE = 4,
};

inline constexpr uint16_t IKE_ATTRIBUTE_KEY_LENGTH = 14; //!< bits; TV format (section 3.3.5)

/** Kinds of identity (RFC 7296 section 3.5). */
enum class IkeIdType : uint8_t
{
    IPV4_ADDR = 1,
    FQDN = 2,
    RFC822_ADDR = 3,
    IPV6_ADDR = 5,
    DER_ASN1_DN = 9,
    KEY_ID = 11,
};

/** Authentication methods (RFC 7296 section 3.8, RFC 4754, RFC 7427). */
enum class IkeAuthMethod : uint8_t
{
    RSA_SIGNATURE = 1,      //!< RSA Digital Signature: RSASSA-PKCS1-v1_5
    SHARED_KEY = 2,         //!< Shared Key Message Integrity Code
    ECDSA_256 = 9,          //!< ECDSA with SHA-256 on the P-256 curve, RFC 4754
    DIGITAL_SIGNATURE = 14, //!< RFC 7427
};

inline constexpr uint8_t CERT_X509_SIGNATURE = 4;  //!< encoding of CERT (RFC 7296 section 3.6)
inline constexpr uint8_t CERT_RAW_PUBLIC_KEY = 15; //!< SubjectPublicKeyInfo (RFC 7670 section 3)

/** Hash algorithms of signatures (RFC 7427 section 7, RFC 8420 section 3). */
inline constexpr uint16_t IKE_HASH_SHA2_256 = 2;
inline constexpr uint16_t IKE_HASH_IDENTITY = 5; //!< none: the message itself is signed

/** Notifications (RFC 7296 section 3.10.1). */
enum class IkeNotify : uint16_t
{
    UNSUPPORTED_CRITICAL_PAYLOAD = 1,
    INVALID_IKE_SPI = 4,
    INVALID_MAJOR_VERSION = 5,
    INVALID_SYNTAX = 7,
    INVALID_MESSAGE_ID = 9,
    NO_PROPOSAL_CHOSEN = 14,
    INVALID_KE_PAYLOAD = 17,
    AUTHENTICATION_FAILED = 24,
    TEMPORARY_FAILURE = 43,
    MRKMP_WRONG_GCKS = 8192,     //!< data: address of the GCKS, 4 octets (J9)
    MRKMP_GCKS_UNKNOWN = 8193,   //!< data: 1 octet, lowest bit potential_candidate (J10)
    MRKMP_NOT_AUTHORIZED = 8194, //!< identity proven, but it may not join this group (J5)
    INITIAL_CONTACT = 16384,
    COOKIE = 16390,
    CHILDLESS_IKEV2_SUPPORTED = 16418,
    SIGNATURE_HASH_ALGORITHMS = 16431,
    MRKMP_MERGE_SA = 40960,    //!< mrkmp_merge_sa: a key download for merging goes with it (M1)
    MRKMP_REQUEST_PMK = 40961, //!< a member wants a new protocol master key; data: ID of its (J8)
    MRKMP_BOOT_ID = 40962,     //!< data: 8 octets, others after sequence numbers were lost (J6)
    MRKMP_EVICTED = 40963,     //!< data: an identity that may not join any more (G6)
    MRKMP_RESIGN = 40964,      //!< this GCKS serves no more; data: its successor, if any (G8)
    MRKMP_HANDOVER = 40965,    //!< serve as GCKS from now on (G8)
};

/** \return whether notification \p type reports an error (section 3.10.1: below 16384) */
constexpr bool
IsErrorNotify(uint16_t type)
{
    return type < 16384;
}

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_NUMBERS_H
