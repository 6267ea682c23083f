/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TRACE_SINK_H
#define KARP_TRACE_SINK_H

#include "karp-judge.h"
#include "karp-metrics.h"
#include "karp-scenario-invariants.h"
#include "karp-scenario-model.h"
#include "karp-trace-event.h"

#include <fstream>
#include <functional>
#include <ostream>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Where the lines of a trace go, of a run or of an old file alike: to a file, to the judge, to the
 * metrics, and those that people want to see as it happens to a stream.
 */
class TraceSink
{
  public:
    /** Judge and measure by \p scenario, which outlives this. */
    explicit TraceSink(const Scenario& scenario);
    ~TraceSink();

    /** Write the lines to \p path too. \return whether it can be opened */
    bool OpenFile(const std::string& path);

    /** Tell \p out of faults and changes of roles as they come; nullptr: do not. */
    void SetNarrator(std::ostream* out);

    /** Tell \p observer of each line that is written, of a run; it must not write one itself. */
    void SetObserver(std::function<void(const TraceEvent&)> observer);

    /** The next line. After the line of the end there are none: what comes then is left out. */
    void Write(const TraceEvent& event);

    /** There are no more lines. \return whether the file, if any, is complete on the disk */
    bool Close();

    /**
     * Take the lines of an old trace.
     * \param path its file
     * \param[in,out] diagnostics gets what is wrong with it
     */
    void ReadFile(const std::string& path, Diagnostics& diagnostics);

    /** \return the judge */
    const Judge& TheJudge() const
    {
        return m_judge;
    }

    /** \return the metrics */
    const Metrics& TheMetrics() const
    {
        return m_metrics;
    }

  private:
    void Narrate(const TraceEvent& event);
    void Flush();

    Judge m_judge;                                     //!< expectations
    Metrics m_metrics;                                 //!< metrics
    ScenarioInvariants m_invariants;                   //!< rules of every run
    std::function<void(const TraceEvent&)> m_observer; //!< if anybody listens
    std::ofstream m_file;                              //!< the trace
    std::string m_buffer;                              //!< lines not written yet
    std::ostream* m_narrator{nullptr};                 //!< for people
    bool m_ended{false};                               //!< the line of the end was there
    bool m_closed{false};                              //!< nothing comes any more
};

/**
 * \param path a trace
 * \param[out] meta its first line
 * \return whether it has one
 */
bool ReadTraceMeta(const std::string& path, TraceEvent& meta);

} // namespace karp
} // namespace ns3

#endif // KARP_TRACE_SINK_H
