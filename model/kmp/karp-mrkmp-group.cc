/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-engine.h"

#include "ns3/karp-ike-spi.h"

#include <algorithm>
#include <utility>

/**
 * \file
 * What the roles do: a GCKS renews and announces keys and admits joiners (H 2.4, 7), a member
 * registers (H 3), two GCKSs merge (H 3.2).
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return a notification \p type with \p data */
NotifyPayload
Notify(IkeNotify type, Bytes data = {})
{
    NotifyPayload notify;
    notify.type = type;
    notify.data = std::move(data);
    return notify;
}

/** \return the notification \p type among \p payloads, or nullptr */
const NotifyPayload*
FindNotify(const std::vector<IkePayload>& payloads, IkeNotify type)
{
    for (const auto& payload : payloads)
    {
        const auto* notify = std::get_if<NotifyPayload>(&payload);
        if (notify != nullptr && notify->type == type)
        {
            return notify;
        }
    }
    return nullptr;
}

/** \return the first notification of an error among \p payloads, or nullptr */
const NotifyPayload*
FindError(const std::vector<IkePayload>& payloads)
{
    for (const auto& payload : payloads)
    {
        const auto* notify = std::get_if<NotifyPayload>(&payload);
        if (notify != nullptr && IsErrorNotify(static_cast<uint16_t>(notify->type)))
        {
            return notify;
        }
    }
    return nullptr;
}

/** \return the payload that retires KEKs (K3) */
DeletePayload
DeleteOf(const std::vector<uint64_t>& keyIds)
{
    DeletePayload gone;
    gone.protocol = IkeProtocol::MRKMP_KEK;
    gone.spiSize = sizeof(uint64_t);
    for (const uint64_t keyId : keyIds)
    {
        gone.spis.push_back(EncodeKekSpi(keyId));
    }
    return gone;
}

/**
 * \param error what an authenticated peer refused with, or nullptr
 * \return whether its advertisements should be heard all the same (H 6.1): it may still become
 *         GCKS, or it is a member that was taken for one
 */
bool
MayBelieveLater(const NotifyPayload* error)
{
    if (error == nullptr)
    {
        return false;
    }
    if (error->type == IkeNotify::MRKMP_GCKS_UNKNOWN)
    {
        return !error->data.empty() && (error->data[0] & 1) != 0; // potential_candidate
    }
    return error->type == IkeNotify::MRKMP_WRONG_GCKS;
}

} // namespace

void
MrkmpEngine::Fire(Timer timer, Time now)
{
    switch (timer)
    {
    case Timer::UPDATE:
        SendUpdates(m_keys.Download(now), {}, {}, now);
        m_timers.Set(Timer::UPDATE, now + m_config.updateInterval);
        break;
    case Timer::COPY:
        SendUpdates(m_keys.Download(now), {}, {}, now);
        if (--m_copiesLeft > 0)
        {
            m_timers.Set(Timer::COPY, now + m_config.updateCopySpacing);
        }
        break;
    case Timer::RENEW:
        RenewKeys(now);
        break;
    case Timer::RETIRE_COPY:
        SendRetirement(now);
        break;
    case Timer::MERGE_COPY:
        SendMergeCopy(now);
        break;
    case Timer::REGISTER:
        Register(m_election.Gcks(), now);
        break;
    case Timer::AUTHENTIC:
        // Heartbeats are not protected; only the exchange shows that the GCKS is one (H 3).
        Register(m_election.Gcks(), now);
        break;
    default:
        break;
    }
}

// ---- as GCKS

// "If a node transitions to GCKS state" (H 3.1 is empty): a new KEK and a new protocol master key,
// whatever is held already. The new GCKS cannot know who joined under the old one, so it could not
// tell which of them reboots (E13); the old keys stay until the new ones take over, so nothing that
// is on its way is lost.
void
MrkmpEngine::TakeOver(Time now)
{
    m_members.clear();
    m_registeredWith = m_config.address;
    m_hasState = true;
    RenewKeys(now);
    m_timers.Set(Timer::UPDATE, now + m_config.updateInterval);
}

void
MrkmpEngine::RenewKeys(Time now)
{
    m_pmkRequested = false;
    m_keys.Renew(m_config.address, now);
    if (const auto at = m_keys.RenewAt(m_config.address, now))
    {
        m_timers.Set(Timer::RENEW, *at);
    }
    Announce(now);
}

