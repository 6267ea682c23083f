/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-explore-settings.h"

#include "ns3/karp-diagnostics.h"

#include <cstdlib>
#include <functional>
#include <sstream>

namespace ns3
{
namespace karp
{

using namespace std::chrono_literals;

namespace
{

/** \return \p text as a number from \p low to \p high, if it is one */
std::optional<double>
ParseNumber(const std::string& text, double low, double high)
{
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    const bool whole = !text.empty() && end == text.c_str() + text.size();
    return whole && value >= low && value <= high ? std::optional<double>(value) : std::nullopt;
}

/** \return \p text as true or false, if it is one of them */
std::optional<bool>
ParseFlag(const std::string& text)
{
    if (text == "true" || text == "false")
    {
        return text == "true";
    }
    return std::nullopt;
}

/** \return \p text, numbers from 0 to 255 apart by slashes; none if it is something else */
std::vector<uint8_t>
ParsePriorities(const std::string& text)
{
    std::vector<uint8_t> priorities;
    std::istringstream words(text);
    std::string word;
    while (std::getline(words, word, '/'))
    {
        const auto priority = ParseNumber(word, 0, 255);
        if (!priority)
        {
            return {};
        }
        priorities.push_back(static_cast<uint8_t>(*priority));
    }
    return priorities;
}

/** Something that can be set. */
struct Attribute
{
    const char* name;    //!< as in KmpApplication, where it has it
    const char* domain;  //!< its values, for people
    const char* initial; //!< its default, for people
    /** Takes a value. \return whether it is one */
    std::function<bool(ExploreSettings&, const std::string&)> set;
};

/** \return an attribute that is a span in seconds */
Attribute
Span(const char* name, const char* initial, Time MrkmpConfig::*member)
{
    return {name, "seconds, 0 to 1000", initial, [member](ExploreSettings& to, const auto& text) {
                const auto seconds = ParseNumber(text, 0, 1000);
                to.config.*member = FromSeconds(seconds.value_or(0));
                return seconds.has_value();
            }};
}

/** \return an attribute that is a span in seconds, of keys */
Attribute
KeySpan(const char* name, const char* initial, Time GroupKeyConfig::*member)
{
    return {name, "seconds, 0 to 1000", initial, [member](ExploreSettings& to, const auto& text) {
                const auto seconds = ParseNumber(text, 0, 1000);
                to.config.keys.*member = FromSeconds(seconds.value_or(0));
                return seconds.has_value();
            }};
}

/** \return an attribute that counts copies */
Attribute
Copies(const char* name, uint32_t MrkmpConfig::*member)
{
    return {name, "1 to 32", "3", [member](ExploreSettings& to, const auto& text) {
                const auto copies = ParseNumber(text, 1, 32);
                to.config.*member = static_cast<uint32_t>(copies.value_or(1));
                return copies.has_value();
            }};
}

/** \return all attributes, by name */
const std::vector<Attribute>&
Attributes()
{
    static const std::vector<Attribute> ATTRIBUTES = {
        KeySpan("KekLifetime", "16", &GroupKeyConfig::kekLifetime),
        KeySpan("Lead", "6", &GroupKeyConfig::lead),
        Copies("MergeCopies", &MrkmpConfig::mergeCopies),
        KeySpan("Overlap", "2", &GroupKeyConfig::overlap),
        KeySpan("PmkOverrun", "12", &GroupKeyConfig::pmkOverrun),
        {"Priorities",
         "0 to 255 for each router, apart by /",
         "200/190/180/170",
         [](ExploreSettings& to, const std::string& text) {
             to.priorities = ParsePriorities(text);
             return !to.priorities.empty();
         }},
        {"RebootAlways",
         "true, false",
         "false",
         [](ExploreSettings& to, const std::string& text) {
             to.config.rebootAlways = ParseFlag(text).value_or(false);
             return ParseFlag(text).has_value();
         }},
        Span("RebootLead", "6", &MrkmpConfig::rebootLead),
        {"SequenceReuse",
         "true, false: whether the rule sequence-reuse is watched",
         "true with TransportKeys or RebootAlways",
         [](ExploreSettings& to, const std::string& text) {
             to.watchReuse = ParseFlag(text);
             return to.watchReuse.has_value();
         }},
        {"TransportKeys",
         "true, false",
         "false",
         [](ExploreSettings& to, const std::string& text) {
             to.config.transport.enabled = ParseFlag(text).value_or(false);
             return ParseFlag(text).has_value();
         }},
        Copies("UpdateCopies", &MrkmpConfig::updateCopies),
    };
    return ATTRIBUTES;
}

} // namespace

MrkmpConfig
ExploreSettings::ExploreConfig()
{
    MrkmpConfig config;
    config.groupName = "g0";
    config.election.advertInterval = 1s;
    config.election.advertJitter = 0;
    config.keys.kekSuite = *ParseCipherSuite("aes128gcm16-prfsha256-x25519");
    config.keys.kekLifetime = 16s;
    config.keys.pmkOverrun = 12s;
    config.keys.lead = 6s; // longer than it takes to replace a GCKS, see doc/findings.md
    config.keys.overlap = 2s;
    config.session.suites = {config.keys.kekSuite};
    config.session.retransmit = {300ms, 2.0, 2, 0.0}; // given up before a GCKS is missed
    config.session.halfOpenTimeout = 5s;
    config.session.idleTimeout = 6s;
    config.updateInterval = 3s;
    config.updateCopySpacing = 300ms;
    config.mergeCopySpacing = 200ms;
    config.rebootLead = 6s; // for the same reason
    config.joinSpread = Time(0);
    config.blacklistTimeout = 4s;
    config.joinPatience = 3s;
    config.transport.lead = 1s;
    config.transport.interval = 3s;
    config.transport.spread = Time(0);
    config.transport.spacing = 300ms;
    return config;
}

std::string
ExploreSettings::Set(const std::string& text)
{
    const size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (equals == std::string::npos)
    {
        return "'" + text + "' is not of the form NAME=VALUE";
    }
    std::vector<std::string> names;
    for (const auto& attribute : Attributes())
    {
        names.emplace_back(attribute.name);
        if (name == attribute.name)
        {
            const std::string value = text.substr(equals + 1);
            return attribute.set(*this, value)
                       ? ""
                       : name + " cannot be '" + value + "': " + attribute.domain;
        }
    }
    return "there is no attribute '" + name + "'" + Hint(name, names);
}

std::string
ExploreSettings::Complete()
{
    if (routers < MIN_ROUTERS || routers > MAX_ROUTERS)
    {
        return "there can be " + std::to_string(MIN_ROUTERS) + " to " +
               std::to_string(MAX_ROUTERS) + " routers";
    }
    if (!priorities.empty() && priorities.size() != routers)
    {
        return "Priorities names " + std::to_string(priorities.size()) + " routers of " +
               std::to_string(routers);
    }
    while (priorities.size() < routers)
    {
        priorities.push_back(static_cast<uint8_t>(200 - 10 * priorities.size()));
    }
    return "";
}

InvariantSettings
ExploreSettings::Watch() const
{
    InvariantSettings watch;
    watch.timers = RecoveryTimers::Of(config);
    watch.strictKeyDrop = true;
    if (!watchReuse.value_or(config.rebootAlways || config.transport.enabled))
    {
        watch.TurnOff(Invariant::SEQUENCE_REUSE);
    }
    return watch;
}

std::string
ExploreSettings::Describe()
{
    std::string text;
    for (const auto& attribute : Attributes())
    {
        text += std::string("  ") + attribute.name + "=" + attribute.initial + "\n      " +
                attribute.domain + "\n";
    }
    return text;
}

} // namespace karp
} // namespace ns3
