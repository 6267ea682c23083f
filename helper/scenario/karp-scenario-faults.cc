/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-faults.h"

#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

constexpr int64_t MOMENT_STREAM = 6000000; //!< apart from those of the network
constexpr int64_t CHOICE_STREAM = 6000001; //!< apart, so that choosing shifts no moment

/** \return what a router that crashes by \p event loses */
LossSet
LossOf(const TimelineEvent& event)
{
    std::string words;
    for (const std::string& word : event.lose)
    {
        words += (words.empty() ? "" : ",") + word;
    }
    return LossSet::Parse(words).value_or(LossSet());
}

/** \return what is lost by a crash that cost \p a and one that cost \p b */
LossSet
Together(const LossSet& a, const LossSet& b)
{
    LossSet both;
    both.sequence = a.sequence || b.sequence;
    both.neighbors = a.neighbors || b.neighbors;
    both.sa = a.sa || b.sa;
    both.keys = a.keys || b.keys;
    both.nvram = a.nvram || b.nvram;
    return both;
}

/** \p running is whether router \p number of \p network runs now: then it has the keys by hand. */
void
Configure(ScenarioNetwork* network, uint32_t number, bool running)
{
    if (running)
    {
        network->InstallManualKey(number);
    }
}

} // namespace

ScenarioFaults::ScenarioFaults(const Scenario& scenario, ScenarioNetwork& network, TraceSink& sink)
    : m_scenario(scenario),
      m_network(network),
      m_sink(sink),
      m_lost(network.Size()),
      m_left(scenario.timeline.size()),
      m_moments(CreateObject<UniformRandomVariable>()),
      m_choices(CreateObject<UniformRandomVariable>())
{
    m_moments->SetStream(MOMENT_STREAM);
    m_choices->SetStream(CHOICE_STREAM);
    for (const Event& event : scenario.timeline)
    {
        m_times.push_back(event.onEvent.empty() ? 0 : event.times);
        if (!event.onEvent.empty())
        {
            m_sink.SetObserver([this](const TraceEvent& line) { OnLine(line); });
        }
    }
}

ScenarioFaults::~ScenarioFaults()
{
    m_sink.SetObserver(nullptr);
}

void
ScenarioFaults::Schedule()
{
    for (const Event& event : m_scenario.timeline)
    {
        if (!event.onEvent.empty())
        {
            continue; // OnLine
        }
        if (event.verb == Event::Verb::CLOCK && event.atEnd.count() == 0)
        {
            // Clocks that are wrong from the beginning are so before the first timer is set.
            Begin(&event);
            continue;
        }
        int64_t at = event.at.count();
        if (event.atEnd > event.at)
        {
            const double span = static_cast<double>((event.atEnd - event.at).count());
            at += static_cast<int64_t>(m_moments->GetValue(0, span));
        }
        Simulator::Schedule(NanoSeconds(at) - Simulator::Now(),
                            &ScenarioFaults::Begin,
                            this,
                            &event);
    }
}

uint32_t&
ScenarioFaults::LeftOf(const Event& event)
{
    return m_left[static_cast<size_t>(&event - m_scenario.timeline.data())];
}

void
ScenarioFaults::Begin(const Event* event)
{
    if (event->every.count() > 0)
    {
        const Time now(Simulator::Now().GetNanoSeconds());
        const int64_t left = std::max<int64_t>(0, (event->until - now) / event->every);
        LeftOf(*event) = static_cast<uint32_t>(std::min<int64_t>(left, UINT32_MAX / 2));
        if (left > 0)
        {
            Simulator::Schedule(NanoSeconds(event->every.count()),
                                &ScenarioFaults::Begin,
                                this,
                                event);
        }
    }
    Fire(event);
}

