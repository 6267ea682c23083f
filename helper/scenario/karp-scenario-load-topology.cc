/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"
#include "karp-selector.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * Block topology of a scenario: LANs, the routers on them, and sets of these.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return whether names of routers may begin with \p text and be told from its numbers */
bool
IsPrefix(const std::string& text)
{
    static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    return !text.empty() && text.size() <= 20 &&
           text.find_first_not_of(LETTERS) == std::string::npos;
}

/** \return \p name, and with it that of a link with its ends the other way round */
std::vector<std::string>
BothWays(const std::string& name)
{
    // A link has no first end to who writes a scenario.
    static const std::string LINK = "p2p:";
    const size_t dash = name.find('-');
    if (dash == std::string::npos || name.compare(0, LINK.size(), LINK) != 0)
    {
        return {name};
    }
    const size_t dot = std::min(name.find('.', dash), name.size());
    return {name,
            LINK + name.substr(dash + 1, dot - dash - 1) + "-" +
                name.substr(LINK.size(), dash - LINK.size()) + name.substr(dot)};
}

} // namespace

void
ScenarioLoader::LoadTopology(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::TOPOLOGY_KEYS))
    {
        return;
    }
    const YamlNode* one = node.Find("lan");
    const YamlNode* several = node.Find("lans");
    LoadGraph(node); // its routers come first
    if (const YamlNode* nodes = node.Find("nodes"))
    {
        LoadNodes(*nodes);
    }
    const bool links = std::any_of(node.entries.begin(), node.entries.end(), [](const auto& entry) {
        return entry.key != "sets";
    });
    if (!links)
    {
        m_reader.Error(node.line,
                       "topology: key 'lan' or 'lans' is missing, or a graph such as 'graphml', "
                       "'ring' or 'links'");
    }
    if (one != nullptr && several != nullptr)
    {
        m_reader.Error(several->line, "topology: there is 'lan' already; name it in 'lans'");
        return;
    }
    if (one != nullptr && m_reader.CheckMap(*one, language::LAN_KEYS))
    {
        m_reader.Require(*one, "nodes", "topology.lan");
        LoadLan(*one, "lan0");
    }
    if (several != nullptr)
    {
        LoadLans(*several);
    }
    AddGraphLans(node);
    LoadLinks(node);
    CheckLonely(node);
    if (const YamlNode* sets = node.Find("sets"))
    {
        LoadSets(*sets);
    }
}

void
ScenarioLoader::LoadLans(const YamlNode& node)
{
    if (node.kind != YamlNode::Kind::SEQUENCE || node.items.empty())
    {
        m_reader.Error(node.line, "topology.lans: expected a list of LANs");
        return;
    }
    for (const YamlNode& item : node.items)
    {
        if (!m_reader.CheckMap(item, language::LANS_KEYS))
        {
            continue;
        }
        if (item.Find("nodes") == nullptr && item.Find("routers") == nullptr)
        {
            m_reader.Error(item.line, "topology.lans: key 'nodes' or 'routers' is missing");
            continue;
        }
        LoadLan(item, "lan" + std::to_string(m_scenario.lans.size()));
    }
}

void
ScenarioLoader::LoadLan(const YamlNode& node, std::string id)
{
    LanBlock block;
    uint32_t nodes = 0;
    uint32_t repeat = 1;
    m_reader.ReadName(node, "id", id);
    m_reader.ReadCount(node, "nodes", nodes, 1, MAX_NODES);
    m_reader.ReadCount(node, "repeat", repeat, 1, Scenario::MAX_LANS);
    m_reader.ReadRate(node, "rate", block.rate);
    m_reader.ReadTime(node, "delay", block.delay);
    if (!LoadPrefix(node, block.prefix))
    {
        return;
    }
    const std::vector<uint32_t> shared = LoadSharedRouters(node);
    const LanBlock* via = LoadVia(node);
    const std::vector<uint32_t> gateways = via == nullptr ? std::vector<uint32_t>() : via->routers;
    const size_t first = m_scenario.lans.size();
    for (uint32_t i = 0; i < repeat; ++i)
    {
        block.id = id + (node.Find("repeat") == nullptr ? "" : std::to_string(i));
        std::set<uint32_t> routers(shared.begin(), shared.end());
        if (!gateways.empty())
        {
            routers.insert(gateways[i % gateways.size()]);
        }
        block.routers.assign(routers.begin(), routers.end());
        block.own = 0;
        if (!CheckLan(node, block, nodes))
        {
            return;
        }
        m_scenario.AddRouters(block, nodes);
        m_scenario.lans.push_back(block);
    }
    LoadCosts(node, first);
}

