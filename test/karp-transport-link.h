/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TRANSPORT_LINK_H
#define KARP_TRANSPORT_LINK_H

#include "karp-test-entropy.h"

#include "ns3/karp-ike-spi.h"
#include "ns3/karp-transport-keys.h"

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

/**
 * \file
 * Routers that know one configured master key and nothing else (K5), for tests.
 */

namespace ns3
{
namespace karp
{

inline constexpr uint32_t NET = 0x0a000000; //!< addresses are 10.0.0.1, ...

/** \return a key that a person configured for ever, called \p name */
PmkRow ManualKey(uint8_t octet);

/** Routers that know one master key and nothing else, on a link that hands messages on at once. */
class Link
{
  public:
    /** A router. */
    struct Node
    {
        TestEntropy entropy{0};              //!< its randomness
        std::unique_ptr<TransportKeys> keys; //!< none while it is down
        std::map<std::string, KeyRow> table; //!< its key table
        DropCounters drops{};                //!< what it refused
    };

    /** A message that was sent. */
    struct Sent
    {
        Time at;           //!< when
        size_t from;       //!< by whom
        Datagram datagram; //!< what
    };

    /** \param count routers, all off */
    explicit Link(size_t count)
    {
        config.enabled = true;
        for (size_t i = 0; i < count; ++i)
        {
            nodes.push_back(std::make_unique<Node>());
            nodes.back()->entropy = TestEntropy(100 + i);
        }
    }

    /** Switch router \p i on, with a new nonce. */
    void Boot(size_t i)
    {
        Node& node = *nodes[i];
        const TransportScope scope{{}, IpAddress{NET + 1 + static_cast<uint32_t>(i)}, "g0", 0};
        node.keys = std::make_unique<TransportKeys>(config, scope, node.entropy);
        node.keys->Start(now);
        node.keys->SetMaster("g0/07/aabbccdd", ManualKey(7), now);
        Pump();
    }

    /** Switch all routers on, one after the other, and let time pass until \p end. */
    void BootAll(Time end)
    {
        for (size_t i = 0; i < nodes.size(); ++i)
        {
            Boot(i);
        }
        RunUntil(end);
    }

    /** Switch router \p i off, its key table with it. */
    void Crash(size_t i)
    {
        nodes[i]->keys.reset();
        nodes[i]->table.clear();
    }

    /** Let time pass until \p end. */
    void RunUntil(Time end)
    {
        for (;;)
        {
            std::optional<Time> next;
            for (const auto& node : nodes)
            {
                next = node->keys ? Earlier(next, node->keys->NextTimeout()) : next;
            }
            if (!next || *next > end)
            {
                break;
            }
            now = std::max(now, *next);
            for (const auto& node : nodes)
            {
                if (node->keys)
                {
                    node->keys->Advance(now);
                }
            }
            Pump();
        }
        now = end;
    }

    /** Hand \p datagram to router \p to. */
    void Inject(size_t to, const Datagram& datagram)
    {
        if (nodes[to]->keys)
        {
            const auto header = PeekIkeHeader(datagram.payload);
            const Drop drop = nodes[to]->keys->Receive(datagram, *header, now);
            ++nodes[to]->drops[static_cast<size_t>(drop.reason)];
        }
        Pump();
    }

    /** \return the key that router \p of sends with now, nullptr if there is none */
    const KeyRow* SendKey(size_t of) const
    {
        const KeyRow* best = nullptr;
        for (const auto& [name, row] : nodes[of]->table)
        {
            const bool usable =
                row.direction == KeyDirection::OUT && row.lifetimes.CanSend(now) &&
                (best == nullptr || row.lifetimes.sendStart > best->lifetimes.sendStart);
            best = usable ? &row : best;
        }
        return best;
    }

    /** \return whether router \p by accepts what is sent under \p key from router \p from */
    bool Accepts(size_t by, size_t from, const SecretBytes& key) const
    {
        const std::string peer = IpAddress{NET + 1 + static_cast<uint32_t>(from)}.ToString();
        return std::any_of(nodes[by]->table.begin(),
                           nodes[by]->table.end(),
                           [&](const auto& entry) {
                               const KeyRow& row = entry.second;
                               return row.direction == KeyDirection::IN && row.peers == peer &&
                                      row.key == key && row.lifetimes.CanAccept(now);
                           });
    }

    /** \return whether all that are on send, each with a key that all others accept from it alone
     */
    bool Agreed() const
    {
        for (size_t from = 0; from < nodes.size(); ++from)
        {
            const KeyRow* key = nodes[from]->keys ? SendKey(from) : nullptr;
            for (size_t by = 0; by < nodes.size() && nodes[from]->keys; ++by)
            {
                if (by != from && nodes[by]->keys &&
                    (key == nullptr || !Accepts(by, from, key->key)))
                {
                    return false;
                }
            }
        }
        return true;
    }

    /** \return how many messages were sent since \p since */
    size_t SentSince(Time since) const
    {
        return static_cast<size_t>(std::count_if(sent.begin(), sent.end(), [since](const Sent& s) {
            return s.at >= since;
        }));
    }

    /** \return how often router \p by refused because of \p reason */
    uint64_t Drops(size_t by, DropReason reason) const
    {
        return nodes[by]->drops[static_cast<size_t>(reason)];
    }

    std::function<bool(size_t from, size_t to, const Datagram&)> drop; //!< lose it?
    std::function<void(size_t from, size_t to)> after; //!< what somebody does when it has arrived
    TransportKeyConfig config;                         //!< of all
    Time now{0};                                       //!< the present
    std::vector<std::unique_ptr<Node>> nodes;          //!< routers
    std::vector<Sent> sent;                            //!< everything sent

  private:
    /** Carry messages and changes until there are none. */
    void Pump()
    {
        for (size_t i = 0; i < nodes.size(); ++i)
        {
            Node& node = *nodes[i];
            while (node.keys)
            {
                Collect(node);
                const auto octets = node.keys->PollTransmit();
                if (!octets)
                {
                    break;
                }
                const Datagram datagram{IpAddress{NET + 1 + static_cast<uint32_t>(i)},
                                        IpAddress{0xe00000fe},
                                        255,
                                        *octets};
                sent.push_back({now, i, datagram});
                for (size_t to = 0; to < nodes.size(); ++to)
                {
                    if (to != i && !(drop && drop(i, to, datagram)))
                    {
                        Inject(to, datagram);
                        if (after)
                        {
                            after(i, to);
                        }
                    }
                }
            }
        }
    }

    /** Put changes of \p node into its key table. */
    static void Collect(Node& node)
    {
        while (const auto change = node.keys->PollChange())
        {
            if (change->retired)
            {
                node.table.erase(change->row.adminKeyName);
            }
            else
            {
                node.table[change->row.adminKeyName] = change->row;
            }
        }
    }
};

/** \return a message of router \p from as a holder of the master key can make it */
Datagram Forge(size_t from, const TransportPayload& transport, uint32_t instance = 0);

/** \return what \p datagram says */
TransportPayload SaidIn(const Datagram& datagram);

/** \return the newest message of router \p from on \p link that answers a challenge of \p to */
const Datagram* LastAnswer(const Link& link, size_t from, size_t to);

} // namespace karp
} // namespace ns3

#endif // KARP_TRANSPORT_LINK_H
