/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TOPOLOGY_GENERATORS_H
#define KARP_TOPOLOGY_GENERATORS_H

#include "karp-topology-graph.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** A number that a generator takes. */
struct GeneratorParameter
{
    const char* name;               //!< as scenarios call it
    double least;                   //!< least value
    double most;                    //!< greatest value
    std::optional<double> fallback; //!< if it is not given; none: it must be
    bool whole{true};               //!< whether it is a whole number
};

/** Values of the parameters of a generator, by name; all of them, within their bounds. */
using GeneratorValues = std::map<std::string, double>;

/**
 * \ingroup karp
 * A kind of network that is made, not read. The same values make the same network on every machine:
 * where chance plays a part it comes from parameter `seed`, through no distribution of a library.
 */
struct TopologyGenerator
{
    const char* name;                           //!< as scenarios call it
    const char* about;                          //!< one line for people
    std::vector<GeneratorParameter> parameters; //!< in the order of "grid:5x4"
    /** Makes it. \return empty, or why these values fit no network */
    std::function<std::string(const GeneratorValues& values, TopologyGraph& graph)> make;

    /** \return the generator called \p name, or nullptr */
    static const TopologyGenerator* Find(const std::string& name);
    /** \return all generators */
    static const std::vector<TopologyGenerator>& All();
};

/**
 * Make a network.
 * \param generator what kind
 * \param values of all its parameters
 * \param[out] graph the network
 * \return empty, or why these values fit no network
 */
std::string Generate(const TopologyGenerator& generator,
                     const GeneratorValues& values,
                     TopologyGraph& graph);

/**
 * Make the network that a text such as "grid:5x4" describes: parameters in their order, those that
 * may be left out at the end.
 * \param text what is wanted
 * \param[out] graph the network
 * \return empty, or what is wrong
 */
std::string Generate(const std::string& text, TopologyGraph& graph);

} // namespace karp
} // namespace ns3

#endif // KARP_TOPOLOGY_GENERATORS_H
