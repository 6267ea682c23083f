/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-lan.h"

#include "ns3/karp-hash.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

using namespace std::chrono_literals;

namespace
{

constexpr size_t HISTORY = 12; //!< events shown with a violation

/** \return \p row as everybody may call it */
KeyTag
TagOf(const KeyRow& row)
{
    const Bytes digest = Sha256(row.key);
    uint64_t print = 0;
    for (size_t i = 0; i < sizeof(print); ++i)
    {
        print = print << 8 | digest[i];
    }
    return {false, row.LocalKeyId(), print};
}

/** \return \p event in a few words; empty if it is of no interest */
std::string
WordsOf(const MrkmpEvent& event)
{
    if (const auto* role = std::get_if<MrkmpEvent::RoleChanged>(&event.what))
    {
        return std::string(ToString(role->from)) + " -> " + ToString(role->to) + " (" +
               role->cause + ")";
    }
    if (const auto* kek = std::get_if<MrkmpEvent::KekChanged>(&event.what))
    {
        return kek->what + (" " + KeyTag{true, kek->keyId, 0}.ToString());
    }
    if (const auto* key = std::get_if<MrkmpEvent::KeyInstalled>(&event.what))
    {
        return (key->update ? "update " : "install ") + key->row.adminKeyName;
    }
    if (const auto* key = std::get_if<MrkmpEvent::KeyRetired>(&event.what))
    {
        return "retire " + key->adminKeyName;
    }
    if (const auto* join = std::get_if<MrkmpEvent::JoinDone>(&event.what))
    {
        return "join " + join->gcks.ToString() + (join->ok ? " done" : ": " + join->failure);
    }
    if (const auto* drop = std::get_if<MrkmpEvent::Dropped>(&event.what))
    {
        return std::string("drop ") + ToString(drop->drop.reason) + " of " +
               drop->drop.peer.ToString();
    }
    return "";
}

} // namespace

MrkmpLan::MrkmpLan(uint64_t seed)
    : m_entropy(seed),
      m_test(Sentence::Current())
{
    InvariantSettings settings;
    const MrkmpConfig config = FastConfig();
    settings.timers.advert = config.election.advertInterval;
    settings.timers.evictLead = config.evictLead;
    settings.timers.retransmitFirst = config.session.retransmit.first;
    settings.strictKeyDrop = true;
    monitor.Configure(settings);
    monitor.SetHistory([this]() { return History(); });
}

MrkmpLan::~MrkmpLan()
{
    Collect();
    if (m_test != nullptr)
    {
        m_test->Same(violations.empty() ? std::string() : violations.front(), std::string());
    }
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
    const auto trust = m_trust.emplace(psk, static_cast<uint32_t>(m_trust.size())).first;
    monitor.AddRouter(node->name, trust->second);
    nodes.push_back(std::move(node));
    return *nodes.back();
}

void
MrkmpLan::Boot(size_t index)
{
    Node& node = *nodes[index];
    if (node.config.bootId == 0 || node.config.bootId != node.lastBootId)
    {
        node.nextSequence = 0; // they are lost
    }
    node.lastBootId = node.config.bootId;
    monitor.Boot(static_cast<uint32_t>(index), now);
    node.engine = std::make_unique<MrkmpEngine>(node.config, node.credentials, node.entropy);
    node.engine->Join(now);
    Pump(node, index);
}

void
MrkmpLan::Crash(size_t index)
{
    Node& node = *nodes[index];
    monitor.Crash(static_cast<uint32_t>(index), true, now);
    node.engine.reset();
    node.table = KeyTable();
    node.tags.clear();
    node.sessions.clear();
}

void
MrkmpLan::Cut(const std::vector<size_t>& a, const std::vector<size_t>& b, bool oneWay)
{
    for (const size_t from : a)
    {
        for (const size_t to : b)
        {
            m_cut.insert({from, to});
            monitor.Cut(static_cast<uint32_t>(from), static_cast<uint32_t>(to), now);
            if (!oneWay)
            {
                m_cut.insert({to, from});
                monitor.Cut(static_cast<uint32_t>(to), static_cast<uint32_t>(from), now);
            }
        }
    }
}

