/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_RESOLVED_H
#define KARP_SCENARIO_RESOLVED_H

#include "karp-scenario-model.h"

#include <string>

namespace ns3
{
namespace karp
{

/**
 * Write a scenario with all defaults explicit and all variables substituted. The text is a scenario
 * itself, which loads to the same model and is resolved to the same text, so that its hash names
 * the experiment.
 *
 * \param scenario what to write
 * \return YAML
 */
std::string ResolvedText(const Scenario& scenario);

/** \return what names the experiment: SHA-256 of its resolved text, hexadecimal digits */
std::string ScenarioHash(const std::string& resolved);

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_RESOLVED_H
