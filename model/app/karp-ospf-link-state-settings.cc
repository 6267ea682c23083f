/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-application.h"

#include "ns3/boolean.h"
#include "ns3/karp-ospf-link-state.h"
#include "ns3/log.h"
#include "ns3/uinteger.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * What an OspfApplication does with link state: its settings (RFC 2328 appendices B and C), routes
 * to IP, interfaces from IP.
 */

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpOspfLinkState");

namespace
{

/** \return \p time in the module's own type */
Time
ToKarp(const ns3::Time& time)
{
    return Time(time.GetNanoSeconds());
}

} // namespace

TypeId
OspfApplication::AddLinkStateAttributes(TypeId tid)
{
    tid = tid.AddAttribute(
                 "LinkState",
                 "Whether databases are exchanged and routes calculated; otherwise neighbours "
                 "stay in 2-Way, which is all that key management needs.",
                 BooleanValue(false),
                 MakeBooleanAccessor(&OspfApplication::m_isLinkState),
                 MakeBooleanChecker())
              .AddAttribute("Cost",
                            "Interface output cost of all interfaces.",
                            UintegerValue(10),
                            MakeUintegerAccessor(&OspfApplication::m_cost),
                            MakeUintegerChecker<uint16_t>(1))
              .AddAttribute("InfTransDelay",
                            "What an LSA ages on a link, seconds.",
                            UintegerValue(1),
                            MakeUintegerAccessor(&OspfApplication::m_transmitDelay),
                            MakeUintegerChecker<uint16_t>(1, OSPF_MAX_AGE))
              .AddAttribute("RxmtInterval",
                            "Time until something not acknowledged is sent again.",
                            TimeValue(Seconds(5)),
                            MakeTimeAccessor(&OspfApplication::m_rxmtInterval),
                            MakeTimeChecker(MilliSeconds(10), Seconds(65535)))
              .AddAttribute("AckDelay",
                            "Time that acknowledgments wait for others; less than RxmtInterval.",
                            TimeValue(Seconds(1)),
                            MakeTimeAccessor(&OspfApplication::m_ackDelay),
                            MakeTimeChecker(Seconds(0), Seconds(65535)))
              .AddAttribute("FloodPacing",
                            "Least time between updates that flood by an interface; what comes in "
                            "between goes with the next one.",
                            TimeValue(MilliSeconds(33)),
                            MakeTimeAccessor(&OspfApplication::m_floodPacing),
                            MakeTimeChecker(Seconds(0), Seconds(10)))
              .AddAttribute("MtuIgnore",
                            "Whether neighbours may have a larger MTU.",
                            BooleanValue(false),
                            MakeBooleanAccessor(&OspfApplication::m_mtuIgnore),
                            MakeBooleanChecker());
    return AddRouterAttributes(tid);
}

