/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_KEY_LOG_H
#define KARP_KEY_LOG_H

#include "ns3/application-container.h"
#include "ns3/karp-kmp-application.h"
#include "ns3/simple-ref-count.h"

#include <fstream>
#include <set>
#include <string>

namespace ns3
{
namespace karp
{

/** \return the line of Wireshark's ikev2_decryption_table; "" for suites that it cannot decrypt */
std::string DecryptionTableLine(const SessionKeys& keys);

/**
 * \ingroup karp
 * Writes the keys of a run beside its captures: `ikev2_decryption_table`, which Wireshark reads
 * from its configuration folder (WIRESHARK_CONFIG_DIR), with unicast associations and the keys of
 * each sender of group messages; and `ospf_keys.txt`, one line a key:
 * key ID, algorithm, key in hexadecimal digits, accept start, send start, send end, accept end in
 * nanoseconds. A key that many routers hold is written once.
 */
class KeyLogWriter : public SimpleRefCount<KeyLogWriter>
{
  public:
    /** Write into \p directory, which exists. */
    explicit KeyLogWriter(const std::string& directory);

    /** Listen to the key-management applications in \p apps, for as long as they live. */
    void Watch(const ApplicationContainer& apps);

  private:
    void OnSessionKeys(uint32_t group, const SessionKeys& keys);
    void OnPmk(uint32_t group, const KmpApplication::PmkChange& change);

    std::ofstream m_ike;           //!< ikev2_decryption_table
    std::ofstream m_ospf;          //!< ospf_keys.txt
    std::set<std::string> m_lines; //!< what has been written
};

} // namespace karp
} // namespace ns3

#endif // KARP_KEY_LOG_H
