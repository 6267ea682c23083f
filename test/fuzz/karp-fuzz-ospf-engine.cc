/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "../karp-test-entropy.h"
#include "karp-fuzz-steps.h"

#include "ns3/karp-byte-writer.h"
#include "ns3/karp-ospf-database.h"
#include "ns3/karp-ospf-engine.h"
#include "ns3/karp-ospf-link-state.h"

#include <algorithm>
#include <cstdlib>
#include <string>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: a router that lives through whatever the octets tell. The first octet says the
 * AuType and the rule for sequence numbers, whether there is link state and how far the first
 * neighbour has come, then come steps of {what, length, octets}: a packet as it is; a packet whose
 * header, checksums and digest are put right first, so that the Hello protocol and flooding are
 * reached; time; interface down, up or another priority. No packet as it is may change anything
 * under AuType 2 and 3.
 */

namespace
{

using namespace ns3::karp;

constexpr size_t NEIGHBORS_MAX = 6;   //!< of the router
constexpr uint32_t SELF = 0x0a000001; //!< its address and Router ID
constexpr size_t LSAS_MAX = 8;        //!< that others may let it hold in each database
constexpr size_t OWN_LSAS_MAX = 4;    //!< that it may have of its own
const SecretBytes KEY(32, 0x5a);      //!< its key

/** The router and its life. */
class Life
{
  public:
    /** A router with \p authType, up; \p options: bits of what else is as not by default. */
    Life(OspfAuthType authType, uint8_t options)
        : m_entropy(1),
          m_engine(SELF, m_keys, m_entropy),
          m_authType(authType)
    {
        KeyRow row;
        row.adminKeyName = "k";
        row.localKeyName = IntegerKeyName(1, 1);
        row.interfaces = {ALL_INTERFACES};
        row.protocol = KeyProtocol::OSPFV2;
        row.algId = MacAlgorithm::HMAC_SHA_256;
        row.key = KEY;
        row.lifetimes = {Time(0), Time(0), TIME_MAX, TIME_MAX};
        m_keys.Insert(row);
        OspfInterfaceConfig config;
        config.address = {SELF};
        config.authType = authType;
        config.neighborsMax = NEIGHBORS_MAX;
        config.sequenceForgotten = (options & 1) == 0;
        config.sequencePerKey = (options & 2) != 0;
        config.sequenceRule =
            (options & 4) != 0 ? OspfSequenceRule::GREATER : OspfSequenceRule::NOT_LESS;
        if ((options & 8) != 0)
        {
            OspfLinkStateConfig settings;
            settings.lsasMax = LSAS_MAX;
            m_engine.EnableLinkState(settings);
            config.networkType = OspfNetworkType::POINT_TO_POINT;
        }
        m_engine.AddInterface(config);
        m_engine.InterfaceUp(0, m_now);
        m_engine.Advance(m_now);
        Meet(options >> 4 & 3);
    }

    /** One step: \p what, with \p octets. */
    void Step(uint8_t what, Bytes octets)
    {
        const std::string before = State();
        const IpAddress source{0x0a000001u + (what >> 2 & 7)};
        switch (what & 3)
        {
        case 0:
            m_engine.Receive(0, source, ALL_SPF_ROUTERS, octets, m_now);
            Require(m_authType == OspfAuthType::NONE || State() == before);
            break;
        case 1:
            PutRight(octets, source);
            m_engine.Receive(0, source, ALL_SPF_ROUTERS, octets, m_now);
            break;
        case 2:
            m_now += std::chrono::milliseconds(octets.empty() ? 1 : 1 + 400 * octets[0]);
            m_engine.Advance(m_now);
            break;
        default:
            Administer(what >> 2, octets.empty() ? 0 : octets[0]);
        }
        Require(m_engine.Neighbors(0).size() <= NEIGHBORS_MAX);
        Require(Lsas() <= LSAS_MAX + OWN_LSAS_MAX);
        // What follows may be due at once, but does not stay so.
        m_engine.Advance(m_now);
        const auto next = m_engine.NextTimeout();
        Require(!next || *next > m_now);
        while (m_engine.PollEvent())
        {
        }
        while (m_engine.PollTransmit())
        {
        }
    }

  private:
    /** \p fact must hold. */
    static void Require(bool fact)
    {
        if (!fact)
        {
            std::abort();
        }
    }

    /** \return how many LSAs are held of the area */
    size_t Lsas() const
    {
        const OspfLinkState* linkState = m_engine.LinkState();
        return linkState == nullptr ? 0 : linkState->Database(0)->Size();
    }

