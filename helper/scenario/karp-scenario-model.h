/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_MODEL_H
#define KARP_SCENARIO_MODEL_H

#include "karp-expression.h"
#include "karp-quantity.h"
#include "karp-scenario-timeline.h"
#include "karp-yaml-tree.h"

#include "ns3/karp-invariant-terms.h"
#include "ns3/karp-types.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

/**
 * \file
 * \ingroup karp
 * A scenario after reading: every variable substituted, every default filled in, every reference
 * checked. What runs, and what is written as the resolved scenario, is this and nothing else.
 */

namespace ns3
{
namespace karp
{

/** Block run: how long. */
struct RunBlock
{
    Time stop{0};                 //!< end of the simulation
    Time warmup{0};               //!< what is counted is counted from here on
    uint32_t seed{1};             //!< seed of the random streams
    std::string scheduler{"map"}; //!< how ns-3 keeps its events
};

/** A link of block topology: a LAN, or one between two routers. */
struct LanBlock
{
    std::string id{"lan0"};                    //!< its name
    std::vector<uint32_t> routers;             //!< who is on it, ascending
    uint32_t own{0};                           //!< how many of these are on it first: the last ones
    std::string prefix{"r"};                   //!< what their names begin with
    double rate{1e9};                          //!< bits per second
    Time delay{std::chrono::microseconds(50)}; //!< propagation delay
    bool pointToPoint{false};                  //!< two routers, and nobody else ever
    std::map<uint32_t, uint16_t> costs;        //!< of routing, by router; of others the attribute's
};

/** One of block groups: who shares keys. */
struct GroupBlock
{
    std::string name;                     //!< its name
    uint32_t lan{0};                      //!< number of the LAN it lives on
    std::vector<uint32_t> members;        //!< routers, ascending
    bool fixedPriority{false};            //!< priorities are given: being DR does not change them
    uint8_t defaultPriority{100};         //!< of routers not named
    std::map<uint32_t, uint8_t> priority; //!< of routers named
};

/** Block credentials. */
struct CredentialBlock
{
    std::string type{"psk"};        //!< psk, pair-psk, or a kind of key pair
    std::string scope{"group"};     //!< group, pair or domain: goes with the type
    std::string trust;              //!< with key pairs, name of the anchor; none: a list of keys
    std::vector<uint32_t> mismatch; //!< routers that the others do not believe
    std::vector<std::string> outsiders; //!< nodes on links that hold none and are no routers
    std::map<uint32_t, Time> revoked;   //!< routers revoked, and from when on
    std::map<uint32_t, Time> expires;   //!< routers whose certificates expire, and when
};

/** Block routing. */
struct RoutingBlock
{
    bool ospf{false};                     //!< OSPFv2, or none
    Time hello{std::chrono::seconds(10)}; //!< HelloInterval
    Time dead{std::chrono::seconds(40)};  //!< RouterDeadInterval
    std::string auth{"hmac-sha256"};      //!< none, keyed-md5, hmac-*
    std::string sequenceRule{"rfc2328"};  //!< rfc2328, strict, rfc7474, none
    std::string sequenceInit{"zero"};     //!< zero, clock, nvram
    std::string model{"stub"};            //!< Hellos alone, or full: link state and routes
};

/** Block protocol. */
struct ProtocolBlock
{
    std::string kmp{"mrkmp"};                      //!< mrkmp, manual, none
    Time advert{std::chrono::seconds(5)};          //!< between heartbeats
    uint32_t down{3};                              //!< heartbeats missed
    std::string skew{"vrrp"};                      //!< vrrp, none
    Time retransmitFirst{std::chrono::seconds(2)}; //!< first retransmission of a request
    double retransmitBase{2};                      //!< growth of the time between them
    uint32_t retransmitTries{5};                   //!< how many
    Time update{std::chrono::seconds(30)};         //!< between periodic updates
    Time lead{std::chrono::seconds(30)};           //!< receive start to send start
    Time overlap{std::chrono::seconds(30)};        //!< send end to receive end
    Time kekLifetime{std::chrono::hours(1)};       //!< of a KEK, send start to send end
    uint32_t copies{3};                            //!< of an update that changes something
    Time spacing{std::chrono::seconds(1)};         //!< between them
    Time blacklist{std::chrono::seconds(30)};      //!< adverts ignored after a failed join
    std::string pmkUse{"transport-key"};           //!< transport-key, derive
    std::string cost{"none"};                      //!< CPU-cost model: none, table
    double scale{1};                               //!< of the cost table
    uint32_t cookieThreshold{30};                  //!< half-open associations
    std::vector<std::pair<std::string, std::string>> attributes; //!< ns-3 attributes, as written
};

/** A moment: of a label, or since the beginning; and so much later. */
struct TimeRef
{
    std::string label;  //!< empty: the beginning
    std::string suffix; //!< "", "first", "last", "end"
    Time offset{0};     //!< later than that

    /** \return as it is written */
    std::string ToString() const;
};

/** What block expect says of one run. */
struct Expectation
{
    /** Kind of an expectation. */
    enum class Kind : uint8_t
    {
        ALWAYS,
        NEVER,
        EVENTUALLY,
        OVER_RUNS,
    };

