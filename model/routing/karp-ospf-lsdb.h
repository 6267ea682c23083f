/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_LSDB_H
#define KARP_OSPF_LSDB_H

#include "ns3/karp-ospf-lsa.h"

#include <map>
#include <unordered_map>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Link state database of one area, or of the AS-external-LSAs (RFC 2328 section 12.2). It holds
 * the most recent instance of each LSA and knows how old that is; what is more recent, whoever
 * installs has found out.
 */
class OspfLsdb
{
  public:
    /** An LSA that is held. */
    struct Entry
    {
        OspfLsaPtr lsa;              //!< the instance
        Time installed{0};           //!< when it was installed
        uint16_t ageThen{0};         //!< its age at that time, seconds
        bool byFlooding{false};      //!< received from a neighbour (MinLSArrival, section 13 (5a))
        Time sent{Time::min() / 2};  //!< when it was in an update last
        uint32_t retransmissions{0}; //!< on how many retransmission lists it is (section 14)

        /** \return LS age at \p now, at most MaxAge */
        uint16_t Age(Time now) const;
        /** \return its header, with the age of \p now */
        OspfLsaHeader Header(Time now) const;

        /** \return when it reaches \p age seconds */
        Time ReachesAge(uint16_t age) const
        {
            return installed + std::chrono::seconds(static_cast<int64_t>(age) - ageThen);
        }
    };

    /** The LSAs in order of their keys. Entries stay where they are until they are removed. */
    using Map = std::map<OspfLsaKey, Entry>;

    /** \return the LSA, or nullptr */
    Entry* Find(const OspfLsaKey& key);
    /** \return the LSA, or nullptr */
    const Entry* Find(const OspfLsaKey& key) const;

    /**
     * Hold \p lsa in place of whatever instance was held.
     * \param lsa the instance
     * \param age its age
     * \param now the present
     * \return its entry; counters of an earlier one are kept
     */
    Entry& Install(OspfLsaPtr lsa, uint16_t age, Time now);

    /** Forget an LSA. */
    void Remove(const OspfLsaKey& key);

    /** \return all LSAs */
    const Map& All() const
    {
        return m_lsas;
    }

    /** \return all LSAs, to look through and change */
    Map& All()
    {
        return m_lsas;
    }

    /** \return how many LSAs are held */
    size_t Size() const
    {
        return m_lsas.size();
    }

  private:
    /** Spreads keys. */
    struct Hash
    {
        /** \return a hash of \p key */
        size_t operator()(const OspfLsaKey& key) const
        {
            const uint64_t ids =
                static_cast<uint64_t>(key.linkStateId) << 32 | key.advertisingRouter;
            const uint64_t mixed = (ids ^ static_cast<uint64_t>(key.type)) * 0x9e3779b97f4a7c15;
            return static_cast<size_t>(mixed ^ mixed >> 32);
        }
    };

    Map m_lsas;                                           //!< by key, for those who look at all
    std::unordered_map<OspfLsaKey, Entry*, Hash> m_index; //!< the same, for those who look for one
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_LSDB_H
