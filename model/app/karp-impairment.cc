/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-impairment.h"

#include "ns3/abort.h"
#include "ns3/csma-net-device.h"
#include "ns3/error-model.h"
#include "ns3/log.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"

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

    /** Frames that come to \p device fare as \p link draws. */
    ImpairedReceiver(LinkImpairment* link, Ptr<NetDevice> device)
        : m_link(link),
          m_device(device)
    {
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
        bool deliverNow = false;
        for (const auto& delay : m_link->Draw())
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
    Clear();
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
        m_receivers.push_back(CreateObject<ImpairedReceiver>(this, *it));
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
    Attach();
    return m_next++;
}

bool
LinkImpairment::Remove(uint32_t id)
{
    const bool found = m_active.erase(id) != 0;
    if (m_active.empty())
    {
        Detach();
    }
    return found;
}

void
LinkImpairment::Clear()
{
    m_active.clear();
    Detach();
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
LinkImpairment::Draw()
{
    const auto happens = [this](double p) { return p > 0.0 && m_random->GetValue(0.0, 1.0) < p; };
    ++m_counters.seen;
    std::vector<ns3::Time> copies(1);
    for (const auto& entry : m_active)
    {
        const ImpairmentConfig& config = entry.second;
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
