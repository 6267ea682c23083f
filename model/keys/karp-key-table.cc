/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-key-table.h"

#include <algorithm>
#include <optional>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the integer that \p name spells in hexadecimal digits, if it does and fits */
std::optional<uint64_t>
ParseIntegerName(const std::string& name)
{
    if (name.empty())
    {
        return std::nullopt;
    }
    uint64_t id = 0;
    for (const char c : name)
    {
        const bool isDigit = c >= '0' && c <= '9';
        const bool isLower = c >= 'a' && c <= 'f';
        const bool isUpper = c >= 'A' && c <= 'F';
        if ((!isDigit && !isLower && !isUpper) || id >> 60 != 0)
        {
            return std::nullopt;
        }
        const int digit = isDigit ? c - '0' : (c | 0x20) - 'a' + 10;
        id = id << 4 | static_cast<uint64_t>(digit);
    }
    return id;
}

/** \return whether a key of \p direction may verify what arrives */
bool
IsInward(KeyDirection direction)
{
    return direction == KeyDirection::IN || direction == KeyDirection::BOTH;
}

/** \return whether a key of \p direction may sign what is sent */
bool
IsOutward(KeyDirection direction)
{
    return direction == KeyDirection::OUT || direction == KeyDirection::BOTH;
}

/** \return whether \p row is for every interface */
bool
IsForAll(const KeyRow& row)
{
    return std::find(row.interfaces.begin(), row.interfaces.end(), ALL_INTERFACES) !=
           row.interfaces.end();
}

/** \return whether some interface has both \p a and \p b */
bool
ShareInterface(const KeyRow& a, const KeyRow& b)
{
    return IsForAll(a) || IsForAll(b) ||
           std::any_of(a.interfaces.begin(), a.interfaces.end(), [&b](uint32_t interface) {
               return b.IsFor(interface);
           });
}

/** \return whether the two rows would protect some packet in the same way */
bool
AreSameKey(const KeyRow& a, const KeyRow& b)
{
    return a.protocol == b.protocol && a.LocalKeyId() == b.LocalKeyId() && a.algId == b.algId &&
           a.key == b.key && ShareInterface(a, b);
}

/**
 * \return whether \p lifetimes make sense for \p direction. Where a key goes both ways, nobody may
 *         send before it is accepted nor longer than it is (RFC 7210 section 2, H 4); a key that is
 *         accepted and never sent with is none the worse.
 */
bool
AreInOrder(const KeyLifetimes& lifetimes, KeyDirection direction)
{
    const bool accept = lifetimes.acceptStart < lifetimes.acceptEnd;
    switch (direction)
    {
    case KeyDirection::IN:
        return accept;
    case KeyDirection::OUT:
        return lifetimes.sendStart < lifetimes.sendEnd;
    default:
        return accept && lifetimes.acceptStart <= lifetimes.sendStart &&
               lifetimes.sendStart <= lifetimes.sendEnd && lifetimes.sendEnd <= lifetimes.acceptEnd;
    }
}

/** \return whether \p row will never be valid again at \p now or later */
bool
IsOver(const KeyRow& row, Time now)
{
    const bool accept = row.lifetimes.acceptEnd <= now;
    const bool send = row.lifetimes.sendEnd <= now;
    switch (row.direction)
    {
    case KeyDirection::IN:
        return accept;
    case KeyDirection::OUT:
        return send;
    default:
        return accept && send;
    }
}

/** Lower \p next to \p instant if that lies after \p now and before \p next. */
void
Consider(Time& next, Time instant, Time now)
{
    if (now < instant && instant < next)
    {
        next = instant;
    }
}

/** \return whether \p a goes before \p b among rows that may both send */
bool
IsPreferred(const KeyRow& a, const KeyRow& b)
{
    return a.lifetimes.sendStart != b.lifetimes.sendStart
               ? a.lifetimes.sendStart > b.lifetimes.sendStart
               : a.adminKeyName < b.adminKeyName;
}

} // namespace

uint64_t
KeyRow::LocalKeyId() const
{
    return ParseIntegerName(localKeyName).value_or(0);
}

bool
KeyRow::IsFor(uint32_t interface) const
{
    return std::any_of(interfaces.begin(), interfaces.end(), [interface](uint32_t own) {
        return own == interface || own == ALL_INTERFACES;
    });
}

std::string
IntegerKeyName(uint64_t id, size_t octets)
{
    static const char DIGITS[] = "0123456789abcdef";
    std::string name;
    // A number too wide for its field keeps all its digits: cut, it would be another key's name.
    for (; id != 0; id >>= 4)
    {
        name.insert(name.begin(), DIGITS[id & 0xf]);
    }
    const size_t width = 2 * octets;
    return name.size() < width ? std::string(width - name.size(), '0') + name : name;
}

