/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-selector.h"

#include "karp-diagnostics.h"
#include "karp-trace-world.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace ns3
{
namespace karp
{

namespace
{

/** \return \p text as a whole number, nothing if it is not one */
std::optional<uint32_t>
WholeNumber(const std::string& text)
{
    uint32_t number = 0;
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, number);
    const bool ok = !text.empty() && result.ec == std::errc() && result.ptr == end &&
                    (text.size() == 1 || text[0] != '0');
    return ok ? std::optional<uint32_t>(number) : std::nullopt;
}

/** \return the number of a word such as r3, whether or not there is such a router */
std::optional<uint32_t>
NodeWord(const std::string& text)
{
    return text.size() > 1 && text[0] == 'r' ? WholeNumber(text.substr(1)) : std::nullopt;
}

/** \return whether \p text begins with \p prefix */
bool
StartsWith(const std::string& text, const char* prefix)
{
    return text.rfind(prefix, 0) == 0;
}

std::string
NoSuchNode(uint32_t number, uint32_t count)
{
    const std::string name = "r" + std::to_string(number);
    return "there is no router '" + name + "': the " + std::to_string(count) +
           (count == 1 ? " router is r0" : " routers are r0..r" + std::to_string(count - 1));
}

/** Parses r3 and r0..r9 into \p term. \return empty, or what is wrong */
std::string
ParseRange(const std::string& text, uint32_t count, Selector::Term& term)
{
    const size_t dots = text.find("..");
    const std::optional<uint32_t> first = NodeWord(text.substr(0, dots));
    const std::optional<uint32_t> last =
        dots == std::string::npos ? first : NodeWord(text.substr(dots + 2));
    if (!first || !last)
    {
        return "'" + text + "' is no range of routers such as r0..r9";
    }
    if (*first > *last)
    {
        return "'" + text + "' is a range without routers";
    }
    if (*last >= count)
    {
        return NoSuchNode(*last, count);
    }
    term.first = *first;
    term.last = *last;
    return "";
}

/** Parses role:gcks into \p term. \return empty, or what is wrong */
std::string
ParseRoleTerm(const std::string& text, Selector::Term& term)
{
    term.kind = Selector::Kind::ROLE;
    term.name = text.substr(text.find(':') + 1);
    const std::optional<TraceRole> role = ParseRole(term.name);
    if (!role || *role == TraceRole::DOWN)
    {
        return "unknown role '" + term.name + "'" + Hint(term.name, {"gcks", "member", "initial"});
    }
    return "";
}

} // namespace

std::string
ParseSelectorTerm(const std::string& text, const Scenario& scenario, Selector& selector)
{
    static const char* const LATER_FORMS[] = {"frac:", "first-half:", "rest:", "p2p:", "boot:"};
    const uint32_t count = scenario.lan.nodes;
    Selector::Term term;
    term.text = text;
    std::string error;
    for (const char* form : LATER_FORMS)
    {
        if (StartsWith(text, form))
        {
            return "selector '" + text +
                   "' is known to the language, not interpreted by this version";
        }
    }
    if (text == "all" || text == "r*")
    {
        term.last = count == 0 ? 0 : count - 1;
    }
    else if (StartsWith(text, "role:"))
    {
        error = ParseRoleTerm(text, term);
    }
    else if (StartsWith(text, "random:"))
    {
        const std::optional<uint32_t> number = WholeNumber(text.substr(7));
        term.kind = Selector::Kind::RANDOM;
        term.first = number.value_or(0);
        error = term.first == 0      ? "'" + text + "' does not say how many, such as random:2"
                : term.first > count ? "'" + text + "' is more than the " + std::to_string(count) +
                                           " routers there are"
                                     : "";
    }
    else if (text == scenario.lan.id)
    {
        term.kind = Selector::Kind::SEGMENT;
        term.name = text;
    }
    else if (NodeWord(text) || text.find("..") != std::string::npos)
    {
        error = ParseRange(text, count, term);
    }
    else
    {
        error = "'" + text + "' is no selector (r3, r0..r9, all, role:gcks, random:2, " +
                scenario.lan.id + ")" + Hint(text, {"all", scenario.lan.id, "role:gcks"});
    }
    if (error.empty())
    {
        selector.terms.push_back(std::move(term));
    }
    return error;
}

std::vector<uint32_t>
StaticNodes(const Selector& selector)
{
    std::set<uint32_t> nodes;
    for (const Selector::Term& term : selector.terms)
    {
        for (uint32_t n = term.first; term.kind == Selector::Kind::RANGE && n <= term.last; ++n)
        {
            nodes.insert(n);
        }
    }
    return {nodes.begin(), nodes.end()};
}

std::vector<uint32_t>
ResolveSelector(const Selector& selector, const SelectorView& view)
{
    std::set<uint32_t> nodes;
    const auto addIf = [&](const std::function<bool(uint32_t)>& condition) {
        for (uint32_t n = 0; n < view.nodes; ++n)
        {
            if (condition(n))
            {
                nodes.insert(n);
            }
        }
    };
    for (const Selector::Term& term : selector.terms)
    {
        switch (term.kind)
        {
        case Selector::Kind::RANGE:
            addIf([&](uint32_t n) { return term.first <= n && n <= term.last; });
            break;
        case Selector::Kind::ROLE:
            addIf([&](uint32_t n) { return view.isUp(n) && view.hasRole(n, term.name); });
            break;
        case Selector::Kind::SEGMENT:
            addIf([](uint32_t) { return true; });
            break;
        case Selector::Kind::RANDOM: {
            std::vector<uint32_t> running;
            for (uint32_t n = 0; n < view.nodes; ++n)
            {
                if (view.isUp(n))
                {
                    running.push_back(n);
                }
            }
            for (uint32_t drawn = 0; drawn < term.first && !running.empty(); ++drawn)
            {
                const auto at =
                    running.begin() + view.drawBelow(static_cast<uint32_t>(running.size()));
                nodes.insert(*at);
                running.erase(at);
            }
            break;
        }
        }
    }
    return {nodes.begin(), nodes.end()};
}

} // namespace karp
} // namespace ns3
