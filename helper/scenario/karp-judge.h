/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_JUDGE_H
#define KARP_JUDGE_H

#include "karp-predicate.h"
#include "karp-scenario-model.h"
#include "karp-trace-event.h"
#include "karp-trace-world.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** What became of an expectation. */
struct Verdict
{
    /** Kind of a verdict. */
    enum class Kind : uint8_t
    {
        PASS,     //!< it holds
        FAIL,     //!< it does not
        UNKNOWN,  //!< its moment never came, or the run ended before it was decided
        SKIPPED,  //!< where says that it is not about this point of the sweep
        DEFERRED, //!< about many runs: the analysis decides
    };

    Kind kind{Kind::UNKNOWN};       //!< which
    std::optional<int64_t> at;      //!< when it was decided, nanoseconds
    std::vector<std::string> nodes; //!< routers concerned
    std::string why;                //!< reason, for people
    std::vector<std::string> lines; //!< of a failure: the last trace lines before it
};

/** What became of a rule that no expectation states. */
struct RuleVerdict
{
    std::string id;  //!< "invariant one-gcks"
    Verdict verdict; //!< what became of it
};

/** \return "pass", "fail", "unknown", "skipped" or "deferred" */
const char* ToString(Verdict::Kind kind);

/**
 * \ingroup karp
 * Judges the expectations of one run by the lines of its trace.
 *
 * A run is a sequence of instants. All lines of one instant are taken together: a state that lasts
 * no time is no state. Intervals are half open, [from, until): what happens at the very moment of
 * `until` is not asked about, so that `until: kill` ends before the crash. Within an interval
 * `always` and `never` are checked at its beginning, at each change of the state, and by that up to
 * its end; `never` and `eventually` also see what is only instantaneous, such as key_drop.
 * `eventually P within T` holds if P holds at an instant of [after, after + T], both ends included.
 */
class Judge
{
  public:
    static constexpr size_t MAX_LINES = 20; //!< trace lines that come with a failure

    /** Judge by the expectations of \p scenario, which outlives the judge. */
    explicit Judge(const Scenario& scenario);

    /** At the end of each instant that changed something, \p observer is shown the world. */
    void SetObserver(std::function<void(const TraceWorld&)> observer);

    /** The next line of the trace; times never decrease. */
    void Feed(const TraceEvent& event);

    /** There is nothing more: decide what is still open. */
    void Finish();

    /** Besides the expectations there are \p rules; at the end, once. */
    void AddRules(std::vector<RuleVerdict> rules);

    /** \return the rules besides the expectations */
    const std::vector<RuleVerdict>& Rules() const
    {
        return m_rules;
    }

    /** \return the last lines before the present one, messages left out */
    std::vector<std::string> LastLines() const;

    /** \return one verdict for each expectation, in their order */
    const std::vector<Verdict>& Verdicts() const
    {
        return m_verdicts;
    }

    /** \return 0: all hold, 1: one fails, 2: one could not be judged */
    int ExitCode() const;

    /** \return the world at the present moment, for the metrics */
    const TraceWorld& World() const
    {
        return m_world;
    }

    /** \return verdict.json */
    std::string ToJson() const;

    /** Print a table of the verdicts for people to \p out. */
    void Print(std::ostream& out) const;

  private:
    /** An expectation that is being watched. */
    struct Watch
    {
        std::optional<Predicate> predicate; //!< what must hold
        bool open{false};                   //!< not decided yet
        std::optional<int64_t> start;       //!< when it begins, once that is known
        std::optional<int64_t> end;         //!< when it ends, once that is known
        bool checked{false};                //!< looked at at least once
    };

    void Settle();
    void AdvanceTo(int64_t now);
    std::optional<int64_t> NextCheckpoint(int64_t before) const;
    void ResolveTimes(size_t index);
    void Check(size_t index);
    void CheckEventually(size_t index, bool holds);
    void Decide(size_t index, Verdict::Kind kind, int64_t at, std::string why, bool evidence);
    std::string Span(size_t index) const;

    const Scenario& m_scenario;       //!< what is expected
    TraceWorld m_world;               //!< the present
    std::vector<Watch> m_watches;     //!< by expectation
    std::vector<Verdict> m_verdicts;  //!< by expectation
    std::vector<RuleVerdict> m_rules; //!< besides
    std::set<int64_t> m_checkpoints;  //!< beginnings and ends known to come
    std::deque<TraceEvent> m_last;    //!< latest lines, messages left out
    std::optional<uint64_t> m_judged; //!< version of the world that was judged last
    bool m_complete{false};           //!< the trace has its end
    std::function<void(const TraceWorld&)> m_observer; //!< looks at every instant too
};

} // namespace karp
} // namespace ns3

#endif // KARP_JUDGE_H
