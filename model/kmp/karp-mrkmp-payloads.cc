/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "karp-mrkmp-payloads.h"

#include "ns3/karp-ike-spi.h"

#include <utility>

namespace ns3
{
namespace karp
{

namespace
{

constexpr uint8_t POTENTIAL_CANDIDATE = 1; //!< bit of MRKMP_GCKS_UNKNOWN (H 6.1)
constexpr size_t EVICTED_HEADER = 2;       //!< octets before an identity: its type and length

/** \return the lowest \p octets octets of \p number, the most significant first */
Bytes
EncodeNumber(uint64_t number, size_t octets)
{
    Bytes data(octets);
    for (size_t i = octets; i-- > 0; number >>= 8)
    {
        data[i] = static_cast<uint8_t>(number);
    }
    return data;
}

/** \return the number that \p data spell if they are \p octets octets, else 0 */
uint64_t
DecodeNumber(const Bytes& data, size_t octets)
{
    uint64_t number = 0;
    for (size_t i = 0; i < octets && data.size() == octets; ++i)
    {
        number = number << 8 | data[i];
    }
    return number;
}

} // namespace

NotifyPayload
MakeAddressNotify(IkeNotify type, IpAddress address)
{
    return MakeNotify(type,
                      address == IpAddress{} ? Bytes()
                                             : EncodeNumber(address.value, sizeof(uint32_t)));
}

NotifyPayload
MakeGcksUnknown(bool potentialCandidate)
{
    return MakeNotify(IkeNotify::MRKMP_GCKS_UNKNOWN,
                      {potentialCandidate ? POTENTIAL_CANDIDATE : uint8_t{0}});
}

NotifyPayload
MakeBootId(uint64_t bootId)
{
    return MakeNotify(IkeNotify::MRKMP_BOOT_ID, EncodeNumber(bootId, sizeof(uint64_t)));
}

NotifyPayload
MakePmkRequest(uint32_t keyId)
{
    return MakeNotify(IkeNotify::MRKMP_REQUEST_PMK,
                      keyId == 0 ? Bytes() : EncodeNumber(keyId, sizeof(uint32_t)));
}

NotifyPayload
MakeEvicted(const std::set<Identity>& identities)
{
    Bytes data;
    for (const Identity& identity : identities)
    {
        if (identity.data.size() <= UINT8_MAX)
        {
            data.push_back(static_cast<uint8_t>(identity.type));
            data.push_back(static_cast<uint8_t>(identity.data.size()));
            data.insert(data.end(), identity.data.begin(), identity.data.end());
        }
    }
    return MakeNotify(IkeNotify::MRKMP_EVICTED, std::move(data));
}

DeletePayload
MakeKekDelete(const std::vector<uint64_t>& keyIds)
{
    DeletePayload gone;
    gone.protocol = IkeProtocol::MRKMP_KEK;
    gone.spiSize = sizeof(uint64_t);
    for (const uint64_t keyId : keyIds)
    {
        gone.spis.push_back(EncodeKekSpi(keyId));
    }
    return gone;
}

IpAddress
AddressOf(const NotifyPayload& notify)
{
    const IpAddress address{static_cast<uint32_t>(DecodeNumber(notify.data, sizeof(uint32_t)))};
    return address.IsMulticast() ? IpAddress{} : address;
}

uint64_t
BootIdOf(const std::vector<IkePayload>& payloads)
{
    const auto* notify = FindNotify(payloads, IkeNotify::MRKMP_BOOT_ID);
    return notify != nullptr ? DecodeNumber(notify->data, sizeof(uint64_t)) : 0;
}

uint32_t
RequestedPmkOf(const NotifyPayload& notify)
{
    return static_cast<uint32_t>(DecodeNumber(notify.data, sizeof(uint32_t)));
}

std::vector<Identity>
EvictedOf(const std::vector<IkePayload>& payloads)
{
    std::vector<Identity> evicted;
    const auto* notify = FindNotify(payloads, IkeNotify::MRKMP_EVICTED);
    ByteView rest = notify != nullptr ? ByteView(notify->data) : ByteView();
    while (rest.size() > EVICTED_HEADER)
    {
        const ByteView octets = rest.Sub(EVICTED_HEADER, rest[1]);
        if (octets.size() < rest[1] || octets.empty())
        {
            break;
        }
        Identity identity;
        identity.type = static_cast<IkeIdType>(rest[0]);
        identity.data = octets.Copy();
        evicted.push_back(std::move(identity));
        rest = rest.Sub(EVICTED_HEADER + octets.size());
    }
    return evicted;
}

bool
MayBelieveLater(const NotifyPayload* error)
{
    if (error == nullptr)
    {
        return false;
    }
    if (error->type == IkeNotify::MRKMP_GCKS_UNKNOWN)
    {
        return !error->data.empty() && (error->data[0] & POTENTIAL_CANDIDATE) != 0;
    }
    return error->type == IkeNotify::MRKMP_WRONG_GCKS;
}

} // namespace karp
} // namespace ns3
