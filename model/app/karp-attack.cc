/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-attack.h"

#include "karp-adversary.h"

#include "ns3/double.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>

namespace ns3
{
namespace karp
{

namespace
{

/** Checks that a string is one of some words. */
class WordChecker : public AttributeChecker
{
  public:
    /** \param words those that may be written */
    explicit WordChecker(const std::vector<std::string>& words)
        : m_words(words)
    {
    }

    bool Check(const AttributeValue& value) const override
    {
        const auto* word = dynamic_cast<const StringValue*>(&value);
        return word != nullptr &&
               std::find(m_words.begin(), m_words.end(), word->Get()) != m_words.end();
    }

    std::string GetValueTypeName() const override
    {
        return "ns3::StringValue";
    }

    bool HasUnderlyingTypeInformation() const override
    {
        return true;
    }

    std::string GetUnderlyingTypeInformation() const override
    {
        std::string all;
        for (const std::string& word : m_words)
        {
            all += (all.empty() ? "" : "|") + word;
        }
        return all;
    }

    Ptr<AttributeValue> Create() const override
    {
        return ns3::Create<StringValue>();
    }

    bool Copy(const AttributeValue& source, AttributeValue& destination) const override
    {
        const auto* from = dynamic_cast<const StringValue*>(&source);
        auto* to = dynamic_cast<StringValue*>(&destination);
        if (from == nullptr || to == nullptr)
        {
            return false;
        }
        *to = *from;
        return true;
    }

  private:
    std::vector<std::string> m_words; //!< those that may be written
};

} // namespace

Ptr<const AttributeChecker>
MakeWordChecker(const std::vector<std::string>& words)
{
    return Ptr<const AttributeChecker>(new WordChecker(words), false);
}

NS_OBJECT_ENSURE_REGISTERED(Attack);
NS_OBJECT_ENSURE_REGISTERED(PeriodicAttack);

TypeId
Attack::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::Attack").SetParent<Object>().SetGroupName("Karp");
    return tid;
}

void
Attack::DoDispose()
{
    m_host = nullptr;
    Object::DoDispose();
}

void
Attack::SetFilter(const AttackFilter& filter)
{
    m_filter = filter;
}

const AttackFilter&
Attack::Filter() const
{
    return m_filter;
}

void
Attack::Begin(Adversary* host, uint32_t number)
{
    m_host = host;
    m_number = number;
    DoBegin();
}

void
Attack::End()
{
    DoEnd();
}

uint32_t
Attack::Number() const
{
    return m_number;
}

void
Attack::Hear(const WirePacket&)
{
}

bool
Attack::Intercepts() const
{
    return false;
}

FrameInterceptor::Verdict
Attack::Take(const WirePacket&, Ptr<const Packet>)
{
    return {};
}

void
Attack::Trigger(const std::set<IpAddress>&)
{
}

void
Attack::DoBegin()
{
}

void
Attack::DoEnd()
{
}

Adversary&
Attack::Host() const
{
    return *m_host;
}

void
Attack::Inject(const WirePacket& message, uint32_t link)
{
    m_host->Inject(m_number, message, link);
}

// ---- again and again

TypeId
PeriodicAttack::GetTypeId()
{
    static TypeId tid = TypeId("ns3::karp::PeriodicAttack")
                            .SetParent<Attack>()
                            .SetGroupName("Karp")
                            .AddAttribute("Rate",
                                          "How often it does what it does, times a second.",
                                          DoubleValue(1),
                                          MakeDoubleAccessor(&PeriodicAttack::m_rate),
                                          MakeDoubleChecker<double>(0.0001, 1e6));
    return tid;
}

void
PeriodicAttack::DoBegin()
{
    StartTicking();
}

void
PeriodicAttack::DoEnd()
{
    m_event.Cancel();
}

void
PeriodicAttack::DoDispose()
{
    m_event.Cancel();
    Attack::DoDispose();
}

void
PeriodicAttack::StartTicking()
{
    if (!m_event.IsRunning())
    {
        m_event = Simulator::ScheduleNow(&PeriodicAttack::Next, this);
    }
}

void
PeriodicAttack::Next()
{
    m_event = Simulator::Schedule(Seconds(1 / m_rate), &PeriodicAttack::Next, this);
    Tick();
}

} // namespace karp
} // namespace ns3
