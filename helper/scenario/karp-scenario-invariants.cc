/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-invariants.h"

#include "karp-scenario-credentials.h"

#include "ns3/karp-group-keys.h"
#include "ns3/karp-ospf-engine.h"

#include <algorithm>
#include <cstdlib>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the number that \p digits spell in hexadecimal */
uint64_t
Hexadecimal(const std::string& digits)
{
    return std::strtoull(digits.c_str(), nullptr, 16);
}

/** \return the PMK called \p name by a TraceWorld: "5a" or "5a/0123abcd" */
KeyTag
PmkTag(const std::string& name)
{
    const size_t slash = name.find('/');
    return {false,
            Hexadecimal(name.substr(0, slash)),
            slash == std::string::npos ? 0 : Hexadecimal(name.substr(slash + 1))};
}

/** \return the key that a line is about */
KeyTag
TagOf(const TraceEvent& event)
{
    const uint64_t id = Hexadecimal(event.Text(TraceKey::ID));
    const bool kek = event.Text(TraceKey::KIND) == "kek";
    return {kek, id, kek ? 0 : Hexadecimal(event.Text(TraceKey::FP))};
}

/** \return role called \p name */
GcksRole
RoleOf(const std::string& name)
{
    for (const GcksRole role : {GcksRole::INITIAL, GcksRole::GCKS, GcksRole::MEMBER})
    {
        if (name == ToString(role))
        {
            return role;
        }
    }
    return GcksRole::DOWN;
}

} // namespace

ScenarioInvariants::ScenarioInvariants(const Scenario& scenario)
    : m_scenario(scenario),
      m_keyManagement(scenario.protocol.kmp == "mrkmp")
{
    InvariantSettings settings = scenario.invariants;
    settings.timers = TimersOf(scenario);
    for (const Invariant invariant : {Invariant::ONE_GCKS, Invariant::SEQUENCE_REUSE})
    {
        if (!m_keyManagement)
        {
            settings.TurnOff(invariant); // keys by hand promise neither
        }
    }
    // Nobody promises whom the others do not believe a GCKS; no key of theirs may reach it.
    for (const uint32_t node : scenario.credentials.mismatch)
    {
        m_ignored[node] = Time(0);
    }
    for (const auto& times : {scenario.credentials.revoked, scenario.credentials.expires})
    {
        for (const auto& [node, from] : times)
        {
            const auto known = m_ignored.emplace(node, from).first;
            known->second = std::min(known->second, from);
        }
    }
    for (const auto& [node, from] : m_ignored)
    {
        m_toIgnore.emplace(from, node);
    }
    for (const GroupBlock& block : scenario.groups)
    {
        auto group = std::make_unique<Group>();
        group->monitor.Configure(settings);
        group->lan = scenario.lans[block.lan].id;
        group->members = block.members;
        for (uint32_t i = 0; i < block.members.size(); ++i)
        {
            group->local[block.members[i]] = i;
            group->monitor.AddRouter(scenario.NodeName(block.members[i]),
                                     TrustOf(scenario, block.members[i]));
            group->monitor.Boot(i, Time(0));
        }
        m_groups.push_back(std::move(group));
    }
}

void
ScenarioInvariants::SetHistory(const std::function<std::vector<std::string>()>& history)
{
    for (const auto& group : m_groups)
    {
        group->monitor.SetHistory(history);
    }
}

ScenarioInvariants::Group*
ScenarioInvariants::FindGroup(const TraceEvent& event, const TraceWorld& world, uint32_t& router)
{
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const uint32_t number = world.GroupNumber(event.Text(TraceKey::G));
    if (node == TraceWorld::NOBODY || number == TraceWorld::NOBODY)
    {
        return nullptr;
    }
    Group& group = *m_groups[number];
    const auto found = group.local.find(node);
    if (found == group.local.end())
    {
        return nullptr;
    }
    router = found->second;
    // What the instants before have left to be judged goes by the clock as it was then.
    group.monitor.Advance(Time(event.Time()));
    group.monitor.SetClock(router, Time(world.LocalNow(node) - world.Now()));
    return &group;
}

