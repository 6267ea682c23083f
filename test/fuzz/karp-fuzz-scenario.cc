/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ns3/karp-scenario-loader.h"
#include "ns3/karp-scenario-resolved.h"

#include <cstdlib>
#include <string>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: the text of a scenario. It is either taken or refused with a message that says what
 * is wrong, on a line that is there; what is taken can be written down, and what was written down
 * is the same scenario.
 */

namespace
{

using namespace ns3::karp;

/** \p fact must hold. */
void
Require(bool fact)
{
    if (!fact)
    {
        std::abort();
    }
}

/** \return the lines of \p text, as an editor counts them */
size_t
CountLines(const std::string& text)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.size(); ++i)
    {
        const bool pair = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
        lines += text[i] == '\n' || (text[i] == '\r' && !pair) ? 1 : 0;
    }
    return lines;
}

/** Each message is `x: what` or `x:line: what`. */
void
CheckMessages(const Diagnostics& diagnostics, size_t lines)
{
    Require(!diagnostics.Empty());
    for (const std::string& message : diagnostics.Lines())
    {
        Require(message.compare(0, 2, "x:") == 0 && message.size() > 4);
        if (message[2] != ' ')
        {
            const size_t line = std::strtoul(message.c_str() + 2, nullptr, 10);
            Require(line >= 1 && line <= lines);
        }
    }
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string text(reinterpret_cast<const char*>(data), size);
    Diagnostics diagnostics("x");
    const auto scenario = ScenarioLoader::Load(text, {}, diagnostics);
    if (!scenario)
    {
        CheckMessages(diagnostics, CountLines(text));
        return 0;
    }
    const std::string resolved = ResolvedText(*scenario);
    Diagnostics again("x");
    const auto same = ScenarioLoader::Load(resolved, {}, again);
    Require(same && ResolvedText(*same) == resolved);
    return 0;
}
