/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-wire-check.h"
#include "karp-wire-samples.h"

#include "ns3/karp-ospf-packet.h"

/**
 * \file
 * \ingroup karp-test
 * Suite karp-wire: OSPF packets.
 */

namespace ns3
{
namespace karp
{

namespace
{

using R = DropReason; //!< for short rows

/** A Hello and its digest, as the tests of Holo have them. */
struct HoloVector
{
    uint8_t authDataLength; //!< of the algorithm
    const char* digest;     //!< under key "HOLO"
};

/** MD5, then HMAC-SHA-1, 256, 384 and 512. */
const std::vector<HoloVector> HOLO{
    {16, "9dd5a80386ee7167441a37a90427fcc7"},
    {20, "8abdb5249663e6cc4e11acdc37838cc9f5c08dcd"},
    {32, "2639ac92a3cc7e92e1253aa259c9b572bfc28f0536a2cb0a4b46666a69626f04"},
    {48,
     "bee29b715a18e837cd0647ab7c8d2e5d52756b3f6e1b70212270e8227f3dd3d6"
     "1dfba2ec2812722396dcdfe4e6e58c7a"},
    {64,
     "ea86f8d87dd24fc329159e5c54711dbe77f23a1b9423b8d7118c7839089dc63a"
     "bf7a63b2ea60d3bc195bf558a08901aeb56cbd1e2c7fdb032897f7bc92e356c7"},
};

/** \return header of the Hello in HOLO */
OspfHeader
HoloHeader(uint8_t authDataLength)
{
    OspfHeader header;
    header.routerId = 0x01010101;
    header.SetCryptographic(1, authDataLength, 0x3245d014);
    return header;
}

/** \return body of the Hello in HOLO */
OspfHello
HoloHello()
{
    OspfHello hello;
    hello.networkMask = 0xffffff00;
    hello.helloInterval = 3;
    hello.options = OSPF_OPTION_E;
    hello.routerPriority = 1;
    hello.routerDeadInterval = 12;
    hello.designatedRouter = IpAddress{0x0a000103};
    hello.backupDesignatedRouter = IpAddress{0x0a000102};
    hello.neighbors = {0x02020202, 0x03030303};
    return hello;
}

/** \return octets of the Hello in HOLO, without its digest */
Bytes
HoloGolden(uint8_t authDataLength)
{
    Bytes golden = FromHex("02010034 01010101 00000000 0000 0002 0000 01 00 3245d014"
                           "ffffff00 0003 02 01 0000000c 0a000103 0a000102 02020202 03030303");
    golden[19] = authDataLength;
    return golden;
}

/** Input: Holo's Hello with five algorithms. Output: its octets; every field and the trailer back.
 */
class HelloCase : public TestCase
{
  public:
    HelloCase()
        : TestCase("Hellos of AuType 2 are those of Holo, in both directions")
    {
    }

  private:
    void DoRun() override
    {
        Bytes out(3, 0xa5);
        for (const auto& vector : HOLO)
        {
            EncodeOspfHello(HoloHeader(vector.authDataLength), HoloHello(), out);
            const Bytes golden = HoloGolden(vector.authDataLength);
            NS_TEST_EXPECT_MSG_EQ(ToHex(out), ToHex(golden), "encoded");

            Bytes packet = golden;
            const Bytes digest = FromHex(vector.digest);
            packet.insert(packet.end(), digest.begin(), digest.end());
            const auto result = DecodeOspfPacket(packet);
            const auto* view = std::get_if<OspfPacketView>(&result);
            NS_TEST_ASSERT_MSG_EQ((view != nullptr), true, "decodes");
            NS_TEST_EXPECT_MSG_EQ(ToHex(view->packet), ToHex(golden), "packet");
            NS_TEST_EXPECT_MSG_EQ(ToHex(view->trailer), vector.digest, "trailer");
            NS_TEST_EXPECT_MSG_EQ(ToHex(view->digest), vector.digest, "digest");
            NS_TEST_EXPECT_MSG_EQ(ToHex(view->covered), ToHex(golden), "covered");
            NS_TEST_EXPECT_MSG_EQ(view->sequence, 0x3245d014u, "sequence");
            NS_TEST_EXPECT_MSG_EQ(Describe(view->header),
                                  "Hello version=2 length=52 router=1.1.1.1 area=0.0.0.0 "
                                  "checksum=0 au_type=2 key=1 auth_length=" +
                                      std::to_string(vector.authDataLength) + " sequence=843436052",
                                  "header");
            OspfHello hello;
            hello.neighbors = {9, 9, 9};
            const DecodeError error = DecodeOspfHello(view->body, hello);
            NS_TEST_EXPECT_MSG_EQ((error.reason == R::NONE), true, "body");
            NS_TEST_EXPECT_MSG_EQ(Describe(hello),
                                  "mask=255.255.255.0 hello=3 options=2 priority=1 dead=12 "
                                  "dr=10.0.1.3 bdr=10.0.1.2 neighbors=2.2.2.2,3.3.3.3",
                                  "body");
        }
    }
};

/**
 * Input: Hellos in a row into the same buffers. Output: memory of buffer and list stays where it
 * is.
 */
class SteadyStateCase : public TestCase
{
  public:
    SteadyStateCase()
        : TestCase("a steady state of Hellos allocates nothing")
    {
    }

