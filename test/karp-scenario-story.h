/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_STORY_H
#define KARP_SCENARIO_STORY_H

#include "ns3/karp-trace-event.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

/** \return \p seconds in nanoseconds */
inline int64_t
Nanoseconds(double seconds)
{
    return static_cast<int64_t>(seconds * 1e9 + 0.5);
}

/** The trace of a group, in the making: r0, r1 and r2 are the members of g0. */
class GroupStory
{
  public:
    /** A line of \p kind about router \p node. */
    TraceEvent& Line(TraceKind kind, double at, const char* node)
    {
        m_lines.emplace_back(kind, Nanoseconds(at));
        return m_lines.back().Set(TraceKey::N, node).Set(TraceKey::G, "g0");
    }

    /** \p node is \p role. */
    GroupStory& Role(double at, const char* node, const char* role)
    {
        Line(TraceKind::ROLE, at, node).Set(TraceKey::TO, role);
        return *this;
    }

    /** \p node holds a key that is sent with from \p from until \p until, and received 5 s more. */
    GroupStory& Key(double at,
                    const char* node,
                    const char* kind,
                    const char* id,
                    double from,
                    double until,
                    const char* print = "")
    {
        Line(TraceKind::KEY, at, node)
            .Set(TraceKey::KIND, kind)
            .Set(TraceKey::OP, "install")
            .Set(TraceKey::ID, id)
            .Set(TraceKey::RX_START, Nanoseconds(std::min(at, from)))
            .Set(TraceKey::TX_START, Nanoseconds(from))
            .Set(TraceKey::TX_END, Nanoseconds(until))
            .Set(TraceKey::RX_END, Nanoseconds(until + 5));
        if (*print != '\0')
        {
            m_lines.back().Set(TraceKey::FP, print);
        }
        return *this;
    }

    /** \p node gave a key up. */
    GroupStory& Retire(double at,
                       const char* node,
                       const char* kind,
                       const char* id,
                       const char* print)
    {
        Line(TraceKind::KEY, at, node)
            .Set(TraceKey::KIND, kind)
            .Set(TraceKey::OP, "retire")
            .Set(TraceKey::ID, id)
            .Set(TraceKey::FP, print);
        return *this;
    }

    /** \p node sent a Hello of 76 octets under \p key with number \p number. */
    GroupStory& Hello(double at, const char* node, const char* key, uint32_t number)
    {
        Line(TraceKind::MSG, at, node)
            .Set(TraceKey::LAYER, "ospf")
            .Set(TraceKey::TYPE, "hello")
            .Set(TraceKey::BYTES, 76U)
            .Set(TraceKey::KEY, key)
            .Set(TraceKey::SEQ, number);
        return *this;
    }

    /** \p node sent a message of key management. */
    GroupStory& Message(double at, const char* node, const char* type, uint32_t bytes)
    {
        Line(TraceKind::MSG, at, node)
            .Set(TraceKey::LAYER, "kmp")
            .Set(TraceKey::TYPE, type)
            .Set(TraceKey::BYTES, bytes);
        return *this;
    }

    /** Something befell \p nodes. */
    GroupStory& Fault(double at, const char* verb, std::vector<std::string> nodes)
    {
        m_lines.emplace_back(TraceKind::FAULT, Nanoseconds(at));
        m_lines.back()
            .Set(TraceKey::DO, verb)
            .Set(TraceKey::NODES, std::move(nodes))
            .Set(TraceKey::LOSE, std::vector<std::string>{"all"});
        return *this;
    }

    /** The routers of each of \p sets are among themselves. */
    GroupStory& Cut(double at, const char* verb, std::vector<std::string> sets, bool oneWay = false)
    {
        Fault(at, verb, {});
        m_lines.back().Set(TraceKey::SETS, std::move(sets)).Set(TraceKey::ONE_WAY, oneWay);
        return *this;
    }

    /** All three hold the KEK and PMK \p id from \p at on, r0 is GCKS. */
    GroupStory& Whole(double at, const char* id, double until)
    {
        for (const char* node : {"r0", "r1", "r2"})
        {
            Role(at, node, node[1] == '0' ? "gcks" : "member");
            Key(at, node, "kek", id, at, until);
            Key(at, node, "pmk", id, at, until, "f0");
        }
        return *this;
    }

    /** \return the last line */
    TraceEvent& Last()
    {
        return m_lines.back();
    }

    /** \return the lines, with an end at 100 s */
    std::vector<TraceEvent> Lines() const
    {
        std::vector<TraceEvent> lines = m_lines;
        lines.emplace_back(TraceKind::END, Nanoseconds(100));
        return lines;
    }

  private:
    std::vector<TraceEvent> m_lines; //!< so far
};

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_STORY_H
