/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"
#include "karp-selector.h"

#include <set>

/**
 * \file
 * \ingroup karp
 * Block credentials of a scenario.
 */

namespace ns3
{
namespace karp
{

void
ScenarioLoader::LoadCredentials(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::CREDENTIAL_KEYS) ||
        !m_reader.Require(node, "type", "credentials"))
    {
        return;
    }
    CredentialBlock& block = m_scenario.credentials;
    std::string type;
    m_reader.ReadChoice(node, "type", type, language::CREDENTIAL_TYPES);
    const bool known = !type.empty(); // if not, nothing is said about what goes with it
    block.type = known ? type : block.type;
    const bool shared = block.type == "psk" || block.type == "pair-psk";
    const std::string fitting = !shared ? "domain" : block.type == "psk" ? "group" : "pair";
    std::string scope = fitting;
    m_reader.ReadChoice(node, "scope", scope, language::CREDENTIAL_SCOPES);
    if (known && scope != fitting)
    {
        m_reader.Error(node.Find("scope")->line,
                       "credentials: scope '" + scope + "' does not go with type '" + type +
                           "' (did you mean '" + fitting + "'?)");
    }
    block.scope = fitting;
    m_reader.ReadName(node, "trust", block.trust);
    const YamlNode* trust = node.Find("trust");
    if (trust != nullptr && known && shared)
    {
        m_reader.Error(trust->line,
                       "credentials: trust goes with key pairs, not with type '" + type + "'");
    }
    if (const YamlNode* outsiders = node.Find("outsiders"))
    {
        LoadOutsiders(*outsiders);
    }
    if (const YamlNode* mismatch = node.Find("mismatch"))
    {
        block.mismatch = LoadRouters(*mismatch, "mismatch");
    }
    for (const auto& [key, moments] :
         {std::pair{"revoked", &block.revoked}, std::pair{"expires", &block.expires}})
    {
        const YamlNode* what = node.Find(key);
        if (what != nullptr && trust == nullptr)
        {
            m_reader.Error(
                what->line,
                std::string("credentials: ") + key +
                    " is about certificates: say under which anchor, such as trust: ca0");
        }
        else if (what != nullptr)
        {
            LoadMoments(*what, key, *moments);
        }
    }
}

std::vector<uint32_t>
ScenarioLoader::LoadRouters(const YamlNode& node, const char* what)
{
    const std::vector<YamlNode> single = {node};
    std::set<uint32_t> routers;
    for (const YamlNode& item : node.kind == YamlNode::Kind::SEQUENCE ? node.items : single)
    {
        Selector selector;
        if (!LoadSelector(item, what, selector))
        {
            continue;
        }
        const std::vector<uint32_t> named = StaticNodes(selector);
        if (named.empty())
        {
            m_reader.Error(item.line,
                           std::string(what) + ": name the routers: credentials never change");
        }
        routers.insert(named.begin(), named.end());
    }
    return std::vector<uint32_t>(routers.begin(), routers.end());
}

void
ScenarioLoader::LoadMoments(const YamlNode& node,
                            const char* what,
                            std::map<uint32_t, Time>& moments)
{
    if (node.kind != YamlNode::Kind::MAP)
    {
        if (std::string(what) != "revoked")
        {
            m_reader.Error(node.line, std::string(what) + ": expected {r2: 100s}");
            return;
        }
        for (const uint32_t router : LoadRouters(node, what))
        {
            moments[router] = Time(0); // from the beginning
        }
        return;
    }
    for (const YamlNode::Entry& entry : node.entries)
    {
        YamlNode key;
        key.kind = YamlNode::Kind::SCALAR;
        key.text = entry.key;
        key.line = entry.line;
        const auto routers = LoadRouters(key, what);
        const auto moment = m_reader.ToTimeValue(entry.value, what);
        for (const uint32_t router : moment ? routers : std::vector<uint32_t>{})
        {
            moments[router] = *moment;
        }
    }
}

} // namespace karp
} // namespace ns3
