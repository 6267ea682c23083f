/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-types.h"

#include <cstring>

namespace ns3
{
namespace karp
{

void
Wipe(void* data, size_t size)
{
    if (size > 0)
    {
        std::memset(data, 0, size);
        // The compiler must believe that somebody reads the zeros.
        __asm__ __volatile__("" : : "r"(data) : "memory");
    }
}

bool
ConstantTimeEqual(ByteView a, ByteView b)
{
    if (a.size() != b.size())
    {
        return false;
    }
    volatile uint8_t difference = 0;
    for (size_t i = 0; i < a.size(); ++i)
    {
        difference = difference | (a[i] ^ b[i]);
    }
    return difference == 0;
}

std::string
ToHex(ByteView bytes)
{
    static const char DIGITS[] = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const uint8_t octet : bytes)
    {
        text.push_back(DIGITS[octet >> 4]);
        text.push_back(DIGITS[octet & 0xf]);
    }
    return text;
}

namespace
{

/** \return the value of a hexadecimal digit, or -1 */
int
DigitValue(char digit)
{
    if (digit >= '0' && digit <= '9')
    {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f')
    {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F')
    {
        return digit - 'A' + 10;
    }
    return -1;
}

} // namespace

Bytes
FromHex(const std::string& hex)
{
    Bytes bytes;
    bytes.reserve(hex.size() / 2);
    int high = -1;
    for (const char c : hex)
    {
        if (high < 0 && (c == ' ' || c == '\n' || c == '\t' || c == '\r'))
        {
            continue;
        }
        const int value = DigitValue(c);
        if (value < 0)
        {
            return {};
        }
        if (high < 0)
        {
            high = value;
            continue;
        }
        bytes.push_back(static_cast<uint8_t>(high << 4 | value));
        high = -1;
    }
    return high < 0 ? bytes : Bytes{};
}

std::string
IpAddress::ToString() const
{
    return std::to_string(value >> 24) + '.' + std::to_string(value >> 16 & 0xff) + '.' +
           std::to_string(value >> 8 & 0xff) + '.' + std::to_string(value & 0xff);
}

Bytes
Entropy::Draw(size_t size)
{
    Bytes bytes(size);
    Fill(bytes.data(), size);
    return bytes;
}

uint64_t
Entropy::DrawU64()
{
    std::array<uint8_t, 8> octets;
    Fill(octets.data(), octets.size());
    uint64_t number = 0;
    for (const uint8_t octet : octets)
    {
        number = number << 8 | octet;
    }
    return number;
}

double
Entropy::DrawUnit()
{
    // 53 bits are what a double holds exactly.
    return static_cast<double>(DrawU64() >> 11) * 0x1.0p-53;
}

Time
Entropy::DrawTime(Time low, Time high)
{
    if (high <= low)
    {
        return low;
    }
    return low +
           Time(static_cast<Time::rep>(DrawUnit() * static_cast<double>((high - low).count())));
}

} // namespace karp
} // namespace ns3
