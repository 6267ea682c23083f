/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_ATTACK_H
#define KARP_ATTACK_H

#include "karp-attack-packet.h"
#include "karp-impairment.h"

#include "ns3/attribute.h"
#include "ns3/event-id.h"
#include "ns3/object.h"

#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

class Adversary;

/**
 * \ingroup karp
 * \return checks that a StringValue is one of \p words (karp-compat.h says why it is no EnumValue)
 */
Ptr<const AttributeChecker> MakeWordChecker(const std::vector<std::string>& words);

/**
 * \ingroup karp
 * Something that an Adversary does to a link. A further kind is a class derived from this one, and
 * a row in the table of the scenario language (helper/scenario/karp-attack-language.cc). It has no
 * credentials: what it knows it has seen on the wire, and formats are public.
 */
class Attack : public Object
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    /** Be about these messages only; before Begin. */
    void SetFilter(const AttackFilter& filter);
    /** \return which messages it is about */
    const AttackFilter& Filter() const;

    /** Begin, on behalf of \p host, which outlives it, under \p number. */
    void Begin(Adversary* host, uint32_t number);
    /** End. */
    void End();

    /** \return number that packets and traces call it by */
    uint32_t Number() const;

    /** \p message went over the wire. */
    virtual void Hear(const WirePacket& message);

    /** \return whether it takes frames away from receivers */
    virtual bool Intercepts() const;
    /**
     * \param message a message that the filter is about
     * \param frame the frame that it lies in
     * \return what the receiver gets
     */
    virtual FrameInterceptor::Verdict Take(const WirePacket& message, Ptr<const Packet> frame);

    /** The routers \p who have just booted, which everybody on the link sees. */
    virtual void Trigger(const std::set<IpAddress>& who);

  protected:
    void DoDispose() override;

    /** It begins. */
    virtual void DoBegin();
    /** It ends. */
    virtual void DoEnd();

    /** \return on whose behalf */
    Adversary& Host() const;
    /** Put \p message on the wire. */
    void Inject(const WirePacket& message, uint32_t link = 0);

  private:
    Adversary* m_host{nullptr}; //!< on whose behalf
    uint32_t m_number{0};       //!< what it is called
    AttackFilter m_filter;      //!< what it is about
};

/** An attack that does something again and again. */
class PeriodicAttack : public Attack
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

  protected:
    void DoBegin() override;
    void DoEnd() override;
    void DoDispose() override;

    /** Begin to tick, if it does not yet. */
    void StartTicking();
    /** Do it once. */
    virtual void Tick() = 0;

  private:
    void Next();

    double m_rate{1}; //!< ticks per second
    EventId m_event;  //!< next one
};

} // namespace karp
} // namespace ns3

#endif // KARP_ATTACK_H
