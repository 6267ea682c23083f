/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_ROUTING_H
#define KARP_OSPF_ROUTING_H

#include "karp-compat.h"

#include "ns3/callback.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4-routing-protocol.h"
#include "ns3/ipv4.h"
#include "ns3/karp-ospf-routing-table.h"
#include "ns3/node.h"

#include <string>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * The routing table of an OspfApplication as IP uses it: it forwards by the longest match (RFC 2328
 * section 11.1). It works alone or in an Ipv4ListRouting; an application that exchanges link state
 * puts one there itself if none is found.
 */
class OspfRouting : public Ipv4RoutingProtocol
{
  public:
    /** Priority in the list of an Ipv4ListRouting: between static and global routing's of ns-3. */
    static constexpr int16_t LIST_PRIORITY = 5;

    /** Called with an interface that IP brought up (true) or down. */
    using InterfaceCallback = Callback<void, uint32_t, bool>;

    /** \return the TypeId */
    static TypeId GetTypeId();

    OspfRouting();
    ~OspfRouting() override;

    /**
     * \param node a router with an internet stack
     * \return its OspfRouting, put into its Ipv4ListRouting if there was none; nullptr if there is
     *         no such list to put it into
     */
    static Ptr<OspfRouting> Of(Ptr<Node> node);

    /** Forward by \p table from now on. */
    void SetTable(const OspfRoutingTable& table);
    /** \return what is forwarded by */
    const OspfRoutingTable& GetTable() const;

    /** From now on tell \p callback what IP does to interfaces; a null one ends that. */
    void SetInterfaceCallback(InterfaceCallback callback);

    // Ipv4RoutingProtocol
    Ptr<Ipv4Route> RouteOutput(Ptr<Packet> packet,
                               const Ipv4Header& header,
                               Ptr<NetDevice> oif,
                               Socket::SocketErrno& error) override;
    bool RouteInput(Ptr<const Packet> packet,
                    const Ipv4Header& header,
                    Ptr<const NetDevice> device,
                    compat::RouteInputTypes::Unicast forward,
                    compat::RouteInputTypes::Multicast multicast,
                    compat::RouteInputTypes::Local deliver,
                    compat::RouteInputTypes::Error failed) override;
    void NotifyInterfaceUp(uint32_t interface) override;
    void NotifyInterfaceDown(uint32_t interface) override;
    void NotifyAddAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void NotifyRemoveAddress(uint32_t interface, Ipv4InterfaceAddress address) override;
    void SetIpv4(Ptr<Ipv4> ipv4) override;
    void PrintRoutingTable(Ptr<OutputStreamWrapper> stream,
                           ns3::Time::Unit unit = ns3::Time::S) const override;

  protected:
    void DoDispose() override;

  private:
    /** What attribute Multipath may be. */
    enum class Multipath : uint8_t
    {
        FIRST, //!< the first of equal-cost paths
        FLOW,  //!< one for each flow
    };

    bool SetMultipath(std::string text);
    std::string GetMultipath() const;

    /**
     * \param header of the packet
     * \param payload after it: ports, if it is TCP or UDP and begins here
     * \param oif the device that it must leave by, or nullptr
     * \return the route, or nullptr
     */
    Ptr<Ipv4Route> Find(const Ipv4Header& header,
                        Ptr<const Packet> payload,
                        Ptr<NetDevice> oif) const;
    /** \return which of \p count equal paths the flow of a packet takes */
    static size_t ChoosePath(const Ipv4Header& header, Ptr<const Packet> payload, size_t count);

    Ptr<Ipv4> m_ipv4;                       //!< IP of the node
    OspfRoutingTable m_table;               //!< what is forwarded by
    InterfaceCallback m_callback;           //!< whom to tell of interfaces
    Multipath m_multipath{Multipath::FLOW}; //!< attribute Multipath
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ROUTING_H
