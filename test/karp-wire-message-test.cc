/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-wire-samples.h"

#include "ns3/karp-ike-spi.h"

/**
 * \file
 * \ingroup karp-test
 * Suite karp-wire: messages as a whole.
 */

namespace ns3
{
namespace karp
{

namespace
{

using R = DropReason; //!< for short rows

/** An advertisement, as golden octets: doc/wire-format.md shows it. */
const char* const ADVERT_HEX = "0300000a0a000001 0000000000000000 81 20 f0 08 00000000 0000003c"
                               "8000000c 03000000 0000000a"
                               "00000014 01640000 000003e8 0000000000000005";

/**
 * Input: an advertisement by 10.0.0.1 in group OSPFv2, instance 10. Output: the golden octets, and
 * from them every field.
 */
class HeaderCase : public TestCase
{
  public:
    HeaderCase()
        : TestCase("the fixed header has its golden octets, in both directions")
    {
    }

  private:
    void DoRun() override
    {
        const GroupIdPayload group{KeyProtocol::OSPFV2, 10};
        IkeMessage message;
        message.header.spiInitiator = GroupMessageSpi(group, IpAddress{0x0a000001});
        message.header.exchange = IkeExchange::MRKMP_ADVERT;
        message.header.flags = IKE_FLAG_INITIATOR;
        message.payloads = {group, AdvertPayload{AdvertState::GCKS, 100, 1000, 5}};
        // The first payload in the chain is the group, whose type number is not the least.
        Bytes golden = FromHex(ADVERT_HEX);
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeIkeMessage(message)), ToHex(golden), "encoded");

        // All fields different from what they are by default.
        golden = FromHex("0102030405060708 1112131415161718 00 2f 63 38 deadbeef 0000001c");
        const auto result = DecodeIkeMessage(golden);
        const auto* decoded = std::get_if<IkeMessage>(&result);
        NS_TEST_ASSERT_MSG_EQ((decoded != nullptr), true, "decodes");
        const auto peeked = PeekIkeHeader(golden);
        NS_TEST_ASSERT_MSG_EQ(peeked.has_value(), true, "peeks");
        for (const IkeHeader& header : {decoded->header, *peeked})
        {
            NS_TEST_EXPECT_MSG_EQ(header.spiInitiator, 0x0102030405060708, "SPIi");
            NS_TEST_EXPECT_MSG_EQ(header.spiResponder, 0x1112131415161718, "SPIr");
            NS_TEST_EXPECT_MSG_EQ((header.firstPayload == IkePayloadType::NONE), true, "first");
            NS_TEST_EXPECT_MSG_EQ(unsigned(header.version), 0x2f, "minor version kept");
            NS_TEST_EXPECT_MSG_EQ(ToString(header.exchange), "exchange 99", "exchange");
            NS_TEST_EXPECT_MSG_EQ(unsigned(header.flags), 0x38, "flags");
            NS_TEST_EXPECT_MSG_EQ(header.messageId, 0xdeadbeef, "message ID");
            NS_TEST_EXPECT_MSG_EQ(header.length, 28u, "length");
            NS_TEST_EXPECT_MSG_EQ((header.IsResponse() && header.IsFromInitiator()), true, "bits");
        }
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeIkeMessage(*decoded)), ToHex(golden), "again");
        golden.pop_back();
        NS_TEST_EXPECT_MSG_EQ(PeekIkeHeader(golden).has_value(), false, "27 octets");
    }
};

/** One octet of a good message changed. */
struct HeaderFault
{
    const char* name;  //!< what is wrong then
    size_t at;         //!< which octet
    uint8_t octet;     //!< its new value
    DropReason reason; //!< expected
    uint32_t offset;   //!< expected
};

/**
 * Input: the golden advertisement with one octet changed. Output: refused for the fault, at its
 * place in the datagram; reserved flags are ignored, and not sent on.
 */
