/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_KMP_APPLICATION_H
#define KARP_KMP_APPLICATION_H

#include "karp-cpu-model.h"
#include "karp-message-info.h"
#include "karp-router.h"
#include "karp-stream-entropy.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/ipv4-address.h"
#include "ns3/karp-mrkmp-engine.h"
#include "ns3/net-device.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Key management of one router: MRKMP for one group on each of its links. It owns an engine and a
 * UDP socket for each group and is all the ns-3 there is around them: datagrams in and out, one
 * event for the earliest timer, engine events to trace sources and to the key table of the Router.
 *
 * Where a routing process is installed on a link, a group is joined and left when that process
 * begins and ends there (H 8); elsewhere, when the application starts and stops.
 *
 * A second group on one link needs an application with another Port: IKE_SA_INIT names no group.
 */
class KmpApplication : public Application,
                       private RouterProcess,
                       private RoutingListener,
                       private CpuUser
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    KmpApplication();
    ~KmpApplication() override;

    static constexpr uint8_t PRIORITY_DESIGNATED = 255; //!< while Designated Router (E12)

    using PmkChange = karp::PmkChange; //!< what trace source Pmk tells

    /** Say who we are and whom we believe; before the application starts, or for the next join. */
    void SetCredentials(std::shared_ptr<const Credentials> credentials);

    /**
     * Take part in a group; before the application starts.
     * \param device the link, which has an IPv4 interface with an address
     * \param name for key names and people; the same at all members
     * \param id what the group is called in messages; the same at all members
     * \return number of the group here, from 0
     */
    uint32_t AddGroup(Ptr<NetDevice> device,
                      const std::string& name,
                      const GroupIdPayload& id = GroupIdPayload());

    /** \return how many groups there are */
    uint32_t GetNGroups() const;
    /** \return what \p group is called */
    const std::string& GetGroupName(uint32_t group) const;
    /** \return IPv4 interface of \p group */
    uint32_t GetInterface(uint32_t group) const;

    /** Set the priority of \p group; being DR may outrank it, unless it was \p fixed once. */
    void SetPriority(uint32_t group, uint8_t priority, bool fixed = false);
    /** Join \p group, if not in it: what the start of the application or of routing does. */
    void Join(uint32_t group);
    /** Leave \p group: its keys are wiped at once (H 8.3). */
    void Leave(uint32_t group);

    /** As GCKS of \p group: make a new KEK and a new protocol master key. */
    void Rekey(uint32_t group);
    /** As GCKS: \p name may not be in \p group any more (G6). \return false if not GCKS */
    bool Evict(uint32_t group, const std::string& name);
    /** As GCKS: let \p to serve instead (G8), or the lowest member. \return whether somebody can */
    bool HandOver(uint32_t group, IpAddress to);

    /** \return engine of \p group, to look at; nullptr while not in the group */
    const MrkmpEngine* GetEngine(uint32_t group) const;
    /** \return role in \p group */
    GcksRole GetRole(uint32_t group) const;
    /** \return who is believed to be GCKS of \p group; none if nobody is */
    IpAddress GetGcks(uint32_t group) const;
    /** \return rejections since the simulation began, in all groups */
    const DropCounters& GetDrops() const;

    /** \return the attack that sent what trace sources tell of just now; 0: none. For watchers */
    uint32_t AttackAtHand() const;

    /**
     * \param stream first stream to use
     * \return how many were used
     */
    int64_t AssignStreams(int64_t stream);

  protected:
    void DoDispose() override;

  private:
    /** One group. */
    struct Group
    {
        uint32_t interface = 0;              //!< IPv4 interface
        Ptr<NetDevice> device;               //!< its device
        std::string name;                    //!< for people
        GroupIdPayload id;                   //!< for messages
        IpAddress address;                   //!< ours on the link
        std::optional<uint8_t> priority;     //!< where it is not the attribute's
        Ptr<Socket> socket;                  //!< bound to the device
        std::unique_ptr<MrkmpEngine> engine; //!< while in the group
        bool wanted{true};                   //!< not left by Leave
        bool fixed{false};                   //!< FollowDr is false for it
        uint64_t bootId{0};                  //!< another one after numbers were lost (J6)
    };

    /** Something that waits for the CPU. */
    struct Input
    {
        uint32_t group{0};   //!< which
        bool timer{false};   //!< timers are due, or else a datagram is here
        Datagram datagram{}; //!< the datagram
        uint32_t attack{0};  //!< whose it really is, see AttackAtHand
    };

    static TypeId AddLinkAttributes(TypeId tid);
    static TypeId AddElectionAttributes(TypeId tid);
    static TypeId AddKeyAttributes(TypeId tid);
    static TypeId AddMemberAttributes(TypeId tid);
    static TypeId AddUpdateAttributes(TypeId tid);
    static TypeId AddSessionAttributes(TypeId tid);
    static TypeId AddLimitAttributes(TypeId tid);
    static TypeId AddTraceSources(TypeId tid);

    void StartApplication() override;
    void StopApplication() override;
    void OnCrash() override;
    void OnBoot(const LossSet& lost) override;
    void OnClockSet() override;
    void OnRoutingUp(uint32_t interface, uint8_t priority, bool newSession) override;
    void OnRoutingDown(uint32_t interface) override;
    void OnRoutingPriority(uint32_t interface, uint8_t priority) override;
    void OnDesignated(uint32_t interface, bool designated) override;
    void OnSequenceLow(uint32_t interface) override;
    void OnKeyHeard(uint32_t interface, const std::string& adminKeyName, IpAddress peer) override;
    CryptoCounters CpuWork() override;
    void CpuDone(ns3::Time cost) override;

    bool SetSuites(std::string text);
    std::string GetSuites() const;
    bool SetKekSuite(std::string text);
    std::string GetKekSuite() const;
    bool SetPmkAlgorithm(std::string text);
    std::string GetPmkAlgorithm() const;

    Group& At(uint32_t group);
    const Group& At(uint32_t group) const;
    /** \return settings of the engine of \p group, from the attributes */
    MrkmpConfig MakeConfig(const Group& group) const;
    SessionConfig MakeSessionConfig() const;
    /** \return priority that \p group stands with now */
    uint8_t EffectivePriority(const Group& group) const;
    /** Tell the engines on \p interface their priorities. */
    void UpdatePriorities(uint32_t interface);
    /** Join every group that may be joined now. */
    void JoinReady();
    void StartEngine(uint32_t index);
    void StopEngine(uint32_t index);
    bool Runs(uint32_t group);
    /** Take the keys of \p group out of the key table. */
    void RetireKeys(const Group& group);
    void OpenSocket(Group& group);
    void HandleRead(Ptr<Socket> socket);
    void HandleDatagram(uint32_t index, Datagram&& datagram, uint32_t attack);
    void TellAttacked(const AttackOutcome& before = AttackOutcome());
    void HandleTimer();
    void Submit(Input&& input);
    /** Send and tell whatever the engines have; unless the CPU still works on it. */
    void Pump();
    void Send(uint32_t index, const Datagram& datagram);
    /** \return \p datagram, from \p source, as trace sources show it */
    static MessageInfo Describe(const Group& group, IpAddress source, const Datagram& datagram);
    void CountDrop(uint32_t index, const karp::Drop& drop);
    /** Fit the one event to the earliest timer of all engines. */
    void Arm();
    /** Let the one event not happen. */
    void Disarm();

    void On(uint32_t index, const MrkmpEvent::RoleChanged& event);
    void On(uint32_t index, const MrkmpEvent::AdvertSent& event);
    void On(uint32_t index, const MrkmpEvent::JoinDone& event);
    void On(uint32_t index, const MrkmpEvent::KekChanged& event);
    void On(uint32_t index, const MrkmpEvent::KeyInstalled& event);
    void On(uint32_t index, const MrkmpEvent::KeyRetired& event);
    void On(uint32_t index, const MrkmpEvent::Rekeyed& event);
    void On(uint32_t index, const MrkmpEvent::GroupMessage& event);
    void On(uint32_t index, const MrkmpEvent::Dropped& event);
    void On(uint32_t index, const MrkmpEvent::Session& event);
    void On(uint32_t index, const MrkmpEvent::KeyLog& event);

    Ptr<Router> m_router;                             //!< what we share
    std::shared_ptr<const Credentials> m_credentials; //!< who we are
    StreamEntropy m_entropy;                          //!< where randomness comes from
    std::vector<Group> m_groups;                      //!< by number
    std::deque<Input> m_inputs;                       //!< what waits for the CPU
    bool m_started{false};                            //!< between start and stop
    bool m_working{false};                            //!< between CpuWork and CpuDone
    bool m_timerQueued{false};                        //!< a timer input waits for the CPU
    EventId m_event;                                  //!< the one event
    Time m_eventAt{TIME_MAX}; //!< when it fires, on our clock; the end of time if it is not set
    DropCounters m_drops{};   //!< rejections
    AttackOutcome m_attacked; //!< the message at hand, if an attack sent it

    // Attributes; their help texts are in karp-kmp-attributes.cc.
    uint16_t m_port{848};
    Ipv4Address m_groupAddress{"224.0.0.254"};
    bool m_followDr{true};
    bool m_followPriority{false};
    uint8_t m_priority{100};
    ns3::Time m_advertInterval;
    double m_advertJitter{0};
    uint32_t m_downCount{0};
    bool m_skew{true};
    double m_minAdvertGap{0};
    ns3::Time m_blacklistTimeout;
    uint32_t m_blacklistMax{0};
    uint32_t m_deferMax{0};
    ns3::Time m_joinSpread;
    ns3::Time m_rebootLead;
    uint32_t m_membersMax{0};
    bool m_rebootAlways{false};
    ns3::Time m_joinPatience;
    ns3::Time m_rivalPatience;
    uint32_t m_fruitlessMax{0};
    uint32_t m_referralsMax{0};
    ns3::Time m_evictLead;
    ns3::Time m_evictOverlap;
    uint32_t m_evictedMax{0};
    uint64_t m_kekMessagesMax{0};
    CipherSuite m_kekSuite;
    MacAlgorithm m_pmkAlgorithm{MacAlgorithm::HMAC_SHA_256};
    bool m_transportKeys{false};
    ns3::Time m_transportSpread;
    ns3::Time m_kekLifetime;
    ns3::Time m_pmkOverrun;
    ns3::Time m_lead;
    ns3::Time m_overlap;
    ns3::Time m_updateInterval;
    uint32_t m_updateCopies{0};
    ns3::Time m_updateCopySpacing;
    uint32_t m_mergeCopies{0};
    ns3::Time m_mergeCopySpacing;
    std::vector<CipherSuite> m_suites;
    ns3::Time m_retransmitFirst;
    double m_retransmitBase{0};
    uint32_t m_retransmitTries{0};
    double m_retransmitJitter{0};
    uint32_t m_halfOpenMax{0};
    uint32_t m_halfOpenPerPeerMax{0};
    uint32_t m_cookieThreshold{0};
    ns3::Time m_halfOpenTimeout;
    ns3::Time m_cookieSecretLifetime;
    ns3::Time m_idleTimeout;
    uint32_t m_sessionsMax{0};
    uint32_t m_alternativesMax{0};
    bool m_keyLog{false};

    TracedCallback<uint32_t, const MrkmpEvent::RoleChanged&> m_roleTrace;
    TracedCallback<uint32_t, const MrkmpEvent::AdvertSent&> m_advertTrace;
    TracedCallback<uint32_t, const MrkmpEvent::JoinDone&> m_joinTrace;
    TracedCallback<uint32_t, const MrkmpEvent::KekChanged&> m_kekTrace;
    TracedCallback<uint32_t, const PmkChange&> m_pmkTrace;
    TracedCallback<uint32_t, const MrkmpEvent::Rekeyed&> m_rekeyTrace;
    TracedCallback<uint32_t, const MrkmpEvent::GroupMessage&> m_groupTrace;
    TracedCallback<uint32_t, const SessionEvent&> m_sessionTrace;
    TracedCallback<uint32_t, const SessionKeys&> m_keyLogTrace;
    TracedCallback<uint32_t, const karp::Drop&> m_dropTrace;
    TracedCallback<uint32_t, const MessageInfo&> m_txTrace, m_rxTrace, m_handledTrace;
    TracedCallback<const AttackOutcome&> m_attackedTrace;
    TracedCallback<ns3::Time> m_cpuTrace;
};

} // namespace karp
} // namespace ns3

#endif // KARP_KMP_APPLICATION_H
