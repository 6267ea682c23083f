/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-group-keys.h"

#include "ns3/karp-key-table.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t NAME_FINGERPRINT_SIZE = 4; //!< octets that tell keys of one key ID apart

/** \return \p a + \p b, or TIME_MAX where that is farther than time goes */
Time
Later(Time a, Time b)
{
    return a > TIME_MAX - b ? TIME_MAX : a + b;
}

/**
 * \return when a new key takes over from those of \p keys that \p isOurs holds for: after \p lead,
 *         but no later than these leave nothing to send with (a GCKS that was away may come too
 * late to give the whole lead); at once where there is nothing now
 */
template <typename Keys, typename IsOurs>
Time
TakesOverAt(const Keys& keys, IsOurs isOurs, Time lead, Time now)
{
    Time last = now;
    const auto goesOn = [&last, &isOurs](const auto& key) {
        return isOurs(key) && key.row.lifetimes.CanSend(last);
    };
    for (auto key = keys.begin(); key != keys.end();)
    {
        key = std::find_if(keys.begin(), keys.end(), goesOn);
        last = key != keys.end() ? key->row.lifetimes.sendEnd : last;
    }
    return std::min(last, Later(now, lead));
}

/**
 * \return from when on a key is received that is sent with from \p sendStart on: from now, and
 *         anyway \p overlap before, as it is received for so long after its end. Where there is no
 *         lead, or a short one, a clock that is behind would refuse it else.
 */
Time
AcceptStart(Time sendStart, Time overlap, Time now)
{
    return std::max(Time(0), std::min(now, sendStart - overlap));
}

/** \return octets of a KEK for \p suite: what its prf likes best (RFC 7296 section 2.13) */
size_t
KekSize(const CipherSuite& suite)
{
    return PrfSize(suite.prf);
}

} // namespace

GroupKeys::GroupKeys(const GroupKeyConfig& config,
                     const GroupIdPayload& group,
                     const std::string& groupName,
                     Entropy& entropy)
    : m_config(config),
      m_group(group),
      m_groupName(groupName),
      m_entropy(entropy)
{
}

KeyHandoff
GroupKeys::OrdinaryHandoff() const
{
    return {m_config.lead, m_config.overlap, false};
}

void
GroupKeys::Renew(IpAddress self, const KeyHandoff& pmks, Time now)
{
    Expire(now);
    m_self = self;
    const auto isAny = [](const Kek&) { return true; };
    const auto isOurs = [](const Pmk& pmk) { return !pmk.receiveOnly; };
    const Time sendStart = TakesOverAt(m_keks, isAny, m_config.lead, now);
    const Time pmkStart = TakesOverAt(m_pmks, isOurs, pmks.lead, now);
    // Old KEKs: sent under until the new one takes over, and a moment longer (G4).
    for (auto& kek : m_keks)
    {
        const Time sendEnd = Later(sendStart, m_config.overlap);
        if (kek.row.lifetimes.sendEnd > sendEnd)
        {
            kek.row.lifetimes.sendEnd = sendEnd;
            kek.row.lifetimes.acceptEnd = Later(sendEnd, m_config.overlap);
            ReportKek(KeyChange::What::UPDATE, kek);
        }
    }
    KekRow row;
    do
    {
        row.keyId = m_entropy.DrawU64();
    } while (row.keyId == 0 || FindKek(row.keyId) != nullptr);
    row.group = m_group;
    row.encr = static_cast<uint16_t>(m_config.kekSuite.encr);
    row.keyLength = m_config.kekSuite.keyLength;
    row.integ = static_cast<uint16_t>(m_config.kekSuite.integ);
    row.prf = static_cast<uint16_t>(m_config.kekSuite.prf);
    row.lifetimes.acceptStart = AcceptStart(sendStart, m_config.overlap, now);
    row.lifetimes.sendStart = sendStart;
    row.lifetimes.sendEnd = Later(sendStart, m_config.kekLifetime);
    row.lifetimes.acceptEnd = Later(row.lifetimes.sendEnd, m_config.overlap);
    row.key.resize(KekSize(m_config.kekSuite));
    m_entropy.Fill(row.key.data(), row.key.size());
    const Time pmkEnd = Later(row.lifetimes.sendEnd, m_config.pmkOverrun);
    AddKek(std::move(row), self, now);
    EndPmks(pmks, pmkStart, now);
    MakePmk(pmkStart, pmkEnd, now);
}

