/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"

#include "karp-selector.h"
#include "karp-text-file.h"

#include <algorithm>
#include <filesystem>

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
    loader.LoadRoot(WithBase(root, options.folder, diagnostics));
    return diagnostics.Empty() ? std::optional<Scenario>(std::move(loader.m_scenario))
                               : std::nullopt;
}

std::optional<Scenario>
ScenarioLoader::LoadFile(const std::string& path,
                         const LoadOptions& options,
                         Diagnostics& diagnostics)
{
    std::string text;
    const std::string error = ReadTextFile(path, text, YamlBounds::MAX_OCTETS);
    if (!error.empty())
    {
        diagnostics.Error(0, error);
        return std::nullopt;
    }
    LoadOptions beside = options;
    beside.folder = std::filesystem::path(path).parent_path().string();
    beside.folder = beside.folder.empty() ? "." : beside.folder;
    return Load(text, beside, diagnostics);
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
    for (const char* key : {"karp", "name", "run", "topology", "timeline"})
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
    if (m_scenario.Size() == 0)
    {
        m_scenario.lans.resize(std::max<size_t>(m_scenario.lans.size(), 1));
        // It is wrong; so that no router's name is therefore:
        m_scenario.AddRouters(m_scenario.lans[0], MAX_NODES);
    }
    LoadBlock(root, "groups", &ScenarioLoader::LoadGroups);
    LoadBlock(root, "credentials", &ScenarioLoader::LoadCredentials);
    LoadBlock(root, "routing", &ScenarioLoader::LoadRouting);
    LoadBlock(root, "protocol", &ScenarioLoader::LoadProtocol);
    CheckGroups(root);
    CheckAgreement(root);
    LoadBlock(root, "timeline", &ScenarioLoader::LoadTimeline);
    LoadBlock(root, "expect", &ScenarioLoader::LoadExpect);
    LoadBlock(root, "invariants", &ScenarioLoader::LoadInvariants);
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
    m_reader.ReadChoice(node, "scheduler", run.scheduler, language::SCHEDULERS);
    if (run.stop.count() > 0 && run.warmup >= run.stop)
    {
        m_reader.Error(node.Find("warmup")->line,
                       "run: warmup " + TimeText(run.warmup) + " does not end before stop " +
                           TimeText(run.stop));
    }
}

void
ScenarioLoader::LoadGroups(const YamlNode& node)
{
    if (node.kind != YamlNode::Kind::SEQUENCE)
    {
        m_reader.Error(node.line, "groups: expected a list of groups");
        return;
    }
    for (const YamlNode& item : node.items)
    {
        LoadGroup(item);
    }
}

void
ScenarioLoader::CheckGroups(const YamlNode& root)
{
    // Without key management nobody needs a group: one key by hand is for all.
    if (m_scenario.protocol.kmp != "mrkmp" || !m_reader.Require(root, "groups", "a scenario"))
    {
        return;
    }
    const YamlNode& groups = *root.Find("groups");
    if (groups.kind == YamlNode::Kind::SEQUENCE && groups.items.empty())
    {
        m_reader.Error(groups.line, "groups: expected a list of groups");
    }
}

void
ScenarioLoader::LoadGroup(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::GROUP_KEYS))
    {
        return;
    }
    std::string name;
    if (m_reader.Require(node, "name", "groups"))
    {
        m_reader.ReadName(node, "name", name);
    }
    std::vector<uint32_t> lans;
    bool pattern = false;
    if (m_reader.Require(node, "segment", "groups"))
    {
        const YamlNode& segment = *node.Find("segment");
        pattern = segment.text.find('*') != std::string::npos;
        LoadSegments(segment, "segment", lans);
    }
    if (lans.size() > 1 && !pattern)
    {
        m_reader.Error(node.Find("segment")->line,
                       "segment: a group lives on one link; a pattern such as 'lan*' makes a "
                       "group on each");
    }
    std::vector<GroupBlock> groups;
    for (size_t i = 0; i < lans.size() || i == 0; ++i)
    {
        GroupBlock group;
        group.name = name + (pattern ? std::to_string(i) : "");
        group.lan = lans.empty() ? 0 : lans[i];
        group.members = m_scenario.lans[group.lan].routers;
        groups.push_back(std::move(group));
    }
    LoadMembers(node, groups);
    if (const YamlNode* priority = node.Find("priority"))
    {
        LoadPriorities(*priority, groups);
    }
    for (GroupBlock& group : groups)
    {
        AddGroup(node, std::move(group));
    }
}

