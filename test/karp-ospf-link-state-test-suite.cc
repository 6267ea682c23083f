/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"
#include "karp-ospf-network.h"

#include "ns3/test.h"

#include <algorithm>

/**
 * \file
 * Routers that exchange link state, on links of their own: adjacencies, flooding, origination,
 * ageing, areas. Hellos every 10 s, dead after 40 s, links of 1 ms.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

constexpr uint32_t UNREACHABLE = UINT32_MAX;

void
TwoRoutersBecomeFull(Sentence& test)
{
    OspfNetwork network;
    network.AddChain(2);
    network.Boot(60);
    test.Same(network.Fault(), std::string());
    test.Holds(network.State(1, 1, 2) == OspfNeighborState::FULL, "r1 has r2 Full");
    test.Equal(network.Database(1).Size(), 2, "two router-LSAs");
    test.Equal(network.Cost(1, "10.0.1.0/24"), 10, "the link itself");
    test.Same(network.AllDrops(1), std::string());
}

void
LanBecomesFull(Sentence& test)
{
    OspfNetwork network;
    network.AddRouters(6);
    network.AddLan({1, 2, 3, 4, 5});
    network.AddLink(5, 6);
    network.Boot(100);
    test.Same(network.Fault(), std::string());
    // Six router-LSAs and one network-LSA, of the Designated Router.
    test.Equal(network.Database(1).Size(), 7, "LSAs");
    test.Equal(network.Cost(1, "10.0.2.0/24"), 20, "over the LAN");
    test.Same(network.NextHops(1, "10.0.2.0/24"), std::string("1:10.0.1.5"));
    test.Same(network.NextHops(6, "10.0.1.0/24"), std::string("2:10.0.2.5"));
    // Two that are neither Designated Router nor its backup stay in 2-Way (section 10.4).
    test.Holds(network.State(1, 1, 2) == OspfNeighborState::TWO_WAY, "r1 has r2 in 2-Way");
}

void
DesignatedRouterDies(Sentence& test)
{
    OspfNetwork network;
    network.AddRouters(5);
    network.AddLan({1, 2, 3, 4, 5});
    network.Boot(100);
    const IpAddress first = network.Engine(1).DesignatedRouter(1);
    const size_t dead = first.value & 0xff;
    network.Crash(dead);
    network.Run(100);
    const size_t other = dead == 1 ? 2 : 1;
    test.Holds(network.Engine(other).DesignatedRouter(1) != first, "another Designated Router");
    test.Same(network.Fault(), std::string());
    // Its router-LSA and its network-LSA stay until they are too old; nothing refers to them.
    const OspfLsaKey key{OspfLsaType::NETWORK, first.value, OspfNetwork::RouterId(dead)};
    test.Holds(network.Find(other, key) != nullptr, "the network-LSA of the dead router is there");
    network.Run(3600);
    test.Holds(network.Find(other, key) == nullptr, "and goes with age");
    test.Holds(network.Find(other, OspfNetwork::RouterKey(dead)) == nullptr, "as its router-LSA");
    test.Same(network.Fault(), std::string());
}

void
RingGoesTheOtherWay(Sentence& test)
{
    OspfNetwork network;
    network.AddRouters(6);
    for (size_t n = 1; n <= 6; ++n)
    {
        network.AddLink(n, n % 6 + 1);
    }
    network.Boot(60);
    test.Same(network.Fault(), std::string());
    // Link 3 joins r3 and r4: both ways from r1 are equally long to r4's other link 4.
    test.Equal(network.Cost(1, "10.0.3.0/24"), 30, "by r2 and r3");
    test.Same(network.NextHops(1, "10.0.3.0/24"), std::string("1:10.0.1.2"));
    test.Same(network.NextHops(1, "10.0.4.0/24"), std::string("6:10.0.6.6"));
    network.Cut(1);
    network.Run(60);
    test.Same(network.Fault(), std::string());
    test.Same(network.NextHops(1, "10.0.3.0/24"), std::string("6:10.0.6.6"));
    test.Equal(network.Cost(1, "10.0.3.0/24"), 40, "by r6, r5 and r4");
    network.Cut(1, false);
    network.Run(60);
    test.Same(network.NextHops(1, "10.0.3.0/24"), std::string("1:10.0.1.2"));
    test.Same(network.Fault(), std::string());
}

void
EqualCostPaths(Sentence& test)
{
    OspfNetwork network;
    network.AddRouters(4);
    network.AddLink(1, 2);
    network.AddLink(1, 3);
    network.AddLink(2, 4);
    network.AddLink(3, 4);
    network.AddLan({4});
    network.Boot(80);
    test.Same(network.NextHops(1, "10.0.5.0/24"), std::string("1:10.0.1.2 2:10.0.2.3"));
    network.Engine(1).SetCost(1, 11, network.Now());
    network.Run(20);
    test.Same(network.NextHops(1, "10.0.5.0/24"), std::string("2:10.0.2.3"));
    test.Equal(network.Cost(1, "10.0.5.0/24"), 30, "cost");
}

void
RebootedRouterOutdoesItsPast(Sentence& test)
{
    // Section 13.4: the network still holds a later instance than the one a new process begins
    // with.
    OspfNetwork network;
    network.AddChain(3);
    network.AddLan({1});
    network.Boot(60);
    for (uint16_t cost = 20; cost < 26; ++cost)
    {
        network.Engine(1).SetCost(3, cost, network.Now());
        network.Run(10);
    }
    const int32_t before = network.Sequence(3, 1);
    network.Crash(1);
    network.Run(5);
    network.Up(1);
    network.Run(60);
    test.Holds(network.Sequence(3, 1) > before, "sequence numbers go on past what was there");
    test.Same(network.Fault(), std::string());
    test.Equal(network.Cost(3, "10.0.3.0/24"), 30, "what it says now holds");
}

void
RefreshedAtHalfItsAge(Sentence& test)
{
    OspfNetwork network;
    network.AddChain(3);
    network.Boot(60);
    const int32_t before = network.Sequence(3, 1);
    network.Run(1700);
    test.Equal(network.Sequence(3, 1) - before, 0, "not refreshed before LSRefreshTime");
    network.Run(200);
    test.Equal(network.Sequence(3, 1) - before, 1, "refreshed once");
    network.Run(3600);
    test.Equal(network.Sequence(3, 1) - before, 3, "and every LSRefreshTime");
    test.Same(network.Fault(), std::string());
}

void
SequenceNumberWraps(Sentence& test)
{
    // 12.1.6: an LSA of MaxSequenceNumber is flushed before it begins anew.
    OspfNetwork network;
    network.AddChain(3);
    network.Boot(60);
    OspfLsaHeader header = network.Find(2, OspfNetwork::RouterKey(1))->lsa->header;
    header.sequence = OSPF_MAX_SEQUENCE - 1;
    const OspfLsaPtr forged =
        MakeOspfLsa(header, network.Find(2, OspfNetwork::RouterKey(1))->lsa->body);
    Bytes packet;
    OspfHeader outer;
    outer.type = OspfPacketType::LINK_STATE_UPDATE;
    outer.routerId = OspfNetwork::RouterId(2);
    OspfPacketWriter writer(outer, packet);
    writer.Add(*forged, 1);
    writer.Finish();
    outer.packetLength = static_cast<uint16_t>(packet.size());
    outer.checksum = OspfChecksum(packet);
    OverwriteOspfHeader(outer, packet);
    network.Inject(1, 2, 1, packet);
    network.Run(10);
    // r1 went one past it, to MaxSequenceNumber; its next change begins anew.
    test.Equal(static_cast<uint32_t>(network.Sequence(3, 1)), OSPF_MAX_SEQUENCE, "the last");
    network.Engine(1).SetCost(1, 12, network.Now());
    network.Run(30);
    test.Holds(network.Sequence(3, 1) < 0, "begun anew");
    test.Same(network.Fault(), std::string());
    test.Equal(network.Cost(3, "10.0.1.0/24"), 20, "r2's side of the link");
}

void
NotOftenerThanMinLsInterval(Sentence& test)
{
    OspfNetwork network;
    network.AddChain(2);
    network.Boot(60);
    const auto* entry = network.Find(2, OspfNetwork::RouterKey(1));
    const int32_t before = entry->lsa->header.sequence;
    for (uint16_t cost = 11; cost < 31; ++cost)
    {
        network.Engine(1).SetCost(1, cost, network.Now());
        network.Run(1);
    }
    network.Run(10);
    // 20 changes in 20 s, one LSA in 5 s at most: at 0, 5, 10, 15 and 20 s.
    test.Equal(entry->lsa->header.sequence - before, 5, "instances");
    const auto& body = std::get<OspfRouterLsa>(entry->lsa->body);
    test.Equal(body.links.front().metric, 30, "the last change is told");
}

void
TooSoonIsNotTaken(Sentence& test)
{
    // Section 13 (5a): MinLSArrival.
    OspfNetwork network;
    network.AddChain(3);
    network.Settings(1).minLsInterval = 0s;
    network.Boot(60);
    for (uint16_t cost = 11; cost < 21; ++cost)
    {
        network.Engine(1).SetCost(1, cost, network.Now());
        network.Run(0.2);
    }
    test.Holds(network.Drops(2, DropReason::LSA_TOO_SOON) > 0, "instances came too soon");
    network.Run(30);
    test.Same(network.Fault(), std::string());
    const auto& body =
        std::get<OspfRouterLsa>(network.Find(3, OspfNetwork::RouterKey(1))->lsa->body);
    test.Equal(body.links.front().metric, 20, "the last one arrives all the same");
}

void
ManyLsasAreExchanged(Sentence& test)
{
    OspfNetwork network;
    network.AddChain(2);
    network.Up(1);
    for (uint32_t i = 0; i < 600; ++i)
    {
        network.Engine(1).AddExternal(OspfNetwork::External(0xc0000000 + (i << 8)), network.Now());
    }
    network.Run(20);
    network.Up(2);
    network.Run(60);
    test.Equal(network.Engine(2).LinkState()->Externals().Size(), 600, "LSAs");
    test.Same(network.Fault(), std::string());
    // 602 headers, 72 or less in a packet.
    test.Holds(network.Sent(OspfPacketType::DATABASE_DESCRIPTION, 1) >= 9, "in several packets");
    test.Holds(network.Sent(OspfPacketType::DATABASE_DESCRIPTION, 1) <= 14, "and not too many");
    test.Same(network.AllDrops(2), std::string());
}

void
MtuMustFit(Sentence& test)
{
    OspfNetwork network;
    const size_t link = network.AddChain(2);
    network.Config(1, link).mtu = 9000;
    network.Boot(60);
    test.Holds(network.State(2, 1, 1) == OspfNeighborState::EX_START, "r2 does not go on");
    test.Holds(network.Drops(2, DropReason::MTU_MISMATCH) > 0, "and says why");
    network.Crash(2);
    network.Config(2, link).mtuIgnore = true;
    network.Up(2);
    network.Run(60);
    test.Same(network.Fault(), std::string());
}

void
LossOnlyDelays(Sentence& test)
{
    for (uint32_t seed = 1; seed <= 5; ++seed)
    {
        OspfNetwork network;
        TestEntropy entropy(seed);
        network.AddRouters(7);
        network.AddLan({1, 2, 3, 4});
        network.AddLink(4, 5);
        network.AddLink(5, 6);
        network.AddLink(6, 7);
        network.AddLink(7, 1);
        network.SetFilter([&entropy](size_t, size_t, size_t, const Bytes&) {
            return entropy.DrawTime(Time(0), Time(99)) >= Time(25);
        });
        network.Boot(300);
        network.SetFilter(nullptr);
        network.Run(150);
        test.Same(network.Fault(), std::string(), "seed " + std::to_string(seed));
    }
}

void
EveryTypeIsSigned(Sentence& test)
{
    for (const OspfAuthType type : {OspfAuthType::CRYPTOGRAPHIC, OspfAuthType::CRYPTOGRAPHIC_64})
    {
        OspfNetwork network(type);
        network.AddRouters(4);
        network.AddLan({1, 2, 3});
        network.AddLink(3, 4);
        network.KeyAll(OspfLan::Key("k", 1, OspfLan::Always(), 0x5a));
        uint64_t unsignedPackets = 0;
        network.SetFilter([&](size_t, size_t, size_t, const Bytes& packet) {
            const auto decoded = DecodeOspfPacket(packet);
            const auto* view = std::get_if<OspfPacketView>(&decoded);
            unsignedPackets += view == nullptr || view->digest.size() != 32 ? 1 : 0;
            return true;
        });
        network.Boot(100);
        test.Same(network.Fault(), std::string());
        test.Equal(unsignedPackets, 0, "packets without a digest of SHA-256");
        for (size_t n = 1; n <= 4; ++n)
        {
            for (const auto reason : {DropReason::BAD_AUTH_TYPE,
                                      DropReason::UNKNOWN_KEY,
                                      DropReason::BAD_ICV,
                                      DropReason::REPLAYED_SEQUENCE})
            {
                test.Equal(network.Drops(n, reason), 0, ToString(reason));
            }
        }
        // Somebody without the key is no neighbour, whatever he sends.
        for (const auto kind : {OspfPacketType::DATABASE_DESCRIPTION,
                                OspfPacketType::LINK_STATE_REQUEST,
                                OspfPacketType::LINK_STATE_UPDATE,
                                OspfPacketType::LINK_STATE_ACKNOWLEDGMENT})
        {
            Bytes packet;
            OspfHeader header;
            header.type = kind;
            header.routerId = OspfNetwork::RouterId(4);
            OspfPacketWriter writer(header, packet);
            writer.Finish();
            network.Inject(2, 4, 3, packet);
        }
        test.Equal(network.Drops(3, DropReason::BAD_AUTH_TYPE), 4, "refused");
    }
}

void
PassiveNetworkIsAdvertised(Sentence& test)
{
    OspfNetwork network;
    network.AddChain(2);
    const size_t hosts = network.AddLan({1});
    network.Config(1, hosts).networkType = OspfNetworkType::STUB;
    uint64_t onHosts = 0;
    network.SetFilter([&](size_t link, size_t, size_t, const Bytes&) {
        onHosts += link == hosts ? 1 : 0;
        return true;
    });
    network.Boot(60);
    test.Equal(network.Cost(2, "10.0.2.0/24"), 20, "hosts are reached");
    test.Equal(onHosts, 0, "and hear nothing");
    network.Engine(1).SetPriority(2, 7, network.Now());
    network.Run(60);
    test.Same(network.Fault(), std::string());
}

void
InterfaceGoesDownAndComesBack(Sentence& test)
{
    OspfNetwork network;
    network.AddChain(3);
    network.Boot(60);
    network.Engine(2).InterfaceDown(2, network.Now());
    network.Run(5);
    test.Equal(network.Cost(1, "10.0.2.0/24"), UNREACHABLE, "r2 says so at once");
    network.Engine(2).InterfaceUp(2, network.Now());
    network.Run(60);
    test.Same(network.Fault(), std::string());
    test.Equal(network.Cost(1, "10.0.2.0/24"), 20, "back");
}

void
CalculationsKeepUp(Sentence& test)
{
    // SpfDelay 50 ms, SpfHold 200 ms, doubled by each calculation and not by each change, up to 5
    // s.
    OspfNetwork network;
    network.AddChain(2);
    network.AddLan({2});
    network.Settings(1).minLsArrival = 0s;
    network.Settings(2).minLsInterval = 0s;
    network.Boot(60);
    const auto bringIn = [&network](uint32_t from, uint32_t count) {
        for (uint32_t i = from; i < from + count; ++i)
        {
            network.Engine(2).AddExternal(OspfNetwork::External(0xc0000000 + (i << 8)),
                                          network.Now());
        }
    };
    bringIn(0, 1);
    network.Run(0.15);
    test.Equal(network.Cost(1, "192.0.0.0/24"), 10, "at once");
    bringIn(1, 20);
    network.Run(0.08);
    test.Equal(network.Cost(1, "192.0.20.0/24"), UNREACHABLE, "not before the hold time is over");
    network.Run(1.5);
    test.Equal(network.Cost(1, "192.0.20.0/24"), 10, "then all of them");
    bringIn(21, 1);
    network.Run(0.15);
    test.Equal(network.Cost(1, "192.0.21.0/24"), 10, "at once again, after twice the hold time");
    for (uint16_t i = 0; i < 120; ++i)
    {
        network.Engine(2).SetCost(2, static_cast<uint16_t>(20 + i % 2), network.Now());
        network.Run(0.5);
    }
    network.Engine(2).SetCost(2, 7, network.Now());
    network.Run(5.1);
    test.Equal(network.Cost(1, "10.0.2.0/24"), 17, "5 s at most, however long changes went on");
}

void
ReplayMovesNoNeighbor(Sentence& test)
{
    // Section 8.2: on a point-to-point link whoever has the Router ID is the neighbour, and D.3
    // keeps one sequence number for it. AuType 2 does not sign the address.
    OspfNetwork network(OspfAuthType::CRYPTOGRAPHIC);
    network.AddChain(2);
    network.KeyAll(OspfLan::Key("k", 1, OspfLan::Always(), 0x5a));
    Bytes old;
    network.SetFilter([&old](size_t, size_t from, size_t, const Bytes& packet) {
        old = from == 2 && old.empty() ? packet : old;
        return true;
    });
    network.Boot(60);
    network.Inject(1, 77, 1, old);
    test.Equal(network.Drops(1, DropReason::REPLAYED_SEQUENCE), 1, "an old Hello, from elsewhere");
    const auto neighbors = network.Engine(1).Neighbors(1);
    test.Equal(neighbors.size(), 1, "no other neighbour");
    test.Same(neighbors.front().address.ToString(), std::string("10.0.1.2"));
    test.Holds(neighbors.front().sequence > 0, "its numbers are known");
    test.Same(network.Fault(), std::string());
}

void
MoreLinksThanAnLsaHolds(Sentence& test)
{
    // A.4.2: 24 octets and 12 a link, of 65535.
    constexpr size_t LINKS = (UINT16_MAX - OSPF_LSA_HEADER_SIZE - 4) / 12;
    OspfNetwork network;
    network.AddRouters(1);
    for (size_t link = 1; link <= LINKS + 1; ++link)
    {
        network.AddLan({1}, [](OspfInterfaceConfig& config) {
            config.networkType = OspfNetworkType::STUB;
        });
    }
    network.Up(1);
    network.Engine(1).InterfaceDown(LINKS + 1, network.Now());
    network.Run(10);
    const auto links = [&network]() {
        const auto& lsa = *network.Find(1, OspfNetwork::RouterKey(1))->lsa;
        return std::get<OspfRouterLsa>(lsa.body).links.size();
    };
    test.Equal(links(), LINKS, "as many as there may be");
    network.Engine(1).InterfaceUp(LINKS + 1, network.Now());
    network.Run(10);
    test.Equal(network.Drops(1, DropReason::TOO_MANY), 1, "one more: no LSA, and it is said");
    test.Equal(links(), LINKS, "what there was last stays");
    network.Engine(1).InterfaceDown(1, network.Now());
    network.Run(10);
    test.Equal(static_cast<uint32_t>(network.Sequence(1, 1)),
               static_cast<uint32_t>(OSPF_INITIAL_SEQUENCE) + 1,
               "and goes on as soon as there is room");
}

/** The suite. */
class OspfLinkStateTestSuite : public TestSuite
{
  public:
    OspfLinkStateTestSuite()
        : TestSuite("karp-ospf-link-state", TestSuite::Type::UNIT)
    {
        const OspfTest tests[] = {
            {"two routers on a link become Full", TwoRoutersBecomeFull},
            {"a LAN becomes Full with its Designated Routers", LanBecomesFull},
            {"a Designated Router dies, its LSAs age away", DesignatedRouterDies},
            {"a ring goes the other way", RingGoesTheOtherWay},
            {"equal-cost paths, until one costs more", EqualCostPaths},
            {"a rebooted router outdoes its past", RebootedRouterOutdoesItsPast},
            {"LSAs are refreshed", RefreshedAtHalfItsAge},
            {"LS sequence numbers wrap", SequenceNumberWraps},
            {"MinLSInterval", NotOftenerThanMinLsInterval},
            {"MinLSArrival", TooSoonIsNotTaken},
            {"a large database is exchanged in parts", ManyLsasAreExchanged},
            {"the MTU of a neighbour must fit", MtuMustFit},
            {"loss only delays", LossOnlyDelays},
            {"packets of every type are signed and verified", EveryTypeIsSigned},
            {"a passive network is advertised and hears nothing", PassiveNetworkIsAdvertised},
            {"an interface goes down and comes back", InterfaceGoesDownAndComesBack},
            {"calculations keep up with changes", CalculationsKeepUp},
            {"a replay moves no neighbour", ReplayMovesNoNeighbor},
            {"more links than an LSA holds", MoreLinksThanAnLsaHolds},
        };
        for (const OspfTest& test : tests)
        {
            AddTestCase(new Sentence(test.name, test.body));
        }
        for (const OspfTest& test : OspfDatabaseTests())
        {
            AddTestCase(new Sentence(test.name, test.body));
        }
        for (const OspfTest& test : OspfAreaTests())
        {
            AddTestCase(new Sentence(test.name, test.body));
        }
    }
};

OspfLinkStateTestSuite g_ospfLinkStateTestSuite; //!< registers itself

} // namespace

} // namespace karp
} // namespace ns3
