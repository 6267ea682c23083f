/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-invariants.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Whether a group is whole: one GCKS and one KEK wherever routers reach and trust each other.
 */

namespace ns3
{
namespace karp
{

void
InvariantMonitor::Mark(Time at)
{
    if (at > m_now && at != TIME_MAX)
    {
        m_marks.insert(at);
    }
}

// What the records of an instant leave behind lasts until the next record, or until a bound ends or
// a KEK begins or ends in between.
void
InvariantMonitor::Advance(Time now)
{
    while (m_now < now)
    {
        JudgeUses();
        if (m_dirty && IsJudged())
        {
            JudgeGroup();
            m_dirty = false;
        }
        const bool mark = !m_marks.empty() && *m_marks.begin() <= now;
        m_now = mark ? *m_marks.begin() : now;
        if (mark)
        {
            m_marks.erase(m_marks.begin());
            m_dirty = true;
        }
    }
}

bool
InvariantMonitor::IsCut(uint32_t from, uint32_t to) const
{
    if (m_cuts == 0)
    {
        return false;
    }
    const auto found = m_links.find({from, to});
    return found != m_links.end() && found->second.cut;
}

Time
InvariantMonitor::CutSince(uint32_t from, uint32_t to) const
{
    const auto found = m_links.find({from, to});
    return found == m_links.end() ? Time(0) : found->second.since;
}

bool
InvariantMonitor::Trusts(uint32_t a, uint32_t b) const
{
    return m_routers[a].trust == m_routers[b].trust;
}

bool
InvariantMonitor::TakesPart(uint32_t router) const
{
    return m_routers[router].up && m_routers[router].role != GcksRole::DOWN;
}

// An exchange may hang for as long as its repetitions last if its peer vanishes. In a group that is
// whole there is none but registrations with the GCKS itself, and these end with the role.
bool
InvariantMonitor::MayHang() const
{
    for (const auto& component : Components())
    {
        std::vector<uint32_t> blamed;
        if (!IsClosed(component) || !JudgeComponent(component, blamed).empty())
        {
            return true;
        }
    }
    return false;
}

std::vector<std::vector<uint32_t>>
InvariantMonitor::Components() const
{
    const auto linked = [this](uint32_t a, uint32_t b) {
        return Trusts(a, b) && !IsCut(a, b) && !IsCut(b, a);
    };
    std::vector<std::vector<uint32_t>> components;
    std::vector<bool> seen(m_routers.size(), false);
    for (uint32_t first = 0; first < m_routers.size(); ++first)
    {
        if (seen[first] || !TakesPart(first))
        {
            continue;
        }
        std::vector<uint32_t> component{first};
        seen[first] = true;
        for (size_t i = 0; i < component.size(); ++i)
        {
            for (uint32_t other = first + 1; other < m_routers.size(); ++other)
            {
                if (!seen[other] && TakesPart(other) && linked(component[i], other))
                {
                    seen[other] = true;
                    component.push_back(other);
                }
            }
        }
        std::sort(component.begin(), component.end());
        components.push_back(std::move(component));
    }
    return components;
}

// Messages of a group are not relayed. Where a router reaches some of its part but not all, or is
// heard by somebody it does not hear, nothing is promised: whoever mutes a GCKS to some divides the
// group for as long as it does so (H 9).
bool
InvariantMonitor::IsClosed(const std::vector<uint32_t>& component) const
{
    if (m_cuts == 0)
    {
        return true;
    }
    for (const uint32_t a : component)
    {
        for (uint32_t b = 0; b < m_routers.size(); ++b)
        {
            const bool inside = std::binary_search(component.begin(), component.end(), b);
            if (a == b || !TakesPart(b) || !Trusts(a, b))
            {
                continue;
            }
            if (IsCut(a, b) == inside || IsCut(b, a) == inside)
            {
                return false;
            }
        }
    }
    return true;
}

std::optional<KeyTag>
InvariantMonitor::SendKek(uint32_t router) const
{
    const Router& self = m_routers[router];
    std::optional<KeyTag> best;
    Time bestStart{0};
    for (const auto& [key, lifetimes] : self.keys)
    {
        if (key.kek && lifetimes.CanSend(m_now + self.clock) &&
            (!best || lifetimes.sendStart > bestStart))
        {
            best = key;
            bestStart = lifetimes.sendStart;
        }
    }
    return best;
}

std::string
InvariantMonitor::JudgeComponent(const std::vector<uint32_t>& component,
                                 std::vector<uint32_t>& blamed) const
{
    std::vector<uint32_t> servers;
    for (const uint32_t router : component)
    {
        if (m_routers[router].role == GcksRole::GCKS)
        {
            servers.push_back(router);
        }
    }
    const auto names = [this](const std::vector<uint32_t>& routers) {
        std::string text;
        for (const uint32_t router : routers)
        {
            text += (text.empty() ? "" : ", ") + m_routers[router].name;
        }
        return text;
    };
    if (servers.size() != 1)
    {
        blamed = servers.empty() ? component : servers;
        return std::to_string(servers.size()) + " GCKSs among " + names(component);
    }
    const std::optional<KeyTag> kek = SendKek(servers.front());
    if (!kek)
    {
        blamed = servers;
        return m_routers[servers.front()].name + " is GCKS and holds no KEK to send with";
    }
    for (const uint32_t router : component)
    {
        const std::optional<KeyTag> own = SendKek(router);
        // By clocks that differ one changes before the other; the lead makes up for that (H 4).
        const Router& self = m_routers[router];
        const auto held = self.keys.find(*kek);
        const bool ready = self.clock != m_routers[servers.front()].clock &&
                           held != self.keys.end() && held->second.CanAccept(m_now + self.clock);
        const bool same = (own && own->id == kek->id) || ready;
        if (router != servers.front() && (m_routers[router].role != GcksRole::MEMBER || !same))
        {
            blamed.push_back(router);
        }
    }
    return blamed.empty() ? ""
                          : names(blamed) + " not with " + m_routers[servers.front()].name +
                                " and its " + kek->ToString();
}

void
InvariantMonitor::JudgeGroup()
{
    bool whole = true;
    for (const auto& component : Components())
    {
        std::vector<uint32_t> blamed;
        // Whoever was evicted is alone; nobody promises it a GCKS (H 1).
        const bool asked = IsClosed(component) && !m_routers[component.front()].evicted;
        const std::string what = asked ? JudgeComponent(component, blamed) : std::string();
        if (what.empty())
        {
            continue;
        }
        whole = false;
        if (!m_broken)
        {
            Report(Invariant::ONE_GCKS, m_now, blamed, what);
        }
    }
    m_broken = !whole;
}

} // namespace karp
} // namespace ns3
