/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-look.h"
#include "karp-sentence.h"

#include "ns3/karp-mrkmp-payloads.h"
#include "ns3/test.h"

#include <algorithm>

/**
 * \file
 * Guards of MRKMP that nothing else tests: each was taken out once and not missed, until its test
 * was written. Real engines on a LAN without ns-3 (karp-mrkmp-lan.h).
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

/** \return a LAN of \p n routers, r0 most preferred, 20 s after their start */
std::unique_ptr<MrkmpLan>
OldLan(Sentence& t, size_t n)
{
    auto lan = SettledLan(t, n, Preference::FALLING);
    lan->RunUntil(20s);
    return lan;
}

// Input: a request for another key is lost and repeated after the key that somebody else asked for
// has come into use. Output: it is about a key that is gone, and changes nothing (J8).
void
LateRequest(Sentence& t)
{
    auto lan = OldLan(t, 3);
    bool cut = true;
    lan->drop = [&cut](size_t from, size_t, const Datagram& datagram) {
        return cut && from == 2 && ExchangeOf(datagram) == IkeExchange::MRKMP_GROUP;
    };
    RequestNewPmk(*lan, 2);
    RequestNewPmk(*lan, 1);
    lan->RunUntil(lan->now + 5500ms);
    cut = false;
    lan->RunUntil(lan->now + 12s);
    t.Same(LastJoin(*lan, 2), std::string("ok"), "is answered");
    t.Equal(Rekeys(*lan, 0, RekeyCause::REQUEST), 1, "changes");
}

// Input: a rebooted member, which has nothing to send with yet, asks for another key. Output: its
// key is on the way already (J8, K8).
void
RequestWithoutKey(Sentence& t)
{
    auto lan = OldLan(t, 3);
    lan->Crash(2);
    BootAnew(*lan, 2);
    t.Holds(lan->RunUntil(lan->now + 1s, [&]() { return lan->nodes[2]->engine->IsRegistered(); }),
            "is back");
    RequestNewPmk(*lan, 2);
    lan->RunUntil(lan->now + 1s);
    t.Equal(Rekeys(*lan, 0, RekeyCause::REBOOT), 1, "changes for the reboot");
    t.Equal(Rekeys(*lan, 0, RekeyCause::REQUEST), 0, "changes besides");
}

// Input: a newcomer while the GCKS is handing over. Output: it is referred to the successor (J9).
void
YieldingRefers(Sentence& t)
{
    auto lan = OldLan(t, 3);
    lan->Add(50).config.bootId = 4;
    lan->Do(0, [&](MrkmpEngine& e) { e.HandOver(lan->nodes[1]->config.address, lan->now); });
    lan->RunUntil(lan->now + 200ms);
    lan->drop = [](size_t from, size_t to, const Datagram& datagram) {
        return from == 1 && to == 3 && ExchangeOf(datagram) == IkeExchange::MRKMP_ADVERT;
    };
    lan->Boot(3);
    t.Holds(lan->RunUntil(lan->now + 100ms, [&]() { return Joins(*lan, 3).size() == 2; }),
            "two exchanges");
    t.Same(Joins(*lan, 3).at(0), std::string("MRKMP_WRONG_GCKS"));
    t.Same(Joins(*lan, 3).at(1), std::string("ok"));
    t.Holds(lan->nodes[3]->engine->Gcks() == lan->nodes[1]->config.address, "at the successor");
}

// Input: room for one member, two that are to be evicted at a member with room for one. Output:
// each list stays within its bound, and says so.
void
Bounds(Sentence& t)
{
    auto lan = MakeLan(3, Preference::FALLING);
    for (auto& node : lan->nodes)
    {
        node->config.membersMax = 1;
    }
    lan->nodes[1]->config.evictedMax = 1;
    lan->TurnOff(Invariant::ONE_GCKS);
    lan->TurnOff(Invariant::NO_KEY_DROP);
    lan->BootAll();
    lan->RunUntil(12s);
    t.Holds(Drops(*lan, 0, DropReason::TOO_MANY) > 0, "the second member is refused");
    const size_t in = Joins(*lan, 1).at(0) == "ok" ? 1 : 2;
    t.Same(Joins(*lan, 3 - in).at(0), std::string("TEMPORARY_FAILURE"));
    const KeyRow* key = SendKey(*lan, 0);
    for (uint32_t i = 0; i < 5 && key != nullptr; ++i)
    {
        lan->nodes[0]->engine->Heard(key->adminKeyName, IpAddress{0x0a000050 + i});
    }
    lan->nodes[0]->engine->Heard("no such key", IpAddress{1});
    lan->Do(0, [&](MrkmpEngine& e) {
        e.Evict(Identity::OfName("x"), lan->now);
        e.Evict(Identity::OfName("y"), lan->now);
    });
    lan->RunUntil(lan->now + 5s);
    for (const auto& node : lan->nodes)
    {
        for (const auto& list : node->engine->Lists())
        {
            t.Holds(list.size <= list.bound, node->name + ": " + list.name);
        }
    }
}

