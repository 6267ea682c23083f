/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_ROUTER_H
#define KARP_ROUTER_H

#include "karp-cpu-model.h"

#include "ns3/event-id.h"
#include "ns3/karp-drift-clock.h"
#include "ns3/karp-key-table.h"
#include "ns3/karp-types.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** What a crashed router has lost when it boots again. */
struct LossSet
{
    bool sequence{true};  //!< "seq": where OSPF sequence numbers were
    bool neighbors{true}; //!< "neighbors": OSPF adjacencies and what is known of the link
    bool sa{true};        //!< "sa": key-management associations and the part played in each group
    bool keys{true};      //!< "keys": the key table, and every KEK
    bool nvram{false};    //!< "nvram": what lies in stable storage; "all" is all but this

    /**
     * \param words "seq", "neighbors", "sa", "keys", "all", "nvram", comma-separated; "" or "none"
     *        is nothing
     * \return the set, or nothing if a word is unknown
     */
    static std::optional<LossSet> Parse(const std::string& words);
};

/** A protocol process on a router, as crashes see it. */
class RouterProcess
{
  public:
    virtual ~RouterProcess() = default;
    /** The router stops dead: do nothing more, not even say good-bye. */
    virtual void OnCrash() = 0;
    /** The router runs again, without what is in \p lost. */
    virtual void OnBoot(const LossSet& lost) = 0;
    /** The router's clock was set: instants come at other times of the simulation. */
    virtual void OnClockSet() = 0;

    /** \p row was put into the key table, or changed there. */
    virtual void OnKeyInstalled(const KeyRow& /* row */)
    {
    }
};

/** What key management hears of routing (H 8.1-8.3, R2, E12); it hears no more than this. */
class RoutingListener
{
  public:
    virtual ~RoutingListener() = default;
    /**
     * Routing begins on a link.
     * \param interface where
     * \param priority its router priority there
     * \param newSession whether it lost its sequence numbers, so that keys must change (K8)
     */
    virtual void OnRoutingUp(uint32_t interface, uint8_t priority, bool newSession) = 0;
    /** Routing ends on a link (H 8.3). */
    virtual void OnRoutingDown(uint32_t interface) = 0;
    /** Routing has another router priority on a link (H 8.2). */
    virtual void OnRoutingPriority(uint32_t interface, uint8_t priority) = 0;
    /** The router becomes, or is no longer, Designated Router on a link (H 2.2). */
    virtual void OnDesignated(uint32_t interface, bool designated) = 0;
    /** Sequence numbers under the present key run low on a link (H 2.4). */
    virtual void OnSequenceLow(uint32_t interface) = 0;
    /** A packet of \p peer was authentic under the row called \p adminKeyName (H 2.4, K9). */
    virtual void OnKeyHeard(uint32_t interface,
                            const std::string& adminKeyName,
                            IpAddress peer) = 0;
};

/**
 * \ingroup karp
 * What the processes of one router share, aggregated to its Node: the key table, the clock, the
 * CPU, and the narrow interface by which routing tells key management when it begins and ends
 * (row E12). KmpApplication and OspfApplication each know this class and not each other.
 */
