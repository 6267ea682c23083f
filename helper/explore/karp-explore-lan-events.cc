/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-explore-lan.h"

#include <algorithm>

/**
 * \file
 * What people are told of a run that was explored: keys have short names, K1, K2 for KEKs and P1,
 * P2 for protocol master keys, in the order in which they appear.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** \return the place of \p value in \p known, from 1 on, where it is put if it is not there */
template <typename T>
std::string
NumberOf(std::vector<T>& known, const T& value)
{
    auto found = std::find(known.begin(), known.end(), value);
    if (found == known.end())
    {
        found = known.insert(found, value);
    }
    return std::to_string(found - known.begin() + 1);
}

} // namespace

std::string
ExploreLan::KekName(uint64_t keyId)
{
    return "K" + NumberOf(m_keks, keyId);
}

std::string
ExploreLan::PmkName(const std::string& adminKeyName)
{
    return "P" + NumberOf(m_pmks, adminKeyName);
}

std::string
ExploreLan::NameOf(const Datagram& datagram)
{
    const auto header = PeekIkeHeader(datagram.payload);
    if (!header)
    {
        return "?";
    }
    if (header->exchange == IkeExchange::MRKMP_UPDATE)
    {
        return "UPDATE under " + KekName(header->spiResponder);
    }
    if (header->exchange == IkeExchange::MRKMP_ADVERT)
    {
        const auto decoded = DecodeIkeMessage(datagram.payload);
        const auto* message = std::get_if<IkeMessage>(&decoded);
        const auto* advert = message != nullptr ? message->Find<AdvertPayload>() : nullptr;
        const bool gcks = advert != nullptr && advert->state == AdvertState::GCKS;
        return std::string("ADVERT ") + (gcks ? "gcks" : "initial") +
               (gcks && advert->kekId != 0 ? " " + KekName(advert->kekId) : "");
    }
    std::string name = ToString(header->exchange);
    if (name.rfind("MRKMP_", 0) == 0)
    {
        name = name.substr(6);
    }
    if (header->exchange == IkeExchange::MRKMP_NONCE)
    {
        return name;
    }
    return name + ((header->flags & IKE_FLAG_RESPONSE) != 0 ? " response" : " request");
}

void
ExploreLan::Tell(const MrkmpEvent& event, size_t index)
{
    if (!m_record)
    {
        return;
    }
    if (const auto* role = std::get_if<MrkmpEvent::RoleChanged>(&event.what))
    {
        TellMark(index, std::string(ToString(role->to)) + ": " + role->cause, false);
    }
    else if (const auto* kek = std::get_if<MrkmpEvent::KekChanged>(&event.what))
    {
        TellMark(index, kek->what + (" " + KekName(kek->keyId)), false);
    }
    else if (const auto* key = std::get_if<MrkmpEvent::KeyInstalled>(&event.what))
    {
        TellMark(index,
                 (key->update ? "update " : "install ") + PmkName(key->row.adminKeyName),
                 false);
    }
    else if (const auto* gone = std::get_if<MrkmpEvent::KeyRetired>(&event.what))
    {
        TellMark(index, "retire " + PmkName(gone->adminKeyName), false);
    }
    else if (const auto* join = std::get_if<MrkmpEvent::JoinDone>(&event.what))
    {
        TellMark(index, join->ok ? "exchange done" : "failed: " + join->failure, false);
    }
    else if (const auto* made = std::get_if<MrkmpEvent::Rekeyed>(&event.what))
    {
        TellMark(index, std::string("new keys: ") + ToString(made->cause), false);
    }
    else if (const auto* drop = std::get_if<MrkmpEvent::Dropped>(&event.what))
    {
        TellMark(index, std::string("drop: ") + ToString(drop->drop.reason), false);
    }
}

void
ExploreLan::TellMessage(const Message& message, const char* fate, bool fault)
{
    if (!m_record)
    {
        return;
    }
    ExploreEvent event;
    event.at = m_now;
    event.from = message.from;
    event.to = message.to;
    event.what = NameOf(message.datagram);
    event.fate = fate;
    event.fault = fault;
    m_events.push_back(std::move(event));
}

void
ExploreLan::TellMark(size_t router, const std::string& what, bool fault)
{
    m_dull = false;
    if (!m_record)
    {
        return;
    }
    ExploreEvent event;
    event.at = m_now;
    event.to = router;
    event.what = what;
    event.fault = fault;
    m_events.push_back(std::move(event));
}

} // namespace karp
} // namespace ns3
