/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_APP_LAN_H
#define KARP_APP_LAN_H

#include "ns3/application-container.h"
#include "ns3/karp-helper.h"
#include "ns3/net-device-container.h"
#include "ns3/node-container.h"

#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** \return a key set by hand: for all routers and interfaces, HMAC-SHA-256, valid for ever */
KeyRow ManualKey();

/**
 * Routers on one CSMA LAN of the simulator, with everything that the room app/ has: what suite
 * karp-app runs most of its cases on. Timers are short: heartbeats each 200 ms, Hellos each second,
 * KEKs for 20 s. The simulation is destroyed with it.
 */
class AppLan
{
  public:
    /** \p n routers 10.0.0.1, 10.0.0.2, ...; applications come with Install. */
    explicit AppLan(uint32_t n);
    ~AppLan();
    AppLan(const AppLan&) = delete;
    AppLan& operator=(const AppLan&) = delete;

    /** Install everything, with the settings of helper. */
    void Install();
    /** Let the simulation go on until \p seconds. */
    void RunUntil(double seconds);

    /** \return key management of router \p i */
    Ptr<KmpApplication> Kmp(uint32_t i) const;
    /** \return routing of router \p i */
    Ptr<OspfApplication> Ospf(uint32_t i) const;
    /** \return what the processes of router \p i share */
    Ptr<Router> GetRouter(uint32_t i) const;
    /** \return address of router \p i */
    static IpAddress AddressOf(uint32_t i);
    /** \return how many neighbours of router \p i are in state 2-Way */
    uint32_t TwoWays(uint32_t i) const;
    /** \return index of the one router that is GCKS; the number of routers if none or several are
     */
    uint32_t Gcks() const;

    /** Send \p payload from router \p i, once, at \p seconds, as UDP datagram or IP packet. */
    void Inject(double seconds, uint32_t i, const char* destination, uint8_t ttl, Bytes payload);
    /** The same, IP protocol 89. */
    void InjectOspf(double seconds, uint32_t i, const char* destination, Bytes payload);

    NodeContainer nodes;        //!< the routers
    NetDeviceContainer devices; //!< their devices
    KarpHelper helper;          //!< what Install installs
    ApplicationContainer apps;  //!< key management of each, then routing of each

  private:
    void Send(Ptr<Socket> socket, const char* destination, uint8_t ttl, Bytes payload);
};

} // namespace karp
} // namespace ns3

#endif // KARP_APP_LAN_H
