/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-engine.h"

#include "ns3/karp-state-digest.h"

#include <algorithm>
#include <tuple>
#include <utility>

/**
 * \file
 * What decides the next steps of an engine and of its parts, for whoever explores them. Left out is
 * what is told and counted but asked by nobody (events, counters), what is constant (settings), and
 * what is drawn only later. Instants are absolute: states of two instants are never alike, since
 * lifetimes and message numbers follow the clock.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Add an exchange on the way. */
void
Add(StateDigest& digest, const MrkmpAttempt& attempt)
{
    digest.Named(attempt.session);
    digest.Number(attempt.peer.value);
    digest.Instant(attempt.started);
    digest.Number(static_cast<uint64_t>(attempt.purpose));
    digest.Instant(attempt.offered);
    digest.Number(attempt.askForPmk ? 1 : 0);
}

/** Add a merge on the way. */
void
Add(StateDigest& digest, const MrkmpHandover& handover)
{
    digest.Number(handover.gcks.value);
    digest.Octets(EncodeIkePayloads({handover.download}));
    for (const uint64_t keyId : handover.keks)
    {
        digest.Named(keyId);
    }
    for (const uint64_t keyId : handover.left)
    {
        digest.Named(keyId);
    }
    digest.Number(handover.copiesLeft);
    digest.Number(handover.retire ? 1 : 0);
}

/** Add a retirement on the way. */
void
Add(StateDigest& digest, const MrkmpRetirement& retirement)
{
    for (const auto& kek : retirement.keks)
    {
        digest.Named(kek.keyId);
        digest.Lifetimes(kek.lifetimes);
    }
    digest.Octets(EncodeIkePayloads({retirement.old}));
    digest.Number(retirement.copiesLeft);
}

/** Add \p value, if it is there, and whether it is. */
template <typename T>
void
AddIfAny(StateDigest& digest, const std::optional<T>& value)
{
    digest.Number(value ? 1 : 0);
    if (value)
    {
        Add(digest, *value);
    }
}

} // namespace

// What Hear leaves in m_from, m_advert and m_kek is of use only until the event is handled.
void
GcksElection::AddTo(StateDigest& digest) const
{
    digest.Number(m_config.priority);
    digest.Number(static_cast<uint64_t>(m_role));
    digest.Timers(m_timers);
    digest.Number(m_gcks.value);
    digest.Number(m_gcksRank.priority);
    digest.Number(m_gcksRank.address.value);
    digest.Instant(m_gcksInterval);
    digest.Instant(m_lastHeard);
    digest.Number(m_betterCandidate ? 1 : 0);
    digest.Number(m_deferrals);
    digest.Instant(m_lastAdvert);
}

void
GroupKeys::AddTo(StateDigest& digest) const
{
    digest.Number(m_keks.size());
    for (const auto& kek : m_keks)
    {
        digest.Named(kek.row.keyId);
        digest.Named(kek.row.key);
        digest.Lifetimes(kek.row.lifetimes);
        digest.Number(kek.issuer.value);
    }
    digest.Number(m_pmks.size());
    for (const auto& pmk : m_pmks)
    {
        digest.Named(pmk.row.keyId);
        digest.Named(pmk.row.key);
        digest.Lifetimes(pmk.row.lifetimes);
        digest.Number(pmk.receiveOnly ? 1 : 0);
        digest.Number(pmk.tainted ? 1 : 0);
    }
    digest.Number(m_retired.size());
    for (const uint64_t keyId : m_retired)
    {
        digest.Named(keyId);
    }
}