TypeId
OspfApplication::AddRouterAttributes(TypeId tid)
{
    return tid
        .AddAttribute("MinLsInterval",
                      "MinLSInterval: least time between instances of an LSA of our own.",
                      TimeValue(Seconds(5)),
                      MakeTimeAccessor(&OspfApplication::m_minLsInterval),
                      MakeTimeChecker(Seconds(0), Seconds(OSPF_LS_REFRESH_TIME)))
        .AddAttribute("MinLsArrival",
                      "MinLSArrival: least time between instances of an LSA of somebody else.",
                      TimeValue(Seconds(1)),
                      MakeTimeAccessor(&OspfApplication::m_minLsArrival),
                      MakeTimeChecker(Seconds(0), Seconds(OSPF_LS_REFRESH_TIME)))
        .AddAttribute("LsaDelay",
                      "Time that a new instance of our own waits for further changes.",
                      TimeValue(Seconds(0)),
                      MakeTimeAccessor(&OspfApplication::m_lsaDelay),
                      MakeTimeChecker(Seconds(0), Seconds(60)))
        .AddAttribute("AdjacencyDelay",
                      "The same, where a neighbour became Full: others often do at the same time.",
                      TimeValue(Seconds(2)),
                      MakeTimeAccessor(&OspfApplication::m_adjacencyDelay),
                      MakeTimeChecker(Seconds(0), Seconds(60)))
        .AddAttribute("SpfDelay",
                      "Time from a change of the database to the calculation of routes.",
                      TimeValue(MilliSeconds(50)),
                      MakeTimeAccessor(&OspfApplication::m_spfDelay),
                      MakeTimeChecker(Seconds(0), Seconds(600)))
        .AddAttribute("SpfHold",
                      "Least time between calculations; doubles while changes go on.",
                      TimeValue(MilliSeconds(200)),
                      MakeTimeAccessor(&OspfApplication::m_spfHold),
                      MakeTimeChecker(Seconds(0), Seconds(600)))
        .AddAttribute("SpfHoldMax",
                      "What SpfHold doubles to at most.",
                      TimeValue(Seconds(5)),
                      MakeTimeAccessor(&OspfApplication::m_spfHoldMax),
                      MakeTimeChecker(Seconds(0), Seconds(600)))
        .AddAttribute("Rfc1583Compatibility",
                      "RFC1583Compatibility: which paths to AS boundary routers are preferred.",
                      BooleanValue(true),
                      MakeBooleanAccessor(&OspfApplication::m_rfc1583Compatibility),
                      MakeBooleanChecker())
        .AddAttribute("MaxPaths",
                      "Equal-cost paths of a route.",
                      UintegerValue(DEFAULT_OSPF_PATHS),
                      MakeUintegerAccessor(&OspfApplication::m_maxPaths),
                      MakeUintegerChecker<uint32_t>(MIN_OSPF_PATHS, MAX_OSPF_PATHS))
        .AddAttribute("LsasMax",
                      "LSAs in the database of an area, and of the AS.",
                      UintegerValue(65536),
                      MakeUintegerAccessor(&OspfApplication::m_lsasMax),
                      MakeUintegerChecker<uint32_t>(1));
}

void
OspfApplication::SetArea(uint32_t interface, Ipv4Address area)
{
    NS_ABORT_MSG_IF(m_started, "put interfaces into areas before the application starts");
    Link* link = FindLink(interface);
    NS_ABORT_MSG_UNLESS(link, "there is no interface " << interface);
    link->area = area.Get();
}

void
OspfApplication::SetNetworkType(uint32_t interface, OspfNetworkType type)
{
    NS_ABORT_MSG_IF(m_started, "set kinds of networks before the application starts");
    Link* link = FindLink(interface);
    NS_ABORT_MSG_UNLESS(link, "there is no interface " << interface);
    link->type = type;
}

void
OspfApplication::SetCost(uint32_t interface, uint16_t cost)
{
    Link* link = FindLink(interface);
    NS_ABORT_MSG_UNLESS(link, "there is no interface " << interface);
    link->cost = cost;
    if (m_engine && !m_router->IsCrashed())
    {
        m_engine->SetCost(interface, cost, m_router->Now());
        Pump();
    }
}

void
OspfApplication::ConfigureArea(const OspfAreaConfig& config)
{
    NS_ABORT_MSG_IF(m_started, "configure areas before the application starts");
    NS_ABORT_MSG_IF(config.areaId == 0 && config.isStub,
                    "the backbone cannot be a stub area (RFC 2328 section 3.6)");
    for (const auto& range : config.ranges)
    {
        NS_ABORT_MSG_IF(
            !OspfMaskLength(range.mask),
            "an area address range has a mask with holes: " << IpAddress{range.mask}.ToString());
    }
    m_areas.push_back(config);
}

void
OspfApplication::AddExternal(const OspfExternalRoute& route)
{
    m_externalRoutes[{route.address.value & route.mask, route.mask}] = route;
    if (m_engine && !m_router->IsCrashed())
    {
        m_engine->AddExternal(route, m_router->Now());
        Pump();
    }
}

