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
 * The engine's files: this one takes messages in, sends them out and runs the election;
 * karp-mrkmp-gcks.cc, -member.cc and -merge.cc do what the roles then have to do. They are thin:
 * the machine of the election, the store of keys, the protection of group messages and the unicast
 * associations are classes of their own.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr uint8_t LINK_TTL = 255; //!< only a neighbour on the link can deliver it undiminished

/** Drop KEKs of \p keys that are still to be sent under and that \p download does not name. */
void
DropKeksBut(const KeyDownloadPayload& download, GroupKeys& keys, Time now)
{
    KeyDownloadPayload kept = download;
    for (const auto& kek : keys.Keks())
    {
        if (kek.row.lifetimes.sendEnd <= now)
        {
            kept.keks.push_back(kek.row);
        }
    }
    keys.RetireKeksBut(kept);
}

} // namespace

MrkmpEngine::MrkmpEngine(const MrkmpConfig& config,
                         std::shared_ptr<const Credentials> credentials,
                         Entropy& entropy)
    : m_config(config),
      m_entropy(entropy),
      m_election(config.election, config.address, entropy),
      m_keys(config.keys, config.group, config.groupName, entropy),
      m_cipher(entropy, config.session.keyLog),
      m_transport(config.transport,
                  {config.group, config.address, config.groupName, config.interface},
                  entropy),
      m_sessions(config.session, std::move(credentials), entropy, *this),
      m_blacklist(config.blacklistMax)
{
}

MrkmpEngine::~MrkmpEngine() = default;

void
MrkmpEngine::Join(Time now)
{
    m_election.Start(now);
    if (m_config.transport.enabled)
    {
        m_transport.Start(now);
    }
    Settle(now);
}

void
MrkmpEngine::SetPriority(uint8_t priority, Time)
{
    m_election.SetPriority(priority);
}

void
MrkmpEngine::Leave(Time now)
{
    // "MUST stop participating in the GCKS election process, stop monitoring for key management
    // messages and if the current router is a GCKS, stop acting in that role" (H 8.3).
    // One last message says so, that the group need not wait until it misses its GCKS (G8).
    m_out.clear();
    if (m_election.Role() == GcksRole::GCKS)
    {
        SendResignation(now);
    }
    m_election.Stop(now);
    m_sessions.Clear();
    m_attempt.reset();
    m_keys.Clear();
    m_cipher.Clear();
    m_blacklist.Clear();
    m_heard.clear();
    m_hasState = false;
    m_transport.Clear();
    Settle(now);
}

void
MrkmpEngine::Receive(const Datagram& in, Time now)
{
    const auto header = PeekIkeHeader(in.payload);
    if (m_election.Role() == GcksRole::DOWN)
    {
        Reject(DropReason::UNEXPECTED_EVENT, 0, in.source);
    }
    else if (in.source == m_config.address)
    {
        Reject(DropReason::OWN_MESSAGE, 0, in.source);
    }
    else if (in.ttl != LINK_TTL)
    {
        Reject(DropReason::BAD_TTL, in.ttl, in.source);
    }
    else if (!header)
    {
        Reject(DropReason::TRUNCATED, in.payload.size(), in.source);
    }
    else if (header->exchange == IkeExchange::MRKMP_ADVERT)
    {
        ReceiveAdvert(in, now);
    }
    else if (header->exchange == IkeExchange::MRKMP_UPDATE)
    {
        ReceiveUpdate(in, *header, now);
    }
    else if (header->exchange == IkeExchange::MRKMP_NONCE && m_config.transport.enabled)
    {
        const Drop drop = m_transport.Receive(in, *header, now);
        if (drop.reason != DropReason::NONE)
        {
            Reject(drop);
        }
    }
    else if (in.destination.IsMulticast())
    {
        Reject(DropReason::BAD_TYPE, static_cast<uint64_t>(header->exchange), in.source);
    }
    else
    {
        m_sessions.Receive(in, now);
    }
    Settle(now);
}

void
MrkmpEngine::Advance(Time now)
{
    m_keys.Expire(now);
    m_transport.Advance(now);
    m_sessions.Advance(now);
    m_election.Advance(now);
    Settle(now);
    while (const auto timer = m_timers.PopExpired(now))
    {
        Fire(*timer, now);
        Settle(now);
    }
}

std::optional<Time>
MrkmpEngine::NextTimeout() const
{
    if (m_election.Role() == GcksRole::DOWN)
    {
        return std::nullopt;
    }
    return Earlier(
        Earlier(m_election.NextTimeout(), m_sessions.NextTimeout()),
        Earlier(m_timers.Next(), Earlier(m_keys.NextExpiry(), m_transport.NextTimeout())));
}

