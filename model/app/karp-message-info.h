/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MESSAGE_INFO_H
#define KARP_MESSAGE_INFO_H

#include "ns3/karp-types.h"

namespace ns3
{
namespace karp
{

/** A message that was sent or received, as the trace sources Tx and Rx show it. */
struct MessageInfo
{
    const char* type{""}; //!< "advert", "update", "ike_sa_init", "hello", ...: a fixed word
    size_t octets{0};     //!< at the IP layer: IP header, UDP header where there is one, payload
    uint32_t interface {
        0
    };                     //!< IP interface
    IpAddress source;      //!< IP source
    IpAddress destination; //!< IP destination
    ByteView payload;      //!< what UDP or IP carries; valid during the call
};

} // namespace karp
} // namespace ns3

#endif // KARP_MESSAGE_INFO_H
