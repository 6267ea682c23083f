/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-sentence.h"
#include "karp-test-data.h"

#include "ns3/karp-explore-ladder.h"
#include "ns3/karp-explore-lan.h"
#include "ns3/karp-explorer.h"
#include "ns3/karp-state-digest.h"
#include "ns3/test.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>
#include <sstream>
#include <string>

/**
 * \file
 * The explorer: the search on systems so small that what it must find is known, then a short search
 * of what small groups do, with a fixed seed.
 */

using namespace ns3;
using namespace ns3::karp;

namespace
{

/** A system that counts to ten and notes what deviates: name and step, such as "a2". */
class Toy : public Explorable
{
  public:
    /** Whether what was noted is wrong. */
    using Rule = std::function<bool(const std::set<std::string>&)>;

    static constexpr uint32_t STEPS = 10; //!< to the end

    /** Wrong is what \p rule says; what is called "nothing" is not noted. */
    Toy(std::vector<std::string> names, Rule rule)
        : m_names(std::move(names)),
          m_rule(std::move(rule))
    {
    }

    bool IsOver() const override
    {
        return m_step == STEPS;
    }

    std::vector<std::string> Deviations() const override
    {
        return m_names;
    }

    void Deviate(const std::string& name) override
    {
        if (name == "abort")
        {
            std::abort();
        }
        if (name != "nothing")
        {
            m_noted.insert(name + std::to_string(m_step));
        }
        ++m_used;
    }

    void Step() override
    {
        ++m_step;
    }

    std::string Violation() const override
    {
        return m_rule(m_noted) ? "wrong" : "";
    }

    ExploreState State() const override
    {
        StateDigest digest;
        digest.Number(m_step);
        for (const auto& name : m_noted)
        {
            digest.Text(name);
        }
        return {digest.Get(), {-m_used, 0, 0, 0, 0, 0, 0}};
    }

