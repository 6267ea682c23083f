/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-faults.h"

#include "ns3/simulator.h"

#include <algorithm>
#include <type_traits>

/**
 * \file
 * \ingroup karp
 * Events of the timeline that wait for a line of the trace.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return whether a field has, or a list holds, the value that is written as \p text */
bool
Has(const TraceValue& value, const std::string& text)
{
    return std::visit(
        [&text](const auto& field) -> bool {
            using Field = std::decay_t<decltype(field)>;
            if constexpr (std::is_same_v<Field, bool>)
            {
                return text == (field ? "true" : "false");
            }
            else if constexpr (std::is_same_v<Field, double>)
            {
                return text == NumberText(field);
            }
            else if constexpr (std::is_arithmetic_v<Field>)
            {
                return text == std::to_string(field);
            }
            else if constexpr (std::is_same_v<Field, std::string>)
            {
                return text == field;
            }
            else if constexpr (std::is_same_v<Field, std::vector<std::string>>)
            {
                return std::find(field.begin(), field.end(), text) != field.end();
            }
            else
            {
                return field.count(text) != 0;
            }
        },
        value);
}

/** \return whether \p line has all of \p fields */
bool
Fits(const TraceEvent& line, const std::vector<std::pair<std::string, std::string>>& fields)
{
    return std::all_of(fields.begin(), fields.end(), [&line](const auto& field) {
        if (field.first == ToString(TraceKey::EV))
        {
            return field.second == ToString(line.Kind());
        }
        for (size_t i = 0; i < static_cast<size_t>(TraceKey::COUNT); ++i)
        {
            const TraceKey key = static_cast<TraceKey>(i);
            if (field.first == ToString(key))
            {
                const TraceValue* value = line.Find(key);
                return value != nullptr && Has(*value, field.second);
            }
        }
        return false;
    });
}

} // namespace

void
ScenarioFaults::OnLine(const TraceEvent& line)
{
    for (const Event& event : m_scenario.timeline)
    {
        uint32_t& times = m_times[static_cast<size_t>(&event - m_scenario.timeline.data())];
        if (times == 0 || line.Time() < event.notBefore.count() || !Fits(line, event.onEvent))
        {
            continue;
        }
        --times;
        // Not here: whoever wrote the line is in the midst of what it does.
        Simulator::Schedule(NanoSeconds(event.wait.count()),
                            &ScenarioFaults::FireOn,
                            this,
                            &event,
                            m_scenario.NodeNumber(line.Text(TraceKey::N)));
    }
}

void
ScenarioFaults::FireOn(const Event* event, std::optional<uint32_t> it)
{
    m_it = it;
    Fire(event);
    m_it.reset();
}

} // namespace karp
} // namespace ns3
