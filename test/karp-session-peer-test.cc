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

const Bytes BROKEN{0, 0, 0, 99, 1, 2}; //!< a chain whose only payload is longer than it

/** \return a payload that does not fit into a message together with another one like it */
IkePayload
Huge()
{
    UnknownPayload payload;
    payload.type = 200;
    payload.body = Bytes(40000, 1);
    return payload;
}

/** \return \p datagram, an IKE_SA_INIT message, with \p value as its key-exchange value */
Datagram
WithPublicValue(Datagram datagram, const Bytes& value)
{
    auto decoded = DecodeIkeMessage(datagram.payload);
    auto& message = std::get<IkeMessage>(decoded);
    for (auto& payload : message.payloads)
    {
        if (auto* ke = std::get_if<KePayload>(&payload))
        {
            ke->data = value;
        }
    }
    datagram.payload = EncodeIkeMessage(message);
    return datagram;
}

// Input: key-exchange values that are none: of the wrong length, and of the right length but
// worthless, as the request's or the response's.
// Output: BAD_KE; a worthless one shows only when it is used, and ends nothing but itself.
void
WorthlessValues(Sentence& t)
{
    SessionPipe pipe;
    const SessionId session = pipe.Initiate();
    const Datagram request = pipe.Take();
    pipe.Arrive(WithPublicValue(request, Bytes(31, 9)));
    t.Same(pipe.b.Drops(DropReason::BAD_KE), 1u, "too short");
    t.Same(pipe.b.manager->SessionCount(), 0u, "no state");
    pipe.Arrive(request);
    const Datagram response = pipe.Take();
    pipe.Arrive(WithPublicValue(response, Bytes(33, 9)));
    t.Same(pipe.a.Drops(DropReason::BAD_KE), 1u, "too long");
    pipe.Arrive(WithPublicValue(response, Bytes(32, 0)));
    t.Same(pipe.a.Drops(DropReason::BAD_KE), 2u, "of small order");
    pipe.Arrive(response);
    pipe.Run();
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "J12");
    t.Same(pipe.a.Operations(CryptoOperation::KE_SHARED), 2u, "failing ones count");

    SessionPipe other;
    other.Initiate();
    other.Arrive(WithPublicValue(other.Take(), Bytes(32, 0)));
    t.Same(other.b.manager->HalfOpenCount(), 1u, "not seen yet");
    other.Run();
    t.Same(other.b.Drops(DropReason::BAD_KE), 1u, "seen with IKE_AUTH");
    t.Same(other.b.manager->HalfOpenCount(), 0u, "gone");
    t.Same(other.b.Operations(CryptoOperation::KE_SHARED), 1u, "failing ones count");
}

// Input: a response without a responder's SPI.
// Output: BAD_VALUE.
void
NoSpi(Sentence& t)
{
    SessionPipe pipe;
    pipe.Initiate();
    pipe.Run(1);
    Datagram response = pipe.Take();
    std::fill_n(response.payload.begin() + 8, 8, uint8_t{0});
    pipe.Arrive(response);
    t.Same(pipe.a.Drops(DropReason::BAD_VALUE), 1u);
}

