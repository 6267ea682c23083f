/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-engine.h"
#include "karp-mrkmp-payloads.h"

#include <algorithm>
#include <utility>

/**
 * \file
 * What a GCKS does: it makes, announces and renews keys (H 7), and decides who gets them (H 2.4).
 */

namespace ns3
{
namespace karp
{

namespace
{

/// Part of a KEK's messages after which the next KEK is made: the rest lasts for the lead (G7).
constexpr uint64_t MESSAGES_PART = 10;

/**
 * Drop KEKs of \p peer, who serves no more, out of \p keys of \p self: those that outlast the
 * \p overlap in which ours takes over. It retires them itself, and its word may be lost.
 */
void
DropKeksOf(IpAddress peer, GroupKeys& keys, IpAddress self, Time overlap, Time now)
{
    const GroupKeys::Kek* own = keys.NewestKekOf(self, now);
    std::vector<uint64_t> gone;
    for (const auto& kek : keys.Keks())
    {
        const bool outlasts =
            own != nullptr && kek.row.lifetimes.sendEnd - overlap > own->row.lifetimes.sendStart;
        if (kek.issuer == peer && outlasts)
        {
            gone.push_back(kek.row.keyId);
        }
    }
    for (const uint64_t keyId : gone)
    {
        keys.RetireKek(keyId, true);
    }
}

} // namespace

const char*
ToString(RekeyCause cause)
{
    switch (cause)
    {
    case RekeyCause::TAKE_OVER:
        return "take-over";
    case RekeyCause::LIFETIME:
        return "lifetime";
    case RekeyCause::SEQUENCE:
        return "sequence";
    case RekeyCause::REBOOT:
        return "reboot";
    case RekeyCause::REQUEST:
        return "request";
    case RekeyCause::MERGE:
        return "merge";
    case RekeyCause::EVICTION:
        return "eviction";
    case RekeyCause::RETIREMENT:
        return "retirement";
    default:
        return "admin";
    }
}

void
MrkmpEngine::Fire(Timer timer, Time now)
{
    // Whoever hands its members over has no word of its own any more: under the KEK of the one who
    // stays it would give out keys that are about to end (M4).
    const bool own = timer == Timer::UPDATE || timer == Timer::COPY || timer == Timer::RENEW ||
                     timer == Timer::EXHAUST;
    if (own && m_handover)
    {
        return;
    }
    switch (timer)
    {
    case Timer::UPDATE:
        SendUpdates(m_keys.Download(now), nullptr, {}, now);
        m_timers.Set(Timer::UPDATE, now + m_config.updateInterval);
        break;
    case Timer::COPY:
        SendUpdates(m_keys.Download(now), nullptr, {}, now);
        if (--m_copiesLeft > 0)
        {
            m_timers.Set(Timer::COPY, now + m_config.updateCopySpacing);
        }
        break;
    case Timer::RENEW:
        Renew(RekeyCause::LIFETIME, m_keys.OrdinaryHandoff(), now);
        break;
    case Timer::EXHAUST:
        Renew(RekeyCause::SEQUENCE, m_keys.OrdinaryHandoff(), now);
        break;
    case Timer::RETIRE_COPY:
        SendRetirement(now);
        break;
    case Timer::MERGE_COPY:
        SendMergeCopy(now);
        break;
    case Timer::REGISTER:
    case Timer::AUTHENTIC: // heartbeats are not protected; the exchange shows who is GCKS (H 3)
        Register(m_election.Gcks(), now);
        if (!m_timers.IsSet(Timer::PATIENCE)) // or else it runs already, for somebody before (E11)
        {
            m_timers.Set(Timer::PATIENCE, now + m_config.joinPatience);
        }
        break;
    case Timer::PATIENCE:
        PatienceOver(now);
        break;
    default:
        break;
    }
}

// ---- keys

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
    Renew(RekeyCause::TAKE_OVER, m_keys.OrdinaryHandoff(), now);
    m_timers.Set(Timer::UPDATE, now + m_config.updateInterval);
}

bool
MrkmpEngine::IsServing() const
{
    return m_election.Role() == GcksRole::GCKS && !m_handover;
}

void
MrkmpEngine::Rekey(Time now)
{
    if (IsServing())
    {
        Renew(RekeyCause::ADMIN, m_keys.OrdinaryHandoff(), now);
        Settle(now);
    }
}

// A KEK and a protocol master key.
void
MrkmpEngine::Renew(RekeyCause cause, const KeyHandoff& pmks, Time now)
{
    m_pmkRequested = false;
    m_keys.Renew(m_config.address, pmks, now);
    m_timers.Stop(Timer::EXHAUST);
    RenewInTime(now);
    TellRekeyed(cause, true, now);
    Announce(now);
}

// Our KEK may end sooner than it was made to: a router that missed our heartbeats, and nobody
// else's, took over and told all who hold the KEK when it is over, us among them (H 3.2, H 9).
void
MrkmpEngine::RenewInTime(Time now)
{
    const auto at = m_keys.RenewAt(m_config.address, now);
    if (at && m_election.Role() == GcksRole::GCKS)
    {
        const auto* kek = m_keys.NewestKekOf(m_config.address, now);
        const Time last = std::max(now, kek->row.lifetimes.sendEnd - m_config.keys.lead);
        // Our successor is heard before its answer comes: there is time to wait for it.
        const bool yields = m_attempt && m_attempt->purpose == Purpose::YIELD;
        m_timers.Set(Timer::RENEW, yields ? last : std::min(*at, last));
    }
}

void
MrkmpEngine::RenewPmk(RekeyCause cause, Time lead, Time now)
{
    m_pmkRequested = false;
    m_keys.RenewPmk(lead, now);
    TellRekeyed(cause, false, now);
    Announce(now);
}

void
MrkmpEngine::TellRekeyed(RekeyCause cause, bool kek, Time now)
{
    MrkmpEvent::Rekeyed event;
    event.cause = cause;
    if (const auto* row = kek ? m_keys.NewestKekOf(m_config.address, now) : nullptr)
    {
        event.kekId = row->row.keyId;
    }
    if (const auto* pmk = m_keys.NewestPmk())
    {
        event.adminKeyName = pmk->name;
    }
    m_events.push_back({std::move(event)});
}

// ---- group messages

// Tell the group at once, and again: a copy may be lost.
void
MrkmpEngine::Announce(Time now)
{
    SendUpdates(m_keys.Download(now), nullptr, {}, now);
    m_copiesLeft = m_config.updateCopies > 0 ? m_config.updateCopies - 1 : 0;
    if (m_copiesLeft > 0)
    {
        m_timers.Set(Timer::COPY, now + m_config.updateCopySpacing);
    }
}

// Under every KEK that is valid for sending: the current one (G3) and, while it lasts, the previous
// one, which is how its holders learn the new one (G4). If \p only is there, only under those.
void
MrkmpEngine::SendUpdates(const KeyDownloadPayload& download,
                         const std::vector<uint64_t>* only,
                         const std::vector<IkePayload>& extra,
                         Time now)
{
    for (const auto& kek : m_keys.Keks())
    {
        const bool wanted =
            only == nullptr || std::find(only->begin(), only->end(), kek.row.keyId) != only->end();
        if (wanted && kek.row.lifetimes.CanSend(now))
        {
            std::vector<IkePayload> payloads{m_config.group, download};
            payloads.insert(payloads.end(), extra.begin(), extra.end());
            AddEvicted(payloads);
            SendUnder(kek.row, std::move(payloads), now);
        }
    }
}

void
MrkmpEngine::SendUnder(const KekRow& kek, std::vector<IkePayload> payloads, Time now)
{
    const uint64_t before = m_cipher.SentUnder(kek.keyId, m_config.group, m_config.address);
    if (before >= m_config.kekMessagesMax)
    {
        Reject(DropReason::NO_SEND_KEY, kek.keyId, {});
        return;
    }
    uint64_t sequence = 0;
    Bytes message =
        m_cipher.Seal(kek, m_config.group, m_config.address, std::move(payloads), now, sequence);
    if (!message.empty())
    {
        Transmit(m_config.groupAddress, std::move(message));
        m_events.push_back({MrkmpEvent::GroupMessage{true, kek.keyId, sequence, m_config.address}});
    }
    // "Out of sequence space" (H 7.2 is empty): the next KEK comes while this one still lasts (G7).
    const auto* newest = m_keys.NewestKekOf(m_config.address, now);
    const uint64_t enough = m_config.kekMessagesMax - m_config.kekMessagesMax / MESSAGES_PART;
    if (m_election.Role() == GcksRole::GCKS && newest != nullptr &&
        newest->row.keyId == kek.keyId && before + 1 >= enough)
    {
        m_timers.Set(Timer::EXHAUST, now);
    }
}

void
MrkmpEngine::RetireKek(Time now)
{
    if (IsServing())
    {
        RetireAll(RekeyCause::RETIREMENT, m_keys.OrdinaryHandoff(), now);
        Settle(now);
    }
}

// All KEKs end now, by messages under themselves (G5). Nobody but us holds the new one yet, so
// nobody can read of it, and members prove who they are before they do (K6).
void
MrkmpEngine::RetireAll(RekeyCause cause, const KeyHandoff& pmks, Time now)
{
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
        m_keys.RetireKek(m_keys.Keks().back().row.keyId, true);
    }
    m_members.clear();
    Renew(cause, pmks, now);
    // Once and for all: by the next copy there may be a key newer than the one that is kept back.
    retirement.old = m_keys.OldPmks(now);
    m_retirement = std::move(retirement);
    SendRetirement(now);
}

