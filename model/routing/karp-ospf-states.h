/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_STATES_H
#define KARP_OSPF_STATES_H

#include <cstdint>

/**
 * \file
 * \ingroup karp
 * States and events of the two machines of OSPF (RFC 2328 sections 9 and 10).
 */

namespace ns3
{
namespace karp
{

/** Interface states (RFC 2328 section 9.1). */
enum class OspfInterfaceState : uint8_t
{
    DOWN,
    LOOPBACK,
    WAITING,
    POINT_TO_POINT,
    DR_OTHER,
    BACKUP,
    DR,
    COUNT
};

/** Neighbor states (RFC 2328 section 10.1). */
enum class OspfNeighborState : uint8_t
{
    DOWN,
    ATTEMPT,
    INIT,
    TWO_WAY,
    EX_START,
    EXCHANGE,
    LOADING,
    FULL,
    COUNT
};

/** \return the name RFC 2328 gives \p state, such as "DROther" */
const char* ToString(OspfInterfaceState state);
/** \return the name RFC 2328 gives \p state, such as "2-Way" */
const char* ToString(OspfNeighborState state);

/** Events of the interface machine (RFC 2328 section 9.2). */
enum class OspfInterfaceEvent : uint8_t
{
    INTERFACE_UP,
    WAIT_TIMER,
    BACKUP_SEEN,
    NEIGHBOR_CHANGE,
    LOOP_IND,
    UNLOOP_IND,
    INTERFACE_DOWN,
    COUNT
};

/** \return the name RFC 2328 gives \p event, such as "BackupSeen" */
const char* ToString(OspfInterfaceEvent event);

/** Events of the neighbor machine (RFC 2328 section 10.2). */
enum class OspfNeighborEvent : uint8_t
{
    HELLO_RECEIVED,
    START,
    TWO_WAY_RECEIVED,
    NEGOTIATION_DONE,
    EXCHANGE_DONE,
    BAD_LS_REQ,
    LOADING_DONE,
    ADJ_OK,
    SEQ_NUMBER_MISMATCH,
    ONE_WAY_RECEIVED,
    KILL_NBR,
    INACTIVITY_TIMER,
    LL_DOWN,
    COUNT
};

/** \return the name RFC 2328 gives \p event, such as "2-WayReceived" */
const char* ToString(OspfNeighborEvent event);

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_STATES_H
