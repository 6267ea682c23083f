/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_FAULTS_H
#define KARP_SCENARIO_FAULTS_H

#include "karp-scenario-network.h"
#include "karp-selector.h"
#include "karp-trace-sink.h"

#include "ns3/random-variable-stream.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Makes the timeline of a scenario happen, and writes a line for everything that it does. Who is
 * meant is found out at the moment itself.
 */
class ScenarioFaults
{
  public:
    /** Act on \p network; write to \p sink. All arguments outlive this. */
    ScenarioFaults(const Scenario& scenario, ScenarioNetwork& network, TraceSink& sink);

    ~ScenarioFaults();
    ScenarioFaults(const ScenarioFaults&) = delete;
    ScenarioFaults& operator=(const ScenarioFaults&) = delete;

    /** Draw the moments of all events and schedule them. */
    void Schedule();

  private:
    using Event = TimelineEvent;

    /** A cut that is in force. */
    struct ActiveCut
    {
        std::string label;   //!< of the event that made it
        uint32_t lan{0};     //!< where
        uint32_t id{0};      //!< for LinkImpairment
        bool noticed{false}; //!< whether interfaces are down for it
    };

    /** \return how often \p event will come again */
    uint32_t& LeftOf(const Event& event);
    /** The moment of \p event has come; plan its next, if it has one. */
    void Begin(const Event* event);
    /** Do what \p event says, to whom it is about now. */
    void Fire(const Event* event);
    /** Do it to one router, the \p index-th of \p nodes, and go on with the next. */
    void FireAt(const Event* event, std::vector<uint32_t> nodes, uint32_t index);
    /** End a reboot. */
    void BootAgain(const Event* event, uint32_t node, uint32_t more);
    void ChangePriority(const Event& event, const std::vector<uint32_t>& nodes);
    void Impair(const Event& event, const std::vector<uint32_t>& receivers);
    void Boot(uint32_t node);

    // karp-scenario-attacks.cc
    void BeginAttack(const Event& event);
    void EndAttack(const Event* event);
    void StopAttacks(const Event& event);
    /** \return addresses of the routers that \p selector means now, on LAN \p lan */
    std::set<IpAddress> Addresses(const Selector& selector, uint32_t lan);
    /** Router \p node has booted: some attacks have waited for that. */
    void TriggerAttacks(uint32_t node);
    /** \return number of \p event in the timeline */
    uint32_t NumberOf(const Event& event) const;

    // karp-scenario-trigger.cc
    /** A line of the trace was written: does an event wait for it? */
    void OnLine(const TraceEvent& line);
    /** What \p event waited for happened at router \p it, if at one. */
    void FireOn(const Event* event, std::optional<uint32_t> it);

    // karp-scenario-verbs.cc
    void Cut(const Event& event);
    void CutOn(const Event& event, uint32_t lan, const std::vector<std::vector<uint32_t>>& sets);
    void CutLinks(const Event& event);
    void Heal(const Event& event);
    /** Let the routers on segment \p lan notice that its wire is dead, or lives again. */
    void Notice(uint32_t lan, bool up);
    /** Begin or end routing of \p node on segment \p lan, and key management with it. */
    void SwitchInterface(uint32_t node, uint32_t lan, bool up);
    void SwitchKmp(const Event& event, const std::vector<uint32_t>& nodes);
    void SwitchRouting(const Event& event, const std::vector<uint32_t>& nodes);
    void ExhaustSequence(const Event& event, const std::vector<uint32_t>& nodes);
    void Command(const Event& event, const std::vector<uint32_t>& nodes);
    void SetClock(const Event& event, const std::vector<uint32_t>& nodes);
    /** \return numbers of the LANs that \p event is about */
    std::vector<uint32_t> LansOf(const Event& event) const;
    /** \return names of the LANs that \p event is about */
    std::string SegmentsOf(const Event& event) const;
    /** Add the arguments of \p event to \p line. */
    void WriteArguments(const Event& event, TraceEvent& line) const;
    /** Write the line of \p event. */
    void Write(const Event& event,
               const char* verb,
               const std::vector<uint32_t>& nodes,
               uint32_t more,
               bool consequence);
    std::vector<uint32_t> Resolve(const Selector& selector);
    bool IsDesignated(uint32_t node, bool backup, const std::string& lan) const;

    const Scenario& m_scenario;           //!< what happens
    ScenarioNetwork& m_network;           //!< to whom
    TraceSink& m_sink;                    //!< where lines go
    std::vector<LossSet> m_lost;          //!< by router: what its last crash cost it
    std::vector<ActiveCut> m_cuts;        //!< in force
    std::map<uint32_t, uint32_t> m_dead;  //!< by segment: how many noticed cuts it has
    std::vector<std::string> m_sets;      //!< those that the present event cuts apart
    std::vector<uint32_t> m_times;        //!< by event: how often it may still react
    std::optional<uint32_t> m_it;         //!< to what happened at which router
    std::vector<uint32_t> m_left;         //!< by event: how often it will come again
    Ptr<UniformRandomVariable> m_moments; //!< draws moments
    Ptr<UniformRandomVariable> m_choices; //!< draws routers
};

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_FAULTS_H