// With the end of the KEK goes the end of the protocol master keys that were sent with, but not
// their successor.
void
MrkmpEngine::SendRetirement(Time now)
{
    for (const auto& kek : m_retirement->keks)
    {
        if (!kek.lifetimes.CanSend(now))
        {
            continue; // it has ended by itself meanwhile
        }
        std::vector<IkePayload> payloads{m_config.group,
                                         MakeKekDelete({kek.keyId}),
                                         m_retirement->old};
        AddEvicted(payloads);
        SendUnder(kek, std::move(payloads), now);
    }
    if (--m_retirement->copiesLeft > 0)
    {
        m_timers.Set(Timer::RETIRE_COPY, now + m_config.updateCopySpacing);
        return;
    }
    m_retirement.reset();
}

// The group need not miss our heartbeats to know that we are gone (G8).
void
MrkmpEngine::SendResignation(Time now)
{
    for (const auto& kek : m_keys.Keks())
    {
        if (kek.row.lifetimes.CanSend(now))
        {
            SendUnder(kek.row,
                      {m_config.group, MakeAddressNotify(IkeNotify::MRKMP_RESIGN, {})},
                      now);
        }
    }
}

bool
MrkmpEngine::Evict(const Identity& identity, Time now)
{
    const bool full = m_evicted.size() >= m_config.evictedMax && m_evicted.count(identity) == 0;
    if (!IsServing() || full)
    {
        return false;
    }
    m_evicted.insert(identity);
    m_keys.TaintPmks(EvictionHandoff(), now);
    RetireForEviction(now);
    Settle(now);
    return true;
}

