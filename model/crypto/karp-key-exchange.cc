/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-crypto.h"
#include "karp-openssl.h"

#include <algorithm>
#include <array>
#include <openssl/core_names.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t X25519_SIZE = 32;        //!< of private, public and shared values
constexpr size_t MODP_2048_SIZE = 256;    //!< of public and shared values
constexpr size_t MODP_2048_EXPONENT = 40; //!< 320 bits: the larger estimate of RFC 3526 section 8
constexpr size_t SPARE = 8;               //!< octets drawn beyond an order, see DrawBelow

/** \return room for the numbers that come and go in a computation */
BN_CTX*
Scratch()
{
    static thread_local BigNumberContext scratch(BN_CTX_new());
    return scratch.get();
}

/** \return the number that \p octets spell, kept secret; nullptr if there is no memory */
BigNumber
SecretNumber(ByteView octets)
{
    BigNumber number(BN_secure_new());
    if (!number ||
        BN_bin2bn(octets.data(), static_cast<int>(octets.size()), number.get()) == nullptr)
    {
        return nullptr;
    }
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    return number;
}

/**
 * Draw a secret in [1, order - 1] by reducing 64 bits more than the order has (FIPS 186-4 appendix
 * B.4.1): whatever the entropy, it takes one draw of one size, so runs repeat and end.
 */
BigNumber
DrawBelow(const BIGNUM* order, Entropy& entropy)
{
    SecretBytes octets(BN_num_bytes(order) + SPARE);
    entropy.Fill(octets.data(), octets.size());
    BigNumber drawn = SecretNumber(octets);
    BigNumber limit(BN_dup(order));
    if (!drawn || !limit || BN_sub_word(limit.get(), 1) != 1 ||
        BN_nnmod(drawn.get(), drawn.get(), limit.get(), Scratch()) != 1 ||
        BN_add_word(drawn.get(), 1) != 1)
    {
        return nullptr;
    }
    return drawn;
}

/** Curve25519 (RFC 8031): values are RFC 7748's octets as they are. */
class X25519Exchange : public KeyExchange
{
  public:
    /** \return the pair of \p privateValue, or nullptr */
    static std::unique_ptr<KeyExchange> Make(ByteView privateValue)
    {
        if (privateValue.size() != X25519_SIZE)
        {
            return nullptr;
        }
        auto exchange = std::unique_ptr<X25519Exchange>(new X25519Exchange);
        exchange->m_public.resize(X25519_SIZE);
        exchange->m_pair = Import(privateValue, OSSL_PKEY_PARAM_PRIV_KEY, EVP_PKEY_KEYPAIR);
        size_t size = X25519_SIZE;
        if (!exchange->m_pair ||
            EVP_PKEY_get_raw_public_key(exchange->m_pair.get(), exchange->m_public.data(), &size) !=
                1)
        {
            return nullptr;
        }
        return exchange;
    }

    const Bytes& PublicValue() const override
    {
        return m_public;
    }

    std::optional<SecretBytes> SharedSecret(ByteView peer) const override
    {
        if (peer.size() != X25519_SIZE)
        {
            return std::nullopt;
        }
        const Pkey other = Import(peer, OSSL_PKEY_PARAM_PUB_KEY, EVP_PKEY_PUBLIC_KEY);
        const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, m_pair.get(), nullptr));
        SecretBytes secret(X25519_SIZE);
        size_t size = secret.size();
        if (!other || !context || EVP_PKEY_derive_init(context.get()) != 1 ||
            EVP_PKEY_derive_set_peer_ex(context.get(), other.get(), 0) != 1 ||
            EVP_PKEY_derive(context.get(), secret.data(), &size) != 1 || size != secret.size())
        {
            return std::nullopt;
        }
        // A point of small order gives zero whatever our secret is (RFC 7748 section 6.1, RFC 8031
        // section 2 asks to check it); OpenSSL refuses it already, which we do not rely on.
        const SecretBytes zero(X25519_SIZE, 0);
        return ConstantTimeEqual(secret, zero) ? std::nullopt
                                               : std::optional<SecretBytes>(std::move(secret));
    }

  private:
    X25519Exchange() = default;

    /** \return \p octets as a key; the context is kept, since making one looks up the algorithm */
    static Pkey Import(ByteView octets, const char* name, int selection)
    {
        static thread_local PkeyContext context(
            EVP_PKEY_CTX_new_from_name(nullptr, "X25519", nullptr));
        const std::array<OSSL_PARAM, 2> params{
            OSSL_PARAM_construct_octet_string(name,
                                              const_cast<uint8_t*>(octets.data()),
                                              octets.size()),
            OSSL_PARAM_construct_end()};
        EVP_PKEY* key = nullptr;
        if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
            EVP_PKEY_fromdata(context.get(),
                              &key,
                              selection,
                              const_cast<OSSL_PARAM*>(params.data())) != 1)
        {
            return nullptr;
        }
        return Pkey(key);
    }

    Pkey m_pair;    //!< private and public value
    Bytes m_public; //!< KE payload data
};

