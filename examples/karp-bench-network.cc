/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-bench-network.h"

#include "ns3/core-module.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/karp-ospf-routing.h"
#include "ns3/karp-router.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-helper.h"

#include <cstdio>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ns3
{
namespace karp
{

namespace
{

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

} // namespace

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

void
Join(Network& network, const NetDeviceContainer& devices)
{
    network.addresses.Assign(devices);
    network.addresses.NewNetwork();
    network.ospf.Install(devices);
    ++network.links;
}

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

NetworkCost
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
    NetworkCost cost;
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

NetworkCost
MeasureApart(const std::function<NetworkCost()>& run)
{
    NetworkCost cost;
    int ends[2];
    if (pipe(ends) != 0)
    {
        return cost;
    }
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0)
    {
        const NetworkCost mine = run();
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
        return NetworkCost();
    }
    cost.mebibytes = static_cast<double>(usage.ru_maxrss) / 1024.0;
    return cost;
}

void
Append(const std::string& name,
       const std::string& what,
       const NetworkCost& cost,
       std::vector<BenchResult>& results)
{
    // The largest take minutes, and results are printed when all are there.
    std::fprintf(stderr, "  %s: %.2f s\n", what.c_str(), cost.seconds);
    results.push_back({name + ".wall", cost.seconds, "s", what});
    results.push_back({name + ".memory", cost.mebibytes, "MiB", "at its peak"});
    results.push_back({name + ".events", cost.events, "", "of the simulator"});
    results.push_back({name + ".packets", cost.packets, "", "of OSPF, sent"});
    results.push_back({name + ".converged", cost.converged, "s", "simulated"});
    results.push_back({name + ".unreachable", cost.unreachable, "", "routes missing at the end"});
}

void
AppendRatio(const std::string& name,
            const NetworkCost& hmac,
            const NetworkCost& open,
            std::vector<BenchResult>& results)
{
    results.push_back({name + ".ratio",
                       hmac.seconds / open.seconds,
                       "",
                       "HMAC-SHA-256 over AuType 0; the aim is 1.15 or less"});
}

} // namespace karp
} // namespace ns3
