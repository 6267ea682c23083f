/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_INTERFACE_H
#define KARP_OSPF_INTERFACE_H

#include "karp-ospf-authenticator.h"
#include "karp-ospf-context.h"
#include "karp-ospf-flooding.h"
#include "karp-ospf-neighbor.h"

#include "ns3/karp-state-machine.h"
#include "ns3/karp-timer-table.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace karp
{

class OspfLinkState;
struct OspfArea;

/**
 * \ingroup karp
 * A router's place on a network (RFC 2328 section 9): the machine of section 9.3, the neighbours,
 * who is Designated Router. What comes in is checked in karp-ospf-input.cc (section 8.2), the Hello
 * protocol is in karp-ospf-hello.cc (sections 9.5 and 10.5), flooding in karp-ospf-flooding.cc
 * (section 13).
 */
class OspfInterface
{
  public:
    /** A row of section 9.3. */
    using Row = Transition<OspfInterface, OspfInterfaceState, OspfInterfaceEvent, Time>;
    static constexpr size_t ROW_COUNT = 9; //!< rows of the machine
    /** The rows of section 9.3. */
    using Table = std::array<Row, ROW_COUNT>;

    /** Fractions of an interval that jitter may take away are below this one. */
    static constexpr double HELLO_JITTER_MAX = 0.9;

    /**
     * An interface, in state Down.
     * \param context the router's; outlives the interface
     * \param config settings
     */
    OspfInterface(OspfContext& context, const OspfInterfaceConfig& config);

    /**
     * Run the machine; an event not expected in this state is rejected.
     * \param event what happened
     * \param now the present
     */
    void Handle(OspfInterfaceEvent event, Time now);

    /** \return the machine, for tests and documents */
    static const Table& Machine();

    /** See OspfEngine::SetPriority. */
    void SetPriority(uint8_t priority, Time now);
    /** See OspfEngine::SetCost. */
    void SetCost(uint16_t cost, Time now);
    /** See OspfEngine::KeyInstalled. */
    void HandleKey(Time at, Time now);
    /** See OspfEngine::Receive. */
    void Receive(IpAddress source, IpAddress destination, ByteView packet, Time now);

    /** \return when Fire has something to do */
    std::optional<Time> NextTimeout() const
    {
        return m_timers.Next();
    }

    /** Fire the timer that is due first, if one is. \param now the present */
    void Fire(Time now);

    /** \return its settings */
    const OspfInterfaceConfig& Config() const
    {
        return m_config;
    }

    /** \return its state */
    OspfInterfaceState State() const
    {
        return m_state;
    }

    /** \return Designated Router; none is 0.0.0.0 */
    IpAddress DesignatedRouter() const
    {
        return m_designatedRouter;
    }

    /** \return Backup Designated Router; none is 0.0.0.0 */
    IpAddress BackupDesignatedRouter() const
    {
        return m_backupDesignatedRouter;
    }

    /** \return neighbours in order of Router ID */
    std::vector<const OspfNeighbor*> Neighbors() const;

    /** See OspfEngine::ExhaustSequence. */
    void ExhaustSequence()
    {
        m_authenticator.ExhaustSequence();
    }

    /** \return the next sequence number, to be kept over a reboot */
    uint64_t NextSequence() const
    {
        return m_authenticator.NextSequence();
    }

    /** \return the greatest sequence number that is remembered of \p neighbor; 0 if none is */
    uint64_t LastSequence(const OspfNeighbor& neighbor) const
    {
        return m_authenticator.Memory().Last(neighbor.Identity());
    }

    /** \return whether there should be an adjacency with \p neighbor (section 10.4) */
    bool ShouldBeAdjacent(const OspfNeighbor& neighbor) const;
    /** The state of a neighbour has changed. */
    void NeighborChanged(OspfNeighborState from, OspfNeighborState to, Time now);
    /** What is to be done no later than at some instant. */
    enum class Need : uint8_t
    {
        FLOOD,       //!< OspfFlooding::SendFlooded
        ACKNOWLEDGE, //!< OspfFlooding::SendAcknowledgments
        RETRANSMIT,  //!< OspfNeighbor::Retransmit
    };
    /** \p what is to be done at \p at, if not earlier. */
    void NeedAt(Need what, Time at);

    /** \return all neighbours, in order of what tells them apart */
    const std::vector<std::unique_ptr<OspfNeighbor>>& NeighborList() const
    {
        return m_neighbors;
    }

    /** \return flooding on this interface */
    OspfFlooding& Flooding();

    /** Count and tell a rejection. */
    void Reject(DropReason reason, uint64_t value, IpAddress peer);
    /** \return where packets for \p neighbor alone go (section 8.1) */
    IpAddress UnicastTo(const OspfNeighbor& neighbor) const;
    /** \return optional capabilities of the area (section A.2) */
    uint8_t Options() const;
    /** \return whether LSAs of \p type may be in the area */
    bool IsTypeKnown(OspfLsaType type) const;
    /** \return octets that an OSPF packet may have without being fragmented */
    size_t PayloadMax() const;

    /** \return the link-state part of the router, or nullptr */
    OspfLinkState* LinkState() const;

    /**
     * Send a packet.
     * \param type its type
     * \param destination IP destination
     * \param now the present
     * \param fill writes the body, given an OspfPacketWriter; not called if there is no key
     * \return whether it was sent
     */
    template <typename Fill>
    bool Send(OspfPacketType type, IpAddress destination, Time now, Fill&& fill)
    {
        OspfHeader header;
        if (!PrepareHeader(type, header, now))
        {
            return false;
        }
        OspfOutgoing& outgoing = m_context.transmits.Push();
        outgoing.interface = m_config.index;
        outgoing.destination = destination;
        OspfPacketWriter writer(header, outgoing.packet);
        fill(writer);
        writer.Finish();
        FinishPacket(header, outgoing.packet);
        return true;
    }

    /** The area it is in. \param area outlives the interface */
    void SetArea(OspfArea& area)
    {
        m_area = &area;
    }

    /** \return the area it is in; only with a link-state part */
    OspfArea& Area() const
    {
        return *m_area;
    }

    /** \return Router IDs of the neighbours in state Full, in order */
    std::vector<uint32_t> FullNeighbors() const;
    /** \return whether the Designated Router, another router, is a neighbour in state Full */
    bool IsFullWithDesignatedRouter() const;

  private:
    /** What may be due. */
    enum class Timer : uint8_t
    {
        INACTIVITY, //!< no later than the first neighbour's Inactivity Timer fires
        WAIT,       //!< RouterDeadInterval after the interface came up
        HELLO,      //!< the next Hello is to be sent
        FLOOD,      //!< what was flooded is to be sent
        RETRANSMIT, //!< no later than anything is to be sent again
        ACK,        //!< delayed acknowledgments are to be sent
        COUNT
    };

    /** What a Hello's fields changed, and what the machine must therefore be told. */
    struct Noted
    {
        bool neighborChange{false}; //!< NeighborChange
        bool backupSeen{false};     //!< BackupSeen
    };

    // Actions of section 9.3.
    /** Start the Hello Timer; wait if there is something to wait for. */
    OspfInterfaceState ActUp(Time now);
    /** Elect (Backup) Designated Router. */
    OspfInterfaceState ActElect(Time now);
    /** Change nothing. */
    OspfInterfaceState ActStay(Time now);
    /** Forget everything: Down. */
    OspfInterfaceState ActReset(Time now);
    /** Forget everything: Loopback. */
    OspfInterfaceState ActLoop(Time now);

    /** The only writer of the state, with all that follows from a change. */
    void ChangeState(OspfInterfaceState to, OspfInterfaceEvent cause);
    /** Tell whom it concerns if somebody else is (Backup) Designated Router. */
    void NoteDesignatedRouters(Time now);

    /** Let \p timer fire at \p at. */
    void SetTimer(Timer timer, Time at);
    /** Let \p timer not fire. */
    void StopTimer(Timer timer);
    /** Inactivity: give up those that are due, and look when the next will be. */
    void ExpireNeighbors(Time now);
    // Neighbours.
    /** \return what tells the sender of a packet from other neighbours (section 8.2) */
    uint32_t Identify(uint32_t routerId, IpAddress source) const;
    /** \return the neighbour that \p identity tells from others, or nullptr */
    OspfNeighbor* Find(uint32_t identity) const;
    /** \return a new neighbour, or nullptr if there are too many */
    OspfNeighbor* Create(uint32_t identity);
    /** Kill all neighbours (section 9.3, InterfaceDown). */
    void KillNeighbors(Time now);
    // Input (section 8.2).
    /** Steps before authentication. \return whether to go on */
    bool CheckHeader(const OspfPacketView& view, IpAddress source);

    /** First half of sending. \return false if there is no key */
    bool PrepareHeader(OspfPacketType type, OspfHeader& header, Time now);
    /** Second half of sending. */
    void FinishPacket(const OspfHeader& header, Bytes& packet);
    /** Send a Hello and plan the next (section 9.5). */
    void SendHello(Time now);
    /** An authentic Hello (section 10.5). */
    void ReceiveHello(const OspfPacketView& view, IpAddress source, OspfNeighbor* nbr, Time now);
    /** Its fields against the interface's. \return whether they agree */
    bool CheckHello(const OspfHello& hello, IpAddress source);
    /** The rest of section 10.5. \return what the interface machine must be told */
    Noted ExamineHello(OspfNeighbor& nbr,
                       const OspfNeighbor::Fields& before,
                       bool isTwoWay,
                       Time now);

    static const Table MACHINE; //!< section 9.3

    OspfContext& m_context;                                 //!< the router's
    OspfInterfaceConfig m_config;                           //!< settings
    OspfAuthenticator m_authenticator;                      //!< signs and verifies
    OspfInterfaceState m_state{OspfInterfaceState::DOWN};   //!< section 9.1
    IpAddress m_designatedRouter;                           //!< none is 0.0.0.0
    IpAddress m_backupDesignatedRouter;                     //!< none is 0.0.0.0
    IpAddress m_reportedDesignatedRouter;                   //!< what the host was told
    IpAddress m_reportedBackup;                             //!< what the host was told
    TimerTable<Timer> m_timers;                             //!< what may be due
    std::vector<std::unique_ptr<OspfNeighbor>> m_neighbors; //!< in order of identity
    std::vector<OspfCandidate> m_candidates;                //!< scratch of the election
    bool m_helloOwed{false};   //!< the last one was not sent for want of a key
    Time m_keyFrom{0};         //!< when the last key that came can be sent with
    OspfHello m_ownHello;      //!< scratch: reused for each Hello
    OspfArea* m_area{nullptr}; //!< where it is
    OspfFlooding m_flooding;   //!< section 13, here
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_INTERFACE_H
