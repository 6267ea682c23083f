/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_DELIVERY_LOG_H
#define KARP_DELIVERY_LOG_H

#include "ns3/karp-types.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Who was given which message, as only the one knows who made the world: a router that lost the
 * original takes the first copy that an adversary plays to it, and does no wrong by that (A3).
 */
class DeliveryLog
{
  public:
    /** \p source sent \p message on \p segment. */
    void Sent(const std::string& segment, IpAddress source, ByteView message)
    {
        m_sent.insert(NumberOf(segment, source, message));
    }

    /** Router \p receiver dealt with \p message, which seemed to come from \p source. */
    void Given(uint32_t receiver, const std::string& segment, IpAddress source, ByteView message)
    {
        ++m_given[Mix(NumberOf(segment, source, message), receiver)];
    }

    /**
     * \return whether \p source really sent \p message there, and \p receiver, which was just given
     * it, was not before
     */
    bool IsFirst(uint32_t receiver,
                 const std::string& segment,
                 IpAddress source,
                 ByteView message) const
    {
        const uint64_t number = NumberOf(segment, source, message);
        const auto found = m_given.find(Mix(number, receiver));
        return m_sent.count(number) != 0 && found != m_given.end() && found->second == 1;
    }

  private:
    static uint64_t Mix(uint64_t a, uint64_t b)
    {
        // Knuth's multiplier spreads what is small over all bits.
        return (a ^ (b + 0x9e3779b97f4a7c15ULL)) * 6364136223846793005ULL + 1442695040888963407ULL;
    }

    static uint64_t NumberOf(const std::string& segment, IpAddress source, ByteView message)
    {
        const std::string_view octets(reinterpret_cast<const char*>(message.data()),
                                      message.size());
        const std::hash<std::string_view> hash;
        return Mix(Mix(hash(octets), hash(segment)), source.value);
    }

    std::unordered_set<uint64_t> m_sent;            //!< messages of routers
    std::unordered_map<uint64_t, uint32_t> m_given; //!< to whom, and how often
};

} // namespace karp
} // namespace ns3

#endif // KARP_DELIVERY_LOG_H
