/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-lan.h"
#include "karp-app-tests.h"

#include "ns3/double.h"
#include "ns3/karp-router.h"
#include "ns3/karp-stream-entropy.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <set>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-app: CPU, randomness, clock and key table of one router, without a network.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A user of the CPU whose every work is one operation KE_SHARED; writes down when what happened.
 */
class FakeUser : public CpuUser
{
  public:
    /** Called \p name, writing into \p log. */
    FakeUser(std::string name, Ptr<CpuModel> cpu, std::string& log)
        : m_name(std::move(name)),
          m_cpu(cpu),
          m_log(log)
    {
    }

    /** Have an input now. */
    void Input()
    {
        m_cpu->Submit(this);
    }

    CryptoCounters CpuWork() override
    {
        Write("work");
        CryptoCounters done{};
        done[static_cast<size_t>(CryptoOperation::KE_SHARED)] = 1;
        return done;
    }

    void CpuDone(ns3::Time cost) override
    {
        Write("done(" + std::to_string(cost.GetMilliSeconds()) + ")");
    }

  private:
    /** Append \p what, with the time in milliseconds. */
    void Write(const std::string& what)
    {
        m_log += std::to_string(Simulator::Now().GetMilliSeconds()) + m_name + ":" + what + " ";
    }

    std::string m_name;  //!< for the log
    Ptr<CpuModel> m_cpu; //!< the CPU
    std::string& m_log;  //!< what happened
};

/**
 * Input: a at 0, b at 1 ms, a at 2 ms; each work takes 10 ms.
 * Output: they wait for each other and are served in order of arrival; Done comes when the cost has
 * gone by; the sum is charged.
 */
void
CpuServesInOrder(Sentence& test)
{
    Ptr<CpuModel> cpu = CreateObject<CpuModel>();
    cpu->SetAttribute("CpuCost", StringValue("ke_shared=5ms"));
    cpu->SetAttribute("CpuScale", DoubleValue(2.0));
    std::string log;
    FakeUser a("a", cpu, log);
    FakeUser b("b", cpu, log);
    Simulator::Schedule(MilliSeconds(0), &FakeUser::Input, &a);
    Simulator::Schedule(MilliSeconds(1), &FakeUser::Input, &b);
    Simulator::Schedule(MilliSeconds(2), &FakeUser::Input, &a);
    Simulator::Run();
    test.Same(log,
              std::string("0a:work 10a:done(10) 10b:work 20b:done(10) 20a:work 30a:done(10) "));
    test.Equal(cpu->Charged().GetMilliSeconds(), 30, "charged");
    cpu->Dispose();
    Simulator::Destroy();
}

/**
 * Input: the same with costs "none", the default.
 * Output: everything happens at once and nothing is charged.
 */
void
CpuIsFreeByDefault(Sentence& test)
{
    Ptr<CpuModel> cpu = CreateObject<CpuModel>();
    std::string log;
    FakeUser a("a", cpu, log);
    a.Input();
    a.Input();
    test.Holds(!cpu->IsEnabled(), "off by default");
    test.Same(log, std::string("0a:work 0a:done(0) 0a:work 0a:done(0) "));
    test.Holds(cpu->Charged().IsZero(), "nothing charged");
    cpu->Dispose();
    Simulator::Destroy();
}

/**
 * Input: a works, b waits; a withdraws at 3 ms. Then again, and the CPU is reset.
 * Output: a is never told that it is done, b is served at once; after the reset nobody is.
 */
