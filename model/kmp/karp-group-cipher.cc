/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-group-cipher.h"

#include "ns3/karp-ike-spi.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/** Label of the derivation of a sender's keys (doc/wire-format.md). */
const std::string KEY_LABEL = "karp mrkmp update";

/** \return \p number as eight octets */
std::array<uint8_t, 8>
Octets(uint64_t number)
{
    std::array<uint8_t, 8> octets;
    for (size_t i = 0; i < octets.size(); ++i)
    {
        octets[i] = static_cast<uint8_t>(number >> (56 - 8 * i));
    }
    return octets;
}

/** Count one \p operation, \p times over. */
void
Count(CryptoCounters& counters, CryptoOperation operation, uint64_t times = 1)
{
    counters[static_cast<size_t>(operation)] += times;
}

} // namespace

GroupCipher::GroupCipher(Entropy& entropy, bool keyLog)
    : m_entropy(entropy),
      m_keyLog(keyLog)
{
}

std::unique_ptr<SkCipher>
GroupCipher::MakeCipher(const KekRow& kek, uint64_t spi, CryptoCounters& counters)
{
    CipherSuite suite;
    suite.encr = static_cast<EncrId>(kek.encr);
    suite.keyLength = kek.keyLength;
    suite.integ = static_cast<IntegId>(kek.integ);
    suite.prf = static_cast<PrfId>(kek.prf);
    if (!suite.IsSupported())
    {
        return nullptr;
    }
    const size_t encrSize = SkCipher::EncrKeySize(suite);
    const size_t integSize = SkCipher::IntegKeySize(suite);
    Bytes seed(KEY_LABEL.begin(), KEY_LABEL.end());
    for (const uint64_t part : {spi, kek.keyId})
    {
        const auto octets = Octets(part);
        seed.insert(seed.end(), octets.begin(), octets.end());
    }
    const SecretBytes keys = PrfPlus(suite.prf, kek.key, seed, encrSize + integSize);
    const size_t blocks = (encrSize + integSize + PrfSize(suite.prf) - 1) / PrfSize(suite.prf);
    Count(counters, CryptoOperation::PRF, blocks);
    const ByteView encrKey = ByteView(keys).Sub(0, encrSize);
    const ByteView integKey = ByteView(keys).Sub(encrSize);
    if (m_keyLog)
    {
        SessionKeys log;
        log.spiInitiator = spi;
        log.spiResponder = kek.keyId;
        log.suite = suite;
        log.skEi.assign(encrKey.begin(), encrKey.end());
        log.skEr = log.skEi;
        log.skAi.assign(integKey.begin(), integKey.end());
        log.skAr = log.skAi;
        m_keys.push_back(std::move(log));
    }
    return SkCipher::Create(suite, encrKey, integKey);
}

GroupCipher::Channel*
GroupCipher::Remember(const ChannelName& name, std::unique_ptr<SkCipher> cipher)
{
    // Only who holds a KEK gets here, so the bound is met by the KEKs' own turnover; should it ever
    // be reached, forgetting a sender would let its old messages in again, so newcomers wait.
    if (m_channels.size() >= MAX_SENDERS)
    {
        return nullptr;
    }
    Channel& channel = m_channels[name];
    channel.cipher = std::move(cipher);
    for (const auto& [old, last] : m_floors)
    {
        channel.lastSequence =
            old == name ? std::max(channel.lastSequence, last) : channel.lastSequence;
    }
    return &channel;
}

Bytes
GroupCipher::Seal(const KekRow& kek,
                  const GroupIdPayload& group,
                  IpAddress self,
                  std::vector<IkePayload> payloads,
                  Time now,
                  uint64_t& sequence)
{
    const uint64_t spi = GroupMessageSpi(group, self);
    const ChannelName name{kek.keyId, spi};
    auto found = m_channels.find(name);
    Channel* channel = found != m_channels.end() ? &found->second : nullptr;
    if (channel == nullptr)
    {
        auto cipher = MakeCipher(kek, spi, m_counters);
        channel = cipher ? Remember(name, std::move(cipher)) : nullptr;
        if (channel == nullptr)
        {
            return {};
        }
    }
    const auto clock = static_cast<uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(std::max(now, Time(0))).count());
    sequence = std::max(channel->lastSequence + 1, clock);
    channel->lastSequence = sequence;
    ++channel->sent;
    m_lastSent = std::max(m_lastSent, sequence);
    payloads.insert(payloads.begin(), SequencePayload{sequence});

    IkeHeader header;
    header.spiInitiator = spi;
    header.spiResponder = kek.keyId;
    header.exchange = IkeExchange::MRKMP_UPDATE;
    header.flags = IKE_FLAG_INITIATOR;
    header.messageId = static_cast<uint32_t>(sequence);
    const SecretBytes plaintext = EncodeIkePayloads(payloads);
    const size_t sealedSize = channel->cipher->SealedSize(plaintext.size());
    Bytes message = EncodeIkeHeaderForSk(header, {}, FirstType(payloads), sealedSize);
    const Bytes body = channel->cipher->Seal(message, plaintext, sequence, m_entropy);
    Count(m_counters, CryptoOperation::SEAL);
    message.insert(message.end(), body.begin(), body.end());
    return message;
}

