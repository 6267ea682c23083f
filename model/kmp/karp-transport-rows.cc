/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-transport-keys.h"

#include "ns3/karp-ike-spi.h"

#include <algorithm>
#include <utility>

/**
 * \file
 * Rows of the key table that follow from master keys and nonces (H 2.1.2): one to send with for our
 * own nonce, one to accept with for each proven nonce of others, under each master key.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr PrfId PRF = PrfId::HMAC_SHA2_256; //!< keys are derived with it
constexpr size_t NONCE_NAME_SIZE = 4;       //!< octets of a nonce in names of rows

} // namespace

std::optional<TransportKeys::Change>
TransportKeys::PollChange()
{
    if (m_changes.empty())
    {
        return std::nullopt;
    }
    Change change = std::move(m_changes.front());
    m_changes.pop_front();
    return change;
}

void
TransportKeys::SyncOwn(const std::string& name, const Master& master)
{
    std::vector<Use> uses;
    const auto add = [&uses](const Use& use) {
        if (use.lifetimes.sendStart < use.lifetimes.sendEnd)
        {
            uses.push_back(use);
            uses.back().lifetimes.acceptEnd = use.lifetimes.sendEnd; // we accept nothing under it
        }
    };
    if (m_old)
    {
        Use use{m_old->nonce, master.row.lifetimes};
        use.lifetimes.sendEnd = std::min(use.lifetimes.sendEnd, m_old->end);
        add(use);
    }
    if (m_nonceStart)
    {
        Use use{m_nonce, master.row.lifetimes};
        use.lifetimes.sendStart = std::max(use.lifetimes.sendStart, *m_nonceStart);
        add(use);
    }
    Sync(name, master, m_scope.self, uses);
}

void
TransportKeys::SyncOwnAll()
{
    for (const auto& [name, master] : m_masters)
    {
        SyncOwn(name, master);
    }
}

void
TransportKeys::SyncPeerAll(IpAddress who, const Peer& peer)
{
    for (const auto& [name, master] : m_masters)
    {
        SyncPeer(name, master, who, peer);
    }
}

void
TransportKeys::SyncPeer(const std::string& name,
                        const Master& master,
                        IpAddress who,
                        const Peer& peer)
{
    std::vector<Use> uses;
    Use use;
    use.lifetimes = master.row.lifetimes;
    use.lifetimes.sendStart = use.lifetimes.acceptStart; // never sent under by us
    use.lifetimes.sendEnd = use.lifetimes.acceptStart;
    if (peer.nonce)
    {
        use.nonce = *peer.nonce;
        uses.push_back(use);
    }
    if (peer.old)
    {
        use.nonce = peer.old->nonce;
        use.lifetimes.acceptEnd = std::min(use.lifetimes.acceptEnd, peer.old->end);
        if (use.lifetimes.acceptStart < use.lifetimes.acceptEnd)
        {
            uses.push_back(use);
        }
    }
    Sync(name, master, who, uses);
}

// The rows of one sender under one master key become those of \p uses, and no others.
void
TransportKeys::Sync(const std::string& name,
                    const Master& master,
                    IpAddress sender,
                    const std::vector<Use>& uses)
{
    const std::string prefix = name + '/' + sender.ToString() + '/';
    std::map<std::string, const Use*> wanted;
    for (const Use& use : uses)
    {
        wanted[prefix + ToHex(ByteView(use.nonce).Sub(0, NONCE_NAME_SIZE))] = &use;
    }
    for (auto at = m_rows.lower_bound(prefix);
         at != m_rows.end() && at->first.compare(0, prefix.size(), prefix) == 0;)
    {
        if (wanted.count(at->first) != 0)
        {
            ++at;
            continue;
        }
        Change change;
        change.row.adminKeyName = at->first;
        change.retired = true;
        m_changes.push_back(std::move(change));
        at = m_rows.erase(at);
    }
    for (const auto& [rowName, use] : wanted)
    {
        Install(rowName, name, master, sender, *use);
    }
}

void
TransportKeys::Install(const std::string& rowName,
                       const std::string& name,
                       const Master& master,
                       IpAddress sender,
                       const Use& use)
{
    const auto [place, isNew] = m_rows.try_emplace(rowName);
    KeyRow& row = place->second;
    if (!isNew && row.lifetimes == use.lifetimes)
    {
        return;
    }
    row.lifetimes = use.lifetimes;
    if (isNew)
    {
        const bool own = sender == m_scope.self;
        row.adminKeyName = rowName;
        row.localKeyName = IntegerKeyName(master.row.keyId, 1);
        row.peers = own ? m_scope.groupName : sender.ToString();
        row.interfaces = {m_scope.interface};
        row.protocol = master.row.protocol;
        row.protocolSpecificInfo = name;
        row.algId = master.row.algorithm;
        row.key = Derive(master, sender, use.nonce);
        row.direction = own ? KeyDirection::OUT : KeyDirection::IN;
    }
    Change change;
    change.row = row;
    change.update = !isNew;
    m_changes.push_back(std::move(change));
}

SecretBytes
TransportKeys::Derive(const Master& master, IpAddress sender, const TransportNonce& nonce)
{
    static const std::string LABEL = "karp transport key";
    Bytes seed = ByteView::Of(LABEL).Copy();
    const uint64_t spi = GroupMessageSpi(m_scope.group, sender);
    for (int shift = 56; shift >= 0; shift -= 8)
    {
        seed.push_back(static_cast<uint8_t>(spi >> shift));
    }
    seed.insert(seed.end(), nonce.begin(), nonce.end());
    const size_t size = MacSize(master.row.algorithm);
    m_counters[static_cast<size_t>(CryptoOperation::PRF)] +=
        (size + PrfSize(PRF) - 1) / PrfSize(PRF);
    return PrfPlus(PRF, master.row.key, seed, size);
}

} // namespace karp
} // namespace ns3
