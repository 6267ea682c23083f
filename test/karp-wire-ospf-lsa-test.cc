/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-wire-check.h"
#include "karp-wire-samples.h"

/**
 * \file
 * \ingroup karp-test
 * Suite karp-wire: LSAs, and OSPF packets that carry them or speak of them.
 */

namespace ns3
{
namespace karp
{

namespace
{

using R = DropReason; //!< for short rows

/** \return an LSA of \p type with \p body in hexadecimal; length and checksum are right */
Bytes
Lsa(uint8_t type, const std::string& body)
{
    Bytes octets =
        FromHex("000102" + ToHex(Bytes{type}) + "0a0000010aff0001800000010000" + "0000" + body);
    octets[18] = static_cast<uint8_t>(octets.size() >> 8);
    octets[19] = static_cast<uint8_t>(octets.size());
    const uint16_t checksum = OspfLsaChecksum(octets);
    octets[16] = static_cast<uint8_t>(checksum >> 8);
    octets[17] = static_cast<uint8_t>(checksum);
    return octets;
}

/** \return why \p octets are no LSA, NONE if they are one */
R
Verdict(const Bytes& octets)
{
    const auto decoded = DecodeOspfLsa(octets);
    const auto* error = std::get_if<DecodeError>(&decoded);
    return error == nullptr ? R::NONE : error->reason;
}

/** An LSA, and what is read of it. */
struct LsaRow
{
    const char* name; //!< for people
    uint8_t type;     //!< LS type
    const char* body; //!< octets after the header
    R reason;         //!< why it is refused
    const char* says; //!< what it says otherwise
};

/** Of each type: with and without metrics for TOS; lists that do not end where the LSA does. */
const LsaRow ROWS[] = {
    {"router", 1, "00000000", R::NONE, "flags=0"},
    {"router with a link",
     1,
     "030000010a000002ffffff0003000007",
     R::NONE,
     "flags=3 link(type=3 id=10.0.0.2 data=255.255.255.0 metric=7)"},
    {"router with a link that has metrics for two TOS, and another one",
     1,
     "000000020a000002ffffff00030200070800000910000001"
     "0a0000030a00000101000005",
     R::NONE,
     "flags=0 link(type=3 id=10.0.0.2 data=255.255.255.0 metric=7) link(type=1 id=10.0.0.3 "
     "data=10.0.0.1 metric=5)"},
    {"router with a link of a type nobody knows",
     1,
     "000000010a0000020a00000109000007",
     R::NONE,
     "flags=0 link(type=9 id=10.0.0.2 data=10.0.0.1 metric=7)"},
    {"router with more links than it counts",
     1,
     "000000010a000002ffffff00030000070a000003ffffff0003000007",
     R::BAD_LENGTH,
     ""},
    {"router that counts more links than it has",
     1,
     "000000020a000002ffffff0003000007",
     R::BAD_LENGTH,
     ""},
    {"router whose metrics for TOS do not fit",
     1,
     "000000010a000002ffffff0003010007",
     R::TRUNCATED,
     ""},
    {"router without a count", 1, "0000", R::TRUNCATED, ""},
    {"network",
     2,
     "ffffff000aff00010aff0002",
     R::NONE,
     "mask=255.255.255.0 routers=10.255.0.1,10.255.0.2"},
    {"network without routers", 2, "ffffff00", R::NONE, "mask=255.255.255.0 routers="},
    {"network with half a router", 2, "ffffff000aff", R::BAD_LENGTH, ""},
    {"network without a mask", 2, "ffff", R::TRUNCATED, ""},
    {"summary", 3, "ffffff0000ffffff", R::NONE, "mask=255.255.255.0 metric=16777215"},
    {"summary with an octet before its metric",
     3,
     "ffffff00ff000005",
     R::NONE,
     "mask=255.255.255.0 metric=5"},
    {"summary with a metric for a TOS",
     3,
     "ffffff000000000508000009",
     R::NONE,
     "mask=255.255.255.0 metric=5"},
    {"summary with half of one", 3, "ffffff00000000050800", R::BAD_LENGTH, ""},
    {"summary of a router", 4, "0000000000000005", R::NONE, "mask=0.0.0.0 metric=5"},
    {"summary without a metric", 4, "00000000", R::TRUNCATED, ""},
    {"external",
     5,
     "ffffff00800000140a00000900000007",
     R::NONE,
     "mask=255.255.255.0 type=2 metric=20 forward=10.0.0.9 tag=7"},
    {"external of type 1",
     5,
     "ffffff0000ffffff0000000000000000",
     R::NONE,
     "mask=255.255.255.0 type=1 metric=16777215 forward=0.0.0.0 tag=0"},
    {"external with a route for a TOS",
     5,
     "ffffff0000000014000000000000000088000001000000000a0b0c0d",
     R::NONE,
     "mask=255.255.255.0 type=1 metric=20 forward=0.0.0.0 tag=0"},
    {"external with part of one", 5, "ffffff0000000014000000000000000088000001", R::BAD_LENGTH, ""},
    {"external without a tag", 5, "ffffff000000001400000000", R::TRUNCATED, ""},
    {"type 0", 0, "00000000", R::BAD_TYPE, ""},
    {"type 6", 6, "00000000", R::BAD_TYPE, ""},
};

/** Input: LSAs of each type. Output: what they say, or why they are refused. */
class LsaCase : public TestCase
{
  public:
    LsaCase()
        : TestCase("LSAs of each type, with and without metrics for TOS")
    {
    }

