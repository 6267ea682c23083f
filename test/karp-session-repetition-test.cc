/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-fixture.h"
#include "karp-session-tests.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/**
 * Let time pass until r1 is told that it failed, nothing of what it sends arriving.
 * \return when, in seconds from now, it sent what was on the wire, and at the end when it failed
 */
std::vector<double>
Silence(Sentence& t, SessionPipe& pipe, const Bytes& expected)
{
    std::vector<double> times;
    const Time start = pipe.now;
    while (pipe.a.user.Count("failed") == 0 && pipe.PassToNext())
    {
        while (!pipe.Wire().empty())
        {
            const Datagram datagram = pipe.Take();
            if (datagram.source == pipe.a.address &&
                HeaderOf(datagram).exchange == PeekIkeHeader(expected)->exchange)
            {
                t.Holds(datagram.payload == expected, "bit-identical");
                times.push_back(ToSeconds(pipe.now - start));
            }
        }
    }
    times.push_back(ToSeconds(pipe.now - start));
    return times;
}

// Input: nothing r1 sends arrives; waits of 2 s doubling, five repetitions, no jitter.
// Output: IKE_SA_INIT at 0, 2, 6, 14, 30, 62 s, the same octets each time; given up at 126 s.
void
InitSchedule(Sentence& t)
{
    SessionPipe pipe;
    pipe.Initiate();
    const Datagram first = pipe.Take();
    const auto times = Silence(t, pipe, first.payload);
    t.Holds(times == std::vector<double>{2, 6, 14, 30, 62, 126}, "schedule");
    t.Same(pipe.a.Events(SessionEvent::Kind::RETRANSMIT), 5u, "told");
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::TIMEOUT, "why");
    t.Holds(!pipe.a.manager->NextTimeout(), "nothing left to do");
}

// Input: IKE_SA_INIT is answered at 1 s, then nothing arrives any more.
// Output: IKE_AUTH on a schedule of its own, counted from its first sending.
void
AuthSchedule(Sentence& t)
{
    SessionPipe pipe;
    pipe.Initiate();
    pipe.Pass(std::chrono::seconds(1));
    pipe.Run(2);
    const Datagram first = pipe.Take();
    t.Holds(HeaderOf(first).exchange == IkeExchange::IKE_AUTH, "IKE_AUTH");
    const auto times = Silence(t, pipe, first.payload);
    t.Holds(times == std::vector<double>{2, 6, 14, 30, 62, 126}, "schedule");
}

// Input: policies with other first waits, factors, tries and jitter.
// Output: waits follow them; jitter only shortens, by no more than its fraction; nonsense is
// bounded.
void
Policies(Sentence& t)
{
    CountingEntropy entropy(3);
    RetransmitPolicy policy;
    policy.first = std::chrono::seconds(4);
    policy.base = 1.8;
    policy.jitter = 0.25;
    Retransmitter waits(policy, Time(0), entropy);
    double expected = 4;
    Time at{0};
    Time shortest = TIME_MAX;
    do
    {
        const double wait = ToSeconds(waits.Due() - at);
        t.Holds(wait <= expected && wait >= 0.75 * expected - 1e-6, "within jitter");
        shortest = std::min(shortest, FromSeconds(expected - wait));
        expected *= 1.8;
        at = waits.Due();
    } while (waits.Repeat(at, entropy));
    t.Same(waits.Repeats(), policy.tries, "tries");
    t.Same(entropy.octets, 6u * 8, "one draw for each wait");
    t.Same(ToSeconds(Retransmitter::Wait(policy, 2)), 4 * 1.8 * 1.8, "without jitter");
    t.Same(ToSeconds(Retransmitter::Longest(RetransmitPolicy{})), 126.0, "patience by default");
    policy.first = Time(0);
    policy.base = 0.5;
    policy.jitter = 7;
    Retransmitter odd(policy, Time(0), entropy);
    t.Holds(odd.Due() > Time(0), "time moves on");
    policy.base = 1e30;
    t.Holds(Retransmitter::Wait(policy, 60) <= Retransmitter::WAIT_MAX, "no overflow");
}

// Input: each of the four messages is lost once.
// Output: the exchange is complete after one wait; the responder repeats its cached response.
void
EachLostOnce(Sentence& t)
{
    for (size_t lost = 0; lost < 4; ++lost)
    {
        SessionPipe pipe;
        const SessionId session = pipe.Initiate();
        pipe.Run(lost);
        const Datagram gone = pipe.Take();
        t.Same(pipe.Run(), 0u, "stuck");
        pipe.PassToNext();
        t.Same(pipe.now.count(), Time(std::chrono::seconds(2)).count(), "one wait");
        pipe.Run();
        t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "complete");
        const auto again = std::find_if(pipe.log.rbegin(), pipe.log.rend(), [&](const Datagram& d) {
            return d.payload == gone.payload;
        });
        t.Holds(again != pipe.log.rend(), "the same octets");
        t.Same(pipe.b.user.Count("auth_request"), 1u, "the user is asked once");
        t.Same(pipe.b.Operations(CryptoOperation::KE_GENERATE), 1u, "no work twice");
        t.Same(pipe.b.Operations(CryptoOperation::OPEN), 1u, "no work twice");
    }
}

