/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-route-fixture.h"

/**
 * \file
 * AS external routes, one rule of RFC 2328 sections 16.4 and 16.4.1 a test. Router 1 calculates;
 * what numbers and addresses mean is said in karp-ospf-route-fixture.h.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Router 1 in the backbone, with AS boundary routers 2, at cost 10, and 3, at cost 20. */
class TwoBoundaryRouters : public OspfRouteWorld
{
  public:
    TwoBoundaryRouters()
    {
        Link(1, 2, 10);
        Link(1, 3, 20);
        Flags(2, OSPF_ROUTER_FLAG_E);
        Flags(3, OSPF_ROUTER_FLAG_E);
    }
};

// (1), (2): "If the cost specified by the LSA is LSInfinity, or if the LSA's LS age is equal to
// MaxAge", "If the LSA was originated by the calculating router itself". Output: no route; nor
// where the whole cost would be LSInfinity.
void
Unreachable(Sentence& t)
{
    TwoBoundaryRouters w;
    w.External(2, "10.60.0.0/16", 1, OSPF_LS_INFINITY);
    w.External(2, "10.61.0.0/16", 2, OSPF_LS_INFINITY);
    w.External(1, "10.62.0.0/16", 1, 1);
    w.External(2, "10.63.0.0/16", 1, OSPF_LS_INFINITY - 10);
    w.External(2, "10.64.0.0/16", 1, OSPF_LS_INFINITY - 11);
    w.External(2, "10.65.0.0/16", 2, OSPF_LS_INFINITY - 1);
    w.Expect(t,
             {{"10.60.0.0/16", "none", "type 1"},
              {"10.61.0.0/16", "none", "type 2"},
              {"10.62.0.0/16", "none", "own"},
              {"10.63.0.0/16", "none", "in all"},
              {"10.64.0.0/16", "type 1 external cost 16777214 via 2:10.1.2.2 by 0.0.0.2"},
              {"10.65.0.0/16", "type 2 external cost 10+16777214 via 2:10.1.2.2 by 0.0.0.2"}});
    w.Age(0, {OspfLsaType::AS_EXTERNAL, Ip("10.64.0.0"), 2});
    w.Expect(t, {{"10.64.0.0/16", "none", "MaxAge"}});
}

// (3): "If no entries exist for router ASBR (i.e., ASBR is unreachable), do nothing". Input: a
// router without bit E, one out of reach; one that summary-LSAs lead to; a mask with a hole.
void
BoundaryRouterIsReachable(Sentence& t)
{
    TwoBoundaryRouters w;
    w.Flags(2, OSPF_ROUTER_FLAG_B);
    w.External(2, "10.60.0.0/16", 1, 1);
    w.External(8, "10.61.0.0/16", 1, 1);
    OspfLsaHeader header;
    header.key = {OspfLsaType::AS_EXTERNAL, Ip("10.66.0.0"), 3};
    w.Install(0, header.key, MakeOspfLsa(header, OspfExternalLsa{0xff00ff00, false, 1, {}, 0}));
    w.Expect(
        t,
        {{"10.60.0.0/16", "none", "no boundary router"}, {"10.61.0.0/16", "none", "out of reach"}});
    t.Equal(w.Table().Networks().size(), 2, "a mask with a hole");
    w.BoundarySummary(0, 2, 8, 5);
    w.Expect(t, {{"10.61.0.0/16", "type 1 external cost 16 via 2:10.1.2.2 by 0.0.0.8"}});
}

// (5): "If the external metric type is 1, then ... the cost is equal to X+Y. If the external metric
// type is 2, ... the link state component of the route's cost is X, and the type 2 cost is Y."
// Input: also a tag, and host bits in the Link State ID (appendix E).
void
CostsAndTags(Sentence& t)
{
    TwoBoundaryRouters w;
    w.External(2, "10.60.0.0/16", 1, 5, "0.0.0.0", 7);
    w.External(3, "10.61.0.0/16", 2, 5, "0.0.0.0", 8, 0xffff);
    w.External(3, "0.0.0.0/0", 2, 1);
    w.Expect(t,
             {{"10.60.0.0/16", "type 1 external cost 15 tag 7 via 2:10.1.2.2 by 0.0.0.2"},
              {"10.61.0.0/16", "type 2 external cost 20+5 tag 8 via 3:10.1.3.2 by 0.0.0.3"},
              {"0.0.0.0/0", "type 2 external cost 20+1 via 3:10.1.3.2 by 0.0.0.3"}});
}

