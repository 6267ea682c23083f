/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-bench.h"

#include "ns3/core-module.h"
#include "ns3/csma-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/karp-helper.h"
#include "ns3/karp-ospf-routing.h"
#include "ns3/karp-router.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-helper.h"

#include <cstdio>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/**
 * \file
 * Grids of routers on point-to-point links, and LANs of them, from cold start to converged tables:
 * what they cost, and how that grows. Each runs in a process of its own, so that its memory can be
 * told.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr double STOP = 60.0;      //!< simulated seconds of a grid
constexpr double LAN_STOP = 100.0; //!< of a LAN: the wait for a Designated Router takes 40 s

/** What a run tells its parent. */
struct GridCost
{
    double seconds{0};      //!< of computing, without building the network
    double mebibytes{0};    //!< peak memory
    double events{0};       //!< of the simulator
    double packets{0};      //!< of OSPF, sent
    double converged{0};    //!< simulated second of the last change of a table
    double unreachable{-1}; //!< pairs of router and network without a route at the end
};

uint64_t g_packets = 0; //!< sent
double g_changed = 0;   //!< when a table changed last

/** Count a packet. */
void
CountPacket(uint32_t, const MessageInfo&)
{
    ++g_packets;
}

/** Note that a table has changed. */
void
NoteRoutes(const OspfRoutingTable&, size_t)
{
    g_changed = Simulator::Now().GetSeconds();
}

/** Routers without links yet. */
struct Network
{
    NodeContainer nodes;         //!< routers
    Ipv4AddressHelper addresses; //!< of links, one network after the other
    OspfHelper ospf;             //!< settings
    uint32_t links{0};           //!< so far
};

/** \return \p count routers */
Network
MakeRouters(uint32_t count, bool isSigned, double minLsInterval)
{
    Network network;
    network.nodes.Create(count);
    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(network.nodes);
    network.ospf.Set("LinkState", BooleanValue(true));
    network.ospf.Set("AuthType", StringValue(isSigned ? "cryptographic" : "none"));
    network.ospf.Set("MinLsInterval", TimeValue(Seconds(minLsInterval)));
    network.ospf.Set("MinLsArrival", TimeValue(Seconds(std::min(1.0, minLsInterval))));
    return network;
}

/** Let OSPF run on \p devices, a link. */
void
Join(Network& network, const NetDeviceContainer& devices)
{
    network.addresses.Assign(devices);
    network.addresses.NewNetwork();
    network.ospf.Install(devices);
    ++network.links;
}

/** Join \p n x \p n routers as a grid. */
void
JoinGrid(Network& network, uint32_t n)
{
    network.addresses.SetBase("10.0.0.0", "255.255.255.252");
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("5Mbps"));
    link.SetChannelAttribute("Delay", StringValue("2ms"));
    const auto join = [&](uint32_t a, uint32_t b) {
        Join(network, link.Install(network.nodes.Get(a), network.nodes.Get(b)));
    };
    for (uint32_t y = 0; y < n; ++y)
    {
        for (uint32_t x = 0; x < n; ++x)
        {
            if (x + 1 < n)
            {
                join(y * n + x, y * n + x + 1);
            }
            if (y + 1 < n)
            {
                join(y * n + x, y * n + x + n);
            }
        }
    }
}

/** \return what \p network costs for \p stop seconds */
GridCost
RunNetwork(Network& network, double stop)
{
    ApplicationContainer apps;
    for (uint32_t i = 0; i < network.nodes.GetN(); ++i)
    {
        Ptr<Application> app = network.nodes.Get(i)->GetApplication(0);
        app->SetStartTime(Seconds(0));
        app->TraceConnectWithoutContext("Tx", MakeCallback(&CountPacket));
        app->TraceConnectWithoutContext("Routes", MakeCallback(&NoteRoutes));
        apps.Add(app);
        Router::Of(network.nodes.Get(i))->InstallKey(ManualKey());
    }
    OspfHelper::AssignStreams(apps, 1);
    Simulator::Stop(Seconds(stop));
    const double start = CpuSeconds();
    Simulator::Run();
    GridCost cost;
    cost.seconds = CpuSeconds() - start;
    cost.events = static_cast<double>(Simulator::GetEventCount());
    cost.packets = static_cast<double>(g_packets);
    cost.converged = g_changed;
    cost.unreachable = 0;
    for (uint32_t i = 0; i < network.nodes.GetN(); ++i)
    {
        const size_t routes = OspfRouting::Of(network.nodes.Get(i))->GetTable().Networks().size();
        cost.unreachable += static_cast<double>(network.links) - static_cast<double>(routes);
    }
    Simulator::Destroy();
    return cost;
}

