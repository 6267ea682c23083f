/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-fixture.h"
#include "karp-session-tests.h"

namespace ns3
{
namespace karp
{

namespace
{

/** \return payloads that say \p number */
std::vector<IkePayload>
Say(uint32_t number)
{
    GroupIdPayload group;
    group.instance = number;
    return {group};
}

/** \return the number that \p inner says; 0 if it says none */
uint32_t
Said(const std::vector<IkePayload>& inner)
{
    const auto* group = IkeMessage::FindPayload<GroupIdPayload>(inner);
    return group == nullptr ? 0 : group->instance;
}

/** \return the notification among \p inner; 0 if there is none */
uint16_t
Notified(const std::vector<IkePayload>& inner)
{
    const auto* notify = IkeMessage::FindPayload<NotifyPayload>(inner);
    return notify == nullptr ? 0 : static_cast<uint16_t>(notify->type);
}

// Input: requests in both directions within one association.
// Output: each user gets the other's payloads; message IDs count for each direction on its own.
void
BothDirections(Sentence& t)
{
    SessionPipe pipe;
    const SessionId a = pipe.Establish();
    const SessionId b = pipe.b.manager->FindEstablished(pipe.a.address).value_or(0);
    pipe.a.user.answer = Say(100);
    pipe.b.user.answer = Say(200);
    const size_t sent = pipe.log.size();
    for (uint32_t i = 1; i <= 3; ++i)
    {
        t.Holds(pipe.a.manager->Request(a, IkeExchange::MRKMP_GROUP, Say(i), pipe.now), "r1");
        t.Holds(pipe.b.manager->Request(b, IkeExchange::INFORMATIONAL, Say(10 + i), pipe.now),
                "r2");
        t.Same(pipe.Run(), 4u, "two exchanges");
        t.Same(Said(pipe.b.user.Last("request").inner), i, "r1's request");
        t.Same(Said(pipe.a.user.Last("response").inner), 200u, "r2's response");
        t.Same(Said(pipe.a.user.Last("request").inner), 10 + i, "r2's request");
        t.Same(Said(pipe.b.user.Last("response").inner), 100u, "r1's response");
    }
    for (size_t i = sent; i < pipe.log.size(); ++i)
    {
        const IkeHeader header = HeaderOf(pipe.log[i]);
        const bool ofA = header.IsFromInitiator() != header.IsResponse();
        const auto round = static_cast<uint32_t>((i - sent) / 4);
        t.Same(header.messageId, ofA ? 2 + round : round, "message ID");
        t.Holds(header.exchange == (ofA ? IkeExchange::MRKMP_GROUP : IkeExchange::INFORMATIONAL),
                "exchange");
    }
    t.Same(pipe.b.user.Last("request").identity, std::string("r1.example"), "who asks");
    t.Same(pipe.a.Drops() + pipe.b.Drops(), 0u, "nothing rejected");
}

// Input: twelve requests at once.
// Output: one is under way at a time, in order; eight more wait, the rest is refused.
void
Window(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Establish();
    size_t taken = 0;
    for (uint32_t i = 1; i <= 12; ++i)
    {
        taken +=
            pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, Say(i), pipe.now) ? 1 : 0;
    }
    t.Same(taken, 9u, "one under way, eight waiting");
    for (uint32_t i = 1; i <= 9; ++i)
    {
        t.Same(pipe.Wire().size(), 1u, "one at a time");
        pipe.Run(2);
        t.Same(Said(pipe.b.user.Last("request").inner), i, "in order");
    }
    t.Same(pipe.Run(), 0u, "that was all");
    t.Same(pipe.a.user.Count("response"), 9u, "all answered");
}

// Input: a further request, or its response, is lost once; then everything is.
// Output: repeated to the octet, answered from the cache; at the end of patience the association
// goes, and the user is told.
void
Loss(Sentence& t)
{
    for (size_t lost = 0; lost < 2; ++lost)
    {
        SessionPipe pipe;
        const SessionId session = pipe.Establish();
        pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, Say(1), pipe.now);
        const Datagram request = pipe.Wire().front();
        pipe.Run(lost);
        pipe.Take();
        pipe.PassToNext();
        t.Holds(pipe.Wire().front().payload == request.payload, "to the octet");
        pipe.Run();
        t.Same(pipe.b.user.Count("request"), 1u, "asked once");
        t.Same(pipe.a.user.Count("response"), 1u, "answered once");
    }
    SessionPipe pipe;
    const SessionId session = pipe.Establish();
    pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, Say(1), pipe.now);
    pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, Say(2), pipe.now);
    pipe.Wire().clear();
    pipe.Pass(std::chrono::seconds(126));
    t.Same(pipe.a.user.Count("failed"), 1u, "told once");
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::TIMEOUT, "why");
    t.Same(pipe.a.user.Last("failed").at.count(), Time(std::chrono::seconds(126)).count(), "when");
    t.Same(pipe.a.manager->SessionCount(), 0u, "gone");
}

