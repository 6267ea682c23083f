/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-fuzz-steps.h"

#include "ns3/karp-ospf-route-calculator.h"

#include <algorithm>
#include <array>
#include <cstdlib>

/**
 * \file
 * \ingroup karp-test
 * Fuzz entry: databases of whatever the octets tell, and routes calculated from them. The first
 * octet says how many areas there are and some settings, then come steps of {what, length, octets}:
 * an LSA as it is; a router-LSA, network-LSA, summary-LSA or AS-external-LSA made of small numbers,
 * so that vertices meet; an LSA that ages or goes; a calculation. Routes must be as good as the
 * bounds say, and the same whether the calculator is told what changed or knows nothing.
 */

namespace
{

using namespace ns3::karp;

constexpr uint32_t SELF = 1;       //!< Router ID
constexpr uint32_t INTERFACES = 4; //!< how many, to the areas in turn

/** Takes numbers from octets; 0 where there are none any more. */
class Numbers
{
  public:
    explicit Numbers(const Bytes& octets)
        : m_octets(octets)
    {
    }

    /** \return the next octet */
    uint8_t Next()
    {
        return m_at < m_octets.size() ? m_octets[m_at++] : 0;
    }

    /** \return whether there is one */
    bool HasNext() const
    {
        return m_at < m_octets.size();
    }

  private:
    const Bytes& m_octets; //!< where from
    size_t m_at{0};        //!< next one
};

/** \return an address that others are likely to have as well */
uint32_t
Address(uint8_t number)
{
    return 0x0a000000u | static_cast<uint32_t>(number & 0xf0) << 4 | (number & 15);
}

/** \return a mask; now and then with holes */
uint32_t
Mask(uint8_t number)
{
    return number == 255 ? 0xff00ff00 : number % 33 == 0 ? 0 : ~0u << (32 - number % 33);
}

/** \return a metric, at times near the end */
uint32_t
Metric(uint8_t number)
{
    return number < 250 ? number : OSPF_LS_INFINITY - 255 + number;
}

/** The databases and calculators. */
class Life
{
  public:
    explicit Life(uint8_t settings)
        : m_areas(1 + settings % 3)
    {
        m_input.routerId = SELF;
        m_input.externals = &m_lsdbs[3];
        m_input.rfc1583Compatibility = (settings & 4) != 0;
        m_input.pathsMax = settings >> 3;
        for (uint32_t area = 0; area < m_areas; ++area)
        {
            m_input.areas.push_back({area + (settings >> 7), &m_lsdbs[area]});
        }
        m_input.ranges = {{m_input.areas.back().area, Address(0x20) & ~uint32_t(0x1ff), 23},
                          {m_input.areas.front().area, 0x0a000000, 8}};
        for (uint32_t i = 0; i < INTERFACES; ++i)
        {
            const auto address = static_cast<uint8_t>(i << 4 | SELF);
            m_input.interfaces.push_back(
                {i, {Address(address)}, 0xffffff00, m_input.areas[i % m_areas].area, i < 2});
        }
    }

    /** One step. */
    void Step(uint8_t what, const Bytes& octets)
    {
        const uint32_t area = (what >> 4) % m_areas;
        Numbers numbers(octets);
        switch (what & 7)
        {
        case 0: {
            const auto decoded = DecodeOspfLsa(octets);
            const auto* lsa = std::get_if<OspfLsaPtr>(&decoded);
            Install(area, lsa != nullptr ? *lsa : nullptr);
            break;
        }
        case 1:
        case 2:
            Install(area, RouterLsa(numbers));
            break;
        case 3:
            Install(area, NetworkLsa(numbers));
            break;
        case 4:
            Install(area, SummaryLsa(numbers));
            break;
        case 5:
            Install(area, ExternalLsa(numbers));
            break;
        case 6:
            Change(area, numbers.Next(), (what & 8) != 0);
            break;
        default:
            Calculate();
        }
    }

    /** Calculate and look whether it is as it should be. */
    void Calculate()
    {
        m_calculator.Calculate(m_input, m_changes, Time(0));
        m_changes.clear();
        const OspfRoutingTable& table = m_calculator.Table();
        OspfRouteCalculator fresh;
        fresh.Calculate(m_input, Time(0));
        Require(DifferentNetworks(table, fresh.Table()).empty());
        Require(DifferentRouters(table, fresh.Table()).empty());
        const size_t pathsMax = std::clamp(m_input.pathsMax, MIN_OSPF_PATHS, MAX_OSPF_PATHS);
        for (const auto* routes : {&table.Networks(), &table.Routers()})
        {
            for (const auto& route : *routes)
            {
                Require(route.cost < OSPF_LS_INFINITY && route.type2Cost < OSPF_LS_INFINITY);
                Require((route.destination & ~route.Mask()) == 0);
                Require(table.NextHops(route).size() <= pathsMax);
                const bool isOwn =
                    route.pathType == OspfPathType::INTRA_AREA && routes == &table.Networks();
                Require(isOwn || route.isDiscard || !table.NextHops(route).empty());
                for (const auto& hop : table.NextHops(route))
                {
                    Require(hop.interface < INTERFACES);
                }
            }
        }
    }

