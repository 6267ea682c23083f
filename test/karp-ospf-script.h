/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_SCRIPT_H
#define KARP_OSPF_SCRIPT_H

#include "karp-ospf-script-lsa.h"

#include "ns3/karp-key-table.h"
#include "ns3/karp-ospf-database.h"
#include "ns3/karp-ospf-engine.h"
#include "ns3/karp-ospf-link-state.h"
#include "ns3/karp-seeded-entropy.h"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp-test
 * One OSPF router and what a script does to it: packets made by hand in, packets out and state
 * compared with what the script expects. The language is described in ospf-scripts/README.md. The
 * router is r5, with Router ID 10.255.0.5 and address 10.0.k.5 on interface k; neighbour rn@k has
 * 10.255.0.n and 10.0.k.n.
 */
class OspfScript
{
  public:
    OspfScript();

    /** \return what is wrong with \p line, or with the router; empty if nothing */
    std::string Do(const std::string& line);

  private:
    using Words = ospf_script::Words; //!< of a line

    /** A neighbour. */
    struct Peer
    {
        size_t n{0};              //!< its number
        uint32_t link{1};         //!< where
        Words hello;              //!< what it says
        Time due{TIME_MAX};       //!< when it says so again
        uint32_t lastSequence{0}; //!< of the last Database Description sent to it
    };

    /** A packet that the router sent, as words. */
    using Sent = Words;

    // Commands.
    /** Add an interface. */
    void Interface(const Words& words);
    /** Boot. */
    void Up();
    /** Hand a packet to the router. */
    void Receive(const Words& words);
    /** Let \p peer say Hello, now and then every 10 s. */
    void Hello(Peer& peer, const Words& words);
    /** \return how the next packet sent differs from what is expected */
    std::string Out(const Words& words);
    /** Bring a neighbour into a state by the shortest way. */
    std::string Reach(const Words& words);
    /** \return how the state differs from what is expected */
    std::string Check(const Words& words);
    /** What a person might do. */
    void Administer(const Words& words);

    // What they need.
    /** \return the neighbour called \p name */
    Peer& PeerOf(const std::string& name);
    /** \return header of a packet of \p peer */
    Bytes Begin(const Peer& peer, OspfPacketType type, const Words& words) const;
    /** Hand \p packet to the router, its length and checksum put right. */
    void Inject(const Peer& peer, Bytes packet, const Words& words);
    /** Let time pass. */
    void Run(Time until);
    /** Note what the router sent. */
    void Drain();
    /** \return a packet as words */
    Sent Describe(const OspfTransmit& transmit);
    /** \return the number that \p text is or stands for */
    uint32_t Value(const std::string& text) const;
    /** \return the LSA that the router holds, or nullptr */
    const OspfLsdb::Entry* Find(const std::string& text) const;

    KeyTable m_keys;                                   //!< empty
    SeededEntropy m_entropy{1};                        //!< jitter
    std::unique_ptr<OspfEngine> m_engine;              //!< the router
    OspfLinkStateConfig m_settings;                    //!< of link state
    std::map<uint32_t, OspfInterfaceConfig> m_configs; //!< by number
    std::map<std::string, Peer> m_peers;               //!< by name
    std::map<std::string, uint32_t> m_values;          //!< sequence numbers with names
    std::deque<Sent> m_sent;                           //!< what was not looked at
    std::map<uint32_t, Sent> m_hellos;                 //!< last Hello by interface
    Time m_now{0};                                     //!< the present
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_SCRIPT_H
