/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-hmac.h"

#include <algorithm>
#include <array>

namespace ns3
{
namespace karp
{

namespace
{

/** \return a context that every computation of this thread may use, so that none allocates its own
 */
EVP_MD_CTX*
Scratch()
{
    static thread_local MdContext scratch(EVP_MD_CTX_new());
    return scratch.get();
}

/** Hash all of \p data into \p context. */
bool
Update(EVP_MD_CTX* context, std::initializer_list<ByteView> data)
{
    for (const ByteView piece : data)
    {
        if (!piece.empty() && EVP_DigestUpdate(context, piece.data(), piece.size()) != 1)
        {
            return false;
        }
    }
    return true;
}

/** Begin a hash in \p context. */
bool
Begin(EVP_MD_CTX* context, HashId hash)
{
    const EVP_MD* md = FetchedHash(hash);
    return md != nullptr && context != nullptr && EVP_DigestInit_ex2(context, md, nullptr) == 1;
}

/** End the hash in \p context. */
bool
End(EVP_MD_CTX* context, uint8_t* out)
{
    return EVP_DigestFinal_ex(context, out, nullptr) == 1;
}

/** The two blocks that a key becomes (RFC 2104 section 2); wiped at the end of their life. */
class Pads
{
  public:
    Pads(HashId hash, ByteView key)
        : m_size(HashBlockSize(hash))
    {
        std::array<uint8_t, HASH_BLOCK_MAX> block{};
        if (key.size() > m_size)
        {
            m_ok = Hash(hash, {key}, block.data());
        }
        else
        {
            std::copy(key.begin(), key.end(), block.begin());
        }
        for (size_t i = 0; i < m_size; ++i)
        {
            m_inner[i] = block[i] ^ 0x36;
            m_outer[i] = block[i] ^ 0x5c;
        }
        Wipe(block.data(), block.size());
    }

    Pads(const Pads&) = delete;
    Pads& operator=(const Pads&) = delete;

    ~Pads()
    {
        Wipe(m_inner.data(), m_inner.size());
        Wipe(m_outer.data(), m_outer.size());
    }

    /** \return whether there are any */
    bool Ok() const
    {
        return m_ok;
    }

    /** \return the block before the data */
    ByteView Inner() const
    {
        return {m_inner.data(), m_size};
    }

    /** \return the block before the inner digest */
    ByteView Outer() const
    {
        return {m_outer.data(), m_size};
    }

  private:
    size_t m_size;                               //!< octets of a block
    bool m_ok{true};                             //!< whether a long key could be hashed
    std::array<uint8_t, HASH_BLOCK_MAX> m_inner; //!< key xor ipad
    std::array<uint8_t, HASH_BLOCK_MAX> m_outer; //!< key xor opad
};

} // namespace

bool
Hash(HashId hash, std::initializer_list<ByteView> data, uint8_t* out)
{
    EVP_MD_CTX* context = Scratch();
    return Begin(context, hash) && Update(context, data) && End(context, out);
}

std::optional<KeyedHmac>
KeyedHmac::Create(HashId hash, ByteView key)
{
    KeyedHmac hmac;
    hmac.m_inner.reset(EVP_MD_CTX_new());
    hmac.m_outer.reset(EVP_MD_CTX_new());
    hmac.m_size = HashSize(hash);
    const Pads pads(hash, key);
    if (!pads.Ok() || !Begin(hmac.m_inner.get(), hash) || !Begin(hmac.m_outer.get(), hash) ||
        !Update(hmac.m_inner.get(), {pads.Inner()}) || !Update(hmac.m_outer.get(), {pads.Outer()}))
    {
        return std::nullopt;
    }
    return hmac;
}

bool
KeyedHmac::Compute(std::initializer_list<ByteView> data, uint8_t* out) const
{
    EVP_MD_CTX* context = Scratch();
    return EVP_MD_CTX_copy_ex(context, m_inner.get()) == 1 && Update(context, data) &&
           End(context, out) && EVP_MD_CTX_copy_ex(context, m_outer.get()) == 1 &&
           Update(context, {{out, m_size}}) && End(context, out);
}

bool
HmacOnce(HashId hash, ByteView key, std::initializer_list<ByteView> data, uint8_t* out)
{
    const Pads pads(hash, key);
    EVP_MD_CTX* context = Scratch();
    const bool ok = pads.Ok() && Begin(context, hash) && Update(context, {pads.Inner()}) &&
                    Update(context, data) && End(context, out) && Begin(context, hash) &&
                    Update(context, {pads.Outer(), {out, HashSize(hash)}}) && End(context, out);
    // What is left in the context is the output, which here is often a key.
    EVP_MD_CTX_reset(context);
    return ok;
}

} // namespace karp
} // namespace ns3
