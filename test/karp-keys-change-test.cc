/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-keys-tests.h"

#include <set>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-keys: what changes a table, and what a table refuses.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** What is changed. */
class ChangeTest : public SentenceTest<ChangeTest>
{
  public:
    using SentenceTest<ChangeTest>::SentenceTest;

    void CheckConsistency();   //!< see there
    void CheckLifetimeOrder(); //!< see there
    void CheckDuplicates();    //!< see there
    void CheckBound();         //!< see there
    void CheckDelete();        //!< see there
    void CheckRekey();         //!< see there
    void CheckSetLifetimes();  //!< see there
    void CheckGeneration();    //!< see there
    void CheckAddress();       //!< see there
    void CheckExpire();        //!< see there
    void CheckNextChange();    //!< see there
    void CheckOrder();         //!< see there
    void CheckDump();          //!< see there
};

} // namespace

/** Input: rows with a column empty or wrong. Output: refused, and nothing is in the table. */
void
ChangeTest::CheckConsistency()
{
    KeyTable table;
    const auto refuse = [this, &table](const char* what, const KeyRow& row) {
        NS_TEST_ASSERT_MSG_EQ((table.Insert(row) == KeyTable::Result::INCONSISTENT), true, what);
    };
    KeyRow row = RowOf("");
    refuse("no AdminKeyName", row);
    row = RowOf("a");
    row.key.clear();
    refuse("no key", row);
    row = RowOf("a");
    row.interfaces.clear();
    refuse("no interface", row);
    row = RowOf("a");
    row.protocol = KeyProtocol::NONE;
    refuse("no protocol", row);
    row = RowOf("a");
    row.algId = MacAlgorithm::NONE;
    refuse("no algorithm", row);
    for (const char* name : {"", "xyz", "0x01", "1ffffffffffffffff"})
    {
        row = RowOf("a");
        row.localKeyName = name;
        refuse("LocalKeyName no integer", row);
    }
    NS_TEST_ASSERT_MSG_EQ(table.Size(), 0u, "nothing is in");
    NS_TEST_ASSERT_MSG_EQ(table.Generation(), KeyTable().Generation(), "nothing changed");
}

/**
 * Input: all orders of four lifetimes out of 0 s to 3 s, by direction.
 * Output: accepted where acceptStart <= sendStart <= sendEnd <= acceptEnd and something is
 * accepted; where only one half is used, the other does not matter.
 */
void
ChangeTest::CheckLifetimeOrder()
{
    for (int code = 0; code < 256; ++code)
    {
        const std::array<int, 4> at{code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6 & 3};
        for (const auto direction :
             {KeyDirection::IN, KeyDirection::OUT, KeyDirection::BOTH, KeyDirection::DISABLED})
        {
            const bool in = at[0] < at[3];
            const bool out = at[1] < at[2];
            const bool both = in && at[0] <= at[1] && at[1] <= at[2] && at[2] <= at[3];
            const bool expected = direction == KeyDirection::IN    ? in
                                  : direction == KeyDirection::OUT ? out
                                                                   : both;
            KeyTable table;
            KeyRow row = RowAt("a", 1, at);
            row.direction = direction;
            NS_TEST_ASSERT_MSG_EQ((table.Insert(row) == KeyTable::Result::OK),
                                  expected,
                                  ToString(direction) << ' ' << code);
        }
    }
}

/**
 * Input: a second row with the same AdminKeyName, or the same protocol, name, algorithm and key on
 * a common interface; the same with any one of these different. Output: refused; accepted.
 */
