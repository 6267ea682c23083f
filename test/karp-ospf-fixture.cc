/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-fixture.h"

#include <algorithm>
#include <numeric>
#include <sstream>

namespace ns3
{
namespace karp
{

IpAddress
OspfLan::Address(size_t n)
{
    return n == 0 ? IpAddress{} : IpAddress{0x0a000000 + static_cast<uint32_t>(n)};
}

uint32_t
OspfLan::RouterId(size_t n)
{
    return 0x0aff0000 + static_cast<uint32_t>(n);
}

OspfHeader
OspfLan::Frame::Header() const
{
    const auto decoded = DecodeOspfPacket(packet);
    const auto* view = std::get_if<OspfPacketView>(&decoded);
    return view == nullptr ? OspfHeader{} : view->header;
}

uint64_t
OspfLan::Frame::Sequence() const
{
    const auto decoded = DecodeOspfPacket(packet);
    const auto* view = std::get_if<OspfPacketView>(&decoded);
    return view == nullptr ? 0 : view->sequence;
}

Bytes
OspfLan::SignExtended(Bytes packet,
                      const KeyRow& row,
                      IpAddress source,
                      uint64_t sequence,
                      OspfPacketType type)
{
    const auto decoded = DecodeOspfPacket(packet);
    OspfHeader header = std::get<OspfPacketView>(decoded).header;
    packet.resize(header.packetLength);
    const auto mac = OspfMac::Create(row.algId, row.key, KeyPreparation::RFC_7474);
    header.type = type;
    header.SetCryptographic64(static_cast<uint32_t>(row.LocalKeyId()),
                              static_cast<uint8_t>(OSPF_SEQUENCE_64_SIZE + mac->Size()));
    OverwriteOspfHeader(header, packet);
    for (size_t i = OSPF_SEQUENCE_64_SIZE; i-- > 0;)
    {
        packet.push_back(static_cast<uint8_t>(sequence >> (8 * i)));
    }
    const size_t covered = packet.size();
    packet.resize(covered + mac->Size());
    mac->Compute({packet.data(), covered}, packet.data() + covered, source);
    return packet;
}

Bytes
OspfLan::Encode(const RawHello& raw)
{
    OspfHeader header;
    header.routerId = RouterId(raw.routerId == 0 ? raw.from : raw.routerId);
    header.areaId = raw.areaId;
    OspfHello hello;
    hello.networkMask = raw.networkMask;
    hello.helloInterval = raw.helloInterval;
    hello.options = raw.options;
    hello.routerPriority = raw.priority;
    hello.routerDeadInterval = raw.routerDeadInterval;
    hello.designatedRouter = Address(raw.designatedRouter);
    hello.backupDesignatedRouter = Address(raw.backup);
    for (const size_t neighbor : raw.lists)
    {
        hello.neighbors.push_back(RouterId(neighbor));
    }
    Bytes packet;
    EncodeOspfHello(header, hello, packet);
    header.packetLength = static_cast<uint16_t>(packet.size());
    header.checksum = OspfChecksum(packet);
    OverwriteOspfHeader(header, packet);
    return packet;
}

KeyRow
OspfLan::Key(const std::string& name,
             uint8_t keyId,
             const KeyLifetimes& lifetimes,
             uint8_t fill,
             MacAlgorithm algorithm)
{
    KeyRow row;
    row.adminKeyName = name;
    row.localKeyName = IntegerKeyName(keyId, 1);
    row.peers = name;
    row.interfaces = {ALL_INTERFACES};
    row.protocol = KeyProtocol::OSPFV2;
    row.algId = algorithm;
    row.key.assign(MacSize(algorithm), fill);
    row.lifetimes = lifetimes;
    return row;
}

KeyLifetimes
OspfLan::Always()
{
    return {Time(0), Time(0), TIME_MAX, TIME_MAX};
}

OspfLan::OspfLan(OspfAuthType authType)
    : m_authType(authType)
{
}

size_t
OspfLan::Add(uint8_t priority)
{
    m_routers.push_back(std::make_unique<Router>());
    const size_t n = m_routers.size();
    OspfInterfaceConfig& config = m_routers.back()->config;
    config.index = INTERFACE;
    config.address = Address(n);
    config.priority = priority;
    config.authType = m_authType;
    config.helloJitter = 0;
    return n;
}

OspfInterfaceConfig&
OspfLan::Config(size_t n)
{
    return m_routers.at(n - 1)->config;
}

KeyTable&
OspfLan::Keys(size_t n)
{
    return m_routers.at(n - 1)->keys;
}

void
OspfLan::KeyAll(const KeyRow& row)
{
    for (const auto& router : m_routers)
    {
        if (router->keys.Insert(row) != KeyTable::Result::OK)
        {
            m_log.push_back("row " + row.adminKeyName + " refused");
        }
    }
}

void
OspfLan::ShareDigests(std::shared_ptr<DigestMemo> memo)
{
    m_memo = std::move(memo);
}

OspfEngine&
OspfLan::Engine(size_t n)
{
    return *m_routers.at(n - 1)->engine;
}

void
OspfLan::Up(size_t n)
{
    Router& router = *m_routers.at(n - 1);
    if (!router.entropy)
    {
        router.entropy = std::make_unique<TestEntropy>(n);
    }
    router.engine = std::make_unique<OspfEngine>(RouterId(n), router.keys, *router.entropy);
    router.engine->SetDigestMemo(m_memo);
    if (!router.engine->AddInterface(router.config))
    {
        m_log.push_back("interface refused");
    }
    router.engine->InterfaceUp(INTERFACE, m_now);
    Pump();
}

void
OspfLan::Crash(size_t n)
{
    m_routers.at(n - 1)->engine.reset();
}

void
OspfLan::RunUntil(Time until)
{
    // What a test did to an engine itself counts as done now.
    Pump();
    while (true)
    {
        std::optional<Time> next;
        for (const auto& router : m_routers)
        {
            if (router->engine)
            {
                const auto mine = router->engine->NextTimeout();
                next = mine && (!next || *mine < *next) ? mine : next;
            }
        }
        if (!next || *next > until)
        {
            break;
        }
        m_now = std::max(m_now, *next);
        for (const auto& router : m_routers)
        {
            if (router->engine)
            {
                router->engine->Advance(m_now);
                Pump();
            }
        }
    }
    m_now = until;
}

Time
OspfLan::Now() const
{
    return m_now;
}

void
OspfLan::Pump()
{
    // What is sent at one instant arrives in the order in which it was sent.
    for (size_t next = m_frames.size(); true; ++next)
    {
        for (size_t from = 1; from <= m_routers.size(); ++from)
        {
            const auto& engine = m_routers[from - 1]->engine;
            while (engine)
            {
                const auto event = engine->PollEvent();
                if (!event)
                {
                    break;
                }
                Note(from, *event);
            }
            while (engine)
            {
                const auto out = engine->PollTransmit();
                if (!out)
                {
                    break;
                }
                m_frames.push_back({m_now, from, out->destination, *out->packet});
            }
        }
        if (next >= m_frames.size())
        {
            return;
        }
        const Frame frame = m_frames[next];
        for (size_t to = 1; to <= m_routers.size(); ++to)
        {
            const auto& engine = m_routers[to - 1]->engine;
            if (to != frame.from && engine && (!m_filter || m_filter(frame.from, to, frame.packet)))
            {
                engine->Receive(INTERFACE,
                                Address(frame.from),
                                frame.destination,
                                frame.packet,
                                m_now);
            }
        }
    }
}

void
OspfLan::Inject(size_t to, IpAddress source, const Bytes& packet, IpAddress destination)
{
    Engine(to).Receive(INTERFACE, source, destination, packet, m_now);
    Pump();
}

void
OspfLan::Say(size_t to, const RawHello& hello)
{
    Inject(to, Address(hello.from), Encode(hello));
}

void
OspfLan::SetFilter(Filter filter)
{
    m_filter = std::move(filter);
}

const std::vector<OspfLan::Frame>&
OspfLan::Frames() const
{
    return m_frames;
}

const OspfLan::Frame&
OspfLan::LastFrame(size_t from) const
{
    const auto place = std::find_if(m_frames.rbegin(), m_frames.rend(), [from](const Frame& frame) {
        return frame.from == from;
    });
    return place == m_frames.rend() ? m_frames.at(m_frames.size()) : *place;
}

std::string
OspfLan::Name(IpAddress address)
{
    return address.value == 0 ? "none" : "r" + std::to_string(address.value & 0xffff);
}

const std::vector<std::string>&
OspfLan::Heard() const
{
    return m_heard;
}

void
OspfLan::Note(size_t n, const OspfEvent& event)
{
    if (const auto* used = std::get_if<OspfEvent::KeyHeard>(&event.what))
    {
        m_heard.push_back("r" + std::to_string(n) + " hears " + Name(used->peer) + " use " +
                          used->adminKeyName);
        return;
    }
    std::ostringstream line;
    line << ToSeconds(m_now) << "s r" << n << ' ';
    if (const auto* interface = std::get_if<OspfEvent::InterfaceChanged>(&event.what))
    {
        line << ToString(interface->from) << " -> " << ToString(interface->to) << " ("
             << interface->cause << ')';
    }
    else if (const auto* neighbor = std::get_if<OspfEvent::NeighborChanged>(&event.what))
    {
        line << "sees " << Name({neighbor->routerId}) << ' ' << ToString(neighbor->from) << " -> "
             << ToString(neighbor->to) << " (" << neighbor->cause << ')';
    }
    else if (const auto* elected = std::get_if<OspfEvent::DesignatedRouterChanged>(&event.what))
    {
        line << "elects dr=" << Name(elected->designatedRouter)
             << " bdr=" << Name(elected->backupDesignatedRouter) << (elected->self ? " self" : "");
    }
    else if (const auto* low = std::get_if<OspfEvent::SequenceLow>(&event.what))
    {
        line << "sequence low at " << low->sequence;
    }
    else if (const auto* dropped = std::get_if<OspfEvent::Dropped>(&event.what))
    {
        line << "drops " << ToString(dropped->drop.reason) << ' ' << dropped->drop.value << " of "
             << Name(dropped->drop.peer);
    }
    m_log.push_back(line.str());
}

std::string
OspfLan::Log()
{
    return Log("");
}

std::string
OspfLan::Log(const std::string& word)
{
    std::string text;
    for (const auto& line : m_log)
    {
        if (line.find(word) != std::string::npos)
        {
            text += line + '\n';
        }
    }
    m_log.clear();
    return text;
}

uint64_t
OspfLan::Drops(size_t n, DropReason reason)
{
    return Engine(n).Drops()[static_cast<size_t>(reason)];
}

uint64_t
OspfLan::AllDrops(size_t n)
{
    const DropCounters& drops = Engine(n).Drops();
    return std::accumulate(drops.begin(), drops.end(), uint64_t{0});
}

std::string
OspfLan::Neighbors(size_t n)
{
    std::string text;
    for (const auto& neighbor : Engine(n).Neighbors(INTERFACE))
    {
        text += text.empty() ? "" : " ";
        text += Name({neighbor.routerId}) + ':' + ToString(neighbor.state);
    }
    return text;
}

std::string
OspfLan::Role(size_t n)
{
    OspfEngine& engine = Engine(n);
    return std::string(ToString(engine.InterfaceState(INTERFACE))) +
           " dr=" + Name(engine.DesignatedRouter(INTERFACE)) +
           " bdr=" + Name(engine.BackupDesignatedRouter(INTERFACE));
}

} // namespace karp
} // namespace ns3
