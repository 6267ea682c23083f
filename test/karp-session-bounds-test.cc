/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-session-fixture.h"
#include "karp-session-tests.h"

#include <map>

namespace ns3
{
namespace karp
{

namespace
{

/** Many routers and one responder, everything arriving at once. */
struct Crowd
{
    /** \param config of the responder, 10.0.0.2 */
    explicit Crowd(const SessionConfig& config)
        : server(2, config, GroupPsk(2, "secret"))
    {
    }

    /** \return router \p index, made when first asked for */
    SessionPeer& Client(uint8_t index)
    {
        auto& client = clients[index];
        if (!client)
        {
            client = std::make_unique<SessionPeer>(index,
                                                   PipeOptions::DefaultConfig(),
                                                   GroupPsk(index, "secret"));
        }
        return *client;
    }

    /** Move datagrams between \p client and the server, at most \p most. */
    void Run(SessionPeer& client, size_t most = 100)
    {
        for (size_t i = 0; i < most; ++i)
        {
            auto datagram = client.manager->PollTransmit();
            SessionPeer* to = &server;
            if (datagram)
            {
                datagram->source = client.address;
            }
            else if ((datagram = server.manager->PollTransmit()))
            {
                datagram->source = server.address;
                to = &client;
            }
            else
            {
                break;
            }
            if (datagram->destination == to->address)
            {
                to->manager->Receive(*datagram, now);
            }
        }
        client.Drain();
        server.Drain();
    }

    /** Router \p index joins. \return whether it is established on both sides */
    bool Join(uint8_t index)
    {
        SessionPeer& client = Client(index);
        client.manager->Initiate(server.address, {}, false, now);
        Run(client);
        return client.manager->FindEstablished(server.address) &&
               server.manager->FindEstablished(client.address);
    }

    /** An IKE_SA_INIT request in the name of \p source, whoever that is. */
    void Flood(IpAddress source)
    {
        SessionPeer& maker = Client(200);
        maker.manager->Initiate(server.address, {}, false, now);
        auto datagram = maker.manager->PollTransmit();
        datagram->source = source;
        server.manager->Receive(*datagram, now);
        server.Drain();
        maker.manager->Clear();
        maker.Drain();
    }

    /** Forget what the server has to send. \return how much that was */
    size_t Discard()
    {
        size_t count = 0;
        while (server.manager->PollTransmit())
        {
            ++count;
        }
        return count;
    }

