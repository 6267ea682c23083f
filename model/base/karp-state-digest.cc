/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-state-digest.h"

namespace ns3
{
namespace karp
{

namespace
{

/** \return the bits of \p x well mixed: the finalizer of splitmix64, a bijection */
uint64_t
Mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

constexpr uint64_t ABSENT = 0x452821e638d01377; //!< stands for an instant that is not there

} // namespace

void
StateDigest::Number(uint64_t number)
{
    m_value[0] = Mix(m_value[0] + 0x9e3779b97f4a7c15 + number);
    m_value[1] = Mix((m_value[1] ^ number) * 0xda942042e4dd58b5 + 1);
}

void
StateDigest::Instant(Time at)
{
    Number(static_cast<uint64_t>(at.count()));
}

void
StateDigest::Instant(const std::optional<Time>& at)
{
    Number(at ? static_cast<uint64_t>(at->count()) : ABSENT);
}

void
StateDigest::Lifetimes(const KeyLifetimes& lifetimes)
{
    Instant(lifetimes.acceptStart);
    Instant(lifetimes.sendStart);
    Instant(lifetimes.sendEnd);
    Instant(lifetimes.acceptEnd);
}

void
StateDigest::Octets(ByteView octets)
{
    Number(octets.size());
    uint64_t word = 0;
    for (size_t i = 0; i < octets.size(); ++i)
    {
        word = word << 8 | octets[i];
        if (i % 8 == 7 || i + 1 == octets.size())
        {
            Number(word);
            word = 0;
        }
    }
}

void
StateDigest::Text(const std::string& text)
{
    Octets(ByteView::Of(text));
}

void
StateDigest::Named(uint64_t number)
{
    Number(NameOf(number));
}

void
StateDigest::Named(ByteView octets)
{
    StateDigest print;
    print.Octets(octets);
    Number(m_names.emplace(print.Get(), m_names.size()).first->second);
}

uint64_t
StateDigest::NameOf(uint64_t number)
{
    return m_names.emplace(Value{number, 0}, m_names.size()).first->second;
}

} // namespace karp
} // namespace ns3
