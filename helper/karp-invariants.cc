/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-invariants.h"

#include <algorithm>
#include <cstdio>

/**
 * \file
 * \ingroup karp
 * What each single record is judged by; karp-invariant-group.cc judges the state of the whole
 * group.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return \p names of routers as "r0, r3" */
std::string
Joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const auto& name : names)
    {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

/** \return \p time in seconds for people */
std::string
SecondsOf(Time time)
{
    char text[32];
    std::snprintf(text, sizeof(text), "%.6f", ToSeconds(time));
    return text;
}

} // namespace

std::string
KeyTag::ToString() const
{
    char text[32];
    if (kek)
    {
        std::snprintf(text, sizeof(text), "KEK %016llx", static_cast<unsigned long long>(id));
    }
    else
    {
        std::snprintf(text, sizeof(text), "PMK %02llx", static_cast<unsigned long long>(id));
    }
    return text;
}

bool
NumberSet::Insert(uint64_t number)
{
    auto next = m_ranges.upper_bound(number);
    const bool follows = next != m_ranges.begin();
    auto before = follows ? std::prev(next) : m_ranges.end();
    if (follows && number <= before->second)
    {
        return false;
    }
    const bool touchesNext = next != m_ranges.end() && next->first == number + 1;
    const uint64_t last = touchesNext ? next->second : number;
    if (touchesNext)
    {
        m_ranges.erase(next);
    }
    if (follows && before->second + 1 == number)
    {
        before->second = last;
    }
    else
    {
        m_ranges[number] = last;
    }
    return true;
}

void
InvariantMonitor::Configure(const InvariantSettings& settings)
{
    m_settings = settings;
}

void
InvariantMonitor::SetHistory(std::function<std::vector<std::string>()> history)
{
    m_history = std::move(history);
}

void
InvariantMonitor::AddRouter(std::string name, uint32_t trust)
{
    Router router;
    router.name = std::move(name);
    router.trust = trust;
    m_routers.push_back(std::move(router));
}

Time
InvariantMonitor::Within(Invariant invariant) const
{
    if (const auto& given = m_settings.within[static_cast<size_t>(invariant)])
    {
        return *given;
    }
    return invariant == Invariant::SECRECY ? m_settings.timers.Evict() : m_settings.timers.Settle();
}

// ---- faults

void
InvariantMonitor::Fault(bool cutsOff, Time now)
{
    Advance(now);
    // Of one instant's faults the first finds the group as it was: a partition is many cuts.
    if (m_impaired || (cutsOff && m_lastFault != now && MayHang()))
    {
        m_hangUntil = now + m_settings.timers.Hang();
    }
    // A bound that was given is meant as it stands.
    const bool given = m_settings.within[static_cast<size_t>(Invariant::ONE_GCKS)].has_value();
    m_lastFault = now;
    m_deadline = (given ? now : std::max(now, m_hangUntil)) + Within(Invariant::ONE_GCKS);
    m_dirty = true;
    m_broken = false;
    Mark(m_deadline);
}

void
InvariantMonitor::Boot(uint32_t router, Time now)
{
    Fault(false, now);
    Router& self = m_routers[router];
    self.up = true;
    self.since = now;
}

void
InvariantMonitor::Crash(uint32_t router, bool keksLost, bool pmksLost, Time now)
{
    Fault(true, now);
    Router& self = m_routers[router];
    self.up = false;
    self.role = GcksRole::DOWN;
    for (auto key = self.keys.begin(); key != self.keys.end();)
    {
        const bool lost = key->first.kek ? keksLost : pmksLost;
        key = lost ? self.keys.erase(key) : std::next(key);
    }
}

void
InvariantMonitor::Cut(uint32_t from, uint32_t to, Time now)
{
    Fault(true, now);
    Link& link = m_links[{from, to}];
    m_cuts += link.cut ? 0 : 1;
    link = {true, now};
}

void
InvariantMonitor::Heal(uint32_t from, uint32_t to, Time now)
{
    const auto found = m_links.find({from, to});
    if (found != m_links.end() && found->second.cut)
    {
        // Where only one direction was cut, a request may have been repeated in vain.
        Fault(!IsCut(to, from), now);
        found->second = {false, now};
        --m_cuts;
    }
}

void
InvariantMonitor::SetImpaired(bool impaired, Time now)
{
    Fault(false, now);
    m_impaired = impaired;
}

void
InvariantMonitor::Disturb(Time now)
{
    Fault(false, now);
}

