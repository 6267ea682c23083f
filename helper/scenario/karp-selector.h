/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SELECTOR_H
#define KARP_SELECTOR_H

#include "karp-scenario-model.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * Parse one item of a selector: r3, r0..r9, c*, all, role:gcks, random:2, the name of a set, "all -
 * r0", and the other words of doc/scenarios.md.
 *
 * \param text the item
 * \param scenario whose routers, LANs and sets are meant; only topology is looked at
 * \param[in,out] selector gets the terms
 * \return empty, or why this is no selector
 */
std::string ParseSelectorTerm(const std::string& text,
                              const Scenario& scenario,
                              Selector& selector);

/**
 * \param pattern a name, or a pattern with * for any letters
 * \param names some names
 * \return numbers of those that fit, ascending
 */
std::vector<uint32_t> MatchNames(const std::string& pattern, const std::vector<std::string>& names);

/** What a selector has to know of the moment at which it is resolved. */
struct SelectorView
{
    uint32_t nodes{0};                  //!< how many routers there are
    std::function<bool(uint32_t)> isUp; //!< whether a router runs
    /** Whether a router has a role in a group; with an empty name, in any. */
    std::function<bool(uint32_t, const std::string& role, const std::string& group)> hasRole;
    /** Whether a router is (Backup) Designated Router on a LAN; with an empty name, on any. */
    std::function<bool(uint32_t, bool backup, const std::string& lan)> isDesignated;
    std::function<uint32_t(uint32_t)> drawBelow; //!< a random number below the argument
    std::optional<uint32_t> it;                  //!< where it happened what is reacted to
};

/**
 * \param selector who is meant
 * \param view the moment
 * \return those routers, ascending, each once
 */
std::vector<uint32_t> ResolveSelector(const Selector& selector, const SelectorView& view);

/** \return whether \p selector means the same routers whatever the moment */
bool IsStatic(const Selector& selector);

/** \return the routers that \p selector names whatever the moment; roles and chance name none */
std::vector<uint32_t> StaticNodes(const Selector& selector);

/** \return a group that a role of \p selector is about and that \p scenario has not, or nothing */
std::string UnknownGroup(const Selector& selector, const Scenario& scenario);

} // namespace karp
} // namespace ns3

#endif // KARP_SELECTOR_H
