/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"

#include "karp-selector.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

std::string
ParseSettings(const std::string& text, Variables& variables)
{
    size_t at = 0;
    while (at < text.size())
    {
        const size_t comma = std::min(text.find(',', at), text.size());
        const std::string part = text.substr(at, comma - at);
        const size_t equals = part.find('=');
        if (equals == std::string::npos || equals == 0 || equals + 1 == part.size())
        {
            return "--set: '" + part + "' is not of the form name=value";
        }
        if (part.find('$') != std::string::npos || part.size() > 200)
        {
            return "--set: '" + part.substr(0, 200) + "' holds no plain value";
        }
        variables[part.substr(0, equals)] = part.substr(equals + 1);
        at = comma + 1;
    }
    return "";
}

ScenarioLoader::ScenarioLoader(const LoadOptions& options, Diagnostics& diagnostics)
    : m_options(options),
      m_diagnostics(diagnostics),
      m_reader(diagnostics, m_scenario.variables)
{
}

std::optional<Scenario>
ScenarioLoader::Load(const std::string& text, const LoadOptions& options, Diagnostics& diagnostics)
{
    const YamlNode root = ParseYaml(text, diagnostics);
    if (root.kind == YamlNode::Kind::NONE)
    {
        if (diagnostics.Empty())
        {
            diagnostics.Error(0, "the file is empty");
        }
        return std::nullopt;
    }
    ScenarioLoader loader(options, diagnostics);
    loader.LoadRoot(root);
    return diagnostics.Empty() ? std::optional<Scenario>(std::move(loader.m_scenario))
                               : std::nullopt;
}

std::optional<Scenario>
ScenarioLoader::LoadFile(const std::string& path,
                         const LoadOptions& options,
                         Diagnostics& diagnostics)
{
    std::string text;
    const std::string error = ReadTextFile(path, text);
    if (!error.empty())
    {
        diagnostics.Error(0, error);
        return std::nullopt;
    }
    return Load(text, options, diagnostics);
}

void
ScenarioLoader::LoadBlock(const YamlNode& root,
                          const char* key,
                          void (ScenarioLoader::*load)(const YamlNode&))
{
    if (const YamlNode* node = root.Find(key))
    {
        (this->*load)(*node);
    }
}

void
ScenarioLoader::LoadRoot(const YamlNode& root)
{
    if (!m_reader.CheckMap(root, language::FILE_KEYS))
    {
        return;
    }
    for (const char* key : {"karp", "name", "run", "topology", "groups", "timeline"})
    {
        m_reader.Require(root, key, "a scenario");
    }
    LoadSweep(root); // first, for it gives variables their values
    if (const YamlNode* version = root.Find("karp"))
    {
        const std::optional<std::string> text = m_reader.Text(*version, "karp");
        if (text && *text != "1")
        {
            m_reader.Error(version->line,
                           "karp: version '" + *text + "' of the language is not read, 1 is");
        }
    }
    m_reader.ReadName(root, "name", m_scenario.name);
    if (const YamlNode* about = root.Find("about"))
    {
        m_scenario.about = m_reader.Text(*about, "about").value_or("");
    }
    LoadBlock(root, "run", &ScenarioLoader::LoadRun);
    LoadBlock(root, "topology", &ScenarioLoader::LoadTopology);
    if (m_scenario.lan.nodes == 0)
    {
        m_scenario.lan.nodes = MAX_NODES; // it is wrong; so that no router's name is therefore
    }
    LoadBlock(root, "groups", &ScenarioLoader::LoadGroups);
    LoadBlock(root, "credentials", &ScenarioLoader::LoadCredentials);
    LoadBlock(root, "routing", &ScenarioLoader::LoadRouting);
    LoadBlock(root, "protocol", &ScenarioLoader::LoadProtocol);
    CheckAgreement(root);
    LoadBlock(root, "timeline", &ScenarioLoader::LoadTimeline);
    LoadBlock(root, "expect", &ScenarioLoader::LoadExpect);
    LoadBlock(root, "output", &ScenarioLoader::LoadOutput);
    CheckSettings();
}

void
ScenarioLoader::LoadRun(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::RUN_KEYS))
    {
        return;
    }
    RunBlock& run = m_scenario.run;
    if (m_reader.Require(node, "stop", "run"))
    {
        m_reader.ReadTime(node, "stop", run.stop, std::chrono::milliseconds(1));
    }
    m_reader.ReadTime(node, "warmup", run.warmup);
    m_reader.ReadCount(node, "seed", run.seed, 1, UINT32_MAX - 1);
    if (run.stop.count() > 0 && run.warmup >= run.stop)
    {
        m_reader.Error(node.Find("warmup")->line,
                       "run: warmup " + TimeText(run.warmup) + " does not end before stop " +
                           TimeText(run.stop));
    }
}