void
ChangeTest::CheckDuplicates()
{
    KeyTable table;
    KeyRow first = RowOf("a");
    first.interfaces = {1, 2};
    table.Insert(first);
    const auto insert = [&table](const KeyRow& row) {
        const KeyTable::Result result = table.Insert(row);
        if (result == KeyTable::Result::OK)
        {
            table.Delete(row.adminKeyName);
        }
        return Word(result);
    };
    NS_TEST_ASSERT_MSG_EQ(insert(RowOf("a", 9, 9)), "duplicate", "AdminKeyName");
    KeyRow row = RowOf("b");
    NS_TEST_ASSERT_MSG_EQ(insert(row), "duplicate", "the same key");
    row.localKeyName = "0001";
    NS_TEST_ASSERT_MSG_EQ(insert(row), "duplicate", "the same integer");
    row.interfaces = {ALL_INTERFACES};
    NS_TEST_ASSERT_MSG_EQ(insert(row), "duplicate", "all has 1, too");
    row.interfaces = {3, 2};
    NS_TEST_ASSERT_MSG_EQ(insert(row), "duplicate", "interface 2 in common");
    row.interfaces = {3};
    NS_TEST_ASSERT_MSG_EQ(insert(row), "ok", "no interface in common");
    row = RowOf("b", 2);
    NS_TEST_ASSERT_MSG_EQ(insert(row), "ok", "other name");
    row = RowOf("b", 1, 0x5b);
    NS_TEST_ASSERT_MSG_EQ(insert(row), "ok", "other key");
    row = RowOf("b");
    row.algId = MacAlgorithm::HMAC_SHA_512;
    NS_TEST_ASSERT_MSG_EQ(insert(row), "ok", "other algorithm");
    row = RowOf("b");
    row.protocol = KeyProtocol::OSPFV3;
    NS_TEST_ASSERT_MSG_EQ(insert(row), "ok", "other protocol");
    KeyRow everywhere = RowOf("everywhere", 5);
    everywhere.interfaces = {ALL_INTERFACES};
    table.Insert(everywhere);
    row = RowOf("b", 5);
    row.interfaces = {9};
    NS_TEST_ASSERT_MSG_EQ(insert(row), "duplicate", "9 has it from all");
    NS_TEST_ASSERT_MSG_EQ(table.Size(), 2u, "nothing else is there");
}

/** Input: MAX_ROWS rows and one more. Output: the last is refused until another goes. */
void
ChangeTest::CheckBound()
{
    KeyTable table;
    for (size_t i = 0; i < KeyTable::MAX_ROWS; ++i)
    {
        KeyRow row = RowOf("row" + std::to_string(i), i);
        row.interfaces = {static_cast<uint32_t>(i)};
        NS_TEST_ASSERT_MSG_EQ((table.Insert(row) == KeyTable::Result::OK), true, i);
    }
    NS_TEST_ASSERT_MSG_EQ(Word(table.Insert(RowOf("more", 5000))), "full", "one more");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Rekey("row7", RowOf("more", 5000))), "ok", "in place");
    NS_TEST_ASSERT_MSG_EQ(table.Size(), +KeyTable::MAX_ROWS, "as many");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Delete("row0")), "ok", "one goes");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Insert(RowOf("last", 5001))), "ok", "one comes");
    NS_TEST_ASSERT_MSG_EQ(table.DeleteAll(KeyProtocol::OSPFV3), 0u, "another protocol's");
    NS_TEST_ASSERT_MSG_EQ(table.DeleteAll(KeyProtocol::OSPFV2), +KeyTable::MAX_ROWS, "all");
    NS_TEST_ASSERT_MSG_EQ(table.Size(), 0u, "empty");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s), "none", "nor in the index");
}

/** Input: rows deleted by name. Output: gone from both look-ups, others stay. */
void
ChangeTest::CheckDelete()
{
    KeyTable table;
    table.Insert(RowOf("a", 1, 1));
    table.Insert(RowOf("b", 2, 2));
    NS_TEST_ASSERT_MSG_EQ(Word(table.Delete("c")), "not_found", "not there");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Delete("a")), "ok", "there");
    NS_TEST_ASSERT_MSG_EQ((table.Get("a") == nullptr), true, "gone");
    NS_TEST_ASSERT_MSG_EQ((table.Get("b") != nullptr), true, "stays");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s), "b", "sent with");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 20s), "unknown name", "not accepted with");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Delete("a")), "not_found", "once");
}

