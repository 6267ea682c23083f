/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_GCKS_ELECTION_H
#define KARP_GCKS_ELECTION_H

#include "ns3/karp-ike-message.h"
#include "ns3/karp-state-machine.h"
#include "ns3/karp-timer-table.h"
#include "ns3/karp-types.h"

#include <array>
#include <deque>
#include <optional>

namespace ns3
{
namespace karp
{

class StateDigest;

/** Role of a router in its group (E1). */
enum class GcksRole : uint8_t
{
    DOWN,    //!< not in the group
    INITIAL, //!< looking for a GCKS
    GCKS,    //!< group controller and key server
    MEMBER,  //!< believes in a GCKS and is, or is about to be, registered with it
    COUNT
};

/** \return "down", "initial", "gcks" or "member" */
const char* ToString(GcksRole role);

/** How much a router is preferred as GCKS. */
struct GcksRank
{
    uint8_t priority{0}; //!< higher is more preferred
    IpAddress address;   //!< of equals, the lowest is (E7)
};

/** \return whether \p a is more preferred than \p b (E7; H 2.2, H 3) */
bool IsMorePreferred(const GcksRank& a, const GcksRank& b);

/** What a router knows of the KEK that an advertisement names. */
enum class KekKnowledge : uint8_t
{
    NONE,   //!< nothing: it is not held
    HELD,   //!< it is held
    ISSUED, //!< it is held, and whoever advertises it proved to be its issuer
};

/** Settings of the election (H 3). */
struct ElectionConfig
{
    uint8_t priority{100};                         //!< higher is more preferred (E7)
    Time advertInterval{std::chrono::seconds(10)}; //!< between heartbeats of a GCKS (E2)
    double advertJitter{0.05}; //!< each interval is shortened by up to this fraction, [0, 0.5]
    uint32_t downCount{3};     //!< heartbeats missed before the GCKS is given up (E8)
    bool skew{true};           //!< stagger the waiting period by priority, as VRRP does
    double minAdvertGap{0.1};  //!< least time between two multicasts of ours, in heartbeats (E6)
    uint32_t deferMax{1};      //!< waiting periods granted to a better candidate that stays silent
};

/** What the election wants done. */
struct ElectionAction
{
    /** Kinds of wishes. */
    enum class Kind : uint8_t
    {
        SEND_ADVERT, //!< advertise role and priority, to \p peer or, if it is none, to the group
        REGISTER,    //!< begin the initial exchange with \p peer (E4)
        TAKE_OVER,   //!< begin to serve as GCKS (E5, E13)
        MERGE,       //!< offer our keys to \p peer, a more preferred GCKS (E9)
        ROLE,        //!< the role changed: tell those who watch
    };

    Kind kind{Kind::ROLE};         //!< what
    IpAddress peer;                //!< with whom
    GcksRole from{GcksRole::DOWN}; //!< with ROLE
    GcksRole to{GcksRole::DOWN};   //!< with ROLE
    const char* cause{""};         //!< with ROLE: the event
};

/**
 * \ingroup karp
 * The three-state election of H 3. It hears advertisements and timers, and wishes for actions; keys
 * and exchanges are others' business.
 *
 * Silence for downCount heartbeats makes a member Initial (E8). The waiting period that follows is
 * the skew (256 - priority)/256 of a heartbeat, because the silence has been waited out already;
 * the most preferred router's ends first, so that from crash to take-over VRRP's closed form holds.
 * After a start, where nothing was waited out, the period is downCount heartbeats longer.
 */
class GcksElection
{
  public:
    /** What happens to the machine. */
    enum class Event : uint8_t
    {
        START,          //!< the routing protocol begins on the link
        STOP,           //!< it ends there
        WAIT_OVER,      //!< the waiting period ends
        INITIAL_BETTER, //!< initial advertisement of a more preferred router
        INITIAL_WORSE,  //!< initial advertisement of a less preferred router
        GCKS_CURRENT,   //!< heartbeat of the GCKS believed in
        GCKS_BETTER,    //!< heartbeat of another GCKS, more preferred than we are
        GCKS_WORSE,     //!< heartbeat of another GCKS, less preferred than we are
        HEARTBEAT_LOST, //!< downCount heartbeats missed
        JOIN_FAILED,    //!< the initial exchange with the GCKS believed in came to nothing
        MERGED,         //!< our keys are handed over to another GCKS
        REFERRED,       //!< who is authentic says that another router is GCKS now (J9, G8)
        GCKS_RESIGNED,  //!< our GCKS says, authentically, that it serves no more (G8)
        APPOINTED,      //!< our GCKS hands its office over to us (G8)
        COUNT
    };

    /**
     * \param config settings
     * \param address ours on the link
     * \param entropy jitter comes from there; outlives the election
     */
    GcksElection(const ElectionConfig& config, IpAddress address, Entropy& entropy);

    /** Begin (H 8.1). */
    void Start(Time now);

