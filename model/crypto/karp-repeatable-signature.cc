/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-hmac.h"
#include "karp-pkey.h"

#include <algorithm>
#include <openssl/core_names.h>
#include <openssl/obj_mac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

/*
 * Where OpenSSL would draw random numbers of its own, and a simulation would not repeat: RSA key
 * pairs, the nonce of ECDSA, the salt of RSASSA-PSS. All arithmetic is OpenSSL's.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t P256_SIZE = 32; //!< octets of a coordinate and of a scalar

using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, OpensslDeleter<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, OpensslDeleter<OSSL_PARAM_free>>;
using EcdsaValue = std::unique_ptr<ECDSA_SIG, OpensslDeleter<ECDSA_SIG_free>>;

/** \return P-256, made at the first call */
const EC_GROUP*
P256()
{
    static const EcGroup group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    return group.get();
}

/** \return the number that \p octets spell, kept secret */
BigNumber
Number(ByteView octets)
{
    BigNumber number(BN_secure_new());
    if (number)
    {
        BN_bin2bn(octets.data(), static_cast<int>(octets.size()), number.get());
        BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    }
    return number;
}

/** \return a key pair of \p type with the parts in \p builder */
Pkey
Import(const char* type, const ParamBuilder& builder)
{
    const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
    const PkeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (params && context && EVP_PKEY_fromdata_init(context.get()) == 1)
    {
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, params.get());
    }
    return Pkey(key);
}

/** The nonces of RFC 6979 section 3.2 for one key and one message, in their order. */
class Nonces
{
  public:
    /** \param scalar the private key, 32 octets; \param digest of the message, below the order */
    Nonces(ByteView scalar, ByteView digest)
        : m_key(P256_SIZE, 0),
          m_value(P256_SIZE, 1)
    {
        Mix(0, scalar, digest);
        Mix(1, scalar, digest);
    }

    /** \return the next nonce that is in [1, order - 1] */
    BigNumber Next(const BIGNUM* order)
    {
        while (true)
        {
            HmacOnce(HashId::SHA_256, m_key, {m_value}, m_value.data());
            BigNumber nonce = Number(m_value);
            const bool good =
                !nonce || (!BN_is_zero(nonce.get()) && BN_cmp(nonce.get(), order) < 0);
            Mix(0, {}, {});
            if (good)
            {
                return nonce;
            }
        }
    }

  private:
    /** Steps d to g and h.3: K = HMAC(K, V | mark | scalar | digest), V = HMAC(K, V). */
    void Mix(uint8_t mark, ByteView scalar, ByteView digest)
    {
        const std::array<uint8_t, 1> octet{mark};
        HmacOnce(HashId::SHA_256, m_key, {m_value, octet, scalar, digest}, m_key.data());
        HmacOnce(HashId::SHA_256, m_key, {m_value}, m_value.data());
    }

    SecretBytes m_key;   //!< K
    SecretBytes m_value; //!< V
};

/** Compute r and s with \p nonce. \return whether neither is 0 */
bool
SignWith(const BIGNUM* nonce, const BIGNUM* scalar, const BIGNUM* digest, BIGNUM* r, BIGNUM* s)
{
    const EC_GROUP* group = P256();
    const BIGNUM* order = EC_GROUP_get0_order(group);
    const BigNumberContext scratch(BN_CTX_new());
    const EcPoint point(EC_POINT_new(group));
    const BigNumber inverse(BN_secure_new());
    // SEC 1 section 4.1.3: r = x(kG) mod n, s = (e + r d) / k mod n.
    return scratch && point && inverse &&
           EC_POINT_mul(group, point.get(), nonce, nullptr, nullptr, scratch.get()) == 1 &&
           EC_POINT_get_affine_coordinates(group, point.get(), r, nullptr, scratch.get()) == 1 &&
           BN_nnmod(r, r, order, scratch.get()) == 1 && !BN_is_zero(r) &&
           BN_mod_inverse(inverse.get(), nonce, order, scratch.get()) != nullptr &&
           BN_mod_mul(s, r, scalar, order, scratch.get()) == 1 &&
           BN_mod_add(s, s, digest, order, scratch.get()) == 1 &&
           BN_mod_mul(s, s, inverse.get(), order, scratch.get()) == 1 && !BN_is_zero(s);
}

