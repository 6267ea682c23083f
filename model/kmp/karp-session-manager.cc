/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-manager.h"

#include "karp-cookie-jar.h"
#include "karp-ike-sa.h"
#include "karp-session-context.h"

#include <algorithm>

/*
 * What is one association's own business is in karp-ike-sa*.cc, the answering of IKE_SA_INIT
 * requests in karp-session-admission.cc. Here is what concerns all associations: finding the one a
 * datagram is for, telling their user, the indexes. Wherever associations are looked through, the
 * order is that of their names, which count up: runs repeat.
 */

namespace ns3
{
namespace karp
{

const char*
ToString(SessionFailure failure)
{
    switch (failure)
    {
    case SessionFailure::TIMEOUT:
        return "timeout";
    case SessionFailure::NO_CREDENTIAL:
        return "no_credential";
    case SessionFailure::REFUSED:
        return "refused";
    case SessionFailure::NO_ROOM:
        return "no_room";
    }
    return "?";
}

void
SessionUser::OnAuthResponse(SessionId,
                            IpAddress,
                            const Identity&,
                            const std::vector<IkePayload>&,
                            Time)
{
}

std::vector<IkePayload>
SessionUser::OnRequest(SessionId,
                       IpAddress,
                       const Identity&,
                       IkeExchange,
                       const std::vector<IkePayload>&,
                       Time)
{
    return {};
}

void
SessionUser::OnResponse(SessionId, IpAddress, IkeExchange, const std::vector<IkePayload>&, Time)
{
}

void
SessionUser::OnFailed(SessionId, IpAddress, SessionFailure, Time)
{
}

SessionManager::SessionManager(const SessionConfig& config,
                               std::shared_ptr<const Credentials> credentials,
                               Entropy& entropy,
                               SessionUser& user)
    : m_context(std::make_unique<SessionContext>(config, std::move(credentials), entropy, user)),
      m_cookies(std::make_unique<CookieJar>(config.cookieSecretLifetime, entropy))
{
    m_context->config.suites = UsableSuites(config.suites);
}

SessionManager::~SessionManager() = default;

SessionId
SessionManager::Initiate(IpAddress peer,
                         std::vector<IkePayload> extra,
                         bool initialContact,
                         Time now)
{
    if (!MakeRoom())
    {
        const SessionId session = ++m_lastId;
        FailLate(session, peer, SessionFailure::NO_ROOM, now);
        return session;
    }
    const SessionId session = Create(peer, true);
    const auto entry = m_entries.find(session);
    entry->second.sa->Start(std::move(extra), initialContact, now);
    if (entry->second.sa->Get() != IkeSa::State::CLOSED)
    {
        Settle(session, now);
        return session;
    }
    for (const auto& delivery : entry->second.sa->TakeDeliveries())
    {
        FailLate(session, peer, delivery.why, now);
    }
    Erase(entry);
    return session;
}

void
SessionManager::FailLate(SessionId session, IpAddress peer, SessionFailure why, Time now)
{
    m_late.push_back({now + Retransmitter::WAIT_MIN, session, peer, why});
}

bool
SessionManager::Request(SessionId session,
                        IkeExchange exchange,
                        std::vector<IkePayload> inner,
                        Time now)
{
    const auto found = m_entries.find(session);
    if (found == m_entries.end())
    {
        return false;
    }
    const bool sent = found->second.sa->Request(exchange, std::move(inner), now);
    Settle(session, now);
    return sent;
}

std::optional<SessionId>
SessionManager::FindEstablished(IpAddress peer) const
{
    const auto found = m_established.find(peer);
    if (found == m_established.end())
    {
        return std::nullopt;
    }
    return *found->second.rbegin(); // the newest: it has the best chance to live at the peer too
}

void
SessionManager::Close(SessionId session)
{
    const auto found = m_entries.find(session);
    if (found != m_entries.end())
    {
        found->second.sa->Close(Time(0));
        Erase(found);
    }
    m_late.erase(
        std::remove_if(m_late.begin(),
                       m_late.end(),
                       [session](const LateFailure& late) { return late.session == session; }),
        m_late.end());
}

void
SessionManager::Clear()
{
    while (!m_entries.empty())
    {
        Close(m_entries.begin()->first);
    }
    m_late.clear();
}

void
SessionManager::Receive(const Datagram& in, Time now)
{
    const auto decoded = DecodeIkeMessage(in.payload);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        m_context->Reject(error->reason, error->value, in.source);
        return;
    }
    const auto& message = std::get<IkeMessage>(decoded);
    switch (message.header.exchange)
    {
    case IkeExchange::IKE_SA_INIT:
        if (!message.header.IsResponse())
        {
            ReceiveInit(in, message, now);
            return;
        }
        ReceiveOther(in, message, now);
        return;
    case IkeExchange::IKE_AUTH:
    case IkeExchange::CREATE_CHILD_SA:
    case IkeExchange::INFORMATIONAL:
    case IkeExchange::MRKMP_GROUP:
        ReceiveOther(in, message, now);
        return;
    default:
        break;
    }
    m_context->Reject(DropReason::BAD_TYPE,
                      static_cast<uint64_t>(message.header.exchange),
                      in.source);
}

void
SessionManager::ReceiveOther(const Datagram& in, const IkeMessage& message, Time now)
{
    // The Initiator flag says whose SPI is whose (RFC 7296 section 3.1).
    const bool fromInitiator = message.header.IsFromInitiator();
    const uint64_t spi = fromInitiator ? message.header.spiResponder : message.header.spiInitiator;
    const auto found = m_bySpi.find(spi);
    if (found != m_bySpi.end())
    {
        const SessionId session = found->second;
        IkeSa& sa = *m_entries.find(session)->second.sa;
        if (sa.Peer() == in.source && sa.IsInitiator() != fromInitiator)
        {
            sa.Receive(message, in.payload, now);
            Settle(session, now);
            return;
        }
    }
    m_context->Reject(DropReason::UNKNOWN_SPI, spi, in.source);
}

bool
SessionManager::MakeRoom()
{
    if (m_entries.size() < m_context->config.sessionsMax)
    {
        return true;
    }
    if (m_evictable.empty())
    {
        return false;
    }
    Close(m_evictable.begin()->second);
    return m_entries.size() < m_context->config.sessionsMax;
}

SessionId
SessionManager::Create(IpAddress peer, bool asInitiator)
{
    uint64_t spi = 0;
    while (spi == 0 || m_bySpi.count(spi) > 0)
    {
        spi = m_context->entropy.DrawU64();
    }
    const SessionId session = ++m_lastId;
    m_bySpi[spi] = session;
    m_entries[session].sa = std::make_unique<IkeSa>(session, peer, spi, asInitiator, *m_context);
    return session;
}

void
SessionManager::Settle(SessionId session, Time now)
{
    const auto found = m_entries.find(session);
    if (found == m_entries.end())
    {
        return;
    }
    IkeSa& sa = *found->second.sa;
    const IpAddress peer = sa.Peer();
    const auto deliveries = sa.TakeDeliveries();
    if (sa.Get() == IkeSa::State::CLOSED)
    {
        Erase(found);
    }
    else
    {
        const bool wasEstablished = found->second.established;
        Index(session, found->second);
        if (!wasEstablished && found->second.established && sa.PeerLostState())
        {
            ForgetOthers(sa, now);
        }
    }
    // Nothing of the association is touched from here on: the user may do with it what it likes.
    SessionUser& user = m_context->user;
    for (const auto& delivery : deliveries)
    {
        switch (delivery.kind)
        {
        case SessionDelivery::Kind::AUTH_RESPONSE:
            user.OnAuthResponse(session, peer, delivery.identity, delivery.inner, now);
            break;
        case SessionDelivery::Kind::RESPONSE:
            user.OnResponse(session, peer, delivery.exchange, delivery.inner, now);
            break;
        case SessionDelivery::Kind::FAILED:
            user.OnFailed(session, peer, delivery.why, now);
            break;
        }
    }
}

void
SessionManager::Index(SessionId session, Entry& entry)
{
    const IkeSa& sa = *entry.sa;
    const auto place = [session](Deadlines& set, std::optional<Time>& at, std::optional<Time> to) {
        if (at == to)
        {
            return;
        }
        if (at)
        {
            set.erase({*at, session});
        }
        if (to)
        {
            set.insert({*to, session});
        }
        at = to;
    };
    place(m_deadlines, entry.deadline, sa.NextTimeout());
    place(m_evictable,
          entry.evictable,
          sa.IsEvictable() ? std::optional<Time>(sa.LastUsed()) : std::nullopt);
    const auto mark = [&sa, session](std::map<IpAddress, std::set<SessionId>>& of, bool in) {
        if (in)
        {
            of[sa.Peer()].insert(session);
            return;
        }
        const auto found = of.find(sa.Peer());
        if (found != of.end() && found->second.erase(session) > 0 && found->second.empty())
        {
            of.erase(found);
        }
    };
    if (entry.halfOpen != sa.IsHalfOpen())
    {
        entry.halfOpen = sa.IsHalfOpen();
        entry.halfOpen ? (void)m_halfOpen.insert(session) : (void)m_halfOpen.erase(session);
        mark(m_halfOpenOf, entry.halfOpen);
    }
    const bool established = sa.Get() == IkeSa::State::ESTABLISHED;
    if (entry.established != established)
    {
        entry.established = established;
        mark(m_established, established);
    }
}

void
SessionManager::Erase(Entries::iterator entry)
{
    const SessionId session = entry->first;
    const IkeSa& sa = *entry->second.sa;
    Index(session, entry->second); // closed, so it leaves every index
    m_bySpi.erase(sa.LocalSpi());
    const auto range = m_byInit.equal_range({sa.Peer(), sa.InitiatorSpi()});
    for (auto it = range.first; it != range.second; ++it)
    {
        if (it->second == session)
        {
            m_byInit.erase(it);
            break;
        }
    }
    m_entries.erase(entry);
}

void
SessionManager::ForgetOthers(const IkeSa& sa, Time now)
{
    // The peer holds nothing older than this association (RFC 7296 section 2.4). One that was
    // begun from both sides at once is not older.
    std::vector<SessionId> others;
    for (const SessionId other : m_established[sa.Peer()])
    {
        const IkeSa& old = *m_entries.find(other)->second.sa;
        if (old.PeerIdentity() == sa.PeerIdentity() && old.EstablishedAt() < sa.Began())
        {
            others.push_back(other);
        }
    }
    for (const SessionId other : others)
    {
        const auto found = m_entries.find(other);
        if (found != m_entries.end())
        {
            found->second.sa->Abandon();
            found->second.sa->Close(now);
            Settle(other, now);
        }
    }
}

void
SessionManager::Advance(Time now)
{
    for (size_t left = m_late.size(); left > 0 && !m_late.empty(); --left)
    {
        if (m_late.front().at > now)
        {
            break;
        }
        const LateFailure late = m_late.front();
        m_late.pop_front();
        m_context->user.OnFailed(late.session, late.peer, late.why, now);
    }
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= now)
    {
        const SessionId session = m_deadlines.begin()->second;
        m_entries.find(session)->second.sa->Advance(now);
        Settle(session, now);
    }
}

std::optional<Time>
SessionManager::NextTimeout() const
{
    std::optional<Time> next;
    if (!m_late.empty())
    {
        next = m_late.front().at;
    }
    if (!m_deadlines.empty())
    {
        next = Earlier(next, m_deadlines.begin()->first);
    }
    return next;
}

std::optional<Datagram>
SessionManager::PollTransmit()
{
    return SessionContext::Pop(m_context->datagrams);
}

std::optional<SessionEvent>
SessionManager::PollEvent()
{
    return SessionContext::Pop(m_context->events);
}

std::optional<Drop>
SessionManager::PollDrop()
{
    return SessionContext::Pop(m_context->drops);
}

std::optional<SessionKeys>
SessionManager::PollKeys()
{
    return SessionContext::Pop(m_context->keys);
}

size_t
SessionManager::HalfOpenCount() const
{
    return m_halfOpen.size();
}

size_t
SessionManager::SessionCount() const
{
    return m_entries.size();
}

const CryptoCounters&
SessionManager::Counters() const
{
    return m_context->counters;
}

} // namespace karp
} // namespace ns3