class HeaderFaultCase : public TestCase
{
  public:
    HeaderFaultCase()
        : TestCase("faults of the fixed header and of the chain are refused where they stand")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<HeaderFault> faults{
            {"length one too great", 27, 0x3d, R::TRUNCATED, 24},
            {"length one too small", 27, 0x3b, R::BAD_LENGTH, 24},
            {"length of 16 million more", 24, 0x01, R::TRUNCATED, 24},
            {"major version 1", 17, 0x10, R::BAD_VERSION, 17},
            {"major version 3", 17, 0x30, R::BAD_VERSION, 17},
            {"minor version 1", 17, 0x21, R::NONE, 0},
            {"unknown exchange", 18, 0xff, R::NONE, 0},
            {"no payload promised", 16, 0, R::BAD_LENGTH, 28},
            {"first payload of another type", 16, 128, R::BAD_VALUE, 32},
            {"chain ends early", 28, 0, R::BAD_LENGTH, 40},
            {"chain goes on", 40, 131, R::TRUNCATED, 60},
            {"payload too long", 43, 0x15, R::TRUNCATED, 44},
            {"fault inside the second payload", 44, 9, R::BAD_VALUE, 44},
        };
        const Bytes good = FromHex(ADVERT_HEX);
        for (const auto& fault : faults)
        {
            Bytes bad = good;
            bad[fault.at] = fault.octet;
            const auto result = DecodeIkeMessage(bad);
            const auto* error = std::get_if<DecodeError>(&result);
            const DecodeError found = error ? *error : DecodeError{};
            NS_TEST_EXPECT_MSG_EQ(std::string(ToString(found.reason)),
                                  ToString(fault.reason),
                                  fault.name);
            NS_TEST_EXPECT_MSG_EQ(found.offset, fault.offset, fault.name);
        }
        Bytes noSpi = good;
        std::fill(noSpi.begin(), noSpi.begin() + 8, 0);
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(DecodeIkeMessage(noSpi)) == R::BAD_VALUE), true, "SPIi 0");
        Bytes longer = good;
        longer.push_back(0);
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(DecodeIkeMessage(longer)) == R::BAD_LENGTH), true, "more");
        Bytes reserved = good;
        reserved[19] |= 0xc7;
        const auto result = DecodeIkeMessage(reserved);
        const auto* message = std::get_if<IkeMessage>(&result);
        NS_TEST_EXPECT_MSG_EQ((message && EncodeIkeMessage(*message) == good), true, "flags");
    }
};

/**
 * Input: a message to be sealed, with and without payloads in clear. Output: what goes before the
 * sealed body is octet for octet the beginning of the sealed message, lengths included; decoding
 * finds body and its offset; an Encrypted payload that is not last has no encoding.
 */
class SealedFrameCase : public TestCase
{
  public:
    SealedFrameCase()
        : TestCase("what goes before a sealed body is final before it is sealed")
    {
    }

  private:
    void DoRun() override
    {
        IkeHeader header;
        header.spiInitiator = 1;
        header.spiResponder = 2;
        header.exchange = IkeExchange::MRKMP_UPDATE;
        header.messageId = 7;
        const Bytes body(33, 0xcc);
        const std::vector<IkePayload> none;
        const std::vector<IkePayload> two{VendorIdPayload{Bytes(3)}, GroupIdPayload{}};
        for (const auto& clear : {none, two})
        {
            const Bytes before =
                EncodeIkeHeaderForSk(header, clear, IkePayloadType::SEQUENCE, body.size());
            IkeMessage message{header, clear};
            message.payloads.push_back(EncryptedPayload{IkePayloadType::SEQUENCE, body, 0});
            Bytes datagram = before;
            datagram.insert(datagram.end(), body.begin(), body.end());
            NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeIkeMessage(message)), ToHex(datagram), "message");

            const auto result = DecodeIkeMessage(datagram);
            const auto* decoded = std::get_if<IkeMessage>(&result);
            NS_TEST_ASSERT_MSG_EQ((decoded != nullptr), true, "decodes");
            const auto* sealed = decoded->Find<EncryptedPayload>();
            NS_TEST_ASSERT_MSG_EQ((sealed != nullptr), true, "is sealed");
            NS_TEST_EXPECT_MSG_EQ(sealed->bodyOffset, before.size(), "associated data");
            NS_TEST_EXPECT_MSG_EQ((sealed->body == body), true, "body");
            NS_TEST_EXPECT_MSG_EQ(ToString(sealed->firstInner), "SEQUENCE", "what is inside");
            NS_TEST_EXPECT_MSG_EQ(decoded->header.length, datagram.size(), "length");

            message.payloads.push_back(VendorIdPayload{});
            NS_TEST_EXPECT_MSG_EQ(EncodeIkeMessage(message).empty(), true, "not last");
            datagram.insert(datagram.end(), {0, 0, 0, 4});
            datagram[27] = static_cast<uint8_t>(datagram.size());
            const auto trailing = DecodeIkeMessage(datagram);
            NS_TEST_EXPECT_MSG_EQ((ReasonOf(trailing) == R::BAD_LENGTH), true, "not last");
        }
        const std::vector<IkePayload> sealed{EncryptedPayload{}};
        NS_TEST_EXPECT_MSG_EQ(EncodeIkeHeaderForSk(header, sealed, {}, 1).empty(), true, "twice");
        NS_TEST_EXPECT_MSG_EQ(EncodeIkeHeaderForSk(header, {}, {}, 65531).empty(),
                              false,
                              "longest");
        NS_TEST_EXPECT_MSG_EQ(EncodeIkeHeaderForSk(header, {}, {}, 65532).empty(), true, "longer");
        NS_TEST_EXPECT_MSG_EQ(ToString(FirstType({})), "NONE", "of nothing");
        NS_TEST_EXPECT_MSG_EQ(ToString(FirstType(two)), "VENDOR_ID", "of two");
        NS_TEST_EXPECT_MSG_EQ(EncodeIkePayloads({}).empty(), true, "no payloads");
        const auto nothing = DecodeIkePayloads(IkePayloadType::NONE, {});
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(nothing) == R::NONE), true, "an empty chain is one");
        const auto padded = DecodeIkePayloads(IkePayloadType::NONE, Bytes(1));
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(padded) == R::BAD_LENGTH), true, "nothing, and an octet");
    }
};