// Tell the group at once, and again: a copy may be lost.
void
MrkmpEngine::Announce(Time now)
{
    SendUpdates(m_keys.Download(now), {}, {}, now);
    m_copiesLeft = m_config.updateCopies > 0 ? m_config.updateCopies - 1 : 0;
    if (m_copiesLeft > 0)
    {
        m_timers.Set(Timer::COPY, now + m_config.updateCopySpacing);
    }
}

// Under every KEK that is valid for sending: the current one (G3) and, while it lasts, the previous
// one, which is how its holders learn the new one (G4). Not under KEKs issued by \p except.
void
MrkmpEngine::SendUpdates(const KeyDownloadPayload& download,
                         IpAddress except,
                         const std::vector<uint64_t>& retired,
                         Time now)
{
    for (const auto& kek : m_keys.Keks())
    {
        const bool left = except != IpAddress{} && kek.issuer == except;
        if (!left && kek.row.lifetimes.CanSend(now))
        {
            std::vector<IkePayload> payloads{m_config.group, download};
            if (!retired.empty())
            {
                payloads.push_back(DeleteOf(retired));
            }
            SendUnder(kek.row, std::move(payloads), now);
        }
    }
}

void
MrkmpEngine::SendUnder(const KekRow& kek, std::vector<IkePayload> payloads, Time now)
{
    uint64_t sequence = 0;
    Bytes message =
        m_cipher.Seal(kek, m_config.group, m_config.address, std::move(payloads), now, sequence);
    if (!message.empty())
    {
        Transmit(m_config.groupAddress, std::move(message));
        m_events.push_back({MrkmpEvent::GroupMessage{true, kek.keyId, sequence, m_config.address}});
    }
}

void
MrkmpEngine::RetireKek(Time now)
{
    if (m_election.Role() != GcksRole::GCKS)
    {
        return;
    }
    Retirement retirement;
    retirement.copiesLeft = std::max(m_config.updateCopies, 1U);
    for (const auto& kek : m_keys.Keks())
    {
        if (kek.row.lifetimes.CanSend(now))
        {
            retirement.keks.push_back(kek.row);
        }
    }
    while (!m_keys.Keks().empty())
    {
        m_keys.RetireKek(m_keys.Keks().back().row.keyId);
    }
    m_members.clear();
    m_retirement = std::move(retirement);
    SendRetirement(now);
    RenewKeys(now); // nobody but us holds the new KEK yet, so nobody can read of it
    Settle(now);
}

void
MrkmpEngine::SendRetirement(Time now)
{
    for (const auto& kek : m_retirement->keks)
    {
        SendUnder(kek, {m_config.group, DeleteOf({kek.keyId})}, now);
    }
    if (--m_retirement->copiesLeft > 0)
    {
        m_timers.Set(Timer::RETIRE_COPY, now + m_config.updateCopySpacing);
        return;
    }
    m_retirement.reset();
}

std::vector<IkePayload>
MrkmpEngine::OnAuthRequest(SessionId,
                           IpAddress peer,
                           const Identity& identity,
                           const std::vector<IkePayload>& inner,
                           bool initialContact,
                           Time now)
{
    return Admit(peer, identity, inner, initialContact, now);
}

std::vector<IkePayload>
MrkmpEngine::OnRequest(SessionId,
                       IpAddress peer,
                       const Identity& identity,
                       IkeExchange exchange,
                       const std::vector<IkePayload>& inner,
                       Time now)
{
    if (exchange != IkeExchange::MRKMP_GROUP)
    {
        return {}; // an empty answer shows that we live (RFC 7296 section 1.4)
    }
    return Admit(peer, identity, inner, false, now);
}

