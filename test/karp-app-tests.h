/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_APP_TESTS_H
#define KARP_APP_TESTS_H

#include "karp-sentence.h"

#include <vector>

/**
 * \file
 * \ingroup karp-test
 * The parts of suite karp-app, a file each; the caller owns the cases.
 */

namespace ns3
{
namespace karp
{

/** \return the cases on ns-3 headers */
std::vector<TestCase*> HeaderTests();

/** \return the cases on CPU, randomness, clock and key table of a router */
std::vector<TestCase*> RouterTests();

/** \return the cases on attributes and trace sources */
std::vector<TestCase*> AttributeTests();

/** \return the cases on crashes, boots and what routing tells key management */
std::vector<TestCase*> CrashTests();

/** \return the cases on impaired links */
std::vector<TestCase*> ImpairmentTests();

/** \return the cases on helpers, key log, sockets and repeatability */
std::vector<TestCase*> HelperTests();

/** \return the cases on sequence numbers; the caller owns them */
std::vector<TestCase*> SequenceTests();

/** \return the cases on traffic by the routes of OSPF */
std::vector<TestCase*> RoutingTests();

} // namespace karp
} // namespace ns3

#endif // KARP_APP_TESTS_H
