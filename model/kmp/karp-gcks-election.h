/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_GCKS_ELECTION_H
#define KARP_GCKS_ELECTION_H

#include "ns3/karp-types.h"

namespace ns3
{
namespace karp
{

/** Role of a router in its group (E1). */
enum class GcksRole : uint8_t
{
    DOWN,    //!< not in the group
    INITIAL, //!< looking for a GCKS
    GCKS,    //!< group controller and key server
    MEMBER,  //!< registered with a GCKS
    COUNT
};

/** \return "down", "initial", "gcks" or "member" */
const char* ToString(GcksRole role);

/** Settings of the election (H 3). */
struct ElectionConfig
{
    uint8_t priority{100};                       //!< higher is more preferred (E7)
    Time advertInterval{std::chrono::seconds(5)}; //!< between heartbeats of a GCKS (E2)
    double advertJitter{0.05};   //!< each interval is shortened by up to this fraction, [0, 0.5]
    uint32_t downCount{3};       //!< heartbeats missed before the GCKS is given up (E8)
    bool skew{true};             //!< wait (256 - priority)/256 heartbeats more, as VRRP does
    double minAdvertGap{0.1};    //!< least time between two own advertisements, in heartbeats (E6)
};

} // namespace karp
} // namespace ns3

#endif // KARP_GCKS_ELECTION_H
