/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-network.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

constexpr Time DELAY = std::chrono::milliseconds(1);
constexpr uint32_t NETWORK_MASK = 0xffffff00;

/** \return the address that \p text is */
uint32_t
Parse(const std::string& text)
{
    uint32_t address = 0;
    std::istringstream in(text);
    std::string part;
    while (std::getline(in, part, '.'))
    {
        address = address << 8 | static_cast<uint32_t>(std::stoul(part));
    }
    return address;
}

/** \return the route to \p network, such as "10.0.2.0/24", in \p table; nullptr if there is none */
const OspfRoute*
FindNetwork(const OspfRoutingTable& table, const std::string& network)
{
    const size_t slash = network.find('/');
    return table.FindNetwork(Parse(network.substr(0, slash)),
                             static_cast<uint8_t>(std::stoul(network.substr(slash + 1))));
}

} // namespace

OspfNetwork::OspfNetwork(OspfAuthType authType)
    : m_authType(authType)
{
}

IpAddress
OspfNetwork::Address(size_t link, size_t n)
{
    return IpAddress{0x0a000000 + static_cast<uint32_t>(link << 8 | n)};
}

uint32_t
OspfNetwork::RouterId(size_t n)
{
    return 0x0aff0000 + static_cast<uint32_t>(n);
}

OspfExternalRoute
OspfNetwork::External(uint32_t address, uint32_t mask)
{
    OspfExternalRoute route;
    route.address = IpAddress{address};
    route.mask = mask;
    return route;
}

OspfLsaKey
OspfNetwork::RouterKey(size_t n)
{
    return {OspfLsaType::ROUTER, RouterId(n), RouterId(n)};
}

void
OspfNetwork::AddRouters(size_t count)
{
    for (size_t i = 0; i < count; ++i)
    {
        m_routers.push_back(std::make_unique<Router>());
    }
}

size_t
OspfNetwork::Add(const std::vector<size_t>& members, OspfNetworkType type, const Change& change)
{
    m_links.push_back({members, false});
    const size_t link = m_links.size();
    for (const size_t n : members)
    {
        OspfInterfaceConfig config;
        config.index = static_cast<uint32_t>(link);
        config.address = Address(link, n);
        config.networkMask = NETWORK_MASK;
        config.authType = m_authType;
        config.helloJitter = 0.1;
        config.networkType = type;
        if (change)
        {
            change(config);
        }
        m_routers[n - 1]->interfaces[link] = config;
    }
    return link;
}

size_t
OspfNetwork::AddLink(size_t a, size_t b, const Change& change)
{
    return Add({a, b}, OspfNetworkType::POINT_TO_POINT, change);
}

size_t
OspfNetwork::AddChain(size_t count)
{
    AddRouters(count);
    for (size_t n = 1; n < count; ++n)
    {
        AddLink(n, n + 1);
    }
    return m_links.size();
}

size_t
OspfNetwork::AddLan(const std::vector<size_t>& members, const Change& change)
{
    return Add(members, OspfNetworkType::BROADCAST, change);
}

OspfInterfaceConfig&
OspfNetwork::Config(size_t n, size_t link)
{
    return m_routers[n - 1]->interfaces[link];
}

OspfLinkStateConfig&
OspfNetwork::Settings(size_t n)
{
    return m_routers[n - 1]->settings;
}

void
OspfNetwork::KeyAll(const KeyRow& row)
{
    for (const auto& router : m_routers)
    {
        router->keys.Insert(row);
    }
}

void
OspfNetwork::Up(size_t n)
{
    Router& router = *m_routers[n - 1];
    router.entropy = std::make_unique<TestEntropy>(static_cast<uint32_t>(n));
    router.engine = std::make_unique<OspfEngine>(RouterId(n), router.keys, *router.entropy);
    router.engine->EnableLinkState(router.settings);
    for (const auto& [link, config] : router.interfaces)
    {
        router.engine->AddInterface(config);
        router.engine->InterfaceUp(config.index, m_now);
    }
    Pump();
}

void
OspfNetwork::UpAll()
{
    for (size_t n = 1; n <= m_routers.size(); ++n)
    {
        Up(n);
    }
}

void
OspfNetwork::Boot(double seconds)
{
    UpAll();
    Run(seconds);
}