  private:
    void DoRun() override
    {
        for (const LsaRow& row : ROWS)
        {
            const Bytes octets = Lsa(row.type, row.body);
            NS_TEST_EXPECT_MSG_EQ(std::string(ToString(Verdict(octets))),
                                  std::string(ToString(row.reason)),
                                  row.name);
            NS_TEST_EXPECT_MSG_EQ(FaultOfOspfLsa(octets), "", row.name);
            const auto decoded = DecodeOspfLsa(octets);
            if (const auto* lsa = std::get_if<OspfLsaPtr>(&decoded))
            {
                const std::string text = Describe(**lsa);
                const size_t length = text.find(" length=");
                NS_TEST_EXPECT_MSG_EQ(text.substr(text.find(' ', length + 1) + 1),
                                      std::string(row.says),
                                      row.name);
            }
        }
    }
};

/** Input: LSAs cut at each octet, and with each other length. Output: all refused. */
class LsaLengthCase : public TestCase
{
  public:
    LsaLengthCase()
        : TestCase("an LSA that ends anywhere else, or says so, is refused")
    {
    }

  private:
    void DoRun() override
    {
        for (const LsaRow& row : ROWS)
        {
            const Bytes whole = Lsa(row.type, row.body);
            for (size_t size = 0; row.reason == R::NONE && size < whole.size(); ++size)
            {
                const Bytes part(whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size));
                NS_TEST_EXPECT_MSG_EQ((Verdict(part) != R::NONE), true, row.name << " " << size);
                Bytes lying = whole;
                lying[19] = static_cast<uint8_t>(size);
                NS_TEST_EXPECT_MSG_EQ((Verdict(lying) != R::NONE), true, row.name << " " << size);
            }
            Bytes longer = whole;
            longer.push_back(0);
            NS_TEST_EXPECT_MSG_EQ((Verdict(longer) != R::NONE), true, row.name);
            for (size_t bit = 0; bit < whole.size() * 8; ++bit)
            {
                Bytes flipped = whole;
                flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
                NS_TEST_EXPECT_MSG_EQ(FaultOfOspfLsa(flipped), "", row.name << " bit " << bit);
                const bool isCovered = bit >= 16 && (bit < 128 || bit >= 144);
                NS_TEST_EXPECT_MSG_EQ((OspfLsaChecksum(flipped) != OspfLsaChecksum(whole)),
                                      isCovered,
                                      row.name << " checksum, bit " << bit);
            }
        }
    }
};

/** Input: an LSA with more in it than 65,535 octets, or of another type. Output: none is made. */
class LsaBoundCase : public TestCase
{
  public:
    LsaBoundCase()
        : TestCase("an LSA that would be too long, or of another type, is not made")
    {
    }

  private:
    void DoRun() override
    {
        OspfLsaHeader header;
        header.key.type = OspfLsaType::ROUTER;
        OspfRouterLsa router;
        router.links.resize((UINT16_MAX - OSPF_LSA_HEADER_SIZE - 4) / 12);
        NS_TEST_EXPECT_MSG_EQ((MakeOspfLsa(header, router) != nullptr), true, "the longest");
        router.links.emplace_back();
        NS_TEST_EXPECT_MSG_EQ((MakeOspfLsa(header, router) == nullptr), true, "a longer one");
        NS_TEST_EXPECT_MSG_EQ((MakeOspfLsa(header, OspfNetworkLsa{}) == nullptr), true, "type");
        header.key.type = OspfLsaType::NONE;
        NS_TEST_EXPECT_MSG_EQ((MakeOspfLsa(header, OspfNetworkLsa{}) == nullptr), true, "no type");
    }
};

/** A body of a packet, and whether it is one. */
struct BodyRow
{
    const char* name;    //!< for people
    OspfPacketType type; //!< whose body
    std::string body;    //!< octets
    R reason;            //!< why it is refused
};

/** Input: bodies of each type, cut at each octet. Output: only whole lists are taken. */
class DatabaseBodyCase : public TestCase
{
  public:
    DatabaseBodyCase()
        : TestCase("packets that carry LSAs or speak of them, cut at each octet")
    {
    }