// Input: chains that are broken inside, sealed with the true keys, in each kind of message.
// Output: IKE_AUTH request: INVALID_SYNTAX, and no association. IKE_AUTH response: this candidate
// is out. Further request: INVALID_SYNTAX, and the end. Further response: the end, REFUSED.
void
BrokenInside(Sentence& t)
{
    SessionPipe request(LoggedPipe());
    request.Initiate();
    request.Run(2);
    request.Take();
    request.Arrive(SealAs(request,
                          true,
                          MakeHeader(IkeExchange::IKE_AUTH, true, false, 1),
                          IkePayloadType::NOTIFY,
                          BROKEN));
    t.Same(request.Wire().size(), 1u, "answered");
    t.Same(request.b.user.calls.size(), 0u, "not seen");
    t.Same(request.b.Drops(), 1u, "counted");
    t.Holds(!request.b.manager->FindEstablished(request.a.address), "nothing came of it");

    // An ID alone is whole, but it is no IKE_AUTH response.
    const std::vector<std::pair<Bytes, DropReason>> bad{
        {BROKEN, DropReason::TRUNCATED},
        {Bytes{0, 0, 0, 9, 2, 0, 0, 0, 'x'}, DropReason::MISSING_PAYLOAD},
    };
    for (const auto& [chain, reason] : bad)
    {
        SessionPipe response(LoggedPipe());
        response.Initiate();
        response.Run(3);
        response.Take();
        response.Arrive(SealAs(response,
                               false,
                               MakeHeader(IkeExchange::IKE_AUTH, false, true, 1),
                               IkePayloadType::ID_RESPONDER,
                               chain));
        t.Same(response.a.Drops(reason), 1u, ToString(reason));
        t.Same(response.a.user.calls.size(), 0u, "not seen");
    }

    SessionPipe further(LoggedPipe());
    further.Establish();
    further.Arrive(SealAs(further,
                          true,
                          MakeHeader(IkeExchange::INFORMATIONAL, true, false, 2),
                          IkePayloadType::NOTIFY,
                          BROKEN));
    t.Same(further.Wire().size(), 1u, "answered");
    t.Holds(!further.b.manager->FindEstablished(further.a.address), "ended");
    further.Wire().clear();
    further.Arrive(SealAs(further,
                          true,
                          MakeHeader(IkeExchange::INFORMATIONAL, true, false, 3),
                          IkePayloadType::NONE,
                          {}));
    t.Same(further.b.Drops(DropReason::UNEXPECTED_EVENT), 1u, "nothing new in an ended one");
    t.Same(further.Wire().size(), 0u, "nor an answer");

    SessionPipe answer(LoggedPipe());
    const SessionId session = answer.Establish();
    answer.a.manager->Request(session, IkeExchange::INFORMATIONAL, {}, answer.now);
    answer.Take();
    answer.Arrive(SealAs(answer,
                         false,
                         MakeHeader(IkeExchange::INFORMATIONAL, false, true, 2),
                         IkePayloadType::NOTIFY,
                         BROKEN));
    t.Holds(answer.a.user.Last("failed").why == SessionFailure::REFUSED, "there is no better one");
    t.Same(answer.a.user.Count("failed"), 1u, "told");
    t.Same(answer.a.manager->SessionCount(), 0u, "ended");
}

// Input: notifications of ours whose data have a length that their receiver could not read, by one
// who knows the credentials. Output: the request is refused as a whole, and counted.
void
NotifiedWrongly(Sentence& t)
{
    const std::vector<NotifyPayload> bad{
        MakeNotify(IkeNotify::MRKMP_BOOT_ID, Bytes(7)),
        MakeNotify(IkeNotify::MRKMP_REQUEST_PMK, Bytes(2)),
        MakeNotify(IkeNotify::MRKMP_RESIGN, Bytes(5)),
        MakeNotify(IkeNotify::MRKMP_MERGE_SA, Bytes(1)),
        MakeNotify(IkeNotify::MRKMP_HANDOVER, Bytes(1)),
    };
    for (const auto& notify : bad)
    {
        SessionPipe pipe;
        pipe.a.manager->Initiate(pipe.b.address, {notify}, false, pipe.now);
        t.Same(pipe.Run(), 4u, "answered");
        t.Same(pipe.b.Drops(DropReason::BAD_LENGTH), 1u, ToString(notify.type));
        t.Same(pipe.b.user.calls.size(), 0u, "not seen");
        t.Holds(!pipe.b.manager->FindEstablished(pipe.a.address), "nothing came of it");
    }
}

// Input: IKE_AUTH once more, with the next message ID, in an established association.
// Output: refused as no further exchange.
void
AuthAgain(Sentence& t)
{
    SessionPipe pipe(LoggedPipe());
    pipe.Establish();
    pipe.Arrive(SealAs(pipe,
                       true,
                       MakeHeader(IkeExchange::IKE_AUTH, true, false, 2),
                       IkePayloadType::NONE,
                       {}));
    t.Same(pipe.b.Drops(DropReason::BAD_TYPE), 1u, "counted");
    t.Same(pipe.Wire().size(), 1u, "answered");
    t.Holds(!pipe.b.manager->FindEstablished(pipe.a.address), "ended");
}

// Input: two who answered have been tried; the one not in use says AUTHENTICATION_FAILED, late.
// Output: it is out, the one in use goes on, without another message.
void
LateRefusal(Sentence& t)
{
    PipeOptions options = LoggedPipe();
    SessionPipe pipe(options);
    const SessionId session = pipe.Initiate();
    const Datagram request = pipe.Take();
    SessionPeer forger(9, options.b, GroupPsk(2, "not the secret"));
    forger.manager->Receive(request, pipe.now);
    Datagram forged = forger.manager->PollTransmit().value_or(Datagram{});
    forged.source = pipe.b.address;
    pipe.Arrive(forged);
    forger.manager->Receive(pipe.Take(), pipe.now);
    Datagram refusal = forger.manager->PollTransmit().value_or(Datagram{});
    refusal.source = pipe.b.address;
    pipe.Arrive(request);
    pipe.Run();
    pipe.PassToNext();
    const Datagram auth = pipe.Take();
    t.Holds(HeaderOf(auth).exchange == IkeExchange::IKE_AUTH, "the other one's turn");
    pipe.Arrive(refusal);
    t.Same(pipe.a.Drops(DropReason::AUTH_FAILED), 1u, "counted");
    t.Same(pipe.Wire().size(), 0u, "nothing more is sent");
    pipe.Arrive(auth);
    pipe.Run();
    t.Holds(pipe.a.manager->FindEstablished(pipe.b.address) == session, "J12");
}

