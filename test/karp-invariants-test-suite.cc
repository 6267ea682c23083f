/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-sentence.h"

#include "ns3/karp-invariants.h"
#include "ns3/test.h"

#include <memory>

/**
 * \file
 * The monitor of the invariants (karp-invariants.h), fed by hand: each rule is broken once, and not
 * broken by what only looks like it.
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

const KeyTag KEK1{true, 0x11, 0};      //!< the group's KEK
const KeyTag KEK2{true, 0x22, 0};      //!< another one
const KeyTag PMK1{false, 0x5a, 1};     //!< a protocol master key
const KeyTag PMK1TWIN{false, 0x5a, 2}; //!< another one with the same identifier

/** \return a key received from \p from on, sent with from 5 s later until \p end, and 5 s more */
KeyLifetimes
Lifetimes(Time from, Time end)
{
    return {from, from + 5s, end, end + 5s};
}

/**
 * \return a monitor with \p n routers that run since 0 s, r0 GCKS, all with KEK1 and PMK1; one-gcks
 *         is asked for if \p whole
 */
std::unique_ptr<InvariantMonitor>
Group(uint32_t n, bool whole = true)
{
    auto monitor = std::make_unique<InvariantMonitor>();
    InvariantSettings settings;
    settings.timers.advert = 1s;
    settings.timers.evictLead = 5s;
    settings.off[static_cast<size_t>(Invariant::ONE_GCKS)] = !whole;
    monitor->Configure(settings);
    for (uint32_t i = 0; i < n; ++i)
    {
        monitor->AddRouter("r" + std::to_string(i));
        monitor->Boot(i, 0s);
        monitor->SetRole(i, i == 0 ? GcksRole::GCKS : GcksRole::MEMBER, 0s);
        monitor->HoldKey(i, KEK1, Lifetimes(-5s, 1000s), 0s);
        monitor->HoldKey(i, PMK1, Lifetimes(-5s, 1000s), 0s);
    }
    return monitor;
}

/** \return the only violation of \p monitor; empty if there is none, or the count */
std::string
Only(const InvariantMonitor& monitor)
{
    const auto& violations = monitor.Violations();
    if (violations.size() > 1)
    {
        return std::to_string(violations.size()) + " violations";
    }
    return violations.empty() ? "" : monitor.ToText(violations.front());
}

// Input: the timers of a scenario. Output: the bound of doc/decisions.md, computed by hand.
void
Bounds(Sentence& t)
{
    RecoveryTimers timers;
    timers.advert = 2s;
    timers.down = 3;
    timers.deferrals = 1;
    timers.mergeCopies = 3;
    timers.mergeSpacing = 500ms;
    timers.joinSpread = 1s;
    timers.copies = 3;
    timers.spacing = 1s;
    timers.evictLead = 5s;
    t.Holds(timers.Settle() == 15 * 2s + 1500ms + 1s + 4s, "settle");
    t.Holds(timers.Evict() == timers.Settle() + 5s, "evict");
    timers.retransmitFirst = 2s;
    timers.retransmitBase = 2;
    timers.retransmitTries = 5;
    timers.blacklist = 30s;
    t.Holds(timers.Hang() == 2 * 126s + 30s, "2 + 4 + ... + 64, twice, and the blacklist");
    timers.retransmitBase = 1;
    t.Holds(timers.Hang() == 2 * 12s + 30s, "without growth");
}

// Input: a second GCKS, which stays. Output: a violation at the end of the bound, once; none if it
// yields before, none while it lasts no time.
void
OneGcks(Sentence& t)
{
    auto monitor = Group(3);
    const Time bound = monitor->Settings().timers.Settle();
    monitor->SetRole(1, GcksRole::GCKS, 1s);
    monitor->SetRole(1, GcksRole::MEMBER, bound - 1ns);
    monitor->Advance(bound + 10s);
    t.Same(Only(*monitor), std::string(), "yields in time");
    monitor->SetRole(1, GcksRole::GCKS, bound + 10s);
    monitor->SetRole(1, GcksRole::MEMBER, bound + 10s);
    monitor->Advance(bound + 20s);
    t.Same(Only(*monitor), std::string(), "no time is none");
    monitor->SetRole(1, GcksRole::GCKS, bound + 20s);
    monitor->SetRole(2, GcksRole::INITIAL, bound + 21s);
    monitor->Advance(bound + 30s);
    t.Same(monitor->Count(Invariant::ONE_GCKS), 1U, "told once");
    t.Same(Only(*monitor),
           "one-gcks at " + std::to_string(ToSeconds(bound + 20s)) +
               " s (r0, r1): 2 GCKSs among r0, r1, r2");

    auto late = Group(2);
    late->SetRole(1, GcksRole::GCKS, 1s);
    late->Advance(bound);
    t.Same(Only(*late), std::string(), "not before the bound");
    late->Advance(bound + 1ns);
    t.Same(late->Violations().size(), 1U, "then it is");
    t.Holds(!late->Violations().empty() && late->Violations().at(0).at == bound, "at the bound");
}

