/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TOPOLOGY_TESTS_H
#define KARP_TOPOLOGY_TESTS_H

#include "karp-sentence.h"

#include "ns3/karp-topology-graph.h"

#include <optional>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * What the parts of suite karp-topology share.
 */

namespace ns3
{
namespace karp
{

/** \return the cases on files in GraphML */
std::vector<TestCase*> TopologyGraphmlTests();

/** \return the cases on what policies do with graphs */
std::vector<TestCase*> TopologyPolicyTests();

/** \return the graph of file \p name of the folder topologies; empty, and a failure, if none */
TopologyGraph TestGraph(Sentence& test, const std::string& name);

/** \return edges as "0-1 1-2" */
std::string EdgeText(const TopologyGraph& graph);

} // namespace karp
} // namespace ns3

#endif // KARP_TOPOLOGY_TESTS_H
