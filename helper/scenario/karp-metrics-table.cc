/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-metrics.h"
#include "karp-quantity.h"

#include <algorithm>
#include <iomanip>
#include <sstream>

/**
 * \file
 * \ingroup karp
 * The metrics by name: what scenarios ask for, what each means, what its value is.
 */

namespace ns3
{
namespace karp
{

namespace
{

const Metrics::Row ROWS[] = {
    {"t_gcks", "s", "crash of the GCKS to the first advertisement of another one", true, true},
    {"t_takeover", "s", "the same as t_gcks", true, true},
    {"t_rekeyed",
     "s",
     "crash of the GCKS to: all running routers hold the new one's KEK",
     true,
     true},
    {"t_rejoin", "s", "crash of the GCKS to: all running routers joined the new one", true, true},
    {"t_join", "s", "mean over routers: start to first usable PMK", true, true},
    {"t_exchange", "s", "mean over successful joins: first request to last response", true, true},
    {"join_undelayed", "", "share of successful joins without any retransmission", true, true},
    {"joins_failed", "", "joins that came to nothing", true, true},
    {"retransmissions", "", "requests that were repeated", true, true},
    {"key_changes", "", "PMKs that were introduced", true, true},
    {"key_drops", "", "routing packets dropped for want of a key", true, true},
    {"seq_drops", "", "routing packets dropped for their sequence number", true, true},
    {"adjacency_drops", "", "adjacencies lost between running routers", true, true},
    {"t_routes",
     "s",
     "mean over faults and their ends: to the last change of a routing table that follows",
     true,
     true},
    {"false_alarms", "", "running neighbours given up for their silence", true, true},
    {"t_adjacency_lost",
     "s",
     "first event of the timeline to the first adjacency lost between running routers",
     true,
     true},
    {"t_full",
     "s",
     "first event of the timeline, or the beginning, to all Full with whom they should be, for "
     "good",
     true,
     true},
    {"route_changes", "", "changes of routing tables", true, true},
    {"role_changes", "", "changes of a router's role in its group", true, true},
    {"outage_data", "s", "router-seconds with a lost adjacency", true, true},
    {"outage_key", "s", "seconds without a GCKS, in which a joiner would fail", true, true},
    {"cpu", "s", "CPU time charged to all routers", true, true},
    {"bytes", "bytes", "octets sent at the IP layer", true, true},
    {"bytes_by_type",
     "bytes",
     "octets sent at the IP layer, for each type of message",
     false,
     true},
    {"bytes_by_sender", "bytes", "octets sent at the IP layer, for each router", false, true},
    {"bytes_by_link", "bytes", "octets sent at the IP layer, for each LAN", false, true},
    {"messages_by_link", "", "messages sent, for each LAN", false, true},
    {"messages_by_type", "", "messages sent, for each type", false, true},
    {"messages_by_sender", "", "messages sent, for each router", false, true},
    {"key_changes_by_cause", "", "new keys that GCKSs made, for each cause", false, true},
    {"joins", "", "joins that gave keys", true, true},
    {"t_merge", "s", "mean over healings of parts: to one GCKS and one KEK", true, true},
    {"t_replay_window",
     "s",
     "longest time from a boot until nobody accepts a key that the router sent under before",
     true,
     true},
    {"evict_bytes",
     "bytes",
     "key management from an eviction until all others share a new KEK, heartbeats left out",
     true,
     true},
    {"cpu_gcks", "s", "CPU time charged to routers that are GCKS at the end", true, true},
    {"accepted_replays", "", "messages played back that were accepted", true, true},
    {"accepted_forgeries", "", "messages of attacks that were accepted, by attack", false, true},
    {"attack_drops", "", "messages of attacks that were refused, by reason", false, true},
    {"heard", "", "unprotected messages of attacks that were not refused", true, true},
    {"injected", "", "messages that adversaries sent", true, true},
    {"taken", "", "messages that adversaries kept from a receiver, delayed or changed", true, true},
    {"half_open", "", "most half-open associations at one router", true, true},
    {"cookies", "", "cookies asked for", true, true},
    {"t_join_max", "s", "longest over routers: start to first usable PMK", true, true},
};

/** \return the mean of \p values, if there are any */
std::optional<double>
Mean(const std::vector<double>& values)
{
    if (values.empty())
    {
        return std::nullopt;
    }
    double sum = 0;
    for (const double value : values)
    {
        sum += value;
    }
    return sum / static_cast<double>(values.size());
}

/** \return the sum of \p table */
uint64_t
Total(const Metrics::Table& table)
{
    uint64_t sum = 0;
    for (const auto& entry : table)
    {
        sum += entry.second;
    }
    return sum;
}

/** \return \p end since \p start in seconds, if it came */
std::optional<double>
Since(int64_t start, const std::optional<int64_t>& end)
{
    return end ? std::optional<double>(static_cast<double>(*end - start) / 1e9) : std::nullopt;
}

} // namespace

const Metrics::Row*
Metrics::FindRow(const std::string& name)
{
    const size_t dot = name.find('.');
    for (const Row& row : ROWS)
    {
        if (name == row.name || (!row.scalar && dot != std::string::npos &&
                                 name.compare(0, dot, row.name) == 0 && dot + 1 < name.size()))
        {
            return &row;
        }
    }
    return nullptr;
}

bool
Metrics::IsNumber(const std::string& name)
{
    const Row* row = FindRow(name);
    return row != nullptr && (row->scalar || name.find('.') != std::string::npos);
}

std::vector<std::string>
Metrics::Names()
{
    std::vector<std::string> names;
    for (const Row& row : ROWS)
    {
        if (row.interpreted)
        {
            names.emplace_back(row.name);
        }
    }
    return names;
}

std::string
Metrics::Describe()
{
    std::ostringstream out;
    for (const Row& row : ROWS)
    {
        if (row.interpreted)
        {
            out << "  " << std::left << std::setw(21) << row.name << std::setw(6) << row.unit
                << row.meaning << '\n';
        }
    }
    return out.str();
}

std::optional<double>
Metrics::Value(const std::string& name) const
{
    const auto failover = [&](std::optional<int64_t> Failover::*moment) {
        return m_failover ? Since(m_failover->crash, (*m_failover).*moment) : std::nullopt;
    };
    const auto count = [](uint64_t number) { return static_cast<double>(number); };
    if (name == "t_gcks" || name == "t_takeover")
    {
        return failover(&Failover::takeover);
    }
    const std::pair<const char*, std::optional<double>> times[] = {
        {"t_rekeyed", failover(&Failover::rekeyed)},
        {"t_rejoin", failover(&Failover::rejoined)},
        {"t_join", Mean(m_joinTimes)},
        {"t_exchange", Mean(m_exchangeTimes)},
        {"t_merge", Mean(m_mergeTimes)},
        {"t_routes", RoutesTime()},
        {"t_adjacency_lost", SinceFirstEvent(m_firstLost)},
        {"t_full", SinceFirstEvent(m_fullSince)},
    };
    for (const auto& time : times)
    {
        if (name == time.first)
        {
            return time.second;
        }
    }
    if (name == "join_undelayed" && !m_exchangeTimes.empty())
    {
        return count(m_undelayed) / count(m_exchangeTimes.size());
    }
    if (name == "t_replay_window" && m_replayWindow)
    {
        return static_cast<double>(*m_replayWindow) / 1e9;
    }
    if (name == "evict_bytes" && m_evictBytes)
    {
        return count(*m_evictBytes);
    }
    if (const auto value = AttackValue(name))
    {
        return value;
    }
    const std::pair<const char*, double> counters[] = {
        {"bytes", count(Total(m_bytes))},
        {"route_changes", count(m_routeChanges)},
        {"false_alarms", count(m_falseAlarms)},
        {"joins", count(m_joins)},
        {"cpu_gcks", m_cpuGcks},
        {"joins_failed", count(m_failedJoins)},
        {"retransmissions", count(m_retransmissions)},
        {"key_changes", count(m_keyChanges)},
        {"key_drops", count(m_keyDrops)},
        {"seq_drops", count(m_sequenceDrops)},
        {"adjacency_drops", count(m_adjacencyDrops)},
        {"role_changes", count(m_roleChanges)},
        {"outage_data", m_outageData},
        {"outage_key", m_outageKey},
        {"cpu", m_cpu},
    };
    for (const auto& counter : counters)
    {
        if (name == counter.first)
        {
            return counter.second;
        }
    }
    return std::nullopt;
}

std::string
Metrics::ToJson(uint64_t run, const std::string& hash) const
{
    std::string out = "{\"duration\":" + SecondsText(m_end) + ",\"hash\":";
    AppendJsonText(hash, out);
    out += ",\"metrics\":{";
    const char* separator = "\n";
    std::vector<std::string> names = Names();
    std::sort(names.begin(), names.end());
    for (const std::string& name : names)
    {
        out += separator;
        separator = ",\n";
        AppendJsonText(name, out);
        out += ':';
        if (FindRow(name)->scalar)
        {
            const std::optional<double> value = Value(name);
            out += value ? NumberText(*value) : "null";
            continue;
        }
        const Table& table = *FindTable(name);
        const char* inner = "{";
        for (const auto& entry : table)
        {
            out += inner;
            inner = ",";
            AppendJsonText(entry.first, out);
            out += ":" + std::to_string(entry.second);
        }
        out += table.empty() ? "{}" : "}";
    }
    out += "\n},\"name\":";
    AppendJsonText(m_scenario.name, out);
    out += ",\"run\":" + std::to_string(run) + ",\"vars\":{";
    separator = "";
    for (const auto& variable : m_scenario.variables)
    {
        out += separator;
        separator = ",";
        AppendJsonText(variable.first, out);
        out += ':';
        AppendJsonText(variable.second, out);
    }
    return out + "},\"warmup\":" + SecondsText(m_scenario.run.warmup.count()) + "}\n";
}

} // namespace karp
} // namespace ns3
