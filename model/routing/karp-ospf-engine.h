/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_ENGINE_H
#define KARP_OSPF_ENGINE_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-drop-reason.h"
#include "ns3/karp-key-table.h"
#include "ns3/karp-ospf-packet.h"
#include "ns3/karp-types.h"

#include <map>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace ns3
{
namespace karp
{

/** Interface states (RFC 2328 section 9.1). */
enum class OspfInterfaceState : uint8_t
{
    DOWN,
    LOOPBACK,
    WAITING,
    POINT_TO_POINT,
    DR_OTHER,
    BACKUP,
    DR,
    COUNT
};

/** Neighbor states (RFC 2328 section 10.1). */
enum class OspfNeighborState : uint8_t
{
    DOWN,
    ATTEMPT,
    INIT,
    TWO_WAY,
    EX_START,
    EXCHANGE,
    LOADING,
    FULL,
    COUNT
};

/** \return the name RFC 2328 gives \p state, such as "DROther" */
const char* ToString(OspfInterfaceState state);
/** \return the name RFC 2328 gives \p state, such as "2-Way" */
const char* ToString(OspfNeighborState state);

/** Where cryptographic sequence numbers begin after a boot (RFC 2328 D.3 leaves it open). */
enum class OspfSequenceInit : uint8_t
{
    ZERO,  //!< at 0: nothing kept over a reboot
    CLOCK, //!< at the seconds of the clock, never below: BIRD and FRR
    KEPT,  //!< where it was: kept in stable storage (OspfInterfaceConfig::firstSequence)
};

/** Which sequence numbers a receiver accepts with AuType 2. AuType 3 has a rule of its own. */
enum class OspfSequenceRule : uint8_t
{
    NOT_LESS, //!< not less than the last one (RFC 2328 D.5.3)
    GREATER,  //!< greater than the last one, as some routers insist on
};

/** How often a sender takes another number. */
enum class OspfSequenceStep : uint8_t
{
    PACKET, //!< for each packet
    SECOND, //!< once a second of the clock; several packets may then have one (RFC 2328 D.4.3)
};

/** Settings of one interface (RFC 2328 section 9, appendix C.3). */
struct OspfInterfaceConfig
{
    uint32_t index{0};                            //!< its number: the host's, and the key table's
    IpAddress address;                            //!< IP interface address
    uint32_t networkMask{0xffffff00};             //!< IP interface mask
    uint32_t areaId{0};                           //!< area
    uint8_t priority{1};                          //!< Router Priority; 0: never Designated Router
    Time helloInterval{std::chrono::seconds(10)}; //!< HelloInterval, whole seconds on the wire
    Time routerDeadInterval{std::chrono::seconds(40)}; //!< RouterDeadInterval
    double helloJitter{0.1}; //!< each interval shortened by up to this fraction
    OspfAuthType authType{OspfAuthType::CRYPTOGRAPHIC};      //!< AuType 0, 2 or 3
    KeyPreparation keyPreparation{KeyPreparation::RFC_2104}; //!< of long keys, with AuType 2
    OspfSequenceInit sequenceInit{OspfSequenceInit::ZERO};   //!< where sequence numbers begin
    uint64_t firstSequence{0};                               //!< with KEPT: the first one to use
    uint32_t bootCount{0}; //!< with AuType 3 and without KEPT: upper half of the first one
    uint32_t sequenceLimit{UINT32_MAX}; //!< last number of the sequence space (R2), or of its lower
                                        //!< half with AuType 3
    OspfSequenceStep sequenceStep{OspfSequenceStep::PACKET};   //!< with AuType 3 for each packet
    OspfSequenceRule sequenceRule{OspfSequenceRule::NOT_LESS}; //!< with AuType 2
    bool sequenceForgotten{true}; //!< a neighbour's number goes with the neighbour (D.3)
    bool sequencePerKey{false};   //!< a neighbour has a number for each key
    size_t neighborsMax{1024};    //!< bound of the neighbour list
};

/** What the engine tells its host. */
struct OspfEvent
{
    /** State of an interface changed (section 9.1). */
    struct InterfaceChanged
    {
        OspfInterfaceState from{OspfInterfaceState::DOWN}; //!< left
        OspfInterfaceState to{OspfInterfaceState::DOWN};   //!< entered
        const char* cause{""};                             //!< event of section 9.2
    };

    /** State of a neighbour changed (section 10.1). */
    struct NeighborChanged
    {
        uint32_t routerId{0};                            //!< which neighbour
        IpAddress address;                               //!< where it is
        OspfNeighborState from{OspfNeighborState::DOWN}; //!< left
        OspfNeighborState to{OspfNeighborState::DOWN};   //!< entered
        const char* cause{""};                           //!< event of section 10.2
    };

    /** (Backup) Designated Router changed (section 9.4). */
    struct DesignatedRouterChanged
    {
        IpAddress designatedRouter;       //!< its interface address
        IpAddress backupDesignatedRouter; //!< its interface address
        bool self{false};                 //!< whether we are the Designated Router
    };

    /** Sequence space runs low: key management should change the key (H 8, R2). */
    struct SequenceLow
    {
        uint64_t sequence{0}; //!< last number used
    };

    /** A neighbour has used a key for the first time since keys last changed (K9). */
    struct KeyHeard
    {
        std::string adminKeyName; //!< row of the key table
        IpAddress peer;           //!< IP source
    };

    /** A packet was rejected, or could not be sent. */
    struct Dropped
    {
        Drop drop; //!< why
    };

    uint32_t interface {
        0
    }; //!< where
    std::variant<InterfaceChanged,
                 NeighborChanged,
                 DesignatedRouterChanged,
                 SequenceLow,
                 KeyHeard,
                 Dropped>
        what; //!< one of them
};

/** A packet to send. */
struct OspfTransmit
{
    uint32_t interface {
        0
    };                            //!< where to
    IpAddress destination;        //!< AllSPFRouters, AllDRouters or a neighbour
    const Bytes* packet{nullptr}; //!< IP payload; valid until the engine is called again
};

class OspfInterface;
struct OspfContext;
class DigestMemo;

/**
 * \ingroup karp
 * The OSPFv2 router (RFC 2328), one for each process. Keys come only from the key table (R1).
 * Sans-IO: see the engine contract in doc/karp.rst.
 */
class OspfEngine
{
  public:
    /**
     * \param routerId Router ID
     * \param keys key table of the router; outlives the engine
     * \param entropy where jitter comes from; outlives the engine
     */
    OspfEngine(uint32_t routerId, const KeyTable& keys, Entropy& entropy);
    ~OspfEngine();

    /** Share what digests were computed for the same packet and key; nullptr: do not. */
    void SetDigestMemo(std::shared_ptr<DigestMemo> memo);

    /**
     * Add an interface, in state Down.
     * \return false if its number is taken, it has no address, an interval is not positive, its
     *         AuType is none of 0, 2 and 3, or AuType 3 should let numbers repeat
     */
    bool AddInterface(const OspfInterfaceConfig& config);

    /** Event InterfaceUp (section 9.2). */
    void InterfaceUp(uint32_t index, Time now);

    /** Event InterfaceDown (section 9.2): neighbours are forgotten. */
    void InterfaceDown(uint32_t index, Time now);

    /** Change Router Priority; it is told in the next Hello. */
    void SetPriority(uint32_t index, uint8_t priority, Time now);

    /**
     * A packet from the link. Never throws or aborts, whatever the octets.
     * \param index interface it came in by
     * \param source IP source
     * \param destination IP destination
     * \param packet IP payload; not kept
     * \param now the present
     */
    void Receive(uint32_t index,
                 IpAddress source,
                 IpAddress destination,
                 ByteView packet,
                 Time now);

    /** Fire every timer due at or before \p now. */
    void Advance(Time now);

    /** \return when Advance has something to do, absolute */
    std::optional<Time> NextTimeout() const;

    /** \return the next packet to send */
    std::optional<OspfTransmit> PollTransmit();

    /** \return the next event */
    std::optional<OspfEvent> PollEvent();

    /** A neighbour, as people and tests see it. */
    struct NeighborInfo
    {
        uint32_t routerId{0};                             //!< Router ID
        IpAddress address;                                //!< IP address
        uint8_t priority{0};                              //!< Router Priority
        OspfNeighborState state{OspfNeighborState::DOWN}; //!< state
        uint64_t sequence{0};                             //!< its greatest sequence number
    };

    /** \return the neighbours on an interface, in order of Router ID */
    std::vector<NeighborInfo> Neighbors(uint32_t index) const;

    /** \return state of an interface */
    OspfInterfaceState InterfaceState(uint32_t index) const;

    /** \return Designated Router on an interface; 0.0.0.0 is none */
    IpAddress DesignatedRouter(uint32_t index) const;

    /** \return Backup Designated Router on an interface; 0.0.0.0 is none */
    IpAddress BackupDesignatedRouter(uint32_t index) const;

    /** Let the sequence space of an interface run low with its next packet (H 2.4). */
    void ExhaustSequence(uint32_t index);
    /** \return the next cryptographic sequence number of an interface, to be kept over a reboot */
    uint64_t NextSequence(uint32_t index) const;

    /** \return rejections so far, by reason */
    const DropCounters& Drops() const;

    /** \return cryptographic operations so far, for the CPU-cost model */
    const CryptoCounters& Counters() const;

  private:
    /** \return interface \p index, or nullptr */
    OspfInterface* Find(uint32_t index) const;

    std::unique_ptr<OspfContext> m_context;                          //!< what the interfaces share
    std::map<uint32_t, std::unique_ptr<OspfInterface>> m_interfaces; //!< by number
    mutable std::optional<Time> m_nextTimeout; //!< holds unless the context says otherwise
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ENGINE_H
