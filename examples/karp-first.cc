/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * \file
 * \ingroup karp
 * The smallest network with key management: three routers on one LAN elect a group controller, get
 * their keys from it, and become OSPF neighbours under them.
 *
 *     r0    r1    r2
 *     |     |     |
 *   ================= 10.0.0.0/24
 *
 * For a minute of simulated time it prints who becomes what and when; --pcap also writes what
 * Wireshark needs: a capture for each router, and the keys to decrypt it.
 */

#include "ns3/command-line.h"
#include "ns3/csma-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/karp-helper.h"
#include "ns3/node-container.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <cstdio>
#include <string>

using namespace ns3;

namespace
{

/** Print that \p router has another role in its group. */
void
PrintRole(std::string router, uint32_t, const karp::MrkmpEvent::RoleChanged& change)
{
    std::printf("%8.3f s  %s  key management  %s -> %s\n",
                Simulator::Now().GetSeconds(),
                router.c_str(),
                karp::ToString(change.from),
                karp::ToString(change.to));
}

/** Print that \p router sees a neighbour in another state. */
void
PrintNeighbor(std::string router, uint32_t, const karp::OspfEvent::NeighborChanged& change)
{
    std::printf("%8.3f s  %s  neighbour %s  %s -> %s\n",
                Simulator::Now().GetSeconds(),
                router.c_str(),
                change.address.ToString().c_str(),
                karp::ToString(change.from),
                karp::ToString(change.to));
}

} // namespace

int
main(int argc, char* argv[])
{
    bool pcap = false;
    CommandLine cmd(__FILE__);
    cmd.AddValue("pcap", "write captures and keys into the current folder", pcap);
    cmd.Parse(argc, argv);

    NodeContainer routers(3);
    CsmaHelper csma;
    csma.SetChannelAttribute("DataRate", StringValue("1Gbps"));
    csma.SetChannelAttribute("Delay", StringValue("50us"));
    NetDeviceContainer devices = csma.Install(routers);
    InternetStackHelper internet;
    internet.Install(routers);
    Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
    addresses.Assign(devices);

    karp::KarpHelper karp;
    karp.SetGroupPsk("correct horse battery staple");
    ApplicationContainer apps = karp.Install(devices);

    karp::KarpHelper::AssignStreams(apps, 100);
    for (uint32_t i = 0; i < routers.GetN(); ++i)
    {
        const std::string name = karp::RouterName(routers.Get(i));
        apps.Get(i)->TraceConnectWithoutContext("Role", MakeBoundCallback(&PrintRole, name));
        apps.Get(routers.GetN() + i)
            ->TraceConnectWithoutContext("NeighborState", MakeBoundCallback(&PrintNeighbor, name));
    }
    if (pcap)
    {
        csma.EnablePcapAll("karp-first");
        karp::KarpHelper::EnableKeyLog(apps, ".");
    }
    Simulator::Stop(Seconds(60));
    Simulator::Run();
    std::printf("\nkey table of r0:\n%s",
                karp::Router::Of(routers.Get(0))
                    ->Keys()
                    .Dump(karp::Router::Of(routers.Get(0))->Now())
                    .c_str());
    Simulator::Destroy();
    return 0;
}
