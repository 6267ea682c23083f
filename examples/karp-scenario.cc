/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/**
 * \file
 * \ingroup karp
 * Runs a scenario file once:
 *
 *     karp-scenario --scenario=scenarios/gcks-failover.yaml --set=N=5,adv=1s --RngRun=7
 * --out=results
 *
 * and leaves trace.jsonl, metrics.json, verdict.json and scenario.resolved.yaml in the folder. It
 * exits with 0 if all expectations hold, 1 if one fails, 2 if one could not be judged, and 3 if the
 * file or the command line is wrong. Everything that the language can say is in the files; this
 * program only passes on.
 */

#include "ns3/command-line.h"
#include "ns3/global-value.h"
#include "ns3/karp-diagnostics.h"
#include "ns3/karp-metrics.h"
#include "ns3/karp-scenario-loader.h"
#include "ns3/karp-scenario-network.h"
#include "ns3/karp-scenario-resolved.h"
#include "ns3/karp-scenario-runner.h"
#include "ns3/karp-trace-sink.h"
#include "ns3/rng-seed-manager.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::karp;

namespace
{

constexpr int EXIT_WRONG = 3; //!< the file or the command line is wrong

/** What the command line says. */
struct Settings
{
    std::string scenario;  //!< file
    std::string out;       //!< folder; empty: as the scenario says, or else the present one
    std::string set;       //!< variables
    std::string judge;     //!< old trace
    bool pcap{false};      //!< capture
    bool keylog{false};    //!< write keys
    bool trace{true};      //!< write the trace
    bool check{false};     //!< only look at the file
    bool progress{false};  //!< tell what happens
    bool seedGiven{false}; //!< --RngSeed was there
};

/** Says what is wrong. \return the exit code for it */
int
Wrong(const std::string& message)
{
    std::cerr << "karp-scenario: " << message << std::endl;
    return EXIT_WRONG;
}

/** \return the name in an argument such as --name=value, empty if it is no such argument */
std::string
OptionName(const std::string& argument)
{
    const size_t dashes = argument.find_first_not_of('-');
    if (dashes == 0 || dashes == std::string::npos)
    {
        return "";
    }
    return argument.substr(dashes, argument.find('=') - dashes);
}

/**
 * ns-3 leaves the program with 1 where an argument is wrong, which here means that an expectation
 * fails: find wrong ones first.
 * \return what is wrong, or nothing
 */
std::string
CheckArguments(int argc, char** argv)
{
    std::vector<std::string> known = {"scenario",
                                      "out",
                                      "set",
                                      "judge",
                                      "pcap",
                                      "keylog",
                                      "trace",
                                      "check",
                                      "progress",
                                      "help",
                                      "h",
                                      "version"};
    for (auto value = GlobalValue::Begin(); value != GlobalValue::End(); ++value)
    {
        known.push_back((*value)->GetName());
    }
    for (int i = 1; i < argc; ++i)
    {
        const std::string name = OptionName(argv[i]);
        const bool ofNs3 = name.rfind("Print", 0) == 0 || name.find("::") != std::string::npos;
        if (name.empty())
        {
            return std::string("'") + argv[i] + "' is no option: options are --name=value";
        }
        if (!ofNs3 && std::find(known.begin(), known.end(), name) == known.end())
        {
            return "unknown option '--" + name + "'" + Hint(name, known);
        }
    }
    return "";
}

/** Reads the command line; ns-3's own options take effect. */
Settings
ParseArguments(int argc, char** argv)
{
    Settings settings;
    CommandLine cmd(__FILE__);
    cmd.Usage("Run a scenario file once and judge its expectations.\n\n"
              "Exit status: 0 all hold, 1 one fails, 2 one could not be judged, 3 the file is "
              "wrong.\n\nMetrics that a scenario can ask for:\n" +
              Metrics::Describe());
    cmd.AddValue("scenario", "Scenario file", settings.scenario);
    cmd.AddValue("out",
                 "Folder for the files of the run (default: output.dir of the scenario, or .)",
                 settings.out);
    cmd.AddValue("set", "Variables of the scenario: a=1,b=2", settings.set);
    cmd.AddValue("pcap", "Capture every segment", settings.pcap);
    cmd.AddValue("keylog", "Write keys for Wireshark beside the captures", settings.keylog);
    cmd.AddValue("trace", "Write trace.jsonl", settings.trace);
    cmd.AddValue("check", "Only look whether the file is right", settings.check);
    cmd.AddValue("judge", "Judge this old trace instead of running", settings.judge);
    cmd.AddValue("progress",
                 "Tell on stderr what happens, and how far the run is",
                 settings.progress);

    // Several --set add up, where ns-3 would keep the last; and texts may have blanks in them,
    // where ns-3 would cut them off.
    std::map<std::string, std::string> texts;
    std::vector<std::string> arguments;
    for (int i = 0; i < argc; ++i)
    {
        const std::string argument = argv[i];
        const std::string name = i == 0 ? "" : OptionName(argument);
        const size_t equals = argument.find('=');
        const bool text = name == "set" || name == "scenario" || name == "out" || name == "judge";
        if (text && equals != std::string::npos)
        {
            const std::string before =
                name == "set" && !texts[name].empty() ? texts[name] + "," : "";
            texts[name] = before + argument.substr(equals + 1);
            continue;
        }
        settings.seedGiven = settings.seedGiven || name == "RngSeed";
        arguments.push_back(argument);
    }
    cmd.Parse(arguments);
    settings.scenario = texts["scenario"];
    settings.out = texts["out"];
    settings.set = texts["set"];
    settings.judge = texts["judge"];
    return settings;
}

/** Reads the scenario; says what is wrong with it. \return nothing if something is */
std::optional<Scenario>
Load(const Settings& settings, const Variables& ofTrace)
{
    LoadOptions options;
    options.set = ofTrace;
    options.checkAttribute = &ScenarioNetwork::CheckAttribute;
    Diagnostics diagnostics(settings.scenario);
    const std::string error = ParseSettings(settings.set, options.set);
    if (!error.empty())
    {
        diagnostics.Error(0, error);
    }
    std::optional<Scenario> scenario =
        ScenarioLoader::LoadFile(settings.scenario, options, diagnostics);
    diagnostics.Print(std::cerr);
    if (scenario && settings.seedGiven)
    {
        scenario->run.seed = RngSeedManager::GetSeed();
    }
    return diagnostics.Empty() ? scenario : std::nullopt;
}

/** \return the variables that the trace at \p path was run with */
Variables
VariablesOfTrace(const std::string& path)
{
    TraceEvent meta(TraceKind::META, 0);
    if (!ReadTraceMeta(path, meta))
    {
        return {};
    }
    const TraceValue* value = meta.Find(TraceKey::VARS);
    const Variables* variables = value == nullptr ? nullptr : std::get_if<Variables>(value);
    return variables == nullptr ? Variables() : *variables;
}

/** Judges an old trace. \return exit code */
int
JudgeOld(const Settings& settings, const Scenario& scenario, const RunOptions& options)
{
    Diagnostics diagnostics(settings.judge);
    const RunResult result = JudgeTrace(scenario, settings.judge, options, diagnostics);
    diagnostics.Print(std::cerr);
    if (!result.error.empty())
    {
        return Wrong(result.error);
    }
    return diagnostics.Empty() ? result.exit : EXIT_WRONG;
}

} // namespace

