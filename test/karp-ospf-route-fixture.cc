/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-route-fixture.h"

#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

/** \return network number and mask of for example "10.9.0.0/16" */
std::pair<uint32_t, uint32_t>
Prefix(const std::string& text)
{
    const size_t slash = text.find('/');
    const int length = std::stoi(text.substr(slash + 1));
    return {Ip(text.substr(0, slash)), length == 0 ? 0 : ~uint32_t(0) << (32 - length)};
}

/** \return \p route without its destination; "none" for nullptr */
std::string
Line(const OspfRoutingTable& table, const OspfRoute* route)
{
    if (route == nullptr)
    {
        return "none";
    }
    const std::string text = Describe(table, *route);
    return text.substr(text.find(' ') + 1);
}

/** \return the bits of \p route to a router, for people */
std::string
Bits(const OspfRoute& route)
{
    return std::string((route.flags & OSPF_ROUTER_FLAG_B) != 0 ? "B" : "") +
           ((route.flags & OSPF_ROUTER_FLAG_E) != 0 ? "E" : "") + (route.flags != 0 ? " " : "");
}

} // namespace

uint32_t
Ip(const std::string& text)
{
    std::istringstream in(text);
    uint32_t address = 0;
    for (int i = 0; i < 4; ++i)
    {
        uint32_t octet = 0;
        char dot = 0;
        in >> octet;
        in >> dot;
        address = address << 8 | octet;
    }
    return address;
}

OspfRouteWorld::OspfRouteWorld(uint32_t self)
    : m_self(self)
{
    m_input.routerId = self;
    m_input.externals = &m_externals;
}

void
OspfRouteWorld::AddArea(uint32_t area)
{
    const auto [place, isNew] = m_areas.try_emplace(area);
    if (isNew)
    {
        m_input.areas.push_back({area, &place->second.lsdb});
    }
}

OspfRouterLsa&
OspfRouteWorld::Say(uint32_t router, uint32_t area)
{
    AddArea(area);
    m_areas[area].changed[router] = true;
    return m_areas[area].routers[router];
}

void
OspfRouteWorld::AddLink(uint32_t router, const OspfRouterLink& link, uint32_t area)
{
    Say(router, area).links.push_back(link);
}

void
OspfRouteWorld::NoLinks(uint32_t router, uint32_t area)
{
    Say(router, area).links.clear();
}

void
OspfRouteWorld::Flags(uint32_t router, uint8_t flags, uint32_t area)
{
    Say(router, area).flags = flags;
}

void
OspfRouteWorld::HalfLink(uint32_t a, uint32_t b, uint16_t cost, uint32_t area)
{
    const uint32_t network = Ip("10.0.0.0") | std::min(a, b) << 16 | std::max(a, b) << 8;
    const uint32_t address = network | (a < b ? 1 : 2);
    AddLink(a, {b, address, OspfLinkType::POINT_TO_POINT, cost}, area);
    AddLink(a, {network, 0xfffffffc, OspfLinkType::STUB, cost}, area);
    if (a == m_self)
    {
        Interface({b, {address}, 0xfffffffc, area, true});
    }
}

void
OspfRouteWorld::Link(uint32_t a, uint32_t b, uint16_t cost, uint16_t back, uint32_t area)
{
    HalfLink(a, b, cost, area);
    HalfLink(b, a, back == 0 ? cost : back, area);
}

void
OspfRouteWorld::Lan(uint32_t n,
                    const std::vector<std::pair<uint32_t, uint16_t>>& members,
                    uint32_t area)
{
    const uint32_t network = Ip("10.0.0.0") | n << 8;
    const uint32_t id = network | members.front().first;
    std::vector<uint32_t> routers;
    for (const auto& [router, cost] : members)
    {
        AddLink(router, {id, network | router, OspfLinkType::TRANSIT, cost}, area);
        routers.push_back(router);
        if (router == m_self)
        {
            Interface({1000 + n, {network | router}, 0xffffff00, area, false});
        }
    }
    Network(id, members.front().first, 0xffffff00, routers, area);
}

void
OspfRouteWorld::StubNetwork(uint32_t router,
                            const std::string& network,
                            uint16_t cost,
                            uint32_t area)
{
    const auto [number, mask] = Prefix(network);
    AddLink(router, {number, mask, OspfLinkType::STUB, cost}, area);
}

void
OspfRouteWorld::Network(uint32_t id,
                        uint32_t router,
                        uint32_t mask,
                        const std::vector<uint32_t>& routers,
                        uint32_t area)
{
    AddArea(area);
    OspfLsaHeader header;
    header.key = {OspfLsaType::NETWORK, id, router};
    header.sequence = m_sequence++;
    Install(area, header.key, MakeOspfLsa(header, OspfNetworkLsa{mask, routers}));
}

void
OspfRouteWorld::Summary(uint32_t area,
                        uint32_t router,
                        const std::string& network,
                        uint32_t metric,
                        uint32_t hostBits)
{
    AddArea(area);
    const auto [number, mask] = Prefix(network);
    OspfLsaHeader header;
    header.key = {OspfLsaType::SUMMARY_NETWORK, number | hostBits, router};
    header.sequence = m_sequence++;
    Install(area, header.key, MakeOspfLsa(header, OspfSummaryLsa{mask, metric}));
}