bool
ScenarioInvariants::IsIgnored(uint32_t node, Time now) const
{
    const auto found = m_ignored.find(node);
    return found != m_ignored.end() && found->second <= now;
}

// Who is revoked stays in the group until it has to prove who it is; from then on it has no part.
void
ScenarioInvariants::IgnoreUntil(Time now)
{
    while (!m_toIgnore.empty() && m_toIgnore.begin()->first <= now)
    {
        const auto [from, node] = *m_toIgnore.begin();
        m_toIgnore.erase(m_toIgnore.begin());
        for (const auto& group : m_groups)
        {
            const auto found = group->local.find(node);
            if (found != group->local.end())
            {
                group->monitor.Disturb(from);
                group->monitor.SetRole(found->second, GcksRole::DOWN, from);
            }
        }
    }
}

void
ScenarioInvariants::Feed(const TraceEvent& event, const TraceWorld& world)
{
    const Time now(event.Time());
    uint32_t router = 0;
    Group* group = nullptr;
    IgnoreUntil(now);
    switch (event.Kind())
    {
    case TraceKind::ROLE:
        NoteChange(event, world);
        group = FindGroup(event, world, router);
        if (group != nullptr && !IsIgnored(group->members[router], now))
        {
            group->monitor.SetRole(router, RoleOf(event.Text(TraceKey::TO)), now);
        }
        break;
    case TraceKind::KEY:
        NoteChange(event, world);
        group = FindGroup(event, world, router);
        if (group != nullptr)
        {
            FeedKey(*group, router, event, now);
        }
        break;
    case TraceKind::REKEY_TX:
    case TraceKind::REKEY_RX:
        group = FindGroup(event, world, router);
        if (group != nullptr)
        {
            const KeyTag kek{true, Hexadecimal(event.Text(TraceKey::KEK)), 0};
            if (event.Kind() == TraceKind::REKEY_RX)
            {
                group->monitor.Accept(router, kek, now);
                break;
            }
            group->monitor.Send(router,
                                kek,
                                static_cast<uint64_t>(event.Number(TraceKey::SEQ)),
                                now);
        }
        break;
    case TraceKind::MSG:
        FeedMessage(event, world, now);
        break;
    case TraceKind::ADJ:
        FeedAdjacency(event, world, now);
        break;
    case TraceKind::DROP:
        FeedDrop(event, world, now);
        break;
    case TraceKind::FAULT:
        FeedFault(event, world, now);
        break;
    case TraceKind::ATTACK:
        FeedAttack(event, world, now);
        break;
    case TraceKind::END:
        for (const auto& each : m_groups)
        {
            each->monitor.Advance(now);
        }
        break;
    default:
        break;
    }
}

void
ScenarioInvariants::FeedKey(Group& group, uint32_t router, const TraceEvent& event, Time now)
{
    const KeyTag key = TagOf(event);
    const std::string& op = event.Text(TraceKey::OP);
    if (op == "retire")
    {
        group.monitor.DropKey(router, key, now);
        return;
    }
    const KeyLifetimes lifetimes{Time(event.Number(TraceKey::RX_START)),
                                 Time(event.Number(TraceKey::TX_START)),
                                 Time(event.Number(TraceKey::TX_END, INT64_MAX)),
                                 Time(event.Number(TraceKey::RX_END, INT64_MAX))};
    group.monitor.HoldKey(router, key, lifetimes, now);
    if (!event.Text(TraceKey::OF).empty())
    {
        group.derived.insert(key);
    }
    if (op == "install" && m_keyManagement)
    {
        const size_t bound = key.kek ? GroupKeys::MAX_KEKS : GroupKeys::MAX_PMKS;
        const size_t size = group.monitor.HeldKeys(router, key.kek, group.derived);
        group.monitor.List(router, key.kek ? "KEKs" : "PMKs", size, bound, now);
    }
}

