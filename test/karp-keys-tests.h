/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_KEYS_TESTS_H
#define KARP_KEYS_TESTS_H

#include "ns3/karp-key-table.h"
#include "ns3/test.h"

#include <array>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * The parts of suite karp-keys, a file each, and the rows they put into tables.
 */

namespace ns3
{
namespace karp
{

/** \return the cases on what is looked up; the caller owns them */
std::vector<TestCase*> KeySelectionTests();

/** \return the cases on what is changed; the caller owns them */
std::vector<TestCase*> KeyChangeTests();

/** A case that is a member function of \p Derived: the sentence it checks, and how. */
template <typename Derived>
class SentenceTest : public TestCase
{
  public:
    /** Check \p sentence by \p check. */
    SentenceTest(const std::string& sentence, void (Derived::*check)())
        : TestCase(sentence),
          m_check(check)
    {
    }

  private:
    void DoRun() override
    {
        (static_cast<Derived*>(this)->*m_check)();
    }

    void (Derived::*m_check)(); //!< how
};

/** \return a row that is in order: accepted from 0 s to 100 s, sent from 10 s to 90 s */
inline KeyRow
RowOf(const std::string& name, uint64_t id = 1, uint8_t keyOctet = 0x5a)
{
    KeyRow row;
    row.adminKeyName = name;
    row.localKeyName = IntegerKeyName(id, 1);
    row.peers = "lan0";
    row.interfaces = {1};
    row.protocol = KeyProtocol::OSPFV2;
    row.algId = MacAlgorithm::HMAC_SHA_256;
    row.key = SecretBytes(32, keyOctet);
    using namespace std::chrono_literals;
    row.lifetimes = {0s, 10s, 90s, 100s};
    return row;
}

/** \return the same with other lifetimes, in seconds: accept start, send start, send end, accept
 * end */
inline KeyRow
RowAt(const std::string& name, uint64_t id, std::array<int, 4> at)
{
    KeyRow row = RowOf(name, id, static_cast<uint8_t>(id));
    row.lifetimes = {std::chrono::seconds(at[0]),
                     std::chrono::seconds(at[1]),
                     std::chrono::seconds(at[2]),
                     std::chrono::seconds(at[3])};
    return row;
}

/** \return the name of the row to send with on interface \p interface, or "none" */
inline std::string
SendName(const KeyTable& table, Time now, uint32_t interface = 1)
{
    const KeyRow* row = table.SelectSend(KeyProtocol::OSPFV2, interface, now);
    return row == nullptr ? "none" : row->adminKeyName;
}

/** \return the names of the rows to accept with, or why there are none */
inline std::string
AcceptNames(const KeyTable& table, uint64_t id, Time now, uint32_t interface = 1)
{
    std::vector<const KeyRow*> rows;
    switch (table.LookupAccept(KeyProtocol::OSPFV2, interface, id, now, rows))
    {
    case KeyTable::AcceptResult::NO_KEY_AT_ALL:
        return "no key at all";
    case KeyTable::AcceptResult::UNKNOWN_NAME:
        return "unknown name";
    case KeyTable::AcceptResult::NOT_VALID:
        return "not valid";
    default:
        break;
    }
    std::string names;
    for (const KeyRow* row : rows)
    {
        names += (names.empty() ? "" : " ") + row->adminKeyName;
    }
    return names;
}

/** \return \p result in a word: a string, since the test macros compare literals by address */
inline std::string
Word(KeyTable::Result result)
{
    return ToString(result);
}

} // namespace karp
} // namespace ns3

#endif // KARP_KEYS_TESTS_H
