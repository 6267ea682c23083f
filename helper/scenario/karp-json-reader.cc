/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-json-reader.h"

#include <charconv>
#include <cstring>

namespace ns3
{
namespace karp
{

JsonReader::JsonReader(const std::string& line)
    : m_at(line.data()),
      m_end(line.data() + line.size())
{
}

bool
JsonReader::ReadObject(const std::function<void(const std::string&, TraceValue)>& field)
{
    if (!Take('{'))
    {
        return false;
    }
    if (!Take('}'))
    {
        do
        {
            std::string key;
            TraceValue value;
            bool isNull = false;
            if (!ReadText(key) || !Take(':') || !ReadValue(value, isNull))
            {
                return false;
            }
            if (!isNull)
            {
                field(key, std::move(value));
            }
        } while (Take(','));
        if (!Take('}'))
        {
            return false;
        }
    }
    SkipSpace();
    return m_at == m_end;
}

void
JsonReader::SkipSpace()
{
    while (m_at != m_end && (*m_at == ' ' || *m_at == '\t' || *m_at == '\r' || *m_at == '\n'))
    {
        ++m_at;
    }
}

bool
JsonReader::Take(char c)
{
    SkipSpace();
    if (m_at == m_end || *m_at != c)
    {
        return false;
    }
    ++m_at;
    return true;
}

bool
JsonReader::TakeWord(const char* word)
{
    const size_t size = std::strlen(word);
    if (static_cast<size_t>(m_end - m_at) < size || std::memcmp(m_at, word, size) != 0)
    {
        return false;
    }
    m_at += size;
    return true;
}

bool
JsonReader::ReadText(std::string& text)
{
    if (!Take('"'))
    {
        return false;
    }
    while (m_at != m_end && *m_at != '"')
    {
        if (*m_at != '\\')
        {
            text += *m_at++;
        }
        else if (++m_at; !ReadEscape(text))
        {
            return false;
        }
    }
    return m_at != m_end && *m_at++ == '"';
}

bool
JsonReader::ReadEscape(std::string& text)
{
    static const char NAMES[] = "\"\\/bfnrt";
    static const char MEANT[] = "\"\\/\b\f\n\r\t";
    if (m_at == m_end)
    {
        return false;
    }
    if (*m_at == 'u')
    {
        // The writer needs this form for control characters only.
        unsigned code = 0;
        const char* digits = m_at + 1;
        if (m_end - digits < 4 || std::from_chars(digits, digits + 4, code, 16).ptr != digits + 4 ||
            code > 0x7f)
        {
            return false;
        }
        text += static_cast<char>(code);
        m_at = digits + 4;
        return true;
    }
    const char* name = *m_at == '\0' ? nullptr : std::strchr(NAMES, *m_at);
    if (name == nullptr)
    {
        return false;
    }
    text += MEANT[name - NAMES];
    ++m_at;
    return true;
}

bool
JsonReader::ReadNumber(TraceValue& value)
{
    int64_t whole = 0;
    const auto asWhole = std::from_chars(m_at, m_end, whole);
    const bool fraction = asWhole.ec == std::errc() && asWhole.ptr != m_end &&
                          std::strchr(".eE", *asWhole.ptr) != nullptr && *asWhole.ptr != '\0';
    if (asWhole.ec == std::errc() && !fraction)
    {
        value = whole;
        m_at = asWhole.ptr;
        return true;
    }
    uint64_t large = 0;
    const auto asLarge = std::from_chars(m_at, m_end, large);
    if (!fraction && asLarge.ec == std::errc())
    {
        value = large;
        m_at = asLarge.ptr;
        return true;
    }
    double number = 0;
    const auto asDouble = std::from_chars(m_at, m_end, number);
    if (asDouble.ec != std::errc())
    {
        return false;
    }
    value = number;
    m_at = asDouble.ptr;
    return true;
}

bool
JsonReader::ReadValue(TraceValue& value, bool& isNull)
{
    SkipSpace();
    if (m_at == m_end)
    {
        return false;
    }
    switch (*m_at)
    {
    case '"': {
        std::string text;
        const bool ok = ReadText(text);
        value = std::move(text);
        return ok;
    }
    case '[':
        return ReadList(value);
    case '{':
        return ReadMap(value);
    case 't':
        value = true;
        return TakeWord("true");
    case 'f':
        value = false;
        return TakeWord("false");
    case 'n':
        isNull = true;
        return TakeWord("null");
    default:
        return ReadNumber(value);
    }
}

bool
JsonReader::ReadList(TraceValue& value)
{
    std::vector<std::string> list;
    Take('[');
    if (!Take(']'))
    {
        do
        {
            list.emplace_back();
            if (!ReadText(list.back()))
            {
                return false;
            }
        } while (Take(','));
        if (!Take(']'))
        {
            return false;
        }
    }
    value = std::move(list);
    return true;
}

bool
JsonReader::ReadMap(TraceValue& value)
{
    std::map<std::string, std::string> map;
    Take('{');
    if (!Take('}'))
    {
        do
        {
            std::string key;
            std::string text;
            if (!ReadText(key) || !Take(':') || !ReadText(text))
            {
                return false;
            }
            map[key] = text;
        } while (Take(','));
        if (!Take('}'))
        {
            return false;
        }
    }
    value = std::move(map);
    return true;
}

} // namespace karp
} // namespace ns3
