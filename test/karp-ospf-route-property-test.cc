/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-ospf-route-fixture.h"
#include "karp-ospf-route-reference.h"
#include "karp-test-entropy.h"

#include <set>

/**
 * \file
 * Random databases, changed at random. After every change the routes are those of the reference,
 * whether the calculator was told what changed, looked for it, or knew nothing before.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A random life of the databases of router 1. */
class RandomLife
{
  public:
    /** \p areas attached, \p routers in all, link costs up to \p costMax. */
    RandomLife(uint64_t seed, uint32_t areas, uint32_t routers, uint16_t costMax)
        : m_random(seed),
          m_areas(areas),
          m_routers(routers),
          m_costMax(costMax)
    {
        m_world.Input().rfc1583Compatibility = Below(2) == 0;
        m_world.Input().pathsMax = MAX_OSPF_PATHS;
        m_first = areas == 1 ? Below(2) : 0;
        for (uint32_t i = 0; i < areas; ++i)
        {
            m_world.AddArea(m_first + i);
        }
        if (areas > 1)
        {
            m_world.Input().ranges = {{m_first, Ip("172.16.0.0"), 16},
                                      {m_first + 1, Ip("10.0.0.0"), 8},
                                      {m_first + 1, Ip("172.16.0.0"), 15}};
        }
    }

    /** Links, LANs, stub networks. */
    void Build()
    {
        std::set<std::pair<uint32_t, uint32_t>> linked;
        for (uint32_t i = 0; i < 2 * m_routers; ++i)
        {
            const uint32_t a = AnyRouter();
            const uint32_t b = AnyRouter();
            if (a == b || !linked.insert({std::min(a, b), std::max(a, b)}).second)
            {
                continue;
            }
            const uint32_t area = AnyArea();
            m_world.HalfLink(a, b, Cost(), area);
            if (Below(8) != 0)
            {
                m_world.HalfLink(b, a, Cost(), area);
            }
        }
        for (uint32_t n = 1; n < 1 + m_routers / 3; ++n)
        {
            std::vector<std::pair<uint32_t, uint16_t>> members;
            std::set<uint32_t> chosen;
            for (uint32_t i = 0; i < 1 + Below(5); ++i)
            {
                const uint32_t router = AnyRouter();
                if (chosen.insert(router).second)
                {
                    members.push_back({router, Cost()});
                }
            }
            m_world.Lan(n, members, AnyArea());
        }
        for (uint32_t router = 1; router <= m_routers; ++router)
        {
            const uint32_t area = AnyArea();
            m_world.StubNetwork(router, AnyNetwork(), Cost(), area);
            m_world.Flags(router, static_cast<uint8_t>(Below(4)), area);
        }
    }

    /** Something happens to routes to elsewhere. */
    void ChangeOutside()
    {
        const uint32_t metric = Below(16) == 0 ? OSPF_LS_INFINITY : Cost();
        const uint32_t hostBits = Below(2);
        switch (Below(8))
        {
        case 0:
            m_world.BoundarySummary(AnyArea(), AnyRouter(), AnyRouter(), metric);
            break;
        case 1:
        case 2:
            m_world.Summary(AnyArea(), AnyRouter(), AnyNetwork(), metric, hostBits);
            break;
        case 3:
        case 4:
            m_world.External(AnyRouter(), AnyNetwork(), 1 + Below(2), metric, "0.0.0.0", Below(3));
            break;
        case 5:
            m_world.External(AnyRouter(),
                             AnyNetwork(),
                             1 + Below(2),
                             metric,
                             IpAddress{AnyAddress()}.ToString(),
                             0,
                             hostBits);
            break;
        default:
            Touch(Below(2) == 0 ? m_world.Externals() : m_world.Lsdb(AnyArea()), false);
        }
    }

    /** Something happens inside an area. */
    void ChangeInside()
    {
        const uint32_t area = AnyArea();
        const uint32_t router = AnyRouter();
        switch (Below(6))
        {
        case 0:
            m_world.StubNetwork(router, AnyNetwork(), Cost(), area);
            break;
        case 1:
            m_world.Flags(router, static_cast<uint8_t>(Below(4)), area);
            break;
        case 2:
            m_world.NoLinks(router, area);
            break;
        case 3:
            if (router != 1)
            {
                m_world.HalfLink(router, 1 + router % m_routers, Cost(), area);
            }
            break;
        default:
            Touch(m_world.Lsdb(area), true);
        }
    }

    /** Calculate and compare. */
    void Check(Sentence& t)
    {
        m_world.Calculate();
        t.Same(m_world.Routes(),
               OspfRouteWorld::Text(OspfReferenceTable(m_world.Input())),
               "as by definition");
        m_routes += m_world.Table().Networks().size();
        for (const auto& route : m_world.Table().Networks())
        {
            m_kinds[static_cast<size_t>(route.pathType)] += 1;
            m_discards += route.isDiscard ? 1 : 0;
            m_joined += m_world.Table().NextHops(route).size() > 1 ? 1 : 0;
        }
    }

    /** \return a random number less than \p bound */
    uint32_t Below(uint32_t bound)
    {
        return static_cast<uint32_t>(m_random.DrawU64() % bound);
    }

    size_t m_routes{0};              //!< seen in all
    size_t m_joined{0};              //!< of these with several next hops
    size_t m_discards{0};            //!< of these that discard
    std::array<size_t, 4> m_kinds{}; //!< of these by path type
    OspfRouteWorld m_world;          //!< databases

