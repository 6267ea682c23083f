/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-bench-network.h"

#include "ns3/csma-helper.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <string>

/**
 * \file
 * Grids of routers on point-to-point links, and LANs of them: what they cost, and how that grows.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr double STOP = 60.0;      //!< simulated seconds of a grid
constexpr double LAN_STOP = 100.0; //!< of a LAN: the wait for a Designated Router takes 40 s

/** \return what a grid of \p n x \p n routers costs */
NetworkCost
RunGrid(uint32_t n, bool isSigned, double minLsInterval)
{
    Network network = MakeRouters(n * n, isSigned, minLsInterval);
    JoinGrid(network, n);
    return RunNetwork(network, STOP);
}

/** \return what a LAN of \p n routers costs, each with another network behind it */
NetworkCost
RunLan(uint32_t n, bool isSigned)
{
    Network network = MakeRouters(n, isSigned, 5);
    network.addresses.SetBase("10.0.0.0", "255.255.252.0");
    CsmaHelper csma;
    csma.SetChannelAttribute("DataRate", StringValue("1Gbps"));
    csma.SetChannelAttribute("Delay", StringValue("50us"));
    // A Hello of 500 routers is longer than 1500 octets, and raw sockets are shown its fragments.
    csma.SetDeviceAttribute("Mtu", UintegerValue(9000));
    Join(network, csma.Install(network.nodes));
    for (uint32_t i = 0; i < n; ++i)
    {
        Join(network, csma.Install(network.nodes.Get(i)));
    }
    return RunNetwork(network, LAN_STOP);
}

/** A grid and its cost. */
struct Grid
{
    uint32_t n{0};    //!< routers along a side
    NetworkCost cost; //!< with HMAC-SHA-256
};

/** Append how cost grows from \p small to \p large: n is the side of a grid. */
void
AppendGrowth(const Grid& small, const Grid& large, std::vector<BenchResult>& results)
{
    const std::string name = "growth" + std::to_string(small.n) + "to" + std::to_string(large.n);
    const auto exponent = [&](double NetworkCost::*what) {
        return std::log(large.cost.*what / (small.cost.*what)) /
               std::log(static_cast<double>(large.n) / small.n);
    };
    results.push_back({name + ".wall", exponent(&NetworkCost::seconds), "", "grows with n to the"});
    results.push_back(
        {name + ".packets", exponent(&NetworkCost::packets), "", "grow with n to the"});
    results.push_back(
        {name + ".memory", exponent(&NetworkCost::mebibytes), "", "grows with n to the"});
}

} // namespace

std::vector<BenchResult>
BenchGrid(const BenchEffort& effort)
{
    constexpr uint32_t BOTH_MAX = 20; // Beyond, one interval will do: it makes no difference.
    std::vector<BenchResult> results;
    std::vector<Grid> grids;
    for (uint32_t n = effort.gridMin; n <= effort.gridMax; n += 5)
    {
        for (const double interval : {5.0, 0.0})
        {
            if (interval == 0 && n > BOTH_MAX)
            {
                continue;
            }
            const std::string side = std::to_string(n);
            const std::string name = "grid" + side + (interval == 0 ? ".min0" : ".min5");
            const std::string what =
                side + "x" + side + ", MinLSInterval " + (interval == 0 ? "0" : "5 s");
            const auto open = MeasureApart([&] { return RunGrid(n, false, interval); });
            const auto hmac = MeasureApart([&] { return RunGrid(n, true, interval); });
            Append(name + ".open", what + ", AuType 0", open, results);
            Append(name + ".hmac", what + ", HMAC-SHA-256", hmac, results);
            AppendRatio(name, hmac, open, results);
            if (interval != 0)
            {
                grids.push_back({n, hmac});
            }
        }
    }
    for (size_t i = 1; i < grids.size(); ++i)
    {
        AppendGrowth(grids[i - 1], grids[i], results);
    }
    return results;
}

std::vector<BenchResult>
BenchRoutedLan(const BenchEffort& effort)
{
    std::vector<BenchResult> results;
    for (const uint32_t n : {10, 50, 100, 200, 500})
    {
        if (n > effort.lanMax)
        {
            break;
        }
        const std::string name = "routed-lan" + std::to_string(n);
        const std::string what = std::to_string(n) + " routers on a LAN, a network behind each";
        const auto open = MeasureApart([&] { return RunLan(n, false); });
        const auto hmac = MeasureApart([&] { return RunLan(n, true); });
        Append(name + ".open", what + ", AuType 0", open, results);
        Append(name + ".hmac", what + ", HMAC-SHA-256", hmac, results);
        AppendRatio(name, hmac, open, results);
    }
    return results;
}

} // namespace karp
} // namespace ns3