void
MrkmpLan::Heal()
{
    for (const auto& [from, to] : m_cut)
    {
        monitor.Heal(static_cast<uint32_t>(from), static_cast<uint32_t>(to), now);
    }
    m_cut.clear();
}

bool
MrkmpLan::Evict(size_t gcks, size_t member)
{
    bool done = false;
    Do(gcks, [&](MrkmpEngine& engine) {
        done = engine.Evict(Identity::OfName(nodes[member]->name), now);
    });
    if (done)
    {
        monitor.Evict(static_cast<uint32_t>(member), now);
    }
    return done;
}

void
MrkmpLan::TurnOff(Invariant invariant)
{
    InvariantSettings settings = monitor.Settings();
    settings.TurnOff(invariant);
    monitor.Configure(settings);
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
        WatchFaults();
        const auto next = NextEvent();
        if (!next || *next > end)
        {
            now = end;
            monitor.Advance(now);
            Collect();
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
        Check();
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
        for (const auto& list : node.engine->Lists())
        {
            monitor.List(static_cast<uint32_t>(to), list.name, list.size, list.bound, now);
        }
        Pump(node, to);
    }
}

void
MrkmpLan::Do(size_t index, const std::function<void(MrkmpEngine&)>& what)
{
    monitor.Disturb(now);
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
            if (to == index || !wanted || m_cut.count({index, to}) != 0 ||
                (drop && drop(index, to, *datagram)) || (loss > 0 && m_entropy.DrawUnit() < loss))
            {
                continue;
            }
            m_onWire.insert({now + DELAY, {to, *datagram}});
        }
    }
    while (auto event = node.engine->PollEvent())
    {
        Apply(node, index, *event);
        node.events.push_back(std::move(*event));
        node.eventTimes.push_back(now);
    }
}

void
MrkmpLan::Apply(Node& node, size_t index, const MrkmpEvent& event)
{
    const auto router = static_cast<uint32_t>(index);
    if (const auto* role = std::get_if<MrkmpEvent::RoleChanged>(&event.what))
    {
        monitor.SetRole(router, role->to, now);
    }
    else if (const auto* message = std::get_if<MrkmpEvent::GroupMessage>(&event.what))
    {
        const KeyTag kek{true, message->kekId, 0};
        if (message->sent)
        {
            monitor.Send(router, kek, message->sequence, now);
        }
        else
        {
            monitor.Accept(router, kek, now);
        }
    }
    else if (const auto* session = std::get_if<MrkmpEvent::Session>(&event.what))
    {
        CountSession(node, index, session->event);
    }
    else
    {
        ApplyKey(node, index, event);
    }
}

void
MrkmpLan::ApplyKey(Node& node, size_t index, const MrkmpEvent& event)
{
    const auto router = static_cast<uint32_t>(index);
    if (const auto* kek = std::get_if<MrkmpEvent::KekChanged>(&event.what))
    {
        const KeyTag tag{true, kek->keyId, 0};
        if (std::string(kek->what) == "retire")
        {
            monitor.DropKey(router, tag, now);
        }
        else
        {
            monitor.HoldKey(router, tag, kek->lifetimes, now);
        }
    }
    else if (const auto* installed = std::get_if<MrkmpEvent::KeyInstalled>(&event.what))
    {
        const auto& row = installed->row;
        const auto result = installed->update
                                ? node.table.SetLifetimes(row.adminKeyName, row.lifetimes)
                                : node.table.Insert(row);
        if (result != KeyTable::Result::OK)
        {
            violations.push_back(node.name + " cannot install " + row.adminKeyName);
        }
        const KeyTag tag = TagOf(row);
        node.tags[row.adminKeyName] = tag;
        monitor.HoldKey(router, tag, row.lifetimes, now);
    }
    else if (const auto* retired = std::get_if<MrkmpEvent::KeyRetired>(&event.what))
    {
        node.table.Delete(retired->adminKeyName);
        monitor.DropKey(router, node.tags[retired->adminKeyName], now);
    }
}

