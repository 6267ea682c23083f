/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_CREDENTIALS_TESTS_H
#define KARP_CREDENTIALS_TESTS_H

#include "ns3/test.h"

#include <vector>

/**
 * \file
 * \ingroup karp-test
 * Parts of the suite karp-credentials, each in its own file.
 */

namespace ns3
{
namespace karp
{

/** \return cases of key pairs and signatures */
std::vector<TestCase*> SignatureTests();

/** \return cases of kinds of credentials that fit each other */
std::vector<TestCase*> CredentialKindTests();

/** \return cases of certificates that are believed or not */
std::vector<TestCase*> CertificateTests();

/** \return cases of damaged and forged proofs */
std::vector<TestCase*> ProofForgeryTests();

/** \return cases of whole groups */
std::vector<TestCase*> CredentialGroupTests();

/** \return cases of helpers and scenarios */
std::vector<TestCase*> CredentialScenarioTests();

} // namespace karp
} // namespace ns3

#endif // KARP_CREDENTIALS_TESTS_H
