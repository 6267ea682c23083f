/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-wire-samples.h"

#include <algorithm>
#include <set>

/**
 * \file
 * \ingroup karp-test
 * Suite karp-wire: single payloads.
 */

namespace ns3
{
namespace karp
{

namespace
{

using Payloads = std::vector<IkePayload>; //!< a chain

/** \return octets of \p payloads */
Bytes
Encoded(const Payloads& payloads)
{
    const SecretBytes octets = EncodeIkePayloads(payloads);
    return Bytes(octets.begin(), octets.end());
}

/** \return the one payload that \p hex is a chain of, if it is one */
std::optional<IkePayload>
DecodeOne(IkePayloadType type, ByteView octets)
{
    auto result = DecodeIkePayloads(type, octets);
    auto* payloads = std::get_if<Payloads>(&result);
    if (!payloads || payloads->size() != 1)
    {
        return std::nullopt;
    }
    return std::move(payloads->front());
}

/** \return why a chain that consists of \p payload is refused, NONE if it is not */
DropReason
ReasonFor(const IkePayload& payload)
{
    return ReasonOf(DecodeIkePayloads(TypeOf(payload), Encoded({payload})));
}

/**
 * Input: each sample payload. Output: exactly the golden octets; those decode, as the same type, to
 * something that Describe says the expected text of and that encodes to the golden octets again.
 */
class GoldenCase : public TestCase
{
  public:
    GoldenCase()
        : TestCase("every payload has its golden octets, in both directions")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& sample : PayloadSamples())
        {
            const Bytes golden = FromHex(sample.hex);
            NS_TEST_EXPECT_MSG_EQ(ToHex(Encoded({sample.payload})), ToHex(golden), sample.name);
            const auto decoded = DecodeOne(TypeOf(sample.payload), golden);
            NS_TEST_EXPECT_MSG_EQ(decoded.has_value(), true, sample.name);
            if (!decoded)
            {
                continue;
            }
            NS_TEST_EXPECT_MSG_EQ(decoded->index(), sample.payload.index(), sample.name);
            NS_TEST_EXPECT_MSG_EQ(ToHex(Encoded({*decoded})), ToHex(golden), sample.name);
            IkeMessage message;
            message.payloads = {*decoded};
            const std::string text = Describe(message);
            NS_TEST_EXPECT_MSG_EQ(text.substr(text.find("; ") + 2), sample.text, sample.name);
        }
    }
};

/** A chain that must be refused. */
struct Refusal
{
    const char* name;    //!< what is wrong with it
    IkePayloadType type; //!< type of its first payload
    const char* hex;     //!< the chain
    DropReason reason;   //!< expected
    uint32_t offset;     //!< expected
    uint32_t value;      //!< expected
};

using T = IkePayloadType; //!< for short rows
using R = DropReason;     //!< for short rows

/** Lengths and values that payloads of RFC 7296 forbid. */
const std::vector<Refusal> STANDARD_REFUSALS{
    {"payload header cut", T::NONCE, "000000", R::TRUNCATED, 2, 2},
    {"nothing where a payload is promised", T::NONCE, "", R::TRUNCATED, 0, 1},
    {"payload length below its header", T::NONCE, "00000003", R::BAD_LENGTH, 2, 3},
    {"payload longer than the chain", T::VENDOR_ID, "0000000601", R::TRUNCATED, 4, 2},
    {"octets after the last payload", T::VENDOR_ID, "000000050101", R::BAD_LENGTH, 5, 1},
    {"KE cut", T::KEY_EXCHANGE, "00000007 001f00", R::TRUNCATED, 6, 2},
    {"IPv4 identity of 3 octets", T::ID_INITIATOR, "0000000b 01000000 0a0000", R::BAD_LENGTH, 8, 3},
    {"IPv6 identity of 4 octets",
     T::ID_RESPONDER,
     "0000000c 05000000 0a000001",
     R::BAD_LENGTH,
     8,
     4},
    {"CERT without encoding", T::CERTIFICATE, "00000004", R::TRUNCATED, 4, 1},
    {"AUTH cut", T::AUTHENTICATION, "00000006 0200", R::TRUNCATED, 5, 3},
    {"Notify whose SPI is longer than it", T::NOTIFY, "00000009 03044009 01", R::TRUNCATED, 8, 4},
    {"COOKIE of no octets", T::NOTIFY, "00000008 00004006", R::BAD_LENGTH, 8, 0},
    {"INVALID_KE_PAYLOAD of 3 octets", T::NOTIFY, "0000000b 00000011 001f00", R::BAD_LENGTH, 8, 3},
    {"WRONG_GCKS of 3 octets", T::NOTIFY, "0000000b 00002000 0a0000", R::BAD_LENGTH, 8, 3},
    {"GCKS_UNKNOWN of no octets", T::NOTIFY, "00000008 00002001", R::BAD_LENGTH, 8, 0},
    {"IKE Delete with an SPI", T::DELETE, "0000000c 01040001 01020304", R::BAD_VALUE, 5, 4},
    {"Delete of an ESP SA with an SPI of 8",
     T::DELETE,
     "00000010 03080001 0102030401020304",
     R::BAD_VALUE,
     5,
     8},
    {"KEK Delete, SPI of 4", T::DELETE, "0000000c c9040001 01020304", R::BAD_VALUE, 5, 4},
    {"PMK Delete, SPI of 4", T::DELETE, "0000000c ca040001 01020304", R::BAD_VALUE, 5, 4},
    {"Delete of many SPIs without octets", T::DELETE, "00000008 01000002", R::BAD_VALUE, 5, 0},
    {"Delete with one SPI less than said",
     T::DELETE,
     "0000000c 03040002 01020304",
     R::TRUNCATED,
     12,
     4},
    {"Delete with one SPI more than said",
     T::DELETE,
     "0000000c 03040000 01020304",
     R::BAD_LENGTH,
     8,
     4},
    {"unknown and critical", static_cast<T>(200), "00800005 01", R::UNKNOWN_CRITICAL, 0, 200},
    {"Encrypted inside a chain", T::ENCRYPTED, "00000005 01", R::UNEXPECTED_PAYLOAD, 0, 46},
};

/** Structures inside a Security Association that do not fit. */
const std::vector<Refusal> SA_REFUSALS{
    {"SA without a proposal", T::SECURITY_ASSOCIATION, "00000004", R::TRUNCATED, 4, 1},
    {"last proposal announces another",
     T::SECURITY_ASSOCIATION,
     "0000000c 02000008 01010000",
     R::BAD_VALUE,
     4,
     2},
    {"proposal follows the last one",
     T::SECURITY_ASSOCIATION,
     "00000014 00000008 01010000 00000008 02010000",
     R::BAD_VALUE,
     4,
     0},
    {"proposal number 0",
     T::SECURITY_ASSOCIATION,
     "0000000c 00000008 00010000",
     R::BAD_VALUE,
     8,
     0},
    {"proposal number that skips one",
     T::SECURITY_ASSOCIATION,
     "00000014 02000008 01010000 00000008 03010000",
     R::BAD_VALUE,
     16,
     3},
    {"proposal shorter than its head",
     T::SECURITY_ASSOCIATION,
     "0000000c 00000007 01010000",
     R::BAD_LENGTH,
     6,
     7},
    {"proposal longer than the payload",
     T::SECURITY_ASSOCIATION,
     "0000000c 00000009 01010000",
     R::TRUNCATED,
     8,
     5},
    {"proposal with octets left",
     T::SECURITY_ASSOCIATION,
     "0000000d 00000009 01010000 ff",
     R::BAD_LENGTH,
     12,
     1},
    {"transform shorter than its head",
     T::SECURITY_ASSOCIATION,
     "00000014 00000010 01010001 00000007 01000014",
     R::BAD_LENGTH,
     14,
     7},
    {"last transform announces another",
     T::SECURITY_ASSOCIATION,
     "00000014 00000010 01010001 03000008 01000014",
     R::BAD_VALUE,
     12,
     3},
    {"transform follows the last one",
     T::SECURITY_ASSOCIATION,
     "0000001c 00000018 01010002 00000008 01000014 00000008 02000005",
     R::BAD_VALUE,
     12,
     0},
    {"attribute longer than its transform",
     T::SECURITY_ASSOCIATION,
     "00000018 00000014 01010001 0000000c 01000014 40010001",
     R::TRUNCATED,
     24,
     1},
    {"Key Length twice",
     T::SECURITY_ASSOCIATION,
     "0000001c 00000018 01010001 00000010 01000014 800e0080 800e0100",
     R::BAD_VALUE,
     24,
     256},
};

/** What our own payloads forbid. */
const std::vector<Refusal> OWN_REFUSALS{
    {"advertisement of state 2",
     T::ADVERTISEMENT,
     "00000014 02000000 00000000 0000000000000000",
     R::BAD_VALUE,
     4,
     2},
    {"advertisement with a reserved octet",
     T::ADVERTISEMENT,
     "00000014 00000001 00000000 0000000000000000",
     R::BAD_VALUE,
     7,
     1},
    {"advertisement cut",
     T::ADVERTISEMENT,
     "00000013 00000000 00000000 00000000000000",
     R::TRUNCATED,
     12,
     8},
    {"advertisement with one octet more",
     T::ADVERTISEMENT,
     "00000015 00000000 00000000 0000000000000000 00",
     R::BAD_LENGTH,
     20,
     1},
    {"group of no protocol", T::GROUP_ID, "0000000c 00000000 00000001", R::BAD_VALUE, 4, 0},
    {"group with a reserved octet", T::GROUP_ID, "0000000c 03000100 00000001", R::BAD_VALUE, 6, 1},
    {"group with one octet more",
     T::GROUP_ID,
     "0000000d 03000000 00000001 00",
     R::BAD_LENGTH,
     12,
     1},
    {"sequence of 7 octets", T::SEQUENCE, "0000000b 00000000000000", R::TRUNCATED, 4, 8},
    {"sequence of 9 octets", T::SEQUENCE, "0000000d 000000000000000000", R::BAD_LENGTH, 12, 1},
    {"transport of flag 2", T::TRANSPORT, "00000008 02010000", R::BAD_VALUE, 4, 2},
    {"transport without a nonce", T::TRANSPORT, "00000008 00000000", R::BAD_VALUE, 5, 0},
    {"transport with three nonces", T::TRANSPORT, "00000008 00030000", R::BAD_VALUE, 5, 3},
    {"transport that asks 81", T::TRANSPORT, "00000008 00015100", R::TOO_MANY, 6, 81},
    {"transport with 81 answers", T::TRANSPORT, "00000008 00010051", R::TOO_MANY, 7, 81},
    {"transport cut", T::TRANSPORT, "0000000c 00010001 00000000", R::TRUNCATED, 8, 8},
    {"transport with one octet more",
     T::TRANSPORT,
     "00000021 00010000 0000000000000000 00000000000000000000000000000000 00",
     R::BAD_LENGTH,
     32,
     1},
    {"row of type 3", T::KEY_DOWNLOAD, "00000008 03000004", R::BAD_TYPE, 4, 3},
    {"row of type 0", T::KEY_DOWNLOAD, "00000008 00000004", R::BAD_TYPE, 4, 0},
    {"row with a reserved octet", T::KEY_DOWNLOAD, "00000008 01010004", R::BAD_VALUE, 5, 1},
    {"row shorter than its head", T::KEY_DOWNLOAD, "00000008 01000003", R::BAD_LENGTH, 6, 3},
    {"row longer than the payload", T::KEY_DOWNLOAD, "00000008 01000005", R::TRUNCATED, 8, 1},
};

/** Input: chains with one fault. Output: refused, with reason, place and value of that fault. */
class RefusalCase : public TestCase
{
  public:
    RefusalCase()
        : TestCase("every forbidden length and value is refused where it stands")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& rows : {STANDARD_REFUSALS, SA_REFUSALS, OWN_REFUSALS})
        {
            for (const auto& row : rows)
            {
                const auto result = DecodeIkePayloads(row.type, FromHex(row.hex));
                const auto* error = std::get_if<DecodeError>(&result);
                NS_TEST_EXPECT_MSG_EQ((error != nullptr), true, row.name);
                const DecodeError found = error ? *error : DecodeError{};
                NS_TEST_EXPECT_MSG_EQ(std::string(ToString(found.reason)),
                                      ToString(row.reason),
                                      row.name);
                NS_TEST_EXPECT_MSG_EQ(found.offset, row.offset, row.name);
                NS_TEST_EXPECT_MSG_EQ(found.value, row.value, row.name);
            }
        }
    }
};