std::optional<Datagram>
MrkmpEngine::PollTransmit()
{
    if (!m_out.empty())
    {
        Datagram datagram = std::move(m_out.front());
        m_out.pop_front();
        return datagram;
    }
    auto datagram = m_sessions.PollTransmit();
    if (datagram)
    {
        datagram->source = m_config.address;
        datagram->ttl = LINK_TTL;
    }
    return datagram;
}

std::optional<MrkmpEvent>
MrkmpEngine::PollEvent()
{
    if (m_events.empty())
    {
        return std::nullopt;
    }
    MrkmpEvent event = std::move(m_events.front());
    m_events.pop_front();
    return event;
}

GcksRole
MrkmpEngine::Role() const
{
    return m_election.Role();
}

IpAddress
MrkmpEngine::Gcks() const
{
    return m_election.Gcks();
}

uint64_t
MrkmpEngine::CurrentKekId(Time now) const
{
    const auto* kek = m_keys.SendKek(now);
    return kek != nullptr ? kek->row.keyId : 0;
}

bool
MrkmpEngine::IsRegistered() const
{
    return m_registeredWith != IpAddress{} && m_registeredWith == m_election.Gcks();
}

const DropCounters&
MrkmpEngine::Drops() const
{
    return m_drops;
}

std::vector<MrkmpList>
MrkmpEngine::Lists() const
{
    size_t heard = 0;
    for (const auto& entry : m_heard)
    {
        heard = std::max(heard, entry.second.size());
    }
    return {{"KEKs", m_keys.Keks().size(), GroupKeys::MAX_KEKS},
            {"PMKs", m_keys.Pmks().size(), GroupKeys::MAX_PMKS},
            {"members", m_members.size(), m_config.membersMax},
            {"evicted", m_evicted.size(), m_config.evictedMax},
            {"heard under one key", heard, m_config.membersMax},
            {"blacklist", m_blacklist.Size(), m_config.blacklistMax},
            {"referrals", m_asked.size(), m_config.referralsMax + 1},
            {"senders", m_cipher.SenderCount(), GroupCipher::MAX_SENDERS},
            {"nonces", m_transport.PeerCount(), m_config.transport.peersMax}};
}

const CryptoCounters&
MrkmpEngine::Counters() const
{
    const CryptoCounters& sessions = m_sessions.Counters();
    const CryptoCounters& cipher = m_cipher.Counters();
    const CryptoCounters& transport = m_transport.Counters();
    for (size_t i = 0; i < m_counters.size(); ++i)
    {
        m_counters[i] = m_ownCounters[i] + sessions[i] + cipher[i] + transport[i];
    }
    return m_counters;
}

// Whatever came in has been handled; now do what the parts wish until they wish for nothing more.
void
MrkmpEngine::Settle(Time now)
{
    while (const auto action = m_election.PollAction())
    {
        Act(*action, now);
    }
    DrainSessions();
    DrainKeys(now);
    DrainTransport();
    if (m_kekChanged)
    {
        m_kekChanged = false;
        RenewInTime(now);
    }
}

void
MrkmpEngine::DrainSessions()
{
    while (auto event = m_sessions.PollEvent())
    {
        m_events.push_back({MrkmpEvent::Session{std::move(*event)}});
    }
    while (const auto drop = m_sessions.PollDrop())
    {
        Reject(*drop);
    }
    while (auto keys = m_sessions.PollKeys())
    {
        m_events.push_back({MrkmpEvent::KeyLog{std::move(*keys)}});
    }
    while (auto keys = m_cipher.PollKeys())
    {
        m_events.push_back({MrkmpEvent::KeyLog{std::move(*keys)}});
    }
}

void
MrkmpEngine::DrainKeys(Time now)
{
    while (auto change = m_keys.PollChange())
    {
        if (change->isKek)
        {
            static constexpr const char* WORDS[] = {"install", "update", "retire"};
            if (change->what == KeyChange::What::RETIRE)
            {
                m_cipher.Forget(change->kek.keyId);
            }
            m_kekChanged |= change->what == KeyChange::What::UPDATE;
            m_events.push_back({MrkmpEvent::KekChanged{change->kek.keyId,
                                                       change->kek.lifetimes,
                                                       WORDS[static_cast<size_t>(change->what)]}});
            continue;
        }
        if (change->what == KeyChange::What::RETIRE)
        {
            m_heard.erase(change->name);
        }
        if (m_config.transport.enabled)
        {
            change->what == KeyChange::What::RETIRE
                ? m_transport.RemoveMaster(change->name)
                : m_transport.SetMaster(change->name, change->pmk, now);
            continue;
        }
        if (change->what == KeyChange::What::RETIRE)
        {
            m_events.push_back({MrkmpEvent::KeyRetired{change->name}});
            continue;
        }
        KeyRow row;
        row.adminKeyName = change->name;
        row.localKeyName = IntegerKeyName(change->pmk.keyId, 1);
        row.peers = m_config.groupName;
        row.interfaces = {m_config.interface};
        row.protocol = change->pmk.protocol;
        row.algId = change->pmk.algorithm;
        row.key = std::move(change->pmk.key);
        row.lifetimes = change->pmk.lifetimes;
        const bool update = change->what == KeyChange::What::UPDATE;
        m_events.push_back({MrkmpEvent::KeyInstalled{std::move(row), update}});
    }
}