/** A router that proves who it is and refuses everybody with one answer. */
struct Refuser : public SessionUser
{
    /** Called \p name, at \p own. */
    Refuser(const std::string& name, IpAddress own)
        : address(own),
          entropy(own.value),
          sessions(MrkmpLan::FastConfig().session,
                   std::make_shared<GroupPskCredentials>(Identity::OfName(name),
                                                         SecretBytes{'s', 'e', 'c', 'r', 'e', 't'}),
                   entropy,
                   *this)
    {
    }

    std::vector<IkePayload> OnAuthRequest(SessionId,
                                          IpAddress,
                                          const Identity&,
                                          const std::vector<IkePayload>&,
                                          bool,
                                          Time) override
    {
        ++asked;
        return {answer};
    }

    IpAddress address;       //!< where it is
    TestEntropy entropy;     //!< its randomness
    NotifyPayload answer;    //!< what it says
    size_t asked{0};         //!< how often it was asked
    SessionManager sessions; //!< its associations
};

/** Routers that refuse, and one that asks them. */
class Refusers
{
  public:
    /** \p n of them at 10.0.0.101, ..., and the asker, which follows \p referralsMax referrals. */
    Refusers(size_t n, uint32_t referralsMax)
        : m_lan(1)
    {
        for (uint32_t i = 0; i < n; ++i)
        {
            routers.push_back(
                std::make_unique<Refuser>("x" + std::to_string(i), IpAddress{0x0a000065 + i}));
        }
        m_lan.Add(100).config.referralsMax = referralsMax;
        m_lan.TurnOff(Invariant::ONE_GCKS);
        m_lan.drop = [this](size_t, size_t, const Datagram&) { return true; };
        m_lan.Boot(0);
    }

    /** Let router \p from refer to router \p to. */
    void Refer(size_t from, size_t to)
    {
        routers[from]->answer =
            MakeAddressNotify(IkeNotify::MRKMP_WRONG_GCKS, routers[to]->address);
    }

    /** The asker takes router \p index for a GCKS; then all that follows at once. */
    void Ask(size_t index)
    {
        ForgeAdvert(m_lan, 0, routers[index]->address);
        for (size_t handled = 0; handled < m_lan.sent.size(); ++handled)
        {
            const Datagram request = m_lan.sent[handled].datagram;
            for (const auto& router : routers)
            {
                if (handled < m_handled || request.destination != router->address)
                {
                    continue;
                }
                router->sessions.Receive(request, m_lan.now);
                while (auto answer = router->sessions.PollTransmit())
                {
                    answer->source = router->address;
                    answer->destination = request.source;
                    answer->ttl = 255;
                    m_lan.Inject(0, *answer);
                }
            }
        }
        m_handled = m_lan.sent.size();
    }

    /** \return how often each was asked, in words */
    std::string Asked() const
    {
        std::string words;
        for (const auto& router : routers)
        {
            words += std::to_string(router->asked);
        }
        return words;
    }

    /** \return the asker */
    const MrkmpEngine& Asker() const
    {
        return *m_lan.nodes[0]->engine;
    }

    std::vector<std::unique_ptr<Refuser>> routers; //!< who refuse

  private:
    MrkmpLan m_lan;      //!< the asker's
    size_t m_handled{0}; //!< of what it sent
};

