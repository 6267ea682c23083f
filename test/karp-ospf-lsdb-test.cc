/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"

#include "ns3/karp-ospf-adjacency.h"

#include <algorithm>
#include <map>

/**
 * \file
 * Part of suite karp-ospf-link-state: the database of link state, and the lists of what a neighbour
 * has not acknowledged.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** \return a router-LSA of router \p id */
OspfLsaPtr
LsaOf(uint32_t id)
{
    OspfLsaHeader header;
    header.key = {OspfLsaType::ROUTER, id, id};
    return MakeOspfLsa(header, OspfRouterLsa());
}

// Input: 20,000 LSAs that come and go at random, in a database and in a map. Output: the database
// finds what the map has and nothing else, and lists it in order.
void
DatabaseIsAMap(Sentence& test)
{
    OspfLsdb lsdb;
    std::map<OspfLsaKey, OspfLsaPtr> map;
    uint64_t random = 1;
    size_t wrong = 0;
    for (int step = 0; step < 20000; ++step)
    {
        random = random * 6364136223846793005 + 1442695040888963407;
        const OspfLsaPtr lsa = LsaOf(static_cast<uint32_t>(random >> 33) % 200 * 0x10000);
        const OspfLsaKey key = lsa->header.key;
        // More come than go, then more go than come.
        if (random >> 60 < (step / 1000 % 2 == 0 ? 10 : 6))
        {
            lsdb.Install(lsa, 0, Time(0));
            map[key] = lsa;
        }
        else
        {
            lsdb.Remove(key);
            map.erase(key);
        }
        const OspfLsdb::Entry* entry = lsdb.Find(key);
        const auto place = map.find(key);
        wrong += (entry == nullptr) != (place == map.end()) || lsdb.Size() != map.size() ? 1 : 0;
        wrong += entry != nullptr && entry->lsa != lsa ? 1 : 0;
        wrong += entry != nullptr && lsdb.At(entry->number, key) != entry ? 1 : 0;
        if (step % 100 == 0)
        {
            wrong += std::equal(map.begin(),
                                map.end(),
                                lsdb.All().begin(),
                                lsdb.All().end(),
                                [&lsdb](const auto& a, const OspfLsdb::Item& b) {
                                    return a.first == b.key && a.second == b.entry->lsa &&
                                           lsdb.Find(b.key) == b.entry;
                                })
                         ? 0
                         : 1;
        }
    }
    test.Equal(wrong, 0, "differences");
    const OspfLsaKey key = LsaOf(0x77)->header.key;
    const uint32_t number = lsdb.Install(LsaOf(0x77), 0, Time(0)).number;
    lsdb.Remove(key);
    test.Holds(lsdb.At(number, key) == nullptr, "gone");
    test.Equal(lsdb.Install(LsaOf(0x78), 0, Time(0)).number, number, "the number is another's");
    test.Holds(lsdb.At(number, key) == nullptr, "which is another LSA");
}

// Input: LSAs are listed, taken off and listed again. Output: each is due when it was listed last,
// in the order of databases; whoever is taken off is not due; entries know on how many lists.
void
RetransmissionsAreDue(Sentence& test)
{
    OspfLsdb lsdb;
    OspfRetransmissions list(lsdb);
    OspfLsdb::Entry& a = lsdb.Install(LsaOf(1), 0, Time(0));
    OspfLsdb::Entry& b = lsdb.Install(LsaOf(2), 0, Time(0));
    list.Add(b, 5s, false);
    list.Add(a, 6s, true);
    test.Holds(list.IsWaiting(b) && list.Has(a) && !list.IsWaiting(a), "one waits, one is sent");
    test.Holds(list.Remove(b) && !list.Remove(b) && b.retransmissions == 0, "taken off once");
    list.Add(b, 7s, false);
    list.MarkSent(b);
    test.Holds(!list.IsWaiting(b) && list.Size() == 2, "listed again, then sent");
    std::vector<OspfLsdb::Entry*> due;
    test.Holds(list.TakeDue(5s, 10s, due) == 6s && due.empty(), "not what was taken off");
    test.Holds(list.TakeDue(7s, 12s, due) == 12s && due.size() == 2, "both");
    test.Holds(due.size() == 2 && due[0] == &a && due[1] == &b, "in order");
    for (int i = 0; i < 1000; ++i)
    {
        list.Remove(b);
        list.Add(b, 13s, false);
    }
    due.clear();
    test.Holds(list.TakeDue(13s, 20s, due) == 20s && due.size() == 2, "each once");
    test.Equal(a.retransmissions + b.retransmissions, 2, "counted");
    list.Clear();
    test.Equal(a.retransmissions + b.retransmissions + list.Size(), 0, "none");
}

} // namespace

std::vector<OspfTest>
OspfDatabaseTests()
{
    return {
        {"a database is a map", DatabaseIsAMap},
        {"retransmissions are due when listed last", RetransmissionsAreDue},
    };
}

} // namespace karp
} // namespace ns3