/**
 * Input: a row replaced by itself with another key, by one of another name, by one that makes no
 * sense, by a copy of a third.
 * Output: replaced; replaced; refused twice, and the row is as it was.
 */
void
ChangeTest::CheckRekey()
{
    KeyTable table;
    table.Insert(RowOf("a", 1, 1));
    table.Insert(RowOf("b", 2, 2));
    NS_TEST_ASSERT_MSG_EQ(Word(table.Rekey("c", RowOf("c"))), "not_found", "not there");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Rekey("a", RowOf("a", 1, 1))), "ok", "by itself");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Rekey("a", RowOf("a", 3, 3))), "ok", "another key");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 20s), "unknown name", "the old name");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 3, 20s), "a", "the new name");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Rekey("a", RowOf("d", 4, 4))), "ok", "another row");
    NS_TEST_ASSERT_MSG_EQ((table.Get("a") == nullptr), true, "gone");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Rekey("d", RowOf("b", 5, 5))), "duplicate", "name of b");
    NS_TEST_ASSERT_MSG_EQ(Word(table.Rekey("d", RowOf("e", 2, 2))), "duplicate", "key of b");
    KeyRow bad = RowOf("d");
    bad.key.clear();
    NS_TEST_ASSERT_MSG_EQ(Word(table.Rekey("d", bad)), "inconsistent", "no key");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 4, 20s), "d", "as it was");
    NS_TEST_ASSERT_MSG_EQ(table.Size(), 2u, "two rows");
}

/** Input: lifetimes changed, to what they are, to something else, to nonsense. */
void
ChangeTest::CheckSetLifetimes()
{
    KeyTable table;
    table.Insert(RowOf("a"));
    const KeyRow* row = table.Get("a");
    const uint64_t before = table.Generation();
    NS_TEST_ASSERT_MSG_EQ(Word(table.SetLifetimes("b", {})), "not_found", "not there");
    NS_TEST_ASSERT_MSG_EQ(Word(table.SetLifetimes("a", row->lifetimes)), "ok", "the same");
    NS_TEST_ASSERT_MSG_EQ(table.Generation(), before, "no change");
    NS_TEST_ASSERT_MSG_EQ(Word(table.SetLifetimes("a", {5s, 4s, 9s, 9s})),
                          "inconsistent",
                          "sent before it is accepted");
    NS_TEST_ASSERT_MSG_EQ(table.Generation(), before, "no change");
    NS_TEST_ASSERT_MSG_EQ(Word(table.SetLifetimes("a", {0s, 10s, 30s, 40s})), "ok", "sooner");
    NS_TEST_ASSERT_MSG_NE(table.Generation(), before, "a change");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 30s), "none", "ends at 30 s");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 30s), "a", "still accepted");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 40s), "not valid", "ends at 40 s");
    NS_TEST_ASSERT_MSG_EQ((table.Get("a") == row), true, "the same row");
}

/** Input: each change, and each refusal. Output: another number each time; the same one. */
void
ChangeTest::CheckGeneration()
{
    KeyTable table;
    std::set<uint64_t> seen{table.Generation()};
    const auto isNew = [&] { return seen.insert(table.Generation()).second; };
    table.Insert(RowOf("a"));
    NS_TEST_ASSERT_MSG_EQ(isNew(), true, "insert");
    table.Insert(RowOf("a"));
    NS_TEST_ASSERT_MSG_EQ(isNew(), false, "refused");
    table.Rekey("a", RowOf("a", 2));
    NS_TEST_ASSERT_MSG_EQ(isNew(), true, "rekey");
    table.SetLifetimes("a", {0s, 1s, 2s, 3s});
    NS_TEST_ASSERT_MSG_EQ(isNew(), true, "lifetimes");
    table.Expire(2s);
    NS_TEST_ASSERT_MSG_EQ(isNew(), false, "nothing expired");
    table.Expire(3s);
    NS_TEST_ASSERT_MSG_EQ(isNew(), true, "expired");
    table.Delete("a");
    NS_TEST_ASSERT_MSG_EQ(isNew(), false, "nothing to delete");
    table.Insert(RowOf("a"));
    NS_TEST_ASSERT_MSG_EQ(isNew(), true, "insert");
    table.DeleteAll(KeyProtocol::OSPFV2);
    NS_TEST_ASSERT_MSG_EQ(isNew(), true, "delete all");
}

