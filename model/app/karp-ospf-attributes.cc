/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-application.h"

#include "ns3/boolean.h"
#include "ns3/double.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

/**
 * \file
 * \ingroup karp
 * Attributes and trace sources of OspfApplication: the parameters of RFC 2328 appendix C.3, and
 * those that experiments with authentication need.
 */

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(OspfApplication);

namespace
{

/** A word that an attribute may be, and what it stands for. */
template <typename T>
struct Word
{
    const char* text; //!< the word
    T value;          //!< what it stands for
};

constexpr Word<OspfAuthType> AUTH_TYPES[] = {{"none", OspfAuthType::NONE},
                                             {"cryptographic", OspfAuthType::CRYPTOGRAPHIC}};
constexpr Word<KeyPreparation> KEY_PREPARATIONS[] = {{"rfc2104", KeyPreparation::RFC_2104},
                                                     {"rfc5709", KeyPreparation::RFC_5709}};
constexpr Word<OspfSequenceInit> SEQUENCE_INITS[] = {{"zero", OspfSequenceInit::ZERO},
                                                     {"clock", OspfSequenceInit::CLOCK},
                                                     {"kept", OspfSequenceInit::KEPT}};
constexpr Word<OspfReplayRule> SEQUENCE_RULES[] = {{"rfc2328", OspfReplayRule::RFC_2328},
                                                   {"strict", OspfReplayRule::STRICT},
                                                   {"rfc7474", OspfReplayRule::RFC_7474}};
constexpr Word<OspfSequenceStep> SEQUENCE_STEPS[] = {{"packet", OspfSequenceStep::PACKET},
                                                     {"second", OspfSequenceStep::SECOND}};

/** Set \p value to what \p text is among \p words. \return whether it is there */
template <typename T, size_t N>
bool
Read(const Word<T> (&words)[N], const std::string& text, T& value)
{
    for (const auto& word : words)
    {
        if (text == word.text)
        {
            value = word.value;
            return true;
        }
    }
    return false;
}

/** \return what \p value is called among \p words */
template <typename T, size_t N>
std::string
Write(const Word<T> (&words)[N], T value)
{
    for (const auto& word : words)
    {
        if (value == word.value)
        {
            return word.text;
        }
    }
    return "";
}

} // namespace

TypeId
OspfApplication::GetTypeId()
{
    static TypeId tid = AddTraceSources(AddLinkStateAttributes(
        AddSequenceAttributes(AddAttributes(TypeId("ns3::karp::OspfApplication")
                                                .SetParent<Application>()
                                                .SetGroupName("Karp")
                                                .AddConstructor<OspfApplication>()))));
    return tid;
}

TypeId
OspfApplication::AddAttributes(TypeId tid)
{
    return tid
        .AddAttribute("AreaId",
                      "Area of all interfaces.",
                      Ipv4AddressValue("0.0.0.0"),
                      MakeIpv4AddressAccessor(&OspfApplication::m_areaId),
                      MakeIpv4AddressChecker())
        .AddAttribute("RouterPriority",
                      "Router Priority; 0: never Designated Router.",
                      UintegerValue(1),
                      MakeUintegerAccessor(&OspfApplication::m_priority),
                      MakeUintegerChecker<uint8_t>())
        .AddAttribute("HelloInterval",
                      "Time between Hellos; whole seconds, as the packet says it.",
                      TimeValue(Seconds(10)),
                      MakeTimeAccessor(&OspfApplication::m_helloInterval),
                      MakeTimeChecker(Seconds(1), Seconds(65535)))
        .AddAttribute("RouterDeadInterval",
                      "Time without Hellos after which a neighbour is down.",
                      TimeValue(Seconds(40)),
                      MakeTimeAccessor(&OspfApplication::m_routerDeadInterval),
                      MakeTimeChecker(Seconds(1), Hours(24 * 365)))
        .AddAttribute("HelloJitter",
                      "Each HelloInterval is shortened by up to this fraction.",
                      DoubleValue(0.1),
                      MakeDoubleAccessor(&OspfApplication::m_helloJitter),
                      MakeDoubleChecker<double>(0.0, 0.5))
        .AddAttribute(
            "AuthType",
            "none: AuType 0; cryptographic: AuType 2, or 3 if SequenceRule says rfc7474, keys from "
            "the key table.",
            StringValue("cryptographic"),
            MakeStringAccessor(&OspfApplication::SetAuthType, &OspfApplication::GetAuthType),
            MakeStringChecker())
        .AddAttribute("KeyPreparation",
                      "What AuType 2 does to keys longer than the digest: rfc2104, rfc5709.",
                      StringValue("rfc2104"),
                      MakeStringAccessor(&OspfApplication::SetKeyPreparation,
                                         &OspfApplication::GetKeyPreparation),
                      MakeStringChecker())
        .AddAttribute("NeighborsMax",
                      "Neighbours on one link.",
                      UintegerValue(1024),
                      MakeUintegerAccessor(&OspfApplication::m_neighborsMax),
                      MakeUintegerChecker<uint32_t>(1, 65536));
}

