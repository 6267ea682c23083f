/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-transport-keys.h"

#include "ns3/karp-ike-spi.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace karp
{

namespace
{

constexpr PrfId PRF = PrfId::HMAC_SHA2_256; //!< of everything here
constexpr size_t TAG_SIZE = 8;              //!< octets of a master key's name in messages
constexpr int CHALLENGE_INTERVALS = 2;      //!< so long a challenge may be answered
constexpr int ASK_INTERVALS = 3;            //!< so long it may prove nothing before it is asked
constexpr int FORGET_INTERVALS = 4;         //!< so long a router may be silent
constexpr uint32_t MAX_DOUBLINGS = 16;      //!< of the time to the next challenge
constexpr double PERIOD_JITTER = 0.1;       //!< of the interval: no two routers in step for ever

} // namespace

TransportKeys::TransportKeys(const TransportKeyConfig& config,
                             TransportScope scope,
                             Entropy& entropy)
    : m_config(config),
      m_scope(std::move(scope)),
      m_entropy(entropy)
{
}

void
TransportKeys::Start(Time now)
{
    m_started = true;
    m_old.reset();
    m_nonceStart.reset();
    m_entropy.Fill(m_nonce.data(), m_nonce.size());
    m_timers.Set(Timer::ANNOUNCE, now);
}

void
TransportKeys::Renew(Time now)
{
    if (!m_started || !m_nonceStart || *m_nonceStart > now)
    {
        return; // no number was used under the nonce yet
    }
    m_old = Old{m_nonce, TIME_MAX};
    m_nonceStart.reset();
    m_entropy.Fill(m_nonce.data(), m_nonce.size());
    m_timers.Set(Timer::ANNOUNCE, now);
}

void
TransportKeys::Clear()
{
    while (!m_masters.empty())
    {
        RemoveMaster(m_masters.begin()->first);
    }
    m_started = false;
    m_nonce = {};
    m_nonceStart.reset();
    m_old.reset();
    m_peers.clear();
    m_owed.clear();
    m_challenges.clear();
    m_challengedAt.reset();
    m_timers.Clear();
    m_out.clear();
}

// ---- master keys

void
TransportKeys::SetMaster(const std::string& name, const PmkRow& row, Time now)
{
    static const std::string AUTH = "karp transport announcement";
    static const std::string NAME = "karp transport master";
    const auto [place, isNew] = m_masters.try_emplace(name);
    if (isNew && m_masters.size() > MAX_MASTERS)
    {
        m_masters.erase(place);
        return;
    }
    Master& master = place->second;
    master.row = row;
    if (isNew)
    {
        master.authKey = Prf(PRF, row.key, {ByteView::Of(AUTH)});
        const SecretBytes tag = Prf(PRF, row.key, {ByteView::Of(NAME)});
        for (size_t i = 0; i < TAG_SIZE; ++i)
        {
            master.tag = master.tag << 8 | tag[i];
        }
        m_counters[static_cast<size_t>(CryptoOperation::PRF)] += 2;
    }
    SyncOwn(name, master);
    for (const auto& [who, peer] : m_peers)
    {
        SyncPeer(name, master, who, peer);
    }
    if (!m_nonceStart)
    {
        const Time at = std::max(now, row.lifetimes.sendStart);
        m_timers.Set(Timer::ANNOUNCE, Earlier(m_timers.At(Timer::ANNOUNCE), at).value_or(at));
    }
    else if (isNew && !m_timers.IsSet(Timer::ANSWER))
    {
        // Whoever brought the key may never have heard of us: two groups may have met (M2).
        m_greet = true;
        m_timers.Set(Timer::ANSWER, m_entropy.DrawTime(now, now + m_config.spread));
    }
}

void
TransportKeys::RemoveMaster(const std::string& name)
{
    const auto found = m_masters.find(name);
    if (found == m_masters.end())
    {
        return;
    }
    Sync(name, found->second, m_scope.self, {});
    for (const auto& [who, peer] : m_peers)
    {
        Sync(name, found->second, who, {});
    }
    m_masters.erase(found);
}

const TransportKeys::Master*
TransportKeys::SendMaster(Time now) const
{
    const Master* best = nullptr;
    for (const auto& [name, master] : m_masters)
    {
        const KeyLifetimes& lifetimes = master.row.lifetimes;
        if (lifetimes.CanSend(now) &&
            (best == nullptr || lifetimes.sendStart > best->row.lifetimes.sendStart))
        {
            best = &master;
        }
    }
    return best;
}

// ---- what is heard

Drop
TransportKeys::Receive(const Datagram& in, const IkeHeader& header, Time now)
{
    Drop drop;
    drop.peer = in.source;
    drop.value = header.spiResponder;
    IkeMessage message;
    drop.reason = Check(in, header, message, now);
    if (drop.reason != DropReason::NONE)
    {
        return drop;
    }
    if (m_peers.count(in.source) == 0 && m_peers.size() >= m_config.peersMax)
    {
        drop.reason = DropReason::TOO_MANY;
        drop.value = m_peers.size();
        return drop;
    }
    Hear(in.source, *message.Find<TransportPayload>(), now);
    return drop;
}

// Nothing is kept before the message has been found authentic.
DropReason
TransportKeys::Check(const Datagram& in, const IkeHeader& header, IkeMessage& message, Time now)
{
    if (header.spiInitiator != GroupMessageSpi(m_scope.group, in.source))
    {
        return DropReason::BAD_VALUE;
    }
    const auto named =
        std::find_if(m_masters.begin(), m_masters.end(), [&header](const auto& entry) {
            return entry.second.tag == header.spiResponder;
        });
    if (!m_started || named == m_masters.end())
    {
        return DropReason::UNKNOWN_KEY;
    }
    if (!named->second.row.lifetimes.CanAccept(now))
    {
        return DropReason::KEY_NOT_VALID;
    }
    auto decoded = DecodeIkeMessage(in.payload);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        return error->reason;
    }
    message = std::move(std::get<IkeMessage>(decoded));
    const auto* group = message.Find<GroupIdPayload>();
    const auto* auth =
        message.payloads.empty() ? nullptr : std::get_if<AuthPayload>(&message.payloads.back());
    if (group == nullptr || auth == nullptr || message.Find<TransportPayload>() == nullptr)
    {
        return DropReason::MISSING_PAYLOAD;
    }
    if (group->protocol != m_scope.group.protocol || group->instance != m_scope.group.instance)
    {
        return DropReason::OTHER_GROUP;
    }
    // The digest ends the message and covers all octets before it.
    const ByteView all(in.payload);
    const ByteView covered = all.Sub(0, all.size() - std::min(all.size(), auth->data.size()));
    ++m_counters[static_cast<size_t>(CryptoOperation::PRF)];
    if (!ConstantTimeEqual(Prf(PRF, named->second.authKey, {covered}), auth->data))
    {
        return DropReason::BAD_ICV;
    }
    return DropReason::NONE;
}