    /** End at once (H 8.3, R3). */
    void Stop(Time now);

    /** Be preferred more or less from now on; no pre-emption follows (E3, E12). */
    void SetPriority(uint8_t priority);

    /**
     * An advertisement was heard.
     * \param from its IP source
     * \param advert what it says
     * \param kek what is known of the KEK it names
     * \param now the present
     */
    void Hear(IpAddress from, const AdvertPayload& advert, KekKnowledge kek, Time now);

    /** The exchange with the GCKS believed in came to nothing (E10). */
    void JoinFailed(Time now);

    /** The GCKS believed in has proven nothing; believe in \p gcks instead (E11). */
    void Prefer(IpAddress gcks, const AdvertPayload& advert, Time now);

    /** Our keys are handed over to \p gcks (M4). */
    void Merged(IpAddress gcks, Time now);

    /** Somebody authentic says that \p gcks is GCKS now (J9, G8). */
    void Referred(IpAddress gcks, Time now);

    /** The GCKS believed in has ended its service (G8). */
    void Resigned(Time now);

    /** The GCKS believed in wants us to serve in its place (G8). */
    void Appointed(Time now);

    /** Fire timers due at or before \p now. */
    void Advance(Time now);

    /** \return when Advance has something to do */
    std::optional<Time> NextTimeout() const;

    /** \return the next wish */
    std::optional<ElectionAction> PollAction();

    /** \return the present role */
    GcksRole Role() const;

    /** \return the GCKS believed in, ourselves included; none if there is none */
    IpAddress Gcks() const;

    /** \return our present rank */
    GcksRank Rank() const;

    /** \return whether a more preferred candidate was heard in this waiting period (J10) */
    bool HasBetterCandidate() const;

    /** \return one waiting period of a router that has just started */
    Time FullWait() const;

    /** Add to \p digest all that decides what comes next. */
    void AddTo(StateDigest& digest) const;

    /** A row of the machine. */
    using Row = Transition<GcksElection, GcksRole, Event, Time>;

    /** \return the machine, for tests and for people */
    static const std::array<Row, 22>& Table();

    /** \return a name such as "HEARTBEAT_LOST" */
    static const char* ToString(Event event);

  private:
    /** When something is due. */
    enum class Timer : uint8_t
    {
        WAIT,   //!< end of the waiting period, in INITIAL
        DOWN,   //!< the GCKS believed in has been silent too long, in MEMBER
        ADVERT, //!< next heartbeat, in GCKS; repetition held back by the rate limit, in INITIAL
        COUNT
    };

    void Handle(Event event, Time now);
    void ChangeRole(GcksRole to, Event cause, Time now);
    GcksRole ActStart(Time now);
    GcksRole ActStop(Time now);
    GcksRole ActDecide(Time now);
    GcksRole ActNoteBetter(Time now);
    GcksRole ActInsist(Time now);
    GcksRole ActBelieve(Time now);
    GcksRole ActHeartbeat(Time now);
    GcksRole ActCompare(Time now);
    GcksRole ActCorroborate(Time now);
    GcksRole ActLost(Time now);
    GcksRole ActAnswer(Time now);
    GcksRole ActAssert(Time now);
    GcksRole ActMerge(Time now);
    GcksRole ActYield(Time now);
    GcksRole ActFailed(Time now);
    GcksRole ActServe(Time now);
    void Wish(ElectionAction::Kind kind, IpAddress peer = {});
    void Advertise(Time now);
    void AdvertiseWhenAllowed(Time now);
    void Believe(Time now);
    bool IsOverdue(Time now) const;
    Time Skew() const;
    Time HeardInterval() const;

    ElectionConfig m_config;              //!< settings
    IpAddress m_address;                  //!< ours
    Entropy& m_entropy;                   //!< jitter
    GcksRole m_role{GcksRole::DOWN};      //!< written by ChangeRole alone
    TimerTable<Timer> m_timers;           //!< what is due
    std::deque<ElectionAction> m_actions; //!< wishes not fetched yet
    IpAddress m_gcks;                     //!< believed in
    GcksRank m_gcksRank;                  //!< what it says it is
    Time m_gcksInterval{0};               //!< between its heartbeats
    Time m_lastHeard{0};                  //!< its last heartbeat
    bool m_betterCandidate{false};        //!< heard in this waiting period
    uint32_t m_deferrals{0};              //!< waiting periods granted so far
    std::optional<Time> m_lastAdvert;     //!< our last multicast
    // What is being heard, while an event of Hear is handled.
    IpAddress m_from;                       //!< its source
    AdvertPayload m_advert;                 //!< what it says
    KekKnowledge m_kek{KekKnowledge::NONE}; //!< see Hear
    Time m_nextWait{0};                     //!< waiting period to begin with INITIAL
};

} // namespace karp
} // namespace ns3

#endif // KARP_GCKS_ELECTION_H
