/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-invariant-terms.h"

#include "ns3/karp-mrkmp-types.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace karp
{

namespace
{

constexpr std::array<InvariantRow, InvariantSettings::COUNT> ROWS{{
    {"one-gcks",
     "one GCKS and one KEK in each connected, mutually trusted part of a group",
     "H 3, 3.2",
     true},
    {"key-lifetime", "no key is used outside its lifetime, by sender or receiver", "H 4", false},
    {"sequence-reuse",
     "no two messages of one router under one key with one sequence number",
     "H 2.4, 7",
     false},
    {"no-key-drop", "no packet of a member is refused for want of a key", "H 2.1.2, 4", true},
    {"bounded-lists", "no list that peers can make grow exceeds its bound", "H 9", false},
    {"secrecy",
     "no key reaches a router that is not authorised, none that an evicted one held stays in use",
     "H 1, 2.5",
     true},
    {"no-forgery",
     "no forged or replayed message changes keys, or a member's or a GCKS's role",
     "H 2, 3, 7, 9",
     false},
}};

/** \return \p times times \p time */
Time
Times(double times, Time time)
{
    return FromSeconds(std::min(times * ToSeconds(time), 1e9));
}

} // namespace

const InvariantRow&
DescribeInvariant(Invariant invariant)
{
    return ROWS[static_cast<size_t>(invariant)];
}

const char*
ToString(Invariant invariant)
{
    return DescribeInvariant(invariant).name;
}

std::optional<Invariant>
ParseInvariant(const std::string& name)
{
    for (size_t i = 0; i < ROWS.size(); ++i)
    {
        if (name == ROWS[i].name)
        {
            return static_cast<Invariant>(i);
        }
    }
    return std::nullopt;
}

std::vector<std::string>
InvariantNames()
{
    std::vector<std::string> names;
    for (const auto& row : ROWS)
    {
        names.emplace_back(row.name);
    }
    return names;
}

RecoveryTimers
RecoveryTimers::Of(const MrkmpConfig& config)
{
    RecoveryTimers timers;
    timers.advert = config.election.advertInterval;
    timers.down = config.election.downCount;
    timers.deferrals = config.election.deferMax;
    timers.copies = config.updateCopies;
    timers.spacing = config.updateCopySpacing;
    timers.mergeCopies = config.mergeCopies;
    timers.mergeSpacing = config.mergeCopySpacing;
    timers.joinSpread = config.joinSpread;
    timers.evictLead = config.evictLead;
    timers.retransmitFirst = config.session.retransmit.first;
    timers.retransmitBase = config.session.retransmit.base;
    timers.retransmitTries = config.session.retransmit.tries;
    timers.blacklist = config.blacklistTimeout;
    return timers;
}

Time
RecoveryTimers::Settle() const
{
    // Silence, the waiting period and those granted to better candidates, then a heartbeat to meet
    // another GCKS, two to find one's own silent, one to follow the other (H 3, 3.2).
    const uint32_t heartbeats = down + (1 + deferrals) * (down + 1) + 4;
    return advert * heartbeats + mergeSpacing * mergeCopies + joinSpread + spacing * (copies + 1) +
           work;
}

Time
RecoveryTimers::Hang() const
{
    // An initial exchange ends after twice the time that a single request would take.
    const double waits =
        retransmitBase > 1.0
            ? (std::pow(retransmitBase, retransmitTries + 1) - 1) / (retransmitBase - 1)
            : retransmitTries + 1.0;
    return Times(2 * waits, retransmitFirst) + blacklist;
}

Time
RecoveryTimers::Evict() const
{
    return Settle() + evictLead;
}

} // namespace karp
} // namespace ns3
