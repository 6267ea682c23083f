/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-kmp-application.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <sstream>

/**
 * \file
 * \ingroup karp
 * Attributes of KmpApplication: every timer, limit and algorithm of MRKMP, with unit, default and
 * bounds. doc/decisions.md gives the reason of each default that no document gives.
 */

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(KmpApplication);

namespace
{

/** \return a checker of spans that are no instant and not absurdly long */
Ptr<const AttributeChecker>
Span(ns3::Time least = MilliSeconds(1))
{
    return MakeTimeChecker(least, Hours(24 * 3650));
}

} // namespace

TypeId
KmpApplication::GetTypeId()
{
    static TypeId tid = AddTraceSources(AddLimitAttributes(
        AddSessionAttributes(AddUpdateAttributes(AddMemberAttributes(AddKeyAttributes(
            AddElectionAttributes(AddLinkAttributes(TypeId("ns3::karp::KmpApplication")
                                                        .SetParent<Application>()
                                                        .SetGroupName("Karp")
                                                        .AddConstructor<KmpApplication>()))))))));
    return tid;
}

TypeId
KmpApplication::AddLinkAttributes(TypeId tid)
{
    return tid
        .AddAttribute("Port",
                      "UDP port of all messages (848: the port of GDOI).",
                      UintegerValue(848),
                      MakeUintegerAccessor(&KmpApplication::m_port),
                      MakeUintegerChecker<uint16_t>(1))
        .AddAttribute("GroupAddress",
                      "Where advertisements and group messages go; link-local, so that IP finds a "
                      "way there without a multicast route.",
                      Ipv4AddressValue("224.0.0.254"),
                      MakeIpv4AddressAccessor(&KmpApplication::m_groupAddress),
                      MakeIpv4AddressChecker())
        .AddAttribute("Priority",
                      "GCKS priority, higher is more preferred (E7). 255 is what a Designated "
                      "Router gets while FollowDr.",
                      UintegerValue(100),
                      MakeUintegerAccessor(&KmpApplication::m_priority),
                      MakeUintegerChecker<uint8_t>())
        .AddAttribute("FollowDr",
                      "Whether the Designated Router gets priority 255 while it is that (E12).",
                      BooleanValue(true),
                      MakeBooleanAccessor(&KmpApplication::m_followDr),
                      MakeBooleanChecker())
        .AddAttribute("FollowRouterPriority",
                      "Whether routing's router priority is the GCKS priority, instead of Priority "
                      "(E12).",
                      BooleanValue(false),
                      MakeBooleanAccessor(&KmpApplication::m_followPriority),
                      MakeBooleanChecker());
}

TypeId
KmpApplication::AddElectionAttributes(TypeId tid)
{
    return tid
        .AddAttribute("AdvertInterval",
                      "Time between heartbeats of a GCKS (E2).",
                      TimeValue(Seconds(10)),
                      MakeTimeAccessor(&KmpApplication::m_advertInterval),
                      MakeTimeChecker(MilliSeconds(1), Hours(24)))
        .AddAttribute("AdvertJitter",
                      "Each AdvertInterval is shortened by up to this fraction.",
                      DoubleValue(0.05),
                      MakeDoubleAccessor(&KmpApplication::m_advertJitter),
                      MakeDoubleChecker<double>(0.0, 0.5))
        .AddAttribute("DownCount",
                      "Heartbeats that may be missing before the GCKS is given up (E8).",
                      UintegerValue(3),
                      MakeUintegerAccessor(&KmpApplication::m_downCount),
                      MakeUintegerChecker<uint32_t>(1, 255))
        .AddAttribute("Skew",
                      "Whether to wait (256 - priority)/256 heartbeats more, as VRRP does.",
                      BooleanValue(true),
                      MakeBooleanAccessor(&KmpApplication::m_skew),
                      MakeBooleanChecker())
        .AddAttribute("MinAdvertGap",
                      "Least time between two own advertisements, in heartbeats (E6).",
                      DoubleValue(0.1),
                      MakeDoubleAccessor(&KmpApplication::m_minAdvertGap),
                      MakeDoubleChecker<double>(0.0, 1.0))
        .AddAttribute("DeferMax",
                      "Waiting periods granted to a better candidate that stays silent (E6, E11).",
                      UintegerValue(1),
                      MakeUintegerAccessor(&KmpApplication::m_deferMax),
                      MakeUintegerChecker<uint32_t>(0, 255))
        .AddAttribute("BlacklistTimeout",
                      "How long advertisements of a failed GCKS are ignored (E10).",
                      TimeValue(Seconds(30)),
                      MakeTimeAccessor(&KmpApplication::m_blacklistTimeout),
                      Span())
        .AddAttribute("BlacklistMax",
                      "Entries of that list.",
                      UintegerValue(64),
                      MakeUintegerAccessor(&KmpApplication::m_blacklistMax),
                      MakeUintegerChecker<uint32_t>(1, 65536));
}

