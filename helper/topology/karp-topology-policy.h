/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TOPOLOGY_POLICY_H
#define KARP_TOPOLOGY_POLICY_H

#include "karp-topology-graph.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * What is done with graphs that are no network as they are: published maps have parallel links,
 * loops, parts that do not hang together, nodes nobody knows the place of. Every choice is an
 * attribute, and what was done is said.
 */

namespace ns3
{
namespace karp
{

/** What to do with what. */
struct TopologyPolicy
{
    /** Of several links between two routers. */
    enum class Multigraph : uint8_t
    {
        KEEP,   //!< each is a link
        MERGE,  //!< they are one: rates add up, the shortest delay and the least cost count
        REJECT, //!< it is a mistake
    };
    /** Of a link from a router to itself. */
    enum class Loops : uint8_t
    {
        DROP,
        REJECT,
    };
    /** Of parts that do not hang together. */
    enum class Components : uint8_t
    {
        LARGEST, //!< the largest is the network
        KEEP,    //!< all are
        REJECT,  //!< it is a mistake
    };
    /** Of places that nobody knows. */
    enum class Missing : uint8_t
    {
        NEIGHBOURS, //!< amid those neighbours whose place is known
        DELAY,      //!< none; links there have LinkRule::delayUnknown
        REJECT,     //!< it is a mistake
    };
    /** Of routers of other networks. */
    enum class External : uint8_t
    {
        KEEP,
        DROP,
    };
    /** Of nodes that stand for a link of several routers. */
    enum class Hyperedges : uint8_t
    {
        LAN,    //!< a LAN of their neighbours
        ROUTER, //!< a router like others
    };

    Multigraph multigraph{Multigraph::MERGE};   //!< parallel links
    Loops loops{Loops::DROP};                   //!< links to oneself
    Components components{Components::LARGEST}; //!< parts
    Missing missing{Missing::NEIGHBOURS};       //!< places
    External external{External::KEEP};          //!< other networks
    Hyperedges hyperedges{Hyperedges::LAN};     //!< LANs

    /**
     * Set a policy by its name.
     * \param key "multigraph", "loops", "components", "missing", "external" or "hyperedges"
     * \param word one of WordsOf
     * \return whether there is such a key and such a word
     */
    bool Set(const std::string& key, const std::string& word);
    /** \return names of policies */
    static std::vector<std::string> Keys();
    /** \return words of policy \p key; none if there is no such policy */
    static std::vector<std::string> WordsOf(const std::string& key);
};

/** What links are like where nothing else is said of them. */
struct LinkRule
{
    static constexpr double RATE_MIN = 64e3;  //!< b/s; one channel of a digital line
    static constexpr double RATE_MAX = 400e9; //!< b/s; the fastest Ethernet in wide use
    /// Two thirds of the speed of light in vacuum, in metres per second: in glass.
    static constexpr double SPEED = 299792458.0 * 2 / 3;

    std::optional<double> rate; //!< of all links; none: as the graph says, rateUnknown elsewhere
    double rateUnknown{1e9};    //!< b/s, where the graph says nothing
    std::optional<Time> delay;  //!< of all links; none: as the graph says, or from places
    Time delayUnknown{std::chrono::milliseconds(1)}; //!< where a place is not known
    Time delayMin{std::chrono::microseconds(50)};    //!< no link is shorter
    double pathFactor{1.5};       //!< length of the cable over that of the great circle
    std::optional<uint32_t> cost; //!< of all links, both ways; none: as the graph says

    /** \return delay over \p metres of great circle */
    Time DelayOver(double metres) const;
};

/** What became of a graph. */
struct TopologyReport
{
    std::vector<std::string> done; //!< what was changed, a sentence each
    std::string error;             //!< why it is no network; empty if it is one
};

/** Make \p graph a network by \p policy. \return what was done */
TopologyReport ApplyPolicy(const TopologyPolicy& policy, TopologyGraph& graph);

/** Give all links and LANs of \p graph a rate and a delay by \p rule. */
void ApplyLinkRule(const LinkRule& rule, TopologyGraph& graph);

/**
 * \param graph whose nodes are to be called by their labels
 * \param taken names that mean something else
 * \return a name for each node: its label in ASCII letters, digits and underscores, "_2" and so on
 *         behind those that came before, "node" where nothing is left of it
 */
std::vector<std::string> NamesByLabel(const TopologyGraph& graph,
                                      const std::vector<std::string>& taken);

} // namespace karp
} // namespace ns3

#endif // KARP_TOPOLOGY_POLICY_H