    SessionPeer server;                                      //!< responder
    std::map<uint8_t, std::unique_ptr<SessionPeer>> clients; //!< initiators
    Time now{0};                                             //!< present
};

// Input: a thousand IKE_SA_INIT requests from as many addresses that are not the sender's.
// Output: thirty half-open associations, then only cookies, which cost no key pair; a router that
// returns its cookie joins meanwhile; after half a minute nothing is left of the flood.
void
Flood(Sentence& t)
{
    Crowd crowd(PipeOptions::DefaultConfig());
    for (uint32_t i = 0; i < 1000; ++i)
    {
        crowd.Flood(IpAddress{0x0a010000u + i});
    }
    t.Same(crowd.server.manager->HalfOpenCount(), 30u, "from then on cookies");
    t.Same(crowd.server.Operations(CryptoOperation::KE_GENERATE), 30u, "key pairs");
    t.Same(crowd.server.Drops(DropReason::BAD_COOKIE), 970u, "asked for");
    t.Same(crowd.Discard(), 1000u, "one answer each, no more");
    t.Holds(crowd.Join(3), "a router joins meanwhile");
    crowd.now = std::chrono::seconds(30);
    crowd.server.manager->Advance(crowd.now);
    t.Same(crowd.server.manager->HalfOpenCount(), 0u, "forgotten");
    t.Same(crowd.server.manager->SessionCount(), 1u, "but for the router");
}

// Input: requests in the name of one address; cookies never asked for.
// Output: eight half-open associations of it, HALF_OPEN_LIMIT for the rest; others are not
// hindered.
void
OneAddress(Sentence& t)
{
    SessionConfig config = PipeOptions::DefaultConfig();
    config.cookieThreshold = config.halfOpenMax + 1;
    Crowd crowd(config);
    for (uint32_t i = 0; i < 20; ++i)
    {
        crowd.Flood(IpAddress{0x0a010000});
    }
    t.Same(crowd.server.manager->HalfOpenCount(), 8u, "for one address");
    t.Same(crowd.server.Drops(DropReason::HALF_OPEN_LIMIT), 12u, "counted");
    t.Same(crowd.Discard(), 8u, "the rest is not answered");
    t.Holds(crowd.Join(3), "another address");
}

// Input: as before with cookies on, the victim's own address being used; then the victim comes.
// Output: half of the address's share is given without cookie; the victim, who can return one,
// joins.
void
VictimsAddress(Sentence& t)
{
    Crowd crowd(PipeOptions::DefaultConfig());
    for (uint32_t i = 0; i < 20; ++i)
    {
        crowd.Flood(IpAddress{0x0a000003});
    }
    t.Same(crowd.server.manager->HalfOpenCount(), 4u, "without cookie");
    crowd.Discard();
    t.Holds(crowd.Join(3), "the victim joins");
}

// Input: all places taken, cookies never asked for; then the same with cookies.
// Output: without cookies newcomers are refused; with a cookie a newcomer takes the oldest place.
void
NoPlaceLeft(Sentence& t)
{
    SessionConfig config = PipeOptions::DefaultConfig();
    config.halfOpenMax = 5;
    config.cookieThreshold = 6;
    Crowd shut(config);
    config.cookieThreshold = 5;
    Crowd open(config);
    for (Crowd* crowd : {&shut, &open})
    {
        for (uint32_t i = 0; i < 9; ++i)
        {
            crowd->Flood(IpAddress{0x0a010000u + i});
        }
        t.Same(crowd->server.manager->HalfOpenCount(), 5u, "bounded");
        crowd->Discard();
    }
    t.Same(shut.server.Drops(DropReason::HALF_OPEN_LIMIT), 4u, "counted");
    t.Holds(!shut.Join(3), "no cookie, no place");
    t.Holds(open.Join(3), "the oldest place");
    t.Same(open.server.manager->HalfOpenCount(), 4u, "which is lost");
    t.Holds(open.server.drops.back().peer == IpAddress{0x0a010000}, "counted for its owner");
}

// Input: a responder with room for three associations; five routers join, one after the other; the
// first is used again meanwhile.
// Output: always the one unused for longest makes room; its peer can come back.
void
SessionBound(Sentence& t)
{
    SessionConfig config = PipeOptions::DefaultConfig();
    config.sessionsMax = 3;
    Crowd crowd(config);
    for (uint8_t i = 3; i <= 5; ++i)
    {
        crowd.now += std::chrono::seconds(1);
        t.Holds(crowd.Join(i), "joins");
    }
    crowd.now += std::chrono::seconds(1);
    SessionPeer& first = crowd.Client(3);
    const auto session = first.manager->FindEstablished(crowd.server.address);
    t.Holds(session.has_value(), "first");
    first.manager->Request(session.value_or(0), IkeExchange::INFORMATIONAL, {}, crowd.now);
    crowd.Run(first);
    for (uint8_t i = 6; i <= 7; ++i)
    {
        crowd.now += std::chrono::seconds(1);
        t.Holds(crowd.Join(i), "joins");
        t.Same(crowd.server.manager->SessionCount(), 3u, "bounded");
    }
    const auto knows = [&crowd](uint8_t index) {
        return crowd.server.manager->FindEstablished(IpAddress{0x0a000000u + index}).has_value();
    };
    t.Holds(knows(3) && knows(6) && knows(7), "used last");
    t.Holds(!knows(4) && !knows(5), "unused for longest");
    t.Holds(crowd.Join(4), "comes back");
}

// Input: an initiator with room for two, both in the middle of an initial exchange.
// Output: a third fails with NO_ROOM, after its name is known to the user.
void
InitiatorBound(Sentence& t)
{
    PipeOptions options;
    options.a.sessionsMax = 2;
    SessionPipe pipe(options);
    pipe.Initiate();
    pipe.Initiate();
    const SessionId third = pipe.Initiate();
    t.Same(pipe.a.user.calls.size(), 0u, "not while it is being begun");
    t.Same(pipe.a.manager->SessionCount(), 2u, "bounded");
    pipe.PassToNext();
    t.Same(pipe.a.user.Last("failed").session, third, "which");
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::NO_ROOM, "why");
    t.Same(pipe.now.count(), Time(std::chrono::milliseconds(1)).count(), "soon");
}

// Input: room for one: on the initiator's side taken by an association with a request under way, on
// the responder's side by one that its user has refused.
// Output: the first is not pushed out, the second is.
void
WhoIsPushedOut(Sentence& t)
{
    PipeOptions options;
    options.a.sessionsMax = 1;
    SessionPipe pipe(options);
    const SessionId session = pipe.Establish();
    pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, {}, pipe.now);
    pipe.Initiate();
    pipe.PassToNext();
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::NO_ROOM, "not pushed out");
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "still there");

    SessionConfig config = PipeOptions::DefaultConfig();
    config.sessionsMax = 1;
    Crowd crowd(config);
    crowd.server.user.authAnswer = {MakeNotify(IkeNotify::MRKMP_NOT_AUTHORIZED)};
    t.Holds(!crowd.Join(3), "refused");
    t.Same(crowd.server.manager->SessionCount(), 1u, "its answer is kept");
    crowd.server.user.authAnswer.clear();
    t.Holds(crowd.Join(4), "pushed out");
}

