/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-look.h"
#include "karp-sentence.h"

#include "ns3/test.h"

/**
 * \file
 * What changes in a group that is settled: members reboot, sequence numbers run out, members are
 * evicted, GCKSs step down, refuse and refer. Real engines on a LAN without ns-3
 * (karp-mrkmp-lan.h); timers are MrkmpLan::FastConfig's.
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

/** Router \p index goes down and comes back with its numbers lost. */
void
Reboot(MrkmpLan& lan, size_t index, Time down)
{
    lan.Crash(index);
    lan.RunUntil(lan.now + down);
    BootAnew(lan, index);
}

// ---- reboot (J6, K8, K9, K10)

// Input: a member that was heard using the key reboots. Output: one change of key; it may receive
// under the old key and not send; the others lose nothing.
void
J6RebootChangesTheKey(Sentence& t)
{
    auto lan = SettledLan(t, 4, Preference::FIRST);
    const std::string before = SendKeyName(*lan, 2);
    Reboot(*lan, 2, 1s);
    t.Holds(lan->RunUntil(lan->now + 2s, [&]() { return lan->nodes[2]->table.Size() >= 2; }),
            "it gets the old key and the new one");
    t.Equal(Rekeys(*lan, RekeyCause::REBOOT), 1, "changes");
    t.Same(SendKeyName(*lan, 2), std::string("none"), "sends under neither yet");
    const KeyRow* old = lan->nodes[2]->table.Get(before);
    t.Holds(old != nullptr && old->lifetimes.CanAccept(lan->now), "receives under the old one");
    // Updates tell the group lifetimes of the old key; they are not meant for the rebooted router.
    const Time lead = lan->nodes[0]->config.rebootLead;
    lan->RunUntil(lan->now + lead - 200ms);
    t.Same(SendKeyName(*lan, 2), std::string("none"), "nor after the copies of the update");
    t.Same(SendKeyName(*lan, 1), before, "while the others still use the old one");
    lan->RunUntil(lan->now + 2s);
    t.Holds(SendKeyName(*lan, 2) != before && SendKeyName(*lan, 2) != "none",
            "sends under the new one");
    t.Holds(OneSendKey(*lan), "and so do all");
}

// Input: three of four members go down; they come back one after the other, each after the key that
// the first one's return has caused. Output: one change in all (K9).
void
K9RoutersAlreadyDown(Sentence& t)
{
    auto lan = SettledLan(t, 5, Preference::FIRST);
    for (size_t i = 2; i < 5; ++i)
    {
        lan->Crash(i);
    }
    lan->RunUntil(lan->now + 1s);
    for (size_t i = 2; i < 5; ++i)
    {
        Reboot(*lan, i, 4s); // down already; longer than the lead
        t.Holds(lan->RunUntil(lan->now + 2s, [&]() { return lan->Settled(); }), "is back");
    }
    t.Equal(Rekeys(*lan, RekeyCause::REBOOT), 1, "changes");
    lan->RunUntil(lan->now + 6s);
    t.Holds(OneSendKey(*lan), "one key");
    // One of them, having used the new key, reboots again: another change.
    Reboot(*lan, 3, 1s);
    lan->RunUntil(lan->now + 2s);
    t.Equal(Rekeys(*lan, RekeyCause::REBOOT), 2, "changes after a second reboot");
}

// Input: as above, with the cautious rule. Output: a change for whoever comes without its numbers.
void
K9RebootAlways(Sentence& t)
{
    auto lan = MakeLan(4, Preference::FIRST);
    for (auto& node : lan->nodes)
    {
        node->config.rebootAlways = true;
    }
    lan->BootAll();
    lan->RunUntil(12s);
    for (size_t i = 1; i < 4; ++i)
    {
        lan->Crash(i);
    }
    for (size_t i = 1; i < 4; ++i)
    {
        Reboot(*lan, i, 4s);
        lan->RunUntil(lan->now + 2s);
    }
    t.Equal(Rekeys(*lan, RekeyCause::REBOOT),
            1 + 3,
            "changes: for the first newcomer, for each reboot");
}

