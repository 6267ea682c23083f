/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MRKMP_STATE_H
#define KARP_MRKMP_STATE_H

#include "karp-session-manager.h"

#include "ns3/karp-ike-message.h"
#include "ns3/karp-types.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * What MrkmpEngine has on its hands. Nobody else uses it.
 */

namespace ns3
{
namespace karp
{

/** When something is due. */
enum class MrkmpTimer : uint8_t
{
    UPDATE,      //!< periodic update, as GCKS (G3)
    COPY,        //!< another copy of an update that changed something, as GCKS
    RENEW,       //!< keys are to be renewed, as GCKS (K3)
    EXHAUST,     //!< messages under our KEK come to their end, as GCKS (G7)
    RETIRE_COPY, //!< another copy of a retirement, as GCKS (G5)
    MERGE_COPY,  //!< another copy of the merged keys under the old KEK (M4)
    REGISTER,    //!< a registration that was put off begins
    PATIENCE,    //!< whoever is asked to prove that it is GCKS has had its time (E11)
    AUTHENTIC,   //!< no authentic update for long: see whether the GCKS is what it says
    COUNT
};

/** What an exchange is for. */
enum class MrkmpPurpose : uint8_t
{
    JOIN,  //!< to get the group's keys (J4)
    MERGE, //!< to offer ours (M1)
    YIELD, //!< to hand our office over (G8)
};

/** An exchange of ours on the way. */
struct MrkmpAttempt
{
    SessionId session{0};                     //!< association
    IpAddress peer;                           //!< with whom
    Time started{0};                          //!< when
    MrkmpPurpose purpose{MrkmpPurpose::JOIN}; //!< what for
    std::optional<Time> offered;              //!< when our keys were offered (M1, M6)
    bool askForPmk{false};                    //!< asking for a new protocol master key besides (J8)
};

/** A member, as its GCKS knows it. */
struct MrkmpMember
{
    IpAddress address;  //!< where it registered from
    uint64_t bootId{0}; //!< what it said last
    std::string pmk;    //!< newest protocol master key that it got from us, by name
};

/** Handing our members over to another GCKS (M4, G8). */
struct MrkmpHandover
{
    IpAddress gcks;              //!< to whom
    KeyDownloadPayload download; //!< what it answered
    std::vector<uint64_t> keks;  //!< held before that: those of our members
    std::vector<uint64_t> left;  //!< of these: what it does not know
    uint32_t copiesLeft{0};      //!< still to be sent under our KEK
    bool retire{false};          //!< whether our KEKs end with the last copy
};

/** KEKs that are being retired (G5). */
struct MrkmpRetirement
{
    std::vector<KekRow> keks; //!< no longer held, but for this
    KeyDownloadPayload old;   //!< what may be said under them: the keys of before
    uint32_t copiesLeft{0};   //!< still to be sent
};

} // namespace karp
} // namespace ns3

#endif // KARP_MRKMP_STATE_H