void
TransportKeys::Hear(IpAddress from, const TransportPayload& said, Time now)
{
    Peer& peer = m_peers[from];
    if (!peer.nonce)
    {
        peer.heard = now;
    }
    Owe(from, said, now);
    // The answer to a challenge that was drawn before another nonce was first heard of may be a
    // recording of what the router said before it changed.
    const bool same = peer.nonce && *peer.nonce == said.nonce;
    const Challenge* answered = AnsweredBy(said, now);
    if (answered != nullptr && ((same && !peer.pending) || answered->number > peer.changeAfter))
    {
        Accept(peer, said, *answered, now);
        SyncPeerAll(from, peer);
        return;
    }
    // Before it is forgotten it is asked: we may have been away ourselves, or what we asked may
    // have gone out under a master key that it does not know.
    if (same && now - peer.heard < ASK_INTERVALS * m_config.interval)
    {
        return;
    }
    if (!peer.pending)
    {
        peer.pending = true;
        peer.tries = 0;
        peer.changeAfter = peer.nonce ? m_challengeNumber : peer.changeAfter;
    }
    WantChallenge(now);
}

// Every challenge is answered, also if the same router seems to have sent several: all but one may
// be recordings, and nobody can tell which. One message answers many, and what is not asked for
// soon goes with whatever is said next.
void
TransportKeys::Owe(IpAddress from, const TransportPayload& said, Time now)
{
    const bool known =
        std::any_of(m_owed.begin(), m_owed.end(), [from, &said](const TransportAnswer& owed) {
            return owed.router == from && owed.challenge == said.challenge;
        });
    if (said.challenge == 0 || known || m_owed.size() >= MAX_OWED)
    {
        return;
    }
    m_owed.push_back({from, said.challenge});
    const bool toUs =
        said.asked.empty() ||
        std::find(said.asked.begin(), said.asked.end(), m_scope.self) != said.asked.end();
    if (m_owed.size() >= MAX_TRANSPORT_ANSWERS)
    {
        m_timers.Set(Timer::ANSWER, now); // enough for a message
    }
    else if (said.soon && toUs && !m_timers.IsSet(Timer::ANSWER))
    {
        m_timers.Set(Timer::ANSWER, m_entropy.DrawTime(now, now + m_config.spread));
    }
}