/**
 * Input: lists as long as their bounds, and one element longer; nonces, cookies, notifications,
 * keys at and beyond their shortest and longest. Output: accepted and refused, respectively.
 */
class BoundsCase : public TestCase
{
  public:
    BoundsCase()
        : TestCase("lists and octet strings are bounded exactly as stated")
    {
    }

  private:
    /** Expect \p reason for \p payload. */
    void Expect(const std::string& what, const IkePayload& payload, DropReason reason)
    {
        NS_TEST_EXPECT_MSG_EQ(std::string(ToString(ReasonFor(payload))), ToString(reason), what);
    }

    /** Expect that of 0 to 9 octets of data just \p good are accepted in notification \p type. */
    void ExpectSizes(IkeNotify type, const std::set<size_t>& good)
    {
        for (size_t size = 0; size < 10; ++size)
        {
            Expect(ToString(type) + " of " + std::to_string(size),
                   MakeNotify(type, Bytes(size)),
                   good.count(size) != 0 ? R::NONE : R::BAD_LENGTH);
        }
    }

    void DoRun() override
    {
        Expect("nonce of 15", NoncePayload{Bytes(15)}, R::BAD_LENGTH);
        Expect("nonce of 16", NoncePayload{Bytes(16)}, R::NONE);
        Expect("nonce of 256", NoncePayload{Bytes(256)}, R::NONE);
        Expect("nonce of 257", NoncePayload{Bytes(257)}, R::BAD_LENGTH);
        Expect("cookie of 64", MakeNotify(IkeNotify::COOKIE, Bytes(64)), R::NONE);
        Expect("cookie of 65", MakeNotify(IkeNotify::COOKIE, Bytes(65)), R::BAD_LENGTH);
        ExpectSizes(IkeNotify::INVALID_KE_PAYLOAD, {2});
        ExpectSizes(IkeNotify::SIGNATURE_HASH_ALGORITHMS, {0, 2, 4, 6, 8});
        ExpectSizes(IkeNotify::MRKMP_WRONG_GCKS, {4});
        ExpectSizes(IkeNotify::MRKMP_GCKS_UNKNOWN, {1});
        ExpectSizes(IkeNotify::MRKMP_NOT_AUTHORIZED, {0});
        ExpectSizes(IkeNotify::MRKMP_MERGE_SA, {0});
        ExpectSizes(IkeNotify::MRKMP_REQUEST_PMK, {0, 4});
        ExpectSizes(IkeNotify::MRKMP_BOOT_ID, {8});
        ExpectSizes(IkeNotify::MRKMP_RESIGN, {0, 4});
        ExpectSizes(IkeNotify::MRKMP_HANDOVER, {0});
        Expect("SPIs", DeletePayload{IkeProtocol::ESP, 4, SomeSpis(MAX_DELETE_SPIS)}, R::NONE);
        Expect("an SPI more",
               DeletePayload{IkeProtocol::ESP, 4, SomeSpis(MAX_DELETE_SPIS + 1)},
               R::TOO_MANY);
        Expect("proposals", SomeProposals(MAX_PROPOSALS, 1), R::NONE);
        Expect("a proposal more", SomeProposals(MAX_PROPOSALS + 1, 1), R::TOO_MANY);
        Expect("transforms", SomeProposals(1, MAX_TRANSFORMS), R::NONE);
        Expect("a transform more", SomeProposals(1, MAX_TRANSFORMS + 1), R::TOO_MANY);
        Expect("rows", SampleKeyDownload(MAX_KEK_ROWS, MAX_PMK_ROWS), R::NONE);
        Expect("no rows", SampleKeyDownload(0, 0), R::NONE);
        Expect("a KEK more", SampleKeyDownload(MAX_KEK_ROWS + 1, 0), R::TOO_MANY);
        Expect("a PMK more", SampleKeyDownload(0, MAX_PMK_ROWS + 1), R::TOO_MANY);
        for (const size_t size : {size_t(0), size_t(1), MAX_KEY_OCTETS, MAX_KEY_OCTETS + 1})
        {
            KeyDownloadPayload keys = SampleKeyDownload(1, 1);
            keys.keks[0].key.assign(size, 1);
            keys.pmks[0].key.assign(size, 1);
            const bool good = size > 0 && size <= MAX_KEY_OCTETS;
            Expect("KEK", KeyDownloadPayload{keys.keks, {}}, good ? R::NONE : R::BAD_LENGTH);
            Expect("PMK", KeyDownloadPayload{{}, keys.pmks}, good ? R::NONE : R::BAD_LENGTH);
        }
        Payloads chain(MAX_PAYLOADS, VendorIdPayload{});
        auto result = DecodeIkePayloads(FirstType(chain), Encoded(chain));
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(result) == R::NONE), true, "payloads");
        chain.push_back(VendorIdPayload{});
        result = DecodeIkePayloads(FirstType(chain), Encoded(chain));
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(result) == R::TOO_MANY), true, "a payload more");
    }

    /** \return \p count SPIs of 4 octets */
    static std::vector<Bytes> SomeSpis(size_t count)
    {
        return std::vector<Bytes>(count, Bytes(4, 7));
    }

    /** \return an SA of so many proposals of so many transforms each */
    static SaPayload SomeProposals(size_t proposals, size_t transforms)
    {
        SaPayload sa;
        for (size_t i = 0; i < proposals; ++i)
        {
            IkeProposal proposal;
            proposal.number = static_cast<uint8_t>(i + 1);
            proposal.transforms.resize(transforms);
            sa.proposals.push_back(proposal);
        }
        return sa;
    }
};

