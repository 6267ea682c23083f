/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MRKMP_TYPES_H
#define KARP_MRKMP_TYPES_H

#include "karp-gcks-election.h"
#include "karp-group-keys.h"
#include "karp-session-manager.h"

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
                 GroupMessage,
                 Dropped,
                 Session,
                 KeyLog>
        what; //!< one of them
};

} // namespace karp
} // namespace ns3

#endif // KARP_MRKMP_TYPES_H
