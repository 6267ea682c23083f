/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-database.h"

#include "karp-byte-writer.h"

#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t LSA_LENGTH_OFFSET = 18; //!< of the length within an LSA header

// Bits of a Database Description (A.3.3).
constexpr uint8_t BIT_MASTER = 0x01;
constexpr uint8_t BIT_MORE = 0x02;
constexpr uint8_t BIT_INIT = 0x04;

/** Read LSA headers up to the end of the body. */
void
ReadHeaders(ByteReader& reader, std::vector<OspfLsaHeader>& headers)
{
    headers.clear();
    if (reader.Remaining() % OSPF_LSA_HEADER_SIZE != 0)
    {
        reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(reader.Remaining()));
        return;
    }
    while (reader.Ok() && reader.Remaining() > 0)
    {
        headers.push_back(DecodeOspfLsaHeader(reader));
    }
}

} // namespace

DecodeError
DecodeOspfDatabaseDescription(ByteView body, OspfDatabaseDescription& description)
{
    ByteReader reader(body);
    description.interfaceMtu = reader.U16();
    description.options = reader.U8();
    const uint8_t bits = reader.U8();
    description.isInit = (bits & BIT_INIT) != 0;
    description.isMore = (bits & BIT_MORE) != 0;
    description.isMaster = (bits & BIT_MASTER) != 0;
    description.sequence = reader.U32();
    ReadHeaders(reader, description.headers);
    return reader.Error();
}

DecodeError
DecodeOspfRequest(ByteView body, std::vector<OspfLsaKey>& keys)
{
    ByteReader reader(body);
    keys.clear();
    if (body.size() % OSPF_REQUEST_SIZE != 0)
    {
        reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(body.size()));
    }
    while (reader.Ok() && reader.Remaining() > 0)
    {
        OspfLsaKey key;
        const uint32_t type = reader.U32();
        key.type = type <= UINT8_MAX ? static_cast<OspfLsaType>(type) : OspfLsaType::NONE;
        key.linkStateId = reader.U32();
        key.advertisingRouter = reader.U32();
        keys.push_back(key);
    }
    return reader.Error();
}

DecodeError
DecodeOspfUpdate(ByteView body, std::vector<ByteView>& lsas)
{
    ByteReader reader(body);
    lsas.clear();
    const uint32_t count = reader.U32();
    if (reader.Ok() && count > reader.Remaining() / OSPF_LSA_HEADER_SIZE)
    {
        reader.FailAt(0, DropReason::TRUNCATED, count);
    }
    for (uint32_t i = 0; i < count && reader.Ok(); ++i)
    {
        const ByteView rest = body.Sub(reader.Offset());
        if (rest.size() < OSPF_LSA_HEADER_SIZE)
        {
            reader.Fail(DropReason::TRUNCATED, OSPF_LSA_HEADER_SIZE);
            break;
        }
        const size_t length = ByteReader(rest.Sub(LSA_LENGTH_OFFSET)).U16();
        if (length < OSPF_LSA_HEADER_SIZE)
        {
            reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(length));
            break;
        }
        lsas.push_back(reader.Take(length));
    }
    reader.ExpectEnd();
    if (!reader.Ok())
    {
        lsas.clear();
    }
    return reader.Error();
}

DecodeError
DecodeOspfAcknowledgment(ByteView body, std::vector<OspfLsaHeader>& headers)
{
    ByteReader reader(body);
    ReadHeaders(reader, headers);
    return reader.Error();
}

OspfPacketWriter::OspfPacketWriter(const OspfHeader& header, Bytes& out)
    : m_out(out),
      m_type(header.type)
{
    m_out.assign(OSPF_HEADER_SIZE, 0);
    OverwriteOspfHeader(header, m_out);
    if (m_type == OspfPacketType::LINK_STATE_UPDATE)
    {
        m_out.resize(m_out.size() + OSPF_UPDATE_FIXED_SIZE);
    }
}

void
OspfPacketWriter::Add(const OspfDatabaseDescription& description)
{
    ByteWriter<Bytes> writer(m_out);
    writer.U16(description.interfaceMtu);
    writer.U8(description.options);
    writer.U8(static_cast<uint8_t>((description.isInit ? BIT_INIT : 0) |
                                   (description.isMore ? BIT_MORE : 0) |
                                   (description.isMaster ? BIT_MASTER : 0)));
    writer.U32(description.sequence);
}

void
OspfPacketWriter::Add(const OspfLsaHeader& header)
{
    ByteWriter<Bytes> writer(m_out);
    EncodeOspfLsaHeader(header, header.age, writer);
}

void
OspfPacketWriter::Add(const OspfLsaKey& key)
{
    ByteWriter<Bytes> writer(m_out);
    writer.U32(static_cast<uint32_t>(key.type));
    writer.U32(key.linkStateId);
    writer.U32(key.advertisingRouter);
}

void
OspfPacketWriter::Add(const OspfLsa& lsa, uint16_t age)
{
    const size_t at = m_out.size();
    m_out.insert(m_out.end(), lsa.octets.begin(), lsa.octets.end());
    m_out[at] = static_cast<uint8_t>(age >> 8);
    m_out[at + 1] = static_cast<uint8_t>(age);
    ++m_count;
}

void
OspfPacketWriter::Finish()
{
    ByteWriter<Bytes> writer(m_out);
    writer.PatchU16(OSPF_LENGTH_OFFSET, static_cast<uint16_t>(m_out.size()));
    if (m_type == OspfPacketType::LINK_STATE_UPDATE)
    {
        writer.PatchU32(OSPF_HEADER_SIZE, m_count);
    }
}

std::string
Describe(const OspfDatabaseDescription& description)
{
    std::ostringstream out;
    out << "mtu=" << description.interfaceMtu
        << " options=" << static_cast<unsigned>(description.options)
        << " bits=" << (description.isInit ? "I" : "-") << (description.isMore ? "M" : "-")
        << (description.isMaster ? "S" : "-") << " sequence=" << description.sequence
        << " lsas=" << description.headers.size();
    return out.str();
}

} // namespace karp
} // namespace ns3
