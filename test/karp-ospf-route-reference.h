/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_ROUTE_REFERENCE_H
#define KARP_OSPF_ROUTE_REFERENCE_H

#include "ns3/karp-ospf-route-calculator.h"

namespace ns3
{
namespace karp
{

/**
 * The routing table by definition instead of by RFC 2328's steps: the length of a shortest path
 * between any two vertices (Floyd and Warshall), a next hop where going there first is as short, a
 * route where no other one is preferred. Link costs must be 1 at least.
 * \param input what from
 * \return the table
 */
OspfRoutingTable OspfReferenceTable(const OspfRouteInput& input);

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ROUTE_REFERENCE_H
