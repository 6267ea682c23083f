/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-sentence.h"
#include "karp-test-entropy.h"

#include "ns3/karp-blacklist.h"
#include "ns3/karp-group-cipher.h"
#include "ns3/karp-group-keys.h"
#include "ns3/test.h"

#include <algorithm>
#include <set>

/**
 * \file
 * The store of a group's keys, the protection of group messages and the blacklist, each alone: what
 * a GCKS generates and when (K3, K4, K7, K8), what a member takes over, what is bounded.
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

const IpAddress SELF{0x0a000001};  //!< the GCKS
const IpAddress OTHER{0x0a000002}; //!< another one

/** \return lead 10 s, overlap 5 s, KEKs for 100 s, PMKs 20 s longer */
GroupKeyConfig
Config()
{
    GroupKeyConfig config;
    config.kekSuite = *ParseCipherSuite("aes128gcm16-prfsha256-x25519");
    config.kekLifetime = 100s;
    config.pmkOverrun = 20s;
    config.lead = 10s;
    config.overlap = 5s;
    return config;
}

/** A store and its randomness. */
struct Store
{
    TestEntropy entropy{7};                      //!< randomness
    GroupKeys keys{Config(), {}, "g0", entropy}; //!< under test
};

// Input: the KEK that bridges the lead of ours is retired, all of it or but for a second; then keys
// are renewed. Output: there is a gap until then, and none afterwards; ours is the one that comes
// to be sent under first, not the one that never will be (K7, K8).
void
GapBeforeStart(Sentence& t)
{
    const IpAddress other{0x0a000009};
    for (const bool bridged : {false, true})
    {
        Store s;
        Store r;
        t.Holds(s.keys.HasGap(SELF, 0s), "no KEK at all");
        s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 1s);
        t.Holds(!s.keys.HasGap(SELF, 2s), "one that is sent under");
        r.keys.Renew(other, r.keys.OrdinaryHandoff(), 1s);
        KeyDownloadPayload download = r.keys.Download(1s);
        download.keks.at(0).keyId ^= 1;
        download.keks.at(0).lifetimes.sendEnd = 11s;
        s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 10s);
        t.Holds(!s.keys.HasGap(SELF, 10s), "the first one bridges the lead");
        if (bridged)
        {
            s.keys.Adopt(download, other, false, 10s);
        }
        s.keys.RetireKek(s.keys.Keks().at(0).row.keyId, true);
        t.Holds(s.keys.HasGap(SELF, 10s), "nothing until ours starts");
        s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 10s);
        t.Holds(!s.keys.HasGap(SELF, 10s), "no gap");
        const auto* own = s.keys.NewestKekOf(SELF, 10s);
        t.Holds(own != nullptr && own->row.lifetimes.sendStart == (bridged ? Time(11s) : Time(10s)),
                "ours starts when there is nothing else");
    }
}

// Input: the first keys of a group, then a renewal. Output: the first are sent with at once; the
// second after the lead, and the first end then (K7, K8); the PMK outlives its KEK (K4).
void
Renewal(Sentence& t)
{
    Store s;
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 1s);
    const KeyLifetimes kek = s.keys.Keks().at(0).row.lifetimes;
    const KeyLifetimes pmk = s.keys.Pmks().at(0).row.lifetimes;
    t.Holds(kek.acceptStart == 0s && kek.sendStart == 1s, "first KEK at once");
    t.Holds(kek.sendEnd == 101s && kek.acceptEnd == 106s, "for its lifetime");
    t.Holds(pmk.sendStart == 1s && pmk.sendEnd == 121s && pmk.acceptEnd == 126s, "PMK longer");
    t.Holds(*s.keys.RenewAt(SELF, 2s) == 81s, "renewed two leads before the end");

    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 81s);
    t.Same(s.keys.Keks().size(), 2U);
    t.Holds(s.keys.Keks()[1].row.lifetimes.sendStart == 91s, "after the lead");
    t.Holds(s.keys.Keks()[0].row.lifetimes.sendEnd == 96s, "old KEK for the overlap (G4)");
    t.Holds(s.keys.Pmks()[0].row.lifetimes.sendEnd == 91s, "old PMK until the new one's start");
    t.Holds(s.keys.Pmks()[0].row.lifetimes.acceptEnd == 96s, "received for the overlap");
    t.Holds(s.keys.SendKek(90s) == &s.keys.Keks()[0], "old KEK before");
    t.Holds(s.keys.SendKek(91s) == &s.keys.Keks()[1], "new KEK from its start on");
    t.Same(s.keys.Pmks()[1].row.key.size(), 32U, "exactly as long as the digest");
    s.keys.Expire(96s);
    t.Same(s.keys.Pmks().size(), 1U, "the old PMK is gone");
}