void
ScenarioLoader::LoadTopology(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::TOPOLOGY_KEYS) ||
        !m_reader.Require(node, "lan", "topology"))
    {
        return;
    }
    const YamlNode& lan = *node.Find("lan");
    if (!m_reader.CheckMap(lan, language::LAN_KEYS))
    {
        return;
    }
    LanBlock& block = m_scenario.lan;
    m_reader.ReadName(lan, "id", block.id);
    if (m_reader.Require(lan, "nodes", "topology.lan"))
    {
        m_reader.ReadCount(lan, "nodes", block.nodes, 1, MAX_NODES);
    }
    m_reader.ReadRate(lan, "rate", block.rate);
    m_reader.ReadTime(lan, "delay", block.delay);
}

void
ScenarioLoader::LoadGroups(const YamlNode& node)
{
    if (node.kind != YamlNode::Kind::SEQUENCE || node.items.empty())
    {
        m_reader.Error(node.line, "groups: expected a list of groups");
        return;
    }
    for (const YamlNode& item : node.items)
    {
        LoadGroup(item);
    }
    if (m_scenario.groups.size() > 1)
    {
        m_reader.Error(node.items[1].line,
                       "groups: more than one group is known to the language, not interpreted by "
                       "this version");
    }
}

void
ScenarioLoader::LoadGroup(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::GROUP_KEYS))
    {
        return;
    }
    GroupBlock group;
    if (m_reader.Require(node, "name", "groups"))
    {
        m_reader.ReadName(node, "name", group.name);
    }
    if (m_reader.Require(node, "segment", "groups"))
    {
        const YamlNode& segment = *node.Find("segment");
        group.segment = m_reader.Text(segment, "segment").value_or(m_scenario.lan.id);
        if (group.segment.rfind("p2p:", 0) == 0)
        {
            m_reader.Error(segment.line,
                           "segment: 'p2p:*' is known to the language, not interpreted by this "
                           "version");
        }
        else if (group.segment != m_scenario.lan.id)
        {
            m_reader.Error(segment.line,
                           "segment: there is no segment '" + group.segment + "'" +
                               Hint(group.segment, {m_scenario.lan.id}));
        }
    }
    for (uint32_t i = 0; i < m_scenario.lan.nodes; ++i)
    {
        group.members.push_back(i);
    }
    const YamlNode* members = node.Find("members");
    Selector selector;
    if (members != nullptr && LoadSelector(*members, "members", selector))
    {
        group.members = StaticNodes(selector);
        const bool fixed =
            std::all_of(selector.terms.begin(), selector.terms.end(), [](const auto& term) {
                return term.kind == Selector::Kind::RANGE;
            });
        if (!fixed)
        {
            m_reader.Error(members->line, "members: name the routers: members never change");
        }
    }
    if (const YamlNode* priority = node.Find("priority"))
    {
        LoadPriorities(*priority, group);
    }
    if (m_scenario.FindGroup(group.name) != nullptr)
    {
        m_reader.Error(node.line, "groups: there is a group '" + group.name + "' already");
        return;
    }
    m_scenario.groups.push_back(std::move(group));
}

void
ScenarioLoader::LoadPriorities(const YamlNode& node, GroupBlock& group)
{
    if (node.kind != YamlNode::Kind::MAP)
    {
        m_reader.Error(node.line, "priority: expected {r0: 200, default: 100}");
        return;
    }
    group.fixedPriority = true;
    for (const YamlNode::Entry& entry : node.entries)
    {
        uint32_t value = group.defaultPriority;
        m_reader.ReadCount(node, entry.key.c_str(), value, 0, 255);
        if (entry.key == "default")
        {
            group.defaultPriority = static_cast<uint8_t>(value);
            continue;
        }
        const std::optional<uint32_t> number = m_scenario.NodeNumber(entry.key);
        if (!number)
        {
            Selector selector;
            const std::string why = ParseSelectorTerm(entry.key, m_scenario, selector);
            m_reader.Error(entry.line,
                           "priority: " +
                               (why.empty() ? "'" + entry.key + "' is no single router" : why));
            continue;
        }
        if (std::find(group.members.begin(), group.members.end(), *number) == group.members.end())
        {
            m_reader.Error(entry.line, "priority: " + entry.key + " is no member of the group");
            continue;
        }
        group.priority[*number] = static_cast<uint8_t>(value);
    }
}

} // namespace karp
} // namespace ns3
