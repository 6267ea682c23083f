/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-diagnostics.h"

#include <algorithm>
#include <numeric>

namespace ns3
{
namespace karp
{

namespace
{

/// Longer words are not looked for: nobody mistypes that many letters of a name of ours.
constexpr size_t MAX_WORD = 64;

/** \return insertions, deletions, substitutions and swaps of neighbours that lead from a to b */
size_t
EditDistance(const std::string& a, const std::string& b)
{
    std::vector<size_t> beforeLast(b.size() + 1);
    std::vector<size_t> last(b.size() + 1);
    std::vector<size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), 0);
    for (size_t i = 1; i <= a.size(); ++i)
    {
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j)
        {
            const size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + other});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            {
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
            }
        }
        beforeLast.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

} // namespace

std::string
NearestName(const std::string& word, const std::vector<std::string>& candidates)
{
    if (word.empty() || word.size() > MAX_WORD)
    {
        return "";
    }
    // A third of the letters, and at least one, may be wrong; beyond that a hint misleads.
    size_t best = std::max<size_t>(1, (word.size() + 1) / 3) + 1;
    std::string nearest;
    for (const std::string& candidate : candidates)
    {
        const size_t distance = EditDistance(word, candidate);
        if (distance < best)
        {
            best = distance;
            nearest = candidate;
        }
    }
    return nearest;
}

std::string
Hint(const std::string& word, const std::vector<std::string>& candidates)
{
    const std::string nearest = NearestName(word, candidates);
    return nearest.empty() ? "" : " (did you mean '" + nearest + "'?)";
}

Diagnostics::Diagnostics(std::string file)
    : m_file(std::move(file))
{
}

size_t
Diagnostics::AddFile(const std::string& name)
{
    m_files.push_back(name);
    return m_files.size() * LINES;
}

void
Diagnostics::Take(const Diagnostics& other, size_t offset)
{
    for (const Entry& entry : other.m_errors)
    {
        Error(entry.line + offset, entry.message);
    }
}

void
Diagnostics::Error(size_t line, const std::string& message)
{
    const auto same = [&](const Entry& e) { return e.line == line && e.message == message; };
    if (m_errors.size() <= MAX_ERRORS && std::none_of(m_errors.begin(), m_errors.end(), same))
    {
        m_errors.push_back({line, message});
    }
}

std::vector<std::string>
Diagnostics::Lines() const
{
    std::vector<Entry> sorted = m_errors;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) {
        return a.line < b.line;
    });
    std::vector<std::string> lines;
    for (const Entry& entry : sorted)
    {
        if (lines.size() == MAX_ERRORS)
        {
            lines.push_back(m_file + ": more errors follow");
            break;
        }
        const size_t line = entry.line % LINES;
        const size_t further = entry.line / LINES;
        const std::string& file = further == 0 ? m_file : m_files.at(further - 1);
        const std::string where = line == 0 ? "" : ":" + std::to_string(line);
        lines.push_back((file.empty() ? "" : file + where + ": ") + entry.message);
    }
    return lines;
}

void
Diagnostics::Print(std::ostream& out) const
{
    for (const std::string& line : Lines())
    {
        out << line << '\n';
    }
}

} // namespace karp
} // namespace ns3
