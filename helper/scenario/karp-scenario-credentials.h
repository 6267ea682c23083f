/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_CREDENTIALS_H
#define KARP_SCENARIO_CREDENTIALS_H

#include "karp-scenario-model.h"

#include "ns3/karp-helper.h"

namespace ns3
{
namespace karp
{

/** Have \p kmp install the credentials that \p scenario asks for. */
void ConfigureCredentials(const Scenario& scenario, KmpHelper& kmp);

/** \return who believes \p router: all of trust 0; one with credentials of its own, nobody else */
uint32_t TrustOf(const Scenario& scenario, uint32_t router);

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_CREDENTIALS_H
