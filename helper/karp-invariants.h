/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_INVARIANTS_H
#define KARP_INVARIANTS_H

#include "karp-invariant-terms.h"

#include "ns3/karp-gcks-election.h"
#include "ns3/karp-key-terms.h"
#include "ns3/karp-types.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

/**
 * \file
 * \ingroup karp
 * Who watches for the rules of karp-invariant-terms.h. Tests without ns-3 and scenarios feed the
 * same monitor, each with what it sees.
 */

namespace ns3
{
namespace karp
{

/** A key, as everybody in a run may call it. */
struct KeyTag
{
    bool kek{false};   //!< a KEK, or else a protocol master key
    uint64_t id{0};    //!< its identifier
    uint64_t print{0}; //!< tells keys of one identifier apart: OSPF's have 8 bits

    /** An order. */
    friend bool operator<(const KeyTag& a, const KeyTag& b)
    {
        return std::tie(a.kek, a.id, a.print) < std::tie(b.kek, b.id, b.print);
    }

    /** \return "KEK 0123456789abcdef", "PMK 5a" */
    std::string ToString() const;
};

/** A set of numbers, small where they follow each other. */
class NumberSet
{
  public:
    /** Add \p number. \return whether it was not there */
    bool Insert(uint64_t number);

  private:
    std::map<uint64_t, uint64_t> m_ranges; //!< first -> last
};

/** A rule was broken. */
struct Violation
{
    Invariant invariant{Invariant::ONE_GCKS}; //!< which
    Time at{0};                               //!< when
    std::vector<uint32_t> routers;            //!< by whom
    std::string what;                         //!< how
    std::vector<std::string> history;         //!< what happened before
};

/**
 * \ingroup karp
 * Watches one group on one link for violations of the rules. It is told what happens in order of
 * time and looks at the state at the end of each instant: what lasts no time is no state.
 */
class InvariantMonitor
{
  public:
    static constexpr size_t MAX_VIOLATIONS = 64; //!< kept; the others are counted

    /** Settings; bounds that are running keep their end. */
    void Configure(const InvariantSettings& settings);

    /** \return the settings */
    const InvariantSettings& Settings() const
    {
        return m_settings;
    }

    /** Whenever a rule is broken, \p history is asked for what happened before. */
    void SetHistory(std::function<std::vector<std::string>()> history);

    /**
     * Another router, off. Routers of one \p trust believe each other's credentials, and no others.
     */
    void AddRouter(std::string name, uint32_t trust = 0);

    /** Time goes on to \p now. Every function below does that too. */
    void Advance(Time now);

    // ---- faults

    /** \p router starts. */
    void Boot(uint32_t router, Time now);
    /** \p router stops dead; \p keksLost: without its KEKs; \p pmksLost: without its other keys */
    void Crash(uint32_t router, bool keksLost, bool pmksLost, Time now);
    /** From now on nothing that \p from sends reaches \p to; one direction. */
    void Cut(uint32_t from, uint32_t to, Time now);
    /** It does again. */
    void Heal(uint32_t from, uint32_t to, Time now);
    /** From now on messages are lost, doubled, delayed at random, or forged; or no more. */
    void SetImpaired(bool impaired, Time now);
    /** Somebody intervened: another priority, a retired KEK, ... */
    void Disturb(Time now);
    /** \p router may no longer take part: it has lost everybody's trust. */
    void Evict(uint32_t router, Time now);
    /** It may again. */
    void Admit(uint32_t router, Time now);

    // ---- what routers do

    /** \p router is now \p role. */
    void SetRole(uint32_t router, GcksRole role, Time now);
    /** \p router holds \p key, or it has other lifetimes now; on its clock, see SetClock. */
    void HoldKey(uint32_t router, const KeyTag& key, const KeyLifetimes& lifetimes, Time now);
    /** \p router gave \p key up. */
    void DropKey(uint32_t router, const KeyTag& key, Time now);
    /** \p router sent a message under \p key with sequence number \p number. */
    void Send(uint32_t router, const KeyTag& key, std::optional<uint64_t> number, Time now);
    /** \p router accepted a message under \p key. */
    void Accept(uint32_t router, const KeyTag& key, Time now);
    /** \p router refused a packet of \p sender for want of a valid key; \p key for people */
    void Refuse(uint32_t router, uint32_t sender, const std::string& key, Time now);
    /** What a message of an attacker did to \p router, which it must not. */
    void Forged(uint32_t router, const std::string& what, Time now);
    /** A list that peers can make grow has \p size elements at \p router, of \p bound. */
    void List(uint32_t router, const char* list, uint64_t size, uint64_t bound, Time now);
    /** \return how many KEKs, or else PMKs, \p router holds, those \p apart left out */
    size_t HeldKeys(uint32_t router, bool kek, const std::set<KeyTag>& apart = {}) const;
    /** Clock of \p router minus the time of this monitor. */
    void SetClock(uint32_t router, Time offset);

