/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_APPLICATION_H
#define KARP_OSPF_APPLICATION_H

#include "karp-cpu-model.h"
#include "karp-message-info.h"
#include "karp-ospf-routing.h"
#include "karp-router.h"
#include "karp-stream-entropy.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/karp-ospf-engine.h"
#include "ns3/net-device.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** What attribute SequenceRule may be. */
enum class OspfReplayRule : uint8_t
{
    RFC_2328, //!< AuType 2, not less than the last number
    STRICT,   //!< AuType 2, greater
    RFC_7474, //!< AuType 3
};

/**
 * \ingroup karp
 * OSPFv2 of one router: one engine, and a raw IP socket for each link. It takes its keys from the
 * key table of the Router and tells the Router when it begins and ends on a link, and what part it
 * plays there (row E12); who listens it does not know.
 */
class OspfApplication : public Application, private RouterProcess, private CpuUser
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    OspfApplication();
    ~OspfApplication() override;

    /**
     * Route on a link; before the application starts.
     * \param device the link, which has an IPv4 interface with an address
     * \return number of the interface, as all of this class calls it: the IPv4 interface
     */
    uint32_t AddInterface(Ptr<NetDevice> device);

    /** \return the interfaces, in order of addition */
    std::vector<uint32_t> GetInterfaces() const;

    /** Set the Router ID; otherwise it is the highest interface address. */
    void SetRouterId(Ipv4Address routerId);
    /** \return the Router ID; meaningful once the application has started */
    Ipv4Address GetRouterId() const;

    /** Set the router priority on \p interface, now and for later starts. */
    void SetPriority(uint32_t interface, uint8_t priority);
    /**
     * Let cryptographic sequence numbers on \p interface begin at \p sequence when the application
     * starts, whatever SequenceInit says; for experiments with their end. With AuType 3 the upper
     * half of \p sequence is the boot count.
     */
    void SetFirstSequence(uint32_t interface, uint64_t sequence);

    /** Put \p interface into \p area instead of the attribute AreaId. */
    void SetArea(uint32_t interface, Ipv4Address area);
    /** Let \p interface be of another kind than its device says: see OspfNetworkType. */
    void SetNetworkType(uint32_t interface, OspfNetworkType type);
    /** Let \p interface cost \p cost instead of the attribute Cost; at any time. */
    void SetCost(uint32_t interface, uint16_t cost);
    /** Settings of an area that is not as any other. */
    void ConfigureArea(const OspfAreaConfig& config);
    /** Tell the AS of a route, which makes this an AS boundary router; at any time. */
    void AddExternal(const OspfExternalRoute& route);
    /** Tell it no longer; at any time. */
    void RemoveExternal(Ipv4Address network, Ipv4Mask mask);

    /** Stop routing on \p interface, as an operator does: the others go on (H 8.3). */
    void InterfaceDown(uint32_t interface);
    /** Begin to route on \p interface again (H 8.1). */
    void InterfaceUp(uint32_t interface);
    /**
     * Let the sequence space of \p interface run low: its next packet has a number so near to the
     * end that key management is asked for another key; for experiments (H 2.4).
     */
    void ExhaustSequence(uint32_t interface);

    /** \return the engine, to look at; nullptr before the start and after the stop */
    const OspfEngine* GetEngine() const;
    /** \return rejections since the simulation began */
    const DropCounters& GetDrops() const;

    /** \return the attack that sent what trace sources tell of just now; 0: none. For watchers */
    uint32_t AttackAtHand() const
    {
        return m_attacked.attack;
    }

    /**
     * \param stream first stream to use
     * \return how many were used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    /** One link. */
    struct Link
    {
        uint32_t index{0};                                //!< IPv4 interface
        Ptr<NetDevice> device;                            //!< its device
        IpAddress address;                                //!< ours on the link
        uint32_t mask{0};                                 //!< of the link
        std::optional<uint8_t> priority;                  //!< where it is not the attribute's
        std::optional<uint16_t> cost;                     //!< where it is not the attribute's
        std::optional<uint32_t> area;                     //!< where it is not the attribute's
        OspfNetworkType type{OspfNetworkType::BROADCAST}; //!< kind of network
        uint64_t keptSequence{0};                         //!< stable storage: next sequence number
        bool useKept{false}; //!< begin there, whatever the attribute says
        bool wanted{true};   //!< not stopped by InterfaceDown
        Ptr<Socket> socket;  //!< bound to the device
    };

    /** Something that waits for the CPU. */
    struct Input
    {
        bool timer{false}; //!< timers are due, or else a packet is here
        uint32_t interface {
            0
        };                       //!< where it came in
        IpAddress source{};      //!< IP source
        IpAddress destination{}; //!< IP destination
        Bytes packet{};          //!< IP payload
        uint32_t attack{0};      //!< whose it really is, see AttackAtHand
    };

    static TypeId AddAttributes(TypeId tid);
    static TypeId AddSequenceAttributes(TypeId tid);
    static TypeId AddLinkStateAttributes(TypeId tid);
    static TypeId AddRouterAttributes(TypeId tid);
    static TypeId AddTraceSources(TypeId tid);

    void StartApplication() override;
    void StopApplication() override;
    void OnCrash() override;
    void OnBoot(const LossSet& lost) override;
    void OnClockSet() override;
    void OnKeyInstalled(const KeyRow& row) override;
    CryptoCounters CpuWork() override;
    void CpuDone(ns3::Time cost) override;
    bool SetAuthType(std::string text);
    std::string GetAuthType() const;
    bool SetKeyPreparation(std::string text);
    std::string GetKeyPreparation() const;
    bool SetSequenceInit(std::string text);
    std::string GetSequenceInit() const;
    bool SetSequenceRule(std::string text);
    std::string GetSequenceRule() const;
    bool SetSequenceStep(std::string text);
    std::string GetSequenceStep() const;

    Link* FindLink(uint32_t interface);
    uint8_t PriorityOf(const Link& link) const;
    Ipv4Address ChooseRouterId() const;
    OspfInterfaceConfig MakeConfig(const Link& link) const;
    /** Make the engine and bring the interfaces up; \p newSession: see RoutingListener. */
    void StartEngine(bool newSession);
    /** Let the engine exchange link state, and IP forward by what follows. */
    void StartLinkState();
    void CompleteConfig(const Link& link, OspfInterfaceConfig& config) const;
    void TellExternals();
    void HandleInterface(uint32_t interface, bool isUp);
    /** Write sequence numbers and boot count to stable storage. */
    void KeepSequences();
    bool IsExtended() const;
    /** \return whether numbers that were used can come again after losing \p lost */
    bool MayRepeatNumbers(const LossSet& lost) const;
    void OpenSocket(Link& link);
    void HandleRead(Ptr<Socket> socket);
    /** Look at one datagram, IP header first. */
    void HandleDatagram(const Link& link, ByteView datagram, uint32_t attack);
    /** Tell what became of the packet at hand, if an attack sent it. */
    void TellAttacked(const AttackOutcome& before = AttackOutcome());
    /** \return whether we listen to \p destination on \p link (RFC 2328 section 8.2) */
    bool IsForUs(const Link& link, IpAddress destination) const;
    void HandleTimer();
    void Submit(Input&& input);
    /** Send and tell whatever the engine has; unless the CPU still works on it. */
    void Pump();
    void Send(const OspfTransmit& transmit);
    /** \return a packet as trace sources show it */
    static MessageInfo Describe(const Link& link,
                                IpAddress source,
                                IpAddress destination,
                                ByteView packet);
    void CountDrop(uint32_t interface, const karp::Drop& drop);
    /** Fit the one event to the engine's earliest timer. */
    void Arm();
    /** Let the one event not happen. */
    void Disarm();

    void On(uint32_t index, const OspfEvent::InterfaceChanged& event);
    void On(uint32_t index, const OspfEvent::NeighborChanged& event);
    void On(uint32_t index, const OspfEvent::DesignatedRouterChanged& event);
    void On(uint32_t index, const OspfEvent::SequenceLow& event);
    void On(uint32_t index, const OspfEvent::KeyHeard& event);
    void On(uint32_t index, const OspfEvent::RoutesChanged& event);
    void On(uint32_t index, const OspfEvent::Dropped& event);

    Ptr<Router> m_router;                 //!< what we share
    Ptr<CpuModel> m_cpu;                  //!< its CPU
    StreamEntropy m_entropy;              //!< where jitter comes from
    std::vector<Link> m_links;            //!< in order of addition
    std::shared_ptr<DigestMemo> m_memo;   //!< shared by all routers; goes with the last of them
    std::shared_ptr<OspfLsaPool> m_pool;  //!< the same with LSAs
    std::unique_ptr<OspfEngine> m_engine; //!< between start and stop
    Bytes m_buffer;                       //!< the datagram being read
    Address m_from;                       //!< who sent it; its IP header says so too
    std::deque<Input> m_inputs;           //!< what waits for the CPU
    uint32_t m_bootCount{0};              //!< stable storage: how often numbers began anew
    bool m_started{false};                //!< between start and stop
    bool m_working{false};                //!< between CpuWork and CpuDone
    bool m_timerQueued{false};            //!< a timer input waits for the CPU
    EventId m_event;                      //!< the one event
    Time m_eventAt{TIME_MAX}; //!< when it fires, on our clock; the end of time if it is not set
    DropCounters m_drops{};   //!< rejections
    AttackOutcome m_attacked; //!< the packet at hand, if an attack sent it

    // Attributes.
    Ipv4Address m_routerId{"0.0.0.0"};
    Ipv4Address m_areaId{"0.0.0.0"};
    uint8_t m_priority{1};
    ns3::Time m_helloInterval;
    ns3::Time m_routerDeadInterval;
    double m_helloJitter{0};
    OspfAuthType m_authType{OspfAuthType::CRYPTOGRAPHIC};
    KeyPreparation m_keyPreparation{KeyPreparation::RFC_2104};
    OspfSequenceInit m_sequenceInit{OspfSequenceInit::ZERO};
    OspfReplayRule m_sequenceRule{OspfReplayRule::RFC_2328};
    OspfSequenceStep m_sequenceStep{OspfSequenceStep::PACKET};
    bool m_sequenceForgotten{true};
    bool m_sequencePerKey{false};
    uint32_t m_sequenceLimit{UINT32_MAX};
    uint32_t m_neighborsMax{0};

    // Link state.
    bool m_isLinkState{false};
    uint16_t m_cost{0};
    uint16_t m_transmitDelay{0};
    ns3::Time m_rxmtInterval;
    ns3::Time m_ackDelay;
    ns3::Time m_floodPacing;
    bool m_mtuIgnore{false};
    ns3::Time m_minLsInterval;
    ns3::Time m_minLsArrival;
    ns3::Time m_lsaDelay;
    ns3::Time m_adjacencyDelay;
    ns3::Time m_spfDelay;
    ns3::Time m_spfHold;
    ns3::Time m_spfHoldMax;
    bool m_rfc1583Compatibility{true};
    uint32_t m_maxPaths{0};
    uint32_t m_lsasMax{0};
    std::vector<OspfAreaConfig> m_areas;                                         //!< not as others
    std::map<std::pair<uint32_t, uint32_t>, OspfExternalRoute> m_externalRoutes; //!< of the user
    Ptr<OspfRouting> m_routing; //!< what IP forwards by, with link state

    TracedCallback<uint32_t, const OspfEvent::InterfaceChanged&> m_interfaceTrace;
    TracedCallback<uint32_t, const OspfEvent::NeighborChanged&> m_neighborTrace;
    TracedCallback<uint32_t, const OspfEvent::DesignatedRouterChanged&> m_designatedTrace;
    TracedCallback<uint32_t, const OspfEvent::SequenceLow&> m_sequenceTrace;
    TracedCallback<const OspfRoutingTable&, size_t> m_routesTrace;
    TracedCallback<uint32_t, const karp::Drop&> m_dropTrace;
    TracedCallback<uint32_t, const MessageInfo&> m_txTrace;
    TracedCallback<uint32_t, const MessageInfo&> m_rxTrace;
    TracedCallback<const AttackOutcome&> m_attackedTrace;
    TracedCallback<ns3::Time> m_cpuTrace;
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_APPLICATION_H
