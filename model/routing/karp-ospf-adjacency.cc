/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-adjacency.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

OspfAdjacency::~OspfAdjacency()
{
    Clear();
}

void
OspfAdjacency::Clear()
{
    for (auto& [key, pending] : retransmissions)
    {
        --pending.entry->retransmissions;
    }
    retransmissions.clear();
    summary.clear();
    summaryAt = 0;
    requests.clear();
    asked = 0;
    requestsChanged = false;
    hasReceived = false;
    descriptionDue = TIME_MAX;
    requestDue = TIME_MAX;
    retransmitDue = TIME_MAX;
}

bool
OspfAdjacency::ForgetRequest(const OspfLsaKey& key)
{
    const auto place = requests.find(key);
    if (place == requests.end())
    {
        return false;
    }
    asked -= place->second.isAsked ? 1 : 0;
    requests.erase(place);
    requestsChanged = true;
    return true;
}

void
OspfAdjacency::AddRetransmission(OspfLsdb::Entry& entry, Time due)
{
    const auto [place, isNew] = retransmissions.try_emplace(entry.lsa->header.key);
    entry.retransmissions += isNew ? 1 : 0;
    place->second = {&entry, due};
    retransmitDue = std::min(retransmitDue, due);
}

bool
OspfAdjacency::ForgetRetransmission(const OspfLsaKey& key)
{
    const auto place = retransmissions.find(key);
    if (place == retransmissions.end())
    {
        return false;
    }
    --place->second.entry->retransmissions;
    retransmissions.erase(place);
    if (retransmissions.empty())
    {
        retransmitDue = TIME_MAX;
    }
    return true;
}

Time
OspfAdjacency::NextTimeout() const
{
    return std::min({descriptionDue, requestDue, retransmitDue});
}

} // namespace karp
} // namespace ns3
