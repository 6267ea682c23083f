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
/// They go by number of router or LAN, so that further LANs change nothing for those there are.
constexpr int64_t STACK_STREAM = 1000000;
constexpr int64_t DEVICE_STREAM = 2000000;
constexpr int64_t KMP_STREAM = 3000000;
constexpr int64_t OSPF_STREAM = 4000000;
constexpr int64_t IMPAIRMENT_STREAM = 5000000;
constexpr int64_t LINK_IMPAIRMENT_STREAM = 5500000;
constexpr int64_t FURTHER_DEVICE_STREAM = 100000000; //!< of LANs but the first
constexpr int64_t STREAMS_OF_LAN = 1024;             //!< more than it has devices
constexpr uint32_t ADDRESSES_OF_LAN = 1024;          //!< from its subnet to the next
constexpr uint32_t SMALL_LAN = 254;                  //!< devices that a /24 has room for
constexpr uint32_t FIRST_SUBNET = 10U << 24;         //!< 10.0.0.0

/** \return \p time as ns-3 has it */
TimeValue
ToValue(Time time)
{
    return TimeValue(NanoSeconds(time.count()));
}

} // namespace

// ns-3's counter goes on from run to run, so that addresses are our own.
Mac48Address
ScenarioNetwork::MacOf(uint32_t lan, uint32_t number)
{
    const uint8_t octets[6] = {0x02,
                               0,
                               static_cast<uint8_t>(lan >> 8),
                               static_cast<uint8_t>(lan),
                               static_cast<uint8_t>(number >> 8),
                               static_cast<uint8_t>(number)};
    Mac48Address address;
    address.CopyFrom(octets);
    return address;
}

ScenarioNetwork::ScenarioNetwork(const Scenario& scenario)
    : m_scenario(scenario),
      m_lans(scenario.lans.size())
{
    SetForeignDefaults(); // before anything is made
    BuildRouters();
    for (uint32_t lan = 0; lan < m_lans.size(); ++lan)
    {
        if (scenario.lans[lan].pointToPoint)
        {
            BuildLink(lan);
            continue;
        }
        m_firstLink = lan + 1;
        BuildLan(lan);
        FillArpCaches(lan);
    }
    InstallApplications();
    InstallAdversaries();
    AssignStreams();
}

void
ScenarioNetwork::BuildRouters()
{
    m_nodes.Create(m_scenario.Size());
    for (uint32_t i = 0; i < m_scenario.Size(); ++i)
    {
        Names::Add(m_scenario.NodeName(i), m_nodes.Get(i));
    }
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.Install(m_nodes);
    stack.AssignStreams(m_nodes, STACK_STREAM);
}

void
ScenarioNetwork::BuildLan(uint32_t number)
{
    const LanBlock& block = m_scenario.lans[number];
    Lan& lan = m_lans[number];
    lan.channel = CreateObject<CsmaChannel>();
    lan.channel->SetAttribute("DataRate",
                              DataRateValue(DataRate(static_cast<uint64_t>(block.rate))));
    lan.channel->SetAttribute("Delay", ToValue(block.delay));
    Ipv4AddressHelper addresses;
    const bool small = block.routers.size() + m_scenario.credentials.outsiders.size() <= SMALL_LAN;
    addresses.SetBase(Ipv4Address(FIRST_SUBNET + number * ADDRESSES_OF_LAN),
                      small ? "255.255.255.0" : "255.255.252.0");
    const int64_t stream =
        number == 0 ? DEVICE_STREAM : FURTHER_DEVICE_STREAM + number * STREAMS_OF_LAN;
    for (uint32_t i = 0; i < block.routers.size(); ++i)
    {
        const uint32_t router = block.routers[i];
        const NetDeviceContainer device = m_csma.Install(m_nodes.Get(router), lan.channel);
        device.Get(0)->SetAddress(MacOf(number, i + 1));
        DynamicCast<CsmaNetDevice>(device.Get(0))->AssignStreams(stream + i);
        const Ipv4InterfaceContainer interfaces = addresses.Assign(device);
        NoteInterface(number, router, interfaces);
        lan.devices.Add(device);
    }
    lan.impairment = CreateObject<LinkImpairment>();
    lan.impairment->Install(lan.devices);
}

