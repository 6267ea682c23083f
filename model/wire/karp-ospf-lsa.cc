/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-lsa.h"

#include "karp-byte-writer.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t CHECKSUM_OFFSET = 16;   //!< of the checksum within an LSA
constexpr size_t ROUTER_LINK_SIZE = 12;  //!< octets of a link without TOS metrics
constexpr size_t TOS_METRIC_SIZE = 4;    //!< octets of a metric for a TOS
constexpr size_t EXTERNAL_TOS_SIZE = 12; //!< octets of an external route for a TOS

/*
 * Body of a router-LSA (A.4.2): flags, a zero octet, the number of links; then of each link its ID,
 * its data, its type, how many TOS metrics follow, and its metric.
 */
OspfRouterLsa
DecodeRouter(ByteReader& reader)
{
    OspfRouterLsa body;
    body.flags = reader.U8();
    reader.U8();
    const size_t count = reader.U16();
    if (count * ROUTER_LINK_SIZE > reader.Remaining())
    {
        reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(count));
        return body;
    }
    body.links.reserve(count);
    for (size_t i = 0; i < count && reader.Ok(); ++i)
    {
        OspfRouterLink link;
        link.id = reader.U32();
        link.data = reader.U32();
        link.type = static_cast<OspfLinkType>(reader.U8());
        const size_t tos = reader.U8();
        link.metric = reader.U16();
        // Routes for a TOS are no longer computed (RFC 2328 section G.1): read over.
        reader.Skip(tos * TOS_METRIC_SIZE);
        body.links.push_back(link);
    }
    reader.ExpectEnd();
    return body;
}

/* Body of a network-LSA (A.4.3): mask, attached routers. */
OspfNetworkLsa
DecodeNetwork(ByteReader& reader)
{
    OspfNetworkLsa body;
    body.networkMask = reader.U32();
    if (reader.Remaining() % 4 != 0)
    {
        reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(reader.Remaining()));
        return body;
    }
    body.routers.reserve(reader.Remaining() / 4);
    while (reader.Remaining() > 0)
    {
        body.routers.push_back(reader.U32());
    }
    return body;
}

/* Body of a summary-LSA (A.4.4): mask, metric; then, from before RFC 2328, metrics for TOS. */
OspfSummaryLsa
DecodeSummary(ByteReader& reader)
{
    OspfSummaryLsa body;
    body.networkMask = reader.U32();
    body.metric = reader.U32() & OSPF_LS_INFINITY;
    if (reader.Remaining() % TOS_METRIC_SIZE != 0)
    {
        reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(reader.Remaining()));
    }
    return body;
}

/* Body of an AS-external-LSA (A.4.5): mask, bit E and metric, forwarding address, tag. */
OspfExternalLsa
DecodeExternal(ByteReader& reader)
{
    OspfExternalLsa body;
    body.networkMask = reader.U32();
    const uint32_t metric = reader.U32();
    body.isType2 = (metric & 0x80000000) != 0;
    body.metric = metric & OSPF_LS_INFINITY;
    body.forwardingAddress.value = reader.U32();
    body.externalRouteTag = reader.U32();
    if (reader.Remaining() % EXTERNAL_TOS_SIZE != 0)
    {
        reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(reader.Remaining()));
    }
    return body;
}

/** Append a body. */
struct BodyWriter
{
    ByteWriter<Bytes>& writer; //!< where to

    /** See A.4.2. */
    void operator()(const OspfRouterLsa& body) const
    {
        writer.U8(body.flags);
        writer.U8(0);
        writer.Count16(body.links.size());
        for (const OspfRouterLink& link : body.links)
        {
            writer.U32(link.id);
            writer.U32(link.data);
            writer.U8(static_cast<uint8_t>(link.type));
            writer.U8(0);
            writer.U16(link.metric);
        }
    }

    /** See A.4.3. */
    void operator()(const OspfNetworkLsa& body) const
    {
        writer.U32(body.networkMask);
        for (const uint32_t router : body.routers)
        {
            writer.U32(router);
        }
    }

    /** See A.4.4. */
    void operator()(const OspfSummaryLsa& body) const
    {
        writer.U32(body.networkMask);
        writer.U32(body.metric & OSPF_LS_INFINITY);
    }

    /** See A.4.5. */
    void operator()(const OspfExternalLsa& body) const
    {
        writer.U32(body.networkMask);
        writer.U32((body.isType2 ? 0x80000000 : 0) | (body.metric & OSPF_LS_INFINITY));
        writer.U32(body.forwardingAddress.value);
        writer.U32(body.externalRouteTag);
    }
};

