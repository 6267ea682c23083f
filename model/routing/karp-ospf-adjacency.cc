/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-adjacency.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

void
OspfRetransmissions::Add(OspfLsdb::Entry& entry, Time due, bool isSent)
{
    constexpr size_t TAKEN_OFF_MAX = 64; // Or half of the queue.
    constexpr uint32_t SERIAL_MAX = UINT32_MAX >> 1;
    if (m_queue.size() > 2 * m_size + TAKEN_OFF_MAX)
    {
        m_queue.erase(std::remove_if(m_queue.begin(),
                                     m_queue.end(),
                                     [this](const Place& place) { return !IsListed(place); }),
                      m_queue.end());
    }
    if (entry.number >= m_marks.size())
    {
        m_marks.resize(std::max<size_t>(entry.number + 1, m_marks.size() * 3 / 2), Mark{0, 0});
    }
    Remove(entry);
    m_serial = m_serial == SERIAL_MAX ? 1 : m_serial + 1;
    m_marks[entry.number] = {m_serial, isSent ? 1U : 0U};
    m_queue.push_back({entry.number, m_serial, due});
    ++entry.retransmissions;
    ++m_size;
}

bool
OspfRetransmissions::Remove(OspfLsdb::Entry& entry)
{
    if (!Has(entry))
    {
        return false;
    }
    m_marks[entry.number].serial = 0;
    --entry.retransmissions;
    --m_size;
    if (m_size == 0)
    {
        constexpr size_t ROOM_MAX = 32; // What a storm needed is given back.
        m_queue.clear();
        if (m_queue.capacity() > ROOM_MAX)
        {
            m_queue.shrink_to_fit();
        }
    }
    return true;
}

void
OspfRetransmissions::Clear()
{
    for (const Place& place : m_queue)
    {
        if (IsListed(place))
        {
            --m_lsdb.At(place.number).retransmissions;
            m_marks[place.number].serial = 0;
        }
    }
    m_queue.clear();
    m_size = 0;
}

Time
OspfRetransmissions::TakeDue(Time now, Time next, std::vector<OspfLsdb::Entry*>& due)
{
    const size_t before = due.size();
    Time first = TIME_MAX;
    size_t kept = 0;
    for (Place place : m_queue)
    {
        if (!IsListed(place))
        {
            continue;
        }
        if (place.due <= now)
        {
            m_marks[place.number].isSent = 1;
            due.push_back(&m_lsdb.At(place.number));
            place.due = next;
        }
        first = std::min(first, place.due);
        m_queue[kept++] = place;
    }
    m_queue.resize(kept);
    std::sort(due.begin() + static_cast<std::ptrdiff_t>(before),
              due.end(),
              [](const OspfLsdb::Entry* a, const OspfLsdb::Entry* b) {
                  return a->lsa->header.key < b->lsa->header.key;
              });
    return first;
}

OspfAdjacency::OspfAdjacency(OspfLsdb& area, OspfLsdb& as)
    : retransmissions(area),
      externals(as)
{
}

OspfAdjacency::~OspfAdjacency()
{
    Clear();
}

void
OspfAdjacency::Clear()
{
    retransmissions.Clear();
    externals.Clear();
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
OspfAdjacency::AddRetransmission(OspfLsdb::Entry& entry, Time due, bool isSent)
{
    Retransmissions(entry.lsa->header.key.type).Add(entry, due, isSent);
    retransmitDue = std::min(retransmitDue, due);
}

bool
OspfAdjacency::ForgetRetransmission(OspfLsdb::Entry& entry)
{
    const bool isListed = Retransmissions(entry.lsa->header.key.type).Remove(entry);
    if (retransmissions.Size() + externals.Size() == 0)
    {
        retransmitDue = TIME_MAX;
    }
    return isListed;
}

Time
OspfAdjacency::NextTimeout() const
{
    return std::min({descriptionDue, requestDue, retransmitDue});
}

} // namespace karp
} // namespace ns3
