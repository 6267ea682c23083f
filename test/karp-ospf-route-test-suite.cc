/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-route-fixture.h"

/**
 * \file
 * The suite karp-ospf-routes: the routing table and the routes to other areas, one rule of RFC 2328
 * sections 11, 16.2, 16.5 and 16.6 a test. Router 1 calculates; what numbers and addresses mean is
 * said in karp-ospf-route-fixture.h.
 */

namespace ns3
{
namespace karp
{

namespace
{

using World = OspfRouteWorld;

/** Router 1 inside area 1, whose border routers are 2, at cost 10, and 3, at cost 20. */
class InsideArea1 : public World
{
  public:
    InsideArea1()
    {
        Link(1, 2, 10, 0, 1);
        Link(1, 3, 20, 0, 1);
        Flags(2, OSPF_ROUTER_FLAG_B, 1);
        Flags(3, OSPF_ROUTER_FLAG_B, 1);
    }
};

// (1): "If the cost specified by the LSA is LSInfinity, or if the LSA's LS age is equal to MaxAge".
// Input: both. Output: no route; nor where the whole cost would be LSInfinity.
void
Unreachable(Sentence& t)
{
    InsideArea1 w;
    w.Summary(1, 2, "10.50.0.0/16", 5);
    w.Expect(t,
             {{"10.50.0.0/16",
               "inter-area 0.0.0.1 cost 15 via 2:10.1.2.2 by 0.0.0.2",
               "cost is the distance to the border router plus the LSA's"}});
    w.Summary(1, 2, "10.50.0.0/16", OSPF_LS_INFINITY);
    w.Expect(t, {{"10.50.0.0/16", "none", "LSInfinity"}});
    w.Summary(1, 2, "10.50.0.0/16", OSPF_LS_INFINITY - 11);
    w.Expect(
        t,
        {{"10.50.0.0/16", "inter-area 0.0.0.1 cost 16777214 via 2:10.1.2.2 by 0.0.0.2", "just"}});
    w.Summary(1, 2, "10.50.0.0/16", OSPF_LS_INFINITY - 10);
    w.Expect(t, {{"10.50.0.0/16", "none", "LSInfinity in all"}});
    w.Summary(1, 2, "10.50.0.0/16", 5);
    w.Calculate();
    w.Age(1, {OspfLsaType::SUMMARY_NETWORK, Ip("10.50.0.0"), 2});
    w.Expect(t, {{"10.50.0.0/16", "none", "MaxAge"}});
}

// (2): "If the LSA was originated by the calculating router itself, examine the next LSA".
void
OwnSummaries(Sentence& t)
{
    InsideArea1 w;
    w.Summary(1, 1, "10.50.0.0/16", 5);
    w.BoundarySummary(1, 2, 1, 5);
    w.Expect(t, {{"10.50.0.0/16", "none", "own"}});
    t.Same(w.Router(1, 1), "none", "about ourselves");
}

// (4): "Look up the routing table entry for BR having Area A as its associated area. If no such
// entry exists for router BR ... do nothing". Input: a border router out of reach, and one that
// does not say it is one. Output: no route until they are.
void
BorderRouterIsReachable(Sentence& t)
{
    InsideArea1 w;
    w.Link(3, 4, 1, 0, 1);
    w.Summary(1, 4, "10.50.0.0/16", 5);
    w.Summary(1, 9, "10.51.0.0/16", 5);
    w.Expect(t, {{"10.50.0.0/16", "none", "no border router"}});
    w.Flags(4, OSPF_ROUTER_FLAG_E, 1);
    w.Expect(t, {{"10.50.0.0/16", "none", "a boundary router is none"}});
    w.Flags(4, OSPF_ROUTER_FLAG_B, 1);
    w.Expect(t,
             {{"10.50.0.0/16", "inter-area 0.0.0.1 cost 26 via 3:10.1.3.2 by 0.0.0.4"},
              {"10.51.0.0/16", "none", "out of reach"}});
    w.BoundarySummary(1, 2, 9, 1);
    w.Summary(1, 9, "10.51.0.0/16", 5);
    w.Expect(t, {{"10.51.0.0/16", "none", "reachable through another area only"}});
}

// (4): "N's address is obtained by masking the LSA's Link State ID with the network/subnet mask".
// Input: Link State IDs with host bits, as appendix E makes them; a mask with a hole. Output: two
// networks of one number; nothing.
void
SummariesAreMasked(Sentence& t)
{
    InsideArea1 w;
    w.Summary(1, 2, "10.50.0.0/16", 5);
    w.Summary(1, 2, "10.50.0.0/24", 6, 0xff);
    w.Expect(t,
             {{"10.50.0.0/16", "inter-area 0.0.0.1 cost 15 via 2:10.1.2.2 by 0.0.0.2"},
              {"10.50.0.0/24", "inter-area 0.0.0.1 cost 16 via 2:10.1.2.2 by 0.0.0.2"}});
    OspfLsaHeader header;
    header.key = {OspfLsaType::SUMMARY_NETWORK, Ip("10.66.0.0"), 2};
    w.Install(1, header.key, MakeOspfLsa(header, OspfSummaryLsa{0xff00ff00, 1}));
    const std::string before = w.Routes();
    w.Calculate();
    t.Same(w.Routes(), before, "a mask with a hole");
}

// (6): "if the paths present in the table are intra-area paths, do nothing with the LSA (intra-area
// paths are always preferred)". Input: an expensive path inside the area, a cheap one outside.
void
IntraAreaIsPreferred(Sentence& t)
{
    InsideArea1 w;
    w.StubNetwork(3, "10.50.0.0/16", 1000, 1);
    w.Flags(3, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E, 1);
    w.Summary(1, 2, "10.50.0.0/16", 1);
    w.BoundarySummary(1, 2, 3, 1);
    w.Expect(t, {{"10.50.0.0/16", "intra-area 0.0.0.1 cost 1020 via 3:10.1.3.2"}});
    t.Same(w.Router(3, 1), "BE intra-area 0.0.0.1 cost 20 via 3:10.1.3.2", "a router");
    w.NoLinks(3, 1);
    w.HalfLink(3, 1, 20, 1);
    w.Expect(t,
             {{"10.50.0.0/16",
               "inter-area 0.0.0.1 cost 11 via 2:10.1.2.2 by 0.0.0.2",
               "when that is gone"}});
    w.Summary(1, 2, "10.1.3.0/30", 1);
    w.Expect(t, {{"10.1.3.0/30", "intra-area 0.0.0.1 cost 20 via 3:0.0.0.0", "told of later"}});
}

// (7): "Install the new path through BR if it is cheaper ... if the new path is the same cost, add
// it". Input: two border routers. Output: the cheaper one; both.
void
CheapestBorderRouter(Sentence& t)
{
    InsideArea1 w;
    w.Summary(1, 2, "10.50.0.0/16", 5);
    w.Summary(1, 3, "10.50.0.0/16", 4);
    w.Summary(1, 2, "10.51.0.0/16", 15);
    w.Summary(1, 3, "10.51.0.0/16", 4);
    w.Summary(1, 2, "10.52.0.0/16", 15);
    w.Summary(1, 3, "10.52.0.0/16", 5);
    w.BoundarySummary(1, 2, 8, 11);
    w.BoundarySummary(1, 3, 8, 1);
    w.Expect(t,
             {{"10.50.0.0/16", "inter-area 0.0.0.1 cost 15 via 2:10.1.2.2 by 0.0.0.2"},
              {"10.51.0.0/16", "inter-area 0.0.0.1 cost 24 via 3:10.1.3.2 by 0.0.0.3"},
              {"10.52.0.0/16",
               "inter-area 0.0.0.1 cost 25 via 2:10.1.2.2 by 0.0.0.2 via 3:10.1.3.2 by 0.0.0.3"}});
    t.Same(w.Router(8, 1),
           "inter-area 0.0.0.1 cost 21 via 2:10.1.2.2 by 0.0.0.2 via 3:10.1.3.2 by 0.0.0.3");
}

// 16.2: "If the router has active attachments to multiple areas, only backbone summary-LSAs are
// examined." Input: area border router 1 with the backbone and areas 1 and 2; then one without the
// backbone. Output: routes by the backbone alone; none.
void
BackboneSummariesOnly(Sentence& t)
{
    World w;
    w.Link(1, 3, 1, 0, 1);
    w.Link(1, 2, 1, 0, 0);
    w.AddArea(2);
    w.Flags(2, OSPF_ROUTER_FLAG_B, 0);
    w.Flags(3, OSPF_ROUTER_FLAG_B, 1);
    w.Summary(0, 2, "10.50.0.0/16", 9);
    w.Summary(1, 3, "10.50.0.0/16", 1);
    w.Summary(1, 3, "10.51.0.0/16", 1);
    w.BoundarySummary(1, 3, 8, 1);
    w.Expect(t,
             {{"10.50.0.0/16", "inter-area 0.0.0.0 cost 10 via 2:10.1.2.2 by 0.0.0.2"},
              {"10.51.0.0/16", "none", "of area 1"}});
    w.Summary(1, 3, "10.52.0.0/16", 1);
    t.Holds(w.Calculate() == OspfCalculation::NOTHING, "nor later");
    t.Same(w.Router(8, 1), "none", "a router");

    World other;
    other.Link(1, 2, 1, 0, 2);
    other.Link(1, 3, 1, 0, 1);
    other.Flags(2, OSPF_ROUTER_FLAG_B, 2);
    other.Flags(3, OSPF_ROUTER_FLAG_B, 1);
    other.Summary(2, 2, "10.51.0.0/16", 1);
    other.Summary(1, 3, "10.51.0.0/16", 1);
    other.Expect(t, {{"10.51.0.0/16", "none", "no backbone"}});
    t.Holds(other.Route("10.1.2.0/30") != "none" && other.Route("10.1.3.0/30") != "none",
            "but routes inside");
}

// 3.6: a stub area's border routers tell of a default route. Input: two, one cheaper. Output: its
// route, used by whatever has no better match; more specific routes first.
void
DefaultRouteOfAnArea(Sentence& t)
{
    InsideArea1 w;
    w.Summary(1, 2, "0.0.0.0/0", 1);
    w.Summary(1, 3, "0.0.0.0/0", 1);
    w.Summary(1, 3, "10.50.0.0/16", 1);
    w.Expect(t, {{"0.0.0.0/0", "inter-area 0.0.0.1 cost 11 via 2:10.1.2.2 by 0.0.0.2"}});
    t.Equal(w.Table().Lookup({Ip("192.0.2.1")})->cost, 11, "any address");
    t.Equal(w.Table().Lookup({Ip("10.50.1.1")})->cost, 21, "a better match");
}

// 16.1, several areas: input: a network inside two areas, at different and at equal cost; a border
// router in two. Output: the cheaper one; of equals the one with the greater Area ID; an entry
// each.
void
AreasOfOneNetwork(Sentence& t)
{
    World w;
    w.Link(1, 2, 1, 0, 0);
    w.Link(1, 3, 1, 0, 1);
    w.HalfLink(3, 2, 1, 1);
    w.HalfLink(2, 3, 1, 1);
    w.Flags(2, OSPF_ROUTER_FLAG_B, 0);
    w.Flags(2, OSPF_ROUTER_FLAG_B, 1);
    w.StubNetwork(2, "10.50.0.0/16", 1, 0);
    w.StubNetwork(3, "10.50.0.0/16", 2, 1);
    w.StubNetwork(2, "10.51.0.0/16", 1, 0);
    w.StubNetwork(3, "10.51.0.0/16", 1, 1);
    w.Expect(t,
             {{"10.50.0.0/16", "intra-area 0.0.0.0 cost 2 via 2:10.1.2.2"},
              {"10.51.0.0/16", "intra-area 0.0.0.1 cost 2 via 3:10.1.3.2"}});
    t.Same(w.Router(2, 0), "B intra-area 0.0.0.0 cost 1 via 2:10.1.2.2");
    t.Same(w.Router(2, 1), "B intra-area 0.0.0.1 cost 2 via 3:10.1.3.2");
    const auto [first, last] = w.Table().FindRouter(2);
    t.Equal(static_cast<uint64_t>(last - first), 2, "both");
}

// 11.1: "Select the ... best match". Input: networks within each other. Output: the longest one;
// none where nothing matches.
void
Lookup(Sentence& t)
{
    World w;
    w.Link(1, 2, 1);
    w.StubNetwork(2, "10.0.0.0/8", 1);
    w.StubNetwork(2, "10.9.0.0/16", 2);
    w.StubNetwork(2, "10.9.9.9/32", 3);
    w.Calculate();
    const auto cost = [&](const std::string& address) {
        const auto* route = w.Table().Lookup({Ip(address)});
        return route == nullptr ? 0 : route->cost;
    };
    t.Equal(cost("10.9.9.9"), 4, "/32");
    t.Equal(cost("10.9.9.8"), 3, "/16");
    t.Equal(cost("10.8.0.1"), 2, "/8");
    t.Equal(cost("10.1.2.1"), 1, "/30");
    t.Equal(cost("11.0.0.1"), 0, "none");
    t.Holds(w.Table().FindNetwork(Ip("10.9.0.0"), 17) == nullptr, "exactly");
}

/** Border router 1 of the backbone and area 1, which has ranges of ours; 2 and 3 are beside it. */
class BorderWithRanges : public World
{
  public:
    BorderWithRanges()
    {
        Link(1, 2, 10);
        Link(1, 3, 10, 0, 1);
        Flags(2, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E);
        Input().ranges = {{1, Ip("10.50.0.0"), 16}};
    }
};

// 11.1: "'discard' routing table entries should be inserted into the routing table for each of the
// router's active area address ranges ... 'active' if the range contains one or more networks
// reachable by intra-area paths". Input: a default route; a range without a network of its area,
// with one inside, with one that is all of it. Output: none, an entry that is the best match of
// what is in no network, the network itself; the same where only a range is added.
void
ActiveRanges(Sentence& t)
{
    BorderWithRanges w;
    w.StubNetwork(2, "10.50.2.0/24", 1);
    w.StubNetwork(3, "10.0.0.0/8", 1, 1);
    w.StubNetwork(3, "10.51.0.0/24", 1, 1);
    w.External(2, "0.0.0.0/0", 2, 1);
    w.Expect(t, {{"10.50.0.0/16", "none", "the network inside is the backbone's"}});
    w.StubNetwork(3, "10.50.3.0/24", 1, 1);
    w.External(2, "10.50.0.0/16", 1, 1);
    w.Expect(t, {{"10.50.0.0/16", "inter-area 0.0.0.1 discard", "active, and no external route"}});
    t.Holds(w.Table().Lookup({Ip("10.50.9.9")})->isDiscard, "in no network");
    t.Equal(w.Table().Lookup({Ip("10.50.3.9")})->cost, 11, "in a network of the area");
    t.Equal(w.Table().Lookup({Ip("10.50.2.9")})->cost, 11, "in a network of the backbone");
    t.Equal(w.Table().Lookup({Ip("10.52.0.1")})->cost, 11, "beside the range");
    const OspfRoutingTable before = w.Table();
    w.StubNetwork(3, "10.50.0.0/16", 1, 1);
    w.Expect(t, {{"10.50.0.0/16", "intra-area 0.0.0.1 cost 11 via 3:10.1.3.2", "all of it"}});
    w.Input().ranges.push_back({1, Ip("10.51.0.0"), 16});
    t.Holds(w.Calculate() == OspfCalculation::PATHS, "another range");
    t.Same(w.Route("10.51.0.0/16"), "inter-area 0.0.0.1 discard");
    w.NoLinks(3, 1);
    w.HalfLink(3, 1, 10, 1);
    w.Expect(t,
             {{"10.50.0.0/16", "type 1 external cost 11 via 2:10.1.2.2 by 0.0.0.2", "inactive"}});
    t.Equal(DifferentNetworks(before, w.Table()).size(), 4, "told to hosts");
}

// 16.2 (3): "If it is a Type 3 summary-LSA, and the collection of destinations described by the
// summary-LSA equals one of the router's configured area address ranges ... and the particular area
// address range is active, then the summary-LSA should be ignored." Input: another border router
// tells of our range, at first, and as a change; of a part of it; of a router. Output: ignored; not
// those of others; not while the range is not active.
void
SummariesOfRanges(Sentence& t)
{
    BorderWithRanges w;
    w.Summary(0, 2, "10.50.0.0/16", 1);
    w.Expect(t, {{"10.50.0.0/16", "inter-area 0.0.0.0 cost 11 via 2:10.1.2.2 by 0.0.0.2"}});
    w.StubNetwork(3, "10.50.3.0/24", 1, 1);
    w.Expect(t, {{"10.50.0.0/16", "inter-area 0.0.0.1 discard", "active"}});
    w.Summary(0, 2, "10.50.0.0/16", 2);
    w.Summary(0, 2, "10.50.0.0/20", 2, 0xfff);
    t.Holds(w.Calculate() == OspfCalculation::DESTINATIONS, "a change");
    t.Same(w.Route("10.50.0.0/16"), "inter-area 0.0.0.1 discard");
    t.Same(w.Route("10.50.0.0/20"), "inter-area 0.0.0.0 cost 12 via 2:10.1.2.2 by 0.0.0.2");
    w.Install(0, {OspfLsaType::SUMMARY_NETWORK, Ip("10.50.0.0"), 2}, nullptr);
    w.External(2, "10.50.0.0/16", 1, 1);
    t.Holds(w.Calculate() == OspfCalculation::DESTINATIONS, "its end, and an external route");
    t.Same(w.Route("10.50.0.0/16"), "inter-area 0.0.0.1 discard");
    w.External(2, "10.60.0.0/16", 1, 1, "10.50.99.9");
    w.Input().ranges.push_back({1, 8, 32});
    w.BoundarySummary(0, 2, 8, 1);
    w.StubNetwork(3, "0.0.0.8/32", 1, 1);
    w.Expect(t, {{"10.60.0.0/16", "none", "a forwarding address in no network"}});
    t.Same(w.Router(8), "inter-area 0.0.0.0 cost 11 via 2:10.1.2.2 by 0.0.0.2", "no network");

    BorderWithRanges free;
    free.Link(1, 5, 0);
    free.Flags(5, OSPF_ROUTER_FLAG_B);
    free.StubNetwork(3, "10.50.3.0/24", 1, 1);
    free.Summary(0, 5, "10.50.0.0/16", 0);
    free.Expect(t, {{"10.50.0.0/16", "inter-area 0.0.0.1 discard", "though it costs nothing"}});
    t.Holds(free.Table().NextHops(*free.Table().FindNetwork(Ip("10.50.0.0"), 16)).empty(),
            "and leads nowhere");
}

// 13.2, 11: what hosts are told. Input: a table and its successor. Output: what came, what changed
// in cost, next hop, kind or tag, what went, and nothing else.
void
Differences(Sentence& t)
{
    InsideArea1 w;
    w.Flags(2, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E, 1);
    w.StubNetwork(2, "10.40.0.0/16", 1, 1);
    w.StubNetwork(2, "10.41.0.0/16", 1, 1);
    w.StubNetwork(2, "10.42.0.0/16", 1, 1);
    w.External(2, "10.43.0.0/16", 1, 1, "0.0.0.0", 7);
    w.Calculate();
    const OspfRoutingTable before = w.Table();
    t.Equal(DifferentNetworks(OspfRoutingTable(), before).size(), before.Networks().size(), "all");
    w.NoLinks(2, 1);
    w.HalfLink(2, 1, 10, 1);
    w.StubNetwork(2, "10.40.0.0/16", 1, 1);
    w.StubNetwork(2, "10.42.0.0/16", 2, 1);
    w.StubNetwork(2, "10.39.0.0/16", 2, 1);
    w.External(2, "10.43.0.0/16", 1, 1, "0.0.0.0", 8);
    w.Calculate();
    std::string text;
    for (const auto& change : DifferentNetworks(before, w.Table()))
    {
        text += change.before == nullptr ? "+" : "-" + Describe(before, *change.before) + '\n';
        text += change.now == nullptr ? "" : "+" + Describe(w.Table(), *change.now) + '\n';
    }
    t.Same(text,
           "++10.39.0.0/16 intra-area 0.0.0.1 cost 12 via 2:10.1.2.2\n"
           "-10.41.0.0/16 intra-area 0.0.0.1 cost 11 via 2:10.1.2.2\n"
           "-10.42.0.0/16 intra-area 0.0.0.1 cost 11 via 2:10.1.2.2\n"
           "+10.42.0.0/16 intra-area 0.0.0.1 cost 12 via 2:10.1.2.2\n"
           "-10.43.0.0/16 type 1 external cost 11 tag 7 via 2:10.1.2.2 by 0.0.0.2\n"
           "+10.43.0.0/16 type 1 external cost 11 tag 8 via 2:10.1.2.2 by 0.0.0.2\n");
    t.Equal(DifferentRouters(before, w.Table()).size(), 0, "routers");
    w.Flags(2, OSPF_ROUTER_FLAG_E, 1);
    w.Calculate();
    t.Equal(DifferentRouters(before, w.Table()).size(), 1, "a bit");
}

// 16.5, 16.6: "Recalculate ... only". Input: changes of summary-LSAs and AS-external-LSAs. Output:
// only destinations are calculated; all external routes where a way to them changed; all but the
// areas where very many changed at once.
void
OnlyWhatChanged(Sentence& t)
{
    InsideArea1 w;
    w.Flags(2, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E, 1);
    w.Summary(1, 2, "10.50.0.0/16", 5);
    w.External(2, "10.60.0.0/16", 2, 5);
    w.Calculate();
    w.Summary(1, 2, "10.50.0.0/16", 6);
    w.External(2, "10.61.0.0/16", 2, 5);
    t.Holds(w.Calculate() == OspfCalculation::DESTINATIONS, "a destination of each kind");
    t.Same(w.Route("10.50.0.0/16"), "inter-area 0.0.0.1 cost 16 via 2:10.1.2.2 by 0.0.0.2");
    w.External(8, "10.62.0.0/16", 2, 5);
    t.Holds(w.Calculate() == OspfCalculation::DESTINATIONS, "out of reach");
    t.Same(w.Route("10.62.0.0/16"), "none");
    w.BoundarySummary(1, 2, 8, 1);
    t.Holds(w.Calculate() == OspfCalculation::EXTERNAL, "within reach");
    t.Same(w.Route("10.62.0.0/16"), "type 2 external cost 11+5 via 2:10.1.2.2 by 0.0.0.8");
    w.BoundarySummary(1, 3, 8, 1);
    t.Holds(w.Calculate() == OspfCalculation::DESTINATIONS, "a worse way");
    w.BoundarySummary(1, 2, 8, 15);
    t.Holds(w.Calculate() == OspfCalculation::EXTERNAL, "the other way");
    t.Same(w.Route("10.62.0.0/16"), "type 2 external cost 21+5 via 3:10.1.3.2 by 0.0.0.8");
    w.BoundarySummary(1, 2, 8, 11);
    t.Holds(w.Calculate() == OspfCalculation::EXTERNAL, "both, at the same cost");
    t.Same(w.Route("10.62.0.0/16"),
           "type 2 external cost 21+5 via 2:10.1.2.2 by 0.0.0.8 via 3:10.1.3.2 by 0.0.0.8");
    w.External(2, "10.63.0.0/16", 2, 5, "10.50.0.9");
    t.Holds(w.Calculate() == OspfCalculation::DESTINATIONS, "a forwarding address");
    w.Summary(1, 2, "10.50.0.0/16", 7);
    t.Holds(w.Calculate() == OspfCalculation::EXTERNAL, "the way to it");
    t.Same(w.Route("10.63.0.0/16"), "type 2 external cost 17+5 via 2:10.1.2.2 by 0.0.0.2");
    for (uint32_t n = 0; n < 100; ++n)
    {
        w.External(2, "10.60." + std::to_string(n) + ".0/24", 1, n);
    }
    t.Holds(w.Calculate() == OspfCalculation::EXTERNAL, "many AS-external-LSAs");
    for (uint32_t n = 0; n < 100; ++n)
    {
        w.Summary(1, 2, "10.50." + std::to_string(n) + ".0/24", n);
    }
    t.Holds(w.Calculate() == OspfCalculation::INTER_AREA, "many summary-LSAs");
    t.Same(w.Route("10.50.99.0/24"), "inter-area 0.0.0.1 cost 109 via 2:10.1.2.2 by 0.0.0.2");
}

// Input: an LSA whose mask changes, so that another instance describes another destination; routes
// that hide others. Output: the old destination is calculated as well; what was hidden appears.
void
DestinationsOfBothInstances(Sentence& t)
{
    InsideArea1 w;
    w.Flags(2, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E, 1);
    w.Summary(1, 2, "10.50.0.0/16", 5);
    w.External(2, "10.50.0.0/16", 1, 5);
    w.Calculate();
    w.Summary(1, 2, "10.50.0.0/24", 5);
    t.Holds(w.Calculate() == OspfCalculation::DESTINATIONS, "two destinations");
    t.Same(w.Route("10.50.0.0/24"), "inter-area 0.0.0.1 cost 15 via 2:10.1.2.2 by 0.0.0.2");
    t.Same(w.Route("10.50.0.0/16"), "type 1 external cost 15 via 2:10.1.2.2 by 0.0.0.2", "was hid");
    w.Install(1, {OspfLsaType::SUMMARY_NETWORK, Ip("10.50.0.0"), 2}, nullptr);
    w.Expect(t, {{"10.50.0.0/24", "none"}});
}

// Input: other interfaces, areas, settings than the last time; next hops that change for ever.
// Output: all is calculated anew; what is held does not grow.
void
AnotherInput(Sentence& t)
{
    InsideArea1 w;
    w.StubNetwork(2, "10.40.0.0/16", 1, 1);
    t.Holds(w.Calculate() == OspfCalculation::PATHS, "first");
    t.Holds(w.Calculate() == OspfCalculation::NOTHING, "again");
    w.Input().interfaces[0].index = 77;
    t.Holds(w.Calculate() == OspfCalculation::PATHS, "interfaces");
    t.Same(w.Route("10.40.0.0/16"), "intra-area 0.0.0.1 cost 11 via 77:10.1.2.2");
    w.AddArea(5);
    t.Holds(w.Calculate() == OspfCalculation::PATHS, "an area");
    w.Input().rfc1583Compatibility = false;
    t.Holds(w.Calculate() == OspfCalculation::PATHS, "RFC1583Compatibility");
    w.Input().routerId = 2;
    t.Holds(w.Calculate() == OspfCalculation::PATHS, "Router ID");
    t.Same(w.Route("10.40.0.0/16"), "intra-area 0.0.0.1 cost 1", "ourselves");
    w.Input().areas.clear();
    t.Holds(w.Calculate() == OspfCalculation::PATHS, "no area");
    t.Same(w.Routes(), "", "no area, no routes");

    InsideArea1 other;
    other.Flags(2, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E, 1);
    other.Calculate();
    uint64_t anew = 0;
    for (uint32_t n = 1; n < 2000; ++n)
    {
        other.External(2, "10.60.0.0/16", 1, 5, IpAddress{Ip("10.1.2.0") + n % 4}.ToString());
        other.BoundarySummary(1, 2, n, 1);
        other.External(n, "10.61.0.0/16", 1, 5);
        anew += other.Calculate() == OspfCalculation::PATHS ? 1 : 0;
        other.Install(0, {OspfLsaType::AS_EXTERNAL, Ip("10.61.0.0"), n}, nullptr);
        other.Install(1, {OspfLsaType::SUMMARY_ASBR, n, 2}, nullptr);
    }
    t.Holds(anew > 0 && anew < 20, "lists of next hops are thrown away: " + std::to_string(anew));
}

/** The suite. */
class OspfRoutesTestSuite : public TestSuite
{
  public:
    OspfRoutesTestSuite()
        : TestSuite("karp-ospf-routes", TestSuite::Type::UNIT)
    {
        const std::vector<OspfRouteTest> tests{
            {"16.2 (1) unreachable", Unreachable},
            {"16.2 (2) own summary-LSAs", OwnSummaries},
            {"16.2 (4) the border router is reachable", BorderRouterIsReachable},
            {"16.2 (4) masks", SummariesAreMasked},
            {"16.2 (6) intra-area is preferred", IntraAreaIsPreferred},
            {"16.2 (7) cheapest border router", CheapestBorderRouter},
            {"16.2 backbone summary-LSAs only", BackboneSummariesOnly},
            {"3.6 default route of an area", DefaultRouteOfAnArea},
            {"16.1 areas of one network", AreasOfOneNetwork},
            {"11.1 lookup", Lookup},
            {"11.1 active ranges discard", ActiveRanges},
            {"16.2 (3) summary-LSAs of active ranges", SummariesOfRanges},
            {"11 differences", Differences},
            {"16.5 16.6 only what changed", OnlyWhatChanged},
            {"16.5 destinations of both instances", DestinationsOfBothInstances},
            {"another input", AnotherInput},
        };
        for (const auto& part : {tests, OspfExternalRouteTests(), OspfRoutePropertyTests()})
        {
            for (const auto& [name, body] : part)
            {
                AddTestCase(new Sentence(name, body));
            }
        }
    }
};

OspfRoutesTestSuite g_ospfRoutesTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