TypeId
KmpApplication::AddKeyAttributes(TypeId tid)
{
    return tid
        .AddAttribute(
            "KekSuite",
            "Algorithms of KEKs; the key-exchange method named is not used.",
            StringValue("aes256gcm16-prfsha256-x25519"),
            MakeStringAccessor(&KmpApplication::SetKekSuite, &KmpApplication::GetKekSuite),
            MakeStringChecker())
        .AddAttribute(
            "PmkAlgorithm",
            "Algorithm that protocol master keys are used with: keyed-md5, hmac-sha1, "
            "hmac-sha256, hmac-sha384, hmac-sha512.",
            StringValue("hmac-sha256"),
            MakeStringAccessor(&KmpApplication::SetPmkAlgorithm, &KmpApplication::GetPmkAlgorithm),
            MakeStringChecker())
        .AddAttribute("TransportKeys",
                      "Whether each router sends under a key of its own, derived from the protocol "
                      "master key and a nonce that it announces (K5); the same at all members.",
                      BooleanValue(false),
                      MakeBooleanAccessor(&KmpApplication::m_transportKeys),
                      MakeBooleanChecker())
        .AddAttribute("TransportSpread",
                      "An answer to somebody who asks for a nonce comes within this, so that one "
                      "message answers many (K5).",
                      TimeValue(MilliSeconds(200)),
                      MakeTimeAccessor(&KmpApplication::m_transportSpread),
                      Span(ns3::Time(0)))
        .AddAttribute("KekLifetime",
                      "From send start to send end of a KEK (K3).",
                      TimeValue(Hours(1)),
                      MakeTimeAccessor(&KmpApplication::m_kekLifetime),
                      Span(Seconds(1)))
        .AddAttribute("PmkOverrun",
                      "How long a protocol master key outlives its KEK (K4).",
                      TimeValue(Minutes(30)),
                      MakeTimeAccessor(&KmpApplication::m_pmkOverrun),
                      Span(ns3::Time(0)))
        .AddAttribute("Lead",
                      "From receive start to send start: time to bring a key to all (K7).",
                      TimeValue(Seconds(30)),
                      MakeTimeAccessor(&KmpApplication::m_lead),
                      Span(ns3::Time(0)))
        .AddAttribute(
            "Overlap",
            "From send end to receive end, and at least from receive start to send start: "
            "packets are late, clocks differ.",
            TimeValue(Seconds(30)),
            MakeTimeAccessor(&KmpApplication::m_overlap),
            Span(ns3::Time(0)));
}