/** \return what a grid of \p n x \p n routers costs */
GridCost
RunGrid(uint32_t n, bool isSigned, double minLsInterval)
{
    Network network = MakeRouters(n * n, isSigned, minLsInterval);
    JoinGrid(network, n);
    return RunNetwork(network, STOP);
}

/** \return what a LAN of \p n routers costs, each with another network behind it */
GridCost
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

/** \return what \p run says, which runs in a process of its own, and its memory */
template <typename Run>
GridCost
MeasureApart(Run&& run)
{
    GridCost cost;
    int ends[2];
    if (pipe(ends) != 0)
    {
        return cost;
    }
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0)
    {
        const GridCost mine = run();
        const bool isTold = write(ends[1], &mine, sizeof(mine)) == sizeof(mine);
        _exit(isTold ? 0 : 1);
    }
    close(ends[1]);
    const bool isTold = child > 0 && read(ends[0], &cost, sizeof(cost)) == sizeof(cost);
    close(ends[0]);
    rusage usage{};
    int status = 0;
    if (child > 0)
    {
        wait4(child, &status, 0, &usage);
    }
    if (!isTold)
    {
        std::fprintf(stderr, "karp-bench: a simulation did not end well\n");
        return GridCost();
    }
    cost.mebibytes = static_cast<double>(usage.ru_maxrss) / 1024.0;
    return cost;
}

/** Append what \p cost is, of \p what, called \p name. */
void
Append(const std::string& name,
       const std::string& what,
       const GridCost& cost,
       std::vector<BenchResult>& results)
{
    results.push_back({name + ".wall", cost.seconds, "s", what});
    results.push_back({name + ".memory", cost.mebibytes, "MiB", "at its peak"});
    results.push_back({name + ".events", cost.events, "", "of the simulator"});
    results.push_back({name + ".packets", cost.packets, "", "of OSPF, sent"});
    results.push_back({name + ".converged", cost.converged, "s", "simulated"});
    results.push_back({name + ".unreachable", cost.unreachable, "", "routes missing at the end"});
}

/** Append the ratio of signing to not signing. */
void
AppendRatio(const std::string& name,
            const GridCost& hmac,
            const GridCost& open,
            std::vector<BenchResult>& results)
{
    results.push_back({name + ".ratio",
                       hmac.seconds / open.seconds,
                       "",
                       "HMAC-SHA-256 over AuType 0; the aim is 1.15 or less"});
}

} // namespace

std::vector<BenchResult>
BenchGrid(const BenchEffort& effort)
{
    std::vector<BenchResult> results;
    for (uint32_t n = 5; n <= effort.gridMax; n += 5)
    {
        for (const double interval : {5.0, 0.0})
        {
            const std::string side = std::to_string(n);
            const std::string name = "grid" + side + (interval == 0 ? ".min0" : ".min5");
            const std::string what =
                side + "x" + side + ", MinLSInterval " + (interval == 0 ? "0" : "5 s");
            const GridCost open = MeasureApart([&] { return RunGrid(n, false, interval); });
            const GridCost hmac = MeasureApart([&] { return RunGrid(n, true, interval); });
            Append(name + ".open", what + ", AuType 0", open, results);
            Append(name + ".hmac", what + ", HMAC-SHA-256", hmac, results);
            AppendRatio(name, hmac, open, results);
        }
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
        const GridCost open = MeasureApart([&] { return RunLan(n, false); });
        const GridCost hmac = MeasureApart([&] { return RunLan(n, true); });
        Append(name + ".open", what + ", AuType 0", open, results);
        Append(name + ".hmac", what + ", HMAC-SHA-256", hmac, results);
        AppendRatio(name, hmac, open, results);
    }
    return results;
}

} // namespace karp
} // namespace ns3
