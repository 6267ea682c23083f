/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-lan.h"
#include "karp-app-tests.h"

#include "ns3/csma-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/karp-key-log.h"
#include "ns3/names.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <fstream>
#include <set>
#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-app: helpers, key log, what sockets let through, repeatability.
 */

namespace ns3
{
namespace karp
{

namespace
{

uint32_t g_received;             //!< messages of tests that NoteReceived saw
std::string g_transcript;        //!< what NoteTranscript saw
std::vector<DropReason> g_drops; //!< what NoteDrop saw
uint32_t g_joined;               //!< joins that NoteJoin saw succeed
uint32_t g_refused;              //!< joins that NoteJoin saw fail

/** A message was received: count those that tests send, of 40 octets. */
void
NoteReceived(uint32_t, const MessageInfo& message)
{
    g_received += message.payload.size() == 40 ? 1 : 0;
}

/** A message was sent: keep time and octets. */
void
NoteTranscript(uint32_t, const MessageInfo& message)
{
    g_transcript += std::to_string(Simulator::Now().GetNanoSeconds()) + message.type +
                    std::to_string(message.octets) + ToHex(message.payload) + "\n";
}

/** A join ended. */
void
NoteJoin(uint32_t, const MrkmpEvent::JoinDone& join)
{
    ++(join.ok ? g_joined : g_refused);
}

/** Something was rejected. */
void
NoteDrop(uint32_t, const karp::Drop& drop)
{
    g_drops.push_back(drop.reason);
}

/**
 * Input: three routers on a LAN, defaults, three lines.
 * Output: one GCKS, two members, all neighbours.
 */
void
ThreeLinesAreEnough(Sentence& test)
{
    AppLan lan(3);
    KarpHelper karp;
    karp.SetGroupPsk("secret");
    lan.apps = karp.Install(lan.nodes);

    lan.RunUntil(60);
    const uint32_t gcks = lan.Gcks();
    test.Holds(gcks < 3, "one GCKS");
    for (uint32_t i = 0; i < 3; ++i)
    {
        test.Equal(lan.TwoWays(i), 2, "neighbours");
        test.Holds(lan.Kmp(i)->GetGcks(0) == AppLan::AddressOf(gcks), "who is GCKS");
    }
}

/**
 * Input: keys for each pair: derived from one secret; named, for two of three pairs.
 * Output: all join; the pair without a key never exchanges one.
 */
void
PairsHaveTheirKeys(Sentence& test)
{
    {
        AppLan lan(3);
        lan.helper.SetPairPskFromMaster("master");
        lan.Install();
        lan.RunUntil(10);
        test.Equal(lan.TwoWays(0) + lan.TwoWays(1) + lan.TwoWays(2), 6, "derived keys");
    }
    AppLan lan(3);
    lan.helper.Kmp().SetPairPsk("r0", "r1", "one");
    lan.helper.Kmp().SetPairPsk("r2", "r1", "two");
    lan.helper.Kmp().Set("RetransmitTries", UintegerValue(1));
    lan.Install();
    lan.Kmp(1)->SetPriority(0, 200);
    lan.RunUntil(10);
    test.Equal(lan.Gcks(), 1, "the one that both can talk to");
    test.Equal(lan.TwoWays(0) + lan.TwoWays(1) + lan.TwoWays(2), 6, "keys by name");
    g_joined = 0;
    g_refused = 0;
    for (uint32_t i = 0; i < 3; ++i)
    {
        lan.Kmp(i)->TraceConnectWithoutContext("JoinDone", MakeCallback(&NoteJoin));
    }
    lan.GetRouter(1)->Crash();
    lan.RunUntil(20);
    test.Equal(g_joined, 0, "r0 and r2 cannot join each other");
    test.Holds(g_refused > 0, "though they tried");
}

/**
 * Input: credentials from a function: another group key for r1.
 * Output: r0 and r1 do not join each other.
 */
void
CredentialsMayDiffer(Sentence& test)
{
    AppLan lan(2);
    lan.helper.Kmp().SetCredentials([](Ptr<Node> node, const NetDeviceContainer&) {
        const std::string name = RouterName(node);
        return std::make_shared<GroupPskCredentials>(Identity::OfName(name),
                                                     SecretBytes(name.begin(), name.end()));
    });
    lan.Install();
    g_joined = 0;
    g_refused = 0;
    for (uint32_t i = 0; i < 2; ++i)
    {
        lan.Kmp(i)->TraceConnectWithoutContext("JoinDone", MakeCallback(&NoteJoin));
    }
    lan.RunUntil(30);
    test.Equal(g_joined, 0, "nobody joins");
    test.Holds(g_refused > 0, "though somebody tried");
    test.Equal(lan.TwoWays(0) + lan.TwoWays(1), 0, "no neighbours");
}

/**
 * Input: a router on two links, installed link by link; a second key management on another port.
 * Output: one application a protocol and node with two groups; two with two ports. Keys are for the
 * interface they came by, and everybody is everybody's neighbour.
 */
void
LinksAddUp(Sentence& test)
{
    AppLan lan(3);
    NodeContainer second(lan.nodes.Get(0), lan.nodes.Get(2));
    NetDeviceContainer devices = CsmaHelper().Install(second);
    Ipv4AddressHelper("10.0.1.0", "255.255.255.0").Assign(devices);
    lan.Install();
    const ApplicationContainer more = lan.helper.Install(devices, "g1");
    test.Equal(lan.nodes.Get(0)->GetNApplications(), 2, "applications");
    test.Holds(more.Get(0) == lan.apps.Get(0), "the same one");
    test.Equal(lan.Kmp(0)->GetNGroups(), 2, "groups");
    test.Same(lan.Kmp(0)->GetGroupName(1), std::string("g1"));
    test.Equal(lan.Kmp(0)->GetInterface(1), 2, "interface");
    KmpHelper port = lan.helper.Kmp();
    port.Set("Port", UintegerValue(849));
    GroupIdPayload id;
    test.Equal(port.Install(devices, "g2").GetN(), 2, "on another port");
    test.Equal(lan.nodes.Get(0)->GetNApplications(), 3, "applications");
    lan.RunUntil(10);
    test.Equal(lan.Ospf(0)->GetEngine()->Neighbors(2).size(), 1, "neighbours on the second link");
    test.Equal(lan.TwoWays(0), 2, "neighbours on the first link");
    std::set<uint32_t> interfaces;
    lan.GetRouter(0)->Keys().ForEach([&interfaces](const KeyRow& row) {
        interfaces.insert(row.interfaces.begin(), row.interfaces.end());
    });
    test.Equal(interfaces.size(), 2, "keys for two interfaces");
}

/**
 * Set finds whose attribute a name is.
 */
void
SetFindsTheClass(Sentence& test)
{
    AppLan lan(1);
    lan.helper.Set("ClockOffset", StringValue("3s"));
    lan.helper.Set("CpuScale", StringValue("20"));
    lan.helper.Set("RouterPriority", UintegerValue(7));
    lan.helper.Set("Priority", UintegerValue(8));
    Names::Add("paris", lan.nodes.Get(0));
    lan.Install();
    test.Same(RouterName(lan.nodes.Get(0)), std::string("paris"));
    StringValue value;
    lan.GetRouter(0)->Cpu()->GetAttribute("CpuScale", value);
    test.Same(value.Get(), std::string("20"));
    test.Holds(lan.GetRouter(0)->Now() == FromSeconds(3), "clock");
    lan.Ospf(0)->GetAttribute("RouterPriority", value);
    test.Same(value.Get(), std::string("7"));
    lan.Kmp(0)->GetAttribute("Priority", value);
    test.Same(value.Get(), std::string("8"));
    lan.RunUntil(1);
    test.Equal(lan.GetRouter(0)->RoutingPriority(1), 7, "told to the router");
    Names::Clear();
}

/**
 * Input: to the group of key management: TTL 254; a message whose sender pretends to be us; a group
 * that is not ours; garbage with TTL 255.
 * Output: bad TTL; nothing at all; malformed. What is for another group is not even received.
 */
void
OnlyTheLinkIsHeard(Sentence& test)
{
    AppLan lan(2);
    lan.Install();
    lan.RunUntil(5);
    g_drops.clear();
    g_received = 0;
    lan.Kmp(1)->TraceConnectWithoutContext("Drop", MakeCallback(&NoteDrop));
    lan.Kmp(1)->SetAttribute("GroupAddress", StringValue("224.0.0.253"));
    lan.Kmp(1)->TraceConnectWithoutContext("Rx", MakeCallback(&NoteReceived));
    lan.Inject(5.1, 0, "224.0.0.254", 255, Bytes(40, 1));
    lan.RunUntil(5.3);
    test.Equal(g_received, 0, "another group");
    lan.Inject(5.31, 0, "224.0.0.253", 254, Bytes(40, 1));
    lan.Inject(5.32, 0, "224.0.0.253", 255, Bytes(40, 1));
    lan.Inject(5.33, 0, "10.0.0.2", 1, Bytes(40, 1));
    lan.RunUntil(5.5);
    test.Equal(g_drops.size(), 3, "drops");
    test.Holds(g_drops[0] == DropReason::BAD_TTL, "TTL 254");
    test.Holds(g_drops[1] != DropReason::BAD_TTL, "garbage is read");
    test.Holds(g_drops[2] == DropReason::BAD_TTL, "TTL 1, unicast");
    test.Equal(lan.Kmp(1)->GetDrops()[static_cast<size_t>(DropReason::BAD_TTL)], 2, "counted");
    test.Equal(g_received, 3, "received");
}

/**
 * Input: a packet to AllDRouters, one to AllSPFRouters, one to a group that is not OSPF's; three
 * routers with two Designated Routers, backup included.
 * Output: the first is received by these two alone, the second by all, the third by nobody.
 */
void
GroupsOfOspfAreJoined(Sentence& test)
{
    AppLan lan(4);
    lan.Install();
    lan.RunUntil(12);
    const auto dropped = [&lan](DropReason reason) {
        uint64_t sum = 0;
        for (uint32_t i = 0; i < 4; ++i)
        {
            sum += lan.Ospf(i)->GetDrops()[static_cast<size_t>(reason)];
        }
        return sum;
    };
    const auto received = [&lan, &dropped](const char* group, double at) {
        Bytes packet(44, 0);
        packet[0] = 99; // A version that nobody else sends.
        lan.InjectOspf(at, 0, group, packet);
        const uint64_t before = dropped(DropReason::BAD_VERSION);
        lan.RunUntil(at + 0.01);
        return dropped(DropReason::BAD_VERSION) - before;
    };
    test.Holds(lan.GetRouter(3)->IsDesignated(1), "the highest address is Designated Router");
    test.Equal(received("224.0.0.6", 12.1), 2, "AllDRouters");
    test.Equal(received("224.0.0.5", 12.2), 3, "AllSPFRouters");
    test.Equal(received("224.0.0.9", 12.3), 0, "another group");
    test.Equal(dropped(DropReason::OTHER_GROUP), 0, "what is not received is not rejected either");
}

std::set<std::string> g_headers; //!< protocol, TTL and TOS of what NoteHeader saw

/** IP sends a packet. */
void
NoteHeader(const Ipv4Header& header, Ptr<const Packet>, uint32_t)
{
    g_headers.insert(std::to_string(header.GetProtocol()) + "/" + std::to_string(header.GetTtl()) +
                     "/" + std::to_string(header.GetTos()));
}

/**
 * What IP headers say.
 * Output: OSPF goes with TTL 1 and precedence Internetwork Control (RFC 2328 appendix A.1), key
 * management with TTL 255, unicast and multicast.
 */
void
HeadersAreRight(Sentence& test)
{
    g_headers.clear();
    AppLan lan(2);
    lan.Install();
    lan.nodes.Get(0)->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
        "SendOutgoing",
        MakeCallback(&NoteHeader));
    lan.RunUntil(5);
    test.Holds(g_headers == std::set<std::string>{"17/255/0", "89/1/192"}, *g_headers.begin());
}

/** \return everything that is sent in ten seconds of a LAN in run \p run */
std::string
TranscriptOf(uint64_t run)
{
    RngSeedManager::SetRun(run);
    g_transcript.clear();
    {
        AppLan lan(3);
        lan.Install();
        for (uint32_t i = 0; i < lan.apps.GetN(); ++i)
        {
            lan.apps.Get(i)->TraceConnectWithoutContext("Tx", MakeCallback(&NoteTranscript));
        }
        lan.RunUntil(10);
    }
    RngSeedManager::SetRun(1);
    return g_transcript;
}

/**
 * Input: run 1, run 1 again, run 2.
 * Output: the first two send the same octets at the same nanoseconds; the third does not.
 */
void
RunsRepeat(Sentence& test)
{
    const std::string first = TranscriptOf(1);
    test.Holds(first.size() > 10000, "something was sent");
    test.Holds(first == TranscriptOf(1), "same run");
    test.Holds(first != TranscriptOf(2), "another run");
}

/** \return the lines of \p path */
std::vector<std::string>
LinesOf(const std::string& path)
{
    std::ifstream file(path);
    std::vector<std::string> lines;
    std::string line;
    while (std::getline(file, line))
    {
        lines.push_back(line);
    }
    return lines;
}

/**
 * Input: three routers with a key log.
 * Output: a line for each association (two) and for the sender of group messages, and one for the
 * protocol master key, though three routers hold it; each in the form that its reader wants.
 */
class KeyLogTest : public TestCase
{
  public:
    KeyLogTest()
        : TestCase("the key log is written")
    {
    }

