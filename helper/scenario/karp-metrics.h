/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_METRICS_H
#define KARP_METRICS_H

#include "karp-scenario-model.h"
#include "karp-trace-event.h"
#include "karp-trace-world.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Measures a run by the lines of its trace. A time that was never measured is null; what is counted
 * is counted from the end of the warm-up on, but for octets, which are those of the whole run.
 */
class Metrics
{
  public:
    /** A metric of the language. */
    struct Row
    {
        const char* name;    //!< as scenarios call it
        const char* unit;    //!< "s", "bytes", "" for a count
        const char* meaning; //!< one sentence
        bool scalar;         //!< one number, so that statistics can be made of it
        bool interpreted;    //!< whether this version measures it
    };

    /**
     * \return the metric called \p name, nullptr if there is none; for one entry of a table, such
     * as bytes_by_type.update, that of the table
     */
    static const Row* FindRow(const std::string& name);
    /** \return whether \p name is one number: a metric that is, or an entry of a table */
    static bool IsNumber(const std::string& name);
    /** \return names of those that this version measures */
    static std::vector<std::string> Names();
    /** \return a table of all metrics for people */
    static std::string Describe();

    /** Measure a run of \p scenario, which outlives this. */
    explicit Metrics(const Scenario& scenario);

    /**
     * The next line of the trace.
     * \param event the line
     * \param world the world with that line applied
     */
    void Feed(const TraceEvent& event, const TraceWorld& world);

    /**
     * \param name of a scalar metric
     * \return its value: seconds or a count; nothing where there was nothing to measure
     */
    std::optional<double> Value(const std::string& name) const;

    using Table = std::map<std::string, uint64_t>; //!< a number for each of something

    /**
     * An instant is over: what is measured until something holds is looked at now.
     * \param world the world at its end
     */
    void Settle(const TraceWorld& world);

    /** \return the values of the metric \p name that is no number; nullptr if it is none such */
    const Table* FindTable(const std::string& name) const;

    /**
     * \param run number of the run
     * \param hash of the resolved scenario
     * \return metrics.json
     */
    std::string ToJson(uint64_t run, const std::string& hash) const;

  private:
    /** What followed the crash of a GCKS. */
    struct Failover
    {
        int64_t crash{0};                     //!< when
        uint32_t group{0};                    //!< whose GCKS
        uint32_t oldGcks{0};                  //!< who
        std::optional<uint32_t> newGcks;      //!< first other one to advertise itself
        std::string kek;                      //!< its first KEK since
        std::optional<int64_t> takeover;      //!< when it advertised itself
        std::optional<int64_t> rekeyed;       //!< when the last running member held its KEK
        std::optional<int64_t> rejoined;      //!< when the last running member was registered
        std::map<uint32_t, std::string> keks; //!< first KEK that each router installed since
        std::set<uint32_t> registered;        //!< with the new GCKS
        std::map<uint32_t, std::set<uint32_t>> joins; //!< by GCKS: who joined since
    };

    /** A router on its way into a group. */
    struct Entry
    {
        std::optional<int64_t> start; //!< start or first advertisement
        bool done{false};             //!< has a usable key
    };

    /** Keys that a router sent under before it started anew. */
    struct Stale
    {
        uint32_t node{0};           //!< who
        uint32_t group{0};          //!< in which group
        int64_t boot{0};            //!< when it started anew
        std::set<std::string> keys; //!< names of the keys
    };

    /** An eviction that is not through yet. */
    struct Eviction
    {
        uint64_t bytes{0};         //!< octets of key management since
        std::set<uint32_t> nodes;  //!< who was evicted
        std::set<std::string> old; //!< KEKs that were in use
    };

    /** \return mean of what t_routes is, if there was any */
    std::optional<double> RoutesTime() const;
    void FeedRoutes(const TraceEvent& event);
    void FeedFault(const TraceEvent& event, const TraceWorld& world);
    void FeedMessage(const TraceEvent& event, const TraceWorld& world);
    void FeedCpu(const TraceEvent& event, const TraceWorld& world);
    void FeedHeal(int64_t now, const TraceWorld& world);
    void FeedAttack(const TraceEvent& event);
    std::optional<double> AttackValue(const std::string& name) const;
    void FeedSession(const TraceEvent& event);
    void FeedEviction(const TraceEvent& event, const TraceWorld& world);
    void FeedBoot(uint32_t node, int64_t now);
    void SettleMerges(const TraceWorld& world);
    void SettleStale(const TraceWorld& world);
    void SettleEvictions(const TraceWorld& world);
    void FeedRole(const TraceEvent& event, const TraceWorld& world);
    void FeedAdvert(const TraceEvent& event, const TraceWorld& world);
    void FeedJoin(const TraceEvent& event, const TraceWorld& world);
    void FeedKey(const TraceEvent& event, const TraceWorld& world);
    void FeedDrop(const TraceEvent& event, const TraceWorld& world);
    void FeedAdjacency(const TraceEvent& event, const TraceWorld& world);
    void SettleFull(const TraceWorld& world);
    std::optional<double> SinceFirstEvent(const std::optional<int64_t>& moment) const;
    void UpdateFailover(int64_t now, const TraceWorld& world);
    void SumOutages(int64_t now);
    void RefreshOutages(const TraceWorld& world);
    bool IsCounted(int64_t time) const;