void
GroupKeys::RenewPmk(Time lead, Time now)
{
    Expire(now);
    const auto isOurs = [](const Pmk& pmk) { return !pmk.receiveOnly; };
    const Time sendStart = TakesOverAt(m_pmks, isOurs, lead, now);
    // It lives as long as one that had come with our KEK. Older KEKs are on their way out, and the
    // next key comes with the successor of ours.
    const Kek* kek = NewestKekOf(m_self, now);
    const Time kekEnd =
        kek != nullptr ? kek->row.lifetimes.sendEnd : Later(sendStart, m_config.kekLifetime);
    EndPmks({lead, m_config.overlap, false}, sendStart, now);
    MakePmk(sendStart,
            std::max(Later(kekEnd, m_config.pmkOverrun), Later(sendStart, m_config.overlap)),
            now);
}

const GroupKeys::Pmk*
GroupKeys::NewestPmk() const
{
    // From the last one on: an eviction lets older keys begin and end when its own begins. Where
    // clocks differ, a key that was to be sent with and never will be may begin later than all
    // others.
    const auto rank = [](const Pmk& pmk) {
        const KeyLifetimes& lifetimes = pmk.row.lifetimes;
        return std::make_pair(lifetimes.sendStart < lifetimes.sendEnd, lifetimes.sendStart);
    };
    const auto newest =
        std::max_element(m_pmks.rbegin(), m_pmks.rend(), [&rank](const Pmk& a, const Pmk& b) {
            return rank(a) < rank(b);
        });
    return newest != m_pmks.rend() ? &*newest : nullptr;
}

// A key in use is sent with until its successor starts; those that took over nothing yet and are
// not sent with are left to be received only.
void
GroupKeys::EndPmks(const KeyHandoff& handoff, Time sendEnd, Time now)
{
    for (auto& pmk : m_pmks)
    {
        KeyLifetimes lifetimes = pmk.row.lifetimes;
        if (handoff.hard)
        {
            lifetimes.sendStart = std::min(lifetimes.sendStart, sendEnd);
        }
        lifetimes.sendEnd = std::max(std::min(lifetimes.sendEnd, sendEnd), lifetimes.sendStart);
        lifetimes.acceptEnd =
            std::min(lifetimes.acceptEnd, Later(std::max(lifetimes.sendEnd, now), handoff.overlap));
        if (lifetimes != pmk.row.lifetimes)
        {
            pmk.row.lifetimes = lifetimes;
            ReportPmk(KeyChange::What::UPDATE, pmk);
        }
    }
}

void
GroupKeys::MakePmk(Time sendStart, Time sendEnd, Time now)
{
    PmkRow row;
    row.protocol = m_config.pmkProtocol;
    row.keyId = DrawKeyId();
    row.algorithm = m_config.pmkAlgorithm;
    row.lifetimes.acceptStart = AcceptStart(sendStart, m_config.overlap, now);
    row.lifetimes.sendStart = sendStart;
    row.lifetimes.sendEnd = sendEnd;
    row.lifetimes.acceptEnd = Later(sendEnd, m_config.overlap);
    // Exactly as long as the digest: the one length at which RFC 5709 and what routers ship agree.
    row.key.resize(MacSize(m_config.pmkAlgorithm));
    m_entropy.Fill(row.key.data(), row.key.size());
    AddPmk(std::move(row), false, now);
}

bool
GroupKeys::RetireKek(uint64_t keyId, bool forGood)
{
    // Key IDs are drawn from 64 bits: another KEK never has this one.
    if (forGood && std::find(m_retired.begin(), m_retired.end(), keyId) == m_retired.end())
    {
        m_retired.push_back(keyId);
        if (m_retired.size() > MAX_RETIRED)
        {
            m_retired.pop_front();
        }
    }
    for (auto kek = m_keks.begin(); kek != m_keks.end(); ++kek)
    {
        if (kek->row.keyId == keyId)
        {
            ReportKek(KeyChange::What::RETIRE, *kek);
            m_keks.erase(kek);
            return true;
        }
    }
    return false;
}

void
GroupKeys::RetireKeksBut(const KeyDownloadPayload& download)
{
    for (size_t i = m_keks.size(); i-- > 0;)
    {
        const uint64_t keyId = m_keks[i].row.keyId;
        if (std::none_of(download.keks.begin(), download.keks.end(), [keyId](const KekRow& row) {
                return row.keyId == keyId;
            }))
        {
            RetireKek(keyId);
        }
    }
}

