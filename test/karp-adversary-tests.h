/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_ADVERSARY_TESTS_H
#define KARP_ADVERSARY_TESTS_H

#include "karp-sentence.h"

#include <cstdlib>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * The parts of suite karp-adversary. Five routers on a LAN, r0 the GCKS; mallory is on the LAN and
 * holds no credentials.
 *
 *     r0 (200)  r1  r2  r3  r4 (100)   mallory
 *     ----+------+---+---+---+------------+----
 */

namespace ns3
{
namespace karp
{

/** What came of a scenario with attacks. */
struct AttackRun
{
    int exit{-1};        //!< status
    std::string report;  //!< verdicts
    std::string metrics; //!< metrics.json

    /** \return number \p name of the metrics; 0 if it is not there */
    double Metric(const std::string& name) const
    {
        const size_t at = metrics.find("\"" + name + "\":");
        return at == std::string::npos ? 0 : std::atof(metrics.c_str() + at + name.size() + 3);
    }
};

/** \return what comes of five routers with \p timeline and \p expect, each lines of YAML */
AttackRun RunAttack(const std::string& timeline,
                    const std::string& expect,
                    const std::string& more = "",
                    const std::string& attributes = "");

/** \return the same, of a run in which all that is expected holds; \p t hears if it does not */
AttackRun PassAttack(Sentence& t,
                     const std::string& timeline,
                     const std::string& expect,
                     const std::string& more = "",
                     const std::string& attributes = "");

/** \return the cases on the language, the invariant and the classes; the caller owns them */
std::vector<TestCase*> AttackLanguageTests();

} // namespace karp
} // namespace ns3

#endif // KARP_ADVERSARY_TESTS_H