void
CpuForgetsWhoWithdraws(Sentence& test)
{
    Ptr<CpuModel> cpu = CreateObject<CpuModel>();
    cpu->SetAttribute("CpuCost", StringValue("ke_shared=10ms"));
    cpu->SetAttribute("CpuQueueMax", UintegerValue(1));
    std::string log;
    FakeUser a("a", cpu, log);
    FakeUser b("b", cpu, log);
    a.Input();
    test.Holds(cpu->HasRoom(), "room while nobody waits");
    b.Input();
    test.Holds(!cpu->HasRoom(), "no room for two");
    test.Equal(cpu->Waiting(), 1, "b waits");
    Simulator::Schedule(MilliSeconds(3), &CpuModel::Withdraw, cpu, &a);
    Simulator::Schedule(MilliSeconds(20), &FakeUser::Input, &a);
    Simulator::Schedule(MilliSeconds(21), &FakeUser::Input, &b);
    Simulator::Schedule(MilliSeconds(22), &CpuModel::Reset, cpu);
    Simulator::Schedule(MilliSeconds(23), &FakeUser::Input, &b);
    Simulator::Run();
    test.Same(log, std::string("0a:work 3b:work 13b:done(10) 20a:work 23b:work 33b:done(10) "));
    cpu->Dispose();
    Simulator::Destroy();
}

/** A user that withdraws while it works. */
class ShyUser : public CpuUser
{
  public:
    /** Of \p cpu. */
    explicit ShyUser(Ptr<CpuModel> cpu)
        : m_cpu(cpu)
    {
    }

    CryptoCounters CpuWork() override
    {
        m_cpu->Withdraw(this);
        CryptoCounters done{};
        done[static_cast<size_t>(CryptoOperation::KE_SHARED)] = 1;
        return done;
    }

    void CpuDone(ns3::Time) override
    {
        told = true;
    }

    bool told{false}; //!< Done came all the same

  private:
    Ptr<CpuModel> m_cpu; //!< the CPU
};

/**
 * Input: a user withdraws in the middle of its work, another one waits.
 * Output: the first is charged nothing and told nothing; the second is served, once.
 */
void
CpuUserMayGoWhileItWorks(Sentence& test)
{
    Ptr<CpuModel> cpu = CreateObject<CpuModel>();
    cpu->SetAttribute("CpuCost", StringValue("ke_shared=10ms"));
    std::string log;
    FakeUser a("a", cpu, log);
    FakeUser b("b", cpu, log);
    ShyUser shy(cpu);
    a.Input();
    cpu->Submit(&shy);
    b.Input();
    b.Input();
    Simulator::Run();
    test.Same(log,
              std::string("0a:work 10a:done(10) 10b:work 20b:done(10) 20b:work 30b:done(10) "));
    test.Holds(!shy.told, "not told");
    test.Equal(cpu->Charged().GetMilliSeconds(), 30, "charged");
    cpu->Dispose();
    Simulator::Destroy();
}

/**
 * Costs as text: what can be read, what cannot, and that a bad text changes nothing.
 */
void
CpuCostsAreText(Sentence& test)
{
    Ptr<CpuModel> cpu = CreateObject<CpuModel>();
    for (const char* good : {"none", "table", "mac=1us", "table,ke_shared=1ms", "seal=2s,open=3ns"})
    {
        test.Holds(cpu->SetAttributeFailSafe("CpuCost", StringValue(good)), good);
        StringValue text;
        cpu->GetAttribute("CpuCost", text);
        test.Holds(cpu->SetAttributeFailSafe("CpuCost", text), text.Get());
    }
    for (const char* bad : {"",
                            "mac",
                            "mac=",
                            "mac=1",
                            "mac=1h",
                            "mac=-1us",
                            "mac=nanus",
                            "sha=1us",
                            "mac=1us,table",
                            "mac=1us,,"})
    {
        test.Holds(!cpu->SetAttributeFailSafe("CpuCost", StringValue(bad)), bad);
    }
    CryptoCounters operations{};
    operations[static_cast<size_t>(CryptoOperation::SEAL)] = 1;
    operations[static_cast<size_t>(CryptoOperation::OPEN)] = 2;
    test.Equal(cpu->CostOf(operations).GetNanoSeconds(), 2000000006, "last good text holds");
    cpu->SetAttribute("CpuCost", StringValue("table,seal=1us"));
    for (size_t i = 0; i < operations.size(); ++i)
    {
        CryptoCounters one{};
        one[i] = 1;
        test.Holds(cpu->CostOf(one).IsStrictlyPositive(), "every operation costs something");
    }
    cpu->SetAttribute("CpuScale", DoubleValue(0.0));
    test.Holds(!cpu->IsEnabled(), "scale 0 switches it off");
    cpu->Dispose();
}