void
MrkmpLan::CountSession(Node& node, size_t index, const SessionEvent& event)
{
    if (event.kind != SessionEvent::Kind::STATE)
    {
        return;
    }
    const auto router = static_cast<uint32_t>(index);
    if (event.from != "idle")
    {
        --node.sessions[event.from];
    }
    if (event.to != "closed")
    {
        ++node.sessions[event.to];
    }
    uint64_t all = 0;
    for (const auto& state : node.sessions)
    {
        all += state.second;
    }
    const SessionConfig& config = node.config.session;
    monitor.List(router, "associations", all, config.sessionsMax, now);
    monitor.List(router,
                 "half-open associations",
                 node.sessions["half_open"],
                 config.halfOpenMax,
                 now);
}

// Tests may lose what they like by `drop` and `loss`: faults whose extent nobody knows.
void
MrkmpLan::WatchFaults()
{
    const bool impaired = drop != nullptr || loss > 0;
    if (impaired != m_impaired)
    {
        m_impaired = impaired;
        monitor.SetImpaired(impaired, now);
    }
}

void
MrkmpLan::Check()
{
    monitor.Advance(now);
    for (size_t i = 0; i < nodes.size(); ++i)
    {
        Node& node = *nodes[i];
        const KeyRow* key =
            node.engine ? node.table.SelectSend(KeyProtocol::OSPFV2, 0, now) : nullptr;
        if (key != nullptr)
        {
            monitor.Send(static_cast<uint32_t>(i),
                         node.tags[key->adminKeyName],
                         node.nextSequence++,
                         now);
            CheckKeys(i, *key);
        }
    }
    Collect();
}

void
MrkmpLan::CheckKeys(size_t sender, const KeyRow& key)
{
    std::vector<const KeyRow*> rows;
    for (size_t to = 0; to < nodes.size(); ++to)
    {
        const Node& receiver = *nodes[to];
        const bool cut = m_cut.count({sender, to}) != 0;
        if (to == sender || cut || !receiver.engine || receiver.table.Size() == 0)
        {
            continue;
        }
        receiver.table.LookupAccept(KeyProtocol::OSPFV2, 0, key.LocalKeyId(), now, rows);
        const auto held = std::find_if(rows.begin(), rows.end(), [&key](const KeyRow* row) {
            return row->key == key.key;
        });
        if (held == rows.end())
        {
            monitor.Refuse(static_cast<uint32_t>(to),
                           static_cast<uint32_t>(sender),
                           key.adminKeyName,
                           now);
        }
        else
        {
            monitor.Accept(static_cast<uint32_t>(to), receiver.tags.at((*held)->adminKeyName), now);
            receiver.engine->Heard((*held)->adminKeyName, nodes[sender]->config.address);
        }
    }
}

// The monitor keeps violations as records, tests want to read them.
void
MrkmpLan::Collect()
{
    for (const auto& violation : monitor.Violations())
    {
        std::string text = monitor.ToText(violation);
        for (const auto& line : violation.history)
        {
            text += "\n    " + line;
        }
        violations.push_back(std::move(text));
    }
    monitor.Clear();
}

std::vector<std::string>
MrkmpLan::History() const
{
    std::vector<std::pair<Time, std::string>> lines;
    for (const auto& node : nodes)
    {
        size_t found = 0;
        for (size_t i = node->events.size(); i > 0 && found < HISTORY; --i)
        {
            const std::string words = WordsOf(node->events[i - 1]);
            if (!words.empty())
            {
                ++found;
                lines.emplace_back(node->eventTimes[i - 1],
                                   std::to_string(ToSeconds(node->eventTimes[i - 1])) + " " +
                                       node->name + ": " + words);
            }
        }
    }
    std::stable_sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) {
        return a.first < b.first;
    });
    std::vector<std::string> last;
    for (size_t i = lines.size() > HISTORY ? lines.size() - HISTORY : 0; i < lines.size(); ++i)
    {
        last.push_back(lines[i].second);
    }
    return last;
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
