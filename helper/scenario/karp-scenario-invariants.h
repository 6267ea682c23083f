/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_INVARIANTS_H
#define KARP_SCENARIO_INVARIANTS_H

#include "karp-judge.h"
#include "karp-scenario-model.h"
#include "karp-trace-event.h"
#include "karp-trace-world.h"

#include "ns3/karp-invariants.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Watches each group of a scenario for the invariants, by the lines of the trace.
 */
class ScenarioInvariants
{
  public:
    /** Watch the groups of \p scenario, which outlives this. */
    explicit ScenarioInvariants(const Scenario& scenario);

    /** Violations come with what \p history says happened before. */
    void SetHistory(const std::function<std::vector<std::string>()>& history);

    /**
     * The next line of the trace.
     * \param event the line
     * \param world the world with that line applied
     */
    void Feed(const TraceEvent& event, const TraceWorld& world);

    /** \return what became of each rule: one that was broken with the first time it was */
    std::vector<RuleVerdict> Verdicts() const;

    /**
     * \param scenario whose timers count, those set by attributes included
     * \return what recovery may take in it
     */
    static RecoveryTimers TimersOf(const Scenario& scenario);

  private:
    using Pair = std::pair<uint32_t, uint32_t>; //!< from, to

    /** A group. */
    struct Group
    {
        InvariantMonitor monitor;           //!< watches it
        std::string lan;                    //!< where it lives
        std::vector<uint32_t> members;      //!< routers
        std::map<uint32_t, uint32_t> local; //!< by router: its number for the monitor
        std::map<Pair, uint32_t> cuts;      //!< by routers: cuts that divide them
        uint32_t intercepted{0};            //!< attacks that keep messages back
        std::set<KeyTag> derived;           //!< transport keys: as many as there are senders
    };

    /** A cut that is not healed. */
    struct ActiveCut
    {
        std::string label;                       //!< its name
        std::string segments;                    //!< where; empty: everywhere
        std::vector<std::vector<uint32_t>> sets; //!< who is divided from whom
        bool oneWay{false};                      //!< the former sets still hear the latter
    };

    /** What a router changed at one instant. */
    struct Changes
    {
        int64_t at{-1};   //!< when
        std::string what; //!< the last change that no attacker may bring about
        std::string vain; //!< a join that came to nothing: so may one with the attacker itself
    };

    // karp-scenario-invariant-attacks.cc
    void NoteChange(const TraceEvent& event, const TraceWorld& world);
    bool IsGranted(const TraceEvent& event) const;
    void FeedAttack(const TraceEvent& event, const TraceWorld& world, Time now);
    void FeedAttackFault(uint32_t number, const TraceEvent& event, Time now);

    bool IsIgnored(uint32_t node, Time now) const;
    void IgnoreUntil(Time now);
    Group* FindGroup(const TraceEvent& event, const TraceWorld& world, uint32_t& router);
    void FeedKey(Group& group, uint32_t router, const TraceEvent& event, Time now);
    void FeedMessage(const TraceEvent& event, const TraceWorld& world, Time now);
    void FeedAdjacency(const TraceEvent& event, const TraceWorld& world, Time now);
    void FeedDrop(const TraceEvent& event, const TraceWorld& world, Time now);
    void FeedFault(const TraceEvent& event, const TraceWorld& world, Time now);
    void FeedFaultOf(uint32_t number, const TraceEvent& event, const TraceWorld& world, Time now);
    /** \return whether \p word stands in \p text, which blanks divide; an empty one has every word
     */
    static bool HasWord(const std::string& text, const std::string& word);
    void FeedCut(const TraceEvent& event, const TraceWorld& world, Time now);
    void FeedHeal(const TraceEvent& event, Time now);
    void Apply(const ActiveCut& cut, bool heal, Time now);
    Verdict VerdictOf(Invariant invariant) const;

    const Scenario& m_scenario;                        //!< what is run
    std::vector<std::unique_ptr<Group>> m_groups;      //!< by number
    std::vector<ActiveCut> m_cuts;                     //!< not healed
    std::map<uint32_t, Changes> m_changes;             //!< by router
    std::map<Pair, std::set<std::string>> m_neighbors; //!< by router and interface
    std::map<uint32_t, Time> m_ignored; //!< routers that are not believed, and from when on
    std::set<std::pair<Time, uint32_t>> m_toIgnore; //!< those of them that are believed yet
    bool m_keyManagement;                           //!< whether there is any
};

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_INVARIANTS_H
