/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-yaml-tree.h"

#include <algorithm>
#include <cctype>
#include <sstream>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace ns3
{
namespace karp
{

namespace
{

/** Thrown to leave yaml-cpp in the middle of a file that is refused; caught in ParseYaml. */
struct Refused
{
};

/** \return \p text with all letters small */
std::string
LowerCase(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return text;
}

/** \return why a plain scalar is something else to a YAML 1.1 reader, or nothing */
std::string
YamlTrap(const std::string& text)
{
    static const char* const BOOLEANS[] = {"on", "off", "yes", "no"};
    const std::string lower = LowerCase(text);
    for (const char* word : BOOLEANS)
    {
        if (lower == word)
        {
            return "'" + text + "' is a truth value to YAML 1.1 readers: write true or false, or " +
                   "put a name in quotes";
        }
    }
    const bool digitsAndColons = text.find(':') != std::string::npos &&
                                 std::isdigit(static_cast<unsigned char>(text[0])) &&
                                 text.find_first_not_of("0123456789:._") == std::string::npos;
    if (digitsAndColons)
    {
        return "'" + text + "' is a number to base 60 to YAML 1.1 readers: write a time with its " +
               "unit, such as 90s";
    }
    if (text.size() > 1 && text[0] == '0' &&
        text.find_first_not_of("01234567") == std::string::npos)
    {
        return "'" + text + "' is an octal number to YAML 1.1 readers: leave the leading 0 out";
    }
    return "";
}

/** Builds our tree from yaml-cpp's events, refusing as soon as something is refused. */
class TreeBuilder : public YAML::EventHandler
{
  public:
    explicit TreeBuilder(Diagnostics& diagnostics)
        : m_diagnostics(diagnostics)
    {
    }

    /** \return what was built */
    YamlNode Take()
    {
        return std::move(m_root);
    }

    void OnDocumentStart(const YAML::Mark&) override
    {
    }

    void OnDocumentEnd() override
    {
    }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override
    {
        Check(mark, "", anchor);
        Value(YamlNode{YamlNode::Kind::NONE, Line(mark), false, "", {}, {}});
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override
    {
        Refuse(Line(mark), "aliases (*name) are not part of the scenario language");
    }

    void OnScalar(const YAML::Mark& mark,
                  const std::string& tag,
                  YAML::anchor_t anchor,
                  const std::string& value) override
    {
        // yaml-cpp gives plain scalars the tag "?" and quoted ones "!".
        Check(mark, tag, anchor);
        const bool quoted = tag == "!";
        if (value.size() > YamlBounds::MAX_SCALAR)
        {
            Refuse(Line(mark),
                   "a scalar of more than " + std::to_string(YamlBounds::MAX_SCALAR) +
                       " characters is refused");
        }
        if (value.find('\0') != std::string::npos)
        {
            Refuse(Line(mark), "a scalar with a NUL character is refused");
        }
        const std::string trap = quoted || value.empty() ? "" : YamlTrap(value);
        if (!trap.empty())
        {
            m_diagnostics.Error(Line(mark), trap);
        }
        Value(YamlNode{YamlNode::Kind::SCALAR, Line(mark), quoted, value, {}, {}});
    }

    void OnSequenceStart(const YAML::Mark& mark,
                         const std::string& tag,
                         YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        Check(mark, tag, anchor);
        Open(YamlNode{YamlNode::Kind::SEQUENCE, Line(mark), false, "", {}, {}});
    }

    void OnSequenceEnd() override
    {
        Close();
    }

    void OnMapStart(const YAML::Mark& mark,
                    const std::string& tag,
                    YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        Check(mark, tag, anchor);
        Open(YamlNode{YamlNode::Kind::MAP, Line(mark), false, "", {}, {}});
    }

    void OnMapEnd() override
    {
        Close();
    }

  private:
    /** A list or map that is not finished yet. */
    struct Frame
    {
        YamlNode node;       //!< so far
        bool haveKey{false}; //!< whether a map's key waits for its value
        std::string key;     //!< that key
        size_t keyLine{0};   //!< its line
    };

    static size_t Line(const YAML::Mark& mark)
    {
        return static_cast<size_t>(std::max(mark.line, 0)) + 1;
    }

    [[noreturn]] void Refuse(size_t line, const std::string& why)
    {
        m_diagnostics.Error(line, why);
        throw Refused{};
    }

    void Check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor)
    {
        if (anchor != 0)
        {
            Refuse(Line(mark), "anchors (&name) are not part of the scenario language");
        }
        if (!tag.empty() && tag != "?" && tag != "!")
        {
            Refuse(Line(mark), "tags (!name) are not part of the scenario language");
        }
        if (++m_nodes > YamlBounds::MAX_NODES)
        {
            Refuse(Line(mark),
                   "a file of more than " + std::to_string(YamlBounds::MAX_NODES) +
                       " nodes is refused");
        }
    }

    void Open(YamlNode node)
    {
        if (m_stack.size() == YamlBounds::MAX_DEPTH)
        {
            Refuse(node.line,
                   "lists and maps nested more than " + std::to_string(YamlBounds::MAX_DEPTH) +
                       " deep are refused");
        }
        RefuseAsKey(node);
        m_stack.push_back(Frame{std::move(node), false, "", 0});
    }

    void Close()
    {
        YamlNode node = std::move(m_stack.back().node);
        m_stack.pop_back();
        Attach(std::move(node));
    }

    void RefuseAsKey(const YamlNode& node)
    {
        if (!m_stack.empty() && m_stack.back().node.kind == YamlNode::Kind::MAP &&
            !m_stack.back().haveKey)
        {
            Refuse(node.line, std::string(node.KindName()) + " cannot be a key");
        }
    }

    void Value(YamlNode node)
    {
        if (m_stack.empty() || m_stack.back().node.kind != YamlNode::Kind::MAP ||
            m_stack.back().haveKey)
        {
            Attach(std::move(node));
            return;
        }
        if (node.kind != YamlNode::Kind::SCALAR)
        {
            RefuseAsKey(node);
        }
        Frame& frame = m_stack.back();
        if (frame.node.Find(node.text) != nullptr)
        {
            m_diagnostics.Error(node.line, "key '" + node.text + "' stands here twice");
        }
        frame.haveKey = true;
        frame.key = std::move(node.text);
        frame.keyLine = node.line;
    }

    void Attach(YamlNode node)
    {
        if (m_stack.empty())
        {
            m_root = std::move(node);
            return;
        }
        Frame& frame = m_stack.back();
        if (frame.node.kind == YamlNode::Kind::SEQUENCE)
        {
            frame.node.items.push_back(std::move(node));
            return;
        }
        frame.node.entries.push_back({std::move(frame.key), frame.keyLine, std::move(node)});
        frame.haveKey = false;
    }

    Diagnostics& m_diagnostics; //!< where errors go
    YamlNode m_root;            //!< the document
    std::vector<Frame> m_stack; //!< lists and maps begun
    size_t m_nodes{0};          //!< so far
};

} // namespace

const YamlNode*
YamlNode::Find(const std::string& key) const
{
    for (const Entry& entry : entries)
    {
        if (entry.key == key)
        {
            return &entry.value;
        }
    }
    return nullptr;
}

const char*
YamlNode::KindName() const
{
    switch (kind)
    {
    case Kind::SCALAR:
        return "a word";
    case Kind::SEQUENCE:
        return "a list";
    case Kind::MAP:
        return "a map";
    default:
        return "nothing";
    }
}

YamlNode
ParseYaml(const std::string& text, Diagnostics& diagnostics)
{
    if (text.size() > YamlBounds::MAX_OCTETS)
    {
        diagnostics.Error(0,
                          "a file of more than " + std::to_string(YamlBounds::MAX_OCTETS) +
                              " octets is refused");
        return {};
    }
    TreeBuilder builder(diagnostics);
    try
    {
        std::istringstream in(text);
        YAML::Parser parser(in);
        if (!parser.HandleNextDocument(builder))
        {
            diagnostics.Error(0, "the file is empty");
            return {};
        }
        YamlNode root = builder.Take();
        TreeBuilder rest(diagnostics);
        if (parser && parser.HandleNextDocument(rest))
        {
            diagnostics.Error(rest.Take().line, "a file holds one document, not several");
        }
        return root;
    }
    catch (const Refused&)
    {
    }
    catch (const YAML::Exception& e)
    {
        diagnostics.Error(static_cast<size_t>(std::max(e.mark.line, 0)) + 1,
                          "this is not YAML: " + e.msg);
    }
    return {};
}

} // namespace karp
} // namespace ns3