// Input: a further request and its response with every bit turned over, before the true ones, and
// their cut pieces.
// Output: all are refused, nothing changes; the true ones are as good as ever.
void
Damaged(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Establish();
    pipe.a.manager->Request(session, IkeExchange::INFORMATIONAL, Say(1), pipe.now);
    for (int i = 0; i < 2; ++i)
    {
        const Datagram whole = pipe.Take();
        const size_t sent = pipe.log.size();
        for (size_t bit = 0; bit < 8 * whole.payload.size(); ++bit)
        {
            Datagram bad = whole;
            bad.payload[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
            pipe.Arrive(bad);
            bad.payload.resize(bit / 8);
            pipe.Arrive(bad);
        }
        t.Same(pipe.log.size(), sent, "none is answered");
        pipe.Arrive(whole);
    }
    t.Same(pipe.b.user.Count("request"), 1u, "asked once");
    t.Same(pipe.a.user.Count("response"), 1u, "answered once");
}

// Input: an old request, authentic, after newer ones; one from the future.
// Output: both are outside the window.
void
Replay(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Establish();
    std::vector<Datagram> requests;
    for (uint32_t i = 0; i < 3; ++i)
    {
        pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, Say(i), pipe.now);
        requests.push_back(pipe.Wire().front());
        pipe.Run();
    }
    const size_t sent = pipe.log.size();
    pipe.Arrive(requests[0]);
    pipe.Arrive(requests[1]);
    t.Same(pipe.log.size(), sent, "not answered");
    t.Same(pipe.b.Drops(DropReason::BAD_MESSAGE_ID), 2u, "counted");
    pipe.Arrive(requests[2]);
    t.Same(pipe.log.size(), sent + 1, "the last one is answered from the cache");
    t.Same(pipe.b.user.Count("request"), 3u, "no call for it");
    pipe.Wire().clear();

    SessionPipe late;
    const SessionId other = late.Establish();
    late.a.manager->Request(other, IkeExchange::MRKMP_GROUP, Say(1), late.now);
    const Datagram first = late.Take();
    Datagram future = first;
    future.payload[23] = 3;
    late.Arrive(future);
    t.Same(late.b.Drops(DropReason::BAD_MESSAGE_ID), 1u, "one from the future");
    late.Arrive(first);
    t.Same(late.b.user.Count("request"), 1u, "the true one");
}

// Input: a request with a payload that is unknown and critical; the same in IKE_AUTH.
// Output: UNSUPPORTED_CRITICAL_PAYLOAD names it, the user does not see the request; an association
// goes on, an initial exchange comes to nothing.
void
UnknownCritical(Sentence& t)
{
    UnknownPayload unknown;
    unknown.type = 200;
    unknown.critical = true;
    SessionPipe pipe;
    const SessionId session = pipe.Establish();
    pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, {unknown}, pipe.now);
    pipe.Run();
    t.Same(pipe.b.user.Count("request"), 0u, "not seen");
    t.Same(pipe.b.Drops(DropReason::UNKNOWN_CRITICAL), 1u, "counted");
    const auto told = pipe.a.user.Last("response");
    t.Same(Notified(told.inner),
           static_cast<uint16_t>(IkeNotify::UNSUPPORTED_CRITICAL_PAYLOAD),
           "answered");
    const auto* notify = IkeMessage::FindPayload<NotifyPayload>(told.inner);
    t.Holds(notify != nullptr && notify->data == Bytes{200}, "which");
    unknown.critical = false;
    pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, {unknown}, pipe.now);
    pipe.Run();
    t.Same(pipe.b.user.Count("request"), 1u, "not critical: it is skipped by who does not know it");

    SessionPipe first;
    unknown.critical = true;
    first.a.manager->Initiate(first.b.address, {unknown}, false, first.now);
    t.Same(first.Run(), 4u, "answered");
    t.Same(first.b.Drops(DropReason::UNKNOWN_CRITICAL), 1u, "counted");
    t.Same(first.b.user.calls.size(), 0u, "not seen");
    t.Same(first.a.Drops(DropReason::AUTH_FAILED), 1u, "nobody has proven anything");
    t.Holds(!first.a.manager->FindEstablished(first.b.address), "nothing came of it");
}