/** Input: a row, then hundreds before and after it, most of them deleted. Output: it stays put. */
void
ChangeTest::CheckAddress()
{
    KeyTable table;
    table.Insert(RowOf("m", 1000));
    const KeyRow* row = table.Get("m");
    for (uint64_t i = 0; i < 300; ++i)
    {
        table.Insert(RowOf((i % 2 == 0 ? "a" : "z") + std::to_string(i), i));
    }
    for (uint64_t i = 0; i < 290; ++i)
    {
        table.Delete((i % 2 == 0 ? "a" : "z") + std::to_string(i));
    }
    NS_TEST_ASSERT_MSG_EQ((table.Get("m") == row), true, "its address");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1000, 20s), "m", "and found");
}

/**
 * Input: rows that end at different times, of each direction.
 * Output: gone, and named, once both halves that they use are over, not sooner.
 */
void
ChangeTest::CheckExpire()
{
    KeyTable table;
    table.Insert(RowAt("b", 1, {0, 10, 20, 30}));
    table.Insert(RowAt("a", 2, {0, 10, 20, 30}));
    KeyRow in = RowAt("in", 3, {0, 0, 100, 25});
    in.direction = KeyDirection::IN;
    KeyRow out = RowAt("out", 4, {0, 0, 25, 100});
    out.direction = KeyDirection::OUT;
    KeyRow ever = RowOf("ever", 5);
    ever.lifetimes = {0s, 0s, TIME_MAX, TIME_MAX};
    table.Insert(in);
    table.Insert(out);
    table.Insert(ever);
    NS_TEST_ASSERT_MSG_EQ(table.Expire(25s - 1ns).size(), 0u, "not yet");
    const auto half = table.Expire(25s);
    NS_TEST_ASSERT_MSG_EQ((half == std::vector<std::string>{"in", "out"}), true, "by direction");
    NS_TEST_ASSERT_MSG_EQ(table.Expire(30s - 1ns).size(), 0u, "still accepted");
    const auto rest = table.Expire(30s);
    NS_TEST_ASSERT_MSG_EQ((rest == std::vector<std::string>{"a", "b"}), true, "in order");
    NS_TEST_ASSERT_MSG_EQ(table.Expire(TIME_MAX - 1ns).size(), 0u, "never");
    NS_TEST_ASSERT_MSG_EQ(table.Size(), 1u, "one left");
}

/**
 * Input: rows with their boundaries; asked at each of them, and again after a change.
 * Output: the next boundary strictly after now; the halves that a direction leaves out do not
 * count.
 */
void
ChangeTest::CheckNextChange()
{
    KeyTable table;
    NS_TEST_ASSERT_MSG_EQ((table.NextChange(0s) == TIME_MAX), true, "empty");
    table.Insert(RowAt("a", 1, {0, 10, 20, 30}));
    std::string changes;
    for (Time now = -1ns; now != TIME_MAX; now = table.NextChange(now))
    {
        changes +=
            std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count()) + ' ';
    }
    NS_TEST_ASSERT_MSG_EQ(changes, "0 0 10 20 30 ", "each boundary");
    NS_TEST_ASSERT_MSG_EQ((table.NextChange(12s) == 20s), true, "between");
    NS_TEST_ASSERT_MSG_EQ((table.NextChange(5s) == 10s), true, "time may go back");
    NS_TEST_ASSERT_MSG_EQ((table.NextChange(20s - 1ns) == 20s), true, "just before");
    table.Insert(RowAt("b", 2, {13, 14, 15, 16}));
    NS_TEST_ASSERT_MSG_EQ((table.NextChange(12s) == 13s), true, "after an insertion");
    table.SetLifetimes("b", {15s, 15s, 15s, 16s});
    NS_TEST_ASSERT_MSG_EQ((table.NextChange(12s) == 15s), true, "after a change");
    table.Delete("b");
    NS_TEST_ASSERT_MSG_EQ((table.NextChange(12s) == 20s), true, "after a deletion");
    for (const auto direction : {KeyDirection::IN, KeyDirection::OUT, KeyDirection::DISABLED})
    {
        KeyRow row = RowAt("a", 1, {1, 10, 20, 30});
        row.direction = direction;
        table.Rekey("a", row);
        const Time expected = direction == KeyDirection::IN    ? 1s
                              : direction == KeyDirection::OUT ? Time(10s)
                                                               : TIME_MAX;
        NS_TEST_ASSERT_MSG_EQ((table.NextChange(0s) == expected), true, ToString(direction));
    }
}

