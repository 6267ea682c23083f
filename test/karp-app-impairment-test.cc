/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-app-tests.h"

#include "ns3/csma-helper.h"
#include "ns3/error-model.h"
#include "ns3/karp-impairment.h"
#include "ns3/karp-types.h"
#include "ns3/node-container.h"
#include "ns3/packet.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/pointer.h"
#include "ns3/simulator.h"
#include "ns3/string.h"

#include <algorithm>

/**
 * \file
 * \ingroup karp-test
 * Part of suite karp-app: impaired links.
 */

namespace ns3
{
namespace karp
{

namespace
{

/** A link with a sender, device 0, and receivers that write down what comes when. */
class Line
{
  public:
    /** One frame that was received. */
    struct Arrival
    {
        uint32_t receiver; //!< device
        uint64_t number;   //!< of the frame
        ns3::Time at;      //!< when
    };

    /** A LAN of \p n devices, or with \p n = 0 a point-to-point link. */
    explicit Line(uint32_t n)
    {
        nodes.Create(n == 0 ? 2 : n);
        if (n == 0)
        {
            PointToPointHelper link;
            link.SetDeviceAttribute("DataRate", StringValue("1Gbps"));
            link.SetChannelAttribute("Delay", StringValue("0ms"));
            devices = link.Install(nodes);
        }
        else
        {
            CsmaHelper csma;
            csma.SetChannelAttribute("DataRate", StringValue("1Gbps"));
            csma.SetChannelAttribute("Delay", StringValue("0ms"));
            devices = csma.Install(nodes);
        }
        for (uint32_t i = 1; i < devices.GetN(); ++i)
        {
            devices.Get(i)->SetReceiveCallback(MakeCallback(&Line::Receive, this));
        }
        impairment = CreateObject<LinkImpairment>();
        impairment->Install(devices);
        impairment->AssignStreams(55);
    }

    ~Line()
    {
        impairment->Dispose();
        Simulator::Destroy();
    }

    /** Send \p count frames, one each millisecond from now on, and let them arrive. */
    void Send(uint32_t count)
    {
        for (uint32_t i = 0; i < count; ++i)
        {
            Simulator::Schedule(MilliSeconds(i), &Line::SendOne, this);
        }
        Simulator::Run();
    }

    /** \return how often frame \p number came to \p receiver */
    size_t Count(uint32_t receiver, uint64_t number) const
    {
        return std::count_if(arrivals.begin(), arrivals.end(), [=](const Arrival& a) {
            return a.receiver == receiver && a.number == number;
        });
    }

    NodeContainer nodes;            //!< one a device
    NetDeviceContainer devices;     //!< the first sends
    Ptr<LinkImpairment> impairment; //!< of the link
    std::vector<Arrival> arrivals;  //!< in order of arrival
    std::vector<ns3::Time> sent;    //!< by number of the frame

  private:
    /** Send the next frame. */
    void SendOne()
    {
        const auto number = static_cast<uint8_t>(sent.size());
        sent.push_back(Simulator::Now());
        Bytes payload(60, number);
        devices.Get(0)->Send(Create<Packet>(payload.data(), payload.size()),
                             devices.Get(0)->GetBroadcast(),
                             0x0800);
    }

