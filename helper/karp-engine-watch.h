/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_ENGINE_WATCH_H
#define KARP_ENGINE_WATCH_H

#include "karp-invariants.h"

#include "ns3/karp-credentials.h"
#include "ns3/karp-key-table.h"
#include "ns3/karp-mrkmp-engine.h"
#include "ns3/karp-types.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * MRKMP engines that run without ns-3, as a monitor of the invariants sees them. Tests and the
 * explorer drive such routers each in their own way.
 */

namespace ns3
{
namespace karp
{

/** A router: its engine, and what its routing protocol has of it. */
struct WatchedRouter
{
    std::string name;                         //!< r0, r1, ...
    MrkmpConfig config;                       //!< its settings
    std::shared_ptr<Credentials> credentials; //!< its credentials
    std::unique_ptr<MrkmpEngine> engine;      //!< none while it is down
    KeyTable table;                           //!< its key table
    std::map<std::string, KeyTag> tags;       //!< of the keys in the table, by name
    std::map<std::string, uint64_t> sessions; //!< associations by their state
    uint64_t nextSequence{0};                 //!< of its next routing packet
    uint64_t lastBootId{0};                   //!< 0, or another one: numbers begin anew
};

/** \return \p row as everybody may call it */
KeyTag TagOf(const KeyRow& row);

/** \return \p event in a few words; empty if it is of no interest */
std::string WordsOf(const MrkmpEvent& event);

/**
 * \ingroup karp
 * Tells a monitor what routers do. Routers are known by their place in a vector that stays as it
 * is; the monitor has them in the same order.
 */
class EngineWatch
{
  public:
    /** Whether nothing that one router sends reaches another one. */
    using IsCut = std::function<bool(size_t from, size_t to)>;

    /** Tell \p monitor, which outlives the watch. */
    explicit EngineWatch(InvariantMonitor& monitor)
        : m_monitor(monitor)
    {
    }

    /** Switch router \p index on: an engine that joins at once. */
    void Boot(WatchedRouter& router, size_t index, Entropy& entropy, Time now);

    /** Switch it off: engine, keys and all are gone without a word. */
    void Crash(WatchedRouter& router, size_t index, Time now);

    /** Hand it \p datagram; it is on. */
    void Receive(WatchedRouter& router, size_t index, const Datagram& datagram, Time now);

    /** It told \p event. \return what is wrong with that; empty if nothing is */
    std::string Apply(WatchedRouter& router, size_t index, const MrkmpEvent& event, Time now);

    /** \return the key that it sends routing packets with now, or nullptr */
    static const KeyRow* SendKey(const WatchedRouter& router, Time now);

    /**
     * Router \p sender sends all others a routing packet under \p key, in thought, with sequence
     * number \p number, or with one that is of no interest.
     */
    void TrySend(const std::vector<WatchedRouter*>& routers,
                 size_t sender,
                 const KeyRow& key,
                 std::optional<uint64_t> number,
                 const IsCut& isCut,
                 Time now);

  private:
    std::string ApplyKey(WatchedRouter& router, size_t index, const MrkmpEvent& event, Time now);
    void CountSession(WatchedRouter& router, size_t index, const SessionEvent& event, Time now);

    InvariantMonitor& m_monitor; //!< told
};

} // namespace karp
} // namespace ns3

#endif // KARP_ENGINE_WATCH_H
