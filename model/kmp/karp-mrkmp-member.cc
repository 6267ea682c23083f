/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-engine.h"
#include "karp-mrkmp-payloads.h"

#include "ns3/karp-ike-spi.h"

#include <algorithm>
#include <utility>

/**
 * \file
 * What a member does: it registers with its GCKS (H 3, 2.4), follows a referral (H 6.1), asks for
 * another protocol master key (H 7.2), and ends exchanges that come to nothing.
 */

namespace ns3
{
namespace karp
{

// The election follows a GCKS that is new to it. One that we are registered with, and whose keys we
// hold, needs nothing. Where keys are held from a previous one there is no hurry, and members that
// all begin at once would be a storm; a newcomer has nothing and begins at once.
void
MrkmpEngine::ConsiderRegistering(IpAddress gcks, Time now)
{
    m_timers.Set(Timer::AUTHENTIC, now + m_config.updateInterval * 4);
    if (m_registeredWith == gcks && m_keys.NewestKekOf(gcks, now) != nullptr)
    {
        // Somebody else was followed for a moment: its answer, should it still come, would have us
        // registered with who is not our GCKS, and with nobody from then on.
        if (m_attempt && m_attempt->purpose == Purpose::JOIN && m_attempt->peer != gcks)
        {
            m_sessions.Close(m_attempt->session);
            EndAttempt(false, "another GCKS is heard", now);
        }
        return;
    }
    if (m_keys.SendKek(now) != nullptr)
    {
        RegisterSoon(now);
        return;
    }
    Register(gcks, now);
}

// Members that all have the same reason come one after the other (K6).
void
MrkmpEngine::RegisterSoon(Time now)
{
    m_timers.Set(Timer::REGISTER, m_entropy.DrawTime(now, now + m_config.joinSpread));
}

void
MrkmpEngine::Register(IpAddress gcks, Time now)
{
    if (m_attempt && m_attempt->peer == gcks)
    {
        return;
    }
    m_timers.Stop(Timer::REGISTER);
    std::vector<IkePayload> extra{m_config.group};
    if (m_config.bootId != 0)
    {
        extra.push_back(MakeBootId(m_config.bootId));
    }
    if (m_pmkRequested)
    {
        extra.push_back(MakePmkRequest(m_requestedPmk));
    }
    Attempt attempt;
    attempt.peer = gcks;
    attempt.started = now;
    attempt.askForPmk = m_pmkRequested;
    // A router that holds no key of the group has lost its state, if it ever had one (J6).
    Begin(attempt, std::move(extra), !m_hasState);
    BePatient(gcks, now);
}

void
MrkmpEngine::Begin(Attempt attempt, std::vector<IkePayload> extra, bool initialContact)
{
    if (m_attempt)
    {
        m_sessions.Close(m_attempt->session);
    }
    m_attempt = attempt;
    m_attempt->session =
        m_sessions.Initiate(attempt.peer, std::move(extra), initialContact, attempt.started);
}

// ---- another protocol master key

uint32_t
MrkmpEngine::SendPmkId(Time now) const
{
    const GroupKeys::Pmk* found = nullptr;
    for (const auto& pmk : m_keys.Pmks())
    {
        const bool later =
            found == nullptr || pmk.row.lifetimes.sendStart > found->row.lifetimes.sendStart;
        found = pmk.CanSend(now) && later ? &pmk : found;
    }
    return found != nullptr ? found->row.keyId : 0;
}

std::vector<uint64_t>
MrkmpEngine::KekIds() const
{
    std::vector<uint64_t> ids;
    for (const auto& kek : m_keys.Keks())
    {
        ids.push_back(kek.row.keyId);
    }
    return ids;
}

void
MrkmpEngine::RequestNewPmk(Time now)
{
    if (m_config.transport.enabled)
    {
        m_transport.Renew(now); // nobody else is concerned (K5)
        Settle(now);
        return;
    }
    if (m_election.Role() == GcksRole::GCKS)
    {
        const auto* newest = m_keys.NewestPmk();
        if (newest == nullptr || newest->row.lifetimes.sendStart <= now)
        {
            RenewPmk(RekeyCause::REQUEST, m_config.keys.lead, now);
        }
        Settle(now);
        return;
    }
    m_pmkRequested = true; // asked for with the next registration, if not with this one
    m_requestedPmk = SendPmkId(now);
    if (m_election.Role() == GcksRole::MEMBER && !AskWithin(now))
    {
        Register(m_election.Gcks(), now);
    }
    Settle(now);
}

// "A member of a group can also use the unicast exchange to request a GCKS to change the protocol
// master key" (H 2.4): one round trip, if the association is still there.
bool
MrkmpEngine::AskWithin(Time now)
{
    const IpAddress gcks = m_election.Gcks();
    if (!IsRegistered() || m_attempt)
    {
        return false;
    }
    const SessionId session = m_sessions.FindEstablished(gcks).value_or(0);
    std::vector<IkePayload> payloads{m_config.group, MakePmkRequest(m_requestedPmk)};
    if (m_config.bootId != 0)
    {
        payloads.push_back(MakeBootId(m_config.bootId));
    }
    if (!m_sessions.Request(session, IkeExchange::MRKMP_GROUP, std::move(payloads), now))
    {
        return false; // there is none, or there is none any more
    }
    Attempt attempt;
    attempt.session = session;
    attempt.peer = gcks;
    attempt.started = now;
    attempt.askForPmk = true;
    m_attempt = attempt;
    return true;
}

// ---- what came of it

void
MrkmpEngine::OnAuthResponse(SessionId session,
                            IpAddress peer,
                            const Identity& identity,
                            const std::vector<IkePayload>& inner,
                            Time now)
{
    if (!m_attempt || m_attempt->session != session)
    {
        return;
    }
    const Attempt attempt = *m_attempt;
    m_timers.Stop(Timer::PATIENCE); // it has proven who it is
    m_fruitless = 0;
    const auto* error = FindErrorNotify(inner);
    if (m_evicted.count(identity) > 0)
    {
        Reject(DropReason::NOT_AUTHORIZED, 0, peer);
        EndAttempt(false, "peer is evicted", now);
        AttemptFailed(attempt, true, now);
    }
    else if (error != nullptr)
    {
        AttemptRefused(attempt, error, now);
    }
    else if (attempt.purpose == Purpose::MERGE)
    {
        Offer(now); // now that it has proven who it is
    }
    else
    {
        TakeDownload(attempt, inner, now);
    }
}

void
MrkmpEngine::OnResponse(SessionId session,
                        IpAddress,
                        IkeExchange,
                        const std::vector<IkePayload>& inner,
                        Time now)
{
    if (!m_attempt || m_attempt->session != session)
    {
        return;
    }
    const Attempt attempt = *m_attempt;
    if (const auto* error = FindErrorNotify(inner))
    {
        AttemptRefused(attempt, error, now);
        return;
    }
    TakeDownload(attempt, inner, now);
}

void
MrkmpEngine::OnFailed(SessionId session, IpAddress, SessionFailure why, Time now)
{
    if (!m_attempt || m_attempt->session != session)
    {
        return;
    }
    const Attempt attempt = *m_attempt;
    m_fruitless += why == SessionFailure::TIMEOUT && attempt.purpose == Purpose::JOIN ? 1 : 0;
    EndAttempt(false, ToString(why), now);
    AttemptFailed(attempt, true, now);
}

void
MrkmpEngine::TakeDownload(const Attempt& attempt, const std::vector<IkePayload>& inner, Time now)
{
    const auto* download = IkeMessage::FindPayload<KeyDownloadPayload>(inner);
    if (download == nullptr)
    {
        EndAttempt(false, "no key download", now);
        AttemptFailed(attempt, true, now);
        return;
    }
    // A response that was repeated for long says what was true when the offer came in first: by now
    // the keys that it knows may be over, and ours not among those it knows.
    if (attempt.offered && now - *attempt.offered > m_config.keys.lead)
    {
        EndAttempt(false, "answer too old", now);
        AttemptFailed(attempt, false, now);
        return;
    }
    // Our neighbours may still use a key that this GCKS has never heard of: it learns it before we
    // take its keys, or we would leave them without a word (M2, M6, K11).
    if (attempt.purpose == Purpose::JOIN && !attempt.offered && m_keys.IsAheadOf(*download, now))
    {
        Offer(now);
        return;
    }
    const std::vector<uint64_t> before = KekIds();
    const bool evicted = NoteEvicted(inner, now);
    m_keys.Adopt(*download, attempt.peer, true, now);
    if (attempt.purpose == Purpose::JOIN)
    {
        m_keys.RetireKeksBut(*download);
    }
    if (const auto* last = IkeMessage::FindPayload<SequencePayload>(inner))
    {
        for (const auto& kek : download->keks)
        {
            m_cipher.SetFloor(kek, m_config.group, attempt.peer, last->number);
        }
    }
    m_hasState = true;
    m_registeredWith = attempt.peer;
    m_blacklist.Clear(); // "or until the initiator successfully joins" (H 6.1)
    m_asked.clear();
    EndAttempt(true, "", now);
    if (attempt.purpose != Purpose::JOIN)
    {
        BeginHandover(attempt, *download, before, evicted, now);
        return;
    }
    m_timers.Set(Timer::AUTHENTIC, now + m_config.updateInterval * 4);
    if (m_pmkRequested)
    {
        m_pmkRequested = !attempt.askForPmk;
        if (m_pmkRequested)
        {
            Register(attempt.peer, now); // asked while the exchange was on its way already
        }
    }
}

void
MrkmpEngine::EndAttempt(bool ok, const std::string& failure, Time now)
{
    MrkmpEvent::JoinDone done;
    done.gcks = m_attempt->peer;
    done.ok = ok;
    done.took = now - m_attempt->started;
    done.failure = failure;
    m_attempt.reset();
    m_timers.Stop(Timer::PATIENCE);
    m_events.push_back({std::move(done)});
}

void
MrkmpEngine::AttemptRefused(const Attempt& attempt, const NotifyPayload* error, Time now)
{
    EndAttempt(false, ToString(error->type), now);
    if (error->type == IkeNotify::MRKMP_WRONG_GCKS && FollowReferral(attempt, *error, now))
    {
        return;
    }
    AttemptFailed(attempt, !MayBelieveLater(error), now);
}

// "It resets its state to initial but ignores advertisements from that router" (H 3, E10). A GCKS
// whose offer to merge came to nothing stays what it is and tries again later (M7). One whose
// office nobody took merges with whoever is more preferred as before: that says nothing of
// credentials, and a successor that refuses may be a GCKS itself (H 3.2).
void
MrkmpEngine::AttemptFailed(const Attempt& attempt, bool ignore, Time now)
{
    if (attempt.purpose == Purpose::YIELD)
    {
        return;
    }
    if (attempt.purpose == Purpose::MERGE)
    {
        m_retryMergeAt = ignore ? now + m_config.blacklistTimeout : now;
        return;
    }
    if (m_registeredWith == attempt.peer)
    {
        m_registeredWith = {};
    }
    if (ignore)
    {
        m_blacklist.Add(attempt.peer, now + m_config.blacklistTimeout);
    }
    m_asked.clear();
    m_election.JoinFailed(now);
}

// "The initiator should try an initial exchange with that router" (H 6.1): the one that refused has
// proven who it is, or its word would be nobody's. A chain of such words is followed only so far,
// and never to where it has been.
bool
MrkmpEngine::FollowReferral(const Attempt& attempt, const NotifyPayload& referral, Time now)
{
    const IpAddress gcks = AddressOf(referral);
    m_asked.push_back(attempt.peer);
    const bool asked = std::find(m_asked.begin(), m_asked.end(), gcks) != m_asked.end();
    if (attempt.purpose != Purpose::JOIN || m_election.Role() != GcksRole::MEMBER ||
        gcks == IpAddress{} || gcks == m_config.address || asked ||
        m_asked.size() > m_config.referralsMax || m_blacklist.Contains(gcks, now))
    {
        return false;
    }
    m_election.Referred(gcks, now);
    Register(gcks, now);
    return true;
}

// ---- what group messages say besides keys

// Whoever is told remembers it, as the next GCKS may be anybody (G6). Before keys that come with it
// are taken: those held by then are the ones that the evicted router may know.
bool
MrkmpEngine::NoteEvicted(const std::vector<IkePayload>& payloads, Time now)
{
    bool isNews = false;
    for (auto& identity : EvictedOf(payloads))
    {
        if (m_evicted.size() < m_config.evictedMax && m_evicted.count(identity) == 0)
        {
            m_members.erase(identity);
            m_evicted.insert(std::move(identity));
            isNews = true;
        }
    }
    if (isNews)
    {
        m_keys.TaintPmks(EvictionHandoff(), now);
    }
    return isNews;
}

// Our GCKS says under its KEK that it serves no more (G8).
void
MrkmpEngine::HearResignation(const GroupUpdate& update, Time now)
{
    const auto* resignation = FindNotify(update.payloads, IkeNotify::MRKMP_RESIGN);
    if (resignation == nullptr || m_election.Role() != GcksRole::MEMBER ||
        update.sender != m_election.Gcks())
    {
        return;
    }
    const IpAddress successor = AddressOf(*resignation);
    if (successor == IpAddress{})
    {
        m_election.Resigned(now);
    }
    else if (successor != m_config.address)
    {
        m_election.Referred(successor, now);
    }
}

void
MrkmpEngine::ApplyDeletes(const std::vector<IkePayload>& payloads, Time now)
{
    bool retired = false;
    for (const auto& payload : payloads)
    {
        const auto* gone = std::get_if<DeletePayload>(&payload);
        if (gone == nullptr || gone->protocol != IkeProtocol::MRKMP_KEK)
        {
            continue;
        }
        for (const Bytes& spi : gone->spis)
        {
            const auto keyId = DecodeKekSpi(spi);
            retired = (keyId && m_keys.RetireKek(*keyId, true)) || retired;
        }
    }
    // K6: retired with no successor, so a new initial exchange is needed.
    if (retired && m_election.Role() == GcksRole::MEMBER && m_keys.SendKek(now) == nullptr)
    {
        m_registeredWith = {};
        RegisterSoon(now);
    }
    // Members would follow a GCKS that can tell them nothing, for ever or until its own KEK starts:
    // the one that was to bridge the lead may be that of who has yielded (M4, K7).
    if (retired && m_election.Role() == GcksRole::GCKS && m_keys.HasGap(m_config.address, now))
    {
        Renew(RekeyCause::MERGE, m_keys.OrdinaryHandoff(), now);
    }
}

} // namespace karp
} // namespace ns3