void
ScenarioInvariants::FeedMessage(const TraceEvent& event, const TraceWorld& world, Time now)
{
    const TraceValue* number = event.Find(TraceKey::SEQ);
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    if (number == nullptr || node == TraceWorld::NOBODY)
    {
        return;
    }
    const auto* wide = std::get_if<uint64_t>(number); // of AuType 3, past 2^63
    uint32_t home = 0;
    const std::string name = world.KeyOf(event, home);
    for (uint32_t i = 0; i < m_groups.size(); ++i)
    {
        Group& group = *m_groups[i];
        const auto found = group.local.find(node);
        // A key that the sender does not hold: of whichever group, it is one too many.
        if (found == group.local.end() || (!name.empty() && i != home))
        {
            continue;
        }
        group.monitor.Advance(now);
        group.monitor.SetClock(found->second, Time(world.LocalNow(node) - world.Now()));
        group.monitor.Send(found->second,
                           PmkTag(name.empty() ? event.Text(TraceKey::KEY) : name),
                           wide != nullptr ? *wide
                                           : static_cast<uint64_t>(event.Number(TraceKey::SEQ)),
                           now);
        return;
    }
}

void
ScenarioInvariants::FeedAdjacency(const TraceEvent& event, const TraceWorld& world, Time now)
{
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const auto interface = static_cast<uint32_t>(event.Number(TraceKey::IF));
    std::set<std::string>& neighbors = m_neighbors[{node, interface}];
    if (event.Text(TraceKey::TO) == "Down")
    {
        neighbors.erase(event.Text(TraceKey::PEER));
        return;
    }
    neighbors.insert(event.Text(TraceKey::PEER));
    for (const auto& group : m_groups)
    {
        const auto found = group->local.find(node);
        if (found != group->local.end())
        {
            const size_t bound = OspfInterfaceConfig().neighborsMax;
            group->monitor.List(found->second, "neighbours", neighbors.size(), bound, now);
            return;
        }
    }
}

void
ScenarioInvariants::FeedDrop(const TraceEvent& event, const TraceWorld& world, Time now)
{
    const std::string& reason = event.Text(TraceKey::REASON);
    const uint32_t node = world.NodeNumber(event.Text(TraceKey::N));
    const uint32_t peer = world.NodeNumber(event.Text(TraceKey::PEER));
    if (event.Text(TraceKey::LAYER) != "ospf" || node == TraceWorld::NOBODY ||
        peer == TraceWorld::NOBODY || (reason != "unknown_key" && reason != "key_not_valid"))
    {
        return;
    }
    for (const auto& group : m_groups)
    {
        const auto receiver = group->local.find(node);
        const auto sender = group->local.find(peer);
        if (receiver != group->local.end() && sender != group->local.end() &&
            HasWord(event.Text(TraceKey::SEGMENT), group->lan))
        {
            const auto id = static_cast<uint64_t>(event.Number(TraceKey::VALUE));
            group->monitor.Refuse(receiver->second,
                                  sender->second,
                                  KeyTag{false, id, 0}.ToString(),
                                  now);
        }
    }
}

// ---- faults

void
ScenarioInvariants::FeedFault(const TraceEvent& event, const TraceWorld& world, Time now)
{
    const std::string& verb = event.Text(TraceKey::DO);
    if (verb == "mark")
    {
        return;
    }
    if (verb == "partition" || verb == "cut" || verb == "link_down")
    {
        FeedCut(event, world, now);
        return;
    }
    if (verb == "heal")
    {
        FeedHeal(event, now);
        return;
    }
    const uint32_t only = world.GroupNumber(event.Text(TraceKey::G));
    for (uint32_t number = 0; number < m_groups.size(); ++number)
    {
        const bool meant = only == TraceWorld::NOBODY || only == number;
        if (meant && HasWord(event.Text(TraceKey::SEGMENT), m_groups[number]->lan))
        {
            FeedFaultOf(number, event, world, now);
        }
    }
}

