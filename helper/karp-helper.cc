/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-helper.h"

#include "karp-key-log.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/ipv4.h"
#include "ns3/karp-crypto.h"
#include "ns3/names.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the IPv4 address of \p device */
IpAddress
AddressOf(Ptr<NetDevice> device)
{
    Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    const int32_t interface = ipv4 ? ipv4->GetInterfaceForDevice(device) : -1;
    NS_ABORT_MSG_UNLESS(interface >= 0 && ipv4->GetNAddresses(interface) > 0,
                        "assign addresses before installing");
    return IpAddress{ipv4->GetAddress(interface, 0).GetLocal().Get()};
}

/** \return the application of type \p T on \p node for which \p fits, or nullptr */
template <typename T, typename Predicate>
Ptr<T>
FindApplication(Ptr<Node> node, Predicate fits)
{
    for (uint32_t i = 0; i < node->GetNApplications(); ++i)
    {
        Ptr<T> app = DynamicCast<T>(node->GetApplication(i));
        if (app && fits(app))
        {
            return app;
        }
    }
    return nullptr;
}

/** \return UDP port of \p app */
uint64_t
PortOf(Ptr<KmpApplication> app)
{
    UintegerValue port;
    app->GetAttribute("Port", port);
    return port.Get();
}

/** \return \p text as a key */
SecretBytes
ToKey(const std::string& text)
{
    return SecretBytes(text.begin(), text.end());
}

/** Assign streams to the applications of type \p T in \p apps. \return how many were used */
template <typename T>
int64_t
AssignStreamsTo(const ApplicationContainer& apps, int64_t stream)
{
    int64_t used = 0;
    for (auto it = apps.Begin(); it != apps.End(); ++it)
    {
        if (auto app = DynamicCast<T>(*it))
        {
            used += app->AssignStreams(stream + used);
        }
    }
    return used;
}

} // namespace

std::string
RouterName(Ptr<Node> node)
{
    const std::string name = Names::FindName(node);
    return name.empty() ? "r" + std::to_string(node->GetId()) : name;
}

// ---- KmpHelper

KmpHelper::KmpHelper()
{
    m_factory.SetTypeId(KmpApplication::GetTypeId());
}

