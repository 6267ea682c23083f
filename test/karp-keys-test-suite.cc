/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-keys-tests.h"

/**
 * \file
 * \ingroup karp-test
 * Suite karp-keys: the key table by the sentences of RFC 7210 section 3, RFC 7211 section 3 and RFC
 * 7474 section 4. Intervals are half-open. This file: which key is found.
 */

namespace ns3
{
namespace karp
{

namespace
{

using namespace std::chrono_literals;

/** What is looked up. */
class SelectionTest : public SentenceTest<SelectionTest>
{
  public:
    using SentenceTest<SelectionTest>::SentenceTest;

    void CheckSendLifetime();    //!< see there
    void CheckSendLatest();      //!< see there
    void CheckSendInterface();   //!< see there
    void CheckSendDirection();   //!< see there
    void CheckAcceptLifetime();  //!< see there
    void CheckAcceptName();      //!< see there
    void CheckAcceptDirection(); //!< see there
    void CheckAcceptWhy();       //!< see there
    void CheckTwoOfOneName();    //!< see there
    void CheckNames();           //!< see there
};

} // namespace

/** Input: one key sent from 10 s to 90 s. Output: found at 10 s and just before 90 s, not outside.
 */
void
SelectionTest::CheckSendLifetime()
{
    KeyTable table;
    table.Insert(RowOf("a"));
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 10s - 1ns), "none", "before its start");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 10s), "a", "at its start");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 90s - 1ns), "a", "before its end");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 90s), "none", "at its end");
}

/**
 * Input: keys starting to be sent at 10 s, 20 s and 20 s.
 * Output: the latest start wins; of equals the first name; when they are over, the older one again.
 */
void
SelectionTest::CheckSendLatest()
{
    KeyTable table;
    table.Insert(RowAt("z-old", 1, {0, 10, 90, 100}));
    table.Insert(RowAt("y-new", 2, {0, 20, 80, 100}));
    table.Insert(RowAt("x-new", 3, {0, 20, 70, 100}));
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 15s), "z-old", "only one valid");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s), "x-new", "latest start, first name");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 70s), "y-new", "its equal");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 80s), "z-old", "the one that is left");
    // A row for all interfaces takes part on equal terms, wherever the index keeps it.
    KeyRow all = RowAt("w-all", 4, {0, 20, 60, 100});
    all.interfaces = {ALL_INTERFACES};
    table.Insert(all);
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s), "w-all", "first name of equals");
}

/** Input: rows for interfaces 1, 2 and 2, all, and another protocol. Output: each on its own. */
void
SelectionTest::CheckSendInterface()
{
    KeyTable table;
    KeyRow one = RowOf("one", 1);
    KeyRow two = RowOf("two", 2);
    two.interfaces = {2, 2, 3};
    KeyRow other = RowOf("other", 3);
    other.protocol = KeyProtocol::OSPFV3;
    other.interfaces = {4};
    NS_TEST_ASSERT_MSG_EQ((table.Insert(one) == KeyTable::Result::OK), true, "one");
    NS_TEST_ASSERT_MSG_EQ((table.Insert(two) == KeyTable::Result::OK),
                          true,
                          "an interface named twice");
    NS_TEST_ASSERT_MSG_EQ((table.Insert(other) == KeyTable::Result::OK), true, "other protocol");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s, 1), "one", "interface 1");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s, 2), "two", "interface 2");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s, 3), "two", "interface 3");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s, 4), "none", "another protocol's");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 3, 20s, 4), "no key at all", "another protocol's");
    NS_TEST_ASSERT_MSG_EQ(two.IsFor(3), true, "is for 3");
    NS_TEST_ASSERT_MSG_EQ(two.IsFor(1), false, "is not for 1");
    KeyRow all = RowOf("all", 4);
    all.interfaces = {7, ALL_INTERFACES};
    table.Insert(all);
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s, 4), "all", "all has 4, too");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 4, 20s, 7), "all", "found once where it is named");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 4, 20s, ALL_INTERFACES), "all", "asked for all");
    table.Delete("all");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s, 4), "none", "gone from all");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s, 7), "none", "gone from 7");
}

/** Input: a row of each direction. Output: out and both are sent with, in and disabled are not. */
void
SelectionTest::CheckSendDirection()
{
    for (const auto direction :
         {KeyDirection::IN, KeyDirection::OUT, KeyDirection::BOTH, KeyDirection::DISABLED})
    {
        KeyTable table;
        KeyRow row = RowOf("a");
        row.direction = direction;
        NS_TEST_ASSERT_MSG_EQ((table.Insert(row) == KeyTable::Result::OK),
                              true,
                              ToString(direction));
        const bool out = direction == KeyDirection::OUT || direction == KeyDirection::BOTH;
        NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s), (out ? "a" : "none"), ToString(direction));
    }
}

/** Input: one key accepted from 0 s to 100 s. Output: found from 0 s to just before 100 s. */
void
SelectionTest::CheckAcceptLifetime()
{
    KeyTable table;
    table.Insert(RowOf("a"));
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, -1ns), "not valid", "before its start");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 0s), "a", "at its start, before it is sent with");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 95s), "a", "after it was sent with");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 100s - 1ns), "a", "before its end");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 100s), "not valid", "at its end");
}

/** Input: keys 1 and 2. Output: the packet's name decides, not which one would be sent with. */
void
SelectionTest::CheckAcceptName()
{
    KeyTable table;
    table.Insert(RowAt("old", 1, {0, 10, 90, 100}));
    table.Insert(RowAt("new", 2, {0, 20, 90, 100}));
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 30s), "new", "sent with");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 30s), "old", "name 1");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 2, 30s), "new", "name 2");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 3, 30s), "unknown name", "name 3");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 0x101, 30s), "unknown name", "not cut to an octet");
}