  private:
    std::vector<std::string> m_names; //!< of deviations
    Rule m_rule;                      //!< what is wrong
    std::set<std::string> m_noted;    //!< deviations so far
    uint32_t m_step{0};               //!< so far
    int64_t m_used{0};                //!< deviations so far
};

/** \return what a search of toys with \p names and \p rule comes to */
ExploreResult
SearchToy(std::vector<std::string> names, Toy::Rule rule, uint32_t depth, uint64_t walks = 0)
{
    ExploreLimits limits;
    limits.seconds = 0;
    limits.depth = depth;
    limits.walks = walks;
    limits.unrest = 0.3;
    limits.statesLog2 = 16;
    return Explorer([&]() { return std::make_unique<Toy>(names, rule); }, limits).Run();
}

/** \return whether \p noted has both \p a and \p b */
bool
HasBoth(const std::set<std::string>& noted, const char* a, const char* b)
{
    return noted.count(a) != 0 && noted.count(b) != 0;
}

/** \return whether nothing is wrong, whatever was noted */
bool
NeverWrong(const std::set<std::string>&)
{
    return false;
}

// Input: a toy that is wrong after a before event 2 and b before event 5. Output: just these two,
// after all runs with one deviation.
void
ShortestIsFound(Sentence& t)
{
    const auto result = SearchToy(
        {"a", "b"},
        [](const auto& noted) { return HasBoth(noted, "a2", "b5"); },
        4);
    t.Same(ToString(result.path), std::string("2:a 5:b"));
    t.Same(result.violation, std::string("wrong"));
    t.Equal(result.exhaustive.value_or(99), 1, "exhaustive for");
}

// Input: a toy that is never wrong, two deviations, up to two in a run. Output: 20 runs with one,
// 20 with the first of two and as many with the second as there are later or equal places; each
// pair of notes is one state from the later one on.
void
EverythingIsCovered(Sentence& t)
{
    const auto result = SearchToy({"a", "b"}, NeverWrong, 2);
    t.Equal(result.exhaustive.value_or(99), 2, "exhaustive for");
    t.Holds(result.violation.empty(), "found something");
    std::set<std::string> states; // counted by hand: sets of up to two notes, and a step after them
    for (uint32_t step = 0; step < Toy::STEPS; ++step)
    {
        const uint32_t notes = 2 * (step + 1);
        for (uint32_t i = 0; i < notes; ++i)
        {
            for (uint32_t j = i; j < notes; ++j)
            {
                states.insert(std::to_string(step) + ":" + std::to_string(i) + "," +
                              std::to_string(j));
            }
        }
        states.insert(std::to_string(step));
    }
    t.Equal(result.states, states.size(), "states");
}

// Input: deviations that change nothing but the room left for others. Output: each is tried once at
// each depth, and what follows is not gone through again.
void
KnownStatesEnd(Sentence& t)
{
    const auto result = SearchToy({"nothing"}, NeverWrong, 3);
    t.Equal(result.states, Toy::STEPS, "states");
    t.Equal(result.runs, 3 * Toy::STEPS, "runs");
}

// Input: a toy that is wrong after three deviations, of which the exhaustive search tries one.
// Output: random runs find it, and what is not needed is taken out.
void
RandomRunsFindMore(Sentence& t)
{
    const auto rule = [](const std::set<std::string>& noted) {
        return noted.size() >= 3 && noted.rbegin()->front() == 'b';
    };
    const auto result = SearchToy({"a", "b", "c"}, rule, 1, 1000);
    t.Holds(!result.violation.empty(), "nothing found");
    t.Equal(result.path.size(), 3, "choices");
    t.Equal(result.exhaustive.value_or(99), 1, "exhaustive for");
}

// Input: a toy that aborts. Output: that is found, and the search goes on living.
void
AbortIsFound(Sentence& t)
{
    const auto result = SearchToy({"a", "abort"}, NeverWrong, 1);
    t.Same(ToString(result.path), std::string("0:abort"));
    t.Holds(result.violation.find("signal") != std::string::npos, result.violation);
}

// Input: paths as text. Output: what is one is read back, what is none is refused.
void
PathsAreText(Sentence& t)
{
    const auto path = ParseExplorePath("3:lose 17:cut0");
    t.Holds(path && path->size() == 2, "not read");
    t.Same(ToString(*path), std::string("3:lose 17:cut0"));
    for (const char* wrong : {"lose", "3:", ":lose", "x:lose", "5:lose 4:lose", "3lose"})
    {
        t.Holds(!ParseExplorePath(wrong), wrong);
    }
    std::string why;
    const auto factory = []() {
        return std::make_unique<Toy>(std::vector<std::string>{"a"}, NeverWrong);
    };
    t.Holds(Explorer::Replay(factory, *ParseExplorePath("3:z"), why) == nullptr, "no such choice");
    t.Same(why, std::string("3:z is not possible there"));
}

// Input: values drawn differently, used alike and not alike. Output: digests that are equal, and
// not.
void
RandomValuesAreNamed(Sentence& t)
{
    const auto digest = [](std::vector<uint64_t> values) {
        StateDigest sum;
        for (const uint64_t value : values)
        {
            sum.Named(value);
        }
        return sum.Get();
    };
    t.Holds(digest({7, 8, 7}) == digest({1, 5, 1}), "same use, other digest");
    t.Holds(digest({7, 8, 7}) != digest({1, 5, 5}), "other use, same digest");
}

/** \return settings of a search of \p routers that takes seconds */
ExploreSettings
SmallSettings(size_t routers)
{
    ExploreSettings settings;
    settings.routers = routers;
    settings.window = std::chrono::seconds(6);
    settings.Complete();
    return settings;
}

/** \return what a search with \p settings comes to */
ExploreResult
SearchLan(const ExploreSettings& settings, uint32_t depth, uint64_t walks)
{
    ExploreLimits limits;
    limits.seconds = 0;
    limits.depth = depth;
    limits.walks = walks;
    limits.statesLog2 = 18;
    return Explorer([&]() { return std::make_unique<ExploreLan>(settings); }, limits).Run();
}

// Input: two routers, then three, with one fault in the first 6 s, and a few random runs. Output:
// no invariant is broken.
void
SmallGroupsHold(Sentence& t)
{
    for (const size_t routers : {2, 3})
    {
        const auto result = SearchLan(SmallSettings(routers), 1, 5);
        t.Same(result.violation + ToString(result.path), std::string());
        t.Equal(result.exhaustive.value_or(99), 1, "exhaustive for");
        t.Holds(result.runs > 50 && result.states > 1000, "hardly anything was searched");
    }
}

// Input: a router that is not heard for 12 s, then one that hears nobody. Output: what goes one way
// is lost, what goes the other way arrives, and no invariant is broken.
void
OneWayCuts(Sentence& t)
{
    for (const std::string kind : {"mute1", "deaf1"})
    {
        ExploreSettings settings = SmallSettings(2);
        settings.budget = {0, 0, 0, 0, 0, 1};
        ExploreLan lan(settings, true);
        const auto isPossible = [&]() {
            const auto names = lan.Deviations();
            return std::count(names.begin(), names.end(), kind) != 0;
        };
        while (!lan.IsOver() && !isPossible())
        {
            lan.Step();
        }
        t.Holds(!lan.IsOver(), kind);
        lan.Deviate(kind);
        const size_t before = lan.Events().size();
        const Time end = lan.Now() + std::chrono::seconds(12);
        std::array<size_t, 2> lost{};
        std::array<size_t, 2> arrived{};
        while (!lan.IsOver() && lan.Now() < end)
        {
            lan.Step();
        }
        for (size_t i = before; i < lan.Events().size(); ++i)
        {
            const ExploreEvent& event = lan.Events()[i];
            if (event.from < 2 && event.at < end)
            {
                ++(event.fate == "lost" ? lost : arrived)[event.from];
            }
        }
        while (!lan.IsOver())
        {
            lan.Step();
        }
        const size_t cut = kind == "mute1" ? 1 : 0; // whose messages do not get through
        t.Holds(lost[cut] > 3 && arrived[cut] == 0, kind + ": one way");
        t.Holds(lost[1 - cut] == 0 && arrived[1 - cut] > 0, kind + ": and not the other");
        t.Same(lan.Violation(), std::string(), kind);
    }
}

/** \return three routers whose keys have less of a lead than it takes to replace a GCKS */
ExploreSettings
ShortLead()
{
    ExploreSettings settings;
    settings.Set("Lead=2");
    settings.budget = {0, 0, 0, 0, 1};
    settings.Complete();
    return settings;
}

// Input: a lead that is too short (doc/findings.md). Output: one cut shows it; the ladder of that
// run is test/golden/explore-ladder.txt, each time; KARP_REWRITE=1 writes it.
void
LadderIsGolden(Sentence& t)
{
    const auto settings = ShortLead();
    const auto result = SearchLan(settings, 1, 0);
    t.Equal(result.path.size(), 1, "choices");
    std::string wrong;
    std::string ladders[2];
    for (auto& ladder : ladders)
    {
        const auto factory = [&]() { return std::make_unique<ExploreLan>(settings, true); };
        const auto system = Explorer::Replay(factory, result.path, wrong);
        t.Holds(system != nullptr, wrong);
        const auto& lan = static_cast<const ExploreLan&>(*system);
        t.Same(lan.Violation(), result.violation);
        ladder = DrawLadder(lan.Names(), lan.Events());
    }
    t.Same(ladders[0], ladders[1]);
    const std::string path = KarpTestDataPath() + "/golden/explore-ladder.txt";
    if (std::getenv("KARP_REWRITE") != nullptr)
    {
        std::ofstream(path) << ladders[0];
    }
    std::ifstream file(path);
    std::stringstream golden;
    golden << file.rdbuf();
    t.Same(ladders[0], golden.str(), path);
}

// Input: settings that are wrong. Output: what is wrong, with the nearest name.
void
WrongSettingsAreSaid(Sentence& t)
{
    ExploreSettings settings;
    t.Holds(settings.Set("RebotAlways=true").find("RebootAlways") != std::string::npos, "no hint");
    t.Holds(settings.Set("RebootAlways=maybe").find("true, false") != std::string::npos,
            "no value");
    t.Holds(!settings.Set("Lead").empty(), "no equals sign");
    t.Same(settings.Set("Lead=3"), std::string());
    settings.routers = 5;
    t.Same(settings.Complete(), std::string("there can be 2 to 4 routers"));
    settings.routers = 2;
    settings.Set("Priorities=1/2/3");
    t.Same(settings.Complete(), std::string("Priorities names 3 routers of 2"));
}

/** The suite. */
class ExploreTestSuite : public TestSuite
{
  public:
    ExploreTestSuite()
        : TestSuite("karp-explore", TestSuite::Type::UNIT)
    {
        AddTestCase(new Sentence("the shortest way is found", ShortestIsFound));
        AddTestCase(new Sentence("everything is covered", EverythingIsCovered));
        AddTestCase(new Sentence("known states end a run", KnownStatesEnd));
        AddTestCase(new Sentence("random runs find more", RandomRunsFindMore));
        AddTestCase(new Sentence("one-way cuts", OneWayCuts));
        AddTestCase(new Sentence("an abort is found", AbortIsFound));
        AddTestCase(new Sentence("paths are text", PathsAreText));
        AddTestCase(new Sentence("random values are named", RandomValuesAreNamed));
        AddTestCase(new Sentence("small groups hold", SmallGroupsHold));
        AddTestCase(new Sentence("the ladder is golden", LadderIsGolden));
        AddTestCase(new Sentence("wrong settings are said", WrongSettingsAreSaid));
    }
};

ExploreTestSuite g_exploreTestSuite; //!< registers itself

} // namespace
