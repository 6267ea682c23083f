/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-credentials-tests.h"

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp-test
 * Credentials with key pairs: signatures, authorisation lists, certificates, mixed groups (K1).
 */
class KarpCredentialsTestSuite : public TestSuite
{
  public:
    KarpCredentialsTestSuite()
        : TestSuite("karp-credentials", TestSuite::Type::UNIT)
    {
        for (const auto& part : {SignatureTests(),
                                 CredentialKindTests(),
                                 CertificateTests(),
                                 ProofForgeryTests(),
                                 CredentialGroupTests(),
                                 CredentialScenarioTests()})
        {
            for (TestCase* test : part)
            {
                AddTestCase(test);
            }
        }
    }
};

static KarpCredentialsTestSuite g_karpCredentialsTestSuite; //!< registers itself

} // namespace karp
} // namespace ns3