void
InvariantMonitor::Evict(uint32_t router, Time now)
{
    Fault(true, now);
    Router& self = m_routers[router];
    if (self.evicted)
    {
        return;
    }
    self.evicted = true;
    self.trustBefore = self.trust;
    self.trust = UINT32_MAX - router; // nobody else's
    for (const auto& key : self.everHeld)
    {
        m_burnt.emplace(key.first, now + Within(Invariant::SECRECY));
    }
}

void
InvariantMonitor::Admit(uint32_t router, Time now)
{
    Fault(true, now);
    Router& self = m_routers[router];
    if (!self.evicted)
    {
        return;
    }
    self.evicted = false;
    self.trust = self.trustBefore;
    m_burnt.clear();
    for (const auto& other : m_routers)
    {
        for (const auto& key : other.everHeld)
        {
            if (other.evicted)
            {
                m_burnt.emplace(key.first, now + Within(Invariant::SECRECY));
            }
        }
    }
}

// ---- what routers do

void
InvariantMonitor::SetRole(uint32_t router, GcksRole role, Time now)
{
    Advance(now);
    m_routers[router].role = role;
    m_dirty = true;
}

void
InvariantMonitor::HoldKey(uint32_t router,
                          const KeyTag& key,
                          const KeyLifetimes& lifetimes,
                          Time now)
{
    Advance(now);
    Router& self = m_routers[router];
    const bool isNew = self.everHeld.count(key) == 0;
    self.keys[key] = lifetimes;
    self.everHeld[key] = lifetimes;
    if (key.kek)
    {
        m_dirty = true;
        Mark(lifetimes.sendStart - self.clock);
        Mark(lifetimes.sendEnd - self.clock);
    }
    const auto origin = m_origin.emplace(key, self.trust).first;
    if (isNew && origin->second != self.trust)
    {
        Report(Invariant::SECRECY,
               now,
               {router},
               self.name + " holds " + key.ToString() + ", of a group that does not trust it");
    }
    if (self.evicted)
    {
        m_burnt.emplace(key, now);
    }
}

void
InvariantMonitor::DropKey(uint32_t router, const KeyTag& key, Time now)
{
    Advance(now);
    m_routers[router].keys.erase(key);
    m_dirty = m_dirty || key.kek;
}

void
InvariantMonitor::Send(uint32_t router, const KeyTag& key, std::optional<uint64_t> number, Time now)
{
    Advance(now);
    Router& self = m_routers[router];
    const Use use{router, key, true};
    if (!JudgeUse(use, now).empty())
    {
        m_uses.push_back(use);
    }
    if (number && !self.numbers[key].Insert(*number))
    {
        Report(Invariant::SEQUENCE_REUSE,
               now,
               {router},
               self.name + " sends number " + std::to_string(*number) + " under " + key.ToString() +
                   " again");
    }
    CheckSecrecyOfUse(router, key, now);
}

// Empty if all is well.
std::string
InvariantMonitor::JudgeUse(const Use& use, Time at) const
{
    const Router& self = m_routers[use.router];
    const std::string what =
        self.name + (use.sent ? " sends" : " accepts") + " under " + use.key.ToString();
    // A KEK that was retired is still named in the message that tells so (H 2.5).
    const auto& held = use.key.kek ? self.everHeld : self.keys;
    const auto found = held.find(use.key);
    if (found == held.end())
    {
        return what + ", which it does not hold";
    }
    const KeyLifetimes& times = found->second;
    const bool valid = use.sent ? times.CanSend(at + self.clock) : times.CanAccept(at + self.clock);
    return valid ? ""
                 : what + ", which is for that from " +
                       SecondsOf(use.sent ? times.sendStart : times.acceptStart) + " s until " +
                       SecondsOf(use.sent ? times.sendEnd : times.acceptEnd) + " s";
}

// An engine may tell of a message before it tells of the key that it made for it.
void
InvariantMonitor::JudgeUses()
{
    const std::vector<Use> uses = std::move(m_uses);
    m_uses.clear();
    for (const Use& use : uses)
    {
        const std::string what = JudgeUse(use, m_now);
        if (!what.empty())
        {
            Report(Invariant::KEY_LIFETIME, m_now, {use.router}, what);
        }
    }
}

