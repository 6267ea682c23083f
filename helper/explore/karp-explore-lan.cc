/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-explore-lan.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

using namespace std::chrono_literals;

namespace
{

constexpr Time DELAY = 50us;             //!< on the wire
constexpr Time LATE = 700ms;             //!< of what comes late
constexpr Time REPLAY = 12s;             //!< after which a copy is old
constexpr Time REBOOT = 300ms;           //!< from crash to start
constexpr Time OUTAGE = 12s;             //!< the same, or of a cut
constexpr Time AFTERWARDS = 1s;          //!< watched beyond the monitor's patience
constexpr uint32_t ADDRESS = 0x0a000001; //!< of r0

/** \return whether \p datagram is a group's */
bool
IsMulticast(const Datagram& datagram)
{
    return datagram.destination.IsMulticast();
}

} // namespace

ExploreLan::ExploreLan(const ExploreSettings& settings, bool record)
    : m_settings(settings),
      m_record(record),
      m_watch(m_monitor),
      m_left(settings.budget)
{
    m_monitor.Configure(settings.Watch());
    SeededEntropy seeds(settings.seed);
    for (size_t i = 0; i < settings.routers; ++i)
    {
        auto node = std::make_unique<Node>();
        node->name = "r" + std::to_string(i);
        node->config = settings.config;
        node->config.address = IpAddress{ADDRESS + static_cast<uint32_t>(i)};
        node->config.election.priority = settings.priorities[i];
        node->config.bootId = 1;
        node->entropy = SeededEntropy(seeds.DrawU64());
        const std::string secret = "secret";
        node->credentials =
            std::make_shared<GroupPskCredentials>(Identity::OfName(node->name),
                                                  SecretBytes(secret.begin(), secret.end()));
        m_monitor.AddRouter(node->name);
        m_nodes.push_back(std::move(node));
    }
    for (size_t i = 0; i < m_nodes.size(); ++i)
    {
        Boot(i);
    }
    m_actor = ExploreEvent::NOBODY;
}

ExploreLan::~ExploreLan() = default;

bool
ExploreLan::IsOver() const
{
    return m_over;
}

std::string
ExploreLan::Violation() const
{
    return m_violation;
}

std::vector<std::string>
ExploreLan::Names() const
{
    std::vector<std::string> names;
    for (const auto& node : m_nodes)
    {
        names.push_back(node->name);
    }
    return names;
}

// ---- what comes next

ExploreLan::Next
ExploreLan::FindNext() const
{
    Next next{Next::Kind::END, EndOfRun(), 0};
    const auto consider = [&next](Next::Kind kind, std::optional<Time> at, size_t router) {
        if (at && (*at < next.at || (*at == next.at && kind < next.kind)))
        {
            next = {kind, *at, router};
        }
    };
    if (!m_wire.empty())
    {
        consider(Next::Kind::MESSAGE, m_wire.front().at, m_wire.front().to);
    }
    for (size_t i = 0; i < m_nodes.size(); ++i)
    {
        const Node& node = *m_nodes[i];
        consider(Next::Kind::BOOT, node.bootAt, i);
        consider(Next::Kind::HEAL, node.healAt, i);
        consider(Next::Kind::TIMER, node.engine ? node.engine->NextTimeout() : std::nullopt, i);
    }
    next.at = std::max(next.at, m_now);
    return next;
}

Time
ExploreLan::EndOfRun() const
{
    Time end = std::max(m_settings.window, m_monitor.Deadline());
    for (const auto& node : m_nodes)
    {
        // They come back first, which is news to the monitor.
        if (node->bootAt || node->healAt)
        {
            return TIME_MAX;
        }
    }
    return end + AFTERWARDS;
}

void
ExploreLan::Step()
{
    const Next next = FindNext();
    m_now = next.at;
    m_actor = next.router;
    m_dull = true;
    switch (next.kind)
    {
    case Next::Kind::MESSAGE:
        Deliver();
        break;
    case Next::Kind::BOOT:
        Boot(next.router);
        break;
    case Next::Kind::HEAL:
        Heal(next.router);
        break;
    case Next::Kind::TIMER:
        m_nodes[next.router]->engine->Advance(m_now);
        Pump(next.router);
        break;
    default:
        Finish();
        break;
    }
    Check();
}

