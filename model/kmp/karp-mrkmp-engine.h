/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MRKMP_ENGINE_H
#define KARP_MRKMP_ENGINE_H

#include "karp-blacklist.h"
#include "karp-credentials.h"
#include "karp-gcks-election.h"
#include "karp-group-cipher.h"
#include "karp-group-keys.h"
#include "karp-mrkmp-state.h"
#include "karp-mrkmp-types.h"
#include "karp-session-manager.h"
#include "karp-transport-keys.h"

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-types.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * MRKMP for one group on one link: the election (H 3), joining (H 2.4), group key management (H 7).
 * Sans-IO: see the engine contract in doc/karp.rst.
 */
class MrkmpEngine : private SessionUser
{
  public:
    /**
     * \param config settings
     * \param credentials who we are and whom we believe
     * \param entropy where everything random comes from; outlives the engine
     */
    MrkmpEngine(const MrkmpConfig& config,
                std::shared_ptr<const Credentials> credentials,
                Entropy& entropy);
    ~MrkmpEngine() override;

    /** The routing protocol begins on the link (H 8.1): look for a GCKS. */
    void Join(Time now);

    /** The routing protocol changes our priority (H 8.2). No pre-emption follows. */
    void SetPriority(uint8_t priority, Time now);

    /**
     * The routing protocol's sequence space runs low (H 8, R2): have the protocol master key
     * changed, by asking the GCKS if that is somebody else (J8).
     */
    void RequestNewPmk(Time now);

    /**
     * Routing has found a packet of \p peer authentic under the protocol master key called
     * \p adminKeyName: should that router lose its sequence numbers, the key must change (J6, K9).
     */
    void Heard(const std::string& adminKeyName, IpAddress peer);

    /** As GCKS: make a new KEK and a new protocol master key. No effect on others. */
    void Rekey(Time now);

    /**
     * As GCKS: \p identity may not be in the group any more. The KEKs are retired, the remaining
     * members prove who they are and get new keys (G6). All who are told remember it, so that the
     * next GCKS refuses it too.
     * \return false if we are not GCKS, or evictedMax identities are evicted already
     */
    bool Evict(const Identity& identity, Time now);

    /**
     * As GCKS: let \p successor serve instead (G8); if it is none, the member with the lowest
     * address. What comes of it is seen as JoinDone and RoleChanged events.
     * \return false if we are not GCKS, a merge is on its way, or there is nobody to serve
     */
    bool HandOver(IpAddress successor, Time now);

    /**
     * As GCKS: retire every KEK of the group by messages under it, with no successor announced
     * there, so that members must prove their identities anew (G5, K6). No effect on others.
     */
    void RetireKek(Time now);

    /** The routing protocol ends on the link (H 8.3): stop at once and for good, wipe all keys. */
    void Leave(Time now);

    /** A datagram from the link. Never throws or aborts, whatever the octets. */
    void Receive(const Datagram& in, Time now);

    /** Fire every timer due at or before \p now. */
    void Advance(Time now);

    /** \return when Advance has something to do, absolute */
    std::optional<Time> NextTimeout() const;

    /** \return the next datagram to send */
    std::optional<Datagram> PollTransmit();

    /** \return the next event */
    std::optional<MrkmpEvent> PollEvent();

    /** \return the present role */
    GcksRole Role() const;

    /** \return the GCKS believed in; none if there is none */
    IpAddress Gcks() const;

    /** \return the KEK valid for sending, 0 if there is none */
    uint64_t CurrentKekId(Time now) const;

    /** \return whether the initial exchange with the GCKS believed in is done */
    bool IsRegistered() const;

    /** Add to \p digest all that decides what comes next, at \p now. */
    void AddTo(StateDigest& digest, Time now) const;

    /** \return rejections so far, by reason */
    const DropCounters& Drops() const;

    /** \return every such list but those of the unicast associations */
    std::vector<MrkmpList> Lists() const;

    /** \return cryptographic operations so far, for the CPU-cost model */
    const CryptoCounters& Counters() const;