// Input: a PMK in use whose KEK is over, and a renewal. Output: the new KEK at once, for there is
// none to wait for; the PMK after the lead.
void
RenewalWithoutKek(Sentence& t)
{
    Store s;
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 0s);
    s.keys.Expire(106s);
    t.Same(s.keys.Keks().size(), 0U);
    t.Same(s.keys.Pmks().size(), 1U, "K4");
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 106s);
    t.Holds(s.keys.Keks()[0].row.lifetimes.sendStart == 106s, "KEK at once");
    t.Holds(s.keys.Pmks()[1].row.lifetimes.sendStart == 116s, "PMK after the lead");
}

// Input: a renewal that comes too late for the whole lead, as from a GCKS that was away; the same
// of the PMK alone, and where there is none left. Output: the new key when the last one ends (K7).
void
RenewalTooLate(Sentence& t)
{
    Store s;
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 0s);
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 97s);
    t.Holds(s.keys.Keks()[1].row.lifetimes.sendStart == 100s, "KEK: not at 107 s");
    t.Holds(s.keys.Pmks()[1].row.lifetimes.sendStart == 107s, "PMK: after the lead");
    t.Holds(s.keys.SendKek(100s - 1ns) != nullptr && s.keys.SendKek(100s) != nullptr, "no gap");
    for (const Time at : {Time(119s), Time(121s)})
    {
        Store alone;
        alone.keys.Renew(SELF, alone.keys.OrdinaryHandoff(), 0s);
        alone.keys.RenewPmk(3s, at);
        t.Holds(alone.keys.Pmks()[1].row.lifetimes.sendStart == std::max(at, Time(120s)), "PMK");
    }
}

// Input: a new PMK alone while the KEK of before is still there. Output: it lives as long as one
// that had come with the KEK of now, not with that of before (K4).
void
PmkAlone(Sentence& t)
{
    Store s;
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 0s);
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 50s);
    t.Holds(s.keys.Keks()[0].row.lifetimes.sendEnd == 65s, "the old KEK is about to end");
    s.keys.RenewPmk(3s, 61s);
    t.Holds(s.keys.Pmks().back().row.lifetimes.sendEnd == 180s, "20 s longer than the new one");
}

// Input: keys with a lead that is longer than the overlap, with a shorter one, with none. Output: a
// clock that is behind by no more than the overlap never meets a key before it is received (H 4).
void
ReceivedInTime(Sentence& t)
{
    Store s;
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 20s);
    t.Holds(s.keys.Keks()[0].row.lifetimes.acceptStart == 15s, "KEK at once");
    t.Holds(s.keys.Pmks()[0].row.lifetimes.acceptStart == 15s, "PMK at once");
    s.keys.RenewPmk(3s, 30s);
    t.Holds(s.keys.Pmks().back().row.lifetimes.acceptStart == 28s, "a lead of 3 s");
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 40s);
    t.Holds(s.keys.Keks().back().row.lifetimes.acceptStart == 40s, "KEK, a lead of 10 s");
    t.Holds(s.keys.Pmks().back().row.lifetimes.acceptStart == 40s, "PMK, a lead of 10 s");
}