/** \return MGF1 with SHA-256 (RFC 8017 appendix B.2.1): \p size octets made of \p seed */
Bytes
MaskOf(ByteView seed, size_t size)
{
    Bytes mask;
    for (uint32_t i = 0; mask.size() < size; ++i)
    {
        const std::array<uint8_t, 4> counter{static_cast<uint8_t>(i >> 24),
                                             static_cast<uint8_t>(i >> 16),
                                             static_cast<uint8_t>(i >> 8),
                                             static_cast<uint8_t>(i)};
        std::array<uint8_t, 32> block{};
        Hash(HashId::SHA_256, {seed, counter}, block.data());
        mask.insert(mask.end(), block.begin(), block.end());
    }
    mask.resize(size);
    return mask;
}

/**
 * A prime drawn from \p entropy: the first at or after a random odd number whose two highest bits
 * are set, with p - 1 prime to 65537.
 */
BigNumber
DrawPrime(int bits, Entropy& entropy, BN_CTX* scratch)
{
    constexpr int STEPS_MAX = 20000; // the mean is 180 for 1024 bits; then another draw
    while (true)
    {
        SecretBytes octets(static_cast<size_t>(bits) / 8);
        entropy.Fill(octets.data(), octets.size());
        octets.front() |= 0xc0; // the product has all its bits (FIPS 186-4 appendix B.3.1)
        octets.back() |= 1;
        BigNumber prime(BN_secure_new());
        if (!prime || BN_bin2bn(octets.data(), bits / 8, prime.get()) == nullptr)
        {
            return nullptr;
        }
        for (int step = 0; step < STEPS_MAX && BN_num_bits(prime.get()) == bits; ++step)
        {
            if (BN_mod_word(prime.get(), RSA_F4) != 1 &&
                BN_check_prime(prime.get(), scratch, nullptr) == 1)
            {
                return prime;
            }
            BN_add_word(prime.get(), 2);
        }
    }
}

/** What an RSA key pair is made of. */
struct RsaNumbers
{
    BigNumber p;                   //!< larger prime
    BigNumber q;                   //!< smaller prime
    BigNumber n{BN_new()};         //!< p q
    BigNumber e{BN_new()};         //!< 65537
    BigNumber d{BN_secure_new()};  //!< 1/e mod lcm(p - 1, q - 1)
    BigNumber dp{BN_secure_new()}; //!< d mod p - 1
    BigNumber dq{BN_secure_new()}; //!< d mod q - 1
    BigNumber qi{BN_secure_new()}; //!< 1/q mod p

    /** Compute all from p and q. \return whether it worked */
    bool Complete(BN_CTX* scratch)
    {
        const BigNumber p1(BN_dup(p.get()));
        const BigNumber q1(BN_dup(q.get()));
        const BigNumber lcm(BN_secure_new());
        const BigNumber gcd(BN_secure_new());
        return n && e && d && dp && dq && qi && p1 && q1 && lcm && gcd &&
               BN_sub_word(p1.get(), 1) == 1 && BN_sub_word(q1.get(), 1) == 1 &&
               BN_set_word(e.get(), RSA_F4) == 1 &&
               BN_mul(n.get(), p.get(), q.get(), scratch) == 1 &&
               BN_gcd(gcd.get(), p1.get(), q1.get(), scratch) == 1 &&
               BN_mul(lcm.get(), p1.get(), q1.get(), scratch) == 1 &&
               BN_div(lcm.get(), nullptr, lcm.get(), gcd.get(), scratch) == 1 &&
               BN_mod_inverse(d.get(), e.get(), lcm.get(), scratch) != nullptr &&
               BN_nnmod(dp.get(), d.get(), p1.get(), scratch) == 1 &&
               BN_nnmod(dq.get(), d.get(), q1.get(), scratch) == 1 &&
               BN_mod_inverse(qi.get(), q.get(), p.get(), scratch) != nullptr;
    }