void
TransportKeys::Accept(Peer& peer,
                      const TransportPayload& said,
                      const Challenge& challenge,
                      Time now)
{
    // The sender goes on with its previous nonce for the lead, and what it sent is on its way a
    // moment longer. A router that says nothing of it has forgotten it, as after a reboot.
    if (!said.previous)
    {
        peer.old.reset();
    }
    else if (!peer.old || peer.old->nonce != *said.previous)
    {
        peer.old = Old{*said.previous, now + m_config.lead + m_config.spacing};
    }
    peer.nonce = said.nonce;
    peer.changeAfter = std::max(peer.changeAfter, challenge.number);
    peer.pending = false;
    peer.heard = std::max(peer.heard, challenge.drawn); // what is played back proves no more
}

const TransportKeys::Challenge*
TransportKeys::AnsweredBy(const TransportPayload& said, Time now) const
{
    const Challenge* best = nullptr;
    for (const TransportAnswer& answer : said.answers)
    {
        for (const Challenge& challenge : m_challenges)
        {
            if (answer.router == m_scope.self && answer.challenge == challenge.value &&
                now - challenge.drawn <= CHALLENGE_INTERVALS * m_config.interval &&
                (best == nullptr || challenge.number > best->number))
            {
                best = &challenge;
            }
        }
    }
    return best;
}

// A challenge costs everybody an answer, so there is a least time between two.
void
TransportKeys::WantChallenge(Time now)
{
    const Time soon = m_entropy.DrawTime(now, now + m_config.spread);
    const Time at = m_challengedAt ? std::max(soon, *m_challengedAt + m_config.spacing) : soon;
    m_timers.Set(Timer::CHALLENGE, Earlier(m_timers.At(Timer::CHALLENGE), at).value_or(at));
}

void
TransportKeys::Forget(Time now)
{
    for (auto at = m_peers.begin(); at != m_peers.end();)
    {
        if (now - at->second.heard < FORGET_INTERVALS * m_config.interval)
        {
            ++at;
            continue;
        }
        for (const auto& [name, master] : m_masters)
        {
            Sync(name, master, at->first, {});
        }
        at = m_peers.erase(at);
    }
    for (auto& [who, peer] : m_peers)
    {
        if (peer.old && peer.old->end <= now)
        {
            peer.old.reset();
            SyncPeerAll(who, peer);
        }
    }
    if (m_old && m_old->end <= now)
    {
        m_old.reset();
        SyncOwnAll();
    }
}

// ---- what is said

void
TransportKeys::Advance(Time now)
{
    while (const auto timer = m_timers.PopExpired(now))
    {
        Fire(*timer, now);
    }
}

std::optional<Time>
TransportKeys::NextTimeout() const
{
    return m_timers.Next();
}

void
TransportKeys::Fire(Timer timer, Time now)
{
    switch (timer)
    {
    case Timer::PERIODIC:
        Forget(now);
        ChallengeAll(false, now);
        m_timers.Set(Timer::PERIODIC,
                     now + m_entropy.DrawTime(
                               FromSeconds(ToSeconds(m_config.interval) * (1 - PERIOD_JITTER)),
                               m_config.interval));
        break;
    case Timer::ANNOUNCE:
        Announce(now);
        break;
    case Timer::ANSWER:
        if (m_timers.IsSet(Timer::CHALLENGE) &&
            (!m_challengedAt || *m_challengedAt + m_config.spacing <= now))
        {
            m_timers.Stop(Timer::CHALLENGE); // one message does for both
            ChallengePending(now);
        }
        Answer(now);
        break;
    default:
        ChallengePending(now);
        break;
    }
}

// One challenge for all: in time, or at once if they may not know us.
bool
TransportKeys::ChallengeAll(bool soon, Time now)
{
    TransportPayload transport;
    transport.soon = soon;
    transport.challenge = DrawChallenge(now);
    return Send(std::move(transport), now);
}