/**
 * Randomness: the same stream gives the same octets, another one others, and all octets occur.
 */
void
EntropyFollowsItsStream(Sentence& test)
{
    StreamEntropy a;
    StreamEntropy b;
    StreamEntropy c;
    test.Equal(a.AssignStreams(77), 1, "streams used");
    b.AssignStreams(77);
    c.AssignStreams(78);
    const Bytes first = a.Draw(10000);
    test.Holds(first == b.Draw(10000), "same stream");
    test.Holds(first != c.Draw(10000), "another stream");
    test.Equal(std::set<uint8_t>(first.begin(), first.end()).size(), 256, "different octets");
    double sum = 0;
    for (const uint8_t octet : first)
    {
        sum += octet;
    }
    size_t pairs = 0;
    for (size_t i = 1; i < first.size(); ++i)
    {
        pairs += first[i] == first[i - 1] ? 1 : 0;
    }
    // One in 256 of them is like its neighbour.
    test.Holds(pairs > 10 && pairs < 70, "neighbours alike " + std::to_string(pairs));
    // 10000 octets: the mean's standard deviation is 0.74.
    test.Holds(sum / 10000 > 124.5 && sum / 10000 < 130.5, "mean " + std::to_string(sum / 10000));
}

/** \return a row called \p name that may be used from \p start to \p end, seconds of the clock */
KeyRow
Row(const std::string& name, uint64_t id, double start, double end)
{
    KeyRow row = ManualKey();
    row.adminKeyName = name;
    row.localKeyName = IntegerKeyName(id, 1);
    row.key = SecretBytes(32, static_cast<uint8_t>(id));
    row.lifetimes = {FromSeconds(start), FromSeconds(start), FromSeconds(end), FromSeconds(end)};
    return row;
}

std::string g_keys; //!< what NoteInstalled and NoteRetired saw

/** A row came or changed. */
void
NoteInstalled(const KeyRow& row, bool there)
{
    g_keys += std::to_string(Simulator::Now().GetMilliSeconds()) + "+" + row.adminKeyName +
              (there ? "! " : " ");
}

/** A row went. */
void
NoteRetired(const std::string& name, bool expired)
{
    g_keys +=
        std::to_string(Simulator::Now().GetMilliSeconds()) + "-" + name + (expired ? "! " : " ");
}

/**
 * Input: keys a until 5 s and b until 8 s; b is prolonged to 9 s; the clock is 1 s ahead.
 * Output: each goes when its time is over on the router's clock, which is 1 s earlier on ours.
 */
void
KeysExpireOnTheRoutersClock(Sentence& test)
{
    g_keys.clear();
    Ptr<Node> node = CreateObject<Node>();
    Ptr<Router> router = Router::Of(node);
    test.Holds(router == Router::Of(node), "one router a node");
    router->TraceConnectWithoutContext("KeyInstalled", MakeCallback(&NoteInstalled));
    router->TraceConnectWithoutContext("KeyRetired", MakeCallback(&NoteRetired));
    router->SetAttribute("ClockOffset", StringValue("1s"));
    test.Holds(router->InstallKey(Row("a", 1, 0, 5)) == KeyTable::Result::OK, "a");
    test.Holds(router->InstallKey(Row("b", 2, 0, 8)) == KeyTable::Result::OK, "b");
    test.Holds(router->InstallKey(Row("b", 2, 0, 9)) == KeyTable::Result::OK, "b again");
    test.Holds(router->InstallKey(Row("c", 3, 0, 9)) == KeyTable::Result::OK, "c");
    test.Holds(router->InstallKey(Row("c", 4, 0, 9)) == KeyTable::Result::OK, "another key for c");
    test.Holds(router->InstallKey(Row("d", 4, 9, 0)) != KeyTable::Result::OK, "lifetimes reversed");
    test.Holds(router->RetireKey("c"), "c is there");
    test.Holds(!router->RetireKey("c"), "c is there no more");
    Simulator::Run();
    test.Same(g_keys, std::string("0+a 0+b 0+b! 0+c 0+c! 0-c 4000-a! 8000-b! "));
    test.Equal(router->Keys().Size(), 0, "rows left");
    node->Dispose();
    Simulator::Destroy();
}

