/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary.h"
#include "karp-attack-kinds.h"

#include "ns3/karp-ike-spi.h"
#include "ns3/string.h"

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(ForgeAttack);

namespace
{

/** A notification that can be forged, and what it is called. */
struct Forgery
{
    const char* word; //!< as attribute Message
    IkeNotify type;   //!< as it goes over the wire
};

constexpr Forgery NOTIFICATIONS[] = {
    {"wrong_gcks", IkeNotify::MRKMP_WRONG_GCKS},
    {"gcks_unknown", IkeNotify::MRKMP_GCKS_UNKNOWN},
    {"invalid_ke", IkeNotify::INVALID_KE_PAYLOAD},
    {"cookie", IkeNotify::COOKIE},
    {"no_proposal", IkeNotify::NO_PROPOSAL_CHOSEN},
    {"auth_failed", IkeNotify::AUTHENTICATION_FAILED},
};
constexpr const char* GROUP_MESSAGES[] = {"retirement", "resignation", "update"};
constexpr size_t COOKIE_SIZE = 32;   //!< octets
constexpr size_t BODY_SIZE = 120;    //!< octets of a sealed group message, if none was seen
constexpr uint16_t OTHER_GROUP = 19; //!< ECP-256: a group that routers offer besides

/** \return the notification called \p word, nullptr if it is none */
const Forgery*
FindForgery(const std::string& word)
{
    for (const Forgery& forgery : NOTIFICATIONS)
    {
        if (word == forgery.word)
        {
            return &forgery;
        }
    }
    return nullptr;
}

/** \return all that attribute Message can be */
std::vector<std::string>
Messages()
{
    std::vector<std::string> words(std::begin(GROUP_MESSAGES), std::end(GROUP_MESSAGES));
    for (const Forgery& forgery : NOTIFICATIONS)
    {
        words.emplace_back(forgery.word);
    }
    return words;
}

} // namespace

TypeId
ForgeAttack::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::karp::ForgeAttack")
            .SetParent<PeriodicAttack>()
            .SetGroupName("Karp")
            .AddConstructor<ForgeAttack>()
            .AddAttribute("Message",
                          "What it makes. Group messages in the name of the GCKS: retirement, "
                          "resignation, update. Answers to requests that it sees, unprotected: "
                          "wrong_gcks, gcks_unknown, invalid_ke, cookie, no_proposal, auth_failed.",
                          StringValue("retirement"),
                          MakeStringAccessor(&ForgeAttack::m_message),
                          MakeWordChecker(Messages()))
            .AddAttribute("Address",
                          "GCKS that a referral names; 0.0.0.0: one that nobody is.",
                          Ipv4AddressValue("0.0.0.0"),
                          MakeIpv4AddressAccessor(&ForgeAttack::m_address),
                          MakeIpv4AddressChecker());
    return tid;
}

void
ForgeAttack::DoBegin()
{
    if (FindForgery(m_message) == nullptr)
    {
        StartTicking();
    }
}

void
ForgeAttack::Tick()
{
    SendUpdate();
}

void
ForgeAttack::Hear(const WirePacket& message)
{
    const std::string type = message.type;
    if (FindForgery(m_message) != nullptr && (type == "ike_sa_init" || type == "ike_auth") &&
        Filter().Matches(message, message.destination))
    {
        Notify(message);
    }
}

void
ForgeAttack::Notify(const WirePacket& request)
{
    const auto header = PeekIkeHeader(request.payload);
    if (!header || header->IsResponse())
    {
        return;
    }
    NotifyPayload notify;
    notify.type = FindForgery(m_message)->type;
    const IpAddress gcks = m_address.Get() != 0 ? IpAddress{m_address.Get()} : Host().OwnAddress();
    switch (notify.type)
    {
    case IkeNotify::MRKMP_WRONG_GCKS:
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            notify.data.push_back(static_cast<uint8_t>(gcks.value >> shift));
        }
        break;
    case IkeNotify::MRKMP_GCKS_UNKNOWN:
        notify.data = {0};
        break;
    case IkeNotify::INVALID_KE_PAYLOAD:
        notify.data = {OTHER_GROUP >> 8, OTHER_GROUP & 0xff};
        break;
    case IkeNotify::COOKIE:
        notify.data = Host().Random().Draw(COOKIE_SIZE);
        break;
    default:
        break;
    }
    IkeMessage out;
    out.header = *header;
    out.header.flags = IKE_FLAG_RESPONSE;
    out.payloads = {notify};
    WirePacket answer = request;
    answer.source = request.destination;
    answer.destination = request.source;
    answer.payload = EncodeIkeMessage(out);
    Inject(answer);
}

// Sealed under no key, or in clear, in turn. Header and length are those of the last one seen.
void
ForgeAttack::SendUpdate()
{
    const WirePacket* seen = Host().Seen("update");
    const auto header = seen != nullptr ? PeekIkeHeader(seen->payload) : std::nullopt;
    if (!header)
    {
        return;
    }
    IkeMessage out;
    out.header = *header;
    if (m_made++ % 2 == 0)
    {
        const size_t size = seen->payload.size() > IKE_HEADER_SIZE + IKE_PAYLOAD_HEADER_SIZE
                                ? seen->payload.size() - IKE_HEADER_SIZE - IKE_PAYLOAD_HEADER_SIZE
                                : BODY_SIZE;
        EncryptedPayload sealed;
        sealed.firstInner = IkePayloadType::SEQUENCE;
        sealed.body = Host().Random().Draw(size);
        out.payloads = {sealed};
    }
    else if (m_message == "retirement")
    {
        DeletePayload gone;
        gone.protocol = IkeProtocol::MRKMP_KEK;
        gone.spiSize = MRKMP_KEK_SPI_SIZE;
        gone.spis = {EncodeKekSpi(header->spiResponder)};
        out.payloads = {SequencePayload{UINT64_MAX}, gone};
    }
    else
    {
        NotifyPayload notify;
        notify.type = IkeNotify::MRKMP_RESIGN;
        out.payloads = {SequencePayload{UINT64_MAX}, notify};
    }
    WirePacket message = *seen;
    message.payload = EncodeIkeMessage(out);
    Inject(message);
}

} // namespace karp
} // namespace ns3
