/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-attack-language.h"

namespace ns3
{
namespace karp
{

namespace
{

using Kind = ArgumentKind;

/** \return arguments of an attack on what passes by: which messages, how many of them, and \p more
 */
std::vector<AttackArgument>
OnTheWay(const std::vector<AttackArgument>& more = {})
{
    std::vector<AttackArgument> arguments = {{"match", "type", Kind::TYPES, ""},
                                             {"match", "from", Kind::FROM, ""},
                                             {"match", "to", Kind::TO, ""},
                                             {"", "probability", Kind::NUMBER, "Probability"}};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

const AttackKind KINDS[] = {
    {"replay",
     "ns3::karp::ReplayAttack",
     false,
     false,
     {{"capture", "type", Kind::TYPES, ""},
      {"capture", "from", Kind::FROM, ""},
      {"capture", "to", Kind::TO, ""},
      {"replay", "which", Kind::WORD, "Which"},
      {"replay", "rate", Kind::RATE, "Rate"},
      {"replay", "after", Kind::AFTER, "Waits"},
      {"replay", "min_age", Kind::TIME, "MinAge"},
      {"replay", "source", Kind::ROUTER, "Source"},
      {"replay", "segment", Kind::SEGMENT, "Link"}}},
    {"masquerade",
     "ns3::karp::MasqueradeAttack",
     false,
     true,
     {{"claim", "state", Kind::WORD, "State"},
      {"claim", "priority", Kind::NUMBER, "Priority"},
      {"claim", "interval", Kind::TIME, "Interval"},
      {"claim", "source", Kind::ROUTER, "Source"},
      {"claim", "identities", Kind::NUMBER, "Identities"},
      {"claim", "kek", Kind::FLAG, "UseKek"},
      {"", "answer", Kind::WORD, "Answer"},
      {"", "rate", Kind::RATE, "Rate"}}},
    {"forge",
     "ns3::karp::ForgeAttack",
     false,
     false,
     {{"", "message", Kind::WORD, "Message"},
      {"claim", "source", Kind::ROUTER, "Address"},
      {"match", "from", Kind::FROM, ""},
      {"match", "to", Kind::TO, ""},
      {"", "rate", Kind::RATE, "Rate"}}},
    {"flood",
     "ns3::karp::FloodAttack",
     false,
     false,
     {{"", "rate", Kind::RATE, "Rate"},
      {"", "sources", Kind::WORD, "Sources"},
      {"claim", "source", Kind::ROUTER, "Source"},
      {"", "to", Kind::ROUTER, "Target"},
      {"", "cookies", Kind::FLAG, "Cookies"}}},
    {"suppress", "ns3::karp::SuppressAttack", true, true, OnTheWay()},
    {"delay", "ns3::karp::DelayAttack", true, true, OnTheWay({{"", "delay", Kind::TIME, "Delay"}})},
    {"modify",
     "ns3::karp::ModifyAttack",
     true,
     true,
     OnTheWay({{"", "field", Kind::FLAG, "Field"},
               {"", "offset", Kind::NUMBER, "Offset"},
               {"", "value", Kind::NUMBER, "Value"}})},
    {"insider",
     "ns3::karp::InsiderAttack",
     false,
     true,
     {{"", "insider", Kind::MEMBER, ""},
      {"match", "from", Kind::FROM, ""},
      {"", "ahead", Kind::NUMBER, "Ahead"},
      {"", "rate", Kind::RATE, "Rate"}}},
};

} // namespace

const AttackKind*
FindAttackKind(const std::string& name)
{
    for (const AttackKind& kind : KINDS)
    {
        if (name == kind.name)
        {
            return &kind;
        }
    }
    return nullptr;
}

std::vector<std::string>
AttackKindNames()
{
    std::vector<std::string> names;
    for (const AttackKind& kind : KINDS)
    {
        names.emplace_back(kind.name);
    }
    return names;
}

const std::vector<std::string>&
AttackableTypes()
{
    static const std::vector<std::string> TYPES =
        {"hello", "advert", "update", "ike_sa_init", "ike_auth", "group", "informational", "nonce"};
    return TYPES;
}

} // namespace karp
} // namespace ns3