/** Input: rows inserted in no order. Output: visited in order of AdminKeyName. */
void
ChangeTest::CheckOrder()
{
    KeyTable table;
    for (const char* name : {"c", "a", "d", "b"})
    {
        table.Insert(RowOf(name, static_cast<uint64_t>(name[0])));
    }
    std::string names;
    table.ForEach([&names](const KeyRow& row) { names += row.adminKeyName; });
    NS_TEST_ASSERT_MSG_EQ(names, "abcd", "order");
}

/** Input: three rows at 50.5 s. Output: a table to read, with no octet of a key in it. */
void
ChangeTest::CheckDump()
{
    KeyTable table;
    table.Insert(RowOf("lan0/1", 0x2a));
    KeyRow manual = RowOf("manual", 1, 0x11);
    manual.interfaces = {2, ALL_INTERFACES};
    manual.direction = KeyDirection::IN;
    manual.algId = MacAlgorithm::KEYED_MD5;
    manual.key.resize(16);
    manual.lifetimes = {Time(0), Time(0), TIME_MAX, TIME_MAX};
    manual.peers = "all";
    table.Insert(manual);
    table.Insert(RowAt("later", 3, {60, 60, 70, 70}));
    const std::string expected =
        "AdminKeyName  LocalKeyName  PeerKeyName  Peers  Interfaces  Protocol  KDF   AlgID        "
        "Key        Direction  Lifetimes                                  Use\n"
        "lan0/1        2a            -            lan0   1           ospfv2    none  hmac-sha256  "
        "32 octets  both       accept -50.5s..+49.5s send -40.5s..+39.5s  both\n"
        "later         03            -            lan0   1           ospfv2    none  hmac-sha256  "
        "32 octets  both       accept +9.5s..+19.5s send +9.5s..+19.5s    no\n"
        "manual        01            -            all    2,all       ospfv2    none  keyed-md5    "
        "16 octets  in         accept -50.5s..never send -50.5s..never    accept\n";
    NS_TEST_ASSERT_MSG_EQ(table.Dump(50500ms), expected, "the table");
}

std::vector<TestCase*>
KeyChangeTests()
{
    using T = ChangeTest;
    return {new T("a row with a column missing is refused", &T::CheckConsistency),
            new T("a row whose lifetimes are out of order is refused", &T::CheckLifetimeOrder),
            new T("the same key is not in the table twice", &T::CheckDuplicates),
            new T("the table is bounded", &T::CheckBound),
            new T("a deleted row is gone from every look-up", &T::CheckDelete),
            new T("a row is replaced as a whole or not at all", &T::CheckRekey),
            new T("lifetimes change in place", &T::CheckSetLifetimes),
            new T("the generation changes with every change and no refusal", &T::CheckGeneration),
            new T("rows keep their address", &T::CheckAddress),
            new T("rows expire when both of their halves are over", &T::CheckExpire),
            new T("the next change is the next boundary", &T::CheckNextChange),
            new T("rows are visited in order of AdminKeyName", &T::CheckOrder),
            new T("a dump shows every column but no key", &T::CheckDump)};
}

} // namespace karp
} // namespace ns3
