/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-dr-election.h"

namespace ns3
{
namespace karp
{

namespace
{

/** \return the better of two candidates, either of which may be absent */
const OspfCandidate*
Better(const OspfCandidate* best, const OspfCandidate& candidate)
{
    if (best == nullptr || candidate.priority > best->priority)
    {
        return &candidate;
    }
    if (candidate.priority == best->priority && candidate.routerId > best->routerId)
    {
        return &candidate;
    }
    return best;
}

/** The best candidates of one round, by what they declare. */
struct Round
{
    const OspfCandidate* declaredDesignated{nullptr}; //!< best of those that say they are DR
    const OspfCandidate* declaredBackup{nullptr};     //!< best of those that say they are Backup
    const OspfCandidate* notDesignated{nullptr};      //!< best of those that do not say DR

    /** Take \p candidate into account. */
    void Consider(const OspfCandidate& candidate)
    {
        // "Discard all routers from the list that are ineligible to become Designated Router."
        if (candidate.priority == 0)
        {
            return;
        }
        if (candidate.DeclaresDesignatedRouter())
        {
            declaredDesignated = Better(declaredDesignated, candidate);
            return;
        }
        notDesignated = Better(notDesignated, candidate);
        if (candidate.DeclaresBackup())
        {
            declaredBackup = Better(declaredBackup, candidate);
        }
    }
};

/** Steps 2 and 3. \return the choice, given what everybody declares */
OspfElectionResult
ElectOnce(const OspfCandidate& self, const std::vector<OspfCandidate>& neighbors)
{
    Round round;
    round.Consider(self);
    for (const auto& neighbor : neighbors)
    {
        round.Consider(neighbor);
    }

    OspfElectionResult result;
    // (2) The Backup: who declares to be it, or else anyone who does not declare to be DR.
    const OspfCandidate* backup =
        round.declaredBackup != nullptr ? round.declaredBackup : round.notDesignated;
    if (backup != nullptr)
    {
        result.backupDesignatedRouter = backup->address;
    }
    // (3) The Designated Router: who declares to be it, or else the Backup just elected.
    result.designatedRouter = round.declaredDesignated != nullptr
                                  ? round.declaredDesignated->address
                                  : result.backupDesignatedRouter;
    return result;
}

} // namespace

OspfElectionResult
ElectDesignatedRouter(const OspfCandidate& self, const std::vector<OspfCandidate>& neighbors)
{
    // (1) The current values are what self declares.
    OspfElectionResult result = ElectOnce(self, neighbors);

    // (4) Newly the one or the other, or no longer: once more, with what self will now declare.
    // That is what keeps a router from being both.
    const bool designatedChanged =
        self.DeclaresDesignatedRouter() != (result.designatedRouter == self.address);
    const bool backupChanged = (self.backupDesignatedRouter == self.address) !=
                               (result.backupDesignatedRouter == self.address);
    if (designatedChanged || backupChanged)
    {
        OspfCandidate changed = self;
        changed.designatedRouter = result.designatedRouter;
        changed.backupDesignatedRouter = result.backupDesignatedRouter;
        result = ElectOnce(changed, neighbors);
        result.repeated = true;
    }
    return result;
}

} // namespace karp
} // namespace ns3