/** Let the clock of \p router be six seconds ahead. */
void
SetClock(Ptr<Router> router)
{
    router->SetAttribute("ClockOffset", StringValue("6s"));
}

/**
 * The clock: offset either way, instants in the past and at the end of time, and a clock that is
 * set while a key waits for its end.
 */
void
ClockMayDiffer(Sentence& test)
{
    g_keys.clear();
    Ptr<Node> node = CreateObject<Node>();
    Ptr<Router> router = Router::Of(node);
    router->TraceConnectWithoutContext("KeyRetired", MakeCallback(&NoteRetired));
    router->SetAttribute("ClockOffset", StringValue("-2s"));
    test.Holds(router->Now() == FromSeconds(-2), "two seconds behind");
    test.Holds(router->ToSimulationTime(FromSeconds(1)) == Seconds(3), "1 s there is 3 s here");
    test.Holds(router->ToSimulationTime(FromSeconds(-5)).IsZero(), "past instants are now");
    test.Holds(router->ToSimulationTime(TIME_MAX) > Hours(24 * 365 * 100), "the end is far");
    router->SetAttribute("ClockOffset", StringValue("2s"));
    test.Holds(router->Now() == FromSeconds(2), "two seconds ahead");
    test.Holds(router->ToSimulationTime(FromSeconds(3)) == Seconds(1), "3 s there is 1 s here");
    test.Holds(router->ToSimulationTime(TIME_MAX) > Hours(24 * 365 * 100), "the end is far");
    router->InstallKey(Row("a", 1, 0, 10));
    Simulator::Schedule(Seconds(1), &SetClock, router);
    Simulator::Run();
    test.Same(g_keys, std::string("4000-a! "));
    node->Dispose();
    Simulator::Destroy();
}

/**
 * Input: clocks of all kinds, instants near and far.
 * Output: the instant of true time at which a clock shows something is the first at which it does;
 * what is beyond the end of time is the end; setting a drift keeps what was gained.
 */
void
DriftIsConvertedBack(Sentence& test)
{
    for (const int64_t drift : {0LL, 1LL, -1LL, 20500LL, -99999999LL, 100000000LL})
    {
        for (const int64_t offset : {0LL, 7LL, -5000000000LL, 3000000000000000000LL})
        {
            DriftClock clock;
            clock.Set(Time(1234567891), Time(offset), drift);
            Time last = clock.Local(Time(1234567891));
            test.Equal(last.count() - 1234567891, offset, "at first");
            for (int64_t ahead = 1; ahead < 2000000000000000000; ahead = ahead * 7 + 3)
            {
                const Time local = last + Time(ahead);
                const Time instant = clock.True(local);
                test.Holds(clock.Local(instant) >= local, "it shows that");
                test.Holds(clock.Local(instant - Time(1)) < local, "and did not before");
            }
            test.Holds(clock.True(TIME_MAX) > Time(1LL << 61), "the end is far");
            test.Holds(clock.True(last - Time(5)) == Time(1234567891), "past instants were then");
        }
    }
    DriftClock fast;
    fast.Set(Time(0), Time(0), 20000); // 20 ppm
    test.Equal(fast.Offset(FromSeconds(50000)).count(), 1000000000, "a second in 50000");
    fast.Set(FromSeconds(50000), fast.Offset(FromSeconds(50000)), 2000000000);
    test.Equal(fast.Drift(), DriftClock::MAX_DRIFT, "bounded");
    test.Equal(fast.Local(FromSeconds(50000)).count(), 50001000000000, "no jump");
}

