/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-trace-world.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

constexpr const char* ROLE_NAMES[] = {"down", "initial", "gcks", "member"};

} // namespace

const char*
ToString(TraceRole role)
{
    return ROLE_NAMES[static_cast<size_t>(role)];
}

std::optional<TraceRole>
ParseRole(const std::string& name)
{
    for (size_t i = 0; i < std::size(ROLE_NAMES); ++i)
    {
        if (name == ROLE_NAMES[i])
        {
            return static_cast<TraceRole>(i);
        }
    }
    return std::nullopt;
}

TraceWorld::TraceWorld(const Scenario& scenario)
    : m_neighbors(scenario.Neighbors()),
      m_nodes(scenario.Size()),
      m_pulses(scenario.groups.size()),
      m_upCount(scenario.Size())
{
    for (uint32_t i = 0; i < m_nodes.size(); ++i)
    {
        m_nodes[i].name = scenario.NodeName(i);
        m_nodeNumbers[m_nodes[i].name] = i;
        m_nodes[i].memberships.resize(scenario.groups.size());
        m_pairCount += m_neighbors[i].size();
    }
    for (uint32_t i = 0; i < scenario.timeline.size(); ++i)
    {
        if (scenario.timeline[i].verb == TimelineEvent::Verb::ATTACK)
        {
            m_attacks[scenario.timeline[i].label] = i;
        }
    }
    for (uint32_t g = 0; g < scenario.groups.size(); ++g)
    {
        m_groupNumbers[scenario.groups[g].name] = g;
        m_members.push_back(scenario.groups[g].members);
        m_segments.push_back(scenario.lans[scenario.groups[g].lan].id);
        for (const uint32_t node : scenario.groups[g].members)
        {
            m_nodes[node].memberships[g].member = true;
        }
    }
}

void
TraceWorld::Apply(const TraceEvent& event)
{
    switch (event.Kind())
    {
    case TraceKind::ROLE:
        ApplyRole(event);
        break;
    case TraceKind::KEY:
        ApplyKey(event);
        break;
    case TraceKind::DROP:
        ApplyDrop(event);
        break;
    case TraceKind::ADJ:
        ApplyAdjacency(event);
        break;
    case TraceKind::DR:
        ApplyDesignated(event);
        break;
    case TraceKind::ROUTES:
        m_nodes[NodeNumber(event.Text(TraceKey::N))].routes = event.Number(TraceKey::VALUE);
        ++m_version;
        break;
    case TraceKind::FAULT:
        ApplyFault(event);
        ApplyEviction(event);
        break;
    case TraceKind::MSG:
        ApplyMessage(event);
        break;
    case TraceKind::ATTACK:
        ApplyAttack(event);
        break;
    default:
        break;
    }
}

void
TraceWorld::AdvanceTo(int64_t now)
{
    if (now <= m_now)
    {
        return;
    }
    m_now = now;
    if (m_pulse)
    {
        m_pulses.assign(m_pulses.size(), Pulses());
        m_accepted.clear();
        m_pulse = false;
        ++m_version;
    }
    while (!m_boundaries.empty() && *m_boundaries.begin() <= now)
    {
        m_boundaries.erase(m_boundaries.begin());
        ++m_version;
    }
}

std::optional<int64_t>
TraceWorld::NextBoundary() const
{
    return m_boundaries.empty() ? std::nullopt : std::optional<int64_t>(*m_boundaries.begin());
}

void
TraceWorld::ApplyRole(const TraceEvent& event)
{
    const uint32_t node = NodeNumber(event.Text(TraceKey::N));
    const uint32_t group = GroupNumber(event.Text(TraceKey::G));
    const std::optional<TraceRole> role = ParseRole(event.Text(TraceKey::TO));
    if (node != NOBODY && group != NOBODY && role)
    {
        m_nodes[node].memberships[group].role = *role;
        ++m_version;
    }
}

