/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-routing.h"

#include "ns3/ipv4-list-routing.h"
#include "ns3/log.h"
#include "ns3/names.h"
#include "ns3/output-stream-wrapper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <array>
#include <iomanip>

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpOspfRouting");

NS_OBJECT_ENSURE_REGISTERED(OspfRouting);

namespace
{

constexpr uint8_t PROTOCOL_TCP = 6;
constexpr uint8_t PROTOCOL_UDP = 17;
constexpr size_t PORTS_SIZE = 4; //!< octets of both ports

/** \return a number that \p value, mixed into \p state, makes of it; the same on every machine */
uint64_t
Mix(uint64_t state, uint64_t value)
{
    // The finalizer of SplitMix64: every bit of the input moves half of the bits of the output.
    uint64_t x = state + 0x9e3779b97f4a7c15 + value;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
    x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
    return x ^ (x >> 31);
}

} // namespace

OspfRouting::OspfRouting() = default;

OspfRouting::~OspfRouting() = default;

TypeId
OspfRouting::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::karp::OspfRouting")
            .SetParent<Ipv4RoutingProtocol>()
            .SetGroupName("Karp")
            .AddConstructor<OspfRouting>()
            .AddAttribute(
                "Multipath",
                "Which of several equal-cost paths a packet takes: first; flow: one for each flow, "
                "by a hash of addresses, protocol and ports.",
                StringValue("flow"),
                MakeStringAccessor(&OspfRouting::SetMultipath, &OspfRouting::GetMultipath),
                MakeStringChecker());
    return tid;
}

bool
OspfRouting::SetMultipath(std::string text)
{
    if (text != "first" && text != "flow")
    {
        return false;
    }
    m_multipath = text == "first" ? Multipath::FIRST : Multipath::FLOW;
    return true;
}

std::string
OspfRouting::GetMultipath() const
{
    return m_multipath == Multipath::FIRST ? "first" : "flow";
}

Ptr<OspfRouting>
OspfRouting::Of(Ptr<Node> node)
{
    Ptr<Ipv4> ipv4 = node->GetObject<Ipv4>();
    Ptr<Ipv4RoutingProtocol> protocol = ipv4 ? ipv4->GetRoutingProtocol() : nullptr;
    if (Ptr<OspfRouting> routing = DynamicCast<OspfRouting>(protocol))
    {
        return routing;
    }
    Ptr<Ipv4ListRouting> list = DynamicCast<Ipv4ListRouting>(protocol);
    if (!list)
    {
        return nullptr;
    }
    for (uint32_t i = 0; i < list->GetNRoutingProtocols(); ++i)
    {
        int16_t priority = 0;
        if (Ptr<OspfRouting> routing =
                DynamicCast<OspfRouting>(list->GetRoutingProtocol(i, priority)))
        {
            return routing;
        }
    }
    Ptr<OspfRouting> routing = CreateObject<OspfRouting>();
    list->AddRoutingProtocol(routing, LIST_PRIORITY);
    return routing;
}

void
OspfRouting::DoDispose()
{
    m_ipv4 = nullptr;
    m_callback = InterfaceCallback();
    m_table = OspfRoutingTable();
    Ipv4RoutingProtocol::DoDispose();
}

void
OspfRouting::SetTable(const OspfRoutingTable& table)
{
    m_table = table;
}

const OspfRoutingTable&
OspfRouting::GetTable() const
{
    return m_table;
}

void
OspfRouting::SetInterfaceCallback(InterfaceCallback callback)
{
    m_callback = callback;
}

size_t
OspfRouting::ChoosePath(const Ipv4Header& header, Ptr<const Packet> payload, size_t count)
{
    const uint8_t protocol = header.GetProtocol();
    uint64_t hash = Mix(0, header.GetSource().Get());
    hash = Mix(hash, header.GetDestination().Get());
    hash = Mix(hash, protocol);
    const bool hasPorts = (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP) &&
                          header.GetFragmentOffset() == 0 && header.IsLastFragment();
    if (hasPorts && payload && payload->GetSize() >= PORTS_SIZE)
    {
        std::array<uint8_t, PORTS_SIZE> ports{};
        payload->CopyData(ports.data(), PORTS_SIZE);
        for (const uint8_t octet : ports)
        {
            hash = Mix(hash, octet);
        }
    }
    return hash % count;
}

Ptr<Ipv4Route>
OspfRouting::Find(const Ipv4Header& header, Ptr<const Packet> payload, Ptr<NetDevice> oif) const
{
    const Ipv4Address destination = header.GetDestination();
    const OspfRoute* found = m_table.Lookup(IpAddress{destination.Get()});
    if (found == nullptr || m_table.NextHops(*found).empty())
    {
        return nullptr;
    }
    const auto& hops = m_table.NextHops(*found);
    const size_t first = hops.size() == 1 || m_multipath == Multipath::FIRST
                             ? 0
                             : ChoosePath(header, payload, hops.size());
    for (size_t i = 0; i < hops.size(); ++i)
    {
        const OspfNextHop& hop = hops[(first + i) % hops.size()];
        Ptr<NetDevice> device = m_ipv4->GetNetDevice(hop.interface);
        if ((oif && device != oif) || !m_ipv4->IsUp(hop.interface))
        {
            continue;
        }
        Ptr<Ipv4Route> route = Create<Ipv4Route>();
        route->SetDestination(destination);
        route->SetGateway(Ipv4Address(hop.address.value));
        route->SetSource(m_ipv4->GetAddress(hop.interface, 0).GetLocal());
        route->SetOutputDevice(device);
        return route;
    }
    return nullptr;
}

