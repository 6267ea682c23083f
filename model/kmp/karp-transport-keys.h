/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TRANSPORT_KEYS_H
#define KARP_TRANSPORT_KEYS_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-drop-reason.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-key-table.h"
#include "ns3/karp-timer-table.h"
#include "ns3/karp-types.h"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

class StateDigest;

/** Settings of transport keys (H 2.1.2, K5); see the attributes of KmpApplication. */
struct TransportKeyConfig
{
    bool enabled{false};                         //!< or else a master key is the transport key
    Time lead{std::chrono::seconds(3)};          //!< until a nonce of ours is sent under (K7)
    Time interval{std::chrono::seconds(30)};     //!< between announcements
    Time spread{std::chrono::milliseconds(200)}; //!< an answer comes within this
    Time spacing{std::chrono::seconds(1)};       //!< between repetitions, and between challenges
    uint32_t copies{3};                          //!< of a new nonce, and of a challenge
    size_t peersMax{1024};                       //!< routers remembered
};

/** Where the keys belong. */
struct TransportScope
{
    GroupIdPayload group;  //!< which group
    IpAddress self;        //!< our address
    std::string groupName; //!< for key names and the Peers column
    uint32_t interface {
        0
    }; //!< for the Interfaces column
};

/**
 * \ingroup karp
 * Transport keys apart from protocol master keys: "the transport key used by a given peer could be
 * a fresh key derived from the protocol master key and nonces announced by that peer" (H 2.1.2,
 * K5).
 *
 * Each router draws a nonce when its sequence numbers begin anew, and announces it to the link
 * under a master key. Others send with it a challenge that they have drawn; a nonce counts once it
 * came with an answer to a challenge that was drawn after it was first heard of. So no recording
 * makes anybody believe an old nonce, whoever rebooted meanwhile.
 *
 * Master keys come from wherever they come from: from a GCKS or from configuration. Sans-IO: see
 * the engine contract in doc/karp.rst.
 */
class TransportKeys
{
  public:
    static constexpr size_t MAX_CHALLENGES = 16; //!< of our own that may still be answered
    static constexpr size_t MAX_MASTERS = 32;    //!< master keys at once
    static constexpr size_t MAX_OWED = 4096;     //!< answers that wait to be given

    /** A row of the key table came, changed or went. */
    struct Change
    {
        KeyRow row;          //!< the row; its name alone if it went
        bool update{false};  //!< it was there, and has other lifetimes
        bool retired{false}; //!< it went
    };

    /**
     * \param config settings
     * \param scope where the keys belong
     * \param entropy nonces, challenges and instants come from there; outlives the object
     */
    TransportKeys(const TransportKeyConfig& config, TransportScope scope, Entropy& entropy);

    /** Our sequence numbers begin anew, in a router that starts: draw a nonce and announce it. */
    void Start(Time now);

    /**
     * Our sequence numbers run low: draw another nonce. It is sent under after the lead, and the
     * one before goes on until then (K8, K11).
     */
    void Renew(Time now);

    /** Master key \p name is there, or has other lifetimes. */
    void SetMaster(const std::string& name, const PmkRow& row, Time now);

    /** Master key \p name is gone, with all that was derived from it. */
    void RemoveMaster(const std::string& name);

    /** Forget all, wiping it. */
    void Clear();

    /**
     * A datagram whose header says MRKMP_NONCE.
     * \return why it was refused; NONE if it was not
     */
    Drop Receive(const Datagram& in, const IkeHeader& header, Time now);

    /** Do what is due at or before \p now. */
    void Advance(Time now);

    /** \return when Advance has something to do, absolute */
    std::optional<Time> NextTimeout() const;

    /** \return the next message for the group */
    std::optional<Bytes> PollTransmit();

    /** \return the next change of the key table */
    std::optional<Change> PollChange();

    /** \return how many routers are remembered */
    size_t PeerCount() const
    {
        return m_peers.size();
    }

    /** Add to \p digest all that decides what comes next. */
    void AddTo(StateDigest& digest) const;

    /** \return operations so far */
    const CryptoCounters& Counters() const
    {
        return m_counters;
    }

  private:
    /** When something is due. */
    enum class Timer : uint8_t
    {
        PERIODIC,  //!< the next announcement
        ANNOUNCE,  //!< our new nonce is announced, or announced once more
        ANSWER,    //!< somebody waits for an answer
        CHALLENGE, //!< we wait for one
        COUNT
    };

