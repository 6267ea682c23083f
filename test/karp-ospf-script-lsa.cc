/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-script-lsa.h"

#include "ns3/karp-ospf-packet.h"

#include <algorithm>
#include <map>
#include <sstream>

namespace ns3
{
namespace karp
{
namespace ospf_script
{

namespace
{

const std::map<std::string, OspfLsaType> TYPES = {{"rtr", OspfLsaType::ROUTER},
                                                  {"net", OspfLsaType::NETWORK},
                                                  {"sum", OspfLsaType::SUMMARY_NETWORK},
                                                  {"asbr", OspfLsaType::SUMMARY_ASBR},
                                                  {"ext", OspfLsaType::AS_EXTERNAL},
                                                  {"opq", static_cast<OspfLsaType>(10)}};

/** \return Link State ID of an LSA that names none */
uint32_t
DefaultId(OspfLsaType type, size_t router)
{
    switch (type)
    {
    case OspfLsaType::NETWORK:
        return Address(1, router).value;
    case OspfLsaType::SUMMARY_NETWORK:
    case OspfLsaType::AS_EXTERNAL:
        return 0x0a090000 + static_cast<uint32_t>(router << 8);
    default:
        return RouterId(router);
    }
}

} // namespace

uint32_t
RouterId(size_t n)
{
    return 0x0aff0000 + static_cast<uint32_t>(n);
}

IpAddress
Address(uint32_t link, size_t n)
{
    return IpAddress{n == 0 ? 0 : 0x0a000000 + (link << 8) + static_cast<uint32_t>(n)};
}

size_t
Number(const std::string& name)
{
    return name == "us" ? SELF : std::stoul(name.substr(1));
}

std::string
Name(size_t n)
{
    return n == SELF ? "us" : "r" + std::to_string(n);
}

uint32_t
ParseAddress(const std::string& text)
{
    uint32_t value = 0;
    std::istringstream in(text);
    std::string part;
    while (std::getline(in, part, '.'))
    {
        value = value << 8 | static_cast<uint32_t>(std::stoul(part));
    }
    return value;
}

Words
Split(const std::string& text, char at)
{
    Words words;
    std::istringstream in(text);
    std::string word;
    while (std::getline(in, word, at))
    {
        if (!word.empty())
        {
            words.push_back(word);
        }
    }
    return words;
}

std::string
ToText(const OspfLsaHeader& header, bool isInstance)
{
    const size_t router = header.key.advertisingRouter & 0xff;
    std::string text = "type" + std::to_string(static_cast<unsigned>(header.key.type));
    for (const auto& [name, type] : TYPES)
    {
        text = type == header.key.type ? name : text;
    }
    if (header.key.linkStateId != DefaultId(header.key.type, router))
    {
        text += "/" + IpAddress{header.key.linkStateId}.ToString();
    }
    text += ":" + Name(router);
    if (!isInstance)
    {
        return text;
    }
    const std::string sequence =
        header.sequence == OSPF_MAX_SEQUENCE
            ? "max"
            : std::to_string(static_cast<int64_t>(header.sequence) - OSPF_INITIAL_SEQUENCE + 1);
    return text + ":" + sequence + ":" + std::to_string(header.age);
}

LsaText::LsaText(const std::string& text)
{
    Words parts = Split(text, ':');
    const Words names = Split(parts[0], '/');
    router = Number(parts.at(1));
    key.type = TYPES.at(names[0]);
    key.advertisingRouter = RouterId(router);
    key.linkStateId = names.size() > 1 ? ParseAddress(names[1]) : DefaultId(key.type, router);
    isBroken = text.back() == '!';
    if (parts.size() > 2)
    {
        const std::string& number = parts[2];
        sequence = number == "max"     ? OSPF_MAX_SEQUENCE
                   : number == "max-1" ? OSPF_MAX_SEQUENCE - 1
                                       : OSPF_INITIAL_SEQUENCE - 1 + std::stoi(number);
    }
    age = parts.size() > 3 ? static_cast<uint16_t>(std::stoul(parts[3])) : uint16_t{1};
    variant = parts.size() > 4 ? static_cast<uint16_t>(std::stoul(parts[4])) : uint16_t{1};
}

Bytes
LsaText::Octets() const
{
    OspfLsaHeader header;
    header.key = key;
    header.options = OSPF_OPTION_E;
    header.sequence = sequence;
    Bytes octets;
    const bool isKnown = key.type <= OspfLsaType::AS_EXTERNAL;
    header.key.type = isKnown ? key.type : OspfLsaType::ROUTER;
    switch (header.key.type)
    {
    case OspfLsaType::ROUTER:
        octets = MakeOspfLsa(header,
                             OspfRouterLsa{0,
                                           {{0x0a000000 + static_cast<uint32_t>(router << 16),
                                             0xffffff00,
                                             OspfLinkType::STUB,
                                             variant}}})
                     ->octets;
        break;
    case OspfLsaType::NETWORK:
        octets = MakeOspfLsa(header,
                             OspfNetworkLsa{variant == 1 ? 0xffffff00 : 0xfffffe00,
                                            {RouterId(router), RouterId(SELF)}})
                     ->octets;
        break;
    case OspfLsaType::AS_EXTERNAL:
        octets = MakeOspfLsa(header, OspfExternalLsa{0xffffff00, true, variant, {}, 0})->octets;
        break;
    default:
        octets = MakeOspfLsa(header, OspfSummaryLsa{0xffffff00, variant})->octets;
    }
    if (!isKnown)
    {
        octets[3] = static_cast<uint8_t>(key.type);
        const uint16_t checksum = OspfLsaChecksum(octets);
        octets[16] = static_cast<uint8_t>(checksum >> 8);
        octets[17] = static_cast<uint8_t>(checksum);
    }
    octets[0] = static_cast<uint8_t>(age >> 8);
    octets[1] = static_cast<uint8_t>(age);
    octets.back() = static_cast<uint8_t>(octets.back() ^ (isBroken ? 1 : 0));
    return octets;
}

OspfLsaHeader
LsaText::Header() const
{
    const Bytes octets = Octets();
    ByteReader reader(octets);
    return DecodeOspfLsaHeader(reader);
}

std::string
Get(const Words& words, const std::string& key, const std::string& otherwise)
{
    for (const std::string& word : words)
    {
        if (word.rfind(key + "=", 0) == 0)
        {
            return word.substr(key.size() + 1);
        }
    }
    return otherwise;
}

bool
Has(const Words& words, const std::string& word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

Words
LsasOf(const Words& words)
{
    Words lsas;
    for (const std::string& word : words)
    {
        if (word.find(':') != std::string::npos)
        {
            lsas.push_back(word);
        }
    }
    return lsas;
}

std::string
Join(const Words& words)
{
    std::string text;
    for (const std::string& word : words)
    {
        text += (text.empty() ? "" : " ") + word;
    }
    return text;
}

} // namespace ospf_script
} // namespace karp
} // namespace ns3