void
ExploreLan::Deliver()
{
    const Message message = std::move(m_wire.front());
    m_wire.pop_front();
    Node& node = *m_nodes[message.to];
    if (message.fate[0] != '\0')
    {
        Impair();
    }
    const bool gone = !node.engine || IsCut(message.from, message.to);
    const size_t line = m_events.size();
    TellMessage(message, gone ? "lost" : message.fate, false);
    if (gone)
    {
        m_actor = ExploreEvent::NOBODY;
        return;
    }
    m_watch.Receive(node, message.to, message.datagram, m_now);
    Pump(message.to);
    if (m_record)
    {
        m_events[line].dull = m_dull && message.fate[0] == '\0' && IsMulticast(message.datagram);
    }
}

// ---- what may be otherwise

std::vector<std::string>
ExploreLan::Deviations() const
{
    std::vector<std::string> names;
    if (m_now >= m_settings.window || m_over)
    {
        return names;
    }
    const Next next = FindNext();
    if (m_actor != ExploreEvent::NOBODY && m_left.crashes > 0 && m_nodes[m_actor]->engine)
    {
        names.push_back("reboot" + std::to_string(m_actor));
        names.push_back("outage" + std::to_string(m_actor));
    }
    if (next.kind != Next::Kind::MESSAGE)
    {
        return names;
    }
    const Message& message = m_wire.front();
    if (!m_nodes[message.to]->engine || IsCut(message.from, message.to))
    {
        return names;
    }
    if (m_left.cuts > 0)
    {
        names.push_back("cut" + std::to_string(message.from));
    }
    if (m_left.oneWay > 0 && !m_nodes[message.from]->healAt)
    {
        names.push_back("mute" + std::to_string(message.from));
    }
    if (m_left.oneWay > 0 && !m_nodes[message.to]->healAt)
    {
        names.push_back("deaf" + std::to_string(message.to));
    }
    if (m_left.losses > 0)
    {
        names.emplace_back("lose");
    }
    if (m_left.delays > 0 && message.fate[0] == '\0')
    {
        const bool another =
            std::any_of(std::next(m_wire.begin()), m_wire.end(), [&message](const Message& other) {
                return other.to == message.to && other.at <= message.at + DELAY;
            });
        names.emplace_back("late");
        if (another)
        {
            names.emplace_back("swap");
        }
    }
    if (m_left.duplicates > 0 && !message.copied)
    {
        names.emplace_back("copy");
        names.emplace_back("replay");
    }
    return names;
}

void
ExploreLan::Deviate(const std::string& name)
{
    const auto router = static_cast<size_t>(name.back() - '0');
    const std::string kind = router < m_nodes.size() ? name.substr(0, name.size() - 1) : name;
    m_dull = false;
    ++m_faults;
    if (kind == "reboot" || kind == "outage")
    {
        Crash(router, kind == "reboot" ? REBOOT : OUTAGE);
        Check();
        return;
    }
    if (kind == "cut" || kind == "mute" || kind == "deaf")
    {
        CutOff(router, OUTAGE, kind == "mute", kind == "deaf");
        return;
    }
    Message message = m_wire.front();
    m_now = std::max(m_now, message.at);
    m_monitor.Advance(m_now);
    Impair();
    if (kind == "copy" || kind == "replay")
    {
        --m_left.duplicates;
        m_wire.front().copied = true;
        message.copied = true;
        message.fate = kind == "copy" ? "copy" : "replay";
        message.at += kind == "copy" ? LATE : REPLAY;
        TellMark(message.to, kind + " of the next", true);
        Post(std::move(message));
        return;
    }
    m_wire.pop_front();
    if (kind == "lose")
    {
        --m_left.losses;
        TellMessage(message, "lost", true);
        return;
    }
    --m_left.delays;
    message.fate = "late";
    message.at += LATE;
    if (kind == "swap")
    {
        const auto other =
            std::find_if(m_wire.begin(), m_wire.end(), [&message](const Message& candidate) {
                return candidate.to == message.to;
            });
        message.fate = "overtaken";
        message.at = other->at;
        TellMark(message.to, "the next is overtaken", true);
        m_wire.insert(std::next(other), std::move(message));
        return;
    }
    TellMark(message.to, "the next is late", true);
    Post(std::move(message));
}

