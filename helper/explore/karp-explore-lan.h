/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_EXPLORE_LAN_H
#define KARP_EXPLORE_LAN_H

#include "karp-explore-settings.h"
#include "karp-explorer.h"

#include "ns3/karp-engine-watch.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-invariants.h"
#include "ns3/karp-seeded-entropy.h"

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

/** Something that happened in a run, for a ladder diagram. */
struct ExploreEvent
{
    static constexpr size_t NOBODY = SIZE_MAX; //!< no router

    Time at{0};          //!< when
    size_t from{NOBODY}; //!< who sent a message; NOBODY: it is no message
    size_t to{NOBODY};   //!< who got it, or to whom something happened
    std::string what;    //!< message, or what happened
    std::string fate;    //!< of a message, if unusual: "lost", "late", ...
    bool fault{false};   //!< whether it was a deviation from the normal way
    bool dull{false};    //!< whether people would rather not read it
};

/**
 * \ingroup karp
 * Routers on a LAN, with the engines that simulations use, as a system to be explored. Normally all
 * start at once and every datagram arrives 50 us later. What may be otherwise, each up to a number
 * of times, before an event of the first seconds:
 *
 *   lose      the message that comes next does not
 *   swap      it changes places with the next one for the same router
 *   late      it comes 700 ms later
 *   copy      it comes now, and again 700 ms later
 *   replay    it comes now, and again 12 s later
 *   reboot1   r1, which has just done something, crashes, and begins anew 300 ms later
 *   outage1   the same, 12 s later
 *   cut1      nothing passes between r1, whose message comes next, and the others, for 12 s
 *   mute1     r1 is not heard for 12 s, and hears the others
 *   deaf1     r1, which the next message is for, hears nobody for 12 s, and is heard
 *
 * 700 ms are more than a copy or a first repetition needs; 12 s more than a group without
 * GCKS needs to find another one and change keys. All timers are short, jitter and spread are off.
 *
 * After every event the monitor of the invariants is asked. After the last fault things take their
 * normal course for as long as it grants, and then there must be one GCKS, with which all others
 * are registered; without any fault it is the most preferred router.
 *
 * Routing sends a packet at the end of every instant, in thought. Only the first one of a router
 * under a key has a number: as numbers begin anew with a reboot, it is the one that is used twice,
 * if any is.
 */
class ExploreLan : public Explorable
{
  public:
    /** A LAN. \param record whether Events are kept */
    explicit ExploreLan(const ExploreSettings& settings, bool record = false);
    ~ExploreLan() override;

    // Explorable
    bool IsOver() const override;
    std::vector<std::string> Deviations() const override;
    void Deviate(const std::string& name) override;
    void Step() override;
    std::string Violation() const override;
    ExploreState State() const override;

    /** \return what happened so far, oldest first */
    const std::vector<ExploreEvent>& Events() const
    {
        return m_events;
    }

    /** \return the present */
    Time Now() const
    {
        return m_now;
    }

    /** \return the names of the routers */
    std::vector<std::string> Names() const;

  private:
    /** A key that routing has used. */
    struct UsedKey
    {
        KeyTag key;        //!< which
        Time acceptEnd{0}; //!< nobody holds it from then on
        bool now{false};   //!< since the last start, too
    };

    /** A router. */
    struct Node : WatchedRouter
    {
        SeededEntropy entropy{0};   //!< its randomness
        Time since{0};              //!< its last start, or the end of its last cut
        std::optional<Time> bootAt; //!< it is off until then
        std::optional<Time> healAt; //!< it is cut off until then
        bool hears{true};           //!< the others
        bool heard{true};           //!< by the others
        std::vector<UsedKey> used;  //!< in order of first use
        /** Last number of a group message accepted, by KEK and sender; engines know it too. */
        std::map<std::pair<uint64_t, IpAddress>, uint64_t> accepted;
    };

    /** A datagram on its way to one router. */
    struct Message
    {
        Time at{0};         //!< it arrives
        size_t from{0};     //!< who sent it
        size_t to{0};       //!< for whom
        Datagram datagram;  //!< what
        const char* fate;   //!< "" or what has happened to it
        bool copied{false}; //!< there is another one of it
    };

    /** What comes next. */
    struct Next
    {
        /** Kinds, in the order of equal instants. */
        enum class Kind : uint8_t
        {
            MESSAGE, //!< the first one arrives
            BOOT,    //!< a router begins
            HEAL,    //!< a cut ends
            TIMER,   //!< of a router
            END,     //!< the run is over
        };

        Kind kind{Kind::END}; //!< which
        Time at{0};           //!< when
        size_t router{0};     //!< whose
    };

    Next FindNext() const;
    Time EndOfRun() const;
    void Deliver();
    void Boot(size_t index);
    void Crash(size_t index, Time off);
    void CutOff(size_t index, Time off, bool hears, bool heard);
    void Heal(size_t index);
    bool IsCut(size_t from, size_t to) const;
    void Impair();
    void Post(Message message);
    void Pump(size_t index);
    void CheckNumber(Node& node, const MrkmpEvent::GroupMessage& message);
    void Check();
    void Finish();
    void Blame(const std::string& what);
    void Tell(const MrkmpEvent& event, size_t index);
    void TellMessage(const Message& message, const char* fate, bool fault);
    void TellMark(size_t router, const std::string& what, bool fault);
    std::string NameOf(const Datagram& datagram);
    std::string KekName(uint64_t keyId);
    std::string PmkName(const std::string& adminKeyName);
    void AddTo(StateDigest& digest) const;

    ExploreSettings m_settings;                 //!< settings
    bool m_record;                              //!< whether to keep events
    InvariantMonitor m_monitor;                 //!< watches the group
    EngineWatch m_watch;                        //!< tells it
    std::vector<std::unique_ptr<Node>> m_nodes; //!< routers
    std::list<Message> m_wire;                  //!< by arrival
    Time m_now{0};                              //!< the present
    size_t m_actor{ExploreEvent::NOBODY};       //!< who did something in the last event
    bool m_over{false};                         //!< the run is over
    std::string m_violation;                    //!< the first one
    ExploreBudget m_left;                       //!< faults that may still come
    uint32_t m_faults{0};                       //!< so far
    std::vector<ExploreEvent> m_events;         //!< what happened, if recorded
    bool m_dull{true};                          //!< nothing of interest in the present event
    std::vector<uint64_t> m_keks;               //!< met, for their names in Events
    std::vector<std::string> m_pmks;            //!< met, for their names in Events
};

} // namespace karp
} // namespace ns3

#endif // KARP_EXPLORE_LAN_H
