/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-adversary.h"
#include "karp-attack-kinds.h"

#include "ns3/boolean.h"
#include "ns3/karp-ike-spi.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

NS_OBJECT_ENSURE_REGISTERED(MasqueradeAttack);

namespace
{

constexpr uint32_t GROUP_ADDRESS = 0xe00000fe; //!< where advertisements go, if none was seen
constexpr size_t NONCE_SIZE = 32;              //!< octets

/** \return the message that \p seen carries, if it is one */
std::optional<IkeMessage>
MessageOf(const WirePacket* seen)
{
    if (seen == nullptr)
    {
        return std::nullopt;
    }
    auto decoded = DecodeIkeMessage(seen->payload);
    auto* message = std::get_if<IkeMessage>(&decoded);
    return message != nullptr ? std::optional<IkeMessage>(std::move(*message)) : std::nullopt;
}

} // namespace

TypeId
MasqueradeAttack::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::karp::MasqueradeAttack")
            .SetParent<PeriodicAttack>()
            .SetGroupName("Karp")
            .AddConstructor<MasqueradeAttack>()
            .AddAttribute("State",
                          "What it claims to be: gcks, initial.",
                          StringValue("gcks"),
                          MakeStringAccessor(&MasqueradeAttack::m_state),
                          MakeWordChecker({"gcks", "initial"}))
            .AddAttribute("Answer",
                          "What it answers to who asks to join: nothing; init: an IKE_SA_INIT "
                          "response, and nothing after it.",
                          StringValue("nothing"),
                          MakeStringAccessor(&MasqueradeAttack::m_answer),
                          MakeWordChecker({"nothing", "init"}))
            .AddAttribute("Priority",
                          "Priority that it claims.",
                          UintegerValue(255),
                          MakeUintegerAccessor(&MasqueradeAttack::m_priority),
                          MakeUintegerChecker<uint8_t>())
            .AddAttribute("Interval",
                          "Heartbeat interval that it claims.",
                          TimeValue(Seconds(10)),
                          MakeTimeAccessor(&MasqueradeAttack::m_interval),
                          MakeTimeChecker(MilliSeconds(0), Hours(24)))
            .AddAttribute("UseKek",
                          "Whether it names the KEK that the true GCKS was seen to name.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&MasqueradeAttack::m_useKek),
                          MakeBooleanChecker())
            .AddAttribute("Source",
                          "IP source; 0.0.0.0: an address of the link that nobody has.",
                          Ipv4AddressValue("0.0.0.0"),
                          MakeIpv4AddressAccessor(&MasqueradeAttack::m_source),
                          MakeIpv4AddressChecker())
            .AddAttribute("Identities",
                          "How many addresses it uses in turn: Source, the one below it, ....",
                          UintegerValue(1),
                          MakeUintegerAccessor(&MasqueradeAttack::m_identities),
                          MakeUintegerChecker<uint32_t>(1, 1000000));
    return tid;
}

void
MasqueradeAttack::DoBegin()
{
    // Who takes others' names leaves ARP to them.
    if (m_source.Get() == 0)
    {
        m_source = Ipv4Address(Host().OwnAddress().value);
        const uint32_t count = std::min(m_identities, Host().LinkSize());
        for (uint32_t i = 0; i < count; ++i)
        {
            Host().Claim(IpAddress{m_source.Get() - i});
        }
    }
    StartTicking();
}

bool
MasqueradeAttack::IsOurs(IpAddress address) const
{
    return address.value <= m_source.Get() && m_source.Get() - address.value < m_identities;
}

void
MasqueradeAttack::Tick()
{
    GroupIdPayload group;
    AdvertPayload advert;
    WirePacket message;
    message.destination = IpAddress{GROUP_ADDRESS};
    const WirePacket* seen = Host().Seen("advert");
    if (const auto model = MessageOf(seen))
    {
        const auto* seenGroup = model->Find<GroupIdPayload>();
        const auto* seenAdvert = model->Find<AdvertPayload>();
        group = seenGroup != nullptr ? *seenGroup : group;
        advert.kekId = m_useKek && seenAdvert != nullptr ? seenAdvert->kekId : 0;
        message.destination =
            seen->destination.IsMulticast() ? seen->destination : message.destination;
        message.port = seen->port;
    }
    message.source = IpAddress{m_source.Get() - m_next};
    m_next = (m_next + 1) % m_identities;
    message.type = "advert";
    advert.state = m_state == "gcks" ? AdvertState::GCKS : AdvertState::INITIAL;
    advert.priority = m_priority;
    advert.intervalMs = static_cast<uint32_t>(m_interval.GetMilliSeconds());
    IkeMessage out;
    out.header.spiInitiator = GroupMessageSpi(group, message.source);
    out.header.exchange = IkeExchange::MRKMP_ADVERT;
    out.header.flags = IKE_FLAG_INITIATOR;
    out.payloads = {group, advert};
    message.payload = EncodeIkeMessage(out);
    Inject(message);
}

void
MasqueradeAttack::Hear(const WirePacket& message)
{
    if (m_answer == "nothing" || !IsOurs(message.destination) ||
        std::string(message.type) != "ike_sa_init")
    {
        return;
    }
    const auto request = MessageOf(&message);
    if (request && !request->header.IsResponse())
    {
        Answer(message, *request);
    }
}

// Whatever is proposed first is taken, with a public value that nobody has the private one of.
void
MasqueradeAttack::Answer(const WirePacket& request, const IkeMessage& message)
{
    const auto* offer = message.Find<SaPayload>();
    const auto* ke = message.Find<KePayload>();
    if (offer == nullptr || ke == nullptr || offer->proposals.empty())
    {
        return;
    }
    IkeMessage out;
    out.header = message.header;
    out.header.spiResponder = Host().Random().DrawU64() | 1;
    out.header.flags = IKE_FLAG_RESPONSE;
    SaPayload chosen;
    chosen.proposals = {offer->proposals.front()};
    KePayload value;
    value.group = ke->group;
    value.data = Host().Random().Draw(ke->data.size());
    out.payloads = {chosen, value, NoncePayload{Host().Random().Draw(NONCE_SIZE)}};
    WirePacket answer = request;
    answer.source = request.destination;
    answer.destination = request.source;
    answer.payload = EncodeIkeMessage(out);
    Inject(answer);
}

} // namespace karp
} // namespace ns3
