/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-lan.h"
#include "karp-app-tests.h"

#include "ns3/boolean.h"
#include "ns3/karp-impairment.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <map>
#include <set>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-app: attributes and trace sources.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return the classes that have attributes and trace sources for users */
std::vector<TypeId>
Types()
{
    return {KmpApplication::GetTypeId(),
            OspfApplication::GetTypeId(),
            Router::GetTypeId(),
            CpuModel::GetTypeId()};
}

/** Values of an attribute. */
struct Bounds
{
    const char* name;              //!< the attribute
    std::vector<std::string> good; //!< what it takes
    std::vector<std::string> bad;  //!< what it refuses
};

/** \p object must take and refuse what \p rows say; what is refused must change nothing. */
void
CheckBounds(Sentence& test, Ptr<Object> object, const std::vector<Bounds>& rows)
{
    for (const auto& row : rows)
    {
        const std::string name = row.name;
        for (const auto& value : row.good)
        {
            test.Holds(object->SetAttributeFailSafe(name, StringValue(value)),
                       name + " takes " + value);
        }
        StringValue before;
        object->GetAttribute(name, before);
        for (const auto& value : row.bad)
        {
            test.Holds(!object->SetAttributeFailSafe(name, StringValue(value)),
                       name + " refuses " + value);
        }
        StringValue after;
        object->GetAttribute(name, after);
        test.Same(after.Get(), before.Get(), name);
    }
}

/**
 * Input: values at the bounds of attributes and beyond.
 * Output: those within are taken and read back, those beyond are refused and change nothing.
 */
void
AttributesHaveBounds(Sentence& test)
{
    const std::vector<Bounds> kmp{
        {"Port", {"1", "65535"}, {"0", "65536"}},
        {"Priority", {"0", "255"}, {"256", "-1"}},
        {"AdvertInterval", {"1ms", "1h"}, {"0s", "-1s", "25h"}},
        {"AdvertJitter", {"0", "0.5"}, {"-0.1", "0.6"}},
        {"DownCount", {"1", "255"}, {"0", "256"}},
        {"MinAdvertGap", {"0", "1"}, {"-1", "1.1"}},
        {"BlacklistTimeout", {"1ms"}, {"0s", "-1s"}},
        {"BlacklistMax", {"1"}, {"0"}},
        {"KekSuite", {"aes128gcm16-prfsha256-ecp256"}, {"", "rot13", "aes128gcm16"}},
        {"PmkAlgorithm", {"hmac-sha512", "keyed-md5"}, {"none", "hmac-sha3"}},
        {"KekLifetime", {"1s"}, {"0s"}},
        {"PmkOverrun", {"0s"}, {"-1s"}},
        {"Lead", {"0s", "1min"}, {"-1s"}},
        {"Overlap", {"0s"}, {"-1s"}},
        {"UpdateInterval", {"1ms"}, {"0s"}},
        {"UpdateCopies", {"1", "32"}, {"0", "33"}},
        {"UpdateCopySpacing", {"1ms"}, {"0s"}},
        {"MergeCopies", {"1", "32"}, {"0", "33"}},
        {"MergeCopySpacing", {"1ms"}, {"0s"}},
        {"Suites", {"aes256-sha512-prfsha512-modp2048"}, {"", ",", "aes256", "des-md5"}},
        {"RetransmitFirst", {"1ms"}, {"0s"}},
        {"RetransmitBase", {"1", "10"}, {"0.9", "11"}},
        {"RetransmitTries", {"0", "30"}, {"31"}},
        {"RetransmitJitter", {"0", "0.9"}, {"1", "-0.1"}},
        {"HalfOpenMax", {"1"}, {"0"}},
        {"HalfOpenPerPeerMax", {"1"}, {"0"}},
        {"CookieThreshold", {"0"}, {"65537"}},
        {"JoinPatience", {"1ms"}, {"0s"}},
        {"RivalPatience", {"1ms"}, {"0s"}},
        {"FruitlessMax", {"0", "255"}, {"256"}},
        {"HalfOpenTimeout", {"1ms"}, {"0s"}},
        {"CookieSecretLifetime", {"1ms"}, {"0s"}},
        {"IdleTimeout", {"1ms"}, {"0s"}},
        {"SessionsMax", {"1"}, {"0"}},
        {"AlternativesMax", {"0", "64"}, {"65"}},
    };
    const std::vector<Bounds> ospf{
        {"RouterPriority", {"0", "255"}, {"256"}},
        {"HelloInterval", {"1s", "65535s"}, {"0s", "999ms"}},
        {"RouterDeadInterval", {"1s"}, {"0s"}},
        {"HelloJitter", {"0", "0.5"}, {"0.6"}},
        {"AuthType", {"none", "cryptographic"}, {"simple"}},
        {"KeyPreparation", {"rfc2104", "rfc5709"}, {"rfc7474"}},
        {"SequenceInit", {"zero", "clock", "kept"}, {"random"}},
        {"SequenceRule", {"rfc2328", "strict", "rfc7474"}, {"none", "rfc5709"}},
        {"SequenceStep", {"packet", "second"}, {"minute"}},
        {"SequenceForgotten", {"true", "false"}, {"perhaps"}},
        {"SequencePerKey", {"true", "false"}, {"perhaps"}},
        {"SequenceLimit", {"1", "4294967295"}, {"0", "4294967296"}},
        {"NeighborsMax", {"1"}, {"0"}},
    };
    CheckBounds(test, CreateObject<KmpApplication>(), kmp);
    CheckBounds(test, CreateObject<OspfApplication>(), ospf);
}

