/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-engine.h"
#include "karp-mrkmp-payloads.h"

#include <algorithm>
#include <utility>

/**
 * \file
 * Two GCKSs become one: the merge of H 3.2, and the hand-over of the office (H 7.3), which is a
 * merge without an offer. In both, what the one who stays answers goes out under the keys of the
 * one who goes.
 */

namespace ns3
{
namespace karp
{

// ---- the one who goes

// M1: the less preferred GCKS offers its key download to the more preferred one, once that one has
// proven who it is: an advertisement proves nothing, and in the first exchange our payloads would
// go out before the other side's proof has come in.
void
MrkmpEngine::Merge(IpAddress gcks, Time now)
{
    // A request that was lost is repeated later and later; the heartbeats of a GCKS show that it is
    // within reach, so after a while it is worth to begin anew.
    const bool stuck = m_attempt && m_attempt->purpose == Purpose::MERGE &&
                       now - m_attempt->started > m_election.FullWait();
    if ((m_attempt && !stuck && !YieldsTo(gcks, now)) || m_handover ||
        (m_retryMergeAt && now < *m_retryMergeAt))
    {
        return;
    }
    m_retryMergeAt.reset();
    Attempt attempt;
    attempt.peer = gcks;
    attempt.started = now;
    attempt.purpose = Purpose::MERGE;
    Begin(attempt,
          {m_config.group, MakeNotify(IkeNotify::MRKMP_MERGE_SA), MakeBootId(m_config.bootId)},
          false);
}

void
MrkmpEngine::Offer(Time now)
{
    m_attempt->offered = now;
    const Attempt attempt = *m_attempt;
    KeyDownloadPayload download = m_keys.Offer(now);
    if (attempt.purpose == Purpose::JOIN)
    {
        download.keks.clear(); // not ours to give
    }
    std::vector<IkePayload> payloads{m_config.group,
                                     MakeNotify(IkeNotify::MRKMP_MERGE_SA),
                                     MakeBootId(m_config.bootId),
                                     std::move(download)};
    AddEvicted(payloads);
    if (!m_sessions.Request(attempt.session, IkeExchange::MRKMP_GROUP, std::move(payloads), now))
    {
        EndAttempt(false, "association gone", now);
        AttemptFailed(attempt, true, now);
    }
}

bool
MrkmpEngine::HandOver(IpAddress successor, Time now)
{
    if (m_election.Role() != GcksRole::GCKS || m_attempt || m_handover)
    {
        return false;
    }
    IpAddress lowest;
    for (const auto& [identity, member] : m_members)
    {
        const bool lower = lowest == IpAddress{} || member.address < lowest;
        lowest = lower ? member.address : lowest;
    }
    Attempt attempt;
    attempt.peer = successor != IpAddress{} ? successor : lowest;
    attempt.started = now;
    attempt.purpose = Purpose::YIELD;
    if (attempt.peer == IpAddress{} || attempt.peer == m_config.address)
    {
        return false;
    }
    Begin(attempt,
          {m_config.group, MakeNotify(IkeNotify::MRKMP_HANDOVER), MakeBootId(m_config.bootId)},
          false);
    Settle(now);
    return true;
}

void
MrkmpEngine::BeginHandover(const Attempt& attempt,
                           const KeyDownloadPayload& download,
                           std::vector<uint64_t> before,
                           bool evicted,
                           Time now)
{
    // After a merge one KEK is to be left. A successor's has only just been made and is not sent
    // under yet, so ours lasts until it is.
    const bool retire = attempt.purpose == Purpose::MERGE;
    std::vector<uint64_t> left = before;
    for (const auto& kek : download.keks)
    {
        left.erase(std::remove(left.begin(), left.end(), kek.keyId), left.end());
    }
    m_handover = Handover{attempt.peer,
                          download,
                          std::move(before),
                          std::move(left),
                          m_config.mergeCopies,
                          retire};
    if (evicted)
    {
        // Somebody over there is evicted who may have our KEK: nothing but the end of it may be
        // said under it, and our members go and prove who they are (G6, K6).
        m_handover->download = m_keys.OldPmks(now);
        m_handover->retire = true;
        m_handover->copiesLeft = 1;
    }
    SendMergeCopy(now);
}

// M4: what the one who stays answered goes out under the KEKs that our members have, several times,
// also under one from before the partition, which both sides have; then we yield. The
// last copy names our successor, so that members need not wait until they miss us.
void
MrkmpEngine::SendMergeCopy(Time now)
{
    const bool last = m_handover->copiesLeft <= 1;
    std::vector<uint64_t> own;
    std::vector<IkePayload> extra;
    for (const auto& kek : m_keys.Keks())
    {
        // Who stays may have nothing newer than ours: a GCKS that heard us take over, and was not
        // heard, sends under our KEK, and would be left without any.
        const std::vector<KekRow>& kept = m_handover->download.keks;
        const auto isOurs = [&kek](const KekRow& row) { return row.keyId == kek.row.keyId; };
        const bool stays =
            std::any_of(kept.begin(), kept.end(), isOurs) &&
            std::all_of(kept.begin(), kept.end(), [&](const KekRow& row) {
                return isOurs(row) || row.lifetimes.sendStart < kek.row.lifetimes.sendStart;
            });
        if (last && m_handover->retire && kek.issuer == m_config.address && !stays)
        {
            own.push_back(kek.row.keyId);
        }
    }
    if (last)
    {
        extra.emplace_back(MakeAddressNotify(IkeNotify::MRKMP_RESIGN, m_handover->gcks));
    }
    if (!own.empty())
    {
        extra.emplace_back(MakeKekDelete(own));
    }
    SendUpdates(m_handover->download, &m_handover->keks, extra, now);
    if (!last)
    {
        --m_handover->copiesLeft;
        m_timers.Set(Timer::MERGE_COPY, now + m_config.mergeCopySpacing);
        return;
    }
    for (const uint64_t keyId : own)
    {
        m_keys.RetireKek(keyId, true);
    }
    // And those of a third one that had come to us: our members drop them when they join (M5).
    for (const uint64_t keyId : m_handover->retire ? m_handover->left : std::vector<uint64_t>())
    {
        m_keys.RetireKek(keyId);
    }
    const IpAddress gcks = m_handover->gcks;
    m_handover.reset();
    m_election.Merged(gcks, now);
}

// ---- the one who stays

// Who yields becomes a member without a join.
void
MrkmpEngine::KnowIfRoom(IpAddress peer,
                        const Identity& identity,
                        const std::vector<IkePayload>& inner)
{
    if (m_members.size() < m_config.membersMax || m_members.count(identity) > 0)
    {
        Know(m_members[identity], peer, inner);
    }
}

// M2: our KEK, the union of all protocol master keys, and a new one that soon replaces them. An
// offer is also made by a member whose GCKS has died and that comes to us with keys of another
// partition (M6); whatever is known already changes nothing.
std::vector<IkePayload>
MrkmpEngine::AnswerMerge(IpAddress peer,
                         const Identity& identity,
                         const std::vector<IkePayload>& inner,
                         Time now)
{
    const auto* offered = IkeMessage::FindPayload<KeyDownloadPayload>(inner);
    if (offered == nullptr)
    {
        return {m_config.group}; // the offer comes when it knows who we are
    }
    // A router that only we have evicted may be a member over there, and know their keys; one that
    // only they have evicted knows ours (G6).
    const auto theirs = EvictedOf(inner);
    const bool safe = std::all_of(m_evicted.begin(), m_evicted.end(), [&theirs](const auto& ours) {
        return std::find(theirs.begin(), theirs.end(), ours) != theirs.end();
    });
    const bool isNews = NoteEvicted(inner, now);
    // Whoever has heard all that the other side said knows its keys already; that side may not know
    // ours, and then receives them only.
    const auto* newest = m_keys.NewestPmk();
    const bool apart = m_keys.IsAheadOf(*offered, now) && newest != nullptr &&
                       newest->row.lifetimes.sendStart <= now;
    const bool changed = safe && m_keys.AdoptForeignPmks(*offered, now);
    if (isNews)
    {
        RetireForEviction(now);
    }
    else if (changed || (safe && apart))
    {
        RenewPmk(RekeyCause::MERGE, m_config.keys.lead, now);
    }
    KnowIfRoom(peer, identity, inner);
    return Deliver(m_keys.Download(now));
}

// Our GCKS hands its office over. Its word is proven, for it is an initial exchange.
std::vector<IkePayload>
MrkmpEngine::AnswerHandover(IpAddress peer,
                            const Identity& identity,
                            const std::vector<IkePayload>& inner,
                            Time now)
{
    const bool ours = m_election.Role() == GcksRole::MEMBER && peer == m_election.Gcks();
    if (!ours || !IsRegistered() || m_attempt)
    {
        return {MakeNotify(IkeNotify::TEMPORARY_FAILURE)};
    }
    // It goes on advertising until all copies are out; that is no second group to merge with.
    m_retryMergeAt = now + m_election.FullWait();
    m_election.Appointed(now);
    while (const auto action = m_election.PollAction())
    {
        Act(*action, now);
    }
    KnowIfRoom(peer, identity, inner);
    return Deliver(m_keys.Download(now));
}

} // namespace karp
} // namespace ns3
