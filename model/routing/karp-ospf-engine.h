/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_ENGINE_H
#define KARP_OSPF_ENGINE_H

#include "karp-ospf-config.h"
#include "karp-ospf-states.h"

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

    /** The routing table changed (section 11); see OspfEngine::Routes. */
    struct RoutesChanged
    {
        size_t changes{0}; //!< destinations that came, went or are reached otherwise
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
                 RoutesChanged,
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
class OspfLinkState;
class OspfLsaPool;
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

    /**
     * Exchange link state; before interfaces are added. Otherwise neighbours stay in 2-Way, which
     * is all that key management needs to see.
     * \return false if interfaces were added before
     */
    bool EnableLinkState(const OspfLinkStateConfig& config);

    /** Share LSAs with other routers; after EnableLinkState. */
    void SetLsaPool(std::shared_ptr<OspfLsaPool> pool);

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
     * There is a key to send with on an interface, from \p at on: if its last Hello could not be
     * sent for want of one, it is sent then.
     */
    void KeyInstalled(uint32_t index, Time at, Time now);

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

    /** Tell the AS of a route of another origin (section 12.4.4). */
    void AddExternal(const OspfExternalRoute& route, Time now);
    /** Tell it no longer. */
    void RemoveExternal(IpAddress address, uint32_t mask, Time now);
    /** Change what an interface costs. */
    void SetCost(uint32_t index, uint16_t cost, Time now);

    /** \return the link-state part, to look at; nullptr if it was not enabled */
    const OspfLinkState* LinkState() const;

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

    /** See to what follows from what just happened. */
    void Settle(Time now);

    std::unique_ptr<OspfContext> m_context;                          //!< what the interfaces share
    std::unique_ptr<OspfLinkState> m_linkState;                      //!< or nullptr: Hellos only
    std::map<uint32_t, std::unique_ptr<OspfInterface>> m_interfaces; //!< by number
    mutable std::optional<Time> m_nextTimeout; //!< holds unless the context says otherwise
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ENGINE_H
