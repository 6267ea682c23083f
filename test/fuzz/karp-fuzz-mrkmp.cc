/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "../karp-test-entropy.h"
#include "karp-fuzz-steps.h"

#include "ns3/karp-mrkmp-engine.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <deque>
#include <memory>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: three routers with MRKMP on a LAN on which everything can happen. Steps of {what,
 * length, octets}: the oldest message on the wire arrives, is lost, is changed, arrives twice, or
 * is put at the end; one that was on the wire before is played back; octets as they are arrive;
 * time; a router crashes, boots, or is told something by its administrator or by routing. Lists
 * stay within their bounds, and time never stands still.
 */

namespace
{

using namespace ns3::karp;

constexpr size_t ROUTERS = 3;        //!< on the LAN
constexpr size_t WIRE_MAX = 200;     //!< messages under way
constexpr size_t PAST_MAX = 20;      //!< messages that can be played back
constexpr int ROUNDS_MAX = 4;        //!< of timers at one instant
constexpr uint32_t NET = 0x0a000001; //!< address of the first router

/** The LAN and its life. */
class Life
{
  public:
    /** Routers whose options are \p options. */
    explicit Life(uint8_t options)
        : m_options(options)
    {
        for (size_t i = 0; i < ROUTERS; ++i)
        {
            Boot(i);
        }
    }

    /** One step: \p what, with \p octets. */
    void Step(uint8_t what, const Bytes& octets)
    {
        const size_t router = (what >> 4) % ROUTERS;
        const uint8_t value = octets.empty() ? 0 : octets[0];
        switch (what & 15)
        {
        case 0:
        case 1:
        case 2:
            TakeFromWire(0, octets);
            break;
        case 3:
            TakeFromWire(1 + value % 4, octets);
            break;
        case 4:
            if (!m_past.empty())
            {
                Deliver(m_past[value % m_past.size()]);
            }
            break;
        case 5:
            Deliver({Address(value % (ROUTERS + 2)), Address(router), 255, octets});
            break;
        case 6:
            Deliver({Address(value % (ROUTERS + 2)), IpAddress{0xe00000fe}, 255, octets});
            break;
        case 7:
        case 8:
        case 9:
            Wait(std::chrono::milliseconds(1 + 100 * value));
            break;
        case 10:
            m_engines[router].reset();
            break;
        case 11:
            if (!m_engines[router])
            {
                Boot(router);
            }
            break;
        default:
            Administer(router, value);
        }
        Collect();
    }

  private:
    /** \p fact must hold. */
    static void Require(bool fact)
    {
        if (!fact)
        {
            std::abort();
        }
    }

    /** \return address of router \p i */
    static IpAddress Address(size_t i)
    {
        return IpAddress{NET + static_cast<uint32_t>(i)};
    }

    /** Router \p i begins, with nothing remembered. */
    void Boot(size_t i)
    {
        MrkmpConfig config;
        config.address = Address(i);
        config.groupName = "g0";
        config.election.priority = static_cast<uint8_t>(100 + i);
        config.election.advertInterval = std::chrono::seconds(1);
        config.keys.lead = std::chrono::seconds(2);
        config.keys.overlap = std::chrono::seconds(2);
        config.keys.kekLifetime = std::chrono::seconds(60);
        config.updateInterval = std::chrono::seconds(5);
        config.bootId = (m_options & 1) != 0 ? ++m_boots : 0;
        config.transport.enabled = (m_options & 2) != 0;
        config.rebootAlways = (m_options & 4) != 0;
        config.membersMax = 2;
        config.evictedMax = 1;
        config.blacklistMax = 2;
        m_entropies[i] = TestEntropy(1 + i + 10 * ++m_boots);
        m_engines[i] = std::make_unique<MrkmpEngine>(
            config,
            std::make_shared<GroupPskCredentials>(Identity::OfName("r" + std::to_string(i)),
                                                  SecretBytes(16, 1)),
            m_entropies[i]);
        m_engines[i]->Join(m_now);
    }

