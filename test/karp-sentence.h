/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SENTENCE_H
#define KARP_SENTENCE_H

#include "ns3/test.h"

#include <cstdint>
#include <string>

namespace ns3
{
namespace karp
{

/** A test case that is a function: one sentence of a document, one body. */
class Sentence : public TestCase
{
  public:
    /** Called \p name, doing \p body. */
    Sentence(const std::string& name, void (*body)(Sentence&))
        : TestCase(name),
          m_body(body)
    {
    }

    /** \p actual must be \p expected. */
    template <typename T, typename U>
    void Same(const T& actual, const U& expected, const std::string& what = "differs")
    {
        NS_TEST_EXPECT_MSG_EQ(actual, expected, what);
    }

    /** Number \p actual must be \p expected. */
    void Equal(uint64_t actual, uint64_t expected, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(actual, expected, what);
    }

    /** \p fact must hold. */
    void Holds(bool fact, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(fact, true, what);
    }

    /** \return the test that runs now, if one does: fixtures tell it what they find by themselves
     */
    static Sentence* Current()
    {
        return CurrentSlot();
    }

  private:
    /** \return where the running test is noted */
    static Sentence*& CurrentSlot()
    {
        static Sentence* current = nullptr;
        return current;
    }

    void DoRun() override
    {
        CurrentSlot() = this;
        m_body(*this);
        CurrentSlot() = nullptr;
    }

    void (*m_body)(Sentence&); //!< the test
};

} // namespace karp
} // namespace ns3

#endif // KARP_SENTENCE_H
