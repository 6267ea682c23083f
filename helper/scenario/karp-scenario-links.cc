/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-network.h"

#include "ns3/data-rate.h"
#include "ns3/ipv4-address-helper.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/point-to-point-net-device.h"

/**
 * \file
 * \ingroup karp
 * Point-to-point links of a scenario in ns-3.
 */

namespace ns3
{
namespace karp
{

namespace
{

/// 10.128.0.0: apart from LANs, with room for two million links.
constexpr uint32_t FIRST_LINK_SUBNET = (10U << 24) + (128U << 16);
constexpr uint32_t ADDRESSES_OF_LINK =
    4; //!< a /30: ns-3 takes one of the two of a /31 for broadcast

} // namespace

void
ScenarioNetwork::BuildLink(uint32_t number)
{
    const LanBlock& block = m_scenario.lans[number];
    Lan& link = m_lans[number];
    PointToPointHelper helper;
    helper.SetDeviceAttribute("DataRate",
                              DataRateValue(DataRate(static_cast<uint64_t>(block.rate))));
    helper.SetChannelAttribute("Delay", TimeValue(NanoSeconds(block.delay.count())));
    link.devices = helper.Install(m_nodes.Get(block.routers[0]), m_nodes.Get(block.routers[1]));
    // Links go by their number among links, so that LANs change nothing for them.
    const uint32_t subnet = FIRST_LINK_SUBNET + (number - m_firstLink) * ADDRESSES_OF_LINK;
    Ipv4AddressHelper addresses;
    addresses.SetBase(Ipv4Address(subnet), "255.255.255.252");
    for (uint32_t i = 0; i < link.devices.GetN(); ++i)
    {
        link.devices.Get(i)->SetAddress(MacOf(number, i + 1));
        const Ipv4InterfaceContainer interfaces =
            addresses.Assign(NetDeviceContainer(link.devices.Get(i)));
        NoteInterface(number, block.routers[i], interfaces);
    }
    link.impairment = CreateObject<LinkImpairment>();
    link.impairment->Install(link.devices);
}

void
ScenarioNetwork::NoteInterface(uint32_t lan,
                               uint32_t router,
                               const Ipv4InterfaceContainer& interfaces)
{
    const uint32_t address = interfaces.GetAddress(0).Get();
    m_byAddress[address] = router;
    m_lanByAddress[address] = m_scenario.lans[lan].id;
    m_lans[lan].interfaces[router] = interfaces.Get(0).second;
    m_lanByInterface[{router, interfaces.Get(0).second}] = lan;
}

void
ScenarioNetwork::CaptureLink(uint32_t lan, const std::string& path)
{
    // There is no room for a tap: it is the first router that captures.
    PointToPointHelper().EnablePcap(path, m_lans[lan].devices.Get(0), true, true);
}

void
ScenarioNetwork::SetCarrier(uint32_t lan, bool up)
{
    for (const auto& [router, interface] : m_lans.at(lan).interfaces)
    {
        RouterOf(router)->SetCarrier(interface, up);
    }
}

} // namespace karp
} // namespace ns3