  private:
    void DoRun() override
    {
        const std::string file = CreateTempDirFilename("ospf_keys.txt");
        const std::string folder = file.substr(0, file.rfind('/'));
        {
            AppLan lan(3);
            lan.Install();
            KarpHelper::EnableKeyLog(lan.apps, folder);
            lan.RunUntil(5);
        }
        const auto ike = LinesOf(folder + "/ikev2_decryption_table");
        const auto ospf = LinesOf(folder + "/ospf_keys.txt");
        NS_TEST_EXPECT_MSG_EQ(ike.size(), 3, "associations and sender");
        for (const auto& line : ike)
        {
            const size_t at = line.find(",\"AES-GCM-256 with 16 octet ICV [RFC5282]\",,,"
                                        "\"NONE [RFC4306]\"");
            NS_TEST_EXPECT_MSG_EQ(at, 16 + 1 + 16 + 1 + 72 + 1 + 72, line);
        }
        NS_TEST_ASSERT_MSG_EQ(ospf.size(), 1, "protocol master key");
        std::istringstream words(ospf[0]);
        std::string id;
        std::string algorithm;
        std::string key;
        words >> id >> algorithm >> key;
        NS_TEST_EXPECT_MSG_EQ(algorithm, "hmac-sha256", "algorithm");
        NS_TEST_EXPECT_MSG_EQ(key.size(), 64, "digits of the key");
    }
};

/**
 * The line of an association, by suite; none where Wireshark cannot decrypt.
 */
void
KeyLogKnowsSuites(Sentence& test)
{
    SessionKeys keys;
    keys.spiInitiator = 0x1;
    keys.spiResponder = 0xabcdef;
    keys.suite = *ParseCipherSuite("aes128-sha512-prfsha512-modp2048");
    keys.skEi = SecretBytes(2, 0x11);
    keys.skEr = SecretBytes(2, 0x22);
    keys.skAi = SecretBytes(2, 0x33);
    keys.skAr = SecretBytes(2, 0x44);
    test.Same(DecryptionTableLine(keys),
              std::string("0000000000000001,0000000000abcdef,1111,2222,\"AES-CBC-128 [RFC3602]\","
                          "3333,4444,\"HMAC_SHA2_512_256 [RFC4868]\""));
    keys.suite.encr = EncrId::CHACHA20_POLY1305;
    test.Same(DecryptionTableLine(keys), std::string());
}

} // namespace

std::vector<TestCase*>
HelperTests()
{
    return {new Sentence("three lines are enough", ThreeLinesAreEnough),
            new Sentence("pairs have their keys", PairsHaveTheirKeys),
            new Sentence("credentials may differ", CredentialsMayDiffer),
            new Sentence("links add up", LinksAddUp),
            new Sentence("Set finds the class of an attribute", SetFindsTheClass),
            new Sentence("only the link is heard", OnlyTheLinkIsHeard),
            new Sentence("groups of OSPF are joined by those who should", GroupsOfOspfAreJoined),
            new Sentence("IP headers are right", HeadersAreRight),
            new Sentence("runs repeat", RunsRepeat),
            new KeyLogTest,
            new Sentence("the key log knows suites", KeyLogKnowsSuites)};
}

} // namespace karp
} // namespace ns3
