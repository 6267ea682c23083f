/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_LOADER_H
#define KARP_SCENARIO_LOADER_H

#include "karp-attack-language.h"
#include "karp-diagnostics.h"
#include "karp-scenario-model.h"
#include "karp-scenario-reader.h"
#include "karp-yaml-tree.h"

#include "ns3/karp-topology-graph.h"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

struct LinkRule;
struct TopologyGenerator;

/** What loading needs besides the file. */
struct LoadOptions
{
    Variables set;      //!< variables given on the command line
    std::string folder; //!< where other files are looked for; empty: none is opened
    /** Checks an ns-3 attribute and its value: empty, or what is wrong. None: unchecked. */
    std::function<std::string(const std::string& name, const std::string& value)> checkAttribute;
};

/**
 * \param text "a=1,b=2"
 * \param[out] variables what it says
 * \return empty, or what is wrong
 */
std::string ParseSettings(const std::string& text, Variables& variables);

/**
 * \ingroup karp
 * Reads a scenario: every key checked against the language, every default filled in, every name
 * resolved. All mistakes of a file are found in one go.
 */
class ScenarioLoader
{
  public:
    static constexpr uint32_t MAX_NODES = 1000; //!< routers on a LAN

    /**
     * \param text a scenario
     * \param options variables and checks
     * \param[in,out] diagnostics gets all that is wrong
     * \return the scenario, if nothing is
     */
    static std::optional<Scenario> Load(const std::string& text,
                                        const LoadOptions& options,
                                        Diagnostics& diagnostics);

    /** The same for the file called \p path. */
    static std::optional<Scenario> LoadFile(const std::string& path,
                                            const LoadOptions& options,
                                            Diagnostics& diagnostics);

  private:
    ScenarioLoader(const LoadOptions& options, Diagnostics& diagnostics);

    void LoadRoot(const YamlNode& root);
    void LoadBlock(const YamlNode& root,
                   const char* key,
                   void (ScenarioLoader::*load)(const YamlNode&));

    // karp-scenario-load-sweep.cc
    void LoadSweep(const YamlNode& root);
    void LoadGrid(const YamlNode& grid);
    void LoadCases(const YamlNode& cases);
    bool CheckVariable(const YamlNode::Entry& entry);
    bool CheckVariableValue(const YamlNode& node);
    void CheckSettings();

    // karp-scenario-loader.cc
    void LoadRun(const YamlNode& node);
    void LoadGroups(const YamlNode& node);
    void CheckGroups(const YamlNode& root);
    void LoadGroup(const YamlNode& node);
    void AddGroup(const YamlNode& node, GroupBlock&& group);
    void LoadMembers(const YamlNode& node, std::vector<GroupBlock>& groups);
    void LoadPriorities(const YamlNode& node, std::vector<GroupBlock>& groups);

    // karp-scenario-load-topology.cc
    void LoadTopology(const YamlNode& node);
    void LoadLans(const YamlNode& node);
    void LoadLan(const YamlNode& node, std::string id);
    bool CheckLan(const YamlNode& node, const LanBlock& lan, uint32_t nodes);
    std::vector<uint32_t> LoadSharedRouters(const YamlNode& node);
    const LanBlock* LoadVia(const YamlNode& node);
    bool LoadPrefix(const YamlNode& node, std::string& prefix);
    /** Read what segments from number \p first on cost, of which \p node is the block. */
    void LoadCosts(const YamlNode& node, size_t first);
    void LoadCostOf(const YamlNode& costs, const YamlNode::Entry& entry, size_t first);
    void LoadSets(const YamlNode& node);
    void LoadSegments(const YamlNode& node, const char* what, std::vector<uint32_t>& lans);

    // karp-scenario-load-graph.cc
    void LoadGraph(const YamlNode& node);
    void NameGraph(const YamlNode& node);
    bool LoadGraphml(const YamlNode& node);
    bool LoadGenerated(const YamlNode& node, const TopologyGenerator& generator);
    void LoadLinkRule(const YamlNode& node, LinkRule& rule);
    void LoadNodes(const YamlNode& node);
    void AddGraphLans(const YamlNode& node);
    void LoadLinks(const YamlNode& node);
    bool AddLink(size_t line, uint32_t a, uint32_t b, LanBlock&& block);
    void CheckLonely(const YamlNode& node);

    // karp-scenario-load-credentials.cc
    void LoadCredentials(const YamlNode& node);
    std::vector<uint32_t> LoadRouters(const YamlNode& node, const char* what);
    void LoadMoments(const YamlNode& node, const char* what, std::map<uint32_t, Time>& moments);

