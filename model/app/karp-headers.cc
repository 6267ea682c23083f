/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-headers.h"

#include <utility>

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(IkeMessageHeader);
NS_OBJECT_ENSURE_REGISTERED(OspfPacketHeader);
NS_OBJECT_ENSURE_REGISTERED(OspfHelloHeader);

namespace
{

/** \return at most \p most octets from \p start on, without asking for more than there are */
Bytes
ReadOctets(Buffer::Iterator start, size_t most)
{
    Bytes octets(std::min<size_t>(start.GetRemainingSize(), most));
    start.Read(octets.data(), static_cast<uint32_t>(octets.size()));
    return octets;
}

/** Write \p octets from \p start on. */
void
WriteOctets(Buffer::Iterator start, const Bytes& octets)
{
    start.Write(octets.data(), static_cast<uint32_t>(octets.size()));
}

} // namespace

const DecodeError&
CheckedHeader::Error() const
{
    return m_error;
}

// ---- IkeMessageHeader

TypeId
IkeMessageHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::IkeMessageHeader")
                            .SetParent<Header>()
                            .SetGroupName("Karp")
                            .AddConstructor<IkeMessageHeader>();
    return tid;
}

IkeMessageHeader::IkeMessageHeader(IkeMessage message)
    : m_message(std::move(message))
{
}

const IkeMessage&
IkeMessageHeader::GetMessage() const
{
    return m_message;
}

TypeId
IkeMessageHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

void
IkeMessageHeader::Print(std::ostream& os) const
{
    os << karp::Describe(m_message);
}

uint32_t
IkeMessageHeader::GetSerializedSize() const
{
    return static_cast<uint32_t>(EncodeIkeMessage(m_message).size());
}

void
IkeMessageHeader::Serialize(Buffer::Iterator start) const
{
    WriteOctets(start, EncodeIkeMessage(m_message));
}

uint32_t
IkeMessageHeader::Deserialize(Buffer::Iterator start)
{
    m_message = IkeMessage();
    m_error = DecodeError();
    const Bytes octets = ReadOctets(start, UINT16_MAX);
    // The message is as long as its header says; what comes after it is somebody else's.
    const auto header = PeekIkeHeader(octets);
    const size_t size = header ? header->length : octets.size();
    auto decoded = DecodeIkeMessage(ByteView(octets).Sub(0, size));
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        m_error = *error;
        return 0;
    }
    m_message = std::move(std::get<IkeMessage>(decoded));
    return m_message.header.length;
}

// ---- OspfPacketHeader

TypeId
OspfPacketHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::OspfPacketHeader")
                            .SetParent<Header>()
                            .SetGroupName("Karp")
                            .AddConstructor<OspfPacketHeader>();
    return tid;
}

OspfPacketHeader::OspfPacketHeader(const OspfHeader& header)
    : m_header(header)
{
}

const OspfHeader&
OspfPacketHeader::GetHeader() const
{
    return m_header;
}

TypeId
OspfPacketHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

void
OspfPacketHeader::Print(std::ostream& os) const
{
    os << Describe(m_header);
}

uint32_t
OspfPacketHeader::GetSerializedSize() const
{
    return OSPF_HEADER_SIZE;
}

void
OspfPacketHeader::Serialize(Buffer::Iterator start) const
{
    Bytes octets(OSPF_HEADER_SIZE);
    OverwriteOspfHeader(m_header, octets);
    WriteOctets(start, octets);
}

uint32_t
OspfPacketHeader::Deserialize(Buffer::Iterator start)
{
    m_header = OspfHeader();
    m_error = DecodeError();
    const Bytes octets = ReadOctets(start, UINT16_MAX);
    const auto decoded = DecodeOspfPacket(octets);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        m_error = *error;
        return 0;
    }
    m_header = std::get<OspfPacketView>(decoded).header;
    return OSPF_HEADER_SIZE;
}

// ---- OspfHelloHeader

TypeId
OspfHelloHeader::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::OspfHelloHeader")
                            .SetParent<Header>()
                            .SetGroupName("Karp")
                            .AddConstructor<OspfHelloHeader>();
    return tid;
}

OspfHelloHeader::OspfHelloHeader(const OspfHeader& header, OspfHello hello, Bytes digest)
    : m_header(header),
      m_hello(std::move(hello)),
      m_digest(std::move(digest))
{
    m_header.type = OspfPacketType::HELLO;
    m_header.packetLength = static_cast<uint16_t>(OSPF_HEADER_SIZE + OSPF_HELLO_FIXED_SIZE +
                                                  4 * m_hello.neighbors.size());
}

const OspfHeader&
OspfHelloHeader::GetHeader() const
{
    return m_header;
}

const OspfHello&
OspfHelloHeader::GetHello() const
{
    return m_hello;
}

const Bytes&
OspfHelloHeader::GetDigest() const
{
    return m_digest;
}

TypeId
OspfHelloHeader::GetInstanceTypeId() const
{
    return GetTypeId();
}

void
OspfHelloHeader::Print(std::ostream& os) const
{
    os << Describe(m_header) << " " << Describe(m_hello) << " digest=" << ToHex(m_digest);
}

uint32_t
OspfHelloHeader::GetSerializedSize() const
{
    return static_cast<uint32_t>(OSPF_HEADER_SIZE + OSPF_HELLO_FIXED_SIZE +
                                 4 * m_hello.neighbors.size() + m_digest.size());
}

void
OspfHelloHeader::Serialize(Buffer::Iterator start) const
{
    Bytes octets;
    EncodeOspfHello(m_header, m_hello, octets);
    octets.insert(octets.end(), m_digest.begin(), m_digest.end());
    WriteOctets(start, octets);
}

uint32_t
OspfHelloHeader::Deserialize(Buffer::Iterator start)
{
    m_header = OspfHeader();
    m_hello = OspfHello();
    m_digest.clear();
    m_error = DecodeError();
    const Bytes octets = ReadOctets(start, UINT16_MAX);
    const auto decoded = DecodeOspfPacket(octets);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        m_error = *error;
        return 0;
    }
    const auto& view = std::get<OspfPacketView>(decoded);
    if (view.header.type != OspfPacketType::HELLO)
    {
        m_error = {DropReason::BAD_TYPE, 1, static_cast<uint32_t>(view.header.type)};
        return 0;
    }
    m_error = DecodeOspfHello(view.body, m_hello);
    if (m_error.reason != DropReason::NONE)
    {
        m_hello = OspfHello();
        return 0;
    }
    m_header = view.header;
    m_digest = view.trailer.Copy();
    return static_cast<uint32_t>(view.packet.size() + view.trailer.size());
}

} // namespace karp
} // namespace ns3
