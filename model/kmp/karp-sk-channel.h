/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SK_CHANNEL_H
#define KARP_SK_CHANNEL_H

#include "karp-ike-keys.h"

#include "ns3/karp-crypto.h"
#include "ns3/karp-drop-reason.h"
#include "ns3/karp-ike-message.h"

#include <memory>
#include <vector>

namespace ns3
{
namespace karp
{

/** What came of opening an Encrypted payload. */
struct OpenedMessage
{
    bool authentic{false};            //!< whether the integrity check value was right
    DecodeError error;                //!< if authentic: what is wrong inside, if anything
    std::vector<IkePayload> payloads; //!< if authentic and nothing is wrong: what was inside
};

/**
 * \ingroup karp
 * The two directions of one association as Encrypted payloads (K2; RFC 7296 section 3.14): seals
 * what we send with a counter that never repeats (RFC 5282 section 3.1), opens what we get.
 */
class SkChannel
{
  public:
    /**
     * \param suite negotiated
     * \param keys of the association
     * \param asInitiator whether we are its original initiator
     * \return the channel, or nullptr if the suite is unknown here
     */
    static std::unique_ptr<SkChannel> Create(const CipherSuite& suite,
                                             const IkeKeys& keys,
                                             bool asInitiator);

    /**
     * \param header of the message
     * \param inner what to protect
     * \param entropy where CBC's initialisation vector comes from
     * \param[in,out] counters charged with what it cost
     * \return the whole message; empty if it is too large to be one
     */
    Bytes Seal(const IkeHeader& header,
               const std::vector<IkePayload>& inner,
               Entropy& entropy,
               CryptoCounters& counters);

    /**
     * \param message as decoded, with one Encrypted payload
     * \param octets as received
     * \param[in,out] counters charged with what it cost
     * \return what is inside, if it is authentic
     */
    OpenedMessage Open(const IkeMessage& message, ByteView octets, CryptoCounters& counters);

  private:
    std::unique_ptr<SkCipher> m_out; //!< what we send
    std::unique_ptr<SkCipher> m_in;  //!< what we get
    uint64_t m_counter{0};           //!< messages sealed so far
};

} // namespace karp
} // namespace ns3

#endif // KARP_SK_CHANNEL_H
