/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-lan.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

using namespace std::chrono_literals;

MrkmpLan::MrkmpLan(uint64_t seed)
    : m_entropy(seed)
{
}

MrkmpConfig
MrkmpLan::FastConfig()
{
    MrkmpConfig config;
    config.groupName = "g0";
    config.election.advertInterval = 1s;
    config.keys.kekSuite = *ParseCipherSuite("aes128gcm16-prfsha256-x25519");
    config.session.suites = {config.keys.kekSuite};
    config.keys.kekLifetime = 60s;
    config.keys.pmkOverrun = 30s;
    config.keys.lead = 5s;
    config.keys.overlap = 5s;
    config.updateInterval = 5s;
    return config;
}

MrkmpLan::Node&
MrkmpLan::Add(uint8_t priority, const std::string& psk)
{
    auto node = std::make_unique<Node>();
    const auto number = static_cast<uint32_t>(nodes.size());
    node->name = "r" + std::to_string(number);
    node->config = FastConfig();
    node->config.address = IpAddress{0x0a000001 + number};
    node->config.election.priority = priority;
    node->entropy = TestEntropy(m_entropy.DrawU64());
    node->credentials = std::make_shared<GroupPskCredentials>(Identity::OfName(node->name),
                                                              SecretBytes(psk.begin(), psk.end()));
    nodes.push_back(std::move(node));
    return *nodes.back();
}

void
MrkmpLan::Boot(size_t index)
{
    Node& node = *nodes[index];
    node.engine = std::make_unique<MrkmpEngine>(node.config, node.credentials, node.entropy);
    node.engine->Join(now);
    Pump(node, index);
}

void
MrkmpLan::Crash(size_t index)
{
    nodes[index]->engine.reset();
    nodes[index]->table = KeyTable();
}

void
MrkmpLan::BootAll()
{
    for (size_t i = 0; i < nodes.size(); ++i)
    {
        Boot(i);
    }
}

std::optional<Time>
MrkmpLan::NextEvent() const
{
    std::optional<Time> next;
    if (!m_onWire.empty())
    {
        next = m_onWire.begin()->first;
    }
    for (const auto& node : nodes)
    {
        next = Earlier(next, node->engine ? node->engine->NextTimeout() : std::nullopt);
    }
    return next;
}

void
MrkmpLan::RunUntil(Time end)
{
    RunUntil(end, []() { return false; });
}

bool
MrkmpLan::RunUntil(Time end, const std::function<bool()>& done)
{
    while (!done())
    {
        const auto next = NextEvent();
        if (!next || *next > end)
        {
            now = end;
            return done();
        }
        now = std::max(now, *next);
        while (!m_onWire.empty() && m_onWire.begin()->first <= now)
        {
            const auto [to, datagram] = m_onWire.begin()->second;
            m_onWire.erase(m_onWire.begin());
            Inject(to, datagram);
        }
        for (size_t i = 0; i < nodes.size(); ++i)
        {
            Node& node = *nodes[i];
            const auto due = node.engine ? node.engine->NextTimeout() : std::nullopt;
            if (due && *due <= now)
            {
                node.engine->Advance(now);
                Pump(node, i);
            }
        }
        CheckKeys();
    }
    return true;
}

void
MrkmpLan::Inject(size_t to, const Datagram& datagram)
{
    Node& node = *nodes[to];
    if (node.engine)
    {
        node.engine->Receive(datagram, now);
        Pump(node, to);
    }
}

void
MrkmpLan::Do(size_t index, const std::function<void(MrkmpEngine&)>& what)
{
    what(*nodes[index]->engine);
    Pump(*nodes[index], index);
}