/**
 * Input: key downloads with remarkable rows. Output: all 32 bits of a lifetime's ends come back,
 * TIME_MAX too; a later instant is refused at its place; an instant before 1970 is sent as 0; KEK
 * ID 0, an OSPFv2 key ID that is none, a KEK after a PMK are refused.
 */
class KeyRowCase : public TestCase
{
  public:
    KeyRowCase()
        : TestCase("rows of key downloads: times, identifiers, order")
    {
    }

  private:
    void DoRun() override
    {
        KeyDownloadPayload keys = SampleKeyDownload(1, 1);
        keys.keks[0].lifetimes.acceptStart = Time(-5);
        const auto decoded = DecodeOne(T::KEY_DOWNLOAD, Encoded({keys}));
        const auto* back = decoded ? std::get_if<KeyDownloadPayload>(&*decoded) : nullptr;
        NS_TEST_ASSERT_MSG_EQ((back != nullptr), true, "decodes");
        NS_TEST_EXPECT_MSG_EQ(back->keks[0].lifetimes.acceptStart.count(), 0, "before 1970");
        NS_TEST_EXPECT_MSG_EQ((back->keks[0].lifetimes.acceptEnd == TIME_MAX), true, "for ever");
        NS_TEST_EXPECT_MSG_EQ((back->keks[0].key == keys.keks[0].key), true, "KEK");
        NS_TEST_EXPECT_MSG_EQ((back->pmks[0].key == keys.pmks[0].key), true, "PMK");
        NS_TEST_EXPECT_MSG_EQ((back->pmks[0].lifetimes == keys.pmks[0].lifetimes), true, "times");

        // Each of the four instants of either row, one nanosecond beyond what Time can hold.
        const Bytes good = Encoded({SampleKeyDownload(1, 1)});
        for (const size_t firstTime : {size_t(4 + 28), size_t(4 + 64 + 12)})
        {
            for (size_t i = 0; i < 4; ++i)
            {
                Bytes bad = good;
                const size_t at = firstTime + 8 * i;
                bad[at] = 0x80;
                std::fill(bad.begin() + at + 1, bad.begin() + at + 8, 0);
                const auto result = DecodeIkePayloads(T::KEY_DOWNLOAD, bad);
                const auto* error = std::get_if<DecodeError>(&result);
                NS_TEST_EXPECT_MSG_EQ((error && error->reason == R::BAD_VALUE &&
                                       error->offset == at && error->value == 0x80000000),
                                      true,
                                      "instant at " << at);
            }
        }

        keys = SampleKeyDownload(1, 0);
        keys.keks[0].keyId = 0;
        NS_TEST_EXPECT_MSG_EQ((ReasonFor(keys) == R::BAD_VALUE), true, "KEK ID 0");
        keys = SampleKeyDownload(1, 0);
        keys.keks[0].group.protocol = KeyProtocol::NONE;
        NS_TEST_EXPECT_MSG_EQ((ReasonFor(keys) == R::BAD_VALUE), true, "KEK of no protocol");
        for (const uint32_t keyId : {0u, 1u, 255u, 256u})
        {
            keys = SampleKeyDownload(0, 1);
            keys.pmks[0].keyId = keyId;
            const bool good = keyId > 0 && keyId < 256;
            NS_TEST_EXPECT_MSG_EQ((ReasonFor(keys) == (good ? R::NONE : R::BAD_VALUE)),
                                  true,
                                  "OSPFv2 key ID " << keyId);
            keys.pmks[0].protocol = KeyProtocol::OSPFV3;
            NS_TEST_EXPECT_MSG_EQ((ReasonFor(keys) == R::NONE), true, "OSPFv3 key ID " << keyId);
            keys.pmks[0].protocol = KeyProtocol::NONE;
            NS_TEST_EXPECT_MSG_EQ((ReasonFor(keys) == R::BAD_VALUE), true, "of no protocol");
        }

        Bytes reserved = good;
        reserved[4 + 64 + 5] = 1;
        const auto refused = DecodeIkePayloads(T::KEY_DOWNLOAD, reserved);
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(refused) == R::BAD_VALUE), true, "reserved octet of a PMK");

        // PMK row first, KEK row second.
        Bytes swapped = good;
        std::rotate(swapped.begin() + 4, swapped.begin() + 4 + 64, swapped.end());
        const auto result = DecodeIkePayloads(T::KEY_DOWNLOAD, swapped);
        NS_TEST_EXPECT_MSG_EQ((ReasonOf(result) == R::BAD_VALUE), true, "KEK after PMK");
    }
};

