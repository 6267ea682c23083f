/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef KARP_STREAM_ENTROPY_H
#define KARP_STREAM_ENTROPY_H

#include "ns3/karp-types.h"
#include "ns3/random-variable-stream.h"

namespace ns3
{
namespace karp
{

/**
 * \ingroup karp
 * What engines draw from in a simulation: octets of an ns-3 random stream. Keys, nonces and jitter
 * are thus functions of seed, run and stream, which makes runs repeat to the octet. It goes without
 * saying that nobody may use such keys outside a simulation.
 */
class StreamEntropy : public Entropy
{
  public:
    StreamEntropy();

    void Fill(uint8_t* data, size_t size) override;

    /**
     * \param stream number of the stream to use
     * \return how many streams were assigned
     */
    int64_t AssignStreams(int64_t stream);

  private:
    Ptr<UniformRandomVariable> m_octets; //!< three octets a draw
};

} // namespace karp
} // namespace ns3

#endif // KARP_STREAM_ENTROPY_H
