/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TRACE_WORLD_H
#define KARP_TRACE_WORLD_H

#include "karp-scenario-model.h"
#include "karp-trace-event.h"

#include "ns3/karp-drift-clock.h"
#include "ns3/karp-invariants.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** Role of a router in a group, as traces name it. */
enum class TraceRole : uint8_t
{
    DOWN,
    INITIAL,
    GCKS,
    MEMBER,
};

/** \return "down", "initial", "gcks" or "member" */
const char* ToString(TraceRole role);

/** \return the role called \p name, if it is one */
std::optional<TraceRole> ParseRole(const std::string& name);

/**
 * \ingroup karp
 * The state of all routers at one moment of a run, rebuilt from the lines of its trace and from
 * nothing else.
 */
class TraceWorld
{
  public:
    static constexpr uint32_t NOBODY = UINT32_MAX; //!< no router

    /** Kind of a key. */
    enum class KeyKind : uint8_t
    {
        KEK,
        PMK
    };

    /** A key that a router holds; times are those of the router's own clock. */
    struct HeldKey
    {
        int64_t acceptStart{0}; //!< nanoseconds
        int64_t sendStart{0};   //!< nanoseconds
        int64_t sendEnd{0};     //!< nanoseconds
        int64_t acceptEnd{0};   //!< nanoseconds
        std::string master{};   //!< the key that it is derived from, if it is
    };

    /** The world of \p scenario before anything has happened; \p scenario outlives it. */
    explicit TraceWorld(const Scenario& scenario);

    /** Let \p event happen. */
    void Apply(const TraceEvent& event);

    /** Let time go on to \p now: key lifetimes begin and end. What is instantaneous is over. */
    void AdvanceTo(int64_t now);

    /** \return the first moment after the present at which a key becomes valid or invalid */
    std::optional<int64_t> NextBoundary() const;

    /** \return a number that is another one after every change of the state */
    uint64_t Version() const
    {
        return m_version;
    }

    /** \return the present */
    int64_t Now() const
    {
        return m_now;
    }

    /** \return the present on the clock of \p node */
    int64_t LocalNow(uint32_t node) const
    {
        return m_nodes[node].clock.Local(Time(m_now)).count();
    }

    /** \return how many routers there are */
    uint32_t NodeCount() const
    {
        return static_cast<uint32_t>(m_nodes.size());
    }

    /** \return number of the group called \p name, NOBODY if there is none */
    uint32_t GroupNumber(const std::string& name) const;

    /** \return members of \p group */
    const std::vector<uint32_t>& Members(uint32_t group) const;

    /** \return whether \p node runs */
    bool IsUp(uint32_t node) const;
    /** \return role of \p node in \p group; DOWN while it does not run */
    TraceRole Role(uint32_t node, uint32_t group) const;
    /** \return whether \p node runs and is, or is about to be, GCKS or member of \p group */
    bool IsInGroup(uint32_t node, uint32_t group) const;
    /** \return whether it is, and holds the key that it takes */
    bool IsJoined(uint32_t node, uint32_t group) const;
    /** \return running routers that are GCKS of \p group, ascending */
    std::vector<uint32_t> GcksList(uint32_t group) const;
    /** \return how many GcksList returns */
    uint32_t CountGcks(uint32_t group) const;
    /** \return the GCKS of \p group; NOBODY if there is none or more than one */
    uint32_t Gcks(uint32_t group) const;

    /** \return identifier of the key that \p node sends with in \p group; empty if there is none */
    std::string SendKey(uint32_t node, uint32_t group, KeyKind kind) const;
    /** \return whether all routers in \p group send with one key, and there are any */
    bool SameKey(uint32_t group, KeyKind kind) const;
    /** \return the key called \p id of \p node, nullptr if it is not held */
    const HeldKey* FindKey(uint32_t node,
                           uint32_t group,
                           KeyKind kind,
                           const std::string& id) const;

    /**
     * \param event a line about a packet of routing that names its key
     * \param[out] group whose key it is
     * \return name of the key it was sent under; empty if its sender holds none of that identifier
     */
    std::string KeyOf(const TraceEvent& event, uint32_t& group) const;
    /** \return names of the keys that \p node holds or ever held in \p group */
    const std::set<std::string>& EverHeld(uint32_t node, uint32_t group, KeyKind kind) const;
    /** \return whether \p node was evicted from \p group */
    bool IsEvicted(uint32_t node, uint32_t group) const;
    /** \return whether a newcomer could join \p group: there is a GCKS, and it has a KEK */
    bool IsJoinable(uint32_t group) const;
    /**
     * \return routers whose messages \p node could verify, with all the keys that it ever held:
     * they are in \p group and send under one of them
     */
    std::vector<uint32_t> Verifiable(uint32_t node, uint32_t group) const;
    /** \return routers that, at the present moment, sent a number again under the same key */
    const std::vector<uint32_t>& SequenceReuses(uint32_t group) const;

    /** \return whether \p a and \p b run and each sees the other 2-Way or better */
    bool IsAdjacent(uint32_t a, uint32_t b) const;
    /** \return the routers that are on a LAN with \p node, ascending */
    const std::vector<uint32_t>& Neighbors(uint32_t node) const;
    /** \return whether all running routers are adjacent on each LAN, and there are any */
    bool AllAdjacent() const;
    /**
     * \return running routers that do not see a running neighbour, or are not Full with one that
     * they should be adjacent to (RFC 2328 section 10.4), ascending
     */
    std::vector<uint32_t> NotFull() const;