// Input: an association, used at 60 s and then not any more; it may be idle for 120 s.
// Output: both sides forget it at 180 s, without a word, and the users are not told; a request then
// is refused at once, a new initial exchange works.
void
Idle(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Establish();
    pipe.Pass(std::chrono::seconds(60));
    t.Holds(pipe.a.manager->Request(session, IkeExchange::INFORMATIONAL, {}, pipe.now), "used");
    pipe.Run();
    const size_t calls = pipe.a.user.calls.size() + pipe.b.user.calls.size();
    const size_t sent = pipe.log.size();
    pipe.Pass(Time(std::chrono::seconds(180)) - Time(1));
    t.Same(pipe.a.manager->SessionCount() + pipe.b.manager->SessionCount(), 2u, "not yet");
    pipe.Pass(std::chrono::seconds(180));
    t.Same(pipe.a.manager->SessionCount() + pipe.b.manager->SessionCount(), 0u, "forgotten");
    t.Same(pipe.a.user.calls.size() + pipe.b.user.calls.size(), calls, "no call");
    t.Same(pipe.log.size(), sent, "no word");
    t.Holds(!pipe.a.manager->Request(session, IkeExchange::INFORMATIONAL, {}, pipe.now), "gone");
    t.Holds(!pipe.a.manager->NextTimeout() && !pipe.b.manager->NextTimeout(), "no timer left");
    t.Holds(pipe.Establish() != 0, "again");
}

// Input: Clear in the middle of exchanges.
// Output: nothing is left, nobody is told.
void
Forget(Sentence& t)
{
    SessionPipe pipe;
    pipe.Establish();
    pipe.Initiate();
    pipe.Run(1);
    t.Same(pipe.b.manager->HalfOpenCount(), 1u);
    pipe.a.manager->Clear();
    pipe.b.manager->Clear();
    t.Same(pipe.a.manager->SessionCount() + pipe.b.manager->SessionCount(), 0u);
    t.Same(pipe.b.manager->HalfOpenCount(), 0u);
    t.Holds(!pipe.a.manager->NextTimeout() && !pipe.b.manager->NextTimeout(), "no timer");
    t.Same(pipe.a.user.Count("failed") + pipe.b.user.Count("failed"), 0u, "no call");
    pipe.Run();
    t.Same(pipe.a.manager->SessionCount() + pipe.b.manager->SessionCount(), 0u);
}

// Input: a host that fetches nothing, and much news.
// Output: what waits for it is bounded.
void
NobodyFetches(Sentence& t)
{
    SessionPipe pipe;
    Datagram junk;
    junk.source = pipe.a.address;
    junk.destination = pipe.b.address;
    junk.payload = Bytes(27, 0);
    for (size_t i = 0; i < 20000; ++i)
    {
        pipe.b.manager->Receive(junk, pipe.now);
    }
    pipe.b.Drain();
    t.Same(pipe.b.Drops(DropReason::TRUNCATED), 16384u, "the last ones");
}

} // namespace

std::vector<TestCase*>
SessionBoundsTests()
{
    return {
        new Sentence("a flood is answered by cookies", Flood),
        new Sentence("one address has a bound of its own", OneAddress),
        new Sentence("a flood in the name of a victim", VictimsAddress),
        new Sentence("no half-open place left", NoPlaceLeft),
        new Sentence("associations are bounded", SessionBound),
        new Sentence("an initiator's associations are bounded", InitiatorBound),
        new Sentence("who is pushed out", WhoIsPushedOut),
        new Sentence("J7 idle associations are forgotten", Idle),
        new Sentence("everything can be forgotten", Forget),
        new Sentence("what waits for the host is bounded", NobodyFetches),
    };
}

} // namespace karp
} // namespace ns3
