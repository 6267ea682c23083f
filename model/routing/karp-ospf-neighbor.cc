/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-neighbor.h"

#include "karp-ospf-interface.h"

#include <algorithm>
#include <cassert>

namespace ns3
{
namespace karp
{

namespace
{

/** Names of section 10.1 in the order of the enumerators. */
constexpr std::array<const char*, static_cast<size_t>(OspfNeighborState::COUNT)> STATE_NAMES{{
    "Down",
    "Attempt",
    "Init",
    "2-Way",
    "ExStart",
    "Exchange",
    "Loading",
    "Full",
}};

/** Names of section 10.2 in the order of the enumerators. */
constexpr std::array<const char*, static_cast<size_t>(OspfNeighborEvent::COUNT)> EVENT_NAMES{{
    "HelloReceived",
    "Start",
    "2-WayReceived",
    "NegotiationDone",
    "ExchangeDone",
    "BadLSReq",
    "LoadingDone",
    "AdjOK?",
    "SeqNumberMismatch",
    "1-WayReceived",
    "KillNbr",
    "InactivityTimer",
    "LLDown",
}};

using S = OspfNeighborState;
using E = OspfNeighborEvent;

constexpr uint32_t TWO_WAY_OR_GREATER =
    In(S::TWO_WAY, S::EX_START, S::EXCHANGE, S::LOADING, S::FULL);
constexpr uint32_t INIT_OR_GREATER = In(S::INIT) | TWO_WAY_OR_GREATER;
constexpr uint32_t EXCHANGE_OR_GREATER = In(S::EXCHANGE, S::LOADING, S::FULL);
constexpr uint32_t EX_START_OR_GREATER = In(S::EX_START) | EXCHANGE_OR_GREATER;

} // namespace

const char*
ToString(OspfNeighborState state)
{
    const auto index = static_cast<size_t>(state);
    return index < STATE_NAMES.size() ? STATE_NAMES[index] : "unknown";
}

const char*
ToString(OspfNeighborEvent event)
{
    const auto index = static_cast<size_t>(event);
    return index < EVENT_NAMES.size() ? EVENT_NAMES[index] : "unknown";
}

// Start is for NBMA networks, where neighbours are known before they are heard.
const OspfNeighbor::Table OspfNeighbor::MACHINE{{
    {In(S::ATTEMPT),
     E::HELLO_RECEIVED,
     &OspfNeighbor::ActHeard,
     In(S::INIT),
     "RFC 2328 section 10.3: Attempt, HelloReceived"},
    {In(S::DOWN),
     E::HELLO_RECEIVED,
     &OspfNeighbor::ActHeard,
     In(S::INIT),
     "RFC 2328 section 10.3: Down, HelloReceived"},
    {INIT_OR_GREATER,
     E::HELLO_RECEIVED,
     &OspfNeighbor::ActHeard,
     INIT_OR_GREATER,
     "RFC 2328 section 10.3: Init or greater, HelloReceived"},
    {In(S::INIT),
     E::TWO_WAY_RECEIVED,
     &OspfNeighbor::ActTwoWay,
     In(S::TWO_WAY, S::EX_START),
     "RFC 2328 section 10.3: Init, 2-WayReceived"},
    {TWO_WAY_OR_GREATER,
     E::TWO_WAY_RECEIVED,
     &OspfNeighbor::ActStay,
     TWO_WAY_OR_GREATER,
     "RFC 2328 section 10.3: 2-Way or greater, 2-WayReceived"},
    {In(S::INIT),
     E::ONE_WAY_RECEIVED,
     &OspfNeighbor::ActStay,
     In(S::INIT),
     "RFC 2328 section 10.3: Init, 1-WayReceived"},
    {TWO_WAY_OR_GREATER,
     E::ONE_WAY_RECEIVED,
     &OspfNeighbor::ActOneWay,
     In(S::INIT),
     "RFC 2328 section 10.3: 2-Way or greater, 1-WayReceived"},
    {In(S::EX_START),
     E::NEGOTIATION_DONE,
     &OspfNeighbor::ActNegotiated,
     In(S::EXCHANGE),
     "RFC 2328 section 10.3: ExStart, NegotiationDone"},
    {In(S::EXCHANGE),
     E::EXCHANGE_DONE,
     &OspfNeighbor::ActExchanged,
     In(S::LOADING, S::FULL),
     "RFC 2328 section 10.3: Exchange, ExchangeDone"},
    {In(S::LOADING),
     E::LOADING_DONE,
     &OspfNeighbor::ActLoaded,
     In(S::FULL),
     "RFC 2328 section 10.3: Loading, Loading Done"},
    {In(S::TWO_WAY),
     E::ADJ_OK,
     &OspfNeighbor::ActTwoWay,
     In(S::TWO_WAY, S::EX_START),
     "RFC 2328 section 10.3: 2-Way, AdjOK?"},
    {EX_START_OR_GREATER,
     E::ADJ_OK,
     &OspfNeighbor::ActReconsider,
     In(S::TWO_WAY) | EX_START_OR_GREATER,
     "RFC 2328 section 10.3: ExStart or greater, AdjOK?"},
    {EXCHANGE_OR_GREATER,
     E::SEQ_NUMBER_MISMATCH,
     &OspfNeighbor::ActRestart,
     In(S::EX_START),
     "RFC 2328 section 10.3: Exchange or greater, SeqNumberMismatch"},
    {EXCHANGE_OR_GREATER,
     E::BAD_LS_REQ,
     &OspfNeighbor::ActRestart,
     In(S::EX_START),
     "RFC 2328 section 10.3: Exchange or greater, BadLSReq"},
    {AnyState<S>(),
     E::KILL_NBR,
     &OspfNeighbor::ActDown,
     In(S::DOWN),
     "RFC 2328 section 10.3: Any state, KillNbr"},
    {AnyState<S>(),
     E::INACTIVITY_TIMER,
     &OspfNeighbor::ActDown,
     In(S::DOWN),
     "RFC 2328 section 10.3: Any state, InactivityTimer"},
    {AnyState<S>(),
     E::LL_DOWN,
     &OspfNeighbor::ActDown,
     In(S::DOWN),
     "RFC 2328 section 10.3: Any state, LLDown"},
}};

OspfNeighbor::OspfNeighbor(OspfContext& context, OspfInterface& interface, uint32_t identity)
    : m_context(context),
      m_interface(interface),
      m_identity(identity)
{
}

OspfNeighbor::~OspfNeighbor() = default;

bool
OspfNeighbor::Handle(OspfNeighborEvent event, Time now)
{
    const Row* row = FindTransition(MACHINE, m_state, event);
    if (row == nullptr)
    {
        return false;
    }
    const OspfNeighborState next = (this->*row->act)(now);
    assert((row->to & In(next)) != 0);
    if (next != m_state)
    {
        ChangeState(next, event, now);
    }
    return true;
}

const OspfNeighbor::Table&
OspfNeighbor::Machine()
{
    return MACHINE;
}

OspfNeighborState
OspfNeighbor::ActHeard(Time now)
{
    m_deadline = now + m_interface.Config().routerDeadInterval;
    return m_state < S::INIT ? S::INIT : m_state;
}

OspfNeighborState
OspfNeighbor::ActStay(Time /* now */)
{
    return m_state;
}

OspfNeighborState
OspfNeighbor::ActTwoWay(Time now)
{
    return m_interface.ShouldBeAdjacent(*this) ? BeginExchange(now) : S::TWO_WAY;
}

OspfNeighborState
OspfNeighbor::ActReconsider(Time /* now */)
{
    if (m_interface.ShouldBeAdjacent(*this))
    {
        return m_state;
    }
    EndExchange();
    return S::TWO_WAY;
}

OspfNeighborState
OspfNeighbor::ActExchanged(Time now)
{
    if (m_adjacency->requests.empty())
    {
        return S::FULL;
    }
    if (m_adjacency->asked == 0)
    {
        SendRequest(now);
    }
    return S::LOADING;
}

OspfNeighborState
OspfNeighbor::ActLoaded(Time /* now */)
{
    return S::FULL;
}

OspfNeighborState
OspfNeighbor::ActRestart(Time now)
{
    // "The (possibly partially formed) adjacency is torn down, and then an attempt is made at
    // reestablishment."
    return BeginExchange(now);
}

OspfNeighborState
OspfNeighbor::ActOneWay(Time /* now */)
{
    EndExchange();
    return S::INIT;
}

OspfNeighborState
OspfNeighbor::ActDown(Time /* now */)
{
    EndExchange();
    return S::DOWN;
}

void
OspfNeighbor::ChangeState(OspfNeighborState to, OspfNeighborEvent cause, Time now)
{
    const OspfNeighborState from = m_state;
    m_state = to;
    if (to == S::DOWN)
    {
        m_deadline = TIME_MAX;
    }
    m_context.Emit(
        m_interface.Config().index,
        OspfEvent::NeighborChanged{m_fields.routerId, m_address, from, to, ToString(cause)});
    m_interface.NeighborChanged(from, to, now);
}

OspfCandidate
OspfNeighbor::AsCandidate() const
{
    return {m_fields.routerId,
            m_address,
            m_fields.priority,
            m_fields.designatedRouter,
            m_fields.backupDesignatedRouter};
}

bool
OspfNeighbor::Lists(const std::vector<uint32_t>& neighbors, uint32_t routerId)
{
    if (m_listedAt < neighbors.size() && neighbors[m_listedAt] == routerId)
    {
        return true;
    }
    const auto found = std::find(neighbors.begin(), neighbors.end(), routerId);
    if (found == neighbors.end())
    {
        return false;
    }
    m_listedAt = static_cast<size_t>(found - neighbors.begin());
    return true;
}

} // namespace karp
} // namespace ns3