// Input: a member that lacks the KEK; a KEK that ends between two records. Output: violations, and
// none where everybody changes at once.
void
OneKek(Sentence& t)
{
    auto monitor = Group(3);
    monitor->Advance(100s);
    for (const uint32_t router : {0U, 1U})
    {
        monitor->HoldKey(router, KEK2, Lifetimes(100s, 1000s), 100s);
    }
    monitor->Advance(105s);
    t.Same(Only(*monitor), std::string(), "nobody sends under it yet");
    monitor->Advance(106s);
    t.Same(Only(*monitor),
           std::string("one-gcks at 105.000000 s (r2): r2 not with r0 and its "
                       "KEK 0000000000000022"));

    auto ended = Group(2);
    ended->Advance(2000s);
    t.Same(Only(*ended),
           std::string("one-gcks at 1000.000000 s (r0): r0 is GCKS and holds no KEK to send with"));
}

// Input: partitions, one-way cuts, routers that do not trust each other, faults. Output: each whole
// part has one GCKS; what is not whole is not asked about; a fault begins a new bound.
void
Parts(Sentence& t)
{
    auto monitor = Group(4);
    const Time bound = monitor->Settings().timers.Settle();
    for (const uint32_t a : {0U, 1U})
    {
        for (const uint32_t b : {2U, 3U})
        {
            monitor->Cut(a, b, 100s);
            monitor->Cut(b, a, 100s);
        }
    }
    monitor->SetRole(2, GcksRole::GCKS, 104s);
    monitor->Advance(200s);
    t.Same(Only(*monitor), std::string(), "one in each part");
    monitor->Heal(2, 0, 200s);
    monitor->Advance(1000s);
    t.Same(Only(*monitor), std::string(), "one direction: nothing is promised");
    monitor->Clear();

    auto healed = Group(2);
    healed->Cut(0, 1, 100s);
    healed->Cut(1, 0, 100s);
    healed->SetRole(1, GcksRole::GCKS, 104s);
    healed->Heal(0, 1, 200s);
    healed->Heal(1, 0, 200s);
    healed->Advance(200s + bound + 1s);
    t.Holds(!healed->Violations().empty() && healed->Violations().at(0).at == 200s + bound,
            "healed: one after the bound");

    InvariantMonitor strangers;
    strangers.AddRouter("r0", 0);
    strangers.AddRouter("r1", 1);
    for (const uint32_t router : {0U, 1U})
    {
        strangers.Boot(router, 0s);
        strangers.SetRole(router, GcksRole::GCKS, 0s);
        strangers.HoldKey(router, router == 0 ? KEK1 : KEK2, Lifetimes(-5s, 5000s), 0s);
    }
    strangers.Advance(1000s);
    t.Same(Only(strangers), std::string(), "M7: each for itself");
}

// Input: faults one after the other, loss, a crash amid an exchange. Output: the bound counts from
// the last one; it is longer where an exchange may hang.
void
Faults(Sentence& t)
{
    auto monitor = Group(3);
    const RecoveryTimers timers = monitor->Settings().timers;
    monitor->Crash(0, true, true, 100s);
    monitor->SetRole(1, GcksRole::INITIAL, 103s);
    monitor->SetRole(2, GcksRole::INITIAL, 103s);
    monitor->Advance(100s + timers.Settle());
    t.Same(Only(*monitor), std::string(), "within the bound");
    monitor->Advance(101s + timers.Settle());
    t.Same(monitor->Violations().size(), 1U, "nobody took over");

    auto lossy = Group(2);
    lossy->SetImpaired(true, 100s);
    lossy->SetRole(1, GcksRole::INITIAL, 110s);
    lossy->Advance(5000s);
    t.Same(Only(*lossy), std::string(), "not under loss");
    lossy->SetImpaired(false, 5000s);
    lossy->Advance(5000s + timers.Hang() + timers.Settle());
    t.Same(Only(*lossy), std::string(), "an exchange may hang");
    lossy->Advance(5001s + timers.Hang() + timers.Settle());
    t.Same(lossy->Violations().size(), 1U, "and then no more");

    auto twice = Group(3);
    twice->SetRole(2, GcksRole::INITIAL, 100s);
    twice->Clear();
    twice->Crash(1, true, true, 101s);
    twice->Advance(101s + timers.Hang() + timers.Settle());
    t.Same(twice->Violations().size(), 1U, "only what was before the crash");
    t.Holds(twice->Violations().at(0).at == 100s, "which is this");
    twice->Advance(102s + timers.Hang() + timers.Settle());
    t.Same(twice->Violations().size(), 2U, "and after the bound");
}

