/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-sequence.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

uint64_t
OspfKeySerials::Of(const SecretBytes& key)
{
    static const std::string LABEL = "karp sequence numbers";
    SecretBytes fingerprint = Prf(PrfId::HMAC_SHA2_256, key, {ByteView::Of(LABEL)});
    const auto known =
        std::find_if(m_known.begin(), m_known.end(), [&fingerprint](const Known& one) {
            return one.fingerprint == fingerprint;
        });
    if (known != m_known.end())
    {
        std::rotate(known, known + 1, m_known.end());
        return m_known.back().serial;
    }
    if (m_known.size() >= KEYS_MAX)
    {
        m_known.erase(m_known.begin());
    }
    m_known.push_back({std::move(fingerprint), ++m_last});
    return m_last;
}

OspfSequenceMemory::OspfSequenceMemory(const OspfInterfaceConfig& config)
    : m_config(config)
{
}

size_t
OspfSequenceMemory::SlotOf(OspfPacketType type) const
{
    // RFC 7474 section 2: "the sequence number in the last OSPF packet of that type", as packets of
    // different types may overtake each other where they have priorities (RFC 4222).
    const auto number = static_cast<size_t>(type);
    return m_config.authType == OspfAuthType::CRYPTOGRAPHIC_64 && number < TYPES ? number : 0;
}

bool
OspfSequenceMemory::Accepts(const Origin& origin, uint64_t sequence) const
{
    const auto neighbor = m_numbers.find(origin.sender);
    if (neighbor == m_numbers.end())
    {
        return true;
    }
    const bool isEqualGood = m_config.authType == OspfAuthType::CRYPTOGRAPHIC &&
                             m_config.sequenceRule == OspfSequenceRule::NOT_LESS;
    for (const Numbers& numbers : neighbor->second)
    {
        const auto& last = numbers.last[SlotOf(origin.type)];
        if (numbers.key == origin.key && last)
        {
            return sequence > *last || (isEqualGood && sequence == *last);
        }
    }
    return true;
}

void
OspfSequenceMemory::Note(const Origin& origin, uint64_t sequence)
{
    auto& keys = m_numbers[origin.sender];
    auto numbers = std::find_if(keys.begin(), keys.end(), [&origin](const Numbers& one) {
        return one.key == origin.key;
    });
    if (numbers == keys.end())
    {
        if (keys.size() >= KEYS_MAX)
        {
            keys.erase(keys.begin());
        }
        keys.push_back({origin.key, {}});
        numbers = keys.end() - 1;
    }
    numbers->last[SlotOf(origin.type)] = sequence;
    if (!m_gone.empty())
    {
        m_gone.erase(std::remove(m_gone.begin(), m_gone.end(), origin.sender), m_gone.end());
    }
}

void
OspfSequenceMemory::NeighborDown(uint32_t sender)
{
    if (m_config.sequenceForgotten)
    {
        m_numbers.erase(sender);
        return;
    }
    if (m_numbers.count(sender) == 0)
    {
        return;
    }
    // Under AuType 2 anybody can play back a Hello from any address, so there can be many.
    if (m_gone.size() >= m_config.neighborsMax)
    {
        m_numbers.erase(m_gone.front());
        m_gone.pop_front();
    }
    m_gone.push_back(sender);
}

uint64_t
OspfSequenceMemory::Last(uint32_t sender) const
{
    uint64_t greatest = 0;
    const auto neighbor = m_numbers.find(sender);
    if (neighbor != m_numbers.end())
    {
        for (const Numbers& numbers : neighbor->second)
        {
            for (const auto& last : numbers.last)
            {
                greatest = std::max(greatest, last.value_or(0));
            }
        }
    }
    return greatest;
}

size_t
OspfSequenceMemory::Size() const
{
    return m_numbers.size();
}

} // namespace karp
} // namespace ns3