/** Input: a row of each direction. Output: in and both are accepted with, out and disabled not. */
void
SelectionTest::CheckAcceptDirection()
{
    for (const auto direction :
         {KeyDirection::IN, KeyDirection::OUT, KeyDirection::BOTH, KeyDirection::DISABLED})
    {
        KeyTable table;
        KeyRow row = RowOf("a");
        row.direction = direction;
        table.Insert(row);
        const bool in = direction == KeyDirection::IN || direction == KeyDirection::BOTH;
        NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 20s),
                              (in ? "a" : "not valid"),
                              ToString(direction));
    }
}

/** Input: an empty table, then one key. Output: each way of finding nothing is told apart. */
void
SelectionTest::CheckAcceptWhy()
{
    KeyTable table;
    std::vector<const KeyRow*> rows{nullptr, nullptr};
    NS_TEST_ASSERT_MSG_EQ((table.LookupAccept(KeyProtocol::OSPFV2, 1, 1, 0s, rows) ==
                           KeyTable::AcceptResult::NO_KEY_AT_ALL),
                          true,
                          "empty table");
    NS_TEST_ASSERT_MSG_EQ(rows.size(), 0u, "what was in the vector is gone");
    table.Insert(RowOf("a"));
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 2, 20s), "unknown name", "other name");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 200s), "not valid", "over");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 20s, 2), "no key at all", "other interface");
    table.Delete("a");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 1, 20s), "no key at all", "deleted");
}

/**
 * Input: two rows of one name with different keys, as after a merge of partitions, one for all
 * interfaces and inserted first; a third of the same name that is over.
 * Output: both that are valid, in order of AdminKeyName; sending takes the later start.
 */
void
SelectionTest::CheckTwoOfOneName()
{
    KeyTable table;
    KeyRow a = RowOf("a", 7, 0xaa);
    a.interfaces = {ALL_INTERFACES};
    KeyRow b = RowOf("b", 7, 0xbb);
    b.lifetimes.sendStart = 11s;
    KeyRow over = RowOf("c", 7, 0xcc);
    over.lifetimes = {0s, 1s, 2s, 3s};
    NS_TEST_ASSERT_MSG_EQ((table.Insert(b) == KeyTable::Result::OK), true, "b");
    NS_TEST_ASSERT_MSG_EQ((table.Insert(a) == KeyTable::Result::OK), true, "a");
    NS_TEST_ASSERT_MSG_EQ((table.Insert(over) == KeyTable::Result::OK), true, "c");
    NS_TEST_ASSERT_MSG_EQ(AcceptNames(table, 7, 20s), "a b", "in order");
    NS_TEST_ASSERT_MSG_EQ(SendName(table, 20s), "b", "later start");
}

/** Input: numbers and widths. Output: digits in lower case, padded, never cut; and back. */
void
SelectionTest::CheckNames()
{
    NS_TEST_ASSERT_MSG_EQ(IntegerKeyName(0, 1), "00", "zero");
    NS_TEST_ASSERT_MSG_EQ(IntegerKeyName(0xab, 1), "ab", "an octet");
    NS_TEST_ASSERT_MSG_EQ(IntegerKeyName(0xab, 4), "000000ab", "four octets");
    NS_TEST_ASSERT_MSG_EQ(IntegerKeyName(0x1ab, 1), "1ab", "too wide for its field");
    NS_TEST_ASSERT_MSG_EQ(IntegerKeyName(UINT64_MAX, 8), "ffffffffffffffff", "eight octets");
    NS_TEST_ASSERT_MSG_EQ(IntegerKeyName(5, 0), "5", "no width");
    KeyRow row;
    const std::vector<std::pair<std::string, uint64_t>> names{{"00", 0},
                                                              {"ab", 0xab},
                                                              {"AB", 0xab},
                                                              {"000000ab", 0xab},
                                                              {"ffffffffffffffff", UINT64_MAX},
                                                              {"00ffffffffffffffff", UINT64_MAX},
                                                              {"10000000000000000", 0},
                                                              {"", 0},
                                                              {"0x1", 0},
                                                              {"1 ", 0},
                                                              {"g", 0}};
    for (const auto& [name, id] : names)
    {
        row.localKeyName = name;
        NS_TEST_ASSERT_MSG_EQ(row.LocalKeyId(), id, name);
    }
}

std::vector<TestCase*>
KeySelectionTests()
{
    using T = SelectionTest;
    return {new T("a key is sent with from its start to before its end", &T::CheckSendLifetime),
            new T("of several keys the latest SendLifetimeStart is used", &T::CheckSendLatest),
            new T("a key is for its interfaces, or for all", &T::CheckSendInterface),
            new T("only directions out and both are sent with", &T::CheckSendDirection),
            new T("a key is accepted from its start to before its end", &T::CheckAcceptLifetime),
            new T("a received packet's LocalKeyName selects the key", &T::CheckAcceptName),
            new T("only directions in and both are accepted with", &T::CheckAcceptDirection),
            new T("why no key is found is told apart", &T::CheckAcceptWhy),
            new T("of two rows of one name each is tried", &T::CheckTwoOfOneName),
            new T("integer names are lower-case hexadecimal, zero padded", &T::CheckNames)};
}

/** Suite karp-keys. */
class KeysTestSuite : public TestSuite
{
  public:
    KeysTestSuite()
        : TestSuite("karp-keys", TestSuite::Type::UNIT)
    {
        for (const auto& tests : {KeySelectionTests(), KeyChangeTests()})
        {
            for (TestCase* test : tests)
            {
                AddTestCase(test);
            }
        }
    }
};

static KeysTestSuite g_keysTestSuite; //!< registers itself

} // namespace karp
} // namespace ns3
