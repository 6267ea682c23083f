/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-text-file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sys/stat.h>

namespace ns3
{
namespace karp
{

std::string
ReadTextFile(const std::string& path, std::string& text, size_t most)
{
    struct stat info;
    // A name that is cut off by a NUL is that of another file.
    if (path.find('\0') != std::string::npos)
    {
        return std::strerror(ENOENT);
    }
    if (::stat(path.c_str(), &info) != 0)
    {
        return std::strerror(errno);
    }
    // A device or a pipe may never end, or never begin.
    if (!S_ISREG(info.st_mode))
    {
        return "no regular file";
    }
    std::ifstream in(path, std::ios::binary);
    if (!in)
    {
        return std::strerror(errno);
    }
    text.resize(most + 1);
    in.read(&text[0], static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<size_t>(in.gcount()));
    return "";
}

} // namespace karp
} // namespace ns3
