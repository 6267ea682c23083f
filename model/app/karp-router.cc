/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-router.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/ipv4.h"
#include "ns3/log.h"
#include "ns3/packet.h"
#include "ns3/pointer.h"
#include "ns3/queue.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <cmath>
#include <sstream>

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpRouter");
NS_OBJECT_ENSURE_REGISTERED(Router);

namespace
{

constexpr double BILLIONTHS = 1000;  //!< of one part per million
constexpr double DRIFT_MAX = 100000; //!< a tenth, as DriftClock has it; crystals do with 100 ppm

} // namespace

std::optional<LossSet>
LossSet::Parse(const std::string& words)
{
    LossSet lost{false, false, false, false, false};
    std::istringstream text(words);
    std::string word;
    while (std::getline(text, word, ','))
    {
        if (word == "seq")
        {
            lost.sequence = true;
        }
        else if (word == "neighbors")
        {
            lost.neighbors = true;
        }
        else if (word == "sa")
        {
            lost.sa = true;
        }
        else if (word == "keys")
        {
            lost.keys = true;
        }
        else if (word == "nvram")
        {
            lost.nvram = true;
        }
        else if (word == "all")
        {
            const bool nvram = lost.nvram;
            lost = LossSet();
            lost.nvram = nvram;
        }
        else if (word != "none")
        {
            return std::nullopt;
        }
    }
    return lost;
}

TypeId
Router::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::karp::Router")
            .SetParent<Object>()
            .SetGroupName("Karp")
            .AddConstructor<Router>()
            .AddAttribute("ClockOffset",
                          "What this router's clock is ahead of the simulation's time.",
                          TimeValue(ns3::Time(0)),
                          MakeTimeAccessor(&Router::SetClockOffset, &Router::GetClockOffset),
                          MakeTimeChecker(Hours(-24 * 3650), Hours(24 * 36500)))
            .AddAttribute("ClockDrift",
                          "How much too fast this router's clock runs, parts per million.",
                          DoubleValue(0),
                          MakeDoubleAccessor(&Router::SetClockDrift, &Router::GetClockDrift),
                          MakeDoubleChecker<double>(-DRIFT_MAX, DRIFT_MAX))
            .AddTraceSource("KeyInstalled",
                            "A row of the key table is new, or changed.",
                            MakeTraceSourceAccessor(&Router::m_installedTrace),
                            "ns3::karp::Router::KeyInstalledCallback")
            .AddTraceSource("KeyRetired",
                            "A row of the key table is gone.",
                            MakeTraceSourceAccessor(&Router::m_retiredTrace),
                            "ns3::karp::Router::KeyRetiredCallback")
            .AddTraceSource("Running",
                            "The router crashed, or booted.",
                            MakeTraceSourceAccessor(&Router::m_runningTrace),
                            "ns3::karp::Router::RunningCallback");
    return tid;
}

Router::Router()
    : m_cpu(CreateObject<CpuModel>())
{
}

Router::~Router() = default;

void
Router::DoDispose()
{
    m_expiry.Cancel();
    m_cpu->Dispose();
    m_processes.clear();
    m_listeners.clear();
    Object::DoDispose();
}

Ptr<Router>
Router::Of(Ptr<Node> node)
{
    Ptr<Router> router = node->GetObject<Router>();
    if (!router)
    {
        router = CreateObject<Router>();
        node->AggregateObject(router);
    }
    return router;
}

// ---- clock

Time
Router::Now() const
{
    return m_clock.Local(Time(Simulator::Now().GetNanoSeconds()));
}

ns3::Time
Router::ToSimulationTime(Time instant) const
{
    const ns3::Time now = Simulator::Now();
    const Time longest{(ns3::Time::Max() - now).GetNanoSeconds()};
    const Time wait = m_clock.True(instant) - Time(now.GetNanoSeconds());
    return now + NanoSeconds(std::clamp(wait, Time(0), longest).count());
}

void
Router::SetClockOffset(ns3::Time offset)
{
    SetClock(Time(offset.GetNanoSeconds()), m_clock.Drift());
}

ns3::Time
Router::GetClockOffset() const
{
    return NanoSeconds(m_clock.Offset(Time(Simulator::Now().GetNanoSeconds())).count());
}

void
Router::SetClockDrift(double drift)
{
    // What it has gained so far it keeps.
    const Time now(Simulator::Now().GetNanoSeconds());
    SetClock(m_clock.Offset(now), std::llround(drift * BILLIONTHS));
}

