/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_DIAGNOSTICS_H
#define KARP_DIAGNOSTICS_H

#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/**
 * \param word what somebody wrote
 * \param candidates what it could have been
 * \return the candidate with the least edit distance, empty where none is near enough to help
 */
std::string NearestName(const std::string& word, const std::vector<std::string>& candidates);

/**
 * \param word what somebody wrote
 * \param candidates what it could have been
 * \return " (did you mean 'x'?)", or nothing where no candidate is near
 */
std::string Hint(const std::string& word, const std::vector<std::string>& candidates);

/**
 * \ingroup karp
 * What is wrong with a file: all of it, so that nobody has to run a check once for each mistake.
 */
class Diagnostics
{
  public:
    static constexpr size_t MAX_ERRORS = 100; //!< more of them help nobody

    /** \param file name that stands before each message */
    explicit Diagnostics(std::string file = "");

    /**
     * Lines of further files, such as one that a file is based on, are told from those of the file.
     * \param name that stands before messages about it
     * \return what to add to its lines
     */
    size_t AddFile(const std::string& name);

    /** Take the messages of \p other over, \p offset added to their lines. */
    void Take(const Diagnostics& other, size_t offset);

    /**
     * \param line where, from 1; 0 where no line is to blame
     * \param message what is wrong, and what would be right
     */
    void Error(size_t line, const std::string& message);

    /** \return whether nothing is wrong */
    bool Empty() const
    {
        return m_errors.empty();
    }

    /** \return the messages as `file:line: message`, in order of lines */
    std::vector<std::string> Lines() const;

    /** Write the messages, one a line, to \p out. */
    void Print(std::ostream& out) const;

    /** \return the name of the file */
    const std::string& File() const
    {
        return m_file;
    }

  private:
    /** One mistake. */
    struct Entry
    {
        size_t line;         //!< where
        std::string message; //!< what
    };

    static constexpr size_t LINES = size_t{1} << 32; //!< more than a file has

    std::string m_file;               //!< the file's name
    std::vector<std::string> m_files; //!< names of further files
    std::vector<Entry> m_errors;      //!< as they were found
};

} // namespace karp
} // namespace ns3

#endif // KARP_DIAGNOSTICS_H
