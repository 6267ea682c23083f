/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <sys/time.h>
#include <unistd.h>
#include <utility>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * The main function of a fuzz entry where the compiler has no libFuzzer:
 *
 *     karp-fuzz-x [--rounds=N] [--time=S] [--inputs=N] [--seed=N] [--hex=FILE] FILE...
 *
 * Every FILE is an input. Of a file named by --hex, such as the vectors, every long run of
 * hexadecimal digits is one. An input goes through the entry as it is, cut short at each of its
 * lengths, and N times (10000) changed; with --time inputs drawn at random are changed until S
 * seconds are over instead, with --inputs until there were N of them, with both whichever is first.
 * A change is that of a few octets, or a piece of another input in this one. Changes are drawn from
 * a seed (1): a crash comes back, and the input that made it is written to karp-fuzz-x.crash,
 * as is one that takes longer than 60 s of CPU time.
 */

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace
{

using Inputs = std::vector<std::vector<uint8_t>>; //!< what there is to change

constexpr time_t LIMIT = 60; //!< s of CPU time that an input may take

const std::vector<uint8_t>* g_current = nullptr; //!< input that is being tried
unsigned long g_fed = 0;                         //!< inputs tried
std::string g_file;                              //!< where an input that breaks something is kept

/** Write the input that is being tried, and go as the signal wants. */
void
KeepInput(int signal)
{
    const int file = open(g_file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (g_current != nullptr && file >= 0 && write(file, g_current->data(), g_current->size()) >= 0)
    {
        static const char TEXT[] = ": the input that did it\n";
        (void)!write(STDERR_FILENO, g_file.data(), g_file.size());
        (void)!write(STDERR_FILENO, TEXT, sizeof(TEXT) - 1);
    }
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

/** A copy of its own for each input, so that a sanitizer sees the first octet past its end. */
void
Feed(const std::vector<uint8_t>& input, size_t size)
{
    const std::vector<uint8_t> copy(input.begin(), input.begin() + size);
    g_current = &copy;
    const itimerval limit{{0, 0}, {LIMIT, 0}};
    setitimer(ITIMER_PROF, &limit, nullptr);
    LLVMFuzzerTestOneInput(copy.data(), copy.size());
    g_current = nullptr;
    ++g_fed;
}

/** Put a piece of \p other in \p input, beside or instead of what stands there. */
void
Mix(std::vector<uint8_t>& input, const std::vector<uint8_t>& other, std::mt19937& random)
{
    const size_t first = random() % (other.size() + 1);
    const size_t length = std::min<size_t>(random() % 64, other.size() - first);
    const size_t at = random() % (input.size() + 1);
    const size_t gone = random() % 2 == 0 ? 0 : std::min<size_t>(random() % 64, input.size() - at);
    input.erase(input.begin() + at, input.begin() + at + gone);
    input.insert(input.begin() + at, other.begin() + first, other.begin() + first + length);
}

/** Change up to eight octets of \p input, now and then to a value at an edge; or mix it. */
std::vector<uint8_t>
Change(std::vector<uint8_t> input, const Inputs& inputs, std::mt19937& random)
{
    static const uint8_t EDGES[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    if (random() % 4 == 0)
    {
        Mix(input, inputs[random() % inputs.size()], random);
        return input;
    }
    for (unsigned i = random() % 8 + 1; i > 0 && !input.empty(); --i)
    {
        const bool edge = random() % 4 == 0;
        const auto value = static_cast<uint8_t>(edge ? EDGES[random() % 5] : random());
        input[random() % input.size()] = value;
    }
    return input;
}

/** \return the octets of \p text, an even number of hexadecimal digits */
std::vector<uint8_t>
FromHex(const std::string& text)
{
    std::vector<uint8_t> octets;
    for (size_t at = 0; at + 1 < text.size(); at += 2)
    {
        octets.push_back(static_cast<uint8_t>(std::stoul(text.substr(at, 2), nullptr, 16)));
    }
    return octets;
}

/** Add every run of at least 48 hexadecimal digits in \p text to \p inputs. */
void
AddRuns(const std::string& text, Inputs& inputs)
{
    const char* const DIGITS = "0123456789abcdefABCDEF";
    size_t end = 0;
    for (size_t at = text.find_first_of(DIGITS); at != std::string::npos;
         at = text.find_first_of(DIGITS, end))
    {
        end = std::min(text.find_first_not_of(DIGITS, at), text.size());
        if (end - at >= 48)
        {
            inputs.push_back(FromHex(text.substr(at, end - at)));
        }
    }
}

/** What the command line says. */
struct Options
{
    unsigned long rounds{10000}; //!< changes of each input
    unsigned long seconds{0};    //!< then it ends, if it is not 0
    unsigned long count{0};      //!< inputs, then it ends, if it is not 0
    unsigned long seed{1};       //!< of changes

    /** \return whether \p word is an option, and a number */
    bool Take(const std::string& word)
    {
        const std::pair<const char*, unsigned long*> known[] = {{"--rounds=", &rounds},
                                                                {"--time=", &seconds},
                                                                {"--inputs=", &count},
                                                                {"--seed=", &seed}};
        for (const auto& [name, value] : known)
        {
            if (word.rfind(name, 0) == 0)
            {
                *value = std::strtoul(word.c_str() + std::strlen(name), nullptr, 10);
                return true;
            }
        }
        return false;
    }
};

/** Change \p inputs drawn at random; every minute a line tells how far it is. */
void
FeedFor(const Options& options, const Inputs& inputs, std::mt19937& random)
{
    using Clock = std::chrono::steady_clock;
    const auto begin = Clock::now();
    auto told = begin;
    auto now = begin;
    const auto isOver = [&]() {
        return (options.seconds > 0 && now - begin >= std::chrono::seconds(options.seconds)) ||
               (options.count > 0 && g_fed >= options.count);
    };
    for (; !isOver(); now = Clock::now())
    {
        if (now - told >= std::chrono::minutes(1))
        {
            std::fprintf(stderr, "%lu inputs\n", g_fed);
            told = now;
        }
        for (int i = 0; i < 100; ++i)
        {
            auto input = Change(inputs[random() % inputs.size()], inputs, random);
            const auto& other = inputs[random() % inputs.size()];
            if (random() % 4 == 0) // two that follow each other
            {
                input.insert(input.end(), other.begin(), other.end());
            }
            Feed(input, input.size());
        }
    }
    const auto spent = std::chrono::duration_cast<std::chrono::seconds>(now - begin);
    std::printf("%lu inputs in %lld s\n", g_fed, static_cast<long long>(spent.count()));
}

/** \return what is in the file, or nothing and a word of why to stderr */
std::optional<std::string>
ReadFile(const std::string& name)
{
    std::ifstream file(name, std::ios::binary);
    if (!file)
    {
        std::fprintf(stderr, "%s: cannot be read\n", name.c_str());
        return std::nullopt;
    }
    return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

} // namespace

int
main(int argc, char** argv)
{
    Options options;
    Inputs inputs;
    for (int i = 1; i < argc; ++i)
    {
        const std::string word = argv[i];
        if (options.Take(word))
        {
            continue;
        }
        const bool hex = word.rfind("--hex=", 0) == 0;
        const auto text = ReadFile(hex ? word.substr(6) : word);
        if (!text)
        {
            return 1;
        }
        if (hex)
        {
            AddRuns(*text, inputs);
        }
        else
        {
            inputs.emplace_back(text->begin(), text->end());
        }
    }
    inputs.emplace_back(64, 0);
    const std::string program = argv[0];
    g_file = program.substr(program.rfind('/') + 1) + ".crash"; // npos + 1 is 0
    for (const int signal : {SIGABRT, SIGSEGV, SIGPROF})
    {
        std::signal(signal, KeepInput);
    }
    std::mt19937 random(static_cast<std::mt19937::result_type>(options.seed));
    if (options.seconds > 0 || options.count > 0)
    {
        FeedFor(options, inputs, random);
        return 0;
    }
    for (const auto& input : inputs)
    {
        for (size_t size = 0; size <= input.size(); ++size)
        {
            Feed(input, size);
        }
        for (unsigned long round = 0; round < options.rounds; ++round)
        {
            const auto changed = Change(input, inputs, random);
            Feed(changed, changed.size());
        }
    }
    std::printf("%zu inputs, %lu rounds each\n", inputs.size(), options.rounds);
    return 0;
}
