/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-route-fixture.h"

/**
 * \file
 * Paths inside an area, one rule of RFC 2328 sections 16.1 and 16.1.1 a test. Router 1 calculates;
 * what numbers and addresses mean is said in karp-ospf-route-fixture.h. Every calculation of these
 * tests is made thrice: told of changes, looking for them, anew.
 */

namespace ns3
{
namespace karp
{

namespace
{

using World = OspfRouteWorld;
using Change = OspfAreaGraph::Change;

// Input: a router alone, and a router whose own LSA is not there. Output: its own networks,
// directly attached; its own host route, which leads nowhere else; nothing.
void
Root(Sentence& t)
{
    World w;
    w.HalfLink(1, 2, 5);
    w.StubNetwork(1, "10.9.0.1/32", 0);
    w.Interface({9, {Ip("10.9.0.1")}, 0xffffffff, 0, false});
    w.Calculate();
    t.Same(w.Routes(),
           "10.1.2.0/30 intra-area 0.0.0.0 cost 5 via 2:0.0.0.0\n"
           "10.9.0.1/32 intra-area 0.0.0.0 cost 0\n");
    w.Age(0, World::RouterKey(1));
    w.Calculate();
    t.Same(w.Routes(), "", "no LSA of its own");
    t.Same(w.Table().Lookup({Ip("10.1.2.1")}) == nullptr, true);
}

// (2): "Otherwise, W is a transit vertex (router or transit network). Look up the vertex W's LSA in
// the link state database". Input: a link to a router, and to a network, whose LSA is not there, is
// there, reaches MaxAge, is removed. Output: no path, a path, no path, no path.
void
TargetIsThere(Sentence& t)
{
    World w;
    w.HalfLink(1, 2, 1);
    w.Lan(7, {{1, 1}, {3, 1}});
    w.StubNetwork(3, "10.93.0.0/16", 1);
    const OspfLsaKey lan{OspfLsaType::NETWORK, Ip("10.0.7.1"), 1};
    w.Expect(t, {{"10.93.0.0/16", "intra-area 0.0.0.0 cost 2 via 1007:10.0.7.3", "over the LAN"}});
    w.HalfLink(2, 1, 1);
    w.StubNetwork(2, "10.92.0.0/16", 1);
    w.Expect(t, {{"10.92.0.0/16", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2", "LSA came"}});
    w.Age(0, World::RouterKey(2));
    w.Age(0, lan);
    w.Expect(t,
             {{"10.92.0.0/16", "none", "MaxAge of a router-LSA"},
              {"10.93.0.0/16", "none", "MaxAge of a network-LSA"}});
    w.Refresh(0, World::RouterKey(2));
    w.Expect(t, {{"10.92.0.0/16", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2", "a new instance"}});
    w.Install(0, World::RouterKey(2), nullptr);
    w.Expect(t, {{"10.92.0.0/16", "none", "removed"}});
}

// (2b): "if its LS age is equal to MaxAge, or if vertex W does not have a link back to vertex V,
// examine the next link". Input: links of each kind that one side alone tells of. Output: no path.
void
LinkBack(Sentence& t)
{
    World w;
    w.HalfLink(1, 2, 1);
    w.StubNetwork(2, "10.92.0.0/16", 1);
    w.Lan(7, {{1, 1}, {3, 1}, {4, 1}});
    w.NoLinks(3);
    w.StubNetwork(3, "10.93.0.0/16", 1);
    w.StubNetwork(4, "10.94.0.0/16", 1);
    w.Expect(t,
             {{"10.92.0.0/16", "none", "router to router"},
              {"10.93.0.0/16", "none", "network to router"},
              {"10.94.0.0/16", "intra-area 0.0.0.0 cost 2 via 1007:10.0.7.4"}});
    w.Network(Ip("10.0.7.1"), 1, 0xffffff00, {3, 4});
    w.Expect(t,
             {{"10.94.0.0/16", "none", "router to network"},
              {"10.0.7.0/24", "none", "the network itself"}});
    w.HalfLink(2, 1, 1);
    w.Expect(t, {{"10.92.0.0/16", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2", "link came"}});
    w.NoLinks(2);
    w.StubNetwork(2, "10.92.0.0/16", 1);
    w.Expect(t, {{"10.92.0.0/16", "none", "link went"}});
}

// (2d): "D is equal to the sum of the link state cost of the (already calculated) shortest path to
// vertex V and the advertised cost of the link between vertices V and W". Input: links that cost
// more one way than the other; a detour that is cheaper. Output: the cost on the side of the
// outgoing interface; the detour.
void
ShortestPath(Sentence& t)
{
    World w;
    w.Link(1, 2, 10, 1);
    w.Link(1, 3, 2, 90);
    w.Link(3, 2, 3, 90);
    w.Lan(7, {{2, 4}, {4, 90}});
    w.StubNetwork(2, "10.92.0.0/16", 100);
    w.StubNetwork(4, "10.94.0.0/16", 100);
    w.Expect(t,
             {{"10.92.0.0/16", "intra-area 0.0.0.0 cost 105 via 3:10.1.3.2"},
              {"10.0.7.0/24", "intra-area 0.0.0.0 cost 9 via 3:10.1.3.2", "to a LAN"},
              {"10.94.0.0/16", "intra-area 0.0.0.0 cost 109 via 3:10.1.3.2", "from it: 0"}});
}

// (2d): "Equal to ... calculate the set of next hops that result from using the advertised link ...
// add". Input: a diamond, with a third way that costs one more; the bound of paths. Output: both
// next hops, handed on to what lies behind; the first ones, in order of interfaces.
void
EqualCosts(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.Link(1, 3, 1);
    w.Link(1, 4, 2);
    w.Link(2, 5, 1);
    w.Link(3, 5, 1);
    w.Link(4, 5, 1);
    w.Link(5, 6, 1);
    w.StubNetwork(6, "10.96.0.0/16", 1);
    w.Expect(t,
             {{"10.96.0.0/16",
               "intra-area 0.0.0.0 cost 4 via 2:10.1.2.2 via 3:10.1.3.2",
               "two of three"}});
    w.NoLinks(4);
    w.HalfLink(4, 1, 1);
    w.HalfLink(4, 5, 1);
    w.NoLinks(1);
    w.Input().interfaces.clear();
    w.HalfLink(1, 2, 1);
    w.HalfLink(1, 3, 1);
    w.HalfLink(1, 4, 1);
    w.Expect(t,
             {{"10.96.0.0/16",
               "intra-area 0.0.0.0 cost 4 via 2:10.1.2.2 via 3:10.1.3.2 via 4:10.1.4.2",
               "all three"}});
    w.Input().pathsMax = 2;
    w.Expect(
        t,
        {{"10.96.0.0/16", "intra-area 0.0.0.0 cost 4 via 2:10.1.2.2 via 3:10.1.3.2", "bounded"}});
    w.Input().pathsMax = 0;
    w.Expect(t, {{"10.96.0.0/16", "intra-area 0.0.0.0 cost 4 via 2:10.1.2.2", "no less than 1"}});
}

// (2c): "If vertex W is already on the shortest-path tree, examine the next link in the LSA".
// Input: a link that costs nothing, which appendix C.3 forbids, between two neighbours. Output:
// paths that end; only the one that comes second has two.
void
OnTheTree(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.Link(1, 3, 1);
    w.AddLink(2, {3, Ip("10.2.3.1"), OspfLinkType::POINT_TO_POINT, 0});
    w.AddLink(3, {2, Ip("10.2.3.2"), OspfLinkType::POINT_TO_POINT, 0});
    w.StubNetwork(2, "10.92.0.0/16", 1);
    w.StubNetwork(3, "10.93.0.0/16", 1);
    w.Expect(t,
             {{"10.92.0.0/16", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2"},
              {"10.93.0.0/16", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2 via 3:10.1.3.2"}});
}

// (3): "when there is a choice of vertices closest to the root, network vertices must be chosen
// before router vertices in order to necessarily find all equal-cost paths". Input: a router over a
// link and over a LAN at the same cost. Output: both.
void
NetworksFirst(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.Lan(7, {{1, 1}, {2, 1}});
    w.StubNetwork(2, "10.92.0.0/16", 1);
    w.Expect(t, {{"10.92.0.0/16", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2 via 1007:10.0.7.2"}});
}

// (3): "If the newly added vertex is an area border router or AS boundary router, a routing table
// entry is added whose destination type is router". Input: routers with bits B, E, both, none, out
// of reach, and ourselves with both. Output: entries of the reachable ones with a bit.
void
BorderAndBoundaryRouters(Sentence& t)
{
    World w;
    for (uint32_t router = 2; router < 6; ++router)
    {
        w.Link(1, router, static_cast<uint16_t>(router));
    }
    w.Flags(1, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E);
    w.Flags(2, OSPF_ROUTER_FLAG_B);
    w.Flags(3, OSPF_ROUTER_FLAG_E | OSPF_ROUTER_FLAG_V);
    w.Flags(4, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E);
    w.Flags(6, OSPF_ROUTER_FLAG_B);
    w.Calculate();
    t.Equal(w.Table().Routers().size(), 3, "of six");
    t.Same(w.Router(2), "B intra-area 0.0.0.0 cost 2 via 2:10.1.2.2");
    t.Same(w.Router(3), "E intra-area 0.0.0.0 cost 3 via 3:10.1.3.2");
    t.Same(w.Router(4), "BE intra-area 0.0.0.0 cost 4 via 4:10.1.4.2");
    w.Flags(2, 0);
    t.Holds(w.Calculate() == OspfCalculation::LEAVES, "a bit changes no path");
    t.Same(w.Router(2), "none", "no border router any more");
}

// (4): "the current routing table entry should be overwritten if and only if the newly found path
// is just as short and the current routing table entry's Link State Origin has a smaller Link State
// ID". Input: one network, two network-LSAs: another Designated Router is about to take over.
// Output: the greater Link State ID, where both are as short; the shorter path where not.
void
TwoVerticesOfANetwork(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.Link(1, 3, 1);
    w.AddLink(2, {Ip("10.0.7.2"), Ip("10.0.7.2"), OspfLinkType::TRANSIT, 1});
    w.AddLink(3, {Ip("10.0.7.3"), Ip("10.0.7.3"), OspfLinkType::TRANSIT, 1});
    w.Network(Ip("10.0.7.2"), 2, 0xffffff00, {2, 3});
    w.Network(Ip("10.0.7.3"), 3, 0xffffff00, {2, 3});
    w.Expect(t, {{"10.0.7.0/24", "intra-area 0.0.0.0 cost 2 via 3:10.1.3.2", "greater ID"}});
    w.NoLinks(3);
    w.HalfLink(3, 1, 1);
    w.AddLink(3, {Ip("10.0.7.3"), Ip("10.0.7.3"), OspfLinkType::TRANSIT, 2});
    w.Expect(t, {{"10.0.7.0/24", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2", "shorter path"}});
}

// Second stage (1), (2): "the distance D ... is equal to the distance from the root to the router
// vertex ... plus the stub network link's advertised cost". Input: one stub network at several
// routers. Output: the least cost; equal ones joined, also with a transit network's.
void
StubNetworks(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.Link(1, 3, 2);
    w.Link(1, 4, 3);
    w.StubNetwork(2, "10.9.0.0/16", 5);
    w.StubNetwork(3, "10.9.0.0/16", 4);
    w.StubNetwork(4, "10.9.0.0/16", 4);
    w.StubNetwork(4, "10.9.0.0/24", 1);
    w.Expect(
        t,
        {{"10.9.0.0/16", "intra-area 0.0.0.0 cost 6 via 2:10.1.2.2 via 3:10.1.3.2", "two of three"},
         {"10.9.0.0/24", "intra-area 0.0.0.0 cost 4 via 4:10.1.4.2", "another length"}});
    w.AddLink(4, {Ip("10.9.0.4"), Ip("10.9.0.4"), OspfLinkType::TRANSIT, 3});
    w.Network(Ip("10.9.0.4"), 4, 0xffff0000, {4});
    w.Expect(t,
             {{"10.9.0.0/16",
               "intra-area 0.0.0.0 cost 6 via 2:10.1.2.2 via 3:10.1.3.2 via 4:10.1.4.2",
               "a transit network as near"}});
    w.StubNetwork(3, "10.9.0.0/16", 3);
    t.Holds(w.Calculate() == OspfCalculation::LEAVES, "the tree remains");
    t.Same(w.Route("10.9.0.0/16"), "intra-area 0.0.0.0 cost 5 via 3:10.1.3.2", "a cheaper one");
}

// Second stage, 12.4.1.1, C.7: host routes. Input: hosts of our own on a link, of a neighbour,
// and a host bit in a stub network's number. Output: routes of 32 bits; the number masked.
void
HostRoutes(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.StubNetwork(1, "10.1.2.2/32", 1);
    w.StubNetwork(2, "192.0.2.2/32", 0);
    w.AddLink(2, {Ip("10.9.8.7"), 0xffff0000, OspfLinkType::STUB, 1});
    w.StubNetwork(2, "0.0.0.0/0", 7);
    w.Expect(t,
             {{"10.1.2.2/32", "intra-area 0.0.0.0 cost 1 via 2:0.0.0.0", "on our link"},
              {"192.0.2.2/32", "intra-area 0.0.0.0 cost 1 via 2:10.1.2.2"},
              {"10.9.0.0/16", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2", "masked"},
              {"0.0.0.0/0", "intra-area 0.0.0.0 cost 8 via 2:10.1.2.2", "no bits"}});
}

// 16.1.1, parent is the root, destination a router. Input: two links to one neighbour; a neighbour
// that tells no address on our link. Output: each link with the address at its other end; the
// interface alone.
void
NextHopsOfNeighbors(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.AddLink(1, {2, Ip("10.8.0.1"), OspfLinkType::POINT_TO_POINT, 1});
    w.AddLink(2, {1, Ip("10.8.0.2"), OspfLinkType::POINT_TO_POINT, 1});
    w.Interface({20, {Ip("10.8.0.1")}, 0xfffffffc, 0, true});
    w.HalfLink(1, 3, 1);
    w.AddLink(3, {1, 77, OspfLinkType::POINT_TO_POINT, 1});
    w.StubNetwork(2, "10.92.0.0/16", 1);
    w.StubNetwork(3, "10.93.0.0/16", 1);
    w.Expect(
        t,
        {{"10.92.0.0/16", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2 via 20:10.8.0.2", "two links"},
         {"10.93.0.0/16", "intra-area 0.0.0.0 cost 2 via 3:0.0.0.0", "no address"}});
    w.Input().interfaces.erase(w.Input().interfaces.begin());
    w.Expect(t,
             {{"10.92.0.0/16",
               "intra-area 0.0.0.0 cost 2 via 20:10.8.0.2",
               "an interface that is down"}});
}

// 16.1.1, parent is a network that connects to the root: "The IP address of the next hop router can
// be determined by examining the destination's router-LSA". Input: a LAN; a LAN that is met at two
// interfaces; a router behind a LAN that has no address on it. Output: Link Data; from both
// interfaces; no path.
void
NextHopsOverLans(Sentence& t)
{
    World w;
    w.Lan(7, {{2, 1}, {1, 1}, {3, 1}});
    w.Link(3, 4, 1);
    w.StubNetwork(3, "10.93.0.0/16", 1);
    w.StubNetwork(4, "10.94.0.0/16", 1);
    w.Expect(t,
             {{"10.0.7.0/24", "intra-area 0.0.0.0 cost 1 via 1007:0.0.0.0", "attached"},
              {"10.93.0.0/16", "intra-area 0.0.0.0 cost 2 via 1007:10.0.7.3"},
              {"10.94.0.0/16", "intra-area 0.0.0.0 cost 3 via 1007:10.0.7.3", "inherited"}});
    w.AddLink(1, {Ip("10.0.7.2"), Ip("10.0.7.101"), OspfLinkType::TRANSIT, 1});
    w.Interface({2000, {Ip("10.0.7.101")}, 0xffffff00, 0, false});
    w.Expect(t,
             {{"10.93.0.0/16",
               "intra-area 0.0.0.0 cost 2 via 1007:10.0.7.3 via 2000:10.0.7.3",
               "two interfaces"}});
    w.AddLink(3, {Ip("10.0.7.2"), Ip("10.0.7.33"), OspfLinkType::TRANSIT, 1});
    w.Input().pathsMax = 3;
    w.Expect(t,
             {{"10.93.0.0/16",
               "intra-area 0.0.0.0 cost 2 via 1007:10.0.7.3 via 1007:10.0.7.33 via 2000:10.0.7.3",
               "two of the router's, bounded"}});
    w.NoLinks(3);
    w.AddLink(3, {Ip("10.0.7.2"), Ip("172.16.0.1"), OspfLinkType::TRANSIT, 1});
    w.StubNetwork(3, "10.93.0.0/16", 1);
    w.Expect(t, {{"10.93.0.0/16", "none", "an address of elsewhere"}});
}

// Costs end at LSInfinity. Input: links of 65535 one after the other, and a stub network that
// leads over the edge. Output: 256 of them, 16776960, are a path; with 255 more there is none.
void
CostsAreBounded(Sentence& t)
{
    World w;
    for (uint32_t router = 1; router < 258; ++router)
    {
        w.AddLink(router, {router + 1, router << 2 | 1, OspfLinkType::POINT_TO_POINT, 65535});
        w.AddLink(router + 1, {router, router << 2 | 2, OspfLinkType::POINT_TO_POINT, 65535});
    }
    w.Interface({2, {5}, 0xfffffffc, 0, true});
    w.StubNetwork(257, "10.1.0.0/16", 0);
    w.StubNetwork(257, "10.2.0.0/16", 254);
    w.StubNetwork(257, "10.3.0.0/16", 255);
    w.StubNetwork(258, "10.4.0.0/16", 0);
    w.Expect(t,
             {{"10.1.0.0/16", "intra-area 0.0.0.0 cost 16776960 via 2:0.0.0.6"},
              {"10.2.0.0/16", "intra-area 0.0.0.0 cost 16777214 via 2:0.0.0.6"},
              {"10.3.0.0/16", "none", "LSInfinity"},
              {"10.4.0.0/16", "none", "beyond"}});
}

// Input: what nobody should say. A router-LSA with another's Link State ID; a second network-LSA
// with the same one; masks with holes; links to oneself, virtual links, links of unknown type;
// routers listed twice. Output: as if it were not there.
void
Nonsense(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.Lan(7, {{1, 1}, {3, 1}});
    w.StubNetwork(2, "10.92.0.0/16", 1);
    w.StubNetwork(3, "10.93.0.0/16", 1);
    w.Calculate();
    const std::string before = w.Routes();

    for (const uint32_t originator : {1, 99})
    {
        OspfLsaHeader header;
        header.key = {OspfLsaType::ROUTER, 2, originator};
        OspfRouterLsa body;
        body.links = {{1, Ip("10.1.2.2"), OspfLinkType::POINT_TO_POINT, 1},
                      {Ip("10.66.0.0"), 0xffff0000, OspfLinkType::STUB, 1}};
        w.Install(0, header.key, MakeOspfLsa(header, body));
    }
    w.Network(Ip("10.0.7.1"), 99, 0xffff0000, {1, 3, 3, 99});
    for (const uint32_t router : {1, 2, 3})
    {
        w.AddLink(router, {router, Ip("10.1.2.1"), OspfLinkType::POINT_TO_POINT, 0});
        w.AddLink(router, {Ip("10.77.0.0"), 0xff00ff00, OspfLinkType::STUB, 0});
        w.AddLink(router, {5 - router, Ip("10.1.2.1"), OspfLinkType::VIRTUAL, 0});
        w.AddLink(router, {5 - router, Ip("10.1.2.1"), static_cast<OspfLinkType>(9), 0});
    }
    w.Calculate();
    t.Same(w.Routes(), before);
    OspfAreaGraph graph;
    graph.Update(w.Lsdb(0), Time(0));
    t.Equal(graph.Size(), 4, "three routers and a network");
    w.Install(0, {OspfLsaType::NETWORK, Ip("10.0.7.1"), 1}, nullptr);
    w.Expect(t,
             {{"10.0.0.0/16",
               "intra-area 0.0.0.0 cost 1 via 1007:0.0.0.0",
               "the first network-LSA that is there counts"}});
}

// Input: router-LSAs as long as they can be, all whose links lead to one another, twice.
// Output: a route, and paths no more than the bound.
void
LongestLsas(Sentence& t)
{
    constexpr size_t LINKS = (65535 - OSPF_LSA_HEADER_SIZE - 4) / 12 - 1;
    World w;
    for (size_t i = 0; i < LINKS; ++i)
    {
        const auto n = static_cast<uint32_t>(i);
        const auto metric = static_cast<uint16_t>(1 + i % 2);
        w.AddLink(1, {2, Ip("10.0.0.0") | n << 2 | 1, OspfLinkType::POINT_TO_POINT, metric});
        w.AddLink(2, {1, Ip("10.0.0.0") | n << 2 | 2, OspfLinkType::POINT_TO_POINT, metric});
        w.AddLink(3, {4 + n, 0, OspfLinkType::POINT_TO_POINT, 1});
        if (i < 40)
        {
            w.Interface({n, {Ip("10.0.0.0") | n << 2 | 1}, 0xfffffffc, 0, true});
        }
    }
    w.StubNetwork(2, "10.92.0.0/16", 1);
    w.Calculate();
    const auto* route = w.Table().FindNetwork(Ip("10.92.0.0"), 16);
    t.Holds(route != nullptr && route->cost == 2, "cost");
    t.Equal(w.Table().NextHops(*route).size(), DEFAULT_OSPF_PATHS, "paths");
}

// 13.2, 16.1: what a new instance of an LSA changes. Input: refreshes, stub networks, masks, flags,
// metrics, links, vertices. Output: as much is calculated as needed, and the graph does not grow.
void
GraphFollows(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.Lan(7, {{2, 1}, {3, 1}});
    w.Calculate();
    w.Refresh(0, World::RouterKey(2));
    t.Holds(w.Calculate() == OspfCalculation::NOTHING, "refresh");
    t.Holds(w.Calculate() == OspfCalculation::NOTHING, "no change");
    w.Install(0, World::RouterKey(99), nullptr);
    t.Holds(w.Calculate() == OspfCalculation::NOTHING, "a change from nothing to nothing");
    w.StubNetwork(2, "10.92.0.0/16", 1);
    t.Holds(w.Calculate() == OspfCalculation::LEAVES, "stub network");
    w.Network(Ip("10.0.7.2"), 2, 0xffff0000, {2, 3});
    t.Holds(w.Calculate() == OspfCalculation::LEAVES, "mask of a network");
    t.Same(w.Route("10.0.0.0/16"), "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2");
    w.Network(Ip("10.0.7.2"), 2, 0xffff0000, {2});
    t.Holds(w.Calculate() == OspfCalculation::PATHS, "routers of a network");
    w.StubNetwork(9, "10.99.0.0/16", 1);
    t.Holds(w.Calculate() == OspfCalculation::PATHS, "a vertex");
    t.Equal(w.Calculator().Counts()[static_cast<size_t>(OspfCalculation::LEAVES)], 2, "counted");

    OspfAreaGraph graph;
    OspfLsdb& lsdb = w.Lsdb(0);
    t.Holds(graph.Update(lsdb, Time(0)) == Change::PATHS, "anew");
    const size_t memory = graph.MemoryUsed();
    for (uint16_t i = 1; i < 300; ++i)
    {
        w.HalfLink(2, 1, i);
        w.Calculate();
        t.Holds(graph.Update(lsdb, Time(0)) == Change::PATHS, "one link more");
    }
    t.Holds(graph.MemoryUsed() < memory + 300 * 8 * sizeof(OspfAreaGraph::Edge),
            "room is given back: " + std::to_string(graph.MemoryUsed()));
}

// Lists of next hops. Input: unions in different orders, over the bound. Output: the same list,
// held once; no next router twice, the first one to tell of it counts.
void
NextHopLists(Sentence& t)
{
    OspfNextHopLists lists(3);
    const auto a = lists.Add({{2, {20}, 0}, {1, {10}, 0}});
    const auto b = lists.Add({{3, {30}, 0}, {4, {40}, 0}});
    const auto c = lists.Add({{1, {11}, 0}});
    t.Equal(lists.Union(lists.Union(a, b), c), lists.Union(a, lists.Union(c, b)), "order");
    t.Equal(lists.Get(lists.Union(lists.Union(a, b), c)).size(), 3, "bounded");
    t.Equal(lists.Union(a, a), a, "itself");
    t.Equal(lists.Union(OspfNextHopLists::EMPTY, c), c, "empty");
    const size_t size = lists.Size();
    t.Equal(lists.Union(b, a), lists.Union(a, b), "either way");
    t.Equal(lists.Size(), size, "held once");
    const auto told = lists.Union(lists.Through(a, 8, {}), lists.Through(a, 7, {}));
    t.Equal(told, lists.Through(a, 7, {}), "told by two");
}

/** The suite. */
class OspfSpfTestSuite : public TestSuite
{
  public:
    OspfSpfTestSuite()
        : TestSuite("karp-ospf-spf", TestSuite::Type::UNIT)
    {
        const std::vector<OspfRouteTest> tests{
            {"16.1 (1) the root", Root},
            {"16.1 (2) the target is there", TargetIsThere},
            {"16.1 (2b) a link back", LinkBack},
            {"16.1 (2c) on the tree", OnTheTree},
            {"16.1 (2d) shortest path", ShortestPath},
            {"16.1 (2d) equal costs", EqualCosts},
            {"16.1 (3) networks first", NetworksFirst},
            {"16.1 (3) border and boundary routers", BorderAndBoundaryRouters},
            {"16.1 (4) two vertices of a network", TwoVerticesOfANetwork},
            {"16.1 stub networks", StubNetworks},
            {"16.1 host routes", HostRoutes},
            {"16.1.1 next hops of neighbours", NextHopsOfNeighbors},
            {"16.1.1 next hops over LANs", NextHopsOverLans},
            {"costs are bounded", CostsAreBounded},
            {"nonsense", Nonsense},
            {"longest LSAs", LongestLsas},
            {"13.2 the graph follows the database", GraphFollows},
            {"11 lists of next hops", NextHopLists},
        };
        for (const auto& part : {tests, OspfSpfPropertyTests()})
        {
            for (const auto& [name, body] : part)
            {
                AddTestCase(new Sentence(name, body));
            }
        }
    }
};

OspfSpfTestSuite g_ospfSpfTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
