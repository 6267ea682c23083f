/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-vectors-check.h"

#include "ns3/karp-crypto.h"
#include "ns3/karp-ospf-packet.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the algorithm that \p alg is in BIRD's words */
MacAlgorithm
AlgorithmOf(const std::string& alg)
{
    static const std::vector<std::pair<std::string, MacAlgorithm>> WORDS{
        {"keyed md5", MacAlgorithm::KEYED_MD5},
        {"hmac sha1", MacAlgorithm::HMAC_SHA_1},
        {"hmac sha256", MacAlgorithm::HMAC_SHA_256},
        {"hmac sha384", MacAlgorithm::HMAC_SHA_384},
        {"hmac sha512", MacAlgorithm::HMAC_SHA_512},
    };
    for (const auto& [word, algorithm] : WORDS)
    {
        if (word == alg)
        {
            return algorithm;
        }
    }
    return MacAlgorithm::NONE;
}

/** Name in column key_prep_rule for AuType 3. */
const char* const EXTENDED = "rfc7474";

/** \return the IP source of \p vector */
IpAddress
SourceOf(const OspfVector& vector)
{
    std::array<unsigned, 4> parts{};
    std::sscanf(vector.srcIp.c_str(), "%u.%u.%u.%u", &parts[0], &parts[1], &parts[2], &parts[3]);
    return {parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]};
}

/** \return whether \p octets are a packet that its digest under the vector's key proves authentic
 */
bool
IsAuthentic(OspfMac& mac, const OspfVector& vector, ByteView octets)
{
    const auto decoded = DecodeOspfPacket(octets);
    const auto* view = std::get_if<OspfPacketView>(&decoded);
    if (view == nullptr)
    {
        return false;
    }
    const OspfHeader& header = view->header;
    if (vector.rule == EXTENDED)
    {
        return header.authType == OspfAuthType::CRYPTOGRAPHIC_64 &&
               header.KeyId64() == vector.keyId &&
               mac.Verify(view->covered, view->digest, SourceOf(vector));
    }
    return header.authType == OspfAuthType::CRYPTOGRAPHIC && header.KeyId() == vector.keyId &&
           mac.Verify(view->packet, view->trailer);
}

/** Try what must be refused: \p octets with any bit flipped, and cut anywhere. */
void
CheckRefusals(OspfMac& mac, const OspfVector& vector, const Bytes& octets, VectorReport& report)
{
    for (size_t bit = 0; bit < octets.size() * 8; ++bit)
    {
        Bytes flipped = octets;
        flipped[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
        if (IsAuthentic(mac, vector, flipped))
        {
            report.Fault(vector.pcap + ": accepted with bit " + std::to_string(bit) + " flipped");
        }
    }
    for (size_t size = 0; size < octets.size(); ++size)
    {
        if (IsAuthentic(mac, vector, {octets.data(), size}))
        {
            report.Fault(vector.pcap + ": accepted when cut to " + std::to_string(size));
        }
    }
    // Cut before the wire is asked, too: a digest is of a whole packet and a whole digest.
    const ByteView packet(vector.packet);
    const ByteView trailer(vector.trailer);
    for (size_t size = 0; size < packet.size(); ++size)
    {
        if (mac.Verify(packet.Sub(0, size), trailer))
        {
            report.Fault(vector.pcap + ": digest of " + std::to_string(size) + " octets accepted");
        }
    }
    for (size_t size = 0; size < trailer.size(); ++size)
    {
        if (mac.Verify(packet, trailer.Sub(0, size)))
        {
            report.Fault(vector.pcap + ": " + std::to_string(size) + " octets of digest accepted");
        }
    }
}

/**
 * A packet of AuType 3: it is verified as it is, and not from another address, nor by a key
 * prepared in another way; its sequence number is read, and its trailer made again from its parts.
 */
void
CheckExtendedVector(MacAlgorithm algorithm, const OspfVector& vector, VectorReport& report)
{
    const std::string name = vector.pcap + ", sequence number " + std::to_string(vector.seq);
    const auto mac = OspfMac::Create(algorithm, vector.key, KeyPreparation::RFC_7474);
    Bytes octets = vector.packet;
    octets.insert(octets.end(), vector.trailer.begin(), vector.trailer.end());
    if (mac == nullptr || !IsAuthentic(*mac, vector, octets))
    {
        report.Fault(name + ": does not verify");
        return;
    }
    OspfVector elsewhere = vector;
    elsewhere.srcIp = "203.0.113.1";
    const auto plain = OspfMac::Create(algorithm, vector.key, KeyPreparation::RFC_5709);
    if (IsAuthentic(*mac, elsewhere, octets) || IsAuthentic(*plain, vector, octets))
    {
        report.Fault(name + ": source or protocol is not in the digest");
    }
    const auto decoded = DecodeOspfPacket(octets);
    const auto& view = std::get<OspfPacketView>(decoded);
    Bytes digest(mac->Size());
    if (view.sequence != vector.seq ||
        !mac->Compute(view.covered, digest.data(), SourceOf(vector)) ||
        digest != view.digest.Copy())
    {
        report.Fault(name + ": digest is " + ToHex(digest));
    }
    CheckRefusals(*mac, vector, octets, report);
    ++report.messages;
}

} // namespace

void
CheckOspfVector(const OspfVector& vector, VectorReport& report)
{
    const std::string name = vector.pcap + ", sequence number " + std::to_string(vector.seq);
    const MacAlgorithm algorithm = AlgorithmOf(vector.alg);
    if (algorithm == MacAlgorithm::NONE)
    {
        report.notes.push_back(name + ": algorithm \"" + vector.alg + "\" is not offered");
        return;
    }
    if (vector.rule == EXTENDED)
    {
        return CheckExtendedVector(algorithm, vector, report);
    }
    // What column key_prep_rule says of the two ways to prepare a long key.
    const bool by2104 = vector.rule != "rfc5709-only";
    const bool by5709 = vector.rule != "rfc2104-only";
    Bytes key = vector.key;
    const auto nul = std::find(key.begin(), key.end(), 0);
    if (algorithm == MacAlgorithm::KEYED_MD5 && nul != key.end())
    {
        // BIRD takes a key for Keyed-MD5 as a C string, whatever octets it was configured with.
        key.erase(nul, key.end());
        report.notes.push_back(name + ": key cut at its zero octet, as the sender did");
    }
    const auto mac2104 = OspfMac::Create(algorithm, key, KeyPreparation::RFC_2104);
    const auto mac5709 = OspfMac::Create(algorithm, key, KeyPreparation::RFC_5709);
    Bytes octets = vector.packet;
    octets.insert(octets.end(), vector.trailer.begin(), vector.trailer.end());
    if (IsAuthentic(*mac2104, vector, octets) != by2104 ||
        IsAuthentic(*mac5709, vector, octets) != by5709)
    {
        report.Fault(name + ": does not verify as rule \"" + vector.rule + "\" has it");
        return;
    }
    OspfMac& mac = by2104 ? *mac2104 : *mac5709;
    Bytes digest(mac.Size());
    if (!mac.Compute(vector.packet, digest.data()) || digest != vector.trailer)
    {
        report.Fault(name + ": digest is " + ToHex(digest));
    }
    CheckRefusals(mac, vector, octets, report);
    ++report.messages;
}

} // namespace karp
} // namespace ns3
