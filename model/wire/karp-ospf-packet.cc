/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-packet.h"

#include "karp-byte-reader.h"
#include "karp-byte-writer.h"

#include <algorithm>
#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t VERSION_OFFSET = 0;      //!< of Version #
constexpr size_t AUTH_FIELD_OFFSET = 16;  //!< of the authentication field
constexpr size_t AUTH_FIELD_SIZE = 8;     //!< octets of it
constexpr size_t AUTH_LENGTH_OFFSET = 19; //!< of Auth Data Length in it

/** \return the 4 octets at \p octets as a number */
uint32_t
ReadU32(const uint8_t* octets)
{
    return static_cast<uint32_t>(octets[0]) << 24 | static_cast<uint32_t>(octets[1]) << 16 |
           static_cast<uint32_t>(octets[2]) << 8 | octets[3];
}

/** Write \p value to the 4 octets at \p at. */
void
WriteU32(std::array<uint8_t, 8>& octets, size_t at, uint32_t value)
{
    for (size_t i = 0; i < 4; ++i)
    {
        octets[at + i] = static_cast<uint8_t>(value >> (24 - 8 * i));
    }
}

/**
 * Read the fixed header.
 * \verbatim
     0                   1                   2                   3
     0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    +---------------+---------------+-------------------------------+
    |   Version #   |     Type      |         Packet length         |
    +---------------+---------------+-------------------------------+
    |                          Router ID                            |
    +---------------------------------------------------------------+
    |                           Area ID                             |
    +-------------------------------+-------------------------------+
    |           Checksum            |             AuType            |
    +-------------------------------+-------------------------------+
    |                       Authentication                          |
    +                                                               +
    |                                                               |
    +---------------------------------------------------------------+
   \endverbatim
 */
OspfHeader
ReadHeader(ByteReader& reader)
{
    OspfHeader header;
    header.version = reader.U8();
    header.type = static_cast<OspfPacketType>(reader.U8());
    header.packetLength = reader.U16();
    header.routerId = reader.U32();
    header.areaId = reader.U32();
    header.checksum = reader.U16();
    header.authType = static_cast<OspfAuthType>(reader.U16());
    const ByteView field = reader.Take(AUTH_FIELD_SIZE);
    std::copy(field.begin(), field.end(), header.authField.begin());
    return header;
}

/** Append the fixed header as it is. */
void
WriteHeader(const OspfHeader& header, ByteWriter<Bytes>& writer)
{
    writer.U8(header.version);
    writer.U8(static_cast<uint8_t>(header.type));
    writer.U16(header.packetLength);
    writer.U32(header.routerId);
    writer.U32(header.areaId);
    writer.U16(header.checksum);
    writer.U16(static_cast<uint16_t>(header.authType));
    writer.Append(header.authField);
}

/** Split what follows the packet, by the authentication type (D.3; RFC 7474 section 3). */
void
SplitTrailer(ByteReader& reader, OspfPacketView& view, ByteView octets)
{
    const OspfHeader& header = view.header;
    const size_t present = view.trailer.size();
    const bool is64 = header.authType == OspfAuthType::CRYPTOGRAPHIC_64;
    size_t expected = present;
    if (header.authType == OspfAuthType::NONE || header.authType == OspfAuthType::SIMPLE)
    {
        expected = 0;
    }
    else if (is64 || header.authType == OspfAuthType::CRYPTOGRAPHIC)
    {
        expected = header.AuthDataLength();
    }
    if (present < expected)
    {
        reader.FailAt(AUTH_LENGTH_OFFSET, DropReason::TRUNCATED, static_cast<uint32_t>(expected));
    }
    if (present > expected)
    {
        reader.FailAt(view.packet.size() + expected,
                      DropReason::BAD_LENGTH,
                      static_cast<uint32_t>(present - expected));
    }
    if (is64 && expected < OSPF_SEQUENCE_64_SIZE)
    {
        reader.FailAt(AUTH_LENGTH_OFFSET, DropReason::BAD_LENGTH, static_cast<uint32_t>(expected));
    }
    const size_t before = is64 ? OSPF_SEQUENCE_64_SIZE : 0;
    view.covered = octets.Sub(0, view.packet.size() + before);
    view.digest = view.trailer.Sub(before);
    view.sequence = is64 ? ByteReader(view.trailer).U64()
                         : (header.authType == OspfAuthType::CRYPTOGRAPHIC ? header.Sequence() : 0);
}