TypeId
OspfApplication::AddSequenceAttributes(TypeId tid)
{
    return tid
        .AddAttribute(
            "SequenceInit",
            "Where sequence numbers begin after a boot that lost them: zero; clock: at the "
            "seconds of the router's clock; kept: where they were. With AuType 3 the lower half, "
            "below a boot count that is always kept.",
            StringValue("zero"),
            MakeStringAccessor(&OspfApplication::SetSequenceInit,
                               &OspfApplication::GetSequenceInit),
            MakeStringChecker())
        .AddAttribute(
            "SequenceRule",
            "Which cryptographic sequence numbers are accepted: rfc2328: not less than the last; "
            "strict: greater; rfc7474: AuType 3, greater than the last of that packet type.",
            StringValue("rfc2328"),
            MakeStringAccessor(&OspfApplication::SetSequenceRule,
                               &OspfApplication::GetSequenceRule),
            MakeStringChecker())
        .AddAttribute("SequenceStep",
                      "How often a sender takes another number: packet, second (of its clock). "
                      "AuType 3 knows packet only.",
                      StringValue("packet"),
                      MakeStringAccessor(&OspfApplication::SetSequenceStep,
                                         &OspfApplication::GetSequenceStep),
                      MakeStringChecker())
        .AddAttribute("SequenceForgotten",
                      "Whether a neighbour's number is forgotten when it goes Down (RFC 2328 D.3).",
                      BooleanValue(true),
                      MakeBooleanAccessor(&OspfApplication::m_sequenceForgotten),
                      MakeBooleanChecker())
        .AddAttribute("SequencePerKey",
                      "Whether a neighbour has a number for each key, not one for all.",
                      BooleanValue(false),
                      MakeBooleanAccessor(&OspfApplication::m_sequencePerKey),
                      MakeBooleanChecker())
        .AddAttribute("SequenceLimit",
                      "Last number of the cryptographic sequence space (R2); with AuType 3 of its "
                      "lower half, after which the boot count goes up.",
                      UintegerValue(UINT32_MAX),
                      MakeUintegerAccessor(&OspfApplication::m_sequenceLimit),
                      MakeUintegerChecker<uint32_t>(1));
}