KeyDownloadPayload
GroupKeys::Download(Time now) const
{
    KeyDownloadPayload download;
    for (const auto& kek : m_keks)
    {
        if (kek.row.lifetimes.sendEnd > now)
        {
            download.keks.push_back(kek.row);
        }
    }
    for (const auto& pmk : m_pmks)
    {
        if (pmk.row.lifetimes.acceptEnd > now)
        {
            download.pmks.push_back(pmk.row);
        }
    }
    return download;
}

KeyDownloadPayload
GroupKeys::DownloadForRebooted(Time now) const
{
    KeyDownloadPayload download = Download(now);
    const Pmk* newest = NewestPmk();
    for (auto& row : download.pmks)
    {
        const bool isNewest = newest != nullptr && ConstantTimeEqual(row.key, newest->row.key);
        if (!isNewest)
        {
            row.lifetimes.sendEnd = row.lifetimes.sendStart;
        }
    }
    return download;
}

KeyDownloadPayload
GroupKeys::OldPmks(Time now) const
{
    KeyDownloadPayload download = Download(now);
    const Pmk* newest = NewestPmk();
    download.keks.clear();
    download.pmks.erase(std::remove_if(download.pmks.begin(),
                                       download.pmks.end(),
                                       [newest](const PmkRow& row) {
                                           return newest != nullptr &&
                                                  ConstantTimeEqual(row.key, newest->row.key);
                                       }),
                        download.pmks.end());
    return download;
}

void
GroupKeys::Expire(Time now)
{
    for (size_t i = 0; i < m_keks.size();)
    {
        if (m_keks[i].row.lifetimes.acceptEnd <= now)
        {
            ReportKek(KeyChange::What::RETIRE, m_keks[i]);
            m_keks.erase(m_keks.begin() + static_cast<std::ptrdiff_t>(i));
            continue;
        }
        ++i;
    }
    for (size_t i = 0; i < m_pmks.size();)
    {
        if (m_pmks[i].row.lifetimes.acceptEnd <= now)
        {
            ReportPmk(KeyChange::What::RETIRE, m_pmks[i]);
            m_pmks.erase(m_pmks.begin() + static_cast<std::ptrdiff_t>(i));
            continue;
        }
        ++i;
    }
}

void
GroupKeys::Clear()
{
    while (!m_keks.empty())
    {
        ReportKek(KeyChange::What::RETIRE, m_keks.back());
        m_keks.pop_back();
    }
    while (!m_pmks.empty())
    {
        ReportPmk(KeyChange::What::RETIRE, m_pmks.back());
        m_pmks.pop_back();
    }
    m_retired.clear();
}

std::optional<Time>
GroupKeys::NextExpiry() const
{
    std::optional<Time> next;
    for (const auto& kek : m_keks)
    {
        next = std::min(next.value_or(TIME_MAX), kek.row.lifetimes.acceptEnd);
    }
    for (const auto& pmk : m_pmks)
    {
        next = std::min(next.value_or(TIME_MAX), pmk.row.lifetimes.acceptEnd);
    }
    return next;
}

const std::vector<GroupKeys::Kek>&
GroupKeys::Keks() const
{
    return m_keks;
}

const GroupKeys::Kek*
GroupKeys::FindKek(uint64_t keyId) const
{
    for (const auto& kek : m_keks)
    {
        if (kek.row.keyId == keyId)
        {
            return &kek;
        }
    }
    return nullptr;
}

const GroupKeys::Kek*
GroupKeys::NewestKekOf(IpAddress issuer, Time now) const
{
    const Kek* newest = nullptr;
    for (const auto& kek : m_keks)
    {
        // One that its successor came to forestall is never sent under, and begins later.
        const KeyLifetimes& lifetimes = kek.row.lifetimes;
        const bool lives = lifetimes.sendEnd > std::max(now, lifetimes.sendStart);
        if (kek.issuer == issuer && lives &&
            (newest == nullptr || kek.row.lifetimes.sendStart >= newest->row.lifetimes.sendStart))
        {
            newest = &kek;
        }
    }
    return newest;
}

const GroupKeys::Kek*
GroupKeys::SendKek(Time now) const
{
    const Kek* latest = nullptr;
    for (const auto& kek : m_keks)
    {
        if (kek.row.lifetimes.CanSend(now) &&
            (latest == nullptr || kek.row.lifetimes.sendStart >= latest->row.lifetimes.sendStart))
        {
            latest = &kek;
        }
    }
    return latest;
}

bool
GroupKeys::HasGap(IpAddress issuer, Time now) const
{
    const Kek* own = NewestKekOf(issuer, now);
    const auto isAny = [](const Kek&) { return true; };
    return own == nullptr || TakesOverAt(m_keks, isAny, TIME_MAX, now) < own->row.lifetimes.sendEnd;
}

