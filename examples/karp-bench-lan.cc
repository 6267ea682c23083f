/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-bench.h"

#include "ns3/core-module.h"
#include "ns3/csma-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/karp-helper.h"
#include "ns3/karp-ospf-packet.h"
#include "ns3/karp-router.h"
#include "ns3/network-module.h"

#include <algorithm>
#include <vector>

/**
 * \file
 * Whole simulations: what key management and authentication add to a LAN of routers, and what a
 * delivered Hello costs beside a multicast that ns-3 delivers to a raw socket by itself.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr uint32_t ROUTERS = 50;        //!< on the LAN
constexpr double HELLO_INTERVAL = 10.0; //!< seconds
constexpr uint8_t EXPERIMENTAL = 253;   //!< IP protocol for experiments (RFC 3692)
constexpr size_t DIGEST_SIZE = 32;      //!< of HMAC-SHA-256

/** Octets of a Hello that names all others. */
constexpr uint32_t HELLO_SIZE =
    OSPF_HEADER_SIZE + OSPF_HELLO_FIXED_SIZE + 4 * (ROUTERS - 1) + DIGEST_SIZE;

/** A LAN of routers without any protocol. */
class Lan
{
  public:
    Lan()
    {
        m_nodes.Create(ROUTERS);
        CsmaHelper csma;
        csma.SetChannelAttribute("DataRate", StringValue("1Gbps"));
        csma.SetChannelAttribute("Delay", StringValue("50us"));
        devices = csma.Install(m_nodes);
        InternetStackHelper internet;
        internet.SetIpv6StackInstall(false);
        internet.Install(m_nodes);
        Ipv4AddressHelper addresses("10.0.0.0", "255.255.255.0");
        addresses.Assign(devices);
    }

    ~Lan()
    {
        Simulator::Destroy();
    }

    Lan(const Lan&) = delete;
    Lan& operator=(const Lan&) = delete;

    /** \return the routers */
    const NodeContainer& Nodes() const
    {
        return m_nodes;
    }

    /** \return seconds that simulating until \p stop takes */
    double Run(double stop)
    {
        Simulator::Stop(Seconds(stop));
        const double start = CpuSeconds();
        Simulator::Run();
        return CpuSeconds() - start;
    }

    NetDeviceContainer devices; //!< of the routers

  private:
    NodeContainer m_nodes; //!< the routers
};

uint64_t g_delivered = 0; //!< packets that reached an application

/** Count a Hello. */
void
CountDelivery(uint32_t, const MessageInfo&)
{
    ++g_delivered;
}

/** Read a packet and do nothing with it. */
void
ReadAndForget(Ptr<Socket> socket)
{
    while (Ptr<Packet> packet = socket->Recv())
    {
        ++g_delivered;
    }
}

/** Multicasts a packet of a fixed size, again and again. */
class Talker : public SimpleRefCount<Talker>
{
  public:
    /** On \p node, by \p device, \p size octets. */
    Talker(Ptr<Node> node, Ptr<NetDevice> device, uint32_t size)
        : m_size(size)
    {
        m_socket = Socket::CreateSocket(node, Ipv4RawSocketFactory::GetTypeId());
        m_socket->SetAttribute("Protocol", UintegerValue(EXPERIMENTAL));
        m_socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 0));
        m_socket->BindToNetDevice(device);
        m_socket->SetRecvCallback(MakeCallback(&ReadAndForget));
        Simulator::Schedule(Seconds(0.001 * (node->GetId() % ROUTERS)), &Talker::Talk, this);
    }

    /** Send one and plan the next. */
    void Talk()
    {
        m_socket->SendTo(Create<Packet>(m_size), 0, InetSocketAddress(Ipv4Address("224.0.0.5"), 0));
        Simulator::Schedule(Seconds(HELLO_INTERVAL), &Talker::Talk, this);
    }

  private:
    Ptr<Socket> m_socket; //!< raw
    uint32_t m_size;      //!< of the payload
};

/** What a run is to contain. */
enum class Content
{
    NOTHING, //!< OSPF with AuType 0
    MANUAL,  //!< OSPF with HMAC-SHA-256 and one key that was there from the start
    MANAGED, //!< OSPF with HMAC-SHA-256 and MRKMP
};

/** Install what \p content says on \p lan. */
void
Install(Lan& lan, Content content)
{
    KarpHelper helper;
    helper.SetGroupPsk("benchmark");
    helper.Set("AuthType", StringValue(content == Content::NOTHING ? "none" : "cryptographic"));
    ApplicationContainer apps = content == Content::MANAGED ? helper.Install(lan.devices)
                                                            : helper.Ospf().Install(lan.devices);
    KarpHelper::AssignStreams(apps, 1);
    apps.Start(Seconds(0));
    if (content != Content::MANUAL)
    {
        return;
    }
    for (auto node = lan.Nodes().Begin(); node != lan.Nodes().End(); ++node)
    {
        Router::Of(*node)->InstallKey(ManualKey());
    }
}

