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

void
Scenario::AddRouters(LanBlock& lan, uint32_t count)
{
    uint32_t& next = m_counts[lan.prefix];
    for (uint32_t i = 0; i < count; ++i)
    {
        const uint32_t number = Size();
        m_routers.push_back(lan.prefix + std::to_string(next++));
        m_numbers[m_routers.back()] = number;
        lan.routers.push_back(number);
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
        const std::string first = entry.first + "0";
        const std::string last = entry.first + std::to_string(entry.second - 1);
        text += (text.empty() ? "" : ", ") + (entry.second == 1 ? first : first + ".." + last);
    }
    return text;
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
    const auto prefix = [&](size_t i) {
        const std::string& name = scenario.NodeName(nodes[i]);
        return name.substr(0, name.find_last_not_of("0123456789") + 1);
    };
    const auto number = [&](size_t i) {
        return std::stoul(scenario.NodeName(nodes[i]).substr(prefix(i).size()));
    };
    std::vector<std::string> runs;
    for (size_t i = 0; i < nodes.size();)
    {
        size_t last = i;
        while (last + 1 < nodes.size() && prefix(last + 1) == prefix(i) &&
               number(last + 1) == number(last) + 1)
        {
            ++last;
        }
        const std::string& first = scenario.NodeName(nodes[i]);
        runs.push_back(last == i ? first : first + ".." + scenario.NodeName(nodes[last]));
        i = last + 1;
    }
    return runs;
}

} // namespace karp
} // namespace ns3
