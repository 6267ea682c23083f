/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-trace-world.h"

/**
 * \file
 * \ingroup karp
 * What a trace says of keys beyond who holds them: who sent what under them, who ever held them.
 */

namespace ns3
{
namespace karp
{

std::string
TraceWorld::KeyOf(const TraceEvent& event, uint32_t& group) const
{
    const uint32_t node = NodeNumber(event.Text(TraceKey::N));
    const std::string& id = event.Text(TraceKey::KEY);
    std::string best;
    if (node == NOBODY || id.empty())
    {
        return best;
    }
    // Of the keys of this identifier the one that the key table would choose (RFC 7210 section 3).
    const int64_t now = LocalNow(node);
    int64_t bestStart = 0;
    // A router may use one identifier on two LANs.
    const TraceValue* segment = event.Find(TraceKey::SEGMENT);
    for (uint32_t g = 0; g < m_members.size(); ++g)
    {
        if (segment != nullptr && event.Text(TraceKey::SEGMENT) != m_segments[g])
        {
            continue;
        }
        for (const auto& [name, key] : m_nodes[node].memberships[g].keys[1])
        {
            const bool named = name.compare(0, id.size(), id) == 0 &&
                               (name.size() == id.size() || name[id.size()] == '/');
            const bool valid = key.sendStart <= now && now < key.sendEnd;
            if (named && valid && (best.empty() || key.sendStart > bestStart))
            {
                best = name;
                bestStart = key.sendStart;
                group = g;
            }
        }
    }
    return best;
}

void
TraceWorld::ApplyMessage(const TraceEvent& event)
{
    uint32_t group = NOBODY;
    const std::string key = KeyOf(event, group);
    const TraceValue* number = event.Find(TraceKey::SEQ);
    if (key.empty() || number == nullptr)
    {
        return;
    }
    const uint32_t node = NodeNumber(event.Text(TraceKey::N));
    NumberSet& sent = m_nodes[node].memberships[group].sent[key];
    const auto* wide = std::get_if<uint64_t>(number); // of AuType 3, past 2^63
    if (!sent.Insert(wide != nullptr ? *wide : static_cast<uint64_t>(event.Number(TraceKey::SEQ))))
    {
        m_pulses[group].reuses.push_back(node);
        m_pulse = true;
        ++m_version;
    }
}

void
TraceWorld::ApplyEviction(const TraceEvent& event)
{
    if (event.Text(TraceKey::DO) != "evict")
    {
        return;
    }
    const uint32_t only = GroupNumber(event.Text(TraceKey::G));
    for (const std::string& name : event.List(TraceKey::NODES))
    {
        const uint32_t node = NodeNumber(name);
        for (uint32_t group = 0; node != NOBODY && group < m_members.size(); ++group)
        {
            if (only == NOBODY || only == group)
            {
                m_nodes[node].memberships[group].evicted = true;
                ++m_version;
            }
        }
    }
}

const std::set<std::string>&
TraceWorld::EverHeld(uint32_t node, uint32_t group, KeyKind kind) const
{
    return m_nodes[node].memberships[group].everHeld[static_cast<size_t>(kind)];
}

bool
TraceWorld::IsEvicted(uint32_t node, uint32_t group) const
{
    return m_nodes[node].memberships[group].evicted;
}

bool
TraceWorld::IsJoinable(uint32_t group) const
{
    for (const uint32_t node : GcksList(group))
    {
        if (!IsEvicted(node, group) && !SendKey(node, group, KeyKind::KEK).empty())
        {
            return true;
        }
    }
    return false;
}

std::vector<uint32_t>
TraceWorld::Verifiable(uint32_t node, uint32_t group) const
{
    std::vector<uint32_t> list;
    for (const uint32_t other : m_members[group])
    {
        if (other == node || IsEvicted(other, group) || !IsInGroup(other, group))
        {
            continue;
        }
        for (const KeyKind kind : {KeyKind::KEK, KeyKind::PMK})
        {
            // Only a GCKS sends under a KEK.
            const bool sends = kind == KeyKind::PMK || Role(other, group) == TraceRole::GCKS;
            if (sends && EverHeld(node, group, kind).count(SendKey(other, group, kind)) != 0)
            {
                list.push_back(other);
                break;
            }
        }
    }
    return list;
}

const std::vector<uint32_t>&
TraceWorld::SequenceReuses(uint32_t group) const
{
    return m_pulses[group].reuses;
}

} // namespace karp
} // namespace ns3