/**
 * RFC 7296 section 2.5: input: the critical bit on a payload that is understood, on one of RFC 7296
 * that is passed over, on an unknown one; reserved bits set. Output: only the last but one matters.
 */
class CriticalCase : public TestCase
{
  public:
    CriticalCase()
        : TestCase("the critical bit matters on unknown payloads only, reserved bits never")
    {
    }

  private:
    void DoRun() override
    {
        const Bytes nonce(16, 1);
        for (const uint8_t flags : {0x00, 0x7f, 0x80, 0xff})
        {
            Bytes chain = Encoded({NoncePayload{nonce}});
            chain[1] = flags;
            const auto known = DecodeOne(T::NONCE, chain);
            NS_TEST_EXPECT_MSG_EQ(known.has_value(), true, "nonce with flags " << unsigned(flags));
            const auto selector = DecodeOne(T::TS_RESPONDER, chain);
            NS_TEST_EXPECT_MSG_EQ(selector.has_value(), true, "TSr with flags " << unsigned(flags));
            const auto result = DecodeIkePayloads(static_cast<T>(200), chain);
            NS_TEST_EXPECT_MSG_EQ((ReasonOf(result) == R::UNKNOWN_CRITICAL),
                                  (flags >= 0x80),
                                  "unknown with flags " << unsigned(flags));
        }
        const auto critical = Encoded({UnknownPayload{201, true, {1}}});
        NS_TEST_EXPECT_MSG_EQ(ToHex(critical), "0080000501", "critical bit is sent");

        // Reserved octets of RFC 7296: ignored on receipt.
        Bytes ke = Encoded({KePayload{31, Bytes(32)}});
        ke[6] = 0xff;
        Bytes id = Encoded({IdPayload{true, IkeIdType::FQDN, Bytes(2)}});
        id[5] = 0xff;
        Bytes sa = FromHex("0000001400ff001001010001 00ff0008 01ff0014");
        NS_TEST_EXPECT_MSG_EQ(DecodeOne(T::KEY_EXCHANGE, ke).has_value(), true, "KE");
        NS_TEST_EXPECT_MSG_EQ(DecodeOne(T::ID_INITIATOR, id).has_value(), true, "ID");
        NS_TEST_EXPECT_MSG_EQ(DecodeOne(T::SECURITY_ASSOCIATION, sa).has_value(), true, "SA");
    }
};

