/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_STATE_MACHINE_H
#define KARP_STATE_MACHINE_H

#include <cstddef>
#include <cstdint>

namespace ns3
{
namespace karp
{

/**
 * \file
 * \ingroup karp
 * State machines are tables: each row is a sentence of the document it cites, "in one of these
 * states, on this event, do this; the state is then one of those". No edge is outside the table.
 */

/** \return the set that holds \p state alone */
template <typename S>
constexpr uint32_t
In(S state)
{
    return 1u << static_cast<uint32_t>(state);
}

/** \return the set of the states named */
template <typename S, typename... R>
constexpr uint32_t
In(S state, R... rest)
{
    return In(state) | In(rest...);
}

/** \return the set of all states but COUNT */
template <typename S>
constexpr uint32_t
AnyState()
{
    return (1u << static_cast<uint32_t>(S::COUNT)) - 1;
}

/**
 * A row of the machine of class \p Owner. The action returns the next state, which must be in
 * \p to; \p Args are what the owner hands to its actions.
 */
template <typename Owner, typename S, typename E, typename... Args>
struct Transition
{
    uint32_t from;                 //!< set of states it applies in
    E on;                          //!< event
    S (Owner::*act)(Args... args); //!< action
    uint32_t to;                   //!< set of states the action may return
    const char* cite;              //!< the text it comes from
};

/**
 * \param table the rows
 * \param state current state
 * \param event what happened
 * \return the one row that applies, or nullptr: the event is not expected in this state
 */
template <typename Table, typename S, typename E>
const typename Table::value_type*
FindTransition(const Table& table, S state, E event)
{
    for (const auto& row : table)
    {
        if ((row.from & In(state)) != 0 && row.on == event)
        {
            return &row;
        }
    }
    return nullptr;
}

/**
 * \param table the rows
 * \return whether no state and event match two rows, which would make the order of rows matter
 */
template <typename Table>
bool
IsUnambiguous(const Table& table)
{
    for (size_t i = 0; i < table.size(); ++i)
    {
        for (size_t j = i + 1; j < table.size(); ++j)
        {
            if (table[i].on == table[j].on && (table[i].from & table[j].from) != 0)
            {
                return false;
            }
        }
    }
    return true;
}

} // namespace karp
} // namespace ns3

#endif // KARP_STATE_MACHINE_H
