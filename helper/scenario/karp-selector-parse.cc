/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-diagnostics.h"
#include "karp-selector.h"
#include "karp-trace-world.h"

#include <algorithm>
#include <charconv>
#include <numeric>

/**
 * \file
 * \ingroup karp
 * Words of selectors.
 */

namespace ns3
{
namespace karp
{

namespace
{

using Kind = Selector::Kind;

constexpr size_t MAX_DEPTH = 8; //!< of first-half:random:2:...

std::string ParseTerm(const std::string& text,
                      const Scenario& scenario,
                      size_t depth,
                      Selector::Term& term);

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

/** \return numbers of all routers */
std::vector<uint32_t>
Everybody(const Scenario& scenario)
{
    std::vector<uint32_t> nodes(scenario.Size());
    std::iota(nodes.begin(), nodes.end(), 0);
    return nodes;
}

/** \return names of all routers */
std::vector<std::string>
RouterNames(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (uint32_t n = 0; n < scenario.Size(); ++n)
    {
        names.push_back(scenario.NodeName(n));
    }
    return names;
}

/** \return whether \p text has the form of a router's name: letters, and a number */
bool
IsNumbered(const std::string& text)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    const size_t digits = text.find_first_not_of(LETTERS);
    return digits != 0 && digits != std::string::npos && WholeNumber(text.substr(digits));
}

/** \return whether \p text has the form of a router's name: a prefix in use, and a number */
bool
LooksLikeRouter(const std::string& text, const Scenario& scenario)
{
    const size_t digits = text.find_last_not_of("0123456789") + 1;
    return digits > 0 && digits < text.size() && WholeNumber(text.substr(digits)) &&
           scenario.NodeNumber(text.substr(0, digits) + "0");
}

/** Parses r0..r9 into \p term. \return empty, or what is wrong */
std::string
ParseRange(const std::string& text, const Scenario& scenario, Selector::Term& term)
{
    const size_t dots = text.find("..");
    const std::string first = text.substr(0, dots);
    const std::string last = text.substr(dots + 2);
    const size_t digits = first.find_last_not_of("0123456789") + 1;
    const std::string prefix = first.substr(0, digits);
    if (!LooksLikeRouter(first, scenario) || !LooksLikeRouter(last, scenario) ||
        last.find_last_not_of("0123456789") + 1 != digits || last.substr(0, digits) != prefix)
    {
        return "'" + text + "' is no range of routers such as r0..r9";
    }
    const uint32_t from = *WholeNumber(first.substr(digits));
    const uint32_t to = *WholeNumber(last.substr(digits));
    if (from > to)
    {
        return "'" + text + "' is a range without routers";
    }
    if (!scenario.NodeNumber(last))
    {
        return scenario.NoSuchRouter(last);
    }
    for (uint32_t i = from; i <= to; ++i)
    {
        const std::string name = prefix + std::to_string(i);
        if (!scenario.NodeNumber(name))
        {
            return scenario.NoSuchRouter(name);
        }
        term.nodes.push_back(*scenario.NodeNumber(name));
    }
    return "";
}

/** Parses what stands behind role: into \p term. \return empty, or what is wrong */
std::string
ParseRoleTerm(const std::string& rest, Selector::Term& term)
{
    const size_t colon = rest.find(':');
    term.kind = Kind::ROLE;
    term.name = rest.substr(0, colon);
    term.place = colon == std::string::npos ? "" : rest.substr(colon + 1);
    const std::optional<TraceRole> role = ParseRole(term.name);
    if (!role || *role == TraceRole::DOWN)
    {
        return "unknown role '" + term.name + "'" + Hint(term.name, {"gcks", "member", "initial"});
    }
    return "";
}

/** Parses what is left of random:2:west and the like, into the base of \p term. */
std::string
ParseBase(const std::string& text, const Scenario& scenario, size_t depth, Selector::Term& term)
{
    Selector::Term base;
    base.text = text;
    std::string error;
    if (text.empty())
    {
        base.nodes = Everybody(scenario);
    }
    else if (const std::optional<uint32_t> lan = scenario.LanNumber(text))
    {
        base.nodes = scenario.lans[*lan].routers;
    }
    else
    {
        error = ParseTerm(text, scenario, depth + 1, base);
    }
    term.base.push_back(std::move(base));
    return error;
}

/** Parses 2:west of random:2:west into \p term. \return empty, or what is wrong */
std::string
ParseRandom(const std::string& rest, const Scenario& scenario, size_t depth, Selector::Term& term)
{
    const size_t colon = std::min(rest.find(':'), rest.size());
    const std::optional<uint32_t> count = WholeNumber(rest.substr(0, colon));
    const std::string base = rest.substr(std::min(colon + 1, rest.size()));
    term.kind = Kind::RANDOM;
    term.count = count.value_or(0);
    if (term.count == 0)
    {
        return "'" + term.text + "' does not say how many, such as random:2";
    }
    if (term.count > scenario.Size())
    {
        return "'" + term.text + "' is more than the " + std::to_string(scenario.Size()) +
               " routers there are";
    }
    return ParseBase(base, scenario, depth, term);
}

/** Parses 0.3:west of frac:0.3:west into \p term. \return empty, or what is wrong */
std::string
ParseFraction(const std::string& rest, const Scenario& scenario, size_t depth, Selector::Term& term)
{
    const size_t colon = std::min(rest.find(':'), rest.size());
    const std::string base = rest.substr(std::min(colon + 1, rest.size()));
    term.kind = Kind::FRACTION;
    const auto result = std::from_chars(rest.data(), rest.data() + colon, term.fraction);
    const bool plain = colon > 0 && result.ec == std::errc() && result.ptr == rest.data() + colon;
    if (!plain || !(term.fraction > 0 && term.fraction <= 1))
    {
        return "'" + term.text + "' does not say which share, such as frac:0.3";
    }
    return ParseBase(base, scenario, depth, term);
}

/** Parses dr, bdr, dr:lan0 into \p term. \return empty, or what is wrong */
std::string
ParseDesignated(const std::string& word,
                const std::string& rest,
                const Scenario& scenario,
                Selector::Term& term)
{
    term.kind = Kind::DESIGNATED;
    term.name = word;
    term.place = rest;
    const bool known = rest.empty() || scenario.LanNumber(rest);
    return known ? "" : "there is no LAN '" + rest + "'" + Hint(rest, scenario.LanNames());
}

/** Parses a word with a colon in it. \return empty, or what is wrong */
std::string
ParseForm(const std::string& text, const Scenario& scenario, size_t depth, Selector::Term& term)
{
    const size_t colon = std::min(text.find(':'), text.size());
    const std::string word = text.substr(0, colon);
    const std::string rest = text.substr(std::min(colon + 1, text.size()));
    if (depth > MAX_DEPTH)
    {
        return "'" + text + "' is nested too deeply";
    }
    if (word == "role")
    {
        return ParseRoleTerm(rest, term);
    }
    if (word == "random")
    {
        return ParseRandom(rest, scenario, depth, term);
    }
    if (word == "frac")
    {
        return ParseFraction(rest, scenario, depth, term);
    }
    if (word == "dr" || word == "bdr")
    {
        return ParseDesignated(word, rest, scenario, term);
    }
    if (word == "p2p")
    {
        return "'" + text + "' means links, not routers; those of one are all:p2p:r0-r1";
    }
    if (word == "boot")
    {
        return "selector '" + text + "' is known to the language, not interpreted by this version";
    }
    if (word == "first-half" || word == "rest" || word == "all")
    {
        term.kind = word == "all" ? Kind::SET : word == "rest" ? Kind::REST : Kind::FIRST_HALF;
        return ParseBase(rest, scenario, depth, term);
    }
    const std::vector<std::string> known =
        {"all", "first-half", "rest", "role", "random", "frac", "dr", "bdr", "role:gcks"};
    return "'" + text +
           "' is no selector (r3, r0..r9, all, role:gcks, random:2, doc/scenarios.md)" +
           Hint(word == text ? text : word, known);
}

/** Parses one word, without exclusion. \return empty, or what is wrong */
std::string
ParseTerm(const std::string& text, const Scenario& scenario, size_t depth, Selector::Term& term)
{
    term.text = text;
    if (text == "all")
    {
        term.nodes = Everybody(scenario);
        return "";
    }
    if (text == "it")
    {
        term.kind = Kind::EVENT;
        return "";
    }
    if (const std::optional<uint32_t> number = scenario.NodeNumber(text))
    {
        term.nodes = {*number};
        return "";
    }
    if (const SetBlock* set = scenario.FindSet(text))
    {
        term.kind = Kind::SET;
        term.base = set->selector.terms;
        return "";
    }
    if (scenario.LanNumber(text))
    {
        return "'" + text + "' is a segment, not a router; its routers are all:" + text;
    }
    if (text.find(':') != std::string::npos)
    {
        return ParseForm(text, scenario, depth, term);
    }
    if (text.find("..") != std::string::npos)
    {
        return ParseRange(text, scenario, term);
    }
    if (text.find('*') != std::string::npos)
    {
        term.nodes = MatchNames(text, RouterNames(scenario));
        return term.nodes.empty()
                   ? "no router is called '" + text + "': there are " + scenario.AllNames()
                   : "";
    }
    return IsNumbered(text) ? scenario.NoSuchRouter(text) : ParseForm(text, scenario, depth, term);
}

} // namespace

std::vector<uint32_t>
MatchNames(const std::string& pattern, const std::vector<std::string>& names)
{
    // Patterns are short and so are names: try every place where the part behind a star may begin.
    const std::function<bool(size_t, const std::string&, size_t)> fits =
        [&](size_t at, const std::string& name, size_t from) -> bool {
        while (at < pattern.size() && pattern[at] != '*')
        {
            if (from >= name.size() || name[from] != pattern[at])
            {
                return false;
            }
            ++at;
            ++from;
        }
        if (at == pattern.size())
        {
            return from == name.size();
        }
        const size_t next = pattern.find_first_not_of('*', at);
        for (size_t i = from; next != std::string::npos && i <= name.size(); ++i)
        {
            if (fits(next, name, i))
            {
                return true;
            }
        }
        return next == std::string::npos;
    };
    std::vector<uint32_t> found;
    const bool bounded = std::count(pattern.begin(), pattern.end(), '*') <= 3;
    for (size_t i = 0; i < names.size() && bounded; ++i)
    {
        if (fits(0, names[i], 0))
        {
            found.push_back(static_cast<uint32_t>(i));
        }
    }
    return found;
}

std::string
ParseSelectorTerm(const std::string& text, const Scenario& scenario, Selector& selector)
{
    // "all - r0 - role:gcks", "not r0": who is excluded.
    static const std::string MINUS = " - ";
    static const std::string NOT = "not ";
    std::vector<Selector::Term> terms;
    for (size_t at = 0; at <= text.size();)
    {
        const size_t minus = std::min(text.find(MINUS, at), text.size());
        std::string word = text.substr(at, minus - at);
        Selector::Term term;
        term.exclude = at > 0;
        if (at == 0 && word.rfind(NOT, 0) == 0)
        {
            term.exclude = true;
            word.erase(0, NOT.size());
        }
        word.erase(0, word.find_first_not_of(' '));
        word.erase(word.find_last_not_of(' ') + 1);
        const std::string error = ParseTerm(word, scenario, 0, term);
        if (!error.empty())
        {
            return error;
        }
        term.text = term.exclude ? NOT + word : word;
        terms.push_back(std::move(term));
        at = minus + MINUS.size();
    }
    selector.terms.insert(selector.terms.end(), terms.begin(), terms.end());
    return "";
}

} // namespace karp
} // namespace ns3
