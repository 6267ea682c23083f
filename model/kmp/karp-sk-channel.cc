/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-sk-channel.h"

namespace ns3
{
namespace karp
{

std::unique_ptr<SkChannel>
SkChannel::Create(const CipherSuite& suite, const IkeKeys& keys, bool asInitiator)
{
    auto fromInitiator = SkCipher::Create(suite, keys.skEi, keys.skAi);
    auto fromResponder = SkCipher::Create(suite, keys.skEr, keys.skAr);
    if (!fromInitiator || !fromResponder)
    {
        return nullptr;
    }
    auto channel = std::make_unique<SkChannel>();
    channel->m_out = std::move(asInitiator ? fromInitiator : fromResponder);
    channel->m_in = std::move(asInitiator ? fromResponder : fromInitiator);
    return channel;
}

Bytes
SkChannel::Seal(const IkeHeader& header,
                const std::vector<IkePayload>& inner,
                Entropy& entropy,
                CryptoCounters& counters)
{
    const SecretBytes chain = EncodeIkePayloads(inner);
    if (chain.empty() && !inner.empty())
    {
        return {};
    }
    Bytes message =
        EncodeIkeHeaderForSk(header, {}, FirstType(inner), m_out->SealedSize(chain.size()));
    if (message.empty())
    {
        return {};
    }
    Charge(counters, CryptoOperation::SEAL);
    const Bytes body = m_out->Seal(message, chain, m_counter++, entropy);
    message.insert(message.end(), body.begin(), body.end());
    return message;
}

OpenedMessage
SkChannel::Open(const IkeMessage& message, ByteView octets, CryptoCounters& counters)
{
    OpenedMessage opened;
    const auto* encrypted = message.Find<EncryptedPayload>();
    if (encrypted == nullptr)
    {
        return opened;
    }
    Charge(counters, CryptoOperation::OPEN);
    const auto chain = m_in->Open(octets.Sub(0, encrypted->bodyOffset), encrypted->body);
    if (!chain)
    {
        return opened;
    }
    opened.authentic = true;
    auto decoded = DecodeIkePayloads(encrypted->firstInner, *chain);
    if (const auto* error = std::get_if<DecodeError>(&decoded))
    {
        opened.error = *error;
    }
    else
    {
        opened.payloads = std::move(std::get<std::vector<IkePayload>>(decoded));
    }
    return opened;
}

} // namespace karp
} // namespace ns3
