/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-attack-language.h"
#include "karp-scenario-loader.h"
#include "karp-selector.h"

#include <algorithm>
#include <cmath>

/**
 * \file
 * \ingroup karp
 * Verbs attack and stop_attack of block timeline, and who is an outsider.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr const char* PLACE = "timeline (attack)"; //!< for messages
constexpr size_t OUTSIDERS_MAX = 16;               //!< on the links of a scenario
constexpr const char* BOOT = "boot:";              //!< what replay waits for

/** \return the map that \p block of \p node is; nullptr if it is not there */
const YamlNode*
BlockOf(const YamlNode& node, const std::string& block)
{
    return block.empty() ? &node : node.Find(block.c_str());
}

} // namespace

void
ScenarioLoader::LoadOutsiders(const YamlNode& node)
{
    std::vector<std::string>& names = m_scenario.credentials.outsiders;
    const std::vector<YamlNode> single = {node};
    for (const YamlNode& item : node.kind == YamlNode::Kind::SEQUENCE ? node.items : single)
    {
        const std::string name = m_reader.Text(item, "outsiders").value_or("");
        const bool plain =
            !name.empty() && name.size() <= 64 && name.find_first_of(" :*.,$") == std::string::npos;
        const bool taken = m_scenario.NodeNumber(name) || m_scenario.LanNumber(name) ||
                           m_scenario.FindSet(name) != nullptr ||
                           std::find(names.begin(), names.end(), name) != names.end();
        if (!plain || taken)
        {
            m_reader.Error(item.line,
                           "outsiders: '" + name + "' " +
                               (plain ? "means something else already" : "is no name"));
        }
        else if (names.size() == OUTSIDERS_MAX)
        {
            m_reader.Error(item.line,
                           "outsiders: more than " + std::to_string(OUTSIDERS_MAX) + " of them");
            return;
        }
        else
        {
            names.push_back(name);
        }
    }
}

void
ScenarioLoader::LoadAttack(const YamlNode& node, TimelineEvent& event)
{
    for (const char* key : {"every", "until", "as", "times"})
    {
        if (const YamlNode* other = node.Find(key))
        {
            m_reader.Error(other->line,
                           std::string(PLACE) + ": '" + key +
                               "' does not go with an attack: it has an id, and goes on until " +
                               "'for' or stop_attack ends it");
        }
    }
    m_reader.Require(node, "id", PLACE);
    if (!m_reader.Require(node, "kind", PLACE))
    {
        return;
    }
    const YamlNode& kindNode = *node.Find("kind");
    event.attack.kind = m_reader.Text(kindNode, "kind").value_or("");
    const AttackKind* kind = FindAttackKind(event.attack.kind);
    if (kind == nullptr)
    {
        m_reader.Error(kindNode.line,
                       std::string(PLACE) + ": there is no kind '" + event.attack.kind + "'" +
                           Hint(event.attack.kind, AttackKindNames()));
        return;
    }
    LoadOutsider(node, event.attack);
    LoadEventSegments(node, event);
    if (node.Find("segment") == nullptr && m_scenario.lans.size() == 1)
    {
        event.lans = {0};
    }
    if (event.lans.size() != 1)
    {
        m_reader.Error(node.line, std::string(PLACE) + ": 'segment' is to name one LAN");
    }
    if (node.Find("for") != nullptr)
    {
        m_reader.ReadTime(node, "for", event.duration, std::chrono::nanoseconds(1));
    }
    if (event.lans.size() == 1 && m_scenario.lans[event.lans.front()].pointToPoint)
    {
        m_reader.Error(node.line,
                       std::string(PLACE) + ": there is no room for an outsider on '" +
                           m_scenario.lans[event.lans.front()].id + "'");
    }
    CheckAttackKeys(node, *kind);
    for (const AttackArgument& row : kind->arguments)
    {
        LoadAttackArgument(node, *kind, row, event.attack);
    }
    if (event.attack.kind == "insider")
    {
        m_reader.Require(node, "insider", PLACE);
    }
}