    /** \return whether there is no such router, and one that runs */
    bool AllFull() const
    {
        return AllAdjacent() && NotFull().empty();
    }

    /** \return networks that \p node has a route to; 0 while it does not run */
    int64_t Routes(uint32_t node) const
    {
        return m_nodes[node].up ? m_nodes[node].routes : 0;
    }

    /** \return whether \p a, running, sees \p b, running, 2-Way or better */
    bool Sees(uint32_t a, uint32_t b) const;

    /** \return routers that, at the present moment, dropped for want of a key they should have */
    const std::vector<uint32_t>& KeyDrops(uint32_t group) const;
    /** \return routers that, at the present moment, dropped for a sequence number */
    const std::vector<uint32_t>& SequenceDrops(uint32_t group) const;

    /**
     * \param attack number of an event of the timeline
     * \return routers that, at the present moment, accepted a message of that attack
     */
    std::vector<uint32_t> Accepted(uint32_t attack) const;

    /** \return whether something instantaneous happened at the present moment */
    bool HasPulse() const
    {
        return m_pulse;
    }

    /** \return when \p label, with \p suffix "", "first", "last" or "end", was; if it was */
    std::optional<int64_t> LabelTime(const std::string& label, const std::string& suffix) const;

    /** \return number of the router called \p name, NOBODY if there is none */
    uint32_t NodeNumber(const std::string& name) const;
    /** \return name of \p node */
    const std::string& NodeName(uint32_t node) const;

  private:
    /** What a router is in one group. */
    struct Membership
    {
        bool member{false};                     //!< whether it may ever be
        TraceRole role{TraceRole::DOWN};        //!< role
        bool evicted{false};                    //!< it may not be a member any more
        std::map<std::string, HeldKey> keys[2]; //!< by kind and name
        std::set<std::string> everHeld[2];      //!< names, by kind
        std::map<std::string, NumberSet> sent;  //!< sequence numbers, by name of a PMK
    };

    /** A router. */
    struct Node
    {
        std::string name;                            //!< name
        bool up{true};                               //!< whether it runs
        DriftClock clock;                            //!< which key lifetimes go by
        int64_t routes{0};                           //!< networks that it has a route to
        std::vector<Membership> memberships;         //!< by group
        std::map<uint32_t, std::set<int64_t>> sees;  //!< by router: interfaces, 2-Way or better
        std::set<std::pair<uint32_t, int64_t>> full; //!< neighbours that are, and the interface
        std::map<int64_t, std::pair<uint32_t, uint32_t>> designated; //!< DR, BDR by interface
    };

    /** What happened at the present moment only. */
    struct Pulses
    {
        std::vector<uint32_t> keyDrops;      //!< routers
        std::vector<uint32_t> sequenceDrops; //!< routers
        std::vector<uint32_t> reuses;        //!< routers
    };

    void ApplyRole(const TraceEvent& event);
    void ApplyKey(const TraceEvent& event);
    void ApplyDrop(const TraceEvent& event);
    // karp-trace-world-routing.cc
    void ApplyAdjacency(const TraceEvent& event);
    void ApplyDesignated(const TraceEvent& event);
    bool IsFull(uint32_t node, uint32_t other, int64_t interface) const;
    void ApplyFault(const TraceEvent& event);
    void ApplyMessage(const TraceEvent& event);
    void ApplyEviction(const TraceEvent& event);
    void ApplyAttack(const TraceEvent& event);
    void SetUp(uint32_t node, bool up);
    void Lose(uint32_t node, const std::vector<std::string>& what);
    void SetSees(uint32_t a, uint32_t b, int64_t interface, bool sees);
    void ApplyClock(const TraceEvent& event, uint32_t node);
    /** Note when the lifetimes of \p key of \p node begin and end. */
    void NoteBoundaries(uint32_t node, const HeldKey& key);

    std::map<std::string, uint32_t> m_nodeNumbers;        //!< by name
    std::map<std::string, uint32_t> m_groupNumbers;       //!< by name
    std::vector<std::vector<uint32_t>> m_members;         //!< by group
    std::vector<std::string> m_segments;                  //!< by group
    std::vector<std::vector<uint32_t>> m_neighbors;       //!< by router: those on a LAN with it
    std::vector<Node> m_nodes;                            //!< by number
    std::vector<Pulses> m_pulses;                         //!< by group
    std::map<std::string, uint32_t> m_attacks;            //!< events of the timeline, by id
    std::map<uint32_t, std::vector<uint32_t>> m_accepted; //!< routers, by attack; a pulse
    std::set<int64_t> m_boundaries;                       //!< of key lifetimes, in the future
    std::map<std::string, int64_t> m_labels;              //!< label.suffix -> when
    int64_t m_now{0};                                     //!< the present
    uint64_t m_version{0};                                //!< changes so far
    uint64_t m_upCount{0};                                //!< running routers
    uint64_t m_pairCount{0};                              //!< ordered pairs of running neighbours
    uint64_t m_seesCount{0};                              //!< those of them that see
    bool m_pulse{false};                                  //!< whether any of m_pulses is not empty
};

} // namespace karp
} // namespace ns3

#endif // KARP_TRACE_WORLD_H