    // ---- what came of it

    /** \return the first violations */
    const std::vector<Violation>& Violations() const
    {
        return m_violations;
    }

    /** \return how often \p invariant was broken */
    uint64_t Count(Invariant invariant) const
    {
        return m_counts[static_cast<size_t>(invariant)];
    }

    /** Forget all violations. */
    void Clear();

    /** \return whether the group may now be asked for one GCKS */
    bool IsJudged() const
    {
        return !m_impaired && m_now >= m_deadline;
    }

    /** \return when the group may be asked for one GCKS, if no further fault comes */
    Time Deadline() const
    {
        return m_deadline;
    }

    /** \return until when an exchange may hang that a fault so far has cut off */
    Time HangUntil() const
    {
        return m_hangUntil;
    }

    /** \return \p violation as one line for people */
    std::string ToText(const Violation& violation) const;

  private:
    using Pair = std::pair<uint32_t, uint32_t>; //!< from, to

    /** A router. */
    struct Router
    {
        std::string name;                        //!< its name
        uint32_t trust{0};                       //!< who believes it
        uint32_t trustBefore{0};                 //!< the same, before its eviction
        bool up{false};                          //!< it runs
        bool evicted{false};                     //!< it may not take part
        Time since{0};                           //!< its last start
        Time clock{0};                           //!< its clock minus ours
        GcksRole role{GcksRole::DOWN};           //!< its role
        std::map<KeyTag, KeyLifetimes> keys;     //!< held
        std::map<KeyTag, KeyLifetimes> everHeld; //!< and those given up
        std::map<KeyTag, NumberSet> numbers;     //!< sent under each key
    };

    /** A key was used while it seemed not valid: judged when the instant is over. */
    struct Use
    {
        uint32_t router{0}; //!< by whom
        KeyTag key;         //!< which
        bool sent{false};   //!< to send, or else to accept
    };

    /** A direction between two routers that was cut once. */
    struct Link
    {
        bool cut{false}; //!< nothing passes
        Time since{0};   //!< when that changed
    };

    bool IsOn(Invariant invariant) const
    {
        return m_settings.IsOn(invariant);
    }

    Time Within(Invariant invariant) const;
    void Fault(bool cutsOff, Time now);
    bool MayHang() const;
    void Mark(Time at);
    void Report(Invariant invariant, Time at, std::vector<uint32_t> routers, std::string what);
    bool IsCut(uint32_t from, uint32_t to) const;
    Time CutSince(uint32_t from, uint32_t to) const;
    bool Trusts(uint32_t a, uint32_t b) const;
    bool TakesPart(uint32_t router) const;
    std::string JudgeUse(const Use& use, Time at) const;
    void JudgeUses();
    void CheckSecrecyOfUse(uint32_t router, const KeyTag& key, Time now);
    void JudgeGroup();
    std::vector<std::vector<uint32_t>> Components() const;
    bool IsClosed(const std::vector<uint32_t>& component) const;
    std::string JudgeComponent(const std::vector<uint32_t>& component,
                               std::vector<uint32_t>& blamed) const;
    std::optional<KeyTag> SendKek(uint32_t router) const;

    InvariantSettings m_settings;                        //!< what is asked for
    std::function<std::vector<std::string>()> m_history; //!< what happened before
    std::vector<Router> m_routers;                       //!< all of them
    std::map<Pair, Link> m_links;                        //!< ever cut
    uint32_t m_cuts{0};                                  //!< directions that are cut now
    bool m_impaired{false};                              //!< messages are lost at random
    Time m_now{0};                                       //!< the present
    Time m_lastFault{-1};                                //!< when the last one was
    Time m_hangUntil{0};                                 //!< an exchange may hang until then
    Time m_deadline{0};                                  //!< one GCKS is asked for from here on
    bool m_dirty{true};                                  //!< the group changed since it was judged
    bool m_broken{false};                                //!< one GCKS: found missing already
    std::set<Time> m_marks;                              //!< when the state changes by itself
    std::vector<Use> m_uses;                             //!< of this instant, to be judged
    std::map<KeyTag, uint32_t> m_origin;                 //!< trust of whoever held a key first
    std::map<KeyTag, Time> m_burnt;                      //!< held by an evicted router -> last use
    std::vector<Violation> m_violations;                 //!< the first ones
    std::array<uint64_t, InvariantSettings::COUNT> m_counts{}; //!< all of them
};

} // namespace karp
} // namespace ns3

#endif // KARP_INVARIANTS_H
