/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_LINK_STATE_H
#define KARP_OSPF_LINK_STATE_H

#include "karp-ospf-context.h"
#include "karp-ospf-lsa-pool.h"
#include "karp-ospf-lsdb.h"
#include "karp-ospf-route-calculator.h"

#include "ns3/karp-timer-table.h"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace ns3
{
namespace karp
{

class OspfInterface;
class OspfNeighbor;

/** An LSA that we are to originate. */
struct OspfOwnLsa
{
    OspfLsaBody body;                 //!< what it is to say
    uint8_t options{0};               //!< optional capabilities
    bool isWanted{true};              //!< or else it is on its way out
    bool isDue{false};                //!< the instance that there is says something else
    Time notBefore{0};                //!< it waits that long for further changes
    Time originated{Time::min() / 2}; //!< when it was originated last
};

/**
 * How far LSAs of some types are flooded (RFC 2328 section 13): an area, or for AS-external-LSAs
 * the AS without its stub areas.
 */
struct OspfArea
{
    OspfAreaConfig config;                  //!< settings of the area
    bool isAs{false};                       //!< the AS and not an area
    OspfLsdb lsdb;                          //!< database
    std::vector<OspfInterface*> interfaces; //!< in order of addition
    std::map<OspfLsaKey, OspfOwnLsa> own;   //!< what we originate
    std::set<OspfLsaKey> flushed;           //!< MaxAge, to be removed once everybody knows
    std::optional<Time> routerLsaDue;       //!< when our router-LSA is to be looked at
};

/** How an LSA came here. */
struct OspfArrival
{
    OspfInterface* interface {
        nullptr
    };                                     //!< where; nullptr: we made it
    const OspfNeighbor* neighbor{nullptr}; //!< from whom; nullptr: we made it
    bool byFlooding{false};                //!< and not because we asked for it
};

/**
 * \ingroup karp
 * The part of a router that knows the network: the databases of its areas, what it originates
 * itself (RFC 2328 section 12.4), ageing (section 14), and when routes are calculated (section 16).
 * Flooding on one interface is the interface's.
 */
class OspfLinkState
{
  public:
    /**
     * \param context the router's; outlives this
     * \param config settings
     */
    OspfLinkState(OspfContext& context, const OspfLinkStateConfig& config);
    ~OspfLinkState();

    /** \return settings */
    const OspfLinkStateConfig& Config() const
    {
        return m_config;
    }

    /** Route on \p interface. \param areaId its area */
    void AddInterface(OspfInterface& interface, uint32_t areaId);

    // Databases.
    /** \return where LSAs of \p type are, for \p interface */
    OspfLsdb& Database(const OspfInterface& interface, OspfLsaType type);
    /** \return the databases that are described to neighbours on \p interface */
    std::vector<OspfLsdb*> Databases(const OspfInterface& interface);
    /** \return the database of an area, nullptr if there is no such area */
    const OspfLsdb* Database(uint32_t areaId) const;

    /** \return the AS-external-LSAs */
    const OspfLsdb& Externals() const
    {
        return m_as.lsdb;
    }

    /** \return whether another LSA of \p type would find room */
    bool HasRoom(const OspfInterface& interface, OspfLsaType type);
    /** \return an LSA, or why it is none: structure, checksum */
    std::variant<OspfLsaPtr, DecodeError> Decode(ByteView octets);

    /** Share what was decoded. \param pool of all routers of a simulation */
    void SetPool(std::shared_ptr<OspfLsaPool> pool);

    /** \return whether a neighbour is in state Exchange or Loading */
    bool IsExchanging() const
    {
        return m_exchanging > 0;
    }

    // From interfaces and neighbours.
    /**
     * Take an LSA that is more recent than ours, and flood it (section 13 (5b) to (5d)).
     * \param held entry of the instance that we hold, nullptr if we hold none
     * \param lsa the LSA
     * \param age its age
     * \param arrival how it came
     * \param now the present
     * \return whether it goes out by the same interface again
     */
    bool Receive(OspfLsdb::Entry* held,
                 OspfLsaPtr lsa,
                 uint16_t age,
                 const OspfArrival& arrival,
                 Time now);
    /** Is it one of ours, from before (section 13.4)? */
    void CheckSelfOriginated(OspfInterface& interface, const OspfLsaKey& key, Time now);
    /** State or Designated Router of an interface has changed. */
    void InterfaceChanged(OspfInterface& interface, Time now);
    /** State of a neighbour on \p interface has changed. */
    void NeighborChanged(OspfInterface& interface,
                         OspfNeighborState from,
                         OspfNeighborState to,
                         Time now);
    /** Let neighbours whose request lists became shorter go on. */
    void RequestsChanged(Time now);

    // From the host.
    /** Tell the AS of a route. */
    void AddExternal(const OspfExternalRoute& route, Time now);
    /** Tell it no longer. */
    void RemoveExternal(IpAddress address, uint32_t mask, Time now);
    /** Change what \p interface costs. */
    void CostChanged(OspfInterface& interface, Time now);

    /** At the end of whatever happened: what is flushed and acknowledged by all goes (section 14).
     */
    void Settle(Time now);

    /** \return when Fire has something to do */
    std::optional<Time> NextTimeout() const
    {
        return m_timers.Next();
    }

    /** Fire the timer that is due first, if one is. \param now the present */
    void Fire(Time now);

    /** \return the routing table */
    const OspfRoutingTable& Routes() const
    {
        return m_calculator.Table();
    }

    /** \return how often how much was calculated */
    const OspfRouteCalculator& Calculator() const
    {
        return m_calculator;
    }

  private:
    /** What may be due. */
    enum class Timer : uint8_t
    {
        AGEING,    //!< no later than an LSA reaches MaxAge or is to be refreshed
        ORIGINATE, //!< no later than an LSA may be originated
        CALCULATE, //!< routes are to be calculated
        COUNT
    };

    /** \return how far LSAs of \p type from \p interface go */
    OspfArea& ScopeOf(const OspfInterface& interface, OspfLsaType type);

    /** Call \p what with each area and the AS. */
    template <typename What>
    void ForEachScope(What&& what)
    {
        for (const auto& [id, area] : m_areas)
        {
            what(*area);
        }
        what(m_as);
    }

    // Installing and flooding.
    /**
     * Hold an LSA, flood it, and see to what follows. \p held is the entry that there is.
     * \return whether it goes out by where it came in
     */
    bool Install(OspfArea& area,
                 OspfLsdb::Entry* held,
                 OspfLsaPtr lsa,
                 uint16_t age,
                 const OspfArrival& arrival,
                 Time now);
    /** Note that \p before was replaced by \p after, which are maybe not any different. */
    void NoteChange(OspfArea& area,
                    OspfLsaPtr before,
                    bool wasMaxAge,
                    OspfLsaPtr after,
                    bool isMaxAge,
                    Time now);
    /** Let an LSA be forgotten by all: its age is MaxAge (section 14.1). */
    void Flush(OspfArea& area, const OspfLsaKey& key, Time now);
    /** Remove from \p area what is MaxAge and acknowledged. */
    void RemoveFlushed(OspfArea& area, Time now);
    /** Look through a database for what is too old. */
    void AgeDatabase(OspfArea& area, Time now);
    /** \return whether \p key is one of ours (section 13.4) */
    bool IsOwn(const OspfLsaKey& key) const;

    // Origination (karp-ospf-origination.cc).
    /** Let \p timer fire at \p at or earlier. */
    void Need(Timer timer, Time at);
    /** Something that our router-LSA of \p area says has changed. */
    void RouterLsaChanged(OspfArea& area, Time now, Time delay);
    /** \return what our router-LSA of \p area says */
    OspfRouterLsa DescribeRouter(const OspfArea& area) const;
    /** Originate or flush the network-LSA of \p interface. */
    void UpdateNetworkLsa(OspfInterface& interface, Time now, Time delay);
    /** Let \p key say \p body. */
    void Want(OspfArea& area, const OspfLsaKey& key, OspfLsaBody body, Time now, Time delay);
    /** Let \p key not be any more. */
    void Unwant(OspfArea& area, const OspfLsaKey& key, Time now);
    /** Originate what of \p area is due and may be. */
    void OriginateDue(OspfArea& area, Time now);
    /** Originate a new instance. */
    void Originate(OspfArea& area, const OspfLsaKey& key, OspfOwnLsa& own, Time now);

    // What is told of other areas (karp-ospf-summaries.cc).
    /** Summary-LSAs, from the routing table (section 12.4.3). */
    void UpdateSummaries(Time now);
    /** What a border router tells in an area. */
    using Summaries = std::map<OspfLsaKey, OspfSummaryLsa>;
    /** \return what is to be told in \p area */
    Summaries SummariesFor(const OspfArea& area) const;
    /** Add networks of other areas. */
    void SummariseNetworks(const OspfArea& area, Summaries& summaries) const;
    /** Add AS boundary routers of other areas. */
    void SummariseRouters(const OspfArea& area, Summaries& summaries) const;
    /** \return whether \p route is told in \p area */
    bool IsToldIn(const OspfArea& area, const OspfRoute& route) const;
    /** AS-external-LSAs (section 12.4.4). */
    void UpdateExternals(Time now);
    /** \return whether we join areas (section 3.3) */
    bool IsAreaBorder() const;

    // Routes.
    /** Calculate soon. */
    void RoutesChanged(Time now);
    /** Add the ranges of \p area to \p input, if we tell other areas of it. */
    void AddRanges(const OspfAreaConfig& area, OspfRouteInput& input) const;
    /** Calculate. */
    void Calculate(Time now);

    OspfContext& m_context;                                //!< the router's
    const OspfLinkStateConfig m_config;                    //!< settings
    std::map<uint32_t, std::unique_ptr<OspfArea>> m_areas; //!< by Area ID
    OspfArea m_as;                                         //!< AS-external-LSAs
    std::map<std::pair<uint32_t, uint32_t>, OspfExternalRoute> m_externalRoutes; //!< the host's
    std::shared_ptr<OspfLsaPool> m_pool;  //!< where LSAs are held once
    size_t m_exchanging{0};               //!< neighbours in state Exchange or Loading
    TimerTable<Timer> m_timers;           //!< what may be due
    OspfRouteCalculator m_calculator;     //!< routes
    std::vector<OspfLsaChange> m_changes; //!< since the last calculation
    bool m_changesMissing{false};         //!< there were too many to list
    Time m_calculated{Time::min() / 2};   //!< when that was
    Time m_hold{0};                       //!< how long to wait after it
};

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_LINK_STATE_H
