/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-test-data.h"
#include "karp-vectors-check.h"

#include "ns3/test.h"

#include <cstdlib>
#include <functional>
#include <iostream>
#include <sstream>

/**
 * \file
 * \ingroup karp-test
 * Suite karp-vectors: what strongSwan and BIRD computed (test/vectors/README.md), and what further
 * files say that KARP_IKE_VECTORS and KARP_OSPF_VECTORS name (each a list separated by colons).
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return the paths in environment variable \p name */
std::vector<std::string>
PathsIn(const char* name)
{
    const char* value = std::getenv(name);
    std::istringstream list(value == nullptr ? "" : value);
    std::vector<std::string> paths;
    std::string path;
    while (std::getline(list, path, ':'))
    {
        if (!path.empty())
        {
            paths.push_back(path);
        }
    }
    return paths;
}

/** \return the file of the IKEv2 vectors that come with the module */
std::string
IkeFile()
{
    return KarpTestDataPath() + "/vectors/ikev2/keys.json";
}

/** \return the file of the OSPF vectors that come with the module */
std::string
OspfFile()
{
    return KarpTestDataPath() + "/vectors/ospf/ospf_auth_vectors.csv";
}

/** \return the file of the vectors of AuType 3, which are our own */
std::string
ExtendedFile()
{
    return KarpTestDataPath() + "/vectors/ospf/ospf_rfc7474_vectors.csv";
}

/** \return \p path without its folders */
std::string
BaseName(const std::string& path)
{
    return path.substr(path.find_last_of('/') + 1);
}

/** Tell who runs the suite what was verified in \p path and what was left out. */
void
Tell(const std::string& path, const VectorReport& report)
{
    std::clog << "karp-vectors: " << path << ": ";
    if (report.associations > 0)
    {
        std::clog << report.associations << " IKE SAs (" << report.rekeyed << " rekeyed), "
                  << report.authentications << " AUTH payloads, " << report.children
                  << " Child SAs, ";
    }
    std::clog << report.messages << (report.associations > 0 ? " messages\n" : " packets\n");
    for (const std::string& note : report.notes)
    {
        std::clog << "karp-vectors: " << path << ": " << note << '\n';
    }
}

} // namespace

/**
 * Input: a file of IKEv2 sessions.
 * Output: SKEYSEED and SK_* of each association, also of rekeyed ones; both AUTH payloads of each
 * initial exchange; every message opened to the payloads listed and sealed again to the same
 * octets; no truncation and no flipped bit opened. Something must have been there to verify.
 */
class IkeVectorsTest : public TestCase
{
  public:
    /** Check the file at \p path. */
    explicit IkeVectorsTest(const std::string& path)
        : TestCase("IKEv2 sessions of " + BaseName(path) + " are computed alike"),
          m_path(path)
    {
    }

  private:
    void DoRun() override
    {
        std::string error;
        VectorReport report;
        for (const auto& session : LoadIkeVectors(m_path, &error))
        {
            CheckIkeSession(session, report);
        }
        Tell(m_path, report);
        NS_TEST_EXPECT_MSG_EQ(error, "", m_path);
        NS_TEST_EXPECT_MSG_EQ(report.Text(), "", m_path);
        // What is not offered has been told; an empty file has nothing to tell.
        const size_t seen = report.associations + report.messages + report.notes.size();
        NS_TEST_EXPECT_MSG_GT(seen, 0u, m_path << " verified nothing");
    }

    std::string m_path; //!< of the file
};

/**
 * Input: a file of OSPF packets.
 * Output: each verified under the rule of key preparation that the file says, and under the other
 * one only if it says so; its digest computed; no truncation and no flipped bit accepted.
 */
class OspfVectorsTest : public TestCase
{
  public:
    /** Check the file at \p path. */
    explicit OspfVectorsTest(const std::string& path)
        : TestCase("OSPF packets of " + BaseName(path) + " are computed alike"),
          m_path(path)
    {
    }

  private:
    void DoRun() override
    {
        std::string error;
        VectorReport report;
        for (const auto& vector : LoadOspfVectors(m_path, &error))
        {
            CheckOspfVector(vector, report);
        }
        Tell(m_path, report);
        NS_TEST_EXPECT_MSG_EQ(error, "", m_path);
        NS_TEST_EXPECT_MSG_EQ(report.Text(), "", m_path);
        NS_TEST_EXPECT_MSG_GT(report.messages + report.notes.size(),
                              0u,
                              m_path << " verified nothing");
    }

