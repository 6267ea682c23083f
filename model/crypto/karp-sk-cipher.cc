/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto.h"
#include "karp-hmac.h"

#include <algorithm>
#include <array>
#include <openssl/crypto.h>

namespace ns3
{
namespace karp
{

namespace
{

/** What there is to know of an encryption transform. */
struct EncrInfo
{
    EncrId encr;        //!< which
    uint16_t keyLength; //!< bits
    CipherId cipher;    //!< what OpenSSL calls it
    bool aead;          //!< whether it gives integrity, too
};

/** What there is to know of an integrity transform (RFC 4868 section 2.6). */
struct IntegInfo
{
    IntegId integ; //!< which
    HashId hash;   //!< of the HMAC
    size_t icv;    //!< octets that are sent
};

constexpr std::array<EncrInfo, 5> ENCR_INFO{{
    {EncrId::AES_CBC, 128, CipherId::AES_128_CBC, false},
    {EncrId::AES_CBC, 256, CipherId::AES_256_CBC, false},
    {EncrId::AES_GCM_16, 128, CipherId::AES_128_GCM, true},
    {EncrId::AES_GCM_16, 256, CipherId::AES_256_GCM, true},
    {EncrId::CHACHA20_POLY1305, 256, CipherId::CHACHA20_POLY1305, true},
}};

constexpr std::array<IntegInfo, 3> INTEG_INFO{{
    {IntegId::HMAC_SHA2_256_128, HashId::SHA_256, 16},
    {IntegId::HMAC_SHA2_384_192, HashId::SHA_384, 24},
    {IntegId::HMAC_SHA2_512_256, HashId::SHA_512, 32},
}};

constexpr size_t AEAD_IV = 8;    //!< explicit part of the nonce (RFC 5282 section 3.1)
constexpr size_t AEAD_SALT = 4;  //!< implicit part, the tail of SK_e (section 7.1)
constexpr size_t AEAD_ICV = 16;  //!< octets of the tag
constexpr size_t CBC_BLOCK = 16; //!< of AES; also the IV
constexpr size_t MESSAGE_MAX = size_t(1) << 24; //!< far above any datagram, far below INT_MAX

/** \return what is known of the integrity transform of \p suite, or nullptr */
const IntegInfo*
FindInteg(const CipherSuite& suite)
{
    for (const auto& info : INTEG_INFO)
    {
        if (info.integ == suite.integ)
        {
            return &info;
        }
    }
    return nullptr;
}

/** \return what is known of the encryption of \p suite, or nullptr; AEAD goes with no integrity */
const EncrInfo*
FindEncr(const CipherSuite& suite)
{
    for (const auto& info : ENCR_INFO)
    {
        if (info.encr == suite.encr && info.keyLength == suite.keyLength)
        {
            const bool fits =
                info.aead ? suite.integ == IntegId::NONE : FindInteg(suite) != nullptr;
            return fits ? &info : nullptr;
        }
    }
    return nullptr;
}

/** Make \p context ready for \p cipher under \p key, unless it is. */
bool
Prepare(CipherContext& context, const EVP_CIPHER* cipher, ByteView key, bool encrypt)
{
    if (context)
    {
        return true;
    }
    CipherContext fresh(EVP_CIPHER_CTX_new());
    if (!fresh || cipher == nullptr ||
        EVP_CipherInit_ex2(fresh.get(), cipher, key.data(), nullptr, encrypt ? 1 : 0, nullptr) != 1)
    {
        return false;
    }
    context = std::move(fresh);
    return true;
}

/** Run \p in through \p context into \p out; nothing to do for no octets. */
bool
Run(EVP_CIPHER_CTX* context, uint8_t* out, ByteView in)
{
    int written = 0;
    return in.empty() ||
           EVP_CipherUpdate(context, out, &written, in.data(), static_cast<int>(in.size())) == 1;
}

/** What AEAD and CBC do alike: padding as RFC 7296 section 3.14 lays it out. */
class PaddingCipher : public SkCipher
{
  public:
    std::optional<SecretBytes> Open(ByteView header, ByteView body) override
    {
        auto padded = OpenPadded(header, body);
        if (!padded || padded->empty())
        {
            return std::nullopt;
        }
        const size_t padding = padded->back();
        if (padding >= padded->size())
        {
            return std::nullopt;
        }
        padded->resize(padded->size() - padding - 1);
        return padded;
    }
};

/** AES-GCM and ChaCha20-Poly1305 as RFC 5282 and RFC 7634 use them. */
class AeadCipher : public PaddingCipher
{
  public:
    AeadCipher(const EVP_CIPHER* cipher, ByteView encrKey)
        : m_cipher(cipher),
          m_key(encrKey.begin(), encrKey.end() - AEAD_SALT)
    {
        std::copy(encrKey.end() - AEAD_SALT, encrKey.end(), m_nonce.begin());
    }

    size_t SealedSize(size_t plaintextSize) const override
    {
        return AEAD_IV + plaintextSize + 1 + AEAD_ICV;
    }

