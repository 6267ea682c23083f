/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_HEADERS_H
#define KARP_HEADERS_H

#include "ns3/header.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-ospf-packet.h"

#include <ostream>

/**
 * \file
 * \ingroup karp
 * Our messages as ns-3 headers, so that packets can be printed, built and taken apart in the way
 * ns-3 users know. Each wraps a plain struct of the room wire/. The octets may come from anybody:
 * Deserialize takes any, and where they are no message it says so by Error() and a length of 0.
 */

namespace ns3
{
namespace karp
{

/** What the three headers have in common: how decoding went. */
class CheckedHeader : public Header
{
  public:
    /** \return why the last Deserialize failed; reason NONE if it did not */
    const DecodeError& Error() const;

  protected:
    DecodeError m_error; //!< of the last Deserialize
};

/** A whole key-management message, which is a whole UDP payload. */
class IkeMessageHeader : public CheckedHeader
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    IkeMessageHeader() = default;
    /** Wrap \p message. */
    explicit IkeMessageHeader(IkeMessage message);

    /** \return the message */
    const IkeMessage& GetMessage() const;

    TypeId GetInstanceTypeId() const override;
    void Print(std::ostream& os) const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;

  private:
    IkeMessage m_message; //!< the message
};

/** The 24 octets that every OSPFv2 packet begins with (RFC 2328 appendix A.3.1). */
class OspfPacketHeader : public CheckedHeader
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    OspfPacketHeader() = default;
    /** Wrap \p header. */
    explicit OspfPacketHeader(const OspfHeader& header);

    /** \return the header */
    const OspfHeader& GetHeader() const;

    TypeId GetInstanceTypeId() const override;
    void Print(std::ostream& os) const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;

  private:
    OspfHeader m_header; //!< the header
};

/** A whole Hello: header, body (RFC 2328 appendix A.3.2) and, with AuType 2, digest. */
class OspfHelloHeader : public CheckedHeader
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    OspfHelloHeader() = default;
    /** Wrap \p header, \p hello and \p digest; the packet length is filled in. */
    OspfHelloHeader(const OspfHeader& header, OspfHello hello, Bytes digest = Bytes());

    /** \return the header */
    const OspfHeader& GetHeader() const;
    /** \return the body */
    const OspfHello& GetHello() const;
    /** \return the authentication trailer, empty where there is none */
    const Bytes& GetDigest() const;

    TypeId GetInstanceTypeId() const override;
    void Print(std::ostream& os) const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(Buffer::Iterator start) const override;
    uint32_t Deserialize(Buffer::Iterator start) override;

  private:
    OspfHeader m_header; //!< header
    OspfHello m_hello;   //!< body
    Bytes m_digest;      //!< trailer
};

} // namespace karp
} // namespace ns3

#endif // KARP_HEADERS_H
