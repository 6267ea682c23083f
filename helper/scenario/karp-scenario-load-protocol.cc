/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"

/**
 * \file
 * \ingroup karp
 * Blocks routing and protocol of a scenario.
 */

namespace ns3
{
namespace karp
{

namespace
{

const Time LEAST_INTERVAL = std::chrono::milliseconds(1); //!< shorter timers are mistakes
const Time LEAST_HELLO = std::chrono::seconds(1);         //!< a Hello says it in whole seconds

} // namespace

void
ScenarioLoader::LoadRouting(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::ROUTING_KEYS) ||
        !m_reader.Require(node, "protocol", "routing"))
    {
        return;
    }
    RoutingBlock& routing = m_scenario.routing;
    std::string protocol = "none";
    m_reader.ReadChoice(node, "protocol", protocol, language::ROUTING_PROTOCOLS);
    routing.ospf = protocol == "ospfv2";
    m_reader.ReadTime(node, "hello", routing.hello, LEAST_HELLO);
    // RFC 2328 appendix C.3: "RouterDeadInterval ... should be some multiple of HelloInterval (say
    // 4)".
    routing.dead = 4 * routing.hello;
    m_reader.ReadTime(node, "dead", routing.dead, LEAST_INTERVAL);
    if (routing.dead <= routing.hello)
    {
        m_reader.Error(node.Find("dead")->line,
                       "routing: dead " + TimeText(routing.dead) + " must be longer than hello " +
                           TimeText(routing.hello));
    }
    m_reader.ReadChoice(node, "auth", routing.auth, language::ROUTING_AUTHS);
    m_reader.ReadChoice(node, "seq", routing.sequenceRule, language::SEQUENCE_RULES);
    m_reader.ReadChoice(node, "seq_init", routing.sequenceInit, language::SEQUENCE_INITS);
    m_reader.ReadChoice(node, "model", routing.model, language::ROUTING_MODELS);
    CheckSequences(node);
}

void
ScenarioLoader::CheckSequences(const YamlNode& node)
{
    RoutingBlock& routing = m_scenario.routing;
    if (routing.sequenceRule == "none" && node.Find("auth") == nullptr)
    {
        routing.auth = "none";
    }
    if (routing.sequenceRule == "none" && routing.auth != "none")
    {
        m_reader.Error(node.Find("seq")->line,
                       "routing: seq 'none' is for auth 'none': packets with auth '" +
                           routing.auth + "' have sequence numbers");
    }
    if (routing.sequenceRule == "rfc7474" && routing.auth == "keyed-md5")
    {
        m_reader.Error(node.Find("seq")->line,
                       "routing: seq 'rfc7474' has no auth 'keyed-md5': use an hmac");
    }
}

void
ScenarioLoader::LoadProtocol(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::PROTOCOL_KEYS) ||
        !m_reader.Require(node, "kmp", "protocol"))
    {
        return;
    }
    ProtocolBlock& protocol = m_scenario.protocol;
    m_reader.ReadChoice(node, "kmp", protocol.kmp, language::KMPS);
    m_reader.ReadChoice(node, "pmk_use", protocol.pmkUse, language::PMK_USES);
    std::string ignored;
    m_reader.ReadChoice(node, "gcks", ignored, language::GCKS_KINDS);
    m_reader.ReadTime(node, "advert", protocol.advert, LEAST_INTERVAL);
    m_reader.ReadCount(node, "down", protocol.down, 1, 255);
    m_reader.ReadChoice(node, "skew", protocol.skew, language::SKEWS);
    if (const YamlNode* retransmit = node.Find("retransmit"))
    {
        LoadRetransmit(*retransmit);
    }
    m_reader.ReadTime(node, "update", protocol.update, LEAST_INTERVAL);
    m_reader.ReadTime(node, "lead", protocol.lead);
    m_reader.ReadTime(node, "overlap", protocol.overlap);
    m_reader.ReadTime(node, "kek_lifetime", protocol.kekLifetime, LEAST_INTERVAL);
    m_reader.ReadCount(node, "copies", protocol.copies, 1, 100);
    m_reader.ReadTime(node, "spacing", protocol.spacing);
    m_reader.ReadTime(node, "blacklist", protocol.blacklist);
    const YamlNode* crypto = node.Find("crypto");
    if (crypto != nullptr && m_reader.CheckMap(*crypto, language::CRYPTO_KEYS))
    {
        m_reader.ReadChoice(*crypto, "cost", protocol.cost, language::COSTS);
        m_reader.ReadReal(*crypto, "scale", protocol.scale, 0, 1e6);
    }
    const YamlNode* cookie = node.Find("cookie");
    if (cookie != nullptr && m_reader.CheckMap(*cookie, language::COOKIE_KEYS))
    {
        m_reader.ReadCount(*cookie, "threshold", protocol.cookieThreshold, 0, 1000000);
    }
    if (const YamlNode* attributes = node.Find("attr"))
    {
        LoadAttributes(*attributes);
    }
    if (protocol.pmkUse == "derive" && protocol.kmp != "mrkmp")
    {
        m_reader.Error(node.Find("pmk_use")->line,
                       "protocol: pmk_use 'derive' needs nonces that routers tell each other, and "
                       "kmp '" +
                           protocol.kmp + "' sends none: use kmp 'mrkmp'");
    }
    if (protocol.kekLifetime <= protocol.lead && node.Find("kek_lifetime") != nullptr)
    {
        m_reader.Error(node.Find("kek_lifetime")->line,
                       "protocol: kek_lifetime " + TimeText(protocol.kekLifetime) +
                           " must be longer than lead " + TimeText(protocol.lead) +
                           ", in which the next key is handed out");
    }
}

