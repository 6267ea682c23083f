/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_VECTORS_CHECK_H
#define KARP_VECTORS_CHECK_H

#include "karp-vector-files.h"

#include <cstddef>
#include <string>
#include <vector>

/**
 * \file
 * \ingroup karp-test
 * What suite karp-vectors does with a vector. Apart from the test cases, so that these can also
 * show that a vector that is wrong is found to be wrong.
 */

namespace ns3
{
namespace karp
{

/** What came of checking vectors. */
struct VectorReport
{
    size_t associations{0};          //!< IKE SAs whose keys were derived
    size_t rekeyed{0};               //!< of these, from the SK_d of another
    size_t authentications{0};       //!< AUTH payloads computed
    size_t children{0};              //!< Child SAs whose keys were derived
    size_t messages{0};              //!< messages opened and sealed, or OSPF packets
    std::vector<std::string> notes;  //!< what was left out, and why: outside of what is offered
    std::vector<std::string> faults; //!< what is wrong

    /** Note that \p what is wrong. */
    void Fault(const std::string& what)
    {
        faults.push_back(what);
    }

    /** \return the faults in one text, a few of them */
    std::string Text() const
    {
        std::string text;
        for (size_t i = 0; i < faults.size() && i < 5; ++i)
        {
            text += faults[i] + "; ";
        }
        return faults.size() > 5 ? text + "and more" : text;
    }
};

/**
 * Derive all keys of \p session, compute its AUTH payloads, open and seal its messages, and try
 * every truncation and every flipped bit of them.
 */
void CheckIkeSession(const IkeVectorSession& session, VectorReport& report);

/** Verify and compute the digest of \p vector, and try every truncation and every flipped bit. */
void CheckOspfVector(const OspfVector& vector, VectorReport& report);

} // namespace karp
} // namespace ns3

#endif // KARP_VECTORS_CHECK_H
