/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_EXPLORER_H
#define KARP_EXPLORER_H

#include "ns3/karp-state-digest.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp
 * A search over what a system may do, for states that it should never be in. What the system is,
 * the search does not know.
 */

namespace ns3
{
namespace karp
{

/** A state of a system, and what may still happen to it. */
struct ExploreState
{
    static constexpr size_t ROOMS = 8; //!< kinds of room

    StateDigest::Value digest{};       //!< equal states have equal ones
    std::array<int64_t, ROOMS> room{}; //!< faults that may still come, patience used up, ...
};

/** A system that goes its normal way, one event after the other, unless a deviation is chosen. */
class Explorable
{
  public:
    virtual ~Explorable() = default;

    /** \return whether the run is over */
    virtual bool IsOver() const = 0;

    /** \return the deviations possible before the next event; always the same in one state */
    virtual std::vector<std::string> Deviations() const = 0;

    /** Let \p name happen, which is one of these. */
    virtual void Deviate(const std::string& name) = 0;

    /** Let the next event happen. */
    virtual void Step() = 0;

    /** \return what is wrong; empty if nothing is. Never gets right again. */
    virtual std::string Violation() const = 0;

    /**
     * \return the present state. Whatever can go wrong from here can go wrong from an equal state
     *         that has at least as much room of every kind.
     */
    virtual ExploreState State() const = 0;
};

/** A deviation that was chosen. */
struct ExploreChoice
{
    uint32_t step{0}; //!< so many events came before it
    std::string name; //!< which
};

using ExplorePath = std::vector<ExploreChoice>; //!< a run: all else goes the normal way

/** \return \p path as "17:lose 42:crash1" */
std::string ToString(const ExplorePath& path);

/** \return the path that \p text writes down, if it is one */
std::optional<ExplorePath> ParseExplorePath(const std::string& text);

/** What a search may cost. */
struct ExploreLimits
{
    double seconds{120};        //!< altogether; 0 for no limit
    double deepening{0.7};      //!< part of it for the exhaustive search
    uint32_t depth{3};          //!< deviations in one run that are searched exhaustively
    uint64_t walks{UINT64_MAX}; //!< random runs after that
    double unrest{0.02};        //!< probability of a deviation before each event of these
    uint64_t seed{1};           //!< of these
    uint32_t statesLog2{20};    //!< 2^this states are remembered
};

/** What came of it. */
struct ExploreResult
{
    uint64_t states{0};                 //!< different ones seen
    uint64_t transitions{0};            //!< events and deviations, those of repeated ways included
    uint64_t runs{0};                   //!< ways that began with a deviation
    uint64_t walks{0};                  //!< random runs
    std::optional<uint32_t> exhaustive; //!< all runs with up to so many deviations were covered
    bool forgetful{false};              //!< there were more states than are remembered
    double seconds{0};                  //!< it took
    std::string violation;              //!< what went wrong; empty if nothing did
    ExplorePath path;                   //!< how, if anything did
};

/**
 * \ingroup karp
 * The search. First every run without deviation, then with one at any place, with two, ..., so that
 * what is found first has the fewest; then random runs with many. A state that was there before
 * with as much room is not gone through again.
 *
 * Systems need not be copyable: where ways part, the process does (fork), and what is common, the
 * states seen, is memory that all of them share. One process works at a time.
 */
class Explorer
{
  public:
    using Factory = std::function<std::unique_ptr<Explorable>()>; //!< makes the system, in its
                                                                  //!< first state

    /** Explore what \p factory makes. */
    Explorer(Factory factory, const ExploreLimits& limits);
    ~Explorer();
    Explorer(const Explorer&) = delete;
    Explorer& operator=(const Explorer&) = delete;

    /** \return what came of the search */
    ExploreResult Run();

    /**
     * Go one way to its end.
     * \return the system there; nullptr if \p path names a deviation that is not possible, said in
     *         \p wrong
     */
    static std::unique_ptr<Explorable> Replay(const Factory& factory,
                                              const ExplorePath& path,
                                              std::string& wrong);

  private:
    struct Shared; //!< memory that the processes share

    bool IsStopped();
    bool Remember(const ExploreState& state, uint32_t left);
    void Report(const std::string& violation);
    void Fork(const std::function<void()>& child);
    uint32_t RunAhead(Explorable& system, uint32_t step, uint32_t left);
    void Explore(Explorable& system, uint32_t step, uint32_t left);
    void Walk(Explorable& system, uint64_t seed);
    void Shorten(ExploreResult& result) const;
    double Elapsed() const;

    Factory m_factory;      //!< of systems
    ExploreLimits m_limits; //!< what it may cost
    Shared* m_shared;       //!< see Shared
    size_t m_sharedSize{0}; //!< octets of it
    ExplorePath m_path;     //!< how this process came here
    double m_until{0};      //!< present part of the search ends then, seconds from the begin
    double m_begin{0};      //!< of the search
};

} // namespace karp
} // namespace ns3

#endif // KARP_EXPLORER_H
