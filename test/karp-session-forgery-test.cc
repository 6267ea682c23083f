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

/** \return whether the exchange of \p pipe has ended as it should */
bool
IsComplete(const SessionPipe& pipe)
{
    return pipe.a.manager->FindEstablished(pipe.b.address).has_value() &&
           pipe.a.user.Count("auth_response") == 1 && pipe.b.user.Count("auth_request") == 1;
}

/** \return the response of \p forger to \p request, as if it came from the true responder */
Datagram
AnswerBy(SessionPeer& forger, const Datagram& request, Time now)
{
    forger.manager->Receive(request, now);
    Datagram answer = forger.manager->PollTransmit().value_or(Datagram{});
    answer.source = request.destination;
    return answer;
}

/** \return somebody who speaks the protocol and does not know the key */
std::unique_ptr<SessionPeer>
MakeForger()
{
    SessionConfig config = PipeOptions::DefaultConfig();
    config.cookieThreshold = config.halfOpenMax + 1;
    config.halfOpenPerPeerMax = 200;
    return std::make_unique<SessionPeer>(9, config, GroupPsk(2, "not the secret"));
}

// Input: each of the four messages cut short at each length, before the whole one.
// Output: every piece is refused and counted, nothing changes; the whole one is as good as ever.
void
CutShort(Sentence& t)
{
    for (size_t which = 0; which < 4; ++which)
    {
        SessionPipe pipe;
        pipe.Initiate();
        pipe.Run(which);
        const Datagram whole = pipe.Take();
        const size_t sent = pipe.log.size();
        for (size_t size = 0; size < whole.payload.size(); ++size)
        {
            Datagram piece = whole;
            piece.payload.resize(size);
            pipe.Arrive(piece);
        }
        t.Same(pipe.a.Drops() + pipe.b.Drops(), whole.payload.size(), "each is counted");
        t.Same(pipe.log.size(), sent, "none is answered");
        pipe.Arrive(whole);
        pipe.Run();
        t.Holds(IsComplete(pipe), "complete at once");
        t.Same(pipe.now.count(), 0, "no time was lost");
    }
}

