/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-engine.h"

#include "karp-ospf-context.h"
#include "karp-ospf-interface.h"
#include "karp-ospf-link-state.h"

namespace ns3
{
namespace karp
{

void
OspfContext::Push(OspfEvent&& event)
{
    events.Push(std::move(event));
}

OspfEngine::OspfEngine(uint32_t routerId, const KeyTable& keys, Entropy& entropy)
    : m_context(std::make_unique<OspfContext>(routerId, keys, entropy))
{
}

OspfEngine::~OspfEngine() = default;

bool
OspfEngine::EnableLinkState(const OspfLinkStateConfig& config)
{
    if (!m_interfaces.empty() || m_linkState != nullptr)
    {
        return false;
    }
    m_linkState = std::make_unique<OspfLinkState>(*m_context, config);
    m_context->linkState = m_linkState.get();
    return true;
}

void
OspfEngine::SetLsaPool(std::shared_ptr<OspfLsaPool> pool)
{
    if (m_linkState != nullptr)
    {
        m_linkState->SetPool(std::move(pool));
    }
}

void
OspfEngine::Settle(Time now)
{
    if (m_linkState != nullptr)
    {
        m_linkState->Settle(now);
    }
}

void
OspfEngine::SetDigestMemo(std::shared_ptr<DigestMemo> memo)
{
    m_context->memo = std::move(memo);
}

bool
OspfEngine::AddInterface(const OspfInterfaceConfig& config)
{
    const bool isExtended = config.authType == OspfAuthType::CRYPTOGRAPHIC_64;
    const bool isAuthKnown = isExtended || config.authType == OspfAuthType::NONE ||
                             config.authType == OspfAuthType::CRYPTOGRAPHIC;
    // RFC 7474 section 2: the number "MUST be incremented for every OSPF packet sent".
    const bool mayRepeat = config.sequenceStep == OspfSequenceStep::SECOND;
    if (!isAuthKnown || (isExtended && mayRepeat) || config.address.value == 0 ||
        config.helloInterval <= Time(0) || config.routerDeadInterval <= Time(0) ||
        m_interfaces.count(config.index) != 0)
    {
        return false;
    }
    auto interface = std::make_unique<OspfInterface>(*m_context, config);
    if (m_linkState != nullptr)
    {
        m_linkState->AddInterface(*interface, config.areaId);
    }
    m_interfaces.emplace(config.index, std::move(interface));
    return true;
}

OspfInterface*
OspfEngine::Find(uint32_t index) const
{
    const auto place = m_interfaces.find(index);
    return place == m_interfaces.end() ? nullptr : place->second.get();
}

void
OspfEngine::InterfaceUp(uint32_t index, Time now)
{
    if (OspfInterface* interface = Find(index))
    {
        interface->Handle(OspfInterfaceEvent::INTERFACE_UP, now);
    }
    Settle(now);
}

void
OspfEngine::InterfaceDown(uint32_t index, Time now)
{
    if (OspfInterface* interface = Find(index))
    {
        interface->Handle(OspfInterfaceEvent::INTERFACE_DOWN, now);
    }
    Settle(now);
}

void
OspfEngine::SetPriority(uint32_t index, uint8_t priority, Time now)
{
    if (OspfInterface* interface = Find(index))
    {
        interface->SetPriority(priority, now);
    }
}

void
OspfEngine::Receive(uint32_t index,
                    IpAddress source,
                    IpAddress destination,
                    ByteView packet,
                    Time now)
{
    OspfInterface* interface = Find(index);
    if (interface == nullptr)
    {
        m_context->Reject(index, DropReason::UNEXPECTED_EVENT, index, source);
        return;
    }
    interface->Receive(source, destination, packet, now);
    Settle(now);
}

void
OspfEngine::Advance(Time now)
{
    // In the order of instants, and of interface numbers where they are equal. Timers are set anew
    // from now on, so a host that was away for long gets one Hello and not all it missed.
    while (true)
    {
        const auto next = NextTimeout();
        if (!next || *next > now)
        {
            break;
        }
        if (m_linkState != nullptr && m_linkState->NextTimeout() == next)
        {
            m_linkState->Fire(now);
            continue;
        }
        for (const auto& [index, interface] : m_interfaces)
        {
            if (interface->NextTimeout() == next)
            {
                interface->Fire(now);
                break;
            }
        }
    }
    Settle(now);
}

std::optional<Time>
OspfEngine::NextTimeout() const
{
    if (m_context->timersChanged)
    {
        m_nextTimeout.reset();
        for (const auto& [index, interface] : m_interfaces)
        {
            m_nextTimeout = Earlier(m_nextTimeout, interface->NextTimeout());
        }
        if (m_linkState != nullptr)
        {
            m_nextTimeout = Earlier(m_nextTimeout, m_linkState->NextTimeout());
        }
        m_context->timersChanged = false;
    }
    return m_nextTimeout;
}

std::optional<OspfTransmit>
OspfEngine::PollTransmit()
{
    const OspfOutgoing* outgoing = m_context->transmits.Pop();
    if (outgoing == nullptr)
    {
        return std::nullopt;
    }
    return OspfTransmit{outgoing->interface, outgoing->destination, &outgoing->packet};
}

std::optional<OspfEvent>
OspfEngine::PollEvent()
{
    const OspfEvent* event = m_context->events.Pop();
    return event == nullptr ? std::nullopt : std::optional<OspfEvent>(*event);
}

std::vector<OspfEngine::NeighborInfo>
OspfEngine::Neighbors(uint32_t index) const
{
    std::vector<NeighborInfo> list;
    if (const OspfInterface* interface = Find(index))
    {
        for (const OspfNeighbor* neighbor : interface->Neighbors())
        {
            list.push_back({neighbor->GetFields().routerId,
                            neighbor->Address(),
                            neighbor->GetFields().priority,
                            neighbor->State(),
                            interface->LastSequence(*neighbor)});
        }
    }
    return list;
}

OspfInterfaceState
OspfEngine::InterfaceState(uint32_t index) const
{
    const OspfInterface* interface = Find(index);
    return interface == nullptr ? OspfInterfaceState::DOWN : interface->State();
}

IpAddress
OspfEngine::DesignatedRouter(uint32_t index) const
{
    const OspfInterface* interface = Find(index);
    return interface == nullptr ? IpAddress{} : interface->DesignatedRouter();
}

IpAddress
OspfEngine::BackupDesignatedRouter(uint32_t index) const
{
    const OspfInterface* interface = Find(index);
    return interface == nullptr ? IpAddress{} : interface->BackupDesignatedRouter();
}

void
OspfEngine::AddExternal(const OspfExternalRoute& route, Time now)
{
    if (m_linkState != nullptr)
    {
        m_linkState->AddExternal(route, now);
    }
}

void
OspfEngine::RemoveExternal(IpAddress address, uint32_t mask, Time now)
{
    if (m_linkState != nullptr)
    {
        m_linkState->RemoveExternal(address, mask, now);
    }
}

void
OspfEngine::KeyInstalled(uint32_t index, Time at, Time now)
{
    if (OspfInterface* interface = Find(index))
    {
        interface->HandleKey(at, now);
    }
}

void
OspfEngine::SetCost(uint32_t index, uint16_t cost, Time now)
{
    if (OspfInterface* interface = Find(index))
    {
        interface->SetCost(cost, now);
    }
}

const OspfLinkState*
OspfEngine::LinkState() const
{
    return m_linkState.get();
}

void
OspfEngine::ExhaustSequence(uint32_t index)
{
    if (OspfInterface* interface = Find(index))
    {
        interface->ExhaustSequence();
    }
}

uint64_t
OspfEngine::NextSequence(uint32_t index) const
{
    const OspfInterface* interface = Find(index);
    return interface == nullptr ? 0 : interface->NextSequence();
}

const DropCounters&
OspfEngine::Drops() const
{
    return m_context->drops;
}

const CryptoCounters&
OspfEngine::Counters() const
{
    return m_context->operations;
}

} // namespace karp
} // namespace ns3
