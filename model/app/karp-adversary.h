/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_ADVERSARY_H
#define KARP_ADVERSARY_H

#include "karp-attack.h"
#include "karp-impairment.h"
#include "karp-message-info.h"
#include "karp-stream-entropy.h"

#include "ns3/application.h"
#include "ns3/ipv4-address.h"
#include "ns3/mac48-address.h"
#include "ns3/net-device.h"
#include "ns3/traced-callback.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Somebody on a link who is no member of the group: it hears everything, says what it likes in
 * anybody's name, and can take frames away from receivers. It holds no credentials and includes
 * neither key management nor the key table. What it does are its attacks.
 *
 * It needs no protocol stack and has no address of its own; it answers ARP for those it claims.
 * Cuts and impairments of the link do not keep it from hearing; what it sends goes through them.
 */
class Adversary : public Application, private FrameInterceptor
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    Adversary();
    ~Adversary() override;

    /**
     * Be on a link; before the application starts.
     * \param device ours
     * \param impairment of the link, to take frames away; may be none
     * \param address one that nobody has, to go by
     * \param mask of the link
     * \return number of the link here, from 0: attacks listen on the first
     */
    uint32_t AddLink(Ptr<NetDevice> device,
                     Ptr<LinkImpairment> impairment,
                     Ipv4Address address,
                     Ipv4Mask mask);

    /** Begin \p attack under \p number, which no other has. */
    void Begin(uint32_t number, Ptr<Attack> attack);
    /** End attack number \p number, if it goes on. \return whether it did */
    bool End(uint32_t number);
    /** \return attack number \p number; none if it does not go on */
    Ptr<Attack> Find(uint32_t number) const;

    /**
     * \param stream first stream to use
     * \return how many were used
     */
    int64_t AssignStreams(int64_t stream);

    // ---- for attacks

    /** Put \p message of attack \p number on link \p link. */
    void Inject(uint32_t number, const WirePacket& message, uint32_t link);
    /** Tell that \p attack took \p message away from \p receiver. */
    void TellTaken(const Attack& attack, const WirePacket& message, IpAddress receiver);
    /** Answer ARP for \p address. */
    void Claim(IpAddress address);
    /** \return the last message of \p type that was seen, nullptr if none was */
    const WirePacket* Seen(const std::string& type) const;
    /** \return the GCKS by the last heartbeat seen, none if none was */
    IpAddress GcksSeen() const;
    /** \return an address that nobody has, to go by */
    IpAddress OwnAddress() const;
    /** \return how many addresses the first link has */
    uint32_t LinkSize() const;
    /** \return lowest address of the first link */
    IpAddress LinkBase() const;
    /** \return randomness */
    Entropy& Random();

  protected:
    void DoDispose() override;

  private:
    /** A link. */
    struct Link
    {
        Ptr<NetDevice> device;          //!< ours
        Ptr<LinkImpairment> impairment; //!< of the link
        IpAddress address;              //!< to go by
        uint32_t mask{0};               //!< of the link
    };

    void StartApplication() override;
    void StopApplication() override;
    Verdict Intercept(Ptr<NetDevice> receiver, Ptr<const Packet> frame) override;
    void HandleIp(Ptr<NetDevice> device,
                  Ptr<const Packet> packet,
                  uint16_t protocol,
                  const Address& from,
                  const Address& to,
                  NetDevice::PacketType type);
    void HandleArp(Ptr<NetDevice> device,
                   Ptr<const Packet> packet,
                   uint16_t protocol,
                   const Address& from,
                   const Address& to,
                   NetDevice::PacketType type);
    /** Sit on the first link while an attack takes frames away. */
    void UpdateInterception();
    static MessageInfo Describe(const WirePacket& message);

    std::vector<Link> m_links;                     //!< by number
    std::map<uint32_t, Ptr<Attack>> m_attacks;     //!< those that go on, by number
    std::map<IpAddress, Mac48Address> m_addresses; //!< seen
    std::map<std::string, WirePacket> m_seen;      //!< last of each type
    IpAddress m_gcks;                              //!< by the last heartbeat
    std::set<IpAddress> m_claimed;                 //!< ARP is answered for these
    StreamEntropy m_entropy;                       //!< randomness
    uint32_t m_addressesMax{0};                    //!< bound of m_addresses
    bool m_started{false};                         //!< between start and stop
    bool m_intercepting{false};                    //!< sits on the first link
    TracedCallback<uint32_t, const MessageInfo&> m_injectedTrace;
    TracedCallback<uint32_t, const MessageInfo&, IpAddress> m_takenTrace;
};

} // namespace karp
} // namespace ns3

#endif // KARP_ADVERSARY_H
