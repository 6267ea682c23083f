/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-cpu-model.h"

#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <sstream>

namespace ns3
{
namespace karp
{

NS_LOG_COMPONENT_DEFINE("KarpCpuModel");
NS_OBJECT_ENSURE_REGISTERED(CpuModel);

namespace
{

/** \return nanoseconds that \p text says, such as "1.5us"; nothing if it says none */
std::optional<double>
ParseDuration(const std::string& text)
{
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    const std::string unit(end);
    const double factor = unit == "ns" ? 1.0 : unit == "us" ? 1e3 : unit == "ms" ? 1e6 : 1e9;
    const bool known = unit == "ns" || unit == "us" || unit == "ms" || unit == "s";
    const double value = number * factor;
    if (end == text.c_str() || !known || !(value >= 0.0) || value > 1e15)
    {
        return std::nullopt;
    }
    return value;
}

/** \return the operation called \p name; COUNT if there is none */
size_t
FindOperation(const std::string& name)
{
    for (size_t i = 0; i < static_cast<size_t>(CryptoOperation::COUNT); ++i)
    {
        if (name == ToString(static_cast<CryptoOperation>(i)))
        {
            return i;
        }
    }
    return static_cast<size_t>(CryptoOperation::COUNT);
}

} // namespace

TypeId
CpuModel::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::karp::CpuModel")
            .SetParent<Object>()
            .SetGroupName("Karp")
            .AddConstructor<CpuModel>()
            .AddAttribute(
                "CpuCost",
                "Time that each cryptographic operation takes: none, table (as measured), "
                "or words such as table,ke_shared=1ms,mac=800ns; operations are "
                "ke_generate, ke_shared, sign_KIND, verify_KIND, prf, seal, open, mac, where "
                "KIND is ed25519, ecdsa_p256, rsa_2048 or rsa_3072.",
                StringValue("none"),
                MakeStringAccessor(&CpuModel::SetCosts, &CpuModel::GetCosts),
                MakeStringChecker())
            .AddAttribute("CpuScale",
                          "Factor on all costs: 20 is a CPU that takes 20 times as long.",
                          DoubleValue(1.0),
                          MakeDoubleAccessor(&CpuModel::SetScale, &CpuModel::GetScale),
                          MakeDoubleChecker<double>(0.0, 1e6))
            .AddAttribute("CpuQueueMax",
                          "Messages that may wait for the CPU; further ones are lost.",
                          UintegerValue(1000),
                          MakeUintegerAccessor(&CpuModel::m_queueMax),
                          MakeUintegerChecker<uint32_t>(1, 1000000))
            .AddTraceSource("CpuCharged",
                            "A work began that takes time: that time, and the sum so far.",
                            MakeTraceSourceAccessor(&CpuModel::m_chargedTrace),
                            "ns3::karp::CpuModel::ChargedCallback");
    return tid;
}

CpuModel::CpuModel() = default;

CpuModel::~CpuModel() = default;

void
CpuModel::DoDispose()
{
    Reset();
    Object::DoDispose();
}

const CpuModel::CostTable&
CpuModel::MeasuredCosts()
{
    // ke_generate, ke_shared: Curve25519; sign_*, verify_*: Ed25519, ECDSA P-256, RSA-2048,
    // RSA-3072 over 240 octets, signing by ECDSA without what makes it repeat; prf: HMAC-SHA-256
    // over 240 octets; seal, open: AES-256-GCM over 240 octets; mac: HMAC-SHA-256 over a Hello of
    // 80 octets.
    static const CostTable
        costs{36e3, 35e3, 42e3, 21e3, 290e3, 1.55e6, 98e3, 67e3, 21e3, 39e3, 500, 360, 330, 225};
    return costs;
}

bool
CpuModel::SetCosts(std::string text)
{
    CostTable costs{};
    if (text != "none")
    {
        std::istringstream words(text);
        std::string word;
        bool first = true;
        while (std::getline(words, word, ','))
        {
            const size_t equals = word.find('=');
            if (first && word == "table")
            {
                costs = MeasuredCosts();
            }
            else
            {
                const size_t operation = FindOperation(word.substr(0, equals));
                const auto cost = equals == std::string::npos
                                      ? std::nullopt
                                      : ParseDuration(word.substr(equals + 1));
                if (operation >= costs.size() || !cost)
                {
                    return false;
                }
                costs[operation] = *cost;
            }
            first = false;
        }
        if (first)
        {
            return false;
        }
    }
    m_costs = costs;
    UpdateEnabled();
    return true;
}

std::string
CpuModel::GetCosts() const
{
    if (m_costs == CostTable{})
    {
        return "none";
    }
    if (m_costs == MeasuredCosts())
    {
        return "table";
    }
    std::ostringstream text;
    text.precision(17);
    for (size_t i = 0; i < m_costs.size(); ++i)
    {
        text << (i > 0 ? "," : "") << ToString(static_cast<CryptoOperation>(i)) << "=" << m_costs[i]
             << "ns";
    }
    return text.str();
}

void
CpuModel::SetScale(double scale)
{
    m_scale = scale;
    UpdateEnabled();
}

double
CpuModel::GetScale() const
{
    return m_scale;
}

void
CpuModel::UpdateEnabled()
{
    m_enabled = m_scale > 0.0 && m_costs != CostTable{};
}

ns3::Time
CpuModel::CostOf(const CryptoCounters& operations) const
{
    double cost = 0.0;
    for (size_t i = 0; i < operations.size(); ++i)
    {
        cost += static_cast<double>(operations[i]) * m_costs[i];
    }
    return NanoSeconds(std::llround(cost * m_scale));
}

bool
CpuModel::HasRoom() const
{
    return m_queue.size() < m_queueMax;
}

void
CpuModel::Submit(CpuUser* user)
{
    m_queue.push_back(user);
    Run();
}

void
CpuModel::Withdraw(CpuUser* user)
{
    m_queue.erase(std::remove(m_queue.begin(), m_queue.end(), user), m_queue.end());
    if (m_current == user)
    {
        m_current = nullptr;
        if (!m_inWork)
        {
            m_finish.Cancel();
            m_busy = false;
            Run();
        }
    }
}

void
CpuModel::Reset()
{
    m_queue.clear();
    m_finish.Cancel();
    m_current = nullptr;
    m_busy = m_inWork;
}

size_t
CpuModel::Waiting() const
{
    return m_queue.size();
}

void
CpuModel::Run()
{
    while (!m_busy && !m_queue.empty())
    {
        m_current = m_queue.front();
        m_queue.pop_front();
        m_busy = true;
        m_inWork = true;
        m_cost = CostOf(m_current->CpuWork());
        m_inWork = false;
        if (!m_current)
        {
            // It withdrew while it worked.
            m_busy = false;
        }
        else if (m_cost.IsZero())
        {
            Finish();
        }
        else
        {
            m_charged += m_cost;
            m_chargedTrace(m_cost, m_charged);
            m_finish = Simulator::Schedule(m_cost, &CpuModel::Finish, this);
        }
    }
}

void
CpuModel::Finish()
{
    CpuUser* user = m_current;
    m_current = nullptr;
    m_busy = false;
    user->CpuDone(m_cost);
    Run();
}

} // namespace karp
} // namespace ns3