// Input: routers that refer to one another in a ring; in a chain of six; to one that is ignored; to
// nobody, to the asker itself, to a group address. Output: none is asked twice, and no more than
// the bound allows (J9).
void
Referrals(Sentence& t)
{
    Refusers ring(2, 3);
    ring.Refer(0, 1);
    ring.Refer(1, 0);
    ring.Ask(0);
    t.Same(ring.Asked(), std::string("11"), "a ring");
    t.Same(std::string(ToString(ring.Asker().Role())), std::string("initial"), "ring");

    Refusers chain(6, 3);
    for (size_t i = 0; i + 1 < 6; ++i)
    {
        chain.Refer(i, i + 1);
    }
    chain.Ask(0);
    t.Same(chain.Asked(), std::string("111100"), "a chain");

    Refusers ignored(2, 3);
    ignored.routers[1]->answer = MakeGcksUnknown(false);
    ignored.Ask(1);
    ignored.Refer(0, 1);
    ignored.Ask(0);
    t.Same(ignored.Asked(), std::string("11"), "not to one that is ignored");

    for (const IpAddress to : {IpAddress{}, IpAddress{0x0a000001}, IpAddress{0xe0000005}})
    {
        Refusers odd(1, 3);
        odd.routers[0]->answer = MakeAddressNotify(IkeNotify::MRKMP_WRONG_GCKS, to);
        odd.routers[0]->answer.data.resize(sizeof(uint32_t));
        odd.Ask(0);
        t.Same(odd.Asked(), std::string("1"), "to " + to.ToString());
        t.Same(std::string(ToString(odd.Asker().Role())), std::string("initial"), to.ToString());
    }
}

/** \return two partitions of three routers, each with a GCKS: r0 and r3 */
std::unique_ptr<MrkmpLan>
Halves(Sentence& t)
{
    auto lan = MakeLan(6, Preference::FALLING);
    lan->Cut({0, 1, 2}, {3, 4, 5});
    lan->BootAll();
    lan->RunUntil(20s);
    t.Equal(lan->Count(GcksRole::GCKS), 2, "GCKSs");
    return lan;
}

// Input: a member whose GCKS died offers its keys to another one; the answer is cut off for longer
// than the lead and comes out of the cache then. Output: thrown away, and asked anew.
void
OldAnswer(Sentence& t)
{
    auto lan = Halves(t);
    bool cut = true;
    lan->drop = [&cut](size_t from, size_t to, const Datagram& datagram) {
        return cut && from == 0 && to == 4 && ExchangeOf(datagram) == IkeExchange::MRKMP_GROUP;
    };
    lan->TurnOff(Invariant::NO_KEY_DROP);
    lan->Crash(3);
    lan->Heal();
    lan->RunUntil(lan->now + 12s);
    cut = false;
    lan->RunUntil(lan->now + 15s);
    const auto joins = Joins(*lan, 4);
    t.Holds(std::find(joins.begin(), joins.end(), "answer too old") != joins.end(), "thrown away");
    t.Holds(joins.back() == "ok" && lan->Settled(), "asked anew");
}

// Input: both members of a GCKS that died offer its key at the same time. Output: one change.
void
OffersOfOneKey(Sentence& t)
{
    auto lan = Halves(t);
    for (const size_t node : {4U, 5U})
    {
        lan->nodes[node]->config.joinSpread = 0s;
        lan->Crash(node);
        BootAnew(*lan, node);
    }
    lan->RunUntil(lan->now + 10s);
    const size_t before = Rekeys(*lan, 0, RekeyCause::MERGE);
    lan->Crash(3);
    lan->Heal();
    lan->RunUntil(lan->now + 10s);
    t.Equal(Rekeys(*lan, 0, RekeyCause::MERGE) - before, 1, "changes");
    t.Holds(lan->Settled(), "settled");
}

// Input: either half evicts a router that is a member of the other half; then they meet. Output: it
// never learns a key of the merged group, and keys that it knows are not taken over (G6, M2).
void
EvictedInTheOtherHalf(Sentence& t)
{
    for (const size_t gcks : {0U, 3U})
    {
        auto lan = Halves(t);
        const size_t victim = gcks == 0 ? 4 : 1;
        const KeyRow* known = SendKey(*lan, victim);
        const SecretBytes old = known != nullptr ? known->key : SecretBytes();
        lan->TurnOff(Invariant::NO_KEY_DROP); // secrecy before continuity
        lan->TurnOff(Invariant::SECRECY);     // which the other half cannot know of yet
        t.Holds(lan->Evict(gcks, victim), "is evicted");
        lan->RunUntil(lan->now + 8s);
        lan->Heal();
        lan->RunUntil(lan->now + 30s);
        const KeyRow* key = SendKey(*lan, 0);
        t.Holds(key != nullptr && !EverHeld(*lan, victim, key->key), "a key that it never held");
        for (size_t node = 0; node < 6; ++node)
        {
            if (node == victim)
            {
                continue;
            }
            t.Holds(lan->nodes[node]->engine->Gcks() == lan->nodes[0]->config.address, "merged");
            lan->nodes[node]->table.ForEach([&](const KeyRow& row) {
                t.Holds(row.key != old || !row.lifetimes.CanAccept(lan->now),
                        "and not the old one");
            });
        }
        if (gcks == 0)
        {
            t.Holds(!EverHeld(*lan, 1, old), "which the other half never took");
        }
    }
}

