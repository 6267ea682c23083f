/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SESSION_TESTS_H
#define KARP_SESSION_TESTS_H

#include "ns3/test.h"

#include <vector>

/**
 * \file
 * \ingroup karp-test
 * Parts of the suite karp-session, each in its own file.
 */

namespace ns3
{
namespace karp
{

/** \return cases of the initial exchange where nothing goes wrong */
std::vector<TestCase*> SessionHandshakeTests();

/** \return cases of authentication that fails */
std::vector<TestCase*> SessionCredentialTests();

/** \return cases of negotiation: suites, groups, cookies */
std::vector<TestCase*> SessionNegotiationTests();

/** \return cases of repetition: requests, cached responses, copies, order */
std::vector<TestCase*> SessionRepetitionTests();

/** \return cases of damaged and forged messages */
std::vector<TestCase*> SessionForgeryTests();

/** \return cases of bounds, floods and oblivion */
std::vector<TestCase*> SessionBoundsTests();

/** \return cases of requests after the initial exchange */
std::vector<TestCase*> SessionExchangeTests();

/** \return cases of what an authentic peer, or our own user, gets wrong */
std::vector<TestCase*> SessionPeerTests();

/** \return cases of single fields that are wrong */
std::vector<TestCase*> SessionFieldTests();

/** \return cases of the tables: machine, message rules, retransmission */
std::vector<TestCase*> SessionTableTests();

} // namespace karp
} // namespace ns3

#endif // KARP_SESSION_TESTS_H
