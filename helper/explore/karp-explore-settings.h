/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_EXPLORE_SETTINGS_H
#define KARP_EXPLORE_SETTINGS_H

#include "ns3/karp-invariants.h"
#include "ns3/karp-mrkmp-engine.h"
#include "ns3/karp-types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** How many faults of each kind a run may have. */
struct ExploreBudget
{
    uint32_t losses{2};     //!< messages lost
    uint32_t duplicates{1}; //!< messages that come twice
    uint32_t delays{1};     //!< messages late, or overtaken
    uint32_t crashes{1};    //!< routers that begin anew
    uint32_t cuts{1};       //!< routers cut off
    uint32_t oneWay{0};     //!< routers that are not heard, or hear nobody
};

/** What is explored. */
struct ExploreSettings
{
    static constexpr size_t MIN_ROUTERS = 2; //!< fewer are no group
    static constexpr size_t MAX_ROUTERS = 4; //!< more have too many states

    size_t routers{3};                     //!< how many
    uint64_t seed{1};                      //!< of keys, nonces, SPIs
    Time window{std::chrono::seconds(20)}; //!< faults begin before that
    ExploreBudget budget;                  //!< how many
    MrkmpConfig config{ExploreConfig()};   //!< of all routers, but for address and priority
    std::vector<uint8_t> priorities;       //!< of each; made by Complete where there are none
    std::optional<bool> watchReuse;        //!< rule sequence-reuse; absent: where it can hold (K10)

    /** \return short timers without jitter and spread, for ways with few events */
    static MrkmpConfig ExploreConfig();

    /**
     * Set an attribute: name=value.
     * \return what is wrong with \p text; empty if nothing is
     */
    std::string Set(const std::string& text);

    /** \return what is wrong with the settings; empty if nothing is. Fills in the priorities. */
    std::string Complete();

    /** \return what the monitor is to do */
    InvariantSettings Watch() const;

    /** \return names, values and defaults of what Set knows, for people */
    static std::string Describe();
};

} // namespace karp
} // namespace ns3

#endif // KARP_EXPLORE_SETTINGS_H
