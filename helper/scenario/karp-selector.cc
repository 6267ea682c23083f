/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-selector.h"

#include "karp-diagnostics.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

/**
 * \file
 * \ingroup karp
 * Whom a selector means at one moment; its words are read in karp-selector-parse.cc.
 */

namespace ns3
{
namespace karp
{

namespace
{

using Kind = Selector::Kind;
using Terms = std::vector<Selector::Term>;
using Nodes = std::set<uint32_t>;

Nodes Resolve(const Terms& terms, const SelectorView& view);

/** \return whether \p term means the same routers whatever the moment */
bool
IsStaticTerm(const Selector::Term& term)
{
    const bool moment = term.kind == Kind::EVENT || term.kind == Kind::ROLE ||
                        term.kind == Kind::DESIGNATED || term.kind == Kind::RANDOM ||
                        term.kind == Kind::FRACTION;
    return !moment && std::all_of(term.base.begin(), term.base.end(), &IsStaticTerm);
}

/** Draws \p count of \p from into \p nodes. */
void
Draw(std::vector<uint32_t> from, size_t count, const SelectorView& view, Nodes& nodes)
{
    for (size_t drawn = 0; drawn < count && !from.empty(); ++drawn)
    {
        const auto at = from.begin() + view.drawBelow(static_cast<uint32_t>(from.size()));
        nodes.insert(*at);
        from.erase(at);
    }
}

/** Adds those that \p term means, but none of \p excluded by chance, to \p nodes. */
void
Add(const Selector::Term& term, const SelectorView& view, const Nodes& excluded, Nodes& nodes)
{
    const auto addIf = [&](const std::function<bool(uint32_t)>& condition) {
        for (uint32_t n = 0; n < view.nodes; ++n)
        {
            if (view.isUp(n) && condition(n))
            {
                nodes.insert(n);
            }
        }
    };
    const Nodes base = Resolve(term.base, view);
    std::vector<uint32_t> candidates;
    std::copy_if(base.begin(), base.end(), std::back_inserter(candidates), [&](uint32_t n) {
        return view.isUp(n) && excluded.count(n) == 0;
    });
    const auto half = std::next(base.begin(), static_cast<long>((base.size() + 1) / 2));
    switch (term.kind)
    {
    case Kind::NODES:
        nodes.insert(term.nodes.begin(), term.nodes.end());
        break;
    case Kind::SET:
        nodes.insert(base.begin(), base.end());
        break;
    case Kind::EVENT:
        if (view.it)
        {
            nodes.insert(*view.it);
        }
        break;
    case Kind::ROLE:
        addIf([&](uint32_t n) { return view.hasRole(n, term.name, term.place); });
        break;
    case Kind::DESIGNATED:
        addIf([&](uint32_t n) { return view.isDesignated(n, term.name == "bdr", term.place); });
        break;
    case Kind::RANDOM:
        Draw(candidates, term.count, view, nodes);
        break;
    case Kind::FRACTION: {
        const double share = term.fraction * static_cast<double>(candidates.size());
        Draw(candidates, static_cast<size_t>(std::lround(share)), view, nodes);
        break;
    }
    case Kind::FIRST_HALF:
        nodes.insert(base.begin(), half);
        break;
    case Kind::REST:
        nodes.insert(half, base.end());
        break;
    }
}

/** \return whom \p terms mean; who is excluded by one of them is not, whatever the others say */
Nodes
Resolve(const Terms& terms, const SelectorView& view)
{
    Nodes excluded;
    for (const Selector::Term& term : terms)
    {
        if (term.exclude)
        {
            Add(term, view, {}, excluded);
        }
    }
    Nodes nodes;
    for (const Selector::Term& term : terms)
    {
        if (!term.exclude)
        {
            Add(term, view, excluded, nodes);
        }
    }
    for (const uint32_t node : excluded)
    {
        nodes.erase(node);
    }
    return nodes;
}

/** \return a group that a role of \p terms is about and that \p scenario has not, or nothing */
std::string
UnknownGroupOf(const Terms& terms, const Scenario& scenario)
{
    for (const Selector::Term& term : terms)
    {
        const bool unknown = term.kind == Kind::ROLE && !term.place.empty() &&
                             scenario.FindGroup(term.place) == nullptr;
        const std::string found = unknown ? term.place : UnknownGroupOf(term.base, scenario);
        if (!found.empty())
        {
            return found;
        }
    }
    return "";
}

} // namespace

bool
IsStatic(const Selector& selector)
{
    return std::all_of(selector.terms.begin(), selector.terms.end(), &IsStaticTerm);
}

std::vector<uint32_t>
StaticNodes(const Selector& selector)
{
    SelectorView view;
    view.isUp = [](uint32_t) { return true; };
    Terms terms;
    std::copy_if(selector.terms.begin(),
                 selector.terms.end(),
                 std::back_inserter(terms),
                 &IsStaticTerm);
    const Nodes nodes = Resolve(terms, view);
    return {nodes.begin(), nodes.end()};
}

std::vector<uint32_t>
ResolveSelector(const Selector& selector, const SelectorView& view)
{
    const Nodes nodes = Resolve(selector.terms, view);
    return {nodes.begin(), nodes.end()};
}

std::string
UnknownGroup(const Selector& selector, const Scenario& scenario)
{
    return UnknownGroupOf(selector.terms, scenario);
}

} // namespace karp
} // namespace ns3
