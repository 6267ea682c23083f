/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"
#include "karp-ospf-network.h"

#include <algorithm>

/**
 * \file
 * Areas and what lies outside the AS: summary-LSAs, ranges, stub areas, AS-external-LSAs.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr uint32_t UNREACHABLE = UINT32_MAX;

constexpr uint32_t TEST_NET = 0xc0000200; //!< 192.0.2.0

/** Both sides of a link are in \p area. */
OspfNetwork::Change
InArea(uint32_t area)
{
    return [area](OspfInterfaceConfig& config) { config.areaId = area; };
}

/** \return settings of area 1 */
OspfAreaConfig
Area1(bool isStub = false)
{
    OspfAreaConfig area;
    area.areaId = 1;
    area.isStub = isStub;
    return area;
}

void
AreasAreSummarised(Sentence& test)
{
    // r1 -area 1- r2 -backbone- r3 -area 2- r4
    OspfNetwork network;
    network.AddRouters(4);
    network.AddLink(1, 2, InArea(1));
    network.AddLink(2, 3);
    network.AddLink(3, 4, InArea(2));
    network.Boot(80);
    test.Same(network.Fault(), std::string());
    test.Equal(network.Cost(1, "10.0.3.0/24"), 30, "through both borders");
    test.Equal(network.Cost(4, "10.0.1.0/24"), 30, "and back");
    // Area 1 knows nothing of r4 itself, and no network twice.
    test.Holds(network.Find(1, OspfNetwork::RouterKey(4), 1) == nullptr, "r4 is not in area 1");
    test.Equal(network.Database(1, 1).Size(), 4, "two routers, two networks elsewhere");
    network.Cut(3);
    network.Run(80);
    test.Equal(network.Cost(1, "10.0.3.0/24"), 30, "r3's side of the link is still there");
    network.Crash(3);
    network.Run(80);
    test.Equal(network.Cost(1, "10.0.3.0/24"), UNREACHABLE, "nothing is behind the backbone");
}

void
RangesHideWhatTheyHold(Sentence& test)
{
    OspfNetwork network;
    network.AddRouters(3);
    network.AddLink(1, 2, InArea(1));
    network.AddLan({1}, InArea(1));
    network.AddLan({1}, InArea(1));
    network.AddLink(2, 3);
    OspfAreaConfig area = Area1();
    area.ranges.push_back({IpAddress{0x0a000200}, 0xfffffe00, true});
    network.Settings(2).areas.push_back(area);
    network.Boot(120);
    test.Equal(network.Cost(3, "10.0.2.0/23"), 30, "both networks as one, the cost of the farther");
    test.Equal(network.Cost(3, "10.0.2.0/24"), UNREACHABLE, "and not as themselves");
    test.Equal(network.Cost(3, "10.0.3.0/24"), UNREACHABLE, "and not as themselves");
    test.Equal(network.Cost(3, "10.0.1.0/24"), 20, "what is in no range is told");
    test.Same(network.Fault(), std::string());
}

void
ActiveRangesDiscard(Sentence& test)
{
    // r1 and its LANs -area 1- r2 -backbone- r3 (default route); r2 -area 2- r4. Ranges of area 1:
    // all networks, one itself, a hidden one, one without a network, a mask with holes.
    OspfNetwork network;
    network.AddRouters(4);
    network.AddLink(1, 2, InArea(1));
    network.AddLan({1}, InArea(1));
    network.AddLan({1}, InArea(1));
    network.AddLink(2, 3);
    network.AddLink(2, 4, InArea(2));
    OspfAreaConfig area = Area1();
    area.ranges = {{IpAddress{0x0a000000}, 0xfffff000, true},
                   {IpAddress{0x0a000200}, 0xffffff00, true},
                   {IpAddress{0x0a000300}, 0xfffffe00, false},
                   {IpAddress{0x0a007000}, 0xfffff000, true},
                   {IpAddress{0x0a000100}, 0xfffffd00, true}};
    network.Settings(2).areas.push_back(area);
    network.Settings(1).areas.push_back(area);
    network.Boot(10);
    network.Engine(3).AddExternal(OspfNetwork::External(0, 0), network.Now());
    network.Run(110);
    test.Same(network.Fault(), std::string());
    test.Equal(network.Cost(1, "0.0.0.0/0"), 20, "r1 has the default route");
    test.Holds(network.Discards(2, 0x0a000901), "r2 does not use it for what it claims to reach");
    test.Holds(network.Discards(2, 0x0a000209) == false, "a network of exactly the range");
    test.Holds(!network.Discards(2, 0x0a000309), "a network inside the hidden range");
    test.Holds(!network.Discards(2, 0x0a007001), "a range without a network");
    test.Holds(!network.Discards(1, 0x0a000901), "r1 is no border router, whatever its settings");
    test.Equal(network.Cost(4, "10.0.0.0/20"), 20, "area 2 is told of what is told");
    test.Equal(network.Cost(4, "10.0.2.0/24"), 30, "the longest range of a network is its range");
    test.Same(network.NextHops(4, "10.0.2.0/23"), std::string("none"), "and not of the hidden one");
    test.Same(network.NextHops(3, "10.0.2.0/23"), std::string("none"), "nor is the backbone");
    network.Crash(1);
    network.Engine(2).InterfaceDown(1, network.Now());
    network.Run(10);
    test.Holds(!network.Discards(2, 0x0a000901), "no network, no range");
}

