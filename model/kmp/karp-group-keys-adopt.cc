/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-group-keys.h"

#include <algorithm>

/**
 * \file
 * What a router takes over of the keys that others tell it of: a GCKS, or another partition.
 */

namespace ns3
{
namespace karp
{

bool
GroupKeys::Adopt(const KeyDownloadPayload& download, IpAddress issuer, bool direct, Time now)
{
    bool changed = AdoptPmks(download, false, now);
    for (const auto& row : download.keks)
    {
        AdoptKek(row, issuer, direct, now, changed);
    }
    return changed;
}

bool
GroupKeys::AdoptForeignPmks(const KeyDownloadPayload& download, Time now)
{
    KeyDownloadPayload alive = download;
    alive.pmks.erase(std::remove_if(alive.pmks.begin(),
                                    alive.pmks.end(),
                                    [this](const PmkRow& row) { return FindPmk(row) != nullptr; }),
                     alive.pmks.end());
    for (auto& row : alive.pmks)
    {
        // What has not been sent with yet need never be: the key that the merge makes comes
        // instead. It is received all the same, from those who do not hear of that in time.
        KeyLifetimes& lifetimes = row.lifetimes;
        if (lifetimes.sendStart > now)
        {
            lifetimes.sendEnd = lifetimes.sendStart;
            lifetimes.acceptEnd =
                std::min(lifetimes.acceptEnd, lifetimes.sendEnd + m_config.lead + m_config.overlap);
        }
    }
    return AdoptPmks(alive, IsSending(now), now);
}

void
GroupKeys::TaintPmks(const KeyHandoff& handoff, Time now)
{
    for (auto& pmk : m_pmks)
    {
        pmk.tainted = true;
    }
    EndPmks(handoff, now + handoff.lead, now);
}

KeyDownloadPayload
GroupKeys::Offer(Time now) const
{
    KeyDownloadPayload download = Download(now);
    download.pmks.clear();
    for (const auto& pmk : m_pmks)
    {
        if (!pmk.tainted && pmk.row.lifetimes.acceptEnd > now)
        {
            download.pmks.push_back(pmk.row);
        }
    }
    return download;
}

bool
GroupKeys::IsAheadOf(const KeyDownloadPayload& download, Time now) const
{
    return std::any_of(m_pmks.begin(), m_pmks.end(), [&download, now](const Pmk& pmk) {
        return !pmk.receiveOnly && !pmk.tainted && pmk.row.lifetimes.sendEnd > now &&
               std::none_of(download.pmks.begin(), download.pmks.end(), [&pmk](const PmkRow& row) {
                   return ConstantTimeEqual(row.key, pmk.row.key);
               });
    });
}

bool
GroupKeys::IsSending(Time now) const
{
    return std::any_of(m_pmks.begin(), m_pmks.end(), [now](const Pmk& pmk) {
        return pmk.CanSend(now);
    });
}

// Known keys first: whether the download says that we may go on with what we send with decides what
// becomes of keys that are new to us and in use already.
bool
GroupKeys::AdoptPmks(const KeyDownloadPayload& download, bool inUse, Time now)
{
    bool changed = false;
    for (const auto& row : download.pmks)
    {
        Pmk* pmk = IsUsable(row, now) ? FindPmk(row) : nullptr;
        if (pmk != nullptr && pmk->row.lifetimes != row.lifetimes)
        {
            pmk->row.lifetimes = row.lifetimes;
            ReportPmk(KeyChange::What::UPDATE, *pmk);
            changed = true;
        }
        inUse = inUse || (pmk != nullptr && pmk->CanSend(now));
    }
    for (const auto& row : download.pmks)
    {
        if (IsUsable(row, now) && FindPmk(row) == nullptr)
        {
            // Or because we have lost count of what we sent under it (J6). What the group is told
            // of it afterwards is meant for those who have not.
            const KeyLifetimes& lifetimes = row.lifetimes;
            const bool lost = lifetimes.sendEnd <= lifetimes.sendStart;
            AddPmk(row, lost || (inUse && lifetimes.sendStart <= now), now);
            changed = true;
        }
    }
    return changed;
}

bool
GroupKeys::IsUsable(const PmkRow& row, Time now) const
{
    return row.protocol == m_config.pmkProtocol && row.keyId >= 1 && row.keyId <= MAX_KEY_ID &&
           !row.key.empty() && MacSize(row.algorithm) == row.key.size() &&
           row.lifetimes.acceptEnd > now;
}

GroupKeys::Pmk*
GroupKeys::FindPmk(const PmkRow& row)
{
    for (auto& pmk : m_pmks)
    {
        if (pmk.row.keyId == row.keyId && pmk.row.algorithm == row.algorithm &&
            ConstantTimeEqual(pmk.row.key, row.key))
        {
            return &pmk;
        }
    }
    return nullptr;
}

void
GroupKeys::AdoptKek(const KekRow& row, IpAddress issuer, bool direct, Time now, bool& changed)
{
    const bool fits = row.group.protocol == m_group.protocol &&
                      row.group.instance == m_group.instance && row.keyId != 0 && !row.key.empty();
    // An update that crosses a retirement on its way must not bring the KEK back (K3).
    const bool retired =
        std::find(m_retired.begin(), m_retired.end(), row.keyId) != m_retired.end();
    if (!fits || retired || row.lifetimes.acceptEnd <= now)
    {
        return;
    }
    for (auto& kek : m_keks)
    {
        if (kek.row.keyId != row.keyId)
        {
            continue;
        }
        // A successor hands our own KEKs out too; they stay ours.
        const bool ours = m_self != IpAddress{} && kek.issuer == m_self;
        kek.issuer = direct && !ours ? issuer : kek.issuer;
        if (kek.row.lifetimes != row.lifetimes)
        {
            kek.row.lifetimes = row.lifetimes;
            ReportKek(KeyChange::What::UPDATE, kek);
            changed = true;
        }
        return;
    }
    KekRow copy = row;
    AddKek(std::move(copy), issuer, now);
    changed = true;
}

} // namespace karp
} // namespace ns3
