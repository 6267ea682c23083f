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

namespace
{

constexpr size_t HISTORY = 12; //!< events shown with a violation

} // namespace

MrkmpLan::MrkmpLan(uint64_t seed)
    : m_watch(monitor),
      m_entropy(seed),
      m_test(Sentence::Current())
{
    InvariantSettings settings;
    settings.timers = RecoveryTimers::Of(FastConfig());
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
    m_watch.Boot(node, index, node.entropy, now);
    Pump(node, index);
}

void
MrkmpLan::Crash(size_t index)
{
    m_watch.Crash(*nodes[index], index, now);
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
        m_watch.Receive(node, to, datagram, now);
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
        const std::string wrong = m_watch.Apply(node, index, *event, now);
        if (!wrong.empty())
        {
            violations.push_back(wrong);
        }
        node.events.push_back(std::move(*event));
        node.eventTimes.push_back(now);
    }
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
    std::vector<WatchedRouter*> routers;
    routers.reserve(nodes.size());
    for (const auto& node : nodes)
    {
        routers.push_back(node.get());
    }
    const auto isCut = [this](size_t from, size_t to) { return m_cut.count({from, to}) != 0; };
    for (size_t i = 0; i < nodes.size(); ++i)
    {
        if (const KeyRow* key = EngineWatch::SendKey(*nodes[i], now))
        {
            m_watch.TrySend(routers, i, *key, nodes[i]->nextSequence++, isCut, now);
        }
    }
    Collect();
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
