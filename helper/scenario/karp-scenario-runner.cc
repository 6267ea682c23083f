/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-runner.h"

#include "karp-attack-recorder.h"
#include "karp-scenario-faults.h"
#include "karp-scenario-network.h"
#include "karp-scenario-progress.h"
#include "karp-scenario-recorder.h"
#include "karp-scenario-resolved.h"
#include "karp-trace-sink.h"

#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/karp-compat.h"
#include "ns3/names.h"
#include "ns3/object-factory.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <vector>

namespace ns3
{
namespace karp
{

namespace
{

constexpr uint32_t TRACE_VERSION = 1; //!< of the form of trace.jsonl, doc/trace.md

/** Writes \p text to \p path. \return empty, or what went wrong */
std::string
WriteFile(const std::string& path, const std::string& text)
{
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    return out.good() ? "" : "cannot write " + path;
}

/** \return the first line of a trace */
TraceEvent
MetaEvent(const Scenario& scenario, const std::string& hash, uint64_t run)
{
    TraceEvent meta(TraceKind::META, 0);
    meta.Set(TraceKey::HASH, hash)
        .Set(TraceKey::NAME, scenario.name)
        .Set(TraceKey::NS3, compat::Ns3Version())
        .Set(TraceKey::RUN, run)
        .Set(TraceKey::SEED, scenario.run.seed)
        .Set(TraceKey::TRACE, TRACE_VERSION)
        .Set(TraceKey::VARS, scenario.variables);
    return meta;
}

/** Finishes \p sink, writes verdict and metrics, prints the verdicts. */
void
Conclude(TraceSink& sink, const RunOptions& options, uint64_t run, RunResult& result)
{
    if (!sink.Close())
    {
        result.error = "cannot write the trace";
    }
    result.exit = sink.TheJudge().ExitCode();
    result.verdictJson = sink.TheJudge().ToJson();
    result.metricsJson = sink.TheMetrics().ToJson(run, result.hash);
    if (options.report != nullptr)
    {
        sink.TheJudge().Print(*options.report);
    }
    for (const auto& file : {std::make_pair("verdict.json", &result.verdictJson),
                             std::make_pair("metrics.json", &result.metricsJson)})
    {
        if (!options.directory.empty() && result.error.empty())
        {
            result.error = WriteFile(options.directory + "/" + file.first, *file.second);
        }
    }
}

/** \return segment \p id as the name of a file: colons mean something to some systems */
std::string
FileName(std::string id)
{
    std::replace(id.begin(), id.end(), ':', '-');
    return id;
}

/** Gives \p network the captures and logs that somebody wants. */
void
EnableOutputs(ScenarioNetwork& network, const Scenario& scenario, const RunOptions& options)
{
    if (options.directory.empty())
    {
        return;
    }
    const std::vector<uint32_t>& wanted = scenario.output.pcap;
    for (uint32_t lan = 0; lan < scenario.lans.size(); ++lan)
    {
        if (options.pcap || std::binary_search(wanted.begin(), wanted.end(), lan))
        {
            network.CapturePcap(lan,
                                options.directory + "/" + FileName(scenario.lans[lan].id) +
                                    ".pcap");
        }
    }
    if (options.keylog || scenario.output.keylog)
    {
        network.EnableKeyLog(options.directory);
    }
}

/** Checksums are worth their time where somebody looks at packets, and nowhere else. */
class Checksums
{
  public:
    /** \param on whether IP and UDP compute and look at them from here on */
    explicit Checksums(bool on)
    {
        GlobalValue::GetValueByName(NAME, m_before);
        GlobalValue::Bind(NAME, BooleanValue(on || m_before.Get()));
    }

    ~Checksums()
    {
        GlobalValue::Bind(NAME, m_before);
    }

    Checksums(const Checksums&) = delete;
    Checksums& operator=(const Checksums&) = delete;

  private:
    static constexpr const char* NAME = "ChecksumEnabled";