TypeId
KmpApplication::AddMemberAttributes(TypeId tid)
{
    return tid
        .AddAttribute("JoinSpread",
                      "Members that hold keys register with a new GCKS within this time (K6).",
                      TimeValue(Seconds(1)),
                      MakeTimeAccessor(&KmpApplication::m_joinSpread),
                      Span(ns3::Time(0)))
        .AddAttribute(
            "RebootLead",
            "From receive start to send start of a key made because a member rebooted (J6).",
            TimeValue(Seconds(3)),
            MakeTimeAccessor(&KmpApplication::m_rebootLead),
            Span(ns3::Time(0)))
        .AddAttribute(
            "RebootAlways",
            "Whether whoever comes without its sequence numbers changes the key; else only "
            "who was heard using it, or got it from the GCKS itself (J6, K9).",
            BooleanValue(false),
            MakeBooleanAccessor(&KmpApplication::m_rebootAlways),
            MakeBooleanChecker())
        .AddAttribute("EvictLead",
                      "From receive start to send start of the key after an eviction (G6).",
                      TimeValue(Seconds(3)),
                      MakeTimeAccessor(&KmpApplication::m_evictLead),
                      Span(ns3::Time(0)))
        .AddAttribute("EvictOverlap",
                      "For how long after that the keys before an eviction are received (G6).",
                      TimeValue(Seconds(1)),
                      MakeTimeAccessor(&KmpApplication::m_evictOverlap),
                      Span(ns3::Time(0)))
        .AddAttribute("EvictedMax",
                      "Evicted identities that are remembered.",
                      UintegerValue(64),
                      MakeUintegerAccessor(&KmpApplication::m_evictedMax),
                      MakeUintegerChecker<uint32_t>(1, 1024))
        .AddAttribute("KekMessagesMax",
                      "Group messages of one GCKS under one KEK; the next KEK comes after nine "
                      "tenths of them (G7).",
                      UintegerValue(uint64_t{1} << 32U),
                      MakeUintegerAccessor(&KmpApplication::m_kekMessagesMax),
                      MakeUintegerChecker<uint64_t>(10, uint64_t{1} << 32U))
        .AddAttribute("JoinPatience",
                      "A GCKS that has proven nothing is waited for so long (E10, E11).",
                      TimeValue(Seconds(30)),
                      MakeTimeAccessor(&KmpApplication::m_joinPatience),
                      Span())
        .AddAttribute("RivalPatience",
                      "The same, while another GCKS advertises (E11).",
                      TimeValue(MilliSeconds(500)),
                      MakeTimeAccessor(&KmpApplication::m_rivalPatience),
                      Span())
        .AddAttribute("FruitlessMax",
                      "Joins in a row without any proof after which a router in Initial believes "
                      "no GCKS that it knows nothing of; 0: it always does (E11).",
                      UintegerValue(2),
                      MakeUintegerAccessor(&KmpApplication::m_fruitlessMax),
                      MakeUintegerChecker<uint32_t>(0, 255))
        .AddAttribute("ReferralsMax",
                      "Referrals to another GCKS that are followed one after the other (J9).",
                      UintegerValue(3),
                      MakeUintegerAccessor(&KmpApplication::m_referralsMax),
                      MakeUintegerChecker<uint32_t>(0, 16))
        .AddAttribute("MembersMax",
                      "Members that a GCKS remembers.",
                      UintegerValue(4096),
                      MakeUintegerAccessor(&KmpApplication::m_membersMax),
                      MakeUintegerChecker<uint32_t>(1, 65536));
}

TypeId
KmpApplication::AddUpdateAttributes(TypeId tid)
{
    return tid
        .AddAttribute("UpdateInterval",
                      "Time between periodic updates (G3).",
                      TimeValue(Seconds(30)),
                      MakeTimeAccessor(&KmpApplication::m_updateInterval),
                      Span())
        .AddAttribute("UpdateCopies",
                      "How often an update that changes something is sent.",
                      UintegerValue(3),
                      MakeUintegerAccessor(&KmpApplication::m_updateCopies),
                      MakeUintegerChecker<uint32_t>(1, 32))
        .AddAttribute("UpdateCopySpacing",
                      "Time between these copies.",
                      TimeValue(Seconds(1)),
                      MakeTimeAccessor(&KmpApplication::m_updateCopySpacing),
                      Span())
        .AddAttribute("MergeCopies",
                      "How often the less preferred GCKS sends the merged keys (M4).",
                      UintegerValue(3),
                      MakeUintegerAccessor(&KmpApplication::m_mergeCopies),
                      MakeUintegerChecker<uint32_t>(1, 32))
        .AddAttribute("MergeCopySpacing",
                      "Time between these copies.",
                      TimeValue(MilliSeconds(500)),
                      MakeTimeAccessor(&KmpApplication::m_mergeCopySpacing),
                      Span());
}