    /** \return the pair as OpenSSL wants it */
    Pkey ToKey() const
    {
        const ParamBuilder builder(OSSL_PARAM_BLD_new());
        const auto add = [&builder](const char* name, const BigNumber& number) {
            return OSSL_PARAM_BLD_push_BN(builder.get(), name, number.get()) == 1;
        };
        const bool complete =
            builder && add(OSSL_PKEY_PARAM_RSA_N, n) && add(OSSL_PKEY_PARAM_RSA_E, e) &&
            add(OSSL_PKEY_PARAM_RSA_D, d) && add(OSSL_PKEY_PARAM_RSA_FACTOR1, p) &&
            add(OSSL_PKEY_PARAM_RSA_FACTOR2, q) && add(OSSL_PKEY_PARAM_RSA_EXPONENT1, dp) &&
            add(OSSL_PKEY_PARAM_RSA_EXPONENT2, dq) && add(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, qi);
        return complete ? Import("RSA", builder) : nullptr;
    }
};

} // namespace

Pkey
GenerateRsa(int bits, Entropy& entropy)
{
    const BigNumberContext scratch(BN_CTX_new());
    if (!scratch)
    {
        return nullptr;
    }
    RsaNumbers numbers;
    numbers.p = DrawPrime(bits / 2, entropy, scratch.get());
    do
    {
        numbers.q = DrawPrime(bits / 2, entropy, scratch.get());
    } while (numbers.p && numbers.q && BN_cmp(numbers.p.get(), numbers.q.get()) == 0);
    if (!numbers.p || !numbers.q)
    {
        return nullptr;
    }
    if (BN_cmp(numbers.p.get(), numbers.q.get()) < 0)
    {
        std::swap(numbers.p, numbers.q);
    }
    return numbers.Complete(scratch.get()) ? numbers.ToKey() : nullptr;
}

Pkey
PairOfScalar(ByteView secret)
{
    const EC_GROUP* group = P256();
    const BigNumber scalar = Number(secret);
    const EcPoint point(EC_POINT_new(group));
    const ParamBuilder builder(OSSL_PARAM_BLD_new());
    std::array<uint8_t, 1 + 2 * P256_SIZE> octets{};
    if (!scalar || !point || !builder || secret.size() != P256_SIZE || BN_is_zero(scalar.get()) ||
        BN_cmp(scalar.get(), EC_GROUP_get0_order(group)) >= 0 ||
        EC_POINT_mul(group, point.get(), scalar.get(), nullptr, nullptr, nullptr) != 1 ||
        EC_POINT_point2oct(group,
                           point.get(),
                           POINT_CONVERSION_UNCOMPRESSED,
                           octets.data(),
                           octets.size(),
                           nullptr) != octets.size() ||
        OSSL_PARAM_BLD_push_utf8_string(builder.get(),
                                        OSSL_PKEY_PARAM_GROUP_NAME,
                                        "prime256v1",
                                        0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(),
                                         OSSL_PKEY_PARAM_PUB_KEY,
                                         octets.data(),
                                         octets.size()) != 1 ||
        OSSL_PARAM_BLD_push_BN_pad(builder.get(),
                                   OSSL_PKEY_PARAM_PRIV_KEY,
                                   scalar.get(),
                                   P256_SIZE) != 1)
    {
        return nullptr;
    }
    return Import("EC", builder);
}

