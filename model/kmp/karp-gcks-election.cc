/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-gcks-election.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

using R = GcksRole;
using E = GcksElection::Event;

/** An advertised interval is believed within this factor of our own, so no forger can stretch it.
 */
constexpr int INTERVAL_TRUST = 4;

/** \return \p factor times \p time */
Time
Scale(Time time, double factor)
{
    return Time(static_cast<Time::rep>(static_cast<double>(time.count()) * factor));
}

} // namespace

const char*
ToString(GcksRole role)
{
    switch (role)
    {
    case GcksRole::DOWN:
        return "down";
    case GcksRole::INITIAL:
        return "initial";
    case GcksRole::GCKS:
        return "gcks";
    case GcksRole::MEMBER:
        return "member";
    default:
        return "unknown";
    }
}

bool
IsMorePreferred(const GcksRank& a, const GcksRank& b)
{
    return a.priority != b.priority ? a.priority > b.priority : a.address < b.address;
}

const char*
GcksElection::ToString(Event event)
{
    switch (event)
    {
    case Event::START:
        return "START";
    case Event::STOP:
        return "STOP";
    case Event::WAIT_OVER:
        return "WAIT_OVER";
    case Event::INITIAL_BETTER:
        return "INITIAL_BETTER";
    case Event::INITIAL_WORSE:
        return "INITIAL_WORSE";
    case Event::GCKS_CURRENT:
        return "GCKS_CURRENT";
    case Event::GCKS_BETTER:
        return "GCKS_BETTER";
    case Event::GCKS_WORSE:
        return "GCKS_WORSE";
    case Event::HEARTBEAT_LOST:
        return "HEARTBEAT_LOST";
    case Event::JOIN_FAILED:
        return "JOIN_FAILED";
    case Event::MERGED:
        return "MERGED";
    case Event::REFERRED:
        return "REFERRED";
    case Event::GCKS_RESIGNED:
        return "GCKS_RESIGNED";
    case Event::APPOINTED:
        return "APPOINTED";
    default:
        return "unknown";
    }
}

// The machine of H 3. Rows that only say "stay" are there because the event is expected: an event
// without a row would be a mistake of ours.
const std::array<GcksElection::Row, 22>&
GcksElection::Table()
{
    static const std::array<Row, 22> TABLE{{
        {In(R::DOWN), E::START, &GcksElection::ActStart, In(R::INITIAL), "H 3, H 8.1 (E1)"},
        {In(R::INITIAL, R::GCKS, R::MEMBER),
         E::STOP,
         &GcksElection::ActStop,
         In(R::DOWN),
         "H 8.3 (R3)"},
        {In(R::INITIAL),
         E::WAIT_OVER,
         &GcksElection::ActDecide,
         In(R::INITIAL, R::GCKS),
         "H 3 (E5, E6)"},
        {In(R::INITIAL),
         E::INITIAL_BETTER,
         &GcksElection::ActNoteBetter,
         In(R::INITIAL),
         "H 3 (E6)"},
        {In(R::INITIAL), E::INITIAL_WORSE, &GcksElection::ActInsist, In(R::INITIAL), "H 3 (E6)"},
        {In(R::INITIAL), E::GCKS_BETTER, &GcksElection::ActBelieve, In(R::MEMBER), "H 3 (E4)"},
        {In(R::INITIAL), E::GCKS_WORSE, &GcksElection::ActBelieve, In(R::MEMBER), "H 3 (E3, E4)"},
        {In(R::MEMBER), E::GCKS_CURRENT, &GcksElection::ActHeartbeat, In(R::MEMBER), "H 3 (E2)"},
        {In(R::MEMBER), E::GCKS_BETTER, &GcksElection::ActCompare, In(R::MEMBER), "H 3.2 (M5)"},
        {In(R::MEMBER), E::GCKS_WORSE, &GcksElection::ActCompare, In(R::MEMBER), "H 3.2 (M5)"},
        {In(R::MEMBER),
         E::INITIAL_BETTER,
         &GcksElection::ActCorroborate,
         In(R::INITIAL, R::MEMBER),
         "decision: corroborated loss (E8)"},
        {In(R::MEMBER),
         E::INITIAL_WORSE,
         &GcksElection::ActCorroborate,
         In(R::INITIAL, R::MEMBER),
         "decision: corroborated loss (E8)"},
        {In(R::MEMBER), E::HEARTBEAT_LOST, &GcksElection::ActLost, In(R::INITIAL), "H 3 (E8)"},
        {In(R::MEMBER), E::JOIN_FAILED, &GcksElection::ActFailed, In(R::INITIAL), "H 3 (E10)"},
        {In(R::MEMBER), E::REFERRED, &GcksElection::ActHeartbeat, In(R::MEMBER), "H 6.1, 7.3 (J9)"},
        {In(R::MEMBER), E::GCKS_RESIGNED, &GcksElection::ActLost, In(R::INITIAL), "H 7.3 (G8)"},
        {In(R::MEMBER), E::APPOINTED, &GcksElection::ActServe, In(R::GCKS), "H 7.3 (G8)"},
        {In(R::GCKS), E::INITIAL_BETTER, &GcksElection::ActAnswer, In(R::GCKS), "H 3 (E3)"},
        {In(R::GCKS), E::INITIAL_WORSE, &GcksElection::ActAnswer, In(R::GCKS), "H 3 (E3)"},
        {In(R::GCKS), E::GCKS_WORSE, &GcksElection::ActAssert, In(R::GCKS), "H 3.2 (E9)"},
        {In(R::GCKS), E::GCKS_BETTER, &GcksElection::ActMerge, In(R::GCKS), "H 3.2 (E9)"},
        {In(R::GCKS), E::MERGED, &GcksElection::ActYield, In(R::MEMBER), "H 3.2 (M4)"},
    }};
    return TABLE;
}