// What evicted routers hold must be worth nothing soon, even if a member that is late falls silent
// for a moment.
void
MrkmpEngine::RetireForEviction(Time now)
{
    RetireAll(RekeyCause::EVICTION, EvictionHandoff(), now);
}

KeyHandoff
MrkmpEngine::EvictionHandoff() const
{
    return {m_config.evictLead, m_config.evictOverlap, true};
}

void
MrkmpEngine::AddEvicted(std::vector<IkePayload>& payloads) const
{
    if (!m_evicted.empty())
    {
        payloads.push_back(MakeEvicted(m_evicted));
    }
}

void
MrkmpEngine::Heard(const std::string& adminKeyName, IpAddress peer)
{
    const auto& pmks = m_keys.Pmks();
    const bool held = std::any_of(pmks.begin(), pmks.end(), [&adminKeyName](const auto& pmk) {
        return pmk.name == adminKeyName;
    });
    if (!held)
    {
        return;
    }
    std::set<IpAddress>& peers = m_heard[adminKeyName];
    if (peers.size() < m_config.membersMax)
    {
        peers.insert(peer);
    }
}

// ---- who gets keys

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
        return {MakeGcksUnknown(false)};
    }
    if (m_evicted.count(identity) > 0)
    {
        Reject(DropReason::NOT_AUTHORIZED, 0, peer);
        return {MakeNotify(IkeNotify::MRKMP_NOT_AUTHORIZED)};
    }
    if (FindNotify(inner, IkeNotify::MRKMP_HANDOVER) != nullptr)
    {
        return AnswerHandover(peer, identity, inner, now);
    }
    if (!IsServing())
    {
        return Refuse();
    }
    DropKeksOf(peer, m_keys, m_config.address, m_config.keys.overlap, now);
    if (FindNotify(inner, IkeNotify::MRKMP_MERGE_SA) != nullptr)
    {
        return AnswerMerge(peer, identity, inner, now);
    }
    const bool known = m_members.count(identity) > 0;
    if (!known && m_members.size() >= m_config.membersMax)
    {
        Reject(DropReason::TOO_MANY, m_members.size(), peer);
        return {MakeNotify(IkeNotify::TEMPORARY_FAILURE)};
    }
    return AnswerJoin(peer, inner, m_members[identity], known, initialContact, now);
}

