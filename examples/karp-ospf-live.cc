/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-live-keys.h"
#include "karp-live-network.h"

#include "ns3/boolean.h"
#include "ns3/command-line.h"
#include "ns3/global-value.h"
#include "ns3/karp-diagnostics.h"
#include "ns3/karp-text-file.h"
#include "ns3/karp-yaml-tree.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <functional>
#include <iostream>
#include <vector>

/**
 * \file
 * \ingroup karp
 * A simulated OSPF network, attached to a real one:
 *
 *     BIRD, FRR, ...            r0 ---- r1
 *          |                  / |       |
 *        ===== eth0 ========    r3 ---- r2 ===== eth1, if wanted
 *
 * Time is real; packets of the real network cross the simulated one.
 */

using namespace ns3;
using namespace ns3::karp;

namespace
{

constexpr int EXIT_FAILED = 1; //!< the interface cannot be used
constexpr int EXIT_WRONG = 3;  //!< the command line or the file of keys is wrong

volatile std::sig_atomic_t g_stopped = 0; //!< a signal asked for the end

/** Note that a signal asked for the end. */
void
NoteSignal(int)
{
    g_stopped = 1;
}

/** An option. */
struct Option
{
    const char* name;                                    //!< without hyphens
    const char* value;                                   //!< what it may be, for people
    const char* help;                                    //!< what it does
    std::function<std::string(const std::string&)> read; //!< sets it; returns what is wrong
};

/** \return an option that takes any text */
Option
Text(const char* name, const char* value, const char* help, std::string& where)
{
    return {name, value, help, [&where](const std::string& text) {
                where = text;
                return std::string();
            }};
}

/** \return an option that takes one of some words */
Option
Choice(const char* name,
       const std::vector<std::string>& words,
       const char* value,
       const char* help,
       std::string& where)
{
    return {name, value, help, [=, &where](const std::string& text) {
                where = text;
                const bool isOne = std::find(words.begin(), words.end(), text) != words.end();
                return isOne ? "" : "'" + text + "' is none of " + value + Hint(text, words);
            }};
}

/** \return an option that takes a whole number */
Option
Number(const char* name, uint32_t least, uint32_t most, const char* help, uint32_t& where)
{
    return {name, "N", help, [=, &where](const std::string& text) {
                const bool isNumber = !text.empty() && text.size() < 10 &&
                                      text.find_first_not_of("0123456789") == std::string::npos;
                where = isNumber ? static_cast<uint32_t>(std::stoul(text)) : 0;
                return isNumber && where >= least && where <= most
                           ? std::string()
                           : "'" + text + "' is no whole number from " + std::to_string(least) +
                                 " to " + std::to_string(most);
            }};
}

/** \return an option that takes true or false, or nothing for true */
Option
Flag(const char* name, const char* help, bool& where)
{
    return {name, "", help, [&where](const std::string& text) {
                where = text.empty() || text == "true" || text == "1";
                const bool isFlag = where || text == "false" || text == "0";
                return isFlag ? std::string() : "'" + text + "' is neither true nor false";
            }};
}

/** \return whether \p text is a dotted address, which is put into \p address */
bool
ReadAddress(const std::string& text, Ipv4Address& address)
{
    unsigned int octets[4];
    char rest = 0;
    const int count = std::sscanf(text.c_str(),
                                  "%3u.%3u.%3u.%3u%c",
                                  &octets[0],
                                  &octets[1],
                                  &octets[2],
                                  &octets[3],
                                  &rest);
    uint32_t value = 0;
    for (int i = 0; i < 4 && count == 4; ++i)
    {
        if (octets[i] > 255)
        {
            return false;
        }
        value = value << 8 | octets[i];
    }
    address = Ipv4Address(value);
    return count == 4;
}

/** \return an option that takes a MAC address */
Option
Mac(const char* name, const char* help, std::string& where)
{
    return {name, "MAC", help, [&where](const std::string& text) {
                where = text;
                bool isMac = text.size() == 17;
                for (size_t i = 0; i < text.size() && isMac; ++i)
                {
                    isMac = i % 3 == 2 ? text[i] == ':' : std::isxdigit(text[i]) != 0;
                }
                return isMac ? "" : "'" + text + "' is no MAC address such as 02:00:00:00:00:01";
            }};
}

/** \return an option that takes an address */
Option
Address(const char* name, const char* help, Ipv4Address& where, bool* given = nullptr)
{
    return {name, "A.B.C.D", help, [&where, given](const std::string& text) {
                if (given)
                {
                    *given = true;
                }
                return ReadAddress(text, where) ? std::string()
                                                : "'" + text + "' is no address such as 10.0.0.2";
            }};
}

/** \return an option that takes an address or network with the length of its mask */
Option
Prefix(const char* name, const char* help, Ipv4Address& where, Ipv4Mask& mask)
{
    return {name, "A.B.C.D/N", help, [&where, &mask](const std::string& text) {
                const size_t slash = text.find('/');
                const std::string tail = slash == std::string::npos ? "" : text.substr(slash + 1);
                const bool isLength = !tail.empty() && tail.size() <= 2 &&
                                      tail.find_first_not_of("0123456789") == std::string::npos &&
                                      std::stoi(tail) >= 1 && std::stoi(tail) <= 32;
                if (!isLength || !ReadAddress(text.substr(0, slash), where))
                {
                    return "'" + text + "' is no address with a length such as 10.0.0.2/24";
                }
                mask = Ipv4Mask(static_cast<uint32_t>(~uint64_t{0} << (32 - std::stoi(tail))));
                return std::string();
            }};
}

/** \return the options about the real links, which set \p s */
std::vector<Option>
LinkOptions(LiveSettings& s)
{
    std::vector<std::string> auth = LiveAlgorithms();
    auth.insert(auth.begin(), "none");
    return {
        Text("interface", "NAME", "real interface that router r0 is attached to", s.near.name),
        Text("netns", "NAME", "its network namespace, a name or a path", s.near.netns),
        Prefix("address", "address of r0 on it", s.near.address, s.near.mask),
        Mac("mac", "its MAC address (02:4b and the address)", s.near.mac),
        Text("far-interface", "NAME", "real interface of the last router (none)", s.far.name),
        Text("far-netns", "NAME", "its network namespace", s.far.netns),
        Prefix("far-address", "address of the last router on it", s.far.address, s.far.mask),
        Mac("far-mac", "its MAC address (02:4b and the address)", s.far.mac),
        Address("router-id", "Router ID of r0 (its address)", s.routerId),
        Address("area", "area of the real links (0.0.0.0)", s.area),
        Choice("network-type",
               {"broadcast", "point-to-point"},
               "broadcast|point-to-point",
               "kind of the real links (broadcast)",
               s.networkType),
        Number("priority", 0, 255, "Router Priority on the real links (1)", s.priority),
        Number("cost", 1, 65535, "cost of every link (10)", s.cost),
        Number("hello", 1, 65535, "HelloInterval, seconds (10)", s.hello),
        Number("dead", 2, 65535, "RouterDeadInterval, seconds (40)", s.dead),
        Choice("auth",
               auth,
               "none|keyed-md5|hmac-sha1|hmac-sha256|hmac-sha384|hmac-sha512",
               "authentication, and the algorithm of --key (none)",
               s.auth),
        Flag("extended", "AuType 3 (RFC 7474) instead of 2", s.extended),
        Choice("sequence",
               {"clock", "zero"},
               "clock|zero",
               "sequence numbers are seconds of the clock, or count from 0 (clock)",
               s.sequence),
        Number("key-id", 0, 255, "Key ID of --key (1)", s.keyId),
        Text("key", "TEXT", "the key, or 0x and its octets", s.key),
        Text("keys", "FILE", "keys with their lifetimes, see below", s.keys),
    };
}

/** \return all options, which set \p s */
std::vector<Option>
Options(LiveSettings& s)
{
    std::vector<Option> options = LinkOptions(s);
    const std::vector<Option> more = {
        Number("routers", 1, LiveNetwork::ROUTERS_MAX, "simulated routers (4)", s.routers),
        Choice("topology",
               {"chain", "ring", "grid"},
               "chain|ring|grid",
               "how they are joined (ring)",
               s.topology),
        Address("inner", "simulated networks lie in this /16 (10.100.0.0)", s.inner),
        Address("inner-area",
                "area of the simulated links (as --area)",
                s.innerArea,
                &s.hasInnerArea),
        Prefix("external",
               "AS external route that the last router tells of (none)",
               s.external,
               s.externalMask),
        {"stop",
         "SECONDS",
         "end after this time (when interrupted)",
         [&s](const std::string& text) {
             char* rest = nullptr;
             s.stop = std::strtod(text.c_str(), &rest);
             const bool isTime = !text.empty() && *rest == '\0' && s.stop >= 0 && s.stop < 1e9;
             return isTime ? "" : "'" + text + "' is no number of seconds";
         }},
        Text("pcap", "PREFIX", "write captures of all links (none)", s.pcap),
        Flag("verbose", "tell of neighbours on simulated links too", s.verbose),
    };
    options.insert(options.end(), more.begin(), more.end());
    return options;
}

/** Print what --help asks for. */
void
PrintHelp(const std::vector<Option>& options)
{
    std::printf("karp-ospf-live: attach a simulated OSPF network to a real one.\n\n"
                "Options (what holds without them):\n");
    for (const auto& option : options)
    {
        std::string name = std::string("  --") + option.name;
        name += option.value[0] == '\0' ? "" : std::string("=") + option.value;
        std::printf(name.size() < 30 ? "%-30s %s\n" : "%s\n%31s%s\n",
                    name.c_str(),
                    name.size() < 30 ? option.help : "",
                    option.help);
    }
    std::printf(
        "  --ns3::karp::OspfApplication::ATTRIBUTE=VALUE\n"
        "                               any attribute that no option sets\n\n"
        "Router rI has the network 10.100.I.0/24, its own address there 10.100.I.1, and links "
        "with\n"
        "addresses from 10.100.128.0 on.\n\n%s\n"
        "Examples, as root:\n\n"
        "  A ring of four routers behind eth0, with BIRD or FRR on the same link:\n"
        "    karp-ospf-live --interface=eth0 --address=10.0.0.2/24 --auth=hmac-sha256 "
        "--key=secret\n\n"
        "  Two namespaces whose only way to each other is a simulated grid of 25 routers:\n"
        "    ip netns add a; ip -n a link add eth0 type veth peer name sim\n"
        "    ip netns add b; ip -n b link add eth0 type veth peer name sim\n"
        "    (addresses, `ip link set ... up`, and a routing daemon in each)\n"
        "    karp-ospf-live --netns=a --interface=sim --address=10.1.0.2/24 \\\n"
        "        --far-netns=b --far-interface=sim --far-address=10.2.0.2/24 \\\n"
        "        --routers=25 --topology=grid --hello=1 --dead=4\n\n"
        "  Keys that follow each other, and a capture for Wireshark:\n"
        "    karp-ospf-live --interface=eth0 --address=10.0.0.2/24 --keys=keys.yaml --pcap=live\n\n"
        "The kernel leaves checksums of TCP and UDP to hardware that is not there; where such\n"
        "packets come from this machine, `ethtool -K eth0 tx off` on their side helps. Exit\n"
        "status: 0 as wanted, 1 an interface cannot be used, 3 an option or the keys are wrong.\n",
        LIVE_KEYS_HELP);
}

/** Say what is wrong. \return the exit code for it */
int
Wrong(const std::string& message, int code = EXIT_WRONG)
{
    std::cerr << "karp-ospf-live: " << message << std::endl;
    return code;
}

/** Reads the command line. \return empty, or what is wrong */
std::string
ReadArguments(int argc, char** argv, const std::vector<Option>& options)
{
    std::vector<std::string> known = {"help"};
    for (const auto& option : options)
    {
        known.emplace_back(option.name);
    }
    std::vector<std::string> forNs3 = {argv[0]};
    for (int i = 1; i < argc; ++i)
    {
        const std::string argument = argv[i];
        const size_t equals = argument.find('=');
        if (argument.rfind("--", 0) != 0)
        {
            return "'" + argument + "' is no option: options are --name=value, see --help";
        }
        const std::string name = argument.substr(2, equals - 2);
        if (name.rfind("ns3::", 0) == 0 || name.rfind("Rng", 0) == 0)
        {
            forNs3.push_back(argument);
            continue;
        }
        const auto option = std::find_if(options.begin(), options.end(), [&](const Option& one) {
            return name == one.name;
        });
        if (option == options.end())
        {
            return "unknown option '--" + name + "'" + Hint(name, known);
        }
        if (equals == std::string::npos && option->value[0] != '\0')
        {
            return "--" + name + " needs a value: --" + name + "=" + option->value;
        }
        const std::string error =
            option->read(equals == std::string::npos ? "" : argument.substr(equals + 1));
        if (!error.empty())
        {
            return "--" + name + ": " + error;
        }
    }
    CommandLine cmd(__FILE__);
    cmd.Parse(forNs3);
    return "";
}

/** \return what of \p s does not go together, or nothing */
std::string
Contradiction(const LiveSettings& s)
{
    const Ipv4Address none("0.0.0.0");
    if (s.near.name.empty() || s.near.address == none)
    {
        return "--interface and --address are needed; --help has examples";
    }
    if (s.far.name.empty() != (s.far.address == none))
    {
        return "--far-interface and --far-address go together";
    }
    if (s.dead <= s.hello)
    {
        return "--dead must be more than --hello";
    }
    if (s.auth == "none" && !(s.key.empty() && s.keys.empty() && !s.extended))
    {
        return "keys and --extended need --auth with an algorithm, such as --auth=hmac-sha256";
    }
    if (s.auth != "none" && s.key.empty() == s.keys.empty())
    {
        return "--auth=" + s.auth + " needs either --key or --keys";
    }
    if (s.extended && s.auth == "keyed-md5")
    {
        return "--extended is not for keyed-md5 (RFC 7474 section 5)";
    }
    if ((s.inner.Get() & 0xffff) != 0)
    {
        return "--inner must be a /16, such as 10.100.0.0";
    }
    return "";
}

/** Where keys come from. */
class KeySource
{
  public:
    /** Keys are as \p settings say. */
    KeySource(const LiveSettings& settings, LiveNetwork& network)
        : m_settings(settings),
          m_network(network)
    {
    }