    BooleanValue m_before; //!< what it was
};

/** Simulates \p scenario and writes the lines of its trace to \p sink. */
void
Simulate(const Scenario& scenario,
         const RunOptions& options,
         const TraceEvent& meta,
         TraceSink& sink)
{
    static const std::map<std::string, const char*> SCHEDULERS = {
        {"map", "ns3::MapScheduler"},
        {"heap", "ns3::HeapScheduler"},
        {"list", "ns3::ListScheduler"},
        {"calendar", "ns3::CalendarScheduler"},
        {"priority-queue", "ns3::PriorityQueueScheduler"}};
    ObjectFactory scheduler;
    scheduler.SetTypeId(SCHEDULERS.at(scenario.run.scheduler));
    Simulator::SetScheduler(scheduler);
    RngSeedManager::SetSeed(scenario.run.seed);
    RngSeedManager::SetRun(options.run);
    const Checksums checksums(options.pcap || !scenario.output.pcap.empty());
    ScenarioNetwork network(scenario);
    EnableOutputs(network, scenario, options);
    sink.Write(meta);
    const bool replays =
        std::any_of(scenario.timeline.begin(), scenario.timeline.end(), [](const auto& event) {
            return event.attack.kind == "replay";
        });
    DeliveryLog log;
    std::vector<std::unique_ptr<RouterRecorder>> recorders;
    for (uint32_t i = 0; i < network.Size(); ++i)
    {
        recorders.push_back(std::make_unique<RouterRecorder>(network,
                                                             i,
                                                             scenario.NodeName(i),
                                                             sink,
                                                             replays ? &log : nullptr));
        network.InstallManualKey(i);
    }
    std::vector<std::unique_ptr<AttackRecorder>> attackRecorders;
    for (uint32_t i = 0; i < scenario.timeline.size(); ++i)
    {
        if (network.AdversaryOf(i))
        {
            attackRecorders.push_back(std::make_unique<AttackRecorder>(scenario, network, i, sink));
        }
    }
    ScenarioFaults faults(scenario, network, sink);
    faults.Schedule();
    std::unique_ptr<ScenarioProgress> progress;
    if (options.progress != nullptr)
    {
        progress = std::make_unique<ScenarioProgress>(*options.progress, scenario.run.stop);
        progress->Schedule();
    }
    Simulator::Stop(NanoSeconds(scenario.run.stop.count()));
    Simulator::Run();
    if (progress != nullptr)
    {
        progress->Finish();
    }
    for (const auto& recorder : recorders)
    {
        recorder->WriteCpu();
    }
    sink.Write(TraceEvent(TraceKind::END, Simulator::Now().GetNanoSeconds()));
    Simulator::Destroy();
    Names::Clear();
}

} // namespace

RunResult
RunScenario(const Scenario& scenario, const RunOptions& options)
{
    RunResult result;
    const std::string resolved = ResolvedText(scenario);
    result.hash = ScenarioHash(resolved);
    TraceSink sink(scenario);
    sink.SetNarrator(options.progress);
    if (!options.directory.empty())
    {
        result.error = WriteFile(options.directory + "/scenario.resolved.yaml", resolved);
        if (options.trace && !sink.OpenFile(options.directory + "/trace.jsonl"))
        {
            result.error = "cannot write " + options.directory + "/trace.jsonl";
        }
        if (!result.error.empty())
        {
            return result;
        }
    }
    Simulate(scenario, options, MetaEvent(scenario, result.hash, options.run), sink);
    Conclude(sink, options, options.run, result);
    return result;
}

RunResult
JudgeTrace(const Scenario& scenario,
           const std::string& path,
           const RunOptions& options,
           Diagnostics& diagnostics)
{
    RunResult result;
    result.hash = ScenarioHash(ResolvedText(scenario));
    TraceSink sink(scenario);
    TraceEvent meta(TraceKind::META, 0);
    uint64_t run = options.run;
    if (ReadTraceMeta(path, meta))
    {
        run = static_cast<uint64_t>(meta.Number(TraceKey::RUN, static_cast<int64_t>(run)));
    }
    sink.ReadFile(path, diagnostics);
    Conclude(sink, options, run, result);
    return result;
}

} // namespace karp
} // namespace ns3