// Input: downloads that are foreign, over, malformed, new, changed. Output: only new and changed
// rows of the group with usable keys are taken.
void
Adoption(Sentence& t)
{
    Store issuer;
    issuer.keys.Renew(OTHER, issuer.keys.OrdinaryHandoff(), 0s);
    const KeyDownloadPayload good = issuer.keys.Download(1s);
    Store s;
    KeyDownloadPayload foreign = good;
    foreign.keks[0].group.instance = 9;
    foreign.pmks[0].protocol = KeyProtocol::OSPFV3;
    t.Holds(!s.keys.Adopt(foreign, OTHER, false, 1s), "another group's");
    t.Holds(!s.keys.Adopt(good, OTHER, false, 200s), "over");
    KeyDownloadPayload malformed = good;
    malformed.keks.clear();
    malformed.pmks[0].key.pop_back();
    t.Holds(!s.keys.Adopt(malformed, OTHER, false, 1s), "not as long as the digest");
    malformed.pmks[0] = good.pmks[0];
    malformed.pmks[0].keyId = 256;
    t.Holds(!s.keys.Adopt(malformed, OTHER, false, 1s), "key ID of more than an octet");
    t.Holds(s.keys.Adopt(good, OTHER, false, 1s), "new");
    t.Holds(!s.keys.Adopt(good, OTHER, false, 1s), "known");
    KeyDownloadPayload changed = good;
    changed.pmks[0].lifetimes.sendEnd -= 1s;
    t.Holds(s.keys.Adopt(changed, OTHER, false, 1s), "lifetimes changed");
    t.Holds(s.keys.Pmks()[0].row.lifetimes.sendEnd == changed.pmks[0].lifetimes.sendEnd, "taken");
    t.Holds(s.keys.Keks()[0].issuer == OTHER, "issuer by hearsay");
    s.keys.Adopt(good, SELF, false, 1s);
    t.Holds(s.keys.Keks()[0].issuer == OTHER, "stays");
    s.keys.Adopt(good, SELF, true, 1s);
    t.Holds(s.keys.Keks()[0].issuer == SELF, "until somebody says so in person");
}

// Input: as many keys as anybody likes. Output: the store is bounded and drops the oldest.
void
Bounds(Sentence& t)
{
    Store s;
    for (int i = 0; i < 100; ++i)
    {
        s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), std::chrono::milliseconds(i));
    }
    t.Same(s.keys.Keks().size(), GroupKeys::MAX_KEKS);
    t.Same(s.keys.Pmks().size(), GroupKeys::MAX_PMKS);
    std::set<uint32_t> ids;
    for (const auto& pmk : s.keys.Pmks())
    {
        ids.insert(pmk.row.keyId);
    }
    t.Same(ids.size(), GroupKeys::MAX_PMKS, "no key ID twice");
}

// Input: more GCKSs take over at once than KEKs and PMKs can be held of, while keys are in use.
// Output: those in use stay, and our own; those of others make room.
void
FullOfOthers(Sentence& t)
{
    Store s;
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 0s);
    const uint64_t used = s.keys.Keks().at(0).row.keyId;
    const std::string pmk = s.keys.Pmks().at(0).name;
    TestEntropy entropy(9);
    for (uint32_t i = 0; i < 2 * GroupKeys::MAX_PMKS; ++i)
    {
        const IpAddress other{OTHER.value + i};
        GroupKeys giver(Config(), {}, "g0", entropy);
        giver.Adopt(s.keys.Download(20s), SELF, true, 20s);
        giver.Renew(other, giver.OrdinaryHandoff(), 20s);
        KeyDownloadPayload download = giver.Download(20s);
        download.keks = {download.keks.back()};
        download.pmks = {download.pmks.back()};
        s.keys.Adopt(download, other, false, 20s);
        if (i == 3)
        {
            s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 20s);
        }
    }
    t.Same(s.keys.Keks().size(), GroupKeys::MAX_KEKS);
    t.Same(s.keys.Pmks().size(), GroupKeys::MAX_PMKS);
    const auto* kek = s.keys.SendKek(20s);
    t.Holds(kek != nullptr && kek->row.keyId == used, "the KEK in use");
    const auto* own = s.keys.NewestKekOf(SELF, 20s);
    t.Holds(own != nullptr && own->row.lifetimes.sendStart == 30s, "our own");
    t.Holds(std::any_of(s.keys.Pmks().begin(),
                        s.keys.Pmks().end(),
                        [&pmk](const auto& held) { return held.name == pmk && held.CanSend(20s); }),
            "the PMK in use");
}

