/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_BENCH_H
#define KARP_BENCH_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-key-table.h"
#include "ns3/karp-types.h"

#include <algorithm>
#include <ctime>
#include <string>
#include <vector>

/**
 * \file
 * karp-bench measures what the module costs, as ratios inside one run: absolute times of a machine
 * say little, and less on a busy one. Each measurement is repeated and the least time is taken,
 * because whatever disturbs a measurement makes it longer.
 */

namespace ns3
{
namespace karp
{

/** One number that was measured. */
struct BenchResult
{
    std::string name;  //!< for example "handshake.ratio"
    double value{0};   //!< the number
    std::string unit;  //!< for example "ns"; "" of a ratio
    std::string about; //!< what it says, for people
};

/** How much to measure. */
struct BenchEffort
{
    int repeats{5};                   //!< of each measurement
    double seconds{0.2};              //!< of each loop over something short
    double simulated{3600};           //!< seconds of each simulation
    uint32_t gridMin{5};              //!< routers along the side of the smallest grid
    uint32_t gridMax{40};             //!< the same of the largest
    uint32_t lanMax{200};             //!< routers on the largest LAN with link state
    std::string maps{"Cogentco,Kdl"}; //!< names of GraphML files without their ending
};

/**
 * \return seconds that this process has computed. It has one thread, so on a quiet machine that is
 *         wall time, and on a busy one it is what wall time would have been
 */
inline double
CpuSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/**
 * \param body what to measure; called again and again
 * \param effort how often
 * \return nanoseconds of one call, at best
 */
template <typename Body>
double
MeasureNs(Body body, const BenchEffort& effort)
{
    double best = 0;
    for (int repeat = 0; repeat < effort.repeats; ++repeat)
    {
        uint64_t calls = 0;
        const double start = CpuSeconds();
        double elapsed = 0;
        do
        {
            for (int i = 0; i < 16; ++i)
            {
                body();
            }
            calls += 16;
            elapsed = CpuSeconds() - start;
        } while (elapsed < effort.seconds / effort.repeats);
        const double each = elapsed * 1e9 / static_cast<double>(calls);
        best = repeat == 0 ? each : std::min(best, each);
    }
    return best;
}

/** \return a key set by hand, for all routers: HMAC-SHA-256, valid for ever */
KeyRow ManualKey();

/** Each cryptographic operation of the CPU-cost model. */
std::vector<BenchResult> BenchOperations(const BenchEffort& effort);

/** Handshakes of two engines, against the same operations by bare OpenSSL. */
std::vector<BenchResult> BenchHandshake(const BenchEffort& effort);

/** A LAN with key management and authentication, against the same LAN without. */
std::vector<BenchResult> BenchLan(const BenchEffort& effort);

/** A delivered Hello, against a raw-socket multicast of the same size delivered by ns-3 alone. */
std::vector<BenchResult> BenchHello(const BenchEffort& effort);

/** Grids of routers that exchange link state, signed and not. */
std::vector<BenchResult> BenchGrid(const BenchEffort& effort);

/** Maps of real networks. */
std::vector<BenchResult> BenchMaps(const BenchEffort& effort);

/** Instructions of a delivered packet, and where they are spent. */
std::vector<BenchResult> BenchPath(const BenchEffort& effort);

/** What BenchPath counts: a LAN with \p content for \p simulated seconds. \return packets delivered
 */
uint64_t RunPath(const std::string& content, double simulated);

/** LANs of such routers. */
std::vector<BenchResult> BenchRoutedLan(const BenchEffort& effort);

} // namespace karp
} // namespace ns3

#endif // KARP_BENCH_H
