/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-sa.h"
#include "karp-session-context.h"
#include "karp-session-manager.h"

#include "ns3/karp-state-digest.h"

/**
 * \file
 * What decides the next steps of unicast associations, for whoever explores them. Keys follow from
 * the SPIs and the octets exchanged. Cookies are left out: their secret is drawn, and few routers
 * never ask for one.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Add how far \p retransmitter is. */
void
Add(StateDigest& digest, const Retransmitter& retransmitter)
{
    digest.Instant(retransmitter.Due());
    digest.Number(retransmitter.Repeats());
}

/** Add what an initiator remembers. */
void
Add(StateDigest& digest, const IkeSaInitiating& phase)
{
    digest.Octets(EncodeIkePayloads(phase.extra));
    digest.Number(phase.initialContact ? 1 : 0);
    digest.Octets(phase.cookie);
    digest.Number(static_cast<uint64_t>(phase.group));
    for (const auto& [group, request] : phase.requests)
    {
        digest.Number(static_cast<uint64_t>(group));
        digest.Octets(request);
    }
    Add(digest, phase.init);
    Add(digest, phase.auth);
    digest.Instant(phase.giveUp);
    digest.Number(phase.retries);
    digest.Number(phase.attempts);
    for (const auto& candidate : phase.candidates)
    {
        digest.Octets(candidate.request);
        digest.Octets(candidate.response);
        digest.Octets(candidate.authRequest);
    }
}

/** Add what both sides of an association remember. */
void
Add(StateDigest& digest, const IkeSaEstablished& phase)
{
    digest.Text(phase.peer.ToString());
    digest.Instant(phase.since);
    digest.Number(phase.nextSend);
    digest.Number(phase.nextReceive);
    digest.Octets(phase.lastRequest);
    digest.Octets(phase.lastResponse);
    digest.Number(phase.outstanding ? 1 : 0);
    if (phase.outstanding)
    {
        digest.Number(static_cast<uint64_t>(phase.outstanding->exchange));
        digest.Number(phase.outstanding->messageId);
        digest.Octets(phase.outstanding->octets);
        Add(digest, phase.outstanding->retransmitter);
    }
    for (const auto& waiting : phase.waiting)
    {
        digest.Number(static_cast<uint64_t>(waiting.exchange));
        digest.Octets(EncodeIkePayloads(waiting.inner));
    }
}

} // namespace

void
IkeSa::AddTo(StateDigest& digest) const
{
    digest.Named(m_id);
    digest.Number(m_peer.value);
    digest.Number(m_asInitiator ? 1 : 0);
    digest.Named(m_spiInitiator);
    digest.Named(m_spiResponder);
    digest.Number(static_cast<uint64_t>(m_state));
    digest.Timers(m_timers);
    digest.Instant(m_began);
    digest.Instant(m_lastUsed);
    digest.Number(m_peerLostState ? 1 : 0);
    digest.Octets(m_initRequest);
    if (m_initiating)
    {
        Add(digest, *m_initiating);
    }
    if (m_halfOpen)
    {
        digest.Octets(m_halfOpen->response);
        digest.Instant(m_halfOpen->expires);
        digest.Number(m_halfOpen->channel ? 1 : 0);
    }
    if (m_established)
    {
        Add(digest, *m_established);
    }
    if (m_closing)
    {
        digest.Octets(m_closing->request);
        digest.Octets(m_closing->response);
        digest.Number(m_closing->authenticated ? 1 : 0);
        digest.Instant(m_closing->expires);
    }
}

// The indexes follow from the associations.
void
SessionManager::AddTo(StateDigest& digest) const
{
    digest.Number(m_entries.size());
    for (const auto& entry : m_entries)
    {
        entry.second.sa->AddTo(digest);
    }
    for (const auto& late : m_late)
    {
        digest.Instant(late.at);
        digest.Named(late.session);
        digest.Number(late.peer.value);
        digest.Number(static_cast<uint64_t>(late.why));
    }
}

} // namespace karp
} // namespace ns3
