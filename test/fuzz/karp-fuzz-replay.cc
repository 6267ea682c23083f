/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * The main function of a fuzz entry where the compiler has no libFuzzer:
 *
 *     karp-fuzz-x [--rounds=N] FILE...
 *
 * Every file goes through the entry as it is, cut short at each of its lengths, and N times (10000)
 * with a few octets changed. The changes are drawn from a fixed seed: a crash comes back.
 */

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace
{

/** A copy of its own for each input, so that a sanitizer sees the first octet past its end. */
void
Feed(const std::vector<uint8_t>& input, size_t size)
{
    const std::vector<uint8_t> copy(input.begin(), input.begin() + size);
    LLVMFuzzerTestOneInput(copy.data(), copy.size());
}

/** Change up to eight octets of \p input, now and then to a value at an edge. */
std::vector<uint8_t>
Change(std::vector<uint8_t> input, std::mt19937& random)
{
    static const uint8_t EDGES[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    for (unsigned i = random() % 8 + 1; i > 0 && !input.empty(); --i)
    {
        const bool edge = random() % 4 == 0;
        const auto value = static_cast<uint8_t>(edge ? EDGES[random() % 5] : random());
        input[random() % input.size()] = value;
    }
    return input;
}

} // namespace

int
main(int argc, char** argv)
{
    unsigned long rounds = 10000;
    std::vector<std::vector<uint8_t>> inputs;
    for (int i = 1; i < argc; ++i)
    {
        const std::string word = argv[i];
        if (word.rfind("--rounds=", 0) == 0)
        {
            rounds = std::strtoul(word.c_str() + 9, nullptr, 10);
            continue;
        }
        std::ifstream file(word, std::ios::binary);
        if (!file)
        {
            std::fprintf(stderr, "%s: cannot be read\n", word.c_str());
            return 1;
        }
        inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    inputs.emplace_back(64, 0);
    std::mt19937 random(1);
    for (const auto& input : inputs)
    {
        for (size_t size = 0; size <= input.size(); ++size)
        {
            Feed(input, size);
        }
        for (unsigned long round = 0; round < rounds; ++round)
        {
            const auto changed = Change(input, random);
            Feed(changed, changed.size());
        }
    }
    std::printf("%zu inputs, %lu rounds each\n", inputs.size(), rounds);
    return 0;
}