    /** A judgement over all runs of a point: made by the analysis, not by a run. */
    struct OverRuns
    {
        std::string metric;                //!< of which metric
        std::string stat;                  //!< mean, median, p95, p99, max, min, rate
        std::optional<Quantity> low;       //!< between
        std::optional<Quantity> high;      //!< between
        std::optional<Quantity> equals;    //!< equals
        std::optional<Quantity> below;     //!< below
        std::optional<Quantity> above;     //!< above
        std::optional<Quantity> tolerance; //!< tol: relative if it was a percentage
        bool relative{false};              //!< whether tolerance is relative
        YamlNode ratio;                    //!< of which points, for the analysis
        YamlNode difference;               //!< of which points, for the analysis
        std::optional<double> confidence;  //!< of the interval that must lie within, as a share
    };

    size_t line{0};               //!< where it stands
    std::string id;               //!< its name
    Kind kind{Kind::ALWAYS};      //!< which
    ExprNode predicate;           //!< what must hold; variables substituted
    TimeRef from;                 //!< from, or after
    std::optional<TimeRef> until; //!< until
    Time within{0};               //!< eventually: how soon
    bool warnOnly{false};         //!< level: warn
    bool skipped{false};          //!< where says that it is not about this point
    std::vector<std::pair<std::string, std::vector<std::string>>> where; //!< as written
    OverRuns overRuns;                                                   //!< of OVER_RUNS
};

/** \return "always", "never", ... */
const char* ToString(Expectation::Kind kind);

/** Block output. */
struct OutputBlock
{
    std::vector<std::string> metrics; //!< those wanted; empty: all
    std::vector<uint32_t> pcap;       //!< LANs captured
    bool keylog{false};               //!< keys for Wireshark
    std::string directory;            //!< where files go if nothing else is said
    std::vector<YamlNode> plots;      //!< for the analysis
};

/** A set of routers with a name, of block topology. */
struct SetBlock
{
    std::string name;  //!< its name
    Selector selector; //!< who is in it
};

/** A whole scenario. */
struct Scenario
{
    static constexpr uint32_t MAX_ROUTERS = 5000; //!< in one simulation
    static constexpr uint32_t MAX_LANS = 500;     //!< in one simulation
    static constexpr uint32_t MAX_LINKS = 10000;  //!< point-to-point, in one simulation

    std::string name;                    //!< name
    std::string about;                   //!< one sentence
    RunBlock run;                        //!< how long
    std::vector<LanBlock> lans;          //!< where: LANs, then point-to-point links
    std::vector<SetBlock> sets;          //!< sets of routers
    std::vector<GroupBlock> groups;      //!< who
    CredentialBlock credentials;         //!< by what they are known
    RoutingBlock routing;                //!< what is protected
    ProtocolBlock protocol;              //!< how
    std::vector<TimelineEvent> timeline; //!< what happens
    std::vector<Expectation> expect;     //!< what must hold
    InvariantSettings invariants;        //!< and what always must
    Variables variables; //!< this point of the sweep, with the case if there are cases
    std::set<std::string> caseVariables; //!< those of them that the case gives
    uint32_t runs{1};                    //!< how often
    YamlNode untilCi;                    //!< or until when, for the analysis
    OutputBlock output;                  //!< what is kept

    /** Let there be a router called \p name; there is none so far. */
    void AddRouter(const std::string& name);

    /** Put \p count new routers on \p lan, called by its prefix and the next numbers. */
    void AddRouters(LanBlock& lan, uint32_t count);

    /** \return how many routers there are */
    uint32_t Size() const;

    /** \return number of the router called \p name, if there is one */
    std::optional<uint32_t> NodeNumber(const std::string& name) const;

    /** \return name of router \p number */
    const std::string& NodeName(uint32_t number) const;

    /** \return names of all routers, runs of them as "r0..r4" */
    std::string AllNames() const;

    /** \return why there is no router called \p name */
    std::string NoSuchRouter(const std::string& name) const;

    /** \return number of the LAN called \p id, if there is one */
    std::optional<uint32_t> LanNumber(const std::string& id) const;

    /** \return names of the LANs */
    std::vector<std::string> LanNames() const;

    /** \return by router the others that are on a LAN with it, ascending */
    std::vector<std::vector<uint32_t>> Neighbors() const;

    /** \return the group called \p name, or nullptr */
    const GroupBlock* FindGroup(const std::string& name) const;

    /** \return the set called \p name, or nullptr */
    const SetBlock* FindSet(const std::string& name) const;

  private:
    std::vector<std::string> m_routers;        //!< names, by number
    std::map<std::string, uint32_t> m_numbers; //!< by name
    std::map<std::string, uint32_t> m_counts;  //!< routers by prefix, numbered without a gap
    std::vector<std::string> m_named;          //!< those not numbered like this
};

/**
 * \param nodes routers, ascending
 * \param scenario whose routers they are
 * \return their names, runs of them as "r0..r4"
 */
std::vector<std::string> NodeRuns(const std::vector<uint32_t>& nodes, const Scenario& scenario);

/**
 * \param text "r3", "NewYork" or "r0..r9"
 * \param most names at most
 * \param[in,out] names gets those that it says
 * \return empty, or what is wrong
 */
std::string ExpandNames(const std::string& text, size_t most, std::vector<std::string>& names);

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_MODEL_H
