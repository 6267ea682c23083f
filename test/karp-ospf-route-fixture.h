/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_ROUTE_FIXTURE_H
#define KARP_OSPF_ROUTE_FIXTURE_H

#include "karp-sentence.h"

#include "ns3/karp-ospf-route-calculator.h"

#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

/**
 * \file
 * Databases to calculate routes from. Router n has Router ID 0.0.0.n; a point-to-point link between
 * a and b, a < b, is 10.a.b.0/30, a being .1 and b being .2; LAN n is 10.0.n.0/24, router r being
 * .r; a router's interface to a neighbour has the neighbour's number as its index, one to LAN n has
 * 1000 + n.
 */

namespace ns3
{
namespace karp
{

/** \return an address from dotted decimal */
uint32_t Ip(const std::string& text);

/** The databases of a router, and its calculation. */
class OspfRouteWorld
{
  public:
    /** The router \p self calculates. */
    explicit OspfRouteWorld(uint32_t self = 1);
    OspfRouteWorld(const OspfRouteWorld&) = delete;            //!< databases stay where they are
    OspfRouteWorld& operator=(const OspfRouteWorld&) = delete; //!< databases stay where they are

    /** A point-to-point link, with its network; \p back 0: as \p cost. */
    void Link(uint32_t a, uint32_t b, uint16_t cost, uint16_t back = 0, uint32_t area = 0);
    /** What \p a says of a link to \p b, and \p b does not. */
    void HalfLink(uint32_t a, uint32_t b, uint16_t cost, uint32_t area = 0);
    /** LAN \p n with \p members {router, cost}, the first being Designated Router. */
    void Lan(uint32_t n,
             const std::vector<std::pair<uint32_t, uint16_t>>& members,
             uint32_t area = 0);
    /** A stub network, for example "10.9.0.0/16". */
    void StubNetwork(uint32_t router, const std::string& network, uint16_t cost, uint32_t area = 0);
    /** Some link. */
    void AddLink(uint32_t router, const OspfRouterLink& link, uint32_t area = 0);
    /** Take back what a router says of its links. */
    void NoLinks(uint32_t router, uint32_t area = 0);
    /** Bits B and E of a router. */
    void Flags(uint32_t router, uint8_t flags, uint32_t area = 0);
    /** A network-LSA of Link State ID \p id, by \p router. */
    void Network(uint32_t id,
                 uint32_t router,
                 uint32_t mask,
                 const std::vector<uint32_t>& routers,
                 uint32_t area = 0);
    /** A summary-LSA of a network, by \p router; \p hostBits of its Link State ID. */
    void Summary(uint32_t area,
                 uint32_t router,
                 const std::string& network,
                 uint32_t metric,
                 uint32_t hostBits = 0);
    /** A summary-LSA of AS boundary router \p boundary, by \p router. */
    void BoundarySummary(uint32_t area, uint32_t router, uint32_t boundary, uint32_t metric);
    /** An AS-external-LSA of type \p type. */
    void External(uint32_t router,
                  const std::string& network,
                  int type,
                  uint32_t metric,
                  const std::string& forwardingAddress = "0.0.0.0",
                  uint32_t tag = 0,
                  uint32_t hostBits = 0);

    /** Install an LSA, or none, and note the change. \p age as it says */
    void Install(uint32_t area, const OspfLsaKey& key, const OspfLsaPtr& lsa, uint16_t age = 1);
    /** An LSA reaches MaxAge. */
    void Age(uint32_t area, const OspfLsaKey& key);
    /** An LSA is there again, as a new instance of the same content. */
    void Refresh(uint32_t area, const OspfLsaKey& key);
    /** The router has an area without LSAs. */
    void AddArea(uint32_t area);
    /** An interface of the router that calculates. */
    void Interface(const OspfRouteInterface& interface);

    /**
     * Calculate with the changes since the last time; with all looked through; and all anew. The
     * running test hears if the three tables differ.
     * \return how much was calculated with the changes
     */
    OspfCalculation Calculate();

    /** What a route should be. */
    struct Expectation
    {
        std::string network;         //!< whose
        std::string route;           //!< as Route() gives it
        std::string what{"differs"}; //!< what it is about
    };

    /** Calculate; \p t hears which of \p routes is another one. */
    void Expect(Sentence& t, std::initializer_list<Expectation> routes);

    /** \return the table of the last calculation */
    const OspfRoutingTable& Table() const
    {
        return m_calculator.Table();
    }

    /** \return all routes, a line each */
    std::string Routes() const;
    /** \return the route to a network, without its name, or "none" */
    std::string Route(const std::string& network) const;
    /** \return the route to a router in an area, bits first, or "none" */
    std::string Router(uint32_t router, uint32_t area = 0) const;

    /** \return database of an area */
    OspfLsdb& Lsdb(uint32_t area)
    {
        return m_areas[area].lsdb;
    }

    /** \return AS-external-LSAs */
    OspfLsdb& Externals()
    {
        return m_externals;
    }

    /** \return what is calculated from; settings may be changed */
    OspfRouteInput& Input()
    {
        return m_input;
    }

    /** \return the calculator */
    const OspfRouteCalculator& Calculator() const
    {
        return m_calculator;
    }

    /** \return key of a router-LSA */
    static OspfLsaKey RouterKey(uint32_t router)
    {
        return {OspfLsaType::ROUTER, router, router};
    }

    /** \return \p table, a line for each route */
    static std::string Text(const OspfRoutingTable& table);

  private:
    /** An area. */
    struct Area
    {
        OspfLsdb lsdb;                             //!< its LSAs
        std::map<uint32_t, OspfRouterLsa> routers; //!< what routers say, by Router ID
        std::map<uint32_t, bool> changed;          //!< which of them have something new to say
    };

    /** \return what \p router says; it is going to be changed */
    OspfRouterLsa& Say(uint32_t router, uint32_t area);
    /** Install what routers have said. */
    void InstallRouters();

    uint32_t m_self;                      //!< who calculates
    std::map<uint32_t, Area> m_areas;     //!< by Area ID
    OspfLsdb m_externals;                 //!< AS-external-LSAs
    OspfRouteInput m_input;               //!< what is calculated from
    std::vector<OspfLsaChange> m_changes; //!< since the last calculation
    OspfRouteCalculator m_calculator;     //!< told of changes
    OspfRouteCalculator m_looking;        //!< looks through the databases
    int32_t m_sequence{1};                //!< of the next LSA
};

/** A test by name. */
using OspfRouteTest = std::pair<const char*, void (*)(Sentence&)>;

/** \return tests of random databases against a reference, for suite karp-ospf-spf */
std::vector<OspfRouteTest> OspfSpfPropertyTests();
/** \return the same for suite karp-ospf-routes */
std::vector<OspfRouteTest> OspfRoutePropertyTests();
/** \return tests of AS external routes, for suite karp-ospf-routes */
std::vector<OspfRouteTest> OspfExternalRouteTests();

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ROUTE_FIXTURE_H
