/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-live-device.h"

#include "ns3/fd-net-device.h"
#include "ns3/mac48-address.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ns3
{
namespace karp
{

namespace
{

/** A descriptor that is closed when its owner goes. */
class Descriptor
{
  public:
    /** Own \p fd. */
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }

    ~Descriptor()
    {
        if (m_fd >= 0)
        {
            close(m_fd);
        }
    }

    Descriptor(const Descriptor&) = delete;            //!< one owner
    Descriptor& operator=(const Descriptor&) = delete; //!< one owner

    /** \return it */
    int Get() const
    {
        return m_fd;
    }

    /** \return it, to somebody who will close it */
    int Release()
    {
        const int fd = m_fd;
        m_fd = -1;
        return fd;
    }

  private:
    int m_fd; //!< or -1
};

/** \return \p what and why the last call of the system failed */
std::string
Failure(const std::string& what)
{
    std::string text = what + ": " + std::strerror(errno);
    if (errno == EPERM || errno == EACCES)
    {
        text += " (root, or the capabilities CAP_NET_RAW and, for namespaces, CAP_SYS_ADMIN are "
                "needed)";
    }
    return text;
}

/** What of an interface must be known. */
struct Socket
{
    int fd{-1};        //!< bound to it
    uint16_t mtu{0};   //!< its MTU
    std::string error; //!< or why there is none
};

/** \return a packet socket on interface \p name of the present namespace */
Socket
OpenPacketSocket(const std::string& name)
{
    Socket result;
    // Bound before it hears anything: a packet socket of a protocol hears all interfaces at first.
    Descriptor fd(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    if (fd.Get() < 0)
    {
        result.error = Failure("a packet socket cannot be opened");
        return result;
    }
    ifreq request{};
    std::snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name.c_str());
    if (name.size() >= sizeof(request.ifr_name) || ioctl(fd.Get(), SIOCGIFINDEX, &request) != 0)
    {
        result.error = "there is no interface '" + name + "' here; `ip link` lists them";
        return result;
    }
    const int index = request.ifr_ifindex;
    ioctl(fd.Get(), SIOCGIFFLAGS, &request);
    if ((request.ifr_flags & IFF_UP) == 0)
    {
        result.error = "interface '" + name + "' is down; `ip link set " + name + " up` helps";
        return result;
    }
    ioctl(fd.Get(), SIOCGIFMTU, &request);
    result.mtu = static_cast<uint16_t>(std::min(request.ifr_mtu, int{UINT16_MAX}));
    packet_mreq all{};
    all.mr_ifindex = index;
    all.mr_type = PACKET_MR_PROMISC; // The router has another address than the interface.
    const int yes = 1;
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(ETH_P_ALL);
    to.sll_ifindex = index;
    if (setsockopt(fd.Get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) != 0 ||
        setsockopt(fd.Get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof(yes)) != 0 ||
        bind(fd.Get(), reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0)
    {
        result.error = Failure("interface '" + name + "' cannot be used");
        return result;
    }
    result.fd = fd.Release();
    return result;
}

/** The same in namespace \p netns. */
Socket
OpenPacketSocketIn(const std::string& netns, const std::string& name)
{
    if (netns.empty())
    {
        return OpenPacketSocket(name);
    }
    Socket result;
    const std::string path =
        netns.find('/') == std::string::npos ? "/var/run/netns/" + netns : netns;
    const Descriptor there(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    const Descriptor here(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
    if (there.Get() < 0 || here.Get() < 0)
    {
        result.error = Failure("namespace '" + netns + "'");
        return result;
    }
    if (setns(there.Get(), CLONE_NEWNET) != 0)
    {
        result.error = Failure("namespace '" + netns + "' cannot be entered");
        return result;
    }
    result = OpenPacketSocket(name);
    if (setns(here.Get(), CLONE_NEWNET) != 0 && result.error.empty())
    {
        result.error = Failure("namespace '" + netns + "' cannot be left");
    }
    return result;
}

/** \return a locally administered address of Ethernet made of \p address */
Mac48Address
MacOf(Ipv4Address address)
{
    uint8_t octets[6] = {0x02, 0x4b};
    address.Serialize(octets + 2);
    Mac48Address mac;
    mac.CopyFrom(octets);
    return mac;
}

} // namespace

Ptr<NetDevice>
AttachLive(Ptr<Node> node, const LiveInterface& interface, std::string& error)
{
    const Socket socket = OpenPacketSocketIn(interface.netns, interface.name);
    if (!socket.error.empty())
    {
        error = socket.error;
        return nullptr;
    }
    Ptr<FdNetDevice> device = CreateObject<FdNetDevice>();
    device->SetAddress(interface.mac.empty() ? MacOf(interface.address)
                                             : Mac48Address(interface.mac.c_str()));
    device->SetIsMulticast(true);
    device->SetMtu(socket.mtu);
    device->SetFileDescriptor(socket.fd);
    node->AddDevice(device);
    return device;
}

} // namespace karp
} // namespace ns3
