/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto.h"

#include <array>
#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

/** A word that names an encryption transform. */
struct EncrWord
{
    const char* word;   //!< as strongSwan writes it
    EncrId id;          //!< which
    uint16_t keyLength; //!< bits
};

/** A word that names a transform of another type. */
template <typename Id>
struct Word
{
    const char* word; //!< as strongSwan writes it
    Id id;            //!< which
};

// Of several words for one thing the first is the one printed.
constexpr std::array<EncrWord, 8> ENCR_WORDS{{
    {"aes128", EncrId::AES_CBC, 128},
    {"aes256", EncrId::AES_CBC, 256},
    {"aes128gcm16", EncrId::AES_GCM_16, 128},
    {"aes256gcm16", EncrId::AES_GCM_16, 256},
    {"chacha20poly1305", EncrId::CHACHA20_POLY1305, 256},
    {"aes", EncrId::AES_CBC, 128},
    {"aes128gcm128", EncrId::AES_GCM_16, 128},
    {"aes256gcm128", EncrId::AES_GCM_16, 256},
}};

constexpr std::array<Word<IntegId>, 6> INTEG_WORDS{{
    {"sha256", IntegId::HMAC_SHA2_256_128},
    {"sha384", IntegId::HMAC_SHA2_384_192},
    {"sha512", IntegId::HMAC_SHA2_512_256},
    {"sha2_256", IntegId::HMAC_SHA2_256_128},
    {"sha2_384", IntegId::HMAC_SHA2_384_192},
    {"sha2_512", IntegId::HMAC_SHA2_512_256},
}};

constexpr std::array<Word<PrfId>, 3> PRF_WORDS{{
    {"prfsha256", PrfId::HMAC_SHA2_256},
    {"prfsha384", PrfId::HMAC_SHA2_384},
    {"prfsha512", PrfId::HMAC_SHA2_512},
}};

constexpr std::array<Word<KeGroup>, 5> GROUP_WORDS{{
    {"modp2048", KeGroup::MODP_2048},
    {"ecp256", KeGroup::ECP_256},
    {"ecp384", KeGroup::ECP_384},
    {"x25519", KeGroup::CURVE25519},
    {"curve25519", KeGroup::CURVE25519},
}};

/** \return the row of \p table called \p word, or nullptr */
template <typename Table>
const typename Table::value_type*
Find(const Table& table, const std::string& word)
{
    for (const auto& row : table)
    {
        if (word == row.word)
        {
            return &row;
        }
    }
    return nullptr;
}

/** \return the word for \p id, or its number where there is none */
template <typename Table, typename Id>
std::string
WordFor(const Table& table, Id id, const char* kind)
{
    for (const auto& row : table)
    {
        if (row.id == id)
        {
            return row.word;
        }
    }
    return kind + std::to_string(static_cast<unsigned>(id));
}

/** \return the prf with the same hash as \p integ: what strongSwan takes where none is named */
PrfId
PrfLike(IntegId integ)
{
    switch (integ)
    {
    case IntegId::HMAC_SHA2_256_128:
        return PrfId::HMAC_SHA2_256;
    case IntegId::HMAC_SHA2_384_192:
        return PrfId::HMAC_SHA2_384;
    case IntegId::HMAC_SHA2_512_256:
        return PrfId::HMAC_SHA2_512;
    default:
        return PrfId::NONE;
    }
}

/** Set \p part, which no word may have set before. */
template <typename Id>
bool
SetOnce(Id& part, Id value)
{
    const bool first = part == Id::NONE;
    part = value;
    return first;
}

/** Let \p word have its say in \p suite. \return whether it has one, and nobody said it before */
bool
TakeWord(const std::string& word, CipherSuite& suite)
{
    if (const auto* encr = Find(ENCR_WORDS, word))
    {
        suite.keyLength = encr->keyLength;
        return SetOnce(suite.encr, encr->id);
    }
    if (const auto* integ = Find(INTEG_WORDS, word))
    {
        return SetOnce(suite.integ, integ->id);
    }
    if (const auto* prf = Find(PRF_WORDS, word))
    {
        return SetOnce(suite.prf, prf->id);
    }
    const auto* group = Find(GROUP_WORDS, word);
    return group != nullptr && SetOnce(suite.group, group->id);
}

} // namespace

bool
CipherSuite::IsSupported() const
{
    return SkCipher::EncrKeySize(*this) != 0 && PrfSize(prf) != 0 && PublicValueSize(group) != 0;
}

std::string
CipherSuite::ToString() const
{
    std::string text;
    for (const auto& row : ENCR_WORDS)
    {
        if (row.id == encr && row.keyLength == keyLength)
        {
            text = row.word;
            break;
        }
    }
    if (text.empty())
    {
        text =
            "encr" + std::to_string(static_cast<unsigned>(encr)) + '_' + std::to_string(keyLength);
    }
    if (integ != IntegId::NONE)
    {
        text += '-' + WordFor(INTEG_WORDS, integ, "integ");
    }
    return text + '-' + WordFor(PRF_WORDS, prf, "prf") + '-' + WordFor(GROUP_WORDS, group, "group");
}

std::optional<CipherSuite>
ParseCipherSuite(const std::string& text)
{
    CipherSuite suite;
    suite.encr = EncrId::NONE;
    suite.keyLength = 0;
    suite.integ = IntegId::NONE;
    suite.prf = PrfId::NONE;
    suite.group = KeGroup::NONE;
    std::istringstream words(text);
    std::string word;
    while (std::getline(words, word, '-'))
    {
        if (!TakeWord(word, suite))
        {
            return std::nullopt;
        }
    }
    if (suite.prf == PrfId::NONE)
    {
        suite.prf = PrfLike(suite.integ);
    }
    // A trailing hyphen would be an empty word, which getline does not give.
    const bool whole = !text.empty() && text.back() != '-';
    return whole && suite.IsSupported() ? std::optional<CipherSuite>(suite) : std::nullopt;
}

const char*
ToString(CryptoOperation operation)
{
    static constexpr std::array<const char*, static_cast<size_t>(CryptoOperation::COUNT)> NAMES{{
        "ke_generate",
        "ke_shared",
        "sign_ed25519",
        "sign_ecdsa_p256",
        "sign_rsa_2048",
        "sign_rsa_3072",
        "verify_ed25519",
        "verify_ecdsa_p256",
        "verify_rsa_2048",
        "verify_rsa_3072",
        "prf",
        "seal",
        "open",
        "mac",
    }};
    const auto index = static_cast<size_t>(operation);
    return index < NAMES.size() ? NAMES[index] : "unknown";
}

} // namespace karp
} // namespace ns3
