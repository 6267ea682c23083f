/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-flow-map.h"

namespace ns3
{
namespace karp
{

std::string
Scalar(const std::string& text)
{
    static const char PLAIN[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/";
    static const char* const WORDS[] = {"on", "off", "yes", "no", "null", "true", "false"};
    bool plain = !text.empty() && text.find_first_not_of(PLAIN) == std::string::npos &&
                 text[0] != '-' && text[0] != '.';
    for (const char* word : WORDS)
    {
        std::string lower;
        for (const char c : text)
        {
            lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
        plain = plain && lower != word;
    }
    if (plain)
    {
        return text;
    }
    std::string quoted = "\"";
    for (const char c : text)
    {
        static const char HEX[] = "0123456789abcdef";
        if (static_cast<unsigned char>(c) < 0x20)
        {
            quoted += std::string("\\x") + HEX[c >> 4] + HEX[c & 0xf];
            continue;
        }
        quoted += c == '"' || c == '\\' ? "\\" : "";
        quoted += c;
    }
    return quoted + "\"";
}

std::string
ScalarList(const std::vector<std::string>& items)
{
    std::string text = "[";
    for (const std::string& item : items)
    {
        text += (text.size() == 1 ? "" : ", ") + Scalar(item);
    }
    return text + "]";
}

std::string
SelectorText(const Selector& selector)
{
    std::vector<std::string> items;
    for (const Selector::Term& term : selector.terms)
    {
        items.push_back(term.text);
    }
    return ScalarList(items);
}

void
AddAttack(const TimelineEvent& event, const Scenario& scenario, FlowMap& map)
{
    const AttackSpec& attack = event.attack;
    map.Add("kind", attack.kind).Add("id", event.label);
    map.Add("node", scenario.credentials.outsiders[attack.outsider]);
    if (event.duration.count() > 0)
    {
        map.Add("for", event.duration);
    }
    for (const char* block : {"", "capture", "replay", "claim", "match"})
    {
        FlowMap inner;
        bool any = false;
        for (const AttackSpec::Argument& argument : attack.arguments)
        {
            const bool here = argument.block == block;
            FlowMap& target = *block == '\0' ? map : inner;
            if (here)
            {
                any = true;
                target.Raw(argument.key,
                           !argument.text.empty()   ? Scalar(argument.text)
                           : argument.key == "type" ? ScalarList(attack.types)
                                                    : SelectorText(argument.who));
            }
        }
        if (any && *block != '\0')
        {
            map.Raw(block, inner.Text());
        }
    }
}

} // namespace karp
} // namespace ns3
