/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-sentence.h"
#include "karp-transport-link.h"

#include "ns3/test.h"

#include <set>

/**
 * \file
 * Transport keys apart from protocol master keys (H 2.1.2, K5): by themselves, under a key that a
 * person configured. karp-mrkmp-transport-test-suite.cc has them under those of MRKMP.
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

// ---- by themselves, under a configured key

// Input: four routers with one configured key start together. Output: each has a key of its own;
// nobody sends before all accept it (K7); rows say whose they are.
void
K5KeyOfItsOwn(Sentence& t)
{
    Link link(4);
    link.BootAll(2900ms);
    t.Holds(link.SendKey(0) == nullptr, "not before the lead");
    link.RunUntil(3100ms);
    t.Holds(link.Agreed(), "all send, and are accepted");
    std::set<std::string> keys;
    for (size_t i = 0; i < 4; ++i)
    {
        keys.insert(ToHex(link.SendKey(i)->key));
        t.Same(link.SendKey(i)->localKeyName, std::string("07"), "under the master key's ID");
        t.Equal(link.nodes[i]->table.size(), 4, "rows: its own, one for each other");
        for (const auto& [name, row] : link.nodes[i]->table)
        {
            t.Holds(row.lifetimes.CanSend(link.now) == (row.direction == KeyDirection::OUT),
                    "sent under " + name);
        }
    }
    t.Equal(keys.size(), 4, "keys");
    t.Holds(!link.Accepts(1, 2, link.SendKey(0)->key), "and not from anybody else");
    t.Holds(keys.count(ToHex(ManualKey(7).key)) == 0, "nobody sends under the master key");
}

// Input: the key of a router whose nonce is known. Output: prf+ (master key, label | group and
// address | nonce), as Python's hmac computes it (doc/wire-format.md).
void
K5Vector(Sentence& t)
{
    Link link(1);
    link.Boot(0);
    link.RunUntil(4s);
    t.Same(ToHex(SaidIn(link.sent.front().datagram).nonce),
           std::string("44f53cf1949b2523e49fb8c6d638bc03"));
    t.Same(ToHex(link.SendKey(0)->key),
           std::string("93e61f64e4ce51e8902f252fbe724e7c5e23d01df54cffcb36f9c9884187bf97"));
}

// Input: a router reboots; somebody plays back what it said before, with answers to challenges that
// are still open, all the time. Output: the others accept its new key alone; the old one, and what
// was recorded under it, is worth nothing from then on.
void
K5RebootAndReplay(Sentence& t)
{
    Link link(3);
    link.BootAll(40s);
    const SecretBytes before = link.SendKey(2)->key;
    std::vector<Datagram> recorded;
    for (const auto& sent : link.sent)
    {
        if (sent.from == 2)
        {
            recorded.push_back(sent.datagram);
        }
    }
    t.Holds(LastAnswer(link, 2, 0) != nullptr, "among it an answer");
    link.Crash(2);
    t.Holds(link.Accepts(0, 2, before), "while it is down, its old key counts");
    link.Boot(2);
    for (int i = 0; i < 100; ++i)
    {
        link.RunUntil(link.now + 50ms);
        for (const Datagram& old : recorded)
        {
            link.Inject(0, old);
        }
    }
    t.Holds(link.Agreed(), "the new key counts");
    t.Holds(!link.Accepts(0, 2, before), "the old one does not");
    for (int i = 0; i < 100; ++i)
    {
        link.RunUntil(link.now + 1s);
        for (const Datagram& old : recorded)
        {
            link.Inject(0, old);
        }
        t.Holds(!link.Accepts(0, 2, before), "nor ever again");
    }
    t.Holds(link.Agreed(), "and the new one still does");
}

// Input: a router reboots; whenever the others have heard of its new nonce, somebody plays back an
// answer under the old one at once. Output: that does not keep them from asking.
void
K5ReplayAfterEachMessage(Sentence& t)
{
    Link link(2);
    link.BootAll(40s);
    const Datagram old = *LastAnswer(link, 1, 0);
    link.Crash(1);
    link.after = [&link, &old](size_t from, size_t) {
        if (from == 1)
        {
            link.after = nullptr;
            link.Inject(0, old);
        }
    };
    const auto again = link.after;
    link.Boot(1);
    for (int i = 0; i < 50; ++i)
    {
        link.RunUntil(link.now + 100ms);
        link.after = again;
    }
    t.Holds(link.Agreed(), "they have asked");
}

// Input: a router draws a nonce, answers a challenge, reboots and draws another; somebody who kept
// the answer from a router that had heard neither hands it over afterwards: first once the newer
// nonce was announced, then, to a router that boots, once the newer one is proven. Output: the
// older nonce is not believed.
void
K5AnswerHeldBack(Sentence& t)
{
    Link link(2);
    link.BootAll(10s);
    std::vector<Datagram> kept;
    link.drop = [&kept](size_t from, size_t, const Datagram& datagram) {
        if (from == 1 && !SaidIn(datagram).answers.empty())
        {
            kept.push_back(datagram);
        }
        return from == 1;
    };
    link.nodes[1]->keys->Renew(link.now);
    link.RunUntil(64s);
    t.Holds(!kept.empty(), "it has answered");
    const SecretBytes middle = link.SendKey(1)->key;
    link.Crash(1);
    link.drop = [](size_t from, size_t, const Datagram& datagram) {
        return from == 1 && !SaidIn(datagram).answers.empty();
    };
    link.Boot(1);
    link.RunUntil(link.now + 10ms);
    link.Inject(0, kept.back());
    t.Holds(!link.Accepts(0, 1, middle), "another nonce was heard of since");
    link.drop = nullptr;
    link.RunUntil(link.now + 10s);
    t.Holds(link.Agreed(), "the newest counts");

    Link late(2);
    late.Boot(1);
    late.RunUntil(10s);
    late.drop = [&kept](size_t from, size_t, const Datagram& datagram) {
        if (from == 1 && !SaidIn(datagram).answers.empty())
        {
            kept.push_back(datagram);
        }
        return from == 1;
    };
    kept.clear();
    late.Boot(0);
    late.RunUntil(10500ms);
    const SecretBytes first = late.SendKey(1)->key;
    const uint64_t challenge = SaidIn(kept.back()).answers.front().challenge;
    late.Crash(1);
    TransportPayload newer;
    newer.nonce.fill(9);
    newer.answers = {{IpAddress{NET + 1}, challenge}};
    late.Inject(0, Forge(1, newer));
    late.Inject(0, kept.back());
    t.Holds(!late.Accepts(0, 1, first), "the same challenge makes no second change");
}

// Input: a router reboots while a nonce of its goes on beside the next. Output: neither counts once
// the third is proven: a router that names no previous one has forgotten it.
void
K5RebootWhileTwoCount(Sentence& t)
{
    Link link(2);
    link.BootAll(10s);
    const SecretBytes first = link.SendKey(1)->key;
    link.nodes[1]->keys->Renew(link.now);
    link.RunUntil(12s);
    link.Crash(1);
    t.Holds(link.Accepts(0, 1, first), "still counts");
    link.Boot(1);
    link.RunUntil(13s);
    t.Holds(!link.Accepts(0, 1, first), "no longer");
}

// Input: a router is gone for good; what it said is played back all the time. Output: after four
// intervals its key is accepted no more, though its master key lasts for ever.
void
K5SilentRouterIsForgotten(Sentence& t)
{
    Link link(2);
    link.BootAll(40s);
    const SecretBytes key = link.SendKey(1)->key;
    const Datagram answer = *LastAnswer(link, 1, 0);
    link.Crash(1);
    for (int i = 0; i < 5 * 30 + 1; ++i)
    {
        link.RunUntil(link.now + 1s);
        link.Inject(0, answer);
    }
    t.Holds(!link.Accepts(0, 1, key), "forgotten");
    t.Equal(link.Drops(0, DropReason::BAD_ICV), 0, "though what is played back is authentic");
}

// Input: a router is away for two intervals, keeps its state, and what it asks when it is
// back is lost. Output: it does not take its own absence for the silence of the other one.
void
K5WhoWasAwayAsks(Sentence& t)
{
    Link link(2);
    link.Boot(0);
    link.Boot(1);
    link.RunUntil(100s);
    const SecretBytes key = link.SendKey(1)->key;
    auto away = std::move(link.nodes[0]->keys);
    link.RunUntil(link.now + 65s);
    link.nodes[0]->keys = std::move(away);
    link.drop = [](size_t from, size_t, const Datagram&) { return from == 0; };
    link.RunUntil(link.now + 1s);
    link.drop = nullptr;
    for (int i = 0; i < 150; ++i)
    {
        link.RunUntil(link.now + 1s);
        t.Holds(link.Accepts(0, 1, key), "remembered, after " + std::to_string(i) + " s");
    }
}

// Input: numbers run low. Output: another key after the lead; the one before is sent under until
// then and accepted a moment longer; never a moment without (K8, K11).
void
K5Renewal(Sentence& t)
{
    Link link(3);
    link.BootAll(10s);
    const SecretBytes before = link.SendKey(1)->key;
    for (int i = 0; i < 100; ++i)
    {
        if (i < 20)
        {
            link.nodes[1]->keys->Renew(link.now); // again within the lead is nothing new
        }
        link.RunUntil(link.now + 100ms);
        t.Holds(link.Agreed(), "what is sent is accepted");
    }
    t.Holds(link.SendKey(1)->key != before, "another key");
    t.Holds(!link.Accepts(0, 1, before), "and no longer the one before");
    link.RunUntil(60s);
    t.Equal(link.nodes[1]->table.size(), 3, "rows");
    t.Equal(link.nodes[0]->table.size(), 3, "rows of another");
}

// Input: the same with every fifth message lost to each. Output: all agree in the end.
void
K5Loss(Sentence& t)
{
    for (uint64_t seed = 1; seed <= 20; ++seed)
    {
        Link link(5);
        TestEntropy dice(seed);
        link.drop = [&dice](size_t, size_t, const Datagram&) { return dice.DrawUnit() < 0.2; };
        for (size_t i = 0; i < 5; ++i)
        {
            link.Boot(i);
            link.RunUntil(link.now + 10ms);
        }
        link.RunUntil(65s);
        t.Holds(link.Agreed(), "seed " + std::to_string(seed));
    }
}

// Input: a router comes to n others. Output: at most n + 10 messages until all agree, and one of
// each in an interval afterwards: the cost is that of K5's option.
void
K5Cost(Sentence& t)
{
    Link link(21);
    for (size_t i = 0; i < 20; ++i)
    {
        link.Boot(i);
    }
    link.RunUntil(100s);
    const Time before = link.now;
    link.RunUntil(before + 60s);
    const size_t quiet = link.SentSince(before);
    t.Holds(quiet >= 20 * 2 && quiet <= 20 * 2 + 25,
            "one each in an interval, " + std::to_string(quiet));
    const Time boot = link.now;
    link.Boot(20);
    link.RunUntil(boot + 3100ms);
    t.Holds(link.Agreed(), "the newcomer is in");
    const size_t cost = link.SentSince(boot) - quiet * 31 / 600;
    t.Holds(cost >= 20 && cost <= 30, "messages: " + std::to_string(cost));
}

// ---- what is refused

// Input: an announcement with each octet changed in turn, from another address, for another group,
// under a key nobody holds, under a key that is over. Output: refused; nothing is remembered.
void
K5Forgeries(Sentence& t)
{
    Link link(2);
    link.Boot(0);
    link.RunUntil(1ms);
    const Datagram good = link.sent.front().datagram;
    link.Boot(1);
    link.RunUntil(5s);
    const size_t rows = link.nodes[1]->table.size();
    Datagram bad = good;
    for (size_t i = 0; i < good.payload.size(); ++i)
    {
        bad = good;
        bad.payload[i] ^= 0x01;
        link.Inject(1, bad);
    }
    t.Same(link.Drops(1, DropReason::BAD_ICV) > 40, true, "digests wrong");
    bad = good;
    bad.source = IpAddress{NET + 77};
    link.Inject(1, bad);
    t.Equal(link.nodes[1]->keys->PeerCount(), 1, "routers remembered");
    bad.payload[7] = 77;
    const uint64_t before = link.Drops(1, DropReason::BAD_ICV);
    link.Inject(1, bad);
    t.Equal(link.Drops(1, DropReason::BAD_ICV), before + 1, "the address is covered");
    link.nodes[1]->keys->RemoveMaster("g0/07/aabbccdd");
    link.Inject(1, good);
    t.Holds(link.Drops(1, DropReason::UNKNOWN_KEY) >= 1, "no such key");
    PmkRow over = ManualKey(7);
    over.lifetimes.sendEnd = over.lifetimes.acceptEnd = 1s;
    link.nodes[1]->keys->SetMaster("g0/07/aabbccdd", over, link.now);
    link.Inject(1, good);
    t.Equal(link.Drops(1, DropReason::KEY_NOT_VALID), 1, "over");
    t.Holds(rows == 2 && link.nodes[1]->keys->PeerCount() == 1, "nothing more than before");
    link.nodes[1]->keys->SetMaster("g0/07/aabbccdd", ManualKey(7), link.now);
    const uint64_t others = link.Drops(1, DropReason::OTHER_GROUP);
    link.Inject(1, Forge(0, {}, 0x01000000));
    t.Equal(link.Drops(1, DropReason::OTHER_GROUP), others + 1, "a group whose SPI is the same");
}

// Input: an answer that somebody who has the master key made out to another router, with the
// challenge of this one. Output: no answer to it.
void
K5AnswerToAnother(Sentence& t)
{
    Link link(2);
    link.Boot(0);
    link.RunUntil(1s);
    TransportPayload said;
    said.nonce.fill(1);
    said.answers = {{IpAddress{NET + 9}, SaidIn(link.sent.front().datagram).challenge}};
    link.Inject(0, Forge(1, said));
    t.Equal(link.nodes[0]->table.size(), 1, "rows: its own");
    said.answers.front().router = IpAddress{NET + 1};
    link.Inject(0, Forge(1, said));
    t.Equal(link.nodes[0]->table.size(), 2, "and one for whoever answers this one");
}

// Input: announcements of more routers than may be remembered, authentic all. Output: the first
// ones stay, the others are refused as too many.
void
K5Bounded(Sentence& t)
{
    Link link(6);
    link.config.peersMax = 3;
    link.BootAll(200s);
    for (size_t i = 0; i < 6; ++i)
    {
        t.Equal(link.nodes[i]->keys->PeerCount(), 3, "remembered");
        t.Holds(link.Drops(i, DropReason::TOO_MANY) > 0, "others refused");
    }
    TransportKeys& keys = *link.nodes[0]->keys;
    const size_t each = link.nodes[0]->table.size();
    for (uint8_t i = 0; i < 2 * TransportKeys::MAX_MASTERS; ++i)
    {
        keys.SetMaster("g0/" + std::to_string(i), ManualKey(i), link.now);
    }
    size_t rows = 0;
    while (const auto change = keys.PollChange())
    {
        ++rows;
    }
    t.Equal(rows, each * (TransportKeys::MAX_MASTERS - 1), "under so many master keys more");
}

// Input: 5000 challenges before there is time for an answer. Output: MAX_OWED answers, in as many
// messages as they take.
void
K5AnswersBounded(Sentence& t)
{
    Link link(2);
    link.Boot(0);
    link.RunUntil(10s);
    const Time before = link.now;
    TransportPayload said;
    for (said.challenge = 1; said.challenge <= 5000; ++said.challenge)
    {
        link.Inject(0, Forge(1, said));
    }
    link.RunUntil(link.now + 50ms);
    size_t answers = 0;
    for (const auto& sent : link.sent)
    {
        answers += sent.at >= before ? SaidIn(sent.datagram).answers.size() : 0;
    }
    t.Equal(answers, TransportKeys::MAX_OWED, "answers");
}

/** All of it. */
class TransportSuite : public TestSuite
{
  public:
    TransportSuite()
        : TestSuite("karp-transport", TestSuite::Type::UNIT)
    {
        AddTestCase(new Sentence("K5 K7 each router has a key of its own", K5KeyOfItsOwn));
        AddTestCase(new Sentence("K5 how a key is derived", K5Vector));
        AddTestCase(new Sentence("K5 A2 a reboot and everything played back", K5RebootAndReplay));
        AddTestCase(new Sentence("K5 A2 a replay after each message", K5ReplayAfterEachMessage));
        AddTestCase(new Sentence("K5 A2 an answer held back", K5AnswerHeldBack));
        AddTestCase(new Sentence("K5 A2 a reboot while two nonces count", K5RebootWhileTwoCount));
        AddTestCase(new Sentence("K5 A2 a silent router is forgotten", K5SilentRouterIsForgotten));
        AddTestCase(new Sentence("K5 who was away asks", K5WhoWasAwayAsks));
        AddTestCase(new Sentence("K5 K8 K11 numbers run low", K5Renewal));
        AddTestCase(new Sentence("K5 a fifth of all messages lost", K5Loss));
        AddTestCase(new Sentence("K5 what it costs", K5Cost));
        AddTestCase(new Sentence("K5 A3 forged announcements", K5Forgeries));
        AddTestCase(new Sentence("K5 A3 an answer to another router", K5AnswerToAnother));
        AddTestCase(new Sentence("K5 as many answers as there is room for", K5AnswersBounded));
        AddTestCase(new Sentence("K5 as many routers as there is room for", K5Bounded));
    }
};

TransportSuite g_transportSuite; //!< registers itself

} // namespace