// Under no master key there is nothing to be said; SetMaster sets the timer again.
void
TransportKeys::Announce(Time now)
{
    if (m_nonceStart)
    {
        Send({}, now);
        --m_copiesLeft;
    }
    else if (ChallengeAll(true, now))
    {
        m_challengedAt = now;
        m_copiesLeft = m_config.copies > 0 ? m_config.copies - 1 : 0;
        m_nonceStart = now + m_config.lead;
        if (m_old)
        {
            m_old->end = *m_nonceStart;
        }
        SyncOwnAll();
        if (!m_timers.IsSet(Timer::PERIODIC))
        {
            m_timers.Set(Timer::PERIODIC,
                         m_entropy.DrawTime(now + m_config.interval / 2, now + m_config.interval));
        }
    }
    if (m_nonceStart && m_copiesLeft > 0)
    {
        m_timers.Set(Timer::ANNOUNCE, now + m_config.spacing);
    }
}

// Only those are asked whose nonce is not proven: an answer of all to each would be too many.
void
TransportKeys::ChallengePending(Time now)
{
    TransportPayload transport;
    uint32_t tries = UINT32_MAX;
    for (auto& [who, peer] : m_peers)
    {
        if (peer.pending && transport.asked.size() < MAX_TRANSPORT_ANSWERS)
        {
            transport.asked.push_back(who);
            tries = std::min(tries, peer.tries++);
        }
    }
    if (transport.asked.empty())
    {
        return;
    }
    transport.soon = true;
    transport.challenge = DrawChallenge(now);
    if (Send(std::move(transport), now))
    {
        const Time wait = m_config.spacing * (1U << std::min(tries, MAX_DOUBLINGS));
        m_challengedAt = now;
        m_timers.Set(Timer::CHALLENGE, now + std::min(wait, m_config.interval));
    }
}

// Nothing new is to be said if another message has said it meanwhile.
void
TransportKeys::Answer(Time now)
{
    if (!m_owed.empty() || m_greet)
    {
        Send({}, now);
    }
}

bool
TransportKeys::Send(TransportPayload transport, Time now)
{
    const Master* master = SendMaster(now);
    if (master == nullptr)
    {
        return false;
    }
    transport.nonce = m_nonce;
    if (m_old && now < m_old->end)
    {
        transport.previous = m_old->nonce;
    }
    const std::vector<TransportAnswer> answers = std::exchange(m_owed, {});
    size_t done = 0;
    do
    {
        const size_t count = std::min(answers.size() - done, MAX_TRANSPORT_ANSWERS);
        const auto first = answers.begin() + static_cast<std::ptrdiff_t>(done);
        transport.answers.assign(first, first + static_cast<std::ptrdiff_t>(count));
        Transmit(*master, transport);
        transport.soon = false;
        transport.challenge = 0;
        transport.asked.clear();
        done += count;
    } while (done < answers.size());
    m_timers.Stop(Timer::ANSWER);
    m_greet = false;
    return true;
}

void
TransportKeys::Transmit(const Master& master, const TransportPayload& transport)
{
    IkeMessage message;
    message.header.spiInitiator = GroupMessageSpi(m_scope.group, m_scope.self);
    message.header.spiResponder = master.tag;
    message.header.exchange = IkeExchange::MRKMP_NONCE;
    message.header.flags = IKE_FLAG_INITIATOR;
    const size_t size = PrfSize(PRF);
    message.payloads = {m_scope.group,
                        transport,
                        AuthPayload{IkeAuthMethod::SHARED_KEY, Bytes(size)}};
    Bytes octets = EncodeIkeMessage(message);
    const ByteView covered = ByteView(octets).Sub(0, octets.size() - size);
    ++m_counters[static_cast<size_t>(CryptoOperation::PRF)];
    const SecretBytes digest = Prf(PRF, master.authKey, {covered});
    std::copy(digest.begin(), digest.end(), octets.end() - static_cast<std::ptrdiff_t>(size));
    m_out.push_back(std::move(octets));
}

uint64_t
TransportKeys::DrawChallenge(Time now)
{
    Challenge challenge;
    do
    {
        challenge.value = m_entropy.DrawU64();
    } while (challenge.value == 0);
    challenge.number = ++m_challengeNumber;
    challenge.drawn = now;
    m_challenges.push_back(challenge);
    if (m_challenges.size() > MAX_CHALLENGES)
    {
        m_challenges.pop_front();
    }
    return challenge.value;
}

std::optional<Bytes>
TransportKeys::PollTransmit()
{
    if (m_out.empty())
    {
        return std::nullopt;
    }
    Bytes octets = std::move(m_out.front());
    m_out.pop_front();
    return octets;
}

} // namespace karp
} // namespace ns3