  private:
    using Purpose = MrkmpPurpose;       //!< what an exchange is for
    using Attempt = MrkmpAttempt;       //!< an exchange of ours
    using Member = MrkmpMember;         //!< whom we know as GCKS
    using Handover = MrkmpHandover;     //!< we go
    using Retirement = MrkmpRetirement; //!< KEKs go
    using Timer = MrkmpTimer;           //!< when something is due

    // SessionUser
    std::vector<IkePayload> OnAuthRequest(SessionId session,
                                          IpAddress peer,
                                          const Identity& identity,
                                          const std::vector<IkePayload>& inner,
                                          bool initialContact,
                                          Time now) override;
    void OnAuthResponse(SessionId session,
                        IpAddress peer,
                        const Identity& identity,
                        const std::vector<IkePayload>& inner,
                        Time now) override;
    std::vector<IkePayload> OnRequest(SessionId session,
                                      IpAddress peer,
                                      const Identity& identity,
                                      IkeExchange exchange,
                                      const std::vector<IkePayload>& inner,
                                      Time now) override;
    void OnResponse(SessionId session,
                    IpAddress peer,
                    IkeExchange exchange,
                    const std::vector<IkePayload>& inner,
                    Time now) override;
    void OnFailed(SessionId session, IpAddress peer, SessionFailure why, Time now) override;

    // karp-mrkmp-engine.cc: input, output, election
    void Settle(Time now);
    void DrainSessions();
    void DrainKeys(Time now);
    void DrainTransport();
    void ReceiveAdvert(const Datagram& in, Time now);
    void ReceiveUpdate(const Datagram& in, const IkeHeader& header, Time now);
    void Act(const ElectionAction& action, Time now);
    void OnRoleChanged(const ElectionAction& action);
    void SendAdvert(IpAddress peer, Time now);
    void Transmit(IpAddress destination, Bytes payload);
    void Reject(const Drop& drop);
    void Reject(DropReason reason, uint64_t value, IpAddress peer);
    KekKnowledge KnowledgeOf(uint64_t kekId, IpAddress from, Time now) const;
    bool IsOurGroup(const GroupIdPayload* group) const;
    bool IsServing() const;

    // karp-mrkmp-gcks.cc: keys and updates, who may join
    void Fire(Timer timer, Time now);
    void TakeOver(Time now);
    void Renew(RekeyCause cause, const KeyHandoff& pmks, Time now);
    void RenewInTime(Time now);
    void RenewPmk(RekeyCause cause, Time lead, Time now);
    void TellRekeyed(RekeyCause cause, bool kek, Time now);
    void Announce(Time now);
    void SendUpdates(const KeyDownloadPayload& download,
                     const std::vector<uint64_t>* only,
                     const std::vector<IkePayload>& extra,
                     Time now);
    void SendUnder(const KekRow& kek, std::vector<IkePayload> payloads, Time now);
    void RetireAll(RekeyCause cause, const KeyHandoff& pmks, Time now);
    void RetireForEviction(Time now);
    KeyHandoff EvictionHandoff() const;
    void SendRetirement(Time now);
    void SendResignation(Time now);
    void AddEvicted(std::vector<IkePayload>& payloads) const;
    void Know(Member& member, IpAddress peer, const std::vector<IkePayload>& inner) const;
    bool IsUnused(const Member& member, bool known, IpAddress peer, Time now) const;
    std::vector<IkePayload> Refuse() const;
    std::vector<IkePayload> Admit(IpAddress peer,
                                  const Identity& identity,
                                  const std::vector<IkePayload>& inner,
                                  bool initialContact,
                                  Time now);
    std::vector<IkePayload> AnswerJoin(IpAddress peer,
                                       const std::vector<IkePayload>& inner,
                                       Member& member,
                                       bool known,
                                       bool initialContact,
                                       Time now);
    std::vector<IkePayload> Deliver(const KeyDownloadPayload& download) const;

