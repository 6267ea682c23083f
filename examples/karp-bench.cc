/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-bench.h"

#include "ns3/command-line.h"
#include "ns3/simulator.h"

#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>

/**
 * \file
 * What the module costs: see karp-bench.h. `./karp bench` runs this program.
 */

using namespace ns3;
using namespace ns3::karp;

namespace
{

/** A measurement by name. */
struct Bench
{
    const char* name;                                                //!< for --only
    std::function<std::vector<BenchResult>(const BenchEffort&)> run; //!< what it does
};

const Bench BENCHES[] = {
    {"operations", BenchOperations},
    {"handshake", BenchHandshake},
    {"hello", BenchHello},
    {"lan", BenchLan},
    {"grid", BenchGrid},
    {"routed-lan", BenchRoutedLan},
    {"maps", BenchMaps},
    {"path", BenchPath},
};

/** Print \p result as a line of a table. */
void
Print(const BenchResult& result)
{
    std::printf("%-28s %14.3f %-4s %s\n",
                result.name.c_str(),
                result.value,
                result.unit.c_str(),
                result.about.c_str());
    std::fflush(stdout);
}

/** Write \p results to the file \p path as JSON. \return whether that worked */
bool
WriteJson(const std::string& path, const std::vector<BenchResult>& results)
{
    std::ofstream out(path);
    out << "{\n";
    for (size_t i = 0; i < results.size(); ++i)
    {
        const auto& result = results[i];
        char number[64];
        std::snprintf(number, sizeof(number), "%.6g", result.value);
        out << "  \"" << result.name << "\": {\"unit\": \"" << result.unit
            << "\", \"value\": " << number << "}" << (i + 1 < results.size() ? ",\n" : "\n");
    }
    out << "}\n";
    out.close();
    return out.good();
}

} // namespace

int
main(int argc, char** argv)
{
    std::string json;
    std::string only;
    std::string path;
    BenchEffort effort;
    CommandLine cmd(__FILE__);
    cmd.Usage("Measures what key management and authentication cost, as ratios inside one run.");
    cmd.AddValue("json", "file to write the numbers to", json);
    cmd.AddValue("only",
                 "one of operations, handshake, hello, lan, grid, routed-lan, maps, path; all if "
                 "empty",
                 only);
    cmd.AddValue("repeats", "how often each measurement is repeated", effort.repeats);
    cmd.AddValue("seconds", "wall time of each measurement of something short", effort.seconds);
    cmd.AddValue("simulated", "simulated seconds of the LAN", effort.simulated);
    cmd.AddValue("grid-min", "side of the smallest grid, routers", effort.gridMin);
    cmd.AddValue("grid-max", "side of the largest grid, routers", effort.gridMax);
    cmd.AddValue("lan-max", "routers on the largest LAN of routed-lan, 10 to 500", effort.lanMax);
    cmd.AddValue("maps",
                 "GraphML files in the folder KARP_TOPOLOGIES, without .graphml",
                 effort.maps);
    cmd.AddValue("path", "run this and nothing else, to be counted: raw, open or hmac", path);
    cmd.Parse(argc, argv);
    if (!path.empty())
    {
        std::printf("delivered %llu\n",
                    static_cast<unsigned long long>(RunPath(path, effort.simulated)));
        return 0;
    }
    std::vector<BenchResult> all;
    bool known = only.empty();
    for (const auto& bench : BENCHES)
    {
        if (!only.empty() && only != bench.name)
        {
            continue;
        }
        known = true;
        std::fprintf(stderr, "measuring %s ...\n", bench.name);
        for (const auto& result : bench.run(effort))
        {
            Print(result);
            all.push_back(result);
        }
    }
    if (!known)
    {
        std::cerr << "karp-bench: there is no measurement called '" << only << "'; see --help"
                  << std::endl;
        return 3;
    }
    if (!json.empty() && !WriteJson(json, all))
    {
        std::cerr << "karp-bench: cannot write " << json << std::endl;
        return 3;
    }
    return 0;
}