// Input: messages under keys at their edges, and under keys not held. Output: valid at the start,
// no longer at the end, by the router's own clock.
void
KeyLifetime(Sentence& t)
{
    auto monitor = Group(2, false);
    const auto count = [](InvariantMonitor& watched, Time at) {
        watched.Advance(at + 1ns); // judged when the instant is over
        return watched.Count(Invariant::KEY_LIFETIME);
    };
    monitor->HoldKey(0, KEK2, {100s, 105s, 200s, 205s}, 100s);
    monitor->Accept(0, KEK2, 100s);
    monitor->Send(0, KEK2, 1, 105s);
    monitor->Send(0, KEK2, 2, 200s - 2ns);
    monitor->DropKey(0, KEK2, 200s - 2ns);
    monitor->Send(0, KEK2, 3, 200s - 2ns);
    t.Same(count(*monitor, 200s - 2ns), 0U, "within; and the message that retires it");
    monitor->Send(0, KEK2, 4, 200s);
    t.Same(count(*monitor, 200s), 1U);
    t.Same(Only(*monitor),
           std::string("key-lifetime at 200.000000 s (r0): r0 sends under KEK 0000000000000022, "
                       "which is for that from 105.000000 s until 200.000000 s"));
    monitor->Accept(0, KEK2, 205s - 2ns);
    t.Same(count(*monitor, 205s - 2ns), 1U, "overlap");
    monitor->Accept(0, KEK2, 205s);
    t.Same(count(*monitor, 205s), 2U, "and its end");
    monitor->Accept(1, KEK2, 206s);
    t.Same(count(*monitor, 206s), 3U, "never held");
    monitor->DropKey(1, PMK1, 207s);
    monitor->Send(1, PMK1, 1, 207s);
    t.Same(count(*monitor, 207s), 4U, "given up");
    const KeyTag fresh{true, 0x33, 0};
    monitor->Send(0, fresh, 1, 208s);
    monitor->HoldKey(0, fresh, Lifetimes(203s, 300s), 208s);
    t.Same(count(*monitor, 208s), 4U, "made for the message, told after it");

    auto ahead = Group(1, false);
    ahead->SetClock(0, 100s);
    ahead->Send(0, PMK1, 1, 900s - 2ns);
    t.Same(count(*ahead, 900s - 2ns), 0U, "its clock shows 1000 s in a moment");
    ahead->Send(0, PMK1, 2, 900s);
    t.Same(count(*ahead, 900s), 1U, "now it does");
}

// Input: sequence numbers in order, with gaps, from the middle, again; keys of one identifier.
// Output: only the same number, router and key is a violation (K10).
void
SequenceReuse(Sentence& t)
{
    auto monitor = Group(2);
    for (const uint64_t number : {5U, 6U, 7U, 1U, 9U, 8U, 0U, 100U})
    {
        monitor->Send(0, PMK1, number, 10s);
        monitor->Send(1, PMK1, number, 10s);
    }
    monitor->HoldKey(0, PMK1TWIN, Lifetimes(-5s, 1000s), 10s);
    monitor->Send(0, PMK1TWIN, 5, 10s);
    t.Same(Only(*monitor), std::string(), "each once");
    for (const uint64_t number : {0U, 1U, 5U, 6U, 7U, 8U, 9U, 100U})
    {
        monitor->Send(0, PMK1, number, 11s);
    }
    t.Same(monitor->Count(Invariant::SEQUENCE_REUSE), 8U, "each of them again");
    for (const uint64_t number : {2U, 3U, 4U, 10U, 99U, 101U})
    {
        monitor->Send(0, PMK1, number, 12s);
    }
    t.Same(monitor->Count(Invariant::SEQUENCE_REUSE), 8U, "none of those between");
    monitor->Crash(0, true, false, 12s);
    t.Same(monitor->HeldKeys(0, true), 0U, "without KEKs");
    t.Same(monitor->HeldKeys(0, false), 2U, "with all other keys");
    monitor->Crash(0, true, true, 13s);
    t.Same(monitor->HeldKeys(0, false), 0U, "without any");
    monitor->Boot(0, 14s);
    monitor->HoldKey(0, PMK1, Lifetimes(-5s, 1000s), 14s);
    monitor->Send(0, PMK1, 0, 14s);
    t.Same(monitor->Count(Invariant::SEQUENCE_REUSE), 9U, "a reboot is no excuse");
}