bool
ScenarioLoader::LoadPrefix(const YamlNode& node, std::string& prefix)
{
    const YamlNode* key = node.Find("prefix");
    const std::string text =
        key == nullptr ? prefix : m_reader.Text(*key, "prefix").value_or(prefix);
    if (!IsPrefix(text))
    {
        m_reader.Error(key->line,
                       "prefix: '" + text + "' is none: up to 20 letters and underscores");
        return false;
    }
    prefix = text;
    return true;
}

bool
ScenarioLoader::CheckLan(const YamlNode& node, const LanBlock& lan, uint32_t nodes)
{
    std::string error;
    if (m_scenario.LanNumber(lan.id))
    {
        error = "there is a LAN '" + lan.id + "' already";
    }
    else if (lan.id == "all" || m_scenario.NodeNumber(lan.id))
    {
        error = "'" + lan.id + "' is the name of a LAN and of routers";
    }
    else if (m_scenario.lans.size() == Scenario::MAX_LANS)
    {
        error = "more than " + std::to_string(Scenario::MAX_LANS) + " LANs";
    }
    else if (m_scenario.Size() + nodes > Scenario::MAX_ROUTERS)
    {
        error = "more than " + std::to_string(Scenario::MAX_ROUTERS) + " routers";
    }
    else if (lan.routers.size() + nodes > MAX_NODES)
    {
        error = "LAN '" + lan.id + "' has more than " + std::to_string(MAX_NODES) + " routers";
    }
    if (!error.empty())
    {
        m_reader.Error(node.line, "topology: " + error);
    }
    return error.empty();
}

std::vector<uint32_t>
ScenarioLoader::LoadSharedRouters(const YamlNode& node)
{
    const YamlNode* routers = node.Find("routers");
    Selector selector;
    if (routers == nullptr || !LoadSelector(*routers, "routers", selector))
    {
        return {};
    }
    if (!IsStatic(selector))
    {
        m_reader.Error(routers->line, "routers: name them: who is on a LAN never changes");
    }
    return StaticNodes(selector);
}

const LanBlock*
ScenarioLoader::LoadVia(const YamlNode& node)
{
    const YamlNode* via = node.Find("via");
    const std::optional<std::string> id =
        via == nullptr ? std::nullopt : m_reader.Text(*via, "via");
    if (!id)
    {
        return nullptr;
    }
    const std::optional<uint32_t> number = m_scenario.LanNumber(*id);
    if (!number)
    {
        m_reader.Error(via->line,
                       "via: there is no LAN '" + *id + "' before this one" +
                           Hint(*id, m_scenario.LanNames()));
        return nullptr;
    }
    return &m_scenario.lans[*number];
}

void
ScenarioLoader::LoadCosts(const YamlNode& node, size_t first)
{
    const YamlNode* cost = node.Find("cost");
    if (cost != nullptr && cost->kind == YamlNode::Kind::MAP)
    {
        for (const YamlNode::Entry& entry : cost->entries)
        {
            LoadCostOf(*cost, entry, first);
        }
        return;
    }
    uint32_t value = 0;
    m_reader.ReadCount(node, "cost", value, 1, UINT16_MAX); // RFC 2328 C.3
    for (size_t i = first; i < m_scenario.lans.size() && value > 0; ++i)
    {
        for (const uint32_t router : m_scenario.lans[i].routers)
        {
            m_scenario.lans[i].costs[router] = static_cast<uint16_t>(value);
        }
    }
}