// Input: a key that was to begin later than all others, and never will be sent with. Output: the
// newest is the one that is.
void
NeverSent(Sentence& t)
{
    Store ahead;
    ahead.keys.Renew(OTHER, ahead.keys.OrdinaryHandoff(), 0s);
    ahead.keys.Renew(OTHER, ahead.keys.OrdinaryHandoff(), 22s);
    KeyDownloadPayload download = ahead.keys.Download(22s);
    download.pmks = {download.pmks.back()};
    Store s;
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 0s);
    s.keys.AdoptForeignPmks(download, 20s);
    s.keys.RenewPmk(10s, 20s);
    t.Holds(s.keys.Pmks().at(1).row.lifetimes.sendStart == 32s, "its start");
    t.Holds(s.keys.NewestPmk() == &s.keys.Pmks().at(2), "begins at 30 s, and is sent with");
}

// Input: a member that rebooted. Output: it gets the keys in use for reception only, and the new
// one to send with (J6).
void
J6Download(Sentence& t)
{
    Store s;
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 0s);
    s.keys.RenewPmk(3s, 20s);
    const auto download = s.keys.DownloadForRebooted(20s);
    t.Same(download.pmks.size(), 2U);
    t.Holds(!download.pmks[0].lifetimes.CanSend(21s), "old one not sent with");
    t.Holds(download.pmks[0].lifetimes.CanAccept(21s), "but received");
    t.Holds(download.pmks[1].lifetimes.CanSend(23s), "new one sent with");
    t.Holds(s.keys.Pmks()[0].row.lifetimes.CanSend(21s), "others go on with the old one");
}

// Input: all changes. Output: each is told once, with what is needed for the key table.
void
Changes(Sentence& t)
{
    Store s;
    s.keys.Renew(SELF, s.keys.OrdinaryHandoff(), 0s);
    s.keys.Clear();
    int installs = 0;
    int retirements = 0;
    while (const auto change = s.keys.PollChange())
    {
        installs += change->what == KeyChange::What::INSTALL ? 1 : 0;
        retirements += change->what == KeyChange::What::RETIRE ? 1 : 0;
        t.Holds(!change->isKek || change->kek.key.empty(), "KEKs are not told");
    }
    t.Same(installs, 2);
    t.Same(retirements, 2);
}