void
TraceWorld::ApplyKey(const TraceEvent& event)
{
    const uint32_t node = NodeNumber(event.Text(TraceKey::N));
    const uint32_t group = GroupNumber(event.Text(TraceKey::G));
    if (node == NOBODY || group == NOBODY)
    {
        return;
    }
    const std::string& op = event.Text(TraceKey::OP);
    if (op != "install" && op != "update" && op != "retire")
    {
        return;
    }
    const size_t kind = event.Text(TraceKey::KIND) == "kek" ? 0 : 1;
    std::map<std::string, HeldKey>& keys = m_nodes[node].memberships[group].keys[kind];
    const std::string& print = event.Text(TraceKey::FP);
    const std::string id = event.Text(TraceKey::ID) + (print.empty() ? "" : "/" + print);
    ++m_version;
    if (op == "retire")
    {
        keys.erase(id);
        return;
    }
    m_nodes[node].memberships[group].everHeld[kind].insert(id);
    HeldKey& key = keys[id];
    key.acceptStart = event.Number(TraceKey::RX_START);
    key.sendStart = event.Number(TraceKey::TX_START);
    key.sendEnd = event.Number(TraceKey::TX_END, INT64_MAX);
    key.acceptEnd = event.Number(TraceKey::RX_END, INT64_MAX);
    key.master = event.Text(TraceKey::OF);
    NoteBoundaries(node, key);
}

void
TraceWorld::NoteBoundaries(uint32_t node, const HeldKey& key)
{
    for (const int64_t local : {key.acceptStart, key.sendStart, key.sendEnd, key.acceptEnd})
    {
        const int64_t at = m_nodes[node].clock.True(Time(local)).count();
        if (at > m_now && local != INT64_MAX && at != INT64_MAX)
        {
            m_boundaries.insert(at);
        }
    }
}

void
TraceWorld::ApplyClock(const TraceEvent& event, uint32_t node)
{
    const Time now(event.Time());
    DriftClock& clock = m_nodes[node].clock;
    clock.Set(now,
              Time(event.Number(TraceKey::OFFSET, clock.Offset(now).count())),
              event.Number(TraceKey::DRIFT, clock.Drift()));
    ++m_version;
    for (const Membership& membership : m_nodes[node].memberships)
    {
        for (const auto& keys : membership.keys)
        {
            for (const auto& entry : keys)
            {
                NoteBoundaries(node, entry.second);
            }
        }
    }
}

void
TraceWorld::ApplyDrop(const TraceEvent& event)
{
    // A loss of data for want of keys is one between two routers that are both in good standing:
    // the receiver runs and holds keys, the sender runs and belongs to the group.
    const std::string& reason = event.Text(TraceKey::REASON);
    const bool keyDrop = reason == "unknown_key" || reason == "key_not_valid";
    const bool sequenceDrop = reason == "replayed_sequence";
    const uint32_t node = NodeNumber(event.Text(TraceKey::N));
    const uint32_t peer = NodeNumber(event.Text(TraceKey::PEER));
    if (event.Text(TraceKey::LAYER) != "ospf" || (!keyDrop && !sequenceDrop) || node == NOBODY ||
        peer == NOBODY || !IsUp(node) || !IsUp(peer))
    {
        return;
    }
    const std::string& segment = event.Text(TraceKey::SEGMENT);
    for (size_t group = 0; group < m_members.size(); ++group)
    {
        // Two routers may be neighbours on several LANs, each with its group.
        if (!segment.empty() && segment != m_segments[group])
        {
            continue;
        }
        const Membership& here = m_nodes[node].memberships[group];
        const bool both = here.member && m_nodes[peer].memberships[group].member;
        if (!both || (keyDrop && here.keys[1].empty()))
        {
            continue;
        }
        (keyDrop ? m_pulses[group].keyDrops : m_pulses[group].sequenceDrops).push_back(node);
        m_pulse = true;
        ++m_version;
    }
}

