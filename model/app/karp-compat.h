/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_COMPAT_H
#define KARP_COMPAT_H

#include "ns3/attribute.h"
#include "ns3/enum.h"
#include "ns3/ipv4-routing-protocol.h"

#include <string>
#include <utility>

/**
 * \file
 * \ingroup karp
 * Every difference between the ns-3 versions karp builds with (3.35 to 3.48) is dealt with here, by
 * looking at the declarations themselves: ns-3 has no version macro to ask.
 *
 * What needs no shim, only the spelling that compiles with all of them:
 *  - TestSuite("name", Type::UNIT); AddTestCase(new Case) without a duration;
 *  - !event.IsExpired() for a pending event (EventId::IsRunning has gone);
 *  - Simulator::Schedule with a function or a member function, never with a bare lambda (3.35);
 *  - AssignStreams of an Application without the word override (virtual only from 3.42 on);
 *  - GetInstanceTypeId overridden in headers and tags only (final in Object from 3.45 on);
 *  - CreateObject, never Create, for a class derived from Object;
 *  - an Ipv4Address is always given a value (what the default is has changed);
 *  - `if (!pointer)` for an empty Ptr, include "ns3/event-id.h" beside "ns3/nstime.h";
 *  - a raw socket is bound to Ipv4Address::GetAny() and to its device, never to a group: sending on
 *    one bound to a group crashes from 3.38 on. Multicast leaves it with TTL 64 whatever SetIpTtl
 *    said; a SocketIpTtlTag on the packet sets it. Neither forwarded packets nor fragments may be
 *    counted on (3.46 no longer shows them);
 *  - no host filters multicast groups: the application looks at the destination itself.
 */

namespace ns3
{
namespace karp
{
namespace compat
{

/** An enumeration as attribute where EnumValue is a class that holds an int: ns-3 before 3.41. */
template <typename V, typename C>
struct PlainEnum
{
    template <typename T>
    using Value = V; //!< value class
    template <typename T>
    using Checker = C; //!< checker class
    template <typename T>
    using Held = int; //!< what the value class holds
};

/** An enumeration as attribute where EnumValue is a template over its type: ns-3 3.41 and later. */
template <template <typename> class V, template <typename> class C>
struct TypedEnum
{
    template <typename T>
    using Value = V<T>; //!< value class
    template <typename T>
    using Checker = C<T>; //!< checker class
    template <typename T>
    using Held = T; //!< what the value class holds
};

/** \return nothing; declared for overload resolution between a class and a template */
template <typename V, typename C>
PlainEnum<V, C> SelectEnum();
/** \return nothing; see above */
template <template <typename> class V, template <typename> class C>
TypedEnum<V, C> SelectEnum();

using EnumFamily = decltype(SelectEnum<EnumValue, EnumChecker>()); //!< the one this ns-3 has

/**
 * Accessor of a data member of enumeration type, scoped or not.
 * \tparam Owner the class that has the attribute
 * \tparam T the enumeration
 */
template <typename Owner, typename T>
class EnumMemberAccessor : public AttributeAccessor
{
  public:
    /** \param member the data member */
    explicit EnumMemberAccessor(T Owner::*member)
        : m_member(member)
    {
    }

    bool Set(ObjectBase* object, const AttributeValue& value) const override
    {
        const auto given = dynamic_cast<const EnumFamily::Value<T>*>(&value);
        const auto owner = dynamic_cast<Owner*>(object);
        if (!given || !owner)
        {
            return false;
        }
        owner->*m_member = static_cast<T>(given->Get());
        return true;
    }

    bool Get(const ObjectBase* object, AttributeValue& value) const override
    {
        const auto wanted = dynamic_cast<EnumFamily::Value<T>*>(&value);
        const auto owner = dynamic_cast<const Owner*>(object);
        if (!wanted || !owner)
        {
            return false;
        }
        wanted->Set(static_cast<EnumFamily::Held<T>>(owner->*m_member));
        return true;
    }

    bool HasGetter() const override
    {
        return true;
    }

    bool HasSetter() const override
    {
        return true;
    }

  private:
    T Owner::*m_member; //!< where the attribute is kept
};

/**
 * \param value of an attribute of enumeration type
 * \return it, as AddAttribute and SetAttribute take it
 */
template <typename T>
EnumFamily::Value<T>
MakeEnumValue(T value)
{
    return EnumFamily::Value<T>(static_cast<EnumFamily::Held<T>>(value));
}

/**
 * \param member that holds the attribute
 * \return its accessor
 */
template <typename Owner, typename T>
Ptr<const AttributeAccessor>
MakeEnumAccessor(T Owner::*member)
{
    return Ptr<const AttributeAccessor>(new EnumMemberAccessor<Owner, T>(member), false);
}

/**
 * \param first value and its name, the one documented as default
 * \param more values with their names
 * \return the checker of an attribute that takes these and no others
 */
template <typename T, typename... Pairs>
Ptr<const AttributeChecker>
MakeEnumChecker(std::pair<T, const char*> first, Pairs... more)
{
    using Held = EnumFamily::Held<T>;
    auto checker = ns3::Create<EnumFamily::Checker<T>>();
    checker->AddDefault(static_cast<Held>(first.first), first.second);
    (checker->Add(static_cast<Held>(more.first), more.second), ...);
    return checker;
}

/**
 * \param value of an enumeration
 * \param name it has as attribute
 * \return the two, for MakeEnumChecker
 */
template <typename T>
std::pair<T, const char*>
Named(T value, const char* name)
{
    return {value, name};
}

/** Argument types of Ipv4RoutingProtocol::RouteInput: by value up to 3.38, then by reference. */
template <typename F>
struct RouteInputOf;

/** The same, taken apart. */
template <typename P, typename H, typename D, typename U, typename M, typename L, typename E>
struct RouteInputOf<bool (Ipv4RoutingProtocol::*)(P, H, D, U, M, L, E)>
{
    using Unicast = U;   //!< callback for a packet to be forwarded
    using Multicast = M; //!< callback for a multicast packet to be forwarded
    using Local = L;     //!< callback for a packet for this node
    using Error = E;     //!< callback for a packet that cannot be routed
};

using RouteInputTypes = RouteInputOf<decltype(&Ipv4RoutingProtocol::RouteInput)>; //!< this ns-3's

/** \return the version of ns-3 this was built with, as the build files know it */
inline std::string
Ns3Version()
{
#ifdef KARP_NS3_VERSION
    return KARP_NS3_VERSION;
#else
    return "unknown";
#endif
}

} // namespace compat
} // namespace karp
} // namespace ns3

#endif // KARP_COMPAT_H