/** \return whether \p body is what an LSA of \p type has */
bool
IsBodyOf(OspfLsaType type, const OspfLsaBody& body)
{
    switch (type)
    {
    case OspfLsaType::ROUTER:
        return std::holds_alternative<OspfRouterLsa>(body);
    case OspfLsaType::NETWORK:
        return std::holds_alternative<OspfNetworkLsa>(body);
    case OspfLsaType::SUMMARY_NETWORK:
    case OspfLsaType::SUMMARY_ASBR:
        return std::holds_alternative<OspfSummaryLsa>(body);
    case OspfLsaType::AS_EXTERNAL:
        return std::holds_alternative<OspfExternalLsa>(body);
    case OspfLsaType::NONE:
        break;
    }
    return false;
}

/** \return \p address in dotted decimal */
std::string
Dotted(uint32_t address)
{
    return IpAddress{address}.ToString();
}

} // namespace

OspfLsaHeader
DecodeOspfLsaHeader(ByteReader& reader)
{
    OspfLsaHeader header;
    header.age = reader.U16();
    header.options = reader.U8();
    header.key.type = static_cast<OspfLsaType>(reader.U8());
    header.key.linkStateId = reader.U32();
    header.key.advertisingRouter = reader.U32();
    header.sequence = static_cast<int32_t>(reader.U32());
    header.checksum = reader.U16();
    header.length = reader.U16();
    return header;
}

void
EncodeOspfLsaHeader(const OspfLsaHeader& header, uint16_t age, ByteWriter<Bytes>& writer)
{
    writer.U16(age);
    writer.U8(header.options);
    writer.U8(static_cast<uint8_t>(header.key.type));
    writer.U32(header.key.linkStateId);
    writer.U32(header.key.advertisingRouter);
    writer.U32(static_cast<uint32_t>(header.sequence));
    writer.U16(header.checksum);
    writer.U16(header.length);
}

std::variant<OspfLsaPtr, DecodeError>
DecodeOspfLsa(ByteView octets)
{
    ByteReader reader(octets);
    auto lsa = std::make_shared<OspfLsa>();
    lsa->header = DecodeOspfLsaHeader(reader);
    lsa->header.age = 0;
    if (reader.Ok() && lsa->header.length != octets.size())
    {
        reader.Fail(DropReason::BAD_LENGTH, lsa->header.length);
    }
    switch (lsa->header.key.type)
    {
    case OspfLsaType::ROUTER:
        lsa->body = DecodeRouter(reader);
        break;
    case OspfLsaType::NETWORK:
        lsa->body = DecodeNetwork(reader);
        break;
    case OspfLsaType::SUMMARY_NETWORK:
    case OspfLsaType::SUMMARY_ASBR:
        lsa->body = DecodeSummary(reader);
        break;
    case OspfLsaType::AS_EXTERNAL:
        lsa->body = DecodeExternal(reader);
        break;
    default:
        reader.Fail(DropReason::BAD_TYPE, static_cast<uint32_t>(lsa->header.key.type));
    }
    if (!reader.Ok())
    {
        return reader.Error();
    }
    lsa->octets = octets.Copy();
    lsa->octets[0] = 0;
    lsa->octets[1] = 0;
    return OspfLsaPtr(std::move(lsa));
}

bool
IsSameButForAge(const OspfLsa& lsa, ByteView octets)
{
    return lsa.octets.size() == octets.size() && std::equal(octets.begin() + OSPF_LSA_AGE_SIZE,
                                                            octets.end(),
                                                            lsa.octets.begin() + OSPF_LSA_AGE_SIZE);
}

OspfLsaPtr
MakeOspfLsa(const OspfLsaHeader& header, OspfLsaBody body)
{
    if (!IsBodyOf(header.key.type, body))
    {
        return nullptr;
    }
    auto lsa = std::make_shared<OspfLsa>();
    lsa->header = header;
    lsa->header.age = 0;
    lsa->body = std::move(body);
    ByteWriter<Bytes> writer(lsa->octets);
    EncodeOspfLsaHeader(lsa->header, 0, writer);
    std::visit(BodyWriter{writer}, lsa->body);
    if (!writer.Ok() || writer.Offset() > UINT16_MAX)
    {
        return nullptr;
    }
    lsa->header.length = static_cast<uint16_t>(writer.Offset());
    writer.PatchU16(CHECKSUM_OFFSET + 2, lsa->header.length);
    lsa->header.checksum = OspfLsaChecksum(lsa->octets);
    writer.PatchU16(CHECKSUM_OFFSET, lsa->header.checksum);
    return lsa;
}