/** Input: SPIs of ours. Output: their golden octets, and what they name. */
class SpiCase : public TestCase
{
  public:
    SpiCase()
        : TestCase("SPIs name senders, groups and keys")
    {
    }

  private:
    void DoRun() override
    {
        const GroupIdPayload group{KeyProtocol::OSPFV2, 0xff00000a};
        const IpAddress sender{0x0a000001};
        const uint64_t spi = GroupMessageSpi(group, sender);
        NS_TEST_EXPECT_MSG_EQ(spi, 0x0300000a0a000001, "24 bits of the instance");
        NS_TEST_EXPECT_MSG_EQ((SenderOfGroupMessage(spi) == sender), true, "sender");
        NS_TEST_EXPECT_MSG_EQ(IsSpiOfGroup(spi, group), true, "group");
        const GroupIdPayload otherInstance{KeyProtocol::OSPFV2, 11};
        NS_TEST_EXPECT_MSG_EQ(IsSpiOfGroup(spi, otherInstance), false, "another instance");
        const GroupIdPayload otherProtocol{KeyProtocol::OSPFV3, 10};
        NS_TEST_EXPECT_MSG_EQ(IsSpiOfGroup(spi, otherProtocol), false, "another protocol");

        const Bytes kek = EncodeKekSpi(0x0102030405060708);
        NS_TEST_EXPECT_MSG_EQ(ToHex(kek), "0102030405060708", "KEK");
        NS_TEST_EXPECT_MSG_EQ((DecodeKekSpi(kek) == 0x0102030405060708), true, "KEK");
        NS_TEST_EXPECT_MSG_EQ(DecodeKekSpi(Bytes(7)).has_value(), false, "7 octets");
        const Bytes pmk = EncodePmkSpi({KeyProtocol::OSPFV2, 0x01020304});
        NS_TEST_EXPECT_MSG_EQ(ToHex(pmk), "0301020304", "PMK");
        const auto named = DecodePmkSpi(pmk);
        NS_TEST_EXPECT_MSG_EQ((named && named->protocol == KeyProtocol::OSPFV2), true, "protocol");
        NS_TEST_EXPECT_MSG_EQ((named && named->keyId == 0x01020304), true, "key ID");
        NS_TEST_EXPECT_MSG_EQ(DecodePmkSpi(Bytes(4)).has_value(), false, "4 octets");
    }
};

/** Input: known and unknown numbers, a key download. Output: names; no octet of a key. */
class DescribeCase : public TestCase
{
  public:
    DescribeCase()
        : TestCase("messages are shown to people without their keys")
    {
    }

  private:
    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(ToString(IkeExchange::IKE_AUTH), "IKE_AUTH", "exchange");
        NS_TEST_EXPECT_MSG_EQ(ToString(IkeExchange::MRKMP_UPDATE), "MRKMP_UPDATE", "ours");
        NS_TEST_EXPECT_MSG_EQ(ToString(IkePayloadType::NONCE), "NONCE", "payload");
        NS_TEST_EXPECT_MSG_EQ(ToString(static_cast<IkePayloadType>(99)), "payload 99", "unknown");
        NS_TEST_EXPECT_MSG_EQ(ToString(IkeNotify::COOKIE), "COOKIE", "notification");
        NS_TEST_EXPECT_MSG_EQ(ToString(static_cast<IkeNotify>(99)), "notify 99", "unknown");

        IkeMessage message;
        message.header.flags = IKE_FLAG_RESPONSE | IKE_FLAG_INITIATOR;
        message.header.spiInitiator = 0x0a;
        message.payloads = {EncryptedPayload{IkePayloadType::NONCE, Bytes(9), 0}};
        NS_TEST_EXPECT_MSG_EQ(Describe(message),
                              "IKE_SA_INIT spi_i=000000000000000a spi_r=0000000000000000 "
                              "version=2.0 flags=R-I id=0 length=0; "
                              "ENCRYPTED first=NONCE octets=9",
                              "header and sealed payload");
        KeyDownloadPayload keys = SampleKeyDownload(1, 1);
        keys.keks[0].key.assign(16, 0xf5);
        keys.pmks[0].key.assign(16, 0xf5);
        message.payloads = {keys};
        NS_TEST_EXPECT_MSG_EQ((Describe(message).find("f5f5") == std::string::npos), true, "keys");
    }
};

} // namespace

std::vector<TestCase*>
WireMessageCases()
{
    return {new HeaderCase,
            new HeaderFaultCase,
            new SealedFrameCase,
            new SpiCase,
            new DescribeCase};
}

} // namespace karp
} // namespace ns3
