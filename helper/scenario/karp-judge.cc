/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-judge.h"

#include "karp-quantity.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

constexpr const char* KIND_NAMES[] = {"pass", "fail", "unknown", "skipped", "deferred"};

} // namespace

const char*
ToString(Verdict::Kind kind)
{
    return KIND_NAMES[static_cast<size_t>(kind)];
}

Judge::Judge(const Scenario& scenario)
    : m_scenario(scenario),
      m_world(scenario),
      m_watches(scenario.expect.size()),
      m_verdicts(scenario.expect.size())
{
    for (size_t i = 0; i < scenario.expect.size(); ++i)
    {
        const Expectation& expectation = scenario.expect[i];
        if (expectation.kind == Expectation::Kind::OVER_RUNS)
        {
            m_verdicts[i].kind = Verdict::Kind::DEFERRED;
            m_verdicts[i].why = "judged over all runs";
        }
        if (expectation.skipped)
        {
            m_verdicts[i].kind = Verdict::Kind::SKIPPED;
            m_verdicts[i].why = "not about this point of the sweep";
        }
        if (expectation.skipped || expectation.kind == Expectation::Kind::OVER_RUNS)
        {
            continue;
        }
        ExprError error;
        m_watches[i].predicate = Predicate::Bind(expectation.predicate, scenario, error);
        m_watches[i].open = m_watches[i].predicate.has_value();
        m_verdicts[i].why = error.message;
        ResolveTimes(i);
    }
}

void
Judge::SetObserver(std::function<void(const TraceWorld&)> observer)
{
    m_observer = std::move(observer);
}

void
Judge::Feed(const TraceEvent& event)
{
    if (event.Time() > m_world.Now())
    {
        Settle();
        AdvanceTo(event.Time());
    }
    m_world.Apply(event);
    if (event.Kind() == TraceKind::END)
    {
        m_complete = true;
    }
    if (event.Kind() == TraceKind::FAULT && !event.Text(TraceKey::LABEL).empty())
    {
        for (size_t i = 0; i < m_watches.size(); ++i)
        {
            ResolveTimes(i);
        }
    }
    if (event.Kind() != TraceKind::MSG && event.Kind() != TraceKind::META)
    {
        m_last.push_back(event);
        if (m_last.size() > MAX_LINES)
        {
            m_last.pop_front();
        }
    }
}

void
Judge::Finish()
{
    Settle();
    for (size_t i = 0; i < m_watches.size(); ++i)
    {
        const Watch& watch = m_watches[i];
        if (!watch.open)
        {
            continue;
        }
        const Expectation& expectation = m_scenario.expect[i];
        const bool lasting = expectation.kind != Expectation::Kind::EVENTUALLY;
        const int64_t now = m_world.Now();
        if (!watch.start)
        {
            Decide(i,
                   Verdict::Kind::UNKNOWN,
                   now,
                   expectation.from.label + " never happened",
                   false);
        }
        else if (lasting && m_complete && watch.checked)
        {
            Decide(i, Verdict::Kind::PASS, now, "holds " + Span(i), false);
        }
        else if (*watch.start > now || !watch.checked)
        {
            Decide(i, Verdict::Kind::UNKNOWN, now, "the run ended before it began", false);
        }
        else
        {
            Decide(i, Verdict::Kind::UNKNOWN, now, "the run ended before it was decided", false);
        }
        m_verdicts[i].at.reset();
    }
}

void
Judge::AdvanceTo(int64_t now)
{
    // Keys begin and end, and expectations do, at moments of which the trace has no line.
    while (const std::optional<int64_t> next = NextCheckpoint(now))
    {
        m_world.AdvanceTo(*next);
        Settle();
    }
    m_world.AdvanceTo(now);
}

std::optional<int64_t>
Judge::NextCheckpoint(int64_t before) const
{
    std::optional<int64_t> next = m_world.NextBoundary();
    const auto checkpoint = m_checkpoints.upper_bound(m_world.Now());
    if (checkpoint != m_checkpoints.end() && (!next || *checkpoint < *next))
    {
        next = *checkpoint;
    }
    return next && *next < before ? next : std::nullopt;
}

void
Judge::Settle()
{
    const bool checkpoint = m_checkpoints.erase(m_world.Now()) != 0;
    if (m_judged == m_world.Version() && !checkpoint && !m_world.HasPulse())
    {
        return;
    }
    m_judged = m_world.Version();
    if (m_observer)
    {
        m_observer(m_world);
    }
    for (size_t i = 0; i < m_watches.size(); ++i)
    {
        if (m_watches[i].open)
        {
            Check(i);
        }
    }
}

