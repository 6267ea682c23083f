/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_ATTACK_KINDS_H
#define KARP_ATTACK_KINDS_H

#include "karp-attack.h"
#include "karp-router.h"

#include "ns3/ipv4-address.h"
#include "ns3/karp-ike-message.h"

#include <deque>
#include <map>
#include <optional>
#include <string>

/**
 * \file
 * \ingroup karp
 * What adversaries do: one class for each kind of attack.
 */

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Plays back messages that were seen. Capture begins with the attack; so does playing, unless it
 * waits for a trigger, which makes it play what the routers that booted had sent before.
 */
class ReplayAttack : public PeriodicAttack
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    void Hear(const WirePacket& message) override;
    void Trigger(const std::set<IpAddress>& who) override;

  protected:
    void DoBegin() override;
    void Tick() override;

  private:
    /** \return the message to play, nullptr if there is none */
    const WirePacket* Choose();

    std::string m_which{"last"};     //!< last, older, oldest, any
    bool m_waits{false};             //!< plays only after a trigger
    ns3::Time m_minAge;              //!< plays only what was seen so long ago
    Ipv4Address m_source{"0.0.0.0"}; //!< instead of the true IP source
    uint32_t m_link{0};              //!< where it plays
    uint32_t m_storeMax{0};          //!< bound of the store
    std::deque<WirePacket> m_store;  //!< seen, oldest first
    bool m_frozen{false};            //!< triggered: nothing more is captured
};

/**
 * \ingroup karp
 * Claims by advertisements to be a GCKS or a candidate, under one name or many.
 */
class MasqueradeAttack : public PeriodicAttack
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    void Hear(const WirePacket& message) override;

  protected:
    void DoBegin() override;
    void Tick() override;

  private:
    void Answer(const WirePacket& request, const IkeMessage& message);
    /** \return whether one of our identities has \p address */
    bool IsOurs(IpAddress address) const;

    std::string m_state{"gcks"};     //!< gcks, initial
    std::string m_answer{"nothing"}; //!< to IKE_SA_INIT: nothing, init
    uint8_t m_priority{255};         //!< claimed
    ns3::Time m_interval;            //!< claimed
    bool m_useKek{true};             //!< name the KEK that the true GCKS names
    Ipv4Address m_source{"0.0.0.0"}; //!< first identity; one nobody has, if it is none
    uint32_t m_identities{1};        //!< how many, one after the other
    uint32_t m_next{0};              //!< which is next
};

/**
 * \ingroup karp
 * Makes messages that only holders of keys may make, and notifications that nobody signs.
 */
class ForgeAttack : public PeriodicAttack
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    void Hear(const WirePacket& message) override;

  protected:
    void DoBegin() override;
    void Tick() override;

  private:
    /** Answer a request that was seen in the name of who should. */
    void Notify(const WirePacket& request);
    /** Send a group message in the name of the GCKS. */
    void SendUpdate();

    std::string m_message{"retirement"}; //!< one of the words of the attribute
    Ipv4Address m_address{"0.0.0.0"};    //!< of the GCKS that a referral names
    uint32_t m_made{0};                  //!< group messages so far
};

/** \ingroup karp Sends IKE_SA_INIT requests that nobody will complete, in anybody's name. */
class FloodAttack : public PeriodicAttack
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    void Hear(const WirePacket& message) override;

  protected:
    void Tick() override;

  private:
    IpAddress DrawSource();

    std::string m_sources{"many"};         //!< many: any address; link: one of the link
    Ipv4Address m_source{"0.0.0.0"};       //!< always this one, if it is one
    Ipv4Address m_target{"0.0.0.0"};       //!< the GCKS by its heartbeats, if it is none
    bool m_cookies{false};                 //!< return cookies that are seen on the wire
    uint32_t m_sentMax{0};                 //!< bound of m_sent
    std::map<uint64_t, WirePacket> m_sent; //!< by SPI, to return cookies with
    std::deque<uint64_t> m_order;          //!< of m_sent, oldest first
};

/** \ingroup karp Keeps messages from receivers. */
class SuppressAttack : public Attack
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    bool Intercepts() const override;
    FrameInterceptor::Verdict Take(const WirePacket& message, Ptr<const Packet> frame) override;

  protected:
    /** \return whether to do it this time */
    bool Happens();

  private:
    double m_probability{1}; //!< of each message and receiver
};

/** \ingroup karp Lets messages come late. */
class DelayAttack : public SuppressAttack
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    FrameInterceptor::Verdict Take(const WirePacket& message, Ptr<const Packet> frame) override;

  private:
    ns3::Time m_delay; //!< so much later
};

/** \ingroup karp Changes messages on their way to receivers. */
class ModifyAttack : public SuppressAttack
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    FrameInterceptor::Verdict Take(const WirePacket& message, Ptr<const Packet> frame) override;

  private:
    bool m_field{false};  //!< set an octet; otherwise flip a bit anywhere
    uint32_t m_offset{0}; //!< octet of the payload to set
    uint8_t m_value{0};   //!< what it is set to
};

/**
 * \ingroup karp
 * A member's keys in the attacker's hands: Hellos of another member are signed anew, with a higher
 * sequence number and without neighbours, so that its adjacencies break. Out of scope of the
 * documents (H 1), and here to show that.
 */
class InsiderAttack : public PeriodicAttack
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    /** Have the key table of \p router, which has \p interface on the link. */
    void SetKeys(Ptr<Router> router, uint32_t interface);

    void Hear(const WirePacket& message) override;

  protected:
    void DoDispose() override;
    void Tick() override;

  private:
    const KeyRow* KeyOf(IpAddress sender, uint64_t keyId) const;

    std::optional<WirePacket> m_seen; //!< last Hello of whom it is about
    Ptr<Router> m_router;             //!< whose keys
    uint32_t m_interface{0};          //!< of the link
    uint32_t m_ahead{0};              //!< sequence numbers beyond the last one seen
    uint64_t m_sequence{0};           //!< last one used
};

} // namespace karp
} // namespace ns3

#endif // KARP_ATTACK_KINDS_H
