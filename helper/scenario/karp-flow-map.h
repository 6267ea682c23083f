/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_FLOW_MAP_H
#define KARP_FLOW_MAP_H

#include "karp-quantity.h"
#include "karp-scenario-model.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * YAML in one line, for the resolved form of a scenario.
 */

namespace ns3
{
namespace karp
{

/** \return \p text as a scalar that every YAML reader takes for a text or number of our language */
std::string Scalar(const std::string& text);

/** \return "[a, b]" of scalars */
std::string ScalarList(const std::vector<std::string>& items);

/** A map in one line, in the making. */
class FlowMap
{
  public:
    /** Add \p key with \p value, which is YAML already. \return this */
    FlowMap& Raw(const std::string& key, const std::string& value)
    {
        m_text += (m_text.empty() ? "" : ", ") + Scalar(key) + ": " + value;
        return *this;
    }

    /** Add a text. \return this */
    FlowMap& Add(const std::string& key, const std::string& value)
    {
        return Raw(key, Scalar(value));
    }

    /** Add a time. \return this */
    FlowMap& Add(const std::string& key, Time value)
    {
        return Raw(key, TimeText(value));
    }

    /** Add a whole number. \return this */
    FlowMap& Add(const std::string& key, uint32_t value)
    {
        return Raw(key, std::to_string(value));
    }

    /** Add a number. \return this */
    FlowMap& Add(const std::string& key, double value)
    {
        return Raw(key, NumberText(value));
    }

    /** Add what is there. \return this */
    template <typename T>
    FlowMap& Add(const std::string& key, const std::optional<T>& value)
    {
        return value ? Add(key, *value) : *this;
    }

    /** \return the map */
    std::string Text() const
    {
        return "{" + m_text + "}";
    }

  private:
    std::string m_text; //!< so far
};

/** \return "[r0..r4, not r2]" */
std::string SelectorText(const Selector& selector);

/** Add what \p event says of an attack to \p map. */
void AddAttack(const TimelineEvent& event, const Scenario& scenario, FlowMap& map);

} // namespace karp
} // namespace ns3

#endif // KARP_FLOW_MAP_H
