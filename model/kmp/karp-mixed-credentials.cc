/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mixed-credentials.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace karp
{

MixedCredentials::MixedCredentials(Identity local)
    : Credentials(std::move(local))
{
}

void
MixedCredentials::Add(std::shared_ptr<const Credentials> kind)
{
    m_kinds.push_back(std::move(kind));
}

std::optional<Proof>
MixedCredentials::Authenticate(const AuthInput& input,
                               IpAddress address,
                               const Identity* peer,
                               CryptoCounters& counters) const
{
    // First those that the peer seems able to verify, then the others: what it seems to say may
    // be a forger's word, which must not keep us from proving anything (J12).
    for (const bool suiting : {true, false})
    {
        for (const auto& kind : m_kinds)
        {
            if (kind->Suits(input.wishes) != suiting)
            {
                continue;
            }
            if (auto proof = kind->Authenticate(input, address, peer, counters))
            {
                return proof;
            }
        }
    }
    return std::nullopt;
}

Credentials::Verdict
MixedCredentials::Verify(const AuthPayload& auth,
                         const AuthInput& input,
                         const Identity& peer,
                         const std::vector<IkePayload>& inner,
                         Time now,
                         CryptoCounters& counters) const
{
    Verdict telling = Verdict::NO_CREDENTIAL;
    for (const auto& kind : m_kinds)
    {
        const Verdict verdict = kind->Verify(auth, input, peer, inner, now, counters);
        if (verdict == Verdict::OK)
        {
            return verdict;
        }
        telling = std::max(telling, verdict);
    }
    return telling;
}

std::vector<uint16_t>
MixedCredentials::HashAlgorithms() const
{
    std::set<uint16_t> all;
    for (const auto& kind : m_kinds)
    {
        for (const uint16_t hash : kind->HashAlgorithms())
        {
            all.insert(hash);
        }
    }
    return std::vector<uint16_t>(all.begin(), all.end());
}

std::vector<CertReqPayload>
MixedCredentials::Requests() const
{
    std::vector<CertReqPayload> all;
    for (const auto& kind : m_kinds)
    {
        for (auto& request : kind->Requests())
        {
            all.push_back(std::move(request));
        }
    }
    return all;
}

bool
MixedCredentials::Suits(const PeerWishes& wishes) const
{
    return std::any_of(m_kinds.begin(), m_kinds.end(), [&wishes](const auto& kind) {
        return kind->Suits(wishes);
    });
}

} // namespace karp
} // namespace ns3