TypeId
OspfApplication::AddTraceSources(TypeId tid)
{
    return tid
        .AddTraceSource("InterfaceState",
                        "State of an interface changed (RFC 2328 section 9.1).",
                        MakeTraceSourceAccessor(&OspfApplication::m_interfaceTrace),
                        "ns3::karp::OspfApplication::InterfaceStateCallback")
        .AddTraceSource("NeighborState",
                        "State of a neighbour changed (RFC 2328 section 10.1).",
                        MakeTraceSourceAccessor(&OspfApplication::m_neighborTrace),
                        "ns3::karp::OspfApplication::NeighborStateCallback")
        .AddTraceSource("DesignatedRouter",
                        "The Designated Router or its backup changed (RFC 2328 section 9.4).",
                        MakeTraceSourceAccessor(&OspfApplication::m_designatedTrace),
                        "ns3::karp::OspfApplication::DesignatedRouterCallback")
        .AddTraceSource("Routes",
                        "The routing table changed (RFC 2328 section 11): it, and in how many "
                        "destinations.",
                        MakeTraceSourceAccessor(&OspfApplication::m_routesTrace),
                        "ns3::karp::OspfApplication::RoutesCallback")
        .AddTraceSource("SequenceLow",
                        "Cryptographic sequence numbers run low.",
                        MakeTraceSourceAccessor(&OspfApplication::m_sequenceTrace),
                        "ns3::karp::OspfApplication::SequenceLowCallback")
        .AddTraceSource("Drop",
                        "A packet was rejected, or could not be sent.",
                        MakeTraceSourceAccessor(&OspfApplication::m_dropTrace),
                        "ns3::karp::OspfApplication::DropCallback")
        .AddTraceSource("Tx",
                        "A packet was handed to IP.",
                        MakeTraceSourceAccessor(&OspfApplication::m_txTrace),
                        "ns3::karp::OspfApplication::MessageCallback")
        .AddTraceSource("Rx",
                        "A packet came from IP.",
                        MakeTraceSourceAccessor(&OspfApplication::m_rxTrace),
                        "ns3::karp::OspfApplication::MessageCallback")
        .AddTraceSource("Attacked",
                        "A packet of an Adversary was dealt with: what became of it.",
                        MakeTraceSourceAccessor(&OspfApplication::m_attackedTrace),
                        "ns3::karp::OspfApplication::AttackedCallback")
        .AddTraceSource("CpuCharged",
                        "A work that took time is done: that time.",
                        MakeTraceSourceAccessor(&OspfApplication::m_cpuTrace),
                        "ns3::Time::TracedCallback");
}

bool
OspfApplication::SetAuthType(std::string text)
{
    return Read(AUTH_TYPES, text, m_authType);
}

std::string
OspfApplication::GetAuthType() const
{
    return Write(AUTH_TYPES, m_authType);
}

bool
OspfApplication::SetKeyPreparation(std::string text)
{
    return Read(KEY_PREPARATIONS, text, m_keyPreparation);
}

std::string
OspfApplication::GetKeyPreparation() const
{
    return Write(KEY_PREPARATIONS, m_keyPreparation);
}

bool
OspfApplication::SetSequenceInit(std::string text)
{
    return Read(SEQUENCE_INITS, text, m_sequenceInit);
}

std::string
OspfApplication::GetSequenceInit() const
{
    return Write(SEQUENCE_INITS, m_sequenceInit);
}

bool
OspfApplication::SetSequenceRule(std::string text)
{
    return Read(SEQUENCE_RULES, text, m_sequenceRule);
}

std::string
OspfApplication::GetSequenceRule() const
{
    return Write(SEQUENCE_RULES, m_sequenceRule);
}

bool
OspfApplication::SetSequenceStep(std::string text)
{
    return Read(SEQUENCE_STEPS, text, m_sequenceStep);
}

std::string
OspfApplication::GetSequenceStep() const
{
    return Write(SEQUENCE_STEPS, m_sequenceStep);
}

OspfInterfaceConfig
OspfApplication::MakeConfig(const Link& link) const
{
    OspfInterfaceConfig config;
    config.index = link.index;
    config.address = link.address;
    config.networkMask = link.mask;
    CompleteConfig(link, config);
    config.priority = PriorityOf(link);
    config.helloInterval = Time(m_helloInterval.GetNanoSeconds());
    config.routerDeadInterval = Time(m_routerDeadInterval.GetNanoSeconds());
    config.helloJitter = m_helloJitter;
    config.authType = IsExtended() ? OspfAuthType::CRYPTOGRAPHIC_64 : m_authType;
    config.keyPreparation = m_keyPreparation;
    config.sequenceInit = link.useKept ? OspfSequenceInit::KEPT : m_sequenceInit;
    config.firstSequence = link.keptSequence;
    config.bootCount = m_bootCount;
    config.sequenceStep = m_sequenceStep;
    config.sequenceRule = m_sequenceRule == OspfReplayRule::STRICT ? OspfSequenceRule::GREATER
                                                                   : OspfSequenceRule::NOT_LESS;
    config.sequenceForgotten = m_sequenceForgotten;
    config.sequencePerKey = m_sequencePerKey;
    config.sequenceLimit = m_sequenceLimit;
    config.neighborsMax = m_neighborsMax;
    return config;
}

} // namespace karp
} // namespace ns3
