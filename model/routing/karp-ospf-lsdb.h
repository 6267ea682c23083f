/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_LSDB_H
#define KARP_OSPF_LSDB_H

#include "ns3/karp-ospf-lsa.h"

#include <deque>
#include <vector>

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
        OspfLsaPtr lsa;              //!< the instance; nullptr: none is held here
        Time installed{0};           //!< when it was installed
        uint16_t ageThen{0};         //!< its age at that time, seconds
        bool byFlooding{false};      //!< received from a neighbour (MinLSArrival, section 13 (5a))
        Time sent{Time::min() / 2};  //!< when it was in an update last
        uint32_t number{0};          //!< of the entry, as long as the LSA is held
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

    /** An LSA by its name. */
    struct Item
    {
        OspfLsaKey key;        //!< name
        Entry* entry{nullptr}; //!< stays where it is until the LSA is removed
    };

    /** LSAs in order of their keys. */
    using List = std::vector<Item>;

    /** \return the LSA, or nullptr */
    Entry* Find(const OspfLsaKey& key);
    /** \return the LSA, or nullptr */
    const Entry* Find(const OspfLsaKey& key) const;

    /**
     * \param number of an entry, as it was some time ago
     * \param key which LSA it was
     * \return the entry if it is still that LSA's, nullptr if the LSA is held no longer
     */
    Entry* At(uint32_t number, const OspfLsaKey& key)
    {
        Entry& entry = m_entries[number];
        return entry.lsa != nullptr && entry.lsa->header.key == key ? &entry : nullptr;
    }

    /** \return the entry of that number, of an LSA that is held */
    Entry& At(uint32_t number)
    {
        return m_entries[number];
    }

    /**
     * Hold \p lsa in place of whatever instance was held.
     * \param lsa the instance
     * \param age its age
     * \param now the present
     * \return its entry; counters of an earlier one are kept
     */
    Entry& Install(OspfLsaPtr lsa, uint16_t age, Time now);

    /**
     * The same where it is known what is held.
     * \param held its entry, nullptr if there is none
     * \param lsa the instance
     * \param age its age
     * \param now the present
     * \return its entry
     */
    Entry& Install(Entry* held, OspfLsaPtr lsa, uint16_t age, Time now);

    /** Forget an LSA. */
    void Remove(const OspfLsaKey& key);

    /** \return all LSAs, valid until one comes or goes */
    const List& All() const;

    /** \return the first of All() that is not before \p key */
    List::const_iterator LowerBound(const OspfLsaKey& key) const;

    /** \return how many LSAs are held */
    size_t Size() const
    {
        return m_list.size();
    }

  private:
    static constexpr uint32_t NO_NUMBER = UINT32_MAX; //!< of a place where nothing is

    /** A place of the index. It has the key, so that an entry is touched only if it is the one. */
    struct Place
    {
        OspfLsaKey key;             //!< of the LSA
        uint32_t number{NO_NUMBER}; //!< of its entry
    };

    /** \return where \p key is in the index, or else where it would be */
    size_t PlaceOf(const OspfLsaKey& key) const;
    /** \return an entry for \p key, which is not held */
    Entry& Add(const OspfLsaKey& key);
    /** Make the index twice as large. */
    void GrowIndex();

    std::deque<Entry> m_entries;   //!< by number; a deque, so that they stay where they are
    std::vector<uint32_t> m_free;  //!< numbers of entries without an LSA
    std::vector<Place> m_index;    //!< open addressing, never more than half full
    mutable List m_list;           //!< for those who look at all
    mutable bool m_isSorted{true}; //!< whether it is in order
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_LSDB_H
