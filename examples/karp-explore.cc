/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ns3/karp-diagnostics.h"
#include "ns3/karp-explore-ladder.h"
#include "ns3/karp-explore-lan.h"
#include "ns3/karp-explore-settings.h"
#include "ns3/karp-explorer.h"
#include "ns3/karp-program-options.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>

/**
 * \file
 * Explores what may happen to a small group; see ExploreLan. `./karp explore` runs this program. It
 * needs no ns-3.
 */

using namespace ns3::karp;

namespace
{

constexpr int EXIT_FOUND = 1; //!< something is violated
constexpr int EXIT_WRONG = 3; //!< an option is wrong

/** What the command line asks for. */
struct Options
{
    ExploreSettings settings;        //!< what is explored
    ExploreLimits limits;            //!< what it may cost
    std::string out;                 //!< a copy of the output goes there
    std::optional<ExplorePath> path; //!< to be replayed
    std::string sets;                //!< what was set, for the command that replays
    bool help{false};                //!< whether to say what there is
};

/** An option. */
struct Option
{
    const char* name;                                      //!< without dashes
    const char* value;                                     //!< for people
    const char* about;                                     //!< for people
    std::function<bool(Options&, const std::string&)> set; //!< \return whether the value is one
};

/** \return whether \p text is a whole number up to \p most, which is put into \p to */
template <typename T>
bool
TakeNumber(const std::string& text, uint64_t most, T& to)
{
    char* end = nullptr;
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    const unsigned long long value = std::strtoull(text.c_str(), &end, 10);
    to = static_cast<T>(value);
    return digits && text.size() <= 18 && value <= most;
}

/** \return an option that says how many faults of a kind a run may have */
Option
Budget(const char* name, const char* about, uint32_t ExploreBudget::*member)
{
    return {name, "N", about, [member](Options& to, const std::string& text) {
                return TakeNumber(text, 100, to.settings.budget.*member);
            }};
}

/** \return all options */
const std::vector<Option>&
AllOptions()
{
    static const std::vector<Option> OPTIONS = {
        {"routers",
         "N",
         "2 to 4 (default 3)",
         [](Options& to, const auto& text) {
             return TakeNumber(text, ExploreSettings::MAX_ROUTERS, to.settings.routers);
         }},
        {"time",
         "SECONDS",
         "of searching, 0: none but the exhaustive part (default 120)",
         [](Options& to, const auto& text) {
             uint32_t seconds = 0;
             const bool good = TakeNumber(text, 1000000, seconds);
             to.limits.seconds = seconds;
             to.limits.walks = seconds == 0 ? 0 : UINT64_MAX;
             return good;
         }},
        {"seed",
         "N",
         "of keys and of random runs (default 1)",
         [](Options& to, const auto& text) {
             to.limits.seed = 0;
             const bool good = TakeNumber(text, UINT32_MAX, to.limits.seed);
             to.settings.seed = to.limits.seed;
             return good;
         }},
        {"depth",
         "D",
         "deviations searched exhaustively (default 3)",
         [](Options& to, const auto& text) { return TakeNumber(text, 20, to.limits.depth); }},
        {"window",
         "SECONDS",
         "of simulated time in which faults begin (default 20)",
         [](Options& to, const auto& text) {
             uint32_t seconds = 0;
             const bool good = TakeNumber(text, 1000, seconds);
             to.settings.window = std::chrono::seconds(seconds);
             return good;
         }},
        Budget("losses", "messages lost in one run (default 2)", &ExploreBudget::losses),
        Budget("duplicates", "messages doubled (default 1)", &ExploreBudget::duplicates),
        Budget("delays", "messages late or overtaken (default 1)", &ExploreBudget::delays),
        Budget("crashes", "crashes with a new start (default 1)", &ExploreBudget::crashes),
        Budget("cuts", "routers cut off for a while (default 1)", &ExploreBudget::cuts),
        Budget("one-way",
               "routers cut off in one direction for a while (default 0)",
               &ExploreBudget::oneWay),
        {"out",
         "FILE",
         "write what is found there too",
         [](Options& to, const auto& text) {
             to.out = text;
             return !text.empty();
         }},
        {"replay",
         "\"CHOICES\"",
         "show one run, as a search wrote it",
         [](Options& to, const auto& text) {
             to.path = ParseExplorePath(text);
             return to.path.has_value();
         }},
    };
    return OPTIONS;
}

/** Say what there is. */
void
Help()
{
    std::cout << "Explores what may happen to a small group of routers with MRKMP.\n\n";
    for (const auto& option : AllOptions())
    {
        std::cout << "  --" << option.name << "=" << option.value << "\n      " << option.about
                  << "\n";
    }
    std::cout << "  --set=NAME=VALUE\n      an attribute:\n\n" << ExploreSettings::Describe();
}

/** \return what is wrong with --\p name=\p value, which \p to takes; empty if nothing is */
std::string
Take(Options& to, const std::string& name, const std::string& value)
{
    if (name == "set")
    {
        to.sets += " --set " + value;
        return to.settings.Set(value);
    }
    std::vector<std::string> names{"set", "help"};
    for (const auto& option : AllOptions())
    {
        names.emplace_back(option.name);
        if (name == option.name)
        {
            return option.set(to, value)
                       ? ""
                       : "--" + name + " cannot be '" + value + "': " + option.about;
        }
    }
    return "there is no option --" + name + Hint(name, names);
}

/** Read the command line. \return what is wrong with it */
std::string
Parse(int argc, char** argv, Options& options)
{
    const std::string wrong = ReadProgramOptions(
        argc,
        argv,
        [&options](const auto& name, const auto& value) { return Take(options, name, value); },
        options.help);
    if (!wrong.empty() || options.help)
    {
        return wrong;
    }
    return options.settings.Complete();
}

/** \return the command that shows \p path again */
std::string
ReplayCommand(const Options& options, const ExplorePath& path)
{
    const ExploreBudget& budget = options.settings.budget;
    return "./karp explore --routers " + std::to_string(options.settings.routers) + " --seed " +
           std::to_string(options.settings.seed) + " --window " +
           std::to_string(
               std::chrono::duration_cast<std::chrono::seconds>(options.settings.window).count()) +
           " --losses " + std::to_string(budget.losses) + " --duplicates " +
           std::to_string(budget.duplicates) + " --delays " + std::to_string(budget.delays) +
           " --crashes " + std::to_string(budget.crashes) + " --cuts " +
           std::to_string(budget.cuts) + " --one-way " + std::to_string(budget.oneWay) +
           options.sets + " --replay \"" + ToString(path) + "\"";
}

/** Print \p text, and into the file that was asked for. \return whether that worked */
bool
Print(const Options& options, const std::string& text)
{
    std::cout << text << std::flush;
    if (options.out.empty())
    {
        return true;
    }
    std::ofstream file(options.out);
    file << text;
    file.close();
    return file.good();
}

/** Show the run along \p path. \return the exit code */
int
Show(const Options& options, const ExplorePath& path)
{
    std::string wrong;
    const auto factory = [&options]() {
        return std::make_unique<ExploreLan>(options.settings, true);
    };
    const auto system = Explorer::Replay(factory, path, wrong);
    if (!system)
    {
        std::cerr << "karp-explore: " << wrong << std::endl;
        return EXIT_WRONG;
    }
    const auto& lan = static_cast<const ExploreLan&>(*system);
    std::string text = DrawLadder(lan.Names(), lan.Events());
    text += lan.Violation().empty() ? "nothing is violated\n" : lan.Violation() + "\n";
    text += "choices: " + ToString(path) + "\n" + ReplayCommand(options, path) + "\n";
    if (!Print(options, text))
    {
        std::cerr << "karp-explore: cannot write " << options.out << std::endl;
        return EXIT_WRONG;
    }
    return lan.Violation().empty() ? 0 : EXIT_FOUND;
}

/** Say what \p result covers. */
void
Summarize(const Options& options, const ExploreResult& result)
{
    std::printf("%llu states, %llu transitions, %llu runs and %llu random runs in %.1f s: %.0f "
                "transitions a second\n",
                static_cast<unsigned long long>(result.states),
                static_cast<unsigned long long>(result.transitions),
                static_cast<unsigned long long>(result.runs),
                static_cast<unsigned long long>(result.walks),
                result.seconds,
                static_cast<double>(result.transitions) / std::max(result.seconds, 1e-6));
    if (result.exhaustive)
    {
        std::printf("exhaustive for %u deviations that begin within the first %.0f s of %zu "
                    "routers\n",
                    *result.exhaustive,
                    ToSeconds(options.settings.window),
                    options.settings.routers);
    }
    if (result.forgetful)
    {
        std::printf("there were more states than are remembered: some were gone through again\n");
    }
    std::fflush(stdout);
}

} // namespace

int
main(int argc, char** argv)
{
    Options options;
    const std::string wrong = Parse(argc, argv, options);
    if (!wrong.empty())
    {
        std::cerr << "karp-explore: " << wrong << std::endl;
        return EXIT_WRONG;
    }
    if (options.help)
    {
        Help();
        return 0;
    }
    if (options.path)
    {
        return Show(options, *options.path);
    }
    Explorer explorer([&options]() { return std::make_unique<ExploreLan>(options.settings); },
                      options.limits);
    const ExploreResult result = explorer.Run();
    Summarize(options, result);
    if (result.violation.empty())
    {
        std::printf("nothing found\n");
        return 0;
    }
    std::printf("found: %s\n\n", result.violation.c_str());
    std::fflush(stdout);
    const int shown = Show(options, result.path);
    return shown == EXIT_WRONG ? EXIT_WRONG : EXIT_FOUND;
}