void
InvariantMonitor::CheckSecrecyOfUse(uint32_t router, const KeyTag& key, Time now)
{
    const auto burnt = m_burnt.find(key);
    if (burnt == m_burnt.end() || now < burnt->second || m_routers[router].evicted)
    {
        return;
    }
    std::vector<uint32_t> routers{router};
    std::string names;
    for (uint32_t other = 0; other < m_routers.size(); ++other)
    {
        if (m_routers[other].evicted && m_routers[other].everHeld.count(key) != 0)
        {
            routers.push_back(other);
            names += (names.empty() ? "" : ", ") + m_routers[other].name;
        }
    }
    Report(Invariant::SECRECY,
           now,
           routers,
           m_routers[router].name + " sends under " + key.ToString() + ", which " + names +
               ", evicted, has held");
}

void
InvariantMonitor::Accept(uint32_t router, const KeyTag& key, Time now)
{
    Advance(now);
    const Use use{router, key, false};
    if (!JudgeUse(use, now).empty())
    {
        m_uses.push_back(use);
    }
}

void
InvariantMonitor::Refuse(uint32_t router, uint32_t sender, const std::string& key, Time now)
{
    Advance(now);
    const Time within = Within(Invariant::NO_KEY_DROP);
    const bool cut = IsCut(router, sender) || IsCut(sender, router);
    if (cut || !TakesPart(router) || !TakesPart(sender) || !Trusts(router, sender))
    {
        return;
    }
    Time since = std::max({m_routers[router].since,
                           m_routers[sender].since,
                           CutSince(router, sender),
                           CutSince(sender, router)});
    if (!m_settings.strictKeyDrop)
    {
        // Parts of a group that an exchange still keeps apart have keys of their own until it ends;
        // a bound that was given is meant as it stands.
        const bool given =
            m_settings.within[static_cast<size_t>(Invariant::NO_KEY_DROP)].has_value();
        since = std::max({since, m_lastFault, given ? since : m_hangUntil});
    }
    if (now < since + within || (!m_settings.strictKeyDrop && (m_impaired || m_cuts > 0)))
    {
        return;
    }
    Report(Invariant::NO_KEY_DROP,
           now,
           {std::min(router, sender), std::max(router, sender)},
           m_routers[sender].name + " sends with " + key + ", which " + m_routers[router].name +
               " lacks");
}

void
InvariantMonitor::List(uint32_t router, const char* list, uint64_t size, uint64_t bound, Time now)
{
    Advance(now);
    if (size > bound)
    {
        Report(Invariant::BOUNDED_LISTS,
               now,
               {router},
               m_routers[router].name + " has " + std::to_string(size) + " " + list + ", " +
                   std::to_string(bound) + " are allowed");
    }
}

size_t
InvariantMonitor::HeldKeys(uint32_t router, bool kek, const std::set<KeyTag>& apart) const
{
    const auto& keys = m_routers[router].keys;
    return static_cast<size_t>(std::count_if(keys.begin(), keys.end(), [&](const auto& key) {
        return key.first.kek == kek && apart.count(key.first) == 0;
    }));
}

void
InvariantMonitor::SetClock(uint32_t router, Time offset)
{
    m_routers[router].clock = offset;
}

void
InvariantMonitor::Forged(uint32_t router, const std::string& what, Time now)
{
    Advance(now);
    Report(Invariant::NO_FORGERY, now, {router}, what);
}

// ---- what came of it

void
InvariantMonitor::Report(Invariant invariant,
                         Time at,
                         std::vector<uint32_t> routers,
                         std::string what)
{
    if (!IsOn(invariant))
    {
        return;
    }
    // The first of each rule is kept however often another one was broken before.
    const uint64_t count = ++m_counts[static_cast<size_t>(invariant)];
    if (count == 1 || m_violations.size() < MAX_VIOLATIONS)
    {
        Violation violation{invariant, at, std::move(routers), std::move(what), {}};
        if (m_history)
        {
            violation.history = m_history();
        }
        m_violations.push_back(std::move(violation));
    }
}

void
InvariantMonitor::Clear()
{
    m_violations.clear();
    m_counts.fill(0);
    m_broken = false;
}

std::string
InvariantMonitor::ToText(const Violation& violation) const
{
    std::vector<std::string> names;
    for (const uint32_t router : violation.routers)
    {
        names.push_back(m_routers[router].name);
    }
    return std::string(ToString(violation.invariant)) + " at " + SecondsOf(violation.at) + " s (" +
           Joined(names) + "): " + violation.what;
}

} // namespace karp
} // namespace ns3
