/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-metrics.h"
#include "karp-scenario-loader.h"

/**
 * \file
 * \ingroup karp
 * Block output of a scenario.
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
        LoadSegments(item, "pcap", m_scenario.output.pcap);
    }
    m_reader.ReadFlag(node, "keylog", m_scenario.output.keylog);
    if (const YamlNode* dir = node.Find("dir"))
    {
        m_scenario.output.directory = m_reader.Text(*dir, "dir").value_or("");
    }
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
    const YamlNode& wanted = *node.Find(kind);
    const bool list = wanted.kind == YamlNode::Kind::SEQUENCE;
    for (const YamlNode& metric : list ? wanted.items : std::vector<YamlNode>{wanted})
    {
        if (kind != "timeline" && Metrics::FindRow(metric.text) == nullptr)
        {
            m_reader.Error(metric.line,
                           "plots: there is no metric '" + metric.text + "'" +
                               Hint(metric.text, Metrics::Names()));
        }
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

} // namespace karp
} // namespace ns3
