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

constexpr size_t SPI_RESPONDER = 8; //!< where SPIr lies in a header
constexpr size_t FLAGS = 19;        //!< where the flags lie
constexpr size_t MESSAGE_ID = 23;   //!< where the last octet of the message ID lies

// Input: IKE_SA_INIT requests with one field of the header wrong.
// Output: each is refused with its reason, none leaves state or is answered.
void
InitRequest(Sentence& t)
{
    SessionPipe pipe;
    pipe.Initiate();
    const Datagram whole = pipe.Take();
    const auto refuse = [&](Datagram bad, DropReason reason, const char* what) {
        const size_t before = pipe.b.Drops(reason);
        pipe.Arrive(bad);
        t.Same(pipe.b.Drops(reason), before + 1, what);
        t.Same(pipe.b.manager->SessionCount(), 0u, what);
        t.Same(pipe.Wire().size(), 0u, what);
    };
    Datagram bad = whole;
    bad.payload[FLAGS] = 0;
    refuse(bad, DropReason::BAD_VALUE, "not from the initiator");
    bad = whole;
    bad.payload[SPI_RESPONDER] = 1;
    refuse(bad, DropReason::BAD_VALUE, "SPIr in a request");
    bad = whole;
    std::fill_n(bad.payload.begin(), 8, uint8_t{0});
    refuse(bad, DropReason::BAD_VALUE, "no SPIi");
    bad = whole;
    bad.payload[MESSAGE_ID] = 1;
    refuse(bad, DropReason::BAD_MESSAGE_ID, "message ID");
}

// Input: IKE_SA_INIT responses with one thing wrong, then the true one, twice.
// Output: each is refused with its reason and is no candidate; the second copy is one too many.
void
InitResponse(Sentence& t)
{
    PipeOptions options;
    options.a.suites = {SuiteOf("aes128gcm16-prfsha256-x25519"),
                        SuiteOf("aes128gcm16-prfsha256-ecp256")};
    SessionPipe pipe(options);
    pipe.Initiate();
    pipe.Run(1);
    const Datagram whole = pipe.Take();
    const auto refuse = [&](const Datagram& bad, DropReason reason, const char* what) {
        const size_t before = pipe.a.Drops(reason);
        pipe.Arrive(bad);
        t.Same(pipe.a.Drops(reason), before + 1, what);
        t.Same(pipe.Wire().size(), 0u, what);
    };
    Datagram bad = whole;
    bad.payload[MESSAGE_ID] = 1;
    refuse(bad, DropReason::BAD_MESSAGE_ID, "message ID");
    bad = whole;
    bad.payload[FLAGS] |= IKE_FLAG_INITIATOR;
    std::copy_n(whole.payload.begin(), 8, bad.payload.begin() + SPI_RESPONDER);
    refuse(bad, DropReason::UNKNOWN_SPI, "from an initiator, under our own SPI");

    const auto decoded = DecodeIkeMessage(whole.payload);
    IkeMessage message = std::get<IkeMessage>(decoded);
    for (auto& payload : message.payloads)
    {
        if (auto* ke = std::get_if<KePayload>(&payload))
        {
            ke->group = 19;
        }
    }
    bad.payload = EncodeIkeMessage(message);
    refuse(bad, DropReason::BAD_KE, "the value of another group");
    for (auto& payload : message.payloads)
    {
        if (auto* sa = std::get_if<SaPayload>(&payload))
        {
            *sa = AnswerSuite({options.a.suites[1], 2});
        }
        if (auto* ke = std::get_if<KePayload>(&payload))
        {
            ke->data = Bytes(64, 1);
        }
    }
    bad.payload = EncodeIkeMessage(message);
    refuse(bad, DropReason::BAD_KE, "a suite offered, of a group that we sent no value of");
    t.Same(pipe.a.Operations(CryptoOperation::KE_SHARED), 0u, "no work for these");

    pipe.Arrive(whole);
    t.Same(pipe.Wire().size(), 1u, "IKE_AUTH");
    pipe.Wire().clear();
    refuse(whole, DropReason::BAD_MESSAGE_ID, "a copy");
    pipe.PassToNext();
    t.Same(pipe.a.Operations(CryptoOperation::KE_SHARED), 1u, "no candidate of its own");
}

