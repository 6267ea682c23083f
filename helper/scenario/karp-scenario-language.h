/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_SCENARIO_LANGUAGE_H
#define KARP_SCENARIO_LANGUAGE_H

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

/** A word of the language: a key of a block, or a value where there is a choice. */
struct LanguageWord
{
    const char* text;       //!< as it is written
    bool interpreted{true}; //!< whether this version acts on it
};

inline constexpr bool LATER = false; //!< known to the language, not interpreted by this version

/**
 * \ingroup karp
 * Words that may stand in one place. Everything that the language knows is in these lists, so that
 * a word which is only not interpreted yet is told from a mistake.
 */
struct WordList
{
    const char* place;               //!< "run", "timeline (crash)": where
    std::vector<LanguageWord> words; //!< the words

    /** \return the word called \p text, nullptr if there is none */
    const LanguageWord* Find(const std::string& text) const;
    /** \return those that this version acts on */
    std::vector<std::string> Interpreted() const;
};

/** The keys of each block, and the values where there is a choice. */
namespace language
{
extern const WordList FILE_KEYS;         //!< the file
extern const WordList RUN_KEYS;          //!< run
extern const WordList SCHEDULERS;        //!< run.scheduler
extern const WordList TOPOLOGY_KEYS;     //!< topology
extern const WordList LINK_KEYS;         //!< topology.*.link
extern const WordList LINKS_KEYS;        //!< topology.links[]
extern const WordList GRAPH_NAMES;       //!< topology.graphml.names
extern const WordList LAN_KEYS;          //!< topology.lan
extern const WordList LANS_KEYS;         //!< topology.lans[]
extern const WordList GROUP_KEYS;        //!< groups[]
extern const WordList CREDENTIAL_KEYS;   //!< credentials
extern const WordList CREDENTIAL_TYPES;  //!< credentials.type
extern const WordList CREDENTIAL_SCOPES; //!< credentials.scope
extern const WordList ROUTING_KEYS;      //!< routing
extern const WordList ROUTING_PROTOCOLS; //!< routing.protocol
extern const WordList ROUTING_AUTHS;     //!< routing.auth
extern const WordList SEQUENCE_RULES;    //!< routing.seq
extern const WordList ROUTING_MODELS;    //!< routing.model
extern const WordList SEQUENCE_INITS;    //!< routing.seq_init
extern const WordList PROTOCOL_KEYS;     //!< protocol
extern const WordList KMPS;              //!< protocol.kmp
extern const WordList PMK_USES;          //!< protocol.pmk_use
extern const WordList GCKS_KINDS;        //!< protocol.gcks
extern const WordList SKEWS;             //!< protocol.skew
extern const WordList RETRANSMIT_KEYS;   //!< protocol.retransmit
extern const WordList CRYPTO_KEYS;       //!< protocol.crypto
extern const WordList COSTS;             //!< protocol.crypto.cost
extern const WordList COOKIE_KEYS;       //!< protocol.cookie
extern const WordList VERBS;             //!< timeline[].do
extern const WordList LOSSES;            //!< timeline[].lose
extern const WordList EXPECT_KEYS;       //!< expect[]
extern const WordList INVARIANT_KEYS;    //!< invariants
extern const WordList INVARIANT_OPTIONS; //!< invariants.one-gcks and the like
extern const WordList LEVELS;            //!< expect[].level
extern const WordList OVER_RUNS_KEYS;    //!< expect[].over_runs
extern const WordList STATS;             //!< expect[].over_runs.stat
extern const WordList SWEEP_KEYS;        //!< sweep
extern const WordList OUTPUT_KEYS;       //!< output
extern const WordList PLOT_KINDS;        //!< first key of output.plots[]

/** \return the keys of a timeline event with \p verb; those common to all if it is unknown */
const WordList& EventKeys(const std::string& verb);
/** \return the keys of a plot of \p kind, one of PLOT_KINDS that is interpreted */
const WordList& PlotKeys(const std::string& kind);
} // namespace language

} // namespace karp
} // namespace ns3

#endif // KARP_SCENARIO_LANGUAGE_H