  private:
    void DoRun() override
    {
        Bytes out;
        OspfHello heard;
        EncodeOspfHello(HoloHeader(16), HoloHello(), out);
        DecodeOspfHello(ByteView(out).Sub(OSPF_HEADER_SIZE), heard);
        const uint8_t* octets = out.data();
        const uint32_t* neighbors = heard.neighbors.data();
        for (int i = 0; i < 10; ++i)
        {
            EncodeOspfHello(HoloHeader(16), HoloHello(), out);
            DecodeOspfHello(ByteView(out).Sub(OSPF_HEADER_SIZE), heard);
            NS_TEST_EXPECT_MSG_EQ((out.data() == octets), true, "buffer");
            NS_TEST_EXPECT_MSG_EQ((heard.neighbors.data() == neighbors), true, "list");
        }
    }
};

/**
 * Input: the octets of a Hello of AuType 0, with authentication fields of all sorts, of odd and of
 * no length. Output: the checksum of D.4, which leaves the authentication field out; zero over a
 * packet whose checksum is right, and not zero after any one-bit change outside that field.
 */
class ChecksumCase : public TestCase
{
  public:
    ChecksumCase()
        : TestCase("the checksum leaves out the authentication field (RFC 2328 D.4)")
    {
    }

  private:
    void DoRun() override
    {
        OspfHeader header = HoloHeader(16);
        header.authType = OspfAuthType::NONE;
        Bytes packet;
        EncodeOspfHello(header, HoloHello(), packet);
        header.packetLength = static_cast<uint16_t>(packet.size());
        const uint16_t checksum = OspfChecksum(packet);
        // Computed apart: 16-bit words without octets 16 to 23, folded, inverted.
        NS_TEST_EXPECT_MSG_EQ(checksum, 0xdaa8, "value");
        header.checksum = checksum;
        header.authField.fill(0xff);
        OverwriteOspfHeader(header, packet);
        NS_TEST_EXPECT_MSG_EQ(OspfChecksum(packet), 0, "over a right one");
        for (size_t bit = 0; bit < packet.size() * 8; ++bit)
        {
            Bytes flipped = packet;
            flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
            const bool isAuth = bit / 8 >= 16 && bit / 8 < 24;
            NS_TEST_EXPECT_MSG_EQ((OspfChecksum(flipped) == 0), isAuth, "bit " << bit);
        }
        NS_TEST_EXPECT_MSG_EQ(OspfChecksum({}), 0xffff, "of nothing");
        NS_TEST_EXPECT_MSG_EQ(OspfChecksum(FromHex("0102 03")), 0xfbfd, "odd");
    }
};

/** A packet with a trailer that does or does not fit. */
struct TrailerRow
{
    const char* name;  //!< what it is
    uint16_t authType; //!< AuType
    uint8_t length;    //!< Auth Data Length
    size_t present;    //!< octets after the packet
    DropReason reason; //!< expected
};

/**
 * Input: packets of each AuType with trailers of the right and of wrong lengths. Output: refused
 * unless it fits; AuType 3 splits its trailer into sequence number and digest and covers the
 * former.
 */
class TrailerCase : public TestCase
{
  public:
    TrailerCase()
        : TestCase("trailers have the length that the authentication type says")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<TrailerRow> rows{
            {"AuType 0", 0, 0, 0, R::NONE},
            {"AuType 0 with a length that means nothing", 0, 16, 0, R::NONE},
            {"AuType 0 with a trailer", 0, 0, 1, R::BAD_LENGTH},
            {"AuType 1 with a trailer", 1, 16, 16, R::BAD_LENGTH},
            {"AuType 2", 2, 16, 16, R::NONE},
            {"AuType 2 without a digest", 2, 0, 0, R::NONE},
            {"AuType 2 short", 2, 16, 15, R::TRUNCATED},
            {"AuType 2 long", 2, 16, 17, R::BAD_LENGTH},
            {"AuType 3", 3, 40, 40, R::NONE},
            {"AuType 3 short", 3, 40, 39, R::TRUNCATED},
            {"AuType 3 long", 3, 40, 41, R::BAD_LENGTH},
            {"AuType 3 without room for a sequence number", 3, 7, 7, R::BAD_LENGTH},
            {"an AuType nobody knows", 9, 3, 5, R::NONE},
        };
        for (const auto& row : rows)
        {
            OspfHeader header = HoloHeader(row.length);
            header.authType = static_cast<OspfAuthType>(row.authType);
            Bytes packet;
            EncodeOspfHello(header, HoloHello(), packet);
            packet.resize(packet.size() + row.present, 0x77);
            NS_TEST_EXPECT_MSG_EQ(std::string(ToString(ReasonOf(DecodeOspfPacket(packet)))),
                                  ToString(row.reason),
                                  row.name);
            NS_TEST_EXPECT_MSG_EQ(FaultOfOspfPacket(packet), "", row.name);
        }

