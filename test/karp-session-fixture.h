/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SESSION_FIXTURE_H
#define KARP_SESSION_FIXTURE_H

#include "karp-sentence.h"
#include "karp-test-entropy.h"

#include "ns3/karp-ike-message.h"
#include "ns3/karp-retransmitter.h"
#include "ns3/karp-sa-negotiation.h"
#include "ns3/karp-session-manager.h"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** Entropy that repeats and counts what is drawn from it. */
class CountingEntropy : public Entropy
{
  public:
    /** Begin the sequence of \p seed. */
    explicit CountingEntropy(uint64_t seed);

    void Fill(uint8_t* data, size_t size) override;

    size_t octets{0}; //!< drawn so far

  private:
    TestEntropy m_entropy; //!< the sequence
};

/** A user of the session layer that writes down what it is told, and says what it was given. */
class RecordingUser : public SessionUser
{
  public:
    /** A call. */
    struct Call
    {
        std::string what;              //!< "auth_request", "auth_response", "request", ...
        SessionId session{0};          //!< as called
        IpAddress peer;                //!< as called
        std::string identity;          //!< as called, for people
        std::vector<IkePayload> inner; //!< as called
        bool initialContact{false};    //!< as called
        SessionFailure why{};          //!< as called
        Time at{0};                    //!< as called
    };

    std::vector<IkePayload> OnAuthRequest(SessionId session,
                                          IpAddress peer,
                                          const Identity& identity,
                                          const std::vector<IkePayload>& inner,
                                          bool initialContact,
                                          Time now) override;
    void OnAuthResponse(SessionId session,
                        IpAddress peer,
                        const Identity& identity,
                        const std::vector<IkePayload>& inner,
                        Time now) override;
    std::vector<IkePayload> OnRequest(SessionId session,
                                      IpAddress peer,
                                      const Identity& identity,
                                      IkeExchange exchange,
                                      const std::vector<IkePayload>& inner,
                                      Time now) override;
    void OnResponse(SessionId session,
                    IpAddress peer,
                    IkeExchange exchange,
                    const std::vector<IkePayload>& inner,
                    Time now) override;
    void OnFailed(SessionId session, IpAddress peer, SessionFailure why, Time now) override;

    /** \return how many calls of kind \p what there were */
    size_t Count(const std::string& what) const;

    /** \return the last call of kind \p what; an empty one if there is none */
    Call Last(const std::string& what) const;

    std::vector<Call> calls;                 //!< all, in order
    std::vector<IkePayload> authAnswer;      //!< what goes into IKE_AUTH responses
    std::vector<IkePayload> answer;          //!< what goes into further responses
    std::function<void(const Call&)> during; //!< done within each call, if set
};

/** One router's session layer. */
struct SessionPeer
{
    /** \param index 1 is 10.0.0.1, called r1.example, and so on */
    SessionPeer(uint8_t index,
                const SessionConfig& config,
                std::shared_ptr<const Credentials> credentials);

    /** Fetch news and rejections. */
    void Drain();

    /** \return how many rejections there were for \p reason */
    size_t Drops(DropReason reason) const;

    /** \return how many rejections there were */
    size_t Drops() const;

    /** \return how many pieces of news of \p kind there were */
    size_t Events(SessionEvent::Kind kind) const;

    /** \return how often \p operation was counted */
    uint64_t Operations(CryptoOperation operation) const;

    IpAddress address;                       //!< address
    CountingEntropy entropy;                 //!< randomness
    RecordingUser user;                      //!< user
    std::unique_ptr<SessionManager> manager; //!< session layer
    std::vector<Drop> drops;                 //!< rejections
    std::vector<SessionEvent> events;        //!< news
    std::vector<SessionKeys> keys;           //!< key log
};

/** How a pipe's two ends are set up. */
struct PipeOptions
{
    SessionConfig a = DefaultConfig();               //!< settings of r1
    SessionConfig b = DefaultConfig();               //!< settings of r2
    std::string pskA{"a secret of the group"};       //!< group key of r1
    std::string pskB{"a secret of the group"};       //!< group key of r2
    std::shared_ptr<const Credentials> credentialsA; //!< instead of a group key
    std::shared_ptr<const Credentials> credentialsB; //!< instead of a group key

    /** \return settings without jitter: one suite, X25519 and AES-128-GCM */
    static SessionConfig DefaultConfig();
};

/**
 * Two routers and what is under way between them, moved one datagram at a time: r1 (a) at 10.0.0.1
 * and r2 (b) at 10.0.0.2.
 */
class SessionPipe
{
  public:
    /** As \p options say. */
    explicit SessionPipe(const PipeOptions& options = {});

    /** r1 begins an initial exchange with r2. */
    SessionId Initiate(bool initialContact = false);

    /** \return what is under way, first sent first; what either has to send is fetched */
    std::deque<Datagram>& Wire();

    /** Take the first datagram off the wire. \return it; empty if there is none */
    Datagram Take();

    /** \p datagram arrives where it should. */
    void Arrive(const Datagram& datagram);

    /** The first datagram under way arrives. \return whether there was one */
    bool Step();

    /** Everything arrives, at most \p most datagrams. \return how many did */
    size_t Run(size_t most = 100);

    /** Time passes until \p end; timers fire when they are due, what they send stays under way. */
    void Pass(Time end);

    /** Time passes to the next timer of either. \return whether there was one */
    bool PassToNext();

    /** Time passes and everything arrives until r1 is established with r2 or has failed. */
    void Finish();

    /** \return a complete initial exchange's association at r1; 0 if it failed */
    SessionId Establish();

    SessionPeer a;             //!< r1, which usually begins
    SessionPeer b;             //!< r2
    Time now{0};               //!< present
    std::vector<Datagram> log; //!< everything sent, in order

  private:
    std::deque<Datagram> m_wire; //!< under way
};

/** \return the header of \p datagram */
IkeHeader HeaderOf(const Datagram& datagram);

/** \return an IKE_SA_INIT response in the clear to \p request that holds only \p notify */
Datagram ForgeRefusal(const Datagram& request, const NotifyPayload& notify);

/** \return settings of a pipe whose r1 keeps a key log */
PipeOptions LoggedPipe();

/** \return the header of message \p id, without SPIs */
IkeHeader MakeHeader(IkeExchange exchange, bool fromInitiator, bool response, uint32_t id);

/**
 * A message of an association as its true peer could seal it, whatever it holds.
 * \param pipe whose r1 keeps a key log
 * \param fromA whether r1 seems to send it; it was the initiator
 * \param header exchange, flags and message ID are used
 * \param first type of the first payload inside
 * \param chain what is inside
 */
Datagram SealAs(SessionPipe& pipe,
                bool fromA,
                IkeHeader header,
                IkePayloadType first,
                const Bytes& chain);

/** \return credentials of r<index> with the group key \p psk */
std::shared_ptr<const Credentials> GroupPsk(uint8_t index, const std::string& psk);

/** \return \p text as a key */
SecretBytes KeyOf(const std::string& text);

/** \return the suite \p text names; a default one where it names none */
CipherSuite SuiteOf(const std::string& text);

} // namespace karp
} // namespace ns3

#endif // KARP_SESSION_FIXTURE_H
