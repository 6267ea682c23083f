/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-quantity.h"

#include "karp-diagnostics.h"

#include <charconv>
#include <cmath>

namespace ns3
{
namespace karp
{

namespace
{

/// A unit of the language: factor to nanoseconds and bits, and dimension.
struct Unit
{
    const char* name; //!< as it is written after a number
    double factor;    //!< what one of it is
    int time;         //!< power of time
    int bits;         //!< power of information
};

constexpr Unit UNITS[] = {
    {"", 1, 0, 0},
    {"%", 0.01, 0, 0},
    {"ns", 1, 1, 0},
    {"us", 1e3, 1, 0},
    {"ms", 1e6, 1, 0},
    {"s", 1e9, 1, 0},
    {"min", 60e9, 1, 0},
    {"h", 3600e9, 1, 0},
    {"/s", 1e-9, -1, 0},
    {"bps", 1e-9, -1, 1},
    {"kbps", 1e-6, -1, 1},
    {"Mbps", 1e-3, -1, 1},
    {"Gbps", 1, -1, 1},
};

/** \return the unit called \p name */
const Unit*
FindUnit(const std::string& name)
{
    for (const Unit& unit : UNITS)
    {
        if (name == unit.name)
        {
            return &unit;
        }
    }
    return nullptr;
}

/** Sets \p error. \return nothing */
std::nullopt_t
Fail(ExprError& error, const ExprNode& node, std::string message)
{
    error = {node.column, std::move(message)};
    return std::nullopt;
}

std::optional<Quantity>
EvaluateQuantity(const ExprNode& node, ExprError& error)
{
    const Unit* unit = FindUnit(node.text);
    if (unit == nullptr)
    {
        std::vector<std::string> names;
        for (const Unit& known : UNITS)
        {
            names.emplace_back(known.name);
        }
        return Fail(error, node, "unknown unit '" + node.text + "'" + Hint(node.text, names));
    }
    return Quantity{node.number * unit->factor, unit->time, unit->bits};
}

std::optional<Quantity>
EvaluateVariable(const ExprNode& node, const Variables& variables, ExprError& error)
{
    const auto found = variables.find(node.text);
    if (found == variables.end())
    {
        std::vector<std::string> names;
        for (const auto& variable : variables)
        {
            names.push_back(variable.first);
        }
        const std::string hint = Hint(node.text, names);
        return Fail(error,
                    node,
                    "unknown variable '$" + node.text + "'" +
                        (hint.empty() ? ", which neither sweep nor --set gives a value" : hint));
    }
    // Values of variables know no variables, so that this ends.
    ExprError inner;
    const std::optional<Quantity> value = EvaluateText(found->second, {}, inner);
    if (!value)
    {
        return Fail(error,
                    node,
                    "variable '$" + node.text + "' is '" + found->second + "', which is no number");
    }
    return value;
}

std::optional<Quantity>
EvaluateCall(const ExprNode& node, const Variables& variables, ExprError& error)
{
    if (node.text != "ceil" && node.text != "floor")
    {
        return Fail(error,
                    node,
                    "unknown function '" + node.text + "'" + Hint(node.text, {"ceil", "floor"}));
    }
    if (node.args.size() != 1)
    {
        return Fail(error, node, node.text + " takes one argument");
    }
    std::optional<Quantity> value = Evaluate(node.args[0], variables, error);
    if (value && !value->IsNumber())
    {
        return Fail(error, node, node.text + " takes a number, not " + value->DimensionName());
    }
    if (value)
    {
        // 30s / 0.1s must not become 301 because of the last bit of a division.
        const double nearest = std::round(value->value);
        const bool whole = std::abs(value->value - nearest) < 1e-9 * std::max(1.0, nearest);
        value->value = whole                 ? nearest
                       : node.text == "ceil" ? std::ceil(value->value)
                                             : std::floor(value->value);
    }
    return value;
}

std::optional<Quantity>
EvaluateBinary(const ExprNode& node, const Variables& variables, ExprError& error)
{
    const char op = node.text[0];
    if (node.text.size() != 1 || std::string("+-*/").find(op) == std::string::npos)
    {
        return Fail(error, node, "'" + node.text + "' has no place in a value");
    }
    const std::optional<Quantity> left = Evaluate(node.args[0], variables, error);
    const std::optional<Quantity> right = left ? Evaluate(node.args[1], variables, error) : left;
    if (!left || !right)
    {
        return std::nullopt;
    }
    Quantity result = *left;
    if (op == '+' || op == '-')
    {
        if (left->time != right->time || left->bits != right->bits)
        {
            return Fail(error,
                        node,
                        "'" + node.text + "' cannot join " + left->DimensionName() + " and " +
                            right->DimensionName());
        }
        result.value = op == '+' ? left->value + right->value : left->value - right->value;
    }
    else
    {
        const int sign = op == '*' ? 1 : -1;
        result.time += sign * right->time;
        result.bits += sign * right->bits;
        result.value = op == '*' ? left->value * right->value : left->value / right->value;
    }
    if (!std::isfinite(result.value))
    {
        return Fail(error, node, "the result is not finite");
    }
    return result;
}

} // namespace

std::string
Quantity::DimensionName() const
{
    if (IsNumber())
    {
        return "a number";
    }
    if (IsTime())
    {
        return "a time";
    }
    if (time == -1)
    {
        return bits == 1 ? "a data rate" : "a rate";
    }
    return "a quantity of another dimension";
}

double
Quantity::Plain() const
{
    double plain = value;
    for (int i = 0; i < std::abs(time); ++i)
    {
        plain = time > 0 ? plain / 1e9 : plain * 1e9;
    }
    return plain;
}

std::string
Quantity::ToString() const
{
    if (IsTime())
    {
        const std::optional<Time> exact = ToTime(*this);
        return exact ? TimeText(*exact) : NumberText(Plain()) + "s";
    }
    return NumberText(Plain()) + (time == -1 ? bits == 1 ? "bps" : "/s" : "");
}

std::string
NumberText(double number)
{
    char text[400];
    const auto end = std::to_chars(text, text + sizeof(text), number, std::chars_format::fixed).ptr;
    return std::string(text, end);
}

std::string
TimeText(Time time)
{
    static const struct
    {
        const char* name;
        int64_t nanoseconds;
    } STEPS[] = {{"s", 1000000000}, {"ms", 1000000}, {"us", 1000}};

    for (const auto& step : STEPS)
    {
        if (time.count() % step.nanoseconds == 0)
        {
            return std::to_string(time.count() / step.nanoseconds) + step.name;
        }
    }
    return std::to_string(time.count()) + "ns";
}

std::string
SecondsText(int64_t nanoseconds)
{
    const int64_t whole = nanoseconds / 1000000000;
    std::string fraction = std::to_string(1000000000 + std::abs(nanoseconds % 1000000000));
    fraction[0] = '.';
    fraction.erase(fraction.find_last_not_of('0') + 1);
    if (fraction == ".")
    {
        fraction.clear();
    }
    return (nanoseconds < 0 && whole == 0 ? "-" : "") + std::to_string(whole) + fraction;
}

std::optional<Quantity>
Evaluate(const ExprNode& node, const Variables& variables, ExprError& error)
{
    switch (node.kind)
    {
    case ExprNode::Kind::QUANTITY:
        return EvaluateQuantity(node, error);
    case ExprNode::Kind::VARIABLE:
        return EvaluateVariable(node, variables, error);
    case ExprNode::Kind::CALL:
        return EvaluateCall(node, variables, error);
    case ExprNode::Kind::BINARY:
        return EvaluateBinary(node, variables, error);
    case ExprNode::Kind::UNARY: {
        if (node.text != "-")
        {
            return Fail(error, node, "'" + node.text + "' has no place in a value");
        }
        std::optional<Quantity> value = Evaluate(node.args[0], variables, error);
        if (value)
        {
            value->value = -value->value;
        }
        return value;
    }
    case ExprNode::Kind::NAME:
        break;
    }
    return Fail(error, node, "'" + node.text + "' is no number");
}

std::optional<Quantity>
EvaluateText(const std::string& text, const Variables& variables, ExprError& error)
{
    const std::variant<ExprNode, ExprError> parsed = ParseExpression(text);
    if (const auto* failure = std::get_if<ExprError>(&parsed))
    {
        error = *failure;
        return std::nullopt;
    }
    return Evaluate(std::get<ExprNode>(parsed), variables, error);
}

std::optional<Time>
ToTime(const Quantity& quantity)
{
    // 2^53 ns are 104 days; 100 years leave room for lifetimes and sums of them.
    constexpr double LIMIT = 100 * 365.25 * 86400e9;
    if (!quantity.IsTime() || !(std::abs(quantity.value) <= LIMIT))
    {
        return std::nullopt;
    }
    return Time(std::llround(quantity.value));
}

} // namespace karp
} // namespace ns3
