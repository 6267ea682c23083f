/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-keys.h"

namespace ns3
{
namespace karp
{

namespace
{

/** \return \p spi as the eight octets it is on the wire */
std::array<uint8_t, 8>
SpiOctets(uint64_t spi)
{
    std::array<uint8_t, 8> octets;
    for (size_t i = 0; i < octets.size(); ++i)
    {
        octets[i] = static_cast<uint8_t>(spi >> (8 * (7 - i)));
    }
    return octets;
}

/** Append \p view to \p out. */
template <typename Container>
void
Append(Container& out, ByteView view)
{
    out.insert(out.end(), view.begin(), view.end());
}

/** \return the next \p size octets of \p keymat, and move \p at beyond them */
SecretBytes
Take(const SecretBytes& keymat, size_t& at, size_t size)
{
    const ByteView part = ByteView(keymat).Sub(at, size);
    at += size;
    return SecretBytes(part.begin(), part.end());
}

} // namespace

SecretBytes
DeriveSkeyseed(PrfId prf, const IkeKeyInputs& inputs, ByteView shared, CryptoCounters& counters)
{
    Bytes nonces;
    nonces.reserve(inputs.nonceInitiator.size() + inputs.nonceResponder.size());
    Append(nonces, inputs.nonceInitiator);
    Append(nonces, inputs.nonceResponder);
    Charge(counters, CryptoOperation::PRF);
    return Prf(prf, nonces, {shared});
}

SecretBytes
DeriveRekeySkeyseed(PrfId oldPrf,
                    ByteView oldSkD,
                    const IkeKeyInputs& inputs,
                    ByteView shared,
                    CryptoCounters& counters)
{
    Charge(counters, CryptoOperation::PRF);
    return Prf(oldPrf, oldSkD, {shared, inputs.nonceInitiator, inputs.nonceResponder});
}

IkeKeys
DeriveIkeKeys(const CipherSuite& suite,
              const IkeKeyInputs& inputs,
              ByteView skeyseed,
              CryptoCounters& counters)
{
    const size_t prfSize = PrfSize(suite.prf);
    const size_t encrSize = SkCipher::EncrKeySize(suite);
    const size_t integSize = SkCipher::IntegKeySize(suite);
    const size_t total = 3 * prfSize + 2 * encrSize + 2 * integSize;
    if (prfSize == 0)
    {
        return {};
    }
    Bytes seed;
    seed.reserve(inputs.nonceInitiator.size() + inputs.nonceResponder.size() + 16);
    Append(seed, inputs.nonceInitiator);
    Append(seed, inputs.nonceResponder);
    Append(seed, SpiOctets(inputs.spiInitiator));
    Append(seed, SpiOctets(inputs.spiResponder));
    Charge(counters, CryptoOperation::PRF, (total + prfSize - 1) / prfSize);
    const SecretBytes keymat = PrfPlus(suite.prf, skeyseed, seed, total);

    IkeKeys keys;
    size_t at = 0;
    keys.skD = Take(keymat, at, prfSize);
    keys.skAi = Take(keymat, at, integSize);
    keys.skAr = Take(keymat, at, integSize);
    keys.skEi = Take(keymat, at, encrSize);
    keys.skEr = Take(keymat, at, encrSize);
    keys.skPi = Take(keymat, at, prfSize);
    keys.skPr = Take(keymat, at, prfSize);
    return keys;
}

Bytes
AuthOctets(PrfId prf,
           ByteView message,
           ByteView nonce,
           ByteView skP,
           ByteView idBody,
           CryptoCounters& counters)
{
    Charge(counters, CryptoOperation::PRF);
    const SecretBytes maced = Prf(prf, skP, {idBody});
    Bytes octets;
    octets.reserve(message.size() + nonce.size() + maced.size());
    Append(octets, message);
    Append(octets, nonce);
    Append(octets, maced);
    return octets;
}

Bytes
PskAuthValue(PrfId prf, ByteView psk, ByteView octets, CryptoCounters& counters)
{
    static const std::string KEY_PAD = "Key Pad for IKEv2";
    Charge(counters, CryptoOperation::PRF, 2);
    const SecretBytes padded = Prf(prf, psk, {ByteView::Of(KEY_PAD)});
    const SecretBytes value = Prf(prf, padded, {octets});
    return Bytes(value.begin(), value.end());
}

} // namespace karp
} // namespace ns3