// Input: authentic requests that have no place: AUTH in a later exchange; in IKE_AUTH a nonce.
// Output: INVALID_SYNTAX, and the association ends; the answer is repeated if it must be.
void
OutOfPlace(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Establish();
    pipe.a.manager->Request(session, IkeExchange::INFORMATIONAL, {AuthPayload{}}, pipe.now);
    const Datagram request = pipe.Wire().front();
    pipe.Run();
    t.Same(Notified(pipe.a.user.Last("response").inner),
           static_cast<uint16_t>(IkeNotify::INVALID_SYNTAX),
           "answered");
    t.Same(pipe.b.Drops(DropReason::UNEXPECTED_PAYLOAD), 1u, "counted");
    t.Holds(!pipe.b.manager->FindEstablished(pipe.a.address), "ended");
    const size_t sent = pipe.log.size();
    pipe.Arrive(request);
    t.Same(pipe.log.size(), sent + 1, "the answer again");
    t.Holds(!pipe.a.manager->Request(session, IkeExchange::IKE_AUTH, {}, pipe.now),
            "IKE_AUTH is no further exchange");

    SessionPipe first;
    first.a.manager->Initiate(first.b.address, {NoncePayload{Bytes(32, 1)}}, false, first.now);
    t.Same(first.Run(), 4u, "answered");
    t.Same(first.b.Drops(DropReason::UNEXPECTED_PAYLOAD), 1u, "counted");
    t.Holds(!first.b.manager->FindEstablished(first.a.address), "nothing came of it");
}

// Input: r1 says that the association is to go (RFC 7296 section 1.4.1), while r2 waits for an
// answer.
// Output: r2 answers, forgets it, and tells its user that no answer will come.
void
Deleted(Sentence& t)
{
    SessionPipe pipe;
    const SessionId a = pipe.Establish();
    const SessionId b = pipe.b.manager->FindEstablished(pipe.a.address).value_or(0);
    pipe.b.manager->Request(b, IkeExchange::MRKMP_GROUP, Say(1), pipe.now);
    pipe.Take();
    pipe.a.manager->Request(a, IkeExchange::INFORMATIONAL, {DeletePayload{}}, pipe.now);
    t.Same(pipe.Run(), 2u, "request and response");
    t.Holds(!pipe.b.manager->FindEstablished(pipe.a.address), "gone");
    t.Same(pipe.b.user.Count("request"), 0u, "the session layer's own business");
    t.Holds(pipe.b.user.Last("failed").why == SessionFailure::REFUSED, "told");
}

// Input: a user that sends a request from OnAuthResponse, closes from OnResponse, begins anew from
// OnFailed.
// Output: all that works from within the calls.
void
FromWithin(Sentence& t)
{
    SessionPipe pipe;
    size_t again = 0;
    pipe.a.user.during = [&](const RecordingUser::Call& call) {
        if (call.what == "auth_response")
        {
            t.Holds(
                pipe.a.manager->Request(call.session, IkeExchange::MRKMP_GROUP, Say(1), call.at),
                "request");
        }
        if (call.what == "response")
        {
            pipe.a.manager->Close(call.session);
        }
        if (call.what == "failed" && again++ < 3)
        {
            pipe.a.manager->Initiate(call.peer, {}, false, call.at);
        }
    };
    pipe.Establish();
    t.Same(pipe.a.user.Count("response"), 1u, "request was sent and answered");
    t.Same(pipe.a.manager->SessionCount(), 0u, "closed");
    pipe.Initiate();
    pipe.Pass(std::chrono::hours(1));
    t.Same(pipe.a.user.Count("failed"), 4u, "and three times again");
}

// Input: messages that r1 sends in one association, under AES-GCM.
// Output: the explicit initialisation vectors count up: none is used twice (RFC 5282 section 3.1).
void
Vectors(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Establish();
    for (uint32_t i = 0; i < 5; ++i)
    {
        pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, Say(i), pipe.now);
        pipe.Run();
    }
    std::map<IpAddress, uint64_t> last;
    for (size_t i = 2; i < pipe.log.size(); ++i)
    {
        uint64_t iv = 1; // so that the first may be 0
        for (size_t at = 32; at < 40; ++at)
        {
            iv = iv << 8 | pipe.log[i].payload[at];
        }
        iv = iv == 0 ? 1 : iv + 1;
        t.Holds(iv > last[pipe.log[i].source], "greater");
        last[pipe.log[i].source] = iv;
    }
    t.Same(last.size(), 2u, "both directions");
}

} // namespace

std::vector<TestCase*>
SessionExchangeTests()
{
    return {
        new Sentence("J2 requests in both directions", BothDirections),
        new Sentence("J2 one request at a time", Window),
        new Sentence("J2 further requests are repeated", Loss),
        new Sentence("J12 further messages damaged", Damaged),
        new Sentence("further requests replayed", Replay),
        new Sentence("unknown critical payloads", UnknownCritical),
        new Sentence("payloads out of place", OutOfPlace),
        new Sentence("the peer deletes the association", Deleted),
        new Sentence("the user acts from within its calls", FromWithin),
        new Sentence("initialisation vectors count up", Vectors),
    };
}

} // namespace karp
} // namespace ns3