void
OspfRouteWorld::BoundarySummary(uint32_t area, uint32_t router, uint32_t boundary, uint32_t metric)
{
    AddArea(area);
    OspfLsaHeader header;
    header.key = {OspfLsaType::SUMMARY_ASBR, boundary, router};
    header.sequence = m_sequence++;
    Install(area, header.key, MakeOspfLsa(header, OspfSummaryLsa{0, metric}));
}

void
OspfRouteWorld::External(uint32_t router,
                         const std::string& network,
                         int type,
                         uint32_t metric,
                         const std::string& forwardingAddress,
                         uint32_t tag,
                         uint32_t hostBits)
{
    const auto [number, mask] = Prefix(network);
    OspfLsaHeader header;
    header.key = {OspfLsaType::AS_EXTERNAL, number | hostBits, router};
    header.sequence = m_sequence++;
    OspfExternalLsa body;
    body.networkMask = mask;
    body.isType2 = type == 2;
    body.metric = metric;
    body.forwardingAddress = {Ip(forwardingAddress)};
    body.externalRouteTag = tag;
    Install(0, header.key, MakeOspfLsa(header, body));
}

void
OspfRouteWorld::Install(uint32_t area, const OspfLsaKey& key, const OspfLsaPtr& lsa, uint16_t age)
{
    OspfLsdb& lsdb = key.type == OspfLsaType::AS_EXTERNAL ? m_externals : m_areas[area].lsdb;
    const auto* entry = lsdb.Find(key);
    m_changes.push_back({area, entry != nullptr ? entry->lsa : nullptr, lsa});
    if (lsa)
    {
        lsdb.Install(lsa, age, Time(0));
    }
    else
    {
        lsdb.Remove(key);
    }
}

void
OspfRouteWorld::Age(uint32_t area, const OspfLsaKey& key)
{
    InstallRouters();
    OspfLsdb& lsdb = key.type == OspfLsaType::AS_EXTERNAL ? m_externals : m_areas[area].lsdb;
    Install(area, key, lsdb.Find(key)->lsa, OSPF_MAX_AGE);
}

void
OspfRouteWorld::Refresh(uint32_t area, const OspfLsaKey& key)
{
    InstallRouters();
    OspfLsdb& lsdb = key.type == OspfLsaType::AS_EXTERNAL ? m_externals : m_areas[area].lsdb;
    const OspfLsaPtr lsa = lsdb.Find(key)->lsa;
    OspfLsaHeader header = lsa->header;
    header.sequence = m_sequence++;
    Install(area, key, MakeOspfLsa(header, lsa->body));
}

void
OspfRouteWorld::Interface(const OspfRouteInterface& interface)
{
    m_input.interfaces.push_back(interface);
}

void
OspfRouteWorld::InstallRouters()
{
    for (auto& [id, area] : m_areas)
    {
        for (const auto& [router, changed] : area.changed)
        {
            OspfLsaHeader header;
            header.key = RouterKey(router);
            header.sequence = m_sequence++;
            Install(id, header.key, MakeOspfLsa(header, area.routers[router]));
        }
        area.changed.clear();
    }
}

OspfCalculation
OspfRouteWorld::Calculate()
{
    InstallRouters();
    const auto calculated = m_calculator.Calculate(m_input, m_changes, Time(0));
    m_changes.clear();
    m_looking.Calculate(m_input, Time(0));
    OspfRouteCalculator fresh;
    fresh.Calculate(m_input, Time(0));
    Sentence::Current()->Same(Text(m_looking.Table()),
                              Text(fresh.Table()),
                              "looking for changes is as good as calculating anew");
    Sentence::Current()->Same(Text(m_calculator.Table()),
                              Text(fresh.Table()),
                              "being told of changes is as good as calculating anew");
    return calculated;
}

std::string
OspfRouteWorld::Text(const OspfRoutingTable& table)
{
    std::string text;
    for (const auto& route : table.Networks())
    {
        text += Describe(table, route) + '\n';
    }
    for (const auto& route : table.Routers())
    {
        text += "router " + Bits(route) + Describe(table, route) + '\n';
    }
    return text;
}

std::string
OspfRouteWorld::Routes() const
{
    return Text(Table());
}

void
OspfRouteWorld::Expect(Sentence& t, std::initializer_list<Expectation> routes)
{
    Calculate();
    for (const Expectation& expected : routes)
    {
        t.Same(Route(expected.network), expected.route, expected.network + ": " + expected.what);
    }
}

std::string
OspfRouteWorld::Route(const std::string& network) const
{
    const auto [number, mask] = Prefix(network);
    return Line(Table(), Table().FindNetwork(number, *OspfMaskLength(mask)));
}

std::string
OspfRouteWorld::Router(uint32_t router, uint32_t area) const
{
    const auto* route = Table().FindRouter(router, area);
    return (route == nullptr ? "" : Bits(*route)) + Line(Table(), route);
}

} // namespace karp
} // namespace ns3