class Router : public Object
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    Router();
    ~Router() override;

    /** \return the Router of \p node, made and aggregated if there was none */
    static Ptr<Router> Of(Ptr<Node> node);

    /** \return the present on this router's own clock */
    Time Now() const;
    /** \return the simulation's time at \p instant of this router's clock, never in the past */
    ns3::Time ToSimulationTime(Time instant) const;

    /** \return the key table, to look up */
    const KeyTable& Keys() const;
    /**
     * Put \p row into the key table; if a row of its name is there, it is replaced.
     * \return what the table says
     */
    KeyTable::Result InstallKey(const KeyRow& row);
    /** Take the row called \p adminKeyName out. \return whether there was one */
    bool RetireKey(const std::string& adminKeyName);

    /** \return the CPU */
    Ptr<CpuModel> Cpu() const;

    /** Stop dead: interfaces go down, nothing is received, sent or computed until Boot. */
    void Crash();
    /** Run again, without what is in \p lost. Does nothing to a router that runs. */
    void Boot(const LossSet& lost);

    /**
     * A wire died, or lives again, and the device notices: \p interface goes down or up. Does not
     * tell routing, which has its own word for that.
     */
    void SetCarrier(uint32_t interface, bool up);

    /** \return whether it is crashed */
    bool IsCrashed() const
    {
        return m_crashed;
    }

    /** From now on tell \p process of crashes. */
    void AddProcess(RouterProcess* process);
    /** Tell \p process no more. */
    void RemoveProcess(RouterProcess* process);
    /** From now on tell \p listener of routing. */
    void AddListener(RoutingListener* listener);
    /** Tell \p listener no more. */
    void RemoveListener(RoutingListener* listener);

    /** There is a routing process for \p interface: key management there waits for it. */
    void AnnounceRouting(uint32_t interface);
    /** \return whether there is a routing process for \p interface */
    bool HasRouting(uint32_t interface) const;
    /** \return whether routing runs on \p interface */
    bool IsRoutingUp(uint32_t interface) const;
    /** \return router priority on \p interface, 0 if there is no routing */
    uint8_t RoutingPriority(uint32_t interface) const;
    /** \return whether we are Designated Router on \p interface */
    bool IsDesignated(uint32_t interface) const;

    /** Routing says: it begins on \p interface. */
    void RoutingUp(uint32_t interface, uint8_t priority, bool newSession);
    /** Routing says: it ends on \p interface. */
    void RoutingDown(uint32_t interface);
    /** Routing says: another router priority. */
    void SetRoutingPriority(uint32_t interface, uint8_t priority);
    /** Routing says: whether we are Designated Router. */
    void SetDesignated(uint32_t interface, bool designated);
    /** Routing says: sequence numbers run low. */
    void SequenceLow(uint32_t interface);
    /** Routing says: \p peer has used the key called \p adminKeyName. */
    void KeyHeard(uint32_t interface, const std::string& adminKeyName, IpAddress peer);

  protected:
    void DoDispose() override;

  private:
    /** What routing last said of a link. */
    struct Link
    {
        bool up{false};         //!< routing runs there
        uint8_t priority{0};    //!< router priority
        bool designated{false}; //!< we are Designated Router
    };

    void SetClockOffset(ns3::Time offset);
    ns3::Time GetClockOffset() const;
    void SetClockDrift(double drift);
    double GetClockDrift() const;
    /** Set the clock; timers go by it from now on. */
    void SetClock(Time offset, int64_t drift);
    /** Look for keys that are not valid any more at \p instant, and not otherwise. */
    void ArmExpiry(Time instant);
    /** Take out keys that are not valid any more. */
    void ExpireKeys();
    /** Take down or bring up every interface but the loopback. */
    void SetInterfaces(bool up);

    DriftClock m_clock;                        //!< our clock; true time is the simulation's
    KeyTable m_keys;                           //!< the key table
    EventId m_expiry;                          //!< when a row next ceases to be valid, or earlier
    Time m_expiryAt{TIME_MAX};                 //!< the same, on our clock
    Ptr<CpuModel> m_cpu;                       //!< the CPU
    bool m_crashed{false};                     //!< between Crash and Boot
    std::set<uint32_t> m_downBefore;           //!< interfaces that were down before the crash
    std::vector<RouterProcess*> m_processes;   //!< in order of registration
    std::vector<RoutingListener*> m_listeners; //!< in order of registration
    std::map<uint32_t, Link> m_links;          //!< by interface
    TracedCallback<const KeyRow&, bool> m_installedTrace;    //!< row, whether it was there
    TracedCallback<const std::string&, bool> m_retiredTrace; //!< name, whether by expiry
    TracedCallback<bool> m_runningTrace;                     //!< false at a crash, true at a boot
};

} // namespace karp
} // namespace ns3

#endif // KARP_ROUTER_H
