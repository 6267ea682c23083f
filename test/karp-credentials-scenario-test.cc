/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-lan.h"
#include "karp-credentials-fixture.h"
#include "karp-credentials-tests.h"
#include "karp-scenario-tests.h"
#include "karp-test-data.h"

#include "ns3/karp-scenario-resolved.h"
#include "ns3/karp-scenario-runner.h"
#include "ns3/karp-simulation-credentials.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

using std::chrono::seconds;

/** \return \p text with \p what put in place of \p old */
std::string
Replace(std::string text, const std::string& old, const std::string& what)
{
    const size_t at = text.find(old);
    return at == std::string::npos ? text : text.replace(at, old.size(), what);
}

/** \return the shipped scenario of routers that are kept out */
std::string
Shipped()
{
    return FileText(KarpTestDataPath() + "/../scenarios/revoked-router.yaml");
}

/** \return the exit code of \p text run once, and what it says */
std::pair<int, std::string>
RunOnce(const std::string& text)
{
    std::vector<std::string> errors;
    const auto scenario = LoadText(text, &errors);
    if (!scenario)
    {
        return {-1, errors.empty() ? "" : errors.front()};
    }
    std::ostringstream report;
    RunOptions options;
    options.report = &report;
    const RunResult result = RunScenario(*scenario, options);
    return {static_cast<int>(result.exit), report.str()};
}

// Input: the shipped scenario, with certificates of three kinds; with RSA keys of 3072 bits
// IKE_AUTH takes two fragments. Output: revoked, expired and foreign routers are kept out, the
// others are not.
void
KeptOut(Sentence& t)
{
    for (const char* kind : {"ecdsa-p256", "ed25519", "rsa-2048"})
    {
        const auto [exit, report] = RunOnce(Replace(Shipped(), "ecdsa-p256", kind));
        t.Same(exit, 0, kind + report);
    }
}

// Input: the same with every kind of credentials that knows no revocation; nobody reboots.
// Output: the mismatched router is kept out, the others are not.
void
Mismatch(Sentence& t)
{
    for (const char* kind : {"psk", "pair-psk", "ed25519", "ecdsa-p256", "rsa-2048"})
    {
        std::string text = Replace(Shipped(), "ecdsa-p256, trust: ca0", kind);
        text = Replace(text, ", revoked: {r2: 30s}, expires: {r3: 30s}", "");
        text = text.substr(0, text.find("timeline:")) +
               "timeline: []\nexpect:\n"
               "  - {id: in, always: \"adjacent(r0, r2) and adjacent(r1, r3)\", from: 20s}\n"
               "  - {id: foreign, never: \"adjacent(r0, r4)\"}\n"
               "invariants: {skip: [one-gcks]}\n"; // r4 alone takes longer than a failover
        const auto [exit, report] = RunOnce(Replace(text, "stop: 90s", "stop: 40s"));
        t.Same(exit, 0, kind + report);
    }
}

// Input: the block credentials, right and wrong.
// Output: what it says; the resolved form says the same and loads again; mistakes have their words.
void
Block(Sentence& t)
{
    const auto scenario = LoadText(Shipped());
    t.Holds(scenario.has_value(), "loads");
    const CredentialBlock& block = scenario->credentials;
    t.Same(block.trust, std::string("ca0"));
    t.Same(block.scope, std::string("domain"));
    t.Holds(block.mismatch == std::vector<uint32_t>{4}, "mismatch");
    t.Holds(block.revoked.at(2) == seconds(30) && block.expires.at(3) == seconds(30), "moments");
    const std::string resolved = ResolvedText(*scenario);
    const auto again = LoadText(resolved);
    t.Holds(again && ResolvedText(*again) == resolved, "the same");
    t.Holds(resolved.find("revoked: {r2: 30s}, expires: {r3: 30s}") != std::string::npos, resolved);
    const auto load = [](const std::string& what) {
        std::vector<std::string> errors;
        LoadText(Replace(Shipped(),
                         "{type: ecdsa-p256, trust: ca0, mismatch: r4, revoked: {r2: 30s}, "
                         "expires: {r3: 30s}}",
                         what),
                 &errors);
        return errors.empty() ? std::string() : errors.front();
    };
    t.Same(load("{type: rsa-3072, trust: ca0, revoked: [r1, r3..r4]}"), std::string());
    const auto says = [&](const std::string& what, const std::string& words) {
        t.Holds(load(what).find(words) != std::string::npos, what + " says " + load(what));
    };
    says("{type: psk, trust: ca0}", "trust goes with key pairs, not with type 'psk'");
    says("{type: ed25519, revoked: r1}", "revoked is about certificates");
    says("{type: ed25519, expires: {r1: 1s}}", "expires is about certificates");
    says("{type: ed25519, trust: ca0, expires: r1}", "expires: expected {r2: 100s}");
    says("{type: ed25519, trust: ca0, revoked: {r9: 1s}}", "r9");
    says("{type: ed25519, trust: ca0, revoked: {r1: 5}}", "times have a unit");
    says("{type: ed25519, mismatch: \"role:gcks\"}", "name the routers");
    says("{type: ed25519, scope: group}", "did you mean 'domain'?");
    says("{type: ed2551}", "did you mean 'ed25519'?");
}