void
OspfNetwork::Crash(size_t n)
{
    m_routers[n - 1]->engine.reset();
}

void
OspfNetwork::Cut(size_t link, bool isCut)
{
    m_links[link - 1].isCut = isCut;
}

void
OspfNetwork::SetFilter(Filter filter)
{
    m_filter = std::move(filter);
}

void
OspfNetwork::Pump()
{
    for (size_t n = 1; n <= m_routers.size(); ++n)
    {
        OspfEngine* engine = m_routers[n - 1]->engine.get();
        if (engine == nullptr)
        {
            continue;
        }
        while (const auto transmit = engine->PollTransmit())
        {
            const size_t link = transmit->interface;
            const auto type = static_cast<OspfPacketType>((*transmit->packet)[1]);
            ++m_sent[{n, type}];
            for (const size_t to : m_links[link - 1].members)
            {
                const bool isThere = to != n && !m_links[link - 1].isCut;
                if (isThere && (!m_filter || m_filter(link, n, to, *transmit->packet)))
                {
                    m_arrivals.insert(
                        {m_now + DELAY, {link, n, to, transmit->destination, *transmit->packet}});
                }
            }
        }
        while (engine->PollEvent())
        {
        }
    }
}

void
OspfNetwork::Inject(size_t link, size_t from, size_t to, const Bytes& packet)
{
    Engine(to).Receive(static_cast<uint32_t>(link),
                       Address(link, from),
                       ALL_SPF_ROUTERS,
                       packet,
                       m_now);
    Pump();
}

void
OspfNetwork::RunUntil(Time until)
{
    while (true)
    {
        Time next = m_arrivals.empty() ? TIME_MAX : m_arrivals.begin()->first;
        Router* first = nullptr;
        for (const auto& router : m_routers)
        {
            const auto timeout =
                router->engine != nullptr ? router->engine->NextTimeout() : std::nullopt;
            if (timeout && *timeout < next)
            {
                next = *timeout;
                first = router.get();
            }
        }
        if (next > until)
        {
            break;
        }
        m_now = std::max(m_now, next);
        if (first != nullptr)
        {
            first->engine->Advance(m_now);
        }
        else
        {
            const Arrival arrival = std::move(m_arrivals.begin()->second);
            m_arrivals.erase(m_arrivals.begin());
            Router& router = *m_routers[arrival.to - 1];
            const auto config = router.interfaces.find(arrival.link);
            const bool isForUs =
                arrival.destination.IsMulticast() || arrival.destination == config->second.address;
            if (router.engine != nullptr && isForUs)
            {
                router.engine->Receive(static_cast<uint32_t>(arrival.link),
                                       Address(arrival.link, arrival.from),
                                       arrival.destination,
                                       arrival.packet,
                                       m_now);
            }
        }
        Pump();
    }
    m_now = until;
}

void
OspfNetwork::Run(double seconds)
{
    RunUntil(m_now + FromSeconds(seconds));
}

OspfEngine&
OspfNetwork::Engine(size_t n)
{
    return *m_routers[n - 1]->engine;
}

const OspfLsdb&
OspfNetwork::Database(size_t n, uint32_t area)
{
    return *Engine(n).LinkState()->Database(area);
}

const OspfLsdb::Entry*
OspfNetwork::Find(size_t n, const OspfLsaKey& key, uint32_t area)
{
    return key.type == OspfLsaType::AS_EXTERNAL ? Engine(n).LinkState()->Externals().Find(key)
                                                : Database(n, area).Find(key);
}

int32_t
OspfNetwork::Sequence(size_t n, size_t of)
{
    const OspfLsdb::Entry* entry = Find(n, RouterKey(of));
    return entry == nullptr ? 0 : entry->lsa->header.sequence;
}

OspfNeighborState
OspfNetwork::State(size_t n, size_t link, size_t neighbor)
{
    for (const auto& info : Engine(n).Neighbors(static_cast<uint32_t>(link)))
    {
        if (info.routerId == RouterId(neighbor))
        {
            return info.state;
        }
    }
    return OspfNeighborState::DOWN;
}

uint32_t
OspfNetwork::Cost(size_t n, const std::string& network)
{
    const OspfRoute* route = FindNetwork(Engine(n).LinkState()->Routes(), network);
    return route == nullptr ? UINT32_MAX : route->cost;
}

