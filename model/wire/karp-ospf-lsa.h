/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_LSA_H
#define KARP_OSPF_LSA_H

#include "karp-byte-reader.h"
#include "karp-byte-writer.h"

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-types.h"

#include <memory>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

/**
 * \file
 * \ingroup karp
 * Link state advertisements of OSPFv2 (RFC 2328 appendix A.4) as plain structs. An LSA is shared
 * by all who hold it and never changes; its age is kept by whoever holds it.
 */

namespace ns3
{
namespace karp
{

inline constexpr size_t OSPF_LSA_HEADER_SIZE = 20; //!< octets (appendix A.4.1)
inline constexpr size_t OSPF_LSA_AGE_SIZE = 2;     //!< octets of the age, which come first

// Architectural constants (RFC 2328 appendix B).
inline constexpr uint16_t OSPF_MAX_AGE = 3600;                //!< MaxAge, seconds
inline constexpr uint16_t OSPF_MAX_AGE_DIFF = 900;            //!< MaxAgeDiff, seconds
inline constexpr uint16_t OSPF_LS_REFRESH_TIME = 1800;        //!< LSRefreshTime, seconds
inline constexpr uint32_t OSPF_LS_INFINITY = 0xffffff;        //!< LSInfinity
inline constexpr int32_t OSPF_INITIAL_SEQUENCE = -0x7fffffff; //!< InitialSequenceNumber
inline constexpr int32_t OSPF_MAX_SEQUENCE = 0x7fffffff;      //!< MaxSequenceNumber

/** LS types (RFC 2328 appendix A.4.1). */
enum class OspfLsaType : uint8_t
{
    NONE = 0, //!< no type; what a request for something unheard of is read as
    ROUTER = 1,
    NETWORK = 2,
    SUMMARY_NETWORK = 3,
    SUMMARY_ASBR = 4,
    AS_EXTERNAL = 5,
};

/** What names an LSA, apart from its instance (RFC 2328 section 12.1). */
struct OspfLsaKey
{
    OspfLsaType type{OspfLsaType::NONE}; //!< LS type; maybe not a known one
    uint32_t linkStateId{0};             //!< Link State ID
    uint32_t advertisingRouter{0};       //!< Router ID of its originator

    /** Order of databases: type, then ID, then originator. */
    friend bool operator<(const OspfLsaKey& a, const OspfLsaKey& b)
    {
        return std::tie(a.type, a.linkStateId, a.advertisingRouter) <
               std::tie(b.type, b.linkStateId, b.advertisingRouter);
    }

    /** Same LSA. */
    friend bool operator==(const OspfLsaKey& a, const OspfLsaKey& b)
    {
        return a.type == b.type && a.linkStateId == b.linkStateId &&
               a.advertisingRouter == b.advertisingRouter;
    }

    /** Another LSA. */
    friend bool operator!=(const OspfLsaKey& a, const OspfLsaKey& b)
    {
        return !(a == b);
    }
};

/** LSA header (RFC 2328 appendix A.4.1). */
struct OspfLsaHeader
{
    uint16_t age{0};                         //!< LS age, seconds
    uint8_t options{0};                      //!< optional capabilities
    OspfLsaKey key;                          //!< which LSA
    int32_t sequence{OSPF_INITIAL_SEQUENCE}; //!< LS sequence number
    uint16_t checksum{0};                    //!< LS checksum (Fletcher)
    uint16_t length{0};                      //!< octets, with the header
};

/** Types of links in a router-LSA (RFC 2328 appendix A.4.2). */
enum class OspfLinkType : uint8_t
{
    POINT_TO_POINT = 1, //!< ID: the neighbour's Router ID; data: our interface address
    TRANSIT = 2,        //!< ID: address of the Designated Router; data: our interface address
    STUB = 3,           //!< ID: network number; data: its mask
    VIRTUAL = 4,        //!< ID: the neighbour's Router ID; data: our interface address
};

/** A link of a router-LSA (RFC 2328 appendix A.4.2), without metrics for TOS. */
struct OspfRouterLink
{
    uint32_t id{0};                        //!< Link ID
    uint32_t data{0};                      //!< Link Data
    OspfLinkType type{OspfLinkType::STUB}; //!< maybe not a known one
    uint16_t metric{0};                    //!< cost of using the link

