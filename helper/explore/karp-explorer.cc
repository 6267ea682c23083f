/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-explorer.h"

#include "ns3/karp-seeded-entropy.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <new>
#include <sstream>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t TEXT_SIZE = 2048;     //!< of a path, of a violation
constexpr size_t PROBES = 64;          //!< places looked at for a state
constexpr uint64_t LOOK_AT_CLOCK = 64; //!< transitions between two looks at the clock

/** \return seconds on a clock that only goes forward */
double
Now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/** Copy \p text to \p to, cut if it is too long. */
void
CopyText(char (&to)[TEXT_SIZE], const std::string& text)
{
    std::snprintf(to, sizeof(to), "%s", text.c_str());
}

/** \return whether \p a has as much room as \p b in every respect */
bool
Covers(const std::array<int64_t, ExploreState::ROOMS>& a,
       const std::array<int64_t, ExploreState::ROOMS>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), [](int64_t x, int64_t y) { return x >= y; });
}

} // namespace

/** What all processes of a search write to; one works at a time. */
struct Explorer::Shared
{
    /** A state that was seen. */
    struct Entry
    {
        StateDigest::Value digest;                     //!< 0, 0: no state
        std::array<int64_t, ExploreState::ROOMS> room; //!< it was seen with
        uint32_t left;                                 //!< deviations, at most, were to come
    };

    uint64_t states;           //!< different ones
    uint64_t transitions;      //!< of all processes
    uint64_t runs;             //!< begun with a deviation
    uint32_t end;              //!< of the last RunAhead
    bool forgetful;            //!< a state was not remembered
    bool timeUp;               //!< the search is to end
    bool found;                //!< a violation was found
    char path[TEXT_SIZE];      //!< how
    char violation[TEXT_SIZE]; //!< what
    Entry entries[1];          //!< and more of them
};

std::string
ToString(const ExplorePath& path)
{
    std::string text;
    for (const auto& choice : path)
    {
        text += (text.empty() ? "" : " ") + std::to_string(choice.step) + ':' + choice.name;
    }
    return text;
}

std::optional<ExplorePath>
ParseExplorePath(const std::string& text)
{
    ExplorePath path;
    std::istringstream words(text);
    std::string word;
    while (words >> word)
    {
        const size_t colon = word.find(':');
        const std::string digits = word.substr(0, colon);
        const bool isNumber = !digits.empty() && digits.size() <= 9 &&
                              digits.find_first_not_of("0123456789") == std::string::npos;
        if (colon == std::string::npos || !isNumber || colon + 1 == word.size())
        {
            return std::nullopt;
        }
        path.push_back({static_cast<uint32_t>(std::stoul(digits)), word.substr(colon + 1)});
        if (path.size() > 1 && path[path.size() - 2].step > path.back().step)
        {
            return std::nullopt;
        }
    }
    return path;
}

Explorer::Explorer(Factory factory, const ExploreLimits& limits)
    : m_factory(std::move(factory)),
      m_limits(limits),
      m_sharedSize(sizeof(Shared) + (sizeof(Shared::Entry) << limits.statesLog2))
{
    // Anonymous memory is zero, and so is a Shared that nothing has happened to.
    void* memory = mmap(nullptr,
                        m_sharedSize,
                        PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE,
                        -1,
                        0);
    if (memory == MAP_FAILED)
    {
        throw std::bad_alloc();
    }
    m_shared = static_cast<Shared*>(memory);
}

Explorer::~Explorer()
{
    munmap(m_shared, m_sharedSize);
}

double
Explorer::Elapsed() const
{
    return Now() - m_begin;
}

bool
Explorer::IsStopped()
{
    if (m_limits.seconds > 0 && m_shared->transitions % LOOK_AT_CLOCK == 0 && Elapsed() > m_until)
    {
        m_shared->timeUp = true;
    }
    return m_shared->timeUp || m_shared->found;
}

// Whether the state is worth going on from. A state that was seen with less room takes the place of
// its former self, which it covers unless either has more of something: then it is gone through
// again, which costs time and nothing else.
bool
Explorer::Remember(const ExploreState& state, uint32_t left)
{
    const size_t mask = (size_t{1} << m_limits.statesLog2) - 1;
    for (size_t i = 0; i < PROBES; ++i)
    {
        Shared::Entry& entry = m_shared->entries[(state.digest[0] + i) & mask];
        if (entry.digest == StateDigest::Value{})
        {
            entry = {state.digest, state.room, left};
            ++m_shared->states;
            return true;
        }
        if (entry.digest == state.digest)
        {
            if (entry.left >= left && Covers(entry.room, state.room))
            {
                return false;
            }
            entry.room = state.room;
            entry.left = left;
            return true;
        }
    }
    m_shared->forgetful = true;
    return true;
}

void
Explorer::Report(const std::string& violation)
{
    if (!m_shared->found)
    {
        m_shared->found = true;
        CopyText(m_shared->path, ToString(m_path));
        CopyText(m_shared->violation, violation);
    }
}