    // karp-mrkmp-member.cc: joining, being referred, asking
    void ConsiderRegistering(IpAddress gcks, Time now);
    void Register(IpAddress gcks, Time now);
    void Begin(Attempt attempt, std::vector<IkePayload> extra, bool initialContact);
    void RegisterSoon(Time now);
    bool AskWithin(Time now);
    void TakeDownload(const Attempt& attempt, const std::vector<IkePayload>& inner, Time now);
    void EndAttempt(bool ok, const std::string& failure, Time now);
    void AttemptRefused(const Attempt& attempt, const NotifyPayload* error, Time now);
    void AttemptFailed(const Attempt& attempt, bool ignore, Time now);
    bool FollowReferral(const Attempt& attempt, const NotifyPayload& referral, Time now);
    bool NoteEvicted(const std::vector<IkePayload>& payloads, Time now);
    void HearResignation(const GroupUpdate& update, Time now);
    void ApplyDeletes(const std::vector<IkePayload>& payloads, Time now);
    uint32_t SendPmkId(Time now) const;
    std::vector<uint64_t> KekIds() const;

    // karp-mrkmp-patience.cc: GCKSs that prove nothing
    bool HasProven(IpAddress gcks, Time now) const;
    void BePatient(IpAddress gcks, Time now);
    void PatienceOver(Time now);
    bool IsDoubtful(const AdvertPayload& advert, KekKnowledge kek) const;
    void ConsiderRival(IpAddress rival, const AdvertPayload& advert, Time now);
    bool YieldsTo(IpAddress rival, Time now) const;

    // karp-mrkmp-merge.cc: two GCKSs become one
    void Merge(IpAddress gcks, Time now);
    void Offer(Time now);
    void KnowIfRoom(IpAddress peer, const Identity& identity, const std::vector<IkePayload>& inner);
    std::vector<IkePayload> AnswerMerge(IpAddress peer,
                                        const Identity& identity,
                                        const std::vector<IkePayload>& inner,
                                        Time now);
    std::vector<IkePayload> AnswerHandover(IpAddress peer,
                                           const Identity& identity,
                                           const std::vector<IkePayload>& inner,
                                           Time now);
    void BeginHandover(const Attempt& attempt,
                       const KeyDownloadPayload& download,
                       std::vector<uint64_t> before,
                       bool evicted,
                       Time now);
    void SendMergeCopy(Time now);

    MrkmpConfig m_config;                   //!< settings
    Entropy& m_entropy;                     //!< randomness
    GcksElection m_election;                //!< who is GCKS
    GroupKeys m_keys;                       //!< the group's keys
    GroupCipher m_cipher;                   //!< group messages
    TransportKeys m_transport;              //!< keys of senders, if they are apart (K5)
    SessionManager m_sessions;              //!< unicast associations
    Blacklist m_blacklist;                  //!< whose advertisements are ignored
    TimerTable<Timer> m_timers;             //!< what is due
    std::optional<Attempt> m_attempt;       //!< initial exchange on the way
    std::optional<Handover> m_handover;     //!< merge on the way
    std::optional<Retirement> m_retirement; //!< retirement on the way
    std::optional<Time> m_retryMergeAt;     //!< after a merge that failed (M7)
    IpAddress m_registeredWith;             //!< GCKS that knows us; none if none does
    uint32_t m_fruitless{0};                //!< joins in a row that nobody answered with proof
    bool m_kekChanged{false};               //!< lifetimes of a KEK, since Settle last looked
    bool m_hasState{false};                 //!< whether we ever held keys: no INITIAL_CONTACT then
    bool m_pmkRequested{false};             //!< RequestNewPmk not answered yet
    uint32_t m_requestedPmk{0};             //!< key ID that it is about
    uint32_t m_copiesLeft{0};               //!< of the update at hand
    std::map<Identity, Member> m_members;   //!< who registered with us, as GCKS
    std::set<Identity> m_evicted;           //!< who may not be in the group any more
    std::vector<IpAddress> m_asked;         //!< routers asked in this chain of referrals
    std::map<std::string, std::set<IpAddress>> m_heard; //!< who was heard under which key
    std::deque<Datagram> m_out;                         //!< to send
    std::deque<MrkmpEvent> m_events;                    //!< to tell
    DropCounters m_drops{};                             //!< rejections
    CryptoCounters m_ownCounters{};                     //!< operations not counted by the parts
    mutable CryptoCounters m_counters{};                //!< sum over the parts
};

} // namespace karp
} // namespace ns3

#endif // KARP_MRKMP_ENGINE_H
