/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-live-keys.h"

#include "ns3/karp-yaml-tree.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <set>

namespace ns3
{
namespace karp
{

const char* const LIVE_KEYS_HELP =
    "A file of keys (--keys) has the rows of a key table (RFC 7210) with their four lifetimes:\n\n"
    "  keys:\n"
    "    - {id: 1, algorithm: hmac-sha256, key: first, send-end: +60, accept-end: +70}\n"
    "    - id: 2\n"
    "      algorithm: hmac-sha256\n"
    "      key: '0x3031323334'       # octets; without 0x the text is the key\n"
    "      accept-start: '+50'\n"
    "      send-start: '2027-01-01 00:00:00'\n\n"
    "A time is a date of UTC, seconds since 1970, or + and seconds since the program began; what\n"
    "is left out does not limit. Of keys that may send, the one with the latest send-start is\n"
    "used. The file may be changed while the program runs: it is read again within a second.\n";

namespace
{

constexpr uint32_t ID_MAX = 255; //!< Key ID of AuType 2 has 8 bits (RFC 2328 D.3)

const std::vector<std::string> ROW_KEYS =
    {"accept-end", "accept-start", "algorithm", "id", "key", "name", "send-end", "send-start"};

/** \return the whole number in \p text, if it is one of at most \p most */
std::optional<uint32_t>
ParseNumber(const std::string& text, uint32_t most)
{
    if (text.empty() || text.size() > 9 ||
        text.find_first_not_of("0123456789") != std::string::npos)
    {
        return std::nullopt;
    }
    const auto number = static_cast<uint32_t>(std::stoul(text));
    return number <= most ? std::optional<uint32_t>(number) : std::nullopt;
}

/** \return the instant that \p text tells */
std::optional<Time>
ParseInstant(const std::string& text, Time start)
{
    std::tm date{};
    const char* end = strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &date);
    if (end != nullptr && *end == '\0')
    {
        return std::chrono::seconds(timegm(&date));
    }
    if (text.empty() || text.find_first_not_of("+-.0123456789") != std::string::npos)
    {
        return std::nullopt;
    }
    char* rest = nullptr;
    const double seconds = std::strtod(text.c_str(), &rest);
    constexpr double SECONDS_MAX = 9e9; // What fits in 64 bits of nanoseconds.
    if (*rest != '\0' || !(std::abs(seconds) < SECONDS_MAX))
    {
        return std::nullopt;
    }
    return text[0] == '+' ? start + FromSeconds(seconds) : FromSeconds(seconds);
}

/** Reads one row. */
class RowReader
{
  public:
    /** Write errors to \p diagnostics; times count from \p start. */
    RowReader(Time start, Diagnostics& diagnostics)
        : m_start(start),
          m_diagnostics(diagnostics)
    {
    }

    /** \return the row in \p node */
    KeyRow Read(const YamlNode& node)
    {
        KeyRow row;
        if (node.kind != YamlNode::Kind::MAP)
        {
            m_diagnostics.Error(node.line,
                                std::string("a key is a map with id, algorithm and key, not ") +
                                    node.KindName());
            return row;
        }
        for (const auto& entry : node.entries)
        {
            if (std::find(ROW_KEYS.begin(), ROW_KEYS.end(), entry.key) == ROW_KEYS.end())
            {
                m_diagnostics.Error(entry.line,
                                    "a key has no '" + entry.key + "'" + Hint(entry.key, ROW_KEYS));
            }
        }
        const std::string id = Word(node, "id", true);
        const auto number = ParseNumber(id, ID_MAX);
        Check(node, "id", id.empty() || number, "'" + id + "' is not from 0 to 255");
        const std::string algorithm = Word(node, "algorithm", true);
        const auto mac = ParseMacAlgorithm(algorithm);
        Check(node,
              "algorithm",
              algorithm.empty() || mac,
              "unknown algorithm '" + algorithm + "'" + Hint(algorithm, LiveAlgorithms()));
        row = MakeLiveKey(number.value_or(0),
                          mac.value_or(MacAlgorithm::NONE),
                          Word(node, "key", true));
        const std::string name = Word(node, "name", false);
        row.adminKeyName = name.empty() ? row.adminKeyName : name;
        row.lifetimes.acceptStart = Instant(node, "accept-start", Time(0));
        row.lifetimes.sendStart = Instant(node, "send-start", row.lifetimes.acceptStart);
        row.lifetimes.acceptEnd = Instant(node, "accept-end", TIME_MAX);
        row.lifetimes.sendEnd = Instant(node, "send-end", row.lifetimes.acceptEnd);
        return row;
    }

