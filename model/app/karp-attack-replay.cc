/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary.h"
#include "karp-attack-kinds.h"

#include "ns3/boolean.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(ReplayAttack);

TypeId
ReplayAttack::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::karp::ReplayAttack")
            .SetParent<PeriodicAttack>()
            .SetGroupName("Karp")
            .AddConstructor<ReplayAttack>()
            .AddAttribute("Which",
                          "last: the last message seen; older: the one before it, of its sender; "
                          "oldest: the first one kept; any: any of those kept.",
                          StringValue("last"),
                          MakeStringAccessor(&ReplayAttack::m_which),
                          MakeWordChecker({"last", "older", "oldest", "any"}))
            .AddAttribute("Waits",
                          "Play nothing until a router boots, then what it had sent before.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&ReplayAttack::m_waits),
                          MakeBooleanChecker())
            .AddAttribute("MinAge",
                          "Play only what was seen at least so long ago.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&ReplayAttack::m_minAge),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("Source",
                          "IP source to play with; 0.0.0.0: the true one.",
                          Ipv4AddressValue("0.0.0.0"),
                          MakeIpv4AddressAccessor(&ReplayAttack::m_source),
                          MakeIpv4AddressChecker())
            .AddAttribute("Link",
                          "Number of the link to play on; messages are seen on link 0.",
                          UintegerValue(0),
                          MakeUintegerAccessor(&ReplayAttack::m_link),
                          MakeUintegerChecker<uint32_t>(0, 1000))
            .AddAttribute("StoreMax",
                          "Messages kept; the oldest goes first.",
                          UintegerValue(4096),
                          MakeUintegerAccessor(&ReplayAttack::m_storeMax),
                          MakeUintegerChecker<uint32_t>(1, 1000000));
    return tid;
}

void
ReplayAttack::DoBegin()
{
    if (!m_waits)
    {
        StartTicking();
    }
}

void
ReplayAttack::Hear(const WirePacket& message)
{
    if (m_frozen || !Filter().Matches(message, message.destination))
    {
        return;
    }
    m_store.push_back(message);
    if (m_store.size() > m_storeMax)
    {
        m_store.pop_front();
    }
}

void
ReplayAttack::Trigger(const std::set<IpAddress>& who)
{
    if (!m_waits || m_frozen)
    {
        return;
    }
    m_store.erase(std::remove_if(
                      m_store.begin(),
                      m_store.end(),
                      [&who](const WirePacket& message) { return who.count(message.source) == 0; }),
                  m_store.end());
    m_frozen = !m_store.empty();
    if (m_frozen)
    {
        StartTicking();
    }
}

const WirePacket*
ReplayAttack::Choose()
{
    const ns3::Time latest = Simulator::Now() - m_minAge;
    // The store is in order of time.
    size_t count = m_store.size();
    while (count > 0 && m_store[count - 1].seen > latest)
    {
        --count;
    }
    if (count == 0)
    {
        return nullptr;
    }
    if (m_which == "oldest")
    {
        return &m_store.front();
    }
    if (m_which == "any")
    {
        return &m_store[Host().Random().DrawU64() % count];
    }
    const WirePacket& last = m_store[count - 1];
    if (m_which == "last")
    {
        return &last;
    }
    for (size_t i = count - 1; i-- > 0;)
    {
        const WirePacket& before = m_store[i];
        if (before.source == last.source && before.payload != last.payload)
        {
            return &before;
        }
    }
    return nullptr;
}

void
ReplayAttack::Tick()
{
    const WirePacket* chosen = Choose();
    if (chosen == nullptr)
    {
        return;
    }
    WirePacket message = *chosen;
    if (m_source.Get() != 0)
    {
        message.source = IpAddress{m_source.Get()};
    }
    Inject(message, m_link);
}

} // namespace karp
} // namespace ns3
