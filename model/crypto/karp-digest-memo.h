/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_DIGEST_MEMO_H
#define KARP_DIGEST_MEMO_H

#include "karp-crypto.h"

#include <memory>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Remembers digests of routing packets, so that the n receivers of one multicast packet in one
 * simulation verify it for the price of one digest.
 *
 * A digest is a function of algorithm, key, preparation, packet and, with RFC 7474, its source; a
 * memo of a function changes what it costs and nothing else. To make sure of that, nothing is taken
 * for equal by its hash:
 * keys are compared in full when a context is made, packets in full at each look-up. The memo is
 * bounded, ENTRIES packets of at most PACKET_MAX octets, and holds no key that no context uses.
 *
 * Contexts keep what they share alive, so a memo may go before them. Not for several threads.
 */
class DigestMemo
{
  public:
    static constexpr size_t ENTRIES = 1024; //!< packets remembered, each in the place it hashes to
    static constexpr size_t PACKET_MAX = 4096; //!< octets; longer ones are computed each time

    /** How often the memo was asked. */
    struct Statistics
    {
        uint64_t hits{0};   //!< digests that were remembered
        uint64_t misses{0}; //!< digests that were computed
    };

    DigestMemo();
    ~DigestMemo();
    DigestMemo(const DigestMemo&) = delete;
    DigestMemo& operator=(const DigestMemo&) = delete;

    /** \return the memo of this thread, for whoever has none of their own to share */
    static DigestMemo& Shared();

    /**
     * In place of OspfMac::Create. Contexts of one algorithm, key and preparation share one keyed
     * state, and what one of them computes or verifies the others need not.
     * \return a keyed context that asks the memo first, or nullptr if there is no such algorithm
     */
    std::unique_ptr<OspfMac> CreateMac(MacAlgorithm algorithm,
                                       ByteView key,
                                       KeyPreparation preparation = KeyPreparation::RFC_2104);

    /** \return how often the memo was asked */
    const Statistics& GetStatistics() const;

    /** \return how many different keys are in use by contexts */
    size_t KeysInUse() const;

    class State; //!< what the memo and its contexts share; private to the implementation

  private:
    std::shared_ptr<State> m_state; //!< shared with the contexts
};

} // namespace karp
} // namespace ns3

#endif // KARP_DIGEST_MEMO_H
