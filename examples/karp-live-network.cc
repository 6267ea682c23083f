/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-live-network.h"

#include "ns3/boolean.h"
#include "ns3/csma-helper.h"
#include "ns3/fd-net-device-helper.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/ipv4.h"
#include "ns3/karp-helper.h"
#include "ns3/karp-ospf-link-state.h"
#include "ns3/karp-ospf-routing.h"
#include "ns3/karp-router.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <cmath>
#include <cstdio>

namespace ns3
{
namespace karp
{

namespace
{

constexpr uint32_t LINKS_OFFSET = 128 * 256; //!< links have addresses above those of LANs
constexpr uint32_t LINK_SIZE = 4;            //!< addresses of a link

/** \return IP of \p node */
Ptr<Ipv4>
IpOf(Ptr<Node> node)
{
    return node->GetObject<Ipv4>();
}

/** Give \p device the address \p address. */
void
SetAddress(Ptr<NetDevice> device, Ipv4Address address, Ipv4Mask mask)
{
    Ptr<Ipv4> ipv4 = IpOf(device->GetNode());
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, mask));
    ipv4->SetMetric(interface, 1);
    ipv4->SetUp(interface);
}

} // namespace

LiveNetwork::LiveNetwork(const LiveSettings& settings)
    : m_settings(settings)
{
    m_nodes.Create(settings.routers);
    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(m_nodes);
}

void
LiveNetwork::Join(uint32_t a, uint32_t b)
{
    PointToPointHelper link;
    link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
    link.SetChannelAttribute("Delay", StringValue("1ms"));
    NetDeviceContainer ends = link.Install(m_nodes.Get(a), m_nodes.Get(b));
    const uint32_t base = m_settings.inner.Get() + LINKS_OFFSET + LINK_SIZE * m_linkCount++;
    SetAddress(ends.Get(0), Ipv4Address(base + 1), Ipv4Mask("255.255.255.252"));
    SetAddress(ends.Get(1), Ipv4Address(base + 2), Ipv4Mask("255.255.255.252"));
    m_links.Add(ends);
}

void
LiveNetwork::JoinRouters()
{
    const uint32_t n = m_settings.routers;
    const auto width = static_cast<uint32_t>(std::ceil(std::sqrt(n)));
    const bool isGrid = m_settings.topology == "grid";
    for (uint32_t i = 0; i + 1 < n; ++i)
    {
        if (!isGrid || i % width != width - 1)
        {
            Join(i, i + 1);
        }
    }
    for (uint32_t i = width; isGrid && i < n; ++i)
    {
        Join(i - width, i);
    }
    if (m_settings.topology == "ring" && n > 2)
    {
        Join(n - 1, 0);
    }
}

void
LiveNetwork::AddLan(uint32_t i)
{
    CsmaHelper csma;
    NetDeviceContainer device = csma.Install(m_nodes.Get(i));
    SetAddress(device.Get(0),
               Ipv4Address(m_settings.inner.Get() + 256 * i + 1),
               Ipv4Mask("255.255.255.0"));
    m_lans.Add(device);
}

std::string
LiveNetwork::Attach(uint32_t i, const LiveInterface& interface)
{
    std::string error;
    Ptr<NetDevice> device = AttachLive(m_nodes.Get(i), interface, error);
    if (!device)
    {
        return error;
    }
    SetAddress(device, interface.address, interface.mask);
    m_live.Add(device);
    m_real.emplace(RouterName(m_nodes.Get(i)), IpOf(m_nodes.Get(i))->GetInterfaceForDevice(device));
    if (!m_settings.pcap.empty())
    {
        FdNetDeviceHelper().EnablePcap(m_settings.pcap, device, true);
    }
    return "";
}