// Input: group messages of two senders under one KEK, with each suite. Output: their keys differ,
// so that no AEAD nonce is used twice; numbers grow, over a sender's loss of memory too.
void
SendersHaveTheirOwnKeys(Sentence& t)
{
    for (const char* name : {"aes128gcm16-prfsha256-x25519",
                             "aes256-sha512-prfsha512-x25519",
                             "chacha20poly1305-prfsha384-x25519"})
    {
        TestEntropy entropy(3);
        GroupKeyConfig config = Config();
        config.kekSuite = *ParseCipherSuite(name);
        GroupKeys keys(config, {}, "g0", entropy);
        keys.Renew(SELF, keys.OrdinaryHandoff(), 1s);
        const KekRow& kek = keys.Keks()[0].row;
        uint64_t first = 0;
        uint64_t second = 0;
        GroupCipher a(entropy, true);
        GroupCipher b(entropy, true);
        const Bytes fromA = a.Seal(kek, {}, SELF, {GroupIdPayload{}}, 1s, first);
        b.Seal(kek, {}, OTHER, {GroupIdPayload{}}, 1s, second);
        t.Holds(a.PollKeys()->skEi != b.PollKeys()->skEi, "keys differ");
        a.Clear();
        a.Seal(kek, {}, SELF, {GroupIdPayload{}}, 1s + 1us, second);
        t.Holds(second > first, "grows over a loss of memory");
        CryptoCounters counters{};
        const auto message = DecodeIkeMessage(fromA);
        const auto opened = b.Open(kek, std::get<IkeMessage>(message), fromA, counters);
        t.Holds(std::holds_alternative<GroupUpdate>(opened), "opened by another holder");
        t.Holds(std::get<GroupUpdate>(opened).sequence == first, "with its number");
    }
}

// Input: senders beyond the bound, all with the KEK. Output: those known go on, more are refused.
void
SendersAreBounded(Sentence& t)
{
    TestEntropy entropy(3);
    GroupKeys keys(Config(), {}, "g0", entropy);
    keys.Renew(SELF, keys.OrdinaryHandoff(), 1s);
    const KekRow& kek = keys.Keks()[0].row;
    GroupCipher receiver(entropy, false);
    CryptoCounters counters{};
    size_t accepted = 0;
    for (uint32_t i = 0; i < GroupCipher::MAX_SENDERS + 10; ++i)
    {
        GroupCipher sender(entropy, false);
        uint64_t sequence = 0;
        const Bytes octets =
            sender.Seal(kek, {}, IpAddress{i + 1}, {GroupIdPayload{}}, 1s, sequence);
        const auto message = DecodeIkeMessage(octets);
        const auto opened = receiver.Open(kek, std::get<IkeMessage>(message), octets, counters);
        accepted += std::holds_alternative<GroupUpdate>(opened) ? 1 : 0;
    }
    t.Same(accepted, GroupCipher::MAX_SENDERS);
}

// Input: two messages of a sender; the KEK is dropped after the second and comes back, by a merge;
// then the first; then as many KEKs dropped as are kept. Output: the first is old, as long as that.
void
OldStaysOldWhenAKekComesBack(Sentence& t)
{
    TestEntropy entropy(3);
    GroupKeys keys(Config(), {}, "g0", entropy);
    keys.Renew(SELF, keys.OrdinaryHandoff(), 1s);
    const KekRow& kek = keys.Keks()[0].row;
    GroupCipher sender(entropy, false);
    GroupCipher receiver(entropy, false);
    CryptoCounters counters{};
    const auto seal = [&](const KekRow& under, Time now) {
        uint64_t sequence = 0;
        return sender.Seal(under, {}, SELF, {GroupIdPayload{}}, now, sequence);
    };
    const auto isTaken = [&](const KekRow& under, const Bytes& octets) {
        const auto message = DecodeIkeMessage(octets);
        return std::holds_alternative<GroupUpdate>(
            receiver.Open(under, std::get<IkeMessage>(message), octets, counters));
    };
    const Bytes first = seal(kek, 1s);
    const Bytes second = seal(kek, 2s);
    t.Holds(isTaken(kek, second), "the second");
    receiver.Forget(kek.keyId);
    t.Holds(!isTaken(kek, first) && !isTaken(kek, second), "both are old");
    receiver.Forget(kek.keyId);
    t.Holds(!isTaken(kek, second), "still");
    t.Holds(isTaken(kek, seal(kek, 3s)), "a new one");
    receiver.Forget(kek.keyId);
    for (size_t i = 0; i < GroupCipher::MAX_FLOORS; ++i)
    {
        KekRow other = kek;
        other.keyId += 1 + i;
        isTaken(other, seal(other, 4s));
        receiver.Forget(other.keyId);
        sender.Forget(other.keyId);
    }
    t.Holds(isTaken(kek, first), "so many are kept and no more");
}

