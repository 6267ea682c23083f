/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary.h"
#include "karp-attack-kinds.h"

#include "ns3/boolean.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(FloodAttack);

namespace
{

constexpr size_t NONCE_SIZE = 32;             //!< octets
constexpr size_t PUBLIC_VALUE_SIZE = 32;      //!< octets, with X25519
constexpr uint16_t X25519 = 31;               //!< RFC 8031
constexpr uint16_t AES_GCM_16 = 20;           //!< RFC 5282
constexpr uint16_t PRF_HMAC_SHA_256 = 5;      //!< RFC 4868
constexpr uint32_t FIRST_ADDRESS = 1U << 24;  //!< 1.0.0.0
constexpr uint32_t LAST_ADDRESS = 0xdfffffff; //!< 223.255.255.255

/** \return what a router that has said nothing yet would offer: AES-256-GCM, SHA-256, X25519 */
SaPayload
UsualOffer()
{
    IkeProposal proposal;
    const auto add = [&proposal](IkeTransformType type, uint16_t id) {
        IkeTransform transform;
        transform.type = type;
        transform.id = id;
        proposal.transforms.push_back(transform);
    };
    add(IkeTransformType::ENCR, AES_GCM_16);
    proposal.transforms.back().keyLength = 256;
    add(IkeTransformType::PRF, PRF_HMAC_SHA_256);
    add(IkeTransformType::KE, X25519);
    SaPayload offer;
    offer.proposals = {proposal};
    return offer;
}

} // namespace

TypeId
FloodAttack::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::karp::FloodAttack")
            .SetParent<PeriodicAttack>()
            .SetGroupName("Karp")
            .AddConstructor<FloodAttack>()
            .AddAttribute("Sources",
                          "Where requests seem to come from: many: any address there is; link: any "
                          "address of the link.",
                          StringValue("many"),
                          MakeStringAccessor(&FloodAttack::m_sources),
                          MakeWordChecker({"many", "link"}))
            .AddAttribute("Source",
                          "The one address that they seem to come from, if not 0.0.0.0.",
                          Ipv4AddressValue("0.0.0.0"),
                          MakeIpv4AddressAccessor(&FloodAttack::m_source),
                          MakeIpv4AddressChecker())
            .AddAttribute("Target",
                          "Whom they go to; 0.0.0.0: whose heartbeat was seen last.",
                          Ipv4AddressValue("0.0.0.0"),
                          MakeIpv4AddressAccessor(&FloodAttack::m_target),
                          MakeIpv4AddressChecker())
            .AddAttribute("Cookies",
                          "Whether cookies that are seen on the wire are returned.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&FloodAttack::m_cookies),
                          MakeBooleanChecker())
            .AddAttribute("SentMax",
                          "Requests remembered, to return cookies with.",
                          UintegerValue(4096),
                          MakeUintegerAccessor(&FloodAttack::m_sentMax),
                          MakeUintegerChecker<uint32_t>(1, 1000000));
    return tid;
}

IpAddress
FloodAttack::DrawSource()
{
    if (m_source.Get() != 0)
    {
        return IpAddress{m_source.Get()};
    }
    const double unit = Host().Random().DrawUnit();
    if (m_sources == "link")
    {
        const uint32_t hosts = Host().LinkSize() - 2; // neither the network nor its broadcast
        const IpAddress address{Host().LinkBase().value + 1 + static_cast<uint32_t>(unit * hosts)};
        Host().Claim(address);
        return address;
    }
    return IpAddress{FIRST_ADDRESS + static_cast<uint32_t>(unit * (LAST_ADDRESS - FIRST_ADDRESS))};
}

void
FloodAttack::Tick()
{
    WirePacket message;
    message.type = "ike_sa_init";
    message.destination = m_target.Get() != 0 ? IpAddress{m_target.Get()} : Host().GcksSeen();
    if (message.destination == IpAddress{})
    {
        return;
    }
    if (const WirePacket* seen = Host().Seen("advert"))
    {
        message.port = seen->port;
    }
    message.source = DrawSource();
    IkeMessage out;
    out.header.spiInitiator = Host().Random().DrawU64() | 1;
    out.header.exchange = IkeExchange::IKE_SA_INIT;
    out.header.flags = IKE_FLAG_INITIATOR;
    KePayload value;
    value.group = X25519;
    value.data = Host().Random().Draw(PUBLIC_VALUE_SIZE);
    out.payloads = {UsualOffer(), value, NoncePayload{Host().Random().Draw(NONCE_SIZE)}};
    message.payload = EncodeIkeMessage(out);
    if (m_cookies)
    {
        m_sent[out.header.spiInitiator] = message;
        m_order.push_back(out.header.spiInitiator);
        if (m_order.size() > m_sentMax)
        {
            m_sent.erase(m_order.front());
            m_order.pop_front();
        }
    }
    Inject(message);
}

// A cookie proves that its bearer receives what goes to an address; on one link everybody does.
void
FloodAttack::Hear(const WirePacket& message)
{
    const auto header = m_cookies ? PeekIkeHeader(message.payload) : std::nullopt;
    const auto sent = header ? m_sent.find(header->spiInitiator) : m_sent.end();
    if (sent == m_sent.end() || !header->IsResponse())
    {
        return;
    }
    const auto decoded = DecodeIkeMessage(message.payload);
    const auto* answer = std::get_if<IkeMessage>(&decoded);
    const auto* notify = answer != nullptr ? answer->Find<NotifyPayload>() : nullptr;
    auto again = DecodeIkeMessage(sent->second.payload);
    auto* request = std::get_if<IkeMessage>(&again);
    if (notify == nullptr || notify->type != IkeNotify::COOKIE || request == nullptr)
    {
        return;
    }
    request->payloads.insert(request->payloads.begin(), *notify);
    WirePacket repeated = sent->second;
    m_sent.erase(sent);
    repeated.payload = EncodeIkeMessage(*request);
    Inject(repeated);
}

} // namespace karp
} // namespace ns3