    Bytes Seal(ByteView header, ByteView plaintext, uint64_t counter, Entropy&) override
    {
        // "The Padding field ... need not be aligned": none, so only its length, zero, is there.
        std::array<uint8_t, AEAD_IV> iv;
        for (size_t i = 0; i < iv.size(); ++i)
        {
            iv[i] = static_cast<uint8_t>(counter >> (8 * (AEAD_IV - 1 - i)));
        }
        const std::array<uint8_t, 1> padLength{0};
        return Protect(header, plaintext, padLength, iv);
    }

    Bytes SealPadded(ByteView header, ByteView padded, ByteView iv) override
    {
        return iv.size() == AEAD_IV ? Protect(header, padded, {}, iv) : Bytes{};
    }

    std::optional<SecretBytes> OpenPadded(ByteView header, ByteView body) override
    {
        if (body.size() < AEAD_IV + 1 + AEAD_ICV || body.size() > MESSAGE_MAX ||
            !Prepare(m_open, m_cipher, m_key, false))
        {
            return std::nullopt;
        }
        const size_t size = body.size() - AEAD_IV - AEAD_ICV;
        std::array<uint8_t, AEAD_ICV> icv;
        std::copy(body.end() - AEAD_ICV, body.end(), icv.begin());
        SecretBytes padded(size);
        int written = 0;
        // OpenSSL compares the tag in constant time; what it decrypted before is wiped if it
        // differs.
        if (!Start(m_open.get(), header, body.Sub(0, AEAD_IV), false) ||
            !Run(m_open.get(), padded.data(), body.Sub(AEAD_IV, size)) ||
            EVP_CIPHER_CTX_ctrl(m_open.get(), EVP_CTRL_AEAD_SET_TAG, AEAD_ICV, icv.data()) != 1 ||
            EVP_CipherFinal_ex(m_open.get(), padded.data() + size, &written) != 1)
        {
            return std::nullopt;
        }
        return padded;
    }

  private:
    /** Begin a message in \p context: nonce, then \p header as additional data. */
    bool Start(EVP_CIPHER_CTX* context, ByteView header, ByteView iv, bool encrypt)
    {
        std::copy(iv.begin(), iv.end(), m_nonce.begin() + AEAD_SALT);
        return header.size() <= MESSAGE_MAX &&
               EVP_CipherInit_ex2(context,
                                  nullptr,
                                  nullptr,
                                  m_nonce.data(),
                                  encrypt ? 1 : 0,
                                  nullptr) == 1 &&
               Run(context, nullptr, header);
    }

    /** \return IV | ciphertext of \p text and then \p tail | ICV */
    Bytes Protect(ByteView header, ByteView text, ByteView tail, ByteView iv)
    {
        const size_t size = text.size() + tail.size();
        if (size == 0 || text.size() > MESSAGE_MAX || !Prepare(m_seal, m_cipher, m_key, true))
        {
            return {};
        }
        Bytes out(AEAD_IV + size + AEAD_ICV);
        std::copy(iv.begin(), iv.end(), out.begin());
        uint8_t* ciphertext = out.data() + AEAD_IV;
        uint8_t* icv = ciphertext + size;
        int written = 0;
        const bool ok =
            Start(m_seal.get(), header, iv, true) && Run(m_seal.get(), ciphertext, text) &&
            Run(m_seal.get(), ciphertext + text.size(), tail) &&
            EVP_CipherFinal_ex(m_seal.get(), icv, &written) == 1 &&
            EVP_CIPHER_CTX_ctrl(m_seal.get(), EVP_CTRL_AEAD_GET_TAG, AEAD_ICV, icv) == 1;
        return ok ? out : Bytes{};
    }

    const EVP_CIPHER* m_cipher;                       //!< which
    SecretBytes m_key;                                //!< without the salt
    std::array<uint8_t, AEAD_SALT + AEAD_IV> m_nonce; //!< salt, and room for the explicit part
    CipherContext m_seal;                             //!< made at the first Seal
    CipherContext m_open;                             //!< made at the first Open
};

/** AES-CBC, and HMAC over all before the ICV (RFC 7296 section 3.14). */
class CbcCipher : public PaddingCipher
{
  public:
    CbcCipher(const EVP_CIPHER* cipher, ByteView encrKey, KeyedHmac hmac, size_t icvSize)
        : m_cipher(cipher),
          m_key(encrKey.begin(), encrKey.end()),
          m_hmac(std::move(hmac)),
          m_icvSize(icvSize)
    {
    }

    size_t SealedSize(size_t plaintextSize) const override
    {
        // "the combination of the Payloads, the Padding, and the Pad Length [is] a multiple of the
        // encryption block size", and no more than is needed.
        return CBC_BLOCK + (plaintextSize / CBC_BLOCK + 1) * CBC_BLOCK + m_icvSize;
    }

