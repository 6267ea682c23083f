/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_STATE_DIGEST_H
#define KARP_STATE_DIGEST_H

#include "karp-key-terms.h"
#include "karp-timer-table.h"
#include "karp-types.h"

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * A digest of everything that decides what a system does next: whoever explores it (karp explore)
 * knows by it a state that was there before.
 *
 * Values that were drawn at random and are only ever compared, key IDs, keys, SPIs, are named:
 * numbered in the order in which they first appear, so that states that differ in nothing else have
 * one digest. What was not drawn yet is left out for the same reason.
 */
class StateDigest
{
  public:
    using Value = std::array<uint64_t, 2>; //!< a digest; equal states have equal ones

    /** Add a number, a flag, an enumerator. */
    void Number(uint64_t number);
    /** Add an instant or a span. */
    void Instant(Time at);
    /** Add an instant that may be absent. */
    void Instant(const std::optional<Time>& at);
    /** Add four instants. */
    void Lifetimes(const KeyLifetimes& lifetimes);
    /** Add octets as they are. */
    void Octets(ByteView octets);
    /** Add a text as it is. */
    void Text(const std::string& text);
    /** Add a random number by name. */
    void Named(uint64_t number);
    /** Add random octets by name. */
    void Named(ByteView octets);

    /** \return the name of a random number, which it has from now on */
    uint64_t NameOf(uint64_t number);

    /** Add every timer of \p timers. */
    template <typename T>
    void Timers(const TimerTable<T>& timers)
    {
        for (size_t i = 0; i < static_cast<size_t>(T::COUNT); ++i)
        {
            Instant(timers.At(static_cast<T>(i)));
        }
    }

    /** \return the digest of all that was added */
    Value Get() const
    {
        return m_value;
    }

  private:
    Value m_value{0x243f6a8885a308d3, 0x13198a2e03707344}; //!< so far; pi's first digits
    std::map<Value, uint64_t> m_names;                     //!< random values met so far
};

} // namespace karp
} // namespace ns3

#endif // KARP_STATE_DIGEST_H