GcksElection::GcksElection(const ElectionConfig& config, IpAddress address, Entropy& entropy)
    : m_config(config),
      m_address(address),
      m_entropy(entropy)
{
}

void
GcksElection::Start(Time now)
{
    Handle(Event::START, now);
}

void
GcksElection::Stop(Time now)
{
    Handle(Event::STOP, now);
}

void
GcksElection::SetPriority(uint8_t priority)
{
    m_config.priority = priority;
}

void
GcksElection::Hear(IpAddress from, const AdvertPayload& advert, KekKnowledge kek, Time now)
{
    m_from = from;
    m_advert = advert;
    m_kek = kek;
    const bool better = IsMorePreferred({advert.priority, from}, Rank());
    if (advert.state == AdvertState::INITIAL)
    {
        Handle(better ? Event::INITIAL_BETTER : Event::INITIAL_WORSE, now);
    }
    else if (m_role == GcksRole::MEMBER && from == m_gcks)
    {
        Handle(Event::GCKS_CURRENT, now);
    }
    else
    {
        Handle(better ? Event::GCKS_BETTER : Event::GCKS_WORSE, now);
    }
}

void
GcksElection::JoinFailed(Time now)
{
    Handle(Event::JOIN_FAILED, now);
}

void
GcksElection::Merged(IpAddress gcks, Time now)
{
    m_from = gcks;
    Handle(Event::MERGED, now);
}

void
GcksElection::Referred(IpAddress gcks, Time now)
{
    m_from = gcks;
    m_advert = {};
    Handle(Event::REFERRED, now);
}

void
GcksElection::Prefer(IpAddress gcks, const AdvertPayload& advert, Time now)
{
    m_from = gcks;
    m_advert = advert;
    Handle(Event::REFERRED, now);
}

void
GcksElection::Resigned(Time now)
{
    Handle(Event::GCKS_RESIGNED, now);
}

void
GcksElection::Appointed(Time now)
{
    Handle(Event::APPOINTED, now);
}

void
GcksElection::Advance(Time now)
{
    while (const auto timer = m_timers.PopExpired(now))
    {
        switch (*timer)
        {
        case Timer::WAIT:
            Handle(Event::WAIT_OVER, now);
            break;
        case Timer::DOWN:
            Handle(Event::HEARTBEAT_LOST, now);
            break;
        default:
            Advertise(now);
            break;
        }
    }
}