  private:
    /** An LSA of \p lsdb, inside an area or not, ages, goes, or is refreshed. */
    void Touch(OspfLsdb& lsdb, bool inside)
    {
        std::vector<OspfLsaKey> keys;
        for (const auto& [key, entry] : lsdb.All())
        {
            if ((key.type <= OspfLsaType::NETWORK) == inside)
            {
                keys.push_back(key);
            }
        }
        if (keys.empty())
        {
            return;
        }
        const OspfLsaKey key = keys[Below(static_cast<uint32_t>(keys.size()))];
        uint32_t area = m_first;
        while (key.type != OspfLsaType::AS_EXTERNAL && &m_world.Lsdb(area) != &lsdb)
        {
            ++area;
        }
        switch (Below(4))
        {
        case 0:
            m_world.Age(area, key);
            break;
        case 1:
            m_world.Install(area, key, nullptr);
            break;
        default:
            m_world.Refresh(area, key);
        }
    }

    uint32_t AnyRouter()
    {
        return 1 + Below(m_routers);
    }

    uint32_t AnyArea()
    {
        return m_first + Below(m_areas);
    }

    uint16_t Cost()
    {
        return static_cast<uint16_t>(1 + Below(m_costMax));
    }

    /** \return one of few networks, some within others */
    std::string AnyNetwork()
    {
        static const char* NETWORKS[] = {"0.0.0.0/0",
                                         "10.0.0.0/8",
                                         "10.0.1.0/24",
                                         "10.1.2.0/30",
                                         "172.16.0.0/16",
                                         "172.16.0.0/24",
                                         "172.16.1.0/24",
                                         "172.17.0.0/16"};
        return NETWORKS[Below(8)];
    }

    /** \return the address of a router, or none */
    uint32_t AnyAddress()
    {
        const uint32_t a = AnyRouter();
        const uint32_t b = AnyRouter();
        switch (Below(3))
        {
        case 0:
            return Ip("10.0.1.0") + a;
        case 1:
            return Ip("10.0.0.2") | std::min(a, b) << 16 | std::max(a, b) << 8;
        default:
            return Ip("172.16.0.5") + (Below(3) << 8);
        }
    }

    TestEntropy m_random; //!< randomness
    uint32_t m_areas;     //!< how many
    uint32_t m_first{0};  //!< least Area ID
    uint32_t m_routers;   //!< how many
    uint16_t m_costMax;   //!< of links
};

// Input: single areas, random, then changed inside, 40 times each. Output: the reference's routes,
// many of them with several next hops.
void
RandomAreas(Sentence& t)
{
    size_t routes = 0;
    size_t joined = 0;
    for (uint64_t seed = 0; seed < 60; ++seed)
    {
        RandomLife life(seed, 1, 2 + seed % 15, seed % 3 == 0 ? 1 : 4);
        life.Build();
        life.m_world.Input().pathsMax = seed % 5 == 0 ? 2 : MAX_OSPF_PATHS;
        life.Check(t);
        for (int i = 0; i < 40; ++i)
        {
            life.ChangeInside();
            life.Check(t);
        }
        routes += life.m_routes;
        joined += life.m_joined;
    }
    t.Holds(routes > 10000, "routes: " + std::to_string(routes));
    t.Holds(joined > 1000, "routes with several next hops: " + std::to_string(joined));
}

// Input: one to three areas, summary-LSAs and AS-external-LSAs of anyone, changed one after the
// other or a few at once, inside and outside. Output: the reference's routes, of every kind.
void
RandomTables(Sentence& t)
{
    std::array<size_t, 4> kinds{};
    size_t discards = 0;
    std::array<uint64_t, static_cast<size_t>(OspfCalculation::COUNT)> counts{};
    for (uint64_t seed = 0; seed < 80; ++seed)
    {
        RandomLife life(1000 + seed, 1 + seed % 3, 3 + seed % 9, seed % 4 == 0 ? 2 : 9);
        life.Build();
        for (int i = 0; i < 80; ++i)
        {
            const uint32_t atOnce = i % 20 == 0 ? 20 : 1 + life.Below(3);
            for (uint32_t n = 0; n < atOnce; ++n)
            {
                life.ChangeOutside();
            }
            if (life.Below(10) == 0)
            {
                life.ChangeInside();
            }
            life.Check(t);
        }
        for (size_t kind = 0; kind < kinds.size(); ++kind)
        {
            kinds[kind] += life.m_kinds[kind];
        }
        discards += life.m_discards;
        for (size_t kind = 0; kind < counts.size(); ++kind)
        {
            counts[kind] += life.m_world.Calculator().Counts()[kind];
        }
    }
    for (size_t kind = 0; kind < kinds.size(); ++kind)
    {
        t.Holds(kinds[kind] > 500,
                ToString(static_cast<OspfPathType>(kind)) + ": " + std::to_string(kinds[kind]));
    }
    t.Holds(discards > 500, "discards: " + std::to_string(discards));
    for (const auto kind : {OspfCalculation::DESTINATIONS,
                            OspfCalculation::EXTERNAL,
                            OspfCalculation::LEAVES,
                            OspfCalculation::PATHS})
    {
        t.Holds(counts[static_cast<size_t>(kind)] > 100,
                "calculations of kind " + std::to_string(static_cast<int>(kind)) + ": " +
                    std::to_string(counts[static_cast<size_t>(kind)]));
    }
}

} // namespace

std::vector<OspfRouteTest>
OspfSpfPropertyTests()
{
    return {{"random areas", RandomAreas}};
}

std::vector<OspfRouteTest>
OspfRoutePropertyTests()
{
    return {{"16.5 16.6 random tables", RandomTables}};
}

} // namespace karp
} // namespace ns3