// ---- faults

void
ExploreLan::Boot(size_t index)
{
    Node& node = *m_nodes[index];
    node.bootAt.reset();
    node.since = m_now;
    for (auto& used : node.used)
    {
        used.now = false;
    }
    if (m_now > Time(0))
    {
        ++node.config.bootId;
        TellMark(index, "BEGINS ANEW", true);
    }
    node.accepted.clear();
    m_watch.Boot(node, index, node.entropy, m_now);
    m_actor = index;
    Pump(index);
}

void
ExploreLan::Crash(size_t index, Time off)
{
    Node& node = *m_nodes[index];
    --m_left.crashes;
    node.bootAt = m_now + off;
    m_watch.Crash(node, index, m_now);
    m_actor = ExploreEvent::NOBODY;
    TellMark(index, "CRASHES", true);
}

// One message is not what it should be.
void
ExploreLan::Impair()
{
    m_monitor.SetImpaired(true, m_now);
    m_monitor.SetImpaired(false, m_now);
}

// ---- what routers do

void
ExploreLan::Post(Message message)
{
    const auto later = std::find_if(m_wire.begin(), m_wire.end(), [&message](const Message& other) {
        return other.at > message.at;
    });
    m_wire.insert(later, std::move(message));
}

void
ExploreLan::Pump(size_t index)
{
    Node& node = *m_nodes[index];
    while (auto event = node.engine->PollEvent())
    {
        const std::string wrong = m_watch.Apply(node, index, *event, m_now);
        if (!wrong.empty())
        {
            Blame(wrong);
        }
        if (const auto* message = std::get_if<MrkmpEvent::GroupMessage>(&event->what))
        {
            CheckNumber(node, *message);
        }
        Tell(*event, index);
    }
    while (auto datagram = node.engine->PollTransmit())
    {
        m_dull = m_dull && IsMulticast(*datagram);
        for (size_t to = 0; to < m_nodes.size(); ++to)
        {
            const bool wanted =
                IsMulticast(*datagram) || datagram->destination == m_nodes[to]->config.address;
            if (to != index && wanted)
            {
                Post({m_now + DELAY, index, to, *datagram, "", false});
            }
        }
    }
}

// "Group members MUST ignore a message with a sequence number that is the same or less" (H 7, G2).
void
ExploreLan::CheckNumber(Node& node, const MrkmpEvent::GroupMessage& message)
{
    if (message.sent)
    {
        return;
    }
    uint64_t& last = node.accepted[{message.kekId, message.sender}];
    if (message.sequence <= last)
    {
        Blame(node.name + " accepts number " + std::to_string(message.sequence) + " of " +
              message.sender.ToString() + " after " + std::to_string(last));
    }
    last = message.sequence;
}

void
ExploreLan::Check()
{
    m_monitor.Advance(m_now);
    if (!m_violation.empty() || (!m_wire.empty() && m_wire.front().at <= m_now))
    {
        return; // a multicast reaches all at once
    }
    std::vector<WatchedRouter*> routers;
    for (const auto& node : m_nodes)
    {
        routers.push_back(node.get());
    }
    const auto isCut = [this](size_t from, size_t to) { return IsCut(from, to); };
    for (size_t i = 0; i < m_nodes.size(); ++i)
    {
        Node& node = *m_nodes[i];
        const KeyRow* key = EngineWatch::SendKey(node, m_now);
        if (key == nullptr)
        {
            continue;
        }
        const KeyTag tag = node.tags.at(key->adminKeyName);
        const auto same = [&tag](const UsedKey& used) {
            return !(used.key < tag) && !(tag < used.key);
        };
        auto used = std::find_if(node.used.begin(), node.used.end(), same);
        if (used == node.used.end())
        {
            used = node.used.insert(used, {tag, key->lifetimes.acceptEnd, false});
        }
        const bool first = !used->now;
        used->now = true;
        m_watch.TrySend(routers,
                        i,
                        *key,
                        first ? std::optional<uint64_t>(0) : std::nullopt,
                        isCut,
                        m_now);
    }
    if (!m_monitor.Violations().empty())
    {
        Blame(m_monitor.ToText(m_monitor.Violations().front()));
    }
}

