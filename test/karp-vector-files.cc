/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-vector-files.h"

// Boost 1.74 to 1.80: its own header still uses these, and says so at length.
#define BOOST_BIND_GLOBAL_PLACEHOLDERS
#include <boost/property_tree/json_parser.hpp>
#include <boost/property_tree/ptree.hpp>
#include <exception>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace karp
{

namespace
{

using Tree = boost::property_tree::ptree;

/** \return the octets of \p hex; throws where it is malformed */
Bytes
Octets(const std::string& hex)
{
    Bytes octets = FromHex(hex);
    if (octets.empty() && !hex.empty())
    {
        throw std::runtime_error("not hexadecimal: " + hex);
    }
    return octets;
}

/** \return the octets at \p key; throws where there are none to read */
Bytes
OctetsAt(const Tree& tree, const std::string& key)
{
    return Octets(tree.get<std::string>(key));
}

/** \return the number that \p octets are, big-endian; throws where they are not \p size many */
uint64_t
Number(const Bytes& octets, size_t size)
{
    if (octets.size() != size)
    {
        throw std::runtime_error("SPI of wrong size");
    }
    uint64_t number = 0;
    for (const uint8_t octet : octets)
    {
        number = number << 8 | octet;
    }
    return number;
}

/** \return the number in \p text, decimal; throws where it is none or does not fit \p T */
template <typename T>
T
Decimal(const std::string& text)
{
    size_t used = 0;
    const unsigned long long number = std::stoull(text, &used);
    if (used != text.size() || number > std::numeric_limits<T>::max())
    {
        throw std::runtime_error("not a number in range: " + text);
    }
    return static_cast<T>(number);
}

/** \return one IKE SA */
IkeVectorSa
ReadSa(const Tree& tree)
{
    IkeVectorSa sa;
    sa.spiInitiator = Number(OctetsAt(tree, "spi_i"), 8);
    sa.spiResponder = Number(OctetsAt(tree, "spi_r"), 8);
    sa.encr = Decimal<uint16_t>(tree.get<std::string>("suite.encr"));
    sa.keySize = Decimal<uint16_t>(tree.get<std::string>("suite.kl"));
    sa.prf = tree.get<std::string>("suite.prf");
    sa.group = Decimal<uint16_t>(tree.get<std::string>("suite.dh"));
    sa.integ = tree.get<std::string>("suite.integ");
    sa.nonceInitiator = OctetsAt(tree, "Ni");
    sa.nonceResponder = OctetsAt(tree, "Nr");
    sa.sharedSecret = OctetsAt(tree, "g_ir");
    const std::string replaced = tree.get<std::string>("rekey_of_SK_d", "");
    // The JSON reader makes a null a text.
    sa.replacedSkD = replaced == "null" ? Bytes{} : Octets(replaced);
    sa.skeyseed = OctetsAt(tree, "SKEYSEED");
    sa.skD = OctetsAt(tree, "SK_d");
    sa.skAi = OctetsAt(tree, "SK_ai");
    sa.skAr = OctetsAt(tree, "SK_ar");
    sa.skEi = OctetsAt(tree, "SK_ei");
    sa.skEr = OctetsAt(tree, "SK_er");
    sa.skPi = OctetsAt(tree, "SK_pi");
    sa.skPr = OctetsAt(tree, "SK_pr");
    return sa;
}

/** \return one Child SA */
IkeVectorChild
ReadChild(const Tree& tree)
{
    IkeVectorChild child;
    child.spiInitiator = static_cast<uint32_t>(Number(OctetsAt(tree, "spi_i"), 4));
    child.spiResponder = static_cast<uint32_t>(Number(OctetsAt(tree, "spi_r"), 4));
    // "[g^ir|]Ni|Nr=<hex>": the label is for people.
    const std::string seed = tree.get<std::string>("keymat_seed");
    child.seed = Octets(seed.substr(seed.find('=') == std::string::npos ? 0 : seed.find('=') + 1));
    child.encrInitiator = OctetsAt(tree, "ei");
    child.integInitiator = OctetsAt(tree, "ai");
    child.encrResponder = OctetsAt(tree, "er");
    child.integResponder = OctetsAt(tree, "ar");
    return child;
}

/** \return one message */
IkeVectorMessage
ReadMessage(const Tree& tree)
{
    IkeVectorMessage message;
    message.exchange = Decimal<uint8_t>(tree.get<std::string>("ex"));
    message.messageId = Decimal<uint32_t>(tree.get<std::string>("mid"));
    message.response = tree.get<std::string>("resp") == "true";
    message.source = tree.get<std::string>("src", "");
    message.octets = OctetsAt(tree, "hex");
    if (const auto inner = tree.get_child_optional("inner"))
    {
        message.encrypted = true;
        for (const auto& item : *inner)
        {
            message.inner.push_back({Decimal<uint8_t>(item.second.get<std::string>("type")),
                                     OctetsAt(item.second, "hex")});
        }
    }
    return message;
}

/** \return one capture */
IkeVectorSession
ReadSession(const Tree& tree)
{
    IkeVectorSession session;
    session.pcap = tree.get<std::string>("pcap", "");
    session.psk = tree.get<std::string>("psk_ascii", "");
    session.idInitiator = tree.get<std::string>("id_i", "");
    session.idResponder = tree.get<std::string>("id_r", "");
    for (const auto& item : tree.get_child("ike_sas"))
    {
        session.ikeSas.push_back(ReadSa(item.second));
    }
    const Tree none; // get_child hands back a reference to its default
    for (const auto& item : tree.get_child("child_sas", none))
    {
        session.childSas.push_back(ReadChild(item.second));
    }
    for (const auto& item : tree.get_child("messages"))
    {
        session.messages.push_back(ReadMessage(item.second));
    }
    return session;
}

/** \return one packet, from a line of the table */
OspfVector
ReadOspfLine(const std::string& line)
{
    std::vector<std::string> fields;
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, ',');)
    {
        fields.push_back(field);
    }
    if (fields.size() != 10)
    {
        throw std::runtime_error("line of " + std::to_string(fields.size()) + " fields");
    }
    OspfVector vector;
    vector.pcap = fields[0];
    vector.alg = fields[1];
    vector.keyId = Decimal<uint32_t>(fields[2]);
    vector.key = Octets(fields[3]);
    vector.srcIp = fields[4];
    vector.type = Decimal<uint8_t>(fields[5]);
    vector.seq = Decimal<uint64_t>(fields[6]);
    vector.packet = Octets(fields[7]);
    vector.trailer = Octets(fields[8]);
    vector.rule = fields[9];
    return vector;
}

} // namespace