void
LeftAreaIsNotOurs(Sentence& test)
{
    // r1 -area 1- r2 -backbone- r3 -backbone- r1, until r1 leaves the backbone (16.2: "If the
    // router has active attachments to multiple areas").
    OspfNetwork network;
    network.AddRouters(3);
    network.AddLink(1, 2, InArea(1));
    network.AddLink(2, 3);
    network.AddLink(3, 1);
    network.Boot(60);
    test.Same(network.NextHops(1, "10.0.2.0/24"), std::string("3:10.0.3.3"), "by the backbone");
    network.Engine(1).InterfaceDown(3, network.Now());
    network.Run(20);
    test.Same(network.NextHops(1, "10.0.2.0/24"), std::string("1:10.0.1.2"), "by area 1");
}

void
BoundaryRouterIsToldByItsBestPath(Sentence& test)
{
    // r1 has r2, an AS boundary router, in the backbone (link 1) and in area 1 (link 2), and tells
    // area 2 of it: 12.4.3 has the cost of the preferred path.
    OspfNetwork network;
    network.AddRouters(3);
    network.AddLink(1, 2);
    network.AddLink(1, 2, InArea(1));
    network.AddLink(1, 3, InArea(2));
    network.Boot(60);
    OspfExternalRoute route = OspfNetwork::External(TEST_NET);
    route.isType2 = false;
    route.metric = 5;
    network.Engine(2).AddExternal(route, network.Now());
    for (const uint16_t cost : {5, 30})
    {
        network.Engine(1).SetCost(2, cost, network.Now());
        network.Run(20);
        test.Equal(network.Cost(3, "192.0.2.0/24"),
                   10 + std::min<uint32_t>(10, cost) + 5,
                   "cost of link 2: " + std::to_string(cost));
    }
}

void
StubAreaHasADefault(Sentence& test)
{
    OspfNetwork network;
    network.AddRouters(3);
    network.AddLink(1, 2, InArea(1));
    network.AddLink(2, 3);
    OspfAreaConfig area = Area1(true);
    area.importSummaries = false;
    area.stubDefaultCost = 7;
    network.Settings(1).areas.push_back(area);
    network.Settings(2).areas.push_back(area);
    network.UpAll();
    network.Engine(3).AddExternal(OspfNetwork::External(TEST_NET), network.Now());
    network.Run(80);
    test.Same(network.Fault(), std::string());
    test.Equal(network.Cost(2, "192.0.2.0/24"), 10, "the border knows the external route");
    test.Equal(network.Cost(1, "192.0.2.0/24"), UNREACHABLE, "the stub area does not");
    test.Equal(network.Cost(1, "0.0.0.0/0"), 17, "it has a default route");
    test.Equal(network.Cost(1, "10.0.2.0/24"), UNREACHABLE, "and no summaries, as configured");
}

void
StubAreaMustBeAgreedOn(Sentence& test)
{
    OspfNetwork network;
    network.AddRouters(2);
    network.AddLink(1, 2, InArea(1));
    network.Settings(1).areas.push_back(Area1(true));
    network.Boot(30);
    // Section 10.5: the E-bit "must match this area's ExternalRoutingCapability".
    test.Holds(network.State(1, 1, 2) == OspfNeighborState::DOWN, "no neighbour");
    test.Holds(network.Drops(1, DropReason::HELLO_MISMATCH) > 0, "and it is said why");
}

void
ExternalRoutesComeAndGo(Sentence& test)
{
    OspfNetwork network;
    network.AddRouters(4);
    network.AddLink(1, 2, InArea(1));
    network.AddLink(2, 3);
    network.AddLink(3, 4);
    network.UpAll();
    OspfExternalRoute route = OspfNetwork::External(TEST_NET);
    route.isType2 = false;
    route.metric = 5;
    network.Engine(4).AddExternal(route, network.Now());
    network.Run(80);
    test.Equal(network.Cost(1, "192.0.2.0/24"), 35, "type 1, across an area border");
    route.isType2 = true;
    network.Engine(4).AddExternal(route, network.Now());
    network.Run(20);
    test.Equal(network.Cost(1, "192.0.2.0/24"), 30, "type 2, the way to the boundary router");
    network.Engine(4).RemoveExternal(route.address, route.mask, network.Now());
    network.Run(20);
    test.Equal(network.Cost(1, "192.0.2.0/24"), UNREACHABLE, "flushed");
    test.Equal(network.Engine(1).LinkState()->Externals().Size(), 0, "and forgotten");
    test.Same(network.Fault(), std::string());
}

void
SameNumberOfAnotherLength(Sentence& test)
{
    // Appendix E: two networks of one number need two Link State IDs.
    OspfNetwork network;
    network.AddChain(2);
    network.UpAll();
    for (const uint32_t mask : {0xff000000, 0xffff0000, 0xffffffff})
    {
        network.Engine(1).AddExternal(OspfNetwork::External(0xc0000000, mask), network.Now());
    }
    network.Run(80);
    test.Equal(network.Engine(2).LinkState()->Externals().Size(), 3, "LSAs");
    test.Equal(network.Cost(2, "192.0.0.0/8"), 10, "the shortest");
    test.Equal(network.Cost(2, "192.0.0.0/16"), 10, "the middle one");
    test.Equal(network.Cost(2, "192.0.0.0/32"), 10, "the longest");
}

} // namespace

std::vector<OspfTest>
OspfAreaTests()
{
    return {
        {"areas are summarised", AreasAreSummarised},
        {"ranges hide what they hold", RangesHideWhatTheyHold},
        {"active ranges discard what is in no network", ActiveRangesDiscard},
        {"an area that was left is none of ours", LeftAreaIsNotOurs},
        {"a boundary router is told of by its best path", BoundaryRouterIsToldByItsBestPath},
        {"a stub area has a default route", StubAreaHasADefault},
        {"a stub area must be agreed on", StubAreaMustBeAgreedOn},
        {"external routes come and go", ExternalRoutesComeAndGo},
        {"networks of one number and several lengths", SameNumberOfAnotherLength},
    };
}

} // namespace karp
} // namespace ns3
