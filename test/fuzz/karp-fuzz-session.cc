/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "../karp-test-entropy.h"

#include "ns3/karp-session-manager.h"
#include "ns3/karp-timer-table.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <utility>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: two session layers that live through whatever the octets tell. The first octet says
 * how far their initial exchange has come, the second whether cookies are asked for; then come
 * steps of {what, length, octets}: a datagram as it is; one whose SPIs, version and length are put
 * right first, so that the association is reached; a chain of payloads sealed with the true keys,
 * so that what lies behind the integrity check is reached; time; delivery or loss of what is under
 * way. Nothing but the true peer may ever be believed, and all bounds hold.
 */

namespace
{

using namespace ns3::karp;

constexpr IpAddress R1{0x0a000001};
constexpr IpAddress R2{0x0a000002};

/**
 * A key pair that is made once, and computes a shared secret once. Entropy begins anew with each
 * input, so that the pairs and their secrets would be computed again and again: that was six
 * sevenths of the time.
 */
class KeptPair : public KeyExchange
{
  public:
    /** \return the pair that \p entropy leads to, as KeyExchange::Create */
    static std::unique_ptr<KeyExchange> Make(KeGroup group, Entropy& entropy)
    {
        const uint64_t drawn = entropy.DrawU64();
        TestEntropy own(drawn);
        const auto known = s_pairs.find({group, drawn});
        if (known == s_pairs.end() && s_pairs.size() >= PAIRS_MAX)
        {
            return KeyExchange::Create(group, own);
        }
        Kept& kept = s_pairs[{group, drawn}];
        if (!kept.pair)
        {
            kept.pair = KeyExchange::Create(group, own);
        }
        return kept.pair ? std::unique_ptr<KeyExchange>(new KeptPair(kept)) : nullptr;
    }

    const Bytes& PublicValue() const override
    {
        return m_kept.pair->PublicValue();
    }

    std::optional<SecretBytes> SharedSecret(ByteView peer) const override
    {
        const Bytes value = peer.Copy();
        const auto known = m_kept.secrets.find(value);
        if (known != m_kept.secrets.end())
        {
            return known->second;
        }
        const auto secret = m_kept.pair->SharedSecret(peer);
        if (m_kept.secrets.size() < SECRETS_MAX)
        {
            m_kept.secrets.emplace(value, secret);
        }
        return secret;
    }

  private:
    static constexpr size_t PAIRS_MAX = 1024; //!< kept
    static constexpr size_t SECRETS_MAX = 64; //!< kept with a pair

    /** A pair and what came out of it. */
    struct Kept
    {
        std::unique_ptr<KeyExchange> pair;                   //!< the true one
        std::map<Bytes, std::optional<SecretBytes>> secrets; //!< by the other's public value
    };

    explicit KeptPair(Kept& kept)
        : m_kept(kept)
    {
    }

    static std::map<std::pair<KeGroup, uint64_t>, Kept> s_pairs; //!< by what was drawn

    Kept& m_kept; //!< in s_pairs
};

std::map<std::pair<KeGroup, uint64_t>, KeptPair::Kept> KeptPair::s_pairs;

/** A user who checks whom it is told to believe. */
class Skeptic : public SessionUser
{
  public:
    /** \param peer the only identity there is besides our own */
    explicit Skeptic(const std::string& peer)
        : m_peer(Identity::OfName(peer))
    {
    }

    std::vector<IkePayload> OnAuthRequest(SessionId,
                                          IpAddress,
                                          const Identity& identity,
                                          const std::vector<IkePayload>&,
                                          bool,
                                          Time) override
    {
        Believe(identity);
        return {GroupIdPayload{}};
    }

    void OnAuthResponse(SessionId,
                        IpAddress,
                        const Identity& identity,
                        const std::vector<IkePayload>&,
                        Time) override
    {
        Believe(identity);
    }

    std::vector<IkePayload> OnRequest(SessionId,
                                      IpAddress,
                                      const Identity& identity,
                                      IkeExchange,
                                      const std::vector<IkePayload>& inner,
                                      Time) override
    {
        Believe(identity);
        return inner;
    }

  private:
    /** \p identity is said to be proven. */
    void Believe(const Identity& identity) const
    {
        if (!(identity == m_peer))
        {
            std::abort();
        }
    }

    Identity m_peer; //!< whom it may be
};

/** Two routers and what is between them. */
class Bench
{
  public:
    Bench(uint8_t stage, bool cookies)
        : m_config(MakeConfig(cookies)),
          m_a(m_config, MakeCredentials("r1"), m_entropyA, m_userA),
          m_b(m_config, MakeCredentials("r2"), m_entropyB, m_userB)
    {
        m_a.Initiate(R2, {GroupIdPayload{}}, false, m_now);
        for (uint8_t i = 0; i < stage; ++i)
        {
            Deliver();
        }
    }

    /** Do what \p what says with \p octets. */
    void Do(uint8_t what, ByteView octets)
    {
        const bool toA = (what & 8) != 0;
        switch (what % 8)
        {
        case 0:
            Receive(toA, octets.Copy());
            break;
        case 1:
            Receive(toA, Repair(toA, octets.Copy()));
            break;
        case 2:
        case 3:
            Receive(toA, Seal(toA, octets));
            break;
        case 4:
            Deliver();
            break;
        case 5:
            Lose();
            break;
        case 6:
            Wait();
            break;
        default:
            if (const auto session = (toA ? m_b : m_a).FindEstablished(toA ? R1 : R2))
            {
                (toA ? m_b : m_a).Request(*session, IkeExchange::MRKMP_GROUP, {}, m_now);
            }
            break;
        }
        Collect();
        if (m_b.HalfOpenCount() > m_config.halfOpenMax ||
            m_a.SessionCount() > m_config.sessionsMax || m_b.SessionCount() > m_config.sessionsMax)
        {
            std::abort();
        }
    }

