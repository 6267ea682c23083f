/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_ATTACK_PACKET_H
#define KARP_ATTACK_PACKET_H

#include "ns3/karp-types.h"
#include "ns3/mac48-address.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/tag.h"

#include <cstdint>
#include <optional>
#include <ostream>
#include <set>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * Says which attack a packet comes from: what really happened, for the trace of a run. It lies on
 * the octets and costs none on the wire; no protocol looks at it.
 */
class AttackTag : public Tag
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    AttackTag() = default;
    /** Of attack number \p attack. */
    explicit AttackTag(uint32_t attack);

    /** \return number of the attack */
    uint32_t Attack() const;

    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer buffer) const override;
    void Deserialize(TagBuffer buffer) override;
    void Print(std::ostream& os) const override;

  private:
    uint32_t m_attack{0}; //!< number
};

/** \return number of the attack that \p packet comes from, 0 if it comes from none */
uint32_t AttackOf(Ptr<const Packet> packet);

/** A message of key management or routing as it goes over the wire. */
struct WirePacket
{
    static constexpr uint8_t UDP = 17;  //!< IP protocol of key management
    static constexpr uint8_t OSPF = 89; //!< IP protocol of OSPF

    IpAddress source;      //!< IP source
    IpAddress destination; //!< IP destination
    uint8_t ttl{255};      //!< time to live
    uint8_t tos{0};        //!< type of service
    uint8_t protocol{UDP}; //!< what IP carries
    uint16_t port{848};    //!< UDP ports, both
    Bytes payload;         //!< what UDP, or IP with OSPF, carries
    const char* type{""};  //!< as traces call it
    ns3::Time seen;        //!< when it was seen
};

/**
 * \param octets what lies in a frame after the Ethernet header; what follows the IP datagram is
 *        left out
 * \return the message; nothing if it is none, or a fragment of one
 */
std::optional<WirePacket> ReadWirePacket(ByteView octets);

/** \return \p message as an IP datagram, marked as that of attack number \p attack */
Ptr<Packet> MakeWirePacket(const WirePacket& message, uint32_t attack);

/** Which messages an attack is about. Empty sets stand for everything. */
struct AttackFilter
{
    std::set<std::string> types;   //!< "hello", "advert", "update", "ike_sa_init", ...
    std::set<IpAddress> senders;   //!< IP sources
    std::set<IpAddress> receivers; //!< IP destinations; of interceptors: who receives a copy
    bool fromNobody{false};        //!< senders were asked for and there were none
    bool toNobody{false};          //!< the same for receivers

    /**
     * \param message a message
     * \param receiver who is about to receive it
     * \return whether it is meant
     */
    bool Matches(const WirePacket& message, IpAddress receiver) const;
};

} // namespace karp
} // namespace ns3

#endif // KARP_ATTACK_PACKET_H
