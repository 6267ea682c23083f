/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MESSAGE_RULES_H
#define KARP_MESSAGE_RULES_H

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-ike-message.h"

#include <optional>
#include <vector>

namespace ns3
{
namespace karp
{

/** Chains of payloads whose structure is checked: those of messages and those inside SK. */
enum class MessageKind : uint8_t
{
    INIT_REQUEST,  //!< IKE_SA_INIT request
    INIT_RESPONSE, //!< IKE_SA_INIT response that goes on with the exchange
    INIT_REFUSAL,  //!< IKE_SA_INIT response that is only a notification
    PROTECTED,     //!< everything else from outside: an Encrypted payload
    AUTH_REQUEST,  //!< inside an IKE_AUTH request
    AUTH_RESPONSE, //!< inside an IKE_AUTH response
    AUTH_REFUSAL,  //!< inside an IKE_AUTH response that is only a notification
    FURTHER,       //!< inside any later message
    COUNT          //!< how many there are
};

/** How often a type of payload may stand in a chain. */
struct PayloadRule
{
    IkePayloadType type; //!< which
    uint8_t min;         //!< at least
    uint8_t max;         //!< at most
};

/** What a kind of chain looks like. */
struct MessageRule
{
    MessageKind kind;               //!< which
    const char* cite;               //!< the text it comes from
    std::vector<PayloadRule> rules; //!< counts by type
    bool openToUser; //!< whether types not named belong to the user, or else have no place
};

/** \return the rules, in the order of MessageKind */
const std::vector<MessageRule>& MessageRules();

/**
 * \param kind what the chain should be
 * \param payloads the chain
 * \return what is wrong with it (reason, and the payload type as value), if anything. Payloads that
 *         nobody here can read are skipped, as RFC 7296 section 2.5 demands.
 */
std::optional<Drop> CheckStructure(MessageKind kind, const std::vector<IkePayload>& payloads);

/** \return those of \p inner that are not IKE_AUTH's own, but its user's (J4) */
std::vector<IkePayload> UserPayloads(const std::vector<IkePayload>& inner);

} // namespace karp
} // namespace ns3

#endif // KARP_MESSAGE_RULES_H
