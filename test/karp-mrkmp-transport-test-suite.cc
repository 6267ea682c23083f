/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-lan.h"
#include "karp-sentence.h"

#include "ns3/test.h"

#include <algorithm>

/**
 * \file
 * Transport keys apart from protocol master keys (H 2.1.2, K5), under those of MRKMP: real engines
 * on a LAN without ns-3 (karp-mrkmp-lan.h).
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

/** \return a settled LAN of \p n routers with transport keys, r0 GCKS */
std::unique_ptr<MrkmpLan>
SettledLan(Sentence& t, size_t n)
{
    auto lan = std::make_unique<MrkmpLan>(1);
    for (size_t i = 0; i < n; ++i)
    {
        auto& config = lan->Add(static_cast<uint8_t>(i == 0 ? 200 : 100)).config;
        config.bootId = 1 + i;
        config.transport.enabled = true;
        config.transport.interval = 5s;
    }
    lan->BootAll();
    t.Holds(lan->RunUntil(10s, [&]() { return lan->Settled(); }), "settles");
    lan->RunUntil(lan->now + 12s);
    return lan;
}

/** \return whether all that are on send, and all others accept that */
bool
Agreed(const MrkmpLan& lan)
{
    std::vector<const KeyRow*> rows;
    for (const auto& from : lan.nodes)
    {
        const KeyRow* key = from->table.SelectSend(KeyProtocol::OSPFV2, 0, lan.now);
        for (const auto& to : lan.nodes)
        {
            if (from == to || !from->engine || !to->engine)
            {
                continue;
            }
            if (key == nullptr)
            {
                return false;
            }
            to->table.LookupAccept(KeyProtocol::OSPFV2, 0, key->LocalKeyId(), lan.now, rows);
            if (std::none_of(rows.begin(), rows.end(), [key](const KeyRow* row) {
                    return row->key == key->key;
                }))
            {
                return false;
            }
        }
    }
    return true;
}

/** \return how many protocol master keys the GCKSs on \p lan have made */
size_t
Changes(const MrkmpLan& lan)
{
    size_t sum = 0;
    for (const auto& node : lan.nodes)
    {
        sum += EventsOf<MrkmpEvent::Rekeyed>(*node).size();
    }
    return sum;
}

// Input: a member that used the key loses its numbers in a reboot, as in J6, three times. Output:
// no new protocol master key, but other transport keys, and the same number never twice under one
// key.
void
K5RebootChangesNothing(Sentence& t)
{
    auto lan = SettledLan(t, 4);
    t.Holds(Agreed(*lan), "all agree");
    const size_t before = Changes(*lan);
    for (int i = 0; i < 3; ++i)
    {
        lan->Crash(2);
        lan->RunUntil(lan->now + 1s);
        lan->nodes[2]->config.bootId += 1000;
        lan->Boot(2);
        t.Holds(lan->RunUntil(lan->now + 6s, [&]() { return Agreed(*lan); }), "back in");
    }
    t.Equal(Changes(*lan), before, "protocol master keys");
}

// Input: numbers of a member run low. Output: another key of its own; nobody is asked for one.
void
K5NumbersRunLow(Sentence& t)
{
    auto lan = SettledLan(t, 3);
    const size_t changes = Changes(*lan);
    const size_t asked = lan->CountSent(IkeExchange::MRKMP_GROUP);
    const std::string before =
        lan->nodes[1]->table.SelectSend(KeyProtocol::OSPFV2, 0, lan->now)->adminKeyName;
    lan->Do(1, [&](MrkmpEngine& engine) { engine.RequestNewPmk(lan->now); });
    lan->RunUntil(lan->now + 5s);
    t.Holds(lan->nodes[1]->table.SelectSend(KeyProtocol::OSPFV2, 0, lan->now)->adminKeyName !=
                before,
            "another key");
    t.Equal(Changes(*lan), changes, "protocol master keys");
    t.Equal(lan->CountSent(IkeExchange::MRKMP_GROUP), asked, "requests");
}

// Input: a LAN parts and heals; its GCKS crashes; a member is evicted. Output: all agree in the
// end, and the invariants, which the LAN watches, hold all the way.
void
K5ChangesOfGroup(Sentence& t)
{
    auto lan = SettledLan(t, 5);
    lan->Cut({0, 1}, {2, 3, 4});
    lan->RunUntil(lan->now + 20s);
    lan->Heal();
    t.Holds(lan->RunUntil(lan->now + 30s, [&]() { return lan->Settled() && Agreed(*lan); }),
            "after a merge");
    lan->Crash(static_cast<size_t>(lan->Gcks()));
    t.Holds(lan->RunUntil(lan->now + 30s, [&]() { return lan->Settled() && Agreed(*lan); }),
            "after a crash");
    lan->RunUntil(lan->now + 10s);
    const auto gcks = static_cast<size_t>(lan->Gcks());
    const size_t out = gcks == 4 ? 3 : 4;
    lan->Evict(gcks, out);
    lan->RunUntil(lan->now + 10s);
    const KeyRow* key = lan->nodes[gcks]->table.SelectSend(KeyProtocol::OSPFV2, 0, lan->now);
    std::vector<const KeyRow*> rows;
    lan->nodes[out]->table.LookupAccept(KeyProtocol::OSPFV2, 0, key->LocalKeyId(), lan->now, rows);
    t.Holds(std::none_of(rows.begin(),
                         rows.end(),
                         [key](const KeyRow* row) { return row->key == key->key; }),
            "the evicted one cannot verify");
}

/** All of it. */
class MrkmpTransportTestSuite : public TestSuite
{
  public:
    MrkmpTransportTestSuite()
        : TestSuite("karp-mrkmp-transport", TestSuite::Type::UNIT)
    {
        AddTestCase(
            new Sentence("K5 K8 K10 a reboot changes no master key", K5RebootChangesNothing));
        AddTestCase(new Sentence("K5 J8 nobody is asked for a key", K5NumbersRunLow));
        AddTestCase(new Sentence("K5 M5 E13 G6 merge, crash, eviction", K5ChangesOfGroup));
    }
};

MrkmpTransportTestSuite g_mrkmpTransportTestSuite; //!< registers itself

} // namespace