// Input: messages sealed with the true keys whose exchange or message ID does not fit the moment.
// Output: BAD_MESSAGE_ID or BAD_TYPE, and the exchange goes on.
void
Moment(Sentence& t)
{
    const auto whole = [&t](SessionPipe& pipe, const char* what) {
        pipe.Finish();
        t.Holds(pipe.a.manager->FindEstablished(pipe.b.address).has_value(), what);
    };
    for (const bool wrongExchange : {true, false})
    {
        const auto exchange = wrongExchange ? IkeExchange::INFORMATIONAL : IkeExchange::IKE_AUTH;
        const uint32_t id = wrongExchange ? 1 : 2;
        SessionPipe request(LoggedPipe());
        request.Initiate();
        request.Run(2);
        request.Arrive(
            SealAs(request, true, MakeHeader(exchange, true, false, id), IkePayloadType::NONE, {}));
        t.Same(request.b.Drops(DropReason::BAD_MESSAGE_ID), 1u, "instead of IKE_AUTH");
        t.Same(request.b.manager->HalfOpenCount(), 1u, "still half open");
        whole(request, "request");

        SessionPipe response(LoggedPipe());
        response.Initiate();
        response.Run(3);
        response.Arrive(SealAs(response,
                               false,
                               MakeHeader(exchange, false, true, id),
                               IkePayloadType::NONE,
                               {}));
        t.Same(response.a.Drops(DropReason::BAD_MESSAGE_ID), 1u, "instead of its response");
        whole(response, "response");
        t.Same(ToSeconds(response.now), 0.0, "at once");
    }
    for (const bool wrongExchange : {true, false})
    {
        SessionPipe pipe(LoggedPipe());
        const SessionId session = pipe.Establish();
        pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, {}, pipe.now);
        const auto exchange = wrongExchange ? IkeExchange::INFORMATIONAL : IkeExchange::MRKMP_GROUP;
        pipe.Arrive(SealAs(pipe,
                           false,
                           MakeHeader(exchange, false, true, wrongExchange ? 2 : 3),
                           IkePayloadType::NONE,
                           {}));
        t.Same(pipe.a.Drops(wrongExchange ? DropReason::BAD_TYPE : DropReason::BAD_MESSAGE_ID),
               1u,
               "further response");
        t.Same(pipe.a.user.Count("response"), 0u, "not delivered");
        pipe.Run();
        t.Same(pipe.a.user.Count("response"), 1u, "the true one is");
    }
}

// Input: responses under an SPI of nobody, while IKE_AUTH is under way and after it.
// Output: UNKNOWN_SPI, without a look at what is sealed.
void
NobodysSpi(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Initiate();
    pipe.Run(3);
    Datagram bad = pipe.Wire().front();
    bad.payload[SPI_RESPONDER] ^= 1;
    pipe.Arrive(bad);
    t.Same(pipe.a.Drops(DropReason::UNKNOWN_SPI), 1u, "IKE_AUTH");
    t.Same(pipe.a.Operations(CryptoOperation::OPEN), 0u, "no work");
    pipe.Run();
    pipe.a.manager->Request(session, IkeExchange::MRKMP_GROUP, {}, pipe.now);
    pipe.Run(1);
    bad = pipe.Wire().front();
    bad.payload[SPI_RESPONDER] ^= 1;
    pipe.Arrive(bad);
    t.Same(pipe.a.Drops(DropReason::UNKNOWN_SPI), 2u, "later");
    t.Same(pipe.a.Operations(CryptoOperation::OPEN), 1u, "no work");
}

// Input: while r1 waits for a silent forger's IKE_AUTH response, cookies and further responses are
// forged without end.
// Output: three cookies are followed and five responses tried between two timers; after a timer as
// many again: the bound is on the rate, and never shuts out the true responder for good.
void
RateOfWork(Sentence& t)
{
    SessionPipe pipe;
    pipe.Initiate();
    const Datagram request = pipe.Take();
    SessionPeer forger(9, PipeOptions::DefaultConfig(), GroupPsk(2, "not the secret"));
    const auto flood = [&] {
        for (uint8_t i = 0; i < 20; ++i)
        {
            const auto seconds = static_cast<uint8_t>(pipe.now / std::chrono::seconds(1));
            pipe.Arrive(ForgeRefusal(request, MakeNotify(IkeNotify::COOKIE, {seconds, i})));
            forger.manager->Clear();
            forger.manager->Receive(request, pipe.now);
            Datagram answer = forger.manager->PollTransmit().value_or(Datagram{});
            answer.source = pipe.b.address;
            pipe.Arrive(answer);
        }
        size_t inits = 0;
        for (const auto& sent : pipe.Wire())
        {
            inits += HeaderOf(sent).exchange == IkeExchange::IKE_SA_INIT ? 1 : 0;
        }
        pipe.Wire().clear();
        return inits;
    };
    t.Same(flood(), 3u, "cookies followed");
    t.Same(pipe.a.Operations(CryptoOperation::KE_SHARED), 1u, "one candidate is in use");
    for (uint64_t period = 1; period <= 3; ++period)
    {
        const uint64_t before = pipe.a.Operations(CryptoOperation::KE_SHARED);
        pipe.PassToNext();
        pipe.Wire().clear();
        t.Same(flood(), 3u, "cookies followed");
        t.Same(pipe.a.Operations(CryptoOperation::KE_SHARED) - before, 5u, "candidates tried");
    }
}

} // namespace

std::vector<TestCase*>
SessionFieldTests()
{
    return {
        new Sentence("fields of IKE_SA_INIT requests", InitRequest),
        new Sentence("fields of IKE_SA_INIT responses", InitResponse),
        new Sentence("the right message at the wrong moment", Moment),
        new Sentence("an SPI of nobody", NobodysSpi),
        new Sentence("J12 work between two timers is bounded", RateOfWork),
    };
}

} // namespace karp
} // namespace ns3
