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

    /** An LSA that was flooded to the neighbour and not acknowledged yet. */
    struct Pending
    {
        OspfLsdb::Entry* entry{nullptr}; //!< which stays where it is while it is listed anywhere
        Time due{0};                     //!< when it is sent again
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
    std::map<OspfLsaKey, Request> requests;        //!< Link state request list
    size_t asked{0};                               //!< how many of them are asked for
    bool requestsChanged{false};                   //!< something left that list
    Time requestDue{TIME_MAX};                     //!< when the request is sent again
    std::map<OspfLsaKey, Pending> retransmissions; //!< Link state retransmission list
    Time retransmitDue{TIME_MAX};                  //!< no later than the first of them is due

    ~OspfAdjacency();

    /** Begin anew: all three lists are cleared (section 10.3, SeqNumberMismatch and others). */
    void Clear();

    /** \p key is no longer wanted. \return whether it was */
    bool ForgetRequest(const OspfLsaKey& key);

    /** Note that \p entry was sent, and is to be sent again at \p due. */
    void AddRetransmission(OspfLsdb::Entry& entry, Time due);

    /** \p key need not be sent again. \return whether it was listed */
    bool ForgetRetransmission(const OspfLsaKey& key);

    /** \return when something is to be done next */
    Time NextTimeout() const;
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_ADJACENCY_H
