/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_ADJACENCY_H
#define KARP_OSPF_ADJACENCY_H

#include "karp-ospf-lsdb.h"

#include "ns3/karp-ospf-database.h"

#include <map>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Link state retransmission list of a neighbour, as far as one database goes (RFC 2328 section 10):
 * the LSAs that are flooded to it and not acknowledged yet. To look something up, to add and to
 * remove it is to look at one number.
 */
class OspfRetransmissions
{
  public:
    /** \param lsdb where the LSAs are; outlives this */
    explicit OspfRetransmissions(OspfLsdb& lsdb)
        : m_lsdb(lsdb)
    {
    }

    /**
     * List \p entry.
     * \param entry what; it is not removed from the database while it is listed anywhere
     * \param due when it is to be sent again
     * \param isSent whether it was sent, or is on its way, or else waits to be flooded
     */
    void Add(OspfLsdb::Entry& entry, Time due, bool isSent);

    /** Take \p entry off. \return whether it was listed */
    bool Remove(OspfLsdb::Entry& entry);

    /** \return whether \p entry is listed */
    bool Has(const OspfLsdb::Entry& entry) const
    {
        return entry.number < m_marks.size() && m_marks[entry.number].serial != 0;
    }

    /** \return whether \p entry is listed and still waits to be flooded */
    bool IsWaiting(const OspfLsdb::Entry& entry) const
    {
        return Has(entry) && !m_marks[entry.number].isSent;
    }

    /** Note that \p entry was flooded; nothing if it is not listed. */
    void MarkSent(const OspfLsdb::Entry& entry)
    {
        if (Has(entry))
        {
            m_marks[entry.number].isSent = 1;
        }
    }

    /** \return how many are listed */
    size_t Size() const
    {
        return m_size;
    }

    /** Take all off. */
    void Clear();

    /**
     * \param now the present
     * \param next when what is due now is to be sent once more
     * \param[out] due what is due is appended, in order
     * \return when something will be due, TIME_MAX if nothing is listed
     */
    Time TakeDue(Time now, Time next, std::vector<OspfLsdb::Entry*>& due);

  private:
    /** What is known of an entry. */
    struct Mark
    {
        uint32_t serial : 31; //!< of its place in the queue; 0: not listed
        uint32_t isSent : 1;  //!< in an update
    };

    /** A place in the queue. */
    struct Place
    {
        uint32_t number{0}; //!< of the entry
        uint32_t serial{0}; //!< if its mark has another, it was taken off
        Time due{0};        //!< when it is sent again
    };

    /** \return whether what is at \p place is listed still */
    bool IsListed(const Place& place) const
    {
        return m_marks[place.number].serial == place.serial;
    }

    OspfLsdb& m_lsdb;           //!< where the LSAs are
    std::vector<Mark> m_marks;  //!< by number of entry
    std::vector<Place> m_queue; //!< in the order they were listed, with some that were taken off
    uint32_t m_serial{0};       //!< last one given
    size_t m_size{0};           //!< how many are listed
};

/**
 * \ingroup karp
 * What a router keeps for a neighbour that it exchanges databases with (RFC 2328 section 10):
 * Database Descriptions sent and received, and the three lists.
 */
class OspfAdjacency
{
  public:
    /** What of a Database Description tells whether it is a duplicate (section 10.6). */
    struct Received
    {
        bool isInit{false};   //!< I-bit
        bool isMore{false};   //!< M-bit
        bool isMaster{false}; //!< MS-bit
        uint8_t options{0};   //!< optional capabilities
        uint32_t sequence{0}; //!< DD sequence number

        /** Same packet. */
        friend bool operator==(const Received& a, const Received& b)
        {
            return a.isInit == b.isInit && a.isMore == b.isMore && a.isMaster == b.isMaster &&
                   a.options == b.options && a.sequence == b.sequence;
        }
    };

    /** An LSA that the neighbour has and we want. */
    struct Request
    {
        OspfLsaHeader header; //!< as its Database Description had it
        bool isAsked{false};  //!< in the Link State Request that is out
    };

    // Database exchange.
    bool isMaster{true};             //!< the master/slave relationship, as we are
    uint32_t ddSequence{0};          //!< DD Sequence Number
    bool hasReceived{false};         //!< whether there is a last packet
    Received received;               //!< last received Database Description packet
    OspfDatabaseDescription sent;    //!< last one that was sent
    Time sentAt{0};                  //!< when
    Time descriptionDue{TIME_MAX};   //!< when it is sent again, if we are to
    std::vector<OspfLsaKey> summary; //!< Database summary list
    size_t summaryAt{0};             //!< how much of it was sent

    // The two other lists.
    std::map<OspfLsaKey, Request> requests; //!< Link state request list
    size_t asked{0};                        //!< how many of them are asked for
    bool requestsChanged{false};            //!< something left that list
    Time requestDue{TIME_MAX};              //!< when the request is sent again
    OspfRetransmissions retransmissions;    //!< Link state retransmission list: the area
    OspfRetransmissions externals;          //!< the same: AS-external-LSAs
    Time retransmitDue{TIME_MAX};           //!< no later than the first of them is due

    /**
     * \param area database of the area; outlives this
     * \param as AS-external-LSAs; outlive this
     */
    OspfAdjacency(OspfLsdb& area, OspfLsdb& as);
    ~OspfAdjacency();
    OspfAdjacency(const OspfAdjacency&) = delete;
    OspfAdjacency& operator=(const OspfAdjacency&) = delete;

    /** \return the retransmission list as far as LSAs of \p type go */
    OspfRetransmissions& Retransmissions(OspfLsaType type)
    {
        return type == OspfLsaType::AS_EXTERNAL ? externals : retransmissions;
    }

    /** Begin anew: all three lists are cleared (section 10.3, SeqNumberMismatch and others). */
    void Clear();

    /** \p key is no longer wanted. \return whether it was */
    bool ForgetRequest(const OspfLsaKey& key);

    /** See OspfRetransmissions::Add. */
    void AddRetransmission(OspfLsdb::Entry& entry, Time due, bool isSent);

    /** \p entry need not be sent again. \return whether it was listed */
    bool ForgetRetransmission(OspfLsdb::Entry& entry);

    /** \return when something is to be done next */
    Time NextTimeout() const;
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ADJACENCY_H