/**
 * KarpHelper::Set finds an attribute by its name alone.
 * Output: no two of our classes have one of the same name; each has a help text.
 */
void
AttributeNamesAreDistinct(Sentence& test)
{
    std::set<std::string> names;
    for (const TypeId& type : Types())
    {
        for (uint32_t i = 0; i < type.GetAttributeN(); ++i)
        {
            const auto attribute = type.GetAttribute(i);
            test.Holds(names.insert(attribute.name).second, attribute.name + " is there once");
            test.Holds(attribute.help.size() > 10, attribute.name + " is explained");
        }
    }
}

std::map<std::string, uint32_t> g_fired; //!< how often each trace source fired

/** A trace source called \p name fired, whatever it says. */
template <typename... Args>
void
Fired(std::string name, Args...)
{
    ++g_fired[name];
}

/** Connect trace source \p name, which has arguments \p Args, of \p object of \p type. */
template <typename... Args>
void
Watch(Sentence& test, Ptr<Object> object, const std::string& name)
{
    const std::string path = object->GetInstanceTypeId().GetName() + "/" + name;
    void (*sink)(std::string, Args...) = &Fired<Args...>;
    test.Holds(object->TraceConnectWithoutContext(name, MakeBoundCallback(sink, path)), path);
}

/** Connect every trace source of router \p i. */
void
WatchAll(Sentence& test, const AppLan& lan, uint32_t i)
{
    Ptr<KmpApplication> kmp = lan.Kmp(i);
    Watch<uint32_t, const MrkmpEvent::RoleChanged&>(test, kmp, "Role");
    Watch<uint32_t, const MrkmpEvent::AdvertSent&>(test, kmp, "AdvertSent");
    Watch<uint32_t, const MrkmpEvent::JoinDone&>(test, kmp, "JoinDone");
    Watch<uint32_t, const MrkmpEvent::KekChanged&>(test, kmp, "Kek");
    Watch<uint32_t, const KmpApplication::PmkChange&>(test, kmp, "Pmk");
    Watch<uint32_t, const MrkmpEvent::Rekeyed&>(test, kmp, "Rekeyed");
    Watch<uint32_t, const MrkmpEvent::GroupMessage&>(test, kmp, "GroupMessage");
    Watch<uint32_t, const SessionEvent&>(test, kmp, "Session");
    Watch<uint32_t, const SessionKeys&>(test, kmp, "KeyLog");
    Watch<uint32_t, const karp::Drop&>(test, kmp, "Drop");
    Watch<uint32_t, const MessageInfo&>(test, kmp, "Tx");
    Watch<uint32_t, const MessageInfo&>(test, kmp, "Rx");
    Watch<uint32_t, const MessageInfo&>(test, kmp, "Handled");
    Watch<ns3::Time>(test, kmp, "CpuCharged");
    Watch<const AttackOutcome&>(test, kmp, "Attacked");
    Ptr<OspfApplication> ospf = lan.Ospf(i);
    Watch<uint32_t, const OspfEvent::InterfaceChanged&>(test, ospf, "InterfaceState");
    Watch<uint32_t, const OspfEvent::NeighborChanged&>(test, ospf, "NeighborState");
    Watch<uint32_t, const OspfEvent::DesignatedRouterChanged&>(test, ospf, "DesignatedRouter");
    Watch<uint32_t, const OspfEvent::SequenceLow&>(test, ospf, "SequenceLow");
    Watch<const OspfRoutingTable&, size_t>(test, ospf, "Routes");
    Watch<uint32_t, const karp::Drop&>(test, ospf, "Drop");
    Watch<uint32_t, const MessageInfo&>(test, ospf, "Tx");
    Watch<uint32_t, const MessageInfo&>(test, ospf, "Rx");
    Watch<ns3::Time>(test, ospf, "CpuCharged");
    Watch<const AttackOutcome&>(test, ospf, "Attacked");
    Ptr<Router> router = lan.GetRouter(i);
    Watch<const KeyRow&, bool>(test, router, "KeyInstalled");
    Watch<const std::string&, bool>(test, router, "KeyRetired");
    Watch<bool>(test, router, "Running");
    Watch<ns3::Time, ns3::Time>(test, router->Cpu(), "CpuCharged");
}

/**
 * Input: three routers, costly CPUs, few sequence numbers, garbage on both protocols, a crash and a
 * boot. Every trace source connected.
 * Output: every trace source there is has fired.
 */
