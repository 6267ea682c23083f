/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_WIRE_SAMPLES_H
#define KARP_WIRE_SAMPLES_H

#include "ns3/karp-ike-message.h"
#include "ns3/karp-types.h"
#include "ns3/test.h"

#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * What the files of suite karp-wire share: sample messages, and the cases each file contributes.
 */

namespace ns3
{
namespace karp
{

/** A payload and the octets it must have. */
struct PayloadSample
{
    std::string name;   //!< for people
    IkePayload payload; //!< fields
    std::string hex;    //!< generic header, as the only payload of a chain, and body
    std::string text;   //!< what Describe must say of it
};

/** \return at least one of each kind of payload but the Encrypted one */
std::vector<PayloadSample> PayloadSamples();

/** \return a key download with KEK rows 1 to \p keks and rows of OSPFv2 keys 1 to \p pmks */
KeyDownloadPayload SampleKeyDownload(size_t keks, size_t pmks);

/** A message and its name. */
struct MessageSample
{
    std::string name;   //!< for people
    IkeMessage message; //!< fields
};

/** \return whole messages: an offer, an advertisement, a sealed one, one of every payload there is
 */
std::vector<MessageSample> MessageSamples();

/** \return the reason that \p result was refused, NONE if it was not */
template <typename T>
DropReason
ReasonOf(const std::variant<T, DecodeError>& result)
{
    const auto* error = std::get_if<DecodeError>(&result);
    return error ? error->reason : DropReason::NONE;
}

/** \return cases about single payloads */
std::vector<TestCase*> WirePayloadCases();
/** \return cases about messages as a whole */
std::vector<TestCase*> WireMessageCases();
/** \return cases about octets that nobody sends on purpose */
std::vector<TestCase*> WireRobustnessCases();
/** \return cases about OSPF packets */
std::vector<TestCase*> WireOspfCases();
/** \return cases about LSAs and the packets that carry them */
std::vector<TestCase*> WireOspfLsaCases();
/** \return cases that read the captures in test/vectors */
std::vector<TestCase*> WireVectorCases();

} // namespace karp
} // namespace ns3

#endif // KARP_WIRE_SAMPLES_H