/** \return seconds that a LAN with \p content takes for \p simulated seconds */
double
TimeLan(Content content, double simulated)
{
    Lan lan;
    Install(lan, content);
    return lan.Run(simulated);
}

/** \return how many Hellos are delivered in \p simulated seconds: hearing them is counted apart */
uint64_t
CountHellos(double simulated)
{
    Lan lan;
    Install(lan, Content::MANUAL);
    g_delivered = 0;
    Config::ConnectWithoutContext("/NodeList/*/ApplicationList/*/$ns3::karp::OspfApplication/Rx",
                                  MakeCallback(&CountDelivery));
    lan.Run(simulated);
    return g_delivered;
}

/** \return nanoseconds of a packet of \p size octets that ns-3 delivers to raw sockets */
double
RawNs(uint32_t size, double simulated)
{
    Lan lan;
    std::vector<Ptr<Talker>> talkers;
    for (uint32_t i = 0; i < lan.Nodes().GetN(); ++i)
    {
        talkers.push_back(Create<Talker>(lan.Nodes().Get(i), lan.devices.Get(i), size));
    }
    g_delivered = 0;
    const double elapsed = lan.Run(simulated);
    return elapsed * 1e9 / static_cast<double>(g_delivered);
}

/** Keep in \p best the lesser of it and \p value; 0 is none yet. */
void
Keep(double& best, double value)
{
    best = best == 0 ? value : std::min(best, value);
}

} // namespace

KeyRow
ManualKey()
{
    KeyRow row;
    row.adminKeyName = "manual";
    row.localKeyName = "01";
    row.peers = "all";
    row.interfaces = {ALL_INTERFACES};
    row.protocol = KeyProtocol::OSPFV2;
    row.algId = MacAlgorithm::HMAC_SHA_256;
    row.key = SecretBytes(MacSize(row.algId), 0x42);
    row.lifetimes = {Time(0), Time(0), TIME_MAX, TIME_MAX};
    return row;
}

uint64_t
RunPath(const std::string& content, double simulated)
{
    g_delivered = 0;
    Lan lan;
    std::vector<Ptr<Talker>> talkers;
    if (content == "raw")
    {
        for (uint32_t i = 0; i < lan.Nodes().GetN(); ++i)
        {
            talkers.push_back(Create<Talker>(lan.Nodes().Get(i), lan.devices.Get(i), HELLO_SIZE));
        }
    }
    else
    {
        Install(lan, content == "hmac" ? Content::MANUAL : Content::NOTHING);
        Config::ConnectWithoutContext(
            "/NodeList/*/ApplicationList/*/$ns3::karp::OspfApplication/Rx",
            MakeCallback(&CountDelivery));
    }
    lan.Run(simulated);
    return g_delivered;
}

std::vector<BenchResult>
BenchLan(const BenchEffort& effort)
{
    double nothing = 0;
    double manual = 0;
    double managed = 0;
    for (int i = 0; i < std::max(2, effort.repeats / 2); ++i)
    {
        Keep(nothing, TimeLan(Content::NOTHING, effort.simulated));
        Keep(manual, TimeLan(Content::MANUAL, effort.simulated));
        Keep(managed, TimeLan(Content::MANAGED, effort.simulated));
    }
    return {
        {"lan50.open", nothing, "s", "50 routers, AuType 0, no key management"},
        {"lan50.manual", manual, "s", "the same with HMAC-SHA-256 and a manual key"},
        {"lan50.managed", managed, "s", "the same with HMAC-SHA-256 and MRKMP"},
        {"lan50.manual_ratio", manual / nothing, "", "authentication alone, over neither"},
        {"lan50.ratio", managed / nothing, "", "both over neither; the aim is 1.10 or less"},
    };
}

std::vector<BenchResult>
BenchHello(const BenchEffort& effort)
{
    const double simulated = std::min(effort.simulated, 600.0);
    const uint64_t hellos = CountHellos(simulated);
    double open = 0;
    double hmac = 0;
    double raw = 0;
    for (int i = 0; i < effort.repeats; ++i)
    {
        Keep(raw, RawNs(HELLO_SIZE, simulated));
        const double each = 1e9 / static_cast<double>(hellos);
        Keep(open, TimeLan(Content::NOTHING, simulated) * each);
        Keep(hmac, TimeLan(Content::MANUAL, simulated) * each);
    }
    return {
        {"hello.raw", raw, "ns", "a raw-socket multicast of the same size, delivered by ns-3"},
        {"hello.open", open, "ns", "a delivered Hello of 50 routers, AuType 0"},
        {"hello.hmac", hmac, "ns", "a delivered Hello of 50 routers, HMAC-SHA-256"},
        {"hello.ratio", hmac / raw, "", "HMAC-SHA-256 over raw; the aim is 1.3 or less"},
    };
}

} // namespace karp
} // namespace ns3