/** Let the clock of \p router run at \p drift. */
void
SetDrift(Ptr<Router> router, double drift)
{
    router->SetAttribute("ClockDrift", DoubleValue(drift));
}

/**
 * Input: a key that ends at 10 s of a clock that runs a tenth too fast from 5 s on, a tenth too
 * slow from 7 s on; a clock that is set back while it drifts. Output: it ends once, when that clock
 * shows 10 s; an offset that is set is the offset then.
 */
void
ClocksMayDrift(Sentence& test)
{
    g_keys.clear();
    Ptr<Node> node = CreateObject<Node>();
    Ptr<Router> router = Router::Of(node);
    router->TraceConnectWithoutContext("KeyRetired", MakeCallback(&NoteRetired));
    router->InstallKey(Row("a", 1, 0, 10));
    Simulator::Schedule(Seconds(5), &SetDrift, router, 100000.0);
    Simulator::Schedule(Seconds(7), &SetDrift, router, -100000.0);
    Simulator::Run();
    // 5 s + 2.2 s are gone at 7 s; the 2.8 s that are left take 2.8 / 0.9 s.
    test.Same(g_keys, std::string("10111-a! "));
    DoubleValue drift;
    router->GetAttribute("ClockDrift", drift);
    test.Holds(drift.Get() == -100000.0, "as set");
    router->SetAttribute("ClockOffset", StringValue("-1s"));
    test.Equal(router->Now().count(), Simulator::Now().GetNanoSeconds() - 1000000000, "a second");
    test.Holds(!router->SetAttributeFailSafe("ClockDrift", DoubleValue(100001)), "too much");
    node->Dispose();
    Simulator::Destroy();
}

/** What a crashed router loses, as scenarios name it. */
void
LossesAreWords(Sentence& test)
{
    const auto all = LossSet::Parse("all");
    test.Holds(all && all->sequence && all->neighbors && all->sa && all->keys, "all");
    const auto some = LossSet::Parse("seq,sa");
    test.Holds(some && some->sequence && !some->neighbors && some->sa && !some->keys, "seq,sa");
    const auto rest = LossSet::Parse("neighbors,keys");
    test.Holds(rest && !rest->sequence && rest->neighbors && !rest->sa && rest->keys, "the rest");
    const auto none = LossSet::Parse("none");
    test.Holds(none && !none->sequence && !none->neighbors && !none->sa && !none->keys, "none");
    test.Holds(!LossSet::Parse("sequences"), "unknown word");
}

} // namespace

std::vector<TestCase*>
RouterTests()
{
    return {new Sentence("the CPU serves in order of arrival", CpuServesInOrder),
            new Sentence("the CPU is free by default", CpuIsFreeByDefault),
            new Sentence("the CPU forgets who withdraws", CpuForgetsWhoWithdraws),
            new Sentence("a user of the CPU may go while it works", CpuUserMayGoWhileItWorks),
            new Sentence("costs of the CPU are text", CpuCostsAreText),
            new Sentence("randomness follows its stream", EntropyFollowsItsStream),
            new Sentence("keys expire on the router's clock", KeysExpireOnTheRoutersClock),
            new Sentence("clocks may differ", ClockMayDiffer),
            new Sentence("drift is converted back exactly", DriftIsConvertedBack),
            new Sentence("clocks may drift", ClocksMayDrift),
            new Sentence("losses of a crash are words", LossesAreWords)};
}

} // namespace karp
} // namespace ns3