// With transport keys apart (K5), master keys stay here and their offspring goes to routing.
void
MrkmpEngine::DrainTransport()
{
    while (auto change = m_transport.PollChange())
    {
        if (change->retired)
        {
            m_events.push_back({MrkmpEvent::KeyRetired{change->row.adminKeyName}});
            continue;
        }
        m_events.push_back({MrkmpEvent::KeyInstalled{std::move(change->row), change->update}});
    }
    while (auto message = m_transport.PollTransmit())
    {
        Transmit(m_config.groupAddress, std::move(*message));
    }
}

bool
MrkmpEngine::IsOurGroup(const GroupIdPayload* group) const
{
    return group != nullptr && group->protocol == m_config.group.protocol &&
           group->instance == m_config.group.instance;
}

KekKnowledge
MrkmpEngine::KnowledgeOf(uint64_t kekId, IpAddress from, Time now) const
{
    const auto* kek = m_keys.FindKek(kekId);
    if (kek == nullptr || kek->row.lifetimes.sendEnd <= now)
    {
        return KekKnowledge::NONE;
    }
    return kek->issuer == from ? KekKnowledge::ISSUED : KekKnowledge::HELD;
}

void
MrkmpEngine::ReceiveAdvert(const Datagram& in, Time now)
{
    const auto decoded = DecodeIkeMessage(in.payload);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        Reject(error->reason, error->value, in.source);
        return;
    }
    const auto& message = std::get<IkeMessage>(decoded);
    const auto* advert = message.Find<AdvertPayload>();
    const auto* group = message.Find<GroupIdPayload>();
    if (advert == nullptr || group == nullptr)
    {
        Reject(DropReason::MISSING_PAYLOAD, 0, in.source);
        return;
    }
    if (!IsOurGroup(group))
    {
        Reject(DropReason::OTHER_GROUP, group->instance, in.source);
        return;
    }
    if (m_blacklist.Contains(in.source, now))
    {
        Reject(DropReason::BLACKLISTED, 0, in.source);
        return;
    }
    const KekKnowledge knowledge = KnowledgeOf(advert->kekId, in.source, now);
    if (IsDoubtful(*advert, knowledge))
    {
        Reject(DropReason::BLACKLISTED, m_fruitless, in.source);
        return;
    }
    ConsiderRival(in.source, *advert, now);
    m_election.Hear(in.source, *advert, knowledge, now);
    // A KEK that our GCKS uses and we do not hold: the update was lost. Its copies may still come;
    // if they do not, ask.
    const bool missed = m_election.Role() == GcksRole::MEMBER && in.source == m_election.Gcks() &&
                        advert->state == AdvertState::GCKS && advert->kekId != 0 &&
                        knowledge == KekKnowledge::NONE;
    if (missed && !m_attempt && !m_timers.IsSet(Timer::REGISTER) && IsRegistered())
    {
        m_timers.Set(Timer::REGISTER,
                     now + m_config.updateCopySpacing * (m_config.updateCopies + 1));
    }
}