Ptr<Ipv4Route>
OspfRouting::RouteOutput(Ptr<Packet> /* packet */,
                         const Ipv4Header& header,
                         Ptr<NetDevice> oif,
                         Socket::SocketErrno& error)
{
    Ptr<Ipv4Route> route;
    if (!header.GetDestination().IsMulticast() && m_ipv4)
    {
        // What a socket sends has no transport header yet: flows are then told by their addresses.
        route = Find(header, nullptr, oif);
    }
    error = route ? Socket::ERROR_NOTERROR : Socket::ERROR_NOROUTETOHOST;
    return route;
}

bool
OspfRouting::RouteInput(Ptr<const Packet> packet,
                        const Ipv4Header& header,
                        Ptr<const NetDevice> device,
                        compat::RouteInputTypes::Unicast forward,
                        compat::RouteInputTypes::Multicast /* multicast */,
                        compat::RouteInputTypes::Local deliver,
                        compat::RouteInputTypes::Error failed)
{
    const auto interface = static_cast<uint32_t>(m_ipv4->GetInterfaceForDevice(device));
    if (header.GetDestination().IsMulticast())
    {
        return false; // Multicast routes are somebody else's.
    }
    if (m_ipv4->IsDestinationAddress(header.GetDestination(), interface))
    {
        if (deliver.IsNull())
        {
            return false; // The list that we are in delivers.
        }
        deliver(packet, header, interface);
        return true;
    }
    if (!m_ipv4->IsForwarding(interface))
    {
        failed(packet, header, Socket::ERROR_NOROUTETOHOST);
        return true;
    }
    const OspfRoute* match = m_table.Lookup(IpAddress{header.GetDestination().Get()});
    if (match != nullptr && match->isDiscard)
    {
        // Section 11.1: whatever other protocols of a list have to offer, a default route, say.
        failed(packet, header, Socket::ERROR_NOROUTETOHOST);
        return true;
    }
    Ptr<Ipv4Route> route = Find(header, packet, nullptr);
    if (!route)
    {
        return false;
    }
    forward(route, packet, header);
    return true;
}

void
OspfRouting::NotifyInterfaceUp(uint32_t interface)
{
    if (!m_callback.IsNull())
    {
        m_callback(interface, true);
    }
}

void
OspfRouting::NotifyInterfaceDown(uint32_t interface)
{
    if (!m_callback.IsNull())
    {
        m_callback(interface, false);
    }
}

void
OspfRouting::NotifyAddAddress(uint32_t /* interface */, Ipv4InterfaceAddress /* address */)
{
    // An interface has the address that it had when routing was installed on it.
}

void
OspfRouting::NotifyRemoveAddress(uint32_t /* interface */, Ipv4InterfaceAddress /* address */)
{
}

void
OspfRouting::SetIpv4(Ptr<Ipv4> ipv4)
{
    m_ipv4 = ipv4;
}

void
OspfRouting::PrintRoutingTable(Ptr<OutputStreamWrapper> stream, ns3::Time::Unit unit) const
{
    std::ostream& out = *stream->GetStream();
    out << std::resetiosflags(std::ios::adjustfield) << std::setiosflags(std::ios::left);
    Ptr<Node> node = m_ipv4->GetObject<Node>();
    out << "Node: " << node->GetId() << ", Time: " << Simulator::Now().As(unit)
        << ", Local time: " << node->GetLocalTime().As(unit) << ", OspfRouting table\n";
    out << "Destination     Gateway         Genmask         Flags Metric  Type        Iface\n";
    for (const OspfRoute& route : m_table.Networks())
    {
        std::ostringstream metric;
        metric << route.cost;
        if (route.pathType == OspfPathType::TYPE_2_EXTERNAL)
        {
            metric << "/" << route.type2Cost;
        }
        const auto print =
            [&](const std::string& gateway, const char* flags, const std::string& interface) {
                out << std::setw(16) << IpAddress{route.destination}.ToString() << std::setw(16)
                    << gateway << std::setw(16) << IpAddress{route.Mask()}.ToString()
                    << std::setw(6) << flags << std::setw(8) << metric.str() << std::setw(12)
                    << ToString(route.pathType) << interface << "\n";
            };
        if (route.isDiscard)
        {
            print("-", "!", "-"); // as route(8) shows a route that rejects
        }
        for (const OspfNextHop& hop : m_table.NextHops(route))
        {
            const std::string name = Names::FindName(m_ipv4->GetNetDevice(hop.interface));
            print(hop.address.ToString(),
                  hop.address.value == 0 ? "U" : "UG",
                  name.empty() ? std::to_string(hop.interface) : name);
        }
    }
    out << "\n";
}

} // namespace karp
} // namespace ns3
