/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_MESSAGE_H
#define KARP_IKE_MESSAGE_H

#include "karp-ike-numbers.h"

#include "ns3/karp-drop-reason.h"
#include "ns3/karp-key-terms.h"
#include "ns3/karp-types.h"

#include <optional>
#include <string>
#include <variant>
#include <vector>

/**
 * \file
 * \ingroup karp
 * IKEv2-framed messages as plain structs, and their two directions: Decode and Encode. Nothing here
 * knows a key or a state. doc/wire-format.md has the boxes of our own payloads, RFC 7296 section 3
 * those of the others.
 */

namespace ns3
{
namespace karp
{

/** Fixed header (RFC 7296 section 3.1). */
struct IkeHeader
{
    uint64_t spiInitiator{0};                        //!< IKE SA initiator's SPI
    uint64_t spiResponder{0};                        //!< IKE SA responder's SPI
    IkePayloadType firstPayload{IkePayloadType::NONE}; //!< set by Encode
    uint8_t version{IKE_VERSION};                    //!< major and minor
    IkeExchange exchange{IkeExchange::IKE_SA_INIT};  //!< exchange type, maybe not a known one
    uint8_t flags{0};                                //!< IKE_FLAG_...
    uint32_t messageId{0};                           //!< message ID
    uint32_t length{0};                              //!< of the whole message; set by Encode

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

/** A transform of a proposal (RFC 7296 section 3.3.2). */
struct IkeTransform
{
    IkeTransformType type{IkeTransformType::ENCR}; //!< maybe not a known one
    uint16_t id{0};                                //!< algorithm
    std::optional<uint16_t> keyLength;             //!< bits, where the algorithm needs it
    /** Whether it carries an attribute other than Key Length, so that it cannot be chosen. */
    bool hasUnknownAttribute{false};
};

/** A proposal (RFC 7296 section 3.3.1). */
struct IkeProposal
{
    uint8_t number{1};                        //!< from 1
    IkeProtocol protocol{IkeProtocol::IKE};   //!< maybe not a known one
    Bytes spi;                                //!< empty in the initial exchange
    std::vector<IkeTransform> transforms;     //!< in order of preference
};

/** Security Association payload (RFC 7296 section 3.3). */
struct SaPayload
{
    std::vector<IkeProposal> proposals; //!< in order of preference
};

/** Key Exchange payload (RFC 7296 section 3.4). */
struct KePayload
{
    uint16_t group{0}; //!< key-exchange method
    Bytes data;        //!< public value
};

/** Identification payload, of the initiator or the responder (RFC 7296 section 3.5). */
struct IdPayload
{
    bool ofInitiator{true};           //!< IDi, or else IDr
    IkeIdType type{IkeIdType::FQDN};  //!< maybe not a known one
    Bytes data;                       //!< the identity

