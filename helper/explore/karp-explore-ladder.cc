/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-explore-ladder.h"

#include <algorithm>
#include <cstdio>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t MARGIN = 13; //!< where the first column stands; time and '!' come before it
constexpr size_t WIDTH = 30;  //!< from column to column

/** \return where the column of router \p index stands */
size_t
ColumnOf(size_t index)
{
    return MARGIN + index * WIDTH;
}

/** \return a line with nothing but \p at, a mark for faults, and the columns of \p n routers */
std::string
EmptyLine(size_t n, Time at, bool fault)
{
    char time[32];
    std::snprintf(time, sizeof(time), "%10.4f %c", ToSeconds(at), fault ? '!' : ' ');
    std::string line(ColumnOf(n - 1) + 1, ' ');
    line.replace(0, std::string(time).size(), time);
    for (size_t i = 0; i < n; ++i)
    {
        line[ColumnOf(i)] = '|';
    }
    return line;
}

/** Write \p text into \p line from \p place on. */
void
Put(std::string& line, size_t place, const std::string& text)
{
    line.resize(std::max(line.size(), place + text.size()), ' ');
    line.replace(place, text.size(), text);
}

/** Draw \p event, a message, into \p line: the name stands beside the sender. */
void
DrawArrow(std::string& line, const ExploreEvent& event)
{
    const bool right = event.to > event.from;
    const size_t low = ColumnOf(std::min(event.from, event.to)) + 1;
    const size_t high = ColumnOf(std::max(event.from, event.to)) - 1;
    const bool lost = event.fate == "lost";
    Put(line, low, std::string(high - low + 1, '-'));
    const std::string name = ' ' + event.what.substr(0, WIDTH - 8) + ' ';
    Put(line, right ? low + 2 : high - 1 - name.size(), name);
    line[right ? high : low] = lost ? 'X' : (right ? '>' : '<');
    if (!event.fate.empty())
    {
        line += "  (" + event.fate + ")";
    }
}

} // namespace

std::string
DrawLadder(const std::vector<std::string>& names, const std::vector<ExploreEvent>& events)
{
    std::string text(ColumnOf(names.size() - 1) + 1, ' ');
    for (size_t i = 0; i < names.size(); ++i)
    {
        Put(text, ColumnOf(i) - names[i].size() / 2, names[i]);
    }
    text += '\n';
    size_t dull = 0;
    const auto tellDull = [&text, &dull]() {
        if (dull > 0)
        {
            text += std::string(MARGIN - 2, ' ') + "... " + std::to_string(dull) +
                    (dull == 1 ? " message" : " messages") + " without effect\n";
        }
        dull = 0;
    };
    for (const auto& event : events)
    {
        if (event.dull)
        {
            ++dull;
            continue;
        }
        tellDull();
        std::string line = EmptyLine(names.size(), event.at, event.fault);
        if (event.from != ExploreEvent::NOBODY)
        {
            DrawArrow(line, event);
        }
        else if (event.to != ExploreEvent::NOBODY)
        {
            line[ColumnOf(event.to)] = '*';
            Put(line, ColumnOf(event.to) + 2, event.what);
        }
        else
        {
            line = line.substr(0, MARGIN) + event.what;
        }
        text += line + '\n';
    }
    tellDull();
    return text;
}

} // namespace karp
} // namespace ns3