/** A curve with what is computed of it once. */
struct Curve
{
    EcGroup group;                //!< the curve
    const BIGNUM* order{nullptr}; //!< of its base point
    const BIGNUM* prime{nullptr}; //!< that coordinates are below
    size_t size{0};               //!< octets of a coordinate

    explicit Curve(int nid)
        : group(EC_GROUP_new_by_curve_name(nid))
    {
        if (group)
        {
            order = EC_GROUP_get0_order(group.get());
            prime = EC_GROUP_get0_field(group.get());
            size = (EC_GROUP_get_degree(group.get()) + 7) / 8;
        }
    }
};

/** Random curves modulo a prime (RFC 5903): a KE payload is x | y, the shared secret x. */
class EcpExchange : public KeyExchange
{
  public:
    /** \return the pair of \p secret, which is in [1, order - 1], or nullptr */
    static std::unique_ptr<KeyExchange> Make(const Curve& curve, BigNumber secret)
    {
        auto exchange = std::unique_ptr<EcpExchange>(new EcpExchange(curve, std::move(secret)));
        const EcPoint point(EC_POINT_new(curve.group.get()));
        if (!exchange->m_secret || !point ||
            EC_POINT_mul(curve.group.get(),
                         point.get(),
                         exchange->m_secret.get(),
                         nullptr,
                         nullptr,
                         Scratch()) != 1)
        {
            return nullptr;
        }
        exchange->m_public.resize(2 * curve.size);
        return exchange->Coordinates(point.get(),
                                     exchange->m_public.data(),
                                     exchange->m_public.data() + curve.size)
                   ? std::move(exchange)
                   : nullptr;
    }

    const Bytes& PublicValue() const override
    {
        return m_public;
    }

    std::optional<SecretBytes> SharedSecret(ByteView peer) const override
    {
        if (peer.size() != 2 * m_curve.size)
        {
            return std::nullopt;
        }
        const EC_GROUP* group = m_curve.group.get();
        const BigNumber x = SecretNumber(peer.Sub(0, m_curve.size));
        const BigNumber y = SecretNumber(peer.Sub(m_curve.size));
        const EcPoint point(EC_POINT_new(group));
        // RFC 6989 section 2.3: coordinates below the prime, which OpenSSL would reduce without a
        // word, and a point on the curve, which setting them checks. These curves have a prime
        // order, so there is nothing else to check; x | y cannot spell the point at infinity.
        if (!x || !y || !point || BN_cmp(x.get(), m_curve.prime) >= 0 ||
            BN_cmp(y.get(), m_curve.prime) >= 0 ||
            EC_POINT_set_affine_coordinates(group, point.get(), x.get(), y.get(), Scratch()) != 1 ||
            EC_POINT_mul(group, point.get(), nullptr, point.get(), m_secret.get(), Scratch()) != 1)
        {
            return std::nullopt;
        }
        SecretBytes secret(m_curve.size);
        return Coordinates(point.get(), secret.data(), nullptr)
                   ? std::optional<SecretBytes>(std::move(secret))
                   : std::nullopt;
    }

  private:
    EcpExchange(const Curve& curve, BigNumber secret)
        : m_curve(curve),
          m_secret(std::move(secret))
    {
    }

    /** Write x, and y if wanted, of \p point at full length. */
    bool Coordinates(const EC_POINT* point, uint8_t* xOut, uint8_t* yOut) const
    {
        const BigNumber x(BN_new());
        const BigNumber y(BN_new());
        const auto size = static_cast<int>(m_curve.size);
        return x && y &&
               EC_POINT_get_affine_coordinates(m_curve.group.get(),
                                               point,
                                               x.get(),
                                               y.get(),
                                               Scratch()) == 1 &&
               BN_bn2binpad(x.get(), xOut, size) == size &&
               (yOut == nullptr || BN_bn2binpad(y.get(), yOut, size) == size);
    }

    const Curve& m_curve; //!< static
    BigNumber m_secret;   //!< private value
    Bytes m_public;       //!< KE payload data
};

/** The 2048-bit group of RFC 3526 with what is computed of it once. */
struct Modp
{
    BigNumber prime{BN_get_rfc3526_prime_2048(nullptr)}; //!< p
    BigNumber last{BN_dup(prime.get())};                 //!< p - 1
    BigNumber generator{BN_new()};                       //!< 2
    BigNumberMont mont{BN_MONT_CTX_new()};               //!< p made ready
    bool ok{false};                                      //!< whether all is there

    Modp()
    {
        ok = prime && last && generator && mont && BN_sub_word(last.get(), 1) == 1 &&
             BN_set_word(generator.get(), 2) == 1 &&
             BN_MONT_CTX_set(mont.get(), prime.get(), Scratch()) == 1;
    }