uint64_t
KeyTable::IndexKey(KeyProtocol protocol, uint32_t interface)
{
    return static_cast<uint64_t>(protocol) << 32 | interface;
}

const KeyTable::IndexedRows&
KeyTable::RowsFor(KeyProtocol protocol, uint32_t interface) const
{
    static const IndexedRows NONE;
    const auto at = m_index.find(IndexKey(protocol, interface));
    return at == m_index.end() ? NONE : at->second;
}

KeyTable::Result
KeyTable::Check(const KeyRow& row, const KeyRow* replaced) const
{
    // RFC 7211 section 3: tables that contradict themselves are found when they are written, not
    // when a packet is dropped.
    if (row.adminKeyName.empty() || row.key.empty() || row.interfaces.empty() ||
        row.protocol == KeyProtocol::NONE || row.algId == MacAlgorithm::NONE ||
        !ParseIntegerName(row.localKeyName) || !AreInOrder(row.lifetimes, row.direction))
    {
        return Result::INCONSISTENT;
    }
    const auto namesake = m_rows.find(row.adminKeyName);
    if ((namesake != m_rows.end() && &namesake->second != replaced) || HasSameKey(row, replaced))
    {
        return Result::DUPLICATE;
    }
    return replaced == nullptr && m_rows.size() >= MAX_ROWS ? Result::FULL : Result::OK;
}

bool
KeyTable::HasSameKey(const KeyRow& row, const KeyRow* replaced) const
{
    const auto isSame = [&row, replaced](const KeyRow& other) {
        return &other != replaced && AreSameKey(other, row);
    };
    if (IsForAll(row))
    {
        return std::any_of(m_rows.begin(), m_rows.end(), [&isSame](const auto& entry) {
            return isSame(entry.second);
        });
    }
    const uint64_t id = row.LocalKeyId();
    const auto hasSame = [&isSame, id](const IndexedRows& rows) {
        return std::any_of(rows.begin(), rows.end(), [&isSame, id](const Indexed& indexed) {
            return indexed.localKeyId == id && isSame(*indexed.row);
        });
    };
    return hasSame(RowsFor(row.protocol, ALL_INTERFACES)) ||
           std::any_of(row.interfaces.begin(), row.interfaces.end(), [&](uint32_t interface) {
               return hasSame(RowsFor(row.protocol, interface));
           });
}

void
KeyTable::Add(KeyRow row)
{
    const std::string name = row.adminKeyName;
    const KeyRow& added = m_rows.emplace(name, std::move(row)).first->second;
    std::vector<uint32_t> interfaces =
        IsForAll(added) ? std::vector<uint32_t>{ALL_INTERFACES} : added.interfaces;
    std::sort(interfaces.begin(), interfaces.end());
    interfaces.erase(std::unique(interfaces.begin(), interfaces.end()), interfaces.end());
    for (const uint32_t interface : interfaces)
    {
        auto& rows = m_index[IndexKey(added.protocol, interface)];
        const auto at = std::find_if(rows.begin(), rows.end(), [&added](const Indexed& indexed) {
            return added.adminKeyName < indexed.row->adminKeyName;
        });
        rows.insert(at, {added.LocalKeyId(), &added});
    }
    ++m_generation;
}

KeyTable::Rows::iterator
KeyTable::Remove(Rows::iterator at)
{
    const KeyRow* row = &at->second;
    for (const uint32_t interface : row->interfaces)
    {
        const auto place = m_index.find(IndexKey(row->protocol, interface));
        if (place == m_index.end())
        {
            continue;
        }
        auto& rows = place->second;
        rows.erase(std::remove_if(rows.begin(),
                                  rows.end(),
                                  [row](const Indexed& indexed) { return indexed.row == row; }),
                   rows.end());
        if (rows.empty())
        {
            m_index.erase(place);
        }
    }
    ++m_generation;
    return m_rows.erase(at);
}

KeyTable::Result
KeyTable::Insert(KeyRow row)
{
    const Result result = Check(row, nullptr);
    if (result == Result::OK)
    {
        Add(std::move(row));
    }
    return result;
}

KeyTable::Result
KeyTable::Rekey(const std::string& adminKeyName, KeyRow row)
{
    const auto at = m_rows.find(adminKeyName);
    if (at == m_rows.end())
    {
        return Result::NOT_FOUND;
    }
    const Result result = Check(row, &at->second);
    if (result == Result::OK)
    {
        Remove(at);
        Add(std::move(row));
    }
    return result;
}

