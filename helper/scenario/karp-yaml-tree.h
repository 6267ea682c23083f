/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_YAML_TREE_H
#define KARP_YAML_TREE_H

#include "karp-diagnostics.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

/** A node of a YAML file, with the line it stands on. */
struct YamlNode
{
    /** Kind of a node. */
    enum class Kind : uint8_t
    {
        NONE,     //!< empty
        SCALAR,   //!< one word
        SEQUENCE, //!< a list
        MAP,      //!< keys and values
    };

    /** One key of a map with its value. */
    struct Entry;

    Kind kind{Kind::NONE};       //!< what it is
    size_t line{0};              //!< where it begins, from 1
    bool quoted{false};          //!< whether a scalar stood in quotes
    std::string text;            //!< a scalar's text
    std::vector<YamlNode> items; //!< a list's elements
    std::vector<Entry> entries;  //!< a map's entries, in the order of the file

    /** \return the value of \p key, nullptr if there is none or this is no map */
    const YamlNode* Find(const std::string& key) const;

    /** \return "a list", "a map", "a word" or "nothing", for messages */
    const char* KindName() const;
};

struct YamlNode::Entry
{
    std::string key; //!< key
    size_t line{0};  //!< where the key stands
    YamlNode value;  //!< value
};

/** Bounds that no honest scenario comes near, so that hostile files cost nothing. */
struct YamlBounds
{
    static constexpr size_t MAX_OCTETS = 256 * 1024; //!< of a file
    static constexpr size_t MAX_NODES = 20000;       //!< of a file
    static constexpr size_t MAX_DEPTH = 16;          //!< of nested lists and maps
    static constexpr size_t MAX_SCALAR = 2000;       //!< characters of a scalar
};

/**
 * Read YAML as the scenario language uses it: one document of maps, lists and scalars. What YAML
 * has beyond that is refused, for it makes files mean other things to other readers, or grow in
 * memory: anchors, aliases, tags, several documents, doubled keys, and the words that YAML 1.1
 * readers take for something else (on, yes, 1:30, 010).
 *
 * \param text the file
 * \param[in,out] diagnostics gets what is wrong
 * \return the document; to be used only if \p diagnostics stayed empty
 */
YamlNode ParseYaml(const std::string& text, Diagnostics& diagnostics);

/**
 * Put what \p root says over what the file says that its key `base` names: maps are put together,
 * all else is replaced. That file may have a base itself. \param root a scenario \param folder
 * where the file is looked for; empty: nowhere \param[in,out] diagnostics gets what is wrong; lines
 * of the other file are told from those of this \return the whole, without `base`
 */
YamlNode WithBase(const YamlNode& root, const std::string& folder, Diagnostics& diagnostics);

} // namespace karp
} // namespace ns3

#endif // KARP_YAML_TREE_H