    Bytes Seal(ByteView header, ByteView plaintext, uint64_t, Entropy& entropy) override
    {
        std::array<uint8_t, CBC_BLOCK> iv;
        entropy.Fill(iv.data(), iv.size());
        const size_t padding = CBC_BLOCK - 1 - plaintext.size() % CBC_BLOCK;
        SecretBytes padded;
        padded.reserve(plaintext.size() + padding + 1);
        padded.assign(plaintext.begin(), plaintext.end());
        padded.resize(plaintext.size() + padding);
        if (padding > 0)
        {
            entropy.Fill(padded.data() + plaintext.size(), padding);
        }
        padded.push_back(static_cast<uint8_t>(padding));
        return SealPadded(header, padded, iv);
    }

    Bytes SealPadded(ByteView header, ByteView padded, ByteView iv) override
    {
        if (iv.size() != CBC_BLOCK || padded.empty() || padded.size() % CBC_BLOCK != 0 ||
            padded.size() > MESSAGE_MAX || !Prepare(m_seal, m_cipher, m_key, true))
        {
            return {};
        }
        const size_t covered = CBC_BLOCK + padded.size();
        Bytes out(covered + m_icvSize);
        std::copy(iv.begin(), iv.end(), out.begin());
        if (!Crypt(m_seal.get(), out.data() + CBC_BLOCK, padded, iv, true) ||
            !ComputeIcv(header, {out.data(), covered}))
        {
            return {};
        }
        std::copy_n(m_icv.begin(), m_icvSize, out.begin() + covered);
        return out;
    }

    std::optional<SecretBytes> OpenPadded(ByteView header, ByteView body) override
    {
        if (body.size() < 2 * CBC_BLOCK + m_icvSize || body.size() > MESSAGE_MAX ||
            (body.size() - m_icvSize) % CBC_BLOCK != 0)
        {
            return std::nullopt;
        }
        // Integrity first: nothing is decrypted that its sender did not send.
        const ByteView covered = body.Sub(0, body.size() - m_icvSize);
        if (!ComputeIcv(header, covered) ||
            CRYPTO_memcmp(m_icv.data(), covered.end(), m_icvSize) != 0 ||
            !Prepare(m_open, m_cipher, m_key, false))
        {
            return std::nullopt;
        }
        SecretBytes padded(covered.size() - CBC_BLOCK);
        if (!Crypt(m_open.get(),
                   padded.data(),
                   covered.Sub(CBC_BLOCK),
                   covered.Sub(0, CBC_BLOCK),
                   false))
        {
            return std::nullopt;
        }
        return padded;
    }

  private:
    /** Run whole blocks from \p in to \p out. */
    static bool Crypt(EVP_CIPHER_CTX* context, uint8_t* out, ByteView in, ByteView iv, bool encrypt)
    {
        return EVP_CipherInit_ex2(context, nullptr, nullptr, iv.data(), encrypt ? 1 : 0, nullptr) ==
                   1 &&
               EVP_CIPHER_CTX_set_padding(context, 0) == 1 && Run(context, out, in);
    }

    /** Compute the HMAC of \p header and \p covered into m_icv. */
    bool ComputeIcv(ByteView header, ByteView covered)
    {
        return m_hmac.Compute({header, covered}, m_icv.data());
    }

    const EVP_CIPHER* m_cipher;               //!< which
    SecretBytes m_key;                        //!< SK_e
    KeyedHmac m_hmac;                         //!< under SK_a
    size_t m_icvSize;                         //!< octets of the HMAC that are sent
    std::array<uint8_t, HASH_SIZE_MAX> m_icv; //!< the last HMAC
    CipherContext m_seal;                     //!< made at the first Seal
    CipherContext m_open;                     //!< made at the first Open
};

/** \return octets of the key of \p info, without salt */
size_t
KeySize(const EncrInfo& info)
{
    return info.keyLength / 8;
}

} // namespace

size_t
SkCipher::EncrKeySize(const CipherSuite& suite)
{
    const EncrInfo* info = FindEncr(suite);
    return info == nullptr ? 0 : KeySize(*info) + (info->aead ? AEAD_SALT : 0);
}

size_t
SkCipher::IntegKeySize(const CipherSuite& suite)
{
    const IntegInfo* info = FindInteg(suite);
    return info == nullptr ? 0 : HashSize(info->hash);
}

std::unique_ptr<SkCipher>
SkCipher::Create(const CipherSuite& suite, ByteView encrKey, ByteView integKey)
{
    const EncrInfo* encr = FindEncr(suite);
    if (encr == nullptr || encrKey.size() != EncrKeySize(suite) ||
        integKey.size() != IntegKeySize(suite))
    {
        return nullptr;
    }
    const EVP_CIPHER* cipher = FetchedCipher(encr->cipher);
    if (cipher == nullptr)
    {
        return nullptr;
    }
    if (encr->aead)
    {
        return std::make_unique<AeadCipher>(cipher, encrKey);
    }
    const IntegInfo* integ = FindInteg(suite);
    auto hmac = KeyedHmac::Create(integ->hash, integKey);
    return hmac ? std::make_unique<CbcCipher>(cipher, encrKey, std::move(*hmac), integ->icv)
                : nullptr;
}

} // namespace karp
} // namespace ns3