    /** Read the file, or make the one key. \return whether it is right */
    bool Load(karp::Time start)
    {
        m_start = start;
        if (m_settings.keys.empty())
        {
            if (m_settings.auth != "none")
            {
                const auto algorithm = ParseMacAlgorithm(m_settings.auth);
                m_network.SetKeys({MakeLiveKey(m_settings.keyId, *algorithm, m_settings.key)});
            }
            return true;
        }
        return ReadFile();
    }

    /** Look once a second whether the file is another one. */
    void Watch()
    {
        if (!m_settings.keys.empty())
        {
            ReadFile();
            Simulator::Schedule(Seconds(1), &KeySource::Watch, this);
        }
    }

  private:
    /** Read the file. \return whether it is right; if it is not, keys stay as they are */
    bool ReadFile()
    {
        std::string text;
        Diagnostics diagnostics(m_settings.keys);
        const std::string error = ReadTextFile(m_settings.keys, text, YamlBounds::MAX_OCTETS);
        if (error.empty() && text == m_text)
        {
            return true;
        }
        m_text = text;
        std::vector<KeyRow> rows;
        if (error.empty())
        {
            rows = ParseLiveKeys(text, m_start, diagnostics);
        }
        else
        {
            diagnostics.Error(0, error);
        }
        diagnostics.Print(std::cerr);
        if (!diagnostics.Empty())
        {
            return false;
        }
        std::printf("%9.3f s  keys: %zu rows\n", Simulator::Now().GetSeconds(), rows.size());
        std::fflush(stdout);
        m_network.SetKeys(rows);
        return true;
    }

