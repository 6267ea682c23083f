/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-expression.h"

#include "karp-quantity.h"

#include <algorithm>

// Spirit's own tables use a name that a newer placeholders header warns of.
#define BOOST_BIND_GLOBAL_PLACEHOLDERS
#include <boost/spirit/home/x3.hpp>
#include <charconv>

namespace ns3
{
namespace karp
{

namespace
{

namespace x3 = boost::spirit::x3;

using Iterator = std::string::const_iterator;

/// Tag under which the beginning of the text travels through the grammar.
struct BeginTag
{
};

/** \return the column at which \p range begins */
template <typename Context, typename Range>
size_t
Column(const Context& context, const Range& range)
{
    return static_cast<size_t>(range.begin() - x3::get<BeginTag>(context).get()) + 1;
}

/** \return the characters of \p range */
template <typename Range>
std::string
Text(const Range& range)
{
    return std::string(range.begin(), range.end());
}

/** \return an operator applied to operands */
ExprNode
Operation(ExprNode::Kind kind, size_t column, std::string name, std::vector<ExprNode> args)
{
    ExprNode node;
    node.kind = kind;
    node.column = column;
    node.text = std::move(name);
    node.args = std::move(args);
    return node;
}

// Semantic actions. Each builds one node; the grammar below reads without them.

const auto SET_QUANTITY = [](auto& context) {
    const auto& range = x3::_attr(context);
    const std::string text = Text(range);
    ExprNode node;
    node.column = Column(context, range);
    const auto end = std::from_chars(text.data(), text.data() + text.size(), node.number).ptr;
    node.text.assign(end, text.data() + text.size());
    x3::_val(context) = std::move(node);
};

const auto SET_VARIABLE = [](auto& context) {
    const auto& range = x3::_attr(context);
    x3::_val(context) =
        Operation(ExprNode::Kind::VARIABLE, Column(context, range), Text(range).substr(1), {});
};

const auto SET_NAME = [](auto& context) {
    const auto& range = x3::_attr(context);
    x3::_val(context) = Operation(ExprNode::Kind::NAME, Column(context, range), Text(range), {});
};

const auto SET_CALL = [](auto& context) { x3::_val(context).kind = ExprNode::Kind::CALL; };

const auto ADD_ARGUMENT = [](auto& context) {
    x3::_val(context).args.push_back(std::move(x3::_attr(context)));
};

const auto SET = [](auto& context) { x3::_val(context) = std::move(x3::_attr(context)); };

const auto BEGIN_UNARY = [](auto& context) {
    const auto& range = x3::_attr(context);
    x3::_val(context) = Operation(ExprNode::Kind::UNARY, Column(context, range), Text(range), {});
};

const auto BEGIN_BINARY = [](auto& context) {
    const auto& range = x3::_attr(context);
    std::vector<ExprNode> left;
    left.push_back(std::move(x3::_val(context)));
    x3::_val(context) =
        Operation(ExprNode::Kind::BINARY, Column(context, range), Text(range), std::move(left));
};

// The grammar. Operators of one line bind alike; each line binds tighter than the one above it.

const x3::rule<class Either, ExprNode> EITHER{"an expression"};
const x3::rule<class Both, ExprNode> BOTH{"an expression"};
const x3::rule<class Negation, ExprNode> NEGATION{"an expression"};
const x3::rule<class Comparison, ExprNode> COMPARISON{"a value"};
const x3::rule<class Sum, ExprNode> SUM{"a value"};
const x3::rule<class Product, ExprNode> PRODUCT{"a value"};
const x3::rule<class Factor, ExprNode> FACTOR{"a value"};
const x3::rule<class Word, ExprNode> WORD{"a name"};
const x3::rule<class Quantity, ExprNode> QUANTITY{"a number"};
const x3::rule<class Variable, ExprNode> VARIABLE{"a variable"};

const auto LETTER = x3::alpha | x3::char_('_');
const auto IN_WORD = x3::alnum | x3::char_("_.");
const auto KEYWORD = x3::lexeme[(x3::lit("and") | x3::lit("or") | x3::lit("not")) >> !IN_WORD];
const auto AND = x3::raw[x3::lexeme[x3::lit("and") >> !IN_WORD]];
const auto OR = x3::raw[x3::lexeme[x3::lit("or") >> !IN_WORD]];
const auto NOT = x3::raw[x3::lexeme[x3::lit("not") >> !IN_WORD]];
const auto COMPARE = x3::raw[x3::lit("==") | "!=" | "<=" | ">=" | x3::char_("<>")];
// "2/s" is a rate; "2 / s" would be a division.
const auto UNIT = +x3::alpha | x3::char_('%') | (x3::lit("/s") >> !IN_WORD);

const auto EITHER_def = BOTH[SET] >> *(OR[BEGIN_BINARY] > BOTH[ADD_ARGUMENT]);
const auto BOTH_def = NEGATION[SET] >> *(AND[BEGIN_BINARY] > NEGATION[ADD_ARGUMENT]);
const auto NEGATION_def = (NOT[BEGIN_UNARY] > NEGATION[ADD_ARGUMENT]) | COMPARISON[SET];
const auto COMPARISON_def = SUM[SET] >> -(COMPARE[BEGIN_BINARY] > SUM[ADD_ARGUMENT]);
const auto SUM_def = PRODUCT[SET] >>
                     *(x3::raw[x3::char_("+-")][BEGIN_BINARY] > PRODUCT[ADD_ARGUMENT]);
const auto PRODUCT_def = FACTOR[SET] >>
                         *(x3::raw[x3::char_("*/")][BEGIN_BINARY] > FACTOR[ADD_ARGUMENT]);
const auto FACTOR_def =
    QUANTITY[SET] | VARIABLE[SET] | (x3::lit('(') > EITHER[SET] > x3::lit(')')) |
    (x3::raw[x3::char_('-')][BEGIN_UNARY] > FACTOR[ADD_ARGUMENT]) |
    (WORD[SET] >> -(x3::lit('(') >> x3::eps[SET_CALL] >
                    ((EITHER[ADD_ARGUMENT] >> *(x3::lit(',') > EITHER[ADD_ARGUMENT])) | x3::eps) >
                    x3::lit(')')));
const auto WORD_def = x3::raw[x3::lexeme[!KEYWORD >> LETTER >> *IN_WORD]][SET_NAME];
const auto QUANTITY_def =
    x3::raw[x3::lexeme[+x3::digit >> -('.' >> +x3::digit) >> -UNIT]][SET_QUANTITY];
const auto VARIABLE_def = x3::raw[x3::lexeme['$' >> LETTER >> *(x3::alnum | '_')]][SET_VARIABLE];

BOOST_SPIRIT_DEFINE(EITHER,
                    BOTH,
                    NEGATION,
                    COMPARISON,
                    SUM,
                    PRODUCT,
                    FACTOR,
                    WORD,
                    QUANTITY,
                    VARIABLE)

/** \return how tight an operator binds, for as few parentheses as possible */
int
Binding(const ExprNode& node)
{
    static const char* const LEVELS[][7] = {
        {"or", nullptr},
        {"and", nullptr},
        {"==", "!=", "<", "<=", ">", ">=", nullptr},
        {"+", "-", nullptr},
        {"*", "/", nullptr},
    };
    if (node.kind == ExprNode::Kind::UNARY)
    {
        return node.text == "not" ? 2 : 6;
    }
    if (node.kind != ExprNode::Kind::BINARY)
    {
        return 7;
    }
    static const int BINDINGS[] = {0, 1, 3, 4, 5};
    for (size_t level = 0; level < std::size(LEVELS); ++level)
    {
        for (size_t i = 0; i < std::size(LEVELS[level]) && LEVELS[level][i] != nullptr; ++i)
        {
            if (node.text == LEVELS[level][i])
            {
                return BINDINGS[level];
            }
        }
    }
    return 7;
}

/** \return \p node as text, in parentheses if it binds less tight than \p least */
std::string
Within(const ExprNode& node, int least)
{
    const std::string text = ToText(node);
    return Binding(node) < least ? "(" + text + ")" : text;
}

} // namespace

std::variant<ExprNode, ExprError>
ParseExpression(const std::string& text)
{
    if (text.size() > MAX_EXPRESSION)
    {
        return ExprError{MAX_EXPRESSION,
                         "an expression has at most " + std::to_string(MAX_EXPRESSION) +
                             " characters"};
    }
    // Spirit asserts that it is given ASCII.
    const auto strange = std::find_if(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) > 127;
    });
    if (strange != text.end())
    {
        return ExprError{static_cast<size_t>(strange - text.begin()) + 1,
                         "this is no ASCII character"};
    }
    Iterator at = text.begin();
    const Iterator begin = text.begin();
    const auto column = [&](Iterator where) {
        while (where != text.end() && *where == ' ')
        {
            ++where;
        }
        return static_cast<size_t>(where - begin) + 1;
    };
    ExprNode node;
    try
    {
        const auto grammar = x3::with<BeginTag>(std::cref(begin))[EITHER];
        if (!x3::phrase_parse(at, text.end(), grammar, x3::ascii::space, node))
        {
            return ExprError{column(at), "a value is missing"};
        }
    }
    catch (const x3::expectation_failure<Iterator>& e)
    {
        // Where it is no character, Spirit's name of what it looked for is one of its own types.
        const std::string which = e.which()[0] == '\'' ? e.which() : "a value";
        return ExprError{column(e.where()), which + " is missing"};
    }
    if (at != text.end())
    {
        return ExprError{column(at), "'" + std::string(at, text.end()) + "' is too much"};
    }
    return node;
}

std::string
ToText(const ExprNode& node)
{
    switch (node.kind)
    {
    case ExprNode::Kind::QUANTITY:
        return NumberText(node.number) + node.text;
    case ExprNode::Kind::VARIABLE:
        return "$" + node.text;
    case ExprNode::Kind::NAME:
        return node.text;
    case ExprNode::Kind::UNARY:
        return node.text == "not" ? "not " + Within(node.args[0], 2)
                                  : "-" + Within(node.args[0], 6);
    case ExprNode::Kind::BINARY: {
        // Comparisons do not chain, the others group to the left.
        const int binding = Binding(node);
        const int left = binding == 3 ? 4 : binding;
        return Within(node.args[0], left) + " " + node.text + " " +
               Within(node.args[1], binding + 1);
    }
    case ExprNode::Kind::CALL:
        break;
    }
    std::string text = node.text + "(";
    for (size_t i = 0; i < node.args.size(); ++i)
    {
        text += (i == 0 ? "" : ", ") + ToText(node.args[i]);
    }
    return text + ")";
}

} // namespace karp
} // namespace ns3