std::vector<IkePayload>
MrkmpEngine::AnswerJoin(IpAddress peer,
                        const std::vector<IkePayload>& inner,
                        Member& member,
                        bool known,
                        bool initialContact,
                        Time now)
{
    // A router that does not say when it began may have lost its numbers if it has lost its
    // associations.
    const uint64_t bootId = BootIdOf(inner);
    const bool told = known && bootId != 0 && member.bootId != 0;
    // With keys of its own for each sender, a router with lost numbers has another key (K5).
    const bool lost =
        !m_config.transport.enabled && (told ? bootId != member.bootId : initialContact);
    // "MUST change the protocol master key if a router was part of the group under the current
    // protocol master key and reboots" (H 2.4). One that was down when the key came was not (K9).
    if (lost && !IsUnused(member, known, peer, now))
    {
        RenewPmk(RekeyCause::REBOOT, m_config.rebootLead, now); // J6
    }
    else if (const auto* request = FindNotify(inner, IkeNotify::MRKMP_REQUEST_PMK))
    {
        // Two members that ask at once mean the same key, and get the same new one (J8).
        const uint32_t about = RequestedPmkOf(*request);
        const auto* newest = m_keys.NewestPmk();
        if (newest == nullptr ||
            (newest->row.lifetimes.sendStart <= now && (about == 0 || about == newest->row.keyId)))
        {
            RenewPmk(RekeyCause::REQUEST, m_config.keys.lead, now);
        }
    }
    Know(member, peer, inner);
    return Deliver(lost ? m_keys.DownloadForRebooted(now) : m_keys.Download(now));
}

// It is a member, and is about to be given the newest protocol master key.
void
MrkmpEngine::Know(Member& member, IpAddress peer, const std::vector<IkePayload>& inner) const
{
    const auto* newest = m_keys.NewestPmk();
    member.address = peer;
    member.bootId = BootIdOf(inner);
    member.pmk = newest != nullptr ? newest->name : std::string();
}

// Whether a router that has lost its sequence numbers has used none under the newest key.
bool
MrkmpEngine::IsUnused(const Member& member, bool known, IpAddress peer, Time now) const
{
    const auto* newest = m_keys.NewestPmk();
    if (newest == nullptr || newest->row.lifetimes.sendStart > now)
    {
        return true; // nobody has
    }
    if (m_config.rebootAlways)
    {
        return false; // it may have got the key from somebody else and used it unheard
    }
    const auto heard = m_heard.find(newest->name);
    return !(known && member.pmk == newest->name) &&
           (heard == m_heard.end() || heard->second.count(peer) == 0);
}

// The number tells a newcomer which group messages are old (G2).
std::vector<IkePayload>
MrkmpEngine::Deliver(const KeyDownloadPayload& download) const
{
    std::vector<IkePayload> payloads{m_config.group, download};
    if (m_cipher.LastSent() > 0)
    {
        payloads.push_back(SequencePayload{m_cipher.LastSent()});
    }
    AddEvicted(payloads);
    return payloads;
}

// J9, J10: say who is GCKS, or whether to wait for us.
std::vector<IkePayload>
MrkmpEngine::Refuse() const
{
    if (m_handover)
    {
        return {MakeAddressNotify(IkeNotify::MRKMP_WRONG_GCKS, m_handover->gcks)};
    }
    if (m_election.Gcks() != IpAddress{} && IsRegistered())
    {
        return {MakeAddressNotify(IkeNotify::MRKMP_WRONG_GCKS, m_election.Gcks())};
    }
    return {MakeGcksUnknown(!m_election.HasBetterCandidate())};
}

} // namespace karp
} // namespace ns3
