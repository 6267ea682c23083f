/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TOPOLOGY_XML_H
#define KARP_TOPOLOGY_XML_H

#include "ns3/karp-diagnostics.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

/** An element of an XML file. */
struct XmlElement
{
    static constexpr size_t MAX_DEPTH = 64;             //!< of elements in elements
    static constexpr size_t MAX_SIZE = size_t{1} << 24; //!< octets of a file

    std::string name;                                            //!< its tag
    size_t line{0};                                              //!< where it begins
    std::vector<std::pair<std::string, std::string>> attributes; //!< as written
    std::string text;                                            //!< what stands in it
    std::vector<XmlElement> children;                            //!< in order

    /** \return attribute \p key, or nullptr */
    const std::string* Find(const std::string& key) const;
};

/**
 * Read XML with Boost.PropertyTree, and where each element stands, which that does not tell. Octets
 * of any kind give an element or an error.
 * \param text the file
 * \param[in,out] diagnostics gets what is wrong
 * \return the outermost element, if it is well-formed
 */
std::optional<XmlElement> ReadXml(const std::string& text, Diagnostics& diagnostics);

} // namespace karp
} // namespace ns3

#endif // KARP_TOPOLOGY_XML_H