    const Scenario& m_scenario;         //!< what was run
    std::optional<Failover> m_failover; //!< after the first crash of a GCKS
    std::vector<TraceRole> m_roles;     //!< last role by router and group, over crashes
    std::map<std::pair<uint32_t, uint32_t>, Entry> m_entries; //!< by router and group
    std::vector<double> m_joinTimes;                          //!< seconds from start to usable key
    std::vector<double> m_exchangeTimes;   //!< seconds that successful joins took
    Table m_bytes;                         //!< by type of message
    Table m_messages;                      //!< by type of message
    Table m_bytesBySender;                 //!< by router
    Table m_bytesByLink;                   //!< by LAN
    Table m_messagesByLink;                //!< by LAN
    Table m_messagesBySender;              //!< by router
    Table m_changesByCause;                //!< new keys made, by cause
    std::map<uint32_t, int64_t> m_healing; //!< groups in parts, healed when
    std::vector<double> m_mergeTimes;      //!< seconds
    std::map<std::pair<uint32_t, uint32_t>, std::set<std::string>> m_sentUnder; //!< PMKs
    std::vector<Stale> m_stale;                         //!< still accepted by somebody
    std::optional<int64_t> m_replayWindow;              //!< the longest one
    std::map<uint32_t, Eviction> m_evictions;           //!< by group
    std::optional<uint64_t> m_evictBytes;               //!< of evictions that are through
    uint64_t m_attackInjected{0};                       //!< messages that adversaries sent
    uint64_t m_attackTaken{0};                          //!< messages taken from receivers
    uint64_t m_attackHeard{0};                          //!< unprotected ones that were heard
    uint64_t m_acceptedReplays{0};                      //!< played back and accepted
    Table m_attackAccepted;                             //!< accepted messages, by attack
    Table m_attackDrops;                                //!< refused messages, by reason
    std::map<std::string, uint64_t> m_halfOpen;         //!< associations, by router
    uint64_t m_halfOpenPeak{0};                         //!< most at one router at one time
    uint64_t m_cookies{0};                              //!< cookies asked for
    uint64_t m_joins{0};                                //!< joins that gave keys
    double m_cpuGcks{0};                                //!< seconds charged to GCKSs
    std::set<std::pair<uint32_t, std::string>> m_pmks;  //!< seen so far, by group
    uint64_t m_undelayed{0};                            //!< joins without a retransmission
    uint64_t m_retransmissions{0};                      //!< requests repeated
    uint64_t m_failedJoins{0};                          //!< joins that came to nothing
    uint64_t m_keyChanges{0};                           //!< new PMKs
    uint64_t m_keyDrops{0};                             //!< drops for want of a key
    uint64_t m_sequenceDrops{0};                        //!< drops for a sequence number
    uint64_t m_routeChanges{0};                         //!< of routing tables
    std::vector<std::pair<int64_t, int64_t>> m_settled; //!< faults, and the last change after each
    uint64_t m_falseAlarms{0};                          //!< neighbours given up that run
    std::optional<int64_t> m_firstLost;                 //!< the first adjacency, after a fault
    std::optional<int64_t> m_fullSince;                 //!< all are Full with whom they should be
    uint64_t m_fullVersion{0};                          //!< of the world, when that was looked at
    uint64_t m_adjacencyDrops{0};                   //!< adjacencies lost between running routers
    uint64_t m_roleChanges{0};                      //!< changes of a role
    double m_cpu{0};                                //!< seconds charged
    std::set<std::pair<uint32_t, uint32_t>> m_lost; //!< ordered pairs that saw each other before
    int64_t m_outageSince{0};                       //!< up to when outages are summed
    uint64_t m_routersOut{0};                       //!< routers with a lost adjacency
    uint64_t m_groupsOut{0};                        //!< groups without a GCKS
    double m_outageData{0};                         //!< router-seconds
    double m_outageKey{0};                          //!< seconds
    int64_t m_end{0};                               //!< last line
};

} // namespace karp
} // namespace ns3

#endif // KARP_METRICS_H
