/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-lan.h"

#include "ns3/csma-helper.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/karp-attack-packet.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace karp
{

KeyRow
ManualKey()
{
    KeyRow row;
    row.adminKeyName = "manual";
    row.localKeyName = IntegerKeyName(1, 1);
    row.peers = "all";
    row.interfaces = {ALL_INTERFACES};
    row.protocol = KeyProtocol::OSPFV2;
    row.algId = MacAlgorithm::HMAC_SHA_256;
    row.key.assign(32, 0x42);
    row.lifetimes = {Time(0), Time(0), TIME_MAX, TIME_MAX};
    return row;
}

AppLan::AppLan(uint32_t n)
{
    nodes.Create(n);
    CsmaHelper csma;
    csma.SetChannelAttribute("DataRate", StringValue("1Gbps"));
    csma.SetChannelAttribute("Delay", StringValue("50us"));
    devices = csma.Install(nodes);
    csma.AssignStreams(devices, 500);
    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(nodes);
    internet.AssignStreams(nodes, 1000);
    Ipv4AddressHelper("10.0.0.0", "255.255.255.0").Assign(devices);

    helper.SetGroupPsk("secret");
    helper.Set("AdvertInterval", StringValue("200ms"));
    helper.Set("UpdateInterval", StringValue("1s"));
    helper.Set("UpdateCopySpacing", StringValue("100ms"));
    helper.Set("RetransmitFirst", StringValue("200ms"));
    helper.Set("KekLifetime", StringValue("20s"));
    helper.Set("PmkOverrun", StringValue("10s"));
    helper.Set("Lead", StringValue("2s"));
    helper.Set("Overlap", StringValue("2s"));
    helper.Set("HelloInterval", StringValue("1s"));
    helper.Set("RouterDeadInterval", StringValue("4s"));
    helper.Set("FollowDr", StringValue("false"));
}

AppLan::~AppLan()
{
    Simulator::Destroy();
}

void
AppLan::Install()
{
    apps = helper.Install(devices);
    KarpHelper::AssignStreams(apps, 2000);
}

void
AppLan::RunUntil(double seconds)
{
    Simulator::Stop(Seconds(seconds) - Simulator::Now());
    Simulator::Run();
}

Ptr<KmpApplication>
AppLan::Kmp(uint32_t i) const
{
    return DynamicCast<KmpApplication>(apps.Get(i));
}

Ptr<OspfApplication>
AppLan::Ospf(uint32_t i) const
{
    return DynamicCast<OspfApplication>(apps.Get(nodes.GetN() + i));
}

Ptr<Router>
AppLan::GetRouter(uint32_t i) const
{
    return Router::Of(nodes.Get(i));
}

IpAddress
AppLan::AddressOf(uint32_t i)
{
    return IpAddress{0x0a000001 + i};
}

uint32_t
AppLan::TwoWays(uint32_t i) const
{
    uint32_t count = 0;
    if (Ospf(i)->GetEngine())
    {
        for (const auto& neighbor : Ospf(i)->GetEngine()->Neighbors(1))
        {
            count += neighbor.state == OspfNeighborState::TWO_WAY ? 1 : 0;
        }
    }
    return count;
}

uint32_t
AppLan::Gcks() const
{
    uint32_t found = nodes.GetN();
    for (uint32_t i = 0; i < nodes.GetN(); ++i)
    {
        if (Kmp(i)->GetRole(0) == GcksRole::GCKS)
        {
            if (found != nodes.GetN())
            {
                return nodes.GetN();
            }
            found = i;
        }
    }
    return found;
}

void
AppLan::Inject(double seconds, uint32_t i, const char* destination, uint8_t ttl, Bytes payload)
{
    Ptr<Socket> socket = Socket::CreateSocket(nodes.Get(i), UdpSocketFactory::GetTypeId());
    socket->BindToNetDevice(devices.Get(i));
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 0));
    socket->SetAttribute("IpMulticastTtl", UintegerValue(ttl));
    socket->SetIpTtl(ttl);
    Simulator::Schedule(Seconds(seconds) - Simulator::Now(),
                        &AppLan::Send,
                        this,
                        socket,
                        destination,
                        ttl,
                        payload);
}

void
AppLan::InjectOspf(double seconds, uint32_t i, const char* destination, Bytes payload)
{
    Ptr<Socket> socket = Socket::CreateSocket(nodes.Get(i), Ipv4RawSocketFactory::GetTypeId());
    socket->SetAttribute("Protocol", UintegerValue(IP_PROTOCOL_OSPF));
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 0));
    socket->BindToNetDevice(devices.Get(i));
    Simulator::Schedule(Seconds(seconds) - Simulator::Now(),
                        &AppLan::Send,
                        this,
                        socket,
                        destination,
                        0,
                        payload);
}

void
AppLan::Send(Ptr<Socket> socket, const char* destination, uint8_t ttl, Bytes payload)
{
    Ptr<Packet> packet = Create<Packet>(payload.data(), payload.size());
    packet->AddByteTag(AttackTag(1)); // no router made it
    socket->SendTo(packet, 0, InetSocketAddress(Ipv4Address(destination), ttl == 0 ? 0 : 848));
    socket->Close();
}

} // namespace karp
} // namespace ns3
