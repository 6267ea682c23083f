/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-script.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp-test
 * What a script expects, and how it differs from what the router does.
 */

namespace ns3
{
namespace karp
{

using namespace ospf_script;

namespace
{

/** \return whether \p actual, an LSA, begins with the parts of \p expected */
bool
IsInstance(const std::string& expected, const std::string& actual)
{
    return actual == expected || actual.rfind(expected + ":", 0) == 0;
}

/** Add to \p sent what kind of packet \p view is and the LSAs it names or carries. */
void
DescribeLsas(const OspfPacketView& view, Words& sent)
{
    std::vector<OspfLsaHeader> headers;
    if (view.header.type == OspfPacketType::LINK_STATE_REQUEST)
    {
        std::vector<OspfLsaKey> keys;
        DecodeOspfRequest(view.body, keys);
        sent[0] = "req";
        for (const auto& key : keys)
        {
            OspfLsaHeader header;
            header.key = key;
            sent.push_back(ToText(header, false));
        }
        return;
    }
    if (view.header.type == OspfPacketType::LINK_STATE_UPDATE)
    {
        std::vector<ByteView> lsas;
        DecodeOspfUpdate(view.body, lsas);
        sent[0] = "upd";
        for (const ByteView lsa : lsas)
        {
            ByteReader reader(lsa);
            headers.push_back(DecodeOspfLsaHeader(reader));
        }
    }
    else
    {
        sent[0] = "ack";
        DecodeOspfAcknowledgment(view.body, headers);
    }
    for (const auto& header : headers)
    {
        sent.push_back(ToText(header));
    }
}

} // namespace

OspfScript::Sent
OspfScript::Describe(const OspfTransmit& transmit)
{
    const auto decoded = DecodeOspfPacket(*transmit.packet);
    const auto& view = std::get<OspfPacketView>(decoded);
    const std::string to = transmit.destination == ALL_SPF_ROUTERS ? "all"
                           : transmit.destination == ALL_D_ROUTERS
                               ? "drs"
                               : Name(transmit.destination.value & 0xff);
    Sent sent{"?", "on=" + std::to_string(transmit.interface), "to=" + to};
    switch (view.header.type)
    {
    case OspfPacketType::DATABASE_DESCRIPTION: {
        OspfDatabaseDescription dd;
        DecodeOspfDatabaseDescription(view.body, dd);
        sent[0] = "dd";
        const std::string bits =
            std::string(dd.isInit ? "I" : "") + (dd.isMore ? "M" : "") + (dd.isMaster ? "S" : "");
        sent.push_back("bits=" + (bits.empty() ? "-" : bits));
        sent.push_back("seq=" + std::to_string(dd.sequence));
        sent.push_back("mtu=" + std::to_string(dd.interfaceMtu));
        sent.push_back("options=" + std::to_string(dd.options));
        for (const auto& header : dd.headers)
        {
            sent.push_back(ToText(header));
        }
        for (auto& [name, peer] : m_peers)
        {
            const bool isIt = to == "all" || transmit.destination == Address(peer.link, peer.n);
            peer.lastSequence =
                isIt && peer.link == transmit.interface ? dd.sequence : peer.lastSequence;
        }
        break;
    }
    case OspfPacketType::LINK_STATE_REQUEST:
    case OspfPacketType::LINK_STATE_UPDATE:
    case OspfPacketType::LINK_STATE_ACKNOWLEDGMENT:
        DescribeLsas(view, sent);
        break;
    default: {
        OspfHello hello;
        DecodeOspfHello(view.body, hello);
        sent[0] = "hello";
        sent.push_back("options=" + std::to_string(hello.options));
        sent.push_back("sees=" + std::to_string(hello.neighbors.size()));
    }
    }
    return sent;
}

std::string
OspfScript::Out(const Words& words)
{
    Sent sent;
    if (words.at(1) == "hello")
    {
        sent = m_hellos[static_cast<uint32_t>(std::stoul(Get(words, "on", "1")))];
    }
    else if (!m_sent.empty())
    {
        sent = m_sent.front();
        m_sent.pop_front();
    }
    if (sent.empty() || sent[0] != words[1])
    {
        return "sent was: " + (sent.empty() ? "nothing" : Join(sent));
    }
    for (size_t i = 2; i < words.size(); ++i)
    {
        const size_t equals = words[i].find('=');
        if (equals == std::string::npos)
        {
            continue;
        }
        const std::string key = words[i].substr(0, equals);
        std::string value = words[i].substr(equals + 1);
        const std::string actual = Get(sent, key, "");
        if (key == "seq" && value[0] == '?')
        {
            m_values[value.substr(1)] = static_cast<uint32_t>(std::stoul(actual));
            continue;
        }
        value = key == "seq" ? std::to_string(Value(value)) : value;
        if (value != actual)
        {
            return "sent was: " + Join(sent);
        }
    }
    const Words expected = LsasOf(words);
    const Words actual = LsasOf(sent);
    const bool isSame =
        std::equal(expected.begin(), expected.end(), actual.begin(), actual.end(), IsInstance);
    return isSame || Has(words, "...") ? "" : "sent was: " + Join(sent);
}

const OspfLsdb::Entry*
OspfScript::Find(const std::string& text) const
{
    const LsaText lsa(text);
    if (lsa.key.type == OspfLsaType::AS_EXTERNAL)
    {
        return m_engine->LinkState()->Externals().Find(lsa.key);
    }
    for (const auto& [index, config] : m_configs)
    {
        const auto* entry = m_engine->LinkState()->Database(config.areaId)->Find(lsa.key);
        if (entry != nullptr)
        {
            return entry;
        }
    }
    return nullptr;
}

std::string
OspfScript::Check(const Words& words)
{
    std::string actual = "none";
    if (words[0] == "state" || words[0] == "address")
    {
        const Peer& peer = PeerOf(words.at(1));
        for (const auto& info : m_engine->Neighbors(peer.link))
        {
            const std::string found =
                words[0] == "state" ? ToString(info.state) : info.address.ToString();
            actual = info.routerId == RouterId(peer.n) ? found : actual;
        }
        return actual == words.at(2) ? "" : words[1] + " is " + actual;
    }
    if (words[0] == "role")
    {
        const auto index = static_cast<uint32_t>(std::stoul(words.at(1)));
        actual = ToString(m_engine->InterfaceState(index));
        return actual == words.at(2) ? "" : "role is " + actual;
    }
    if (words[0] == "drops")
    {
        std::string text;
        for (size_t i = 0; i < m_engine->Drops().size(); ++i)
        {
            if (m_engine->Drops()[i] != 0)
            {
                text += (text.empty() ? "" : " ") +
                        std::string(ToString(static_cast<DropReason>(i))) + "=" +
                        std::to_string(m_engine->Drops()[i]);
            }
        }
        text = text.empty() ? "none" : text;
        return text == Join({words.begin() + 1, words.end()}) ? "" : "drops are " + text;
    }
    const OspfLsdb::Entry* entry = Find(words.at(1));
    if (words[0] == "lacks")
    {
        return entry == nullptr ? "" : "holds " + ToText(entry->Header(m_now));
    }
    if (entry == nullptr)
    {
        return "holds no " + words[1];
    }
    if (words[0] == "holds")
    {
        actual = ToText(entry->Header(m_now));
        return IsInstance(words[1], actual) ? "" : "holds " + actual;
    }
    const std::string text = karp::Describe(*entry->lsa);
    const size_t length = text.find(" length=");
    actual = text.substr(text.find(' ', length + 1) + 1);
    return actual == Join({words.begin() + 2, words.end()}) ? "" : "says " + actual;
}

} // namespace karp
} // namespace ns3
