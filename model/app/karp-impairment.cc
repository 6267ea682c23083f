/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-impairment.h"

#include "ns3/abort.h"
#include "ns3/csma-net-device.h"
#include "ns3/error-model.h"
#include "ns3/ethernet-header.h"
#include "ns3/log.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpImpairment");
NS_OBJECT_ENSURE_REGISTERED(LinkImpairment);

/**
 * The error model of one receiving device. "Corrupt" is how it tells the device to let go of a
 * frame, be it lost for good or only late.
 */
class ImpairedReceiver : public ErrorModel
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId()
    {
        static TypeId tid =
            TypeId("ns3::karp::ImpairedReceiver").SetParent<ErrorModel>().SetGroupName("Karp");
        return tid;
    }

    /** Frames that come to \p device, number \p number on it, fare as \p link draws. */
    ImpairedReceiver(LinkImpairment* link, Ptr<NetDevice> device, uint32_t number)
        : m_link(link),
          m_device(device),
          m_number(number)
    {
    }

    /** \return number on the link */
    uint32_t Number() const
    {
        return m_number;
    }

    /** \return the device */
    Ptr<NetDevice> Device() const
    {
        return m_device;
    }

    /** Sit on the device. */
    void Attach()
    {
        PointerValue former;
        m_device->GetAttribute("ReceiveErrorModel", former);
        m_former = former.Get<ErrorModel>();
        m_device->SetAttribute("ReceiveErrorModel", PointerValue(this));
    }

    /** Give the device back what it had. */
    void Detach()
    {
        // No attribute can be set to nothing; what the devices have for it can.
        if (auto csma = DynamicCast<CsmaNetDevice>(m_device))
        {
            csma->SetReceiveErrorModel(m_former);
        }
        else if (auto pointToPoint = DynamicCast<PointToPointNetDevice>(m_device))
        {
            pointToPoint->SetReceiveErrorModel(m_former);
        }
        m_former = nullptr;
    }

    /** Let go of everything. */
    void Forget()
    {
        m_link = nullptr;
        m_device = nullptr;
        m_former = nullptr;
    }

  private:
    bool DoCorrupt(Ptr<Packet> frame) override
    {
        if (m_handing || !m_link)
        {
            return false;
        }
        if (m_former && m_former->IsCorrupt(frame))
        {
            return true;
        }
        if (m_link->IsCut(*this, frame))
        {
            return true;
        }
        const FrameInterceptor::Verdict verdict = m_link->Ask(m_device, frame);
        for (const auto& entry : verdict.instead)
        {
            Simulator::Schedule(entry.first,
                                &ImpairedReceiver::Hand,
                                Ptr<ImpairedReceiver>(this),
                                entry.second);
        }
        if (verdict.taken)
        {
            return true;
        }
        bool deliverNow = false;
        for (const auto& delay : m_link->Draw(m_number))
        {
            if (delay.IsZero() && !deliverNow)
            {
                deliverNow = true;
            }
            else
            {
                Simulator::Schedule(delay,
                                    &ImpairedReceiver::Hand,
                                    Ptr<ImpairedReceiver>(this),
                                    frame->Copy());
            }
        }
        return !deliverNow;
    }

    void DoReset() override
    {
    }

    /** The time of a late frame, or of a second copy, has come. */
    void Hand(Ptr<Packet> frame)
    {
        if (!m_device)
        {
            return;
        }
        m_handing = true;
        if (auto csma = DynamicCast<CsmaNetDevice>(m_device))
        {
            csma->Receive(frame, nullptr);
        }
        else if (auto pointToPoint = DynamicCast<PointToPointNetDevice>(m_device))
        {
            pointToPoint->Receive(frame);
        }
        m_handing = false;
    }

    LinkImpairment* m_link;   //!< who draws
    Ptr<NetDevice> m_device;  //!< who receives
    uint32_t m_number;        //!< its number on the link
    Ptr<ErrorModel> m_former; //!< what the device had before
    bool m_handing{false};    //!< a frame that has been drawn for is on its way up
};

TypeId
LinkImpairment::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::LinkImpairment")
                            .SetParent<Object>()
                            .SetGroupName("Karp")
                            .AddConstructor<LinkImpairment>();
    return tid;
}

LinkImpairment::LinkImpairment()
    : m_random(CreateObject<UniformRandomVariable>())
{
}

LinkImpairment::~LinkImpairment()
{
    for (auto& receiver : m_receivers)
    {
        receiver->Forget();
    }
}

void
LinkImpairment::DoDispose()
{
    m_interceptors.clear();
    Clear();
    MendAll();
    for (auto& receiver : m_receivers)
    {
        receiver->Forget();
    }
    m_receivers.clear();
    Object::DoDispose();
}

void
LinkImpairment::Install(const NetDeviceContainer& devices)
{
    NS_ABORT_MSG_IF(m_attached, "install a link's impairments before the first is in force");
    for (auto it = devices.Begin(); it != devices.End(); ++it)
    {
        NS_ABORT_MSG_UNLESS(DynamicCast<CsmaNetDevice>(*it) ||
                                DynamicCast<PointToPointNetDevice>(*it),
                            "impairments need CSMA or point-to-point devices");
        const auto number = static_cast<uint32_t>(m_receivers.size());
        m_receivers.push_back(CreateObject<ImpairedReceiver>(this, *it, number));
    }
}