    const LiveSettings& m_settings; //!< where to look
    LiveNetwork& m_network;         //!< who gets the keys
    karp::Time m_start{0};          //!< when the program began
    std::string m_text;             //!< what was in the file
};

/** Look now and then whether a signal asked for the end. */
void
WatchSignals()
{
    if (g_stopped != 0)
    {
        Simulator::Stop();
        return;
    }
    Simulator::Schedule(MilliSeconds(100), &WatchSignals);
}

/** \return what the clock on the wall shows */
karp::Time
WallClock()
{
    return std::chrono::system_clock::now().time_since_epoch();
}

/** Let \p network run as \p settings say. \return the exit code */
int
Run(const LiveSettings& settings, LiveNetwork& network)
{
    KeySource keys(settings, network);
    if (!keys.Load(WallClock()))
    {
        return EXIT_WRONG;
    }
    const std::string error = network.Install();
    if (!error.empty())
    {
        return Wrong(error, EXIT_FAILED);
    }
    std::signal(SIGINT, NoteSignal);
    std::signal(SIGTERM, NoteSignal);
    Simulator::Schedule(Seconds(1), &KeySource::Watch, &keys);
    WatchSignals();
    if (settings.stop > 0)
    {
        Simulator::Stop(Seconds(settings.stop));
    }
    network.SetClocks(WallClock());
    Simulator::Run();
    network.PrintState();
    return 0;
}

} // namespace

int
main(int argc, char** argv)
{
    LiveSettings settings;
    const std::vector<Option> options = Options(settings);
    for (int i = 1; i < argc; ++i)
    {
        if (std::string(argv[i]) == "--help" || std::string(argv[i]) == "-h")
        {
            PrintHelp(options);
            return 0;
        }
    }
    std::string error = ReadArguments(argc, argv, options);
    error = error.empty() ? Contradiction(settings) : error;
    if (!error.empty())
    {
        return Wrong(error);
    }
    // Real peers look at checksums, and at the clock.
    GlobalValue::Bind("SimulatorImplementationType", StringValue("ns3::RealtimeSimulatorImpl"));
    GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    LiveNetwork network(settings);
    const int code = Run(settings, network);
    Simulator::Destroy();
    return code;
}
