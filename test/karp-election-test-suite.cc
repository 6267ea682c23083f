/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-sentence.h"
#include "karp-test-entropy.h"

#include "ns3/karp-gcks-election.h"
#include "ns3/test.h"

#include <sstream>
#include <vector>

/**
 * \file
 * The election alone (H 3, rows E1 to E10): one router, advertisements put to it by hand, wishes
 * and times read off. How several of them agree is the suite karp-mrkmp's business.
 *
 * Times: heartbeat 1 s without jitter, 3 may be missed, so a router of priority p waits
 * 3 s + (256 - p)/256 s after a start and (256 - p)/256 s after a loss.
 */

using namespace ns3;
using namespace ns3::karp;
using namespace std::chrono_literals;

namespace
{

const IpAddress SELF{0x0a000005};  //!< 10.0.0.5, in the middle
const IpAddress LOWER{0x0a000001}; //!< 10.0.0.1
const IpAddress UPPER{0x0a000009}; //!< 10.0.0.9

/** One election and what it wished for. */
class Bench
{
  public:
    /** A router of \p priority. */
    explicit Bench(uint8_t priority = 128, bool skew = true)
        : m_entropy(1),
          m_election(Config(priority, skew), SELF, m_entropy)
    {
    }

    /** The settings that the times in this file follow from. */
    static ElectionConfig Config(uint8_t priority, bool skew)
    {
        ElectionConfig config;
        config.priority = priority;
        config.advertInterval = 1s;
        config.advertJitter = 0;
        config.skew = skew;
        return config;
    }

    /** Let \p from be heard. \return wishes */
    std::string Hear(IpAddress from,
                     AdvertState state,
                     uint8_t priority,
                     Time now,
                     KekKnowledge kek = KekKnowledge::NONE)
    {
        AdvertPayload advert;
        advert.state = state;
        advert.priority = priority;
        advert.intervalMs = 1000;
        m_election.Hear(from, advert, kek, now);
        return Wishes();
    }

    /** Let time pass. \return wishes */
    std::string Advance(Time now)
    {
        m_election.Advance(now);
        return Wishes();
    }

    /** \return wishes since the last call, as words */
    std::string Wishes()
    {
        std::ostringstream words;
        while (const auto action = m_election.PollAction())
        {
            switch (action->kind)
            {
            case ElectionAction::Kind::SEND_ADVERT:
                words << (action->peer == IpAddress{} ? "advert " : "answer ");
                break;
            case ElectionAction::Kind::REGISTER:
                words << "register:" << (action->peer.value & 0xff) << ' ';
                break;
            case ElectionAction::Kind::TAKE_OVER:
                words << "takeover ";
                break;
            case ElectionAction::Kind::MERGE:
                words << "merge:" << (action->peer.value & 0xff) << ' ';
                break;
            case ElectionAction::Kind::ROLE:
                words << ToString(action->from) << "->" << ToString(action->to) << ' ';
                break;
            }
        }
        return words.str();
    }

    /** Begin at 0 and become a member of UPPER at 1 s. */
    void MakeMember()
    {
        m_election.Start(0s);
        Hear(UPPER, AdvertState::GCKS, 200, 1s);
    }

    /** Begin at 0 and become GCKS at 3.5 s (priority 128). */
    void MakeGcks()
    {
        m_election.Start(0s);
        Advance(3500ms);
        Wishes();
    }

