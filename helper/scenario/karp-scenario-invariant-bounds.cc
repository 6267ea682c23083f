/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-quantity.h"
#include "karp-scenario-invariants.h"

#include "ns3/karp-mrkmp-types.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp
 * How long groups of a scenario may take to recover: from its timers, block protocol or attributes.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** CPU time of one join on the machine of the cost table, both sides, rounded up. */
constexpr Time JOIN_WORK = std::chrono::milliseconds(2);

} // namespace

RecoveryTimers
ScenarioInvariants::TimersOf(const Scenario& scenario)
{
    const ProtocolBlock& protocol = scenario.protocol;
    MrkmpConfig config;
    config.election.advertInterval = protocol.advert;
    config.election.downCount = protocol.down;
    config.updateCopies = protocol.copies;
    config.updateCopySpacing = protocol.spacing;
    config.session.retransmit.first = protocol.retransmitFirst;
    config.session.retransmit.base = protocol.retransmitBase;
    config.session.retransmit.tries = protocol.retransmitTries;
    config.blacklistTimeout = protocol.blacklist;
    for (const auto& [name, text] : protocol.attributes)
    {
        ExprError error;
        const std::optional<Quantity> value = EvaluateText(text, {}, error);
        const auto isCalled = [&name = name](const char* attribute) {
            const std::string word = attribute;
            const size_t at = name.size() - word.size();
            return name == word || (name.size() > word.size() + 2 &&
                                    name.compare(at - 2, std::string::npos, "::" + word) == 0);
        };
        const std::pair<const char*, Time*> times[] = {
            {"MergeCopySpacing", &config.mergeCopySpacing},
            {"JoinSpread", &config.joinSpread},
            {"EvictLead", &config.evictLead}};
        for (const auto& entry : times)
        {
            if (value && value->IsTime() && isCalled(entry.first))
            {
                *entry.second = Time(static_cast<Time::rep>(value->value));
            }
        }
        const std::pair<const char*, uint32_t*> counts[] = {
            {"MergeCopies", &config.mergeCopies},
            {"DeferMax", &config.election.deferMax}};
        for (const auto& entry : counts)
        {
            if (value && value->IsNumber() && isCalled(entry.first))
            {
                *entry.second = static_cast<uint32_t>(value->value);
            }
        }
    }
    RecoveryTimers timers = RecoveryTimers::Of(config);
    size_t largest = 0;
    for (const GroupBlock& group : scenario.groups)
    {
        largest = std::max(largest, group.members.size());
    }
    if (protocol.cost != "none")
    {
        timers.work = FromSeconds(ToSeconds(JOIN_WORK) * protocol.scale * largest);
    }
    return timers;
}

} // namespace karp
} // namespace ns3
