/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-trace-event.h"

#include "karp-json-reader.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace ns3
{
namespace karp
{

namespace
{

constexpr std::array<const char*, static_cast<size_t>(TraceKind::COUNT)> KIND_NAMES = {
    "meta",  "role",    "advert", "join", "key",     "rekey_tx", "rekey_rx",
    "rekey", "session", "drop",   "adj",  "ospf_if", "dr",       "routes",
    "msg",   "fault",   "attack", "cpu",  "end",     "other"};

constexpr std::array<const char*, static_cast<size_t>(TraceKey::COUNT)> KEY_NAMES = {
    "bdr",     "bytes",         "cause",    "delay",  "dir",      "do",     "down",
    "dr",      "drift",         "dst",      "dup",    "ev",       "fp",     "from",
    "g",       "gcks",          "hash",     "id",     "if",       "jitter", "kek",
    "key",     "kind",          "label",    "layer",  "lose",     "loss",   "more",
    "n",       "name",          "nodes",    "ns",     "ns3",      "of",     "offset",
    "ok",      "one_way",       "op",       "peer",   "prio",     "reason", "ref",
    "reorder", "reorder_delay", "run",      "rx_end", "rx_start", "seed",   "segment",
    "seq",     "sets",          "silent",   "state",  "t",        "to",     "took",
    "trace",   "tx_end",        "tx_start", "type",   "unicast",  "value",  "vars",
    "why"};

/** \return the key called \p name, or COUNT */
TraceKey
FindKey(const std::string& name)
{
    const auto found =
        std::lower_bound(KEY_NAMES.begin(),
                         KEY_NAMES.end(),
                         name,
                         [](const char* a, const auto& b) { return b.compare(a) > 0; });
    if (found == KEY_NAMES.end() || name != *found)
    {
        return TraceKey::COUNT;
    }
    return static_cast<TraceKey>(found - KEY_NAMES.begin());
}

/** \return the kind called \p name, or OTHER */
TraceKind
FindKind(const std::string& name)
{
    const auto found = std::find(KIND_NAMES.begin(), KIND_NAMES.end(), name);
    return found == KIND_NAMES.end() ? TraceKind::OTHER
                                     : static_cast<TraceKind>(found - KIND_NAMES.begin());
}

template <typename T>
void
AppendNumber(T number, std::string& out)
{
    char text[32];
    out.append(text, std::to_chars(text, text + sizeof(text), number).ptr);
}

/** Appends a value of any kind as JSON. */
struct AppendValue
{
    std::string& out; //!< where to

    void operator()(bool value) const
    {
        out += value ? "true" : "false";
    }

    void operator()(int64_t value) const
    {
        AppendNumber(value, out);
    }

    void operator()(uint64_t value) const
    {
        AppendNumber(value, out);
    }

    void operator()(double value) const
    {
        AppendNumber(value, out);
    }

    void operator()(const std::string& value) const
    {
        AppendJsonText(value, out);
    }

    void operator()(const std::vector<std::string>& value) const
    {
        out += '[';
        for (size_t i = 0; i < value.size(); ++i)
        {
            out += i == 0 ? "" : ",";
            AppendJsonText(value[i], out);
        }
        out += ']';
    }

    void operator()(const std::map<std::string, std::string>& value) const
    {
        out += '{';
        const char* separator = "";
        for (const auto& entry : value)
        {
            out += separator;
            separator = ",";
            AppendJsonText(entry.first, out);
            out += ':';
            AppendJsonText(entry.second, out);
        }
        out += '}';
    }
};

} // namespace

const char*
ToString(TraceKind kind)
{
    return KIND_NAMES[static_cast<size_t>(kind)];
}

const char*
ToString(TraceKey key)
{
    return KEY_NAMES[static_cast<size_t>(key)];
}

void
AppendJsonText(const std::string& text, std::string& out)
{
    static const char HEX[] = "0123456789abcdef";
    out += '"';
    for (const char c : text)
    {
        if (c == '"' || c == '\\')
        {
            out += '\\';
            out += c;
        }
        else if (static_cast<unsigned char>(c) < 0x20)
        {
            out += "\\u00";
            out += HEX[(c >> 4) & 0xf];
            out += HEX[c & 0xf];
        }
        else
        {
            out += c;
        }
    }
    out += '"';
}

TraceEvent::TraceEvent(TraceKind kind, int64_t time)
    : m_kind(kind),
      m_time(time)
{
    m_fields.reserve(8);
}

TraceEvent&
TraceEvent::Put(TraceKey key, TraceValue value)
{
    auto at = m_fields.end();
    while (at != m_fields.begin() && std::prev(at)->first > key)
    {
        --at;
    }
    if (at != m_fields.begin() && std::prev(at)->first == key)
    {
        std::prev(at)->second = std::move(value);
        return *this;
    }
    m_fields.emplace(at, key, std::move(value));
    return *this;
}

TraceEvent&
TraceEvent::Set(TraceKey key, std::string value)
{
    return Put(key, std::move(value));
}

TraceEvent&
TraceEvent::Set(TraceKey key, const char* value)
{
    return Put(key, std::string(value));
}

TraceEvent&
TraceEvent::Set(TraceKey key, bool value)
{
    return Put(key, value);
}

TraceEvent&
TraceEvent::Set(TraceKey key, int64_t value)
{
    return Put(key, value);
}

TraceEvent&
TraceEvent::Set(TraceKey key, uint64_t value)
{
    return value > INT64_MAX ? Put(key, value) : Put(key, static_cast<int64_t>(value));
}

TraceEvent&
TraceEvent::Set(TraceKey key, uint32_t value)
{
    return Put(key, static_cast<int64_t>(value));
}

TraceEvent&
TraceEvent::Set(TraceKey key, double value)
{
    return Put(key, value);
}

TraceEvent&
TraceEvent::Set(TraceKey key, std::vector<std::string> value)
{
    return Put(key, std::move(value));
}

TraceEvent&
TraceEvent::Set(TraceKey key, std::map<std::string, std::string> value)
{
    return Put(key, std::move(value));
}

const TraceValue*
TraceEvent::Find(TraceKey key) const
{
    for (const auto& field : m_fields)
    {
        if (field.first == key)
        {
            return &field.second;
        }
    }
    return nullptr;
}

const std::string&
TraceEvent::Text(TraceKey key) const
{
    static const std::string NOTHING;
    const TraceValue* value = Find(key);
    const std::string* text = value == nullptr ? nullptr : std::get_if<std::string>(value);
    return text == nullptr ? NOTHING : *text;
}

int64_t
TraceEvent::Number(TraceKey key, int64_t otherwise) const
{
    const TraceValue* value = Find(key);
    const int64_t* number = value == nullptr ? nullptr : std::get_if<int64_t>(value);
    return number == nullptr ? otherwise : *number;
}

bool
TraceEvent::Flag(TraceKey key) const
{
    const TraceValue* value = Find(key);
    const bool* flag = value == nullptr ? nullptr : std::get_if<bool>(value);
    return flag != nullptr && *flag;
}

const std::vector<std::string>&
TraceEvent::List(TraceKey key) const
{
    static const std::vector<std::string> NOTHING;
    const TraceValue* value = Find(key);
    const auto* list = value == nullptr ? nullptr : std::get_if<std::vector<std::string>>(value);
    return list == nullptr ? NOTHING : *list;
}

void
TraceEvent::AppendJson(std::string& out) const
{
    // "ev" and "t" are no fields, but have their places among them.
    out += '{';
    bool kindWritten = false;
    bool timeWritten = false;
    const char* separator = "";
    const auto begin = [&](TraceKey key) {
        out += separator;
        separator = ",";
        out += '"';
        out += ToString(key);
        out += "\":";
    };
    const auto catchUp = [&](TraceKey next) {
        if (!kindWritten && next > TraceKey::EV)
        {
            begin(TraceKey::EV);
            AppendJsonText(ToString(m_kind), out);
            kindWritten = true;
        }
        if (!timeWritten && next > TraceKey::T)
        {
            begin(TraceKey::T);
            AppendNumber(m_time, out);
            timeWritten = true;
        }
    };
    for (const auto& field : m_fields)
    {
        catchUp(field.first);
        begin(field.first);
        std::visit(AppendValue{out}, field.second);
    }
    catchUp(TraceKey::COUNT);
    out += "}\n";
}

bool
TraceEvent::Parse(const std::string& line, TraceEvent& event)
{
    JsonReader reader(line);
    std::string kind;
    int64_t time = -1;
    TraceEvent read(TraceKind::OTHER, 0);
    const bool ok = reader.ReadObject([&](const std::string& name, TraceValue value) {
        const TraceKey key = FindKey(name);
        if (key == TraceKey::EV && std::holds_alternative<std::string>(value))
        {
            kind = std::get<std::string>(value);
        }
        else if (key == TraceKey::T && std::holds_alternative<int64_t>(value))
        {
            time = std::get<int64_t>(value);
        }
        else if (key != TraceKey::COUNT)
        {
            read.Put(key, std::move(value));
        }
    });
    if (!ok || kind.empty() || time < 0)
    {
        return false;
    }
    read.m_kind = FindKind(kind);
    read.m_time = time;
    event = std::move(read);
    return true;
}

} // namespace karp
} // namespace ns3