void
ScenarioLoader::LoadRetransmit(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::RETRANSMIT_KEYS))
    {
        return;
    }
    ProtocolBlock& protocol = m_scenario.protocol;
    m_reader.ReadTime(node, "first", protocol.retransmitFirst, LEAST_INTERVAL);
    m_reader.ReadReal(node, "base", protocol.retransmitBase, 1, 100);
    m_reader.ReadCount(node, "tries", protocol.retransmitTries, 0, 100);
}

void
ScenarioLoader::LoadAttributes(const YamlNode& node)
{
    if (node.kind != YamlNode::Kind::MAP)
    {
        m_reader.Error(node.line, "attr: expected {ns-3 attribute: value}");
        return;
    }
    for (const YamlNode::Entry& entry : node.entries)
    {
        const std::optional<std::string> value = m_reader.Text(entry.value, "attr");
        if (!value)
        {
            continue;
        }
        const std::string error =
            m_options.checkAttribute ? m_options.checkAttribute(entry.key, *value) : "";
        if (!error.empty())
        {
            m_reader.Error(entry.line, "attr: " + error);
        }
        m_scenario.protocol.attributes.emplace_back(entry.key, *value);
    }
}

void
ScenarioLoader::CheckAgreement(const YamlNode& root)
{
    CheckSequenceStep(root);
    // Where nobody makes keys there is nothing to sign with: silence is then the wrong default.
    RoutingBlock& routing = m_scenario.routing;
    const YamlNode* block = root.Find("routing");
    const YamlNode* auth = block == nullptr ? nullptr : block->Find("auth");
    if (m_scenario.protocol.kmp != "none" || routing.auth == "none")
    {
        return;
    }
    if (auth == nullptr)
    {
        routing.auth = "none";
        return;
    }
    m_reader.Error(auth->line,
                   "routing: auth '" + routing.auth +
                       "' needs keys, and kmp 'none' makes none: use kmp 'manual' or auth 'none'");
}

void
ScenarioLoader::CheckSequenceStep(const YamlNode& root)
{
    const YamlNode* protocol = root.Find("protocol");
    const YamlNode* attr = protocol == nullptr ? nullptr : protocol->Find("attr");
    for (const auto& [name, value] : m_scenario.protocol.attributes)
    {
        const size_t colon = name.rfind(':');
        const std::string last = colon == std::string::npos ? name : name.substr(colon + 1);
        if (attr != nullptr && last == "SequenceStep" && value == "second" &&
            m_scenario.routing.sequenceRule == "rfc7474")
        {
            m_reader.Error(attr->line,
                           "attr: SequenceStep 'second' is not for routing.seq 'rfc7474', where "
                           "each packet has a number of its own (RFC 7474 section 2)");
        }
    }
}

} // namespace karp
} // namespace ns3