// (3): "select the routing table entry with the least cost; when there are multiple least cost
// routing table entries the entry whose associated area has the largest OSPF Area ID ... is
// chosen". Input: a boundary router in the backbone and in area 1, at different and at equal cost.
void
BoundaryRouterOfTwoAreas(Sentence& t)
{
    OspfRouteWorld w;
    w.Link(1, 2, 10, 0, 0);
    w.Link(1, 3, 5, 0, 1);
    w.HalfLink(3, 2, 6, 1);
    w.HalfLink(2, 3, 6, 1);
    w.Flags(2, OSPF_ROUTER_FLAG_E, 0);
    w.Flags(2, OSPF_ROUTER_FLAG_E, 1);
    w.External(2, "10.60.0.0/16", 1, 1);
    w.Expect(t, {{"10.60.0.0/16", "type 1 external cost 11 via 2:10.1.2.2 by 0.0.0.2", "least"}});
    // 16.4.1: "Intra-area paths using non-backbone areas are always the most preferred."
    w.Input().rfc1583Compatibility = false;
    w.Expect(t,
             {{"10.60.0.0/16",
               "type 1 external cost 12 via 3:10.1.3.2 by 0.0.0.2",
               "16.4.1: not over the backbone"}});
    w.Input().rfc1583Compatibility = true;
    w.NoLinks(3, 1);
    w.HalfLink(3, 1, 5, 1);
    w.HalfLink(3, 2, 5, 1);
    w.Expect(t,
             {{"10.60.0.0/16",
               "type 1 external cost 11 via 3:10.1.3.2 by 0.0.0.2",
               "the greatest Area ID"}});
    w.NoLinks(3, 1);
    w.HalfLink(3, 1, 5, 1);
    w.HalfLink(3, 2, 5, 1);
    w.Flags(3, OSPF_ROUTER_FLAG_E, 1);
    w.External(3, "10.60.0.0/16", 1, 6);
    w.Expect(t,
             {{"10.60.0.0/16",
               "type 1 external cost 11 via 3:10.1.3.2 by 0.0.0.2",
               "a next router once, told of by two"}});
}

// (3): "If the forwarding address is non-zero, look up the forwarding address in the routing table.
// The matching routing table entry must specify an intra-area or inter-area path". Input: addresses
// on our LAN, behind another router, in another area, known by an external route alone, unknown,
// our own, on a host route of ours. Output: the address itself; the way to it; no route for the
// rest.
void
ForwardingAddresses(Sentence& t)
{
    TwoBoundaryRouters w;
    w.Lan(7, {{1, 3}, {2, 3}});
    w.Flags(2, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E);
    w.StubNetwork(3, "10.43.0.0/16", 4);
    w.StubNetwork(1, "10.44.0.1/32", 0);
    w.Summary(0, 2, "10.42.0.0/16", 6);
    w.External(3, "10.41.0.0/16", 1, 1);
    w.External(3, "10.41.0.0/24", 1, 1, "10.41.0.9");
    w.External(2, "10.60.0.0/16", 1, 5, "10.0.7.99");
    w.External(2, "10.61.0.0/16", 2, 5, "10.43.1.1");
    w.External(2, "10.62.0.0/16", 1, 5, "10.42.1.1");
    w.External(2, "10.64.0.0/16", 1, 5, "192.0.2.1");
    w.External(2, "10.65.0.0/16", 1, 5, "10.0.7.1");
    w.External(2, "10.66.0.0/16", 1, 5, "10.44.0.1");
    w.Expect(t,
             {{"10.60.0.0/16", "type 1 external cost 8 via 1007:10.0.7.99 by 0.0.0.2", "LAN"},
              {"10.61.0.0/16", "type 2 external cost 24+5 via 3:10.1.3.2 by 0.0.0.2", "intra"},
              {"10.62.0.0/16", "type 1 external cost 14 via 1007:10.0.7.2 by 0.0.0.2", "inter"},
              {"10.41.0.0/24", "none", "by an external route"},
              {"10.64.0.0/16", "none", "unknown"},
              {"10.65.0.0/16", "none", "ours"},
              {"10.66.0.0/16", "none", "our host"}});
    w.External(3, "10.43.1.0/24", 1, 1);
    w.Expect(t,
             {{"10.61.0.0/16",
               "type 2 external cost 24+5 via 3:10.1.3.2 by 0.0.0.2",
               "a better match that is external counts for nothing"}});
    w.Flags(2, 0);
    w.Expect(t, {{"10.60.0.0/16", "none", "the originator must be reachable all the same"}});
}

