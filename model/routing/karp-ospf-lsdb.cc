/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-lsdb.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t INDEX_SIZE = 16; //!< places of the smallest index; a power of two

/** \return a hash of \p key */
size_t
Hash(const OspfLsaKey& key)
{
    const uint64_t ids = static_cast<uint64_t>(key.linkStateId) << 32 | key.advertisingRouter;
    const uint64_t mixed = (ids ^ static_cast<uint64_t>(key.type)) * 0x9e3779b97f4a7c15;
    return static_cast<size_t>(mixed ^ mixed >> 32);
}

/** \return whether \p item is before \p key */
bool
IsBefore(const OspfLsdb::Item& item, const OspfLsaKey& key)
{
    return item.key < key;
}

} // namespace

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

size_t
OspfLsdb::PlaceOf(const OspfLsaKey& key) const
{
    size_t at = Hash(key) & (m_index.size() - 1);
    while (m_index[at].number != NO_NUMBER && m_index[at].key != key)
    {
        at = (at + 1) & (m_index.size() - 1);
    }
    return at;
}

OspfLsdb::Entry*
OspfLsdb::Find(const OspfLsaKey& key)
{
    if (m_index.empty())
    {
        return nullptr;
    }
    const Place& place = m_index[PlaceOf(key)];
    return place.number == NO_NUMBER ? nullptr : &m_entries[place.number];
}

const OspfLsdb::Entry*
OspfLsdb::Find(const OspfLsaKey& key) const
{
    return const_cast<OspfLsdb*>(this)->Find(key);
}

void
OspfLsdb::GrowIndex()
{
    std::vector<Place> old(std::max(INDEX_SIZE, 2 * m_index.size()));
    old.swap(m_index);
    for (const Place& place : old)
    {
        if (place.number != NO_NUMBER)
        {
            m_index[PlaceOf(place.key)] = place;
        }
    }
}

OspfLsdb::Entry&
OspfLsdb::Add(const OspfLsaKey& key)
{
    if (2 * (Size() + 1) > m_index.size())
    {
        GrowIndex();
    }
    uint32_t number = static_cast<uint32_t>(m_entries.size());
    if (m_free.empty())
    {
        m_entries.emplace_back();
    }
    else
    {
        number = m_free.back();
        m_free.pop_back();
    }
    m_index[PlaceOf(key)] = {key, number};
    Entry& entry = m_entries[number];
    entry.number = number;
    m_isSorted = m_isSorted && (m_list.empty() || m_list.back().key < key);
    m_list.push_back({key, &entry});
    return entry;
}

OspfLsdb::Entry&
OspfLsdb::Install(OspfLsaPtr lsa, uint16_t age, Time now)
{
    Entry* held = Find(lsa->header.key);
    return Install(held, std::move(lsa), age, now);
}

OspfLsdb::Entry&
OspfLsdb::Install(Entry* held, OspfLsaPtr lsa, uint16_t age, Time now)
{
    Entry& entry = held != nullptr ? *held : Add(lsa->header.key);
    entry.lsa = std::move(lsa);
    entry.installed = now;
    entry.ageThen = age;
    return entry;
}

void
OspfLsdb::Remove(const OspfLsaKey& key)
{
    Entry* entry = Find(key);
    if (entry == nullptr)
    {
        return;
    }
    All();
    m_list.erase(LowerBound(key));
    m_free.push_back(entry->number);
    *entry = Entry();
    // Whatever comes behind it without a gap may have been pushed there by it.
    const size_t mask = m_index.size() - 1;
    size_t gap = PlaceOf(key);
    for (size_t at = (gap + 1) & mask; m_index[at].number != NO_NUMBER; at = (at + 1) & mask)
    {
        const size_t wanted = Hash(m_index[at].key) & mask;
        if (((at - wanted) & mask) >= ((at - gap) & mask))
        {
            m_index[gap] = m_index[at];
            gap = at;
        }
    }
    m_index[gap] = Place();
}

const OspfLsdb::List&
OspfLsdb::All() const
{
    if (!m_isSorted)
    {
        std::sort(m_list.begin(), m_list.end(), [](const Item& a, const Item& b) {
            return a.key < b.key;
        });
        m_isSorted = true;
    }
    return m_list;
}

OspfLsdb::List::const_iterator
OspfLsdb::LowerBound(const OspfLsaKey& key) const
{
    const List& all = All();
    return std::lower_bound(all.begin(), all.end(), key, IsBefore);
}

} // namespace karp
} // namespace ns3