    std::string m_path; //!< of the file
};

/**
 * Input: the files that come with the module.
 * Output: as much verified as is in them: a reader that skips half would show.
 */
class VectorCountTest : public TestCase
{
  public:
    VectorCountTest()
        : TestCase("every vector that comes with the module is checked")
    {
    }

  private:
    void DoRun() override
    {
        std::string error;
        VectorReport ike;
        for (const auto& session : LoadIkeVectors(IkeFile(), &error))
        {
            CheckIkeSession(session, ike);
        }
        NS_TEST_EXPECT_MSG_EQ(ike.associations, 5u, "IKE SAs");
        NS_TEST_EXPECT_MSG_EQ(ike.rekeyed, 2u, "rekeyed ones");
        NS_TEST_EXPECT_MSG_EQ(ike.authentications, 6u, "AUTH payloads");
        NS_TEST_EXPECT_MSG_EQ(ike.children, 2u, "Child SAs");
        NS_TEST_EXPECT_MSG_EQ(ike.messages, 24u, "messages");
        NS_TEST_EXPECT_MSG_EQ(ike.notes.size(), 0u, "left out");
        VectorReport ospf;
        for (const auto& vector : LoadOspfVectors(OspfFile(), &error))
        {
            CheckOspfVector(vector, ospf);
        }
        NS_TEST_EXPECT_MSG_EQ(ospf.messages, 82u, "packets");
        NS_TEST_EXPECT_MSG_EQ(ospf.notes.size(), 0u, "left out");
        VectorReport extended;
        for (const auto& vector : LoadOspfVectors(ExtendedFile(), &error))
        {
            CheckOspfVector(vector, extended);
        }
        NS_TEST_EXPECT_MSG_EQ(extended.messages, 37u, "packets of AuType 3");
        NS_TEST_EXPECT_MSG_EQ(extended.notes.size(), 0u, "left out");
    }
};

/**
 * Input: the sessions with one thing at a time made wrong.
 * Output: a fault each; with an algorithm that is not offered, a note and nothing verified.
 */
class IkeVectorFaultTest : public TestCase
{
  public:
    IkeVectorFaultTest()
        : TestCase("an IKEv2 vector that is wrong is found to be wrong")
    {
    }

  private:
    using Change = std::function<void(IkeVectorSession&)>; //!< makes a session wrong

    /** \return what comes of the first session with a Child SA, changed */
    VectorReport Try(const Change& change)
    {
        std::string error;
        VectorReport report;
        for (auto& session : LoadIkeVectors(IkeFile(), &error))
        {
            if (!session.childSas.empty())
            {
                // Enough is enough: the first exchanges, and one under the rekeyed association.
                auto& messages = session.messages;
                messages.erase(messages.begin() + 5, messages.end() - 1);
                change(session);
                CheckIkeSession(session, report);
                break;
            }
        }
        return report;
    }

    void DoRun() override
    {
        using Session = IkeVectorSession;
        NS_TEST_EXPECT_MSG_EQ(Try([](Session&) {}).Text(), "", "as it is");
        const std::vector<std::pair<std::string, Change>> changes{
            {"SKEYSEED", [](Session& s) { s.ikeSas[0].skeyseed[0] ^= 1; }},
            {"SK_d", [](Session& s) { s.ikeSas[0].skD[0] ^= 1; }},
            {"SK_ei", [](Session& s) { s.ikeSas[0].skEi[0] ^= 1; }},
            {"SK_er, salt", [](Session& s) { s.ikeSas[0].skEr.back() ^= 1; }},
            {"SK_pi", [](Session& s) { s.ikeSas[0].skPi[0] ^= 1; }},
            {"SK_pr", [](Session& s) { s.ikeSas[0].skPr[0] ^= 1; }},
            {"SK_ai", [](Session& s) { s.ikeSas[0].skAi.push_back(0); }},
            {"g^ir", [](Session& s) { s.ikeSas[0].sharedSecret[0] ^= 1; }},
            {"old SK_d", [](Session& s) { s.ikeSas[1].replacedSkD[0] ^= 1; }},
            {"PSK", [](Session& s) { s.psk += ' '; }},
            {"no IDi", [](Session& s) { s.messages[2].inner.erase(s.messages[2].inner.begin()); }},
            {"IDr", [](Session& s) { s.messages[3].inner[0].octets.back() ^= 1; }},
            {"first request", [](Session& s) { s.messages[0].octets.back() ^= 1; }},
            {"first response", [](Session& s) { s.messages[1].octets.back() ^= 1; }},
            {"what is inside", [](Session& s) { s.messages[4].inner[0].octets.back() ^= 1; }},
            {"a message", [](Session& s) { s.messages[4].octets.back() ^= 1; }},
            {"a message in clear", [](Session& s) { s.messages[0].encrypted = true; }},
            {"an association not listed", [](Session& s) { s.ikeSas.pop_back(); }},
            {"keys of a Child SA", [](Session& s) { s.childSas[0].encrResponder[0] ^= 1; }},
        };
        for (const auto& [name, change] : changes)
        {
            NS_TEST_EXPECT_MSG_NE(Try(change).Text(), "", name);
        }
        const VectorReport other = Try([](Session& s) {
            for (auto& sa : s.ikeSas)
            {
                sa.encr = 23; // Camellia
            }
        });
        NS_TEST_EXPECT_MSG_EQ(other.Text(), "", "not offered");
        NS_TEST_EXPECT_MSG_EQ(other.notes.size(), 2u, "noted");
        NS_TEST_EXPECT_MSG_EQ(other.associations + other.messages, 0u, "nothing verified");
    }
};