// Two AS boundary routers on a LAN with a third that does not speak OSPF (section 2.3). Input: both
// tell of its network with its address; and one of them with none. Output: straight to it, told of
// by both; as cheap through the teller.
void
EqualForwarding(Sentence& t)
{
    OspfRouteWorld w;
    w.Lan(7, {{2, 1}, {1, 1}, {3, 1}});
    w.Flags(2, OSPF_ROUTER_FLAG_E);
    w.Flags(3, OSPF_ROUTER_FLAG_E);
    w.External(2, "10.60.0.0/16", 2, 5, "10.0.7.99");
    w.External(3, "10.60.0.0/16", 2, 5, "10.0.7.99");
    w.External(2, "10.61.0.0/16", 2, 5, "10.0.7.99");
    w.External(3, "10.61.0.0/16", 2, 5);
    w.Expect(
        t,
        {{"10.60.0.0/16", "type 2 external cost 1+5 via 1007:10.0.7.99 by 0.0.0.2"},
         {"10.61.0.0/16",
          "type 2 external cost 1+5 via 1007:10.0.7.3 by 0.0.0.3 via 1007:10.0.7.99 by 0.0.0.2"}});
}

// (6a): "Intra-area and inter-area paths are always preferred over AS external paths."
void
InsideIsPreferred(Sentence& t)
{
    TwoBoundaryRouters w;
    w.Flags(3, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E);
    w.StubNetwork(3, "10.60.0.0/16", 1000);
    w.Summary(0, 3, "10.61.0.0/16", 1000);
    w.External(2, "10.60.0.0/16", 1, 1);
    w.External(2, "10.61.0.0/16", 1, 1);
    w.Expect(t,
             {{"10.60.0.0/16", "intra-area 0.0.0.0 cost 1020 via 3:10.1.3.2"},
              {"10.61.0.0/16", "inter-area 0.0.0.0 cost 1020 via 3:10.1.3.2 by 0.0.0.3"}});
    w.Install(0, {OspfLsaType::SUMMARY_NETWORK, Ip("10.61.0.0"), 3}, nullptr);
    w.Expect(t, {{"10.61.0.0/16", "type 1 external cost 11 via 2:10.1.2.2 by 0.0.0.2", "gone"}});
}

// (6b): "Type 1 external paths are always preferred over type 2 external paths. When all paths are
// type 2 external paths, the paths with the smallest advertised type 2 metric are always
// preferred." (6d): "Type 1 external paths are compared by looking at the sum ... Type 2 external
// paths advertising equal type 2 metrics are compared by looking at the distance".
void
PreferenceAmongExternals(Sentence& t)
{
    TwoBoundaryRouters w;
    w.External(2, "10.60.0.0/16", 2, 0);
    w.External(3, "10.60.0.0/16", 1, 1000);
    w.External(2, "10.61.0.0/16", 2, 6);
    w.External(3, "10.61.0.0/16", 2, 5);
    w.External(2, "10.62.0.0/16", 2, 5);
    w.External(3, "10.62.0.0/16", 2, 5);
    w.External(2, "10.63.0.0/16", 1, 12);
    w.External(3, "10.63.0.0/16", 1, 1);
    w.External(2, "10.64.0.0/16", 1, 11, "0.0.0.0", 1);
    w.External(3, "10.64.0.0/16", 1, 1, "0.0.0.0", 2);
    w.Expect(
        t,
        {{"10.60.0.0/16", "type 1 external cost 1020 via 3:10.1.3.2 by 0.0.0.3", "type"},
         {"10.61.0.0/16", "type 2 external cost 20+5 via 3:10.1.3.2 by 0.0.0.3", "type 2 metric"},
         {"10.62.0.0/16", "type 2 external cost 10+5 via 2:10.1.2.2 by 0.0.0.2", "distance"},
         {"10.63.0.0/16", "type 1 external cost 21 via 3:10.1.3.2 by 0.0.0.3", "sum"},
         {"10.64.0.0/16",
          "type 1 external cost 21 tag 1 via 2:10.1.2.2 by 0.0.0.2 via 3:10.1.3.2 by 0.0.0.3",
          "equal: both, with the tag of the first in the database"}});
}