// Input: a forger who answers at once, refuses as late as may be, and answers once more.
// Output: r1's patience is twice that for one request, no matter what comes.
//
//   0 s    the forger answers IKE_SA_INIT; r1 repeats IKE_AUTH until 126 s
//   125 s  the forger refuses; r1 repeats IKE_SA_INIT until 249 s
//   240 s  the forger answers; r1 would repeat IKE_AUTH until 366 s
void
Patience(Sentence& t)
{
    SessionPipe pipe;
    pipe.Initiate();
    const Datagram request = pipe.Take();
    SessionPeer forger(9, PipeOptions::DefaultConfig(), GroupPsk(2, "not the secret"));
    const auto answer = [&](const Datagram& to) {
        forger.manager->Receive(to, pipe.now);
        Datagram datagram = forger.manager->PollTransmit().value_or(Datagram{});
        datagram.source = pipe.b.address;
        return datagram;
    };
    pipe.Arrive(answer(request));
    const Datagram refusal = answer(pipe.Take());
    pipe.Pass(std::chrono::seconds(125));
    pipe.Arrive(refusal);
    t.Same(pipe.a.Drops(DropReason::AUTH_FAILED), 1u, "refused");
    pipe.Pass(std::chrono::seconds(240));
    t.Same(pipe.a.user.calls.size(), 0u, "still patient");
    forger.manager->Clear();
    pipe.Arrive(answer(request));
    pipe.Wire().clear();
    pipe.Pass(std::chrono::seconds(300));
    t.Same(ToSeconds(pipe.a.user.Last("failed").at), 252.0, "when");
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::TIMEOUT, "why");
}

// Input: users who say more than a message holds, in each place; a router without a usable suite.
// Output: nothing is sent that is none; the other side is told where it waits; the user is told.
void
TooMuch(Sentence& t)
{
    SessionPipe pipe;
    pipe.a.manager->Initiate(pipe.b.address, {Huge(), Huge()}, false, pipe.now);
    pipe.Run();
    t.Holds(pipe.a.user.Last("failed").why == SessionFailure::REFUSED, "IKE_AUTH request");
    t.Same(pipe.a.manager->SessionCount(), 0u, "gone");

    SessionPipe answer;
    answer.b.user.authAnswer = {Huge(), Huge()};
    answer.Initiate();
    t.Same(answer.Run(), 4u, "IKE_AUTH response: refused");
    t.Holds(!answer.b.manager->FindEstablished(answer.a.address), "nothing came of it");

    SessionPipe further;
    const SessionId session = further.Establish();
    t.Holds(!further.a.manager->Request(session,
                                        IkeExchange::MRKMP_GROUP,
                                        {Huge(), Huge()},
                                        further.now),
            "request");
    further.b.user.answer = {Huge(), Huge()};
    t.Holds(further.a.manager->Request(session, IkeExchange::MRKMP_GROUP, {}, further.now), "next");
    t.Holds(further.a.manager->Request(session,
                                       IkeExchange::MRKMP_GROUP,
                                       {Huge(), Huge()},
                                       further.now),
            "its turn has not come");
    further.Run();
    const auto told = further.a.user.Last("response");
    const auto* notify = IkeMessage::FindPayload<NotifyPayload>(told.inner);
    t.Holds(notify != nullptr && notify->type == IkeNotify::TEMPORARY_FAILURE, "response");
    t.Holds(further.a.user.Last("failed").why == SessionFailure::REFUSED, "its turn has come");

    PipeOptions options;
    options.a.suites.clear();
    SessionPipe nothing(options);
    const SessionId none = nothing.Initiate();
    const SessionId closed = nothing.Initiate();
    nothing.a.manager->Close(closed);
    nothing.Pass(std::chrono::seconds(1));
    t.Same(nothing.a.user.Count("failed"), 1u, "no suite; a closed one is not told of");
    t.Same(nothing.a.user.Last("failed").session, none, "which");
    t.Same(nothing.log.size(), 0u, "nothing sent");
}