TypeId
KmpApplication::AddSessionAttributes(TypeId tid)
{
    return tid
        .AddAttribute("Suites",
                      "Cipher suites offered and accepted, by comma, the preferred one first.",
                      StringValue("aes256gcm16-prfsha256-x25519,aes128gcm16-prfsha256-ecp256,"
                                  "aes256-sha256-prfsha256-modp2048"),
                      MakeStringAccessor(&KmpApplication::SetSuites, &KmpApplication::GetSuites),
                      MakeStringChecker())
        .AddAttribute("RetransmitFirst",
                      "Time until a request is repeated first (J2).",
                      TimeValue(Seconds(2)),
                      MakeTimeAccessor(&KmpApplication::m_retransmitFirst),
                      Span())
        .AddAttribute("RetransmitBase",
                      "Factor from each wait to the next.",
                      DoubleValue(2.0),
                      MakeDoubleAccessor(&KmpApplication::m_retransmitBase),
                      MakeDoubleChecker<double>(1.0, 10.0))
        .AddAttribute("RetransmitTries",
                      "Repetitions before a request is given up.",
                      UintegerValue(5),
                      MakeUintegerAccessor(&KmpApplication::m_retransmitTries),
                      MakeUintegerChecker<uint32_t>(0, 30))
        .AddAttribute("RetransmitJitter",
                      "Each wait is shortened by up to this fraction.",
                      DoubleValue(0.1),
                      MakeDoubleAccessor(&KmpApplication::m_retransmitJitter),
                      MakeDoubleChecker<double>(0.0, 0.99));
}

TypeId
KmpApplication::AddLimitAttributes(TypeId tid)
{
    return tid
        .AddAttribute("HalfOpenMax",
                      "Associations of a responder that are not authenticated yet.",
                      UintegerValue(256),
                      MakeUintegerAccessor(&KmpApplication::m_halfOpenMax),
                      MakeUintegerChecker<uint32_t>(1, 65536))
        .AddAttribute("HalfOpenPerPeerMax",
                      "Of these, for one source address.",
                      UintegerValue(8),
                      MakeUintegerAccessor(&KmpApplication::m_halfOpenPerPeerMax),
                      MakeUintegerChecker<uint32_t>(1, 65536))
        .AddAttribute("CookieThreshold",
                      "Half-open associations from which on cookies are asked (RFC 7296 2.6).",
                      UintegerValue(30),
                      MakeUintegerAccessor(&KmpApplication::m_cookieThreshold),
                      MakeUintegerChecker<uint32_t>(0, 65536))
        .AddAttribute("HalfOpenTimeout",
                      "Life of a half-open association.",
                      TimeValue(Seconds(30)),
                      MakeTimeAccessor(&KmpApplication::m_halfOpenTimeout),
                      Span())
        .AddAttribute("CookieSecretLifetime",
                      "Life of the secret that cookies are made with.",
                      TimeValue(Seconds(60)),
                      MakeTimeAccessor(&KmpApplication::m_cookieSecretLifetime),
                      Span())
        .AddAttribute("IdleTimeout",
                      "After this time without use an association is forgotten (J7).",
                      TimeValue(Seconds(120)),
                      MakeTimeAccessor(&KmpApplication::m_idleTimeout),
                      Span())
        .AddAttribute("SessionsMax",
                      "Associations altogether.",
                      UintegerValue(4096),
                      MakeUintegerAccessor(&KmpApplication::m_sessionsMax),
                      MakeUintegerChecker<uint32_t>(1, 1000000))
        .AddAttribute("AlternativesMax",
                      "Answers to one IKE_SA_INIT that are kept beside the first (J12).",
                      UintegerValue(4),
                      MakeUintegerAccessor(&KmpApplication::m_alternativesMax),
                      MakeUintegerChecker<uint32_t>(0, 64))
        .AddAttribute("EnableKeyLog",
                      "Whether trace source KeyLog gives keys away.",
                      BooleanValue(false),
                      MakeBooleanAccessor(&KmpApplication::m_keyLog),
                      MakeBooleanChecker());
}

