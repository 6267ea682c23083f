/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_MESSAGE_INFO_H
#define KARP_MESSAGE_INFO_H

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-types.h"

#include <string>

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

struct KeyRow;

/** A protocol master key in the key table. */
struct PmkChange
{
    const char* what{""};       //!< "install", "update" or "retire"
    std::string adminKeyName;   //!< name of the row
    const KeyRow* row{nullptr}; //!< the row; nullptr with "retire"
};

/** What became of a message that an Adversary made, at one receiver: trace source Attacked. */
struct AttackOutcome
{
    uint32_t attack{0};                  //!< number of the attack; 0: nobody's
    const char* type{""};                //!< as in MessageInfo
    IpAddress source;                    //!< who seems to have sent it
    DropReason reason{DropReason::NONE}; //!< why it was refused, if it was
    bool accepted{false};                //!< believed to come from a holder of keys
    uint32_t interface {
        0
    };               //!< IP interface that it came in by
    Bytes message{}; //!< what UDP carried; of routing packets nothing
};

/** \return what traces call a key-management message */
const char* KmpTypeWord(ByteView payload);
/** \return what traces call an OSPF packet */
const char* OspfTypeWord(ByteView packet);

} // namespace karp
} // namespace ns3

#endif // KARP_MESSAGE_INFO_H
