/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-predicate.h"

#include "karp-diagnostics.h"

#include <algorithm>
#include <cstring>

namespace ns3
{
namespace karp
{

namespace
{

/** Sets \p error. \return nothing */
std::nullopt_t
Fail(ExprError& error, const ExprNode& node, std::string message)
{
    error = {node.column, std::move(message)};
    return std::nullopt;
}

/** \return "a truth value", "a number", ... */
const char*
TypeName(Predicate::Type type)
{
    static const char* const NAMES[] = {"a truth value",
                                        "a number",
                                        "a router",
                                        "a role",
                                        "a group"};
    return NAMES[static_cast<size_t>(type)];
}

/** \return names of the scenario's groups */
std::vector<std::string>
GroupNames(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const GroupBlock& group : scenario.groups)
    {
        names.push_back(group.name);
    }
    return names;
}

/** \return whether \p name looks like a router's: letters and digits */
bool
LooksLikeNode(const std::string& name)
{
    const size_t digits = name.find_last_not_of("0123456789") + 1;
    return digits > 0 && digits < name.size() && name.find_first_of("0123456789") == digits;
}

} // namespace

std::optional<Predicate>
Predicate::Bind(const ExprNode& node, const Scenario& scenario, ExprError& error)
{
    std::optional<Bound> root = BindNode(node, scenario, error);
    if (!root)
    {
        return std::nullopt;
    }
    if (root->type != Type::TRUTH)
    {
        return Fail(error,
                    node,
                    std::string("this is ") + TypeName(root->type) +
                        ", not something that holds or does not: compare it with ==");
    }
    Predicate predicate;
    predicate.m_root = std::move(*root);
    return predicate;
}

std::optional<Predicate::Bound>
Predicate::BindNode(const ExprNode& node, const Scenario& scenario, ExprError& error)
{
    switch (node.kind)
    {
    case ExprNode::Kind::QUANTITY: {
        const std::optional<Quantity> quantity = karp::Evaluate(node, {}, error);
        if (!quantity)
        {
            return std::nullopt;
        }
        if (!quantity->IsNumber())
        {
            return Fail(error, node, quantity->DimensionName() + " cannot be compared here");
        }
        Bound bound;
        bound.type = Type::NUMBER;
        bound.constant = quantity->value;
        return bound;
    }
    case ExprNode::Kind::NAME:
        return BindName(node, scenario, error);
    case ExprNode::Kind::CALL:
        return BindCall(node, scenario, error);
    case ExprNode::Kind::VARIABLE:
        return Fail(error, node, "unknown variable '$" + node.text + "'");
    default:
        return BindOperation(node, scenario, error);
    }
}

std::optional<Predicate::Bound>
Predicate::BindName(const ExprNode& node, const Scenario& scenario, ExprError& error)
{
    Bound bound;
    bound.text = node.text;
    if (node.text == "none")
    {
        bound.type = Type::NODE;
        bound.constant = TraceWorld::NOBODY;
        return bound;
    }
    if (const std::optional<TraceRole> role = ParseRole(node.text))
    {
        bound.type = Type::ROLE;
        bound.constant = static_cast<Value>(*role);
        return bound;
    }
    if (const std::optional<uint32_t> number = scenario.NodeNumber(node.text))
    {
        bound.type = Type::NODE;
        bound.constant = *number;
        return bound;
    }
    if (LooksLikeNode(node.text))
    {
        return Fail(error, node, scenario.NoSuchRouter(node.text));
    }
    if (FindRow(node.text) != nullptr)
    {
        return Fail(error, node, "'" + node.text + "' needs arguments in parentheses");
    }
    std::vector<std::string> names = Names();
    names.insert(names.end(), {"none", "down", "initial", "gcks", "member"});
    return Fail(error, node, "unknown name '" + node.text + "'" + Hint(node.text, names));
}

std::optional<Predicate::Bound>
Predicate::BindCall(const ExprNode& node, const Scenario& scenario, ExprError& error)
{
    const Row* row = FindRow(node.text);
    if (row == nullptr)
    {
        return Fail(error,
                    node,
                    "unknown predicate '" + node.text + "'" + Hint(node.text, Names()));
    }
    if (row->evaluate == nullptr)
    {
        return Fail(error,
                    node,
                    "predicate '" + node.text +
                        "' is known to the language, not interpreted by this version");
    }
    if (row->needsRouting && !scenario.routing.ospf)
    {
        return Fail(error, node, "'" + node.text + "' needs routing: there is none here");
    }
    const size_t most = std::strlen(row->parameters);
    const size_t least = row->parameters[most - 1] == 'o' ? most - 1 : most;
    if (node.args.size() < least || node.args.size() > most)
    {
        return Fail(error,
                    node,
                    "'" + node.text + "' takes " +
                        (least == most ? "" : std::to_string(least) + " or ") +
                        std::to_string(most) + (most == 1 ? " argument" : " arguments"));
    }
    Bound bound;
    bound.type = row->result;
    bound.row = row;
    bound.text = ToText(node);
    for (size_t i = 0; i < node.args.size(); ++i)
    {
        Argument argument;
        if (!BindArgument(node.args[i], row->parameters[i], scenario, argument, error))
        {
            return std::nullopt;
        }
        bound.arguments.push_back(argument);
    }
    if (bound.arguments.size() > 1 && bound.arguments[0].all && row->parameters[1] == 'o')
    {
        return Fail(error, node, "'" + node.text + "' takes all, or one or two routers");
    }
    return bound;
}

bool
Predicate::BindArgument(const ExprNode& node,
                        char parameter,
                        const Scenario& scenario,
                        Argument& argument,
                        ExprError& error)
{
    const bool name = node.kind == ExprNode::Kind::NAME;
    if (parameter == 'k')
    {
        std::vector<std::string> ids;
        for (uint32_t i = 0; i < scenario.timeline.size(); ++i)
        {
            const TimelineEvent& event = scenario.timeline[i];
            if (event.verb != TimelineEvent::Verb::ATTACK)
            {
                continue;
            }
            ids.push_back(event.label);
            if (name && event.label == node.text)
            {
                argument.index = i;
                return true;
            }
        }
        Fail(error,
             node,
             name ? "there is no attack '" + node.text + "'" + Hint(node.text, ids)
                  : "the id of an attack has its place here");
        return false;
    }
    if (parameter == 'g')
    {
        for (uint32_t g = 0; name && g < scenario.groups.size(); ++g)
        {
            if (scenario.groups[g].name == node.text)
            {
                argument.index = g;
                return true;
            }
        }
        Fail(error,
             node,
             name ? "there is no group '" + node.text + "'" + Hint(node.text, GroupNames(scenario))
                  : "a group's name has its place here");
        return false;
    }
    if (name && parameter == 'a' && node.text == "all")
    {
        argument.all = true;
        return true;
    }
    if (const std::optional<uint32_t> number = name ? scenario.NodeNumber(node.text) : std::nullopt)
    {
        argument.index = *number;
        return true;
    }
    Fail(error,
         node,
         name ? scenario.NoSuchRouter(node.text) : "a router's name has its place here");
    return false;
}

std::optional<Predicate::Bound>
Predicate::BindOperation(const ExprNode& node, const Scenario& scenario, ExprError& error)
{
    Bound bound;
    bound.op = node.text;
    for (const ExprNode& operand : node.args)
    {
        std::optional<Bound> inner = BindNode(operand, scenario, error);
        if (!inner)
        {
            return std::nullopt;
        }
        bound.operands.push_back(std::move(*inner));
    }
    const bool logic = node.text == "and" || node.text == "or" || node.text == "not";
    const bool equality = node.text == "==" || node.text == "!=";
    const bool arithmetic = node.text.find_first_of("+-*/") == 0;
    for (size_t i = 0; i < bound.operands.size(); ++i)
    {
        const Type type = bound.operands[i].type;
        const Type wanted = logic ? Type::TRUTH : equality ? bound.operands[0].type : Type::NUMBER;
        if (type != wanted)
        {
            return Fail(error,
                        node.args[i],
                        "'" + node.text + "' takes " + TypeName(wanted) + " here, not " +
                            TypeName(type));
        }
    }
    bound.type = arithmetic ? Type::NUMBER : Type::TRUTH;
    return bound;
}

Predicate::Value
Predicate::Evaluate(const Bound& bound, const TraceWorld& world)
{
    if (bound.row != nullptr)
    {
        return bound.row->evaluate(world, bound.arguments);
    }
    if (bound.operands.empty())
    {
        return bound.constant;
    }
    const Value left = Evaluate(bound.operands[0], world);
    if (bound.operands.size() == 1)
    {
        return bound.op == "not" ? left == 0 : -left;
    }
    if (bound.op == "and" && left == 0)
    {
        return 0;
    }
    if (bound.op == "or" && left != 0)
    {
        return 1;
    }
    const Value right = Evaluate(bound.operands[1], world);
    switch (bound.op[0])
    {
    case '+':
        return left + right;
    case '-':
        return left - right;
    case '*':
        return left * right;
    case '/':
        return left / right;
    case '=':
        return left == right;
    case '!':
        return left != right;
    case '<':
        return bound.op == "<" ? left < right : left <= right;
    case '>':
        return bound.op == ">" ? left > right : left >= right;
    default:
        return right != 0; // "and", "or": the left side did not decide
    }
}

bool
Predicate::Holds(const TraceWorld& world) const
{
    return Evaluate(m_root, world) != 0;
}

void
Predicate::Collect(const Bound& bound, const TraceWorld& world, PredicateReport& report)
{
    if (bound.row != nullptr)
    {
        const PredicateReport part = bound.row->report(world, bound.arguments);
        const std::string said =
            bound.type == Type::TRUTH ? Evaluate(bound, world) != 0 ? "holds" : "does not" : "is";
        const std::string text = bound.text + " " + said +
                                 (part.text.empty()           ? ""
                                  : bound.type == Type::TRUTH ? " (" + part.text + ")"
                                                              : " " + part.text);
        if (report.text.find(text) == std::string::npos)
        {
            report.text += (report.text.empty() ? "" : ", ") + text;
        }
        report.nodes.insert(report.nodes.end(), part.nodes.begin(), part.nodes.end());
    }
    for (const Bound& operand : bound.operands)
    {
        Collect(operand, world, report);
    }
}

PredicateReport
Predicate::Report(const TraceWorld& world) const
{
    PredicateReport report;
    Collect(m_root, world, report);
    std::sort(report.nodes.begin(), report.nodes.end());
    report.nodes.erase(std::unique(report.nodes.begin(), report.nodes.end()), report.nodes.end());
    return report;
}

} // namespace karp
} // namespace ns3
