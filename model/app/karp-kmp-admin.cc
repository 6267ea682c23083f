/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-kmp-application.h"

/**
 * \file
 * \ingroup karp
 * What an administrator says to a KmpApplication: other keys, who may not be in the group, who is
 * to serve, and with what priority.
 */

namespace ns3
{
namespace karp
{

// An engine outlives a crash that costs no associations, but nobody can command it then.
bool
KmpApplication::Runs(uint32_t group)
{
    return At(group).engine && !m_router->IsCrashed();
}

void
KmpApplication::Rekey(uint32_t group)
{
    if (Runs(group))
    {
        m_groups[group].engine->Rekey(m_router->Now());
        Pump();
    }
}

bool
KmpApplication::Evict(uint32_t group, const std::string& name)
{
    const bool done =
        Runs(group) && m_groups[group].engine->Evict(Identity::OfName(name), m_router->Now());
    Pump();
    return done;
}

bool
KmpApplication::HandOver(uint32_t group, IpAddress to)
{
    const bool done = Runs(group) && m_groups[group].engine->HandOver(to, m_router->Now());
    Pump();
    return done;
}

void
KmpApplication::SetPriority(uint32_t group, uint8_t priority, bool fixed)
{
    At(group).priority = priority;
    m_groups[group].fixed |= fixed;
    UpdatePriorities(m_groups[group].interface);
}

uint8_t
KmpApplication::EffectivePriority(const Group& group) const
{
    if (m_followDr && !group.fixed && m_router->IsDesignated(group.interface))
    {
        return PRIORITY_DESIGNATED;
    }
    if (group.priority)
    {
        return *group.priority;
    }
    const bool follow = m_followPriority && m_router->HasRouting(group.interface);
    return follow ? m_router->RoutingPriority(group.interface) : m_priority;
}

void
KmpApplication::UpdatePriorities(uint32_t interface)
{
    for (auto& group : m_groups)
    {
        if (group.interface == interface && group.engine && !m_router->IsCrashed())
        {
            group.engine->SetPriority(EffectivePriority(group), m_router->Now());
        }
    }
    Pump();
}

} // namespace karp
} // namespace ns3
