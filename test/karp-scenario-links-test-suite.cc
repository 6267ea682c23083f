/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-outcome.h"
#include "karp-test-data.h"

#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/karp-ospf-link-state.h"
#include "ns3/karp-scenario-network.h"
#include "ns3/names.h"
#include "ns3/simulator.h"

#include <fstream>

/**
 * \file
 * \ingroup karp-test
 * Suite karp-links: scenarios on point-to-point links, simulated as karp-scenario does.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return a scenario on \p topology with one key by hand, and \p more behind it */
std::string
ManualText(const std::string& topology, const std::string& more)
{
    return "karp: 1\nname: links\nrun: {stop: 60s}\ntopology: " + topology +
           "\nrouting: {protocol: ospfv2, hello: 1s, dead: 4s}\nprotocol: {kmp: manual}\n" + more;
}

/** \return the address of router \p node on segment \p lan of \p network, and its mask */
std::string
AddressText(const ScenarioNetwork& network, const char* node, uint32_t number, uint32_t lan)
{
    const Ipv4InterfaceAddress address =
        Names::Find<Node>(node)->GetObject<Ipv4>()->GetAddress(network.InterfaceOf(number, lan), 0);
    std::ostringstream text;
    text << address.GetLocal() << "/" << address.GetMask().GetPrefixLength();
    return text.str();
}

/**
 * Input: links, with and without LANs before them.
 * Output: a /30 for each by its number among links, so that LANs change none of them.
 */
void
CheckAddresses(Sentence& test)
{
    for (const std::string lans :
         {"", ", lans: [{routers: r0, nodes: 2}, {routers: r1, nodes: 2}]"})
    {
        const auto scenario =
            LoadText(ManualText("{line: {nodes: 3}" + lans + "}", "timeline: []\n"));
        test.Holds(scenario.has_value(), "it loads");
        if (!scenario)
        {
            return;
        }
        {
            const ScenarioNetwork network(*scenario);
            const auto first = static_cast<uint32_t>(scenario->lans.size() - 2);
            test.Same(AddressText(network, "r0", 0, first), std::string("10.128.0.1/30"));
            test.Same(AddressText(network, "r1", 1, first), std::string("10.128.0.2/30"));
            test.Same(AddressText(network, "r1", 1, first + 1), std::string("10.128.0.5/30"));
            test.Same(network.LanNameOf(1, network.InterfaceOf(1, first + 1)),
                      std::string("p2p:r1-r2"));
            test.Same(network.NameOf(network.AddressOf(2, first + 1)), std::string("r2"));
            test.Equal(network.InterfaceOf(0, first + 1), 0, "not there");
        }
        Simulator::Destroy();
        Names::Clear();
    }
}

