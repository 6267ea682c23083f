/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-lsa-pool.h"

#include <algorithm>
#include <cstring>

namespace ns3
{
namespace karp
{

namespace
{

/** \return a hash of \p octets without the age */
uint64_t
Hash(ByteView octets)
{
    // Eight octets at a time, each multiplied in. Whoever finds two LSAs of one hash gains nothing:
    // all octets are compared, too.
    constexpr uint64_t FACTOR = 0x9e3779b97f4a7c15;
    uint64_t hash = octets.size();
    size_t i = OSPF_LSA_AGE_SIZE;
    for (; i + sizeof(uint64_t) <= octets.size(); i += sizeof(uint64_t))
    {
        uint64_t word = 0;
        std::memcpy(&word, octets.data() + i, sizeof(word));
        hash = (hash ^ word) * FACTOR;
        hash ^= hash >> 32;
    }
    for (; i < octets.size(); ++i)
    {
        hash = (hash ^ octets[i]) * FACTOR;
    }
    return hash ^ hash >> 29;
}

} // namespace

std::variant<OspfLsaPtr, DecodeError>
OspfLsaPool::Decode(ByteView octets)
{
    if (octets.size() >= OSPF_LSA_HEADER_SIZE)
    {
        const auto place = m_lsas.find(Hash(octets));
        if (place != m_lsas.end())
        {
            OspfLsaPtr lsa = place->second.lock();
            if (lsa != nullptr && IsSameButForAge(*lsa, octets))
            {
                return lsa;
            }
        }
    }
    auto decoded = DecodeOspfLsa(octets);
    if (const auto* lsa = std::get_if<OspfLsaPtr>(&decoded))
    {
        if (OspfLsaChecksum(octets) != (*lsa)->header.checksum)
        {
            return DecodeError{DropReason::BAD_LSA_CHECKSUM, 0, (*lsa)->header.checksum};
        }
        Add(*lsa);
    }
    return decoded;
}

void
OspfLsaPool::Add(const OspfLsaPtr& lsa)
{
    Tidy();
    m_lsas[Hash(lsa->octets)] = lsa;
}

void
OspfLsaPool::Tidy()
{
    if (m_lsas.size() < m_tidyAt)
    {
        return;
    }
    for (auto place = m_lsas.begin(); place != m_lsas.end();)
    {
        place = place->second.expired() ? m_lsas.erase(place) : std::next(place);
    }
    m_tidyAt = std::max<size_t>(1024, 2 * m_lsas.size());
}

size_t
OspfLsaPool::Size() const
{
    return static_cast<size_t>(std::count_if(m_lsas.begin(), m_lsas.end(), [](const auto& lsa) {
        return !lsa.second.expired();
    }));
}

} // namespace karp
} // namespace ns3