// Input: IKE_AUTH request and response with each of their bits turned over, before the true one.
// Output: each is refused, nothing changes, nothing is answered; the true one is as good as ever.
void
AuthBits(Sentence& t)
{
    for (const size_t which : {2, 3})
    {
        SessionPipe pipe;
        pipe.Initiate();
        pipe.Run(which);
        const Datagram whole = pipe.Take();
        const size_t sent = pipe.log.size();
        for (size_t bit = 0; bit < 8 * whole.payload.size(); ++bit)
        {
            Datagram bad = whole;
            bad.payload[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
            pipe.Arrive(bad);
        }
        t.Same(pipe.a.Drops() + pipe.b.Drops(), 8 * whole.payload.size(), "each is counted");
        t.Same(pipe.log.size(), sent, "none is answered");
        pipe.Arrive(whole);
        pipe.Run();
        t.Holds(IsComplete(pipe), "complete at once");
    }
}

// Input: an IKE_SA_INIT message with one bit of each octet turned over, before the true one.
// Output: whatever comes of it, the exchange ends well, with one association at r1.
void
InitBits(Sentence& t)
{
    for (const size_t which : {0, 1})
    {
        for (size_t octet = 0; octet < 144; ++octet)
        {
            SessionPipe pipe;
            pipe.Initiate();
            pipe.Run(which);
            const Datagram whole = pipe.Take();
            Datagram bad = whole;
            bad.payload[octet] ^= static_cast<uint8_t>(1u << (octet % 8));
            pipe.Arrive(bad);
            pipe.Arrive(whole);
            pipe.Finish();
            t.Holds(IsComplete(pipe), "octet " + std::to_string(octet));
            t.Holds(pipe.now <= std::chrono::seconds(6), "soon");
            t.Same(pipe.a.manager->SessionCount(), 1u, "one association");
        }
    }
}

// Input: all of these at once: an IKE_SA_INIT request and its response with every bit turned over.
// Output: what r2 keeps is bounded; the exchange ends well.
void
InitStorm(Sentence& t)
{
    SessionPipe pipe;
    pipe.Initiate();
    for (const size_t which : {0, 1})
    {
        const Datagram whole = pipe.Take();
        for (size_t bit = 0; bit < 8 * whole.payload.size(); ++bit)
        {
            Datagram bad = whole;
            bad.payload[bit / 8] ^= static_cast<uint8_t>(1u << (bit % 8));
            pipe.Arrive(bad);
        }
        pipe.Arrive(whole);
        t.Holds(pipe.b.manager->HalfOpenCount() <= 8, "bounded for one address");
        if (which == 0)
        {
            // The answers to damaged requests come first, the true one last.
            while (pipe.Wire().size() > 1)
            {
                pipe.Step();
            }
        }
    }
    t.Holds(pipe.a.Operations(CryptoOperation::KE_SHARED) <= 5, "work is bounded");
    pipe.Finish();
    t.Holds(IsComplete(pipe), "complete");
}

// Input: a forger who does not know the key answers first, then r2; the forger keeps silent.
// Output: r1 waits once for the forger, then tries r2.
//
//   r1                         forger       r2
//    | IKE_SA_INIT                |         |
//    |----------------------------+-------->|
//    |<---------------------------|         |
//    | IKE_AUTH, to the forger    |         |
//    |--------------------------->|         |
//    |<-------------------------------------|  kept
//    | IKE_AUTH, to r2                      |
//    |------------------------------------->|
void
SilentForger(Sentence& t)
{
    SessionPipe pipe;
    auto forger = MakeForger();
    pipe.Initiate();
    const Datagram request = pipe.Take();
    pipe.Arrive(AnswerBy(*forger, request, pipe.now));
    t.Same(pipe.Wire().size(), 1u, "IKE_AUTH to the forger");
    pipe.Wire().clear();
    pipe.Arrive(request);
    pipe.Run();
    t.Holds(!IsComplete(pipe), "kept");
    pipe.PassToNext();
    pipe.Run();
    t.Holds(IsComplete(pipe), "J12");
    t.Same(pipe.now.count(), Time(std::chrono::seconds(2)).count(), "one wait");
    t.Same(pipe.a.Operations(CryptoOperation::KE_SHARED), 2u, "two tried");
}

// Input: as before, and the forger answers IKE_AUTH: it says AUTHENTICATION_FAILED under SK.
// Output: r1 leaves it for r2 at once; the failure of somebody unproven is not ours.
void
TalkingForger(Sentence& t)
{
    SessionPipe pipe;
    auto forger = MakeForger();
    pipe.Initiate();
    const Datagram request = pipe.Take();
    pipe.Arrive(AnswerBy(*forger, request, pipe.now));
    const Datagram auth = pipe.Take();
    pipe.Arrive(request);
    pipe.Run();
    pipe.Arrive(AnswerBy(*forger, auth, pipe.now));
    t.Same(pipe.a.Drops(DropReason::AUTH_FAILED), 1u, "counted");
    pipe.Run();
    t.Holds(IsComplete(pipe), "J12");
    t.Same(pipe.now.count(), 0, "at once");
}

// Input: only the forger's answers arrive, r2's IKE_SA_INIT response is lost.
// Output: talking or silent, the forger costs a wait or two; r1 asks again and r2 answers again.
void
ForgerAndLoss(Sentence& t)
{
    for (const bool talks : {true, false})
    {
        SessionPipe pipe;
        auto forger = MakeForger();
        pipe.Initiate();
        const Datagram request = pipe.Take();
        pipe.Arrive(AnswerBy(*forger, request, pipe.now));
        const Datagram auth = pipe.Take();
        pipe.Arrive(request);
        pipe.Take(); // r2's response
        if (talks)
        {
            pipe.Arrive(AnswerBy(*forger, auth, pipe.now));
        }
        t.Same(pipe.Wire().size(), 0u, "nobody left");
        pipe.Finish();
        t.Holds(IsComplete(pipe), "J12");
        t.Same(ToSeconds(pipe.now), talks ? 2.0 : 6.0, "soon");
        t.Same(pipe.b.Operations(CryptoOperation::KE_GENERATE), 1u, "r2 repeats its response");
    }
}

// Input: a response under r2's own SPI, but with another key, before r2's own.
// Output: IKE_AUTH responses are told apart by who can seal them.
void
SameSpi(Sentence& t)
{
    SessionPipe pipe;
    auto forger = MakeForger();
    pipe.Initiate();
    const Datagram request = pipe.Take();
    pipe.Arrive(request);
    const Datagram answer = pipe.Take();
    Datagram forged = AnswerBy(*forger, request, pipe.now);
    std::copy_n(answer.payload.begin() + 8, 8, forged.payload.begin() + 8);
    pipe.Arrive(forged);
    pipe.Arrive(answer);
    pipe.Finish();
    t.Holds(IsComplete(pipe), "J12");
    t.Same(pipe.b.Drops(DropReason::BAD_ICV), 1u, "what r1 sealed for the forger");
}

// Input: a hundred forged responses, each well formed, then r2's.
// Output: five are kept, work is bounded between two timers; as they keep silent they make room.
void
ManyForgers(Sentence& t)
{
    SessionPipe pipe;
    auto forger = MakeForger();
    pipe.Initiate();
    const Datagram request = pipe.Take();
    for (int i = 0; i < 100; ++i)
    {
        pipe.Arrive(AnswerBy(*forger, request, pipe.now));
        forger->manager->Clear(); // so that it answers anew
    }
    t.Same(pipe.a.Drops(DropReason::TOO_MANY), 95u, "one in use, four beside");
    t.Same(pipe.a.Operations(CryptoOperation::KE_SHARED), 1u, "one at a time");
    pipe.Wire().clear();
    pipe.Arrive(request);
    pipe.Finish();
    t.Holds(IsComplete(pipe), "J12");
    t.Holds(pipe.now <= std::chrono::seconds(14), "in time");
}

// Input: a hundred forgers who answer both messages, one after the other, before r2 does.
// Output: five are tried before the next timer, then r2 has its turn.
void
ManyTalkers(Sentence& t)
{
    SessionPipe pipe;
    auto forger = MakeForger();
    pipe.Initiate();
    const Datagram request = pipe.Take();
    for (int i = 0; i < 100; ++i)
    {
        pipe.Arrive(AnswerBy(*forger, request, pipe.now));
        const Datagram auth = pipe.Take();
        if (!auth.payload.empty())
        {
            pipe.Arrive(AnswerBy(*forger, auth, pipe.now));
        }
        forger->manager->Clear();
    }
    t.Same(pipe.a.Operations(CryptoOperation::KE_SHARED), 5u, "work is bounded");
    pipe.Arrive(request);
    pipe.Finish();
    t.Holds(IsComplete(pipe), "J12");
    t.Holds(pipe.now <= std::chrono::seconds(8), "in time");
}

// Input: every notification an IKE_SA_INIT response may carry, unsigned, at each stage.
// Output: each is counted, none ends or delays anything.
void
Notifications(Sentence& t)
{
    for (const size_t stage : {0, 2})
    {
        SessionPipe pipe;
        pipe.Initiate();
        const Datagram request = pipe.Wire().front();
        pipe.Run(stage);
        const Datagram next = pipe.Take();
        size_t count = 0;
        for (const auto type : {IkeNotify::UNSUPPORTED_CRITICAL_PAYLOAD,
                                IkeNotify::INVALID_IKE_SPI,
                                IkeNotify::INVALID_MAJOR_VERSION,
                                IkeNotify::INVALID_SYNTAX,
                                IkeNotify::INVALID_MESSAGE_ID,
                                IkeNotify::NO_PROPOSAL_CHOSEN,
                                IkeNotify::AUTHENTICATION_FAILED,
                                IkeNotify::TEMPORARY_FAILURE,
                                IkeNotify::MRKMP_WRONG_GCKS,
                                IkeNotify::MRKMP_GCKS_UNKNOWN,
                                IkeNotify::INITIAL_CONTACT})
        {
            Datagram forged = ForgeRefusal(request, MakeNotify(type));
            pipe.Arrive(forged);
            ++count;
            t.Same(pipe.a.Drops(), count, ToString(type));
            // The same in the clear where SK should be.
            forged.payload[18] = static_cast<uint8_t>(IkeExchange::IKE_AUTH);
            forged.payload[23] = 1;
            pipe.Arrive(forged);
            ++count;
            t.Same(pipe.a.Drops(), count, ToString(type));
        }
        t.Same(pipe.Wire().size(), 0u, "nothing is sent");
        pipe.Arrive(next);
        pipe.Run();
        t.Holds(IsComplete(pipe), "complete at once");
    }
}

// Input: r2's own messages from another address, with another SPI, with another direction.
// Output: they belong to no association.
void
WrongPlace(Sentence& t)
{
    SessionPipe pipe;
    pipe.Initiate();
    pipe.Run(2);
    const Datagram auth = pipe.Take();
    Datagram bad = auth;
    bad.source = IpAddress{0x0a000003};
    pipe.Arrive(bad);
    t.Same(pipe.b.Drops(DropReason::UNKNOWN_SPI), 1u, "other address");
    bad = auth;
    bad.payload[15] ^= 1;
    pipe.Arrive(bad);
    t.Same(pipe.b.Drops(DropReason::UNKNOWN_SPI), 2u, "other SPIr");
    bad = auth;
    bad.payload[7] ^= 1;
    pipe.Arrive(bad);
    t.Same(pipe.b.Drops(DropReason::UNKNOWN_SPI), 3u, "other SPIi");
    bad = auth;
    bad.payload[19] = 0; // neither initiator nor response
    pipe.Arrive(bad);
    t.Same(pipe.b.Drops(DropReason::UNKNOWN_SPI), 4u, "other direction");
    bad = auth;
    bad.payload[18] = 99;
    pipe.Arrive(bad);
    t.Same(pipe.b.Drops(DropReason::BAD_TYPE), 1u, "other exchange");
    t.Same(pipe.b.Operations(CryptoOperation::KE_SHARED), 0u, "no work for these");
    pipe.Arrive(auth);
    pipe.Run();
    t.Holds(IsComplete(pipe), "complete");
}

} // namespace

std::vector<TestCase*>
SessionForgeryTests()
{
    return {
        new Sentence("J12 messages cut short", CutShort),
        new Sentence("J12 bits of IKE_AUTH turned over", AuthBits),
        new Sentence("J12 bits of IKE_SA_INIT turned over", InitBits),
        new Sentence("J12 all bits of IKE_SA_INIT turned over at once", InitStorm),
        new Sentence("J12 a silent forger answers first", SilentForger),
        new Sentence("J12 a talking forger answers first", TalkingForger),
        new Sentence("J12 a forger, and the true answer lost", ForgerAndLoss),
        new Sentence("J12 a forger under the true SPI", SameSpi),
        new Sentence("J12 many silent forgers", ManyForgers),
        new Sentence("J12 many talking forgers", ManyTalkers),
        new Sentence("J12 forged notifications", Notifications),
        new Sentence("messages in the wrong place", WrongPlace),
    };
}

} // namespace karp
} // namespace ns3