/** \return \p address in dotted decimal */
std::string
Dotted(uint32_t address)
{
    return IpAddress{address}.ToString();
}

} // namespace

uint32_t
OspfHeader::Sequence() const
{
    return ReadU32(authField.data() + 4);
}

void
OspfHeader::SetCryptographic(uint8_t keyId, uint8_t authDataLength, uint32_t sequence)
{
    authType = OspfAuthType::CRYPTOGRAPHIC;
    authField = {0, 0, keyId, authDataLength};
    WriteU32(authField, 4, sequence);
}

uint32_t
OspfHeader::KeyId64() const
{
    return ReadU32(authField.data() + 4);
}

void
OspfHeader::SetCryptographic64(uint32_t keyId, uint8_t authDataLength)
{
    authType = OspfAuthType::CRYPTOGRAPHIC_64;
    authField = {0, 0, 0, authDataLength};
    WriteU32(authField, 4, keyId);
}

std::variant<OspfPacketView, DecodeError>
DecodeOspfPacket(ByteView octets)
{
    ByteReader reader(octets);
    OspfPacketView view;
    view.header = ReadHeader(reader);
    const size_t length = view.header.packetLength;
    if (reader.Ok() && view.header.version != OSPF_VERSION)
    {
        reader.FailAt(VERSION_OFFSET, DropReason::BAD_VERSION, view.header.version);
    }
    if (reader.Ok() && length < OSPF_HEADER_SIZE)
    {
        reader.FailAt(OSPF_LENGTH_OFFSET, DropReason::BAD_LENGTH, view.header.packetLength);
    }
    if (reader.Ok() && length > octets.size())
    {
        reader.FailAt(OSPF_LENGTH_OFFSET, DropReason::TRUNCATED, view.header.packetLength);
    }
    if (reader.Ok())
    {
        view.packet = octets.Sub(0, length);
        view.body = view.packet.Sub(OSPF_HEADER_SIZE);
        view.trailer = octets.Sub(length);
        SplitTrailer(reader, view, octets);
    }
    if (!reader.Ok())
    {
        return reader.Error();
    }
    return view;
}

/*
 * Hello body (A.3.2):
 *
 *    +-------------------------------+---------------+---------------+
 *    |                        Network Mask                           |
 *    +-------------------------------+---------------+---------------+
 *    |         HelloInterval         |    Options    |    Rtr Pri    |
 *    +-------------------------------+---------------+---------------+
 *    |                     RouterDeadInterval                        |
 *    +---------------------------------------------------------------+
 *    |                      Designated Router                        |
 *    +---------------------------------------------------------------+
 *    |                   Backup Designated Router                    |
 *    +---------------------------------------------------------------+
 *    |                  Neighbor, as often as needed                 |
 *    +---------------------------------------------------------------+
 */

DecodeError
DecodeOspfHello(ByteView body, OspfHello& hello)
{
    ByteReader reader(body);
    hello.networkMask = reader.U32();
    hello.helloInterval = reader.U16();
    hello.options = reader.U8();
    hello.routerPriority = reader.U8();
    hello.routerDeadInterval = reader.U32();
    hello.designatedRouter.value = reader.U32();
    hello.backupDesignatedRouter.value = reader.U32();
    const size_t count = reader.Remaining() / 4;
    if (reader.Remaining() % 4 != 0)
    {
        reader.Fail(DropReason::BAD_LENGTH, static_cast<uint32_t>(body.size()));
    }
    if (count > MAX_OSPF_NEIGHBORS)
    {
        reader.Fail(DropReason::TOO_MANY, static_cast<uint32_t>(count));
    }
    hello.neighbors.resize(reader.Ok() ? count : 0);
    const uint8_t* octets = reader.TakeRest().data();
    for (auto& neighbor : hello.neighbors)
    {
        neighbor = ReadU32(octets);
        octets += 4;
    }
    return reader.Error();
}

