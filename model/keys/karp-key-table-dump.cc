/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-key-table.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t COLUMNS = 12;                 //!< of the table
using Line = std::array<std::string, COLUMNS>; //!< a cell each

/** \return \p instant as seconds from \p now, for example "+12.5s"; "never" for the end of time */
std::string
Relative(Time instant, Time now)
{
    if (instant == TIME_MAX)
    {
        return "never";
    }
    char text[32];
    std::snprintf(text, sizeof(text), "%+.3f", ToSeconds(instant) - ToSeconds(now));
    std::string seconds(text);
    seconds.erase(seconds.find_last_not_of('0') + 1);
    if (seconds.back() == '.')
    {
        seconds.pop_back();
    }
    return seconds + 's';
}

/** \return \p text, or a hyphen for none */
std::string
OrHyphen(const std::string& text)
{
    return text.empty() ? "-" : text;
}

/** \return the Interfaces column */
std::string
InterfacesOf(const KeyRow& row)
{
    std::string text;
    for (const uint32_t interface : row.interfaces)
    {
        if (!text.empty())
        {
            text += ',';
        }
        text += interface == ALL_INTERFACES ? "all" : std::to_string(interface);
    }
    return text;
}

/** \return what \p row is good for at \p now, in a word */
std::string
UseOf(const KeyRow& row, Time now)
{
    const bool inward = row.direction == KeyDirection::IN || row.direction == KeyDirection::BOTH;
    const bool outward = row.direction == KeyDirection::OUT || row.direction == KeyDirection::BOTH;
    const bool accept = inward && row.lifetimes.CanAccept(now);
    const bool send = outward && row.lifetimes.CanSend(now);
    if (accept && send)
    {
        return "both";
    }
    if (accept || send)
    {
        return accept ? "accept" : "send";
    }
    return "no";
}

/** \return the cells of \p row */
Line
CellsOf(const KeyRow& row, Time now)
{
    const KeyLifetimes& lifetimes = row.lifetimes;
    return {row.adminKeyName,
            row.localKeyName,
            OrHyphen(row.peerKeyName),
            OrHyphen(row.peers),
            InterfacesOf(row),
            ToString(row.protocol),
            OrHyphen(row.kdf),
            ToString(row.algId),
            std::to_string(row.key.size()) + " octets",
            ToString(row.direction),
            "accept " + Relative(lifetimes.acceptStart, now) + ".." +
                Relative(lifetimes.acceptEnd, now) + " send " + Relative(lifetimes.sendStart, now) +
                ".." + Relative(lifetimes.sendEnd, now),
            UseOf(row, now)};
}

} // namespace

const char*
ToString(KeyTable::Result result)
{
    switch (result)
    {
    case KeyTable::Result::OK:
        return "ok";
    case KeyTable::Result::DUPLICATE:
        return "duplicate";
    case KeyTable::Result::NOT_FOUND:
        return "not_found";
    case KeyTable::Result::INCONSISTENT:
        return "inconsistent";
    case KeyTable::Result::FULL:
        return "full";
    }
    return "unknown";
}

const char*
ToString(KeyDirection direction)
{
    switch (direction)
    {
    case KeyDirection::IN:
        return "in";
    case KeyDirection::OUT:
        return "out";
    case KeyDirection::BOTH:
        return "both";
    case KeyDirection::DISABLED:
        return "disabled";
    }
    return "unknown";
}

std::string
KeyTable::Dump(Time now) const
{
    std::vector<Line> lines{{"AdminKeyName",
                             "LocalKeyName",
                             "PeerKeyName",
                             "Peers",
                             "Interfaces",
                             "Protocol",
                             "KDF",
                             "AlgID",
                             "Key",
                             "Direction",
                             "Lifetimes",
                             "Use"}};
    for (const auto& [name, row] : m_rows)
    {
        lines.push_back(CellsOf(row, now));
    }
    std::array<size_t, COLUMNS> widths{};
    for (const Line& line : lines)
    {
        for (size_t i = 0; i < COLUMNS; ++i)
        {
            widths[i] = std::max(widths[i], line[i].size());
        }
    }
    std::string text;
    for (const Line& line : lines)
    {
        for (size_t i = 0; i + 1 < COLUMNS; ++i)
        {
            text += line[i] + std::string(widths[i] - line[i].size() + 2, ' ');
        }
        text += line.back() + '\n';
    }
    return text;
}

} // namespace karp
} // namespace ns3
