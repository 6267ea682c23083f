/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_LIVE_NETWORK_H
#define KARP_LIVE_NETWORK_H

#include "karp-live-device.h"

#include "ns3/application-container.h"
#include "ns3/karp-key-table.h"
#include "ns3/karp-ospf-application.h"
#include "ns3/karp-ospf-lsdb.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"

#include <map>
#include <set>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * The simulated network of karp-ospf-live: its routers, how they are joined, and what is told of
 * them.
 */

namespace ns3
{
namespace karp
{

/** What the command line says. */
struct LiveSettings
{
    LiveInterface near;                   //!< where the first router is attached
    LiveInterface far;                    //!< where the last router is attached, if anywhere
    Ipv4Address routerId{"0.0.0.0"};      //!< of the first router; 0.0.0.0: its address
    Ipv4Address area{"0.0.0.0"};          //!< of the real links
    Ipv4Address innerArea{"0.0.0.0"};     //!< of the simulated links
    bool hasInnerArea{false};             //!< or else that of the real links
    std::string networkType{"broadcast"}; //!< of the real links
    uint32_t priority{1};                 //!< Router Priority on the real links
    uint32_t cost{10};                    //!< of all links
    uint32_t hello{10};                   //!< HelloInterval, seconds
    uint32_t dead{40};                    //!< RouterDeadInterval, seconds
    std::string auth{"none"};             //!< "none" or an algorithm
    bool extended{false};                 //!< AuType 3 instead of 2
    std::string sequence{"clock"};        //!< attribute SequenceInit
    uint32_t keyId{1};                    //!< Key ID of the key
    std::string key;                      //!< the key
    std::string keys;                     //!< file of keys
    uint32_t routers{4};                  //!< how many
    std::string topology{"ring"};         //!< chain, ring, grid
    Ipv4Address inner{"10.100.0.0"};      //!< what simulated networks have addresses of: a /16
    Ipv4Address external{"0.0.0.0"};      //!< network of the AS external route
    Ipv4Mask externalMask{"0.0.0.0"};     //!< its mask
    double stop{0};                       //!< seconds until the end; 0: none
    std::string pcap;                     //!< beginning of the names of captures; empty: none
    bool verbose{false};                  //!< tell of simulated links too
};

/** The routers. */
class LiveNetwork
{
  public:
    static constexpr uint32_t ROUTERS_MAX = 120; //!< bound of LiveSettings::routers

    /** Build what \p settings say; they outlive this. */
    explicit LiveNetwork(const LiveSettings& settings);

    /**
     * Attach to the real interfaces and install routing.
     * \return empty, or why it did not work
     */
    std::string Install();

    /**
     * Let all clocks show \p now from the beginning of the simulation on, and sequence numbers of
     * AuType 3 begin above those of earlier runs.
     */
    void SetClocks(Time now);

    /** Let every router have \p rows and no other keys. */
    void SetKeys(const std::vector<KeyRow>& rows);

    /** Print database and routing table of the first router, and what was refused anywhere. */
    void PrintState() const;

  private:
    /** Print the LSAs in \p database. */
    void PrintDatabase(const OspfLsdb& database) const;
    /** Make the simulated links. */
    void JoinRouters();
    /** Join routers \p a and \p b. */
    void Join(uint32_t a, uint32_t b);
    /** Give router \p i a network with nobody else on it. */
    void AddLan(uint32_t i);
    /** Attach router \p i. \return empty, or why it did not work */
    std::string Attach(uint32_t i, const LiveInterface& interface);
    /** Set what an OspfHelper cannot. */
    void Configure();
    /** Connect what is printed. */
    void Watch();

    void PrintNeighbor(std::string router,
                       uint32_t interface,
                       const OspfEvent::NeighborChanged& change);
    void PrintDrop(std::string router, uint32_t interface, const karp::Drop& drop);
    void PrintRoutes(const OspfRoutingTable& table, size_t changes);
    /** \return whether \p interface of \p router is a real one, or all are told of */
    bool IsTold(const std::string& router, uint32_t interface) const;

    const LiveSettings& m_settings;                    //!< what is wanted
    NodeContainer m_nodes;                             //!< routers
    NetDeviceContainer m_live;                         //!< real interfaces
    NetDeviceContainer m_links;                        //!< simulated links
    NetDeviceContainer m_lans;                         //!< networks with one router
    ApplicationContainer m_apps;                       //!< OSPF, by router
    uint32_t m_linkCount{0};                           //!< simulated links so far
    std::set<std::pair<std::string, uint32_t>> m_real; //!< routers and interfaces that are real
    std::set<std::string> m_keyNames;                  //!< rows that are in the key tables
    OspfRoutingTable m_table;                          //!< of the first router, as it was told last
};

} // namespace karp
} // namespace ns3

#endif // KARP_LIVE_NETWORK_H