// J5: are we GCKS of that group, and may the peer join? Its identity is proven by now.
std::vector<IkePayload>
MrkmpEngine::Admit(IpAddress peer,
                   const Identity& identity,
                   const std::vector<IkePayload>& inner,
                   bool initialContact,
                   Time now)
{
    if (!IsOurGroup(IkeMessage::FindPayload<GroupIdPayload>(inner)))
    {
        Reject(DropReason::OTHER_GROUP, 0, peer);
        return {Notify(IkeNotify::MRKMP_GCKS_UNKNOWN, {0})};
    }
    if (m_election.Role() != GcksRole::GCKS)
    {
        return Refuse();
    }
    const bool known = m_members.count(identity) > 0;
    if (!known && m_members.size() >= m_config.membersMax)
    {
        Reject(DropReason::TOO_MANY, m_members.size(), peer);
        return {Notify(IkeNotify::TEMPORARY_FAILURE)};
    }
    m_members.insert(identity);
    const auto* offered = IkeMessage::FindPayload<KeyDownloadPayload>(inner);
    if (FindNotify(inner, IkeNotify::MRKMP_MERGE_SA) != nullptr && offered != nullptr)
    {
        // M2: our KEK, the union of all protocol master keys, and a new one that soon replaces
        // them.
        m_keys.AdoptPmks(*offered, now);
        m_keys.RenewPmk(m_config.keys.lead, now);
        Announce(now);
        return {m_config.group, m_keys.Download(now)};
    }
    if (FindNotify(inner, IkeNotify::MRKMP_REQUEST_PMK) != nullptr)
    {
        m_keys.RenewPmk(m_config.keys.lead, now); // J8
        Announce(now);
        return {m_config.group, m_keys.Download(now)};
    }
    if (known && initialContact)
    {
        // J6: it was a member and has lost its sequence numbers.
        m_keys.RenewPmk(m_config.rebootLead, now);
        Announce(now);
        return {m_config.group, m_keys.DownloadForRebooted(now)};
    }
    return {m_config.group, m_keys.Download(now)};
}

// J9, J10: say who is GCKS, or whether to wait for us.
std::vector<IkePayload>
MrkmpEngine::Refuse() const
{
    const IpAddress gcks = m_election.Gcks();
    if (gcks != IpAddress{} && IsRegistered())
    {
        Bytes address;
        for (const int shift : {24, 16, 8, 0})
        {
            address.push_back(static_cast<uint8_t>(gcks.value >> shift));
        }
        return {Notify(IkeNotify::MRKMP_WRONG_GCKS, std::move(address))};
    }
    const uint8_t candidate = m_election.HasBetterCandidate() ? 0 : 1;
    return {Notify(IkeNotify::MRKMP_GCKS_UNKNOWN, {candidate})};
}

// ---- as member

