/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_LSA_POOL_H
#define KARP_OSPF_LSA_POOL_H

#include "ns3/karp-ospf-lsa.h"

#include <memory>
#include <unordered_map>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * LSAs of a simulation, each held once however many databases it is in. In a network of n routers
 * each LSA is decoded and its checksum verified n times, always with the same outcome: whoever does
 * so first does so for all. What is in here was found to be right; nothing is kept that no database
 * holds.
 */
class OspfLsaPool
{
  public:
    /**
     * \param octets one whole LSA, its age of no meaning
     * \return the LSA, or why it is none: structure, checksum
     */
    std::variant<OspfLsaPtr, DecodeError> Decode(ByteView octets);

    /** Know \p lsa, which is right. */
    void Add(const OspfLsaPtr& lsa);

    /** \return LSAs that are held */
    size_t Size() const;

  private:
    /** Forget what nobody holds, once that may be half of all. */
    void Tidy();

    std::unordered_map<uint64_t, std::weak_ptr<const OspfLsa>> m_lsas; //!< by hash of their octets
    size_t m_tidyAt{1024};                                             //!< how many are too many
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_LSA_POOL_H
