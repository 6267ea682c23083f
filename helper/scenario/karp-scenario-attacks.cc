/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-attack-language.h"
#include "karp-scenario-faults.h"
#include "karp-scenario-network.h"

#include "ns3/csma-net-device.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv4.h"
#include "ns3/karp-attack-kinds.h"
#include "ns3/object-factory.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Adversaries of a scenario: outsiders on its LANs, and what they do when.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr int64_t ADVERSARY_STREAM = 7000000;       //!< by event of the timeline
constexpr int64_t OUTSIDER_DEVICE_STREAM = 8000000; //!< by LAN and outsider
constexpr int64_t OUTSIDERS_OF_LAN = 16;            //!< at most
constexpr uint32_t OUTSIDER_MAC = 0xff00;           //!< beyond the routers of a LAN

} // namespace

// ---- who they are

void
ScenarioNetwork::InstallAdversaries()
{
    for (uint32_t i = 0; i < m_scenario.timeline.size(); ++i)
    {
        const TimelineEvent& event = m_scenario.timeline[i];
        if (event.verb != TimelineEvent::Verb::ATTACK)
        {
            continue;
        }
        if (m_outsiders.GetN() == 0)
        {
            m_outsiders.Create(static_cast<uint32_t>(m_scenario.credentials.outsiders.size()));
        }
        Ptr<Adversary> adversary = CreateObject<Adversary>();
        m_outsiders.Get(event.attack.outsider)->AddApplication(adversary);
        adversary->SetStartTime(ns3::Time(0));
        adversary->AssignStreams(ADVERSARY_STREAM + i);
        AddOutsiderLink(adversary, event.attack.outsider, event.lans.front());
        if (event.attack.playOn)
        {
            AddOutsiderLink(adversary, event.attack.outsider, *event.attack.playOn);
        }
        m_adversaries[i] = adversary;
    }
}

Ptr<NetDevice>
ScenarioNetwork::OutsiderDevice(uint32_t number, uint32_t lan)
{
    Ptr<NetDevice>& device = m_outsiderDevices[{number, lan}];
    if (!device)
    {
        device = m_csma.Install(m_outsiders.Get(number), m_lans[lan].channel).Get(0);
        device->SetAddress(MacOf(lan, OUTSIDER_MAC + number));
        DynamicCast<CsmaNetDevice>(device)->AssignStreams(OUTSIDER_DEVICE_STREAM +
                                                          lan * OUTSIDERS_OF_LAN + number);
    }
    return device;
}

void
ScenarioNetwork::AddOutsiderLink(Ptr<Adversary> adversary, uint32_t number, uint32_t lan)
{
    // Routers have the first addresses of a LAN, outsiders go by the last ones.
    const uint32_t router = m_scenario.lans[lan].routers.front();
    Ptr<Ipv4> ipv4 = m_nodes.Get(router)->GetObject<Ipv4>();
    const Ipv4InterfaceAddress there = ipv4->GetAddress(InterfaceOf(router, lan), 0);
    const uint32_t address = there.GetBroadcast().Get() - 1 - number;
    adversary->AddLink(OutsiderDevice(number, lan),
                       m_lans[lan].impairment,
                       Ipv4Address(address),
                       there.GetMask());
}

Ptr<Adversary>
ScenarioNetwork::AdversaryOf(uint32_t event) const
{
    const auto found = m_adversaries.find(event);
    return found == m_adversaries.end() ? Ptr<Adversary>() : found->second;
}

// Packets bear the number of the event, from 1: 0 is nobody's.
const std::string&
ScenarioNetwork::AttackName(uint32_t attack) const
{
    return m_scenario.timeline.at(attack - 1).label;
}

const std::string&
ScenarioNetwork::AttackKindOf(uint32_t attack) const
{
    return m_scenario.timeline.at(attack - 1).attack.kind;
}

// ---- what they do

