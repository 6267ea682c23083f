/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-network.h"

#include "karp-scenario-credentials.h"

#include "ns3/arp-cache.h"
#include "ns3/boolean.h"
#include "ns3/csma-channel.h"
#include "ns3/csma-net-device.h"
#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/karp-compat.h"
#include "ns3/karp-cpu-model.h"
#include "ns3/mac48-address.h"
#include "ns3/names.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/// Streams of random numbers, far apart, so that a further user of one does not shift the others.
constexpr int64_t STACK_STREAM = 1000000;
constexpr int64_t DEVICE_STREAM = 2000000;
constexpr int64_t KMP_STREAM = 3000000;
constexpr int64_t OSPF_STREAM = 4000000;
constexpr int64_t IMPAIRMENT_STREAM = 5000000;

/** \return \p time as ns-3 has it */
TimeValue
ToValue(Time time)
{
    return TimeValue(NanoSeconds(time.count()));
}

/** \return a MAC address of our own: ns-3's counter goes on from run to run */
Mac48Address
MacOf(uint32_t number)
{
    const uint8_t octets[6] = {0x02,
                               0,
                               0,
                               static_cast<uint8_t>(number >> 16),
                               static_cast<uint8_t>(number >> 8),
                               static_cast<uint8_t>(number)};
    Mac48Address address;
    address.CopyFrom(octets);
    return address;
}

} // namespace

ScenarioNetwork::ScenarioNetwork(const Scenario& scenario)
    : m_scenario(scenario),
      m_impairment(CreateObject<LinkImpairment>())
{
    SetForeignDefaults(); // before anything is made
    BuildLan();
    FillArpCaches();
    InstallApplications();
    AssignStreams();
}

void
ScenarioNetwork::BuildLan()
{
    const LanBlock& lan = m_scenario.lan;
    m_nodes.Create(lan.nodes);
    for (uint32_t i = 0; i < lan.nodes; ++i)
    {
        Names::Add(m_scenario.NodeName(i), m_nodes.Get(i));
    }
    m_channel = CreateObject<CsmaChannel>();
    m_channel->SetAttribute("DataRate", DataRateValue(DataRate(static_cast<uint64_t>(lan.rate))));
    m_channel->SetAttribute("Delay", ToValue(lan.delay));
    m_devices = m_csma.Install(m_nodes, m_channel);
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(m_nodes);
    stack.AssignStreams(m_nodes, STACK_STREAM);
    Ipv4AddressHelper addresses;
    const bool small = lan.nodes <= 254;
    addresses.SetBase("10.0.0.0", small ? "255.255.255.0" : "255.255.252.0");
    for (uint32_t i = 0; i < lan.nodes; ++i)
    {
        m_devices.Get(i)->SetAddress(MacOf(i + 1));
        DynamicCast<CsmaNetDevice>(m_devices.Get(i))->AssignStreams(DEVICE_STREAM + i);
        const Ipv4InterfaceContainer interfaces = addresses.Assign(m_devices.Get(i));
        m_byAddress[interfaces.GetAddress(0).Get()] = i;
    }
    m_impairment->Install(m_devices);
}

void
ScenarioNetwork::FillArpCaches()
{
    // Address resolution is not what is studied, and its own losses would be taken for those of key
    // management: every router knows every other one from the beginning.
    for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
    {
        Ptr<Ipv4L3Protocol> ipv4 = m_nodes.Get(i)->GetObject<Ipv4L3Protocol>();
        const int32_t number = ipv4->GetInterfaceForDevice(m_devices.Get(i));
        Ptr<ArpCache> cache = ipv4->GetInterface(static_cast<uint32_t>(number))->GetArpCache();
        for (const auto& other : m_byAddress)
        {
            if (other.second != i)
            {
                ArpCache::Entry* entry = cache->Add(Ipv4Address(other.first));
                entry->SetMacAddress(m_devices.Get(other.second)->GetAddress());
                entry->MarkPermanent();
            }
        }
    }
}

void
ScenarioNetwork::Configure(KmpHelper& kmp, OspfHelper& ospf) const
{
    const ProtocolBlock& protocol = m_scenario.protocol;
    const RoutingBlock& routing = m_scenario.routing;
    const bool signs = routing.auth != "none";
    kmp.Set("AdvertInterval", ToValue(protocol.advert));
    kmp.Set("DownCount", UintegerValue(protocol.down));
    kmp.Set("Skew", BooleanValue(protocol.skew == "vrrp"));
    kmp.Set("RetransmitFirst", ToValue(protocol.retransmitFirst));
    kmp.Set("RetransmitBase", DoubleValue(protocol.retransmitBase));
    kmp.Set("RetransmitTries", UintegerValue(protocol.retransmitTries));
    kmp.Set("UpdateInterval", ToValue(protocol.update));
    kmp.Set("UpdateCopies", UintegerValue(protocol.copies));
    kmp.Set("UpdateCopySpacing", ToValue(protocol.spacing));
    kmp.Set("BlacklistTimeout", ToValue(protocol.blacklist));
    kmp.Set("Lead", ToValue(protocol.lead));
    kmp.Set("Overlap", ToValue(protocol.overlap));
    kmp.Set("KekLifetime", ToValue(protocol.kekLifetime));
    kmp.Set("CookieThreshold", UintegerValue(protocol.cookieThreshold));
    ospf.Set("HelloInterval", ToValue(routing.hello));
    ospf.Set("RouterDeadInterval", ToValue(routing.dead));
    ospf.Set("AuthType", StringValue(signs ? "cryptographic" : "none"));
    const std::string init = routing.sequenceInit == "nvram" ? "kept" : routing.sequenceInit;
    ospf.Set("SequenceInit", StringValue(init));
    if (signs)
    {
        kmp.Set("PmkAlgorithm", StringValue(routing.auth));
    }
}

