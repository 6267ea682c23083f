/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_ROUTING_TABLE_H
#define KARP_OSPF_ROUTING_TABLE_H

#include "ns3/karp-types.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

/** How one gets to a destination, most preferred first (RFC 2328 section 11). */
enum class OspfPathType : uint8_t
{
    INTRA_AREA,
    INTER_AREA,
    TYPE_1_EXTERNAL,
    TYPE_2_EXTERNAL,
};

/** Where a packet goes next (RFC 2328 section 11). */
struct OspfNextHop
{
    uint32_t interface {
        0
    };                             //!< index, as the owner of the interfaces counts them
    IpAddress address;             //!< of the next router; 0.0.0.0: whom the packet is for
    uint32_t advertisingRouter{0}; //!< Router ID, with inter-area and external paths; 0 otherwise

    /** Order of lists: by interface, then by address. */
    friend bool operator<(const OspfNextHop& a, const OspfNextHop& b)
    {
        return std::tie(a.interface, a.address, a.advertisingRouter) <
               std::tie(b.interface, b.address, b.advertisingRouter);
    }

    /** The same in all. */
    friend bool operator==(const OspfNextHop& a, const OspfNextHop& b)
    {
        return a.interface == b.interface && a.address == b.address &&
               a.advertisingRouter == b.advertisingRouter;
    }
};

/**
 * Lists of next hops, each held once and called by a number. Hundreds of routes share a handful of
 * lists, and joining two of them, which is what equal-cost paths ask for all the time, is a look
 * into a memo. A list is in order, has no next router twice, and is cut off at its bound: the
 * first ones of a union are the first ones of the first ones, so that it does not matter in which
 * order paths are found.
 */
class OspfNextHopLists
{
  public:
    using Id = uint32_t;                   //!< of a list
    static constexpr Id EMPTY = 0;         //!< the empty list
    using List = std::vector<OspfNextHop>; //!< in order

    /** Lists of at most \p pathsMax next hops. */
    explicit OspfNextHopLists(size_t pathsMax);
    OspfNextHopLists(const OspfNextHopLists&) = delete;            //!< lists stay where they are
    OspfNextHopLists& operator=(const OspfNextHopLists&) = delete; //!< lists stay where they are

    /** \return the number of the list of what is in \p hops */
    Id Add(List hops);
    /** \return both lists as one */
    Id Union(Id a, Id b);
    /**
     * \return list \p id, told by \p router. Where there is no next router and \p gateway is not
     *         0.0.0.0, that is next
     */
    Id Through(Id id, uint32_t router, IpAddress gateway);

    /** \return the list */
    const List& Get(Id id) const
    {
        return *m_lists[id];
    }

    /** \return how many lists there are */
    size_t Size() const
    {
        return m_lists.size();
    }

  private:
    size_t m_pathsMax;                         //!< longest list
    std::map<List, Id> m_ids;                  //!< all lists
    std::vector<const List*> m_lists;          //!< them, by number
    std::unordered_map<uint64_t, Id> m_unions; //!< of two lists, the lesser number first
    std::map<std::tuple<Id, uint32_t, uint32_t>, Id> m_through; //!< of list, router, gateway
};

/** A route: an entry of the routing table (RFC 2328 section 11). */
struct OspfRoute
{
    uint32_t destination{0};                         //!< network number, or Router ID
    uint8_t maskLength{0};                           //!< of a network; 32 with a router
    OspfPathType pathType{OspfPathType::INTRA_AREA}; //!< of all its paths
    uint8_t flags{0};      //!< of a router: OSPF_ROUTER_FLAG_B and _E of its router-LSA
    bool isDiscard{false}; //!< packets that nothing more specific matches are discarded
    uint32_t area{0};      //!< Area ID; 0 with external paths, which belong to none
    uint32_t cost{0};      //!< less than LSInfinity; with type 2 external paths, of the way there
    uint32_t type2Cost{0}; //!< with type 2 external paths
    uint32_t tag{0};       //!< External Route Tag, with external paths
    OspfNextHopLists::Id nextHops{OspfNextHopLists::EMPTY}; //!< see OspfRoutingTable::NextHops()

    /** \return its network mask */
    uint32_t Mask() const
    {
        return maskLength == 0 ? 0 : ~uint32_t(0) << (32 - maskLength);
    }
};

