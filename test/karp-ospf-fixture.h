/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_OSPF_FIXTURE_H
#define KARP_OSPF_FIXTURE_H

#include "karp-sentence.h"
#include "karp-test-entropy.h"

#include "ns3/karp-key-table.h"
#include "ns3/karp-ospf-engine.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp-test
 * A LAN of OSPF engines, without ns-3: whatever one sends the others hear at the same instant, and
 * time jumps from timer to timer. Router n (1, 2, ...) is called rn, its address is 10.0.0.n and
 * its Router ID 10.255.0.n. Intervals have no jitter unless a test asks for it, so that instants
 * are exact.
 */
class OspfLan
{
  public:
    static constexpr uint32_t INTERFACE = 1; //!< the number every router gives its interface

    /** A packet that was on the link. */
    struct Frame
    {
        Time at{0};            //!< when
        size_t from{0};        //!< router that sent it
        IpAddress destination; //!< group or address
        Bytes packet;          //!< IP payload

        /** \return its header */
        OspfHeader Header() const;
        /** \return its cryptographic sequence number, of AuType 2 or 3 */
        uint64_t Sequence() const;
    };

    /** A Hello made by hand, of AuType 0. Routers are given by number, 0 is none. */
    struct RawHello
    {
        size_t from{2};                   //!< sender
        std::vector<size_t> lists{};      //!< neighbours it lists
        size_t designatedRouter{0};       //!< its Designated Router
        size_t backup{0};                 //!< its Backup Designated Router
        uint8_t priority{1};              //!< Router Priority
        uint32_t networkMask{0xffffff00}; //!< mask
        uint16_t helloInterval{10};       //!< seconds
        uint32_t routerDeadInterval{40};  //!< seconds
        uint8_t options{OSPF_OPTION_E};   //!< options
        uint32_t areaId{0};               //!< area
        size_t routerId{0};               //!< whose Router ID; 0: the sender's
    };

    /** Says whether \p packet gets from one router to the other. */
    using Filter = std::function<bool(size_t from, size_t to, const Bytes& packet)>;

    /** \return address of router \p n; none for 0 */
    static IpAddress Address(size_t n);
    /** \return Router ID of router \p n */
    static uint32_t RouterId(size_t n);
    /** \return \p hello as a packet */
    static Bytes Encode(const RawHello& hello);
    /** \return a row for all OSPF interfaces; its key has the digest's size and is made of \p fill
     */
    static KeyRow Key(const std::string& name,
                      uint8_t keyId,
                      const KeyLifetimes& lifetimes,
                      uint8_t fill,
                      MacAlgorithm algorithm = MacAlgorithm::HMAC_SHA_256);
    /** \return lifetimes that never begin and never end */
    static KeyLifetimes Always();

    /**
     * \return \p packet, header and body and trailer or none, signed with the key of \p row as
     * AuType 3, as if sent from \p source
     */
    static Bytes SignExtended(Bytes packet,
                              const KeyRow& row,
                              IpAddress source,
                              uint64_t sequence,
                              OspfPacketType type = OspfPacketType::HELLO);

    /** \param authType AuType of all interfaces */
    explicit OspfLan(OspfAuthType authType = OspfAuthType::NONE);

    /** Add a router, off. \return its number */
    size_t Add(uint8_t priority = 1);
    /** \return settings of router \p n, to be changed while it is off */
    OspfInterfaceConfig& Config(size_t n);
    /** \return key table of router \p n; it outlives crashes */
    KeyTable& Keys(size_t n);
    /** Add \p row to the key table of every router. */
    void KeyAll(const KeyRow& row);
    /** Let routers that boot from now on share \p memo. */
    void ShareDigests(std::shared_ptr<DigestMemo> memo);
    /** \return engine of router \p n, which is on */
    OspfEngine& Engine(size_t n);

    /** Boot router \p n, with nothing remembered but its settings and keys, interface up. */
    void Up(size_t n);
    /** Router \p n ceases without a word. */
    void Crash(size_t n);

