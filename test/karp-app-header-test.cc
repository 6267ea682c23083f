/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-tests.h"
#include "karp-test-entropy.h"

#include "ns3/header-serialization-test.h"
#include "ns3/karp-headers.h"
#include "ns3/packet.h"

#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-app: messages as ns-3 headers.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return an IKE_SA_INIT request with the usual payloads */
IkeMessage
SampleInit()
{
    IkeMessage message;
    message.header.spiInitiator = 0x1122334455667788;
    message.header.flags = IKE_FLAG_INITIATOR;
    IkeProposal proposal;
    IkeTransform encryption;
    encryption.id = 20;
    encryption.keyLength = 256;
    proposal.transforms = {encryption};
    message.payloads = {SaPayload{{proposal}},
                        KePayload{31, Bytes(32, 0x5a)},
                        NoncePayload{Bytes(32, 0xa5)}};
    return message;
}

/** \return a Hello with two neighbours and a digest */
OspfHelloHeader
SampleHello()
{
    OspfHeader header;
    header.routerId = 0x0a000001;
    header.authType = OspfAuthType::CRYPTOGRAPHIC;
    header.SetCryptographic(7, 32, 1234);
    OspfHello hello;
    hello.networkMask = 0xffffff00;
    hello.helloInterval = 10;
    hello.routerDeadInterval = 40;
    hello.routerPriority = 1;
    hello.neighbors = {0x0a000002, 0x0a000003};
    return OspfHelloHeader(header, hello, Bytes(32, 0xd1));
}

/** \return what \p header serializes to */
Bytes
OctetsOf(const Header& header)
{
    Packet packet;
    packet.AddHeader(header);
    Bytes octets(packet.GetSize());
    packet.CopyData(octets.data(), packet.GetSize());
    return octets;
}

/** \return what \p header prints */
std::string
TextOf(const Header& header)
{
    std::ostringstream text;
    header.Print(text);
    return text.str();
}

/**
 * Every header: encode, decode, encode again.
 * Output: the same octets, and as many as announced.
 */
class RoundTripTest : public HeaderSerializationTestCase
{
  public:
    RoundTripTest()
        : HeaderSerializationTestCase("headers survive a round trip")
    {
    }

  private:
    void DoRun() override
    {
        TestHeaderSerialization(IkeMessageHeader(SampleInit()));
        TestHeaderSerialization(SampleHello());
        OspfHeader header;
        header.packetLength = OSPF_HEADER_SIZE;
        header.routerId = 0x0a000001;
        TestHeaderSerialization(OspfPacketHeader(header));
    }
};

/**
 * Input: a packet of a header and three octets of somebody else's.
 * Output: RemoveHeader takes the message and leaves the three octets; the fields are there again.
 */
void
HeaderEndsWhereMessageEnds(Sentence& test)
{
    const uint8_t rest[] = {1, 2, 3};
    Packet packet(rest, sizeof(rest));
    packet.AddHeader(IkeMessageHeader(SampleInit()));
    IkeMessageHeader ike;
    packet.RemoveHeader(ike);
    test.Equal(packet.GetSize(), 3, "octets left");
    test.Equal(ike.GetMessage().header.spiInitiator, 0x1122334455667788, "SPI");
    test.Equal(ike.GetMessage().payloads.size(), 3, "payloads");

    Packet hello(rest, 0);
    hello.AddHeader(SampleHello());
    OspfHelloHeader ospf;
    test.Equal(hello.RemoveHeader(ospf), 24 + 20 + 8 + 32, "Hello and digest");
    test.Equal(ospf.GetHello().neighbors.size(), 2, "neighbours");
    test.Equal(ospf.GetHeader().Sequence(), 1234, "sequence number");
    test.Equal(ospf.GetDigest().size(), 32, "digest");
}

/**
 * Print shows the fields: whoever reads an ASCII trace can tell messages apart.
 */