    /** Same link. */
    friend bool operator==(const OspfRouterLink& a, const OspfRouterLink& b)
    {
        return a.id == b.id && a.data == b.data && a.type == b.type && a.metric == b.metric;
    }
};

inline constexpr uint8_t OSPF_ROUTER_FLAG_B = 0x01; //!< area border router
inline constexpr uint8_t OSPF_ROUTER_FLAG_E = 0x02; //!< AS boundary router
inline constexpr uint8_t OSPF_ROUTER_FLAG_V = 0x04; //!< endpoint of a virtual link

/** Body of a router-LSA (RFC 2328 appendix A.4.2). */
struct OspfRouterLsa
{
    uint8_t flags{0};                  //!< bits B, E, V
    std::vector<OspfRouterLink> links; //!< in the order of the LSA
};

/** Body of a network-LSA (RFC 2328 appendix A.4.3). */
struct OspfNetworkLsa
{
    uint32_t networkMask{0};       //!< of the network
    std::vector<uint32_t> routers; //!< attached routers, the Designated Router among them
};

/** Body of a summary-LSA, of a network or of an AS boundary router (RFC 2328 appendix A.4.4). */
struct OspfSummaryLsa
{
    uint32_t networkMask{0}; //!< of the network; of no meaning for a router
    uint32_t metric{0};      //!< 24 bits
};

/** Body of an AS-external-LSA (RFC 2328 appendix A.4.5), without routes for TOS. */
struct OspfExternalLsa
{
    uint32_t networkMask{0};      //!< of the destination
    bool isType2{false};          //!< metric is greater than any path inside the AS
    uint32_t metric{0};           //!< 24 bits
    IpAddress forwardingAddress;  //!< where to send packets; 0.0.0.0: to the originator
    uint32_t externalRouteTag{0}; //!< for others
};

/** Body of an LSA. */
using OspfLsaBody = std::variant<OspfRouterLsa, OspfNetworkLsa, OspfSummaryLsa, OspfExternalLsa>;

/** An LSA, decoded and as octets. The age in both is 0: see the file's comment. */
struct OspfLsa
{
    OspfLsaHeader header; //!< with length and checksum
    OspfLsaBody body;     //!< by the type of the header
    Bytes octets;         //!< as on the wire
};

/** An LSA, shared. */
using OspfLsaPtr = std::shared_ptr<const OspfLsa>;

/** \return the header that \p reader stands at; check \p reader afterwards */
OspfLsaHeader DecodeOspfLsaHeader(ByteReader& reader);

/** \return whether \p octets are those of \p lsa, but for the age */
bool IsSameButForAge(const OspfLsa& lsa, ByteView octets);

/** Append \p header, but with \p age. */
void EncodeOspfLsaHeader(const OspfLsaHeader& header, uint16_t age, ByteWriter<Bytes>& writer);

/**
 * \param octets one whole LSA, of the length that its header says
 * \return the LSA, or what is wrong: length, unknown type, a list that does not end where the LSA
 *         does. The checksum is not looked at
 */
std::variant<OspfLsaPtr, DecodeError> DecodeOspfLsa(ByteView octets);

/**
 * \param header type, ID, originator, options, sequence number; the rest is computed
 * \param body body; must be the one of the type
 * \return the LSA, or nullptr if it would be longer than 65,535 octets or \p body is of another
 *         type
 */
OspfLsaPtr MakeOspfLsa(const OspfLsaHeader& header, OspfLsaBody body);

/**
 * \param octets one whole LSA
 * \return its checksum (RFC 2328 section 12.1.7; RFC 905 annex B), whatever its checksum field says
 */
uint16_t OspfLsaChecksum(ByteView octets);

/**
 * Which instance of an LSA is more recent (RFC 2328 section 13.1); ages as they are now.
 * \return greater than 0 if \p a, less than 0 if \p b, 0 if they are the same instance
 */
int CompareOspfLsas(const OspfLsaHeader& a, const OspfLsaHeader& b);

/** \return a name such as "router-LSA" */
std::string ToString(OspfLsaType type);
/** \return for example "router-LSA 10.0.0.1 of 10.0.0.1" */
std::string Describe(const OspfLsaKey& key);
/** \return every field of \p lsa, for people */
std::string Describe(const OspfLsa& lsa);

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_LSA_H
