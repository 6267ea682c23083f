/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_TIMELINE_H
#define KARP_SCENARIO_TIMELINE_H

#include "ns3/karp-types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/**
 * \file
 * \ingroup karp
 * What happens in a scenario, and to whom; part of karp-scenario-model.h.
 */

namespace ns3
{
namespace karp
{

/**
 * Who is meant: words as they were written. They are resolved when they are needed, for "role:gcks"
 * is somebody else every time.
 */
struct Selector
{
    /** Kind of a term. */
    enum class Kind : uint8_t
    {
        NODES,      //!< r3, r0..r9, c*, all: always the same
        SET,        //!< west, all:lan0: those of its base
        ROLE,       //!< role:gcks, role:gcks:g0
        DESIGNATED, //!< dr, bdr:lan0
        EVENT,      //!< it: where the event happened that on_event waited for
        RANDOM,     //!< random:2, random:2:west
        FRACTION,   //!< frac:0.3, frac:0.3:west
        FIRST_HALF, //!< first-half:lan0
        REST,       //!< rest:lan0: the other half
    };

    /** One word of a list. */
    struct Term
    {
        Kind kind{Kind::NODES};      //!< what it is
        bool exclude{false};         //!< whether these are not meant
        std::vector<uint32_t> nodes; //!< routers, ascending
        uint32_t count{0};           //!< how many at random
        double fraction{0};          //!< which share at random
        std::string name;            //!< role; dr or bdr
        std::string place;           //!< of a role its group, of a DR its LAN; empty: any
        std::vector<Term> base;      //!< of whom
        std::string text;            //!< as written
    };

    std::vector<Term> terms; //!< all of them are meant, but those excluded
};

/** What an attack is; see karp-attack-language.h. */
struct AttackSpec
{
    /** An argument. */
    struct Argument
    {
        std::string block;     //!< where it stands; empty: in the event itself
        std::string key;       //!< its name
        std::string text;      //!< what is written, computed; empty where it is a list
        std::string attribute; //!< ns-3 attribute that it sets, if it does
        std::string value;     //!< what it is set to; for ROUTER found when it begins
        Selector who;          //!< routers, where it names some
    };

    std::string kind;                //!< which kind
    uint32_t outsider{0};            //!< who does it
    std::vector<Argument> arguments; //!< as written, in the order of the table
    std::vector<std::string> types;  //!< of messages that it is about; empty: of all
    Selector from;                   //!< whose messages; no terms: everybody's
    Selector to;                     //!< to whom; no terms: to everybody
    Selector after;                  //!< whose boot it waits for; no terms: it does not wait
    Selector member;                 //!< whose keys it has
    std::optional<uint32_t> playOn;  //!< another LAN to play back on
};

/** What happens at one moment of block timeline. */
struct TimelineEvent
{
    /** What is done. */
    enum class Verb : uint8_t
    {
        CRASH,
        BOOT,
        REBOOT,
        PRIORITY,
        IMPAIR,
        CLEAR,
        MARK,
        PARTITION,
        CUT,
        HEAL,
        STOP_KMP,
        START_KMP,
        LEAVE,
        JOIN,
        EXHAUST_SEQ,
        CLOCK,
        REKEY,
        EVICT,
        HANDOVER,
        ATTACK,
        STOP_ATTACK,
        LINK_DOWN,
        COUNT
    };

    size_t line{0};                   //!< where it stands
    Time at{0};                       //!< earliest
    Time atEnd{0};                    //!< latest; as at where it is not drawn
    Verb verb{Verb::MARK};            //!< what
    std::string label;                //!< name of the moment
    Selector target;                  //!< whom
    std::vector<uint32_t> lans;       //!< where: on which LANs; empty: on all
    std::vector<Selector> sets;       //!< partition: who stays together; cut: from and to
    bool oneWay{false};               //!< partition: the former sets still hear the latter
    bool silent{false};               //!< link_down: nobody is told but by silence
    std::vector<std::string> refs;    //!< heal: labels of cuts; empty: all; stop_attack
    uint32_t value{0};                //!< priority
    std::string group;                //!< in which group; empty: in all
    Time down{0};                     //!< reboot: until it boots
    Time stagger{0};                  //!< crash, boot, reboot: from one target to the next
    std::vector<std::string> lose;    //!< crash, reboot: what is lost
    std::optional<double> loss;       //!< impair
    std::optional<double> duplicate;  //!< impair
    std::optional<double> reorder;    //!< impair
    std::optional<Time> reorderDelay; //!< impair: how long what is reordered is held back
    std::optional<Time> delay;        //!< impair
    std::optional<Time> jitter;       //!< impair
    std::optional<Time> offset;       //!< clock: ahead of the simulation
    std::optional<double> drift;      //!< clock: too fast, parts per million
    std::vector<std::pair<std::string, std::string>> onEvent; //!< fields of a line of the trace
    Time wait{0};                                             //!< with onEvent: from that line on
    Time notBefore{0}; //!< with onEvent: lines before do not count
    uint32_t times{1}; //!< with onEvent: how often at most
    Time every{0};     //!< again after so much time; 0: not again
    Time until{0};     //!< with every: not later than this
    Time duration{0};  //!< attack: it ends after so much time; 0: not by itself
    AttackSpec attack; //!< attack

    /** \return the last moment at which it may still be doing something */
    Time Latest() const;
};

/** \return "crash", "boot", ... */
const char* ToString(TimelineEvent::Verb verb);

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_TIMELINE_H