KeyTable::Result
KeyTable::SetLifetimes(const std::string& adminKeyName, const KeyLifetimes& lifetimes)
{
    const auto at = m_rows.find(adminKeyName);
    if (at == m_rows.end())
    {
        return Result::NOT_FOUND;
    }
    KeyRow& row = at->second;
    if (!AreInOrder(lifetimes, row.direction))
    {
        return Result::INCONSISTENT;
    }
    if (row.lifetimes != lifetimes)
    {
        row.lifetimes = lifetimes;
        ++m_generation;
    }
    return Result::OK;
}

KeyTable::Result
KeyTable::Delete(const std::string& adminKeyName)
{
    const auto at = m_rows.find(adminKeyName);
    if (at == m_rows.end())
    {
        return Result::NOT_FOUND;
    }
    Remove(at);
    return Result::OK;
}

size_t
KeyTable::DeleteAll(KeyProtocol protocol)
{
    size_t count = 0;
    for (auto at = m_rows.begin(); at != m_rows.end();)
    {
        const bool match = at->second.protocol == protocol;
        at = match ? Remove(at) : std::next(at);
        count += match ? 1 : 0;
    }
    return count;
}

const KeyRow*
KeyTable::Get(const std::string& adminKeyName) const
{
    const auto at = m_rows.find(adminKeyName);
    return at == m_rows.end() ? nullptr : &at->second;
}

const KeyRow*
KeyTable::SelectSend(KeyProtocol protocol, uint32_t interface, Time now) const
{
    const KeyRow* best = nullptr;
    const auto choose = [&best, now](const IndexedRows& rows) {
        for (const Indexed& indexed : rows)
        {
            const KeyRow& row = *indexed.row;
            if (IsOutward(row.direction) && row.lifetimes.CanSend(now) &&
                (best == nullptr || IsPreferred(row, *best)))
            {
                best = &row;
            }
        }
    };
    choose(RowsFor(protocol, interface));
    choose(RowsFor(protocol, ALL_INTERFACES));
    return best;
}

KeyTable::AcceptResult
KeyTable::LookupAccept(KeyProtocol protocol,
                       uint32_t interface,
                       uint64_t localKeyId,
                       Time now,
                       std::vector<const KeyRow*>& rows) const
{
    rows.clear();
    bool isNamed = false;
    const auto collect = [&](const IndexedRows& candidates) {
        for (const Indexed& indexed : candidates)
        {
            if (indexed.localKeyId != localKeyId)
            {
                continue;
            }
            isNamed = true;
            if (IsInward(indexed.row->direction) && indexed.row->lifetimes.CanAccept(now))
            {
                rows.push_back(indexed.row);
            }
        }
    };
    const IndexedRows& own = RowsFor(protocol, interface);
    const IndexedRows& shared = RowsFor(protocol, ALL_INTERFACES);
    collect(own);
    if (&own != &shared)
    {
        collect(shared);
    }
    if (rows.size() > 1)
    {
        std::sort(rows.begin(), rows.end(), [](const KeyRow* a, const KeyRow* b) {
            return a->adminKeyName < b->adminKeyName;
        });
    }
    if (!rows.empty())
    {
        return AcceptResult::OK;
    }
    if (isNamed)
    {
        return AcceptResult::NOT_VALID;
    }
    return own.empty() && shared.empty() ? AcceptResult::NO_KEY_AT_ALL : AcceptResult::UNKNOWN_NAME;
}

std::vector<std::string>
KeyTable::Expire(Time now)
{
    std::vector<std::string> expired;
    for (auto at = m_rows.begin(); at != m_rows.end();)
    {
        if (IsOver(at->second, now))
        {
            expired.push_back(at->first);
            at = Remove(at);
        }
        else
        {
            ++at;
        }
    }
    return expired;
}

Time
KeyTable::NextChange(Time now) const
{
    // Asked once a packet and different once a key: what was found holds until it comes to pass.
    if (m_nextGeneration == m_generation && m_nextFrom <= now && now < m_next)
    {
        return m_next;
    }
    Time next = TIME_MAX;
    for (const auto& [name, row] : m_rows)
    {
        if (IsInward(row.direction))
        {
            Consider(next, row.lifetimes.acceptStart, now);
            Consider(next, row.lifetimes.acceptEnd, now);
        }
        if (IsOutward(row.direction))
        {
            Consider(next, row.lifetimes.sendStart, now);
            Consider(next, row.lifetimes.sendEnd, now);
        }
    }
    m_nextGeneration = m_generation;
    m_nextFrom = now;
    m_next = next;
    return next;
}

uint64_t
KeyTable::Generation() const
{
    return m_generation;
}

size_t
KeyTable::Size() const
{
    return m_rows.size();
}

void
KeyTable::ForEach(const std::function<void(const KeyRow&)>& visit) const
{
    for (const auto& [name, row] : m_rows)
    {
        visit(row);
    }
}

} // namespace karp
} // namespace ns3
