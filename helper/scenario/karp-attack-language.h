/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_ATTACK_LANGUAGE_H
#define KARP_ATTACK_LANGUAGE_H

#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * What verb attack of the timeline knows: one row for each kind of attack.
 */

namespace ns3
{
namespace karp
{

/** What is written for an argument of an attack. */
enum class ArgumentKind
{
    TIME,    //!< 250ms
    RATE,    //!< 2/s
    NUMBER,  //!< 255, 5%
    WORD,    //!< one of the words that the attribute knows
    FLAG,    //!< true, false
    ROUTER,  //!< whose address it is: a selector, the first router counts
    TYPES,   //!< hello, [advert, update]
    FROM,    //!< a selector: who sends
    TO,      //!< a selector: who receives
    SEGMENT, //!< a LAN: where it is played back
    AFTER,   //!< boot:r3: what begins it
    MEMBER,  //!< a selector: whose keys the attacker has
};

/** An argument of an attack. */
struct AttackArgument
{
    const char* block;     //!< capture, replay, claim, match; empty: of the event itself
    const char* key;       //!< its name there
    ArgumentKind kind;     //!< what is written
    const char* attribute; //!< ns-3 attribute of the attack that it sets, if it does
};

/** A kind of attack. */
struct AttackKind
{
    const char* name;                      //!< as scenarios call it
    const char* type;                      //!< class of ns-3
    bool intercepts;                       //!< takes frames away from receivers
    bool disturbs;                         //!< may cost a group its GCKS for a while
    std::vector<AttackArgument> arguments; //!< what may be said of it
};

/** \return the kind called \p name, nullptr if there is none */
const AttackKind* FindAttackKind(const std::string& name);
/** \return names of all kinds */
std::vector<std::string> AttackKindNames();
/** \return the types of messages that an attack can be about */
const std::vector<std::string>& AttackableTypes();

} // namespace karp
} // namespace ns3

#endif // KARP_ATTACK_LANGUAGE_H