    // karp-scenario-load-protocol.cc
    void LoadRouting(const YamlNode& node);
    void CheckSequences(const YamlNode& node);
    void LoadProtocol(const YamlNode& node);
    void LoadRetransmit(const YamlNode& node);
    void LoadAttributes(const YamlNode& node);
    void CheckAgreement(const YamlNode& root);
    void CheckSequenceStep(const YamlNode& root);

    // karp-scenario-load-timeline.cc
    void LoadTimeline(const YamlNode& node);
    void LoadEvent(const YamlNode& node);
    void LoadRepetition(const YamlNode& node, TimelineEvent& event);
    void LoadMoment(const YamlNode& node, TimelineEvent& event);
    void LoadLabel(const YamlNode& node, TimelineEvent& event);
    bool LoadSelector(const YamlNode& node, const char* what, Selector& selector);
    void CheckEventTimes(const YamlNode& node, const TimelineEvent& event);

    // karp-scenario-load-event.cc
    void LoadTrigger(const YamlNode& node, TimelineEvent& event);
    void LoadArguments(const YamlNode& node, TimelineEvent& event);
    void LoadWire(const YamlNode& node, TimelineEvent& event);
    void LoadTarget(const YamlNode& node, const char* key, TimelineEvent& event);
    void LoadWho(const YamlNode& node, const char* what, Selector& selector);
    void LoadGroupName(const YamlNode& node, TimelineEvent& event);
    void LoadCommand(const YamlNode& node, TimelineEvent& event);
    void LoadEventSegments(const YamlNode& node, TimelineEvent& event);
    void LoadCut(const YamlNode& node, TimelineEvent& event);
    void LoadHeal(const YamlNode& node, TimelineEvent& event);
    void LoadClock(const YamlNode& node, TimelineEvent& event);
    void LoadImpairment(const YamlNode& node, TimelineEvent& event);
    void LoadLosses(const YamlNode& node, TimelineEvent& event);

    // karp-scenario-load-attack.cc
    void LoadAttack(const YamlNode& node, TimelineEvent& event);
    void LoadOutsider(const YamlNode& node, AttackSpec& attack);
    void CheckAttackKeys(const YamlNode& node, const AttackKind& kind);
    void LoadAttackArgument(const YamlNode& node,
                            const AttackKind& kind,
                            const AttackArgument& row,
                            AttackSpec& attack);
    std::string AttackValue(const YamlNode& node,
                            const AttackArgument& row,
                            AttackSpec::Argument& argument);
    void LoadAttackTypes(const YamlNode& node, AttackSpec& attack);
    void LoadAttackAfter(const YamlNode& node, AttackSpec::Argument& argument);
    void LoadStopAttack(const YamlNode& node, TimelineEvent& event);
    void LoadOutsiders(const YamlNode& node);

    // karp-scenario-load-expect.cc
    void LoadExpect(const YamlNode& node);
    void LoadInvariants(const YamlNode& node);
    void LoadInvariantsOff(const YamlNode& node);
    void LoadExpectation(const YamlNode& node);
    void LoadPredicate(const YamlNode& node, Expectation& expectation);
    void LoadInterval(const YamlNode& node, Expectation& expectation);
    std::optional<TimeRef> LoadTimeRef(const YamlNode& node, const char* what);
    std::optional<TimeRef> ParseLaterRef(const ExprNode& node, ExprError& error);
    std::optional<TimeRef> ParseTimeRef(const ExprNode& node, ExprError& error);
    Time LatestOf(const TimeRef& ref) const;
    void LoadWhere(const YamlNode& node, Expectation& expectation);
    void LoadComparison(const YamlNode& node, Expectation::OverRuns& overRuns);
    void LoadOverRuns(const YamlNode& node, Expectation& expectation);
    std::optional<Quantity> LoadBound(const YamlNode& node, const char* key, const char* unit);
    void LoadOutput(const YamlNode& node);
    void LoadPlot(const YamlNode& node);

    const LoadOptions& m_options; //!< what was given besides
    Diagnostics& m_diagnostics;   //!< where errors go
    Scenario m_scenario;          //!< so far
    TopologyGraph m_graph;        //!< where topology is one; its nodes come first
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> m_links; //!< how many between which routers
    size_t m_firstLink{0};                                     //!< segment; LANs come before
    std::map<std::string, size_t> m_declared; //!< variables of sweep, and their lines
    ScenarioReader m_reader;                  //!< knows the variables
};

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_LOADER_H