void
ScenarioLoader::AddGroup(const YamlNode& node, GroupBlock&& group)
{
    for (const GroupBlock& other : m_scenario.groups)
    {
        std::vector<uint32_t> both;
        if (group.lan == other.lan)
        {
            std::set_intersection(group.members.begin(),
                                  group.members.end(),
                                  other.members.begin(),
                                  other.members.end(),
                                  std::back_inserter(both));
        }
        if (group.name == other.name)
        {
            m_reader.Error(node.line, "groups: there is a group '" + group.name + "' already");
            return;
        }
        if (!both.empty())
        {
            m_reader.Error(node.line,
                           "groups: " + m_scenario.NodeName(both.front()) + " is in '" +
                               other.name +
                               "' already: a router has one group on a link, for UDP port 848 "
                               "does not tell them apart");
            return;
        }
    }
    m_scenario.groups.push_back(std::move(group));
}

void
ScenarioLoader::LoadMembers(const YamlNode& node, std::vector<GroupBlock>& groups)
{
    const YamlNode* members = node.Find("members");
    Selector selector;
    if (members == nullptr || !LoadSelector(*members, "members", selector))
    {
        return;
    }
    if (!IsStatic(selector))
    {
        m_reader.Error(members->line, "members: name the routers: members never change");
        return;
    }
    const std::vector<uint32_t> meant = StaticNodes(selector);
    for (GroupBlock& group : groups)
    {
        const LanBlock& lan = m_scenario.lans[group.lan];
        group.members.clear();
        std::set_intersection(meant.begin(),
                              meant.end(),
                              lan.routers.begin(),
                              lan.routers.end(),
                              std::back_inserter(group.members));
        if (group.members.empty())
        {
            m_reader.Error(members->line, "members: none of them is on segment '" + lan.id + "'");
        }
        for (const Selector::Term& term :
             groups.size() == 1 ? selector.terms : std::vector<Selector::Term>())
        {
            // Who is named is meant; of all, and of patterns, those that are there.
            const bool named = term.text.find('*') == std::string::npos && term.text != "all";
            const auto away = std::find_if(term.nodes.begin(), term.nodes.end(), [&](uint32_t n) {
                return !std::binary_search(lan.routers.begin(), lan.routers.end(), n);
            });
            if (named && !term.exclude && away != term.nodes.end())
            {
                m_reader.Error(members->line,
                               "members: " + m_scenario.NodeName(*away) + " is not on segment '" +
                                   lan.id + "'");
            }
        }
    }
}

void
ScenarioLoader::LoadPriorities(const YamlNode& node, std::vector<GroupBlock>& groups)
{
    if (node.kind != YamlNode::Kind::MAP)
    {
        m_reader.Error(node.line, "priority: expected {r0: 200, default: 100}");
        return;
    }
    for (GroupBlock& group : groups)
    {
        group.fixedPriority = true;
    }
    for (const YamlNode::Entry& entry : node.entries)
    {
        uint32_t value = groups.front().defaultPriority;
        m_reader.ReadCount(node, entry.key.c_str(), value, 0, 255);
        Selector selector;
        const bool isDefault = entry.key == "default";
        const std::string why = isDefault ? "" : ParseSelectorTerm(entry.key, m_scenario, selector);
        if (!why.empty() || !IsStatic(selector))
        {
            m_reader.Error(entry.line,
                           "priority: " + (why.empty()
                                               ? "'" + entry.key + "' is somebody else every time"
                                               : why));
            continue;
        }
        bool anybody = isDefault;
        for (GroupBlock& group : groups)
        {
            group.defaultPriority = isDefault ? static_cast<uint8_t>(value) : group.defaultPriority;
            for (const uint32_t router : StaticNodes(selector))
            {
                if (std::binary_search(group.members.begin(), group.members.end(), router))
                {
                    group.priority[router] = static_cast<uint8_t>(value);
                    anybody = true;
                }
            }
        }
        if (!anybody)
        {
            m_reader.Error(entry.line, "priority: " + entry.key + " is no member of the group");
        }
    }
}

} // namespace karp
} // namespace ns3
