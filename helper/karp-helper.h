/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_HELPER_H
#define KARP_HELPER_H

#include "ns3/application-container.h"
#include "ns3/attribute.h"
#include "ns3/karp-credentials.h"
#include "ns3/karp-kmp-application.h"
#include "ns3/karp-ospf-application.h"
#include "ns3/karp-simulation-credentials.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"
#include "ns3/object-factory.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

namespace ns3
{
namespace karp
{

/**
 * \param node a router
 * \return its name: what Names calls it, or "r" and its node number
 */
std::string RouterName(Ptr<Node> node);

/**
 * \ingroup karp
 * Installs key management. A router identifies itself by its name (RouterName) as an FQDN.
 */
class KmpHelper
{
  public:
    KmpHelper();

    /** Set attribute \p name of the applications to be installed. */
    void Set(const std::string& name, const AttributeValue& value);

    /** From now on all routers share \p key (H 2.1: a preshared key for the group). */
    void SetGroupPsk(const std::string& key);
    /** From now on \p a and \p b, by name, share \p key; group keys are forgotten. */
    void SetPairPsk(const std::string& a, const std::string& b, const std::string& key);
    /**
     * From now on every pair of routers installed together has a key of its own, derived from
     * \p master and both names; group keys are forgotten.
     */
    void SetPairPskFromMaster(const std::string& master);

    /**
     * From now on every router has a key pair, and the public keys of all are on one list.
     * \param kind "ed25519", "ecdsa-p256", "rsa-2048" or "rsa-3072"; aborts if it is none
     * \param text what the keys follow from
     */
    void SetRawKeys(const std::string& kind, const std::string& text = "karp");
    /**
     * From now on every router has a certificate under one trust anchor.
     * \param kind as in SetRawKeys
     * \param anchor name of the trust anchor
     * \param text what the keys follow from
     */
    void SetCertificates(const std::string& kind,
                         const std::string& anchor = "ca0",
                         const std::string& text = "karp");
    /** From now on router \p name, with SetCertificates, is revoked at \p when of routers' clocks.
     */
    void SetRevoked(const std::string& name, ns3::Time when);
    /** From now on the certificate of router \p name expires at \p when of routers' clocks. */
    void SetExpiry(const std::string& name, ns3::Time when);
    /** From now on the others do not believe router \p name: its keys are not what they know. */
    void SetMismatch(const std::string& name);

    /** Makes credentials of a router: its identity, and the devices installed with it. */
    using CredentialsFactory =
        std::function<std::shared_ptr<const Credentials>(Ptr<Node>, const NetDeviceContainer&)>;
    /** From now on make credentials by \p factory: any kind, another for each router. */
    void SetCredentials(CredentialsFactory factory);

    /**
     * Install an application on the node of each device, or let the one that is there with the same
     * Port take part in one group more; all \p devices are one link and one group.
     * \param devices with IPv4 addresses
     * \param group name of the group
     * \return the applications
     */
    ApplicationContainer Install(const NetDeviceContainer& devices,
                                 const std::string& group = "g0");

    /** Assign streams to the applications of this kind in \p apps. \return how many were used */
    static int64_t AssignStreams(const ApplicationContainer& apps, int64_t stream);

  private:
    std::shared_ptr<const Credentials> MakeCredentials(Ptr<Node> node,
                                                       const NetDeviceContainer& devices);
    /** \return the key that \p a and \p b share; empty if none */
    SecretBytes PairKey(const std::string& a, const std::string& b) const;
    /** \return whether SetMismatch was called for \p name */
    bool IsMismatched(const std::string& name) const;
    /** Have key pairs of \p kind. */
    void SetKeyPairs(const std::string& kind, const std::string& anchor, const std::string& text);

    ObjectFactory m_factory;                        //!< of applications
    std::string m_groupPsk;                         //!< group key, empty with pair keys
    std::string m_masterPsk;                        //!< what pair keys derive from
    CredentialsFactory m_credentials;               //!< instead of preshared keys
    std::shared_ptr<SimulationCredentials> m_pairs; //!< key pairs, instead of these
    std::map<std::string, SimulationCredentials::Exception> m_exceptions;  //!< by router
    std::map<std::pair<std::string, std::string>, std::string> m_pairPsks; //!< names in order
    std::map<uint32_t, std::shared_ptr<PairPskCredentials>> m_known; //!< by node: grows by links
};

/**
 * \ingroup karp
 * Installs OSPFv2.
 */
class OspfHelper
{
  public:
    OspfHelper();

    /** Set attribute \p name of the applications to be installed. */
    void Set(const std::string& name, const AttributeValue& value);

    /**
     * Install an application on the node of each device, or let the one that is there route on one
     * link more.
     */
    ApplicationContainer Install(const NetDeviceContainer& devices) const;

    /** Assign streams to the applications of this kind in \p apps. \return how many were used */
    static int64_t AssignStreams(const ApplicationContainer& apps, int64_t stream);

  private:
    ObjectFactory m_factory; //!< of applications
};

/**
 * \ingroup karp
 * Installs both on the routers of a link:
 * \code
 *   KarpHelper karp;
 *   karp.SetGroupPsk("secret");
 *   karp.Install(devices);
 * \endcode
 */
class KarpHelper
{
  public:
    /**
     * Set attribute \p name of whichever has it: KmpApplication, OspfApplication, Router, CpuModel.
     * Their attributes all have different names. Aborts if none has it.
     */
    void Set(const std::string& name, const AttributeValue& value);

    /** See KmpHelper. */
    void SetGroupPsk(const std::string& key);
    /** See KmpHelper. */
    void SetPairPskFromMaster(const std::string& master);
    /** See KmpHelper. */
    void SetRawKeys(const std::string& kind, const std::string& text = "karp");
    /** See KmpHelper. */
    void SetCertificates(const std::string& kind,
                         const std::string& anchor = "ca0",
                         const std::string& text = "karp");
    /** \return the helper of key management, for its further settings */
    KmpHelper& Kmp();
    /** \return the helper of routing, for its further settings */
    OspfHelper& Ospf();

    /**
     * Install key management and routing on one link.
     * \param devices with IPv4 addresses
     * \param group name of the group
     * \return the applications: key management of every router, then routing of every router
     */
    ApplicationContainer Install(const NetDeviceContainer& devices,
                                 const std::string& group = "g0");
    /** The same on every device of \p nodes that has an address, loopback excepted: one link. */
    ApplicationContainer Install(const NodeContainer& nodes, const std::string& group = "g0");

    /** Assign streams to all applications in \p apps. \return how many were used */
    static int64_t AssignStreams(const ApplicationContainer& apps, int64_t stream);

    /**
     * Write keys of the applications in \p apps for Wireshark: see KeyLogWriter.
     * \param directory an existing folder
     */
    static void EnableKeyLog(const ApplicationContainer& apps, const std::string& directory);

  private:
    KmpHelper m_kmp;                                                   //!< key management
    OspfHelper m_ospf;                                                 //!< routing
    std::vector<std::pair<std::string, Ptr<AttributeValue>>> m_router; //!< Router's and CpuModel's
};

} // namespace karp
} // namespace ns3

#endif // KARP_HELPER_H
