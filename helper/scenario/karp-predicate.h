/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_PREDICATE_H
#define KARP_PREDICATE_H

#include "karp-expression.h"
#include "karp-scenario-model.h"
#include "karp-trace-world.h"

#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** What a predicate says of a moment, for people. */
struct PredicateReport
{
    std::string text;            //!< "gcks(g0) is r2"
    std::vector<uint32_t> nodes; //!< routers concerned, ascending
};

/**
 * \ingroup karp
 * A statement about one moment of a run, such as `gcks(g0) == r0 and not key_drop(g0)`, with its
 * names resolved and its types checked: evaluating cannot fail.
 */
class Predicate
{
  public:
    /** Type of a value. */
    enum class Type : uint8_t
    {
        TRUTH,
        NUMBER,
        NODE,
        ROLE,
        GROUP,
    };

    /** A value: the type is known from the tree. */
    using Value = double;

    /** An argument as it is bound: one number, or "all". */
    struct Argument
    {
        bool all{false};   //!< the word all
        uint32_t index{0}; //!< router or group
    };

    /** What can be asked of a world: a row of the table in karp-predicate-table.cc. */
    struct Row
    {
        const char* name;       //!< as it is called
        const char* parameters; //!< a letter each: n router, g group, k attack, a router or all, o
                                //!< optional router
        Type result;            //!< type of the answer
        bool needsRouting;      //!< asks about OSPF
        /** \return the answer; nullptr where this version cannot answer */
        Value (*evaluate)(const TraceWorld& world, const std::vector<Argument>& arguments);
        /** \return the answer for people */
        PredicateReport (*report)(const TraceWorld& world, const std::vector<Argument>& arguments);
    };

    /** \return the row called \p name, nullptr if there is none */
    static const Row* FindRow(const std::string& name);
    /** \return the names of all rows that this version can answer */
    static std::vector<std::string> Names();

    /**
     * Resolve names and check types.
     *
     * \param node the expression; its variables are substituted already
     * \param scenario whose routers and groups are meant
     * \param[out] error why it is no predicate
     * \return the predicate, or nothing
     */
    static std::optional<Predicate> Bind(const ExprNode& node,
                                         const Scenario& scenario,
                                         ExprError& error);

    /** \return whether it holds at the present moment of \p world */
    bool Holds(const TraceWorld& world) const;

    /** \return what each of its parts says at the present moment of \p world */
    PredicateReport Report(const TraceWorld& world) const;

  private:
    /** A node of the bound tree. */
    struct Bound
    {
        Type type{Type::TRUTH};          //!< of its value
        Value constant{0};               //!< where there is neither row nor operator
        const Row* row{nullptr};         //!< what is asked
        std::vector<Argument> arguments; //!< of the row
        std::string op;                  //!< operator
        std::vector<Bound> operands;     //!< of the operator
        std::string text;                //!< as written
    };

    static std::optional<Bound> BindNode(const ExprNode& node,
                                         const Scenario& scenario,
                                         ExprError& error);
    static std::optional<Bound> BindName(const ExprNode& node,
                                         const Scenario& scenario,
                                         ExprError& error);
    static std::optional<Bound> BindCall(const ExprNode& node,
                                         const Scenario& scenario,
                                         ExprError& error);
    static std::optional<Bound> BindOperation(const ExprNode& node,
                                              const Scenario& scenario,
                                              ExprError& error);
    static bool BindArgument(const ExprNode& node,
                             char parameter,
                             const Scenario& scenario,
                             Argument& argument,
                             ExprError& error);
    static Value Evaluate(const Bound& bound, const TraceWorld& world);
    static void Collect(const Bound& bound, const TraceWorld& world, PredicateReport& report);

    Bound m_root; //!< the whole
};

} // namespace karp
} // namespace ns3

#endif // KARP_PREDICATE_H