// A channel's keys follow from the KEK and the sender. In the order of names: key IDs are random.
void
GroupCipher::AddTo(StateDigest& digest) const
{
    std::vector<std::tuple<uint64_t, uint64_t, uint64_t, uint64_t>> channels;
    for (const auto& [name, channel] : m_channels)
    {
        channels.emplace_back(digest.NameOf(name.first),
                              name.second,
                              channel.lastSequence,
                              channel.sent);
    }
    std::sort(channels.begin(), channels.end());
    digest.Number(channels.size());
    for (const auto& [kek, sender, last, sent] : channels)
    {
        digest.Number(kek);
        digest.Number(sender);
        digest.Number(last);
        digest.Number(sent);
    }
    digest.Number(m_floors.size());
    for (const auto& [name, last] : m_floors)
    {
        digest.Number(digest.NameOf(name.first));
        digest.Number(name.second);
        digest.Number(last);
    }
    digest.Number(m_lastSent);
}

// The rows told to the key table follow from the rest.
void
TransportKeys::AddTo(StateDigest& digest) const
{
    const auto addOld = [&digest](const std::optional<Old>& old) {
        digest.Number(old ? 1 : 0);
        if (old)
        {
            digest.Named(ByteView(old->nonce));
            digest.Instant(old->end);
        }
    };
    digest.Number(m_started ? 1 : 0);
    digest.Named(ByteView(m_nonce));
    digest.Instant(m_nonceStart);
    addOld(m_old);
    digest.Number(m_copiesLeft);
    digest.Number(m_masters.size());
    digest.Number(m_peers.size());
    for (const auto& [address, peer] : m_peers)
    {
        digest.Number(address.value);
        digest.Number(peer.nonce ? 1 : 0);
        if (peer.nonce)
        {
            digest.Named(ByteView(*peer.nonce));
        }
        addOld(peer.old);
        digest.Number(peer.changeAfter);
        digest.Number(peer.pending ? 1 : 0);
        digest.Number(peer.tries);
        digest.Instant(peer.heard);
    }
    for (const auto& answer : m_owed)
    {
        digest.Number(answer.router.value);
        digest.Named(answer.challenge);
    }
    for (const auto& challenge : m_challenges)
    {
        digest.Named(challenge.value);
        digest.Number(challenge.number);
        digest.Instant(challenge.drawn);
    }
    digest.Number(m_challengeNumber);
    digest.Number(m_greet ? 1 : 0);
    digest.Instant(m_challengedAt);
    digest.Timers(m_timers);
}

void
MrkmpEngine::AddTo(StateDigest& digest, Time now) const
{
    m_election.AddTo(digest);
    m_keys.AddTo(digest);
    m_cipher.AddTo(digest);
    m_transport.AddTo(digest);
    m_sessions.AddTo(digest);
    m_blacklist.AddTo(digest, now);
    digest.Timers(m_timers);
    AddIfAny(digest, m_attempt);
    AddIfAny(digest, m_handover);
    AddIfAny(digest, m_retirement);
    digest.Instant(m_retryMergeAt);
    digest.Number(m_pmkRequested ? 1 : 0);
    digest.Named(m_requestedPmk);
    digest.Number(m_copiesLeft);
    digest.Number(m_fruitless);
    digest.Number(m_kekChanged ? 1 : 0);
    digest.Number(m_registeredWith.value);
    digest.Number(m_hasState ? 1 : 0);
    digest.Number(m_members.size());
    for (const auto& [identity, member] : m_members)
    {
        digest.Text(identity.ToString());
        digest.Number(member.address.value);
        digest.Named(member.bootId);
        digest.Named(ByteView::Of(member.pmk));
    }
    for (const auto& identity : m_evicted)
    {
        digest.Text(identity.ToString());
    }
    for (const IpAddress address : m_asked)
    {
        digest.Number(address.value);
    }
    // In the order of the keys: their names are random. A key that is gone is not heard any more.
    for (const auto& pmk : m_keys.Pmks())
    {
        digest.Named(ByteView::Of(pmk.name));
        const auto heard = m_heard.find(pmk.name);
        digest.Number(heard != m_heard.end() ? heard->second.size() : 0);
        if (heard != m_heard.end())
        {
            for (const IpAddress peer : heard->second)
            {
                digest.Number(peer.value);
            }
        }
    }
}

} // namespace karp
} // namespace ns3
