/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IKE_CODEC_H
#define KARP_IKE_CODEC_H

#include "karp-byte-reader.h"
#include "karp-byte-writer.h"
#include "karp-ike-payloads.h"

/**
 * \file
 * \ingroup karp
 * What karp-ike-message.cc, which knows chains, and karp-ike-payloads.cc, which knows what is
 * inside each payload, say to each other. Nobody else includes this.
 */

namespace ns3
{
namespace karp
{

/** What the generic header said of a payload whose body is to be decoded. */
struct IkePayloadHead
{
    IkePayloadType type; //!< of the payload
    IkePayloadType next; //!< of the one after it, or the first inside an Encrypted payload
};

/**
 * One type of payload: a row of the table in karp-ike-payloads.cc. A decoder reads the whole body
 * (its caller calls ExpectEnd) and fails the reader if it finds fault; an encoder appends the body.
 */
struct IkePayloadCodec
{
    IkePayloadType type;                                               //!< which
    const char* name;                                                  //!< for people
    IkePayload (*decode)(ByteReader&, const IkePayloadHead&);          //!< body to struct
    void (*encode)(const IkePayload&, ByteWriter<Bytes>&);             //!< struct to body
    void (*encodeSecret)(const IkePayload&, ByteWriter<SecretBytes>&); //!< struct to body
};

/** \return how to read and write payloads of \p type, or nullptr if it is not one of ours */
const IkePayloadCodec* FindIkePayloadCodec(IkePayloadType type);

/** Append the body of \p payload with the encoder of \p codec for this kind of buffer. */
inline void
EncodeIkePayloadBody(const IkePayloadCodec& codec,
                     const IkePayload& payload,
                     ByteWriter<Bytes>& out)
{
    codec.encode(payload, out);
}

/** Append the body of \p payload with the encoder of \p codec for this kind of buffer. */
inline void
EncodeIkePayloadBody(const IkePayloadCodec& codec,
                     const IkePayload& payload,
                     ByteWriter<SecretBytes>& out)
{
    codec.encodeSecret(payload, out);
}

} // namespace karp
} // namespace ns3

#endif // KARP_IKE_CODEC_H