    /** Bring a neighbour with a greater Router ID \p far: ExStart, Exchange, Full. */
    void Meet(int far)
    {
        const IpAddress source{SELF + 1};
        for (int step = 0; step < far; ++step)
        {
            Bytes octets(OSPF_HEADER_SIZE);
            octets[1] = step == 0 ? 1 : 2;
            octets[7] = 1; // PutRight: the neighbour's Router ID
            octets[23] = static_cast<uint8_t>(step);
            ByteWriter<Bytes> writer(octets);
            if (step == 0)
            {
                writer.U32(0xffffff00);
                writer.U16(10);
                writer.U8(OSPF_OPTION_E);
                writer.U8(1);
                writer.U32(40);
                writer.U32(0);
                writer.U32(0);
                writer.U32(SELF);
            }
            else
            {
                writer.U16(1500);
                writer.U8(OSPF_OPTION_E);
                writer.U8(step == 1 ? 7 : 1);
                writer.U32(static_cast<uint32_t>(step));
            }
            PutRight(octets, source);
            m_engine.Receive(0, source, ALL_SPF_ROUTERS, octets, m_now);
        }
    }

    /** Put right the checksums of the LSAs in the update \p octets, as far as they lie in it. */
    static void PutLsasRight(Bytes& octets)
    {
        constexpr size_t CHECKSUM = 16;
        size_t at = OSPF_HEADER_SIZE + OSPF_UPDATE_FIXED_SIZE;
        while (at + OSPF_LSA_HEADER_SIZE <= octets.size())
        {
            const size_t length = static_cast<size_t>(octets[at + 18]) << 8 | octets[at + 19];
            if (length < OSPF_LSA_HEADER_SIZE || at + length > octets.size())
            {
                return;
            }
            const uint16_t checksum = OspfLsaChecksum({octets.data() + at, length});
            octets[at + CHECKSUM] = static_cast<uint8_t>(checksum >> 8);
            octets[at + CHECKSUM + 1] = static_cast<uint8_t>(checksum);
            at += length;
        }
    }

    /** \return all that a packet could change */
    std::string State() const
    {
        std::string text = ToString(m_engine.InterfaceState(0));
        text += m_engine.DesignatedRouter(0).ToString();
        text += m_engine.BackupDesignatedRouter(0).ToString();
        for (const auto& neighbor : m_engine.Neighbors(0))
        {
            text += ' ' + neighbor.address.ToString() + ToString(neighbor.state) +
                    std::to_string(neighbor.routerId) + ' ' + std::to_string(neighbor.priority) +
                    ' ' + std::to_string(neighbor.sequence);
        }
        text += ' ' + std::to_string(Lsas());
        return text;
    }

    /** Make \p octets a packet that passes all checks before its body's. */
    void PutRight(Bytes& octets, IpAddress source) const
    {
        const size_t size = std::max(octets.size(), OSPF_HEADER_SIZE);
        octets.resize(size);
        OspfHeader header;
        header.type = static_cast<OspfPacketType>(octets[1] % 6);
        header.packetLength = static_cast<uint16_t>(size);
        header.routerId = SELF + octets[7] % 9;
        if (header.type == OspfPacketType::LINK_STATE_UPDATE)
        {
            PutLsasRight(octets);
        }
        if (m_authType == OspfAuthType::NONE)
        {
            OverwriteOspfHeader(header, octets);
            header.checksum = OspfChecksum(octets);
            OverwriteOspfHeader(header, octets);
            return;
        }
        const bool isExtended = m_authType == OspfAuthType::CRYPTOGRAPHIC_64;
        const auto mac =
            OspfMac::Create(MacAlgorithm::HMAC_SHA_256,
                            KEY,
                            isExtended ? KeyPreparation::RFC_7474 : KeyPreparation::RFC_2104);
        const auto digestSize = static_cast<uint8_t>(mac->Size());
        const uint8_t sequence = octets[23];
        header.SetCryptographic(1, digestSize, sequence);
        size_t covered = size;
        if (isExtended)
        {
            header.SetCryptographic64(1, static_cast<uint8_t>(OSPF_SEQUENCE_64_SIZE + digestSize));
            covered += OSPF_SEQUENCE_64_SIZE;
            octets.resize(covered);
            octets.back() = sequence;
        }
        OverwriteOspfHeader(header, octets);
        octets.resize(covered + digestSize);
        mac->Compute({octets.data(), covered}, octets.data() + covered, source);
    }

    /** What a person at the router might do. */
    void Administer(uint8_t what, uint8_t value)
    {
        switch (what & 3)
        {
        case 0:
            m_engine.InterfaceDown(0, m_now);
            break;
        case 1:
            m_engine.InterfaceUp(0, m_now);
            break;
        case 2:
            m_engine.SetPriority(0, value, m_now);
            break;
        default:
            m_keys.SetLifetimes("k", {Time(0), m_now, m_now + std::chrono::minutes(5), TIME_MAX});
        }
    }

    KeyTable m_keys;         //!< one key
    TestEntropy m_entropy;   //!< jitter
    OspfEngine m_engine;     //!< the router
    OspfAuthType m_authType; //!< of its interface
    Time m_now{0};           //!< the present
};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0)
    {
        return 0;
    }
    static const OspfAuthType TYPES[] = {OspfAuthType::NONE,
                                         OspfAuthType::CRYPTOGRAPHIC,
                                         OspfAuthType::CRYPTOGRAPHIC_64};
    Life life(TYPES[data[0] % 3], static_cast<uint8_t>(data[0] / 3));
    LiveThrough(life, data, size, 1);
    return 0;
}
