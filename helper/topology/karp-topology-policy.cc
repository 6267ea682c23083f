/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-topology-policy.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <set>

namespace ns3
{
namespace karp
{

namespace
{

/** A policy: its name, its words in the order of its enumeration, and how to set it. */
struct PolicyRow
{
    const char* key;
    std::vector<const char*> words;
    std::function<void(TopologyPolicy&, uint8_t)> set;
};

/** \return a row for \p member */
template <typename T>
PolicyRow
Row(const char* key, std::vector<const char*> words, T TopologyPolicy::*member)
{
    return {key, std::move(words), [member](TopologyPolicy& policy, uint8_t word) {
                policy.*member = static_cast<T>(word);
            }};
}

const std::vector<PolicyRow>&
Rows()
{
    static const std::vector<PolicyRow> ROWS = {
        Row("multigraph", {"keep", "merge", "reject"}, &TopologyPolicy::multigraph),
        Row("loops", {"drop", "reject"}, &TopologyPolicy::loops),
        Row("components", {"largest", "keep", "reject"}, &TopologyPolicy::components),
        Row("missing", {"neighbours", "delay", "reject"}, &TopologyPolicy::missing),
        Row("external", {"keep", "drop"}, &TopologyPolicy::external),
        Row("hyperedges", {"lan", "router"}, &TopologyPolicy::hyperedges),
    };
    return ROWS;
}

/** \return "1 node", "2 nodes" */
std::string
Count(size_t count, const std::string& what)
{
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/** \return \p node as people call it */
std::string
Title(const TopologyNode& node)
{
    return "'" + (node.label.empty() ? node.name : node.label) + "'";
}

void
DropExternal(TopologyGraph& graph, TopologyReport& report)
{
    std::vector<bool> keep;
    for (const TopologyNode& node : graph.nodes)
    {
        keep.push_back(!node.external);
    }
    const auto dropped = static_cast<size_t>(std::count(keep.begin(), keep.end(), false));
    if (dropped == keep.size())
    {
        report.error = "external: all nodes belong to other networks, so that none is left";
        return;
    }
    graph.Keep(keep);
    if (dropped > 0)
    {
        report.done.push_back(Count(dropped, "external node") + " dropped");
    }
}

/** Turn nodes that stand for links, and those next to each other together, into LANs. */
void
MakeLans(TopologyGraph& graph, TopologyReport& report)
{
    const std::vector<std::vector<uint32_t>> neighbors = graph.Neighbors();
    std::vector<bool> router(graph.nodes.size(), true);
    size_t made = 0;
    for (uint32_t first = 0; first < graph.nodes.size(); ++first)
    {
        if (!graph.nodes[first].hyperedge || !router[first])
        {
            continue;
        }
        std::vector<uint32_t> link = {first};
        std::set<uint32_t> routers;
        router[first] = false;
        for (size_t i = 0; i < link.size(); ++i)
        {
            for (const uint32_t next : neighbors[link[i]])
            {
                if (!graph.nodes[next].hyperedge)
                {
                    routers.insert(next);
                }
                else if (router[next])
                {
                    router[next] = false;
                    link.push_back(next);
                }
            }
        }
        TopologyLan lan;
        lan.nodes.assign(routers.begin(), routers.end());
        made += lan.nodes.size() > 1 ? 1 : 0;
        graph.lans.push_back(std::move(lan));
    }
    const auto nodes = static_cast<size_t>(std::count(router.begin(), router.end(), false));
    if (nodes == 0)
    {
        return;
    }
    if (nodes == router.size())
    {
        report.error = "hyperedges: no node is a router";
        return;
    }
    graph.Keep(router); // a LAN of one goes with it
    report.done.push_back(Count(nodes, "hyperedge") + " made " + Count(made, "LAN"));
}

void
DropLoops(const TopologyPolicy& policy, TopologyGraph& graph, TopologyReport& report)
{
    const auto isLoop = [](const TopologyEdge& edge) { return edge.a == edge.b; };
    const auto loop = std::find_if(graph.edges.begin(), graph.edges.end(), isLoop);
    if (loop == graph.edges.end())
    {
        return;
    }
    if (policy.loops == TopologyPolicy::Loops::REJECT)
    {
        report.error = "loops: " + Title(graph.nodes[loop->a]) + " has a link to itself";
        return;
    }
    const size_t before = graph.edges.size();
    graph.edges.erase(std::remove_if(graph.edges.begin(), graph.edges.end(), isLoop),
                      graph.edges.end());
    report.done.push_back(Count(before - graph.edges.size(), "loop") + " dropped");
}

/** Let \p one stand for \p other as well. */
void
MergeInto(TopologyEdge& one, const TopologyEdge& other)
{
    if (other.rate)
    {
        one.rate = one.rate.value_or(0) + *other.rate;
    }
    if (other.delay)
    {
        one.delay = one.delay ? std::min(*one.delay, *other.delay) : *other.delay;
    }
    const auto least = [](std::optional<uint32_t>& cost, const std::optional<uint32_t>& too) {
        cost = cost && too ? std::min(*cost, *too) : cost ? cost : too;
    };
    const bool sameWay = one.a == other.a;
    least(one.cost, sameWay ? other.cost : other.costBack);
    least(one.costBack, sameWay ? other.costBack : other.cost);
}

void
MergeParallel(const TopologyPolicy& policy, TopologyGraph& graph, TopologyReport& report)
{
    std::map<std::pair<uint32_t, uint32_t>, size_t> first;
    std::vector<TopologyEdge> merged;
    for (const TopologyEdge& edge : graph.edges)
    {
        const auto ends = std::minmax(edge.a, edge.b);
        const auto added = first.emplace(ends, merged.size());
        if (added.second)
        {
            merged.push_back(edge);
            continue;
        }
        if (policy.multigraph == TopologyPolicy::Multigraph::REJECT)
        {
            report.error = "multigraph: there are several links between " +
                           Title(graph.nodes[edge.a]) + " and " + Title(graph.nodes[edge.b]);
            return;
        }
        MergeInto(merged[added.first->second], edge);
    }
    const size_t parallel = graph.edges.size() - merged.size();
    if (parallel > 0 && policy.multigraph == TopologyPolicy::Multigraph::MERGE)
    {
        graph.edges = std::move(merged);
        report.done.push_back(Count(parallel, "parallel link") + " merged");
    }
    else if (parallel > 0)
    {
        report.done.push_back(Count(parallel, "parallel link") + " kept");
    }
}

void
ChooseComponents(const TopologyPolicy& policy, TopologyGraph& graph, TopologyReport& report)
{
    using Components = TopologyPolicy::Components;
    const std::vector<std::vector<uint32_t>> components = graph.Components();
    if (components.size() < 2)
    {
        return;
    }
    if (policy.components == Components::REJECT)
    {
        report.error = "components: there are " + std::to_string(components.size()) +
                       " parts; no way leads from " + Title(graph.nodes[components[0][0]]) +
                       " to " + Title(graph.nodes[components[1][0]]);
        return;
    }
    if (policy.components == Components::KEEP)
    {
        report.done.push_back(Count(components.size(), "component") + " kept");
        return;
    }
    std::vector<bool> keep(graph.nodes.size(), false);
    for (const uint32_t node : components.front())
    {
        keep[node] = true;
    }
    const size_t dropped = graph.nodes.size() - components.front().size();
    graph.Keep(keep);
    report.done.push_back(Count(dropped, "node") + " outside the largest of " +
                          Count(components.size(), "component") + " dropped");
}

/** \return the middle of \p points, on the sphere so that no meridian is a border */
GeoPoint
Middle(const std::vector<GeoPoint>& points)
{
    constexpr double RADIANS = 3.14159265358979323846 / 180;
    double x = 0;
    double y = 0;
    double z = 0;
    for (const GeoPoint& point : points)
    {
        x += std::cos(point.latitude * RADIANS) * std::cos(point.longitude * RADIANS);
        y += std::cos(point.latitude * RADIANS) * std::sin(point.longitude * RADIANS);
        z += std::sin(point.latitude * RADIANS);
    }
    return {std::atan2(z, std::hypot(x, y)) / RADIANS, std::atan2(y, x) / RADIANS};
}

void
LocateNodes(const TopologyPolicy& policy, TopologyGraph& graph, TopologyReport& report)
{
    using Missing = TopologyPolicy::Missing;
    const auto isLost = [](const TopologyNode& node) { return !node.at; };
    const auto lost = std::find_if(graph.nodes.begin(), graph.nodes.end(), isLost);
    const auto all = std::count_if(graph.nodes.begin(), graph.nodes.end(), isLost);
    if (lost == graph.nodes.end())
    {
        return;
    }
    if (policy.missing == Missing::REJECT)
    {
        report.error = "missing: nobody knows where " + Title(*lost) + " is";
        return;
    }
    const std::vector<std::vector<uint32_t>> neighbors = graph.Neighbors();
    size_t found = 0;
    // Step by step from what is known: what one step finds out, the next one goes by.
    for (bool more = policy.missing == Missing::NEIGHBOURS; more;)
    {
        std::vector<std::pair<uint32_t, GeoPoint>> step;
        for (uint32_t node = 0; node < graph.nodes.size(); ++node)
        {
            std::vector<GeoPoint> around;
            for (const uint32_t other : neighbors[node])
            {
                if (graph.nodes[other].at)
                {
                    around.push_back(*graph.nodes[other].at);
                }
            }
            if (!graph.nodes[node].at && !around.empty())
            {
                step.emplace_back(node, Middle(around));
            }
        }
        for (const auto& [node, at] : step)
        {
            graph.nodes[node].at = at;
            graph.nodes[node].estimated = true;
        }
        found += step.size();
        more = !step.empty();
    }
    if (found > 0)
    {
        report.done.push_back(Count(found, "node") + " put amid the neighbours");
    }
    if (found < static_cast<size_t>(all))
    {
        report.done.push_back(Count(static_cast<size_t>(all) - found, "node") + " without a place");
    }
}

} // namespace

bool
TopologyPolicy::Set(const std::string& key, const std::string& word)
{
    for (const PolicyRow& row : Rows())
    {
        for (size_t i = 0; i < row.words.size(); ++i)
        {
            if (key == row.key && word == row.words[i])
            {
                row.set(*this, static_cast<uint8_t>(i));
                return true;
            }
        }
    }
    return false;
}

std::vector<std::string>
TopologyPolicy::Keys()
{
    std::vector<std::string> keys;
    for (const PolicyRow& row : Rows())
    {
        keys.emplace_back(row.key);
    }
    return keys;
}

std::vector<std::string>
TopologyPolicy::WordsOf(const std::string& key)
{
    for (const PolicyRow& row : Rows())
    {
        if (key == row.key)
        {
            return {row.words.begin(), row.words.end()};
        }
    }
    return {};
}

Time
LinkRule::DelayOver(double metres) const
{
    const double seconds = metres * pathFactor / SPEED;
    return std::max(delayMin, Time(static_cast<int64_t>(std::llround(seconds * 1e9))));
}

TopologyReport
ApplyPolicy(const TopologyPolicy& policy, TopologyGraph& graph)
{
    TopologyReport report;
    // In this order: what is not part of the network is no reason to refuse it.
    if (policy.external == TopologyPolicy::External::DROP)
    {
        DropExternal(graph, report);
    }
    if (report.error.empty() && policy.hyperedges == TopologyPolicy::Hyperedges::LAN)
    {
        MakeLans(graph, report);
    }
    for (const auto step : {&DropLoops, &MergeParallel, &ChooseComponents, &LocateNodes})
    {
        if (report.error.empty())
        {
            step(policy, graph, report);
        }
    }
    return report;
}

void
ApplyLinkRule(const LinkRule& rule, TopologyGraph& graph)
{
    const auto rateOf = [&rule](const std::optional<double>& written) {
        const double rate = rule.rate.value_or(written.value_or(rule.rateUnknown));
        return std::clamp(rate, LinkRule::RATE_MIN, LinkRule::RATE_MAX);
    };
    const auto delayBetween = [&](uint32_t a, uint32_t b) {
        const std::optional<GeoPoint>& here = graph.nodes[a].at;
        const std::optional<GeoPoint>& there = graph.nodes[b].at;
        return here && there ? rule.DelayOver(GreatCircle(*here, *there)) : rule.delayUnknown;
    };
    for (TopologyEdge& edge : graph.edges)
    {
        edge.rate = rateOf(edge.rate);
        edge.cost = rule.cost ? rule.cost : edge.cost;
        edge.costBack = rule.cost ? rule.cost : edge.costBack;
        edge.delay = rule.delay   ? *rule.delay
                     : edge.delay ? std::max(*edge.delay, rule.delayMin)
                                  : delayBetween(edge.a, edge.b);
    }
    for (TopologyLan& lan : graph.lans)
    {
        // One wire has one delay: that between the two that are farthest apart.
        Time longest = rule.delayMin;
        for (size_t i = 0; i < lan.nodes.size(); ++i)
        {
            for (size_t j = i + 1; j < lan.nodes.size(); ++j)
            {
                longest = std::max(longest, delayBetween(lan.nodes[i], lan.nodes[j]));
            }
        }
        lan.rate = rateOf(lan.rate);
        lan.cost = rule.cost;
        lan.delay = rule.delay ? *rule.delay : lan.delay ? *lan.delay : longest;
    }
}

std::vector<std::string>
NamesByLabel(const TopologyGraph& graph, const std::vector<std::string>& taken)
{
    std::set<std::string> used(taken.begin(), taken.end());
    std::vector<std::string> names;
    for (const TopologyNode& node : graph.nodes)
    {
        std::string plain;
        for (const char letter : node.label)
        {
            const bool alpha = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
            const bool digit = letter >= '0' && letter <= '9';
            const bool fits = plain.size() < 40 && (alpha || (digit && !plain.empty()));
            if (fits)
            {
                plain += letter;
            }
            else if (plain.size() < 40 && !plain.empty() && plain.back() != '_')
            {
                plain += '_';
            }
        }
        plain.erase(plain.find_last_not_of('_') + 1);
        plain = plain.empty() ? "node" : plain;
        std::string name = plain;
        for (uint32_t i = 2; !used.insert(name).second; ++i)
        {
            name = plain + "_" + std::to_string(i);
        }
        names.push_back(std::move(name));
    }
    return names;
}

} // namespace karp
} // namespace ns3