double
Router::GetClockDrift() const
{
    return static_cast<double>(m_clock.Drift()) / BILLIONTHS;
}

void
Router::SetClock(Time offset, int64_t drift)
{
    const Time now(Simulator::Now().GetNanoSeconds());
    if (offset == m_clock.Offset(now) && drift == m_clock.Drift())
    {
        return;
    }
    m_clock.Set(now, offset, drift);
    ArmExpiry(m_expiryAt);
    for (auto process : std::vector<RouterProcess*>(m_processes))
    {
        process->OnClockSet();
    }
}

// ---- keys

const KeyTable&
Router::Keys() const
{
    return m_keys;
}

KeyTable::Result
Router::InstallKey(const KeyRow& row)
{
    const KeyRow* old = m_keys.Get(row.adminKeyName);
    const bool there = old != nullptr;
    KeyTable::Result result;
    if (!there)
    {
        result = m_keys.Insert(row);
    }
    else if (old->key == row.key)
    {
        result = m_keys.SetLifetimes(row.adminKeyName, row.lifetimes);
    }
    else
    {
        result = m_keys.Rekey(row.adminKeyName, row);
    }
    if (result == KeyTable::Result::OK)
    {
        NS_LOG_INFO("key " << row.adminKeyName << (there ? " changed" : " installed"));
        m_installedTrace(row, there);
        for (auto process : std::vector<RouterProcess*>(m_processes))
        {
            process->OnKeyInstalled(row);
        }
        // A key that now lives longer than it did is looked at early, which does no harm.
        const Time end = std::max(row.lifetimes.sendEnd, row.lifetimes.acceptEnd);
        if (end < m_expiryAt)
        {
            ArmExpiry(end);
        }
    }
    return result;
}

bool
Router::RetireKey(const std::string& adminKeyName)
{
    if (m_keys.Delete(adminKeyName) != KeyTable::Result::OK)
    {
        return false;
    }
    NS_LOG_INFO("key " << adminKeyName << " retired");
    m_retiredTrace(adminKeyName, false);
    return true;
}

void
Router::ArmExpiry(Time instant)
{
    m_expiry.Cancel();
    m_expiryAt = instant;
    if (instant != TIME_MAX)
    {
        m_expiry = Simulator::Schedule(ToSimulationTime(instant) - Simulator::Now(),
                                       &Router::ExpireKeys,
                                       this);
    }
}

void
Router::ExpireKeys()
{
    for (const auto& name : m_keys.Expire(Now()))
    {
        NS_LOG_INFO("key " << name << " expired");
        m_retiredTrace(name, true);
    }
    ArmExpiry(m_keys.NextChange(Now()));
}

Ptr<CpuModel>
Router::Cpu() const
{
    return m_cpu;
}

// ---- crashes

void
Router::Crash()
{
    if (m_crashed)
    {
        return;
    }
    NS_LOG_INFO("crash");
    m_crashed = true;
    m_cpu->Reset();
    SetInterfaces(false);
    for (auto& link : m_links)
    {
        link.second.up = false;
        link.second.designated = false;
    }
    for (auto process : std::vector<RouterProcess*>(m_processes))
    {
        process->OnCrash();
    }
    m_runningTrace(false);
}

void
Router::Boot(const LossSet& lost)
{
    if (!m_crashed)
    {
        return;
    }
    NS_LOG_INFO("boot");
    m_crashed = false;
    // A process that lost its sequence numbers has lost its neighbours, and one that lost its keys
    // has no association left: they lay in the same memory.
    LossSet whole = lost;
    whole.neighbors |= lost.sequence;
    whole.sa |= lost.keys;
    if (whole.keys)
    {
        std::vector<std::string> names;
        m_keys.ForEach([&names](const KeyRow& row) { names.push_back(row.adminKeyName); });
        for (const auto& name : names)
        {
            RetireKey(name);
        }
    }
    ExpireKeys();
    SetInterfaces(true);
    m_runningTrace(true);
    for (auto process : std::vector<RouterProcess*>(m_processes))
    {
        process->OnBoot(whole);
    }
}

