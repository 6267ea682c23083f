/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-interface.h"

#include "karp-ospf-link-state.h"

#include <algorithm>
#include <cassert>

namespace ns3
{
namespace karp
{

namespace
{

/** Names of section 9.1 in the order of the enumerators. */
constexpr std::array<const char*, static_cast<size_t>(OspfInterfaceState::COUNT)> STATE_NAMES{{
    "Down",
    "Loopback",
    "Waiting",
    "Point-to-point",
    "DROther",
    "Backup",
    "DR",
}};

/** Names of section 9.2 in the order of the enumerators. */
constexpr std::array<const char*, static_cast<size_t>(OspfInterfaceEvent::COUNT)> EVENT_NAMES{{
    "InterfaceUp",
    "WaitTimer",
    "BackupSeen",
    "NeighborChange",
    "LoopInd",
    "UnloopInd",
    "InterfaceDown",
}};

using S = OspfInterfaceState;
using E = OspfInterfaceEvent;

constexpr uint32_t ELECTED = In(S::DR_OTHER, S::BACKUP, S::DR);

/** \return whether \p neighbor comes before the one of \p identity in the list of neighbours */
bool
IsBefore(const std::unique_ptr<OspfNeighbor>& neighbor, uint32_t identity)
{
    return neighbor->Identity() < identity;
}

} // namespace

const char*
ToString(OspfInterfaceState state)
{
    const auto index = static_cast<size_t>(state);
    return index < STATE_NAMES.size() ? STATE_NAMES[index] : "unknown";
}

const char*
ToString(OspfInterfaceEvent event)
{
    const auto index = static_cast<size_t>(event);
    return index < EVENT_NAMES.size() ? EVENT_NAMES[index] : "unknown";
}

const OspfInterface::Table OspfInterface::MACHINE{{
    {In(S::DOWN),
     E::INTERFACE_UP,
     &OspfInterface::ActUp,
     In(S::POINT_TO_POINT, S::WAITING, S::DR_OTHER),
     "RFC 2328 section 9.3: Down, InterfaceUp"},
    {In(S::WAITING),
     E::BACKUP_SEEN,
     &OspfInterface::ActElect,
     ELECTED,
     "RFC 2328 section 9.3: Waiting, BackupSeen"},
    {In(S::WAITING),
     E::WAIT_TIMER,
     &OspfInterface::ActElect,
     ELECTED,
     "RFC 2328 section 9.3: Waiting, WaitTimer"},
    {ELECTED,
     E::NEIGHBOR_CHANGE,
     &OspfInterface::ActElect,
     ELECTED,
     "RFC 2328 section 9.3: DR Other, Backup or DR, NeighborChange"},
    {In(S::WAITING),
     E::NEIGHBOR_CHANGE,
     &OspfInterface::ActStay,
     In(S::WAITING),
     "RFC 2328 section 9.1: Waiting, not allowed to elect until it ends"},
    {In(S::POINT_TO_POINT),
     E::NEIGHBOR_CHANGE,
     &OspfInterface::ActStay,
     In(S::POINT_TO_POINT),
     "RFC 2328 section 9.1: Point-to-point, no Designated Router is elected"},
    {AnyState<S>(),
     E::INTERFACE_DOWN,
     &OspfInterface::ActReset,
     In(S::DOWN),
     "RFC 2328 section 9.3: Any state, InterfaceDown"},
    {AnyState<S>(),
     E::LOOP_IND,
     &OspfInterface::ActLoop,
     In(S::LOOPBACK),
     "RFC 2328 section 9.3: Any state, LoopInd"},
    {In(S::LOOPBACK),
     E::UNLOOP_IND,
     &OspfInterface::ActReset,
     In(S::DOWN),
     "RFC 2328 section 9.3: Loopback, UnloopInd"},
}};

OspfInterface::OspfInterface(OspfContext& context, const OspfInterfaceConfig& config)
    : m_context(context),
      m_config(config),
      m_authenticator(context, m_config),
      m_flooding(context, *this)
{
    m_config.helloJitter = std::clamp(m_config.helloJitter, 0.0, HELLO_JITTER_MAX);
    // Every neighbour must find room in our Hello.
    m_config.neighborsMax = std::min(m_config.neighborsMax, MAX_OSPF_NEIGHBORS);
}

const OspfInterface::Table&
OspfInterface::Machine()
{
    return MACHINE;
}

void
OspfInterface::Handle(OspfInterfaceEvent event, Time now)
{
    const Row* row = FindTransition(MACHINE, m_state, event);
    if (row == nullptr)
    {
        Reject(DropReason::UNEXPECTED_EVENT, static_cast<uint64_t>(event), m_config.address);
        return;
    }
    const OspfInterfaceState from = m_state;
    const OspfInterfaceState next = (this->*row->act)(now);
    assert((row->to & In(next)) != 0);
    if (next != m_state)
    {
        ChangeState(next, event);
    }
    NoteDesignatedRouters(now);
    if (LinkState() != nullptr && next != from)
    {
        LinkState()->InterfaceChanged(*this, now);
    }
}

OspfInterfaceState
OspfInterface::ActUp(Time now)
{
    // "If the attached network is a physical point-to-point network ... the interface state
    // transitions to Point-to-Point." A passive interface speaks to nobody and elects nobody.
    if (m_config.networkType == OspfNetworkType::STUB)
    {
        return S::DR_OTHER;
    }
    SendHello(now);
    if (m_config.networkType == OspfNetworkType::POINT_TO_POINT)
    {
        return S::POINT_TO_POINT;
    }
    // "Else, if the router is not eligible to become Designated Router the interface state
    // transitions to DR Other. Otherwise ... Waiting and the single shot Wait Timer is started."
    if (m_config.priority == 0)
    {
        return S::DR_OTHER;
    }
    // 9.1, 9.2 and C.3: the Wait Timer is as long as RouterDeadInterval.
    SetTimer(Timer::WAIT, now + m_config.routerDeadInterval);
    return S::WAITING;
}

OspfInterfaceState
OspfInterface::ActElect(Time /* now */)
{
    // Section 9.4: the list is "precisely the collection of Router X's neighbors whose state is
    // greater than or equal to 2-Way", and Router X.
    m_candidates.clear();
    for (const auto& neighbor : m_neighbors)
    {
        if (neighbor->IsBidirectional())
        {
            m_candidates.push_back(neighbor->AsCandidate());
        }
    }
    const OspfCandidate self{m_context.routerId,
                             m_config.address,
                             m_config.priority,
                             m_designatedRouter,
                             m_backupDesignatedRouter};
    const OspfElectionResult result = ElectDesignatedRouter(self, m_candidates);
    m_designatedRouter = result.designatedRouter;
    m_backupDesignatedRouter = result.backupDesignatedRouter;

    // (5) "The router's interface state should be set accordingly."
    if (m_designatedRouter == m_config.address)
    {
        return S::DR;
    }
    return m_backupDesignatedRouter == m_config.address ? S::BACKUP : S::DR_OTHER;
}

OspfInterfaceState
OspfInterface::ActStay(Time /* now */)
{
    return m_state;
}

OspfInterfaceState
OspfInterface::ActReset(Time now)
{
    // "All interface variables are reset, and interface timers disabled. Also, all neighbor
    // connections associated with the interface are destroyed."
    KillNeighbors(now);
    m_timers.Clear();
    m_context.timersChanged = true;
    m_flooding.Clear();
    m_designatedRouter = {};
    m_backupDesignatedRouter = {};
    return S::DOWN;
}

OspfInterfaceState
OspfInterface::ActLoop(Time now)
{
    ActReset(now);
    return S::LOOPBACK;
}

void
OspfInterface::ChangeState(OspfInterfaceState to, OspfInterfaceEvent cause)
{
    const OspfInterfaceState from = m_state;
    m_state = to;
    if (from == S::WAITING)
    {
        StopTimer(Timer::WAIT);
    }
    m_context.Emit(m_config.index, OspfEvent::InterfaceChanged{from, to, ToString(cause)});
}

void
OspfInterface::NoteDesignatedRouters(Time now)
{
    if (m_designatedRouter == m_reportedDesignatedRouter &&
        m_backupDesignatedRouter == m_reportedBackup)
    {
        return;
    }
    m_reportedDesignatedRouter = m_designatedRouter;
    m_reportedBackup = m_backupDesignatedRouter;
    m_context.Emit(m_config.index,
                   OspfEvent::DesignatedRouterChanged{m_designatedRouter,
                                                      m_backupDesignatedRouter,
                                                      m_state == S::DR});
    if (LinkState() == nullptr)
    {
        return;
    }
    // Section 9.4 (7): "the event AdjOK? should be invoked for all neighbors whose state is 2-Way
    // or higher", since whoever was to be an adjacent router may not be any more, and the reverse.
    for (const auto& neighbor : m_neighbors)
    {
        if (neighbor->IsBidirectional())
        {
            neighbor->Handle(OspfNeighborEvent::ADJ_OK, now);
        }
    }
    LinkState()->InterfaceChanged(*this, now);
}

void
OspfInterface::SetPriority(uint8_t priority, Time now)
{
    if (priority == m_config.priority)
    {
        return;
    }
    m_config.priority = priority;
    if (m_config.networkType == OspfNetworkType::STUB)
    {
        return;
    }
    // Section 9.2 names the neighbours' priorities only; our own counts as much in section 9.4.
    if (m_state >= S::WAITING)
    {
        Handle(E::NEIGHBOR_CHANGE, now);
    }
}

void
OspfInterface::SetCost(uint16_t cost, Time now)
{
    m_config.cost = cost;
    if (LinkState() != nullptr)
    {
        LinkState()->CostChanged(*this, now);
    }
}

void
OspfInterface::SetTimer(Timer timer, Time at)
{
    m_timers.Set(timer, at);
    m_context.timersChanged = true;
}

void
OspfInterface::StopTimer(Timer timer)
{
    m_timers.Stop(timer);
    m_context.timersChanged = true;
}

void
OspfInterface::Fire(Time now)
{
    const auto timer = m_timers.PopExpired(now);
    if (!timer)
    {
        return;
    }
    m_context.timersChanged = true;
    switch (*timer)
    {
    case Timer::INACTIVITY:
        ExpireNeighbors(now);
        break;
    case Timer::WAIT:
        Handle(E::WAIT_TIMER, now);
        break;
    case Timer::HELLO:
        SendHello(now);
        break;
    case Timer::FLOOD:
        m_flooding.SendFlooded(now);
        break;
    case Timer::RETRANSMIT:
        for (const auto& neighbor : m_neighbors)
        {
            neighbor->Retransmit(now);
        }
        break;
    case Timer::ACK:
        m_flooding.SendAcknowledgments(now);
        break;
    case Timer::COUNT:
        break;
    }
}

void
OspfInterface::ExpireNeighbors(Time now)
{
    // Deadlines only ever move away, so the timer need not follow each Hello: it fires when the
    // first deadline known at the time passes, and then looks again.
    bool isChanged = false;
    std::optional<Time> next;
    for (const auto& neighbor : m_neighbors)
    {
        if (neighbor->Deadline() <= now)
        {
            isChanged = isChanged || neighbor->IsBidirectional();
            neighbor->Handle(OspfNeighborEvent::INACTIVITY_TIMER, now);
        }
        else
        {
            next = Earlier(next, neighbor->Deadline());
        }
    }
    // Down is where nothing is known: the structure goes, as for any neighbour not configured, and
    // with it the sequence number, which D.3 sets to 0 "whenever the neighbor's state transitions
    // to Down". Here the door opens for replay between sessions (RFC 6863) that key management
    // closes.
    const auto isDown = [this](const std::unique_ptr<OspfNeighbor>& neighbor) {
        if (neighbor->State() != OspfNeighborState::DOWN)
        {
            return false;
        }
        m_authenticator.NeighborDown(neighbor->Identity());
        return true;
    };
    m_neighbors.erase(std::remove_if(m_neighbors.begin(), m_neighbors.end(), isDown),
                      m_neighbors.end());
    if (next)
    {
        SetTimer(Timer::INACTIVITY, *next);
    }
    if (isChanged)
    {
        Handle(E::NEIGHBOR_CHANGE, now);
    }
}

uint32_t
OspfInterface::Identify(uint32_t routerId, IpAddress source) const
{
    // Section 8.2: "If the receiving interface connects to a broadcast network ... the sender is
    // identified by the IP source address found in the packet's IP header. If the receiving
    // interface connects to a point-to-point network ... the sender is identified by the Router ID
    // (source router) found in the packet's OSPF header."
    return m_config.networkType == OspfNetworkType::POINT_TO_POINT ? routerId : source.value;
}

OspfNeighbor*
OspfInterface::Find(uint32_t identity) const
{
    const auto place = std::lower_bound(m_neighbors.begin(), m_neighbors.end(), identity, IsBefore);
    return place != m_neighbors.end() && (*place)->Identity() == identity ? place->get() : nullptr;
}

OspfNeighbor*
OspfInterface::Create(uint32_t identity)
{
    if (m_neighbors.size() >= m_config.neighborsMax)
    {
        return nullptr;
    }
    const auto place = std::lower_bound(m_neighbors.begin(), m_neighbors.end(), identity, IsBefore);
    return m_neighbors.insert(place, std::make_unique<OspfNeighbor>(m_context, *this, identity))
        ->get();
}

void
OspfInterface::KillNeighbors(Time now)
{
    for (const auto& neighbor : m_neighbors)
    {
        neighbor->Handle(OspfNeighborEvent::KILL_NBR, now);
        m_authenticator.NeighborDown(neighbor->Identity());
    }
    m_neighbors.clear();
}

std::vector<const OspfNeighbor*>
OspfInterface::Neighbors() const
{
    std::vector<const OspfNeighbor*> neighbors;
    neighbors.reserve(m_neighbors.size());
    for (const auto& neighbor : m_neighbors)
    {
        neighbors.push_back(neighbor.get());
    }
    std::stable_sort(neighbors.begin(),
                     neighbors.end(),
                     [](const OspfNeighbor* a, const OspfNeighbor* b) {
                         return a->GetFields().routerId < b->GetFields().routerId;
                     });
    return neighbors;
}

} // namespace karp
} // namespace ns3
