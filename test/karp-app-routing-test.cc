/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-lan.h"
#include "karp-app-tests.h"

#include "ns3/boolean.h"
#include "ns3/inet-socket-address.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-global-routing-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/karp-helper.h"
#include "ns3/karp-ospf-routing.h"
#include "ns3/karp-router.h"
#include "ns3/node-container.h"
#include "ns3/output-stream-wrapper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"
#include "ns3/string.h"
#include "ns3/udp-socket-factory.h"

#include <map>
#include <set>
#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-app: traffic by the routes of OSPF. Four routers as a diamond: r0-r1 (link 0),
 * r0-r2 (link 1), r1-r3 (link 2), r2-r3 (link 3), every packet signed with HMAC-SHA-256.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr uint16_t PORT = 9;

/** The diamond, and a stream of datagrams through it, one a second. */
class Diamond
{
  public:
    /** \param isLinkState whether OSPF exchanges link state; \param helper of IP's routing */
    Diamond(bool isLinkState, const Ipv4RoutingHelper* helper)
        : m_nodes(4)
    {
        InternetStackHelper internet;
        internet.SetIpv6StackInstall(false);
        if (helper)
        {
            internet.SetRoutingHelper(*helper);
        }
        internet.Install(m_nodes);
        PointToPointHelper link;
        link.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
        link.SetChannelAttribute("Delay", StringValue("1ms"));
        Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
        OspfHelper ospf;
        ospf.Set("LinkState", BooleanValue(isLinkState));
        const uint32_t ends[][2] = {{0, 1}, {0, 2}, {1, 3}, {2, 3}};
        for (const auto& [a, b] : ends)
        {
            NetDeviceContainer devices = link.Install(m_nodes.Get(a), m_nodes.Get(b));
            addresses.Assign(devices);
            addresses.NewNetwork();
            ospf.Install(devices);
        }
        ApplicationContainer apps;
        for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
        {
            Router::Of(m_nodes.Get(i))->InstallKey(ManualKey());
            apps.Add(m_nodes.Get(i)->GetApplication(0));
        }
        apps.Start(Seconds(0));
        OspfHelper::AssignStreams(apps, 1);
        m_sink = Socket::CreateSocket(m_nodes.Get(3), UdpSocketFactory::GetTypeId());
        m_sink->Bind(InetSocketAddress(Ipv4Address::GetAny(), PORT));
        m_source = Socket::CreateSocket(m_nodes.Get(0), UdpSocketFactory::GetTypeId());
    }

    ~Diamond()
    {
        Simulator::Destroy();
    }

    Diamond(const Diamond&) = delete;
    Diamond& operator=(const Diamond&) = delete;

    /** \return router \p n */
    Ptr<Node> Get(uint32_t n) const
    {
        return m_nodes.Get(n);
    }

    /** \return OSPF of router \p n */
    Ptr<OspfApplication> Ospf(uint32_t n) const
    {
        return DynamicCast<OspfApplication>(m_nodes.Get(n)->GetApplication(0));
    }

    /** Router \p n brings in a route, to 192.0.2.0/24 if no other is given. */
    void AddExternal(uint32_t n = 3, uint32_t address = 0xc0000200, uint32_t mask = 0xffffff00)
    {
        OspfExternalRoute route;
        route.address = IpAddress{address};
        route.mask = mask;
        Ospf(n)->AddExternal(route);
    }

    /** Let time pass to \p seconds. */
    void RunUntil(double seconds)
    {
        Simulator::Stop(Seconds(seconds) - Simulator::Now());
        Simulator::Run();
    }

    /** \return of ten datagrams to r3's address on link 2, sent in a second, how many arrive */
    uint32_t Arriving()
    {
        return ArrivingAt("10.0.2.2");
    }

    /** \return the same of \p destination */
    uint32_t ArrivingAt(const char* destination)
    {
        while (m_sink->Recv())
        {
        }
        for (int i = 0; i < 10; ++i)
        {
            Simulator::Schedule(MilliSeconds(100 * i), &Diamond::Send, this, destination);
        }
        RunUntil(Simulator::Now().GetSeconds() + 2);
        uint32_t count = 0;
        while (m_sink->Recv())
        {
            ++count;
        }
        return count;
    }

  private:
    /** Send a datagram. */
    void Send(const char* destination)
    {
        m_source->SendTo(Create<Packet>(100), 0, InetSocketAddress(destination, PORT));
    }

    NodeContainer m_nodes; //!< r0 to r3
    Ptr<Socket> m_sink;    //!< of r3
    Ptr<Socket> m_source;  //!< of r0
};

