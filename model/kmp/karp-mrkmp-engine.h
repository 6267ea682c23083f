/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MRKMP_ENGINE_H
#define KARP_MRKMP_ENGINE_H

#include "karp-credentials.h"
#include "karp-gcks-election.h"
#include "karp-group-keys.h"
#include "karp-session-manager.h"

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-key-table.h"
#include "ns3/karp-types.h"

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>

namespace ns3
{
namespace karp
{

/** Settings of MRKMP for one group on one link; see the attributes of KmpApplication. */
struct MrkmpConfig
{
    IpAddress address;      //!< ours on the link; lowest wins ties (E7)
    IpAddress groupAddress{0xe00000fe}; //!< where advertisements and group messages go
    GroupIdPayload group;   //!< which group
    std::string groupName;  //!< for key names and people
    uint32_t interface{0};  //!< number of the interface, for key-table rows
    ElectionConfig election; //!< priority, heartbeat, waiting period
    GroupKeyConfig keys;     //!< algorithms, lifetimes, lead
    SessionConfig session;   //!< unicast associations
    Time updateInterval{std::chrono::seconds(30)};   //!< between periodic updates (G3)
    uint32_t updateCopies{3};                        //!< of an update that changes something
    Time updateCopySpacing{std::chrono::seconds(1)}; //!< between these copies
    uint32_t mergeCopies{3};                         //!< under the old KEK (M4)
    Time mergeCopySpacing{std::chrono::milliseconds(500)}; //!< between these copies
    Time blacklistTimeout{std::chrono::seconds(30)}; //!< advertisements ignored this long (E10)
    size_t blacklistMax{64};                         //!< entries
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
        KeyRow row;          //!< the whole row
        bool update{false};  //!< whether the row is there already and only lifetimes changed
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

    /** \return rejections so far, by reason */
    const DropCounters& Drops() const;

    /** \return cryptographic operations so far, for the CPU-cost model */
    const CryptoCounters& Counters() const;
};

} // namespace karp
} // namespace ns3

#endif // KARP_MRKMP_ENGINE_H
