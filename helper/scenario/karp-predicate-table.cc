/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-predicate.h"

#include <algorithm>
#include <map>
#include <optional>

/**
 * \file
 * \ingroup karp
 * What expectations can ask: one row for each predicate. A new one is a row here.
 */

namespace ns3
{
namespace karp
{

namespace
{

using Arguments = std::vector<Predicate::Argument>;
using Value = Predicate::Value;
using Type = Predicate::Type;

/** \return \p list as "r0, r3" or "nobody" */
std::string
NodeNames(const TraceWorld& world, const std::vector<uint32_t>& list)
{
    std::string names;
    for (const uint32_t node : list)
    {
        names += (names.empty() ? "" : ", ") + world.NodeName(node);
    }
    return names.empty() ? "nobody" : names;
}

Value
Gcks(const TraceWorld& world, const Arguments& arguments)
{
    return world.Gcks(arguments[0].index);
}

Value
CountGcks(const TraceWorld& world, const Arguments& arguments)
{
    return world.CountGcks(arguments[0].index);
}

Value
OneGcks(const TraceWorld& world, const Arguments& arguments)
{
    return world.CountGcks(arguments[0].index) == 1;
}

PredicateReport
ReportGcks(const TraceWorld& world, const Arguments& arguments)
{
    const std::vector<uint32_t> list = world.GcksList(arguments[0].index);
    return {NodeNames(world, list), list};
}

Value
Role(const TraceWorld& world, const Arguments& arguments)
{
    return static_cast<Value>(world.Role(arguments[0].index, arguments[1].index));
}

PredicateReport
ReportRole(const TraceWorld& world, const Arguments& arguments)
{
    const uint32_t node = arguments[0].index;
    return {ToString(world.Role(node, arguments[1].index)), {node}};
}

/** \return routers of the group that run and have not joined, among those asked about */
std::vector<uint32_t>
NotJoined(const TraceWorld& world, const Arguments& arguments)
{
    std::vector<uint32_t> list;
    for (const uint32_t node : world.Members(arguments[1].index))
    {
        const bool asked = arguments[0].all ? world.IsUp(node) : node == arguments[0].index;
        if (asked && !world.IsJoined(node, arguments[1].index))
        {
            list.push_back(node);
        }
    }
    return list;
}

Value
Member(const TraceWorld& world, const Arguments& arguments)
{
    if (!arguments[0].all)
    {
        return world.IsJoined(arguments[0].index, arguments[1].index);
    }
    return NotJoined(world, arguments).empty();
}

PredicateReport
ReportMember(const TraceWorld& world, const Arguments& arguments)
{
    const std::vector<uint32_t> list = NotJoined(world, arguments);
    return {"not joined: " + NodeNames(world, list), list};
}

template <TraceWorld::KeyKind KIND>
Value
SameKey(const TraceWorld& world, const Arguments& arguments)
{
    return world.SameKey(arguments[0].index, KIND);
}

template <TraceWorld::KeyKind KIND>
PredicateReport
ReportSameKey(const TraceWorld& world, const Arguments& arguments)
{
    std::map<std::string, std::vector<uint32_t>> holders;
    for (const uint32_t node : world.Members(arguments[0].index))
    {
        if (world.IsInGroup(node, arguments[0].index))
        {
            holders[world.SendKey(node, arguments[0].index, KIND)].push_back(node);
        }
    }
    PredicateReport report;
    size_t most = 0;
    for (const auto& entry : holders)
    {
        report.text += (report.text.empty() ? "" : "; ") + NodeNames(world, entry.second) +
                       " with " + (entry.first.empty() ? "no key" : "key " + entry.first);
        most = std::max(most, entry.second.size());
    }
    for (const auto& entry : holders)
    {
        if (entry.second.size() < most || entry.first.empty())
        {
            report.nodes.insert(report.nodes.end(), entry.second.begin(), entry.second.end());
        }
    }
    report.text = report.text.empty() ? "nobody has joined" : report.text;
    return report;
}

Value
Adjacent(const TraceWorld& world, const Arguments& arguments)
{
    if (arguments[0].all)
    {
        return world.AllAdjacent();
    }
    const uint32_t node = arguments[0].index;
    if (arguments.size() == 2)
    {
        return world.IsAdjacent(node, arguments[1].index);
    }
    for (const uint32_t other : world.Neighbors(node))
    {
        if (world.IsUp(other) && !world.IsAdjacent(node, other))
        {
            return false;
        }
    }
    return world.IsUp(node);
}

PredicateReport
ReportAdjacent(const TraceWorld& world, const Arguments& arguments)
{
    PredicateReport report;
    for (uint32_t a = 0; a < world.NodeCount(); ++a)
    {
        for (const uint32_t b : world.IsUp(a) ? world.Neighbors(a) : std::vector<uint32_t>())
        {
            const bool asked =
                arguments[0].all ||
                (arguments.size() == 2
                     ? std::minmax(a, b) == std::minmax(arguments[0].index, arguments[1].index)
                     : a == arguments[0].index || b == arguments[0].index);
            if (asked && world.IsUp(b) && !world.Sees(a, b))
            {
                report.nodes.push_back(a);
                if (report.text.size() < 200)
                {
                    report.text += (report.text.empty() ? "" : ", ") + world.NodeName(a) +
                                   " does not see " + world.NodeName(b);
                }
            }
        }
    }
    report.nodes.erase(std::unique(report.nodes.begin(), report.nodes.end()), report.nodes.end());
    return report;
}

/** \return routers that are not Full with all they should be, among those asked about */
std::vector<uint32_t>
NotFull(const TraceWorld& world, const Arguments& arguments)
{
    std::vector<uint32_t> list = world.NotFull();
    if (!arguments[0].all)
    {
        const bool there = std::find(list.begin(), list.end(), arguments[0].index) != list.end();
        list.assign(there ? 1 : 0, arguments[0].index);
    }
    return list;
}

Value
Full(const TraceWorld& world, const Arguments& arguments)
{
    return arguments[0].all ? world.AllFull()
                            : world.IsUp(arguments[0].index) && NotFull(world, arguments).empty();
}

PredicateReport
ReportFull(const TraceWorld& world, const Arguments& arguments)
{
    const std::vector<uint32_t> list = NotFull(world, arguments);
    return {"not Full with a neighbour: " + NodeNames(world, list), list};
}

/** Routers of a group to which something happens at this instant: all of them, or the one named. */
using Happening = const std::vector<uint32_t>& (TraceWorld::*)(uint32_t) const;

template <Happening LIST>
std::vector<uint32_t>
Concerned(const TraceWorld& world, const Arguments& arguments)
{
    const std::vector<uint32_t>& all = (world.*LIST)(arguments[0].index);
    if (arguments.size() < 2)
    {
        return all;
    }
    const bool there = std::find(all.begin(), all.end(), arguments[1].index) != all.end();
    return there ? std::vector<uint32_t>{arguments[1].index} : std::vector<uint32_t>();
}

template <Happening LIST>
Value
Happens(const TraceWorld& world, const Arguments& arguments)
{
    return !Concerned<LIST>(world, arguments).empty();
}

template <Happening LIST>
PredicateReport
ReportHappens(const TraceWorld& world, const Arguments& arguments)
{
    const std::vector<uint32_t> list = Concerned<LIST>(world, arguments);
    return {"at " + NodeNames(world, list), list};
}

Value
Routes(const TraceWorld& world, const Arguments& arguments)
{
    if (!arguments[0].all)
    {
        return static_cast<double>(world.Routes(arguments[0].index));
    }
    std::optional<int64_t> least;
    for (uint32_t node = 0; node < world.NodeCount(); ++node)
    {
        if (world.IsUp(node) && (!least || world.Routes(node) < *least))
        {
            least = world.Routes(node);
        }
    }
    return static_cast<double>(least.value_or(0));
}

PredicateReport
ReportRoutes(const TraceWorld& world, const Arguments& arguments)
{
    PredicateReport report;
    for (uint32_t node = 0; node < world.NodeCount(); ++node)
    {
        if (world.IsUp(node) && (arguments[0].all || arguments[0].index == node))
        {
            report.nodes.push_back(node);
            if (report.text.size() < 200)
            {
                report.text += (report.text.empty() ? "" : ", ") + world.NodeName(node) + " has " +
                               std::to_string(world.Routes(node));
            }
        }
    }
    return report;
}

Value
Joinable(const TraceWorld& world, const Arguments& arguments)
{
    return world.IsJoinable(arguments[0].index);
}

Value
CanVerify(const TraceWorld& world, const Arguments& arguments)
{
    return !world.Verifiable(arguments[0].index, arguments[1].index).empty();
}

PredicateReport
ReportCanVerify(const TraceWorld& world, const Arguments& arguments)
{
    const std::vector<uint32_t> list = world.Verifiable(arguments[0].index, arguments[1].index);
    return {"messages of " + NodeNames(world, list), {arguments[0].index}};
}

Value
Accepted(const TraceWorld& world, const Arguments& arguments)
{
    return !world.Accepted(arguments[0].index).empty();
}

PredicateReport
ReportAccepted(const TraceWorld& world, const Arguments& arguments)
{
    const std::vector<uint32_t> list = world.Accepted(arguments[0].index);
    return {"by " + NodeNames(world, list), list};
}

constexpr auto KEK = TraceWorld::KeyKind::KEK;
constexpr auto PMK = TraceWorld::KeyKind::PMK;

const Predicate::Row ROWS[] = {
    {"gcks", "g", Type::NODE, false, &Gcks, &ReportGcks},
    {"one_gcks", "g", Type::TRUTH, false, &OneGcks, &ReportGcks},
    {"count_gcks", "g", Type::NUMBER, false, &CountGcks, &ReportGcks},
    {"role", "ng", Type::ROLE, false, &Role, &ReportRole},
    {"member", "ag", Type::TRUTH, false, &Member, &ReportMember},
    {"same_kek", "g", Type::TRUTH, false, &SameKey<KEK>, &ReportSameKey<KEK>},
    {"same_pmk", "g", Type::TRUTH, false, &SameKey<PMK>, &ReportSameKey<PMK>},
    {"adjacent", "ao", Type::TRUTH, true, &Adjacent, &ReportAdjacent},
    {"full", "a", Type::TRUTH, true, &Full, &ReportFull},
    {"routes", "a", Type::NUMBER, true, &Routes, &ReportRoutes},
    {"key_drop",
     "go",
     Type::TRUTH,
     true,
     &Happens<&TraceWorld::KeyDrops>,
     &ReportHappens<&TraceWorld::KeyDrops>},
    {"seq_drop",
     "go",
     Type::TRUTH,
     true,
     &Happens<&TraceWorld::SequenceDrops>,
     &ReportHappens<&TraceWorld::SequenceDrops>},
    {"seq_key_reuse",
     "go",
     Type::TRUTH,
     true,
     &Happens<&TraceWorld::SequenceReuses>,
     &ReportHappens<&TraceWorld::SequenceReuses>},
    {"joinable", "g", Type::TRUTH, false, &Joinable, &ReportGcks},
    {"can_verify", "ng", Type::TRUTH, false, &CanVerify, &ReportCanVerify},
    {"accepted", "k", Type::TRUTH, false, &Accepted, &ReportAccepted},
};

} // namespace

const Predicate::Row*
Predicate::FindRow(const std::string& name)
{
    for (const Row& row : ROWS)
    {
        if (name == row.name)
        {
            return &row;
        }
    }
    return nullptr;
}

std::vector<std::string>
Predicate::Names()
{
    std::vector<std::string> names;
    for (const Row& row : ROWS)
    {
        if (row.evaluate != nullptr)
        {
            names.emplace_back(row.name);
        }
    }
    return names;
}

} // namespace karp
} // namespace ns3
