/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-lsdb.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

uint16_t
OspfLsdb::Entry::Age(Time now) const
{
    const auto held = std::chrono::duration_cast<std::chrono::seconds>(now - installed).count();
    const int64_t age = static_cast<int64_t>(ageThen) + std::max<int64_t>(held, 0);
    return static_cast<uint16_t>(std::min<int64_t>(age, OSPF_MAX_AGE));
}

OspfLsaHeader
OspfLsdb::Entry::Header(Time now) const
{
    OspfLsaHeader header = lsa->header;
    header.age = Age(now);
    return header;
}

OspfLsdb::Entry*
OspfLsdb::Find(const OspfLsaKey& key)
{
    const auto place = m_index.find(key);
    return place == m_index.end() ? nullptr : place->second;
}

const OspfLsdb::Entry*
OspfLsdb::Find(const OspfLsaKey& key) const
{
    const auto place = m_index.find(key);
    return place == m_index.end() ? nullptr : place->second;
}

OspfLsdb::Entry&
OspfLsdb::Install(OspfLsaPtr lsa, uint16_t age, Time now)
{
    Entry*& place = m_index[lsa->header.key];
    if (place == nullptr)
    {
        place = &m_lsas[lsa->header.key];
    }
    Entry& entry = *place;
    entry.lsa = std::move(lsa);
    entry.installed = now;
    entry.ageThen = age;
    return entry;
}

void
OspfLsdb::Remove(const OspfLsaKey& key)
{
    m_index.erase(key);
    m_lsas.erase(key);
}

} // namespace karp
} // namespace ns3