// Input: r1 takes over and never hears r3, which hears it, gets the new key by multicast and uses
// it; r3 reboots, and only then can they talk. RebootAlways. Output: a change of key, though the
// GCKS meets r3 for the first time and nobody told it that r3 used the key; no number twice (K10).
void
K10CautiousWithStrangers(Sentence& t)
{
    auto lan = SettledLan(t, 4, Preference::FALLING);
    for (auto& node : lan->nodes)
    {
        node->config.rebootAlways = true;
    }
    for (size_t i = 1; i < 4; ++i)
    {
        lan->Crash(i);
        lan->Boot(i); // settings count from here on
    }
    lan->RunUntil(lan->now + 12s);
    lan->Cut({3}, {1}, true);
    lan->Crash(0);
    const size_t before = Rekeys(*lan, RekeyCause::REBOOT);
    t.Holds(lan->RunUntil(lan->now + 20s, [&]() { return lan->Gcks() == 1; }), "r1 serves");
    lan->RunUntil(lan->now + 7s);
    t.Same(SendKeyName(*lan, 3), SendKeyName(*lan, 1), "r3 uses the new key");
    lan->Crash(3);
    lan->Heal();
    BootAnew(*lan, 3);
    t.Holds(lan->RunUntil(lan->now + 20s, [&]() { return lan->Settled(); }), "r3 is back");
    t.Equal(Rekeys(*lan, RekeyCause::REBOOT), before + 1, "changes");
}

// Input: a member comes back with its numbers kept; a member's key management alone starts anew; a
// joiner's answer is lost for good and it begins again. Output: no change of key (K8: "not
// otherwise").
void
K8NotOtherwise(Sentence& t)
{
    auto lan = SettledLan(t, 3, Preference::FIRST);
    lan->Crash(1);
    lan->RunUntil(lan->now + 1s);
    lan->Boot(1); // the same boot ID
    t.Holds(lan->RunUntil(lan->now + 3s, [&]() { return lan->Settled(); }), "is back");
    t.Equal(Rekeys(*lan, RekeyCause::REBOOT), 0, "numbers were kept");
    auto& fresh = lan->Add(50);
    fresh.config.bootId = 77;
    fresh.config.session.retransmit.tries = 1;
    fresh.config.blacklistTimeout = 1s;
    bool cut = true;
    lan->drop = [&cut](size_t, size_t to, const Datagram& datagram) {
        return cut && to == 3 && ExchangeOf(datagram) == IkeExchange::IKE_AUTH;
    };
    lan->Boot(3);
    lan->RunUntil(lan->now + 8s); // it has given up
    t.Equal(lan->nodes[3]->table.Size(), 0, "did not get the answer");
    cut = false;
    t.Holds(lan->RunUntil(lan->now + 60s, [&]() { return lan->Settled(); }), "joins at last");
    t.Equal(Rekeys(*lan, RekeyCause::REBOOT), 0, "the same router, no reboot");
}

// Input: a router that sends no boot ID reboots, so that INITIAL_CONTACT alone says it. Output: a
// change.
void
J6InitialContact(Sentence& t)
{
    auto lan = SettledLan(t, 3, Preference::FIRST);
    lan->nodes[1]->config.bootId = 0;
    lan->Crash(1);
    lan->Boot(1);
    lan->RunUntil(lan->now + 3s);
    const size_t first = Rekeys(*lan, RekeyCause::REBOOT);
    t.Equal(first, 1, "changes");
}

// ---- sequence numbers of routing run out (J8)