std::optional<Time>
GcksElection::NextTimeout() const
{
    return m_timers.Next();
}

std::optional<ElectionAction>
GcksElection::PollAction()
{
    if (m_actions.empty())
    {
        return std::nullopt;
    }
    const ElectionAction action = m_actions.front();
    m_actions.pop_front();
    return action;
}

GcksRole
GcksElection::Role() const
{
    return m_role;
}

IpAddress
GcksElection::Gcks() const
{
    return m_gcks;
}

GcksRank
GcksElection::Rank() const
{
    return {m_config.priority, m_address};
}

bool
GcksElection::HasBetterCandidate() const
{
    return m_betterCandidate;
}

Time
GcksElection::FullWait() const
{
    return m_config.advertInterval * m_config.downCount + Skew();
}

void
GcksElection::Handle(Event event, Time now)
{
    const Row* row = FindTransition(Table(), m_role, event);
    if (row == nullptr)
    {
        return; // an advertisement while we are down, or a failure that came too late to matter
    }
    const GcksRole next = (this->*row->act)(now);
    if (next != m_role)
    {
        ChangeRole(next, event, now);
    }
}

void
GcksElection::ChangeRole(GcksRole to, Event cause, Time now)
{
    const GcksRole from = m_role;
    m_role = to;
    m_timers.Clear();
    m_betterCandidate = false;
    ElectionAction role;
    role.kind = ElectionAction::Kind::ROLE;
    role.from = from;
    role.to = to;
    role.cause = ToString(cause);
    m_actions.push_back(role);
    switch (to)
    {
    case GcksRole::INITIAL:
        m_gcks = {};
        m_deferrals = 0;
        m_timers.Set(Timer::WAIT, now + m_nextWait);
        AdvertiseWhenAllowed(now);
        break;
    case GcksRole::GCKS:
        m_gcks = m_address;
        Wish(ElectionAction::Kind::TAKE_OVER);
        Advertise(now);
        break;
    case GcksRole::MEMBER:
        Believe(now);
        break;
    default:
        m_gcks = {};
        break;
    }
}

// ---- actions

GcksRole
GcksElection::ActStart(Time)
{
    m_nextWait = FullWait();
    return GcksRole::INITIAL;
}

GcksRole
GcksElection::ActStop(Time)
{
    return GcksRole::DOWN;
}

// "After period, if the router does not find any router with a higher priority, it announces
// itself": a better candidate is waited for, but not for ever, or whoever forges one could keep the
// group without a GCKS (E11).
GcksRole
GcksElection::ActDecide(Time now)
{
    if (!m_betterCandidate || m_deferrals >= m_config.deferMax)
    {
        return GcksRole::GCKS;
    }
    ++m_deferrals;
    m_betterCandidate = false;
    m_timers.Set(Timer::WAIT, now + FullWait());
    AdvertiseWhenAllowed(now);
    return GcksRole::INITIAL;
}

GcksRole
GcksElection::ActNoteBetter(Time)
{
    m_betterCandidate = true;
    return GcksRole::INITIAL;
}

// Whoever knows of a better candidate leaves it to that one to insist: otherwise n routers that
// start together would each answer each other's answers.
GcksRole
GcksElection::ActInsist(Time now)
{
    if (!m_betterCandidate)
    {
        AdvertiseWhenAllowed(now);
    }
    return GcksRole::INITIAL;
}

GcksRole
GcksElection::ActBelieve(Time)
{
    return GcksRole::MEMBER;
}

GcksRole
GcksElection::ActHeartbeat(Time now)
{
    Believe(now);
    return GcksRole::MEMBER;
}

// Two GCKSs are heard: a merge is under way, or over. We follow the other one if it is more
// preferred and its KEK came from itself, or if ours has fallen silent and its KEK is held from
// whomever; a forger's is neither. Else ours will be missed in time.
GcksRole
GcksElection::ActCompare(Time now)
{
    const bool preferred = IsMorePreferred({m_advert.priority, m_from}, m_gcksRank);
    if ((m_kek == KekKnowledge::ISSUED && preferred) ||
        (m_kek != KekKnowledge::NONE && IsOverdue(now)))
    {
        Believe(now);
    }
    return GcksRole::MEMBER;
}