std::variant<GroupUpdate, Drop>
GroupCipher::Open(const KekRow& kek,
                  const IkeMessage& message,
                  ByteView octets,
                  CryptoCounters& counters)
{
    const uint64_t spi = message.header.spiInitiator;
    Drop drop;
    drop.value = kek.keyId;
    drop.peer = SenderOfGroupMessage(spi);
    const auto refuse = [&drop](DropReason reason) {
        drop.reason = reason;
        return drop;
    };
    const auto* sealed = message.Find<EncryptedPayload>();
    if (sealed == nullptr || message.payloads.size() != 1)
    {
        return refuse(sealed == nullptr ? DropReason::MISSING_PAYLOAD
                                        : DropReason::UNEXPECTED_PAYLOAD);
    }
    const ChannelName name{kek.keyId, spi};
    const auto found = m_channels.find(name);
    std::unique_ptr<SkCipher> fresh;
    if (found == m_channels.end())
    {
        fresh = MakeCipher(kek, spi, counters);
        if (!fresh)
        {
            return refuse(DropReason::NO_PROPOSAL);
        }
    }
    SkCipher& cipher = fresh ? *fresh : *found->second.cipher;
    Count(counters, CryptoOperation::OPEN);
    const auto plaintext = cipher.Open(octets.Sub(0, sealed->bodyOffset), sealed->body);
    if (!plaintext)
    {
        if (fresh && m_keyLog)
        {
            m_keys.pop_back(); // nobody sends under these
        }
        return refuse(DropReason::BAD_ICV);
    }
    auto decoded = DecodeIkePayloads(sealed->firstInner, *plaintext);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        drop.value = error->value;
        return refuse(error->reason);
    }
    auto& payloads = std::get<std::vector<IkePayload>>(decoded);
    const auto* number = payloads.empty() ? nullptr : std::get_if<SequencePayload>(&payloads[0]);
    if (number == nullptr)
    {
        return refuse(DropReason::MISSING_PAYLOAD);
    }
    // "Group members MUST ignore a message with a sequence number that is the same or less" (G2).
    Channel* channel = fresh ? Remember(name, std::move(fresh)) : &found->second;
    if (channel == nullptr || number->number <= channel->lastSequence)
    {
        drop.value = number->number;
        return refuse(channel == nullptr ? DropReason::TOO_MANY : DropReason::REPLAYED_SEQUENCE);
    }
    channel->lastSequence = number->number;
    GroupUpdate update;
    update.kekId = kek.keyId;
    update.sender = drop.peer;
    update.sequence = number->number;
    payloads.erase(payloads.begin());
    update.payloads = std::move(payloads);
    return update;
}

uint64_t
GroupCipher::SentUnder(uint64_t keyId, const GroupIdPayload& group, IpAddress self) const
{
    const auto channel = m_channels.find({keyId, GroupMessageSpi(group, self)});
    return channel != m_channels.end() ? channel->second.sent : 0;
}

uint64_t
GroupCipher::LastSent() const
{
    return m_lastSent;
}

void
GroupCipher::SetFloor(const KekRow& kek,
                      const GroupIdPayload& group,
                      IpAddress sender,
                      uint64_t sequence)
{
    const ChannelName name{kek.keyId, GroupMessageSpi(group, sender)};
    const auto found = m_channels.find(name);
    Channel* channel = found != m_channels.end() ? &found->second : nullptr;
    if (channel == nullptr)
    {
        auto cipher = MakeCipher(kek, name.second, m_counters);
        channel = cipher ? Remember(name, std::move(cipher)) : nullptr;
    }
    if (channel != nullptr)
    {
        channel->lastSequence = std::max(channel->lastSequence, sequence);
    }
}

void
GroupCipher::Forget(uint64_t keyId)
{
    const auto first = m_channels.lower_bound({keyId, 0});
    auto last = first;
    while (last != m_channels.end() && last->first.first == keyId)
    {
        const auto isSame = [&last](const auto& floor) { return floor.first == last->first; };
        m_floors.erase(std::remove_if(m_floors.begin(), m_floors.end(), isSame), m_floors.end());
        m_floors.emplace_back(last->first, last->second.lastSequence);
        ++last;
    }
    m_channels.erase(first, last);
    while (m_floors.size() > MAX_FLOORS)
    {
        m_floors.pop_front();
    }
}

void
GroupCipher::Clear()
{
    m_channels.clear();
    m_floors.clear();
}

std::optional<SessionKeys>
GroupCipher::PollKeys()
{
    if (m_keys.empty())
    {
        return std::nullopt;
    }
    SessionKeys keys = std::move(m_keys.front());
    m_keys.pop_front();
    return keys;
}

const CryptoCounters&
GroupCipher::Counters() const
{
    return m_counters;
}

} // namespace karp
} // namespace ns3
