/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ns3/karp-diagnostics.h"
#include "ns3/karp-program-options.h"
#include "ns3/karp-topology-generators.h"
#include "ns3/karp-topology-graphml.h"
#include "ns3/karp-topology-policy.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>

/**
 * \file
 * Says what a topology is like, one from a file in GraphML or a generated one, and what policies do
 * with it. `./karp topology` runs this program. It needs no ns-3.
 */

using namespace ns3::karp;

namespace
{

constexpr int EXIT_WRONG = 3; //!< an option or a file is wrong

/** What the command line asks for. */
struct Options
{
    std::string source;    //!< FILE.graphml, or a generator such as grid:5x5
    TopologyPolicy policy; //!< what is done with it
    std::string json;      //!< the graph is written there, if anywhere
    bool help{false};      //!< whether to say what there is
};

/** Say what there is. */
void
Help()
{
    std::cout << "karp-topology --source=FILE.graphml|GENERATOR [--json=FILE] [--POLICY=WORD ...]\n"
                 "\npolicies for files, of each its words:\n";
    for (const std::string& key : TopologyPolicy::Keys())
    {
        std::cout << "  --" << key << "=";
        const char* between = "";
        for (const std::string& word : TopologyPolicy::WordsOf(key))
        {
            std::cout << between << word;
            between = "|";
        }
        std::cout << "\n";
    }
    std::cout << "\ngenerators, with their parameters:\n";
    for (const TopologyGenerator& generator : TopologyGenerator::All())
    {
        std::cout << "  " << generator.name;
        char between = ':';
        for (const GeneratorParameter& parameter : generator.parameters)
        {
            std::cout << (parameter.fallback ? "[" : "") << between << parameter.name
                      << (parameter.fallback ? "]" : "");
            between = 'x';
        }
        std::cout << "\n      " << generator.about << "\n";
    }
}

/** \return what is wrong with --\p name=\p value, which \p to takes; empty if nothing is */
std::string
Take(Options& to, const std::string& name, const std::string& value)
{
    if (name == "source" || name == "json")
    {
        (name == "json" ? to.json : to.source) = value;
        return "";
    }
    std::vector<std::string> known = TopologyPolicy::Keys();
    if (std::find(known.begin(), known.end(), name) == known.end())
    {
        known.insert(known.end(), {"source", "json", "help"});
        return "there is no option --" + name + Hint(name, known);
    }
    return to.policy.Set(name, value)
               ? ""
               : "--" + name + " cannot be '" + value + "'" +
                     Hint(value, TopologyPolicy::WordsOf(name)) + ", --help says what it can be";
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
    return options.source.empty() ? "--source is missing, --help says what there is" : "";
}

/** \return \p text as JSON; octets that are no ASCII are taken for UTF-8 */
std::string
Quoted(const std::string& text)
{
    std::string quoted = "\"";
    for (const char letter : text)
    {
        const auto octet = static_cast<unsigned char>(letter);
        if (octet < 0x20)
        {
            char code[8];
            std::snprintf(code, sizeof code, "\\u%04x", octet);
            quoted += code;
            continue;
        }
        quoted += letter == '"' || letter == '\\' ? "\\" : "";
        quoted += letter;
    }
    return quoted + "\"";
}

/** Write \p graph, whose routers are called r0 and so on, to \p out. */
void
WriteJson(const TopologyGraph& graph, std::ostream& out)
{
    out.precision(10);
    out << "{\"name\": " << Quoted(graph.name) << ",\n \"nodes\": [";
    for (size_t i = 0; i < graph.nodes.size(); ++i)
    {
        const TopologyNode& node = graph.nodes[i];
        out << (i == 0 ? "\n" : ",\n") << "  {\"name\": \"r" << i
            << "\", \"label\": " << Quoted(node.label);
        if (node.at)
        {
            out << ", \"latitude\": " << node.at->latitude
                << ", \"longitude\": " << node.at->longitude
                << ", \"estimated\": " << (node.estimated ? "true" : "false");
        }
        out << "}";
    }
    out << "],\n \"links\": [";
    for (size_t i = 0; i < graph.edges.size(); ++i)
    {
        const TopologyEdge& edge = graph.edges[i];
        out << (i == 0 ? "\n" : ",\n") << "  {\"ends\": [" << edge.a << ", " << edge.b
            << "], \"rate\": " << *edge.rate << ", \"delay\": " << ToSeconds(*edge.delay) << "}";
    }
    out << "],\n \"lans\": [";
    for (size_t i = 0; i < graph.lans.size(); ++i)
    {
        const TopologyLan& lan = graph.lans[i];
        out << (i == 0 ? "\n" : ",\n") << "  {\"nodes\": [";
        for (size_t j = 0; j < lan.nodes.size(); ++j)
        {
            out << (j == 0 ? "" : ", ") << lan.nodes[j];
        }
        out << "], \"rate\": " << *lan.rate << ", \"delay\": " << ToSeconds(*lan.delay) << "}";
    }
    out << "]}\n";
}

/** Print \p least, \p middle and \p most of \p values, which are sorted here. */
void
PrintSpread(const char* what, std::vector<double> values, double unit, const char* unitName)
{
    if (values.empty())
    {
        return;
    }
    std::sort(values.begin(), values.end());
    std::printf("%-12s %.6g to %.6g %s, median %.6g %s\n",
                what,
                values.front() / unit,
                values.back() / unit,
                unitName,
                values[values.size() / 2] / unit,
                unitName);
}

/** Print what \p graph is like. */
void
Summarize(const TopologyGraph& graph, const TopologyReport& report)
{
    std::vector<double> rates;
    std::vector<double> delays;
    for (const TopologyEdge& edge : graph.edges)
    {
        rates.push_back(*edge.rate);
        delays.push_back(ToSeconds(*edge.delay));
    }
    const std::vector<std::vector<uint32_t>> components = graph.Components();
    std::printf("%-12s %s\n", "name", graph.name.c_str());
    std::printf("%-12s %zu\n", "nodes", graph.nodes.size());
    std::printf("%-12s %zu\n", "links", graph.edges.size());
    std::printf("%-12s %zu\n", "LANs", graph.lans.size());
    std::printf("%-12s %zu\n", "components", components.size());
    std::printf("%-12s %u\n", "diameter", graph.Diameter());
    std::printf("%-12s %u\n", "max degree", graph.MaxDegree());
    PrintSpread("rates", rates, 1e6, "Mbps");
    PrintSpread("delays", delays, 1e-3, "ms");
    for (const std::string& sentence : report.done)
    {
        std::printf("%-12s %s\n", "policy", sentence.c_str());
    }
}

/** Read or make what is asked for. \return nothing if it is wrong, and that was said */
std::optional<TopologyGraph>
Load(const Options& options, TopologyReport& report)
{
    const std::string& source = options.source;
    // A file may be called like a generator; with a colon in it and no such file it is none.
    const bool generator = TopologyGenerator::Find(source.substr(0, source.find(':'))) != nullptr;
    const bool file = std::ifstream(source).is_open();
    if (file || (!generator && source.find(':') == std::string::npos))
    {
        Diagnostics diagnostics(source);
        std::optional<TopologyGraph> graph = ReadGraphmlFile(source, diagnostics);
        diagnostics.Print(std::cerr);
        report = graph ? ApplyPolicy(options.policy, *graph) : report;
        if (!report.error.empty())
        {
            std::cerr << source << ": " << report.error << std::endl;
            return std::nullopt;
        }
        return graph;
    }
    TopologyGraph graph;
    const std::string wrong = Generate(source, graph);
    if (!wrong.empty())
    {
        std::cerr << "karp-topology: " << wrong << std::endl;
        return std::nullopt;
    }
    return graph;
}

} // namespace

int
main(int argc, char** argv)
{
    Options options;
    const std::string wrong = Parse(argc, argv, options);
    if (!wrong.empty())
    {
        std::cerr << "karp-topology: " << wrong << std::endl;
        return EXIT_WRONG;
    }
    if (options.help)
    {
        Help();
        return 0;
    }
    TopologyReport report;
    std::optional<TopologyGraph> graph = Load(options, report);
    if (!graph)
    {
        return EXIT_WRONG;
    }
    ApplyLinkRule(LinkRule(), *graph);
    Summarize(*graph, report);
    if (!options.json.empty())
    {
        std::ofstream file(options.json);
        WriteJson(*graph, file);
        file.close();
        if (!file.good())
        {
            std::cerr << "karp-topology: cannot write " << options.json << std::endl;
            return EXIT_WRONG;
        }
    }
    return 0;
}
