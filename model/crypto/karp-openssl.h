/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OPENSSL_H
#define KARP_OPENSSL_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

/**
 * \file
 * \ingroup karp
 * What the files of this room share of OpenSSL; nobody outside includes it. Algorithm objects are
 * fetched from the provider once in a process: a fetch costs several times what a digest of a Hello
 * does.
 */

namespace ns3
{
namespace karp
{

/** Gives an OpenSSL object back by the function that is meant for it. */
template <auto Free>
struct OpensslDeleter
{
    /** Give back \p object. */
    template <typename T>
    void operator()(T* object) const
    {
        Free(object);
    }
};

using MdContext = std::unique_ptr<EVP_MD_CTX, OpensslDeleter<EVP_MD_CTX_free>>; //!< a hash at work
using CipherContext =
    std::unique_ptr<EVP_CIPHER_CTX, OpensslDeleter<EVP_CIPHER_CTX_free>>; //!< a keyed cipher
using PkeyContext =
    std::unique_ptr<EVP_PKEY_CTX, OpensslDeleter<EVP_PKEY_CTX_free>>;  //!< a public-key operation
using Pkey = std::unique_ptr<EVP_PKEY, OpensslDeleter<EVP_PKEY_free>>; //!< a key or key pair
using BigNumber = std::unique_ptr<BIGNUM, OpensslDeleter<BN_clear_free>>;      //!< wiped number
using BigNumberContext = std::unique_ptr<BN_CTX, OpensslDeleter<BN_CTX_free>>; //!< scratch numbers
using BigNumberMont =
    std::unique_ptr<BN_MONT_CTX, OpensslDeleter<BN_MONT_CTX_free>>;       //!< a modulus made ready
using EcGroup = std::unique_ptr<EC_GROUP, OpensslDeleter<EC_GROUP_free>>; //!< a curve
using EcPoint = std::unique_ptr<EC_POINT, OpensslDeleter<EC_POINT_clear_free>>; //!< wiped point

/** Hash functions in use. */
enum class HashId : uint8_t
{
    MD5,
    SHA_1,
    SHA_256,
    SHA_384,
    SHA_512,
    COUNT
};

/** \return the hash function, fetched once; nullptr if the provider has none */
const EVP_MD* FetchedHash(HashId hash);

/** \return octets of a digest of \p hash */
size_t HashSize(HashId hash);

/** \return octets of a block of \p hash: up to as many, HMAC takes a key as it is */
size_t HashBlockSize(HashId hash);

inline constexpr size_t HASH_SIZE_MAX = 64;   //!< of SHA-512
inline constexpr size_t HASH_BLOCK_MAX = 128; //!< of SHA-512

/** Ciphers in use. */
enum class CipherId : uint8_t
{
    AES_128_CBC,
    AES_256_CBC,
    AES_128_GCM,
    AES_256_GCM,
    CHACHA20_POLY1305,
    COUNT
};

/** \return the cipher, fetched once; nullptr if the provider has none */
const EVP_CIPHER* FetchedCipher(CipherId cipher);

} // namespace karp
} // namespace ns3

#endif // KARP_OPENSSL_H
