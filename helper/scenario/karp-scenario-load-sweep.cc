/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Block sweep, as far as one run needs it: which variables there are and what they stand for. A
 * scenario that is run alone takes the first value of each variable, and the first case.
 */

namespace ns3
{
namespace karp
{

void
ScenarioLoader::LoadSweep(const YamlNode& root)
{
    const YamlNode* node = root.Find("sweep");
    if (node != nullptr && m_reader.CheckMap(*node, language::SWEEP_KEYS))
    {
        m_reader.ReadCount(*node, "runs", m_scenario.runs, 1, 1000000);
        if (const YamlNode* grid = node->Find("grid"))
        {
            LoadGrid(*grid);
        }
        if (const YamlNode* zip = node->Find("zip"))
        {
            LoadGrid(*zip); // what differs is only which values go together
        }
        const YamlNode* absent = node->Find("skip_absent");
        for (const YamlNode& item : absent == nullptr ? std::vector<YamlNode>() : absent->items)
        {
            // Which files are there is for whoever makes many runs to find out.
            const YamlNode* grid = node->Find("grid");
            const std::string name = m_reader.Text(item, "skip_absent").value_or("");
            if (grid == nullptr || grid->Find(name) == nullptr)
            {
                m_reader.Error(item.line, "skip_absent: the grid has no variable '" + name + "'");
            }
        }
        if (const YamlNode* until = node->Find("until_ci"))
        {
            m_scenario.untilCi = *until;
        }
        if (const YamlNode* cases = node->Find("cases"))
        {
            LoadCases(*cases);
        }
    }
    for (const auto& setting : m_options.set)
    {
        m_scenario.variables[setting.first] = setting.second;
    }
}

bool
ScenarioLoader::CheckVariable(const YamlNode::Entry& entry)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char ALL[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    const std::string& name = entry.key;
    const bool isName = !name.empty() && name.size() <= 64 &&
                        std::string(LETTERS).find(name[0]) != std::string::npos &&
                        name.find_first_not_of(ALL) == std::string::npos;
    if (!isName || name == "case")
    {
        m_reader.Error(entry.line,
                       "sweep: '" + name + "' cannot be the name of a variable" +
                           (isName ? ": it is the name of the case" : ""));
        return false;
    }
    m_declared.emplace(name, entry.line);
    return true;
}

bool
ScenarioLoader::CheckVariableValue(const YamlNode& node)
{
    const bool plain = node.kind == YamlNode::Kind::SCALAR && !node.text.empty() &&
                       node.text.size() <= 200 &&
                       node.text.find_first_of("$,") == std::string::npos;
    if (!plain)
    {
        m_reader.Error(node.line, "sweep: a value is one plain word or number, without variables");
    }
    return plain;
}

void
ScenarioLoader::LoadGrid(const YamlNode& grid)
{
    if (grid.kind != YamlNode::Kind::MAP)
    {
        m_reader.Error(grid.line, "sweep: expected {variable: [values]}");
        return;
    }
    for (const YamlNode::Entry& entry : grid.entries)
    {
        if (!CheckVariable(entry))
        {
            continue;
        }
        const YamlNode& values = entry.value;
        if (values.kind != YamlNode::Kind::SEQUENCE || values.items.empty())
        {
            m_reader.Error(entry.line, "sweep: '" + entry.key + "' needs a list of values");
            continue;
        }
        bool plain = true;
        for (const YamlNode& value : values.items)
        {
            plain = CheckVariableValue(value) && plain;
        }
        if (plain)
        {
            m_scenario.variables[entry.key] = values.items.front().text;
        }
    }
}

void
ScenarioLoader::LoadCases(const YamlNode& cases)
{
    if (cases.kind != YamlNode::Kind::MAP || cases.entries.empty())
    {
        m_reader.Error(cases.line, "sweep.cases: expected {name: {variable: value}}");
        return;
    }
    std::vector<std::string> names;
    for (const YamlNode::Entry& entry : cases.entries)
    {
        names.push_back(entry.key);
    }
    const auto given = m_options.set.find("case");
    std::string chosen = given == m_options.set.end() ? names.front() : given->second;
    if (std::find(names.begin(), names.end(), chosen) == names.end())
    {
        m_reader.Error(cases.line,
                       "sweep.cases: there is no case '" + chosen + "'" + Hint(chosen, names));
        chosen = names.front(); // so that variables have values
    }
    m_declared.emplace("case", cases.line);
    m_scenario.variables["case"] = chosen;
    for (const YamlNode::Entry& entry : cases.entries)
    {
        if (entry.value.kind != YamlNode::Kind::MAP)
        {
            m_reader.Error(entry.line, "sweep.cases: expected {variable: value}");
            continue;
        }
        for (const YamlNode::Entry& variable : entry.value.entries)
        {
            const bool inGrid = m_scenario.variables.count(variable.key) != 0 &&
                                m_scenario.caseVariables.count(variable.key) == 0;
            if (inGrid)
            {
                m_reader.Error(variable.line,
                               "sweep.cases: variable '" + variable.key +
                                   "' has its values in the grid");
                continue;
            }
            if (CheckVariable(variable) && CheckVariableValue(variable.value) &&
                entry.key == chosen)
            {
                m_scenario.variables[variable.key] = variable.value.text;
                m_scenario.caseVariables.insert(variable.key);
            }
        }
    }
}

void
ScenarioLoader::CheckSettings()
{
    std::vector<std::string> names;
    for (const auto& declared : m_declared)
    {
        names.push_back(declared.first);
    }
    names.insert(names.end(), m_reader.Used().begin(), m_reader.Used().end());
    for (const auto& setting : m_options.set)
    {
        if (std::find(names.begin(), names.end(), setting.first) == names.end() ||
            (m_declared.count(setting.first) == 0 && setting.first == "case"))
        {
            std::vector<std::string> others = names;
            m_reader.Error(0,
                           "--set: the scenario has no variable '" + setting.first + "'" +
                               Hint(setting.first, others));
        }
    }
}

} // namespace karp
} // namespace ns3