void
TraceSourcesFire(Sentence& test)
{
    g_fired.clear();
    AppLan lan(3);
    lan.helper.Set("CpuCost", StringValue("table"));
    lan.helper.Set("SequenceLimit", UintegerValue(40));
    lan.helper.Set("EnableKeyLog", StringValue("true"));
    lan.helper.Set("LinkState", BooleanValue(true));
    lan.Install();
    for (uint32_t i = 0; i < 3; ++i)
    {
        WatchAll(test, lan, i);
    }
    lan.Inject(5, 0, "224.0.0.254", 255, Bytes(40, 0xff));
    lan.InjectOspf(5, 0, "224.0.0.5", Bytes(44, 0xff));
    lan.RunUntil(40);
    lan.GetRouter(1)->Crash();
    lan.RunUntil(45);
    lan.GetRouter(1)->Boot(LossSet());
    lan.RunUntil(55);
    for (const TypeId& type : Types())
    {
        for (uint32_t i = 0; i < type.GetTraceSourceN(); ++i)
        {
            const std::string path = type.GetName() + "/" + type.GetTraceSource(i).name;
            test.Holds(g_fired[path] > 0, path + " has fired");
        }
    }
}

ns3::Time g_charged; //!< sum of what NoteCharged saw

/** An application was charged. */
void
NoteCharged(ns3::Time cost)
{
    g_charged += cost;
}

std::vector<double> g_took; //!< how long joins took that NoteJoin saw

/** A join ended. */
void
NoteJoin(uint32_t, const MrkmpEvent::JoinDone& join)
{
    g_took.push_back(ToSeconds(join.took));
}

/**
 * Input: two routers; then the same where a Diffie-Hellman operation takes 50 ms on each.
 * Output: the join takes 200 ms longer: the initiator's key, the responder's key and secret, the
 * initiator's secret, one after the other. What applications were charged is what the CPUs count.
 */
void
WorkTakesTime(Sentence& test)
{
    g_took.clear();
    for (int costly = 0; costly < 2; ++costly)
    {
        g_charged = ns3::Time(0);
        AppLan lan(2);
        lan.helper.Set("CpuCost", StringValue(costly ? "ke_generate=50ms,ke_shared=50ms" : "none"));
        lan.Install();
        for (uint32_t i = 0; i < lan.apps.GetN(); ++i)
        {
            lan.apps.Get(i)->TraceConnectWithoutContext("CpuCharged", MakeCallback(&NoteCharged));
        }
        lan.Kmp(0)->TraceConnectWithoutContext("JoinDone", MakeCallback(&NoteJoin));
        lan.Kmp(1)->TraceConnectWithoutContext("JoinDone", MakeCallback(&NoteJoin));
        // Whoever calls meanwhile must not set free what the CPU still works on.
        for (double at = 0.5; at < 2; at += 0.01)
        {
            lan.RunUntil(at);
            lan.Kmp(0)->SetPriority(0, 100);
            lan.Kmp(1)->SetPriority(0, 100);
        }
        lan.RunUntil(6);
        const ns3::Time sum =
            lan.GetRouter(0)->Cpu()->Charged() + lan.GetRouter(1)->Cpu()->Charged();
        test.Holds(sum == g_charged, "charged");
        test.Holds(sum == MilliSeconds(costly ? 200 : 0),
                   "four operations: " + std::to_string(sum.GetSeconds()));
    }
    test.Equal(g_took.size(), 2, "joins");
    if (g_took.size() == 2)
    {
        test.Holds(g_took[0] < 0.02, "free: " + std::to_string(g_took[0]));
        test.Holds(g_took[1] > 0.2 && g_took[1] < 0.22, "costly: " + std::to_string(g_took[1]));
    }
}

/**
 * Input: a router that needs 10 s for a digest, with room for two messages.
 * Output: further messages of both protocols are lost and counted; timers still find room.
 */
void
BusyRoutersLoseMessages(Sentence& test)
{
    AppLan lan(2);
    lan.helper.Set("CpuQueueMax", UintegerValue(2));
    lan.Install();
    lan.RunUntil(3);
    const auto lost = [&lan] {
        return lan.Ospf(1)->GetDrops()[static_cast<size_t>(DropReason::TOO_MANY)];
    };
    const uint64_t before = lost();
    lan.GetRouter(1)->Cpu()->SetAttribute("CpuCost", StringValue("mac=10s"));
    lan.RunUntil(12);
    test.Holds(lan.GetRouter(1)->Cpu()->IsBusy(), "busy");
    test.Holds(lan.GetRouter(1)->Cpu()->Waiting() <= 4, "no more than two wait, and two timers");
    test.Holds(lost() > before, "Hellos are lost");
    test.Holds(lan.Kmp(1)->GetDrops()[static_cast<size_t>(DropReason::TOO_MANY)] > 0,
               "advertisements are lost");
}

} // namespace

std::vector<TestCase*>
AttributeTests()
{
    return {new Sentence("attributes have bounds", AttributesHaveBounds),
            new Sentence("names of attributes are distinct", AttributeNamesAreDistinct),
            new Sentence("every trace source fires", TraceSourcesFire),
            new Sentence("work takes time", WorkTakesTime),
            new Sentence("busy routers lose messages", BusyRoutersLoseMessages)};
}

} // namespace karp
} // namespace ns3
