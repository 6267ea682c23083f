/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_RECORDER_H
#define KARP_SCENARIO_RECORDER_H

#include "karp-delivery-log.h"
#include "karp-scenario-network.h"
#include "karp-trace-sink.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Turns what one router tells by its trace sources into lines of the trace.
 */
class RouterRecorder
{
  public:
    /**
     * Listen to router \p number of \p network and write to \p sink.
     * \param log who was given which message, kept where somebody replays them; nullptr elsewhere
     * All of them outlive this.
     */
    RouterRecorder(const ScenarioNetwork& network,
                   uint32_t number,
                   std::string name,
                   TraceSink& sink,
                   DeliveryLog* log);

    /** Write what the CPU was charged for. */
    void WriteCpu();

  private:
    void ConnectKmp();
    void ConnectOspf();
    void ConnectRouter();

    TraceEvent Begin(TraceKind kind) const;
    TraceEvent Begin(TraceKind kind, uint32_t group) const;
    void WriteKey(TraceEvent event,
                  const char* kind,
                  const std::string& op,
                  const KeyLifetimes& times);
    void WriteDrop(const char* layer, const karp::Drop& drop);
    const std::string& LanName(uint32_t interface);
    void WriteMessage(const char* layer, const MessageInfo& message);

    void OnRole(uint32_t group, const MrkmpEvent::RoleChanged& event);
    void OnAdvert(uint32_t group, const MrkmpEvent::AdvertSent& event);
    void OnJoin(uint32_t group, const MrkmpEvent::JoinDone& event);
    void OnKek(uint32_t group, const MrkmpEvent::KekChanged& event);
    void OnRekeyed(uint32_t group, const MrkmpEvent::Rekeyed& event);
    void OnGroupMessage(uint32_t group, const MrkmpEvent::GroupMessage& event);
    void OnSession(uint32_t group, const SessionEvent& event);
    void OnKmpDrop(uint32_t group, const karp::Drop& drop);
    void OnKmpTx(uint32_t group, const MessageInfo& message);
    void OnKmpHandled(uint32_t group, const MessageInfo& message);
    bool IsLate(const AttackOutcome& outcome);
    void OnKeyInstalled(const KeyRow& row, bool there);
    void OnKeyRetired(const std::string& name, bool expired);
    void OnInterface(uint32_t interface, const OspfEvent::InterfaceChanged& event);
    void OnNeighbor(uint32_t interface, const OspfEvent::NeighborChanged& event);
    void OnDesignated(uint32_t interface, const OspfEvent::DesignatedRouterChanged& event);
    void OnRoutes(const OspfRoutingTable& table, size_t changes);
    void OnOspfDrop(uint32_t interface, const karp::Drop& drop);
    void OnOspfTx(uint32_t interface, const MessageInfo& message);
    void OnAttacked(const AttackOutcome& outcome);

    /** What has to be known of a row when it is gone. */
    struct RowName
    {
        std::string group; //!< whose key it is
        std::string id;    //!< its identifier
        std::string print; //!< tells it from others of this identifier
        std::string of;    //!< the protocol master key that it is derived from, if it is
    };

    static RowName NameOf(const KeyRow& row);

    const ScenarioNetwork& m_network;       //!< whose router it is
    uint32_t m_number;                      //!< its number
    std::string m_name;                     //!< its name
    TraceSink& m_sink;                      //!< where lines go
    DeliveryLog* m_log;                     //!< who was given what; nullptr: nobody asks
    std::map<std::string, RowName> m_rows;  //!< of the key table, by AdminKeyName
    std::map<uint32_t, std::string> m_lans; //!< names of the LANs, by interface
};

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_RECORDER_H
