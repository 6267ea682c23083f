/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_EXPLORE_LADDER_H
#define KARP_EXPLORE_LADDER_H

#include "karp-explore-lan.h"

#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \param names of the routers
 * \param events oldest first
 * \return a ladder diagram: a column for each router, an arrow for each message where it arrives,
 *         what happened to a router beside its column. Stretches of messages that changed nothing
 *         are one line.
 */
std::string DrawLadder(const std::vector<std::string>& names,
                       const std::vector<ExploreEvent>& events);

} // namespace karp
} // namespace ns3

#endif // KARP_EXPLORE_LADDER_H