// Input: two members ask for another key at once. Output: one change, by a request of one round
// trip each; a third request after the new key is in use makes another.
void
J8TwoAskAtOnce(Sentence& t)
{
    auto lan = SettledLan(t, 4, Preference::FIRST);
    const std::string before = SendKeyName(*lan, 1);
    const size_t inits = lan->CountSent(IkeExchange::IKE_SA_INIT);
    RequestNewPmk(*lan, 1);
    RequestNewPmk(*lan, 2);
    lan->RunUntil(lan->now + 1s);
    t.Equal(Rekeys(*lan, 0, RekeyCause::REQUEST), 1, "changes");
    t.Equal(lan->CountSent(IkeExchange::IKE_SA_INIT), inits, "no initial exchange");
    t.Equal(lan->CountSent(IkeExchange::MRKMP_GROUP), 4, "two requests, two answers");
    lan->RunUntil(lan->now + 7s);
    t.Holds(SendKeyName(*lan, 1) != before, "the new one is used");
    t.Holds(OneSendKey(*lan), "by all");
    RequestNewPmk(*lan, 3);
    lan->RunUntil(lan->now + 1s);
    t.Equal(Rekeys(*lan, 0, RekeyCause::REQUEST), 2, "changes");
}

// Input: a member asks when its association is forgotten; and a late request names a key that was
// replaced meanwhile. Output: an initial exchange carries the first; the second changes nothing.
void
J8WithoutAssociation(Sentence& t)
{
    auto lan = SettledLan(t, 3, Preference::FIRST);
    lan->RunUntil(lan->now + lan->nodes[0]->config.session.idleTimeout + 10s);
    const size_t inits = lan->CountSent(IkeExchange::IKE_SA_INIT);
    RequestNewPmk(*lan, 1);
    lan->RunUntil(lan->now + 1s);
    t.Equal(Rekeys(*lan, 0, RekeyCause::REQUEST), 1, "changes");
    t.Equal(lan->CountSent(IkeExchange::IKE_SA_INIT), inits + 2, "an initial exchange");
    lan->drop = [](size_t, size_t, const Datagram& datagram) {
        return ExchangeOf(datagram) == IkeExchange::MRKMP_GROUP;
    };
    lan->RunUntil(lan->now + 7s);
    RequestNewPmk(*lan, 2); // lost
    RequestNewPmk(*lan, 1); // lost
    lan->drop = nullptr;
    lan->RunUntil(lan->now + 12s); // both repeat; by then one of them has brought a new key
    t.Equal(Rekeys(*lan, 0, RekeyCause::REQUEST), 2, "changes");
}

// Input: the GCKS's own numbers run low, twice within the lead. Output: one change.
void
J8OfTheGcks(Sentence& t)
{
    auto lan = SettledLan(t, 3, Preference::FIRST);
    RequestNewPmk(*lan, 0);
    RequestNewPmk(*lan, 0);
    t.Equal(Rekeys(*lan, 0, RekeyCause::REQUEST), 1, "changes");
    lan->RunUntil(lan->now + 8s);
}

class MrkmpChangeTestSuite : public TestSuite
{
  public:
    MrkmpChangeTestSuite()
        : TestSuite("karp-mrkmp-change", TestSuite::Type::UNIT)
    {
        AddTestCase(new Sentence("J6 K10 a reboot changes the key", J6RebootChangesTheKey));
        AddTestCase(new Sentence("K9 routers already down", K9RoutersAlreadyDown));
        AddTestCase(new Sentence("K9 the cautious rule", K9RebootAlways));
        AddTestCase(new Sentence("K10 the cautious rule and strangers", K10CautiousWithStrangers));
        AddTestCase(new Sentence("K8 not otherwise", K8NotOtherwise));
        AddTestCase(new Sentence("J6 INITIAL_CONTACT", J6InitialContact));
        AddTestCase(new Sentence("J8 K8 two members ask at once", J8TwoAskAtOnce));
        AddTestCase(new Sentence("J8 without an association", J8WithoutAssociation));
        AddTestCase(new Sentence("J8 of the GCKS", J8OfTheGcks));
    }
};

MrkmpChangeTestSuite g_mrkmpChangeTestSuite; //!< registers itself

} // namespace
