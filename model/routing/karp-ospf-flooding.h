/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_FLOODING_H
#define KARP_OSPF_FLOODING_H

#include "karp-ospf-lsdb.h"

#include "ns3/karp-ospf-packet.h"

#include <vector>

namespace ns3
{
namespace karp
{

class OspfInterface;
class OspfLinkState;
class OspfNeighbor;
struct OspfContext;

/**
 * \ingroup karp
 * Flooding on one interface (RFC 2328 section 13): what comes in with Link State Updates and
 * Acknowledgments, and what goes out again.
 */
class OspfFlooding
{
  public:
    /**
     * \param context the router's; outlives this
     * \param interface where; outlives this
     */
    OspfFlooding(OspfContext& context, OspfInterface& interface);

    /** An authentic packet other than a Hello, from a neighbour. */
    void Receive(const OspfPacketView& view, OspfNeighbor& neighbor, Time now);

    /**
     * Flood by this interface (section 13.3).
     * \param entry what
     * \param from the neighbour it came from, or nullptr if we made it
     * \param isHere whether it came in by this interface
     * \param now the present
     * \return whether it goes out
     */
    bool FloodOut(OspfLsdb::Entry& entry, const OspfNeighbor* from, bool isHere, Time now);
    /** Nobody need get what \p entry holds again: another instance comes, or none. */
    void ForgetRetransmissions(OspfLsdb::Entry& entry);
    /** Let neighbours whose request lists became shorter go on. */
    void RequestsChanged(Time now);

    /** Send LSAs to \p destination, in as many updates as it takes. */
    void SendUpdates(IpAddress destination, const std::vector<OspfLsdb::Entry*>& entries, Time now);
    /** Send what was flooded. */
    void SendFlooded(Time now);
    /** Send the acknowledgments that wait. */
    void SendAcknowledgments(Time now);
    /** The interface is down: nothing waits any more. */
    void Clear();

  private:
    /** A Link State Update. */
    void ReceiveUpdate(OspfNeighbor& neighbor, Time now);
    /** An LSA in it. */
    void ReceiveLsa(ByteView octets, OspfNeighbor& neighbor, Time now);
    /** An LSA more recent than ours, or of which we have none: section 13 (5). */
    void ReceiveNewer(OspfLsaPtr lsa,
                      const OspfLsaHeader& header,
                      OspfLsdb::Entry* held,
                      OspfNeighbor& neighbor,
                      Time now);
    /** The same instance as ours: section 13 (7). */
    void ReceiveSame(const OspfLsaHeader& header,
                     OspfLsdb::Entry& held,
                     OspfNeighbor& neighbor,
                     Time now);
    /** An older instance than ours: section 13 (8). */
    void ReceiveOlder(OspfLsdb::Entry& held, OspfNeighbor& neighbor, Time now);
    /** Acknowledge with others, soon. */
    void AcknowledgeLater(const OspfLsaHeader& header, Time now);
    /** Acknowledge \p headers to \p destination. */
    void SendAcknowledgments(IpAddress destination,
                             const std::vector<OspfLsaHeader>& headers,
                             Time now);
    /** \return where updates and acknowledgments for all go (sections 13.3 (5), 13.5) */
    IpAddress FloodTo() const;
    /** \return whether \p neighbor is Designated Router */
    bool IsDesignatedRouter(const OspfNeighbor& neighbor) const;
    /** \return whether \p entry, which waits to be flooded, still is to be, and note that it is */
    bool TakeToFlood(const OspfLsdb::Entry& entry);
    /** \return databases */
    OspfLinkState& LinkState() const;

    /** An LSA that waits to be flooded. Nothing keeps it in the database meanwhile. */
    struct Flooded
    {
        OspfLsaKey key;     //!< which one
        uint32_t number{0}; //!< of its entry
    };

    OspfContext& m_context;                             //!< the router's
    OspfInterface& m_interface;                         //!< where
    std::vector<Flooded> m_flooded;                     //!< what waits to be flooded
    Time m_lastFlood{Time::min() / 2};                  //!< when that happened last
    std::vector<OspfLsaHeader> m_acknowledgments;       //!< what waits to be acknowledged
    std::vector<OspfLsaHeader> m_directAcknowledgments; //!< of the update at hand
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_FLOODING_H