Bytes
IkeVectorMessage::InnerChain() const
{
    Bytes chain;
    for (const auto& payload : inner)
    {
        chain.insert(chain.end(), payload.octets.begin(), payload.octets.end());
    }
    return chain;
}

std::vector<IkeVectorSession>
LoadIkeVectors(const std::string& path, std::string* error)
{
    error->clear();
    try
    {
        Tree tree;
        boost::property_tree::read_json(path, tree);
        std::vector<IkeVectorSession> sessions;
        for (const auto& item : tree)
        {
            sessions.push_back(ReadSession(item.second));
        }
        return sessions;
    }
    catch (const std::exception& problem)
    {
        *error = path + ": " + problem.what();
        return {};
    }
}

std::vector<OspfVector>
LoadOspfVectors(const std::string& path, std::string* error)
{
    error->clear();
    std::ifstream in(path);
    std::string line;
    if (!std::getline(in, line))
    {
        *error = path + ": cannot be read";
        return {};
    }
    size_t number = 1; // the first line names the columns
    try
    {
        std::vector<OspfVector> vectors;
        while (std::getline(in, line))
        {
            ++number;
            if (!line.empty() && line.back() == '\r')
            {
                line.pop_back();
            }
            if (!line.empty())
            {
                vectors.push_back(ReadOspfLine(line));
            }
        }
        return vectors;
    }
    catch (const std::exception& problem)
    {
        *error = path + ':' + std::to_string(number) + ": " + problem.what();
        return {};
    }
}

} // namespace karp
} // namespace ns3
