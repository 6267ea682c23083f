/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_ATTACK_RECORDER_H
#define KARP_ATTACK_RECORDER_H

#include "karp-scenario-network.h"
#include "karp-trace-sink.h"

#include <cstdint>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Turns what one adversary tells by its trace sources into lines of the trace; what becomes of its
 * messages at routers is told by RouterRecorder.
 */
class AttackRecorder
{
  public:
    /** Listen to who does event \p event of \p scenario and write to \p sink. */
    AttackRecorder(const Scenario& scenario,
                   const ScenarioNetwork& network,
                   uint32_t event,
                   TraceSink& sink);

  private:
    void Write(const char* op, const std::string& node, const MessageInfo& message);
    void OnInjected(uint32_t attack, const MessageInfo& message);
    void OnTaken(uint32_t attack, const MessageInfo& message, IpAddress receiver);

    const Scenario& m_scenario;       //!< whose attack it is
    const ScenarioNetwork& m_network; //!< knows names
    const TimelineEvent& m_event;     //!< the attack
    TraceSink& m_sink;                //!< where lines go
};

} // namespace karp
} // namespace ns3

#endif // KARP_ATTACK_RECORDER_H
