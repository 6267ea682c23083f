/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MRKMP_TYPES_H
#define KARP_MRKMP_TYPES_H

#include "karp-gcks-election.h"
#include "karp-group-keys.h"
#include "karp-session-manager.h"
#include "karp-transport-keys.h"

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-key-table.h"
#include "ns3/karp-types.h"

#include <string>
#include <variant>

namespace ns3
{
namespace karp
{

/** Why a GCKS made new keys. */
enum class RekeyCause : uint8_t
{
    TAKE_OVER,  //!< it has become GCKS (E13)
    LIFETIME,   //!< the KEK comes to its end (K3)
    SEQUENCE,   //!< the KEK's messages come to their end (G7)
    REBOOT,     //!< a member lost its sequence numbers (J6)
    REQUEST,    //!< sequence numbers of a member, or our own, run low (J8)
    MERGE,      //!< another group has joined this one (M2)
    EVICTION,   //!< a member is one no more (G6)
    RETIREMENT, //!< members are to prove who they are (G5)
    ADMIN,      //!< somebody wished it
};

/** \return "take-over", "lifetime", ... */
const char* ToString(RekeyCause cause);

/** Settings of MRKMP for one group on one link; see the attributes of KmpApplication. */
struct MrkmpConfig
{
    IpAddress address;                  //!< ours on the link; lowest wins ties (E7)
    IpAddress groupAddress{0xe00000fe}; //!< where advertisements and group messages go
    GroupIdPayload group;               //!< which group
    std::string groupName;              //!< for key names and people
    uint32_t interface {
        0
    };                                             //!< number of the interface, for key-table rows
    ElectionConfig election;                       //!< priority, heartbeat, waiting period
    GroupKeyConfig keys;                           //!< algorithms, lifetimes, lead
    SessionConfig session;                         //!< unicast associations
    Time updateInterval{std::chrono::seconds(30)}; //!< between periodic updates (G3)
    uint32_t updateCopies{3};                      //!< of an update that changes something
    Time updateCopySpacing{std::chrono::seconds(1)};       //!< between these copies
    uint32_t mergeCopies{3};                               //!< under the old KEK (M4)
    Time mergeCopySpacing{std::chrono::milliseconds(500)}; //!< between these copies
    Time rebootLead{std::chrono::seconds(3)}; //!< lead of a PMK made because a member rebooted (J6)
    Time joinSpread{std::chrono::seconds(1)}; //!< members with keys register within this (K6)
    Time blacklistTimeout{std::chrono::seconds(30)}; //!< advertisements ignored this long (E10)
    size_t blacklistMax{64};                         //!< entries
    size_t membersMax{4096};                         //!< members a GCKS remembers
    /** Another one whenever routing has lost its sequence numbers; 0: INITIAL_CONTACT says it. */
    uint64_t bootId{0};
    bool rebootAlways{false}; //!< who comes without its numbers changes the key, used or not (K9)
    uint32_t referralsMax{3}; //!< followed one after the other (J9)
    Time evictLead{std::chrono::seconds(3)};     //!< lead of the keys after an eviction (G6)
    Time evictOverlap{std::chrono::seconds(1)};  //!< the old keys are received for after that (G6)
    size_t evictedMax{64};                       //!< identities remembered as evicted
    Time joinPatience{std::chrono::seconds(30)}; //!< for a GCKS that has proven nothing (E10, E11)
    Time rivalPatience{
        std::chrono::milliseconds(500)}; //!< the same, while another one is heard (E11)
    uint32_t fruitlessMax{2};            //!< joins that come to nothing until nobody is believed
    uint64_t kekMessagesMax{uint64_t{1} << 32U}; //!< messages of ours under one KEK (G7)
    TransportKeyConfig transport;                //!< transport keys apart from PMKs (K5)
};

/** A list that others make grow, and the size that it never passes. */
struct MrkmpList
{
    const char* name{""}; //!< for people
    size_t size{0};       //!< now
    size_t bound{0};      //!< at most
};

/** What the engine tells its host. */
struct MrkmpEvent
{
    /** Role changed. */
    struct RoleChanged
    {
        GcksRole from{GcksRole::DOWN}; //!< role left
        GcksRole to{GcksRole::DOWN};   //!< role entered
        const char* cause{""};         //!< event of the election's machine
    };

    /** An advertisement was sent. */
    struct AdvertSent
    {
        AdvertState state{AdvertState::INITIAL}; //!< what it says
        uint8_t priority{0};                     //!< what it says
        bool unicast{false};                     //!< answer to a newcomer (E3)
    };

    /** A join ended. */
    struct JoinDone
    {
        IpAddress gcks;      //!< with whom
        bool ok{false};      //!< whether keys came of it
        Time took{0};        //!< from the first request
        std::string failure; //!< why not
    };

    /** A KEK is there, or its lifetimes are others now, or it is gone. */
    struct KekChanged
    {
        uint64_t keyId{0};      //!< which
        KeyLifetimes lifetimes; //!< validity
        const char* what{""};   //!< "install", "update" or "retire"
    };

    /** A protocol master key for the key table: insert it, or change its lifetimes. */
    struct KeyInstalled
    {
        KeyRow row;         //!< the whole row
        bool update{false}; //!< whether the row is there already and only lifetimes changed
    };

    /** A protocol master key must go from the key table. */
    struct KeyRetired
    {
        std::string adminKeyName; //!< which
    };

    /** As GCKS: new keys were made. */
    struct Rekeyed
    {
        RekeyCause cause{RekeyCause::ADMIN}; //!< why
        uint64_t kekId{0};                   //!< the new KEK; 0 if only the PMK is new
        std::string adminKeyName;            //!< of the new protocol master key
    };

    /** A group message was sent or accepted. */
    struct GroupMessage
    {
        bool sent{false};     //!< or else received
        uint64_t kekId{0};    //!< under which KEK
        uint64_t sequence{0}; //!< its number
        IpAddress sender;     //!< whose it is
    };

    /** Something was rejected. */
    struct Dropped
    {
        Drop drop; //!< why
    };

    /** News of a unicast association. */
    struct Session
    {
        SessionEvent event; //!< what happened
    };

    /** Keys for the key log, if config.session.keyLog: unicast or group. */
    struct KeyLog
    {
        SessionKeys keys; //!< in Wireshark's terms
    };

    std::variant<RoleChanged,
                 AdvertSent,
                 JoinDone,
                 KekChanged,
                 KeyInstalled,
                 KeyRetired,
                 Rekeyed,
                 GroupMessage,
                 Dropped,
                 Session,
                 KeyLog>
        what; //!< one of them
};

} // namespace karp
} // namespace ns3

#endif // KARP_MRKMP_TYPES_H