  private:
    static R Decode(OspfPacketType type, ByteView body)
    {
        OspfDatabaseDescription description;
        std::vector<OspfLsaKey> keys;
        std::vector<ByteView> lsas;
        std::vector<OspfLsaHeader> headers;
        switch (type)
        {
        case OspfPacketType::DATABASE_DESCRIPTION:
            return DecodeOspfDatabaseDescription(body, description).reason;
        case OspfPacketType::LINK_STATE_REQUEST:
            return DecodeOspfRequest(body, keys).reason;
        case OspfPacketType::LINK_STATE_UPDATE:
            return DecodeOspfUpdate(body, lsas).reason;
        default:
            return DecodeOspfAcknowledgment(body, headers).reason;
        }
    }

    void DoRun() override
    {
        const std::string head = ToHex(Lsa(1, "00000000")).substr(0, 40);
        const std::string lsa = ToHex(Lsa(1, "00000000"));
        using T = OspfPacketType;
        const BodyRow rows[] = {
            {"empty description", T::DATABASE_DESCRIPTION, "05dc020700000001", R::NONE},
            {"description", T::DATABASE_DESCRIPTION, "05dc020200000001" + head + head, R::NONE},
            {"empty request", T::LINK_STATE_REQUEST, "", R::NONE},
            {"request", T::LINK_STATE_REQUEST, "000000010a0000010aff0001", R::NONE},
            {"request of a wide type", T::LINK_STATE_REQUEST, "000001010a0000010aff0001", R::NONE},
            {"no LSA", T::LINK_STATE_UPDATE, "00000000", R::NONE},
            {"update", T::LINK_STATE_UPDATE, "00000002" + lsa + lsa, R::NONE},
            {"more LSAs than counted", T::LINK_STATE_UPDATE, "00000001" + lsa + lsa, R::BAD_LENGTH},
            {"fewer", T::LINK_STATE_UPDATE, "00000002" + lsa, R::TRUNCATED},
            {"no end of LSAs", T::LINK_STATE_UPDATE, "ffffffff" + lsa, R::TRUNCATED},
            {"acknowledgment", T::LINK_STATE_ACKNOWLEDGMENT, head + head, R::NONE},
        };
        for (const BodyRow& row : rows)
        {
            const Bytes whole = FromHex(row.body);
            NS_TEST_EXPECT_MSG_EQ(std::string(ToString(Decode(row.type, whole))),
                                  std::string(ToString(row.reason)),
                                  row.name);
            const size_t fixed = row.type == T::DATABASE_DESCRIPTION ? OSPF_DD_FIXED_SIZE : 0;
            const size_t item =
                row.type == T::LINK_STATE_REQUEST ? OSPF_REQUEST_SIZE : OSPF_LSA_HEADER_SIZE;
            for (size_t size = 0; row.reason == R::NONE && size < whole.size(); ++size)
            {
                const bool isWhole =
                    row.type != T::LINK_STATE_UPDATE && size >= fixed && (size - fixed) % item == 0;
                NS_TEST_EXPECT_MSG_EQ((Decode(row.type, ByteView(whole.data(), size)) == R::NONE),
                                      isWhole,
                                      row.name << " " << size);
            }
        }
        // An LSA in an update that says it is shorter than its header would never end.
        Bytes none = FromHex("00000001" + lsa);
        none[4 + 19] = 0;
        NS_TEST_EXPECT_MSG_EQ((Decode(T::LINK_STATE_UPDATE, none) == R::BAD_LENGTH),
                              true,
                              "length");
    }
};

} // namespace

std::vector<TestCase*>
WireOspfLsaCases()
{
    return {new LsaCase, new LsaLengthCase, new LsaBoundCase, new DatabaseBodyCase};
}

} // namespace karp
} // namespace ns3
