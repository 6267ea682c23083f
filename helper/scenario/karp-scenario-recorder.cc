/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-recorder.h"

#include "ns3/karp-hash.h"
#include "ns3/karp-ospf-packet.h"
#include "ns3/simulator.h"

#include <cstdio>

namespace ns3
{
namespace karp
{

namespace
{

constexpr const char* OSPF = "ospf"; //!< a layer

/** \return a KEK's identifier as traces show it */
std::string
KekName(uint64_t id)
{
    char text[17];
    std::snprintf(text, sizeof(text), "%016llx", static_cast<unsigned long long>(id));
    return text;
}

/** \return what tells \p key from others of its identifier, and nobody what it is */
std::string
Fingerprint(const SecretBytes& key)
{
    const Bytes digest = Sha256(key);
    char text[9];
    std::snprintf(text,
                  sizeof(text),
                  "%02x%02x%02x%02x",
                  digest[0],
                  digest[1],
                  digest[2],
                  digest[3]);
    return text;
}

/** \return the present, nanoseconds */
int64_t
Now()
{
    return Simulator::Now().GetNanoSeconds();
}

} // namespace

RouterRecorder::RouterRecorder(const ScenarioNetwork& network,
                               uint32_t number,
                               std::string name,
                               TraceSink& sink,
                               DeliveryLog* log)
    : m_network(network),
      m_number(number),
      m_name(std::move(name)),
      m_sink(sink),
      m_log(log)
{
    ConnectRouter();
    if (network.KmpOf(number))
    {
        ConnectKmp();
    }
    if (network.OspfOf(number))
    {
        ConnectOspf();
    }
}

void
RouterRecorder::ConnectKmp()
{
    Ptr<KmpApplication> kmp = m_network.KmpOf(m_number);
    kmp->TraceConnectWithoutContext("Role", MakeCallback(&RouterRecorder::OnRole, this));
    kmp->TraceConnectWithoutContext("AdvertSent", MakeCallback(&RouterRecorder::OnAdvert, this));
    kmp->TraceConnectWithoutContext("JoinDone", MakeCallback(&RouterRecorder::OnJoin, this));
    kmp->TraceConnectWithoutContext("Kek", MakeCallback(&RouterRecorder::OnKek, this));
    kmp->TraceConnectWithoutContext("Rekeyed", MakeCallback(&RouterRecorder::OnRekeyed, this));
    kmp->TraceConnectWithoutContext("GroupMessage",
                                    MakeCallback(&RouterRecorder::OnGroupMessage, this));
    kmp->TraceConnectWithoutContext("Session", MakeCallback(&RouterRecorder::OnSession, this));
    kmp->TraceConnectWithoutContext("Drop", MakeCallback(&RouterRecorder::OnKmpDrop, this));
    kmp->TraceConnectWithoutContext("Tx", MakeCallback(&RouterRecorder::OnKmpTx, this));
    kmp->TraceConnectWithoutContext("Attacked", MakeCallback(&RouterRecorder::OnAttacked, this));
    if (m_log != nullptr)
    {
        kmp->TraceConnectWithoutContext("Handled",
                                        MakeCallback(&RouterRecorder::OnKmpHandled, this));
    }
}

void
RouterRecorder::ConnectOspf()
{
    Ptr<OspfApplication> ospf = m_network.OspfOf(m_number);
    ospf->TraceConnectWithoutContext("InterfaceState",
                                     MakeCallback(&RouterRecorder::OnInterface, this));
    ospf->TraceConnectWithoutContext("NeighborState",
                                     MakeCallback(&RouterRecorder::OnNeighbor, this));
    ospf->TraceConnectWithoutContext("DesignatedRouter",
                                     MakeCallback(&RouterRecorder::OnDesignated, this));
    ospf->TraceConnectWithoutContext("Routes", MakeCallback(&RouterRecorder::OnRoutes, this));
    ospf->TraceConnectWithoutContext("Drop", MakeCallback(&RouterRecorder::OnOspfDrop, this));
    ospf->TraceConnectWithoutContext("Tx", MakeCallback(&RouterRecorder::OnOspfTx, this));
    ospf->TraceConnectWithoutContext("Attacked", MakeCallback(&RouterRecorder::OnAttacked, this));
}

void
RouterRecorder::ConnectRouter()
{
    // The key table is what routing uses, whoever wrote it: manual keys and expiry show here too.
    Ptr<Router> router = m_network.RouterOf(m_number);
    router->TraceConnectWithoutContext("KeyInstalled",
                                       MakeCallback(&RouterRecorder::OnKeyInstalled, this));
    router->TraceConnectWithoutContext("KeyRetired",
                                       MakeCallback(&RouterRecorder::OnKeyRetired, this));
}

TraceEvent
RouterRecorder::Begin(TraceKind kind) const
{
    TraceEvent event(kind, Now());
    event.Set(TraceKey::N, m_name);
    if (kind == TraceKind::ROLE || kind == TraceKind::KEY)
    {
        // Whose doing it is: of the message that the router deals with at this moment.
        Ptr<KmpApplication> kmp = m_network.KmpOf(m_number);
        Ptr<OspfApplication> ospf = m_network.OspfOf(m_number);
        const uint32_t attack = kmp && kmp->AttackAtHand() != 0 ? kmp->AttackAtHand()
                                : ospf                          ? ospf->AttackAtHand()
                                                                : 0;
        if (attack != 0)
        {
            event.Set(TraceKey::REF, m_network.AttackName(attack));
        }
    }
    return event;
}

TraceEvent
RouterRecorder::Begin(TraceKind kind, uint32_t group) const
{
    TraceEvent event = Begin(kind);
    event.Set(TraceKey::G, m_network.KmpOf(m_number)->GetGroupName(group));
    return event;
}

void
RouterRecorder::OnRole(uint32_t group, const MrkmpEvent::RoleChanged& event)
{
    m_sink.Write(Begin(TraceKind::ROLE, group)
                     .Set(TraceKey::FROM, ToString(event.from))
                     .Set(TraceKey::TO, ToString(event.to))
                     .Set(TraceKey::WHY, event.cause));
}

void
RouterRecorder::OnAdvert(uint32_t group, const MrkmpEvent::AdvertSent& event)
{
    m_sink.Write(Begin(TraceKind::ADVERT, group)
                     .Set(TraceKey::STATE, event.state == AdvertState::GCKS ? "gcks" : "initial")
                     .Set(TraceKey::PRIO, uint32_t{event.priority})
                     .Set(TraceKey::UNICAST, event.unicast));
}

void
RouterRecorder::OnJoin(uint32_t group, const MrkmpEvent::JoinDone& event)
{
    TraceEvent line = Begin(TraceKind::JOIN, group);
    line.Set(TraceKey::GCKS, m_network.NameOf(event.gcks))
        .Set(TraceKey::OK, event.ok)
        .Set(TraceKey::TOOK, static_cast<int64_t>(event.took.count()));
    if (!event.ok)
    {
        line.Set(TraceKey::WHY, event.failure);
    }
    m_sink.Write(line);
}

void
RouterRecorder::WriteKey(TraceEvent event,
                         const char* kind,
                         const std::string& op,
                         const KeyLifetimes& times)
{
    event.Set(TraceKey::KIND, kind).Set(TraceKey::OP, op);
    if (op != "retire")
    {
        event.Set(TraceKey::RX_START, static_cast<int64_t>(times.acceptStart.count()))
            .Set(TraceKey::TX_START, static_cast<int64_t>(times.sendStart.count()))
            .Set(TraceKey::TX_END, static_cast<int64_t>(times.sendEnd.count()))
            .Set(TraceKey::RX_END, static_cast<int64_t>(times.acceptEnd.count()));
    }
    m_sink.Write(event);
}

void
RouterRecorder::OnKek(uint32_t group, const MrkmpEvent::KekChanged& event)
{
    TraceEvent line = Begin(TraceKind::KEY, group);
    line.Set(TraceKey::ID, KekName(event.keyId));
    WriteKey(line, "kek", event.what, event.lifetimes);
}

// A transport key names its protocol master key (K5): group, key ID and fingerprint, of which the
// group may have any name.
RouterRecorder::RowName
RouterRecorder::NameOf(const KeyRow& row)
{
    RowName name{row.peers, row.localKeyName, Fingerprint(row.key), {}};
    const std::string& master = row.protocolSpecificInfo;
    const size_t print = master.rfind('/');
    const size_t id = print == std::string::npos ? print : master.rfind('/', print - 1);
    if (id != std::string::npos)
    {
        name.group = master.substr(0, id);
        name.of = master.substr(id + 1);
    }
    return name;
}

void
RouterRecorder::OnKeyInstalled(const KeyRow& row, bool there)
{
    const RowName& name = m_rows[row.adminKeyName] = NameOf(row);
    TraceEvent line = Begin(TraceKind::KEY);
    line.Set(TraceKey::G, name.group).Set(TraceKey::ID, name.id).Set(TraceKey::FP, name.print);
    if (!name.of.empty())
    {
        line.Set(TraceKey::OF, name.of);
    }
    WriteKey(line, "pmk", there ? "update" : "install", row.lifetimes);
}

void
RouterRecorder::OnKeyRetired(const std::string& name, bool expired)
{
    const RowName row = m_rows[name];
    m_rows.erase(name);
    TraceEvent line = Begin(TraceKind::KEY);
    line.Set(TraceKey::G, row.group).Set(TraceKey::ID, row.id).Set(TraceKey::FP, row.print);
    line.Set(TraceKey::WHY, expired ? "expired" : "retired");
    WriteKey(line, "pmk", "retire", KeyLifetimes());
}

void
RouterRecorder::OnRekeyed(uint32_t group, const MrkmpEvent::Rekeyed& event)
{
    TraceEvent line = Begin(TraceKind::REKEY, group);
    line.Set(TraceKey::CAUSE, ToString(event.cause));
    if (event.kekId != 0)
    {
        line.Set(TraceKey::KEK, KekName(event.kekId));
    }
    m_sink.Write(line);
}

void
RouterRecorder::OnGroupMessage(uint32_t group, const MrkmpEvent::GroupMessage& event)
{
    TraceEvent line = Begin(event.sent ? TraceKind::REKEY_TX : TraceKind::REKEY_RX, group);
    line.Set(TraceKey::KEK, KekName(event.kekId)).Set(TraceKey::SEQ, event.sequence);
    m_sink.Write(line);
}

void
RouterRecorder::OnSession(uint32_t, const SessionEvent& event)
{
    static const char* const KINDS[] = {"state", "retransmit", "cookie"};
    TraceEvent line = Begin(TraceKind::SESSION);
    line.Set(TraceKey::KIND, KINDS[static_cast<size_t>(event.kind)])
        .Set(TraceKey::PEER, m_network.NameOf(event.peer));
    if (event.kind == SessionEvent::Kind::STATE)
    {
        line.Set(TraceKey::FROM, event.from)
            .Set(TraceKey::TO, event.to)
            .Set(TraceKey::WHY, event.cause);
    }
    m_sink.Write(line);
}

void
RouterRecorder::WriteDrop(const char* layer, const karp::Drop& drop)
{
    TraceEvent line = Begin(TraceKind::DROP);
    line.Set(TraceKey::LAYER, layer)
        .Set(TraceKey::REASON, ToString(drop.reason))
        .Set(TraceKey::VALUE, drop.value)
        .Set(TraceKey::PEER, m_network.NameOf(drop.peer));
    const std::string lan = m_network.LanNameOf(drop.peer);
    if (!lan.empty())
    {
        line.Set(TraceKey::SEGMENT, lan);
    }
    m_sink.Write(line);
}

const std::string&
RouterRecorder::LanName(uint32_t interface)
{
    const auto known = m_lans.find(interface);
    return known != m_lans.end()
               ? known->second
               : m_lans.emplace(interface, m_network.LanNameOf(m_number, interface)).first->second;
}

void
RouterRecorder::WriteMessage(const char* layer, const MessageInfo& message)
{
    const IpAddress to = message.destination;
    TraceEvent line = Begin(TraceKind::MSG);
    line.Set(TraceKey::DIR, "tx")
        .Set(TraceKey::LAYER, layer)
        .Set(TraceKey::TYPE, message.type)
        .Set(TraceKey::SEGMENT, LanName(message.interface))
        .Set(TraceKey::BYTES, static_cast<int64_t>(message.octets))
        .Set(TraceKey::DST, to.IsMulticast() ? "multicast" : m_network.NameOf(to));
    const auto decoded = DecodeOspfPacket(layer == OSPF ? message.payload : ByteView());
    if (const auto* view = std::get_if<OspfPacketView>(&decoded))
    {
        const bool isExtended = view->header.authType == OspfAuthType::CRYPTOGRAPHIC_64;
        if (isExtended || view->header.authType == OspfAuthType::CRYPTOGRAPHIC)
        {
            const uint32_t keyId = isExtended ? view->header.KeyId64() : view->header.KeyId();
            line.Set(TraceKey::KEY, IntegerKeyName(keyId, 1)).Set(TraceKey::SEQ, view->sequence);
        }
    }
    m_sink.Write(line);
}

void
RouterRecorder::OnKmpDrop(uint32_t, const karp::Drop& drop)
{
    if (m_network.KmpOf(m_number)->AttackAtHand() == 0)
    {
        WriteDrop("kmp", drop); // or else OnAttacked tells
    }
}

void
RouterRecorder::OnKmpTx(uint32_t, const MessageInfo& message)
{
    if (m_log != nullptr)
    {
        m_log->Sent(LanName(message.interface), message.source, message.payload);
    }
    WriteMessage("kmp", message);
}

void
RouterRecorder::OnKmpHandled(uint32_t, const MessageInfo& message)
{
    m_log->Given(m_number, LanName(message.interface), message.source, message.payload);
}

// Played back, and new to whoever takes it: it lost the original. What a nonce is worth shows only
// when its sender answers a challenge, so nobody says yet that it is accepted.
bool
RouterRecorder::IsLate(const AttackOutcome& outcome)
{
    const bool nonce = std::string(outcome.type) == "nonce" && outcome.reason == DropReason::NONE;
    return m_log != nullptr && (outcome.accepted || nonce) && !outcome.message.empty() &&
           m_network.AttackKindOf(outcome.attack) == "replay" &&
           m_log->IsFirst(m_number, LanName(outcome.interface), outcome.source, outcome.message);
}

void
RouterRecorder::OnOspfDrop(uint32_t, const karp::Drop& drop)
{
    if (m_network.OspfOf(m_number)->AttackAtHand() == 0)
    {
        WriteDrop("ospf", drop); // or else OnAttacked tells
    }
}

void
RouterRecorder::OnOspfTx(uint32_t, const MessageInfo& message)
{
    WriteMessage(OSPF, message);
}

void
RouterRecorder::OnAttacked(const AttackOutcome& outcome)
{
    const bool dropped = outcome.reason != DropReason::NONE;
    TraceEvent line = Begin(TraceKind::ATTACK);
    line.Set(TraceKey::ID, m_network.AttackName(outcome.attack))
        .Set(TraceKey::KIND, m_network.AttackKindOf(outcome.attack))
        .Set(TraceKey::OP,
             IsLate(outcome)    ? "late"
             : outcome.accepted ? "accept"
             : dropped          ? "drop"
                                : "hear")
        .Set(TraceKey::TYPE, outcome.type)
        .Set(TraceKey::PEER, m_network.NameOf(outcome.source));
    if (dropped)
    {
        line.Set(TraceKey::REASON, ToString(outcome.reason));
    }
    m_sink.Write(line);
}

void
RouterRecorder::OnInterface(uint32_t interface, const OspfEvent::InterfaceChanged& event)
{
    m_sink.Write(Begin(TraceKind::OSPF_IF)
                     .Set(TraceKey::IF, interface)
                     .Set(TraceKey::FROM, ToString(event.from))
                     .Set(TraceKey::TO, ToString(event.to))
                     .Set(TraceKey::WHY, event.cause));
}

void
RouterRecorder::OnNeighbor(uint32_t interface, const OspfEvent::NeighborChanged& event)
{
    m_sink.Write(Begin(TraceKind::ADJ)
                     .Set(TraceKey::IF, interface)
                     .Set(TraceKey::PEER, m_network.NameOfRouterId(event.routerId))
                     .Set(TraceKey::FROM, ToString(event.from))
                     .Set(TraceKey::TO, ToString(event.to))
                     .Set(TraceKey::WHY, event.cause));
}

void
RouterRecorder::OnDesignated(uint32_t interface, const OspfEvent::DesignatedRouterChanged& event)
{
    const auto name = [&](IpAddress address) {
        return address.value == 0 ? "none" : m_network.NameOf(address);
    };
    m_sink.Write(Begin(TraceKind::DR)
                     .Set(TraceKey::IF, interface)
                     .Set(TraceKey::DR, name(event.designatedRouter))
                     .Set(TraceKey::BDR, name(event.backupDesignatedRouter)));
}

void
RouterRecorder::OnRoutes(const OspfRoutingTable& table, size_t /* changes */)
{
    m_sink.Write(Begin(TraceKind::ROUTES)
                     .Set(TraceKey::VALUE, static_cast<uint64_t>(table.Networks().size())));
}

void
RouterRecorder::WriteCpu()
{
    const int64_t charged = m_network.RouterOf(m_number)->Cpu()->Charged().GetNanoSeconds();
    m_sink.Write(Begin(TraceKind::CPU).Set(TraceKey::NS, charged));
}

} // namespace karp
} // namespace ns3