int
main(int argc, char** argv)
{
    const std::string wrong = CheckArguments(argc, argv);
    if (!wrong.empty())
    {
        return Wrong(wrong);
    }
    Settings settings = ParseArguments(argc, argv);
    if (settings.scenario.empty())
    {
        return Wrong("say which scenario: --scenario=FILE (more with --help)");
    }
    const bool old = !settings.judge.empty();
    const std::optional<Scenario> scenario =
        Load(settings, old ? VariablesOfTrace(settings.judge) : Variables());
    if (!scenario)
    {
        return EXIT_WRONG;
    }
    if (settings.check)
    {
        std::cout << settings.scenario << ": no errors" << std::endl;
        return 0;
    }
    if (settings.out.empty())
    {
        const std::string& directory = scenario->output.directory;
        settings.out = directory.empty() ? "." : directory;
    }
    std::error_code failed;
    std::filesystem::create_directories(settings.out, failed);
    if (failed)
    {
        return Wrong("cannot make " + settings.out + ": " + failed.message());
    }
    RunOptions options;
    options.directory = settings.out;
    options.run = RngSeedManager::GetRun();
    options.trace = settings.trace;
    options.pcap = settings.pcap;
    options.keylog = settings.keylog;
    options.progress = settings.progress ? &std::cerr : nullptr;
    options.report = &std::cout;
    if (old)
    {
        return JudgeOld(settings, *scenario, options);
    }
    const RunResult result = RunScenario(*scenario, options);
    return result.error.empty() ? result.exit : Wrong(result.error);
}