const std::vector<GroupKeys::Pmk>&
GroupKeys::Pmks() const
{
    return m_pmks;
}

std::optional<Time>
GroupKeys::RenewAt(IpAddress self, Time now) const
{
    const Kek* newest = NewestKekOf(self, now);
    if (newest == nullptr || newest->row.lifetimes.sendEnd == TIME_MAX)
    {
        return std::nullopt;
    }
    // Twice the lead: the successor's own, and as much again for members that miss the first
    // copies.
    const KeyLifetimes& lifetimes = newest->row.lifetimes;
    return std::max(lifetimes.sendEnd - m_config.lead * 2,
                    lifetimes.sendStart + (lifetimes.sendEnd - lifetimes.sendStart) / 2);
}

std::optional<KeyChange>
GroupKeys::PollChange()
{
    if (m_changes.empty())
    {
        return std::nullopt;
    }
    KeyChange change = std::move(m_changes.front());
    m_changes.pop_front();
    return change;
}

// There is no room for all that many GCKSs make who take over at once. What is sent with goes on;
// our own KEK is the one that our members are told of. Any other can be asked for (H 2.3).
void
GroupKeys::AddKek(KekRow row, IpAddress issuer, Time now)
{
    if (m_keks.size() >= MAX_KEKS)
    {
        const Kek* used = SendKek(now);
        const auto isOthers = [this, used](const Kek& kek) {
            return &kek != used && !(m_self != IpAddress{} && kek.issuer == m_self);
        };
        const auto isUnused = [used](const Kek& kek) { return &kek != used; };
        auto gone = std::find_if(m_keks.begin(), m_keks.end(), isOthers);
        gone = gone != m_keks.end() ? gone : std::find_if(m_keks.begin(), m_keks.end(), isUnused);
        ReportKek(KeyChange::What::RETIRE, *gone);
        m_keks.erase(gone);
    }
    m_keks.push_back({std::move(row), issuer});
    ReportKek(KeyChange::What::INSTALL, m_keks.back());
}

void
GroupKeys::AddPmk(PmkRow row, bool receiveOnly, Time now)
{
    if (m_pmks.size() >= MAX_PMKS)
    {
        const auto isUnused = [now](const Pmk& pmk) { return !pmk.CanSend(now); };
        auto gone = std::find_if(m_pmks.begin(), m_pmks.end(), isUnused);
        gone = gone != m_pmks.end() ? gone : m_pmks.begin();
        ReportPmk(KeyChange::What::RETIRE, *gone);
        m_pmks.erase(gone);
    }
    std::string name = NameOf(row);
    m_pmks.push_back({std::move(row), std::move(name), receiveOnly});
    ReportPmk(KeyChange::What::INSTALL, m_pmks.back());
}

void
GroupKeys::ReportKek(KeyChange::What what, const Kek& kek)
{
    KeyChange change;
    change.what = what;
    change.isKek = true;
    change.kek = kek.row;
    change.kek.key.clear();
    m_changes.push_back(std::move(change));
}

void
GroupKeys::ReportPmk(KeyChange::What what, const Pmk& pmk)
{
    KeyChange change;
    change.what = what;
    change.pmk = pmk.row;
    if (pmk.receiveOnly)
    {
        change.pmk.lifetimes.sendEnd = change.pmk.lifetimes.sendStart;
    }
    change.name = pmk.name;
    m_changes.push_back(std::move(change));
}

// Two GCKSs that cannot hear each other must not choose the same key ID for different keys, or a
// merge would make them ambiguous: drawn at random, a clash is rare, and look-ups bear it.
uint32_t
GroupKeys::DrawKeyId()
{
    for (;;)
    {
        const auto id = static_cast<uint32_t>(m_entropy.DrawU64() % MAX_KEY_ID) + 1;
        const bool taken = std::any_of(m_pmks.begin(), m_pmks.end(), [id](const Pmk& pmk) {
            return pmk.row.keyId == id;
        });
        if (!taken)
        {
            return id; // MAX_PMKS is far below MAX_KEY_ID, so there is always one
        }
    }
}

std::string
GroupKeys::NameOf(const PmkRow& row) const
{
    static const std::string LABEL = "karp key name";
    const SecretBytes tag = Prf(PrfId::HMAC_SHA2_256, row.key, {ByteView::Of(LABEL)});
    return m_groupName + '/' + IntegerKeyName(row.keyId, 1) + '/' +
           ToHex(ByteView(tag).Sub(0, NAME_FINGERPRINT_SIZE));
}

} // namespace karp
} // namespace ns3