std::vector<uint32_t>
ScenarioFaults::Resolve(const Selector& selector)
{
    SelectorView view;
    view.it = m_it;
    view.nodes = m_network.Size();
    view.isUp = [this](uint32_t node) { return !m_network.RouterOf(node)->IsCrashed(); };
    view.hasRole = [this](uint32_t node, const std::string& role, const std::string& name) {
        Ptr<KmpApplication> kmp = m_network.KmpOf(node);
        for (uint32_t group = 0; kmp && group < kmp->GetNGroups(); ++group)
        {
            if ((name.empty() || name == kmp->GetGroupName(group)) &&
                role == ToString(kmp->GetRole(group)))
            {
                return true;
            }
        }
        return false;
    };
    view.isDesignated = [this](uint32_t node, bool backup, const std::string& name) {
        return IsDesignated(node, backup, name);
    };
    view.drawBelow = [this](uint32_t below) { return m_choices->GetInteger(0, below - 1); };
    return ResolveSelector(selector, view);
}

bool
ScenarioFaults::IsDesignated(uint32_t node, bool backup, const std::string& name) const
{
    const OspfInterfaceState wanted = backup ? OspfInterfaceState::BACKUP : OspfInterfaceState::DR;
    Ptr<OspfApplication> ospf = m_network.OspfOf(node);
    for (uint32_t lan = 0; ospf && ospf->GetEngine() && lan < m_scenario.lans.size(); ++lan)
    {
        const uint32_t interface = m_network.InterfaceOf(node, lan);
        if (interface != 0 && (name.empty() || name == m_scenario.lans[lan].id) &&
            ospf->GetEngine()->InterfaceState(interface) == wanted)
        {
            return true;
        }
    }
    return false;
}

void
ScenarioFaults::Fire(const Event* event)
{
    using Verb = Event::Verb;
    const std::vector<uint32_t> nodes = Resolve(event->target);
    switch (event->verb)
    {
    case Verb::CRASH:
    case Verb::BOOT:
    case Verb::REBOOT:
        FireAt(event, nodes, 0);
        return;
    case Verb::PRIORITY:
        ChangePriority(*event, nodes);
        return;
    case Verb::IMPAIR:
        Write(*event, ToString(event->verb), nodes, 0, false);
        Impair(*event, nodes);
        return;
    case Verb::CLEAR:
        Write(*event, ToString(event->verb), {}, 0, false);
        for (const uint32_t lan : event->lans)
        {
            m_network.Impairment(lan)->Clear();
        }
        return;
    case Verb::PARTITION:
    case Verb::CUT:
        Cut(*event);
        return;
    case Verb::HEAL:
        Heal(*event);
        return;
    case Verb::LINK_DOWN:
        CutLinks(*event);
        return;
    case Verb::STOP_KMP:
    case Verb::START_KMP:
        SwitchKmp(*event, nodes);
        return;
    case Verb::LEAVE:
    case Verb::JOIN:
        SwitchRouting(*event, nodes);
        return;
    case Verb::EXHAUST_SEQ:
        ExhaustSequence(*event, nodes);
        return;
    case Verb::CLOCK:
        SetClock(*event, nodes);
        return;
    case Verb::REKEY:
    case Verb::EVICT:
    case Verb::HANDOVER:
        Command(*event, nodes);
        return;
    case Verb::ATTACK:
        BeginAttack(*event);
        return;
    case Verb::STOP_ATTACK:
        StopAttacks(*event);
        return;
    case Verb::MARK:
    case Verb::COUNT:
        Write(*event, ToString(event->verb), {}, 0, false);
        return;
    }
}

void
ScenarioFaults::FireAt(const Event* event, std::vector<uint32_t> nodes, uint32_t index)
{
    // Without a stagger it happens to all at once and is one line.
    const bool together = event->stagger.count() == 0;
    std::vector<uint32_t> now = nodes;
    if (!together && !nodes.empty())
    {
        now = {nodes[index]};
    }
    const uint32_t after = index + static_cast<uint32_t>(now.size());
    const uint32_t more =
        together || nodes.empty() ? 0 : static_cast<uint32_t>(nodes.size()) - after;
    Write(*event, ToString(event->verb), now, more, false);
    for (const uint32_t node : now)
    {
        if (event->verb == Event::Verb::BOOT)
        {
            Boot(node);
            continue;
        }
        Ptr<Router> router = m_network.RouterOf(node);
        // Whoever is down already does not get back what the crash before took.
        const LossSet lost = LossOf(*event);
        m_lost[node] = router->IsCrashed() ? Together(m_lost[node], lost) : lost;
        router->Crash();
    }
    if (event->verb == Event::Verb::REBOOT)
    {
        for (size_t i = 0; i < now.size(); ++i)
        {
            const uint32_t left = more + static_cast<uint32_t>(now.size() - i) - 1;
            Simulator::Schedule(NanoSeconds(event->down.count()),
                                &ScenarioFaults::BootAgain,
                                this,
                                event,
                                now[i],
                                left);
        }
    }
    if (more > 0)
    {
        Simulator::Schedule(NanoSeconds(event->stagger.count()),
                            &ScenarioFaults::FireAt,
                            this,
                            event,
                            nodes,
                            after);
    }
}

