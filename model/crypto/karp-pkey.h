/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_PKEY_H
#define KARP_PKEY_H

#include "karp-openssl.h"
#include "karp-signature.h"

#include <openssl/bio.h>
#include <openssl/err.h>

/**
 * \file
 * \ingroup karp
 * What the files about signatures and certificates share. Private to this room.
 */

namespace ns3
{
namespace karp
{

/** Empties OpenSSL's queue of errors when it goes: what fails here is told by return values. */
class ErrorQueueGuard
{
  public:
    ErrorQueueGuard() = default;
    ErrorQueueGuard(const ErrorQueueGuard&) = delete;
    ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;

    ~ErrorQueueGuard()
    {
        ERR_clear_error();
    }
};

using Bio = std::unique_ptr<BIO, OpensslDeleter<BIO_free_all>>; //!< octets to read or written

/** \return \p text to read */
inline Bio
ReadFrom(const std::string& text)
{
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

/** \return what was written to \p bio */
inline std::string
WrittenTo(const Bio& bio)
{
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string();
}

/** \return the octets that the i2d function \p encode makes of \p object; empty if it fails */
template <auto Encode, typename T>
Bytes
ToDer(T* object)
{
    uint8_t* raw = nullptr;
    const int size = Encode(object, &raw);
    Bytes der(raw, size > 0 ? raw + size : raw);
    OPENSSL_free(raw);
    return der;
}

/** \return the kind of \p key, if it is one of ours */
std::optional<SigningKind> KindOf(const EVP_PKEY* key);

/** \return an RSA pair of \p bits, a function of the octets \p entropy gives, or nullptr */
Pkey GenerateRsa(int bits, Entropy& entropy);

/** \return the pair of the P-256 scalar \p secret, or nullptr if it is out of range */
Pkey PairOfScalar(ByteView secret);

/** \return r | s of \p message under the P-256 scalar of \p key by RFC 6979; empty if it fails */
Bytes SignP256(const EVP_PKEY* key, ByteView message);

/** \return r | s as an Ecdsa-Sig-Value in DER; empty if \p flat has the wrong size */
Bytes EcdsaToDer(ByteView flat);

/** \return the RSASSA-PSS signature of \p message by \p key; empty if it fails */
Bytes SignPss(EVP_PKEY* key, ByteView message);

} // namespace karp
} // namespace ns3

#endif // KARP_PKEY_H