/** Input: structs that no octets can say. Output: nothing, rather than octets that lie. */
class NoEncodingCase : public TestCase
{
  public:
    NoEncodingCase()
        : TestCase("what does not fit its length fields has no encoding")
    {
    }

  private:
    void DoRun() override
    {
        const auto isNothing = [](const IkePayload& payload) {
            return EncodeIkePayloads({payload}).empty();
        };
        NS_TEST_EXPECT_MSG_EQ(isNothing(VendorIdPayload{Bytes(65531)}), false, "longest payload");
        NS_TEST_EXPECT_MSG_EQ(isNothing(VendorIdPayload{Bytes(65532)}), true, "longer payload");
        IkeProposal proposal;
        proposal.transforms.resize(256);
        NS_TEST_EXPECT_MSG_EQ(isNothing(SaPayload{{proposal}}), true, "256 transforms");
        proposal.transforms.clear();
        proposal.spi.resize(256);
        NS_TEST_EXPECT_MSG_EQ(isNothing(SaPayload{{proposal}}), true, "SPI of 256 octets");
        NotifyPayload notify;
        notify.spi.resize(256);
        NS_TEST_EXPECT_MSG_EQ(isNothing(notify), true, "SPI of 256 octets");
        const DeletePayload mixed{IkeProtocol::ESP, 4, {Bytes(4), Bytes(3)}};
        NS_TEST_EXPECT_MSG_EQ(isNothing(mixed), true, "SPIs of two sizes");
        NS_TEST_EXPECT_MSG_EQ(isNothing(UnknownPayload{}), true, "type 0");
    }
};

/** Input: an identity. Output: its body as AUTH covers it, RFC 7296 section 2.15. */
class IdBodyCase : public TestCase
{
  public:
    IdBodyCase()
        : TestCase("the body of an identity has no generic header")
    {
    }

  private:
    void DoRun() override
    {
        const IdPayload id{false, IkeIdType::KEY_ID, FromHex("0102")};
        NS_TEST_EXPECT_MSG_EQ(ToHex(id.Body()), "0b0000000102", "type, reserved, data");
        NS_TEST_EXPECT_MSG_EQ(ToHex(Encoded({id})), "0000000a" + ToHex(id.Body()), "payload");
    }
};

} // namespace

std::vector<TestCase*>
WirePayloadCases()
{
    return {new GoldenCase,
            new RefusalCase,
            new BoundsCase,
            new KeyRowCase,
            new CriticalCase,
            new NoEncodingCase,
            new IdBodyCase};
}

} // namespace karp
} // namespace ns3
