/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-authenticator.h"

#include "ns3/karp-digest-memo.h"

#include <algorithm>
#include <arpa/inet.h>

namespace ns3
{
namespace karp
{

namespace
{

/** Width of the lower half of the sequence numbers of AuType 3 (RFC 7474 section 2). */
constexpr unsigned LOWER_BITS = 32;

/** \return the first sequence number */
uint64_t
FirstSequence(const OspfInterfaceConfig& config)
{
    if (config.sequenceInit == OspfSequenceInit::KEPT)
    {
        return config.firstSequence;
    }
    // RFC 7474 section 2: "the most significant 32-bit value containing the boot count".
    return config.authType == OspfAuthType::CRYPTOGRAPHIC_64
               ? static_cast<uint64_t>(config.bootCount) << LOWER_BITS
               : 0;
}

/** \return what the digests of \p config are made by */
KeyPreparation
PreparationOf(const OspfInterfaceConfig& config)
{
    return config.authType == OspfAuthType::CRYPTOGRAPHIC_64 ? KeyPreparation::RFC_7474
                                                             : config.keyPreparation;
}

/** \return the router whose key \p row is; none if its Peers column names a group */
IpAddress
OnlyPeer(const KeyRow& row)
{
    in_addr address{};
    const bool spelled = inet_pton(AF_INET, row.peers.c_str(), &address) == 1;
    return spelled ? IpAddress{ntohl(address.s_addr)} : IpAddress{};
}

} // namespace

OspfAuthenticator::OspfAuthenticator(OspfContext& context, const OspfInterfaceConfig& config)
    : m_context(context),
      m_config(config),
      m_nextSequence(FirstSequence(config)),
      m_memory(config)
{
}

OspfAuthenticator::~OspfAuthenticator() = default;

OspfAuthenticator::Verdict
OspfAuthenticator::PrepareSend(OspfHeader& header, Time now)
{
    header.authType = m_config.authType;
    header.authField = {};
    header.checksum = 0;
    if (m_config.authType == OspfAuthType::NONE)
    {
        return {};
    }
    Refresh(now);
    if (!m_sendSelected)
    {
        SelectSend(now);
    }
    // RFC 7211 section 3 allows what RFC 2328 D.3 does not: that an expired key is not used on as
    // if it had no end. A router that key management has given up must fall silent.
    if (m_sendRow == nullptr || m_sendMac == nullptr)
    {
        return {DropReason::NO_SEND_KEY, m_sendRow == nullptr ? 0 : m_sendRow->LocalKeyId()};
    }
    if (!TakeSequence(now))
    {
        return {DropReason::NO_SEND_KEY, m_nextSequence};
    }
    const auto keyId = static_cast<uint32_t>(m_sendRow->LocalKeyId());
    const auto size = static_cast<uint8_t>(m_sendMac->Size());
    if (IsExtended())
    {
        header.SetCryptographic64(keyId, static_cast<uint8_t>(OSPF_SEQUENCE_64_SIZE + size));
    }
    else
    {
        header.SetCryptographic(static_cast<uint8_t>(keyId),
                                size,
                                static_cast<uint32_t>(m_sendSequence));
    }
    return {};
}

void
OspfAuthenticator::FinishSend(OspfHeader header, Bytes& packet)
{
    if (m_config.authType == OspfAuthType::NONE)
    {
        // D.4.1: the checksum leaves out the authentication field, which is not examined.
        header.packetLength = static_cast<uint16_t>(packet.size());
        header.checksum = OspfChecksum(packet);
        OverwriteOspfHeader(header, packet);
        return;
    }
    // D.4.3: the digest is appended, and is part neither of the packet's length nor of a checksum.
    if (IsExtended())
    {
        // RFC 7474 section 3: the number follows the packet, "and is protected by the ... digest".
        for (size_t i = OSPF_SEQUENCE_64_SIZE; i-- > 0;)
        {
            packet.push_back(static_cast<uint8_t>(m_sendSequence >> (8 * i)));
        }
    }
    const size_t size = packet.size();
    packet.resize(size + m_sendMac->Size());
    ++m_context.operations[static_cast<size_t>(CryptoOperation::MAC)];
    m_sendMac->Compute({packet.data(), size}, packet.data() + size, m_config.address);
}

OspfAuthenticator::Verdict
OspfAuthenticator::Verify(const OspfPacketView& view, IpAddress source, uint32_t sender, Time now)
{
    // Section 8.2: "The AuType specified in the packet must match the AuType specified for the
    // associated area."
    if (view.header.authType != m_config.authType)
    {
        return {DropReason::BAD_AUTH_TYPE, static_cast<uint64_t>(view.header.authType)};
    }
    if (m_config.authType != OspfAuthType::NONE)
    {
        return VerifyCryptographic(view, source, sender, now);
    }
    // D.5.1: the checksum is all there is. Summed up with itself it leaves nothing.
    if (OspfChecksum(view.packet) != 0)
    {
        return {DropReason::BAD_CHECKSUM, view.header.checksum};
    }
    return {};
}

OspfAuthenticator::Verdict
OspfAuthenticator::VerifyCryptographic(const OspfPacketView& view,
                                       IpAddress source,
                                       uint32_t sender,
                                       Time now)
{
    // D.5.3 (1): the key that the Key ID names, valid for reception.
    const uint32_t keyId = IsExtended() ? view.header.KeyId64() : view.header.KeyId();
    Acceptable& acceptable = AcceptFor(keyId, now);
    switch (acceptable.result)
    {
    case KeyTable::AcceptResult::OK:
        break;
    case KeyTable::AcceptResult::NO_KEY_AT_ALL:
        return {DropReason::NOT_KEYED, keyId};
    case KeyTable::AcceptResult::UNKNOWN_NAME:
        return {DropReason::UNKNOWN_KEY, keyId};
    case KeyTable::AcceptResult::NOT_VALID:
        return {DropReason::KEY_NOT_VALID, keyId};
    }
    bool isReplay = false;
    bool isTried = false;
    for (Candidate& candidate : acceptable.candidates)
    {
        if (candidate.only != IpAddress{} && candidate.only != source)
        {
            continue; // somebody else's (RFC 7210 section 2, Peers)
        }
        isTried = true;
        // D.5.3 (2): the sequence number, before the digest is paid for.
        const OspfSequenceMemory::Origin origin{sender, candidate.serial, view.header.type};
        if (!m_memory.Accepts(origin, view.sequence))
        {
            isReplay = true;
            continue;
        }
        // D.5.3 (3): the digest. Two keys may have one Key ID where two groups merge; any will do.
        if (CheckDigest(*candidate.mac, view, source))
        {
            m_verified = origin;
            m_verifiedSequence = view.sequence;
            NoteHeard(candidate, source);
            return {};
        }
    }
    if (!isTried && !acceptable.candidates.empty())
    {
        return {DropReason::UNKNOWN_KEY, keyId};
    }
    return isReplay ? Verdict{DropReason::REPLAYED_SEQUENCE, view.sequence}
                    : Verdict{DropReason::BAD_ICV, keyId};
}

void
OspfAuthenticator::NoteVerified()
{
    if (m_config.authType != OspfAuthType::NONE)
    {
        m_memory.Note(m_verified, m_verifiedSequence);
    }
}

// Key management must know who has used a key: should that router lose its sequence numbers, the
// key is worn out (H 2.4).
void
OspfAuthenticator::NoteHeard(Candidate& candidate, IpAddress source)
{
    if (candidate.heard.size() < MAX_OSPF_NEIGHBORS && candidate.heard.insert(source).second)
    {
        m_context.Emit(m_config.index, OspfEvent::KeyHeard{candidate.row->adminKeyName, source});
    }
}

bool
OspfAuthenticator::CheckDigest(OspfMac& mac, const OspfPacketView& view, IpAddress source)
{
    if (view.digest.size() != mac.Size())
    {
        return false;
    }
    // Counted even where a memo spares us the work: a router of its own would do it.
    ++m_context.operations[static_cast<size_t>(CryptoOperation::MAC)];
    return mac.Verify(view.covered, view.digest, source);
}

void
OspfAuthenticator::Refresh(Time now)
{
    const uint64_t generation = m_context.keys.Generation();
    const bool sameRows = generation == m_generation && m_validFrom < m_validUntil;
    if (sameRows && m_validFrom <= now && now < m_validUntil)
    {
        return;
    }
    m_accepts.clear();
    m_sendSelected = false;
    m_sendRow = nullptr;
    m_sendMac = nullptr;
    if (!sameRows)
    {
        m_keyed.clear();
    }
    m_generation = generation;
    m_validFrom = now;
    m_validUntil = std::max(m_context.keys.NextChange(now), now + Time(1));
}

OspfMac*
OspfAuthenticator::MacFor(const KeyRow* row)
{
    for (const auto& keyed : m_keyed)
    {
        if (keyed.row == row)
        {
            return keyed.mac.get();
        }
    }
    DigestMemo* memo = m_context.memo.get();
    const KeyPreparation preparation = PreparationOf(m_config);
    m_keyed.push_back({row,
                       memo != nullptr ? memo->CreateMac(row->algId, row->key, preparation)
                                       : OspfMac::Create(row->algId, row->key, preparation)});
    return m_keyed.back().mac.get();
}

OspfAuthenticator::Acceptable&
OspfAuthenticator::AcceptFor(uint32_t keyId, Time now)
{
    Refresh(now);
    const auto known = m_accepts.find(keyId);
    if (known != m_accepts.end())
    {
        return known->second;
    }
    const auto result = m_context.keys.LookupAccept(KeyProtocol::OSPFV2,
                                                    m_config.index,
                                                    keyId,
                                                    now,
                                                    m_context.rows);
    // Key IDs of AuType 3 are 32 bits wide: what is not there must not fill the cache.
    if (result != KeyTable::AcceptResult::OK)
    {
        m_notThere.result = result;
        return m_notThere;
    }
    Acceptable& acceptable = m_accepts[keyId];
    acceptable.result = result;
    for (const KeyRow* row : m_context.rows)
    {
        if (OspfMac* mac = MacFor(row))
        {
            const uint64_t serial = m_config.sequencePerKey ? m_serials.Of(row->key) : 0;
            acceptable.candidates.push_back({mac, row, OnlyPeer(*row), serial, {}});
        }
    }
    return acceptable;
}

void
OspfAuthenticator::SelectSend(Time now)
{
    m_sendSelected = true;
    m_sendRow = m_context.keys.SelectSend(KeyProtocol::OSPFV2, m_config.index, now);
    m_sendMac = nullptr;
    // Key IDs are one octet wide (D.3), four with AuType 3 (RFC 7474 section 3).
    const uint64_t keyIdMax = IsExtended() ? UINT32_MAX : UINT8_MAX;
    if (m_sendRow == nullptr || m_sendRow->LocalKeyId() > keyIdMax)
    {
        return;
    }
    m_sendMac = MacFor(m_sendRow);
    if (m_sendMac != nullptr)
    {
        BeginNumbers(*m_sendRow);
    }
}

void
OspfAuthenticator::BeginNumbers(const KeyRow& row)
{
    const uint64_t serial = m_serials.Of(row.key);
    const auto known =
        std::find_if(m_numbered.begin(), m_numbered.end(), [serial](const Numbered& numbered) {
            return numbered.serial == serial;
        });
    if (known != m_numbered.end())
    {
        // Back to a key used before: past what it was used with, if numbers began anew meanwhile.
        if (m_nextSequence < known->next)
        {
            m_nextSequence = known->next;
            m_takenIn.reset();
        }
        std::rotate(known, known + 1, m_numbered.end());
        return;
    }
    // D.3 has no procedure for a sequence space that runs out but waiting until the neighbours have
    // forgotten. Under a key that no number was used with, numbers may begin anew: "never two
    // messages with one number under one key" still holds (H 2.4, H 8, R2).
    if (m_sequenceLow)
    {
        m_nextSequence = 0;
        m_takenIn.reset();
        m_sequenceLow = false;
    }
    if (m_numbered.size() >= OspfKeySerials::KEYS_MAX)
    {
        m_numbered.erase(m_numbered.begin());
    }
    m_numbered.push_back({serial, m_nextSequence});
}

uint64_t
OspfAuthenticator::LastSequence() const
{
    // The number after the last one must still fit its field.
    const uint64_t lower = std::min<uint64_t>(m_config.sequenceLimit, UINT32_MAX - 1);
    return IsExtended() ? static_cast<uint64_t>(UINT32_MAX) << LOWER_BITS | lower : lower;
}

uint64_t
OspfAuthenticator::SequenceAfter(uint64_t sequence) const
{
    // RFC 7474 section 2: "in the rare event that the lower-order 32-bit sequence number wraps, the
    // boot count can be incremented to preserve the strictly increasing property".
    const uint64_t last = LastSequence();
    const uint64_t bootCount = sequence >> LOWER_BITS;
    const bool wraps = IsExtended() && bootCount < UINT32_MAX &&
                       static_cast<uint32_t>(sequence) >= static_cast<uint32_t>(last);
    return wraps ? (bootCount + 1) << LOWER_BITS : sequence + 1;
}

void
OspfAuthenticator::FollowClock(uint64_t seconds)
{
    const uint64_t last = LastSequence();
    if (!IsExtended())
    {
        m_nextSequence = std::max(m_nextSequence, seconds);
        return;
    }
    // The lower half follows the clock, as far as it reaches, within one boot.
    const uint64_t bootCount = m_nextSequence >> LOWER_BITS;
    const uint64_t lower = std::min<uint64_t>(seconds, static_cast<uint32_t>(last));
    m_nextSequence = std::max(m_nextSequence, bootCount << LOWER_BITS | lower);
}

bool
OspfAuthenticator::TakeSequence(Time now)
{
    const int64_t second =
        std::max<int64_t>(std::chrono::duration_cast<std::chrono::seconds>(now).count(), 0);
    // D.4.3 (5): "set to a non-decreasing value": packets of one second may have one number.
    if (m_takenIn == second && m_config.sequenceStep == OspfSequenceStep::SECOND)
    {
        return true;
    }
    if (m_config.sequenceInit == OspfSequenceInit::CLOCK)
    {
        FollowClock(static_cast<uint64_t>(second));
    }
    const bool isLeft = m_nextSequence <= LastSequence();
    if (isLeft)
    {
        m_sendSequence = m_nextSequence;
        m_takenIn = second;
        m_nextSequence = SequenceAfter(m_nextSequence);
        m_numbered.back().next = m_nextSequence;
    }
    ReportLow();
    return isLeft;
}

void
OspfAuthenticator::ReportLow()
{
    const uint64_t last = LastSequence();
    const bool isLow = m_nextSequence > last || last - m_nextSequence < OSPF_SEQUENCE_LOW_MARGIN;
    if (isLow && !m_sequenceLow)
    {
        m_sequenceLow = true;
        const uint64_t used = m_nextSequence > 0 ? m_nextSequence - 1 : 0;
        m_context.Emit(m_config.index, OspfEvent::SequenceLow{used});
    }
}

void
OspfAuthenticator::ExhaustSequence()
{
    const uint64_t last = LastSequence();
    const uint64_t low = last - std::min<uint64_t>(last, OSPF_SEQUENCE_LOW_MARGIN);
    m_nextSequence = std::max(m_nextSequence, low);
}

uint64_t
OspfAuthenticator::NextSequence() const
{
    return IsExtended() ? m_nextSequence : std::min<uint64_t>(m_nextSequence, UINT32_MAX);
}

} // namespace karp
} // namespace ns3
