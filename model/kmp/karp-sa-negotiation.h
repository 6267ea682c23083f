/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SA_NEGOTIATION_H
#define KARP_SA_NEGOTIATION_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-ike-message.h"

#include <optional>
#include <vector>

/**
 * \file
 * \ingroup karp
 * Cipher suites as Security Association payloads say them, and the choice among them (J3; RFC 7296
 * sections 2.7 and 3.3): pure functions.
 */

namespace ns3
{
namespace karp
{

/** A suite chosen from an offer. */
struct SuiteChoice
{
    CipherSuite suite; //!< what both can do
    uint8_t number{0}; //!< number of the proposal it was found in
};

/** \return those of \p suites that are implemented, in order, as many as an offer has room for */
std::vector<CipherSuite> UsableSuites(const std::vector<CipherSuite>& suites);

/**
 * \param suites in order of preference
 * \return the offer: one proposal for each suite, numbered from 1. A proposal a suite says exactly
 *         what we accept, which a product of transform lists would not.
 */
SaPayload OfferSuites(const std::vector<CipherSuite>& suites);

/** \return the answer that says \p choice */
SaPayload AnswerSuite(const SuiteChoice& choice);

/**
 * \param offer what the initiator can do; its proposals may hold several transforms of a type
 * \param accepted what we can do, in order of preference, which decides
 * \return the choice, if there is one. A proposal that holds a transform type unknown here is
 *         passed over (RFC 7296 section 3.3.6), and so is a transform with an unknown attribute.
 */
std::optional<SuiteChoice> ChooseSuite(const SaPayload& offer,
                                       const std::vector<CipherSuite>& accepted);

/**
 * \param answer what the responder chose
 * \param offered what OfferSuites was given
 * \return the suite, if the answer is one proposal of one transform for each type and was offered
 */
std::optional<CipherSuite> CheckAnswer(const SaPayload& answer,
                                       const std::vector<CipherSuite>& offered);

} // namespace karp
} // namespace ns3

#endif // KARP_SA_NEGOTIATION_H
