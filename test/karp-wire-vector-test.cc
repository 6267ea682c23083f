/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-test-data.h"
#include "karp-vector-files.h"
#include "karp-wire-check.h"
#include "karp-wire-samples.h"

/**
 * \file
 * \ingroup karp-test
 * Suite karp-wire: what strongSwan and BIRD put on the wire (test/vectors/README.md).
 */

namespace ns3
{
namespace karp
{

namespace
{

/**
 * Input: every message of the captures, and the chains found inside. Output: decoded, encoded again
 * to the same octets, header as the capture says, what covers a sealed body found again;
 * truncations are refused.
 */
class IkeVectorCase : public TestCase
{
  public:
    IkeVectorCase()
        : TestCase("strongSwan's messages decode and encode to themselves")
    {
    }

  private:
    /** Check one message that is called \p name. */
    void Check(const IkeVectorMessage& vector, const std::string& name)
    {
        const auto result = DecodeIkeMessage(vector.octets);
        const auto* message = std::get_if<IkeMessage>(&result);
        NS_TEST_ASSERT_MSG_EQ((message != nullptr), true, name);
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeIkeMessage(*message)), ToHex(vector.octets), name);
        NS_TEST_EXPECT_MSG_EQ(unsigned(message->header.exchange), vector.exchange, name);
        NS_TEST_EXPECT_MSG_EQ(message->header.messageId, vector.messageId, name);
        NS_TEST_EXPECT_MSG_EQ(message->header.IsResponse(), vector.response, name);
        NS_TEST_EXPECT_MSG_EQ(FaultOfMessage(vector.octets), "", name);
        for (size_t size = 0; size < vector.octets.size(); ++size)
        {
            const auto cut = DecodeIkeMessage(ByteView(vector.octets).Sub(0, size));
            NS_TEST_EXPECT_MSG_EQ((ReasonOf(cut) == DropReason::TRUNCATED), true, name);
        }
        const auto* sealed = message->Find<EncryptedPayload>();
        NS_TEST_EXPECT_MSG_EQ((sealed != nullptr), vector.encrypted, name);
        if (sealed)
        {
            const Bytes before =
                EncodeIkeHeaderForSk(message->header, {}, sealed->firstInner, sealed->body.size());
            NS_TEST_EXPECT_MSG_EQ(sealed->bodyOffset, before.size(), name);
            NS_TEST_EXPECT_MSG_EQ(ToHex(before),
                                  ToHex(ByteView(vector.octets).Sub(0, before.size())),
                                  name);
            CheckInner(vector, sealed->firstInner, name);
        }
    }

    /** Check the chain inside a message that is called \p name. */
    void CheckInner(const IkeVectorMessage& vector, IkePayloadType first, const std::string& name)
    {
        const Bytes chain = vector.InnerChain();
        const auto result = DecodeIkePayloads(first, chain);
        const auto* payloads = std::get_if<std::vector<IkePayload>>(&result);
        NS_TEST_ASSERT_MSG_EQ((payloads != nullptr), true, name);
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeIkePayloads(*payloads)), ToHex(chain), name);
        NS_TEST_ASSERT_MSG_EQ(payloads->size(), vector.inner.size(), name);
        for (size_t i = 0; i < payloads->size(); ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(unsigned(TypeOf((*payloads)[i])), vector.inner[i].type, name);
        }
    }

    void DoRun() override
    {
        std::string error;
        const auto sessions =
            LoadIkeVectors(KarpTestDataPath() + "/vectors/ikev2/keys.json", &error);
        NS_TEST_EXPECT_MSG_EQ(error, "", "file");
        size_t count = 0;
        for (const auto& session : sessions)
        {
            for (const auto& message : session.messages)
            {
                Check(message, session.pcap + " message " + std::to_string(++count));
            }
        }
        NS_TEST_EXPECT_MSG_EQ(count, 30u, "messages");
    }
};

/**
 * Input: every packet of the captures with its trailer. Output: split as the table says; Hellos
 * decode and encode to themselves; truncations are refused; an octet more is refused.
 */
class OspfVectorCase : public TestCase
{
  public:
    OspfVectorCase()
        : TestCase("BIRD's packets decode and encode to themselves")
    {
    }

