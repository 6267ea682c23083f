/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_NEIGHBOR_H
#define KARP_OSPF_NEIGHBOR_H

#include "karp-ospf-adjacency.h"
#include "karp-ospf-context.h"
#include "karp-ospf-dr-election.h"

#include "ns3/karp-state-machine.h"

namespace ns3
{
namespace karp
{

class OspfInterface;

/**
 * \ingroup karp
 * A conversation with one other router on one interface (RFC 2328 section 10): what its Hellos
 * say, and the machine of section 10.3. Routers that do not exchange databases stay in 2-Way. What
 * goes to and fro in the exchange is in karp-ospf-exchange.cc (sections 10.6 to 10.9).
 */
class OspfNeighbor
{
  public:
    /** A row of section 10.3. */
    using Row = Transition<OspfNeighbor, OspfNeighborState, OspfNeighborEvent, Time>;
    static constexpr size_t ROW_COUNT = 17; //!< rows of the machine
    /** The rows of section 10.3. */
    using Table = std::array<Row, ROW_COUNT>;

    /** What a Hello says of its sender (section 10.5, A.3.2). */
    struct Fields
    {
        uint32_t routerId{0};             //!< Neighbor ID
        uint8_t priority{0};              //!< Neighbor Priority
        IpAddress designatedRouter;       //!< Neighbor's Designated Router
        IpAddress backupDesignatedRouter; //!< Neighbor's Backup Designated Router
    };

    /**
     * A neighbour, in state Down.
     * \param context the router's
     * \param interface where it is; outlives the neighbour
     * \param identity what OspfInterface::Identify gives of its packets
     */
    OspfNeighbor(OspfContext& context, OspfInterface& interface, uint32_t identity);
    ~OspfNeighbor();

    /**
     * Run the machine.
     * \param event what happened
     * \param now the present
     * \return false if the event is not expected in this state
     */
    bool Handle(OspfNeighborEvent event, Time now);

    /** \return the machine, for tests and documents */
    static const Table& Machine();

    /** Note what a Hello says. \param fields what it says */
    void SetFields(const Fields& fields)
    {
        m_fields = fields;
    }

    /** \return what its last Hello said */
    const Fields& GetFields() const
    {
        return m_fields;
    }

    /** \return what tells it from other neighbours of the interface (section 8.2) */
    uint32_t Identity() const
    {
        return m_identity;
    }

    /** Note where a Hello came from (section 10.5). \param address Neighbor IP address */
    void SetAddress(IpAddress address)
    {
        m_address = address;
    }

    /** \return Neighbor IP address */
    IpAddress Address() const
    {
        return m_address;
    }

    /** \return its state */
    OspfNeighborState State() const
    {
        return m_state;
    }

    /** \return whether communication is bidirectional (section 10.1: 2-Way or greater) */
    bool IsBidirectional() const
    {
        return m_state >= OspfNeighborState::TWO_WAY;
    }

    /** \return when it is given up unless a Hello comes: the Inactivity Timer */
    Time Deadline() const
    {
        return m_deadline;
    }

    /** \return its lists, or nullptr if there is no exchange */
    OspfAdjacency* Adjacency() const
    {
        return m_adjacency.get();
    }

    /** A Database Description from it (section 10.6). */
    void ReceiveDescription(const OspfDatabaseDescription& description, Time now);
    /** A Link State Request from it (section 10.7). */
    void ReceiveRequest(const std::vector<OspfLsaKey>& keys, Time now);
    /** A Link State Acknowledgment from it (section 13.7). */
    void ReceiveAcknowledgment(const std::vector<OspfLsaHeader>& headers, Time now);
    /** Its request list has become shorter: ask for more, or be done (section 10.9). */
    void RequestsChanged(Time now);
    /** Send again whatever is due. */
    void Retransmit(Time now);

    /** \return itself as a candidate of the election */
    OspfCandidate AsCandidate() const;

    /**
     * \param neighbors what its Hello lists
     * \param routerId who is looked for
     * \return whether \p routerId is there; in a steady state found where it was last time
     */
    bool Lists(const std::vector<uint32_t>& neighbors, uint32_t routerId);

  private:
    /** Start or restart the Inactivity Timer; from Down or Attempt on to Init. */
    OspfNeighborState ActHeard(Time now);
    /** Change nothing. */
    OspfNeighborState ActStay(Time now);
    /** Communication is bidirectional: exchange databases if there should be an adjacency. */
    OspfNeighborState ActTwoWay(Time now);
    /** End the adjacency if there should be none any more. */
    OspfNeighborState ActReconsider(Time now);
    /** Master and slave are known: list what there is to describe. */
    OspfNeighborState ActNegotiated(Time now);
    /** Both databases are described: ask for what is missing. */
    OspfNeighborState ActExchanged(Time now);
    /** Nothing is missing. */
    OspfNeighborState ActLoaded(Time now);
    /** The exchange failed: begin it anew. */
    OspfNeighborState ActRestart(Time now);
    /** Communication is no longer bidirectional. */
    OspfNeighborState ActOneWay(Time now);
    /** Communication is over. */
    OspfNeighborState ActDown(Time now);

    /** The only writer of the state, with all that follows from a change. */
    void ChangeState(OspfNeighborState to, OspfNeighborEvent cause, Time now);

    // Database exchange.
    /** Offer to be master. */
    OspfNeighborState BeginExchange(Time now);
    /** Drop the adjacency with its lists. */
    void EndExchange();
    /** In ExStart: who is master? \return whether it is known */
    bool Negotiate(const OspfDatabaseDescription& description, Time now);
    /** In Exchange: is it the next one? \return whether to go on */
    bool CheckNext(const OspfDatabaseDescription& description, Time now);
    /** Look at the headers of the next one, and answer it. */
    void AcceptDescription(const OspfDatabaseDescription& description, Time now);
    /** \return false if a header cannot be in our area */
    bool NoteHeaders(const OspfDatabaseDescription& description, Time now);
    /** Send the next part of the summary list. */
    void DescribeNext(Time now);
    /** Send the last Database Description, for the first time or again. */
    void SendDescription(Time now);
    /** Ask for what is wanted, as far as it fits. */
    void SendRequest(Time now);
    /** Count and tell a rejection. */
    void Reject(DropReason reason, uint64_t value);

    static const Table MACHINE; //!< section 10.3

    OspfContext& m_context;                             //!< the router's
    OspfInterface& m_interface;                         //!< where it is
    const uint32_t m_identity;                          //!< its address or its Router ID
    IpAddress m_address;                                //!< Neighbor IP address
    OspfNeighborState m_state{OspfNeighborState::DOWN}; //!< section 10.1
    Fields m_fields;                                    //!< of its last Hello
    Time m_deadline{TIME_MAX};                          //!< when the Inactivity Timer fires
    size_t m_listedAt{0};                               //!< where its Hellos list this router
    std::unique_ptr<OspfAdjacency> m_adjacency;         //!< from ExStart on
    uint32_t m_ddSequence{0};                           //!< of the last exchange; 0: there was none
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_NEIGHBOR_H
