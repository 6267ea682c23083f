/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_INVARIANT_TERMS_H
#define KARP_INVARIANT_TERMS_H

#include "ns3/karp-types.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * Rules that hold in every run, whatever else is expected of it: their names, their bounds.
 */

namespace ns3
{
namespace karp
{

/** A rule; what each says is in DescribeInvariant. */
enum class Invariant : uint8_t
{
    ONE_GCKS,
    KEY_LIFETIME,
    SEQUENCE_REUSE,
    NO_KEY_DROP,
    BOUNDED_LISTS,
    SECRECY,
    NO_FORGERY,
    COUNT
};

/** A rule for people. */
struct InvariantRow
{
    const char* name;     //!< as scenarios and verdicts call it
    const char* sentence; //!< what it says
    const char* section;  //!< where that is demanded
    bool bounded;         //!< whether it is asked for only some time after a fault
};

/** \return what \p invariant says */
const InvariantRow& DescribeInvariant(Invariant invariant);
/** \return its name, such as "one-gcks" */
const char* ToString(Invariant invariant);
/** \return the rule called \p name, if it is one */
std::optional<Invariant> ParseInvariant(const std::string& name);
/** \return the names of all rules */
std::vector<std::string> InvariantNames();

struct MrkmpConfig;

/** The timers from which it follows how long a group may take to recover; see doc/decisions.md. */
struct RecoveryTimers
{
    Time advert{std::chrono::seconds(10)};             //!< between heartbeats
    uint32_t down{3};                                  //!< heartbeats missed
    uint32_t deferrals{1};                             //!< waiting periods for a better one
    uint32_t copies{3};                                //!< of an update
    Time spacing{std::chrono::seconds(1)};             //!< between them
    uint32_t mergeCopies{3};                           //!< of a merge
    Time mergeSpacing{std::chrono::milliseconds(500)}; //!< between them
    Time joinSpread{std::chrono::seconds(1)};          //!< members register within this
    Time evictLead{std::chrono::seconds(3)};       //!< from an eviction to the new key's first use
    Time retransmitFirst{std::chrono::seconds(2)}; //!< first repetition of a request
    double retransmitBase{2};                      //!< growth
    uint32_t retransmitTries{5};                   //!< how many
    Time blacklist{std::chrono::seconds(30)};      //!< a router is ignored after a failure
    Time work{0};                                  //!< CPU time of all joins one by one

    /** \return those of a router with settings \p config, where cryptography takes no time */
    static RecoveryTimers Of(const MrkmpConfig& config);
    /** \return from a fault to one GCKS and one KEK, where no exchange was cut off by it */
    Time Settle() const;
    /** \return how much later, where an exchange may have been: it fails, and is tried again */
    Time Hang() const;
    /** \return from an eviction to the last use of a key that the evicted router ever held */
    Time Evict() const;
};

/** What a monitor is to do. */
struct InvariantSettings
{
    static constexpr size_t COUNT = static_cast<size_t>(Invariant::COUNT); //!< how many rules

    std::array<bool, COUNT> off{};                   //!< not asked for
    std::array<std::optional<Time>, COUNT> within{}; //!< bound, instead of the timers'
    RecoveryTimers timers;                           //!< where bounds come from
    /**
     * Whether no-key-drop holds at all times but where the two routers themselves were cut apart or
     * started within the bound: data outlive a lost GCKS and lost updates (K11).
     */
    bool strictKeyDrop{false};

    /** \return whether \p invariant is asked for */
    bool IsOn(Invariant invariant) const
    {
        return !off[static_cast<size_t>(invariant)];
    }

    /** Do not ask for \p invariant. */
    void TurnOff(Invariant invariant)
    {
        off[static_cast<size_t>(invariant)] = true;
    }
};

} // namespace karp
} // namespace ns3

#endif // KARP_INVARIANT_TERMS_H
