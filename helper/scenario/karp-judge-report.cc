/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-judge.h"
#include "karp-quantity.h"

#include <iomanip>

/**
 * \file
 * \ingroup karp
 * What the judge found, for programs (verdict.json) and for people.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** Appends `,"key":` to \p out. */
void
AppendKey(const char* key, std::string& out)
{
    out += ",\"";
    out += key;
    out += "\":";
}

/** Appends `,"key":"text"` to \p out. */
void
AppendText(const char* key, const std::string& text, std::string& out)
{
    AppendKey(key, out);
    AppendJsonText(text, out);
}

/** Appends `,"key":["a","b"]` to \p out. */
void
AppendList(const char* key, const std::vector<std::string>& list, std::string& out)
{
    AppendKey(key, out);
    out += '[';
    for (size_t i = 0; i < list.size(); ++i)
    {
        out += i == 0 ? "" : ",";
        AppendJsonText(list[i], out);
    }
    out += ']';
}

/** Appends the bounds of a judgement over runs, in seconds or as they are, so that the analysis
 * needs no arithmetic of the language. */
void
AppendOverRuns(const Expectation::OverRuns& overRuns, std::string& out)
{
    AppendText("metric", overRuns.metric, out);
    AppendText("stat", overRuns.stat, out);
    const auto bound = [&](const char* key, const std::optional<Quantity>& quantity) {
        if (quantity)
        {
            AppendKey(key, out);
            out += NumberText(quantity->Plain());
        }
    };
    if (overRuns.low && overRuns.high)
    {
        AppendKey("between", out);
        out += "[" + NumberText(overRuns.low->Plain()) + "," + NumberText(overRuns.high->Plain()) +
               "]";
    }
    bound("equals", overRuns.equals);
    bound("below", overRuns.below);
    bound("above", overRuns.above);
    bound("tol", overRuns.tolerance);
    if (overRuns.tolerance)
    {
        AppendKey("tol_relative", out);
        out += overRuns.relative ? "true" : "false";
    }
}

/** Appends when \p verdict was decided, of a failure by whom and after what, and the end. */
void
AppendEvidence(const Verdict& verdict, std::string& out)
{
    if (verdict.at)
    {
        AppendKey("at", out);
        out += SecondsText(*verdict.at);
    }
    if (verdict.kind == Verdict::Kind::FAIL)
    {
        AppendList("nodes", verdict.nodes, out);
        AppendList("lines", verdict.lines, out);
    }
    out += '}';
}

/** Prints the lines before a failure to \p out. */
void
PrintLines(const Verdict& verdict, std::ostream& out)
{
    for (const std::string& line : verdict.lines)
    {
        out << "         | " << line << '\n';
    }
}

} // namespace

std::string
Judge::ToJson() const
{
    std::string out = "{\"exit\":" + std::to_string(ExitCode()) + ",\"expectations\":[";
    for (size_t i = 0; i < m_verdicts.size(); ++i)
    {
        const Expectation& expectation = m_scenario.expect[i];
        const Verdict& verdict = m_verdicts[i];
        out += i == 0 ? "\n{\"id\":" : ",\n{\"id\":";
        AppendJsonText(expectation.id, out);
        AppendText("kind", ToString(expectation.kind), out);
        AppendText("verdict", ToString(verdict.kind), out);
        AppendText("level", expectation.warnOnly ? "warn" : "fail", out);
        AppendText("why", verdict.why, out);
        if (expectation.kind == Expectation::Kind::OVER_RUNS)
        {
            AppendOverRuns(expectation.overRuns, out);
        }
        else
        {
            AppendText("expression", karp::ToText(expectation.predicate), out);
        }
        AppendEvidence(verdict, out);
    }
    for (const RuleVerdict& rule : m_rules)
    {
        out += out.back() == '[' ? "\n{\"id\":" : ",\n{\"id\":";
        AppendJsonText(rule.id, out);
        AppendText("kind", "invariant", out);
        AppendText("verdict", ToString(rule.verdict.kind), out);
        AppendText("level", "fail", out);
        AppendText("why", rule.verdict.why, out);
        AppendEvidence(rule.verdict, out);
    }
    return out + "\n]}\n";
}

void
Judge::Print(std::ostream& out) const
{
    for (size_t i = 0; i < m_verdicts.size(); ++i)
    {
        const Expectation& expectation = m_scenario.expect[i];
        const Verdict& verdict = m_verdicts[i];
        const bool failed = verdict.kind == Verdict::Kind::FAIL;
        out << std::left << std::setw(9) << ToString(verdict.kind) << std::setw(16)
            << expectation.id << std::setw(11) << ToString(expectation.kind);
        if (failed)
        {
            out << "at " << SecondsText(*verdict.at) << " s: ";
        }
        out << verdict.why << (failed && expectation.warnOnly ? " (a warning only)" : "") << '\n';
        PrintLines(verdict, out);
    }
    size_t held = 0;
    for (const RuleVerdict& rule : m_rules)
    {
        held += rule.verdict.kind == Verdict::Kind::PASS ? 1 : 0;
        if (rule.verdict.kind == Verdict::Kind::FAIL)
        {
            out << std::left << std::setw(9) << "fail" << std::setw(27) << rule.id << "at "
                << SecondsText(*rule.verdict.at) << " s: " << rule.verdict.why << '\n';
            PrintLines(rule.verdict, out);
        }
    }
    if (!m_rules.empty())
    {
        out << std::left << std::setw(9) << "pass" << std::setw(27) << "invariants" << held
            << " of " << m_rules.size() << '\n';
    }
}

} // namespace karp
} // namespace ns3
