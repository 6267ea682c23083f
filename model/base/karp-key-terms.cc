/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-key-terms.h"

#include <array>

namespace ns3
{
namespace karp
{

namespace
{

/** What there is to say of an algorithm. */
struct MacInfo
{
    MacAlgorithm algorithm; //!< which
    size_t size;            //!< octets of the digest
    const char* name;       //!< in scenarios and dumps
};

constexpr std::array<MacInfo, 5> MACS{{
    {MacAlgorithm::KEYED_MD5, 16, "keyed-md5"},
    {MacAlgorithm::HMAC_SHA_1, 20, "hmac-sha1"},
    {MacAlgorithm::HMAC_SHA_256, 32, "hmac-sha256"},
    {MacAlgorithm::HMAC_SHA_384, 48, "hmac-sha384"},
    {MacAlgorithm::HMAC_SHA_512, 64, "hmac-sha512"},
}};

} // namespace

const char*
ToString(KeyProtocol protocol)
{
    switch (protocol)
    {
    case KeyProtocol::OSPFV2:
        return "ospfv2";
    case KeyProtocol::OSPFV3:
        return "ospfv3";
    case KeyProtocol::LDP:
        return "ldp";
    default:
        return "none";
    }
}

size_t
MacSize(MacAlgorithm algorithm)
{
    for (const auto& mac : MACS)
    {
        if (mac.algorithm == algorithm)
        {
            return mac.size;
        }
    }
    return 0;
}

const char*
ToString(MacAlgorithm algorithm)
{
    for (const auto& mac : MACS)
    {
        if (mac.algorithm == algorithm)
        {
            return mac.name;
        }
    }
    return "none";
}

std::optional<MacAlgorithm>
ParseMacAlgorithm(const std::string& text)
{
    for (const auto& mac : MACS)
    {
        if (text == mac.name)
        {
            return mac.algorithm;
        }
    }
    return std::nullopt;
}

} // namespace karp
} // namespace ns3
