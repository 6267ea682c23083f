/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-engine.h"

/**
 * \file
 * Advertisements are not protected, so anybody can send a router into an exchange that nobody will
 * ever complete (H 3). "Attackers may choose the outcome, they must not be able to force a denial
 * of service" (E11): whoever has proven nothing is waited for only so long, for a shorter time if
 * another GCKS is heard, and after some such disappointments the router stops to believe any.
 */

namespace ns3
{
namespace karp
{

// A KEK that came from it, or an exchange that it completed.
bool
MrkmpEngine::HasProven(IpAddress gcks, Time now) const
{
    return m_registeredWith == gcks || m_keys.NewestKekOf(gcks, now) != nullptr;
}

void
MrkmpEngine::BePatient(IpAddress gcks, Time now)
{
    if (!HasProven(gcks, now) && !m_timers.IsSet(Timer::PATIENCE))
    {
        m_timers.Set(Timer::PATIENCE, now + m_config.joinPatience);
    }
}

void
MrkmpEngine::PatienceOver(Time now)
{
    if (!m_attempt || m_attempt->purpose != Purpose::JOIN)
    {
        return;
    }
    const Attempt attempt = *m_attempt;
    ++m_fruitless;
    m_sessions.Close(attempt.session);
    EndAttempt(false, "no proof in time", now);
    if (m_fruitless < m_config.fruitlessMax)
    {
        // Messages get lost: repetitions that begin anew come sooner than those that go on.
        Register(attempt.peer, now);
        return;
    }
    AttemptFailed(attempt, true, now);
}

// Disappointed often enough, a router in Initial looks for a GCKS that it knows something of, and
// otherwise waits its period and serves; should there be another one, they merge (H 3.2).
// From serving nobody comes back to Initial but by an exchange that proved something.
bool
MrkmpEngine::IsDoubtful(const AdvertPayload& advert, KekKnowledge kek) const
{
    return m_config.fruitlessMax > 0 && m_fruitless >= m_config.fruitlessMax &&
           m_election.Role() == GcksRole::INITIAL && advert.state == AdvertState::GCKS &&
           kek == KekKnowledge::NONE;
}

bool
MrkmpEngine::YieldsTo(IpAddress rival, Time now) const
{
    return m_attempt && m_attempt->peer != rival && !m_attempt->offered &&
           m_attempt->purpose != Purpose::YIELD &&
           now - m_attempt->started >= m_config.rivalPatience;
}

// Who is asked has not answered so far, and somebody else says that it is GCKS: a true one answers
// within a round trip or two, so it is asked instead. Whoever is left is ignored for a while, so
// that each of many claimants has one turn before the first has another.
void
MrkmpEngine::ConsiderRival(IpAddress rival, const AdvertPayload& advert, Time now)
{
    if (advert.state != AdvertState::GCKS || !YieldsTo(rival, now) ||
        !m_timers.IsSet(Timer::PATIENCE) || m_election.Role() != GcksRole::MEMBER)
    {
        return;
    }
    const Attempt attempt = *m_attempt;
    // All of them together have no more time than one: addresses cost an attacker nothing.
    const Time due = *m_timers.At(Timer::PATIENCE);
    m_sessions.Close(attempt.session);
    EndAttempt(false, "another GCKS is heard", now);
    m_timers.Set(Timer::PATIENCE, due);
    m_blacklist.Add(attempt.peer, now + m_config.blacklistTimeout);
    m_election.Prefer(rival, advert, now);
}

} // namespace karp
} // namespace ns3
