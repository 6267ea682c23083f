/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-topology-xml.h"

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <exception>
#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

using Tree = boost::property_tree::ptree;

/**
 * Where the tags of a file are. The parser of Boost calls itself for each element in an element,
 * so that a file of nothing but opening tags would end the process: its depth is looked at first.
 */
class XmlOutline
{
  public:
    explicit XmlOutline(const std::string& text)
        : m_text(text)
    {
    }

    /** Go through the file. \return empty, or what is wrong at Line() */
    std::string Scan()
    {
        size_t depth = 0;
        for (m_at = m_text.find('<'); m_at != std::string::npos; m_at = m_text.find('<', m_at))
        {
            if (Starts("<!--"))
            {
                Skip("-->");
            }
            else if (Starts("<![CDATA["))
            {
                Skip("]]>");
            }
            else if (Starts("<?"))
            {
                Skip("?>");
            }
            else if (Starts("<!"))
            {
                return "document type definitions are not read";
            }
            else if (Starts("</"))
            {
                Skip(">");
                depth -= std::min<size_t>(depth, 1);
            }
            else
            {
                m_lines.push_back(Line());
                depth += SkipTag() ? 0 : 1;
            }
            if (depth > XmlElement::MAX_DEPTH)
            {
                return "more than " + std::to_string(XmlElement::MAX_DEPTH) +
                       " elements in each other";
            }
        }
        return "";
    }

    /** \return line of where it is */
    size_t Line()
    {
        const size_t end = std::min(m_at, m_text.size());
        m_line += static_cast<size_t>(std::count(m_text.begin() + static_cast<long>(m_counted),
                                                 m_text.begin() + static_cast<long>(end),
                                                 '\n'));
        m_counted = end;
        return m_line;
    }

    /** \return lines of elements, in the order in which they begin */
    const std::vector<size_t>& Lines() const
    {
        return m_lines;
    }

  private:
    bool Starts(const char* word) const
    {
        return m_text.compare(m_at, std::char_traits<char>::length(word), word) == 0;
    }

    /** Go on behind \p end, or to the end of the file: the parser will say what is missing. */
    void Skip(const char* end)
    {
        const size_t found = m_text.find(end, m_at);
        m_at = found == std::string::npos ? m_text.size()
                                          : found + std::char_traits<char>::length(end);
    }

    /** Go on behind a tag; a value may have any letter in it. \return whether it closes itself */
    bool SkipTag()
    {
        char quote = 0;
        for (; m_at < m_text.size(); ++m_at)
        {
            const char letter = m_text[m_at];
            if (quote != 0)
            {
                quote = letter == quote ? 0 : quote;
            }
            else if (letter == '"' || letter == '\'')
            {
                quote = letter;
            }
            else if (letter == '>')
            {
                return m_text[m_at++ - 1] == '/';
            }
        }
        return false;
    }

    const std::string& m_text;   //!< the file
    size_t m_at{0};              //!< how far it is
    size_t m_counted{0};         //!< how far lines are counted
    size_t m_line{1};            //!< there
    std::vector<size_t> m_lines; //!< of elements
};

/** \return \p text without blanks around it */
std::string
Trimmed(const std::string& text)
{
    static const char BLANKS[] = " \t\r\n";
    const size_t from = text.find_first_not_of(BLANKS);
    return from == std::string::npos ? ""
                                     : text.substr(from, text.find_last_not_of(BLANKS) - from + 1);
}

/** \return \p tree as an element; elements are numbered as they begin */
XmlElement
ToElement(const std::string& name,
          const Tree& tree,
          const std::vector<size_t>& lines,
          size_t& number)
{
    XmlElement element;
    element.name = name.substr(name.find(':') == std::string::npos ? 0 : name.find(':') + 1);
    element.line = number < lines.size() ? lines[number] : 0;
    element.text = Trimmed(tree.data());
    ++number;
    for (const auto& entry : tree)
    {
        if (entry.first == "<xmlattr>")
        {
            for (const auto& attribute : entry.second)
            {
                element.attributes.emplace_back(attribute.first, attribute.second.data());
            }
        }
        else if (!entry.first.empty() && entry.first.front() != '<')
        {
            element.children.push_back(ToElement(entry.first, entry.second, lines, number));
        }
    }
    return element;
}

} // namespace

const std::string*
XmlElement::Find(const std::string& key) const
{
    const auto found =
        std::find_if(attributes.begin(), attributes.end(), [&key](const auto& attribute) {
            return attribute.first == key;
        });
    return found == attributes.end() ? nullptr : &found->second;
}

std::optional<XmlElement>
ReadXml(const std::string& text, Diagnostics& diagnostics)
{
    if (text.size() > XmlElement::MAX_SIZE || text.find('\0') != std::string::npos)
    {
        const bool big = text.size() > XmlElement::MAX_SIZE;
        diagnostics.Error(0, big ? "larger than 16 MiB" : "is no text: it has an octet 0");
        return std::nullopt;
    }
    XmlOutline outline(text);
    const std::string wrong = outline.Scan();
    if (!wrong.empty())
    {
        diagnostics.Error(outline.Line(), wrong);
        return std::nullopt;
    }
    Tree tree;
    try
    {
        std::istringstream stream(text);
        boost::property_tree::read_xml(stream, tree, boost::property_tree::xml_parser::no_comments);
    }
    catch (const boost::property_tree::xml_parser_error& error)
    {
        diagnostics.Error(error.line(), "no well-formed XML: " + error.message());
        return std::nullopt;
    }
    catch (const std::exception& error)
    {
        diagnostics.Error(0, std::string("no well-formed XML: ") + error.what());
        return std::nullopt;
    }
    for (const auto& entry : tree)
    {
        if (!entry.first.empty() && entry.first.front() != '<')
        {
            size_t number = 0;
            return ToElement(entry.first, entry.second, outline.Lines(), number);
        }
    }
    diagnostics.Error(0, "there is no XML in it");
    return std::nullopt;
}

} // namespace karp
} // namespace ns3
