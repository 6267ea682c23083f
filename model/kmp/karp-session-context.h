/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SESSION_CONTEXT_H
#define KARP_SESSION_CONTEXT_H

#include "karp-session-manager.h"

#include <deque>
#include <memory>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * What all associations of one manager share: settings, and the queues that their host drains.
 */
struct SessionContext
{
    /**
     * Entries a queue holds at most. One datagram in makes a handful, and hosts drain after each;
     * where one does not, the oldest entries go.
     */
    static constexpr size_t QUEUE_MAX = 16384;

    /** The parameters are those of SessionManager. */
    SessionContext(const SessionConfig& config,
                   std::shared_ptr<const Credentials> credentials,
                   Entropy& entropy,
                   SessionUser& user)
        : config(config),
          credentials(std::move(credentials)),
          entropy(entropy),
          user(user)
    {
    }

    SessionConfig config;                           //!< settings; suites are usable ones only
    std::shared_ptr<const Credentials> credentials; //!< who we are and whom we believe
    Entropy& entropy;                               //!< randomness
    SessionUser& user;                              //!< whose payloads the exchanges carry
    CryptoCounters counters{};                      //!< operations so far
    std::deque<Datagram> datagrams;                 //!< to be sent
    std::deque<SessionEvent> events;                //!< news
    std::deque<Drop> drops;                         //!< rejections
    std::deque<SessionKeys> keys;                   //!< for the key log

    /** Append \p value to \p queue, which stays bounded. */
    template <typename T>
    static void Push(std::deque<T>& queue, T value)
    {
        if (queue.size() >= QUEUE_MAX)
        {
            queue.pop_front();
        }
        queue.push_back(std::move(value));
    }

    /** \return the first of \p queue, taken out of it */
    template <typename T>
    static std::optional<T> Pop(std::deque<T>& queue)
    {
        if (queue.empty())
        {
            return std::nullopt;
        }
        std::optional<T> first(std::move(queue.front()));
        queue.pop_front();
        return first;
    }

    /** Send \p payload to \p peer. */
    void Send(IpAddress peer, Bytes payload)
    {
        Datagram datagram;
        datagram.destination = peer;
        datagram.ttl = 255;
        datagram.payload = std::move(payload);
        Push(datagrams, std::move(datagram));
    }

    /** Something from \p peer was rejected for \p reason. */
    void Reject(DropReason reason, uint64_t value, IpAddress peer)
    {
        Push(drops, Drop{reason, value, peer});
    }

    /** Count \p operation. */
    void Charge(CryptoOperation operation)
    {
        ++counters[static_cast<size_t>(operation)];
    }
};

} // namespace karp
} // namespace ns3

#endif // KARP_SESSION_CONTEXT_H
