/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"
#include "karp-selector.h"

#include "ns3/karp-topology-generators.h"
#include "ns3/karp-topology-graphml.h"
#include "ns3/karp-topology-policy.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

/**
 * \file
 * \ingroup karp
 * Block topology of a scenario, where it is a graph: read, made, or written down link by link.
 */

namespace ns3
{
namespace karp
{

namespace
{

/// What routers cannot be called, for it means something else in selectors and predicates.
const std::vector<std::string> RESERVED = {"all", "it", "not", "none", "default"};

/** \return the word list of \p words in \p place */
WordList
ToWordList(const char* place, const std::vector<const char*>& words)
{
    WordList list{place, {}};
    for (const char* word : words)
    {
        list.words.push_back({word});
    }
    return list;
}

/** \return where \p file is that a scenario in \p folder names */
std::string
Locate(const std::string& file, const std::string& folder)
{
    // A name that is too long or no name at all is found nowhere; reading it then tells why.
    std::error_code unknown;
    const std::filesystem::path beside = std::filesystem::path(folder) / file;
    const char* collection = std::getenv("KARP_TOPOLOGIES");
    if (std::filesystem::exists(beside, unknown) || collection == nullptr)
    {
        return beside.string();
    }
    const std::filesystem::path there = std::filesystem::path(collection) / file;
    return std::filesystem::exists(there, unknown) ? there.string() : beside.string();
}

} // namespace

void
ScenarioLoader::LoadGraph(const YamlNode& node)
{
    const YamlNode::Entry* found = nullptr;
    for (const YamlNode::Entry& entry : node.entries)
    {
        if (entry.key != "graphml" && TopologyGenerator::Find(entry.key) == nullptr)
        {
            continue;
        }
        if (found != nullptr)
        {
            m_reader.Error(entry.line, "topology: there is '" + found->key + "' already");
            return;
        }
        found = &entry;
    }
    if (found == nullptr)
    {
        return;
    }
    const bool good = found->key == "graphml"
                          ? LoadGraphml(found->value)
                          : LoadGenerated(found->value, *TopologyGenerator::Find(found->key));
    if (!good)
    {
        m_graph = TopologyGraph();
        return;
    }
    LinkRule rule;
    if (const YamlNode* link = found->value.Find("link"))
    {
        LoadLinkRule(*link, rule);
    }
    ApplyLinkRule(rule, m_graph);
    NameGraph(found->value);
}

void
ScenarioLoader::NameGraph(const YamlNode& node)
{
    std::string names = "number";
    std::string prefix = "r";
    m_reader.ReadChoice(node, "names", names, language::GRAPH_NAMES);
    LoadPrefix(node, prefix);
    const std::vector<std::string> labels =
        names == "label" ? NamesByLabel(m_graph, RESERVED) : std::vector<std::string>();
    for (size_t i = 0; i < m_graph.nodes.size(); ++i)
    {
        m_scenario.AddRouter(labels.empty() ? prefix + std::to_string(i) : labels[i]);
    }
}

bool
ScenarioLoader::LoadGraphml(const YamlNode& node)
{
    std::vector<const char*> keys = {"file", "link", "names", "prefix"};
    const std::vector<std::string> policies = TopologyPolicy::Keys();
    for (const std::string& key : policies)
    {
        keys.push_back(key.c_str());
    }
    if (!m_reader.CheckMap(node, ToWordList("topology.graphml", keys)) ||
        !m_reader.Require(node, "file", "topology.graphml"))
    {
        return false;
    }
    TopologyPolicy policy;
    for (const std::string& key : policies)
    {
        const YamlNode* word = node.Find(key);
        const std::string text = word == nullptr ? "" : m_reader.Text(*word, key).value_or("");
        if (word != nullptr && !policy.Set(key, text))
        {
            std::string known;
            for (const std::string& other : TopologyPolicy::WordsOf(key))
            {
                known += (known.empty() ? "" : ", ") + other;
            }
            m_reader.Error(word->line,
                           key + ": '" + text + "' is none of " + known +
                               Hint(text, TopologyPolicy::WordsOf(key)));
        }
    }
    const YamlNode& file = *node.Find("file");
    if (m_options.folder.empty())
    {
        m_reader.Error(file.line, "file: there is no folder to look for it");
        return false;
    }
    const std::string path = Locate(m_reader.Text(file, "file").value_or(""), m_options.folder);
    Diagnostics diagnostics(path);
    std::optional<TopologyGraph> graph = ReadGraphmlFile(path, diagnostics);
    if (!graph)
    {
        const size_t offset = m_diagnostics.AddFile(path);
        m_diagnostics.Take(diagnostics, offset);
        m_reader.Error(file.line, "file: " + path + " is no network");
        return false;
    }
    const TopologyReport report = ApplyPolicy(policy, *graph);
    if (!report.error.empty())
    {
        m_reader.Error(file.line, "file: " + path + ": " + report.error);
        return false;
    }
    m_graph = std::move(*graph);
    return true;
}

bool
ScenarioLoader::LoadGenerated(const YamlNode& node, const TopologyGenerator& generator)
{
    const std::string place = std::string("topology.") + generator.name;
    std::vector<const char*> keys = {"link", "prefix"};
    for (const GeneratorParameter& parameter : generator.parameters)
    {
        keys.push_back(parameter.name);
    }
    bool good = m_reader.CheckMap(node, ToWordList(place.c_str(), keys));
    GeneratorValues values;
    for (const GeneratorParameter& parameter : generator.parameters)
    {
        double value = parameter.fallback.value_or(parameter.least);
        auto count = static_cast<uint32_t>(parameter.whole ? value : 0);
        good &=
            !good || parameter.fallback || m_reader.Require(node, parameter.name, place.c_str());
        if (good && parameter.whole)
        {
            m_reader.ReadCount(node,
                               parameter.name,
                               count,
                               static_cast<uint32_t>(parameter.least),
                               static_cast<uint32_t>(parameter.most));
            value = count;
        }
        else if (good)
        {
            m_reader.ReadReal(node, parameter.name, value, parameter.least, parameter.most);
        }
        values[parameter.name] = value;
    }
    // Values that were wrong are known to be that; those there are instead need fit no network.
    good &= m_diagnostics.Empty();
    const std::string wrong = good ? Generate(generator, values, m_graph) : "";
    if (!wrong.empty())
    {
        m_reader.Error(node.line, place + ": " + wrong);
    }
    return good && wrong.empty();
}

void
ScenarioLoader::LoadLinkRule(const YamlNode& node, LinkRule& rule)
{
    if (!m_reader.CheckMap(node, language::LINK_KEYS))
    {
        return;
    }
    const auto isAuto = [&](const char* key) {
        const YamlNode* value = node.Find(key);
        const bool scalar = value != nullptr && value->kind == YamlNode::Kind::SCALAR;
        return value == nullptr || (scalar && value->text == "auto");
    };
    if (!isAuto("rate"))
    {
        double rate = rule.rateUnknown;
        m_reader.ReadRate(node, "rate", rate);
        rule.rate = rate;
    }
    if (!isAuto("delay"))
    {
        Time delay = rule.delayUnknown;
        m_reader.ReadTime(node, "delay", delay);
        rule.delay = delay;
    }
    m_reader.ReadRate(node, "rate_unknown", rule.rateUnknown);
    m_reader.ReadTime(node, "delay_unknown", rule.delayUnknown);
    m_reader.ReadTime(node, "delay_min", rule.delayMin);
    m_reader.ReadReal(node, "path_factor", rule.pathFactor, 1, 10);
    if (!isAuto("cost"))
    {
        uint32_t cost = 1;
        m_reader.ReadCount(node, "cost", cost, 1, UINT16_MAX); // RFC 2328 C.3
        rule.cost = cost;
    }
}

void
ScenarioLoader::LoadNodes(const YamlNode& node)
{
    if (node.kind != YamlNode::Kind::SEQUENCE || node.items.empty())
    {
        m_reader.Error(node.line, "topology.nodes: expected a list of names");
        return;
    }
    for (const YamlNode& item : node.items)
    {
        const std::string text = m_reader.Text(item, "topology.nodes").value_or("");
        std::vector<std::string> names;
        const std::string wrong = ExpandNames(text, Scenario::MAX_ROUTERS, names);
        if (!wrong.empty())
        {
            m_reader.Error(item.line, "topology.nodes: " + wrong);
        }
        for (const std::string& name : names)
        {
            const bool reserved =
                std::find(RESERVED.begin(), RESERVED.end(), name) != RESERVED.end();
            if (reserved || m_scenario.NodeNumber(name))
            {
                m_reader.Error(item.line,
                               "topology.nodes: '" + name + "' " +
                                   (reserved ? "means something else" : "is there already"));
                break;
            }
            if (m_scenario.Size() == Scenario::MAX_ROUTERS)
            {
                m_reader.Error(item.line,
                               "topology.nodes: more than " +
                                   std::to_string(Scenario::MAX_ROUTERS) + " routers");
                return;
            }
            m_scenario.AddRouter(name);
        }
    }
}

void
ScenarioLoader::AddGraphLans(const YamlNode& node)
{
    for (const TopologyLan& lan : m_graph.lans)
    {
        LanBlock block;
        block.id = "lan" + std::to_string(m_scenario.lans.size());
        block.routers = lan.nodes;
        block.rate = *lan.rate;
        block.delay = *lan.delay;
        for (const uint32_t router : lan.cost ? lan.nodes : std::vector<uint32_t>())
        {
            block.costs[router] = static_cast<uint16_t>(*lan.cost);
        }
        if (!CheckLan(node, block, 0))
        {
            return;
        }
        m_scenario.lans.push_back(std::move(block));
    }
}

void
ScenarioLoader::LoadLinks(const YamlNode& node)
{
    for (const TopologyEdge& edge : m_graph.edges)
    {
        LanBlock block;
        block.rate = *edge.rate;
        block.delay = *edge.delay;
        for (const auto& [router, cost] :
             {std::pair(edge.a, edge.cost), std::pair(edge.b, edge.costBack)})
        {
            if (cost)
            {
                block.costs[router] = static_cast<uint16_t>(*cost);
            }
        }
        if (!AddLink(node.line, edge.a, edge.b, std::move(block)))
        {
            return;
        }
    }
    const YamlNode* links = node.Find("links");
    if (links != nullptr && (links->kind != YamlNode::Kind::SEQUENCE || links->items.empty()))
    {
        m_reader.Error(links->line, "topology.links: expected a list of links");
        return;
    }
    for (const YamlNode& item : links == nullptr ? std::vector<YamlNode>() : links->items)
    {
        LinkRule rule;
        LanBlock block;
        Selector selector;
        block.delay = rule.delayUnknown;
        if (!m_reader.CheckMap(item, language::LINKS_KEYS) ||
            !m_reader.Require(item, "ends", "topology.links"))
        {
            continue;
        }
        const YamlNode& ends = *item.Find("ends");
        m_reader.ReadRate(item, "rate", block.rate);
        m_reader.ReadTime(item, "delay", block.delay);
        if (!LoadSelector(ends, "ends", selector))
        {
            continue;
        }
        const std::vector<uint32_t> routers =
            IsStatic(selector) ? StaticNodes(selector) : std::vector<uint32_t>();
        if (routers.size() != 2)
        {
            m_reader.Error(ends.line, "ends: expected two routers, such as [r0, r1]");
        }
        else if (!AddLink(item.line, routers[0], routers[1], std::move(block)))
        {
            return;
        }
        else
        {
            LoadCosts(item, m_scenario.lans.size() - 1);
        }
    }
}

bool
ScenarioLoader::AddLink(size_t line, uint32_t a, uint32_t b, LanBlock&& block)
{
    if (m_links.size() == 0)
    {
        m_firstLink = m_scenario.lans.size();
    }
    if (m_scenario.lans.size() - m_firstLink == Scenario::MAX_LINKS)
    {
        m_reader.Error(line,
                       "topology: more than " + std::to_string(Scenario::MAX_LINKS) + " links");
        return false;
    }
    block.pointToPoint = true;
    block.routers = {std::min(a, b), std::max(a, b)};
    block.id = "p2p:" + m_scenario.NodeName(block.routers[0]) + "-" +
               m_scenario.NodeName(block.routers[1]);
    const uint32_t number = ++m_links[{block.routers[0], block.routers[1]}];
    block.id += number == 1 ? "" : "." + std::to_string(number);
    m_scenario.lans.push_back(std::move(block));
    return true;
}

void
ScenarioLoader::CheckLonely(const YamlNode& node)
{
    std::vector<bool> linked(m_scenario.Size(), false);
    for (const LanBlock& lan : m_scenario.lans)
    {
        for (const uint32_t router : lan.routers)
        {
            linked[router] = true;
        }
    }
    const auto lonely = std::find(linked.begin(), linked.end(), false);
    if (lonely != linked.end() && m_diagnostics.Empty())
    {
        const auto number = static_cast<uint32_t>(lonely - linked.begin());
        m_reader.Error(node.line,
                       "topology: " + m_scenario.NodeName(number) + " is on no LAN and no link");
    }
}

} // namespace karp
} // namespace ns3