void
ScenarioLoader::LoadOutsider(const YamlNode& node, AttackSpec& attack)
{
    std::vector<std::string>& names = m_scenario.credentials.outsiders;
    if (names.empty())
    {
        names.emplace_back("outsider"); // somebody has to be
    }
    const YamlNode* who = node.Find("node");
    if (who == nullptr)
    {
        return;
    }
    const std::string name = m_reader.Text(*who, "node").value_or("");
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end())
    {
        m_reader.Error(who->line,
                       "node: '" + name + "' is no outsider: credentials.outsiders names them" +
                           Hint(name, names));
        return;
    }
    attack.outsider = static_cast<uint32_t>(found - names.begin());
}

// Keys of other kinds, and of blocks, that have no place in this one.
void
ScenarioLoader::CheckAttackKeys(const YamlNode& node, const AttackKind& kind)
{
    static const std::vector<std::string> COMMON = {"at",
                                                    "do",
                                                    "kind",
                                                    "id",
                                                    "node",
                                                    "segment",
                                                    "for",
                                                    "every",
                                                    "until",
                                                    "as",
                                                    "times",
                                                    "on_event",
                                                    "wait",
                                                    "not_before"};
    const auto check = [&](const YamlNode& map, const std::string& block) {
        std::vector<std::string> known = block.empty() ? COMMON : std::vector<std::string>();
        for (const AttackArgument& row : kind.arguments)
        {
            known.emplace_back(block.empty() && *row.block != '\0' ? row.block
                               : block == row.block                ? row.key
                                                                   : "");
        }
        known.erase(std::remove(known.begin(), known.end(), ""), known.end());
        for (const YamlNode::Entry& entry : map.entries)
        {
            const bool elsewhere =
                block.empty() && language::EventKeys("attack").Find(entry.key) == nullptr;
            if (!elsewhere && std::find(known.begin(), known.end(), entry.key) == known.end())
            {
                m_reader.Error(entry.line,
                               std::string(PLACE) + ": " + kind.name + " has no '" +
                                   (block.empty() ? "" : block + ".") + entry.key + "'" +
                                   Hint(entry.key, known));
            }
        }
    };
    check(node, "");
    for (const char* block : {"capture", "replay", "claim", "match"})
    {
        const YamlNode* map = node.Find(block);
        if (map != nullptr && map->kind != YamlNode::Kind::MAP)
        {
            m_reader.Error(map->line, std::string(block) + ": expected {key: value}");
        }
        else if (map != nullptr)
        {
            check(*map, block);
        }
    }
}

void
ScenarioLoader::LoadAttackArgument(const YamlNode& node,
                                   const AttackKind& kind,
                                   const AttackArgument& row,
                                   AttackSpec& attack)
{
    const YamlNode* block = BlockOf(node, row.block);
    const YamlNode* written = block == nullptr ? nullptr : block->Find(row.key);
    if (written == nullptr)
    {
        return;
    }
    AttackSpec::Argument argument;
    argument.block = row.block;
    argument.key = row.key;
    argument.attribute = row.attribute;
    switch (row.kind)
    {
    case ArgumentKind::TYPES:
        LoadAttackTypes(*written, attack);
        break;
    case ArgumentKind::FROM:
    case ArgumentKind::TO:
    case ArgumentKind::MEMBER:
    case ArgumentKind::ROUTER:
        LoadWho(*written, row.key, argument.who);
        (row.kind == ArgumentKind::FROM     ? attack.from
         : row.kind == ArgumentKind::TO     ? attack.to
         : row.kind == ArgumentKind::MEMBER ? attack.member
                                            : argument.who) = argument.who;
        break;
    case ArgumentKind::SEGMENT: {
        std::vector<uint32_t> lans;
        LoadSegments(*written, row.key, lans);
        argument.text = m_reader.Text(*written, row.key).value_or("");
        argument.value = "1";
        if (lans.size() == 1 && m_scenario.lans[lans.front()].pointToPoint)
        {
            m_reader.Error(written->line,
                           std::string(row.key) + ": there is no room for an outsider on '" +
                               argument.text + "'");
        }
        if (lans.size() == 1)
        {
            attack.playOn = lans.front();
        }
        break;
    }
    case ArgumentKind::AFTER:
        LoadAttackAfter(*written, argument);
        attack.after = argument.who;
        break;
    default:
        argument.value = AttackValue(*written, row, argument);
        break;
    }
    const std::string name = std::string(kind.type) + "::" + row.attribute;
    const std::string wrong = argument.value.empty() || !m_options.checkAttribute
                                  ? std::string()
                                  : m_options.checkAttribute(name, argument.value);
    if (!wrong.empty())
    {
        m_reader.Error(written->line, std::string(row.key) + ": " + wrong);
    }
    attack.arguments.push_back(std::move(argument));
}

