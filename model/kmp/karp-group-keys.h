/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_GROUP_KEYS_H
#define KARP_GROUP_KEYS_H

#include "ns3/karp-crypto.h"
#include "ns3/karp-ike-message.h"
#include "ns3/karp-types.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace karp
{

class StateDigest;

/** Settings of a GCKS's key generation (H 2.1, 4; K7). */
struct GroupKeyConfig
{
    CipherSuite kekSuite;                         //!< encr, keyLength, integ and prf of KEKs
    KeyProtocol pmkProtocol{KeyProtocol::OSPFV2}; //!< whose keys
    MacAlgorithm pmkAlgorithm{MacAlgorithm::HMAC_SHA_256}; //!< what they are used with
    Time kekLifetime{std::chrono::hours(1)};               //!< from send start to send end
    Time pmkOverrun{std::chrono::minutes(30)};             //!< how long a PMK outlives its KEK (K4)
    Time lead{std::chrono::seconds(30)};    //!< from receive start to send start (K7)
    Time overlap{std::chrono::seconds(30)}; //!< from send end to receive end
};

/** How keys take over from others. */
struct KeyHandoff
{
    Time lead{0};     //!< until the new ones are sent with (K7)
    Time overlap{0};  //!< for how long the old ones are received after that
    bool hard{false}; //!< even those that were to be sent with later only (G6)
};

/** A key came, changed or went. */
struct KeyChange
{
    /** Which way. */
    enum class What : uint8_t
    {
        INSTALL, //!< a new key
        UPDATE,  //!< lifetimes of a key are others now
        RETIRE,  //!< a key is gone
    };

    What what{What::INSTALL}; //!< which way
    bool isKek{false};        //!< a KEK, or else a PMK
    KekRow kek;               //!< with isKek: all of it but the key
    PmkRow pmk;               //!< without: all of it
    std::string name;         //!< AdminKeyName of a PMK
};

/**
 * \ingroup karp
 * The keys of one group as one router holds them: KEKs, protocol master keys, and who issued them.
 * A GCKS generates and schedules them here (K7), a member takes over what it is told; both are the
 * same store, so that a member can become GCKS with nothing lost (E13).
 */
class GroupKeys
{
  public:
    static constexpr uint32_t MAX_KEY_ID = 255;      //!< IDs from 1 on (RFC 2328 D.3)
    static constexpr size_t MAX_KEKS = MAX_KEK_ROWS; //!< held at once
    static constexpr size_t MAX_PMKS = MAX_PMK_ROWS; //!< held at once
    static constexpr size_t MAX_RETIRED = 32;        //!< KEKs remembered as retired for good

    /** A KEK that is held. */
    struct Kek
    {
        KekRow row;       //!< the KEK
        IpAddress issuer; //!< GCKS that told us of it first, or ourselves
    };

    /** A protocol master key that is held. */
    struct Pmk
    {
        PmkRow row;              //!< the key, with the lifetimes that the group is told
        std::string name;        //!< AdminKeyName in the key table
        bool receiveOnly{false}; //!< we never send with it, whatever the group does
        bool tainted{false};     //!< an evicted router may know it

        /** \return whether we may send with it */
        bool CanSend(Time now) const
        {
            return !receiveOnly && row.lifetimes.CanSend(now);
        }
    };

    /**
     * \param config settings
     * \param group which group
     * \param groupName for AdminKeyNames
     * \param entropy keys and key IDs come from there; outlives the store
     */
    GroupKeys(const GroupKeyConfig& config,
              const GroupIdPayload& group,
              const std::string& groupName,
              Entropy& entropy);

    /** \return how keys take over where nothing presses: lead and overlap of the settings (K7) */
    KeyHandoff OrdinaryHandoff() const;

    /**
     * A new KEK and a new protocol master key, issued by \p self. If there are keys in use, the new
     * ones are received at once and sent with only after the lead, or when the last of the old ones
     * ends, if that is sooner, and the old ones end then; if there are none, they are sent with at
     * once (K7, K8, E13). Lead and overlap of the KEK are the
     * settings', those of the PMKs are \p pmks's, which may be shorter (G6).
     */
    void Renew(IpAddress self, const KeyHandoff& pmks, Time now);

    /**
     * A new protocol master key alone, sent with as after Renew. It ends when one that came with
     * our KEK would (K4, K8).
     */
    void RenewPmk(Time lead, Time now);

    /**
     * \return the protocol master key sent with last, be it not yet; nullptr if there is none. One
     *         that never will be is that only where there is no other.
     */
    const Pmk* NewestPmk() const;

    /**
     * Take over a download that is known to be authentic.
     * \param download its rows; those of other groups or protocols are left out
     * \param issuer GCKS it comes from
     * \param direct whether it came from the issuer itself in a unicast exchange, which then counts
     *        as the issuer of KEKs that were known by hearsay
     * \param now the present
     * \return whether anything is new
     */
    bool Adopt(const KeyDownloadPayload& download, IpAddress issuer, bool direct, Time now);

    /**
     * Take over the protocol master keys of \p download alone, as a merge does (M2).
     *
     * Keys that are in use elsewhere already are received only, if our own are in use: those next
     * to us may not have them yet. It is for the key that comes after both to be sent with (K7).
     * Keys that we hold go on as our group was told, though the other one may have ended them
     * meanwhile.
     */
    bool AdoptForeignPmks(const KeyDownloadPayload& download, Time now);

    /**
     * Somebody is evicted who may know every protocol master key held now: they end as \p handoff
     * says, and are offered to nobody (G6).
     */
    void TaintPmks(const KeyHandoff& handoff, Time now);

    /** \return all that may be offered to another group (M1): what is not tainted */
    KeyDownloadPayload Offer(Time now) const;

    /** \return whether we send, or are to send, with a key that the giver of \p download does not
     *          know */
    bool IsAheadOf(const KeyDownloadPayload& download, Time now) const;

    /**
     * Retire the KEK \p keyId at once (K3); if \p forGood, whoever still hands it out is not
     * believed. \return whether it was held
     */
    bool RetireKek(uint64_t keyId, bool forGood = false);

    /** Retire the KEKs that \p download does not hold: those of a group that we have left (M5). */
    void RetireKeksBut(const KeyDownloadPayload& download);

    /** \return what a joiner, or the group, is to be told now (G3): all keys not yet over */
    KeyDownloadPayload Download(Time now) const;

    /**
     * \return as Download, with every protocol master key but the newest marked for reception only:
     *         for a router that has not used that one, and does not know any more which sequence
     *         numbers it used under the others (J6)
     */
    KeyDownloadPayload DownloadForRebooted(Time now) const;

    /** \return the protocol master keys but the newest: what may be said under a retired KEK (G6)
     */
    KeyDownloadPayload OldPmks(Time now) const;

    /** Forget keys whose lifetimes are over. */
    void Expire(Time now);

    /** Forget all, wiping it. */
    void Clear();

    /** \return the next instant at which Expire has something to do */
    std::optional<Time> NextExpiry() const;

    /** \return the KEKs, oldest first */
    const std::vector<Kek>& Keks() const;

    /** \return the KEK \p keyId, or nullptr */
    const Kek* FindKek(uint64_t keyId) const;

    /** \return the newest KEK issued by \p issuer and not over at \p now, or nullptr */
    const Kek* NewestKekOf(IpAddress issuer, Time now) const;

    /** \return the KEK to send with at \p now: of those valid, the latest started; or nullptr */
    const Kek* SendKek(Time now) const;

    /** \return whether there is nothing to send under at some instant from \p now until the newest
     *          KEK of \p issuer ends, or there is no such KEK */
    bool HasGap(IpAddress issuer, Time now) const;

    /** \return the protocol master keys, oldest first */
    const std::vector<Pmk>& Pmks() const;

    /** \return when the keys in use should be renewed so that the lead fits (G7) */
    std::optional<Time> RenewAt(IpAddress self, Time now) const;

    /** Add to \p digest all that decides what comes next. */
    void AddTo(StateDigest& digest) const;

    /** \return the next change not fetched yet */
    std::optional<KeyChange> PollChange();

  private:
    void AddKek(KekRow row, IpAddress issuer, Time now);
    void AddPmk(PmkRow row, bool receiveOnly, Time now);
    void EndPmks(const KeyHandoff& handoff, Time sendEnd, Time now);
    void ReportKek(KeyChange::What what, const Kek& kek);
    void ReportPmk(KeyChange::What what, const Pmk& pmk);
    void AdoptKek(const KekRow& row, IpAddress issuer, bool direct, Time now, bool& changed);
    bool AdoptPmks(const KeyDownloadPayload& download, bool inUse, Time now);
    bool IsUsable(const PmkRow& row, Time now) const;
    bool IsSending(Time now) const;
    Pmk* FindPmk(const PmkRow& row);
    void MakePmk(Time sendStart, Time sendEnd, Time now);
    uint32_t DrawKeyId();
    std::string NameOf(const PmkRow& row) const;

    GroupKeyConfig m_config;         //!< settings
    GroupIdPayload m_group;          //!< which group
    std::string m_groupName;         //!< for names
    Entropy& m_entropy;              //!< randomness
    IpAddress m_self;                //!< who we are, once we have issued keys
    std::vector<Kek> m_keks;         //!< oldest first
    std::vector<Pmk> m_pmks;         //!< oldest first
    std::deque<uint64_t> m_retired;  //!< KEKs that are retired for good, oldest first
    std::deque<KeyChange> m_changes; //!< not fetched yet
};

} // namespace karp
} // namespace ns3

#endif // KARP_GROUP_KEYS_H
