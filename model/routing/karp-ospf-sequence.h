/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_SEQUENCE_H
#define KARP_OSPF_SEQUENCE_H

#include "karp-ospf-engine.h"

#include <array>
#include <deque>
#include <map>
#include <optional>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Small numbers for keys, so that what is remembered of a key need not hold the key.
 */
class OspfKeySerials
{
  public:
    /** Keys remembered; beyond, the one that was not asked for longest is forgotten. */
    static constexpr size_t KEYS_MAX = 256;

    /** \return the number of \p key, a new one if it has none; never 0, never given twice */
    uint64_t Of(const SecretBytes& key);

  private:
    /** A key that has a number. */
    struct Known
    {
        SecretBytes fingerprint; //!< of the key
        uint64_t serial{0};      //!< its number
    };

    std::vector<Known> m_known; //!< the one asked for last at the end
    uint64_t m_last{0};         //!< the last number given
};

/**
 * \ingroup karp
 * The receiver's half of replay protection on one interface: the cryptographic sequence numbers
 * that were accepted from each neighbour, and the rule by which the next is judged. Neighbours are
 * told apart as RFC 2328 section 8.2 says (OspfInterface::Identify).
 *
 *     AuType 2, NOT_LESS   one number a neighbour, equal accepted    RFC 2328 D.5.3
 *     AuType 2, GREATER    one number a neighbour, equal refused     some routers
 *     AuType 3             one for each packet type, equal refused   RFC 7474 section 2
 *
 * By option there is one for each key besides, and they outlive the neighbour (doc/decisions.md).
 */
class OspfSequenceMemory
{
  public:
    static constexpr size_t KEYS_MAX = 16; //!< keys of one neighbour with numbers of their own

    /** Whose number: what a number is compared within. */
    struct Origin
    {
        uint32_t sender{0};                         //!< neighbour: its address or Router ID
        uint64_t key{0};                            //!< serial of the key; 0 where it is not told
        OspfPacketType type{OspfPacketType::HELLO}; //!< maybe not a known one
    };

    /** \param config the interface's; outlives the memory */
    explicit OspfSequenceMemory(const OspfInterfaceConfig& config);

    /** \return whether \p sequence is new enough; of who was not heard before, every one is */
    bool Accepts(const Origin& origin, uint64_t sequence) const;

    /** Note the number of a packet of a neighbour that proved authentic and was accepted. */
    void Note(const Origin& origin, uint64_t sequence);

    /** A neighbour went Down: forget its numbers, or keep them, as the settings say. */
    void NeighborDown(uint32_t sender);

    /** \return the greatest number that is remembered of \p sender; 0 if there is none */
    uint64_t Last(uint32_t sender) const;

    /** \return how many neighbours something is remembered of, those that are gone included */
    size_t Size() const;

  private:
    static constexpr size_t TYPES = 6; //!< packet types of RFC 2328 A.3.1, and 0 for all others

    /** Numbers under one key. */
    struct Numbers
    {
        uint64_t key{0};                                   //!< its serial
        std::array<std::optional<uint64_t>, TYPES> last{}; //!< by type, where types count
    };

    /** \return where the number of \p type is kept */
    size_t SlotOf(OspfPacketType type) const;

    const OspfInterfaceConfig& m_config;                //!< the interface's
    std::map<uint32_t, std::vector<Numbers>> m_numbers; //!< by neighbour, oldest key first
    std::deque<uint32_t> m_gone;                        //!< neighbours that went, oldest first
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_SEQUENCE_H
