/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_QUANTITY_H
#define KARP_QUANTITY_H

#include "karp-expression.h"

#include "ns3/karp-types.h"

#include <map>
#include <optional>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * A number with its dimension: seconds and bits raised to small powers, so that 30s / 10s is a
 * plain number, 1 / 2s a rate, and 1s + 5% a mistake that is found.
 */
struct Quantity
{
    double value{0}; //!< in nanoseconds, bits per nanosecond and so on
    int time{0};     //!< power of time
    int bits{0};     //!< power of information

    /** \return whether there is no dimension */
    bool IsNumber() const
    {
        return time == 0 && bits == 0;
    }

    /** \return whether this is a time */
    bool IsTime() const
    {
        return time == 1 && bits == 0;
    }

    /** \return "a time", "a number", "a data rate", ... */
    std::string DimensionName() const;

    /** \return the value in seconds or bits per second, or as it is */
    double Plain() const;

    /** \return text that is parsed to the same quantity: 250ms, 0.05, 1Gbps */
    std::string ToString() const;
};

/** \return the shortest decimal digits that are read as \p number again, without exponent */
std::string NumberText(double number);

/** \return \p time with the largest unit that keeps it exact in few digits: 250ms, 90s */
std::string TimeText(Time time);

/** \return \p time in seconds with trailing zeros left out: "61.204", for people */
std::string SecondsText(int64_t nanoseconds);

/** Values of variables: each the text that stands for it. */
using Variables = std::map<std::string, std::string>;

/**
 * Compute an expression that holds only numbers, units, variables and + - * / ceil floor.
 *
 * \param node what to compute
 * \param variables what $names stand for
 * \param[out] error why it cannot be computed
 * \return the result, or nothing
 */
std::optional<Quantity> Evaluate(const ExprNode& node,
                                 const Variables& variables,
                                 ExprError& error);

/**
 * Parse and compute.
 *
 * \param text what to compute
 * \param variables what $names stand for
 * \param[out] error why it cannot be computed
 * \return the result, or nothing
 */
std::optional<Quantity> EvaluateText(const std::string& text,
                                     const Variables& variables,
                                     ExprError& error);

/** \return \p quantity in whole nanoseconds, or nothing if it is no time or out of range */
std::optional<Time> ToTime(const Quantity& quantity);

} // namespace karp
} // namespace ns3

#endif // KARP_QUANTITY_H