        // RFC 7474 section 3: Key ID of 32 bits, sequence number of 64 bits after the packet.
        OspfHeader header;
        header.routerId = 0x01010101;
        header.SetCryptographic64(1, 0x28);
        Bytes packet;
        EncodeOspfHello(header, HoloHello(), packet);
        NS_TEST_EXPECT_MSG_EQ(ToHex(ByteView(packet).Sub(0, 24)),
                              "020100340101010100000000000000030000002800000001",
                              "header");
        const size_t size = packet.size();
        const Bytes trailer = FromHex("0000000700000001" + std::string(64, 'a'));
        packet.insert(packet.end(), trailer.begin(), trailer.end());
        const auto result = DecodeOspfPacket(packet);
        const auto* view = std::get_if<OspfPacketView>(&result);
        NS_TEST_ASSERT_MSG_EQ((view != nullptr), true, "AuType 3");
        NS_TEST_EXPECT_MSG_EQ(view->header.KeyId64(), 1u, "Key ID");
        NS_TEST_EXPECT_MSG_EQ(view->sequence, 0x0000000700000001u, "sequence");
        NS_TEST_EXPECT_MSG_EQ(view->covered.size(), size + 8, "covered");
        NS_TEST_EXPECT_MSG_EQ(ToHex(view->digest), std::string(64, 'a'), "digest");
        NS_TEST_EXPECT_MSG_EQ(ToHex(view->trailer), ToHex(trailer), "trailer");
    }
};

/**
 * Input: headers and bodies with wrong versions and lengths, a list of neighbours at and above its
 * bound, every truncation of a Hello. Output: refused, except at the bound.
 */
class OspfRefusalCase : public TestCase
{
  public:
    OspfRefusalCase()
        : TestCase("headers and Hellos that do not add up are refused")
    {
    }