// Input: refusals for want of a key at all times around faults. Output: only where nothing excuses
// them; strictly: only where the two routers themselves were concerned.
void
NoKeyDrop(Sentence& t)
{
    for (const bool strict : {false, true})
    {
        auto monitor = Group(3);
        InvariantSettings settings = monitor->Settings();
        settings.strictKeyDrop = strict;
        settings.TurnOff(Invariant::ONE_GCKS);
        settings.within[static_cast<size_t>(Invariant::NO_KEY_DROP)] = 10s;
        monitor->Configure(settings);
        const auto refused = [&monitor](Time at) {
            const uint64_t before = monitor->Count(Invariant::NO_KEY_DROP);
            monitor->Refuse(1, 2, "PMK 5a", at);
            return monitor->Count(Invariant::NO_KEY_DROP) - before;
        };
        t.Same(refused(10s - 1ns), 0U, "just started");
        t.Same(refused(10s), 1U, "no fault");
        monitor->Crash(0, true, true, 20s);
        t.Same(refused(21s), strict ? 1U : 0U, "somebody else crashed");
        t.Same(refused(30s), 1U, "long ago");
        monitor->SetImpaired(true, 40s);
        t.Same(refused(60s), strict ? 1U : 0U, "loss");
        monitor->SetImpaired(false, 60s);
        monitor->Cut(2, 1, 100s);
        t.Same(refused(200s), 0U, "cut off");
        monitor->Heal(2, 1, 200s);
        t.Same(refused(210s - 1ns), 0U, "just healed");
        t.Same(refused(210s), 1U, "healed");
        monitor->SetRole(2, GcksRole::DOWN, 211s);
        t.Same(refused(300s), 0U, "no member");
    }
    auto monitor = Group(3);
    const RecoveryTimers timers = monitor->Settings().timers;
    monitor->SetImpaired(true, 100s);
    monitor->SetImpaired(false, 200s);
    const Time end = 200s + timers.Hang() + timers.Settle();
    monitor->Refuse(1, 2, "PMK 5a", end - 1ns);
    t.Same(monitor->Count(Invariant::NO_KEY_DROP), 0U, "an exchange may still hang");
    monitor->Refuse(1, 2, "PMK 5a", end);
    t.Same(monitor->Count(Invariant::NO_KEY_DROP), 1U, "it is over");
}

// Input: a list at its bound, and beyond. Output: the second is a violation.
void
BoundedLists(Sentence& t)
{
    auto monitor = Group(1);
    monitor->List(0, "half-open associations", 256, 256, 1s);
    t.Same(Only(*monitor), std::string());
    monitor->List(0, "half-open associations", 257, 256, 2s);
    t.Same(Only(*monitor),
           std::string("bounded-lists at 2.000000 s (r0): r0 has 257 half-open associations, "
                       "256 are allowed"));
}

