/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-bench.h"

#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <unistd.h>

/**
 * \file
 * Instructions of a delivered packet, ours beside a packet of the same size that ns-3 delivers to a
 * raw socket by itself, and the libraries they are spent in. Unlike times they are the same on a
 * busy machine. Valgrind's callgrind counts them, in this program, which is run twice for each
 * content: the longer run less the shorter is what packets cost.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr double SHORT_RUN = 60; //!< simulated seconds; by then all know each other
constexpr double LONG_RUN = 90;  //!< three Hellos of each router more

/** Whose instructions they are. */
enum class Owner : uint8_t
{
    KARP,
    NS3,
    CRYPTO,
    LIBRARY,
    COUNT
};

/** Names of results, and what they are. */
constexpr std::array<std::pair<const char*, const char*>, static_cast<size_t>(Owner::COUNT)> OWNERS{
    {
        {"karp", "of these in karp"},
        {"ns3", "of these in ns-3"},
        {"crypto", "of these in OpenSSL, which knows no SHA instructions under Valgrind"},
        {"library", "of these in the C and C++ libraries: memory above all"},
    }};

/** What callgrind counted. */
struct Counted
{
    double packets{0};                                            //!< delivered
    std::array<double, static_cast<size_t>(Owner::COUNT)> each{}; //!< instructions

    /** \return all instructions */
    double Sum() const
    {
        double sum = 0;
        for (const double owner : each)
        {
            sum += owner;
        }
        return sum;
    }
};

/** \return whose \p object is, the path of a library or program */
Owner
OwnerOf(const std::string& object)
{
    const std::string name = object.substr(object.rfind('/') + 1);
    const auto begins = [&name](const char* with) { return name.rfind(with, 0) == 0; };
    if (begins("libkarp"))
    {
        return Owner::KARP;
    }
    // What we measure with counts as ns-3's: it is the sender where ns-3 is alone.
    if (begins("libns3") || begins("karp-bench"))
    {
        return Owner::NS3;
    }
    return begins("libcrypto") ? Owner::CRYPTO : Owner::LIBRARY;
}

/** Add up the costs in \p file, in callgrind's format, in \p counted. */
void
ReadProfile(const std::string& file, Counted& counted)
{
    std::ifstream in(file);
    std::map<std::string, Owner> owners; // by number: "ob=(1) name" the first time, then "ob=(1)"
    Owner owner = Owner::LIBRARY;
    bool isCall = false;
    std::string line;
    while (std::getline(in, line))
    {
        if (line.rfind("ob=", 0) == 0 || line.rfind("cob=", 0) == 0)
        {
            const size_t begin = line.find('=');
            const size_t close = line.find(')');
            const std::string id = line.substr(begin, close - begin);
            if (close + 2 < line.size())
            {
                owners[id] = OwnerOf(line.substr(close + 2));
            }
            owner = line[0] == 'o' ? owners[id] : owner;
            continue;
        }
        if (line.rfind("calls=", 0) == 0)
        {
            isCall = true; // The next line is what was called, which is counted where it is.
            continue;
        }
        const bool isCost = !line.empty() && (std::isdigit(static_cast<unsigned char>(line[0])) ||
                                              line[0] == '+' || line[0] == '-' || line[0] == '*');
        if (isCost && !isCall)
        {
            const size_t space = line.find(' ');
            counted.each[static_cast<size_t>(owner)] +=
                space == std::string::npos ? 0 : std::atof(line.c_str() + space);
        }
        isCall = isCall && !isCost;
    }
}

/** \return the path of this program */
std::string
Self()
{
    char path[4096];
    const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
    return size <= 0 ? std::string() : std::string(path, static_cast<size_t>(size));
}

/** \return what \p content costs for \p simulated seconds */
Counted
Count(const std::string& content, double simulated)
{
    Counted counted;
    char file[] = "/tmp/karp-bench-XXXXXX";
    const int handle = mkstemp(file);
    if (handle < 0)
    {
        return counted;
    }
    close(handle);
    const std::string command =
        "valgrind --tool=callgrind --callgrind-out-file=" + std::string(file) + " '" + Self() +
        "' --path=" + content + " --simulated=" + std::to_string(simulated) + " 2>/dev/null";
    if (FILE* pipe = popen(command.c_str(), "r"))
    {
        unsigned long long packets = 0;
        if (std::fscanf(pipe, "delivered %llu", &packets) == 1)
        {
            counted.packets = static_cast<double>(packets);
        }
        pclose(pipe);
        ReadProfile(file, counted);
    }
    unlink(file);
    return counted;
}

/** \return instructions of a packet, at whose expense */
Counted
CountPacket(const std::string& content)
{
    const Counted before = Count(content, SHORT_RUN);
    Counted after = Count(content, LONG_RUN);
    after.packets -= before.packets;
    for (size_t i = 0; i < after.each.size(); ++i)
    {
        after.each[i] = (after.each[i] - before.each[i]) / after.packets;
    }
    return after;
}

} // namespace

std::vector<BenchResult>
BenchPath(const BenchEffort& /* effort */)
{
    std::vector<BenchResult> results;
    if (std::system("valgrind --version >/dev/null 2>&1") != 0)
    {
        std::fprintf(stderr, "path is left out: there is no valgrind\n");
        return results;
    }
    double raw = 0;
    for (const auto& [content, about] :
         {std::pair{"raw", "instructions of a raw-socket multicast, delivered by ns-3"},
          std::pair{"open", "instructions of a delivered Hello of 50 routers, AuType 0"},
          std::pair{"hmac", "instructions of a delivered Hello of 50 routers, HMAC-SHA-256"}})
    {
        const std::string name = std::string("path.") + content;
        const Counted counted = CountPacket(content);
        results.push_back({name, counted.Sum(), "", about});
        for (size_t i = 0; i < OWNERS.size(); ++i)
        {
            results.push_back(
                {name + '.' + OWNERS[i].first, counted.each[i], "", OWNERS[i].second});
        }
        raw = raw == 0 ? counted.Sum() : raw;
        results.push_back({name + ".ratio", counted.Sum() / raw, "", "over raw"});
    }
    return results;
}

} // namespace karp
} // namespace ns3