void
MrkmpLan::Pump(Node& node, size_t index)
{
    while (auto datagram = node.engine->PollTransmit())
    {
        sent.push_back({now, index, *datagram, *PeekIkeHeader(datagram->payload)});
        for (size_t to = 0; to < nodes.size(); ++to)
        {
            const bool wanted = datagram->destination.IsMulticast() ||
                                datagram->destination == nodes[to]->config.address;
            if (to == index || !wanted || (drop && drop(index, to, *datagram)) ||
                (loss > 0 && m_entropy.DrawUnit() < loss))
            {
                continue;
            }
            m_onWire.insert({now + DELAY, {to, *datagram}});
        }
    }
    while (auto event = node.engine->PollEvent())
    {
        Apply(node, *event);
        node.events.push_back(std::move(*event));
        node.eventTimes.push_back(now);
    }
}

void
MrkmpLan::Apply(Node& node, const MrkmpEvent& event)
{
    if (const auto* installed = std::get_if<MrkmpEvent::KeyInstalled>(&event.what))
    {
        const auto& row = installed->row;
        const auto result = installed->update
                                ? node.table.SetLifetimes(row.adminKeyName, row.lifetimes)
                                : node.table.Insert(row);
        if (result != KeyTable::Result::OK)
        {
            violations.push_back(node.name + " cannot install " + row.adminKeyName);
        }
    }
    else if (const auto* retired = std::get_if<MrkmpEvent::KeyRetired>(&event.what))
    {
        node.table.Delete(retired->adminKeyName);
    }
}

void
MrkmpLan::CheckKeys()
{
    std::vector<const KeyRow*> rows;
    for (const auto& sender : nodes)
    {
        const KeyRow* key =
            sender->engine ? sender->table.SelectSend(KeyProtocol::OSPFV2, 0, now) : nullptr;
        if (key == nullptr)
        {
            continue;
        }
        for (const auto& receiver : nodes)
        {
            if (!receiver->engine || receiver->table.Size() == 0)
            {
                continue;
            }
            receiver->table.LookupAccept(KeyProtocol::OSPFV2, 0, key->LocalKeyId(), now, rows);
            const bool held = std::any_of(rows.begin(), rows.end(), [key](const KeyRow* row) {
                return row->key == key->key;
            });
            if (!held)
            {
                violations.push_back(sender->name + " sends with " + key->adminKeyName +
                                     ", which " + receiver->name + " lacks, at " +
                                     std::to_string(ToSeconds(now)));
            }
        }
    }
}

size_t
MrkmpLan::Count(GcksRole role) const
{
    return static_cast<size_t>(std::count_if(nodes.begin(), nodes.end(), [role](const auto& node) {
        return node->engine && node->engine->Role() == role;
    }));
}

int
MrkmpLan::Gcks() const
{
    int found = -1;
    for (size_t i = 0; i < nodes.size(); ++i)
    {
        if (nodes[i]->engine && nodes[i]->engine->Role() == GcksRole::GCKS)
        {
            if (found >= 0)
            {
                return -1;
            }
            found = static_cast<int>(i);
        }
    }
    return found;
}

bool
MrkmpLan::Settled() const
{
    const int gcks = Gcks();
    if (gcks < 0)
    {
        return false;
    }
    const MrkmpEngine& server = *nodes[static_cast<size_t>(gcks)]->engine;
    return std::all_of(nodes.begin(), nodes.end(), [&](const auto& node) {
        return !node->engine ||
               (node->engine->Gcks() == server.Gcks() && node->engine->IsRegistered() &&
                node->engine->CurrentKekId(now) == server.CurrentKekId(now));
    });
}

std::string
MrkmpLan::SendKeys() const
{
    std::string words;
    for (const auto& node : nodes)
    {
        if (!node->engine)
        {
            continue;
        }
        const KeyRow* key = node->table.SelectSend(KeyProtocol::OSPFV2, 0, now);
        const std::string word = key != nullptr ? key->adminKeyName : "none";
        if (words.find(word) == std::string::npos)
        {
            words += (words.empty() ? "" : " ") + word;
        }
    }
    return words;
}

size_t
MrkmpLan::CountSent(IkeExchange exchange) const
{
    return static_cast<size_t>(std::count_if(sent.begin(), sent.end(), [exchange](const Sent& s) {
        return s.header.exchange == exchange;
    }));
}

} // namespace karp
} // namespace ns3
