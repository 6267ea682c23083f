/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-openssl.h"

#include <array>

namespace ns3
{
namespace karp
{

namespace
{

/** What there is to know of a hash function. */
struct HashInfo
{
    const char* name; //!< as OpenSSL's provider calls it
    size_t size;      //!< octets of a digest
    size_t blockSize; //!< octets of a block
};

constexpr size_t HASHES = static_cast<size_t>(HashId::COUNT);
constexpr size_t CIPHERS = static_cast<size_t>(CipherId::COUNT);

/** In the order of HashId. */
constexpr std::array<HashInfo, HASHES> HASH_INFO{{
    {"MD5", 16, 64},
    {"SHA1", 20, 64},
    {"SHA256", 32, 64},
    {"SHA384", 48, 128},
    {"SHA512", 64, 128},
}};

/** In the order of CipherId. */
constexpr std::array<const char*, CIPHERS> CIPHER_NAMES{{
    "AES-128-CBC",
    "AES-256-CBC",
    "AES-128-GCM",
    "AES-256-GCM",
    "ChaCha20-Poly1305",
}};

/** All algorithm objects. */
struct Fetched
{
    std::array<std::unique_ptr<EVP_MD, OpensslDeleter<EVP_MD_free>>, HASHES> hashes;
    std::array<std::unique_ptr<EVP_CIPHER, OpensslDeleter<EVP_CIPHER_free>>, CIPHERS> ciphers;

    Fetched()
    {
        for (size_t i = 0; i < HASHES; ++i)
        {
            hashes[i].reset(EVP_MD_fetch(nullptr, HASH_INFO[i].name, nullptr));
        }
        for (size_t i = 0; i < CIPHERS; ++i)
        {
            ciphers[i].reset(EVP_CIPHER_fetch(nullptr, CIPHER_NAMES[i], nullptr));
        }
    }
};

/** \return the objects, fetched at the first call */
const Fetched&
Algorithms()
{
    static const Fetched algorithms;
    return algorithms;
}

} // namespace

const EVP_MD*
FetchedHash(HashId hash)
{
    return Algorithms().hashes[static_cast<size_t>(hash)].get();
}

size_t
HashSize(HashId hash)
{
    return HASH_INFO[static_cast<size_t>(hash)].size;
}

size_t
HashBlockSize(HashId hash)
{
    return HASH_INFO[static_cast<size_t>(hash)].blockSize;
}

const EVP_CIPHER*
FetchedCipher(CipherId cipher)
{
    return Algorithms().ciphers[static_cast<size_t>(cipher)].get();
}

} // namespace karp
} // namespace ns3
