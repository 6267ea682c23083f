/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto.h"
#include "karp-hmac.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/** \return the hash function that \p prf is the HMAC of, if it is implemented */
std::optional<HashId>
HashOf(PrfId prf)
{
    switch (prf)
    {
    case PrfId::HMAC_SHA2_256:
        return HashId::SHA_256;
    case PrfId::HMAC_SHA2_384:
        return HashId::SHA_384;
    case PrfId::HMAC_SHA2_512:
        return HashId::SHA_512;
    default:
        return std::nullopt;
    }
}

} // namespace

size_t
PrfSize(PrfId prf)
{
    const auto hash = HashOf(prf);
    return hash ? HashSize(*hash) : 0;
}

SecretBytes
Prf(PrfId prf, ByteView key, std::initializer_list<ByteView> data)
{
    const auto hash = HashOf(prf);
    if (!hash)
    {
        return {};
    }
    SecretBytes out(HashSize(*hash));
    return HmacOnce(*hash, key, data, out.data()) ? out : SecretBytes{};
}

SecretBytes
PrfPlus(PrfId prf, ByteView key, ByteView seed, size_t size)
{
    const auto hash = HashOf(prf);
    if (!hash || size > 255 * HashSize(*hash))
    {
        return {};
    }
    const auto keyed = KeyedHmac::Create(*hash, key);
    if (!keyed)
    {
        return {};
    }
    // T1 = prf(K, S | 0x01), Tn = prf(K, Tn-1 | S | n): the last output is cut to what is wanted.
    const size_t step = keyed->Size();
    const size_t outputs = (size + step - 1) / step;
    SecretBytes out(outputs * step);
    for (size_t n = 1; n <= outputs; ++n)
    {
        uint8_t* here = out.data() + (n - 1) * step;
        const ByteView last = n == 1 ? ByteView() : ByteView(here - step, step);
        const std::array<uint8_t, 1> number{static_cast<uint8_t>(n)};
        if (!keyed->Compute({last, seed, number}, here))
        {
            return {};
        }
    }
    Wipe(out.data() + size, out.size() - size);
    out.resize(size);
    return out;
}

} // namespace karp
} // namespace ns3