// Nothing was wrong for as long as anything could have been: it must be right now.
void
ExploreLan::Finish()
{
    m_over = true;
    m_actor = ExploreEvent::NOBODY;
    m_monitor.Advance(m_now);
    std::string servers;
    IpAddress gcks;
    GcksRank best{0, IpAddress{UINT32_MAX}};
    for (const auto& node : m_nodes)
    {
        if (node->engine->Role() == GcksRole::GCKS)
        {
            servers += (servers.empty() ? "" : ", ") + node->name;
            gcks = node->config.address;
        }
    }
    for (const auto& node : m_nodes)
    {
        if (node->engine->Gcks() != gcks || !node->engine->IsRegistered())
        {
            Blame("at the end " + node->name + " is not registered with the GCKS, " +
                  (servers.empty() ? "of which there is none" : servers));
        }
        const bool better =
            IsMorePreferred({node->config.election.priority, node->config.address}, best);
        best = better ? GcksRank{node->config.election.priority, node->config.address} : best;
    }
    // Who began together with no fault has the most preferred of them as GCKS (H 3; E5 to E7). That
    // run is gone through before any that has a fault and comes to the same state.
    if (m_faults == 0 && gcks != best.address)
    {
        Blame("at the end " + servers + " is GCKS, though another one is preferred");
    }
}

void
ExploreLan::Blame(const std::string& what)
{
    if (m_violation.empty())
    {
        m_violation = what;
        TellMark(ExploreEvent::NOBODY, "VIOLATION: " + what, true);
    }
}

// ---- what it is known by

ExploreState
ExploreLan::State() const
{
    StateDigest digest;
    AddTo(digest);
    ExploreState state;
    state.digest = digest.Get();
    state.room = {m_left.losses,
                  m_left.duplicates,
                  m_left.delays,
                  m_left.crashes,
                  m_left.cuts,
                  m_left.oneWay,
                  -m_monitor.Deadline().count(),
                  -m_monitor.HangUntil().count()};
    return state;
}

void
ExploreLan::AddTo(StateDigest& digest) const
{
    // Routers that have been up for longer than any bound are asked alike.
    const Time bound = m_monitor.Settings().timers.Settle();
    digest.Instant(m_now);
    digest.Number(m_over ? 1 : 0);
    // Who may crash here rather than later; nobody if nobody may any more.
    digest.Number(m_left.crashes > 0 && m_now < m_settings.window ? m_actor : m_nodes.size());
    for (const auto& node : m_nodes)
    {
        digest.Instant(node->bootAt);
        digest.Instant(node->healAt);
        digest.Number((node->hears ? 1 : 0) + (node->heard ? 2 : 0));
        digest.Instant(std::max(node->since, m_now - bound));
        digest.Number(node->config.bootId);
        if (node->engine)
        {
            node->engine->AddTo(digest, m_now);
        }
        for (const auto& used : node->used)
        {
            if (used.acceptEnd > m_now)
            {
                digest.Named(used.key.print);
                digest.Number(used.now ? 1 : 0);
            }
        }
    }
    digest.Number(m_wire.size());
    for (const auto& message : m_wire)
    {
        digest.Instant(message.at);
        digest.Number(message.from);
        digest.Number(message.to);
        digest.Octets(message.datagram.payload);
        digest.Number(message.copied ? 1 : 0);
        digest.Text(message.fate);
    }
}

} // namespace karp
} // namespace ns3