    /** \return the payload without its generic header, which AUTH covers (section 2.15) */
    Bytes Body() const;
};

/** Certificate payload (RFC 7296 section 3.6). */
struct CertPayload
{
    uint8_t encoding{0}; //!< 4: X.509 certificate, signature
    Bytes data;          //!< the certificate
};

/** Certificate Request payload (RFC 7296 section 3.7). */
struct CertReqPayload
{
    uint8_t encoding{0}; //!< as in CertPayload
    Bytes authorities;   //!< concatenated hashes of trust anchors' keys
};

/** Authentication payload (RFC 7296 section 3.8). */
struct AuthPayload
{
    IkeAuthMethod method{IkeAuthMethod::SHARED_KEY}; //!< maybe not a known one
    Bytes data;                                      //!< authentication data
};

/** Nonce payload (RFC 7296 section 3.9): 16 to 256 octets. */
struct NoncePayload
{
    Bytes data; //!< the nonce
};

/** Notify payload (RFC 7296 section 3.10). */
struct NotifyPayload
{
    IkeNotify type{IkeNotify::INVALID_SYNTAX}; //!< maybe not a known one
    IkeProtocol protocol{IkeProtocol::NONE};   //!< of the SPI, if there is one
    Bytes spi;                                 //!< what it is about
    Bytes data;                                //!< notification data
};

/** Delete payload (RFC 7296 section 3.11): SPIs all of one size. */
struct DeletePayload
{
    IkeProtocol protocol{IkeProtocol::IKE}; //!< of the SPIs
    uint8_t spiSize{0};                     //!< octets of each; 0 for IKE
    std::vector<Bytes> spis;                //!< what is gone
};

/** Vendor ID payload (RFC 7296 section 3.12). */
struct VendorIdPayload
{
    Bytes data; //!< who
};

/**
 * Encrypted payload (RFC 7296 section 3.14). Always the last one. Decode leaves it closed: whoever
 * has the keys opens it and calls DecodePayloads on what comes out.
 */
struct EncryptedPayload
{
    IkePayloadType firstInner{IkePayloadType::NONE}; //!< type of the first payload inside
    Bytes body; //!< initialisation vector, ciphertext, integrity check value
};

/** State of a router in the election, as it advertises it (H 3). */
enum class AdvertState : uint8_t
{
    INITIAL = 0, //!< looking for a GCKS, candidate itself
    GCKS = 1,    //!< acting as GCKS: this is its heartbeat
};

/** Advertisement payload (type 128, ours): the election's only message. */
struct AdvertPayload
{
    AdvertState state{AdvertState::INITIAL}; //!< of the sender
    uint8_t priority{0};                     //!< higher is more preferred (E7)
    uint32_t intervalMs{0};                  //!< time between heartbeats, milliseconds
    uint64_t kekId{0}; //!< KEK now valid for sending, 0 for none: lets a member see that it missed one
};

/** Group ID payload (type 129, ours): routing protocol and its instance on the link (J5). */
struct GroupIdPayload
{
    KeyProtocol protocol{KeyProtocol::OSPFV2}; //!< whose keys
    uint32_t instance{0};                      //!< instance, area or number; 0 where there is one
};

/** KEK row of a key download (H 4). */
struct KekRow
{
    uint64_t keyId{0};      //!< in clear in the header of group messages (G1)
    GroupIdPayload group;   //!< which group it is for
    uint16_t encr{0};       //!< ENCR transform
    uint16_t keyLength{0};  //!< of ENCR, bits; 0 where it is fixed
    uint16_t integ{0};      //!< INTEG transform; 0 with AEAD
    uint16_t prf{0};        //!< PRF transform, which derives each sender's keys
    KeyLifetimes lifetimes; //!< validity
    SecretBytes key;        //!< the KEK itself
};

/** Protocol master key row of a key download (H 4). */
struct PmkRow
{
    KeyProtocol protocol{KeyProtocol::OSPFV2}; //!< whose key
    uint32_t keyId{0};                         //!< key ID of that protocol (OSPFv2: 1 to 255)
    MacAlgorithm algorithm{MacAlgorithm::NONE}; //!< what it is used with; maybe not a known one
    KeyLifetimes lifetimes;                    //!< validity
    SecretBytes key;                           //!< the key itself
};

/** Key Download payload (type 130, ours). */
struct KeyDownloadPayload
{
    std::vector<KekRow> keks; //!< at most MAX_KEK_ROWS
    std::vector<PmkRow> pmks; //!< at most MAX_PMK_ROWS
};

/** Sequence payload (type 131, ours): first inside every group message. */
struct SequencePayload
{
    uint64_t number{0}; //!< monotonic for one sender under one KEK (G2)
};

/** A payload of a type not in IkePayloadType. */
struct UnknownPayload
{
    uint8_t type{0};      //!< its number
    bool critical{false}; //!< whether the sender insists on its being understood
    Bytes body;           //!< what it holds
};

/** Any payload. */
using IkePayload = std::variant<SaPayload,
                                KePayload,
                                IdPayload,
                                CertPayload,
                                CertReqPayload,
                                AuthPayload,
                                NoncePayload,
                                NotifyPayload,
                                DeletePayload,
                                VendorIdPayload,
                                EncryptedPayload,
                                AdvertPayload,
                                GroupIdPayload,
                                KeyDownloadPayload,
                                SequencePayload,
                                UnknownPayload>;

/** \return the type number that \p payload goes under */
IkePayloadType TypeOf(const IkePayload& payload);

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

inline constexpr size_t MAX_PAYLOADS = 32;    //!< in one message or one Encrypted payload
inline constexpr size_t MAX_PROPOSALS = 16;   //!< in one SA payload
inline constexpr size_t MAX_TRANSFORMS = 64;  //!< in one proposal
inline constexpr size_t MAX_DELETE_SPIS = 64; //!< in one Delete payload
inline constexpr size_t MAX_KEK_ROWS = 8;     //!< in one key download
inline constexpr size_t MAX_PMK_ROWS = 32;    //!< in one key download

/**
 * \param octets one whole datagram
 * \return the message, or what is wrong. Unknown payloads without the critical bit are kept as
 *         UnknownPayload; with it they are an error (RFC 7296 section 2.5). Unknown exchange types
 *         decode; whether they have a place is for others to say.
 */
std::variant<IkeMessage, DecodeError> DecodeIkeMessage(ByteView octets);

/**
 * \param first type of the first payload
 * \param octets a chain of payloads, as an opened Encrypted payload holds it
 * \return the payloads, or what is wrong
 */
std::variant<std::vector<IkePayload>, DecodeError> DecodeIkePayloads(IkePayloadType first,
                                                                     ByteView octets);

/** \return the octets of \p message; next-payload fields and lengths are computed */
Bytes EncodeIkeMessage(const IkeMessage& message);

/**
 * \param payloads a chain
 * \return its octets, secret because key downloads are
 */
SecretBytes EncodeIkePayloads(const std::vector<IkePayload>& payloads);

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