std::string
LiveNetwork::Install()
{
    std::string error = Attach(0, m_settings.near);
    if (error.empty() && !m_settings.far.name.empty())
    {
        error = Attach(m_settings.routers - 1, m_settings.far);
    }
    if (!error.empty())
    {
        return error;
    }
    JoinRouters();
    for (uint32_t i = 0; i < m_settings.routers; ++i)
    {
        AddLan(i);
    }
    if (!m_settings.pcap.empty())
    {
        PointToPointHelper().EnablePcap(m_settings.pcap, m_links);
    }
    OspfHelper ospf;
    ospf.Set("LinkState", BooleanValue(true));
    ospf.Set("AuthType", StringValue(m_settings.auth == "none" ? "none" : "cryptographic"));
    ospf.Set("SequenceRule", StringValue(m_settings.extended ? "rfc7474" : "rfc2328"));
    ospf.Set("SequenceInit", StringValue(m_settings.sequence));
    // Numbers that go up with each packet overtake the clock while much is flooded; after a restart
    // they would be lower than what the peer has heard, who then refuses all for a dead interval.
    const bool isBySecond = m_settings.sequence == "clock" && !m_settings.extended;
    ospf.Set("SequenceStep", StringValue(isBySecond ? "second" : "packet"));
    ospf.Set("HelloInterval", TimeValue(Seconds(m_settings.hello)));
    ospf.Set("RouterDeadInterval", TimeValue(Seconds(m_settings.dead)));
    ospf.Set("Cost", UintegerValue(m_settings.cost));
    ospf.Set("AreaId",
             Ipv4AddressValue(m_settings.hasInnerArea ? m_settings.innerArea : m_settings.area));
    ospf.Install(m_live);
    ospf.Install(m_links);
    ospf.Install(m_lans);
    Configure();
    Watch();
    return "";
}

void
LiveNetwork::Configure()
{
    for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
    {
        Ptr<OspfApplication> app = DynamicCast<OspfApplication>(m_nodes.Get(i)->GetApplication(0));
        app->SetStartTime(Seconds(0));
        app->SetRouterId(Ipv4Address(m_settings.inner.Get() + 256 * i + 1));
        m_apps.Add(app);
    }
    Ptr<OspfApplication> first = DynamicCast<OspfApplication>(m_apps.Get(0));
    first->SetRouterId(m_settings.routerId == Ipv4Address("0.0.0.0") ? m_settings.near.address
                                                                     : m_settings.routerId);
    for (uint32_t i = 0; i < m_live.GetN(); ++i)
    {
        Ptr<Node> node = m_live.Get(i)->GetNode();
        Ptr<OspfApplication> app = DynamicCast<OspfApplication>(node->GetApplication(0));
        const uint32_t interface = IpOf(node)->GetInterfaceForDevice(m_live.Get(i));
        app->SetArea(interface, m_settings.area);
        app->SetPriority(interface, static_cast<uint8_t>(m_settings.priority));
        if (m_settings.networkType == "point-to-point")
        {
            app->SetNetworkType(interface, OspfNetworkType::POINT_TO_POINT);
        }
    }
    for (uint32_t i = 0; i < m_lans.GetN(); ++i)
    {
        Ptr<Node> node = m_lans.Get(i)->GetNode();
        DynamicCast<OspfApplication>(node->GetApplication(0))
            ->SetNetworkType(IpOf(node)->GetInterfaceForDevice(m_lans.Get(i)),
                             OspfNetworkType::STUB);
    }
    if (m_settings.external != Ipv4Address("0.0.0.0"))
    {
        OspfExternalRoute route;
        route.address = IpAddress{m_settings.external.Get()};
        route.mask = m_settings.externalMask.Get();
        DynamicCast<OspfApplication>(m_apps.Get(m_apps.GetN() - 1))->AddExternal(route);
    }
    OspfHelper::AssignStreams(m_apps, 1);
}

void
LiveNetwork::Watch()
{
    for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
    {
        const std::string name = RouterName(m_nodes.Get(i));
        auto neighbor = MakeCallback(&LiveNetwork::PrintNeighbor, this);
        auto drop = MakeCallback(&LiveNetwork::PrintDrop, this);
        m_apps.Get(i)->TraceConnectWithoutContext("NeighborState", neighbor.Bind(name));
        m_apps.Get(i)->TraceConnectWithoutContext("Drop", drop.Bind(name));
    }
    m_apps.Get(0)->TraceConnectWithoutContext("Routes",
                                              MakeCallback(&LiveNetwork::PrintRoutes, this));
}

void
LiveNetwork::SetClocks(Time now)
{
    for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
    {
        Router::Of(m_nodes.Get(i))
            ->SetAttribute("ClockOffset", TimeValue(NanoSeconds(now.count())));
    }
    if (!m_settings.extended || m_settings.sequence != "clock")
    {
        return;
    }
    // The boot count must be greater at each start (RFC 7474 section 2), and nothing is kept in
    // between: the clock is what goes up.
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    for (uint32_t i = 0; i < m_live.GetN(); ++i)
    {
        Ptr<Node> node = m_live.Get(i)->GetNode();
        DynamicCast<OspfApplication>(node->GetApplication(0))
            ->SetFirstSequence(IpOf(node)->GetInterfaceForDevice(m_live.Get(i)),
                               static_cast<uint64_t>(seconds) << 32);
    }
}