// Input: more addresses than fit. Output: the list stays within its bound, the entry that ends
// first makes room; entries end (E10).
void
BlacklistIsBounded(Sentence& t)
{
    Blacklist list(4);
    for (uint32_t i = 1; i <= 10; ++i)
    {
        list.Add(IpAddress{i}, std::chrono::seconds(i));
    }
    t.Same(list.Size(), 4U);
    t.Holds(!list.Contains(IpAddress{6}, 0s), "made room");
    t.Holds(list.Contains(IpAddress{10}, 10s - 1ns), "before its end");
    t.Holds(!list.Contains(IpAddress{10}, 10s), "no longer");
}

// Input: a KEK that is retired for good is handed out once more; one that was merely left behind is
// too. Output: the one is not taken again, the other is (K3); 32 such KEKs are remembered.
void
RetiredForGood(Sentence& t)
{
    Store giver;
    giver.keys.Renew(OTHER, giver.keys.OrdinaryHandoff(), 1s);
    const KeyDownloadPayload download = giver.keys.Download(2s);
    const uint64_t keyId = download.keks.at(0).keyId;
    Store s;
    s.keys.Adopt(download, OTHER, true, 2s);
    t.Holds(s.keys.RetireKek(keyId), "held");
    s.keys.Adopt(download, OTHER, true, 2s);
    t.Holds(s.keys.FindKek(keyId) != nullptr, "left behind, and taken again");
    t.Holds(s.keys.RetireKek(keyId, true), "held");
    s.keys.Adopt(download, OTHER, true, 2s);
    t.Holds(s.keys.FindKek(keyId) == nullptr, "retired for good");
    for (uint64_t other = 0; other < GroupKeys::MAX_RETIRED; ++other)
    {
        s.keys.RetireKek(keyId + 1 + other, true);
    }
    s.keys.Adopt(download, OTHER, true, 2s);
    t.Holds(s.keys.FindKek(keyId) != nullptr, "forgotten after so many others");
}

/** The suite. */
class GroupKeysTestSuite : public TestSuite
{
  public:
    GroupKeysTestSuite()
        : TestSuite("karp-group-keys", TestSuite::Type::UNIT)
    {
        AddTestCase(new Sentence("K4 K7 K8 renewal", Renewal));
        AddTestCase(new Sentence("K4 renewal without KEK", RenewalWithoutKek));
        AddTestCase(new Sentence("K7 the KEK before is gone", GapBeforeStart));
        AddTestCase(new Sentence("K7 renewal that comes late", RenewalTooLate));
        AddTestCase(new Sentence("K4 a master key alone", PmkAlone));
        AddTestCase(new Sentence("H 4 received in time", ReceivedInTime));
        AddTestCase(new Sentence("adoption", Adoption));
        AddTestCase(new Sentence("bounds", Bounds));
        AddTestCase(new Sentence("what is in use stays", FullOfOthers));
        AddTestCase(new Sentence("K8 a key that is never sent with", NeverSent));
        AddTestCase(new Sentence("J6 download for a rebooted member", J6Download));
        AddTestCase(new Sentence("changes are told", Changes));
        AddTestCase(new Sentence("K3 retired for good", RetiredForGood));
        AddTestCase(new Sentence("G1 senders have their own keys", SendersHaveTheirOwnKeys));
        AddTestCase(new Sentence("G2 senders are bounded", SendersAreBounded));
        AddTestCase(
            new Sentence("G2 old stays old when a KEK comes back", OldStaysOldWhenAKekComesBack));
        AddTestCase(new Sentence("E10 blacklist is bounded", BlacklistIsBounded));
    }
};

GroupKeysTestSuite g_groupKeysTestSuite; //!< registers itself

} // namespace
