/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-link-state.h"

#include "karp-ospf-interface.h"
#include "karp-ospf-neighbor.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Databases: what is held and flooded (RFC 2328 section 13), ageing (section 14), and when routes
 * are calculated (section 16).
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return whether routes could depend on the difference (section 13.2) */
bool
IsDifferent(const OspfLsa& a, const OspfLsa& b)
{
    return a.header.options != b.header.options || a.octets.size() != b.octets.size() ||
           !std::equal(a.octets.begin() + OSPF_LSA_HEADER_SIZE,
                       a.octets.end(),
                       b.octets.begin() + OSPF_LSA_HEADER_SIZE);
}

/** \return whether databases are exchanged in \p state */
bool
IsExchange(OspfNeighborState state)
{
    return state == OspfNeighborState::EXCHANGE || state == OspfNeighborState::LOADING;
}

} // namespace

OspfLinkState::OspfLinkState(OspfContext& context, const OspfLinkStateConfig& config)
    : m_context(context),
      m_config(config),
      m_pool(std::make_shared<OspfLsaPool>())
{
    m_as.isAs = true;
}

OspfLinkState::~OspfLinkState() = default;

void
OspfLinkState::AddInterface(OspfInterface& interface, uint32_t areaId)
{
    auto& area = m_areas[areaId];
    if (area == nullptr)
    {
        area = std::make_unique<OspfArea>();
        for (const OspfAreaConfig& config : m_config.areas)
        {
            if (config.areaId == areaId)
            {
                area->config = config;
            }
        }
        area->config.areaId = areaId;
        // "The backbone cannot be configured as a stub area" (section 3.6).
        area->config.isStub = area->config.isStub && areaId != 0;
        // No network is inside a mask with holes.
        auto& ranges = area->config.ranges;
        ranges.erase(std::remove_if(ranges.begin(),
                                    ranges.end(),
                                    [](const auto& range) { return !OspfMaskLength(range.mask); }),
                     ranges.end());
    }
    area->interfaces.push_back(&interface);
    if (!area->config.isStub)
    {
        m_as.interfaces.push_back(&interface);
    }
    interface.SetArea(*area);
}

OspfArea&
OspfLinkState::ScopeOf(const OspfInterface& interface, OspfLsaType type)
{
    return type == OspfLsaType::AS_EXTERNAL ? m_as : interface.Area();
}

OspfLsdb&
OspfLinkState::Database(const OspfInterface& interface, OspfLsaType type)
{
    return ScopeOf(interface, type).lsdb;
}

std::vector<OspfLsdb*>
OspfLinkState::Databases(const OspfInterface& interface)
{
    std::vector<OspfLsdb*> databases{&interface.Area().lsdb};
    if (!interface.Area().config.isStub)
    {
        databases.push_back(&m_as.lsdb);
    }
    return databases;
}

const OspfLsdb*
OspfLinkState::Database(uint32_t areaId) const
{
    const auto place = m_areas.find(areaId);
    return place == m_areas.end() ? nullptr : &place->second->lsdb;
}

bool
OspfLinkState::HasRoom(const OspfInterface& interface, OspfLsaType type)
{
    return Database(interface, type).Size() < m_config.lsasMax;
}

std::variant<OspfLsaPtr, DecodeError>
OspfLinkState::Decode(ByteView octets)
{
    return m_pool->Decode(octets);
}

void
OspfLinkState::SetPool(std::shared_ptr<OspfLsaPool> pool)
{
    m_pool = std::move(pool);
}

bool
OspfLinkState::IsOwn(const OspfLsaKey& key) const
{
    // Section 13.4: its advertising router is this router; or it is a network-LSA whose Link State
    // ID is one of its addresses, from a time when its name was another.
    if (key.advertisingRouter == m_context.routerId)
    {
        return true;
    }
    if (key.type != OspfLsaType::NETWORK)
    {
        return false;
    }
    for (const auto& [id, area] : m_areas)
    {
        for (const OspfInterface* interface : area->interfaces)
        {
            if (interface->Config().address.value == key.linkStateId)
            {
                return true;
            }
        }
    }
    return false;
}

