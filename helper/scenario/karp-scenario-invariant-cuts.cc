/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-invariants.h"

#include <algorithm>
#include <utility>

/**
 * \file
 * \ingroup karp
 * Cuts between routers of a LAN, as the invariants see them: a line of the trace begins one or
 * heals some.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return routers of "r0..r4,r7" */
std::vector<uint32_t>
NodesOf(const std::string& text, const TraceWorld& world)
{
    std::vector<uint32_t> nodes;
    for (size_t at = 0; at < text.size();)
    {
        const size_t comma = std::min(text.find(',', at), text.size());
        const std::string run = text.substr(at, comma - at);
        const size_t dots = run.find("..");
        const uint32_t first = world.NodeNumber(run.substr(0, dots));
        const uint32_t last =
            dots == std::string::npos ? first : world.NodeNumber(run.substr(dots + 2));
        for (uint32_t node = first; last != TraceWorld::NOBODY && node <= last; ++node)
        {
            nodes.push_back(node);
        }
        at = comma + 1;
    }
    return nodes;
}

} // namespace

bool
ScenarioInvariants::HasWord(const std::string& text, const std::string& word)
{
    return text.empty() || (" " + text + " ").find(" " + word + " ") != std::string::npos;
}

void
ScenarioInvariants::FeedCut(const TraceEvent& event, const TraceWorld& world, Time now)
{
    ActiveCut cut;
    cut.label = event.Text(TraceKey::LABEL);
    cut.segments = event.Text(TraceKey::SEGMENT);
    cut.oneWay = event.Flag(TraceKey::ONE_WAY) || event.Text(TraceKey::DO) == "cut";
    for (const std::string& set : event.List(TraceKey::SETS))
    {
        cut.sets.push_back(NodesOf(set, world));
    }
    Apply(cut, false, now);
    m_cuts.push_back(std::move(cut));
}

void
ScenarioInvariants::FeedHeal(const TraceEvent& event, Time now)
{
    const std::vector<std::string>& refs = event.List(TraceKey::REF);
    const std::string& segments = event.Text(TraceKey::SEGMENT);
    for (auto cut = m_cuts.begin(); cut != m_cuts.end();)
    {
        const bool named =
            refs.empty() || std::find(refs.begin(), refs.end(), cut->label) != refs.end();
        // A heal that is for some LANs only leaves the others of a cut divided.
        ActiveCut healed = *cut;
        healed.segments = segments.empty() ? cut->segments : segments;
        if (!named)
        {
            ++cut;
            continue;
        }
        Apply(healed, true, now);
        cut = m_cuts.erase(cut);
    }
}

void
ScenarioInvariants::Apply(const ActiveCut& cut, bool heal, Time now)
{
    const auto change = [&](Group& group, uint32_t from, uint32_t to) {
        const auto a = group.local.find(from);
        const auto b = group.local.find(to);
        if (a == group.local.end() || b == group.local.end() || from == to)
        {
            return;
        }
        uint32_t& count = group.cuts[{a->second, b->second}];
        if (!heal && count++ == 0)
        {
            group.monitor.Cut(a->second, b->second, now);
        }
        else if (heal && count > 0 && --count == 0)
        {
            group.monitor.Heal(a->second, b->second, now);
        }
    };
    for (const auto& group : m_groups)
    {
        for (size_t i = 0; i < cut.sets.size() && HasWord(cut.segments, group->lan); ++i)
        {
            for (size_t j = i + 1; j < cut.sets.size(); ++j)
            {
                for (const uint32_t from : cut.sets[i])
                {
                    for (const uint32_t to : cut.sets[j])
                    {
                        change(*group, from, to);
                        if (!cut.oneWay)
                        {
                            change(*group, to, from);
                        }
                    }
                }
            }
        }
    }
}

} // namespace karp
} // namespace ns3