/**
 * The routing table (RFC 2328 section 11): a network once, a router once for each area that it is
 * reached through. Routers are area border and AS boundary routers only; the router that calculated
 * is none of them. A copy shares everything until one of the two is changed: a router has its table
 * twice, where it is calculated and where packets are forwarded by it.
 *
 * An active area address range of ours is an inter-area route that discards (section 11.1), unless
 * there is a network of exactly that range. There are no virtual links.
 */
class OspfRoutingTable
{
  public:
    using Routes = std::vector<OspfRoute>; //!< in order

    /** A table without routes. */
    OspfRoutingTable();
    /** \p networks in order of number and length, \p routers of Router ID and Area ID. */
    OspfRoutingTable(Routes networks,
                     Routes routers,
                     std::shared_ptr<const OspfNextHopLists> nextHops);

    /** \return routes to networks, in order of network number, then of length */
    const Routes& Networks() const
    {
        return *m_networks;
    }

    /** \return routes to routers, in order of Router ID, then of Area ID */
    const Routes& Routers() const
    {
        return *m_routers;
    }

    /** \return the next hops of \p route, one of this table; none: the destination is ourselves */
    const OspfNextHopLists::List& NextHops(const OspfRoute& route) const
    {
        return m_nextHops->Get(route.nextHops);
    }

    /** \return the route to exactly that network, or nullptr */
    const OspfRoute* FindNetwork(uint32_t network, uint8_t maskLength) const;
    /** \return the best match of \p address (section 11.1) of \p worst or better, or nullptr */
    const OspfRoute* Lookup(IpAddress address,
                            OspfPathType worst = OspfPathType::TYPE_2_EXTERNAL) const;
    /** \return the route to a router in an area, or nullptr */
    const OspfRoute* FindRouter(uint32_t routerId, uint32_t area) const;
    /** \return the routes to a router, of all areas: from the first up to before the second */
    std::pair<const OspfRoute*, const OspfRoute*> FindRouter(uint32_t routerId) const;

    /** Put \p route in place of the one to its network, or besides. */
    void SetNetwork(const OspfRoute& route);
    /** Put \p route in place of the one to its router in its area, or besides. */
    void SetRouter(const OspfRoute& route);
    /** Take out the route to a network, if there is one. */
    void RemoveNetwork(uint32_t network, uint8_t maskLength);
    /** Take out the route to a router in an area, if there is one. */
    void RemoveRouter(uint32_t routerId, uint32_t area);

    /** \return the octets that the routes take */
    size_t MemoryUsed() const
    {
        return (m_networks->capacity() + m_routers->capacity()) * sizeof(OspfRoute);
    }

  private:
    /** Routes that copies of a table share, until one of them changes its own. */
    using SharedRoutes = std::shared_ptr<Routes>;

    /** \return \p routes, which nobody else has */
    static Routes& Own(SharedRoutes& routes);

    SharedRoutes m_networks; //!< in order
    SharedRoutes m_routers;  //!< in order
    uint64_t m_lengths{0};   //!< bit n: there are networks of length n, or were
    std::shared_ptr<const OspfNextHopLists> m_nextHops; //!< of the routes
};

/** What is different with a destination. */
struct OspfRouteChange
{
    const OspfRoute* before; //!< in the earlier table; nullptr: added
    const OspfRoute* now;    //!< in the later table; nullptr: removed
};

/**
 * \param before the earlier table
 * \param now the later one
 * \return the networks whose routes differ in anything, in order; good as long as both tables are
 */
std::vector<OspfRouteChange> DifferentNetworks(const OspfRoutingTable& before,
                                               const OspfRoutingTable& now);
/** \return the same of routers */
std::vector<OspfRouteChange> DifferentRouters(const OspfRoutingTable& before,
                                              const OspfRoutingTable& now);

/** \return the number of ones of \p mask, none if they are not all at its beginning */
std::optional<uint8_t> OspfMaskLength(uint32_t mask);

/** \return for example "intra-area" */
std::string ToString(OspfPathType type);
/** \return a line for people, such as "10.0.0.0/30 intra-area 0.0.0.0 cost 2 via 1:10.0.0.6" */
std::string Describe(const OspfRoutingTable& table, const OspfRoute& route);

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ROUTING_TABLE_H