  private:
    /** Check one packet that is called \p name. */
    void Check(const OspfVector& vector, const std::string& name)
    {
        Bytes octets = vector.packet;
        octets.insert(octets.end(), vector.trailer.begin(), vector.trailer.end());
        const auto result = DecodeOspfPacket(octets);
        const auto* view = std::get_if<OspfPacketView>(&result);
        NS_TEST_ASSERT_MSG_EQ((view != nullptr), true, name);
        NS_TEST_EXPECT_MSG_EQ(unsigned(view->header.type), vector.type, name);
        NS_TEST_EXPECT_MSG_EQ(unsigned(view->header.KeyId()), vector.keyId, name);
        NS_TEST_EXPECT_MSG_EQ(view->header.Sequence(), vector.seq, name);
        NS_TEST_EXPECT_MSG_EQ(view->sequence, vector.seq, name);
        NS_TEST_EXPECT_MSG_EQ(ToHex(view->covered), ToHex(vector.packet), name);
        NS_TEST_EXPECT_MSG_EQ(ToHex(view->digest), ToHex(vector.trailer), name);
        NS_TEST_EXPECT_MSG_EQ(FaultOfOspfPacket(octets), "", name);
        for (size_t size = 0; size < octets.size(); ++size)
        {
            const auto cut = DecodeOspfPacket(ByteView(octets).Sub(0, size));
            NS_TEST_EXPECT_MSG_EQ((ReasonOf(cut) == DropReason::TRUNCATED), true, name);
        }
        Bytes longer = octets;
        longer.push_back(0);
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(DecodeOspfPacket(longer)) == DropReason::BAD_LENGTH),
                              true,
                              name);
        if (view->header.type == OspfPacketType::HELLO)
        {
            OspfHello hello;
            const DecodeError error = DecodeOspfHello(view->body, hello);
            NS_TEST_EXPECT_MSG_EQ((error.reason == DropReason::NONE), true, name);
            EncodeOspfHello(view->header, hello, octets);
            NS_TEST_EXPECT_MSG_EQ(ToHex(octets), ToHex(vector.packet), name);
            ++m_hellos;
            return;
        }
        // What BIRD says of its database, encoded again to the same octets; its LSAs made again
        // from what they say, with the same checksum.
        NS_TEST_EXPECT_MSG_EQ(ToHex(EncodeOspfDecoded(*view)), ToHex(vector.packet), name);
        std::vector<ByteView> lsas;
        if (view->header.type == OspfPacketType::LINK_STATE_UPDATE)
        {
            NS_TEST_EXPECT_MSG_EQ((DecodeOspfUpdate(view->body, lsas).reason == DropReason::NONE),
                                  true,
                                  name);
        }
        for (const ByteView octetsOfLsa : lsas)
        {
            CheckLsa(octetsOfLsa, name);
        }
    }

    void DoRun() override
    {
        std::string error;
        const auto vectors =
            LoadOspfVectors(KarpTestDataPath() + "/vectors/ospf/ospf_auth_vectors.csv", &error);
        NS_TEST_EXPECT_MSG_EQ(error, "", "file");
        NS_TEST_EXPECT_MSG_EQ(vectors.size(), 82u, "packets");
        for (size_t i = 0; i < vectors.size(); ++i)
        {
            Check(vectors[i], vectors[i].pcap + " line " + std::to_string(i + 2));
        }
        NS_TEST_EXPECT_MSG_EQ(m_hellos, 18u, "Hellos");
        NS_TEST_EXPECT_MSG_EQ(m_lsas, 48u, "LSAs");
    }

    /** \p octets are an LSA of BIRD. */
    void CheckLsa(ByteView octets, const std::string& name)
    {
        const auto decoded = DecodeOspfLsa(octets);
        const auto* lsa = std::get_if<OspfLsaPtr>(&decoded);
        NS_TEST_ASSERT_MSG_NE(lsa, nullptr, name);
        NS_TEST_EXPECT_MSG_EQ((*lsa)->header.checksum, OspfLsaChecksum(octets), name);
        const OspfLsaPtr made = MakeOspfLsa((*lsa)->header, (*lsa)->body);
        NS_TEST_ASSERT_MSG_NE(made, nullptr, name);
        NS_TEST_EXPECT_MSG_EQ(ToHex(made->octets), ToHex((*lsa)->octets), name);
        ++m_lsas;
    }

    size_t m_hellos{0}; //!< Hellos seen
    size_t m_lsas{0};   //!< LSAs seen
};

/** Input: files that are not there or are of another form. Output: nothing, and a word why. */
class BadVectorFileCase : public TestCase
{
  public:
    BadVectorFileCase()
        : TestCase("a vector file that cannot be read gives an error, not an empty success")
    {
    }

  private:
    void DoRun() override
    {
        const std::string folder = KarpTestDataPath() + "/vectors/";
        std::string error;
        NS_TEST_EXPECT_MSG_EQ(LoadIkeVectors(folder + "absent", &error).size(), 0u, "absent");
        NS_TEST_EXPECT_MSG_EQ(error.empty(), false, "absent");
        NS_TEST_EXPECT_MSG_EQ(LoadIkeVectors(folder + "README.md", &error).size(), 0u, "text");
        NS_TEST_EXPECT_MSG_EQ(error.empty(), false, "text");
        NS_TEST_EXPECT_MSG_EQ(LoadOspfVectors(folder + "absent", &error).size(), 0u, "absent");
        NS_TEST_EXPECT_MSG_EQ(error.empty(), false, "absent");
        NS_TEST_EXPECT_MSG_EQ(LoadOspfVectors(folder + "README.md", &error).size(), 0u, "text");
        NS_TEST_EXPECT_MSG_EQ(error.empty(), false, "text");
    }
};

} // namespace

std::vector<TestCase*>
WireVectorCases()
{
    return {new IkeVectorCase, new OspfVectorCase, new BadVectorFileCase};
}

} // namespace karp
} // namespace ns3
