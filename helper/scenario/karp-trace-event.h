/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TRACE_EVENT_H
#define KARP_TRACE_EVENT_H

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace ns3
{
namespace karp
{

/** What a line of a trace is about: its "ev". */
enum class TraceKind : uint8_t
{
    META,
    ROLE,
    ADVERT,
    JOIN,
    KEY,
    REKEY_TX,
    REKEY_RX,
    REKEY,
    SESSION,
    DROP,
    ADJ,
    OSPF_IF,
    DR,
    ROUTES,
    MSG,
    FAULT,
    ATTACK,
    CPU,
    END,
    OTHER, //!< written by a later version; skipped
    COUNT
};

/** Keys of trace lines, in the order of their names, which is the order in which they are written.
 */
enum class TraceKey : uint8_t
{
    BDR,
    BYTES,
    CAUSE,
    DELAY,
    DIR,
    DO,
    DOWN,
    DR,
    DRIFT,
    DST,
    DUP,
    EV,
    FP,
    FROM,
    G,
    GCKS,
    HASH,
    ID,
    IF,
    JITTER,
    KEK,
    KEY,
    KIND,
    LABEL,
    LAYER,
    LOSE,
    LOSS,
    MORE,
    N,
    NAME,
    NODES,
    NS,
    NS3,
    OF,
    OFFSET,
    OK,
    ONE_WAY,
    OP,
    PEER,
    PRIO,
    REASON,
    REF,
    REORDER,
    REORDER_DELAY,
    RUN,
    RX_END,
    RX_START,
    SEED,
    SEGMENT,
    SEQ,
    SETS,
    SILENT,
    STATE,
    T,
    TO,
    TOOK,
    TRACE,
    TX_END,
    TX_START,
    TYPE,
    UNICAST,
    VALUE,
    VARS,
    WHY,
    COUNT
};

/** \return the name of \p kind */
const char* ToString(TraceKind kind);
/** \return the name of \p key */
const char* ToString(TraceKey key);

/** Value of a field of a trace line. */
using TraceValue = std::variant<bool,
                                int64_t,
                                uint64_t,
                                double,
                                std::string,
                                std::vector<std::string>,
                                std::map<std::string, std::string>>;

/**
 * \ingroup karp
 * One line of a trace: what happened at one moment. Judge and metrics see a run only through these,
 * so that an old trace can be judged again.
 */
class TraceEvent
{
  public:
    /** An event of \p kind at \p time nanoseconds. */
    TraceEvent(TraceKind kind, int64_t time);

    /** Set a text. \return this */
    TraceEvent& Set(TraceKey key, std::string value);
    /** Set a text. \return this */
    TraceEvent& Set(TraceKey key, const char* value);
    /** Set a truth value. \return this */
    TraceEvent& Set(TraceKey key, bool value);
    /** Set a number. \return this */
    TraceEvent& Set(TraceKey key, int64_t value);
    /** Set a number. \return this */
    TraceEvent& Set(TraceKey key, uint64_t value);
    /** Set a number. \return this */
    TraceEvent& Set(TraceKey key, uint32_t value);
    /** Set a number. \return this */
    TraceEvent& Set(TraceKey key, double value);
    /** Set a list of texts. \return this */
    TraceEvent& Set(TraceKey key, std::vector<std::string> value);
    /** Set a map of texts. \return this */
    TraceEvent& Set(TraceKey key, std::map<std::string, std::string> value);

    /** \return what it is about */
    TraceKind Kind() const
    {
        return m_kind;
    }

    /** \return when, nanoseconds */
    int64_t Time() const
    {
        return m_time;
    }

    /** \return the value of \p key, nullptr if there is none */
    const TraceValue* Find(TraceKey key) const;

    /** \return the text of \p key, empty if there is none */
    const std::string& Text(TraceKey key) const;

    /** \return the number of \p key, \p otherwise if there is none */
    int64_t Number(TraceKey key, int64_t otherwise = 0) const;

    /** \return whether \p key is true */
    bool Flag(TraceKey key) const;

    /** \return the list of \p key, empty if there is none */
    const std::vector<std::string>& List(TraceKey key) const;

    /** Append the event as one JSON object, keys sorted, and a line feed, to \p out. */
    void AppendJson(std::string& out) const;

    /**
     * \param line a line of a trace
     * \param[out] event what it says
     * \return whether it is one JSON object with "ev" and "t"
     */
    static bool Parse(const std::string& line, TraceEvent& event);

  private:
    TraceEvent& Put(TraceKey key, TraceValue value);

    TraceKind m_kind;                                      //!< what it is about
    int64_t m_time;                                        //!< when
    std::vector<std::pair<TraceKey, TraceValue>> m_fields; //!< sorted by key, without ev and t
};

/** Append \p text as a JSON string to \p out. */
void AppendJsonText(const std::string& text, std::string& out);

} // namespace karp
} // namespace ns3

#endif // KARP_TRACE_EVENT_H
