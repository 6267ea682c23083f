/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"

#include "ns3/karp-ospf-dr-election.h"

/**
 * \file
 * The election of RFC 2328 section 9.4 alone. Router n has Router ID and address n; "self" is
 * router 5, so that there are better and worse ones.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return router \p n of \p priority, naming \p dr and \p bdr, 0 for none */
OspfCandidate
Router(uint32_t n, uint8_t priority, uint32_t dr = 0, uint32_t bdr = 0)
{
    return {n, IpAddress{n}, priority, IpAddress{dr}, IpAddress{bdr}};
}

/** \return what \p self elects, for example "dr=1 bdr=2 twice" */
std::string
Elect(const OspfCandidate& self, const std::vector<OspfCandidate>& neighbors)
{
    const auto result = ElectDesignatedRouter(self, neighbors);
    return "dr=" + std::to_string(result.designatedRouter.value) +
           " bdr=" + std::to_string(result.backupDesignatedRouter.value) +
           (result.repeated ? " twice" : " once");
}

// Input: a router alone. Output: Designated Router; the second round takes the Backup away again.
void
Alone(Sentence& t)
{
    t.Same(Elect(Router(5, 1), {}), "dr=5 bdr=0 twice");
}

// Input: nobody declares anything, equal priorities. Output: the highest Router ID. The winner
// finds its Backup in the second round; the other has to hear the winner's Hello first, and until
// then has one router for both (steps 2 and 3).
void
HighestRouterId(Sentence& t)
{
    t.Same(Elect(Router(5, 1), {Router(4, 1)}), "dr=5 bdr=4 twice", "winner");
    t.Same(Elect(Router(5, 1), {Router(6, 1)}), "dr=6 bdr=6 once", "loser");
    t.Same(Elect(Router(5, 1), {Router(6, 1, 6, 0)}), "dr=6 bdr=5 twice", "loser, later");
    t.Same(Elect(Router(5, 1), {Router(3, 1), Router(4, 1)}), "dr=5 bdr=4 twice", "three");
}

// Input: priorities that contradict Router IDs. Output: priority first.
void
PriorityBeatsRouterId(Sentence& t)
{
    t.Same(Elect(Router(5, 1), {Router(4, 2)}), "dr=4 bdr=4 once");
    t.Same(Elect(Router(5, 2), {Router(6, 1)}), "dr=5 bdr=6 twice");
    t.Same(Elect(Router(5, 255), {Router(6, 254), Router(7, 253)}), "dr=5 bdr=6 twice");
}

// Input: Router Priority 0, on either side, even where it declares itself. Output: never elected.
void
PriorityZeroIsIneligible(Sentence& t)
{
    t.Same(Elect(Router(5, 0), {Router(4, 0)}), "dr=0 bdr=0 once", "nobody");
    t.Same(Elect(Router(5, 0), {Router(4, 1, 4, 0)}), "dr=4 bdr=0 once", "no Backup");
    t.Same(Elect(Router(5, 1), {Router(6, 0, 6, 0)}), "dr=5 bdr=0 twice", "false claim to be DR");
    t.Same(Elect(Router(5, 1, 5, 0), {Router(6, 0, 5, 6)}),
           "dr=5 bdr=0 once",
           "false claim to be Backup");
    t.Same(Elect(Router(5, 0, 5, 4), {Router(4, 1, 5, 4)}),
           "dr=4 bdr=4 twice",
           "self resigns by priority 0");
}

// Input: a Designated Router and a Backup of low priority, and a better router. Output: no
// pre-emption: who declares wins over who does not.
void
NoPreemption(Sentence& t)
{
    t.Same(Elect(Router(5, 9), {Router(2, 1, 2, 3), Router(3, 1, 2, 3)}),
           "dr=2 bdr=3 once",
           "self is better than both");
    t.Same(Elect(Router(5, 1, 5, 3), {Router(3, 1, 5, 3), Router(9, 9, 5, 3)}),
           "dr=5 bdr=3 once",
           "a neighbour is better than both");
}

// Input: a Designated Router without a Backup. Output: the best of the rest becomes Backup.
void
BackupAmongTheRest(Sentence& t)
{
    t.Same(Elect(Router(5, 1), {Router(2, 1, 2, 0), Router(3, 7, 2, 0)}), "dr=2 bdr=3 once");
    t.Same(Elect(Router(5, 7), {Router(2, 1, 2, 0), Router(3, 1, 2, 0)}), "dr=2 bdr=5 twice");
}