void
TrafficGoesAroundACrash(Sentence& test)
{
    Diamond diamond(true, nullptr);
    diamond.RunUntil(30);
    test.Equal(diamond.Arriving(), 10, "by r1");
    Router::Of(diamond.Get(1))->Crash();
    test.Equal(diamond.Arriving(), 0, "r0 does not know it yet");
    diamond.RunUntil(90);
    // 10.0.2.0/24 was on the dead router's link, which r3 still has.
    test.Equal(diamond.Arriving(), 10, "by r2");
    LossSet lost;
    lost.keys = false; // By hand they are configuration.
    Router::Of(diamond.Get(1))->Boot(lost);
    diamond.RunUntil(150);
    test.Equal(diamond.Arriving(), 10, "as before");
    test.Holds(OspfRouting::Of(diamond.Get(1))->GetTable().Networks().size() == 4,
               "the rebooted router knows all networks");
}

void
LinkDownIsNoticed(Sentence& test)
{
    Diamond diamond(true, nullptr);
    diamond.RunUntil(30);
    diamond.Get(0)->GetObject<Ipv4>()->SetDown(1);
    diamond.RunUntil(31);
    test.Equal(diamond.Arriving(), 10, "within a second, by r2");
    diamond.Get(0)->GetObject<Ipv4>()->SetUp(1);
    diamond.RunUntil(60);
    test.Equal(diamond.Ospf(0)->GetEngine()->Neighbors(1).size(), 1, "a neighbour again");
    test.Equal(diamond.Arriving(), 10, "both ways");
}

void
CostsDecide(Sentence& test)
{
    Diamond diamond(true, nullptr);
    diamond.Ospf(0)->SetCost(1, 100);
    diamond.RunUntil(30);
    const OspfRoutingTable& table = OspfRouting::Of(diamond.Get(0))->GetTable();
    const OspfRoute* route = table.FindNetwork(0x0a000200, 24);
    test.Holds(route != nullptr, "there is a route");
    test.Equal(route->cost, 30, "by r2 and r3");
    test.Equal(table.NextHops(*route).front().interface, 2, "by the second interface");
    diamond.Ospf(0)->SetCost(1, 10);
    diamond.RunUntil(40);
    test.Equal(table.FindNetwork(0x0a000200, 24)->cost, 20, "by r1");
}

void
ExternalRoutesAreForwarded(Sentence& test)
{
    Diamond diamond(true, nullptr);
    diamond.AddExternal();
    diamond.RunUntil(30);
    const OspfRoutingTable& table = OspfRouting::Of(diamond.Get(0))->GetTable();
    test.Holds(table.Lookup(IpAddress{0xc0000207}) != nullptr, "a route");
    test.Equal(table.NextHops(*table.Lookup(IpAddress{0xc0000207})).size(), 2, "two paths");
    diamond.Ospf(3)->RemoveExternal("192.0.2.0", "255.255.255.0");
    diamond.RunUntil(50);
    test.Holds(table.Lookup(IpAddress{0xc0000207}) == nullptr, "none");
}

void
TablesArePrinted(Sentence& test)
{
    Diamond diamond(true, nullptr);
    diamond.RunUntil(30);
    std::ostringstream out;
    OspfRouting::Of(diamond.Get(0))
        ->PrintRoutingTable(Create<OutputStreamWrapper>(&out), ns3::Time::S);
    const std::string text = out.str();
    test.Holds(text.find("Node: ") != std::string::npos, "a head as ns-3's");
    test.Holds(text.find("10.0.2.0        10.0.0.2        255.255.255.0   UG") != std::string::npos,
               text);
    test.Holds(text.find("10.0.0.0        0.0.0.0         255.255.255.0   U ") != std::string::npos,
               text);
}

void
FlowsTakeOnePathEach(Sentence& test)
{
    // 10.0.2.2 is one hop nearer by r1; a loopback of r3 is as far both ways.
    Diamond diamond(true, nullptr);
    diamond.AddExternal();
    diamond.RunUntil(30);
    Ptr<OspfRouting> routing = OspfRouting::Of(diamond.Get(0));
    std::set<uint32_t> first;
    std::set<uint32_t> flow;
    for (uint32_t host = 1; host < 50; ++host)
    {
        Ipv4Header header;
        header.SetSource("10.0.0.1");
        header.SetDestination(Ipv4Address(0xc0000200 + host));
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        Ptr<Ipv4Route> a = routing->RouteOutput(nullptr, header, nullptr, error);
        Ptr<Ipv4Route> b = routing->RouteOutput(nullptr, header, nullptr, error);
        test.Holds(a && b && a->GetGateway() == b->GetGateway(), "a flow has one path");
        flow.insert(a->GetGateway().Get());
        routing->SetAttribute("Multipath", StringValue("first"));
        first.insert(routing->RouteOutput(nullptr, header, nullptr, error)->GetGateway().Get());
        routing->SetAttribute("Multipath", StringValue("flow"));
    }
    test.Equal(flow.size(), 2, "flows take both paths");
    test.Equal(first.size(), 1, "or all the first");
}