std::string
ScenarioLoader::AttackValue(const YamlNode& node,
                            const AttackArgument& row,
                            AttackSpec::Argument& argument)
{
    if (row.kind == ArgumentKind::WORD || row.kind == ArgumentKind::FLAG)
    {
        argument.text = m_reader.Text(node, row.key).value_or("");
        return argument.text;
    }
    if (row.kind == ArgumentKind::TIME)
    {
        const auto time = m_reader.ToTimeValue(node, row.key);
        argument.text = time ? TimeText(*time) : "";
        return time ? std::to_string(time->count()) + "ns" : "";
    }
    const auto number = m_reader.Number(node, row.key);
    const int dimension = row.kind == ArgumentKind::RATE ? -1 : 0;
    if (number && (number->time != dimension || number->bits != 0))
    {
        m_reader.Error(node.line,
                       std::string(row.key) + ": '" + node.text + "' must be " +
                           (dimension == 0 ? "a number" : "so many a second, such as 2/s"));
        return "";
    }
    if (!number)
    {
        return "";
    }
    // A rate is kept per nanosecond: what comes back is rounded to what was written.
    const double plain = std::round(number->Plain() * 1e6) / 1e6;
    argument.text = NumberText(plain) + (dimension == 0 ? "" : "/s");
    return NumberText(plain);
}

void
ScenarioLoader::LoadAttackTypes(const YamlNode& node, AttackSpec& attack)
{
    const std::vector<YamlNode> single = {node};
    for (const YamlNode& item : node.kind == YamlNode::Kind::SEQUENCE ? node.items : single)
    {
        const std::string type = m_reader.Text(item, "type").value_or("");
        const std::vector<std::string>& known = AttackableTypes();
        if (std::find(known.begin(), known.end(), type) == known.end())
        {
            m_reader.Error(item.line,
                           "type: there is no type of message '" + type + "'" + Hint(type, known));
        }
        attack.types.push_back(type);
    }
}

void
ScenarioLoader::LoadAttackAfter(const YamlNode& node, AttackSpec::Argument& argument)
{
    argument.text = m_reader.Text(node, "after").value_or("");
    const std::string boot = BOOT;
    if (argument.text.compare(0, boot.size(), boot) != 0)
    {
        m_reader.Error(node.line,
                       "after: '" + argument.text + "' is nothing to wait for: expected boot:r3");
        return;
    }
    YamlNode who = node;
    who.text = argument.text.substr(boot.size());
    who.text = who.text == "*" ? "all" : who.text;
    LoadWho(who, "after", argument.who);
    argument.value = "true";
}

void
ScenarioLoader::LoadStopAttack(const YamlNode& node, TimelineEvent& event)
{
    if (!m_reader.Require(node, "ref", "timeline (stop_attack)"))
    {
        return;
    }
    std::vector<std::string> ids;
    for (const TimelineEvent& other : m_scenario.timeline)
    {
        if (other.verb == TimelineEvent::Verb::ATTACK)
        {
            ids.push_back(other.label);
        }
    }
    const YamlNode& ref = *node.Find("ref");
    const std::vector<YamlNode> single = {ref};
    for (const YamlNode& item : ref.kind == YamlNode::Kind::SEQUENCE ? ref.items : single)
    {
        const std::string id = m_reader.Text(item, "ref").value_or("");
        if (std::find(ids.begin(), ids.end(), id) == ids.end())
        {
            m_reader.Error(item.line,
                           "ref: no attack above has the id '" + id + "'" + Hint(id, ids));
        }
        event.refs.push_back(id);
    }
}

} // namespace karp
} // namespace ns3
