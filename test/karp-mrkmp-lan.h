/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MRKMP_LAN_H
#define KARP_MRKMP_LAN_H

#include "karp-sentence.h"
#include "karp-test-entropy.h"

#include "ns3/karp-engine-watch.h"
#include "ns3/karp-invariants.h"
#include "ns3/karp-key-table.h"
#include "ns3/karp-mrkmp-engine.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * Routers with real MRKMP engines on a LAN without ns-3: datagrams arrive 50 us later, time jumps
 * from event to event. After every event each router sends a routing packet to every other one, in
 * thought: under the key and with the sequence number it would use. All that happens is watched for
 * violations of the invariants (karp-invariants.h); the test that runs fails with the first one
 * when the LAN goes, unless it took it out of `violations` or turned the rule off.
 */
class MrkmpLan
{
  public:
    /** A router. */
    struct Node : WatchedRouter
    {
        TestEntropy entropy{0};         //!< its randomness
        std::vector<MrkmpEvent> events; //!< all it told
        std::vector<Time> eventTimes;   //!< when
    };

    /** A datagram that was sent. */
    struct Sent
    {
        Time at;           //!< when
        size_t from;       //!< by whom
        Datagram datagram; //!< what
        IkeHeader header;  //!< its header
    };

    static constexpr Time DELAY = std::chrono::microseconds(50); //!< on the wire

    /** \param seed of all randomness */
    explicit MrkmpLan(uint64_t seed = 1);
    ~MrkmpLan();

    /** \return short timers: heartbeat 1 s, lead 5 s, update 5 s, KEKs for 60 s */
    static MrkmpConfig FastConfig();

    /** Add router r<n> with address 10.0.0.<n+1>, off; its settings may be changed until Boot. */
    Node& Add(uint8_t priority, const std::string& psk = "secret");

    /** Switch router \p index on: a new engine that joins at once. */
    void Boot(size_t index);

    /** Switch it off: engine, keys and all are gone without a word. */
    void Crash(size_t index);

    /** Switch all on. */
    void BootAll();

    /** Nothing that \p a send reaches \p b any more, nor, unless \p oneWay, the other way round. */
    void Cut(const std::vector<size_t>& a, const std::vector<size_t>& b, bool oneWay = false);

    /** Everybody hears everybody again. */
    void Heal();

    /** Router \p gcks evicts router \p member (G6). \return whether it did */
    bool Evict(size_t gcks, size_t member);

    /** Do not ask for \p invariant in this test. */
    void TurnOff(Invariant invariant);

    /** Let time pass until \p end. */
    void RunUntil(Time end);

    /** Let time pass until \p done holds or \p end comes. \return whether it holds */
    bool RunUntil(Time end, const std::function<bool()>& done);

    /** Hand \p datagram to router \p to at once. */
    void Inject(size_t to, const Datagram& datagram);

    /** Do something to the engine of router \p index, then send and tell what comes of it. */
    void Do(size_t index, const std::function<void(MrkmpEngine&)>& what);

    /** \return how many routers that are on have role \p role */
    size_t Count(GcksRole role) const;

    /** \return index of the only GCKS, or -1 */
    int Gcks() const;

    /** \return whether there is one GCKS, all others are registered with it, and hold its KEK */
    bool Settled() const;

    /** \return names and key IDs of the send keys of all that are on, one word if all alike */
    std::string SendKeys() const;

    /** \return how many sent datagrams were of \p exchange */
    size_t CountSent(IkeExchange exchange) const;

    std::function<bool(size_t from, size_t to, const Datagram&)> drop; //!< lose it?
    double loss{0};                           //!< probability that a delivery is lost
    Time now{0};                              //!< the present
    std::vector<std::unique_ptr<Node>> nodes; //!< routers
    std::vector<Sent> sent;                   //!< everything sent
    std::vector<std::string> violations;      //!< of the invariants, with what came before
    InvariantMonitor monitor;                 //!< watches the group

  private:
    void Pump(Node& node, size_t index);
    void WatchFaults();
    void Check();
    void Collect();
    std::vector<std::string> History() const;
    std::optional<Time> NextEvent() const;

    EngineWatch m_watch;                                       //!< tells the monitor
    TestEntropy m_entropy;                                     //!< of the link
    Sentence* m_test;                                          //!< the test that runs
    std::map<std::string, uint32_t> m_trust;                   //!< by preshared key
    std::set<std::pair<size_t, size_t>> m_cut;                 //!< from, to
    bool m_impaired{false};                                    //!< what the monitor knows of it
    std::multimap<Time, std::pair<size_t, Datagram>> m_onWire; //!< to be delivered
};

/** \return the events of type \p T that \p node told, oldest first */
template <typename T>
std::vector<T>
EventsOf(const MrkmpLan::Node& node)
{
    std::vector<T> found;
    for (const auto& event : node.events)
    {
        if (const T* what = std::get_if<T>(&event.what))
        {
            found.push_back(*what);
        }
    }
    return found;
}

} // namespace karp
} // namespace ns3

#endif // KARP_MRKMP_LAN_H