    /** A master key. */
    struct Master
    {
        PmkRow row;          //!< the key
        SecretBytes authKey; //!< what announcements are authenticated with
        uint64_t tag{0};     //!< what they call it
    };

    /** A nonce that goes on for a while beside the next. */
    struct Old
    {
        TransportNonce nonce{}; //!< the nonce
        Time end{0};            //!< nothing is sent under it, or nothing accepted, from then on
    };

    /** Another router. */
    struct Peer
    {
        std::optional<TransportNonce> nonce; //!< proven to be its present one
        std::optional<Old> old;              //!< the one before, as long as it is accepted
        uint64_t changeAfter{0};             //!< only younger challenges make another nonce count
        bool pending{false};                 //!< it announces something that is not proven
        uint32_t tries{0};                   //!< challenges sent for that
        Time heard{0};                       //!< it was there then; before it is proven: heard of
    };

    /** A challenge of ours. */
    struct Challenge
    {
        uint64_t value{0};  //!< what is to come back
        uint64_t number{0}; //!< counts challenges, from 1
        Time drawn{0};      //!< when
    };

    /** A nonce, and when a key that is derived from it may be used. */
    struct Use
    {
        TransportNonce nonce{}; //!< the nonce
        KeyLifetimes lifetimes; //!< of the key
    };

    // What is said and heard
    DropReason Check(const Datagram& in, const IkeHeader& header, IkeMessage& message, Time now);
    void Hear(IpAddress from, const TransportPayload& said, Time now);
    void Accept(Peer& peer, const TransportPayload& said, const Challenge& challenge, Time now);
    const Challenge* AnsweredBy(const TransportPayload& said, Time now) const;
    void WantChallenge(Time now);
    void Fire(Timer timer, Time now);
    void Announce(Time now);
    void ChallengePending(Time now);
    bool ChallengeAll(bool soon, Time now);
    void Answer(Time now);
    bool Send(TransportPayload transport, Time now);
    void Owe(IpAddress from, const TransportPayload& said, Time now);
    void Transmit(const Master& master, const TransportPayload& transport);
    uint64_t DrawChallenge(Time now);
    void Forget(Time now);
    const Master* SendMaster(Time now) const;

    // Rows of the key table
    void SyncOwn(const std::string& name, const Master& master);
    void SyncPeer(const std::string& name, const Master& master, IpAddress who, const Peer& peer);
    void SyncOwnAll();
    void SyncPeerAll(IpAddress who, const Peer& peer);
    void Sync(const std::string& name,
              const Master& master,
              IpAddress sender,
              const std::vector<Use>& uses);
    void Install(const std::string& rowName,
                 const std::string& name,
                 const Master& master,
                 IpAddress sender,
                 const Use& use);
    SecretBytes Derive(const Master& master, IpAddress sender, const TransportNonce& nonce);

    TransportKeyConfig m_config;             //!< settings
    TransportScope m_scope;                  //!< where keys belong
    Entropy& m_entropy;                      //!< randomness
    bool m_started{false};                   //!< between Start and Clear
    TransportNonce m_nonce{};                //!< ours
    std::optional<Time> m_nonceStart;        //!< when it is sent under, once it was announced
    std::optional<Old> m_old;                //!< ours before that
    uint32_t m_copiesLeft{0};                //!< of the announcement
    std::map<std::string, Master> m_masters; //!< by name
    std::map<IpAddress, Peer> m_peers;       //!< others
    std::vector<TransportAnswer> m_owed;     //!< challenges heard that wait for an answer
    std::deque<Challenge> m_challenges;      //!< ours, oldest first
    uint64_t m_challengeNumber{0};           //!< of the last one
    bool m_greet{false};                     //!< there is something to say to nobody in particular
    std::optional<Time> m_challengedAt;      //!< when an answer was last wanted soon
    TimerTable<Timer> m_timers;              //!< what is due
    std::map<std::string, KeyRow> m_rows;    //!< what the key table was told, by name
    std::deque<Bytes> m_out;                 //!< to send
    std::deque<Change> m_changes;            //!< to tell
    CryptoCounters m_counters{};             //!< operations
};

} // namespace karp
} // namespace ns3

#endif // KARP_TRANSPORT_KEYS_H
