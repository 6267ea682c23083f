/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-attack-language.h"
#include "karp-scenario-invariants.h"

/**
 * \file
 * \ingroup karp
 * Invariant no-forgery: what messages of attackers may change, and what they may not.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return whether \p type is one of routing */
bool
IsRouting(const std::string& type)
{
    return type == "hello";
}

} // namespace

// What a router changes while it deals with a message of an attack bears the attack's name and
// stands in the trace before what became of the message, at the same instant.
void
ScenarioInvariants::NoteChange(const TraceEvent& event, const TraceWorld& world)
{
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    if (node == TraceWorld::NOBODY || event.Text(TraceKey::REF).empty())
    {
        return;
    }
    Changes& changes = m_changes[node];
    if (changes.at != event.Time())
    {
        changes = Changes();
        changes.at = event.Time();
    }
    const std::string& why = event.Text(TraceKey::WHY);
    if (event.Kind() == TraceKind::ROLE)
    {
        // Someone looks for a GCKS, and ours is overdue: granted, see doc/decisions.md.
        const bool corroborated = why == "INITIAL_BETTER" || why == "INITIAL_WORSE";
        const std::string& from = event.Text(TraceKey::FROM);
        if ((from == "member" || from == "gcks") && !corroborated)
        {
            (why == "JOIN_FAILED" ? changes.vain : changes.what) =
                "is " + event.Text(TraceKey::TO) + " and was " + from;
        }
    }
    else if (why != "expired")
    {
        changes.what = event.Text(TraceKey::OP) + " of a " + event.Text(TraceKey::KIND);
    }
}

bool
ScenarioInvariants::IsGranted(const TraceEvent& event) const
{
    const std::string& kind = event.Text(TraceKey::KIND);
    const bool authentic = kind == "replay" || kind == "delay"; // once, from a holder of keys
    const bool routing = IsRouting(event.Text(TraceKey::TYPE));
    const bool late = event.Text(TraceKey::OP) == "late"; // played back, but never heard before
    return kind == "insider" || kind == "delay" || late ||
           (routing && (authentic || m_scenario.routing.auth == "none"));
}

void
ScenarioInvariants::FeedAttack(const TraceEvent& event, const TraceWorld& world, Time now)
{
    const std::string& op = event.Text(TraceKey::OP);
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    if (node == TraceWorld::NOBODY || op == "inject" || op == "take")
    {
        return;
    }
    std::string what;
    if (op == "accept" && !IsGranted(event))
    {
        what = "accepts a message that no holder of keys sent now";
    }
    const auto changes = m_changes.find(node);
    if (changes != m_changes.end() && changes->second.at == event.Time() && !IsGranted(event))
    {
        // Whom a router has asked to let it join may refuse it, or prove nothing. That somebody
        // refuses in the name of another router is another matter (J12).
        const bool ofRouter = world.NodeNumber(event.Text(TraceKey::PEER)) != TraceWorld::NOBODY;
        const std::string vain = ofRouter ? changes->second.vain : "";
        what = !vain.empty() ? vain : what;
        what = !changes->second.what.empty() ? changes->second.what : what;
    }
    if (what.empty())
    {
        return;
    }
    what += " because of " + event.Text(TraceKey::ID) + " (" + event.Text(TraceKey::TYPE) + ")";
    for (const auto& group : m_groups)
    {
        const auto found = group->local.find(node);
        if (found != group->local.end())
        {
            group->monitor.Forged(found->second, what, now);
            return;
        }
    }
}

// Whoever keeps messages back divides a group for as long as it does (H 9); who claims to be GCKS
// may choose the outcome of an election (E11). Neither replays, forgeries nor floods may do either.
void
ScenarioInvariants::FeedAttackFault(uint32_t number, const TraceEvent& event, Time now)
{
    const AttackKind* kind = FindAttackKind(event.Text(TraceKey::KIND));
    if (kind == nullptr || !kind->disturbs)
    {
        return;
    }
    Group& group = *m_groups[number];
    if (!kind->intercepts)
    {
        group.monitor.Disturb(now);
        return;
    }
    const bool begins = event.Text(TraceKey::CAUSE).empty();
    group.intercepted += begins ? 1 : 0;
    group.intercepted -= !begins && group.intercepted > 0 ? 1 : 0;
    group.monitor.SetImpaired(group.intercepted > 0, now);
}

} // namespace karp
} // namespace ns3
