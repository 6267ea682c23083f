/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TYPES_H
#define KARP_TYPES_H

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * The words that every room of the module shares. The room base/ knows no protocol and no
 * library but the C++ standard's; every other room below app/ may include it.
 */

namespace ns3
{
namespace karp
{

/**
 * An instant or a span, in nanoseconds. Instants are read off the router's own clock and count
 * from 1970-01-01T00:00:00Z, so that they can be key-table lifetimes (RFC 7210 section 2) as they
 * are; a simulation starts there unless its clock is told otherwise. Engines are handed the time
 * as an argument and never ask for it.
 */
using Time = std::chrono::nanoseconds;

/** The end of time: a lifetime that never ends. */
inline constexpr Time TIME_MAX = Time::max();

/** \return \p time in seconds, for text that people read. */
inline double
ToSeconds(Time time)
{
    return std::chrono::duration<double>(time).count();
}

/** \return \p seconds as a span. */
inline Time
FromSeconds(double seconds)
{
    return std::chrono::duration_cast<Time>(std::chrono::duration<double>(seconds));
}

/** Octets that may be shown. */
using Bytes = std::vector<uint8_t>;

/** Overwrite \p size octets at \p data so that the compiler cannot leave it out. */
void Wipe(void* data, size_t size);

/** An allocator that wipes what it gives back. */
template <typename T>
struct WipingAllocator
{
    using value_type = T; //!< what is allocated

    WipingAllocator() = default;

    /** Conversion between element types, as allocators need. */
    template <typename U>
    WipingAllocator(const WipingAllocator<U>&)
    {
    }

    /** \return room for \p n elements. */
    T* allocate(size_t n)
    {
        return std::allocator<T>().allocate(n);
    }

    /** Wipe and give back \p n elements at \p p. */
    void deallocate(T* p, size_t n)
    {
        Wipe(p, n * sizeof(T));
        std::allocator<T>().deallocate(p, n);
    }

    /** All such allocators are alike. */
    friend bool operator==(const WipingAllocator&, const WipingAllocator&)
    {
        return true;
    }

    /** All such allocators are alike. */
    friend bool operator!=(const WipingAllocator&, const WipingAllocator&)
    {
        return false;
    }
};

/** Octets that are secret: wiped when their owner goes. */
using SecretBytes = std::vector<uint8_t, WipingAllocator<uint8_t>>;

/** A look at octets that somebody else owns; never outlives them. */
class ByteView
{
  public:
    constexpr ByteView() = default;

    /** Look at \p size octets at \p data. */
    constexpr ByteView(const uint8_t* data, size_t size)
        : m_data(data),
          m_size(size)
    {
    }

    /** Look at a vector of octets, secret or not. */
    template <typename A>
    ByteView(const std::vector<uint8_t, A>& bytes)
        : m_data(bytes.data()),
          m_size(bytes.size())
    {
    }

    /** Look at a fixed array of octets. */
    template <size_t N>
    ByteView(const std::array<uint8_t, N>& bytes)
        : m_data(bytes.data()),
          m_size(N)
    {
    }

    /** Look at the characters of a text. */
    static ByteView Of(const std::string& text)
    {
        return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
    }

    /** \return the first octet's address */
    constexpr const uint8_t* data() const
    {
        return m_data;
    }

    /** \return how many octets there are */
    constexpr size_t size() const
    {
        return m_size;
    }

    /** \return whether there are none */
    constexpr bool empty() const
    {
        return m_size == 0;
    }

    /** \return begin iterator */
    constexpr const uint8_t* begin() const
    {
        return m_data;
    }

    /** \return end iterator */
    constexpr const uint8_t* end() const
    {
        return m_data + m_size;
    }

    /** \return octet \p i, which the caller has checked to exist */
    constexpr uint8_t operator[](size_t i) const
    {
        return m_data[i];
    }

    /** \return at most \p count octets from \p offset on; empty where there are none */
    constexpr ByteView Sub(size_t offset, size_t count = SIZE_MAX) const
    {
        if (offset >= m_size)
        {
            return {};
        }
        const size_t rest = m_size - offset;
        return {m_data + offset, count < rest ? count : rest};
    }

    /** \return a copy that may be kept */
    Bytes Copy() const
    {
        return Bytes(begin(), end());
    }

  private:
    const uint8_t* m_data{nullptr}; //!< first octet
    size_t m_size{0};               //!< how many
};

/** \return whether \p a and \p b hold the same octets; time depends on the lengths only. */
bool ConstantTimeEqual(ByteView a, ByteView b);

/** \return \p bytes as lower-case hexadecimal digits. */
std::string ToHex(ByteView bytes);

/**
 * \param hex digits of either case; white space between octets is skipped
 * \return the octets; empty where \p hex is malformed
 */
Bytes FromHex(const std::string& hex);

/** An IPv4 address, ordered as the number it is (lowest address wins ties, row E7). */
struct IpAddress
{
    uint32_t value{0}; //!< host order; 0 is "none"

    /** \return dotted decimal */
    std::string ToString() const;

    /** \return whether this is 224.0.0.0/4 */
    bool IsMulticast() const
    {
        return (value >> 28) == 0xe;
    }

    /** Same address. */
    friend bool operator==(IpAddress a, IpAddress b)
    {
        return a.value == b.value;
    }

    /** Other address. */
    friend bool operator!=(IpAddress a, IpAddress b)
    {
        return a.value != b.value;
    }

    /** Numerically lower address. */
    friend bool operator<(IpAddress a, IpAddress b)
    {
        return a.value < b.value;
    }
};

/** One message as an engine sees it: what UDP, or IP for OSPF, carries, and between whom. */
struct Datagram
{
    IpAddress source;      //!< sender; none on transmit lets the host fill in its own
    IpAddress destination; //!< unicast or group address
    uint8_t ttl{0};        //!< time to live; on receipt as it arrived
    Bytes payload;         //!< the octets
};

/**
 * Where engines get randomness from. In a simulation it is an ns-3 stream, so that one seed and run
 * give the same octets on the wire; in unit tests it counts.
 */
class Entropy
{
  public:
    virtual ~Entropy() = default;

    /** Fill \p size octets at \p data. */
    virtual void Fill(uint8_t* data, size_t size) = 0;

    /** \return \p size octets */
    Bytes Draw(size_t size);

    /** \return a number drawn uniformly from all 64-bit numbers */
    uint64_t DrawU64();

    /** \return a number drawn uniformly from [0, 1) */
    double DrawUnit();

    /** \return an instant drawn uniformly from [\p low, \p high) */
    Time DrawTime(Time low, Time high);
};

} // namespace karp
} // namespace ns3

#endif // KARP_TYPES_H