// Input: every datagram arrives three times.
// Output: one association on each side, each user called once; copies cost r2 a cached response.
void
EveryCopy(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Initiate();
    size_t moved = 0;
    while (moved++ < 100)
    {
        const Datagram datagram = pipe.Take();
        if (datagram.payload.empty())
        {
            break;
        }
        pipe.Arrive(datagram);
        pipe.Arrive(datagram);
        pipe.Arrive(datagram);
    }
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "complete");
    t.Same(pipe.a.manager->SessionCount(), 1u);
    t.Same(pipe.b.manager->SessionCount(), 1u);
    t.Same(pipe.a.user.calls.size() + pipe.b.user.calls.size(), 2u, "users are called once");
    t.Same(pipe.a.Operations(CryptoOperation::KE_SHARED), 1u, "no work twice");
    t.Same(pipe.b.Operations(CryptoOperation::KE_SHARED), 1u, "no work twice");
    size_t responses = 0;
    for (const auto& sent : pipe.log)
    {
        responses += sent.source == pipe.b.address ? 1 : 0;
    }
    t.Same(responses, 6u, "a response for each copy of a request");
}

// Input: the four messages of a complete exchange arrive again, in any order, after it and after a
// further request.
// Output: only the request answered last is answered again; nothing else happens, all is counted.
void
OldCopies(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Establish();
    const std::vector<Datagram> old = pipe.log;
    const size_t calls = pipe.a.user.calls.size() + pipe.b.user.calls.size();
    for (const size_t i : {3, 0, 2, 1})
    {
        const size_t sent = pipe.log.size();
        pipe.Arrive(old[i]);
        t.Same(pipe.log.size() - sent, i == 2 ? 1u : 0u, "only IKE_AUTH is answered again");
    }
    t.Holds(pipe.log.back().payload == old[3].payload, "as it was");
    t.Same(pipe.b.Drops(DropReason::BAD_MESSAGE_ID), 1u, "IKE_SA_INIT is over");
    t.Same(pipe.a.Drops(), 2u, "no response is expected");
    pipe.Wire().clear();
    pipe.a.manager->Request(session, IkeExchange::INFORMATIONAL, {}, pipe.now);
    pipe.Run();
    const size_t drops = pipe.a.Drops() + pipe.b.Drops();
    const size_t sent = pipe.log.size();
    for (const auto& datagram : old)
    {
        pipe.Arrive(datagram);
    }
    t.Same(pipe.log.size(), sent, "nothing is answered");
    t.Same(pipe.a.Drops() + pipe.b.Drops(), drops + 4, "each is counted");
    t.Same(pipe.a.user.calls.size() + pipe.b.user.calls.size(), calls + 2, "no calls for these");
    t.Same(pipe.a.manager->SessionCount() + pipe.b.manager->SessionCount(), 2u, "no new state");
}

// Input: a repeated IKE_AUTH request overtakes nothing, but r2's first answer comes after r1 has
// repeated; both answers arrive.
// Output: one association; the second answer is counted as out of order.
void
LateAnswer(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Initiate();
    pipe.Run(3);
    const Datagram late = pipe.Take();
    pipe.PassToNext();
    pipe.Run(1);
    const Datagram again = pipe.Take();
    t.Holds(late.payload == again.payload, "the cached response");
    pipe.Arrive(again);
    pipe.Arrive(late);
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "complete");
    t.Same(pipe.a.user.calls.size(), 1u, "delivered once");
    t.Same(pipe.a.Drops(DropReason::BAD_MESSAGE_ID), 1u, "the other is counted");
}

// Input: r2 forgets a half-open association while r1's IKE_AUTH requests are lost.
// Output: r1 asks again from the start, and the exchange ends well.
void
HalfOpenForgotten(Sentence& t)
{
    PipeOptions options;
    options.b.halfOpenTimeout = std::chrono::seconds(3);
    SessionPipe pipe(options);
    const SessionId session = pipe.Initiate();
    pipe.Run(2);
    pipe.Take();
    t.Same(pipe.b.manager->HalfOpenCount(), 1u);
    pipe.Pass(std::chrono::seconds(4));
    t.Same(pipe.b.manager->HalfOpenCount(), 0u, "forgotten");
    pipe.Run();
    t.Holds(!pipe.a.manager->FindEstablished(pipe.b.address), "r2 knows nothing of IKE_AUTH");
    pipe.Finish();
    t.Same(ToSeconds(pipe.now), 6.0, "with the second repetition");
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "complete");
}

} // namespace

std::vector<TestCase*>
SessionRepetitionTests()
{
    return {
        new Sentence("J2 the sender repeats IKE_SA_INIT", InitSchedule),
        new Sentence("J2 the sender repeats IKE_AUTH", AuthSchedule),
        new Sentence("J2 waits grow, with jitter", Policies),
        new Sentence("J2 each message lost once", EachLostOnce),
        new Sentence("J2 every message in three copies", EveryCopy),
        new Sentence("J2 old messages again", OldCopies),
        new Sentence("J2 a late answer", LateAnswer),
        new Sentence("J2 the responder forgets too early", HalfOpenForgotten),
    };
}

} // namespace karp
} // namespace ns3
