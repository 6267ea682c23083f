/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_ROUTE_CALCULATOR_H
#define KARP_OSPF_ROUTE_CALCULATOR_H

#include "karp-ospf-config.h"
#include "karp-ospf-spf.h"

#include <array>
#include <memory>
#include <vector>

namespace ns3
{
namespace karp
{

/** An area that the router is attached to by an interface that is up. */
struct OspfRouteArea
{
    uint32_t area{0};              //!< Area ID; 0 is the backbone
    const OspfLsdb* lsdb{nullptr}; //!< its database
};

/** An area address range of a border router (RFC 2328 section 3.5). */
struct OspfRouteRange
{
    uint32_t area{0};      //!< Area ID
    uint32_t address{0};   //!< network number
    uint8_t maskLength{0}; //!< of its mask

    /** The same in all. */
    friend bool operator==(const OspfRouteRange& a, const OspfRouteRange& b)
    {
        return a.area == b.area && a.address == b.address && a.maskLength == b.maskLength;
    }
};

/** What routes are calculated from (RFC 2328 section 16), besides the changes. */
struct OspfRouteInput
{
    uint32_t routerId{0};                       //!< who calculates
    std::vector<OspfRouteArea> areas;           //!< each once, in any order
    const OspfLsdb* externals{nullptr};         //!< AS-external-LSAs; nullptr: none
    std::vector<OspfRouteInterface> interfaces; //!< own ones that are up
    std::vector<OspfRouteRange> ranges;         //!< of an area border router
    bool rfc1583Compatibility{true};            //!< RFC1583Compatibility (appendix C.1)
    size_t pathsMax{DEFAULT_OSPF_PATHS};        //!< longest list of next hops
};

/** An LSA that was installed, removed, or reached MaxAge since the last calculation. */
struct OspfLsaChange
{
    uint32_t area{0};  //!< Area ID; of no meaning with an AS-external-LSA
    OspfLsaPtr before; //!< the instance held before; nullptr: none
    OspfLsaPtr now;    //!< the instance held now, of whatever age; nullptr: none
};

/** How much was calculated; each includes those after it, down to nothing. */
enum class OspfCalculation : uint8_t
{
    NOTHING,      //!< nothing that counts has changed
    DESTINATIONS, //!< some destinations outside the area (sections 16.5 and 16.6)
    EXTERNAL,     //!< all AS external routes, and maybe some others' destinations
    INTER_AREA,   //!< all but intra-area routes
    LEAVES,       //!< all routes, with the shortest-path trees as they were
    PATHS,        //!< all, with a tree of at least one area
    COUNT
};

/**
 * Calculates the routing table (RFC 2328 section 16) and keeps what the next calculation can use:
 * the graphs and trees of the areas, and the table. When to calculate is its owner's business.
 *
 * Section 16.3 has no part in this: without virtual links no area has TransitCapability.
 */
class OspfRouteCalculator
{
  public:
    OspfRouteCalculator();
    ~OspfRouteCalculator();
    OspfRouteCalculator(OspfRouteCalculator&&) noexcept;            //!< as usual
    OspfRouteCalculator& operator=(OspfRouteCalculator&&) noexcept; //!< as usual

    /**
     * Calculate, looking through the databases for what has changed.
     * \param input what from; another one than the last time is noticed
     * \param now the present
     * \return how much there was to do
     */
    OspfCalculation Calculate(const OspfRouteInput& input, Time now);

    /**
     * The same, without looking for what has changed.
     * \param input what from; another one than the last time is noticed
     * \param changes every LSA that changed since the last calculation, once or more; those after
     *                each other in the order in which they happened
     * \param now the present
     * \return how much there was to do
     */
    OspfCalculation Calculate(const OspfRouteInput& input,
                              const std::vector<OspfLsaChange>& changes,
                              Time now);

    /** \return the routing table */
    const OspfRoutingTable& Table() const;

    /** \return how often how much was calculated */
    const std::array<uint64_t, static_cast<size_t>(OspfCalculation::COUNT)>& Counts() const;

    /** \return the octets that are held, without the LSAs */
    size_t MemoryUsed() const;

  private:
    class Work;                   //!< the calculation
    std::unique_ptr<Work> m_work; //!< it, and what it keeps
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ROUTE_CALCULATOR_H
