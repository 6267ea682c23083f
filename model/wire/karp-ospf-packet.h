/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_PACKET_H
#define KARP_OSPF_PACKET_H

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-types.h"

#include <array>
#include <string>
#include <variant>
#include <vector>

/**
 * \file
 * \ingroup karp
 * OSPFv2 packets (RFC 2328 appendix A) as plain structs, with the two forms of authentication
 * fields. Signing and verifying are routing's business; here they are octets.
 */

namespace ns3
{
namespace karp
{

inline constexpr uint8_t OSPF_VERSION = 2;              //!< RFC 2328
inline constexpr uint8_t IP_PROTOCOL_OSPF = 89;         //!< RFC 2328 appendix A.1
inline constexpr size_t IP_HEADER_SIZE = 20;            //!< octets, without options (RFC 791)
inline constexpr size_t OSPF_HEADER_SIZE = 24;          //!< octets (appendix A.3.1)
inline constexpr size_t OSPF_LENGTH_OFFSET = 2;         //!< of Packet length (A.3.1)
inline constexpr size_t OSPF_HELLO_FIXED_SIZE = 20;     //!< octets before the neighbours (A.3.2)
inline constexpr IpAddress ALL_SPF_ROUTERS{0xe0000005}; //!< 224.0.0.5
inline constexpr IpAddress ALL_D_ROUTERS{0xe0000006};   //!< 224.0.0.6

/** Packet types (RFC 2328 appendix A.3.1). */
enum class OspfPacketType : uint8_t
{
    HELLO = 1,
    DATABASE_DESCRIPTION = 2,
    LINK_STATE_REQUEST = 3,
    LINK_STATE_UPDATE = 4,
    LINK_STATE_ACKNOWLEDGMENT = 5,
};

/** Authentication types (RFC 2328 appendix D, RFC 7474). */
enum class OspfAuthType : uint16_t
{
    NONE = 0,            //!< checksum only
    SIMPLE = 1,          //!< password in clear
    CRYPTOGRAPHIC = 2,   //!< RFC 2328 D.3, RFC 5709
    CRYPTOGRAPHIC_64 = 3 //!< RFC 7474
};

inline constexpr size_t MAX_OSPF_NEIGHBORS = 4096; //!< in one Hello
inline constexpr size_t OSPF_SEQUENCE_64_SIZE = 8; //!< octets before the digest, with AuType 3
/** Octets of the longest trailer: such a number, and a digest of HMAC-SHA-512. */
inline constexpr size_t MAX_OSPF_TRAILER_SIZE = OSPF_SEQUENCE_64_SIZE + 64;

inline constexpr uint8_t OSPF_OPTION_E = 0x02; //!< external routing capability (A.2)

/** Fixed header (RFC 2328 appendix A.3.1, D.3 for the authentication field of AuType 2). */
struct OspfHeader
{
    uint8_t version{OSPF_VERSION};              //!< protocol version
    OspfPacketType type{OspfPacketType::HELLO}; //!< maybe not a known one
    uint16_t packetLength{0};                   //!< header and body, without the trailer
    uint32_t routerId{0};                       //!< who originated it
    uint32_t areaId{0};                         //!< area
    uint16_t checksum{0};                       //!< 0 with AuType 2
    OspfAuthType authType{OspfAuthType::NONE};  //!< maybe not a known one
    std::array<uint8_t, 8> authField{};         //!< the 64-bit authentication field as it is

    /** \return Key ID of AuType 2 (D.3) */
    uint8_t KeyId() const
    {
        return authField[2];
    }

    /** \return Auth Data Length of AuType 2 and 3, octets of the trailer (D.3) */
    uint8_t AuthDataLength() const
    {
        return authField[3];
    }

    /** \return cryptographic sequence number of AuType 2 (D.3) */
    uint32_t Sequence() const;

    /** Fill the authentication field for AuType 2 (D.3). */
    void SetCryptographic(uint8_t keyId, uint8_t authDataLength, uint32_t sequence);

    /** \return Key ID of AuType 3 (RFC 7474 section 3) */
    uint32_t KeyId64() const;

    /** Fill the authentication field for AuType 3 (RFC 7474 section 3). */
    void SetCryptographic64(uint32_t keyId, uint8_t authDataLength);
};

/** Hello body (RFC 2328 appendix A.3.2). */
struct OspfHello
{
    uint32_t networkMask{0};          //!< of the link
    uint16_t helloInterval{0};        //!< seconds
    uint8_t options{OSPF_OPTION_E};   //!< optional capabilities
    uint8_t routerPriority{0};        //!< 0: may not become Designated Router
    uint32_t routerDeadInterval{0};   //!< seconds
    IpAddress designatedRouter;       //!< interface address; none is 0.0.0.0
    IpAddress backupDesignatedRouter; //!< interface address; none is 0.0.0.0
    std::vector<uint32_t> neighbors;  //!< router IDs heard within the dead interval
};

/** A look at a packet as it lies in its datagram: header read, rest not. */
struct OspfPacketView
{
    OspfHeader header; //!< decoded
    ByteView packet;   //!< header and body: packetLength octets
    ByteView body;     //!< after the header
    ByteView trailer;  //!< after the packet: Auth Data Length octets, with AuType 2 and 3
    /**
     * What the digest covers before Apad: the packet, with AuType 3 also the sequence number that
     * follows it (RFC 7474 section 3).
     */
    ByteView covered;
    ByteView digest;      //!< end of the trailer; with AuType 2 all of it
    uint64_t sequence{0}; //!< cryptographic sequence number, 32 bits with AuType 2, 64 with 3
};

/**
 * \param octets payload of the IP datagram
 * \return the view, into \p octets, or what is wrong: version, lengths, trailer against AuType. A
 *         trailer has Auth Data Length octets with AuType 2 and 3 and is empty with 0 and 1;
 * whoever knows another AuType may know better, so with these it is whatever follows the packet.
 */
std::variant<OspfPacketView, DecodeError> DecodeOspfPacket(ByteView octets);

/**
 * \param body body of a Hello
 * \param[out] hello filled; its vector is reused, so that a steady state allocates nothing
 * \return what is wrong, reason NONE if nothing
 */
DecodeError DecodeOspfHello(ByteView body, OspfHello& hello);

/**
 * Write header (packetLength computed, all else as it is) and Hello body to \p out.
 * \param header header
 * \param hello body, of at most MAX_OSPF_NEIGHBORS neighbours
 * \param[out] out cleared first; its memory is reused. Stays empty if there are too many neighbours
 */
void EncodeOspfHello(const OspfHeader& header, const OspfHello& hello, Bytes& out);

/** Write \p header over the first 24 octets of \p packet; nothing if it is shorter. */
void OverwriteOspfHeader(const OspfHeader& header, Bytes& packet);

/**
 * \param packet header and body
 * \return the Internet checksum of \p packet without its 64-bit authentication field (D.4): what
 *         goes into a checksum field that is zero, and zero if the field in it is right
 */
uint16_t OspfChecksum(ByteView packet);

/** \return a name such as "Hello" */
std::string ToString(OspfPacketType type);

/** \return every field of \p header, for people */
std::string Describe(const OspfHeader& header);
/** \return every field of \p hello, for people */
std::string Describe(const OspfHello& hello);

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_PACKET_H