// ---- installing and flooding

bool
OspfLinkState::Receive(OspfLsdb::Entry* held,
                       OspfLsaPtr lsa,
                       uint16_t age,
                       const OspfArrival& arrival,
                       Time now)
{
    OspfArea& scope = ScopeOf(*arrival.interface, lsa->header.key.type);
    return Install(scope, held, std::move(lsa), age, arrival, now);
}

bool
OspfLinkState::Install(OspfArea& area,
                       OspfLsdb::Entry* held,
                       OspfLsaPtr lsa,
                       uint16_t age,
                       const OspfArrival& arrival,
                       Time now)
{
    const OspfLsaKey key = lsa->header.key;
    OspfLsaPtr before;
    bool wasMaxAge = false;
    if (held != nullptr)
    {
        before = held->lsa;
        wasMaxAge = held->Age(now) >= OSPF_MAX_AGE;
        // (5c) "Remove the current database copy from all neighbors' Link state retransmission
        // lists."
        if (held->retransmissions > 0)
        {
            for (OspfInterface* interface : area.interfaces)
            {
                interface->Flooding().ForgetRetransmissions(*held);
            }
        }
    }
    OspfLsdb::Entry& entry = area.lsdb.Install(held, std::move(lsa), age, now);
    entry.byFlooding = arrival.byFlooding;
    const bool isMaxAge = age >= OSPF_MAX_AGE;
    if (isMaxAge)
    {
        area.flushed.insert(key);
    }
    else
    {
        area.flushed.erase(key);
        const bool isRefreshed = key.advertisingRouter == m_context.routerId;
        Need(Timer::AGEING, entry.ReachesAge(isRefreshed ? OSPF_LS_REFRESH_TIME : OSPF_MAX_AGE));
    }
    NoteChange(area, std::move(before), wasMaxAge, entry.lsa, isMaxAge, now);

    bool isFloodedBack = false;
    for (OspfInterface* interface : area.interfaces)
    {
        const bool isHere = interface == arrival.interface;
        const bool goesOut = interface->Flooding().FloodOut(entry, arrival.neighbor, isHere, now);
        isFloodedBack = isFloodedBack || (isHere && goesOut);
    }
    return isFloodedBack;
}

void
OspfLinkState::NoteChange(OspfArea& area,
                          OspfLsaPtr before,
                          bool wasMaxAge,
                          OspfLsaPtr after,
                          bool isMaxAge,
                          Time now)
{
    // Whatever has the age MaxAge does not exist as far as routes are concerned (section 13.2).
    const bool existed = before != nullptr && !wasMaxAge;
    const bool exists = after != nullptr && !isMaxAge;
    const bool isDifferent = existed != exists || (existed && IsDifferent(*before, *after));
    constexpr size_t CHANGES_MAX = 4096;
    if (m_changes.size() < CHANGES_MAX)
    {
        m_changes.push_back({area.config.areaId, std::move(before), std::move(after)});
    }
    else
    {
        m_changesMissing = true;
    }
    if (isDifferent)
    {
        RoutesChanged(now);
    }
}

void
OspfLinkState::Flush(OspfArea& area, const OspfLsaKey& key, Time now)
{
    OspfLsdb::Entry* entry = area.lsdb.Find(key);
    if (entry != nullptr && entry->Age(now) < OSPF_MAX_AGE)
    {
        Install(area, entry, entry->lsa, OSPF_MAX_AGE, {}, now);
    }
}

void
OspfLinkState::CheckSelfOriginated(OspfInterface& interface, const OspfLsaKey& key, Time now)
{
    if (!IsOwn(key))
    {
        return;
    }
    OspfArea& area = ScopeOf(interface, key.type);
    const auto own = area.own.find(key);
    if (own != area.own.end() && own->second.isWanted)
    {
        // 13.4: "the router must advance the LSA's LS sequence number one past the received LS
        // sequence number, and originate a new instance of the LSA". At once: it is not we who
        // change what we say, and MinLSArrival bounds how often somebody can make us.
        Originate(area, key, own->second, now);
        return;
    }
    // "It may be the case the router no longer wishes to originate the received LSA ... the
    // received LSA should be flushed from the routing domain."
    Flush(area, key, now);
}

