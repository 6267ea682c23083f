/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_LIVE_KEYS_H
#define KARP_LIVE_KEYS_H

#include "ns3/karp-diagnostics.h"
#include "ns3/karp-key-table.h"

#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * Keys of karp-ospf-live: one of the command line, or rows of a key table in a YAML file.
 */

namespace ns3
{
namespace karp
{

/** The words that a file of keys may say, for --help. */
extern const char* const LIVE_KEYS_HELP;

/** Names of the algorithms, as --auth knows them besides "none". */
std::vector<std::string> LiveAlgorithms();

/** \return a row for OSPF on all interfaces that is valid for ever */
KeyRow MakeLiveKey(uint32_t id, MacAlgorithm algorithm, const std::string& key);

/**
 * \param text the file
 * \param start when the program began, which times such as +10 count from
 * \param[in,out] diagnostics gets what is wrong
 * \return the rows; to be used only if \p diagnostics stayed empty
 */
std::vector<KeyRow> ParseLiveKeys(const std::string& text, Time start, Diagnostics& diagnostics);

} // namespace karp
} // namespace ns3

#endif // KARP_LIVE_KEYS_H
