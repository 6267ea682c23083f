/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-loader.h"

/**
 * \file
 * \ingroup karp
 * Block invariants of a scenario.
 */

namespace ns3
{
namespace karp
{

void
ScenarioLoader::LoadInvariants(const YamlNode& node)
{
    if (!m_reader.CheckMap(node, language::INVARIANT_KEYS))
    {
        return;
    }
    for (const YamlNode::Entry& entry : node.entries)
    {
        const YamlNode& value = *node.Find(entry.key.c_str());
        const std::optional<Invariant> invariant = ParseInvariant(entry.key);
        if (entry.key == "skip")
        {
            LoadInvariantsOff(value);
        }
        if (!invariant)
        {
            continue; // or CheckMap has said what is wrong
        }
        if (!DescribeInvariant(*invariant).bounded)
        {
            m_reader.Error(entry.line,
                           "invariants: " + entry.key +
                               " holds at every moment and takes no bound; it can be skipped");
            continue;
        }
        if (m_reader.CheckMap(value, language::INVARIANT_OPTIONS) &&
            m_reader.Require(value, "within", entry.key.c_str()))
        {
            m_reader.ReadTime(value,
                              "within",
                              m_scenario.invariants.within[static_cast<size_t>(*invariant)]);
        }
    }
}

void
ScenarioLoader::LoadInvariantsOff(const YamlNode& node)
{
    if (node.kind != YamlNode::Kind::SEQUENCE)
    {
        m_reader.Error(node.line, "invariants: skip is a list of names, such as [one-gcks]");
        return;
    }
    for (const YamlNode& item : node.items)
    {
        const std::string name = m_reader.Text(item, "skip").value_or("");
        if (const std::optional<Invariant> invariant = ParseInvariant(name))
        {
            m_scenario.invariants.TurnOff(*invariant);
            continue;
        }
        m_reader.Error(item.line,
                       "invariants: there is no invariant '" + name + "'" +
                           Hint(name, InvariantNames()));
    }
}

} // namespace karp
} // namespace ns3
