/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_DATABASE_H
#define KARP_OSPF_DATABASE_H

#include "karp-ospf-lsa.h"
#include "karp-ospf-packet.h"

#include <vector>

/**
 * \file
 * \ingroup karp
 * The packets that carry LSAs or speak of them (RFC 2328 appendix A.3.3 to A.3.6).
 */

namespace ns3
{
namespace karp
{

inline constexpr size_t OSPF_DD_FIXED_SIZE = 8;     //!< octets before the LSA headers (A.3.3)
inline constexpr size_t OSPF_REQUEST_SIZE = 12;     //!< octets of each LSA asked for (A.3.4)
inline constexpr size_t OSPF_UPDATE_FIXED_SIZE = 4; //!< octets before the LSAs (A.3.5)

/** Database Description body (RFC 2328 appendix A.3.3). */
struct OspfDatabaseDescription
{
    uint16_t interfaceMtu{0};           //!< largest IP datagram that can be sent unfragmented
    uint8_t options{0};                 //!< optional capabilities
    bool isInit{false};                 //!< I-bit: first of the sequence
    bool isMore{false};                 //!< M-bit: more to follow
    bool isMaster{false};               //!< MS-bit: sender is master
    uint32_t sequence{0};               //!< DD sequence number
    std::vector<OspfLsaHeader> headers; //!< of the sender's database
};

/**
 * \param body body of a Database Description
 * \param[out] description filled; its vector is reused
 * \return what is wrong, reason NONE if nothing
 */
DecodeError DecodeOspfDatabaseDescription(ByteView body, OspfDatabaseDescription& description);

/**
 * \param body body of a Link State Request
 * \param[out] keys the LSAs asked for; an LS type that does not fit an octet is read as NONE
 * \return what is wrong, reason NONE if nothing
 */
DecodeError DecodeOspfRequest(ByteView body, std::vector<OspfLsaKey>& keys);

/**
 * \param body body of a Link State Update
 * \param[out] lsas where each of its LSAs lies, none of them decoded but for its length
 * \return what is wrong, reason NONE if nothing
 */
DecodeError DecodeOspfUpdate(ByteView body, std::vector<ByteView>& lsas);

/**
 * \param body body of a Link State Acknowledgment
 * \param[out] headers the LSAs acknowledged
 * \return what is wrong, reason NONE if nothing
 */
DecodeError DecodeOspfAcknowledgment(ByteView body, std::vector<OspfLsaHeader>& headers);

/**
 * \ingroup karp
 * Writes a packet that carries LSAs or speaks of them, one after the other.
 */
class OspfPacketWriter
{
  public:
    /**
     * Begin a packet.
     * \param header its header; the type says how the body begins
     * \param[out] out cleared first; its memory is reused
     */
    OspfPacketWriter(const OspfHeader& header, Bytes& out);

    /** Write the fixed part of a Database Description; headers are added one by one. */
    void Add(const OspfDatabaseDescription& description);
    /** Add an LSA header, to a Database Description or Link State Acknowledgment. */
    void Add(const OspfLsaHeader& header);
    /** Add an LSA that is asked for, to a Link State Request. */
    void Add(const OspfLsaKey& key);
    /** Add \p lsa, \p age seconds old, to a Link State Update. */
    void Add(const OspfLsa& lsa, uint16_t age);

    /** \return octets so far */
    size_t Size() const
    {
        return m_out.size();
    }

    /** Fill in what depends on the whole: Packet Length and, in an update, the number of LSAs. */
    void Finish();

  private:
    Bytes& m_out;          //!< the packet
    OspfPacketType m_type; //!< its type
    uint32_t m_count{0};   //!< LSAs in an update
};

/** \return every field of \p description, for people */
std::string Describe(const OspfDatabaseDescription& description);

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_DATABASE_H