void
ScenarioLoader::LoadCostOf(const YamlNode& costs, const YamlNode::Entry& entry, size_t first)
{
    uint32_t value = 1;
    m_reader.ReadCount(costs, entry.key.c_str(), value, 1, UINT16_MAX);
    Selector selector;
    const bool isDefault = entry.key == "default";
    std::string wrong = isDefault ? "" : ParseSelectorTerm(entry.key, m_scenario, selector);
    if (wrong.empty() && !IsStatic(selector))
    {
        wrong = "'" + entry.key + "' is somebody else every time";
    }
    if (!wrong.empty())
    {
        m_reader.Error(entry.line, "cost: " + wrong);
        return;
    }
    const std::vector<uint32_t> named = StaticNodes(selector);
    bool anybody = isDefault;
    for (size_t i = first; i < m_scenario.lans.size(); ++i)
    {
        for (const uint32_t router : m_scenario.lans[i].routers)
        {
            if (isDefault)
            {
                m_scenario.lans[i].costs.emplace(router, static_cast<uint16_t>(value));
            }
            else if (std::find(named.begin(), named.end(), router) != named.end())
            {
                m_scenario.lans[i].costs[router] = static_cast<uint16_t>(value);
                anybody = true;
            }
        }
    }
    if (!anybody)
    {
        m_reader.Error(entry.line, "cost: " + entry.key + " is not there");
    }
}

void
ScenarioLoader::LoadSets(const YamlNode& node)
{
    if (node.kind != YamlNode::Kind::MAP)
    {
        m_reader.Error(node.line, "topology.sets: expected {name: selector}");
        return;
    }
    for (const YamlNode::Entry& entry : node.entries)
    {
        SetBlock set;
        set.name = entry.key;
        const bool plain = !entry.key.empty() && entry.key.size() <= 64 &&
                           entry.key.find_first_of(" :*.,") == std::string::npos;
        if (!plain || entry.key == "all" || m_scenario.NodeNumber(entry.key) ||
            m_scenario.LanNumber(entry.key))
        {
            m_reader.Error(entry.line,
                           "topology.sets: '" + entry.key +
                               (plain ? "' means something else already" : "' is no name"));
            continue;
        }
        if (LoadSelector(entry.value, "sets", set.selector))
        {
            m_scenario.sets.push_back(std::move(set));
        }
    }
}

void
ScenarioLoader::LoadSegments(const YamlNode& node, const char* what, std::vector<uint32_t>& lans)
{
    std::set<uint32_t> found(lans.begin(), lans.end());
    const std::vector<YamlNode> single = {node};
    for (const YamlNode& item : node.kind == YamlNode::Kind::SEQUENCE ? node.items : single)
    {
        const std::optional<std::string> text = m_reader.Text(item, what);
        std::vector<uint32_t> matching;
        for (const std::string& name : text ? BothWays(*text) : std::vector<std::string>())
        {
            const std::vector<uint32_t> some = MatchNames(name, m_scenario.LanNames());
            matching.insert(matching.end(), some.begin(), some.end());
        }
        found.insert(matching.begin(), matching.end());
        Selector routers;
        if (text && matching.empty())
        {
            const bool single = ParseSelectorTerm(*text, m_scenario, routers).empty();
            m_reader.Error(item.line,
                           std::string(what) + ": " +
                               (single ? "'" + *text +
                                             "' is no segment; impairing single routers is known "
                                             "to the language, not interpreted by this version"
                                       : "there is no segment '" + *text + "'" +
                                             Hint(*text, m_scenario.LanNames())));
        }
    }
    lans.assign(found.begin(), found.end());
}

} // namespace karp
} // namespace ns3