void
Router::SetCarrier(uint32_t interface, bool up)
{
    Ptr<Ipv4> ipv4 = GetObject<Ipv4>();
    NS_ABORT_MSG_UNLESS(ipv4 && interface < ipv4->GetNInterfaces(),
                        "there is no interface " << interface);
    if (!m_crashed)
    {
        up ? ipv4->SetUp(interface) : ipv4->SetDown(interface);
    }
    else if (up)
    {
        m_downBefore.erase(interface); // the boot brings it up
    }
    else
    {
        m_downBefore.insert(interface);
    }
}

void
Router::SetInterfaces(bool up)
{
    Ptr<Ipv4> ipv4 = GetObject<Ipv4>();
    if (!ipv4)
    {
        return;
    }
    for (uint32_t i = 1; i < ipv4->GetNInterfaces(); ++i)
    {
        // Devices hear nothing and lose what they hold; IP stops for all. A frame that waits for
        // the wire to be free still leaves: a CsmaNetDevice whose SendEnable is taken away while it
        // backs off never sends again.
        Ptr<NetDevice> device = ipv4->GetNetDevice(i);
        device->SetAttributeFailSafe("ReceiveEnable", BooleanValue(up));
        PointerValue held;
        if (!up && device->GetAttributeFailSafe("TxQueue", held) && held.Get<Queue<Packet>>())
        {
            held.Get<Queue<Packet>>()->Flush();
        }
        if (!up && !ipv4->IsUp(i))
        {
            m_downBefore.insert(i);
        }
        else if (m_downBefore.count(i) == 0)
        {
            up ? ipv4->SetUp(i) : ipv4->SetDown(i);
        }
    }
    if (up)
    {
        m_downBefore.clear();
    }
}

void
Router::AddProcess(RouterProcess* process)
{
    m_processes.push_back(process);
}

void
Router::RemoveProcess(RouterProcess* process)
{
    m_processes.erase(std::remove(m_processes.begin(), m_processes.end(), process),
                      m_processes.end());
}

// ---- between routing and key management

void
Router::AddListener(RoutingListener* listener)
{
    m_listeners.push_back(listener);
}

void
Router::RemoveListener(RoutingListener* listener)
{
    m_listeners.erase(std::remove(m_listeners.begin(), m_listeners.end(), listener),
                      m_listeners.end());
}

void
Router::AnnounceRouting(uint32_t interface)
{
    m_links[interface];
}

bool
Router::HasRouting(uint32_t interface) const
{
    return m_links.count(interface) != 0;
}

bool
Router::IsRoutingUp(uint32_t interface) const
{
    const auto it = m_links.find(interface);
    return it != m_links.end() && it->second.up;
}

uint8_t
Router::RoutingPriority(uint32_t interface) const
{
    const auto it = m_links.find(interface);
    return it != m_links.end() ? it->second.priority : 0;
}

bool
Router::IsDesignated(uint32_t interface) const
{
    const auto it = m_links.find(interface);
    return it != m_links.end() && it->second.designated;
}

void
Router::RoutingUp(uint32_t interface, uint8_t priority, bool newSession)
{
    m_links[interface] = {true, priority, false};
    for (auto listener : std::vector<RoutingListener*>(m_listeners))
    {
        listener->OnRoutingUp(interface, priority, newSession);
    }
}

void
Router::RoutingDown(uint32_t interface)
{
    Link& link = m_links[interface];
    link.up = false;
    link.designated = false;
    for (auto listener : std::vector<RoutingListener*>(m_listeners))
    {
        listener->OnRoutingDown(interface);
    }
}

void
Router::SetRoutingPriority(uint32_t interface, uint8_t priority)
{
    m_links[interface].priority = priority;
    for (auto listener : std::vector<RoutingListener*>(m_listeners))
    {
        listener->OnRoutingPriority(interface, priority);
    }
}

void
Router::SetDesignated(uint32_t interface, bool designated)
{
    m_links[interface].designated = designated;
    for (auto listener : std::vector<RoutingListener*>(m_listeners))
    {
        listener->OnDesignated(interface, designated);
    }
}

void
Router::SequenceLow(uint32_t interface)
{
    for (auto listener : std::vector<RoutingListener*>(m_listeners))
    {
        listener->OnSequenceLow(interface);
    }
}

void
Router::KeyHeard(uint32_t interface, const std::string& adminKeyName, IpAddress peer)
{
    for (auto listener : std::vector<RoutingListener*>(m_listeners))
    {
        listener->OnKeyHeard(interface, adminKeyName, peer);
    }
}

} // namespace karp
} // namespace ns3
