/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_AUTHENTICATOR_H
#define KARP_OSPF_AUTHENTICATOR_H

#include "karp-ospf-context.h"

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
 * Signs and verifies the packets of one interface (RFC 2328 appendix D, RFC 5709): AuType 0 with a
 * checksum, AuType 2 with the keys of the key table (RFC 7210 section 3). It keeps a keyed context
 * for each row it has met and the outcome of each look at the table, as long as the table does not
 * change and no lifetime begins or ends.
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
     * Is a packet authentic (section D.5)? Stores nothing.
     * \param view the packet
     * \param source its IP source
     * \param lastSequence the sequence number stored for its sender, 0 for an unknown one
     * \param now the present
     * \return why not, if it is not
     */
    Verdict Verify(const OspfPacketView& view, IpAddress source, uint32_t lastSequence, Time now);

    /** Go on with a number with which the space runs low, unless it does already (H 2.4). */
    void ExhaustSequence();

    /** \return the next sequence number, to be kept over a reboot; UINT32_MAX is never used */
    uint32_t NextSequence() const;

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
        SecretBytes fingerprint; //!< of the key, so that the key itself need not be kept
        uint64_t next{0};        //!< one past the last number used with it
    };

    /** Keys remembered for their numbers; a router that outlives more of them forgets the first. */
    static constexpr size_t NUMBERED_MAX = 256;

    /** Forget what no longer holds: rows changed, or a lifetime began or ended. */
    void Refresh(Time now);

    /** \return the context for \p row, made if there is none yet */
    OspfMac* MacFor(const KeyRow* row);

    /** \return what verifies packets under \p keyId */
    Acceptable& AcceptFor(uint8_t keyId, Time now);

    /** Choose the row to send with. */
    void SelectSend(Time now);

    /** The send key is that of \p row: continue its numbers, or begin anew if they ran low. */
    void BeginNumbers(const KeyRow& row);

    /** Take a number. \param[out] sequence the number \return false if the space is used up */
    bool TakeSequence(Time now, uint32_t& sequence);

    /** Verification for AuType 2 (D.5.3). */
    Verdict VerifyCryptographic(const OspfPacketView& view,
                                IpAddress source,
                                uint32_t lastSequence,
                                Time now);

    /** Tell the host, once, that \p source has used the key of \p candidate. */
    void NoteHeard(Candidate& candidate, IpAddress source);

    /** \return whether \p mac says that the digest of \p view is right */
    bool CheckDigest(OspfMac& mac, const OspfPacketView& view);

    OspfContext& m_context;              //!< the router's
    const OspfInterfaceConfig& m_config; //!< the interface's

    std::vector<Keyed> m_keyed;              //!< contexts for rows of this generation
    std::map<uint8_t, Acceptable> m_accepts; //!< by Key ID, valid in the span below
    const KeyRow* m_sendRow{nullptr};        //!< what to send with, in the span below
    OspfMac* m_sendMac{nullptr};             //!< its context
    bool m_sendSelected{false};              //!< whether the two above are known
    uint64_t m_generation{0};                //!< of the key table, when the caches were filled
    Time m_validFrom{0};                     //!< caches hold from here
    Time m_validUntil{Time::min()};          //!< to here, not included

    uint64_t m_nextSequence;          //!< may be one past the end of the space
    bool m_sequenceLow{false};        //!< whether key management was asked for another key
    std::vector<Numbered> m_numbered; //!< keys used, each once, the latest send key last
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_AUTHENTICATOR_H
