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

/** Key IDs are one octet wide (D.3). */
constexpr uint64_t KEY_ID_MAX = UINT8_MAX;

/** The last number that may be used: the one after it must still fit its field. */
uint64_t
LastSequence(const OspfInterfaceConfig& config)
{
    return std::min<uint64_t>(config.sequenceLimit, UINT32_MAX - 1);
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
      m_nextSequence(config.sequenceInit == OspfSequenceInit::KEPT ? config.firstSequence : 0)
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
    uint32_t sequence = 0;
    if (!TakeSequence(now, sequence))
    {
        return {DropReason::NO_SEND_KEY, m_nextSequence};
    }
    header.SetCryptographic(static_cast<uint8_t>(m_sendRow->LocalKeyId()),
                            static_cast<uint8_t>(m_sendMac->Size()),
                            sequence);
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
    const size_t size = packet.size();
    packet.resize(size + m_sendMac->Size());
    ++m_context.operations[static_cast<size_t>(CryptoOperation::MAC)];
    m_sendMac->Compute({packet.data(), size}, packet.data() + size);
}

OspfAuthenticator::Verdict
OspfAuthenticator::Verify(const OspfPacketView& view,
                          IpAddress source,
                          uint32_t lastSequence,
                          Time now)
{
    // Section 8.2: "The AuType specified in the packet must match the AuType specified for the
    // associated area."
    if (view.header.authType != m_config.authType)
    {
        return {DropReason::BAD_AUTH_TYPE, static_cast<uint64_t>(view.header.authType)};
    }
    if (m_config.authType == OspfAuthType::CRYPTOGRAPHIC)
    {
        return VerifyCryptographic(view, source, lastSequence, now);
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
                                       uint32_t lastSequence,
                                       Time now)
{
    // D.5.3 (1): the key that the Key ID names, valid for reception.
    const uint8_t keyId = view.header.KeyId();
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
    // D.5.3 (2): "If the cryptographic sequence number found in the OSPF header is less than the
    // cryptographic sequence number recorded in the sending neighbor's data structure" - an equal
    // one passes.
    const uint32_t sequence = view.header.Sequence();
    if (sequence < lastSequence)
    {
        return {DropReason::REPLAYED_SEQUENCE, sequence};
    }
    // D.5.3 (3): the digest. Two keys may have one Key ID where two groups merge; any will do.
    bool tried = false;
    for (Candidate& candidate : acceptable.candidates)
    {
        if (candidate.only != IpAddress{} && candidate.only != source)
        {
            continue; // somebody else's (RFC 7210 section 2, Peers)
        }
        tried = true;
        if (CheckDigest(*candidate.mac, view))
        {
            NoteHeard(candidate, source);
            return {};
        }
    }
    return {tried ? DropReason::BAD_ICV : DropReason::UNKNOWN_KEY, keyId};
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
OspfAuthenticator::CheckDigest(OspfMac& mac, const OspfPacketView& view)
{
    if (view.digest.size() != mac.Size())
    {
        return false;
    }
    // Counted even where a memo spares us the work: a router of its own would do it.
    ++m_context.operations[static_cast<size_t>(CryptoOperation::MAC)];
    return mac.Verify(view.covered, view.digest);
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
    m_keyed.push_back({row,
                       memo != nullptr
                           ? memo->CreateMac(row->algId, row->key, m_config.keyPreparation)
                           : OspfMac::Create(row->algId, row->key, m_config.keyPreparation)});
    return m_keyed.back().mac.get();
}

OspfAuthenticator::Acceptable&
OspfAuthenticator::AcceptFor(uint8_t keyId, Time now)
{
    Refresh(now);
    const auto [place, isNew] = m_accepts.try_emplace(keyId);
    Acceptable& acceptable = place->second;
    if (isNew)
    {
        acceptable.result = m_context.keys.LookupAccept(KeyProtocol::OSPFV2,
                                                        m_config.index,
                                                        keyId,
                                                        now,
                                                        m_context.rows);
        if (acceptable.result == KeyTable::AcceptResult::OK)
        {
            for (const KeyRow* row : m_context.rows)
            {
                if (OspfMac* mac = MacFor(row))
                {
                    acceptable.candidates.push_back({mac, row, OnlyPeer(*row), {}});
                }
            }
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
    if (m_sendRow == nullptr || m_sendRow->LocalKeyId() > KEY_ID_MAX)
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
    static const std::string LABEL = "karp sequence numbers";
    SecretBytes fingerprint = Prf(PrfId::HMAC_SHA2_256, row.key, {ByteView::Of(LABEL)});
    const auto known = std::find_if(
        m_numbered.begin(),
        m_numbered.end(),
        [&fingerprint](const Numbered& numbered) { return numbered.fingerprint == fingerprint; });
    if (known != m_numbered.end())
    {
        // Back to a key used before: past what it was used with, if numbers began anew meanwhile.
        m_nextSequence = std::max(m_nextSequence, known->next);
        std::rotate(known, known + 1, m_numbered.end());
        return;
    }
    // D.3 has no procedure for a sequence space that runs out but waiting until the neighbours have
    // forgotten. Under a key that no number was used with, numbers may begin anew: "never two
    // messages with one number under one key" still holds (H 2.4, H 8, R2).
    if (m_sequenceLow)
    {
        m_nextSequence = 0;
        m_sequenceLow = false;
    }
    if (m_numbered.size() >= NUMBERED_MAX)
    {
        m_numbered.erase(m_numbered.begin());
    }
    m_numbered.push_back({std::move(fingerprint), m_nextSequence});
}

bool
OspfAuthenticator::TakeSequence(Time now, uint32_t& sequence)
{
    if (m_config.sequenceInit == OspfSequenceInit::CLOCK)
    {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
        m_nextSequence = std::max<uint64_t>(m_nextSequence, std::max<int64_t>(seconds, 0));
    }
    const uint64_t last = LastSequence(m_config);
    const bool isLeft = m_nextSequence <= last;
    if (isLeft)
    {
        sequence = static_cast<uint32_t>(m_nextSequence++);
        m_numbered.back().next = m_nextSequence;
    }
    if (!m_sequenceLow && m_nextSequence + OSPF_SEQUENCE_LOW_MARGIN > last)
    {
        m_sequenceLow = true;
        const uint64_t used = m_nextSequence > 0 ? m_nextSequence - 1 : 0;
        m_context.Emit(m_config.index, OspfEvent::SequenceLow{static_cast<uint32_t>(used)});
    }
    return isLeft;
}

void
OspfAuthenticator::ExhaustSequence()
{
    const uint64_t last = LastSequence(m_config);
    const uint64_t low = last - std::min<uint64_t>(last, OSPF_SEQUENCE_LOW_MARGIN);
    m_nextSequence = std::max(m_nextSequence, low);
}

uint32_t
OspfAuthenticator::NextSequence() const
{
    return static_cast<uint32_t>(std::min<uint64_t>(m_nextSequence, UINT32_MAX));
}

} // namespace karp
} // namespace ns3
