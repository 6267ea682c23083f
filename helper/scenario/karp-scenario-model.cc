/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-model.h"

#include "karp-diagnostics.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace karp
{

namespace
{

/** A name in parts: "r12" is r and 12, what has no number at its end is nothing but a prefix. */
struct NameParts
{
    std::string prefix;
    std::optional<uint32_t> number;
};

/** \return parts of \p name; 007 and numbers beyond all bounds are no numbers but letters */
NameParts
SplitName(const std::string& name)
{
    const size_t digits = name.find_last_not_of("0123456789") + 1;
    const size_t count = name.size() - digits;
    const bool plain = count > 0 && count < 9 && (count == 1 || name[digits] != '0');
    return plain ? NameParts{name.substr(0, digits),
                             static_cast<uint32_t>(std::stoul(name.substr(digits)))}
                 : NameParts{name, std::nullopt};
}

} // namespace

void
Scenario::AddRouter(const std::string& name)
{
    const NameParts parts = SplitName(name);
    m_numbers[name] = Size();
    m_routers.push_back(name);
    if (parts.number && *parts.number == m_counts[parts.prefix])
    {
        ++m_counts[parts.prefix];
    }
    else
    {
        m_named.push_back(name);
    }
}

void
Scenario::AddRouters(LanBlock& lan, uint32_t count)
{
    uint32_t& next = m_counts[lan.prefix];
    for (uint32_t i = 0; i < count; ++i)
    {
        // Somebody may have been called like that by hand.
        while (m_numbers.count(lan.prefix + std::to_string(next)) != 0)
        {
            ++next;
        }
        lan.routers.push_back(Size());
        AddRouter(lan.prefix + std::to_string(next));
    }
    lan.own += count;
}

uint32_t
Scenario::Size() const
{
    return static_cast<uint32_t>(m_routers.size());
}

std::optional<uint32_t>
Scenario::NodeNumber(const std::string& text) const
{
    const auto found = m_numbers.find(text);
    return found == m_numbers.end() ? std::nullopt : std::optional<uint32_t>(found->second);
}

const std::string&
Scenario::NodeName(uint32_t number) const
{
    return m_routers.at(number);
}

std::string
Scenario::AllNames() const
{
    std::string text;
    for (const auto& entry : m_counts)
    {
        if (entry.second == 0)
        {
            continue;
        }
        const std::string first = entry.first + "0";
        const std::string last = entry.first + std::to_string(entry.second - 1);
        text += (text.empty() ? "" : ", ") + (entry.second == 1 ? first : first + ".." + last);
    }
    for (size_t i = 0; i < m_named.size() && i < 10; ++i)
    {
        text += (text.empty() ? "" : ", ") + m_named[i];
    }
    return m_named.size() > 10 ? text + " and " + std::to_string(m_named.size() - 10) + " more"
                               : text;
}

std::string
Scenario::NoSuchRouter(const std::string& text) const
{
    return "there is no router '" + text + "': the " + std::to_string(Size()) +
           (Size() == 1 ? " router is " : " routers are ") + AllNames();
}

std::optional<uint32_t>
Scenario::LanNumber(const std::string& id) const
{
    const auto found =
        std::find_if(lans.begin(), lans.end(), [&id](const LanBlock& lan) { return lan.id == id; });
    return found == lans.end()
               ? std::nullopt
               : std::optional<uint32_t>(static_cast<uint32_t>(std::distance(lans.begin(), found)));
}

std::vector<std::string>
Scenario::LanNames() const
{
    std::vector<std::string> names;
    for (const LanBlock& lan : lans)
    {
        names.push_back(lan.id);
    }
    return names;
}

std::vector<std::vector<uint32_t>>
Scenario::Neighbors() const
{
    std::vector<std::set<uint32_t>> found(Size());
    for (const LanBlock& lan : lans)
    {
        for (const uint32_t node : lan.routers)
        {
            found[node].insert(lan.routers.begin(), lan.routers.end());
        }
    }
    std::vector<std::vector<uint32_t>> neighbors(Size());
    for (uint32_t node = 0; node < Size(); ++node)
    {
        found[node].erase(node);
        neighbors[node].assign(found[node].begin(), found[node].end());
    }
    return neighbors;
}

const GroupBlock*
Scenario::FindGroup(const std::string& text) const
{
    for (const GroupBlock& group : groups)
    {
        if (group.name == text)
        {
            return &group;
        }
    }
    return nullptr;
}

const SetBlock*
Scenario::FindSet(const std::string& text) const
{
    for (const SetBlock& set : sets)
    {
        if (set.name == text)
        {
            return &set;
        }
    }
    return nullptr;
}

std::vector<std::string>
NodeRuns(const std::vector<uint32_t>& nodes, const Scenario& scenario)
{
    std::vector<std::string> runs;
    for (size_t i = 0; i < nodes.size();)
    {
        const std::string& first = scenario.NodeName(nodes[i]);
        const NameParts parts = SplitName(first);
        size_t last = i;
        while (parts.number && last + 1 < nodes.size() && nodes[last + 1] == nodes[last] + 1)
        {
            const NameParts next = SplitName(scenario.NodeName(nodes[last + 1]));
            if (next.prefix != parts.prefix || next.number != *parts.number + (last + 1 - i))
            {
                break;
            }
            ++last;
        }
        runs.push_back(last == i ? first : first + ".." + scenario.NodeName(nodes[last]));
        i = last + 1;
    }
    return runs;
}

std::string
ExpandNames(const std::string& text, size_t most, std::vector<std::string>& names)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    const size_t dots = text.find("..");
    const std::string first = text.substr(0, dots);
    const std::string last = dots == std::string::npos ? first : text.substr(dots + 2);
    for (const std::string& name : {first, last})
    {
        const bool letter = !name.empty() && (name[0] < '0' || name[0] > '9');
        if (!letter || name.size() > 64 || name.find_first_not_of(LETTERS) != std::string::npos)
        {
            return "'" + name + "' is no name: a letter, then letters, digits and underscores";
        }
    }
    if (dots == std::string::npos)
    {
        names.push_back(first);
        return "";
    }
    const NameParts from = SplitName(first);
    const NameParts to = SplitName(last);
    if (from.prefix != to.prefix || !from.number || !to.number || *from.number > *to.number)
    {
        return "'" + text + "' is no range of routers such as r0..r9";
    }
    if (*to.number - *from.number >= most)
    {
        return "'" + text + "' is more than " + std::to_string(most) + " routers";
    }
    for (uint32_t i = *from.number; i <= *to.number; ++i)
    {
        names.push_back(from.prefix + std::to_string(i));
    }
    return "";
}

} // namespace karp
} // namespace ns3