void
ScenarioInvariants::FeedFaultOf(uint32_t number,
                                const TraceEvent& event,
                                const TraceWorld& world,
                                Time now)
{
    Group& group = *m_groups[number];
    const std::string& verb = event.Text(TraceKey::DO);
    if (verb == "attack" || verb == "stop_attack")
    {
        FeedAttackFault(number, event, now);
        return;
    }
    if (verb == "impair" || verb == "clear")
    {
        const auto isSet = [&event](TraceKey key) {
            const TraceValue* value = event.Find(key);
            const double* share = value == nullptr ? nullptr : std::get_if<double>(value);
            return share != nullptr ? *share > 0 : event.Number(key) > 0;
        };
        const bool impaired = isSet(TraceKey::LOSS) || isSet(TraceKey::DUP) ||
                              isSet(TraceKey::REORDER) || isSet(TraceKey::DELAY) ||
                              isSet(TraceKey::JITTER);
        if (impaired || verb == "clear")
        {
            group.monitor.SetImpaired(impaired, now);
        }
        return;
    }
    const std::vector<std::string>& lost = event.List(TraceKey::LOSE);
    const auto isLost = [&lost](const std::string& what) {
        return std::any_of(lost.begin(), lost.end(), [&what](const std::string& word) {
            return word == what || word == "all";
        });
    };
    if (event.List(TraceKey::NODES).empty())
    {
        group.monitor.Disturb(now); // handover to whoever is next
    }
    for (const std::string& name : event.List(TraceKey::NODES))
    {
        const auto found = group.local.find(world.NodeNumber(name));
        if (found == group.local.end())
        {
            continue;
        }
        if (verb == "crash" || verb == "reboot")
        {
            // KEKs are key management's own; the others are in the key table. Who loses those loses
            // associations too.
            group.monitor.Crash(found->second, isLost("sa") || isLost("keys"), isLost("keys"), now);
        }
        else if (verb == "boot")
        {
            // Who kept its associations goes on as what it was.
            const TraceRole role = world.Role(found->first, number);
            group.monitor.Boot(found->second, now);
            if (!IsIgnored(found->first, now))
            {
                group.monitor.SetRole(found->second, RoleOf(ToString(role)), now);
            }
        }
        else if (verb == "evict")
        {
            group.monitor.Evict(found->second, now);
        }
        else
        {
            group.monitor.Disturb(now);
        }
    }
}

// ---- what came of it

Verdict
ScenarioInvariants::VerdictOf(Invariant invariant) const
{
    Verdict verdict;
    verdict.kind = Verdict::Kind::PASS;
    verdict.why = DescribeInvariant(invariant).sentence;
    bool asked = false;
    uint64_t count = 0;
    const Violation* first = nullptr;
    for (const auto& group : m_groups)
    {
        asked = asked || group->monitor.Settings().IsOn(invariant);
        count += group->monitor.Count(invariant);
        for (const Violation& violation : group->monitor.Violations())
        {
            if (violation.invariant != invariant || (first != nullptr && first->at <= violation.at))
            {
                continue;
            }
            first = &violation;
            verdict.nodes.clear();
            for (const uint32_t router : violation.routers)
            {
                verdict.nodes.push_back(m_scenario.NodeName(group->members[router]));
            }
        }
    }
    if (!asked)
    {
        verdict.kind = Verdict::Kind::SKIPPED;
        verdict.why = "not asked for";
    }
    if (count > 0)
    {
        verdict.kind = Verdict::Kind::FAIL;
        verdict.why = first == nullptr ? "broken" : first->what;
        verdict.why += count > 1 ? " (" + std::to_string(count) + " times)" : "";
        verdict.at = first == nullptr ? 0 : first->at.count();
        verdict.lines = first == nullptr ? std::vector<std::string>() : first->history;
    }
    return verdict;
}

std::vector<RuleVerdict>
ScenarioInvariants::Verdicts() const
{
    std::vector<RuleVerdict> verdicts;
    for (size_t i = 0; i < InvariantSettings::COUNT; ++i)
    {
        const auto invariant = static_cast<Invariant>(i);
        verdicts.push_back({"invariant " + std::string(ToString(invariant)), VerdictOf(invariant)});
    }
    return verdicts;
}

} // namespace karp
} // namespace ns3