std::map<Ipv4L3Protocol::DropReason, uint32_t> g_dropped; //!< packets by reason

/** IP has dropped a packet. */
void
NoteDropped(const Ipv4Header&,
            Ptr<const Packet>,
            Ipv4L3Protocol::DropReason reason,
            Ptr<Ipv4>,
            uint32_t)
{
    ++g_dropped[reason];
}

void
RangesDiscardPackets(Sentence& test)
{
    // RFC 2328 section 11.1. r3 is area 1, r1 and r2 are its border routers and tell
    // of 10.0.0.0/21, r0 is the backbone and brings in the default route. 10.0.7.1 is nowhere.
    Diamond diamond(true, nullptr);
    OspfAreaConfig area;
    area.areaId = 1;
    area.ranges = {{IpAddress{0x0a000000}, 0xfffff800, true}};
    for (const uint32_t border : {1, 2})
    {
        diamond.Ospf(border)->SetArea(2, "0.0.0.1");
        diamond.Ospf(border)->ConfigureArea(area);
    }
    diamond.Ospf(3)->SetArea(1, "0.0.0.1");
    diamond.Ospf(3)->SetArea(2, "0.0.0.1");
    diamond.AddExternal(0, 0, 0);
    diamond.RunUntil(60);
    test.Equal(diamond.Arriving(), 10, "to a network of the area");
    g_dropped.clear();
    for (uint32_t n = 0; n < 4; ++n)
    {
        diamond.Get(n)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Drop",
            MakeCallback(&NoteDropped));
    }
    test.Equal(diamond.ArrivingAt("10.0.7.1"), 0, "nowhere");
    test.Equal(g_dropped[Ipv4L3Protocol::DROP_ROUTE_ERROR], 10, "dropped by a border router");
    test.Equal(g_dropped[Ipv4L3Protocol::DROP_TTL_EXPIRED], 0, "at once");
    Ptr<OspfRouting> border = OspfRouting::Of(diamond.Get(1));
    Ipv4Header header;
    header.SetDestination("10.0.7.1");
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    test.Holds(!border->RouteOutput(nullptr, header, nullptr, error), "its own neither");
    test.Holds(error == Socket::ERROR_NOROUTETOHOST, "and it is told why");
    std::ostringstream out;
    border->PrintRoutingTable(Create<OutputStreamWrapper>(&out), ns3::Time::S);
    const std::string line =
        "10.0.0.0        -               255.255.248.0   !     0       inter-area  -";
    test.Holds(out.str().find(line) != std::string::npos, out.str());

    // Without: to and fro between r0, which believes the border routers, and these.
    g_dropped.clear();
    for (const uint32_t n : {1, 2})
    {
        OspfRoutingTable table = OspfRouting::Of(diamond.Get(n))->GetTable();
        table.RemoveNetwork(0x0a000000, 21);
        OspfRouting::Of(diamond.Get(n))->SetTable(table);
    }
    test.Equal(diamond.ArrivingAt("10.0.7.1"), 0, "nowhere");
    test.Equal(g_dropped[Ipv4L3Protocol::DROP_TTL_EXPIRED], 10, "a loop");
}

void
GlobalRoutingWithHellosAlone(Sentence& test)
{
    // Link state comes from ns-3's global routing; OSPF only keeps signed neighbours.
    Ipv4ListRoutingHelper list;
    list.Add(Ipv4StaticRoutingHelper(), 0);
    list.Add(Ipv4GlobalRoutingHelper(), -10);
    Diamond diamond(false, &list);
    Ipv4GlobalRoutingHelper::PopulateRoutingTables();
    diamond.RunUntil(30);
    test.Equal(diamond.Arriving(), 10, "forwarded by global routing");
    const auto neighbors = diamond.Ospf(0)->GetEngine()->Neighbors(1);
    test.Equal(neighbors.size(), 1, "a neighbour");
    test.Holds(neighbors.front().state == OspfNeighborState::TWO_WAY, "in 2-Way");
    test.Holds(diamond.Ospf(0)->GetEngine()->LinkState() == nullptr, "no databases");
}

} // namespace

std::vector<TestCase*>
RoutingTests()
{
    return {
        new Sentence("traffic goes around a crashed router", TrafficGoesAroundACrash),
        new Sentence("an interface that goes down is noticed at once", LinkDownIsNoticed),
        new Sentence("costs decide", CostsDecide),
        new Sentence("external routes are forwarded", ExternalRoutesAreForwarded),
        new Sentence("routing tables are printed", TablesArePrinted),
        new Sentence("flows take one of equal paths each", FlowsTakeOnePathEach),
        new Sentence("ranges discard what would loop", RangesDiscardPackets),
        new Sentence("global routing with Hellos alone", GlobalRoutingWithHellosAlone),
    };
}

} // namespace karp
} // namespace ns3
