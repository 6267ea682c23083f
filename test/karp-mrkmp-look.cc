/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-look.h"

#include "ns3/karp-ike-spi.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

using namespace std::chrono_literals;

std::unique_ptr<MrkmpLan>
MakeLan(size_t n, Preference preference, uint64_t seed)
{
    auto lan = std::make_unique<MrkmpLan>(seed);
    for (size_t i = 0; i < n; ++i)
    {
        const size_t less = preference == Preference::FALLING ? 5 * i : i == 0 ? 0 : 100;
        lan->Add(static_cast<uint8_t>(200 - less)).config.bootId = 1 + i;
    }
    return lan;
}

void
Settle(Sentence& t, MrkmpLan& lan)
{
    lan.BootAll();
    t.Holds(lan.RunUntil(10s, [&]() { return lan.Settled(); }), "settles after the start");
}

std::unique_ptr<MrkmpLan>
SettledLan(Sentence& t, size_t n, Preference preference)
{
    auto lan = MakeLan(n, preference);
    Settle(t, *lan);
    lan->RunUntil(lan->now + 12s);
    return lan;
}

void
BootAnew(MrkmpLan& lan, size_t index)
{
    ++lan.nodes[index]->config.bootId;
    lan.Boot(index);
}

void
RequestNewPmk(MrkmpLan& lan, size_t index)
{
    lan.Do(index, [&](MrkmpEngine& engine) { engine.RequestNewPmk(lan.now); });
}

void
ForgeAdvert(MrkmpLan& lan, size_t index, IpAddress claimed)
{
    const MrkmpConfig& config = lan.nodes[index]->config;
    AdvertPayload advert;
    advert.state = AdvertState::GCKS;
    advert.priority = 255;
    advert.intervalMs = 1000;
    IkeMessage message;
    message.header.spiInitiator = GroupMessageSpi(config.group, claimed);
    message.header.exchange = IkeExchange::MRKMP_ADVERT;
    message.header.flags = IKE_FLAG_INITIATOR;
    message.payloads = {config.group, advert};
    lan.Inject(index, {claimed, config.groupAddress, 255, EncodeIkeMessage(message)});
}

IkeExchange
ExchangeOf(const Datagram& datagram)
{
    return PeekIkeHeader(datagram.payload)->exchange;
}

size_t
Rekeys(const MrkmpLan& lan, size_t index, RekeyCause cause)
{
    const auto events = EventsOf<MrkmpEvent::Rekeyed>(*lan.nodes[index]);
    return static_cast<size_t>(std::count_if(events.begin(), events.end(), [cause](const auto& e) {
        return e.cause == cause;
    }));
}

size_t
Rekeys(const MrkmpLan& lan, RekeyCause cause)
{
    size_t sum = 0;
    for (size_t i = 0; i < lan.nodes.size(); ++i)
    {
        sum += Rekeys(lan, i, cause);
    }
    return sum;
}

const KeyRow*
SendKey(const MrkmpLan& lan, size_t index)
{
    return lan.nodes[index]->table.SelectSend(KeyProtocol::OSPFV2, 0, lan.now);
}

std::string
SendKeyName(const MrkmpLan& lan, size_t index)
{
    const KeyRow* row = SendKey(lan, index);
    return row != nullptr ? row->adminKeyName : "none";
}

bool
OneSendKey(const MrkmpLan& lan)
{
    return lan.SendKeys().find(' ') == std::string::npos;
}

bool
EverHeld(const MrkmpLan& lan, size_t index, const SecretBytes& key)
{
    const auto events = EventsOf<MrkmpEvent::KeyInstalled>(*lan.nodes[index]);
    return std::any_of(events.begin(), events.end(), [&key](const auto& event) {
        return event.row.key == key;
    });
}

uint64_t
Drops(const MrkmpLan& lan, size_t index, DropReason reason)
{
    return lan.nodes[index]->engine->Drops()[static_cast<size_t>(reason)];
}

std::vector<std::string>
Joins(const MrkmpLan& lan, size_t index)
{
    std::vector<std::string> words;
    for (const auto& done : EventsOf<MrkmpEvent::JoinDone>(*lan.nodes[index]))
    {
        words.push_back(done.ok ? "ok" : done.failure);
    }
    return words;
}

std::string
LastJoin(const MrkmpLan& lan, size_t index)
{
    const auto joins = Joins(lan, index);
    return joins.empty() ? "none" : joins.back();
}

} // namespace karp
} // namespace ns3
