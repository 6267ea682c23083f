/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TOPOLOGY_GRAPHML_H
#define KARP_TOPOLOGY_GRAPHML_H

#include "karp-topology-graph.h"

#include "ns3/karp-diagnostics.h"

#include <optional>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Read a network in GraphML, as the Internet Topology Zoo has them: whatever is not needed may be
 * missing, or be anything but a cost that OSPF cannot have. Nodes need an `id`, edges a `source`
 * and a `target` that are nodes. Of a node are read label, Latitude and Longitude, Internal (0:
 * external), hyperedge (1); of an edge LinkSpeedRaw, delay and cost. Of two directed edges that are
 * each other's opposite one is kept, with the cost of each. GraphML's own hyperedges are LANs.
 * \param text the file
 * \param[in,out] diagnostics gets what is wrong, with lines
 * \return the network as it is written, if nothing is wrong
 */
std::optional<TopologyGraph> ReadGraphml(const std::string& text, Diagnostics& diagnostics);

/** The same for the file called \p path. */
std::optional<TopologyGraph> ReadGraphmlFile(const std::string& path, Diagnostics& diagnostics);

} // namespace karp
} // namespace ns3

#endif // KARP_TOPOLOGY_GRAPHML_H
