/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_NETWORK_H
#define KARP_OSPF_NETWORK_H

#include "karp-test-entropy.h"

#include "ns3/karp-key-table.h"
#include "ns3/karp-ospf-database.h"
#include "ns3/karp-ospf-engine.h"
#include "ns3/karp-ospf-link-state.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp-test
 * OSPF routers with link state on links of their own, without ns-3. Router n (1, 2, ...) is called
 * rn and has the Router ID 10.255.0.n; link k (1, 2, ...) is network 10.0.k.0/24 and router n has
 * the address 10.0.k.n and the interface k there. What is sent arrives a millisecond later.
 */
class OspfNetwork
{
  public:
    /** Says whether \p packet gets over \p link from one router to the other. */
    using Filter = std::function<bool(size_t link, size_t from, size_t to, const Bytes& packet)>;
    /** Changes settings of an interface before it is used. */
    using Change = std::function<void(OspfInterfaceConfig&)>;

    /** \param authType AuType of all interfaces; keys are the caller's business */
    explicit OspfNetwork(OspfAuthType authType = OspfAuthType::NONE);

    /** Add \p count routers, off. */
    void AddRouters(size_t count);
    /** Add a point-to-point link. \return its number */
    size_t AddLink(size_t a, size_t b, const Change& change = nullptr);
    /** Add \p count routers, each with a link to the next one. \return the last link's number */
    size_t AddChain(size_t count);
    /** Add a broadcast link. \return its number */
    size_t AddLan(const std::vector<size_t>& members, const Change& change = nullptr);
    /** \return settings of router \p n on \p link, to be changed while it is off */
    OspfInterfaceConfig& Config(size_t n, size_t link);
    /** \return link-state settings of router \p n, to be changed while it is off */
    OspfLinkStateConfig& Settings(size_t n);
    /** Add \p row to the key table of every router. */
    void KeyAll(const KeyRow& row);

    /** Boot router \p n, all interfaces up. */
    void Up(size_t n);
    /** Boot all. */
    void UpAll();
    /** Boot all, and let \p seconds pass. */
    void Boot(double seconds);
    /** Router \p n ceases without a word. */
    void Crash(size_t n);
    /** Let nothing over \p link any more, unnoticed; or everything again. */
    void Cut(size_t link, bool isCut = true);

    /** Let time pass to \p until. */
    void RunUntil(Time until);
    /** Let \p seconds pass. */
    void Run(double seconds);

    /** \return the present */
    Time Now() const
    {
        return m_now;
    }

    /** Only what \p filter lets through arrives; nullptr: everything. */
    void SetFilter(Filter filter);
    /** Hand \p packet to router \p to on \p link, as from router \p from there. */
    void Inject(size_t link, size_t from, size_t to, const Bytes& packet);

    /** \return engine of router \p n, which is on */
    OspfEngine& Engine(size_t n);
    /** \return database of router \p n in an area */
    const OspfLsdb& Database(size_t n, uint32_t area = 0);
    /** \return the LSA that router \p n holds, nullptr if none */
    const OspfLsdb::Entry* Find(size_t n, const OspfLsaKey& key, uint32_t area = 0);
    /** \return LS sequence number of the router-LSA of router \p of that router \p n holds, or 0 */
    int32_t Sequence(size_t n, size_t of);
    /** \return state of \p neighbor as router \p n on \p link sees it */
    OspfNeighborState State(size_t n, size_t link, size_t neighbor);
    /** \return cost of the route of router \p n to \p network, none: 0xffffffff */
    uint32_t Cost(size_t n, const std::string& network);
    /** \return next hops of that route, such as "1:10.0.1.2 2:10.0.2.3"; "none" if there is none */
    std::string NextHops(size_t n, const std::string& network);
    /** \return whether router \p n discards packets for \p address (section 11.1) */
    bool Discards(size_t n, uint32_t address);
    /** \return rejections of router \p n for \p reason since it booted */
    uint64_t Drops(size_t n, DropReason reason);
    /** \return all rejections of router \p n since it booted, such as "bad_lsa_type=2" */
    std::string AllDrops(size_t n);
    /** \return packets of \p type sent so far by \p n, 0: all routers */
    uint64_t Sent(OspfPacketType type, size_t n = 0) const;

    /**
     * \return what is wrong: neighbours on a link that should be Full and are not, databases of an
     *         area that differ, MaxAge left over; empty if nothing
     */
    std::string Fault();

    /** \return 10.0.\p link.\p n */
    static IpAddress Address(size_t link, size_t n);
    /** \return Router ID of router \p n */
    static uint32_t RouterId(size_t n);
    /** \return a route to \p address, with its mask, as a boundary router brings it in */
    static OspfExternalRoute External(uint32_t address, uint32_t mask = 0xffffff00);
    /** \return the router-LSA of router \p n */
    static OspfLsaKey RouterKey(size_t n);

  private:
    /** A router. */
    struct Router
    {
        std::map<size_t, OspfInterfaceConfig> interfaces; //!< by link
        OspfLinkStateConfig settings;                     //!< of link state
        KeyTable keys;                                    //!< key table
        std::unique_ptr<TestEntropy> entropy;             //!< jitter
        std::unique_ptr<OspfEngine> engine;               //!< nullptr while it is off
    };

    /** A link. */
    struct Link
    {
        std::vector<size_t> members; //!< routers on it
        bool isCut{false};           //!< nothing gets over it
    };

    /** A packet on its way. */
    struct Arrival
    {
        size_t link{0};        //!< where
        size_t from{0};        //!< who sent it
        size_t to{0};          //!< whom it reaches
        IpAddress destination; //!< group or address
        Bytes packet;          //!< IP payload
    };

    /** Add a link with \p type. */
    size_t Add(const std::vector<size_t>& members, OspfNetworkType type, const Change& change);
    /** Put on the links what the engines have to say. */
    void Pump();

    OspfAuthType m_authType;                                      //!< of all interfaces
    std::vector<std::unique_ptr<Router>> m_routers;               //!< router n is at n - 1
    std::vector<Link> m_links;                                    //!< link k is at k - 1
    std::multimap<Time, Arrival> m_arrivals;                      //!< what is on its way
    Time m_now{0};                                                //!< the present
    Filter m_filter;                                              //!< what arrives
    std::map<std::pair<size_t, OspfPacketType>, uint64_t> m_sent; //!< packets by router and type
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_NETWORK_H