    /** Let time pass to \p until, everything due at that instant included. */
    void RunUntil(Time until);
    /** \return the present */
    Time Now() const;

    /** Hand \p packet to router \p to alone, as from \p source. */
    void Inject(size_t to,
                IpAddress source,
                const Bytes& packet,
                IpAddress destination = ALL_SPF_ROUTERS);
    /** Hand \p hello to router \p to alone, from the address of its sender. */
    void Say(size_t to, const RawHello& hello);

    /** Only what \p filter lets through arrives; nullptr: everything. */
    void SetFilter(Filter filter);
    /** \return what was on the link so far, oldest first */
    const std::vector<Frame>& Frames() const;
    /** \return the newest frame of router \p from; there must be one */
    const Frame& LastFrame(size_t from) const;

    /** \return what happened since the last call, a line an event: "40s r1 Waiting -> DR
     * (WaitTimer)" */
    std::string Log();
    /** \return lines of Log that contain \p word, and forget the others */
    std::string Log(const std::string& word);
    /** \return who was heard using which key, oldest first: "r2 hears r1 use k" */
    const std::vector<std::string>& Heard() const;
    /** \return rejections of router \p n for \p reason since it booted */
    uint64_t Drops(size_t n, DropReason reason);
    /** \return all rejections of router \p n since it booted */
    uint64_t AllDrops(size_t n);
    /** \return neighbours of router \p n, for example "r2:2-Way r3:Init" */
    std::string Neighbors(size_t n);
    /** \return what router \p n thinks, for example "DR dr=r1 bdr=r2" */
    std::string Role(size_t n);

  private:
    /** One router. */
    struct Router
    {
        OspfInterfaceConfig config;           //!< settings of its interface
        KeyTable keys;                        //!< key table
        std::unique_ptr<TestEntropy> entropy; //!< jitter
        std::unique_ptr<OspfEngine> engine;   //!< nullptr while it is off
    };

    /** \return "r3" for the address of router 3, "none" for none */
    static std::string Name(IpAddress address);
    /** Deliver and note whatever the engines have to say, until they say no more. */
    void Pump();
    /** Note \p event of router \p n. */
    void Note(size_t n, const OspfEvent& event);

    OspfAuthType m_authType;                        //!< of all interfaces
    std::shared_ptr<DigestMemo> m_memo;             //!< of all engines, or nullptr
    std::vector<std::unique_ptr<Router>> m_routers; //!< router n is at n - 1
    Time m_now{0};                                  //!< the present
    Filter m_filter;                                //!< what arrives
    std::vector<Frame> m_frames;                    //!< what was sent
    std::vector<std::string> m_log;                 //!< what happened
    std::vector<std::string> m_heard;               //!< see Heard
};

/** \ingroup karp-test A test of the suite karp-ospf. */
struct OspfTest
{
    const char* name;        //!< for people
    void (*body)(Sentence&); //!< what it does
};

/** \return tests of the election alone */
std::vector<OspfTest> OspfElectionTests();
/** \return tests of the two machines, one router and Hellos made by hand */
std::vector<OspfTest> OspfMachineTests();
/** \return tests of what comes in: every rejection but those of authentication */
std::vector<OspfTest> OspfInputTests();
/** \return tests of several routers on a LAN */
std::vector<OspfTest> OspfLanTests();
/** \return tests of authentication */
std::vector<OspfTest> OspfAuthTests();
/** \return tests of cryptographic sequence numbers */
std::vector<OspfTest> OspfSequenceTests();
/** \return tests of the rules by which they are judged */
std::vector<OspfTest> OspfRuleTests();
/** \return tests of the database of link state, and of lists of it */
std::vector<OspfTest> OspfDatabaseTests();
/** \return tests of areas, with link state */
std::vector<OspfTest> OspfAreaTests();
/** \return tests of AuType 3 */
std::vector<OspfTest> OspfExtendedTests();

} // namespace karp
} // namespace ns3

#endif // KARP_OSPF_FIXTURE_H
