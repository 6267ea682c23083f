/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-metrics.h"
#include "karp-scenario-loader.h"

/**
 * \file
 * \ingroup karp
 * Block output of a scenario, and small members of the model.
 */

namespace ns3
{
namespace karp
{

void
ScenarioLoader::LoadOutput(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::OUTPUT_KEYS))
    {
        return;
    }
    const auto list = [&](const char* key) {
        static const std::vector<YamlNode> NOTHING;
        const YamlNode* found = node.Find(key);
        if (found != nullptr && found->kind != YamlNode::Kind::SEQUENCE)
        {
            m_reader.Error(found->line, std::string(key) + ": expected a list");
        }
        return found == nullptr ? NOTHING : found->items;
    };
    for (const YamlNode& item : list("metrics"))
    {
        const std::string name = m_reader.Text(item, "metrics").value_or("");
        const Metrics::Row* row = Metrics::FindRow(name);
        if (row == nullptr || !row->interpreted)
        {
            m_reader.Error(item.line,
                           row == nullptr ? "metrics: there is no metric '" + name + "'" +
                                                Hint(name, Metrics::Names())
                                          : "metrics: '" + name +
                                                "' is known to the language, not interpreted by "
                                                "this version");
        }
        m_scenario.output.metrics.push_back(name);
    }
    for (const YamlNode& item : list("pcap"))
    {
        const std::string segment = m_reader.Text(item, "pcap").value_or("");
        if (segment != m_scenario.lan.id)
        {
            m_reader.Error(item.line,
                           "pcap: there is no segment '" + segment + "'" +
                               Hint(segment, {m_scenario.lan.id}));
        }
        m_scenario.output.pcap.push_back(segment);
    }
    m_reader.ReadFlag(node, "keylog", m_scenario.output.keylog);
    for (const YamlNode& item : list("plots"))
    {
        LoadPlot(item);
        m_scenario.output.plots.push_back(item);
    }
}

void
ScenarioLoader::LoadPlot(const YamlNode& node)
{
    if (node.kind != YamlNode::Kind::MAP || node.entries.empty())
    {
        m_reader.Error(node.line, "plots: expected {cdf: metric, ...} and the like");
        return;
    }
    std::string kind;
    for (const YamlNode::Entry& entry : node.entries)
    {
        kind = language::PLOT_KINDS.Find(entry.key) != nullptr ? entry.key : kind;
    }
    const YamlNode::Entry& first = node.entries.front();
    if (!m_reader.CheckWord(first.line, kind.empty() ? first.key : kind, language::PLOT_KINDS))
    {
        return;
    }
    m_reader.CheckMap(node, language::PlotKeys(kind));
    const YamlNode& metric = *node.Find(kind);
    if (kind != "timeline" && Metrics::FindRow(metric.text) == nullptr)
    {
        m_reader.Error(metric.line,
                       "plots: there is no metric '" + metric.text + "'" +
                           Hint(metric.text, Metrics::Names()));
    }
    for (const char* key : {"by", "x", "panel"})
    {
        const YamlNode* variable = node.Find(key);
        if (variable != nullptr &&
            m_scenario.variables.find(variable->text) == m_scenario.variables.end())
        {
            std::vector<std::string> names;
            for (const auto& entry : m_scenario.variables)
            {
                names.push_back(entry.first);
            }
            m_reader.Error(variable->line,
                           std::string("plots: there is no variable '") + variable->text + "'" +
                               Hint(variable->text, names));
        }
    }
}

std::optional<uint32_t>
Scenario::NodeNumber(const std::string& text) const
{
    if (text.size() < 2 || text.size() > 6 || text[0] != 'r' ||
        text.find_first_not_of("0123456789", 1) != std::string::npos ||
        (text[1] == '0' && text.size() > 2))
    {
        return std::nullopt;
    }
    const uint32_t number = static_cast<uint32_t>(std::stoul(text.substr(1)));
    return number < lan.nodes ? std::optional<uint32_t>(number) : std::nullopt;
}

std::string
Scenario::NodeName(uint32_t number) const
{
    return "r" + std::to_string(number);
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

} // namespace karp
} // namespace ns3
