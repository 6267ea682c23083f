/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_CPU_MODEL_H
#define KARP_CPU_MODEL_H

#include "ns3/event-id.h"
#include "ns3/karp-crypto.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/traced-callback.h"

#include <array>
#include <deque>
#include <string>

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * What runs on a router's CPU. A user submits itself whenever it has an input; in its turn it is
 * told to Work, says what that cost, and is told that it is Done when the cost has gone by.
 */
class CpuUser
{
  public:
    virtual ~CpuUser() = default;

    /** Take one input off your own queue and work it off. \return the operations that took */
    virtual CryptoCounters CpuWork() = 0;

    /**
     * The time that the work takes is over: send what came of it.
     * \param cost that time
     */
    virtual void CpuDone(ns3::Time cost) = 0;
};

/**
 * \ingroup karp
 * The CPU of one router, because a discrete-event simulator runs code in zero simulated time: a
 * single server that works off inputs in order of arrival. Each costs the sum of its cryptographic
 * operations by a table, times a scale for slower routers. Inputs that arrive while it is busy
 * wait; outputs leave when their work is done. By default everything costs nothing.
 */
class CpuModel : public Object
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    CpuModel();
    ~CpuModel() override;

    /** Nanoseconds of each operation. */
    using CostTable = std::array<double, static_cast<size_t>(CryptoOperation::COUNT)>;

    /** \return the table that the word "table" stands for: karp-bench on one x86-64 core, 2026 */
    static const CostTable& MeasuredCosts();

    /**
     * \param text "none", "table", or a comma-separated list of words: "table" (at most first) and
     *        NAME=DURATION such as "ke_shared=1ms" or "mac=800ns"; what is not named costs nothing
     * \return whether it could be read; if not, nothing changes
     */
    bool SetCosts(std::string text);
    /** \return costs as SetCosts reads them */
    std::string GetCosts() const;

    /** \return whether anything costs anything */
    bool IsEnabled() const
    {
        return m_enabled;
    }

    /** \return what \p operations cost, scale included */
    ns3::Time CostOf(const CryptoCounters& operations) const;

    /** \return whether another message from outside may wait; if not, it is lost */
    bool HasRoom() const;
    /** Let \p user work on one input as soon as the CPU is free: at once if it is. */
    void Submit(CpuUser* user);
    /** Forget all that \p user submitted, also what it is at; Done does not come. */
    void Withdraw(CpuUser* user);
    /** Forget all that anybody submitted: the router crashes. */
    void Reset();

    /** \return how many inputs wait */
    size_t Waiting() const;

    /** \return whether an input is being worked on */
    bool IsBusy() const
    {
        return m_busy;
    }

    /** \return simulated time charged so far */
    ns3::Time Charged() const
    {
        return m_charged;
    }

  protected:
    void DoDispose() override;

  private:
    void SetScale(double scale);
    double GetScale() const;
    void UpdateEnabled();
    /** Work until something costs time or nothing waits. */
    void Run();
    /** The present work is over: tell its user. */
    void Finish();

    CostTable m_costs{};                                 //!< nanoseconds
    double m_scale{1.0};                                 //!< factor on all of them
    bool m_enabled{false};                               //!< whether any cost is not 0
    uint32_t m_queueMax{1000};                           //!< inputs that may wait
    std::deque<CpuUser*> m_queue;                        //!< who waits, in order of arrival
    CpuUser* m_current{nullptr};                         //!< whose work goes on
    bool m_busy{false};                                  //!< whether work goes on
    bool m_inWork{false};                                //!< whether CpuWork is on the stack
    ns3::Time m_cost;                                    //!< of the present work
    EventId m_finish;                                    //!< when the present work is over
    ns3::Time m_charged;                                 //!< sum of all work
    TracedCallback<ns3::Time, ns3::Time> m_chargedTrace; //!< cost of a work, sum so far
};

} // namespace karp
} // namespace ns3

#endif // KARP_CPU_MODEL_H