uint32_t g_large; //!< messages sent that do not fit into a frame

/** A message was sent: note whether IP must fragment it. */
void
NoteLarge(uint32_t, const MessageInfo& message)
{
    g_large += message.octets > 1500 ? 1 : 0;
}

// Input: three lines with key pairs, three with certificates, three with certificates so large that
// IKE_AUTH does not fit into a frame.
// Output: everybody is everybody's neighbour.
void
ThreeLines(Sentence& t)
{
    g_large = 0;
    for (const char* kind : {"ed25519", "ecdsa-p256", "rsa-3072"})
    {
        const bool listed = kind == std::string("ed25519");
        const bool large = kind == std::string("rsa-3072");
        const uint32_t nodes = large ? 2 : 3;
        AppLan lan(nodes);
        KarpHelper karp;
        listed ? karp.SetRawKeys(kind) : karp.SetCertificates(kind);
        lan.apps = karp.Install(lan.devices);
        for (uint32_t i = 0; i < nodes; ++i)
        {
            lan.Kmp(i)->TraceConnectWithoutContext("Tx", MakeCallback(&NoteLarge));
        }
        lan.RunUntil(120);
        for (uint32_t i = 0; i < nodes; ++i)
        {
            t.Equal(lan.TwoWays(i), nodes - 1, "neighbours");
        }
        t.Holds((g_large > 0) == large, "in fragments");
    }
}

// Input: keys, certificates and lists of a simulation written to files, and these read; files that
// are missing or do not fit.
// Output: credentials that others believe; an error with the name of the file.
void
Files(Sentence& t)
{
    const char* base = std::getenv("TMPDIR");
    const std::string folder = base == nullptr ? "/tmp" : base;
    const std::string prefix = folder + "/karp-credentials-test-";
    const auto write = [&prefix](const std::string& name, const std::string& text) {
        std::ofstream(prefix + name) << text;
        return prefix + name;
    };
    TestTrust trust;
    const auto kind = SigningKind::RSA_2048;
    CredentialFiles files;
    files.key = write("key", TestKey(kind, RouterText(1))->Pem());
    files.certificates = write("certificates", trust.Issue(1, kind)->Pem());
    files.anchors = write("anchors", trust.authority->Own()->Pem());
    std::string error;
    const auto loaded = LoadCredentials(RouterId(1), files, error);
    t.Holds(loaded != nullptr, error);
    t.Holds(RefusalOf(loaded, trust.Credentials(2, kind)) == DropReason::NONE, "believed");
    const auto fails = [&](std::string CredentialFiles::*file, const std::string& path) {
        CredentialFiles wrong = files;
        wrong.*file = path;
        error.clear();
        t.Holds(!LoadCredentials(RouterId(1), wrong, error), path);
        t.Holds(error.find(path + ": ") == 0, error);
    };
    fails(&CredentialFiles::key, "/no/such/file");
    fails(&CredentialFiles::key, files.anchors);
    fails(&CredentialFiles::certificates, files.anchors);
    fails(&CredentialFiles::certificates, "/no/such/file");
    fails(&CredentialFiles::anchors, files.certificates);
    fails(&CredentialFiles::anchors, "/no/such/file");
    fails(&CredentialFiles::revocations, files.anchors);
    for (const char* name : {"key", "certificates", "anchors"})
    {
        std::remove((prefix + name).c_str());
    }
}

// Input: two routers revoked at different moments, made in the other order.
// Output: each is refused from its own moment on.
void
RevokedInTurn(Sentence& t)
{
    SimulationCredentials made(SigningKind::ED25519, "ca0", "text");
    SimulationCredentials::Exception late;
    late.revoked = seconds(20);
    SimulationCredentials::Exception early;
    early.revoked = seconds(10);
    made.Set("r1", late);
    made.Set("r3", early);
    const auto a = made.Make("r1");
    const auto c = made.Make("r3");
    const auto b = made.Make("r2");
    t.Holds(a == made.Make("r1"), "made once");
    t.Holds(RefusalOf(a, b, seconds(5)) == DropReason::NONE, "r1 at 5 s");
    t.Holds(RefusalOf(c, b, seconds(5)) == DropReason::NONE, "r3 at 5 s");
    t.Holds(RefusalOf(a, b, seconds(15)) == DropReason::NONE, "r1 at 15 s");
    t.Holds(RefusalOf(c, b, seconds(15)) == DropReason::CERT_REVOKED, "r3 at 15 s");
    t.Holds(RefusalOf(a, b, seconds(25)) == DropReason::CERT_REVOKED, "r1 at 25 s");
    t.Holds(RefusalOf(c, b, seconds(25)) == DropReason::CERT_REVOKED, "r3 at 25 s");
    t.Holds(!made.Make("no name"), "no name in a certificate");
}

} // namespace

std::vector<TestCase*>
CredentialScenarioTests()
{
    return {
        new Sentence("K1 A4 kept out by certificates", KeptOut),
        new Sentence("K1 A4 mismatched credentials", Mismatch),
        new Sentence("K1 block credentials", Block),
        new Sentence("K1 three lines", ThreeLines),
        new Sentence("K1 credentials in files", Files),
        new Sentence("K1 revoked in turn", RevokedInTurn),
    };
}

} // namespace karp
} // namespace ns3