void
ScenarioNetwork::FillArpCaches(uint32_t number)
{
    // Address resolution is not what is studied, and its own losses would be taken for those of key
    // management: every router knows every other one from the beginning.
    const LanBlock& block = m_scenario.lans[number];
    const Lan& lan = m_lans[number];
    std::vector<Ptr<Ipv4Interface>> interfaces;
    for (const uint32_t router : block.routers)
    {
        Ptr<Ipv4L3Protocol> ipv4 = m_nodes.Get(router)->GetObject<Ipv4L3Protocol>();
        interfaces.push_back(ipv4->GetInterface(lan.interfaces.at(router)));
    }
    for (uint32_t i = 0; i < interfaces.size(); ++i)
    {
        Ptr<ArpCache> cache = interfaces[i]->GetArpCache();
        for (uint32_t other = 0; other < interfaces.size(); ++other)
        {
            if (other != i)
            {
                ArpCache::Entry* entry = cache->Add(interfaces[other]->GetAddress(0).GetLocal());
                entry->SetMacAddress(lan.devices.Get(other)->GetAddress());
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
    kmp.Set("TransportKeys", BooleanValue(protocol.pmkUse == "derive"));
    kmp.Set("Lead", ToValue(protocol.lead));
    kmp.Set("Overlap", ToValue(protocol.overlap));
    kmp.Set("KekLifetime", ToValue(protocol.kekLifetime));
    kmp.Set("CookieThreshold", UintegerValue(protocol.cookieThreshold));
    ospf.Set("HelloInterval", ToValue(routing.hello));
    ospf.Set("RouterDeadInterval", ToValue(routing.dead));
    ospf.Set("AuthType", StringValue(signs ? "cryptographic" : "none"));
    ospf.Set("SequenceRule", StringValue(signs ? routing.sequenceRule : "rfc2328"));
    const std::string init = routing.sequenceInit == "nvram" ? "kept" : routing.sequenceInit;
    ospf.Set("SequenceInit", StringValue(init));
    ospf.Set("LinkState", BooleanValue(routing.model == "full"));
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
        if (m_scenario.protocol.kmp == "mrkmp")
        {
            InstallGroup(group, kmp);
        }
    }
    for (uint32_t lan = 0; lan < m_lans.size() && m_scenario.routing.ospf; ++lan)
    {
        const ApplicationContainer apps = ospf.Install(m_lans[lan].devices);
        for (uint32_t i = 0; i < apps.GetN(); ++i)
        {
            m_ospf[m_scenario.lans[lan].routers[i]] = DynamicCast<OspfApplication>(apps.Get(i));
        }
        for (const auto& [router, cost] : m_scenario.lans[lan].costs)
        {
            m_ospf.at(router)->SetCost(InterfaceOf(router, lan), cost);
        }
    }
}

void
ScenarioNetwork::InstallGroup(const GroupBlock& group, KmpHelper& kmp)
{
    const std::vector<uint32_t>& routers = m_scenario.lans[group.lan].routers;
    NetDeviceContainer devices;
    for (const uint32_t member : group.members)
    {
        const auto at = std::lower_bound(routers.begin(), routers.end(), member);
        devices.Add(m_lans[group.lan].devices.Get(static_cast<uint32_t>(at - routers.begin())));
    }
    const ApplicationContainer apps = kmp.Install(devices, group.name);
    for (uint32_t i = 0; i < apps.GetN(); ++i)
    {
        const uint32_t member = group.members[i];
        Ptr<KmpApplication> app = DynamicCast<KmpApplication>(apps.Get(i));
        if (m_kmp.emplace(member, app).second)
        {
            m_kmpApps.Add(app);
        }
        if (group.fixedPriority)
        {
            const uint32_t here = app->GetNGroups() - 1;
            const auto priority = group.priority.find(member);
            const bool named = priority != group.priority.end();
            app->SetPriority(here, named ? priority->second : group.defaultPriority, true);
        }
    }
}

void
ScenarioNetwork::AssignStreams()
{
    for (const auto& entry : m_kmp)
    {
        entry.second->AssignStreams(KMP_STREAM + entry.first);
    }
    for (const auto& entry : m_ospf)
    {
        entry.second->AssignStreams(OSPF_STREAM + entry.first);
    }
    for (uint32_t lan = 0; lan < m_lans.size(); ++lan)
    {
        const int64_t stream = lan < m_firstLink ? IMPAIRMENT_STREAM + lan
                                                 : LINK_IMPAIRMENT_STREAM + (lan - m_firstLink);
        m_lans[lan].impairment->AssignStreams(stream);
    }
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
    const bool manual = m_scenario.protocol.kmp == "manual" && algorithm != ALGORITHMS.end();
    const auto install = [&](const std::string& name,
                             const std::string& peers,
                             const std::vector<uint32_t>& interfaces) {
        KeyRow row;
        row.adminKeyName = name;
        row.localKeyName = IntegerKeyName(1, 1);
        row.peers = peers;
        row.interfaces = interfaces;
        row.protocol = KeyProtocol::OSPFV2;
        row.algId = algorithm->second;
        row.key.assign(MacSize(algorithm->second), 0x5a);
        row.lifetimes = KeyLifetimes{};
        row.lifetimes.sendEnd = TIME_MAX;
        row.lifetimes.acceptEnd = TIME_MAX;
        RouterOf(number)->InstallKey(row);
    };
    if (manual && m_scenario.groups.empty())
    {
        // Without groups one row is for all links of the router.
        std::vector<uint32_t> interfaces;
        const auto end = m_lanByInterface.lower_bound({number + 1, 0});
        for (auto at = m_lanByInterface.lower_bound({number, 0}); at != end; ++at)
        {
            interfaces.push_back(at->first.second);
        }
        install("manual", "all", interfaces);
    }
    for (const GroupBlock& group : m_scenario.groups)
    {
        const bool member =
            std::find(group.members.begin(), group.members.end(), number) != group.members.end();
        if (manual && member)
        {
            install("manual-" + group.name, group.name, {InterfaceOf(number, group.lan)});
        }
    }
}

void
ScenarioNetwork::CapturePcap(uint32_t lan, const std::string& path)
{
    if (m_scenario.lans[lan].pointToPoint)
    {
        CaptureLink(lan, path);
        return;
    }
    // A tap: a device of its own on the wire, without a protocol above it, sees what everybody sent
    // whoever crashes; what a router got after impairments it does not show.
    Ptr<Node> tap = CreateObject<Node>();
    const NetDeviceContainer device = m_csma.Install(tap, m_lans[lan].channel);
    device.Get(0)->SetAddress(MacOf(lan, 0));
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
ScenarioNetwork::Impairment(uint32_t lan) const
{
    return m_lans.at(lan).impairment;
}

std::string
ScenarioNetwork::LanNameOf(uint32_t number, uint32_t interface) const
{
    const auto found = m_lanByInterface.find({number, interface});
    return found == m_lanByInterface.end() ? "" : m_scenario.lans[found->second].id;
}

uint32_t
ScenarioNetwork::InterfaceOf(uint32_t number, uint32_t lan) const
{
    const auto found = m_lans.at(lan).interfaces.find(number);
    return found == m_lans.at(lan).interfaces.end() ? 0 : found->second;
}

IpAddress
ScenarioNetwork::AddressOf(uint32_t number, uint32_t lan) const
{
    const uint32_t interface = InterfaceOf(number, lan);
    Ptr<Ipv4> ipv4 = m_nodes.Get(number)->GetObject<Ipv4>();
    return interface == 0 ? IpAddress()
                          : IpAddress{ipv4->GetAddress(interface, 0).GetLocal().Get()};
}

std::string
ScenarioNetwork::NameOf(IpAddress address) const
{
    const auto found = m_byAddress.find(address.value);
    return found == m_byAddress.end() ? address.ToString() : m_scenario.NodeName(found->second);
}

std::string
ScenarioNetwork::LanNameOf(IpAddress address) const
{
    const auto found = m_lanByAddress.find(address.value);
    return found == m_lanByAddress.end() ? std::string() : found->second;
}

std::string
ScenarioNetwork::NameOfRouterId(uint32_t routerId) const
{
    // It is one of the router's addresses.
    return NameOf(IpAddress{routerId});
}

} // namespace karp
} // namespace ns3