// Input: two that each say they are Designated Router, as after a partition healed, and two that
// each say they are Backup. Output: priority, then Router ID, among those who say so.
void
TwoClaimEach(Sentence& t)
{
    t.Same(Elect(Router(5, 0), {Router(2, 1, 2, 0), Router(3, 1, 3, 0)}), "dr=3 bdr=0 once", "DR");
    t.Same(Elect(Router(5, 0), {Router(2, 2, 2, 0), Router(3, 1, 3, 0)}),
           "dr=2 bdr=0 once",
           "DR by priority");
    t.Same(Elect(Router(5, 0), {Router(1, 1, 1, 2), Router(2, 1, 1, 2), Router(3, 1, 1, 3)}),
           "dr=1 bdr=3 once",
           "Backup");
    t.Same(Elect(Router(5, 0), {Router(1, 1, 1, 2), Router(2, 2, 1, 2), Router(3, 1, 1, 3)}),
           "dr=1 bdr=2 once",
           "Backup by priority");
}

// Input: self is Designated Router and hears a better one that says it is. Output: self gives way,
// and as it no longer declares to be Designated Router it may be Backup in the second round.
void
Demotion(Sentence& t)
{
    t.Same(Elect(Router(5, 1, 5, 0), {Router(6, 1, 6, 0)}), "dr=6 bdr=5 twice", "becomes Backup");
    t.Same(Elect(Router(5, 1, 5, 4), {Router(6, 1, 6, 3), Router(4, 1, 5, 4), Router(3, 1, 6, 3)}),
           "dr=6 bdr=4 twice",
           "becomes neither");
    t.Same(Elect(Router(5, 1, 4, 5), {Router(4, 1, 4, 6), Router(6, 1, 4, 6)}),
           "dr=4 bdr=6 twice",
           "Backup gives way");
}

// Input: the Designated Router is gone. Output: the Backup succeeds it and finds a new Backup at
// once; the others see the successor, and its Backup when it has said so.
void
Promotion(Sentence& t)
{
    const std::vector<OspfCandidate> rest{Router(2, 1, 9, 5), Router(3, 1, 9, 5)};
    t.Same(Elect(Router(5, 1, 9, 5), rest), "dr=5 bdr=3 twice", "the Backup");
    t.Same(Elect(Router(5, 1, 9, 4), {Router(4, 1, 9, 4), Router(3, 1, 9, 4)}),
           "dr=4 bdr=4 once",
           "another");
    t.Same(Elect(Router(5, 1, 4, 4), {Router(4, 1, 4, 3), Router(3, 1, 9, 4)}),
           "dr=4 bdr=5 twice",
           "another, after the successor's Hello, before the new Backup's");
}

// Input: a router that lists itself as both. Output: it is not a candidate for Backup (step 2).
void
NotBoth(Sentence& t)
{
    t.Same(Elect(Router(5, 0), {Router(2, 9, 2, 2), Router(3, 1, 2, 2)}), "dr=2 bdr=3 once");
}

// Input: the same election in every order of neighbours. Output: the same choice.
void
OrderDoesNotMatter(Sentence& t)
{
    std::vector<OspfCandidate> neighbors{Router(1, 3, 1, 0),
                                         Router(2, 3, 2, 8),
                                         Router(7, 1, 1, 7),
                                         Router(8, 1, 1, 8)};
    for (int order = 0; order < 24; ++order)
    {
        t.Same(Elect(Router(5, 1), neighbors), "dr=2 bdr=8 once");
        std::rotate(neighbors.begin(), neighbors.begin() + 1 + order % 3, neighbors.end());
        std::swap(neighbors[order % 4], neighbors[(order + 1) % 4]);
    }
}

} // namespace

std::vector<OspfTest>
OspfElectionTests()
{
    return {
        {"9.4 alone", Alone},
        {"9.4 equal priorities: highest Router ID", HighestRouterId},
        {"9.4 priority before Router ID", PriorityBeatsRouterId},
        {"9.4 priority 0 is ineligible", PriorityZeroIsIneligible},
        {"9.4 no pre-emption", NoPreemption},
        {"9.4 Backup among the rest", BackupAmongTheRest},
        {"9.4 two claim each", TwoClaimEach},
        {"9.4 demotion", Demotion},
        {"9.4 promotion", Promotion},
        {"9.4 nobody is both", NotBoth},
        {"9.4 order does not matter", OrderDoesNotMatter},
    };
}

} // namespace karp
} // namespace ns3