void
OspfApplication::RemoveExternal(Ipv4Address network, Ipv4Mask mask)
{
    m_externalRoutes.erase({network.Get() & mask.Get(), mask.Get()});
    if (m_engine && !m_router->IsCrashed())
    {
        m_engine->RemoveExternal(IpAddress{network.Get()}, mask.Get(), m_router->Now());
        Pump();
    }
}

void
OspfApplication::StartLinkState()
{
    if (!m_isLinkState)
    {
        return;
    }
    OspfLinkStateConfig config;
    config.minLsInterval = ToKarp(m_minLsInterval);
    config.minLsArrival = ToKarp(m_minLsArrival);
    config.lsaDelay = ToKarp(m_lsaDelay);
    config.adjacencyDelay = ToKarp(m_adjacencyDelay);
    config.spfDelay = ToKarp(m_spfDelay);
    config.spfHold = ToKarp(m_spfHold);
    config.spfHoldMax = ToKarp(m_spfHoldMax);
    config.rfc1583Compatibility = m_rfc1583Compatibility;
    config.maxPaths = m_maxPaths;
    config.lsasMax = m_lsasMax;
    config.areas = m_areas;
    m_engine->EnableLinkState(config);
    m_engine->SetLsaPool(m_pool);
    if (!m_routing)
    {
        m_routing = OspfRouting::Of(GetNode());
        NS_ABORT_MSG_UNLESS(m_routing,
                            "OSPF with LinkState needs OspfRouting, or an Ipv4ListRouting to put "
                            "it into: see InternetStackHelper::SetRoutingHelper");
    }
    // A process that starts knows no routes.
    m_routing->SetTable(OspfRoutingTable());
    m_routing->SetInterfaceCallback(MakeCallback(&OspfApplication::HandleInterface, this));
}

void
OspfApplication::CompleteConfig(const Link& link, OspfInterfaceConfig& config) const
{
    config.networkType = link.type;
    config.areaId = link.area ? *link.area : m_areaId.Get();
    config.cost = link.cost ? *link.cost : m_cost;
    config.transmitDelay = m_transmitDelay;
    config.rxmtInterval = ToKarp(m_rxmtInterval);
    config.ackDelay = ToKarp(std::min(m_ackDelay, m_rxmtInterval));
    config.floodPacing = ToKarp(m_floodPacing);
    config.mtu = link.device->GetMtu();
    config.mtuIgnore = m_mtuIgnore;
}

void
OspfApplication::TellExternals()
{
    for (const auto& [network, route] : m_externalRoutes)
    {
        m_engine->AddExternal(route, m_router->Now());
    }
}

void
OspfApplication::HandleInterface(uint32_t interface, bool isUp)
{
    // A crash takes all interfaces down and a boot brings them up: nobody is there to notice.
    const Link* link = FindLink(interface);
    if (!link || !link->wanted || !m_engine || m_router->IsCrashed())
    {
        return;
    }
    const bool wasUp = m_engine->InterfaceState(interface) != OspfInterfaceState::DOWN;
    if (isUp == wasUp)
    {
        return;
    }
    NS_LOG_INFO("interface " << interface << (isUp ? " up" : " down"));
    if (isUp)
    {
        m_engine->InterfaceUp(interface, m_router->Now());
    }
    else
    {
        m_engine->InterfaceDown(interface, m_router->Now());
    }
    Pump();
}

void
OspfApplication::On(uint32_t /* interface */, const OspfEvent::RoutesChanged& event)
{
    if (!m_routing || !m_engine || m_engine->LinkState() == nullptr)
    {
        return;
    }
    m_routing->SetTable(m_engine->LinkState()->Routes());
    m_routesTrace(m_routing->GetTable(), event.changes);
}

} // namespace karp
} // namespace ns3