void
ScenarioFaults::BootAgain(const Event* event, uint32_t node, uint32_t more)
{
    Write(*event, ToString(Event::Verb::BOOT), {node}, more, true);
    Boot(node);
}

void
ScenarioFaults::Boot(uint32_t node)
{
    Ptr<Router> router = m_network.RouterOf(node);
    if (!router->IsCrashed())
    {
        return;
    }
    // Configuration is never lost: keys by hand are there before any process starts.
    const auto configure = MakeBoundCallback(&Configure, &m_network, node);
    if (m_lost[node].keys)
    {
        router->TraceConnectWithoutContext("Running", configure);
    }
    router->Boot(m_lost[node]);
    router->TraceDisconnectWithoutContext("Running", configure);
    TriggerAttacks(node);
}

void
ScenarioFaults::ChangePriority(const Event& event, const std::vector<uint32_t>& nodes)
{
    Write(event, ToString(event.verb), nodes, 0, false);
    for (const uint32_t node : nodes)
    {
        Ptr<KmpApplication> kmp = m_network.KmpOf(node);
        for (uint32_t group = 0; kmp && group < kmp->GetNGroups(); ++group)
        {
            if (event.group.empty() || kmp->GetGroupName(group) == event.group)
            {
                kmp->SetPriority(group, static_cast<uint8_t>(event.value));
            }
        }
    }
}

void
ScenarioFaults::Impair(const Event& event, const std::vector<uint32_t>& receivers)
{
    ImpairmentConfig config;
    config.loss = event.loss.value_or(0);
    config.duplicate = event.duplicate.value_or(0);
    config.reorder = event.reorder.value_or(0);
    if (event.reorderDelay)
    {
        config.reorderDelay = NanoSeconds(event.reorderDelay->count());
    }
    config.delay = NanoSeconds(event.delay.value_or(Time(0)).count());
    config.jitter = NanoSeconds(event.jitter.value_or(Time(0)).count());
    for (const uint32_t lan : event.lans)
    {
        const std::vector<uint32_t>& routers = m_scenario.lans[lan].routers;
        if (!event.target.terms.empty())
        {
            config.receivers.emplace();
        }
        for (const uint32_t receiver : receivers)
        {
            const auto at = std::lower_bound(routers.begin(), routers.end(), receiver);
            if (at != routers.end() && *at == receiver)
            {
                config.receivers->insert(static_cast<uint32_t>(at - routers.begin()));
            }
        }
        m_network.Impairment(lan)->Add(config);
    }
}

void
ScenarioFaults::Write(const Event& event,
                      const char* verb,
                      const std::vector<uint32_t>& nodes,
                      uint32_t more,
                      bool consequence)
{
    TraceEvent line(TraceKind::FAULT, Simulator::Now().GetNanoSeconds());
    std::vector<std::string> names;
    for (const uint32_t node : nodes)
    {
        names.push_back(m_scenario.NodeName(node));
    }
    line.Set(TraceKey::DO, verb).Set(TraceKey::NODES, std::move(names));
    if (!event.label.empty())
    {
        line.Set(TraceKey::LABEL, event.label);
    }
    more += LeftOf(event);
    if (more > 0)
    {
        line.Set(TraceKey::MORE, more);
    }
    if (event.verb == Event::Verb::ATTACK)
    {
        line.Set(TraceKey::KIND, event.attack.kind).Set(TraceKey::SEGMENT, SegmentsOf(event));
    }
    if (consequence)
    {
        line.Set(TraceKey::CAUSE, ToString(event.verb));
    }
    else
    {
        WriteArguments(event, line);
    }
    m_sink.Write(line);
}

} // namespace karp
} // namespace ns3