TypeId
KmpApplication::AddTraceSources(TypeId tid)
{
    return tid
        .AddTraceSource("Role",
                        "The role in a group changed.",
                        MakeTraceSourceAccessor(&KmpApplication::m_roleTrace),
                        "ns3::karp::KmpApplication::RoleCallback")
        .AddTraceSource("AdvertSent",
                        "An advertisement was sent.",
                        MakeTraceSourceAccessor(&KmpApplication::m_advertTrace),
                        "ns3::karp::KmpApplication::AdvertSentCallback")
        .AddTraceSource("JoinDone",
                        "A join succeeded or failed.",
                        MakeTraceSourceAccessor(&KmpApplication::m_joinTrace),
                        "ns3::karp::KmpApplication::JoinDoneCallback")
        .AddTraceSource("Kek",
                        "A KEK was installed, updated or retired.",
                        MakeTraceSourceAccessor(&KmpApplication::m_kekTrace),
                        "ns3::karp::KmpApplication::KekCallback")
        .AddTraceSource("Pmk",
                        "A protocol master key was installed in the key table, updated or retired.",
                        MakeTraceSourceAccessor(&KmpApplication::m_pmkTrace),
                        "ns3::karp::KmpApplication::PmkCallback")
        .AddTraceSource("Rekeyed",
                        "As GCKS: new keys were made, and why.",
                        MakeTraceSourceAccessor(&KmpApplication::m_rekeyTrace),
                        "ns3::karp::KmpApplication::RekeyedCallback")
        .AddTraceSource("GroupMessage",
                        "A group message was sent, or accepted.",
                        MakeTraceSourceAccessor(&KmpApplication::m_groupTrace),
                        "ns3::karp::KmpApplication::GroupMessageCallback")
        .AddTraceSource("Session",
                        "News of a unicast association.",
                        MakeTraceSourceAccessor(&KmpApplication::m_sessionTrace),
                        "ns3::karp::KmpApplication::SessionCallback")
        .AddTraceSource("KeyLog",
                        "Keys of an association or of a sender of group messages (EnableKeyLog).",
                        MakeTraceSourceAccessor(&KmpApplication::m_keyLogTrace),
                        "ns3::karp::KmpApplication::KeyLogCallback")
        .AddTraceSource("Drop",
                        "Something that arrived was rejected.",
                        MakeTraceSourceAccessor(&KmpApplication::m_dropTrace),
                        "ns3::karp::KmpApplication::DropCallback")
        .AddTraceSource("Tx",
                        "A message was handed to UDP.",
                        MakeTraceSourceAccessor(&KmpApplication::m_txTrace),
                        "ns3::karp::KmpApplication::MessageCallback")
        .AddTraceSource("Rx",
                        "A message came from UDP.",
                        MakeTraceSourceAccessor(&KmpApplication::m_rxTrace),
                        "ns3::karp::KmpApplication::MessageCallback")
        .AddTraceSource("Handled",
                        "A group's engine was given a message; one that came when the CPU had no "
                        "room for it never is.",
                        MakeTraceSourceAccessor(&KmpApplication::m_handledTrace),
                        "ns3::karp::KmpApplication::MessageCallback")
        .AddTraceSource("Attacked",
                        "A message of an Adversary was dealt with: what became of it.",
                        MakeTraceSourceAccessor(&KmpApplication::m_attackedTrace),
                        "ns3::karp::KmpApplication::AttackedCallback")
        .AddTraceSource("CpuCharged",
                        "A work that took time is done: that time.",
                        MakeTraceSourceAccessor(&KmpApplication::m_cpuTrace),
                        "ns3::Time::TracedCallback");
}

bool
KmpApplication::SetSuites(std::string text)
{
    std::vector<CipherSuite> suites;
    std::istringstream words(text);
    std::string word;
    while (std::getline(words, word, ','))
    {
        const auto suite = ParseCipherSuite(word);
        if (!suite || !suite->IsSupported())
        {
            return false;
        }
        suites.push_back(*suite);
    }
    if (suites.empty())
    {
        return false;
    }
    m_suites = suites;
    return true;
}

std::string
KmpApplication::GetSuites() const
{
    std::string text;
    for (const auto& suite : m_suites)
    {
        text += (text.empty() ? "" : ",") + suite.ToString();
    }
    return text;
}

bool
KmpApplication::SetKekSuite(std::string text)
{
    const auto suite = ParseCipherSuite(text);
    if (!suite || !suite->IsSupported())
    {
        return false;
    }
    m_kekSuite = *suite;
    return true;
}

std::string
KmpApplication::GetKekSuite() const
{
    return m_kekSuite.ToString();
}

