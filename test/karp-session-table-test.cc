/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-fixture.h"
#include "karp-session-tests.h"
#include "karp-test-data.h"

#include "ns3/karp-ike-sa.h"
#include "ns3/karp-message-rules.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace ns3
{
namespace karp
{

namespace
{

using State = IkeSa::State;
using Event = IkeSa::Event;

/** \return names of the states in \p set */
std::string
NamesOf(uint32_t set)
{
    std::string text;
    for (size_t i = 0; i < static_cast<size_t>(State::COUNT); ++i)
    {
        if ((set >> i & 1) != 0)
        {
            text += text.empty() ? "" : "|";
            text += ToString(static_cast<State>(i));
        }
    }
    return text;
}

// Input: the table. Output: no state and event match two rows; each row has all its parts; each
// event is expected somewhere; only CLOSED has no way out.
void
Unambiguous(Sentence& t)
{
    t.Holds(IsUnambiguous(IkeSa::Table()), "no two rows match");
    uint32_t left = 0;
    uint32_t entered = In(State::IDLE);
    uint32_t events = 0;
    for (const auto& row : IkeSa::Table())
    {
        t.Holds(row.act != nullptr && row.from != 0 && row.to != 0 && row.cite != nullptr, "row");
        left |= row.from;
        entered |= row.to;
        events |= In(row.on);
    }
    t.Same(left, AnyState<State>() & ~In(State::CLOSED), "ways out");
    t.Same(entered, AnyState<State>(), "ways in");
    t.Same(events, AnyState<Event>(), "events");
}

// Input: the table. Output: what test/golden/ike-sa.txt says; KARP_REWRITE=1 writes it.
void
Golden(Sentence& t)
{
    std::ostringstream out;
    out << "# Association (RFC 7296 sections 1.2 to 1.4, 2.1 to 2.6, 2.21)\n";
    for (size_t s = 0; s < static_cast<size_t>(State::COUNT); ++s)
    {
        for (size_t e = 0; e < static_cast<size_t>(Event::COUNT); ++e)
        {
            const auto state = static_cast<State>(s);
            const auto event = static_cast<Event>(e);
            const auto* row = FindTransition(IkeSa::Table(), state, event);
            out << ToString(state) << " + " << ToString(event) << " -> "
                << (row == nullptr ? "unexpected" : NamesOf(row->to) + "   # " + row->cite) << "\n";
        }
    }
    const std::string path = KarpTestDataPath() + "/golden/ike-sa.txt";
    const char* rewrite = std::getenv("KARP_REWRITE");
    if (rewrite != nullptr && std::string(rewrite) == "1")
    {
        std::ofstream(path) << out.str();
    }
    std::ifstream file(path);
    std::stringstream golden;
    golden << file.rdbuf();
    t.Same(out.str(), golden.str(), path);
}

/** \return a payload of \p type */
IkePayload
Make(IkePayloadType type)
{
    switch (type)
    {
    case IkePayloadType::SECURITY_ASSOCIATION:
        return SaPayload{};
    case IkePayloadType::KEY_EXCHANGE:
        return KePayload{};
    case IkePayloadType::ID_INITIATOR:
        return IdPayload{true, IkeIdType::FQDN, {}};
    case IkePayloadType::ID_RESPONDER:
        return IdPayload{false, IkeIdType::FQDN, {}};
    case IkePayloadType::CERTIFICATE:
        return CertPayload{};
    case IkePayloadType::CERTIFICATE_REQUEST:
        return CertReqPayload{};
    case IkePayloadType::AUTHENTICATION:
        return AuthPayload{};
    case IkePayloadType::NONCE:
        return NoncePayload{};
    case IkePayloadType::NOTIFY:
        return NotifyPayload{};
    case IkePayloadType::VENDOR_ID:
        return VendorIdPayload{};
    case IkePayloadType::ENCRYPTED:
        return EncryptedPayload{};
    case IkePayloadType::ADVERTISEMENT:
        return AdvertPayload{};
    case IkePayloadType::SEQUENCE:
        return SequencePayload{};
    case IkePayloadType::TRANSPORT:
        return TransportPayload{};
    default:
        return DeletePayload{};
    }
}

// Input: for each kind of message its least payloads, then one too few, one too many, one foreign.
// Output: the least is right, and each deviation is refused with the type at fault.
void
Rules(Sentence& t)
{
    t.Same(MessageRules().size(),
           static_cast<size_t>(MessageKind::COUNT),
           "one rule for each kind");
    for (const auto& rule : MessageRules())
    {
        t.Holds(&rule == &MessageRules()[static_cast<size_t>(rule.kind)], "in order");
        std::vector<IkePayload> least;
        for (const auto& [type, min, max] : rule.rules)
        {
            t.Holds(TypeOf(Make(type)) == type && min <= max, "row");
            least.insert(least.end(), min, Make(type));
        }
        const std::string cite = rule.cite;
        t.Holds(!CheckStructure(rule.kind, least), cite + ": least");
        for (const auto& [type, min, max] : rule.rules)
        {
            auto more = least;
            more.insert(more.end(), max - min + 1u, Make(type));
            const auto wrong = CheckStructure(rule.kind, more);
            t.Holds(wrong && wrong->reason == DropReason::UNEXPECTED_PAYLOAD &&
                        wrong->value == static_cast<uint64_t>(type),
                    cite + ": one too many");
            if (min == 0)
            {
                continue;
            }
            std::vector<IkePayload> fewer;
            for (const auto& payload : least)
            {
                if (TypeOf(payload) != type)
                {
                    fewer.push_back(payload);
                }
            }
            const auto missing = CheckStructure(rule.kind, fewer);
            t.Holds(missing && missing->reason == DropReason::MISSING_PAYLOAD &&
                        missing->value == static_cast<uint64_t>(type),
                    cite + ": one too few");
        }
        auto foreign = least;
        foreign.emplace_back(DeletePayload{});
        t.Same(CheckStructure(rule.kind, foreign).has_value(),
               !rule.openToUser,
               cite + ": foreign");
        auto unknown = least;
        unknown.emplace_back(UnknownPayload{199, false, {}});
        t.Holds(!CheckStructure(rule.kind, unknown), cite + ": unknown ones are skipped");
    }
}

// Input: a complete exchange. Output: its states, as those who watch are told.
void
Story(Sentence& t)
{
    SessionPipe pipe;
    pipe.Establish();
    std::string story;
    for (const SessionPeer* peer : {&pipe.a, &pipe.b})
    {
        for (const auto& event : peer->events)
        {
            story += event.from + " " + event.cause + " " + event.to + "; ";
        }
    }
    t.Same(story,
           std::string("idle start init_sent; init_sent init_response auth_sent; "
                       "auth_sent auth_response established; "
                       "idle init_request half_open; half_open auth_request established; "));
    t.Holds(std::string(ToString(State::COUNT)) == "?" &&
                std::string(ToString(Event::COUNT)) == "?",
            "no name");
    for (const auto why : {SessionFailure::TIMEOUT,
                           SessionFailure::NO_CREDENTIAL,
                           SessionFailure::REFUSED,
                           SessionFailure::NO_ROOM})
    {
        t.Holds(std::string(ToString(why)) != "?", "name");
    }
}

} // namespace

std::vector<TestCase*>
SessionTableTests()
{
    return {
        new Sentence("the machine is unambiguous", Unambiguous),
        new Sentence("the machine is golden", Golden),
        new Sentence("the structure of messages is a table", Rules),
        new Sentence("state changes are told", Story),
    };
}

} // namespace karp
} // namespace ns3