/**
 * Input: the packets with one thing at a time made wrong.
 * Output: a fault each; with an algorithm that is not offered, a note and nothing verified.
 */
class OspfVectorFaultTest : public TestCase
{
  public:
    OspfVectorFaultTest()
        : TestCase("an OSPF vector that is wrong is found to be wrong")
    {
    }

  private:
    void DoRun() override
    {
        std::string error;
        const std::vector<std::function<void(OspfVector&)>> changes{
            [](OspfVector& v) { v.key[0] ^= 1; },
            [](OspfVector& v) { v.keyId ^= 1; },
            [](OspfVector& v) { v.packet.back() ^= 1; },
            [](OspfVector& v) { v.trailer.back() ^= 1; },
            [](OspfVector& v) { v.trailer.pop_back(); },
            [](OspfVector& v) { v.alg = v.alg == "hmac sha1" ? "hmac sha256" : "hmac sha1"; },
            [](OspfVector& v) { v.rule = v.rule == "rfc2104-only" ? "both" : "rfc2104-only"; },
        };
        auto vectors = LoadOspfVectors(OspfFile(), &error);
        const auto extended = LoadOspfVectors(ExtendedFile(), &error);
        vectors.insert(vectors.end(), extended.begin(), extended.end());
        for (const auto& vector : vectors)
        {
            for (size_t i = 0; i < changes.size(); ++i)
            {
                OspfVector wrong = vector;
                changes[i](wrong);
                VectorReport report;
                CheckOspfVector(wrong, report);
                NS_TEST_EXPECT_MSG_NE(report.Text(), "", vector.pcap << " change " << i);
            }
            OspfVector other = vector;
            other.alg = "blake2s256";
            VectorReport report;
            CheckOspfVector(other, report);
            NS_TEST_EXPECT_MSG_EQ(report.notes.size(), 1u, "noted");
            NS_TEST_EXPECT_MSG_EQ(report.messages + report.faults.size(), 0u, "nothing verified");
        }
    }
};

/** Suite karp-vectors. */
class VectorsTestSuite : public TestSuite
{
  public:
    VectorsTestSuite()
        : TestSuite("karp-vectors", TestSuite::Type::UNIT)
    {
        AddTestCase(new IkeVectorsTest(IkeFile()));
        AddTestCase(new OspfVectorsTest(OspfFile()));
        AddTestCase(new OspfVectorsTest(ExtendedFile()));
        for (const std::string& path : PathsIn("KARP_IKE_VECTORS"))
        {
            AddTestCase(new IkeVectorsTest(path));
        }
        for (const std::string& path : PathsIn("KARP_OSPF_VECTORS"))
        {
            AddTestCase(new OspfVectorsTest(path));
        }
        AddTestCase(new VectorCountTest);
        AddTestCase(new IkeVectorFaultTest);
        AddTestCase(new OspfVectorFaultTest);
    }
};

static VectorsTestSuite g_vectorsTestSuite; //!< registers itself

} // namespace karp
} // namespace ns3
