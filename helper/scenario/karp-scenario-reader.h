/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_READER_H
#define KARP_SCENARIO_READER_H

#include "karp-diagnostics.h"
#include "karp-quantity.h"
#include "karp-scenario-language.h"
#include "karp-scenario-model.h"
#include "karp-yaml-tree.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * Reads values of the keys of a map: substitutes variables, computes, checks the type and the
 * range, and says what is wrong in which line. Where a key is absent or wrong, the value given
 * before stays, so that reading can go on and find the next mistake.
 */
class ScenarioReader
{
  public:
    /** Write errors to \p diagnostics; variables have the values in \p variables. Both outlive it.
     */
    ScenarioReader(Diagnostics& diagnostics, const Variables& variables);

    /** Say what is wrong in \p line. */
    void Error(size_t line, const std::string& message);

    /**
     * \param node what should be a map
     * \param words keys it may have
     * \return whether it is a map; each key that has no place in it is an error
     */
    bool CheckMap(const YamlNode& node, const WordList& words);

    /** Say so if \p map has no \p key. \return whether it has */
    bool Require(const YamlNode& map, const char* key, const char* place);

    /** \return the text of the scalar \p node, a variable replaced by its value */
    std::optional<std::string> Text(const YamlNode& node, const std::string& what);

    /** \return the value of \p node, which \p what says for messages */
    std::optional<Quantity> Number(const YamlNode& node, const std::string& what);

    /** Read a time of at least \p least. */
    void ReadTime(const YamlNode& map, const char* key, Time& value, Time least = Time(0));
    /** Read a time of at least \p least. */
    void ReadTime(const YamlNode& map, const char* key, std::optional<Time>& value);
    /** \return the time in \p node, which \p what says for messages */
    std::optional<Time> ToTimeValue(const YamlNode& node, const std::string& what);
    /** Read a whole number. */
    void ReadCount(const YamlNode& map,
                   const char* key,
                   uint32_t& value,
                   uint32_t least,
                   uint32_t most = std::numeric_limits<uint32_t>::max());
    /** Read a number. */
    void ReadReal(const YamlNode& map, const char* key, double& value, double least, double most);
    /** Read a probability: 5% or 0.05. */
    void ReadShare(const YamlNode& map, const char* key, std::optional<double>& value);
    /** Read a data rate, in whole bits a second. */
    void ReadRate(const YamlNode& map, const char* key, double& value);
    /** Read true or false. */
    void ReadFlag(const YamlNode& map, const char* key, bool& value);
    /** Read one of \p words. */
    void ReadChoice(const YamlNode& map,
                    const char* key,
                    std::string& value,
                    const WordList& words);
    /** Read a name: letters, digits, hyphens, underscores. */
    void ReadName(const YamlNode& map, const char* key, std::string& value);

    /** \return whether \p text is a word that stands in \p words and is interpreted */
    bool CheckWord(size_t line, const std::string& text, const WordList& words);

    /**
     * \param node an expression that is evaluated later
     * \param what it is, for messages
     * \return the expression, variables replaced by their values
     */
    std::optional<ExprNode> Expression(const YamlNode& node, const std::string& what);

    /** Say what is wrong with the expression \p text in \p line. */
    void ExpressionError(size_t line, const std::string& text, const ExprError& error);

    /** \return variables that were asked for */
    const std::set<std::string>& Used() const
    {
        return m_used;
    }

    /** \return values of the variables */
    const Variables& Values() const
    {
        return m_variables;
    }

  private:
    bool Substitute(ExprNode& node, ExprError& error);
    void NoteVariables(const ExprNode& node);

    Diagnostics& m_diagnostics;   //!< where errors go
    const Variables& m_variables; //!< values
    std::set<std::string> m_used; //!< asked for
};

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_READER_H