uint16_t
OspfLsaChecksum(ByteView octets)
{
    // RFC 905 annex B: two sums modulo 255 over everything but the age, the checksum taken as zero;
    // the checksum is what makes both vanish. Sums of 5802 octets and fewer fit into 32 bits.
    constexpr size_t BLOCK = 4096;
    const ByteView covered = octets.Sub(OSPF_LSA_AGE_SIZE);
    constexpr size_t AT = CHECKSUM_OFFSET - OSPF_LSA_AGE_SIZE;
    if (covered.size() < AT + 2)
    {
        return 0;
    }
    uint32_t c0 = 0;
    uint32_t c1 = 0;
    for (size_t begin = 0; begin < covered.size(); begin += BLOCK)
    {
        const size_t end = std::min(begin + BLOCK, covered.size());
        for (size_t i = begin; i < end; ++i)
        {
            c0 += i == AT || i == AT + 1 ? 0 : covered[i];
            c1 += c0;
        }
        c0 %= 255;
        c1 %= 255;
    }
    const auto after = static_cast<int64_t>(covered.size() - AT - 1);
    int64_t x = (after * c0 - c1) % 255;
    x = x <= 0 ? x + 255 : x;
    int64_t y = 510 - static_cast<int64_t>(c0) - x;
    y = y > 255 ? y - 255 : y;
    return static_cast<uint16_t>(x << 8 | y);
}

int
CompareOspfLsas(const OspfLsaHeader& a, const OspfLsaHeader& b)
{
    // Section 13.1, in its order: sequence number, as a signed one; checksum; MaxAge; age, if the
    // ages differ by more than MaxAgeDiff.
    if (a.sequence != b.sequence)
    {
        return a.sequence > b.sequence ? 1 : -1;
    }
    if (a.checksum != b.checksum)
    {
        return a.checksum > b.checksum ? 1 : -1;
    }
    const bool isMaxAgeA = a.age >= OSPF_MAX_AGE;
    const bool isMaxAgeB = b.age >= OSPF_MAX_AGE;
    if (isMaxAgeA != isMaxAgeB)
    {
        return isMaxAgeA ? 1 : -1;
    }
    if (std::abs(static_cast<int>(a.age) - static_cast<int>(b.age)) > OSPF_MAX_AGE_DIFF)
    {
        return a.age < b.age ? 1 : -1;
    }
    return 0;
}

std::string
ToString(OspfLsaType type)
{
    switch (type)
    {
    case OspfLsaType::ROUTER:
        return "router-LSA";
    case OspfLsaType::NETWORK:
        return "network-LSA";
    case OspfLsaType::SUMMARY_NETWORK:
        return "summary-LSA (network)";
    case OspfLsaType::SUMMARY_ASBR:
        return "summary-LSA (ASBR)";
    case OspfLsaType::AS_EXTERNAL:
        return "AS-external-LSA";
    case OspfLsaType::NONE:
        break;
    }
    return "LS type " + std::to_string(static_cast<unsigned>(type));
}

std::string
Describe(const OspfLsaKey& key)
{
    return ToString(key.type) + " " + Dotted(key.linkStateId) + " of " +
           Dotted(key.advertisingRouter);
}

std::string
Describe(const OspfLsa& lsa)
{
    std::ostringstream out;
    out << Describe(lsa.header.key) << " sequence=" << std::hex << std::showbase
        << static_cast<uint32_t>(lsa.header.sequence) << " checksum=" << lsa.header.checksum
        << std::dec << " length=" << lsa.header.length;
    if (const auto* router = std::get_if<OspfRouterLsa>(&lsa.body))
    {
        out << " flags=" << static_cast<unsigned>(router->flags);
        for (const OspfRouterLink& link : router->links)
        {
            out << " link(type=" << static_cast<unsigned>(link.type) << " id=" << Dotted(link.id)
                << " data=" << Dotted(link.data) << " metric=" << link.metric << ")";
        }
    }
    else if (const auto* network = std::get_if<OspfNetworkLsa>(&lsa.body))
    {
        out << " mask=" << Dotted(network->networkMask) << " routers=";
        for (size_t i = 0; i < network->routers.size(); ++i)
        {
            out << (i == 0 ? "" : ",") << Dotted(network->routers[i]);
        }
    }
    else if (const auto* summary = std::get_if<OspfSummaryLsa>(&lsa.body))
    {
        out << " mask=" << Dotted(summary->networkMask) << " metric=" << summary->metric;
    }
    else if (const auto* external = std::get_if<OspfExternalLsa>(&lsa.body))
    {
        out << " mask=" << Dotted(external->networkMask) << " type=" << (external->isType2 ? 2 : 1)
            << " metric=" << external->metric
            << " forward=" << external->forwardingAddress.ToString()
            << " tag=" << external->externalRouteTag;
    }
    return out.str();
}

} // namespace karp
} // namespace ns3