void
TraceWorld::ApplyAttack(const TraceEvent& event)
{
    const auto attack = m_attacks.find(event.Text(TraceKey::ID));
    const uint32_t node = NodeNumber(event.Text(TraceKey::N));
    if (event.Text(TraceKey::OP) == "accept" && attack != m_attacks.end() && node != NOBODY)
    {
        m_accepted[attack->second].push_back(node);
        m_pulse = true;
        ++m_version;
    }
}

std::vector<uint32_t>
TraceWorld::Accepted(uint32_t attack) const
{
    const auto found = m_accepted.find(attack);
    return found == m_accepted.end() ? std::vector<uint32_t>() : found->second;
}

void
TraceWorld::ApplyFault(const TraceEvent& event)
{
    const std::string& verb = event.Text(TraceKey::DO);
    const std::string& label = event.Text(TraceKey::LABEL);
    // A reboot ends with the boots it causes, an attack when it is ended; everything else is over
    // when it has happened.
    const bool consequence = !event.Text(TraceKey::CAUSE).empty();
    if (!label.empty())
    {
        const bool last = event.Number(TraceKey::MORE) == 0;
        if (!consequence)
        {
            m_labels.emplace(label + ".first", event.Time());
        }
        if (!consequence && last)
        {
            m_labels.emplace(label + ".last", event.Time());
        }
        if (last && (consequence || (verb != "reboot" && verb != "attack")))
        {
            m_labels.emplace(label + ".end", event.Time());
        }
        ++m_version;
    }
    const bool stops = verb == "crash" || verb == "reboot";
    if (!stops && verb != "boot" && verb != "clock")
    {
        return;
    }
    for (const std::string& name : event.List(TraceKey::NODES))
    {
        const uint32_t node = NodeNumber(name);
        if (node == NOBODY)
        {
            continue;
        }
        if (verb == "clock")
        {
            ApplyClock(event, node);
            continue;
        }
        SetUp(node, !stops);
        if (stops)
        {
            Lose(node, event.List(TraceKey::LOSE));
        }
    }
}

void
TraceWorld::Lose(uint32_t node, const std::vector<std::string>& what)
{
    const auto lost = [&](const char* word) {
        return std::find(what.begin(), what.end(), word) != what.end() ||
               std::find(what.begin(), what.end(), "all") != what.end();
    };
    Node& self = m_nodes[node];
    // Who loses sequence numbers loses neighbours, who loses keys loses associations: Router::Boot.
    if (lost("neighbors") || lost("seq"))
    {
        self.sees.clear();
        self.full.clear();
        self.designated.clear();
    }
    for (Membership& membership : self.memberships)
    {
        if (lost("sa") || lost("keys"))
        {
            membership.role = TraceRole::DOWN;
            membership.keys[0].clear(); // KEKs: what is in the key table is kept
        }
        if (lost("keys"))
        {
            membership.keys[1].clear();
        }
    }
}

void
TraceWorld::SetUp(uint32_t node, bool up)
{
    Node& self = m_nodes[node];
    if (self.up == up)
    {
        return;
    }
    uint64_t pairs = 0;
    uint64_t seeing = 0;
    for (const uint32_t other : m_neighbors[node])
    {
        if (m_nodes[other].up)
        {
            pairs += 2;
            seeing += self.sees.count(other) + m_nodes[other].sees.count(node);
        }
    }
    ++m_version;
    self.up = up;
    m_upCount = up ? m_upCount + 1 : m_upCount - 1;
    m_pairCount = up ? m_pairCount + pairs : m_pairCount - pairs;
    m_seesCount = up ? m_seesCount + seeing : m_seesCount - seeing;
}

uint32_t
TraceWorld::NodeNumber(const std::string& name) const
{
    const auto found = m_nodeNumbers.find(name);
    return found == m_nodeNumbers.end() ? NOBODY : found->second;
}

const std::string&
TraceWorld::NodeName(uint32_t node) const
{
    return m_nodes[node].name;
}

