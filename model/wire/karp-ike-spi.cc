/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ike-spi.h"

#include "karp-byte-reader.h"
#include "karp-byte-writer.h"

namespace ns3
{
namespace karp
{

Bytes
EncodeKekSpi(uint64_t keyId)
{
    Bytes spi;
    ByteWriter<Bytes>(spi).U64(keyId);
    return spi;
}

std::optional<uint64_t>
DecodeKekSpi(ByteView spi)
{
    if (spi.size() != MRKMP_KEK_SPI_SIZE)
    {
        return std::nullopt;
    }
    return ByteReader(spi).U64();
}

Bytes
EncodePmkSpi(const PmkName& key)
{
    Bytes spi;
    ByteWriter<Bytes> writer(spi);
    writer.U8(static_cast<uint8_t>(key.protocol));
    writer.U32(key.keyId);
    return spi;
}

std::optional<PmkName>
DecodePmkSpi(ByteView spi)
{
    if (spi.size() != MRKMP_PMK_SPI_SIZE)
    {
        return std::nullopt;
    }
    ByteReader reader(spi);
    PmkName key;
    key.protocol = static_cast<KeyProtocol>(reader.U8());
    key.keyId = reader.U32();
    return key;
}

} // namespace karp
} // namespace ns3
