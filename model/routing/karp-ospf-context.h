/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_CONTEXT_H
#define KARP_OSPF_CONTEXT_H

#include "karp-ospf-engine.h"

#include "ns3/karp-ospf-database.h"

#include <deque>
#include <utility>

namespace ns3
{
namespace karp
{

/**
 * A queue that is filled and then drained to its end, over and over. Elements are reused and not
 * given back, so that buffers in them allocate nothing once they have grown.
 */
template <typename T>
class OspfDrainQueue
{
  public:
    /** \return the next element to fill; it holds what it held when it was last drained */
    T& Push()
    {
        if (m_end == m_elements.size())
        {
            m_elements.emplace_back();
        }
        return m_elements[m_end++];
    }

    /** Put \p element at the end. */
    void Push(T element)
    {
        if (m_end == m_elements.size())
        {
            m_elements.push_back(std::move(element));
        }
        else
        {
            m_elements[m_end] = std::move(element);
        }
        ++m_end;
    }

    /** \return the oldest element, valid until the next Push, or nullptr if there is none */
    T* Pop()
    {
        if (m_begin == m_end)
        {
            m_begin = 0;
            m_end = 0;
            return nullptr;
        }
        return &m_elements[m_begin++];
    }

    /** \return how many wait */
    size_t Size() const
    {
        return m_end - m_begin;
    }

  private:
    std::deque<T> m_elements; //!< a deque, so that elements stay where they are
    size_t m_begin{0};        //!< the oldest that waits
    size_t m_end{0};          //!< one past the newest
};

/** A packet that waits for the host. */
struct OspfOutgoing
{
    uint32_t interface {
        0
    };                     //!< where to
    IpAddress destination; //!< address or group
    Bytes packet;          //!< IP payload
};

class OspfLinkState;

/** What the interfaces of one router share: its name, its means, and what it has to say. */
struct OspfContext
{
    /** Rejections that may wait for a host that does not poll; beyond, they are only counted. */
    static constexpr size_t WAITING_DROPS_MAX = 4096;

    /** See OspfEngine. */
    OspfContext(uint32_t id, const KeyTable& table, Entropy& source)
        : routerId(id),
          keys(table),
          entropy(source)
    {
    }

    const uint32_t routerId;                //!< Router ID
    const KeyTable& keys;                   //!< where all keys come from
    Entropy& entropy;                       //!< where jitter comes from
    std::shared_ptr<DigestMemo> memo;       //!< digests shared with other routers, or nullptr
    OspfLinkState* linkState{nullptr};      //!< databases; nullptr: Hellos only
    DropCounters drops{};                   //!< rejections by reason
    CryptoCounters operations{};            //!< digests computed
    OspfDrainQueue<OspfEvent> events;       //!< for the host
    OspfDrainQueue<OspfOutgoing> transmits; //!< for the host
    OspfHello hello;                        //!< scratch: reused for each Hello that is decoded
    OspfDatabaseDescription description;    //!< scratch
    std::vector<ByteView> lsas;             //!< scratch: of the update at hand
    std::vector<OspfLsaKey> requested;      //!< scratch
    std::vector<OspfLsaHeader> headers;     //!< scratch
    std::vector<const KeyRow*> rows;        //!< scratch: reused for each look at the key table
    bool timersChanged{true};               //!< whether the next timeout must be looked for anew

    /** Tell the host of \p event. */
    void Push(OspfEvent&& event);

    /** Tell the host that \p what happened on \p interface. */
    template <typename What>
    void Emit(uint32_t interface, What&& what)
    {
        Push(OspfEvent{interface, std::forward<What>(what)});
    }

    /** Count and tell a rejection. */
    void Reject(uint32_t interface, DropReason reason, uint64_t value, IpAddress peer)
    {
        ++drops[static_cast<size_t>(reason)];
        if (events.Size() < WAITING_DROPS_MAX)
        {
            Emit(interface, OspfEvent::Dropped{{reason, value, peer}});
        }
    }
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_CONTEXT_H