uint32_t
ScenarioFaults::NumberOf(const Event& event) const
{
    return static_cast<uint32_t>(&event - m_scenario.timeline.data());
}

std::set<IpAddress>
ScenarioFaults::Addresses(const Selector& selector, uint32_t lan)
{
    std::set<IpAddress> addresses;
    for (const uint32_t node : Resolve(selector))
    {
        const IpAddress address = m_network.AddressOf(node, lan);
        if (address != IpAddress{})
        {
            addresses.insert(address);
        }
    }
    return addresses;
}

void
ScenarioFaults::BeginAttack(const Event& event)
{
    const AttackSpec& spec = event.attack;
    const uint32_t number = NumberOf(event) + 1;
    const uint32_t lan = event.lans.front();
    Ptr<Adversary> adversary = m_network.AdversaryOf(NumberOf(event));
    if (adversary->Find(number))
    {
        return; // it goes on already
    }
    ObjectFactory factory;
    factory.SetTypeId(FindAttackKind(spec.kind)->type);
    Ptr<Attack> attack = factory.Create<Attack>();
    for (const AttackSpec::Argument& argument : spec.arguments)
    {
        std::string value = argument.value;
        if (value.empty() && !argument.attribute.empty())
        {
            const std::set<IpAddress> who = Addresses(argument.who, lan);
            value = who.empty() ? "" : who.begin()->ToString();
        }
        if (!argument.attribute.empty() && !value.empty())
        {
            attack->SetAttribute(argument.attribute, StringValue(value));
        }
    }
    AttackFilter filter;
    filter.types = {spec.types.begin(), spec.types.end()};
    filter.senders = Addresses(spec.from, lan);
    filter.receivers = Addresses(spec.to, lan);
    filter.fromNobody = !spec.from.terms.empty() && filter.senders.empty();
    filter.toNobody = !spec.to.terms.empty() && filter.receivers.empty();
    attack->SetFilter(filter);
    if (Ptr<InsiderAttack> insider = DynamicCast<InsiderAttack>(attack))
    {
        for (const uint32_t node : Resolve(spec.member))
        {
            insider->SetKeys(m_network.RouterOf(node), m_network.InterfaceOf(node, lan));
        }
    }
    Write(event, ToString(event.verb), {}, 0, false);
    adversary->Begin(number, attack);
    if (event.duration.count() > 0)
    {
        Simulator::Schedule(NanoSeconds(event.duration.count()),
                            &ScenarioFaults::EndAttack,
                            this,
                            &event);
    }
}

void
ScenarioFaults::EndAttack(const Event* event)
{
    if (m_network.AdversaryOf(NumberOf(*event))->End(NumberOf(*event) + 1))
    {
        Write(*event, ToString(Event::Verb::STOP_ATTACK), {}, 0, true);
    }
}

void
ScenarioFaults::StopAttacks(const Event& event)
{
    Write(event, ToString(event.verb), {}, 0, false);
    for (const Event& other : m_scenario.timeline)
    {
        const bool meant =
            std::find(event.refs.begin(), event.refs.end(), other.label) != event.refs.end();
        if (other.verb == Event::Verb::ATTACK && meant)
        {
            EndAttack(&other);
        }
    }
}

void
ScenarioFaults::TriggerAttacks(uint32_t node)
{
    for (const Event& event : m_scenario.timeline)
    {
        if (event.verb != Event::Verb::ATTACK || event.attack.after.terms.empty())
        {
            continue;
        }
        Ptr<Attack> attack = m_network.AdversaryOf(NumberOf(event))->Find(NumberOf(event) + 1);
        const std::vector<uint32_t> awaited = Resolve(event.attack.after);
        if (attack && std::find(awaited.begin(), awaited.end(), node) != awaited.end())
        {
            attack->Trigger({m_network.AddressOf(node, event.lans.front())});
        }
    }
}

} // namespace karp
} // namespace ns3
