/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-bench.h"

#include "ns3/core-module.h"
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
 * Grids of routers on point-to-point links from cold start to converged tables: what they cost, and
 * how that grows. Each runs in a process of its own, so that its memory can be told.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr double STOP = 60.0;      //!< simulated seconds
constexpr size_t DIGEST_SIZE = 32; //!< of HMAC-SHA-256

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

/** \return a key for all */
KeyRow
ManualKey()
{
    KeyRow row;
    row.adminKeyName = "manual";
    row.localKeyName = "01";
    row.peers = "all";
    row.interfaces = {ALL_INTERFACES};
    row.protocol = KeyProtocol::OSPFV2;
    row.algId = MacAlgorithm::HMAC_SHA_256;
    row.key = SecretBytes(DIGEST_SIZE, 0x42);
    row.lifetimes = {Time(0), Time(0), TIME_MAX, TIME_MAX};
    return row;
}

/** \return what a grid of \p n x \p n routers costs */
GridCost
RunGrid(uint32_t n, bool isSigned, double minLsInterval)
{
    NodeContainer nodes(n * n);
    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(nodes);
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("5Mbps"));
    link.SetChannelAttribute("Delay", StringValue("2ms"));
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.252");
    OspfHelper ospf;
    ospf.Set("LinkState", BooleanValue(true));
    ospf.Set("AuthType", StringValue(isSigned ? "cryptographic" : "none"));
    ospf.Set("MinLsInterval", TimeValue(Seconds(minLsInterval)));
    ospf.Set("MinLsArrival", TimeValue(Seconds(std::min(1.0, minLsInterval))));
    ospf.Set("AdjacencyDelay", TimeValue(Seconds(std::min(2.0, minLsInterval))));
    ApplicationContainer apps;
    uint32_t links = 0;
    const auto join = [&](uint32_t a, uint32_t b) {
        NetDeviceContainer devices = link.Install(nodes.Get(a), nodes.Get(b));
        addresses.Assign(devices);
        addresses.NewNetwork();
        ospf.Install(devices);
        ++links;
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
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        Ptr<Application> app = nodes.Get(i)->GetApplication(0);
        app->SetStartTime(Seconds(0));
        app->TraceConnectWithoutContext("Tx", MakeCallback(&CountPacket));
        app->TraceConnectWithoutContext("Routes", MakeCallback(&NoteRoutes));
        apps.Add(app);
        Router::Of(nodes.Get(i))->InstallKey(ManualKey());
    }
    OspfHelper::AssignStreams(apps, 1);
    Simulator::Stop(Seconds(STOP));
    const double start = CpuSeconds();
    Simulator::Run();
    GridCost cost;
    cost.seconds = CpuSeconds() - start;
    cost.events = static_cast<double>(Simulator::GetEventCount());
    cost.packets = static_cast<double>(g_packets);
    cost.converged = g_changed;
    cost.unreachable = 0;
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        const size_t routes = OspfRouting::Of(nodes.Get(i))->GetTable().Networks().size();
        cost.unreachable += static_cast<double>(links) - static_cast<double>(routes);
    }
    Simulator::Destroy();
    return cost;
}

/** The same, in a process of its own. */
GridCost
MeasureGrid(uint32_t n, bool isSigned, double minLsInterval)
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
        const GridCost mine = RunGrid(n, isSigned, minLsInterval);
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
        std::fprintf(stderr, "karp-bench: a grid of %u did not end well\n", n);
        return GridCost();
    }
    cost.mebibytes = static_cast<double>(usage.ru_maxrss) / 1024.0;
    return cost;
}

} // namespace

std::vector<BenchResult>
BenchGrid(const BenchEffort& effort)
{
    std::vector<BenchResult> results;
    for (uint32_t n = effort.gridMax; n <= effort.gridMax; n += 5)
    {
        for (const double interval : {5.0, 0.0})
        {
            double open = 0;
            for (const bool isSigned : {false, true})
            {
                const GridCost cost = MeasureGrid(n, isSigned, interval);
                const std::string name = "grid" + std::to_string(n) +
                                         (interval == 0 ? ".min0" : ".min5") +
                                         (isSigned ? ".hmac" : ".open");
                const std::string what = std::to_string(n) + "x" + std::to_string(n) +
                                         ", MinLSInterval " + (interval == 0 ? "0" : "5 s") +
                                         (isSigned ? ", HMAC-SHA-256" : ", AuType 0");
                results.push_back({name + ".wall", cost.seconds, "s", what});
                results.push_back({name + ".memory", cost.mebibytes, "MiB", "at its peak"});
                results.push_back({name + ".events", cost.events, "", "of the simulator"});
                results.push_back({name + ".packets", cost.packets, "", "of OSPF, sent"});
                results.push_back({name + ".converged", cost.converged, "s", "simulated"});
                results.push_back(
                    {name + ".unreachable", cost.unreachable, "", "routes missing at the end"});
                open = isSigned ? open : cost.seconds;
                if (isSigned)
                {
                    results.push_back({name + ".ratio",
                                       cost.seconds / open,
                                       "",
                                       "over AuType 0; the aim is 1.15 or less"});
                }
            }
        }
    }
    return results;
}

} // namespace karp
} // namespace ns3
