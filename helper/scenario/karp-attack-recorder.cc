/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-attack-recorder.h"

#include "ns3/simulator.h"

namespace ns3
{
namespace karp
{

AttackRecorder::AttackRecorder(const Scenario& scenario,
                               const ScenarioNetwork& network,
                               uint32_t event,
                               TraceSink& sink)
    : m_scenario(scenario),
      m_network(network),
      m_event(scenario.timeline.at(event)),
      m_sink(sink)
{
    Ptr<Adversary> adversary = network.AdversaryOf(event);
    adversary->TraceConnectWithoutContext("Injected",
                                          MakeCallback(&AttackRecorder::OnInjected, this));
    adversary->TraceConnectWithoutContext("Taken", MakeCallback(&AttackRecorder::OnTaken, this));
}

void
AttackRecorder::Write(const char* op, const std::string& node, const MessageInfo& message)
{
    const IpAddress to = message.destination;
    TraceEvent line(TraceKind::ATTACK, Simulator::Now().GetNanoSeconds());
    line.Set(TraceKey::ID, m_event.label)
        .Set(TraceKey::KIND, m_event.attack.kind)
        .Set(TraceKey::N, node)
        .Set(TraceKey::OP, op)
        .Set(TraceKey::TYPE, message.type)
        .Set(TraceKey::PEER, m_network.NameOf(message.source))
        .Set(TraceKey::DST, to.IsMulticast() ? "multicast" : m_network.NameOf(to))
        .Set(TraceKey::BYTES, static_cast<int64_t>(message.octets));
    m_sink.Write(line);
}

void
AttackRecorder::OnInjected(uint32_t, const MessageInfo& message)
{
    Write("inject", m_scenario.credentials.outsiders[m_event.attack.outsider], message);
}

void
AttackRecorder::OnTaken(uint32_t, const MessageInfo& message, IpAddress receiver)
{
    Write("take", m_network.NameOf(receiver), message);
}

} // namespace karp
} // namespace ns3
