/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-message-info.h"

#include "ns3/karp-ike-message.h"
#include "ns3/karp-ospf-packet.h"

namespace ns3
{
namespace karp
{

const char*
KmpTypeWord(ByteView payload)
{
    const auto header = PeekIkeHeader(payload);
    if (!header)
    {
        return "malformed";
    }
    switch (header->exchange)
    {
    case IkeExchange::IKE_SA_INIT:
        return "ike_sa_init";
    case IkeExchange::IKE_AUTH:
        return "ike_auth";
    case IkeExchange::CREATE_CHILD_SA:
        return "create_child_sa";
    case IkeExchange::INFORMATIONAL:
        return "informational";
    case IkeExchange::MRKMP_ADVERT:
        return "advert";
    case IkeExchange::MRKMP_UPDATE:
        return "update";
    case IkeExchange::MRKMP_GROUP:
        return "group";
    case IkeExchange::MRKMP_NONCE:
        return "nonce";
    }
    return "unknown";
}

const char*
OspfTypeWord(ByteView packet)
{
    switch (static_cast<OspfPacketType>(packet.size() > 1 ? packet[1] : 0))
    {
    case OspfPacketType::HELLO:
        return "hello";
    case OspfPacketType::DATABASE_DESCRIPTION:
        return "database_description";
    case OspfPacketType::LINK_STATE_REQUEST:
        return "link_state_request";
    case OspfPacketType::LINK_STATE_UPDATE:
        return "link_state_update";
    case OspfPacketType::LINK_STATE_ACKNOWLEDGMENT:
        return "link_state_acknowledgment";
    }
    return "unknown";
}

} // namespace karp
} // namespace ns3