    TestEntropy m_entropy;   //!< randomness
    GcksElection m_election; //!< under test
};

// Input: start. Output: Initial, one initial advertisement, at once.
void
E1(Sentence& t)
{
    Bench b;
    b.m_election.Start(0s);
    t.Same(b.Wishes(), std::string("down->initial advert "));
    t.Holds(b.m_election.Role() == GcksRole::INITIAL, "Initial after start");
}

// Input: a member and a GCKS, a minute. Output: only the GCKS advertises, once a heartbeat.
void
E2(Sentence& t)
{
    Bench member;
    member.MakeMember();
    member.Wishes();
    for (int i = 2; i < 60; ++i)
    {
        t.Same(member.Hear(UPPER, AdvertState::GCKS, 200, std::chrono::seconds(i)),
               std::string(""));
        t.Same(member.Advance(std::chrono::seconds(i)), std::string(""));
    }
    Bench gcks;
    gcks.MakeGcks();
    t.Holds(*gcks.m_election.NextTimeout() == 4500ms, "next heartbeat after one interval");
    t.Same(gcks.Advance(4500ms), std::string("advert "));
    t.Holds(*gcks.m_election.NextTimeout() == 5500ms, "and again");
}

// Input: initial advertisements of a better and a worse newcomer. Output: a unicast answer to each,
// the role stays: no pre-emption.
void
E3(Sentence& t)
{
    Bench b;
    b.MakeGcks();
    t.Same(b.Hear(UPPER, AdvertState::INITIAL, 255, 4s), std::string("answer "));
    t.Same(b.Hear(LOWER, AdvertState::INITIAL, 1, 4s), std::string("answer "));
    t.Holds(b.m_election.Role() == GcksRole::GCKS, "stays GCKS");
}

// Input: heartbeat of a GCKS, less preferred than we are. Output: Member, and a registration.
void
E4(Sentence& t)
{
    Bench b;
    b.m_election.Start(0s);
    b.Wishes();
    t.Same(b.Hear(UPPER, AdvertState::GCKS, 1, 1s), std::string("initial->member register:9 "));
    t.Holds(b.m_election.Gcks() == UPPER, "believes in the sender");
}

// Input: silence after a start. Output: GCKS exactly when 3 heartbeats and the skew are over.
void
E5(Sentence& t)
{
    Bench b;
    b.m_election.Start(0s);
    b.Wishes();
    t.Holds(*b.m_election.NextTimeout() == 3500ms, "waiting period");
    t.Same(b.Advance(3500ms - 1ns), std::string(""));
    t.Same(b.Advance(3500ms), std::string("initial->gcks takeover advert "));
}

// Input: worse and better candidates during the waiting period. Output: to worse ones the own
// advertisement again, rate limited; with a better one heard, the period's end finds us Initial
// still, once, and GCKS at the second end if it never came.
void
E6(Sentence& t)
{
    Bench b;
    b.m_election.Start(0s);
    b.Wishes();
    t.Same(b.Hear(UPPER, AdvertState::INITIAL, 10, 10ms), std::string(""));
    t.Same(b.Advance(99ms), std::string(""));
    t.Same(b.Advance(100ms), std::string("advert "));
    t.Same(b.Hear(UPPER, AdvertState::INITIAL, 10, 500ms), std::string("advert "));
    t.Same(b.Hear(UPPER, AdvertState::INITIAL, 10, 550ms), std::string(""));
    t.Same(b.Advance(600ms), std::string("advert "));
    t.Same(b.Hear(LOWER, AdvertState::INITIAL, 200, 700ms), std::string(""));
    t.Holds(b.m_election.HasBetterCandidate(), "better one noted");
    t.Same(b.Hear(UPPER, AdvertState::INITIAL, 10, 2s), std::string(""), "it will insist");
    t.Same(b.Advance(3500ms), std::string("advert "));
    t.Holds(b.m_election.Role() == GcksRole::INITIAL, "waits for the better one");
    t.Same(b.Advance(7s), std::string("initial->gcks takeover advert "));
}

// Input: pairs of ranks. Output: higher priority wins, of equals the lower address.
void
E7(Sentence& t)
{
    t.Holds(IsMorePreferred({2, UPPER}, {1, LOWER}), "priority first");
    t.Holds(!IsMorePreferred({1, LOWER}, {2, UPPER}), "priority first");
    t.Holds(IsMorePreferred({1, LOWER}, {1, UPPER}), "then the lowest address");
    t.Holds(!IsMorePreferred({1, LOWER}, {1, LOWER}), "nobody beats itself");
}

// Input: a member whose GCKS falls silent at 1 s. Output: Initial exactly 3 heartbeats later, GCKS
// after the skew alone: VRRP's closed form from silence to take-over.
void
E8(Sentence& t)
{
    Bench b;
    b.MakeMember();
    b.Wishes();
    t.Same(b.Advance(4s - 1ns), std::string(""));
    t.Same(b.Advance(4s), std::string("member->initial advert "));
    t.Same(b.Advance(4500ms - 1ns), std::string(""));
    t.Same(b.Advance(4500ms), std::string("initial->gcks takeover advert "));

    Bench plain(128, false);
    plain.MakeMember();
    plain.Advance(4s);
    t.Holds(*plain.m_election.NextTimeout() == 5s, "without skew one heartbeat");
}

// Input: heartbeats of a better and a worse GCKS, heard by a GCKS. Output: the offer to merge; an
// own heartbeat, so that the worse one hears of us.
void
E9(Sentence& t)
{
    Bench b;
    b.MakeGcks();
    t.Same(b.Hear(LOWER, AdvertState::GCKS, 200, 4s), std::string("merge:1 "));
    t.Holds(b.m_election.Role() == GcksRole::GCKS, "until the merge is done");
    t.Same(b.Hear(UPPER, AdvertState::GCKS, 1, 4s), std::string("advert "));
    b.m_election.Merged(LOWER, 5s);
    t.Same(b.Wishes(), std::string("gcks->member register:1 "));
    t.Holds(b.m_election.Gcks() == LOWER, "believes in the better one");
}

// Input: the exchange with the GCKS fails. Output: Initial, with a whole waiting period.
void
E10(Sentence& t)
{
    Bench b;
    b.MakeMember();
    b.Wishes();
    b.m_election.JoinFailed(2s);
    t.Same(b.Wishes(), std::string("member->initial advert "));
    t.Holds(*b.m_election.NextTimeout() == 5500ms, "whole waiting period");
    b.m_election.JoinFailed(2s);
    t.Same(b.Wishes(), std::string(""));
}

// Input: a member hears another GCKS. Output: it changes over only if that one is more preferred
// and proved to be the issuer of a KEK we hold, or if its own is overdue and the KEK is held.
void
M5(Sentence& t)
{
    Bench b;
    b.MakeMember();
    b.Wishes();
    t.Same(b.Hear(LOWER, AdvertState::GCKS, 250, 2s), std::string(""));
    t.Same(b.Hear(LOWER, AdvertState::GCKS, 250, 2s, KekKnowledge::HELD), std::string(""));
    t.Same(b.Hear(LOWER, AdvertState::GCKS, 100, 2s, KekKnowledge::ISSUED), std::string(""));
    t.Same(b.Hear(LOWER, AdvertState::GCKS, 100, 2100ms), std::string(""));
    t.Same(b.Hear(LOWER, AdvertState::GCKS, 100, 2100ms, KekKnowledge::HELD),
           std::string("register:1 "));
    t.Same(b.Hear(UPPER, AdvertState::GCKS, 200, 2200ms, KekKnowledge::ISSUED),
           std::string("register:9 "));
}

// Input: a newcomer's advertisement, heard by a member whose GCKS is alive, then overdue. Output:
// nothing; then it joins the election at once.
void
Corroborated(Sentence& t)
{
    Bench b;
    b.MakeMember();
    b.Wishes();
    t.Same(b.Hear(LOWER, AdvertState::INITIAL, 1, 2s), std::string(""));
    t.Same(b.Hear(LOWER, AdvertState::INITIAL, 1, 2001ms), std::string("member->initial advert "));
    t.Holds(*b.m_election.NextTimeout() == 2501ms, "the skew alone");
}

// Input: a forged heartbeat that claims an interval of an hour. Output: missed all the same, after
// three times four of our own intervals.
void
ForgedInterval(Sentence& t)
{
    Bench b;
    b.m_election.Start(0s);
    AdvertPayload advert;
    advert.state = AdvertState::GCKS;
    advert.intervalMs = 3600000;
    b.m_election.Hear(UPPER, advert, KekKnowledge::NONE, 1s);
    t.Holds(*b.m_election.NextTimeout() == 13s, "believed within a factor only");
}

// Input: stop, from each role. Output: Down, no timer left, advertisements without effect (R3).
void
R3(Sentence& t)
{
    for (int role = 0; role < 3; ++role)
    {
        Bench b;
        role == 0 ? b.m_election.Start(0s) : role == 1 ? b.MakeMember() : b.MakeGcks();
        b.m_election.Stop(9s);
        b.Wishes();
        t.Holds(b.m_election.Role() == GcksRole::DOWN, "down");
        t.Holds(!b.m_election.NextTimeout(), "no timer left");
        t.Same(b.Hear(UPPER, AdvertState::GCKS, 255, 10s), std::string(""));
    }
}

// Input: the machine. Output: no state and event match two rows; each row cites its text.
void
TableIsUnambiguous(Sentence& t)
{
    t.Holds(IsUnambiguous(GcksElection::Table()), "two rows match");
    for (const auto& row : GcksElection::Table())
    {
        t.Holds(row.cite[0] != '\0', "row cites nothing");
    }
}

/** The suite. */
class ElectionTestSuite : public TestSuite
{
  public:
    ElectionTestSuite()
        : TestSuite("karp-election", TestSuite::Type::UNIT)
    {
        AddTestCase(new Sentence("E1 starts Initial and advertises", E1));
        AddTestCase(new Sentence("E2 only a GCKS advertises periodically", E2));
        AddTestCase(new Sentence("E3 a GCKS answers newcomers by unicast", E3));
        AddTestCase(new Sentence("E4 registers on a heartbeat", E4));
        AddTestCase(new Sentence("E5 silence makes a GCKS", E5));
        AddTestCase(new Sentence("E6 stays Initial while better ones are heard", E6));
        AddTestCase(new Sentence("E7 priority, then lowest address", E7));
        AddTestCase(new Sentence("E8 lost heartbeats make Initial", E8));
        AddTestCase(new Sentence("E9 the less preferred GCKS merges", E9));
        AddTestCase(new Sentence("E10 a failed exchange makes Initial", E10));
        AddTestCase(new Sentence("M5 members follow the merged GCKS", M5));
        AddTestCase(new Sentence("E8 loss is corroborated by others", Corroborated));
        AddTestCase(new Sentence("E11 a forged interval is bounded", ForgedInterval));
        AddTestCase(new Sentence("R3 leaving stops all", R3));
        AddTestCase(new Sentence("machine is unambiguous", TableIsUnambiguous));
    }
};

ElectionTestSuite g_electionTestSuite; //!< registers itself

} // namespace
