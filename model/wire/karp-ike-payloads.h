/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_PAYLOADS_H
#define KARP_IKE_PAYLOADS_H

#include "karp-ike-numbers.h"

#include "ns3/karp-key-terms.h"
#include "ns3/karp-types.h"

#include <array>
#include <optional>
#include <variant>
#include <vector>

/**
 * \file
 * \ingroup karp
 * Payloads of IKEv2-framed messages as plain structs. doc/wire-format.md has the boxes of our own
 * payloads, RFC 7296 section 3 those of the others.
 */

namespace ns3
{
namespace karp
{

inline constexpr size_t MAX_PROPOSALS = 16;         //!< in one SA payload
inline constexpr size_t MAX_TRANSFORMS = 64;        //!< in one proposal
inline constexpr size_t MAX_DELETE_SPIS = 64;       //!< in one Delete payload
inline constexpr size_t MAX_KEK_ROWS = 8;           //!< in one key download
inline constexpr size_t MAX_PMK_ROWS = 32;          //!< in one key download
inline constexpr size_t MAX_KEY_OCTETS = 256;       //!< of the key in one row, which has at least 1
inline constexpr size_t MIN_NONCE_OCTETS = 16;      //!< RFC 7296 section 3.9
inline constexpr size_t MAX_NONCE_OCTETS = 256;     //!< RFC 7296 section 3.9
inline constexpr size_t MAX_TRANSPORT_ANSWERS = 80; //!< in one message, and as many routers asked

/** A transform of a proposal (RFC 7296 section 3.3.2). */
struct IkeTransform
{
    IkeTransformType type{IkeTransformType::ENCR}; //!< maybe not a known one
    uint16_t id{0};                                //!< algorithm
    std::optional<uint16_t> keyLength;             //!< bits, where the algorithm needs it
    Bytes unknownAttributes; //!< all attributes but Key Length, as they lie in the transform

    /** \return whether there is an attribute that we do not know: it cannot be chosen then */
    bool HasUnknownAttribute() const
    {
        return !unknownAttributes.empty();
    }
};

/** A proposal (RFC 7296 section 3.3.1). */
struct IkeProposal
{
    uint8_t number{1};                      //!< from 1
    IkeProtocol protocol{IkeProtocol::IKE}; //!< maybe not a known one
    Bytes spi;                              //!< empty in the initial exchange
    std::vector<IkeTransform> transforms;   //!< in order of preference
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
    bool ofInitiator{true};          //!< IDi, or else IDr
    IkeIdType type{IkeIdType::FQDN}; //!< maybe not a known one
    Bytes data;                      //!< the identity

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
    /**
     * Where the body begins, from the start of the message; set by DecodeIkeMessage, not used by
     * Encode. The octets before it are what the integrity check covers besides the body: the
     * associated data of RFC 5282 section 5.1.
     */
    size_t bodyOffset{0};
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
    uint64_t kekId{
        0}; //!< KEK now valid for sending, 0 for none: lets a member see that it missed one
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
    KeyProtocol protocol{KeyProtocol::OSPFV2};  //!< whose key
    uint32_t keyId{0};                          //!< key ID of that protocol (OSPFv2: 1 to 255)
    MacAlgorithm algorithm{MacAlgorithm::NONE}; //!< what it is used with; maybe not a known one
    KeyLifetimes lifetimes;                     //!< validity
    SecretBytes key;                            //!< the key itself
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

/** What a router draws its transport keys from (K5): another one whenever numbers begin anew. */
using TransportNonce = std::array<uint8_t, 16>;

/** A challenge given back: its sender has heard it, so what else it says is not older. */
struct TransportAnswer
{
    IpAddress router;      //!< who asked
    uint64_t challenge{0}; //!< what it asked with
};

/** Transport payload (type 132, ours; K5). */
struct TransportPayload
{
    uint64_t challenge{0};                  //!< of the sender; 0 for none
    bool soon{false};                       //!< it is to be answered soon, not just some time
    std::vector<IpAddress> asked;           //!< by these, at most MAX_TRANSPORT_ANSWERS; or by all
    TransportNonce nonce{};                 //!< of the sender
    std::optional<TransportNonce> previous; //!< the one before, while it still counts
    std::vector<TransportAnswer> answers;   //!< at most MAX_TRANSPORT_ANSWERS
};

/**
 * A payload whose inside nobody here reads: of a type not in IkePayloadType, or one of RFC 7296
 * that has no struct (traffic selectors, configuration, EAP).
 */
struct UnknownPayload
{
    uint8_t type{0};      //!< its number
    bool critical{false}; //!< to be sent with the critical bit; never set by Decode
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
                                TransportPayload,
                                UnknownPayload>;

/** \return the type number that \p payload goes under */
IkePayloadType TypeOf(const IkePayload& payload);

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_PAYLOADS_H
