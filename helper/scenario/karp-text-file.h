/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_TEXT_FILE_H
#define KARP_TEXT_FILE_H

#include <cstddef>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * \param path name of the file
 * \param[out] text its contents: at most one octet more than \p most, so that whoever reads them
 * sees that the file is too large
 * \param most octets that the reader takes
 * \return empty, or why the file cannot be read or will not be: absent, no regular file
 */
std::string ReadTextFile(const std::string& path, std::string& text, size_t most);

} // namespace karp
} // namespace ns3

#endif // KARP_TEXT_FILE_H
