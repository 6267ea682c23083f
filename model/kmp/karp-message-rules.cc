/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-message-rules.h"

#include <array>

namespace ns3
{
namespace karp
{

namespace
{

/** \return whether \p payload is IKE_AUTH's own, not the user's */
bool
IsOwn(const IkePayload& payload)
{
    if (const auto* notify = std::get_if<NotifyPayload>(&payload))
    {
        return notify->type == IkeNotify::INITIAL_CONTACT;
    }
    return std::holds_alternative<IdPayload>(payload) ||
           std::holds_alternative<AuthPayload>(payload) ||
           std::holds_alternative<CertPayload>(payload) ||
           std::holds_alternative<CertReqPayload>(payload) ||
           std::holds_alternative<VendorIdPayload>(payload);
}

} // namespace

const std::vector<MessageRule>&
MessageRules()
{
    using T = IkePayloadType;
    static constexpr uint8_t MANY = MAX_PAYLOADS;
    static const std::vector<MessageRule> RULES{
        {MessageKind::INIT_REQUEST,
         "RFC 7296 section 1.2; J1",
         {{T::SECURITY_ASSOCIATION, 1, 1},
          {T::KEY_EXCHANGE, 1, 1},
          {T::NONCE, 1, 1},
          {T::NOTIFY, 0, MANY},
          {T::VENDOR_ID, 0, MANY}},
         false},
        {MessageKind::INIT_RESPONSE,
         "RFC 7296 section 1.2; J1",
         {{T::SECURITY_ASSOCIATION, 1, 1},
          {T::KEY_EXCHANGE, 1, 1},
          {T::NONCE, 1, 1},
          {T::CERTIFICATE_REQUEST, 0, MANY},
          {T::NOTIFY, 0, MANY},
          {T::VENDOR_ID, 0, MANY}},
         false},
        {MessageKind::INIT_REFUSAL,
         "RFC 7296 sections 1.2, 2.6, 2.21.1",
         {{T::NOTIFY, 1, MANY}, {T::VENDOR_ID, 0, MANY}},
         false},
        {MessageKind::PROTECTED, "RFC 7296 section 3.14", {{T::ENCRYPTED, 1, 1}}, false},
        {MessageKind::AUTH_REQUEST,
         "RFC 7296 section 1.2; J1, J4",
         {{T::ID_INITIATOR, 1, 1},
          {T::ID_RESPONDER, 0, 1},
          {T::AUTHENTICATION, 1, 1},
          {T::CERTIFICATE, 0, MANY},
          {T::CERTIFICATE_REQUEST, 0, MANY},
          {T::KEY_EXCHANGE, 0, 0},
          {T::NONCE, 0, 0},
          {T::ADVERTISEMENT, 0, 0},
          {T::SEQUENCE, 0, 0}},
         true},
        {MessageKind::AUTH_RESPONSE,
         "RFC 7296 section 1.2; J1, J4",
         {{T::ID_RESPONDER, 1, 1},
          {T::ID_INITIATOR, 0, 0},
          {T::AUTHENTICATION, 1, 1},
          {T::CERTIFICATE, 0, MANY},
          {T::CERTIFICATE_REQUEST, 0, 0},
          {T::KEY_EXCHANGE, 0, 0},
          {T::NONCE, 0, 0},
          {T::ADVERTISEMENT, 0, 0},
          {T::SEQUENCE, 0, 1}},
         true},
        {MessageKind::AUTH_REFUSAL,
         "RFC 7296 section 2.21.2",
         {{T::NOTIFY, 1, MANY}, {T::VENDOR_ID, 0, MANY}},
         false},
        {MessageKind::FURTHER,
         "RFC 7296 sections 1.3, 1.4",
         {{T::ID_INITIATOR, 0, 0},
          {T::ID_RESPONDER, 0, 0},
          {T::AUTHENTICATION, 0, 0},
          {T::ADVERTISEMENT, 0, 0},
          {T::SEQUENCE, 0, 1}},
         true},
    };
    return RULES;
}

std::optional<Drop>
CheckStructure(MessageKind kind, const std::vector<IkePayload>& payloads)
{
    const MessageRule& rule = MessageRules()[static_cast<size_t>(kind)];
    std::array<size_t, 256> counts{};
    for (const auto& payload : payloads)
    {
        if (!std::holds_alternative<UnknownPayload>(payload))
        {
            ++counts[static_cast<uint8_t>(TypeOf(payload))];
        }
    }
    for (const auto& [type, min, max] : rule.rules)
    {
        size_t& count = counts[static_cast<uint8_t>(type)];
        if (count < min)
        {
            return Drop{DropReason::MISSING_PAYLOAD, static_cast<uint64_t>(type), {}};
        }
        if (count > max)
        {
            return Drop{DropReason::UNEXPECTED_PAYLOAD, static_cast<uint64_t>(type), {}};
        }
        count = 0;
    }
    for (size_t type = 0; type < counts.size() && !rule.openToUser; ++type)
    {
        if (counts[type] > 0)
        {
            return Drop{DropReason::UNEXPECTED_PAYLOAD, type, {}};
        }
    }
    return std::nullopt;
}

std::vector<IkePayload>
UserPayloads(const std::vector<IkePayload>& inner)
{
    std::vector<IkePayload> others;
    for (const auto& payload : inner)
    {
        if (!IsOwn(payload))
        {
            others.push_back(payload);
        }
    }
    return others;
}

} // namespace karp
} // namespace ns3