Bytes
SignP256(const EVP_PKEY* key, ByteView message)
{
    const BIGNUM* order = EC_GROUP_get0_order(P256());
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_PRIV_KEY, &raw);
    const BigNumber scalar(raw);
    SecretBytes scalarOctets(P256_SIZE);
    std::array<uint8_t, P256_SIZE> hash{};
    std::array<uint8_t, P256_SIZE> reduced{};
    const BigNumberContext scratch(BN_CTX_new());
    if (!scalar || !scratch || !Hash(HashId::SHA_256, {message}, hash.data()) ||
        BN_bn2binpad(scalar.get(), scalarOctets.data(), P256_SIZE) != P256_SIZE)
    {
        return {};
    }
    // bits2octets of RFC 6979 section 2.3.4: the digest is as long as the order.
    const BigNumber digest = Number(hash);
    const BigNumber r(BN_new());
    const BigNumber s(BN_secure_new());
    if (!digest || !r || !s || BN_nnmod(digest.get(), digest.get(), order, scratch.get()) != 1 ||
        BN_bn2binpad(digest.get(), reduced.data(), P256_SIZE) != P256_SIZE)
    {
        return {};
    }
    Nonces nonces(scalarOctets, reduced);
    Bytes flat(2 * P256_SIZE);
    for (int tries = 0; tries < 4; ++tries)
    {
        const BigNumber nonce = nonces.Next(order);
        if (nonce && SignWith(nonce.get(), scalar.get(), digest.get(), r.get(), s.get()) &&
            BN_bn2binpad(r.get(), flat.data(), P256_SIZE) == P256_SIZE &&
            BN_bn2binpad(s.get(), flat.data() + P256_SIZE, P256_SIZE) == P256_SIZE)
        {
            return flat;
        }
    }
    return {};
}

Bytes
EcdsaToDer(ByteView flat)
{
    const EcdsaValue value(ECDSA_SIG_new());
    BigNumber r(BN_bin2bn(flat.data(), P256_SIZE <= flat.size() ? P256_SIZE : 0, nullptr));
    const ByteView second = flat.Sub(P256_SIZE);
    BigNumber s(BN_bin2bn(second.data(), static_cast<int>(second.size()), nullptr));
    if (flat.size() != 2 * P256_SIZE || !value || !r || !s ||
        ECDSA_SIG_set0(value.get(), r.get(), s.get()) != 1)
    {
        return {};
    }
    // Both are the value's now.
    (void)r.release();
    (void)s.release();
    return ToDer<i2d_ECDSA_SIG>(value.get());
}

Bytes
SignPss(EVP_PKEY* key, ByteView message)
{
    // EMSA-PSS-ENCODE (RFC 8017 section 9.1.1) with a salt that follows from key and message: to
    // whoever has not the key it is as good as a random one, and it repeats.
    constexpr size_t DIGEST = 32;
    const auto size = static_cast<size_t>(EVP_PKEY_get_size(key));
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &raw);
    const BigNumber exponent(raw);
    SecretBytes secret(size);
    std::array<uint8_t, DIGEST> digest{};
    std::array<uint8_t, DIGEST> salt{};
    std::array<uint8_t, DIGEST> hash{};
    const std::array<uint8_t, 8> zeros{};
    if (!exponent || size < 2 * DIGEST + 2 ||
        BN_bn2binpad(exponent.get(), secret.data(), static_cast<int>(size)) < 0 ||
        !Hash(HashId::SHA_256, {message}, digest.data()) ||
        !HmacOnce(HashId::SHA_256, secret, {digest}, salt.data()) ||
        !Hash(HashId::SHA_256, {zeros, digest, salt}, hash.data()))
    {
        return {};
    }
    // DB = zeros | 0x01 | salt, masked; the highest bit goes, as the modulus has 8 n bits.
    Bytes encoded(size - DIGEST - 1, 0);
    encoded[encoded.size() - DIGEST - 1] = 1;
    std::copy(salt.begin(), salt.end(), encoded.end() - DIGEST);
    const Bytes mask = MaskOf(hash, encoded.size());
    std::transform(encoded.begin(),
                   encoded.end(),
                   mask.begin(),
                   encoded.begin(),
                   [](uint8_t a, uint8_t b) { return static_cast<uint8_t>(a ^ b); });
    encoded[0] &= 0x7f;
    encoded.insert(encoded.end(), hash.begin(), hash.end());
    encoded.push_back(0xbc);

    const PkeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    Bytes signature(size);
    size_t written = size;
    const bool done =
        context && EVP_PKEY_sign_init(context.get()) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) == 1 &&
        EVP_PKEY_sign(context.get(), signature.data(), &written, encoded.data(), size) == 1;
    return done && written == size ? signature : Bytes{};
}

} // namespace karp
} // namespace ns3