/** Input: a published kind of map, one key by hand and no group. Output: all are adjacent. */
void
CheckManual(Sentence& test)
{
    const Outcome outcome = Run(ManualText(
        "{graphml: {file: " + KarpTestDataPath() + "/topologies/odd.graphml, components: keep}}",
        "timeline: []\nexpect:\n"
        "  - {id: all, always: \"adjacent(all)\", from: 10s}\n"
        "  - {id: two, always: \"adjacent(r0, r1) and adjacent(r6, r7)\", from: 10s}\n"
        "output: {pcap: [\"p2p:r0-r1\"]}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
    test.Equal(Count(outcome, {"\"reason\""}), 0, "nothing is refused");
}

/** Input: a ring keyed by MRKMP link by link. Output: each link is a group with keys of its own. */
void
CheckGroups(Sentence& test)
{
    const Outcome outcome = Run(
        FastText("{ring: {nodes: 4}}",
                 "[{name: g, segment: p2p:*}]",
                 "timeline:\n  - {at: 30s, do: crash, target: r1, as: kill}\nexpect:\n"
                 "  - {id: one, always: \"one_gcks(g0) and one_gcks(g1) and one_gcks(g2) and "
                 "one_gcks(g3)\", from: 12s, until: kill}\n"
                 "  - {id: kek, always: \"same_kek(g2) and same_kek(g3)\", from: 12s}\n"
                 "  - {id: adj, always: \"adjacent(all)\", from: 12s, until: kill}\n"
                 "  - {id: rest, eventually: \"not adjacent(r0, r1)\", after: kill, within: 5s}\n"
                 "  - {id: drop, never: \"key_drop(g2) or key_drop(g3)\"}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
}

/**
 * Input: a link goes down, silently or noticed, and comes back.
 * Output: silent: the neighbour is lost after RouterDeadInterval, no sooner; noticed: at once.
 * Elsewhere nothing happens.
 */
void
CheckLinkDown(Sentence& test)
{
    const auto text = [](const char* silent, const char* within) {
        return ManualText(
            "{ring: {nodes: 4}}",
            std::string("timeline:\n  - {at: 20s, do: link_down, target: p2p:r1-r0, silent: ") +
                silent + ", as: dark}\n  - {at: 30s, do: heal, ref: dark, as: light}\nexpect:\n" +
                within +
                "  - {id: there, always: \"not adjacent(r0, r1)\", from: dark + 5s, until: light}\n"
                "  - {id: back, eventually: \"adjacent(all)\", after: light, within: 10s}\n"
                "  - {id: other, always: \"adjacent(r1, r2) and adjacent(r2, r3) and "
                "adjacent(r0, r3)\", from: 10s}\n");
    };
    const Outcome silent = Run(
        text("true",
             "  - {id: late, always: \"adjacent(r0, r1)\", from: 19s, until: dark + 2.9s}\n"
             "  - {id: dead, eventually: \"not adjacent(r0, r1)\", after: dark, within: 5s}\n"));
    test.Equal(silent.exit, 0, silent.report);
    test.Equal(Count(silent,
                     {"\"do\":\"link_down\"",
                      "\"segment\":\"p2p:r0-r1\"",
                      "\"sets\":[\"r0\",\"r1\"]",
                      "\"silent\":true"}),
               1,
               "the line");
    const Outcome noticed = Run(
        text("false",
             "  - {id: soon, eventually: \"not adjacent(r0, r1)\", after: dark, within: 1us}\n"));
    test.Equal(noticed.exit, 0, noticed.report);
}

/**
 * Input: two cuts of one link, one of a router that crashes meanwhile; they heal one by one.
 * Output: the link lives again with the last one, also where a router booted in between.
 */
void
CheckOverlap(Sentence& test)
{
    const Outcome outcome = Run(ManualText(
        "{line: {nodes: 2}}",
        "timeline:\n"
        "  - {at: 10s, do: link_down, target: p2p:*, as: one}\n"
        "  - {at: 11s, do: link_down, target: p2p:*, as: two}\n"
        "  - {at: 12s, do: heal, ref: one}\n"
        "  - {at: 13s, do: crash, target: r0}\n"
        "  - {at: 20s, do: heal, ref: two, as: light}\n"
        "  - {at: 22s, do: boot, target: r0}\n"
        "  - {at: 40s, do: crash, target: r1}\n"
        "  - {at: 41s, do: link_down, target: p2p:*, as: three}\n"
        "  - {at: 42s, do: boot, target: r1}\n"
        "  - {at: 50s, do: heal, as: end}\n"
        "expect:\n"
        "  - {id: before, eventually: \"adjacent(r0, r1)\", after: 0s, within: 9s}\n"
        "  - {id: down, always: \"not adjacent(r0, r1)\", from: one + 1us, until: light}\n"
        "  - {id: up, eventually: \"adjacent(r0, r1)\", after: light, within: 10s}\n"
        "  - {id: again, always: \"not adjacent(r0, r1)\", from: three, until: end}\n"
        "  - {id: last, eventually: \"adjacent(r0, r1)\", after: end, within: 9s}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
}

/** Input: partition and loss on links. Output: packets vanish as on LANs. */
void
CheckImpairments(Sentence& test)
{
    const Outcome outcome = Run(ManualText(
        "{line: {nodes: 4}}",
        "timeline:\n"
        "  - {at: 15s, do: partition, segment: p2p:r1-r2, sets: [r0..r1, r2..r3], as: p}\n"
        "  - {at: 30s, do: heal, ref: p, as: h}\n"
        "  - {at: 45s, do: impair, target: p2p:r0-r1, loss: 100%, as: i}\n"
        "expect:\n"
        "  - {id: part, eventually: \"not adjacent(r1, r2)\", after: p, within: 5s}\n"
        "  - {id: side, always: \"adjacent(r0, r1) and adjacent(r2, r3)\", from: 10s, "
        "until: i}\n"
        "  - {id: heal, eventually: \"adjacent(all)\", after: h, within: 10s}\n"
        "  - {id: loss, eventually: \"not adjacent(r0, r1)\", after: i, within: 5s}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
}

/**
 * Input: one of two loses everything that comes.
 * Output: it gives the other one up when RouterDeadInterval is over, and that one hears of it; the
 * trace says who it was.
 */
void
CheckOneSide(Sentence& test)
{
    const Outcome outcome = Run(
        ManualText("{line: {nodes: 3}}",
                   "timeline:\n"
                   "  - {at: 20s, do: impair, target: p2p:*, loss: 100%, to: r1, as: deaf}\n"
                   "expect:\n"
                   "  - {id: both, eventually: \"not adjacent(r0, r1) and not adjacent(r1, r2)\", "
                   "after: deaf + 2.9s, within: 1.2s}\n"
                   "  - {id: soon, always: \"adjacent(all)\", from: 10s, until: deaf + 2.9s}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
    test.Equal(Count(outcome, {"\"n\":\"r1\"", "\"why\":\"InactivityTimer\""}), 2, "given up");
    test.Equal(Count(outcome, {"\"why\":\"InactivityTimer\""}), 2, "by nobody else");
    test.Equal(Count(outcome, {"\"do\":\"impair\"", "\"nodes\":[\"r1\"]"}), 1, "the line");
}

/**
 * Input: a router whose keys are by hand reboots, and loses all it has in memory.
 * Output: they are there again before its first Hello, which the others hear at once.
 */
void
CheckReboot(Sentence& test)
{
    const Outcome outcome = Run(ManualText(
        "{line: {nodes: 3}}",
        "timeline:\n  - {at: 20s, do: reboot, target: r1, down: 10s, as: dark}\nexpect:\n"
        "  - {id: back, eventually: \"adjacent(all)\", after: dark.end, within: 1s}\n"));
    test.Equal(outcome.exit, 0, outcome.report);
    test.Equal(Count(outcome, {"\"op\":\"install\"", "\"n\":\"r1\""}), 2, "at both boots");
    test.Equal(Count(outcome, {"no_send_key"}), 0, "it never lacked one");
}

/** \return "cost next hop" of the route of router \p node to \p network/24, "" without one */
std::string
RouteText(const ScenarioNetwork& network, uint32_t node, uint32_t number)
{
    const OspfLinkState* state = network.OspfOf(node)->GetEngine()->LinkState();
    const OspfRoute* route = state ? state->Routes().FindNetwork(number, 24) : nullptr;
    if (route == nullptr || state->Routes().NextHops(*route).size() != 1)
    {
        return "";
    }
    const OspfNextHop& hop = state->Routes().NextHops(*route).front();
    return std::to_string(route->cost) + " " + network.LanNameOf(node, hop.interface);
}

/**
 * Input: a triangle with a LAN behind either end, links that cost more in one direction.
 * Output: each way the route that costs least, and what it costs; IP forwards by it.
 */
void
CheckCosts(Sentence& test)
{
    const auto scenario = LoadText(
        "karp: 1\nname: costs\nrun: {stop: 60s}\ntopology:\n"
        "  nodes: [a, b, c]\n"
        "  lans: [{id: near, nodes: 1, routers: a, cost: 30}, {nodes: 1, routers: c, cost: 4}]\n"
        "  links:\n"
        "    - {ends: [a, b], cost: {a: 3, default: 60}}\n"
        "    - {ends: [b, c], cost: 5}\n"
        "    - {ends: [a, c], cost: {a: 50, c: 2}}\n"
        "routing: {protocol: ospfv2, hello: 1s, model: full}\nprotocol: {kmp: none}\n"
        "timeline: []\n");
    test.Holds(scenario.has_value(), "it loads");
    if (!scenario)
    {
        return;
    }
    {
        const ScenarioNetwork network(*scenario);
        Simulator::Stop(Seconds(60));
        Simulator::Run();
        const uint32_t near = 10U << 24;
        const uint32_t far = near + 1024;
        test.Same(RouteText(network, 0, far), std::string("12 p2p:a-b"), "3 + 5 + 4, not 50 + 4");
        test.Same(RouteText(network, 2, near), std::string("32 p2p:a-c"), "the other way 2 + 30");
        test.Same(RouteText(network, 1, near), std::string("37 p2p:b-c"), "5 + 2 + 30, not 60");
        Ipv4Header header;
        header.SetDestination(Ipv4Address(far + 2));
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        Ptr<Ipv4> ipv4 = Names::Find<Node>("a")->GetObject<Ipv4>();
        Ptr<Ipv4Route> route =
            ipv4->GetRoutingProtocol()->RouteOutput(Create<Packet>(), header, nullptr, error);
        const int32_t interface = route ? ipv4->GetInterfaceForDevice(route->GetOutputDevice()) : 0;
        test.Same(network.LanNameOf(0, static_cast<uint32_t>(interface)), std::string("p2p:a-b"));
    }
    Simulator::Destroy();
    Names::Clear();
}

/** Suite karp-links. */
class LinksTestSuite : public TestSuite
{
  public:
    LinksTestSuite()
        : TestSuite("karp-links", TestSuite::Type::SYSTEM)
    {
        AddTestCase(new Sentence("A link has a subnet of its own", &CheckAddresses));
        AddTestCase(new Sentence("One key by hand is for a whole topology", &CheckManual));
        AddTestCase(new Sentence("A link can be a group of two", &CheckGroups));
        AddTestCase(new Sentence("A link dies silently, or is noticed to", &CheckLinkDown));
        AddTestCase(new Sentence("A link lives again with its last cut", &CheckOverlap));
        AddTestCase(new Sentence("A route follows what links cost", &CheckCosts));
        AddTestCase(new Sentence("Keys by hand are there when a router boots", &CheckReboot));
        AddTestCase(new Sentence("One end of a link can fare badly", &CheckOneSide));
        AddTestCase(new Sentence("Links part and lose as LANs do", &CheckImpairments));
    }
};

LinksTestSuite g_linksTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