bool
KmpApplication::SetPmkAlgorithm(std::string text)
{
    const auto algorithm = ParseMacAlgorithm(text);
    if (!algorithm || *algorithm == MacAlgorithm::NONE)
    {
        return false;
    }
    m_pmkAlgorithm = *algorithm;
    return true;
}

std::string
KmpApplication::GetPmkAlgorithm() const
{
    return ToString(m_pmkAlgorithm);
}

namespace
{

/** \return \p time as engines count it */
Time
ToSpan(ns3::Time time)
{
    return Time(time.GetNanoSeconds());
}

} // namespace

SessionConfig
KmpApplication::MakeSessionConfig() const
{
    SessionConfig config;
    config.suites = m_suites;
    config.retransmit.first = ToSpan(m_retransmitFirst);
    config.retransmit.base = m_retransmitBase;
    config.retransmit.tries = m_retransmitTries;
    config.retransmit.jitter = m_retransmitJitter;
    config.halfOpenMax = m_halfOpenMax;
    config.halfOpenPerPeerMax = m_halfOpenPerPeerMax;
    config.cookieThreshold = m_cookieThreshold;
    config.halfOpenTimeout = ToSpan(m_halfOpenTimeout);
    config.cookieSecretLifetime = ToSpan(m_cookieSecretLifetime);
    config.idleTimeout = ToSpan(m_idleTimeout);
    config.sessionsMax = m_sessionsMax;
    config.alternativesMax = m_alternativesMax;
    config.keyLog = m_keyLog;
    return config;
}

MrkmpConfig
KmpApplication::MakeConfig(const Group& group) const
{
    MrkmpConfig config;
    config.address = group.address;
    config.groupAddress = IpAddress{m_groupAddress.Get()};
    config.group = group.id;
    config.groupName = group.name;
    config.interface = group.interface;
    config.election.priority = EffectivePriority(group);
    config.election.advertInterval = ToSpan(m_advertInterval);
    config.election.advertJitter = m_advertJitter;
    config.election.downCount = m_downCount;
    config.election.skew = m_skew;
    config.election.minAdvertGap = m_minAdvertGap;
    config.election.deferMax = m_deferMax;
    config.keys.kekSuite = m_kekSuite;
    config.keys.pmkProtocol = group.id.protocol;
    config.keys.pmkAlgorithm = m_pmkAlgorithm;
    config.keys.kekLifetime = ToSpan(m_kekLifetime);
    config.keys.pmkOverrun = ToSpan(m_pmkOverrun);
    config.keys.lead = ToSpan(m_lead);
    config.keys.overlap = ToSpan(m_overlap);
    config.session = MakeSessionConfig();
    config.updateInterval = ToSpan(m_updateInterval);
    config.updateCopies = m_updateCopies;
    config.updateCopySpacing = ToSpan(m_updateCopySpacing);
    config.mergeCopies = m_mergeCopies;
    config.mergeCopySpacing = ToSpan(m_mergeCopySpacing);
    config.blacklistTimeout = ToSpan(m_blacklistTimeout);
    config.blacklistMax = m_blacklistMax;
    config.joinPatience = ToSpan(m_joinPatience);
    config.rivalPatience = ToSpan(m_rivalPatience);
    config.fruitlessMax = m_fruitlessMax;
    config.joinSpread = ToSpan(m_joinSpread);
    config.rebootLead = ToSpan(m_rebootLead);
    config.membersMax = m_membersMax;
    config.bootId = group.bootId;
    config.rebootAlways = m_rebootAlways;
    config.referralsMax = m_referralsMax;
    config.evictLead = ToSpan(m_evictLead);
    config.evictOverlap = ToSpan(m_evictOverlap);
    config.evictedMax = m_evictedMax;
    config.kekMessagesMax = m_kekMessagesMax;
    config.transport.enabled = m_transportKeys;
    config.transport.spread = ToSpan(m_transportSpread);
    config.transport.lead = config.rebootLead;
    config.transport.interval = config.updateInterval;
    config.transport.spacing = config.updateCopySpacing;
    config.transport.copies = config.updateCopies;
    config.transport.peersMax = config.membersMax;
    return config;
}

} // namespace karp
} // namespace ns3