// Input: two GCKSs under one KEK, after a short partition; the one that is not ours leaves. Output:
// its resignation, which we can read, is not our GCKS's (G8).
void
ResignationOfAnother(Sentence& t)
{
    auto lan = OldLan(t, 4);
    lan->Cut({0, 1}, {2, 3});
    t.Holds(lan->RunUntil(lan->now + 5s, [&]() { return lan->Count(GcksRole::GCKS) == 2; }),
            "two GCKSs");
    lan->Heal();
    const size_t roles = EventsOf<MrkmpEvent::RoleChanged>(*lan->nodes[1]).size();
    const size_t heard = EventsOf<MrkmpEvent::GroupMessage>(*lan->nodes[1]).size();
    lan->Do(2, [&](MrkmpEngine& e) { e.Leave(lan->now); });
    lan->RunUntil(lan->now + 100ms);
    t.Holds(EventsOf<MrkmpEvent::GroupMessage>(*lan->nodes[1]).size() > heard, "it is read");
    t.Equal(EventsOf<MrkmpEvent::RoleChanged>(*lan->nodes[1]).size(), roles, "and changes nothing");
}

// Input: the GCKS dies; a member is made to ask another one in vain and ignores it; that one takes
// over. Output: its announcement under the old KEK ends that at once (J11).
void
AuthenticWord(Sentence& t)
{
    auto lan = OldLan(t, 3);
    auto& config = lan->nodes[2]->config;
    config.joinSpread = 0s;
    config.blacklistTimeout = 1000s;
    config.session.retransmit.tries = 0;
    config.session.retransmit.first = 50ms;
    lan->Crash(2);
    lan->Boot(2);
    lan->RunUntil(lan->now + 10s);
    lan->drop = [](size_t from, size_t, const Datagram& datagram) {
        return from == 2 && ExchangeOf(datagram) == IkeExchange::IKE_SA_INIT;
    };
    lan->Crash(0);
    t.Holds(lan->RunUntil(lan->now + 5s,
                          [&]() { return lan->nodes[2]->engine->Role() == GcksRole::INITIAL; }),
            "the GCKS is missed");
    ForgeAdvert(*lan, 2, lan->nodes[1]->config.address);
    lan->RunUntil(lan->now + 150ms);
    t.Same(LastJoin(*lan, 2), std::string("timeout"));
    lan->drop = nullptr;
    t.Holds(lan->RunUntil(lan->now + 2500ms,
                          [&]() {
                              return lan->nodes[1]->engine->Role() == GcksRole::GCKS &&
                                     lan->nodes[2]->engine->Gcks() == lan->nodes[1]->config.address;
                          }),
            "believed again");
}

/** The suite. */
class MrkmpGuardTestSuite : public TestSuite
{
  public:
    MrkmpGuardTestSuite()
        : TestSuite("karp-mrkmp-guard", TestSuite::Type::UNIT)
    {
        AddTestCase(new Sentence("J8 a late request", LateRequest));
        AddTestCase(new Sentence("J8 a request without a key", RequestWithoutKey));
        AddTestCase(new Sentence("J9 who yields refers", YieldingRefers));
        AddTestCase(new Sentence("lists stay within their bounds", Bounds));
        AddTestCase(new Sentence("J9 rings, chains and nonsense", Referrals));
        AddTestCase(new Sentence("M6 an old answer", OldAnswer));
        AddTestCase(new Sentence("M6 two offers of one key", OffersOfOneKey));
        AddTestCase(new Sentence("G6 M2 evicted in the other half", EvictedInTheOtherHalf));
        AddTestCase(new Sentence("G8 resignation of another", ResignationOfAnother));
        AddTestCase(new Sentence("J11 an authentic word ends it", AuthenticWord));
    }
};

MrkmpGuardTestSuite g_mrkmpGuardTestSuite; //!< registers itself

} // namespace
