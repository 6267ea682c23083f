/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_IMPAIRMENT_H
#define KARP_IMPAIRMENT_H

#include "ns3/mac48-address.h"
#include "ns3/net-device-container.h"
#include "ns3/nstime.h"
#include "ns3/object.h"
#include "ns3/packet.h"
#include "ns3/random-variable-stream.h"
#include "ns3/traced-callback.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace ns3
{
namespace karp
{

/** What goes wrong on a link, each frame and each receiver drawn on its own. */
struct ImpairmentConfig
{
    double loss{0};      //!< probability that a receiver does not get a frame
    double duplicate{0}; //!< probability that it gets a frame twice
    double reorder{0};   //!< probability that a frame is held back by reorderDelay
    ns3::Time reorderDelay{MilliSeconds(10)}; //!< later frames overtake it in that time
    ns3::Time delay{0};                       //!< further delay of each frame
    ns3::Time jitter{0}; //!< and up to this much more, uniformly drawn, with what order comes of it
    std::optional<std::set<uint32_t>> receivers; //!< devices it happens to, by number; none: all
};

class ImpairedReceiver;

/** Somebody on the link who can take frames away from receivers, one receiver at a time. */
class FrameInterceptor
{
  public:
    virtual ~FrameInterceptor() = default;

    /** What is done to a frame. */
    struct Verdict
    {
        bool taken{false};                                      //!< the receiver does not get it
        std::vector<std::pair<ns3::Time, Ptr<Packet>>> instead; //!< it gets these, so much later
    };

    /** \return what \p receiver gets of \p frame, Ethernet header and trailer included */
    virtual Verdict Intercept(Ptr<NetDevice> receiver, Ptr<const Packet> frame) = 0;
};

/**
 * \ingroup karp
 * Impairments of one link, and cuts between devices on it. Several can be in force at once: a frame
 * that is not cut off goes through one impairment after the other, oldest first. It sits where the
 * receiving device asks its error model whether a frame is corrupt, drops frames by saying yes, and
 * hands late and second copies to the device again. So captures show what a router really got; the
 * device is an ordinary CsmaNetDevice or PointToPointNetDevice; an error model that was there
 * before still has its say; and while no impairment is in force the devices have no model and
 * nothing costs anything.
 */
class LinkImpairment : public Object
{
  public:
    /** \return the TypeId */
    static TypeId GetTypeId();

    LinkImpairment();
    ~LinkImpairment() override;

    /** Be responsible for \p devices, which are on one link. */
    void Install(const NetDeviceContainer& devices);

    /**
     * \param config what shall go wrong from now on
     * \return a number by which to remove it again
     */
    uint32_t Add(const ImpairmentConfig& config);
    /** End an impairment. Frames that are held back still arrive. \return whether it was there */
    bool Remove(uint32_t id);
    /** End all impairments; cuts stay. */
    void Clear();
    /** \return how many impairments are in force */
    size_t GetN() const;

    /** Sender and receiver, by their numbers among the devices given to Install. */
    using Direction = std::pair<uint32_t, uint32_t>;
    /**
     * Let receivers hear senders no more. Frames that an impairment holds back still arrive.
     * \param directions who does not reach whom
     * \return a number by which to mend it again
     */
    uint32_t Cut(const std::set<Direction>& directions);
    /** End a cut; what other cuts keep apart stays apart. \return whether it was there */
    bool Mend(uint32_t id);
    /** End all cuts. */
    void MendAll();
    /** \return whether frames of device \p sender reach device \p receiver */
    bool Reaches(uint32_t sender, uint32_t receiver) const;

    /**
     * Ask \p interceptor about every frame that no cut keeps from its receiver, before impairments
     * are drawn for; what it hands on goes through none of them.
     */
    void AddInterceptor(FrameInterceptor* interceptor);
    /** Ask \p interceptor no more. */
    void RemoveInterceptor(FrameInterceptor* interceptor);

    /**
     * \param stream stream to use
     * \return how many were used
     */
    int64_t AssignStreams(int64_t stream);

    /** What was done to frames so far. */
    struct Counters
    {
        uint64_t seen{0};       //!< frames that came to a receiver
        uint64_t lost{0};       //!< of these, not delivered
        uint64_t duplicated{0}; //!< delivered a second time
        uint64_t reordered{0};  //!< held back
        uint64_t cut{0};        //!< not delivered because sender and receiver are cut apart
    };

    /** \return what was done so far */
    const Counters& GetCounters() const;

  protected:
    void DoDispose() override;

  private:
    friend class ImpairedReceiver;

    /** \return how late each copy of one frame comes to \p receiver; none if it is lost */
    std::vector<ns3::Time> Draw(uint32_t receiver);
    /** \return whether \p frame does not reach \p receiver because of a cut */
    bool IsCut(const ImpairedReceiver& receiver, Ptr<const Packet> frame);
    /** \return what interceptors do to \p frame at \p receiver */
    FrameInterceptor::Verdict Ask(Ptr<NetDevice> receiver, Ptr<const Packet> frame);
    /** Sit on the devices while anything is in force, and not otherwise. */
    void Update();
    void Attach();
    void Detach();

    std::map<uint32_t, ImpairmentConfig> m_active;  //!< by number, oldest first
    uint32_t m_next{1};                             //!< next number
    std::map<uint32_t, std::set<Direction>> m_cuts; //!< by number
    std::map<Direction, uint32_t> m_apart;          //!< how many cuts keep a direction apart
    std::vector<FrameInterceptor*> m_interceptors;  //!< asked in this order
    bool m_attached{false};                         //!< models sit on the devices
    std::vector<Ptr<ImpairedReceiver>> m_receivers; //!< one a device
    std::map<Mac48Address, uint32_t> m_numbers;     //!< of devices, while there are cuts
    Ptr<UniformRandomVariable> m_random;            //!< all draws
    Counters m_counters;                            //!< what was done
};

} // namespace karp
} // namespace ns3

#endif // KARP_IMPAIRMENT_H
