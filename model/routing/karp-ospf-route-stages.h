/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_ROUTE_STAGES_H
#define KARP_OSPF_ROUTE_STAGES_H

#include "karp-ospf-route-calculator.h"

#include <map>
#include <optional>
#include <vector>

/**
 * \file
 * \ingroup karp
 * The steps of RFC 2328 section 16 that follow the shortest paths, one LSA at a time: what networks
 * an area has, what a summary-LSA or an AS-external-LSA offers, and which of the offers for a
 * destination are taken.
 */

namespace ns3
{
namespace karp
{

/** What the steps look at. */
struct OspfRouteContext
{
    const OspfRouteInput& input;   //!< of the calculation
    const OspfRoutingTable& table; //!< what the steps before came to
    OspfNextHopLists& nextHops;    //!< lists of next hops
    Time now;                      //!< the present
};

/** An area with its shortest paths. */
struct OspfAreaPaths
{
    uint32_t area{0};                           //!< Area ID
    const OspfLsdb* lsdb{nullptr};              //!< its database
    std::vector<OspfRouteInterface> interfaces; //!< ours to it
    OspfAreaGraph graph;                        //!< what the database says
    OspfShortestPaths paths;                    //!< from ourselves
};

/** A route that an LSA offers. */
struct OspfRouteOffer
{
    OspfRoute route;        //!< to where
    uint64_t preference{0}; //!< less is better, equals are joined
};

/** A network, or a router, by its Router ID and length 32. */
struct OspfDestination
{
    uint32_t address{0};   //!< network number or Router ID
    uint8_t maskLength{0}; //!< of a network

    /** Some order. */
    friend bool operator<(const OspfDestination& a, const OspfDestination& b)
    {
        return std::tie(a.address, a.maskLength) < std::tie(b.address, b.maskLength);
    }
};

/** \return the destination of a summary-LSA or AS-external-LSA; none if its mask is no mask */
std::optional<OspfDestination> OspfDestinationOf(const OspfLsa& lsa);

/**
 * The intra-area routes (section 16.1 step 3 and second stage).
 * \param areas in order of Area ID
 * \param nextHops lists of next hops
 * \return a table of them
 */
OspfRoutingTable OspfIntraAreaRoutes(const std::vector<std::unique_ptr<OspfAreaPaths>>& areas,
                                     const std::shared_ptr<OspfNextHopLists>& nextHops);

/**
 * \param context where intra-area routes are
 * \return our area address ranges that are active: that hold a network of their area, with the area
 */
std::map<OspfDestination, uint32_t> OspfActiveRanges(const OspfRouteContext& context);

/** \return the entry of section 11.1 for \p range, which is one of \p area */
OspfRoute OspfDiscardRoute(const OspfDestination& range, uint32_t area);

/** \return the area whose summary-LSAs are looked at (section 16.2), or nullptr */
const OspfRouteArea* OspfSummaryArea(const OspfRouteInput& input);

/**
 * Section 16.2 for one LSA.
 * \param context where intra-area routes are
 * \param area the area of the LSA
 * \param entry a summary-LSA
 * \return what it offers, if anything
 */
std::optional<OspfRouteOffer> OspfInterAreaOffer(const OspfRouteContext& context,
                                                 uint32_t area,
                                                 const OspfLsdb::Entry& entry);

/**
 * Section 16.4 for one LSA.
 * \param context where intra-area and inter-area routes are
 * \param entry an AS-external-LSA
 * \return what it offers, if anything
 */
std::optional<OspfRouteOffer> OspfExternalOffer(const OspfRouteContext& context,
                                                const OspfLsdb::Entry& entry);

/**
 * \param offers for any destinations, in order of the database
 * \param nextHops lists of next hops
 * \return the best of each destination, equal ones joined, in order of destinations
 */
OspfRoutingTable::Routes TakeBestOffers(const std::vector<OspfRouteOffer>& offers,
                                        OspfNextHopLists& nextHops);

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ROUTE_STAGES_H