// (6c), 16.4.1: "If the new AS external path is still indistinguishable ... and
// RFC1583Compatibility is set to disabled, select the preferred paths based on the intra-AS paths
// to the ASBR/forwarding addresses". Input: boundary routers in area 1, far away, in the backbone,
// in other areas.
void
PreferredWays(Sentence& t)
{
    OspfRouteWorld w;
    w.Link(1, 2, 10, 0, 0);
    w.Link(1, 3, 50, 0, 1);
    w.Flags(2, OSPF_ROUTER_FLAG_B | OSPF_ROUTER_FLAG_E, 0);
    w.Flags(3, OSPF_ROUTER_FLAG_E, 1);
    w.BoundarySummary(0, 2, 8, 10);
    for (const uint32_t router : {2, 3, 8})
    {
        w.External(router, "10.60.0.0/16", 1, 1);
        w.External(router, "10.61.0.0/16", 2, 1);
    }
    w.External(2, "10.62.0.0/16", 2, 1);
    w.External(3, "10.62.0.0/16", 2, 2);
    w.External(2, "10.63.0.0/16", 1, 12);
    w.External(8, "10.63.0.0/16", 1, 1);
    w.External(2, "10.64.0.0/16", 1, 1, "10.1.3.2");
    w.External(8, "10.64.0.0/16", 1, 1);
    w.Expect(t,
             {{"10.60.0.0/16", "type 1 external cost 11 via 2:10.1.2.2 by 0.0.0.2", "least"},
              {"10.61.0.0/16", "type 2 external cost 10+1 via 2:10.1.2.2 by 0.0.0.2", "least"},
              {"10.64.0.0/16", "type 1 external cost 21 via 2:10.1.2.2 by 0.0.0.8", "least"}});
    w.Input().rfc1583Compatibility = false;
    w.Expect(t,
             {{"10.64.0.0/16",
               "type 1 external cost 51 via 3:10.1.3.2 by 0.0.0.2",
               "a forwarding address of area 1"},
              {"10.60.0.0/16", "type 1 external cost 51 via 3:10.1.3.2 by 0.0.0.3", "area 1"},
              {"10.61.0.0/16", "type 2 external cost 50+1 via 3:10.1.3.2 by 0.0.0.3", "area 1"},
              {"10.62.0.0/16",
               "type 2 external cost 10+1 via 2:10.1.2.2 by 0.0.0.2",
               "the type 2 metric comes first"},
              {"10.63.0.0/16",
               "type 1 external cost 21 via 2:10.1.2.2 by 0.0.0.8",
               "backbone and inter-area paths are alike"}});

    OspfRouteWorld inside;
    inside.Link(1, 2, 10, 0, 1);
    inside.Link(1, 3, 50, 0, 1);
    inside.Flags(2, OSPF_ROUTER_FLAG_B, 1);
    inside.Flags(3, OSPF_ROUTER_FLAG_E, 1);
    inside.BoundarySummary(1, 2, 8, 10);
    inside.External(3, "10.60.0.0/16", 1, 1);
    inside.External(8, "10.60.0.0/16", 1, 1);
    inside.Input().rfc1583Compatibility = false;
    inside.Expect(t,
                  {{"10.60.0.0/16",
                    "type 1 external cost 51 via 3:10.1.3.2 by 0.0.0.3",
                    "an inter-area path is not preferred, of whatever area"}});
}

} // namespace

std::vector<OspfRouteTest>
OspfExternalRouteTests()
{
    return {
        {"16.4 (1) (2) unreachable and own", Unreachable},
        {"16.4 (3) the boundary router is reachable", BoundaryRouterIsReachable},
        {"16.4 (3) a boundary router of two areas", BoundaryRouterOfTwoAreas},
        {"16.4 (3) forwarding addresses", ForwardingAddresses},
        {"16.4 (5) costs and tags", CostsAndTags},
        {"16.4 (6) equal forwarding", EqualForwarding},
        {"16.4 (6a) inside is preferred", InsideIsPreferred},
        {"16.4 (6b) (6d) preference among externals", PreferenceAmongExternals},
        {"16.4.1 preferred ways", PreferredWays},
    };
}

} // namespace karp
} // namespace ns3