  private:
    void DoRun() override
    {
        OspfHeader header = HoloHeader(0);
        header.authType = OspfAuthType::NONE;
        Bytes good;
        EncodeOspfHello(header, HoloHello(), good);
        const auto reasonWith = [&good](size_t at, uint8_t octet) {
            Bytes bad = good;
            bad[at] = octet;
            return ReasonOf(DecodeOspfPacket(bad));
        };
        NS_TEST_EXPECT_MSG_EQ((reasonWith(0, 3) == R::BAD_VERSION), true, "version 3");
        NS_TEST_EXPECT_MSG_EQ((reasonWith(1, 9) == R::NONE), true, "type 9 is routing's business");
        NS_TEST_EXPECT_MSG_EQ((reasonWith(3, 23) == R::BAD_LENGTH), true, "length below header");
        // With an AuType that says nothing about trailers, only the header's own size is in the
        // way.
        Bytes unknown = good;
        unknown[15] = 9;
        unknown[3] = OSPF_HEADER_SIZE;
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(DecodeOspfPacket(unknown)) == R::NONE), true, "24 octets");
        unknown[3] = OSPF_HEADER_SIZE - 1;
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(DecodeOspfPacket(unknown)) == R::BAD_LENGTH), true, "23");
        NS_TEST_EXPECT_MSG_EQ((reasonWith(3, 53) == R::TRUNCATED), true, "length too great");
        NS_TEST_EXPECT_MSG_EQ((reasonWith(3, 51) == R::BAD_LENGTH), true, "length too small");
        for (size_t size = 0; size < good.size(); ++size)
        {
            const auto cut = DecodeOspfPacket(ByteView(good).Sub(0, size));
            NS_TEST_EXPECT_MSG_EQ((ReasonOf(cut) == R::TRUNCATED), true, "cut to " << size);
        }
        OspfHello hello;
        const ByteView body = ByteView(good).Sub(OSPF_HEADER_SIZE);
        for (size_t size = 0; size < body.size(); ++size)
        {
            const DropReason reason = DecodeOspfHello(body.Sub(0, size), hello).reason;
            const DropReason expected = size < OSPF_HELLO_FIXED_SIZE ? R::TRUNCATED
                                        : size % 4 == 0              ? R::NONE
                                                                     : R::BAD_LENGTH;
            NS_TEST_EXPECT_MSG_EQ((reason == expected), true, "body cut to " << size);
        }
        hello = HoloHello();
        hello.neighbors.assign(MAX_OSPF_NEIGHBORS, 1);
        Bytes out;
        EncodeOspfHello(header, hello, out);
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(DecodeOspfPacket(out)) == R::NONE), true, "bound");
        const Bytes longest = ByteView(out).Sub(OSPF_HEADER_SIZE).Copy();
        NS_TEST_EXPECT_MSG_EQ((DecodeOspfHello(longest, hello).reason == R::NONE), true, "bound");
        Bytes longer = longest;
        longer.resize(longer.size() + 4);
        NS_TEST_EXPECT_MSG_EQ((DecodeOspfHello(longer, hello).reason == R::TOO_MANY), true, "more");
        hello.neighbors.assign(MAX_OSPF_NEIGHBORS + 1, 1);
        EncodeOspfHello(header, hello, out);
        NS_TEST_EXPECT_MSG_EQ(out.empty(), true, "has no encoding");
        Bytes shortPacket(23, 1);
        OverwriteOspfHeader(header, shortPacket);
        NS_TEST_EXPECT_MSG_EQ((shortPacket == Bytes(23, 1)), true, "left alone");
    }
};

/** Input: a signed Hello with each single bit flipped. Output: promises of FaultOfOspfPacket kept.
 */
class OspfMutationCase : public TestCase
{
  public:
    OspfMutationCase()
        : TestCase("no bit flip of an OSPF packet breaks a promise")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& vector : HOLO)
        {
            Bytes packet = HoloGolden(vector.authDataLength);
            const Bytes digest = FromHex(vector.digest);
            packet.insert(packet.end(), digest.begin(), digest.end());
            for (size_t bit = 0; bit < packet.size() * 8; ++bit)
            {
                Bytes flipped = packet;
                flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
                NS_TEST_EXPECT_MSG_EQ(FaultOfOspfPacket(flipped), "", "bit " << bit);
            }
        }
    }
};

} // namespace

std::vector<TestCase*>
WireOspfCases()
{
    return {new HelloCase,
            new SteadyStateCase,
            new ChecksumCase,
            new TrailerCase,
            new OspfRefusalCase,
            new OspfMutationCase};
}

} // namespace karp
} // namespace ns3
