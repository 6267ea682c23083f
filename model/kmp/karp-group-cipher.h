/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_GROUP_CIPHER_H
#define KARP_GROUP_CIPHER_H

#include "karp-group-keys.h"
#include "karp-session-manager.h"

#include "ns3/karp-crypto.h"
#include "ns3/karp-drop-reason.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-types.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

namespace ns3
{
namespace karp
{

class StateDigest;

/** A group message whose integrity was right and whose sequence number is new. */
struct GroupUpdate
{
    uint64_t kekId{0};                //!< KEK it came under
    IpAddress sender;                 //!< whose it is
    uint64_t sequence{0};             //!< its number
    std::vector<IkePayload> payloads; //!< after the sequence number
};

/**
 * \ingroup karp
 * Puts group messages under a KEK and takes them out again (H 7, G1, G2). Each sender has keys of
 * its own, derived from the KEK and the sender's SPI: whoever holds the KEK may send, and still no
 * two messages share an AEAD nonce, nor do two senders share a sequence.
 */
class GroupCipher
{
  public:
    static constexpr size_t MAX_SENDERS = 64; //!< remembered, over all KEKs
    static constexpr size_t MAX_FLOORS = 256; //!< last numbers kept of KEKs that were dropped

    /**
     * \param entropy CBC's initialisation vectors come from there; outlives the cipher
     * \param keyLog whether PollKeys has something to tell
     */
    GroupCipher(Entropy& entropy, bool keyLog);

    /**
     * \param kek the KEK
     * \param group which group
     * \param self sender
     * \param payloads what to say
     * \param now the present: sequence numbers follow the clock in microseconds, so that they grow
     *        over a reboot that forgets them
     * \param[out] sequence the number used
     * \return the message; empty if this build does not know the KEK's suite
     */
    Bytes Seal(const KekRow& kek,
               const GroupIdPayload& group,
               IpAddress self,
               std::vector<IkePayload> payloads,
               Time now,
               uint64_t& sequence);

    /**
     * \param kek the KEK that the header names
     * \param message the message, decoded
     * \param octets the message, as it came
     * \param[out] counters charged with what it cost
     * \return what it says, or why it is not believed
     */
    std::variant<GroupUpdate, Drop> Open(const KekRow& kek,
                                         const IkeMessage& message,
                                         ByteView octets,
                                         CryptoCounters& counters);

    /** \return how many messages Seal has put under \p keyId */
    uint64_t SentUnder(uint64_t keyId, const GroupIdPayload& group, IpAddress self) const;

    /** \return how many senders are remembered, over all KEKs */
    size_t SenderCount() const
    {
        return m_channels.size();
    }

    /** \return the highest sequence number that Seal has used */
    uint64_t LastSent() const;

    /**
     * What \p sender sent under \p kek up to \p sequence is old: whoever has just joined has not
     * heard it and would take a replay for news (G2).
     */
    void SetFloor(const KekRow& kek,
                  const GroupIdPayload& group,
                  IpAddress sender,
                  uint64_t sequence);

    /** Add to \p digest all that decides what comes next. */
    void AddTo(StateDigest& digest) const;

    /**
     * Forget everything about the KEK \p keyId but the last number of each sender: a merge may
     * bring it back, and what was old under it stays old (G2, M3).
     */
    void Forget(uint64_t keyId);

    /** Forget all. */
    void Clear();

    /** \return keys used for the first time, in Wireshark's terms */
    std::optional<SessionKeys> PollKeys();

    /** \return operations done by Seal so far */
    const CryptoCounters& Counters() const;

  private:
    /** One sender under one KEK. */
    struct Channel
    {
        std::unique_ptr<SkCipher> cipher; //!< its keys
        uint64_t lastSequence{0};         //!< last one sent or accepted
        uint64_t sent{0};                 //!< how many Seal has made
    };

    using ChannelName = std::pair<uint64_t, uint64_t>; //!< KEK key ID, sender's SPI

    std::unique_ptr<SkCipher> MakeCipher(const KekRow& kek, uint64_t spi, CryptoCounters& counters);
    Channel* Remember(const ChannelName& name, std::unique_ptr<SkCipher> cipher);

    Entropy& m_entropy;                                    //!< randomness
    bool m_keyLog;                                         //!< whether keys are told
    std::map<ChannelName, Channel> m_channels;             //!< known senders
    std::deque<std::pair<ChannelName, uint64_t>> m_floors; //!< of KEKs dropped, the oldest first
    std::deque<SessionKeys> m_keys;                        //!< not fetched yet
    uint64_t m_lastSent{0};                                //!< see LastSent
    CryptoCounters m_counters{};                           //!< operations of Seal
};

} // namespace karp
} // namespace ns3

#endif // KARP_GROUP_CIPHER_H