  private:
    /** \return the text of \p key; says so if it \p mustBe and is not there */
    std::string Word(const YamlNode& node, const char* key, bool mustBe)
    {
        const YamlNode* value = node.Find(key);
        if (value == nullptr || value->kind != YamlNode::Kind::SCALAR || value->text.empty())
        {
            Check(node,
                  key,
                  !mustBe && value == nullptr,
                  std::string("a key needs a word for '") + key + "'");
            return "";
        }
        return value->text;
    }

    /** \return the instant of \p key, or \p otherwise */
    Time Instant(const YamlNode& node, const char* key, Time otherwise)
    {
        const std::string text = Word(node, key, false);
        const auto instant = text.empty() ? otherwise : ParseInstant(text, m_start);
        Check(node,
              key,
              instant.has_value(),
              std::string(key) + ": '" + text +
                  "' is no time: '2027-01-31 12:00:00' (UTC), seconds since 1970, or +seconds");
        return instant.value_or(otherwise);
    }

    /** Say \p message about \p key unless \p isRight. */
    void Check(const YamlNode& node, const char* key, bool isRight, const std::string& message)
    {
        if (!isRight)
        {
            const YamlNode* value = node.Find(key);
            m_diagnostics.Error(value ? value->line : node.line, message);
        }
    }

    Time m_start;               //!< when the program began
    Diagnostics& m_diagnostics; //!< where errors go
};

} // namespace

std::vector<std::string>
LiveAlgorithms()
{
    std::vector<std::string> names;
    for (const auto algorithm : {MacAlgorithm::KEYED_MD5,
                                 MacAlgorithm::HMAC_SHA_1,
                                 MacAlgorithm::HMAC_SHA_256,
                                 MacAlgorithm::HMAC_SHA_384,
                                 MacAlgorithm::HMAC_SHA_512})
    {
        names.emplace_back(ToString(algorithm));
    }
    return names;
}

KeyRow
MakeLiveKey(uint32_t id, MacAlgorithm algorithm, const std::string& key)
{
    KeyRow row;
    row.adminKeyName = "key-" + std::to_string(id);
    row.localKeyName = IntegerKeyName(id, 1);
    row.peers = "all";
    row.interfaces = {ALL_INTERFACES};
    row.protocol = KeyProtocol::OSPFV2;
    row.algId = algorithm;
    const Bytes octets = key.rfind("0x", 0) == 0 ? FromHex(key.substr(2)) : Bytes();
    if (octets.empty())
    {
        row.key.assign(key.begin(), key.end());
    }
    else
    {
        row.key.assign(octets.begin(), octets.end());
    }
    row.lifetimes = {Time(0), Time(0), TIME_MAX, TIME_MAX};
    return row;
}

std::vector<KeyRow>
ParseLiveKeys(const std::string& text, Time start, Diagnostics& diagnostics)
{
    std::vector<KeyRow> rows;
    const YamlNode root = ParseYaml(text, diagnostics);
    if (!diagnostics.Empty())
    {
        return rows;
    }
    for (const auto& entry : root.entries)
    {
        if (entry.key != "keys")
        {
            diagnostics.Error(entry.line,
                              "unknown key '" + entry.key + "'" + Hint(entry.key, {"keys"}));
        }
    }
    const YamlNode* list = root.Find("keys");
    if (list == nullptr || list->kind != YamlNode::Kind::SEQUENCE || list->items.empty())
    {
        diagnostics.Error(root.line, "the file needs 'keys:' and a list of at least one key");
        return rows;
    }
    RowReader reader(start, diagnostics);
    KeyTable trial;
    for (const auto& item : list->items)
    {
        rows.push_back(reader.Read(item));
        const auto result = diagnostics.Empty() ? trial.Insert(rows.back()) : KeyTable::Result::OK;
        if (result == KeyTable::Result::DUPLICATE)
        {
            diagnostics.Error(item.line,
                              "a key of this name ('" + rows.back().adminKeyName +
                                  "'), or the same key, stands above; 'name' tells keys of one "
                                  "id apart");
        }
        else if (result != KeyTable::Result::OK)
        {
            diagnostics.Error(item.line,
                              std::string("this key cannot be used (") + ToString(result) +
                                  "): lifetimes must be accept-start <= send-start <= send-end <= "
                                  "accept-end");
        }
    }
    return rows;
}

} // namespace karp
} // namespace ns3