// Input: a stranger with a group's key; an evicted router with keys old and new. Output: the
// stranger, the new key, and the old one in use after the bound are violations (A4, G6).
void
Secrecy(Sentence& t)
{
    auto monitor = Group(3);
    monitor->AddRouter("mallory", 7);
    monitor->Boot(3, 1s);
    monitor->HoldKey(3, KEK2, Lifetimes(0s, 1000s), 1s);
    t.Same(Only(*monitor), std::string(), "a key of its own");
    monitor->HoldKey(3, PMK1, Lifetimes(0s, 1000s), 2s);
    t.Same(Only(*monitor),
           std::string("secrecy at 2.000000 s (mallory): mallory holds PMK 5a, of a group that "
                       "does not trust it"));
    monitor->Clear();

    const Time evict = monitor->Settings().timers.Evict();
    monitor->Evict(2, 100s);
    monitor->Send(0, PMK1, 1, 100s + evict - 1ns);
    t.Same(monitor->Count(Invariant::SECRECY), 0U, "members must hear of it first");
    monitor->Send(0, PMK1, 2, 100s + evict);
    t.Same(monitor->Count(Invariant::SECRECY), 1U, "still in use");
    monitor->Send(2, PMK1, 2, 200s);
    t.Same(monitor->Count(Invariant::SECRECY), 1U, "the evicted one may do what it likes");
    const KeyTag fresh{true, 0x33, 0};
    monitor->HoldKey(0, fresh, Lifetimes(200s, 1000s), 200s);
    monitor->Send(0, fresh, 1, 210s);
    t.Same(monitor->Count(Invariant::SECRECY), 1U, "a key that it never held");
    monitor->HoldKey(2, fresh, Lifetimes(200s, 1000s), 211s);
    t.Same(monitor->Count(Invariant::SECRECY), 2U, "and should never hold");
    monitor->Admit(2, 300s);
    const KeyTag later{true, 0x44, 0};
    monitor->HoldKey(0, later, Lifetimes(300s, 1000s), 300s);
    monitor->HoldKey(2, later, Lifetimes(300s, 1000s), 300s);
    monitor->Send(0, later, 1, 300s + evict + 10s);
    t.Same(monitor->Count(Invariant::SECRECY), 2U, "until it is let in again");
}

// Input: rules turned off, a bound of one's own, more violations than are kept. Output: as told;
// each violation comes with what happened before.
void
Settings(Sentence& t)
{
    auto monitor = Group(2);
    InvariantSettings settings = monitor->Settings();
    settings.TurnOff(Invariant::SEQUENCE_REUSE);
    settings.within[static_cast<size_t>(Invariant::ONE_GCKS)] = 3s;
    monitor->Configure(settings);
    monitor->SetHistory([]() { return std::vector<std::string>{"before"}; });
    monitor->Send(0, PMK1, 1, 10s);
    monitor->Send(0, PMK1, 1, 10s);
    t.Same(Only(*monitor), std::string(), "off");
    monitor->Disturb(50s);
    monitor->SetRole(1, GcksRole::INITIAL, 50s);
    monitor->Advance(54s);
    t.Holds(!monitor->Violations().empty() && monitor->Violations().at(0).at == 53s, "3 s");
    t.Same(monitor->Violations().at(0).history.size(), 1U, "history");
    for (size_t i = 0; i < 2 * InvariantMonitor::MAX_VIOLATIONS; ++i)
    {
        monitor->List(0, "things", 2, 1, 60s);
    }
    t.Same(monitor->Violations().size(), +InvariantMonitor::MAX_VIOLATIONS, "bounded");
    t.Same(monitor->Count(Invariant::BOUNDED_LISTS), 2 * InvariantMonitor::MAX_VIOLATIONS, "all");
    for (const auto& name : InvariantNames())
    {
        const auto invariant = ParseInvariant(name);
        t.Holds(invariant && ToString(*invariant) == name, name);
    }
    t.Holds(!ParseInvariant("one_gcks"), "no such name");
}

/** The suite. */
class InvariantsTestSuite : public TestSuite
{
  public:
    InvariantsTestSuite()
        : TestSuite("karp-invariants", TestSuite::Type::UNIT)
    {
        AddTestCase(new Sentence("bounds follow from the timers", Bounds));
        AddTestCase(new Sentence("one-gcks: one GCKS", OneGcks));
        AddTestCase(new Sentence("one-gcks: one KEK", OneKek));
        AddTestCase(new Sentence("one-gcks: in each part", Parts));
        AddTestCase(new Sentence("one-gcks: after faults", Faults));
        AddTestCase(new Sentence("key-lifetime", KeyLifetime));
        AddTestCase(new Sentence("sequence-reuse", SequenceReuse));
        AddTestCase(new Sentence("no-key-drop", NoKeyDrop));
        AddTestCase(new Sentence("bounded-lists", BoundedLists));
        AddTestCase(new Sentence("secrecy", Secrecy));
        AddTestCase(new Sentence("settings", Settings));
    }
};

InvariantsTestSuite g_invariantsTestSuite; //!< registers itself

} // namespace
