/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-engine-watch.h"

#include "ns3/karp-hash.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

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

void
EngineWatch::Boot(WatchedRouter& router, size_t index, Entropy& entropy, Time now)
{
    if (router.config.bootId == 0 || router.config.bootId != router.lastBootId)
    {
        router.nextSequence = 0; // they are lost
    }
    router.lastBootId = router.config.bootId;
    m_monitor.Boot(static_cast<uint32_t>(index), now);
    router.engine = std::make_unique<MrkmpEngine>(router.config, router.credentials, entropy);
    router.engine->Join(now);
}

void
EngineWatch::Crash(WatchedRouter& router, size_t index, Time now)
{
    m_monitor.Crash(static_cast<uint32_t>(index), true, true, now);
    router.engine.reset();
    router.table = KeyTable();
    router.tags.clear();
    router.sessions.clear();
}

void
EngineWatch::Receive(WatchedRouter& router, size_t index, const Datagram& datagram, Time now)
{
    router.engine->Receive(datagram, now);
    for (const auto& list : router.engine->Lists())
    {
        m_monitor.List(static_cast<uint32_t>(index), list.name, list.size, list.bound, now);
    }
}

std::string
EngineWatch::Apply(WatchedRouter& router, size_t index, const MrkmpEvent& event, Time now)
{
    const auto number = static_cast<uint32_t>(index);
    if (const auto* role = std::get_if<MrkmpEvent::RoleChanged>(&event.what))
    {
        m_monitor.SetRole(number, role->to, now);
    }
    else if (const auto* message = std::get_if<MrkmpEvent::GroupMessage>(&event.what))
    {
        const KeyTag kek{true, message->kekId, 0};
        if (message->sent)
        {
            m_monitor.Send(number, kek, message->sequence, now);
        }
        else
        {
            m_monitor.Accept(number, kek, now);
        }
    }
    else if (const auto* session = std::get_if<MrkmpEvent::Session>(&event.what))
    {
        CountSession(router, index, session->event, now);
    }
    return ApplyKey(router, index, event, now);
}

std::string
EngineWatch::ApplyKey(WatchedRouter& router, size_t index, const MrkmpEvent& event, Time now)
{
    const auto number = static_cast<uint32_t>(index);
    std::string wrong;
    if (const auto* kek = std::get_if<MrkmpEvent::KekChanged>(&event.what))
    {
        const KeyTag tag{true, kek->keyId, 0};
        if (std::string(kek->what) == "retire")
        {
            m_monitor.DropKey(number, tag, now);
        }
        else
        {
            m_monitor.HoldKey(number, tag, kek->lifetimes, now);
        }
    }
    else if (const auto* installed = std::get_if<MrkmpEvent::KeyInstalled>(&event.what))
    {
        const auto& row = installed->row;
        const auto result = installed->update
                                ? router.table.SetLifetimes(row.adminKeyName, row.lifetimes)
                                : router.table.Insert(row);
        if (result != KeyTable::Result::OK)
        {
            wrong = router.name + " cannot install " + row.adminKeyName;
        }
        const KeyTag tag = TagOf(row);
        router.tags[row.adminKeyName] = tag;
        m_monitor.HoldKey(number, tag, row.lifetimes, now);
    }
    else if (const auto* retired = std::get_if<MrkmpEvent::KeyRetired>(&event.what))
    {
        router.table.Delete(retired->adminKeyName);
        m_monitor.DropKey(number, router.tags[retired->adminKeyName], now);
    }
    return wrong;
}

void
EngineWatch::CountSession(WatchedRouter& router, size_t index, const SessionEvent& event, Time now)
{
    if (event.kind != SessionEvent::Kind::STATE)
    {
        return;
    }
    const auto number = static_cast<uint32_t>(index);
    if (event.from != "idle")
    {
        --router.sessions[event.from];
    }
    if (event.to != "closed")
    {
        ++router.sessions[event.to];
    }
    uint64_t all = 0;
    for (const auto& state : router.sessions)
    {
        all += state.second;
    }
    const SessionConfig& config = router.config.session;
    m_monitor.List(number, "associations", all, config.sessionsMax, now);
    m_monitor.List(number,
                   "half-open associations",
                   router.sessions["half_open"],
                   config.halfOpenMax,
                   now);
}

const KeyRow*
EngineWatch::SendKey(const WatchedRouter& router, Time now)
{
    return router.engine ? router.table.SelectSend(KeyProtocol::OSPFV2, 0, now) : nullptr;
}

void
EngineWatch::TrySend(const std::vector<WatchedRouter*>& routers,
                     size_t sender,
                     const KeyRow& key,
                     std::optional<uint64_t> number,
                     const IsCut& isCut,
                     Time now)
{
    const auto from = static_cast<uint32_t>(sender);
    m_monitor.Send(from, routers[sender]->tags.at(key.adminKeyName), number, now);
    std::vector<const KeyRow*> rows;
    for (size_t to = 0; to < routers.size(); ++to)
    {
        const WatchedRouter& receiver = *routers[to];
        if (to == sender || isCut(sender, to) || !receiver.engine || receiver.table.Size() == 0)
        {
            continue;
        }
        receiver.table.LookupAccept(KeyProtocol::OSPFV2, 0, key.LocalKeyId(), now, rows);
        const auto held = std::find_if(rows.begin(), rows.end(), [&key](const KeyRow* row) {
            return row->key == key.key;
        });
        if (held == rows.end())
        {
            m_monitor.Refuse(static_cast<uint32_t>(to), from, key.adminKeyName, now);
        }
        else
        {
            m_monitor.Accept(static_cast<uint32_t>(to),
                             receiver.tags.at((*held)->adminKeyName),
                             now);
            receiver.engine->Heard((*held)->adminKeyName, routers[sender]->config.address);
        }
    }
}

} // namespace karp
} // namespace ns3