/** A kind of credential of its own: a certificate goes with it, AUTH names its bearer. */
class Badge : public Credentials
{
  public:
    /** \param name of the bearer; \param proves whether it can prove anything */
    explicit Badge(const std::string& name, bool proves = true)
        : Credentials(Identity::OfName(name)),
          m_proves(proves)
    {
    }

    std::optional<Proof> Authenticate(const AuthInput& input,
                                      IpAddress,
                                      const Identity*,
                                      CryptoCounters& counters) const override
    {
        ++counters[static_cast<size_t>(CryptoOperation::SIGN_ED25519)];
        if (!m_proves)
        {
            return std::nullopt;
        }
        return Proof{AuthPayload{IkeAuthMethod::DIGITAL_SIGNATURE, input.signedOctets}, Shown()};
    }

    Verdict Verify(const AuthPayload& auth,
                   const AuthInput& input,
                   const Identity&,
                   const std::vector<IkePayload>& inner,
                   Time,
                   CryptoCounters& counters) const override
    {
        ++counters[static_cast<size_t>(CryptoOperation::VERIFY_ED25519)];
        if (IkeMessage::FindPayload<CertPayload>(inner) == nullptr)
        {
            return Verdict::NO_CREDENTIAL;
        }
        return auth.data == input.signedOctets ? Verdict::OK : Verdict::FAILED;
    }

  protected:
    /** \return what goes with AUTH */
    virtual std::vector<IkePayload> Shown() const
    {
        return {CertPayload{4, Local().data}};
    }

  private:
    bool m_proves; //!< whether it has anything to sign with
};

/** One that shows no certificate. */
class Naive : public Badge
{
  public:
    using Badge::Badge;

  protected:
    std::vector<IkePayload> Shown() const override
    {
        return {};
    }
};

// Input: a kind of credential that the module does not know, with payloads of its own.
// Output: the exchange works as with any other; what goes with AUTH is not the user's; a responder
// that believes but cannot prove refuses; an initiator that cannot believe does not.
void
NewKind(Sentence& t)
{
    PipeOptions options;
    options.credentialsA = std::make_shared<Badge>("r1");
    options.credentialsB = std::make_shared<Badge>("r2");
    SessionPipe pipe(options);
    t.Holds(pipe.Establish() != 0, "established");
    t.Same(pipe.b.user.Last("auth_request").inner.size(), 1u, "no certificate");
    t.Same(pipe.a.user.Last("auth_response").inner.size(), 0u, "no certificate");
    t.Same(pipe.a.Operations(CryptoOperation::SIGN_ED25519), 1u, "charged");
    t.Same(pipe.a.Operations(CryptoOperation::VERIFY_ED25519), 1u, "charged");
    t.Same(pipe.a.Operations(CryptoOperation::PRF), 1u + 5 + 1 + 1, "no prf of a PSK");

    options.credentialsB = std::make_shared<Badge>("r2", false);
    SessionPipe mute(options);
    mute.Initiate();
    mute.Run();
    t.Same(mute.b.Drops(DropReason::NO_CREDENTIAL), 1u, "nothing to prove with");
    t.Same(mute.b.user.calls.size(), 0u, "not joined");

    options.credentialsA = GroupPsk(1, options.pskA);
    options.credentialsB = std::make_shared<Badge>("r2");
    SessionPipe unlike(options);
    unlike.Initiate();
    unlike.Run();
    t.Same(unlike.b.Drops(DropReason::NO_CREDENTIAL), 1u, "no certificate came");
    options.credentialsA = std::make_shared<Badge>("r1");
    options.credentialsB = std::make_shared<Naive>("r2");
    SessionPipe naive(options);
    naive.Initiate();
    naive.Run();
    t.Same(naive.a.Drops(DropReason::NO_CREDENTIAL), 1u, "none came back either");
    t.Same(naive.a.user.calls.size(), 0u, "not believed");
}

} // namespace

std::vector<TestCase*>
SessionPeerTests()
{
    return {
        new Sentence("worthless key-exchange values", WorthlessValues),
        new Sentence("a response without SPI", NoSpi),
        new Sentence("authentic, but broken inside", BrokenInside),
        new Sentence("notifications of a wrong length", NotifiedWrongly),
        new Sentence("IKE_AUTH once more", AuthAgain),
        new Sentence("J12 a late refusal by somebody else", LateRefusal),
        new Sentence("J12 patience ends", Patience),
        new Sentence("users that say too much", TooMuch),
        new Sentence("K1 a new kind of credential is one class", NewKind),
    };
}

} // namespace karp
} // namespace ns3