    /** The oldest message on the wire arrives (0), or something happens to it. */
    void TakeFromWire(int fate, const Bytes& octets)
    {
        if (m_wire.empty())
        {
            return;
        }
        Datagram datagram = m_wire.front();
        m_wire.pop_front();
        m_past.push_back(datagram);
        if (m_past.size() > PAST_MAX)
        {
            m_past.pop_front();
        }
        switch (fate)
        {
        case 1:
            return; // lost
        case 2:
            for (size_t i = 0; i + 1 < octets.size() && !datagram.payload.empty(); i += 2)
            {
                datagram.payload[octets[i] % datagram.payload.size()] ^= octets[i + 1];
            }
            break;
        case 3:
            Deliver(datagram);
            break;
        case 4:
            m_wire.push_back(datagram);
            return;
        default:
            break;
        }
        Deliver(datagram);
    }

    /** \p datagram reaches whom it is for. */
    void Deliver(const Datagram& datagram)
    {
        for (size_t i = 0; i < ROUTERS; ++i)
        {
            const bool toUs =
                datagram.destination.IsMulticast() || datagram.destination == Address(i);
            if (m_engines[i] && toUs)
            {
                m_engines[i]->Receive(datagram, m_now);
            }
        }
    }

    /** Time passes. */
    void Wait(Time span)
    {
        m_now += span;
        for (auto& engine : m_engines)
        {
            if (engine)
            {
                // What one timer sets may be due at once, but not again and again.
                int rounds = 0;
                do
                {
                    engine->Advance(m_now);
                    Require(++rounds <= ROUNDS_MAX);
                } while (engine->NextTimeout().value_or(TIME_MAX) <= m_now);
            }
        }
    }

    /** What a person, or routing, might say to router \p i. */
    void Administer(size_t i, uint8_t value)
    {
        if (!m_engines[i])
        {
            return;
        }
        MrkmpEngine& engine = *m_engines[i];
        switch (value % 8)
        {
        case 0:
            engine.Rekey(m_now);
            break;
        case 1:
            engine.SetPriority(value, m_now);
            break;
        case 2:
            engine.RequestNewPmk(m_now);
            break;
        case 3:
            engine.Evict(Identity::OfName("r" + std::to_string(value / 8 % ROUTERS)), m_now);
            break;
        case 4:
            engine.HandOver(Address(value / 8 % ROUTERS), m_now);
            break;
        case 5:
            engine.RetireKek(m_now);
            break;
        case 6:
            engine.Heard("g0/01/00000000", Address(value / 8 % ROUTERS));
            break;
        default:
            engine.Leave(m_now);
            Require(!engine.NextTimeout());
        }
    }

    /** What the routers say goes on the wire; what they hold is within its bounds. */
    void Collect()
    {
        for (size_t i = 0; i < ROUTERS; ++i)
        {
            while (m_engines[i])
            {
                auto datagram = m_engines[i]->PollTransmit();
                if (!datagram)
                {
                    break;
                }
                datagram->source = Address(i);
                m_wire.push_back(std::move(*datagram));
            }
            while (m_engines[i] && m_engines[i]->PollEvent())
            {
            }
            for (const auto& list : m_engines[i] ? m_engines[i]->Lists() : std::vector<MrkmpList>())
            {
                Require(list.size <= list.bound);
            }
        }
        while (m_wire.size() > WIRE_MAX)
        {
            m_wire.pop_front();
        }
    }

    uint8_t m_options;                                           //!< bits
    uint64_t m_boots{0};                                         //!< so far
    std::array<TestEntropy, ROUTERS> m_entropies{TestEntropy(1), //!< of the routers
                                                 TestEntropy(2),
                                                 TestEntropy(3)};
    std::array<std::unique_ptr<MrkmpEngine>, ROUTERS> m_engines; //!< none while off
    std::deque<Datagram> m_wire;                                 //!< under way, oldest first
    std::deque<Datagram> m_past;                                 //!< were under way
    Time m_now{0};                                               //!< the present
};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0)
    {
        return 0;
    }
    Life life(data[0]);
    LiveThrough(life, data, size, 1);
    return 0;
}