void
ScenarioNetwork::InstallApplications()
{
    KmpHelper kmp;
    OspfHelper ospf;
    for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
    {
        Ptr<CpuModel> cpu = RouterOf(i)->Cpu();
        cpu->SetAttribute("CpuCost", StringValue(m_scenario.protocol.cost));
        cpu->SetAttribute("CpuScale", DoubleValue(m_scenario.protocol.scale));
    }
    Configure(kmp, ospf);
    ApplyAttributes(kmp, ospf);
    ConfigureCredentials(m_scenario, kmp);
    for (const GroupBlock& group : m_scenario.groups)
    {
        NetDeviceContainer devices;
        for (const uint32_t member : group.members)
        {
            devices.Add(m_devices.Get(member));
        }
        if (m_scenario.protocol.kmp != "mrkmp")
        {
            continue;
        }
        kmp.Set("Priority", UintegerValue(group.defaultPriority));
        if (group.fixedPriority)
        {
            kmp.Set("FollowDr", BooleanValue(false));
        }
        m_kmpApps = kmp.Install(devices, group.name);
        for (size_t i = 0; i < group.members.size(); ++i)
        {
            const uint32_t member = group.members[i];
            m_kmp[member] = DynamicCast<KmpApplication>(m_kmpApps.Get(static_cast<uint32_t>(i)));
            const auto priority = group.priority.find(member);
            if (priority != group.priority.end())
            {
                m_kmp[member]->SetPriority(0, priority->second);
            }
        }
    }
    if (m_scenario.routing.ospf)
    {
        m_ospfApps = ospf.Install(m_devices);
        for (uint32_t i = 0; i < m_ospfApps.GetN(); ++i)
        {
            m_ospf[i] = DynamicCast<OspfApplication>(m_ospfApps.Get(i));
        }
    }
}

void
ScenarioNetwork::AssignStreams()
{
    KmpHelper::AssignStreams(m_kmpApps, KMP_STREAM);
    OspfHelper::AssignStreams(m_ospfApps, OSPF_STREAM);
    m_impairment->AssignStreams(IMPAIRMENT_STREAM);
}

void
ScenarioNetwork::InstallManualKey(uint32_t number)
{
    static const std::map<std::string, MacAlgorithm> ALGORITHMS = {
        {"keyed-md5", MacAlgorithm::KEYED_MD5},
        {"hmac-sha1", MacAlgorithm::HMAC_SHA_1},
        {"hmac-sha256", MacAlgorithm::HMAC_SHA_256},
        {"hmac-sha384", MacAlgorithm::HMAC_SHA_384},
        {"hmac-sha512", MacAlgorithm::HMAC_SHA_512},
    };
    const auto algorithm = ALGORITHMS.find(m_scenario.routing.auth);
    for (const GroupBlock& group : m_scenario.groups)
    {
        const bool member =
            std::find(group.members.begin(), group.members.end(), number) != group.members.end();
        if (m_scenario.protocol.kmp != "manual" || algorithm == ALGORITHMS.end() || !member)
        {
            continue;
        }
        KeyRow row;
        row.adminKeyName = "manual-" + group.name;
        row.localKeyName = IntegerKeyName(1, 1);
        row.peers = group.name;
        row.interfaces = {ALL_INTERFACES};
        row.protocol = KeyProtocol::OSPFV2;
        row.algId = algorithm->second;
        row.key.assign(MacSize(algorithm->second), 0x5a);
        row.lifetimes = KeyLifetimes{};
        row.lifetimes.sendEnd = TIME_MAX;
        row.lifetimes.acceptEnd = TIME_MAX;
        RouterOf(number)->InstallKey(row);
    }
}

void
ScenarioNetwork::CapturePcap(const std::string&, const std::string& path)
{
    // A tap: a device of its own on the wire, without a protocol above it, sees what everybody sent
    // whoever crashes; what a router got after impairments it does not show.
    Ptr<Node> tap = CreateObject<Node>();
    const NetDeviceContainer device = m_csma.Install(tap, m_channel);
    device.Get(0)->SetAddress(MacOf(0));
    m_csma.EnablePcap(path, device.Get(0), true, true);
}

void
ScenarioNetwork::EnableKeyLog(const std::string& directory)
{
    KarpHelper::EnableKeyLog(m_kmpApps, directory);
}

uint32_t
ScenarioNetwork::Size() const
{
    return m_nodes.GetN();
}

Ptr<Router>
ScenarioNetwork::RouterOf(uint32_t number) const
{
    return Router::Of(m_nodes.Get(number));
}

Ptr<KmpApplication>
ScenarioNetwork::KmpOf(uint32_t number) const
{
    const auto found = m_kmp.find(number);
    return found == m_kmp.end() ? Ptr<KmpApplication>() : found->second;
}

Ptr<OspfApplication>
ScenarioNetwork::OspfOf(uint32_t number) const
{
    const auto found = m_ospf.find(number);
    return found == m_ospf.end() ? Ptr<OspfApplication>() : found->second;
}

Ptr<LinkImpairment>
ScenarioNetwork::Impairment() const
{
    return m_impairment;
}

std::string
ScenarioNetwork::NameOf(IpAddress address) const
{
    const auto found = m_byAddress.find(address.value);
    return found == m_byAddress.end() ? address.ToString() : m_scenario.NodeName(found->second);
}

std::string
ScenarioNetwork::NameOfRouterId(uint32_t routerId) const
{
    // On one LAN the Router ID is the only address.
    return NameOf(IpAddress{routerId});
}

} // namespace karp
} // namespace ns3
