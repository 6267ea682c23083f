/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-credentials.h"

#include "ns3/nstime.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

void
ConfigureCredentials(const Scenario& scenario, KmpHelper& kmp)
{
    const CredentialBlock& block = scenario.credentials;
    // Keys of a simulation; they only have to differ from those of other scenarios.
    const std::string secret = "psk of " + scenario.name;
    if (block.type == "psk")
    {
        kmp.SetGroupPsk(secret);
    }
    else if (block.type == "pair-psk")
    {
        kmp.SetPairPskFromMaster(secret);
    }
    else if (block.trust.empty())
    {
        kmp.SetRawKeys(block.type, secret);
    }
    else
    {
        kmp.SetCertificates(block.type, block.trust, secret);
    }
    for (const uint32_t router : block.mismatch)
    {
        kmp.SetMismatch(scenario.NodeName(router));
    }
    for (const auto& [router, when] : block.revoked)
    {
        kmp.SetRevoked(scenario.NodeName(router), NanoSeconds(when.count()));
    }
    for (const auto& [router, when] : block.expires)
    {
        kmp.SetExpiry(scenario.NodeName(router), NanoSeconds(when.count()));
    }
}

uint32_t
TrustOf(const Scenario& scenario, uint32_t router)
{
    const std::vector<uint32_t>& mismatch = scenario.credentials.mismatch;
    const bool alone = std::find(mismatch.begin(), mismatch.end(), router) != mismatch.end();
    return alone ? router + 1 : 0;
}

} // namespace karp
} // namespace ns3
