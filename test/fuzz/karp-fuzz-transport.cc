/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "../karp-test-entropy.h"
#include "../karp-transport-announcement.h"
#include "karp-fuzz-steps.h"

#include "ns3/karp-transport-keys.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: transport keys of a router that lives through whatever the octets tell. Steps of
 * {what, length, octets}: a message as it is, which must change nothing; one whose digest is put
 * right first; an announcement that answers our last challenge; time; another nonce, another master
 * key or none.
 */

namespace
{

using namespace ns3::karp;

constexpr uint32_t SELF = 0x0a000001; //!< address of the router
constexpr size_t PEERS_MAX = 5;       //!< routers that it remembers

/** The router and its life. */
class Life
{
  public:
    Life()
        : m_entropy(1),
          m_keys(Config(), {{}, IpAddress{SELF}, "g0", 0}, m_entropy)
    {
        m_keys.Start(m_now);
        SetMaster(1);
    }

    /** One step: \p what, with \p octets. */
    void Step(uint8_t what, Bytes octets)
    {
        const IpAddress source{SELF + 1 + (what >> 3 & 7)};
        switch (what & 7)
        {
        case 0:
            Hear(source, octets, false);
            break;
        case 1:
            SealAnnouncement(octets, source, m_master.key);
            Hear(source, octets, true);
            break;
        case 2:
        case 3:
            Hear(source, Announcement(source, octets), true);
            break;
        case 4:
        case 5:
            m_now += std::chrono::milliseconds(octets.empty() ? 1 : 1 + 200 * octets[0]);
            m_keys.Advance(m_now);
            break;
        case 6:
            m_keys.Renew(m_now);
            break;
        default:
            octets.empty() ? m_keys.RemoveMaster("g0/1/a") : SetMaster(octets[0]);
        }
        Collect();
    }

  private:
    /** \return short times and little room */
    static TransportKeyConfig Config()
    {
        TransportKeyConfig config;
        config.enabled = true;
        config.peersMax = PEERS_MAX;
        return config;
    }

    /** \p fact must hold. */
    static void Require(bool fact)
    {
        if (!fact)
        {
            std::abort();
        }
    }

    /** The one master key has lifetimes that \p choice says. */
    void SetMaster(uint8_t choice)
    {
        m_master.keyId = 1;
        m_master.algorithm = MacAlgorithm::HMAC_SHA_256;
        m_master.lifetimes = {Time(0), Time(0), TIME_MAX, TIME_MAX};
        if (choice % 4 == 0)
        {
            m_master.lifetimes.sendEnd = m_now + std::chrono::seconds(choice);
            m_master.lifetimes.acceptEnd = m_now + std::chrono::seconds(2 * choice);
        }
        m_master.key.assign(32, 0x5a);
        m_keys.SetMaster("g0/1/a", m_master, m_now);
    }

    /** \return a message of \p source that says what \p octets tell */
    Bytes Announcement(IpAddress source, const Bytes& octets) const
    {
        const auto at = [&octets](size_t i) { return i < octets.size() ? octets[i] : uint8_t{0}; };
        TransportPayload said;
        said.soon = (at(0) & 1) != 0;
        said.challenge = at(1);
        said.nonce.fill(at(2));
        if ((at(0) & 2) != 0)
        {
            said.previous = TransportNonce{};
            said.previous->fill(at(3));
        }
        if ((at(0) & 4) != 0)
        {
            said.answers.push_back({IpAddress{SELF}, m_challenge});
        }
        said.asked.assign(at(4) % 3, IpAddress{SELF});
        return MakeAnnouncement(source, {}, said, m_master.key);
    }

    /** A message arrives; unless it is \p authentic it is refused. */
    void Hear(IpAddress source, const Bytes& octets, bool authentic)
    {
        const auto header = PeekIkeHeader(octets);
        if (!header)
        {
            return;
        }
        const size_t peers = m_keys.PeerCount();
        const Drop drop =
            m_keys.Receive({source, IpAddress{0xe00000fe}, 255, octets}, *header, m_now);
        Require(authentic || (drop.reason != DropReason::NONE && m_keys.PeerCount() == peers));
    }

    /** What comes out fits together and stays within its bounds. */
    void Collect()
    {
        Require(m_keys.PeerCount() <= PEERS_MAX);
        while (const auto change = m_keys.PollChange())
        {
            const std::string& name = change->row.adminKeyName;
            Require((m_rows.count(name) != 0) == (change->update || change->retired));
            if (change->retired)
            {
                m_rows.erase(name);
                continue;
            }
            const KeyLifetimes& times = change->row.lifetimes;
            Require(times.acceptStart <= times.sendStart && times.sendStart <= times.sendEnd &&
                    times.sendEnd <= times.acceptEnd);
            m_rows[name] = change->row;
        }
        Require(m_rows.size() <= 2 * (PEERS_MAX + 1));
        while (const auto sent = m_keys.PollTransmit())
        {
            const auto decoded = DecodeIkeMessage(*sent);
            const auto* message = std::get_if<IkeMessage>(&decoded);
            Require(message != nullptr);
            const auto* said = message->Find<TransportPayload>();
            m_challenge = said->challenge != 0 ? said->challenge : m_challenge;
        }
    }

    TestEntropy m_entropy;                //!< nonces and challenges
    TransportKeys m_keys;                 //!< the router
    PmkRow m_master;                      //!< the master key
    std::map<std::string, KeyRow> m_rows; //!< its key table
    uint64_t m_challenge{0};              //!< its last one
    Time m_now{0};                        //!< the present
};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    Life life;
    LiveThrough(life, data, size, 0);
    return 0;
}
