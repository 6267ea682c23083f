/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_JSON_READER_H
#define KARP_JSON_READER_H

#include "karp-trace-event.h"

#include <functional>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * Reads one line of a trace: a JSON object whose values are texts, numbers, truth values, null,
 * lists of texts, or objects of texts. That is all a trace holds; anything deeper is refused.
 */
class JsonReader
{
  public:
    /** \param line what to read; outlives the reader */
    explicit JsonReader(const std::string& line);

    /**
     * \param field called with each key and value; null fields are left out
     * \return whether the whole line is one such object
     */
    bool ReadObject(const std::function<void(const std::string&, TraceValue)>& field);

  private:
    void SkipSpace();
    bool Take(char c);
    bool TakeWord(const char* word);
    bool ReadText(std::string& text);
    bool ReadEscape(std::string& text);
    bool ReadNumber(TraceValue& value);
    bool ReadValue(TraceValue& value, bool& isNull);
    bool ReadList(TraceValue& value);
    bool ReadMap(TraceValue& value);

    const char* m_at;  //!< next character
    const char* m_end; //!< behind the last one
};

} // namespace karp
} // namespace ns3

#endif // KARP_JSON_READER_H
