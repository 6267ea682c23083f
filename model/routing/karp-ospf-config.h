/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_CONFIG_H
#define KARP_OSPF_CONFIG_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-ospf-packet.h"
#include "ns3/karp-types.h"

#include <vector>

/**
 * \file
 * \ingroup karp
 * Settings of an OSPFv2 router, of its areas and of its interfaces.
 */

namespace ns3
{
namespace karp
{

inline constexpr size_t MIN_OSPF_PATHS = 1;      //!< next hops of a route, lower bound
inline constexpr size_t DEFAULT_OSPF_PATHS = 16; //!< next hops of a route
inline constexpr size_t MAX_OSPF_PATHS = 64;     //!< next hops of a route, upper bound

/** Where cryptographic sequence numbers begin after a boot (RFC 2328 D.3 leaves it open). */
enum class OspfSequenceInit : uint8_t
{
    ZERO,  //!< at 0: nothing kept over a reboot
    CLOCK, //!< at the seconds of the clock, never below: BIRD and FRR
    KEPT,  //!< where it was: kept in stable storage (OspfInterfaceConfig::firstSequence)
};

/** Which sequence numbers a receiver accepts with AuType 2. AuType 3 has a rule of its own. */
enum class OspfSequenceRule : uint8_t
{
    NOT_LESS, //!< not less than the last one (RFC 2328 D.5.3)
    GREATER,  //!< greater than the last one, as some routers insist on
};

/** How often a sender takes another number. */
enum class OspfSequenceStep : uint8_t
{
    PACKET, //!< for each packet
    SECOND, //!< once a second of the clock; several packets may then have one (RFC 2328 D.4.3)
};

/** Kinds of networks (RFC 2328 section 1.2). */
enum class OspfNetworkType : uint8_t
{
    BROADCAST,      //!< has a Designated Router
    POINT_TO_POINT, //!< joins two routers, both with addresses
    STUB,           //!< advertised, but nobody is spoken to on it: a passive interface
};

/** Settings of one interface (RFC 2328 section 9, appendix C.3). */
struct OspfInterfaceConfig
{
    uint32_t index{0};                            //!< its number: the host's, and the key table's
    IpAddress address;                            //!< IP interface address
    uint32_t networkMask{0xffffff00};             //!< IP interface mask
    uint32_t areaId{0};                           //!< area
    uint8_t priority{1};                          //!< Router Priority; 0: never Designated Router
    Time helloInterval{std::chrono::seconds(10)}; //!< HelloInterval, whole seconds on the wire
    Time routerDeadInterval{std::chrono::seconds(40)}; //!< RouterDeadInterval
    double helloJitter{0.1}; //!< each interval shortened by up to this fraction
    OspfAuthType authType{OspfAuthType::CRYPTOGRAPHIC};      //!< AuType 0, 2 or 3
    KeyPreparation keyPreparation{KeyPreparation::RFC_2104}; //!< of long keys, with AuType 2
    OspfSequenceInit sequenceInit{OspfSequenceInit::ZERO};   //!< where sequence numbers begin
    uint64_t firstSequence{0};                               //!< with KEPT: the first one to use
    uint32_t bootCount{0}; //!< with AuType 3 and without KEPT: upper half of the first one
    uint32_t sequenceLimit{UINT32_MAX}; //!< last number of the sequence space (R2), or of its lower
                                        //!< half with AuType 3
    OspfSequenceStep sequenceStep{OspfSequenceStep::PACKET};   //!< with AuType 3 for each packet
    OspfSequenceRule sequenceRule{OspfSequenceRule::NOT_LESS}; //!< with AuType 2
    bool sequenceForgotten{true}; //!< a neighbour's number goes with the neighbour (D.3)
    bool sequencePerKey{false};   //!< a neighbour has a number for each key
    size_t neighborsMax{1024};    //!< bound of the neighbour list
    OspfNetworkType networkType{OspfNetworkType::BROADCAST}; //!< kind of network
    uint16_t cost{10};                                       //!< Interface output cost
    uint16_t transmitDelay{1};                               //!< InfTransDelay, seconds
    Time rxmtInterval{std::chrono::seconds(5)};              //!< RxmtInterval
    Time ackDelay{std::chrono::seconds(1)};                  //!< of delayed acknowledgments (13.5)
    Time floodPacing{std::chrono::milliseconds(33)}; //!< between updates that flood by it, at least
    uint16_t mtu{1500};                              //!< largest IP datagram, octets
    bool mtuIgnore{false};                           //!< accept neighbours with a larger one
};

/** Settings of an area (RFC 2328 appendix C.2). */
struct OspfAreaConfig
{
    /** An area address range (RFC 2328 appendix C.2). */
    struct Range
    {
        IpAddress address;    //!< network number
        uint32_t mask{0};     //!< its mask
        bool advertise{true}; //!< or else its networks are hidden
    };

    uint32_t areaId{0};          //!< which area
    bool isStub{false};          //!< ExternalRoutingCapability is off
    uint32_t stubDefaultCost{1}; //!< StubDefaultCost
    bool importSummaries{true};  //!< whether a stub area gets more than a default route
    std::vector<Range> ranges;   //!< for what is told to other areas
};

/** Settings of the link-state part of a router (RFC 2328 appendices B and C.1). */
struct OspfLinkStateConfig
{
    Time minLsInterval{std::chrono::seconds(5)};  //!< MinLSInterval, of one LSA
    Time minLsArrival{std::chrono::seconds(1)};   //!< MinLSArrival, of one LSA
    Time lsaDelay{0};                             //!< a new LSA waits for further changes
    Time adjacencyDelay{std::chrono::seconds(2)}; //!< longer, if an adjacency came
    Time spfDelay{std::chrono::milliseconds(50)}; //!< from a change to the calculation
    Time spfHold{std::chrono::milliseconds(200)}; //!< between calculations; doubles with each
    Time spfHoldMax{std::chrono::seconds(5)};     //!< as far as this
    bool rfc1583Compatibility{true};              //!< RFC1583Compatibility
    size_t maxPaths{DEFAULT_OSPF_PATHS};          //!< equal-cost paths kept
    size_t lsasMax{65536};                        //!< LSAs held of each database, at most
    std::vector<OspfAreaConfig> areas;            //!< those that are not as any other
};

/** A route that a boundary router brings in (RFC 2328 section 12.4.4). */
struct OspfExternalRoute
{
    IpAddress address;           //!< network number
    uint32_t mask{0};            //!< its mask
    bool isType2{true};          //!< metric is greater than any path inside the AS
    uint32_t metric{20};         //!< 24 bits
    IpAddress forwardingAddress; //!< where to send packets; 0.0.0.0: to us
    uint32_t tag{0};             //!< for others
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_CONFIG_H
