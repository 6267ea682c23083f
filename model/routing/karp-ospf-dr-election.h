/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_DR_ELECTION_H
#define KARP_OSPF_DR_ELECTION_H

#include "ns3/karp-types.h"

#include <vector>

namespace ns3
{
namespace karp
{

/** A router that takes part in the election: what its Hellos say of it. */
struct OspfCandidate
{
    uint32_t routerId{0};             //!< breaks ties: the highest wins
    IpAddress address;                //!< on the network; what Designated Router fields name
    uint8_t priority{0};              //!< Router Priority; 0 is not eligible
    IpAddress designatedRouter;       //!< who it says is Designated Router
    IpAddress backupDesignatedRouter; //!< who it says is Backup Designated Router

    /** \return whether it lists itself as Designated Router */
    bool DeclaresDesignatedRouter() const
    {
        return designatedRouter == address;
    }

    /** \return whether it lists itself as Backup, and not as Designated Router (step 2) */
    bool DeclaresBackup() const
    {
        return backupDesignatedRouter == address && !DeclaresDesignatedRouter();
    }
};

/** What an election came to. */
struct OspfElectionResult
{
    IpAddress designatedRouter;       //!< interface address; none is 0.0.0.0
    IpAddress backupDesignatedRouter; //!< interface address; none is 0.0.0.0
    bool repeated{false};             //!< whether step 4 asked for a second round
};

/**
 * The election of RFC 2328 section 9.4, steps 1 to 4. Choosing is all it does: what follows from
 * the choice (steps 5 to 7) is the interface's business.
 * \param self the router that calculates; its declarations are the current choice
 * \param neighbors the others whose state is 2-Way or greater, eligible or not
 * \return the choice
 */
OspfElectionResult ElectDesignatedRouter(const OspfCandidate& self,
                                         const std::vector<OspfCandidate>& neighbors);

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_DR_ELECTION_H
