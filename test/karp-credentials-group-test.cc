/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-credentials-fixture.h"
#include "karp-credentials-tests.h"
#include "karp-mrkmp-lan.h"

#include <set>

namespace ns3
{
namespace karp
{

namespace
{

using std::chrono::seconds;

/** \return the identity of router r<index> on an MrkmpLan */
Identity
LanId(size_t index)
{
    return Identity::OfName("r" + std::to_string(index));
}

/** A group whose routers have certificates, keys, or both. */
struct MixedGroup
{
    /** Add \p count routers to \p lan: by turns with a certificate, with a key, with both. */
    MixedGroup(MrkmpLan& lan, size_t count)
    {
        for (size_t i = 0; i < count; ++i)
        {
            MrkmpLan::Node& node = lan.Add(static_cast<uint8_t>(100 + i));
            node.credentials = Make(i);
        }
    }

    /** \return credentials of router \p index */
    std::shared_ptr<Credentials> Make(size_t index)
    {
        const SigningKind kind = SIGNING_KINDS[index % 3];
        const Identity self = LanId(index);
        const std::string name = self.ToString();
        const auto key = TestKey(kind, name);
        auto certificate = std::make_shared<CertificateCredentials>(self, trust.store);
        if (index % 3 != 1)
        {
            certificates[index] = trust.authority->Issue(*key->Public(), name, LONG);
            certificate->SetOwn(key, {certificates[index]});
        }
        if (index % 3 != 0)
        {
            list->Add(self, key->Public());
        }
        const auto raw =
            std::make_shared<RawKeyCredentials>(self, index % 3 != 0 ? key : nullptr, list);
        auto mixed = std::make_shared<MixedCredentials>(self);
        mixed->Add(certificate);
        mixed->Add(raw);
        return mixed;
    }

    TestTrust trust;                                                                //!< anchor
    std::shared_ptr<AuthorisationList> list{std::make_shared<AuthorisationList>()}; //!< keys
    std::map<size_t, std::shared_ptr<const Certificate>> certificates;              //!< issued
};

/** \return everything sent on \p lan, as one text of octets */
std::string
Octets(const MrkmpLan& lan)
{
    std::string all;
    for (const auto& sent : lan.sent)
    {
        all += std::to_string(sent.at.count()) + " " + ToHex(sent.datagram.payload) + "\n";
    }
    return all;
}

// Input: six routers, two with certificates, two with keys, two with both; 60 s.
// Output: one GCKS, all registered with it, one key to send with, no violation of K7.
void
OneGcks(Sentence& t)
{
    MrkmpLan lan;
    MixedGroup group(lan, 6);
    lan.BootAll();
    t.Holds(lan.RunUntil(seconds(60), [&lan]() { return lan.Settled(); }), "settled");
    t.Same(lan.Count(GcksRole::GCKS), 1u, "one GCKS");
    lan.RunUntil(lan.now + seconds(10));
    t.Same(lan.Count(GcksRole::GCKS), 1u, "still");
    std::set<uint64_t> keks;
    for (const auto& node : lan.nodes)
    {
        keks.insert(node->engine->CurrentKekId(lan.now));
    }
    t.Holds(keks.size() == 1 && keks.count(0) == 0, "one KEK");
    t.Holds(!lan.SendKeys().empty() && lan.SendKeys().find(' ') == std::string::npos, "one key");
}

// Input: the same, twice with one seed and once with another.
// Output: the same datagrams at the same instants; others.
void
SameSeed(Sentence& t)
{
    std::vector<std::string> runs;
    for (const uint64_t seed : {1, 1, 2})
    {
        MrkmpLan lan(seed);
        MixedGroup group(lan, 4);
        lan.BootAll();
        lan.RunUntil(seconds(15));
        runs.push_back(Octets(lan));
    }
    t.Holds(runs[0] == runs[1], "the same");
    t.Holds(runs[0] != runs[2], "others");
}

// Input: a member with a certificate is revoked and evicted, crashes and boots again; a member with
// a key is taken off the list, evicted, and does the same. Output: neither holds a KEK or a PMK
// afterwards (A4); the group is not disturbed.
void
ShutOut(Sentence& t)
{
    MrkmpLan lan;
    MixedGroup group(lan, 5);
    for (const size_t index : {size_t{0}, size_t{1}})
    {
        // Short patience: each soon is a group of its own (M7).
        lan.nodes[index]->config.session.retransmit.first = std::chrono::milliseconds(100);
        lan.nodes[index]->config.session.retransmit.tries = 2;
    }
    lan.BootAll();
    t.Holds(lan.RunUntil(seconds(60), [&lan]() { return lan.Settled(); }), "settled");
    const auto gcks = static_cast<size_t>(lan.Gcks());
    for (const size_t index : {size_t{0}, size_t{1}})
    {
        t.Holds(index != gcks, "a member");
        lan.Crash(index);
        // What they still know is made worthless, too (G6).
        lan.monitor.Evict(static_cast<uint32_t>(index), lan.now);
        lan.Do(gcks, [&](MrkmpEngine& engine) {
            t.Holds(engine.Evict(LanId(index), lan.now), "evicted");
        });
    }
    group.trust.store->AddRevocationList(
        group.trust.authority->Revoke({group.certificates[0]}, {lan.now, LONG.until}));
    group.list->Remove(LanId(1));
    lan.RunUntil(lan.now + seconds(5));
    lan.Boot(0);
    lan.Boot(1);
    lan.RunUntil(lan.now + seconds(40));
    const uint64_t kek = lan.nodes[gcks]->engine->CurrentKekId(lan.now);
    t.Holds(kek != 0, "the group has a KEK");
    for (const size_t index : {size_t{0}, size_t{1}})
    {
        t.Holds(lan.nodes[index]->engine->CurrentKekId(lan.now) != kek, "shut out");
        for (const auto& event : EventsOf<MrkmpEvent::KeyInstalled>(*lan.nodes[gcks]))
        {
            t.Holds(lan.nodes[index]->table.Get(event.row.adminKeyName) == nullptr,
                    "no key of the group");
        }
    }
    t.Holds(lan.nodes[gcks]->engine->Role() == GcksRole::GCKS, "the group keeps its GCKS");
    const auto& drops = lan.nodes[gcks]->engine->Drops();
    t.Holds(drops[static_cast<size_t>(DropReason::CERT_REVOKED)] > 0, "the reason is told");
    t.Holds(drops[static_cast<size_t>(DropReason::NO_CREDENTIAL)] > 0, "the reason is told");
}

} // namespace

std::vector<TestCase*>
CredentialGroupTests()
{
    return {
        new Sentence("K1 a mixed group has one GCKS and one KEK", OneGcks),
        new Sentence("K1 same seed, same octets", SameSeed),
        new Sentence("K1 A4 revoked members stay out", ShutOut),
    };
}

} // namespace karp
} // namespace ns3