void
KmpHelper::Set(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

void
KmpHelper::SetGroupPsk(const std::string& key)
{
    m_groupPsk = key;
    m_masterPsk.clear();
    m_pairPsks.clear();
    m_credentials = nullptr;
    m_pairs = nullptr;
}

void
KmpHelper::SetPairPsk(const std::string& a, const std::string& b, const std::string& key)
{
    m_groupPsk.clear();
    m_credentials = nullptr;
    m_pairs = nullptr;
    m_pairPsks[std::minmax(a, b)] = key;
}

void
KmpHelper::SetPairPskFromMaster(const std::string& master)
{
    m_groupPsk.clear();
    m_credentials = nullptr;
    m_pairs = nullptr;
    m_masterPsk = master;
}

void
KmpHelper::SetKeyPairs(const std::string& kind, const std::string& anchor, const std::string& text)
{
    const auto known = ParseSigningKind(kind);
    NS_ABORT_MSG_UNLESS(known,
                        "no kind of key pair '" << kind
                                                << "': ed25519, ecdsa-p256, rsa-2048 or rsa-3072");
    m_credentials = nullptr;
    m_pairs = std::make_shared<SimulationCredentials>(*known, anchor, text);
}

void
KmpHelper::SetRawKeys(const std::string& kind, const std::string& text)
{
    SetKeyPairs(kind, "", text);
}

void
KmpHelper::SetCertificates(const std::string& kind,
                           const std::string& anchor,
                           const std::string& text)
{
    SetKeyPairs(kind, anchor, text);
    NS_ABORT_MSG_UNLESS(m_pairs->Trust() && m_pairs->Trust()->AnchorHashes().size() == 1,
                        "'" << anchor << "' cannot be the name of a trust anchor");
}

void
KmpHelper::SetRevoked(const std::string& name, ns3::Time when)
{
    m_exceptions[name].revoked = Time(when.GetNanoSeconds());
}

void
KmpHelper::SetExpiry(const std::string& name, ns3::Time when)
{
    m_exceptions[name].expires = Time(when.GetNanoSeconds());
}

void
KmpHelper::SetMismatch(const std::string& name)
{
    m_exceptions[name].mismatch = true;
}

void
KmpHelper::SetCredentials(CredentialsFactory factory)
{
    m_credentials = std::move(factory);
    m_pairs = nullptr;
}

bool
KmpHelper::IsMismatched(const std::string& name) const
{
    const auto found = m_exceptions.find(name);
    return found != m_exceptions.end() && found->second.mismatch;
}

SecretBytes
KmpHelper::PairKey(const std::string& a, const std::string& b) const
{
    const std::pair<std::string, std::string> names = std::minmax(a, b);
    if (IsMismatched(a))
    {
        // What a has is not what b has, whichever of the two asks.
        return Prf(PrfId::HMAC_SHA2_256, ByteView::Of("mismatch"), {ByteView::Of(a + "|" + b)});
    }
    const auto it = m_pairPsks.find(names);
    if (it != m_pairPsks.end())
    {
        return ToKey(it->second);
    }
    if (m_masterPsk.empty())
    {
        return {};
    }
    const std::array<uint8_t, 1> between{0};
    return Prf(PrfId::HMAC_SHA2_256,
               ByteView::Of(m_masterPsk),
               {ByteView::Of(names.first), between, ByteView::Of(names.second)});
}

std::shared_ptr<const Credentials>
KmpHelper::MakeCredentials(Ptr<Node> node, const NetDeviceContainer& devices)
{
    if (m_credentials)
    {
        return m_credentials(node, devices);
    }
    const std::string name = RouterName(node);
    const Identity self = Identity::OfName(name);
    if (m_pairs)
    {
        const auto exception = m_exceptions.find(name);
        if (exception != m_exceptions.end())
        {
            m_pairs->Set(name, exception->second);
        }
        auto made = m_pairs->Make(name);
        NS_ABORT_MSG_UNLESS(made, "'" << name << "' cannot be the name in a certificate");
        return made;
    }
    if (!m_groupPsk.empty())
    {
        const std::string key = IsMismatched(name) ? m_groupPsk + " of " + name : m_groupPsk;
        return std::make_shared<GroupPskCredentials>(self, ToKey(key));
    }
    NS_ABORT_MSG_IF(m_pairPsks.empty() && m_masterPsk.empty(),
                    "say what the routers trust: SetGroupPsk, SetPairPsk, SetRawKeys, "
                    "SetCertificates or SetCredentials");
    auto& known = m_known[node->GetId()];
    if (!known)
    {
        known = std::make_shared<PairPskCredentials>(self);
    }
    for (auto it = devices.Begin(); it != devices.End(); ++it)
    {
        const std::string peer = RouterName((*it)->GetNode());
        SecretBytes key = PairKey(name, peer);
        if ((*it)->GetNode() != node && !key.empty())
        {
            known->Add(Identity::OfName(peer), AddressOf(*it), std::move(key));
        }
    }
    return known;
}

ApplicationContainer
KmpHelper::Install(const NetDeviceContainer& devices, const std::string& group)
{
    ApplicationContainer apps;
    for (auto it = devices.Begin(); it != devices.End(); ++it)
    {
        Ptr<Node> node = (*it)->GetNode();
        Ptr<KmpApplication> fresh = m_factory.Create<KmpApplication>();
        Ptr<KmpApplication> app =
            FindApplication<KmpApplication>(node, [&fresh](Ptr<KmpApplication> candidate) {
                return PortOf(candidate) == PortOf(fresh);
            });
        if (!app)
        {
            app = fresh;
            node->AddApplication(app);
        }
        app->SetCredentials(MakeCredentials(node, devices));
        app->AddGroup(*it, group);
        apps.Add(app);
    }
    return apps;
}

int64_t
KmpHelper::AssignStreams(const ApplicationContainer& apps, int64_t stream)
{
    return AssignStreamsTo<KmpApplication>(apps, stream);
}

// ---- OspfHelper

OspfHelper::OspfHelper()
{
    m_factory.SetTypeId(OspfApplication::GetTypeId());
}

void
OspfHelper::Set(const std::string& name, const AttributeValue& value)
{
    m_factory.Set(name, value);
}

ApplicationContainer
OspfHelper::Install(const NetDeviceContainer& devices) const
{
    ApplicationContainer apps;
    for (auto it = devices.Begin(); it != devices.End(); ++it)
    {
        Ptr<Node> node = (*it)->GetNode();
        Ptr<OspfApplication> app =
            FindApplication<OspfApplication>(node, [](Ptr<OspfApplication>) { return true; });
        if (!app)
        {
            app = m_factory.Create<OspfApplication>();
            node->AddApplication(app);
        }
        app->AddInterface(*it);
        apps.Add(app);
    }
    return apps;
}

int64_t
OspfHelper::AssignStreams(const ApplicationContainer& apps, int64_t stream)
{
    return AssignStreamsTo<OspfApplication>(apps, stream);
}

// ---- KarpHelper

void
KarpHelper::Set(const std::string& name, const AttributeValue& value)
{
    const auto has = [&name](TypeId tid) {
        TypeId::AttributeInformation info;
        return tid.LookupAttributeByName(name, &info);
    };
    bool found = false;
    if (has(KmpApplication::GetTypeId()))
    {
        m_kmp.Set(name, value);
        found = true;
    }
    if (has(OspfApplication::GetTypeId()))
    {
        m_ospf.Set(name, value);
        found = true;
    }
    if (has(Router::GetTypeId()) || has(CpuModel::GetTypeId()))
    {
        m_router.emplace_back(name, value.Copy());
        found = true;
    }
    NS_ABORT_MSG_UNLESS(found,
                        "no attribute " << name
                                        << " in KmpApplication, OspfApplication, Router, CpuModel");
}

void
KarpHelper::SetGroupPsk(const std::string& key)
{
    m_kmp.SetGroupPsk(key);
}

void
KarpHelper::SetPairPskFromMaster(const std::string& master)
{
    m_kmp.SetPairPskFromMaster(master);
}

void
KarpHelper::SetRawKeys(const std::string& kind, const std::string& text)
{
    m_kmp.SetRawKeys(kind, text);
}

void
KarpHelper::SetCertificates(const std::string& kind,
                            const std::string& anchor,
                            const std::string& text)
{
    m_kmp.SetCertificates(kind, anchor, text);
}

KmpHelper&
KarpHelper::Kmp()
{
    return m_kmp;
}

OspfHelper&
KarpHelper::Ospf()
{
    return m_ospf;
}

ApplicationContainer
KarpHelper::Install(const NetDeviceContainer& devices, const std::string& group)
{
    for (auto it = devices.Begin(); it != devices.End(); ++it)
    {
        Ptr<Router> router = Router::Of((*it)->GetNode());
        for (const auto& setting : m_router)
        {
            if (!router->SetAttributeFailSafe(setting.first, *setting.second))
            {
                router->Cpu()->SetAttribute(setting.first, *setting.second);
            }
        }
    }
    ApplicationContainer apps = m_kmp.Install(devices, group);
    apps.Add(m_ospf.Install(devices));
    return apps;
}

ApplicationContainer
KarpHelper::Install(const NodeContainer& nodes, const std::string& group)
{
    NetDeviceContainer devices;
    for (auto it = nodes.Begin(); it != nodes.End(); ++it)
    {
        Ptr<Ipv4> ipv4 = (*it)->GetObject<Ipv4>();
        NS_ABORT_MSG_UNLESS(ipv4, "install the internet stack first");
        for (uint32_t i = 1; i < ipv4->GetNInterfaces(); ++i)
        {
            if (ipv4->GetNAddresses(i) > 0)
            {
                devices.Add(ipv4->GetNetDevice(i));
            }
        }
    }
    return Install(devices, group);
}

int64_t
KarpHelper::AssignStreams(const ApplicationContainer& apps, int64_t stream)
{
    const int64_t used = KmpHelper::AssignStreams(apps, stream);
    return used + OspfHelper::AssignStreams(apps, stream + used);
}

void
KarpHelper::EnableKeyLog(const ApplicationContainer& apps, const std::string& directory)
{
    Create<KeyLogWriter>(directory)->Watch(apps);
}

} // namespace karp
} // namespace ns3