void
EncodeOspfHello(const OspfHeader& header, const OspfHello& hello, Bytes& out)
{
    out.clear();
    if (hello.neighbors.size() > MAX_OSPF_NEIGHBORS)
    {
        return;
    }
    OspfHeader final = header;
    final.packetLength = static_cast<uint16_t>(OSPF_HEADER_SIZE + OSPF_HELLO_FIXED_SIZE +
                                               4 * hello.neighbors.size());
    ByteWriter<Bytes> writer(out);
    WriteHeader(final, writer);
    writer.U32(hello.networkMask);
    writer.U16(hello.helloInterval);
    writer.U8(hello.options);
    writer.U8(hello.routerPriority);
    writer.U32(hello.routerDeadInterval);
    writer.U32(hello.designatedRouter.value);
    writer.U32(hello.backupDesignatedRouter.value);
    // Room for all at once: this list is what a Hello on a large LAN consists of.
    writer.Zeros(4 * hello.neighbors.size());
    size_t at = OSPF_HEADER_SIZE + OSPF_HELLO_FIXED_SIZE;
    for (const uint32_t neighbor : hello.neighbors)
    {
        writer.PatchU32(at, neighbor);
        at += 4;
    }
}

void
OverwriteOspfHeader(const OspfHeader& header, Bytes& packet)
{
    if (packet.size() < OSPF_HEADER_SIZE)
    {
        return;
    }
    packet[0] = header.version;
    packet[1] = static_cast<uint8_t>(header.type);
    ByteWriter<Bytes> writer(packet);
    writer.PatchU16(2, header.packetLength);
    writer.PatchU32(4, header.routerId);
    writer.PatchU32(8, header.areaId);
    writer.PatchU16(12, header.checksum);
    writer.PatchU16(14, static_cast<uint16_t>(header.authType));
    std::copy(header.authField.begin(), header.authField.end(), packet.begin() + AUTH_FIELD_OFFSET);
}

uint16_t
OspfChecksum(ByteView packet)
{
    uint32_t sum = 0;
    const auto add = [&sum](ByteView part) {
        size_t i = 0;
        for (; i + 1 < part.size(); i += 2)
        {
            sum += static_cast<uint32_t>(part[i]) << 8 | part[i + 1];
        }
        if (i < part.size())
        {
            sum += static_cast<uint32_t>(part[i]) << 8;
        }
    };
    // Both parts begin at an even offset, so they may be summed one after the other.
    add(packet.Sub(0, AUTH_FIELD_OFFSET));
    add(packet.Sub(AUTH_FIELD_OFFSET + AUTH_FIELD_SIZE));
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<uint16_t>(~sum);
}

std::string
ToString(OspfPacketType type)
{
    switch (type)
    {
    case OspfPacketType::HELLO:
        return "Hello";
    case OspfPacketType::DATABASE_DESCRIPTION:
        return "Database Description";
    case OspfPacketType::LINK_STATE_REQUEST:
        return "Link State Request";
    case OspfPacketType::LINK_STATE_UPDATE:
        return "Link State Update";
    case OspfPacketType::LINK_STATE_ACKNOWLEDGMENT:
        return "Link State Acknowledgment";
    }
    return "type " + std::to_string(static_cast<unsigned>(type));
}

std::string
Describe(const OspfHeader& header)
{
    std::ostringstream out;
    out << ToString(header.type) << " version=" << static_cast<unsigned>(header.version)
        << " length=" << header.packetLength << " router=" << Dotted(header.routerId)
        << " area=" << Dotted(header.areaId) << " checksum=" << header.checksum
        << " au_type=" << static_cast<unsigned>(header.authType);
    switch (header.authType)
    {
    case OspfAuthType::NONE:
        break;
    case OspfAuthType::CRYPTOGRAPHIC:
        out << " key=" << static_cast<unsigned>(header.KeyId())
            << " auth_length=" << static_cast<unsigned>(header.AuthDataLength())
            << " sequence=" << header.Sequence();
        break;
    case OspfAuthType::CRYPTOGRAPHIC_64:
        out << " key=" << header.KeyId64()
            << " auth_length=" << static_cast<unsigned>(header.AuthDataLength());
        break;
    default:
        out << " auth=" << ToHex(header.authField);
    }
    return out.str();
}

std::string
Describe(const OspfHello& hello)
{
    std::ostringstream out;
    out << "mask=" << Dotted(hello.networkMask) << " hello=" << hello.helloInterval
        << " options=" << static_cast<unsigned>(hello.options)
        << " priority=" << static_cast<unsigned>(hello.routerPriority)
        << " dead=" << hello.routerDeadInterval << " dr=" << hello.designatedRouter.ToString()
        << " bdr=" << hello.backupDesignatedRouter.ToString() << " neighbors=";
    for (size_t i = 0; i < hello.neighbors.size(); ++i)
    {
        out << (i == 0 ? "" : ",") << Dotted(hello.neighbors[i]);
    }
    return out.str();
}

} // namespace karp
} // namespace ns3
