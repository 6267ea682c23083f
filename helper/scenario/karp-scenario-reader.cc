/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-reader.h"

#include <algorithm>
#include <cmath>

namespace ns3
{
namespace karp
{

namespace
{

constexpr double MAX_RATE = 1e15; //!< bits a second: a thousand times what is sold

/** \return the names of \p variables */
std::vector<std::string>
NamesOf(const Variables& variables)
{
    std::vector<std::string> names;
    for (const auto& variable : variables)
    {
        names.push_back(variable.first);
    }
    return names;
}

/** \return "more than 5" and such, for messages */
std::string
Range(const std::string& least, const std::string& most)
{
    return most.empty() ? "at least " + least : "from " + least + " to " + most;
}

} // namespace

ScenarioReader::ScenarioReader(Diagnostics& diagnostics, const Variables& variables)
    : m_diagnostics(diagnostics),
      m_variables(variables)
{
}

void
ScenarioReader::Error(size_t line, const std::string& message)
{
    m_diagnostics.Error(line, message);
}

bool
ScenarioReader::CheckMap(const YamlNode& node, const WordList& words)
{
    if (node.kind != YamlNode::Kind::MAP)
    {
        Error(node.line,
              std::string(words.place) + ": expected keys and values, not " + node.KindName());
        return false;
    }
    for (const YamlNode::Entry& entry : node.entries)
    {
        const LanguageWord* word = words.Find(entry.key);
        if (word == nullptr)
        {
            Error(entry.line,
                  std::string(words.place) + ": unknown key '" + entry.key + "'" +
                      Hint(entry.key, words.Interpreted()));
        }
        else if (!word->interpreted)
        {
            Error(entry.line,
                  std::string(words.place) + ": key '" + entry.key +
                      "' is known to the language, not interpreted by this version");
        }
    }
    return true;
}

bool
ScenarioReader::Require(const YamlNode& map, const char* key, const char* place)
{
    if (map.Find(key) != nullptr)
    {
        return true;
    }
    Error(map.line, std::string(place) + ": key '" + key + "' is missing");
    return false;
}

std::optional<std::string>
ScenarioReader::Text(const YamlNode& node, const std::string& what)
{
    if (node.kind != YamlNode::Kind::SCALAR)
    {
        Error(node.line, what + ": expected one word, not " + node.KindName());
        return std::nullopt;
    }
    if (node.text.empty() || node.text[0] != '$')
    {
        return node.text;
    }
    const std::string name = node.text.substr(1);
    const auto found = m_variables.find(name);
    if (found == m_variables.end())
    {
        const std::string hint = Hint(name, NamesOf(m_variables));
        Error(node.line,
              what + ": unknown variable '$" + name + "'" +
                  (hint.empty() ? ", which neither sweep nor --set gives a value" : hint));
        return std::nullopt;
    }
    m_used.insert(name);
    return found->second;
}

void
ScenarioReader::NoteVariables(const ExprNode& node)
{
    if (node.kind == ExprNode::Kind::VARIABLE)
    {
        m_used.insert(node.text);
    }
    for (const ExprNode& arg : node.args)
    {
        NoteVariables(arg);
    }
}

void
ScenarioReader::ExpressionError(size_t line, const std::string& text, const ExprError& error)
{
    Error(line, "'" + text + "', column " + std::to_string(error.column) + ": " + error.message);
}

std::optional<Quantity>
ScenarioReader::Number(const YamlNode& node, const std::string& what)
{
    if (node.kind != YamlNode::Kind::SCALAR)
    {
        Error(node.line, what + ": expected a value, not " + node.KindName());
        return std::nullopt;
    }
    const std::variant<ExprNode, ExprError> parsed = ParseExpression(node.text);
    ExprError error;
    std::optional<Quantity> value;
    if (const auto* tree = std::get_if<ExprNode>(&parsed))
    {
        NoteVariables(*tree);
        value = Evaluate(*tree, m_variables, error);
    }
    else
    {
        error = std::get<ExprError>(parsed);
    }
    if (!value)
    {
        ExpressionError(node.line, node.text, {error.column, what + ": " + error.message});
    }
    return value;
}

std::optional<Time>
ScenarioReader::ToTimeValue(const YamlNode& node, const std::string& what)
{
    const std::optional<Quantity> quantity = Number(node, what);
    if (!quantity)
    {
        return std::nullopt;
    }
    if (!quantity->IsTime())
    {
        Error(node.line,
              what + ": '" + node.text + "' is " + quantity->DimensionName() +
                  ", not a time: times have a unit, such as 250ms, 1s or 2min");
        return std::nullopt;
    }
    const std::optional<Time> time = ToTime(*quantity);
    if (!time)
    {
        Error(node.line, what + ": '" + node.text + "' is too long a time");
    }
    return time;
}

void
ScenarioReader::ReadTime(const YamlNode& map, const char* key, Time& value, Time least)
{
    const YamlNode* node = map.Find(key);
    const std::optional<Time> time = node == nullptr ? std::nullopt : ToTimeValue(*node, key);
    if (!time)
    {
        return;
    }
    if (*time < least)
    {
        Error(node->line,
              std::string(key) + ": '" + node->text + "' is impossible: it must be at least " +
                  TimeText(least));
        return;
    }
    value = *time;
}

void
ScenarioReader::ReadTime(const YamlNode& map, const char* key, std::optional<Time>& value)
{
    if (map.Find(key) != nullptr)
    {
        Time time{0};
        ReadTime(map, key, time);
        value = time;
    }
}

void
ScenarioReader::ReadReal(const YamlNode& map,
                         const char* key,
                         double& value,
                         double least,
                         double most)
{
    const YamlNode* node = map.Find(key);
    const std::optional<Quantity> number = node == nullptr ? std::nullopt : Number(*node, key);
    if (!number)
    {
        return;
    }
    if (!number->IsNumber() || number->value < least || number->value > most)
    {
        Error(node->line,
              std::string(key) + ": '" + node->text + "' must be a number " +
                  Range(NumberText(least), most < 1e18 ? NumberText(most) : ""));
        return;
    }
    value = number->value;
}

void
ScenarioReader::ReadCount(const YamlNode& map,
                          const char* key,
                          uint32_t& value,
                          uint32_t least,
                          uint32_t most)
{
    const YamlNode* node = map.Find(key);
    const std::optional<Quantity> number = node == nullptr ? std::nullopt : Number(*node, key);
    if (!number)
    {
        return;
    }
    const bool whole = number->IsNumber() && number->value == std::floor(number->value);
    if (!whole || number->value < least || number->value > most)
    {
        const bool bounded = most != std::numeric_limits<uint32_t>::max();
        Error(node->line,
              std::string(key) + ": '" + node->text + "' must be a whole number " +
                  Range(std::to_string(least), bounded ? std::to_string(most) : ""));
        return;
    }
    value = static_cast<uint32_t>(number->value);
}

void
ScenarioReader::ReadShare(const YamlNode& map, const char* key, std::optional<double>& value)
{
    if (map.Find(key) != nullptr)
    {
        double share = 0;
        ReadReal(map, key, share, 0, 1);
        value = share;
    }
}

void
ScenarioReader::ReadRate(const YamlNode& map, const char* key, double& value)
{
    const YamlNode* node = map.Find(key);
    const std::optional<Quantity> number = node == nullptr ? std::nullopt : Number(*node, key);
    if (!number)
    {
        return;
    }
    if (number->time != -1 || number->bits != 1 || number->value <= 0)
    {
        Error(node->line,
              std::string(key) + ": '" + node->text + "' must be a data rate, such as 1Gbps");
        return;
    }
    // ns-3 knows whole bits a second, and what is finer would not survive being written down.
    const double rate = std::round(number->Plain());
    if (!(rate >= 1 && rate <= MAX_RATE))
    {
        Error(node->line,
              std::string(key) + ": '" + node->text + "' must be from 1bps to 1000000Gbps");
        return;
    }
    value = rate;
}

void
ScenarioReader::ReadFlag(const YamlNode& map, const char* key, bool& value)
{
    const YamlNode* node = map.Find(key);
    const std::optional<std::string> text = node == nullptr ? std::nullopt : Text(*node, key);
    if (!text)
    {
        return;
    }
    if (*text != "true" && *text != "false")
    {
        Error(node->line, std::string(key) + ": '" + *text + "' must be true or false");
        return;
    }
    value = *text == "true";
}

bool
ScenarioReader::CheckWord(size_t line, const std::string& text, const WordList& words)
{
    const LanguageWord* word = words.Find(text);
    if (word == nullptr)
    {
        std::string all;
        for (const std::string& known : words.Interpreted())
        {
            all += (all.empty() ? "" : ", ") + known;
        }
        const std::string hint = Hint(text, words.Interpreted());
        Error(line,
              std::string(words.place) + ": unknown word '" + text + "'" +
                  (hint.empty() ? ", it is one of: " + all : hint));
        return false;
    }
    if (!word->interpreted)
    {
        Error(line,
              std::string(words.place) + ": '" + text +
                  "' is known to the language, not interpreted by this version");
        return false;
    }
    return true;
}

void
ScenarioReader::ReadChoice(const YamlNode& map,
                           const char* key,
                           std::string& value,
                           const WordList& words)
{
    const YamlNode* node = map.Find(key);
    const std::optional<std::string> text =
        node == nullptr ? std::nullopt : Text(*node, words.place);
    if (text && CheckWord(node->line, *text, words))
    {
        value = *text;
    }
}

void
ScenarioReader::ReadName(const YamlNode& map, const char* key, std::string& value)
{
    static const char ALLOWED[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    const YamlNode* node = map.Find(key);
    const std::optional<std::string> text = node == nullptr ? std::nullopt : Text(*node, key);
    if (!text)
    {
        return;
    }
    if (text->empty() || text->size() > 64 ||
        text->find_first_not_of(ALLOWED) != std::string::npos || (*text)[0] == '-')
    {
        Error(node->line,
              std::string(key) + ": '" + *text +
                  "' is no name: up to 64 letters, digits, hyphens and underscores");
        return;
    }
    value = *text;
}

bool
ScenarioReader::Substitute(ExprNode& node, ExprError& error)
{
    if (node.kind == ExprNode::Kind::VARIABLE)
    {
        const auto found = m_variables.find(node.text);
        if (found == m_variables.end())
        {
            const std::string hint = Hint(node.text, NamesOf(m_variables));
            error = {node.column,
                     "unknown variable '$" + node.text + "'" +
                         (hint.empty() ? ", which neither sweep nor --set gives a value" : hint)};
            return false;
        }
        m_used.insert(node.text);
        const std::variant<ExprNode, ExprError> value = ParseExpression(found->second);
        const auto* tree = std::get_if<ExprNode>(&value);
        if (tree == nullptr)
        {
            error = {node.column,
                     "variable '$" + node.text + "' is '" + found->second +
                         "', which has no place here"};
            return false;
        }
        const size_t column = node.column;
        node = *tree;
        node.column = column;
        return true;
    }
    return std::all_of(node.args.begin(), node.args.end(), [&](ExprNode& arg) {
        return Substitute(arg, error);
    });
}

std::optional<ExprNode>
ScenarioReader::Expression(const YamlNode& node, const std::string& what)
{
    if (node.kind != YamlNode::Kind::SCALAR)
    {
        Error(node.line, what + ": expected an expression, not " + node.KindName());
        return std::nullopt;
    }
    std::variant<ExprNode, ExprError> parsed = ParseExpression(node.text);
    ExprError error;
    if (auto* tree = std::get_if<ExprNode>(&parsed))
    {
        if (Substitute(*tree, error))
        {
            return std::move(*tree);
        }
    }
    else
    {
        error = std::get<ExprError>(parsed);
    }
    ExpressionError(node.line, node.text, {error.column, what + ": " + error.message});
    return std::nullopt;
}

} // namespace karp
} // namespace ns3
