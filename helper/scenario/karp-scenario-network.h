/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_NETWORK_H
#define KARP_SCENARIO_NETWORK_H

#include "karp-scenario-model.h"

#include "ns3/application-container.h"
#include "ns3/csma-helper.h"
#include "ns3/ipv4-interface-container.h"
#include "ns3/karp-adversary.h"
#include "ns3/karp-helper.h"
#include "ns3/karp-impairment.h"
#include "ns3/karp-kmp-application.h"
#include "ns3/karp-ospf-application.h"
#include "ns3/karp-router.h"
#include "ns3/mac48-address.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"

#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * The routers and links of a scenario in ns-3, with key management and routing on them. Every
 * random stream is assigned, and every address is given, so that runs repeat also within one
 * process.
 */
class ScenarioNetwork
{
  public:
    /** Build the network of \p scenario, which outlives it. */
    explicit ScenarioNetwork(const Scenario& scenario);

    /**
     * Check an ns-3 attribute: "ns3::Type::Name", or the name alone of one of ours.
     * \param name of the attribute
     * \param value for it
     * \return empty, or what is wrong
     */
    static std::string CheckAttribute(const std::string& name, const std::string& value);

    /** Capture LAN \p lan, all of it, in \p path; of a link, what its first router sees. */
    void CapturePcap(uint32_t lan, const std::string& path);
    /** Write keys for Wireshark into the folder \p directory. */
    void EnableKeyLog(const std::string& directory);

    /** \return how many routers there are */
    uint32_t Size() const;
    /** \return what the processes of router \p number share */
    Ptr<Router> RouterOf(uint32_t number) const;
    /** \return key management of router \p number; nullptr without MRKMP */
    Ptr<KmpApplication> KmpOf(uint32_t number) const;
    /** \return OSPF of router \p number; nullptr without OSPF */
    Ptr<OspfApplication> OspfOf(uint32_t number) const;
    /** \return who does what event number \p event of the timeline says, which is an attack */
    Ptr<Adversary> AdversaryOf(uint32_t event) const;
    /** \return id of the attack that packets call \p attack */
    const std::string& AttackName(uint32_t attack) const;
    /** \return its kind */
    const std::string& AttackKindOf(uint32_t attack) const;
    /** \return impairments of LAN \p lan */
    Ptr<LinkImpairment> Impairment(uint32_t lan) const;
    /** Let the routers on segment \p lan notice that its wire is dead, or is not any more. */
    void SetCarrier(uint32_t lan, bool up);
    /** \return IPv4 interface of router \p number on LAN \p lan; 0 if it is not there */
    uint32_t InterfaceOf(uint32_t number, uint32_t lan) const;
    /** \return name of the LAN that \p interface of router \p number is on; empty if on none */
    std::string LanNameOf(uint32_t number, uint32_t interface) const;

    /** \return address of router \p number on LAN \p lan; none if it is not there */
    IpAddress AddressOf(uint32_t number, uint32_t lan) const;

    /** \return name of the router with \p address; the address itself if it is nobody's */
    std::string NameOf(IpAddress address) const;
    /** \return MAC address of device \p number, from 1, of LAN \p lan; 0 is a tap */
    static Mac48Address MacOf(uint32_t lan, uint32_t number);
    /** \return name of the LAN that \p address belongs to, empty if nobody has it */
    std::string LanNameOf(IpAddress address) const;
    /** \return name of the router with OSPF Router ID \p routerId */
    std::string NameOfRouterId(uint32_t routerId) const;

    /** Put the configured key into the key table of router \p number, where keys are manual. */
    void InstallManualKey(uint32_t number);

  private:
    /** A LAN in ns-3, or a point-to-point link. */
    struct Lan
    {
        NetDeviceContainer devices;              //!< in the order of LanBlock::routers
        std::map<uint32_t, uint32_t> interfaces; //!< by router: its IPv4 interface
        Ptr<CsmaChannel> channel;                //!< the wire of a LAN
        Ptr<LinkImpairment> impairment;          //!< on it
    };

    void BuildRouters();
    void BuildLan(uint32_t number);
    // karp-scenario-links.cc
    void BuildLink(uint32_t number);
    void CaptureLink(uint32_t lan, const std::string& path);
    /** Router \p router is on segment \p lan by \p interfaces, which are one. */
    void NoteInterface(uint32_t lan, uint32_t router, const Ipv4InterfaceContainer& interfaces);

    void FillArpCaches(uint32_t number);
    void Configure(KmpHelper& kmp, OspfHelper& ospf) const;
    void SetForeignDefaults() const;
    void ApplyAttributes(KmpHelper& kmp, OspfHelper& ospf);
    void SetOfRouters(const std::string& name, const AttributeValue& value);
    void InstallApplications();
    void InstallGroup(const GroupBlock& group, KmpHelper& kmp);
    void AssignStreams();
    // karp-scenario-attacks.cc
    void InstallAdversaries();
    /** \return the device of outsider \p number on LAN \p lan, made if there was none */
    Ptr<NetDevice> OutsiderDevice(uint32_t number, uint32_t lan);
    void AddOutsiderLink(Ptr<Adversary> adversary, uint32_t number, uint32_t lan);

    const Scenario& m_scenario;                       //!< what is built
    NodeContainer m_nodes;                            //!< routers, by number
    std::vector<Lan> m_lans;                          //!< by number
    uint32_t m_firstLink{0};                          //!< number of the first that is no LAN
    CsmaHelper m_csma;                                //!< makes devices
    std::map<uint32_t, Ptr<KmpApplication>> m_kmp;    //!< by router
    std::map<uint32_t, Ptr<OspfApplication>> m_ospf;  //!< by router
    ApplicationContainer m_kmpApps;                   //!< key management
    std::map<uint32_t, uint32_t> m_byAddress;         //!< router by IPv4 address
    NodeContainer m_outsiders;                        //!< by number, where there are attacks
    std::map<uint32_t, Ptr<Adversary>> m_adversaries; //!< by event of the timeline
    std::map<std::pair<uint32_t, uint32_t>, Ptr<NetDevice>> m_outsiderDevices; //!< and LAN
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> m_lanByInterface; //!< router, interface
    std::map<uint32_t, std::string> m_lanByAddress; //!< name of a LAN by IPv4 address
};

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_NETWORK_H
