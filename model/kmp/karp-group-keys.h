/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_GROUP_KEYS_H
#define KARP_GROUP_KEYS_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-types.h"

namespace ns3
{
namespace karp
{

/** Settings of a GCKS's key generation (H 2.1, 4; K7). */
struct GroupKeyConfig
{
    CipherSuite kekSuite;  //!< encr, keyLength, integ and prf of KEKs
    KeyProtocol pmkProtocol{KeyProtocol::OSPFV2};          //!< whose keys
    MacAlgorithm pmkAlgorithm{MacAlgorithm::HMAC_SHA_256}; //!< what they are used with
    Time kekLifetime{std::chrono::hours(1)};   //!< from send start to send end
    Time pmkOverrun{std::chrono::minutes(30)}; //!< how long a PMK outlives its KEK (K4)
    Time lead{std::chrono::seconds(30)};       //!< from receive start to send start (K7)
    Time overlap{std::chrono::seconds(30)};    //!< from send end to receive end
};

} // namespace karp
} // namespace ns3

#endif // KARP_GROUP_KEYS_H
