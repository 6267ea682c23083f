/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_SCRIPT_LSA_H
#define KARP_OSPF_SCRIPT_LSA_H

#include "ns3/karp-ospf-lsa.h"

#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * Routers, addresses and LSAs as scripts of suite karp-ospf-conformance write them.
 */

namespace ns3
{
namespace karp
{
namespace ospf_script
{

constexpr size_t SELF = 5; //!< number of the router under test

using Words = std::vector<std::string>; //!< of a line

/** \return Router ID of router \p n */
uint32_t RouterId(size_t n);
/** \return address of router \p n on \p link; none for 0 */
IpAddress Address(uint32_t link, size_t n);
/** \return 9 for "r9", 5 for "us" */
size_t Number(const std::string& name);
/** \return the reverse */
std::string Name(size_t n);
/** \return the address that \p text is */
uint32_t ParseAddress(const std::string& text);
/** \return the parts of \p text between any number of \p at */
Words Split(const std::string& text, char at = ' ');
/** \return \p header as a script writes it; \p isInstance: with sequence number and age */
std::string ToText(const OspfLsaHeader& header, bool isInstance = true);

/** \return the value of "key=value" among \p words */
std::string Get(const Words& words, const std::string& key, const std::string& otherwise);
/** \return whether \p word is among \p words */
bool Has(const Words& words, const std::string& word);
/** \return those of \p words that are LSAs */
Words LsasOf(const Words& words);
/** \return \p words with spaces between them */
std::string Join(const Words& words);

/** What an LSA of a script says. */
struct LsaText
{
    /** \param text for example "rtr:r9:1" */
    explicit LsaText(const std::string& text);
    /** \return its octets, with its age */
    Bytes Octets() const;
    /** \return its header */
    OspfLsaHeader Header() const;

    size_t router{0};     //!< who originated it
    OspfLsaKey key;       //!< which
    int32_t sequence{0};  //!< LS sequence number
    uint16_t age{1};      //!< LS age
    uint16_t variant{1};  //!< what it says
    bool isBroken{false}; //!< the checksum is wrong
};

} // namespace ospf_script
} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_SCRIPT_LSA_H