uint32_t
LinkImpairment::Add(const ImpairmentConfig& config)
{
    const auto isProbability = [](double p) { return p >= 0.0 && p <= 1.0; };
    NS_ABORT_MSG_UNLESS(isProbability(config.loss) && isProbability(config.duplicate) &&
                            isProbability(config.reorder),
                        "probabilities are between 0 and 1");
    NS_ABORT_MSG_IF(config.delay.IsStrictlyNegative() || config.jitter.IsStrictlyNegative() ||
                        config.reorderDelay.IsStrictlyNegative(),
                    "delays are not negative");
    m_active.emplace(m_next, config);
    Update();
    return m_next++;
}

bool
LinkImpairment::Remove(uint32_t id)
{
    const bool found = m_active.erase(id) != 0;
    Update();
    return found;
}

void
LinkImpairment::Clear()
{
    m_active.clear();
    Update();
}

uint32_t
LinkImpairment::Cut(const std::set<Direction>& directions)
{
    for (const Direction& direction : directions)
    {
        NS_ABORT_MSG_UNLESS(direction.first < m_receivers.size() &&
                                direction.second < m_receivers.size(),
                            "a cut is between devices of the link");
        ++m_apart[direction];
    }
    // Addresses may have been given after Install.
    for (const auto& receiver : m_receivers)
    {
        m_numbers[Mac48Address::ConvertFrom(receiver->Device()->GetAddress())] = receiver->Number();
    }
    m_cuts.emplace(m_next, directions);
    Update();
    return m_next++;
}

bool
LinkImpairment::Mend(uint32_t id)
{
    const auto cut = m_cuts.find(id);
    if (cut == m_cuts.end())
    {
        return false;
    }
    for (const Direction& direction : cut->second)
    {
        if (--m_apart[direction] == 0)
        {
            m_apart.erase(direction);
        }
    }
    m_cuts.erase(cut);
    Update();
    return true;
}

void
LinkImpairment::MendAll()
{
    m_cuts.clear();
    m_apart.clear();
    Update();
}

bool
LinkImpairment::Reaches(uint32_t sender, uint32_t receiver) const
{
    return m_apart.count({sender, receiver}) == 0;
}

bool
LinkImpairment::IsCut(const ImpairedReceiver& receiver, Ptr<const Packet> frame)
{
    if (m_apart.empty())
    {
        return false;
    }
    // A point-to-point link has one other end and no addresses.
    uint32_t sender = 1 - std::min<uint32_t>(receiver.Number(), 1);
    if (DynamicCast<CsmaNetDevice>(receiver.Device()))
    {
        EthernetHeader header(false);
        frame->PeekHeader(header);
        const auto found = m_numbers.find(header.GetSource());
        if (found == m_numbers.end())
        {
            return false;
        }
        sender = found->second;
    }
    const bool cut = !Reaches(sender, receiver.Number());
    m_counters.cut += cut ? 1 : 0;
    return cut;
}

void
LinkImpairment::Update()
{
    m_active.empty() && m_cuts.empty() && m_interceptors.empty() ? Detach() : Attach();
}

void
LinkImpairment::AddInterceptor(FrameInterceptor* interceptor)
{
    m_interceptors.push_back(interceptor);
    Update();
}

void
LinkImpairment::RemoveInterceptor(FrameInterceptor* interceptor)
{
    m_interceptors.erase(std::remove(m_interceptors.begin(), m_interceptors.end(), interceptor),
                         m_interceptors.end());
    Update();
}

FrameInterceptor::Verdict
LinkImpairment::Ask(Ptr<NetDevice> receiver, Ptr<const Packet> frame)
{
    for (FrameInterceptor* interceptor : m_interceptors)
    {
        FrameInterceptor::Verdict verdict = interceptor->Intercept(receiver, frame);
        if (verdict.taken)
        {
            return verdict;
        }
    }
    return {};
}

size_t
LinkImpairment::GetN() const
{
    return m_active.size();
}

int64_t
LinkImpairment::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

const LinkImpairment::Counters&
LinkImpairment::GetCounters() const
{
    return m_counters;
}

void
LinkImpairment::Attach()
{
    if (!m_attached)
    {
        m_attached = true;
        for (auto& receiver : m_receivers)
        {
            receiver->Attach();
        }
    }
}

void
LinkImpairment::Detach()
{
    if (m_attached)
    {
        m_attached = false;
        for (auto& receiver : m_receivers)
        {
            receiver->Detach();
        }
    }
}

std::vector<ns3::Time>
LinkImpairment::Draw(uint32_t receiver)
{
    const auto happens = [this](double p) { return p > 0.0 && m_random->GetValue(0.0, 1.0) < p; };
    ++m_counters.seen;
    std::vector<ns3::Time> copies(1);
    for (const auto& entry : m_active)
    {
        const ImpairmentConfig& config = entry.second;
        if (config.receivers && config.receivers->count(receiver) == 0)
        {
            continue;
        }
        std::vector<ns3::Time> next;
        for (const auto& copy : copies)
        {
            if (happens(config.loss))
            {
                ++m_counters.lost;
                continue;
            }
            const bool twice = happens(config.duplicate);
            m_counters.duplicated += twice ? 1 : 0;
            for (int i = 0; i < (twice ? 2 : 1); ++i)
            {
                ns3::Time delay = copy + config.delay;
                if (config.jitter.IsStrictlyPositive())
                {
                    delay += NanoSeconds(static_cast<int64_t>(
                        m_random->GetValue(0.0, config.jitter.GetNanoSeconds())));
                }
                if (happens(config.reorder))
                {
                    ++m_counters.reordered;
                    delay += config.reorderDelay;
                }
                next.push_back(delay);
            }
        }
        copies = std::move(next);
    }
    return copies;
}

} // namespace karp
} // namespace ns3
