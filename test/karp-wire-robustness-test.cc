/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-wire-check.h"
#include "karp-wire-samples.h"

#include <random>

/**
 * \file
 * \ingroup karp-test
 * Suite karp-wire: octets that nobody sends on purpose. Generators are seeded with fixed numbers: a
 * failure names the round, which comes out the same the next time.
 */

namespace ns3
{
namespace karp
{

namespace
{

using Generator = std::mt19937_64; //!< same numbers everywhere

/** \return \p size random octets */
Bytes
RandomOctets(Generator& generator, size_t size)
{
    Bytes octets(size);
    for (auto& octet : octets)
    {
        octet = static_cast<uint8_t>(generator());
    }
    return octets;
}

/** Make the length field of the message in \p octets right, if there is one. */
void
RepairLength(Bytes& octets)
{
    if (octets.size() >= IKE_HEADER_SIZE)
    {
        octets[26] = static_cast<uint8_t>(octets.size() >> 8);
        octets[27] = static_cast<uint8_t>(octets.size());
    }
}

/**
 * Input: every beginning of every sample message, as it is and with the length field of the fixed
 * header made right, so that only what is inside can tell; every beginning of every own payload,
 * generic header made right. Output: refused.
 */
class TruncationCase : public TestCase
{
  public:
    TruncationCase()
        : TestCase("every truncation is refused")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& sample : MessageSamples())
        {
            const Bytes whole = EncodeIkeMessage(sample.message);
            NS_TEST_EXPECT_MSG_EQ((ReasonOf(DecodeIkeMessage(whole)) == DropReason::NONE),
                                  true,
                                  sample.name);
            for (size_t size = 0; size < whole.size(); ++size)
            {
                Bytes cut(whole.begin(), whole.begin() + size);
                NS_TEST_EXPECT_MSG_EQ((ReasonOf(DecodeIkeMessage(cut)) == DropReason::TRUNCATED),
                                      true,
                                      sample.name << " cut to " << size);
                RepairLength(cut);
                NS_TEST_EXPECT_MSG_EQ((ReasonOf(DecodeIkeMessage(cut)) != DropReason::NONE),
                                      true,
                                      sample.name << " cut to " << size << " and repaired");
            }
        }
        for (const auto& sample : PayloadSamples())
        {
            const IkePayloadType type = TypeOf(sample.payload);
            const Bytes whole = FromHex(sample.hex);
            // After the first row of a key download there may be nothing.
            const size_t row = type == IkePayloadType::KEY_DOWNLOAD ? 4 + 64 : 0;
            for (size_t size = 5; size < whole.size() && type >= IkePayloadType::ADVERTISEMENT;
                 ++size)
            {
                Bytes cut(whole.begin(), whole.begin() + size);
                cut[3] = static_cast<uint8_t>(size);
                const bool refused = ReasonOf(DecodeIkePayloads(type, cut)) != DropReason::NONE;
                const bool isOurs = type <= IkePayloadType::TRANSPORT;
                NS_TEST_EXPECT_MSG_EQ((refused || size == row || !isOurs),
                                      true,
                                      sample.name << " cut to " << size);
            }
        }
    }
};

/**
 * Input: every sample message with each single bit flipped, and with several octets overwritten.
 * Output: refused, or decoded to something that keeps the promises of FaultOfMessage.
 */
class MutationCase : public TestCase
{
  public:
    MutationCase()
        : TestCase("no bit flip breaks a promise")
    {
    }

  private:
    void DoRun() override
    {
        Generator generator(20101018);
        for (const auto& sample : MessageSamples())
        {
            const Bytes whole = EncodeIkeMessage(sample.message);
            NS_TEST_EXPECT_MSG_EQ(FaultOfMessage(whole), "", sample.name);
            for (size_t bit = 0; bit < whole.size() * 8; ++bit)
            {
                Bytes flipped = whole;
                flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
                NS_TEST_EXPECT_MSG_EQ(FaultOfMessage(flipped), "", sample.name << " bit " << bit);
            }
            for (size_t round = 0; round < 1000; ++round)
            {
                Bytes changed = whole;
                for (size_t i = generator() % 4 + 1; i > 0; --i)
                {
                    // Fields are mostly small numbers.
                    const uint64_t octet = generator();
                    changed[generator() % changed.size()] =
                        static_cast<uint8_t>(octet % 2 == 0 ? octet >> 8 : octet >> 8 & 7);
                }
                RepairLength(changed);
                NS_TEST_EXPECT_MSG_EQ(FaultOfMessage(changed),
                                      "",
                                      sample.name << " round " << round);
            }
        }
    }
};

/**
 * Input: 20000 datagrams of garbage: a third random octets, a third behind a good fixed header, a
 * third chains of payloads of known types with right lengths and random bodies. Output: as above,
 * and of the last third enough decode that the case is about something.
 */
class GarbageCase : public TestCase
{
  public:
    GarbageCase()
        : TestCase("no garbage breaks a promise")
    {
    }

  private:
    /** \return payloads of random types and bodies, their octets in a chain */
    static Bytes RandomMessage(Generator& generator)
    {
        static const std::vector<uint8_t>
            TYPES{33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 128, 129, 130, 131, 200};
        IkeMessage message;
        message.header.spiInitiator = generator() | 1;
        message.header.exchange = static_cast<IkeExchange>(generator());
        for (size_t i = generator() % 4; i > 0; --i)
        {
            Bytes body = RandomOctets(generator, generator() % 40);
            for (auto& octet : body)
            {
                octet = generator() % 2 == 0 ? octet : 0;
            }
            message.payloads.push_back(
                UnknownPayload{TYPES[generator() % TYPES.size()], false, std::move(body)});
        }
        return EncodeIkeMessage(message);
    }

    void DoRun() override
    {
        Generator generator(20120906);
        size_t decoded = 0;
        for (size_t round = 0; round < 10000; ++round)
        {
            Bytes octets;
            if (round % 3 == 2)
            {
                octets = RandomMessage(generator);
                decoded += ReasonOf(DecodeIkeMessage(octets)) == DropReason::NONE ? 1 : 0;
            }
            else
            {
                octets = RandomOctets(generator, generator() % 300);
            }
            if (round % 3 == 1 && octets.size() >= IKE_HEADER_SIZE)
            {
                octets[17] = IKE_VERSION;
                octets[24] = 0;
                octets[25] = 0;
                RepairLength(octets);
            }
            NS_TEST_EXPECT_MSG_EQ(FaultOfMessage(octets), "", "round " << round);
            NS_TEST_EXPECT_MSG_EQ(
                FaultOfPayloads(static_cast<IkePayloadType>(generator() % 200 + 1), octets),
                "",
                "round " << round);
            NS_TEST_EXPECT_MSG_EQ(FaultOfOspfPacket(octets), "", "round " << round);
        }
        NS_TEST_EXPECT_MSG_GT(decoded, 1000u, "decoded after all");
    }
};

} // namespace

std::vector<TestCase*>
WireRobustnessCases()
{
    return {new TruncationCase, new MutationCase, new GarbageCase};
}

} // namespace karp
} // namespace ns3
