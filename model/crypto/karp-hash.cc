/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-hash.h"

#include <openssl/evp.h>

namespace ns3
{
namespace karp
{

Bytes
Sha256(ByteView data)
{
    Bytes digest(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    EVP_Digest(data.data(), data.size(), digest.data(), &size, EVP_sha256(), nullptr);
    digest.resize(size);
    return digest;
}

} // namespace karp
} // namespace ns3