void
PrintShowsFields(Sentence& test)
{
    const std::string ike = TextOf(IkeMessageHeader(SampleInit()));
    for (const char* word : {"IKE_SA_INIT", "1122334455667788", "NONCE"})
    {
        test.Holds(ike.find(word) != std::string::npos, std::string(word) + " in " + ike);
    }
    const std::string hello = TextOf(SampleHello());
    for (const char* word : {"Hello", "10.0.0.1", "10.0.0.3", "1234", "d1d1"})
    {
        test.Holds(hello.find(word) != std::string::npos, std::string(word) + " in " + hello);
    }
    const std::string header = TextOf(OspfPacketHeader(SampleHello().GetHeader()));
    test.Holds(header.find("10.0.0.1") != std::string::npos, "router in " + header);
}

/** \p octets decoded as \p T must give no length, and a reason if \p refused. */
template <typename T>
void
Refuse(Sentence& test, const Bytes& octets, const std::string& what)
{
    Packet packet(octets.data(), octets.size());
    T header;
    const uint32_t size = packet.PeekHeader(header);
    test.Equal(size, 0, what);
    test.Holds(header.Error().reason != DropReason::NONE, what + " has a reason");
}

/**
 * Input: every truncation of a message, and of a Hello.
 * Output: length 0 and a reason; the header is as new, and prints.
 */
void
TruncationsAreRefused(Sentence& test)
{
    const Bytes ike = OctetsOf(IkeMessageHeader(SampleInit()));
    const Bytes hello = OctetsOf(SampleHello());
    for (size_t size = 0; size < ike.size(); ++size)
    {
        Refuse<IkeMessageHeader>(test, Bytes(ike.begin(), ike.begin() + size), "IKE truncated");
    }
    for (size_t size = 0; size < hello.size(); ++size)
    {
        const Bytes part(hello.begin(), hello.begin() + size);
        Refuse<OspfHelloHeader>(test, part, "Hello truncated");
        Refuse<OspfPacketHeader>(test, part, "OSPF header truncated");
    }
}

/**
 * Input: any octets: random ones, and samples with each bit the other way round.
 * Output: Deserialize returns, never more than there is; what it took prints.
 */
void
GarbageIsSurvived(Sentence& test)
{
    TestEntropy entropy(7);
    std::vector<Bytes> inputs;
    for (size_t size = 0; size < 200; ++size)
    {
        inputs.push_back(entropy.Draw(size));
    }
    for (const Bytes& sample : {OctetsOf(IkeMessageHeader(SampleInit())), OctetsOf(SampleHello())})
    {
        for (size_t bit = 0; bit < 8 * sample.size(); ++bit)
        {
            inputs.push_back(sample);
            inputs.back()[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
        }
    }
    for (const Bytes& input : inputs)
    {
        Packet packet(input.data(), input.size());
        IkeMessageHeader ike;
        OspfHelloHeader hello;
        OspfPacketHeader header;
        for (CheckedHeader* one : std::initializer_list<CheckedHeader*>{&ike, &hello, &header})
        {
            const uint32_t size = packet.PeekHeader(*one);
            test.Holds(size <= input.size(), "takes no more than there is");
            test.Holds((size == 0) == (one->Error().reason != DropReason::NONE), "says why not");
            TextOf(*one);
        }
    }
}

/**
 * Input: a Database Description packet given to OspfHelloHeader.
 * Output: refused as another type; OspfPacketHeader takes it.
 */
void
HelloHeaderTakesHellosOnly(Sentence& test)
{
    Bytes octets = OctetsOf(SampleHello());
    octets[1] = static_cast<uint8_t>(OspfPacketType::DATABASE_DESCRIPTION);
    Packet packet(octets.data(), octets.size());
    OspfHelloHeader hello;
    test.Equal(packet.PeekHeader(hello), 0, "length");
    test.Holds(hello.Error().reason == DropReason::BAD_TYPE, "reason");
    OspfPacketHeader header;
    test.Equal(packet.PeekHeader(header), 24, "fixed header");
}

} // namespace

std::vector<TestCase*>
HeaderTests()
{
    return {new RoundTripTest,
            new Sentence("a header ends where its message ends", HeaderEndsWhereMessageEnds),
            new Sentence("Print shows every field", PrintShowsFields),
            new Sentence("truncated messages are refused", TruncationsAreRefused),
            new Sentence("garbage is survived", GarbageIsSurvived),
            new Sentence("a Hello header takes Hellos only", HelloHeaderTakesHellosOnly)};
}

} // namespace karp
} // namespace ns3