  private:
    /** \p fact must hold. */
    static void Require(bool fact)
    {
        if (!fact)
        {
            std::abort();
        }
    }

    static OspfLsaPtr RouterLsa(Numbers& numbers)
    {
        OspfLsaHeader header;
        const uint8_t id = numbers.Next();
        header.key = {OspfLsaType::ROUTER, id & 15u, id & 15u};
        OspfRouterLsa body;
        body.flags = id >> 4;
        while (numbers.HasNext())
        {
            OspfRouterLink link;
            link.type = static_cast<OspfLinkType>(numbers.Next() % 6);
            const uint8_t to = numbers.Next();
            const uint8_t data = numbers.Next();
            const uint8_t metric = numbers.Next();
            const bool isRouter = link.type == OspfLinkType::POINT_TO_POINT;
            link.id = isRouter ? to & 15u : Address(to);
            link.data = link.type == OspfLinkType::STUB ? Mask(data) : Address(data);
            link.metric = static_cast<uint16_t>(metric < 250 ? metric : 65535);
            body.links.push_back(link);
        }
        return MakeOspfLsa(header, body);
    }

    static OspfLsaPtr NetworkLsa(Numbers& numbers)
    {
        OspfLsaHeader header;
        const uint8_t id = numbers.Next();
        header.key = {OspfLsaType::NETWORK, Address(id), id & 15u};
        OspfNetworkLsa body;
        body.networkMask = Mask(numbers.Next());
        while (numbers.HasNext())
        {
            body.routers.push_back(numbers.Next() & 15u);
        }
        return MakeOspfLsa(header, body);
    }

    static OspfLsaPtr SummaryLsa(Numbers& numbers)
    {
        OspfLsaHeader header;
        const uint8_t what = numbers.Next();
        const bool isRouter = (what & 16) != 0;
        const uint8_t id = numbers.Next();
        header.key = {isRouter ? OspfLsaType::SUMMARY_ASBR : OspfLsaType::SUMMARY_NETWORK,
                      isRouter ? id & 15u : Address(id),
                      what & 15u};
        const uint32_t mask = Mask(numbers.Next());
        return MakeOspfLsa(header, OspfSummaryLsa{mask, Metric(numbers.Next())});
    }

    static OspfLsaPtr ExternalLsa(Numbers& numbers)
    {
        OspfLsaHeader header;
        const uint8_t what = numbers.Next();
        header.key = {OspfLsaType::AS_EXTERNAL, Address(numbers.Next()), what & 15u};
        OspfExternalLsa body;
        body.isType2 = (what & 16) != 0;
        body.networkMask = Mask(numbers.Next());
        body.metric = Metric(numbers.Next());
        body.forwardingAddress = {(what & 32) != 0 ? Address(numbers.Next()) : 0};
        body.externalRouteTag = numbers.Next();
        return MakeOspfLsa(header, body);
    }

    /** Hold \p lsa, if there is one. */
    void Install(uint32_t area, const OspfLsaPtr& lsa)
    {
        if (!lsa)
        {
            return;
        }
        const bool isExternal = lsa->header.key.type == OspfLsaType::AS_EXTERNAL;
        OspfLsdb& lsdb = m_lsdbs[isExternal ? 3 : area];
        const auto* entry = lsdb.Find(lsa->header.key);
        m_changes.push_back({m_input.areas[area].area, entry ? entry->lsa : nullptr, lsa});
        lsdb.Install(lsa, 0, Time(0));
    }

    /** An LSA goes, or reaches MaxAge. */
    void Change(uint32_t area, uint8_t which, bool goes)
    {
        OspfLsdb& lsdb = m_lsdbs[which >= 128 ? 3 : area];
        if (lsdb.Size() == 0)
        {
            return;
        }
        const OspfLsaPtr lsa = lsdb.All()[which % lsdb.Size()].entry->lsa;
        m_changes.push_back({m_input.areas[area].area, lsa, goes ? nullptr : lsa});
        if (goes)
        {
            lsdb.Remove(lsa->header.key);
        }
        else
        {
            lsdb.Install(lsa, OSPF_MAX_AGE, Time(0));
        }
    }

    uint32_t m_areas;                     //!< how many
    std::array<OspfLsdb, 4> m_lsdbs;      //!< of areas, and the AS-external-LSAs
    OspfRouteInput m_input;               //!< what is calculated from
    std::vector<OspfLsaChange> m_changes; //!< since the last calculation
    OspfRouteCalculator m_calculator;     //!< told of them
};

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0)
    {
        return 0;
    }
    Life life(data[0]);
    LiveThrough(life, data, size, 1);
    life.Calculate();
    return 0;
}