void
OspfLinkState::Settle(Time now)
{
    // Section 14: "A MaxAge LSA must be removed immediately from the router's link state database
    // as soon as both a) it is no longer contained on any neighbor Link state retransmission lists
    // and b) none of the router's neighbors are in states Exchange or Loading."
    if (m_exchanging > 0)
    {
        return;
    }
    ForEachScope([this, now](OspfArea& area) {
        if (!area.flushed.empty())
        {
            RemoveFlushed(area, now);
        }
    });
}

void
OspfLinkState::RemoveFlushed(OspfArea& area, Time now)
{
    for (auto place = area.flushed.begin(); place != area.flushed.end();)
    {
        const OspfLsaKey key = *place;
        const OspfLsdb::Entry* entry = area.lsdb.Find(key);
        if (entry != nullptr && entry->retransmissions > 0)
        {
            ++place;
            continue;
        }
        place = area.flushed.erase(place);
        if (entry != nullptr)
        {
            NoteChange(area, entry->lsa, true, nullptr, false, now);
            area.lsdb.Remove(key);
        }
        // 12.1.6: after MaxSequenceNumber an LSA "must first be flushed", then begins anew.
        const auto own = area.own.find(key);
        if (own != area.own.end())
        {
            if (!own->second.isWanted)
            {
                area.own.erase(own);
            }
            else if (own->second.isDue)
            {
                Need(Timer::ORIGINATE, now);
            }
        }
    }
}

void
OspfLinkState::AgeDatabase(OspfArea& area, Time now)
{
    std::vector<OspfLsaKey> old;
    for (const auto& [key, entry] : area.lsdb.All())
    {
        if (area.flushed.count(key) != 0)
        {
            continue;
        }
        const auto own = area.own.find(key);
        const bool isOwn = own != area.own.end() && own->second.isWanted;
        const Time at = entry->ReachesAge(isOwn ? OSPF_LS_REFRESH_TIME : OSPF_MAX_AGE);
        if (at > now)
        {
            Need(Timer::AGEING, at);
        }
        else
        {
            old.push_back(key);
        }
    }
    for (const OspfLsaKey& key : old)
    {
        const auto own = area.own.find(key);
        if (own != area.own.end() && own->second.isWanted)
        {
            // 12.4 (1): "The LS age field of one of the router's self-originated LSAs reaches the
            // value LSRefreshTime."
            Originate(area, key, own->second, now);
        }
        else
        {
            // Section 14: "the router floods the LSA, so that it is flushed".
            OspfLsdb::Entry* entry = area.lsdb.Find(key);
            Install(area, entry, entry->lsa, OSPF_MAX_AGE, {}, now);
        }
    }
}

void
OspfLinkState::RequestsChanged(Time now)
{
    if (m_exchanging == 0)
    {
        return;
    }
    for (const auto& [id, area] : m_areas)
    {
        for (OspfInterface* interface : area->interfaces)
        {
            interface->Flooding().RequestsChanged(now);
        }
    }
}

// ---- events

void
OspfLinkState::InterfaceChanged(OspfInterface& interface, Time now)
{
    RouterLsaChanged(interface.Area(), now, m_config.lsaDelay);
    UpdateNetworkLsa(interface, now, m_config.lsaDelay);
}

void
OspfLinkState::CostChanged(OspfInterface& interface, Time now)
{
    RouterLsaChanged(interface.Area(), now, m_config.lsaDelay);
}