// What \p child does to the system is undone, as it does it elsewhere.
void
Explorer::Fork(const std::function<void()>& child)
{
    const pid_t pid = fork();
    if (pid < 0)
    {
        throw std::runtime_error("karp: cannot fork");
    }
    if (pid == 0)
    {
        child();
        _exit(0); // buffers and static objects are the parent's
    }
    int status = 0;
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status))
    {
        Report("the process was ended by signal " + std::to_string(WTERMSIG(status)));
    }
}

// The normal way, until it comes to states seen before or to its end. \return how many events that
// is
uint32_t
Explorer::RunAhead(Explorable& system, uint32_t step, uint32_t left)
{
    while (system.Violation().empty() && !system.IsOver() && !IsStopped() &&
           Remember(system.State(), left))
    {
        system.Step();
        ++step;
        ++m_shared->transitions;
    }
    if (!system.Violation().empty())
    {
        Report(system.Violation());
    }
    return step;
}

void
Explorer::Explore(Explorable& system, uint32_t step, uint32_t left)
{
    if (left == 0)
    {
        RunAhead(system, step, left);
        return;
    }
    // The states of the normal way come first, so that deviations that come to nothing end there.
    Fork([&]() { m_shared->end = RunAhead(system, step, left); });
    const uint32_t end = m_shared->end;
    for (; step < end && !IsStopped(); ++step)
    {
        for (const auto& deviation : system.Deviations())
        {
            m_path.push_back({step, deviation});
            Fork([&]() {
                ++m_shared->runs;
                ++m_shared->transitions;
                system.Deviate(deviation);
                Explore(system, step, left - 1);
            });
            m_path.pop_back();
            if (IsStopped())
            {
                return;
            }
        }
        system.Step();
    }
}

void
Explorer::Walk(Explorable& system, uint64_t seed)
{
    SeededEntropy random(seed);
    uint32_t step = 0;
    while (system.Violation().empty() && !system.IsOver() && !IsStopped())
    {
        if (random.DrawUnit() < m_limits.unrest)
        {
            const auto deviations = system.Deviations();
            if (!deviations.empty())
            {
                m_path.push_back({step, deviations[random.DrawU64() % deviations.size()]});
                system.Deviate(m_path.back().name);
                ++m_shared->transitions;
                continue;
            }
        }
        system.Step();
        ++step;
        ++m_shared->transitions;
        Remember(system.State(), 0);
    }
    if (!system.Violation().empty())
    {
        Report(system.Violation());
    }
}

// A random run has deviations that do not matter: take out one after the other.
void
Explorer::Shorten(ExploreResult& result) const
{
    for (size_t i = result.path.size(); i-- > 0;)
    {
        ExplorePath shorter = result.path;
        shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
        std::string wrong;
        const auto system = Replay(m_factory, shorter, wrong);
        if (system && !system->Violation().empty())
        {
            result.path = std::move(shorter);
            result.violation = system->Violation();
        }
    }
}

ExploreResult
Explorer::Run()
{
    ExploreResult result;
    m_begin = Now();
    const auto system = m_factory();
    m_until = m_limits.seconds * m_limits.deepening;
    for (uint32_t depth = 0; depth <= m_limits.depth && !m_shared->timeUp && !m_shared->found;
         ++depth)
    {
        Fork([&]() { Explore(*system, 0, depth); });
        if (!m_shared->timeUp && !m_shared->found)
        {
            result.exhaustive = depth;
        }
    }
    m_until = m_limits.seconds;
    m_shared->timeUp = false;
    bool walked = false;
    while (result.walks < m_limits.walks && !IsStopped())
    {
        const uint64_t seed = m_limits.seed * 0x9e3779b97f4a7c15 + ++result.walks;
        Fork([&]() { Walk(*system, seed); });
        walked = m_shared->found;
    }
    result.seconds = Elapsed();
    result.states = m_shared->states;
    result.transitions = m_shared->transitions;
    result.runs = m_shared->runs;
    result.forgetful = m_shared->forgetful;
    if (m_shared->found)
    {
        result.violation = m_shared->violation;
        result.path = ParseExplorePath(m_shared->path).value_or(ExplorePath{});
        if (walked)
        {
            Shorten(result);
        }
    }
    return result;
}

std::unique_ptr<Explorable>
Explorer::Replay(const Factory& factory, const ExplorePath& path, std::string& wrong)
{
    auto system = factory();
    uint32_t step = 0;
    for (const auto& choice : path)
    {
        for (; step < choice.step && !system->IsOver() && system->Violation().empty(); ++step)
        {
            system->Step();
        }
        const auto possible = system->Deviations();
        if (step < choice.step ||
            std::find(possible.begin(), possible.end(), choice.name) == possible.end())
        {
            wrong = std::to_string(choice.step) + ':' + choice.name + " is not possible there";
            return nullptr;
        }
        system->Deviate(choice.name);
    }
    while (!system->IsOver() && system->Violation().empty())
    {
        system->Step();
    }
    return system;
}

} // namespace karp
} // namespace ns3
