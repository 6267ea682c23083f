/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_KEY_TABLE_H
#define KARP_KEY_TABLE_H

#include "ns3/karp-key-terms.h"
#include "ns3/karp-types.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace ns3
{
namespace karp
{

/** Direction column of the key table (RFC 7210 section 2). */
enum class KeyDirection : uint8_t
{
    IN,
    OUT,
    BOTH,
    DISABLED,
};

inline constexpr uint32_t ALL_INTERFACES = UINT32_MAX; //!< the word "all" in the Interfaces column

/** A row of the key table, in the words of RFC 7210 section 2. */
struct KeyRow
{
    std::string adminKeyName;                   //!< for people; unique in the table
    std::string localKeyName;                   //!< name of the key in packets: hexadecimal digits
    std::string peerKeyName;                    //!< name at the peer; empty for group keys
    std::string peers;                          //!< "all", or who; group name for group keys
    std::vector<uint32_t> interfaces{};         //!< interface numbers, or ALL_INTERFACES
    KeyProtocol protocol{KeyProtocol::NONE};    //!< who uses it
    std::string protocolSpecificInfo;           //!< never needed to find a key
    std::string kdf{"none"};                    //!< key derivation function
    MacAlgorithm algId{MacAlgorithm::NONE};     //!< AlgID
    SecretBytes key;                            //!< the key
    KeyDirection direction{KeyDirection::BOTH}; //!< which way it may be used
    KeyLifetimes lifetimes;                     //!< the four lifetimes

    /** \return LocalKeyName as the integer it spells; 0 if it spells none */
    uint64_t LocalKeyId() const;

    /** \return whether the row is for interface \p interface */
    bool IsFor(uint32_t interface) const;
};

/**
 * \param id an integer key name
 * \param octets width of the field it has in packets
 * \return lower-case hexadecimal digits, most significant first, zero padded (RFC 7210 section 3)
 */
std::string IntegerKeyName(uint64_t id, size_t octets);

/**
 * \ingroup karp
 * The key table of one router: the only thing that key management and routing share (R1). Key
 * management writes rows, routing looks them up. Rows keep their address while they are in the
 * table; Generation() changes whenever any row does, so that users may keep what they derived.
 */
class KeyTable
{
  public:
    /** Why a change was refused. */
    enum class Result : uint8_t
    {
        OK,        //!< done
        DUPLICATE, //!< a row with this AdminKeyName, or this protocol, name, interface, algorithm
                   //!< and key is there; a name alone may stand twice, see LookupAccept
        NOT_FOUND, //!< no such row
        INCONSISTENT, //!< lifetimes out of order, LocalKeyName no integer, a column empty that must
                      //!< not be (RFC 7211 section 3)
        FULL,         //!< MAX_ROWS reached
    };

    static constexpr size_t MAX_ROWS = 4096; //!< bound of the table

    /** Keytable_insertSA (P4): add \p row. */
    Result Insert(KeyRow row);

    /** Keytable_rekeySA (P4): replace the row called \p adminKeyName by \p row, at one instant. */
    Result Rekey(const std::string& adminKeyName, KeyRow row);

    /** Change the lifetimes of the row called \p adminKeyName, all else staying as it is. */
    Result SetLifetimes(const std::string& adminKeyName, const KeyLifetimes& lifetimes);

    /** Keytable_delete (P4): remove the row called \p adminKeyName and wipe its key. */
    Result Delete(const std::string& adminKeyName);

    /** Keytable_delete (P4): remove every row of \p protocol. \return how many there were */
    size_t DeleteAll(KeyProtocol protocol);

    /** Keytable_getSA (P4). \return the row called \p adminKeyName, or nullptr */
    const KeyRow* Get(const std::string& adminKeyName) const;

    /**
     * Which key to send with (RFC 7210 section 3).
     * \return among rows that may send on \p interface at \p now, the one with the latest
     *         SendLifetimeStart (of equals, the first AdminKeyName); nullptr if there is none
     */
    const KeyRow* SelectSend(KeyProtocol protocol, uint32_t interface, Time now) const;

    /** What looking for a key to accept with came to. */
    enum class AcceptResult : uint8_t
    {
        OK,            //!< there is at least one
        NO_KEY_AT_ALL, //!< the table has no row for the protocol and interface
        UNKNOWN_NAME,  //!< it has, but none of this name
        NOT_VALID,     //!< one of this name, outside its accept lifetime or direction
    };

    /**
     * Which keys may verify a packet that names its key (RFC 7210 section 3). Two rows of one name
     * are possible when partitions merge; then each is tried.
     * \param[out] rows filled with what was found, in order of AdminKeyName
     */
    AcceptResult LookupAccept(KeyProtocol protocol,
                              uint32_t interface,
                              uint64_t localKeyId,
                              Time now,
                              std::vector<const KeyRow*>& rows) const;

    /** Delete rows whose accept and send lifetimes are over. \return their AdminKeyNames */
    std::vector<std::string> Expire(Time now);

    /**
     * \return the first instant after \p now at which a row begins or ceases to be valid; TIME_MAX
     *         if there is none
     */
    Time NextChange(Time now) const;

    /** \return a number that is another one after every change */
    uint64_t Generation() const;

    /** \return how many rows there are */
    size_t Size() const;

    /** Call \p visit with each row in order of AdminKeyName. */
    void ForEach(const std::function<void(const KeyRow&)>& visit) const;

    /** \return a table that people can read, keys only as their lengths, times from \p now on */
    std::string Dump(Time now) const;

  private:
    /** A row as the index holds it. */
    struct Indexed
    {
        uint64_t localKeyId; //!< of the row
        const KeyRow* row;   //!< in m_rows
    };

    using Rows = std::map<std::string, KeyRow>; //!< by AdminKeyName; nodes keep their address
    using IndexedRows = std::vector<Indexed>;   //!< in order of AdminKeyName

    /** \return where the index keeps the rows of \p protocol for \p interface */
    static uint64_t IndexKey(KeyProtocol protocol, uint32_t interface);

    /** \return the rows of \p protocol for \p interface, those for all interfaces left aside */
    const IndexedRows& RowsFor(KeyProtocol protocol, uint32_t interface) const;

    /** \return why \p row may not be in the table beside all rows but \p replaced; OK if it may */
    Result Check(const KeyRow& row, const KeyRow* replaced) const;

    /** \return whether a row other than \p replaced has the key of \p row under the same name */
    bool HasSameKey(const KeyRow& row, const KeyRow* replaced) const;

    /** Put \p row in and count the change. */
    void Add(KeyRow row);

    /** Take the row at \p at out and count the change. \return the one after it */
    Rows::iterator Remove(Rows::iterator at);

    Rows m_rows;                                       //!< the table
    std::unordered_map<uint64_t, IndexedRows> m_index; //!< by IndexKey; never walked through
    uint64_t m_generation{1};                          //!< counts changes
    mutable uint64_t m_nextGeneration{0};              //!< m_next is right for this one
    mutable Time m_nextFrom{0};                        //!< m_next is right from here on
    mutable Time m_next{0};                            //!< and before here
};

/** \return a name such as "duplicate" */
const char* ToString(KeyTable::Result result);

/** \return for example "both", the Direction column of the key table (RFC 7210 section 2) */
const char* ToString(KeyDirection direction);

} // namespace karp
} // namespace ns3

#endif // KARP_KEY_TABLE_H