    /** A frame came. */
    bool Receive(Ptr<NetDevice> device, Ptr<const Packet> packet, uint16_t, const Address&)
    {
        uint8_t number = 0;
        packet->CopyData(&number, 1);
        for (uint32_t i = 1; i < devices.GetN(); ++i)
        {
            if (devices.Get(i) == device)
            {
                arrivals.push_back({i, number, Simulator::Now()});
            }
        }
        return true;
    }
};

/** \return impairments with these probabilities */
ImpairmentConfig
Config(double loss, double duplicate = 0, double reorder = 0)
{
    ImpairmentConfig config;
    config.loss = loss;
    config.duplicate = duplicate;
    config.reorder = reorder;
    return config;
}

/** \return whether \p device has an error model */
bool
HasModel(Ptr<NetDevice> device)
{
    PointerValue model;
    device->GetAttribute("ReceiveErrorModel", model);
    return model.Get<ErrorModel>() != nullptr;
}

/**
 * Input: 2000 frames to 4 receivers, loss 30 %, duplication 10 %.
 * Output: as many losses and duplicates as that says, within 4 standard deviations; receivers lose
 * different frames; counters agree with what arrived.
 */
void
LossAndDuplicationHaveTheirProbability(Sentence& test)
{
    Line line(5);
    line.impairment->Add(Config(0.3, 0.1));
    line.Send(2000);
    const auto& counters = line.impairment->GetCounters();
    test.Equal(counters.seen, 8000, "frames seen");
    test.Holds(counters.lost > 2400 - 164 && counters.lost < 2400 + 164,
               "lost " + std::to_string(counters.lost));
    test.Holds(counters.duplicated > 560 - 92 && counters.duplicated < 560 + 92,
               "duplicated " + std::to_string(counters.duplicated));
    test.Equal(line.arrivals.size(),
               counters.seen - counters.lost + counters.duplicated,
               "arrivals");
    size_t differing = 0;
    for (uint64_t number = 0; number < 200; ++number)
    {
        differing += line.Count(1, number) != line.Count(2, number) ? 1 : 0;
    }
    test.Holds(differing > 50, "receivers fare independently");
}

/**
 * Input: loss 1 at receivers 1 and 3, delay at nobody.
 * Output: these get nothing, the others everything at once.
 */
void
ReceiversCanBeNamed(Sentence& test)
{
    Line line(5);
    ImpairmentConfig loss = Config(1.0);
    loss.receivers = {1, 3};
    line.impairment->Add(loss);
    ImpairmentConfig late;
    late.delay = Seconds(1);
    late.receivers.emplace();
    line.impairment->Add(late);
    line.Send(10);
    test.Equal(line.arrivals.size(), 20, "frames");
    test.Equal(line.Count(1, 5) + line.Count(3, 5), 0, "at those named");
    test.Equal(line.Count(2, 5) + line.Count(4, 5), 2, "at others");
    test.Holds(line.arrivals.back().at < Seconds(1), "nobody is late");
}

/**
 * Input: loss 1 from the start, removed after 10 frames.
 * Output: the first 10 do not arrive, the next 10 do; the devices have no error model then.
 */
void
ClearingEndsIt(Sentence& test)
{
    Line line(3);
    test.Holds(!HasModel(line.devices.Get(1)), "nothing on the device at first");
    const uint32_t id = line.impairment->Add(Config(1.0));
    test.Holds(HasModel(line.devices.Get(1)), "a model while in force");
    line.Send(10);
    test.Equal(line.arrivals.size(), 0, "all lost");
    test.Holds(line.impairment->Remove(id), "it was there");
    test.Holds(!line.impairment->Remove(id), "only once");
    test.Holds(!HasModel(line.devices.Get(1)), "nothing on the device any more");
    line.Send(10);
    test.Equal(line.arrivals.size(), 20, "all arrive");
    test.Equal(line.impairment->GetCounters().seen, 20, "nothing looked at any more");
}

/**
 * Input: delays 3 ms and 4 ms in force together, the second with up to 1 ms of jitter.
 * Output: every frame arrives 7 to 8 ms late.
 */
void
DelaysAddUp(Sentence& test)
{
    Line line(2);
    ImpairmentConfig first;
    first.delay = MilliSeconds(3);
    ImpairmentConfig second;
    second.delay = MilliSeconds(4);
    second.jitter = MilliSeconds(1);
    line.impairment->Add(first);
    line.impairment->Add(second);
    test.Equal(line.impairment->GetN(), 2, "in force");
    line.Send(100);
    test.Equal(line.arrivals.size(), 100, "arrivals");
    ns3::Time least = Seconds(1);
    ns3::Time most{0};
    for (const auto& arrival : line.arrivals)
    {
        const ns3::Time late = arrival.at - line.sent[arrival.number];
        least = std::min(least, late);
        most = std::max(most, late);
    }
    test.Holds(least >= MilliSeconds(7) && least < MicroSeconds(7200), "least delay");
    test.Holds(most > MicroSeconds(7800) && most < MicroSeconds(8010), "most delay");
}

/**
 * Input: a frame each millisecond, 10 % held back by 5 ms; on a point-to-point link.
 * Output: all arrive, held ones after four to five later frames, the others in order.
 */
void
ReorderingLetsLaterFramesPass(Sentence& test)
{
    Line line(0);
    ImpairmentConfig config = Config(0, 0, 0.1);
    config.reorderDelay = MicroSeconds(4500);
    line.impairment->Add(config);
    line.Send(200);
    test.Equal(line.arrivals.size(), 200, "arrivals");
    size_t late = 0;
    for (const auto& arrival : line.arrivals)
    {
        late += arrival.at - line.sent[arrival.number] > MilliSeconds(4) ? 1 : 0;
    }
    test.Equal(late, line.impairment->GetCounters().reordered, "held back");
    test.Holds(late > 5 && late < 40, "about a tenth: " + std::to_string(late));
    const bool inOrder = std::is_sorted(
        line.arrivals.begin(),
        line.arrivals.end(),
        [](const Line::Arrival& a, const Line::Arrival& b) { return a.number < b.number; });
    test.Holds(!inOrder, "order changed");
}

/**
 * Input: a device with an error model of its own that loses everything; an impairment comes and
 * goes; a frame is held back when it goes.
 * Output: the former model still has its say, and is on the device again afterwards; the held frame
 * arrives.
 */
void
FormerModelStays(Sentence& test)
{
    Line line(3);
    Ptr<RateErrorModel> former = CreateObject<RateErrorModel>();
    former->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    former->SetRate(1.0);
    line.devices.Get(1)->SetAttribute("ReceiveErrorModel", PointerValue(former));
    ImpairmentConfig config;
    config.delay = MilliSeconds(20);
    const uint32_t id = line.impairment->Add(config);
    Simulator::Schedule(MilliSeconds(22), &LinkImpairment::Remove, line.impairment, id);
    line.Send(5);
    test.Equal(line.arrivals.size(), 5, "device 2 gets the held frames, device 1 none");
    PointerValue model;
    line.devices.Get(1)->GetAttribute("ReceiveErrorModel", model);
    test.Holds(model.Get<ErrorModel>() == former, "the former model is back");
}

/**
 * Input: two links with one stream, a third with another.
 * Output: the first two lose the same frames, the third others.
 */
void
ImpairmentsRepeat(Sentence& test)
{
    std::vector<std::vector<uint64_t>> got;
    for (const int64_t stream : {5, 5, 6})
    {
        Line line(3);
        line.impairment->AssignStreams(stream);
        line.impairment->Add(Config(0.5, 0.2, 0.1));
        line.Send(100);
        got.emplace_back();
        for (const auto& arrival : line.arrivals)
        {
            got.back().push_back(arrival.receiver * 1000 + arrival.number);
        }
    }
    test.Holds(got[0] == got[1], "same stream");
    test.Holds(got[0] != got[2], "another stream");
}

/**
 * Input: device 0 sends; a cut from 0 to 1, another from 0 to 1 and 2; the first is mended, then
 * the second. The way back is never cut.
 * Output: who is cut off gets nothing as long as one cut says so, the others everything; afterwards
 * the devices have no error model.
 */
void
CutsKeepDevicesApart(Sentence& test)
{
    Line line(4);
    const uint32_t one = line.impairment->Cut({{0, 1}});
    const uint32_t two = line.impairment->Cut({{0, 1}, {0, 2}});
    test.Holds(HasModel(line.devices.Get(3)), "a model while a cut is in force");
    test.Holds(!line.impairment->Reaches(0, 1) && line.impairment->Reaches(1, 0), "one way");
    line.Send(1);
    test.Equal(line.Count(1, 0) + line.Count(2, 0), 0, "1 and 2 are cut off");
    test.Equal(line.Count(3, 0), 1, "3 is not");
    test.Holds(line.impairment->Mend(one) && !line.impairment->Mend(one), "mended once");
    line.Send(1);
    test.Equal(line.Count(1, 1) + line.Count(2, 1), 0, "the other cut holds");
    test.Holds(line.impairment->Mend(two), "mended");
    test.Holds(!HasModel(line.devices.Get(1)), "nothing on the device any more");
    line.Send(1);
    test.Equal(line.Count(1, 2) + line.Count(2, 2) + line.Count(3, 2), 3, "all arrive");
    test.Equal(line.impairment->GetCounters().cut, 4, "frames cut off");
    line.impairment->Cut({{0, 3}});
    line.impairment->MendAll();
    line.Send(1);
    test.Equal(line.Count(3, 3), 1, "all cuts are ended");
}

/**
 * Input: a cut and an impairment that delays, on a LAN; a cut on a point-to-point link.
 * Output: ending the impairment leaves the cut, ending the cut leaves the impairment; the other end
 * of a point-to-point link is cut off too.
 */
void
CutsAndImpairmentsAreApart(Sentence& test)
{
    Line line(3);
    ImpairmentConfig late;
    late.delay = MilliSeconds(5);
    line.impairment->Add(late);
    const uint32_t cut = line.impairment->Cut({{0, 1}});
    line.impairment->Clear();
    line.Send(1);
    test.Equal(line.Count(1, 0), 0, "still cut off");
    line.impairment->Add(late);
    line.impairment->Mend(cut);
    line.Send(1);
    test.Equal(line.Count(1, 1), 1, "no longer");
    test.Holds(line.arrivals.back().at - line.sent.back() >= MilliSeconds(5), "still late");
    Line pair(0);
    pair.impairment->Cut({{1, 0}});
    pair.Send(1);
    test.Equal(pair.arrivals.size(), 1, "the other direction is not cut");
    pair.impairment->Cut({{0, 1}});
    pair.Send(1);
    test.Equal(pair.arrivals.size(), 1, "now it is");
}

} // namespace

std::vector<TestCase*>
ImpairmentTests()
{
    return {new Sentence("loss and duplication have their probability",
                         LossAndDuplicationHaveTheirProbability),
            new Sentence("an impairment can be of some receivers", ReceiversCanBeNamed),
            new Sentence("an impairment that is cleared is gone", ClearingEndsIt),
            new Sentence("delays add up", DelaysAddUp),
            new Sentence("reordering lets later frames pass", ReorderingLetsLaterFramesPass),
            new Sentence("a former error model stays", FormerModelStays),
            new Sentence("impairments repeat with their stream", ImpairmentsRepeat),
            new Sentence("cuts keep devices apart", CutsKeepDevicesApart),
            new Sentence("cuts and impairments are apart", CutsAndImpairmentsAreApart)};
}

} // namespace karp
} // namespace ns3
