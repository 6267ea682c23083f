/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_AUTHENTICATOR_H
#define KARP_OSPF_AUTHENTICATOR_H

#include "karp-ospf-context.h"
#include "karp-ospf-sequence.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * How many packets before the last number of the sequence space key management is asked for
 * another key. At the default HelloInterval it is over two minutes, which is several times what a
 * change of key takes.
 */
inline constexpr uint32_t OSPF_SEQUENCE_LOW_MARGIN = 16;

/**
 * \ingroup karp
 * Signs and verifies the packets of one interface (RFC 2328 appendix D, RFC 5709, RFC 7474): AuType
 * 0 with a checksum, 2 and 3 with the keys of the key table (RFC 7210 section 3). It keeps a
 * context for each row it has met and the outcome of each look at the table, as long as the table
 * does not change and no lifetime begins or ends.
 */
class OspfAuthenticator
{
  public:
    /** What became of a packet. */
    struct Verdict
    {
        DropReason reason{DropReason::NONE}; //!< NONE: it is authentic, or may be sent
        uint64_t value{0};                   //!< the offending value
    };

    /**
     * \param context the router's
     * \param config the interface's; outlives the authenticator
     */
    OspfAuthenticator(OspfContext& context, const OspfInterfaceConfig& config);
    ~OspfAuthenticator();

    /**
     * First half of sending: choose a key and take a sequence number.
     * \param[in,out] header its authentication fields are filled
     * \param now the present
     * \return whether the packet may be sent
     */
    Verdict PrepareSend(OspfHeader& header, Time now);

    /**
     * Second half of sending.
     * \param header as PrepareSend left it
     * \param[in,out] packet encoded with \p header; gets its checksum or its digest
     */
    void FinishSend(OspfHeader header, Bytes& packet);

    /**
     * Is a packet authentic, and its sequence number new enough (section D.5)? Stores no number.
     * \param view the packet
     * \param source its IP source
     * \param sender what tells its sender from others, and so whose numbers count
     * \param now the present
     * \return why not, if it is not
     */
    Verdict Verify(const OspfPacketView& view, IpAddress source, uint32_t sender, Time now);

    /** The packet that Verify let through last is a neighbour's: its number counts (D.5.3). */
    void NoteVerified();

    /** A neighbour is not one any more. */
    void NeighborDown(uint32_t sender)
    {
        m_memory.NeighborDown(sender);
    }

    /** \return the sequence numbers that were accepted */
    const OspfSequenceMemory& Memory() const
    {
        return m_memory;
    }

    /** \return for how many Key IDs the outcome of a look at the key table is kept */
    size_t KeyIdsCached() const
    {
        return m_accepts.size();
    }

    /** Go on with a number with which the space runs low, unless it does already (H 2.4). */
    void ExhaustSequence();

    /**
     * \return the next sequence number, to be kept over a reboot; the last one of the space is
     * never used
     */
    uint64_t NextSequence() const;

  private:
    /** A keyed context for a row of the key table. */
    struct Keyed
    {
        const KeyRow* row{nullptr};   //!< of the key table
        std::unique_ptr<OspfMac> mac; //!< nullptr if its algorithm is none of OSPF's
    };

    /** A key that may verify packets. */
    struct Candidate
    {
        OspfMac* mac{nullptr};      //!< its context
        const KeyRow* row{nullptr}; //!< of the key table
        IpAddress only;             //!< whose key it is; none if it is the key of a group
        uint64_t serial{0};         //!< of the key, where each has numbers of its own
        std::set<IpAddress> heard;  //!< who used it, as far as the host was told
    };

    /** What the key table says of a key name. */
    struct Acceptable
    {
        KeyTable::AcceptResult result{KeyTable::AcceptResult::NO_KEY_AT_ALL}; //!< its word
        std::vector<Candidate> candidates;                                    //!< where it is OK
    };

    /** A key that sequence numbers were used with. */
    struct Numbered
    {
        uint64_t serial{0}; //!< of the key
        uint64_t next{0};   //!< the one after the last number used with it
    };

    /** Forget what no longer holds: rows changed, or a lifetime began or ended. */
    void Refresh(Time now);

    /** \return the context for \p row, made if there is none yet */
    OspfMac* MacFor(const KeyRow* row);

    /** \return what verifies packets under \p keyId, valid until the next call */
    Acceptable& AcceptFor(uint32_t keyId, Time now);

    /** Choose the row to send with. */
    void SelectSend(Time now);

    /** The send key is that of \p row: continue its numbers, or begin anew if they ran low. */
    void BeginNumbers(const KeyRow& row);

    /** \return whether AuType is 3 (RFC 7474) */
    bool IsExtended() const
    {
        return m_config.authType == OspfAuthType::CRYPTOGRAPHIC_64;
    }

    /** \return the last sequence number that may be used */
    uint64_t LastSequence() const;
    /** \return the sequence number after \p sequence */
    uint64_t SequenceAfter(uint64_t sequence) const;
    /** Let numbers not lag behind the clock, which shows \p seconds. */
    void FollowClock(uint64_t seconds);
    /** Ask key management for another key, once, if few numbers are left. */
    void ReportLow();

    /** Take a number to send with. \return false if the space is used up */
    bool TakeSequence(Time now);

    /** Verification for AuType 2 and 3 (D.5.3; RFC 7474). */
    Verdict VerifyCryptographic(const OspfPacketView& view,
                                IpAddress source,
                                uint32_t sender,
                                Time now);

    /** Tell the host, once, that \p source has used the key of \p candidate. */
    void NoteHeard(Candidate& candidate, IpAddress source);

    /** \return whether \p mac says that the digest of \p view is right */
    bool CheckDigest(OspfMac& mac, const OspfPacketView& view, IpAddress source);

    OspfContext& m_context;              //!< the router's
    const OspfInterfaceConfig& m_config; //!< the interface's

    std::vector<Keyed> m_keyed;               //!< contexts for rows of this generation
    std::map<uint32_t, Acceptable> m_accepts; //!< by Key ID that is there, in the span below
    Acceptable m_notThere;                    //!< scratch: what is said of any other Key ID
    const KeyRow* m_sendRow{nullptr};         //!< what to send with, in the span below
    OspfMac* m_sendMac{nullptr};              //!< its context
    bool m_sendSelected{false};               //!< whether the two above are known
    uint64_t m_generation{0};                 //!< of the key table, when the caches were filled
    Time m_validFrom{0};                      //!< caches hold from here
    Time m_validUntil{Time::min()};           //!< to here, not included

    OspfKeySerials m_serials;         //!< of keys that numbers were used with
    uint64_t m_nextSequence;          //!< may be one past the end of the space
    uint64_t m_sendSequence{0};       //!< taken last: of the packet that is being made
    std::optional<int64_t> m_takenIn; //!< the second it was taken in, while it may be used again
    bool m_sequenceLow{false};        //!< whether key management was asked for another key
    std::vector<Numbered> m_numbered; //!< keys used, each once, the latest send key last

    OspfSequenceMemory m_memory;           //!< of what was accepted
    OspfSequenceMemory::Origin m_verified; //!< of the packet that was let through last
    uint64_t m_verifiedSequence{0};        //!< its number
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_AUTHENTICATOR_H
