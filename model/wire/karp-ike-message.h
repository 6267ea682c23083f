/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_MESSAGE_H
#define KARP_IKE_MESSAGE_H

#include "karp-ike-payloads.h"

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-types.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

/**
 * \file
 * \ingroup karp
 * IKEv2-framed messages as plain structs, and their two directions: Decode and Encode. Nothing here
 * knows a key or a state. How a message is sealed and sent:
 *
 *     chain = EncodeIkePayloads(inner)
 *     datagram = EncodeIkeHeaderForSk(header, {}, FirstType(inner), SealedSize(chain.size()))
 *     append Seal(datagram, chain) to datagram
 *
 * and how one that arrived is opened: with encrypted = message.Find<EncryptedPayload>(), the
 * associated data are octets [0, encrypted->bodyOffset) of the datagram; what comes out goes to
 * DecodeIkePayloads(encrypted->firstInner, ...).
 */

namespace ns3
{
namespace karp
{

/** Fixed header (RFC 7296 section 3.1). */
struct IkeHeader
{
    uint64_t spiInitiator{0};                          //!< IKE SA initiator's SPI
    uint64_t spiResponder{0};                          //!< IKE SA responder's SPI
    IkePayloadType firstPayload{IkePayloadType::NONE}; //!< set by Encode
    uint8_t version{IKE_VERSION};                      //!< major and minor
    IkeExchange exchange{IkeExchange::IKE_SA_INIT};    //!< exchange type, maybe not a known one
    uint8_t flags{0};                                  //!< IKE_FLAG_...
    uint32_t messageId{0};                             //!< message ID
    uint32_t length{0};                                //!< of the whole message; set by Encode

    /** \return whether this answers a request */
    bool IsResponse() const
    {
        return (flags & IKE_FLAG_RESPONSE) != 0;
    }

    /** \return whether the original initiator of the association sent it */
    bool IsFromInitiator() const
    {
        return (flags & IKE_FLAG_INITIATOR) != 0;
    }
};

/** A message. */
struct IkeMessage
{
    IkeHeader header;                 //!< fixed header
    std::vector<IkePayload> payloads; //!< in order; at most MAX_PAYLOADS

    /** \return the first payload of type \p P, or nullptr */
    template <typename P>
    const P* Find() const
    {
        return FindPayload<P>(payloads);
    }

    /** \return the first payload of type \p P among \p payloads, or nullptr */
    template <typename P>
    static const P* FindPayload(const std::vector<IkePayload>& payloads)
    {
        for (const auto& payload : payloads)
        {
            if (const P* found = std::get_if<P>(&payload))
            {
                return found;
            }
        }
        return nullptr;
    }
};

/** \return a notification \p type with \p data and no SPI */
NotifyPayload MakeNotify(IkeNotify type, Bytes data = {});

/** \return the first notification \p type among \p payloads, or nullptr */
const NotifyPayload* FindNotify(const std::vector<IkePayload>& payloads, IkeNotify type);

/** \return the first notification of an error among \p payloads, or nullptr */
const NotifyPayload* FindErrorNotify(const std::vector<IkePayload>& payloads);

inline constexpr size_t MAX_PAYLOADS = 32; //!< in one message or one Encrypted payload

/**
 * \param octets one whole datagram
 * \return the message, or what is wrong. Unknown payloads without the critical bit are kept as
 *         UnknownPayload; with it they are an error (RFC 7296 section 2.5) whose value is the type.
 *         Unknown exchange types decode; whether they have a place is for others to say.
 */
std::variant<IkeMessage, DecodeError> DecodeIkeMessage(ByteView octets);

/**
 * \param first type of the first payload
 * \param octets a chain of payloads, as an opened Encrypted payload holds it
 * \return the payloads, or what is wrong; offsets count from the start of \p octets. There is no
 *         Encrypted payload among them.
 */
std::variant<std::vector<IkePayload>, DecodeError> DecodeIkePayloads(IkePayloadType first,
                                                                     ByteView octets);

/**
 * \param message a message; an EncryptedPayload, if there is one, is its last payload
 * \return its octets, next-payload fields and lengths computed; none if it has no encoding, because
 *         something in it is longer than its length field can say, or an EncryptedPayload is not
 *         the last one
 */
Bytes EncodeIkeMessage(const IkeMessage& message);

/**
 * \param payloads a chain
 * \return its octets, secret because key downloads are; none if it is empty or has no encoding. The
 *         Encrypted payload around it names its FirstType().
 */
SecretBytes EncodeIkePayloads(const std::vector<IkePayload>& payloads);

/** \return the type of the first of \p payloads, NONE if there are none */
IkePayloadType FirstType(const std::vector<IkePayload>& payloads);

/**
 * Encode what comes before the body of a closing Encrypted payload, with lengths that are already
 * those of the sealed message: the associated data of an AEAD (RFC 5282 section 5.1), and the first
 * octets of the datagram, to which the sealed body only needs to be appended.
 *
 * \param header fixed header
 * \param clear payloads that go before the Encrypted payload, usually none
 * \param firstInner type of the first payload inside
 * \param sealedSize octets of the body to come: initialisation vector to integrity check value
 * \return octets from the fixed header to the end of the Encrypted payload's generic header; none
 *         if it has no encoding
 */
Bytes EncodeIkeHeaderForSk(const IkeHeader& header,
                           const std::vector<IkePayload>& clear,
                           IkePayloadType firstInner,
                           size_t sealedSize);

/**
 * Read the fixed header alone, which is what demultiplexing needs.
 * \param octets one whole datagram
 * \return the header if there are 28 octets
 */
std::optional<IkeHeader> PeekIkeHeader(ByteView octets);

/** \return a name such as "IKE_AUTH"; "exchange 99" where there is none */
std::string ToString(IkeExchange exchange);
/** \return a name such as "NONCE"; "payload 99" where there is none */
std::string ToString(IkePayloadType type);
/** \return a name such as "COOKIE"; "notify 99" where there is none */
std::string ToString(IkeNotify type);

/** \return every field of \p message, for people; keys are shown only as their lengths */
std::string Describe(const IkeMessage& message);

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_MESSAGE_H
