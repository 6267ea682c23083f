/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-digest-memo.h"

#include "karp-openssl.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <tuple>

namespace ns3
{
namespace karp
{

namespace
{

/** What makes one keyed function differ from another. */
struct KeyIdentity
{
    MacAlgorithm algorithm;     //!< which
    KeyPreparation preparation; //!< how a long key is cut down
    SecretBytes key;            //!< in full

    /** An order, of no meaning but that it is total. */
    friend bool operator<(const KeyIdentity& a, const KeyIdentity& b)
    {
        return std::tie(a.algorithm, a.preparation, a.key) <
               std::tie(b.algorithm, b.preparation, b.key);
    }
};

/** A keyed context that several owners share. */
struct SharedMac
{
    uint64_t serial{0};           //!< never given twice, unlike an address
    bool coversSource{false};     //!< the source is in the digest (RFC 7474)
    std::unique_ptr<OspfMac> mac; //!< the context
};

/** One digest remembered. */
struct Entry
{
    uint64_t serial{0};                          //!< of the context; 0 where there is none
    Bytes packet;                                //!< all its octets; the buffer is used again
    IpAddress source;                            //!< its source; none if that does not matter
    std::array<uint8_t, HASH_SIZE_MAX> digest{}; //!< what the context computes of them
};

/** \return eight octets at \p data as a number; which one does not matter, as they are only mixed
 */
uint64_t
Word(const uint8_t* data)
{
    uint64_t word = 0;
    std::memcpy(&word, data, sizeof(word));
    return word;
}

/**
 * \return a place for \p packet, mixed from its length, its end, and the parts of an OSPF header in
 *         which packets differ: type, length and router ID, key ID and sequence number
 */
size_t
PlaceOf(uint64_t serial, ByteView packet)
{
    uint64_t mixed = serial ^ packet.size() << 32;
    if (packet.size() >= 24)
    {
        mixed = (mixed ^ Word(packet.data())) * 0x9e3779b97f4a7c15u;
        mixed = (mixed ^ mixed >> 29 ^ Word(packet.data() + 16)) * 0x9e3779b97f4a7c15u;
        mixed = (mixed ^ mixed >> 29 ^ Word(packet.end() - 8)) * 0x9e3779b97f4a7c15u;
    }
    return static_cast<size_t>((mixed ^ mixed >> 32) % DigestMemo::ENTRIES);
}

} // namespace

/** What the memo and its contexts share. */
class DigestMemo::State
{
  public:
    using Keys = std::map<KeyIdentity, std::shared_ptr<SharedMac>>; //!< contexts by what they are

    /** \return the place in the map of the context, made if there is none; end() if it cannot be */
    Keys::iterator Intern(KeyIdentity identity)
    {
        const auto found = m_keys.find(identity);
        if (found != m_keys.end())
        {
            return found;
        }
        auto shared = std::make_shared<SharedMac>();
        shared->mac = OspfMac::Create(identity.algorithm, identity.key, identity.preparation);
        if (shared->mac == nullptr)
        {
            return m_keys.end();
        }
        shared->serial = ++m_lastSerial;
        shared->coversSource = identity.preparation == KeyPreparation::RFC_7474;
        return m_keys.emplace(std::move(identity), std::move(shared)).first;
    }

    /** \return whether \p at is a context */
    bool IsThere(Keys::iterator at) const
    {
        return at != m_keys.end();
    }

    /** An owner of the context at \p at goes; with the last one the key goes. */
    void Release(Keys::iterator at)
    {
        if (at->second.use_count() == 2) // the map's and the one that goes
        {
            m_keys.erase(at);
        }
    }

    /** As OspfMac::Compute for the context \p shared. */
    bool Compute(SharedMac& shared, ByteView packet, uint8_t* digest, IpAddress source)
    {
        source = shared.coversSource ? source : IpAddress{};
        const size_t size = shared.mac->Size();
        Entry& entry = m_entries[PlaceOf(shared.serial, packet)];
        if (entry.serial == shared.serial && entry.source == source &&
            entry.packet.size() == packet.size() &&
            std::equal(packet.begin(), packet.end(), entry.packet.begin()))
        {
            ++m_statistics.hits;
            std::copy_n(entry.digest.begin(), size, digest);
            return true;
        }
        ++m_statistics.misses;
        if (!shared.mac->Compute(packet, digest, source))
        {
            return false;
        }
        if (packet.size() <= PACKET_MAX)
        {
            entry.serial = shared.serial;
            entry.packet.assign(packet.begin(), packet.end());
            entry.source = source;
            std::copy_n(digest, size, entry.digest.begin());
        }
        return true;
    }

    /** \return how often the memo was asked */
    const Statistics& GetStatistics() const
    {
        return m_statistics;
    }

    /** \return how many contexts there are */
    size_t Size() const
    {
        return m_keys.size();
    }

  private:
    Keys m_keys;                          //!< contexts in use
    uint64_t m_lastSerial{0};             //!< the last number given
    std::array<Entry, ENTRIES> m_entries; //!< digests remembered
    Statistics m_statistics;              //!< how often it was asked
};

namespace
{

/** A keyed context that asks the memo first. */
class MemoMac : public OspfMac
{
  public:
    MemoMac(std::shared_ptr<DigestMemo::State> state, DigestMemo::State::Keys::iterator at)
        : m_state(std::move(state)),
          m_at(at),
          m_shared(at->second)
    {
    }

    ~MemoMac() override
    {
        m_state->Release(m_at);
    }

    MemoMac(const MemoMac&) = delete;
    MemoMac& operator=(const MemoMac&) = delete;

    size_t Size() const override
    {
        return m_shared->mac->Size();
    }

  private:
    bool DoCompute(ByteView packet, uint8_t* digest, IpAddress source) override
    {
        return m_state->Compute(*m_shared, packet, digest, source);
    }

    std::shared_ptr<DigestMemo::State> m_state; //!< shared with the memo and other contexts
    DigestMemo::State::Keys::iterator m_at;     //!< where the context is kept
    std::shared_ptr<SharedMac> m_shared;        //!< the context
};

} // namespace

DigestMemo::DigestMemo()
    : m_state(std::make_shared<State>())
{
}

DigestMemo::~DigestMemo() = default;

DigestMemo&
DigestMemo::Shared()
{
    static thread_local DigestMemo memo;
    return memo;
}

std::unique_ptr<OspfMac>
DigestMemo::CreateMac(MacAlgorithm algorithm, ByteView key, KeyPreparation preparation)
{
    const auto at = m_state->Intern({algorithm, preparation, SecretBytes(key.begin(), key.end())});
    return m_state->IsThere(at) ? std::make_unique<MemoMac>(m_state, at) : nullptr;
}

const DigestMemo::Statistics&
DigestMemo::GetStatistics() const
{
    return m_state->GetStatistics();
}

size_t
DigestMemo::KeysInUse() const
{
    return m_state->Size();
}

} // namespace karp
} // namespace ns3
