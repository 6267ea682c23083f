/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-wire-samples.h"

#include <numeric>

namespace ns3
{
namespace karp
{

namespace
{

/** \return \p count octets that count up from \p first */
template <typename B>
B
Counting(uint8_t first, size_t count)
{
    B octets;
    for (size_t i = 0; i < count; ++i)
    {
        octets.push_back(static_cast<uint8_t>(first + i));
    }
    return octets;
}

/** \return an offer of two suites and a rekeying one with an SPI and an attribute nobody knows */
SaPayload
SampleSa()
{
    IkeProposal aead;
    aead.transforms = {{IkeTransformType::ENCR, 20, 128, {}},
                       {IkeTransformType::PRF, 5, std::nullopt, {}},
                       {IkeTransformType::KE, 31, std::nullopt, {}}};
    IkeProposal other;
    other.number = 2;
    other.protocol = IkeProtocol::ESP;
    other.spi = FromHex("01020304");
    other.transforms = {{IkeTransformType::ENCR, 12, 256, FromHex("40010003aabbcc")}};
    return SaPayload{{aead, other}};
}

/** \return nonces, challenge and answer of a router, or the least there can be */
TransportPayload
SampleTransport(bool full)
{
    const auto nonce = [](uint8_t first) {
        TransportNonce octets{};
        std::iota(octets.begin(), octets.end(), first);
        return octets;
    };
    TransportPayload transport;
    transport.nonce = nonce(0xa0);
    if (full)
    {
        transport.soon = true;
        transport.challenge = 0x0102;
        transport.previous = nonce(0xb0);
        transport.asked = {IpAddress{0x0a000002}};
        transport.answers = {{IpAddress{0x0a000001}, 0x0203}};
    }
    return transport;
}

/** \return payloads of RFC 7296 */
std::vector<PayloadSample>
StandardSamples()
{
    const Bytes nonce = Counting<Bytes>(0x10, 16);
    return {
        {"SA",
         SampleSa(),
         "00000047"
         "02000024 01010003 0300000c 01000014 800e0080 03000008 02000005 00000008 0400001f"
         "0000001f 02030401 01020304 00000013 0100000c 800e0100 40010003aabbcc",
         "SECURITY_ASSOCIATION #1 IKE ENCR=20/128 PRF=5 KE=31 #2 ESP spi=01020304 ENCR=12/256 "
         "unknown attributes=40010003aabbcc"},
        {"KE",
         KePayload{31, FromHex("aabbccdd")},
         "0000000c 001f0000 aabbccdd",
         "KEY_EXCHANGE group=31 data=aabbccdd"},
        {"IDi",
         IdPayload{true, IkeIdType::FQDN, ByteView::Of("r1").Copy()},
         "0000000a 02000000 7231",
         "ID_INITIATOR type=2 data=7231"},
        {"IDr",
         IdPayload{false, IkeIdType::IPV4_ADDR, FromHex("0a000001")},
         "0000000c 01000000 0a000001",
         "ID_RESPONDER type=1 data=0a000001"},
        {"CERT",
         CertPayload{4, FromHex("3003020105")},
         "0000000a 04 3003020105",
         "CERTIFICATE encoding=4 data=3003020105"},
        {"CERTREQ",
         CertReqPayload{4, FromHex("abcd")},
         "00000007 04 abcd",
         "CERTIFICATE_REQUEST encoding=4 authorities=abcd"},
        {"AUTH",
         AuthPayload{IkeAuthMethod::SHARED_KEY, FromHex("0badcafe")},
         "0000000c 02000000 0badcafe",
         "AUTHENTICATION method=2 data=0badcafe"},
        {"Nonce",
         NoncePayload{nonce},
         "00000014 101112131415161718191a1b1c1d1e1f",
         "NONCE data=101112131415161718191a1b1c1d1e1f"},
        {"Notify",
         NotifyPayload{IkeNotify::COOKIE, IkeProtocol::NONE, {}, FromHex("c00c1e")},
         "0000000b 00004006 c00c1e",
         "NOTIFY type=COOKIE protocol=NONE data=c00c1e"},
        {"Notify with SPI",
         NotifyPayload{static_cast<IkeNotify>(16393), IkeProtocol::ESP, FromHex("01020304"), {}},
         "0000000c 03044009 01020304",
         "NOTIFY type=notify 16393 protocol=ESP spi=01020304"},
        {"Delete of an IKE SA",
         DeletePayload{IkeProtocol::IKE, 0, {}},
         "00000008 01000000",
         "DELETE protocol=IKE spi_size=0"},
        {"Delete of a KEK",
         DeletePayload{IkeProtocol::MRKMP_KEK, 8, {FromHex("0102030405060708")}},
         "00000010 c9080001 0102030405060708",
         "DELETE protocol=MRKMP_KEK spi_size=8 spi=0102030405060708"},
        {"Delete of two protocol master keys",
         DeletePayload{IkeProtocol::MRKMP_PMK, 5, {FromHex("0300000007"), FromHex("0300000008")}},
         "00000012 ca050002 0300000007 0300000008",
         "DELETE protocol=MRKMP_PMK spi_size=5 spi=0300000007 spi=0300000008"},
        {"Vendor ID",
         VendorIdPayload{ByteView::Of("karp").Copy()},
         "00000008 6b617270",
         "VENDOR_ID data=6b617270"},
        {"traffic selectors",
         UnknownPayload{44, false, FromHex("01000000")},
         "00000008 01000000",
         "TS_INITIATOR body=01000000"},
        {"unknown",
         UnknownPayload{200, false, FromHex("0102")},
         "00000006 0102",
         "payload 200 body=0102"},
    };
}

/** \return our own payloads */
std::vector<PayloadSample>
OwnSamples()
{
    return {
        {"Advertisement",
         AdvertPayload{AdvertState::GCKS, 200, 10000, 0x1122334455667788},
         "00000014 01c80000 00002710 1122334455667788",
         "ADVERTISEMENT state=gcks priority=200 interval_ms=10000 kek=1234605616436508552"},
        {"Advertisement of a newcomer",
         AdvertPayload{},
         "00000014 00000000 00000000 0000000000000000",
         "ADVERTISEMENT state=initial priority=0 interval_ms=0 kek=0"},
        {"Group ID",
         GroupIdPayload{KeyProtocol::OSPFV2, 0x01020304},
         "0000000c 03000000 01020304",
         "GROUP_ID protocol=ospfv2 instance=16909060"},
        {"Key Download",
         SampleKeyDownload(1, 1),
         "00000072"
         "01000040 0000000000000001 03000000 00000007 00140080 00000005"
         "0000000000000001 0000000000000002 0000000000000003 7fffffffffffffff a0a1a2a3"
         "0200002e 03000003 00000001"
         "0000000000000000 0000000000000000 7fffffffffffffff 7fffffffffffffff b0b1",
         "KEY_DOWNLOAD KEK id=1 protocol=ospfv2 instance=7 encr=20/128 integ=0 prf=5 "
         "accept=1..9223372036854775807 send=2..3 key_octets=4 "
         "PMK protocol=ospfv2 id=1 algorithm=3 accept=0..9223372036854775807 "
         "send=0..9223372036854775807 key_octets=2"},
        {"Sequence",
         SequencePayload{0xfedcba9876543210},
         "0000000c fedcba9876543210",
         "SEQUENCE number=18364758544493064720"},
        {"Transport",
         SampleTransport(false),
         "00000020 00010000 0000000000000000 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
         "TRANSPORT challenge=0 nonce=a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"},
        {"Transport with all there is",
         SampleTransport(true),
         "00000040 01020101 0000000000000102 a0a1a2a3a4a5a6a7a8a9aaabacadaeaf "
         "b0b1b2b3b4b5b6b7b8b9babbbcbdbebf 0a000002 0a000001 0000000000000203",
         "TRANSPORT soon challenge=258 nonce=a0a1a2a3a4a5a6a7a8a9aaabacadaeaf "
         "previous=b0b1b2b3b4b5b6b7b8b9babbbcbdbebf asked=10.0.0.2 10.0.0.1=515"},
    };
}

} // namespace

KeyDownloadPayload
SampleKeyDownload(size_t keks, size_t pmks)
{
    KeyDownloadPayload keys;
    for (size_t i = 1; i <= keks; ++i)
    {
        KekRow row;
        row.keyId = i;
        row.group = {KeyProtocol::OSPFV2, 7};
        row.encr = 20;
        row.keyLength = 128;
        row.prf = 5;
        row.lifetimes = {Time(1), Time(2), Time(3), TIME_MAX};
        row.key = Counting<SecretBytes>(0xa0, 4);
        keys.keks.push_back(row);
    }
    for (size_t i = 1; i <= pmks; ++i)
    {
        PmkRow row;
        row.keyId = static_cast<uint32_t>(i);
        row.algorithm = MacAlgorithm::HMAC_SHA_256;
        row.lifetimes = {Time(0), Time(0), TIME_MAX, TIME_MAX};
        row.key = Counting<SecretBytes>(0xb0, 2);
        keys.pmks.push_back(row);
    }
    return keys;
}

std::vector<PayloadSample>
PayloadSamples()
{
    std::vector<PayloadSample> samples = StandardSamples();
    for (auto& sample : OwnSamples())
    {
        samples.push_back(std::move(sample));
    }
    return samples;
}

std::vector<MessageSample>
MessageSamples()
{
    IkeHeader header;
    header.spiInitiator = 0x0102030405060708;
    header.flags = IKE_FLAG_INITIATOR;

    IkeMessage offer{header, {SampleSa(), KePayload{31, Bytes(32, 0x5a)}}};
    offer.payloads.push_back(NoncePayload{Bytes(32, 0xa5)});

    IkeMessage advert{header, {GroupIdPayload{}, AdvertPayload{AdvertState::GCKS, 1, 1000, 5}}};
    advert.header.exchange = IkeExchange::MRKMP_ADVERT;

    IkeMessage sealed{header, {EncryptedPayload{IkePayloadType::SEQUENCE, Bytes(40, 0xee), 0}}};
    sealed.header.exchange = IkeExchange::MRKMP_UPDATE;
    sealed.header.spiResponder = 5;
    sealed.header.messageId = 0xdeadbeef;

    IkeMessage all{header, {}};
    for (auto& sample : PayloadSamples())
    {
        all.payloads.push_back(std::move(sample.payload));
    }
    all.payloads.push_back(EncryptedPayload{IkePayloadType::NOTIFY, Bytes(24, 0xdd), 0});
    all.header.exchange = IkeExchange::INFORMATIONAL;
    all.header.flags = IKE_FLAG_RESPONSE;

    return {{"offer", offer},
            {"advertisement", advert},
            {"sealed", sealed},
            {"every payload", all},
            {"empty", IkeMessage{header, {}}}};
}

} // namespace karp
} // namespace ns3