void
OspfLinkState::NeighborChanged(OspfInterface& interface,
                               OspfNeighborState from,
                               OspfNeighborState to,
                               Time now)
{
    m_exchanging += IsExchange(to) ? 1 : 0;
    m_exchanging -= IsExchange(from) ? 1 : 0;
    // 12.4 (4), (5): "One of the neighboring routers changes to/from the FULL state."
    if (from == OspfNeighborState::FULL || to == OspfNeighborState::FULL)
    {
        // The exchange has just spread the instances that there were; within MinLSArrival of them
        // whoever is farther away than the neighbour drops another one, and gets it RxmtInterval
        // later. Others often become Full at the same time. That a link is lost is told at once.
        const bool isNew = to == OspfNeighborState::FULL;
        const Time delay =
            isNew ? std::max(m_config.lsaDelay, m_config.adjacencyDelay) : m_config.lsaDelay;
        RouterLsaChanged(interface.Area(), now, delay);
        UpdateNetworkLsa(interface, now, delay);
    }
}

// ---- time

void
OspfLinkState::Need(Timer timer, Time at)
{
    if (!m_timers.IsSet(timer) || at < *m_timers.At(timer))
    {
        m_timers.Set(timer, at);
        m_context.timersChanged = true;
    }
}

void
OspfLinkState::Fire(Time now)
{
    const auto timer = m_timers.PopExpired(now);
    if (!timer)
    {
        return;
    }
    m_context.timersChanged = true;
    switch (*timer)
    {
    case Timer::AGEING:
        ForEachScope([this, now](OspfArea& area) { AgeDatabase(area, now); });
        break;
    case Timer::ORIGINATE:
        ForEachScope([this, now](OspfArea& area) { OriginateDue(area, now); });
        break;
    case Timer::CALCULATE:
        Calculate(now);
        break;
    case Timer::COUNT:
        break;
    }
}

void
OspfLinkState::RoutesChanged(Time now)
{
    if (m_timers.IsSet(Timer::CALCULATE))
    {
        return;
    }
    // Soon after a change while the network is quiet; ever later while it is not.
    const bool isQuiet = now - m_calculated > 2 * std::max(m_hold, m_config.spfHold);
    if (isQuiet)
    {
        m_hold = m_config.spfHold;
        Need(Timer::CALCULATE, now + m_config.spfDelay);
        return;
    }
    Need(Timer::CALCULATE, std::max(now + m_config.spfDelay, m_calculated + m_hold));
    m_hold = std::min(2 * m_hold, m_config.spfHoldMax);
}

void
OspfLinkState::AddRanges(const OspfAreaConfig& area, OspfRouteInput& input) const
{
    for (const auto& range : area.ranges)
    {
        if (IsAreaBorder())
        {
            input.ranges.push_back(
                {area.areaId, range.address.value & range.mask, *OspfMaskLength(range.mask)});
        }
    }
}

void
OspfLinkState::Calculate(Time now)
{
    OspfRouteInput input;
    input.routerId = m_context.routerId;
    input.externals = &m_as.lsdb;
    input.rfc1583Compatibility = m_config.rfc1583Compatibility;
    input.pathsMax = m_config.maxPaths;
    for (const auto& [id, area] : m_areas)
    {
        bool isAttached = false;
        for (const OspfInterface* interface : area->interfaces)
        {
            if (interface->State() < OspfInterfaceState::WAITING)
            {
                continue;
            }
            isAttached = true;
            const OspfInterfaceConfig& config = interface->Config();
            input.interfaces.push_back({config.index,
                                        config.address,
                                        config.networkMask,
                                        id,
                                        config.networkType == OspfNetworkType::POINT_TO_POINT});
        }
        // An area that the router has no way into is none of its own.
        if (isAttached)
        {
            input.areas.push_back({id, &area->lsdb});
        }
        AddRanges(area->config, input);
    }
    const OspfRoutingTable before = m_calculator.Table();
    const OspfCalculation done = m_changesMissing ? m_calculator.Calculate(input, now)
                                                  : m_calculator.Calculate(input, m_changes, now);
    m_changes = std::vector<OspfLsaChange>();
    m_changesMissing = false;
    m_calculated = now;
    if (done == OspfCalculation::NOTHING)
    {
        return;
    }
    const size_t changes = DifferentNetworks(before, m_calculator.Table()).size();
    if (changes > 0)
    {
        m_context.Emit(0, OspfEvent::RoutesChanged{changes});
    }
    UpdateSummaries(now);
}

} // namespace karp
} // namespace ns3