uint32_t
TraceWorld::GroupNumber(const std::string& name) const
{
    const auto found = m_groupNumbers.find(name);
    return found == m_groupNumbers.end() ? NOBODY : found->second;
}

const std::vector<uint32_t>&
TraceWorld::Members(uint32_t group) const
{
    return m_members[group];
}

bool
TraceWorld::IsUp(uint32_t node) const
{
    return m_nodes[node].up;
}

TraceRole
TraceWorld::Role(uint32_t node, uint32_t group) const
{
    return m_nodes[node].up ? m_nodes[node].memberships[group].role : TraceRole::DOWN;
}

bool
TraceWorld::IsInGroup(uint32_t node, uint32_t group) const
{
    const TraceRole role = Role(node, group);
    return role == TraceRole::GCKS || role == TraceRole::MEMBER;
}

bool
TraceWorld::IsJoined(uint32_t node, uint32_t group) const
{
    // A router is Member from the advertisement on, and registered when the keys are there (E4).
    return IsInGroup(node, group) && !SendKey(node, group, KeyKind::KEK).empty();
}

std::vector<uint32_t>
TraceWorld::GcksList(uint32_t group) const
{
    std::vector<uint32_t> list;
    for (const uint32_t node : m_members[group])
    {
        if (Role(node, group) == TraceRole::GCKS)
        {
            list.push_back(node);
        }
    }
    return list;
}

uint32_t
TraceWorld::CountGcks(uint32_t group) const
{
    return static_cast<uint32_t>(
        std::count_if(m_members[group].begin(), m_members[group].end(), [&](uint32_t node) {
            return Role(node, group) == TraceRole::GCKS;
        }));
}

uint32_t
TraceWorld::Gcks(uint32_t group) const
{
    const std::vector<uint32_t> list = GcksList(group);
    return list.size() == 1 ? list.front() : NOBODY;
}

std::string
TraceWorld::SendKey(uint32_t node, uint32_t group, KeyKind kind) const
{
    const auto& keys = m_nodes[node].memberships[group].keys[static_cast<size_t>(kind)];
    const int64_t now = LocalNow(node);
    std::string best;
    int64_t bestStart = 0;
    for (const auto& entry : keys)
    {
        const HeldKey& key = entry.second;
        const bool valid = key.sendStart <= now && now < key.sendEnd;
        if (valid && (best.empty() || key.sendStart > bestStart))
        {
            best = entry.first;
            bestStart = key.sendStart;
        }
    }
    return best;
}

bool
TraceWorld::SameKey(uint32_t group, KeyKind kind) const
{
    std::string common;
    for (const uint32_t node : m_members[group])
    {
        if (!IsInGroup(node, group))
        {
            continue;
        }
        std::string own = SendKey(node, group, kind);
        const HeldKey* held = own.empty() ? nullptr : FindKey(node, group, kind, own);
        if (held != nullptr && !held->master.empty())
        {
            own = held->master;
        }
        if (own.empty() || (!common.empty() && own != common))
        {
            return false;
        }
        common = own;
    }
    return !common.empty();
}

const TraceWorld::HeldKey*
TraceWorld::FindKey(uint32_t node, uint32_t group, KeyKind kind, const std::string& id) const
{
    const auto& keys = m_nodes[node].memberships[group].keys[static_cast<size_t>(kind)];
    const auto found = keys.find(id);
    return found == keys.end() ? nullptr : &found->second;
}

const std::vector<uint32_t>&
TraceWorld::KeyDrops(uint32_t group) const
{
    return m_pulses[group].keyDrops;
}

const std::vector<uint32_t>&
TraceWorld::SequenceDrops(uint32_t group) const
{
    return m_pulses[group].sequenceDrops;
}

std::optional<int64_t>
TraceWorld::LabelTime(const std::string& label, const std::string& suffix) const
{
    const auto found = m_labels.find(label + "." + (suffix.empty() ? "first" : suffix));
    return found == m_labels.end() ? std::nullopt : std::optional<int64_t>(found->second);
}

} // namespace karp
} // namespace ns3
