/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-scenario-language.h"

#include <map>

namespace ns3
{
namespace karp
{

const LanguageWord*
WordList::Find(const std::string& text) const
{
    for (const LanguageWord& word : words)
    {
        if (text == word.text)
        {
            return &word;
        }
    }
    return nullptr;
}

std::vector<std::string>
WordList::Interpreted() const
{
    std::vector<std::string> list;
    for (const LanguageWord& word : words)
    {
        if (word.interpreted)
        {
            list.emplace_back(word.text);
        }
    }
    return list;
}

namespace language
{

const WordList FILE_KEYS{"a scenario",
                         {{"karp"},
                          {"name"},
                          {"about"},
                          {"run"},
                          {"topology"},
                          {"groups"},
                          {"credentials"},
                          {"routing"},
                          {"protocol"},
                          {"timeline"},
                          {"expect"},
                          {"invariants"},
                          {"sweep"},
                          {"output"},
                          {"base"}}};

const WordList RUN_KEYS{"run", {{"stop"}, {"warmup"}, {"seed"}, {"scheduler"}}};

const WordList SCHEDULERS{"run.scheduler",
                          {{"map"}, {"heap"}, {"list"}, {"calendar"}, {"priority-queue"}}};

const WordList TOPOLOGY_KEYS{"topology",
                             {{"lan"},
                              {"lans"},
                              {"line"},
                              {"ring"},
                              {"star"},
                              {"grid"},
                              {"tree"},
                              {"full"},
                              {"random"},
                              {"waxman"},
                              {"barabasi"},
                              {"lan_of_lans"},
                              {"graphml"},
                              {"nodes"},
                              {"links"},
                              {"sets"}}};

const WordList LINK_KEYS{"topology link",
                         {{"rate"},
                          {"delay"},
                          {"rate_unknown"},
                          {"delay_unknown"},
                          {"delay_min"},
                          {"path_factor"},
                          {"cost"}}};

const WordList LINKS_KEYS{"topology.links", {{"ends"}, {"rate"}, {"delay"}, {"cost"}}};

const WordList GRAPH_NAMES{"topology names", {{"number"}, {"label"}}};

const WordList LAN_KEYS{
    "topology.lan",
    {{"id"}, {"nodes"}, {"rate"}, {"delay"}, {"cost"}, {"prefix"}, {"same_as", LATER}}};

const WordList LANS_KEYS{"topology.lans",
                         {{"id"},
                          {"nodes"},
                          {"routers"},
                          {"via"},
                          {"repeat"},
                          {"rate"},
                          {"delay"},
                          {"cost"},
                          {"prefix"},
                          {"same_as", LATER}}};

const WordList GROUP_KEYS{
    "groups",
    {{"name"}, {"segment"}, {"members"}, {"priority"}, {"kmp", LATER}, {"rekey", LATER}}};

const WordList CREDENTIAL_KEYS{
    "credentials",
    {{"type"}, {"scope"}, {"trust"}, {"revoked"}, {"expires"}, {"mismatch"}, {"outsiders"}}};

const WordList CREDENTIAL_TYPES{"credentials.type",
                                {{"psk"},
                                 {"pair-psk"},
                                 {"ed25519"},
                                 {"ecdsa-p256"},
                                 {"rsa-2048"},
                                 {"rsa-3072"},
                                 {"raw-key", LATER}}};

const WordList CREDENTIAL_SCOPES{"credentials.scope", {{"group"}, {"pair"}, {"domain"}}};

const WordList ROUTING_KEYS{
    "routing",
    {{"protocol"}, {"hello"}, {"dead"}, {"auth"}, {"seq"}, {"seq_init"}, {"model"}}};

const WordList ROUTING_PROTOCOLS{
    "routing.protocol",
    {{"ospfv2"}, {"none"}, {"ospfv3", LATER}, {"isis", LATER}, {"pim", LATER}}};

const WordList ROUTING_AUTHS{"routing.auth",
                             {{"none"},
                              {"keyed-md5"},
                              {"hmac-sha1"},
                              {"hmac-sha256"},
                              {"hmac-sha384"},
                              {"hmac-sha512"},
                              {"trailer", LATER}}};

const WordList SEQUENCE_RULES{"routing.seq", {{"rfc2328"}, {"strict"}, {"rfc7474"}, {"none"}}};

const WordList ROUTING_MODELS{"routing.model", {{"stub"}, {"full"}}};
const WordList SEQUENCE_INITS{"routing.seq_init", {{"zero"}, {"clock"}, {"nvram"}}};

const WordList PROTOCOL_KEYS{"protocol",
                             {{"kmp"},
                              {"gcks"},
                              {"advert"},
                              {"down"},
                              {"skew"},
                              {"retransmit"},
                              {"update"},
                              {"lead"},
                              {"overlap"},
                              {"kek_lifetime"},
                              {"copies"},
                              {"spacing"},
                              {"blacklist"},
                              {"crypto"},
                              {"cookie"},
                              {"attr"},
                              {"pmk_use"},
                              {"old_key_rx", LATER},
                              {"timers", LATER}}};

const WordList KMPS{
    "protocol.kmp",
    {{"mrkmp"}, {"manual"}, {"none"}, {"mark-05", LATER}, {"rkmp", LATER}, {"gikev2", LATER}}};

const WordList PMK_USES{"protocol.pmk_use", {{"transport-key"}, {"derive"}}};

const WordList GCKS_KINDS{"protocol.gcks", {{"elected"}, {"fixed", LATER}}};

const WordList SKEWS{"protocol.skew", {{"vrrp"}, {"none"}}};

const WordList RETRANSMIT_KEYS{"protocol.retransmit", {{"first"}, {"base"}, {"tries"}}};

const WordList CRYPTO_KEYS{"protocol.crypto", {{"cost"}, {"scale"}}};

const WordList COSTS{"protocol.crypto.cost", {{"none"}, {"table"}}};

const WordList COOKIE_KEYS{"protocol.cookie", {{"threshold"}}};

const WordList VERBS{
    "timeline",
    {{"crash"},    {"boot"},        {"reboot"},       {"priority"},   {"impair"},
     {"clear"},    {"mark"},        {"partition"},    {"cut"},        {"heal"},
     {"stop_kmp"}, {"start_kmp"},   {"leave"},        {"join"},       {"exhaust_seq"},
     {"clock"},    {"rekey"},       {"evict"},        {"handover"},   {"credential", LATER},
     {"attack"},   {"stop_attack"}, {"chaos", LATER}, {"set", LATER}, {"link_down"}}};

const WordList LOSSES{"timeline lose",
                      {{"seq"}, {"neighbors"}, {"sa"}, {"keys"}, {"nvram"}, {"all"}}};

const WordList EXPECT_KEYS{"expect",
                           {{"id"},
                            {"always"},
                            {"never"},
                            {"eventually"},
                            {"over_runs"},
                            {"after"},
                            {"within"},
                            {"from"},
                            {"until"},
                            {"where"},
                            {"level"}}};

const WordList INVARIANT_KEYS{"invariants",
                              {{"skip"},
                               {"one-gcks"},
                               {"key-lifetime"},
                               {"sequence-reuse"},
                               {"no-key-drop"},
                               {"bounded-lists"},
                               {"secrecy"},
                               {"no-forgery"}}};

const WordList INVARIANT_OPTIONS{"invariants (bound)", {{"within"}}};

const WordList LEVELS{"expect.level", {{"fail"}, {"warn"}}};

const WordList OVER_RUNS_KEYS{"expect.over_runs",
                              {{"metric"},
                               {"stat"},
                               {"between"},
                               {"equals"},
                               {"below"},
                               {"above"},
                               {"tol"},
                               {"ratio"},
                               {"difference"},
                               {"confidence"}}};

const WordList STATS{"expect.over_runs.stat",
                     {{"mean"}, {"median"}, {"p95"}, {"p99"}, {"max"}, {"min"}, {"rate"}}};

const WordList SWEEP_KEYS{"sweep",
                          {{"grid"}, {"cases"}, {"runs"}, {"zip"}, {"until_ci"}, {"skip_absent"}}};

const WordList OUTPUT_KEYS{"output",
                           {{"metrics"},
                            {"plots"},
                            {"pcap"},
                            {"keylog"},
                            {"dir"},
                            {"ascii", LATER},
                            {"trace", LATER},
                            {"netanim", LATER},
                            {"flowmon", LATER}}};

const WordList PLOT_KINDS{
    "output.plots",
    {{"cdf"}, {"line"}, {"timeline"}, {"bytes"}, {"step"}, {"bars"}, {"matrix", LATER}}};

namespace
{

/** \return keys of an event: those common to all verbs, and \p more */
WordList
Event(const char* place, std::vector<LanguageWord> more)
{
    WordList list{place,
                  {{"at"},
                   {"do"},
                   {"as"},
                   {"every"},
                   {"until"},
                   {"on_event"},
                   {"wait"},
                   {"not_before"},
                   {"times"}}};
    list.words.insert(list.words.end(), more.begin(), more.end());
    return list;
}

const std::map<std::string, WordList> PLOTS = {
    {"cdf",
     {"output.plots (cdf)",
      {{"cdf"}, {"by"}, {"panel"}, {"where"}, {"model"}, {"xlog"}, {"name"}}}},
    {"line",
     {"output.plots (line)",
      {{"line"},
       {"x"},
       {"by"},
       {"panel"},
       {"where"},
       {"ci"},
       {"model"},
       {"xlog"},
       {"ylog"},
       {"name"}}}},
    {"step",
     {"output.plots (step)",
      {{"step"},
       {"x"},
       {"by"},
       {"panel"},
       {"where"},
       {"ci"},
       {"model"},
       {"xlog"},
       {"ylog"},
       {"name"}}}},
    {"bars", {"output.plots (bars)", {{"bars"}, {"x"}, {"panel"}, {"where"}, {"ylog"}, {"name"}}}},
    {"timeline",
     {"output.plots (timeline)",
      {{"timeline"}, {"run"}, {"where"}, {"group"}, {"zoom"}, {"from"}, {"until"}, {"name"}}}},
    {"bytes",
     {"output.plots (bytes)",
      {{"bytes"}, {"x"}, {"where"}, {"panel"}, {"xlog"}, {"ylog"}, {"name"}}}},
};
const WordList COMMON_EVENT = Event("timeline", {});
const std::map<std::string, WordList> EVENTS = {
    {"crash", Event("timeline (crash)", {{"target"}, {"stagger"}, {"lose"}})},
    {"boot", Event("timeline (boot)", {{"target"}, {"stagger"}})},
    {"reboot", Event("timeline (reboot)", {{"target"}, {"stagger"}, {"down"}, {"lose"}})},
    {"priority", Event("timeline (priority)", {{"node"}, {"value"}, {"group"}})},
    {"impair",
     Event("timeline (impair)",
           {{"target"},
            {"loss"},
            {"dup"},
            {"reorder"},
            {"reorder_delay"},
            {"delay"},
            {"jitter"},
            {"to"},
            {"rate", LATER},
            {"dir", LATER}})},
    {"clear", Event("timeline (clear)", {{"target"}})},
    {"mark", Event("timeline (mark)", {})},
    {"partition", Event("timeline (partition)", {{"sets"}, {"segment"}, {"one_way"}})},
    {"cut", Event("timeline (cut)", {{"from"}, {"to"}, {"segment"}})},
    {"link_down", Event("timeline (link_down)", {{"target"}, {"silent"}})},
    {"heal", Event("timeline (heal)", {{"ref"}, {"segment"}})},
    {"stop_kmp", Event("timeline (stop_kmp)", {{"target"}, {"group"}})},
    {"start_kmp", Event("timeline (start_kmp)", {{"target"}, {"group"}})},
    {"leave", Event("timeline (leave)", {{"target"}, {"segment"}})},
    {"join", Event("timeline (join)", {{"target"}, {"segment"}})},
    {"exhaust_seq", Event("timeline (exhaust_seq)", {{"target"}, {"segment"}})},
    {"rekey", Event("timeline (rekey)", {{"group"}})},
    {"evict", Event("timeline (evict)", {{"target"}, {"group"}})},
    {"handover", Event("timeline (handover)", {{"group"}, {"to"}})},
    {"clock", Event("timeline (clock)", {{"target"}, {"offset"}, {"drift"}})},
    {"attack",
     Event("timeline (attack)",
           {{"kind"},    {"id"},    {"node"},    {"segment"},     {"for"},   {"capture"},
            {"replay"},  {"claim"}, {"match"},   {"message"},     {"rate"},  {"answer"},
            {"sources"}, {"to"},    {"cookies"}, {"probability"}, {"delay"}, {"field"},
            {"offset"},  {"value"}, {"insider"}, {"ahead"}})},
    {"stop_attack", Event("timeline (stop_attack)", {{"ref"}})},
};

} // namespace

const WordList&
EventKeys(const std::string& verb)
{
    const auto found = EVENTS.find(verb);
    return found == EVENTS.end() ? COMMON_EVENT : found->second;
}

const WordList&
PlotKeys(const std::string& kind)
{
    return PLOTS.at(kind);
}

} // namespace language
} // namespace karp
} // namespace ns3