// Somebody else looks for a GCKS. Alone that means a newcomer; if we miss heartbeats as well, the
// GCKS is gone, and joining the election now keeps the most preferred router from coming last only
// because it heard one heartbeat more.
GcksRole
GcksElection::ActCorroborate(Time now)
{
    if (!IsOverdue(now))
    {
        return GcksRole::MEMBER;
    }
    return ActLost(now);
}

GcksRole
GcksElection::ActLost(Time)
{
    m_nextWait = m_config.skew ? Skew() : m_config.advertInterval;
    return GcksRole::INITIAL;
}

GcksRole
GcksElection::ActFailed(Time)
{
    m_nextWait = FullWait();
    return GcksRole::INITIAL;
}

GcksRole
GcksElection::ActAnswer(Time)
{
    Wish(ElectionAction::Kind::SEND_ADVERT, m_from);
    return GcksRole::GCKS;
}

GcksRole
GcksElection::ActAssert(Time now)
{
    AdvertiseWhenAllowed(now);
    return GcksRole::GCKS;
}

GcksRole
GcksElection::ActMerge(Time)
{
    Wish(ElectionAction::Kind::MERGE, m_from);
    return GcksRole::GCKS;
}

GcksRole
GcksElection::ActYield(Time)
{
    m_advert = {};
    return GcksRole::MEMBER;
}

GcksRole
GcksElection::ActServe(Time)
{
    return GcksRole::GCKS;
}

// ---- helpers

void
GcksElection::Wish(ElectionAction::Kind kind, IpAddress peer)
{
    ElectionAction action;
    action.kind = kind;
    action.peer = peer;
    m_actions.push_back(action);
}

void
GcksElection::Advertise(Time now)
{
    Wish(ElectionAction::Kind::SEND_ADVERT);
    m_lastAdvert = now;
    if (m_role == GcksRole::GCKS)
    {
        // Shortened, never lengthened: who counts missed heartbeats must not be fooled by jitter.
        const double factor = 1.0 - m_config.advertJitter * m_entropy.DrawUnit();
        m_timers.Set(Timer::ADVERT, now + Scale(m_config.advertInterval, factor));
    }
}

void
GcksElection::AdvertiseWhenAllowed(Time now)
{
    const Time gap = Scale(m_config.advertInterval, m_config.minAdvertGap);
    if (!m_lastAdvert || now - *m_lastAdvert >= gap)
    {
        Advertise(now);
    }
    else if (const auto due = m_timers.At(Timer::ADVERT); !due || *due > *m_lastAdvert + gap)
    {
        m_timers.Set(Timer::ADVERT, *m_lastAdvert + gap);
    }
}

// The sender of the advertisement at hand is our GCKS, and alive.
void
GcksElection::Believe(Time now)
{
    const bool known = m_gcks == m_from;
    m_gcks = m_from;
    m_gcksRank = {m_advert.priority, m_from};
    m_gcksInterval = std::chrono::milliseconds(m_advert.intervalMs);
    m_lastHeard = now;
    m_timers.Set(Timer::DOWN, now + HeardInterval() * m_config.downCount);
    if (!known)
    {
        Wish(ElectionAction::Kind::REGISTER, m_from);
    }
}

bool
GcksElection::IsOverdue(Time now) const
{
    // Intervals are shortened by jitter and never lengthened, so by now one heartbeat was lost.
    return now - m_lastHeard > HeardInterval();
}

Time
GcksElection::Skew() const
{
    return m_config.skew ? m_config.advertInterval * (256 - m_config.priority) / 256
                         : m_config.advertInterval;
}

Time
GcksElection::HeardInterval() const
{
    if (m_gcksInterval == Time(0))
    {
        return m_config.advertInterval;
    }
    return std::clamp(m_gcksInterval,
                      m_config.advertInterval / INTERVAL_TRUST,
                      m_config.advertInterval * INTERVAL_TRUST);
}

} // namespace karp
} // namespace ns3