void
LiveNetwork::SetKeys(const std::vector<KeyRow>& rows)
{
    std::set<std::string> names;
    for (const auto& row : rows)
    {
        names.insert(row.adminKeyName);
    }
    for (uint32_t i = 0; i < m_nodes.GetN(); ++i)
    {
        Ptr<Router> router = Router::Of(m_nodes.Get(i));
        // First those that go, lest a row that was given another name is taken for a second one.
        for (const auto& name : m_keyNames)
        {
            if (names.count(name) == 0)
            {
                router->RetireKey(name);
            }
        }
        for (const auto& row : rows)
        {
            router->InstallKey(row);
        }
    }
    m_keyNames = names;
}

bool
LiveNetwork::IsTold(const std::string& router, uint32_t interface) const
{
    return m_settings.verbose || m_real.count({router, interface}) > 0;
}

void
LiveNetwork::PrintNeighbor(std::string router,
                           uint32_t interface,
                           const OspfEvent::NeighborChanged& change)
{
    if (IsTold(router, interface))
    {
        std::printf("%9.3f s  %s  neighbour %s  %s -> %s\n",
                    Simulator::Now().GetSeconds(),
                    router.c_str(),
                    change.address.ToString().c_str(),
                    ToString(change.from),
                    ToString(change.to));
        std::fflush(stdout);
    }
}

void
LiveNetwork::PrintDrop(std::string router, uint32_t interface, const karp::Drop& drop)
{
    if (IsTold(router, interface))
    {
        std::printf("%9.3f s  %s  refused from %s: %s (%llu)\n",
                    Simulator::Now().GetSeconds(),
                    router.c_str(),
                    drop.peer.ToString().c_str(),
                    ToString(drop.reason),
                    static_cast<unsigned long long>(drop.value));
        std::fflush(stdout);
    }
}

void
LiveNetwork::PrintRoutes(const OspfRoutingTable& table, size_t)
{
    for (const auto& change : DifferentNetworks(m_table, table))
    {
        const bool isThere = change.now != nullptr;
        std::printf("%9.3f s  r0  route %s %s\n",
                    Simulator::Now().GetSeconds(),
                    isThere ? "is" : "was",
                    isThere ? Describe(table, *change.now).c_str()
                            : Describe(m_table, *change.before).c_str());
    }
    std::fflush(stdout);
    m_table = table;
}

void
LiveNetwork::PrintDatabase(const OspfLsdb& database) const
{
    const karp::Time now = Router::Of(m_nodes.Get(0))->Now();
    for (const auto& [key, entry] : database.All())
    {
        const OspfLsaHeader header = entry->Header(now);
        std::printf("  %04x  %-15s %-15s %08x  %4u  %04x\n",
                    static_cast<unsigned int>(key.type),
                    IpAddress{key.linkStateId}.ToString().c_str(),
                    IpAddress{key.advertisingRouter}.ToString().c_str(),
                    static_cast<unsigned int>(header.sequence),
                    static_cast<unsigned int>(header.age),
                    static_cast<unsigned int>(header.checksum));
    }
}

void
LiveNetwork::PrintState() const
{
    const OspfEngine* engine = DynamicCast<OspfApplication>(m_apps.Get(0))->GetEngine();
    const OspfLinkState* state = engine ? engine->LinkState() : nullptr;
    if (const OspfLsdb* database = state ? state->Database(m_settings.area.Get()) : nullptr)
    {
        std::printf("\ndatabase of r0, area %s and AS:\n"
                    "  type  ID              router          sequence   age  checksum\n",
                    IpAddress{m_settings.area.Get()}.ToString().c_str());
        PrintDatabase(*database);
        PrintDatabase(state->Externals());
    }
    std::printf("\nrouting table of r0, %zu networks:\n", m_table.Networks().size());
    for (const auto& route : m_table.Networks())
    {
        std::printf("  %s\n", Describe(m_table, route).c_str());
    }
    DropCounters all{};
    for (uint32_t i = 0; i < m_apps.GetN(); ++i)
    {
        const DropCounters& drops = DynamicCast<OspfApplication>(m_apps.Get(i))->GetDrops();
        for (size_t reason = 0; reason < all.size(); ++reason)
        {
            all[reason] += drops[reason];
        }
    }
    for (size_t reason = 0; reason < all.size(); ++reason)
    {
        if (all[reason] > 0)
        {
            std::printf("refused %llu packets: %s\n",
                        static_cast<unsigned long long>(all[reason]),
                        ToString(static_cast<DropReason>(reason)));
        }
    }
    std::fflush(stdout);
}

} // namespace karp
} // namespace ns3
