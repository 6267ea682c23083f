/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_LIVE_DEVICE_H
#define KARP_LIVE_DEVICE_H

#include "ns3/ipv4-address.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <string>

/**
 * \file
 * \ingroup karp
 * Real interfaces for simulated routers. ns-3's own helpers for that start a set-uid program whose
 * place is compiled in, which packaged versions do not have; a descriptor opened here needs none.
 */

namespace ns3
{
namespace karp
{

/** A real interface, as the command line tells of it. */
struct LiveInterface
{
    std::string name;  //!< such as eth0; empty: none
    std::string netns; //!< name or path of its network namespace; empty: that of this process
    std::string mac;   //!< of the simulated router; empty: made of its address
    Ipv4Address address{"0.0.0.0"}; //!< of the simulated router
    Ipv4Mask mask{"255.255.255.0"}; //!< of the network
};

/**
 * Attach \p node to a real interface. What the kernel itself sends by that interface is not seen;
 * all that others send there is.
 * \param node a node without the device
 * \param interface where
 * \param[out] error why it did not work, for people
 * \return the device, without an IP address; nullptr if it did not work
 */
Ptr<NetDevice> AttachLive(Ptr<Node> node, const LiveInterface& interface, std::string& error);

} // namespace karp
} // namespace ns3

#endif // KARP_LIVE_DEVICE_H