  private:
    /** \return settings with bounds that are soon reached */
    static SessionConfig MakeConfig(bool cookies)
    {
        SessionConfig config;
        config.suites = {*ParseCipherSuite("aes128gcm16-prfsha256-x25519"),
                         *ParseCipherSuite("aes128-sha256-prfsha256-ecp256")};
        config.halfOpenMax = 4;
        config.halfOpenPerPeerMax = 3;
        config.cookieThreshold = cookies ? 1 : 5;
        config.sessionsMax = 6;
        config.keyLog = true;
        config.makeKeyPair = &KeptPair::Make;
        return config;
    }

    /** \return the credentials of \p name */
    static std::shared_ptr<const Credentials> MakeCredentials(const std::string& name)
    {
        return std::make_shared<GroupPskCredentials>(Identity::OfName(name), SecretBytes(16, 7));
    }

    /** \p octets arrive. */
    void Receive(bool atA, Bytes octets)
    {
        Datagram datagram;
        datagram.source = atA ? R2 : R1;
        datagram.destination = atA ? R1 : R2;
        datagram.ttl = 255;
        datagram.payload = std::move(octets);
        (atA ? m_a : m_b).Receive(datagram, m_now);
    }

    /** Fetch all there is to fetch. */
    void Collect()
    {
        for (SessionManager* manager : {&m_a, &m_b})
        {
            while (auto datagram = manager->PollTransmit())
            {
                m_last = datagram->payload;
                m_wire.push_back(std::move(*datagram));
            }
            while (auto keys = manager->PollKeys())
            {
                m_keys = std::move(*keys);
            }
            while (manager->PollEvent() || manager->PollDrop())
            {
            }
        }
        while (m_wire.size() > 64)
        {
            m_wire.pop_front();
        }
    }

    /** The first datagram under way arrives. */
    void Deliver()
    {
        Collect();
        if (!m_wire.empty())
        {
            const Datagram first = std::move(m_wire.front());
            m_wire.pop_front();
            Receive(first.destination == R1, first.payload);
        }
    }

    /** The first datagram under way is lost. */
    void Lose()
    {
        if (!m_wire.empty())
        {
            m_wire.pop_front();
        }
    }

    /** Time passes to the next timer. */
    void Wait()
    {
        if (const auto next = Earlier(m_a.NextTimeout(), m_b.NextTimeout()))
        {
            m_now = std::max(m_now, *next);
            m_a.Advance(m_now);
            m_b.Advance(m_now);
        }
    }

    /** \return \p octets with SPIs and version of the last datagram, and their true length */
    Bytes Repair(bool toA, Bytes octets) const
    {
        if (octets.size() < IKE_HEADER_SIZE || m_last.size() < IKE_HEADER_SIZE)
        {
            return octets;
        }
        std::copy_n(m_last.begin(), 16, octets.begin());
        octets[17] = IKE_VERSION;
        octets[19] =
            static_cast<uint8_t>((octets[19] & IKE_FLAG_RESPONSE) | (toA ? 0 : IKE_FLAG_INITIATOR));
        octets[20] = octets[21] = octets[22] = 0;
        octets[24] = octets[25] = 0;
        octets[26] = static_cast<uint8_t>(octets.size() >> 8);
        octets[27] = static_cast<uint8_t>(octets.size());
        return octets;
    }

    /** \return {exchange, flags, message ID, first type} and a chain, sealed with the true keys */
    Bytes Seal(bool toA, ByteView octets)
    {
        const auto cipher = SkCipher::Create(m_keys.suite,
                                             toA ? m_keys.skEr : m_keys.skEi,
                                             toA ? m_keys.skAr : m_keys.skAi);
        if (!cipher || octets.size() < 4)
        {
            return {};
        }
        IkeHeader header;
        header.spiInitiator = m_keys.spiInitiator;
        header.spiResponder = m_keys.spiResponder;
        header.exchange = static_cast<IkeExchange>(octets[0]);
        header.flags =
            static_cast<uint8_t>((octets[1] & IKE_FLAG_RESPONSE) | (toA ? 0 : IKE_FLAG_INITIATOR));
        header.messageId = octets[2];
        const ByteView chain = octets.Sub(4);
        Bytes message = EncodeIkeHeaderForSk(header,
                                             {},
                                             static_cast<IkePayloadType>(octets[3]),
                                             cipher->SealedSize(chain.size()));
        const Bytes body = cipher->Seal(message, chain, ++m_counter, m_entropyA);
        message.insert(message.end(), body.begin(), body.end());
        return message;
    }

    SessionConfig m_config;       //!< of both
    TestEntropy m_entropyA{1};    //!< randomness
    TestEntropy m_entropyB{2};    //!< randomness
    Skeptic m_userA{"r2"};        //!< user
    Skeptic m_userB{"r1"};        //!< user
    SessionManager m_a;           //!< r1
    SessionManager m_b;           //!< r2
    std::deque<Datagram> m_wire;  //!< under way
    Bytes m_last;                 //!< last datagram sent
    SessionKeys m_keys;           //!< last keys told
    uint64_t m_counter{1u << 20}; //!< of messages sealed here
    Time m_now{0};                //!< present
};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size < 2)
    {
        return 0;
    }
    Bench bench(data[0] % 6, (data[1] & 1) != 0);
    const ByteView octets(data, size);
    size_t at = 2;
    for (int steps = 0; at + 2 <= size && steps < 64; ++steps)
    {
        const uint8_t what = octets[at];
        const size_t length = octets[at + 1];
        bench.Do(what, octets.Sub(at + 2, length));
        at += 2 + length;
    }
    return 0;
}
