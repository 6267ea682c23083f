/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_COMPAT_H
#define KARP_COMPAT_H

#include "ns3/ipv4-routing-protocol.h"

#include <string>

/**
 * \file
 * \ingroup karp
 * Every difference between the ns-3 versions karp builds with (3.35 to 3.48) is dealt with here, by
 * looking at the declarations themselves: ns-3 has no version macro to ask.
 *
 * What needs no shim, only the spelling that compiles with all of them:
 *  - TestSuite("name", Type::UNIT); AddTestCase(new Case) without a duration;
 *  - !event.IsExpired() for a pending event (EventId::IsRunning has gone);
 *  - Simulator::Schedule with a function or a member function, never with a bare lambda (3.35);
 *  - AssignStreams of an Application without the word override (virtual only from 3.42 on);
 *  - GetInstanceTypeId overridden in headers and tags only (final in Object from 3.45 on);
 *  - CreateObject, never Create, for a class derived from Object;
 *  - attributes that are words take a StringValue and have a setter that returns whether it knows
 *    the word: EnumValue is a template from 3.41 on, and where ns-3's assertions are compiled out,
 *    as Debian's are, its older checkers take any word and read past the end of their list;
 *  - an Ipv4Address is always given a value (what the default is has changed);
 *  - `if (!pointer)` for an empty Ptr, include "ns3/event-id.h" beside "ns3/nstime.h";
 *  - a raw socket is bound to Ipv4Address::GetAny() and to its device, never to a group: sending on
 *    one bound to a group crashes from 3.38 on. Multicast leaves it with TTL 64 whatever SetIpTtl
 *    said; a SocketIpTtlTag on the packet sets it. Neither forwarded packets nor fragments may be
 *    counted on (3.46 no longer shows them);
 *  - no host filters multicast groups: the application looks at the destination itself.
 */

namespace ns3
{
namespace karp
{
namespace compat
{

/** Argument types of Ipv4RoutingProtocol::RouteInput: by value up to 3.38, then by reference. */
template <typename F>
struct RouteInputOf;

/** The same, taken apart. */
template <typename P, typename H, typename D, typename U, typename M, typename L, typename E>
struct RouteInputOf<bool (Ipv4RoutingProtocol::*)(P, H, D, U, M, L, E)>
{
    using Unicast = U;   //!< callback for a packet to be forwarded
    using Multicast = M; //!< callback for a multicast packet to be forwarded
    using Local = L;     //!< callback for a packet for this node
    using Error = E;     //!< callback for a packet that cannot be routed
};

using RouteInputTypes = RouteInputOf<decltype(&Ipv4RoutingProtocol::RouteInput)>; //!< this ns-3's

/** \return the version of ns-3 this was built with, as the build files know it */
inline std::string
Ns3Version()
{
#ifdef KARP_NS3_VERSION
    return KARP_NS3_VERSION;
#else
    return "unknown";
#endif
}

} // namespace compat
} // namespace karp
} // namespace ns3

#endif // KARP_COMPAT_H
