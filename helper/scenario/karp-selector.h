/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SELECTOR_H
#define KARP_SELECTOR_H

#include "karp-scenario-model.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * Parse one word of a selector: r3, r0..r9, r*, all, role:gcks, role:member, random:2, lan0.
 *
 * \param text the word
 * \param scenario whose routers and segments are meant; only topology is looked at
 * \param[in,out] selector gets the term
 * \return empty, or why this is no selector
 */
std::string ParseSelectorTerm(const std::string& text,
                              const Scenario& scenario,
                              Selector& selector);

/** What a selector has to know of the moment at which it is resolved. */
struct SelectorView
{
    uint32_t nodes{0};                                         //!< how many routers there are
    std::function<bool(uint32_t)> isUp;                        //!< whether a router runs
    std::function<bool(uint32_t, const std::string&)> hasRole; //!< whether it has a role anywhere
    std::function<uint32_t(uint32_t)> drawBelow; //!< a random number below the argument
};

/**
 * \param selector who is meant
 * \param view the moment
 * \return those routers, ascending, each once
 */
std::vector<uint32_t> ResolveSelector(const Selector& selector, const SelectorView& view);

/** \return the routers that \p selector names whatever the moment; roles and chance name none */
std::vector<uint32_t> StaticNodes(const Selector& selector);

} // namespace karp
} // namespace ns3

#endif // KARP_SELECTOR_H