std::string
OspfNetwork::NextHops(size_t n, const std::string& network)
{
    const OspfRoutingTable& table = Engine(n).LinkState()->Routes();
    const OspfRoute* route = FindNetwork(table, network);
    if (route == nullptr)
    {
        return "none";
    }
    std::string text;
    for (const OspfNextHop& hop : table.NextHops(*route))
    {
        text += (text.empty() ? "" : " ") + std::to_string(hop.interface) + ":" +
                hop.address.ToString();
    }
    return text;
}

bool
OspfNetwork::Discards(size_t n, uint32_t address)
{
    const OspfRoute* route = Engine(n).LinkState()->Routes().Lookup(IpAddress{address});
    return route != nullptr && route->isDiscard;
}

uint64_t
OspfNetwork::Drops(size_t n, DropReason reason)
{
    return Engine(n).Drops()[static_cast<size_t>(reason)];
}

std::string
OspfNetwork::AllDrops(size_t n)
{
    std::string text;
    for (size_t i = 0; i < Engine(n).Drops().size(); ++i)
    {
        if (Engine(n).Drops()[i] != 0)
        {
            text += (text.empty() ? "" : " ") + std::string(ToString(static_cast<DropReason>(i))) +
                    "=" + std::to_string(Engine(n).Drops()[i]);
        }
    }
    return text;
}

uint64_t
OspfNetwork::Sent(OspfPacketType type, size_t n) const
{
    uint64_t sum = 0;
    for (const auto& [what, count] : m_sent)
    {
        sum += what.second == type && (n == 0 || what.first == n) ? count : 0;
    }
    return sum;
}

std::string
OspfNetwork::Fault()
{
    std::ostringstream out;
    std::map<uint32_t, std::pair<size_t, std::string>> databases;
    for (size_t n = 1; n <= m_routers.size(); ++n)
    {
        if (m_routers[n - 1]->engine == nullptr)
        {
            continue;
        }
        std::set<uint32_t> areas;
        for (const auto& [link, config] : m_routers[n - 1]->interfaces)
        {
            areas.insert(config.areaId);
            if (m_links[link - 1].isCut || config.networkType == OspfNetworkType::STUB)
            {
                continue;
            }
            const OspfInterfaceState state = Engine(n).InterfaceState(static_cast<uint32_t>(link));
            for (const size_t other : m_links[link - 1].members)
            {
                if (other == n || m_routers[other - 1]->engine == nullptr)
                {
                    continue;
                }
                const IpAddress address = Address(link, other);
                const bool isFull =
                    state != OspfInterfaceState::DR_OTHER ||
                    Engine(n).DesignatedRouter(static_cast<uint32_t>(link)) == address ||
                    Engine(n).BackupDesignatedRouter(static_cast<uint32_t>(link)) == address;
                const OspfNeighborState expected =
                    isFull ? OspfNeighborState::FULL : OspfNeighborState::TWO_WAY;
                if (State(n, link, other) != expected)
                {
                    out << "r" << n << " has r" << other << " on " << link << " in "
                        << ToString(State(n, link, other)) << ", who has it in "
                        << ToString(State(other, link, n)) << ", as " << ToString(state) << " of "
                        << Engine(n).DesignatedRouter(static_cast<uint32_t>(link)).ToString()
                        << " and "
                        << Engine(n).BackupDesignatedRouter(static_cast<uint32_t>(link)).ToString()
                        << "; ";
                }
            }
        }
        for (const uint32_t area : areas)
        {
            std::string text;
            for (const auto& [key, entry] : Database(n, area).All())
            {
                text += Describe(*entry->lsa) + "\n";
                if (entry->Age(m_now) >= OSPF_MAX_AGE)
                {
                    out << "r" << n << " keeps " << Describe(key) << "; ";
                }
            }
            const auto [place, isFirst] = databases.try_emplace(area, n, text);
            if (place->second.second != text)
            {
                out << "r" << n << " and r" << place->second.first << " differ in area " << area
                    << "\n"
                    << text << "--\n"
                    << place->second.second << "; ";
            }
        }
    }
    return out.str();
}

} // namespace karp
} // namespace ns3