void
Judge::ResolveTimes(size_t index)
{
    Watch& watch = m_watches[index];
    const Expectation& expectation = m_scenario.expect[index];
    const auto resolve = [&](const TimeRef& moment) {
        std::optional<int64_t> time = 0;
        if (!moment.label.empty())
        {
            time = m_world.LabelTime(moment.label, moment.suffix);
        }
        return time ? std::optional<int64_t>(*time + moment.offset.count()) : time;
    };
    if (!watch.open)
    {
        return;
    }
    if (!watch.start && (watch.start = resolve(expectation.from)))
    {
        m_checkpoints.insert(*watch.start);
        if (expectation.kind == Expectation::Kind::EVENTUALLY)
        {
            watch.end = *watch.start + expectation.within.count();
            m_checkpoints.insert(*watch.end);
        }
    }
    if (!watch.end && expectation.until && (watch.end = resolve(*expectation.until)))
    {
        m_checkpoints.insert(*watch.end);
    }
}

std::string
Judge::Span(size_t index) const
{
    const Watch& watch = m_watches[index];
    return "from " + SecondsText(*watch.start) + " s " +
           (watch.end ? "until " + SecondsText(*watch.end) + " s" : "to the end");
}

void
Judge::Check(size_t index)
{
    Watch& watch = m_watches[index];
    const int64_t now = m_world.Now();
    if (!watch.start || now < *watch.start)
    {
        return;
    }
    const Expectation::Kind kind = m_scenario.expect[index].kind;
    if (kind == Expectation::Kind::EVENTUALLY)
    {
        CheckEventually(index, watch.predicate->Holds(m_world));
        return;
    }
    if (watch.end && now >= *watch.end)
    {
        if (watch.checked)
        {
            Decide(index, Verdict::Kind::PASS, now, "holds " + Span(index), false);
        }
        else
        {
            Decide(index, Verdict::Kind::UNKNOWN, now, "it ended before it began", false);
        }
        return;
    }
    watch.checked = true;
    if (watch.predicate->Holds(m_world) != (kind == Expectation::Kind::ALWAYS))
    {
        Decide(index, Verdict::Kind::FAIL, now, "", true);
    }
}

void
Judge::CheckEventually(size_t index, bool holds)
{
    Watch& watch = m_watches[index];
    const int64_t now = m_world.Now();
    watch.checked = true;
    if (holds && now <= *watch.end)
    {
        Decide(index,
               Verdict::Kind::PASS,
               now,
               "after " + SecondsText(now - *watch.start) + " s",
               false);
    }
    else if (now >= *watch.end)
    {
        Decide(index,
               Verdict::Kind::FAIL,
               now,
               "not within " + SecondsText(*watch.end - *watch.start) + " s: ",
               true);
    }
}

void
Judge::Decide(size_t index, Verdict::Kind kind, int64_t at, std::string why, bool evidence)
{
    Verdict& verdict = m_verdicts[index];
    m_watches[index].open = false;
    verdict.kind = kind;
    verdict.at = at;
    verdict.why = std::move(why);
    if (!evidence)
    {
        return;
    }
    const PredicateReport report = m_watches[index].predicate->Report(m_world);
    verdict.why += report.text;
    for (const uint32_t node : report.nodes)
    {
        verdict.nodes.push_back(m_scenario.NodeName(node));
    }
    verdict.lines = LastLines();
}

std::vector<std::string>
Judge::LastLines() const
{
    std::vector<std::string> lines;
    for (const TraceEvent& event : m_last)
    {
        std::string line;
        event.AppendJson(line);
        line.pop_back();
        lines.push_back(std::move(line));
    }
    return lines;
}

void
Judge::AddRules(std::vector<RuleVerdict> rules)
{
    m_rules = std::move(rules);
}

int
Judge::ExitCode() const
{
    int code = 0;
    for (const RuleVerdict& rule : m_rules)
    {
        if (rule.verdict.kind == Verdict::Kind::FAIL)
        {
            return 1;
        }
    }
    for (size_t i = 0; i < m_verdicts.size(); ++i)
    {
        const bool counts = !m_scenario.expect[i].warnOnly;
        if (counts && m_verdicts[i].kind == Verdict::Kind::FAIL)
        {
            return 1;
        }
        if (counts && m_verdicts[i].kind == Verdict::Kind::UNKNOWN)
        {
            code = 2;
        }
    }
    return code;
}

} // namespace karp
} // namespace ns3
