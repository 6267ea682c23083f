/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_VECTOR_FILES_H
#define KARP_VECTOR_FILES_H

#include "ns3/karp-types.h"

#include <cstdint>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * Readers of the vector files that test/vectors/README.md describes. Suites karp-wire and
 * karp-vectors share them.
 */

namespace ns3
{
namespace karp
{

/** A payload inside an encrypted message. */
struct IkeVectorPayload
{
    uint8_t type{0}; //!< payload type
    Bytes octets;    //!< generic header and body
};

/** One message of a capture. */
struct IkeVectorMessage
{
    uint8_t exchange{0};                 //!< exchange type
    uint32_t messageId{0};               //!< message ID
    bool response{false};                //!< whether it answers a request
    std::string source;                  //!< sender, dotted decimal
    Bytes octets;                        //!< the whole message
    bool encrypted{false};               //!< whether the capture lists what is inside
    std::vector<IkeVectorPayload> inner; //!< payloads inside, in order

    /** \return the chain inside, as it was before padding: all octets of \c inner in order */
    Bytes InnerChain() const;
};

/** One IKE SA of a capture, with all its keys. */
struct IkeVectorSa
{
    uint64_t spiInitiator{0}; //!< SPI
    uint64_t spiResponder{0}; //!< SPI
    uint16_t encr{0};         //!< ENCR transform
    uint16_t keySize{0};      //!< of encr, octets, without salt
    std::string prf;          //!< in the words of the file, for example "sha256"
    uint16_t group{0};        //!< key-exchange method
    std::string integ;        //!< in the words of the file, "none" with AEAD
    Bytes nonceInitiator;     //!< Ni
    Bytes nonceResponder;     //!< Nr
    Bytes sharedSecret;       //!< g^ir
    Bytes replacedSkD;        //!< SK_d of the SA it replaces; empty for a first one
    Bytes skeyseed;           //!< SKEYSEED
    Bytes skD;                //!< SK_d
    Bytes skAi;               //!< SK_ai
    Bytes skAr;               //!< SK_ar
    Bytes skEi;               //!< SK_ei, salt included
    Bytes skEr;               //!< SK_er, salt included
    Bytes skPi;               //!< SK_pi
    Bytes skPr;               //!< SK_pr
};

/** One Child SA of a capture. */
struct IkeVectorChild
{
    uint32_t spiInitiator{0}; //!< SPI
    uint32_t spiResponder{0}; //!< SPI
    Bytes seed;               //!< [g^ir |] Ni | Nr
    Bytes encrInitiator;      //!< first key of KEYMAT
    Bytes integInitiator;     //!< second; empty with AEAD
    Bytes encrResponder;      //!< third
    Bytes integResponder;     //!< fourth; empty with AEAD
};

/** One capture. */
struct IkeVectorSession
{
    std::string pcap;                       //!< name of the capture
    std::string psk;                        //!< pre-shared key, as ASCII
    std::string idInitiator;                //!< for example "r1.example (FQDN, type 2)"
    std::string idResponder;                //!< likewise
    std::vector<IkeVectorSa> ikeSas;        //!< in order of creation
    std::vector<IkeVectorChild> childSas;   //!< in order of creation
    std::vector<IkeVectorMessage> messages; //!< in order of capture
};

/** One authenticated OSPF packet. */
struct OspfVector
{
    std::string pcap;  //!< name of the capture
    std::string alg;   //!< for example "hmac sha256"
    uint32_t keyId{0}; //!< Key ID, wider than 8 bits with RFC 7474 only
    Bytes key;         //!< as configured, any length
    std::string srcIp; //!< sender, dotted decimal
    uint8_t type{0};   //!< OSPF packet type
    uint64_t seq{0};   //!< cryptographic sequence number
    Bytes packet;      //!< header and body
    Bytes trailer;     //!< the digest, with RFC 7474 behind the sequence number
    std::string rule;  //!< "md5", "both", "rfc2104-only" or "rfc7474"
};

/**
 * \param path a file of the form of test/vectors/ikev2/keys.json
 * \param[out] error what is wrong with it; empty if nothing
 * \return its captures; none if anything is wrong
 */
std::vector<IkeVectorSession> LoadIkeVectors(const std::string& path, std::string* error);

/**
 * \param path a file of the form of test/vectors/ospf/ospf_auth_vectors.csv
 * \param[out] error what is wrong with it; empty if nothing
 * \return its packets; none if anything is wrong
 */
std::vector<OspfVector> LoadOspfVectors(const std::string& path, std::string* error);

} // namespace karp
} // namespace ns3

#endif // KARP_VECTOR_FILES_H
