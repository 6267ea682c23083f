/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-credentials-fixture.h"

#include <map>

namespace ns3
{
namespace karp
{

std::shared_ptr<const PrivateKey>
TestKey(SigningKind kind, const std::string& name)
{
    static std::map<std::pair<SigningKind, std::string>, std::shared_ptr<const PrivateKey>> made;
    auto& key = made[{kind, name}];
    if (!key)
    {
        DerivedEntropy entropy("test " + std::string(ToString(kind)) + " " + name);
        key = PrivateKey::Generate(kind, entropy);
    }
    return key;
}

std::string
RouterText(uint8_t index)
{
    return "r" + std::to_string(index) + ".example";
}

Identity
RouterId(uint8_t index)
{
    return Identity::OfName(RouterText(index));
}

TestTrust::TestTrust(const std::string& name, SigningKind kind)
    : authority(std::make_unique<CertificateAuthority>(name, TestKey(kind, name), LONG)),
      store(std::make_shared<TrustStore>())
{
    store->AddAnchor(authority->Own());
}

std::shared_ptr<const Certificate>
TestTrust::Issue(uint8_t index, SigningKind kind, const Validity& validity)
{
    return authority->Issue(*TestKey(kind, RouterText(index))->Public(),
                            RouterText(index),
                            validity);
}

std::shared_ptr<CertificateCredentials>
TestTrust::Wear(uint8_t index,
                SigningKind kind,
                const std::shared_ptr<const Certificate>& certificate) const
{
    auto credentials = std::make_shared<CertificateCredentials>(RouterId(index), store);
    credentials->SetOwn(TestKey(kind, RouterText(index)), {certificate});
    return credentials;
}

std::shared_ptr<CertificateCredentials>
TestTrust::Credentials(uint8_t index, SigningKind kind)
{
    return Wear(index, kind, Issue(index, kind));
}

std::shared_ptr<RawKeyCredentials>
TestList::Credentials(uint8_t index, SigningKind kind)
{
    const auto key = TestKey(kind, RouterText(index));
    list->Add(RouterId(index), key->Public());
    return std::make_shared<RawKeyCredentials>(RouterId(index), key, list);
}

PipeOptions
Between(std::shared_ptr<const Credentials> a, std::shared_ptr<const Credentials> b)
{
    PipeOptions options = LoggedPipe();
    options.credentialsA = std::move(a);
    options.credentialsB = std::move(b);
    return options;
}

DropReason
RefusalOf(const std::shared_ptr<const Credentials>& a,
          const std::shared_ptr<const Credentials>& b,
          Time now)
{
    SessionPipe pipe(Between(a, b));
    pipe.now = now;
    pipe.Initiate();
    pipe.Run();
    return pipe.b.drops.empty() ? DropReason::NONE : pipe.b.drops.front().reason;
}

} // namespace karp
} // namespace ns3
