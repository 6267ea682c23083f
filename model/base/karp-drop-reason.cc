/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-drop-reason.h"

namespace ns3
{
namespace karp
{

namespace
{

/** Names in the order of the enumerators. */
constexpr std::array<const char*, static_cast<size_t>(DropReason::COUNT)> NAMES{{
    "none",
    "truncated",
    "bad_length",
    "bad_version",
    "bad_type",
    "bad_value",
    "bad_checksum",
    "unknown_critical",
    "too_many",
    "missing_payload",
    "unexpected_payload",
    "bad_ttl",
    "own_message",
    "other_group",
    "bad_subnet",
    "unknown_spi",
    "bad_message_id",
    "unexpected_event",
    "no_proposal",
    "bad_ke",
    "bad_cookie",
    "half_open_limit",
    "no_credential",
    "auth_failed",
    "bad_cert",
    "cert_untrusted",
    "cert_chain_too_long",
    "stale_revocation_list",
    "cert_not_yet_valid",
    "cert_expired",
    "cert_revoked",
    "cert_other_subject",
    "not_authorized",
    "blacklisted",
    "unknown_kek",
    "kek_not_valid",
    "bad_icv",
    "replayed_sequence",
    "bad_auth_type",
    "not_keyed",
    "unknown_key",
    "key_not_valid",
    "no_send_key",
    "area_mismatch",
    "hello_mismatch",
    "duplicate_router_id",
    "mtu_mismatch",
    "bad_exchange",
    "bad_request",
    "bad_lsa_checksum",
    "bad_lsa_type",
    "lsa_too_soon",
}};

} // namespace

const char*
ToString(DropReason reason)
{
    const auto index = static_cast<size_t>(reason);
    return index < NAMES.size() && NAMES[index] != nullptr ? NAMES[index] : "unknown";
}

} // namespace karp
} // namespace ns3
