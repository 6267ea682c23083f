/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-script.h"

#include "karp-ospf-script-lsa.h"

#include "ns3/karp-byte-writer.h"

#include <algorithm>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace karp
{

using namespace ospf_script;

OspfScript::OspfScript() = default;

// ---- the router

void
OspfScript::Interface(const Words& words)
{
    OspfInterfaceConfig config;
    config.index = static_cast<uint32_t>(std::stoul(words.at(1)));
    config.address = Address(config.index, SELF);
    config.authType = OspfAuthType::NONE;
    config.helloJitter = 0;
    config.networkType = words.at(2) == "p2p"       ? OspfNetworkType::POINT_TO_POINT
                         : words.at(2) == "passive" ? OspfNetworkType::STUB
                                                    : OspfNetworkType::BROADCAST;
    config.areaId = static_cast<uint32_t>(std::stoul(Get(words, "area", "0")));
    config.priority = static_cast<uint8_t>(std::stoul(Get(words, "prio", "1")));
    config.mtu = static_cast<uint16_t>(std::stoul(Get(words, "mtu", "1500")));
    m_settings.lsasMax = std::stoul(Get(words, "lsas-max", "65536"));
    config.mtuIgnore = Has(words, "mtu-ignore");
    m_configs[config.index] = config;
    if (Has(words, "no-externals"))
    {
        OspfAreaConfig area;
        area.areaId = config.areaId;
        area.isStub = true;
        m_settings.areas.push_back(area);
    }
}

void
OspfScript::Up()
{
    m_engine = std::make_unique<OspfEngine>(RouterId(SELF), m_keys, m_entropy);
    m_engine->EnableLinkState(m_settings);
    for (const auto& [index, config] : m_configs)
    {
        m_engine->AddInterface(config);
        m_engine->InterfaceUp(index, m_now);
    }
    Drain();
    // What the router says of itself first is due at once.
    Run(m_now + std::chrono::milliseconds(1));
}

void
OspfScript::Drain()
{
    while (const auto transmit = m_engine->PollTransmit())
    {
        Sent sent = Describe(*transmit);
        if (sent[0] == "hello")
        {
            m_hellos[transmit->interface] = sent;
        }
        else
        {
            m_sent.push_back(sent);
        }
    }
    while (m_engine->PollEvent())
    {
    }
}

void
OspfScript::Run(Time until)
{
    while (true)
    {
        Time next = m_engine->NextTimeout().value_or(TIME_MAX);
        Peer* speaker = nullptr;
        for (auto& [name, peer] : m_peers)
        {
            if (peer.due < next)
            {
                next = peer.due;
                speaker = &peer;
            }
        }
        if (next > until)
        {
            break;
        }
        m_now = std::max(m_now, next);
        if (speaker != nullptr)
        {
            Hello(*speaker, speaker->hello);
        }
        else
        {
            m_engine->Advance(m_now);
        }
        Drain();
    }
    m_now = until;
}

// ---- what comes in

OspfScript::Peer&
OspfScript::PeerOf(const std::string& name)
{
    const Words parts = Split(name, '@');
    Peer& peer = m_peers[name];
    peer.n = Number(parts[0]);
    peer.link = parts.size() > 1 ? static_cast<uint32_t>(std::stoul(parts[1])) : 1;
    return peer;
}

Bytes
OspfScript::Begin(const Peer& peer, OspfPacketType type, const Words& words) const
{
    OspfHeader header;
    header.type = type;
    header.routerId = RouterId(Number(Get(words, "id", Name(peer.n))));
    const auto config = m_configs.find(peer.link);
    const uint32_t area = config == m_configs.end() ? 0 : config->second.areaId;
    header.areaId = static_cast<uint32_t>(std::stoul(Get(words, "area", std::to_string(area))));
    header.version = static_cast<uint8_t>(std::stoul(Get(words, "version", "2")));
    header.authType = static_cast<OspfAuthType>(std::stoul(Get(words, "auth", "0")));
    Bytes packet(OSPF_HEADER_SIZE);
    OverwriteOspfHeader(header, packet);
    return packet;
}

void
OspfScript::Inject(const Peer& peer, Bytes packet, const Words& words)
{
    packet[2] = static_cast<uint8_t>(packet.size() >> 8);
    packet[3] = static_cast<uint8_t>(packet.size());
    packet[12] = 0;
    packet[13] = 0;
    const uint16_t checksum = OspfChecksum(packet);
    packet[12] = static_cast<uint8_t>(checksum >> 8);
    packet[13] = static_cast<uint8_t>(checksum ^ (Has(words, "bad-sum") ? 1 : 0));
    const std::string to = Get(words, "to", "all");
    const IpAddress destination = to == "all"   ? ALL_SPF_ROUTERS
                                  : to == "drs" ? ALL_D_ROUTERS
                                                : Address(peer.link, Number(to));
    const std::string from = Get(words, "from", "");
    m_engine->Receive(peer.link,
                      from.empty() ? Address(peer.link, peer.n) : IpAddress{ParseAddress(from)},
                      destination,
                      packet,
                      m_now);
    Drain();
}

void
OspfScript::Hello(Peer& peer, const Words& words)
{
    peer.hello = words;
    peer.due = Has(words, "once") ? TIME_MAX : m_now + std::chrono::seconds(10);
    OspfHello hello;
    hello.networkMask = ParseAddress(Get(words, "mask", "255.255.255.0"));
    hello.helloInterval = 10;
    hello.routerDeadInterval = 40;
    hello.options = static_cast<uint8_t>(std::stoul(Get(words, "options", "2")));
    hello.routerPriority = static_cast<uint8_t>(std::stoul(Get(words, "prio", "1")));
    hello.designatedRouter = Address(peer.link, Number(Get(words, "dr", "r0")));
    hello.backupDesignatedRouter = Address(peer.link, Number(Get(words, "bdr", "r0")));
    if (Has(words, "sees"))
    {
        hello.neighbors.push_back(RouterId(SELF));
    }
    const Bytes head = Begin(peer, OspfPacketType::HELLO, words);
    Bytes packet;
    EncodeOspfHello({}, hello, packet);
    std::copy(head.begin(), head.end(), packet.begin());
    Inject(peer, packet, words);
}

void
OspfScript::Receive(const Words& words)
{
    Peer& peer = PeerOf(words.at(2));
    const std::string& kind = words.at(1);
    if (kind == "hello")
    {
        return Hello(peer, words);
    }
    const OspfPacketType type = kind == "dd"    ? OspfPacketType::DATABASE_DESCRIPTION
                                : kind == "req" ? OspfPacketType::LINK_STATE_REQUEST
                                : kind == "upd" ? OspfPacketType::LINK_STATE_UPDATE
                                                : OspfPacketType::LINK_STATE_ACKNOWLEDGMENT;
    const Words lsas = LsasOf(words);
    Bytes packet = Begin(peer, type, words);
    ByteWriter<Bytes> writer(packet);
    if (kind == "dd")
    {
        const std::string bits = Get(words, "bits", "-");
        writer.U16(static_cast<uint16_t>(std::stoul(Get(words, "mtu", "1500"))));
        writer.U8(static_cast<uint8_t>(std::stoul(Get(words, "options", "2"))));
        writer.U8(static_cast<uint8_t>((bits.find('I') != std::string::npos ? 4 : 0) |
                                       (bits.find('M') != std::string::npos ? 2 : 0) |
                                       (bits.find('S') != std::string::npos ? 1 : 0)));
        writer.U32(Value(Get(words, "seq", "0")));
    }
    else if (kind == "upd")
    {
        writer.U32(static_cast<uint32_t>(lsas.size()));
    }
    for (const std::string& text : lsas)
    {
        const LsaText lsa(text);
        Bytes octets = lsa.Octets();
        if (kind == "req")
        {
            writer.U32(static_cast<uint32_t>(lsa.key.type));
            writer.U32(lsa.key.linkStateId);
            writer.U32(lsa.key.advertisingRouter);
            continue;
        }
        // A header of what the router itself holds is told by "held" in place of a number.
        octets.resize(kind == "upd" ? octets.size() : OSPF_LSA_HEADER_SIZE);
        const OspfLsdb::Entry* held = Has(words, "held") ? Find(text) : nullptr;
        if (held != nullptr)
        {
            octets = held->lsa->octets;
            octets.resize(kind == "upd" ? octets.size() : OSPF_LSA_HEADER_SIZE);
            octets[0] = static_cast<uint8_t>(held->Age(m_now) >> 8);
            octets[1] = static_cast<uint8_t>(held->Age(m_now));
        }
        packet.insert(packet.end(), octets.begin(), octets.end());
    }
    Inject(peer, packet, words);
}

uint32_t
OspfScript::Value(const std::string& text) const
{
    const size_t plus = text.find('+');
    const std::string name = text.substr(0, plus);
    const auto known = m_values.find(name);
    const uint32_t base =
        known != m_values.end() ? known->second : static_cast<uint32_t>(std::stoul(name));
    return base + (plus == std::string::npos
                       ? 0
                       : static_cast<uint32_t>(std::stoul(text.substr(plus + 1))));
}

std::string
OspfScript::Reach(const Words& words)
{
    Peer& peer = PeerOf(words.at(1));
    const std::string& goal = words.at(2);
    Words hello = words;
    hello.push_back("sees");
    if (goal == "Init")
    {
        hello.pop_back();
    }
    Hello(peer, hello);
    const bool isExchanged = goal == "Exchange" || goal == "Loading" || goal == "Full";
    const std::string name = "in dd " + words[1] + " to=us";
    if (isExchanged)
    {
        m_sent.clear();
        const bool isMaster = peer.n > SELF; // the neighbour
        m_values["s"] = isMaster ? 100 : peer.lastSequence;
        Receive(Split(name + (isMaster ? " bits=IMS seq=s" : " bits=M seq=s")));
        ++m_values["s"];
        if (goal != "Exchange")
        {
            m_sent.clear();
            Receive(
                Split(name + (isMaster ? " bits=S" : " bits=-") + " seq=s " + Join(LsasOf(words))));
        }
    }
    return Check({"state", words[1], goal});
}

void
OspfScript::Administer(const Words& words)
{
    const std::string& what = words[0];
    if (what == "silent")
    {
        PeerOf(words.at(1)).due = TIME_MAX;
        return;
    }
    if (what == "external" || what == "no-external")
    {
        OspfExternalRoute route;
        route.address.value = ParseAddress(words.at(1));
        route.mask = 0xffffff00;
        if (what == "external")
        {
            m_engine->AddExternal(route, m_now);
        }
        else
        {
            m_engine->RemoveExternal(route.address, route.mask, m_now);
        }
        return Drain();
    }
    const auto index = static_cast<uint32_t>(std::stoul(words.at(1)));
    if (what == "if-down")
    {
        m_engine->InterfaceDown(index, m_now);
    }
    else if (what == "if-up")
    {
        m_engine->InterfaceUp(index, m_now);
    }
    else if (what == "cost")
    {
        m_engine->SetCost(index, static_cast<uint16_t>(std::stoul(words.at(2))), m_now);
    }
    else
    {
        throw std::invalid_argument("no command " + what);
    }
    Drain();
}

std::string
OspfScript::Do(const std::string& line)
{
    const Words words = Split(line);
    const std::string& what = words.at(0);
    if (what == "out")
    {
        return Out(words);
    }
    if (what == "quiet")
    {
        return m_sent.empty() ? "" : "sent was: " + Join(m_sent.front());
    }
    static const Words CHECKS{"state", "address", "role", "drops", "lacks", "holds", "says"};
    if (Has(CHECKS, what))
    {
        return Check(words);
    }
    m_sent.clear();
    if (what == "reach")
    {
        return Reach(words);
    }
    if (what == "interface")
    {
        Interface(words);
    }
    else if (what == "up")
    {
        Up();
    }
    else if (what == "in")
    {
        Receive(words);
    }
    else if (what == "time")
    {
        Run(m_now + FromSeconds(std::stod(words.at(1))));
    }
    else
    {
        Administer(words);
    }
    return "";
}

} // namespace karp
} // namespace ns3