void
MrkmpEngine::ReceiveUpdate(const Datagram& in, const IkeHeader& header, Time now)
{
    const auto* kek = m_keys.FindKek(header.spiResponder);
    if (kek == nullptr || !kek->row.lifetimes.CanAccept(now))
    {
        Reject(kek == nullptr ? DropReason::UNKNOWN_KEK : DropReason::KEK_NOT_VALID,
               header.spiResponder,
               in.source);
        return;
    }
    if (header.spiInitiator != GroupMessageSpi(m_config.group, in.source))
    {
        Reject(DropReason::BAD_VALUE, header.spiInitiator, in.source);
        return;
    }
    const auto decoded = DecodeIkeMessage(in.payload);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        Reject(error->reason, error->value, in.source);
        return;
    }
    auto opened = m_cipher.Open(kek->row, std::get<IkeMessage>(decoded), in.payload, m_ownCounters);
    if (const auto* drop = std::get_if<Drop>(&opened))
    {
        Reject(*drop);
        return;
    }
    const auto& update = std::get<GroupUpdate>(opened);
    if (!IsOurGroup(IkeMessage::FindPayload<GroupIdPayload>(update.payloads)))
    {
        Reject(DropReason::OTHER_GROUP, 0, in.source);
        return;
    }
    m_events.push_back(
        {MrkmpEvent::GroupMessage{false, update.kekId, update.sequence, update.sender}});
    NoteEvicted(update.payloads, now);
    if (const auto* download = IkeMessage::FindPayload<KeyDownloadPayload>(update.payloads))
    {
        m_keys.Adopt(*download, update.sender, false, now);
        m_hasState = true;
        // What our GCKS says of its keys is all there is; a KEK's end may have been lost (K3, M5).
        if (update.sender == m_election.Gcks() && IsRegistered() &&
            std::any_of(download->keks.begin(), download->keks.end(), [&update](const auto& row) {
                return row.keyId == update.kekId;
            }))
        {
            DropKeksBut(*download, m_keys, now);
        }
    }
    ApplyDeletes(update.payloads, now);
    HearResignation(update, now);
    m_blacklist.Remove(update.sender); // whoever sends under a KEK of ours is no masquerader
    if (update.sender == m_election.Gcks() && m_timers.IsSet(Timer::AUTHENTIC))
    {
        m_timers.Set(Timer::AUTHENTIC, now + m_config.updateInterval * 4);
    }
}

void
MrkmpEngine::Act(const ElectionAction& action, Time now)
{
    switch (action.kind)
    {
    case ElectionAction::Kind::ROLE:
        OnRoleChanged(action);
        break;
    case ElectionAction::Kind::SEND_ADVERT:
        SendAdvert(action.peer, now);
        break;
    case ElectionAction::Kind::TAKE_OVER:
        TakeOver(now);
        break;
    case ElectionAction::Kind::REGISTER:
        ConsiderRegistering(action.peer, now);
        break;
    case ElectionAction::Kind::MERGE:
        Merge(action.peer, now);
        break;
    }
}

// What belongs to the role left ends with it.
void
MrkmpEngine::OnRoleChanged(const ElectionAction& action)
{
    m_timers.Clear();
    m_copiesLeft = 0;
    m_handover.reset();
    m_retirement.reset();
    if (action.from == GcksRole::GCKS)
    {
        m_members.clear();
    }
    if (action.to != GcksRole::MEMBER)
    {
        m_asked.clear();
    }
    if (action.to != GcksRole::MEMBER && m_attempt)
    {
        m_sessions.Close(m_attempt->session);
        m_attempt.reset();
    }
    m_events.push_back({MrkmpEvent::RoleChanged{action.from, action.to, action.cause}});
}

void
MrkmpEngine::SendAdvert(IpAddress peer, Time now)
{
    const bool gcks = m_election.Role() == GcksRole::GCKS;
    AdvertPayload advert;
    advert.state = gcks ? AdvertState::GCKS : AdvertState::INITIAL;
    advert.priority = m_election.Rank().priority;
    advert.intervalMs = static_cast<uint32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(m_config.election.advertInterval)
            .count());
    if (const auto* kek = gcks ? m_keys.NewestKekOf(m_config.address, now) : nullptr)
    {
        advert.kekId = kek->row.keyId;
    }
    IkeMessage message;
    message.header.spiInitiator = GroupMessageSpi(m_config.group, m_config.address);
    message.header.exchange = IkeExchange::MRKMP_ADVERT;
    message.header.flags = IKE_FLAG_INITIATOR;
    message.payloads = {m_config.group, advert};
    const bool unicast = peer != IpAddress{};
    Transmit(unicast ? peer : m_config.groupAddress, EncodeIkeMessage(message));
    m_events.push_back({MrkmpEvent::AdvertSent{advert.state, advert.priority, unicast}});
}

void
MrkmpEngine::Transmit(IpAddress destination, Bytes payload)
{
    Datagram datagram;
    datagram.source = m_config.address;
    datagram.destination = destination;
    datagram.ttl = LINK_TTL;
    datagram.payload = std::move(payload);
    m_out.push_back(std::move(datagram));
}

void
MrkmpEngine::Reject(const Drop& drop)
{
    ++m_drops[static_cast<size_t>(drop.reason)];
    m_events.push_back({MrkmpEvent::Dropped{drop}});
}

void
MrkmpEngine::Reject(DropReason reason, uint64_t value, IpAddress peer)
{
    Reject(Drop{reason, value, peer});
}

} // namespace karp
} // namespace ns3