    /** \return whether \p number is in [2, p - 2] */
    bool IsInside(const BIGNUM* number) const
    {
        return BN_cmp(number, BN_value_one()) > 0 && BN_cmp(number, last.get()) < 0;
    }

    /** Write base^exponent, left-padded with zeros to the length of p (RFC 7296 section 2.14). */
    bool Power(const BIGNUM* base, const BIGNUM* exponent, uint8_t* out) const
    {
        const BigNumber result(BN_secure_new());
        return result &&
               BN_mod_exp_mont_consttime(result.get(),
                                         base,
                                         exponent,
                                         prime.get(),
                                         Scratch(),
                                         mont.get()) == 1 &&
               BN_bn2binpad(result.get(), out, MODP_2048_SIZE) == MODP_2048_SIZE;
    }
};

/** \return the group, made at the first call */
const Modp&
Modp2048()
{
    static const Modp modp;
    return modp;
}

/** \return the curve of \p group, made at the first call; nullptr if it is none, or not there */
const Curve*
CurveOf(KeGroup group)
{
    static const Curve ecp256(NID_X9_62_prime256v1);
    static const Curve ecp384(NID_secp384r1);
    switch (group)
    {
    case KeGroup::ECP_256:
        return ecp256.group ? &ecp256 : nullptr;
    case KeGroup::ECP_384:
        return ecp384.group ? &ecp384 : nullptr;
    default:
        return nullptr;
    }
}

/** Exponentiation modulo a prime (RFC 7296 section 3.4). */
class ModpExchange : public KeyExchange
{
  public:
    /** \return the pair of \p secret, or nullptr */
    static std::unique_ptr<KeyExchange> Make(BigNumber secret)
    {
        const Modp& modp = Modp2048();
        if (!modp.ok || !secret || !modp.IsInside(secret.get()))
        {
            return nullptr;
        }
        auto exchange = std::unique_ptr<ModpExchange>(new ModpExchange);
        exchange->m_public.resize(MODP_2048_SIZE);
        exchange->m_secret = std::move(secret);
        return modp.Power(modp.generator.get(), exchange->m_secret.get(), exchange->m_public.data())
                   ? std::move(exchange)
                   : nullptr;
    }

    const Bytes& PublicValue() const override
    {
        return m_public;
    }

    std::optional<SecretBytes> SharedSecret(ByteView peer) const override
    {
        if (peer.size() != MODP_2048_SIZE)
        {
            return std::nullopt;
        }
        // RFC 6989 section 2.1: p is a safe prime, so that 1 and p - 1 are the only small
        // subgroups.
        const BigNumber number = SecretNumber(peer);
        if (!number || !Modp2048().IsInside(number.get()))
        {
            return std::nullopt;
        }
        SecretBytes secret(MODP_2048_SIZE);
        return Modp2048().Power(number.get(), m_secret.get(), secret.data())
                   ? std::optional<SecretBytes>(std::move(secret))
                   : std::nullopt;
    }

  private:
    ModpExchange() = default;

    BigNumber m_secret; //!< private value
    Bytes m_public;     //!< KE payload data
};

} // namespace

std::unique_ptr<KeyExchange>
KeyExchange::Create(KeGroup group, Entropy& entropy)
{
    if (const Curve* curve = CurveOf(group))
    {
        return EcpExchange::Make(*curve, DrawBelow(curve->order, entropy));
    }
    const bool modp = group == KeGroup::MODP_2048;
    SecretBytes drawn(modp ? MODP_2048_EXPONENT : PublicValueSize(group));
    entropy.Fill(drawn.data(), drawn.size());
    if (modp)
    {
        drawn[0] |= 0x80; // never 0 or 1, whatever the entropy
    }
    return FromPrivate(group, drawn);
}

std::unique_ptr<KeyExchange>
KeyExchange::FromPrivate(KeGroup group, ByteView privateValue)
{
    if (const Curve* curve = CurveOf(group))
    {
        BigNumber secret = SecretNumber(privateValue);
        if (privateValue.size() != curve->size || !secret || BN_is_zero(secret.get()) ||
            BN_cmp(secret.get(), curve->order) >= 0)
        {
            return nullptr;
        }
        return EcpExchange::Make(*curve, std::move(secret));
    }
    switch (group)
    {
    case KeGroup::CURVE25519:
        return X25519Exchange::Make(privateValue);
    case KeGroup::MODP_2048:
        return privateValue.size() <= MODP_2048_SIZE
                   ? ModpExchange::Make(SecretNumber(privateValue))
                   : nullptr;
    default:
        return nullptr;
    }
}

size_t
PublicValueSize(KeGroup group)
{
    switch (group)
    {
    case KeGroup::MODP_2048:
        return MODP_2048_SIZE;
    case KeGroup::ECP_256:
        return 64;
    case KeGroup::ECP_384:
        return 96;
    case KeGroup::CURVE25519:
        return X25519_SIZE;
    default:
        return 0;
    }
}

} // namespace karp
} // namespace ns3
