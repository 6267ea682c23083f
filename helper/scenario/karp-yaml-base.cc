/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-text-file.h"
#include "karp-yaml-tree.h"

#include <algorithm>
#include <filesystem>

/**
 * \file
 * \ingroup karp
 * Key base: a file that says only what is other than in another file.
 */

namespace ns3
{
namespace karp
{

namespace
{

constexpr size_t MAX_BASES = 8; //!< one upon the other

/** Add \p offset to all lines of \p node. */
void
Shift(YamlNode& node, size_t offset)
{
    node.line += offset;
    for (YamlNode& item : node.items)
    {
        Shift(item, offset);
    }
    for (YamlNode::Entry& entry : node.entries)
    {
        entry.line += offset;
        Shift(entry.value, offset);
    }
}

/** \return \p base with what \p over says put over it */
YamlNode
Over(YamlNode base, const YamlNode& over)
{
    if (base.kind != YamlNode::Kind::MAP || over.kind != YamlNode::Kind::MAP)
    {
        return over;
    }
    base.line = over.line;
    for (const YamlNode::Entry& entry : over.entries)
    {
        const auto same = [&entry](const YamlNode::Entry& e) { return e.key == entry.key; };
        const auto found = std::find_if(base.entries.begin(), base.entries.end(), same);
        if (found == base.entries.end())
        {
            base.entries.push_back(entry);
            continue;
        }
        found->line = entry.line;
        found->value = Over(std::move(found->value), entry.value);
    }
    return base;
}

YamlNode
Based(YamlNode root, const std::string& folder, size_t depth, Diagnostics& diagnostics)
{
    const auto base = std::find_if(root.entries.begin(),
                                   root.entries.end(),
                                   [](const YamlNode::Entry& e) { return e.key == "base"; });
    if (base == root.entries.end())
    {
        return root;
    }
    const YamlNode name = base->value;
    root.entries.erase(base);
    if (name.kind != YamlNode::Kind::SCALAR || name.text.empty() || folder.empty())
    {
        diagnostics.Error(name.line,
                          folder.empty() ? "base: there is no folder to look for it"
                                         : "base: expected the name of a file");
        return root;
    }
    const std::filesystem::path path = std::filesystem::path(folder) / name.text;
    std::string text;
    std::string error = depth == MAX_BASES
                            ? "more than " + std::to_string(MAX_BASES) + " files one upon the other"
                            : ReadTextFile(path.string(), text, YamlBounds::MAX_OCTETS);
    if (!error.empty())
    {
        diagnostics.Error(name.line, "base: " + name.text + ": " + error);
        return root;
    }
    Diagnostics own;
    YamlNode under = ParseYaml(text, own);
    const size_t offset = diagnostics.AddFile(name.text);
    diagnostics.Take(own, offset);
    Shift(under, offset);
    under = Based(std::move(under), path.parent_path().string(), depth + 1, diagnostics);
    return Over(std::move(under), root);
}

} // namespace

YamlNode
WithBase(const YamlNode& root, const std::string& folder, Diagnostics& diagnostics)
{
    return Based(root, folder, 0, diagnostics);
}

} // namespace karp
} // namespace ns3
