/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-key-log.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"

#include <array>
#include <cstdio>

namespace ns3
{
namespace karp
{

namespace
{

/** \return \p spi as Wireshark's table wants it */
std::string
SpiText(uint64_t spi)
{
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(spi));
    return text.data();
}

/** \return the name Wireshark has for encr of \p suite; "" if it cannot decrypt it */
std::string
EncryptionName(const CipherSuite& suite)
{
    const std::string bits = std::to_string(suite.keyLength);
    switch (suite.encr)
    {
    case EncrId::AES_GCM_16:
        return "AES-GCM-" + bits + " with 16 octet ICV [RFC5282]";
    case EncrId::AES_CBC:
        return "AES-CBC-" + bits + " [RFC3602]";
    default:
        return "";
    }
}

/** \return the name Wireshark has for integ of \p suite */
std::string
IntegrityName(const CipherSuite& suite)
{
    switch (suite.integ)
    {
    case IntegId::HMAC_SHA2_256_128:
        return "HMAC_SHA2_256_128 [RFC4868]";
    case IntegId::HMAC_SHA2_384_192:
        return "HMAC_SHA2_384_192 [RFC4868]";
    case IntegId::HMAC_SHA2_512_256:
        return "HMAC_SHA2_512_256 [RFC4868]";
    default:
        return "NONE [RFC4306]";
    }
}

} // namespace

std::string
DecryptionTableLine(const SessionKeys& keys)
{
    const std::string encryption = EncryptionName(keys.suite);
    if (encryption.empty())
    {
        return "";
    }
    return SpiText(keys.spiInitiator) + "," + SpiText(keys.spiResponder) + "," + ToHex(keys.skEi) +
           "," + ToHex(keys.skEr) + ",\"" + encryption + "\"," + ToHex(keys.skAi) + "," +
           ToHex(keys.skAr) + ",\"" + IntegrityName(keys.suite) + "\"";
}

KeyLogWriter::KeyLogWriter(const std::string& directory)
    : m_ike(directory + "/ikev2_decryption_table"),
      m_ospf(directory + "/ospf_keys.txt")
{
    NS_ABORT_MSG_UNLESS(m_ike && m_ospf, "cannot write into " << directory);
}

void
KeyLogWriter::Watch(const ApplicationContainer& apps)
{
    for (auto it = apps.Begin(); it != apps.End(); ++it)
    {
        if (DynamicCast<KmpApplication>(*it))
        {
            (*it)->SetAttribute("EnableKeyLog", BooleanValue(true));
            (*it)->TraceConnectWithoutContext(
                "KeyLog",
                MakeCallback(&KeyLogWriter::OnSessionKeys, Ptr<KeyLogWriter>(this)));
            (*it)->TraceConnectWithoutContext(
                "Pmk",
                MakeCallback(&KeyLogWriter::OnPmk, Ptr<KeyLogWriter>(this)));
        }
    }
}

void
KeyLogWriter::OnSessionKeys(uint32_t, const SessionKeys& keys)
{
    const std::string line = DecryptionTableLine(keys);
    if (!line.empty() && m_lines.insert(line).second)
    {
        m_ike << line << std::endl;
    }
}

void
KeyLogWriter::OnPmk(uint32_t, const KmpApplication::PmkChange& change)
{
    if (!change.row || change.row->protocol != KeyProtocol::OSPFV2)
    {
        return;
    }
    const KeyRow& row = *change.row;
    const KeyLifetimes& times = row.lifetimes;
    const std::string line =
        std::to_string(row.LocalKeyId()) + " " + ToString(row.algId) + " " + ToHex(row.key) + " " +
        std::to_string(times.acceptStart.count()) + " " + std::to_string(times.sendStart.count()) +
        " " + std::to_string(times.sendEnd.count()) + " " + std::to_string(times.acceptEnd.count());
    if (m_lines.insert(line).second)
    {
        m_ospf << line << std::endl;
    }
}

} // namespace karp
} // namespace ns3
