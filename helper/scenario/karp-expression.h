/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_EXPRESSION_H
#define KARP_EXPRESSION_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace ns3
{
namespace karp
{

/** A node of a parsed expression. */
struct ExprNode
{
    /** Kind of a node. */
    enum class Kind : uint8_t
    {
        QUANTITY, //!< number with or without a unit
        VARIABLE, //!< $name
        NAME,     //!< bare word: a router, a group, a role, a label
        CALL,     //!< name(arguments)
        UNARY,    //!< "-" or "not"
        BINARY,   //!< + - * / == != < <= > >= and or
    };

    Kind kind{Kind::QUANTITY};  //!< what it is
    size_t column{1};           //!< where it begins in its text, from 1
    double number{0};           //!< of a quantity
    std::string text;           //!< unit, name or operator
    std::vector<ExprNode> args; //!< arguments or operands
};

/** Why a text is no expression. */
struct ExprError
{
    size_t column{1};    //!< where, from 1
    std::string message; //!< what would have to stand there
};

/**
 * Parse the expressions of the scenario language: arithmetic with units, comparisons, and, or, not,
 * calls of predicates. One grammar serves values, times and expectations; what may stand where is
 * decided by those who evaluate.
 *
 * \param text what to parse; at most MAX_EXPRESSION characters
 * \return the expression, or where and why there is none
 */
std::variant<ExprNode, ExprError> ParseExpression(const std::string& text);

static constexpr size_t MAX_EXPRESSION = 400; //!< characters: bounds the depth of recursion too

/** \return \p node as text that parses to the same node, in one spelling for all spellings */
std::string ToText(const ExprNode& node);

} // namespace karp
} // namespace ns3

#endif // KARP_EXPRESSION_H
