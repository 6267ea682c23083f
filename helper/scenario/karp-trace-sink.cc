/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-trace-sink.h"

#include "karp-quantity.h"

#include <iomanip>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t BUFFER = 1 << 16;   //!< octets written at a time
constexpr size_t MAX_LINE = 1 << 20; //!< octets of an honest line

} // namespace

TraceSink::TraceSink(const Scenario& scenario)
    : m_judge(scenario),
      m_metrics(scenario),
      m_invariants(scenario)
{
    m_invariants.SetHistory([this]() { return m_judge.LastLines(); });
    m_judge.SetObserver([this](const TraceWorld& world) { m_metrics.Settle(world); });
}

TraceSink::~TraceSink()
{
    Flush();
}

bool
TraceSink::OpenFile(const std::string& path)
{
    m_file.open(path, std::ios::binary | std::ios::trunc);
    m_buffer.reserve(BUFFER + 4096);
    return m_file.is_open();
}

void
TraceSink::SetNarrator(std::ostream* out)
{
    m_narrator = out;
}

void
TraceSink::SetObserver(std::function<void(const TraceEvent&)> observer)
{
    m_observer = std::move(observer);
}

void
TraceSink::Write(const TraceEvent& event)
{
    if (m_ended)
    {
        return;
    }
    m_ended = event.Kind() == TraceKind::END;
    m_judge.Feed(event);
    m_metrics.Feed(event, m_judge.World());
    m_invariants.Feed(event, m_judge.World());
    if (m_narrator != nullptr)
    {
        Narrate(event);
    }
    if (m_observer)
    {
        m_observer(event);
    }
    if (m_file.is_open())
    {
        event.AppendJson(m_buffer);
        if (m_buffer.size() >= BUFFER)
        {
            Flush();
        }
    }
}

void
TraceSink::Flush()
{
    if (m_file.is_open() && !m_buffer.empty())
    {
        m_file.write(m_buffer.data(), static_cast<std::streamsize>(m_buffer.size()));
        m_buffer.clear();
    }
}

bool
TraceSink::Close()
{
    if (!m_closed)
    {
        m_judge.Finish();
        m_judge.AddRules(m_invariants.Verdicts());
        m_closed = true;
    }
    Flush();
    m_file.flush();
    return !m_file.is_open() || m_file.good();
}

void
TraceSink::Narrate(const TraceEvent& event)
{
    const bool role = event.Kind() == TraceKind::ROLE;
    if (!role && event.Kind() != TraceKind::FAULT)
    {
        return;
    }
    *m_narrator << std::right << std::setw(12) << SecondsText(event.Time()) << " s  ";
    if (role)
    {
        *m_narrator << event.Text(TraceKey::N) << ": " << event.Text(TraceKey::FROM) << " -> "
                    << event.Text(TraceKey::TO) << " of " << event.Text(TraceKey::G) << " ("
                    << event.Text(TraceKey::WHY) << ")\n";
        return;
    }
    *m_narrator << event.Text(TraceKey::DO);
    for (const std::string& node : event.List(TraceKey::NODES))
    {
        *m_narrator << ' ' << node;
    }
    *m_narrator << (event.Text(TraceKey::SEGMENT).empty() ? "" : " ")
                << event.Text(TraceKey::SEGMENT);
    if (!event.Text(TraceKey::LABEL).empty())
    {
        *m_narrator << " (" << event.Text(TraceKey::LABEL) << ")";
    }
    *m_narrator << '\n';
}

void
TraceSink::ReadFile(const std::string& path, Diagnostics& diagnostics)
{
    std::ifstream in(path, std::ios::binary);
    if (!in)
    {
        diagnostics.Error(0, "cannot be read");
        return;
    }
    std::string line;
    TraceEvent event(TraceKind::OTHER, 0);
    int64_t last = 0;
    for (size_t number = 1; std::getline(in, line); ++number)
    {
        if (line.size() > MAX_LINE || !TraceEvent::Parse(line, event))
        {
            diagnostics.Error(number, "this is no line of a trace");
            return;
        }
        if (event.Time() < last)
        {
            diagnostics.Error(number, "this line is from before the one above it");
            return;
        }
        last = event.Time();
        Write(event);
    }
}

bool
ReadTraceMeta(const std::string& path, TraceEvent& meta)
{
    std::ifstream in(path, std::ios::binary);
    std::string line;
    return std::getline(in, line) && line.size() <= MAX_LINE && TraceEvent::Parse(line, meta) &&
           meta.Kind() == TraceKind::META;
}

} // namespace karp
} // namespace ns3
