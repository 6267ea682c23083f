/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_BENCH_NETWORK_H
#define KARP_BENCH_NETWORK_H

#include "karp-bench.h"

#include "ns3/ipv4-address-helper.h"
#include "ns3/karp-helper.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"

#include <functional>
#include <string>
#include <vector>

/**
 * \file
 * Networks of routers with link state, from cold start to converged tables: what they cost. Each
 * runs in a process of its own, so that its memory can be told.
 */

namespace ns3
{
namespace karp
{

/** What a run tells its parent. */
struct NetworkCost
{
    double seconds{0};      //!< of computing, without building the network
    double mebibytes{0};    //!< peak memory
    double events{0};       //!< of the simulator
    double packets{0};      //!< of OSPF, sent
    double converged{0};    //!< simulated second of the last change of a table
    double unreachable{-1}; //!< pairs of router and network without a route at the end
};

/** Routers and links. */
struct Network
{
    NodeContainer nodes;         //!< routers
    Ipv4AddressHelper addresses; //!< of links, one network after the other
    OspfHelper ospf;             //!< settings
    uint32_t links{0};           //!< so far
};

/** \return \p count routers, without links yet, that sign or do not */
Network MakeRouters(uint32_t count, bool isSigned, double minLsInterval);

/** Let OSPF run on \p devices, a link. */
void Join(Network& network, const NetDeviceContainer& devices);

/** Join \p n x \p n routers as a grid, by links of 5 Mbps and 2 ms. */
void JoinGrid(Network& network, uint32_t n);

/** \return what \p network costs for \p stop simulated seconds */
NetworkCost RunNetwork(Network& network, double stop);

/** \return what \p run says, which runs in a process of its own, and its memory */
NetworkCost MeasureApart(const std::function<NetworkCost()>& run);

/** Append what \p cost is, of \p what, called \p name. */
void Append(const std::string& name,
            const std::string& what,
            const NetworkCost& cost,
            std::vector<BenchResult>& results);

/** Append the ratio of signing to not signing. */
void AppendRatio(const std::string& name,
                 const NetworkCost& hmac,
                 const NetworkCost& open,
                 std::vector<BenchResult>& results);

} // namespace karp
} // namespace ns3

#endif // KARP_BENCH_NETWORK_H