// The election follows a GCKS that is new to it. One that we are registered with, and whose keys we
// hold, needs nothing. Where keys are held from a previous one there is no hurry, and members that
// all begin at once would be a storm; a newcomer has nothing and begins at once.
void
MrkmpEngine::ConsiderRegistering(IpAddress gcks, Time now)
{
    m_timers.Set(Timer::AUTHENTIC, now + m_config.updateInterval * 4);
    if (m_registeredWith == gcks && m_keys.NewestKekOf(gcks, now) != nullptr)
    {
        return;
    }
    if (m_keys.SendKek(now) != nullptr)
    {
        m_timers.Set(Timer::REGISTER, m_entropy.DrawTime(now, now + m_config.joinSpread));
        return;
    }
    Register(gcks, now);
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
    if (m_pmkRequested)
    {
        extra.push_back(Notify(IkeNotify::MRKMP_REQUEST_PMK));
    }
    Attempt attempt;
    attempt.peer = gcks;
    attempt.started = now;
    attempt.askForPmk = m_pmkRequested;
    // A router that holds no key of the group has lost its state, if it ever had one (J6).
    Begin(attempt, std::move(extra), !m_hasState);
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

void
MrkmpEngine::RequestNewPmk(Time now)
{
    if (m_election.Role() == GcksRole::GCKS)
    {
        m_keys.RenewPmk(m_config.keys.lead, now);
        Announce(now);
    }
    else
    {
        m_pmkRequested = true; // asked for with the next registration, if not with this one
        if (m_election.Role() == GcksRole::MEMBER)
        {
            Register(m_election.Gcks(), now);
        }
    }
    Settle(now);
}

void
MrkmpEngine::OnAuthResponse(SessionId session,
                            IpAddress peer,
                            const Identity&,
                            const std::vector<IkePayload>& inner,
                            Time now)
{
    if (!m_attempt || m_attempt->session != session)
    {
        return;
    }
    const Attempt attempt = *m_attempt;
    const auto* download = IkeMessage::FindPayload<KeyDownloadPayload>(inner);
    const auto* error = FindError(inner);
    if (error != nullptr || download == nullptr)
    {
        EndAttempt(false, error != nullptr ? ToString(error->type) : "no key download", now);
        AttemptFailed(attempt, !MayBelieveLater(error), now);
        return;
    }
    m_keys.Adopt(*download, peer, true, now);
    m_hasState = true;
    m_registeredWith = peer;
    m_blacklist.Clear(); // "or until the initiator successfully joins" (H 6.1)
    EndAttempt(true, "", now);
    if (attempt.merge)
    {
        m_handover = Handover{peer, *download, m_config.mergeCopies};
        SendMergeCopy(now);
    }
    else
    {
        m_timers.Set(Timer::AUTHENTIC, now + m_config.updateInterval * 4);
    }
    if (m_pmkRequested)
    {
        m_pmkRequested = !attempt.askForPmk;
        if (m_pmkRequested)
        {
            Register(peer, now); // asked while the exchange was on its way already
        }
    }
}

void
MrkmpEngine::OnResponse(SessionId, IpAddress, IkeExchange, const std::vector<IkePayload>&, Time)
{
}

void
MrkmpEngine::OnFailed(SessionId session, IpAddress, SessionFailure why, Time now)
{
    if (!m_attempt || m_attempt->session != session)
    {
        return;
    }
    const Attempt attempt = *m_attempt;
    EndAttempt(false, ToString(why), now);
    AttemptFailed(attempt, true, now);
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
    m_events.push_back({std::move(done)});
}

// "It resets its state to initial but ignores advertisements from that router" (H 3, E10). A GCKS
// whose offer to merge came to nothing stays what it is and tries again later (M7).
void
MrkmpEngine::AttemptFailed(const Attempt& attempt, bool ignore, Time now)
{
    if (attempt.merge)
    {
        m_mergeNotBefore = now + m_config.blacklistTimeout;
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
    m_election.JoinFailed(now);
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
            retired = (keyId && m_keys.RetireKek(*keyId)) || retired;
        }
    }
    // K6: retired with no successor, so a new initial exchange is needed.
    if (retired && m_election.Role() == GcksRole::MEMBER && m_keys.SendKek(now) == nullptr)
    {
        m_registeredWith = {};
        m_timers.Set(Timer::REGISTER, m_entropy.DrawTime(now, now + m_config.joinSpread));
    }
}

// ---- two GCKSs

// M1: the less preferred GCKS offers its key download to the more preferred one.
void
MrkmpEngine::Merge(IpAddress gcks, Time now)
{
    if (m_attempt || m_handover || (m_mergeNotBefore && now < *m_mergeNotBefore))
    {
        return;
    }
    m_mergeNotBefore.reset();
    std::vector<IkePayload> extra{m_config.group,
                                  Notify(IkeNotify::MRKMP_MERGE_SA),
                                  m_keys.Download(now)};
    Attempt attempt;
    attempt.peer = gcks;
    attempt.started = now;
    attempt.merge = true;
    Begin(attempt, std::move(extra), false);
}

// M4: what the more preferred one answered goes out under our KEK, several times; then we yield.
// The last copy retires our own KEKs, so that one is left in the group.
void
MrkmpEngine::SendMergeCopy(Time now)
{
    const bool last = m_handover->copiesLeft <= 1;
    std::vector<uint64_t> own;
    for (const auto& kek : m_keys.Keks())
    {
        if (last && kek.issuer == m_config.address)
        {
            own.push_back(kek.row.keyId);
        }
    }
    SendUpdates(m_handover->download, m_handover->gcks, own, now);
    if (!last)
    {
        --m_handover->copiesLeft;
        m_timers.Set(Timer::MERGE_COPY, now + m_config.mergeCopySpacing);
        return;
    }
    for (const uint64_t keyId : own)
    {
        m_keys.RetireKek(keyId);
    }
    const IpAddress gcks = m_handover->gcks;
    m_handover.reset();
    m_election.Merged(gcks, now);
}

} // namespace karp
} // namespace ns3
